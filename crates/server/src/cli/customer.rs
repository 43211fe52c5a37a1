//! `gymkeeper customer`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use gymkeeper_domain::customer::erasure::StillNeeded;
use gymkeeper_store::{
    customer::erasure as store,
    db::{Db, DbError, Tx},
    tenant::Tenant,
};

use super::{
    Outcome, Problem, Stopped,
    export::{folder_beside, patient, put_in_place},
    find_tenant, open_existing, output,
};
use crate::{
    actions::{
        change::Deed,
        customer::erasure::{self, Erased, Kept, NotErased},
    },
    app,
    config::Config,
    portable::{Trouble, contents, page, person, private_file},
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "These are for people who ask what is stored about them, and who ask to be forgotten. What is erased and what is \
                  kept for how long is told in the guide to your data.\n\n\
                  Example: gymkeeper customer export 1-10001 ada-byron"
)]
pub(super) enum Customer {
    /// Write all that is stored about a customer into a folder, for the customer.
    Export(Export),
    /// Erase a customer, as far as contracts, claims and the law let you.
    Erase(Erase),
}

#[derive(Debug, Args)]
#[command(
    after_help = "The folder holds a page to read (index.html), the same for programs (data.json), and images and documents. Account \
                  numbers and identity documents, which are sealed in the database, can be read in it: hand it to nobody but the \
                  customer. That it was written is recorded in the journal.\n\n\
                  Example: gymkeeper customer export 1-10001 ada-byron"
)]
pub(super) struct Export {
    /// The customer: the customer number, such as 1-10001, or the id, such as id:4711.
    customer: String,
    /// The folder to write; it must not exist yet.
    folder: PathBuf,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "This cannot be undone. It is refused while a contract runs or claims are with a debt collector. What has to be kept \
                  for a time, such as signed contracts, is told with the day and the reason; run the command again after that day. \
                  Backups made before still hold everything.\n\n\
                  Example: gymkeeper customer erase 1-10001 --dry-run"
)]
pub(super) struct Erase {
    /// The customer: the customer number, such as 1-10001, or the id, such as id:4711.
    customer: String,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Say what would be erased and kept, and erase nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, command: &Customer) -> Outcome {
    match command {
        Customer::Export(arguments) => export(config, arguments),
        Customer::Erase(arguments) => erase(config, arguments),
    }
}

/// The id of a customer who was named by the number that people know, or by the id, `id:4711` or plain. Nobody must be erased who was
/// not meant: a name that fits several is refused.
pub(super) fn find_customer(tx: &mut Tx<'_>, tenant: &Tenant, named: &str) -> Result<i64, Problem> {
    let (number, id) = match named.strip_prefix("id:") {
        Some(id) => ("", id),
        None => (named, named),
    };
    let found = store::named(tx, tenant.id(), number, id.parse().ok())?;
    match found.as_slice() {
        [id] => Ok(*id),
        [] => Err(Problem::Said(nobody(named))),
        several => {
            let ids: Vec<String> = several.iter().map(|id| format!("id:{id}")).collect();
            Err(Problem::Said(format!("{named:?} may be one of several customers; choose one of {}", ids.join(", "))))
        }
    }
}

fn nobody(named: &str) -> String {
    format!("there is no customer {named:?}; name the customer number, such as 1-10001, or the id, such as id:4711")
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Exported {
    customer_number: String,
    folder: String,
    parts: Vec<(String, usize)>,
    files: usize,
}

fn export(config: &Config, arguments: &Export) -> Outcome {
    let folder = folder_beside(&arguments.folder)?;
    let db = open_existing(&patient(config))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let copy = runtime.block_on(export_person(config, &db, arguments, folder.path()));
    db.close();
    let copy = copy?;
    put_in_place(folder, &arguments.folder)?;
    let exported = Exported {
        customer_number: copy.customer_number,
        folder: arguments.folder.display().to_string(),
        parts: copy.parts.into_iter().map(|part| (part.name, part.rows.len())).collect(),
        files: copy.attachments.len(),
    };
    if arguments.json {
        return output::text(&format!("{}\n", serde_json::to_string_pretty(&exported)?));
    }
    output::text(&format!(
        "{} written: {} kinds of data and {} files about customer {}; bank data is readable in it\n",
        exported.folder,
        exported.parts.len(),
        exported.files,
        exported.customer_number
    ))
}

async fn export_person(
    config: &Config,
    db: &Db,
    arguments: &Export,
    folder: &std::path::Path,
) -> Result<person::Copy, Stopped> {
    let vault = app::open_vault(config, db).await?;
    let (key, named) = (arguments.tenant.clone(), arguments.customer.clone());
    let (tenant, id, copy) = db
        .read(move |tx: &mut Tx<'_>| {
            let tenant = find_tenant(tx, key.as_deref())?;
            let id = find_customer(tx, &tenant, &named)?;
            let copy = person::gather(tx, &tenant, id, &vault)?.ok_or_else(|| Problem::Said(nobody(&named)))?;
            Ok::<_, Problem>((tenant, id, copy))
        })
        .await?;
    let files = folder.join("files");
    app::make_private_folder(&files)?;
    person::write_attachments(&copy, &app::files_dir(config), &files)?;
    let by = super::by();
    write(folder, "data.json", &serde_json::to_vec_pretty(&copy.parts)?)?;
    write(folder, "index.html", page::page(&copy, by.system_now).as_bytes())?;
    // That it was written is known before the folder can be found.
    let (studio, tenant) = (copy.studio, tenant.key);
    let recorded = db.write(move |tx| {
        let tenant = find_tenant(tx, Some(&tenant))?;
        by.changes(tx, &tenant).record(Deed::new("customer.exported").studio(studio).subject("customer", id));
        Ok::<_, Problem>(())
    });
    recorded.await?;
    Ok(copy)
}

