//! From series to slots: classes are published so many days ahead as the studio says, each night one more.
//!
//! A slot follows its series until it begins, or until staff changes it. What is in the past stays as it was.

use std::collections::HashMap;

use gymkeeper_domain::{
    booking::{
        class::{Class, ClassSeries},
        series::Occurrence,
    },
    calendar,
    studio::StudioDefinition,
};
use gymkeeper_store::{
    booking::slot::{self, Slot},
    customer,
    db::DbError,
    employee,
    inventory::{self, Kind},
};
use jiff::{Timestamp, civil::Time, tz::TimeZone};

use super::{
    Defined,
    slot::{Held, Takes, call_off, planned, take_time},
};
use crate::{
    actions::{
        change::{Change, Deed},
        customer::StudioOf,
    },
    http::failure::Failure,
};

/// Classes are published so many days ahead unless the studio says otherwise.
const PUBLISHED_DAYS: u32 = 14;
/// So many days back slots are made for a series that is new (CLS-1).
const DAYS_BACK: i64 = 1;

/// Makes the slots that are missing, and brings those that have not begun to what their series say now. Doing it again changes
/// nothing.
///
/// # Errors
/// The database's; when a definition cannot be read.
pub fn publish(change: &mut Change<'_, '_>, studio: &StudioOf) -> Result<(), Failure> {
    let tenant = change.tenant;
    let entries = inventory::of_studio(change.tx, tenant, studio.id)?;
    if !entries.iter().any(|entry| entry.kind == Kind::Class) {
        return Ok(());
    }
    // The night may come while somebody defines something.
    customer::take_turn_at(change.tx, tenant, "schedule")?;
    let mut classes: HashMap<&str, Defined<Class>> = HashMap::new();
    let mut places: HashMap<(Kind, &str), i64> = HashMap::new();
    for entry in &entries {
        match entry.kind {
            Kind::Class => {
                let class = Defined { studio: studio.id, entry: entry.clone(), definition: entry.read()? };
                classes.insert(&entry.key, class);
            }
            Kind::Room | Kind::Resource => drop(places.insert((entry.kind, &entry.key), entry.id)),
            _ => {}
        }
    }
    let employees = employee::names(change.tx, tenant, studio.id)?;
    // Who works here no longer leads nothing any more.
    let present = employees.iter().filter(|name| name.present);
    let employees: HashMap<&str, i64> = present.map(|name| (name.key.as_str(), name.id)).collect();
    let today = studio.zone.to_datetime(change.now).date();
    let days = i64::from(studio.definition.publishes_classes_days.unwrap_or(PUBLISHED_DAYS));
    let (first, last) = (calendar::add_days(today, -DAYS_BACK), calendar::add_days(today, days));
    let since = studio.zone.to_timestamp(first.to_datetime(Time::midnight())).unwrap_or(Timestamp::MIN);
    for class in classes.values() {
        // Also those slots that follow no series.
        slot::set_listed(change.tx, tenant, class.entry.id, class.definition.online, since)?;
        if class.entry.retired {
            for id in slot::ahead_of_class(change.tx, tenant, class.entry.id, change.now)? {
                call_off(change, id, false)?;
            }
        }
    }
    let mut made = 0;
    for entry in entries.iter().filter(|entry| entry.kind == Kind::ClassSeries) {
        let Some(class) = entry.parent_key.as_deref().and_then(|key| classes.get(key)) else { continue };
        let series: ClassSeries = entry.read()?;
        let resources: Vec<i64> =
            series.resources.iter().filter_map(|key| places.get(&(Kind::Resource, key.as_str())).copied()).collect();
        let mut stored = slot::of_series(change.tx, tenant, entry.id, first)?;
        let held = !entry.retired && !class.entry.retired;
        let zone = studio.zone.clone();
        let occurrences = series.occurrences(first, last, class.definition.minutes, &zone);
        let occurrences = occurrences.filter(|at| held && !rests(&series, &studio.definition, at, &zone));
        for at in occurrences {
            let room = at.room.and_then(|key| places.get(&(Kind::Room, key)).copied());
            let instructors = at.instructors.iter().filter_map(|key| employees.get(key.as_str()).copied()).collect();
            let takes = Takes { instructors, room, resources: resources.clone() };
            let wanted = planned(studio, class, Some(&series), at.starts_at);
            let wanted = Slot { series_id: Some(entry.id), series_date: Some(at.on), room_id: room, ..wanted };
            match stored.iter().position(|slot| slot.series_date == Some(at.on)) {
                None => {
                    insert(change, wanted, &takes)?;
                    made += 1;
                }
                Some(place) => {
                    let present = stored.swap_remove(place);
                    follow(change, studio, class, present, &wanted, &takes)?;
                }
            }
        }
        // What the series no longer says is called off.
        for gone in stored {
            let ahead = gone.starts_at > change.now && gone.series_date.is_none_or(|on| on <= last);
            if ahead && !gone.of_staff && gone.canceled_at.is_none() {
                // Staff may have been faster.
                let claimed = slot::claim(change.tx, tenant, gone.id)?;
                if claimed.is_some_and(|slot| !slot.of_staff) {
                    call_off(change, gone.id, false)?;
                }
            }
        }
    }
    if made > 0 {
        let deed = Deed::new("classes.published").studio(studio.id).subject("studio", studio.id);
        change.record(deed.field("slots", (), made).field("until", (), last));
    }
    Ok(())
}

/// Whether a class is not held because the studio is closed then.
fn rests(series: &ClassSeries, studio: &StudioDefinition, at: &Occurrence<'_>, zone: &TimeZone) -> bool {
    if !series.rests_on_closing_hours {
        return false;
    }
    let end = zone.to_datetime(at.ends_at);
    let closed = studio.closing_hours.iter().filter_map(|closing| closing.occurrence_ending_after(at.local_start));
    closed.into_iter().any(|period| period.from < end)
}

fn insert(change: &mut Change<'_, '_>, wanted: Slot, takes: &Takes) -> Result<(), DbError> {
    let slot = Slot { id: change.tx.next_id()?, ..wanted };
    slot::insert(change.tx, change.tenant, &slot)?;
    take_time(change, &slot, takes)
}

/// Brings a slot that has not begun to what its series says now.
fn follow(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    class: &Defined<Class>,
    present: Slot,
    wanted: &Slot,
    takes: &Takes,
) -> Result<(), Failure> {
    if present.starts_at <= change.now || present.of_staff {
        return Ok(());
    }
    let (to, takes) = (wanted.clone(), takes.clone());
    super::slot::change_to(change, studio, class, present.id, |held| {
        // Staff may have been faster.
        if held.slot.of_staff {
            return Ok(held);
        }
        Ok(Held { slot: Slot { id: held.slot.id, additional: held.slot.additional, ..to }, takes })
    })
}
