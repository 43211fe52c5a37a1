//! From the text of a gym file to checked entries, or to a list of mistakes with their lines.

use std::collections::{BTreeSet, HashMap};

use gymkeeper_domain::{
    customer::{benefit::Benefit, information_field::InformationField},
    membership::{Attachment, Module, Offer, OfferTerm, TextBlock},
    problem::Problem,
    studio::{OpeningHoursCategory, StudioDefinition},
};
use gymkeeper_store::inventory::Kind;
use jiff::{ToSpan as _, civil::Date};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use serde_saphyr::MessageFormatter as _;
use sha2::{Digest as _, Sha256};

use super::{Content, Contents, Entry, Gym, IMAGE_BYTES, Mistake, Studio, Tenant, is_key, lines::Lines};
use crate::actions::customer::described::Described;

pub(super) fn load(text: &str, today: Date, contents: &dyn Contents) -> Result<Gym, Vec<Mistake>> {
    let text = with_dates(text, today);
    // YAML 1.1 took `no`, `y` and `off` for truth values, which are a country, a name and a tag here.
    let options = serde_saphyr::options! { strict_booleans: true };
    let value: Value =
        serde_saphyr::from_str_with_options(&text, options).map_err(|error| vec![not_yaml(error.without_snippet())])?;
    let mut reader = Reader {
        lines: Lines::of(&text),
        mistakes: Vec::new(),
        contents,
        files: Vec::new(),
        by_path: HashMap::new(),
        information_fields: None,
        voucher_codes: BTreeSet::new(),
    };
    let gym = reader.gym(value);
    let mut mistakes = reader.mistakes;
    mistakes.sort_by_key(|mistake| mistake.line.unwrap_or(0));
    match gym {
        Some(gym) if mistakes.is_empty() => Ok(Gym { files: reader.files, ..gym }),
        _ => Err(mistakes),
    }
}

/// What stops the reading of the text itself, in words for its author and not for a programmer.
fn not_yaml(error: &serde_saphyr::Error) -> Mistake {
    let line = error.location().and_then(|at| usize::try_from(at.line()).ok());
    let said = serde_saphyr::UserMessageFormatter.format_message(error);
    // Inside an alias the limits are told in the text only.
    let message = if matches!(error, serde_saphyr::Error::Budget { .. }) || said.contains("limits breached") {
        "the file is too large or nested too deeply; it may be split into one file for each studio".to_owned()
    } else {
        said.lines().next().unwrap_or_default().to_owned()
    };
    Mistake { line, field: String::new(), message }
}

