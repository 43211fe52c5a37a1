//! The command line and durability, tested on the binary itself: what an operator types, what the program answers with which
//! exit code, and what is left of the data when a process dies.

// Outside of the test functions themselves Clippy does not see that this is all test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod amendment;
mod apply;
mod audit;
mod backup;
mod calendar;
mod customer;
mod demo;
mod doctor;
mod durability;
mod export;
mod full_disk;
mod gym_file_mistakes;
mod help;
mod import;
mod key;
mod nights;
mod permissions;
mod repeats;
mod rush;
mod sandbox;
mod serve;
mod support;
mod user;
mod vault;
mod voucher;
mod webhooks;
