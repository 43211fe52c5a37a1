//! Changing a slot: its time, room, people and places, or calling it off. Everybody who has booked it is told (WH-8, WH-9).

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::{
    TimeTerm,
    booking::{
        BookingStatus,
        cancelation::Canceled,
        class::{Class, ClassSeries},
    },
};
use gymkeeper_store::{
    booking::{
        self, Booking,
        occupied::{self, Taken, kind},
        presence,
        slot::{self, Slot},
    },
    customer,
    db::DbError,
    employee,
    inventory::{self, Kind},
};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::{
    Defined, allowance,
    appointment::EARLIEST,
    class_slot::{at_start_later, give_up, move_up, no_start, places, wanted},
    deed, status, trial,
};
use crate::{
    actions::{
        change::{Change, Deed},
        customer::StudioOf,
    },
    http::{
        failure::{Failure, Refusal},
        input::invalid,
    },
};

/// Whose and what time a slot takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Takes {
    /// The employees who lead it.
    pub instructors: Vec<i64>,
    /// The room.
    pub room: Option<i64>,
    /// Resources.
    pub resources: Vec<i64>,
}

impl Takes {
    /// Everybody and everything, with what it is.
    fn all(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let instructors = self.instructors.iter().map(|id| (kind::INSTRUCTOR, *id));
        let room = self.room.iter().map(|id| (kind::ROOM, *id));
        instructors.chain(room).chain(self.resources.iter().map(|id| (kind::RESOURCE, *id)))
    }

    /// The field of a request in which somebody or something is named.
    fn field_of(&self, id: i64) -> String {
        let place = |list: &[i64]| list.iter().position(|one| *one == id);
        match (place(&self.instructors), place(&self.resources)) {
            (Some(place), _) => format!("instructorIds[{place}]"),
            (None, Some(place)) => format!("resourceIds[{place}]"),
            (None, None) => "roomId".to_owned(),
        }
    }
}

/// A slot with what it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The slot.
    pub slot: Slot,
    /// Whose and what time it takes.
    pub takes: Takes,
}

/// Stores what a slot takes, in place of what it took.
///
/// # Errors
/// The database's.
pub(super) fn take_time(change: &mut Change<'_, '_>, slot: &Slot, takes: &Takes) -> Result<(), DbError> {
    occupied::remove(change.tx, change.tenant, slot.id)?;
    let mut stored: Vec<i64> = Vec::new();
    for (position, (kind, subject_id)) in (0..).zip(takes.all()) {
        if stored.contains(&subject_id) {
            continue;
        }
        stored.push(subject_id);
        let taken = Taken {
            source_id: slot.id,
            subject_id,
            kind: kind.to_owned(),
            position,
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
        };
        occupied::insert(change.tx, change.tenant, &taken)?;
    }
    Ok(())
}

/// What a slot takes now.
///
/// # Errors
/// The database's.
pub fn takes(change: &mut Change<'_, '_>, slot: &Slot) -> Result<Takes, DbError> {
    let taken = occupied::of_source(change.tx, change.tenant, slot.id)?;
    let ids = |kind: &str| taken.iter().filter(|taken| taken.kind == kind).map(|taken| taken.subject_id).collect();
    Ok(Takes { instructors: ids(kind::INSTRUCTOR), room: slot.room_id, resources: ids(kind::RESOURCE) })
}

/// Brings a slot to what `to` makes of it, while nobody else books it. Another time, room or other people are told to receivers of
/// webhooks, once for the slot and once for each booking (WH-8); places that have become free are given to those who wait.
///
/// # Errors
/// Those of `to`; the database's.
pub fn change_to(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    class: &Defined<Class>,
    id: i64,
    to: impl FnOnce(Held) -> Result<Held, Failure>,
) -> Result<(), Failure> {
    let Some(claimed) = slot::claim(change.tx, change.tenant, id)? else { return Ok(()) };
    let present = Held { takes: takes(change, &claimed)?, slot: claimed };
    let mut target = to(present.clone())?;
    // Who is in it is nobody's to set, and what claiming counts goes on.
    target.slot.booked = present.slot.booked;
    target.slot.waiting = present.slot.waiting;
    target.slot.next_place = present.slot.next_place;
    if target == present {
        return Ok(());
    }
    let times = |held: &Held| (held.slot.starts_at, held.slot.ends_at);
    let moved = times(&target) != times(&present);
    let told = moved || target.takes != present.takes;
    let restored = present.slot.canceled_at.is_some() && target.slot.canceled_at.is_none();
    let mut deed = Deed::new("class-slot.changed").studio(studio.id).subject("class-slot", id);
    let (from, to) = (&present, &target);
    if moved {
        deed = deed.field("startsAt", from.slot.starts_at, to.slot.starts_at);
        deed = deed.field("endsAt", from.slot.ends_at, to.slot.ends_at);
    }
    if from.takes != to.takes {
        deed = deed.field("roomId", from.takes.room, to.takes.room);
        deed = deed.field("instructors", &from.takes.instructors, &to.takes.instructors);
        if from.takes.resources != to.takes.resources {
            deed = deed.field("resources", &from.takes.resources, &to.takes.resources);
        }
    }
    if places(&from.slot) != places(&to.slot) {
        deed = deed.field("maxParticipants", from.slot.max_participants, to.slot.max_participants);
        deed = deed.field("additionalParticipants", from.slot.additional, to.slot.additional);
    }
    if told {
        deed = deed.event(Event::ClassSlotUpdated { class_slot_id: id, class_id: target.slot.class_id });
    }
    change.record(deed);
    if told || restored {
        take_time(change, &target.slot, &target.takes)?;
    }
    if told {
        tell_bookings(change, studio, class, &target.slot)?;
    }
    if moved && target.slot.waiting > 0 {
        at_start_later(change, &target.slot)?;
    }
    move_up(change, studio, class, &mut target.slot)?;
    slot::update(change.tx, change.tenant, &target.slot)?;
    Ok(())
}

