//! Membership offers and what comes with them: modules and texts of the contract.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MembershipOfferPaymentFrequency, MembershipOfferTerm, MembershipOfferTermExtended};
use crate::common::{DatePeriod, Term};
use crate::studios::Availability;

/// An offer to become a member, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOffer<'a> {
    /// The id of the offer.
    pub id: i64,
    /// What the offer is, in detail.
    pub description: &'a str,
    /// The name of the offer.
    pub name: &'a str,
    /// A line that goes below the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_description: Option<&'a str>,
    /// Where an image can be fetched. The link works for two hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<Cow<'a, str>>,
    /// Small print that must stand below the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footnote: Option<&'a str>,
    /// Whether members may train before the contract starts.
    pub pre_use_type: ContractPreUseType,
    /// When the offer is for sale. Left out where it always is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "DatePeriod")]
    pub limited_offering_period: Option<DatePeriod>,
    /// The codes of the rates that the offer is made of.
    pub rate_codes: Vec<MembershipOfferRateCode<'a>>,
    /// The terms to choose from, each with its price.
    pub terms: Vec<MembershipOfferTerm<'a>>,
}

/// An offer to become a member, with everything that a signup needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferExtended<'a> {
    /// The id of the offer.
    pub id: i64,
    /// What the offer is, in detail.
    pub description: &'a str,
    /// The name of the offer.
    pub name: &'a str,
    /// A line that goes below the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_description: Option<&'a str>,
    /// Where an image can be fetched. The link works for two hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<Cow<'a, str>>,
    /// Small print that must stand below the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footnote: Option<&'a str>,
    /// Whether members may train before the contract starts.
    pub pre_use_type: ContractPreUseType,
    /// When the offer is for sale. Left out where it always is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "DatePeriod")]
    pub limited_offering_period: Option<DatePeriod>,
    /// The codes of the rates that the offer is made of.
    pub rate_codes: Vec<MembershipOfferRateCode<'a>>,
    /// The modules that come with the offer at no further price.
    pub included_modules: Vec<MembershipOfferIncludedModule<'a>>,
    /// Whether the contract must be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_signatures_required: Option<bool>,
    /// The ways to pay.
    #[schemars(extend("uniqueItems" = true))]
    pub allowed_payment_choices: Vec<PaymentChoice>,
    /// How many of the selectable modules may be chosen. With 0 none can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_number_of_selectable_modules: Option<i32>,
    /// The texts that the contract is made of.
    pub contract_text_blocks: Vec<MembershipOfferTextBlock<'a>>,
    /// The modules to choose from at no further price, up to `maximumNumberOfSelectableModules`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selectable_modules: Option<Vec<MembershipOfferModule<'a>>>,
    /// The terms to choose from, each with its price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Vec<MembershipOfferTermExtended<'a>>>,
    /// The hours that the membership is limited to. Left out where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_restrictions: Option<MembershipOfferTimeRestrictions<'a>>,
}

/// Whether members may train before their contract starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContractPreUseType {
    /// They may not.
    NotAvailable,
    /// They may, for a price.
    Chargeable,
    /// They may, at no price.
    Free,
}

/// A way to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum PaymentChoice {
    /// Cash at the desk.
    Cash,
    /// Transfers that the member makes.
    BankTransfer,
    /// British direct debit.
    Bacs,
    /// European direct debit.
    Sepa,
    /// Swiss direct debit through PostFinance.
    ChDd,
    /// Swiss direct debit through the banks.
    Lsv,
    /// A credit card.
    CreditCard,
    /// TWINT.
    Twint,
    /// PayPal.
    Paypal,
    /// Bancontact.
    Bancontact,
    /// iDEAL.
    Ideal,
}

/// The code of a rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferRateCode<'a> {
    /// The name of the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// The code itself, unique in the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<&'a str>,
}

