//! Data out and in: a tenant as a folder of documented files, and all that is stored about one person.
//!
//! [`mod@line`] says how a row is written down and read back, [`manifest`] what an export of a tenant consists of, [`export`] and
//! [`import`] carry it out of a database and into another one. [`person`] gathers what somebody may ask to see and
//! [`page`] shows it, [`contents`] removes from the disk what nobody needs any more. Which tables take
//! part is told in the store's `portable.rs`. The formats are described in the guide to your data.

pub mod contents;
pub mod export;
pub mod import;
pub mod line;
pub mod manifest;
pub mod page;
pub mod person;

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
};

use gymkeeper_store::db::DbError;
use sha2::{Digest as _, Sha256};

use crate::vault::VaultError;

/// Why data did not get out or in.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// The database's.
    Db(DbError),
    /// Anything else, in a sentence for whoever started it. It never repeats what is stored about somebody.
    Said(String),
}

impl From<DbError> for Trouble {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<VaultError> for Trouble {
    fn from(error: VaultError) -> Self {
        Self::Said(error.to_string())
    }
}

impl Trouble {
    /// Something that went wrong with a file or folder.
    pub fn file(path: &Path, error: &io::Error) -> Self {
        Self::Said(format!("{}: {error}", path.display()))
    }
}

/// SHA-256 in hexadecimal.
pub fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text is SHA-256 in the form in which contents are named. Nothing else may become part of a path.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Copies a content that is named by its hash, and makes sure that it is what the name says. The copy is there whole or not at
/// all, and one that is there already stays. Answers its size.
pub(crate) fn copy_content(from: &Path, to: &Path, hash: &str) -> Result<u64, Trouble> {
    let wrong = |error: io::Error| Trouble::file(from, &error);
    // A link or a pipe is no content, wherever it leads.
    let found = fs::symlink_metadata(from).map_err(wrong)?;
    if !found.is_file() {
        return Err(Trouble::Said(format!("{}: is not a file", from.display())));
    }
    if to.exists() {
        return Ok(found.len());
    }
    let folder = to.parent().unwrap_or(Path::new("."));
    let mut copy = tempfile::NamedTempFile::new_in(folder).map_err(|error| Trouble::file(to, &error))?;
    let (mut source, mut sha, mut size) = (File::open(from).map_err(wrong)?, Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = source.read(&mut buffer).map_err(wrong)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        sha.update(bytes);
        copy.write_all(bytes).map_err(|error| Trouble::file(to, &error))?;
        size += bytes.len() as u64;
    }
    if hex(sha.finalize()) != hash {
        return Err(Trouble::Said(format!("{}: the content is not what its name says", from.display())));
    }
    copy.as_file().sync_all().map_err(|error| Trouble::file(to, &error))?;
    copy.persist(to).map_err(|error| Trouble::file(to, &error.error))?;
    Ok(size)
}

/// Makes a folder that only its owner can read, with what is in it surviving a power failure.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Trouble> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Trouble::file(folder, &error))
}

/// Creates a file that only its owner can read, instead of one that may be there.
pub(crate) fn private_file(path: &Path) -> Result<File, Trouble> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| Trouble::file(path, &error))
}
