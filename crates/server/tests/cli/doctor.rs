//! `gymkeeper doctor`, and how every command meets a database that it must not touch.

use gymkeeper_store::db::{Db, Location, Migration, Options};
use gymkeeper_testkit::{TestDatabase, each_database};
use serde_json::Value;

use crate::support::{Place, Run};

/// Makes a SQLite database of nobody in particular: ours without the mark by which we know it.
fn make_foreign(place: &Place) {
    const APPLICATION_ID: std::ops::Range<usize> = 68..72;
    let mut bytes = std::fs::read(place.sqlite_file()).unwrap();
    assert_eq!(&bytes[APPLICATION_ID], b"Gymk");
    bytes[APPLICATION_ID].copy_from_slice(b"Note");
    std::fs::write(place.sqlite_file(), bytes).unwrap();
}

/// Runs `doctor`, and answers the finding of that name with what it advises.
fn finding(place: &Place, check: &str, code: i32) -> (String, Option<String>) {
    let run = place.run(&["doctor", "--json"]);
    assert_eq!(run.code, Some(code), "{run:?}");
    let findings: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    assert_eq!(findings.iter().all(|finding| finding["fine"] == true), code == 0, "{findings:?}");
    let of =
        findings.iter().find(|finding| finding["check"] == check).unwrap_or_else(|| panic!("{check}: {findings:?}"));
    assert_eq!(of["advice"].is_string(), of["fine"] == false, "what is wrong comes with advice: {of}");
    (of["says"].as_str().unwrap().to_owned(), of["advice"].as_str().map(str::to_owned))
}

#[test]
fn a_gym_in_order_is_fine() {
    each_database(|database| {
        let sqlite = database.name == "SQLite";
        let place = Place::on(database).with_small_gym();
        let out = place.run(&["doctor"]).succeeds();
        assert!(out.lines().all(|line| line.starts_with("ok ")), "{out}");
        for check in ["configuration", "clock", "disk", "database", "migrations"] {
            assert!(out.contains(check), "{check} in {out}");
        }
        assert!(out.contains("integrity") == sqlite, "{out}");
        assert!(finding(&place, "migrations", 0).0.starts_with("all "));
    });
}

#[test]
fn a_wrong_configuration_is_the_only_finding() {
    let place = Place::new().with_small_gym();
    let mut command = place.command(&["doctor"]);
    command.env("GYMKEEPER_LIMITS_QUEU", "5");
    let run = Run::of(command);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("BAD  configuration") && run.out.contains("GYMKEEPER_LIMITS_QUEUE"), "{}", run.out);
    assert!(run.out.contains("gymkeeper schema config"), "{}", run.out);
}

#[test]
fn without_a_database_the_advice_is_to_load_a_gym() {
    let place = Place::new();
    let (says, advice) = finding(&place, "database", 1);
    assert!(says.contains("there is none at"), "{says}");
    assert!(advice.unwrap().contains("gymkeeper apply"));
    assert!(!place.data().exists(), "doctor makes nothing");

    let Some(database) = TestDatabase::postgres() else { return };
    let place = Place::on(database);
    let (says, advice) = finding(&place, "database", 1);
    assert!(says.contains("empty"), "{says}");
    assert!(advice.unwrap().contains("gymkeeper apply"));
    assert_eq!(finding(&place, "database", 1).0, says, "and still is");
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let place = Place::new();
    place.write("file", "in the way");
    let run = place.run_in(&place.path("file/data"), &["doctor"]);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("BAD  disk") && run.out.contains("file is no folder"), "{}", run.out);
    place
        .run_in(&place.path("file/data"), &["apply", &place.write("gym.yaml", crate::support::SMALL_GYM)])
        .fails_with(&["file/data"]);
}

/// Every command that opens the database, and would change something.
const COMMANDS: &[&[&str]] = &[
    &["serve"],
    &["apply", "gym.yaml"],
    &["apply", "gym.yaml", "--dry-run"],
    &["key", "create", "--studio", "north"],
    &["key", "list"],
    &["checkin", "open", "--studio", "north"],
];

