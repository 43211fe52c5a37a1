//! The API over HTTP, on every database there is: one file an operation, as in `src/http/`.

// In a test a panic is the way to fail, in its helpers too, which the lint does not take for parts of a test.
#![allow(clippy::unwrap_used)]

mod admin;
mod appointments;
mod checkin_vouchers;
mod checkouts;
mod classes;
mod communication;
mod cross_studio;
mod customers;
mod employees;
mod every_operation;
mod frame;
mod jobs;
mod leads;
mod member_lists;
mod memberships;
mod pages;
mod paging;
mod sandbox;
mod self_service;
mod stories;
mod studios;
mod support;
mod trial_offers;
mod webhooks;
