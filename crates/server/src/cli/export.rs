//! `gymkeeper export` and `gymkeeper import`: a tenant as a folder of documented files.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use gymkeeper_store::db::{Db, Tx};

use super::{Outcome, Problem, Stopped, find_tenant, open_existing, output, stop};
use crate::{
    actions::change::Deed,
    app,
    config::Config,
    portable::{
        Trouble, export, import,
        manifest::{BankData, Manifest},
    },
};

/// So long may one statement of an export or import take, in seconds.
const PATIENCE: u64 = 24 * 60 * 60;

#[derive(Debug, Args)]
#[command(
    after_help = "The folder holds one file of JSON lines for each kind of data, the contents of images and documents, and a \
                  manifest with the SHA-256 of every file. The server may run meanwhile; everything is the state of one moment. It \
                  holds personal data: keep it like the data folder. API keys and passwords are in it as hashes. Bank data stays \
                  sealed, so that whoever imports it needs the key file vault.key as well.\n\n\
                  What each file holds is told in the guide to your data.\n\n\
                  Example: gymkeeper export --tenant acme acme-$(date +%F)"
)]
pub(super) struct Export {
    /// The folder to write; it must not exist yet.
    folder: PathBuf,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Write bank data, identity documents, waiting changes of members and what links to calendars are signed with so that everybody
    /// can read them, instead of sealed.
    #[arg(long)]
    readable_bank_data: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The tenant keeps its key, its ids and its journal, so nothing of that may be there already: import into an empty \
                  database. It is made if there is none. Exporting the tenant from there gives the same files, byte for byte.\n\n\
                  Where bank data is sealed, put the file vault.key of the old installation into the data folder first. Let no \
                  server run on the database meanwhile. What cannot be read is told by file, line and field; then nothing was \
                  stored.\n\n\
                  Example: GYMKEEPER_DATABASE=postgres://gymkeeper@db.internal/gymkeeper gymkeeper import tenant acme-2026-11-21"
)]
pub(super) struct ImportTenant {
    /// The folder that `gymkeeper export` has written.
    folder: PathBuf,
    /// Look at the export without storing anything.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Db(error) => Self::Db(error),
            Trouble::Said(says) => Self::Said(says),
        }
    }
}

impl From<Trouble> for Stopped {
    fn from(trouble: Trouble) -> Self {
        Problem::from(trouble).into()
    }
}

/// A configuration under which the database lets one statement work for long.
pub(super) fn patient(config: &Config) -> Config {
    Config { request_seconds: PATIENCE, ..config.clone() }
}

/// Makes a folder next to the one that is wanted, which gets its name when all is done. One that is left by a process that was
/// killed begins with `.gymkeeper-`.
pub(super) fn folder_beside(wanted: &Path) -> Result<tempfile::TempDir, Stopped> {
    if wanted.symlink_metadata().is_ok() {
        return stop(format!("{} exists already; choose another name", wanted.display()));
    }
    let parent = wanted.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let owner_only = std::fs::Permissions::from_mode(0o700);
    let folder = tempfile::Builder::new().prefix(".gymkeeper-").permissions(owner_only).tempdir_in(parent);
    folder.map_err(|error| Stopped(format!("{}: {error}", parent.display())))
}

/// Gives a finished folder its name.
pub(super) fn put_in_place(folder: tempfile::TempDir, wanted: &Path) -> Result<(), Stopped> {
    export::place(folder.path(), wanted)?;
    // It is there under its own name, so there is nothing left to remove.
    let _ = folder.keep();
    Ok(())
}

pub(super) fn export(config: &Config, arguments: &Export) -> Outcome {
    let folder = folder_beside(&arguments.folder)?;
    let db = open_existing(&patient(config))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let manifest = runtime.block_on(export_tenant(config, &db, arguments, folder.path()));
    db.close();
    let manifest = manifest?;
    put_in_place(folder, &arguments.folder)?;
    if arguments.json {
        return output::text(&format!("{}\n", serde_json::to_string_pretty(&manifest)?));
    }
    let (rows, name) = (manifest.parts.iter().map(|part| part.rows).sum::<u64>(), arguments.folder.display());
    let bank_data = match manifest.bank_data {
        BankData::Sealed => "bank data is sealed: keep the file vault.key, apart from this folder",
        BankData::Readable => "bank data is readable for everybody who has this folder",
    };
    output::text(&format!(
        "{name} written: {rows} rows in {} files, {} contents; {bank_data}\n",
        manifest.parts.len(),
        manifest.contents.count
    ))
}

async fn export_tenant(config: &Config, db: &Db, arguments: &Export, folder: &Path) -> Result<Manifest, Stopped> {
    let vault = if arguments.readable_bank_data { Some(app::open_vault(config, db).await?) } else { None };
    let (key, to, files) = (arguments.tenant.clone(), folder.to_owned(), app::files_dir(config));
    let written = db.read(move |tx: &mut Tx<'_>| {
        let tenant = find_tenant(tx, key.as_deref())?;
        Ok::<_, Problem>(export::write(tx, &tenant, &to, &files, vault.as_deref())?)
    });
    let manifest = written.await?;
    // That it was exported is known before the folder can be found, and is no part of what was exported.
    let (by, whose, kind) = (super::by(), manifest.tenant.clone(), manifest.bank_data);
    let recorded = db.write(move |tx| {
        let tenant = find_tenant(tx, Some(&whose.key))?;
        let deed = Deed::new("tenant.exported").subject("tenant", &whose.key).field("bankData", (), kind);
        by.changes(tx, &tenant).record(deed);
        Ok::<_, Problem>(())
    });
    recorded.await?;
    Ok(manifest)
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Imported {
    tenant: String,
    rows: u64,
    contents: u64,
    dry_run: bool,
}

pub(super) fn import_tenant(config: &Config, arguments: &ImportTenant) -> Outcome {
    let checked = import::check(&arguments.folder)?;
    let tenant = checked.manifest().tenant.key.clone();
    let contents = checked.manifest().contents.count;
    let rows = checked.manifest().parts.iter().map(|part| part.rows).sum();
    if arguments.dry_run {
        import::read_all(&checked)?;
    } else {
        let db = app::open_db(&patient(config))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let stored = runtime.block_on(store(config, &db, checked));
        db.close();
        stored?;
    }
    let imported = Imported { tenant, rows, contents, dry_run: arguments.dry_run };
    if arguments.json {
        output::text(&format!("{}\n", serde_json::to_string_pretty(&imported)?))?;
    } else {
        let Imported { tenant, rows, contents, .. } = imported;
        let done = if arguments.dry_run { "would be imported" } else { "imported" };
        output::text(&format!("{tenant} {done}: {rows} rows, {contents} contents\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn store(config: &Config, db: &Db, checked: import::Checked) -> Result<(), Stopped> {
    let vault = app::open_vault(config, db).await?;
    import::copy_contents(&checked, &app::files_dir(config))?;
    let stored = db.write(move |tx| Ok::<_, Problem>(import::store(tx, &checked, &vault)?)).await;
    stored.map(drop).map_err(Stopped::from)
}
