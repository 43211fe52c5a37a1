//! Every operation of the back office with every role, from the table: who is let in, and who is not.

use std::collections::BTreeSet;

use gymkeeper_contract::admin::{self, Needs, Operation};
use gymkeeper_domain::staff::{Right, Role};
use gymkeeper_server::http;

use super::{RIGHT_MISSING, SESSION_INVALID, account, call, owner, role, session};
use crate::support::{SMALL, with_gym};

/// The operation's path below the prefix, with that studio and the id 0, which nothing has.
fn path(operation: &Operation, studio: &str) -> String {
    let part = |part: &str| match part {
        "{studioId}" => studio.to_owned(),
        part if part.starts_with('{') => "0".to_owned(),
        part => part.to_owned(),
    };
    let parts: Vec<String> = operation.path.strip_prefix(admin::PREFIX).unwrap().split('/').map(part).collect();
    parts.join("/")
}

/// Whether a role in the studio of the path may call it, by the tables alone.
fn may(held: Role, operation: &Operation) -> bool {
    match operation.needs {
        Needs::Nothing | Needs::Session => true,
        Needs::Right(right) => {
            let has = held.has(Right::parse(&right.name()).unwrap());
            has && (operation.is_of_studio() || held == Role::Owner)
        }
    }
}

#[test]
fn every_operation_is_mounted_described_and_its_path_known() {
    let links = std::sync::Arc::new(http::links::Links::new("", "", std::path::PathBuf::new()));
    let mounted: BTreeSet<&str> = http::admin::mounted(&links).iter().map(|mounted| mounted.operation.id).collect();
    assert_eq!(mounted, admin::operations().map(|operation| operation.id).collect());
    for mounted in http::admin::mounted(&links) {
        assert_eq!(mounted.described().problems(), Vec::<String>::new());
    }
    let document = http::admin::openapi();
    assert_eq!(document["security"][0]["session"], serde_json::json!([]));
    let list = &document["paths"]["/admin/v1/studios/{studioId}/employees"]["get"];
    assert_eq!(list["x-required-right"], "EMPLOYEES_READ");
    assert_eq!(list["parameters"][0]["name"], "studioId");
    let text = document.to_string();
    assert!(!text.contains("x-required-scopes") && !text.contains("X-API-KEY"));
}

#[test]
fn every_role_may_do_what_the_tables_say_and_nothing_else() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let other = gym.apply(&SMALL.replace("key: acme", "key: umbrella")).await;
        let elsewhere = gym.studio_of(other, "north").await.to_string();
        let stranger = account(&gym, other, "stranger@umbrella.example", owner()).await;
        // An owner who stays, so that the others can be closed.
        account(&gym, gym.tenant, "first@acme.example", owner()).await;
        let (north_text, south_text) = (north.to_string(), south.to_string());
        let mut refused = 0;
        for held in Role::ALL {
            let id = account(&gym, gym.tenant, &format!("{}@acme.example", held.name()), role(*held, north)).await;
            for operation in admin::operations().filter(|operation| operation.needs != Needs::Nothing) {
                let (name, method) = (operation.id, operation.method.as_str());
                let what = format!("{name} as {held:?}");
                let token = session(&gym, gym.tenant, id).await;
                let answer = call(&gym, &token, method, &path(operation, &north_text), "").await;
                if may(*held, operation) {
                    assert!(matches!(answer.status, 200 | 400 | 404), "{what}: {}", answer.text());
                } else {
                    refused += 1;
                    let body = answer.refusal(403, RIGHT_MISSING);
                    let Needs::Right(right) = operation.needs else { panic!("{what}") };
                    assert!(body.error_message.contains(&right.name()), "{what}: {}", body.error_message);
                }
                if operation.is_of_studio() {
                    let of_owner = *held == Role::Owner;
                    let token = session(&gym, gym.tenant, id).await;
                    let answer = call(&gym, &token, method, &path(operation, &south_text), "").await;
                    assert_eq!(answer.status != 403, of_owner, "{what} in another studio: {}", answer.text());
                    for nowhere in [elsewhere.as_str(), "0", "9223372036854775807"] {
                        let answer = call(&gym, &token, method, &path(operation, nowhere), "{}").await;
                        let expected: &[u16] = if of_owner { &[404, 400] } else { &[403] };
                        assert!(expected.contains(&answer.status), "{what} in {nowhere}: {}", answer.text());
                    }
                    let answer = call(&gym, &token, method, &path(operation, "x"), "{}").await;
                    assert_eq!(answer.status, if of_owner { 400 } else { 403 }, "{what}: {}", answer.text());
                    let token = session(&gym, other, stranger).await;
                    let answer = call(&gym, &token, method, &path(operation, &north_text), "{}").await;
                    assert!([404, 400].contains(&answer.status), "{what} by a stranger: {}", answer.text());
                }
            }
        }
        assert!(refused > 30, "{refused}");
    });
}

