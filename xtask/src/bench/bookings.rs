//! Measures bookings: places in classes over HTTP beside one commit each and beside `pgbench`, free times of many trainers, and
//! the schedule of a chain beside a bare server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gymkeeper_testkit::Cluster;
use serde::Deserialize;

use super::built_in::Load;
use super::http::{self, Target};
use super::report::{Machine, median, thousands, verdict, writes_row};
use super::stage::{COUNTING, Running, STEP, Stage, copy_folder, headers};
use super::{progress, wrk};
use crate::Outcome;
use crate::arguments::Arguments;
use crate::workspace::{capture_text, root, write};

const REPORT: &str = "docs/reference/performance-bookings.md";
/// The statements of a booking.
const STATEMENTS: &str = include_str!("booking.pgbench");
/// So many people book at once.
const BOOKERS: usize = 128;
/// Clients of pgbench; more do not book more, because all changes of a tenant share the head of its journal.
const PG_CLIENTS: i64 = 16;
/// So many people look at the schedule at once.
const READERS: usize = 32;
/// So many people look for a free time at once.
const SEEKERS: usize = 8;
const MEMBERS: i64 = 200_000;

/// What was written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    tenant: i64,
    studio: i64,
    class: i64,
    /// The slots that are booked, by their start.
    slots: Vec<i64>,
    appointment: i64,
    first_member: i64,
    today: String,
}

struct Settings {
    window: Duration,
    windows: usize,
    output: Option<PathBuf>,
}

impl Settings {
    fn read(mut arguments: Arguments, root: &Path) -> Outcome<Self> {
        let settings = Self {
            window: Duration::from_secs(arguments.value("--seconds")?.unwrap_or(3)),
            windows: arguments.value("--windows")?.unwrap_or(5),
            output: arguments.value("--output")?.or_else(|| Some(root.join(REPORT))),
        };
        arguments.finish()?;
        if settings.windows == 0 || settings.window.is_zero() {
            return Err("without a window there is nothing to measure".into());
        }
        Ok(settings)
    }

    /// The members of one thread in one window: nobody is booked twice.
    fn block(&self) -> i64 {
        MEMBERS / (2 * i64::try_from(self.windows).unwrap_or(i64::MAX))
    }
}

/// The command `bench-bookings`.
pub(crate) fn run(arguments: Arguments) -> Outcome {
    let root = root()?;
    let settings = Settings::read(arguments, &root)?;
    let stage = Stage::set(&root, "fill_bookings")?;
    let mut page = introduction(&settings)?;
    progress("writing the data");
    let data: Data = stage.fill("sqlite", MEMBERS, None)?;
    let running = stage.serve("sqlite", None, "/v1/studios/utilization")?;
    page.push_str(&schedule(&stage, &settings, &running)?);
    page.push_str(&free_times(&stage, &settings, &running, &data)?);
    page.push_str(
        "\n## Booking a place\n\n| | One commit each, /s | Over HTTP, /s | Ratio | Goal | p50, ms | p99, ms |\n\
         |---|---:|---:|---:|---|---:|---:|\n",
    );
    page.push_str(&on_sqlite(&stage, &settings, &running, &data)?);
    drop(running);
    page.push_str(&on_postgres(&stage, &settings)?);
    println!("{page}");
    if let Some(path) = &settings.output {
        write(path, page.as_bytes())?;
        progress(&format!("wrote {}", path.display()));
    }
    Ok(())
}

fn introduction(settings: &Settings) -> Outcome<String> {
    let mut page = String::from(
        "# Performance of bookings\n\n`cargo xtask bench-bookings` measures and writes this page. The figures hold for the \
         machine below; what can be compared between machines are the ratios.\n\n## The machine\n\n| | |\n|---|---|\n",
    );
    for (name, value) in Machine::describe()?.lines() {
        page.push_str(&format!("| {name} | {value} |\n"));
    }
    page.push_str(&format!(
        "\n## The data\n\nA studio with {} members, 60 classes a day for two weeks, and 200 trainers who work eight hours a day \
         in shifts, with 20,000 appointments of half an hour in the next seven days: nearly all of their time. Everything is measured {} times for {} s, in turns with what it is \
         compared to. The load comes from wrk on the same machine; a request that fails ends the run.\n",
        thousands(MEMBERS as f64),
        settings.windows,
        settings.window.as_secs(),
    ));
    Ok(page)
}

