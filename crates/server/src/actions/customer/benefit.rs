//! Benefits: what contracts let customers use so and so often (BEN-1 to BEN-3).

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::customer::benefit::{self as rule, Benefit, BenefitAnswer, BenefitFacts, Contingent};
use gymkeeper_store::{
    customer::{
        Customer,
        benefit::{self, Window},
        contract as stored,
    },
    db::{DbError, Tx},
    inventory::{self, Kind},
    tenant::TenantId,
};
use jiff::civil::Date;

use super::{contract, deed};
use crate::{
    actions::change::Change,
    http::failure::{Failure, Refusal},
};

/// A benefit that a contract gives.
#[derive(Debug, Clone)]
struct Grant {
    key: String,
    contingent: Contingent,
    facts: BenefitFacts,
    /// Where uses are counted; none where they are not, or before the contract starts.
    window: Option<(i64, Date)>,
}

impl Grant {
    fn answer(&self) -> BenefitAnswer {
        rule::may_use(self.contingent, self.facts)
    }
}

/// Whether a customer may use a benefit now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// The key of the benefit.
    pub key: String,
    /// Whether it may be used.
    pub valid: bool,
}

/// Which of these benefits the customer may use now: one answer for each key in the order given; without keys, one for each
/// benefit that the customer has (BEN-3).
///
/// # Errors
/// The database's.
pub fn validities(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: &Customer,
    keys: &[String],
    today: Date,
) -> Result<Vec<Validity>, DbError> {
    let grants = grants(tx, tenant, customer, today)?;
    let mut wanted: Vec<String> = keys.to_vec();
    if keys.is_empty() {
        for grant in &grants {
            if !wanted.contains(&grant.key) {
                wanted.push(grant.key.clone());
            }
        }
    }
    let usable = |key: &String| {
        grants.iter().any(|grant| grant.key == *key && matches!(grant.answer(), BenefitAnswer::Usable { .. }))
    };
    Ok(wanted.into_iter().map(|key| Validity { valid: usable(&key), key }).collect())
}

/// Uses a benefit once (BEN-1 to BEN-3).
///
/// # Errors
/// Refuses a benefit that the customer does not have, and one that cannot be used now or is used up.
pub fn use_once(change: &mut Change<'_, '_>, customer: &Customer, key: &str, today: Date) -> Result<(), Failure> {
    let grants: Vec<Grant> =
        grants(change.tx, change.tenant, customer, today)?.into_iter().filter(|grant| grant.key == key).collect();
    if grants.is_empty() {
        return Err(Refusal::new(ErrorCode::BenefitKeyInvalid).with_text(key).at("benefitKey").into());
    }
    for grant in grants {
        if !matches!(grant.answer(), BenefitAnswer::Usable { .. }) {
            continue;
        }
        if let (Some(uses), Some((contract_id, start))) = (grant.contingent.limit(), grant.window) {
            let window = Window { customer_id: customer.id, contract_id, key, start };
            if !benefit::take(change.tx, change.tenant, &window, i64::from(uses))? {
                continue;
            }
        }
        change.record(deed("benefit.used", customer).field("benefitKey", (), key));
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::BenefitNoContingent).with_text(key).at("benefitKey").into())
}

/// Everything that the customer's contracts give, in the order of the contracts.
fn grants(tx: &mut Tx<'_>, tenant: TenantId, customer: &Customer, today: Date) -> Result<Vec<Grant>, DbError> {
    let contracts = contract::of(tx, tenant, customer)?;
    let idle = stored::idle_of_customers(tx, tenant, &[customer.id], today)?;
    let mut definitions: Vec<(i64, Vec<(String, Benefit)>)> = Vec::new();
    let mut grants = Vec::new();
    for contract in &contracts {
        let row = &contract.row;
        // A module rests with the contract that it hangs on.
        let main = row.parent_id.unwrap_or(row.id);
        let is_idle = idle.iter().any(|idle| {
            idle.contract_id == main && idle.start_date <= today && idle.end_date.is_none_or(|end| today <= end)
        });
        for key in &contract.agreement.benefits {
            if !definitions.iter().any(|(studio, _)| *studio == row.studio_id) {
                definitions.push((row.studio_id, benefits_of(tx, tenant, row.studio_id)?));
            }
            let known = definitions.iter().filter(|(studio, _)| *studio == row.studio_id).flat_map(|(_, list)| list);
            // A benefit that is defined no longer cannot be used any more.
            let Some((_, definition)) = known.into_iter().find(|(known, _)| known == key) else { continue };
            let contingent = definition.contingent();
            let window = contract.counted_from(contingent, today).map(|from| (row.id, from));
            let used = match window {
                Some((contract_id, start)) if contingent != Contingent::Flat => {
                    benefit::used(tx, tenant, &Window { customer_id: customer.id, contract_id, key, start })?
                }
                _ => 0,
            };
            let facts = BenefitFacts {
                contract_runs: contract.runs_on(today),
                is_idle,
                used: u32::try_from(used).unwrap_or(u32::MAX),
            };
            grants.push(Grant { key: key.clone(), contingent, facts, window });
        }
    }
    Ok(grants)
}

fn benefits_of(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<(String, Benefit)>, DbError> {
    let entries = inventory::of_kind(tx, tenant, studio, Kind::Benefit)?;
    entries.into_iter().filter(|entry| !entry.retired).map(|entry| Ok((entry.key.clone(), entry.read()?))).collect()
}
