//! `gymkeeper backup` and `gymkeeper restore`.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use serde_json::Value;

use crate::support::{Over, Place, Server};

/// The demo's gym with its images, and a key for Berlin.
fn gym_with_images() -> (Place, String) {
    let place = Place::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/gym.yaml");
    place.run(&["apply", file.to_str().unwrap(), "--today", "2026-11-21"]).succeeds();
    let key = place.key("berlin");
    (place, key)
}

/// Serves what was restored into a folder.
fn serve_in(place: &Place, folder: &str) -> Server {
    let mut command = place.command(&["serve"]);
    command.env("GYMKEEPER_DATA_DIR", place.path(folder));
    Server::start(command)
}

/// What the API says, without what hangs on the address and the time of the day.
fn answers(server: &Server, key: &str) -> Vec<Value> {
    let paths = ["studios/utilization", "studios/information", "studios/tags", "memberships/membership-offers"];
    let mut answers: Vec<Value> =
        paths.iter().map(|path| server.get(&format!("/v1/{path}"), key).fine().json()).collect();
    for offer in answers[3].clone().as_array().unwrap() {
        answers.push(server.get(&format!("/v1/memberships/membership-offers/{}", offer["id"]), key).fine().json());
    }
    answers.iter_mut().for_each(shorten_links);
    answers
}

fn shorten_links(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((_, path)) = text.split_once("/files/") {
                *text = path.split('?').next().unwrap().to_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(shorten_links),
        Value::Object(fields) => fields.values_mut().for_each(shorten_links),
        _ => {}
    }
}

/// The contents behind all links in the answers.
fn contents(server: &Server, key: &str) -> Vec<Vec<u8>> {
    let text = [
        server.get("/v1/memberships/membership-offers", key).fine().text(),
        server.get("/v1/studios/information", key).fine().text(),
    ]
    .concat();
    let links = text.split('"').filter(|part| part.contains("/files/"));
    links.map(|link| server.follow(link).fine().body).collect()
}

#[test]
fn what_is_restored_serves_the_same_answers_images_and_keys() {
    let (place, key) = gym_with_images();
    place.run(&["checkin", "open", "--studio", "berlin", "--count", "7"]).succeeds();
    let server = place.serve();
    server.put_tags(&key, &["pool", "sauna"]).fine();
    place.run(&["backup", "all.tar"]).succeeds();
    place.run_in(&place.path("restored"), &["restore", "all.tar"]).succeeds();
    place.run_in(&place.path("restored"), &["doctor"]).succeeds();
    let restored = serve_in(&place, "restored");
    assert_eq!(answers(&restored, &key), answers(&server, &key));
    let images = contents(&restored, &key);
    assert!(images.len() >= 4);
    assert_eq!(images, contents(&server, &key));
    // A link that was handed out before the disaster still leads to its image.
    let logo = server.get("/v1/studios/information", &key).json()["logoUrl"].as_str().unwrap().to_owned();
    restored.get(logo.strip_prefix(&server.url).unwrap(), "").fine();
    // What happens to the one does not happen to the other.
    restored.put_tags(&key, &[""; 0]).fine();
    assert_eq!(server.tags(&key), ["pool", "sauna"]);
}

#[test]
fn a_backup_under_writes_holds_one_moment_of_each_writer() {
    let place = Place::new().with_small_gym();
    let key = place.key("north");
    let server = place.serve_without_limit();
    let (over, set, inside) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    // One after the other, the tags t0 to t15 are put on alone: any other set is half of something.
    let names: Vec<String> = (0..16).map(|number| format!("t{number}")).collect();
    std::thread::scope(|scope| {
        let _over = Over(&over);
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                let number = set.load(Ordering::SeqCst) + 1;
                server.put_tags(&key, &[&names[number % 16]]).fine();
                set.store(number, Ordering::SeqCst);
                // Other processes want to write, too, and SQLite lets nobody wait in a line.
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        });
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                place.run(&["checkin", "open", "--studio", "north", "--count", "11"]).succeeds();
                inside.fetch_add(11, Ordering::SeqCst);
            }
        });
        for round in 0..5 {
            let before = (set.load(Ordering::SeqCst), inside.load(Ordering::SeqCst));
            let (archive, folder) = (format!("{round}.tar"), format!("restored-{round}"));
            place.run(&["backup", &archive]).succeeds();
            let after = (set.load(Ordering::SeqCst), inside.load(Ordering::SeqCst));
            place.run_in(&place.path(&folder), &["restore", &archive]).succeeds();
            place.run_in(&place.path(&folder), &["doctor"]).succeeds();
            let restored = serve_in(&place, &folder);
            let tags = restored.tags(&key);
            let possible: Vec<&str> = (before.0..=after.0 + 1).map(|number| names[number % 16].as_str()).collect();
            assert!(
                matches!(tags.as_slice(), [tag] if possible.contains(&tag.as_str()))
                    || (tags.is_empty() && before.0 == 0),
                "{tags:?} is none of {possible:?}"
            );
            let count = restored.get("/v1/studios/utilization", &key).fine().json()["count"].as_u64().unwrap() as usize;
            assert!(
                (before.1..=after.1 + 11).contains(&count) && count.is_multiple_of(11),
                "{count}, {before:?}, {after:?}"
            );
        }
    });
    assert!(set.load(Ordering::SeqCst) > 5, "somebody did write meanwhile");
}