/// Moves the bookings of a slot with it, and tells of each. Nobody was told of one that was never confirmed.
fn tell_bookings(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    class: &Defined<Class>,
    slot: &Slot,
) -> Result<(), DbError> {
    let day = |at| studio.zone.to_datetime(at).date();
    for mut booked in booking::of_slot(change.tx, change.tenant, slot.id)? {
        let moved = booked.starts_at != slot.starts_at;
        if booked.window_start.is_some() && day(booked.starts_at) != day(slot.starts_at) {
            count_anew(change, studio, class, slot, &mut booked)?;
        }
        booked.starts_at = slot.starts_at;
        booked.ends_at = slot.ends_at;
        let event = match status(&booked)? {
            BookingStatus::ToBeConfirmed if moved => trial::follow(change, &studio.zone, &mut booked)?,
            BookingStatus::ToBeConfirmed => None,
            _ => Some(Event::ClassBookingUpdated { booking_id: booked.id }),
        };
        booking::update(change.tx, change.tenant, &booked)?;
        let deed = deed("class.booking-moved", &booked).field("classSlotId", (), slot.id);
        change.record(match event {
            Some(event) => deed.event(event),
            None => deed,
        });
    }
    Ok(())
}

/// Counts the use that a booking took where its new day belongs (CLS-7). Who has none left then keeps the place for
/// nothing: the studio moved it, not they.
fn count_anew(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    class: &Defined<Class>,
    slot: &Slot,
    booked: &mut Booking,
) -> Result<(), DbError> {
    let Some(id) = booked.customer_id else { return Ok(()) };
    let Some(customer) = customer::by_id(change.tx, change.tenant, id)? else { return Ok(()) };
    let wanted = wanted(class, slot, &studio.zone);
    // Where both days count together, its own use must not stand in its way.
    allowance::give_back(change, booked)?;
    let grants = allowance::entitlement(change.tx, change.tenant, &customer, wanted)?.grants;
    let taken = allowance::take(change, id, &grants)?;
    allowance::note(booked, taken);
    Ok(())
}

/// Calls a slot off: everybody loses the place and gets back what it took (CLS-7, WH-9). Answers how many were in it or waited;
/// nothing when it was called off before. One that staff has called off does not come back with its series.
///
/// # Errors
/// The database's.
pub fn call_off(change: &mut Change<'_, '_>, id: i64, by_staff: bool) -> Result<Option<usize>, DbError> {
    let Some(mut slot) = slot::claim(change.tx, change.tenant, id)? else { return Ok(None) };
    if slot.canceled_at.is_some() {
        return Ok(None);
    }
    slot.canceled_at = Some(change.now);
    slot.of_staff |= by_staff;
    let deed = Deed::new("class-slot.called-off").studio(slot.studio_id).subject("class-slot", id);
    change.record(deed.event(Event::ClassSlotCancelled { class_slot_id: id, class_id: slot.class_id }));
    no_start(change, id)?;
    let bookings = booking::of_slot(change.tx, change.tenant, id)?;
    let count = bookings.len();
    for mut booked in bookings {
        if status(&booked)? != BookingStatus::Canceled {
            give_up(change, &mut booked, &mut slot, Canceled::InTime)?;
        }
    }
    occupied::release(change.tx, change.tenant, id)?;
    slot::update(change.tx, change.tenant, &slot)?;
    Ok(Some(count))
}

/// Nobody plans a class farther away than that: ten years.
const FARTHEST: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

/// What staff wants of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Whose and what time it takes.
    pub takes: Takes,
    /// Whether that of somebody who is not free as well.
    pub overrides: bool,
}

