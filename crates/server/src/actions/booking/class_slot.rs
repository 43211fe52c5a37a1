//! Places in classes: whether somebody gets one, taking it, giving it back, and moving up from the waiting list.
//!
//! Whoever changes who is in a slot claims it first ([`slot::claim`]) and reads afterwards, so that the last place is given once.
//! A customer's row is held before that: nobody is in two places at once either. Validating asks the same decision.

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::{
    TimeTerm,
    booking::{
        BookingStatus, Participation,
        allowance::BookableKind,
        cancelation::{CancelFacts, Canceled},
        class::{Class, MOVES_UP_UNTIL},
        class_slot::{Placement, Places, SlotFacts, SlotRefusal, decide},
        trial,
    },
};
use gymkeeper_store::{
    booking::{
        self, Booking,
        slot::{self, Slot},
    },
    customer::{self as customers, Customer},
    db::{DbError, Tx},
    inventory::Kind,
    job,
    tenant::TenantId,
};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    Defined,
    allowance::{self, Entitlement, Grant, Wanted},
    deed, defined, end, fresh, may_cancel, note_participation, status, told_time,
};
use crate::{
    actions::{
        change::{Change, Deed},
        customer::{self, StudioOf},
    },
    http::failure::{Failure, Refusal},
    workers::jobs,
};

/// On which terms somebody books.
#[derive(Debug, Clone, Copy)]
pub enum Terms<'t> {
    /// With what a contract lets them book.
    Allowance,
    /// To try it, whether or not they have anything (TRI-6).
    Trial(&'t TrialTerms),
    /// Staff books for them, taking what they have, and may do so against most of the rules.
    Staff {
        /// Whether to book against the rules.
        overrides: bool,
        /// A numbered spot.
        spot: Option<i64>,
    },
}

/// Whether staff may book all the same.
fn may_override(refusal: SlotRefusal) -> bool {
    !matches!(refusal, SlotRefusal::Canceled | SlotRefusal::AlreadyBooked)
}

/// What a trial offer says about somebody's booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialTerms {
    /// The trial offer, in the inventory.
    pub offer: i64,
    /// Why it does not let them (TRI-3).
    pub refusal: Option<ErrorCode>,
    /// It must be confirmed so long before the start (TRI-4).
    pub confirmation: Option<TimeTerm>,
}

/// A place that somebody wants, with everything that was found about it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What stands for and against it.
    pub facts: SlotFacts,
    /// What may be taken for it; nothing where nothing needs to be.
    grants: Vec<Grant>,
    needs_allowance: bool,
}

/// Everything that decides whether a customer gets a place in a slot.
///
/// # Errors
/// The database's; when something about class, contracts or allowances cannot be read.
pub fn ask(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: &StudioOf,
    class: &Defined<Class>,
    slot: &Slot,
    customer: &Customer,
    terms: Terms<'_>,
) -> Result<Asked, DbError> {
    let (zone, what) = (&studio.zone, &class.definition);
    let needs_allowance = what.needs_allowance && !matches!(terms, Terms::Trial(_));
    // Whoever rests does so whether or not anything has to be taken.
    let Entitlement { mut grants, idle } = allowance::entitlement(tx, tenant, customer, wanted(class, slot, zone))?;
    if !needs_allowance {
        grants.clear();
    }
    let (has_contingent, places) = match terms {
        Terms::Allowance | Terms::Staff { .. } => (!needs_allowance || !grants.is_empty(), places(slot)),
        // TRI-6: nobody waits for a trial.
        Terms::Trial(trial) => (trial.refusal.is_none(), Places { most_waiting: 0, ..places(slot) }),
    };
    let at_home = customer.studio_id == slot.studio_id;
    let local = |instant| zone.to_datetime(instant);
    let facts = SlotFacts {
        canceled: slot.canceled_at.is_some(),
        // CLS-10
        offered: what.online && !class.entry.retired && (at_home || what.open_to_other_studios),
        bookable: what.bookable,
        starts_at: slot.starts_at,
        studio_open: studio.definition.is_open_during(local(slot.starts_at), local(slot.ends_at)),
        bookable_from: slot.bookable_from,
        bookable_until: slot.bookable_until,
        already_booked: booking::active_in_slot(tx, tenant, slot.id, customer.id)?.is_some(),
        idle,
        in_other_booking: !booking::times_of_customer(tx, tenant, customer.id, slot.starts_at, slot.ends_at)?
            .is_empty(),
        has_contingent,
        places,
    };
    Ok(Asked { facts, grants, needs_allowance })
}

