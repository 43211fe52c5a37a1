//! One function per thing that can be done. Each works inside a running transaction, so the API, the command line and the
//! workers share it; it answers with what was done, or with a refusal that undoes the transaction.

pub mod aggregator;
pub mod apply;
pub mod booking;
pub mod change;
pub mod checkin;
pub mod checkout;
pub mod clock;
pub mod cross_studio;
pub mod customer;
pub mod day;
pub mod difference;
pub mod employee;
pub mod file;
pub mod information_field;
pub mod inventory;
pub mod key;
pub mod lead;
pub mod member_list;
pub mod sandbox;
pub mod signing_in;
pub mod staff;
pub mod studio;
pub mod trial_lead;
pub mod voucher;
pub mod webhook;
