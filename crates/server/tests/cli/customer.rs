//! `gymkeeper customer`: what is stored about somebody, and forgetting it.

use std::{fs, net::TcpStream, path::Path, sync::Arc};

use gymkeeper_server::{
    actions::{
        change::{Actor, By},
        checkin::{self, Visitor},
    },
    vault::{Nonces, Vault, keys},
};
use gymkeeper_store::{
    MIGRATIONS,
    customer::{
        lead::{self, Lead},
        note,
        pack::{self, Pack},
        weighing,
    },
    db::{Db, DbError, Location, Options, Row, Tx},
    schema::{self, Type},
    tenant::{self, Tenant},
};
use gymkeeper_testkit::each_database;
use serde_json::{Value, json};

use crate::support::{Place, SMALL_GYM, Server, exchange};

/// What nobody but the person in question has, each of a kind of its own.
const MARKS: &[&str] = &[
    "Adalgisa",
    "Byronova",
    "Quittengasse",
    "adalgisa",
    "4455667",
    "1987-03-09",
    "DE89370400440532013000",
    "48151623",
    "Knieverletzung",
    "Hausverbot wegen Laerm",
    "fragt nach Bananen",
    "Rueckruf erbeten",
    "wiegt 71",
    "kam durch Cousine",
    "Attest mit Diagnose",
    "7654321",
    "zog weit fort",
    "Vertreterin Ottilie",
    "zahlt morgen bar",
    "Zehnerkarte aus Mitleid",
    "Netz-30917",
];
/// What is sealed, so that only a readable export can show it.
const SEALED: [&str; 3] = [IBAN, "7654321", "Vertreterin Ottilie"];
/// The account number is sealed, so that only a readable export can show it.
const IBAN: &str = "DE89370400440532013000";
const SIGNED: &[u8] = b"%PDF-1.7 signed by Adalgisa Byronova";

/// The small gym, as a sandbox, with three people in the north.
fn gym() -> String {
    let people = "    self_service: { contact: CHANGES_REQUIRE_VERIFICATION }\n    customers:\n\
        \x20     - key: adalgisa-b\n        first_name: Adalgisa\n        last_name: Byronova\n        date_of_birth: 1987-03-09\n\
        \x20       email: adalgisa.b@example.org\n        phones: { private_mobile: '+49 171 4455667' }\n\
        \x20       address: { street: Quittengasse, house_number: '5', zip: '10115', city: Berlin }\n\
        \x20       access_mediums: [{ type: PIN, value: '48151623' }]\n\
        \x20       restrictions: [{ reason: Hausverbot wegen Laerm }]\n\
        \x20       bank_account: { account_holder: Adalgisa Byronova, iban: DE89 3704 0044 0532 0130 00 }\n\
        \x20       contracts:\n          - offer: basic\n            start: 2025-07-01\n            ends_on: 2026-06-30\n\
        \x20           canceled_on: 2026-05-01\n            cancelation_reason: zog weit fort\n\
        \x20           idle_periods: [{ from: 2026-01-10, to: 2026-01-20, reason: Knieverletzung }]\n\
        \x20     - key: runa\n        first_name: Runa\n        last_name: Running\n        debtor_id: D-1\n\
        \x20       contracts: [{ offer: basic, start: 2026-09-01 }]\n\
        \x20     - key: dora\n        first_name: Dora\n        last_name: Debtor\n        debtor_id: D-2\n";
    let gym = SMALL_GYM.replacen("name: Small Gym\n", "name: Small Gym\n  sandbox: true\n", 1);
    gym.replacen("    modules:\n", &format!("{people}    modules:\n"), 1)
}

/// A place with that gym, whose clock stands.
struct Scene {
    place: Place,
    database: Location,
    key: String,
}

