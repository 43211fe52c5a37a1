//! The customers of a studio and the lists that they are on, as a gym file has them.

use std::collections::BTreeMap;

use gymkeeper_store::customer::{self, member_list::MemberList};

use super::{Applying, Difference, FieldDifference, compare_counts, compare_field, in_entry};
use crate::{
    actions::{
        customer::{
            described::{self, Described, Named, Outcome, Shelf},
            relations::{self, Keyed},
            studio as read_studio,
        },
        member_list::{self, Applied, Wanted},
    },
    gymfile::StudioMemberList,
    http::failure::Failure,
};

impl Applying<'_, '_> {
    /// Brings the customers of a studio to what the file says. They are recorded as any other customer is, and one that the file
    /// no longer has stays as it is.
    pub(super) fn customers(&mut self, studio: i64, studio_name: &str, wanted: &[Described]) -> Result<(), Failure> {
        if wanted.is_empty() {
            return Ok(());
        }
        let home = read_studio(self.change.tx, self.change.tenant, studio)?;
        let shelf = Shelf::of(&mut self.change, &home)?;
        let mut changed = Vec::new();
        for customer in wanted {
            let entry = format!("{studio_name} / customer {}", customer.key);
            let outcome = described::apply(&mut self.change, &home, &shelf, customer)
                .map_err(|failure| in_entry(&entry, failure))?;
            let kind = match outcome {
                Outcome::Unchanged => continue,
                Outcome::Added => "added",
                Outcome::Changed => "changed",
            };
            changed.push((customer, entry.clone()));
            self.differences.push(Difference { kind, entry, fields: Vec::new() });
        }
        let keyed = Keyed::of(wanted);
        for (customer, entry) in changed {
            relations::apply(&mut self.change, &home, &keyed, customer).map_err(|failure| in_entry(&entry, failure))?;
        }
        Ok(())
    }

    /// Brings the lists of members of a studio to what the file says. They name customers, so these come first.
    pub(super) fn member_lists(
        &mut self,
        studio: i64,
        studio_name: &str,
        wanted: &[StudioMemberList],
    ) -> Result<(), Failure> {
        let tenant = self.change.tenant;
        let present = customer::member_list::of_studio(self.change.tx, tenant, studio)?;
        let mut present: BTreeMap<String, MemberList> =
            present.into_iter().map(|list| (list.key.clone(), list)).collect();
        for StudioMemberList { key, definition } in wanted {
            let entry = format!("{studio_name} / member list {key}");
            let mut members = Vec::with_capacity(definition.customers.len());
            for customer in &definition.customers {
                match described::named(&mut self.change, studio, customer)? {
                    Named::Customer(id, _) => members.push(id),
                    Named::Erased => {}
                    Named::Nobody => {
                        let what = format!("{entry}: there is no customer with the key {customer:?}");
                        return Err(Failure::Internal(what));
                    }
                }
            }
            members.sort_unstable();
            let list = Wanted { key, name: definition.name.trim(), members, allowances: &definition.allowances };
            let known = present.remove(key);
            let (kind, fields) = match member_list::apply(&mut self.change, studio, known.as_ref(), &list)? {
                Applied::Unchanged => continue,
                Applied::Added => ("added", Vec::new()),
                Applied::Changed { was_retired, name, members, allowances } => {
                    let mut fields = Vec::new();
                    compare_field(&mut fields, "name", name.as_deref().unwrap_or(list.name), list.name);
                    if let Some(before) = members {
                        compare_counts(&mut fields, "customers", before, list.members.len());
                    }
                    if let Some(gave) = allowances {
                        let named = |keys: &[String]| (!keys.is_empty()).then(|| keys.join(", "));
                        let (from, to) = (named(&gave), named(list.allowances));
                        fields.push(FieldDifference { field: "allowances".to_owned(), from, to });
                    }
                    (if was_retired { "restored" } else { "changed" }, fields)
                }
            };
            self.differences.push(Difference { kind, entry, fields });
        }
        for (key, list) in present {
            if member_list::retire(&mut self.change, studio, &list)? {
                let entry = format!("{studio_name} / member list {key}");
                self.differences.push(Difference { kind: "retired", entry, fields: Vec::new() });
            }
        }
        Ok(())
    }
}
