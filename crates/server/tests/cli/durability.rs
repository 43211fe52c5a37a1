//! `kill -9` during writes: nothing that was acknowledged is lost, and nothing half-done remains.
//!
//! Three clients, each with a studio of its own, put one numbered set of tags after the other; beside them the command line
//! lets people in, from processes of its own. At a moment chosen by a seed all of them are killed. What is found afterwards
//! must be the last acknowledged number, or the one that was under way; any other set of tags is one half-done.
//!
//! Seen to fail, each time within four rounds: on SQLite with the writer made to answer its jobs before it commits (a set
//! that was acknowledged is gone); on PostgreSQL with the same (a client's next write meets its own last one, which is not
//! committed yet, and is answered 409); on both with people let in one transaction each (11 of 13 are inside).

use std::{
    io::Read as _,
    process::{Child, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use gymkeeper_testkit::{Cluster, TestDatabase};

use crate::support::{
    Chance, Over, Place, STUDIOS, Server,
    client::{TAGS, call, tag_names, tags_body},
    numbered_tags, wait_until,
};

/// So many people come in at once; a number in between is a transaction half-done.
const PARTY: usize = 13;

/// Of one client: the last number that was acknowledged, and the last that was sent.
#[derive(Debug, Default)]
struct Progress {
    acknowledged: AtomicUsize,
    sent: AtomicUsize,
}

/// The number of a set of [`numbered_tags`].
fn number(tags: &[String]) -> usize {
    tags.iter().map(|name| 1 << name.strip_prefix('t').unwrap().parse::<usize>().unwrap()).sum()
}

/// Puts sets until the server is gone.
fn put_sets(address: &str, key: &str, progress: &Progress, writes: &AtomicU64) {
    loop {
        let next = progress.sent.load(Ordering::SeqCst) + 1;
        progress.sent.store(next, Ordering::SeqCst);
        match call(address, "PUT", TAGS, key, &tags_body(&numbered_tags(next))) {
            Ok(answer) => {
                assert_eq!(answer.status, 200, "{}", answer.text());
                progress.acknowledged.store(next, Ordering::SeqCst);
                writes.fetch_add(1, Ordering::SeqCst);
            }
            // Cut off: nobody knows about this one.
            Err(_) => return,
        }
    }
}

/// Runs `checkin open` again and again; answers how many parties were acknowledged, and whether one is unknown.
fn let_people_in(place: &Place, running: &Mutex<Option<Child>>, over: &AtomicBool) -> (usize, bool) {
    let mut acknowledged = 0;
    while !over.load(Ordering::SeqCst) {
        let count = PARTY.to_string();
        let mut command = place.command(&["checkin", "open", "--studio", STUDIOS[0], "--count", &count]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        *running.lock().unwrap() = Some(child);
        let (mut said, mut wrong) = (String::new(), String::new());
        let _ = out.read_to_string(&mut said);
        let _ = err.read_to_string(&mut wrong);
        let mut child = running.lock().unwrap().take().unwrap();
        let status = child.wait().unwrap();
        if said == format!("{PARTY} checked in\n") {
            acknowledged += 1;
        } else {
            assert!(over.load(Ordering::SeqCst) && status.code().is_none(), "{status}: {said}{wrong}");
            return (acknowledged, true);
        }
    }
    (acknowledged, false)
}

struct Round<'r> {
    place: &'r Place,
    keys: &'r [String],
    progress: &'r [Progress],
}

impl Round<'_> {
    /// Lets everybody write, and kills them all at a moment of chance; answers as [`let_people_in`].
    fn write_and_kill(&self, server: Server, chance: &mut Chance) -> (usize, bool) {
        let writes = AtomicU64::new(0);
        let (running, over) = (Mutex::new(None), AtomicBool::new(false));
        let address = server.address().to_owned();
        std::thread::scope(|scope| {
            let _over = Over(&over);
            // When this fails, the server dies with it, and so the clients end.
            let mut server = server;
            for (key, progress) in self.keys.iter().zip(self.progress) {
                let (address, writes) = (&address, &writes);
                scope.spawn(move || put_sets(address, key, progress, writes));
            }
            let people = scope.spawn(|| let_people_in(self.place, &running, &over));
            let enough = 5 + chance.below(60);
            wait_until("the clients have written", || (writes.load(Ordering::SeqCst) >= enough).then_some(()));
            // Not always just behind an answer: the moment must hit any step of a write.
            std::thread::sleep(Duration::from_micros(chance.below(5000)));
            server.kill();
            over.store(true, Ordering::SeqCst);
            if chance.below(2) == 0
                && let Some(child) = running.lock().unwrap().as_mut()
            {
                let _ = child.kill();
            }
            people.join().unwrap()
        })
    }

    /// Compares what is stored with what was acknowledged, and takes it as the new beginning.
    fn check(&self, round: u64, server: &Server) {
        for (key, progress) in self.keys.iter().zip(self.progress) {
            let found = number(&server.tags(key));
            let (acknowledged, sent) =
                (progress.acknowledged.load(Ordering::SeqCst), progress.sent.load(Ordering::SeqCst));
            assert!(found == acknowledged || found == sent, "round {round}: {found} is neither of {progress:?}");
            progress.acknowledged.store(found, Ordering::SeqCst);
            progress.sent.store(found, Ordering::SeqCst);
        }
    }
}

fn survive_kills(place: &Place, rounds: u64) {
    let keys: Vec<String> = STUDIOS.iter().map(|studio| place.key(studio)).collect();
    let progress: Vec<Progress> = STUDIOS.iter().map(|_| Progress::default()).collect();
    let round_of = Round { place, keys: &keys, progress: &progress };
    let mut chance = Chance(9);
    let mut inside = 0;
    let mut server = place.serve();
    for round in 0..rounds {
        let (parties, one_unknown) = round_of.write_and_kill(server, &mut chance);
        server = place.serve();
        round_of.check(round, &server);
        let found = server.get("/v1/studios/utilization", &keys[0]).fine().json()["count"].as_u64().unwrap() as usize;
        let least = inside + parties * PARTY;
        let fine = found == least || (one_unknown && found == least + PARTY);
        assert!(fine, "round {round}: {found} inside; {least} were acknowledged, unknown: {one_unknown}");
        inside = found;
        place.run(&["doctor"]).succeeds();
    }
    let written = progress.iter().map(|progress| progress.acknowledged.load(Ordering::SeqCst)).max();
    assert!(written < Some(1 << 16), "more sets than tags can tell apart");
    assert!(inside > 0, "the command line took part");
    server.stop();
}

/// As [`put_sets`], on a server that lives on while its connections to the database die; answers how many were acknowledged.
fn put_sets_past_failures(server: &Server, key: &str, over: &AtomicBool, writes: &AtomicU64) -> usize {
    let stored = || {
        wait_until("the server reads again", || {
            let answer = server.get("/v1/studios/information", key);
            (answer.status == 200).then(|| number(&tag_names(&answer.json())))
        })
    };
    let (mut kept, mut acknowledged) = (0, 0);
    while !over.load(Ordering::SeqCst) {
        let answer = server.put_tags(key, &numbered_tags(kept + 1));
        let found = stored();
        match answer.status {
            200 => {
                assert_eq!(found, kept + 1, "an acknowledged set is not there");
                acknowledged += 1;
                writes.fetch_add(1, Ordering::SeqCst);
            }
            // Nothing was written, says this answer.
            503 => assert_eq!(found, kept, "a refused set is there: {}", answer.text()),
            // The connection broke during the commit.
            500 => assert!(found == kept || found == kept + 1, "{found} is half of {kept} and the next"),
            other => panic!("{other}: {}", answer.text()),
        }
        kept = found;
    }
    acknowledged
}

#[test]
fn connections_that_postgres_ends_during_writes_lose_nothing() {
    let Some(cluster) = gymkeeper_testkit::postgres() else { return };
    let Some(database) = TestDatabase::postgres() else { return };
    let url = database.url.clone();
    let place = Place::on(database).with_small_gym();
    let keys: Vec<String> = STUDIOS.iter().map(|studio| place.key(studio)).collect();
    let server = place.serve_without_limit();
    let (over, writes) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut chance = Chance(10);
    std::thread::scope(|scope| {
        let stop = Over(&over);
        let clients: Vec<_> =
            keys.iter().map(|key| scope.spawn(|| put_sets_past_failures(&server, key, &over, &writes))).collect();
        for _ in 0..20 {
            let enough = writes.load(Ordering::SeqCst) + 1 + chance.below(10);
            // A client that panicked writes no more; its own message says more than a wait in vain.
            wait_until("the clients have written", || {
                let ended = clients.iter().any(|client| client.is_finished());
                (ended || writes.load(Ordering::SeqCst) >= enough).then_some(())
            });
            std::thread::sleep(Duration::from_micros(chance.below(3000)));
            cluster.kill_connections(&url);
        }
        drop(stop);
        for client in clients {
            assert!(client.join().unwrap() > 0);
        }
    });
    server.stop();
}

#[test]
fn sqlite_survives_being_killed_during_writes() {
    survive_kills(&Place::new().with_small_gym(), 30);
}

#[test]
fn with_postgres_the_server_survives_being_killed_during_writes() {
    let Some(cluster) = Cluster::durable() else { return };
    let url = cluster.create_database("killed_server");
    survive_kills(&Place::at(&url).with_small_gym(), 15);
    cluster.drop_database(&url);
}
