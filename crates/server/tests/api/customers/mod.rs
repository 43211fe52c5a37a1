//! The group Customers.

mod benefits;
mod creating;
mod doors;
mod files;
mod information;
mod paging;
mod reading;
