//! Times that are taken: of employees, rooms and resources, by class slots and appointments alike.
//!
//! A row belongs to its source, a class slot or a booking of an appointment. It stays when the source is called off, so that one
//! still sees who would have led it, but takes no time any more.

use jiff::Timestamp;

use crate::{
    db::{DbError, Ids, Tx},
    tenant::TenantId,
};

/// What is taken. The names are stored; they must not change.
pub mod kind {
    /// An employee.
    pub const INSTRUCTOR: &str = "INSTRUCTOR";
    /// A room.
    pub const ROOM: &str = "ROOM";
    /// A resource.
    pub const RESOURCE: &str = "RESOURCE";
}

crate::record! {
    /// Somebody or something that a source takes.
    pub struct Taken {
        /// The class slot or booking.
        pub source_id: i64,
        /// The employee, or the room or resource in the inventory.
        pub subject_id: i64,
        /// Which of these it is; see [`kind`].
        pub kind: String,
        /// Its place among those of the source.
        pub position: i64,
        /// From when on.
        pub starts_at: Timestamp,
        /// Until when.
        pub ends_at: Timestamp,
    }
}

crate::record! {
    /// A time that somebody or something is taken.
    pub struct Busy {
        /// The employee, room or resource.
        pub subject_id: i64,
        /// From when on.
        pub starts_at: Timestamp,
        /// Until when.
        pub ends_at: Timestamp,
    }
}

crate::record! {
    /// Somebody who leads something.
    pub struct Instructor {
        /// What is led: the class slot or booking.
        pub source_id: i64,
        /// The employee.
        pub id: i64,
        /// The first name.
        pub first_name: String,
        /// The last name.
        pub last_name: String,
        /// The name that members see.
        pub public_name: Option<String>,
    }
}

crate::statements! {
    INSERT = "insert into occupied (tenant_id, source_id, subject_id, kind, position, starts_at, ends_at, released)
        values ($1, $2, $3, $4, $5, $6, $7, false)";
    REMOVE = "delete from occupied where tenant_id = $1 and source_id = $2";
    RELEASE = "update occupied set released = true where tenant_id = $1 and source_id = $2";
    OF_SOURCE = "select source_id, subject_id, kind, position, starts_at, ends_at from occupied
        where tenant_id = $1 and source_id = $2 order by kind, position";
    OF_SOURCES = "select source_id, subject_id, kind, position, starts_at, ends_at from occupied
        where tenant_id = $1 and source_id in (select value from rarray($2)) order by source_id, kind, position";
    BUSY = "select subject_id, starts_at, ends_at from occupied
        where tenant_id = $1 and subject_id in (select value from rarray($2)) and ends_at > $3 and starts_at < $4 and not released";
    TAKEN_BESIDES = "select distinct subject_id from occupied where tenant_id = $1 and subject_id in (select value from rarray($2))
        and ends_at > $3 and starts_at < $4 and not released and source_id <> $5";
    INSTRUCTORS = "select o.source_id, e.id, e.first_name, e.last_name, e.public_name
        from occupied o join employee e on e.tenant_id = o.tenant_id and e.id = o.subject_id
        where o.tenant_id = $1 and o.source_id in (select value from rarray($2)) and o.kind = 'INSTRUCTOR'
        order by o.source_id, o.position";
}

/// Takes somebody's or something's time.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, taken: &Taken) -> Result<(), DbError> {
    let t = taken;
    tx.execute(&INSERT, &[&tenant, &t.source_id, &t.subject_id, &t.kind, &t.position, &t.starts_at, &t.ends_at])
        .map(drop)
}

/// Forgets what a source takes, to store it anew.
pub fn remove(tx: &mut Tx<'_>, tenant: TenantId, source: i64) -> Result<(), DbError> {
    tx.execute(&REMOVE, &[&tenant, &source]).map(drop)
}

/// Gives back what a source took, because it was called off.
pub fn release(tx: &mut Tx<'_>, tenant: TenantId, source: i64) -> Result<(), DbError> {
    tx.execute(&RELEASE, &[&tenant, &source]).map(drop)
}

/// What a source takes, by kind and position.
pub fn of_source(tx: &mut Tx<'_>, tenant: TenantId, source: i64) -> Result<Vec<Taken>, DbError> {
    tx.query(&OF_SOURCE, &[&tenant, &source])
}

/// What these sources take, by source, kind and position.
pub fn of_sources(tx: &mut Tx<'_>, tenant: TenantId, sources: &[i64]) -> Result<Vec<Taken>, DbError> {
    tx.query(&OF_SOURCES, &[&tenant, &Ids(sources)])
}

/// The times that overlap a time and in which any of these is taken, in no particular order: there may be tens of thousands.
pub fn busy(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    subjects: &[i64],
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Busy>, DbError> {
    tx.query(&BUSY, &[&tenant, &Ids(subjects), &from, &to])
}

/// Which of these are taken within a time by anything but one source, in no particular order.
pub fn taken_besides(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    subjects: &[i64],
    (from, to): (Timestamp, Timestamp),
    source: i64,
) -> Result<Vec<i64>, DbError> {
    let found = tx.query::<(i64,)>(&TAKEN_BESIDES, &[&tenant, &Ids(subjects), &from, &to, &source])?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Who leads these, by source and place.
pub fn instructors(tx: &mut Tx<'_>, tenant: TenantId, sources: &[i64]) -> Result<Vec<Instructor>, DbError> {
    tx.query(&INSTRUCTORS, &[&tenant, &Ids(sources)])
}
