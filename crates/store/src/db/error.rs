//! What can go wrong between a closure and its database.

/// A failure of the database or of the way to it. Absence of a row is never an error here.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    /// The queue to the database is full. Nothing was run; the same call may succeed in a moment.
    #[error("the queue to the database is full")]
    Busy,
    /// The database was closed, or its connection was lost and could not be made anew.
    #[error("the database is not reachable: {0}")]
    Closed(String),
    /// The closure panicked; its transaction was undone.
    #[error("a database job panicked: {0}")]
    Panicked(String),
    /// A unique key, foreign key or check refused the change.
    #[error("a constraint refused the change: {0}")]
    Constraint(String),
    /// The transaction lost against another one and may be run again.
    #[error("the transaction lost a race")]
    Conflict,
    /// A statement ran longer than allowed.
    #[error("a statement took longer than allowed")]
    Timeout,
    /// The disk is full or the file cannot grow. Nothing of the transaction was kept.
    #[error("the database cannot grow: {0}")]
    Full(String),
    /// A value has another type than the code expects.
    #[error("column {column}: expected {expected}, found {found}")]
    Type {
        /// Position of the column, from 0.
        column: usize,
        /// The type the code asked for.
        expected: &'static str,
        /// What the database holds.
        found: String,
    },
    /// `query_one` met a second row.
    #[error("{0} returned more than one row")]
    TooManyRows(&'static str),
    /// The file or server holds something that this program must not touch.
    #[error("{0}")]
    Unusable(String),
    /// Whether a commit happened is unknown, because the connection broke while it was under way.
    #[error("the connection broke during a commit; its outcome is unknown")]
    OutcomeUnknown,
    /// Anything else the database said.
    #[error("{statement}: {message}")]
    Sql {
        /// Name of the statement.
        statement: &'static str,
        /// What the database said.
        message: String,
    },
}

impl DbError {
    pub(crate) fn lite(statement: &'static str, error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let message = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::ConstraintViolation) => Self::Constraint(message),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::DiskFull) => Self::Full(message),
            // A quota and a limit on the size of files end a write too, and SQLite has no name of its own for them.
            Some(Code::SystemIoFailure) if is_failed_write(&error) => Self::Full(message),
            Some(Code::OperationInterrupted) => Self::Timeout,
            Some(Code::NotADatabase | Code::DatabaseCorrupt | Code::CannotOpen) => {
                Self::Unusable(format!("the database file cannot be used: {message}"))
            }
            _ => Self::Sql { statement, message },
        }
    }

    pub(crate) fn pg(statement: &'static str, error: &postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            return if error.is_closed() || is_io(error) {
                Self::Closed(error.to_string())
            } else {
                Self::Sql { statement, message: chain(error) }
            };
        };
        match db.code().code() {
            "40001" | "40P01" => Self::Conflict,
            "57014" => Self::Timeout,
            "53100" => Self::Full(db.message().to_owned()),
            "57P01" | "57P02" | "57P03" => Self::Closed(db.message().to_owned()),
            code if code.starts_with("23") => Self::Constraint(db.message().to_owned()),
            _ => Self::Sql { statement, message: db.message().to_owned() },
        }
    }
}

fn is_failed_write(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};
    error.sqlite_error().is_some_and(|error| matches!(error.extended_code, SQLITE_IOERR_WRITE | SQLITE_IOERR_SHMSIZE))
}

fn is_io(error: &postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

fn chain(error: &postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
