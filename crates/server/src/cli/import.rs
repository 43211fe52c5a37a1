//! `gymkeeper import`.

use std::{
    collections::HashMap,
    fs,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, Subcommand};
use futures_util::future::join_all;
use gymkeeper_store::{
    customer::{self, find},
    db::{Db, DbError, Tx},
    tenant::Tenant,
};
use sha2::{Digest as _, Sha256};

use super::{Outcome, Problem, Stopped, export, find_studio, find_tenant, open_with_vault, output, stop};
use crate::{
    actions::{
        change::By,
        customer::{
            StudioOf,
            described::{self, Described, Outcome as Applied, Shelf},
            studio,
        },
    },
    config::Config,
    importing::{
        Refused,
        map::{Map, Person},
        sheet,
    },
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "A tenant comes as `gymkeeper export` has written it, all of it or nothing. Customers come from the table of \
                  another program, row by row.\n\n\
                  Example: GYMKEEPER_DATA_DIR=moved gymkeeper import tenant acme-2026-11-21"
)]
pub(super) enum Import {
    /// Make a tenant from an export of one.
    Tenant(export::ImportTenant),
    /// Take over customers from a CSV file or an XLSX workbook.
    #[command(
        after_help = "The map says which column means what; see the guide \"Moving in\". Each row is a customer, known \
                      again by the column that the map calls key: run again, an import goes on where it was broken off, \
                      leaves rows alone that have not changed, and changes customers whose rows have. Rows that cannot be \
                      taken over are listed with their reasons, and the others are taken over all the same; the command \
                      then ends with code 1.\n\n\
                      Example: gymkeeper import customers members.csv --map map.yaml --dry-run"
    )]
    Customers(Customers),
}

#[derive(Debug, Args)]
pub(super) struct Customers {
    /// The table: CSV, or a workbook (.xlsx).
    file: PathBuf,
    /// Which column means what.
    #[arg(long, value_name = "MAP.yaml")]
    map: PathBuf,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// The home studio of the customers; needed when there are several.
    #[arg(long)]
    studio: Option<String>,
    /// Try everything and keep nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write the refused rows into this CSV file: row, column, reason.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// So many rows are on their way to the database at once, where they share commits.
const AT_ONCE: usize = 128;
/// So many refused rows are printed; all of them are in the report.
const SHOWN: usize = 20;

/// What became of the rows.
#[derive(Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    dry_run: bool,
    rows: u64,
    added: u64,
    changed: u64,
    unchanged: u64,
    refused_rows: u64,
    /// Each reason; a row may have several.
    refused: Vec<Refused>,
}

/// Where the customers go.
struct Target {
    tenant: Tenant,
    home: StudioOf,
    shelf: Shelf,
    by: By,
    dry_run: bool,
}

pub(super) fn run(config: &Config, command: &Import) -> Outcome {
    match command {
        Import::Tenant(tenant) => export::import_tenant(config, tenant),
        Import::Customers(customers) => import_customers(config, customers),
    }
}

fn import_customers(config: &Config, customers: &Customers) -> Outcome {
    let about = |path: &Path| path.display().to_string();
    let text =
        fs::read_to_string(&customers.map).map_err(|error| Stopped(format!("{}: {error}", about(&customers.map))))?;
    let map = Map::parse(&text).map_err(|mistakes| listed(&about(&customers.map), &mistakes))?;
    let open = || {
        sheet::open(&customers.file, &map.options)
            .map_err(|problem| Stopped(format!("{}: {problem}", about(&customers.file))))
    };
    let table = open()?;
    let bound = map.bind(&table.headings).map_err(|mistakes| listed(&about(&customers.file), &mistakes))?;
    // Counting reads the file once more, which only a person who waits is worth.
    let total = if std::io::stderr().is_terminal() { Some(open()?.lines.count() as u64) } else { None };
    let db = open_with_vault(config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let target = Arc::new(target(&db, customers).await?);
        take_over(&db, &target, &bound, table.lines, Progress { total, shown: 0 }).await
    });
    db.close();
    let summary = outcome?;
    if let Some(path) = &customers.report {
        write_report(path, &summary.refused).map_err(|error| Stopped(format!("{}: {error}", about(path))))?;
    }
    tell(&summary, customers)
}

