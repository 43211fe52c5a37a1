//! What the benchmarks on large data share: programs built for release, a folder, servers on filled data, scripts for `wrk`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;
use tempfile::TempDir;

use super::bare_server::Recorded;
use super::http::{self, Target};
use super::process::Server;
use super::{build, free_port};
use crate::Outcome;
use crate::workspace::{capture_text, installed, write};

/// The programs that take part, and the folder that they share.
pub(super) struct Stage {
    xtask: PathBuf,
    gymkeeper: PathBuf,
    /// Writes the data, and makes changes one commit after the other.
    pub(super) fill: PathBuf,
    pub(super) folder: TempDir,
}

/// A server on filled data.
pub(super) struct Running {
    pub(super) data: PathBuf,
    pub(super) address: String,
    pub(super) key: String,
    pub(super) server: Server,
}

impl Running {
    pub(super) fn target(&self, path: String) -> Target {
        Target { address: self.address.clone(), path, key: self.key.clone() }
    }
}

impl Stage {
    /// Builds what is needed; the name is of the example that writes the data.
    pub(super) fn set(root: &Path, fill: &str) -> Outcome<Self> {
        if !installed("wrk") {
            return Err("this benchmark needs wrk, which can be told to send another request each time".into());
        }
        Ok(Self {
            xtask: build(root, "xtask", ["--bin", "xtask"])?,
            gymkeeper: build(root, "gymkeeper-server", ["--bin", "gymkeeper"])?,
            fill: build(root, "gymkeeper-server", ["--example", fill])?,
            folder: tempfile::Builder::new().prefix("gymkeeper-bench-").tempdir()?,
        })
    }

    /// Has the data written, and answers what the program that wrote it says about them.
    pub(super) fn fill<T: DeserializeOwned>(&self, name: &str, count: i64, database: Option<&str>) -> Outcome<T> {
        let mut command = self.command(&self.fill, name, database);
        let told = capture_text(command.arg("fill").arg(self.folder.path().join(name)).arg(count.to_string()))?;
        Ok(serde_json::from_str(&told)?)
    }

    /// Starts a server without a limit on requests, and waits until it answers `path`.
    pub(super) fn serve(&self, name: &str, database: Option<&str>, path: &str) -> Outcome<Running> {
        let made = capture_text(self.command(&self.gymkeeper, name, database).args(["key", "create", "--json"]))?;
        let made: serde_json::Value = serde_json::from_str(&made)?;
        let key = made["key"].as_str().ok_or("`key create` tells no key")?.to_owned();
        let address = format!("127.0.0.1:{}", free_port()?);
        let log = fs::File::create(self.folder.path().join(format!("{name}.log")))?;
        let mut command = self.command(&self.gymkeeper, name, database);
        command.arg("serve").env("GYMKEEPER_LISTEN", &address).env("GYMKEEPER_LIMITS_REQUESTS_PER_MINUTE", "0");
        let server = Server::start_silently(command.stderr(Stdio::from(log)))?;
        let mut running = Running { data: self.folder.path().join(name), address, key, server };
        let target = running.target(path.to_owned());
        super::wait_for_answer(&mut running.server, &target, std::time::Instant::now())?;
        Ok(running)
    }

    /// Starts a bare server that repeats one answer of a real one, and says how long that is and where.
    pub(super) fn bare(
        &self,
        target: &Target,
        (method, body): (&str, &str),
        route: &str,
    ) -> Outcome<(Server, String, usize)> {
        let answer = http::send(target, method, body)?;
        if answer.status != 200 {
            return Err(format!("{method} {} answered {}", target.path, answer.status).into());
        }
        let bytes = answer.body.len();
        let file = self.folder.path().join("answers.json");
        let recorded = Recorded { path: route.to_owned(), content_type: answer.content_type, body: answer.body };
        write(&file, &serde_json::to_vec(&[recorded])?)?;
        let port = free_port()?;
        let mut command = Command::new(&self.xtask);
        command.args(["bare-server", "--port"]).arg(port.to_string()).arg("--answers").arg(&file);
        Ok((Server::start(&mut command)?, format!("127.0.0.1:{port}"), bytes))
    }

    /// A program of ours on the data of that name.
    fn command(&self, program: &Path, name: &str, database: Option<&str>) -> Command {
        let mut command = Command::new(program);
        command.env("GYMKEEPER_DATA_DIR", self.folder.path().join(name));
        if let Some(database) = database {
            command.env("GYMKEEPER_DATABASE", database);
        }
        command
    }

    /// Stores a script for wrk, which replaces the one before.
    pub(super) fn script(&self, text: &str) -> Outcome<PathBuf> {
        let path = self.folder.path().join("requests.lua");
        write(&path, text.as_bytes())?;
        Ok(path)
    }
}

/// The headers of every request, in a script for wrk.
pub(super) fn headers(key: &str) -> String {
    format!("local headers = {{ [\"x-api-key\"] = \"{key}\", [\"content-type\"] = \"application/json\" }}\n")
}

/// Ids of members are this far apart.
pub(super) const STEP: i64 = 5;

/// Gives each thread of wrk a number of its own and a count of its requests, in a script for it.
pub(super) const COUNTING: &str = "local threads = 0\nfunction setup(thread)\n  thread:set(\"own\", threads)\n  \
                                   threads = threads + 1\nend\nlocal count = 0\n";

pub(super) fn copy_folder(from: &Path, to: &Path) -> Outcome {
    capture_text(Command::new("cp").arg("-r").arg(from).arg(to)).map(drop)
}
