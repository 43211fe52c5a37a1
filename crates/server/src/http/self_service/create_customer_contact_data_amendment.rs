//! `POST /v1/customers/{customerId}/self-service/contact-data`: a member wants to be reached otherwise.

use gymkeeper_contract::self_service::{ContactDataAmendment, CustomerContactData};

use super::data_wire;
use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            amendment::{self, Contact, Data},
        },
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, PathId, optional, required},
    },
};

/// Longest address or number, in characters.
const LINE: usize = 255;

pub(super) fn create_customer_contact_data_amendment(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<CustomerContactData>),
) -> Result<Answer<ContactDataAmendment<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?;
    let contact = contact(wanted)?;
    let asked = amendment::ask(change, &home, customer, &Data::Contact(contact.clone()).into())?;
    Answer::json(&data_wire::contact(asked, &contact))
}

/// AMD-4: a blank number clears what is there, which an e-mail address cannot be.
fn contact(wanted: &CustomerContactData) -> Result<Contact, Failure> {
    let line = |field: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => optional(field, Some(text), LINE).map(|text| Some(text.unwrap_or_default())),
    };
    let email = line("email", &wanted.email)?;
    if email.as_deref() == Some("") {
        return Err(required("email"));
    }
    Ok(Contact {
        email,
        phone_private: line("phonePrivate", &wanted.phone_private)?,
        phone_private_mobile: line("phonePrivateMobile", &wanted.phone_private_mobile)?,
        phone_business: line("phoneBusiness", &wanted.phone_business)?,
        phone_business_mobile: line("phoneBusinessMobile", &wanted.phone_business_mobile)?,
    })
}
