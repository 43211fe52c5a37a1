//! From an agreed contract to dates and charges.
//!
//! One function, [`charges`], answers what a contract costs from signing to any day. Previews ask it for the initial
//! runtime, the account for the coming year, and the nightly run for what is still missing: since the amounts never
//! depend on the day that is asked about, all three agree. [`ContractConditions`] is its input; [`ContractConditions::state_on`]
//! and [`cancelation`] answer the questions about ends and notice.
//!
//! Start reading with `conditions.rs`, then `timeline.rs` (when does it end), `periods.rs` (how time is cut), `fees.rs` and
//! `schedule.rs` (what it costs).

mod birthday;
mod bonus;
pub mod cancelation;
mod conditions;
mod fees;
mod modules;
mod periods;
mod prices;
mod schedule;
mod timeline;
mod volume;

pub use birthday::Birthday;
pub use conditions::ContractConditions;
pub use modules::module_charges;
pub use prices::{age_adjusted_price, price_on};
pub use schedule::{
    Charge, ChargeKind, ChargeSource, charges, credit_for_unused_days, initial_charges, pre_use_charge,
};
pub use timeline::TermState;
pub use volume::{ContractVolume, contract_volume};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod worked_examples;
