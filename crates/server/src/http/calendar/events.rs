//! From slots and bookings to what a calendar says of them.

use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use gymkeeper_domain::{
    booking::{
        BookingStatus,
        allowance::BookableKind,
        class::{ClassType, Room},
        feed::{DAYS_BACK, Standing, short_name},
    },
    studio::Address,
};
use gymkeeper_store::{
    booking::{
        self, Booking, appointment,
        feed::{self, Opened},
        occupied::{self, Instructor, Taken, kind},
        slot::{self, Slot, Window},
    },
    customer,
    db::{DbError, Tx},
    employee,
    inventory::{self, Kind},
    tenant::TenantId,
};
use jiff::{SignedDuration, Timestamp};

use super::{icalendar::Event, words::Words};
use crate::actions::{
    booking::status,
    customer::{StudioOf, studio},
};

/// A calendar.
pub(super) struct Calendar {
    /// What people call it.
    pub(super) name: String,
    /// What is in it, by start.
    pub(super) events: Vec<Event>,
}

/// What a link opens now. Nothing: whoever it was for is archived, refuses third parties, or is there no longer.
///
/// # Errors
/// The database's; when a definition cannot be read.
pub(super) fn calendar(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    opened: &Opened,
    now: Timestamp,
) -> Result<Option<Calendar>, DbError> {
    let from = now.checked_sub(SignedDuration::from_hours(DAYS_BACK * 24)).unwrap_or(Timestamp::MIN);
    let (home, name, items) = match (opened.employee_id, opened.customer_id) {
        (_, Some(id)) => {
            let found = customer::by_id(tx, tenant, id)?;
            let told = found.filter(|found| found.archived_at.is_none() && !found.withheld);
            let Some(found) = told else { return Ok(None) };
            // The home may be another one than when the link was made.
            let home = studio(tx, tenant, found.studio_id)?;
            let words = words_of(&home);
            let name = format!("{} {}", words.booked_at, home.definition.name);
            (home, name, of_customer(tx, tenant, id, from, words)?)
        }
        (Some(id), None) => {
            let found = employee::find(tx, tenant, id)?.filter(|found| found.archived_at.is_none());
            let Some(found) = found else { return Ok(None) };
            let home = studio(tx, tenant, found.studio_id)?;
            let full_name = format!("{} {}", found.first_name, found.last_name);
            let name = format!("{}, {}", found.public_name.unwrap_or(full_name), home.definition.name);
            let words = words_of(&home);
            let items = of_employee(tx, tenant, (home.id, id), from, words)?;
            (home, name, items)
        }
        (None, None) => {
            let home = studio(tx, tenant, opened.studio_id)?;
            let words = words_of(&home);
            let items = of_studio(tx, tenant, home.id, from, words)?;
            let name = home.definition.name.clone();
            (home, name, items)
        }
    };
    let words = words_of(&home);
    let around = Around::of(tx, tenant, home, &items)?;
    let mut events: Vec<Event> = items.into_iter().map(|item| around.event(item, &opened.tenant_key, words)).collect();
    events.sort_by(|one, other| (one.starts_at, &one.uid).cmp(&(other.starts_at, &other.uid)));
    Ok(Some(Calendar { name, events }))
}

/// The words of a studio's language.
fn words_of(studio: &StudioOf) -> &'static Words {
    Words::of_tag(&studio.definition.language)
}

/// A slot or a booking that is going to be an event.
struct Item {
    /// What ids of that kind are called.
    kind: &'static str,
    id: i64,
    /// Under what it takes the time of people and rooms.
    source: i64,
    /// The class or the type of the appointment.
    subject: i64,
    studio: i64,
    starts_at: Timestamp,
    ends_at: Timestamp,
    made_at: Option<Timestamp>,
    standing: Standing,
    /// Whose it is, in somebody else's calendar.
    customer: Option<String>,
    /// What else there is to say.
    notes: Vec<String>,
}

