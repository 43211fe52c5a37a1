//! `POST /v1/customers/{customerId}/self-service/master-data`: a member has another name, or one that is spelt otherwise.

use gymkeeper_contract::{
    common::Gender,
    self_service::{CustomerMasterData, CustomerTitle, MasterDataAmendment},
};

use super::data_wire;
use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            amendment::{self, Data, Master},
        },
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, PathId, country_code, filled},
    },
};

/// Longest names, in characters.
const NAME: usize = 100;

pub(super) fn create_customer_master_data_amendment(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<CustomerMasterData>),
) -> Result<Answer<MasterDataAmendment<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?;
    let master = master(wanted)?;
    let asked = amendment::ask(change, &home, customer, &Data::Master(master.clone()).into())?;
    Answer::json(&data_wire::master(asked, &master))
}

fn master(wanted: &CustomerMasterData) -> Result<Master, Failure> {
    let country_of_birth = wanted.country_of_birth.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let gender = match wanted.gender {
        Gender::Male => Some("MALE"),
        Gender::Female => Some("FEMALE"),
        Gender::Unisex => None,
    };
    let title = match wanted.customer_title {
        CustomerTitle::None => None,
        CustomerTitle::Dr => Some("DR"),
        CustomerTitle::Prof => Some("PROF"),
    };
    Ok(Master {
        first_name: filled("firstName", &wanted.first_name, NAME)?,
        last_name: filled("lastName", &wanted.last_name, NAME)?,
        gender: gender.map(str::to_owned),
        date_of_birth: Some(wanted.date_of_birth.0),
        country_of_birth: match country_of_birth {
            None => None,
            Some(code) => Some(country_code("countryOfBirth", code)?),
        },
        customer_title: title.map(str::to_owned),
    })
}
