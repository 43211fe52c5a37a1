//! The check-in desk.

use gymkeeper_domain::staff::Role;
use gymkeeper_store::customer;
use serde_json::{Value, json};

use super::{call, call_with, last_record, records, signed_in};
use crate::support::{Answer, Gym, MEMBERS, join_all, picture, with_gym};

const DENIED: &str = "errormessage.checkin.access.denied";
const NOBODY: &str = "errormessage.customer.not.found";

/// The desk of the north, with somebody at it.
struct Desk<'g> {
    gym: &'g Gym,
    token: String,
    path: String,
}

impl<'g> Desk<'g> {
    async fn of(gym: &'g Gym, role: Role) -> Self {
        let token = signed_in(gym, role, "north").await;
        Self { gym, token, path: format!("/studios/{}/desk", gym.studio("north").await) }
    }

    async fn get(&self, path: &str) -> Answer {
        call(self.gym, &self.token, "GET", &format!("{}{path}", self.path), "").await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        call(self.gym, &self.token, "POST", &format!("{}{path}", self.path), &body).await
    }

    /// The first names of whoever is found.
    async fn found(&self, typed: &str) -> Vec<String> {
        let typed: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let found = self.get(&format!("/search?q={typed}")).await.json();
        let name = |one: &Value| one["firstName"].as_str().unwrap().to_owned();
        found.as_array().unwrap().iter().map(name).collect()
    }

    async fn check_in(&self, customer: i64) -> Answer {
        self.post(&format!("/customers/{customer}/check-in"), &Value::Null).await
    }

    async fn check_in_against_rules(&self, customer: i64, note: &str) -> Answer {
        self.post(&format!("/customers/{customer}/check-in-override"), &json!({ "note": note })).await
    }
}

/// The gym in which members of the south train in the north, too.
fn chain() -> String {
    let chain =
        MEMBERS.replace("        name: Southern\n", "        name: Southern\n        valid_in_all_studios: true\n");
    let chain = chain.replace(
        "access_mediums: [{ type: PIN, value: \"5555\" }]",
        "access_mediums: [{ type: PIN, value: \"5555\" }, { type: BARCODE, value: DORA-1 }]",
    );
    assert_ne!(chain, MEMBERS);
    chain
}

#[test]
fn people_are_found_while_their_names_are_typed_and_by_their_numbers() {
    with_gym(MEMBERS, |gym| async move {
        let desk = Desk::of(&gym, Role::Trainer).await;
        let ada = gym.customer("north", "ada").await;
        let found = desk.get("/search?q=ada").await.json();
        let key = gym.key("north").await;
        let number = gym.get(&key, &format!("/v1/customers/{ada}")).await.json()["customerNumber"].clone();
        let north = gym.studio("north").await;
        let expected = json!([{
            "id": ada, "customerNumber": number, "firstName": "Ada", "lastName": "Lovelace", "status": "MEMBER",
            "homeStudioId": north,
        }]);
        assert_eq!(found, expected);
        let number = number.as_str().unwrap();
        let (_, running) = number.split_once('-').unwrap();
        for (typed, expected) in [
            ("a", &["Ada"][..]),
            // Also whoever does not want to be seen by third parties; nobody of another studio.
            ("LOVE", &["Ada", "Hidden"]),
            ("ada l", &["Ada"]),
            ("Lovelace  ada", &["Ada"]),
            ("muller", &["Béla"]),
            ("müller øst", &["Béla"]),
            ("be muel", &["Béla"]),
            ("fut m", &["Future"]),
            ("mem", &["Future", "Void"]),
            ("x", &[]),
            ("-", &[]),
            ("%", &[]),
            (number, &["Ada"]),
            (running, &["Ada"]),
            ("1173673668653440", &["Ada"]),
            ("042B73321A3180", &["Ada"]),
            ("095be615-a8ad-4c33-8e9c-c7612fbf6c9f", &["Ada"]),
            // A PIN is a secret and finds nobody, and neither does a part of a number.
            ("4711", &[]),
            ("11736736686534", &[]),
        ] {
            assert_eq!(desk.found(typed).await, expected, "{typed}");
        }
        for (query, code) in [
            ("", "field.required"),
            ("?q=", "field.required"),
            ("?q=%20", "field.required"),
            ("?q=LONG", "field.too.long"),
        ] {
            let query = query.replace("LONG", &"x".repeat(101));
            let refusal = desk.get(&format!("/search{query}")).await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some("q"));
        }
        let tenant = gym.tenant;
        gym.change(move |tx| {
            let ada = customer::by_id(tx, tenant, ada)?.unwrap();
            let archived_at = Some(ada.created_at);
            customer::update(tx, tenant, &customer::Customer { archived_at, ..ada })
        })
        .await;
        assert_eq!(desk.found("love").await, ["Hidden"]);
        assert_eq!(desk.found(number).await, Vec::<String>::new());
        desk.get(&format!("/customers/{ada}")).await.refusal(404, NOBODY);
        desk.check_in(ada).await.refusal(404, NOBODY);
    });
}

