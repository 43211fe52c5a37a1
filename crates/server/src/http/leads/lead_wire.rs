//! What people say in a form from the wire's words to the domain's, and what the form asks the other way round.

use gymkeeper_contract::{
    common::{Gender, Language},
    leads::{LeadAddress, LeadCreationRequest, LeadFieldMode},
};
use gymkeeper_domain::customer::lead::{AddressGiven, InputMode};
use gymkeeper_store::customer::Customer;

use crate::{
    actions::{
        customer::{StudioOf, newcomer},
        lead::{Interested, Said},
    },
    http::{
        communication::preference_wire::wishes,
        failure::Failure,
        input::{invalid, optional},
    },
};

/// The most characters of a name and of most other texts.
pub(in crate::http) const LONGEST_TEXT: usize = 255;
/// The most characters of a note.
const LONGEST_NOTE: usize = 10_000;

/// What was said in a form of the studio.
///
/// # Errors
/// Refuses texts that are too long, and a language that is no code of two letters.
pub(super) fn interested<'a>(home: &StudioOf, wanted: &'a LeadCreationRequest) -> Result<Interested<'a>, Failure> {
    lengths(wanted)?;
    let said = |text: &Option<String>| filled(text.as_deref()).map(str::to_owned);
    let who = &wanted.lead_customer;
    let newcomer = newcomer(home);
    let (language_code, language_country) = spoken(who.language.as_ref(), "leadCustomer.language", &newcomer)?;
    let person = Customer {
        first_name: who.firstname.trim().to_owned(),
        second_first_name: said(&who.second_firstname),
        last_name: who.lastname.trim().to_owned(),
        second_last_name: said(&who.second_lastname),
        email: filled(Some(&who.email)).map(str::to_owned),
        gender: who.gender.map(|gender| gender_name(gender).to_owned()),
        date_of_birth: who.date_of_birth.map(|day| day.0),
        phone_private: said(&who.telephone),
        language_code,
        language_country,
        ..newcomer
    };
    let (person, address) = match &wanted.address {
        None => (person, AddressGiven::Nothing),
        Some(address) => (living_at(person, address), how_much(address)),
    };
    let answers = wanted.additional_information.iter().flatten().map(|one| Said {
        field: one.additional_field_id,
        value: one.value.as_deref(),
        values: one.values.iter().flatten().map(String::as_str).collect(),
    });
    Ok(Interested {
        person,
        address,
        third_party_id: filled(who.third_party_id.as_deref()),
        answers: answers.collect(),
        wishes: wishes("communicationPreferences", wanted.communication_preferences.as_deref().unwrap_or_default())?,
        campaign: filled(wanted.external_identifier.as_deref()),
        notes: wanted.notes.as_deref(),
    })
}

/// The language in which somebody wants to be addressed, with its country; that of the newcomer where nothing was said.
///
/// # Errors
/// Refuses codes that are not of two letters, naming them below `at`.
pub(in crate::http) fn spoken(
    language: Option<&Language<'_>>,
    at: &str,
    newcomer: &Customer,
) -> Result<(Option<String>, Option<String>), Failure> {
    let Some(language) = language else {
        return Ok((newcomer.language_code.clone(), newcomer.language_country.clone()));
    };
    let code = filled(Some(&language.language_code)).filter(|code| is_code(code));
    let code = code.ok_or_else(|| invalid(&format!("{at}.languageCode")))?;
    let country = filled(language.country_code.as_deref());
    if country.is_some_and(|country| !is_code(country)) {
        return Err(invalid(&format!("{at}.countryCode")));
    }
    Ok((Some(code.to_ascii_lowercase()), country.map(str::to_ascii_uppercase)))
}

/// A text that says something.
pub(in crate::http) fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Two letters, as in ISO 639 and ISO 3166.
fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_alphabetic())
}

