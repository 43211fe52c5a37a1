//! The resource Leads: people who showed interest in a studio, and what its form asks them.

use gymkeeper_contract::{
    admin::leads::{
        self as wire, LeadCampaign, LeadForm, LeadFormField, LeadRecord, LeadStatus, LeadStatusUpdate, OpenLeadStatus,
        PreferenceDefault,
    },
    common::{Slice, UtcDateTime},
    errors::ErrorCode,
    leads::LeadFieldMode,
    openapi::Described,
};
use gymkeeper_domain::customer::{
    lead::{Campaign, InputMode, LeadConfiguration, LeadFieldUse},
    preferences::{self as domain, PreferenceChannel, PreferenceDefaults},
};
use gymkeeper_store::{
    customer::lead::{self as stored, NamedLead, status},
    db::{DbError, Tx},
};

use super::{
    frame::{Mounted, Reading, personal_read, read, write},
    member::Member,
    version::version_of,
};
use crate::{
    actions::{
        change::Change,
        customer::studio,
        information_field,
        lead::{self as leads, Form, FormField},
    },
    http::{
        answer::Answer,
        communication::preference_wire::{category_of, channel_name, wire_category, wire_channel},
        failure::Failure,
        input::{Input, Json, Parts, PathId, filled, invalid, query_enum},
        leads::mode,
        paging::{InventorySlice, JsonSlice},
    },
};

/// Longest id and name of a campaign, in characters.
const LONGEST_NAME: usize = 255;

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading { action: "lead.read", subject: ("lead", |PathId(id): &PathId| *id) };
    vec![
        read(&wire::LIST_LEADS, list_leads),
        personal_read(&wire::GET_LEAD, reading, get_lead),
        write(&wire::SET_LEAD_STATUS, set_lead_status),
        read(&wire::GET_LEAD_FORM, get_lead_form),
        write(&wire::UPDATE_LEAD_FORM, update_lead_form),
    ]
}

/// The chunk of the list that is asked for, and how the leads must stand.
struct Listing(InventorySlice, Option<LeadStatus>);

impl Input for Listing {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        Ok(Self(InventorySlice::parse(parts)?, query_enum(&parts.query, "status")?))
    }

    fn describe(described: Described) -> Described {
        InventorySlice::describe(described).query::<LeadStatus>("status", "Only leads that stand like that.")
    }
}

fn list_leads(
    tx: &mut Tx<'_>,
    member: &Member,
    Listing(InventorySlice(request), wanted): &Listing,
) -> Result<Answer<Slice<LeadRecord>>, Failure> {
    let status = wanted.map(|wanted| match wanted {
        LeadStatus::Pending => status::PENDING,
        LeadStatus::Win => status::WIN,
        LeadStatus::Loss => status::LOSS,
    });
    let studio = member.studio()?.id;
    let mut slice = JsonSlice::new(*request);
    for lead in stored::slice(tx, member.tenant(), studio, status, request.before(), request.fetch())? {
        slice.push(lead.id, &record(NamedLead { notes: None, ..lead }))?;
    }
    Ok(slice.finish_by_id())
}

fn get_lead(tx: &mut Tx<'_>, member: &Member, PathId(id): &PathId) -> Result<Answer<LeadRecord>, Failure> {
    Answer::json(&record(find(tx, member, *id)?))
}

fn set_lead_status(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(LeadStatusUpdate { status })): &(PathId, Json<LeadStatusUpdate>),
) -> Result<Answer<LeadRecord>, Failure> {
    let lead = find(change.tx, member, *id)?;
    let status = match status {
        OpenLeadStatus::Pending => status::PENDING,
        OpenLeadStatus::Loss => status::LOSS,
    };
    leads::set_status(change, member.studio()?.id, &lead, status)?;
    Answer::json(&record(find(change.tx, member, *id)?))
}

fn get_lead_form(tx: &mut Tx<'_>, member: &Member, (): &()) -> Result<Answer<LeadForm>, Failure> {
    form(tx, member)
}

