//! What a gym file says of customers in respect of each other: who acts for whom, families, lists of members.

use std::collections::{BTreeSet, HashMap};

use gymkeeper_domain::customer::{ContractDefinition, member_list::MemberListDefinition};
use gymkeeper_store::inventory::Kind;
use serde_json::{Map, Value};

use super::{
    StudioMemberList,
    load::{Below, Reader},
};
use crate::actions::customer::described::Described;

impl Reader<'_> {
    /// Checks what the customers of a studio, each with its place in the file, say of each other. `keys` are those of all
    /// customers of the studio, also of those that could not be read.
    pub(super) fn relations(&mut self, customers: &[(String, Described)], keys: &BTreeSet<String>) {
        let mut keyed: HashMap<&str, (&str, &ContractDefinition)> = HashMap::new();
        for (at, customer) in customers {
            for (place, contract) in customer.definition.contracts.iter().enumerate() {
                let Some(key) = &contract.key else { continue };
                let at = format!("{at}.contracts[{place}].key");
                self.key(&at, key);
                if keyed.insert(key, (&customer.key, contract)).is_some() {
                    self.mistake(at, format!("the key {key:?} is already taken by another contract of this studio"));
                }
            }
        }
        for (at, customer) in customers {
            let representative = customer.definition.legal_representative.as_ref();
            if let Some(acting) = representative.and_then(|representative| representative.customer.as_ref()) {
                let at = format!("{at}.legal_representative.customer");
                if *acting == customer.key {
                    self.mistake(at, "must be another customer");
                } else {
                    self.known_customer(at, acting, keys);
                }
            }
            for (place, contract) in customer.definition.contracts.iter().enumerate() {
                let Some(head) = &contract.family_of else { continue };
                let message = match keyed.get(head.as_str()) {
                    None => format!("there is no contract with the key {head:?} in this studio"),
                    Some((owner, _)) if *owner == customer.key => "must be a contract of another customer".to_owned(),
                    Some((_, head)) if head.family_of.is_some() => {
                        "must be a contract that is no member of a family itself".to_owned()
                    }
                    Some(_) => continue,
                };
                self.mistake(format!("{at}.contracts[{place}].family_of"), message);
            }
        }
    }

    /// The lists of members of a studio, whose customers have these keys. Its allowances are known before.
    pub(super) fn member_lists(
        &mut self,
        below: &Below,
        lists: Vec<(String, Map<String, Value>)>,
        keys: &BTreeSet<String>,
    ) -> Vec<StudioMemberList> {
        let (mut seen, mut read) = (BTreeSet::new(), Vec::with_capacity(lists.len()));
        for (at, mut value) in lists {
            let key = self.take_key(&at, &mut value, &mut seen);
            let definition: Option<MemberListDefinition> = self.typed(&at, Value::Object(value));
            let (Some(key), Some(definition)) = (key, definition) else { continue };
            self.problems(&at, definition.problems());
            for (place, customer) in definition.customers.iter().enumerate() {
                self.known_customer(format!("{at}.customers[{place}]"), customer, keys);
            }
            self.known(below, Kind::Allowance, &at, "allowances", &definition.allowances);
            read.push(StudioMemberList { key, definition });
        }
        read
    }

    fn known_customer(&mut self, at: String, key: &str, keys: &BTreeSet<String>) {
        if !keys.contains(key) {
            self.mistake(at, format!("there is no customer with the key {key:?} in this studio"));
        }
    }
}
