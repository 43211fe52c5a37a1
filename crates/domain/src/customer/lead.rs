//! People who are interested: what a form asks them, and whether what they said is enough (LEAD-1 to LEAD-5).
//!
//! Validating and creating a lead ask [`validate`] alike, so a form that was told "possible" is not refused a moment later for
//! anything but a race. Trial offers have forms of the same make and ask it, too (TRI-1, TRI-2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::contact::normalized_email;
use super::information_field::{FieldKind, InformationField};
use crate::problem::{Problem, Problems};
use crate::serde_defaults::{is_default, is_yes, yes};

/// Whether a form asks for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InputMode {
    /// It does not, and ignores what is said.
    Inactive,
    /// It does, and needs no answer.
    #[default]
    Optional,
    /// It needs an answer.
    Mandatory,
}

impl InputMode {
    /// The name under which it is sent, such as `MANDATORY`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inactive => "INACTIVE",
            Self::Optional => "OPTIONAL",
            Self::Mandatory => "MANDATORY",
        }
    }
}

/// An information field in the form of leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadFieldUse {
    /// The key of the information field.
    pub field: String,
    /// Whether the form asks for it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: InputMode,
    /// Whether several items of a list may be chosen.
    #[serde(default, skip_serializing_if = "is_default")]
    pub multi_selection: bool,
}

/// Where leads come from: an advertisement, a fair, a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// The id under which forms name it.
    pub external_identifier: String,
    /// Its name.
    pub name: String,
}

/// What a studio asks people who are interested. A name and an e-mail address are always asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadConfiguration {
    /// Whether the form asks for the address.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address_mode: InputMode,
    /// Whether the form asks for the date of birth.
    #[serde(default, skip_serializing_if = "is_default")]
    pub date_of_birth_mode: InputMode,
    /// Whether the form asks for the gender.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gender_mode: InputMode,
    /// Whether the form asks for a telephone number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub telephone_mode: InputMode,
    /// Whether somebody who is a customer already is accepted as a lead again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub duplicates_allowed: bool,
    /// Whether a known e-mail address alone makes somebody a customer who is there already, whatever the name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub duplicates_by_email: bool,
    /// Whether the form shows by which channels people want to be told of what.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub asks_for_preferences: bool,
    /// Information fields of the form, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<LeadFieldUse>,
    /// Campaigns that a form may name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campaigns: Vec<Campaign>,
}

impl Default for LeadConfiguration {
    /// The form of a studio that has not said anything: everything may be told, nothing must be.
    fn default() -> Self {
        Self {
            address_mode: InputMode::default(),
            date_of_birth_mode: InputMode::default(),
            gender_mode: InputMode::default(),
            telephone_mode: InputMode::default(),
            duplicates_allowed: false,
            duplicates_by_email: false,
            asks_for_preferences: true,
            fields: Vec::new(),
            campaigns: Vec::new(),
        }
    }
}

impl LeadConfiguration {
    /// The modes of the form's own inputs.
    #[must_use]
    pub const fn modes(&self) -> LeadModes {
        LeadModes {
            address: self.address_mode,
            date_of_birth: self.date_of_birth_mode,
            gender: self.gender_mode,
            telephone: self.telephone_mode,
        }
    }

    /// Whether a form may name this campaign.
    #[must_use]
    pub fn knows_campaign(&self, external_identifier: &str) -> bool {
        self.campaigns.iter().any(|campaign| campaign.external_identifier == external_identifier.trim())
    }

    /// What cannot work. Whether the fields exist is checked where all entries are known.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        for (index, field) in self.fields.iter().enumerate() {
            let earlier = self.fields.iter().take(index).any(|other| other.field == field.field);
            problems.add_if(earlier, format!("fields[{index}].field"), "is there twice");
        }
        for (index, campaign) in self.campaigns.iter().enumerate() {
            problems.require_text(&format!("campaigns[{index}].external_identifier"), &campaign.external_identifier);
            problems.require_text(&format!("campaigns[{index}].name"), &campaign.name);
            let mut earlier = self.campaigns.iter().take(index);
            let twice = earlier.any(|other| other.external_identifier == campaign.external_identifier);
            problems.add_if(twice, format!("campaigns[{index}].external_identifier"), "is there twice");
        }
        problems.done()
    }
}

/// Whether a form asks for its own inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeadModes {
    /// The address.
    pub address: InputMode,
    /// The date of birth.
    pub date_of_birth: InputMode,
    /// The gender.
    pub gender: InputMode,
    /// A telephone number.
    pub telephone: InputMode,
}

/// An information field of a form, with its definition.
#[derive(Clone, Copy, Debug)]
pub struct LeadField<'a> {
    /// The field's id.
    pub id: i64,
    /// What it is.
    pub definition: &'a InformationField,
    /// Whether the form asks for it.
    pub mode: InputMode,
    /// Whether several items of a list may be chosen.
    pub multi_selection: bool,
}

/// How much of an address was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddressGiven {
    /// None.
    #[default]
    Nothing,
    /// Without street, postal code or town.
    InPart,
    /// At least street, postal code and town.
    Whole,
}

/// An answer to an information field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The field's id, as it was sent.
    pub field: i64,
    /// The one value.
    pub value: Option<&'a str>,
    /// The values, where several may be chosen.
    pub values: &'a [&'a str],
}

/// What somebody said in a form.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeadRequest<'a> {
    /// The first name.
    pub first_name: &'a str,
    /// The last name.
    pub last_name: &'a str,
    /// The e-mail address.
    pub email: &'a str,
    /// The date of birth.
    pub date_of_birth: Option<Date>,
    /// Whether a gender was given.
    pub has_gender: bool,
    /// A telephone number.
    pub telephone: Option<&'a str>,
    /// How much of the address was given.
    pub address: AddressGiven,
    /// Answers to information fields.
    pub answers: &'a [Answer<'a>],
    /// The external id of a campaign.
    pub campaign: Option<&'a str>,
}