fn write(folder: &std::path::Path, name: &str, bytes: &[u8]) -> Result<(), Stopped> {
    use std::io::Write as _;
    let path = folder.join(name);
    let mut file = private_file(&path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| Trouble::file(&path, &error).into())
}

/// How an erasure ended that was only tried.
enum Ended {
    Tried(Erased),
    Problem(Problem),
}

impl From<DbError> for Ended {
    fn from(error: DbError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<Problem> for Ended {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

fn refused(not: NotErased, named: &str) -> Problem {
    match not {
        NotErased::Db(error) => Problem::Db(error),
        NotErased::Unknown => Problem::Said(nobody(named)),
        NotErased::Needed(StillNeeded::InDebtCollection) => Problem::Said(
            "nothing was erased: the customer has a number at the debt collector's, so claims may be open. Take the number \
             (debtor_id) away once the case is closed"
                .to_owned(),
        ),
        NotErased::Needed(StillNeeded::ContractRuns { id, last_day }) => {
            let until = last_day.map_or("and nobody has ended it".to_owned(), |day| format!("until {day}"));
            Problem::Said(format!("nothing was erased: contract {id} runs {until}; try again when it has ended"))
        }
    }
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    dry_run: bool,
    erased: std::collections::BTreeMap<&'static str, u64>,
    contents_removed: u64,
    kept: &'a [Kept],
    described_as: &'a [String],
}

fn erase(config: &Config, arguments: &Erase) -> Outcome {
    let db = open_existing(&patient(config))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(erase_person(config, &db, arguments));
    db.close();
    let (erased, contents_removed) = ended?;
    if arguments.json {
        let Erased { gone, kept, described_as, .. } = &erased;
        let erased = gone.iter().copied().collect();
        let shown = Shown { dry_run: arguments.dry_run, erased, contents_removed, kept, described_as };
        return output::text(&format!("{}\n", serde_json::to_string_pretty(&shown)?));
    }
    output::text(&report(&erased, contents_removed, arguments.dry_run))
}

async fn erase_person(config: &Config, db: &Db, arguments: &Erase) -> Result<(Erased, u64), Stopped> {
    app::open_vault(config, db).await?;
    let (key, named, dry_run) = (arguments.tenant.clone(), arguments.customer.clone(), arguments.dry_run);
    let (by, files) = (super::by(), app::files_dir(config));
    let folder = files.clone();
    let ended = db.write(move |tx| {
        tx.overwrite_deleted()?;
        let tenant = find_tenant(tx, key.as_deref())?;
        let id = find_customer(tx, &tenant, &named)?;
        let mut change = by.changes(tx, &tenant);
        let erased = erasure::erase(&mut change, id).map_err(|not| refused(not, &named))?;
        if dry_run {
            return Err(Ended::Tried(erased));
        }
        contents::announce(&folder, &erased.contents).map_err(Problem::from)?;
        Ok(erased)
    });
    match ended.await {
        Ok(erased) => Ok((erased, contents::sweep(db, &files).await?)),
        Err(Ended::Tried(erased)) => Ok((erased, 0)),
        Err(Ended::Problem(problem)) => Err(problem.into()),
    }
}

fn report(erased: &Erased, contents_removed: u64, dry_run: bool) -> String {
    let mut out = String::new();
    out.push_str(match (erased.gone.is_empty(), dry_run) {
        (true, _) => "there is nothing to erase now\n",
        (false, true) => "would be erased:\n",
        (false, false) => "erased:\n",
    });
    for (what, count) in &erased.gone {
        out.push_str(&format!("  {what}: {count}\n"));
    }
    if contents_removed > 0 {
        out.push_str(&format!("  contents on disk: {contents_removed}\n"));
    }
    out.push_str("kept:\n");
    for Kept { what, until, reason } in &erased.kept {
        let until = until.map_or(String::new(), |day| format!(" until {day}"));
        out.push_str(&format!("  {what}{until}: {reason}\n"));
    }
    if erased.kept.iter().any(|kept| kept.until.is_some()) {
        out.push_str("run this again after those days\n");
    }
    for key in &erased.described_as {
        out.push_str(&format!("a gym file describes this person under the key {key:?}: take that out of the file\n"));
    }
    out
}
