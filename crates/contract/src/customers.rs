//! Requests and answers of the group Customers: who they are, their contracts, visits, documents and ways to enter.
//!
//! Types that are both sent and received hold `Cow`: an answer borrows its texts from the rows, a request owns them.

mod access;
mod additional_information;
mod contract;
mod create;
mod customer;
mod documents;
mod legal_representative;
mod measurement;
mod search;
mod studio_switch;
mod visits;

pub use access::*;
pub use additional_information::*;
pub use contract::*;
pub use create::*;
pub use customer::*;
pub use documents::*;
pub use legal_representative::*;
pub use measurement::*;
pub use search::*;
pub use studio_switch::*;
pub use visits::*;
