//! Packs, and the visitors of aggregators (AGG-1, CHK-3, ONL-2).

use gymkeeper_domain::staff::Role;
use gymkeeper_store::customer::pack;
use jiff::civil::date;
use serde_json::{Value, json};

use super::{RIGHT_MISSING, call, customer_path, last_record, signed_in};
use crate::support::{Answer, Gym, MEMBERS, join_all, with_gym};

const DENIED: &str = "errormessage.checkin.access.denied";

/// The gym with two aggregators.
fn gym_file() -> String {
    let aggregators =
        "aggregators:\n  - { key: sportnetz, name: Sportnetz }\n  - { key: \"77\", name: Seventy-Seven }\nstudios:\n";
    MEMBERS.replacen("studios:\n", aggregators, 1)
}

/// The desk of the north.
struct Desk<'g> {
    gym: &'g Gym,
    token: String,
    north: i64,
}

impl<'g> Desk<'g> {
    async fn of(gym: &'g Gym) -> Self {
        Self { gym, token: signed_in(gym, Role::Desk, "north").await, north: gym.studio("north").await }
    }

    async fn enter(&self, body: &Value) -> Answer {
        self.enter_at(self.gym, body).await
    }

    /// As [`Desk::enter`], at a server process of one's choice.
    async fn enter_at(&self, gym: &Gym, body: &Value) -> Answer {
        let path = format!("/studios/{}/aggregator-visitors", self.north);
        call(gym, &self.token, "POST", &path, &body.to_string()).await
    }

    /// The id of an aggregator.
    async fn aggregator(&self, key: &str) -> Value {
        let path = format!("/studios/{}/aggregators", self.north);
        let list = call(self.gym, &self.token, "GET", &path, "").await.json();
        list.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap()["id"].clone()
    }

    async fn give(&self, customer: i64, body: &Value) -> Answer {
        call(self.gym, &self.token, "POST", &self.packs(customer), &body.to_string()).await
    }

    async fn list(&self, customer: i64) -> Value {
        call(self.gym, &self.token, "GET", &self.packs(customer), "").await.json()
    }

    async fn end(&self, customer: i64, pack: &Value) -> Answer {
        call(self.gym, &self.token, "POST", &format!("{}/{pack}/end", self.packs(customer)), "").await
    }

    fn packs(&self, customer: i64) -> String {
        format!("/studios/{}/customers/{customer}/packs", self.north)
    }

    /// How often the packs of a customer were used.
    async fn used(&self, customer: i64) -> Vec<i64> {
        self.list(customer).await.as_array().unwrap().iter().map(|pack| pack["used"].as_i64().unwrap()).collect()
    }
}

fn visitor(first: &str, last: &str, email: Option<&str>, id: Option<&str>) -> Value {
    json!({
        "aggregator": "sportnetz", "firstName": first, "lastName": last, "email": email, "thirdPartyId": id,
        "pack": { "uses": 4, "validUntil": "2026-12-20" },
    })
}

/// Lets a customer in and out again, as a program at the door; the reason when the door says no.
async fn visit(gym: &Gym, key: &str, customer: i64) -> Result<(), String> {
    let at = |what: &str| format!("/v1/customers/{customer}/{what}");
    let entered = gym.send_json("POST", key, &at("checkin"), "").await;
    if entered.status != 200 {
        let refusal = entered.refusal(400, DENIED);
        return Err(refusal.args.unwrap_or_default()[0].as_str().unwrap().to_owned());
    }
    gym.send_json("POST", key, &at("checkout"), "").await.json();
    Ok(())
}

