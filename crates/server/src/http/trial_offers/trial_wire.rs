//! Trial offers and the people who want to try, from the wire's words to the domain's and the other way round.

use gymkeeper_contract::{
    errors::ErrorCode,
    trial_offers::{
        LeadCustomerAddressData, TrialOfferConfig, TrialOfferLeadCustomerCreationRequest, TrialOfferLeadDataConfig,
    },
};
use gymkeeper_domain::{booking::trial::TrialOffer, calendar, customer::lead::AddressGiven, term::Term};
use gymkeeper_store::{customer::Customer, db::Tx, inventory::Kind};
use jiff::Timestamp;

use crate::{
    actions::{
        booking::{Defined, defined},
        customer::{StudioOf, newcomer},
        lead::Interested,
    },
    http::{
        caller::Caller,
        classes::{class_wire::term_with_minutes, windows::days},
        failure::Failure,
        input::optional,
        leads::{LONGEST_TEXT, filled, gender_name, mode, spoken},
        memberships::term,
    },
};

/// The trial offer of that id of the caller's studio.
///
/// # Errors
/// Refuses an unknown or retired one with 404 and one of another studio with 403.
pub(super) fn own(tx: &mut Tx<'_>, caller: &Caller, id: i64) -> Result<Defined<TrialOffer>, Failure> {
    let found: Option<Defined<TrialOffer>> = defined(tx, caller.tenant(), Kind::TrialOffer, id)?;
    let offer = found.filter(|offer| !offer.entry.retired).ok_or(ErrorCode::TrialOfferConfigNotFound)?;
    if offer.studio == caller.studio() { Ok(offer) } else { Err(ErrorCode::AuthorizationOtherStudio.into()) }
}

/// As [`own`], of a request that names it in its body (ERR-5).
///
/// # Errors
/// As [`own`], naming the field.
pub(super) fn named(
    tx: &mut Tx<'_>,
    caller: &Caller,
    wanted: &TrialOfferLeadCustomerCreationRequest,
) -> Result<Defined<TrialOffer>, Failure> {
    own(tx, caller, wanted.trial_offer_config_id).map_err(|failure| match failure {
        Failure::Refused(refusal) if refusal.code == ErrorCode::TrialOfferConfigNotFound => {
            refusal.at("trialOfferConfigId").into()
        }
        other => other,
    })
}

/// A trial offer as clients see it.
pub(super) fn config(offer: &Defined<TrialOffer>) -> TrialOfferConfig<'_> {
    let (id, what) = (offer.entry.id, &offer.definition);
    TrialOfferConfig {
        id,
        name: &what.name,
        prevent_multiple_bookings_term: term(what.prevent_multiple_bookings),
        contingent: i32::try_from(what.contingent).unwrap_or(i32::MAX),
        confirmation_of_booking_term: what.confirm_before.map(term_with_minutes),
        allow_booking_for_leads: what.open_to_leads,
        lead_data_config: TrialOfferLeadDataConfig {
            trial_offer_lead_data_config_id: id,
            gender_mode: mode(what.gender_mode),
            date_of_birth_mode: mode(what.date_of_birth_mode),
            telephone_mode: mode(what.telephone_mode),
            address_mode: mode(what.address_mode),
        },
    }
}

/// From now to the end of the day a year ahead (TRI-5).
pub(super) fn year_ahead(caller: &Caller) -> (Timestamp, Timestamp) {
    let today = caller.today();
    let (_, end) = days(caller.zone(), today, calendar::add(today, Term::years(1)));
    (caller.now, end)
}

/// What somebody says who wants to try something in the studio.
///
/// # Errors
/// Refuses texts that are too long, and a language that is no code of two letters.
pub(super) fn interested<'a>(
    home: &StudioOf,
    wanted: &'a TrialOfferLeadCustomerCreationRequest,
) -> Result<Interested<'a>, Failure> {
    lengths(wanted)?;
    let who = &wanted.lead_customer_data;
    let said = |text: &Option<String>| filled(text.as_deref()).map(str::to_owned);
    let given = |text: &str| filled(Some(text)).map(str::to_owned);
    let newcomer = newcomer(home);
    let (language_code, language_country) = spoken(who.language.as_ref(), "leadCustomerData.language", &newcomer)?;
    let address = who.address.as_ref();
    let person = Customer {
        first_name: who.firstname.trim().to_owned(),
        second_first_name: said(&who.second_firstname),
        last_name: who.lastname.trim().to_owned(),
        second_last_name: said(&who.second_lastname),
        email: given(&who.email),
        gender: who.gender.map(|gender| gender_name(gender).to_owned()),
        date_of_birth: who.date_of_birth.map(|day| day.0),
        phone_private: said(&who.telephone),
        language_code,
        language_country,
        street: address.and_then(|address| given(&address.street)),
        house_number: address.and_then(|address| said(&address.house_number)),
        zip_code: address.and_then(|address| given(&address.zip_code)),
        city: address.and_then(|address| given(&address.city)),
        ..newcomer
    };
    Ok(Interested {
        person,
        address: address.map_or(AddressGiven::Nothing, how_much),
        third_party_id: filled(who.third_party_id.as_deref()),
        answers: Vec::new(),
        wishes: Vec::new(),
        campaign: None,
        notes: None,
    })
}

fn lengths(wanted: &TrialOfferLeadCustomerCreationRequest) -> Result<(), Failure> {
    let who = &wanted.lead_customer_data;
    let address = who.address.as_ref();
    for (field, text) in [
        ("firstname", Some(&who.firstname)),
        ("secondFirstname", who.second_firstname.as_ref()),
        ("lastname", Some(&who.lastname)),
        ("secondLastname", who.second_lastname.as_ref()),
        ("telephone", who.telephone.as_ref()),
        ("thirdPartyId", who.third_party_id.as_ref()),
        ("address.street", address.map(|address| &address.street)),
        ("address.houseNumber", address.and_then(|address| address.house_number.as_ref())),
        ("address.zipCode", address.map(|address| &address.zip_code)),
        ("address.city", address.map(|address| &address.city)),
    ] {
        optional(&format!("leadCustomerData.{field}"), text.map(String::as_str), LONGEST_TEXT)?;
    }
    Ok(())
}

fn how_much(address: &LeadCustomerAddressData) -> AddressGiven {
    let is_said = |text: &str| !text.trim().is_empty();
    let needed = [&address.street, &address.zip_code, &address.city].map(|text| is_said(text));
    let number = address.house_number.as_deref().is_some_and(is_said);
    match needed {
        [true, true, true] => AddressGiven::Whole,
        [false, false, false] if !number => AddressGiven::Nothing,
        _ => AddressGiven::InPart,
    }
}
