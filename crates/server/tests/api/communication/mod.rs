//! The group Customers Communication.

mod preferences;
mod threads;
