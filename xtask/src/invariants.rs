//! The lines of the architecture that a search can guard: which crate must not know what.
//!
//! The search reads manifests and code line by line and leaves out comments. It is meant to catch the honest slip; a name that is
//! hidden on purpose gets past it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// A file of more lines than this is named, because it probably does two things. It is no failure.
const MANY_LINES: usize = 600;

/// What a part of the project must do without.
struct Rule {
    /// The part, told by the path from the root.
    applies: fn(&str) -> bool,
    /// Crates that its manifest must not depend on. The compiler then sees to it that no code uses them, except for
    /// tests, which may.
    crates: &'static [&'static str],
    /// Names that its code must not use.
    names: &'static [&'static str],
    reason: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        applies: |path| !starts_with_any(path, &["crates/store/", "crates/testkit/"]),
        crates: &["rusqlite", "postgres", "tokio-postgres"],
        names: &[],
        reason: "only the store speaks to a database",
    },
    Rule {
        applies: |path| {
            !starts_with_any(path, &["crates/store/src/db/", "crates/store/examples/", "crates/testkit/", "xtask/"])
        },
        crates: &[],
        names: &["rusqlite", "postgres::", "tokio_postgres"],
        reason: "only crates/store/src/db knows that there are two databases",
    },
    Rule {
        applies: |path| path.starts_with("crates/domain/"),
        crates: &["axum", "gymkeeper-contract", "gymkeeper-store", "serde_json", "tokio"],
        // A grouped import hides what it brings in, so each name is imported on a line of its own.
        names: &["std::{", "std::env", "std::fs", "std::io", "std::net", "std::process", "std::thread"],
        reason: "the domain is pure: no HTTP, no JSON, no input or output, nothing of the crates around it",
    },
    Rule {
        applies: |path| path.starts_with("crates/contract/"),
        crates: &["axum", "gymkeeper-domain", "gymkeeper-store", "tokio"],
        names: &[],
        reason: "the contract is types only: no HTTP, no SQL, no rules",
    },
    Rule {
        applies: |path| path.starts_with("crates/server/src/") && !path.ends_with("/chance.rs"),
        crates: &[],
        names: &["getrandom"],
        reason: "only chance.rs asks for randomness",
    },
    Rule {
        // Here the words stand in a table, and in its test.
        applies: |path| path != "xtask/src/invariants.rs",
        crates: &[],
        names: &["#[ignore"],
        reason: "a test that does not run protects nothing; mend it or delete it",
    },
];

fn starts_with_any(path: &str, folders: &[&str]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}

/// Names what breaks a rule, and fails if anything does.
pub(crate) fn check(root: &Path) -> Outcome {
    let mut violations = Vec::new();
    for folder in ["crates", "xtask"] {
        for path in sources(&root.join(folder))? {
            let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let shown = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let lines = text.lines().count();
            if shown.ends_with(".rs") && lines > MANY_LINES {
                println!("warning: {shown} has {lines} lines; does it do two things?");
            }
            violations.extend(violations_in(&shown, &text));
        }
    }
    if violations.is_empty() { Ok(()) } else { Err(violations.join("\n").into()) }
}

/// All Rust files and manifests below a folder, in the order of their names.
fn sources(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                found.extend(sources(&path)?);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") || path.ends_with("Cargo.toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn violations_in(path: &str, text: &str) -> Vec<String> {
    let found = if path.ends_with("Cargo.toml") { forbidden_crates(path, text) } else { forbidden_names(path, text) };
    found.into_iter().map(|(line, word, reason)| format!("{path}:{line}: {word}: {reason}")).collect()
}

/// The line, the word and the reason of a violation.
type Violation = (usize, &'static str, &'static str);

fn forbidden_crates(path: &str, manifest: &str) -> Vec<Violation> {
    let mut section = "";
    let mut found = Vec::new();
    for (number, line) in numbered(manifest) {
        let header = line.strip_prefix('[').and_then(|line| line.split(']').next());
        section = header.unwrap_or(section);
        let name = match header.and_then(|header| header.rsplit_once('.')) {
            // A table of its own: [dependencies.NAME]
            Some((table, name)) if names_dependencies(table) => name,
            None if names_dependencies(section) => line.split(['=', '.']).next().unwrap_or_default().trim(),
            _ => continue,
        };
        for rule in RULES.iter().filter(|rule| (rule.applies)(path)) {
            found.extend(rule.crates.iter().filter(|word| **word == name).map(|word| (number, *word, rule.reason)));
        }
    }
    found
}

/// Whether a section of a manifest lists crates that the code itself is built with; tests may use more.
fn names_dependencies(section: &str) -> bool {
    matches!(section.rsplit('.').next(), Some("dependencies" | "build-dependencies"))
}

fn forbidden_names(path: &str, code: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in numbered(code).filter(|(_, line)| !line.starts_with("//")) {
        for rule in RULES.iter().filter(|rule| (rule.applies)(path)) {
            found.extend(rule.names.iter().filter(|word| uses(line, word)).map(|word| (number, *word, rule.reason)));
        }
    }
    found
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_start()))
}

