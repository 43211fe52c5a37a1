//! How many there are in the demo, and of how many kinds: whatever somebody tries to show needs somebody of whom it is true.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{BackOffice, keys, start};
use crate::support::{Place, Server};

const BERLIN: &str = "Ironworks Berlin Mitte";
const DAY: &str = "2026-03-29";

/// All of a list that is paged by a cursor, by slices of that size; answers how many slices there were, too.
fn all(server: &Server, key: &str, path: &str, size: usize) -> (Vec<Value>, usize) {
    let (mut rows, mut slices, mut offset) = (Vec::new(), 0, "0".to_owned());
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let slice = server.get(&format!("{path}{separator}sliceSize={size}&offset={offset}"), key).fine().json();
        rows.extend(slice["result"].as_array().unwrap().iter().cloned());
        slices += 1;
        if slice["hasNext"] == false {
            return (rows, slices);
        }
        slice["offset"].as_str().unwrap().clone_into(&mut offset);
    }
}

fn ids(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

fn texts<'v>(rows: &'v [Value], field: &str) -> Vec<&'v str> {
    rows.iter().filter_map(|row| row[field].as_str()).collect()
}

/// The groups of those who have the same, by their sizes.
fn sizes<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<usize> {
    let mut groups: BTreeMap<T, usize> = BTreeMap::new();
    values.into_iter().for_each(|value| *groups.entry(value).or_default() += 1);
    groups.into_values().collect()
}

#[test]
fn the_demo_has_1200_customers_of_every_status_in_two_studios() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", DAY]);
    let office = BackOffice::of(&server);
    let mut total = 0;
    for (key, name) in [("berlin", BERLIN), ("hamburg", "Ironworks Hamburg Hafen")] {
        let studio = office.studio(name);
        let mut counts = Vec::new();
        let mut refusing = Vec::new();
        let mut everybody = Vec::new();
        for status in ["MEMBER", "PROSPECT", "FORMER_MEMBER"] {
            let listed = office.all(&format!("/studios/{studio}/customers?status={status}"));
            let refuses = listed.iter().filter(|one| one["thirdPartyAccess"] == false);
            refusing.extend(refuses.map(|one| one["id"].as_i64().unwrap()));
            counts.push(listed.len());
            everybody.extend(listed);
        }
        assert!(counts[0] >= 200 && counts[1] >= 20 && counts[2] >= 20, "{name}: {counts:?}");
        total += everybody.len();
        // Programs do not see those who refuse.
        assert!(refusing.len() >= 5, "{name}: {refusing:?}");
        let api_key = place.run_in(&place.path("demo"), &["key", "create", "--studio", key, "--json"]).json()["key"]
            .as_str()
            .unwrap()
            .to_owned();
        let (members, slices) = all(&server, &api_key, "/v1/customers", 50);
        assert!(slices > 2, "{name}: {slices}");
        let seen = ids(&members);
        assert!(seen.is_sorted_by(|one, other| one < other) && seen.iter().all(|id| !refusing.contains(id)));
        let refused = server.get(&format!("/v1/customers/{}", refusing[0]), &api_key);
        assert_eq!(refused.status, 403, "{}", refused.text());
        // Several for a birthday, and for the beginning of a name.
        let days = sizes(texts(&everybody, "dateOfBirth"));
        assert!(days.iter().filter(|size| **size >= 3).count() >= 5, "{name}: {days:?}");
        let begins = |text: &str| text.chars().take(2).collect::<String>();
        let last_names: BTreeSet<&str> = texts(&everybody, "lastName").into_iter().collect();
        assert!(sizes(last_names.into_iter().map(begins)).iter().any(|size| *size >= 2), "{name}");
        let first_names = sizes(texts(&everybody, "firstName").into_iter().map(begins));
        assert!(first_names.iter().filter(|size| **size >= 3).count() >= 10, "{name}: {first_names:?}");
        // Minors, too; see also those of families.
        let minors = texts(&everybody, "dateOfBirth").into_iter().filter(|born| *born > "2008-03-29").count();
        assert!(minors >= 10, "{name}: {minors}");
    }
    assert!(total >= 1200, "{total}");
}