/// The schedule beside a bare server.
fn schedule(stage: &Stage, settings: &Settings, running: &Running) -> Outcome<String> {
    progress("the schedule");
    let target = running.target("/v1/classes/slots?daysAhead=1".to_owned());
    let (bare, address, bytes) = stage.bare(&target, ("GET", ""), "/v1/classes/slots")?;
    let mut beside = target.clone();
    beside.address = address;
    let mut loads: Vec<(Load, Load)> = Vec::new();
    for _ in 0..settings.windows {
        loads.push((wrk::run(&beside, READERS, settings.window)?, wrk::run(&target, READERS, settings.window)?));
    }
    bare.stop()?;
    let ratio = median(loads.iter().map(|(bare, ours)| ours.per_second / bare.per_second));
    Ok(format!(
        "\n## The schedule\n\n`GET /v1/classes/slots?daysAhead=1` at {READERS} connections: 50 slots, {} bytes.\n\n\
         | Bare, requests/s | Gymkeeper, requests/s | Ratio | Goal | p50, ms | p99, ms |\n|---:|---:|---:|---|---:|---:|\n\
         | {} | {} | {ratio:.2} | ≥ 0.3: {} | {:.2} | {:.2} |\n",
        thousands(bytes as f64),
        thousands(median(loads.iter().map(|(bare, _)| bare.per_second))),
        thousands(median(loads.iter().map(|(_, ours)| ours.per_second))),
        verdict(ratio >= 0.3),
        median(loads.iter().map(|(_, ours)| ours.p50_micros / 1e3)),
        median(loads.iter().map(|(_, ours)| ours.p99_micros / 1e3)),
    ))
}

/// Free times of a week, while nothing changes and while somebody books and gives back.
fn free_times(stage: &Stage, settings: &Settings, running: &Running, data: &Data) -> Outcome<String> {
    progress("free times");
    let path =
        format!("/v1/appointments/bookable/{}/slots?daysAhead=6&slotWindowStartDate={}", data.appointment, data.today);
    let target = running.target(path);
    let (bare, _, bytes) = stage.bare(&target, ("GET", ""), "/v1/appointments/bookable/{id}/slots")?;
    bare.stop()?;
    let (mut quiet, mut busy) = (Vec::new(), Vec::new());
    for _ in 0..settings.windows {
        quiet.push(wrk::run(&target, SEEKERS, settings.window)?);
        let over = AtomicBool::new(false);
        let load = std::thread::scope(|scope| {
            let booking =
                scope.spawn(|| book_and_give_back(&target, running, data, &over).map_err(|error| error.to_string()));
            let load = wrk::run(&target, SEEKERS, settings.window);
            over.store(true, Ordering::Relaxed);
            let booked = booking.join().map_err(|_| "whoever books has panicked")?;
            booked?;
            load
        })?;
        busy.push(load);
    }
    let mut page = format!(
        "\n## Free times\n\nThe free times of 200 trainers in seven days at {SEEKERS} connections: {} bytes. An answer is kept until a \
         change or the next minute, so it is made anew by all who ask meanwhile.\n\n\
         | | Requests/s | p50, ms | p99, ms | Goal |\n|---|---:|---:|---:|---|\n",
        thousands(bytes as f64),
    );
    for (name, loads) in [("nothing changes", quiet), ("ten changes a second", busy)] {
        let p99 = median(loads.iter().map(|load| load.p99_micros / 1e3));
        page.push_str(&format!(
            "| {name} | {} | {:.2} | {p99:.2} | < 20: {} |\n",
            thousands(median(loads.iter().map(|load| load.per_second))),
            median(loads.iter().map(|load| load.p50_micros / 1e3)),
            verdict(p99 < 20.0),
        ));
    }
    Ok(page)
}

