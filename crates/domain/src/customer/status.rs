//! What a customer is on a day, and whether the door is closed to them (CUST-1, CUST-2, CUST-11, CUST-22).

use jiff::civil::Date;

use super::days::Days;

/// What a customer is to the gym.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Never had a contract.
    Prospect,
    /// Has a contract, running or to come.
    Member,
    /// Had contracts, and all are over.
    FormerMember,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Prospect, Self::Member, Self::FormerMember];

    /// The name under which it is stored and sent, such as `FORMER_MEMBER`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prospect => "PROSPECT",
            Self::Member => "MEMBER",
            Self::FormerMember => "FORMER_MEMBER",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// What counts of a main contract. Modules and flat fees are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MainContract {
    /// The day on which it was concluded, which may be long before it begins.
    pub concluded: Date,
    /// Its last day; nothing while it has no end.
    pub end: Option<Date>,
    /// Whether it was made void, as if it had never been.
    pub reversed: bool,
}

/// What somebody with these main contracts is on `day`.
#[must_use]
pub fn status_on(contracts: impl IntoIterator<Item = MainContract>, day: Date) -> Status {
    // CUST-1, CUST-2
    let mut status = Status::Prospect;
    for contract in contracts {
        if contract.reversed || contract.concluded > day {
            continue;
        }
        if contract.end.is_none_or(|end| day <= end) {
            return Status::Member;
        }
        status = Status::FormerMember;
    }
    status
}

/// Whether the door is closed to a customer on `day`, by anything that can close it: restrictions of this and other
/// integrations and of staff, dunning, debt collection, idle periods in which the customer may not come (CUST-11).
#[must_use]
pub fn is_access_refused(reasons: impl IntoIterator<Item = Days>, day: Date) -> bool {
    reasons.into_iter().any(|days| days.covers(day))
}

/// Whether something with these days is shown with a customer: in force or later (CUST-22).
#[must_use]
pub fn is_listed(days: Days, today: Date) -> bool {
    !days.is_over(today)
}

/// What is wrong with the days of a restriction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestrictionDatesRefusal {
    /// One of the two days is missing: both or none.
    Incomplete,
    /// It ends before it begins, or is over already.
    Impossible,
}

/// The days of a restriction that a client asks for; without days it holds until it is removed.
///
/// # Errors
/// When the days cannot be (CUST-11).
pub fn restriction_days(from: Option<Date>, to: Option<Date>, today: Date) -> Result<Days, RestrictionDatesRefusal> {
    match (from, to) {
        // CUST-11
        (None, None) => Ok(Days::ALWAYS),
        (Some(from), Some(to)) if to < from || to < today => Err(RestrictionDatesRefusal::Impossible),
        (Some(from), Some(to)) => Ok(Days::between(from, to)),
        (Some(_), None) | (None, Some(_)) => Err(RestrictionDatesRefusal::Incomplete),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn contract(concluded: &str, end: Option<&str>) -> MainContract {
        MainContract { concluded: day(concluded), end: end.map(day), reversed: false }
    }

    #[test]
    fn cust_2_status_over_time() {
        let one = [contract("2026-11-21", Some("2027-11-30"))];
        let void = [MainContract { reversed: true, ..one[0] }];
        let again = [one[0], contract("2028-02-01", None)];
        for (contracts, on, status) in [
            (&[][..], "2026-11-21", Status::Prospect),
            (&one, "2026-11-20", Status::Prospect),
            (&one, "2026-11-21", Status::Member),
            (&one, "2027-11-30", Status::Member),
            (&one, "2027-12-01", Status::FormerMember),
            (&void, "2027-01-01", Status::Prospect),
            (&void, "2028-01-01", Status::Prospect),
            (&again, "2028-01-31", Status::FormerMember),
            (&again, "2028-02-01", Status::Member),
            (&again, "2099-01-01", Status::Member),
        ] {
            assert_eq!(status_on(contracts.iter().copied(), day(on)), status, "{contracts:?} {on}");
        }
    }

    #[test]
    fn cust_11_days_of_a_restriction() {
        let today = day("2026-11-21");
        for (from, to, expected) in [
            (None, None, Ok(Days::ALWAYS)),
            (Some("2026-11-21"), Some("2026-11-21"), Ok(Days::between(today, today))),
            (Some("2026-01-01"), Some("2026-11-21"), Ok(Days::between(day("2026-01-01"), today))),
            (Some("2026-11-21"), None, Err(RestrictionDatesRefusal::Incomplete)),
            (None, Some("2026-11-21"), Err(RestrictionDatesRefusal::Incomplete)),
            (Some("2026-11-22"), Some("2026-11-21"), Err(RestrictionDatesRefusal::Impossible)),
            (Some("2026-11-01"), Some("2026-11-20"), Err(RestrictionDatesRefusal::Impossible)),
        ] {
            assert_eq!(restriction_days(from.map(day), to.map(day), today), expected, "{from:?} {to:?}");
        }
    }

    #[test]
    fn cust_11_and_22_what_is_in_force_and_what_is_listed() {
        let today = day("2026-11-21");
        for (days, refused, listed) in [
            (Days::ALWAYS, true, true),
            (Days::between(day("2026-11-01"), day("2026-11-20")), false, false),
            (Days::between(day("2026-11-01"), today), true, true),
            (Days::between(today, day("2026-11-30")), true, true),
            (Days::between(day("2026-11-22"), day("2026-11-30")), false, true),
        ] {
            assert_eq!(is_access_refused([days], today), refused, "{days:?}");
            assert_eq!(is_listed(days, today), listed, "{days:?}");
        }
        assert!(!is_access_refused([], today));
    }
}
