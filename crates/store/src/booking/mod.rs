//! Bookings of classes and appointments, and the slots, times and allowances that they take.

pub mod appointment;
pub mod feed;
pub mod occupied;
pub mod presence;
pub mod slot;
pub mod trial;

use jiff::{Timestamp, civil::Date};

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A booking of a class or an appointment.
    pub struct Booking {
        /// Its id.
        pub id: i64,
        /// `CLASS` or `APPOINTMENT`.
        pub kind: String,
        /// The studio of the class or appointment.
        pub studio_id: i64,
        /// Whose it is; nobody's once the customer was erased.
        pub customer_id: Option<i64>,
        /// The class, or the type of the appointment, in the inventory.
        pub subject_id: i64,
        /// The slot of the class.
        pub slot_id: Option<i64>,
        /// When it begins.
        pub starts_at: Timestamp,
        /// When it ends.
        pub ends_at: Timestamp,
        /// How it stands, by the domain's names.
        pub status: String,
        /// Whether the customer came, by the domain's names.
        pub participation: String,
        /// Where it stands among all bookings of the slot, in the order in which they were accepted.
        pub place: i64,
        /// The numbered spot.
        pub spot: Option<i64>,
        /// When it was made.
        pub booked_at: Timestamp,
        /// When it was canceled.
        pub canceled_at: Option<Timestamp>,
        /// Whether it was canceled too late to get back what it took.
        pub late: bool,
        /// The contract whose allowance it took.
        pub contract_id: Option<i64>,
        /// The list of members whose allowance it took.
        pub list_id: Option<i64>,
        /// The pack that it took a use of.
        pub pack_id: Option<i64>,
        /// The key of the allowance that it took.
        pub allowance_key: Option<String>,
        /// The first day of the time in which it counts.
        pub window_start: Option<Date>,
        /// The trial offer that it was made under.
        pub trial_id: Option<i64>,
        /// The last moment at which a trial can be confirmed.
        pub confirm_until: Option<Timestamp>,
    }
}

crate::statements! {
    BY_ID = "select id, kind, studio_id, customer_id, subject_id, slot_id, starts_at, ends_at, status, participation, place, spot,
            booked_at, canceled_at, late, contract_id, list_id, pack_id, allowance_key, window_start, trial_id, confirm_until
        from booking where tenant_id = $1 and id = $2";
    INSERT = "insert into booking (tenant_id, id, kind, studio_id, customer_id, subject_id, slot_id, starts_at, ends_at, status,
            participation, place, spot, booked_at, canceled_at, late, contract_id, list_id, pack_id, allowance_key, window_start, trial_id,
            confirm_until)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)";
    UPDATE = "update booking set starts_at = $3, ends_at = $4, status = $5, participation = $6, spot = $7, canceled_at = $8,
            late = $9, contract_id = $10, list_id = $11, pack_id = $12, allowance_key = $13, window_start = $14, confirm_until = $15
        where tenant_id = $1 and id = $2";
    // In a whole time: begun not before, ended not after.
    OF_CUSTOMER = "select id, kind, studio_id, customer_id, subject_id, slot_id, starts_at, ends_at, status, participation, place,
            spot, booked_at, canceled_at, late, contract_id, list_id, pack_id, allowance_key, window_start, trial_id, confirm_until
        from booking where tenant_id = $1 and customer_id = $2 and kind = $3 and starts_at >= $4 and starts_at <= $5
            and ends_at <= $5 order by starts_at, id";
    // The longest booking is a day, so one that is going on began at most a day before; the index needs to know.
    TIMES_OF_CUSTOMER = "select starts_at, ends_at from booking where tenant_id = $1 and customer_id = $2 and status <> 'CANCELED'
        and starts_at < $4 and starts_at > $5 and ends_at > $3 order by starts_at, id";
    ACTIVE_IN_SLOT = "select id from booking where tenant_id = $1 and slot_id = $2 and customer_id = $3 and status <> 'CANCELED'";
    OF_SLOT = "select id, kind, studio_id, customer_id, subject_id, slot_id, starts_at, ends_at, status, participation, place, spot,
            booked_at, canceled_at, late, contract_id, list_id, pack_id, allowance_key, window_start, trial_id, confirm_until
        from booking where tenant_id = $1 and slot_id = $2 and status <> 'CANCELED' order by place, id";
    LATE_IN_SLOT = "select id, kind, studio_id, customer_id, subject_id, slot_id, starts_at, ends_at, status, participation, place, spot,
            booked_at, canceled_at, late, contract_id, list_id, pack_id, allowance_key, window_start, trial_id, confirm_until
        from booking where tenant_id = $1 and slot_id = $2 and status = 'CANCELED' and late order by canceled_at, id";
    WAITING = "select id, kind, studio_id, customer_id, subject_id, slot_id, starts_at, ends_at, status, participation, place, spot,
            booked_at, canceled_at, late, contract_id, list_id, pack_id, allowance_key, window_start, trial_id, confirm_until
        from booking where tenant_id = $1 and slot_id = $2 and status = 'WAITING_LIST' order by place, id";
    AHEAD = "select id from booking where tenant_id = $1 and customer_id = $2 and status <> 'CANCELED' and starts_at > $3
        order by id";
}

