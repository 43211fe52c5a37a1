//! Leads: people who are interested in a studio, what its form asks them, and how they become customers without a contract
//! (LEAD-1 to LEAD-5).

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_domain::{
    customer::{
        information_field::FieldKind,
        lead::{
            self as rule, AddressGiven, Answer, InputMode, LeadConfiguration, LeadField, LeadFieldUse, LeadInput,
            LeadModes, LeadProblem, LeadRefusal, LeadRequest, StoredAnswer,
        },
        preferences::{self, PreferenceDefaults, PreferenceRefusal, Wish},
    },
    studio::StudioDefinition,
};
use gymkeeper_store::{
    customer::{
        self, Customer,
        field::{self, Field},
        lead::{self, Lead, NamedLead},
    },
    db::{DbError, Tx},
    tenant::TenantId,
};

use super::{
    change::{Change, Deed},
    customer::{StudioOf, communication, create as create_customer, information, studio as read_studio},
    information_field,
};
use crate::http::{
    caller::Caller,
    failure::{Failure, Refusal},
    input::{camel_case, invalid},
};

/// An information field that the form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The field.
    pub field: Field,
    /// Whether it needs an answer.
    pub mode: InputMode,
    /// Whether several items of a list may be chosen.
    pub multi_selection: bool,
}

/// The information fields of a studio's form, in its order. One that has been retired is asked for no longer.
///
/// # Errors
/// The database's.
pub fn asked(tx: &mut Tx<'_>, tenant: TenantId, studio: &StudioDefinition) -> Result<Vec<Asked>, DbError> {
    if studio.leads.fields.is_empty() {
        return Ok(Vec::new());
    }
    let fields = field::all(tx, tenant)?;
    let asked = studio.leads.fields.iter().filter_map(|wanted| {
        let field = fields.iter().find(|field| field.key == wanted.field)?.clone();
        Some(Asked { field, mode: wanted.mode, multi_selection: wanted.multi_selection })
    });
    Ok(asked.collect())
}

/// What somebody said in a form.
#[derive(Debug, Clone)]
pub struct Interested<'a> {
    /// The person, with everything that was said; what the form does not ask for is dropped from it.
    pub person: Customer,
    /// How much of the address was given.
    pub address: AddressGiven,
    /// The id that the calling program has for the person.
    pub third_party_id: Option<&'a str>,
    /// Answers to information fields.
    pub answers: Vec<Said<'a>>,
    /// Messages that the person wants, each with its place in the request.
    pub wishes: Vec<(Wish<'a>, String)>,
    /// The external id of a campaign.
    pub campaign: Option<&'a str>,
    /// A note about the person.
    pub notes: Option<&'a str>,
}

impl Interested<'_> {
    /// What was said about the person itself.
    pub(super) fn request(&self) -> LeadRequest<'_> {
        let person = &self.person;
        LeadRequest {
            first_name: &person.first_name,
            last_name: &person.last_name,
            email: person.email.as_deref().unwrap_or_default(),
            date_of_birth: person.date_of_birth,
            has_gender: person.gender.is_some(),
            telephone: person.phone_private.as_deref(),
            address: self.address,
            answers: &[],
            campaign: None,
        }
    }
}

/// An answer to an information field, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<'a> {
    /// The field's id.
    pub field: i64,
    /// The one value.
    pub value: Option<&'a str>,
    /// The values, where several may be chosen (LEAD-4).
    pub values: Vec<&'a str>,
}

/// What came of looking at somebody.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// A lead, with the answers that are stored.
    Possible(Vec<StoredAnswer>),
    /// Something is missing or cannot be so.
    Invalid(Refusal),
    /// A customer already.
    Duplicate(Refusal),
}

