//! All that is stored about one person: what somebody gets who asks for it (article 15 of the General Data Protection Regulation).
//!
//! Everything that refers to the customer, opened where it is sealed; the records of the journal and the events that are about the
//! customer, without what the same records say about others; and to whom events were sent. Left out are columns that search
//! compares, which are made from the others, and what links are signed with.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use gymkeeper_store::{
    db::{Row, Tx},
    portable,
    schema::{Table, Type},
    tenant::Tenant,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    Trouble, copy_content, is_hash,
    line::{self, Datum},
};
use crate::vault::Vault;

/// One kind of data.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// What there is of it.
    pub rows: Vec<Map<String, Value>>,
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attachment {
    /// A content that is on disk, with the name that it gets.
    Content {
        /// Its SHA-256.
        hash: String,
        /// Its name in the folder.
        name: String,
    },
    /// Something that the database holds.
    Bytes {
        /// Its name in the folder.
        name: String,
        /// What it is.
        bytes: Vec<u8>,
    },
}

/// What is stored about somebody.
#[derive(Debug, Clone)]
pub struct Copy {
    /// The customer's home studio.
    pub studio: i64,
    /// The number that people know.
    pub customer_number: String,
    /// What people call the operator.
    pub operator: String,
    /// By kind.
    pub parts: Vec<Part>,
    /// Images, documents, signatures.
    pub attachments: Vec<Attachment>,
}

/// Tables that are read by something else than a column `customer_id`, or not at all because they are about everybody.
const APART: &[&str] = &["customer", "communication", "file", "customer_phone", "legal_representative"];

/// Texts that search compares, and what links are signed with.
const LEFT_OUT: &[&str] = &["email_key", "code_key", "signing_key"];

/// Gathers all that is stored about a customer. Nothing: there is nobody of that id.
///
/// # Errors
/// The database's; when a sealed value cannot be opened.
pub fn gather(tx: &mut Tx<'_>, tenant: &Tenant, id: i64, vault: &Vault) -> Result<Option<Copy>, Trouble> {
    let tables = portable::parts()?;
    let mut gathering =
        Gathering { tenant: tenant.tenant_id, vault, tables: &tables, parts: Vec::new(), files: BTreeSet::new() };
    let customer = gathering.rows(tx, "customer", ("id", id))?;
    let Some(row) = customer.first() else { return Ok(None) };
    let studio = row.get("studio_id").and_then(Value::as_i64).unwrap_or_default();
    let customer_number = row.get("customer_number").and_then(Value::as_str).unwrap_or_default().to_owned();
    gathering.add("customer", customer);
    for table in tables.iter().filter(|table| table.column("customer_id").is_some()) {
        if !APART.contains(&table.name.as_str()) {
            let rows = gathering.rows(tx, &table.name, ("customer_id", id))?;
            gathering.add(&table.name, rows);
        }
    }
    // Who acts for the customer, and for whom the customer acts.
    let mut representatives = gathering.rows(tx, "legal_representative", ("customer_id", id))?;
    representatives.extend(gathering.rows(tx, "legal_representative", ("representative_id", id))?);
    gathering.add("legal_representative", representatives);
    let mut messages = Vec::new();
    for thread in gathering.ids_of("communication_thread") {
        messages.extend(gathering.rows(tx, "communication", ("thread_id", thread))?);
    }
    gathering.add("communication", messages);
    let mut families = Vec::new();
    for contract in gathering.ids_of("contract") {
        families.extend(gathering.rows(tx, "family_contract", ("contract_id", contract))?);
    }
    gathering.add("family_contract", families);
    let attachments = gathering.attachments(tx)?;
    gathering.journal(tx, id)?;
    gathering.names(tx)?;
    let (parts, operator) = (gathering.parts, tenant.name.clone());
    Ok(Some(Copy { studio, customer_number, operator, parts, attachments }))
}

struct Gathering<'g> {
    tenant: i64,
    vault: &'g Vault,
    tables: &'g [Table],
    parts: Vec<Part>,
    /// Files that rows refer to.
    files: BTreeSet<i64>,
}

