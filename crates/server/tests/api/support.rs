//! Set-up of the API's tests: a real server on a port of its own, a gym from a few lines of YAML, and a small client.

pub(crate) mod answer;
mod schema;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, task::Poll};

use gymkeeper_contract::operations::Scope;
use gymkeeper_server::{
    actions::{
        apply,
        change::{Actor, By, Change},
        key,
    },
    app::{self, App},
    config::Config,
    gymfile::{self, Contents},
    http::{self, failure::Failure},
};
use gymkeeper_store::{
    customer,
    db::{DbError, Tx},
    journal, studio, tenant,
    tenant::TenantId,
};
use gymkeeper_testkit::{TestDatabase, each_database};
use jiff::{Timestamp, civil::Date};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

pub(crate) use self::answer::Answer;

/// The instant at which the clock of a test's first tenant stands, unless a test sets another: a Saturday noon in Berlin.
pub(crate) const NOW: &str = "2026-11-21T11:00:00Z";

/// A running server with one or more tenants.
pub(crate) struct Gym {
    pub(crate) app: Arc<App>,
    pub(crate) address: SocketAddr,
    pub(crate) tenant: TenantId,
    _database: Option<TestDatabase>,
}

/// A server that listens until it is ended.
struct Running {
    app: Arc<App>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Pictures for gym files: any path ending in `.png` is a tiny one, whose content differs by name.
struct Pictures;

impl Contents for Pictures {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path.ends_with(".pdf") {
            return Ok(format!("%PDF-1.4 {path}").into_bytes());
        }
        Ok([b"\x89PNG\r\n\x1a\n", path.as_bytes()].concat())
    }
}

/// A PNG of that size.
pub(crate) fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 7]));
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// A picture of 96 to 48 pixels from a camera that was held upright, and says so, and where it was taken.
pub(crate) fn from_a_camera() -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(96, 48).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    // Exif with one field, the orientation, which is to be turned by a quarter to the right.
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 52.5200 N 13.4050 E";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, exif, &jpeg[2..]].concat()
}

/// The head of a picture of 30,000 to 30,000 pixels, whose rest would be too much for any memory.
pub(crate) fn bomb() -> Vec<u8> {
    let mut png = picture(8, 8);
    let measures = [30_000_u32.to_be_bytes(), 30_000_u32.to_be_bytes()].concat();
    png[16..24].copy_from_slice(&measures);
    let sum = crc32(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    png
}

/// The checksum of a piece of a PNG (RFC 2083).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

/// Runs a test on a server for each database, with the gym file `yaml` applied.
pub(crate) fn with_gym<F>(yaml: &str, test: impl Fn(Gym) -> F)
where
    F: Future<Output = ()>,
{
    with_configured_gym(yaml, |_| (), test);
}

/// As [`with_gym`], with a changed configuration.
pub(crate) fn with_configured_gym<F>(yaml: &str, configure: impl Fn(&mut Config), test: impl Fn(Gym) -> F)
where
    F: Future<Output = ()>,
{
    each_database(|database| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut config = Config::load(None, std::iter::empty()).unwrap();
            config.data_dir = database.dir.path().join("data");
            config.database = database.url.clone();
            configure(&mut config);
            let running = Running::start(config).await;
            let (app, address) = (Arc::clone(&running.app), running.address);
            let mut gym = Gym { app, address, tenant: TenantId(0), _database: Some(database) };
            gym.tenant = gym.apply(yaml).await;
            gym.set_clock(NOW).await;
            test(gym).await;
            running.end().await;
        });
    });
}

/// The test, as somebody who changes data.
fn by() -> By {
    By::new(Actor::Cli("tests".to_owned()), NOW.parse().unwrap())
}

impl Running {
    async fn start(config: Config) -> Self {
        let opening = config.clone();
        let db = tokio::task::spawn_blocking(move || app::open_db(&opening)).await.unwrap().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = App::new(config, db, &format!("http://{address}")).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (serving, router) = (Arc::clone(&app), http::router(&app));
        let task = tokio::spawn(async move {
            let stop = async {
                let _ = stopped.await;
            };
            http::serve::serve(&serving, listener, router, None, stop).await;
        });
        Self { app, address, stop, task }
    }

