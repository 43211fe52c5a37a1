//! `GET /v1/leads/config`: what the studio asks people who are interested.

use gymkeeper_contract::leads::{LeadAdditionalInformationFieldConfig, LeadConfig};
use gymkeeper_domain::customer::{information_field::FieldKind, preferences::preferences};
use gymkeeper_store::db::Tx;

use super::lead_wire::mode;
use crate::{
    actions::{
        customer,
        lead::{self, Asked},
    },
    http::{
        answer::Answer, caller::Caller, communication::preference_wire::list, customers::field_kind, failure::Failure,
    },
};

pub(super) fn get_lead_config(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (): &(),
) -> Result<Answer<LeadConfig<'static>>, Failure> {
    let studio = customer::studio(tx, caller.tenant(), caller.studio())?.definition;
    let asked = lead::asked(tx, caller.tenant(), &studio)?;
    let leads = &studio.leads;
    // LEAD-1: the consents that somebody gives who leaves everything as it is.
    let consents = || list(&preferences(&studio.communication_preferences, &[]));
    Answer::json(&LeadConfig {
        address_mode: mode(leads.address_mode),
        date_of_birth_mode: mode(leads.date_of_birth_mode),
        gender_mode: mode(leads.gender_mode),
        telephone_mode: mode(leads.telephone_mode),
        additional_information: Some(asked.iter().map(field).collect()),
        communication_preferences: leads.asks_for_preferences.then(consents),
    })
}

fn field(asked: &Asked) -> LeadAdditionalInformationFieldConfig<'_> {
    let definition = &asked.field.definition;
    let texts = || definition.items.iter().map(|item| item.name.as_str().into()).collect();
    LeadAdditionalInformationFieldConfig {
        additional_field_id: asked.field.id,
        name: &definition.name,
        kind: field_kind(definition.kind),
        allow_multi_selection: asked.multi_selection,
        // LEAD-5: texts, where customers have ids.
        selection_values: (definition.kind == FieldKind::List).then(texts),
        mode: mode(asked.mode),
    }
}
