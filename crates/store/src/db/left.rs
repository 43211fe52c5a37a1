//! What transactions leave to be written just before their commit, on SQLite once for all members of a group.

use super::{DbError, Tx};
use crate::{
    idempotency::{self, Answer},
    journal::{self, Entry},
};

#[derive(Default)]
pub(super) struct Left {
    pub(super) entries: Vec<Entry>,
    pub(super) answers: Vec<Answer>,
}

impl Left {
    pub(super) fn append(&mut self, other: &mut Self) {
        self.entries.append(&mut other.entries);
        self.answers.append(&mut other.answers);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.answers.is_empty()
    }

    /// The journal last: its head is the one lock that changes of a tenant share.
    pub(super) fn write(self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        idempotency::write(tx, self.answers)?;
        journal::write(tx, self.entries)
    }
}
