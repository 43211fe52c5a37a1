//! Brings the database to what a gym file says: new entries get ids, changed ones change in place, missing ones retire.

mod employees;
mod members;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gymkeeper_contract::{language::Language, webhooks::Event};
use gymkeeper_domain::customer::voucher::VoucherDefinition;
use gymkeeper_store::{
    db::{DbError, Tx},
    inventory::{self, Entry, Kind, WHOLE_TENANT},
    studio::{self, Studio, tag},
    tenant::{self, Tenant},
};
use jiff::civil::Date;

use super::{
    booking::schedule,
    change::{By, Change, Deed},
    checkout, day,
    difference::{FieldDifference, compare_field, differences},
    file, information_field, voucher,
};
use crate::{
    gymfile::{self, Content, Gym},
    http::failure::Failure,
};

/// One difference between the database and a gym file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// `added`, `changed`, `retired` or `restored`.
    pub kind: &'static str,
    /// What, such as `studio berlin / offer flex`.
    pub entry: String,
    /// The fields that differ, with the old and the new value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldDifference>,
}

/// What applying a gym file did.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The tenant of the file.
    pub tenant: Tenant,
    /// What was changed.
    pub differences: Vec<Difference>,
    /// Whether webhooks have something to tell.
    pub told: bool,
}

/// Applies a gym file inside the running transaction and says what it changed. Applying it again changes nothing.
///
/// Studios that the file leaves out stay as they are, and so do tags, information fields and aggregators if it has no list of them: a chain
/// may keep a file for each studio.
///
/// # Errors
/// The database's; when an access medium is impossible or somebody else's. The contents of the gym's files must be stored beside the database by the caller, before the commit.
pub fn apply(tx: &mut Tx<'_>, gym: &Gym, by: &By) -> Result<Applied, Failure> {
    let (tenant, of_tenant) = apply_tenant(tx, gym, by)?;
    let mut applying = Applying { change: by.changes(tx, &tenant), differences: Vec::new() };
    if let Some(Difference { kind, entry, fields }) = of_tenant {
        applying.note(None, kind, entry, fields, None);
    }
    let file_ids = applying.files(&gym.files)?;
    let removed_tags = match &gym.tags {
        Some(tags) => applying.new_tags(tags)?,
        // Without a list, the file says nothing about other tags than those its studios wear.
        None => {
            let worn: BTreeSet<String> =
                gym.studios.iter().flat_map(|studio| studio.tags.iter().flatten().cloned()).collect();
            applying.new_tags(&worn.into_iter().collect::<Vec<_>>())?;
            Vec::new()
        }
    };
    let present: BTreeMap<String, Studio> = studio::list(applying.change.tx, applying.change.tenant)?
        .into_iter()
        .map(|studio| (studio.key.clone(), studio))
        .collect();
    if let Some(fields) = &gym.information_fields {
        applying.information_fields(fields, present.values())?;
    }
    if let Some(aggregators) = &gym.aggregators {
        applying.of_tenant(Kind::Aggregator, aggregators)?;
    }
    for wanted in &gym.studios {
        applying.studio(wanted, present.get(&wanted.key), &file_ids)?;
    }
    for (id, name) in removed_tags {
        tag::delete(applying.change.tx, applying.change.tenant, id)?;
        applying.note(None, "retired", format!("tag {name}"), Vec::new(), None);
    }
    if applying.differences.iter().any(|difference| difference.entry.starts_with("tag ")) {
        studio::bump_all(applying.change.tx, applying.change.tenant)?;
    }
    Ok(Applied { told: applying.change.has_told(), differences: applying.differences, tenant })
}

/// The tenant of the file, made if it is new, and in what it differed.
fn apply_tenant(tx: &mut Tx<'_>, gym: &Gym, by: &By) -> Result<(Tenant, Option<Difference>), DbError> {
    let wanted = &gym.tenant;
    let entry = format!("tenant {}", wanted.key);
    let present = tenant::find(tx, &wanted.key)?;
    let difference = match &present {
        None => {
            tenant::insert(tx, &wanted.key, &wanted.name, wanted.sandbox, by.system_now)?;
            Some(Difference { kind: "added", entry, fields: Vec::new() })
        }
        Some(present) => {
            let mut fields = Vec::new();
            compare_field(&mut fields, "name", &present.name, &wanted.name);
            compare_field(&mut fields, "sandbox", &present.sandbox.to_string(), &wanted.sandbox.to_string());
            if fields.is_empty() {
                None
            } else {
                tenant::update(tx, present.id(), &wanted.name, wanted.sandbox)?;
                // The clock may have gone with the sandbox.
                studio::bump_all(tx, present.id())?;
                Some(Difference { kind: "changed", entry, fields })
            }
        }
    };
    let tenant = tenant::find(tx, &wanted.key)?;
    Ok((tenant.ok_or_else(|| DbError::Unusable(format!("the tenant {} is not there", wanted.key)))?, difference))
}