    async fn end(self) {
        drop(self.stop);
        self.task.await.unwrap();
        tokio::task::spawn_blocking(move || self.app.db.close()).await.unwrap();
    }
}

impl Gym {
    /// Runs a test on a second server process, as it were, on the same database.
    pub(crate) async fn beside<F: Future<Output = ()>>(&self, test: impl FnOnce(Gym) -> F) {
        let running = Running::start(self.app.config.clone()).await;
        let (app, address) = (Arc::clone(&running.app), running.address);
        test(Gym { app, address, tenant: self.tenant, _database: None }).await;
        running.end().await;
    }

    /// Applies a gym file and answers its tenant.
    pub(crate) async fn apply(&self, yaml: &str) -> TenantId {
        self.try_to_apply(yaml).await.unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    /// Applies a gym file without mistakes, which may be refused all the same.
    pub(crate) async fn try_to_apply(&self, yaml: &str) -> Result<TenantId, Failure> {
        let today: Date = "2026-11-21".parse().unwrap();
        let gym = gymfile::read(yaml, today, &Pictures).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        for content in &gym.files {
            let folder: PathBuf = app::files_dir(&self.app.config);
            std::fs::write(folder.join(&content.hash), &content.bytes).unwrap();
        }
        let applied = self.app.db.write(move |tx| apply::apply(tx, &gym, &by())).await;
        applied.map(|applied| applied.tenant.id())
    }

    /// Changes the database directly, as the command line would.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnMut(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> T {
        self.app.db.write(change).await.unwrap()
    }