#[test]
fn a_backup_never_overwrites_and_leaves_nothing_half_done() {
    let place = Place::new().with_small_gym();
    let taken = place.write("taken.tar", "precious");
    place.run(&["backup", "taken.tar"]).fails_with(&["taken.tar exists already", "choose another name"]);
    assert_eq!(std::fs::read_to_string(taken).unwrap(), "precious");
    place.run(&["backup", "nowhere/all.tar"]).fails_with(&["nowhere"]);
    let names: Vec<_> = std::fs::read_dir(place.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "only the data folder, the gym file and the file that was there: {names:?}");
}

#[test]
fn a_restore_never_overwrites_data() {
    let place = Place::new().with_small_gym();
    let key = place.key("north");
    place.run(&["backup", "all.tar"]).succeeds();
    let before = std::fs::read(place.sqlite_file()).unwrap();
    place.run(&["restore", "all.tar"]).fails_with(&["a restore never overwrites data", "Move the data folder away"]);
    assert_eq!(std::fs::read(place.sqlite_file()).unwrap(), before);
    place.serve().get("/v1/studios/tags", &key).fine();
}

#[test]
fn a_restore_of_what_is_no_backup_puts_nothing_in_place() {
    let (place, _) = gym_with_images();
    place.run(&["backup", "all.tar"]).succeeds();
    let whole = std::fs::read(place.path("all.tar")).unwrap();
    let refused = |of: &str, bytes: &[u8], says: &str| {
        let file = place.write("bad.tar", bytes);
        let run = place.run_in(&place.path("restored"), &["restore", &file]);
        assert!(!Path::new(&place.path("restored/gymkeeper.db")).exists(), "{of}: a database was put in place");
        assert_eq!(run.code, Some(1), "{of}: {run:?}");
        assert!(run.err.contains("bad.tar") && run.err.contains(says), "{of}: {says:?} in {}", run.err);
    };
    refused("an empty file", b"", "backup");
    refused("a text", &b"no archive at all ".repeat(1000), "not a whole backup");
    refused("a few zeros", &[0; 4096], "holds no database");
    refused("the database itself", &std::fs::read(place.sqlite_file()).unwrap(), "not a whole backup");

    let archive = |entries: &[(&str, &[u8])]| {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o600);
            archive.append_data(&mut header, name, *bytes).unwrap();
        }
        archive.into_inner().unwrap()
    };
    refused("an archive of something else", &archive(&[("holiday.jpg", b"sun")]), "holds no database");
    refused("a database that is none", &archive(&[("gymkeeper.db", b"sun")]), "");
    place.run_in(&place.path("restored"), &["restore", "nowhere.tar"]).fails_with(&["nowhere.tar", "No such file"]);

    // A download that broke off may end anywhere, also exactly between two files of the archive.
    let mut ends: Vec<usize> = (1..8).map(|eighth| whole.len() * eighth / 8).collect();
    let mut reader = tar::Archive::new(whole.as_slice());
    ends.extend(reader.entries().unwrap().skip(1).map(|entry| entry.unwrap().raw_header_position() as usize));
    assert!(ends.len() > 12, "{ends:?}");
    for end in ends {
        refused(&format!("the first {end} of {} bytes", whole.len()), &whole[..end], "not a whole backup");
    }

    let mut damaged = whole.clone();
    let page = 512 + 4096 * 3;
    damaged[page..page + 4096].fill(0xA5);
    refused("a damaged database", &damaged, "");

    // None of this stands in the way of the right file.
    place.run_in(&place.path("restored"), &["restore", "all.tar"]).succeeds();
}

#[test]
fn a_backup_of_a_newer_version_is_not_restored() {
    let place = Place::new().with_small_gym();
    place.migrate_further();
    let mut archive = tar::Builder::new(std::fs::File::create(place.path("newer.tar")).unwrap());
    archive.append_path_with_name(place.sqlite_file(), "gymkeeper.db").unwrap();
    archive.finish().unwrap();
    place.run_in(&place.path("restored"), &["restore", "newer.tar"]).fails_with(&["newer version of Gymkeeper"]);
    assert!(!Path::new(&place.path("restored/gymkeeper.db")).exists());
}

#[test]
fn for_postgres_the_tools_of_postgres_are_named() {
    let place = Place::at("postgres://gym@127.0.0.1/gym");
    place.run(&["backup", "all.tar"]).fails_with(&["pg_dump", "files/"]);
    place.run(&["restore", "all.tar"]).fails_with(&["pg_restore", "files/"]);
    // On the way there nothing was made.
    assert!(!Path::new(&place.path("all.tar")).exists() && !place.data().exists());
}
