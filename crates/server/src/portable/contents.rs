//! Removes contents from the disk that nothing in the database refers to any more.
//!
//! Before the commit after which a content is no longer needed, a mark is left beside it. After the commit, marked contents are removed
//! with their marks. Whoever dies in between leaves the marks, and the next one to look (a server once an hour, first when it starts, or
//! an erasure) does the rest. A content that somebody refers to stays, and so does its mark: the same content may belong to others, and the
//! commit that was announced may not have come yet.

use std::{fs, io, path::Path, time::Duration};

use gymkeeper_store::{
    db::{Db, DbError},
    files,
};

use super::{Trouble, is_hash, private_file, sync_folder};

/// What the name of a mark begins with; the hash of the content follows.
const MARK: &str = ".remove-";
/// Contents on their way have other names that begin with a dot, for much less than this.
const LONGEST_UPLOAD: Duration = Duration::from_hours(24);

/// Leaves marks beside contents that are not needed after the commit that follows.
///
/// # Errors
/// The disk's.
pub fn announce(folder: &Path, hashes: &[String]) -> Result<(), Trouble> {
    if hashes.is_empty() {
        return Ok(());
    }
    for hash in hashes.iter().filter(|hash| is_hash(hash)) {
        private_file(&folder.join(format!("{MARK}{hash}")))?;
    }
    sync_folder(folder)
}

/// Takes the mark of a content away that somebody needs again.
///
/// # Errors
/// The disk's.
pub fn needed(folder: &Path, hash: &str) -> io::Result<()> {
    remove(&folder.join(format!("{MARK}{hash}"))).map(drop)
}

/// Removes marked contents that nothing refers to, with their marks, and says how many there were. To be called after the commit.
///
/// # Errors
/// The disk's and the database's. What was not removed is tried again next time.
pub async fn sweep(db: &Db, folder: &Path) -> Result<u64, Trouble> {
    let mut removed = 0;
    for hash in marked(folder).map_err(|error| Trouble::file(folder, &error))? {
        let asked = hash.clone();
        // A writing transaction: on SQLite nobody else can begin to refer to the content between question and answer.
        let (content, mark) = (folder.join(&hash), folder.join(format!("{MARK}{hash}")));
        let (doomed, beside) = (content.clone(), mark.clone());
        let gone = db
            .write(move |tx| {
                if files::uses(tx, &asked)? > 0 || !beside.exists() {
                    return Ok::<_, DbError>(Ok(None));
                }
                Ok(remove(&doomed).map(Some))
            })
            .await?;
        if let Some(was_there) = gone.map_err(|error| Trouble::file(&content, &error))? {
            removed += u64::from(was_there);
            remove(&mark).map_err(|error| Trouble::file(&mark, &error))?;
        }
    }
    if removed > 0 {
        sync_folder(folder)?;
    }
    Ok(removed)
}

/// Removes what uploads left behind whose process died, and says how many there were. Nothing is on its way for longer than a day.
///
/// # Errors
/// The disk's.
pub fn sweep_unfinished(folder: &Path) -> Result<u64, Trouble> {
    let sweep = || {
        let mut removed = 0;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_unfinished = name.to_str().is_some_and(|name| name.starts_with('.') && !name.starts_with(MARK));
            // Whatever has no age, or is gone meanwhile, is not old.
            let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|since| since.elapsed().ok());
            if is_unfinished && age.is_some_and(|age| age > LONGEST_UPLOAD) {
                removed += u64::from(remove(&entry.path())?);
            }
        }
        Ok(removed)
    };
    sweep().map_err(|error| Trouble::file(folder, &error))
}

fn marked(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let hash = name.to_str().and_then(|name| name.strip_prefix(MARK)).filter(|hash| is_hash(hash));
        found.extend(hash.map(str::to_owned));
    }
    found.sort_unstable();
    Ok(found)
}

/// `false`: it was gone already.
fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
