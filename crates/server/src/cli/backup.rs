//! `gymkeeper backup` and `gymkeeper restore`.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use clap::Args;
use gymkeeper_store::{
    MIGRATIONS,
    db::{self, DbError, Location},
};

use super::{Outcome, Stopped, output, stop};
use crate::{app, config::Config};

/// The name of the database inside a backup.
const DATABASE: &str = "gymkeeper.db";
/// The folder of contents inside a backup.
const FILES: &str = "files";
/// What accounts other than our own may do with a file; a restore allows none of it, whatever the archive says.
const OTHERS: u32 = 0o077;

#[derive(Debug, Args)]
#[command(
    after_help = "The file is a tar archive with the database and all images and documents. It holds personal data: \
                  keep it like the data folder. The server may run meanwhile; what it writes after the start of the \
                  backup is not in it.\n\nExample: gymkeeper backup gym-$(date +%F).tar"
)]
pub(super) struct Backup {
    /// The file to write; it must not exist yet.
    file: PathBuf,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The backup is checked before anything is put in place. A restore never overwrites data: name a new \
                  data folder, or move the old one away first.\n\n\
                  Example: GYMKEEPER_DATA_DIR=restored gymkeeper restore gym-2026-11-21.tar"
)]
pub(super) struct Restore {
    /// The file to read.
    file: PathBuf,
}

pub(super) fn backup(config: &Config, arguments: &Backup) -> Outcome {
    let Location::Sqlite(source) = app::location(config) else {
        return stop(
            "PostgreSQL has its own tools for backups: run pg_dump for the database, and copy the folder files/ in the \
             data folder",
        );
    };
    let target = &arguments.file;
    if target.exists() {
        return stop(format!("{} exists already; choose another name", target.display()));
    }
    // Only a look: opening it would migrate it under a server that may still be of the older version.
    super::require_database(config)?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let work = tempfile::tempdir_in(folder).map_err(|error| Stopped(format!("{}: {error}", folder.display())))?;
    let copy = work.path().join(DATABASE);
    db::backup_sqlite(&source, &copy)?;
    let partial = work.path().join("backup.tar");
    write_archive(&partial, &copy, &app::files_dir(config))
        .map_err(|error| Stopped(format!("{}: {error}", target.display())))?;
    fs::rename(&partial, target).map_err(|error| Stopped(format!("{}: {error}", target.display())))?;
    output::text(&format!("{} written, {} bytes\n", target.display(), fs::metadata(target)?.len()))
}

fn write_archive(target: &Path, database: &Path, files: &Path) -> std::io::Result<()> {
    // The archive holds personal data: nobody else on the machine may read it.
    let file = File::options().write(true).create_new(true).mode(0o600).open(target)?;
    let mut archive = tar::Builder::new(BufWriter::new(file));
    archive.append_path_with_name(database, DATABASE)?;
    if files.is_dir() {
        archive.append_dir_all(FILES, files)?;
    }
    let mut out = archive.into_inner()?;
    out.flush()?;
    out.get_ref().sync_all()
}

/// A tar archive ends with two empty blocks. The reader does not miss them, so an archive cut off between two files would
/// be restored without the rest.
fn has_its_end(archive: &mut File) -> std::io::Result<bool> {
    const END: [u8; 1024] = [0; 1024];
    if archive.metadata()?.len() < END.len() as u64 {
        return Ok(false);
    }
    let mut end = [1; END.len()];
    archive.seek(SeekFrom::End(-(END.len() as i64)))?;
    archive.read_exact(&mut end)?;
    archive.rewind()?;
    Ok(end == END)
}

pub(super) fn restore(config: &Config, arguments: &Restore) -> Outcome {
    let Location::Sqlite(target) = app::location(config) else {
        return stop("a backup file is restored into SQLite; for PostgreSQL use pg_restore and copy the folder files/");
    };
    if target.exists() {
        return stop(format!(
            "{} exists; a restore never overwrites data. Move the data folder away first, or name another one",
            target.display()
        ));
    }
    app::make_private_folder(&config.data_dir)?;
    let work = tempfile::tempdir_in(&config.data_dir)?;
    let shown = arguments.file.display();
    let mut archive = File::open(&arguments.file).map_err(|error| Stopped(format!("{shown}: {error}")))?;
    if !has_its_end(&mut archive).map_err(|error| Stopped(format!("{shown}: {error}")))? {
        return stop(format!("{shown} is not a whole backup: its end is missing"));
    }
    let mut archive = tar::Archive::new(BufReader::new(archive));
    archive.set_mask(OTHERS);
    // The archive can only unpack below the folder it is given; the crate refuses paths that lead out of it.
    archive.unpack(work.path()).map_err(|error| Stopped(format!("{shown} is not a whole backup: {error}")))?;
    let database = work.path().join(DATABASE);
    if !database.is_file() {
        return stop(format!("{shown} holds no database; it is not a backup of Gymkeeper"));
    }
    let unusable = |error: DbError| Stopped(format!("the database in {shown} cannot be used: {error}"));
    let status = db::status(&Location::Sqlite(database.clone()), MIGRATIONS).map_err(unusable)?;
    if status.applied == 0 {
        return stop(format!("the database in {shown} is empty; it is not a backup of Gymkeeper"));
    }
    let wrong = db::check_sqlite(&database).map_err(unusable)?;
    if let Some(first) = wrong.first() {
        return stop(format!("the database in {shown} is damaged: {first}"));
    }
    let files = work.path().join(FILES);
    if files.is_dir() {
        let place = app::files_dir(config);
        app::make_private_folder(&place)?;
        for entry in fs::read_dir(&files)? {
            let entry = entry?;
            fs::rename(entry.path(), place.join(entry.file_name()))?;
        }
    }
    // The database comes last: without it, a restore that was broken off can be run again.
    fs::rename(&database, &target)?;
    output::text(&format!("restored into {} ({} of {} migrations)\n", target.display(), status.applied, status.known))
}
