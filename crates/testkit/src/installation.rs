//! Finds PostgreSQL's programs on this machine.

use std::path::{Path, PathBuf};

/// A folder that holds both `initdb` and `postgres`.
#[derive(Debug)]
pub(crate) struct Installation {
    programs: PathBuf,
}

impl Installation {
    /// Looks in `PATH` first, so that whoever wants another version says so there, then where Debian and Red Hat
    /// install the server programs without putting them in `PATH`.
    pub(crate) fn find() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let packaged = [("/usr/lib/postgresql", ""), ("/usr", "pgsql-")]
            .into_iter()
            .flat_map(|(parent, prefix)| versions(Path::new(parent), prefix));
        std::env::split_paths(&path).chain(packaged).find_map(Self::in_folder)
    }

    fn in_folder(programs: PathBuf) -> Option<Self> {
        let complete = ["initdb", "postgres"].iter().all(|program| programs.join(program).is_file());
        complete.then_some(Self { programs })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }
}

/// The folders `parent/<prefix><version>/bin`, highest version first.
fn versions(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_version_comes_first() {
        let parent = crate::temp_dir();
        for name in ["9", "15", "pgsql-17", "common"] {
            std::fs::create_dir_all(parent.path().join(name).join("bin")).unwrap();
        }
        assert_eq!(versions(parent.path(), ""), [parent.path().join("15/bin"), parent.path().join("9/bin")]);
        assert_eq!(versions(parent.path(), "pgsql-"), [parent.path().join("pgsql-17/bin")]);
    }

    #[test]
    fn half_an_installation_is_none() {
        let folder = crate::temp_dir();
        std::fs::write(folder.path().join("postgres"), "").unwrap();
        assert!(Installation::in_folder(folder.path().into()).is_none());
        std::fs::write(folder.path().join("initdb"), "").unwrap();
        assert!(Installation::in_folder(folder.path().into()).is_some());
    }
}
