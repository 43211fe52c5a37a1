//! Bank accounts with the mandates to debit them. Whose account it is, its numbers and the signature are sealed.
//!
//! A customer has one present account; those before it stay as replaced, because what was collected under their mandates may
//! come back for thirteen months (LAW-6).

use std::{collections::HashMap, fmt};

use gymkeeper_domain::customer::bank_account::Iban;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    db::{DbError, Ids, Tx},
    tenant::TenantId,
};

/// What accounts are sealed as.
pub const SEALED_AS: &str = "bank_account";
/// What the signatures of their mandates are sealed as.
pub const SIGNATURE_SEALED_AS: &str = "mandate_signature";

/// Whose account it is, and where. It shows the masked IBAN only when it is printed for a programmer.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Whose it is.
    pub account_holder: String,
    /// The name of the bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    /// The IBAN, without spaces.
    pub iban: String,
    /// The BIC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
}

impl Account {
    /// The IBAN as it is shown to those who need not know all of it.
    pub fn masked_iban(&self) -> String {
        masked(&self.iban)
    }
}

/// An IBAN as it is shown to those who need not know all of it; of what is none, nothing is shown.
pub fn masked(iban: &str) -> String {
    Iban::parse(iban).map_or_else(|_| "****".to_owned(), |iban| iban.masked())
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.masked_iban())
    }
}

/// An account with its mandate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    /// Its id.
    pub id: i64,
    /// Whose customer's it is.
    pub customer_id: i64,
    /// The account.
    pub account: Account,
    /// The reference of the mandate, unique and at most 35 characters (LAW-6).
    pub mandate_reference: String,
    /// The day on which the mandate was given.
    pub mandate_signed_on: Date,
}

crate::record! {
    struct Stored {
        pub id: i64,
        pub customer_id: i64,
        pub sealed: Vec<u8>,
        pub mandate_reference: String,
        pub mandate_signed_on: Date,
    }
}

crate::statements! {
    PRESENT = "select id, customer_id, sealed, mandate_reference, mandate_signed_on from bank_account
        where tenant_id = $1 and customer_id = $2 and replaced_at is null";
    DEBITED = "select b.id, b.customer_id, b.sealed from rarray($2) w cross join bank_account b
        join customer c on c.tenant_id = b.tenant_id and c.id = b.customer_id
        where b.tenant_id = $1 and b.customer_id = w.value and b.replaced_at is null
            and c.payment_method = 'DIRECT_DEBIT'";
    COUNT = "select count(*) from bank_account where tenant_id = $1 and customer_id = $2";
    SIGNATURE = "select id, signature from bank_account
        where tenant_id = $1 and customer_id = $2 and replaced_at is null and signature is not null";
    REPLACE = "update bank_account set replaced_at = $3 where tenant_id = $1 and customer_id = $2 and replaced_at is null";
    INSERT = "insert into bank_account (tenant_id, id, customer_id, sealed, mandate_reference, mandate_signed_on, signature)
        values ($1, $2, $3, $4, $5, $6, $7)";
}

/// The present account of a customer.
pub fn present(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Option<BankAccount>, DbError> {
    let Some(row) = tx.query_one::<Stored>(&PRESENT, &[&tenant, &customer])? else { return Ok(None) };
    Ok(Some(BankAccount {
        account: open(tx, row.id, &row.sealed)?,
        id: row.id,
        customer_id: row.customer_id,
        mandate_reference: row.mandate_reference,
        mandate_signed_on: row.mandate_signed_on,
    }))
}

/// The present accounts of those among some customers who pay by direct debit (CUST-22), by customer.
pub fn debited(tx: &mut Tx<'_>, tenant: TenantId, customers: &[i64]) -> Result<HashMap<i64, Account>, DbError> {
    let rows: Vec<(i64, i64, Vec<u8>)> = tx.query(&DEBITED, &[&tenant, &Ids(customers)])?;
    rows.into_iter().map(|(id, customer, sealed)| Ok((customer, open(tx, id, &sealed)?))).collect()
}

/// The signature under the mandate of a customer's present account: an SVG document.
pub fn signature(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Option<Vec<u8>>, DbError> {
    match tx.query_one::<(i64, Vec<u8>)>(&SIGNATURE, &[&tenant, &customer])? {
        Some((id, sealed)) => tx.open(SIGNATURE_SEALED_AS, id, &sealed).map(Some),
        None => Ok(None),
    }
}

/// How many accounts a customer has had, the present one included.
pub fn count(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<i64, DbError> {
    Ok(tx.query_one::<(i64,)>(&COUNT, &[&tenant, &customer])?.map_or(0, |(count,)| count))
}

/// Stores an account as the present one, its id being fresh, and keeps the one before it as replaced.
pub fn replace(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    account: &BankAccount,
    signature: Option<&[u8]>,
    now: Timestamp,
) -> Result<(), DbError> {
    let unwritable = |error: serde_json::Error| DbError::Unusable(format!("an account cannot be written: {error}"));
    let a = account;
    let sealed = tx.seal(SEALED_AS, a.id, &serde_json::to_vec(&a.account).map_err(unwritable)?)?;
    let signature = match signature {
        Some(signature) => Some(tx.seal(SIGNATURE_SEALED_AS, a.id, signature)?),
        None => None,
    };
    tx.execute(&REPLACE, &[&tenant, &a.customer_id, &now])?;
    tx.execute(
        &INSERT,
        &[&tenant, &a.id, &a.customer_id, &sealed, &a.mandate_reference, &a.mandate_signed_on, &signature],
    )
    .map(drop)
}

pub(super) fn open(tx: &mut Tx<'_>, id: i64, sealed: &[u8]) -> Result<Account, DbError> {
    let plain = tx.open(SEALED_AS, id, sealed)?;
    // The error of the parser would show a part of what it could not read.
    serde_json::from_slice(&plain).map_err(|_| DbError::Unusable(format!("bank account {id} cannot be read")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_does_not_show_itself() {
        let account = Account {
            account_holder: "Ada".to_owned(),
            iban: "DE89370400440532013000".to_owned(),
            ..Account::default()
        };
        assert_eq!(format!("{account:?}"), "Account(DE89 **** **** **** **** 00)");
        assert_eq!(Account::default().masked_iban(), "****");
    }
}
