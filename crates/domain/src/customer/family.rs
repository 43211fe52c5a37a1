//! Families: contracts that belong to another contract, and how one of them leaves (FAM-1, FAM-2).

use jiff::civil::Date;

use crate::calendar;

/// Why a contract may not join the family of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinRefusal {
    /// Both contracts are of the same customer.
    SameCustomer,
    /// The contracts were signed in two studios.
    OtherStudio,
    /// The other contract is a member of a family itself.
    HeadIsMember,
    /// The contract is the head of a family itself.
    MemberIsHead,
}

/// What joining a family looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinFacts {
    /// Whether both contracts are of one customer.
    pub is_same_customer: bool,
    /// Whether both contracts were signed in one studio.
    pub is_same_studio: bool,
    /// Whether the head is a member of another family.
    pub head_is_member: bool,
    /// Whether the contract that joins has members of its own.
    pub member_is_head: bool,
}

/// Whether a contract may join a family. There are no families of families.
///
/// # Errors
/// The first reason against it (FAM-1).
pub const fn may_join(facts: JoinFacts) -> Result<(), JoinRefusal> {
    if facts.is_same_customer {
        Err(JoinRefusal::SameCustomer)
    } else if !facts.is_same_studio {
        Err(JoinRefusal::OtherStudio)
    } else if facts.head_is_member {
        Err(JoinRefusal::HeadIsMember)
    } else if facts.member_is_head {
        Err(JoinRefusal::MemberIsHead)
    } else {
        Ok(())
    }
}

/// Why a contract cannot leave its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveRefusal {
    /// It has none, or is its head.
    NotInFamily,
    /// It is over, or was made void.
    Over,
    /// It was canceled already, and ends by that.
    Canceled,
}

/// What leaving a family looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaveFacts {
    /// Whether the contract is a member of a family.
    pub is_member: bool,
    /// Whether it was made void.
    pub is_reversed: bool,
    /// Whether notice was given.
    pub is_canceled: bool,
    /// The first day of use.
    pub use_from: Date,
    /// The last day as it stands.
    pub end: Date,
}

/// The last day of a contract that leaves its family on `today`: that day, or, where nobody could use it yet, the day before its
/// first day of use.
///
/// # Errors
/// The first reason against it (FAM-2, CAN-12).
pub fn last_day_on_leaving(facts: LeaveFacts, today: Date) -> Result<Date, LeaveRefusal> {
    if !facts.is_member {
        return Err(LeaveRefusal::NotInFamily);
    }
    if facts.is_reversed || today > facts.end {
        return Err(LeaveRefusal::Over);
    }
    if facts.is_canceled {
        return Err(LeaveRefusal::Canceled);
    }
    Ok(today.max(calendar::day_before(facts.use_from)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn fam_1_who_may_join() {
        let fine =
            JoinFacts { is_same_customer: false, is_same_studio: true, head_is_member: false, member_is_head: false };
        for (facts, expected) in [
            (fine, Ok(())),
            (JoinFacts { is_same_customer: true, is_same_studio: false, ..fine }, Err(JoinRefusal::SameCustomer)),
            (JoinFacts { is_same_studio: false, head_is_member: true, ..fine }, Err(JoinRefusal::OtherStudio)),
            (JoinFacts { head_is_member: true, member_is_head: true, ..fine }, Err(JoinRefusal::HeadIsMember)),
            (JoinFacts { member_is_head: true, ..fine }, Err(JoinRefusal::MemberIsHead)),
        ] {
            assert_eq!(may_join(facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn fam_2_and_can_12_who_may_leave_and_when_that_ends() {
        let today = date(2026, 11, 21);
        let running = LeaveFacts {
            is_member: true,
            is_reversed: false,
            is_canceled: false,
            use_from: date(2026, 3, 15),
            end: date(2027, 3, 14),
        };
        for (facts, expected) in [
            (running, Ok(today)),
            (LeaveFacts { end: today, ..running }, Ok(today)),
            (LeaveFacts { use_from: today, ..running }, Ok(today)),
            // Who has not begun does not begin.
            (LeaveFacts { use_from: date(2026, 11, 22), ..running }, Ok(today)),
            (LeaveFacts { use_from: date(2026, 12, 1), ..running }, Ok(date(2026, 11, 30))),
            (LeaveFacts { is_member: false, is_reversed: true, ..running }, Err(LeaveRefusal::NotInFamily)),
            (LeaveFacts { is_reversed: true, is_canceled: true, ..running }, Err(LeaveRefusal::Over)),
            (LeaveFacts { end: date(2026, 11, 20), is_canceled: true, ..running }, Err(LeaveRefusal::Over)),
            (LeaveFacts { is_canceled: true, ..running }, Err(LeaveRefusal::Canceled)),
        ] {
            assert_eq!(last_day_on_leaving(facts, today), expected, "{facts:?}");
        }
    }
}
