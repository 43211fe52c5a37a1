//! `gymkeeper serve` and its configuration.

use std::{net::TcpStream, sync::Arc};

use gymkeeper_testkit::each_database;
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};

use crate::support::{Place, Run, Server, exchange};

#[test]
fn an_unknown_key_of_the_configuration_is_refused_with_the_nearest_one() {
    let place = Place::new().with_small_gym();
    for (text, says) in [
        ("listn = \"127.0.0.1:0\"\n", "listn is not a known key; did you mean listen?"),
        ("[limits]\nrequest_per_minute = 5\n", "did you mean limits.requests_per_minute?"),
        ("[limit]\nqueue = 5\n", "did you mean limits.queue?"),
        ("listen = 8080\n", "listen must be text in quotes"),
        ("listen = \n", "not valid TOML"),
        ("[limits]\nqueue = 0\n", "limits.queue must be between 1 and"),
        ("[tls]\ncertificate = \"a.pem\"\n", "tls.certificate and tls.key must be set together"),
        ("[log]\nlevel = \"a=b=c\"\n", "log.level"),
    ] {
        let file = place.write("gymkeeper.toml", text);
        place.run(&["serve", "--config", &file]).fails_with(&[says]);
    }
    let file = place.write("gymkeeper.toml", "listn = \"x\"\n");
    place.run(&["serve", "--config", &file]).fails_with(&[&file]);
    place.run(&["serve", "--config", "nowhere.toml"]).fails_with(&["nowhere.toml", "No such file"]);
    let mut command = place.command(&["serve"]);
    command.env("GYMKEEPER_LISTN", "x");
    Run::of(command).fails_with(&["GYMKEEPER_LISTN is not known; did you mean GYMKEEPER_LISTEN?"]);
}

#[test]
fn the_environment_overrides_the_configuration_file() {
    let place = Place::new().with_small_gym();
    let key = place.key("north");
    let text = "listen = \"127.0.0.1:1\"\npublic_url = \"https://file.example\"\n[limits]\nrequests_per_minute = 2\n";
    let file = place.write("gymkeeper.toml", text);
    let mut command = place.command(&["serve"]);
    command
        .env("GYMKEEPER_CONFIG", &file)
        .env("GYMKEEPER_LIMITS_REQUESTS_PER_MINUTE", "3")
        .env("GYMKEEPER_PUBLIC_URL", "");
    // GYMKEEPER_LISTEN, which every test sets, wins over port 1 as well.
    let server = Server::start(command);
    let statuses: Vec<u16> = (0..4).map(|_| server.get("/v1/studios/tags", &key).status).collect();
    assert_eq!(statuses, [200, 200, 200, 429]);
}

#[test]
fn without_a_database_it_says_what_to_do_and_makes_none() {
    let place = Place::new();
    for arguments in
        [&["serve"][..], &["key", "list"], &["key", "create"], &["checkin", "open"], &["backup", "all.tar"]]
    {
        place.run(arguments).fails_with(&["there is no database at", "gymkeeper apply", "GYMKEEPER_DATA_DIR"]);
    }
    assert!(!place.data().exists());
}

#[test]
fn a_postgres_that_is_not_there_or_has_no_gym_is_told() {
    let nowhere = Place::at(&format!("postgres://gym:secret@127.0.0.1:{}/gym", gymkeeper_testkit::free_port()));
    for arguments in [&["serve"][..], &["key", "list"], &["doctor"]] {
        let run = nowhere.run(arguments);
        assert_eq!(run.code, Some(1), "{run:?}");
        let said = format!("{}{}", run.out, run.err);
        assert!(said.contains("not reachable") && said.contains("onnect"), "{said}");
        assert!(!said.contains("secret") && !said.contains("panicked"), "{said}");
    }
    let Some(database) = gymkeeper_testkit::TestDatabase::postgres() else { return };
    let empty = Place::on(database);
    for arguments in [&["serve"][..], &["key", "list"], &["checkin", "open"]] {
        empty.run(arguments).fails_with(&["the PostgreSQL database is empty", "gymkeeper apply"]);
    }
}

#[test]
fn an_address_that_is_taken_or_none_is_told() {
    let place = Place::new().with_small_gym();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (listen, says) in [(address.as_str(), "is taken by another program"), ("here", "cannot listen on here")] {
        let mut command = place.command(&["serve"]);
        command.env("GYMKEEPER_LISTEN", listen);
        Run::of(command).fails_with(&[says]);
    }
}

/// Writes a certificate for `localhost` and its key; answers their paths.
pub(crate) fn certificate(place: &Place, name: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let certificate = place.write(&format!("{name}.pem"), made.cert.pem());
    (certificate, place.write(&format!("{name}.key"), made.key_pair.serialize_pem()))
}