/// Checks what staff wants: a time within ten years and not longer than a day, a room and resources of the studio, and people who work
/// there, all of them free then. What the studio has no longer may stay in a slot that has it, and comes into no other.
///
/// # Errors
/// Names the field that is wrong.
pub fn check(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    present: Option<&Held>,
    wanted: &Wanted,
) -> Result<(), Failure> {
    if wanted.starts_at.duration_since(change.now).abs() > FARTHEST {
        return Err(invalid("startDateTime"));
    }
    let length = wanted.ends_at.duration_since(wanted.starts_at);
    if length.is_negative() || length.is_zero() || length > SignedDuration::from_hours(24) {
        return Err(invalid("endDateTime"));
    }
    let (takes, has) = (&wanted.takes, present.map(|held| &held.takes));
    if let Some(room) = takes.room
        && !may_take(change, studio, Kind::Room, room, has.is_some_and(|has| has.room == Some(room)))?
    {
        return Err(invalid("roomId"));
    }
    for (place, id) in takes.resources.iter().enumerate() {
        let has_it = has.is_some_and(|has| has.resources.contains(id));
        if takes.resources[..place].contains(id) || !may_take(change, studio, Kind::Resource, *id, has_it)? {
            return Err(invalid(&format!("resourceIds[{place}]")));
        }
    }
    for (place, id) in takes.instructors.iter().enumerate() {
        let found = employee::find(change.tx, change.tenant, *id)?;
        let twice = takes.instructors[..place].contains(id);
        let works = found.is_some_and(|row| row.studio_id == studio.id && row.active && row.archived_at.is_none());
        if twice || !(works || has.is_some_and(|has| has.instructors.contains(id))) {
            return Err(invalid(&format!("instructorIds[{place}]")));
        }
    }
    if wanted.overrides { Ok(()) } else { check_free(change, present, wanted) }
}

/// Refuses people, rooms and resources that something else takes at that time, and people who are away. Whom and what a slot has already it
/// keeps as long as its time is the same.
fn check_free(change: &mut Change<'_, '_>, present: Option<&Held>, wanted: &Wanted) -> Result<(), Failure> {
    let time = (wanted.starts_at, wanted.ends_at);
    let kept = present.filter(|held| (held.slot.starts_at, held.slot.ends_at) == time);
    let is_kept = |id| kept.is_some_and(|held| held.takes.all().any(|(_, has)| has == id));
    let mut anew: Vec<i64> = wanted.takes.all().map(|(_, id)| id).filter(|id| !is_kept(*id)).collect();
    anew.sort_unstable();
    for id in &anew {
        presence::hold(change.tx, change.tenant, *id)?;
    }
    let slot = present.map_or(0, |held| held.slot.id);
    let mut missing = occupied::taken_besides(change.tx, change.tenant, &anew, time, slot)?;
    let away = presence::away(change.tx, change.tenant, &anew, time.0, time.1)?;
    missing.extend(away.into_iter().map(|absence| absence.employee_id));
    match missing.into_iter().min() {
        None => Ok(()),
        Some(id) => Err(Refusal::new(ErrorCode::BookingResourceNotAvailable).at(wanted.takes.field_of(id)).into()),
    }
}

/// Whether a slot may take a room or resource: one of the studio, which the studio still has or the slot has already.
fn may_take(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    kind: Kind,
    id: i64,
    has_it: bool,
) -> Result<bool, DbError> {
    let found = inventory::find(change.tx, change.tenant, studio.id, kind, id)?;
    Ok(found.is_some_and(|entry| has_it || !entry.retired))
}

/// Holds a class once more, beside its series.
///
/// # Errors
/// As [`check`].
pub fn add(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    class: &Defined<Class>,
    wanted: &Wanted,
) -> Result<Slot, Failure> {
    check(change, studio, None, wanted)?;
    let id = change.tx.next_id()?;
    let slot = Slot {
        id,
        of_staff: true,
        room_id: wanted.takes.room,
        ends_at: wanted.ends_at,
        ..planned(studio, class, None, wanted.starts_at)
    };
    slot::insert(change.tx, change.tenant, &slot)?;
    take_time(change, &slot, &wanted.takes)?;
    let deed = Deed::new("class-slot.added").studio(studio.id).subject("class-slot", id);
    change.record(deed.field("classId", (), class.entry.id).field("startsAt", (), slot.starts_at));
    Ok(slot)
}

/// A slot of a class that begins at that time, as the class says it, and its series, where there is one.
pub fn planned(studio: &StudioOf, class: &Defined<Class>, series: Option<&ClassSeries>, starts_at: Timestamp) -> Slot {
    let (what, zone) = (&class.definition, &studio.zone);
    // PostgreSQL knows no instants as early as the longest term leads to.
    let before = |term: Option<TimeTerm>| term.map(|term| term.before(starts_at, zone).max(EARLIEST));
    let most = series.and_then(|series| series.max_participants).or(what.max_participants);
    Slot {
        id: 0,
        studio_id: studio.id,
        class_id: class.entry.id,
        series_id: None,
        series_date: None,
        of_staff: false,
        listed: what.online,
        starts_at,
        ends_at: starts_at.checked_add(i64::from(what.minutes).minutes()).unwrap_or(Timestamp::MAX),
        room_id: None,
        max_participants: most.map(i64::from),
        max_waiting: i64::from(what.waiting_list),
        additional: 0,
        booked: 0,
        waiting: 0,
        next_place: 1,
        bookable_from: before(what.earliest_booking),
        bookable_until: before(what.latest_booking),
        canceled_at: None,
    }
}
