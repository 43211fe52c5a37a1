//! The back office's own API, under `/admin/v1`: what staff do, where programs with an API key use the other operations.
//!
//! It is no part of the vendor's API and has a document of its own. A resource is a module here: its operations as rows, and
//! the types of its requests and answers. [`GROUPS`] is the only list of them. A row says what a member of staff must be
//! allowed to do; a path with `{studioId}` is about that studio, any other one about the tenant as a whole.

pub mod absences;
pub mod access_mediums;
pub mod account;
pub mod amendments;
pub mod appointments;
pub mod bank_account;
pub mod calendar_feeds;
pub mod classes;
pub mod communication;
pub mod customer_files;
pub mod customers;
pub mod desk;
pub mod employees;
pub mod information_fields;
pub mod inventory;
pub mod leads;
pub mod notes;
pub mod packs;
pub mod restrictions;
mod right;
pub mod rooms;
pub mod staff;
pub mod trial_offers;

pub use right::Right;

use crate::operations::Method;

/// Where the back office's API lies.
pub const PREFIX: &str = "/admin/v1";

/// The placeholder that names the studio an operation is about.
pub const STUDIO: &str = "studioId";

/// One operation of the back office.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// The name of the operation, unique in the back office.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the address of the server, with placeholders in braces.
    pub path: &'static str,
    /// What the caller needs.
    pub needs: Needs,
    /// The name of the resource it is documented under.
    pub group: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
}

/// What a caller of the back office needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it is how one signs in.
    Nothing,
    /// To be signed in; what is done concerns the caller alone.
    Session,
    /// A right, in the studio of the path or in the tenant as a whole.
    Right(Right),
}

impl Operation {
    /// Whether the path names a studio.
    pub fn is_of_studio(&self) -> bool {
        self.placeholders().any(|name| name == STUDIO)
    }

    /// The names of the placeholders of the path, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// A resource of the back office with its operations.
#[derive(Debug)]
pub struct Group {
    /// Its name in the document.
    pub name: &'static str,
    /// What it is about, in a sentence.
    pub description: &'static str,
    /// Its operations.
    pub operations: &'static [&'static Operation],
}

/// All resources. A new one adds its line here.
pub static GROUPS: &[&Group] = &[
    &account::GROUP,
    &staff::GROUP,
    &employees::GROUP,
    &absences::GROUP,
    &customers::GROUP,
    &customer_files::GROUP,
    &notes::GROUP,
    &restrictions::GROUP,
    &packs::GROUP,
    &access_mediums::GROUP,
    &bank_account::GROUP,
    &amendments::GROUP,
    &desk::GROUP,
    &information_fields::GROUP,
    &leads::GROUP,
    &communication::GROUP,
    &rooms::GROUP,
    &classes::GROUP,
    &appointments::GROUP,
    &calendar_feeds::GROUP,
    &trial_offers::GROUP,
];

/// All operations of the back office.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    GROUPS.iter().flat_map(|group| group.operations.iter().copied())
}

/// Turns the rows of a resource into one static each and into its group.
macro_rules! resource {
    (@needs Nothing) => { $crate::admin::Needs::Nothing };
    (@needs Session) => { $crate::admin::Needs::Session };
    (@needs $right:ident) => { $crate::admin::Needs::Right($crate::admin::Right::$right) };
    ($group:literal: $description:literal { $(
        $name:ident = $id:literal $method:ident $path:literal $needs:ident: $summary:literal;
    )+ }) => {
        $(
            #[doc = concat!("`", $id, "`: ", $summary, ".")]
            pub static $name: $crate::admin::Operation = $crate::admin::Operation {
                id: $id,
                method: $crate::operations::Method::$method,
                path: concat!("/admin/v1", $path),
                needs: $crate::admin::resource!(@needs $needs),
                group: $group,
                summary: $summary,
            };
        )+

        #[doc = $description]
        pub static GROUP: $crate::admin::Group =
            $crate::admin::Group { name: $group, description: $description, operations: &[$(&$name),+] };
    };
}
pub(crate) use resource;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_and_routes_are_unique_and_paths_well_formed() {
        let (mut ids, mut routes) = (HashSet::new(), HashSet::new());
        for operation in operations() {
            let Operation { id, method, path, .. } = operation;
            assert!(ids.insert(id), "{id}");
            assert!(routes.insert((method, path)), "{method} {path}");
            assert!(path.starts_with(&format!("{PREFIX}/")) && !path.ends_with('/'), "{path}");
            assert!(operation.summary.split(' ').count() <= 8 && !operation.summary.ends_with('.'), "{id}");
            assert_eq!(operation.placeholders().count(), path.matches('{').count(), "{path}");
            assert_eq!(operation.is_of_studio(), path.starts_with("/admin/v1/studios/{studioId}/"), "{path}");
            // A studio's path without a right would be open to the staff of all others.
            assert!(!operation.is_of_studio() || matches!(operation.needs, Needs::Right(_)), "{id}");
        }
        assert!(ids.len() > 20, "{}", ids.len());
    }
}
