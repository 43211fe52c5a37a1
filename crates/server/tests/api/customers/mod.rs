//! The group Customers.

mod information;
mod reading;