impl Scene {
    fn new(place: Place) -> Self {
        let file = place.write("gym.yaml", gym());
        place.run(&["apply", &file]).succeeds();
        let database = match place.command(&[]).get_envs().find(|(name, _)| *name == "GYMKEEPER_DATABASE") {
            Some((_, Some(url))) => Location::parse(url.to_str().unwrap()),
            _ => Location::Sqlite(place.sqlite_file()),
        };
        let key = place.key("north");
        let scene = Self { place, database, key };
        scene.set_clock("2026-11-21T12:00:00Z");
        scene
    }

    /// Runs something in the database, as nobody but a test does.
    fn within<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, &Tenant) -> Result<T, DbError> + Send + 'static,
    ) -> T {
        let db = Db::open(&self.database, MIGRATIONS, &Options::default()).unwrap();
        let own = keys::read_file(&self.place.data().join("vault.key")).unwrap();
        db.seal_with(Arc::new(Vault::of_keys(own, Nonces::Random).unwrap()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let done = runtime.block_on(db.write(move |tx| {
            let tenant = tenant::list(tx)?.remove(0);
            work(tx, &tenant)
        }));
        db.close();
        done.unwrap()
    }

    fn set_clock(&self, instant: &str) {
        let instant = instant.parse().unwrap();
        self.within(move |tx, of| tenant::set_clock(tx, of.id(), Some(instant)));
    }

    fn id_of(&self, server: &Server, last_name: &str) -> i64 {
        let body = json!({ "lastName": last_name }).to_string();
        server.call("POST", "/v1/customers/search", &self.key, &body).fine().json()[0]["id"].as_i64().unwrap()
    }

    /// All that the database holds of the tenant, cell by cell, without what is sealed.
    fn cells(&self) -> String {
        self.within(|tx, of| {
            let mut found = String::new();
            for table in schema::tenant_tables(MIGRATIONS)? {
                tx.each_row(&table, of.tenant_id, None, |row: &Row<'_>| {
                    found.push_str(&table.name);
                    for (place, column) in table.columns.iter().enumerate() {
                        found.push('|');
                        match column.ty {
                            Type::Text => found.push_str(&row.get::<Option<String>>(place)?.unwrap_or_default()),
                            Type::Bytes => {
                                let bytes: Option<Vec<u8>> = row.get(place)?;
                                found.push_str(&String::from_utf8_lossy(&bytes.unwrap_or_default()));
                            }
                            Type::Date => {
                                let day: Option<jiff::civil::Date> = row.get(place)?;
                                found.push_str(&day.map_or(String::new(), |day| day.to_string()));
                            }
                            Type::Int => {
                                let number: Option<i64> = row.get(place)?;
                                found.push_str(&number.map_or(String::new(), |number| number.to_string()));
                            }
                            Type::Bool | Type::Instant => {}
                        }
                    }
                    found.push('\n');
                    Ok::<_, DbError>(())
                })?;
            }
            Ok(found)
        })
    }

    /// Everything that a readable export shows, file by file.
    fn export(&self, name: &str) -> Vec<(String, String)> {
        let folder = self.place.path(name);
        self.place.run(&["export", &folder, "--readable-bank-data"]).succeeds();
        files_below(Path::new(&folder))
    }
}

fn files_below(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            found.push((name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()));
        }
    }
    found
}

/// The lines in which one of the marks stands.
fn lines_with_marks(text: &str) -> Vec<String> {
    let is_marked = |line: &&str| MARKS.iter().any(|mark| line.contains(mark));
    text.lines().filter(is_marked).map(|line| line.chars().take(300).collect()).collect()
}

fn picture(red: u8) -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([red, 7, 7])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

fn send_form(server: &Server, method: &str, key: &str, path: &str, part: &str, content: &[u8]) {
    let head = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"{part}\"; filename=\"Attest Adalgisa.pdf\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), content, b"\r\n--edge--\r\n"].concat();
    let headers = [("x-api-key", key), ("content-type", "multipart/form-data; boundary=edge")];
    exchange(TcpStream::connect(server.address()).unwrap(), method, path, &headers, &body).unwrap().fine();
}

