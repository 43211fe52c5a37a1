//! Measures the server: its rate beside a bare server, its memory, its start and its size.
//!
//! A rate alone says more about the machine than about the server. So each window on our server has a neighbour on a
//! bare axum server that sends the same bytes without any work, and the ratio of the two is what we compare over time.
//! The windows alternate, so that a neighbour on the machine disturbs both alike.
//!
//! Read on in [`run`]; [`report`] has the goals.

pub(crate) mod bare_server;
pub(crate) mod bookings;
pub(crate) mod built_in;
mod http;
pub(crate) mod members;
mod process;
mod report;
mod stage;
mod wrk;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bare_server::Recorded;
use built_in::Load;
use http::Target;
use process::Server;
use tempfile::TempDir;

use crate::Outcome;
use crate::arguments::Arguments;
use crate::workspace::{capture, capture_text, cargo, installed, root, write};

/// Another program to measure instead of a release build of the server, for work on the benchmark itself.
const BINARY_SETTING: &str = "GYMKEEPER_BENCH_BINARY";
const REPORT: &str = "docs/reference/performance.md";

const UTILIZATION: &str = "/v1/studios/utilization";
const OFFERS: &str = "/v1/memberships/membership-offers";

/// Before its windows each server gets this long to warm up at each path.
const WARM_UP: Duration = Duration::from_secs(1);
/// How long a server may take from its start to its first answer before the benchmark gives up.
const START_LIMIT: Duration = Duration::from_secs(30);

/// What was measured.
#[derive(Debug)]
struct Results {
    settings: Settings,
    paths: Vec<PathResult>,
    seeding: Duration,
    /// Ascending.
    starts: Vec<Duration>,
    idle_kib: u64,
    loaded_kib: u64,
    binary_bytes: u64,
    /// What the benchmark of the store printed.
    store: String,
}

#[derive(Debug)]
struct PathResult {
    path: String,
    answer_bytes: usize,
    /// One for each number of connections.
    rows: Vec<(usize, Vec<Window>)>,
}

/// Two windows side by side.
#[derive(Debug)]
struct Window {
    bare: Sample,
    ours: Sample,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    load: Load,
    /// Processor time of the server for one request, in microseconds.
    processor_micros: f64,
}

#[derive(Debug)]
struct Settings {
    window: Duration,
    windows: usize,
    connections: Vec<usize>,
    starts: usize,
    use_wrk: bool,
    /// Where the report goes, if anywhere but to the terminal.
    output: Option<PathBuf>,
}

impl Settings {
    fn read(mut arguments: Arguments, root: &Path, stand_in: bool) -> Outcome<Self> {
        let quick = arguments.flag("--quick");
        let list: String =
            arguments.value("--connections")?.unwrap_or(if quick { "32" } else { "1,32,128" }.to_owned());
        let connections = list.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>();
        let connections = connections.ok().filter(|counts| !counts.contains(&0));
        let output: Option<PathBuf> = arguments.value("--output")?;
        // Neither hasty figures nor those of another program belong in the repository.
        let usual_output = (!quick && !stand_in).then(|| root.join(REPORT));
        let settings = Self {
            window: Duration::from_secs(arguments.value("--seconds")?.unwrap_or(if quick { 1 } else { 5 })),
            windows: arguments.value("--windows")?.unwrap_or(2),
            connections: connections.ok_or("--connections is a list such as 1,32,128")?,
            starts: if quick { 3 } else { 5 },
            use_wrk: !arguments.flag("--built-in-load") && installed("wrk"),
            output: output.or(usual_output),
        };
        arguments.finish()?;
        if settings.windows == 0 || settings.window.is_zero() {
            return Err("without a window there is nothing to measure".into());
        }
        Ok(settings)
    }
}

