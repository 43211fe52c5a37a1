//! The door: may this person come in now, and by what right (CHK-3)?
//!
//! Whatever asks, a turnstile, a tablet at the desk or a check-in over the API, asks [`decide`] with the same facts. It reads
//! nothing itself; whoever calls it gathers the facts in one transaction, counts who is inside, and records the visit there.
//!
//! Somebody may have several rights: two contracts, a contract and a day pass. Each step of the order takes away those that
//! fail it; the first step that leaves none is the reason. What a member is told is therefore about the right that came the
//! furthest, and a day pass helps where a contract is only good for the morning.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

use super::days::Days;
use crate::studio::OpeningHoursCategory;

/// Where a right to come in holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidStudios<'a> {
    /// In all studios of the operator.
    All,
    /// Only in these.
    Only(&'a [i64]),
}

impl ValidStudios<'_> {
    fn include(self, studio: i64) -> bool {
        match self {
            Self::All => true,
            Self::Only(studios) => studios.contains(&studio),
        }
    }
}

/// Why a customer is kept out by days and not by a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A restriction by staff or by an integration.
    Restriction,
    /// Money is owed and reminders were sent.
    Dunning,
    /// The debt was handed over for collection.
    DebtCollection,
}

/// Days on which a customer is kept out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Why.
    pub kind: BlockKind,
    /// When.
    pub days: Days,
}

/// An accepted pause of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdlePeriod {
    /// Its days.
    pub days: Days,
    /// Whether the member may not come while it lasts.
    pub refuses_access: bool,
}

/// A main contract as the door sees it.
#[derive(Clone, Copy, Debug)]
pub struct Contract<'a> {
    /// Its id.
    pub id: i64,
    /// The first day on which it may be used, pre-use included.
    pub use_from: Date,
    /// Its last day; nothing while it has no end.
    pub end: Option<Date>,
    /// Whether it was made void.
    pub reversed: bool,
    /// Where it holds.
    pub studios: ValidStudios<'a>,
    /// The hours it is limited to, any of them; nothing for no limit. An empty list lets nobody in.
    pub hours: Option<&'a [OpeningHoursCategory]>,
    /// Its pauses.
    pub idle_periods: &'a [IdlePeriod],
}

/// What a pass is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassKind {
    /// Bought online or at the desk: a day pass, a block of entries.
    DayPass,
    /// A redeemed check-in voucher.
    Voucher,
    /// A visit paid by an aggregator.
    Aggregator,
}

/// A right to come in without a contract.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a> {
    /// What it is.
    pub kind: PassKind,
    /// Its id among those of its kind.
    pub id: i64,
    /// The days on which it may be used.
    pub days: Days,
    /// How many visits are left; nothing for no limit.
    pub uses_left: Option<u32>,
    /// Whether it was used on this day already: coming back on the same day takes no further use (ONL-2). Never for a
    /// voucher, which ends with its one visit (CHV-2).
    pub used_today: bool,
    /// Where it holds.
    pub studios: ValidStudios<'a>,
}

/// How full the studio is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occupancy {
    /// How many people are inside.
    pub inside: u32,
    /// How many may be; nothing for no limit.
    pub capacity: Option<u32>,
    /// Whether the studio keeps people out when it is full. Otherwise the capacity is a figure for display (CHK-5).
    pub blocks: bool,
}

/// All that the decision looks at.
#[derive(Clone, Copy, Debug)]
pub struct AccessFacts<'a> {
    /// The studio whose door it is.
    pub studio: i64,
    /// Whether the studio is open at that moment.
    pub is_open: bool,
    /// Whether the customer was archived.
    pub is_archived: bool,
    /// Days on which the customer is kept out.
    pub blocks: &'a [Block],
    /// The customer's main contracts, those to be preferred first.
    pub contracts: &'a [Contract<'a>],
    /// The customer's other rights, those to be preferred first. They are used only when no contract lets the customer in.
    pub passes: &'a [Pass<'a>],
    /// How full the studio is.
    pub occupancy: Occupancy,
}

/// By what right somebody comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// A contract.
    Contract {
        /// Its id.
        id: i64,
    },
    /// A pass.
    Pass {
        /// What it is.
        kind: PassKind,
        /// Its id among those of its kind.
        id: i64,
        /// Whether the visit takes one of its uses.
        takes_use: bool,
    },
}

/// Why somebody is kept out, in the order in which the reasons are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessRefusal {
    /// The studio is closed.
    StudioClosed,
    /// The customer was archived.
    Archived,
    /// The customer is blocked.
    Blocked(BlockKind),
    /// There is no contract in use on this day, and no pass that is valid and not used up.
    NoContract,
    /// A contract or pass there is, but not for this studio.
    NotValidHere,
    /// The contract does not allow this hour.
    OutsideHours,
    /// The contract pauses.
    Idle,
    /// The studio is full.
    Full,
}

/// The answer at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Come in.
    Allowed(Right),
    /// Stay out.
    Refused(AccessRefusal),
}

/// The answer at the door with everything that speaks against coming in, for whoever has to explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The answer.
    pub decision: Decision,
    /// Each reason once, in the order in which they are looked for; the first one is that of the decision.
    pub refusals: Vec<AccessRefusal>,
}

/// Decides whether the customer may come in at `at`, in the studio's zone.
#[must_use]
pub fn decide(facts: &AccessFacts<'_>, at: DateTime) -> Decision {
    judge(facts, at).decision
}

