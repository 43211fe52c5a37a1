//! Which column means what: the operator's map of a table of customers.

use std::{collections::HashMap, fmt::Write as _};

use encoding_rs::Encoding;
use gymkeeper_domain::customer::CustomerDefinition;
use jiff::civil::Date;
use serde_json::{Map as Object, Value, json};

use super::sheet::{LONGEST_CELL, Options};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Date,
    YesNo,
    OneOf(&'static [&'static str]),
}

/// The fields that a table can fill, by the names they have in gym files. `contract` is the first of the contracts there,
/// `access_mediums.PIN` the value of one of that type; `information.KEY` comes besides.
const FIELDS: &[(&str, Kind)] = &[
    ("customer_number", Kind::Text),
    ("first_name", Kind::Text),
    ("second_first_name", Kind::Text),
    ("last_name", Kind::Text),
    ("second_last_name", Kind::Text),
    ("title", Kind::OneOf(&["DR", "PROF"])),
    ("gender", Kind::OneOf(&["MALE", "FEMALE", "UNISEX"])),
    ("date_of_birth", Kind::Date),
    ("email", Kind::Text),
    ("language", Kind::Text),
    ("debtor_id", Kind::Text),
    ("third_party_access", Kind::YesNo),
    ("country_code", Kind::Text),
    ("phones.private", Kind::Text),
    ("phones.private_mobile", Kind::Text),
    ("phones.business", Kind::Text),
    ("phones.business_mobile", Kind::Text),
    ("address.street", Kind::Text),
    ("address.house_number", Kind::Text),
    ("address.zip", Kind::Text),
    ("address.city", Kind::Text),
    ("address.second_street", Kind::Text),
    ("address.city_part", Kind::Text),
    ("address.district", Kind::Text),
    ("address.street_type", Kind::Text),
    ("address.street_block", Kind::Text),
    ("address.portal", Kind::Text),
    ("address.stairway", Kind::Text),
    ("address.door", Kind::Text),
    ("address.province", Kind::Text),
    ("address.province_code", Kind::Text),
    ("address.additional_address_information", Kind::Text),
    ("address.floor", Kind::Text),
    ("address.building_name", Kind::Text),
    ("access_mediums.CARD_NUMBER", Kind::Text),
    ("access_mediums.PIN", Kind::Text),
    ("access_mediums.BARCODE", Kind::Text),
    ("access_mediums.WALLET_PASS", Kind::Text),
    ("bank_account.account_holder", Kind::Text),
    ("bank_account.bank_name", Kind::Text),
    ("bank_account.iban", Kind::Text),
    ("bank_account.bic", Kind::Text),
    ("contract.offer", Kind::Text),
    ("contract.term", Kind::Text),
    ("contract.start", Kind::Date),
    ("contract.signed_on", Kind::Date),
    ("contract.start_of_use", Kind::Date),
    ("contract.ends_on", Kind::Date),
    ("contract.canceled_on", Kind::Date),
    ("contract.cancelation_reason", Kind::Text),
    ("contract.third_party_id", Kind::Text),
];

/// What must not be the same in two rows.
const UNIQUE: [&str; 5] = [
    "customer_number",
    "access_mediums.CARD_NUMBER",
    "access_mediums.PIN",
    "access_mediums.BARCODE",
    "access_mediums.WALLET_PASS",
];

/// Where a field's value comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Source {
    /// The heading of a column.
    column: Option<String>,
    /// What is taken where the cell is empty or there is no column.
    default: Option<String>,
    /// What stands for what, by the cell in small letters; nothing stands for an empty cell.
    values: HashMap<String, Option<String>>,
    /// How days are written, as in `strptime`.
    dates: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: String,
    kind: Kind,
    source: Source,
}

/// A map, not yet held against a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    /// How the file is read.
    pub options: Options,
    /// The heading of the column by which a row is known again.
    key: String,
    fields: Vec<Field>,
}

