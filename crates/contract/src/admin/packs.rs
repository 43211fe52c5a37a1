//! Uses that customers have without a contract, and the aggregators that pay for some of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::{LocalDate, UtcDateTime};

super::resource! {
    "Packs": "Uses that customers have without a contract, and the aggregators that pay for some of them." {
        LIST_PACKS = "listPacks" Get "/studios/{studioId}/customers/{customerId}/packs" CustomersRead: "List the packs of a customer";
        GIVE_PACK = "givePack" Post "/studios/{studioId}/customers/{customerId}/packs" CustomersWrite: "Give a customer a pack";
        END_PACK = "endPack" Post "/studios/{studioId}/customers/{customerId}/packs/{packId}/end" CustomersWrite: "End a pack before its time";
        LIST_AGGREGATORS = "listAggregators" Get "/studios/{studioId}/aggregators" CustomersRead: "List the aggregators";
        ENTER_AGGREGATOR_VISITOR = "enterAggregatorVisitor" Post "/studios/{studioId}/aggregator-visitors" CustomersWrite: "Enter a visitor of an aggregator";
    }
}

/// A pack as it is to be given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPack {
    /// What people call it, such as `Ten visits`; the name of the aggregator when it is left out.
    #[serde(default)]
    pub name: Option<String>,
    /// The aggregator that pays for it, by its key in the gym file or by its id.
    #[serde(default)]
    pub aggregator: Option<String>,
    /// The first day on which it may be used; today when it is left out.
    #[serde(default)]
    pub valid_from: Option<LocalDate>,
    /// The last day on which it may be used; without an end when it is left out.
    #[serde(default)]
    pub valid_until: Option<LocalDate>,
    /// How often it may be used, at least once; without limit when it is left out.
    #[serde(default)]
    pub uses: Option<i32>,
    /// Whether it lets the customer into the studio; it does when it is left out.
    #[serde(default)]
    pub opens_door: Option<bool>,
    /// The key of the allowance by which it is booked; good for every class and appointment when it is left out.
    #[serde(default)]
    pub allowance_key: Option<String>,
}

/// What the pack of a visitor is good for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VisitorPack {
    /// What people call it; the name of the aggregator when it is left out.
    #[serde(default)]
    pub name: Option<String>,
    /// The first day on which it may be used; today when it is left out.
    #[serde(default)]
    pub valid_from: Option<LocalDate>,
    /// The last day on which it may be used; without an end when it is left out.
    #[serde(default)]
    pub valid_until: Option<LocalDate>,
    /// How often it may be used, at least once; without limit when it is left out.
    #[serde(default)]
    pub uses: Option<i32>,
    /// Whether it lets the customer into the studio; it does when it is left out.
    #[serde(default)]
    pub opens_door: Option<bool>,
    /// The key of the allowance by which it is booked; good for every class and appointment when it is left out.
    #[serde(default)]
    pub allowance_key: Option<String>,
}

/// Somebody whom an aggregator sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAggregatorVisitor {
    /// The aggregator, by its key in the gym file or by its id.
    pub aggregator: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The e-mail address, by which the visitor is found again.
    #[serde(default)]
    pub email: Option<String>,
    /// The id that the aggregator has for the visitor, who is found again by it before all else.
    #[serde(default)]
    pub third_party_id: Option<String>,
    /// What the aggregator pays for.
    pub pack: VisitorPack,
}

/// An aggregator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AggregatorRecord {
    /// Its id, which events tell.
    pub id: i64,
    /// Its key in the gym file.
    pub key: String,
    /// What people call it.
    pub name: String,
}

/// How a pack stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum PackStatus {
    /// It can be used.
    Usable,
    /// Its days have not begun.
    NotYetValid,
    /// Its days are over.
    Over,
    /// All uses are taken.
    UsedUp,
    /// Somebody ended it.
    Ended,
}

/// A pack of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PackRecord {
    /// The id of the pack.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// How it stands today.
    pub status: PackStatus,
    /// The studio in which it was given. It holds there and in the customer's home studio.
    pub studio_id: i64,
    /// The aggregator that pays for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregator_id: Option<i64>,
    /// The id that the aggregator has for the visitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub third_party_id: Option<String>,
    /// The first day on which it may be used.
    pub valid_from: LocalDate,
    /// The last day on which it may be used. Left out when it has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<LocalDate>,
    /// How often it may be used. Left out when there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses: Option<i64>,
    /// How often it was used.
    pub used: i64,
    /// The uses that remain. Left out when there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses_left: Option<i64>,
    /// Whether it lets the customer into the studio.
    pub opens_door: bool,
    /// The key of the allowance by which it is booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowance_key: Option<String>,
    /// When it was given.
    pub given_at: UtcDateTime,
    /// When somebody ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<UtcDateTime>,
}

/// A visitor of an aggregator who was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AggregatorVisitorRecord {
    /// The id of the customer.
    pub customer_id: i64,
    /// The number of the customer, as people read it.
    pub customer_number: String,
    /// Whether there was no such customer before.
    pub is_new: bool,
    /// The pack that the customer got.
    pub pack: PackRecord,
}
