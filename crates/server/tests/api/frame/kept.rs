//! Answers about what is planned and about customers are kept, and are never out of date: on two server processes, after everything
//! that changes them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use gymkeeper_domain::staff::Role;
use gymkeeper_server::http::customers::ahead;
use gymkeeper_store::{booking::slot as slots, customer::find, tenant};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    admin::{call, customer_path, signed_in},
    appointments::{Booker, GYM, appointment, trainer},
    classes::{booked, cancel, slot},
    support::{CLASSES, Gym, MEMBERS, picture, with_gym},
};

const SLOTS: &str = "/v1/classes/slots?slotWindowStartDate=2026-11-23&daysAhead=1";

/// Two server processes with the same key, and what they answer to one request.
struct Pair<'g> {
    here: &'g Gym,
    there: Gym,
    key: String,
    path: String,
}

impl Pair<'_> {
    /// What both answer, each twice.
    async fn answer(&self) -> Value {
        let answer = self.here.get(&self.key, &self.path).await.json();
        for gym in [self.here, &self.there, &self.there] {
            assert_eq!(gym.get(&self.key, &self.path).await.json(), answer);
        }
        answer
    }

    /// What both answer after something else was done; it must differ or be the same, as is said.
    async fn after(&self, what: &str, known: &mut Value, differs: bool) {
        let now = self.answer().await;
        assert_eq!(now != *known, differs, "{what}");
        *known = now;
    }
}

#[test]
fn slots_of_classes_follow_bookings_staff_names_and_the_gym_file_at_once() {
    with_gym(CLASSES, |gym| async move {
        let gym = &gym;
        let key = gym.key("north").await;
        let token = signed_in(gym, Role::Manager, "north").await;
        let (north, ada) = (gym.studio("north").await, gym.customer("north", "ada").await);
        let yoga = slot(gym, &key, "2026-11-23T18:00").await;
        gym.beside(async |there: Gym| {
            let pair = Pair { here: gym, there, key: key.clone(), path: SLOTS.to_owned() };
            let mut known = pair.answer().await;
            let (booking, _) = booked(&pair.there, &key, ada, yoga).await;
            pair.after("somebody books", &mut known, true).await;
            assert_eq!(cancel(gym, &key, booking).await.status, 200);
            pair.after("and gives it back", &mut known, true).await;

            let visit = format!("/studios/{north}/desk/customers/{ada}/check-in");
            assert!(call(gym, &token, "POST", &visit, "{}").await.status < 500);
            let body = r#"{"firstname":"Grace","lastname":"Hopper"}"#;
            assert!(gym.send_json("POST", &key, "/v1/customers/create", body).await.status < 500);
            pair.after("what has nothing to do with it", &mut known, false).await;

            let path = format!("/studios/{north}/class-slots/{yoga}");
            let mut wanted = call(gym, &token, "GET", &path, "").await.json()["slot"].clone();
            wanted["additionalParticipants"] = json!(1);
            let fields = [
                "startDateTime",
                "endDateTime",
                "roomId",
                "instructorIds",
                "maxParticipants",
                "maxWaitingListParticipants",
                "additionalParticipants",
            ];
            let body: Value = fields.iter().map(|field| ((*field).to_owned(), wanted[*field].clone())).collect();
            call(gym, &token, "PUT", &path, &body.to_string()).await.json();
            pair.after("staff adds somebody", &mut known, true).await;
            call(gym, &token, "POST", &format!("{path}/call-off"), "").await.json();
            pair.after("staff calls it off", &mut known, true).await;

            for (from, to) in [("public_name: Coach T", "public_name: Tina B."), ("name: Hall", "name: Great hall")] {
                assert!(CLASSES.contains(from));
                gym.apply(&CLASSES.replace(from, to)).await;
                pair.after(to, &mut known, true).await;
            }
            // The next day nothing of this is different, but the list without a first day is.
            let today = Pair { path: "/v1/classes/slots?daysAhead=1".to_owned(), ..pair };
            let mut known = today.answer().await;
            gym.set_clock("2026-11-22T10:00:00Z").await;
            today.after("a day passes", &mut known, true).await;
        })
        .await;
    });
}

