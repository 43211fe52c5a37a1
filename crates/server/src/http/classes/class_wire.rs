//! Classes and their slots from the store's words to the wire's.

use std::collections::HashMap;

use gymkeeper_contract::{
    classes::{self, ClassCancelCondition, ClassInformation, ClassSlot},
    common::{Instructor, Location, Slice, TermWithMinutes, TimeUnit as WireUnit, ZonedDateTime},
    errors::ErrorCode,
};
use gymkeeper_domain::{
    TermUnit, TimeTerm, TimeUnit,
    booking::class::{Class, ClassType, Room},
};
use gymkeeper_store::{
    booking::{
        occupied::{self, Instructor as Leads},
        slot::Slot,
    },
    db::{DbError, Tx},
    inventory::{self, Kind},
    tenant::TenantId,
};
use jiff::tz::TimeZone;

use crate::{
    actions::booking::{Defined, defined},
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        links::{Lifetime, Links},
        paging::{JsonSlice, SliceRequest},
    },
};

/// The class of that id, if programs may see it.
///
/// # Errors
/// Refuses an unknown or hidden one with 404 and one of another studio with 403.
pub(in crate::http) fn visible(tx: &mut Tx<'_>, caller: &Caller, id: i64) -> Result<Defined<Class>, Failure> {
    let found: Option<Defined<Class>> = defined(tx, caller.tenant(), Kind::Class, id)?;
    let shown = found.filter(|class| class.definition.online && !class.entry.retired);
    let class = shown.ok_or(ErrorCode::ClassNotFound)?;
    if class.studio == caller.studio() { Ok(class) } else { Err(ErrorCode::AuthorizationOtherStudio.into()) }
}

/// A class as clients see it.
pub(in crate::http) fn class<'c>(links: &Links, caller: &Caller, class: &'c Defined<Class>) -> classes::Class<'c> {
    let what = &class.definition;
    let image = class.entry.file_id;
    classes::Class {
        id: class.entry.id,
        title: Some(&what.name),
        kind: Some(match what.kind {
            ClassType::Studio => classes::ClassType::Studio,
            ClassType::Stream => classes::ClassType::Stream,
        }),
        duration: i32::try_from(what.minutes).ok(),
        category: what.category.as_deref(),
        description: what.description.as_deref(),
        // URL-3
        img_url: image.map(|file| links.link(caller.tenant(), file, Lifetime::Lasting, caller.system_now).into()),
        bookable: what.bookable,
        cancel_condition: Some(ClassCancelCondition {
            cancelation_after_latest_possible: Some(what.late_cancel),
            latest_cancel_term: what.cancel_until.map(term_with_minutes),
        }),
    }
}

/// A term as clients see it.
pub(in crate::http) fn term_with_minutes(term: TimeTerm) -> TermWithMinutes {
    let unit = match term.unit {
        TimeUnit::Minutes => WireUnit::Minutes,
        TimeUnit::Hours => WireUnit::Hours,
        TimeUnit::Calendar(TermUnit::Day) => WireUnit::Day,
        TimeUnit::Calendar(TermUnit::Week) => WireUnit::Week,
        TimeUnit::Calendar(TermUnit::Month) => WireUnit::Month,
        TimeUnit::Calendar(TermUnit::Year) => WireUnit::Year,
    };
    TermWithMinutes { value: term.value, unit }
}

/// Everything that slots refer to: read once for all slots of a list.
pub(in crate::http) struct Around {
    leads: Vec<Leads>,
    titles: HashMap<i64, String>,
    rooms: HashMap<i64, Room>,
    zone: TimeZone,
}

/// What a list needs of a class.
#[derive(serde::Deserialize)]
struct Named {
    name: String,
}

impl Around {
    /// What these slots refer to.
    ///
    /// # Errors
    /// The database's; when a definition cannot be read.
    pub(in crate::http) fn of(
        tx: &mut Tx<'_>,
        tenant: TenantId,
        zone: &TimeZone,
        slots: &[Slot],
    ) -> Result<Self, DbError> {
        let ids: Vec<i64> = slots.iter().map(|slot| slot.id).collect();
        let leads = occupied::instructors(tx, tenant, &ids)?;
        let mut entries: Vec<i64> =
            slots.iter().flat_map(|slot| [Some(slot.class_id), slot.room_id]).flatten().collect();
        entries.sort_unstable();
        entries.dedup();
        let (mut titles, mut rooms) = (HashMap::new(), HashMap::new());
        for entry in inventory::by_ids(tx, tenant, &entries)? {
            match entry.kind {
                Kind::Class => drop(titles.insert(entry.id, entry.read::<Named>()?.name)),
                Kind::Room => drop(rooms.insert(entry.id, entry.read()?)),
                _ => {}
            }
        }
        Ok(Self { leads, titles, rooms, zone: zone.clone() })
    }

    /// A slot as clients see it.
    pub(in crate::http) fn slot(&self, slot: &Slot) -> ClassSlot<'_> {
        let zoned = |instant| ZonedDateTime::new(instant, &self.zone);
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let first = self.leads.partition_point(|lead| lead.source_id < slot.id);
        let leads = self.leads[first..].iter().take_while(|lead| lead.source_id == slot.id);
        ClassSlot {
            id: slot.id,
            start_date_time: Some(zoned(slot.starts_at)),
            end_date_time: Some(zoned(slot.ends_at)),
            instructors: Some(leads.map(instructor).collect()),
            location: slot.room_id.and_then(|id| {
                let room = self.rooms.get(&id)?;
                Some(Location { id, name: &room.name, description: room.description.as_deref() })
            }),
            earliest_booking_date_time: slot.bookable_from.map(zoned),
            latest_booking_date_time: slot.bookable_until.map(zoned),
            max_participants: slot.max_participants.map(count),
            max_waiting_list_participants: (slot.max_waiting > 0).then(|| count(slot.max_waiting)),
            booked_participants: Some(count(slot.booked)),
            additional_participants: count(slot.additional),
            waiting_list_participants: Some(count(slot.waiting)),
            class_information: Some(ClassInformation {
                id: slot.class_id,
                title: self.titles.get(&slot.class_id).map(String::as_str),
            }),
        }
    }
}

/// Somebody who leads something, as clients see it.
pub(in crate::http) fn instructor(lead: &Leads) -> Instructor<'_> {
    Instructor {
        id: lead.id,
        first_name: &lead.first_name,
        last_name: &lead.last_name,
        public_name: lead.public_name.as_deref(),
    }
}

/// A slice of these slots, of which there may be one too many.
///
/// # Errors
/// The database's; when a definition cannot be read.
pub(in crate::http) fn page(
    tx: &mut Tx<'_>,
    caller: &Caller,
    request: SliceRequest,
    slots: &[Slot],
) -> Result<Answer<Slice<ClassSlot<'static>>>, Failure> {
    let around = Around::of(tx, caller.tenant(), caller.zone(), slots)?;
    let mut slice = JsonSlice::new(request);
    for slot in slots {
        slice.push(slot.id, &around.slot(slot))?;
    }
    // PAG-3
    Ok(slice.finish_by_index())
}
