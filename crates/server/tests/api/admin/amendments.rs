//! Changes that customers asked for, in the hands of staff (AMD-1 to AMD-8).

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{account, call, call_with, last_record, owner, session, signed_in};
use crate::support::{Gym, MEMBERS, with_gym};

const NOT_FOUND: &str = "errormessage.amendment.not.found";
const NOT_PENDING: &str = "errormessage.amendment.not.pending";

/// Asks for a change as the customer and answers its id.
async fn ask(gym: &Gym, customer: i64, kind: &str, body: &Value) -> i64 {
    let key = gym.key("north").await;
    let path = format!("/v1/customers/{customer}/self-service/{kind}");
    gym.send_json("POST", &key, &path, &body.to_string()).await.json()["id"].as_i64().unwrap()
}

#[test]
fn amd_3_staff_see_what_would_change_and_accept_or_reject_it() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Manager, "north").await, gym.studio("north").await);
        let ada = gym.customer("north", "ada").await;
        let id = ask(&gym, ada, "contact-data", &json!({ "email": "king@example.org", "phonePrivate": "" })).await;
        let path = format!("/studios/{north}/amendments");
        let entry = json!({
            "id": id, "customerId": ada, "customerNumber": "1-10001", "kind": "CONTACT_DATA",
            "requestedAt": "2026-11-21T11:00:00Z",
        });
        assert_eq!(call(&gym, &token, "GET", &path, "").await.json()["result"], json!([entry]));
        let of_ada = format!("/studios/{north}/customers/{ada}");
        assert_eq!(call(&gym, &token, "GET", &format!("{of_ada}/amendments"), "").await.json(), json!([entry]));
        let pending = call(&gym, &token, "GET", &of_ada, "").await.json()["pendingAmendments"].clone();
        assert_eq!(pending, json!([{ "id": id, "kind": "CONTACT_DATA", "requestedAt": "2026-11-21T11:00:00Z" }]));
        let one = format!("{path}/{id}");
        let shown = call(&gym, &token, "GET", &one, "").await.json();
        assert_eq!((&shown["state"], &shown["signed"]), (&json!("PENDING"), &Value::Null));
        let changes = json!([
            { "field": "email", "from": "Ada@Example.org", "to": "king@example.org" },
            { "field": "phonePrivate", "from": "+49 30 1234567" },
        ]);
        assert_eq!(shown["changes"], changes);
        assert_eq!(last_record(&gym).await.1, "amendment.read");

        let before = gym.end_of_journal().await;
        let dry = [("gymkeeper-dry-run", "true")];
        call_with(&gym, &token, "POST", &format!("{one}/accept"), &dry, "").await.json();
        assert_eq!(gym.end_of_journal().await, before);
        let accepted = call(&gym, &token, "POST", &format!("{one}/accept"), r#"{"note":" called her "}"#).await.json();
        assert_eq!((&accepted["state"], &accepted["note"]), (&json!("APPLIED"), &json!("called her")));
        assert_eq!((&accepted["changes"], &accepted["decidedAt"]), (&Value::Null, &json!("2026-11-21T11:00:00Z")));
        assert!(accepted["decidedBy"].as_str().unwrap().starts_with("staff:"));
        assert_eq!(gym.deeds(before).await, ["amendment.accepted CUSTOMER_UPDATED"]);
        let told = call(&gym, &token, "GET", &of_ada, "").await.json();
        assert_eq!((&told["contact"]["email"], &told["pendingAmendments"]), (&json!("king@example.org"), &json!([])));
        for what in ["accept", "reject"] {
            let body = if what == "reject" { r#"{"reason":"x"}"# } else { "" };
            call(&gym, &token, "POST", &format!("{one}/{what}"), body).await.refusal(400, NOT_PENDING);
        }

        let master = json!({
            "firstName": "Eve", "lastName": "Lovelace", "gender": "FEMALE", "dateOfBirth": "1990-12-10", "customerTitle": "NONE",
        });
        let id = ask(&gym, ada, "master-data", &master).await;
        let reject = format!("{path}/{id}/reject");
        for (body, code) in [
            ("", "json.malformed"),
            ("{}", "field.required"),
            (r#"{"reason":" "}"#, "field.required"),
            (r#"{"reason":"x","note":"y"}"#, "field.unknown"),
        ] {
            let refusal = call(&gym, &token, "POST", &reject, body).await;
            refusal.refusal(400, &format!("errormessage.validation.{code}"));
        }
        let long = json!({ "note": "x".repeat(1_001) }).to_string();
        let refusal = call(&gym, &token, "POST", &format!("{path}/{id}/accept"), &long).await;
        refusal.refusal(400, "errormessage.validation.field.too.long");
        let before = gym.end_of_journal().await;
        let rejected = call(&gym, &token, "POST", &reject, r#"{"reason":"no such passport"}"#).await.json();
        assert_eq!((&rejected["state"], &rejected["note"]), (&json!("REJECTED"), &json!("no such passport")));
        assert_eq!(gym.deeds(before).await, ["amendment.rejected"]);
        assert_eq!(call(&gym, &token, "GET", &of_ada, "").await.json()["master"]["firstName"], "Ada");
        assert_eq!(call(&gym, &token, "GET", &path, "").await.json()["result"], json!([]));
        let text = gym.said_after(0).await;
        assert!(!text.contains("king@") && !text.contains("passport"), "{text}");
    });
}

#[test]
fn amd_8_bank_data_are_masked_for_staff() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Manager, "north").await, gym.studio("north").await);
        let future = gym.customer("north", "future").await;
        let drawing = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxwYXRoIGQ9Ik0wIDBMMSAxIi8+PC9zdmc+";
        let wanted = json!({
            "accountHolder": "Future King", "bankName": "Harbour Bank", "iban": "AT61 1904 3002 3457 3201", "bic": "BKAUATWW",
            "signature": { "base64SvgSignature": drawing },
        });
        let id = ask(&gym, future, "payment-data", &wanted).await;
        let one = format!("/studios/{north}/amendments/{id}");
        let answer = call(&gym, &token, "GET", &one, "").await;
        assert!(!answer.text().contains("1904") && !answer.text().contains("0532"), "{}", answer.text());
        let shown = answer.json();
        assert_eq!(shown["signed"], true);
        let field = |name: &str| {
            let fields = shown["changes"].as_array().unwrap();
            fields.iter().find(|field| field["field"] == name).cloned()
        };
        assert_eq!(field("iban").unwrap()["from"], "DE89 **** **** **** **** 00");
        assert!(field("iban").unwrap()["to"].as_str().unwrap().starts_with("AT61 ****"));
        assert_eq!(field("bankName"), None, "what stays is not named");
        let accepted = call(&gym, &token, "POST", &format!("{one}/accept"), "").await;
        assert!(!accepted.text().contains("1904"), "{}", accepted.text());
        let told = call(&gym, &token, "GET", &format!("/studios/{north}/customers/{future}"), "").await.json();
        assert_eq!(told["bankAccount"]["accountHolder"], "Future King");
        assert_eq!(told["bankAccount"]["mandateReference"], "M-1-10005-2");
    });
}

