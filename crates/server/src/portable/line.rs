//! One row as one line of JSON, and back.
//!
//! The fields are the table's columns, in their order; one that holds nothing is left out. Numbers, truth values and texts are
//! JSON's own, days and instants are texts as in RFC 3339, bytes are Base64. JSON that is stored as text stays a text, because the
//! hashes of the journal go over its very letters. A sealed value is Base64, too, or when it was opened an object: `{"text": ...}`, or
//! `{"base64": ...}` where it is no text. The same row always gives the same line.

use std::io::{self, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use gymkeeper_store::{
    db::{DbError, Param, Row},
    portable,
    schema::{Column, Table, Type},
};
use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};

use super::Trouble;
use crate::vault::{Place, Vault};

/// A value on its way between a row and a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// Text.
    Text(String),
    /// Bytes; of a sealed column what it is sealed as.
    Bytes(Vec<u8>),
    /// What a sealed value says.
    Opened(Vec<u8>),
    /// A day.
    Date(Date),
    /// An instant.
    Instant(Timestamp),
}

impl Datum {
    /// The value as a statement takes it. What was opened must have been sealed again.
    pub fn param(&self) -> Param<'_> {
        match self {
            Self::Null | Self::Opened(_) => Param::Null,
            Self::Int(value) => Param::Int(*value),
            Self::Bool(value) => Param::Bool(*value),
            Self::Text(value) => Param::Text(value),
            Self::Bytes(value) => Param::Bytes(value),
            Self::Date(value) => Param::Date(*value),
            Self::Instant(value) => Param::Instant(*value),
        }
    }

    /// The value in a row of a table.
    ///
    /// # Errors
    /// When it is not of the column's type.
    pub fn of_row(row: &Row<'_>, place: usize, column: &Column) -> Result<Self, DbError> {
        fn some<T>(value: Option<T>, datum: impl Fn(T) -> Datum) -> Datum {
            value.map_or(Datum::Null, datum)
        }
        Ok(match column.ty {
            Type::Int => some(row.get(place)?, Self::Int),
            Type::Bool => some(row.get(place)?, Self::Bool),
            Type::Text => some(row.get(place)?, Self::Text),
            Type::Bytes => some(row.get(place)?, Self::Bytes),
            Type::Date => some(row.get(place)?, Self::Date),
            Type::Instant => some(row.get(place)?, Self::Instant),
        })
    }

    fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Null => out.write_all(b"null"),
            Self::Int(value) => write!(out, "{value}"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Text(value) => Ok(serde_json::to_writer(out, value)?),
            Self::Bytes(value) => write!(out, "\"{}\"", BASE64.encode(value)),
            Self::Date(value) => write!(out, "\"{value}\""),
            Self::Instant(value) => write!(out, "\"{value}\""),
            Self::Opened(value) => match std::str::from_utf8(value) {
                Ok(text) => {
                    out.write_all(b"{\"text\":")?;
                    serde_json::to_writer(&mut *out, text)?;
                    out.write_all(b"}")
                }
                Err(_) => write!(out, "{{\"base64\":\"{}\"}}", BASE64.encode(value)),
            },
        }
    }
}

/// The values of a row. With a vault, what is sealed is opened.
///
/// # Errors
/// The database's; when a sealed value cannot be opened.
pub fn read_row(table: &Table, row: &Row<'_>, vault: Option<&Vault>) -> Result<Vec<Datum>, Trouble> {
    let mut data = Vec::with_capacity(table.columns.len());
    for (place, column) in table.columns.iter().enumerate() {
        data.push(Datum::of_row(row, place, column)?);
    }
    let Some(vault) = vault else { return Ok(data) };
    let id = id_in(table, &data);
    for (datum, column) in data.iter_mut().zip(&table.columns) {
        if let (Datum::Bytes(sealed), Some(kind)) = (&*datum, portable::sealed_as(&table.name, &column.name)) {
            *datum = Datum::Opened(vault.open(Place { kind, id }, sealed)?);
        }
    }
    Ok(data)
}

/// The id of a row.
pub fn id_in(table: &Table, data: &[Datum]) -> i64 {
    let place = table.columns.iter().position(|column| column.name == "id");
    match place.and_then(|place| data.get(place)) {
        Some(Datum::Int(id)) => *id,
        _ => 0,
    }
}

/// Writes the line of a row, with its end.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn write(table: &Table, data: &[Datum], out: &mut Vec<u8>) -> io::Result<()> {
    out.push(b'{');
    let mut first = true;
    for (column, datum) in table.columns.iter().zip(data).filter(|(_, datum)| **datum != Datum::Null) {
        if !first {
            out.push(b',');
        }
        first = false;
        serde_json::to_writer(&mut *out, &column.name)?;
        out.push(b':');
        datum.write(out)?;
    }
    out.write_all(b"}\n")
}

/// What is wrong with a line: the field, if it is one, and what was expected. Never what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field.
    pub field: Option<String>,
    /// What is wrong.
    pub says: String,
}

impl Wrong {
    fn of(field: &str, says: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), says: says.into() }
    }
}

