//! What a demo keeps, what it deletes, and what it leaves alone.

use super::{demo, keys, start};
use crate::support::{Place, Run};

#[test]
fn a_demo_keeps_what_was_changed_and_its_keys_until_it_is_made_afresh() {
    let place = Place::new();
    let server = start(&place, "demo", &["--seed", "7"]);
    let (full, read_only) = keys(&server);
    let original = server.tags(&full);
    server.put_tags(&full, &["pool", "women-only"]).fine();
    assert_ne!(original, ["pool", "women-only"]);
    server.stop();

    // Its seed is its own: another one on the command line does not change a demo that is there.
    let server = start(&place, "demo", &["--seed", "8"]);
    assert_eq!(keys(&server), (full.clone(), read_only.clone()));
    assert_eq!(server.tags(&read_only), ["pool", "women-only"]);
    server.stop();

    let server = start(&place, "demo", &["--seed", "7", "--fresh"]);
    assert_eq!(keys(&server), (full.clone(), read_only));
    assert_eq!(server.tags(&full), original);
}

#[test]
fn fresh_deletes_nothing_that_the_demo_did_not_make() {
    let place = Place::new().with_small_gym();
    let note = place.write("photos/summer.jpg", "priceless");
    Run::of(demo(&place, "photos", &["--fresh"])).fails_with(&["photos was not made by the demo", "--fresh"]);
    assert_eq!(std::fs::read_to_string(&note).unwrap(), "priceless");

    let before = std::fs::read(place.sqlite_file()).unwrap();
    Run::of(demo(&place, "data", &["--fresh"])).fails_with(&["data was not made by the demo"]);
    Run::of(demo(&place, "data", &[])).fails_with(&["data holds a gym that is not the demo's", "--data"]);
    assert_eq!(std::fs::read(place.sqlite_file()).unwrap(), before);
}

#[test]
fn fresh_takes_an_empty_folder_and_one_that_is_not_there() {
    let place = Place::new();
    std::fs::create_dir(place.path("empty")).unwrap();
    start(&place, "empty", &["--fresh"]).stop();
    start(&place, "absent", &["--fresh"]).stop();
}

#[test]
fn a_demo_never_touches_the_database_that_the_configuration_names() {
    let Some(database) = gymkeeper_testkit::TestDatabase::postgres() else { return };
    let place = Place::on(database).with_small_gym();
    let server = start(&place, "demo", &["--fresh"]);
    let (key, _) = keys(&server);
    assert_eq!(server.get("/v1/studios/information", &key).fine().json()["name"], "Ironworks Berlin Mitte");
    drop(server);
    assert_eq!(place.run(&["apply", &place.path("gym.yaml"), "--dry-run"]).succeeds(), "nothing to change\n");
}
