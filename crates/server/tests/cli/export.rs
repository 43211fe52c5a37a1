//! `gymkeeper export` and `gymkeeper import`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use gymkeeper_store::{
    MIGRATIONS,
    customer::{note, weighing},
    db::{Db, DbError, Location, Options},
    statements, tenant,
};
use gymkeeper_testkit::{TestDatabase, databases, each_database};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Chance, Place, SMALL_GYM, Server, wait_until};

/// How the account number in a readable export begins, but for a quote that no sealed value has.
const FIELD: &str = "\"iban";

/// A demo in the data folder of a place, with the keys that it printed.
fn demo() -> (Place, Value) {
    let place = Place::new();
    let data = place.data();
    let arguments = ["demo", "--port", "0", "--json", "--today", "2026-11-21", "--data", data.to_str().unwrap()];
    let server = Server::start_demo(place.command(&arguments));
    let told: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    server.stop();
    (place, told)
}

/// All files below a folder, with what is in them.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn visit(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(root, &path, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    visit(folder, folder, &mut found);
    found
}

/// Writes what people leave behind in a gym and not in the demo, past all rules. Answers the file that a contract was signed with.
fn leave_what_a_demo_has_not(place: &Place) -> i64 {
    statements! {
        ANYBODY = "select k.customer_id, k.id, (select max(d.file_id) from customer_document d where d.tenant_id = $1)
            from contract k where k.tenant_id = $1 order by k.id limit 1";
        USED = "insert into benefit_use (tenant_id, customer_id, contract_id, benefit_key, window_start, used)
            values ($1, $2, $3, 'towel', $4, 2)";
        SIGN = "update contract set document_file_id = $3 where tenant_id = $1 and id = $2";
    }
    let db = Db::open(&Location::Sqlite(place.sqlite_file()), MIGRATIONS, &Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let left = runtime.block_on(db.write(|tx| {
        let of = tenant::list(tx)?.remove(0).id();
        let (customer, contract, file) = tx.query_one::<(i64, i64, i64)>(&ANYBODY, &[&of])?.unwrap();
        let (id, now) = (tx.next_ids(1)?[0], jiff::Timestamp::UNIX_EPOCH);
        weighing::insert(tx, of, id, customer, now, r#"{"says":"71"}"#)?;
        note::add(tx, of, customer, "NOTE", "likes bananas", "staff:1", now)?;
        tx.execute(&USED, &[&of, &customer, &contract, &jiff::civil::date(2026, 11, 1)])?;
        tx.execute(&SIGN, &[&of, &contract, &file])?;
        Ok::<_, DbError>(file)
    }));
    db.close();
    left.unwrap()
}

/// Compares two exports without printing all of them.
#[track_caller]
fn assert_same(one: &str, other: &str) {
    let (one, other) = (tree(Path::new(one)), tree(Path::new(other)));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(other[name] == *bytes, "{} differs", name.display());
    }
}

pub(super) fn give_key(from: &Place, to: &Place) {
    fs::create_dir_all(to.data()).unwrap();
    fs::copy(from.data().join("vault.key"), to.data().join("vault.key")).unwrap();
}

#[test]
fn a_demo_moves_to_any_database_and_comes_out_the_same_byte_for_byte() {
    let (place, told) = demo();
    let tenant = told["tenant"].as_str().unwrap();
    let signed = format!(r#""document_file_id":{}"#, leave_what_a_demo_has_not(&place));
    let (sealed, readable) = (place.path("sealed"), place.path("readable"));
    let written = place.run(&["export", &sealed, "--tenant", tenant, "--json"]).json();
    assert_eq!(written["bankData"], "sealed");
    place.run(&["export", &readable, "--tenant", tenant, "--readable-bank-data"]).succeeds();
    let rows = |file: &str| {
        let parts = written["parts"].as_array().unwrap();
        parts.iter().find(|part| part["file"] == file).unwrap()["rows"].as_u64().unwrap()
    };
    assert!(rows("customer.jsonl") > 1000 && rows("journal.jsonl") > 1000 && rows("bank_account.jsonl") > 100);
    assert!(written["contents"]["count"].as_u64().unwrap() > 3);
    let all = |folder: &str| tree(Path::new(folder)).into_values().flatten().collect::<Vec<u8>>();
    let says = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(says(&all(&readable), r#"\"iban\":\""#) && !says(&all(&sealed), FIELD));
    let rows = tree(Path::new(&sealed)).into_iter().filter(|(name, _)| name.extension().is_some_and(|e| e == "jsonl"));
    let texts: Vec<String> = rows.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect();
    // What most gyms leave as it is: a list that gives something, a booking by it, an absence that a gym file names; and what no
    // demo has.
    for (table, said) in [
        ("weighing", r#"{\"says\":\"71\"}"#),
        ("customer_note", r#""text":"likes bananas""#),
        ("benefit_use", r#""benefit_key":"towel""#),
        ("contract", &signed),
        ("member_list", r#""allowances":"[\"teamlauf\"]""#),
        ("booking", r#""allowance_key":"teamlauf""#),
        ("employee_absence", r#""of_file":true"#),
    ] {
        let text = fs::read_to_string(Path::new(&sealed).join(format!("{table}.jsonl"))).unwrap();
        assert!(text.contains(said), "no {table} has {said}");
    }
    let lines = texts.iter().flat_map(|text| text.lines());
    let ids = lines.filter_map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_i64());
    let greatest = ids.max().unwrap();
    for database in databases() {
        let name = database.name;
        let other = Place::on(database);
        // Without the key nothing is stored, and what is missing is named.
        other.run(&["import", "tenant", &sealed]).fails_with(&["bank_account.jsonl:1:", "key", "vault.key"]);
        give_key(&place, &other);
        let said = other.run(&["import", "tenant", &sealed, "--json"]).json();
        assert_eq!((&said["tenant"], said["rows"].as_u64()), (&told["tenant"], Some(total(&written))), "{name}");
        other.run(&["audit", "verify"]).succeeds();
        let again = other.path("again");
        other.run(&["export", &again]).succeeds();
        assert_same(&sealed, &again);
        // Whoever has a key may go on, and what is made from now on has ids of its own.
        let server = other.serve();
        let key = told["apiKeys"]["full"].as_str().unwrap();
        let found = server.call("POST", "/v1/customers/search", key, r#"{"lastName":"M"}"#).fine().json();
        assert!(!found.as_array().unwrap().is_empty());
        server.put_tags(key, &[] as &[&str]).fine();
        let picture = server.get("/v1/studios/information", key).fine().json();
        let logo = picture["studioLogoUrl"].as_str().map(str::to_owned);
        if let Some(logo) = logo {
            server.follow(&logo).fine();
        }
        server.stop();
        let created = other.run(&["key", "create", "--studio", "berlin", "--json"]).json();
        assert!(created["id"].as_i64() > Some(greatest), "{created}");
        other.run(&["import", "tenant", &sealed]).fails_with(&["there is a tenant of that key already"]);
        other.run(&["audit", "verify"]).succeeds();
    }
    // A readable export needs no key, and is sealed anew where it is imported.
    for database in databases() {
        let other = Place::on(database);
        other.run(&["import", "tenant", &readable]).succeeds();
        let again = other.path("again");
        other.run(&["export", &again, "--readable-bank-data"]).succeeds();
        assert_same(&readable, &again);
        let resealed = other.path("resealed");
        other.run(&["export", &resealed]).succeeds();
        assert!(!says(&all(&resealed), FIELD));
    }
}

fn total(manifest: &Value) -> u64 {
    manifest["parts"].as_array().unwrap().iter().map(|part| part["rows"].as_u64().unwrap()).sum()
}

#[test]
fn an_import_that_is_killed_leaves_nothing_and_can_be_run_again() {
    let (place, _) = demo();
    let from = place.path("export");
    place.run(&["export", &from]).succeeds();
    let mut chance = Chance(7);
    for database in databases() {
        let other = Place::on(database);
        give_key(&place, &other);
        let mut killed = 0;
        for _ in 0..6 {
            let mut child = other.command(&["import", "tenant", &from]).spawn().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(100 + chance.below(700)));
            let ended = child.try_wait().unwrap();
            let _ = child.kill();
            child.wait().unwrap();
            if ended.is_some() {
                break;
            }
            killed += 1;
            // PostgreSQL notices only after a moment that nobody is there any more.
            let said = wait_until("there is nothing of it, or all", || {
                let run = other.run(&["audit", "verify"]);
                if run.code == Some(0) {
                    return Some(run.out);
                }
                let nothing = ["there is no tenant yet", "there is no database", "is empty"];
                let message = run.fails();
                nothing.iter().any(|nothing| message.contains(nothing)).then(String::new)
            });
            if !said.is_empty() {
                break;
            }
        }
        assert!(killed > 0, "the first one is never that quick");
        if other.run(&["audit", "verify"]).code != Some(0) {
            other.run(&["import", "tenant", &from]).succeeds();
        }
        let again = other.path("again");
        other.run(&["export", &again]).succeeds();
        assert_same(&from, &again);
    }
}

#[test]
fn an_export_is_the_state_of_one_moment_while_the_server_works() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let key = place.key("north");
        let server = place.serve_without_limit();
        let over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let _over = crate::support::Over(&over);
            let working = || {
                for number in 0.. {
                    if over.load(std::sync::atomic::Ordering::SeqCst) {
                        return;
                    }
                    server.put_tags(&key, &crate::support::numbered_tags(number % 500 + 1)).fine();
                    // Other processes want to write, too, and SQLite lets nobody wait in a line.
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
            };
            scope.spawn(working);
            for number in 0..4 {
                let folder = place.path(&format!("export-{number}"));
                place.run(&["export", &folder]).succeeds();
                // Were it not one moment, the journal would not end where its head says.
                let other = Place::on(TestDatabase::sqlite());
                other.run(&["import", "tenant", &folder]).succeeds();
                other.run(&["audit", "verify"]).succeeds();
            }
        });
        server.stop();
        let records = place.run(&["audit", "list", "--limit", "100000", "--json"]).json();
        let exported: Vec<&Value> =
            records.as_array().unwrap().iter().filter(|record| record["action"] == "tenant.exported").collect();
        assert_eq!(exported.len(), 4);
        assert_eq!(exported[0]["changes"], json!({ "bankData": { "to": "sealed" } }));
    });
}

/// A small export that a test may spoil.
struct Spoiled {
    folder: PathBuf,
}

impl Spoiled {
    fn copy_of(good: &str, place: &Place, number: usize) -> Self {
        let folder = PathBuf::from(place.path(&format!("spoiled-{number}")));
        for (name, bytes) in tree(Path::new(good)) {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn manifest(&self, change: impl Fn(&mut Value)) {
        let mut manifest: Value = serde_json::from_slice(&fs::read(self.file("manifest.json")).unwrap()).unwrap();
        change(&mut manifest);
        fs::write(self.file("manifest.json"), manifest.to_string()).unwrap();
    }

    /// Changes a file of rows, and the manifest as somebody would who wants it to be believed.
    fn rows(&self, name: &str, change: impl Fn(String) -> String) {
        let before = fs::read_to_string(self.file(name)).unwrap();
        let text = change(before.clone());
        assert_ne!(text, before, "{name}");
        fs::write(self.file(name), &text).unwrap();
        self.manifest(|manifest| {
            let part = manifest["parts"].as_array_mut().unwrap().iter_mut().find(|part| part["file"] == name).unwrap();
            part["bytes"] = json!(text.len());
            part["rows"] = json!(text.lines().count());
            let hash = Sha256::digest(text.as_bytes());
            part["sha256"] = json!(hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        });
    }
}

type Spoil = fn(&Spoiled);

#[test]
fn what_is_no_export_is_refused_by_file_line_and_field_and_stores_nothing() {
    let place = Place::new();
    let gym = SMALL_GYM.replacen(
        "key: north\n",
        "key: north\n    logo: logo.png\n    customers:\n      - { key: ada, first_name: Secretname, last_name: Byron }\n",
        1,
    );
    place.write("logo.png", b"\x89PNG\r\n\x1a\n....");
    let file = place.write("gym.yaml", gym);
    place.run(&["apply", &file]).succeeds();
    place.key("north");
    let good = place.path("good");
    let manifest = place.run(&["export", &good, "--json"]).json();
    assert_eq!(manifest["contents"]["count"], 1, "{manifest}");
    let cases: &[(&str, Spoil, &[&str])] = &[
        ("nothing", |s| fs::remove_dir_all(&s.folder).unwrap(), &["manifest.json"]),
        ("no JSON", |s| fs::write(s.file("manifest.json"), "{").unwrap(), &["manifest.json: is no manifest"]),
        ("format", |s| s.manifest(|m| m["format"] = json!("else")), &["manifest.json: format"]),
        ("version", |s| s.manifest(|m| m["version"] = json!(2)), &["manifest.json: version: is 2", "reads 1"]),
        ("field", |s| s.manifest(|m| m["more"] = json!(1)), &["manifest.json: unknown field `more`"]),
        ("no tenant", |s| s.manifest(|m| m["tenant"]["id"] = json!(0)), &["tenant: is none"]),
        ("another key", |s| s.manifest(|m| m["tenant"]["key"] = json!("other")), &["tenant.jsonl:1: key"]),
        (
            "a way out",
            |s| s.manifest(|m| m["parts"][1]["file"] = json!("../../etc/passwd")),
            &["is no part", "etc/passwd"],
        ),
        ("a root", |s| s.manifest(|m| m["parts"][1]["file"] = json!("/etc/passwd")), &["is no part"]),
        ("twice", |s| s.manifest(|m| m["parts"][1] = m["parts"][0].clone()), &["named twice"]),
        (
            "left out",
            |s| s.manifest(|m| m["parts"].as_array_mut().unwrap().remove(0).as_null().unwrap_or(())),
            &["tenant.jsonl is missing"],
        ),
        ("hash", |s| s.manifest(|m| m["parts"][1]["sha256"] = json!("0")), &["studio.jsonl: is not what was exported"]),
        ("cut", |s| fs::write(s.file("journal.jsonl"), "{").unwrap(), &["journal.jsonl: has 1 bytes"]),
        ("gone", |s| fs::remove_file(s.file("journal.jsonl")).unwrap(), &["journal.jsonl"]),
        (
            "a link",
            |s| {
                fs::remove_file(s.file("tag.jsonl")).unwrap();
                std::os::unix::fs::symlink("/etc/passwd", s.file("tag.jsonl")).unwrap();
            },
            &["tag.jsonl: is not a file"],
        ),
        (
            "cut and believed",
            |s| s.rows("studio.jsonl", |t| t.trim_end().to_owned()),
            &["studio.jsonl:3: does not end"],
        ),
        ("no object", |s| s.rows("studio.jsonl", |t| format!("{t}[1]\n")), &["studio.jsonl:4: is no JSON object"]),
        (
            "unknown",
            |s| s.rows("customer.jsonl", |t| t.replace("{\"id\"", "{\"new\":1,\"id\"")),
            &["customer.jsonl:1: new: is a field"],
        ),
        (
            "missing",
            |s| s.rows("customer.jsonl", |t| t.replace("\"status\":\"PROSPECT\",", "")),
            &["customer.jsonl:1: status: is missing"],
        ),
        (
            "type",
            |s| s.rows("customer.jsonl", |t| t.replace("\"Secretname\"", "17")),
            &["customer.jsonl:1: first_name: must be text"],
        ),
        (
            "day",
            |s| {
                s.rows("customer.jsonl", |t| {
                    t.replace("\"first_name\":", "\"member_until\":\"Secretname\",\"first_name\":")
                })
            },
            &["customer.jsonl:1: member_until: must be a day"],
        ),
        (
            "id",
            |s| s.rows("customer.jsonl", |t| t.replacen("\"id\":", "\"id\":9999999999999", 1)),
            &["customer.jsonl:1: id:"],
        ),
        ("the same again", |s| s.rows("customer.jsonl", |t| format!("{t}{t}")), &["customer.jsonl:2:", "constraint"]),
        (
            "a record",
            |s| s.rows("journal.jsonl", |t| t.replacen("key.created", "key.revoked", 1)),
            &["journal.jsonl: record", "is not what was written"],
        ),
        (
            "an end",
            |s| s.rows("journal.jsonl", |t| t.lines().skip(1).map(|l| format!("{l}\n")).collect()),
            &["journal.jsonl: record 1 is missing"],
        ),
        ("no head", |s| s.rows("journal_head.jsonl", |_| String::new()), &["journal_head.jsonl: holds no row"]),
        (
            "a content's name",
            |s| {
                s.rows("file.jsonl", |t| {
                    let at = t.find("\"hash\":\"").unwrap() + 8;
                    format!("{}../../../../etc/passwd{}", &t[..at], &t[at + 64..])
                })
            },
            &["file.jsonl:1: hash: must be SHA-256"],
        ),
        ("no content", |s| fs::remove_dir_all(s.file("files")).unwrap(), &["files/"]),
        (
            "another content",
            |s| {
                let content = fs::read_dir(s.file("files")).unwrap().next().unwrap().unwrap().path();
                fs::write(content, "else").unwrap();
            },
            &["the content is not what its name says"],
        ),
    ];
    let fresh = |number: usize| {
        let other = Place::new();
        (Spoiled::copy_of(&good, &place, number), other)
    };
    for (number, (what, spoil, parts)) in cases.iter().enumerate() {
        let (spoiled, other) = fresh(number);
        spoil(&spoiled);
        let folder = spoiled.folder.to_str().unwrap();
        let message = other.run(&["import", "tenant", folder]).fails();
        for part in *parts {
            assert!(message.contains(part), "{what}: {part:?} is missing in {message}");
        }
        assert!(!message.contains("Secretname"), "{what}: {message}");
        // Nothing of it is there.
        other.run(&["import", "tenant", &good]).succeeds();
        let again = other.path("again");
        other.run(&["export", &again]).succeeds();
        assert_same(&good, &again);
    }
    // A dry run finds what can be found without a database, and makes none.
    let (spoiled, other) = fresh(cases.len());
    spoiled.rows("customer.jsonl", |text| text.replace("\"Secretname\"", "17"));
    let folder = spoiled.folder.to_str().unwrap();
    other.run(&["import", "tenant", folder, "--dry-run"]).fails_with(&["customer.jsonl:1: first_name"]);
    other.run(&["import", "tenant", &good, "--dry-run"]).succeeds();
    assert!(!other.data().exists());
}

#[test]
fn an_export_is_for_its_owner_only_and_never_in_the_place_of_something() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new().with_small_gym();
    let folder = place.path("export");
    place.run(&["export", &folder]).succeeds();
    for path in
        [PathBuf::from(&folder), Path::new(&folder).join("manifest.json"), Path::new(&folder).join("tenant.jsonl")]
    {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    place.run(&["export", &folder]).fails_with(&["exists already"]);
    place.run(&["export", &place.path("no/such/folder")]).fails();
    place.run(&["export", &place.path("other"), "--tenant", "nobody"]).fails_with(&["there is no tenant"]);
    let left: Vec<String> = fs::read_dir(place.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".gymkeeper") || name == "other")
        .collect();
    assert_eq!(left, Vec::<String>::new());
    // Two tenants that want to be the same cannot be in one database; others can be beside each other.
    place.run(&["import", "tenant", &folder]).fails_with(&["there is a tenant of that key already"]);
    let renamed = Spoiled::copy_of(&folder, &place, 0);
    let key = serde_json::from_slice::<Value>(&fs::read(renamed.file("manifest.json")).unwrap()).unwrap();
    let key = key["tenant"]["key"].as_str().unwrap().to_owned();
    renamed.rows("tenant.jsonl", move |text| text.replace(&format!("\"key\":\"{key}\""), "\"key\":\"renamed\""));
    renamed.manifest(|manifest| manifest["tenant"]["key"] = json!("renamed"));
    place
        .run(&["import", "tenant", renamed.folder.to_str().unwrap()])
        .fails_with(&["has the id that it needs to keep"]);
}
