//! Customers between the store's words and those of the back office.

use gymkeeper_contract::{
    admin::customers::{
        AccessMediumEntry, CustomerAddress, CustomerContact, CustomerEntry, CustomerMaster, MaskedAccount,
    },
    common::{LocalDate, UtcDateTime},
    customers::CustomerStatus,
    errors::{Argument, ErrorCode},
    self_service::CustomerTitle,
};
use gymkeeper_domain::customer::{
    card_number::CardFormat,
    medium::{self as rule, MediumKind},
};
use gymkeeper_store::customer::{Customer, bank_account::BankAccount, medium::Medium, status};
use jiff::civil::Date;

use super::member::Member;
use crate::{
    actions::customer::amendment::{Address, Contact},
    http::{
        customers::{
            create_customer::gender_name,
            customer_wire::{gender, medium_type},
        },
        failure::{Failure, Refusal},
        input::{country_code, filled, invalid, optional, required},
        links::{Lifetime, Links},
    },
};

/// Longest names, in characters.
pub(super) const NAME: usize = 100;
/// Longest other lines, in characters.
const LINE: usize = 255;
/// Longest postal code, in characters.
const ZIP: usize = 20;

/// A customer in a list.
pub(super) fn entry(links: &Links, member: &Member, today: Date, c: &Customer) -> CustomerEntry {
    CustomerEntry {
        id: c.id,
        customer_number: c.customer_number.clone(),
        first_name: c.first_name.clone(),
        last_name: c.last_name.clone(),
        date_of_birth: c.date_of_birth.map(LocalDate),
        email: c.email.clone(),
        status: status_on(c, today),
        third_party_access: !c.withheld,
        archived_at: c.archived_at.map(UtcDateTime),
        image_url: c.image_file_id.map(|file| link(links, member, file)),
    }
}

pub(super) fn link(links: &Links, member: &Member, file: i64) -> String {
    links.link(member.tenant(), file, Lifetime::Person, member.system_now)
}

pub(super) fn status_on(customer: &Customer, today: Date) -> CustomerStatus {
    match customer.status_on(today) {
        status::MEMBER => CustomerStatus::Member,
        status::FORMER_MEMBER => CustomerStatus::FormerMember,
        _ => CustomerStatus::Prospect,
    }
}

/// An account with its mandate, its number masked.
pub(super) fn masked(present: BankAccount) -> MaskedAccount {
    MaskedAccount {
        iban: present.account.masked_iban(),
        account_holder: present.account.account_holder,
        bank_name: present.account.bank_name,
        mandate_reference: present.mandate_reference,
        mandate_signed_on: LocalDate(present.mandate_signed_on),
    }
}

/// A medium of a kind that this version knows.
pub(super) fn medium_entry(medium: &Medium) -> Option<AccessMediumEntry> {
    let kind = MediumKind::of_name(&medium.kind)?;
    Some(AccessMediumEntry {
        id: medium.id,
        kind: medium_type(kind),
        value: rule::displayed_value(kind, &medium.value, CardFormat::Decimal),
        of_integration: medium.integration_id.is_some(),
    })
}

pub(super) fn master(customer: &Customer) -> CustomerMaster {
    let c = customer.clone();
    let language = match (c.language_code, c.language_country) {
        (Some(code), Some(country)) => Some(format!("{code}-{country}")),
        (code, _) => code,
    };
    CustomerMaster {
        first_name: c.first_name,
        second_first_name: c.second_first_name,
        last_name: c.last_name,
        second_last_name: c.second_last_name,
        customer_title: match c.title.as_deref() {
            Some("DR") => Some(CustomerTitle::Dr),
            Some("PROF") => Some(CustomerTitle::Prof),
            _ => None,
        },
        gender: c.gender.as_deref().and_then(gender),
        date_of_birth: c.date_of_birth.map(LocalDate),
        place_of_birth: c.place_of_birth,
        country_of_birth: c.country_of_birth,
        language,
    }
}

/// A customer with other master data: what is left out is cleared.
pub(super) fn with_master(customer: Customer, wanted: &CustomerMaster) -> Result<Customer, Failure> {
    let w = wanted;
    let name = |field: &str, text: &Option<String>| optional(field, text.as_deref(), NAME);
    let (language_code, language_country) = match optional("master.language", w.language.as_deref(), LINE)? {
        None => (None, None),
        Some(tag) => {
            let (code, country) = language(&tag)?;
            (Some(code), country)
        }
    };
    Ok(Customer {
        first_name: filled("master.firstName", &w.first_name, NAME)?,
        second_first_name: name("master.secondFirstName", &w.second_first_name)?,
        last_name: filled("master.lastName", &w.last_name, NAME)?,
        second_last_name: name("master.secondLastName", &w.second_last_name)?,
        title: match w.customer_title {
            None | Some(CustomerTitle::None) => None,
            Some(CustomerTitle::Dr) => Some("DR".to_owned()),
            Some(CustomerTitle::Prof) => Some("PROF".to_owned()),
        },
        gender: w.gender.map(|gender| gender_name(gender).to_owned()),
        date_of_birth: w.date_of_birth.map(|day| day.0),
        place_of_birth: optional("master.placeOfBirth", w.place_of_birth.as_deref(), LINE)?,
        country_of_birth: match optional("master.countryOfBirth", w.country_of_birth.as_deref(), LINE)? {
            None => None,
            Some(code) => Some(country_code("master.countryOfBirth", &code)?),
        },
        language_code,
        language_country,
        ..customer
    })
}

