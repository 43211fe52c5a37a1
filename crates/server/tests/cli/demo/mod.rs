//! `gymkeeper demo`.

mod contents;
mod greeting;
mod keeping;
mod numbers;
mod people;
mod provoke;
mod sameness;
mod serving;

use std::{net::TcpStream, process::Command};

use serde_json::Value;

use crate::support::{Place, Server, client, exchange};

/// A demo on a free port, in the folder `name` of the place.
fn demo(place: &Place, name: &str, more: &[&str]) -> Command {
    place.command(&[&["demo", "--port", "0", "--data", name], more].concat())
}

fn start(place: &Place, name: &str, more: &[&str]) -> Server {
    Server::start_demo(demo(place, name, &[&["--json"], more].concat()))
}

/// The keys that a demo printed: with all scopes, and read only.
fn keys(server: &Server) -> (String, String) {
    let object: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    let key = |name: &str| object["apiKeys"][name].as_str().unwrap().to_owned();
    (key("full"), key("readOnly"))
}

/// The sandbox token that a demo printed.
fn token(server: &Server) -> String {
    let object: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    object["sandboxToken"].as_str().unwrap().to_owned()
}

/// The owner's account that a demo printed.
fn owner(server: &Server) -> Value {
    let object: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    object["owner"].clone()
}

/// A request to a demo's sandbox API.
fn sandbox(server: &Server, method: &str, path: &str, token: &str, body: &str) -> client::Answer {
    let stream = TcpStream::connect(server.address()).unwrap();
    let bearer = format!("Bearer {token}");
    exchange(stream, method, &format!("/sandbox/v1{path}"), &[("authorization", &bearer)], body.as_bytes()).unwrap()
}

/// The appointments that these customers have booked.
fn appointments(server: &Server, key: &str, customers: &[Value]) -> Vec<Value> {
    let of = |customer: &Value| {
        let path = format!("/v1/appointments/booking?customerId={}", customer["id"]);
        server.get(&path, key).fine().json().as_array().unwrap().clone()
    };
    customers.iter().flat_map(of).collect()
}

/// The back office of a demo, with its owner at it.
struct BackOffice<'s> {
    server: &'s Server,
    bearer: String,
}

impl<'s> BackOffice<'s> {
    fn of(server: &'s Server) -> Self {
        let signed_in = server.call("POST", "/admin/v1/sign-in", "", &owner(server).to_string()).fine().json();
        Self { server, bearer: format!("Bearer {}", signed_in["token"].as_str().unwrap()) }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let headers = [("authorization", self.bearer.as_str()), ("content-type", "application/json")];
        let stream = TcpStream::connect(self.server.address()).unwrap();
        exchange(stream, method, &format!("/admin/v1{path}"), &headers, body.as_bytes()).unwrap().fine().json()
    }

    /// The id of a studio by its name.
    fn studio(&self, name: &str) -> i64 {
        let account = self.ask("GET", "/account", "");
        let studios = account["studios"].as_array().unwrap();
        studios.iter().find(|studio| studio["name"] == name).unwrap_or_else(|| panic!("{account}"))["studioId"]
            .as_i64()
            .unwrap()
    }

    /// All rows of a list that is paged by a cursor and has a query.
    fn all(&self, path: &str) -> Vec<Value> {
        let (mut rows, mut offset) = (Vec::new(), "0".to_owned());
        loop {
            let slice = self.ask("GET", &format!("{path}&sliceSize=100&offset={offset}"), "");
            rows.extend(slice["result"].as_array().unwrap().iter().cloned());
            if slice["hasNext"] == false {
                return rows;
            }
            slice["offset"].as_str().unwrap().clone_into(&mut offset);
        }
    }
}
