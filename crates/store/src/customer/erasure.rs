//! What becomes of the rows of somebody who is erased: most go, some stay without what says whose they are.

use jiff::{Timestamp, civil::Date};

use super::bank_account::{self, Account, SEALED_AS};
use crate::{
    db::{DbError, Tx},
    files, idempotency,
    tenant::TenantId,
};

/// An account with its mandate, the present one or one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// Its id.
    pub id: i64,
    /// Whose account it is, and where; empty once it was erased.
    pub account: Account,
    /// The reference of the mandate.
    pub mandate_reference: String,
    /// When another account took its place.
    pub replaced_at: Option<Timestamp>,
}

crate::record! {
    struct Stored {
        pub id: i64,
        pub sealed: Vec<u8>,
        pub mandate_reference: String,
        pub replaced_at: Option<Timestamp>,
    }
}

crate::record! {
    /// A file that belongs to somebody's contract.
    pub struct Signed {
        /// The contract.
        pub id: i64,
        /// The signed document.
        pub document_file_id: i64,
        /// The main contract that it hangs on.
        pub parent_id: Option<i64>,
    }
}

crate::statements! {
    NAMELESS = "update customer set uuid = $3, referral_code = $4 where tenant_id = $1 and id = $2";
    NAMED = "select id from customer where tenant_id = $1 and (customer_number = $2 or id = $3) order by id";
    MANDATES = "select id, sealed, mandate_reference, replaced_at from bank_account
        where tenant_id = $1 and customer_id = $2 order by id";
    EMPTY_ACCOUNT = "update bank_account set sealed = $3, signature = null, replaced_at = coalesce(replaced_at, $4)
        where tenant_id = $1 and id = $2";
    SIGNED = "select id, document_file_id, parent_id from contract
        where tenant_id = $1 and customer_id = $2 and document_file_id is not null order by id";
    FORGET_SIGNED = "update contract set document_file_id = null where tenant_id = $1 and id = $2";
    CONTRACTS = "update contract set cancelation_reason = null, third_party_id = null
        where tenant_id = $1 and customer_id = $2 and (cancelation_reason is not null or third_party_id is not null)";
    PAUSES = "update idle_period set reason = null where tenant_id = $1 and customer_id = $2 and reason is not null";
    DOCUMENTS = "delete from customer_document where tenant_id = $1 and customer_id = $2 returning file_id";
    NOTES = "delete from customer_note where tenant_id = $1 and customer_id = $2";
    MESSAGES = "delete from communication where tenant_id = $1
        and thread_id in (select id from communication_thread where tenant_id = $1 and customer_id = $2)";
    THREADS = "delete from communication_thread where tenant_id = $1 and customer_id = $2";
    PREFERENCES = "delete from communication_preference where tenant_id = $1 and customer_id = $2";
    MEDIUMS = "delete from access_medium where tenant_id = $1 and customer_id = $2";
    RESTRICTIONS = "delete from access_restriction where tenant_id = $1 and customer_id = $2";
    FIELDS = "delete from customer_field where tenant_id = $1 and customer_id = $2";
    THIRD_PARTIES = "delete from third_party_customer where tenant_id = $1 and customer_id = $2";
    BIRTHDAYS = "delete from former_birthday where tenant_id = $1 and customer_id = $2";
    WEIGHINGS = "delete from weighing where tenant_id = $1 and customer_id = $2";
    USES = "delete from benefit_use where tenant_id = $1 and customer_id = $2";
    PACKS = "delete from pack where tenant_id = $1 and customer_id = $2";
    REPRESENTATIVES = "delete from legal_representative where tenant_id = $1
        and (customer_id = $2 or representative_id = $2)";
    FEEDS = "delete from calendar_feed where tenant_id = $1 and customer_id = $2";
    LISTS = "delete from member_list_entry where tenant_id = $1 and customer_id = $2";
    FAMILIES = "delete from family_contract where tenant_id = $1
        and contract_id in (select id from contract where tenant_id = $1 and customer_id = $2)";
    VISITS = "update checkin set customer_id = null, exception_note = null, pack_id = null where tenant_id = $1 and customer_id = $2";
    BOOKINGS = "update booking set customer_id = null where tenant_id = $1 and customer_id = $2";
    LEADS = "update lead set notes = null where tenant_id = $1 and customer_id = $2 and notes is not null";
    VOUCHERS = "update checkin_voucher set customer_id = null, access_code = null where tenant_id = $1 and customer_id = $2";
    AMENDMENTS = "update amendment set state = case when state = 'PENDING' then 'WITHDRAWN' else state end,
            requested = null, note = null, decided_at = coalesce(decided_at, $3)
        where tenant_id = $1 and customer_id = $2 and (state = 'PENDING' or requested is not null or note is not null)";
    SOURCES = "select studio_id, key from customer_source where tenant_id = $1 and customer_id = $2 order by studio_id, key";
    HIDE_SOURCE = "update customer_source set key = $4, definition = '' where tenant_id = $1 and studio_id = $2 and key = $3";
    // What receivers of webhooks answered may repeat what they know.
    ANSWERS = "update delivery set log = '[]' where tenant_id = $1
        and position in (select position from journal where tenant_id = $1 and subject = $2)";
    // A first answer and the record of what it answered carry the same moment.
    KEPT_ANSWERS = "delete from idempotency where tenant_id = $1
        and created_at in (select recorded_at from journal where tenant_id = $1 and subject = $2)";
    FILE_IN_USE = "select count(*) from tenant t where t.tenant_id = $1 and (
        exists (select 1 from customer where tenant_id = $1 and image_file_id = $2)
        or exists (select 1 from customer_document where tenant_id = $1 and file_id = $2)
        or exists (select 1 from contract where tenant_id = $1 and document_file_id = $2)
        or exists (select 1 from employee where tenant_id = $1 and image_file_id = $2)
        or exists (select 1 from inventory where tenant_id = $1 and file_id = $2)
        or exists (select 1 from studio where tenant_id = $1 and logo_file_id = $2))";
    REMOVE_FILE = "delete from file where tenant_id = $1 and id = $2 returning hash";
}

