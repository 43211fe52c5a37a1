//! By what customers proved who they are: sealed, because it is worth stealing.

use serde::{Deserialize, Serialize};

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// The kind that the seal is bound to; it must never change.
pub const SEALED_AS: &str = "customer_identity";

/// Tax id and identity document of a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    /// The number under which the customer pays taxes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_id: Option<String>,
    /// The kind of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_kind: Option<String>,
    /// The number of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
}

crate::statements! {
    SET = "update customer set identity = $3 where tenant_id = $1 and id = $2";
    GET = "select identity from customer where tenant_id = $1 and id = $2";
}

/// Stores by what a customer proved who it is.
pub fn set(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, identity: &Identified) -> Result<(), DbError> {
    let unwritable = |error| DbError::Unusable(format!("an identity cannot be written: {error}"));
    let sealed = tx.seal(SEALED_AS, customer, &serde_json::to_vec(identity).map_err(unwritable)?)?;
    tx.execute(&SET, &[&tenant, &customer, &sealed]).map(drop)
}

/// By what a customer proved who it is; nothing where that was never asked.
pub fn get(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Option<Identified>, DbError> {
    let Some((Some(sealed),)) = tx.query_one::<(Option<Vec<u8>>,)>(&GET, &[&tenant, &customer])? else {
        return Ok(None);
    };
    let plain = tx.open(SEALED_AS, customer, &sealed)?;
    let unreadable = |error| DbError::Unusable(format!("the identity of customer {customer} cannot be read: {error}"));
    serde_json::from_slice(&plain).map(Some).map_err(unreadable)
}