/// Puts days in the place of `${today}`, `${today+N}` and `${today-N}`.
fn with_dates(text: &str, today: Date) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${today") {
        out.push_str(before);
        let day = after.split_once('}').and_then(|(offset, tail)| {
            let days: i64 = if offset.is_empty() { 0 } else { offset.parse().ok()? };
            Some((today.checked_add(days.days()).ok()?, tail))
        });
        match day {
            Some((day, tail)) => {
                out.push_str(&day.to_string());
                rest = tail;
            }
            None => {
                out.push_str("${today");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Reads a gym file, and collects what is wrong with it.
pub(super) struct Reader<'c> {
    lines: Lines,
    mistakes: Vec<Mistake>,
    contents: &'c dyn Contents,
    files: Vec<Content>,
    by_path: HashMap<String, usize>,
    /// The information fields of the file by key; nothing when the file has no list of them.
    pub(super) information_fields: Option<HashMap<String, InformationField>>,
    /// The codes of vouchers so far, as they are compared.
    pub(super) voucher_codes: BTreeSet<String>,
}

impl Reader<'_> {
    pub(super) fn mistake(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let field = field.into();
        self.mistakes.push(Mistake { line: self.lines.find(&field), field, message: message.into() });
    }

    pub(super) fn problems(&mut self, at: &str, problems: Vec<Problem>) {
        for problem in problems {
            let problem = problem.under(at);
            self.mistake(problem.path, problem.message);
        }
    }

    fn gym(&mut self, value: Value) -> Option<Gym> {
        let Value::Object(mut top) = value else {
            self.mistake("", "a gym file begins with tenant: and studios:");
            return None;
        };
        let tenant: Option<Tenant> = match top.remove("tenant") {
            None | Some(Value::Null) => {
                self.mistake("tenant", "is missing; it has a key and a name");
                None
            }
            Some(tenant) => self.typed("tenant", tenant),
        };
        if let Some(tenant) = &tenant {
            self.key("tenant.key", &tenant.key);
        }
        let tags: Option<Vec<String>> = match top.remove("tags") {
            None => None,
            Some(tags) => Some(self.typed("tags", tags)?),
        };
        self.no_repeats("tags", tags.as_deref().unwrap_or_default());
        let information_fields = self.fields_of_tenant(&mut top);
        let aggregators = self.aggregators(&mut top);
        let studios = self.list(&mut top, "studios", "");
        for name in top.keys() {
            self.mistake(
                name,
                "is not known here; a gym file has tenant, tags, information_fields, aggregators and studios",
            );
        }
        let mut seen = BTreeSet::new();
        let studios: Vec<Studio> = studios
            .into_iter()
            .filter_map(|(at, studio)| self.studio(&at, studio, tags.as_deref(), &mut seen))
            .collect();
        Some(Gym { tenant: tenant?, tags, information_fields, aggregators, studios, files: Vec::new() })
    }

    fn studio(
        &mut self,
        at: &str,
        mut value: Map<String, Value>,
        all_tags: Option<&[String]>,
        seen: &mut BTreeSet<String>,
    ) -> Option<Studio> {
        let key = self.take_key(at, &mut value, seen)?;
        let tags: Option<Vec<String>> = match value.remove("tags") {
            None => None,
            Some(tags) => self.typed(&format!("{at}.tags"), tags),
        };
        for (i, tag) in tags.iter().flatten().enumerate() {
            if all_tags.is_some_and(|all| !all.contains(tag)) {
                self.mistake(format!("{at}.tags[{i}]"), format!("{tag:?} is not among the tags of the file"));
            }
        }
        self.no_repeats(&format!("{at}.tags"), tags.as_deref().unwrap_or_default());
        let mut below = Below::default();
        let categories = self.list(&mut value, "opening_hours_categories", at);
        let text_blocks = self.list(&mut value, "text_blocks", at);
        let benefits = self.list(&mut value, "benefits", at);
        let employed = keys_of(&value, "employees");
        self.bookings(&mut below, &mut value, at, &employed);
        let modules = self.list(&mut value, "modules", at);
        let offers = self.list(&mut value, "offers", at);
        let appointments = self.list(&mut value, "appointments", at);
        let trials = self.list(&mut value, "trial_offers", at);
        let customers = self.list(&mut value, "customers", at);
        let employees = value.contains_key("employees").then(|| self.list(&mut value, "employees", at));
        let member_lists = value.contains_key("member_lists").then(|| self.list(&mut value, "member_lists", at));
        let vouchers = self.vouchers(&mut value, at);
        let definition: Option<StudioDefinition> = self.typed(at, Value::Object(value));
        for (position, (at, value)) in (0..).zip(categories) {
            self.entry::<OpeningHoursCategory>(
                &mut below,
                Kind::OpeningHoursCategory,
                &at,
                value,
                position,
                |_, _, _, d| (d.problems(), None),
            );
        }
        for (position, (at, value)) in (0..).zip(text_blocks) {
            self.entry::<TextBlock>(&mut below, Kind::TextBlock, &at, value, position, |reader, _, at, d| {
                let file = match &d.attachment {
                    Some(Attachment::File { file }) => reader.content(&format!("{at}.attachment.file"), file),
                    _ => None,
                };
                (d.problems(), file)
            });
        }
        for (position, (at, value)) in (0..).zip(benefits) {
            self.entry::<Benefit>(&mut below, Kind::Benefit, &at, value, position, |_, _, _, d| (d.problems(), None));
        }
        for (position, (at, value)) in (0..).zip(modules) {
            self.entry::<Module>(&mut below, Kind::Module, &at, value, position, |reader, below, at, d| {
                reader.known(below, Kind::TextBlock, at, "consent_text_block", d.consent_text_block.as_slice());
                reader.known(below, Kind::Benefit, at, "benefits", &d.benefits);
                reader.known(below, Kind::Allowance, at, "allowances", &d.allowances);
                (d.problems(), d.image.as_ref().and_then(|path| reader.content(&format!("{at}.image"), path)))
            });
        }
        let country = definition.as_ref().map(|d| d.country_code.clone()).unwrap_or_default();
        for (position, (at, value)) in (0..).zip(offers) {
            self.offer(&mut below, &at, value, position, &country);
        }
        let mut keys = BTreeSet::new();
        let customers: Vec<(String, Described)> = customers
            .into_iter()
            .filter_map(|(at, value)| self.customer(&below, &at, value, &mut keys).map(|customer| (at, customer)))
            .collect();
        self.relations(&customers, &keys);
        let member_lists = member_lists.map(|lists| self.member_lists(&below, lists, &keys));
        let employees = employees.map(|employees| self.employees(employees));
        self.appointments(&mut below, appointments, &employed);
        self.trial_offers(&mut below, trials);
        let definition = definition?;
        self.problems(at, definition.problems());
        self.lead_fields(at, &definition.leads);
        let logo = definition.logo.as_ref().and_then(|path| self.content(&format!("{at}.logo"), path));
        let entries = below.entries;
        Some(Studio {
            stored: stored(&definition),
            key,
            definition,
            logo,
            tags,
            entries,
            customers: customers.into_iter().map(|(_, customer)| customer).collect(),
            member_lists,
            vouchers,
            employees,
        })
    }

    fn offer(&mut self, below: &mut Below, at: &str, mut value: Map<String, Value>, position: i64, country: &str) {
        let terms = self.list(&mut value, "terms", at);
        if terms.is_empty() {
            self.mistake(at, "an offer needs at least one entry under terms");
        }
        let key = self.entry::<Offer>(below, Kind::Offer, at, value, position, |reader, below, at, d| {
            reader.known(below, Kind::Module, at, "included_modules", &d.included_modules);
            reader.known(below, Kind::Module, at, "selectable_modules", &d.selectable_modules);
            reader.known(below, Kind::TextBlock, at, "text_blocks", &d.text_blocks);
            reader.known(below, Kind::Benefit, at, "benefits", &d.benefits);
            reader.known(below, Kind::Allowance, at, "allowances", &d.allowances);
            reader.known(below, Kind::OpeningHoursCategory, at, "time_restriction", d.time_restriction.as_slice());
            (d.problems(), d.image.as_ref().and_then(|path| reader.content(&format!("{at}.image"), path)))
        });
        for (place, (at, value)) in (0..).zip(terms) {
            let before = below.entries.len();
            self.entry::<OfferTerm>(below, Kind::OfferTerm, &at, value, place, |reader, below, at, d| {
                reader.known(below, Kind::Module, at, "optional_modules", &d.optional_modules);
                (d.problems(country), None)
            });
            if let Some(term) = below.entries.get_mut(before) {
                term.parent_key.clone_from(&key);
            }
        }
    }

    /// Reads one entry and adds it; answers its key.
    pub(super) fn entry<T: DeserializeOwned + Serialize>(
        &mut self,
        below: &mut Below,
        kind: Kind,
        at: &str,
        mut value: Map<String, Value>,
        position: i64,
        check: impl FnOnce(&mut Self, &Below, &str, &T) -> (Vec<Problem>, Option<usize>),
    ) -> Option<String> {
        let mut seen = below.keys.remove(&kind).unwrap_or_default();
        let key = self.take_key(at, &mut value, &mut seen);
        below.keys.insert(kind, seen);
        let key = key?;
        let definition: T = self.typed(at, Value::Object(value))?;
        let (problems, file) = check(self, below, at, &definition);
        self.problems(at, problems);
        let entry = Entry { kind, key: key.clone(), parent_key: None, position, file, stored: stored(&definition) };
        below.entries.push(entry);
        Some(key)
    }

    /// Takes a list of mappings out of a mapping, each with its path.
    pub(super) fn list(
        &mut self,
        from: &mut Map<String, Value>,
        name: &str,
        at: &str,
    ) -> Vec<(String, Map<String, Value>)> {
        let path = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        let items = match from.remove(name) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.mistake(path, "must be a list");
                return Vec::new();
            }
        };
        let mut out = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            let at = format!("{path}[{i}]");
            match item {
                Value::Object(item) => out.push((at, item)),
                _ => self.mistake(at, "must be an entry with a key"),
            }
        }
        out
    }

    pub(super) fn take_key(
        &mut self,
        at: &str,
        value: &mut Map<String, Value>,
        seen: &mut BTreeSet<String>,
    ) -> Option<String> {
        let path = format!("{at}.key");
        let key = match value.remove("key") {
            Some(Value::String(key)) => key,
            Some(other @ Value::Number(_)) => other.to_string(),
            Some(Value::Bool(_)) => {
                self.mistake(path, "a key is text; put it in quotes");
                return None;
            }
            _ => {
                self.mistake(path, "every entry needs a key: a name that never changes");
                return None;
            }
        };
        self.key(&path, &key);
        if !seen.insert(key.clone()) {
            self.mistake(path, format!("the key {key:?} is already taken by another entry"));
        }
        Some(key)
    }

    pub(super) fn key(&mut self, path: &str, key: &str) {
        if !is_key(key) {
            self.mistake(path, "a key has 1 to 63 lower-case letters, digits and dashes");
        }
    }

    fn no_repeats(&mut self, at: &str, names: &[String]) {
        let mut seen = BTreeSet::new();
        for (i, name) in names.iter().enumerate() {
            if name.trim().is_empty() || !seen.insert(name) {
                self.mistake(format!("{at}[{i}]"), "names must be there and differ");
            }
        }
    }

    /// Names of entries must be those of entries that stand in the file.
    pub(super) fn known(&mut self, below: &Below, kind: Kind, at: &str, field: &str, keys: &[String]) {
        for key in keys {
            if !below.keys.get(&kind).is_some_and(|known| known.contains(key)) {
                let message =
                    format!("there is no {} with the key {key:?} in this studio", kind.name().replace('_', " "));
                self.mistake(format!("{at}.{field}"), message);
            }
        }
    }

    pub(super) fn typed<T: DeserializeOwned>(&mut self, at: &str, value: Value) -> Option<T> {
        match serde_path_to_error::deserialize(value) {
            Ok(value) => Some(value),
            Err(error) => {
                let inner = error.path().to_string();
                let path = match inner.as_str() {
                    "." => at.to_owned(),
                    item if item.starts_with('[') => format!("{at}{item}"),
                    field => format!("{at}.{field}"),
                };
                self.mistake(path, error.into_inner().to_string());
                None
            }
        }
    }

    /// A content that must be an image.
    pub(super) fn image(&mut self, at: &str, path: &str) -> Option<usize> {
        let place = self.content(at, path)?;
        if self.files.get(place).is_some_and(|content| content.media_type.starts_with("image/")) {
            return Some(place);
        }
        self.mistake(at, format!("{path} is no image"));
        None
    }

    fn content(&mut self, at: &str, path: &str) -> Option<usize> {
        if let Some(known) = self.by_path.get(path) {
            return Some(*known);
        }
        let outside = path.starts_with('/') || path.split('/').any(|part| part == "..");
        let read =
            if outside { Err("must lie beside or below the gym file".to_owned()) } else { self.contents.read(path) };
        let content = read.and_then(|bytes| content(path, bytes));
        match content {
            Ok(content) => {
                let place = self.files.iter().position(|known| *known == content).unwrap_or_else(|| {
                    self.files.push(content);
                    self.files.len() - 1
                });
                self.by_path.insert(path.to_owned(), place);
                Some(place)
            }
            Err(message) => {
                self.mistake(at, message);
                None
            }
        }
    }
}