/// A map with the places of its columns in one file.
#[derive(Debug)]
pub struct Bound {
    key: usize,
    headings: Vec<String>,
    /// Each field with the place of its column.
    fields: Vec<(Field, Option<usize>)>,
}

/// Something in a row that cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The heading of the column, where it is about one.
    pub column: Option<String>,
    /// Why, without the cell's text.
    pub reason: String,
}

/// A row as a customer's description.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// By what the row is known again.
    pub key: String,
    /// The description.
    pub definition: CustomerDefinition,
    /// What nobody else may have, with the heading it stands under.
    pub unique: Vec<(&'static str, String, Option<String>)>,
}

impl Map {
    /// Reads a map from YAML.
    ///
    /// # Errors
    /// All that is wrong with it, in words for its author.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        // YAML 1.1 took `no` and `y` for truth values, which are cells here.
        let options = serde_saphyr::options! { strict_booleans: true };
        let value: Value = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| vec![error.without_snippet().to_string()])?;
        let Value::Object(mut top) = value else { return Err(vec!["it must be a list of settings".to_owned()]) };
        let mut mistakes = Vec::new();
        let mut setting = |name: &str| match top.remove(name) {
            None | Some(Value::Null) => None,
            Some(value) => scalar(&value).or_else(|| {
                mistakes.push(format!("{name} must be a text"));
                None
            }),
        };
        let (key, dates, sheet) = (setting("key"), setting("dates"), setting("sheet"));
        let (delimiter, encoding) = (setting("delimiter"), setting("encoding"));
        let mut options = Options { sheet, ..Options::default() };
        match delimiter.as_deref() {
            None => {}
            Some("tab") => options.delimiter = Some(b'\t'),
            Some(text) => match text.as_bytes() {
                [byte] if byte.is_ascii() && *byte != b'"' => options.delimiter = Some(*byte),
                _ => mistakes.push("delimiter must be one character, or the word tab".to_owned()),
            },
        }
        if let Some(label) = encoding {
            options.encoding = Encoding::for_label(label.as_bytes());
            if options.encoding.is_none() {
                mistakes.push(format!(
                    "encoding: {label:?} is not known; usual are utf-8, windows-1252, iso-8859-2 and utf-16le"
                ));
            }
        }
        let mut fields = Vec::new();
        match top.remove("fields") {
            Some(Value::Object(wanted)) => {
                for (name, value) in wanted {
                    match field(&name, &value, dates.as_deref()) {
                        Ok(field) => fields.push(field),
                        Err(mistake) => mistakes.push(mistake),
                    }
                }
            }
            _ => mistakes.push("fields must say which field comes from which column".to_owned()),
        }
        mistakes.extend(
            top.keys().map(|name| {
                format!("{name:?} is not known; a map has key, fields, dates, delimiter, encoding and sheet")
            }),
        );
        for required in ["first_name", "last_name"] {
            if !fields.iter().any(|field| field.name == required) {
                mistakes.push(format!("fields must say where {required} comes from"));
            }
        }
        let Some(key) = key else {
            mistakes
                .push("key must name the column by which a row is known again, such as the member's number".to_owned());
            return Err(mistakes);
        };
        if mistakes.is_empty() { Ok(Self { options, key, fields }) } else { Err(mistakes) }
    }

    /// Finds the columns of the map in a file.
    ///
    /// # Errors
    /// Names the columns that the file does not have, or has twice.
    pub fn bind(&self, headings: &[String]) -> Result<Bound, Vec<String>> {
        let mut mistakes = Vec::new();
        let mut place = |wanted: &str| {
            let same = |heading: &&String| heading.trim().to_lowercase() == wanted.trim().to_lowercase();
            match headings.iter().filter(same).count() {
                1 => headings.iter().position(|heading| same(&heading)),
                0 => {
                    let names: Vec<String> = headings.iter().map(|heading| format!("{heading:?}")).collect();
                    mistakes.push(format!("there is no column {wanted:?}; there are: {}", names.join(", ")));
                    None
                }
                _ => {
                    mistakes.push(format!("there is more than one column {wanted:?}"));
                    None
                }
            }
        };
        let key = place(&self.key);
        let fields: Vec<(Field, Option<usize>)> = self
            .fields
            .iter()
            .map(|field| (field.clone(), field.source.column.as_deref().and_then(&mut place)))
            .collect();
        match key {
            Some(key) if mistakes.is_empty() => Ok(Bound { key, headings: headings.to_vec(), fields }),
            _ => Err(mistakes),
        }
    }
}

