//! `POST /v1/customers/create`: a new customer, without a contract.

use gymkeeper_contract::{
    common::Gender,
    customers::{CustomerCreateResult, DocumentType, MembershipSignupCustomer},
    errors::ErrorCode,
};
use gymkeeper_domain::customer::{self as rules, identity::DocumentKind};
use gymkeeper_store::customer::Customer;

use crate::{
    actions::{
        change::Change,
        customer::{
            self, communication,
            entry::{self, Entry},
            information,
        },
    },
    http::{
        answer::Answer,
        caller::Caller,
        communication::preference_wire::wishes,
        failure::{Failure, Refusal},
        input::{Json, country_code, filled, optional},
    },
};

/// Longest names, in characters.
const NAME: usize = 100;
/// Longest lines of an address, in characters.
const LINE: usize = 255;

pub(super) fn create_customer(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(wanted): &Json<MembershipSignupCustomer>,
) -> Result<Answer<CustomerCreateResult>, Failure> {
    let home = customer::studio(change.tx, change.tenant, caller.studio())?;
    let draft = draft(wanted)?;
    // CUST-6: no payment method can be bound to a token yet, so no token is valid.
    if wanted.payment_request_token.as_ref().is_some_and(|token| !token.trim().is_empty()) {
        return Err(Refusal::new(ErrorCode::PaymentTokenInvalid).at("paymentRequestToken").into());
    }
    let document = match &wanted.document_identification {
        None => None,
        Some(document) => {
            let number = filled("documentIdentification.documentNumber", &document.document_number, NAME)?;
            Some((document_kind(document.document_type), number))
        }
    };
    let third_party_id = optional("thirdPartyId", wanted.third_party_id.as_deref(), LINE)?;
    let entry = Entry {
        third_party_id: third_party_id.map(|id| (caller.integration(), id)),
        tax_id: optional("taxId", wanted.tax_id.as_deref(), NAME)?,
        document,
    };
    let fields: Vec<(i64, &str)> = wanted
        .additional_information_field_assignments
        .iter()
        .flatten()
        .map(|one| (one.additional_information_field_id, one.value.as_ref()))
        .collect();
    let noted = information::check(change, "additionalInformationFieldAssignments", &fields)?;
    let sent = wanted.communication_preferences.as_deref().unwrap_or_default();
    let (wishes, places): (Vec<_>, Vec<_>) = wishes("communicationPreferences", sent)?.into_iter().unzip();
    let created = entry::enter(change, &home, draft, &entry, caller.today())?;
    information::begin(change, &created, &noted)?;
    let place = |index: usize| places.get(index).cloned().unwrap_or_default();
    communication::choose(change, &home.definition.communication_preferences, &created, &wishes, place)?;
    Answer::json(&CustomerCreateResult { customer_id: created.id })
}

/// The customer as sent, texts trimmed (ERR-10).
fn draft(w: &MembershipSignupCustomer) -> Result<Customer, Failure> {
    let line = |field: &str, text: &Option<String>| optional(field, text.as_deref(), LINE);
    Ok(Customer {
        first_name: filled("firstName", &w.first_name, NAME)?,
        second_first_name: optional("secondFirstName", w.second_first_name.as_deref(), NAME)?,
        last_name: filled("lastName", &w.last_name, NAME)?,
        second_last_name: optional("secondLastName", w.second_last_name.as_deref(), NAME)?,
        date_of_birth: Some(w.date_of_birth.0),
        email: Some(filled("email", &w.email, LINE)?),
        gender: w.gender.map(|gender| gender_name(gender).to_owned()),
        phone_private: line("phoneNumberPrivate", &w.phone_number_private)?,
        phone_private_mobile: line("phoneNumberMobile", &w.phone_number_mobile)?,
        street: Some(filled("street", &w.street, LINE)?),
        second_street: line("secondStreet", &w.second_street)?,
        city_part: line("cityPart", &w.city_part)?,
        district: line("district", &w.district)?,
        street_type: line("streetType", &w.street_type)?,
        street_block: line("streetBlock", &w.street_block)?,
        portal: line("portal", &w.portal)?,
        stairway: line("stairway", &w.stairway)?,
        door: line("door", &w.door)?,
        province: line("province", &w.province)?,
        additional_address_information: line("additionalAddressInformation", &w.additional_address_information)?,
        floor: line("floor", &w.floor)?,
        house_number: line("houseNumber", &w.house_number)?,
        building_name: line("buildingName", &w.building_name)?,
        language_code: Some(language_code("language.languageCode", &w.language.language_code)?),
        language_country: match &w.language.country_code {
            None => None,
            Some(code) => Some(country_code("language.countryCode", code)?),
        },
        city: Some(filled("city", &w.city, LINE)?),
        zip_code: Some(filled("zipCode", &w.zip_code, 20)?),
        country_code: Some(country_code("countryCode", &w.country_code)?),
        place_of_birth: line("placeOfBirth", &w.place_of_birth)?,
        country_of_birth: match optional("countryOfBirth", w.country_of_birth.as_deref(), 2)? {
            None => None,
            Some(code) => Some(country_code("countryOfBirth", &code)?),
        },
        // CUST-6: without a token the customer pays in cash.
        payment_method: "CASH".to_owned(),
        ..Customer::default()
    })
}

fn language_code(field: &str, text: &str) -> Result<String, Failure> {
    let text = filled(field, text, 2)?.to_ascii_lowercase();
    let fine = text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_lowercase());
    if fine { Ok(text) } else { Err(crate::http::input::invalid(field)) }
}

/// The stored name of a gender.
pub(in crate::http) fn gender_name(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => rules::Gender::Male.name(),
        Gender::Female => rules::Gender::Female.name(),
        Gender::Unisex => rules::Gender::Unisex.name(),
    }
}

/// The domain's kind of a document.
pub(in crate::http) fn document_kind(kind: DocumentType) -> DocumentKind {
    match kind {
        DocumentType::IdCard => DocumentKind::IdCard,
        DocumentType::Passport => DocumentKind::Passport,
        DocumentType::DriversLicence => DocumentKind::DriversLicence,
        DocumentType::ResidencePermit => DocumentKind::ResidencePermit,
        DocumentType::NationalIdNumber => DocumentKind::NationalIdNumber,
        DocumentType::Others => DocumentKind::Others,
    }
}
