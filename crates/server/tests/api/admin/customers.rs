//! Customers in the back office: lists, search, one in full, entering them and changing their data.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{account, call, call_with, customer_path, owner, records, session, signed_in};
use crate::support::{Gym, MEMBERS, join_all, with_gym};

const NOT_FOUND: &str = "errormessage.customer.not.found";

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["firstName"].as_str().unwrap()).collect()
}

/// Somebody new, with other fields than usual by JSON pointer; null takes one away.
fn new(number: usize, changes: &[(&str, Value)]) -> Value {
    let mut body = json!({
        "master": { "firstName": "Eve", "lastName": format!("Dahl{number}"), "dateOfBirth": "1990-01-31" },
        "contact": { "email": format!("eve{number}@example.org") },
        "address": { "street": "Long Street", "zipCode": "20095", "city": "Hamburg", "countryCode": "DE" },
    });
    for (pointer, value) in changes {
        let (above, name) = pointer.rsplit_once('/').unwrap();
        let part = body.pointer_mut(above).unwrap().as_object_mut().unwrap();
        part.insert(name.to_owned(), value.clone());
    }
    body
}

/// What was recorded last.
async fn last(gym: &Gym) -> (String, Option<String>, Value) {
    let record = records(gym).await.pop().unwrap();
    let events: Value = serde_json::from_str(record.events.as_deref().unwrap_or("[]")).unwrap();
    (record.action, record.changes, events[0]["payload"][0]["type"].clone())
}

#[test]
fn staff_list_and_search_everybody_also_those_who_refuse_third_parties() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Trainer, "north").await, gym.studio("north").await);
        let desk = signed_in(&gym, Role::Desk, "north").await;
        let path = format!("/studios/{north}/customers");
        let list = async |query: &str| call(&gym, &token, "GET", &format!("{path}{query}"), "").await.json();
        let all = list("").await;
        assert_eq!(names(&all["result"]), ["Ada", "Béla", "Cleo", "Hidden", "Future", "Void", "Barred"]);
        assert_eq!(all["hasNext"], false);
        let hidden = &all["result"][3];
        assert_eq!((&hidden["thirdPartyAccess"], &hidden["status"]), (&json!(false), &json!("MEMBER")));
        assert_eq!(names(&list("?status=MEMBER").await["result"]), ["Ada", "Hidden", "Future", "Barred"]);
        assert_eq!(names(&list("?status=PROSPECT").await["result"]), ["Cleo", "Void"]);
        assert_eq!(names(&list("?status=FORMER_MEMBER").await["result"]), ["Béla"]);
        assert_eq!(names(&list("?status=ARCHIVED").await["result"]), Vec::<&str>::new());
        for number in 0..5 {
            call(&gym, &desk, "POST", &path, &new(number, &[]).to_string()).await.json();
        }
        let first = list("?sliceSize=10").await;
        assert_eq!((first["result"].as_array().unwrap().len(), &first["hasNext"]), (10, &json!(true)));
        let offset = first["offset"].as_str().unwrap();
        assert_eq!(offset, first["result"][9]["id"].to_string());
        let second = list(&format!("?sliceSize=10&offset={offset}")).await;
        assert_eq!((second["result"].as_array().unwrap().len(), &second["hasNext"]), (2, &json!(false)));
        let end = second["offset"].as_str().unwrap();
        let beyond = list(&format!("?offset={end}")).await;
        assert_eq!(
            (&beyond["result"], &beyond["hasNext"], &beyond["offset"]),
            (&json!([]), &json!(false), &json!(end))
        );
        for (query, code, field) in [
            ("sliceSize=9", "slice.size.out.of.range", "sliceSize"),
            ("sliceSize=101", "slice.size.out.of.range", "sliceSize"),
            ("offset=-1", "offset.invalid", "offset"),
            ("status=member", "enum.unknown", "status"),
        ] {
            let refusal = call(&gym, &token, "GET", &format!("{path}?{query}"), "").await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field));
        }
        let search =
            async |body: Value| call(&gym, &token, "POST", &format!("{path}/search"), &body.to_string()).await.json();
        for (body, expected) in [
            (json!({ "lastName": "love" }), vec!["Ada", "Hidden"]),
            (json!({ "firstName": "bela" }), vec!["Béla"]),
            (json!({ "email": " HIDDEN@example.org" }), vec!["Hidden"]),
            (json!({ "dateOfBirth": "1990-12-10" }), vec!["Ada", "Hidden"]),
            (json!({ "phoneNumber": "030 1234567" }), vec!["Ada"]),
            (json!({ "lastName": "love", "firstName": "h" }), vec!["Hidden"]),
            (json!({ "firstName": "Dora" }), vec![]),
        ] {
            assert_eq!(names(&search(body.clone()).await), expected, "{body}");
        }
        let nothing = call(&gym, &token, "POST", &format!("{path}/search"), r#"{"firstName":" "}"#).await;
        nothing.refusal(400, "errormessage.customer.search.criterion.required");
        let unknown = call(&gym, &token, "POST", &format!("{path}/search"), r#"{"name":"x"}"#).await;
        unknown.refusal(400, "errormessage.validation.field.unknown");
    });
}