impl Item {
    fn of_slot(slot: &Slot, words: &Words) -> Self {
        let standing = Standing::of_slot(slot.canceled_at.is_some());
        let mut notes = Vec::new();
        if standing == Standing::Canceled {
            notes.push(words.canceled.to_owned());
        } else {
            let taken = slot.booked + slot.additional;
            let most = slot.max_participants.map(|most| format!(" {} {most}", words.of)).unwrap_or_default();
            notes.push(format!("{}: {taken}{most}", words.places));
            if slot.waiting > 0 {
                notes.push(format!("{}: {}", words.waiting, slot.waiting));
            }
        }
        Self {
            kind: "class-slot",
            id: slot.id,
            source: slot.id,
            subject: slot.class_id,
            studio: slot.studio_id,
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            made_at: None,
            standing,
            customer: None,
            notes,
        }
    }

    fn of_booking(booking: &Booking, words: &Words) -> Result<Self, DbError> {
        let status = status(booking)?;
        let state = match status {
            BookingStatus::Booked => words.booked,
            BookingStatus::WaitingList => words.on_waiting_list,
            BookingStatus::ToBeConfirmed => words.to_be_confirmed,
            BookingStatus::Canceled => words.canceled,
        };
        let mut notes = vec![state.to_owned()];
        if status.holds_place() {
            notes.extend(booking.spot.map(|spot| format!("{} {spot}", words.spot)));
        }
        Ok(Self {
            kind: "booking",
            id: booking.id,
            source: booking.slot_id.unwrap_or(booking.id),
            subject: booking.subject_id,
            studio: booking.studio_id,
            starts_at: booking.starts_at,
            ends_at: booking.ends_at,
            made_at: Some(booking.booked_at),
            standing: Standing::of_booking(status),
            customer: None,
            notes,
        })
    }
}

/// All classes and appointments of a studio, and nobody's name.
fn of_studio(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    from: Timestamp,
    words: &Words,
) -> Result<Vec<Item>, DbError> {
    let window = Window { from, to: Timestamp::MAX, limit: i64::MAX, offset: 0 };
    let slots = slot::all_of_studio(tx, tenant, studio, window)?;
    let mut items: Vec<Item> = slots.iter().map(|slot| Item::of_slot(slot, words)).collect();
    for booking in appointment::of_studio(tx, tenant, studio, window)? {
        items.push(Item::of_booking(&booking, words)?);
    }
    Ok(items)
}

/// What an employee leads, with whom of the customers an appointment is.
fn of_employee(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    (studio, employee): (i64, i64),
    from: Timestamp,
    words: &Words,
) -> Result<Vec<Item>, DbError> {
    let window = Window { from, to: Timestamp::MAX, limit: i64::MAX, offset: 0 };
    let mut slots = slot::all_of_studio(tx, tenant, studio, window)?;
    let mut bookings = appointment::of_studio(tx, tenant, studio, window)?;
    let sources: Vec<i64> = slots.iter().map(|slot| slot.id).chain(bookings.iter().map(|one| one.id)).collect();
    let leads = occupied::instructors(tx, tenant, &sources)?;
    let led: BTreeSet<i64> = leads.iter().filter(|lead| lead.id == employee).map(|lead| lead.source_id).collect();
    slots.retain(|slot| led.contains(&slot.id));
    bookings.retain(|booking| led.contains(&booking.id));
    let mut customers: Vec<i64> = bookings.iter().filter_map(|booking| booking.customer_id).collect();
    customers.sort_unstable();
    customers.dedup();
    let named = feed::named(tx, tenant, &customers)?;
    let mut items: Vec<Item> = slots.iter().map(|slot| Item::of_slot(slot, words)).collect();
    for booking in bookings {
        let whose = booking.customer_id.and_then(|id| named.iter().find(|named| named.id == id));
        let customer = whose.map(|named| short_name(&named.first_name, &named.last_name));
        items.push(Item { customer, ..Item::of_booking(&booking, words)? });
    }
    Ok(items)
}

/// What a customer has booked, in any studio of the tenant.
fn of_customer(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    from: Timestamp,
    words: &Words,
) -> Result<Vec<Item>, DbError> {
    let mut items = Vec::new();
    for kind in [BookableKind::Class, BookableKind::Appointment] {
        for booking in booking::of_customer(tx, tenant, customer, kind.name(), from, Timestamp::MAX)? {
            items.push(Item::of_booking(&booking, words)?);
        }
    }
    Ok(items)
}

