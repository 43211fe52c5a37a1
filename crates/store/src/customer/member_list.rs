//! Lists of members that a studio keeps (LIST-1).

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A list of members.
    pub struct MemberList {
        /// The id that clients see.
        pub id: i64,
        /// Its key in the gym file, unique in its studio.
        pub key: String,
        /// What it is called.
        pub name: String,
        /// When its name or the members on it last changed.
        pub modified_at: Timestamp,
        /// Taken out of the gym file: not told any more.
        pub retired: bool,
        /// The keys of the allowances that it gives, as JSON.
        pub allowances: String,
    }
}

crate::record! {
    /// A list of members that gives allowances.
    pub struct Giving {
        /// The list.
        pub id: i64,
        /// Its studio, whose allowances they are.
        pub studio_id: i64,
        /// Their keys, as JSON.
        pub allowances: String,
    }
}

crate::statements! {
    OF_STUDIO = "select id, key, name, modified_at, retired, allowances from member_list where tenant_id = $1 and studio_id = $2 order by id";
    // A list that is retired has nobody on it.
    GIVING = "select l.id, l.studio_id, l.allowances from member_list_entry e
        join member_list l on l.tenant_id = e.tenant_id and l.id = e.list_id
        where e.tenant_id = $1 and e.customer_id = $2 and l.allowances <> '[]' order by l.id";
    MEMBERS = "select customer_id from member_list_entry where tenant_id = $1 and list_id = $2 order by customer_id";
    INSERT = "insert into member_list (tenant_id, id, studio_id, key, name, modified_at, retired, allowances)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE = "update member_list set name = $3, modified_at = $4, retired = $5, allowances = $6
        where tenant_id = $1 and id = $2";
    CLEAR = "delete from member_list_entry where tenant_id = $1 and list_id = $2";
    ADD = "insert into member_list_entry (tenant_id, list_id, customer_id) values ($1, $2, $3)";
}

/// All lists of a studio, retired ones too, by id.
pub fn of_studio(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<MemberList>, DbError> {
    tx.query(&OF_STUDIO, &[&tenant, &studio])
}

/// The customers on a list, by id.
pub fn members(tx: &mut Tx<'_>, tenant: TenantId, list: i64) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&MEMBERS, &[&tenant, &list])?.into_iter().map(|(id,)| id).collect())
}

/// The lists on which a customer is and that give allowances, by id.
pub fn giving(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Giving>, DbError> {
    tx.query(&GIVING, &[&tenant, &customer])
}

/// Stores a list without members; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, list: &MemberList) -> Result<(), DbError> {
    let l = list;
    tx.execute(&INSERT, &[&tenant, &l.id, &studio, &l.key, &l.name, &l.modified_at, &l.retired, &l.allowances])
        .map(drop)
}

/// Changes a list in place; id and key stay.
pub fn update(tx: &mut Tx<'_>, tenant: TenantId, list: &MemberList) -> Result<(), DbError> {
    tx.execute(&UPDATE, &[&tenant, &list.id, &list.name, &list.modified_at, &list.retired, &list.allowances]).map(drop)
}

/// Replaces the customers on a list, each of whom is named once.
pub fn replace_members(tx: &mut Tx<'_>, tenant: TenantId, list: i64, customers: &[i64]) -> Result<(), DbError> {
    tx.execute(&CLEAR, &[&tenant, &list])?;
    customers.iter().try_for_each(|customer| tx.execute(&ADD, &[&tenant, &list, customer]).map(drop))
}