#[test]
fn one_customer_is_shown_in_full_with_a_masked_account_and_the_look_is_on_record() {
    with_gym(MEMBERS, |gym| async move {
        let token = signed_in(&gym, Role::ReadOnly, "north").await;
        let (ada, future, barred) = (
            gym.customer("north", "ada").await,
            gym.customer("north", "future").await,
            gym.customer("north", "barred").await,
        );
        let read = async |id: i64| {
            let path = customer_path(&gym, "north", id, "").await;
            call(&gym, &token, "GET", &path, "").await.json()
        };
        let told = read(ada).await;
        assert_eq!((&told["id"], &told["customerNumber"]), (&json!(ada), &json!("1-10001")));
        assert_eq!((&told["status"], &told["debtorId"]), (&json!("MEMBER"), &json!("D-1")));
        let master = json!({
            "firstName": "Ada", "lastName": "Lovelace", "gender": "FEMALE", "dateOfBirth": "1990-12-10", "language": "en",
        });
        assert_eq!(told["master"], master);
        let contact = json!({
            "email": "Ada@Example.org", "phonePrivate": "+49 30 1234567", "phonePrivateMobile": "0171 2345678",
        });
        assert_eq!(told["contact"], contact);
        let address = json!({
            "street": "Chausseestraße", "houseNumber": "23", "zipCode": "10115", "city": "Berlin", "countryCode": "DE",
            "floor": "2",
        });
        assert_eq!(told["address"], address);
        let mediums: Vec<_> = told["accessMediums"].as_array().unwrap().iter().map(|one| &one["value"]).collect();
        assert_eq!(mediums, ["1173673668653440", "4711", "095be615-a8ad-4c33-8e9c-c7612fbf6c9f"]);
        let contract = &told["contracts"][0];
        assert_eq!((told["contracts"].as_array().unwrap().len(), &contract["rateName"]), (1, &json!("Basic")));
        assert_eq!((&contract["active"], &contract["startDate"]), (&json!(true), &json!("2026-03-15")));
        let keys: Vec<_> = told["benefits"].as_array().unwrap().iter().map(|one| &one["key"]).collect();
        assert_eq!(keys, ["towel", "guest", "coffee"]);
        assert_eq!((&told["consents"], &told["accessRefusal"]), (&json!({ "thirdPartyAccess": true }), &json!(false)));
        let record = records(&gym).await.pop().unwrap();
        assert!(record.actor.starts_with("staff:"), "{record:?}");
        assert_eq!((record.action.as_str(), record.studio_id), ("customer.read", Some(gym.studio("north").await)));
        assert_eq!((record.subject, record.changes, record.events), (Some(format!("customer:{ada}")), None, None));

        let account = read(future).await["bankAccount"].clone();
        assert_eq!(account["iban"], "DE89 **** **** **** **** 00");
        assert_eq!(
            (&account["accountHolder"], &account["bankName"]),
            (&json!("Future Member"), &json!("Harbour Bank"))
        );
        assert_eq!(account["mandateReference"], "M-1-10005-1");
        let told = read(barred).await;
        assert_eq!(told["accessRefusal"], true);
        let restrictions = told["accessRestrictions"].as_array().unwrap();
        assert_eq!((restrictions.len(), &restrictions[0]["reason"]), (1, &json!("House ban")));
        assert_eq!((&restrictions[0]["source"], &restrictions[0]["inForce"]), (&json!("STAFF"), &json!(true)));
        assert_eq!(told["contracts"][0]["canceledOn"], "2026-11-01");
        // A look at nobody is none.
        let before = records(&gym).await.len();
        let nobody = customer_path(&gym, "north", 0, "").await;
        call(&gym, &token, "GET", &nobody, "").await.refusal(404, NOT_FOUND);
        assert_eq!(records(&gym).await.len(), before);
    });
}

