//! The resource Classes: when classes are held, where and by whom, and who is in them.

use gymkeeper_contract::{
    admin::classes::{
        self as wire, ChangedClassSlot, ClassBookingRecord, ClassSlotRecord, ClassSlotWithBookings, NewClassSlot,
        WantedMoveUp, WantedParticipation, WantedPlace,
    },
    common::{ParticipantStatus, Slice, ZonedDateTime},
    errors::{Argument, ErrorCode},
    openapi::Described,
};
use gymkeeper_domain::{
    booking::{EventStatus, Participation, class::Class},
    calendar,
};
use gymkeeper_store::{
    booking::{
        self, Booking,
        occupied::{self, kind},
        slot::{self, Slot, Window},
    },
    customer::find,
    db::{DbError, Tx},
    inventory::Kind,
};
use jiff::{Timestamp, civil::Date};

use super::{
    frame::{Mounted, Reading, personal_read, read, write},
    member::Member,
    version::version_of,
};
use crate::{
    actions::{
        booking::{
            Defined,
            class_slot::{self, Terms},
            defined,
            slot::{self as slots, Held, Takes, Wanted},
        },
        change::Change,
        customer::{self, StudioOf},
    },
    http::{
        answer::Answer,
        classes::{booking_wire, windows},
        failure::{Failure, Refusal},
        input::{Input, Json, Parts, PathId, query_date, query_flag, query_value},
        paging::{InventorySlice, JsonSlice},
    },
};

/// So many days are listed at the most.
const DAYS: i64 = 31;
/// More people than any class has.
const MOST: i64 = 100_000;

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading { action: "class-slot.read", subject: ("class-slot", |PathId(id): &PathId| *id) };
    vec![
        read(&wire::LIST_CLASS_SLOTS, list_class_slots),
        write(&wire::ADD_CLASS_SLOT, add_class_slot),
        personal_read(&wire::GET_CLASS_SLOT, reading, get_class_slot),
        write(&wire::CHANGE_CLASS_SLOT, change_class_slot),
        write(&wire::CALL_OFF_CLASS_SLOT, call_off_class_slot),
        write(&wire::BOOK_CLASS, book_class),
        write(&wire::CANCEL_CLASS_BOOKING, cancel_class_booking),
        write(&wire::MOVE_CLASS_BOOKING_UP, move_class_booking_up),
        write(&wire::SET_CLASS_PARTICIPATION, set_class_participation),
    ]
}

/// The days that are listed.
pub(super) struct Listed {
    pub(super) first: Option<Date>,
    pub(super) days: i64,
}

impl Input for Listed {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let days = match query_value(&parts.query, "days") {
            None => 7,
            Some(text) => text.parse().ok().filter(|days| (1..=DAYS).contains(days)).ok_or_else(|| {
                Refusal::new(ErrorCode::ValidationNumberOutOfRange)
                    .with_text("days")
                    .with(Argument::Integer(1))
                    .with(Argument::Integer(DAYS))
                    .at("days")
            })?,
        };
        Ok(Self { first: query_date(&parts.query, "from")?, days })
    }

    fn describe(described: Described) -> Described {
        described
            .query::<gymkeeper_contract::common::LocalDate>("from", "The first day. Left out for today.")
            .query::<i32>("days", "How many days, from 1 to 31. Left out for 7.")
    }
}

pub(super) fn home(tx: &mut Tx<'_>, member: &Member) -> Result<StudioOf, Failure> {
    Ok(customer::studio(tx, member.tenant(), member.studio()?.id)?)
}

fn list_class_slots(
    tx: &mut Tx<'_>,
    member: &Member,
    (listed, InventorySlice(request)): &(Listed, InventorySlice),
) -> Result<Answer<Slice<ClassSlotRecord>>, Failure> {
    let studio = home(tx, member)?;
    let first = listed.first.unwrap_or(member.today()?);
    let (from, to) = windows::days(&studio.zone, first, calendar::add_days(first, listed.days - 1));
    let window = Window { from, to, limit: request.fetch(), offset: request.offset };
    let mut slice = JsonSlice::new(*request);
    for slot in slot::all_of_studio(tx, member.tenant(), studio.id, window)? {
        slice.push(slot.id, &record(tx, member, &studio, &slot)?)?;
    }
    Ok(slice.finish_by_index())
}