/// A module that comes with an offer at no further price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferIncludedModule<'a> {
    /// The id of the module.
    pub id: i64,
    /// The name of the module.
    pub name: &'a str,
    /// What the module gives.
    pub description: &'a str,
    /// Where an image can be fetched. The link works for five hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<Cow<'a, str>>,
    /// How long the module runs.
    pub term: MembershipOfferModuleTerm,
    /// The time in which the module can be tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial_period: Option<MembershipOfferTrialPeriod<'a>>,
    /// The text that the member agrees to with the module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_text_block: Option<MembershipOfferTextBlock<'a>>,
    /// The codes of the rates of the module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_codes: Option<Vec<MembershipOfferRateCode<'a>>>,
}

/// A module that can be added to an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferModule<'a> {
    /// The id of the module.
    pub id: i64,
    /// The name of the module.
    pub name: &'a str,
    /// What the module gives.
    pub description: &'a str,
    /// Where an image can be fetched. The link works for five hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<Cow<'a, str>>,
    /// How long the module runs.
    pub term: MembershipOfferModuleTerm,
    /// The time in which the module can be tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial_period: Option<MembershipOfferTrialPeriod<'a>>,
    /// The text that the member agrees to with the module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_text_block: Option<MembershipOfferTextBlock<'a>>,
    /// What the module costs, and how often that is paid.
    pub payment_frequency: MembershipOfferPaymentFrequency<'a>,
}

/// How long a module runs and how it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferModuleTerm {
    /// What happens after the first term.
    pub extension_type: ExtensionType,
    /// The first term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// The term by which the module goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_extension: Option<Term>,
    /// How long before the end of the first term a cancelation must arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelation_period: Option<Term>,
    /// How long before the end of a later term a cancelation must arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_cancelation_period: Option<Term>,
}

/// What happens when a term is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum ExtensionType {
    /// It ends.
    None,
    /// It goes on for another term.
    TermExtension,
    /// It goes on with another rate.
    SubsequentRateDetail,
}

/// A time in which a module can be tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferTrialPeriod<'a> {
    /// How long it can be tried.
    pub trial_period: Term,
    /// What trying means, in words.
    pub description: &'a str,
}

/// A text of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferTextBlock<'a> {
    /// The id of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// The text itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// The place of the text among the others, ascending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
    /// Whether there is room for a signature below. It may be offered to the member and is not demanded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_signature: Option<bool>,
    /// Whether the choice of wanted messages belongs to this text and should be shown with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_communication_privacy_options: Option<bool>,
    /// What is attached to the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_type: Option<TextBlockAttachmentType>,
    /// The attached link, where the attachment is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached_external_url_dto: Option<ExternalUrl<'a>>,
    /// The attached file, where the attachment is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached_document: Option<AttachedDocument<'a>>,
    /// The module that the text belongs to, where it is the consent to a module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_bundle_module_id: Option<i64>,
    /// Whether the member must agree to the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_required: Option<bool>,
}

/// What is attached to a text of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum TextBlockAttachmentType {
    /// Nothing.
    None,
    /// A file.
    File,
    /// A link.
    Url,
    /// The contract itself, as a draft.
    ContractPdfPreview,
}

/// A link to another website.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalUrl<'a> {
    /// What to call the link.
    pub title: &'a str,
    /// Where it leads.
    pub url: &'a str,
}

/// A file to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttachedDocument<'a> {
    /// The name of the file.
    pub file_name: &'a str,
    /// Where it can be fetched. The link works for five hours.
    pub url: Cow<'a, str>,
}

/// The hours that a membership is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferTimeRestrictions<'a> {
    /// The category of opening hours that sets the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_hours_category: Option<MembershipOfferOpeningHoursCategory<'a>>,
    /// The hours themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availabilities: Option<Vec<Availability>>,
}

/// A category of opening hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferOpeningHoursCategory<'a> {
    /// The id of the category.
    pub category_id: i64,
    /// The name of the category.
    pub name: &'a str,
}
