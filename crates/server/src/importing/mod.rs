//! Tables that other programs wrote, such as the list of members of the software a gym used before.
//!
//! [`sheet`] reads rows of cells from CSV and XLSX files, [`map`] says which column means what and makes customers' descriptions of
//! rows. From there on it is the way of the gym file: `actions::customer::described` brings a customer to what the row says, and
//! leaves one alone whose row has not changed. So an import that was broken off is run again.

pub mod map;
pub mod sheet;

/// A row that cannot be taken over, and why. It repeats no cell: reports are read by more people than lists of members.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Refused {
    /// The row's number, as a spreadsheet shows it.
    pub row: u64,
    /// The heading of the column, where it is about one.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
}
