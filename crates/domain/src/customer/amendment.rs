//! Changes that customers ask for themselves, and whether staff must look at them first (AMD-1 to AMD-8).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::serde_defaults::is_default;

/// What the studio lets customers do with one kind of their data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AmendmentMode {
    /// They may look, and staff changes.
    Read,
    /// They may ask, and staff accepts or rejects.
    #[default]
    ChangesRequireVerification,
    /// They may change it.
    ChangesWithoutVerification,
}

impl AmendmentMode {
    /// The name under which it is stored and sent, such as `READ`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::ChangesRequireVerification => "CHANGES_REQUIRE_VERIFICATION",
            Self::ChangesWithoutVerification => "CHANGES_WITHOUT_VERIFICATION",
        }
    }
}

/// What customers of a studio may change themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SelfService {
    /// E-mail address and telephone numbers.
    #[serde(skip_serializing_if = "is_default")]
    pub contact: AmendmentMode,
    /// The address.
    #[serde(skip_serializing_if = "is_default")]
    pub address: AmendmentMode,
    /// Names, birth, gender, title.
    #[serde(skip_serializing_if = "is_default")]
    pub master: AmendmentMode,
    /// The bank account.
    #[serde(skip_serializing_if = "is_default")]
    pub payment: AmendmentMode,
    /// Whether the mandate for a new bank account must be signed.
    #[serde(skip_serializing_if = "is_default")]
    pub signature_required: bool,
}

impl SelfService {
    /// What customers may do with one kind of their data.
    #[must_use]
    pub const fn mode(&self, kind: AmendmentKind) -> AmendmentMode {
        match kind {
            AmendmentKind::ContactData => self.contact,
            AmendmentKind::AddressData => self.address,
            AmendmentKind::MasterData => self.master,
            AmendmentKind::PaymentData => self.payment,
        }
    }
}

/// The kind of data that an amendment changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AmendmentKind {
    /// E-mail address and telephone numbers.
    ContactData,
    /// The address.
    AddressData,
    /// Names, birth, gender, title.
    MasterData,
    /// The bank account.
    PaymentData,
}

impl AmendmentKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::ContactData, Self::AddressData, Self::MasterData, Self::PaymentData];

    /// The name under which it is stored, such as `CONTACT_DATA`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContactData => "CONTACT_DATA",
            Self::AddressData => "ADDRESS_DATA",
            Self::MasterData => "MASTER_DATA",
            Self::PaymentData => "PAYMENT_DATA",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What becomes of a request to change data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmendmentDecision {
    /// The studio does not let customers change this.
    NotAllowed,
    /// It is what the data are already: nothing happens.
    Unchanged,
    /// Another request of this kind waits for staff.
    PendingExists,
    /// It is done at once.
    Apply,
    /// It waits for staff.
    AwaitVerification,
}

/// Decides about a request. `changed` tells whether it differs from the present data, `pending_exists` whether an older one of
/// the same kind and customer waits.
#[must_use]
pub const fn decide(mode: AmendmentMode, changed: bool, pending_exists: bool) -> AmendmentDecision {
    match mode {
        // AMD-7
        AmendmentMode::Read => AmendmentDecision::NotAllowed,
        _ if !changed => AmendmentDecision::Unchanged,
        // AMD-2. Also where changes need no verification any more: accepting the older request later would undo this one.
        _ if pending_exists => AmendmentDecision::PendingExists,
        AmendmentMode::ChangesWithoutVerification => AmendmentDecision::Apply,
        AmendmentMode::ChangesRequireVerification => AmendmentDecision::AwaitVerification,
    }
}

/// Where an amendment stands. All states but the first are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AmendmentState {
    /// It waits for staff.
    Pending,
    /// The data are as it asked.
    Applied,
    /// Staff said no.
    Rejected,
    /// The customer took it back.
    Withdrawn,
}

impl AmendmentState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Applied, Self::Rejected, Self::Withdrawn];

    /// The name under which it is stored, such as `PENDING`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Applied => "APPLIED",
            Self::Rejected => "REJECTED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What somebody does about an amendment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmendmentStep {
    /// Staff accepts it.
    Accept,
    /// Staff rejects it.
    Reject,
    /// The customer takes it back.
    Withdraw,
}

