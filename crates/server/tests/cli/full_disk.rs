//! A disk that is full: writes are refused, everything else goes on, and nothing that was acknowledged is lost.
//!
//! The limit on the size of files that a process may write stands in for the disk; the signal that goes with it is ignored,
//! so that the write fails as it would there.

use std::process::Command;

use rustix::process::{Resource, Rlimit, prlimit};

use crate::support::{Place, STUDIOS, Server, numbered_tags, wait_until};

/// In blocks of 512 bytes: room for the database and a small journal.
const BLOCKS: u64 = 6000;

fn serve_on_a_small_disk(place: &Place) -> Server {
    let mut shell = Command::new("sh");
    // Only the soft limit, so that the test can make room again.
    let line = format!("trap '' XFSZ; ulimit -S -f {BLOCKS}; exec {:?} serve", env!("CARGO_BIN_EXE_gymkeeper"));
    shell.args(["-c", &line]);
    let mut command = place.configured(shell, &[]);
    // The writer's thousand requests in a minute are not what this is about.
    command.env("GYMKEEPER_LIMITS_REQUESTS_PER_MINUTE", "0");
    Server::start(command)
}

fn put(server: &Server, key: &str, number: usize) -> u16 {
    let answer = server.put_tags(key, &numbered_tags(number));
    if answer.status != 200 {
        assert!([500, 503].contains(&answer.status), "{answer:?}");
        let body = answer.json();
        for field in ["errorCode", "errorMessage", "traceId"] {
            assert!(!body[field].is_null(), "{field} in {body}");
        }
        assert!(!answer.text().to_lowercase().contains("disk i/o"), "the caller is not told what is inside: {body}");
    }
    answer.status
}

/// Writes until the disk is full; answers how many sets were acknowledged, and the first other status.
fn fill(server: &Server, key: &str) -> (usize, u16) {
    for kept in 0..20_000 {
        let status = put(server, key, kept + 1);
        if status != 200 {
            return (kept, status);
        }
    }
    panic!("the disk never got full");
}

#[test]
fn a_full_disk_refuses_writes_and_keeps_what_was_acknowledged() {
    let place = Place::new().with_small_gym();
    let key = place.key("north");
    assert!(std::fs::metadata(place.sqlite_file()).unwrap().len() < BLOCKS * 512 / 2);
    let mut server = serve_on_a_small_disk(&place);
    let (mut kept, refused) = fill(&server, &key);
    assert_eq!(refused, 503, "the server cannot, the request was right");
    assert!(kept > 10, "some writes went through first: {kept}");
    wait_until("the operator is told", || server.log().contains("the database cannot grow").then_some(()));

    // It stays alive, reads and refuses. Writes at the same time share a commit; those that change nothing need no room, and
    // must not suffer from the one that does.
    let others = [place.key(STUDIOS[1]), place.key(STUDIOS[2])];
    for _ in 0..20 {
        std::thread::scope(|scope| {
            for other in others.iter().cycle().take(6) {
                scope.spawn(|| assert_eq!(put(&server, other, 0), 200));
            }
            assert_ne!(put(&server, &key, kept + 1), 200);
        });
        assert_eq!(server.tags(&key), numbered_tags(kept));
    }
    assert_eq!(server.get("/health/ready", "").status, 200, "it can still be read");
    assert!(server.is_running());

    // There is room again: writes go on in the same process.
    let hard = prlimit(Some(server.pid()), Resource::Fsize, Rlimit { current: None, maximum: None }).unwrap();
    assert_eq!(hard.current, Some(BLOCKS * 512));
    assert_eq!(put(&server, &key, kept + 1), 200);
    kept += 1;
    server.kill();

    let server = place.serve();
    assert_eq!(server.tags(&key), numbered_tags(kept));
    place.run(&["doctor"]).succeeds();
    assert_eq!(put(&server, &key, kept + 1), 200);
}

#[test]
fn what_was_acknowledged_before_the_disk_was_full_is_there_after_a_restart() {
    let place = Place::new().with_small_gym();
    let key = place.key("north");
    let mut server = serve_on_a_small_disk(&place);
    let (kept, _) = fill(&server, &key);
    // The whole disk is full: the program itself may say so, and may not hang.
    server.terminate();
    assert_eq!(server.wait(), Some(0), "{}", server.log());
    let server = place.serve();
    assert_eq!(server.tags(&key), numbered_tags(kept));
    place.run(&["doctor"]).succeeds();
}

#[test]
fn a_command_on_a_full_disk_says_so_and_does_nothing() {
    let place = Place::new().with_small_gym();
    let mut shell = Command::new("sh");
    let line = format!(
        "trap '' XFSZ; ulimit -S -f 260; exec {:?} checkin open --studio north --count 100000",
        env!("CARGO_BIN_EXE_gymkeeper")
    );
    shell.args(["-c", &line]);
    let message = crate::support::Run::of(place.configured(shell, &[])).fails();
    assert!(message.contains("cannot grow"), "{message}");
    assert_eq!(place.people_inside("north"), 0);
    place.run(&["doctor"]).succeeds();
}
