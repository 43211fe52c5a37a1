//! What lets customers in and keeps them out: access mediums, restrictions, access codes.

use std::{collections::BTreeSet, sync::Arc};

use gymkeeper_server::{http::links::BadLink, workers::jobs};
use jiff::ToSpan as _;
use serde_json::json;

use crate::support::{MEMBERS, with_gym};

#[test]
fn cust_12_and_18_mediums_are_added_changed_and_taken_away() {
    with_gym(MEMBERS, |gym| async move {
        let (key, cleo) = (gym.key("north").await, gym.customer("north", "cleo").await);
        let path = format!("/v1/customers/{cleo}/access-mediums");
        let before = gym.end_of_journal().await;
        let card = r#"{"type":"CARD_NUMBER","value":" 77771716 ","id":5}"#;
        let added = gym.send_json("POST", &key, &path, card).await.json();
        let id = added["id"].as_i64().unwrap();
        assert_eq!(added, json!({ "id": id, "type": "CARD_NUMBER", "value": "77771716" }));
        let hex = gym.get(&key, "/v1/customers/by?cardNumber=04a2b3c4&cardNumberFormat=HEX_MSB").await.json();
        assert_eq!((&hex["id"], &hex["cardNumbers"]), (&json!(cleo), &json!(["04a2b3c4"])));
        // The older form adds one, too.
        let older = format!("/v1/customers/{cleo}/access-medium");
        let pin = gym.send_json("PUT", &key, &older, r#"{"type":"PIN","value":"1234"}"#).await.json();
        let pin = pin["id"].as_i64().unwrap();
        let changed = gym.send_json("PUT", &key, &format!("{path}/{pin}"), r#"{"value":"12345"}"#).await.json();
        assert_eq!(changed, json!({ "id": pin, "type": "PIN", "value": "12345" }));
        gym.send_json("PUT", &key, &format!("{path}/{pin}"), r#"{"value":"12345"}"#).await.json();
        assert_eq!(gym.send_json("DELETE", &key, &format!("{path}/{id}"), "").await.text(), "");
        for (kind, value) in [("BARCODE", "B-77"), ("WALLET_PASS", "wallet-77")] {
            let body = json!({ "type": kind, "value": value });
            let added = gym.send_json("POST", &key, &path, &body.to_string()).await.json();
            assert_eq!(added, json!({ "id": added["id"], "type": kind, "value": value }));
            let told = gym.get(&key, &format!("/v1/customers/{cleo}")).await.json();
            assert!(told["accessMediums"].as_array().unwrap().contains(&added), "{told}");
            assert_eq!(gym.send_json("DELETE", &key, &format!("{path}/{}", added["id"]), "").await.status, 200);
        }
        for (value, code) in [("12a4", "access.medium.value.invalid"), ("4711", "access.medium.duplicate")] {
            let body = json!({ "value": value }).to_string();
            let refused = gym.send_json("PUT", &key, &format!("{path}/{pin}"), &body).await;
            refused.refusal(400, &format!("errormessage.{code}"));
        }
        let gone = gym.send_json("DELETE", &key, &format!("{path}/{id}"), "").await;
        gone.refusal(404, "errormessage.access.medium.not.found");
        let events: Vec<String> = gym.events_after(before).await.into_iter().map(|(kind, _)| kind).collect();
        let medium = |what: &str| format!("CUSTOMER_ACCESS_MEDIUM_{what}");
        let expected =
            ["CREATED", "CREATED", "UPDATED", "DELETED", "CREATED", "DELETED", "CREATED", "DELETED"].map(medium);
        assert_eq!(events, expected);
        let journal = gym.said_after(before).await;
        assert!(!journal.contains("12345"), "{journal}");
    });
}

#[test]
fn cust_18_impossible_and_taken_mediums_are_refused() {
    let yaml = MEMBERS.replacen("capacity: 20", "access_medium_types: [CARD_NUMBER, PIN]", 1);
    with_gym(
        &yaml.replace("          - { type: BARCODE, value: 095be615-a8ad-4c33-8e9c-c7612fbf6c9f }\n", ""),
        |gym| async move {
            let (key, cleo) = (gym.key("north").await, gym.customer("north", "cleo").await);
            let path = format!("/v1/customers/{cleo}/access-mediums");
            for (body, code, field) in [
                (r#"{"value":"1234"}"#, "validation.field.required", "type"),
                (r#"{"type":"PIN"}"#, "validation.field.required", "value"),
                (r#"{"type":"PIN","value":" "}"#, "validation.field.required", "value"),
                (r#"{"type":"KEY","value":"1"}"#, "validation.enum.unknown", "type"),
                (r#"{"type":"PIN","value":"123"}"#, "access.medium.value.invalid", "value"),
                (r#"{"type":"PIN","value":"123456789"}"#, "access.medium.value.invalid", "value"),
                (r#"{"type":"CARD_NUMBER","value":"042b73321a3180"}"#, "access.medium.value.invalid", "value"),
                (r#"{"type":"BARCODE","value":"x"}"#, "access.medium.type.unsupported", "type"),
                (r#"{"type":"PIN","value":"4711"}"#, "access.medium.duplicate", "value"),
                // Also when the other is of another studio, or does not want to be seen.
                (r#"{"type":"PIN","value":"5555"}"#, "access.medium.duplicate", "value"),
                (r#"{"type":"PIN","value":"9999"}"#, "access.medium.duplicate", "value"),
            ] {
                let refusal =
                    gym.send_json("POST", &key, &path, body).await.refusal(400, &format!("errormessage.{code}"));
                assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
            }
            // What the gym file made is staff's.
            let ada = gym.customer("north", "ada").await;
            let told = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
            let card = told["accessMediums"][0]["id"].as_i64().unwrap();
            let at = |customer: i64| format!("/v1/customers/{customer}/access-mediums/{card}");
            gym.send_json("DELETE", &key, &at(ada), "").await.refusal(403, "errormessage.access.medium.not.owned");
            let changed = gym.send_json("PUT", &key, &at(ada), r#"{"value":"123456"}"#).await;
            changed.refusal(403, "errormessage.access.medium.not.owned");
            gym.send_json("DELETE", &key, &at(cleo), "").await.refusal(404, "errormessage.access.medium.not.found");
        },
    );
}

#[test]
fn cust_12_of_two_who_want_the_same_card_one_gets_it() {
    with_gym(MEMBERS, |gym| async move {
        let gym = Arc::new(gym);
        let key = gym.key("north").await;
        let (cleo, bela) = (gym.customer("north", "cleo").await, gym.customer("north", "bela").await);
        for round in 0..20 {
            let add = |customer: i64| {
                let (gym, key) = (Arc::clone(&gym), key.clone());
                let (kind, value) = match round % 2 {
                    0 => ("BARCODE", format!("race-{round}")),
                    _ => ("CARD_NUMBER", format!("{}", 7_000_000 + round)),
                };
                let body = json!({ "type": kind, "value": value }).to_string();
                tokio::spawn(async move {
                    gym.send_json("POST", &key, &format!("/v1/customers/{customer}/access-mediums"), &body).await.status
                })
            };
            let (one, other) = (add(cleo), add(bela));
            let mut statuses = [one.await.unwrap(), other.await.unwrap()];
            statuses.sort_unstable();
            assert!(matches!(statuses, [200, 400 | 409]), "{statuses:?}");
        }
    });
}

#[test]
fn cust_11_an_integration_has_one_restriction_for_a_customer() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let path = format!("/v1/customers/{ada}/access-restrictions");
        let told = async || gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
        let before = gym.end_of_journal().await;
        let body = r#"{"reason":"Dues","startDate":"2026-11-01","endDate":"2026-11-30"}"#;
        let set = gym.send_json("PUT", &key, &path, body).await.json();
        assert_eq!(set, json!({ "reason": "Dues", "startDate": "2026-11-01", "endDate": "2026-11-30" }));
        assert_eq!(told().await["accessRefusal"], true);
        gym.send_json("PUT", &key, &path, body).await.json();
        let later = r#"{"reason":"Later","startDate":"2026-12-01","endDate":"2026-12-05"}"#;
        gym.send_json("PUT", &key, &path, later).await.json();
        let now = told().await;
        assert_eq!((&now["accessRefusal"], now["accessRestrictions"].as_array().unwrap().len()), (&json!(false), 1));
        gym.send_json("PUT", &key, &path, r#"{"reason":"For ever"}"#).await.json();
        assert_eq!(told().await["accessRefusal"], true);
        gym.send_json("DELETE", &key, &path, "").await.text();
        assert_eq!(told().await["accessRefusal"], false);
        gym.send_json("DELETE", &key, &path, "").await.refusal(404, "errormessage.access.restriction.not.found");
        let events: Vec<String> = gym.events_after(before).await.into_iter().map(|(kind, _)| kind).collect();
        let restriction = |what: &str| format!("CUSTOMER_ACCESS_RESTRICTION_{what}");
        assert_eq!(events, ["CREATED", "CREATED", "CREATED", "DELETED"].map(restriction));
        for (body, code, field) in [
            (r#"{"reason":" "}"#, "validation.field.required", "reason"),
            ("{}", "validation.field.required", "reason"),
            (r#"{"reason":"x","startDate":"2026-11-21"}"#, "access.restriction.dates.incomplete", "endDate"),
            (r#"{"reason":"x","endDate":"2026-11-21"}"#, "access.restriction.dates.incomplete", "startDate"),
            (
                r#"{"reason":"x","startDate":"2026-11-25","endDate":"2026-11-24"}"#,
                "access.restriction.dates.invalid",
                "endDate",
            ),
            (
                r#"{"reason":"x","startDate":"2026-11-01","endDate":"2026-11-20"}"#,
                "access.restriction.dates.invalid",
                "endDate",
            ),
        ] {
            let refusal = gym.send_json("PUT", &key, &path, body).await.refusal(400, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
        }
        // Staff's restrictions are shown and cannot be taken away.
        let barred = gym.customer("north", "barred").await;
        let gone = gym.send_json("DELETE", &key, &format!("/v1/customers/{barred}/access-restrictions"), "").await;
        gone.refusal(404, "errormessage.access.restriction.not.found");
    });
}

#[test]
fn cust_13_every_access_code_is_a_new_one() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let path = format!("/v1/customers/{ada}/access-code");
        let mut contents = BTreeSet::new();
        for _ in 0..5 {
            let before = gym.app.clock.now();
            let told = gym.get(&key, &path).await.json();
            let after = gym.app.clock.now();
            assert_eq!(told["format"], "QR_CODE");
            let code = told["content"].as_str().unwrap().to_owned();
            let end: jiff::Timestamp = told["expiresAt"].as_str().unwrap().parse().unwrap();
            assert!((before.as_second()..=after.as_second()).contains(&(end.as_second() - 60)), "{told}");
            // It opens up to that instant, and not at it.
            let opens = |at| gym.app.links.read_access_code(gym.tenant, &code, at);
            assert_eq!((opens(before), opens(end - 1.second())), (Ok(ada), Ok(ada)));
            assert_eq!(opens(end), Err(BadLink::Expired));
            contents.insert(code);
        }
        assert_eq!(contents.len(), 5);
        let (south, dora) = (gym.key("south").await, gym.customer("south", "dora").await);
        let disabled = gym.get(&south, &format!("/v1/customers/{dora}/access-code")).await;
        disabled.refusal(400, "errormessage.access.code.disabled");
    });
}

#[test]
fn chk_2_and_3_customers_come_in_and_go_out_and_are_told_why_not() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let at = |customer: i64, what: &str| format!("/v1/customers/{customer}/{what}");
        let before = gym.end_of_journal().await;
        let ada = gym.customer("north", "ada").await;
        gym.send_json("POST", &key, &at(ada, "checkout"), "")
            .await
            .refusal(400, "errormessage.checkin.no.open.checkin");
        let visit = gym.send_json("POST", &key, &at(ada, "checkin"), "").await.json();
        let id = visit["checkinId"].clone();
        let expected = json!({
            "checkinId": id, "checkInDateTime": "2026-11-21T12:00:00.000+01:00", "studioId": gym.studio("north").await,
            "studioName": "Acme North",
        });
        assert_eq!(visit, expected);
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json()["count"], 1);
        let twice = gym.send_json("POST", &key, &at(ada, "checkin"), "{}").await;
        twice.refusal(400, "errormessage.checkin.already.checked.in");
        let early = r#"{"checkOutDateTime":"2026-11-21T11:59:00+01:00"}"#;
        let early = gym.send_json("POST", &key, &at(ada, "checkout"), early).await;
        early.refusal(400, "errormessage.checkin.checkout.before.checkin");
        for (what, field) in [("checkin", "checkInDateTime"), ("checkout", "checkOutDateTime")] {
            let body = json!({ field: "2026-11-21T12:00:01+01:00" }).to_string();
            let late = gym.send_json("POST", &key, &at(ada, what), &body).await;
            let refusal = late.refusal(400, "errormessage.checkin.time.in.future");
            assert_eq!(refusal.reference.as_deref(), Some(field));
        }
        let out = gym.send_json("POST", &key, &at(ada, "checkout"), "").await.json();
        assert_eq!((&out["checkinId"], &out["checkOutDateTime"]), (&id, &json!("2026-11-21T12:00:00.000+01:00")));
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json()["count"], 0);
        let events = [("CUSTOMER_CHECKIN".to_owned(), ada), ("CUSTOMER_CHECKOUT".to_owned(), ada)];
        assert_eq!(gym.events_after(before).await, events);
        let earlier = r#"{"checkInDateTime":"2026-11-20T08:00:00"}"#;
        gym.send_json("POST", &key, &at(ada, "checkin"), earlier).await.json();
        let history = gym.get(&key, &at(ada, "activities/checkins")).await.json();
        let ids: Vec<_> = history["result"].as_array().unwrap().iter().map(|one| &one["checkinId"]).collect();
        assert_eq!((ids.len(), ids[0]), (2, &id));
        for (customer, at_time, why) in [
            ("bela", None, "NO_CONTRACT"),
            ("cleo", None, "NO_CONTRACT"),
            ("future", None, "NO_CONTRACT"),
            ("void", None, "NO_CONTRACT"),
            ("barred", None, "RESTRICTION"),
            ("bela", Some("2026-01-09T10:00:00"), ""),
            ("bela", Some("2026-01-12T10:00:00"), "IDLE"),
            ("bela", Some("2026-01-12T05:00:00"), "STUDIO_CLOSED"),
        ] {
            let customer = gym.customer("north", customer).await;
            let body = at_time.map_or_else(String::new, |time| json!({ "checkInDateTime": time }).to_string());
            let answer = gym.send_json("POST", &key, &at(customer, "checkin"), &body).await;
            if why.is_empty() {
                answer.json();
                gym.send_json("POST", &key, &at(customer, "checkout"), "").await.json();
                continue;
            }
            let refusal = answer.refusal(400, "errormessage.checkin.access.denied");
            assert_eq!(refusal.args.unwrap_or_default()[0], why, "{customer}");
        }
        // A contract of the one studio does not open the door of the other.
        let (south, dora) = (gym.key("south").await, gym.customer("south", "dora").await);
        let elsewhere = gym.send_json("POST", &key, &at(dora, "checkin"), "").await;
        let refusal = elsewhere.refusal(400, "errormessage.checkin.access.denied");
        assert_eq!(refusal.args.unwrap_or_default()[0], "NOT_VALID_HERE");
        gym.send_json("POST", &south, &at(dora, "checkin"), "").await.json();
    });
}

#[test]
fn chk_4_and_wh_10_the_night_ends_visits_memberships_and_restrictions() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada, barred) =
            (gym.key("north").await, gym.customer("north", "ada").await, gym.customer("north", "barred").await);
        gym.send_json("POST", &key, &format!("/v1/customers/{ada}/checkin"), "").await.json();
        let body = r#"{"reason":"Dues","startDate":"2026-11-21","endDate":"2026-11-21"}"#;
        gym.send_json("PUT", &key, &format!("/v1/customers/{ada}/access-restrictions"), body).await.json();
        let before = gym.end_of_journal().await;
        gym.set_clock("2026-11-21T23:10:00Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let events: Vec<_> = gym.events_after(before).await.into_iter().filter(|(_, id)| *id != south).collect();
        let expected = [
            ("AUTOMATIC_CUSTOMER_CHECKOUT".to_owned(), north),
            // The membership of Béla ended long before there was a server.
            ("CUSTOMER_ACCESS_RESTRICTION_DELETED".to_owned(), barred),
            ("CUSTOMER_ACCESS_RESTRICTION_DELETED".to_owned(), ada),
        ];
        assert_eq!(events, expected);
        let key = gym.key("north").await;
        let history = gym.get(&key, &format!("/v1/customers/{ada}/activities/checkins")).await.json();
        assert_eq!(history["result"][0]["checkOutDateTime"], "2026-11-21T22:00:00.000+01:00");
        let before = gym.end_of_journal().await;
        gym.set_clock("2027-05-01T00:00:00Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        let events = gym.events_after(before).await;
        assert!(events.contains(&("CUSTOMER_UPDATED".to_owned(), barred)), "{events:?}");
        assert!(!events.iter().any(|(_, id)| *id == ada), "{events:?}");
    });
}
