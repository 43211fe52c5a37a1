//! Inventory: what an operator defines and the API only reads (offers, terms, modules, text blocks, categories).
//!
//! All of it lives in one table, an entry a row: a stable `key` from the gym file, an id that clients see, and the
//! definition as JSON text. What members change by using the gym has tables of its own.

use serde::de::DeserializeOwned;

use crate::{
    db::{DbError, Ids, Row, Tx},
    tenant::TenantId,
};

/// What an entry defines. The names are stored; they must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A membership offer.
    Offer,
    /// A term of an offer; its parent is the offer.
    OfferTerm,
    /// A module that offers include, let choose or sell.
    Module,
    /// A text block of contracts.
    TextBlock,
    /// A category of opening hours.
    OpeningHoursCategory,
    /// Something a gym wants to know of its customers, in all studios of the tenant.
    InformationField,
    /// Something that contracts let customers use so and so often.
    Benefit,
    /// A room in which classes are held.
    Room,
    /// A device or anything else of which there is one at a time.
    Resource,
    /// What a contract or module lets customers book.
    Allowance,
    /// A class.
    Class,
    /// When a class is held; its parent is the class.
    ClassSeries,
    /// A type of appointments.
    AppointmentType,
    /// What people who are no members may try, and on which conditions.
    TrialOffer,
    /// A network whose members visit the studios and that pays for them, in all studios of the tenant.
    Aggregator,
}

/// Stands in the place of the studio's id for entries that belong to the tenant as a whole. No studio has it.
pub const WHOLE_TENANT: i64 = 0;

/// What keys begin with that the back office makes. Keys of gym files have letters, digits and dashes only.
const OWN: char = '@';

/// The key of something that the back office made: no gym file can have it, so that the applying of a file leaves it alone.
pub fn own_key(id: i64) -> String {
    format!("{OWN}{id}")
}

/// Whether the back office made what has that key, and no gym file.
pub fn is_own(key: &str) -> bool {
    key.starts_with(OWN)
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Kind] = &[
        Kind::Offer,
        Kind::OfferTerm,
        Kind::Module,
        Kind::TextBlock,
        Kind::OpeningHoursCategory,
        Kind::InformationField,
        Kind::Benefit,
        Kind::Room,
        Kind::Resource,
        Kind::Allowance,
        Kind::Class,
        Kind::ClassSeries,
        Kind::AppointmentType,
        Kind::TrialOffer,
        Kind::Aggregator,
    ];

    /// The stored name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Offer => "offer",
            Kind::OfferTerm => "offer_term",
            Kind::Module => "module",
            Kind::TextBlock => "text_block",
            Kind::OpeningHoursCategory => "opening_hours_category",
            Kind::InformationField => "information_field",
            Kind::Benefit => "benefit",
            Kind::Room => "room",
            Kind::Resource => "resource",
            Kind::Allowance => "allowance",
            Kind::Class => "class",
            Kind::ClassSeries => "class_series",
            Kind::AppointmentType => "appointment_type",
            Kind::TrialOffer => "trial_offer",
            Kind::Aggregator => "aggregator",
        }
    }

    /// The kind with that stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// One stored entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The id that clients see.
    pub id: i64,
    /// What it defines.
    pub kind: Kind,
    /// Its key in the gym file, or [`own_key`], unique in its studio and kind.
    pub key: String,
    /// The key of the entry it belongs to.
    pub parent_key: Option<String>,
    /// Its place in the operator's order.
    pub position: i64,
    /// Its image or attached document.
    pub file_id: Option<i64>,
    /// The definition as JSON text.
    pub definition: String,
    /// Taken out of the gym file: no longer offered, still referred to by what was sold.
    pub retired: bool,
}

impl Entry {
    /// What it defines.
    ///
    /// # Errors
    /// [`DbError::Unusable`] for a definition that this program cannot read.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, DbError> {
        let (kind, key) = (self.kind.name(), &self.key);
        let unreadable = |error| DbError::Unusable(format!("the definition of {kind} {key} cannot be read: {error}"));
        serde_json::from_str(&self.definition).map_err(unreadable)
    }
}

crate::statements! {
    OF_STUDIO = "select id, kind, key, parent_key, position, file_id, definition, retired from inventory
        where tenant_id = $1 and studio_id = $2 order by kind, position, id";
    OF_KIND = "select id, kind, key, parent_key, position, file_id, definition, retired from inventory
        where tenant_id = $1 and studio_id = $2 and kind = $3 order by position, id";
    INSERT = "insert into inventory (tenant_id, id, studio_id, kind, key, parent_key, position, file_id, definition, retired)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    UPDATE = "update inventory set parent_key = $3, position = $4, file_id = $5, definition = $6, retired = $7
        where tenant_id = $1 and id = $2";
    FIND = "select id, kind, key, parent_key, position, file_id, definition, retired from inventory
        where tenant_id = $1 and studio_id = $2 and kind = $3 and id = $4";
    BY_IDS = "select id, kind, key, parent_key, position, file_id, definition, retired from inventory
        where tenant_id = $1 and id in (select value from rarray($2)) order by id";
    BY_ID = "select studio_id, id, kind, key, parent_key, position, file_id, definition, retired from inventory
        where tenant_id = $1 and id = $2 and kind = $3";
    REPLACE = "update inventory set definition = $5, retired = $6
        where tenant_id = $1 and id = $2 and definition = $3 and retired = $4";
    ALL_OF_KIND = "select studio_id, definition from inventory where tenant_id = $1 and kind = $2 and not retired
        order by studio_id, position, id";
    STUDIO_OF = "select studio_id from inventory where tenant_id = $1 and id = $2 and kind = $3";
}

