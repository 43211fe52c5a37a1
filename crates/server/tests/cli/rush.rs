//! Ten thousand callers want one of twenty places, at two server processes on one PostgreSQL: what one process keeps in memory, the
//! other does not see. The same rush at two servers within one process, and on both databases, is `api/classes/rush.rs`.
//!
//! Seen to fail when `slot::claim` only reads the slot: of a thousand callers 275 were booked and 203 waited.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use gymkeeper_server::actions::{
    change::{Actor, By},
    customer as customers,
};
use gymkeeper_store::{
    MIGRATIONS,
    customer::Customer,
    db::{Db, DbError, Location, Options},
    studio, tenant,
};
use gymkeeper_testkit::TestDatabase;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Place, SMALL_GYM, Server};

const CALLERS: usize = 10_000;
const AT_ONCE: usize = 24;
const PLACES: usize = 20;
const WAITING: usize = 10;

/// The small gym with a class every night.
fn gym() -> String {
    let class = format!(
        "    classes:
      - key: yoga
        name: Yoga
        minutes: 60
        max_participants: {PLACES}
        waiting_list: {WAITING}
        needs_allowance: false
        series:
          - key: yoga-night
            weekdays: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY]
            starts: \"22:00\"
            from: ${{today-7}}
"
    );
    SMALL_GYM.replacen("    name: North\n", &format!("    name: North\n{class}"), 1)
}