/// Ten times a second books the first free time that is shown, or gives it back.
fn book_and_give_back(times: &Target, running: &Running, data: &Data, over: &AtomicBool) -> Outcome {
    let asked = |path: &str, method: &str, body: &str| -> Outcome<serde_json::Value> {
        let answer = http::send(&running.target(path.to_owned()), method, body)?;
        if method != "GET" {
            std::thread::sleep(Duration::from_millis(100));
        }
        if !matches!(answer.status, 200 | 204) {
            return Err(format!("{method} {path} answered {}", answer.status).into());
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    };
    while !over.load(Ordering::Relaxed) {
        let free = asked(&times.path, "GET", "")?;
        let first = &free[0];
        let wish = serde_json::json!({
            "customerId": data.first_member,
            "bookableAppointmentId": data.appointment,
            "startDateTime": first["startDateTime"],
            "endDateTime": first["endDateTime"],
        });
        let booked = asked("/v1/appointments/booking/book", "POST", &wish.to_string())?;
        asked(&format!("/v1/appointments/booking/{}", booked["bookingId"]), "DELETE", "")?;
    }
    Ok(())
}

/// A script for wrk in which each thread of each window books places for members of its own.
fn booking_script(running: &Running, data: &Data, (block, window): (i64, usize)) -> String {
    let slots: Vec<String> = data.slots.iter().map(i64::to_string).collect();
    format!(
        "{}{COUNTING}local slots = {{ {} }}\nfunction request()\n  count = count + 1\n  local number = ({window} * 2 + own) * {block} + count\n\
         \x20 local body = string.format([[{{\"customerId\":%d,\"classSlotId\":%d}}]], {} + {STEP} * number, slots[number % #slots + 1])\n\
         \x20 return wrk.format(\"POST\", \"/v1/classes/booking/book\", headers, body)\nend\n",
        headers(&running.key),
        slots.join(", "),
        data.first_member,
    )
}

fn on_sqlite(stage: &Stage, settings: &Settings, running: &Running, data: &Data) -> Outcome<String> {
    progress("booking on SQLite");
    let copy = stage.folder.path().join("loop");
    copy_folder(&running.data, &copy)?;
    let (mut loops, mut loads) = (Vec::new(), Vec::new());
    for window in 0..settings.windows {
        let seconds = settings.window.as_secs().to_string();
        let from = 2 * settings.block() * i64::try_from(window)?;
        let mut alone = Command::new(&stage.fill);
        alone.arg("loop").arg(&copy).args([&seconds, &from.to_string()]);
        loops.push(capture_text(&mut alone)?.trim().parse::<f64>()?);
        let script = stage.script(&booking_script(running, data, (settings.block(), window)))?;
        loads.push(wrk::run_script(&running.address, &script, BOOKERS, settings.window)?);
    }
    Ok(writes_row(&format!("SQLite, {BOOKERS} connections"), &loops, &loads, 2.0))
}

fn on_postgres(stage: &Stage, settings: &Settings) -> Outcome<String> {
    let Some(cluster) = Cluster::durable() else {
        return Err("this benchmark needs PostgreSQL with pgbench".into());
    };
    progress("booking on PostgreSQL");
    let (ours, theirs) = (cluster.create_database("bench"), cluster.create_database("pgbench"));
    let data: Data = stage.fill("postgres", MEMBERS, Some(&ours))?;
    let like: Data = stage.fill("pgbench", MEMBERS, Some(&theirs))?;
    let running = stage.serve("postgres", Some(&ours), "/v1/studios/utilization")?;
    let file = stage.folder.path().join("booking.pgbench");
    write(&file, STATEMENTS.as_bytes())?;
    let (mut alone, mut loads) = (Vec::new(), Vec::new());
    for window in 0..settings.windows {
        alone.push(pgbench(&file, &theirs, &like, settings, window)?);
        let script = stage.script(&booking_script(&running, &data, (settings.block(), window)))?;
        loads.push(wrk::run_script(&running.address, &script, BOOKERS, settings.window)?);
    }
    let row = writes_row(&format!("PostgreSQL, {BOOKERS} connections"), &alone, &loads, 0.5);
    Ok(format!(
        "\nOn PostgreSQL, beside the same statements sent by pgbench with {PG_CLIENTS} clients (`xtask/src/bench/booking.pgbench`):\n\n\
         | | pgbench, /s | Over HTTP, /s | Ratio | Goal | p50, ms | p99, ms |\n|---|---:|---:|---:|---|---:|---:|\n{row}"
    ))
}

/// Has pgbench send the statements of bookings, and answers how many it made in a second.
fn pgbench(file: &Path, url: &str, data: &Data, settings: &Settings, window: usize) -> Outcome<f64> {
    let spread = spread(&data.slots).ok_or("the slots do not lie as the script for pgbench wants them")?;
    let block = settings.block() / PG_CLIENTS;
    let base = 2 * settings.block() * i64::try_from(window)?;
    let mut command = Command::new("pgbench");
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]).arg(format!("--client={PG_CLIENTS}"));
    command.arg(format!("--time={}", settings.window.as_secs())).arg(format!("--file={}", file.display()));
    for (name, value) in [
        ("n", 0),
        ("base", base),
        ("block", block),
        ("first", data.first_member),
        ("tenant", data.tenant),
        ("studio", data.studio),
        ("class", data.class),
        ("slot", spread.first),
        ("stride", spread.stride),
        ("classes", spread.classes),
        ("days", spread.days),
    ] {
        command.arg(format!("--define={name}={value}"));
    }
    let told = capture_text(command.arg(url))?;
    let rate = told.lines().find_map(|line| line.trim().strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    rate.ok_or_else(|| format!("pgbench tells no rate:\n{told}").into())
}

/// How the ids of slots lie: those of a class one after the other, and the classes equally far apart.
#[derive(Debug, PartialEq)]
struct Spread {
    first: i64,
    days: i64,
    stride: i64,
    classes: i64,
}

fn spread(slots: &[i64]) -> Option<Spread> {
    let mut sorted = slots.to_vec();
    sorted.sort_unstable();
    let first = *sorted.first()?;
    let days = sorted.iter().zip(first..).take_while(|(id, wanted)| *id == wanted).count();
    let next = *sorted.get(days)?;
    let spread = Spread {
        first,
        days: i64::try_from(days).ok()?,
        stride: next - first,
        classes: i64::try_from(sorted.len() / days).ok()?,
    };
    let wanted = (0..spread.classes).flat_map(|class| {
        let begin = spread.first + class * spread.stride;
        begin..begin + spread.days
    });
    wanted.eq(sorted.iter().copied()).then_some(spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_found_by_class_and_day() {
        let wanted = Spread { first: 10, days: 3, stride: 5, classes: 2 };
        assert_eq!(spread(&[10, 15, 11, 16, 12, 17]), Some(wanted));
        assert_eq!(spread(&[10, 11, 13, 20, 21, 22]), None);
        assert_eq!(spread(&[]), None);
    }
}