/// Whether a line contains the word, and not merely as a part of a longer name.
fn uses(line: &str, word: &str) -> bool {
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, found)| {
        let before = line[..start].chars().next_back();
        let after = line[start + found.len()..].chars().next();
        let open_ended = !word.ends_with(char::is_alphanumeric) || word.starts_with('#');
        !before.is_some_and(part_of_a_name) && (open_ended || !after.is_some_and(part_of_a_name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_crosses_a_line_is_named() {
        for (path, line) in [
            ("crates/store/src/keys.rs", "use rusqlite::Row;"),
            ("crates/server/src/app.rs", "let client = postgres::Client::connect(url);"),
            ("crates/server/src/app.rs", "use tokio_postgres::Client;"),
            ("crates/server/src/app.rs", "    getrandom::fill(&mut bytes)"),
            ("crates/domain/src/money.rs", "    std::fs::read(path)"),
            ("crates/domain/src/money.rs", "use std::{fs, path::Path};"),
            ("crates/domain/src/money.rs", "    std::io::stdout().flush()"),
            ("crates/domain/src/money.rs", "    std::thread::spawn(run)"),
            ("crates/server/tests/api/main.rs", "    #[ignore = \"slow\"]"),
            ("crates/domain/Cargo.toml", "[dependencies]\nserde_json.workspace = true"),
            ("crates/contract/Cargo.toml", "[dependencies]\ngymkeeper-domain.workspace = true"),
            ("crates/contract/Cargo.toml", "[dependencies]\naxum = { version = \"0.8\" }"),
            ("crates/server/Cargo.toml", "[dependencies]\npostgres = \"0.19\""),
            ("crates/server/Cargo.toml", "[dependencies.rusqlite]\nversion = \"0.37\""),
            ("crates/server/Cargo.toml", "[build-dependencies]\nrusqlite.workspace = true"),
            ("crates/server/Cargo.toml", "[target.'cfg(unix)'.dependencies]\ntokio-postgres.workspace = true"),
            ("crates/server/Cargo.toml", "[target.'cfg(unix)'.dependencies.postgres] # one day\nworkspace = true"),
        ] {
            assert_eq!(violations_in(path, line).len(), 1, "{path}: {line}");
        }
    }

    #[test]
    fn code_on_its_own_side_is_left_alone() {
        for (path, line) in [
            ("crates/store/src/db/sqlite.rs", "use rusqlite::Connection;"),
            ("crates/store/Cargo.toml", "[dependencies]\nrusqlite.workspace = true"),
            ("crates/testkit/src/cluster.rs", "use ::postgres::Client;"),
            ("crates/server/src/config.rs", "// A rusqlite connection would be too slow here."),
            ("crates/server/src/config.rs", "let url = \"postgres://localhost/gym\";"),
            ("crates/server/tests/api/main.rs", "let cluster = gymkeeper_testkit::postgres();"),
            ("crates/domain/src/money.rs", "let steps = my_std::fs_like();"),
            (
                "crates/domain/Cargo.toml",
                "[dependencies]\nserde.workspace = true\n\n[dev-dependencies]\nserde_json = \"1\"",
            ),
            ("crates/contract/Cargo.toml", "[package]\ndescription = \"no axum\""),
            ("crates/server/Cargo.toml", "[dev-dependencies]\npostgres = \"0.19\""),
            ("crates/server/Cargo.toml", "[dev-dependencies.rusqlite]\nworkspace = true"),
            ("crates/server/Cargo.toml", "[target.'cfg(unix)'.dev-dependencies]\nrusqlite.workspace = true"),
            ("crates/server/src/chance.rs", "    getrandom::fill(&mut bytes)"),
        ] {
            assert_eq!(violations_in(path, line), Vec::<String>::new(), "{path}: {line}");
        }
    }

    #[test]
    fn the_place_is_given() {
        let named = violations_in("crates/domain/src/lib.rs", "fn plain() {}\n\nuse std::net::IpAddr;\n");
        assert!(named[0].starts_with("crates/domain/src/lib.rs:3: std::net: the domain is pure"), "{named:?}");
    }
}
