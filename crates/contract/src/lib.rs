//! What clients of the API see: operations, errors, languages, the shapes of requests and answers, and the documents made
//! from them.
//!
//! Nothing here reads a database, a clock or a socket, and no rule of the trade is decided here: the crate knows how things
//! are *written* on the wire. Start at [`operations`] for the routes, at [`errors`] for what is refused and how, and at the
//! module of a group, such as [`studios`], for its requests and answers. The doc comments of the types are the descriptions
//! of the OpenAPI document, so they are written for those who call the API.

pub mod admin;
pub mod appointments;
pub mod checkin_vouchers;
pub mod classes;
pub mod common;
pub mod communication;
pub mod compatibility;
pub mod cross_studio;
pub mod customers;
pub mod employees;
pub mod errors;
pub mod language;
pub mod leads;
pub mod member_lists;
pub mod memberships;
pub mod openapi;
pub mod operations;
pub mod self_service;
pub mod studios;
pub mod trial_offers;
pub mod webhooks;
