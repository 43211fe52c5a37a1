//! One PostgreSQL server process that cannot outlive the test process.
//!
//! A destructor is not enough for that: statics are never dropped, and an aborted or killed process drops nothing.
//! So a small shell stands between. It reads from a pipe whose other end only the test process holds; when that end
//! closes, for whatever reason, the shell stops the server and removes its folder.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use crate::account::{Account, prepare_folder};
use crate::installation::Installation;

/// `$1` is the folder to remove at the end, the rest is the command of the server. The output of the server goes to a
/// file: were it the terminal's, whoever pipes the output of the tests would wait for the server as well.
const GUARD: &str = r#"
folder=$1
shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

const START_ATTEMPTS: u32 = 5;
const POLL_INTERVAL: Duration = Duration::from_millis(10);
const POLLS_BEFORE_GIVING_UP: u32 = 6_000;

/// A running server; dropping it stops the server and removes its data.
#[derive(Debug)]
pub(crate) struct Server {
    guard: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    /// Creates a database cluster in a temporary folder and starts it. A durable one flushes each commit to the disk.
    pub(crate) fn start(installation: &Installation, durable: bool) -> Result<Self, String> {
        for _ in 0..START_ATTEMPTS {
            match Self::start_on(installation, durable, crate::free_port()) {
                Ok(server) => return Ok(server),
                Err(Trouble::PortTaken) => {}
                Err(Trouble::Other(message)) => return Err(message),
            }
        }
        Err(format!("PostgreSQL found its port taken {START_ATTEMPTS} times in a row"))
    }

    fn start_on(installation: &Installation, durable: bool, port: u16) -> Result<Self, Trouble> {
        let (folder, account) = prepare_folder().map_err(Trouble::Other)?;
        initialise(installation, &folder, account).map_err(Trouble::Other)?;
        let guard = spawn(installation, &folder, account, port, durable).map_err(Trouble::Other)?;
        // From here on the shell removes the folder, however this ends.
        let mut server = Self { guard, port, folder: folder.keep() };
        server.wait_until_ready()?;
        Ok(server)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    #[cfg(test)]
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    #[cfg(test)]
    pub(crate) fn guard_process(&self) -> u32 {
        self.guard.id()
    }

    /// Waits for the word `ready` in the server's own status file, as `pg_ctl` does. A successful connection would
    /// prove less: it may be somebody else's server that took the port.
    fn wait_until_ready(&mut self) -> Result<(), Trouble> {
        let (status, log) = (self.folder.join("data/postmaster.pid"), self.folder.join("log"));
        for _ in 0..POLLS_BEFORE_GIVING_UP {
            let status = fs::read_to_string(&status).unwrap_or_default();
            if status.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            let log = fs::read_to_string(&log).unwrap_or_default();
            if log.contains("Address already in use") {
                return Err(Trouble::PortTaken);
            }
            if log.contains("FATAL:") {
                return Err(Trouble::Other(format!("PostgreSQL did not start:\n{log}")));
            }
            match self.guard.try_wait() {
                Ok(None) => sleep(POLL_INTERVAL),
                Ok(Some(exit)) => return Err(Trouble::Other(format!("PostgreSQL's guard ended early: {exit}"))),
                Err(error) => return Err(Trouble::Other(format!("cannot watch PostgreSQL's guard: {error}"))),
            }
        }
        Err(Trouble::Other(format!(
            "PostgreSQL was not ready after {} seconds",
            (POLL_INTERVAL * POLLS_BEFORE_GIVING_UP).as_secs()
        )))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // Nothing can be done about a failure here; the next run uses another folder anyway.
        let _ = self.guard.wait();
    }
}

#[derive(Debug)]
enum Trouble {
    PortTaken,
    Other(String),
}

fn initialise(installation: &Installation, folder: &TempDir, account: Option<Account>) -> Result<(), String> {
    let mut errors = String::new();
    // PostgreSQL learned `C.UTF-8` from the C library, and not every C library has it; `C` is everywhere.
    for locale in ["C.UTF-8", "C"] {
        let data = folder.path().join("data");
        let mut command = Command::new(installation.program("initdb"));
        command.args(["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"]);
        command.arg(format!("--locale={locale}")).arg("--pgdata").arg(&data).stdin(Stdio::null());
        let output = run_under(&mut command, folder.path(), account)
            .output()
            .map_err(|error| format!("cannot run initdb: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        errors.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    Err(format!("initdb failed:\n{errors}"))
}

fn spawn(
    installation: &Installation,
    folder: &TempDir,
    account: Option<Account>,
    port: u16,
    durable: bool,
) -> Result<Child, String> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", GUARD, "postgres-guard"]).arg(folder.path());
    command.arg(installation.program("postgres")).arg("-D").arg(folder.path().join("data"));
    for setting in [
        "listen_addresses=127.0.0.1",
        // No socket file: its path has a length limit that a long folder for temporary files breaks.
        "unix_socket_directories=",
        "max_connections=200",
        "shared_buffers=32MB",
    ] {
        command.args(["-c", setting]);
    }
    command.arg("-c").arg(format!("port={port}"));
    if !durable {
        command.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // A group of its own: Ctrl-C at the terminal must reach the tests only, or the shell dies before it tidies up.
    command.process_group(0);
    run_under(&mut command, folder.path(), account)
        .spawn()
        .map_err(|error| format!("cannot start PostgreSQL through /bin/sh: {error}"))
}

/// English messages, because they are searched; a working folder that the account can enter; and the account itself.
fn run_under<'c>(command: &'c mut Command, folder: &Path, account: Option<Account>) -> &'c mut Command {
    command.env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGPORT").current_dir(folder);
    match account {
        Some(Account { user, group }) => command.uid(user).gid(group),
        None => command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_told_from_other_trouble() {
        let Some(installation) = Installation::find() else { return };
        let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let outcome = Server::start_on(&installation, false, taken.local_addr().unwrap().port());
        assert!(matches!(outcome, Err(Trouble::PortTaken)), "{outcome:?}");
    }
}