fn lengths(wanted: &LeadCreationRequest) -> Result<(), Failure> {
    let who = &wanted.lead_customer;
    for (field, text) in [
        ("thirdPartyId", who.third_party_id.as_ref()),
        ("firstname", Some(&who.firstname)),
        ("secondFirstname", who.second_firstname.as_ref()),
        ("lastname", Some(&who.lastname)),
        ("secondLastname", who.second_lastname.as_ref()),
        ("telephone", who.telephone.as_ref()),
    ] {
        optional(&format!("leadCustomer.{field}"), text.map(String::as_str), LONGEST_TEXT)?;
    }
    if let Some(address) = &wanted.address {
        for (field, text) in texts(address) {
            optional(&format!("address.{field}"), Some(text), LONGEST_TEXT)?;
        }
    }
    optional("externalIdentifier", wanted.external_identifier.as_deref(), LONGEST_TEXT)?;
    optional("notes", wanted.notes.as_deref(), LONGEST_NOTE).map(drop)
}

/// Every text of an address with its name at the wire.
fn texts(address: &LeadAddress) -> [(&'static str, &str); 18] {
    fn text(text: &Option<String>) -> &str {
        text.as_deref().unwrap_or_default()
    }
    let a = address;
    [
        ("street", &a.street),
        ("houseNumber", &a.house_number),
        ("zipCode", &a.zip_code),
        ("city", &a.city),
        ("countryCode", &a.country_code),
        ("province", text(&a.province)),
        ("provinceCode", text(&a.province_code)),
        ("secondStreet", text(&a.second_street)),
        ("cityPart", text(&a.city_part)),
        ("district", text(&a.district)),
        ("streetType", text(&a.street_type)),
        ("streetBlock", text(&a.street_block)),
        ("portal", text(&a.portal)),
        ("stairway", text(&a.stairway)),
        ("door", text(&a.door)),
        ("additionalAddressInformation", text(&a.additional_address_information)),
        ("floor", text(&a.floor)),
        ("buildingName", text(&a.building_name)),
    ]
}

fn living_at(person: Customer, address: &LeadAddress) -> Customer {
    let said = |text: &Option<String>| filled(text.as_deref()).map(str::to_owned);
    let given = |text: &str| filled(Some(text)).map(str::to_owned);
    let a = address;
    Customer {
        street: given(&a.street),
        house_number: given(&a.house_number),
        zip_code: given(&a.zip_code),
        city: given(&a.city),
        country_code: given(&a.country_code).map(|code| code.to_ascii_uppercase()).or(person.country_code),
        second_street: said(&a.second_street),
        city_part: said(&a.city_part),
        district: said(&a.district),
        street_type: said(&a.street_type),
        street_block: said(&a.street_block),
        portal: said(&a.portal),
        stairway: said(&a.stairway),
        door: said(&a.door),
        province: said(&a.province),
        province_code: said(&a.province_code),
        additional_address_information: said(&a.additional_address_information),
        floor: said(&a.floor),
        building_name: said(&a.building_name),
        ..person
    }
}

/// A country that is no code of two letters leaves the address as useless as a missing street does.
fn how_much(address: &LeadAddress) -> AddressGiven {
    let needed = [&address.street, &address.zip_code, &address.city].map(|text| filled(Some(text)).is_some());
    let country = filled(Some(&address.country_code)).is_none_or(is_code);
    if needed == [true; 3] && country {
        AddressGiven::Whole
    } else if texts(address).iter().all(|(_, text)| text.trim().is_empty()) {
        AddressGiven::Nothing
    } else {
        AddressGiven::InPart
    }
}

/// The stored name of a gender.
pub(in crate::http) fn gender_name(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "MALE",
        Gender::Female => "FEMALE",
        Gender::Unisex => "UNISEX",
    }
}

/// The wire's name of whether a form asks for something.
pub(in crate::http) fn mode(mode: InputMode) -> LeadFieldMode {
    match mode {
        InputMode::Inactive => LeadFieldMode::Inactive,
        InputMode::Optional => LeadFieldMode::Optional,
        InputMode::Mandatory => LeadFieldMode::Mandatory,
    }
}