fn get_class_slot(
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<ClassSlotWithBookings>, Failure> {
    shown(tx, member, *id)
}

fn add_class_slot(
    change: &mut Change<'_, '_>,
    member: &Member,
    Json(new): &Json<NewClassSlot>,
) -> Result<Answer<ClassSlotWithBookings>, Failure> {
    let studio = home(change.tx, member)?;
    let found: Option<Defined<Class>> = defined(change.tx, change.tenant, Kind::Class, new.class_id)?;
    let class = found.filter(|class| class.studio == studio.id && !class.entry.retired);
    let class = class.ok_or_else(|| Refusal::new(ErrorCode::ClassNotFound).at("classId"))?;
    let starts_at = new.start_date_time.0;
    let minutes = jiff::SignedDuration::from_mins(i64::from(class.definition.minutes));
    let ends_at = starts_at.checked_add(minutes).unwrap_or(Timestamp::MAX);
    let takes =
        Takes { instructors: new.instructor_ids.clone(), room: new.room_id, resources: new.resource_ids.clone() };
    let wanted = Wanted { starts_at, ends_at, takes, overrides: new.overrides };
    let made = slots::add(change, &studio, &class, &wanted)?;
    shown(change.tx, member, made.id)
}

fn change_class_slot(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(to)): &(PathId, Json<ChangedClassSlot>),
) -> Result<Answer<ClassSlotWithBookings>, Failure> {
    let studio = home(change.tx, member)?;
    of_studio(change.tx, member, *id)?;
    // Nobody changes it between the look at it and the change.
    let present = slot::claim(change.tx, change.tenant, *id)?.ok_or(ErrorCode::ClassSlotNotFound)?;
    if present.canceled_at.is_some() {
        return Err(ErrorCode::AppointmentAlreadyCanceled.into());
    }
    within("maxParticipants", to.max_participants.unwrap_or(MOST), 1)?;
    within("maxWaitingListParticipants", to.max_waiting_list_participants, 0)?;
    within("additionalParticipants", to.additional_participants, 0)?;
    let wanted = Wanted {
        starts_at: to.start_date_time.0,
        ends_at: to.end_date_time.0,
        takes: Takes { instructors: to.instructor_ids.clone(), room: to.room_id, resources: to.resource_ids.clone() },
        overrides: to.overrides,
    };
    let class = class_slot::class_of(change.tx, change.tenant, &present)?;
    let present = Held { takes: slots::takes(change, &present)?, slot: present };
    let known = version(&present.slot, &present.takes.instructors, &present.takes.resources);
    if to.version.as_ref().is_some_and(|version| *version != known) {
        return Err(DbError::Conflict.into());
    }
    slots::check(change, &studio, Some(&present), &wanted)?;
    slots::change_to(change, &studio, &class, *id, |held| {
        let moved = wanted.starts_at != held.slot.starts_at;
        let fresh = slots::planned(&studio, &class, None, wanted.starts_at);
        let bounds = if moved { &fresh } else { &held.slot };
        let slot = Slot {
            of_staff: true,
            starts_at: wanted.starts_at,
            ends_at: wanted.ends_at,
            bookable_from: bounds.bookable_from,
            bookable_until: bounds.bookable_until,
            room_id: wanted.takes.room,
            max_participants: to.max_participants,
            max_waiting: to.max_waiting_list_participants,
            additional: to.additional_participants,
            ..held.slot.clone()
        };
        Ok(Held { slot, takes: wanted.takes.clone() })
    })?;
    shown(change.tx, member, *id)
}

fn call_off_class_slot(
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<ClassSlotWithBookings>, Failure> {
    let slot = of_studio(change.tx, member, *id)?;
    if slot.ends_at <= change.now {
        return Err(ErrorCode::BookingAlreadyStarted.into());
    }
    if slots::call_off(change, *id, true)?.is_none() {
        return Err(ErrorCode::AppointmentAlreadyCanceled.into());
    }
    shown(change.tx, member, *id)
}

fn book_class(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(wanted)): &(PathId, Json<WantedPlace>),
) -> Result<Answer<ClassBookingRecord>, Failure> {
    let studio = home(change.tx, member)?;
    of_studio(change.tx, member, *id)?;
    let visitor = crate::actions::customer::desk::visitor_alone(change, studio.id, wanted.customer_id)
        .map_err(booking_wire::at_customer)?;
    let terms = Terms::Staff { overrides: wanted.overrides, spot: wanted.spot };
    let (made, _) = class_slot::book(change, &studio, &visitor, *id, terms)?;
    Answer::json(&booking_record(change.tx, member, &made)?)
}

/// Whether what a booking took is given back.
pub(super) struct GivesBack(pub(super) bool);

impl Input for GivesBack {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        query_flag(&parts.query, "giveBack").map(Self)
    }

    fn describe(described: Described) -> Described {
        described.query::<bool>("giveBack", "Whether what it took of an allowance is given back. Left out for no.")
    }
}

fn cancel_class_booking(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), GivesBack(gives_back)): &(PathId, GivesBack),
) -> Result<Answer<ClassBookingRecord>, Failure> {
    let studio = home(change.tx, member)?;
    let canceled = class_slot::cancel_for(change, &studio, *id, *gives_back)?;
    Answer::json(&booking_record(change.tx, member, &canceled)?)
}

