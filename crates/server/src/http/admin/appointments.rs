//! The resource Appointments: who has booked which appointment, with whom and when.

use gymkeeper_contract::{
    admin::appointments::{
        self as wire, AppointmentParticipation, AppointmentRecord, MovedAppointment, NewAppointment,
    },
    common::{Slice, ZonedDateTime},
    errors::ErrorCode,
};
use gymkeeper_domain::{
    booking::{BookingStatus, EventStatus, appointment::Appointment, times::Period},
    calendar,
};
use gymkeeper_store::{
    booking::{
        Booking, appointment as stored,
        occupied::{self, kind},
        slot::Window,
    },
    customer::{self as customers, find},
    db::Tx,
    inventory::Kind,
};

use super::{
    classes::{GivesBack, Listed, home, participation},
    frame::{Mounted, Reading, personal_read, read, write},
    member::Member,
};
use crate::{
    actions::{
        booking::{
            Defined,
            appointment::{self, Terms, Wish},
            defined, status,
        },
        change::Change,
        customer::{self, StudioOf, desk},
    },
    http::{
        answer::Answer,
        appointments::booking_wire::booking_status,
        classes::{booking_wire, windows},
        failure::Failure,
        input::{Json, PathId},
        paging::{InventorySlice, JsonSlice},
    },
};

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading { action: "appointment.read", subject: ("booking", |PathId(id): &PathId| *id) };
    vec![
        read(&wire::LIST_APPOINTMENTS, list_appointments),
        write(&wire::BOOK_APPOINTMENT, book_appointment),
        personal_read(&wire::GET_APPOINTMENT, reading, get_appointment),
        write(&wire::MOVE_APPOINTMENT, move_appointment),
        write(&wire::CANCEL_APPOINTMENT, cancel_appointment),
        write(&wire::SET_APPOINTMENT_PARTICIPATION, set_appointment_participation),
    ]
}

fn list_appointments(
    tx: &mut Tx<'_>,
    member: &Member,
    (listed, InventorySlice(request)): &(Listed, InventorySlice),
) -> Result<Answer<Slice<AppointmentRecord>>, Failure> {
    let studio = home(tx, member)?;
    let first = listed.first.unwrap_or(member.today()?);
    let (from, to) = windows::days(&studio.zone, first, calendar::add_days(first, listed.days - 1));
    let window = Window { from, to, limit: request.fetch(), offset: request.offset };
    let mut slice = JsonSlice::new(*request);
    for booking in stored::of_studio(tx, member.tenant(), studio.id, window)? {
        slice.push(booking.id, &record(tx, member, &studio, &booking)?)?;
    }
    Ok(slice.finish_by_index())
}

fn get_appointment(
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<AppointmentRecord>, Failure> {
    let (studio, booking) = (home(tx, member)?, of_studio(tx, member, *id)?);
    Answer::json(&record(tx, member, &studio, &booking)?)
}

fn book_appointment(
    change: &mut Change<'_, '_>,
    member: &Member,
    Json(new): &Json<NewAppointment>,
) -> Result<Answer<AppointmentRecord>, Failure> {
    let studio = home(change.tx, member)?;
    let visitor = desk::visitor_alone(change, studio.id, new.customer_id).map_err(booking_wire::at_customer)?;
    let of_studio: Option<Defined<Appointment>> =
        defined(change.tx, change.tenant, Kind::AppointmentType, new.bookable_appointment_id)?;
    if of_studio.is_none_or(|appointment| appointment.studio != studio.id) {
        return Err(Failure::from(ErrorCode::BookableAppointmentNotFound).blaming("bookableAppointmentId"));
    }
    let wish = Wish {
        appointment: new.bookable_appointment_id,
        period: Period::new(new.start_date_time.0, new.end_date_time.0),
        instructors: new.instructor_ids.clone(),
    };
    let made = appointment::book(change, &studio, &visitor, &wish, terms(new.overrides))?;
    Answer::json(&record(change.tx, member, &studio, &made)?)
}

fn move_appointment(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(to)): &(PathId, Json<MovedAppointment>),
) -> Result<Answer<AppointmentRecord>, Failure> {
    let studio = home(change.tx, member)?;
    let booking = held(change, member, *id)?;
    let customer = booking.customer_id.ok_or(ErrorCode::BookingNotFound)?;
    let visitor = customer::desk::visitor_alone(change, studio.id, customer)?;
    let wish = Wish {
        appointment: booking.subject_id,
        period: Period::new(to.start_date_time.0, to.end_date_time.0),
        instructors: to.instructor_ids.clone(),
    };
    let moved = appointment::move_to(change, &studio, &visitor, booking, &wish, terms(to.overrides))?;
    Answer::json(&record(change.tx, member, &studio, &moved)?)
}

