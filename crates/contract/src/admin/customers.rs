//! Customers of a studio, as the back office looks after them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{amendments::AmendmentKindName, leads::LeadStatus, restrictions::RestrictionRecord};
use crate::{
    common::{Gender, LocalDate, UtcDateTime, with_address_details},
    customers::{AccessMediumType, AdditionalInformationFieldType, CustomerStatus, CustomerWeighings, DocumentType},
    self_service::CustomerTitle,
};

super::resource! {
    "Customers": "The people who train in a studio, did so, or may come to do so." {
        LIST_CUSTOMERS = "listCustomers" Get "/studios/{studioId}/customers" CustomersRead: "List the customers of a studio";
        SEARCH_CUSTOMERS = "searchCustomers" Post "/studios/{studioId}/customers/search" CustomersRead: "Search the customers of a studio";
        GET_CUSTOMER = "getCustomer" Get "/studios/{studioId}/customers/{customerId}" CustomersRead: "Read one customer in full";
        CREATE_CUSTOMER = "createCustomer" Post "/studios/{studioId}/customers" CustomersWrite: "Enter a customer";
        UPDATE_CUSTOMER_MASTER = "updateCustomerMaster" Put "/studios/{studioId}/customers/{customerId}/master" CustomersWrite: "Replace who a customer is";
        UPDATE_CUSTOMER_CONTACT = "updateCustomerContact" Put "/studios/{studioId}/customers/{customerId}/contact" CustomersWrite: "Change how a customer is reached";
        UPDATE_CUSTOMER_ADDRESS = "updateCustomerAddress" Put "/studios/{studioId}/customers/{customerId}/address" CustomersWrite: "Replace where a customer lives";
        ARCHIVE_CUSTOMER = "archiveCustomer" Post "/studios/{studioId}/customers/{customerId}/archive" CustomersArchive: "Archive a customer";
        RESTORE_CUSTOMER = "restoreCustomer" Post "/studios/{studioId}/customers/{customerId}/restore" CustomersArchive: "Take a customer out of the archive";
        SET_CUSTOMER_INFORMATION = "setCustomerInformation" Put "/studios/{studioId}/customers/{customerId}/information" CustomersWrite: "Replace a customer's answers to the gym's fields";
        MOVE_CUSTOMER = "moveCustomer" Post "/studios/{studioId}/customers/{customerId}/studio-switch" CustomersWrite: "Move a customer to another home studio";
        USE_CUSTOMER_BENEFIT = "useCustomerBenefit" Post "/studios/{studioId}/customers/{customerId}/benefits/{benefitKey}/use" CheckinsWrite: "Use a benefit of a customer once";
        LIST_CUSTOMER_VISITS = "listCustomerVisits" Get "/studios/{studioId}/customers/{customerId}/visits" CheckinsRead: "List the visits of a customer";
        SET_THIRD_PARTY_ACCESS = "setThirdPartyAccess" Put "/studios/{studioId}/customers/{customerId}/third-party-access" ConsentsWrite: "Record whether third parties are allowed";
    }
}

/// Which customers are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CustomerSelection {
    /// Those with a contract.
    Member,
    /// Those who never had a contract.
    Prospect,
    /// Those whose contracts have all ended.
    FormerMember,
    /// Those in the archive, who are in no other list.
    Archived,
}

/// A customer in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerEntry {
    /// The id of the customer.
    pub id: i64,
    /// The number of the customer, as people read it.
    pub customer_number: String,
    /// The first name.
    pub first_name: String,
    /// The family name.
    pub last_name: String,
    /// The day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<LocalDate>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the customer is to the gym today.
    pub status: CustomerStatus,
    /// Whether programs of third parties may see the customer.
    pub third_party_access: bool,
    /// Since when the customer is archived. Left out for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<UtcDateTime>,
    /// Where the picture can be fetched, for a quarter of an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// What is searched for. A customer must fit all of it, and at least one thing must be named.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CustomerSearch {
    /// The beginning of the first name, whatever its case and accents.
    pub first_name: Option<String>,
    /// The beginning of the family name, likewise.
    pub last_name: Option<String>,
    /// The whole e-mail address, in any case.
    pub email: Option<String>,
    /// The day of birth.
    pub date_of_birth: Option<LocalDate>,
    /// A telephone number in any spelling.
    pub phone_number: Option<String>,
}

/// Who a customer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerMaster {
    /// The first name.
    pub first_name: String,
    /// The second first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_first_name: Option<String>,
    /// The family name.
    pub last_name: String,
    /// The second family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_last_name: Option<String>,
    /// The title that goes before the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_title: Option<CustomerTitle>,
    /// The gender. Left out where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// The day of birth. Needed of a new customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<LocalDate>,
    /// The place of birth. Italian studios need it of Italians.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_of_birth: Option<String>,
    /// The country of birth, as a code of two letters. Italian studios need it of those who are not Italians.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_of_birth: Option<String>,
    /// The language in which the customer is addressed, such as `de` or `de-CH`. The studio's for a new customer who names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// How a customer is reached. In a change, a field that is left out stays as it is and an empty text clears it.