/// What must be allowed for a place in a slot.
pub(super) fn wanted<'c>(class: &'c Defined<Class>, slot: &Slot, zone: &TimeZone) -> Wanted<'c> {
    Wanted {
        kind: BookableKind::Class,
        studio: slot.studio_id,
        key: &class.entry.key,
        category: class.definition.category.as_deref(),
        day: zone.to_datetime(slot.starts_at).date(),
    }
}

/// The places of a slot.
pub fn places(slot: &Slot) -> Places {
    Places {
        most: slot.max_participants,
        booked: slot.booked,
        additional: slot.additional,
        most_waiting: slot.max_waiting,
        waiting: slot.waiting,
    }
}

/// The class of a slot.
///
/// # Errors
/// The database's; when it cannot be read.
pub fn class_of(tx: &mut Tx<'_>, tenant: TenantId, slot: &Slot) -> Result<Defined<Class>, DbError> {
    let missing = || DbError::Unusable(format!("the class of slot {} is not there", slot.id));
    defined(tx, tenant, Kind::Class, slot.class_id)?.ok_or_else(missing)
}

/// Why somebody gets no place, in the words of an error (CLS-13, ERR-5).
pub fn refused(refusal: SlotRefusal, facts: &SlotFacts, zone: &TimeZone) -> Refusal {
    let at = |instant: Option<Timestamp>| instant.map(|instant| told_time(instant, zone)).unwrap_or_default();
    match refusal {
        // CLS-9
        SlotRefusal::Canceled => Refusal::new(ErrorCode::AppointmentAlreadyCanceled),
        SlotRefusal::NotAvailable => Refusal::new(ErrorCode::BookingNotAvailable),
        SlotRefusal::DisplayOnly => Refusal::new(ErrorCode::BookingDisplayOnly),
        SlotRefusal::StudioClosed => Refusal::new(ErrorCode::BookingStudioClosed),
        SlotRefusal::BeforeEarliestBooking => {
            Refusal::new(ErrorCode::BookingDateTimeBeforeEarliestBookingDateTime).with_text(at(facts.bookable_from))
        }
        SlotRefusal::AfterLatestBooking => {
            Refusal::new(ErrorCode::BookingDateTimeAfterLatestBookingDateTime).with_text(at(facts.bookable_until))
        }
        SlotRefusal::AlreadyBooked => Refusal::new(ErrorCode::BookingCustomerAlreadyBooked),
        SlotRefusal::Idle => Refusal::new(ErrorCode::BookingCustomerIdle),
        SlotRefusal::InOtherBooking => Refusal::new(ErrorCode::BookingCustomerInOtherBooking),
        SlotRefusal::NoContingent => Refusal::new(ErrorCode::BookingNoContingent),
        SlotRefusal::LimitReached => Refusal::new(ErrorCode::BookingLimitReached),
    }
}