#[test]
fn free_times_follow_bookings_absences_and_the_minute() {
    with_gym(GYM, |gym| async move {
        let gym = &gym;
        let booker = Booker::of(gym).await;
        let token = signed_in(gym, Role::Manager, "north").await;
        let (north, ada) = (gym.studio("north").await, trainer(gym, "north", "ada").await);
        let id = appointment(gym, "north", "training").await;
        gym.beside(async |there: Gym| {
            let path = format!("/v1/appointments/bookable/{id}/slots?slotWindowStartDate=2026-11-23");
            let pair = Pair { here: gym, there, key: booker.key.clone(), path };
            let mut known = pair.answer().await;
            let booking = booker.booked("mia", "training", "23T10:00", "23T11:00").await;
            pair.after("somebody books", &mut known, true).await;
            booker.cancel(booking).await.json();
            pair.after("and cancels", &mut known, true).await;
            let absences = format!("/studios/{north}/employees/{ada}/absences");
            let body = r#"{"startDateTime":"2026-11-23T09:00:00+01:00","endDateTime":"2026-11-23T11:00:00+01:00"}"#;
            let absence = call(gym, &token, "POST", &absences, body).await.json()["id"].clone();
            pair.after("somebody is away", &mut known, true).await;
            call(gym, &token, "GET", &absences, "").await.json();
            pair.after("somebody looks", &mut known, false).await;
            assert_eq!(call(gym, &token, "DELETE", &format!("{absences}/{absence}"), "").await.status, 200);
            pair.after("and is there again", &mut known, true).await;
            // It can be booked until two hours before: eleven o'clock in Berlin until nine.
            for (time, differs) in [("07:59:59", true), ("08:00:00", false), ("08:00:01", true), ("08:00:59", false)] {
                gym.set_clock(&format!("2026-11-23T{time}Z")).await;
                pair.after(time, &mut known, differs).await;
            }
        })
        .await;
    });
}

#[test]
fn one_customers_times_are_not_anothers() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let of = async |customer: &str| {
            let id = gym.customer("north", customer).await;
            booker.slots("training", &format!("?slotWindowStartDate=2026-11-23&customerId={id}")).await.len()
        };
        let anybody = booker.slots("training", "?slotWindowStartDate=2026-11-23").await.len();
        assert_eq!((anybody, of("mia").await, of("rest").await, of("mia").await), (16, 16, 4, 16));
    });
}

#[test]
fn customers_are_shown_as_they_are_after_whatever_was_changed() {
    with_gym(MEMBERS, |gym| async move { follow_changes(&gym, true).await });
}

/// Debug builds compare; what others build must be right without.
#[test]
fn customers_are_shown_as_they_are_also_where_nothing_is_compared() {
    with_gym(MEMBERS, |gym| async move { follow_changes(&gym, false).await });
}

