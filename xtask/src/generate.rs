//! The files that come out of the program itself. They are committed, so that a change to the API or to the
//! configuration shows in the diff of the commit that makes it.

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::arguments::Arguments;
use crate::workspace::{self, capture, cargo, root};

/// What to ask `gymkeeper` for, and where its answer is kept.
const FILES: &[(&[&str], &str)] = &[
    (&["openapi"], "docs/reference/openapi.json"),
    (&["openapi", "--admin"], "docs/reference/admin-openapi.json"),
    (&["compatibility"], "COMPATIBILITY.md"),
    (&["schema", "gym-file"], "docs/reference/gym-file.schema.json"),
    (&["schema", "config"], "gymkeeper.example.toml"),
];

pub(crate) fn run(mut arguments: Arguments) -> Outcome {
    let only_check = arguments.flag("--check");
    arguments.finish()?;
    let root = root()?;
    if only_check { check(&root) } else { write(&root) }
}

/// Writes the files that changed, and names them.
pub(crate) fn write(root: &Path) -> Outcome {
    for (question, file) in FILES {
        let (path, content) = (root.join(file), ask(root, question)?);
        if is_current(&path, &content) {
            continue;
        }
        workspace::write(&path, &content)?;
        println!("wrote {file}");
    }
    Ok(())
}

/// Fails when a file is missing or out of date.
pub(crate) fn check(root: &Path) -> Outcome {
    let mut differing = Vec::new();
    for (question, file) in FILES {
        if !is_current(&root.join(file), &ask(root, question)?) {
            differing.push(*file);
        }
    }
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!("out of date: {}; run `cargo xtask generate` and commit the result", differing.join(", ")).into())
}

fn ask(root: &Path, question: &[&str]) -> Outcome<Vec<u8>> {
    let mut command =
        cargo(root, &["run", "--quiet", "--locked", "-p", "gymkeeper-server", "--bin", "gymkeeper", "--"]);
    let content = capture(command.args(question))?;
    if content.is_empty() {
        Err(format!("`gymkeeper {}` printed nothing", question.join(" ")).into())
    } else {
        Ok(content)
    }
}

fn is_current(path: &Path, content: &[u8]) -> bool {
    fs::read(path).is_ok_and(|present| present == content)
}
