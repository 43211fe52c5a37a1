//! Nobody of one studio learns anything about a customer of another one but through the cross-studio operations, and nobody of another
//! tenant at all (AUTH-6, X-1). Whatever operation there is that takes a customer, or something of one, is asked for somebody whose
//! every word stands nowhere else; and so is every list.

use gymkeeper_contract::operations::{Group, Method, Operation, find};
use gymkeeper_server::{
    actions::key::{self, Grant},
    http::openapi,
};
use gymkeeper_store::{customer, tenant::TenantId};
use serde_json::{Value, json};

use super::{existing, existing_path, implemented, query, send};
use crate::support::{Answer, Gym, MEMBERS, picture, with_gym};

/// Somebody of the south, in place of the fixture's.
const STRANGER: &str = r#"      - key: dora
        first_name: Zaphira
        second_first_name: Ottoline
        last_name: Quixwell
        gender: FEMALE
        date_of_birth: 1977-07-27
        email: zq@mail.invalid
        phones: { private: "+49 30 99887766", private_mobile: "0171 99887755" }
        address: { street: Xylophonweg, house_number: 4711b, zip: "ZQ-98989", city: Qwertzhausen }
        customer_number: 2-77001
        debtor_id: DEBT-ZQ
        access_mediums:
          - { type: CARD_NUMBER, value: "77771716" }
          - { type: PIN, value: "86420975" }
          - { type: BARCODE, value: 16fd2706-8baf-433b-82eb-8c7fada847da }
        restrictions: [{ reason: Quarrel, from: 2027-01-01, to: 2027-01-02 }]
        information: { remark: Plays the theremin, locker: "918273645" }
        bank_account: { account_holder: Zaphira Quixwell, bank_name: Theremin Bank, iban: AT61 1904 3002 3457 3201 }
        contracts:
          - { offer: southern, start: 2026-11-01, idle_periods: [{ from: 2026-11-28, to: 2026-11-29, reason: Concert }] }
"#;

/// Words that stand with her and nobody else, each in some answer to her own studio.
const WORDS: &[&str] = &[
    "Zaphira",
    "Ottoline",
    "Quixwell",
    "1977-07-27",
    "zq@mail",
    "99887766",
    "99887755",
    "Xylophonweg",
    "4711b",
    "ZQ-98989",
    "Qwertzhausen",
    "77771716",
    "86420975",
    "16fd2706",
    "Quarrel",
    "theremin",
    "918273645",
    "Theremin",
    "Concert",
    "attest-zq",
    "2-77001",
];

/// What somebody is known by in a query, and by what she is.
const KNOWN_BY: &[(&str, &str)] = &[
    ("cardNumber", "77771716"),
    ("barcode", "16fd2706-8baf-433b-82eb-8c7fada847da"),
    ("qrCodeUuid", "16fd2706-8baf-433b-82eb-8c7fada847da"),
    ("pin", "86420975"),
    ("customerNumber", "2-77001"),
    ("debtorId", "DEBT-ZQ"),
];

/// The fixture with the stranger.
fn with_stranger() -> String {
    let (before, _) = MEMBERS.split_once("      - key: dora\n").unwrap();
    let name = "    name: Acme South\n";
    format!("{}{STRANGER}", before.replacen(name, &format!("{name}    access_code_enabled: true\n"), 1))
}

/// The first of the words that an answer has. The number of a failure is made of chance, which makes any word in the end.
fn word_in(answer: &Answer) -> Option<&'static str> {
    let mut text = answer.text();
    if let Ok(Value::Object(mut fields)) = serde_json::from_str(&text) {
        fields.remove("traceId");
        text = Value::Object(fields).to_string();
    }
    WORDS.iter().copied().find(|word| text.contains(word))
}

/// A request for her, or for something of hers.
struct Request {
    operation: &'static Operation,
    path: String,
    /// For operations that name the customer in their body.
    body: Option<String>,
}