/// A text, or a number or truth value as it was written.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn field(name: &str, value: &Value, dates: Option<&str>) -> Result<Field, String> {
    let kind = match FIELDS.iter().find(|(known, _)| *known == name) {
        Some((_, kind)) => *kind,
        None if name.strip_prefix("information.").is_some_and(|key| !key.is_empty()) => Kind::Text,
        None => {
            let near = FIELDS
                .iter()
                .max_by(|(a, _), (b, _)| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
            let near = near.map_or(String::new(), |(near, _)| format!("; did you mean {near}?"));
            return Err(format!("fields.{name} is not known{near}"));
        }
    };
    let mut source = Source { dates: dates.map(str::to_owned), ..Source::default() };
    if let Value::Object(said) = value {
        for (setting, value) in said {
            let wrong = || format!("fields.{name}.{setting} must be a text");
            match (setting.as_str(), value) {
                ("column", value) => source.column = Some(scalar(value).ok_or_else(wrong)?),
                ("value" | "default", value) => source.default = Some(scalar(value).ok_or_else(wrong)?),
                ("dates", value) => source.dates = Some(scalar(value).ok_or_else(wrong)?),
                ("values", Value::Object(pairs)) => {
                    for (from, to) in pairs {
                        let to = if to.is_null() { None } else { Some(scalar(to).ok_or_else(wrong)?) };
                        source.values.insert(from.trim().to_lowercase(), to);
                    }
                }
                _ => {
                    return Err(format!(
                        "fields.{name}.{setting} means nothing; a field has column, default, values and dates, or value"
                    ));
                }
            }
        }
        if said.contains_key("value") && said.len() > 1 {
            return Err(format!("fields.{name} has a value of its own; nothing may stand beside it"));
        }
    } else {
        source.column = scalar(value);
    }
    if source.column.is_none() && source.default.is_none() {
        return Err(format!("fields.{name} must name a column or have a value"));
    }
    Ok(Field { name: name.to_owned(), kind, source })
}

impl Bound {
    /// The customer that a row describes.
    ///
    /// # Errors
    /// All that keeps the row from being one.
    pub fn person(&self, cells: &[String]) -> Result<Person, Vec<Misfit>> {
        let mut misfits = Vec::new();
        let heading = |place: usize| self.headings.get(place).cloned();
        let mut misfit = |column: Option<String>, reason: &str| {
            misfits.push(Misfit { column, reason: reason.to_owned() });
        };
        if cells.len() > self.headings.len() && cells[self.headings.len()..].iter().any(|cell| !cell.is_empty()) {
            misfit(None, "the row has more cells than the heading");
        }
        let key = cells.get(self.key).map(String::as_str).unwrap_or_default();
        match problem_of(key) {
            Some(problem) => misfit(heading(self.key), problem),
            None if key.is_empty() => misfit(heading(self.key), "is empty, so that the row could not be known again"),
            None if key.chars().count() > 100 => misfit(heading(self.key), "is longer than 100 characters"),
            None => {}
        }
        let (mut found, mut columns, mut unique) = (Object::new(), HashMap::new(), Vec::new());
        for (field, place) in &self.fields {
            let column = place.and_then(heading);
            let cell = place.and_then(|place| cells.get(place)).map(String::as_str).unwrap_or_default();
            if let Some(problem) = problem_of(cell) {
                misfit(column, problem);
                continue;
            }
            match field.value(cell) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    if let Some(name) = UNIQUE.into_iter().find(|name| *name == field.name)
                        && let Value::String(text) = &value
                    {
                        unique.push((name, text.clone(), column.clone()));
                    }
                    columns.extend(column.map(|column| (path_in_definition(&field.name), column)));
                    put(&mut found, &field.name, value);
                }
                Err(reason) => misfit(column, &reason),
            }
        }
        if misfits.is_empty() {
            match definition(found) {
                Ok(definition) => {
                    misfits.extend(definition.problems().into_iter().map(|problem| Misfit {
                        column: columns.get(&problem.path).cloned(),
                        reason: match columns.contains_key(&problem.path) {
                            true => problem.message,
                            false => format!("{} {}", problem.path, problem.message),
                        },
                    }));
                    if misfits.is_empty() {
                        return Ok(Person { key: key.to_owned(), definition, unique });
                    }
                }
                Err(reason) => misfits.push(Misfit { column: None, reason }),
            }
        }
        Err(misfits)
    }

    /// The heading from which a field of the description comes, by its path there.
    pub fn heading_of(&self, path: &str) -> Option<String> {
        let (_, place) = self.fields.iter().find(|(field, _)| path_in_definition(&field.name) == path)?;
        self.headings.get((*place)?).cloned()
    }
}

