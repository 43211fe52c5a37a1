//! Accounts of staff and their roles.
//!
//! Passwords are stored as argon2id hashes only. The secret of a second factor has to be readable, since codes are made from it.

pub mod attempt;
pub mod session;

use std::collections::HashMap;

use gymkeeper_domain::staff::{Grant, Grants, Role};
use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// An account.
    pub struct Staff {
        /// Its id.
        pub id: i64,
        /// The address to sign in with, in small letters.
        pub email: String,
        /// The name.
        pub name: String,
        /// The argon2id hash of the password, with its parameters and salt.
        pub password_hash: String,
        /// The secret of the second factor, in base 32.
        pub totp_secret: Option<String>,
        /// A secret that was shown and not yet confirmed by a code.
        pub totp_offered: Option<String>,
        /// The step of the last code that was used; no code of it or an earlier one is taken again.
        pub totp_step: Option<i64>,
        /// When the account was made.
        pub created_at: Timestamp,
        /// Since when it is closed.
        pub disabled_at: Option<Timestamp>,
    }
}

/// An account to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// The address to sign in with, in small letters.
    pub email: String,
    /// The name.
    pub name: String,
    /// The hash of the password.
    pub password_hash: String,
}

crate::record! {
    /// A stored role; the studio 0 stands for all.
    struct RoleRow {
        pub staff_id: i64,
        pub studio_id: i64,
        pub role: String,
    }
}

crate::statements! {
    FIND = "select id, email, name, password_hash, totp_secret, totp_offered, totp_step, created_at, disabled_at
        from staff where tenant_id = $1 and id = $2";
    FIND_BY_EMAIL = "select id, email, name, password_hash, totp_secret, totp_offered, totp_step, created_at, disabled_at
        from staff where tenant_id = $1 and email = $2";
    LIST = "select id, email, name, password_hash, totp_secret, totp_offered, totp_step, created_at, disabled_at
        from staff where tenant_id = $1 order by id";
    INSERT = "insert into staff (tenant_id, id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, email) do nothing";
    SET_PASSWORD = "update staff set password_hash = $3 where tenant_id = $1 and id = $2";
    SET_DISABLED = "update staff set disabled_at = $3 where tenant_id = $1 and id = $2";
    OFFER_TOTP = "update staff set totp_offered = $3 where tenant_id = $1 and id = $2";
    CONFIRM_TOTP = "update staff set totp_secret = totp_offered, totp_offered = null, totp_step = $4
        where tenant_id = $1 and id = $2 and totp_offered = $3";
    REMOVE_TOTP = "update staff set totp_secret = null, totp_offered = null, totp_step = null where tenant_id = $1 and id = $2";
    TAKE_STEP = "update staff set totp_step = $3 where tenant_id = $1 and id = $2 and (totp_step is null or totp_step < $3)";
    ROLES_OF = "select staff_id, studio_id, role from staff_role where tenant_id = $1 and staff_id = $2 order by studio_id";
    ROLES = "select staff_id, studio_id, role from staff_role where tenant_id = $1 order by staff_id, studio_id";
    DELETE_ROLES = "delete from staff_role where tenant_id = $1 and staff_id = $2";
    INSERT_ROLE = "insert into staff_role (tenant_id, staff_id, studio_id, role) values ($1, $2, $3, $4)";
    OPEN_OWNERS = "select count(*) from staff s join staff_role r on r.tenant_id = s.tenant_id and r.staff_id = s.id
        where s.tenant_id = $1 and s.disabled_at is null and r.role = $2";
}

/// The account of that id.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Staff>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// The account of that address, which must be in small letters.
pub fn find_by_email(tx: &mut Tx<'_>, tenant: TenantId, email: &str) -> Result<Option<Staff>, DbError> {
    tx.query_one(&FIND_BY_EMAIL, &[&tenant, &email])
}

/// All accounts of a tenant, by id.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Staff>, DbError> {
    tx.query(&LIST, &[&tenant])
}

/// Stores an account under a fresh id. `None`: the address is taken.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, staff: &NewStaff, now: Timestamp) -> Result<Option<i64>, DbError> {
    let id = tx.next_id()?;
    let inserted = tx.execute(&INSERT, &[&tenant, &id, &staff.email, &staff.name, &staff.password_hash, &now])?;
    Ok((inserted == 1).then_some(id))
}