/// The booking of that id.
pub fn by_id(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Booking>, DbError> {
    tx.query_one(&BY_ID, &[&tenant, &id])
}

/// Stores a booking; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, booking: &Booking) -> Result<(), DbError> {
    let b = booking;
    tx.execute(
        &INSERT,
        &[
            &tenant,
            &b.id,
            &b.kind,
            &b.studio_id,
            &b.customer_id,
            &b.subject_id,
            &b.slot_id,
            &b.starts_at,
            &b.ends_at,
            &b.status,
            &b.participation,
            &b.place,
            &b.spot,
            &b.booked_at,
            &b.canceled_at,
            &b.late,
            &b.contract_id,
            &b.list_id,
            &b.pack_id,
            &b.allowance_key,
            &b.window_start,
            &b.trial_id,
            &b.confirm_until,
        ],
    )
    .map(drop)
}

/// Stores what can change about a booking: time, status, participation, spot and what it took.
pub fn update(tx: &mut Tx<'_>, tenant: TenantId, booking: &Booking) -> Result<(), DbError> {
    let b = booking;
    tx.execute(
        &UPDATE,
        &[
            &tenant,
            &b.id,
            &b.starts_at,
            &b.ends_at,
            &b.status,
            &b.participation,
            &b.spot,
            &b.canceled_at,
            &b.late,
            &b.contract_id,
            &b.list_id,
            &b.pack_id,
            &b.allowance_key,
            &b.window_start,
            &b.confirm_until,
        ],
    )
    .map(drop)
}

/// The bookings of a kind of a customer that lie wholly between two instants, canceled ones too, by start and id.
pub fn of_customer(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    kind: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Booking>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer, &kind, &from, &to])
}

/// The earliest start of anything that may be going on at an instant.
fn day_before(instant: Timestamp) -> Timestamp {
    instant.checked_sub(jiff::SignedDuration::from_hours(25)).unwrap_or(Timestamp::MIN)
}

/// The times that a customer has booked, or waits for, and that overlap a time, by start; those that only touch it do not (CLS-4).
pub fn times_of_customer(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, Timestamp)>, DbError> {
    tx.query(&TIMES_OF_CUSTOMER, &[&tenant, &customer, &from, &to, &day_before(from)])
}

/// The booking of a customer in a slot that is not canceled.
pub fn active_in_slot(tx: &mut Tx<'_>, tenant: TenantId, slot: i64, customer: i64) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&ACTIVE_IN_SLOT, &[&tenant, &slot, &customer])?.map(|(id,)| id))
}

/// The bookings of a slot that are not canceled, in the order in which they were accepted.
pub fn of_slot(tx: &mut Tx<'_>, tenant: TenantId, slot: i64) -> Result<Vec<Booking>, DbError> {
    tx.query(&OF_SLOT, &[&tenant, &slot])
}

/// The bookings of a slot that were canceled too late, in the order in which they were.
pub fn late_in_slot(tx: &mut Tx<'_>, tenant: TenantId, slot: i64) -> Result<Vec<Booking>, DbError> {
    tx.query(&LATE_IN_SLOT, &[&tenant, &slot])
}

/// Those who wait for a place in a slot, the first first.
pub fn waiting(tx: &mut Tx<'_>, tenant: TenantId, slot: i64) -> Result<Vec<Booking>, DbError> {
    tx.query(&WAITING, &[&tenant, &slot])
}

/// The bookings of a customer that begin after an instant and are not canceled.
pub fn ahead(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, now: Timestamp) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&AHEAD, &[&tenant, &customer, &now])?.into_iter().map(|(id,)| id).collect())
}