/// All entries of a studio, or of [`WHOLE_TENANT`], retired ones too, by kind, position and id.
pub fn of_studio(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<Entry>, DbError> {
    let mut entries = Vec::new();
    tx.each(&OF_STUDIO, &[&tenant, &studio], |row| {
        entries.push(entry(row, 0)?);
        Ok::<_, DbError>(())
    })?;
    Ok(entries)
}

/// The entries of one kind of a studio, retired ones too, by position and id.
pub fn of_kind(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, kind: Kind) -> Result<Vec<Entry>, DbError> {
    let mut entries = Vec::new();
    tx.each(&OF_KIND, &[&tenant, &studio, &kind.name()], |row| {
        entries.push(entry(row, 0)?);
        Ok::<_, DbError>(())
    })?;
    Ok(entries)
}

/// The definitions of all entries of a kind that are not retired, in all studios of a tenant, each with its studio. Studios
/// come by id, entries in the operator's order.
pub fn all_of_kind(tx: &mut Tx<'_>, tenant: TenantId, kind: Kind) -> Result<Vec<(i64, String)>, DbError> {
    tx.query(&ALL_OF_KIND, &[&tenant, &kind.name()])
}

/// The entry of that kind and id of a studio, or of [`WHOLE_TENANT`], retired or not.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, kind: Kind, id: i64) -> Result<Option<Entry>, DbError> {
    let mut found = None;
    tx.each(&FIND, &[&tenant, &studio, &kind.name(), &id], |row| {
        found = Some(entry(row, 0)?);
        Ok::<_, DbError>(())
    })?;
    Ok(found)
}

/// The entries of these ids, of whatever kind and studio, retired ones too, by id.
pub fn by_ids(tx: &mut Tx<'_>, tenant: TenantId, ids: &[i64]) -> Result<Vec<Entry>, DbError> {
    let mut entries = Vec::new();
    tx.each(&BY_IDS, &[&tenant, &Ids(ids)], |row| {
        entries.push(entry(row, 0)?);
        Ok::<_, DbError>(())
    })?;
    Ok(entries)
}

/// The entry of that kind and id, retired or not, with the studio that it belongs to.
pub fn by_id(tx: &mut Tx<'_>, tenant: TenantId, kind: Kind, id: i64) -> Result<Option<(i64, Entry)>, DbError> {
    let mut found = None;
    tx.each(&BY_ID, &[&tenant, &id, &kind.name()], |row| {
        found = Some((row.get(0)?, entry(row, 1)?));
        Ok::<_, DbError>(())
    })?;
    Ok(found)
}

/// Gives an entry another definition, and retires it or brings it back, if it is still as it was read. `false`: it is not.
pub fn replace(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    before: &Entry,
    definition: &str,
    retired: bool,
) -> Result<bool, DbError> {
    let b = before;
    Ok(tx.execute(&REPLACE, &[&tenant, &b.id, &b.definition, &b.retired, &definition, &retired])? == 1)
}

/// The entry in the columns of a row from `at` on.
fn entry(row: &Row<'_>, at: usize) -> Result<Entry, DbError> {
    let kind: &str = row.get(at + 1)?;
    Ok(Entry {
        id: row.get(at)?,
        kind: Kind::parse(kind).ok_or_else(|| DbError::Unusable(format!("unknown kind of inventory: {kind}")))?,
        key: row.get(at + 2)?,
        parent_key: row.get(at + 3)?,
        position: row.get(at + 4)?,
        file_id: row.get(at + 5)?,
        definition: row.get(at + 6)?,
        retired: row.get(at + 7)?,
    })
}

/// Stores a new entry; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, entry: &Entry) -> Result<(), DbError> {
    tx.execute(
        &INSERT,
        &[
            &tenant,
            &entry.id,
            &studio,
            &entry.kind.name(),
            &entry.key,
            &entry.parent_key,
            &entry.position,
            &entry.file_id,
            &entry.definition,
            &entry.retired,
        ],
    )
    .map(drop)
}

/// Changes an entry in place; id, kind and key stay.
pub fn update(tx: &mut Tx<'_>, tenant: TenantId, entry: &Entry) -> Result<(), DbError> {
    tx.execute(
        &UPDATE,
        &[&tenant, &entry.id, &entry.parent_key, &entry.position, &entry.file_id, &entry.definition, &entry.retired],
    )
    .map(drop)
}

/// The studio an entry of that kind belongs to, wherever it is in the tenant.
pub fn studio_of(tx: &mut Tx<'_>, tenant: TenantId, id: i64, kind: Kind) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&STUDIO_OF, &[&tenant, &id, &kind.name()])?.map(|(studio,)| studio))
}
