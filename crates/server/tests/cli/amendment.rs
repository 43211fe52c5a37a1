//! `gymkeeper amendment`, and bank data in a gym file at the command line.

use gymkeeper_testkit::each_database;
use serde_json::{Value, json};

use crate::support::{Place, SMALL_GYM};

const IBAN: &str = "DE89370400440532013000";

/// The small gym with one member in the north, who has a bank account.
fn with_member() -> String {
    let member = "    customers:\n      - key: ada\n        first_name: Ada\n        last_name: Byron\n        \
                  bank_account: { account_holder: Ada Byron, iban: DE89 3704 0044 0532 0130 00 }\n";
    let (before, after) = SMALL_GYM.split_once("key: north\n").unwrap();
    format!("{before}key: north\n{member}{after}")
}

fn listed(place: &Place, more: &[&str]) -> Value {
    place.run(&[&["amendment", "list", "--json"], more].concat()).json()
}

#[test]
fn staff_lists_accepts_and_rejects_what_members_asked_for() {
    each_database(|database| {
        let place = Place::on(database);
        let file = place.write("gym.yaml", with_member());
        place.run(&["apply", &file]).succeeds();
        let key = place.key("north");
        let mut command = place.command(&["serve"]);
        command.env("GYMKEEPER_LOG_LEVEL", "trace").env("GYMKEEPER_LOG_REQUESTS", "all");
        let server = crate::support::Server::start(command);
        let found = server.call("POST", "/v1/customers/search", &key, r#"{"firstName":"Ada"}"#).fine().json();
        let ada = found[0]["id"].as_i64().unwrap();
        let path = |kind: &str| format!("/v1/customers/{ada}/self-service/{kind}");
        let contact =
            server.call("POST", &path("contact-data"), &key, r#"{"phonePrivate":"040 1234567"}"#).fine().json();
        let account =
            r#"{"accountHolder":"Ada Byron","bankName":"Harbour Bank","iban":"AT611904300234573201","bic":"BKAUATWW"}"#;
        let payment = server.call("POST", &path("payment-data"), &key, account).fine().json();
        let wrong = account.replace("73201", "73202");
        assert_eq!(server.call("POST", &path("payment-data"), &key, &wrong).status, 400);
        let waiting = listed(&place, &[]);
        let told = |index: usize, name: &str| waiting[index][name].clone();
        assert_eq!((told(0, "id"), told(0, "kind")), (contact["id"].clone(), json!("contact_data")));
        assert_eq!(told(0, "requested"), json!({ "phonePrivate": "040 1234567" }));
        assert_eq!(
            (told(1, "requested")["iban"].clone(), told(1, "isSigned")),
            (json!("AT61 **** **** **** **01"), json!(false))
        );
        assert_eq!(listed(&place, &["--studio", "south"]), json!([]));
        assert!(place.run(&["amendment", "list"]).succeeds().contains("phonePrivate: 040 1234567"));
        let (first, second) = (contact["id"].to_string(), payment["id"].to_string());
        let said = place.run(&["amendment", "accept", &first, "--note", "by phone"]).succeeds().to_owned();
        assert!(said.contains("were changed as asked for"), "{said}");
        let rejected = place.run(&["amendment", "reject", &second, "--json"]).json();
        assert_eq!((&rejected["state"], rejected.get("requested")), (&json!("rejected"), None));
        place.run(&["amendment", "accept", &second]).fails_with(&["no longer waiting"]);
        place.run(&["amendment", "reject", "1"]).fails_with(&["There is no change with this id"]);
        assert_eq!(listed(&place, &[]), json!([]));
        let all = listed(&place, &["--all"]);
        assert_eq!((&all[1]["state"], &all[1]["note"]), (&json!("applied"), &json!("by phone")));
        let now = server.get(&path("contact-data"), &key).fine().json();
        assert_eq!(now["phonePrivate"], "040 1234567");
        let kept = server.get(&path("payment-data"), &key).fine().json();
        assert_eq!((&kept["iban"], kept.get("pendingAmendment")), (&json!(IBAN), None));
        let log = server.stop();
        for secret in ["190430023457320", "370400440532", "1904 3002", "3704 0044"] {
            assert!(!log.contains(secret), "{secret} is in the log");
        }
    });
}

#[test]
fn bank_data_cannot_be_read_in_the_database_nor_without_their_key() {
    let place = Place::new();
    let file = place.write("gym.yaml", with_member());
    place.run(&["apply", &file, "--dry-run"]).succeeds();
    assert!(!place.data().exists(), "a dry run leaves nothing");
    place.run(&["apply", &file]).succeeds();
    let bytes = std::fs::read(place.sqlite_file()).unwrap();
    let is_in = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(is_in("Byron") && !is_in("3704004405") && !is_in("3704 0044"));
    let key = place.data().join("vault.key");
    std::fs::rename(&key, place.path("kept.key")).unwrap();
    let changed = place.write("gym.yaml", with_member().replace("Ada Byron, iban", "A. Byron, iban"));
    place.run(&["apply", &changed]).fails_with(&["vault.key"]);
    place.run(&["amendment", "list"]).fails_with(&["vault.key"]);
    assert!(!key.exists(), "no other key is made up");
    std::fs::rename(place.path("kept.key"), &key).unwrap();
    place.run(&["apply", &changed]).succeeds();
}