/// Looks whether somebody can become a lead of the caller's studio (LEAD-2, LEAD-5). Nothing is stored.
///
/// # Errors
/// The database's.
pub fn judge(
    tx: &mut Tx<'_>,
    caller: &Caller,
    home: &StudioOf,
    interested: &Interested<'_>,
) -> Result<Verdict, DbError> {
    let (tenant, leads) = (caller.tenant(), &home.definition.leads);
    let asked = asked(tx, tenant, &home.definition)?;
    let person = &interested.person;
    let email = person.email.as_deref().unwrap_or_default();
    let is_duplicate = match leads {
        leads if leads.duplicates_allowed => false,
        leads if leads.duplicates_by_email => customer::known_by_email(tx, tenant, email)?.is_some(),
        leads => {
            // A birthday that the form does not ask for was not said.
            let birth = person.date_of_birth.filter(|_| leads.date_of_birth_mode != InputMode::Inactive);
            customer::duplicate(tx, tenant, email, &person.last_name, birth)?.is_some()
        }
    };
    let fields: Vec<LeadField<'_>> = asked
        .iter()
        .map(|asked| LeadField {
            id: asked.field.id,
            definition: &asked.field.definition,
            mode: asked.mode,
            multi_selection: asked.multi_selection,
        })
        .collect();
    let answers: Vec<Answer<'_>> = interested
        .answers
        .iter()
        .map(|said| Answer { field: said.field, value: said.value, values: &said.values })
        .collect();
    let request = LeadRequest { answers: &answers, campaign: interested.campaign, ..interested.request() };
    let campaign_known = interested.campaign.is_some_and(|campaign| leads.knows_campaign(campaign));
    let decided = rule::validate(leads.modes(), &fields, &request, campaign_known, is_duplicate, caller.today());
    if let Err(LeadRefusal::Data(problem)) = decided {
        return Ok(Verdict::Invalid(data_refusal(problem, &asked, &answers)));
    }
    if let Some(refusal) = wish_refusal(home, interested) {
        return Ok(Verdict::Invalid(refusal));
    }
    let Ok(answers) = decided else {
        let refusal = Refusal::new(ErrorCode::LeadDuplicateCustomer).at("leadCustomer.email");
        return Ok(Verdict::Duplicate(refusal));
    };
    if let Some(id) = interested.third_party_id
        && customer::by_third_party_id(tx, tenant, caller.integration(), id)?.is_some()
    {
        return Ok(Verdict::Duplicate(third_party_id_taken()));
    }
    Ok(Verdict::Possible(answers))
}

fn third_party_id_taken() -> Refusal {
    Refusal::new(ErrorCode::CustomerThirdPartyIdDuplicate).at("leadCustomer.thirdPartyId")
}

/// A wish that the studio does not leave to customers, or for a channel by which it sends nothing.
fn wish_refusal(home: &StudioOf, interested: &Interested<'_>) -> Option<Refusal> {
    if !home.definition.leads.asks_for_preferences {
        return None;
    }
    let wishes: Vec<Wish<'_>> = interested.wishes.iter().map(|(wish, _)| *wish).collect();
    let (PreferenceRefusal::ChannelNotKept { index } | PreferenceRefusal::NotOverridable { index }) =
        preferences::changes(&home.definition.communication_preferences, &[], &wishes).err()?;
    let place = interested.wishes.get(index).map(|(_, place)| place.clone()).unwrap_or_default();
    Some(Refusal::new(ErrorCode::LeadDataInvalid).at(place))
}

fn data_refusal(problem: LeadProblem, asked: &[Asked], answers: &[Answer<'_>]) -> Refusal {
    let at = match problem {
        LeadProblem::UnknownCampaign => {
            return Refusal::new(ErrorCode::LeadCampaignUnknown).at("externalIdentifier");
        }
        LeadProblem::UnknownField { index } => format!("additionalInformation[{index}].additionalFieldId"),
        LeadProblem::Missing(LeadInput::Field(_)) => "additionalInformation".to_owned(),
        LeadProblem::Invalid(LeadInput::Field(id)) => {
            let index = answers.iter().position(|answer| answer.field == id).unwrap_or_default();
            let several = asked.iter().any(|asked| asked.field.id == id && asked.multi_selection);
            format!("additionalInformation[{index}].{}", if several { "values" } else { "value" })
        }
        LeadProblem::Missing(input) | LeadProblem::Invalid(input) => match name_of(input) {
            Some(name) => format!("leadCustomer.{name}"),
            None => "address".to_owned(),
        },
    };
    Refusal::new(ErrorCode::LeadDataInvalid).at(at)
}

/// What forms call something that they ask of the person itself.
pub(super) const fn name_of(input: LeadInput) -> Option<&'static str> {
    Some(match input {
        LeadInput::FirstName => "firstname",
        LeadInput::LastName => "lastname",
        LeadInput::Email => "email",
        LeadInput::DateOfBirth => "dateOfBirth",
        LeadInput::Gender => "gender",
        LeadInput::Telephone => "telephone",
        LeadInput::Address | LeadInput::Field(_) => return None,
    })
}