/// A gym file that is being applied.
struct Applying<'t, 'c> {
    change: Change<'t, 'c>,
    differences: Vec<Difference>,
}

impl Applying<'_, '_> {
    /// Notes a difference and records it, with the event it raises.
    fn note(
        &mut self,
        studio: Option<i64>,
        kind: &'static str,
        entry: String,
        fields: Vec<FieldDifference>,
        event: Option<Event>,
    ) {
        let action = match kind {
            "added" => "gym-file.added",
            "retired" => "gym-file.retired",
            "restored" => "gym-file.restored",
            _ => "gym-file.changed",
        };
        let mut deed = Deed::new(action).subject("entry", &entry);
        if let Some(studio) = studio {
            deed = deed.studio(studio);
        }
        if let Some(event) = event {
            deed = deed.event(event);
        }
        for FieldDifference { field, from, to } in &fields {
            deed = deed.field(field, from, to);
        }
        self.change.record(deed);
        self.differences.push(Difference { kind, entry, fields });
    }

    /// The ids of the contents, in the order of the gym's files.
    fn files(&mut self, contents: &[Content]) -> Result<Vec<i64>, DbError> {
        contents.iter().map(|content| file::remember(&mut self.change, content)).collect()
    }

    /// Adds new tags and answers those that the file no longer has; these go last, when no studio wears them any more.
    fn new_tags(&mut self, wanted: &[String]) -> Result<Vec<(i64, String)>, DbError> {
        let present = tag::list(self.change.tx, self.change.tenant)?;
        for name in wanted.iter().filter(|name| !present.iter().any(|tag| tag.name == **name)) {
            tag::insert(self.change.tx, self.change.tenant, name)?;
            self.note(None, "added", format!("tag {name}"), Vec::new(), None);
        }
        Ok(present.into_iter().filter(|tag| !wanted.contains(&tag.name)).map(|tag| (tag.id, tag.name)).collect())
    }

