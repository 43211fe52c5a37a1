//! What an export of a tenant consists of.
//!
//! It is the last file that is written and the first that is read. It holds no moment and no name of a program or machine: the
//! same data give the same export, byte for byte.

use std::{collections::BTreeSet, io::Read as _, path::Path};

use gymkeeper_store::schema::Table;
use serde::{Deserialize, Serialize};

use super::Trouble;

/// The file that lists all others.
pub const FILE: &str = "manifest.json";
/// The folder with the contents of images and documents.
pub const CONTENTS: &str = "files";
/// What tells an export from anything else.
pub const FORMAT: &str = "gymkeeper-tenant";
/// The version of the format. It changes when something that was written before would be read wrongly.
pub const VERSION: u32 = 1;
/// No manifest is larger.
const MOST_BYTES: u64 = 1 << 20;

/// How bank data and what else is sealed was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BankData {
    /// As it is in the database. The key is needed to read it.
    Sealed,
    /// Opened, for everybody to read.
    Readable,
}

/// One file of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    /// Its name in the folder.
    pub file: String,
    /// How many rows it has, one a line.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Which tenant it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Whose {
    /// Its id, which it keeps: the hashes of the journal go over it.
    pub id: i64,
    /// Its key.
    pub key: String,
}

/// The contents of images and documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contents {
    /// How many there are. Each is named by its SHA-256.
    pub count: u64,
    /// Their size in all.
    pub bytes: u64,
}

/// Everything that an export consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The tenant.
    pub tenant: Whose,
    /// How bank data was written.
    pub bank_data: BankData,
    /// The files of rows, in the order in which they are read.
    pub parts: Vec<Part>,
    /// The contents.
    pub contents: Contents,
}

/// The file with the rows of a table.
pub fn file_of(table: &Table) -> String {
    format!("{}.jsonl", table.name)
}

impl Manifest {
    /// Reads the manifest of an export and looks whether it is one that this version can read.
    ///
    /// # Errors
    /// When it is not. No name that it gives is used as a path before it was found to be the name of a table.
    pub fn read(folder: &Path, tables: &[Table]) -> Result<Self, Trouble> {
        let path = folder.join(FILE);
        let said = |says: String| Trouble::Said(format!("{}: {says}", path.display()));
        let file = std::fs::File::open(&path).map_err(|error| Trouble::file(&path, &error))?;
        let mut text = Vec::new();
        file.take(MOST_BYTES).read_to_end(&mut text).map_err(|error| Trouble::file(&path, &error))?;
        /// What any version has.
        #[derive(Deserialize)]
        struct Kind {
            format: String,
            version: u64,
        }
        let kind: Kind = serde_json::from_slice(&text)
            .map_err(|error| said(format!("is no manifest of an export (line {})", error.line())))?;
        if kind.format != FORMAT {
            return Err(said(format!("format: is no {FORMAT}")));
        }
        if kind.version != u64::from(VERSION) {
            let says = format!("version: is {}, and this version of Gymkeeper reads {VERSION}", kind.version);
            return Err(said(says));
        }
        let manifest: Self = serde_json::from_slice(&text).map_err(|error| said(error.to_string()))?;
        if manifest.tenant.id < 1 || manifest.tenant.key.is_empty() {
            return Err(said("tenant: is none".to_owned()));
        }
        let mut seen = BTreeSet::new();
        for part in &manifest.parts {
            // The name is shown as a literal: it may hold anything.
            if !tables.iter().any(|table| file_of(table) == part.file) {
                return Err(said(format!("parts: {:?} is no part that this version knows", part.file)));
            }
            if !seen.insert(&part.file) {
                return Err(said(format!("parts: {:?} is named twice", part.file)));
            }
        }
        // An older version had fewer tables; the tenant itself is always there.
        if !seen.contains(&"tenant.jsonl".to_owned()) {
            return Err(said("parts: tenant.jsonl is missing".to_owned()));
        }
        Ok(manifest)
    }
}