#[test]
fn it_speaks_tls_with_a_certificate_and_its_key() {
    let place = Place::new().with_small_gym();
    let api_key = place.key("north");
    let (certificate, key) = certificate(&place, "tls");
    let mut command = place.command(&["serve"]);
    command.env("GYMKEEPER_TLS_CERTIFICATE", &certificate).env("GYMKEEPER_TLS_KEY", &key);
    let server = Server::start(command);
    assert!(server.url.starts_with("https://"), "{}", server.url);

    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&certificate).unwrap()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(builder.with_root_certificates(roots).with_no_client_auth());
    let call = |name: &'static str| {
        let tls = ClientConnection::new(Arc::clone(&config), ServerName::try_from(name).unwrap()).unwrap();
        let stream = StreamOwned::new(tls, TcpStream::connect(server.address()).unwrap());
        exchange(stream, "GET", "/v1/studios/information", &[("x-api-key", &api_key)], b"")
    };
    assert_eq!(call("localhost").unwrap().fine().json()["name"], "North");
    assert!(call("elsewhere").is_err(), "the client does check certificates");
    // Plain HTTP on that port gets no answer, and the server goes on.
    assert!(server.try_call("GET", "/health/live", "", "").is_err());
    call("localhost").unwrap().fine();
    server.stop();
}

#[test]
fn a_certificate_that_is_wrong_is_named() {
    let place = Place::new().with_small_gym();
    let (certificate_one, key_one) = certificate(&place, "one");
    let (_, key_two) = certificate(&place, "two");
    let text = place.write("text.pem", "not a certificate");
    for (certificate, key, says) in [
        (certificate_one.as_str(), "nowhere.key", "nowhere.key"),
        ("nowhere.pem", key_one.as_str(), "nowhere.pem"),
        (&text, &key_one, "text.pem"),
        (&certificate_one, &text, "text.pem"),
        (&certificate_one, &key_two, "one.pem"),
    ] {
        for arguments in [&["serve"][..], &["doctor"]] {
            let mut command = place.command(arguments);
            command.env("GYMKEEPER_TLS_CERTIFICATE", certificate).env("GYMKEEPER_TLS_KEY", key);
            let run = Run::of(command);
            let said = format!("{}{}", run.out, run.err);
            assert_eq!(run.code, Some(1), "{said}");
            assert!(said.contains(says), "{says} in {said}");
        }
    }
}

#[test]
fn check_ins_of_the_command_line_are_seen_by_the_server_and_the_other_way_round() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let key = place.key("north");
        let server = place.serve();
        let inside = || server.get("/v1/studios/utilization", &key).fine().json()["count"].clone();
        assert_eq!(inside(), 0);
        assert_eq!(place.run(&["checkin", "open", "--studio", "north", "--count", "5"]).succeeds(), "5 checked in\n");
        place.run(&["checkin", "open", "--studio", "south"]).succeeds();
        assert_eq!(inside(), 5);
        assert_eq!(place.people_inside("north"), 5);
        assert_eq!(place.run(&["checkin", "close", "--studio", "north", "--count", "2"]).succeeds(), "2 checked out\n");
        assert_eq!(inside(), 3);
        assert_eq!(place.run(&["checkin", "close", "--studio", "north", "--count", "9"]).succeeds(), "3 checked out\n");
        assert_eq!(inside(), 0);
        place.run(&["checkin", "open", "--studio", "nort"]).fails_with(&["no studio \"nort\""]);
    });
}

#[test]
fn listings_print_columns_and_bear_a_reader_that_goes_away() {
    let place = Place::new().with_small_gym();
    place.run(&["checkin", "open", "--studio", "north", "--count", "20000"]).succeeds();
    let out = place.run(&["checkin", "list", "--studio", "north"]).succeeds();
    assert_eq!(out.lines().count(), 20_001);
    assert!(out.starts_with("id"), "{}", &out[..80]);
    let mut shell = std::process::Command::new("sh");
    // The code of the program, not of `head`.
    let line = format!(
        "( {:?} checkin list --studio north; echo \"code $?\" >&2 ) | head -n 1",
        env!("CARGO_BIN_EXE_gymkeeper")
    );
    shell.args(["-c", &line]);
    let run = Run::of(place.configured(shell, &[]));
    assert_eq!((run.out.lines().count(), run.err.as_str()), (1, "code 0\n"));
}

#[test]
fn a_server_that_was_stopped_leaves_one_file() {
    let place = Place::new().with_small_gym();
    let key = place.key("north");
    let server = place.serve();
    // Each thread that serves reads by itself, with a connection of its own.
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| (0..20).for_each(|_| assert!(server.tags(&key).is_empty())));
        }
    });
    let file = place.sqlite_file();
    let journal = format!("{}-wal", file.display());
    assert!(std::fs::exists(&journal).unwrap(), "while it runs");
    server.stop();
    assert!(file.exists() && !std::fs::exists(&journal).unwrap());
}
