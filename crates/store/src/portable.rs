//! What an export of a tenant consists of: a part for each table, but for what means nothing elsewhere.
//!
//! A new table takes part from its first day, as the migrations name it; a test insists that it is described here. The format
//! itself is the server's business.

use crate::{
    MIGRATIONS,
    db::DbError,
    schema::{self, Table},
    sealed,
};

/// Tables that stay behind, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("snapshot", "states of a sandbox are copies of what is exported"),
    ("staff_session", "staff signs in again"),
    ("staff_attempt", "wrong passwords are counted anew"),
];

/// Columns that stay behind, and why.
pub const OMITTED: &[(&str, &str, &str)] = &[
    ("tenant", "snapshot_of", "states of a sandbox are not exported"),
    ("tenant", "forked_from", "names another tenant"),
    ("webhook_target", "lease_owner", "belongs to a running process"),
    ("webhook_target", "lease_until", "belongs to a running process"),
    ("job", "claimed_by", "belongs to a running process"),
    ("job", "claimed_until", "belongs to a running process"),
];

/// What a sealed column is sealed as; nothing for any other column.
pub fn sealed_as(table: &str, column: &str) -> Option<&'static str> {
    let found = sealed::COLUMNS.iter().find(|sealed| sealed.table == table && sealed.column == column);
    found.map(|sealed| sealed.kind)
}

/// What the rows of each table are, in the words of somebody who reads an export.
pub const ABOUT: &[(&str, &str)] = &[
    ("tenant", "The operator: key, name, whether it is a sandbox, where its test clock stands."),
    ("studio", "Studios, with their definition from the gym file."),
    ("integration", "Programs that may call the API."),
    ("integration_studio", "The studios of each integration, with the keys that its webhooks are sent with."),
    ("api_key", "API keys, as SHA-256 of the key."),
    ("tag", "Tags that studios can wear."),
    ("studio_tag", "Which studio wears which tag."),
    ("inventory", "Offers, terms, modules, texts, benefits and everything else that the gym file defines."),
    ("file", "Images and documents. The content lies in the folder files under its SHA-256."),
    ("checkin", "Visits."),
    ("activation", "Which integration said that it is ready in which studio, and from which record of the journal on."),
    ("journal_head", "Where the journal ends, with the hash of its last record."),
    ("journal", "Who changed what and when, with the events that were raised; a chain of hashes."),
    ("idempotency", "First answers to repeatable requests of the last day."),
    ("webhook_target", "Where events are sent to."),
    ("delivery", "What was sent to whom and what came back, and what waits to be sent."),
    ("job", "Work that is due at a moment."),
    ("employee", "Who works in a studio."),
    ("staff", "Accounts for the back office, with hashes of passwords and the secrets of authenticator apps."),
    ("staff_role", "Who may do what in which studio."),
    (
        "customer",
        "Customers: names, birthday, address, how they are reached, how they pay. The columns ending in _key are what search compares.",
    ),
    ("customer_phone", "Telephone numbers in the form in which search compares them."),
    ("counter", "Numbers that count up within a studio."),
    ("customer_source", "Which customer a gym file describes, and a fingerprint of the description."),
    ("third_party_customer", "The ids that integrations have for customers."),
    ("access_medium", "Cards, PINs, barcodes and passes."),
    ("access_restriction", "When customers may not come in, and why."),
    ("customer_field", "Answers to what the gym wants to know of customers."),
    ("contract", "Contracts, with what was agreed."),
    ("idle_period", "Times in which a contract rests."),
    ("bank_account", "Bank accounts with their mandates and signatures. What identifies the account is sealed."),
    ("benefit_use", "How often benefits and allowances were used."),
    ("customer_document", "Documents of customers."),
    ("former_birthday", "Birthdays that were corrected, since prices by age of the past stay as they were."),
    ("weighing", "What scales measured."),
    ("customer_note", "What was noted about customers."),
    ("amendment", "Changes that customers asked for. What they asked for is sealed, and forgotten once it is decided."),
    ("communication_thread", "Conversations with customers."),
    ("communication", "The messages of conversations."),
    ("communication_preference", "Which messages customers want."),
    ("lead", "How people became known who showed interest."),
    ("checkin_voucher", "Vouchers for one visit."),
    ("pack", "Uses that customers have without a contract, some of them paid by aggregators."),
    ("legal_representative", "Who acts for customers. Persons who are no customers are sealed, and so are signatures."),
    ("family_contract", "Which contracts belong to the family of another contract."),
    ("member_list", "Lists of members of studios."),
    ("member_list_entry", "Which customer is on which list."),
    ("class_slot", "When classes are held, how many places they have and how many are taken."),
    ("booking", "Bookings of classes and appointments, canceled ones too, with what they took of an allowance."),
    ("occupied", "Times of employees, rooms and resources that classes and appointments take."),
    ("employee_absence", "Times at which employees are away."),
    ("calendar_feed", "Links to calendars of studios, employees and customers."),
];

/// What the rows of a table are.
pub fn about(table: &str) -> &'static str {
    ABOUT.iter().find(|(name, _)| *name == table).map_or("", |(_, about)| about)
}

/// The tables of an export, each behind those that it refers to, with the columns that take part.
///
/// # Errors
/// When the migrations cannot be read.
pub fn parts() -> Result<Vec<Table>, DbError> {
    let mut tables = schema::tenant_tables(MIGRATIONS)?;
    tables.retain(|table| !LEFT_OUT.iter().any(|(name, _)| *name == table.name));
    for table in &mut tables {
        let omitted = |column: &str| OMITTED.iter().any(|(name, omitted, _)| *name == table.name && *omitted == column);
        let omitted: Vec<bool> = table.columns.iter().map(|column| omitted(&column.name)).collect();
        let mut omitted = omitted.into_iter();
        table.columns.retain(|_| !omitted.next().unwrap_or_default());
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_described_or_left_out_and_every_name_here_is_one() {
        let all = schema::tenant_tables(MIGRATIONS).unwrap();
        let has =
            |table: &str, column: &str| all.iter().any(|found| found.name == table && found.column(column).is_some());
        let parts: Vec<String> = parts().unwrap().into_iter().map(|table| table.name).collect();
        let mut described: Vec<&str> = ABOUT.iter().map(|(name, _)| *name).collect();
        for part in &parts {
            assert!(described.contains(&part.as_str()), "say in ABOUT what {part} is, or leave it out");
        }
        described.retain(|name| !parts.iter().any(|part| part == name));
        assert_eq!(described, Vec::<&str>::new(), "is no part");
        assert_eq!(parts.len() + LEFT_OUT.len(), all.len());
        for (table, column, _) in OMITTED {
            assert!(has(table, column), "{table}.{column}");
        }
        let guide = include_str!("../../../docs/guides/your-data.md");
        for (table, about) in ABOUT {
            assert!(
                guide.contains(&format!("| `{table}` | {about} |")),
                "the guide to your data does not tell {table}"
            );
        }
        for (table, _) in LEFT_OUT {
            assert!(
                guide.contains(&format!("`{table}` (")),
                "the guide to your data does not tell that {table} is left out"
            );
        }
        for sealed in sealed::COLUMNS {
            assert!(has(sealed.table, sealed.column) && has(sealed.table, "id"), "{}", sealed.kind);
        }
    }
}
