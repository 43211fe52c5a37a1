//! Values on their way to a statement and back: one set of types for both databases.
//!
//! Whole numbers are `BIGINT`, days `DATE`, instants `TIMESTAMPTZ` cut to microseconds. SQLite keeps days as ISO text and
//! instants as microseconds since 1970, chosen once in `migrate.rs`.

use std::rc::Rc;

use bytes::{BufMut, BytesMut};
use jiff::{Timestamp, ToSpan, civil::Date};
use postgres::types::{FromSql, IsNull, ToSql, Type};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};

use super::DbError;

/// One parameter of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Param<'a> {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// Text, also JSON kept as text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A calendar day.
    Date(Date),
    /// An instant, cut to microseconds.
    Instant(Timestamp),
    /// Ids, for `rarray($1)`.
    Ids(&'a [i64]),
}

/// A list of ids as one parameter. The statement reads it with `rarray($1)`, which is a function of ours on PostgreSQL and one
/// of rusqlite's on SQLite. `from rarray($1) w cross join other o where o.id = w.value` costs SQLite a third of `where id in
/// (select value from rarray($1))`, for which it sorts the ids into a table of its own first; the ids must differ then.
#[derive(Debug, Clone, Copy)]
pub struct Ids<'a>(pub &'a [i64]);

impl ToParam for Ids<'_> {
    fn to_param(&self) -> Param<'_> {
        Param::Ids(self.0)
    }
}

/// Types that can be bound to a statement.
pub trait ToParam {
    /// The value as a parameter.
    fn to_param(&self) -> Param<'_>;
}

macro_rules! to_param {
    ($($type:ty, $value:ident => $param:expr;)*) => {$(
        impl ToParam for $type {
            fn to_param(&self) -> Param<'_> {
                let $value = self;
                $param
            }
        }
    )*};
}
to_param! {
    i64, v => Param::Int(*v);
    i32, v => Param::Int(i64::from(*v));
    u32, v => Param::Int(i64::from(*v));
    bool, v => Param::Bool(*v);
    str, v => Param::Text(v);
    String, v => Param::Text(v);
    [u8], v => Param::Bytes(v);
    Vec<u8>, v => Param::Bytes(v);
    Date, v => Param::Date(*v);
    Timestamp, v => Param::Instant(*v);
}

impl<T: ToParam + ?Sized> ToParam for &T {
    fn to_param(&self) -> Param<'_> {
        (**self).to_param()
    }
}

impl<T: ToParam> ToParam for Option<T> {
    fn to_param(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Null, T::to_param)
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match *self {
            Param::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Param::Int(v) => ToSqlOutput::from(v),
            Param::Bool(v) => ToSqlOutput::from(i64::from(v)),
            Param::Text(v) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            Param::Bytes(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v)),
            Param::Date(v) => ToSqlOutput::from(v.to_string()),
            Param::Instant(v) => ToSqlOutput::from(v.as_microsecond()),
            Param::Ids(v) => {
                ToSqlOutput::from_rc(Rc::new(v.iter().map(|id| Value::from(*id)).collect::<Vec<Value>>()), c"rarray")
            }
        })
    }
}

/// Days and microseconds from 1970 to the year 2000, from which PostgreSQL counts.
const PG_EPOCH_DAYS: i32 = 10_957;
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

