//! `POST /v1/customers/{customerId}/weighing`: stores what a scale measured.

use gymkeeper_contract::{customers::CustomerWeighings, openapi::Described};
use gymkeeper_store::customer::weighing;

use crate::{
    actions::{
        change::Change,
        customer::{self, benefit, deed},
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Input, Json, Parts, PathId, query_value},
    },
};

/// The benefit that is used with a weighing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WithBenefit(Option<String>);

impl Input for WithBenefit {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        Ok(Self(query_value(&parts.query, "benefitKey")))
    }

    fn describe(described: Described) -> Described {
        described.query::<String>("benefitKey", "The key of a benefit, of which one use is taken.")
    }
}

type Input_ = (PathId, (WithBenefit, Json<CustomerWeighings<'static>>));

pub(super) fn create_customer_weighing(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), (WithBenefit(key), Json(sent))): &Input_,
) -> Result<Answer<CustomerWeighings<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    // CUST-24: without the benefit nothing is stored.
    if let Some(key) = key {
        benefit::use_once(change, &customer, key, caller.today())?;
    }
    let id = change.tx.next_id()?;
    let stored = CustomerWeighings { database_id: Some(id), ..sent.clone() };
    let text = serde_json::to_string(&stored).map_err(|error| Failure::Internal(error.to_string()))?;
    weighing::insert(change.tx, change.tenant, id, customer.id, change.now, &text)?;
    change.record(deed("weighing.stored", &customer).field("weighingId", (), id).personal_field("results"));
    Answer::json(&stored)
}