impl<'g> Gathering<'g> {
    fn table(&self, name: &str) -> Result<&'g Table, Trouble> {
        let found = self.tables.iter().find(|table| table.name == name);
        found.ok_or_else(|| Trouble::Said(format!("there is no table {name}")))
    }

    fn rows(&mut self, tx: &mut Tx<'_>, name: &str, only: (&str, i64)) -> Result<Vec<Map<String, Value>>, Trouble> {
        let (table, mut rows) = (self.table(name)?, Vec::new());
        tx.each_row(table, self.tenant, Some(only), |row: &Row<'_>| {
            let data = line::read_row(table, row, Some(self.vault))?;
            for (column, datum) in table.columns.iter().zip(&data) {
                if let (true, Datum::Int(file)) = (column.name.ends_with("file_id"), datum) {
                    self.files.insert(*file);
                }
            }
            rows.push(shown(table, data));
            Ok::<_, Trouble>(())
        })?;
        Ok(rows)
    }

    fn add(&mut self, name: &str, rows: Vec<Map<String, Value>>) {
        if !rows.is_empty() {
            self.parts.push(Part { name: name.to_owned(), about: portable::about(name).to_owned(), rows });
        }
    }

    fn ids_of(&self, name: &str) -> Vec<i64> {
        let rows = self.parts.iter().filter(|part| part.name == name).flat_map(|part| &part.rows);
        rows.filter_map(|row| row.get("id")?.as_i64()).collect()
    }

    /// The files that were met, and what has been opened and is a file of its own.
    fn attachments(&mut self, tx: &mut Tx<'_>) -> Result<Vec<Attachment>, Trouble> {
        let (mut found, mut listed) = (Vec::new(), Vec::new());
        for file in std::mem::take(&mut self.files) {
            for mut row in self.rows(tx, "file", ("id", file))? {
                let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                // The name that somebody gave it is no name for a file of ours: it may hold anything.
                let (hash, name) = (text("hash"), format!("{file}.{}", extension(&text("media_type"))));
                row.insert("file".to_owned(), format!("files/{name}").into());
                found.push(Attachment::Content { hash, name });
                listed.push(row);
            }
        }
        for part in &mut self.parts {
            for row in part.rows.iter_mut().filter(|_| part.name == "bank_account") {
                let id = row.get("id").and_then(Value::as_i64).unwrap_or_default();
                if let Some(Value::String(drawing)) = row.get_mut("signature") {
                    let name = format!("signature-{id}.svg");
                    let bytes = std::mem::replace(drawing, format!("files/{name}")).into_bytes();
                    found.push(Attachment::Bytes { name, bytes });
                }
            }
        }
        self.add("file", listed);
        Ok(found)
    }

    /// The records and events that are about the customer, and to whom events were sent.
    fn journal(&mut self, tx: &mut Tx<'_>, id: i64) -> Result<(), Trouble> {
        let mut subjects = BTreeSet::from([format!("customer:{id}")]);
        for (table, kind) in
            [("checkin", "checkin"), ("lead", "lead"), ("checkin_voucher", "checkin-voucher"), ("booking", "booking")]
        {
            subjects.extend(self.ids_of(table).into_iter().map(|id| format!("{kind}:{id}")));
        }
        let (mut records, mut positions) = (Vec::new(), BTreeSet::new());
        let table = self.table("journal")?;
        tx.each_row(table, self.tenant, None, |row: &Row<'_>| {
            let mut record = shown(table, line::read_row(table, row, None)?);
            let is_own = matches!(record.get("subject"), Some(Value::String(subject)) if subjects.contains(subject));
            let events = record.remove("events").and_then(|events| match events {
                Value::String(text) => serde_json::from_str::<Vec<Value>>(&text).ok(),
                _ => None,
            });
            let events: Vec<Value> =
                events.unwrap_or_default().into_iter().filter_map(|event| about(event, id)).collect();
            if !is_own && events.is_empty() {
                return Ok::<_, Trouble>(());
            }
            if let Some(Value::String(text)) = record.get("changes") {
                let changes = serde_json::from_str(text).unwrap_or(Value::Null);
                // What a record changed besides belongs to somebody else.
                record.insert("changes".to_owned(), if is_own { changes } else { Value::Null });
            }
            if !events.is_empty() {
                positions.extend(record.get("position").and_then(Value::as_i64));
                record.insert("events".to_owned(), Value::Array(events));
            }
            records.push(record);
            Ok(())
        })?;
        self.add("journal", records);
        let mut urls: BTreeMap<i64, String> = BTreeMap::new();
        let table = self.table("webhook_target")?;
        tx.each_row(table, self.tenant, None, |row: &Row<'_>| {
            let target = shown(table, line::read_row(table, row, None)?);
            if let (Some(id), Some(url)) = (target.get("id").and_then(Value::as_i64), target.get("url")) {
                urls.insert(id, url.as_str().unwrap_or_default().to_owned());
            }
            Ok::<_, Trouble>(())
        })?;
        let mut told = Vec::new();
        let table = self.table("delivery")?;
        tx.each_row(table, self.tenant, None, |row: &Row<'_>| {
            let delivery = shown(table, line::read_row(table, row, None)?);
            let number = |name: &str| delivery.get(name).and_then(Value::as_i64).unwrap_or_default();
            if positions.contains(&number("position")) {
                let field = |name: &str| delivery.get(name).cloned().unwrap_or_default();
                let row = json!({
                    "position": field("position"), "event_type": field("event_type"), "uuid": field("uuid"),
                    "state": field("state"), "last_at": field("last_at"), "to": urls.get(&number("target_id")),
                });
                told.extend(row.as_object().cloned());
            }
            Ok::<_, Trouble>(())
        })?;
        self.add("delivery", told);
        Ok(())
    }

    /// What studios, programs, fields and aggregators are called whose ids stand in the rows.
    fn names(&mut self, tx: &mut Tx<'_>) -> Result<(), Trouble> {
        let mut names = Vec::new();
        let ids = |part: &str, column: &str| -> BTreeSet<i64> {
            let rows = self.parts.iter().filter(|found| found.name == part).flat_map(|part| &part.rows);
            rows.filter_map(|row| row.get(column)?.as_i64()).collect()
        };
        let (fields, aggregators) = (ids("customer_field", "field_id"), ids("pack", "aggregator_id"));
        for (kind, label) in [("studio", "name"), ("integration", "name"), ("inventory", "key")] {
            let table = self.table(kind)?;
            tx.each_row(table, self.tenant, None, |row: &Row<'_>| {
                let row = shown(table, line::read_row(table, row, None)?);
                let id = row.get("id").and_then(Value::as_i64).unwrap_or_default();
                let named = match kind {
                    "inventory" if fields.contains(&id) => Some("field"),
                    "inventory" if aggregators.contains(&id) => Some("aggregator"),
                    "inventory" => None,
                    kind => Some(kind),
                };
                if let Some(kind) = named {
                    names.extend(json!({ "id": id, "kind": kind, "name": row.get(label) }).as_object().cloned());
                }
                Ok::<_, Trouble>(())
            })?;
        }
        let about =
            "What the numbers of studios, programs, fields and aggregators in the other parts stand for.".to_owned();
        self.parts.push(Part { name: "names".to_owned(), about, rows: names });
        Ok(())
    }
}

