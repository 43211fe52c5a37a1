//! Gym files: what an operator writes in YAML to say what a gym has.
//!
//! A file describes a tenant, its tags and its studios with everything below them. Each entry has a `key` that stays the same
//! for ever; ids are given by the database and never appear in a file. Reading a file checks all of it and tells all mistakes
//! at once, of those in the form of one entry (a wrong type, an unknown field) the first; `actions::apply` then brings the
//! database to what the file says: new entries get ids, changed ones keep theirs, missing ones are retired.
//!
//! `lines` runs a second parser over the text to know the line of each value. `load` reads entries into the domain's types, asks
//! each for its `problems()`, resolves keys between entries and collects mistakes.

mod appointments;
mod bookings;
pub mod definition;
mod lines;
mod load;
mod people;
mod relations;
mod schema;

use std::path::Path;

use gymkeeper_domain::{
    customer::{member_list::MemberListDefinition, voucher::VoucherDefinition},
    employee::{Absence, Employee},
    studio::StudioDefinition,
};
use gymkeeper_store::inventory::Kind;
use jiff::civil::Date;

use crate::actions::customer::described::Described;

pub use self::schema::schema;

/// Images are at most so large, in bytes; documents twice that (FILE-3).
pub const IMAGE_BYTES: usize = 10 << 20;

/// Longest key, in characters: what a part of a host name may have.
pub const LONGEST_KEY: usize = 63;

/// Whether a text can be the key of a tenant or of anything else in a gym file.
pub fn is_key(text: &str) -> bool {
    (1..=LONGEST_KEY).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Something in a gym file that must be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1, when it is known.
    pub line: Option<usize>,
    /// Where in the file, such as `studios[0].offers[1].name`.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

/// A gym file that was read and found in order.
#[derive(Debug, Clone)]
pub struct Gym {
    /// The tenant.
    pub tenant: Tenant,
    /// All tags that studios may wear; `None` leaves the tenant's as they are.
    pub tags: Option<Vec<String>>,
    /// What the operator wants to know of customers; `None` leaves the tenant's fields as they are.
    pub information_fields: Option<Vec<Entry>>,
    /// The networks whose members visit the studios; `None` leaves the tenant's as they are.
    pub aggregators: Option<Vec<Entry>>,
    /// The studios, in the order of the file.
    pub studios: Vec<Studio>,
    /// The contents of images and documents that entries point to.
    pub files: Vec<Content>,
}

/// The tenant of a gym file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Stable key: lower-case letters, digits and dashes. Also the tenant's part of a host name.
    pub key: String,
    /// What people call the operator.
    pub name: String,
    /// A sandbox may have its clock moved; its data is not meant to be real. Default false.
    #[serde(default)]
    pub sandbox: bool,
}

/// A studio of a gym file.
#[derive(Debug, Clone)]
pub struct Studio {
    /// Stable key.
    pub key: String,
    /// What it is.
    pub definition: StudioDefinition,
    /// The definition as it is stored.
    pub stored: String,
    /// Its logo, as a place in [`Gym::files`].
    pub logo: Option<usize>,
    /// Its tags; `None` leaves to the API what was set there.
    pub tags: Option<Vec<String>>,
    /// Everything below it, parents before children.
    pub entries: Vec<Entry>,
    /// Its customers.
    pub customers: Vec<Described>,
    /// Its lists of members; `None` leaves them as they are.
    pub member_lists: Option<Vec<StudioMemberList>>,
    /// Its check-in vouchers.
    pub vouchers: Vec<VoucherDefinition>,
    /// The people who work there; `None` leaves to the back office who does.
    pub employees: Option<Vec<StudioEmployee>>,
}

/// Somebody who works in a studio of a gym file.
#[derive(Debug, Clone)]
pub struct StudioEmployee {
    /// Stable key, unique in the studio.
    pub key: String,
    /// Who it is.
    pub employee: Employee,
    /// The picture, as a place in [`Gym::files`].
    pub image: Option<usize>,
    /// When they are away.
    pub absences: Vec<Absence>,
}

/// A list of members of a studio of a gym file.
#[derive(Debug, Clone)]
pub struct StudioMemberList {
    /// Stable key, unique in the studio.
    pub key: String,
    /// What it is called, and who is on it.
    pub definition: MemberListDefinition,
}

/// An entry below a studio.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it defines.
    pub kind: Kind,
    /// Stable key, unique in its studio and kind.
    pub key: String,
    /// The key of the entry it belongs to.
    pub parent_key: Option<String>,
    /// Its place among its kind and parent.
    pub position: i64,
    /// Its image or document, as a place in [`Gym::files`].
    pub file: Option<usize>,
    /// The definition as it is stored.
    pub stored: String,
}

/// The content of an image or document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// SHA-256 in hexadecimal.
    pub hash: String,
    /// The file's name without its folder.
    pub name: String,
    /// What it is.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Content {
    /// A content by its bytes, which also tell what it is.
    ///
    /// # Errors
    /// Says why bytes are refused: an unknown kind, or too many of them.
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Self, String> {
        load::content(name, bytes)
    }
}

/// Where the contents a gym file points to come from.
pub trait Contents {
    /// The bytes of a file, by its path as written.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// Contents beside the gym file on disk.
#[derive(Debug, Clone)]
pub struct Beside<'p>(pub &'p Path);

impl Contents for Beside<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let full = self.0.join(path);
        std::fs::read(&full).map_err(|error| format!("{}: {error}", full.display()))
    }
}

/// Reads and checks a gym file. `today` stands behind `${today}`, `${today+30}` and `${today-7}` in the text, which lets examples
/// stay young.
///
/// # Errors
/// All mistakes of the file, in the order of their lines.
pub fn read(text: &str, today: Date, contents: &dyn Contents) -> Result<Gym, Vec<Mistake>> {
    load::load(text, today, contents)
}
