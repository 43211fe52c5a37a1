//! `GET /v1/cross-studio/membership-offers/studios`: the studios that sell at least one membership today.

use std::collections::BTreeMap;

use gymkeeper_contract::{common::LocalDate, cross_studio::StudioInformationBase};
use gymkeeper_domain::{membership::Offer, studio::StudioDefinition};
use gymkeeper_store::{
    db::Tx,
    inventory::{self, Kind},
};
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;

use crate::{
    actions::cross_studio,
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        failure::Failure,
    },
};

pub(super) fn get_studios_with_active_membership_offers(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (): &(),
) -> Result<Answer<Vec<StudioInformationBase<'static>>>, Failure> {
    let mut offers: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (studio, offer) in inventory::all_of_kind(tx, caller.tenant(), Kind::Offer)? {
        offers.entry(studio).or_default().push(offer);
    }
    let mut list = JsonList::default();
    for studio in cross_studio::studios(tx, caller)? {
        // An offer is on sale by the day of the studio that sells it.
        let zone = TimeZone::get(&studio.zone).unwrap_or_else(|_| caller.zone().clone());
        let today = zone.to_datetime(caller.now).date();
        let mut sells = false;
        for text in offers.get(&studio.id).into_iter().flatten() {
            sells |= definition::<Offer>(text, studio.id)?.is_listed(today);
        }
        //
        if sells {
            let definition: StudioDefinition = definition(&studio.definition, studio.id)?;
            list.push(&base(studio.id, &definition))?;
        }
    }
    Ok(list.finish())
}

///
fn base(studio_id: i64, studio: &StudioDefinition) -> StudioInformationBase<'_> {
    StudioInformationBase {
        name: Some(&studio.name),
        description: Some(studio.description.as_str()).filter(|text| !text.is_empty()),
        country: Some(&studio.country),
        country_code: Some(&studio.country_code),
        studio_id,
        opening_date: studio.opening_date.map(LocalDate),
        closing_date: studio.closing_date.map(LocalDate),
    }
}

fn definition<T: DeserializeOwned>(text: &str, studio: i64) -> Result<T, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::Internal(format!("a definition of studio {studio} cannot be read: {error}")))
}