/// What no cell may be, whatever it means.
fn problem_of(cell: &str) -> Option<&'static str> {
    if cell.len() > LONGEST_CELL {
        Some("is far too long; perhaps a quotation mark is missing")
    } else if cell.contains('\u{FFFD}') {
        Some(
            "holds letters that are none in the encoding of the file; name its encoding in the map, such as windows-1252",
        )
    } else if cell.contains(|letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        Some("holds control characters; perhaps the file has another encoding than the map says")
    } else if cell.starts_with(['=', '@']) {
        Some("begins like a formula")
    } else {
        None
    }
}

impl Field {
    fn value(&self, cell: &str) -> Result<Option<Value>, String> {
        let stands_for = self.source.values.get(&cell.to_lowercase());
        let text = match stands_for {
            Some(None) => None,
            Some(Some(text)) => Some(text.as_str()),
            None if cell.is_empty() => None,
            None => Some(cell),
        };
        let Some(text) = text.or(self.source.default.as_deref()) else { return Ok(None) };
        Ok(Some(match self.kind {
            Kind::Text => json!(text),
            Kind::Date => json!(day(text, self.source.dates.as_deref())?),
            Kind::YesNo => match text.to_lowercase().as_str() {
                "yes" | "true" | "1" | "ja" | "y" | "x" => json!(true),
                "no" | "false" | "0" | "nein" | "n" => json!(false),
                _ => return Err("is neither yes nor no; say in `values` what the cells stand for".to_owned()),
            },
            Kind::OneOf(names) => match names.iter().find(|name| name.eq_ignore_ascii_case(text)) {
                Some(name) => json!(name),
                None => {
                    let names = names.join(", ");
                    return Err(format!("is none of {names}; say in `values` what the cells stand for"));
                }
            },
        }))
    }
}

/// A day in the form of the map, or as `2026-11-21`, which is how days come out of workbooks.
fn day(text: &str, form: Option<&str>) -> Result<Date, String> {
    if let Ok(day) = text.parse::<Date>() {
        return Ok(day);
    }
    match form {
        Some(form) => Date::strptime(form, text).map_err(|_| format!("is no day of the form {form}")),
        None => {
            Err("is no day of the form 2026-11-21; say in `dates` how days are written, such as %d.%m.%Y".to_owned())
        }
    }
}

/// Where a field stands in a description.
fn path_in_definition(name: &str) -> String {
    name.strip_prefix("contract.").map_or_else(|| name.to_owned(), |rest| format!("contracts[0].{rest}"))
}

