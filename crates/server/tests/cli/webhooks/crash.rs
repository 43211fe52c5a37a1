//! `kill -9` in the midst of deliveries (WH-5).
//!
//! Two studios have two targets each. Commands let customers in, each in a process of its own, while servers send what happens
//! to a receiver that takes a moment for each request. Round by round a server is killed, and now and then a command with it.
//! In the end every command that said it was done has left exactly one event, every event was received by both targets of its
//! studio, and nothing was received that is not in the journal.
//!
//! Seen to fail, on both databases, with the position stored before the events behind it were sent: some never arrive.

use std::{
    collections::{HashMap, HashSet},
    process::{Child, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use gymkeeper_testkit::Cluster;
use serde_json::Value;

use super::receiver::Receiver;
use crate::support::{Chance, Place, Server, wait_until};

/// Where events happen. A studio's number is that of its writer.
const PLACES: [&str; 2] = ["north", "south"];

/// More than are let in before it is over.
const MEMBERS: usize = 2000;

/// A server of a gym, whose leases end soon after its death.
fn serve(place: &Place) -> Server {
    let mut command = place.command(&["serve"]);
    command
        .env("GYMKEEPER_WEBHOOKS_TIMEOUT_MS", "200")
        .env("GYMKEEPER_WEBHOOKS_REPEAT_SECONDS", "1")
        .env("GYMKEEPER_WEBHOOKS_REPEATS", "100");
    Server::start(command)
}

/// What the writers did.
#[derive(Default)]
struct Written {
    /// Customers whose command said that it was done.
    acknowledged: Mutex<Vec<u64>>,
    count: AtomicUsize,
    /// The command that runs in each studio.
    running: [Mutex<Option<Child>>; PLACES.len()],
    next: AtomicU64,
    over: AtomicBool,
}

/// Lets one customer in after the other.
fn let_people_in(place: &Place, written: &Written, studio: usize) {
    while !written.over.load(Ordering::SeqCst) {
        let customer = written.next.fetch_add(1, Ordering::SeqCst) + 1;
        let id = customer.to_string();
        let mut command = place.command(&["checkin", "open", "--studio", PLACES[studio], "--customer", &id]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        *written.running[studio].lock().unwrap() = Some(child);
        let status = wait_until("the command has ended", || {
            written.running[studio].lock().unwrap().as_mut().unwrap().try_wait().unwrap()
        });
        written.running[studio].lock().unwrap().take();
        match status.code() {
            Some(0) => {
                written.acknowledged.lock().unwrap().push(customer);
                written.count.fetch_add(1, Ordering::SeqCst);
            }
            code => assert!(code.is_none(), "a command that is not killed succeeds"),
        }
        // Members must not run out before all rounds are over, however fast the machine is.
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn kill_in_rounds(place: &Place, servers: &mut [Server], receiver: &Receiver, written: &Written, rounds: u64) {
    let mut chance = Chance(11);
    for round in 0..rounds {
        let (changes, requests) = (written.count.load(Ordering::SeqCst), receiver.count());
        let (more, told) = (1 + chance.below(4) as usize, chance.below(3) > 0);
        wait_until("something happened", || {
            let happened = written.count.load(Ordering::SeqCst) >= changes + more;
            (happened && (!told || receiver.count() > requests)).then_some(())
        });
        // Any step of a delivery may be hit.
        std::thread::sleep(Duration::from_micros(chance.below(30_000)));
        let victim = chance.below(servers.len() as u64) as usize;
        servers[victim].kill();
        if chance.below(2) == 0
            && let Some(child) = written.running[(round % 2) as usize].lock().unwrap().as_mut()
        {
            let _ = child.kill();
        }
        servers[victim] = serve(place);
    }
}

fn survive(place: &Place, processes: usize, rounds: u64) {
    let members = place.members();
    let start = place.events(&["--limit", "100000"]).last().unwrap()["position"].to_string();
    let receiver = Receiver::start(200, Duration::from_millis(3));
    for (studio, path) in [("north", "/north/1"), ("north", "/north/2"), ("south", "/south/1"), ("south", "/south/2")] {
        place.webhooks(&["add", "--studio", studio, "--url", &receiver.url(path)]).succeeds();
    }
    let mut servers: Vec<Server> = (0..processes).map(|_| serve(place)).collect();
    for studio in PLACES {
        servers[0].activate(&place.key(studio));
    }
    let written = Written::default();
    std::thread::scope(|scope| {
        for studio in 0..PLACES.len() {
            let written = &written;
            scope.spawn(move || let_people_in(place, written, studio));
        }
        kill_in_rounds(place, &mut servers, &receiver, &written, rounds);
        written.over.store(true, Ordering::SeqCst);
    });
    let acknowledged = written.acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() as u64 >= rounds, "{}", acknowledged.len());

    let events = place.events(&["--since", &start, "--limit", "100000"]);
    let text = |event: &Value, name: &str| event["event"][name].as_str().unwrap().to_owned();
    let mut of_customer: HashMap<u64, usize> = HashMap::new();
    let mut expected = HashSet::new();
    for event in &events {
        let customer = event["event"]["entityId"].as_u64().unwrap();
        *of_customer.entry(customer).or_default() += 1;
        expected.insert(text(event, "uuid"));
    }
    for customer in &acknowledged {
        assert_eq!(of_customer.get(&members[customer]), Some(&1), "customer {customer} was acknowledged");
    }
    let mut studio_of = HashMap::new();
    for studio in PLACES {
        let visits = place.run(&["checkin", "list", "--studio", studio, "--json"]).json();
        for visit in visits.as_array().unwrap() {
            assert_eq!(studio_of.insert(visit["customerId"].as_u64().unwrap(), studio), None);
        }
    }
    assert_eq!(studio_of.len(), events.len(), "a change is there with its event or not at all");

    // Every event at both targets of its studio.
    let wanted: HashSet<(String, String)> = events
        .iter()
        .flat_map(|event| {
            let studio = studio_of[&event["event"]["entityId"].as_u64().unwrap()];
            [1, 2].map(|number| (format!("/{studio}/{number}"), text(event, "uuid")))
        })
        .collect();
    let received = || {
        receiver.got().iter().map(|got| (got.path.clone(), got.header("webhook-id").to_owned())).collect::<HashSet<_>>()
    };
    wait_until("every event was received", || wanted.is_subset(&received()).then_some(()));
    assert!(received().is_subset(&wanted), "nothing was received that did not happen");
    // On a busy machine an answer may have come too late.
    wait_until("nothing waits for a repeat", || place.list(&["--waiting"]).is_empty().then_some(()));
    for server in servers {
        server.stop();
    }
    let deliveries = place.list(&["--limit", "100000"]);
    assert_eq!(deliveries.len(), wanted.len(), "each is stored once, however often it was sent");
    assert!(deliveries.iter().all(|delivery| delivery["state"] == "DELIVERED"));
    place.run(&["audit", "verify"]).succeeds();
}

#[test]
fn wh_5_on_sqlite_events_survive_the_death_of_the_only_server() {
    survive(&Place::new().with_sandbox(MEMBERS), 1, 25);
}

#[test]
fn wh_5_on_postgres_events_survive_the_death_of_one_of_two_servers() {
    let Some(cluster) = Cluster::durable() else { return };
    let url = cluster.create_database("killed_webhooks");
    survive(&Place::at(&url).with_sandbox(MEMBERS), 2, 15);
    cluster.drop_database(&url);
}
