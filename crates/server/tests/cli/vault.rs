//! The key for bank data: made by the first start, kept from others, and missed when it is gone.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use gymkeeper_testkit::each_database;
use serde_json::{Value, json};

use crate::support::{Place, Run, SMALL_GYM, Server};

const KEY: &str = "vault.key";

#[test]
fn the_first_start_makes_a_key_that_others_cannot_read() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let file = place.data().join(KEY);
        assert!(!file.exists());
        place.serve().stop();
        let made = fs::read_to_string(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        place.serve().stop();
        assert_eq!(fs::read_to_string(&file).unwrap(), made);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        place.run(&["serve"]).fails_with(&[KEY, "chmod 600"]);
    });
}

#[test]
fn a_key_in_the_setting_needs_no_file() {
    let place = Place::new().with_small_gym();
    let mut command = place.command(&["serve"]);
    command.env("GYMKEEPER_VAULT_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY");
    Server::start(command).stop();
    assert!(!place.data().join(KEY).exists());
}

#[test]
fn a_setting_that_is_no_key_is_refused_and_not_repeated() {
    let place = Place::new().with_small_gym();
    let mut command = place.command(&["serve"]);
    command.env("GYMKEEPER_VAULT_KEY", "correct-horse-battery-staple");
    let said = Run::of(command).fails();
    assert!(said.contains("32 bytes in Base64") && !said.contains("horse"), "{said}");
}

#[test]
fn a_backup_does_not_hold_the_key() {
    let place = Place::new().with_small_gym();
    place.serve().stop();
    place.run(&["backup", "all.tar"]).succeeds();
    let key = fs::read_to_string(place.data().join(KEY)).unwrap().lines().last().unwrap().to_owned();
    let backup = fs::read(place.path("all.tar")).unwrap();
    assert!(!backup.windows(key.len()).any(|window| window == key.as_bytes()));
}

#[test]
fn the_demo_has_the_key_of_its_seed_whatever_the_configuration_says() {
    let place = Place::new();
    let key_of = |folder: &str, seed: &str| {
        let mut command = place.command(&[
            "demo",
            "--port",
            "0",
            "--json",
            "--data",
            folder,
            "--seed",
            seed,
            "--today",
            "2026-11-21",
        ]);
        command.env("GYMKEEPER_VAULT_KEY", "M".repeat(43));
        Server::start_demo(command).stop();
        fs::read_to_string(Path::new(&place.path(folder)).join(KEY)).unwrap()
    };
    let (first, again, other) = (key_of("one", "1"), key_of("two", "1"), key_of("three", "2"));
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert_eq!(key_of("one", "1"), first);
}

/// The small gym with one member in the north, who has a bank account and a tax number.
fn with_member() -> String {
    let member = "    customers:\n      - key: ada\n        first_name: Ada\n        last_name: Byron\n        \
                  bank_account: { account_holder: Ada Byron, iban: DE89 3704 0044 0532 0130 00 }\n";
    let (before, after) = SMALL_GYM.split_once("key: north\n").unwrap();
    format!("{before}key: north\n{member}{after}")
}

fn keys_of(place: &Place) -> Value {
    place.run(&["vault", "status", "--json"]).json()
}

#[test]
fn a_rotation_seals_everything_anew_while_the_server_runs() {
    each_database(|database| {
        let place = Place::on(database);
        let file = place.write("gym.yaml", with_member());
        place.run(&["apply", &file]).succeeds();
        let key = place.key("north");
        let server = place.serve();
        let found = server.call("POST", "/v1/customers/search", &key, r#"{"firstName":"Ada"}"#).fine().json();
        let path = format!("/v1/customers/{}/self-service/payment-data", found[0]["id"]);
        let asked = |iban: &str| {
            let body = format!(
                r#"{{"accountHolder":"Ada Byron","bankName":"Harbour Bank","iban":"{iban}","bic":"BKAUATWW"}}"#
            );
            server.call("POST", &path, &key, &body).fine().json()["id"].to_string()
        };
        let pending = asked("AT611904300234573201");
        let before = keys_of(&place);
        assert_eq!(before.as_array().unwrap().len(), 1);
        assert_eq!((&before[0]["use"], &before[0]["values"]), (&json!("seals and opens"), &json!(2)));
        assert_eq!(before[0]["byKind"], json!({ "amendment": 1, "bank_account": 1 }));
        place.run(&["vault", "prune"]).succeeds();
        assert!(place.run(&["vault", "rotate"]).succeeds().contains("2 values were sealed with the new key"));
        let after = keys_of(&place);
        assert_eq!((&after[0]["values"], &after[0]["use"]), (&json!(2), &json!("seals and opens")));
        assert_eq!((&after[1]["key"], &after[1]["values"]), (&before[0]["key"], &json!(0)));
        assert_eq!(after[1]["use"], json!("opens"));
        let records = place.run(&["audit", "list", "--json"]).succeeds().to_owned();
        assert!(records.contains("vault.resealed"), "{records}");
        // The running server opens what was sealed anew, and seals with the new key.
        place.run(&["amendment", "accept", &pending]).succeeds();
        let second = asked("DE89370400440532013000");
        assert_eq!(keys_of(&place)[1]["values"], 0);
        let pruned = place.run(&["vault", "prune"]).succeeds().to_owned();
        assert!(pruned.contains(before[0]["key"].as_str().unwrap()), "{pruned}");
        assert_eq!(keys_of(&place).as_array().unwrap().len(), 1);
        place.run(&["amendment", "accept", &second]).succeeds();
        server.stop();
        place.serve().stop();
        place.run(&["audit", "verify"]).succeeds();
    });
}

#[test]
fn a_rotation_that_was_broken_off_is_finished_and_no_key_in_need_is_removed() {
    let place = Place::new();
    let file = place.write("gym.yaml", with_member());
    place.run(&["apply", &file]).succeeds();
    let path = place.data().join(KEY);
    let (comments, old): (Vec<String>, Vec<String>) =
        fs::read_to_string(&path).unwrap().lines().map(str::to_owned).partition(|line| line.starts_with('#'));
    let new = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=".to_owned();
    fs::write(&path, [comments, vec![new], old].concat().join("\n")).unwrap();
    place.run(&["vault", "prune"]).fails_with(&["still needed by 1 values", "vault rotate"]);
    place.run(&["vault", "rotate"]).succeeds();
    let keys = keys_of(&place);
    assert_eq!((keys.as_array().unwrap().len(), &keys[0]["values"]), (2, &json!(1)), "no third key was made");
    place.run(&["vault", "prune"]).succeeds();
    assert_eq!(keys_of(&place).as_array().unwrap().len(), 1);
}

#[test]
fn keys_in_the_setting_are_rotated_by_whoever_owns_the_setting() {
    let place = Place::new();
    let file = place.write("gym.yaml", with_member());
    let run = |keys: &str, arguments: &[&str]| {
        let mut command = place.command(arguments);
        command.env("GYMKEEPER_VAULT_KEY", keys);
        Run::of(command)
    };
    let (old, new) = ("M".repeat(42) + "E", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY");
    run(&old, &["apply", &file]).succeeds();
    run(&old, &["vault", "rotate"]).fails_with(&["put a new one before the others"]);
    run(new, &["vault", "status"]).fails_with(&["which is not among the keys"]);
    let both = format!("{new},{old}");
    run(&both, &["vault", "rotate"]).succeeds();
    assert_eq!(run(new, &["vault", "status", "--json"]).json()[0]["values"], 1);
}