/// Sets the hash of a password.
pub fn set_password(tx: &mut Tx<'_>, tenant: TenantId, id: i64, hash: &str) -> Result<(), DbError> {
    tx.execute(&SET_PASSWORD, &[&tenant, &id, &hash]).map(drop)
}

/// Closes an account, or with `None` opens it again.
pub fn set_disabled(tx: &mut Tx<'_>, tenant: TenantId, id: i64, at: Option<Timestamp>) -> Result<(), DbError> {
    tx.execute(&SET_DISABLED, &[&tenant, &id, &at]).map(drop)
}

/// Keeps a secret for a second factor that is to be confirmed by a code.
pub fn offer_totp(tx: &mut Tx<'_>, tenant: TenantId, id: i64, secret: &str) -> Result<(), DbError> {
    tx.execute(&OFFER_TOTP, &[&tenant, &id, &secret]).map(drop)
}

/// Turns the offered second factor on; the code of `step` is used up. `false`: another one was offered meanwhile.
pub fn confirm_totp(tx: &mut Tx<'_>, tenant: TenantId, id: i64, secret: &str, step: i64) -> Result<bool, DbError> {
    Ok(tx.execute(&CONFIRM_TOTP, &[&tenant, &id, &secret, &step])? == 1)
}

/// Turns the second factor off.
pub fn remove_totp(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<(), DbError> {
    tx.execute(&REMOVE_TOTP, &[&tenant, &id]).map(drop)
}

/// Uses up the code of a step. `false`: it or a later one was used before.
pub fn take_step(tx: &mut Tx<'_>, tenant: TenantId, id: i64, step: i64) -> Result<bool, DbError> {
    Ok(tx.execute(&TAKE_STEP, &[&tenant, &id, &step])? == 1)
}

/// The roles of an account.
pub fn grants(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Grants, DbError> {
    let rows: Vec<RoleRow> = tx.query(&ROLES_OF, &[&tenant, &id])?;
    rows.iter().map(grant).collect::<Result<_, _>>().map(Grants::new)
}

/// The roles of all accounts of a tenant, by account.
pub fn all_grants(tx: &mut Tx<'_>, tenant: TenantId) -> Result<HashMap<i64, Grants>, DbError> {
    let rows: Vec<RoleRow> = tx.query(&ROLES, &[&tenant])?;
    rows.chunk_by(|a, b| a.staff_id == b.staff_id)
        .map(|rows| {
            let grants: Vec<Grant> = rows.iter().map(grant).collect::<Result<_, _>>()?;
            Ok((rows.first().map_or(0, |row| row.staff_id), Grants::new(grants)))
        })
        .collect()
}

fn grant(row: &RoleRow) -> Result<Grant, DbError> {
    let unknown = || DbError::Unusable(format!("unknown role of staff: {}", row.role));
    let role = Role::parse(&row.role).ok_or_else(unknown)?;
    Ok(Grant { role, studio: (row.studio_id != 0).then_some(row.studio_id) })
}

/// Replaces the roles of an account.
pub fn set_grants(tx: &mut Tx<'_>, tenant: TenantId, id: i64, grants: &Grants) -> Result<(), DbError> {
    tx.execute(&DELETE_ROLES, &[&tenant, &id])?;
    for Grant { role, studio } in grants.list() {
        tx.execute(&INSERT_ROLE, &[&tenant, &id, &studio.unwrap_or(0), &role.name()])?;
    }
    Ok(())
}

/// Makes others wait who may take away an owner, so that each sees what the one before left. To be called before that is done.
pub fn hold_owners(tx: &mut Tx<'_>, tenant: TenantId) {
    // Positive numbers are taken by what concerns the whole tenant.
    tx.hold_alone(-tenant.0);
}

/// How many open accounts are an owner's.
pub fn open_owners(tx: &mut Tx<'_>, tenant: TenantId) -> Result<i64, DbError> {
    let count = tx.query_one::<(i64,)>(&OPEN_OWNERS, &[&tenant, &Role::Owner.name()])?;
    Ok(count.map_or(0, |(count,)| count))
}
