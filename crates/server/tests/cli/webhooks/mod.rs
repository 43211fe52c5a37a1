//! `gymkeeper webhooks` and `gymkeeper events`.

mod crash;
mod receiver;

use std::{collections::HashMap, time::Duration};

use gymkeeper_testkit::each_database;
use serde_json::Value;

use crate::{
    serve::certificate,
    support::{Place, Run, SMALL_GYM, Server, wait_until},
};
use receiver::Receiver;

impl Place {
    /// A place with the small gym as a sandbox, whose webhooks may go to this machine, and so many members, numbered from 1 on, who
    /// may enter all its studios.
    fn with_sandbox(self, members: usize) -> Self {
        let gym = SMALL_GYM.replacen("name: Small Gym", "name: Small Gym\n  sandbox: true", 1);
        let (before, flex) = gym.split_once("        name: Flex\n").unwrap();
        let flex = flex.replacen("extension: { type: NONE }", "extension: { type: TERM_EXTENSION, term: 1 MONTH }", 1);
        let gym = format!("{before}        name: Flex\n        valid_in_all_studios: true\n{flex}");
        let member = |number: usize| {
            format!(
                "      - {{ key: m{number}, customer_number: '{number}', first_name: M, last_name: M, \
                 contracts: [{{ offer: flex, start: 2026-09-01 }}] }}\n"
            )
        };
        let members: String = (1..=members).map(member).collect();
        let gym = gym.replacen("    modules:\n", &format!("    customers:\n{members}    modules:\n"), 1);
        let file = self.write("gym.yaml", gym);
        self.run(&["apply", &file]).succeeds();
        self
    }

    /// The ids of the members, by their numbers.
    fn members(&self) -> HashMap<u64, u64> {
        let folder = self.path("who-is-who");
        self.run(&["export", &folder]).succeeds();
        let rows = std::fs::read_to_string(std::path::Path::new(&folder).join("customer.jsonl")).unwrap();
        std::fs::remove_dir_all(folder).unwrap();
        let row = |line: &str| {
            let row: Value = serde_json::from_str(line).unwrap();
            (row["customer_number"].as_str().unwrap().parse().unwrap(), row["id"].as_u64().unwrap())
        };
        rows.lines().map(row).collect()
    }

    fn webhooks(&self, arguments: &[&str]) -> Run {
        self.run(&[&["webhooks"], arguments].concat())
    }

    /// Adds a target in the studio north and answers its id and its secrets.
    fn target(&self, url: &str, more: &[&str]) -> Value {
        self.webhooks(&[&["add", "--studio", "north", "--url", url, "--json"], more].concat()).json()
    }

    fn list(&self, more: &[&str]) -> Vec<Value> {
        self.webhooks(&[&["list", "--json"], more].concat()).json().as_array().unwrap().clone()
    }

    fn events(&self, more: &[&str]) -> Vec<Value> {
        self.run(&[&["events", "--json"], more].concat()).json().as_array().unwrap().clone()
    }

    fn let_in(&self, studio: &str, customer: u64) {
        self.run(&["checkin", "open", "--studio", studio, "--customer", &customer.to_string()]).succeeds();
    }
}

impl Server {
    /// Says for an integration that it is ready.
    fn activate(&self, key: &str) {
        self.call("POST", "/v1/studios/confirmActivation", key, "").fine();
    }
}