#[test]
fn cust_4_and_5_the_desk_enters_customers_by_the_same_rules_as_programs() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Desk, "north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/customers");
        let post = async |body: &Value| call(&gym, &token, "POST", &path, &body.to_string()).await;
        let body = new(1, &[("/contact/phonePrivate", json!(" ")), ("/master/language", json!("de-at"))]);
        let dry = [("gymkeeper-dry-run", "true")];
        let before = records(&gym).await.len();
        call_with(&gym, &token, "POST", &path, &dry, &body.to_string()).await.json();
        assert_eq!(records(&gym).await.len(), before);
        let made = post(&body).await.json();
        let id = made["id"].as_i64().unwrap();
        assert_eq!(
            (&made["status"], &made["version"], &made["paymentMethod"]),
            (&json!("PROSPECT"), &json!(1), &json!("CASH"))
        );
        assert_eq!((&made["master"]["language"], &made["contact"]["phonePrivate"]), (&json!("de-AT"), &Value::Null));
        assert_eq!(last(&gym).await, ("customer.created".to_owned(), None, json!("CUSTOMER_CREATED")));
        let key = gym.key("north").await;
        let public = gym.get(&key, &format!("/v1/customers/{id}")).await.json();
        assert_eq!((&public["firstName"], &public["city"]), (&json!("Eve"), &json!("Hamburg")));
        post(&body).await.refusal(400, "errormessage.customer.duplicate");
        // Somebody who refuses third parties from the first day is told to nobody.
        let hidden = post(&new(2, &[("/thirdPartyAccess", json!(false))])).await.json();
        assert_eq!(hidden["consents"]["thirdPartyAccess"], false);
        assert_eq!(last(&gym).await, ("customer.created".to_owned(), None, Value::Null));
        let long = "x".repeat(256);
        for (pointer, value, code, field) in [
            ("/master", Value::Null, "field.required", "master"),
            ("/master/firstName", Value::Null, "field.required", "master.firstName"),
            ("/master/firstName", json!(" "), "field.required", "master.firstName"),
            ("/master/lastName", json!(long), "field.too.long", "master.lastName"),
            ("/master/dateOfBirth", Value::Null, "field.required", "master.dateOfBirth"),
            ("/master/dateOfBirth", json!("31.1.1990"), "field.invalid", "master.dateOfBirth"),
            ("/master/dateOfBirth", json!("2026-11-22"), "field.invalid", "master.dateOfBirth"),
            ("/master/language", json!("german"), "field.invalid", "master.language"),
            ("/master/countryOfBirth", json!("Germany"), "field.invalid", "master.countryOfBirth"),
            ("/master/gender", json!("female"), "enum.unknown", "master.gender"),
            ("/master/nickname", json!("E"), "field.unknown", "master.nickname"),
            ("/contact/email", Value::Null, "field.required", "contact.email"),
            ("/contact/email", json!("eve"), "field.invalid", "contact.email"),
            ("/contact/phonePrivate", json!(long), "field.too.long", "contact.phonePrivate"),
            ("/address/street", Value::Null, "field.required", "address.street"),
            ("/address/zipCode", json!("x".repeat(21)), "field.too.long", "address.zipCode"),
            ("/address/countryCode", json!(""), "field.required", "address.countryCode"),
            ("/address/countryCode", json!("D1"), "field.invalid", "address.countryCode"),
            ("/thirdPartyId", json!("T"), "field.unknown", "thirdPartyId"),
            (
                "/documentIdentification",
                json!({ "documentType": "PASSPORT", "documentNumber": " " }),
                "field.required",
                "documentIdentification.documentNumber",
            ),
        ] {
            let refusal = post(&new(3, &[(pointer, value)])).await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field));
        }
        post(&json!([])).await.refusal(400, "errormessage.validation.field.invalid");
        call(&gym, &token, "POST", &path, "{").await.refusal(400, "errormessage.validation.json.malformed");
    });
}

