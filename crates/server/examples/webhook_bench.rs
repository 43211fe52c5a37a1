//! How fast a backlog of events reaches one receiver on this machine, and what memory that takes. Prints Markdown.
//!
//! `cargo run --release -p gymkeeper-server --example webhook_bench -- [EVENTS] [postgres://...]`

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::unwrap_used, clippy::print_stdout)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use gymkeeper_server::http::failure::Failure;
use gymkeeper_server::{
    actions::{
        apply,
        change::{Actor, By},
        checkin::{self, Visitor},
        webhook::{self, Wanted},
    },
    app::{self, App},
    config::Config,
    gymfile::{self, Contents},
    workers::webhooks,
};
use gymkeeper_store::{journal::Begins, keys, studio};
use jiff::Timestamp;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const GYM: &str = "
tenant: { key: acme, name: Acme, sandbox: true }
studios:
  - { key: north, name: North, country: Germany, country_code: DE, zone: Europe/Berlin, language: en, currency: EUR }
";

struct Nothing;

impl Contents for Nothing {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(path.to_owned())
    }
}

/// A receiver on threads of its own, so that it takes as little from the server as it can.
fn receive(received: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut out, received) = (stream.unwrap(), Arc::clone(&received));
            out.set_nodelay(true).unwrap();
            std::thread::spawn(move || {
                let mut lines = BufReader::new(out.try_clone().unwrap());
                let (mut line, mut length) = (String::new(), 0);
                while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
                    if let Some(value) = line.strip_prefix("content-length: ") {
                        length = value.trim().parse().unwrap();
                    }
                    if line == "\r\n" {
                        lines.read_exact(&mut vec![0; length]).unwrap();
                        received.fetch_add(1, Relaxed);
                        out.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
                    }
                    line.clear();
                }
            });
        }
    });
    url
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let events: usize = arguments.first().map_or(100_000, |text| text.parse().expect("a number of events"));
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    config.data_dir = folder.path().to_owned();
    config.database = arguments.get(1).cloned().unwrap_or_default();
    let opening = config.clone();
    let db = tokio::task::spawn_blocking(move || app::open_db(&opening)).await.unwrap().unwrap();
    let app = App::new(config, db, "http://localhost").await.unwrap();
    let received = Arc::new(AtomicUsize::new(0));
    let url = receive(Arc::clone(&received));
    let by = By::new(Actor::Cli("bench".to_owned()), app.clock.now());
    let gym = gymfile::read(GYM, jiff::civil::date(2026, 11, 21), &Nothing).unwrap();
    let making = by.clone();
    let (tenant, studio) = app
        .db
        .write(move |tx| {
            let tenant = apply::apply(tx, &gym, &making)?.tenant;
            let studio = studio::list(tx, tenant.id())?[0].id;
            let mut change = making.changes(tx, &tenant);
            let wanted = Wanted { studio, integration: "bench".to_owned(), url: url.clone(), types: None };
            webhook::add_target(&mut change, &wanted).unwrap();
            let integration = keys::integration(change.tx, change.tenant, "bench")?;
            keys::activate(change.tx, change.tenant, integration, studio, change.now)?;
            let deed = gymkeeper_server::actions::change::Deed::new("integration.activated");
            change.record(deed.begins(Begins::Activation { integration, studio }));
            Ok::<_, Failure>((tenant, studio))
        })
        .await
        .unwrap();
    let mut left = events;
    while left > 0 {
        let (count, by, tenant) = (left.min(1000), by.clone(), tenant.clone());
        app.db
            .write(move |tx| {
                let visitor = Visitor { customer: Some(7), at: Timestamp::UNIX_EPOCH };
                checkin::open(&mut by.changes(tx, &tenant), studio, &vec![visitor; count])
            })
            .await
            .unwrap();
        left -= count;
    }
    let (before, begun) = (memory(), Instant::now());
    let draining = tokio::spawn({
        let (app, tenant) = (Arc::clone(&app), tenant.id());
        async move { while webhooks::drain(&app, tenant).await.is_err() {} }
    });
    let mut half = String::new();
    while received.load(Relaxed) < events {
        if half.is_empty() && received.load(Relaxed) > events / 2 {
            half = memory();
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let took = begun.elapsed();
    draining.await.unwrap();
    println!(
        "| events | seconds | events/s | memory before | in the middle | after |\n|---:|---:|---:|---:|---:|---:|"
    );
    let rate = events as f64 / took.as_secs_f64();
    println!("| {events} | {:.1} | {rate:.0} | {before} | {half} | {} |", took.as_secs_f64(), memory());
    tokio::task::spawn_blocking(move || app.db.close()).await.unwrap();
}
