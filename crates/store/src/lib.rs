//! The SQL: one text for SQLite and PostgreSQL, by subject.
//!
//! `db/` is the seam that knows the two databases. The other modules hold statements and the functions that run them; they
//! take a running [`db::Tx`] and a tenant, and never open a transaction. Start reading at `tenant.rs`.

pub mod booking;
pub mod customer;
pub mod db;
pub mod employee;
pub mod files;
pub mod idempotency;
pub mod inventory;
pub mod job;
pub mod journal;
pub mod keys;
pub mod membership;
pub mod portable;
pub mod sandbox;
pub mod schema;
pub mod sealed;
pub mod setting;
pub mod staff;
pub mod studio;
pub mod tenant;
pub mod webhook;

use db::{Migration, Sql};

/// Every step from an empty database to the present one. Append only.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "foundation", text: include_str!("../migrations/0001_foundation.sql") },
    Migration { name: "changes", text: include_str!("../migrations/0002_changes.sql") },
    Migration { name: "staff", text: include_str!("../migrations/0003_staff.sql") },
    Migration { name: "members", text: include_str!("../migrations/0004_members.sql") },
    Migration { name: "self_service", text: include_str!("../migrations/0005_self_service.sql") },
    Migration { name: "leads", text: include_str!("../migrations/0006_leads.sql") },
    Migration { name: "customers_of_staff", text: include_str!("../migrations/0007_customers_of_staff.sql") },
    Migration { name: "desk", text: include_str!("../migrations/0008_desk.sql") },
    Migration { name: "later", text: include_str!("../migrations/0009_later.sql") },
    Migration { name: "packs", text: include_str!("../migrations/0010_packs.sql") },
    Migration { name: "bookings", text: include_str!("../migrations/0011_bookings.sql") },
    Migration { name: "presence", text: include_str!("../migrations/0012_presence.sql") },
    Migration { name: "calendar_feeds", text: include_str!("../migrations/0013_calendar_feeds.sql") },
    Migration { name: "taken_times", text: include_str!("../migrations/0014_taken_times.sql") },
    Migration { name: "more_of_members", text: include_str!("../migrations/0015_more_of_members.sql") },
    Migration { name: "absences_and_lists", text: include_str!("../migrations/0016_absences_and_lists.sql") },
    Migration { name: "kept_answers", text: include_str!("../migrations/0017_kept_answers.sql") },
    Migration { name: "mediums_in_their_index", text: include_str!("../migrations/0018_mediums_in_their_index.sql") },
    Migration { name: "signed_calendar_feeds", text: include_str!("../migrations/0019_signed_calendar_feeds.sql") },
    Migration { name: "debtors_in_their_index", text: include_str!("../migrations/0020_debtors_in_their_index.sql") },
];

/// Every statement of the store, by module. A new module adds its line here; a test prepares all of them on both databases.
pub fn statements() -> Vec<&'static Sql> {
    [
        booking::STATEMENTS,
        booking::appointment::STATEMENTS,
        booking::feed::STATEMENTS,
        booking::occupied::STATEMENTS,
        booking::presence::STATEMENTS,
        booking::slot::STATEMENTS,
        booking::trial::STATEMENTS,
        customer::STATEMENTS,
        customer::amendment::STATEMENTS,
        customer::bank_account::STATEMENTS,
        customer::benefit::STATEMENTS,
        customer::birthday::STATEMENTS,
        customer::communication::STATEMENTS,
        customer::contract::STATEMENTS,
        customer::document::STATEMENTS,
        customer::erasure::STATEMENTS,
        customer::extras::STATEMENTS,
        customer::family::STATEMENTS,
        customer::field::STATEMENTS,
        customer::find::STATEMENTS,
        customer::identity::STATEMENTS,
        customer::lead::STATEMENTS,
        customer::medium::STATEMENTS,
        customer::member_list::STATEMENTS,
        customer::note::STATEMENTS,
        customer::pack::STATEMENTS,
        customer::representative::STATEMENTS,
        customer::restriction::STATEMENTS,
        customer::voucher::STATEMENTS,
        customer::weighing::STATEMENTS,
        employee::STATEMENTS,
        files::STATEMENTS,
        idempotency::STATEMENTS,
        inventory::STATEMENTS,
        job::STATEMENTS,
        journal::STATEMENTS,
        keys::STATEMENTS,
        sandbox::STATEMENTS,
        sealed::STATEMENTS,
        setting::STATEMENTS,
        staff::STATEMENTS,
        staff::attempt::STATEMENTS,
        staff::session::STATEMENTS,
        studio::STATEMENTS,
        studio::checkin::STATEMENTS,
        studio::tag::STATEMENTS,
        tenant::STATEMENTS,
        webhook::STATEMENTS,
        webhook::delivery::STATEMENTS,
    ]
    .concat()
}