    /// Does something in the tenant, as the command line would.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        act: impl FnMut(&mut Change<'_, '_>) -> Result<T, DbError> + Send + 'static,
    ) -> T {
        self.act_in(self.tenant, act).await
    }

    /// Does something in any tenant.
    pub(crate) async fn act_in<T: Send + 'static>(
        &self,
        tenant: TenantId,
        mut act: impl FnMut(&mut Change<'_, '_>) -> Result<T, DbError> + Send + 'static,
    ) -> T {
        self.change(move |tx| {
            let tenant = tenant::list(tx)?.into_iter().find(|known| known.id() == tenant).unwrap();
            act(&mut by().changes(tx, &tenant))
        })
        .await
    }

    /// Moves the tenant's clock.
    pub(crate) async fn set_clock(&self, instant: &str) {
        let (tenant, instant): (_, Timestamp) = (self.tenant, instant.parse().unwrap());
        self.change(move |tx| {
            tenant::set_clock(tx, tenant, Some(instant))?;
            studio::bump_all(tx, tenant)
        })
        .await;
    }

    /// The id of a studio of this tenant.
    pub(crate) async fn studio(&self, key: &str) -> i64 {
        self.studio_of(self.tenant, key).await
    }

    /// The id of a studio of any tenant.
    pub(crate) async fn studio_of(&self, tenant: TenantId, key: &str) -> i64 {
        let key = key.to_owned();
        let studios = self.app.db.read(move |tx| studio::list(tx, tenant)).await.unwrap();
        studios.into_iter().find(|studio| studio.key == key).unwrap().id
    }

    /// The id of a customer of this tenant, by the key in the gym file.
    pub(crate) async fn customer(&self, studio: &str, key: &str) -> i64 {
        self.customer_of(self.tenant, studio, key).await
    }

    /// The id of a customer of any tenant.
    pub(crate) async fn customer_of(&self, tenant: TenantId, studio: &str, key: &str) -> i64 {
        let (studio, key) = (self.studio_of(tenant, studio).await, key.to_owned());
        let found = self.app.db.read(move |tx| customer::by_source(tx, tenant, studio, &key)).await.unwrap();
        found.unwrap().0
    }

    /// A key with all scopes for a studio of this tenant.
    pub(crate) async fn key(&self, studio: &str) -> String {
        self.key_with(self.tenant, studio, None, None).await.1
    }

    /// A key with some scopes for a studio of this tenant.
    pub(crate) async fn key_for(&self, studio: &str, scopes: &[Scope]) -> String {
        self.key_with(self.tenant, studio, Some(scopes.to_vec()), None).await.1
    }

    /// Any key: its id and its text.
    pub(crate) async fn key_with(
        &self,
        tenant: TenantId,
        studio: &str,
        scopes: Option<Vec<Scope>>,
        expires_at: Option<Timestamp>,
    ) -> (i64, String) {
        let studio = self.studio_of(tenant, studio).await;
        let grant = key::Grant { studio, integration: "tests".to_owned(), scopes, expires_at };
        let created = self.act_in(tenant, move |change| key::create(change, &grant, &key::fresh_text())).await;
        (created.id, created.text)
    }

    /// A key for each set of scopes, made in one go.
    pub(crate) async fn keys_for(&self, studio: &str, sets: Vec<Vec<Scope>>) -> Vec<String> {
        let studio = self.studio(studio).await;
        self.act(move |change| {
            let of = |scopes: &Vec<Scope>| {
                let scopes = Some(scopes.clone());
                let grant = key::Grant { studio, integration: "tests".to_owned(), scopes, expires_at: None };
                Ok(key::create(change, &grant, &key::fresh_text())?.text)
            };
            sets.iter().map(of).collect()
        })
        .await
    }

    /// Ends a key, as the command line would.
    pub(crate) async fn revoke(&self, id: i64) {
        assert!(self.act(move |change| key::revoke(change, id)).await, "there is no key {id} to revoke");
    }

    /// What was recorded behind a position: what was done, and the types of its events.
    pub(crate) async fn deeds(&self, position: i64) -> Vec<String> {
        let shown = |record: &journal::Record| {
            let events: serde_json::Value = serde_json::from_str(record.events.as_deref().unwrap_or("[]")).unwrap();
            let types = events.as_array().unwrap().iter().map(|event| event["payload"][0]["type"].as_str().unwrap());
            std::iter::once(record.action.as_str()).chain(types).collect::<Vec<_>>().join(" ")
        };
        self.journal_after(position).await.iter().map(shown).collect()
    }

    /// The path and query of a link that this server made.
    pub(crate) fn path_of<'l>(&self, link: &'l str) -> &'l str {
        link.strip_prefix(&format!("http://{}", self.address)).unwrap_or_else(|| panic!("{link} leads elsewhere"))
    }

    /// The records behind a position.
    pub(crate) async fn journal_after(&self, position: i64) -> Vec<journal::Record> {
        let tenant = self.tenant;
        self.app.db.read(move |tx| journal::list(tx, tenant, position, 100_000)).await.unwrap()
    }

    /// What the records behind a position say, to look for what must not be there. Hashes, traces, times and the ids of events
    /// are left out: they may hold any few digits by chance.
    pub(crate) async fn said_after(&self, position: i64) -> String {
        let said = |record: journal::Record| {
            let mut events: serde_json::Value = serde_json::from_str(record.events.as_deref().unwrap_or("[]")).unwrap();
            for event in events.as_array_mut().unwrap() {
                event["uuid"].take();
                event["payload"][0]["timestamp"].take();
            }
            let more = [record.subject, record.changes].map(Option::unwrap_or_default);
            format!("{} {} {} {events}\n", record.actor, record.action, more.join(" "))
        };
        self.journal_after(position).await.into_iter().map(said).collect()
    }

    /// Where the journal ends.
    pub(crate) async fn end_of_journal(&self) -> i64 {
        self.journal_after(0).await.last().unwrap().position
    }

    /// The events behind a position: their types and what they are about.
    pub(crate) async fn events_after(&self, position: i64) -> Vec<(String, i64)> {
        let mut events = Vec::new();
        for record in self.journal_after(position).await {
            let notices: serde_json::Value = serde_json::from_str(record.events.as_deref().unwrap_or("[]")).unwrap();
            for notice in notices.as_array().unwrap() {
                let kind = notice["payload"][0]["type"].as_str().unwrap().to_owned();
                events.push((kind, notice["entityId"].as_i64().unwrap()));
            }
        }
        events
    }

    /// Sends `GET` with a key.
    pub(crate) async fn get(&self, key: &str, path: &str) -> Answer {
        self.send("GET", path, &[("x-api-key", key)], "").await
    }

    /// Sends a JSON body with a key.
    pub(crate) async fn send_json(&self, method: &str, key: &str, path: &str, body: &str) -> Answer {
        self.send(method, path, &[("X-Api-Key", key), ("content-type", "application/json")], body).await
    }

    /// Sends any request on a connection of its own, to `localhost` unless the headers name a host. What comes back is checked
    /// as far as it can be without knowing the request: see [`Answer::check`].
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str("host: localhost\r\n");
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        let answer = self.send_raw(format!("{head}\r\n{body}").as_bytes()).await;
        answer.check(method, path);
        answer
    }

    /// Sends a form with one file.
    pub(crate) async fn send_form(
        &self,
        method: &str,
        key: &str,
        path: &str,
        part: &str,
        name: &str,
        content: &[u8],
    ) -> Answer {
        let before = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        let body = [before.as_bytes(), content, b"\r\n--edge--\r\n"].concat();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nconnection: close\r\nhost: localhost\r\nx-api-key: {key}\r\n\
             content-type: multipart/form-data; boundary=edge\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let answer = self.send_raw(&[head.as_bytes(), &body].concat()).await;
        answer.check(method, path);
        answer
    }

    /// Sends bytes as they are and reads the answer to its end.
    pub(crate) async fn send_raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        Answer::parse(&bytes)
    }

    /// Sends bytes that need not be HTTP, ends the sending, and reads whatever comes, which may be nothing.
    pub(crate) async fn send_anything(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let _ = stream.write_all(request).await;
        let _ = stream.shutdown().await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        bytes
    }
}