/// Books a place, or one on the waiting list when all are taken (CLS-4, CLS-5, CLS-7). The customer's row must be held.
///
/// # Errors
/// Refuses with the first reason against it; an unknown slot with 404, one of another studio with 403.
pub fn book(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    customer: &Customer,
    slot_id: i64,
    terms: Terms<'_>,
) -> Result<(Booking, Slot), Failure> {
    let claimed = slot::claim(change.tx, change.tenant, slot_id)?;
    let mut slot = claimed.ok_or_else(|| Refusal::new(ErrorCode::ClassSlotNotFound).at("classSlotId"))?;
    if slot.studio_id != studio.id {
        return Err(ErrorCode::AuthorizationOtherStudio.into());
    }
    let class = class_of(change.tx, change.tenant, &slot)?;
    let asked = ask(change.tx, change.tenant, studio, &class, &slot, customer, terms)?;
    let decided = decide(&asked.facts, change.now);
    let overrides = matches!(terms, Terms::Staff { overrides: true, .. });
    let placement = match (decided, terms) {
        (Ok(Placement::WaitingList), _) if overrides => Placement::Participant,
        (Err(refusal), _) if overrides && may_override(refusal) => Placement::Participant,
        (Err(SlotRefusal::NoContingent), Terms::Trial(TrialTerms { refusal: Some(code), .. })) => {
            return Err((*code).into());
        }
        (decided, _) => decided.map_err(|refusal| refused(refusal, &asked.facts, &studio.zone))?,
    };
    let id = change.tx.next_id()?;
    let mut made = Booking {
        slot_id: Some(slot.id),
        place: slot.next_place - 1,
        ..fresh(
            id,
            BookableKind::Class,
            (studio, customer.id, slot.class_id),
            (slot.starts_at, slot.ends_at),
            change.now,
        )
    };
    match placement {
        Placement::Participant => {
            let mut grants = asked.grants;
            if let Terms::Staff { spot: Some(spot), .. } = terms {
                made.spot = Some(free_spot(change, &class.definition, &slot, spot)?);
                if asked.needs_allowance && !overrides {
                    grants.retain(|grant| grant.picks_spot);
                    if grants.is_empty() {
                        return Err(Refusal::new(ErrorCode::BookingSpotNotIncluded).at("spot").into());
                    }
                }
            }
            let taken = allowance::take(change, customer.id, &grants)?;
            if asked.needs_allowance && taken.is_none() && !overrides {
                return Err(ErrorCode::BookingNoContingent.into());
            }
            allowance::note(&mut made, taken);
            slot.booked += 1;
            if let Terms::Trial(trial) = terms {
                made.trial_id = Some(trial.offer);
                made.confirm_until = trial::confirm_until(trial.confirmation, slot.starts_at, &studio.zone, change.now);
            }
            if made.confirm_until.is_some() {
                made.status = BookingStatus::ToBeConfirmed.name().to_owned();
            }
        }
        Placement::WaitingList => {
            made.status = BookingStatus::WaitingList.name().to_owned();
            slot.waiting += 1;
            at_start_later(change, &slot)?;
        }
    }
    slot::update(change.tx, change.tenant, &slot)?;
    booking::insert(change.tx, change.tenant, &made)?;
    let deed = deed("class.booked", &made).field("classSlotId", (), slot.id).field("status", (), &made.status);
    let deed = deed.field("againstRules", (), overrides.then_some(true));
    // TRI-4: one that is to be confirmed is told of when it is.
    let told = made.confirm_until.is_none();
    change.record(if told { deed.event(Event::ClassBookingCreated { booking_id: id }) } else { deed });
    Ok((made, slot))
}

/// A spot of a class that nobody has chosen.
fn free_spot(change: &mut Change<'_, '_>, class: &Class, slot: &Slot, spot: i64) -> Result<i64, Failure> {
    let taken = booking::of_slot(change.tx, change.tenant, slot.id)?;
    let exists = class.spots.is_some_and(|spots| (1..=i64::from(spots)).contains(&spot));
    let free = exists && !taken.iter().any(|booking| booking.spot == Some(spot));
    if free { Ok(spot) } else { Err(Refusal::new(ErrorCode::BookingSpotNotFree).at("spot").into()) }
}

/// Gives a place back, and lets whoever waits first move up (CLS-5, CLS-6). The customer's row must be held.
///
/// # Errors
/// Refuses what was canceled before, what has begun, and what is too late.
pub fn cancel(change: &mut Change<'_, '_>, studio: &StudioOf, id: i64) -> Result<(), Failure> {
    let Some((mut booking, mut slot)) = claim(change, id)? else { return Err(ErrorCode::BookingNotFound.into()) };
    let class = class_of(change.tx, change.tenant, &slot)?;
    let facts = CancelFacts {
        status: status(&booking)?,
        starts_at: slot.starts_at,
        free_until: free_until(&class.definition, &slot, &studio.zone),
        late_allowed: class.definition.late_cancel,
    };
    let canceled = may_cancel(facts, change.now, &studio.zone)?;
    give_up(change, &mut booking, &mut slot, canceled)?;
    move_up(change, studio, &class, &mut slot)?;
    slot::update(change.tx, change.tenant, &slot)?;
    Ok(())
}

/// Gives a place back for a customer, at staff's word until the class is over: with what it took, or without.
///
/// # Errors
/// Refuses what was canceled before, and what is over.
pub fn cancel_for(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    id: i64,
    gives_back: bool,
) -> Result<Booking, Failure> {
    let (mut booking, mut slot) = claim_in(change, studio, id)?;
    if status(&booking)? == BookingStatus::Canceled {
        return Err(ErrorCode::BookingAlreadyCanceled.into());
    }
    if slot.ends_at <= change.now {
        return Err(ErrorCode::BookingAlreadyStarted.into());
    }
    let class = class_of(change.tx, change.tenant, &slot)?;
    // Whoever waits has taken nothing that could be lost.
    let in_time = gives_back || status(&booking)? == BookingStatus::WaitingList;
    let canceled = if in_time { Canceled::InTime } else { Canceled::Late };
    give_up(change, &mut booking, &mut slot, canceled)?;
    move_up(change, studio, &class, &mut slot)?;
    slot::update(change.tx, change.tenant, &slot)?;
    Ok(booking)
}

