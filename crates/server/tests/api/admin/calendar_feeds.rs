//! Calendar feeds: links that are made, followed without a key, and refused again.

use std::collections::BTreeMap;

use gymkeeper_domain::staff::Role;
use gymkeeper_server::{
    actions::customer::erasure,
    http::{calendar::link::NewLink, failure::Failure},
};
use gymkeeper_store::booking::feed::Feed;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{RIGHT_MISSING, act, call, customer_path, last_record, records, signed_in};
use crate::{
    appointments::{Booker, GYM, trainer},
    classes::{booked, cancel, slot},
    support::{Answer, CLASSES, Gym, with_gym},
};

const NONE: &str = "errormessage.calendar.feed.not.found";

/// An event by its properties, as a program that reads calendars has it.
type Event = BTreeMap<String, String>;

/// Undoes what texts are written with.
fn read_text(written: &str) -> String {
    let (mut text, mut letters) = (String::new(), written.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(match letters.next().unwrap() {
                'n' => '\n',
                letter => letter,
            }),
            letter => text.push(letter),
        }
    }
    text
}

/// Reads a calendar: its own properties and its events. What RFC 5545 wants of the form is checked on the way.
fn read(answer: &Answer) -> (Event, Vec<Event>) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    let text = std::str::from_utf8(&answer.body).unwrap();
    assert!(text.ends_with("\r\nEND:VCALENDAR\r\n"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{text}");
    let text = text.replace("\r\n ", "");
    let (mut own, mut events, mut event): (Event, Vec<Event>, Option<Event>) = (Event::new(), Vec::new(), None);
    for line in text.lines() {
        let (name, value) = line.split_once(':').unwrap();
        match (name, value) {
            ("BEGIN", "VEVENT") => assert!(event.replace(Event::new()).is_none(), "{text}"),
            ("END", "VEVENT") => events.push(event.take().unwrap()),
            _ => {
                let properties = event.as_mut().unwrap_or(&mut own);
                let before = properties.insert(name.to_owned(), read_text(value));
                assert!(before.is_none() || name == "BEGIN", "{name} twice in {text}");
            }
        }
    }
    assert_eq!((own["VERSION"].as_str(), own["PRODID"].as_str()), ("2.0", "-//Gymkeeper//Calendar//EN"));
    let uids: std::collections::BTreeSet<&String> = events.iter().map(|event| &event["UID"]).collect();
    assert_eq!(uids.len(), events.len(), "{text}");
    for event in &events {
        assert!(event["DTSTART"] < event["DTEND"] && event["DTSTAMP"].ends_with('Z'), "{event:?}");
    }
    (own, events)
}

/// Follows a link as a calendar program does: without a key.
async fn follow(gym: &Gym, url: &str) -> Answer {
    gym.send("GET", gym.path_of(url), &[], "").await
}

/// The events behind a link that begin on a day of UTC, as `start summary status`.
async fn on(gym: &Gym, url: &str, day: &str) -> Vec<String> {
    let (_, events) = read(&follow(gym, url).await);
    let shown = |event: &Event| format!("{} {} {}", &event["DTSTART"][9..], event["SUMMARY"], event["STATUS"]);
    events.iter().filter(|event| event["DTSTART"].starts_with(day)).map(shown).collect()
}

/// The event of a summary behind a link that begins then.
async fn one(gym: &Gym, url: &str, start: &str) -> Event {
    let (_, events) = read(&follow(gym, url).await);
    let mut found: Vec<Event> = events.into_iter().filter(|event| event["DTSTART"] == start).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// Makes a calendar in the back office, and answers its id and link.
async fn made(gym: &Gym, token: &str, path: &str, body: &Value) -> (i64, String) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let made = call(gym, token, "POST", path, &body).await.json();
    (made["feed"]["id"].as_i64().unwrap(), made["url"].as_str().unwrap().to_owned())
}

/// The link to a new calendar of a customer.
async fn of_customer(gym: &Gym, token: &str, studio: &str, customer: i64) -> String {
    let path = customer_path(gym, studio, customer, "/calendar-feeds").await;
    made(gym, token, &path, &Value::Null).await.1
}

#[test]
fn a_studio_has_all_its_classes_in_a_calendar_and_nobody_in_it() {
    with_gym(CLASSES, |gym| async move {
        let other = gym.apply(&CLASSES.replace("key: acme", "key: umbrella").replace("Yoga", "Foreign")).await;
        let (token, key) = (signed_in(&gym, Role::ReadOnly, "north").await, gym.key("north").await);
        let path = format!("/studios/{}/calendar-feeds", gym.studio("north").await);
        let answer = call(&gym, &token, "POST", &path, "{}").await.json();
        let id = answer["feed"]["id"].as_i64().unwrap();
        assert_eq!((&answer["feed"]["kind"], &answer["feed"]["madeByName"]), (&json!("STUDIO"), &json!("Ada Berg")));
        let (actor, action, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:"), "{actor}");
        let studio = format!("studio:{}", gym.studio("north").await);
        assert_eq!((action.as_str(), subject), ("studio.calendar-feed-made", studio));
        let record = records(&gym).await.pop().unwrap();
        assert_eq!(record.changes, Some(format!(r#"{{"calendarFeedId":{{"to":{id}}}}}"#)));
        let url = answer["url"].as_str().unwrap();

        let first = follow(&gym, url).await;
        let (own, events) = read(&first);
        assert_eq!((own["X-WR-CALNAME"].as_str(), own["X-PUBLISHED-TTL"].as_str()), ("Acme North", "PT1H"));
        assert_eq!(first.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(first.header("cache-control"), Some("private, no-cache"));
        // What programs do not see is in it, too; what another studio or tenant holds is not.
        let monday = on(&gym, url, "20261123").await;
        assert_eq!(
            monday,
            [
                "070000Z Course CONFIRMED",
                "110000Z Open day CONFIRMED",
                "120000Z Staff only CONFIRMED",
                "170000Z Yoga CONFIRMED",
                "173000Z Spin CONFIRMED",
                "203000Z Night CONFIRMED"
            ]
        );
        let begins = |event: &Event| event["DTSTART"].clone();
        assert!(events.iter().all(|event| begins(event).as_str() >= "20261120T"), "as far back as there are slots");
        assert!(events.iter().any(|event| begins(event).starts_with("20261205")), "as far as published");
        let yoga = one(&gym, url, "20261123T170000Z").await;
        let id = slot(&gym, &key, "2026-11-23T18:00").await;
        assert_eq!(yoga["UID"], format!("class-slot-{id}@acme.gymkeeper"));
        assert_eq!((yoga["DTEND"].as_str(), yoga["LOCATION"].as_str()), ("20261123T180000Z", "Hall, Acme North"));
        assert_eq!(yoga["DESCRIPTION"], "With: Coach T, Tom Lund\nPlaces taken: 0 of 2");
        let course = one(&gym, url, "20261123T070000Z").await;
        assert_eq!((course.get("LOCATION"), course["DESCRIPTION"].as_str()), (None, "Online\nPlaces taken: 0 of 1"));

        // A look at the same says that nothing has changed; a booking changes it, and says nobody's name.
        let etag = first.header("etag").unwrap().to_owned();
        let again = gym.send("GET", gym.path_of(url), &[("if-none-match", &etag)], "").await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(etag.as_str())));
        let head = gym.send("HEAD", gym.path_of(url), &[], "").await;
        assert_eq!((head.status, head.header("content-type")), (200, Some("text/calendar; charset=utf-8")));
        for name in ["ada", "bea", "cem"] {
            booked(&gym, &key, gym.customer("north", name).await, id).await;
        }
        let changed = gym.send("GET", gym.path_of(url), &[("if-none-match", &etag)], "").await;
        read(&changed);
        let yoga = one(&gym, url, "20261123T170000Z").await;
        assert_eq!(yoga["DESCRIPTION"], "With: Coach T, Tom Lund\nPlaces taken: 2 of 2\nWaiting: 1");
        assert!(!changed.text().contains("Bea") && !changed.text().contains("Foreign"));

        let manager = signed_in(&gym, Role::Manager, "north").await;
        let off = format!("/studios/{}/class-slots/{id}/call-off", gym.studio("north").await);
        call(&gym, &manager, "POST", &off, "").await.json();
        let yoga = one(&gym, url, "20261123T170000Z").await;
        assert_eq!((yoga["STATUS"].as_str(), yoga["TRANSP"].as_str()), ("CANCELLED", "TRANSPARENT"));
        assert_eq!(yoga["DESCRIPTION"], "With: Coach T, Tom Lund\nCanceled");

        // A fortnight later it is still there, and a day after that it is not.
        for (now, there) in [("2026-12-07T16:59:59Z", true), ("2026-12-07T17:00:01Z", false)] {
            gym.set_clock(now).await;
            assert_eq!(!on(&gym, url, "20261123T1700").await.is_empty(), there, "{now}");
        }
        // The secret opens nothing in another tenant.
        let stolen = url.replace(&format!("/calendar/{}-", gym.tenant.0), &format!("/calendar/{}-", other.0));
        assert_ne!(stolen, url);
        follow(&gym, &stolen).await.refusal(404, NONE);
    });
}

#[test]
fn a_trainer_sees_who_comes_and_of_whom_nothing_may_be_told_no_name() {
    with_gym(GYM, |gym| async move {
        let (token, booker) = (signed_in(&gym, Role::Desk, "north").await, Booker::of(&gym).await);
        let north = gym.studio("north").await;
        let path = format!("/studios/{north}/calendar-feeds");
        let (ada, bo) = (trainer(&gym, "north", "ada").await, trainer(&gym, "north", "bo").await);
        let (_, url) = made(&gym, &token, &path, &json!({ "employeeId": ada })).await;
        let (_, _, subject) = last_record(&gym).await;
        assert_eq!(subject, format!("employee:{ada}"));
        let (_, of_bo) = made(&gym, &token, &path, &json!({ "employeeId": bo })).await;
        let (_, of_studio) = made(&gym, &token, &path, &json!({})).await;
        assert_eq!(read(&follow(&gym, &url).await).0["X-WR-CALNAME"], "Ada B., Acme North");

        let mut wish = booker.wish("mia", "training", "23T09:00", "23T10:00").await;
        wish["instructorIds"] = json!([ada]);
        let id = booker.send("/v1/appointments/booking/book", &wish).await.json()["bookingId"].as_i64().unwrap();
        let mut hidden = booker.wish("hidden", "training", "24T09:00", "24T10:00").await;
        hidden["instructorIds"] = json!([ada]);
        hidden["override"] = json!(true);
        call(&gym, &token, "POST", &format!("/studios/{north}/appointment-bookings"), &hidden.to_string()).await.json();
        booker.booked("noa", "training", "23T11:00", "23T12:00").await;
        booker.booked("pia", "talk", "23T15:00", "23T15:30").await;

        let event = one(&gym, &url, "20261123T080000Z").await;
        assert_eq!(event["UID"], format!("booking-{id}@acme.gymkeeper"));
        assert_eq!(event["SUMMARY"], "Personal training (Mia M.)");
        assert_eq!(event["LOCATION"], "Studio, Acme North");
        assert_eq!(event["DESCRIPTION"], "With: Ada B.\nBooked");
        assert_eq!(event["CREATED"], "20261121T110000Z");
        assert_eq!(on(&gym, &url, "20261124").await, ["080000Z Personal training CONFIRMED"]);
        assert!(!follow(&gym, &url).await.text().contains("Member"));
        let all = [on(&gym, &url, "20261123").await, on(&gym, &of_bo, "20261123").await];
        let of_noa = "100000Z Personal training (Noa M.) CONFIRMED".to_owned();
        assert_eq!(all.iter().filter(|events| events.contains(&of_noa)).count(), 1, "{all:?}");
        assert!(!all.concat().iter().any(|event| event.contains("Talk")), "{all:?}");

        // The calendar of the studio has all of them, and nobody.
        let studio = on(&gym, &of_studio, "20261123").await;
        assert_eq!(
            studio,
            ["080000Z Personal training CONFIRMED", "100000Z Personal training CONFIRMED", "140000Z Talk CONFIRMED"]
        );
        assert_eq!(booker.cancel(id).await.status, 200);
        let gone = "080000Z Personal training CANCELLED";
        assert_eq!(on(&gym, &of_studio, "20261123").await[0], gone);
        assert_eq!(on(&gym, &url, "20261123").await[0], "080000Z Personal training (Mia M.) CANCELLED");

        // Whoever has left has no calendar, and can be made none.
        let archive = format!("/studios/{north}/employees/{ada}/archive");
        let manager = signed_in(&gym, Role::Manager, "north").await;
        call(&gym, &manager, "POST", &archive, "").await.json();
        follow(&gym, &url).await.refusal(404, NONE);
        let refused = call(&gym, &token, "POST", &path, &json!({ "employeeId": ada }).to_string()).await;
        let refused = refused.refusal(404, "errormessage.employee.not.found");
        assert_eq!(refused.reference.as_deref(), Some("employeeId"));
    });
}

#[test]
fn a_trainer_has_the_classes_that_the_trainer_leads() {
    with_gym(CLASSES, |gym| async move {
        let token = signed_in(&gym, Role::Trainer, "north").await;
        let path = format!("/studios/{}/calendar-feeds", gym.studio("north").await);
        let tina = trainer(&gym, "north", "tina").await;
        let (_, url) = made(&gym, &token, &path, &json!({ "employeeId": tina })).await;
        let key = gym.key("north").await;
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        booked(&gym, &key, gym.customer("north", "ada").await, yoga).await;
        assert_eq!(on(&gym, &url, "20261123").await, ["170000Z Yoga CONFIRMED"]);
        let event = one(&gym, &url, "20261123T170000Z").await;
        assert_eq!(event["DESCRIPTION"], "With: Coach T, Tom Lund\nPlaces taken: 1 of 2");
        assert!(!follow(&gym, &url).await.text().contains("Ada"));
    });
}

#[test]
fn a_customer_has_the_own_bookings_wherever_they_are_and_how_they_stand() {
    with_gym(CLASSES, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let customer = async |name: &str| gym.customer("north", name).await;
        let cem = customer("cem").await;
        let url = of_customer(&gym, &token, "north", cem).await;
        assert_eq!(
            last_record(&gym).await.1,
            "customer.calendar-feed-made",
            "and it is about the customer: {}",
            last_record(&gym).await.2
        );
        assert_eq!(read(&follow(&gym, &url).await).1, Vec::<Event>::new());
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        for name in ["ada", "bea"] {
            booked(&gym, &key, customer(name).await, yoga).await;
        }
        assert_eq!(booked(&gym, &key, cem, yoga).await.1, "WAITING_LIST");
        let (course, _) = booked(&gym, &key, cem, slot(&gym, &key, "2026-11-24T08:00").await).await;
        assert_eq!(on(&gym, &url, "20261123").await, ["170000Z Yoga TENTATIVE"]);
        let event = one(&gym, &url, "20261123T170000Z").await;
        assert_eq!(event["DESCRIPTION"], "With: Coach T, Tom Lund\nOn the waiting list");
        assert_eq!(event["LOCATION"], "Hall, Acme North");
        assert_eq!(on(&gym, &url, "20261124").await, ["070000Z Course CONFIRMED"]);
        assert_eq!(cancel(&gym, &key, course).await.status, 200);
        let event = one(&gym, &url, "20261124T070000Z").await;
        assert_eq!((event["STATUS"].as_str(), event["DESCRIPTION"].as_str()), ("CANCELLED", "Online\nCanceled"));
        let text = follow(&gym, &url).await.text();
        assert!(!text.contains("Cem") && !text.contains("Ada") && !text.contains("Places"), "{text}");

        // A class that moves takes the event along.
        let north = gym.studio("north").await;
        let manager = signed_in(&gym, Role::Manager, "north").await;
        let to = json!({
            "startDateTime": "2026-11-23T17:15:00+01:00", "endDateTime": "2026-11-23T18:15:00+01:00",
            "maxParticipants": 3, "maxWaitingListParticipants": 2,
        });
        let path = format!("/studios/{north}/class-slots/{yoga}");
        call(&gym, &manager, "PUT", &path, &to.to_string()).await.json();
        let event = one(&gym, &url, "20261123T161500Z").await;
        assert_eq!((event["STATUS"].as_str(), event["LOCATION"].as_str()), ("CONFIRMED", "Acme North"));

        // Of a member of the south, in the south's words, what was booked in the north (CLS-10).
        let south = signed_in(&gym, Role::Desk, "south").await;
        let sue = gym.customer("south", "sue").await;
        gym.key("south").await;
        let of_sue = of_customer(&gym, &south, "south", sue).await;
        booked(&gym, &key, sue, slot(&gym, &key, "2026-11-22T18:30").await).await;
        assert_eq!(read(&follow(&gym, &of_sue).await).0["X-WR-CALNAME"], "Gebucht bei Acme South");
        let event = one(&gym, &of_sue, "20261122T173000Z").await;
        assert_eq!((event["LOCATION"].as_str(), event["DESCRIPTION"].as_str()), ("Acme North", "Gebucht"));
        let foreign = customer_path(&gym, "north", sue, "/calendar-feeds").await;
        call(&gym, &token, "POST", &foreign, "").await.refusal(404, "errormessage.customer.not.found");
    });
}

#[test]
fn a_link_that_holds_no_longer_and_one_that_never_did_are_told_alike() {
    with_gym(CLASSES, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Manager, "north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/calendar-feeds");
        let (id, url) = made(&gym, &token, &path, &json!({})).await;
        let (kept, other) = made(&gym, &token, &path, &json!({})).await;
        let way = gym.path_of(&url).to_owned();
        let (address, secret) = way.split_once('-').unwrap();
        let unsigned = secret.split_once('.').unwrap().0;
        let signature = gym.path_of(&other).split_once('.').unwrap().1;
        for wrong in [
            "/calendar/x.ics".to_owned(),
            "/calendar/.ics".to_owned(),
            "/calendar/%FF.ics".to_owned(),
            "/calendar/-.ics".to_owned(),
            format!("/calendar/{secret}"),
            format!("{address}-.ics"),
            format!("{address}-{}", secret.to_lowercase()),
            format!("{address}--{secret}"),
            format!("/calendar/99999999999999999999-{secret}"),
            format!("/calendar/0-{secret}"),
            way.replace(".ics", ""),
            way.replace(".ics", "A.ics"),
            // Without a signature, and with that of another calendar.
            format!("{address}-{unsigned}.ics"),
            format!("{address}-{unsigned}..ics"),
            format!("{address}-{unsigned}.{signature}"),
        ] {
            // With or without a key, and in the language that is asked for.
            let answer = gym.send("GET", &wrong, &[("accept-language", "de")], "").await;
            let refusal = answer.refusal(404, NONE);
            assert!(refusal.error_message.starts_with("Es gibt keinen solchen Kalender"), "{wrong}");
        }
        read(&follow(&gym, &url).await);
        gym.beside(|beside| {
            let (gym, way, token, path) = (&gym, way.clone(), token.clone(), path.clone());
            async move {
                read(&beside.send("GET", &way, &[], "").await);
                let before = gym.end_of_journal().await;
                assert_eq!(call(gym, &token, "DELETE", &format!("{path}/{id}"), "").await.status, 200);
                assert_eq!(gym.deeds(before).await, ["studio.calendar-feed-revoked"]);
                beside.send("GET", &way, &[], "").await.refusal(404, NONE);
            }
        })
        .await;
        follow(&gym, &url).await.refusal(404, NONE);
        // Once is enough, and the others go on.
        call(&gym, &token, "DELETE", &format!("{path}/{id}"), "").await.refusal(404, NONE);
        read(&follow(&gym, &other).await);
        let list = call(&gym, &token, "GET", &path, "").await;
        assert!(!list.text().contains(unsigned));
        let list = list.json();
        let rows = list["result"].as_array().unwrap();
        assert_eq!((&rows[0]["id"], &rows[1]["id"], rows.len()), (&json!(id), &json!(kept), 2));
        assert!(rows[0]["revokedAt"].is_string() && rows[1].get("revokedAt").is_none(), "{rows:?}");
        assert_eq!((&rows[0]["kind"], &rows[0]["madeByName"]), (&json!("STUDIO"), &json!("Ada Berg")));

        // What is tried and not kept is no link.
        let bearer = format!("Bearer {token}");
        let dry =
            [("authorization", bearer.as_str()), ("content-type", "application/json"), ("gymkeeper-dry-run", "true")];
        let tried = gym.send("POST", &format!("/admin/v1{path}"), &dry, "{}").await.json();
        follow(&gym, tried["url"].as_str().unwrap()).await.refusal(404, NONE);

        // Back to a state of before, what was revoked stays revoked, and what was made since holds.
        let sandbox = gym.token().await;
        gym.done("POST", "/snapshots", &sandbox, r#"{"name":"before"}"#).await;
        call(&gym, &token, "DELETE", &format!("{path}/{kept}"), "").await;
        let (_, since) = made(&gym, &token, &path, &json!({})).await;
        gym.done("POST", "/snapshots/before/restore", &sandbox, "").await;
        follow(&gym, &other).await.refusal(404, NONE);
        read(&follow(&gym, &since).await);
    });
}

#[test]
fn whoever_can_write_into_the_database_makes_no_link_and_turns_none() {
    gymkeeper_store::statements! {
        FORGE = "insert into calendar_feed (tenant_id, id, studio_id, hash, made_by, made_at, signing_key)
            select tenant_id, $2, studio_id, $3, made_by, made_at, case when $4 then signing_key end
            from calendar_feed where tenant_id = $1 and hash <> $3 limit 1";
        TURN = "update calendar_feed set customer_id = $3 where tenant_id = $1 and id = $2";
        REVIVE = "update calendar_feed set revoked_at = null where tenant_id = $1 and id = $2";
    }
    with_gym(CLASSES, |gym| async move {
        let token = signed_in(&gym, Role::Manager, "north").await;
        let (north, ada) = (gym.studio("north").await, gym.customer("north", "ada").await);
        let path = format!("/studios/{north}/calendar-feeds");
        let (good, url) = made(&gym, &token, &path, &json!({})).await;
        let tenant = gym.tenant;
        for (id, sealed) in [(1_000_001_i64, false), (1_000_002, true)] {
            let link = NewLink::fresh();
            let hash = link.hash();
            let forged =
                gym.app.db.write(move |tx| tx.execute(&FORGE, &[&tenant, &id, &hash.as_slice(), &sealed])).await;
            assert_eq!(forged.unwrap(), 1);
            // There is no key, or it is sealed as that of another calendar.
            let feed = Feed {
                id,
                studio_id: north,
                employee_id: None,
                customer_id: None,
                made_by: String::new(),
                made_at: Timestamp::UNIX_EPOCH,
                revoked_at: None,
            };
            gym.send("GET", &link.url("", tenant, &feed), &[], "").await.refusal(404, NONE);
        }
        // A link to the studio does not become one to somebody.
        for (whose, opens) in [(Some(ada), false), (None, true)] {
            gym.app.db.write(move |tx| tx.execute(&TURN, &[&tenant, &good, &whose])).await.unwrap();
            let answer = follow(&gym, &url).await;
            if opens {
                read(&answer);
            } else {
                answer.refusal(404, NONE);
            }
        }
        // And what was revoked is gone for good.
        assert_eq!(call(&gym, &token, "DELETE", &format!("{path}/{good}"), "").await.status, 200);
        gym.app.db.write(move |tx| tx.execute(&REVIVE, &[&tenant, &good])).await.unwrap();
        follow(&gym, &url).await.refusal(404, NONE);
    });
}

#[test]
fn a_fork_does_not_answer_to_the_links_of_what_it_was_copied_from() {
    with_gym(CLASSES, |gym| async move {
        let token = signed_in(&gym, Role::Manager, "north").await;
        let path = format!("/studios/{}/calendar-feeds", gym.studio("north").await);
        let (_, url) = made(&gym, &token, &path, &json!({})).await;
        gym.done("POST", "/fork", &gym.token().await, r#"{"key":"twin"}"#).await;
        let find = |tx: &mut gymkeeper_store::db::Tx<'_>| gymkeeper_store::tenant::list(tx);
        let all = gym.app.db.read(find).await.unwrap();
        let twin = all.into_iter().find(|tenant| tenant.key == "twin").unwrap().tenant_id;
        let copied = url.replace(&format!("/calendar/{}-", gym.tenant.0), &format!("/calendar/{twin}-"));
        assert_ne!(copied, url);
        follow(&gym, &copied).await.refusal(404, NONE);
        read(&follow(&gym, &url).await);
    });
}

#[test]
fn nothing_is_told_of_customers_who_refuse_it_are_archived_or_erased() {
    with_gym(CLASSES, |gym| async move {
        let token = signed_in(&gym, Role::Manager, "north").await;
        let guest = gym.customer("north", "guest").await;
        let url = of_customer(&gym, &token, "north", guest).await;
        read(&follow(&gym, &url).await);
        let path = async |below: &str| customer_path(&gym, "north", guest, below).await;
        let allow = async |allowed: bool| {
            let body = json!({ "allowed": allowed }).to_string();
            call(&gym, &token, "PUT", &path("/third-party-access").await, &body).await.json();
        };
        let feeds = path("/calendar-feeds").await;
        allow(false).await;
        follow(&gym, &url).await.refusal(404, NONE);
        let refused = call(&gym, &token, "POST", &feeds, "").await;
        refused.refusal(403, "errormessage.third.party.customer.access.disabled");
        allow(true).await;
        read(&follow(&gym, &url).await);
        call(&gym, &token, "POST", &path("/archive").await, "").await.json();
        follow(&gym, &url).await.refusal(404, NONE);
        call(&gym, &token, "POST", &feeds, "").await.refusal(400, "errormessage.customer.archived");
        call(&gym, &token, "POST", &path("/restore").await, "").await.json();
        read(&follow(&gym, &url).await);
        let erased = act(&gym, gym.tenant, move |change| {
            erasure::erase(change, guest).map_err(|problem| Failure::Internal(format!("{problem:?}")))
        })
        .await;
        assert!(erased.gone.contains(&("calendarFeeds", 1)), "{:?}", erased.gone);
        follow(&gym, &url).await.refusal(404, NONE);
        assert_eq!(call(&gym, &token, "GET", &feeds, "").await.json()["result"], json!([]));
    });
}

#[test]
fn calendars_of_others_can_neither_be_made_nor_seen_nor_revoked() {
    with_gym(CLASSES, |gym| async move {
        let other = gym.apply(&CLASSES.replace("key: acme", "key: umbrella")).await;
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let (token, of_south) =
            (signed_in(&gym, Role::Manager, "north").await, signed_in(&gym, Role::Manager, "south").await);
        let (path, elsewhere) =
            (format!("/studios/{north}/calendar-feeds"), format!("/studios/{south}/calendar-feeds"));
        let ada = gym.customer("north", "ada").await;
        let of_ada = customer_path(&gym, "north", ada, "/calendar-feeds").await;
        let of_bea = customer_path(&gym, "north", gym.customer("north", "bea").await, "/calendar-feeds").await;
        let (studios, url) = made(&gym, &token, &path, &json!({})).await;
        let (adas, adas_url) = made(&gym, &token, &of_ada, &Value::Null).await;

        let foreign = format!("/studios/{}/calendar-feeds", gym.studio_of(other, "north").await);
        for path in [&path, &of_ada, &foreign] {
            call(&gym, &of_south, "GET", path, "").await.refusal(403, RIGHT_MISSING);
            call(&gym, &of_south, "POST", path, "{}").await.refusal(403, RIGHT_MISSING);
        }
        // Each is found in its own place only.
        for (token, path, id) in [
            (&of_south, &elsewhere, studios),
            (&token, &path, adas),
            (&token, &of_ada, studios),
            (&token, &of_bea, adas),
        ] {
            call(&gym, token, "DELETE", &format!("{path}/{id}"), "").await.refusal(404, NONE);
        }
        read(&follow(&gym, &url).await);
        read(&follow(&gym, &adas_url).await);
        let ids = async |path: &str| {
            let list = call(&gym, &token, "GET", path, "").await.json();
            list["result"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!((ids(&path).await, ids(&of_ada).await), (vec![studios], vec![adas]));
        assert_eq!(last_record(&gym).await.1, "customer.calendar-feeds-read");
        assert_eq!(ids(&of_bea).await, Vec::<i64>::new());
        let tina = trainer(&gym, "north", "tina").await;
        for (body, status, code, reference) in [
            (json!({ "employeeId": tina }), 404, "errormessage.employee.not.found", Some("employeeId")),
            (json!({ "employeeId": 0 }), 404, "errormessage.employee.not.found", Some("employeeId")),
            (json!({ "employeeId": "x" }), 400, "errormessage.validation.field.invalid", Some("employeeId")),
            (json!({ "customerId": ada }), 400, "errormessage.validation.field.unknown", Some("customerId")),
        ] {
            let refusal = call(&gym, &of_south, "POST", &elsewhere, &body.to_string()).await.refusal(status, code);
            assert_eq!(refusal.reference.as_deref(), reference, "{body}");
        }
        assert_eq!(call(&gym, &token, "DELETE", &format!("{of_ada}/{adas}"), "").await.status, 200);
        follow(&gym, &adas_url).await.refusal(404, NONE);
    });
}

#[test]
fn events_are_at_the_right_instants_on_the_sunday_of_25_hours() {
    let night = CLASSES.replacen(
        r#"weekdays: [MONDAY, TUESDAY], starts: "21:30""#,
        r#"weekdays: [SATURDAY, SUNDAY, MONDAY], starts: "02:30""#,
        1,
    );
    assert_ne!(night, CLASSES);
    with_gym(&night, |gym| {
        let night = night.clone();
        async move {
            gym.set_clock("2027-10-29T10:00:00Z").await;
            gym.apply(&night).await;
            let token = signed_in(&gym, Role::Manager, "north").await;
            let path = format!("/studios/{}/calendar-feeds", gym.studio("north").await);
            let (_, url) = made(&gym, &token, &path, &json!({})).await;
            let (_, events) = read(&follow(&gym, &url).await);
            let of = |name: &str, day: &str| {
                let found = events.iter().find(|event| event["SUMMARY"] == name && event["DTSTART"].starts_with(day));
                let event = found.unwrap_or_else(|| panic!("no {name} on {day}"));
                format!("{} {}", &event["DTSTART"][9..], &event["DTEND"][9..])
            };
            // Half past two comes twice that night: the class begins at the first of the two and ends an hour later, at the second.
            assert_eq!(of("Night", "20271030"), "003000Z 013000Z");
            assert_eq!(of("Night", "20271031"), "003000Z 013000Z");
            assert_eq!(of("Night", "20271101"), "013000Z 023000Z");
            assert_eq!(of("Yoga", "20271030"), "160000Z 170000Z");
            assert_eq!(of("Yoga", "20271031"), "170000Z 180000Z");
        }
    });
}
