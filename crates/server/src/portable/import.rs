//! Carries an export of a tenant into a database.
//!
//! First everything is looked at: the manifest, the hash of each file, the contents. Then all rows go in within one transaction,
//! so an import that dies half-way leaves no tenant behind, and can be run again. What cannot be read is told by file, line and
//! field, and never by what stands there.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use gymkeeper_store::{
    db::{DbError, Tx},
    journal, portable,
    schema::Table,
    tenant::{self, TenantId},
};
use sha2::{Digest as _, Sha256};

use super::{
    Trouble, copy_content, hex, is_hash,
    line::{self, Datum, Wrong},
    manifest::{CONTENTS, Manifest, Part, file_of},
    sync_folder,
};
use crate::vault::{Vault, sealing_key};

/// No line is longer; what is stored in one row is far less.
const LONGEST_LINE: u64 = 64 << 20;
/// Ids above are never given.
const GREATEST_ID: i64 = 9_000_000_000_000_000;

/// An export that was looked at.
pub struct Checked {
    folder: PathBuf,
    manifest: Manifest,
    tables: Vec<Table>,
}

impl Checked {
    /// What the export says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

/// Looks at an export: whether this version can read it and whether all of it is there.
///
/// # Errors
/// When it is not, naming the file.
pub fn check(folder: &Path) -> Result<Checked, Trouble> {
    let tables = portable::parts()?;
    let manifest = Manifest::read(folder, &tables)?;
    for part in &manifest.parts {
        check_part(folder, part)?;
    }
    Ok(Checked { folder: folder.to_owned(), manifest, tables })
}

fn check_part(folder: &Path, part: &Part) -> Result<(), Trouble> {
    let path = folder.join(&part.file);
    let said = |says: &str| Trouble::Said(format!("{}: {says}", path.display()));
    let wrong = |error: std::io::Error| Trouble::file(&path, &error);
    if !std::fs::symlink_metadata(&path).map_err(wrong)?.is_file() {
        return Err(said("is not a file"));
    }
    let mut file = File::open(&path).map_err(wrong)?;
    let (mut sha, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(wrong)?;
        let Some(read) = buffer.get(..read).filter(|read| !read.is_empty()) else { break };
        sha.update(read);
        bytes += read.len() as u64;
    }
    if bytes != part.bytes {
        return Err(said(&format!("has {bytes} bytes, and the manifest says {}", part.bytes)));
    }
    if hex(sha.finalize()) != part.sha256 {
        return Err(said("is not what was exported: its SHA-256 is another one than the manifest's"));
    }
    Ok(())
}

/// Reads every row and looks for every content, without storing anything.
///
/// # Errors
/// When a row cannot be read or a content is missing.
pub fn read_all(checked: &Checked) -> Result<(), Trouble> {
    for table in &checked.tables {
        checked.each_row(table, |_, _| Ok(()))?;
    }
    checked.each_content(|hash| {
        let path = checked.folder.join(CONTENTS).join(hash);
        std::fs::symlink_metadata(&path).map(drop).map_err(|error| Trouble::file(&path, &error))
    })
}

/// Copies the contents of an export to where this installation keeps them, which has to be done before anything refers to them.
///
/// # Errors
/// When one is missing or is not what its name says.
pub fn copy_contents(checked: &Checked, files: &Path) -> Result<(), Trouble> {
    checked.each_content(|hash| {
        copy_content(&checked.folder.join(CONTENTS).join(hash), &files.join(hash), hash).map(drop)
    })?;
    sync_folder(files)
}

fn field(name: &str, says: &str) -> Wrong {
    Wrong { field: Some(name.to_owned()), says: says.to_owned() }
}

/// Stores everything of a tenant, within the running transaction. The contents must be there already.
///
/// # Errors
/// The database's; when there is such a tenant, when a row cannot be read or stored, when the journal does not hang together.
pub fn store(tx: &mut Tx<'_>, checked: &Checked, vault: &Arc<Vault>) -> Result<u64, Trouble> {
    let whose = &checked.manifest.tenant;
    let id = TenantId(whose.id);
    if tenant::find(tx, &whose.key)?.is_some() {
        let says = "there is a tenant of that key already; an import never changes one that is there";
        return Err(Trouble::Said(format!("{}: {says}", whose.key)));
    }
    // Its id stays, because the hashes of the journal go over it. Hidden copies have ids, too.
    if tenant::is_taken(tx, id)? {
        let says = "another tenant of this database has the id that it needs to keep; import it into an empty database";
        return Err(Trouble::Said(format!("{}: {says}", whose.key)));
    }
    let (mut rows, mut greatest) = (0, whose.id);
    for table in &checked.tables {
        let insert = tx.insertion(table)?;
        checked.each_row(table, |line, mut data| {
            seal(tx, table, &mut data, vault).map_err(|trouble| checked.at(table, line, trouble))?;
            if table.column("id").is_some() {
                let row_id = line::id_in(table, &data);
                if !(1..GREATEST_ID).contains(&row_id) {
                    return Err(checked.wrong(table, line, &field("id", "is no id that this program gives")));
                }
                greatest = greatest.max(row_id);
            }
            if table.name == "tenant" && !is_tenant(table, &data, &whose.key) {
                return Err(checked.wrong(table, line, &field("key", "must be the manifest's tenant")));
            }
            let params: Vec<_> = data.iter().map(Datum::param).collect();
            let stored = tx.insert_row(&insert, whose.id, &params);
            stored.map_err(|error| checked.at(table, line, error.into()))?;
            rows += 1;
            Ok(())
        })?;
    }
    let head = journal::head(tx, id)?.ok_or_else(|| Trouble::Said("journal_head.jsonl: holds no row".to_owned()))?;
    if let Some(wrong) = journal::verify(tx, id, &head)?.wrong {
        return Err(Trouble::Said(format!("journal.jsonl: {wrong}")));
    }
    tx.take_ids_up_to(greatest)?;
    Ok(rows)
}

fn is_tenant(table: &Table, data: &[Datum], key: &str) -> bool {
    let at = table.columns.iter().position(|column| column.name == "key");
    matches!(at.and_then(|at| data.get(at)), Some(Datum::Text(own)) if own == key)
}

/// Seals what was readable, with the newest key. What is sealed stays as it is when it is sealed with that key, and is sealed
/// anew when it is an older one, which may be taken away once this database knows no value that needs it.
fn seal(tx: &mut Tx<'_>, table: &Table, data: &mut [Datum], vault: &Arc<Vault>) -> Result<(), Trouble> {
    let id = line::id_in(table, data);
    for (datum, column) in data.iter_mut().zip(&table.columns) {
        let Some(kind) = portable::sealed_as(&table.name, &column.name) else { continue };
        let (plain, present) = match datum {
            Datum::Opened(plain) => (plain.clone(), None),
            Datum::Bytes(sealed) => (tx.open(kind, id, sealed)?, Some(sealed.clone())),
            _ => continue,
        };
        // Also for a value that stays as it is: the database remembers with the first one which key is in use.
        let sealed = tx.seal(kind, id, &plain)?;
        let newest = vault.key_ids().first().copied();
        *datum = Datum::Bytes(match present {
            Some(present) if sealing_key(&present) == newest => present,
            _ => sealed,
        });
    }
    Ok(())
}

impl Checked {
    /// Hands over the names of the contents that files refer to, each of which is SHA-256 and nothing else.
    fn each_content(&self, mut each: impl FnMut(&str) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let Some(table) = self.tables.iter().find(|table| table.name == "file") else { return Ok(()) };
        let hash_at = table.columns.iter().position(|column| column.name == "hash");
        self.each_row(table, |line, data| match hash_at.and_then(|at| data.get(at)) {
            Some(Datum::Text(hash)) if is_hash(hash) => each(hash),
            _ => Err(self.wrong(table, line, &field("hash", "must be SHA-256 in hexadecimal"))),
        })
    }

