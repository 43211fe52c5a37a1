//! Lists that change while they are read in slices, tried with generated changes: whoever was on a list all the time is told once.
//!
//! The changes follow from a fixed number, so a failure is found again by running the test again.

use std::collections::BTreeSet;

use gymkeeper_contract::admin::PREFIX;
use gymkeeper_domain::{employee::Employee, staff::Role};
use gymkeeper_server::actions::{
    change::Deed,
    checkin::{self, Visitor},
    customer as customers, employee as employees,
};
use gymkeeper_store::{
    customer::{self, Customer},
    employee::{self, Place},
    studio::checkin::OpenCheckin,
};
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use crate::{
    admin::{call, signed_in},
    support::{Gym, MEMBERS, NOW, with_gym},
};

/// A small generator (xorshift), enough to mix cases.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn pick(&mut self, from: &BTreeSet<i64>) -> Option<i64> {
        if from.is_empty() { None } else { from.iter().copied().nth(self.below(from.len())) }
    }
}

/// What is on a list while it is read.
#[derive(Default)]
struct Listed {
    /// What is on it now.
    now: BTreeSet<i64>,
    /// What has been on it since the reading began.
    always: BTreeSet<i64>,
    /// What was on it at any moment of the reading.
    ever: BTreeSet<i64>,
    /// What was taken off and can come back.
    off: BTreeSet<i64>,
}

impl Listed {
    fn begin(now: BTreeSet<i64>) -> Self {
        Self { always: now.clone(), ever: now.clone(), now, off: BTreeSet::new() }
    }

    fn add(&mut self, id: i64) {
        self.off.remove(&id);
        self.now.insert(id);
        self.ever.insert(id);
    }

    fn take_off(&mut self, id: i64) {
        self.now.remove(&id);
        self.always.remove(&id);
        self.off.insert(id);
    }
}

/// The ids on a slice of a list, whether there are more, and where they begin. Lists of the back office are asked for with the token of
/// a session in the place of a key.
async fn slice(gym: &Gym, key: &str, path: &str, size: usize, offset: &str) -> (Vec<i64>, bool, String) {
    let joint = if path.contains('?') { '&' } else { '?' };
    let path = format!("{path}{joint}sliceSize={size}&offset={offset}");
    let answer = match path.strip_prefix(PREFIX) {
        Some(path) => call(gym, key, "GET", path, "").await,
        None => gym.get(key, &path).await,
    };
    let answer = answer.json();
    let id = |one: &serde_json::Value| one.get("id").or(one.get("checkinId")).unwrap().as_i64().unwrap();
    let ids = answer["result"].as_array().unwrap().iter().map(id).collect();
    (ids, answer["hasNext"].as_bool().unwrap(), answer["offset"].as_str().unwrap().to_owned())
}

/// Reads a whole list in slices of at least so many rows, with something done to it between them.
async fn read(
    gym: &Gym,
    key: &str,
    path: &str,
    least: usize,
    dice: &mut Dice,
    mut meanwhile: impl AsyncFnMut(&mut Dice),
) -> Vec<i64> {
    let (mut seen, mut offset) = (Vec::new(), "0".to_owned());
    for _ in 0..1000 {
        let size = least + dice.below(least.min(10));
        let (ids, more, next) = slice(gym, key, path, size, &offset).await;
        assert!(ids.len() == size || !more, "a slice with others behind it is full");
        seen.extend(ids);
        if !more {
            return seen;
        }
        offset = next;
        meanwhile(dice).await;
    }
    panic!("{path} has no end");
}

