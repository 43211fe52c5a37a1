//! `gymkeeper user`, and what a server says about those who sign in.

use std::net::TcpStream;

use gymkeeper_testkit::each_database;
use serde_json::{Value, json};

use crate::support::{Place, Run, Server, client::Answer, exchange};

const PASSWORD: &str = "correct horse battery staple";

/// Makes an account with [`PASSWORD`].
fn create(place: &Place, email: &str, roles: &[&str]) -> Run {
    let roles: Vec<&str> = roles.iter().flat_map(|role| ["--role", role]).collect();
    let arguments = [&["user", "create", "--email", email, "--name", "Ada Berg"], roles.as_slice()].concat();
    Run::reading(place.command(&arguments), &format!("{PASSWORD}\n"))
}

fn listed(place: &Place) -> Vec<Value> {
    place.run(&["user", "list", "--json"]).json().as_array().unwrap().clone()
}

fn sign_in(server: &Server, email: &str, password: &str) -> Answer {
    server.call("POST", "/admin/v1/sign-in", "", &json!({ "email": email, "password": password }).to_string())
}

fn get(server: &Server, token: &str, path: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let stream = TcpStream::connect(server.address()).unwrap();
    exchange(stream, "GET", &format!("/admin/v1{path}"), &[("authorization", &bearer)], b"").unwrap()
}

#[test]
fn accounts_are_made_listed_changed_and_closed() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        assert_eq!(create(&place, "Ada@Gym.example", &["owner"]).succeeds(), "ada@gym.example can sign in\n");
        let made = place.run(&[
            "user",
            "create",
            "--email",
            "bo@gym.example",
            "--name",
            "Bo",
            "--role",
            "desk@north",
            "--role",
            "read-only@south",
            "--generate",
            "--json",
        ]);
        let made = made.json();
        let password = made["password"].as_str().unwrap().to_owned();
        assert!(password.len() >= 12, "{made}");
        let rows = listed(&place);
        assert_eq!(rows.len(), 2);
        assert_eq!((&rows[0]["roles"], &rows[0]["state"]), (&json!(["owner"]), &json!("open")));
        assert_eq!((&rows[1]["id"], &rows[1]["roles"]), (&made["id"], &json!(["desk@north", "read-only@south"])));
        let text = format!("{rows:?}{}", place.run(&["user", "list"]).succeeds());
        assert!(text.contains("bo@gym.example") && !text.contains("argon2") && !text.contains(&password), "{text}");

        let server = place.serve();
        let token = |answer: Answer| answer.fine().json()["token"].as_str().unwrap().to_owned();
        let ada = token(sign_in(&server, "ada@gym.example", PASSWORD));
        assert_eq!(get(&server, &ada, "/staff").fine().json().as_array().unwrap().len(), 2);
        let bo = token(sign_in(&server, "bo@gym.example", &password));
        assert_eq!(get(&server, &bo, "/staff").status, 403);
        place.run(&["user", "roles", "bo@gym.example", "--role", "owner"]).succeeds();
        assert_eq!(get(&server, &bo, "/staff").status, 200, "at once, in a server that runs");
        let shown = place.run(&["user", "password", "BO@gym.example", "--generate", "--remove-totp"]);
        assert!(shown.err.contains("It is not shown again."), "{}", shown.err);
        let shown = shown.succeeds();
        let fresh = shown.lines().next().unwrap();
        assert_eq!(get(&server, &bo, "/staff").status, 401);
        assert_eq!(sign_in(&server, "bo@gym.example", &password).status, 401);
        let bo = token(sign_in(&server, "bo@gym.example", fresh));
        place.run(&["user", "disable", "bo@gym.example"]).succeeds();
        assert_eq!(get(&server, &bo, "/staff").status, 401);
        assert_eq!(listed(&place)[1]["state"], "closed");
        place.run(&["user", "enable", "bo@gym.example"]).succeeds();
        sign_in(&server, "bo@gym.example", fresh).fine();
        let audit = place.run(&["audit", "list", "--json"]).succeeds();
        for word in [PASSWORD, &password, fresh, &ada, "argon2", "Ada Berg", "ada@gym"] {
            assert!(!audit.contains(word), "{word} is in the journal");
        }
        assert!(audit.contains("staff.created") && audit.contains("staff.signed-in"), "{audit}");
    });
}

#[test]
fn what_cannot_be_is_said_with_what_to_do() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        create(&place, "ada@gym.example", &["owner"]).succeeds();
        create(&place, "ada@gym.example", &["owner"]).fails_with(&["already"]);
        create(&place, "nobody", &["owner"]).fails_with(&["email"]);
        create(&place, "bo@gym.example", &["dask@north"]).fails_with(&["\"dask\" is no role", "did you mean desk?"]);
        create(&place, "bo@gym.example", &["desk"]).fails_with(&["desk@KEY", "north, south, west"]);
        create(&place, "bo@gym.example", &["desk@nort"]).fails_with(&["no studio \"nort\"", "north, south, west"]);
        create(&place, "bo@gym.example", &["owner@north"]).fails_with(&["every studio"]);
        create(&place, "bo@gym.example", &["owner", "desk@north"]).fails();
        create(&place, "bo@gym.example", &["desk@north", "trainer@north"]).fails();
        let arguments = ["user", "create", "--email", "bo@gym.example", "--name", "Bo", "--role", "owner"];
        place.run(&arguments).fails_with(&["no password was given", "--generate"]);
        Run::reading(place.command(&arguments), "too short\n").fails_with(&["12 to 128 characters"]);
        place.run(&["user", "disable", "ada@gym.example"]).fails_with(&["last open account of an owner"]);
        place.run(&["user", "roles", "ada@gym.example", "--role", "desk@north"]).fails_with(&["last open account"]);
        place.run(&["user", "disable", "eve@gym.example"]).fails_with(&["no account \"eve@gym.example\"", "user list"]);
        assert_eq!(listed(&place).len(), 1);
    });
}

#[test]
fn nothing_secret_gets_into_the_log() {
    let place = Place::new().with_small_gym();
    create(&place, "ada@gym.example", &["owner"]).succeeds();
    let mut command = place.command(&["serve"]);
    command.env("GYMKEEPER_LOG_LEVEL", "trace").env("GYMKEEPER_LOG_REQUESTS", "all");
    let server = Server::start(command);
    sign_in(&server, "ada@gym.example", "a wrong but long one");
    let token = sign_in(&server, "ada@gym.example", PASSWORD).fine().json()["token"].as_str().unwrap().to_owned();
    get(&server, &token, "/account").fine();
    let bearer = format!("Bearer {token}");
    let send = |path: &str, body: &str| {
        let stream = TcpStream::connect(server.address()).unwrap();
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        exchange(stream, "POST", &format!("/admin/v1{path}"), &headers, body.as_bytes()).unwrap()
    };
    let offer = send("/account/totp", &json!({ "currentPassword": PASSWORD }).to_string()).fine().json();
    let secret = offer["secret"].as_str().unwrap();
    send("/account/totp", &json!({ "currentPassword": 7, "more": PASSWORD }).to_string());
    let log = server.stop();
    assert!(log.contains("operation=\"signIn\"") || log.contains("operation=signIn"), "{log}");
    assert!(log.contains("a sign-in was refused"), "{log}");
    for word in [PASSWORD, "a wrong but long one", token.as_str(), secret, "argon2", "ada@gym"] {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
    }
}
