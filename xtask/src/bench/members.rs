//! Measures the server with many members: 200,000 beside 2,000,000 beside a bare server, in turns.
//!
//! Unlike the other benchmark it never asks for the same thing twice in a row: each request is about another member, picked
//! from a sample over all of them. The load comes from `wrk`, which alone can be told to do that.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use super::built_in::Load;
use super::report::{Machine, median, thousands, verdict, writes_row};
use super::stage::{COUNTING, Running, STEP, Stage, copy_folder, headers};
use super::{http, progress, wrk};
use crate::Outcome;
use crate::arguments::Arguments;
use crate::workspace::{capture_text, root, write};

const REPORT: &str = "docs/reference/performance-members.md";
const READERS: usize = 32;
const WRITERS: usize = 64;
const WRITE_WINDOW: Duration = Duration::from_secs(3);
/// So many seconds may be needed to warm up.
const MOST_TURNS: usize = 60;
/// What a server answers once it is there, without looking for a member.
const STUDIO: &str = "/v1/studios/information";
/// As often one looks how many have been drawn ahead, and so often in a row it may be as many as before.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
const MOST_STANDS: usize = 50;
/// So many members are checked in by one thread in one window at the most.
const CHECKINS: i64 = 19_000;

/// One of the members, to ask for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sampled {
    id: i64,
    customer_number: String,
    debtor_id: String,
    card_number: String,
    barcode: String,
    pin: String,
    last_name: String,
    email: String,
}

/// Whom requests are about.
#[derive(Clone, Copy, PartialEq)]
enum Whom {
    /// Those of the sample in turns, each of whom was asked for before.
    Sample,
    /// Anybody of all, nobody of whom was asked for since the server started.
    Anybody,
    /// Anybody of all, at once after the server started.
    JustStarted,
}

/// The parts of the page, with what is to be said of them.
const PARTS: [(Whom, &str); 3] = [
    (
        Whom::Sample,
        "## The same members again\n\nEach request is about another of 2,000 members spread over all of them, each of whom was asked for \
         before.\n",
    ),
    (
        Whom::Anybody,
        "## Any member, for the first time\n\nEach table begins with servers that were started anew. Somebody is asked for, and all others \
         are drawn ahead before it counts. Each request is about another member, until all have been asked for: with few members that is \
         within a window. Of the beginnings of names there are fewer than that, so they come again.\n",
    ),
    (
        Whom::JustStarted,
        "## Any member, just after the start\n\nHere each window begins at once after the server was started: hardly anybody is kept, and \
         others are drawn ahead while requests are answered. These are the first seconds of the time that the table of the data above \
         tells, after a start, or when something changed that concerns all customers. They are held to the same goals. A \
         studio that does not fit into `memory.customers_mib` stays like this for whoever is not asked for again and again.\n",
    ),
];

const BY_ID: &str = r#""GET", string.format("/v1/customers/%d", id), headers"#;
const BY_CARD: &str = r#""GET", string.format("/v1/customers/by?cardNumber=%d", 2000000000 + number), headers"#;
const BY_NUMBER: &str = r#""GET", string.format("/v1/customers/by?customerNumber=1-%d", 1000000 + number), headers"#;
const BY_DEBTOR: &str = r#""GET", string.format("/v1/customers/by?debtorId=D-%d", 1000000 + number), headers"#;
const BY_BARCODE: &str = r#""GET", string.format("/v1/customers/by?barcode=%d", 4000000000 + number), headers"#;
const BY_PIN: &str = r#""GET", string.format("/v1/customers/by?pin=%d", 1000000 + number), headers"#;
const BY_NAME: &str = r#""POST", "/v1/customers/search", headers, string.format([[{"lastName":"%s"}]], letters)"#;
const BY_EMAIL: &str =
    r#""POST", "/v1/customers/search", headers, string.format([[{"email":"member%d@example.org"}]], number)"#;

