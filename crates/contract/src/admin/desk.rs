//! The check-in desk of a studio: who comes in, who is inside, who goes out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    common::UtcDateTime,
    customers::CustomerStatus,
    language::{Language, Texts},
};

super::resource! {
    "Check-in desk": "Who comes into a studio and who leaves it." {
        FIND_VISITORS = "findVisitors" Get "/studios/{studioId}/desk/search" CheckinsRead: "Find customers while somebody types";
        GET_VISITOR = "getVisitor" Get "/studios/{studioId}/desk/customers/{customerId}" CheckinsRead: "Whether a customer may enter, and why";
        CHECK_IN_VISITOR = "checkInVisitor" Post "/studios/{studioId}/desk/customers/{customerId}/check-in" CheckinsWrite: "Let a customer in";
        OVERRIDE_CHECK_IN = "overrideCheckIn" Post "/studios/{studioId}/desk/customers/{customerId}/check-in-override" CheckinOverride: "Let a customer in against the rules";
        LIST_OPEN_VISITS = "listOpenVisits" Get "/studios/{studioId}/desk/visits" CheckinsRead: "List who is inside";
        END_VISIT = "endVisit" Post "/studios/{studioId}/desk/visits/{visitId}/check-out" CheckinsWrite: "Let somebody out";
    }
}

/// A customer, as far as one needs it to recognize them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeskCustomer {
    /// The id of the customer.
    pub id: i64,
    /// The number that people know.
    pub customer_number: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// Whether it is a member, on the present day.
    pub status: CustomerStatus,
    /// The studio in which the customer is at home.
    pub home_studio_id: i64,
    /// Where the picture can be fetched, for 15 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// A customer at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeskVisitor {
    /// The customer.
    pub customer: DeskCustomer,
    /// Whether the customer may enter now.
    pub allowed: bool,
    /// Everything that speaks against it, the one that decides first. Empty for whoever may enter.
    pub reasons: Vec<DeskReason>,
    /// The visit that is going on, in whichever studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<DeskStay>,
}

/// A reason why a customer may not enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeskReason {
    /// The reason.
    pub code: AccessReason,
    /// The same in a sentence, in the language asked for.
    pub text: String,
}

/// A visit that is going on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeskStay {
    /// The id of the visit.
    pub id: i64,
    /// Where it is.
    pub studio_id: i64,
    /// When it began.
    pub checked_in_at: UtcDateTime,
}

/// Why a customer is let in against the rules.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeskOverride {
    /// Why, in a sentence; at most 1000 characters.
    pub note: String,
}

/// A visit of a studio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeskVisit {
    /// The id of the visit.
    pub id: i64,
    /// When it began.
    pub checked_in_at: UtcDateTime,
    /// When it ended. Left out while it is going on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_out_at: Option<UtcDateTime>,
    /// Who it is. Left out for guests whom nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<DeskCustomer>,
    /// How it came that the customer was let in against the rules. Left out for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<DeskException>,
}

/// How a customer was let in against the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeskException {
    /// The account of whoever did it.
    pub staff_id: i64,
    /// The reasons against it.
    pub reasons: Vec<AccessReason>,
    /// Why it was done all the same.
    pub note: String,
}

macro_rules! reasons {
    ($($(#[$about:meta])* $name:ident = $code:literal $english:literal $german:literal;)+) => {
        /// Why a customer may not enter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
        #[schemars(inline)]
        pub enum AccessReason {
            $($(#[$about])* #[serde(rename = $code)] $name,)+
        }

        impl AccessReason {
            /// All of them, in the order in which they are looked for.
            pub const ALL: &'static [AccessReason] = &[$(AccessReason::$name),+];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self {
                    $(AccessReason::$name => $code,)+
                }
            }

            /// The sentence for people.
            pub const fn text(self, language: Language) -> &'static str {
                match (self, language.texts()) {
                    $(
                        (AccessReason::$name, Texts::English) => $english,
                        (AccessReason::$name, Texts::German) => $german,
                    )+
                }
            }
        }
    };
}

reasons! {
    /// The studio is closed.
    StudioClosed = "STUDIO_CLOSED" "The studio is closed." "Das Studio ist geschlossen.";
    /// The customer was archived.
    Archived = "ARCHIVED" "The customer is archived." "Der Kunde ist archiviert.";
    /// Somebody keeps the customer out.
    Restriction = "RESTRICTION" "The customer is barred." "Der Kunde ist gesperrt.";
    /// Money is owed and reminders were sent.
    Dunning = "DUNNING" "The customer owes money and was reminded of it." "Der Kunde hat angemahnte Rückstände.";
    /// The debt was handed over for collection.
    DebtCollection = "DEBT_COLLECTION" "The customer's debt is being collected." "Die Forderung gegen den Kunden ist im Inkasso.";
    /// There is no contract in use, no pack and no voucher.
    NoContract = "NO_CONTRACT" "There is no contract that runs today, no pack with uses left, and no voucher." "Heute läuft kein Vertrag, und es gibt weder eine Mehrfachkarte mit freien Besuchen noch einen Gutschein.";
    /// There is one, but not for this studio.
    NotValidHere = "NOT_VALID_HERE" "The contract does not hold in this studio." "Der Vertrag gilt nicht in diesem Studio.";
    /// The contract does not allow this hour.
    OutsideHours = "OUTSIDE_HOURS" "The contract does not hold at this hour." "Der Vertrag gilt nicht um diese Uhrzeit.";
    /// The contract pauses.
    Idle = "IDLE" "The contract is paused." "Der Vertrag ruht.";
    /// The studio is full.
    Full = "FULL" "The studio is full." "Das Studio ist voll.";
}