/// Leaves traces of a customer wherever there can be any.
fn leave_traces(scene: &Scene, server: &Server, id: i64) {
    let key = scene.key.as_str();
    let at = |path: &str| format!("/v1/customers/{id}/{path}");
    send_form(
        server,
        "POST",
        key,
        &at("documents?description=Attest%20mit%20Diagnose"),
        "file",
        b"%PDF-1.7 Knieverletzung",
    );
    // The first picture is forgotten with the second.
    send_form(server, "PUT", key, &at("images"), "image", &picture(100));
    send_form(server, "PUT", key, &at("images"), "image", &picture(200));
    let message = json!({
        "communicationThreadStatus": "CREATED", "subject": "Rueckruf erbeten", "content": "Von Adalgisa",
        "communicationDirection": "INCOMING", "communicationChannel": "FAX",
    });
    server.call("POST", &format!("/v1/communications/{id}/threads"), key, &message.to_string()).fine();
    // The answer, which is kept for a repeat, says what was asked for and not by whom.
    let headers = [("x-api-key", key), ("content-type", "application/json"), ("idempotency-key", "once")];
    let wish = br#"{"phonePrivate":"+49 40 7654321","email":"adalgisa.new@example.org"}"#;
    let stream = TcpStream::connect(server.address()).unwrap();
    exchange(stream, "POST", &at("self-service/contact-data"), &headers, wish).unwrap().fine();
    let acts =
        json!({ "type": "EXTERNAL_PERSON", "person": { "firstName": "Vertreterin Ottilie", "lastName": "Amt" } });
    server.call("PUT", &at("legal-representative"), key, &acts.to_string()).fine();
    scene.within(move |tx, tenant| {
        gymkeeper_store::statements! {
            LET_IN = "update checkin set exception_by = 1, exception_reasons = '[]', exception_note = 'zahlt morgen bar'
                where tenant_id = $1 and customer_id = $2";
            SIGN = "update contract set document_file_id = $3 where tenant_id = $1 and customer_id = $2";
            FILE = "insert into file (tenant_id, id, hash, name, media_type, size, created_at)
                values ($1, $2, $3, 'Vertrag.pdf', 'application/pdf', 1, $4)";
            STUDIO = "select studio_id from customer where tenant_id = $1 and id = $2";
        }
        let (of, now) = (tenant.id(), jiff::Timestamp::UNIX_EPOCH);
        note::add(tx, of, id, "NOTE", "fragt nach Bananen", "staff:1", now)?;
        let fresh = tx.next_ids(4)?;
        weighing::insert(tx, of, fresh[0], id, now, r#"{"says":"wiegt 71"}"#)?;
        let (studio_id,) = tx.query_one::<(i64,)>(&STUDIO, &[&of, &id])?.unwrap();
        let at = "2026-11-21T11:00:00Z".parse().unwrap();
        let (by, visitor) = (By::new(Actor::Cli("desk".to_owned()), at), Visitor { customer: Some(id), at });
        checkin::open(&mut by.changes(tx, tenant), studio_id, &[visitor])?;
        let lead = Lead {
            id: fresh[1],
            studio_id,
            customer_id: id,
            status: lead::status::WIN.to_owned(),
            campaign: None,
            notes: Some("kam durch Cousine".to_owned()),
            created_at: now,
        };
        lead::insert(tx, of, &lead)?;
        let day = jiff::civil::date(2026, 11, 1);
        let pack = Pack {
            id: fresh[3],
            customer_id: id,
            studio_id,
            aggregator_id: Some(1),
            third_party_id: Some("Netz-30917".to_owned()),
            name: "Zehnerkarte aus Mitleid".to_owned(),
            valid_from: day,
            valid_until: None,
            uses: Some(10),
            used: 1,
            opens_door: true,
            allowance_key: None,
            created_at: now,
            ended_at: None,
        };
        pack::insert(tx, of, &pack)?;
        tx.execute(&LET_IN, &[&of, &id])?;
        tx.execute(&FILE, &[&of, &fresh[2], &hash_of(SIGNED), &now])?;
        tx.execute(&SIGN, &[&of, &id, &fresh[2]]).map(drop)
    });
    fs::write(scene.place.data().join("files").join(hash_of(SIGNED)), SIGNED).unwrap();
}

fn hash_of(content: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn somebody_gets_all_that_is_stored_and_nothing_about_anybody_else() {
    each_database(|database| {
        let scene = Scene::new(Place::on(database));
        let server = scene.place.serve();
        let id = scene.id_of(&server, "Byronova");
        leave_traces(&scene, &server, id);
        scene.place.run(&["calendar", "link", "--customer", "1-10001"]).succeeds();
        let folder = scene.place.path("copy");
        let said = scene.place.run(&["customer", "export", "1-10001", &folder, "--json"]).json();
        assert_eq!((&said["customerNumber"], &said["files"]), (&json!("1-10001"), &json!(3)));
        let page = fs::read_to_string(Path::new(&folder).join("index.html")).unwrap();
        let data = fs::read_to_string(Path::new(&folder).join("data.json")).unwrap();
        for mark in MARKS {
            assert!(page.contains(mark) && data.contains(mark), "{mark} is missing");
        }
        let parts: Value = serde_json::from_str(&data).unwrap();
        let rows = |name: &str| {
            let part = parts.as_array().unwrap().iter().find(|part| part["name"] == name);
            part.unwrap_or_else(|| panic!("{name} is missing")).clone()["rows"].clone()
        };
        assert_eq!(rows("bank_account")[0]["sealed"]["iban"], IBAN);
        assert_eq!(rows("checkin").as_array().unwrap().len(), 1);
        assert_eq!(rows("customer_source")[0]["key"], "adalgisa-b");
        // That there is a link to the calendar, and nothing with which one could make another.
        let feed = rows("calendar_feed")[0].clone();
        assert_eq!(feed["customer_id"], id);
        assert!(feed.get("signing_key").is_none() && feed.get("hash").is_none(), "{feed}");
        let actions: Vec<String> =
            rows("journal").as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect();
        for action in ["customer.created", "document.added", "checkin.opened"] {
            assert!(actions.iter().any(|found| found == action), "{action} in {actions:?}");
        }
        for other in ["Runa", "Running", "Dora", "Debtor", "D-1", "D-2"] {
            assert!(!page.contains(other) && !data.contains(other), "{other} is somebody else");
        }
        let copied = files_below(&Path::new(&folder).join("files"));
        assert!(copied.iter().any(|(name, text)| name.ends_with(".pdf") && text.contains("Knieverletzung")));
        assert!(copied.iter().all(|(name, _)| !name.contains("Adalgisa")), "{copied:?}");
        // It is recorded that somebody has seen all that.
        let records = scene.place.run(&["audit", "list", "--subject", &format!("customer:{id}"), "--json"]).json();
        assert!(records.as_array().unwrap().iter().any(|record| record["action"] == "customer.exported"));
        scene.place.run(&["customer", "export", &id.to_string(), &folder]).fails_with(&["exists already"]);
        scene.place.run(&["customer", "export", "9-9", &scene.place.path("x")]).fails_with(&["no customer \"9-9\""]);
        assert!(!Path::new(&scene.place.path("x")).exists());
        server.stop();
    });
}

#[test]
fn who_is_erased_is_nowhere_any_more_but_where_it_is_said() {
    each_database(|database| {
        let is_sqlite = database.name == "SQLite";
        let scene = Scene::new(Place::on(database));
        let server = scene.place.serve();
        let (id, runa) = (scene.id_of(&server, "Byronova"), scene.id_of(&server, "Running"));
        leave_traces(&scene, &server, id);
        // Somebody else has the same picture, whose content must therefore stay.
        send_form(&server, "PUT", &scene.key, &format!("/v1/customers/{runa}/images"), "image", &picture(200));
        let before = scene.cells();
        for mark in MARKS.iter().filter(|mark| !SEALED.contains(mark)) {
            assert!(before.contains(mark), "{mark} is not there to be erased");
        }
        let readable = scene.export("before").into_iter().map(|(_, text)| text).collect::<String>();
        assert!(MARKS.iter().all(|mark| readable.contains(mark)));
        assert!(readable.contains("adalgisa.new"), "the kept answer says what was asked for");

        let present = scene.cells();
        let planned = scene.place.run(&["customer", "erase", "1-10001", "--dry-run", "--json"]).json();
        assert!(scene.cells() == present, "a dry run changes nothing");
        let done = scene.place.run(&["customer", "erase", &id.to_string(), "--json"]).json();
        assert_eq!((&planned["erased"], &planned["kept"]), (&done["erased"], &done["kept"]));
        let kept = |what: &str| {
            let kept =
                done["kept"].as_array().unwrap().iter().find(|kept| kept["what"].as_str().unwrap().contains(what));
            let kept = kept.unwrap_or_else(|| panic!("{what} in {done}"));
            assert!(kept["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{kept}");
            kept["until"].clone()
        };
        assert_eq!(kept("bank account and signature"), "2027-07-30");
        assert_eq!(kept("signed document"), "2032-12-31");
        assert_eq!(kept("reference and day of the mandate"), Value::Null);
        assert_eq!(done["describedAs"], json!(["adalgisa-b"]));
        let why = "the document and the first picture; the second has another owner, the contract is kept";
        assert_eq!(done["contentsRemoved"], 2, "{why}");

        // In the database, in what is sealed in it, and in the files.
        assert_eq!(lines_with_marks(&scene.cells()), Vec::<String>::new());
        for (name, text) in scene.export("after") {
            let is_declared = match name.as_str() {
                "bank_account.jsonl" => true,
                name => name == hash_of(SIGNED),
            };
            if !is_declared {
                assert_eq!(lines_with_marks(&text), Vec::<String>::new(), "{name}");
            }
        }
        let on_disk = files_below(&scene.place.data().join("files"));
        let with_marks = on_disk.iter().filter(|(_, text)| MARKS.iter().any(|mark| text.contains(mark)));
        assert_eq!(with_marks.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [hash_of(SIGNED)]);
        assert!(on_disk.iter().all(|(name, _)| !name.starts_with('.')), "{on_disk:?}");

        // The record names fields and no values, and the journal hangs together.
        let records = scene.place.run(&["audit", "list", "--subject", &format!("customer:{id}"), "--json"]).json();
        let record = records.as_array().unwrap().iter().find(|record| record["action"] == "customer.erased").unwrap();
        assert_eq!(record["changes"]["firstName"], json!({ "withheld": true }));
        assert_eq!(record["events"][0]["payload"][0]["type"], "CUSTOMER_DELETED");
        scene.place.run(&["audit", "verify"]).succeeds();

        // Programs see nobody, others are as they were, and the gym file does not bring anybody back.
        assert_eq!(server.get(&format!("/v1/customers/{id}"), &scene.key).status, 404);
        let found = server.call("POST", "/v1/customers/search", &scene.key, r#"{"lastName":"Byron"}"#).fine().json();
        assert_eq!(found, json!([]));
        let link = server.get(&format!("/v1/customers/{runa}"), &scene.key).fine().json();
        server.follow(link["imageUrl"].as_str().unwrap()).fine();
        server.stop();
        let file = scene.place.path("gym.yaml");
        scene.place.run(&["apply", &file]).succeeds();
        assert_eq!(lines_with_marks(&scene.cells()), Vec::<String>::new());
        if is_sqlite {
            // Deleted rows are overwritten, too.
            let bytes = fs::read(scene.place.sqlite_file()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let found: Vec<_> = MARKS.iter().filter(|mark| text.contains(*mark)).collect();
            assert_eq!(found, Vec::<&&str>::new());
        }

        // What had to wait goes when its time has come, and a second time nothing is left to do.
        let again = scene.place.run(&["customer", "erase", "1-10001", "--json"]).json();
        assert_eq!(again["erased"], json!({}));
        scene.set_clock("2027-07-31T12:00:00Z");
        let later = scene.place.run(&["customer", "erase", &format!("id:{id}"), "--json"]).json();
        assert_eq!(later["erased"], json!({ "bankAccounts": 1 }));
        assert!(scene.export("later").iter().all(|(_, text)| !text.contains(IBAN)));
        scene.set_clock("2033-01-01T12:00:00Z");
        let last = scene.place.run(&["customer", "erase", &id.to_string(), "--json"]).json();
        assert_eq!((&last["erased"], &last["contentsRemoved"]), (&json!({ "signedDocuments": 2 }), &json!(1)));
        for (name, text) in scene.export("last") {
            assert_eq!(lines_with_marks(&text), Vec::<String>::new(), "{name}");
        }
        scene.place.run(&["audit", "verify"]).succeeds();
    });
}

#[test]
fn a_file_that_still_names_somebody_who_was_erased_leaves_them_out() {
    let key = "          - offer: basic\n            start: 2025-07-01\n";
    let runas = "        contracts: [{ offer: basic, start: 2026-09-01 }]\n";
    let yaml = gym()
        .replacen(key, &key.replacen("start", "key: adas\n            start", 1), 1)
        .replacen(
            runas,
            "        legal_representative: { customer: adalgisa-b }\n\
            \x20       contracts: [{ offer: basic, start: 2026-09-01, family_of: adas }]\n",
            1,
        )
        .replacen(
            "        debtor_id: D-2\n",
            "        debtor_id: D-2\n\
            \x20   member_lists: [{ key: team, name: Team, customers: [adalgisa-b, runa] }]\n",
            1,
        );
    // Somebody new in the place of the other one, and somebody who is on file already and has a new name.
    let newcomer = "      - { key: nele, first_name: Nele, last_name: New, legal_representative: { customer: adalgisa-b }, \
        contracts: [{ offer: basic, start: 2026-10-01, family_of: adas }] }\n    member_lists:";
    let changed = yaml
        .replacen("    member_lists:", newcomer, 1)
        .replacen("last_name: Running", "last_name: Runner", 1)
        .replacen("[adalgisa-b, runa]", "[nele, adalgisa-b, runa]", 1);
    each_database(|database| {
        let scene = Scene::new(Place::on(database));
        // Members of lists, who acts for somebody, and members of families.
        let applied = |yaml: &str| {
            let file = scene.place.write("gym.yaml", yaml);
            scene.place.run(&["apply", &file]).succeeds();
            scene.within(|tx, of| {
                gymkeeper_store::statements! {
                    LISTED = "select count(*) from member_list_entry where tenant_id = $1";
                    ACTING = "select count(*) from legal_representative where tenant_id = $1";
                    FAMILIES = "select count(*) from family_contract where tenant_id = $1";
                }
                let mut counted = |sql| Ok::<_, DbError>(tx.query_one::<(i64,)>(sql, &[&of.id()])?.unwrap().0);
                Ok([counted(&LISTED)?, counted(&ACTING)?, counted(&FAMILIES)?])
            })
        };
        assert_eq!(applied(&yaml), [2, 1, 1]);
        scene.place.run(&["customer", "erase", "1-10001"]).succeeds();
        // The contract that paid for the family stays, without a name.
        assert_eq!(applied(&yaml), [1, 0, 1]);
        assert_eq!(applied(&changed), [2, 0, 1]);
        assert_eq!(lines_with_marks(&scene.cells()), Vec::<String>::new());
        let wrong = yaml.replacen("[adalgisa-b, runa]", "[adalgisa-c, runa]", 1);
        let file = scene.place.write("gym.yaml", wrong);
        scene.place.run(&["apply", &file]).fails_with(&["adalgisa-c"]);
    });
}

#[test]
fn nobody_is_erased_who_is_still_needed() {
    each_database(|database| {
        let scene = Scene::new(Place::on(database));
        scene.place.run(&["customer", "erase", "1-10002"]).fails_with(&["nothing was erased", "runs until 2027-08-31"]);
        scene.place.run(&["customer", "erase", "1-10003"]).fails_with(&["nothing was erased", "debt collector"]);
        scene.place.run(&["customer", "erase", "1-10009"]).fails_with(&["there is no customer"]);
        // In a sandbox, what was is still in its snapshots, and that is said.
        scene.place.run(&["sandbox", "snapshot", "before"]).succeeds();
        let told = scene.place.run(&["customer", "erase", "1-10001", "--dry-run"]).succeeds();
        assert!(told.contains("everything, in the snapshot before"), "{told}");
        scene.place.run(&["customer", "erase", "0"]).fails_with(&["there is no customer"]);
        scene.place.run(&["customer", "erase", "1-10001", "--tenant", "other"]).fails_with(&["there is no tenant"]);
        // A number that is somebody else's id must not erase the wrong one.
        let id = scene.within(|tx, of| {
            gymkeeper_store::statements! {
                FIRST = "select min(id) from customer where tenant_id = $1";
                NUMBER = "update customer set customer_number = $2 where tenant_id = $1 and last_name = 'Running'";
            }
            let (id,) = tx.query_one::<(i64,)>(&FIRST, &[&of.id()])?.unwrap();
            tx.execute(&NUMBER, &[&of.id(), &id.to_string()])?;
            Ok(id)
        });
        let several = scene.place.run(&["customer", "erase", &id.to_string()]).fails();
        assert!(several.contains("one of several") && several.contains(&format!("id:{id}")), "{several}");
        scene.place.run(&["customer", "erase", &format!("id:{id}"), "--dry-run"]).succeeds();
        let records = scene.place.run(&["audit", "list", "--json", "--limit", "10000"]).json();
        assert!(records.as_array().unwrap().iter().all(|record| record["action"] != "customer.erased"));
    });
}

/// Contents that were to be removed when the process died are removed by whoever comes next.
#[test]
fn a_server_that_starts_removes_contents_that_were_left() {
    let place = Place::new().with_small_gym();
    let (left, used) = ("a".repeat(64), "b".repeat(64));
    let files = place.data().join("files");
    for hash in [&left, &used] {
        fs::write(files.join(hash), "content").unwrap();
        fs::write(files.join(format!(".remove-{hash}")), "").unwrap();
    }
    let hash = used.clone();
    let db = Db::open(&Location::Sqlite(place.sqlite_file()), MIGRATIONS, &Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(db.write(move |tx| {
            let of = tenant::list(tx)?.remove(0).id();
            let (name, media_type) = ("a".to_owned(), "image/png".to_owned());
            let file =
                gymkeeper_store::files::File { id: tx.next_id()?, hash: hash.clone(), name, media_type, size: 7 };
            gymkeeper_store::files::insert(tx, of, &file, jiff::Timestamp::UNIX_EPOCH)
        }))
        .unwrap();
    db.close();
    // Of two uploads that were cut off one may still go on, on another server.
    for (name, hours) in [(".upload-old", 25), (".upload-new", 23)] {
        let upload = fs::File::create(files.join(name)).unwrap();
        let made = upload.metadata().unwrap().modified().unwrap();
        upload.set_modified(made - std::time::Duration::from_hours(hours)).unwrap();
    }
    place.serve().stop();
    assert!(!files.join(".upload-old").exists() && files.join(".upload-new").exists());
    assert!(!files.join(&left).exists() && files.join(&used).exists());
    // Whoever announced the removal of the other one may not have committed yet.
    let marks: Vec<_> =
        files_below(&files).into_iter().map(|(name, _)| name).filter(|name| name.starts_with(".remove-")).collect();
    assert_eq!(marks, [format!(".remove-{used}")]);
}