/// What is gone, by what it was, with how much of it there was.
pub type Gone = Vec<(&'static str, u64)>;

/// Removes what only said something about the person, and takes the person out of what stays. What is in the row of the
/// customer itself, accounts and files are left.
pub fn clear(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, now: Timestamp) -> Result<Gone, DbError> {
    let mut gone = Gone::new();
    for (what, sql) in [
        ("notes", &NOTES),
        ("messages", &MESSAGES),
        ("conversations", &THREADS),
        ("communicationPreferences", &PREFERENCES),
        ("accessMediums", &MEDIUMS),
        ("accessRestrictions", &RESTRICTIONS),
        ("additionalInformation", &FIELDS),
        ("thirdPartyIds", &THIRD_PARTIES),
        ("formerBirthdays", &BIRTHDAYS),
        ("measurements", &WEIGHINGS),
        ("benefitUses", &USES),
        ("packs", &PACKS),
        ("legalRepresentatives", &REPRESENTATIVES),
        ("calendarFeeds", &FEEDS),
        ("memberLists", &LISTS),
        ("families", &FAMILIES),
        ("visits", &VISITS),
        ("bookings", &BOOKINGS),
        ("leadNotes", &LEADS),
        ("checkinVouchers", &VOUCHERS),
        ("idleReasons", &PAUSES),
        ("cancelationReasons", &CONTRACTS),
    ] {
        gone.push((what, tx.execute(sql, &[&tenant, &customer])?));
    }
    gone.push(("amendments", tx.execute(&AMENDMENTS, &[&tenant, &customer, &now])?));
    let subject = format!("customer:{customer}");
    tx.execute(&ANSWERS, &[&tenant, &subject])?;
    gone.retain(|(_, count)| *count > 0);
    Ok(gone)
}

/// Replaces what the outside knows a customer by.
pub fn rename(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, uuid: &str, code: &str) -> Result<(), DbError> {
    tx.execute(&NAMELESS, &[&tenant, &customer, &uuid, &code]).map(drop)
}

/// The customers of a number, archived ones as well, and the one of an id. A number may have had several owners.
pub fn named(tx: &mut Tx<'_>, tenant: TenantId, number: &str, id: Option<i64>) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&NAMED, &[&tenant, &number, &id])?.into_iter().map(|(id,)| id).collect())
}

/// The mandates that a customer ever gave, by id.
pub fn mandates(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Mandate>, DbError> {
    let rows: Vec<Stored> = tx.query(&MANDATES, &[&tenant, &customer])?;
    let open = |Stored { id, sealed, mandate_reference, replaced_at }| {
        Ok(Mandate { id, account: bank_account::open(tx, id, &sealed)?, mandate_reference, replaced_at })
    };
    rows.into_iter().map(open).collect()
}

/// Forgets whose account it is, its number and the signature; the mandate's reference and day stay.
pub fn empty_account(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<(), DbError> {
    let unwritable = |error: serde_json::Error| DbError::Unusable(format!("an account cannot be written: {error}"));
    let sealed = tx.seal(SEALED_AS, id, &serde_json::to_vec(&Account::default()).map_err(unwritable)?)?;
    tx.execute(&EMPTY_ACCOUNT, &[&tenant, &id, &sealed, &now]).map(drop)
}

/// The signed documents of a customer's contracts, by contract.
pub fn signed(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Signed>, DbError> {
    tx.query(&SIGNED, &[&tenant, &customer])
}

/// Takes the signed document away from a contract.
pub fn forget_signed(tx: &mut Tx<'_>, tenant: TenantId, contract: i64) -> Result<(), DbError> {
    tx.execute(&FORGET_SIGNED, &[&tenant, &contract]).map(drop)
}

/// Removes the documents of a customer and answers their files.
pub fn remove_documents(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&DOCUMENTS, &[&tenant, &customer])?.into_iter().map(|(file,)| file).collect())
}

/// Forgets a file that nothing refers to any more, and answers the hash of its content. Nothing: it is still in use, or gone.
pub fn remove_file(tx: &mut Tx<'_>, tenant: TenantId, file: i64) -> Result<Option<String>, DbError> {
    // Whoever is about to refer to it holds it, too: so one of both sees what the other did.
    if !files::hold(tx, tenant, file)? {
        return Ok(None);
    }
    if tx.query_one::<(i64,)>(&FILE_IN_USE, &[&tenant, &file])?.is_some_and(|(uses,)| uses > 0) {
        return Ok(None);
    }
    Ok(tx.query_one::<(String,)>(&REMOVE_FILE, &[&tenant, &file])?.map(|(hash,)| hash))
}

/// Replaces the keys under which gym files describe a customer, and answers those that were replaced.
pub fn hide_sources(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    hidden: impl Fn(&str) -> String,
) -> Result<Vec<String>, DbError> {
    let mut keys = Vec::new();
    for (studio, key) in tx.query::<(i64, String)>(&SOURCES, &[&tenant, &customer])? {
        let fresh = hidden(&key);
        if fresh != key {
            tx.execute(&HIDE_SOURCE, &[&tenant, &studio, &key, &fresh])?;
            keys.push(key);
        }
    }
    Ok(keys)
}

/// Forgets the first answers to requests about a customer, and those whose bodies say something that is looked for.
pub fn forget_answers(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    said: impl Fn(&[u8]) -> bool,
) -> Result<u64, DbError> {
    let about = tx.execute(&KEPT_ANSWERS, &[&tenant, &format!("customer:{customer}")])?;
    Ok(about + idempotency::forget_where(tx, tenant, said)?)
}

/// The day on which a mandate was last good for anything: when another took its place, or when the contracts ended.
pub fn last_used(mandate: &Mandate, ended: Option<Date>, day_of: impl Fn(Timestamp) -> Date) -> Option<Date> {
    // Somebody without contracts was never asked for dues.
    let ended = ended?;
    Some(mandate.replaced_at.map_or(ended, |at| day_of(at).min(ended)))
}

#[cfg(test)]
mod tests {
    use crate::{MIGRATIONS, schema};

    #[test]
    fn every_column_that_names_a_file_is_asked_before_a_file_goes() {
        let mut seen = 0;
        for table in schema::tenant_tables(MIGRATIONS).unwrap() {
            for column in table.columns.iter().filter(|column| column.name.ends_with("file_id")) {
                let text = super::FILE_IN_USE.text;
                let asked = format!("from {} where tenant_id = $1 and {} = $2", table.name, column.name);
                assert!(text.contains(&asked), "{asked}");
                seen += 1;
            }
        }
        assert!(seen >= 6, "{seen}");
    }

    /// A new table that says something about customers must be decided about here.
    #[test]
    fn every_table_that_refers_to_customers_is_dealt_with() {
        let texts: String = super::STATEMENTS.iter().map(|sql| format!("{} ", sql.text)).collect();
        for table in schema::tenant_tables(MIGRATIONS).unwrap() {
            if table.column("customer_id").is_none() || table.name == "customer_phone" {
                continue;
            }
            let dealt =
                ["update ", "delete from "].iter().any(|verb| texts.contains(&format!("{verb}{} ", table.name)));
            assert!(dealt, "what becomes of {} when a customer is erased?", table.name);
        }
    }
}
