//! Settings of the installation that every server process must share, such as the secret behind signed links.

use crate::db::{DbError, Tx};

crate::statements! {
    GET = "select value from setting where name = $1";
    INSERT = "insert into setting (name, value) values ($1, $2) on conflict (name) do nothing";
    SET = "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
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

/// Stores the value of a setting, whatever it was before.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), DbError> {
    tx.execute(&SET, &[&name, &value]).map(drop)
}