#[test]
fn amendments_are_listed_in_slices_and_decided_by_those_who_may_in_their_own_studio() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Manager, "north").await, gym.studio("north").await);
        let south = gym.studio("south").await;
        let mut asked = Vec::new();
        for customer in ["ada", "bela", "cleo", "future", "void", "barred"] {
            let id = gym.customer("north", customer).await;
            asked.push(ask(&gym, id, "contact-data", &json!({ "phoneBusiness": "1" })).await);
            let master = json!({
                "firstName": "X", "lastName": "Y", "gender": "MALE", "dateOfBirth": "1990-12-10", "customerTitle": "NONE",
            });
            asked.push(ask(&gym, id, "master-data", &master).await);
        }
        let path = format!("/studios/{north}/amendments");
        let ids = |list: &Value| -> Vec<i64> {
            list["result"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
        };
        let first = call(&gym, &token, "GET", &format!("{path}?sliceSize=10"), "").await.json();
        assert_eq!((ids(&first), &first["hasNext"]), (asked[..10].to_vec(), &json!(true)));
        let next = format!("{path}?sliceSize=10&offset={}", first["offset"].as_str().unwrap());
        let second = call(&gym, &token, "GET", &next, "").await.json();
        assert_eq!((ids(&second), &second["hasNext"]), (asked[10..].to_vec(), &json!(false)));
        call(&gym, &token, "GET", &format!("{path}?sliceSize=1"), "")
            .await
            .refusal(400, "errormessage.validation.slice.size.out.of.range");
        // The desk sees that something waits, and neither what nor decides.
        let desk = signed_in(&gym, Role::Desk, "north").await;
        assert_eq!(ids(&call(&gym, &desk, "GET", &path, "").await.json()).len(), 12);
        let one = format!("{path}/{}", asked[0]);
        for (method, below) in [("GET", ""), ("POST", "/accept"), ("POST", "/reject")] {
            let refused = call(&gym, &desk, method, &format!("{one}{below}"), r#"{"reason":"x"}"#).await;
            refused.refusal(403, super::RIGHT_MISSING);
        }
        // Those of another studio, and of another tenant, are not there.
        let owner_here = signed_in(&gym, Role::Owner, "north").await;
        assert_eq!(
            ids(&call(&gym, &owner_here, "GET", &format!("/studios/{south}/amendments"), "").await.json()),
            [0; 0]
        );
        let other = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        let stranger = account(&gym, other, "stranger@umbrella.example", owner()).await;
        let stranger = session(&gym, other, stranger).await;
        let theirs = gym.studio_of(other, "north").await;
        for (method, below) in [("GET", ""), ("POST", "/accept"), ("POST", "/reject")] {
            let body = if below == "/reject" { r#"{"reason":"x"}"# } else { "" };
            for (token, studio) in [(&owner_here, south), (&stranger, theirs)] {
                let path = format!("/studios/{studio}/amendments/{}{below}", asked[0]);
                call(&gym, token, method, &path, body).await.refusal(404, NOT_FOUND);
            }
        }
        assert_eq!(call(&gym, &token, "GET", &one, "").await.json()["state"], "PENDING");
    });
}