/// Runs futures at once and answers what they answer, in their order.
pub(crate) async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, output) in running.iter_mut().filter(|(_, output)| output.is_none()) {
            if let Poll::Ready(ready) = future.as_mut().poll(context) {
                *output = Some(ready);
            }
        }
        if running.iter().all(|(_, output)| output.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    running.into_iter().map(|(_, output)| output.unwrap()).collect()
}

/// Members, prospects and people who are kept out, in two studios that share information fields.
pub(crate) const MEMBERS: &str = include_str!("support/members.yaml");

/// Two studios with classes of every kind, and enough members to fill them.
pub(crate) const CLASSES: &str = include_str!("support/classes.yaml");

/// A small tenant: two studios, of which the first sells one offer.
pub(crate) const SMALL: &str = r#"
tenant: { key: acme, name: Acme Gyms, sandbox: true }
tags: [pool, sauna, parking]
studios:
  - key: north
    name: Acme North
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    language: en
    currency: EUR
    capacity: 2
    tags: [sauna]
    opening_hours:
      - { from: MONDAY, to: SUNDAY, opens: "06:00", closes: "22:00" }
    offers:
      - key: basic
        name: Basic
        description: Everything.
        payment_choices: [SEPA, CASH]
        terms:
          - key: basic-12
            term: 12 MONTH
            payment: { type: RECURRING, price: "50.00", every: 1 MONTH }
            extension: { type: NONE }
  - key: south
    name: Acme South
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    language: de
    currency: EUR
    offers:
      - key: southern
        name: Southern
        payment_choices: [SEPA]
        terms:
          - key: southern-1
            term: 1 MONTH
            payment: { type: FREE }
"#;

/// As [`SMALL`], with somebody at work in each studio.
pub(crate) fn small_with_employees() -> String {
    let north = "            extension: { type: NONE }\n";
    let employees = "    employees:\n      - { key: ada, first_name: Ada, last_name: Berg, business_role: TRAINER }\n";
    let of_south = "    employees:\n      - { key: bo, first_name: Bo, last_name: Lund }\n";
    format!("{}{of_south}", SMALL.replace(north, &format!("{north}{employees}")))
}
