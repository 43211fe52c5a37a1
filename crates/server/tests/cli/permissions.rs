//! Who may read what the program writes: nobody but its own account.

use std::{fs::Permissions, os::unix::fs::PermissionsExt as _, path::Path};

use crate::support::{Place, Server};

/// A place with the demo's gym, which has images.
fn gym_with_images() -> Place {
    let place = Place::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/gym.yaml");
    place.run(&["apply", file.to_str().unwrap(), "--today", "2026-11-21"]).succeeds();
    place
}

/// A file or folder and all that lies in it: path, whether it is a folder, and permissions.
fn permissions(path: &Path) -> Vec<(String, bool, u32)> {
    let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut found = vec![(path.display().to_string(), path.is_dir(), mode)];
    if path.is_dir() {
        found.extend(std::fs::read_dir(path).unwrap().flat_map(|entry| permissions(&entry.unwrap().path())));
    }
    found
}

#[track_caller]
fn closed_to_others(path: &str) {
    let found = permissions(Path::new(path));
    let open: Vec<_> = found.iter().filter(|(_, folder, _)| *folder).filter(|(.., mode)| *mode != 0o700).collect();
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn new_data_folders_are_closed_to_other_accounts() {
    let place = gym_with_images();
    closed_to_others(place.data().to_str().unwrap());
    let server = Server::start_demo(place.command(&["demo", "--port", "0", "--data", "around/demo", "--json"]));
    closed_to_others(&place.path("around"));
    drop(server);
}

#[test]
fn a_restored_folder_and_its_files_are_readable_by_their_own_account_only() {
    let place = gym_with_images();
    // A copy made by hand may have lost what kept others out.
    for (path, folder, _) in permissions(&place.data()) {
        std::fs::set_permissions(path, Permissions::from_mode(if folder { 0o755 } else { 0o644 })).unwrap();
    }
    place.run(&["backup", "all.tar"]).succeeds();
    place.run_in(&place.path("around/restored"), &["restore", "all.tar"]).succeeds();
    let restored = permissions(Path::new(&place.path("around")));
    assert!(restored.len() >= 8, "two folders around the database and the folder of images: {restored:?}");
    for (path, folder, mode) in permissions(Path::new(&place.path("all.tar"))).into_iter().chain(restored) {
        assert_eq!(mode, if folder { 0o700 } else { 0o600 }, "{path} is {mode:o}");
    }
}

#[test]
fn a_folder_that_was_there_before_a_restore_keeps_its_permissions() {
    let place = gym_with_images();
    place.run(&["backup", "all.tar"]).succeeds();
    let shared = place.path("shared");
    std::fs::create_dir(&shared).unwrap();
    std::fs::set_permissions(&shared, Permissions::from_mode(0o750)).unwrap();
    place.run_in(&shared, &["restore", "all.tar"]).succeeds();
    let found = permissions(Path::new(&shared));
    assert_eq!(found[0].2, 0o750);
    assert!(found[1..].iter().all(|(.., mode)| mode & 0o077 == 0), "{found:?}");
}