#[test]
fn an_event_goes_its_way_and_every_command_shows_a_part_of_it() {
    each_database(|database| {
        let place = Place::on(database).with_sandbox(7);
        let seven = place.members()[&7];
        let receiver = Receiver::start(500, Duration::ZERO);
        let made = place.target(&receiver.url("/hook?token=geheim"), &[]);
        assert_eq!(made["activated"], false);
        let mut command = place.command(&["serve"]);
        command.env("GYMKEEPER_WEBHOOKS_REPEATS", "0");
        let server = Server::start(command);
        server.activate(&place.key("north"));
        assert_eq!(place.target(&receiver.url("/other"), &["--events", "EMPLOYEE_CREATED"])["activated"], true);
        place.let_in("north", 7);
        wait_until("the event arrived", || (receiver.count() == 1).then_some(()));
        let got = receiver.got().remove(0);
        assert_eq!(
            (got.path.as_str(), got.json()["entityId"].as_i64()),
            ("/hook?token=geheim", i64::try_from(seven).ok())
        );
        assert_eq!(got.header("x-api-key"), made["webhookKey"].as_str().unwrap());

        let targets = place.webhooks(&["targets", "--json"]).json();
        assert_eq!((&targets[0]["id"], &targets[0]["events"][0]), (&made["id"], &"*".into()));
        assert_eq!((&targets[1]["events"][0], &targets[1]["studio"]), (&"EMPLOYEE_CREATED".into(), &"north".into()));
        let failed = wait_until("the failure is stored", || place.list(&["--failed"]).pop());
        assert_eq!((&failed["type"], &failed["attempts"]), (&"CUSTOMER_CHECKIN".into(), &1.into()));
        assert!(place.list(&["--waiting"]).is_empty());
        let id = failed["id"].to_string();
        let shown = place.webhooks(&["show", &id, "--json"]).json();
        assert_eq!((&shown["log"][0]["status"], &shown["log"][0]["answer"]), (&500.into(), &"said".into()));
        assert_eq!(shown["request"]["body"].to_string(), got.body);
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent"] {
            assert_eq!(shown["request"]["headers"][name], got.header(name), "{name}");
        }
        let text = place.webhooks(&["show", &id]).succeeds();
        let key = made["webhookKey"].as_str().unwrap();
        assert!(text.contains(&key[..8]) && !text.contains(&key[..9]), "the key is masked: {text}");
        assert!(text.contains(&got.body) && text.contains("status 500"), "{text}");

        assert_eq!(place.webhooks(&["replay", "--failed", "--json"]).json()["deliveries"], 1);
        wait_until("it is sent again", || (receiver.count() == 2).then_some(()));
        assert_eq!(receiver.got()[1].body, got.body);
        wait_until("it failed again", || place.list(&["--failed"]).pop());
        place.webhooks(&["replay", &id]).succeeds();
        wait_until("it is sent once more", || (receiver.count() == 3).then_some(()));
        place.webhooks(&["remove", &made["id"].to_string()]).succeeds();
        place.webhooks(&["remove", &made["id"].to_string()]).fails_with(&["no target", "webhooks targets"]);
        assert_eq!(place.webhooks(&["targets", "--json"]).json().as_array().unwrap().len(), 1);
        place.webhooks(&["trigger", "EMPLOYEE_CREATED", "--studio", "north"]).succeeds();
        wait_until("the sample arrived", || (receiver.count() == 4).then_some(()));
        assert_eq!(receiver.got()[3].path, "/other");
        let log = server.stop();
        assert!(log.contains("a webhook was given up"), "{log}");
        // Secrets in a URL are the target's, and nobody else's.
        assert!(!log.contains("geheim") && !log.contains(key), "{log}");
        let audit = place.run(&["audit", "list", "--json"]).succeeds();
        assert!(audit.contains("webhook.target-added") && audit.contains("/hook"), "{audit}");
        assert!(!audit.contains("geheim") && !audit.contains(key), "{audit}");
    });
}

