//! What the demo says when it starts, and what the keys and the account that it names are good for.

use std::net::TcpStream;

use serde_json::Value;

use super::{demo, keys, owner, sandbox, start};
use crate::support::{Place, Server, client, exchange};

#[test]
fn the_first_line_tells_scripts_what_they_need() {
    let place = Place::new();
    let server = start(&place, "demo", &[]);
    let object: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&object), ["baseUrl", "tenant", "apiKeys", "sandboxToken", "owner"]);
    assert_eq!(object["owner"]["email"], "owner@ironworks.example");
    assert_eq!(names(&object["apiKeys"]), ["full", "readOnly"]);
    assert_eq!(object["tenant"], "ironworks");
    assert!(server.url.starts_with("http://127.0.0.1:"), "only this machine may reach it: {}", server.url);
}

/// Splits a command line as a shell does, as far as single quotes go.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words
}

/// Does what a printed `curl` would do.
fn curl(line: &str) -> client::Answer {
    let (mut method, mut headers, mut body, mut url) = ("GET".to_owned(), Vec::new(), String::new(), String::new());
    let mut words = words(line).into_iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" => method = words.next().unwrap(),
            "-H" => headers.push(words.next().unwrap()),
            "-d" => body = words.next().unwrap(),
            other => {
                assert!(other.starts_with("http://"), "{line}");
                url = word;
            }
        }
    }
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let headers: Vec<(&str, &str)> = headers.iter().map(|header| header.split_once(": ").unwrap()).collect();
    exchange(TcpStream::connect(address).unwrap(), &method, &format!("/{path}"), &headers, body.as_bytes()).unwrap()
}

#[test]
fn every_call_that_the_greeting_shows_works_as_it_is() {
    let place = Place::new();
    let server = Server::watch(demo(&place, "demo", &[]), |out, _| {
        // The last line is there when all of them are.
        out.contains("-X PUT").then(|| out.split_whitespace().nth(3).unwrap().to_owned())
    });
    let greeting = server.out();
    let calls: Vec<&str> = greeting.lines().filter(|line| line.starts_with("curl ")).collect();
    assert!(calls.len() >= 3, "{greeting}");
    for call in calls {
        curl(call).fine();
    }
    let docs = server.get("/docs", "");
    assert!(docs.status < 400, "the greeting points to the documentation: {docs:?}");
}

#[test]
fn the_owner_of_the_demo_can_sign_in_also_after_a_reset() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-29"]);
    let sign_in = || server.call("POST", "/admin/v1/sign-in", "", &owner(&server).to_string()).fine().json();
    let token = sign_in()["token"].as_str().unwrap().to_owned();
    let account = |token: &str| {
        let bearer = format!("Bearer {token}");
        let stream = TcpStream::connect(server.address()).unwrap();
        exchange(stream, "GET", "/admin/v1/account", &[("authorization", &bearer)], b"").unwrap()
    };
    assert_eq!(account(&token).fine().json()["studios"].as_array().unwrap().len(), 3);
    sandbox(&server, "POST", "/reset", &super::token(&server), "").fine();
    assert_eq!(account(&token).fine().json()["email"], "owner@ironworks.example");
    sign_in();
}

#[test]
fn the_read_only_key_reads_and_does_not_write() {
    let place = Place::new();
    let server = start(&place, "demo", &[]);
    let (full, read_only) = keys(&server);
    let before = server.tags(&read_only);
    assert_eq!(server.put_tags(&read_only, &[""; 0]).status, 403);
    assert_eq!(server.tags(&full), before);
    server.put_tags(&full, &[""; 0]).fine();
    assert!(server.tags(&read_only).is_empty());
}
