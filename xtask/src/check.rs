//! All that CI checks besides the tests. Every step runs even if one before it failed, so that one run tells all.

use std::path::Path;
use std::process::Command;

use crate::arguments::Arguments;
use crate::workspace::{cargo, installed, root, show};
use crate::{Outcome, generate, invariants};

pub(crate) fn run(mut arguments: Arguments) -> Outcome {
    let fix = arguments.flag("--fix");
    arguments.finish()?;
    let root = root()?;
    if fix {
        repair(&root);
    }
    let mut failures = Vec::new();
    for (step, check) in STEPS {
        println!("== {step}");
        if let Err(error) = check(&root) {
            println!("{error}");
            failures.push(format!("{step}: {error}"));
        }
    }
    if failures.is_empty() {
        println!("== all checks passed");
        return Ok(());
    }
    let list: String = failures.iter().map(|failure| format!("\n  {}", failure.replace('\n', "\n  "))).collect();
    Err(format!("{} of {} checks failed:{list}", failures.len(), STEPS.len()).into())
}

/// The check of known vulnerabilities stands apart from the others, because its result changes without a commit.
pub(crate) fn advisories(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    deny(&root()?, &["advisories"])
}

type Check = fn(&Path) -> Outcome;

const STEPS: &[(&str, Check)] = &[
    ("format", |root| succeed(&mut cargo(root, &["fmt", "--all", "--check"]))),
    ("clippy", |root| {
        let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
        succeed(&mut cargo(root, &arguments))
    }),
    ("documentation", |root| {
        let arguments = ["doc", "--workspace", "--no-deps", "--locked"];
        succeed(cargo(root, &arguments).env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("dependencies", |root| deny(root, &["--hide-inclusion-graph", "bans", "licenses", "sources"])),
    ("generated files", generate::check),
    ("invariants", invariants::check),
];

/// Mends what a program can mend. Whatever fails here is reported by the checks that follow.
fn repair(root: &Path) {
    for arguments in
        [&["clippy", "--workspace", "--all-targets", "--fix", "--allow-dirty", "--allow-staged"][..], &["fmt", "--all"]]
    {
        let mut command = cargo(root, arguments);
        println!("== {}", show(&command));
        let _ = command.status();
    }
    if let Err(error) = generate::write(root) {
        println!("{error}");
    }
}

fn deny(root: &Path, checks: &[&str]) -> Outcome {
    if !installed("cargo-deny") {
        return Err("cargo-deny is not installed; `cargo install cargo-deny --locked` installs it".into());
    }
    let mut command = cargo(root, &["deny", "--locked", "check"]);
    succeed(command.args(checks))
}

fn succeed(command: &mut Command) -> Outcome {
    let shown = show(command);
    let status = command.status().map_err(|error| format!("cannot run `{shown}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed").into()) }
}
