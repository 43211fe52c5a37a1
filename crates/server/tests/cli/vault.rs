//! The key for bank data: made by the first start, kept from others, and missed when it is gone.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use gymkeeper_testkit::each_database;

use crate::support::{Place, Run, Server};

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