/// Gives a place back that nobody will come for, with what it took.
///
/// # Errors
/// The database's; when something cannot be read.
pub(super) fn withdraw(change: &mut Change<'_, '_>, id: i64) -> Result<(), DbError> {
    let Some((mut booking, mut slot)) = claim(change, id)? else { return Ok(()) };
    let studio = customer::studio(change.tx, change.tenant, slot.studio_id)?;
    let class = class_of(change.tx, change.tenant, &slot)?;
    give_up(change, &mut booking, &mut slot, Canceled::InTime)?;
    move_up(change, &studio, &class, &mut slot)?;
    slot::update(change.tx, change.tenant, &slot)
}

/// Notes whether a customer came (CLS-13).
///
/// # Errors
/// Refuses a booking without a place.
pub fn set_participation(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    id: i64,
    wanted: Participation,
) -> Result<Booking, Failure> {
    let (booking, _) = claim_in(change, studio, id)?;
    note_participation(change, booking, wanted, "class.participation-noted")
}

/// As [`claim`], of a studio.
fn claim_in(change: &mut Change<'_, '_>, studio: &StudioOf, id: i64) -> Result<(Booking, Slot), Failure> {
    let found = claim(change, id)?.filter(|(booking, _)| booking.studio_id == studio.id);
    found.ok_or_else(|| ErrorCode::BookingNotFound.into())
}

/// The last moment at which a place can be given back for nothing (CLS-6, CLS-12).
pub fn free_until(class: &Class, slot: &Slot, zone: &TimeZone) -> Timestamp {
    class.cancel_until.map_or(slot.starts_at, |term| term.before(slot.starts_at, zone))
}

/// A booking of a class and its slot, which nobody else changes meanwhile.
fn claim(change: &mut Change<'_, '_>, id: i64) -> Result<Option<(Booking, Slot)>, DbError> {
    let Some(slot_id) = booking::by_id(change.tx, change.tenant, id)?.and_then(|booking| booking.slot_id) else {
        return Ok(None);
    };
    let Some(slot) = slot::claim(change.tx, change.tenant, slot_id)? else { return Ok(None) };
    // Somebody else may have changed it before the claim.
    Ok(booking::by_id(change.tx, change.tenant, id)?.map(|booking| (booking, slot)))
}

/// Takes a booking out of its slot.
pub(super) fn give_up(
    change: &mut Change<'_, '_>,
    booking: &mut Booking,
    slot: &mut Slot,
    canceled: Canceled,
) -> Result<(), DbError> {
    match status(booking)? {
        BookingStatus::WaitingList => slot.waiting -= 1,
        BookingStatus::Booked | BookingStatus::ToBeConfirmed => slot.booked -= 1,
        BookingStatus::Canceled => return Ok(()),
    }
    let event = Event::ClassBookingCancelled { booking_id: booking.id };
    end(change, booking, canceled, "class.booking-canceled", event)
}

/// Gives places that are free to whoever waits, the first first, until nobody moves up any more (CLS-5). Whoever rests on that day
/// or has nothing left to take is passed over and goes on waiting. The slot must be claimed, and is stored by the caller.
///
/// # Errors
/// The database's; when something cannot be read.
pub(super) fn move_up(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    class: &Defined<Class>,
    slot: &mut Slot,
) -> Result<(), DbError> {
    let until = class.definition.moves_up_until.unwrap_or(MOVES_UP_UNTIL).before(slot.starts_at, &studio.zone);
    if slot.waiting == 0 || slot.canceled_at.is_some() || change.now > until || change.now >= slot.starts_at {
        return Ok(());
    }
    for mut waiting in booking::waiting(change.tx, change.tenant, slot.id)? {
        if !places(slot).is_free() {
            break;
        }
        let Some(id) = waiting.customer_id else { continue };
        let Entitlement { grants, idle } = entitlement_of(change, studio, class, slot, id)?;
        if idle {
            continue;
        }
        if class.definition.needs_allowance {
            let Some(taken) = allowance::take(change, id, &grants)? else { continue };
            allowance::note(&mut waiting, Some(taken));
        }
        give_place(change, &mut waiting, slot, false)?;
    }
    Ok(())
}

