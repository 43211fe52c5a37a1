//! Slots of classes: each time at which a class is held.

use jiff::{Timestamp, civil::Date};

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A time at which a class is held.
    pub struct Slot {
        /// Its id.
        pub id: i64,
        /// The studio of the class.
        pub studio_id: i64,
        /// The class, in the inventory.
        pub class_id: i64,
        /// The series that it comes from, in the inventory.
        pub series_id: Option<i64>,
        /// The day of the series that it stands for.
        pub series_date: Option<Date>,
        /// Whether staff made or changed it, so that it follows its series no longer.
        pub of_staff: bool,
        /// Whether programs find it in lists.
        pub listed: bool,
        /// When it begins.
        pub starts_at: Timestamp,
        /// When it ends.
        pub ends_at: Timestamp,
        /// The room, in the inventory.
        pub room_id: Option<i64>,
        /// How many may take part; nothing for no limit.
        pub max_participants: Option<i64>,
        /// How many may wait.
        pub max_waiting: i64,
        /// How many staff has added.
        pub additional: i64,
        /// How many have booked.
        pub booked: i64,
        /// How many wait.
        pub waiting: i64,
        /// The place of the next booking.
        pub next_place: i64,
        /// The first moment of booking.
        pub bookable_from: Option<Timestamp>,
        /// The last moment of booking.
        pub bookable_until: Option<Timestamp>,
        /// When it was called off.
        pub canceled_at: Option<Timestamp>,
    }
}

crate::statements! {
    BY_ID = "select id, studio_id, class_id, series_id, series_date, of_staff, listed, starts_at, ends_at, room_id,
            max_participants, max_waiting, additional, booked, waiting, next_place, bookable_from, bookable_until, canceled_at
        from class_slot where tenant_id = $1 and id = $2";
    // Whoever books or gives back a place waits here for whoever does so at the same time.
    CLAIM = "update class_slot set next_place = next_place + 1 where tenant_id = $1 and id = $2
        returning id, studio_id, class_id, series_id, series_date, of_staff, listed, starts_at, ends_at, room_id,
            max_participants, max_waiting, additional, booked, waiting, next_place, bookable_from, bookable_until, canceled_at";
    INSERT = "insert into class_slot (tenant_id, id, studio_id, class_id, series_id, series_date, of_staff, listed, starts_at,
            ends_at, room_id, max_participants, max_waiting, additional, booked, waiting, next_place, bookable_from, bookable_until,
            canceled_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    UPDATE = "update class_slot set of_staff = $3, listed = $4, starts_at = $5, ends_at = $6, room_id = $7, max_participants = $8,
            max_waiting = $9, additional = $10, booked = $11, waiting = $12, bookable_from = $13, bookable_until = $14,
            canceled_at = $15
        where tenant_id = $1 and id = $2";
    OF_STUDIO = "select id, studio_id, class_id, series_id, series_date, of_staff, listed, starts_at, ends_at, room_id,
            max_participants, max_waiting, additional, booked, waiting, next_place, bookable_from, bookable_until, canceled_at
        from class_slot where tenant_id = $1 and studio_id = $2 and starts_at >= $3 and starts_at < $4 and listed
            and canceled_at is null
        order by starts_at, id limit $5 offset $6";
    OF_CLASS = "select id, studio_id, class_id, series_id, series_date, of_staff, listed, starts_at, ends_at, room_id,
            max_participants, max_waiting, additional, booked, waiting, next_place, bookable_from, bookable_until, canceled_at
        from class_slot where tenant_id = $1 and class_id = $2 and starts_at >= $3 and starts_at < $4 and listed
            and canceled_at is null
        order by starts_at, id limit $5 offset $6";
    ALL_OF_STUDIO = "select id, studio_id, class_id, series_id, series_date, of_staff, listed, starts_at, ends_at, room_id,
            max_participants, max_waiting, additional, booked, waiting, next_place, bookable_from, bookable_until, canceled_at
        from class_slot where tenant_id = $1 and studio_id = $2 and starts_at >= $3 and starts_at < $4
        order by starts_at, id limit $5 offset $6";
    OF_SERIES = "select id, studio_id, class_id, series_id, series_date, of_staff, listed, starts_at, ends_at, room_id,
            max_participants, max_waiting, additional, booked, waiting, next_place, bookable_from, bookable_until, canceled_at
        from class_slot where tenant_id = $1 and series_id = $2 and series_date >= $3 order by series_date, id";
    CLASSES_WITH_SLOTS = "select distinct class_id from class_slot
        where tenant_id = $1 and studio_id = $2 and starts_at >= $3 and starts_at < $4 and listed and canceled_at is null
            and class_id > $5 and exists (select 1 from inventory i where i.tenant_id = $1 and i.id = class_id and not i.retired)
        order by class_id limit $6";
    AHEAD_OF_CLASS = "select id from class_slot where tenant_id = $1 and class_id = $2 and starts_at > $3 and canceled_at is null
        order by id";
    SET_LISTED = "update class_slot set listed = $3 where tenant_id = $1 and class_id = $2 and starts_at >= $4 and listed <> $3";
}

