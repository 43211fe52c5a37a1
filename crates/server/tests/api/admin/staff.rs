//! Accounts of staff, as an owner looks after them.

use std::sync::Arc;

use gymkeeper_domain::staff::Role;
use gymkeeper_server::actions::staff as accounts;
use serde_json::{Value, json};

use super::{
    PASSWORD, SESSION_INVALID, account, account_with_password, act, call, call_with, last_record, owner, session,
    sign_in,
};
use crate::support::{SMALL, with_gym};

fn new(email: &str, roles: &Value) -> String {
    json!({ "email": email, "name": " Bo Lund ", "password": PASSWORD, "roles": roles }).to_string()
}

#[test]
fn an_owner_makes_accounts_changes_their_roles_and_closes_them() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let ada = account(&gym, gym.tenant, "ada@acme.example", owner()).await;
        let token = session(&gym, gym.tenant, ada).await;
        let roles = json!([{ "role": "DESK", "studioId": north }, { "role": "MANAGER", "studioId": south }]);
        let body = new("Bo@Acme.example", &roles);
        let tried = call_with(&gym, &token, "POST", "/staff", &[("gymkeeper-dry-run", "true")], &body).await.json();
        assert_eq!(tried["id"], 9_000_000_000_000_001_i64);
        let made = call(&gym, &token, "POST", "/staff", &body).await.json();
        let id = made["id"].as_i64().unwrap();
        assert_eq!((made["email"].as_str(), made["name"].as_str()), (Some("bo@acme.example"), Some("Bo Lund")));
        assert_eq!((&made["roles"], &made["totp"]), (&roles, &json!(false)));
        assert_eq!(
            last_record(&gym).await,
            (format!("staff:{ada}"), "staff.created".to_owned(), format!("staff:{id}"))
        );

        let path = format!("/staff/{id}");
        assert_eq!(call(&gym, &token, "GET", &path, "").await.json(), made);
        // Who looks at whom is on record, and nothing of what there was to see.
        assert_eq!(last_record(&gym).await, (format!("staff:{ada}"), "staff.read".to_owned(), format!("staff:{id}")));
        let list = call(&gym, &token, "GET", "/staff", "").await.json();
        assert_eq!(list.as_array().unwrap().len(), 2);
        assert_eq!(list[1], made);

        let bo = sign_in(&gym, "bo@acme.example", PASSWORD, None).await.json();
        let bo = bo["token"].as_str().unwrap();
        let employees = format!("/studios/{north}/employees");
        assert_eq!(call(&gym, bo, "GET", &employees, "").await.status, 200);
        let changed = call(&gym, &token, "PUT", &format!("{path}/roles"), r#"[{"role":"OWNER"}]"#).await.json();
        assert_eq!(changed["roles"], json!([{ "role": "OWNER" }]));
        assert_eq!(call(&gym, bo, "GET", "/staff", "").await.status, 200);
        let body = r#"{"password":"chosen by the owner"}"#;
        assert_eq!(call(&gym, &token, "PUT", &format!("{path}/password"), body).await.status, 200);
        call(&gym, bo, "GET", "/account", "").await.refusal(401, SESSION_INVALID);
        let bo = sign_in(&gym, "bo@acme.example", "chosen by the owner", None).await.json();
        let bo = bo["token"].as_str().unwrap();
        assert_eq!(call(&gym, &token, "POST", &format!("{path}/disable"), "").await.status, 200);
        call(&gym, bo, "GET", "/account", "").await.refusal(401, SESSION_INVALID);
        assert_eq!(sign_in(&gym, "bo@acme.example", "chosen by the owner", None).await.status, 401);
        assert!(call(&gym, &token, "GET", &path, "").await.json()["disabledAt"].is_string());
        assert_eq!(call(&gym, &token, "POST", &format!("{path}/enable"), "").await.status, 200);
        assert_eq!(sign_in(&gym, "bo@acme.example", "chosen by the owner", None).await.status, 200);
        assert_eq!(call(&gym, &token, "DELETE", &format!("{path}/totp"), "").await.status, 200);
    });
}