/// Puts a value where it belongs in a description.
fn put(found: &mut Object<String, Value>, name: &str, value: Value) {
    let Some((group, rest)) = name.split_once('.') else {
        found.insert(name.to_owned(), value);
        return;
    };
    if group == "access_mediums" {
        if let Value::Array(list) = found.entry(group).or_insert_with(|| json!([])) {
            list.push(json!({ "type": rest, "value": value }));
        }
    } else if let Value::Object(inside) = found.entry(group).or_insert_with(|| json!({})) {
        inside.insert(rest.to_owned(), value);
    }
}

/// The description of what was found in a row. A contract without a first day and an account without a number are none.
fn definition(mut found: Object<String, Value>) -> Result<CustomerDefinition, String> {
    for required in ["first_name", "last_name"] {
        if !found.contains_key(required) {
            return Err(format!("{required} is missing"));
        }
    }
    if let Some(contract) = found.remove("contract")
        && contract.get("start").is_some()
    {
        if contract.get("offer").is_none() {
            return Err("contract.offer is missing: from which offer the contract is".to_owned());
        }
        found.insert("contracts".to_owned(), json!([contract]));
    }
    if let Some(Value::Object(account)) = found.get_mut("bank_account") {
        if !account.contains_key("iban") {
            found.remove("bank_account");
        } else if !account.contains_key("account_holder") {
            return Err("bank_account.account_holder is missing".to_owned());
        }
    }
    // What the reader of descriptions says would repeat cells.
    serde_json::from_value(Value::Object(found)).map_err(|_| "does not make a customer".to_owned())
}

