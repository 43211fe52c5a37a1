//! Families: contracts that belong to the contract of another customer, and how one leaves (FAM-1, FAM-2).

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::customer::family::{self as rule, JoinFacts, JoinRefusal, LeaveFacts, LeaveRefusal};
use gymkeeper_store::{
    customer::{
        self, Customer,
        contract::{self, Contract, kind},
        family,
    },
    db::DbError,
};
use jiff::civil::Date;

use super::{
    contract::{self as contracts, Standing},
    deed, own_alone, refresh_status,
};
use crate::{
    actions::change::{Change, Deed},
    http::{caller::Caller, failure::Failure},
};

/// Makes a contract of a customer a member of the family of another contract, unless it is already. Answers the reason against it,
/// where there is one (FAM-1).
///
/// # Errors
/// The database's.
pub fn join(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    contract: &Contract,
    head: &Contract,
) -> Result<Option<JoinRefusal>, DbError> {
    let tenant = change.tenant;
    let before = family::head_of(change.tx, tenant, contract.id)?;
    if before == Some(head.id) {
        return Ok(None);
    }
    // Of two contracts that join each other at once, the second sees the first.
    customer::take_turn_at(change.tx, tenant, "family")?;
    let facts = JoinFacts {
        is_same_customer: head.customer_id == contract.customer_id,
        is_same_studio: head.studio_id == contract.studio_id,
        head_is_member: family::head_of(change.tx, tenant, head.id)?.is_some(),
        member_is_head: !family::members_of(change.tx, tenant, contract.id)?.is_empty(),
    };
    if let Err(refusal) = rule::may_join(facts) {
        return Ok(Some(refusal));
    }
    family::join(change.tx, tenant, contract.id, head.id)?;
    let (customer_id, contract_id) = (customer.id, contract.id);
    let deed = deed("contract.joined-family", customer)
        .field("contractId", (), contract_id)
        .field("familyOf", before, head.id)
        .event(Event::ContractUpdated { customer_id, contract_id });
    change.record(deed);
    Ok(None)
}

/// Takes a main contract out of its family and cancels it as of today, with the modules and fees that hang on it (FAM-2).
///
/// # Errors
/// Refuses an unknown contract, one of a customer whom the caller may not touch, one without a family, and one that is over or
/// canceled already.
pub fn leave(change: &mut Change<'_, '_>, caller: &Caller, id: i64) -> Result<(), Failure> {
    let (tenant, today) = (change.tenant, caller.today());
    let found = contract::by_id(change.tx, tenant, id)?.filter(|contract| contract.kind == kind::MAIN);
    let owner = found.ok_or(ErrorCode::ContractNotFound)?.customer_id;
    let mut customer = own_alone(change, caller, owner)?;
    // Read again: whoever held the customer before may have ended it.
    let all = contracts::of(change.tx, tenant, &customer)?;
    let main = all.iter().find(|one| one.row.id == id).ok_or(ErrorCode::ContractNotFound)?;
    let row = &main.row;
    let facts = LeaveFacts {
        is_member: family::head_of(change.tx, tenant, id)?.is_some(),
        is_reversed: row.reversed,
        is_canceled: main.is_canceled(),
        use_from: main.conditions.use_from(),
        end: main.state_on(today).end,
    };
    let last_day = rule::last_day_on_leaving(facts, today).map_err(|reason| match reason {
        LeaveRefusal::NotInFamily => ErrorCode::ContractNotInFamily,
        LeaveRefusal::Over => ErrorCode::ContractAlreadyEnded,
        LeaveRefusal::Canceled => ErrorCode::ContractAlreadyCanceled,
    })?;
    let head = family::leave(change.tx, tenant, id)?.ok_or(ErrorCode::ContractNotInFamily)?;
    end(change, main, last_day, today)?;
    let (customer_id, contract_id) = (customer.id, id);
    let deed = ended("contract.left-family", &customer, main, last_day)
        .field("familyOf", head, ())
        .event(Event::ContractCancelled { customer_id, contract_id });
    change.record(deed);
    for below in all.iter().filter(|one| one.row.parent_id == Some(id) && goes_beyond(one, last_day)) {
        end(change, below, last_day, today)?;
        let mut deed = ended("contract.ended-with-its-main-contract", &customer, below, last_day);
        if below.row.kind == kind::MODULE {
            // WH-8: modules have events of their own, and change the contract that they hang on.
            let module_contract_id = below.row.id;
            deed = deed
                .event(Event::ContractAdditionalModuleCancelled { customer_id, contract_id, module_contract_id })
                .event(Event::ContractUpdated { customer_id, contract_id });
        }
        change.record(deed);
    }
    refresh_status(change, &mut customer, today)?;
    Ok(())
}

/// Whether something that hangs on a contract would go on after its last day (CAN-10).
fn goes_beyond(contract: &Standing, last_day: Date) -> bool {
    !contract.row.reversed && contract.conditions.final_end().is_none_or(|end| end > last_day)
}

/// CAN-1: gives a contract its last day, by a notice of today unless there was one.
fn end(change: &mut Change<'_, '_>, contract: &Standing, last_day: Date, today: Date) -> Result<(), DbError> {
    let row = &contract.row;
    let fresh = Contract { ends_on: Some(last_day), canceled_on: row.canceled_on.or(Some(today)), ..row.clone() };
    contract::set_end(change.tx, change.tenant, &fresh)
}

fn ended(action: &'static str, customer: &Customer, contract: &Standing, last_day: Date) -> Deed {
    deed(action, customer).field("contractId", (), contract.row.id).field("endsOn", contract.row.ends_on, last_day)
}