#[test]
fn the_demo_has_cards_papers_pictures_and_conversations_of_every_kind() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", DAY]);
    let (key, _) = keys(&server);
    let (members, _) = all(&server, &key, "/v1/customers", 500);
    let mediums = members.iter().flat_map(|one| one["accessMediums"].as_array().unwrap());
    let kinds: BTreeSet<&str> = mediums.map(|medium| medium["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, BTreeSet::from(["BARCODE", "CARD_NUMBER", "PIN", "WALLET_PASS"]));
    let pictures = texts(&members, "imageUrl");
    assert!(pictures.len() >= 20, "{}", pictures.len());
    assert_eq!(server.follow(pictures[0]).fine().header("content-type"), Some("image/jpeg"));
    let documents = members.iter().map(|one| format!("/v1/customers/{}/documents", one["id"]));
    let listed = documents.take(60).map(|path| server.get(&path, &key).fine().json()["result"].clone());
    let documents: Vec<Value> = listed.flat_map(|list| list.as_array().unwrap().clone()).collect();
    assert!(documents.len() >= 2, "{documents:?}");
    let document = server.follow(documents[0]["url"].as_str().unwrap()).fine();
    assert_eq!(document.header("content-type"), Some("application/pdf"));
    assert!(members.iter().any(|one| one["accessRefusal"] == true), "nobody is kept out");
    assert!(members.iter().any(|one| one["idlePeriods"] != json!([])), "nobody rests");
    assert!(members.iter().any(|one| one["bankAccount"].is_object()), "nobody has an account");

    let fields = server.get("/v1/customers/additional-information-fields", &key).fine().json();
    let kinds: BTreeSet<&str> = texts(fields.as_array().unwrap(), "type").into_iter().collect();
    assert_eq!(kinds, BTreeSet::from(["BOOLEAN", "DATE", "LIST", "NUMERIC", "TEXT"]));
    let noted = members.iter().flat_map(|one| one["additionalInformationFieldAssignments"].as_array().unwrap());
    let noted: BTreeSet<i64> = noted.map(|one| one["additionalInformationFieldId"].as_i64().unwrap()).collect();
    assert_eq!(noted, ids(fields.as_array().unwrap()).into_iter().collect(), "each field is answered by somebody");
    let office = BackOffice::of(&server);
    let threads = office.ask("GET", &format!("/studios/{}/threads", office.studio(BERLIN)), "");
    let statuses: BTreeSet<&str> = texts(threads["result"].as_array().unwrap(), "status").into_iter().collect();
    assert_eq!(statuses, BTreeSet::from(["CLOSED", "CREATED", "ONGOING"]));
    let attached = threads["result"].as_array().unwrap().iter().filter(|thread| {
        let path = format!("/studios/{}/threads/{}/messages", office.studio(BERLIN), thread["id"]);
        office.ask("GET", &path, "")["result"][0]["attachments"] != json!([])
    });
    assert_eq!(attached.count(), 1, "a message with a document");
}

#[test]
fn the_demo_has_vouchers_and_a_form_that_knows_who_is_there_already() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", DAY]);
    let (key, _) = keys(&server);
    let redeem = |code: &str| {
        let person =
            json!({ "voucherCode": code, "firstname": "Ida", "lastname": "Rhodes", "email": "ida@gast.example" });
        server.call("POST", "/v1/checkin-vouchers/redeem", &key, &person.to_string())
    };
    redeem("PROBE-BERLIN-1").fine();
    redeem("PROBE-BERLIN-2").fine();
    for (code, why) in
        [("PROBE-BERLIN-1", "already.redeemed"), ("PROBE-SOMMER", "expired"), ("PROBE-BALD", "not.yet.valid")]
    {
        let refused = redeem(code);
        let wanted = format!("errormessage.checkin.voucher.{why}");
        assert_eq!((refused.status, &refused.json()["errorCode"]), (400, &json!(wanted)), "{code}");
    }
    let config = server.get("/v1/leads/config", &key).fine().json();
    let fields = server.get("/v1/customers/additional-information-fields", &key).fine().json();
    let trainer = fields.as_array().unwrap().iter().find(|field| field["type"] == "BOOLEAN").unwrap()["id"].clone();
    let status = |last_name: &str, email: &str| {
        let lead = json!({
            "leadCustomer": { "firstname": "Ida", "lastname": last_name, "email": email, "telephone": "+49 30 23125099" },
            "additionalInformation": [{ "additionalFieldId": trainer, "value": "true" }],
        });
        server.call("POST", "/v1/leads/validate", &key, &lead.to_string()).fine().json()["status"].clone()
    };
    let known = server.get("/v1/customers", &key).fine().json()["result"][0].clone();
    let (last_name, email) = (known["lastName"].as_str().unwrap(), known["email"].as_str().unwrap());
    assert_eq!(status(last_name, &email.to_uppercase()), "DUPLICATE_CUSTOMER", "{config}");
    assert_eq!(status("Rhodes", email), "DUPLICATE_CUSTOMER", "by the e-mail address alone: {config}");
    assert_eq!(status(last_name, "somebody.else@gast.example"), "POSSIBLE", "{config}");
}

#[test]
fn nothing_is_due_when_the_demo_begins() {
    let place = Place::new();
    for today in [DAY, "2026-10-25"] {
        start(&place, today, &["--today", today]).stop();
        let jobs = place.run_in(&place.path(today), &["jobs", "list", "--json"]).json();
        let dues = texts(jobs.as_array().unwrap(), "dueAt");
        assert!(dues.len() >= 3, "a night for each studio: {jobs}");
        let noon = format!("{today}T12:00:00Z");
        assert!(dues.iter().all(|due| *due > noon.as_str()), "{jobs}");
        assert!(jobs.as_array().unwrap().iter().all(|job| job["attempts"] == 0 && job["state"] == "ready"), "{jobs}");
    }
}
