//! The operations of the API: the only list of routes.
//!
//! A row of [`OPERATIONS`] says where an operation is found and who may call it. The server mounts its handlers by these
//! rows, answers the rows without a handler with 501, and the OpenAPI document and the table of compatibility are made from
//! them. To add an operation, add a row to `operations/table.rs`.

mod group;
mod scope;
mod table;

use std::fmt;

pub use group::Group;
pub use scope::{Scope, Scopes, UnknownScope};
pub use table::*;

/// One operation of the API.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// The name of the operation, unique in the API.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the address of the server, with placeholders in braces.
    pub path: &'static str,
    /// What the key of the caller must hold.
    pub scopes: Scopes,
    /// The group it is documented in.
    pub group: Group,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// The version of the API that brought the operation, where that is later than 1.13.2.
    pub since: Option<&'static str>,
    /// Whether another operation should be used instead.
    pub deprecated: bool,
}

impl Operation {
    /// The names of the placeholders of the path, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// The operation with this id.
pub fn find(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().copied().find(|operation| operation.id == id)
}

/// The HTTP methods that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The method as HTTP spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_and_routes_are_unique() {
        assert_eq!(OPERATIONS.iter().filter(|operation| operation.since.is_none()).count(), 139);
        let ids: HashSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        assert_eq!(ids.len(), OPERATIONS.len());
        let routes: HashSet<_> = OPERATIONS.iter().map(|operation| (operation.method, operation.path)).collect();
        assert_eq!(routes.len(), OPERATIONS.len());
    }

    #[test]
    fn paths_are_well_formed() {
        for operation in OPERATIONS {
            let path = operation.path;
            assert!(path.starts_with("/v1/") && !path.ends_with('/'), "{path}");
            let mut seen = HashSet::new();
            for part in path.split('/').skip(1) {
                assert!(!part.is_empty(), "{path}");
                let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                let plain = name.unwrap_or(part);
                assert!(plain.chars().all(|c| c.is_ascii_alphanumeric() || (c == '-' && name.is_none())), "{path}");
                assert!(name.is_none_or(|name| seen.insert(name)), "{path}");
            }
            assert_eq!(operation.placeholders().count(), path.matches('{').count(), "{path}");
        }
    }

    #[test]
    fn each_group_has_its_number_of_operations() {
        let expected = [
            ("Appointments", 8),
            ("Checkin vouchers", 1),
            ("Classes", 10),
            ("Cross Studio", 5),
            ("Customers", 28),
            ("Customers Account", 5),
            ("Customers Communication", 4),
            ("Customers Self-service", 9),
            ("Devices", 2),
            ("Employees", 2),
            ("Finance", 10),
            ("Leads", 3),
            ("Member lists", 0),
            ("Membership Self-service", 20),
            ("Memberships", 10),
            ("Online offers", 4),
            ("Payments", 1),
            ("Studios", 5),
            ("Trial Offers", 12),
        ];
        let counted: Vec<_> = Group::ALL
            .iter()
            .map(|group| {
                (group.name(), OPERATIONS.iter().filter(|one| one.group == *group && one.since.is_none()).count())
            })
            .collect();
        assert_eq!(counted, expected);
    }

    #[test]
    fn only_the_activation_needs_no_scope_and_only_one_operation_is_deprecated() {
        let ids = |wanted: fn(&Operation) -> bool| -> Vec<_> {
            OPERATIONS.iter().filter(|operation| wanted(operation)).map(|operation| operation.id).collect()
        };
        assert_eq!(ids(|operation| operation.scopes == Scopes::None), ["confirmActivation"]);
        assert_eq!(ids(|operation| operation.deprecated), ["addAccessMedium"]);
        assert_eq!(find("getUtilization"), Some(&GET_UTILIZATION));
        assert_eq!(find("nothing"), None);
    }

    #[test]
    fn every_scope_opens_an_operation() {
        for scope in Scope::ALL {
            assert!(OPERATIONS.iter().any(|operation| operation.scopes.list().contains(scope)), "{scope}");
        }
    }

    #[test]
    fn summaries_are_short() {
        for operation in OPERATIONS {
            assert!(operation.summary.split(' ').count() <= 8 && !operation.summary.ends_with('.'), "{}", operation.id);
        }
    }
}
