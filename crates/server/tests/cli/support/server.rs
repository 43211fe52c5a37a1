//! A running server process, killed at the latest when it is dropped.

use std::{
    io::{self, BufRead as _, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use rustix::process::{Pid, Signal};
use serde_json::Value;

use super::{
    client::{Answer, TAGS, call, tag_names, tags_body},
    wait_until,
};

/// A server and what it has said so far.
pub(crate) struct Server {
    child: Child,
    /// What it printed.
    out: Arc<Mutex<String>>,
    /// What it logged.
    log: Arc<Mutex<String>>,
    /// Its base URL.
    pub(crate) url: String,
}

impl Server {
    /// Starts `serve` and waits until it says where it listens.
    pub(crate) fn start(command: Command) -> Self {
        Self::watch(command, |_, log| {
            let line = log.lines().find(|line| line.contains("serving"))?;
            let (_, url) = line.split_once("url=")?;
            Some(url.split_whitespace().next()?.trim_matches('"').to_owned())
        })
    }

    /// Starts `demo --json` and waits until it says where it listens.
    pub(crate) fn start_demo(command: Command) -> Self {
        Self::watch(command, |out, _| {
            let object: Value = serde_json::from_str(out.lines().next()?).ok()?;
            Some(object["baseUrl"].as_str()?.to_owned())
        })
    }

    /// Starts a server whose URL is found in what it prints and logs.
    pub(crate) fn watch(mut command: Command, find_url: impl Fn(&str, &str) -> Option<String>) -> Self {
        command.env("NO_COLOR", "1").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = collect(child.stdout.take().unwrap());
        let log = collect(child.stderr.take().unwrap());
        let mut server = Self { child, out, log, url: String::new() };
        server.url = wait_until("the server listens", || {
            if let Some(status) = server.child.try_wait().unwrap() {
                panic!("the server ended with {status}:\n{}", server.log());
            }
            find_url(&server.out(), &server.log())
        });
        server
    }

    pub(crate) fn out(&self) -> String {
        self.out.lock().unwrap().clone()
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        self.url.split("://").nth(1).unwrap()
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// One request of a client that may see the server die.
    pub(crate) fn try_call(&self, method: &str, path: &str, key: &str, body: &str) -> io::Result<Answer> {
        call(self.address(), method, path, key, body)
    }

    #[track_caller]
    pub(crate) fn call(&self, method: &str, path: &str, key: &str, body: &str) -> Answer {
        self.try_call(method, path, key, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str, key: &str) -> Answer {
        self.call("GET", path, key, "")
    }

    /// What is behind a link that this server made.
    #[track_caller]
    pub(crate) fn follow(&self, link: &str) -> Answer {
        self.get(link.strip_prefix(&self.url).unwrap_or_else(|| panic!("{link} leads elsewhere")), "")
    }

    /// The tags of the key's studio.
    #[track_caller]
    pub(crate) fn tags(&self, key: &str) -> Vec<String> {
        tag_names(&self.get("/v1/studios/information", key).fine().json())
    }

    #[track_caller]
    pub(crate) fn put_tags(&self, key: &str, tags: &[impl AsRef<str>]) -> Answer {
        self.call("PUT", TAGS, key, &tags_body(tags))
    }

    /// Tells it to stop.
    pub(crate) fn terminate(&self) {
        rustix::process::kill_process(self.pid(), Signal::TERM).unwrap();
    }

    /// Waits for its end and answers its exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        let child = &mut self.child;
        wait_until("the server has stopped", || child.try_wait().unwrap()).code()
    }

    /// Stops it as an operator does.
    #[track_caller]
    pub(crate) fn stop(mut self) -> String {
        self.terminate();
        assert_eq!(self.wait(), Some(0), "{}", self.log());
        self.log()
    }

    /// Ends it without a warning.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe on a thread of its own, so that the process never waits for us.
fn collect(from: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let seen = Arc::new(Mutex::new(String::new()));
    let collected = Arc::clone(&seen);
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut seen = collected.lock().unwrap();
            seen.push_str(&line);
            seen.push('\n');
        }
    });
    seen
}
