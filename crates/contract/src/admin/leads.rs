//! Leads of a studio, and the form by which it takes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    common::UtcDateTime,
    communication::{CommunicationChannel, MessageCategory},
    leads::LeadFieldMode,
};

super::resource! {
    "Leads": "People who showed interest in a studio, and what its form asks them." {
        LIST_LEADS = "listLeads" Get "/studios/{studioId}/leads" CustomersRead: "List the leads of a studio, newest first";
        GET_LEAD = "getLead" Get "/studios/{studioId}/leads/{leadId}" CustomersRead: "Read one lead";
        SET_LEAD_STATUS = "setLeadStatus" Put "/studios/{studioId}/leads/{leadId}/status" CustomersWrite: "Give a lead up, or hope again";
        GET_LEAD_FORM = "getLeadForm" Get "/studios/{studioId}/lead-form" SettingsRead: "Read what the form asks";
        UPDATE_LEAD_FORM = "updateLeadForm" Put "/studios/{studioId}/lead-form" LeadConfigWrite: "Replace what the form asks";
    }
}

/// A lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadRecord {
    /// The id of the lead.
    pub id: i64,
    /// How it stands.
    pub status: LeadStatus,
    /// The customer that the person has become.
    pub customer_id: i64,
    /// The first name of the customer.
    pub first_name: String,
    /// The last name of the customer.
    pub last_name: String,
    /// The external id of the campaign that won the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// When it began.
    pub created_at: UtcDateTime,
    /// What was noted about the person. Lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// How a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum LeadStatus {
    /// Nobody knows yet.
    Pending,
    /// The person signed a contract.
    Win,
    /// The person will not come.
    Loss,
}

/// How a lead is to stand. It is won by a contract and by nothing else.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeadStatusUpdate {
    /// `LOSS`, or `PENDING` again.
    pub status: OpenLeadStatus,
}

/// How a lead may be said to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum OpenLeadStatus {
    /// Nobody knows yet.
    Pending,
    /// The person will not come.
    Loss,
}

/// What a studio's form asks people who are interested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeadForm {
    /// Another one after each change. A change names the version that it is made to; if somebody else was faster, it is refused.
    pub version: String,
    /// Whether the address is asked for.
    pub address_mode: LeadFieldMode,
    /// Whether the day of birth is asked for.
    pub date_of_birth_mode: LeadFieldMode,
    /// Whether the gender is asked for.
    pub gender_mode: LeadFieldMode,
    /// Whether the telephone number is asked for.
    pub telephone_mode: LeadFieldMode,
    /// Whether somebody who is a customer already is taken as a lead again.
    pub duplicates_allowed: bool,
    /// Whether a known e-mail address alone makes somebody a customer who is there already; otherwise last name and birthday count as
    /// well. It says nothing where duplicates are allowed.
    #[serde(default)]
    pub duplicates_by_email: bool,
    /// Whether people are asked which messages they want, and how.
    pub asks_for_preferences: bool,
    /// What is sent to customers who have not said anything, which is what the form shows them. It holds for all customers of the
    /// studio. What is not listed is as everywhere: contracts by letter and e-mail for good, newsletters and loyalty programmes not,
    /// everything else until somebody says no.
    pub preference_defaults: Vec<PreferenceDefault>,
    /// The information fields that are asked for, in the form's order.
    pub fields: Vec<LeadFormField>,
    /// The campaigns that a form may name.
    pub campaigns: Vec<LeadCampaign>,
}

/// What is sent to customers who have not said anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreferenceDefault {
    /// What the messages are about.
    pub message_category: MessageCategory,
    /// The way they take: `LETTER`, `EMAIL`, `TEXT_MESSAGE` or `PHONE`.
    pub channel: CommunicationChannel,
    /// Whether they are sent.
    pub active: bool,
    /// Whether customers may choose.
    pub customer_overridable: bool,
}

/// An information field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeadFormField {
    /// The id of the information field. A retired one is not asked for while it is out of use.
    pub field_id: i64,
    /// Whether it is asked for.
    pub mode: LeadFieldMode,
    /// Whether several items can be chosen; only for lists.
    pub multi_selection: bool,
}

/// Where leads come from: an advertisement, a fair, a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeadCampaign {
    /// The id under which forms name it.
    pub external_identifier: String,
    /// Its name.
    pub name: String,
}