/// The command `bench`.
pub(crate) fn run(arguments: Arguments) -> Outcome {
    let root = root()?;
    let stand_in = std::env::var_os(BINARY_SETTING).map(PathBuf::from);
    let settings = Settings::read(arguments, &root, stand_in.is_some())?;
    let xtask = build(&root, "xtask", ["--bin", "xtask"])?;
    let binary = stand_in.map_or_else(|| build(&root, "gymkeeper-server", ["--bin", "gymkeeper"]), Ok)?;
    let bench = Bench { binary, xtask, folder: tempfile::Builder::new().prefix("gymkeeper-bench-").tempdir()? };
    let results = bench.measure(settings, &root).map_err(|error| bench.explain(&*error))?;
    let text = report::render(&results, &report::Machine::describe()?);
    println!("{text}");
    if let Some(path) = &results.settings.output {
        write(path, text.as_bytes())?;
        progress(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Builds a binary or an example for release and returns where it is. The bare server and the load generator must be built for
/// release just like the server, whereas `cargo xtask` itself runs a build for development.
fn build(root: &Path, package: &str, target: [&str; 2]) -> Outcome<PathBuf> {
    let [_, name] = target;
    progress(&format!("building {name} for release"));
    let mut command = cargo(root, &["build", "--release", "--locked", "--package", package]);
    command.args(target);
    let messages = capture_text(command.arg("--message-format=json-render-diagnostics"))?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| format!("cargo does not say where it put {name}").into())
}

/// The programs that take part, and the folder that they share.
struct Bench {
    binary: PathBuf,
    xtask: PathBuf,
    folder: TempDir,
}

/// What the demo says about itself in its first line.
struct Demo {
    /// What stands between the host and the paths of the API; usually nothing.
    prefix: String,
    key: String,
}

impl Bench {
    fn measure(&self, settings: Settings, root: &Path) -> Outcome<Results> {
        let (demo, seeding) = self.seed()?;
        let (server, target, starts) = self.start_repeatedly(&demo, settings.starts)?;
        std::thread::sleep(WARM_UP);
        let idle_kib = server.resident_kib()?;

        let targets = targets(&target, &demo)?;
        let recorded = targets.iter().map(record).collect::<Outcome<Vec<_>>>()?;
        let bare_port = free_port()?;
        let bare = self.start_bare_server(bare_port, &recorded)?;
        let mut paths = Vec::new();
        for (target, recorded) in targets.iter().zip(&recorded) {
            let bare_target = Target { address: format!("127.0.0.1:{bare_port}"), ..target.clone() };
            let pair = [(&bare, &bare_target), (&server, target)];
            let rows = self.compare(&settings, pair)?;
            paths.push(PathResult { path: target.path.clone(), answer_bytes: recorded.body.len(), rows });
        }
        let loaded_kib = server.resident_kib()?;
        bare.stop()?;
        server.stop()?;
        let binary_bytes = fs::metadata(&self.binary)?.len();
        let store = measure_store(root, settings.window)?;
        Ok(Results { settings, paths, seeding, starts, idle_kib, loaded_kib, binary_bytes, store })
    }

    /// Creates the demo data, and returns how long it took until the demo was ready.
    fn seed(&self) -> Outcome<(Demo, Duration)> {
        progress("seeding the demo");
        let start = Instant::now();
        let server = Server::start(self.demo(free_port()?)?.arg("--fresh"))?;
        let seeding = start.elapsed();
        let told: serde_json::Value = serde_json::from_str(&server.first_line)
            .map_err(|error| format!("the demo's first line is not JSON ({error}): {}", server.first_line))?;
        server.stop()?;
        let base_url = told["baseUrl"].as_str().ok_or("the demo does not tell its baseUrl")?;
        let (_, host_and_path) = base_url.split_once("://").ok_or("the demo's baseUrl is no URL")?;
        let prefix = host_and_path.find('/').map_or("", |position| host_and_path[position..].trim_end_matches('/'));
        let key = told["apiKeys"]["full"].as_str().ok_or("the demo does not tell its API key")?;
        Ok((Demo { prefix: prefix.to_owned(), key: key.to_owned() }, seeding))
    }

    /// Starts the server on the seeded data again and again; the last one stays.
    fn start_repeatedly(&self, demo: &Demo, times: usize) -> Outcome<(Server, Target, Vec<Duration>)> {
        progress("measuring the start");
        let mut starts = Vec::new();
        loop {
            let port = free_port()?;
            let target = Target {
                address: format!("127.0.0.1:{port}"),
                path: format!("{}{UTILIZATION}", demo.prefix),
                key: demo.key.clone(),
            };
            let mut command = self.demo(port)?;
            let start = Instant::now();
            let mut server = Server::start_silently(&mut command)?;
            wait_for_answer(&mut server, &target, start)?;
            starts.push(start.elapsed());
            if starts.len() >= times {
                return Ok((server, target, starts));
            }
            server.stop()?;
        }
    }

    fn demo(&self, port: u16) -> Outcome<Command> {
        let mut command = Command::new(&self.binary);
        command.args(["demo", "--no-rate-limit", "--json", "--port"]).arg(port.to_string());
        command.arg("--data").arg(self.folder.path().join("data"));
        // Logs go where they go in production, to a file, rather than through a terminal that slows them down.
        let log = File::options().create(true).append(true).open(self.log())?;
        command.stderr(Stdio::from(log));
        Ok(command)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Puts the last words of the server behind the error.
    fn explain(&self, error: &dyn std::error::Error) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(10)..].join("\n");
        if last.is_empty() { error.to_string() } else { format!("{error}\nThe server's last words:\n{last}") }
    }

    fn start_bare_server(&self, port: u16, recorded: &[Recorded]) -> Outcome<Server> {
        let file = self.folder.path().join("answers.json");
        write(&file, &serde_json::to_vec(recorded)?)?;
        let mut command = Command::new(&self.xtask);
        command.args(["bare-server", "--port"]).arg(port.to_string()).arg("--answers").arg(file);
        Server::start(&mut command)
    }

    fn compare(&self, settings: &Settings, pair: [(&Server, &Target); 2]) -> Outcome<Vec<(usize, Vec<Window>)>> {
        let [(bare, bare_target), (server, target)] = pair;
        let mut rows = Vec::new();
        for &connections in &settings.connections {
            progress(&format!("{} at {connections} connections", target.path));
            for (_, target) in pair {
                self.load(settings, target, connections, WARM_UP)?;
            }
            let mut windows = Vec::new();
            for _ in 0..settings.windows {
                windows.push(Window {
                    bare: self.sample(settings, bare, bare_target, connections)?,
                    ours: self.sample(settings, server, target, connections)?,
                });
            }
            rows.push((connections, windows));
        }
        Ok(rows)
    }

    fn sample(&self, settings: &Settings, server: &Server, target: &Target, connections: usize) -> Outcome<Sample> {
        let before = server.processor_time()?;
        let load = self.load(settings, target, connections, settings.window)?;
        let used = server.processor_time()?.saturating_sub(before);
        Ok(Sample { load, processor_micros: used.as_secs_f64() * 1e6 / load.requests as f64 })
    }

    fn load(&self, settings: &Settings, target: &Target, connections: usize, window: Duration) -> Outcome<Load> {
        if settings.use_wrk {
            return wrk::run(target, connections, window);
        }
        let mut command = Command::new(&self.xtask);
        command.args(["load", "--address", &target.address, "--path", &target.path, "--key", &target.key]);
        command.arg("--connections").arg(connections.to_string());
        command.arg("--seconds").arg(window.as_secs().to_string());
        Ok(serde_json::from_slice(&capture(&mut command)?)?)
    }
}

/// The three requests to measure: a small answer, a list, and one element of it.
fn targets(utilization: &Target, demo: &Demo) -> Outcome<Vec<Target>> {
    let offers = Target { path: format!("{}{OFFERS}", demo.prefix), ..utilization.clone() };
    let list: serde_json::Value = serde_json::from_slice(&record(&offers)?.body)?;
    // A slice carries its elements in `content`; a plain list is its own content.
    let elements = if list.is_array() { &list } else { &list["content"] };
    let id = &elements[0]["id"];
    let id = id.as_str().map(str::to_owned).or_else(|| id.as_i64().map(|id| id.to_string()));
    let id = id.ok_or("the demo offers no membership, so there is none to ask for")?;
    let offer = Target { path: format!("{}/{id}", offers.path), ..utilization.clone() };
    Ok(vec![utilization.clone(), offers, offer])
}

fn record(target: &Target) -> Outcome<Recorded> {
    let answer = http::get(target)?;
    if answer.status != 200 {
        let body = String::from_utf8_lossy(&answer.body);
        return Err(format!("GET {} answered {}: {body}", target.path, answer.status).into());
    }
    Ok(Recorded { path: target.path.clone(), content_type: answer.content_type, body: answer.body })
}

fn wait_for_answer(server: &mut Server, target: &Target, start: Instant) -> Outcome {
    loop {
        let answer = http::get(target).map(|answer| answer.status);
        match answer {
            Ok(200) => return Ok(()),
            Ok(status @ 400..500) => return Err(format!("GET {} answered {status}", target.path).into()),
            _ if server.has_ended()? => return Err("the server ended instead of starting".into()),
            _ if start.elapsed() > START_LIMIT => {
                return Err(format!("no answer {} seconds after the start", START_LIMIT.as_secs()).into());
            }
            _ => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Runs the benchmark that the store brings along: once as the disk is, once with every flush delayed by 2 ms.
fn measure_store(root: &Path, window: Duration) -> Outcome<String> {
    let example = build(root, "gymkeeper-store", ["--example", "store_bench"])?;
    progress("measuring the store");
    let seconds = window.as_secs().max(1).to_string();
    let as_it_is = capture_text(Command::new(&example).args(["--seconds", &seconds]))?;
    progress("measuring the store with slow flushes");
    let folder = tempfile::tempdir()?;
    let shim = folder.path().join("slow_fsync.so");
    let source = root.join("xtask/src/bench/slow_fsync.c");
    capture_text(Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&shim).arg(&source).arg("-ldl"))?;
    let slowed =
        capture_text(Command::new(&example).env("LD_PRELOAD", &shim).args(["--seconds", &seconds, "--slow-flushes"]))?;
    Ok(format!(
        "{}\n\nThe same with every flush to the disk delayed by 2 ms:\n\n{}",
        as_it_is.trim_end(),
        slowed.trim_end()
    ))
}

fn free_port() -> Outcome<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Tells the person who waits; the report alone goes to standard output.
fn progress(message: &str) {
    eprintln!("bench: {message}");
}
