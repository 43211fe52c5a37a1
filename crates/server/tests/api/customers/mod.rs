//! The group Customers.

mod benefits;
mod creating;
mod doors;
mod files;
mod paging;
mod reading;