/// Nobody twice, nobody missed who was there all the time or came behind, nobody who was not there.
fn check(seen: &[i64], listed: &Listed, came: &BTreeSet<i64>) {
    let told: BTreeSet<i64> = seen.iter().copied().collect();
    assert_eq!(told.len(), seen.len(), "somebody is told twice: {seen:?}");
    assert!(seen.is_sorted(), "{seen:?}");
    let missed: Vec<_> = listed.always.difference(&told).collect();
    assert!(missed.is_empty(), "{missed:?} were there all the time");
    let missed: Vec<_> =
        came.intersection(&listed.now).filter(|id| !listed.off.contains(id) && !told.contains(id)).collect();
    assert!(missed.is_empty(), "{missed:?} came behind whoever was told");
    let made_up: Vec<_> = told.difference(&listed.ever).collect();
    assert!(made_up.is_empty(), "{made_up:?} were never there");
}

/// Changes a customer as staff would.
async fn change_customer(gym: &Gym, id: i64, with: impl Fn(Customer) -> Customer + Send + 'static) {
    gym.act(move |change| {
        let present = customer::by_id(change.tx, change.tenant, id)?.unwrap();
        customer::update(change.tx, change.tenant, &with(present))?;
        change.record(Deed::new("customer.changed"));
        Ok(())
    })
    .await;
}

#[test]
fn pag_1_and_2_customers_come_go_and_change_while_they_are_listed() {
    with_gym(MEMBERS, |gym| async move {
        let (key, north) = (gym.key("north").await, gym.studio("north").await);
        gym.act(move |change| {
            let home = customers::studio(change.tx, change.tenant, north)?;
            for number in 0..170 {
                let name = format!("Number{number}");
                let draft = Customer { first_name: "Crowd".to_owned(), last_name: name, ..customers::newcomer(&home) };
                customers::create(change, &home, draft)?;
            }
            Ok(())
        })
        .await;
        let path = "/v1/customers?customerStatus=PROSPECT";
        let mut dice = Dice(0x5EED);
        let mut created = 0;
        for _ in 0..4 {
            let (all, ..) = slice(&gym, &key, path, 500, "0").await;
            let (mut listed, mut came) = (Listed::begin(all.into_iter().collect()), BTreeSet::new());
            let seen = read(&gym, &key, path, 50, &mut dice, async |dice: &mut Dice| {
                for _ in 0..3 + dice.below(6) {
                    match dice.below(6) {
                        0 | 1 => {
                            created += 1;
                            let body = json!({
                                "firstName": "Late", "lastName": format!("Comer{created}"), "dateOfBirth": "1990-01-01",
                                "email": format!("late{created}@example.org"), "street": "Street", "zipCode": "1",
                                "city": "Town", "countryCode": "DE", "language": { "languageCode": "en" },
                            });
                            let made =
                                gym.send_json("POST", &key, "/v1/customers/create", &body.to_string()).await.json();
                            let id = made["customerId"].as_i64().unwrap();
                            listed.add(id);
                            came.insert(id);
                        }
                        2 => {
                            let Some(id) = dice.pick(&listed.now) else { continue };
                            let at: Timestamp = NOW.parse().unwrap();
                            change_customer(&gym, id, move |one| Customer { archived_at: Some(at), ..one }).await;
                            listed.take_off(id);
                        }
                        3 => {
                            let Some(id) = dice.pick(&listed.now) else { continue };
                            change_customer(&gym, id, |one| Customer { withheld: true, ..one }).await;
                            listed.take_off(id);
                        }
                        4 => {
                            let Some(id) = dice.pick(&listed.off) else { continue };
                            change_customer(&gym, id, |one| Customer { archived_at: None, withheld: false, ..one })
                                .await;
                            listed.add(id);
                            came.remove(&id);
                        }
                        _ => {
                            let Some(id) = dice.pick(&listed.now) else { continue };
                            change_customer(&gym, id, |one| Customer { last_name: "Aaa".to_owned(), ..one }).await;
                        }
                    }
                }
            })
            .await;
            check(&seen, &listed, &came);
        }
        assert!(created > 10, "{created}");
    });
}