/// What lets somebody who waits take a place; nothing where the customer is not there any more.
fn entitlement_of(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    class: &Defined<Class>,
    slot: &Slot,
    customer: i64,
) -> Result<Entitlement, DbError> {
    match customers::by_id(change.tx, change.tenant, customer)? {
        Some(customer) => {
            allowance::entitlement(change.tx, change.tenant, &customer, wanted(class, slot, &studio.zone))
        }
        None => Ok(Entitlement::default()),
    }
}

/// Makes a place of one on the waiting list, by the rules or against them. The slot is stored by the caller.
fn give_place(
    change: &mut Change<'_, '_>,
    waiting: &mut Booking,
    slot: &mut Slot,
    against_rules: bool,
) -> Result<(), DbError> {
    waiting.status = BookingStatus::Booked.name().to_owned();
    slot.waiting -= 1;
    slot.booked += 1;
    booking::update(change.tx, change.tenant, waiting)?;
    let deed = deed("class.moved-up", waiting).field("classSlotId", (), slot.id);
    let deed = deed.field("againstRules", (), against_rules.then_some(true));
    change.record(deed.event(Event::ClassBookingUpdated { booking_id: waiting.id }));
    Ok(())
}

/// Gives a place to one who waits, before all who came earlier, at staff's word until the class begins: the time from which nobody
/// moves up by themselves does not bind staff, who know whether the customer can still come. Against the rules also where
/// nothing is free and where nothing lets the customer book it; what the customer has is taken all the same.
///
/// # Errors
/// Refuses what does not wait, what has begun, a class that is full, and whoever rests or has nothing to take.
pub fn move_up_for(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    id: i64,
    overrides: bool,
) -> Result<Booking, Failure> {
    let (mut waiting, mut slot) = claim_in(change, studio, id)?;
    match status(&waiting)? {
        BookingStatus::WaitingList => {}
        BookingStatus::Canceled => return Err(ErrorCode::BookingAlreadyCanceled.into()),
        BookingStatus::Booked | BookingStatus::ToBeConfirmed => return Err(ErrorCode::BookingNotWaiting.into()),
    }
    if slot.starts_at <= change.now {
        return Err(ErrorCode::BookingAlreadyStarted.into());
    }
    if !overrides && !places(&slot).is_free() {
        return Err(ErrorCode::BookingLimitReached.into());
    }
    let class = class_of(change.tx, change.tenant, &slot)?;
    if let Some(customer) = waiting.customer_id {
        let Entitlement { grants, idle } = entitlement_of(change, studio, &class, &slot, customer)?;
        if idle && !overrides {
            return Err(ErrorCode::BookingCustomerIdle.into());
        }
        if class.definition.needs_allowance {
            let taken = allowance::take(change, customer, &grants)?;
            if taken.is_none() && !overrides {
                return Err(ErrorCode::BookingNoContingent.into());
            }
            allowance::note(&mut waiting, taken);
        }
    }
    give_place(change, &mut waiting, &mut slot, overrides)?;
    slot::update(change.tx, change.tenant, &slot)?;
    Ok(waiting)
}

/// Sees to it that nobody waits any more once the slot begins.
pub(super) fn at_start_later(change: &mut Change<'_, '_>, slot: &Slot) -> Result<(), DbError> {
    let (kind, key) = (jobs::Kind::ClassStart.name(), slot.id.to_string());
    job::remove(change.tx, change.tenant, kind, &key)?;
    job::add(change.tx, change.tenant, kind, &key, slot.starts_at)
}

/// Nobody waits any more for a slot that was called off.
pub(super) fn no_start(change: &mut Change<'_, '_>, slot: i64) -> Result<(), DbError> {
    job::remove(change.tx, change.tenant, jobs::Kind::ClassStart.name(), &slot.to_string())
}

/// A slot has begun: whoever still waits waits in vain (CLS-5). Answers when to look again, where it begins later than thought.
///
/// # Errors
/// The database's; when the job's key is none of ours.
pub fn at_start(change: &mut Change<'_, '_>, key: &str) -> Result<Option<Timestamp>, Failure> {
    let id: i64 = key.parse().map_err(|_| Failure::Internal(format!("there is no class slot {key}")))?;
    let Some(mut slot) = slot::claim(change.tx, change.tenant, id)? else { return Ok(None) };
    if slot.starts_at > change.now {
        return Ok(Some(slot.starts_at));
    }
    for mut waiting in booking::waiting(change.tx, change.tenant, id)? {
        give_up(change, &mut waiting, &mut slot, Canceled::InTime)?;
    }
    slot::update(change.tx, change.tenant, &slot)?;
    change.record(Deed::new("class.started").studio(slot.studio_id).subject("class-slot", id));
    Ok(None)
}
