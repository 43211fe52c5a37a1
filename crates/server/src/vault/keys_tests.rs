//! Keys in files and settings, and their rotation.

use std::sync::Arc;

use gymkeeper_store::{
    MIGRATIONS,
    db::{Location, Options},
};

use super::super::{Place, sealing_key as sealed_with};
use super::*;

const ACCOUNT: Place = Place { kind: "bank_account", id: 7 };

fn config(folder: &Path, key: &str) -> Config {
    let variables = [
        ("GYMKEEPER_DATA_DIR".to_owned(), folder.display().to_string()),
        ("GYMKEEPER_VAULT_KEY".to_owned(), key.to_owned()),
    ];
    Config::load(None, variables.into_iter()).unwrap()
}

#[test]
fn keys_are_read_in_every_form_of_base64() {
    let key = VaultKey([0xfb; 32]);
    let text = key.to_text();
    assert_eq!(text.len(), 44);
    let url_safe = text.replace('+', "-").replace('/', "_");
    for form in [&text, text.trim_end_matches('='), &url_safe, &format!(" {text}\n")] {
        assert_eq!(VaultKey::parse(form).unwrap(), key, "{form}");
    }
    for wrong in ["", "short", &"A".repeat(42), &"A".repeat(44), "not base64 at all, but as long as a key is"] {
        let error = VaultKey::parse(wrong).unwrap_err().to_string();
        assert!(error.contains("32 bytes") && (wrong.is_empty() || !error.contains(wrong)), "{error}");
    }
}

#[test]
fn ids_are_read_as_they_are_shown() {
    let id = VaultKey::of_demo(1).id();
    assert_eq!(KeyId::parse(&id.to_string()), Some(id));
    assert_ne!(VaultKey::of_demo(2).id(), id);
    for wrong in ["", "12", "zz00000000000000", "äöüäöüää", "+f+f+f+f+f+f+f+f", "00000000000000000"] {
        assert_eq!(KeyId::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn the_first_start_makes_a_key_that_only_its_owner_reads() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder.path().join("data"), "");
    let vault = load(&config, None).unwrap();
    let mode = fs::metadata(key_file(&config)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = load(&config, vault.key_ids().first().copied()).unwrap();
    assert_eq!(again.key_ids(), vault.key_ids());
    let sealed = vault.sealed(ACCOUNT, b"value").unwrap();
    assert_eq!(again.open(ACCOUNT, &sealed).unwrap(), b"value");
}

#[test]
fn no_key_is_made_beside_data_that_another_one_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let lost = VaultKey::of_demo(3);
    let config_of_file = config(folder.path(), "");
    let error = load(&config_of_file, Some(lost.id())).unwrap_err();
    assert!(matches!(&error, VaultError::KeyMissing { missing, .. } if *missing == lost.id()));
    assert!(error.to_string().contains("GYMKEEPER_VAULT_KEY"), "{error}");
    assert!(!key_file(&config_of_file).exists());

    let other = VaultKey::of_demo(4).to_text();
    let error = load(&config(folder.path(), &other), Some(lost.id())).unwrap_err();
    assert!(error.to_string().contains("the setting vault.key"), "{error}");
    write_file(&key_file(&config_of_file), &[VaultKey::of_demo(4)], false).unwrap();
    assert!(load(&config_of_file, Some(lost.id())).is_err());
}

#[test]
fn keys_in_the_setting_win_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let keys = [VaultKey::of_demo(1), VaultKey::of_demo(2)];
    let said = format!("{}, {}", keys[0].to_text(), keys[1].to_text());
    let config = config(folder.path(), &said);
    let vault = load(&config, Some(keys[1].id())).unwrap();
    assert_eq!(vault.key_ids(), keys.each_ref().map(VaultKey::id));
    assert!(!key_file(&config).exists());
    assert!(add_key(&config).unwrap_err().to_string().contains("restart"));
    assert!(!format!("{config:?}").contains(&keys[0].to_text()));
}