#[test]
fn pag_1_and_2_employees_come_go_and_change_while_they_are_listed() {
    with_gym(MEMBERS, |gym| async move {
        let (key, studio) = (gym.key("north").await, gym.studio("north").await);
        let hire = async |count: usize| {
            gym.act(move |change| {
                let somebody: Employee =
                    serde_json::from_value(json!({ "first_name": "Some", "last_name": "Body" })).unwrap();
                let place = Place { studio, key: None, image: None };
                (0..count).map(|_| employees::create(change, place, &somebody)).collect::<Result<Vec<i64>, _>>()
            })
            .await
        };
        hire(40).await;
        let change = async |id: i64, name: Option<&'static str>, comes_back: bool| {
            gym.act(move |change| {
                let row = employee::find(change.tx, change.tenant, id)?.unwrap();
                match name {
                    Some(name) => {
                        let renamed = Employee { last_name: name.to_owned(), ..row.employee()? };
                        employees::update(change, &row, &renamed)
                    }
                    None if comes_back => employees::restore(change, &row),
                    None => employees::archive(change, &row),
                }
            })
            .await
        };
        let mut dice = Dice(0xCAFE);
        for _ in 0..6 {
            let (all, ..) = slice(&gym, &key, "/v1/employees", 100, "0").await;
            let (mut listed, mut came) = (Listed::begin(all.into_iter().collect()), BTreeSet::new());
            let seen = read(&gym, &key, "/v1/employees", 10, &mut dice, async |dice: &mut Dice| {
                for _ in 0..1 + dice.below(5) {
                    match dice.below(4) {
                        0 => {
                            for id in hire(1 + dice.below(2)).await {
                                listed.add(id);
                                came.insert(id);
                            }
                        }
                        1 => {
                            let Some(id) = dice.pick(&listed.now) else { continue };
                            assert!(change(id, None, false).await);
                            listed.take_off(id);
                        }
                        2 => {
                            let Some(id) = dice.pick(&listed.off) else { continue };
                            assert!(change(id, None, true).await);
                            listed.add(id);
                            came.remove(&id);
                        }
                        _ => {
                            let Some(id) = dice.pick(&listed.now) else { continue };
                            change(id, Some(if dice.below(2) == 0 { "Aaa" } else { "Zzz" }), false).await;
                        }
                    }
                }
            })
            .await;
            check(&seen, &listed, &came);
        }
    });
}

#[test]
fn pag_3_no_visit_is_missed_while_others_begin_and_end() {
    with_gym(MEMBERS, |gym| async move {
        let (key, studio, ada) =
            (gym.key("north").await, gym.studio("north").await, gym.customer("north", "ada").await);
        let now: Timestamp = NOW.parse().unwrap();
        let path = format!("/v1/customers/{ada}/activities/checkins?fromDate=2026-01-01");
        // Visits are listed from the newest on, by a running index (PAG-3): one that begins meanwhile moves all others.
        let visit = async |minutes_ago: i64| {
            let at = now - minutes_ago.minutes();
            gym.act(move |change| checkin::open(change, studio, &[Visitor { customer: Some(ada), at }])).await[0]
        };
        let end = async |id: i64| {
            gym.act(move |change| {
                let open = OpenCheckin { id, checked_in_at: now, customer_id: Some(ada) };
                checkin::close(change, studio, &open)
            })
            .await;
        };
        for number in 0..30 {
            visit(60 * (100 + number)).await;
        }
        let mut dice = Dice(0xD00D);
        let (mut oldest, mut newest) = (60 * 200, 60 * 99);
        for _ in 0..4 {
            let (all, more, _) = slice(&gym, &key, &path, 50, "0").await;
            let all: BTreeSet<i64> = if more {
                let (rest, ..) = slice(&gym, &key, &path, 50, "50").await;
                all.into_iter().chain(rest).collect()
            } else {
                all.into_iter().collect()
            };
            let (mut listed, mut newer) = (Listed::begin(all), 0);
            let seen = read(&gym, &key, &path, 5, &mut dice, async |dice: &mut Dice| {
                for _ in 0..1 + dice.below(3) {
                    match dice.below(4) {
                        0 => {
                            newest -= 1;
                            newer += 1;
                            let id = visit(newest).await;
                            listed.add(id);
                        }
                        // Entered later than it was.
                        1 => {
                            oldest += 1;
                            let id = visit(oldest).await;
                            listed.add(id);
                        }
                        _ => {
                            let Some(id) = dice.pick(&listed.now) else { continue };
                            end(id).await;
                        }
                    }
                }
            })
            .await;
            let told: BTreeSet<i64> = seen.iter().copied().collect();
            let missed: Vec<_> = listed.always.difference(&told).collect();
            assert!(missed.is_empty(), "{missed:?} were there all the time");
            assert!(told.is_subset(&listed.ever));
            assert!(seen.len() - told.len() <= newer, "{newer} began meanwhile: {seen:?}");
        }
    });
}

