//! The group Customers.

mod bank_account;
mod reading;