/// A row as it is shown: without what says nothing to anybody, and with what is JSON as such.
fn shown(table: &Table, data: Vec<Datum>) -> Map<String, Value> {
    let mut row = Map::new();
    for (column, datum) in table.columns.iter().zip(data) {
        let value = match datum {
            Datum::Null | Datum::Bytes(_) => continue,
            _ if LEFT_OUT.contains(&column.name.as_str()) => continue,
            Datum::Int(value) => value.into(),
            Datum::Bool(value) => value.into(),
            Datum::Date(value) => value.to_string().into(),
            Datum::Instant(value) => value.to_string().into(),
            Datum::Opened(bytes) => match serde_json::from_slice(&bytes) {
                Ok(Value::Object(fields)) => Value::Object(fields),
                _ => String::from_utf8_lossy(&bytes).into_owned().into(),
            },
            Datum::Text(text) => match serde_json::from_str(&text) {
                Ok(Value::Object(fields)) if column.ty == Type::Text && column.name != "changes" => {
                    Value::Object(fields)
                }
                _ => text.into(),
            },
        };
        row.insert(column.name.clone(), value);
    }
    row
}

/// An event as far as it is about a customer; nothing when it is not.
fn about(mut event: Value, id: i64) -> Option<Value> {
    if event.get("entityId").and_then(Value::as_i64) == Some(id) {
        return Some(event);
    }
    prune(&mut event, id).then_some(event)
}

/// Takes entries about other customers out of lists, and says whether one about this customer is left.
fn prune(value: &mut Value, id: i64) -> bool {
    match value {
        Value::Array(entries) => {
            entries.retain_mut(|entry| match entry.get("customerId").and_then(Value::as_i64) {
                Some(other) => other == id,
                None => prune(entry, id),
            });
            !entries.is_empty()
        }
        Value::Object(fields) => {
            // Every list is cut, so all of them are visited.
            let nested = fields.values_mut().filter(|field| field.is_array() || field.is_object());
            nested.map(|field| prune(field, id)).filter(|found| *found).count() > 0
        }
        _ => false,
    }
}

fn extension(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/heic" => "heic",
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        _ => "bin",
    }
}

/// Writes images, documents and signatures into a folder that is there.
///
/// # Errors
/// The disk's; when a content is missing or damaged.
pub fn write_attachments(copy: &Copy, contents: &Path, folder: &Path) -> Result<(), Trouble> {
    for attachment in &copy.attachments {
        match attachment {
            Attachment::Content { hash, name } if is_hash(hash) => {
                copy_content(&contents.join(hash), &folder.join(name), hash)?;
            }
            Attachment::Content { .. } => {
                return Err(Trouble::Said("the database names a content that is no SHA-256".to_owned()));
            }
            Attachment::Bytes { name, bytes } => {
                use std::io::Write as _;
                let path = folder.join(name);
                let mut file = super::private_file(&path)?;
                file.write_all(bytes).map_err(|error| Trouble::file(&path, &error))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_about_many_shows_nobody_else() {
        let event = json!({ "entityId": 1, "payload": [{ "type": "AUTOMATIC_CUSTOMER_CHECKOUT", "content": { "checkouts": [
            { "customerId": 7, "checkoutTime": "a" }, { "customerId": 8, "checkoutTime": "b" },
        ] } }] });
        let own = about(event.clone(), 7).unwrap().to_string();
        assert!(own.contains("\"customerId\":7") && !own.contains('8') && !own.contains("\"b\""), "{own}");
        assert_eq!(about(event.clone(), 9), None);
        assert_eq!(about(event.clone(), 1), Some(event), "the studio's own number is the event's entity");
    }
}