#[test]
fn events_are_read_again_in_order_from_any_position() {
    each_database(|database| {
        let place = Place::on(database).with_sandbox(3);
        let start = place.events(&[]).last().map_or(0, |event| event["position"].as_i64().unwrap()).to_string();
        let members = place.members();
        for (studio, customer) in [("north", 1), ("south", 2), ("north", 3)] {
            place.let_in(studio, customer);
        }
        let entities = |events: &[Value]| {
            let id = |event: &Value| event["event"]["entityId"].as_u64().unwrap();
            let number = |event: &Value| *members.iter().find(|(_, known)| **known == id(event)).unwrap().0;
            events.iter().map(number).collect::<Vec<_>>()
        };
        let all = place.events(&["--since", &start]);
        assert_eq!(entities(&all), [1, 2, 3]);
        assert!(all.is_sorted_by_key(|event| event["position"].as_i64()));
        let behind = all[0]["position"].to_string();
        assert_eq!(entities(&place.events(&["--since", &behind])), [2, 3]);
        assert_eq!(entities(&place.events(&["--since", &behind, "--limit", "1"])), [2]);
        assert_eq!(entities(&place.events(&["--since", &start, "--studio", "north"])), [1, 3]);
        let text = place.run(&["events", "--since", &start]).succeeds();
        assert_eq!(text.lines().count(), 4);
        assert!(
            text.contains("CUSTOMER_CHECKIN") && text.contains(all[2]["event"]["uuid"].as_str().unwrap()),
            "{text}"
        );
    });
}

#[test]
fn who_listens_sees_events_and_can_pass_them_on_with_the_headers_of_a_webhook() {
    each_database(|database| {
        let place = Place::on(database).with_sandbox(200);
        let receiver = Receiver::start(201, Duration::ZERO);
        let start = place.events(&["--limit", "100000"]).last().unwrap()["position"].to_string();
        for customer in 1..=3 {
            place.let_in("north", customer);
        }
        place.webhooks(&["trigger", "CUSTOMER_CREATED", "--studio", "south"]).succeeds();
        let url = receiver.url("/local");
        let run = place.webhooks(&["listen", "--since", &start, "--limit", "4", "--forward", &url, "--json"]);
        assert!(run.err.contains("signing secret  whsec_"), "{}", run.err);
        let secret = run.err.lines().find_map(|line| line.strip_prefix("webhook key     ")).unwrap().to_owned();
        let lines: Vec<Value> = run.succeeds().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line["forwarded"] == "201"));
        let got = receiver.got();
        assert_eq!(got.len(), 4);
        assert_eq!(got[0].body, lines[0]["event"].to_string());
        assert_eq!(
            (got[0].header("x-api-key"), got[0].header("webhook-id")),
            (secret.as_str(), lines[0]["event"]["uuid"].as_str().unwrap())
        );
        assert!(got[0].header("webhook-signature").starts_with("v1,"));

        let known = place.target(&url, &[]);
        let listen = |more: &[&str]| place.webhooks(&[&["listen", "--since", &start], more].concat());
        let run = listen(&["--limit", "1", "--studio", "north", "--forward", &url]);
        assert!(!run.err.contains("whsec_") && run.succeeds().contains("-> 201"));
        assert_eq!(receiver.got()[4].header("x-api-key"), known["webhookKey"].as_str().unwrap());
        let text = listen(&["--limit", "1", "--events", "CUSTOMER_CREATED"]).succeeds();
        assert!(text.contains("CUSTOMER_CREATED"), "{text}");
        assert_eq!(receiver.count(), 5);

        // It waits for what is to come.
        let mut server = place.command(&["webhooks", "listen", "--limit", "1"]);
        let waiting = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                server.stdin(std::process::Stdio::null());
                Run::of(server)
            });
            // One after the other, because it begins at a moment that nobody knows.
            for customer in 9.. {
                if waiting.is_finished() {
                    break;
                }
                place.let_in("north", customer);
            }
            waiting.join().unwrap()
        });
        assert!(waiting.succeeds().contains("CUSTOMER_CHECKIN"));
    });
}

