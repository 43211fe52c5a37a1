//! Families: contracts that belong to another contract, the head (FAM-1, FAM-2).

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::statements! {
    HEAD_OF = "select head_id from family_contract where tenant_id = $1 and contract_id = $2";
    MEMBERS_OF = "select contract_id from family_contract where tenant_id = $1 and head_id = $2 order by contract_id";
    JOIN = "insert into family_contract (tenant_id, contract_id, head_id) values ($1, $2, $3)
        on conflict (tenant_id, contract_id) do update set head_id = $3";
    LEAVE = "delete from family_contract where tenant_id = $1 and contract_id = $2 returning head_id";
}

/// The head of the family to which a contract belongs; nothing for a head itself.
pub fn head_of(tx: &mut Tx<'_>, tenant: TenantId, contract: i64) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&HEAD_OF, &[&tenant, &contract])?.map(|(head,)| head))
}

/// The contracts that belong to the family of a head, by id.
pub fn members_of(tx: &mut Tx<'_>, tenant: TenantId, head: i64) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&MEMBERS_OF, &[&tenant, &head])?.into_iter().map(|(id,)| id).collect())
}

/// Makes a contract a member of the family of a head, and of no other.
pub fn join(tx: &mut Tx<'_>, tenant: TenantId, contract: i64, head: i64) -> Result<(), DbError> {
    tx.execute(&JOIN, &[&tenant, &contract, &head]).map(drop)
}

/// Takes a contract out of its family and answers the head of it. None: it has no family, even since a moment ago.
pub fn leave(tx: &mut Tx<'_>, tenant: TenantId, contract: i64) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&LEAVE, &[&tenant, &contract])?.map(|(head,)| head))
}
