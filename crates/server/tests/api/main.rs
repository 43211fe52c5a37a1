//! The API over HTTP, on every database there is: one file an operation, as in `src/http/`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod every_operation;
mod frame;
mod memberships;
mod pages;
mod studios;
mod support;