#[test]
fn what_is_wrong_is_said_with_what_would_be_right() {
    let place = Place::new().with_small_gym();
    let add = |url: &str, more: &[&str]| place.webhooks(&[&["add", "--studio", "north", "--url", url], more].concat());
    add("https://hooks.example/", &["--events", "CUSTOMER_CHEKIN"])
        .fails_with(&["CUSTOMER_CHEKIN", "did you mean CUSTOMER_CHECKIN?"]);
    add("http://hooks.example/", &[]).fails_with(&["sandbox", "https"]);
    add("https://127.0.0.1/", &[]).fails_with(&["not on the public internet", "sandbox"]);
    add("https://ada:secret@hooks.example/", &[]).fails_with(&["user name"]);
    place.webhooks(&["add", "--url", "https://hooks.example/"]).fails_with(&["--studio", "north, south, west"]);
    place.webhooks(&["trigger", "CUSTOMER_CREATED", "--studio", "north"]).fails_with(&["sandbox"]);
    place.webhooks(&["trigger", "CUSTOMER_MADE", "--studio", "north"]).fails_with(&["did you mean CUSTOMER_"]);
    place.webhooks(&["show", "5"]).fails_with(&["no delivery 5", "webhooks list"]);
    place.webhooks(&["replay", "5"]).fails_with(&["no delivery 5"]);
    place.webhooks(&["listen", "--forward", "ftp://x/"]).fails_with(&["https://"]);
    for arguments in [&["replay"][..], &["replay", "5", "--failed"], &["list", "--failed", "--waiting"], &["add"]] {
        assert_eq!(place.webhooks(arguments).code, Some(2), "{arguments:?}");
    }
    add("https://hooks.example/", &["--events", "customer_checkin,CUSTOMER_CHECKOUT"]).succeeds();
    let targets = place.webhooks(&["targets"]).succeeds();
    assert!(targets.contains("CUSTOMER_CHECKIN,CUSTOMER_CHECKOUT"), "{targets}");
    let types = place.webhooks(&["types", "--json"]).json();
    assert_eq!(types.as_array().unwrap().len(), 44);
    assert!(place.webhooks(&["types"]).succeeds().contains("TAX_ADVISOR_EXPORT_CREATED"));
}

#[test]
fn only_certificates_that_the_system_trusts_are_believed() {
    let place = Place::new().with_sandbox(3);
    // A server of ours is the receiver: it refuses what it does not know, over TLS.
    let other = Place::new().with_small_gym();
    let (certificate, key) = certificate(&other, "receiver");
    let mut command = other.command(&["serve"]);
    command.env("GYMKEEPER_TLS_CERTIFICATE", &certificate).env("GYMKEEPER_TLS_KEY", &key);
    let receiver = Server::start(command);
    let port = receiver.address().rsplit(':').next().unwrap();
    place.target(&format!("https://localhost:{port}/hook"), &[]);
    // The certificate is for another name.
    place.target(&format!("https://127.0.0.1:{port}/hook"), &[]);
    let api_key = place.key("north");
    let attempts = |trusted: &str, customer: u64| -> Vec<Value> {
        let before = place.list(&[]).len();
        let mut command = place.command(&["serve"]);
        command.env("SSL_CERT_FILE", trusted).env_remove("SSL_CERT_DIR");
        let server = Server::start(command);
        server.activate(&api_key);
        place.let_in("north", customer);
        let mut listed =
            wait_until("both were attempted", || Some(place.list(&[])).filter(|all| all.len() == before + 2));
        listed.truncate(2);
        server.stop();
        listed.sort_by_key(|delivery| delivery["targetId"].as_i64());
        let log = |delivery: &Value| {
            place.webhooks(&["show", &delivery["id"].to_string(), "--json"]).json()["log"][0].clone()
        };
        listed.iter().map(log).collect()
    };
    for attempt in attempts(&self::certificate(&place, "foreign").0, 1) {
        assert!(attempt["error"].as_str().unwrap().contains("certificate"), "{attempt}");
    }
    let trusted = attempts(&certificate, 2);
    assert_eq!(trusted[0]["status"], 404, "{trusted:?}");
    assert!(trusted[1]["error"].as_str().unwrap().contains("certificate"), "{trusted:?}");
    for attempt in attempts(&place.write("empty.pem", ""), 3) {
        assert!(attempt["error"].as_str().unwrap().contains("no certificates to trust"), "{attempt}");
    }
}