fn days_since_1970(date: Date) -> i32 {
    date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

fn date_from_days(days: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(days.days()).ok()
}

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self {
            Param::Null => return Ok(IsNull::Yes),
            Param::Int(v) if *ty == Type::INT4 => out.put_i32(i32::try_from(v)?),
            Param::Int(v) if *ty == Type::INT8 => out.put_i64(v),
            Param::Bool(v) if *ty == Type::BOOL => out.put_u8(u8::from(v)),
            Param::Text(v) if is_text(ty) => out.put_slice(v.as_bytes()),
            Param::Bytes(v) if *ty == Type::BYTEA => out.put_slice(v),
            Param::Date(v) if *ty == Type::DATE => out.put_i32(days_since_1970(v) - PG_EPOCH_DAYS),
            Param::Instant(v) if *ty == Type::TIMESTAMPTZ => out.put_i64(v.as_microsecond() - PG_EPOCH_MICROS),
            Param::Ids(v) if *ty == Type::INT8_ARRAY => return v.to_sql(ty, out),
            other => return Err(format!("cannot bind {other:?} as {ty}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

fn is_text(ty: &Type) -> bool {
    *ty == Type::TEXT || *ty == Type::VARCHAR || *ty == Type::NAME
}

/// One value of an answer, borrowed from the row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A whole number; on SQLite also a truth value or an instant.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// Text; on SQLite also a day.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A calendar day.
    Date(Date),
    /// An instant in microseconds since 1970.
    Instant(i64),
    /// A fraction. Nothing of ours is stored as one; it shows up in errors only.
    Real(f64),
}

impl<'a> Cell<'a> {
    pub(crate) fn lite(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(v) => Cell::Int(v),
            ValueRef::Real(v) => Cell::Real(v),
            ValueRef::Text(v) => std::str::from_utf8(v).map_or(Cell::Bytes(v), Cell::Text),
            ValueRef::Blob(v) => Cell::Bytes(v),
        }
    }
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Cell::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Cell::Int(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::BOOL => Cell::Bool(raw.first().is_some_and(|b| *b != 0)),
            Type::BYTEA => Cell::Bytes(raw),
            Type::DATE => {
                let days = i32::from_be_bytes(raw.try_into()?).saturating_add(PG_EPOCH_DAYS);
                Cell::Date(date_from_days(days).ok_or("a day outside the calendar")?)
            }
            Type::TIMESTAMPTZ => Cell::Instant(i64::from_be_bytes(raw.try_into()?).saturating_add(PG_EPOCH_MICROS)),
            _ if is_text(ty) => Cell::Text(std::str::from_utf8(raw)?),
            _ => return Err(format!("columns of type {ty} are not read here").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Types that can be read from a cell.
pub trait FromCell<'a>: Sized {
    /// What the type is called in an error.
    const NAME: &'static str;
    /// Reads the cell, or `None` when it holds something else.
    fn from_cell(cell: Cell<'a>) -> Option<Self>;
}

macro_rules! from_cell {
    ($($type:ty, $name:literal, { $($pattern:pat => $value:expr),+ $(,)? };)*) => {$(
        impl<'a> FromCell<'a> for $type {
            const NAME: &'static str = $name;
            fn from_cell(cell: Cell<'a>) -> Option<Self> {
                match cell { $($pattern => $value,)+ _ => None }
            }
        }
    )*};
}
from_cell! {
    i64, "a whole number", { Cell::Int(v) => Some(v) };
    i32, "a small whole number", { Cell::Int(v) => i32::try_from(v).ok() };
    bool, "a truth value", { Cell::Bool(v) => Some(v), Cell::Int(0) => Some(false), Cell::Int(1) => Some(true) };
    &'a str, "text", { Cell::Text(v) => Some(v) };
    String, "text", { Cell::Text(v) => Some(v.to_owned()) };
    &'a [u8], "bytes", { Cell::Bytes(v) => Some(v) };
    Vec<u8>, "bytes", { Cell::Bytes(v) => Some(v.to_vec()) };
    Date, "a day", { Cell::Date(v) => Some(v), Cell::Text(v) => v.parse().ok() };
    Timestamp, "an instant", {
        Cell::Instant(v) => Timestamp::from_microsecond(v).ok(),
        Cell::Int(v) => Timestamp::from_microsecond(v).ok(),
    };
}

impl<'a, T: FromCell<'a>> FromCell<'a> for Option<T> {
    const NAME: &'static str = T::NAME;
    fn from_cell(cell: Cell<'a>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            other => T::from_cell(other).map(Some),
        }
    }
}

/// One row of an answer; its cells are borrowed from the driver.
pub struct Row<'a>(pub(crate) RowKind<'a>);

pub(crate) enum RowKind<'a> {
    Lite(&'a rusqlite::Row<'a>),
    Pg(&'a postgres::Row),
}

impl Row<'_> {
    /// The cell at a position, from 0.
    pub fn get<'s, T: FromCell<'s>>(&'s self, column: usize) -> Result<T, DbError> {
        let wrong = |found: String| DbError::Type { column, expected: T::NAME, found };
        let cell = match self.0 {
            RowKind::Lite(row) => Cell::lite(row.get_ref(column).map_err(|e| wrong(e.to_string()))?),
            RowKind::Pg(row) => row.try_get(column).map_err(|e| wrong(e.to_string()))?,
        };
        T::from_cell(cell).ok_or_else(|| wrong(format!("{cell:?}")))
    }

    /// The name of a column, for the check that a record and its statement agree.
    pub fn column_name(&self, column: usize) -> Option<&str> {
        match self.0 {
            RowKind::Lite(row) => row.as_ref().column_name(column).ok(),
            RowKind::Pg(row) => row.columns().get(column).map(postgres::Column::name),
        }
    }
}

/// Types that are read from a whole row.
pub trait FromRow: Sized {
    /// Reads the columns by position.
    fn from_row(row: &Row<'_>) -> Result<Self, DbError>;
}

macro_rules! from_row_for_tuples {
    ($($($name:ident $index:tt),+;)*) => {$(
        impl<$($name: for<'a> FromCell<'a>),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
                Ok(($(row.get::<$name>($index)?,)+))
            }
        }
    )*};
}
from_row_for_tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}

