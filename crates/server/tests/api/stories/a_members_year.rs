//! A year of somebody who becomes a member: from the form on the website to the day on which programs must look away.

use gymkeeper_contract::operations::{self, OPERATIONS};
use gymkeeper_domain::staff::Role;
use gymkeeper_store::customer;
use serde_json::{Value, json};

use super::Story;
use crate::{
    admin::{call, customer_path, signed_in},
    every_operation,
    self_service::decide,
    support::{Gym, MEMBERS, with_gym},
};

/// The first studio of the fixture, whose staff looks at every change.
fn north() -> String {
    let (north, _) = MEMBERS.split_once("  - key: south").unwrap();
    north.replacen("address: CHANGES_WITHOUT_VERIFICATION, ", "", 1)
}

/// The gym once staff has taken Grace into its file.
fn with_grace(more: &str) -> String {
    let grace = format!(
        "      - key: grace
        first_name: Grace
        last_name: Hopper
        date_of_birth: 1986-12-09
        email: grace@example.org
        address: {{ street: Wall Street, house_number: \"1\", zip: \"10115\", city: Berlin }}
        contracts: [{{ offer: basic, term: basic-12, start: 2026-12-01, signed_on: 2026-11-24 }}]
{more}"
    );
    north().replacen("    customers:\n", &format!("    customers:\n{grace}"), 1)
}

async fn post(gym: &Gym, key: &str, path: &str, body: Value) -> Value {
    let answer = gym.send_json("POST", key, path, &body.to_string()).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    if answer.body.is_empty() { Value::Null } else { answer.json() }
}

/// Grace, as the website sends what she typed.
fn form() -> Value {
    json!({
        "leadCustomer": {
            "firstname": "Grace", "lastname": "Hopper", "email": "grace@example.org", "dateOfBirth": "1986-12-09",
        },
    })
}

#[test]
fn from_lead_to_member_to_nobody_whom_programs_may_know() {
    with_gym(&north(), |gym| async move {
        let gym = &gym;
        let (key, studio) = (gym.key("north").await, gym.studio("north").await);
        let mut story = Story::of(gym).await;

        // She fills in the form: a prospect.
        let lead = post(gym, &key, "/v1/leads/create", form()).await;
        let grace = lead["customerId"].as_i64().unwrap();
        let at = |what: &str| format!("/v1/customers/{grace}/{what}");
        let she = format!("/v1/customers/{grace}");
        assert_eq!(story.told(grace).await, ["CUSTOMER_CREATED"]);
        assert_eq!(gym.get(&key, &she).await.json()["status"], "PROSPECT");
        let denied = gym.send_json("POST", &key, &at("checkin"), "").await;
        denied.refusal(400, "errormessage.checkin.access.denied");

        // A voucher lets her in once, with a card that she keeps.
        let voucher = json!({
            "voucherCode": "WELCOME-2026", "firstname": "Grace", "lastname": "Hopper", "email": "grace@example.org",
        });
        post(gym, &key, "/v1/checkin-vouchers/redeem", voucher).await;
        post(gym, &key, &at("access-mediums"), json!({ "type": "CARD_NUMBER", "value": "77771716" })).await;
        post(gym, &key, &at("checkin"), json!({})).await;
        post(gym, &key, &at("checkout"), json!({})).await;
        let denied = gym.send_json("POST", &key, &at("checkin"), "").await;
        denied.refusal(400, "errormessage.checkin.access.denied");
        let visit = ["CUSTOMER_CHECKIN", "CUSTOMER_CHECKOUT"];
        assert_eq!(story.told(grace).await, [&["CUSTOMER_ACCESS_MEDIUM_CREATED"][..], &visit].concat());

        // Three days later she signs at the desk.
        story.until("2026-11-24T11:00:00Z").await;
        gym.act(move |change| customer::set_source(change.tx, change.tenant, studio, "grace", grace, "")).await;
        gym.apply(&with_grace("")).await;
        let signed = ["CUSTOMER_UPDATED", "CONTRACT_CREATED", "CONTRACT_ADDITIONAL_MODULE_CREATED", "CONTRACT_UPDATED"];
        assert_eq!(story.told(grace).await, signed);
        assert_eq!(gym.get(&key, &she).await.json()["status"], "MEMBER");
        let denied = gym.send_json("POST", &key, &at("checkin"), "").await;
        denied.refusal(400, "errormessage.checkin.access.denied");

        // From the first day on her card lets her in, and one evening she forgets it when she leaves.
        story.until("2026-12-01T07:00:00Z").await;
        assert_eq!(gym.get(&key, "/v1/customers/by?cardNumber=77771716").await.json()["id"], grace);
        post(gym, &key, &at("checkin"), json!({})).await;
        story.until("2026-12-01T08:30:00Z").await;
        post(gym, &key, &at("checkout"), json!({})).await;
        story.until("2026-12-03T18:00:00Z").await;
        post(gym, &key, &at("checkin"), json!({})).await;
        story.until("2026-12-04T11:00:00Z").await;
        assert_eq!(story.told(grace).await, [&visit[..], &["CUSTOMER_CHECKIN"]].concat());
        let history = gym.get(&key, &at("activities/checkins")).await.json();
        let ended: Vec<&str> =
            history["result"].as_array().unwrap().iter().map(|one| one["checkOutDateTime"].as_str().unwrap()).collect();
        let evening = "2026-12-03T22:00:00.000+01:00";
        assert_eq!(ended, [evening, "2026-12-01T09:30:00.000+01:00", "2026-11-21T12:00:00.000+01:00"]);

        // In spring she moves. Staff looks at it before anybody is told.
        story.until("2027-03-10T11:00:00Z").await;
        let address = json!({ "street": "Lindenweg", "houseNumber": "9", "zipCode": "10117", "city": "Berlin", "countryCode": "DE" });
        let asked = post(gym, &key, &at("self-service/address-data"), address).await;
        assert_eq!(gym.get(&key, &she).await.json()["street"], "Wall Street");
        assert_eq!(story.told(grace).await, [""; 0]);
        decide(gym, asked["id"].as_i64().unwrap(), true).await.unwrap();
        assert_eq!(gym.get(&key, &she).await.json()["street"], "Lindenweg");
        assert_eq!(story.told(grace).await, ["CUSTOMER_UPDATED"]);

        // And from April on her dues shall be collected.
        story.until("2027-03-31T10:00:00Z").await;
        let account = json!({
            "accountHolder": "Grace Hopper", "bankName": "Harbour Bank", "iban": "AT61 1904 3002 3457 3201", "bic": "BKAUATWW",
            "signature": { "base64SvgSignature": "PHN2Zy8+" },
        });
        let asked = post(gym, &key, &at("self-service/payment-data"), account).await;
        assert_eq!(gym.get(&key, &she).await.json().get("bankAccount"), None);
        decide(gym, asked["id"].as_i64().unwrap(), true).await.unwrap();
        assert_eq!(gym.get(&key, &she).await.json()["bankAccount"]["iban"], "AT611904300234573201");
        assert_eq!(story.told(grace).await, ["CUSTOMER_UPDATED"]);

        // Two friends come along, not three.
        let friend = at("benefits/guest/use");
        post(gym, &key, &friend, json!({})).await;
        post(gym, &key, &friend, json!({})).await;
        let third = gym.send_json("POST", &key, &friend, "").await;
        third.refusal(400, "errormessage.benefit.no.contingent");
        assert_eq!(story.told(grace).await, [""; 0]);

        // The day for notice passes, and the contract goes on.
        let contract = async || gym.get(&key, &at("contracts")).await.json()[0].clone();
        story.until("2027-10-31T12:00:00Z").await;
        let ends = |contract: &Value| (contract["endDate"].clone(), contract["lastPossibleCancellationDate"].clone());
        assert_eq!(ends(&contract().await), (json!("2027-11-30"), json!("2027-10-31")));
        story.until("2027-11-01T12:00:00Z").await;
        assert_eq!(ends(&contract().await), (json!("2027-12-31"), json!("2027-11-30")));
        assert_eq!(gym.get(&key, &she).await.json()["status"], "MEMBER");
        assert_eq!(story.told(grace).await, [""; 0]);

        // A year after the form she no longer wants programs to know her.
        story.until("2027-11-21T11:00:00Z").await;
        let token = signed_in(gym, Role::Manager, "north").await;
        let at_desk = async |method: &str, below: &str, body: &str| {
            let path = customer_path(gym, "north", grace, below).await;
            call(gym, &token, method, &path, body).await
        };
        at_desk("PUT", "/third-party-access", r#"{"allowed":false}"#).await.json();
        assert_eq!(story.told(grace).await, ["CUSTOMER_ACCESS_DISABLED"]);
        nobody_knows(gym, &key, grace).await;

        // She gives notice, the contract ends with the year, and staff puts her into the archive.
        at_desk("POST", "/archive", "").await.refusal(400, "errormessage.customer.archive.contract.active");
        let ending = "canceled_on: 2027-11-21, ends_on: 2027-12-31, signed_on";
        gym.apply(&with_grace("").replacen("signed_on", ending, 1)).await;
        story.until("2028-01-02T12:00:00Z").await;
        assert_eq!(at_desk("GET", "", "").await.json()["status"], "FORMER_MEMBER");
        assert!(at_desk("POST", "/archive", "").await.json()["archivedAt"].is_string());
        gym.get(&key, &she).await.refusal(404, "errormessage.customer.not.found");
        assert_eq!(story.told(grace).await, [""; 0], "programs that she refused are told nothing of all that");
    });
}

/// Nothing about a customer is told or done any more, and no list gives away that there is one (AUTH-5, LAW-9).
async fn nobody_knows(gym: &Gym, key: &str, id: i64) {
    let disabled = "errormessage.third.party.customer.access.disabled";
    let implemented = every_operation::implemented(gym);
    let mut visited = 0;
    for operation in OPERATIONS.iter().filter(|operation| implemented.contains_key(operation.id)) {
        let mut placeholders = operation.placeholders();
        if placeholders.next() != Some("customerId") {
            continue;
        }
        let path = operation.path.replace("{customerId}", &id.to_string()).replace("{benefitKey}", "towel");
        let path = placeholders.fold(path, |path, name| path.replace(&format!("{{{name}}}"), "1"));
        every_operation::send(gym, key, operation, &path).await.refusal(403, disabled);
        visited += 1;
    }
    assert!(visited >= 25, "{visited} operations about a customer");
    for by in
        ["/v1/customers/by", "/v1/customers/contracts/by", "/v1/cross-studio/customers/by", "/v1/customers/benefits"]
    {
        gym.get(key, &format!("{by}?cardNumber=77771716")).await.refusal(403, disabled);
    }
    for status in ["MEMBER", "PROSPECT", "FORMER_MEMBER"] {
        let listed = gym.get(key, &format!("/v1/customers?customerStatus={status}")).await.text();
        assert!(!listed.contains("Hopper"), "{status}: {listed}");
    }
    for operation in [&operations::SEARCH_CUSTOMERS, &operations::SEARCH_CROSS_STUDIO_CUSTOMERS] {
        for body in [r#"{"lastName":"Hopper"}"#, r#"{"email":"grace@example.org"}"#, r#"{"dateOfBirth":"1986-12-09"}"#]
        {
            assert_eq!(gym.send_json("POST", key, operation.path, body).await.json(), json!([]), "{body}");
        }
    }
    // Somebody else's data show that the questions were right.
    let ada = gym.send_json("POST", key, operations::SEARCH_CUSTOMERS.path, r#"{"lastName":"Lovelace"}"#).await.json();
    assert_eq!(ada.as_array().unwrap().len(), 1);
}