/// The slot of that id.
pub fn by_id(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Slot>, DbError> {
    tx.query_one(&BY_ID, &[&tenant, &id])
}

/// The slots of a class that begin after an instant and are not called off.
pub fn ahead_of_class(tx: &mut Tx<'_>, tenant: TenantId, class: i64, after: Timestamp) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&AHEAD_OF_CLASS, &[&tenant, &class, &after])?.into_iter().map(|(id,)| id).collect())
}

/// Says whether programs see the slots of a class that begin from an instant on.
pub fn set_listed(tx: &mut Tx<'_>, tenant: TenantId, class: i64, listed: bool, from: Timestamp) -> Result<(), DbError> {
    tx.execute(&SET_LISTED, &[&tenant, &class, &listed, &from]).map(drop)
}

/// Takes the next place of a slot, which keeps others from booking it, giving back or changing it until this transaction has
/// ended, and answers the slot as it is then. The place is `next_place - 1`.
pub fn claim(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Slot>, DbError> {
    tx.query_one(&CLAIM, &[&tenant, &id])
}

/// Stores a slot; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, slot: &Slot) -> Result<(), DbError> {
    let s = slot;
    tx.execute(
        &INSERT,
        &[
            &tenant,
            &s.id,
            &s.studio_id,
            &s.class_id,
            &s.series_id,
            &s.series_date,
            &s.of_staff,
            &s.listed,
            &s.starts_at,
            &s.ends_at,
            &s.room_id,
            &s.max_participants,
            &s.max_waiting,
            &s.additional,
            &s.booked,
            &s.waiting,
            &s.next_place,
            &s.bookable_from,
            &s.bookable_until,
            &s.canceled_at,
        ],
    )
    .map(drop)
}

/// Stores what can change about a slot. To be called while it is claimed.
pub fn update(tx: &mut Tx<'_>, tenant: TenantId, slot: &Slot) -> Result<(), DbError> {
    let s = slot;
    tx.execute(
        &UPDATE,
        &[
            &tenant,
            &s.id,
            &s.of_staff,
            &s.listed,
            &s.starts_at,
            &s.ends_at,
            &s.room_id,
            &s.max_participants,
            &s.max_waiting,
            &s.additional,
            &s.booked,
            &s.waiting,
            &s.bookable_from,
            &s.bookable_until,
            &s.canceled_at,
        ],
    )
    .map(drop)
}

/// Which slots: those that begin from one instant up to, and without, another; at most `limit` of them after the first `offset`.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// The first start.
    pub from: Timestamp,
    /// Before this.
    pub to: Timestamp,
    /// How many at the most.
    pub limit: i64,
    /// How many of them are left out first.
    pub offset: i64,
}

/// The slots of a studio that programs find in lists, by start and id.
pub fn of_studio(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, w: Window) -> Result<Vec<Slot>, DbError> {
    tx.query(&OF_STUDIO, &[&tenant, &studio, &w.from, &w.to, &w.limit, &w.offset])
}

/// The slots of a class that programs find in lists, by start and id.
pub fn of_class(tx: &mut Tx<'_>, tenant: TenantId, class: i64, w: Window) -> Result<Vec<Slot>, DbError> {
    tx.query(&OF_CLASS, &[&tenant, &class, &w.from, &w.to, &w.limit, &w.offset])
}

/// All slots of a studio, those that were called off and those that nobody finds too, by start and id.
pub fn all_of_studio(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, w: Window) -> Result<Vec<Slot>, DbError> {
    tx.query(&ALL_OF_STUDIO, &[&tenant, &studio, &w.from, &w.to, &w.limit, &w.offset])
}

/// The slots of a series that stand for days from `first` on, by that day.
pub fn of_series(tx: &mut Tx<'_>, tenant: TenantId, series: i64, first: Date) -> Result<Vec<Slot>, DbError> {
    tx.query(&OF_SERIES, &[&tenant, &series, &first])
}

/// The classes of a studio with greater ids than `after` that have slots in lists between two instants, by id.
pub fn classes_with_slots(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    (from, to): (Timestamp, Timestamp),
    after: i64,
    limit: i64,
) -> Result<Vec<i64>, DbError> {
    let params: [&dyn crate::db::ToParam; 6] = [&tenant, &studio, &from, &to, &after, &limit];
    Ok(tx.query::<(i64,)>(&CLASSES_WITH_SLOTS, &params)?.into_iter().map(|(id,)| id).collect())
}