/// Several mistakes as one message.
fn listed(about: &str, mistakes: &[String]) -> Stopped {
    Stopped(mistakes.iter().map(|mistake| format!("{about}: {mistake}")).collect::<Vec<_>>().join("\n"))
}

async fn target(db: &Db, wanted: &Customers) -> Result<Target, Stopped> {
    let (tenant, studio_key, by) = (wanted.tenant.clone(), wanted.studio.clone(), super::by());
    let asked = by.clone();
    let look = move |tx: &mut Tx<'_>| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let id = find_studio(tx, &tenant, studio_key.as_deref())?.id;
        let home = studio(tx, tenant.id(), id)?;
        let shelf = Shelf::of(&mut asked.changes(tx, &tenant), &home)?;
        Ok((tenant, home, shelf))
    };
    let found: Result<_, Problem> = db.write(look).await;
    let (tenant, home, shelf) = found?;
    Ok(Target { tenant, home, shelf, by, dry_run: wanted.dry_run })
}

/// How far it is, on one line of the terminal.
struct Progress {
    /// Rows in the file; nothing when nobody watches.
    total: Option<u64>,
    shown: u64,
}

impl Progress {
    fn show(&mut self, rows: u64) {
        let Some(total) = self.total else { return };
        if rows < total && rows - self.shown < 500 {
            return;
        }
        self.shown = rows;
        let filled = usize::try_from(rows * 30 / total.max(1)).unwrap_or(30).min(30);
        let (bar, end) = ("#".repeat(filled), if rows == total { "\n" } else { "" });
        let _ = write!(std::io::stderr(), "\r[{bar:<30}] {rows} of {total} rows{end}");
    }
}

async fn take_over(
    db: &Db,
    target: &Arc<Target>,
    bound: &crate::importing::map::Bound,
    lines: Box<dyn Iterator<Item = Result<sheet::Line, String>> + Send>,
    mut progress: Progress,
) -> Result<Summary, Stopped> {
    let mut summary = Summary { dry_run: target.dry_run, ..Summary::default() };
    // What must not be there twice, with the row that has it.
    let (mut keys, mut unique) = (HashMap::<String, u64>::new(), HashMap::<(&str, String), u64>::new());
    let mut lines = lines.peekable();
    while lines.peek().is_some() {
        let mut waiting = Vec::with_capacity(AT_ONCE);
        while waiting.len() < AT_ONCE
            && let Some(line) = lines.next()
        {
            let line = line.map_err(|problem| {
                Stopped(format!("the table cannot be read behind row {}: {problem}", summary.rows + 1))
            })?;
            summary.rows += 1;
            let mut reasons = Vec::new();
            match bound.person(&line.cells) {
                Err(misfits) => reasons.extend(misfits.into_iter().map(|misfit| (misfit.column, misfit.reason))),
                Ok(person) => {
                    if let Some(row) = keys.get(&person.key) {
                        reasons.push((None, format!("has the key of row {row}")));
                    }
                    for (name, value, column) in &person.unique {
                        if let Some(row) = unique.get(&(*name, value.clone())) {
                            reasons.push((column.clone(), format!("is the same as in row {row}")));
                        }
                    }
                    for problem in target.shelf.problems(&person.definition) {
                        reasons.push((bound.heading_of(&problem.path), problem.message));
                    }
                    if reasons.is_empty() {
                        keys.insert(person.key.clone(), line.number);
                        unique
                            .extend(person.unique.iter().map(|(name, value, _)| ((*name, value.clone()), line.number)));
                        waiting.push((line.number, apply(db, target, person)));
                    }
                }
            }
            summary.refuse(line.number, reasons);
        }
        let (rows, work): (Vec<u64>, Vec<_>) = waiting.into_iter().unzip();
        for (row, outcome) in rows.into_iter().zip(join_all(work).await) {
            match outcome {
                Ok(Applied::Added) => summary.added += 1,
                Ok(Applied::Changed) => summary.changed += 1,
                Ok(Applied::Unchanged) => summary.unchanged += 1,
                Err(Problem::Said(reason)) => summary.refuse(row, vec![(None, reason)]),
                Err(Problem::Db(DbError::Constraint(_))) => {
                    summary.refuse(row, vec![(None, "something of it belongs to another customer already".to_owned())]);
                }
                Err(Problem::Db(error)) => {
                    return stop(format!(
                        "row {row}: {error}; what came before it is kept, run the same command again"
                    ));
                }
            }
        }
        progress.show(summary.rows);
    }
    summary.refused.sort_by_key(|refused| refused.row);
    Ok(summary)
}