#[test]
fn cust_4_an_italian_studio_asks_for_more_and_is_not_made_to_forget_it() {
    with_gym(&MEMBERS.replacen("country_code: DE", "country_code: IT", 1), |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Desk, "north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/customers");
        let post =
            async |changes: &[(&str, Value)]| call(&gym, &token, "POST", &path, &new(1, changes).to_string()).await;
        post(&[]).await.refusal(400, "errormessage.customer.tax.id.or.document.required");
        let passport =
            ("/documentIdentification", json!({ "documentType": "PASSPORT", "documentNumber": "C01X00T47" }));
        let refusal = post(std::slice::from_ref(&passport)).await;
        let refusal = refusal.refusal(400, "errormessage.customer.place.of.birth.required");
        assert_eq!(refusal.reference.as_deref(), Some("master.placeOfBirth"));
        let made = post(&[passport.clone(), ("/master/placeOfBirth", json!("Roma"))]).await;
        assert!(!made.text().contains("C01X00T47"), "{}", made.text());
        let made = made.json();
        let one = format!("{path}/{}/master", made["id"]);
        let update = |master: Value| json!({ "version": 1, "master": master }).to_string();
        let eve = json!({ "firstName": "Eve", "lastName": "Dahl", "dateOfBirth": "1990-01-31" });
        let refusal = call(&gym, &token, "PUT", &one, &update(eve.clone())).await;
        let refusal = refusal.refusal(400, "errormessage.customer.place.of.birth.required");
        assert_eq!(refusal.reference.as_deref(), Some("master.placeOfBirth"));
        // Who was born abroad needs no place, and does not make the studio forget that it was abroad.
        let foreign =
            [passport, ("/master/countryOfBirth", json!("FR")), ("/contact/email", json!("abroad@example.org"))];
        let abroad = post(&foreign).await.json()["id"].as_i64().unwrap();
        let (key, at) = (gym.key("north").await, crate::self_service::path(abroad, "master-data"));
        let known = gym.get(&key, &at).await.json();
        assert_eq!(known["countryOfBirth"], "FR");
        let mut wanted = known.clone();
        wanted
            .as_object_mut()
            .unwrap()
            .retain(|field, _| field != "countryOfBirth" && field != "amendmentConfigurationStatus");
        let refusal = gym.send_json("POST", &key, &at, &wanted.to_string()).await;
        refusal.refusal(400, "errormessage.customer.place.of.birth.required");
        (wanted["countryOfBirth"], wanted["lastName"]) = (json!("FR"), json!("Autre"));
        gym.send_json("POST", &key, &at, &wanted.to_string()).await.json();
        // Of whom it was never known, other things can be changed.
        let ada = customer_path(&gym, "north", gym.customer("north", "ada").await, "/master").await;
        call(&gym, &token, "PUT", &ada, &update(eve)).await.json();
    });
}

#[test]
fn staff_change_data_at_once_and_nobody_overwrites_what_another_has_changed() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let ada = gym.customer("north", "ada").await;
        let put = async |part: &str, version: i64, data: Value| {
            let path = customer_path(&gym, "north", ada, &format!("/{part}")).await;
            let body = json!({ "version": version, part: data }).to_string();
            call(&gym, &token, "PUT", &path, &body).await
        };
        let version = async || {
            let path = customer_path(&gym, "north", ada, "").await;
            call(&gym, &token, "GET", &path, "").await.json()["version"].as_i64().unwrap()
        };
        let begun = version().await;
        let master = json!({
            "firstName": "Augusta", "secondFirstName": "Ada", "lastName": "King", "customerTitle": "PROF", "gender": "UNISEX",
            "dateOfBirth": "1990-12-11", "placeOfBirth": "London", "countryOfBirth": "gb", "language": "en-GB",
        });
        let changed = put("master", begun, master.clone()).await.json();
        assert_eq!(changed["version"], begun + 1);
        assert_eq!(
            (&changed["master"]["countryOfBirth"], &changed["master"]["gender"]),
            (&json!("GB"), &json!("UNISEX"))
        );
        let (action, changes, event) = last(&gym).await;
        assert_eq!((action.as_str(), event), ("customer.master-data-changed", json!("CUSTOMER_UPDATED")));
        let changes = changes.unwrap();
        assert!(changes.contains("lastName") && !changes.contains("King"), "{changes}");
        put("master", begun, json!({ "firstName": "X", "lastName": "Y" }))
            .await
            .refusal(409, "errormessage.concurrent.modification");
        let before = gym.end_of_journal().await;
        let same = put("master", begun + 1, changed["master"].clone()).await.json();
        assert_eq!((&same["version"], gym.end_of_journal().await), (&json!(begun + 1), before), "nothing changed");
        let public = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
        assert_eq!((&public["lastName"], &public["secondFirstName"]), (&json!("King"), &json!("Ada")));
        // What is left out of contact data stays, an empty text clears; an address is replaced as a whole.
        let contact = json!({ "email": "king@example.org", "phonePrivate": "" });
        let changed = put("contact", begun + 1, contact).await.json();
        let expected = json!({ "email": "king@example.org", "phonePrivateMobile": "0171 2345678" });
        assert_eq!(changed["contact"], expected);
        assert_eq!(last(&gym).await.0, "customer.contact-data-changed");
        let address =
            json!({ "street": "St James's Square", "zipCode": "SW1Y", "city": "London", "countryCode": "gb" });
        let changed = put("address", begun + 2, address).await.json();
        assert_eq!((&changed["address"]["countryCode"], &changed["address"]["floor"]), (&json!("GB"), &Value::Null));
        assert_eq!(last(&gym).await.0, "customer.address-changed");
        let search = json!({ "email": "king@example.org" }).to_string();
        let north = gym.studio("north").await;
        let found = call(&gym, &token, "POST", &format!("/studios/{north}/customers/search"), &search).await.json();
        assert_eq!(names(&found), ["Augusta"]);
        // What programs change counts as well: a change made to what was there before is refused.
        gym.send_json(
            "POST",
            &key,
            &format!("/v1/customers/{ada}/self-service/address-data"),
            &json!({
                "street": "Street", "zipCode": "1", "city": "Town", "countryCode": "DE",
            })
            .to_string(),
        )
        .await
        .json();
        let late = json!({ "street": "S", "zipCode": "1", "city": "C", "countryCode": "DE" });
        put("address", begun + 3, late).await.refusal(409, "errormessage.concurrent.modification");
        for (part, data, code, field) in [
            ("master", json!({ "firstName": "A" }), "field.required", "master.lastName"),
            (
                "master",
                json!({ "firstName": "A", "lastName": "B", "dateOfBirth": "2027-01-01" }),
                "field.invalid",
                "master.dateOfBirth",
            ),
            ("contact", json!({ "email": "" }), "field.required", "contact.email"),
            ("contact", json!({ "email": "a b@c" }), "field.invalid", "contact.email"),
            ("contact", json!({ "fax": "1" }), "field.unknown", "contact.fax"),
            ("address", json!({ "street": "S", "zipCode": "1", "city": "C" }), "field.required", "address.countryCode"),
        ] {
            let now = version().await;
            let refusal = put(part, now, data.clone()).await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{data}");
        }
    });
}

