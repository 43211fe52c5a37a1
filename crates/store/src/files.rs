//! Files: what is known about an image or a document. The content lies outside the database, under its hash.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// One file.
    pub struct File {
        /// Its id.
        pub id: i64,
        /// SHA-256 of its content in hexadecimal, which is also the name of its content on disk.
        pub hash: String,
        /// The name people know it by.
        pub name: String,
        /// Its media type.
        pub media_type: String,
        /// Its size in bytes.
        pub size: i64,
    }
}

crate::statements! {
    FIND = "select id, hash, name, media_type, size from file where tenant_id = $1 and id = $2";
    FIND_CONTENT = "select id from file where tenant_id = $1 and hash = $2 and name = $3";
    INSERT = "insert into file (tenant_id, id, hash, name, media_type, size, created_at) values ($1, $2, $3, $4, $5, $6, $7)";
    HOLD = "update file set size = size where tenant_id = $1 and id = $2 returning id";
    USES = "select count(*) from file where hash = $1";
    HASHES = "select distinct hash from file order by hash";
}

/// The file of that id.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<File>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// The id of the file with that content and name, if it is known.
pub fn find_content(tx: &mut Tx<'_>, tenant: TenantId, hash: &str, name: &str) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&FIND_CONTENT, &[&tenant, &hash, &name])?.map(|(id,)| id))
}

/// Makes whoever removes the file wait until this transaction has ended. `false`: it was removed just now.
pub fn hold(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&HOLD, &[&tenant, &id])?.is_some())
}

/// Stores a file; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, file: &File, now: Timestamp) -> Result<(), DbError> {
    tx.execute(&INSERT, &[&tenant, &file.id, &file.hash, &file.name, &file.media_type, &file.size, &now]).map(drop)
}

/// The hashes of all contents that are referred to, over all tenants; for backups.
pub fn hashes(tx: &mut Tx<'_>) -> Result<Vec<String>, DbError> {
    Ok(tx.query::<(String,)>(&HASHES, &[])?.into_iter().map(|(hash,)| hash).collect())
}

/// How many files have that content, over all tenants: contents are shared between them.
pub fn uses(tx: &mut Tx<'_>, hash: &str) -> Result<i64, DbError> {
    Ok(tx.query_one::<(i64,)>(&USES, &[&hash])?.map_or(0, |(uses,)| uses))
}