fn cancel_appointment(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), GivesBack(gives_back)): &(PathId, GivesBack),
) -> Result<Answer<AppointmentRecord>, Failure> {
    let studio = home(change.tx, member)?;
    let booking = held(change, member, *id)?;
    let canceled = appointment::cancel_for(change, booking, *gives_back)?;
    Answer::json(&record(change.tx, member, &studio, &canceled)?)
}

fn set_appointment_participation(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(wanted)): &(PathId, Json<AppointmentParticipation>),
) -> Result<Answer<AppointmentRecord>, Failure> {
    let studio = home(change.tx, member)?;
    let booking = held(change, member, *id)?;
    let noted = appointment::set_participation(change, booking, participation(*wanted))?;
    Answer::json(&record(change.tx, member, &studio, &noted)?)
}

const fn terms(overrides: bool) -> Terms<'static> {
    if overrides { Terms::AgainstRules } else { Terms::Rules }
}

/// The booking of that id, if it is the studio's of the path.
fn of_studio(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Booking, Failure> {
    let found = appointment::find(tx, member.tenant(), member.studio()?.id, id);
    // Those of other studios are none of its business.
    found.map_err(|failure| match failure {
        Failure::Refused(_) => ErrorCode::BookingNotFound.into(),
        other => other,
    })
}

/// As [`of_studio`], with other changes of the customer waiting until this one has ended.
fn held(change: &mut Change<'_, '_>, member: &Member, id: i64) -> Result<Booking, Failure> {
    if let Some(customer) = of_studio(change.tx, member, id)?.customer_id {
        customers::hold(change.tx, change.tenant, customer)?;
    }
    of_studio(change.tx, member, id)
}

fn record(
    tx: &mut Tx<'_>,
    member: &Member,
    studio: &StudioOf,
    booking: &Booking,
) -> Result<AppointmentRecord, Failure> {
    let appointment: Option<Defined<Appointment>> =
        defined(tx, member.tenant(), Kind::AppointmentType, booking.subject_id)?;
    let face = match booking.customer_id {
        Some(id) => find::faces_of(tx, member.tenant(), &[id])?.pop(),
        None => None,
    };
    let taken = occupied::of_source(tx, member.tenant(), booking.id)?;
    let ids = |wanted: &str| -> Vec<i64> {
        taken.iter().filter(|taken| taken.kind == wanted).map(|taken| taken.subject_id).collect()
    };
    let canceled = status(booking)? == BookingStatus::Canceled;
    Ok(AppointmentRecord {
        id: booking.id,
        bookable_appointment_id: booking.subject_id,
        title: appointment.map(|appointment| appointment.definition.name).unwrap_or_default(),
        customer_id: booking.customer_id,
        first_name: face.as_ref().map(|face| face.first_name.clone()),
        last_name: face.map(|face| face.last_name),
        start_date_time: ZonedDateTime::new(booking.starts_at, &studio.zone),
        end_date_time: ZonedDateTime::new(booking.ends_at, &studio.zone),
        booking_status: booking_status(status(booking)?),
        appointment_status: booking_wire::planned(EventStatus::at(canceled, booking.ends_at, member.now)),
        participant_status: booking_wire::participant(booking)?,
        instructor_ids: ids(kind::INSTRUCTOR),
        room_id: ids(kind::ROOM).first().copied(),
        resource_ids: ids(kind::RESOURCE),
        canceled_late: booking.late,
    })
}