fn update_lead_form(
    change: &mut Change<'_, '_>,
    member: &Member,
    Json(wanted): &Json<LeadForm>,
) -> Result<Answer<LeadForm>, Failure> {
    let mut campaigns = Vec::with_capacity(wanted.campaigns.len());
    for (place, campaign) in wanted.campaigns.iter().enumerate() {
        let text = |field: &str, text: &str| filled(&format!("campaigns[{place}].{field}"), text, LONGEST_NAME);
        campaigns.push(Campaign {
            external_identifier: text("externalIdentifier", &campaign.external_identifier)?,
            name: text("name", &campaign.name)?,
        });
    }
    let configuration = LeadConfiguration {
        address_mode: mode_of(wanted.address_mode),
        date_of_birth_mode: mode_of(wanted.date_of_birth_mode),
        gender_mode: mode_of(wanted.gender_mode),
        telephone_mode: mode_of(wanted.telephone_mode),
        duplicates_allowed: wanted.duplicates_allowed,
        duplicates_by_email: wanted.duplicates_by_email,
        asks_for_preferences: wanted.asks_for_preferences,
        fields: Vec::new(),
        campaigns,
    };
    let mut defaults = Vec::with_capacity(wanted.preference_defaults.len());
    for (place, default) in wanted.preference_defaults.iter().enumerate() {
        // COM-3
        let channel = PreferenceChannel::of_name(channel_name(default.channel));
        defaults.push(domain::PreferenceDefault {
            category: category_of(default.message_category),
            channel: channel.ok_or_else(|| invalid(&format!("preferenceDefaults[{place}].channel")))?,
            active: default.active,
            customer_overridable: default.customer_overridable,
        });
    }
    let form_wanted = Form { leads: configuration, preferences: PreferenceDefaults(defaults) };
    let of = |field: &LeadFormField| FormField {
        id: field.field_id,
        mode: mode_of(field.mode),
        multi_selection: field.multi_selection,
    };
    let fields: Vec<FormField> = wanted.fields.iter().map(of).collect();
    let is_current = |present: &Form| {
        if version(present)? == wanted.version { Ok(()) } else { Err(DbError::Conflict.into()) }
    };
    leads::change_form(change, member.studio()?.id, is_current, form_wanted, &fields)?;
    form(change.tx, member)
}

/// The lead of the studio with that id. Those of other studios are none of its business: 404 as well.
fn find(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<NamedLead, Failure> {
    let found = stored::find(tx, member.tenant(), member.studio()?.id, id)?;
    found.ok_or_else(|| ErrorCode::LeadNotFound.into())
}

fn record(lead: NamedLead) -> LeadRecord {
    LeadRecord {
        id: lead.id,
        status: status_of(&lead.status),
        customer_id: lead.customer_id,
        first_name: lead.first_name,
        last_name: lead.last_name,
        campaign: lead.campaign,
        created_at: UtcDateTime(lead.created_at),
        notes: lead.notes,
    }
}

/// How a lead stands, by its stored name.
pub(super) fn status_of(stored: &str) -> LeadStatus {
    match stored {
        status::WIN => LeadStatus::Win,
        status::LOSS => LeadStatus::Loss,
        _ => LeadStatus::Pending,
    }
}

fn form(tx: &mut Tx<'_>, member: &Member) -> Result<Answer<LeadForm>, Failure> {
    let present = Form::of(&studio(tx, member.tenant(), member.studio()?.id)?.definition);
    let leads = &present.leads;
    let known = information_field::all(tx, member.tenant())?;
    let field = |asked: &LeadFieldUse| {
        let field = known.iter().find(|field| field.entry.key == asked.field)?;
        let (mode, multi_selection) = (mode(asked.mode), asked.multi_selection);
        Some(LeadFormField { field_id: field.entry.id, mode, multi_selection })
    };
    let default = |default: &domain::PreferenceDefault| PreferenceDefault {
        message_category: wire_category(default.category),
        channel: wire_channel(default.channel),
        active: default.active,
        customer_overridable: default.customer_overridable,
    };
    Answer::json(&LeadForm {
        version: version(&present)?,
        address_mode: mode(leads.address_mode),
        date_of_birth_mode: mode(leads.date_of_birth_mode),
        gender_mode: mode(leads.gender_mode),
        telephone_mode: mode(leads.telephone_mode),
        duplicates_allowed: leads.duplicates_allowed,
        duplicates_by_email: leads.duplicates_by_email,
        asks_for_preferences: leads.asks_for_preferences,
        preference_defaults: present.preferences.0.iter().map(default).collect(),
        fields: leads.fields.iter().filter_map(field).collect(),
        campaigns: leads
            .campaigns
            .iter()
            .map(|campaign| LeadCampaign {
                external_identifier: campaign.external_identifier.clone(),
                name: campaign.name.clone(),
            })
            .collect(),
    })
}

fn version(form: &Form) -> Result<String, Failure> {
    let parts = (&form.leads, &form.preferences);
    let text =
        serde_json::to_string(&parts).map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))?;
    Ok(version_of(&[&text]))
}

const fn mode_of(mode: LeadFieldMode) -> InputMode {
    match mode {
        LeadFieldMode::Inactive => InputMode::Inactive,
        LeadFieldMode::Optional => InputMode::Optional,
        LeadFieldMode::Mandatory => InputMode::Mandatory,
    }
}