/// Makes somebody a lead of the caller's studio and a customer without a contract (LEAD-3). Answers the lead's id and the customer.
///
/// # Errors
/// Refuses what [`judge`] finds.
pub fn create(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    home: &StudioOf,
    interested: Interested<'_>,
) -> Result<(i64, Customer), Failure> {
    customer::take_turn(change.tx, change.tenant)?;
    let answers = match judge(change.tx, caller, home, &interested)? {
        Verdict::Possible(answers) => answers,
        Verdict::Invalid(refusal) | Verdict::Duplicate(refusal) => return Err(refusal.into()),
    };
    let customer = create_customer(change, home, as_asked(home, home.definition.leads.modes(), interested.person))?;
    if let Some(id) = interested.third_party_id
        && !customer::set_third_party_id(change.tx, change.tenant, caller.integration(), id, customer.id)?
    {
        return Err(third_party_id_taken().into());
    }
    let values: Vec<(i64, String)> = answers
        .into_iter()
        .flat_map(|answer| answer.values.into_iter().map(move |value| (answer.field, value)))
        .collect();
    information::begin(change, &customer, &values)?;
    if home.definition.leads.asks_for_preferences {
        let wishes: Vec<Wish<'_>> = interested.wishes.iter().map(|(wish, _)| *wish).collect();
        let place = |index: usize| interested.wishes.get(index).map(|(_, place)| place.clone()).unwrap_or_default();
        communication::choose(change, &home.definition.communication_preferences, &customer, &wishes, place)?;
    }
    let id = note(change, home.id, &customer, (interested.campaign, interested.notes))?;
    Ok((id, customer))
}

/// Notes that somebody is interested in a studio, with the campaign that brought them and what there is to say; answers the lead's id.
///
/// # Errors
/// The database's.
pub fn note(
    change: &mut Change<'_, '_>,
    studio: i64,
    customer: &Customer,
    (campaign, notes): (Option<&str>, Option<&str>),
) -> Result<i64, DbError> {
    let said = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let lead = Lead {
        id: change.tx.next_id()?,
        studio_id: studio,
        customer_id: customer.id,
        status: lead::status::PENDING.to_owned(),
        campaign: said(campaign),
        notes: said(notes),
        created_at: change.now,
    };
    lead::insert(change.tx, change.tenant, &lead)?;
    let deed = deed("lead.created", studio, lead.id)
        .field("customerId", (), customer.id)
        .field("campaign", (), &lead.campaign)
        .personal_field("notes");
    change.record(deed);
    Ok(lead.id)
}

fn deed(action: &'static str, studio: i64, lead: i64) -> Deed {
    Deed::new(action).studio(studio).subject("lead", lead)
}

/// The person without what a form does not ask for (LEAD-1).
pub(super) fn as_asked(home: &StudioOf, modes: LeadModes, mut person: Customer) -> Customer {
    if modes.date_of_birth == InputMode::Inactive {
        person.date_of_birth = None;
    }
    if modes.gender == InputMode::Inactive {
        person.gender = None;
    }
    if modes.telephone == InputMode::Inactive {
        person.phone_private = None;
    }
    if modes.address == InputMode::Inactive {
        person = Customer {
            country_code: Some(home.definition.country_code.clone()),
            street: None,
            house_number: None,
            zip_code: None,
            city: None,
            second_street: None,
            city_part: None,
            district: None,
            street_type: None,
            street_block: None,
            portal: None,
            stairway: None,
            door: None,
            province: None,
            province_code: None,
            additional_address_information: None,
            floor: None,
            building_name: None,
            ..person
        };
    }
    person
}

/// Makes the pending leads of a customer won ones, because a contract was concluded (LEAD-3).
///
/// # Errors
/// The database's.
pub fn win(change: &mut Change<'_, '_>, customer: &Customer) -> Result<(), DbError> {
    for id in lead::win(change.tx, change.tenant, customer.id)? {
        let deed = deed("lead.won", customer.studio_id, id);
        change.record(deed.field("status", lead::status::PENDING, lead::status::WIN));
    }
    Ok(())
}