/// Everything that items refer to: read once for all of them.
struct Around {
    titles: HashMap<i64, Title>,
    rooms: HashMap<i64, Room>,
    leads: HashMap<i64, Vec<String>>,
    /// The rooms that each source takes.
    places: HashMap<i64, Vec<i64>>,
    studios: HashMap<i64, StudioOf>,
}

/// What a calendar needs of a class or a type of appointment.
#[derive(serde::Deserialize)]
struct Title {
    name: String,
    #[serde(rename = "type", default)]
    kind: ClassType,
}

impl Around {
    fn of(tx: &mut Tx<'_>, tenant: TenantId, home: StudioOf, items: &[Item]) -> Result<Self, DbError> {
        let sources: Vec<i64> = items.iter().map(|item| item.source).collect();
        let mut leads: HashMap<i64, Vec<String>> = HashMap::new();
        for lead in occupied::instructors(tx, tenant, &sources)? {
            leads.entry(lead.source_id).or_default().push(called(&lead));
        }
        let mut places: HashMap<i64, Vec<i64>> = HashMap::new();
        for Taken { source_id, subject_id, kind, .. } in occupied::of_sources(tx, tenant, &sources)? {
            if kind == kind::ROOM {
                places.entry(source_id).or_default().push(subject_id);
            }
        }
        let entries: BTreeSet<i64> =
            items.iter().map(|item| item.subject).chain(places.values().flatten().copied()).collect();
        let entries: Vec<i64> = entries.into_iter().collect();
        let (mut titles, mut rooms) = (HashMap::new(), HashMap::new());
        for entry in inventory::by_ids(tx, tenant, &entries)? {
            match entry.kind {
                Kind::Class | Kind::AppointmentType => drop(titles.insert(entry.id, entry.read()?)),
                Kind::Room => drop(rooms.insert(entry.id, entry.read()?)),
                _ => {}
            }
        }
        let mut studios = HashMap::from([(home.id, home)]);
        for item in items {
            if let Entry::Vacant(place) = studios.entry(item.studio) {
                place.insert(studio(tx, tenant, item.studio)?);
            }
        }
        Ok(Self { titles, rooms, leads, places, studios })
    }

    fn event(&self, item: Item, tenant: &str, words: &Words) -> Event {
        let title = self.titles.get(&item.subject);
        let online = title.is_some_and(|title| title.kind == ClassType::Stream);
        let title = title.map_or("", |title| &title.name);
        let leads = self.leads.get(&item.source).map(|leads| format!("{}: {}", words.with, leads.join(", ")));
        let description = online.then(|| words.online.to_owned()).into_iter().chain(leads).chain(item.notes).collect();
        Event {
            // An id means nothing without its tenant, which keeps its key wherever it moves.
            uid: format!("{}-{}@{tenant}.gymkeeper", item.kind, item.id),
            starts_at: item.starts_at,
            ends_at: item.ends_at,
            made_at: item.made_at,
            standing: item.standing,
            summary: match item.customer {
                Some(customer) => format!("{title} ({customer})"),
                None => title.to_owned(),
            },
            location: if online { String::new() } else { self.place(item.source, item.studio) },
            description,
        }
    }

    /// The rooms, the studio and its address.
    fn place(&self, source: i64, studio: i64) -> String {
        let rooms = self.places.get(&source).into_iter().flatten().filter_map(|room| self.rooms.get(room));
        let mut parts: Vec<String> = rooms.map(|room| room.name.clone()).collect();
        if let Some(studio) = self.studios.get(&studio) {
            parts.push(studio.definition.name.clone());
            let Address { street, house_number, zip, city, .. } = &studio.definition.address;
            for pair in [[street, house_number], [zip, city]] {
                let said: Vec<&str> = pair.into_iter().flatten().map(String::as_str).collect();
                parts.push(said.join(" "));
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }
}

/// What members call somebody who leads something.
fn called(lead: &Instructor) -> String {
    lead.public_name.clone().unwrap_or_else(|| format!("{} {}", lead.first_name, lead.last_name))
}
