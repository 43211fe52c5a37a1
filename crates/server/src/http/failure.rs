//! What stops a request: a refusal that the caller must read, or a failure that the operator must read.

use std::borrow::Cow;

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_store::db::DbError;

use crate::vault::{VaultError, VaultFailure};

/// Why an operation has no answer.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The request is wrong or the present state forbids it. Nothing was changed.
    Refused(Refusal),
    /// The database, or the way to it.
    Db(DbError),
    /// What was remembered about the caller is out of date; the frame reads it anew and runs the request again.
    Stale,
    /// Something that must not happen, in the operator's words.
    Internal(String),
}

impl Failure {
    /// The same, blaming a field where nothing was blamed yet.
    #[must_use]
    pub fn blaming(self, field: &str) -> Self {
        match self {
            Self::Refused(refusal) if refusal.reference.is_none() => refusal.at(field).into(),
            other => other,
        }
    }
}

/// A refusal with what its text needs.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The row of the catalogue.
    pub code: ErrorCode,
    /// Values for the placeholders of the text.
    pub arguments: Vec<Argument>,
    /// The field to blame, as a dotted path.
    pub reference: Option<String>,
    /// Seconds after which another try makes sense.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal without details.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, arguments: Vec::new(), reference: None, retry_after: None }
    }

    /// Names the field to blame.
    #[must_use]
    pub fn at(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// Adds text for the next placeholder of the text.
    #[must_use]
    pub fn with_text(self, text: impl Into<String>) -> Self {
        self.with(Argument::String(Cow::Owned(text.into())))
    }

    /// Adds a value for the next placeholder of the text.
    #[must_use]
    pub fn with(mut self, argument: Argument) -> Self {
        self.arguments.push(argument);
        self
    }
}

impl From<VaultFailure> for Failure {
    fn from(failure: VaultFailure) -> Self {
        match failure {
            VaultFailure::Database(error) => Self::Db(error),
            VaultFailure::Vault(error) => Self::Internal(error.to_string()),
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(Refusal::new(code))
    }
}