fn move_class_booking_up(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(wanted)): &(PathId, Json<WantedMoveUp>),
) -> Result<Answer<ClassBookingRecord>, Failure> {
    let studio = home(change.tx, member)?;
    let moved = class_slot::move_up_for(change, &studio, *id, wanted.overrides)?;
    Answer::json(&booking_record(change.tx, member, &moved)?)
}

fn set_class_participation(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(wanted)): &(PathId, Json<WantedParticipation>),
) -> Result<Answer<ClassBookingRecord>, Failure> {
    let studio = home(change.tx, member)?;
    let noted = class_slot::set_participation(change, &studio, *id, participation(*wanted))?;
    Answer::json(&booking_record(change.tx, member, &noted)?)
}

/// Whether somebody came, in the words of the rules.
pub(super) const fn participation(wanted: WantedParticipation) -> Participation {
    match wanted.participant_status {
        ParticipantStatus::Participating => Participation::Participating,
        ParticipantStatus::NotParticipating => Participation::NotParticipating,
        ParticipantStatus::Unset => Participation::Unset,
    }
}

fn within(field: &'static str, number: i64, least: i64) -> Result<(), Failure> {
    if (least..=MOST).contains(&number) {
        return Ok(());
    }
    let refusal = Refusal::new(ErrorCode::ValidationNumberOutOfRange).with_text(field);
    Err(refusal.with(Argument::Integer(least)).with(Argument::Integer(MOST)).at(field).into())
}

/// The slot of that id, if it is the studio's of the path.
fn of_studio(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Slot, Failure> {
    let (studio, found) = (member.studio()?.id, slot::by_id(tx, member.tenant(), id)?);
    found.filter(|slot| slot.studio_id == studio).ok_or_else(|| ErrorCode::ClassSlotNotFound.into())
}

/// A slot with everybody who is in it.
fn shown(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Answer<ClassSlotWithBookings>, Failure> {
    let (studio, slot) = (home(tx, member)?, of_studio(tx, member, id)?);
    let (active, late) = (booking::of_slot(tx, member.tenant(), id)?, booking::late_in_slot(tx, member.tenant(), id)?);
    let mut records =
        |stored: &[Booking]| stored.iter().map(|booking| booking_record(tx, member, booking)).collect::<Result<_, _>>();
    let (bookings, late_cancelations) = (records(&active)?, records(&late)?);
    Answer::json(&ClassSlotWithBookings { slot: record(tx, member, &studio, &slot)?, bookings, late_cancelations })
}

fn booking_record(tx: &mut Tx<'_>, member: &Member, booking: &Booking) -> Result<ClassBookingRecord, Failure> {
    let face = match booking.customer_id {
        Some(id) => find::faces_of(tx, member.tenant(), &[id])?.pop(),
        None => None,
    };
    Ok(ClassBookingRecord {
        id: booking.id,
        customer_id: booking.customer_id,
        first_name: face.as_ref().map(|face| face.first_name.clone()),
        last_name: face.map(|face| face.last_name),
        status: booking_wire::booking_status(booking)?,
        participant_status: booking_wire::participant(booking)?,
        spot: booking.spot,
    })
}

/// The version of what staff can change of a slot.
fn version(slot: &Slot, instructors: &[i64], resources: &[i64]) -> String {
    let places = (slot.max_participants, slot.max_waiting, slot.additional);
    let all = (slot.starts_at, slot.ends_at, slot.room_id, instructors, resources, places);
    version_of(&[&format!("{all:?}")])
}

fn record(tx: &mut Tx<'_>, member: &Member, studio: &StudioOf, slot: &Slot) -> Result<ClassSlotRecord, Failure> {
    let class = class_slot::class_of(tx, member.tenant(), slot)?;
    let taken = occupied::of_source(tx, member.tenant(), slot.id)?;
    let ids = |kind: &str| taken.iter().filter(|taken| taken.kind == kind).map(|taken| taken.subject_id).collect();
    let (instructor_ids, resource_ids): (Vec<i64>, Vec<i64>) = (ids(kind::INSTRUCTOR), ids(kind::RESOURCE));
    Ok(ClassSlotRecord {
        id: slot.id,
        version: version(slot, &instructor_ids, &resource_ids),
        class_id: slot.class_id,
        title: class.definition.name,
        level: class.definition.level,
        start_date_time: ZonedDateTime::new(slot.starts_at, &studio.zone),
        end_date_time: ZonedDateTime::new(slot.ends_at, &studio.zone),
        status: booking_wire::planned(EventStatus::at(slot.canceled_at.is_some(), slot.ends_at, member.now)),
        listed: slot.listed,
        of_staff: slot.of_staff,
        room_id: slot.room_id,
        instructor_ids,
        resource_ids,
        max_participants: slot.max_participants,
        max_waiting_list_participants: slot.max_waiting,
        booked_participants: slot.booked,
        additional_participants: slot.additional,
        waiting_list_participants: slot.waiting,
    })
}
