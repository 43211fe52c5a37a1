//! The back office: a generated look at every operation, and each resource in turn.

mod absences;
mod access_mediums;
mod account;
mod amendments;
mod appointments;
mod archive;
mod attempts;
mod bank_account;
mod calendar_feeds;
mod classes;
mod communication;
mod consents;
mod customer_care;
mod customer_files;
mod customers;
mod desk;
mod employees;
mod information_fields;
mod inventory;
mod leads;
mod matrix;
mod notes;
mod packs;
mod restrictions;
mod sessions;
mod slot_resources;
mod staff;
mod waiting;

use gymkeeper_domain::staff::{Grant, Grants, Role};
use gymkeeper_server::{
    actions::{
        change::{Actor, By, Change},
        staff as accounts,
    },
    http::failure::Failure,
    password,
};
use gymkeeper_store::{
    journal::{self, Record},
    staff::NewStaff,
    tenant::{self, TenantId},
};

use crate::support::{Answer, Gym};

/// The password of accounts that sign in.
const PASSWORD: &str = "correct horse battery staple";
const SESSION_INVALID: &str = "errormessage.authentication.session.invalid";
const RIGHT_MISSING: &str = "errormessage.authorization.right.missing";

/// Does something in a tenant, as the command line would.
async fn act<T: Send + 'static>(
    gym: &Gym,
    tenant: TenantId,
    mut act: impl FnMut(&mut Change<'_, '_>) -> Result<T, Failure> + Send + 'static,
) -> T {
    let by = By::new(Actor::Cli("tests".to_owned()), gym.app.clock.now());
    let done = gym.app.db.write(move |tx| {
        let tenant = tenant::by_id(tx, tenant)?.unwrap();
        act(&mut by.changes(tx, &tenant))
    });
    done.await.unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn role(role: Role, studio: i64) -> Grants {
    Grants::new(vec![Grant { role, studio: (role != Role::Owner).then_some(studio) }])
}

fn owner() -> Grants {
    role(Role::Owner, 0)
}

/// An account that has no password and can therefore not sign in; answers its id.
async fn account(gym: &Gym, tenant: TenantId, email: &str, grants: Grants) -> i64 {
    let new = NewStaff { email: email.to_owned(), name: "Ada Berg".to_owned(), password_hash: "none".to_owned() };
    act(gym, tenant, move |change| accounts::create(change, &new, &grants)).await
}

/// An account with [`PASSWORD`].
async fn account_with_password(gym: &Gym, email: &str, grants: Grants) -> i64 {
    let password_hash = password::hash_with(PASSWORD, &[7; 16]).unwrap();
    let new = NewStaff { email: email.to_owned(), name: "Ada Berg".to_owned(), password_hash };
    act(gym, gym.tenant, move |change| accounts::create(change, &new, &grants)).await
}

/// A fresh session of an account.
async fn session(gym: &Gym, tenant: TenantId, id: i64) -> String {
    let token = accounts::fresh_token();
    act(gym, tenant, move |change| accounts::begin_session(change, id, &token)).await.token
}

/// A session of a new account with a role in a studio of the test's tenant.
pub(crate) async fn signed_in(gym: &Gym, held: Role, studio: &str) -> String {
    let studio = gym.studio(studio).await;
    let email = format!("{}@{studio}.example", held.name().to_lowercase());
    let id = account(gym, gym.tenant, &email, role(held, studio)).await;
    session(gym, gym.tenant, id).await
}

/// A request with a session.
pub(crate) async fn call(gym: &Gym, token: &str, method: &str, path: &str, body: &str) -> Answer {
    call_with(gym, token, method, path, &[], body).await
}

/// A request with a session and more headers.
async fn call_with(gym: &Gym, token: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let own = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let answer = gym.send(method, &format!("/admin/v1{path}"), &[&own, headers].concat(), body).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer
}

/// A request with a session whose body is bytes.
async fn send_bytes(gym: &Gym, token: &str, method: &str, path: &str, bytes: &[u8]) -> Answer {
    let head = format!(
        "{method} /admin/v1{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-length: {}\r\n\r\n",
        bytes.len()
    );
    gym.send_raw(&[head.as_bytes(), bytes].concat()).await
}

/// A try to sign in.
async fn sign_in(gym: &Gym, email: &str, password: &str, code: Option<&str>) -> Answer {
    let body = serde_json::json!({ "email": email, "password": password, "code": code }).to_string();
    gym.send("POST", "/admin/v1/sign-in", &[("content-type", "application/json")], &body).await
}

/// The path to something of a customer, such as `/notes`.
pub(crate) async fn customer_path(gym: &Gym, studio: &str, customer: i64, below: &str) -> String {
    format!("/studios/{}/customers/{customer}{below}", gym.studio(studio).await)
}

/// The whole journal of the test's tenant.
async fn records(gym: &Gym) -> Vec<Record> {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| journal::list(tx, tenant, 0, 10_000)).await.unwrap()
}

/// The last record of the journal: actor, action, subject.
async fn last_record(gym: &Gym) -> (String, String, String) {
    let record = records(gym).await.pop().unwrap();
    (record.actor, record.action, record.subject.unwrap_or_default())
}
