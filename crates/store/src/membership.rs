//! Membership offers as they are defined, put together from the inventory.

use std::collections::HashMap;

use gymkeeper_domain::{
    membership::{Module, Offer, OfferTerm, TextBlock},
    studio::OpeningHoursCategory,
};
use serde::de::DeserializeOwned;

use crate::{
    db::{DbError, Tx},
    inventory::{self, Entry, Kind},
    tenant::TenantId,
};

/// A definition with its id.
#[derive(Debug, Clone, PartialEq)]
pub struct Defined<T> {
    /// The id that clients see.
    pub id: i64,
    /// Its image or attached document.
    pub file_id: Option<i64>,
    /// What it is.
    pub definition: T,
}

/// An offer with its terms, in the operator's order.
#[derive(Debug, Clone, PartialEq)]
pub struct DefinedOffer {
    /// The offer.
    pub offer: Defined<Offer>,
    /// Its terms.
    pub terms: Vec<Defined<OfferTerm>>,
}

/// Everything a studio's offers are made of. Retired entries are left out of the lists, but still found by key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    /// The offers, in the operator's order.
    pub offers: Vec<DefinedOffer>,
    /// Modules by key.
    pub modules: HashMap<String, Defined<Module>>,
    /// Text blocks by key.
    pub text_blocks: HashMap<String, Defined<TextBlock>>,
    /// Categories of opening hours, in the operator's order, with their keys.
    pub categories: Vec<(String, Defined<OpeningHoursCategory>)>,
}

/// Reads a studio's catalogue with one statement, so that its parts belong together.
///
/// # Errors
/// The database's; [`DbError::Unusable`] for a definition that this program cannot read.
pub fn catalog(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Catalog, DbError> {
    let mut catalog = Catalog::default();
    let mut terms: HashMap<String, Vec<Defined<OfferTerm>>> = HashMap::new();
    let mut offer_keys = Vec::new();
    for entry in inventory::of_studio(tx, tenant, studio)? {
        match entry.kind {
            Kind::Offer if !entry.retired => {
                offer_keys.push(entry.key.clone());
                catalog.offers.push(DefinedOffer { offer: defined(&entry)?, terms: Vec::new() });
            }
            Kind::OfferTerm if !entry.retired => {
                let parent = entry.parent_key.clone().unwrap_or_default();
                terms.entry(parent).or_default().push(defined(&entry)?);
            }
            Kind::Offer | Kind::OfferTerm => {}
            Kind::Module => drop(catalog.modules.insert(entry.key.clone(), defined(&entry)?)),
            Kind::TextBlock => drop(catalog.text_blocks.insert(entry.key.clone(), defined(&entry)?)),
            Kind::OpeningHoursCategory if !entry.retired => {
                catalog.categories.push((entry.key.clone(), defined(&entry)?));
            }
            _ => {}
        }
    }
    for (offer, key) in catalog.offers.iter_mut().zip(offer_keys) {
        offer.terms = terms.remove(&key).unwrap_or_default();
    }
    Ok(catalog)
}

fn defined<T: DeserializeOwned>(entry: &Entry) -> Result<Defined<T>, DbError> {
    Ok(Defined { id: entry.id, file_id: entry.file_id, definition: entry.read()? })
}