/// The fields that a map can name, one a line, for the help of the command.
pub fn fields() -> String {
    let mut text = String::new();
    for (name, kind) in FIELDS {
        let kind = match kind {
            Kind::Text => "text".to_owned(),
            Kind::Date => "day".to_owned(),
            Kind::YesNo => "yes or no".to_owned(),
            Kind::OneOf(names) => names.join(", "),
        };
        let _ = writeln!(text, "  {name:<42} {kind}");
    }
    text + "  information.KEY                            text, for the information field of that key\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(fields: &str, headings: &[&str]) -> Bound {
        let map = Map::parse(&format!("key: No\nfields:\n  first_name: First\n  last_name: Last\n{fields}")).unwrap();
        let headings: Vec<String> =
            ["No", "First", "Last"].iter().chain(headings).map(|text| (*text).to_owned()).collect();
        map.bind(&headings).unwrap()
    }

    fn person(bound: &Bound, cells: &[&str]) -> Result<Person, Vec<Misfit>> {
        let cells: Vec<String> = ["7", "Ada", "Byron"].iter().chain(cells).map(|text| (*text).to_owned()).collect();
        bound.person(&cells)
    }

    #[test]
    fn every_field_of_the_list_can_be_filled() {
        let (mut fields, mut headings, mut cells) = (String::new(), Vec::new(), Vec::new());
        for (name, kind) in FIELDS.iter().filter(|(name, _)| !matches!(*name, "first_name" | "last_name")) {
            fields.push_str(&format!("  {name}: {name}\n"));
            headings.push(*name);
            cells.push(match (kind, *name) {
                (Kind::Date, _) => "2026-11-21",
                (Kind::YesNo, _) => "no",
                (Kind::OneOf(names), _) => names[0],
                (Kind::Text, "email") => "ada@example.org",
                (Kind::Text, "country_code") => "DE",
                (Kind::Text, "bank_account.iban") => "DE89370400440532013000",
                (Kind::Text, "bank_account.bic") => "COBADEFFXXX",
                (Kind::Text, _) => "text",
            });
        }
        let found = person(&bound(&fields, &headings), &cells).unwrap().definition;
        assert_eq!(found.access_mediums.len(), 4);
        assert_eq!(found.contracts[0].third_party_id.as_deref(), Some("text"));
        assert_eq!(found.address.additional_address_information.as_deref(), Some("text"));
        assert_eq!((found.third_party_access, found.bank_account.is_some()), (Some(false), true));
    }

    #[test]
    fn cells_are_read_as_the_map_says() {
        let fields = "  gender: { column: Sex, values: { m: MALE, w: FEMALE, '-': null } }\n  \
                      date_of_birth: { column: Born, dates: '%d.%m.%Y' }\n  contract.offer: { value: basic }\n  \
                      contract.start: { column: Since, dates: '%d.%m.%Y' }\n  information.locker: { column: Locker, default: '0' }\n";
        let bound = bound(fields, &["Sex", "Born", "Since", "Locker"]);
        let found = person(&bound, &["W", "10.12.1990", "", ""]).unwrap();
        assert_eq!(found.key, "7");
        assert_eq!(found.definition.gender.map(|gender| gender.name()), Some("FEMALE"));
        assert_eq!(found.definition.date_of_birth, Some(jiff::civil::date(1990, 12, 10)));
        assert_eq!(found.definition.information["locker"], "0");
        assert_eq!(found.definition.contracts, [], "without a first day there is no contract");
        let found = person(&bound, &["-", "1990-12-10", "01.03.2026", "17"]).unwrap().definition;
        assert_eq!((found.gender, found.contracts[0].offer.as_str()), (None, "basic"));
        assert_eq!(found.information["locker"], "17");
        let refused = person(&bound, &["?", "31.02.1990", "soon", ""]).unwrap_err();
        let columns: Vec<_> = refused.iter().map(|misfit| misfit.column.as_deref().unwrap()).collect();
        assert_eq!(columns, ["Sex", "Born", "Since"]);
        assert!(refused.iter().all(|misfit| !misfit.reason.contains("soon") && !misfit.reason.contains("1990")));
    }

    #[test]
    fn what_is_no_cell_of_a_list_of_members_is_refused() {
        let bound = bound("  email: Mail\n", &["Mail"]);
        for (cell, why) in [
            ("=cmd|' /C calc'!A0", "formula"),
            ("a\u{FFFD}b@example.org", "encoding"),
            ("a\0b@example.org", "control"),
            ("nobody", "e-mail"),
            (&"x".repeat(LONGEST_CELL + 1), "too long"),
        ] {
            let refused = person(&bound, &[cell]).unwrap_err();
            assert_eq!(refused.len(), 1, "{why}");
            assert_eq!(refused[0].column.as_deref(), Some("Mail"));
            assert!(refused[0].reason.contains(why), "{}", refused[0].reason);
        }
        assert!(person(&bound, &["ada@example.org", "more"]).is_err(), "a cell without a heading");
        assert!(bound.person(&["".to_owned(), "Ada".to_owned(), "Byron".to_owned()]).is_err(), "no key");
        assert_eq!(bound.person(&["7".to_owned()]).unwrap_err()[0].reason, "first_name is missing");
    }

    #[test]
    fn a_map_with_mistakes_tells_all_of_them() {
        let text = "delimiter: ab\nencoding: klingon\ncolour: red\nfields:\n  frist_name: First\n  title: { colunm: T }\n  gender: {}\n";
        let mistakes = Map::parse(text).unwrap_err().join("\n");
        for said in [
            "delimiter",
            "klingon",
            "colour",
            "did you mean first_name",
            "colunm",
            "fields.gender",
            "key must",
            "last_name",
        ] {
            assert!(mistakes.contains(said), "{said}: {mistakes}");
        }
        assert!(Map::parse("fields: [").is_err());
        assert!(Map::parse("- a").is_err());
        let map = Map::parse("key: No\nfields: { first_name: First, last_name: Last }").unwrap();
        let headings = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(map.bind(&headings(&[" no", "FIRST ", "last"])).is_ok());
        let missing = map.bind(&headings(&["No", "First"])).unwrap_err();
        assert!(missing[0].contains("\"Last\"") && missing[0].contains("\"First\""), "{missing:?}");
        assert!(map.bind(&headings(&["No", "First", "Last", "last"])).unwrap_err()[0].contains("more than one"));
    }
}
