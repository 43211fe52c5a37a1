//! Everything that runs: the API at the wire, the actions behind it, the command line.
//!
//! Start reading at `http/frame.rs`, through which every request goes, and at `app.rs`, which says what a server is made of.

pub mod actions;
pub mod app;
pub mod chance;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod gymfile;
pub mod http;
pub mod images;
pub mod importing;
pub mod memory;
pub mod outbound;
pub mod password;
pub mod portable;
pub mod signature;
pub mod totp;
pub mod vault;
pub mod workers;
