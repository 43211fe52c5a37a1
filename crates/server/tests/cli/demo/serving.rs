//! How the demo's server begins and ends.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
};

use super::{demo, keys, start};
use crate::support::{Place, Server, client, wait_until};

#[test]
fn a_port_that_is_taken_stops_the_demo_before_it_touches_its_data() {
    let place = Place::new();
    let server = start(&place, "demo", &[]);
    let (full, _) = keys(&server);
    server.put_tags(&full, &["pool"]).fine();
    server.stop();

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = place.run(&["demo", "--port", &port, "--data", "demo", "--fresh"]);
    run.fails_with(&[&format!("127.0.0.1:{port} is taken by another program"), "choose another port", "--port"]);
    place.run(&["demo", "--port", &port, "--data", "never"]).fails();
    assert!(!Path::new(&place.path("never")).exists());

    assert_eq!(start(&place, "demo", &[]).tags(&full), ["pool"]);
}

#[test]
fn a_server_that_is_told_to_stop_finishes_the_request_that_runs() {
    let place = Place::new();
    let mut server = start(&place, "demo", &[]);
    let (full, _) = keys(&server);
    let body = client::tags_body(&["pool"]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .write_all(
            format!(
                "PUT /v1/studios/information/tags HTTP/1.1\r\nhost: gym.test\r\nx-api-key: {full}\r\n\
                 content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
                body.len()
            )
            .as_bytes(),
        )
        .unwrap();
    // The server asks for the body, so the request runs.
    let mut seen = [0; 25];
    stream.read_exact(&mut seen).unwrap();
    assert_eq!(String::from_utf8_lossy(&seen), "HTTP/1.1 100 Continue\r\n\r\n");
    server.terminate();
    wait_until("nobody listens any more", || TcpStream::connect(server.address()).is_err().then_some(()));
    assert!(server.is_running(), "it waits for the request");
    stream.write_all(body.as_bytes()).unwrap();
    let answer = client::read(stream).unwrap().fine();
    assert_eq!(answer.json()[0]["name"], "pool");
    assert_eq!(server.wait(), Some(0));
    assert_eq!(start(&place, "demo", &[]).tags(&full), ["pool"]);
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let place = Place::new();
    let server = start(&place, "demo", &[]);
    let _idle = TcpStream::connect(server.address()).unwrap();
    // A request of somebody else afterwards shows that the idle connection was accepted.
    server.get("/health/live", "").fine();
    let log = server.stop();
    assert!(!log.contains("did not finish in time"), "{log}");
}

#[test]
fn the_limit_holds_for_the_demo_unless_it_is_lifted() {
    let place = Place::new();
    let statuses = |name: &str, more: &[&str], requests: usize| -> Vec<u16> {
        let mut command = demo(&place, name, &[&["--json"], more].concat());
        command.env("GYMKEEPER_LIMITS_REQUESTS_PER_MINUTE", "3");
        let server = Server::start_demo(command);
        let (_, key) = keys(&server);
        (0..requests).map(|_| server.get("/v1/studios/utilization", &key).status).collect()
    };
    assert_eq!(statuses("free", &["--no-rate-limit"], 10), [200; 10]);
    assert_eq!(statuses("limited", &[], 4), [200, 200, 200, 429]);
}