impl Request {
    async fn send(&self, gym: &Gym, key: &str) -> Answer {
        match &self.body {
            Some(body) => gym.send_json(self.operation.method.as_str(), key, &self.path, body).await,
            None => send(gym, key, self.operation, &self.path).await,
        }
    }
}

/// A key of a program of its own for a studio.
async fn key_of_others(gym: &Gym, tenant: TenantId, studio: &str) -> String {
    let studio = gym.studio_of(tenant, studio).await;
    gym.act_in(tenant, move |change| {
        let grant = Grant { studio, integration: "others".to_owned(), scopes: None, expires_at: None };
        key::create(change, &grant, &key::fresh_text())
    })
    .await
    .text
}

/// Every request that names the stranger of a tenant, by what the document says that operations take.
async fn requests(gym: &Gym, tenant: TenantId) -> Vec<Request> {
    let (document, mut requests) = (openapi(), Vec::new());
    let dora = gym.customer_of(tenant, "south", "dora").await;
    let of_south = async |name: &str, operation: &Operation| existing(gym, tenant, "south", operation, name).await;
    for id in implemented(gym).into_keys() {
        let operation = find(id).unwrap();
        let told = &document["paths"][operation.path][operation.method.as_str().to_ascii_lowercase()];
        let mut path = operation.path.replace("{benefitKey}", "towel");
        let mut ids = 0;
        for name in operation.placeholders().filter(|name| *name != "benefitKey") {
            path = path.replace(&format!("{{{name}}}"), &of_south(name, operation).await.to_string());
            ids += 1;
        }
        let parameters = told["parameters"].as_array().cloned().unwrap_or_default();
        let takes = |name: &str| parameters.iter().any(|one| one["in"] == "query" && one["name"] == name);
        let schema = &told["requestBody"]["content"]["application/json"]["schema"];
        let schema = match schema["$ref"].as_str() {
            Some(name) => document.pointer(name.trim_start_matches('#')).unwrap(),
            None => schema,
        };
        if ids == 0 && schema["properties"].get("customerId").is_some() {
            // What is not asked for is ignored (ERR-7), so this does for classes and appointments.
            let yoga = super::first_slot(gym, gym.tenant, gym.studio("north").await).await.id;
            let check = super::appointment_of(gym, gym.tenant, gym.studio("north").await).await;
            let body = json!({
                "customerId": dora, "classSlotId": yoga, "bookableAppointmentId": check,
                "startDateTime": "2026-12-15T06:15:00+01:00", "endDateTime": "2026-12-15T06:45:00+01:00",
            });
            requests.push(Request { operation, path, body: Some(body.to_string()) });
        } else if takes("customerId") {
            requests.push(Request { operation, path: format!("{path}?customerId={dora}"), body: None });
        } else if ids > 0 {
            requests.push(Request { operation, path, body: None });
        } else {
            for (name, value) in KNOWN_BY.iter().filter(|(name, _)| takes(name)) {
                requests.push(Request { operation, path: format!("{path}?{name}={value}"), body: None });
            }
        }
    }
    assert!(requests.len() >= 60, "{}", requests.len());
    requests
}

/// What she is searched for by.
fn searches() -> Vec<Value> {
    vec![
        json!({ "firstName": "Zaphira" }),
        json!({ "lastName": "quix" }),
        json!({ "email": "ZQ@mail.invalid" }),
        json!({ "dateOfBirth": "1977-07-27" }),
        json!({ "phoneNumber": "+49 30 99887766" }),
        json!({ "phoneNumber": "0171 99887755", "firstName": "z" }),
    ]
}

const SEARCHES: &[&str] = &["/v1/customers/search", "/v1/cross-studio/customers/search"];