#[test]
fn an_account_that_cannot_be_is_refused_with_its_field() {
    with_gym(SMALL, |gym| async move {
        let north = gym.studio("north").await;
        let other = gym.apply(&SMALL.replace("key: acme", "key: umbrella")).await;
        let elsewhere = gym.studio_of(other, "north").await;
        let ada = account(&gym, gym.tenant, "ada@acme.example", owner()).await;
        let foreign = account(&gym, other, "eve@umbrella.example", owner()).await;
        let token = session(&gym, gym.tenant, ada).await;
        let desk = json!([{ "role": "DESK", "studioId": north }]);
        let long = format!("{}@x", "a".repeat(254));
        let roles = |roles: Value| new("bo@acme.example", &roles);
        for (body, status, code, field) in [
            (new("ADA@acme.example", &desk), 400, "staff.email.taken", "email"),
            (new("nobody", &desk), 400, "validation.field.invalid", "email"),
            (new(&long, &desk), 400, "validation.field.too.long", "email"),
            (roles(json!([])), 400, "staff.roles.invalid", "roles"),
            (roles(json!([{ "role": "DESK" }])), 400, "staff.roles.invalid", "roles"),
            (roles(json!([{ "role": "OWNER", "studioId": north }])), 400, "staff.roles.invalid", "roles"),
            (roles(json!([{ "role": "DESK", "studioId": elsewhere }])), 404, "studio.not.found", "roles[0].studioId"),
            (roles(json!([{ "role": "BOSS" }])), 400, "validation.enum.unknown", "roles[0].role"),
            (desk.to_string(), 400, "validation.field.invalid", "[0]"),
        ] {
            let refusal = call(&gym, &token, "POST", "/staff", &body).await;
            let refusal = refusal.refusal(status, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref().unwrap_or_default(), field, "{body}");
        }
        let blank = json!({ "email": "bo@acme.example", "name": " ", "password": PASSWORD, "roles": desk }).to_string();
        call(&gym, &token, "POST", "/staff", &blank).await.refusal(400, "errormessage.validation.field.required");
        let short = json!({ "email": "bo@acme.example", "name": "Bo", "password": "short", "roles": desk }).to_string();
        let refusal =
            call(&gym, &token, "POST", "/staff", &short).await.refusal(400, "errormessage.staff.password.length");
        assert!(refusal.error_message.contains("12 to 128"), "{}", refusal.error_message);
        for id in [0, -1, foreign, i64::MAX] {
            for (method, path, body) in [
                ("GET", "", ""),
                ("PUT", "/roles", r#"[{"role":"OWNER"}]"#),
                ("PUT", "/password", r#"{"password":"long enough it is"}"#),
                ("DELETE", "/totp", ""),
                ("POST", "/disable", ""),
                ("POST", "/enable", ""),
            ] {
                let answer = call(&gym, &token, method, &format!("/staff/{id}{path}"), body).await;
                answer.refusal(404, "errormessage.staff.not.found");
            }
        }
        // A session that was left open must not be enough to take the account over.
        let own = [("PUT", "/password", r#"{"password":"long enough it is"}"#), ("DELETE", "/totp", "")];
        for (method, path, body) in own {
            let answer = call(&gym, &token, method, &format!("/staff/{ada}{path}"), body).await;
            answer.refusal(400, "errormessage.staff.own.account");
        }
        let refusal =
            call(&gym, &token, "GET", "/staff/x", "").await.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("staffId"));
    });
}

#[test]
fn the_last_owner_stays_also_when_two_close_each_other_at_once() {
    with_gym(SMALL, |gym| async move {
        let ada = account(&gym, gym.tenant, "ada@acme.example", owner()).await;
        let token = session(&gym, gym.tenant, ada).await;
        let last = "errormessage.staff.last.owner";
        call(&gym, &token, "POST", &format!("/staff/{ada}/disable"), "").await.refusal(400, last);
        let north = gym.studio("north").await;
        let desk = json!([{ "role": "DESK", "studioId": north }]).to_string();
        call(&gym, &token, "PUT", &format!("/staff/{ada}/roles"), &desk).await.refusal(400, last);
        let gym = Arc::new(gym);
        for round in 0..10 {
            let of_ada = session(&gym, gym.tenant, ada).await;
            let bo = account(&gym, gym.tenant, &format!("{round}@acme.example"), owner()).await;
            let of_bo = session(&gym, gym.tenant, bo).await;
            let close = |token: String, id: i64| {
                let gym = Arc::clone(&gym);
                tokio::spawn(
                    async move { call(&gym, &token, "POST", &format!("/staff/{id}/disable"), "").await.status },
                )
            };
            let both = [close(of_bo, ada), close(of_ada, bo)];
            let mut done = 0;
            for one in both {
                let status = one.await.unwrap();
                assert!([200, 400, 401].contains(&status), "{status}");
                done += usize::from(status == 200);
            }
            assert_eq!(done, 1, "exactly one of two owners is left");
            // Ada goes on alone.
            act(&gym, gym.tenant, move |change| accounts::enable(change, ada)).await;
            act(&gym, gym.tenant, move |change| accounts::disable(change, bo)).await;
        }
    });
}

#[test]
fn an_idempotency_key_belongs_to_the_account_that_sent_it() {
    with_gym(SMALL, |gym| async move {
        let north = gym.studio("north").await;
        let manager = super::signed_in(&gym, Role::Manager, "north").await;
        let ada = account_with_password(&gym, "ada@acme.example", owner()).await;
        let token = session(&gym, gym.tenant, ada).await;
        let path = format!("/studios/{north}/employees");
        let body = r#"{"firstName":"Eve","lastName":"Dahl"}"#;
        let key = [("idempotency-key", "k1")];
        let first = call_with(&gym, &token, "POST", &path, &key, body).await;
        let again = call_with(&gym, &token, "POST", &path, &key, body).await;
        assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
        assert_eq!(first.json(), again.json());
        let of_manager = call_with(&gym, &manager, "POST", &path, &key, body).await.json();
        assert_ne!(of_manager["id"], first.json()["id"]);
        // The same in another studio is another request.
        let south = format!("/studios/{}/employees", gym.studio("south").await);
        let elsewhere = call_with(&gym, &token, "POST", &south, &key, body).await;
        elsewhere.refusal(400, "errormessage.idempotency.key.reused");
        let other = call_with(&gym, &token, "POST", &path, &key, r#"{"firstName":"Eve","lastName":"Berg"}"#).await;
        other.refusal(400, "errormessage.idempotency.key.reused");
    });
}