    /// Brings the information fields of the tenant to what the file says, with an event for each studio that knew them.
    fn information_fields<'s>(
        &mut self,
        wanted: &[gymfile::Entry],
        studios: impl Iterator<Item = &'s Studio>,
    ) -> Result<(), DbError> {
        if !self.of_tenant(Kind::InformationField, wanted)? {
            return Ok(());
        }
        studio::bump_all(self.change.tx, self.change.tenant)?;
        for studio in studios {
            information_field::tell_studio(&mut self.change, studio.id);
        }
        Ok(())
    }

    /// Brings the entries of a kind that belong to the tenant as a whole to what the file says; `false`: they were so already.
    fn of_tenant(&mut self, kind: Kind, wanted: &[gymfile::Entry]) -> Result<bool, DbError> {
        let before = self.differences.len();
        let mut present = inventory::of_kind(self.change.tx, self.change.tenant, WHOLE_TENANT, kind)?;
        present.retain(is_of_file);
        self.entries(WHOLE_TENANT, None, wanted, present, &[])?;
        Ok(self.differences.len() > before)
    }

    fn studio(&mut self, wanted: &gymfile::Studio, present: Option<&Studio>, file_ids: &[i64]) -> Result<(), Failure> {
        let name = format!("studio {}", wanted.key);
        let (before, tenant) = (self.differences.len(), self.change.tenant);
        let logo = wanted.logo.and_then(|place| file_ids.get(place).copied());
        let values = super::studio::values(&wanted.definition, wanted.stored.clone(), logo);
        let (id, entries) = match present {
            None => {
                let id = self.change.tx.next_id()?;
                studio::insert(self.change.tx, tenant, id, &wanted.key, &values)?;
                self.studio_tags(id, wanted.tags.as_deref())?;
                self.note(Some(id), "added", name.clone(), Vec::new(), None);
                day::schedule(self.change.tx, tenant, id, &values.zone, self.change.now)?;
                (id, Vec::new())
            }
            Some(present) => {
                let mut fields = differences(&present.definition, &values.definition);
                if present.logo_file_id != values.logo_file_id && fields.is_empty() {
                    fields.push(content_changed("logo"));
                }
                if !fields.is_empty() {
                    studio::update(self.change.tx, tenant, present.id, &values)?;
                    let event = fields.iter().any(is_about_hours).then_some(hours_updated(present.id));
                    self.note(Some(present.id), "changed", name.clone(), fields, event);
                    checkout::reschedule(&mut self.change, present.id)?;
                }
                if let Some(field) = self.studio_tags(present.id, wanted.tags.as_deref())? {
                    self.note(Some(present.id), "changed", name.clone(), vec![field], None);
                }
                let mut entries = inventory::of_studio(self.change.tx, tenant, present.id)?;
                entries.retain(is_of_file);
                (present.id, entries)
            }
        };
        self.entries(id, Some(&name), &wanted.entries, entries, file_ids)?;
        // What comes below is no part of what remembered answers are made of.
        let changed = self.differences.len() > before;
        let whole = super::customer::studio(self.change.tx, tenant, id)?;
        if let Some(employees) = &wanted.employees {
            self.employees(&whole, &name, employees, file_ids)?;
        }
        if changed {
            studio::bump(self.change.tx, tenant, id)?;
        }
        schedule::publish(&mut self.change, &whole)?;
        self.customers(id, &name, &wanted.customers)?;
        if let Some(lists) = &wanted.member_lists {
            self.member_lists(id, &name, lists)?;
        }
        self.vouchers(id, &name, &wanted.vouchers)
    }

    /// Brings the check-in vouchers of a studio to what the file says. One that the file no longer has stays as it is.
    fn vouchers(&mut self, studio: i64, studio_name: &str, wanted: &[VoucherDefinition]) -> Result<(), Failure> {
        for voucher in wanted {
            let entry = format!("{studio_name} / check-in voucher {}", voucher.code);
            let outcome =
                voucher::apply(&mut self.change, studio, voucher).map_err(|failure| in_entry(&entry, failure))?;
            let (kind, before) = match outcome {
                voucher::Applied::Unchanged => continue,
                voucher::Applied::Added => ("added", voucher.days()),
                voucher::Applied::Changed(before) => ("changed", before),
            };
            let mut fields = Vec::new();
            let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            compare_field(&mut fields, "valid_from", &day(before.from), &day(voucher.valid_from));
            compare_field(&mut fields, "valid_until", &day(before.to), &day(voucher.valid_until));
            self.differences.push(Difference { kind, entry, fields });
        }
        Ok(())
    }

    /// Brings the tags of a studio to what the file says, and answers the difference.
    fn studio_tags(&mut self, id: i64, wanted: Option<&[String]>) -> Result<Option<FieldDifference>, DbError> {
        let Some(wanted) = wanted else { return Ok(None) };
        let (tx, tenant) = (&mut *self.change.tx, self.change.tenant);
        let known = tag::list(tx, tenant)?;
        let ids: Vec<i64> = known.iter().filter(|tag| wanted.contains(&tag.name)).map(|tag| tag.id).collect();
        let present = tag::of_studio(tx, tenant, id)?;
        if present.iter().map(|tag| tag.id).collect::<Vec<_>>() == ids {
            return Ok(None);
        }
        // The studio's row first, as in `actions::studio::update_studio_tags`, so that two sets are never mixed.
        studio::bump(tx, tenant, id)?;
        tag::replace(tx, tenant, id, &ids)?;
        let names = |tags: Vec<&str>| Some(tags.join(", "));
        Ok(Some(FieldDifference {
            field: "tags".to_owned(),
            from: names(present.iter().map(|tag| tag.name.as_str()).collect()),
            to: names(wanted.iter().map(String::as_str).collect()),
        }))
    }

    /// Brings the entries of a studio, or those of the tenant as a whole, which have no name in front, to what the file says.
    fn entries(
        &mut self,
        studio: i64,
        studio_name: Option<&str>,
        wanted: &[gymfile::Entry],
        present: Vec<Entry>,
        file_ids: &[i64],
    ) -> Result<(), DbError> {
        let tenant = self.change.tenant;
        let mut present: HashMap<(Kind, String), Entry> =
            present.into_iter().map(|entry| ((entry.kind, entry.key.clone()), entry)).collect();
        let place = studio_name.map(|name| format!("{name} / ")).unwrap_or_default();
        let title = |kind: Kind, key: &str| format!("{place}{} {key}", kind.name().replace('_', " "));
        let told_in = (studio != WHOLE_TENANT).then_some(studio);
        let is_new = present.is_empty();
        // STUDIO_OPENING_HOURS_UPDATED is for those who know the hours already: nobody knows those of a new studio.
        let event = |kind: Kind| (kind == Kind::OpeningHoursCategory && !is_new).then_some(hours_updated(studio));
        for draft in wanted {
            let file_id = draft.file.and_then(|place| file_ids.get(place).copied());
            let Some(old) = present.remove(&(draft.kind, draft.key.clone())) else {
                let entry = Entry {
                    id: self.change.tx.next_id()?,
                    kind: draft.kind,
                    key: draft.key.clone(),
                    parent_key: draft.parent_key.clone(),
                    position: draft.position,
                    file_id,
                    definition: draft.stored.clone(),
                    retired: false,
                };
                inventory::insert(self.change.tx, tenant, studio, &entry)?;
                self.note(told_in, "added", title(draft.kind, &draft.key), Vec::new(), event(draft.kind));
                continue;
            };
            let mut fields = differences(&old.definition, &draft.stored);
            if old.file_id != file_id && fields.is_empty() {
                fields.push(content_changed("image"));
            }
            compare_field(&mut fields, "position", &old.position.to_string(), &draft.position.to_string());
            let (from, to) = (old.parent_key.as_deref().unwrap_or(""), draft.parent_key.as_deref().unwrap_or(""));
            compare_field(&mut fields, "parent", from, to);
            if fields.is_empty() && !old.retired {
                continue;
            }
            let kind = if old.retired { "restored" } else { "changed" };
            let entry = Entry {
                parent_key: draft.parent_key.clone(),
                position: draft.position,
                file_id,
                definition: draft.stored.clone(),
                retired: false,
                ..old
            };
            inventory::update(self.change.tx, tenant, &entry)?;
            self.note(told_in, kind, title(draft.kind, &draft.key), fields, event(draft.kind));
        }
        let mut gone: Vec<Entry> = present.into_values().filter(|entry| !entry.retired).collect();
        gone.sort_by_key(|entry| entry.id);
        for entry in gone {
            let (kind, entry_title) = (entry.kind, title(entry.kind, &entry.key));
            inventory::update(self.change.tx, tenant, &Entry { retired: true, ..entry })?;
            self.note(told_in, "retired", entry_title, Vec::new(), event(kind));
        }
        Ok(())
    }
}

