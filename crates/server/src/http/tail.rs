//! What was changed lately, as the tail of the journal tells it, so that answers can be kept in memory and never be out of date.
//!
//! Every change leaves a record in the tenant's journal, at a position that ascends in the order of commits. Whoever keeps an answer
//! notes the position that its transaction saw. Whoever looks at it again asks here, in a transaction of their own, whether the
//! subject of the answer was changed since; what was done meanwhile is read from the journal once, by whoever comes first. So it does
//! not matter which server process made a change. What is not known to have nothing to do with a subject counts as a change of it
//! ([decision 29](../../../../docs/decisions/0029-answers-are-kept-by-the-journal.md)).

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use foldhash::fast::RandomState;
use gymkeeper_store::{
    db::{DbError, Tx},
    journal::{self, Done},
    tenant::TenantId,
};

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// When classes are held, and how many have booked.
    ClassSlots,
    /// When appointments can be booked, by whoever it may be.
    FreeTimes,
    /// How one customer is shown to programs.
    Customer(i64),
    /// Whom debt collectors mean, of all customers.
    Debtors,
}

/// So many records are read at a time at the most; behind more of them everything counts as changed.
const RECORDS: i64 = 1000;
/// So many customers are told apart; when more were changed, all count as changed.
const CUSTOMERS: usize = 100_000;

/// So many tenants are followed at a time.
const TENANTS: usize = 1000;

/// Who only looked.
const LOOKS: [&str; 2] = ["-read", ".read"];
/// What has nothing to do with anything planned: all actions that begin so.
const NOT_PLANNED: &[&str] = &[
    "access-",
    "aggregator-member.",
    "amendment.",
    "benefit.",
    "checkin.",
    "checkin-voucher.",
    "communication.",
    "contract.",
    "customer.",
    "document.",
    "idle-period.",
    "lead.",
    "member-list.",
    "pack.",
    "staff.",
    "webhook.",
    "weighing.",
];
/// What else may come along when somebody goes.
const FAREWELLS: &[&str] = &["customer.archived", "customer.erased", "customer.third-party-access-withdrawn"];
/// What happens to bookings of classes. It takes nobody's time: who leads a class is busy whether anybody comes or not.
const PLACES: &[&str] =
    &["class.booked", "class.booking-canceled", "class.booking-moved", "class.moved-up", "class.participation-noted"];
/// What can be changed without any customer being shown in another way, by the kind of what was changed.
const NO_CUSTOMER: &[&str] = &["api-key", "booking", "class-slot", "delivery", "employee", "job", "lead", "staff"];
/// What can be done without that, whatever it is done to.
const NOBODY: &[&str] =
    &["checkin.", "checkin-voucher.", "classes.published", "member-list.", "studio.day-turned", "webhook."];

/// What can be done to a customer without changing whom debt collectors mean: all actions that begin so.
const SAME_DEBTORS: &[&str] = &[
    "access-",
    "amendment.",
    "appointment.",
    "benefit.",
    "class.",
    "communication.",
    "contract.",
    "customer.address-",
    "customer.bank-account-",
    "customer.calendar-",
    "customer.communication-",
    "customer.contact-data-",
    "customer.image-",
    "customer.information-",
    "customer.note-",
    "customer.status-",
    "customer.third-party-",
    "document.",
    "idle-period.",
    "pack.",
    "weighing.",
];

/// The tails of the journals of all tenants that were asked about.
#[derive(Debug, Default)]
pub struct Tails(RwLock<HashMap<TenantId, Arc<RwLock<Tail>>>>);

/// Where each subject was changed last. Nothing is known of what was before the tail was begun, so all begin there.
#[derive(Debug)]
struct Tail {
    end: i64,
    class_slots: i64,
    free_times: i64,
    everybody: i64,
    debtors: i64,
    customers: HashMap<i64, i64, RandomState>,
}

impl Tail {
    fn begun(end: i64) -> Self {
        Self { end, class_slots: end, free_times: end, everybody: end, debtors: end, customers: HashMap::default() }
    }

    fn changed(&self, subject: Subject) -> i64 {
        match subject {
            Subject::ClassSlots => self.class_slots,
            Subject::FreeTimes => self.free_times,
            Subject::Customer(id) => self.everybody.max(self.customers.get(&id).copied().unwrap_or(0)),
            Subject::Debtors => self.everybody.max(self.debtors),
        }
    }

    /// Takes in what was done up to a position. Records that are missing may have been about anything.
    fn advance(&mut self, end: i64, done: &[Done]) {
        let known = self.end;
        let new = done.iter().filter(|one| one.position > known && one.position <= end);
        if i64::try_from(new.clone().count()) != Ok(end - known) {
            *self = Self::begun(end);
            return;
        }
        for Done { position, action, subject } in new {
            self.note(*position, action, subject.as_deref().unwrap_or_default());
        }
        self.end = end;
    }

    fn note(&mut self, position: i64, action: &str, subject: &str) {
        if LOOKS.iter().any(|end| action.ends_with(end)) {
            return;
        }
        if !NOT_PLANNED.iter().any(|begin| action.starts_with(begin)) || FAREWELLS.contains(&action) {
            if !action.starts_with("appointment.") {
                self.class_slots = position;
            }
            if !PLACES.contains(&action) {
                self.free_times = position;
            }
        }
        match subject.split_once(':') {
            Some(("customer", id)) if self.customers.len() < CUSTOMERS => match id.parse() {
                Ok(id) => {
                    self.customers.insert(id, position);
                    if !SAME_DEBTORS.iter().any(|begin| action.starts_with(begin)) {
                        self.debtors = position;
                    }
                }
                Err(_) => self.everybody = position,
            },
            Some((kind, _)) if NO_CUSTOMER.contains(&kind) => {}
            _ if NOBODY.iter().any(|begin| action.starts_with(begin)) => {}
            _ => {
                self.everybody = position;
                self.customers.clear();
            }
        }
    }
}