#[test]
fn without_a_session_nobody_learns_anything() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        for operation in admin::operations().filter(|operation| operation.needs != Needs::Nothing) {
            let path = operation.path.replace(['{', '}'], "");
            let bearers = ["", "Bearer", "Bearer ", "Bearer gks_wrong", "Basic YTpi", &format!("Bearer {key}")];
            for bearer in bearers {
                let headers = [("authorization", bearer), ("x-api-key", key.as_str())];
                let answer = gym.send(operation.method.as_str(), &path, &headers, "{").await;
                answer.refusal(401, SESSION_INVALID);
            }
        }
        for (method, path) in [("GET", "/admin/v1/nothing"), ("PATCH", "/admin/v1/staff"), ("HEAD", "/admin/v1/staff")]
        {
            assert_eq!(gym.send(method, path, &[], "").await.status, 401, "{method} {path}");
        }
        let token = super::signed_in(&gym, Role::Desk, "north").await;
        call(&gym, &token, "GET", "/nothing", "").await.refusal(404, "errormessage.path.not.found");
        let answer = call(&gym, &token, "DELETE", "/staff", "").await;
        answer.refusal(405, "errormessage.method.not.allowed");
        assert_eq!(answer.header("allow"), Some("GET, POST"));
        // A session opens nothing else, and a key nothing here.
        gym.get(&token, "/v1/employees").await.refusal(401, "errormessage.authentication.api.key.invalid");
    });
}

#[test]
fn what_the_roles_may_do_is_as_the_guide_says() {
    for (held, id, allowed) in [
        (Role::Owner, "listStaff", true),
        (Role::Manager, "listStaff", false),
        (Role::Manager, "updateEmployee", true),
        (Role::Manager, "archiveEmployee", true),
        (Role::Desk, "updateEmployee", false),
        (Role::Desk, "getEmployee", true),
        (Role::Trainer, "setEmployeeImage", false),
        (Role::Trainer, "listEmployees", true),
        (Role::ReadOnly, "createEmployee", false),
        (Role::ReadOnly, "getEmployee", true),
        (Role::ReadOnly, "changePassword", true),
        (Role::Manager, "archiveCustomer", true),
        (Role::Manager, "acceptAmendment", true),
        (Role::Desk, "createCustomer", true),
        (Role::Desk, "setThirdPartyAccess", true),
        (Role::Desk, "setRestriction", true),
        (Role::Desk, "archiveCustomer", false),
        (Role::Desk, "listAmendments", true),
        (Role::Desk, "getAmendment", false),
        (Role::Trainer, "getCustomer", true),
        (Role::Trainer, "addCustomerNote", false),
        (Role::ReadOnly, "searchCustomers", true),
        (Role::ReadOnly, "liftRestriction", false),
        (Role::Manager, "createClass", true),
        (Role::Manager, "retireTrialOffer", true),
        (Role::Desk, "updateClassSeries", false),
        (Role::Desk, "listClasses", true),
        (Role::Trainer, "createRoom", false),
        (Role::Trainer, "getClassSeries", true),
        (Role::ReadOnly, "listAppointmentTypes", true),
        (Role::ReadOnly, "updateAppointmentType", false),
    ] {
        let operation = admin::operations().find(|operation| operation.id == id).unwrap();
        assert_eq!(may(held, operation), allowed, "{held:?} {id}");
    }
}
