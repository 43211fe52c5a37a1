//! Bank accounts of customers, and the mandates to debit them.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::customer::{
    BankAccountDefinition,
    bank_account::{Iban, mandate_reference, normalized_bic},
};
use gymkeeper_store::{
    customer::{
        self, Customer,
        bank_account::{self, Account, BankAccount},
        payment_method,
    },
    db::DbError,
};
use jiff::civil::Date;

use crate::{
    actions::change::Change,
    http::failure::{Failure, Refusal},
};

/// An account as it was sent, its numbers in the one form in which they are stored (AMD-5).
///
/// # Errors
/// Refuses what is no IBAN or no BIC. Neither number is repeated in the refusal, which ends up in logs elsewhere.
pub fn checked(account: Account) -> Result<Account, Failure> {
    let iban = Iban::parse(&account.iban).map_err(|_| Refusal::new(ErrorCode::BankAccountIbanInvalid).at("iban"))?;
    let bic = match &account.bic {
        None => None,
        Some(bic) => Some(normalized_bic(bic).map_err(|_| Refusal::new(ErrorCode::BankAccountBicInvalid).at("bic"))?),
    };
    Ok(Account { iban: iban.as_str().to_owned(), bic, ..account })
}

/// An account as a gym file describes it.
///
/// # Errors
/// As [`checked`].
pub fn described(account: &BankAccountDefinition) -> Result<Account, Failure> {
    let a = account.clone();
    checked(Account {
        account_holder: a.account_holder.trim().to_owned(),
        bank_name: a.bank_name,
        iban: a.iban,
        bic: a.bic,
    })
}

/// Makes an account the one that a customer's dues are collected from, under a new mandate (LAW-8). The account before it is kept
/// as replaced. Leaves no record: whoever calls it says what happened.
///
/// # Errors
/// The database's; when there are no keys to seal it with.
pub fn replace(
    change: &mut Change<'_, '_>,
    customer: &mut Customer,
    account: Account,
    signed_on: Date,
    signature: Option<&str>,
) -> Result<(), DbError> {
    let (tenant, now) = (change.tenant, change.now);
    let earlier = bank_account::count(change.tx, tenant, customer.id)?;
    let number = u32::try_from(earlier.saturating_add(1)).unwrap_or(u32::MAX);
    let fresh = BankAccount {
        id: change.tx.next_id()?,
        customer_id: customer.id,
        account,
        mandate_reference: mandate_reference(&customer.customer_number, number),
        mandate_signed_on: signed_on,
    };
    bank_account::replace(change.tx, tenant, &fresh, signature.map(str::as_bytes), now)?;
    if customer.payment_method != payment_method::DIRECT_DEBIT {
        payment_method::DIRECT_DEBIT.clone_into(&mut customer.payment_method);
        customer::update(change.tx, tenant, customer)?;
    }
    Ok(())
}