/// The state after a step; nothing when it is no longer pending.
#[must_use]
pub const fn after(state: AmendmentState, step: AmendmentStep) -> Option<AmendmentState> {
    // AMD-2
    match (state, step) {
        (AmendmentState::Pending, AmendmentStep::Accept) => Some(AmendmentState::Applied),
        (AmendmentState::Pending, AmendmentStep::Reject) => Some(AmendmentState::Rejected),
        (AmendmentState::Pending, AmendmentStep::Withdraw) => Some(AmendmentState::Withdrawn),
        _ => None,
    }
}

/// The value of a contact field after a request: left out keeps it, empty clears it (AMD-4). An e-mail address cannot be cleared,
/// which the caller refuses before.
#[must_use]
pub fn contact_value<'a>(present: Option<&'a str>, requested: Option<&'a str>) -> Option<&'a str> {
    match requested.map(str::trim) {
        None => present,
        Some("") => None,
        Some(text) => Some(text),
    }
}

/// Whether a new bank account must come with a signature: where it will be debited directly, and the studio asks for signatures
/// (AMD-8).
#[must_use]
pub const fn requires_signature(is_direct_debit: bool, studio_asks_for_signatures: bool) -> bool {
    is_direct_debit && studio_asks_for_signatures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amd_2_and_7_what_becomes_of_a_request() {
        use AmendmentDecision::*;
        use AmendmentMode::*;
        for (mode, changed, pending_exists, decision) in [
            (Read, true, false, NotAllowed),
            (Read, false, true, NotAllowed),
            (ChangesRequireVerification, true, false, AwaitVerification),
            (ChangesRequireVerification, true, true, PendingExists),
            (ChangesRequireVerification, false, true, Unchanged),
            (ChangesWithoutVerification, true, false, Apply),
            (ChangesWithoutVerification, true, true, PendingExists),
            (ChangesWithoutVerification, false, false, Unchanged),
        ] {
            assert_eq!(decide(mode, changed, pending_exists), decision, "{mode:?} {changed} {pending_exists}");
        }
    }

    #[test]
    fn amd_2_only_pending_ones_move() {
        for state in AmendmentState::ALL {
            for step in [AmendmentStep::Accept, AmendmentStep::Reject, AmendmentStep::Withdraw] {
                let moved = after(state, step);
                assert_eq!(moved.is_some(), state == AmendmentState::Pending, "{state:?} {step:?}");
                assert_ne!(moved, Some(AmendmentState::Pending));
            }
            assert_eq!(AmendmentState::of_name(state.name()), Some(state));
        }
    }

    #[test]
    fn amd_4_left_out_keeps_and_empty_clears() {
        for (present, requested, value) in [
            (Some("1"), None, Some("1")),
            (Some("1"), Some(""), None),
            (Some("1"), Some(" "), None),
            (Some("1"), Some("2"), Some("2")),
            (None, Some(" 2 "), Some("2")),
            (None, None, None),
        ] {
            assert_eq!(contact_value(present, requested), value, "{present:?} {requested:?}");
        }
    }

    #[test]
    fn amd_8_signatures_are_for_mandates() {
        assert!(requires_signature(true, true));
        assert!(!requires_signature(true, false) && !requires_signature(false, true));
    }

    #[test]
    fn amd_1_each_kind_has_a_mode_of_its_own() {
        let config: SelfService =
            serde_json::from_str(r#"{"contact":"READ","payment":"CHANGES_WITHOUT_VERIFICATION"}"#).unwrap();
        use AmendmentMode::*;
        let modes = AmendmentKind::ALL.map(|kind| config.mode(kind));
        let open = ChangesRequireVerification;
        assert_eq!(modes, [Read, open, open, ChangesWithoutVerification]);
        assert_eq!(serde_json::to_string(&SelfService::default()).unwrap(), "{}");
        assert!(serde_json::from_str::<SelfService>(r#"{"contract":"READ"}"#).is_err());
    }

    #[test]
    fn names_are_those_of_the_gym_file() {
        for mode in
            [AmendmentMode::Read, AmendmentMode::ChangesRequireVerification, AmendmentMode::ChangesWithoutVerification]
        {
            assert_eq!(serde_json::to_string(&mode).unwrap(), format!("\"{}\"", mode.name()));
        }
        for kind in AmendmentKind::ALL {
            assert_eq!(AmendmentKind::of_name(kind.name()), Some(kind));
        }
    }
}