#[test]
fn customers_of_other_studios_and_tenants_are_out_of_reach() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Owner, "north").await, gym.studio("north").await);
        let other = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        let stranger = account(&gym, other, "stranger@umbrella.example", owner()).await;
        let stranger = session(&gym, other, stranger).await;
        let (dora, theirs) = (gym.customer("south", "dora").await, gym.studio_of(other, "north").await);
        let ada = gym.customer("north", "ada").await;
        let address = r#"{"version":1,"address":{"street":"S","zipCode":"1","city":"C","countryCode":"DE"}}"#;
        for (method, below, body) in [
            ("GET", "", ""),
            ("PUT", "/master", r#"{"version":1,"master":{"firstName":"A","lastName":"B"}}"#),
            ("PUT", "/contact", r#"{"version":1,"contact":{}}"#),
            ("PUT", "/address", address),
            ("POST", "/archive", ""),
            ("POST", "/restore", ""),
            ("PUT", "/third-party-access", r#"{"allowed":false}"#),
            ("GET", "/notes", ""),
            ("POST", "/notes", r#"{"text":"x"}"#),
            ("PUT", "/notes/1", r#"{"text":"x"}"#),
            ("DELETE", "/notes/1", ""),
            ("GET", "/restrictions", ""),
            ("POST", "/restrictions", r#"{"reason":"x"}"#),
            ("PUT", "/restrictions/1", r#"{"reason":"x"}"#),
            ("DELETE", "/restrictions/1", ""),
            ("GET", "/amendments", ""),
        ] {
            // Of another studio than the path's, and of another tenant than the studio's.
            for (token, studio, id) in [(&token, north, dora), (&stranger, theirs, ada)] {
                let path = format!("/studios/{studio}/customers/{id}{below}");
                call(&gym, token, method, &path, body).await.refusal(404, NOT_FOUND);
            }
            let unreadable = call(&gym, &token, method, &format!("/studios/{north}/customers/x{below}"), body).await;
            unreadable.refusal(400, "errormessage.validation.field.invalid");
        }
    });
}

#[test]
fn of_many_who_change_the_same_version_one_does() {
    with_gym(MEMBERS, |gym| async move {
        let (token, ada) = (signed_in(&gym, Role::Desk, "north").await, gym.customer("north", "ada").await);
        let path = customer_path(&gym, "north", ada, "/contact").await;
        let before = gym.end_of_journal().await;
        let (gym, token, path) = (&gym, token.as_str(), path.as_str());
        let change = |number: usize| async move {
            let contact = json!({ "phoneBusiness": format!("040 12345{number}") });
            let body = json!({ "version": 1, "contact": contact }).to_string();
            call(gym, token, "PUT", path, &body).await.status
        };
        let mut statuses = join_all((0..6).map(change)).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409]);
        assert_eq!(gym.deeds(before).await, ["customer.contact-data-changed CUSTOMER_UPDATED"]);
    });
}