/// Whether a gym file has a say in an entry: it knows nothing of those that the back office made.
fn is_of_file(entry: &Entry) -> bool {
    !inventory::is_own(&entry.key)
}

/// What stops the applying of a file, with the entry to blame.
fn in_entry(entry: &str, failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) => {
            let field = refusal.reference.map(|field| format!("{field}: ")).unwrap_or_default();
            let text = refusal.code.text(Language::En, &refusal.arguments);
            Failure::Internal(format!("{entry}: {field}{text}"))
        }
        other => other,
    }
}

/// WH-10: opening hours, the public's and closing hours raise one event.
fn is_about_hours(difference: &FieldDifference) -> bool {
    ["opening_hours", "public_opening_hours", "closing_hours"].iter().any(|name| {
        difference.field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
    })
}

fn hours_updated(studio_id: i64) -> Event {
    Event::StudioOpeningHoursUpdated { studio_id }
}

fn content_changed(field: &str) -> FieldDifference {
    FieldDifference { field: field.to_owned(), from: None, to: Some("another content".to_owned()) }
}

/// How many of something there were and are, which were others.
fn compare_counts(fields: &mut Vec<FieldDifference>, name: &str, before: usize, after: usize) {
    let to = if after == before { format!("{after} others") } else { after.to_string() };
    compare_field(fields, name, &before.to_string(), &to);
}