/// What is asked for, and how much of a bare server's rate it must reach.
struct Kind {
    name: &'static str,
    /// Where the bare server answers it.
    route: &'static str,
    goal: Option<f64>,
    /// The share of the rate with few members that must be left with many.
    flat: Option<f64>,
    /// The longest that one of a hundred may take, in milliseconds.
    p99: Option<f64>,
    /// The request for one of the sample.
    request: fn(&Sampled) -> (&'static str, String, String),
    /// The request for anybody, in Lua, from the `number` of a member, from 1, their `id`, and `letters` with which names begin.
    anybody: Option<&'static str>,
    /// What is to be said about the figures.
    note: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "by id",
        route: "/v1/customers/{id}",
        goal: Some(0.5),
        flat: Some(0.9),
        p99: None,
        request: |m| ("GET", format!("/v1/customers/{}", m.id), String::new()),
        anybody: Some(BY_ID),
        note: "",
    },
    Kind {
        name: "by card number",
        route: "/v1/customers/by",
        goal: Some(0.5),
        flat: Some(0.9),
        p99: None,
        request: |m| ("GET", format!("/v1/customers/by?cardNumber={}", m.card_number), String::new()),
        anybody: Some(BY_CARD),
        note: "",
    },
    Kind {
        name: "by customer number",
        route: "/v1/customers/by",
        goal: Some(0.5),
        flat: Some(0.9),
        p99: None,
        request: |m| ("GET", format!("/v1/customers/by?customerNumber={}", m.customer_number), String::new()),
        anybody: Some(BY_NUMBER),
        note: "",
    },
    Kind {
        name: "by debtor id",
        route: "/v1/customers/by",
        goal: Some(0.5),
        flat: Some(0.9),
        p99: None,
        request: |m| ("GET", format!("/v1/customers/by?debtorId={}", m.debtor_id), String::new()),
        anybody: Some(BY_DEBTOR),
        note: "Whom a debt collector means is kept until something is done to any customer that may change it; an index tells it then.",
    },
    Kind {
        name: "by barcode",
        route: "/v1/customers/by",
        goal: Some(0.5),
        flat: Some(0.9),
        p99: None,
        request: |m| ("GET", format!("/v1/customers/by?barcode={}", m.barcode), String::new()),
        anybody: Some(BY_BARCODE),
        note: "A QR code, `qrCodeUuid`, is looked for as a barcode is.",
    },
    Kind {
        name: "by PIN",
        route: "/v1/customers/by",
        goal: Some(0.5),
        flat: Some(0.9),
        p99: None,
        request: |m| ("GET", format!("/v1/customers/by?pin={}", m.pin), String::new()),
        anybody: Some(BY_PIN),
        note: "",
    },
    Kind {
        name: "slice of 50",
        route: "/v1/customers",
        goal: Some(0.12),
        flat: None,
        p99: None,
        request: |m| ("GET", format!("/v1/customers?sliceSize=50&offset={}", m.id), String::new()),
        anybody: None,
        note: "Where the time goes, by the samples of `perf` with 200,000 members: 32 % in SQLite's steps over the ids of the slice, 19 % in \
               finding what is kept, 12 % in copying it, 25 % in the system, most of it sending, the rest in HTTP.",
    },
    Kind {
        name: "search, five letters of the last name",
        route: "/v1/customers/search",
        goal: None,
        flat: None,
        p99: Some(10.0),
        request: |m| ("POST", "/v1/customers/search".to_owned(), format!(r#"{{"lastName":"{}"}}"#, &m.last_name[..5])),
        anybody: Some(BY_NAME),
        note: "",
    },
    Kind {
        name: "search by e-mail address",
        route: "/v1/customers/search",
        goal: Some(0.5),
        flat: Some(0.9),
        p99: None,
        request: |m| ("POST", "/v1/customers/search".to_owned(), format!(r#"{{"email":"{}"}}"#, m.email)),
        anybody: Some(BY_EMAIL),
        note: "",
    },
];

struct Settings {
    sizes: Vec<i64>,
    window: Duration,
    windows: usize,
    output: Option<PathBuf>,
}

impl Settings {
    fn read(mut arguments: Arguments, root: &Path) -> Outcome<Self> {
        let sizes: String = arguments.value("--members")?.unwrap_or("200000,2000000".to_owned());
        let usual = sizes == "200000,2000000";
        let sizes = sizes.split(',').map(str::parse).collect::<Result<Vec<i64>, _>>();
        let settings = Self {
            sizes: sizes
                .ok()
                .filter(|sizes| sizes.iter().all(|size| *size >= 1000))
                .ok_or("--members is a list such as 200000,2000000")?,
            window: Duration::from_secs(arguments.value("--seconds")?.unwrap_or(3)),
            windows: arguments.value("--windows")?.unwrap_or(5),
            output: arguments.value("--output")?.or(usual.then(|| root.join(REPORT))),
        };
        arguments.finish()?;
        if settings.windows == 0 || settings.window.is_zero() {
            return Err("without a window there is nothing to measure".into());
        }
        Ok(settings)
    }
}

/// A filled data folder with a server on it.
struct Gym {
    members: i64,
    filling: Duration,
    sample: Vec<Sampled>,
    running: Running,
    idle_kib: u64,
    drawing: Drawing,
}

/// What it takes to draw all members ahead.
struct Drawing {
    took: Duration,
    processor: Duration,
    resident_kib: u64,
}

/// The command `bench-members`.
pub(crate) fn run(arguments: Arguments) -> Outcome {
    let root = root()?;
    let settings = Settings::read(arguments, &root)?;
    let stage = Stage::set(&root, "fill_members")?;
    let mut gyms = settings.sizes.iter().map(|size| gym(&stage, *size)).collect::<Outcome<Vec<_>>>()?;
    let mut page = introduction(&settings, &gyms)?;
    for (whom, words) in PARTS {
        page.push_str(&format!("\n{words}"));
        for kind in KINDS.iter().filter(|kind| whom == Whom::Sample || kind.anybody.is_some()) {
            page.push_str(&reads(&stage, &settings, &mut gyms, (kind, whom))?);
        }
    }
    page.push_str(&writes(&stage, &settings, &gyms)?);
    println!("{page}");
    if let Some(path) = &settings.output {
        write(path, page.as_bytes())?;
        progress(&format!("wrote {}", path.display()));
    }
    Ok(())
}

fn gym(stage: &Stage, members: i64) -> Outcome<Gym> {
    progress(&format!("writing {members} members"));
    let (name, begun) = (members.to_string(), std::time::Instant::now());
    let sample: Vec<Sampled> = stage.fill(&name, members, None)?;
    let filling = begun.elapsed();
    let running = stage.serve(&name, None, STUDIO)?;
    recall_file(&running)?;
    let idle_kib = running.server.resident_kib()?;
    let first = sample.first().ok_or("there is nobody to ask for")?;
    let drawing = draw_ahead(&running, first, members)?;
    Ok(Gym { members, filling, sample, running, idle_kib, drawing })
}

/// Asks for somebody, and waits until all others have been drawn ahead.
fn draw_ahead(running: &Running, first: &Sampled, members: i64) -> Outcome<Drawing> {
    let (begun, before) = (std::time::Instant::now(), running.server.processor_time()?);
    let answer = http::get(&running.target(format!("/v1/customers/{}", first.id)))?;
    if answer.status != 200 {
        return Err(format!("nobody is shown: {}", answer.status).into());
    }
    let (mut known, mut stands) = (0, 0);
    // The first one may have been drawn before.
    while known + 1 < members {
        std::thread::sleep(LOOK_AGAIN);
        let before = std::mem::replace(&mut known, drawn(running)?);
        stands = if known == before { stands + 1 } else { 0 };
        if stands > MOST_STANDS {
            return Err(
                format!("of {members} members only {known} are drawn ahead: there may be no memory for more").into()
            );
        }
    }
    Ok(Drawing {
        took: begun.elapsed(),
        processor: running.server.processor_time()? - before,
        resident_kib: running.server.resident_kib()?,
    })
}

/// So many customers have been drawn ahead.
fn drawn(running: &Running) -> Outcome<i64> {
    let text = String::from_utf8(http::get(&running.target("/metrics".to_owned()))?.body)?;
    let figure = text.lines().find_map(|line| line.strip_prefix("gymkeeper_customers_drawn_ahead_total "));
    Ok(figure.ok_or("nobody says how many were drawn ahead")?.parse()?)
}

/// Starts a gym's server anew.
fn restart(stage: &Stage, gym: &mut Gym) -> Outcome {
    gym.running.server.terminate()?;
    gym.running = stage.serve(&gym.members.to_string(), None, STUDIO)?;
    Ok(())
}

/// The `place`th of some numbers below `count`, in Lua: each comes once before any comes again, and neighbours lie far apart.
fn scattered(place: &str, count: i64) -> String {
    let golden = (count as f64 * 0.618_034) as i64;
    let step = (golden.max(1)..).find(|step| gcd(*step, count) == 1).unwrap_or(1);
    format!("(({place}) % {count}) * {step} % {count}")
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Pieces of the last names in the sample. Syllables have two letters, so pieces of several names make the beginning of another one.
fn pieces(gym: &Gym) -> [BTreeSet<&str>; 3] {
    [(0, 2), (2, 4), (4, 5)]
        .map(|(from, to)| gym.sample.iter().filter_map(|member| member.last_name.get(from..to)).collect())
}

/// A script for wrk, whose two threads come to everybody before either comes to anybody again.
fn anybody_script(gym: &Gym, request: &str, window: usize) -> Outcome<String> {
    let first = gym.sample.first().ok_or("there is nobody to ask for")?;
    let [heads, middles, tails] = pieces(gym);
    let beginnings = (heads.len() * middles.len() * tails.len()) as i64;
    let list =
        |pieces: &BTreeSet<&str>| pieces.iter().map(|piece| format!("\"{piece}\"")).collect::<Vec<_>>().join(", ");
    // The first one is not among them: the sample begins with number 1.
    let others = gym.members - 1;
    let place = format!("{window} * {} + own * {} + count", others / 7, others / 2);
    let name = format!("{window} * {} + own * {} + count", beginnings / 7, beginnings / 2);
    Ok(format!(
        "{}{COUNTING}local heads, middles, tails = {{ {} }}, {{ {} }}, {{ {} }}\nfunction request()\n\
         \x20 local number = {} + 1\n  local id = {} + {STEP} * (number - 1)\n  local name = {}\n  count = count + 1\n\
         \x20 local letters = heads[name % #heads + 1] .. middles[math.floor(name / #heads) % #middles + 1]\n\
         \x20 letters = letters .. tails[math.floor(name / #heads / #middles) + 1]\n  return wrk.format({request})\nend\n",
        headers(&gym.running.key),
        list(&heads),
        list(&middles),
        list(&tails),
        scattered(&place, others),
        first.id,
        scattered(&name, beginnings),
    ))
}

/// A script for wrk that sends the requests of a kind in turns.
fn reading_script(gym: &Gym, (kind, whom): (&Kind, Whom), window: usize) -> Outcome<String> {
    if whom != Whom::Sample {
        return anybody_script(gym, kind.anybody.ok_or("this is asked of the sample alone")?, window);
    }
    let requests: Vec<String> = gym
        .sample
        .iter()
        .map(|member| {
            let (method, path, body) = (kind.request)(member);
            format!("  wrk.format(\"{method}\", [[{path}]], headers, [[{body}]]),\n")
        })
        .collect();
    Ok(format!(
        "{}local requests\nlocal next = 0\nfunction init(args)\n  requests = {{\n{}  }}\n  next = math.random(#requests)\nend\n\
         function request()\n  next = next % #requests + 1\n  return requests[next]\nend\n",
        headers(&gym.running.key),
        requests.concat(),
    ))
}

fn reads(stage: &Stage, settings: &Settings, gyms: &mut [Gym], (kind, whom): (&Kind, Whom)) -> Outcome<String> {
    progress(kind.name);
    gyms.iter_mut().try_for_each(|gym| prepare(stage, gym, (kind, whom)))?;
    let first = gyms.first().ok_or("there is no gym")?;
    let (method, path, body) = (kind.request)(first.sample.first().ok_or("there is nobody to ask for")?);
    let (bare, bare_address, bytes) = stage.bare(&first.running.target(path), (method, &body), kind.route)?;
    let mut rates: Vec<Vec<Load>> = vec![Vec::new(); gyms.len() + 1];
    for window in 0..settings.windows {
        let script = stage.script(&reading_script(&gyms[0], (kind, whom), window)?)?;
        rates[0].push(wrk::run_script(&bare_address, &script, READERS, settings.window)?);
        for (gym, rates) in gyms.iter_mut().zip(&mut rates[1..]) {
            if whom != Whom::Sample {
                recall_file(&gym.running)?;
            }
            if whom == Whom::JustStarted {
                restart(stage, gym)?;
            }
            let script = stage.script(&reading_script(gym, (kind, whom), window)?)?;
            let load = wrk::run_script(&gym.running.address, &script, READERS, settings.window)?;
            if whom == Whom::JustStarted {
                // Or it would go on drawing while others are measured.
                gym.running.server.terminate()?;
                if kind.anybody != Some(BY_NAME) && load.requests >= gym.members as u64 {
                    return Err("the window is too long to ask for nobody twice".into());
                }
            }
            rates.push(load);
        }
    }
    bare.stop()?;
    if whom == Whom::JustStarted {
        gyms.iter_mut().try_for_each(|gym| restart(stage, gym))?;
    }
    Ok(reads_table((kind, whom), bytes, gyms, &rates))
}

/// Reads the file of the database: the system may have put it away meanwhile, and the disk is not what is to be measured.
fn recall_file(running: &Running) -> Outcome {
    let mut file = fs::File::open(running.data.join("gymkeeper.db"))?;
    std::io::copy(&mut file, &mut std::io::sink())?;
    Ok(())
}

/// Makes ready what is to be measured.
fn prepare(stage: &Stage, gym: &mut Gym, (kind, whom): (&Kind, Whom)) -> Outcome {
    match whom {
        Whom::Sample => {
            // Within a second, so that each thread has come to everybody in the sample.
            let script = stage.script(&reading_script(gym, (kind, whom), 0)?)?;
            let enough = 3 * gym.sample.len() as u64;
            for _ in 0..MOST_TURNS {
                if wrk::run_script(&gym.running.address, &script, READERS, Duration::from_secs(1))?.requests >= enough {
                    return Ok(());
                }
            }
            Err("the server is too slow to ask it for everybody in the sample within a second".into())
        }
        Whom::Anybody => {
            restart(stage, gym)?;
            recall_file(&gym.running)?;
            let first = gym.sample.first().ok_or("there is nobody to ask for")?;
            draw_ahead(&gym.running, first, gym.members).map(drop)
        }
        Whom::JustStarted => Ok(()),
    }
}

fn writes(stage: &Stage, settings: &Settings, gyms: &[Gym]) -> Outcome<String> {
    let gym = gyms.first().ok_or("there is no gym")?;
    let copy = stage.folder.path().join("loop");
    copy_folder(&gym.running.data, &copy)?;
    let mut table = format!(
        "\n## Writes\n\n{WRITERS} connections against a loop that makes the same change without HTTP, one commit after \
         the other, on a copy of the data; {} windows of {} s each, in turns. What is acknowledged is on disk in both.\n\n\
         | | One commit each, /s | Over HTTP, /s | Ratio | Goal | p50, ms | p99, ms |\n|---|---:|---:|---:|---|---:|---:|\n",
        settings.windows,
        WRITE_WINDOW.as_secs(),
    );
    for (name, what) in [("create a customer", "create"), ("check in", "checkin")] {
        progress(name);
        let (mut loops, mut loads) = (Vec::new(), Vec::new());
        for window in 0..settings.windows {
            let seconds = WRITE_WINDOW.as_secs().to_string();
            let told = capture_text(
                Command::new(&stage.fill).arg("loop").arg(&copy).args([what, &seconds]).arg(window.to_string()),
            )?;
            loops.push(told.trim().parse::<f64>()?);
            let script = stage.script(&writing_script(gym, what, window)?)?;
            loads.push(wrk::run_script(&gym.running.address, &script, WRITERS, WRITE_WINDOW)?);
        }
        table.push_str(&writes_row(name, &loops, &loads, 1.5));
    }
    Ok(table)
}

/// A script for wrk that writes something else with each request of each thread of each window.
fn writing_script(gym: &Gym, what: &str, window: usize) -> Outcome<String> {
    let first = gym.sample.first().ok_or("there is nobody to check in")?.id;
    let request = if what == "create" {
        let body = r#"{"firstName":"Grace","lastName":"Hopper","dateOfBirth":"1986-12-09","email":"%s@example.org","street":"Quay","houseNumber":"7","zipCode":"20457","city":"Hamburg","countryCode":"DE","language":{"languageCode":"en"}}"#;
        format!(
            "function request()\n  count = count + 1\n  local name = string.format(\"w{window}t%dn%d\", own, count)\n\
             \x20 return wrk.format(\"POST\", \"/v1/customers/create\", headers, string.format([[{body}]], name))\nend\n"
        )
    } else {
        format!(
            "function request()\n  count = count + 1\n  local number = ({window} * 2 + own) * {CHECKINS} + count\n\
             \x20 return wrk.format(\"POST\", string.format(\"/v1/customers/%d/checkin\", {first} + {STEP} * number), headers, \"{{}}\")\nend\n"
        )
    };
    Ok(format!("{}{COUNTING}{request}", headers(&gym.running.key)))
}

fn introduction(settings: &Settings, gyms: &[Gym]) -> Outcome<String> {
    let mut page = String::from(
        "# Performance with many members\n\n`cargo xtask bench-members` measures and writes this page. The figures hold for the \
         machine below; what can be compared between machines are the ratios.\n\n## The machine\n\n| | |\n|---|---|\n",
    );
    for (name, value) in Machine::describe()?.lines() {
        page.push_str(&format!("| {name} | {value} |\n"));
    }
    page.push_str("\n## The data\n\nMembers with an address, a contract, a card, a barcode, a PIN and a debtor id, without bank accounts and pictures; their last names have three of 48 syllables each.\n\n");
    page.push_str(
        "| Members | Database, MB | Written in, s | Memory of the idle server, MiB | All drawn ahead in, s | Processor time of that, s | \
         Memory then, MiB |\n|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for gym in gyms {
        let bytes = fs::metadata(gym.running.data.join("gymkeeper.db"))?.len();
        page.push_str(&format!(
            "| {} | {} | {:.0} | {:.0} | {:.0} | {:.1} | {} |\n",
            thousands(gym.members as f64),
            thousands(bytes as f64 / 1e6),
            gym.filling.as_secs_f64(),
            gym.idle_kib as f64 / 1024.0,
            gym.drawing.took.as_secs_f64(),
            gym.drawing.processor.as_secs_f64(),
            thousands(gym.drawing.resident_kib as f64 / 1024.0),
        ));
    }
    page.push_str(
        "\nOnce a program has asked for somebody, all other customers of the studio are drawn ahead, with as long a rest as it takes after \
         every few of them. The memory then is what is kept, and the file of the database as far as it is mapped. One server with its default settings keeps at most an eighth of the machine's memory.\n",
    );
    page.push_str(&format!(
        "\nReads are asked for by wrk with {READERS} connections on the same machine: {} windows of {} s on a bare axum server that repeats \
         one recorded answer, and on a server for each number of members, in turns. All servers run at once, so the idle ones wait while one \
         works. Where anybody is asked for, the file of the database is read whole before each window; where the system takes such memory \
         back at once, some of it comes from the disk again, which p99 shows. A request that fails ends the run.\n",
        settings.windows,
        settings.window.as_secs(),
    ));
    Ok(page)
}

fn reads_table((kind, whom): (&Kind, Whom), bytes: usize, gyms: &[Gym], rates: &[Vec<Load>]) -> String {
    let mut table = format!(
        "\n### {}\n\nThe recorded answer has {} bytes.\n\n\
         | | Requests/s | To bare | Goal | To fewest members | Goal | p50, ms | p99, ms | Goal |\n|---|---:|---:|---|---:|---|---:|---:|---|\n",
        kind.name,
        thousands(bytes as f64),
    );
    let ratio = |a: usize, b: usize| median(rates[a].iter().zip(&rates[b]).map(|(a, b)| a.per_second / b.per_second));
    let at_least = |goal: Option<f64>, value: f64| {
        goal.map_or(String::new(), |goal| format!("≥ {goal}: {}", verdict(value >= goal)))
    };
    for (place, loads) in rates.iter().enumerate() {
        let name = match place.checked_sub(1).and_then(|gym| gyms.get(gym)) {
            None => "bare".to_owned(),
            Some(gym) => format!("{} members", thousands(gym.members as f64)),
        };
        let (p50, p99) = (
            median(loads.iter().map(|load| load.p50_micros / 1e3)),
            median(loads.iter().map(|load| load.p99_micros / 1e3)),
        );
        let (to_bare, bare_goal) = match place {
            0 => (String::new(), String::new()),
            _ => (format!("{:.2}", ratio(place, 0)), at_least(kind.goal, ratio(place, 0))),
        };
        let (to_fewest, flat_goal) = match place {
            0 | 1 => (String::new(), String::new()),
            _ => (format!("{:.2}", ratio(place, 1)), at_least(kind.flat, ratio(place, 1))),
        };
        let p99_goal = match (place, kind.p99) {
            (1.., Some(goal)) => format!("< {goal}: {}", verdict(p99 < goal)),
            _ => String::new(),
        };
        table.push_str(&format!(
            "| {name} | {} | {to_bare} | {bare_goal} | {to_fewest} | {flat_goal} | {p50:.2} | {p99:.2} | {p99_goal} |\n",
            thousands(median(loads.iter().map(|load| load.per_second))),
        ));
    }
    if whom == Whom::Sample && !kind.note.is_empty() {
        table.push_str(&format!("\n{}\n", kind.note));
    }
    table
}
