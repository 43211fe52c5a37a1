//! The lines of the architecture that a search can guard: which crate must not know what.
//!
//! The search reads code line by line and leaves out comments. It is meant to catch the honest slip; a name that is
//! hidden on purpose gets past it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// A file of more lines than this is named, because it probably does two things. It is no failure.
const MANY_LINES: usize = 600;

/// A word that must not occur in the files that `applies` picks by their path from the root.
struct Rule {
    words: &'static [&'static str],
    applies: fn(&str) -> bool,
    reason: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        words: &["rusqlite", "postgres::", "tokio_postgres"],
        applies: |path| {
            !["crates/store/src/db/", "crates/testkit/", "xtask/"].iter().any(|allowed| path.starts_with(allowed))
        },
        reason: "only crates/store/src/db knows that there are two databases",
    },
    Rule {
        words: &["axum", "serde_json", "tokio", "std::fs", "std::net", "gymkeeper_store", "gymkeeper_contract"],
        applies: |path| path.starts_with("crates/domain/"),
        reason: "the domain is pure: no HTTP, no JSON, no input or output, nothing of the crates around it",
    },
    Rule {
        words: &["axum", "gymkeeper_store", "gymkeeper_domain"],
        applies: |path| path.starts_with("crates/contract/"),
        reason: "the contract is types only: no HTTP, no SQL, no rules",
    },
    Rule {
        words: &["#[ignore"],
        // Here the words stand in a table, and in its test.
        applies: |path| path != "xtask/src/invariants.rs",
        reason: "a test that does not run protects nothing; mend it or delete it",
    },
];

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
    let manifest = path.ends_with("Cargo.toml");
    let mut in_dependencies = false;
    let mut violations = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if manifest && code.starts_with('[') {
            // What only tests need does not reach the crate that others build on.
            in_dependencies = code.starts_with("[dependencies");
        }
        let comment = code.starts_with(if manifest { "#" } else { "//" });
        if comment || (manifest && !in_dependencies) {
            continue;
        }
        for rule in RULES.iter().filter(|rule| (rule.applies)(path)) {
            if let Some(word) = rule.words.iter().find(|word| names(code, word, manifest)) {
                violations.push(format!("{path}:{}: {word}: {}", number + 1, rule.reason));
            }
        }
    }
    violations
}

/// Whether a line of code contains the word, not merely as a part of a longer name; or whether a line of a manifest
/// depends on the crate of that name.
fn names(code: &str, word: &str, manifest: bool) -> bool {
    if manifest {
        let key = code.split(['=', '.']).next().unwrap_or_default().trim();
        return key.replace('-', "_") == word.trim_end_matches("::");
    }
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(start, found)| {
        let before = code[..start].chars().next_back();
        let after = code[start + found.len()..].chars().next();
        let complete = word.ends_with("::") || word.starts_with('#') || !after.is_some_and(part_of_a_name);
        complete && !before.is_some_and(part_of_a_name)
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
            ("crates/domain/src/money.rs", "    serde_json::to_string(&self)"),
            ("crates/contract/src/errors.rs", "use axum::http::StatusCode;"),
            ("crates/contract/src/errors.rs", "use gymkeeper_domain::Money;"),
            ("crates/server/tests/api/main.rs", "    #[ignore = \"slow\"]"),
            ("crates/domain/Cargo.toml", "[dependencies]\nserde_json.workspace = true"),
            ("crates/contract/Cargo.toml", "[dependencies]\ngymkeeper-domain.workspace = true"),
            ("crates/server/Cargo.toml", "[dependencies]\npostgres = \"0.19\""),
        ] {
            assert_eq!(violations_in(path, line).len(), 1, "{path}: {line}");
        }
    }

    #[test]
    fn code_on_its_own_side_is_left_alone() {
        for (path, line) in [
            ("crates/store/src/db/sqlite.rs", "use rusqlite::Connection;"),
            ("crates/testkit/src/cluster.rs", "use ::postgres::Client;"),
            ("crates/server/src/config.rs", "// A rusqlite connection would be too slow here."),
            ("crates/server/src/config.rs", "let url = \"postgres://localhost/gym\";"),
            ("crates/server/tests/api/main.rs", "let cluster = gymkeeper_testkit::postgres();"),
            ("crates/domain/src/money.rs", "let taxum = 3;"),
            (
                "crates/contract/Cargo.toml",
                "[dependencies]\nserde.workspace = true\n[dev-dependencies]\naxum = \"0.8\"",
            ),
            ("crates/contract/Cargo.toml", "[package]\ndescription = \"no axum\""),
        ] {
            assert_eq!(violations_in(path, line), Vec::<String>::new(), "{path}: {line}");
        }
    }

    #[test]
    fn the_place_is_given() {
        let text = "fn plain() {}\n\nuse axum::Router;\n";
        let named = violations_in("crates/domain/src/lib.rs", text);
        assert!(named[0].starts_with("crates/domain/src/lib.rs:3: axum: the domain is pure"), "{named:?}");
    }
}