/// Gives a lead up, or takes it for pending again (LEAD-3).
///
/// # Errors
/// Refuses one that is won.
pub fn set_status(
    change: &mut Change<'_, '_>,
    studio: i64,
    lead: &NamedLead,
    status: &'static str,
) -> Result<(), Failure> {
    if lead.status == status {
        return Ok(());
    }
    if !lead::set_status(change.tx, change.tenant, lead.id, status)? {
        return Err(ErrorCode::LeadAlreadyWon.into());
    }
    change.record(deed("lead.status-changed", studio, lead.id).field("status", &lead.status, status));
    Ok(())
}

/// What a studio's form asks and shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What it asks.
    pub leads: LeadConfiguration,
    /// What it shows of the messages that people get who say nothing about them.
    pub preferences: PreferenceDefaults,
}

impl Form {
    /// The form of a studio.
    #[must_use]
    pub fn of(studio: &StudioDefinition) -> Self {
        Self { leads: studio.leads.clone(), preferences: studio.communication_preferences.clone() }
    }
}

/// Replaces the form of a studio, whose fields are named by their ids (LEAD-1), if `is_current` does not refuse the present one.
///
/// # Errors
/// Refuses a field that the tenant does not have or that is out of use, unless the form has it already, several items of a field without
/// a list, and what cannot work; what `is_current` refuses.
pub fn change_form(
    change: &mut Change<'_, '_>,
    studio: i64,
    is_current: impl Fn(&Form) -> Result<(), Failure>,
    mut wanted: Form,
    fields: &[FormField],
) -> Result<(), Failure> {
    let present = Form::of(&read_studio(change.tx, change.tenant, studio)?.definition);
    let known = information_field::all(change.tx, change.tenant)?;
    for (place, asked) in fields.iter().enumerate() {
        let is_asked = |key: &str| present.leads.fields.iter().any(|asked| asked.field == key);
        let field = known.iter().find(|field| field.entry.id == asked.id);
        let field = field.filter(|field| !field.entry.retired || is_asked(&field.entry.key)).ok_or_else(|| {
            let unknown = Refusal::new(ErrorCode::AdditionalInformationFieldUnknown);
            unknown.with(Argument::Integer(asked.id)).at(format!("fields[{place}].fieldId"))
        })?;
        if asked.multi_selection && field.definition.kind != FieldKind::List {
            return Err(invalid(&format!("fields[{place}].multiSelection")));
        }
        wanted.leads.fields.push(LeadFieldUse {
            field: field.entry.key.clone(),
            mode: asked.mode,
            multi_selection: asked.multi_selection,
        });
    }
    if let Some(problem) = wanted.leads.problems().first() {
        // The form's fields are named by their keys inside and by their ids outside.
        let id = problem.path.strip_suffix("].field").map(|list| format!("{list}].fieldId"));
        return Err(invalid(&id.unwrap_or_else(|| camel_case(&problem.path))));
    }
    if let Some(problem) = wanted.preferences.problems().first() {
        return Err(invalid(&format!("preferenceDefaults{}", problem.path)));
    }
    if present == wanted {
        return is_current(&present);
    }
    let edit = |studio: &mut StudioDefinition| {
        is_current(&Form::of(studio))?;
        studio.leads = wanted.leads;
        studio.communication_preferences = wanted.preferences;
        Ok::<_, Failure>(())
    };
    let (before, after) = super::studio::redefine(change, studio, edit)?;
    let mut deed = Deed::new("studio.lead-form-changed").studio(studio).subject("studio", studio);
    if before.leads != after.leads {
        deed = deed.field("leads", &before.leads, &after.leads);
    }
    if before.communication_preferences != after.communication_preferences {
        let (from, to) = (&before.communication_preferences, &after.communication_preferences);
        deed = deed.field("communication_preferences", from, to);
    }
    change.record(deed);
    Ok(())
}

/// An information field as a form is to ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormField {
    /// The field.
    pub id: i64,
    /// Whether it needs an answer.
    pub mode: InputMode,
    /// Whether several items of a list may be chosen.
    pub multi_selection: bool,
}
