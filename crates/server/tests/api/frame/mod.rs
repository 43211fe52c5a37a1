//! What stands around every operation: keys, limits, languages, remembered answers, and requests that are odd or wrong.

mod kept;
mod keys;
mod languages;
mod limits;
mod remembered;
mod requests;
mod tenants;
mod writing;
