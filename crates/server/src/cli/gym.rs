//! `gymkeeper apply` and `gymkeeper schema`.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use gymkeeper_store::db::Location;
use jiff::{civil::Date, tz::TimeZone};

use super::{Outcome, Problem, Stopped, output, with_db};
use crate::{
    actions::apply::{self, Difference},
    app,
    clock::Clock,
    config::Config,
    gymfile::{self, Beside, Content, Gym, Mistake},
};

#[derive(Debug, Args)]
#[command(
    after_help = "Loading a file twice changes nothing. An entry is known by its key: change a line and that entry \
                  changes and keeps its id; take an entry out and it is no longer offered. All of the file is loaded, \
                  or nothing.\n\nExample: gymkeeper apply gym.yaml --dry-run"
)]
pub(super) struct Apply {
    /// The gym file.
    file: PathBuf,
    /// Show what would change and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// The day behind ${today} in the file; by default the present day in UTC.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Print the changes as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gymkeeper schema gym-file > gym-file.schema.json\n  \
                        gymkeeper schema config > gymkeeper.toml")]
pub(super) struct Schema {
    #[command(subcommand)]
    of: SchemaOf,
}

#[derive(Debug, Subcommand)]
enum SchemaOf {
    /// The JSON Schema of gym files, for editors.
    GymFile,
    /// A configuration file with every key, its default and what it does.
    Config,
}

pub(super) fn schema(schema: &Schema) -> Outcome {
    match schema.of {
        SchemaOf::GymFile => output::text(&format!("{:#}\n", gymfile::schema())),
        SchemaOf::Config => output::text(&Config::example()),
    }
}

pub(super) fn apply(config: &Config, arguments: &Apply) -> Outcome {
    let path = &arguments.file;
    let bytes = std::fs::read(path).map_err(|error| Stopped(format!("{}: {error}", path.display())))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => return Ok(refuse(path, &[not_utf8(&bytes[..error.valid_up_to()])])),
    };
    let today = arguments.today.unwrap_or_else(|| TimeZone::UTC.to_datetime(Clock.now()).date());
    let folder = path.parent().unwrap_or(Path::new("."));
    let gym = match gymfile::read(text, today, &Beside(folder)) {
        Ok(gym) => gym,
        Err(mistakes) => return Ok(refuse(path, &mistakes)),
    };
    // A dry run against nothing uses a database that is thrown away, so that it leaves nothing behind.
    let scratch = tempfile::tempdir()?;
    let mut config = config.clone();
    if let Location::Sqlite(path) = app::location(&config)
        && arguments.dry_run
        && !path.exists()
    {
        config.data_dir = scratch.path().to_owned();
        config.database.clear();
    }
    let db = app::open_db(&config)?;
    // Whoever has nothing to seal needs no keys.
    let is_sealed = |studio: &gymfile::Studio| studio.customers.iter().any(|one| one.definition.is_sealed());
    if gym.studios.iter().any(is_sealed) {
        super::open_vault(&config, &db)?;
    }
    if !arguments.dry_run {
        store_contents(&app::files_dir(&config), &gym.files)?;
    }
    let (by, dry_run) = (super::by(), arguments.dry_run);
    let (sender, receiver) = std::sync::mpsc::channel();
    let done = with_db(db, move |tx| {
        let _ = sender.send(apply::apply(tx, &gym, &by)?.differences);
        // An error undoes the transaction, which is all that a dry run is.
        if dry_run { Err(Problem::Said(String::new())) } else { Ok(()) }
    });
    // The closure may run again after losing a race; the last list is the one that counts.
    let changes = receiver.try_iter().last();
    match (done, changes) {
        (Err(Stopped(message)), _) if !(dry_run && message.is_empty()) => Err(Stopped(message)),
        (_, changes) => report(&changes.unwrap_or_default(), dry_run, arguments.json),
    }
}

/// Stores the contents of images and documents under their hashes, before anything refers to them.
pub(super) fn store_contents(folder: &Path, contents: &[Content]) -> Result<(), Stopped> {
    contents.iter().try_for_each(|content| {
        crate::http::links::store_content(folder, &content.hash, &content.bytes).map_err(Stopped::from)
    })
}

fn not_utf8(before: &[u8]) -> Mistake {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    Mistake {
        line: Some(line),
        field: String::new(),
        message: "is not UTF-8; save the file in this encoding".to_owned(),
    }
}

fn refuse(path: &Path, mistakes: &[Mistake]) -> ExitCode {
    let mut out = std::io::stderr().lock();
    for mistake in mistakes {
        let line = mistake.line.map(|line| format!("{line}:")).unwrap_or_default();
        let field = if mistake.field.is_empty() { String::new() } else { format!("{}: ", mistake.field) };
        let _ = writeln!(out, "{}:{line} {field}{}", path.display(), mistake.message);
    }
    let _ = writeln!(out, "gymkeeper: nothing was changed");
    ExitCode::FAILURE
}

fn report(changes: &[Difference], dry_run: bool, json: bool) -> Outcome {
    if json {
        return output::text(&format!("{}\n", serde_json::to_string_pretty(changes)?));
    }
    let mut out = String::new();
    for change in changes {
        let sign = match change.kind {
            "added" => '+',
            "retired" => '-',
            _ => '~',
        };
        out.push_str(&format!("{sign} {}\n", change.entry));
        for field in &change.fields {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
            out.push_str(&format!("    {}: {} -> {}\n", field.field, value(&field.from), value(&field.to)));
        }
    }
    out.push_str(&match (changes.len(), dry_run) {
        (0, _) => "nothing to change\n".to_owned(),
        (n, true) => format!("{n} to change; nothing was changed (--dry-run)\n"),
        (n, false) => format!("{n} changed\n"),
    });
    output::text(&out)
}

/// Reads a gym whose text and contents are inside the program.
pub(super) fn read_embedded(text: &str, today: Date, contents: &dyn gymfile::Contents) -> Result<Gym, Stopped> {
    gymfile::read(text, today, contents).map_err(|mistakes| {
        let lines: Vec<String> =
            mistakes.iter().map(|m| format!("line {}: {}: {}", m.line.unwrap_or(0), m.field, m.message)).collect();
        Stopped(format!("the demo's gym file is wrong: {}", lines.join("; ")))
    })
}
