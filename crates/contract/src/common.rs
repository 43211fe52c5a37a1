//! Shapes that many operations share: money, terms, dates and times, slices, tags, what is told about people.

mod address;
mod booking;
mod money;
mod person;
mod time;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub(crate) use address::with_address_details;
pub use booking::{Instructor, Location, ParticipantStatus, PlannedStatus, TermWithMinutes, TimeUnit};
pub use money::{Currency, Decimal, Money};
pub use person::{Gender, Language, Signature};
pub use time::{
    LocalDate, LocalDateTime, LocalTime, RequestInstant, UtcDateTime, ZonedDateTime, parse_request_instant,
};

/// A length of time, counted in days, weeks, months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Term {
    /// How many units.
    pub value: i32,
    /// The unit that is counted.
    pub unit: TermUnit,
}

/// The unit of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum TermUnit {
    /// Calendar days.
    Day,
    /// Weeks of seven days.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// A range of dates, both of which belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatePeriod {
    /// The first day.
    pub start_date: LocalDate,
    /// The last day.
    pub end_date: LocalDate,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum Weekday {
    /// Monday, the first day of the week.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday, the last day of the week.
    Sunday,
}

impl From<jiff::civil::Weekday> for Weekday {
    fn from(day: jiff::civil::Weekday) -> Weekday {
        match day {
            jiff::civil::Weekday::Monday => Weekday::Monday,
            jiff::civil::Weekday::Tuesday => Weekday::Tuesday,
            jiff::civil::Weekday::Wednesday => Weekday::Wednesday,
            jiff::civil::Weekday::Thursday => Weekday::Thursday,
            jiff::civil::Weekday::Friday => Weekday::Friday,
            jiff::civil::Weekday::Saturday => Weekday::Saturday,
            jiff::civil::Weekday::Sunday => Weekday::Sunday,
        }
    }
}

impl From<Weekday> for jiff::civil::Weekday {
    fn from(day: Weekday) -> jiff::civil::Weekday {
        match day {
            Weekday::Monday => jiff::civil::Weekday::Monday,
            Weekday::Tuesday => jiff::civil::Weekday::Tuesday,
            Weekday::Wednesday => jiff::civil::Weekday::Wednesday,
            Weekday::Thursday => jiff::civil::Weekday::Thursday,
            Weekday::Friday => jiff::civil::Weekday::Friday,
            Weekday::Saturday => jiff::civil::Weekday::Saturday,
            Weekday::Sunday => jiff::civil::Weekday::Sunday,
        }
    }
}

/// A word by which studios are grouped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tag<'a> {
    /// The word itself, which no other tag has.
    pub name: Cow<'a, str>,
}

/// The bytes of a file in a form; it only lends its schema to the type that describes the form.
#[derive(Debug, Clone, Copy)]
pub struct Binary;

impl JsonSchema for Binary {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Binary".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "binary"})
    }
}

/// One chunk of a longer list.
// PAG-1, PAG-4: the offset is a text, and the last chunk carries one too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Slice<T> {
    /// The entries of this chunk.
    pub result: Vec<T>,
    /// Whether another chunk follows.
    pub has_next: bool,
    /// What to pass as `offset` to get the chunk that follows.
    pub offset: String,
}

/// Slices whose names do not follow from the names of their entries.
const SLICE_NAMES: &[(&str, &str)] = &[
    ("BookableTrialOfferAppointment", "BookableTrialOfferAppointmentsSlicedResult"),
    ("CustomerDocument", "CustomerDocuments"),
    ("TrialOfferClass", "TrialOfferClassesSlicedResult"),
];

// Derived, this could not look up the irregular names.
impl<T: JsonSchema> JsonSchema for Slice<T> {
    fn schema_name() -> Cow<'static, str> {
        let entry = T::schema_name();
        match SLICE_NAMES.iter().find(|(irregular, _)| *irregular == entry) {
            Some((_, name)) => (*name).into(),
            None => format!("{entry}SlicedResult").into(),
        }
    }

    fn schema_id() -> Cow<'static, str> {
        format!("{}::Slice<{}>", module_path!(), T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One chunk of a longer list.",
            "type": "object",
            "properties": {
                "result": {
                    "description": "The entries of this chunk.",
                    "type": "array",
                    "items": generator.subschema_for::<T>()
                },
                "hasNext": {"description": "Whether another chunk follows.", "type": "boolean"},
                "offset": {
                    "description": "What to pass as `offset` to get the chunk that follows.",
                    "type": "string"
                }
            },
            "required": ["result", "hasNext", "offset"]
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn common_shapes_are_written_as_documented() {
        let term = Term { value: 2, unit: TermUnit::Week };
        assert_eq!(serde_json::to_value(term).unwrap(), json!({"value": 2, "unit": "WEEK"}));
        let day = jiff::civil::date(2026, 1, 15);
        let period = DatePeriod { start_date: day.into(), end_date: day.into() };
        assert_eq!(serde_json::to_value(period).unwrap(), json!({"startDate": "2026-01-15", "endDate": "2026-01-15"}));
        let slice = Slice { result: vec![1], has_next: false, offset: "1".to_owned() };
        assert_eq!(serde_json::to_value(slice).unwrap(), json!({"result": [1], "hasNext": false, "offset": "1"}));
        assert_eq!(serde_json::to_value(Weekday::Monday).unwrap(), json!("MONDAY"));
    }

    #[test]
    fn slices_are_named_after_their_entries() {
        assert_eq!(<Slice<Term> as JsonSchema>::schema_name(), "TermSlicedResult");
        for (entry, name) in SLICE_NAMES {
            assert_ne!(*name, format!("{entry}SlicedResult"), "{entry} is regular");
        }
    }

    #[test]
    fn a_tag_is_read_and_borrowed() {
        let tags: Vec<Tag<'static>> = serde_json::from_str(r#"[{"name": "a\"b", "more": 1}]"#).unwrap();
        assert_eq!(tags, [Tag { name: "a\"b".into() }]);
        assert!(serde_json::from_str::<Tag<'static>>("{}").is_err());
    }
}