/// Makes everybody who wants to be in the class, in one transaction: to describe so many people in a gym file takes longer than the
/// rush itself.
fn make_people(database: &str) -> Vec<i64> {
    let db = Db::open(&Location::parse(database), MIGRATIONS, &Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let made = runtime.block_on(db.write(|tx| {
        let tenant = tenant::list(tx)?.remove(0);
        let by = By::new(Actor::Cli("rush".to_owned()), Timestamp::UNIX_EPOCH);
        let mut change = by.changes(tx, &tenant);
        let north = studio::list(change.tx, change.tenant)?.into_iter().find(|studio| studio.key == "north").unwrap();
        let home = customers::studio(change.tx, change.tenant, north.id)?;
        let people = (0..CALLERS).map(|number| {
            // A number of their own saves looking for a free one.
            let (customer_number, first_name) = (format!("R-{number}"), format!("Caller{number}"));
            let last_name = "Rush".to_owned();
            let draft = Customer { customer_number, first_name, last_name, ..customers::newcomer(&home) };
            Ok(customers::create(&mut change, &home, draft)?.id)
        });
        people.collect::<Result<Vec<i64>, DbError>>()
    }));
    db.close();
    made.unwrap()
}

/// Everything of a list that comes in pages; the path ends where more may be asked.
fn whole(server: &Server, key: &str, path: &str) -> Vec<Value> {
    let (mut all, mut offset) = (Vec::new(), "0".to_owned());
    loop {
        let page = server.get(&format!("{path}sliceSize=100&offset={offset}"), key).fine().json();
        all.extend(page["result"].as_array().unwrap().iter().cloned());
        if page["hasNext"] == false {
            return all;
        }
        offset = page["offset"].as_str().unwrap().to_owned();
    }
}

/// Does something for each of these, so many at once, at one server and the other in turn; answers what came of it, and how often.
fn at_once<T: Sync>(
    servers: &[Server; 2],
    of: &[T],
    one: impl Fn(&Server, &T) -> String + Sync,
) -> BTreeMap<String, usize> {
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = |number: usize| {
        while let Some(item) = of.get(next.fetch_add(1, SeqCst)) {
            let outcome = one(&servers[number % 2], item);
            *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
        }
    };
    std::thread::scope(|scope| {
        for number in 0..AT_ONCE {
            let work = &work;
            scope.spawn(move || work(number));
        }
    });
    outcomes.into_inner().unwrap()
}

/// What was recorded of an action about bookings, in the order of the journal: of each the booking, how it stood where that changed,
/// and the types of the events.
fn recorded(place: &Place, action: &str) -> Vec<(i64, Option<String>, Vec<String>)> {
    let records = place.run(&["audit", "list", "--limit", "1000000", "--json"]).json();
    let of_action = records.as_array().unwrap().iter().filter(|record| record["action"] == action);
    let shown = |record: &Value| {
        let id = record["subject"].as_str().unwrap().strip_prefix("booking:").unwrap().parse().unwrap();
        let status = record["changes"]["status"]["to"].as_str().map(str::to_owned);
        let events = record["events"].as_array().into_iter().flatten();
        let about_it = |event: &Value| {
            assert_eq!(event["entityId"], id, "{record}");
            event["payload"][0]["type"].as_str().unwrap().to_owned()
        };
        (id, status, events.map(about_it).collect())
    };
    of_action.map(shown).collect()
}

#[test]
fn cls_5_and_11_two_processes_on_postgres_give_each_place_once() {
    let Some(database) = TestDatabase::postgres() else { return };
    let url = database.url.clone();
    let place = Place::on(database);
    let file = place.write("gym.yaml", gym());
    place.run(&["apply", &file]).succeeds();
    let people = make_people(&url);
    let key = place.key("north");
    let servers = [place.serve_without_limit(), place.serve_without_limit()];
    assert_ne!(servers[0].pid(), servers[1].pid());
    // The last of those that are published: nobody moves up by themselves shortly before a class begins.
    let slot = whole(&servers[1], &key, "/v1/classes/slots?").pop().unwrap()["id"].clone();
    let outcomes = at_once(&servers, &people, |server, person| {
        let body = json!({ "customerId": person, "classSlotId": slot }).to_string();
        let answer = server.call("POST", "/v1/classes/booking/book", &key, &body);
        match answer.status {
            200 => answer.json()["bookingStatus"].as_str().unwrap().to_owned(),
            400 => answer.json()["errorCode"].as_str().unwrap().to_owned(),
            status => status.to_string(),
        }
    });
    let count = |outcome: &str| outcomes.get(outcome).copied().unwrap_or_default();
    assert_eq!((count("BOOKED"), count("WAITING_LIST")), (PLACES, WAITING), "{outcomes:?}");
    // Whoever was too much for the moment gets 503; nothing else but the refusal comes up.
    let refused = count("errormessage.booking.booking.limit.reached") + count("503");
    assert_eq!(refused, CALLERS - PLACES - WAITING, "{outcomes:?}");
    // Every booking was told once, and who was accepted first has a place.
    let made = recorded(&place, "class.booked");
    assert_eq!(made.len(), PLACES + WAITING);
    for (number, (_, status, events)) in made.iter().enumerate() {
        let expected = if number < PLACES { "BOOKED" } else { "WAITING_LIST" };
        assert_eq!((status.as_deref(), &events[..]), (Some(expected), &["CLASS_BOOKING_CREATED".to_owned()][..]));
    }
    // Five go at once; the first five who waited come in, in the order in which they were accepted.
    let going: Vec<i64> = made[..5].iter().map(|(id, _, _)| *id).collect();
    let gone = at_once(&servers, &going, |server, booking| {
        server.call("DELETE", &format!("/v1/classes/booking/{booking}"), &key, "").status.to_string()
    });
    assert_eq!(gone, BTreeMap::from([("200".to_owned(), 5)]));
    let moved: Vec<i64> = recorded(&place, "class.moved-up").into_iter().map(|(id, _, _)| id).collect();
    let waited: Vec<i64> = made[PLACES..PLACES + 5].iter().map(|(id, _, _)| *id).collect();
    assert_eq!(moved, waited);
    // Both processes tell the same of it.
    for server in &servers {
        let all = whole(server, &key, "/v1/classes/slots?");
        let shown = all.iter().find(|one| one["id"] == slot).unwrap();
        let places = (&shown["bookedParticipants"], &shown["waitingListParticipants"]);
        assert_eq!(places, (&json!(PLACES), &json!(WAITING - 5)));
    }
    for server in servers {
        server.stop();
    }
    assert_eq!(place.run(&["audit", "verify", "--json"]).json()["whole"], true);
}