/// As [`decide`], with every reason against it. Of contracts and passes only the one that came the furthest has a reason.
#[must_use]
pub fn judge(facts: &AccessFacts<'_>, at: DateTime) -> Judgement {
    let today = at.date();
    let mut refusals = Vec::new();
    // CHK-3, in its order.
    if !facts.is_open {
        refusals.push(AccessRefusal::StudioClosed);
    }
    if facts.is_archived {
        refusals.push(AccessRefusal::Archived);
    }
    for block in facts.blocks.iter().filter(|block| block.days.covers(today)) {
        let refusal = AccessRefusal::Blocked(block.kind);
        if !refusals.contains(&refusal) {
            refusals.push(refusal);
        }
    }
    let right = right_of(facts, at);
    refusals.extend(right.err());
    let Occupancy { inside, capacity, blocks } = facts.occupancy;
    if blocks && capacity.is_some_and(|capacity| inside >= capacity) {
        refusals.push(AccessRefusal::Full);
    }
    let decision = match (refusals.first(), right) {
        (Some(first), _) => Decision::Refused(*first),
        (None, Ok(right)) => Decision::Allowed(right),
        (None, Err(refusal)) => Decision::Refused(refusal),
    };
    Judgement { decision, refusals }
}

/// The contract or pass by which somebody comes in.
fn right_of(facts: &AccessFacts<'_>, at: DateTime) -> Result<Right, AccessRefusal> {
    let today = at.date();
    let running = |contract: &&Contract<'_>| is_running(contract, today);
    let usable = |pass: &&Pass<'_>| is_usable(pass, today);
    let mut contracts: Vec<_> = facts.contracts.iter().filter(running).collect();
    let mut passes: Vec<_> = facts.passes.iter().filter(usable).collect();
    if contracts.is_empty() && passes.is_empty() {
        return Err(AccessRefusal::NoContract);
    }
    contracts.retain(|contract| contract.studios.include(facts.studio));
    passes.retain(|pass| pass.studios.include(facts.studio));
    if contracts.is_empty() && passes.is_empty() {
        return Err(AccessRefusal::NotValidHere);
    }
    // Hours and pauses belong to contracts; a pass goes past these two steps.
    contracts.retain(|contract| allows_hour(contract, at));
    if contracts.is_empty() && passes.is_empty() {
        return Err(AccessRefusal::OutsideHours);
    }
    contracts.retain(|contract| !is_idle(contract, today));
    // ONL-2: whoever comes back does so by the pass that was used already, even if others come before it.
    match (contracts.first(), passes.iter().min_by_key(|pass| takes_use(pass))) {
        (Some(contract), _) => Ok(Right::Contract { id: contract.id }),
        (None, Some(pass)) => Ok(Right::Pass { kind: pass.kind, id: pass.id, takes_use: takes_use(pass) }),
        (None, None) => Err(AccessRefusal::Idle),
    }
}

fn is_running(contract: &Contract<'_>, today: Date) -> bool {
    !contract.reversed && contract.use_from <= today && contract.end.is_none_or(|end| today <= end)
}

fn is_usable(pass: &Pass<'_>, today: Date) -> bool {
    pass.days.covers(today) && (pass.uses_left != Some(0) || !takes_use(pass))
}

/// CHV-2: a voucher is good for one visit; ONL-2: other passes for as many as one likes on the same day.
fn takes_use(pass: &Pass<'_>) -> bool {
    pass.kind == PassKind::Voucher || !pass.used_today
}

fn allows_hour(contract: &Contract<'_>, at: DateTime) -> bool {
    contract.hours.is_none_or(|categories| categories.iter().any(|category| category.contains(at)))
}

fn is_idle(contract: &Contract<'_>, today: Date) -> bool {
    contract.idle_periods.iter().any(|idle| idle.refuses_access && idle.days.covers(today))
}

/// When a visit without a check-out ends by itself (CHK-4): when the studio closes, and where it does not close after the
/// check-in (it never closes, or somebody came in when it was closed), after so many hours.
#[must_use]
pub fn automatic_checkout(checked_in: Timestamp, closing: Option<Timestamp>, after_hours: u32) -> Timestamp {
    // CHK-4
    let by_hours = checked_in.saturating_add(SignedDuration::from_hours(i64::from(after_hours)));
    closing.filter(|closing| *closing > checked_in).unwrap_or_else(|| by_hours.unwrap_or(Timestamp::MAX))
}

/// Ends by the hour are looked after so many minutes at a time, or a studio that never closes would be busy all day.
const HOURLY_ENDS_EVERY_MINUTES: i64 = 5;

/// When somebody has to see to a visit that ends by itself at `end` (CHK-4): at the closing hour itself; where the studio does not
/// close, at the next full five minutes. What is noted is `end` in any case.
#[must_use]
pub fn automatic_checkout_due(end: Timestamp, closing: Option<Timestamp>) -> Timestamp {
    if closing == Some(end) {
        return end;
    }
    let step = HOURLY_ENDS_EVERY_MINUTES * 60;
    let seconds = end.as_second() + i64::from(end.subsec_nanosecond() > 0);
    let begun = seconds.rem_euclid(step);
    let due = if begun == 0 { seconds } else { seconds + step - begun };
    Timestamp::from_second(due).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
