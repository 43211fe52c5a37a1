//! `kill -9` while a sandbox's clock is moved through many nights: every night of every studio is done exactly once, whoever did
//! it and whatever died.
//!
//! A command moves the clock and runs what is due; servers beside it run due jobs as well. Either of them is killed at a moment
//! of chance. Seen to fail on SQLite with the work of a job and its next due moment in transactions of their own (two nights of 171 were
//! done twice).

use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
    time::Duration,
};

use gymkeeper_testkit::Cluster;
use serde_json::Value;

use crate::support::{Chance, Place, Run, SMALL_GYM, Server};

/// The days that each studio's nights turned to, in the order of the journal.
fn nights(place: &Place) -> BTreeMap<String, Vec<String>> {
    let records = place.run(&["audit", "list", "--actor", "worker:day", "--limit", "1000000", "--json"]).json();
    let mut nights: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in records.as_array().unwrap().iter().filter(|record| record["action"] == "studio.day-turned") {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        nights.entry(text(&record["subject"])).or_default().push(text(&record["changes"]["day"]["to"]));
    }
    nights
}

/// What a dead process had claimed is free again after a second instead of a minute.
fn in_haste(mut command: Command) -> Command {
    command.env("GYMKEEPER_JOBS_CLAIM_SECONDS", "1");
    command
}

fn survive_kills(place: &Place, servers: usize, rounds: u64) {
    let gym = place.write("gym.yaml", SMALL_GYM.replacen("key: small\n", "key: small\n  sandbox: true\n", 1));
    place.run(&["apply", &gym]).succeeds();
    let (command, serve) = (
        |arguments: &[&str]| in_haste(place.command(arguments)),
        || Server::start(in_haste(place.command(&["serve"]))),
    );
    // From here on the clock stands until it is moved.
    place.run(&["clock", "advance", "--days", "1"]).succeeds();
    let mut running: Vec<Server> = (0..servers).map(|_| serve()).collect();
    let mut chance = Chance(12);
    for _ in 0..rounds {
        let mut advance =
            command(&["clock", "advance", "--days", "12"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(chance.below(120_000)));
        if chance.below(2) == 0 {
            advance.kill().unwrap();
        } else {
            let server = &mut running[chance.below(servers as u64) as usize];
            server.kill();
            *server = serve();
        }
        advance.wait().unwrap();
    }
    let end = Run::of(command(&["clock", "advance", "--days", "3", "--json"])).json();
    let mut found = nights(place);
    assert_eq!(found.len(), 3, "{found:?}");
    for (studio, days) in &mut found {
        let in_order = days.clone();
        days.sort();
        days.dedup();
        assert_eq!(*days, in_order, "{studio}: each night once and in order");
        let dates: Vec<jiff::civil::Date> = days.iter().map(|day| day.parse().unwrap()).collect();
        assert!(dates.windows(2).all(|pair| pair[0].tomorrow().unwrap() == pair[1]), "{studio}: {days:?}");
        let last: jiff::Timestamp = end["now"].as_str().unwrap().parse().unwrap();
        let last_day = last.to_zoned(jiff::tz::TimeZone::UTC).date();
        let ended = dates.last().unwrap();
        assert!((last_day - *ended).get_days() <= 1, "{studio}: the last night is {ended}, and it is {last}");
    }
    assert_eq!(place.run(&["audit", "verify", "--json"]).json()["whole"], true);
    for server in running {
        server.stop();
    }
}

#[test]
fn sqlite_does_every_night_once() {
    survive_kills(&Place::new(), 1, 24);
}

#[test]
fn with_postgres_two_servers_do_every_night_once() {
    let Some(cluster) = Cluster::durable() else { return };
    let url = cluster.create_database("killed_nights");
    survive_kills(&Place::at(&url), 2, 16);
    cluster.drop_database(&url);
}
