//! Contracts of customers: as they stand, and as they are entered by gym files and importers.

use gymkeeper_contract::webhooks::Event;
use gymkeeper_domain::{
    billing::{Birthday, ContractConditions, TermState},
    customer::{
        Agreement,
        benefit::{Contingent, window_of_contract},
    },
};
use gymkeeper_store::{
    customer::{
        Customer, birthday,
        contract::{self, Contract},
    },
    db::{DbError, Tx},
    tenant::TenantId,
};
use jiff::civil::Date;

use super::deed;
use crate::actions::{change::Change, lead};

/// A contract with what was agreed.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The stored row.
    pub row: Contract,
    /// What was agreed.
    pub agreement: Agreement,
    /// The same as the rules of billing take it.
    pub conditions: ContractConditions,
}

impl Standing {
    fn new(row: Contract, birthday: Option<Date>) -> Result<Self, DbError> {
        let unreadable = |error| DbError::Unusable(format!("the terms of contract {} cannot be read: {error}", row.id));
        let agreement: Agreement = serde_json::from_str(&row.terms).map_err(unreadable)?;
        let mut conditions =
            ContractConditions::new(&row.rate_name, agreement.term.clone(), row.start_date, row.signed_on)
                .born(birthday);
        conditions.start_of_use = row.start_of_use;
        conditions.ends_on = row.ends_on;
        Ok(Self { row, agreement, conditions })
    }

    /// How it stands on a day.
    pub fn state_on(&self, today: Date) -> TermState {
        self.conditions.state_on(today)
    }

    /// Whether it is in force on a day or will be (CON-2).
    pub fn is_active(&self, today: Date) -> bool {
        !self.row.reversed && today <= self.state_on(today).end
    }

    /// Whether what was agreed may be used on a day.
    pub fn runs_on(&self, day: Date) -> bool {
        self.conditions.use_from() <= day && self.is_active(day)
    }

    /// The first day of the time in which uses of something that it gives count together with those of a day; nothing before all of them.
    pub fn counted_from(&self, contingent: Contingent, day: Date) -> Option<Date> {
        window_of_contract(contingent, &self.conditions, day).and_then(|days| days.from)
    }

    /// Whether notice was given.
    pub fn is_canceled(&self) -> bool {
        self.row.canceled_on.is_some()
    }
}

/// The contracts of a customer, by id.
///
/// # Errors
/// The database's; when one cannot be read.
pub fn of(tx: &mut Tx<'_>, tenant: TenantId, customer: &Customer) -> Result<Vec<Standing>, DbError> {
    let rows = contract::of_customer(tx, tenant, customer.id)?;
    let standing = rows.into_iter().map(|row| Standing::new(row, customer.date_of_birth));
    let mut standing: Vec<Standing> = standing.collect::<Result<_, _>>()?;
    // AMD-6: few contracts have prices by age, and few birthdays were ever corrected.
    if standing.iter().any(|one| one.agreement.term.depends_on_age()) {
        let corrections = birthday::corrections(tx, tenant, customer.id)?;
        for one in &mut standing {
            // What was signed after a correction was never told by what had been known before it.
            let later = corrections.iter().filter(|correction| correction.id > one.row.id);
            let later = later.map(|correction| (correction.corrected_on, correction.date_of_birth)).collect();
            let birthday = Birthday::from(customer.date_of_birth).corrected_on(later);
            one.conditions = one.conditions.clone().born(birthday);
        }
    }
    Ok(standing)
}

/// Enters a contract of any kind; the draft's id does not matter. Answers the new id. The customer's status is for the caller to
/// refresh once all are there.
///
/// # Errors
/// The database's.
pub fn enter(change: &mut Change<'_, '_>, customer: &Customer, draft: Contract) -> Result<i64, DbError> {
    let id = change.tx.next_id()?;
    let row = Contract { id, customer_id: customer.id, ..draft };
    contract::insert(change.tx, change.tenant, &row)?;
    let mut deed = deed("contract.entered", customer).field("contractId", (), id).field("kind", (), &row.kind);
    if let Some(parent) = row.parent_id {
        // WH-8: modules have events of their own, and change the contract that they hang on.
        if row.kind == contract::kind::MODULE {
            deed = deed
                .event(Event::ContractAdditionalModuleCreated {
                    customer_id: customer.id,
                    contract_id: parent,
                    module_contract_id: id,
                })
                .event(Event::ContractUpdated { customer_id: customer.id, contract_id: parent });
        }
    } else {
        deed = deed.event(Event::ContractCreated { customer_id: customer.id, contract_id: id });
    }
    change.record(deed);
    if row.kind == contract::kind::MAIN && !row.reversed {
        lead::win(change, customer)?;
    }
    Ok(id)
}