// AMD-4
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerContact {
    /// The e-mail address, which cannot be cleared. Needed of a new customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The telephone number at home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_private: Option<String>,
    /// The number of the mobile phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_private_mobile: Option<String>,
    /// The telephone number at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_business: Option<String>,
    /// The number of the mobile phone for work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_business_mobile: Option<String>,
}

with_address_details! {
    /// Where a customer lives. In requests, street, postal code, town and country are needed.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct CustomerAddress holding String;
    first {
        /// The street.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub street: Option<String>,
        /// The number of the house.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub house_number: Option<String>,
        /// The postal code.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub zip_code: Option<String>,
        /// The town or city.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub city: Option<String>,
        /// The country, as a code of two letters.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub country_code: Option<String>,
        /// The province, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub province: Option<String>,
        /// The province, as a code.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub province_code: Option<String>,
    }
    after door {}
    after floor {}
    last {}
}

/// A document that proves who somebody is. It is stored sealed and not shown again.
// Without Debug: what is worth stealing must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProofOfIdentity {
    /// What kind of document it is.
    pub document_type: DocumentType,
    /// Its number.
    pub document_number: String,
}

/// Somebody who is entered as a customer, without a contract.
// CUST-4. Without Debug: what is worth stealing must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCustomer {
    /// Who it is.
    pub master: CustomerMaster,
    /// How the customer is reached.
    pub contact: CustomerContact,
    /// Where the customer lives.
    pub address: CustomerAddress,
    /// The tax number. Studios in Spain and Italy need it unless there is an identity document. It is not shown again.
    #[serde(default)]
    pub tax_id: Option<String>,
    /// An identity document.
    #[serde(default)]
    pub document_identification: Option<ProofOfIdentity>,
    /// Whether programs of third parties may see the customer; they may when it is left out.
    #[serde(default)]
    pub third_party_access: Option<bool>,
}

/// A change of who a customer is, as a whole: what is left out is cleared.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerMasterUpdate {
    /// The version that the change is made to. If somebody else was faster, it is refused.
    pub version: i64,
    /// Who it is from now on.
    pub master: CustomerMaster,
}

/// A change of how a customer is reached.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerContactUpdate {
    /// The version that the change is made to. If somebody else was faster, it is refused.
    pub version: i64,
    /// What becomes different.
    pub contact: CustomerContact,
}

/// A change of where a customer lives, as a whole: what is left out is cleared.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerAddressUpdate {
    /// The version that the change is made to. If somebody else was faster, it is refused.
    pub version: i64,
    /// The address from now on.
    pub address: CustomerAddress,
}

/// What a customer allows third parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThirdPartyAccess {
    /// Whether programs of third parties may see the customer.
    pub allowed: bool,
}

/// A customer as the back office sees one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerRecord {
    /// The id of the customer.
    pub id: i64,
    /// Grows with each change of the data. A change of them names the version that it is made to.
    pub version: i64,
    /// The id of the home studio.
    pub studio_id: i64,
    /// The number of the customer, as people read it.
    pub customer_number: String,
    /// An id that is unique beyond this server and never changes.
    pub uuid: String,
    /// The code by which the customer recruits others.
    pub referral_code: String,
    /// The number that a debt collector has for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debtor_id: Option<String>,
    /// What the customer is to the gym today.
    pub status: CustomerStatus,
    /// When the customer was entered.
    pub created_at: UtcDateTime,
    /// Since when the customer is archived. Left out for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<UtcDateTime>,
    /// Where the picture can be fetched, for a quarter of an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Who it is.
    pub master: CustomerMaster,
    /// How the customer is reached.
    pub contact: CustomerContact,
    /// Where the customer lives.
    pub address: CustomerAddress,
    /// How the customer pays, such as `CASH` or `DIRECT_DEBIT`.
    pub payment_method: String,
    /// The bank account with its mandate, its number masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_account: Option<MaskedAccount>,
    /// Who acts for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<RepresentativeEntry>,
    /// What the customer allows.
    pub consents: Consents,
    /// What is noted about the customer in the gym's own fields. Several items of a list are several entries.
    pub information: Vec<InformationEntry>,
    /// The main contracts with what hangs on them, those that have ended included.
    pub contracts: Vec<ContractEntry>,
    /// Which benefits the customer has, and whether they can be used now.
    pub benefits: Vec<BenefitEntry>,
    /// Cards, codes and other things by which the customer is recognised.
    pub access_mediums: Vec<AccessMediumEntry>,
    /// Whether something keeps the customer out today.
    pub access_refusal: bool,
    /// What keeps the customer out, now or later.
    pub access_restrictions: Vec<RestrictionRecord>,
    /// What the scale measured last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_weighing: Option<CustomerWeighings<'static>>,
    /// By which interest the customer came, the oldest first.
    pub leads: Vec<LeadEntry>,
    /// The newest fifty documents, the newest first.
    pub documents: Vec<DocumentEntry>,
    /// The changes that the customer asked for and that wait for staff.
    pub pending_amendments: Vec<PendingAmendment>,
}

