//! PostgreSQL refuses to run as root, yet containers and CI usually are root: this picks the account to run it under.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// An unprivileged account of this system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Account {
    pub(crate) user: u32,
    pub(crate) group: u32,
}

/// Creates the folder for a server, and says under which account the server must run: `None` is the account of this
/// process, which is right for everybody but root.
pub(crate) fn prepare_folder() -> Result<(TempDir, Option<Account>), String> {
    let folder = new_folder(&std::env::temp_dir())?;
    // A file belongs to the account that creates it. That says who we are without a system call of our own.
    let owner = fs::metadata(folder.path()).map_err(|error| format!("cannot read the folder's owner: {error}"))?.uid();
    if owner != 0 {
        return Ok((folder, None));
    }
    let accounts = fs::read_to_string("/etc/passwd").map_err(|error| format!("cannot read /etc/passwd: {error}"))?;
    let account = ["postgres", "nobody"].iter().find_map(|name| find_account(&accounts, name)).ok_or(
        "PostgreSQL does not run as root, and this system has neither an account `postgres` nor `nobody` to lend it",
    )?;
    // Root may keep its temporary files where nobody else can go, and the server must be able to remove its folder.
    let folder = if open_to_all(&std::env::temp_dir()) { folder } else { new_folder(&PathBuf::from("/tmp"))? };
    std::os::unix::fs::chown(folder.path(), Some(account.user), Some(account.group))
        .map_err(|error| format!("cannot give {} to PostgreSQL's account: {error}", folder.path().display()))?;
    Ok((folder, Some(account)))
}

fn new_folder(parent: &Path) -> Result<TempDir, String> {
    tempfile::Builder::new()
        .prefix("gymkeeper-postgres-")
        .tempdir_in(parent)
        .map_err(|error| format!("cannot create a folder in {}: {error}", parent.display()))
}

fn find_account(accounts: &str, wanted: &str) -> Option<Account> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let (user, group) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        (name == wanted && user != 0).then_some(Account { user, group })
    })
}

/// Whether every account can reach this folder and remove its own files from it.
fn open_to_all(folder: &Path) -> bool {
    let mode = |path: &Path| fs::metadata(path).map(|metadata| metadata.permissions().mode()).unwrap_or(0);
    mode(folder) & 0o002 != 0 && folder.ancestors().all(|ancestor| mode(ancestor) & 0o001 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\npostgresql:x:9:9::/:/bin/sh\nnobody:x:65534:65533:::\n";
        assert_eq!(find_account(accounts, "nobody"), Some(Account { user: 65534, group: 65533 }));
        assert_eq!(find_account(accounts, "postgres"), None);
    }

    #[test]
    fn root_under_another_name_is_not_lent() {
        assert_eq!(find_account("postgres:x:0:0:::", "postgres"), None);
    }

    #[test]
    fn a_private_folder_is_not_open_to_all() {
        let folder = crate::temp_dir();
        assert!(!open_to_all(folder.path()));
    }
}
