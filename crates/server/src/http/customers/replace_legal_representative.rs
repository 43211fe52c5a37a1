//! `PUT /v1/customers/{customerId}/legal-representative`: somebody acts for a customer from now on.

use gymkeeper_contract::customers::{LegalRepresentativePerson, LegalRepresentativeRequest, LegalRepresentativeType};
use gymkeeper_store::customer::representative::Person;

use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            representative::{self, Acting, Wanted},
        },
    },
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        drawing::{self, Form},
        failure::Failure,
        input::{Json, PathId, filled, optional, required},
    },
};

/// Longest names, in characters.
const NAME: usize = 100;
/// Longest e-mail addresses, in characters.
const EMAIL: usize = 255;

pub(super) fn replace_legal_representative(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<LegalRepresentativeRequest>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let known = match wanted.kind {
        LegalRepresentativeType::ExternalPerson => None,
        LegalRepresentativeType::ExistingCustomer => {
            let id = wanted.customer_id.ok_or_else(|| required("customerId"))?;
            // Parents may train elsewhere.
            let found = customer::known_in_sister_studios(change.tx, caller, id);
            Some(found.map_err(|failure| failure.blaming("customerId"))?)
        }
    };
    let who = match &known {
        Some(known) => Acting::Customer(known),
        None => Acting::Person(person(wanted.person.as_ref().ok_or_else(|| required("person"))?)?),
    };
    let signature = match &wanted.first_signature {
        None => None,
        Some(text) => drawing::read("firstSignature", text, Form::AnySvg)?,
    };
    let wanted = Wanted {
        who,
        only_guardian: wanted.only_legal_guardian.unwrap_or_default(),
        gets_messages: wanted.communication_to_legal_representative.unwrap_or_default(),
        signature,
    };
    representative::replace(change, &customer, wanted, caller.today())?;
    Ok(Answer::empty())
}

/// The person as sent, texts trimmed (ERR-10).
fn person(wanted: &LegalRepresentativePerson) -> Result<Person, Failure> {
    let name = |field: &str, text: &Option<String>| filled(field, text.as_deref().unwrap_or_default(), NAME);
    Ok(Person {
        first_name: name("person.firstName", &wanted.first_name)?,
        last_name: name("person.lastName", &wanted.last_name)?,
        date_of_birth: wanted.date_of_birth.map(|day| day.0),
        email: optional("person.email", wanted.email.as_deref(), EMAIL)?,
    })
}