#[test]
fn key_files_with_mistakes_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.key");
    let key = VaultKey::of_demo(1).to_text();
    for (text, mode, problem) in [
        (format!("# a comment\n\n {key} \n"), 0o600, None),
        (key.clone(), 0o400, None),
        (key.clone(), 0o640, Some("chmod 600")),
        ("# nothing but a comment\n".to_owned(), 0o600, Some("holds no key")),
        (format!("{key}\nnonsense\n"), 0o600, Some("32 bytes")),
    ] {
        let _ = fs::remove_file(&file);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        match (read_file(&file), problem) {
            (Ok(keys), None) => assert_eq!(keys, [VaultKey::of_demo(1)]),
            (Err(error), Some(problem)) => assert!(error.to_string().contains(problem), "{error}"),
            (other, _) => panic!("{other:?} instead of {problem:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_reaches_a_vault_that_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let (config, db) = (config(folder.path(), ""), database(folder.path()));
    let running = Arc::new(open(&config, &db).await.unwrap());
    let seal = |value: &'static [u8]| {
        let (db, running) = (db.clone(), Arc::clone(&running));
        async move { db.write(move |tx| running.seal(tx, ACCOUNT, value).map_err(Said::from)).await.unwrap() }
    };
    let old = running.key_ids()[0];
    let before = seal(b"before").await;

    let new = add_key(&config).unwrap();
    let rotating = open(&config, &db).await.unwrap();
    assert_eq!(rotating.key_ids(), [new, old]);
    let resealed = rotating.reseal(ACCOUNT, &before).unwrap().unwrap();
    // The running server meets a value of the new key, and seals with it itself.
    assert_eq!(running.open(ACCOUNT, &resealed).unwrap(), b"before");
    assert_eq!(sealed_with(&seal(b"after").await), Some(new));

    let in_use = db.read(key_in_use).await.unwrap();
    let refused = remove_old_keys(&config, in_use).unwrap_err();
    assert!(in_use == Some(old) && refused.to_string().contains("still in use"), "{refused}");
    db.write(move |tx| set_key_in_use(tx, new)).await.unwrap();
    assert_eq!(remove_old_keys(&config, Some(new)).unwrap(), [old]);
    assert_eq!(remove_old_keys(&config, Some(new)).unwrap(), []);
    assert_eq!(sealed_with(&seal(b"after").await), Some(new));
    assert!(matches!(running.open(ACCOUNT, &before), Err(VaultError::KeyMissing { missing, .. }) if missing == old));
    let mode = fs::metadata(key_file(&config)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_key_file_that_is_there_is_not_overwritten_by_a_first_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.key");
    write_file(&file, &[VaultKey::of_demo(1)], false).unwrap();
    write_file(&file, &[VaultKey::of_demo(2)], false).unwrap();
    assert_eq!(read_file(&file).unwrap(), [VaultKey::of_demo(1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_remembers_the_key_once_something_is_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path());
    let (first, second) = (config(&folder.path().join("a"), ""), config(&folder.path().join("b"), ""));
    let seal = |vault: Vault| db.write(move |tx| vault.seal(tx, ACCOUNT, b"value").map_err(Said::from));
    // Nothing is sealed: a key that is lost now is no loss.
    open(&first, &db).await.unwrap();
    fs::remove_file(key_file(&first)).unwrap();
    let vault = open(&first, &db).await.unwrap();
    let id = vault.key_ids()[0];
    // Two servers on one database, each with a key of its own: the first one to seal decides.
    let other = open(&second, &db).await.unwrap();
    assert_eq!(db.read(key_in_use).await.unwrap(), None);
    let sealed = seal(vault).await.unwrap();
    assert_eq!(db.read(key_in_use).await.unwrap(), Some(id));
    let refused = seal(other).await.unwrap_err();
    assert!(refused.0.contains(&id.to_string()), "{refused:?}");
    let refused = open(&second, &db).await.unwrap_err();
    assert!(refused.to_string().contains(&id.to_string()), "{refused}");
    fs::copy(key_file(&first), key_file(&second)).unwrap();
    assert_eq!(open(&second, &db).await.unwrap().open(ACCOUNT, &sealed).unwrap(), b"value");
    fs::remove_file(key_file(&first)).unwrap();
    let refused = open(&first, &db).await.unwrap_err();
    assert!(matches!(refused, VaultFailure::Vault(VaultError::KeyMissing { .. })), "{refused}");

    // After a rotation, the new key alone is enough.
    let new = add_key(&second).unwrap();
    db.write(move |tx| set_key_in_use(tx, new)).await.unwrap();
    remove_old_keys(&second, db.read(key_in_use).await.unwrap()).unwrap();
    assert_eq!(open(&second, &db).await.unwrap().key_ids(), [new]);
}

fn database(folder: &Path) -> Db {
    Db::open(&Location::Sqlite(folder.join("gym.db")), MIGRATIONS, &Options::default()).unwrap()
}

/// A failure as a text: a transaction wants its failures to come from the database's.
#[derive(Debug)]
struct Said(String);

impl From<DbError> for Said {
    fn from(error: DbError) -> Self {
        Self(error.to_string())
    }
}

impl From<VaultFailure> for Said {
    fn from(error: VaultFailure) -> Self {
        Self(error.to_string())
    }
}
