//! `POST /v1/customers/{customerId}/self-service/address-data`: a member has moved.

use gymkeeper_contract::self_service::{AddressDataAmendment, CustomerAddressData};

use super::data_wire;
use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            amendment::{self, Address, Data},
        },
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, PathId, country_code, filled, optional},
    },
};

/// Longest line, in characters.
const LINE: usize = 255;
/// Longest postal code, in characters.
const ZIP: usize = 20;

pub(super) fn create_customer_address_data_amendment(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<CustomerAddressData>),
) -> Result<Answer<AddressDataAmendment<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?;
    let address = Box::new(address(wanted)?);
    let asked = amendment::ask(change, &home, customer, &Data::Address(address.clone()).into())?;
    Answer::json(&data_wire::address(asked, &address))
}

fn address(wanted: &CustomerAddressData) -> Result<Address, Failure> {
    let w = wanted;
    let line = |field: &str, text: &Option<String>| optional(field, text.as_deref(), LINE);
    Ok(Address {
        street: Some(filled("street", &w.street, LINE)?),
        house_number: line("houseNumber", &w.house_number)?,
        zip_code: Some(filled("zipCode", &w.zip_code, ZIP)?),
        city: Some(filled("city", &w.city, LINE)?),
        country_code: Some(country_code("countryCode", &w.country_code)?),
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