/// A bank account of which only as much is shown as tells it from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MaskedAccount {
    /// Whose account it is.
    pub account_holder: String,
    /// The name of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    /// The first four and the last two characters of the IBAN.
    pub iban: String,
    /// The reference of the mandate to debit it.
    pub mandate_reference: String,
    /// The day on which the mandate was given.
    pub mandate_signed_on: LocalDate,
}

/// What a customer allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Consents {
    /// Whether programs of third parties may see the customer.
    pub third_party_access: bool,
}

/// A main contract, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContractEntry {
    /// The id of the contract.
    pub id: i64,
    /// The name under which it was sold.
    pub rate_name: String,
    /// The first day.
    pub start_date: LocalDate,
    /// The last day as things stand.
    pub end_date: LocalDate,
    /// Whether it is in force or to come.
    pub active: bool,
    /// Whether it was made void.
    pub reversed: bool,
    /// The day on which notice arrived. Left out where none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canceled_on: Option<LocalDate>,
    /// The additional modules that hang on it.
    pub modules: Vec<SubContractEntry>,
    /// The flat fees that hang on it.
    pub flat_fees: Vec<SubContractEntry>,
    /// When it rests, now or later.
    pub idle_periods: Vec<IdlePeriodEntry>,
}

/// A module or a flat fee that hangs on a contract, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubContractEntry {
    /// The id of the module's or the fee's own contract.
    pub id: i64,
    /// The name under which it was sold.
    pub rate_name: String,
    /// The first day.
    pub start_date: LocalDate,
    /// The last day as things stand.
    pub end_date: LocalDate,
    /// Whether it is in force or to come.
    pub active: bool,
    /// The day on which notice arrived. Left out where none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canceled_on: Option<LocalDate>,
}

/// A time in which a contract rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdlePeriodEntry {
    /// The id of the idle period.
    pub id: i64,
    /// The first day.
    pub start_date: LocalDate,
    /// The last day. Left out while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<LocalDate>,
    /// Why it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the customer is kept out meanwhile.
    pub refuses_access: bool,
}

/// What one of the gym's own fields holds for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InformationEntry {
    /// The id of the field.
    pub additional_information_field_id: i64,
    /// What the field is called.
    pub name: String,
    /// What kind of field it is.
    #[serde(rename = "type")]
    pub kind: AdditionalInformationFieldType,
    /// What it holds, as it is written in a change: of a list the id of the item.
    pub value: String,
    /// The item's name, where the field is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_name: Option<String>,
}

/// Who acts for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepresentativeEntry {
    /// The id of the customer who acts. Left out for somebody who is no customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<i64>,
    /// The first name. Left out, as all that follows about the person, for a customer of another studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<LocalDate>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether nobody else may act for the customer.
    pub only_guardian: bool,
    /// Whether messages and bills go there instead of to the customer.
    pub gets_messages: bool,
}

/// An interest by which a customer came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadEntry {
    /// The id of the lead.
    pub id: i64,
    /// The id of the studio that was asked.
    pub studio_id: i64,
    /// How it stands.
    pub status: LeadStatus,
    /// The external id of the campaign that won the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// When it began.
    pub created_at: UtcDateTime,
}

/// A benefit of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BenefitEntry {
    /// The key of the benefit.
    pub key: String,
    /// Whether it can be used now.
    pub usable: bool,
}

/// Something by which a customer is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessMediumEntry {
    /// Its id.
    pub id: i64,
    /// What kind of thing it is.
    #[serde(rename = "type")]
    pub kind: AccessMediumType,
    /// What is read from it; the number of a card in decimal digits.
    pub value: String,
    /// Whether a program made it, and not staff.
    pub of_integration: bool,
}

/// A document of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentEntry {
    /// The id of the document.
    pub id: i64,
    /// The name of the file.
    pub file_name: String,
    /// What is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it can be fetched, for a quarter of an hour.
    pub url: String,
}

/// A change that waits for staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PendingAmendment {
    /// The id of the change.
    pub id: i64,
    /// What it is about.
    pub kind: AmendmentKindName,
    /// When the customer asked for it.
    pub requested_at: UtcDateTime,
}
