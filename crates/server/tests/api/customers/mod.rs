//! The group Customers.

mod bank_account;
mod benefits;
mod creating;
mod described;
mod doors;
mod families;
mod files;
mod information;
mod known_by;
mod legal_representative;
mod paging;
mod reading;
mod refused_entry;
mod visits;