/// The two parts of a tag such as `de-CH`.
fn language(tag: &str) -> Result<(String, Option<String>), Failure> {
    const FIELD: &str = "master.language";
    let (code, country) = match tag.split_once('-') {
        Some((code, country)) => (code, Some(country_code(FIELD, country)?)),
        None => (tag, None),
    };
    let fine = code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_alphabetic());
    if fine { Ok((code.to_ascii_lowercase(), country)) } else { Err(invalid(FIELD)) }
}

/// AMD-4: a blank number clears what is there, which an e-mail address cannot be.
pub(super) fn contact(w: &CustomerContact) -> Result<Contact, Failure> {
    let line = |field: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => optional(field, Some(text), LINE).map(|text| Some(text.unwrap_or_default())),
    };
    let email = line("contact.email", &w.email)?;
    if email.as_deref() == Some("") {
        return Err(required("contact.email"));
    }
    Ok(Contact {
        email,
        phone_private: line("contact.phonePrivate", &w.phone_private)?,
        phone_private_mobile: line("contact.phonePrivateMobile", &w.phone_private_mobile)?,
        phone_business: line("contact.phoneBusiness", &w.phone_business)?,
        phone_business_mobile: line("contact.phoneBusinessMobile", &w.phone_business_mobile)?,
    })
}

pub(super) fn shown_contact(c: Contact) -> CustomerContact {
    CustomerContact {
        email: c.email,
        phone_private: c.phone_private,
        phone_private_mobile: c.phone_private_mobile,
        phone_business: c.phone_business,
        phone_business_mobile: c.phone_business_mobile,
    }
}

/// AMD-7: an address is sent whole.
pub(super) fn address(w: &CustomerAddress) -> Result<Address, Failure> {
    let line = |field: &str, text: &Option<String>| optional(&format!("address.{field}"), text.as_deref(), LINE);
    let needed = |field: &str, text: &Option<String>, most: usize| {
        filled(&format!("address.{field}"), text.as_deref().unwrap_or_default(), most).map(Some)
    };
    Ok(Address {
        street: needed("street", &w.street, LINE)?,
        house_number: line("houseNumber", &w.house_number)?,
        zip_code: needed("zipCode", &w.zip_code, ZIP)?,
        city: needed("city", &w.city, LINE)?,
        country_code: Some(country_code("address.countryCode", w.country_code.as_deref().unwrap_or_default())?),
        province: line("province", &w.province)?,
        province_code: line("provinceCode", &w.province_code)?,
        second_street: line("secondStreet", &w.second_street)?,
        city_part: line("cityPart", &w.city_part)?,
        district: line("district", &w.district)?,
        street_type: line("streetType", &w.street_type)?,
        street_block: line("streetBlock", &w.street_block)?,
        portal: line("portal", &w.portal)?,
        stairway: line("stairway", &w.stairway)?,
        door: line("door", &w.door)?,
        additional_address_information: line("additionalAddressInformation", &w.additional_address_information)?,
        floor: line("floor", &w.floor)?,
        building_name: line("buildingName", &w.building_name)?,
    })
}

pub(super) fn shown_address(a: Address) -> CustomerAddress {
    CustomerAddress {
        street: a.street,
        house_number: a.house_number,
        zip_code: a.zip_code,
        city: a.city,
        country_code: a.country_code,
        province: a.province,
        province_code: a.province_code,
        second_street: a.second_street,
        city_part: a.city_part,
        district: a.district,
        street_type: a.street_type,
        street_block: a.street_block,
        portal: a.portal,
        stairway: a.stairway,
        door: a.door,
        additional_address_information: a.additional_address_information,
        floor: a.floor,
        building_name: a.building_name,
    }
}

/// Actions name fields as the API has them, side by side; here they stand in parts of the request.
pub(super) fn placed(failure: Failure) -> Failure {
    let Failure::Refused(refusal) = failure else { return failure };
    let part = match refusal.reference.as_deref() {
        Some("email") => "contact",
        Some("dateOfBirth" | "placeOfBirth" | "countryOfBirth") => "master",
        _ => return refusal.into(),
    };
    let place = format!("{part}.{}", refusal.reference.as_deref().unwrap_or_default());
    let names_field = refusal.code == ErrorCode::ValidationFieldInvalid;
    let arguments = if names_field { vec![Argument::String(place.clone().into())] } else { refusal.arguments };
    Refusal { arguments, reference: Some(place), ..refusal }.into()
}
