//! The group Customers.

mod reading;
