//! Further things a gym wants to know of its customers, in fields of its own (CUST-10, CUST-19).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Problems};

/// What kind of value a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldKind {
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// One of a list of items.
    List,
    /// A whole number.
    Numeric,
    /// Any text.
    Text,
}

impl FieldKind {
    /// The name under which it is sent, such as `NUMERIC`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "BOOLEAN",
            Self::Date => "DATE",
            Self::List => "LIST",
            Self::Numeric => "NUMERIC",
            Self::Text => "TEXT",
        }
    }
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListItem {
    /// Its number within the field, 1 to 999. It stays with the item for good, also when others come and go, because
    /// customers' answers refer to it.
    pub number: u16,
    /// Its text.
    pub name: String,
}

/// The most items of a list.
const MAX_ITEMS: u16 = 999;
/// The most characters of a text.
const MAX_TEXT_CHARACTERS: usize = 4000;

/// A field that an operator has thought of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InformationField {
    /// Its name, which is the question.
    pub name: String,
    /// A short form of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abbreviation: Option<String>,
    /// What kind of value it holds.
    pub kind: FieldKind,
    /// The items to choose from, for the kind LIST.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ListItem>,
}

/// The id of a list item at the wire: unique among all fields without a counter of its own, because none has more than 999 items.
#[must_use]
pub const fn item_id(field: i64, number: u16) -> i64 {
    field.saturating_mul(1000).saturating_add(number as i64)
}

/// A value does not fit its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueInvalid;

impl InformationField {
    /// The form in which a value is stored and answered: of a list the item's id, of the other kinds the value without spaces around it
    /// (CUST-10). `field` is the field's id.
    ///
    /// # Errors
    /// When the value is not of the field's kind, or names no item of its list.
    pub fn stored_value(&self, field: i64, value: &str) -> Result<String, ValueInvalid> {
        let trimmed = value.trim();
        // CUST-10
        match self.kind {
            FieldKind::List => {
                let id: i64 = trimmed.parse().map_err(|_| ValueInvalid)?;
                let item = self.items.iter().find(|item| item_id(field, item.number) == id);
                item.map(|_| id.to_string()).ok_or(ValueInvalid)
            }
            FieldKind::Numeric => trimmed.parse::<i64>().map(|number| number.to_string()).map_err(|_| ValueInvalid),
            FieldKind::Date => Ok(iso_date(trimmed).ok_or(ValueInvalid)?.to_string()),
            FieldKind::Boolean if matches!(trimmed, "true" | "false") => Ok(trimmed.to_owned()),
            FieldKind::Boolean => Err(ValueInvalid),
            FieldKind::Text if trimmed.is_empty() || trimmed.chars().count() > MAX_TEXT_CHARACTERS => Err(ValueInvalid),
            FieldKind::Text => Ok(trimmed.to_owned()),
        }
    }

    /// The same for a value of a lead, whose list values are the texts of items and not their ids (LEAD-5).
    ///
    /// # Errors
    /// When the value is not of the field's kind, or no item's text.
    pub fn stored_lead_value(&self, field: i64, value: &str) -> Result<String, ValueInvalid> {
        if self.kind != FieldKind::List {
            return self.stored_value(field, value);
        }
        let item = self.items.iter().find(|item| item.name.trim() == value.trim());
        item.map(|item| item_id(field, item.number).to_string()).ok_or(ValueInvalid)
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        let is_list = self.kind == FieldKind::List;
        problems.add_if(is_list && self.items.is_empty(), "items", "must not be empty for a field of the kind LIST");
        problems.add_if(!is_list && !self.items.is_empty(), "items", "are only for fields of the kind LIST");
        for (index, item) in self.items.iter().enumerate() {
            let path = |field: &str| format!("items[{index}].{field}");
            problems.require_text(&path("name"), &item.name);
            let in_range = (1..=MAX_ITEMS).contains(&item.number);
            problems.add_if(!in_range, path("number"), "must be between 1 and 999");
            let earlier = || self.items.iter().take(index);
            let number_twice = earlier().any(|other| other.number == item.number);
            problems.add_if(number_twice, path("number"), "is there twice");
            // Leads name items by their texts.
            let name_twice = earlier().any(|other| other.name.trim() == item.name.trim());
            problems.add_if(name_twice, path("name"), "is there twice");
        }
        problems.done()
    }
}

/// A day as `2026-11-21`. jiff reads more forms than the API knows.
fn iso_date(text: &str) -> Option<Date> {
    let has_form = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    has_form.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> InformationField {
        let item = |number, name: &str| ListItem { number, name: name.to_owned() };
        let items = if kind == FieldKind::List { vec![item(1, "Friends"), item(7, "Radio")] } else { Vec::new() };
        InformationField { name: "Heard of us by".to_owned(), abbreviation: None, kind, items }
    }

    #[test]
    fn cust_10_values_fit_their_kind() {
        use FieldKind::*;
        let long = "x".repeat(4001);
        for (kind, value, stored) in [
            (Boolean, "true", Some("true")),
            (Boolean, " false ", Some("false")),
            (Boolean, "TRUE", None),
            (Boolean, "", None),
            (Date, "2026-02-28", Some("2026-02-28")),
            (Date, "2026-02-30", None),
            (Date, "20260228", None),
            (Date, "28.02.2026", None),
            (Date, "2026-02-28T10:00", None),
            (Numeric, "-12", Some("-12")),
            (Numeric, "007", Some("7")),
            (Numeric, "1.5", None),
            (Numeric, "99999999999999999999", None),
            (List, "5000001", Some("5000001")),
            (List, "5000007", Some("5000007")),
            (List, "5000002", None),
            (List, "7", None),
            (List, "Radio", None),
            (Text, " at the sauna ", Some("at the sauna")),
            (Text, "  ", None),
            (Text, &long, None),
        ] {
            assert_eq!(field(kind).stored_value(5000, value).ok().as_deref(), stored, "{kind:?} {value}");
        }
    }

    #[test]
    fn lead_5_leads_name_items_by_their_texts() {
        let list = field(FieldKind::List);
        assert_eq!(list.stored_lead_value(5000, "Radio").as_deref(), Ok("5000007"));
        assert_eq!(list.stored_lead_value(5000, "5000007"), Err(ValueInvalid));
        assert_eq!(field(FieldKind::Numeric).stored_lead_value(5000, "3").as_deref(), Ok("3"));
    }

    #[test]
    fn impossible_fields_are_named() {
        assert_eq!(field(FieldKind::List).problems(), []);
        let mut list = field(FieldKind::List);
        list.items.push(ListItem { number: 1, name: "Radio".to_owned() });
        list.items.push(ListItem { number: 0, name: " ".to_owned() });
        let paths: Vec<_> = list.problems().into_iter().map(|problem| problem.path).collect();
        assert_eq!(paths, ["items[2].number", "items[2].name", "items[3].name", "items[3].number"]);
        list.kind = FieldKind::Text;
        assert_eq!(list.problems()[0].path, "items");
        list.kind = FieldKind::List;
        list.items.clear();
        assert_eq!(list.problems()[0].path, "items");
    }

    #[test]
    fn a_short_field_is_enough_and_stored_in_short() {
        let json = r#"{"name":"Locker","kind":"NUMERIC"}"#;
        let field: InformationField = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&field).unwrap(), json);
        assert_eq!(field.problems(), []);
    }
}