/// The keys of the entries of a list that is still to be read.
pub(super) fn keys_of(value: &Map<String, Value>, list: &str) -> BTreeSet<String> {
    let entries = value.get(list).and_then(Value::as_array).into_iter().flatten();
    entries.filter_map(|entry| entry.get("key")?.as_str().map(str::to_owned)).collect()
}

/// What was read below one studio so far.
#[derive(Default)]
pub(super) struct Below {
    pub(super) entries: Vec<Entry>,
    keys: HashMap<Kind, BTreeSet<String>>,
}

/// The stored form: JSON without the fields that have their default, in the order of the type.
pub(super) fn stored(definition: &impl Serialize) -> String {
    serde_json::to_string(definition).unwrap_or_default()
}

/// A content with its hash and kind, which its first bytes tell.
pub(super) fn content(path: &str, bytes: Vec<u8>) -> Result<Content, String> {
    let media_type = media_type(&bytes).ok_or_else(|| format!("{path} is neither PNG, JPEG, GIF, WebP nor PDF"))?;
    let most = if media_type.starts_with("image/") { IMAGE_BYTES } else { 2 * IMAGE_BYTES };
    if bytes.len() > most {
        return Err(format!("{path} is larger than {} MiB", most >> 20));
    }
    let hash = hash(&bytes);
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok(Content { hash, name, media_type, bytes })
}

/// SHA-256 in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the first bytes say a file is; its name may say anything.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 4] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"%PDF-", "application/pdf"),
    ];
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    starts.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn today_is_written_in_and_other_dollars_are_left() {
        let text = "a: ${today}\nb: ${today+30}\nc: ${today-21}\nd: ${todayish} ${x}";
        let expected = "a: 2026-11-21\nb: 2026-12-21\nc: 2026-10-31\nd: ${todayish} ${x}";
        assert_eq!(with_dates(text, date(2026, 11, 21)), expected);
    }
}
