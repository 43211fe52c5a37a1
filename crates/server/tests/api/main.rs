//! The API over HTTP, on every database there is: one file an operation, as in `src/http/`.

mod every_operation;
mod frame;
mod memberships;
mod pages;
mod studios;
mod support;