impl Summary {
    fn refuse(&mut self, row: u64, reasons: Vec<(Option<String>, String)>) {
        self.refused_rows += u64::from(!reasons.is_empty());
        self.refused.extend(reasons.into_iter().map(|(column, reason)| Refused { row, column, reason }));
    }
}

/// Why the work on a row is not kept.
enum Undone {
    Because(Problem),
    /// A dry run, with what it would have led to.
    Pretended(Applied),
}

impl From<DbError> for Undone {
    fn from(error: DbError) -> Self {
        Self::Because(Problem::Db(error))
    }
}

/// Brings one customer to what its row says, in a transaction of its own.
async fn apply(db: &Db, target: &Arc<Target>, person: Person) -> Result<Applied, Problem> {
    let target = Arc::clone(target);
    let content = serde_json::to_vec(&person.definition).map_err(|error| Problem::Said(error.to_string()))?;
    let fingerprint = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    // No gym file can have such a key.
    let described = Described { key: format!("row:{}", person.key), definition: person.definition, fingerprint };
    let work = move |tx: &mut Tx<'_>| {
        if target.dry_run {
            tx.pretend();
        }
        // Another import may be at the same row.
        customer::take_turn(tx, target.tenant.id())?;
        let mut change = target.by.changes(tx, &target.tenant);
        if let Some(number) = &described.definition.customer_number
            && let Some(holder) = find::by_number(change.tx, change.tenant, number)?
        {
            let known = customer::by_source(change.tx, change.tenant, target.home.id, &described.key)?;
            if known.is_none_or(|(id, _)| id != holder) {
                let taken = "the customer number belongs to another customer already".to_owned();
                return Err(Undone::Because(Problem::Said(taken)));
            }
        }
        let applied = described::apply(&mut change, &target.home, &target.shelf, &described)
            .map_err(|failure| Undone::Because(failure.into()))?;
        if target.dry_run { Err(Undone::Pretended(applied)) } else { Ok(applied) }
    };
    match db.write(work).await {
        Ok(applied) | Err(Undone::Pretended(applied)) => Ok(applied),
        Err(Undone::Because(problem)) => Err(problem),
    }
}

fn write_report(path: &Path, refused: &[Refused]) -> Result<(), csv::Error> {
    let mut report = csv::Writer::from_path(path)?;
    report.write_record(["row", "column", "reason"])?;
    for Refused { row, column, reason } in refused {
        report.write_record([&row.to_string(), &plain(column.as_deref().unwrap_or_default()), &plain(reason)])?;
    }
    report.flush()?;
    Ok(())
}

/// A heading comes from a stranger's file and may be a formula for whoever opens the report.
fn plain(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell.to_owned() }
}

fn tell(summary: &Summary, customers: &Customers) -> Outcome {
    if customers.json {
        output::print(&format!("{}\n", serde_json::to_string_pretty(summary)?))?;
    } else {
        let Summary { rows, added, changed, unchanged, refused_rows, .. } = summary;
        let mut text = format!(
            "{}{rows} rows: {added} added, {changed} changed, {unchanged} as before, {refused_rows} refused\n",
            if summary.dry_run { "dry run, nothing was kept; " } else { "" }
        );
        for Refused { row, column, reason } in summary.refused.iter().take(SHOWN) {
            let column = column.as_ref().map_or(String::new(), |column| format!(", {column}"));
            text.push_str(&format!("row {row}{column}: {reason}\n"));
        }
        if summary.refused.len() > SHOWN {
            let more = summary.refused.len() - SHOWN;
            text.push_str(&format!("and {more} more; --report FILE writes all of them\n"));
        }
        output::print(&text)?;
    }
    Ok(if summary.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
