//! Tags a tenant knows, and those a studio wears.

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A tag.
    pub struct Tag {
        /// Its id.
        pub id: i64,
        /// Its name, unique in the tenant.
        pub name: String,
    }
}

crate::statements! {
    LIST = "select id, name from tag where tenant_id = $1 order by id";
    OF_STUDIO = "select t.id, t.name from studio_tag s join tag t on t.tenant_id = s.tenant_id and t.id = s.tag_id
        where s.tenant_id = $1 and s.studio_id = $2 order by t.id";
    INSERT = "insert into tag (tenant_id, id, name) values ($1, $2, $3)";
    DELETE = "delete from tag where tenant_id = $1 and id = $2";
    ATTACH = "insert into studio_tag (tenant_id, studio_id, tag_id) values ($1, $2, $3)";
    DETACH_ALL = "delete from studio_tag where tenant_id = $1 and studio_id = $2";
    DETACH_EVERYWHERE = "delete from studio_tag where tenant_id = $1 and tag_id = $2";
}

/// All tags of the tenant, by id.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Tag>, DbError> {
    tx.query(&LIST, &[&tenant])
}

/// The tags of a studio, by id.
pub fn of_studio(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<Tag>, DbError> {
    tx.query(&OF_STUDIO, &[&tenant, &studio])
}

/// Stores a tag under a fresh id.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, name: &str) -> Result<i64, DbError> {
    let id = tx.next_id()?;
    tx.execute(&INSERT, &[&tenant, &id, &name])?;
    Ok(id)
}

/// Removes a tag, also from the studios that wear it.
pub fn delete(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<(), DbError> {
    tx.execute(&DETACH_EVERYWHERE, &[&tenant, &id])?;
    tx.execute(&DELETE, &[&tenant, &id]).map(drop)
}

/// Replaces the tags of a studio as a whole. The ids must be without repeats.
pub fn replace(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, tags: &[i64]) -> Result<(), DbError> {
    tx.execute(&DETACH_ALL, &[&tenant, &studio])?;
    for tag in tags {
        tx.execute(&ATTACH, &[&tenant, &studio, tag])?;
    }
    Ok(())
}