/// Types of fields that a row can lend instead of copying them.
pub trait Lend {
    /// The type that is borrowed.
    type Lent<'r>: FromCell<'r>
    where
        Self: 'r;
    /// The value, borrowed.
    fn lend(&self) -> Self::Lent<'_>;
}

macro_rules! lend {
    ($($type:ty, $lent:ty, $value:ident => $expr:expr;)*) => {$(
        impl Lend for $type {
            type Lent<'r> = $lent;
            fn lend(&self) -> Self::Lent<'_> {
                let $value = self;
                $expr
            }
        }
    )*};
}
lend! {
    i64, i64, v => *v;
    bool, bool, v => *v;
    Date, Date, v => *v;
    Timestamp, Timestamp, v => *v;
    String, &'r str, v => v;
    Vec<u8>, &'r [u8], v => v;
}

impl<T: Lend> Lend for Option<T> {
    type Lent<'r>
        = Option<T::Lent<'r>>
    where
        T: 'r;
    fn lend(&self) -> Self::Lent<'_> {
        self.as_ref().map(T::lend)
    }
}

/// Declares a struct that is read from a row by position. Debug builds compare the names of the columns with the fields, so
/// that a swapped column fails the first test that runs the statement.
///
/// `struct Name lent as NameRef` declares another one besides, with texts and bytes that the row lends: for lists that make something
/// else of each row.
#[macro_export]
macro_rules! record {
    (@read $row:ident $name:ident $($field:ident)+) => {{
        let mut column = 0..;
        Ok(Self { $($field: {
            let i = column.next().unwrap_or_default();
            debug_assert_eq!($row.column_name(i), Some(stringify!($field)), "{} reads by position", stringify!($name));
            $row.get(i)?
        },)+ })
    }};
    (
        $(#[$meta:meta])* $vis:vis struct $name:ident lent as $lent:ident
        { $($(#[$fmeta:meta])* pub $field:ident: $type:ty,)+ }
    ) => {
        $crate::record! { $(#[$meta])* $vis struct $name { $($(#[$fmeta])* pub $field: $type,)+ } }

        #[doc = concat!("A [`", stringify!($name), "`] whose texts are borrowed.")]
        #[derive(Debug, Clone, Copy, PartialEq)]
        $vis struct $lent<'r> { $($(#[$fmeta])* pub $field: <$type as $crate::db::Lend>::Lent<'r>,)+ }

        impl<'r> $lent<'r> {
            fn from_row(row: &'r $crate::db::Row<'_>) -> Result<Self, $crate::db::DbError> {
                $crate::record!(@read row $lent $($field)+)
            }
        }

        impl $name {
            /// The same, borrowed.
            pub fn lend(&self) -> $lent<'_> {
                $lent { $($field: $crate::db::Lend::lend(&self.$field),)+ }
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* pub $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $name { $($(#[$fmeta])* pub $field: $type,)+ }

        impl $crate::db::FromRow for $name {
            fn from_row(row: &$crate::db::Row<'_>) -> Result<Self, $crate::db::DbError> {
                $crate::record!(@read row $name $($field)+)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_go_there_and_back() {
        for day in [date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1), date(2026, 2, 28), date(9999, 12, 31)] {
            assert_eq!(date_from_days(days_since_1970(day)), Some(day));
        }
        assert_eq!(days_since_1970(date(2000, 1, 1)), PG_EPOCH_DAYS);
    }
}