    /// Hands over the rows of a table, each with the number of its line.
    fn each_row(
        &self,
        table: &Table,
        mut each: impl FnMut(u64, Vec<Datum>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let Some(part) = self.manifest.parts.iter().find(|part| part.file == file_of(table)) else { return Ok(()) };
        let path = self.folder.join(&part.file);
        let wrong = |error: std::io::Error| Trouble::file(&path, &error);
        let mut lines = BufReader::with_capacity(1 << 16, File::open(&path).map_err(wrong)?);
        let (mut number, mut line) = (0, Vec::new());
        loop {
            line.clear();
            let read = (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(wrong)?;
            if read == 0 {
                break;
            }
            number += 1;
            if line.pop() != Some(b'\n') {
                let says = if read as u64 == LONGEST_LINE { "is too long" } else { "does not end; the file was cut" };
                return Err(self.wrong(table, number, &Wrong { field: None, says: says.to_owned() }));
            }
            let data = line::parse(table, &line).map_err(|wrong| self.wrong(table, number, &wrong))?;
            each(number, data)?;
        }
        if number == part.rows {
            return Ok(());
        }
        Err(Trouble::Said(format!("{}: has {number} rows, and the manifest says {}", path.display(), part.rows)))
    }

    fn wrong(&self, table: &Table, line: u64, wrong: &Wrong) -> Trouble {
        let field = wrong.field.as_ref().map_or(String::new(), |field| format!("{field}: "));
        Trouble::Said(format!("{}:{line}: {field}{}", self.folder.join(file_of(table)).display(), wrong.says))
    }

    /// Says where something went wrong, unless a transaction that lost a race is going to be run again.
    fn at(&self, table: &Table, line: u64, trouble: Trouble) -> Trouble {
        let says = match trouble {
            Trouble::Db(error @ (DbError::Constraint(_) | DbError::Unusable(_) | DbError::Sql { .. })) => {
                error.to_string()
            }
            Trouble::Db(error) => return Trouble::Db(error),
            Trouble::Said(says) => says,
        };
        self.wrong(table, line, &Wrong { field: None, says })
    }
}