/// Reads a line back.
///
/// # Errors
/// When it is no such line: not JSON, with a field that the table does not have, without one that it must have, or with a value
/// of another type.
pub fn parse(table: &Table, line: &[u8]) -> Result<Vec<Datum>, Wrong> {
    // The parser's own words would repeat a part of the line.
    let mut fields: Map<String, Value> = serde_json::from_slice(line)
        .map_err(|error| Wrong { field: None, says: format!("is no JSON object (column {})", error.column()) })?;
    let mut data = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let is_sealed = portable::sealed_as(&table.name, &column.name).is_some();
        data.push(match fields.remove(&column.name) {
            None | Some(Value::Null) if column.nullable => Datum::Null,
            None | Some(Value::Null) => return Err(Wrong::of(&column.name, "is missing")),
            Some(value) => datum(column, value, is_sealed)?,
        });
    }
    match fields.keys().next() {
        // A name that is unknown is no secret of ours, but it may be long.
        Some(unknown) => {
            Err(Wrong::of(&unknown.chars().take(40).collect::<String>(), "is a field that this version does not know"))
        }
        None => Ok(data),
    }
}

fn datum(column: &Column, value: Value, is_sealed: bool) -> Result<Datum, Wrong> {
    let expected = |what: &str| Wrong::of(&column.name, format!("must be {what}"));
    let bytes = |text: &str| BASE64.decode(text).map_err(|_| expected("Base64"));
    match (column.ty, value) {
        (Type::Int, value) => value.as_i64().map(Datum::Int).ok_or_else(|| expected("a whole number")),
        (Type::Bool, value) => value.as_bool().map(Datum::Bool).ok_or_else(|| expected("true or false")),
        (Type::Text, Value::String(text)) if text.contains('\0') => Err(expected("text without zero characters")),
        (Type::Text, Value::String(text)) => Ok(Datum::Text(text)),
        (Type::Text, _) => Err(expected("text")),
        (Type::Date, Value::String(text)) => {
            text.parse().map(Datum::Date).map_err(|_| expected("a day such as 2026-11-21"))
        }
        (Type::Date, _) => Err(expected("a day such as 2026-11-21")),
        (Type::Instant, Value::String(text)) => {
            let instant: Option<Timestamp> = text.parse().ok();
            instant.map(Datum::Instant).ok_or_else(|| expected("an instant such as 2026-11-21T10:00:00Z"))
        }
        (Type::Instant, _) => Err(expected("an instant such as 2026-11-21T10:00:00Z")),
        (Type::Bytes, Value::String(text)) => bytes(&text).map(Datum::Bytes),
        (Type::Bytes, Value::Object(opened)) if is_sealed => {
            let mut opened = opened.into_iter();
            match (opened.next(), opened.next()) {
                (Some((name, Value::String(text))), None) if name == "text" => Ok(Datum::Opened(text.into_bytes())),
                (Some((name, Value::String(text))), None) if name == "base64" => bytes(&text).map(Datum::Opened),
                _ => Err(expected("an object with nothing but text or base64")),
            }
        }
        (Type::Bytes, _) => Err(expected("Base64")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        portable::parts().unwrap().into_iter().find(|table| table.name == "bank_account").unwrap()
    }

    #[test]
    fn a_line_is_read_back_as_what_was_written() {
        let data = vec![
            Datum::Int(-7),
            Datum::Int(i64::MAX),
            Datum::Opened("{\"iban\":\"ü\"}".into()),
            Datum::Text("a \"b\" \\ \u{1}\n".to_owned()),
            Datum::Date(jiff::civil::date(2024, 2, 29)),
            Datum::Opened(vec![0, 255]),
            Datum::Instant("2026-11-21T10:00:00.000001Z".parse().unwrap()),
        ];
        let mut line = Vec::new();
        write(&table(), &data, &mut line).unwrap();
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        assert_eq!(parse(&table(), &line).unwrap(), data);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_field_and_without_what_stands_there() {
        let good =
            r#"{"id":1,"customer_id":2,"sealed":"AA==","mandate_reference":"M","mandate_signed_on":"2026-11-21"}"#;
        assert!(parse(&table(), good.as_bytes()).is_ok());
        for (from, to, field) in [
            (r#""id":1"#, r#""id":"Secret""#, "id"),
            (r#""id":1"#, r#""id":1.5"#, "id"),
            (r#""id":1"#, r#""id":9223372036854775808"#, "id"),
            (r#""id":1,"#, "", "id"),
            (r#""id":1"#, r#""id":null"#, "id"),
            (r#""AA==""#, r#""Secret!""#, "sealed"),
            (r#""AA==""#, r#"{"text":"Secret","base64":""}"#, "sealed"),
            (r#""AA==""#, r#"{"secret":"Secret"}"#, "sealed"),
            (r#""M""#, r#"{"text":"Secret"}"#, "mandate_reference"),
            (r#""M""#, "\"Secret\\u0000\"", "mandate_reference"),
            ("2026-11-21", "Secret", "mandate_signed_on"),
            (r#"{"id""#, r#"{"unheard_of":"Secret","id""#, "unheard_of"),
        ] {
            assert!(good.contains(from), "{from}");
            let wrong = parse(&table(), good.replace(from, to).as_bytes()).unwrap_err();
            assert_eq!(wrong.field.as_deref(), Some(field), "{to}");
            assert!(!wrong.says.contains("Secret"), "{wrong:?}");
        }
        for line in ["", "[]", "7", "{", "{\"id\":1", "null"] {
            assert_eq!(parse(&table(), line.as_bytes()).unwrap_err().field, None, "{line}");
        }
    }
}
