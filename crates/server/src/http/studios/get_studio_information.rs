//! `GET /v1/studios/information`: everything about the key's studio.

use gymkeeper_contract::{
    common::{LocalDate, Tag},
    studios::{StudioAccessCodeConfiguration, StudioInformation, StudioLocation, StudioOpeningHoursCategory},
};
use gymkeeper_domain::studio::{StudioDefinition, upcoming_closing_hours};
use gymkeeper_store::{
    db::Tx,
    membership,
    studio::{self, tag},
};

use super::hours_wire;
use crate::http::{
    answer::Answer,
    caller::Caller,
    failure::Failure,
    links::{Lifetime, Links},
};

pub(super) fn get_studio_information(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (): &(),
) -> Result<Answer<StudioInformation<'static>>, Failure> {
    let (tenant, id) = (caller.tenant(), caller.studio());
    let missing = || Failure::Internal(format!("studio {id} has a key and is not there"));
    let row = studio::find(tx, tenant, id)?.ok_or_else(missing)?;
    let definition: StudioDefinition = serde_json::from_str(&row.definition)
        .map_err(|error| Failure::Internal(format!("the definition of studio {id} cannot be read: {error}")))?;
    let tags = tag::of_studio(tx, tenant, id)?;
    let categories = membership::catalog(tx, tenant, id)?.categories;
    let closing = upcoming_closing_hours(&definition.closing_hours, caller.today());
    let address = &definition.address;
    Answer::json(&StudioInformation {
        name: Some(&definition.name),
        description: Some(definition.description.as_str()).filter(|text| !text.is_empty()),
        country: Some(&definition.country),
        country_code: Some(&definition.country_code),
        studio_id: id,
        opening_date: definition.opening_date.map(LocalDate),
        closing_date: definition.closing_date.map(LocalDate),
        email: definition.email.as_deref(),
        logo_url: row.logo_file_id.map(|file| links.link(tenant, file, Lifetime::Lasting, caller.system_now).into()),
        telephone: definition.telephone.as_deref(),
        website: definition.website.as_deref(),
        opening_hours: Some(hours_wire::opening_hours(&definition.opening_hours)),
        public_opening_hours: Some(hours_wire::opening_hours(definition.displayed_opening_hours())),
        closing_hours: Some(closing.iter().map(hours_wire::closing_hours).collect()),
        street: address.street.as_deref(),
        house_number: address.house_number.as_deref(),
        zip: address.zip.as_deref(),
        city: address.city.as_deref(),
        access_code_configuration: StudioAccessCodeConfiguration { enabled: Some(definition.access_code_enabled) },
        location: definition
            .location
            .map(|place| StudioLocation { longitude: Some(place.longitude), latitude: Some(place.latitude) }),
        studio_tags: Some(tags.iter().map(|tag| Tag { name: tag.name.as_str().into() }).collect()),
        opening_hours_categories: Some(
            categories
                .iter()
                .map(|(_, category)| StudioOpeningHoursCategory {
                    category_id: category.id,
                    name: &category.definition.name,
                    opening_hours: hours_wire::availabilities(&category.definition),
                })
                .collect(),
        ),
        second_street: address.second_street.as_deref(),
        city_part: address.city_part.as_deref(),
        district: address.district.as_deref(),
        street_type: address.street_type.as_deref(),
        street_block: address.street_block.as_deref(),
        portal: address.portal.as_deref(),
        stairway: address.stairway.as_deref(),
        door: address.door.as_deref(),
        province: address.province.as_deref(),
        province_code: address.province_code.as_deref(),
        additional_address_information: address.additional_address_information.as_deref(),
        floor: address.floor.as_deref(),
        building_name: address.building_name.as_deref(),
    })
}