/// Every command refuses with these words, `doctor` shows them with advice, and the file stays as it is.
fn everybody_refuses(place: &Place, says: &str) {
    let before = std::fs::read(place.sqlite_file()).unwrap();
    for arguments in COMMANDS.iter().chain(&[&["backup", "all.tar"][..]]) {
        place.run(arguments).fails_with(&["gymkeeper: ", says]);
    }
    assert!(!std::path::Path::new(&place.path("all.tar")).exists());
    let run = place.run(&["doctor"]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("BAD ") && run.out.contains(says), "{says:?} in {}", run.out);
    assert!(std::fs::read(place.sqlite_file()).unwrap() == before, "the file was changed");
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let place = Place::new().with_small_gym();
    std::fs::write(place.sqlite_file(), "Dear diary, ".repeat(1000)).unwrap();
    everybody_refuses(&place, "not a database");
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let place = Place::new().with_small_gym();
    make_foreign(&place);
    everybody_refuses(&place, "another program");
}

#[test]
fn a_truncated_database_is_left_as_it_is() {
    for keep in [|length: usize| length / 2, |length: usize| length - 4096, |_| 4096, |_| 700] {
        let place = Place::new().with_small_gym();
        let bytes = std::fs::read(place.sqlite_file()).unwrap();
        std::fs::write(place.sqlite_file(), &bytes[..keep(bytes.len())]).unwrap();
        everybody_refuses(&place, "the database file cannot be used");
    }
}

#[test]
fn a_database_that_was_emptied_is_not_taken_for_a_new_one_by_the_server() {
    let place = Place::new().with_small_gym();
    std::fs::write(place.sqlite_file(), "").unwrap();
    for arguments in [&["serve"][..], &["key", "list"], &["checkin", "open"], &["backup", "all.tar"]] {
        place.run(arguments).fails_with(&["is empty", "restore a backup"]);
    }
    assert_eq!(std::fs::read(place.sqlite_file()).unwrap(), b"");
    let (says, advice) = finding(&place, "database", 1);
    assert!(says.contains("is empty") && advice.unwrap().contains("restore"), "{says}");
}

#[test]
fn a_page_that_was_overwritten_is_found_by_the_doctor() {
    let place = Place::new().with_small_gym();
    let mut bytes = std::fs::read(place.sqlite_file()).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0xA5);
    std::fs::write(place.sqlite_file(), bytes).unwrap();
    let (_, advice) = finding(&place, "integrity", 1);
    assert!(advice.unwrap().contains("restore the last backup"));
}

#[test]
fn a_database_of_a_newer_version_is_left_as_it_is() {
    each_database(|database| {
        let sqlite = database.name == "SQLite";
        let place = Place::on(database).with_small_gym();
        place.migrate_further();
        if sqlite {
            return everybody_refuses(&place, "newer version");
        }
        for arguments in COMMANDS {
            place.run(arguments).fails_with(&["newer version of Gymkeeper", "start that version"]);
        }
        assert!(finding(&place, "database", 1).0.contains("newer version"));
    });
}

#[test]
fn a_database_of_another_build_is_left_as_it_is() {
    each_database(|database| {
        let sqlite = database.name == "SQLite";
        let location = Location::parse(&database.url);
        let place = Place::on(database);
        place.write("gym.yaml", crate::support::SMALL_GYM);
        let other: &'static [Migration] =
            &[Migration { name: "other", text: "create table other (id BIGINT not null primary key);" }];
        Db::open(&location, other, &Options::default()).unwrap().close();
        if sqlite {
            return everybody_refuses(&place, "belongs to another build");
        }
        for arguments in COMMANDS {
            place.run(arguments).fails_with(&["belongs to another build"]);
        }
        assert!(finding(&place, "database", 1).0.contains("belongs to another build"));
    });
}

#[test]
fn a_server_that_runs_does_not_disturb_the_doctor() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let key = place.key("north");
        let server = place.serve();
        server.put_tags(&key, &["t1"]).fine();
        place.run(&["doctor"]).succeeds();
        server.put_tags(&key, &["t2"]).fine();
        assert_eq!(server.tags(&key), ["t2"]);
    });
}