#[test]
fn agg_1_a_visitor_becomes_a_prospect_with_a_pack_and_programs_are_told_once() {
    with_gym(&gym_file(), |gym| async move {
        let (desk, key) = (Desk::of(&gym).await, gym.key("north").await);
        let path = format!("/studios/{}/aggregators", desk.north);
        let list = call(&gym, &desk.token, "GET", &path, "").await.json();
        let names: Vec<&Value> = list.as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, [&json!("Sportnetz"), &json!("Seventy-Seven")]);
        let (aggregator, before) = (desk.aggregator("sportnetz").await, gym.end_of_journal().await);

        let body = visitor(" Mina ", "Weber", Some("Mina@Sportnetz.example"), Some("SN-1"));
        let entered = desk.enter(&body).await.json();
        let id = entered["customerId"].as_i64().unwrap();
        let expected = json!({
            "customerId": id, "customerNumber": entered["customerNumber"], "isNew": true,
            "pack": {
                "id": entered["pack"]["id"], "name": "Sportnetz", "status": "USABLE", "studioId": desk.north,
                "aggregatorId": aggregator, "thirdPartyId": "SN-1", "validFrom": "2026-11-21",
                "validUntil": "2026-12-20", "uses": 4, "used": 0, "usesLeft": 4, "opensDoor": true,
                "givenAt": "2026-11-21T11:00:00Z",
            },
        });
        assert_eq!(entered, expected);
        let created = "aggregator-member.created AGGREGATOR_MEMBER_CREATED";
        assert_eq!(gym.deeds(before).await, ["customer.created CUSTOMER_CREATED", created, "pack.given"]);
        let told: Vec<Value> = (gym.journal_after(before).await.iter())
            .filter_map(|record| record.events.as_deref().map(|events| serde_json::from_str(events).unwrap()))
            .collect();
        let notice = &told[1][0];
        assert_eq!(
            (&notice["entityId"], &notice["payload"][0]["content"]),
            (&json!(id), &json!({ "aggregatorId": aggregator }))
        );
        let shown = gym.get(&key, &format!("/v1/customers/{id}")).await.json();
        assert_eq!((&shown["status"], &shown["firstName"]), (&json!("PROSPECT"), &json!("Mina")));

        // The same visitor is found again: by the aggregator's id, whatever else is said, or by the address.
        let before = gym.end_of_journal().await;
        for (again, is_new) in [
            (visitor("M.", "W.", Some("other@example.org"), Some("SN-1")), false),
            (visitor("Mina", "Weber", Some("mina@sportnetz.example"), Some("SN-2")), false),
            (visitor("Mina", "Weber", Some(" MINA@sportnetz.example"), None), false),
            // Nobody is known by a name alone, nor by the id that another aggregator has.
            (visitor("Mina", "Weber", None, None), true),
            (
                json!({ "aggregator": "77", "firstName": "X", "lastName": "Y", "thirdPartyId": "SN-1", "pack": {} }),
                true,
            ),
        ] {
            let entered = desk.enter(&again).await.json();
            assert_eq!((&entered["isNew"], entered["customerId"] == id), (&json!(is_new), !is_new), "{again}");
        }
        let created = gym.deeds(before).await.iter().filter(|deed| deed.starts_with("aggregator-member")).count();
        assert_eq!(created, 2);
        assert_eq!(desk.list(id).await.as_array().unwrap().len(), 4);
        let (_, action, subject) = last_record(&gym).await;
        assert_eq!((action.as_str(), subject), ("customer.packs-read", format!("customer:{id}")));
        // A member with that address is somebody else, unless the names are the same.
        let ada = gym.customer("north", "ada").await;
        let child = desk.enter(&visitor("Byron", "Lovelace", Some("ada@example.org"), None)).await.json();
        assert_eq!((&child["isNew"], child["customerId"] == ada), (&json!(true), false));
        let same = desk.enter(&visitor("ada", "LOVELACE", Some("ada@example.org"), None)).await.json();
        assert_eq!((&same["isNew"], &same["customerId"]), (&json!(false), &json!(ada)));
        // Those of another studio are not this one's to find.
        let dora = gym.customer("south", "dora").await;
        assert_ne!(
            desk.enter(&visitor("Dora", "Lovelace", Some("dora@example.org"), None)).await.json()["customerId"],
            dora
        );

        let journal = gym.said_after(0).await;
        for secret in ["Mina", "SN-1", "mina@", "Byron"] {
            assert!(!journal.contains(secret), "{secret} is in the journal");
        }
    });
}