async fn follow_changes(gym: &Gym, proves: bool) {
    gym.app.showing.prove(proves);
    let (_stop, stopped) = watch::channel(false);
    tokio::spawn(ahead::run(Arc::clone(&gym.app), stopped.clone()));
    let (key, token) = (gym.key("north").await, signed_in(gym, Role::Manager, "north").await);
    let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
    let number = gym.get(&key, &format!("/v1/customers/{ada}")).await.json()["customerNumber"].clone();
    let paths = [
        format!("/v1/customers/{ada}"),
        format!("/v1/customers/by?customerNumber={}", number.as_str().unwrap()),
        format!("/v1/cross-studio/customers/{ada}"),
        "/v1/customers?sliceSize=50".to_owned(),
    ];
    gym.beside(async |there: Gym| {
        there.app.showing.prove(proves);
        tokio::spawn(ahead::run(Arc::clone(&there.app), stopped));
        let restrictions = format!("/v1/customers/{ada}/access-restrictions");
        let act = async |what: &str| match what {
            "restricted" => {
                let body = json!({ "reason": "Dues" }).to_string();
                gym.send_json("PUT", &key, &restrictions, &body).await
            }
            "let in again" => there.send_json("DELETE", &key, &restrictions, "").await,
            "a card more" => {
                let body = json!({ "type": "BARCODE", "value": "4711" }).to_string();
                there.send_json("POST", &key, &format!("/v1/customers/{ada}/access-mediums"), &body).await
            }
            "moved" => {
                gym.apply(&MEMBERS.replacen("street: Chausseestraße", "street: Invalidenstraße", 1)).await;
                gym.get(&key, "/v1/studios/information").await
            }
            "noted by staff" => {
                let path = customer_path(gym, "north", ada, "").await;
                let known = call(gym, &token, "GET", &path, "").await.json()["version"].clone();
                let body = json!({ "version": known, "contact": { "phoneBusiness": "030 1" } });
                call(gym, &token, "PUT", &format!("{path}/contact"), &body.to_string()).await
            }
            other => panic!("{other}"),
        };
        for what in ["restricted", "let in again", "a card more", "moved", "noted by staff"] {
            let mut before = Vec::new();
            for path in &paths {
                let known = gym.get(&key, path).await.json();
                assert_eq!(there.get(&key, path).await.json(), known, "{path} before {what}");
                before.push(known);
            }
            let other = gym.get(&key, &format!("/v1/customers/{bela}")).await.json();
            let done = act(what).await;
            assert!(done.status < 300, "{what}: {}", done.text());
            for (path, before) in paths.iter().zip(before) {
                let now = there.get(&key, path).await.json();
                assert_ne!(now, before, "{path} after {what}");
                assert_eq!(gym.get(&key, path).await.json(), now, "{path} after {what}");
            }
            assert_eq!(there.get(&key, &format!("/v1/customers/{bela}")).await.json(), other);
        }
        // Somebody whose contract has ended can be archived.
        let path = customer_path(gym, "north", bela, "").await;
        let shown = [format!("/v1/customers/{bela}"), format!("/v1/cross-studio/customers/{bela}")];
        for (method, below, body, status) in [
            ("PUT", "/third-party-access", r#"{"allowed":false}"#, 403),
            ("PUT", "/third-party-access", r#"{"allowed":true}"#, 200),
            ("POST", "/archive", "", 404),
            ("POST", "/restore", "", 200),
        ] {
            for path in &shown {
                gym.get(&key, path).await;
            }
            call(gym, &token, method, &format!("{path}{below}"), body).await.json();
            for (server, path) in [(&there, &shown[0]), (gym, &shown[0]), (gym, &shown[1]), (&there, &shown[1])] {
                assert_eq!(server.get(&key, path).await.status, status, "{path} after {below}");
            }
            let listed = there.get(&key, "/v1/customers?customerStatus=FORMER_MEMBER").await.json();
            let listed = listed["result"].as_array().unwrap().iter().any(|one| one["id"] == bela);
            assert_eq!(listed, status == 200, "{below}");
        }
        // What another studio's key was shown opens no door to it.
        let south = gym.key("south").await;
        assert_eq!(gym.get(&south, &paths[2]).await.status, 200);
        assert_eq!(gym.get(&south, &paths[0]).await.status, 403);
    })
    .await;
}

/// Asks two servers who is known by something, each twice, the second time from memory.
async fn known_on(servers: [&Gym; 2], key: &str, path: &str, whom: Result<i64, u16>, when: &str) {
    for server in [servers, servers].concat() {
        let answer = server.get(key, path).await;
        match whom {
            Ok(id) => assert_eq!(answer.json()["id"], id, "{path} {when}"),
            Err(status) => assert_eq!(answer.status, status, "{path} {when}"),
        }
    }
}

#[test]
fn whoever_has_a_card_or_a_number_is_found_wherever_it_goes() {
    for proves in [true, false] {
        with_gym(MEMBERS, |gym| async move { follow_a_card(&gym, proves).await });
    }
}

async fn follow_a_card(gym: &Gym, proves: bool) {
    gym.app.showing.prove(proves);
    let other = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
    let (key, south, token) =
        (gym.key("north").await, gym.key("south").await, signed_in(gym, Role::Manager, "north").await);
    let (_, of_other) = gym.key_with(other, "north", None, None).await;
    let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
    let ada_there = gym.customer_of(other, "north", "ada").await;
    let number = gym.get(&key, &format!("/v1/customers/{bela}")).await.json()["customerNumber"].clone();
    let by_number = format!("/v1/customers/by?customerNumber={}", number.as_str().unwrap());
    let by_card = "/v1/customers/by?cardNumber=4712".to_owned();
    let staff = customer_path(gym, "north", bela, "").await;
    gym.beside(async |there: Gym| {
        there.app.showing.prove(proves);
        let is = async |key: &str, path: &str, whom, when: &str| known_on([gym, &there], key, path, whom, when).await;
        let give = async |server: &Gym, key: &str, whom: i64| {
            let body = json!({ "type": "CARD_NUMBER", "value": "4712" }).to_string();
            let path = format!("/v1/customers/{whom}/access-mediums");
            server.send_json("POST", key, &path, &body).await.json();
            let mediums = server.get(key, &format!("/v1/customers/{whom}")).await.json()["accessMediums"].clone();
            let card = mediums.as_array().unwrap().iter().find(|one| one["value"] == "4712").unwrap().clone();
            format!("{path}/{}", card["id"])
        };
        is(&key, &by_card, Err(404), "before anybody has it").await;
        let card = give(&there, &key, ada).await;
        is(&key, &by_card, Ok(ada), "when somebody has it").await;
        is(&south, &by_card, Err(403), "of another studio").await;
        is(&of_other, &by_card, Err(404), "of another tenant").await;
        give(gym, &of_other, ada_there).await;
        is(&of_other, &by_card, Ok(ada_there), "of another tenant that has one of its own").await;
        is(&key, &by_card, Ok(ada), "with another tenant's like it").await;
        assert!(gym.send_json("DELETE", &key, &card, "").await.status < 300);
        is(&key, &by_card, Err(404), "when it is taken away").await;
        give(gym, &key, bela).await;
        is(&key, &by_card, Ok(bela), "when somebody else has it").await;
        is(&key, &by_number, Ok(bela), "at first").await;
        for (below, whom) in [("/archive", Err(404)), ("/restore", Ok(bela))] {
            call(gym, &token, "POST", &format!("{staff}{below}"), "").await.json();
            is(&key, &by_card, whom, below).await;
            is(&key, &by_number, whom, below).await;
        }
        for (allowed, whom) in [(false, Err(403)), (true, Ok(bela))] {
            let body = json!({ "allowed": allowed }).to_string();
            call(gym, &token, "PUT", &format!("{staff}/third-party-access"), &body).await.json();
            is(&key, &by_card, whom, "with and without leave").await;
        }
        // What nobody was told of is noticed where answers are compared, and only there: it was kept.
        let (tenant, sql) = (gym.tenant, &SNEAK);
        let moved = gym.app.db.write(move |tx| tx.execute(sql, &[&tenant, &ada, &bela])).await.unwrap();
        assert!(moved > 0);
        is(&key, &by_card, if proves { Err(500) } else { Ok(bela) }, "after it was moved without a record").await;
        is(&of_other, &by_card, Ok(ada_there), "in another tenant").await;
    })
    .await;
}

#[test]
fn whom_a_debt_collector_means_follows_everybody_with_the_number() {
    for proves in [true, false] {
        with_gym(MEMBERS, |gym| async move { follow_a_debtor(&gym, proves).await });
    }
}

async fn follow_a_debtor(gym: &Gym, proves: bool) {
    gym.app.showing.prove(proves);
    let (key, south, token) =
        (gym.key("north").await, gym.key("south").await, signed_in(gym, Role::Manager, "north").await);
    let (bela, cleo) = (gym.customer("north", "bela").await, gym.customer("north", "cleo").await);
    assert!(bela < cleo, "of several the first is meant");
    let (staff, tenant) = (customer_path(gym, "north", bela, "").await, gym.tenant);
    let with = |file: &str, name: &str| {
        let email = format!("email: {name}@example.org\n");
        let changed = file.replace(&email, &format!("{email}        debtor_id: D-7\n"));
        assert_ne!(changed, file);
        changed
    };
    let one = with(MEMBERS, "bela");
    gym.apply(&one).await;
    gym.beside(async |there: Gym| {
        there.app.showing.prove(proves);
        let path = "/v1/customers/by?debtorId=D-7";
        let is = async |key: &str, whom, when: &str| known_on([gym, &there], key, path, whom, when).await;
        is(&key, Ok(bela), "alone").await;
        is(&south, Err(403), "of another studio").await;
        gym.apply(&with(&one, "cleo")).await;
        is(&key, Ok(bela), "the first of two").await;
        for (below, whom) in [("/archive", cleo), ("/restore", bela)] {
            call(&there, &token, "POST", &format!("{staff}{below}"), "").await.json();
            is(&key, Ok(whom), below).await;
        }
        let body = json!({ "targetStudioId": gym.studio("south").await, "switchDate": "2026-11-01", "description": "moved house" });
        let path = format!("/v1/customers/{bela}/switch-studio");
        assert!(there.send_json("POST", &key, &path, &body.to_string()).await.status < 300);
        is(&key, Ok(cleo), "of the studio before others").await;
        is(&south, Ok(bela), "where he moved").await;
        gym.apply(&one).await;
        is(&key, Err(403), "when nobody else has it any more").await;
        is(&south, Ok(bela), "who has it still").await;
        // What leaves no record is noticed where answers are compared, and only there: nobody had to be looked for.
        let lost = gym.app.db.write(move |tx| tx.execute(&LOSE, &[&tenant, &bela])).await.unwrap();
        assert_eq!(lost, 1);
        is(&south, if proves { Err(500) } else { Ok(bela) }, "kept").await;
    })
    .await;
}

#[test]
fn customers_of_a_studio_are_drawn_before_anybody_asks_for_them() {
    for proves in [true, false] {
        with_gym(MEMBERS, |gym| async move { follow_who_is_drawn_ahead(&gym, proves).await });
    }
}

async fn follow_who_is_drawn_ahead(gym: &Gym, proves: bool) {
    gym.app.showing.prove(proves);
    let (key, south) = (gym.key("north").await, gym.key("south").await);
    let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
    let (tenant, north) = (gym.tenant, gym.studio("north").await);
    let everybody = move |tx: &mut gymkeeper_store::db::Tx<'_>| {
        let (any, page) = ((find::Status::Any, jiff::civil::Date::MIN), find::Slice { after: 0, limit: 1000 });
        find::slice(tx, tenant, north, any, find::Viewer::ThirdParty, page)
    };
    let everybody = gym.app.db.read(everybody).await.unwrap();
    let card = json!({ "type": "CARD_NUMBER", "value": "4712" }).to_string();
    gym.send_json("POST", &key, &format!("/v1/customers/{bela}/access-mediums"), &card).await.json();
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(ahead::run(Arc::clone(&gym.app), stopped));
    let drawn = || gym.app.metrics.customers_drawn_ahead.get();
    // Whoever is shown nobody has nobody drawn: theirs would come first, and be counted below.
    let of_bela = format!("/v1/customers/{bela}");
    gym.get(&south, &of_bela).await.refusal(403, "errormessage.authorization.other.studio");
    let first = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
    // Only the first one may have been drawn before.
    let all = u64::try_from(everybody.len()).unwrap();
    assert!(all > 5);
    let begun = gym.app.clock.monotonic();
    while drawn() + 1 < all {
        assert!(gym.app.clock.since(begun) < Duration::from_secs(60), "{} of {all}", drawn());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for one in &everybody {
        let shown = gym.get(&key, &format!("/v1/customers/{}", one.id)).await.json();
        assert_eq!(shown["id"], one.id);
        assert!(one.id != ada || shown == first);
    }
    assert!(drawn() <= all);
    // What leaves no record is noticed where answers are compared, and only there: nobody had to be looked for.
    let by = |name: &str, value: &Value| format!("/v1/customers/by?{name}={}", value.as_str().unwrap());
    let shown = gym.get(&key, &of_bela).await.json();
    let paths = [of_bela, by("customerNumber", &shown["customerNumber"]), by("cardNumber", &shown["cardNumbers"][0])];
    let hidden = gym.app.db.write(move |tx| tx.execute(&RENAME, &[&tenant, &bela, &"Changed"])).await.unwrap();
    let moved = gym.app.db.write(move |tx| tx.execute(&SNEAK, &[&tenant, &ada, &bela])).await.unwrap();
    assert!(hidden == 1 && moved > 0);
    for path in &paths {
        let answer = gym.get(&key, path).await;
        match proves {
            true => drop(answer.refusal(500, "errormessage.internal")),
            false => assert_eq!(answer.json(), shown, "{path}"),
        }
    }
    // After a change that leaves one, all of it is as it is.
    let body = json!({ "reason": "Dues" }).to_string();
    let restrictions = format!("/v1/customers/{bela}/access-restrictions");
    assert!(gym.send_json("PUT", &key, &restrictions, &body).await.status < 300);
    for path in &paths[..2] {
        let now = gym.get(&key, path).await.json();
        assert_eq!((&now["firstName"], &now["cardNumbers"]), (&json!("Changed"), &json!([])), "{path}");
    }
    // Who has the card is looked for again; nothing tells that it was moved to Ada.
    let answer = gym.get(&key, &paths[2]).await;
    match proves {
        true => drop(answer.refusal(500, "errormessage.internal")),
        false => assert_eq!(answer.json(), first),
    }
    stop.send(true).unwrap();
    worker.await.unwrap();
}

/// What is kept is not made anew each night, but when something begins or is over.
#[test]
fn what_is_kept_of_customers_outlasts_nights_and_follows_what_turns_with_them() {
    for proves in [true, false] {
        with_gym(MEMBERS, |gym| async move { follow_days(&gym, proves).await });
    }
}

async fn follow_days(gym: &Gym, proves: bool) {
    gym.app.showing.prove(proves);
    let tenant = gym.tenant;
    let (ada, barred) = (gym.customer("north", "ada").await, gym.customer("north", "barred").await);
    let body = r#"{"reason":"Holidays","startDate":"2026-11-23","endDate":"2026-11-24"}"#;
    let (key, path) = (gym.key("north").await, format!("/v1/customers/{ada}/access-restrictions"));
    assert!(gym.send_json("PUT", &key, &path, body).await.status < 300);
    // After each day she is called by it, which leaves no record: so her name tells after which day she was drawn. Where answers are
    // compared she keeps her name.
    for (day, listed, refused, status, name) in [
        ("2026-11-21", 1, false, "MEMBER", "Ada"),
        ("2026-11-22", 1, false, "MEMBER", "Ada"),
        ("2026-11-23", 1, true, "MEMBER", "2026-11-22"),
        ("2026-11-24", 1, true, "MEMBER", "2026-11-22"),
        ("2026-11-25", 0, false, "MEMBER", "2026-11-24"),
        ("2027-04-30", 0, false, "MEMBER", "2026-11-24"),
        ("2027-05-01", 0, false, "FORMER_MEMBER", "2026-11-24"),
        // A clock that is set back finds nothing of what is still to come.
        ("2026-11-24", 1, true, "MEMBER", "2027-05-01"),
    ] {
        // Nothing is told of it, as of the real clock: whoever comes with another key learns what time it is.
        let now = format!("{day}T11:00:00Z").parse().unwrap();
        gym.app.db.write(move |tx| tenant::set_clock(tx, tenant, Some(now))).await.unwrap();
        let key = gym.key("north").await;
        for round in 1..=2 {
            let one = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
            let told = (one["accessRestrictions"].as_array().unwrap().len(), one["accessRefusal"].as_bool().unwrap());
            assert_eq!(told, (listed, refused), "{day} {round}");
            let other = gym.get(&key, &format!("/v1/customers/{barred}")).await.json();
            assert_eq!(other["status"], status, "{day} {round}");
            assert!(proves || one["firstName"] == name, "{day} {round}: {}", one["firstName"]);
        }
        if !proves {
            let renamed = gym.app.db.write(move |tx| tx.execute(&RENAME, &[&tenant, &ada, &day])).await.unwrap();
            assert_eq!(renamed, 1);
        }
    }
}

/// One text is kept for both; only the IBAN and the link are put in anew.
#[test]
fn lists_mask_what_single_answers_show_whole_and_each_has_a_link_of_its_own() {
    for proves in [true, false] {
        with_gym(MEMBERS, |gym| async move {
            gym.app.showing.prove(proves);
            let (key, future) = (gym.key("north").await, gym.customer("north", "future").await);
            let path = format!("/v1/customers/{future}");
            let sent = gym.send_form("PUT", &key, &format!("{path}/images"), "image", "me.png", &picture(8, 8)).await;
            sent.json();
            let (whole, masked) = ("DE89370400440532013000", "DE89 **** **** **** **** 00");
            let find = r#"{"firstName":"Future"}"#;
            let slice = "/v1/customers?customerStatus=MEMBER&sliceSize=50";
            let mut links = BTreeSet::new();
            for round in 1..=2 {
                for (method, path, body, iban) in [
                    ("GET", path.as_str(), "", whole),
                    ("POST", "/v1/customers/search", find, masked),
                    ("GET", slice, "", masked),
                    ("POST", "/v1/cross-studio/customers/search", find, masked),
                ] {
                    let told = gym.send_json(method, &key, path, body).await.json();
                    let all = told.get("result").unwrap_or(&told).as_array().cloned().unwrap_or_else(|| vec![told]);
                    let one = all.iter().find(|one| one["id"] == future).unwrap_or_else(|| panic!("{path}"));
                    assert_eq!(one["bankAccount"]["iban"], iban, "{path}");
                    let link = one["imageUrl"].as_str().unwrap().to_owned();
                    assert_eq!(gym.send("GET", gym.path_of(&link), &[], "").await.status, 200, "{link}");
                    links.insert(link);
                }
                assert!(links.len() >= round, "{links:?}");
                // Links tell seconds, so those of the next round are others.
                let second = gym.app.clock.now().as_second();
                while round == 1 && gym.app.clock.now().as_second() == second {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        });
    }
}

gymkeeper_store::statements! {
    RENAME = "update customer set first_name = $3 where tenant_id = $1 and id = $2";
    LOSE = "update customer set debtor_id = null where tenant_id = $1 and id = $2";
    SNEAK = "update access_medium set customer_id = $2 where tenant_id = $1 and kind = 'CARD_NUMBER' and customer_id = $3";
}

/// What the tests of everything that is planned rely on: that answers are kept at all, and that debug builds compare them.
#[test]
fn a_change_that_leaves_no_record_is_noticed_by_the_next_answer_from_memory() {
    with_gym(CLASSES, |gym| async move {
        let key = gym.key("north").await;
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        assert_eq!(gym.get(&key, SLOTS).await.status, 200);
        let tenant = gym.tenant;
        let sneak = move |tx: &mut gymkeeper_store::db::Tx<'_>| {
            let slot = slots::by_id(tx, tenant, yoga)?.unwrap();
            slots::update(tx, tenant, &slots::Slot { additional: 7, ..slot })
        };
        gym.app.db.write(sneak).await.unwrap();
        gym.get(&key, SLOTS).await.refusal(500, "errormessage.internal");
    });
}