#[test]
fn pag_1_and_2_conversations_begin_end_and_go_on_while_staff_list_them() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Desk, "north").await, gym.studio("north").await);
        let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
        let of_studio = format!("/studios/{north}/threads");
        let of_customer = |customer: i64| format!("/studios/{north}/customers/{customer}/threads");
        let message = |status: &str| {
            json!({ "subject": "Towels", "content": "Where?", "channel": "PHONE", "status": status }).to_string()
        };
        let begin = async |customer: i64| {
            let begun = call(&gym, &token, "POST", &of_customer(customer), &message("CREATED")).await.json();
            begun["id"].as_i64().unwrap()
        };
        let set = async |id: i64, status: &str| {
            let body = json!({ "status": status }).to_string();
            call(&gym, &token, "PUT", &format!("{of_studio}/{id}/status"), &body).await.json();
        };
        for _ in 0..30 {
            begin(ada).await;
            begin(bela).await;
        }
        let mut dice = Dice(0xBEEF);
        let mut again = 0;
        for (path, only_open) in [
            (format!("{PREFIX}{of_studio}?status=CREATED"), true),
            (format!("{PREFIX}{of_studio}"), false),
            (format!("{PREFIX}{}", of_customer(ada)), false),
            (format!("{PREFIX}{of_studio}?status=CREATED"), true),
        ] {
            let is_of_studio = path.starts_with(&format!("{PREFIX}{of_studio}"));
            let all = read(&gym, &token, &path, 50, &mut dice, async |_: &mut Dice| {}).await;
            let mut listed = Listed::begin(all.into_iter().collect());
            let seen = read(&gym, &token, &path, 10, &mut dice, async |dice: &mut Dice| {
                for _ in 0..1 + dice.below(5) {
                    match dice.below(5) {
                        0 => {
                            let id = begin(ada).await;
                            listed.add(id);
                        }
                        1 => {
                            let id = begin(bela).await;
                            if is_of_studio {
                                listed.add(id);
                            }
                        }
                        2 => {
                            let Some(id) = dice.pick(&listed.now) else { continue };
                            set(id, if dice.below(2) == 0 { "ONGOING" } else { "CLOSED" }).await;
                            if only_open {
                                listed.take_off(id);
                            }
                        }
                        3 => {
                            let Some(id) = dice.pick(&listed.off) else { continue };
                            set(id, "CREATED").await;
                            listed.add(id);
                            again += 1;
                        }
                        // What is said last moves nothing: the list goes by when conversations began.
                        _ => {
                            let Some(id) = dice.pick(&listed.now) else { continue };
                            let path = format!("{of_studio}/{id}/messages");
                            call(&gym, &token, "POST", &path, &message("CREATED")).await.json();
                        }
                    }
                }
            })
            .await;
            // The newest come first, so nobody who comes meanwhile stands behind.
            let oldest_first: Vec<i64> = seen.into_iter().rev().collect();
            check(&oldest_first, &listed, &BTreeSet::new());
        }
        assert!(again > 0, "no conversation came back");
    });
}