#[test]
fn agg_1_an_aggregator_is_named_by_its_key_or_its_id() {
    with_gym(&gym_file(), |gym| async move {
        let desk = Desk::of(&gym).await;
        let (first, second) = (desk.aggregator("sportnetz").await, desk.aggregator("77").await);
        let umbrella = gym.apply(&gym_file().replace("key: acme", "key: umbrella")).await;
        let theirs = gym
            .app
            .db
            .read(move |tx| gymkeeper_server::actions::aggregator::all(tx, umbrella))
            .await
            .unwrap()
            .remove(0)
            .id;
        let named = async |name: String| {
            let mut body = visitor("Mina", "Weber", Some("mina@example.org"), None);
            body["aggregator"] = json!(name);
            desk.enter(&body).await
        };
        for (name, expected) in
            [(" sportnetz ".to_owned(), &first), (first.to_string(), &first), ("77".to_owned(), &second)]
        {
            assert_eq!(named(name).await.json()["pack"]["aggregatorId"], *expected);
        }
        // Another tenant's, an entry of another kind, and nothing.
        let field = gym.get(&gym.key("north").await, "/v1/customers/additional-information-fields").await.json();
        for name in [theirs.to_string(), field[0]["id"].to_string(), "nobody".to_owned(), "-1".to_owned()] {
            let refusal = named(name.clone()).await.refusal(400, "errormessage.aggregator.unknown");
            assert_eq!(refusal.reference.as_deref(), Some("aggregator"));
            assert!(refusal.error_message.contains(&name), "{}", refusal.error_message);
        }
        // Out of the file, it sends nobody any more; what it paid for stays. A file that says nothing of aggregators leaves them.
        gym.apply(MEMBERS).await;
        assert_eq!(desk.aggregator("sportnetz").await, first);
        let retired = gym_file().replace("  - { key: sportnetz, name: Sportnetz }\n", "");
        gym.apply(&retired).await;
        named("sportnetz".to_owned()).await.refusal(400, "errormessage.aggregator.unknown");
        let fields = gym.get(&gym.key("north").await, "/v1/customers/additional-information-fields").await.json();
        assert_eq!(fields, field, "information fields are none of it");
        gym.apply(&gym_file()).await;
        assert_eq!(desk.aggregator("sportnetz").await, first, "it comes back with its id");
    });
}

#[test]
fn chk_3_a_pack_lets_somebody_in_for_one_use_a_day() {
    with_gym(&gym_file(), |gym| async move {
        let (desk, key) = (Desk::of(&gym).await, gym.key("north").await);
        let cleo = gym.customer("north", "cleo").await;
        let no_contract = Err("NO_CONTRACT".to_owned());
        assert_eq!(visit(&gym, &key, cleo).await, no_contract);
        let before = gym.end_of_journal().await;
        let given =
            desk.give(cleo, &json!({ "name": "Two visits", "uses": 2, "validUntil": "2026-11-24" })).await.json();
        assert_eq!(gym.deeds(before).await, ["pack.given"]);
        let (_, _, subject) = last_record(&gym).await;
        assert_eq!(subject, format!("customer:{cleo}"));
        // ONL-2: out for lunch and back.
        for _ in 0..3 {
            assert_eq!(visit(&gym, &key, cleo).await, Ok(()));
            assert_eq!(desk.used(cleo).await, [1]);
        }
        gym.set_clock("2026-11-22T11:00:00Z").await;
        assert_eq!(visit(&gym, &key, cleo).await, Ok(()));
        assert_eq!(desk.list(cleo).await[0]["status"], "USED_UP");
        assert_eq!(visit(&gym, &key, cleo).await, Ok(()), "the day is paid for");
        gym.set_clock("2026-11-23T11:00:00Z").await;
        assert_eq!(visit(&gym, &key, cleo).await, no_contract);
        assert_eq!(desk.used(cleo).await, [2]);
        // A visit that is entered for a day that was paid for takes none, either.
        let earlier = r#"{"checkInDateTime":"2026-11-21T09:00:00"}"#;
        gym.send_json("POST", &key, &format!("/v1/customers/{cleo}/checkin"), earlier).await.json();
        gym.send_json("POST", &key, &format!("/v1/customers/{cleo}/checkout"), "").await.json();
        assert_eq!(desk.used(cleo).await, [2]);
        // The visits say by what they were made.
        let opened: Vec<Value> = (gym.journal_after(before).await.iter())
            .filter(|record| record.action == "checkin.opened")
            .map(|record| serde_json::from_str(record.changes.as_deref().unwrap()).unwrap())
            .collect();
        let taken: Vec<&Value> = opened.iter().map(|changes| &changes["packUseTaken"]["to"]).collect();
        assert_eq!(taken, [true, false, false, true, false, false].map(Value::from).iter().collect::<Vec<_>>());
        assert!(opened.iter().all(|changes| changes["packId"]["to"] == given["id"]));
    });
}

