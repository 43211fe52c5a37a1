//! The rules of running a gym, as pure functions.
//!
//! Nothing here reads a clock, a file, a database or the network: "now" and "today" are arguments, and the same arguments
//! give the same answer. Comments name the rule they follow by its id (`DATE-2`, `PAY-4`); the rules themselves are told in
//! `docs/concepts/`. No function panics, whatever it is given.
//!
//! Where to start: [`calendar`] and [`money`] are the ground, [`studio`] and [`membership`] hold what an operator writes
//! into the gym file (and what the store keeps), [`billing`] turns an agreed contract into dates and charges, [`customer`]
//! decides about people, [`booking`] about places in classes and times of trainers, and [`staff`] says who may do what in the back office.

pub mod billing;
pub mod booking;
pub mod calendar;
pub mod currency;
pub mod customer;
pub mod employee;
pub mod language;
pub mod membership;
pub mod money;
pub mod problem;
mod serde_defaults;
pub mod staff;
pub mod studio;
pub mod term;

pub use currency::{Currency, Money};
pub use language::Wording;
pub use money::{Amount, Percent};
pub use problem::Problem;
pub use term::{Term, TermUnit, TimeTerm, TimeUnit};