/// Gives the stranger papers, a picture and a visit, and makes sure that her own studio is told each of the words, so that it says
/// something when another one is told none.
async fn is_told_to_her_own_studio(gym: &Gym, tenant: TenantId, requests: &[Request]) {
    let (key, dora) = (key_of_others(gym, tenant, "south").await, gym.customer_of(tenant, "south", "dora").await);
    let at = |below: &str| format!("/v1/customers/{dora}/{below}");
    gym.send_form("POST", &key, &at("documents"), "file", "attest-zq.pdf", b"%PDF-1.4").await.json();
    gym.send_form("PUT", &key, &at("images"), "image", "a.png", &picture(8, 8)).await.json();
    gym.send_json("POST", &key, &at("checkin"), "").await.json();
    let mut seen = String::new();
    for request in requests.iter().filter(|request| request.operation.method == Method::Get) {
        let answer = request.send(gym, &key).await;
        assert_eq!(answer.status, 200, "{}: {}", request.path, answer.text());
        seen.push_str(&answer.text());
    }
    for word in WORDS {
        assert!(seen.contains(word), "{word} is told to nobody");
    }
    for body in searches() {
        for path in SEARCHES {
            let found = gym.send_json("POST", &key, path, &body.to_string()).await;
            assert_eq!(word_in(&found), Some("Zaphira"), "{path} {body}");
        }
    }
}

/// No list and nothing of a studio's own has a word of her, and no search finds her.
async fn stands_in_no_list(gym: &Gym, key: &str) {
    let mut paths = Vec::new();
    for id in implemented(gym).into_keys() {
        let operation = find(id).unwrap();
        if operation.method != Method::Get {
            continue;
        }
        paths.push(existing_path(gym, operation).await + query(operation));
        if id == "getCustomers" {
            paths.extend(
                ["PROSPECT", "FORMER_MEMBER"].map(|status| format!("{}?customerStatus={status}", operation.path)),
            );
        }
    }
    assert!(paths.len() >= 40, "{}", paths.len());
    for path in paths {
        let answer = gym.get(key, &path).await;
        assert_eq!((answer.status, word_in(&answer)), (200, None), "{path}: {}", answer.text());
    }
    for body in searches() {
        for path in SEARCHES {
            let found = gym.send_json("POST", key, path, &body.to_string()).await;
            assert_eq!(found.json(), json!([]), "{path} {body}");
        }
    }
}

#[test]
fn auth_6_no_operation_tells_a_studio_anything_about_a_customer_of_another_one() {
    with_gym(&with_stranger(), |gym| async move {
        let requests = requests(&gym, gym.tenant).await;
        is_told_to_her_own_studio(&gym, gym.tenant, &requests).await;
        let key = gym.key("north").await;
        let before = gym.end_of_journal().await;
        for request in &requests {
            let answer = request.send(&gym, &key).await;
            assert_eq!(word_in(&answer), None, "{}: {}", request.path, answer.text());
            // X-1: the integration is not active there.
            if request.operation.group == Group::CrossStudio {
                answer.refusal(404, "errormessage.customer.not.found");
            } else {
                answer.refusal(403, "errormessage.authorization.other.studio");
            }
        }
        assert_eq!(gym.end_of_journal().await, before);
        stands_in_no_list(&gym, &key).await;
    });
}

#[test]
fn auth_6_no_operation_tells_a_tenant_anything_about_a_customer_of_another_one() {
    with_gym(MEMBERS, |gym| async move {
        let other = gym.apply(&with_stranger().replace("key: acme", "key: umbrella")).await;
        let requests = requests(&gym, other).await;
        is_told_to_her_own_studio(&gym, other, &requests).await;
        // Also with the same integration in every studio of this tenant.
        for studio in ["north", "south"] {
            let key = gym.key(studio).await;
            let before = gym.end_of_journal().await;
            for request in &requests {
                let answer = request.send(&gym, &key).await;
                assert_eq!((answer.status, word_in(&answer)), (404, None), "{}: {}", request.path, answer.text());
                assert!(answer.text().contains(".not.found"), "{}: {}", request.path, answer.text());
            }
            assert_eq!(gym.end_of_journal().await, before);
        }
        let key = gym.key("north").await;
        stands_in_no_list(&gym, &key).await;
        let tenant = gym.tenant;
        let dora = gym.customer_of(other, "south", "dora").await;
        assert!(gym.app.db.read(move |tx| customer::by_id(tx, tenant, dora)).await.unwrap().is_none());
    });
}
