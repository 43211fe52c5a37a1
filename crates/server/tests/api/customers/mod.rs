//! The group Customers.

mod bank_account;
mod benefits;
mod creating;
mod doors;
mod files;
mod information;
mod paging;
mod reading;