#[test]
fn onl_2_a_day_is_that_of_the_studio() {
    let auckland = gym_file().replacen("zone: Europe/Berlin", "zone: Pacific/Auckland", 1);
    with_gym(&auckland, |gym| async move {
        let (desk, cleo) = (Desk::of(&gym).await, gym.customer("north", "cleo").await);
        desk.give(cleo, &json!({ "name": "Five visits", "uses": 5 })).await.json();
        // Noon in Berlin is midnight there. Two visits of one day in UTC, then two of one day in Auckland.
        for (at, used) in [("2026-11-22T07:00:00Z", 1), ("2026-11-22T19:00:00Z", 2), ("2026-11-23T07:00:00Z", 2)] {
            gym.set_clock(at).await;
            let key = gym.key("north").await;
            assert_eq!(visit(&gym, &key, cleo).await, Ok(()), "{at}");
            assert_eq!(desk.used(cleo).await, [used], "{at}");
        }
    });
}

#[test]
fn chk_3_which_right_a_visit_is_made_by() {
    with_gym(&gym_file(), |gym| async move {
        let (desk, key) = (Desk::of(&gym).await, gym.key("north").await);
        let (ada, cleo) = (gym.customer("north", "ada").await, gym.customer("north", "cleo").await);
        // A contract comes first.
        desk.give(ada, &json!({ "name": "Ten visits", "uses": 10 })).await.json();
        assert_eq!(visit(&gym, &key, ada).await, Ok(()));
        assert_eq!(desk.used(ada).await, [0]);
        // None of these opens the door.
        let mut packs = Vec::new();
        for (body, status) in [
            (json!({ "name": "Bookings", "uses": 3, "opensDoor": false, "allowanceKey": "yoga" }), "USABLE"),
            (json!({ "name": "Later", "uses": 3, "validFrom": "2026-11-22" }), "NOT_YET_VALID"),
            (json!({ "name": "Gone", "uses": 3 }), "USABLE"),
        ] {
            let given = desk.give(cleo, &body).await.json();
            assert_eq!(given["status"], status);
            packs.push(given["id"].clone());
        }
        let ended = desk.end(cleo, &packs[2]).await.json();
        assert_eq!((&ended["status"], &ended["endedAt"]), (&json!("ENDED"), &json!("2026-11-21T11:00:00Z")));
        let before = gym.end_of_journal().await;
        assert_eq!(desk.end(cleo, &packs[2]).await.json(), ended);
        assert_eq!(gym.end_of_journal().await, before, "it was ended already");
        assert_eq!(visit(&gym, &key, cleo).await, Err("NO_CONTRACT".to_owned()));
        // Whom staff lets in against the rules needs no use.
        let at = format!("/studios/{}/desk/customers/{cleo}", desk.north);
        call(&gym, &desk.token, "POST", &format!("{at}/check-in-override"), r#"{"note":"Paid"}"#).await.json();
        gym.send_json("POST", &key, &format!("/v1/customers/{cleo}/checkout"), "").await.json();
        assert_eq!(desk.used(cleo).await, [0, 0, 0]);
        // Of two, the one that ends first.
        desk.give(cleo, &json!({ "name": "Long", "uses": 3 })).await.json();
        desk.give(cleo, &json!({ "name": "Short", "uses": 1, "validUntil": "2026-11-30", "aggregator": "sportnetz" }))
            .await
            .json();
        assert_eq!(call(&gym, &desk.token, "GET", &at, "").await.json()["allowed"], true);
        call(&gym, &desk.token, "POST", &format!("{at}/check-in"), "").await.json();
        gym.send_json("POST", &key, &format!("/v1/customers/{cleo}/checkout"), "").await.json();
        assert_eq!(desk.used(cleo).await, [0, 0, 0, 0, 1]);
        assert_eq!(visit(&gym, &key, cleo).await, Ok(()), "and it is used again before another one is begun");
        assert_eq!(desk.used(cleo).await, [0, 0, 0, 0, 1]);
        gym.set_clock("2026-11-22T11:00:00Z").await;
        assert_eq!(visit(&gym, &key, cleo).await, Ok(()));
        assert_eq!(
            desk.used(cleo).await,
            [0, 1, 0, 0, 1],
            "the one that begins today is the older of those without an end"
        );
    });
}

#[test]
fn a_pack_goes_on_holding_where_it_was_given_when_somebody_moves() {
    with_gym(&gym_file(), |gym| async move {
        let (desk, key, south) = (Desk::of(&gym).await, gym.key("north").await, gym.studio("south").await);
        let cleo = gym.customer("north", "cleo").await;
        desk.give(cleo, &json!({ "name": "Ten visits", "uses": 10 })).await.json();
        let southern = gym.key("south").await;
        assert_eq!(visit(&gym, &southern, cleo).await, Err("NOT_VALID_HERE".to_owned()));
        let moved = json!({ "targetStudioId": south, "switchDate": "2026-11-21" }).to_string();
        assert_eq!(
            gym.send_json("POST", &key, &format!("/v1/customers/{cleo}/switch-studio"), &moved).await.status,
            200
        );
        for key in [&southern, &key] {
            assert_eq!(visit(&gym, key, cleo).await, Ok(()));
        }
        // The desk of the north lets her in; what she has is the south's to see.
        let at = format!("/studios/{}/desk/customers/{cleo}", desk.north);
        assert_eq!(call(&gym, &desk.token, "GET", &at, "").await.json()["allowed"], true);
        call(&gym, &desk.token, "GET", &desk.packs(cleo), "").await.refusal(404, "errormessage.customer.not.found");
    });
}

#[test]
fn what_cannot_be_given_or_entered_is_refused_with_its_field() {
    with_gym(&gym_file(), |gym| async move {
        let (desk, cleo) = (Desk::of(&gym).await, gym.customer("north", "cleo").await);
        let before = gym.end_of_journal().await;
        let long = "x".repeat(101);
        for (field, value, code) in [
            ("name", json!(" "), "field.required"),
            ("name", Value::Null, "field.required"),
            ("name", json!(long), "field.too.long"),
            ("uses", json!(0), "field.invalid"),
            ("uses", json!(-1), "field.invalid"),
            ("uses", json!(4_294_967_296_u64), "field.invalid"),
            ("uses", json!("2"), "field.invalid"),
            ("validUntil", json!("2026-11-20"), "field.invalid"),
            ("validUntil", json!("soon"), "field.invalid"),
            ("allowanceKey", json!("Yoga!"), "field.invalid"),
            ("opensDoor", json!("yes"), "field.invalid"),
            ("used", json!(3), "field.unknown"),
        ] {
            let mut body = json!({ "name": "Ten visits", "uses": 10 });
            body[field] = value;
            let refusal = desk.give(cleo, &body).await.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
        }
        let reversed = json!({ "name": "x", "validFrom": "2026-12-02", "validUntil": "2026-12-01" });
        let refusal = desk.give(cleo, &reversed).await.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("validUntil"));
        for (field, value, code, reference) in [
            ("firstName", json!(""), "validation.field.required", "firstName"),
            ("lastName", Value::Null, "validation.field.required", "lastName"),
            ("email", json!("mina"), "validation.field.invalid", "email"),
            ("thirdPartyId", json!("x".repeat(256)), "validation.field.too.long", "thirdPartyId"),
            ("aggregator", json!(" "), "validation.field.required", "aggregator"),
            ("aggregator", json!("nobody"), "aggregator.unknown", "aggregator"),
            ("pack", Value::Null, "validation.field.required", "pack"),
            ("pack", json!({ "uses": 0 }), "validation.field.invalid", "pack.uses"),
            ("pack", json!({ "validUntil": "2026-11-20" }), "validation.field.invalid", "pack.validUntil"),
            ("pack", json!({ "allowanceKey": "A B" }), "validation.field.invalid", "pack.allowanceKey"),
            ("pack", json!({ "aggregator": "sportnetz" }), "validation.field.unknown", "pack.aggregator"),
        ] {
            let mut body = visitor("Mina", "Weber", Some("mina@example.org"), Some("SN-1"));
            body[field] = value;
            let refusal = desk.enter(&body).await.refusal(400, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{body}");
        }
        assert_eq!(gym.end_of_journal().await, before, "nobody was entered and nothing given");
        let found =
            gym.send_json("POST", &gym.key("north").await, "/v1/customers/search", r#"{"lastName":"Weber"}"#).await;
        assert_eq!(found.json(), json!([]));
    });
}

#[test]
fn packs_are_the_business_of_the_home_studio_and_of_who_may_change_customers() {
    with_gym(&gym_file(), |gym| async move {
        let (desk, cleo) = (Desk::of(&gym).await, gym.customer("north", "cleo").await);
        let (dora, bela) = (gym.customer("south", "dora").await, gym.customer("north", "bela").await);
        let ten = json!({ "name": "Ten visits", "uses": 10 });
        let pack = desk.give(cleo, &ten).await.json()["id"].clone();
        let (nobody, nothing) = ("errormessage.customer.not.found", "errormessage.pack.not.found");
        for customer in [dora, 0, i64::MAX] {
            desk.give(customer, &ten).await.refusal(404, nobody);
            desk.end(customer, &pack).await.refusal(404, nobody);
            call(&gym, &desk.token, "GET", &desk.packs(customer), "").await.refusal(404, nobody);
        }
        desk.end(bela, &pack).await.refusal(404, nothing);
        desk.end(cleo, &json!(0)).await.refusal(404, nothing);
        // In another tenant nothing of it is there.
        let other = gym.apply(&gym_file().replace("key: acme", "key: umbrella")).await;
        let stranger = super::account(&gym, other, "stranger@umbrella.example", super::owner()).await;
        let token = super::session(&gym, other, stranger).await;
        call(&gym, &token, "GET", &desk.packs(cleo), "").await.refusal(404, "errormessage.studio.not.found");
        let theirs = gym.customer_of(other, "north", "cleo").await;
        let path = format!("/studios/{}/customers/{theirs}/packs/{pack}/end", gym.studio_of(other, "north").await);
        call(&gym, &token, "POST", &path, "").await.refusal(404, nothing);
        // Looking is for everybody, giving is not.
        let trainer = signed_in(&gym, Role::Trainer, "north").await;
        let path = customer_path(&gym, "north", cleo, "/packs").await;
        assert_eq!(call(&gym, &trainer, "GET", &path, "").await.json().as_array().unwrap().len(), 1);
        call(&gym, &trainer, "POST", &path, &ten.to_string()).await.refusal(403, RIGHT_MISSING);
        call(&gym, &trainer, "POST", &format!("{path}/{pack}/end"), "").await.refusal(403, RIGHT_MISSING);
        let visitors = format!("/studios/{}/aggregator-visitors", desk.north);
        let body = visitor("Mina", "Weber", None, None).to_string();
        call(&gym, &trainer, "POST", &visitors, &body).await.refusal(403, RIGHT_MISSING);
        // Of somebody in the archive nothing is changed, and who comes again is somebody new.
        let manager = signed_in(&gym, Role::Manager, "north").await;
        let mina = visitor("Mina", "Weber", Some("mina@example.org"), Some("SN-1"));
        let first = desk.enter(&mina).await.json();
        let path = customer_path(&gym, "north", first["customerId"].as_i64().unwrap(), "").await;
        call(&gym, &manager, "POST", &format!("{path}/archive"), "").await.json();
        call(&gym, &desk.token, "POST", &format!("{path}/packs"), &ten.to_string())
            .await
            .refusal(400, "errormessage.customer.archived");
        let second = desk.enter(&mina).await.json();
        assert_eq!((&second["isNew"], second["customerId"] == first["customerId"]), (&json!(true), false));
    });
}

#[test]
fn agg_1_one_visitor_who_is_entered_several_times_at_once_becomes_one_prospect() {
    with_gym(&gym_file(), |gym| async move {
        let (desk, before) = (Desk::of(&gym).await, gym.end_of_journal().await);
        gym.beside(async |beside| {
            for round in 0..3 {
                let (email, id) = (format!("mina{round}@example.org"), format!("SN-{round}"));
                // By the address, by the aggregator's id, and by both.
                let said = match round {
                    0 => visitor("Mina", "Weber", Some(&email), None),
                    1 => visitor("Mina", "Weber", None, Some(&id)),
                    _ => visitor("Mina", "Weber", Some(&email), Some(&id)),
                };
                let enter = async |number: usize| {
                    let gym = if number.is_multiple_of(2) { &gym } else { &beside };
                    desk.enter_at(gym, &said).await.json()
                };
                let answers = join_all((0..6).map(enter)).await;
                assert_eq!(answers.iter().filter(|answer| answer["isNew"] == true).count(), 1);
                let id = &answers[0]["customerId"];
                assert!(answers.iter().all(|answer| answer["customerId"] == *id), "{answers:?}");
                assert_eq!(desk.list(id.as_i64().unwrap()).await.as_array().unwrap().len(), 6);
            }
        })
        .await;
        let events: Vec<String> = gym.events_after(before).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(events, ["CUSTOMER_CREATED", "AGGREGATOR_MEMBER_CREATED"].repeat(3));
    });
}

#[test]
fn agg_1_of_many_who_take_the_last_uses_at_once_as_many_get_one_as_there_are() {
    with_gym(&gym_file(), |gym| async move {
        let (desk, cleo, tenant) = (Desk::of(&gym).await, gym.customer("north", "cleo").await, gym.tenant);
        let id = desk.give(cleo, &json!({ "name": "Three visits", "uses": 3 })).await.json()["id"].as_i64().unwrap();
        gym.beside(async |beside| {
            for _ in 0..5 {
                let at = |number: usize| if number.is_multiple_of(2) { &gym.app.db } else { &beside.app.db };
                let take = async |number: usize| {
                    at(number).write(move |tx| pack::take(tx, tenant, id, date(2026, 11, 21))).await.unwrap()
                };
                let taken = join_all((0..8).map(take)).await;
                assert_eq!(taken.iter().filter(|taken| **taken).count(), 3);
                assert_eq!(desk.used(cleo).await, [3]);
                let give_back =
                    async |number: usize| at(number).write(move |tx| pack::give_back(tx, tenant, id)).await.unwrap();
                let given = join_all((0..8).map(give_back)).await;
                assert_eq!(given.iter().filter(|given| **given).count(), 3);
                assert_eq!(desk.used(cleo).await, [0]);
            }
        })
        .await;
        // Not before its days, not after them, and not once it was ended.
        let id = desk
            .give(cleo, &json!({ "name": "A day", "validFrom": "2026-11-22", "validUntil": "2026-11-22" }))
            .await
            .json()["id"]
            .as_i64()
            .unwrap();
        for (day, taken) in [(21, false), (22, true), (23, false)] {
            assert_eq!(gym.change(move |tx| pack::take(tx, tenant, id, date(2026, 11, day))).await, taken, "{day}");
        }
        desk.end(cleo, &json!(id)).await.json();
        assert!(!gym.change(move |tx| pack::take(tx, tenant, id, date(2026, 11, 22))).await);
        assert!(gym.change(move |tx| pack::give_back(tx, tenant, id)).await, "what was booked is called off later");
    });
}
