//! What stands around every operation: keys, limits, languages, remembered answers, and requests that are odd or wrong.

mod keys;
mod languages;
mod limits;
mod planned;
mod remembered;
mod requests;
mod tenants;
mod writing;
