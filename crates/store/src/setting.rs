//! Settings of the installation that every server process must share, such as the secret behind signed links.

use crate::db::{DbError, Tx};

crate::statements! {
    GET = "select value from setting where name = $1";
    INSERT = "insert into setting (name, value) values ($1, $2) on conflict (name) do nothing";
}

/// The value of a setting.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, DbError> {
    Ok(tx.query_one::<(String,)>(&GET, &[&name])?.map(|(value,)| value))
}

/// The value of a setting, or `fresh` stored as its value. The first process that comes by decides.
pub fn get_or_insert(tx: &mut Tx<'_>, name: &str, fresh: &str) -> Result<String, DbError> {
    tx.execute(&INSERT, &[&name, &fresh])?;
    Ok(get(tx, name)?.unwrap_or_else(|| fresh.to_owned()))
}