/// Something that a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadInput {
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
    /// The e-mail address.
    Email,
    /// The date of birth.
    DateOfBirth,
    /// The gender.
    Gender,
    /// A telephone number.
    Telephone,
    /// The address.
    Address,
    /// An information field, by its id.
    Field(i64),
}

/// What is wrong with what somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadProblem {
    /// Something that is needed was not said.
    Missing(LeadInput),
    /// Something cannot be so.
    Invalid(LeadInput),
    /// The form has no such field, or has it answered twice. It is the answer at this place.
    UnknownField {
        /// The place among the answers.
        index: usize,
    },
    /// There is no such campaign.
    UnknownCampaign,
}

/// Why somebody does not become a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadRefusal {
    /// What was said is not enough, or wrong. The first such thing.
    Data(LeadProblem),
    /// It is a customer already (CUST-5; without a date of birth by e-mail address and last name).
    Duplicate,
}

/// An answer in the form in which it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The field's id.
    pub field: i64,
    /// Its values: one, or several where several may be chosen.
    pub values: Vec<String>,
}

/// Looks at what somebody said: first at the data, then whether it is a customer already (LEAD-5). Answers what is stored of the
/// information fields; what the form does not ask for is not among it, and was not looked at.
///
/// `campaign_known` tells whether the form may name the request's campaign, `is_duplicate` whether there is such a customer and
/// duplicates are refused.
///
/// # Errors
/// The first reason why it is no lead.
pub fn validate(
    modes: LeadModes,
    fields: &[LeadField<'_>],
    request: &LeadRequest<'_>,
    campaign_known: bool,
    is_duplicate: bool,
    today: Date,
) -> Result<Vec<StoredAnswer>, LeadRefusal> {
    // LEAD-5
    person(modes, request, today).map_err(LeadRefusal::Data)?;
    let answers = information(fields, request.answers).map_err(LeadRefusal::Data)?;
    if request.campaign.is_some_and(|campaign| !campaign.trim().is_empty()) && !campaign_known {
        return Err(LeadRefusal::Data(LeadProblem::UnknownCampaign));
    }
    if is_duplicate { Err(LeadRefusal::Duplicate) } else { Ok(answers) }
}

fn person(modes: LeadModes, request: &LeadRequest<'_>, today: Date) -> Result<(), LeadProblem> {
    for (input, text) in [
        (LeadInput::FirstName, request.first_name),
        (LeadInput::LastName, request.last_name),
        (LeadInput::Email, request.email),
    ] {
        if text.trim().is_empty() {
            return Err(LeadProblem::Missing(input));
        }
    }
    normalized_email(request.email).map_err(|_| LeadProblem::Invalid(LeadInput::Email))?;
    // LEAD-1
    let said_telephone = request.telephone.is_some_and(|telephone| !telephone.trim().is_empty());
    for (input, mode, said) in [
        (LeadInput::DateOfBirth, modes.date_of_birth, request.date_of_birth.is_some()),
        (LeadInput::Gender, modes.gender, request.has_gender),
        (LeadInput::Telephone, modes.telephone, said_telephone),
        (LeadInput::Address, modes.address, request.address != AddressGiven::Nothing),
    ] {
        if mode == InputMode::Mandatory && !said {
            return Err(LeadProblem::Missing(input));
        }
    }
    let asks = |mode| mode != InputMode::Inactive;
    if asks(modes.date_of_birth) && request.date_of_birth.is_some_and(|birth| birth > today) {
        return Err(LeadProblem::Invalid(LeadInput::DateOfBirth));
    }
    if asks(modes.address) && request.address == AddressGiven::InPart {
        return Err(LeadProblem::Invalid(LeadInput::Address));
    }
    Ok(())
}

fn information(fields: &[LeadField<'_>], answers: &[Answer<'_>]) -> Result<Vec<StoredAnswer>, LeadProblem> {
    let mut stored: Vec<StoredAnswer> = Vec::new();
    for (index, answer) in answers.iter().enumerate() {
        let field = fields.iter().find(|field| field.id == answer.field);
        let field = field.ok_or(LeadProblem::UnknownField { index })?;
        if field.mode == InputMode::Inactive {
            continue;
        }
        if stored.iter().any(|earlier| earlier.field == field.id) {
            return Err(LeadProblem::UnknownField { index });
        }
        let values = values(field, answer)?;
        if !values.is_empty() {
            stored.push(StoredAnswer { field: field.id, values });
        }
    }
    for field in fields {
        let answered = stored.iter().any(|answer| answer.field == field.id);
        if field.mode == InputMode::Mandatory && !answered {
            return Err(LeadProblem::Missing(LeadInput::Field(field.id)));
        }
    }
    Ok(stored)
}

fn values(field: &LeadField<'_>, answer: &Answer<'_>) -> Result<Vec<String>, LeadProblem> {
    // LEAD-4
    let several = field.multi_selection && field.definition.kind == FieldKind::List;
    let single;
    let said: &[&str] = match answer.value {
        _ if several => answer.values,
        Some(value) if !value.trim().is_empty() => {
            single = [value];
            &single
        }
        _ => &[],
    };
    let mut values: Vec<String> = Vec::with_capacity(said.len());
    for value in said {
        let value = field.definition.stored_lead_value(field.id, value);
        let value = value.map_err(|_| LeadProblem::Invalid(LeadInput::Field(field.id)))?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Ok(values)
}

#[cfg(test)]
#[path = "lead_tests.rs"]
mod tests;