/// What a running transaction sees of the journal.
#[derive(Debug)]
pub struct Sight {
    position: i64,
    tail: Arc<RwLock<Tail>>,
}

impl Tails {
    /// What the transaction sees of a tenant's journal.
    ///
    /// # Errors
    /// The database's.
    pub fn sight(&self, tx: &mut Tx<'_>, tenant: TenantId) -> Result<Sight, DbError> {
        let position = journal::end(tx, tenant)?.unwrap_or(0);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned();
        let tail = known.unwrap_or_else(|| {
            let mut tails = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if tails.len() >= TENANTS {
                // Those who are asked about come back; what is kept of them is then too old.
                tails.clear();
            }
            Arc::clone(tails.entry(tenant).or_insert_with(|| Arc::new(RwLock::new(Tail::begun(position)))))
        });
        let end = tail.read().unwrap_or_else(PoisonError::into_inner).end;
        if end < position {
            let done = match position - end {
                0..=RECORDS => journal::done(tx, tenant, end, position - end)?,
                _ => Vec::new(),
            };
            let mut tail = tail.write().unwrap_or_else(PoisonError::into_inner);
            // Somebody else may have been faster.
            if tail.end < position {
                tail.advance(position, &done);
            }
        }
        Ok(Sight { position, tail })
    }
}

impl Sight {
    /// The end of the journal.
    pub const fn position(&self) -> i64 {
        self.position
    }

    /// Where all customers were changed at once the last time.
    pub fn everybody(&self) -> i64 {
        self.tail.read().unwrap_or_else(PoisonError::into_inner).everybody
    }

    /// Of what was kept at some positions, which still shows its subject as the transaction sees it. What a later one saw does not: it may
    /// know more.
    pub fn holds(&self, subject: Subject, since: i64) -> bool {
        let tail = self.tail.read().unwrap_or_else(PoisonError::into_inner);
        since <= self.position && tail.changed(subject) <= since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(position: i64, action: &str, subject: &str) -> Done {
        let subject = (!subject.is_empty()).then(|| subject.to_owned());
        Done { position, action: action.to_owned(), subject }
    }

    const ALL: [Subject; 5] =
        [Subject::ClassSlots, Subject::FreeTimes, Subject::Customer(7), Subject::Customer(8), Subject::Debtors];

    /// Whether slots, times, customer 7, customer 8 and debtors were changed by something.
    fn changed(action: &str, subject: &str) -> [bool; 5] {
        let mut tail = Tail::begun(10);
        tail.advance(11, &[done(11, action, subject)]);
        ALL.map(|subject| tail.changed(subject) == 11)
    }

    #[test]
    fn what_is_not_known_changes_everything() {
        for (action, subject) in
            [("new", ""), ("sandbox.reset", "snapshot:start"), ("inventory.changed", "entry:1"), ("new", "customer")]
        {
            assert_eq!(changed(action, subject), [true; 5], "{action} {subject}");
        }
        for (action, subject, expected) in [
            ("checkin.opened", "checkin:3", [false, false, false, false, false]),
            ("checkin.closed-automatically", "studio:3", [false, false, false, false, false]),
            ("customer.read", "customer:7", [false, false, false, false, false]),
            ("employee.absences-read", "employee:7", [false, false, false, false, false]),
            ("customer.created", "customer:7", [false, false, true, false, true]),
            ("customer.master-data-changed", "customer:9", [false, false, false, false, true]),
            ("customer.archived", "customer:8", [true, true, false, true, true]),
            ("customer.note-added", "customer:8", [false, false, false, true, false]),
            ("contract.entered", "customer:8", [false, false, false, true, false]),
            ("class.booked", "booking:7", [true, false, false, false, false]),
            ("appointment.booked", "booking:7", [false, true, false, false, false]),
            ("class-slot.changed", "class-slot:7", [true, true, false, false, false]),
            ("employee.updated", "employee:7", [true, true, false, false, false]),
            ("classes.published", "studio:7", [true, true, false, false, false]),
            ("studio.day-turned", "studio:7", [true, true, false, false, false]),
            ("studio.hours-changed", "studio:7", [true, true, true, true, true]),
            ("information-fields.changed", "", [true, true, true, true, true]),
        ] {
            assert_eq!(changed(action, subject), expected, "{action} {subject}");
        }
    }

    #[test]
    fn records_that_are_missing_may_have_been_about_anything() {
        let mut tail = Tail::begun(10);
        tail.advance(13, &[done(11, "checkin.opened", "checkin:1"), done(13, "checkin.opened", "checkin:2")]);
        assert_eq!(ALL.map(|subject| tail.changed(subject)), [13; 5]);
        tail.advance(14, &[]);
        assert_eq!((tail.end, tail.changed(Subject::Customer(7))), (14, 14));
        // What was read twice counts once.
        tail.advance(15, &[done(14, "new", ""), done(15, "checkin.opened", "checkin:1")]);
        assert_eq!((tail.end, tail.changed(Subject::ClassSlots)), (15, 14));
    }

    #[test]
    fn an_answer_from_the_future_is_none() {
        let mut tail = Tail::begun(10);
        tail.advance(12, &[done(11, "customer.created", "customer:7"), done(12, "checkin.opened", "checkin:1")]);
        let sight = Sight { position: 11, tail: Arc::new(RwLock::new(tail)) };
        let holds = |since| sight.holds(Subject::Customer(7), since);
        assert_eq!([10, 11, 12].map(holds), [false, true, false]);
        assert!(!sight.holds(Subject::Customer(8), 9), "nothing is known of what was before");
    }
}
