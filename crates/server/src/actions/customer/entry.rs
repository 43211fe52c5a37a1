//! A new customer as a program or a form of the studio sends one (CUST-4 to CUST-6).

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::customer::{
    contact,
    identity::{Document, DocumentKind, Identity, Missing, missing},
};
use gymkeeper_store::{
    customer::{
        self, Customer,
        identity::{self, Identified},
    },
    db::Tx,
    tenant::TenantId,
};
use jiff::civil::Date;

use super::{StudioOf, create};
use crate::{
    actions::change::Change,
    http::{
        failure::{Failure, Refusal},
        input::invalid,
    },
};

/// What is sent of a new customer besides the customer.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The id that an integration has for the customer.
    pub third_party_id: Option<(i64, String)>,
    /// The number under which the customer pays taxes.
    pub tax_id: Option<String>,
    /// An identity document.
    pub document: Option<(DocumentKind, String)>,
}

/// Stores a new customer, whom nobody must know yet.
///
/// # Errors
/// Refuses an impossible e-mail address or birthday, what the studio's country wants to know and was not told, and whoever is
/// there already.
pub fn enter(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    draft: Customer,
    entry: &Entry,
    today: Date,
) -> Result<Customer, Failure> {
    check(&draft, home, entry, today)?;
    customer::take_turn(change.tx, change.tenant)?;
    let email = draft.email.clone().unwrap_or_default();
    refuse_known(change.tx, change.tenant, &email, &draft.last_name, draft.date_of_birth)?;
    let customer = create(change, home, draft)?;
    if entry.tax_id.is_some() || entry.document.is_some() {
        let identity = Identified {
            tax_id: entry.tax_id.clone(),
            document_kind: entry.document.as_ref().map(|(kind, _)| kind.name().to_owned()),
            document_number: entry.document.as_ref().map(|(_, number)| number.clone()),
        };
        identity::set(change.tx, change.tenant, customer.id, &identity)?;
    }
    if let Some((integration, id)) = &entry.third_party_id
        && !customer::set_third_party_id(change.tx, change.tenant, *integration, id, customer.id)?
    {
        return Err(Refusal::new(ErrorCode::CustomerThirdPartyIdDuplicate).at("thirdPartyId").into());
    }
    Ok(customer)
}

fn check(draft: &Customer, home: &StudioOf, entry: &Entry, today: Date) -> Result<(), Failure> {
    if draft.email.as_deref().is_some_and(|email| contact::normalized_email(email).is_err()) {
        return Err(invalid("email"));
    }
    if draft.date_of_birth.is_some_and(|day| day > today) {
        return Err(invalid("dateOfBirth"));
    }
    let document = entry.document.as_ref().map(|(kind, number)| Document { kind: *kind, number });
    match unknown(home, draft, entry.tax_id.as_deref(), document) {
        None => Ok(()),
        Some(refusal) => Err(refusal.into()),
    }
}

/// The refusal of somebody of whom the studio's country wants to know what was not told (CUST-4).
pub(super) fn unknown(
    home: &StudioOf,
    person: &Customer,
    tax_id: Option<&str>,
    document: Option<Document<'_>>,
) -> Option<Refusal> {
    let identity = Identity {
        tax_id,
        document,
        place_of_birth: person.place_of_birth.as_deref(),
        country_of_birth: person.country_of_birth.as_deref(),
        is_national: None,
    };
    let (code, field) = match missing(&home.definition.country_code, &identity)? {
        Missing::TaxIdOrDocument => (ErrorCode::CustomerTaxIdOrDocumentRequired, "taxId"),
        Missing::PlaceOfBirth => (ErrorCode::CustomerPlaceOfBirthRequired, "placeOfBirth"),
        Missing::CountryOfBirth => (ErrorCode::CustomerCountryOfBirthRequired, "countryOfBirth"),
    };
    Some(Refusal::new(code).at(field))
}

/// CUST-5: nobody is there with the same e-mail address, last name and birthday.
///
/// # Errors
/// Refuses when somebody is.
pub fn refuse_known(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    email: &str,
    last_name: &str,
    date_of_birth: Option<Date>,
) -> Result<(), Failure> {
    match customer::duplicate(tx, tenant, email, last_name, date_of_birth)? {
        Some(_) => Err(Refusal::new(ErrorCode::CustomerDuplicate).at("email").into()),
        None => Ok(()),
    }
}