#[test]
fn the_list_of_those_who_are_found_is_short() {
    let many: String =
        (0..40).map(|n| format!("      - {{ key: m{n}, first_name: Max{n:02}, last_name: Mustermann }}\n")).collect();
    let yaml = MEMBERS.replacen("    customers:\n", &format!("    customers:\n{many}"), 1);
    with_gym(&yaml, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        assert_eq!(desk.found("m").await.len(), 15);
        for typed in ["must", "max", "max must", "must max"] {
            let found = desk.found(typed).await;
            assert_eq!((found.len(), found[0].as_str()), (15, "Max00"), "{typed}");
        }
        assert_eq!(desk.found("max39").await, ["Max39"]);
    });
}

#[test]
fn chk_3_the_desk_says_yes_or_no_with_every_reason_and_who_looked_is_on_record() {
    let barred = "        restrictions: [{ reason: House ban }";
    let blocked = MEMBERS.replace("    capacity: 20\n", "    capacity: 1\n    capacity_blocks: true\n");
    assert!(blocked != MEMBERS && blocked.contains(barred));
    with_gym(&blocked, |gym| async move {
        let desk = Desk::of(&gym, Role::Trainer).await;
        let (ada, barred, cleo) = (
            gym.customer("north", "ada").await,
            gym.customer("north", "barred").await,
            gym.customer("north", "cleo").await,
        );
        let answer = desk.get(&format!("/customers/{ada}")).await.json();
        assert_eq!(
            (&answer["allowed"], &answer["reasons"], &answer["visit"]),
            (&json!(true), &json!([]), &Value::Null)
        );
        let (actor, action, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:"), "{actor}");
        assert_eq!((action.as_str(), subject), ("visitor.read", format!("customer:{ada}")));
        let visit = desk.check_in(ada).await.json();
        let again = desk.get(&format!("/customers/{ada}")).await.json();
        assert_eq!(again["visit"]["id"], visit["id"]);
        let codes = async |customer: i64, language: &str| -> (Vec<String>, String) {
            let headers = [("accept-language", language)];
            let path = format!("{}/customers/{customer}", desk.path);
            let answer = call_with(&gym, &desk.token, "GET", &path, &headers, "").await.json();
            let reasons = answer["reasons"].as_array().unwrap().clone();
            assert_eq!(answer["allowed"], reasons.is_empty());
            let code = |reason: &Value| reason["code"].as_str().unwrap().to_owned();
            (reasons.iter().map(code).collect(), reasons[0]["text"].as_str().unwrap().to_owned())
        };
        assert_eq!(
            codes(barred, "en").await,
            (vec!["RESTRICTION".into(), "FULL".into()], "The customer is barred.".into())
        );
        assert_eq!(codes(cleo, "de").await.0, ["NO_CONTRACT", "FULL"]);
        gym.set_clock("2026-11-21T22:00:00Z").await;
        let (closed, text) = codes(cleo, "de").await;
        assert_eq!(
            (closed, text.as_str()),
            (vec!["STUDIO_CLOSED".into(), "NO_CONTRACT".into(), "FULL".into()], "Das Studio ist geschlossen.")
        );
        // A look at nobody leaves nothing.
        let before = records(&gym).await.len();
        let dora = gym.customer("south", "dora").await;
        for nobody in [dora, 0, i64::MAX] {
            desk.get(&format!("/customers/{nobody}")).await.refusal(404, NOBODY);
        }
        assert_eq!(desk.get("/customers/x").await.status, 400);
        assert_eq!(records(&gym).await.len(), before);
    });
}

#[test]
fn chk_2_customers_come_in_are_listed_and_go_out() {
    with_gym(MEMBERS, |gym| async move {
        let desk = Desk::of(&gym, Role::Trainer).await;
        let (ada, hidden, north) =
            (gym.customer("north", "ada").await, gym.customer("north", "hidden").await, gym.studio("north").await);
        let before = gym.end_of_journal().await;
        let visit = desk.check_in(ada).await.json();
        let id = visit["id"].as_i64().unwrap();
        assert_eq!((&visit["checkedInAt"], &visit["customer"]["id"]), (&json!("2026-11-21T11:00:00Z"), &json!(ada)));
        assert_eq!((&visit["checkedOutAt"], &visit["exception"]), (&Value::Null, &Value::Null));
        desk.check_in(ada).await.refusal(400, "errormessage.checkin.already.checked.in");
        let other = desk.check_in(hidden).await.json()["id"].as_i64().unwrap();
        let cleo = gym.customer("north", "cleo").await;
        let refused = desk.check_in(cleo).await.refusal(400, DENIED);
        assert_eq!(refused.args.unwrap_or_default()[0], "NO_CONTRACT");
        let listed = desk.get("/visits").await.json();
        let ids: Vec<_> = listed["result"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
        assert_eq!((ids, &listed["hasNext"]), (vec![id, other], &json!(false)));
        let out = desk.post(&format!("/visits/{id}/check-out"), &Value::Null).await.json();
        assert_eq!((&out["id"], &out["checkedOutAt"]), (&json!(id), &json!("2026-11-21T11:00:00Z")));
        desk.post(&format!("/visits/{id}/check-out"), &Value::Null)
            .await
            .refusal(400, "errormessage.checkin.no.open.checkin");
        // Of whoever does not want to be seen by third parties, programs are told nothing (AUTH-5).
        let expected = [("CUSTOMER_CHECKIN".to_owned(), ada), ("CUSTOMER_CHECKOUT".to_owned(), ada)];
        assert_eq!(gym.events_after(before).await, expected);
        // A visit of another studio is none of this one's, and neither is one that never was.
        let south = signed_in(&gym, Role::Manager, "south").await;
        let path = format!("/studios/{}/desk/visits/{other}/check-out", gym.studio("south").await);
        call(&gym, &south, "POST", &path, "").await.refusal(404, "errormessage.checkin.not.found");
        for nothing in ["0", "9223372036854775807"] {
            let answer = desk.post(&format!("/visits/{nothing}/check-out"), &Value::Null).await;
            answer.refusal(404, "errormessage.checkin.not.found");
        }
        let dry = [("gymkeeper-dry-run", "true")];
        let path = format!("/studios/{north}/desk/visits/{other}/check-out");
        assert!(call_with(&gym, &desk.token, "POST", &path, &dry, "").await.json()["checkedOutAt"].is_string());
        assert_eq!(desk.get("/visits").await.json()["result"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn chk_3_somebody_with_the_right_lets_people_in_against_the_rules_and_the_visit_remembers() {
    with_gym(MEMBERS, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let trainer = Desk { token: signed_in(&gym, Role::Trainer, "north").await, path: desk.path.clone(), gym: &gym };
        let (ada, barred) = (gym.customer("north", "ada").await, gym.customer("north", "barred").await);
        trainer.check_in_against_rules(barred, "x").await.refusal(403, super::RIGHT_MISSING);
        for (body, code, field) in [
            (json!({}), "field.required", "note"),
            (json!({ "note": " " }), "field.required", "note"),
            (json!({ "note": "x".repeat(1001) }), "field.too.long", "note"),
            (json!({ "note": "x", "reasons": [] }), "field.unknown", "reasons"),
            (json!({ "note": 1 }), "field.invalid", "note"),
        ] {
            let refusal = desk.post(&format!("/customers/{barred}/check-in-override"), &body).await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
        }
        desk.check_in_against_rules(ada, "x").await.refusal(400, "errormessage.checkin.nothing.to.override");
        let before = gym.end_of_journal().await;
        let visit = desk.check_in_against_rules(barred, " Settled by telephone ").await.json();
        let staff = call(&gym, &desk.token, "GET", "/account", "").await.json()["id"].clone();
        let exception = json!({ "staffId": staff, "reasons": ["RESTRICTION"], "note": "Settled by telephone" });
        assert_eq!(visit["exception"], exception);
        let listed = desk.get("/visits").await.json();
        assert_eq!(listed["result"], json!([visit]));
        desk.check_in_against_rules(barred, "x").await.refusal(400, "errormessage.checkin.already.checked.in");
        let deeds = gym.deeds(before).await;
        assert_eq!(deeds, ["checkin.opened CUSTOMER_CHECKIN", "checkin.rules-overridden"]);
        let records = gym.journal_after(before).await;
        assert_eq!(records[1].actor, format!("staff:{staff}"));
        let changes: Value = serde_json::from_str(records[1].changes.as_deref().unwrap()).unwrap();
        let expected = json!({
            "customerId": { "to": barred }, "reasons": { "to": ["RESTRICTION"] }, "note": { "withheld": true },
        });
        assert_eq!(changes, expected);
        assert!(!format!("{records:?}").contains("Settled"), "{records:?}");
        // Somebody in their own right leaves no exception behind.
        assert_eq!(desk.check_in(ada).await.json()["exception"], Value::Null);
    });
}

#[test]
fn whoever_trains_here_with_a_contract_of_a_sister_studio_is_found_by_number_and_let_in() {
    with_gym(&chain(), |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let (dora, south) = (gym.customer("south", "dora").await, gym.studio("south").await);
        assert_eq!(desk.found("dora").await, Vec::<String>::new());
        assert_eq!(desk.found("DORA-1").await, ["Dora"]);
        let answer = desk.get(&format!("/customers/{dora}")).await.json();
        assert_eq!((&answer["allowed"], &answer["customer"]["homeStudioId"]), (&json!(true), &json!(south)));
        let visit = desk.check_in(dora).await.json();
        assert_eq!(visit["customer"]["id"], dora);
        assert_eq!(desk.get("/visits").await.json()["result"][0]["customer"]["firstName"], "Dora");
    });
    // Without such a contract nobody here knows her.
    with_gym(MEMBERS, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let dora = gym.customer("south", "dora").await;
        let key = gym.key("south").await;
        let number = gym.get(&key, &format!("/v1/customers/{dora}")).await.json()["customerNumber"].clone();
        assert_eq!(desk.found(number.as_str().unwrap()).await, Vec::<String>::new());
        desk.check_in(dora).await.refusal(404, NOBODY);
        desk.check_in_against_rules(dora, "x").await.refusal(404, NOBODY);
    });
}

#[test]
fn pag_2_who_is_inside_is_listed_by_cursor_guests_too() {
    with_gym(MEMBERS, |gym| async move {
        let (desk, token) = (Desk::of(&gym, Role::ReadOnly).await, gym.token().await);
        gym.done("POST", "/checkins", &token, r#"{"studio":"north","count":25}"#).await;
        gym.done("POST", "/checkins", &token, r#"{"studio":"south","count":1}"#).await;
        let (mut offset, mut seen) = ("0".to_owned(), Vec::new());
        for (rows, more) in [(10, true), (10, true), (5, false)] {
            let slice = desk.get(&format!("/visits?sliceSize=10&offset={offset}")).await.json();
            let result = slice["result"].as_array().unwrap();
            assert_eq!((result.len(), &slice["hasNext"]), (rows, &json!(more)));
            assert!(result.iter().all(|visit| visit.get("customer").is_none()));
            seen.extend(result.iter().map(|visit| visit["id"].as_i64().unwrap()));
            offset = slice["offset"].as_str().unwrap().to_owned();
        }
        assert!(seen.is_sorted() && seen.len() == 25);
        let past = desk.get("/visits?offset=9223372036854775807").await.json();
        assert_eq!((&past["result"], &past["hasNext"]), (&json!([]), &json!(false)));
        for query in ["sliceSize=9", "sliceSize=101", "offset=-1", "offset=x"] {
            assert_eq!(desk.get(&format!("/visits?{query}")).await.status, 400, "{query}");
        }
        // A guest goes out like anybody else, and is nobody to programs.
        let desk = Desk::of(&gym, Role::Manager).await;
        let before = gym.end_of_journal().await;
        desk.post(&format!("/visits/{}/check-out", seen[0]), &Value::Null).await.json();
        assert_eq!(gym.deeds(before).await, ["checkin.closed"]);
    });
}

#[test]
fn a_repeated_check_in_is_one_and_a_face_has_a_picture() {
    with_gym(MEMBERS, |gym| async move {
        let (desk, key) = (Desk::of(&gym, Role::Desk).await, gym.key("north").await);
        let ada = gym.customer("north", "ada").await;
        let path = format!("{}/customers/{ada}/check-in", desk.path);
        let headers = [("idempotency-key", "one-and-only")];
        let first = call_with(&gym, &desk.token, "POST", &path, &headers, "").await.json();
        let again = call_with(&gym, &desk.token, "POST", &path, &headers, "").await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.json(), first);
        let image = format!("/v1/customers/{ada}/images");
        let sent = gym.send_form("PUT", &key, &image, "image", "ada.png", &picture(4, 4)).await;
        assert_eq!(sent.status, 200, "{}", sent.text());
        let found = desk.get("/search?q=ada").await.json();
        let link = found[0]["imageUrl"].as_str().unwrap();
        assert_eq!(gym.send("GET", gym.path_of(link), &[], "").await.status, 200);
    });
}

#[test]
fn two_who_let_the_same_person_in_at_once_open_one_visit() {
    with_gym(MEMBERS, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let (ada, barred) = (gym.customer("north", "ada").await, gym.customer("north", "barred").await);
        for _ in 0..10 {
            let both = join_all([desk.check_in(ada), desk.check_in(ada)]).await;
            let mut statuses: Vec<u16> = both.iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 400]);
            let both =
                join_all([desk.check_in_against_rules(barred, "x"), desk.check_in_against_rules(barred, "y")]).await;
            assert_eq!(both.iter().filter(|answer| answer.status == 200).count(), 1);
            let inside = desk.get("/visits").await.json();
            let inside = inside["result"].as_array().unwrap();
            assert_eq!(inside.len(), 2);
            let out = inside.iter().map(|visit| format!("/visits/{}/check-out", visit["id"]));
            for path in out.collect::<Vec<_>>() {
                // Of two who let somebody out at once, one does.
                let both = join_all([desk.post(&path, &Value::Null), desk.post(&path, &Value::Null)]).await;
                assert_eq!(both.iter().filter(|answer| answer.status == 200).count(), 1);
            }
        }
    });
}

#[test]
fn cust_25_and_chv_2_whoever_shows_a_code_is_found() {
    with_gym(MEMBERS, |gym| async move {
        let (desk, key) = (Desk::of(&gym, Role::Desk).await, gym.key("north").await);
        let (ada, south) = (gym.customer("north", "ada").await, gym.key("south").await);
        let code = gym.get(&key, &format!("/v1/customers/{ada}/access-code")).await.json();
        let code = code["content"].as_str().unwrap();
        assert_eq!(desk.found(code).await, ["Ada"]);
        assert_eq!(desk.found(&format!(" {code}\n")).await, ["Ada"]);
        let forged = format!("{}A", &code[..code.len() - 1]);
        assert!(forged == code || desk.found(&forged).await.is_empty());
        // The voucher of a studio opens that one, until it was used.
        let redeem = async |key: &str, code: &str, name: &str| {
            let email = format!("{name}@example.org");
            let body = json!({ "voucherCode": code, "firstname": name, "lastname": "Hopper", "email": email });
            let told = gym.send_json("POST", key, "/v1/checkin-vouchers/redeem", &body.to_string()).await.json();
            told["studioAccessCode"].as_str().unwrap().to_owned()
        };
        let voucher = redeem(&key, "WELCOME-2026", "Grace").await;
        let elsewhere = redeem(&south, "SOUTH-2026", "Heddy").await;
        assert_eq!(desk.found(&voucher.to_lowercase()).await, ["Grace"]);
        assert!(desk.found(&elsewhere).await.is_empty());
        let found = desk.get(&format!("/search?q={voucher}")).await.json();
        let grace = found[0]["id"].as_i64().unwrap();
        assert_eq!(desk.check_in(grace).await.status, 200);
        assert!(desk.found(&voucher).await.is_empty());
    });
}
