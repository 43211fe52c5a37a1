//! Carries a tenant out of a database: every row as a line, every content as a file, and a manifest at the end.
//!
//! All of it is one snapshot, taken inside one reading transaction while others write. Rows go from the driver into their file
//! one by one, so memory does not grow with the tenant.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use gymkeeper_store::{
    db::{Row, Tx},
    portable,
    schema::Table,
    tenant::Tenant,
};
use sha2::{Digest as _, Sha256};

use super::{
    Trouble, copy_content, hex, is_hash,
    line::{self, Datum},
    manifest::{self, BankData, CONTENTS, Contents, Manifest, Part, Whose},
    private_file, sync_folder,
};
use crate::{app, vault::Vault};

/// Writes everything of a tenant into a folder that is there. With a vault, bank data is written readable. A run that comes
/// after one that was broken off writes over what that has left.
///
/// # Errors
/// The database's and the disk's; when a content is missing or damaged, or a sealed value cannot be opened.
pub fn write(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    folder: &Path,
    files: &Path,
    vault: Option<&Vault>,
) -> Result<Manifest, Trouble> {
    let contents_folder = folder.join(CONTENTS);
    app::make_private_folder(&contents_folder).map_err(|error| Trouble::file(&contents_folder, &error))?;
    let (mut parts, mut contents) = (Vec::new(), Contents::default());
    for table in portable::parts()? {
        let hash_at = table.columns.iter().position(|column| table.name == "file" && column.name == "hash");
        let mut out = PartFile::create(folder, &table)?;
        tx.each_row(&table, tenant.tenant_id, None, |row: &Row<'_>| {
            let data = line::read_row(&table, row, vault)?;
            if let Some(Datum::Text(hash)) = hash_at.and_then(|at| data.get(at)) {
                keep_content(hash, files, &contents_folder, &mut contents)?;
            }
            out.add(&table, &data)
        })?;
        parts.push(out.finish()?);
    }
    sync_folder(&contents_folder)?;
    let bank_data = if vault.is_some() { BankData::Readable } else { BankData::Sealed };
    let whose = Whose { id: tenant.tenant_id, key: tenant.key.clone() };
    let (format, version) = (manifest::FORMAT.to_owned(), manifest::VERSION);
    let manifest = Manifest { format, version, tenant: whose, bank_data, parts, contents };
    let path = folder.join(manifest::FILE);
    let mut file = private_file(&path)?;
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(|error| Trouble::Said(error.to_string()))?;
    text.push(b'\n');
    file.write_all(&text).and_then(|()| file.sync_all()).map_err(|error| Trouble::file(&path, &error))?;
    sync_folder(folder)?;
    Ok(manifest)
}

/// Copies a content, once for all files that have it.
fn keep_content(hash: &str, files: &Path, to: &Path, contents: &mut Contents) -> Result<(), Trouble> {
    if !is_hash(hash) {
        return Err(Trouble::Said("the database names a content that is no SHA-256".to_owned()));
    }
    let (from, to) = (files.join(hash), to.join(hash));
    let is_new = !to.exists();
    let bytes = copy_content(&from, &to, hash)?;
    if is_new {
        contents.count += 1;
        contents.bytes += bytes;
    }
    Ok(())
}

/// A file of rows on its way.
struct PartFile {
    name: String,
    out: BufWriter<File>,
    sha: Sha256,
    rows: u64,
    bytes: u64,
    line: Vec<u8>,
    shown: std::path::PathBuf,
}

impl PartFile {
    fn create(folder: &Path, table: &Table) -> Result<Self, Trouble> {
        let name = manifest::file_of(table);
        let shown = folder.join(&name);
        let out = BufWriter::with_capacity(1 << 16, private_file(&shown)?);
        Ok(Self { name, out, sha: Sha256::new(), rows: 0, bytes: 0, line: Vec::new(), shown })
    }

    fn add(&mut self, table: &Table, data: &[Datum]) -> Result<(), Trouble> {
        self.line.clear();
        let written = line::write(table, data, &mut self.line).and_then(|()| self.out.write_all(&self.line));
        written.map_err(|error| Trouble::file(&self.shown, &error))?;
        self.sha.update(&self.line);
        self.rows += 1;
        self.bytes += self.line.len() as u64;
        Ok(())
    }

    fn finish(mut self) -> Result<Part, Trouble> {
        let flushed = self.out.flush().and_then(|()| self.out.get_ref().sync_all());
        flushed.map_err(|error| Trouble::file(&self.shown, &error))?;
        Ok(Part { file: self.name, rows: self.rows, bytes: self.bytes, sha256: hex(self.sha.finalize()) })
    }
}

/// Puts a finished export in its place, where nothing may be yet.
///
/// # Errors
/// The disk's.
pub fn place(from: &Path, to: &Path) -> Result<(), Trouble> {
    fs::rename(from, to).map_err(|error| Trouble::file(to, &error))?;
    sync_folder(to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}
