//! `replaceLegalRepresentative`, and who acts for customers of a gym file.

use gymkeeper_server::gymfile;
use gymkeeper_store::customer::representative::{self, Person, Who};
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, join_all, with_gym};

const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M1 1 L2 2\"/></svg>";
const BASE64: &str = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxwYXRoIGQ9Ik0xIDEgTDIgMiIvPjwvc3ZnPg==";

/// The fixture with two minors more, of whom one comes of age on 2026-11-22.
fn with_minors(lines: &str) -> String {
    let minors = "      - { key: kid, first_name: Kid, last_name: King, date_of_birth: 2012-05-05 }
      - { key: teen, first_name: Teen, last_name: King, date_of_birth: 2008-11-22 }
";
    MEMBERS.replacen("    customers:\n", &format!("    customers:\n{minors}{lines}"), 1)
}

fn path(customer: i64) -> String {
    format!("/v1/customers/{customer}/legal-representative")
}

fn customer(id: i64) -> Value {
    json!({ "type": "EXISTING_CUSTOMER", "customerId": id })
}

fn person() -> Value {
    json!({
        "type": "EXTERNAL_PERSON",
        "person": { "firstName": " Annabella ", "lastName": "Milbanke", "dateOfBirth": "1972-05-17", "email": "anna@example.org" },
        "onlyLegalGuardian": true,
        "communicationToLegalRepresentative": true,
    })
}

fn annabella() -> Who {
    Who::Person(Person {
        first_name: "Annabella".to_owned(),
        last_name: "Milbanke".to_owned(),
        date_of_birth: Some("1972-05-17".parse().unwrap()),
        email: Some("anna@example.org".to_owned()),
    })
}

/// Who acts for a customer, whether alone and with the messages, and the signature.
async fn stored(gym: &Gym, id: i64) -> Option<(Who, bool, bool, Option<String>)> {
    let tenant = gym.tenant;
    gym.change(move |tx| {
        let signature = representative::signature(tx, tenant, id)?.map(|bytes| String::from_utf8(bytes).unwrap());
        let found = representative::of_customer(tx, tenant, id)?;
        Ok(found.map(|found| (found.who, found.only_guardian, found.gets_messages, signature)))
    })
    .await
}

#[test]
fn rep_2_the_one_before_is_replaced_and_the_same_again_changes_nothing() {
    with_gym(&with_minors(""), |gym| async move {
        let (key, kid, ada) =
            (gym.key("north").await, gym.customer("north", "kid").await, gym.customer("north", "ada").await);
        let end = gym.end_of_journal().await;
        let replaced = "customer.legal-representative-replaced CUSTOMER_UPDATED";
        let mut times = 0;
        for (body, expected) in [
            (customer(ada), (Who::Customer(ada), false, false, None)),
            (person(), (annabella(), true, true, None)),
            (
                json!({ "type": "EXISTING_CUSTOMER", "customerId": ada, "onlyLegalGuardian": false,
                    "communicationToLegalRepresentative": true, "person": { "firstName": "Nobody" } }),
                (Who::Customer(ada), false, true, None),
            ),
        ] {
            for _ in 0..2 {
                assert_eq!(gym.send_json("PUT", &key, &path(kid), &body.to_string()).await.text(), "");
                assert_eq!(stored(&gym, kid).await.as_ref(), Some(&expected), "{body}");
            }
            times += 1;
            assert_eq!(gym.deeds(end).await, vec![replaced; times], "{body}");
        }
        assert_eq!(gym.events_after(end).await, vec![("CUSTOMER_UPDATED".to_owned(), kid); 3]);
        let journal = gym.said_after(end).await;
        for secret in ["Annabella", "Milbanke", "1972-05", "anna@"] {
            assert!(!journal.contains(secret), "{journal}");
        }
        // Nothing of it is told as the customer's own.
        let told = gym.get(&key, &format!("/v1/customers/{kid}")).await.text();
        assert!(!told.contains("Milbanke"), "{told}");
    });
}

#[test]
fn rep_2_a_signature_stays_with_whoever_gave_it() {
    with_gym(&with_minors(""), |gym| async move {
        let (key, kid, ada) =
            (gym.key("north").await, gym.customer("north", "kid").await, gym.customer("north", "ada").await);
        let put = async |mut body: Value, signature: Option<&str>| {
            body["firstSignature"] = json!(signature);
            assert_eq!(gym.send_json("PUT", &key, &path(kid), &body.to_string()).await.text(), "");
            stored(&gym, kid).await.unwrap().3
        };
        let drawing = Some(DRAWING.to_owned());
        assert_eq!(put(person(), Some(BASE64)).await, drawing);
        let end = gym.end_of_journal().await;
        // The same again, in each way to write it.
        for same in [Some(BASE64), Some(DRAWING), None, Some(" ")] {
            assert_eq!(put(person(), same).await, drawing, "{same:?}");
        }
        assert_eq!(gym.end_of_journal().await, end);
        let mut moved = person();
        moved["person"]["email"] = json!("annabella@example.org");
        assert_eq!(put(moved.clone(), None).await, drawing);
        moved["person"]["firstName"] = json!("Anna");
        assert_eq!(put(moved.clone(), None).await, None, "somebody else has not signed");
        assert_eq!(put(moved, Some("<svg/>")).await.as_deref(), Some("<svg/>"));
        assert_eq!(put(customer(ada), None).await, None);
        assert_eq!(put(customer(ada), Some(&format!("data:image/svg+xml;base64,{BASE64}"))).await, drawing);
        assert_eq!(gym.deeds(end).await.len(), 5);
        for record in gym.journal_after(0).await {
            assert!(!format!("{record:?}").contains("svg"), "{record:?}");
        }
    });
}

gymkeeper_store::statements! {
    SEALED = "select person, signature from legal_representative where tenant_id = $1 and customer_id = $2";
}

#[test]
fn rep_2_neither_person_nor_signature_can_be_read_in_the_database() {
    with_gym(&with_minors(""), |gym| async move {
        let (key, kid, tenant) = (gym.key("north").await, gym.customer("north", "kid").await, gym.tenant);
        let mut body = person();
        body["firstSignature"] = json!(BASE64);
        gym.send_json("PUT", &key, &path(kid), &body.to_string()).await.text();
        let sealed: (Vec<u8>, Vec<u8>) = gym.change(move |tx| tx.query_one(&SEALED, &[&tenant, &kid])).await.unwrap();
        let shows = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!shows(&sealed.0, "Milbanke") && !shows(&sealed.1, "svg"));
        // The row is gone with the person.
        let ada = gym.customer("north", "ada").await;
        gym.send_json("PUT", &key, &path(kid), &customer(ada).to_string()).await.text();
        let sealed: (Option<Vec<u8>>, Option<Vec<u8>>) =
            gym.change(move |tx| tx.query_one(&SEALED, &[&tenant, &kid])).await.unwrap();
        assert_eq!(sealed, (None, None));
    });
}

#[test]
fn rep_1_who_cannot_act_is_refused_with_the_field() {
    with_gym(&with_minors(""), |gym| async move {
        let foreign = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        let foreign = gym.customer_of(foreign, "north", "ada").await;
        let key = gym.key("north").await;
        let mut ids = Vec::new();
        for name in ["kid", "teen", "ada", "cleo", "hidden", "bela"] {
            ids.push(gym.customer("north", name).await);
        }
        let [kid, teen, ada, cleo, hidden, bela] = ids[..] else { panic!("{ids:?}") };
        let dora = gym.customer("south", "dora").await;
        let end = gym.end_of_journal().await;
        let of = |field: &str, value: Value| {
            let mut body = person();
            body["person"][field] = value;
            body
        };
        let signed = |text: &str| {
            let mut body = person();
            body["firstSignature"] = json!(text);
            body
        };
        let (required, invalid) = ("validation.field.required", "validation.field.invalid");
        let not_of_age = "legal.representative.not.of.age";
        for (body, status, code, reference) in [
            (json!({}), 400, required, "type"),
            (json!({ "type": "NEIGHBOUR" }), 400, "validation.enum.unknown", "type"),
            (json!({ "type": "EXISTING_CUSTOMER" }), 400, required, "customerId"),
            (json!({ "type": "EXISTING_CUSTOMER", "customerId": "x" }), 400, invalid, "customerId"),
            (json!({ "type": "EXISTING_CUSTOMER", "customerId": 1e30 }), 400, invalid, "customerId"),
            (customer(0), 404, "customer.not.found", "customerId"),
            (customer(foreign), 404, "customer.not.found", "customerId"),
            (customer(dora), 403, "authorization.other.studio", "customerId"),
            (customer(hidden), 403, "third.party.customer.access.disabled", "customerId"),
            (customer(kid), 400, "legal.representative.self", "customerId"),
            (customer(teen), 400, not_of_age, "customerId"),
            // Nobody knows when Cleo was born.
            (customer(cleo), 400, not_of_age, "customerId"),
            (json!({ "type": "EXTERNAL_PERSON" }), 400, required, "person"),
            (json!({ "type": "EXTERNAL_PERSON", "person": [] }), 400, invalid, "person"),
            (of("firstName", json!(" ")), 400, required, "person.firstName"),
            (of("lastName", json!(null)), 400, required, "person.lastName"),
            (of("lastName", json!("x".repeat(101))), 400, "validation.field.too.long", "person.lastName"),
            (of("email", json!("nobody")), 400, invalid, "person.email"),
            (of("dateOfBirth", json!("2026-11-22")), 400, invalid, "person.dateOfBirth"),
            (of("dateOfBirth", json!("17.05.1972")), 400, invalid, "person.dateOfBirth"),
            (of("dateOfBirth", json!("2008-11-22")), 400, not_of_age, "person.dateOfBirth"),
            (signed("Annabella"), 400, invalid, "firstSignature"),
            (signed("<svg onload=\"alert(1)\"/>"), 400, invalid, "firstSignature"),
            (
                signed(&format!("<svg>{}</svg>", " ".repeat(300_000))),
                400,
                "validation.field.too.long",
                "firstSignature",
            ),
        ] {
            let answer = gym.send_json("PUT", &key, &path(kid), &body.to_string()).await;
            let refusal = answer.refusal(status, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{code}");
        }
        for (whose, status, code) in [
            (0, 404, "customer.not.found"),
            (foreign, 404, "customer.not.found"),
            (dora, 403, "authorization.other.studio"),
            (hidden, 403, "third.party.customer.access.disabled"),
        ] {
            let answer = gym.send_json("PUT", &key, &path(whose), &customer(ada).to_string()).await;
            answer.refusal(status, &format!("errormessage.{code}"));
        }
        assert_eq!((gym.end_of_journal().await, stored(&gym, kid).await), (end, None));
        // On the studio's day, which begins an hour before that of UTC, the teenager is of age.
        gym.set_clock("2026-11-21T23:00:00Z").await;
        let key = gym.key("north").await;
        assert_eq!(gym.send_json("PUT", &key, &path(kid), &customer(teen).to_string()).await.text(), "");
        // Parents may train in a studio in which the integration is active.
        gym.key("south").await;
        assert_eq!(gym.send_json("PUT", &key, &path(kid), &customer(dora).to_string()).await.text(), "");
        assert_eq!(stored(&gym, kid).await.unwrap().0, Who::Customer(dora));
        // Without a birthday, a person's age is the business of whoever sends it.
        let ageless = of("dateOfBirth", json!(null));
        assert_eq!(gym.send_json("PUT", &key, &path(bela), &ageless.to_string()).await.text(), "");
    });
}

#[test]
fn rep_1_nobody_acts_for_somebody_who_acts_for_them() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let (ada, bela, future) = (
            gym.customer("north", "ada").await,
            gym.customer("north", "bela").await,
            gym.customer("north", "future").await,
        );
        let put = async |whose: i64, acting: i64| {
            gym.send_json("PUT", &key, &path(whose), &customer(acting).to_string()).await
        };
        let circular = "errormessage.legal.representative.circular";
        assert_eq!(put(ada, bela).await.status, 200);
        put(bela, ada).await.refusal(400, circular);
        assert_eq!(put(bela, future).await.status, 200);
        let refusal = put(future, ada).await.refusal(400, circular);
        assert_eq!(refusal.reference.as_deref(), Some("customerId"));
        // Once the chain is open, it goes.
        assert_eq!(gym.send_json("PUT", &key, &path(bela), &person().to_string()).await.status, 200);
        assert_eq!(put(future, ada).await.status, 200);
    });
}

#[test]
fn rep_1_of_two_who_name_each_other_at_once_one_is_refused() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
        let put = async |gym: &Gym, whose: i64, body: Value| {
            gym.send_json("PUT", &key, &path(whose), &body.to_string()).await
        };
        gym.beside(async |beside| {
            for round in 0..15 {
                let both = [(&gym, ada, bela), (&beside, bela, ada)];
                let answers = join_all(both.map(|(gym, whose, acting)| put(gym, whose, customer(acting)))).await;
                let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
                statuses.sort_unstable();
                assert_eq!(statuses, [200, 400], "round {round}");
                for whose in [ada, bela] {
                    assert_eq!(put(&gym, whose, person()).await.status, 200);
                }
            }
        })
        .await;
    });
}

#[test]
fn rep_1_a_gym_file_says_who_acts_and_is_held_to_the_same_rules() {
    let yaml = with_minors("");
    let says = |of_kid: &str| yaml.replacen("2012-05-05", &format!("2012-05-05, legal_representative: {of_kid}"), 1);
    let yaml = says("{ customer: ada, only_guardian: true }");
    with_gym(&yaml, |gym| {
        let yaml = yaml.clone();
        let person = says(
            "{ person: { first_name: Annabella, last_name: Milbanke, email: anna@example.org }, gets_messages: true }",
        );
        let young = says("{ customer: teen }");
        let ageless = says("{ customer: cleo }");
        async move {
            let (kid, ada) = (gym.customer("north", "kid").await, gym.customer("north", "ada").await);
            assert_eq!(stored(&gym, kid).await, Some((Who::Customer(ada), true, false, None)));
            let end = gym.end_of_journal().await;
            gym.apply(&yaml).await;
            assert_eq!(gym.end_of_journal().await, end);
            gym.apply(&person).await;
            let (who, only, messages, _) = stored(&gym, kid).await.unwrap();
            assert!(matches!(who, Who::Person(person) if person.last_name == "Milbanke") && !only && messages);
            let replaced = "customer.legal-representative-replaced CUSTOMER_UPDATED";
            assert_eq!(gym.deeds(end).await, ["customer.changed-by-gym-file CUSTOMER_UPDATED", replaced]);
            // A description that says nothing about it leaves it as it is.
            gym.apply(&with_minors("")).await;
            assert!(stored(&gym, kid).await.is_some());
            for wrong in [&young, &ageless] {
                let failure = gym.try_to_apply(wrong).await.unwrap_err();
                let said = format!("{failure:?}");
                assert!(said.contains("studio north / customer kid: customerId: ") && said.contains("18"), "{said}");
            }
        }
    });
}

#[test]
fn rep_1_mistakes_of_a_gym_file_about_it_are_named() {
    let today = "2026-11-21".parse().unwrap();
    let place = "studios[0].customers[0].legal_representative";
    for (wrong, field, says) in [
        ("{ customer: nobody }", format!("{place}.customer"), "there is no customer with the key \"nobody\""),
        ("{ customer: dora }", format!("{place}.customer"), "in this studio"),
        ("{ customer: kid }", format!("{place}.customer"), "must be another customer"),
        ("{ only_guardian: true }", place.to_owned(), "either a customer or a person"),
        (
            "{ customer: ada, person: { first_name: A, last_name: B } }",
            place.to_owned(),
            "either a customer or a person",
        ),
        ("{ person: { first_name: A, last_name: ' ' } }", format!("{place}.person.last_name"), "must not be empty"),
        ("{ person: { first_name: A, last_name: B, email: x } }", format!("{place}.person.email"), "e-mail"),
        ("{ person: { first_name: A } }", format!("{place}.person"), "last_name"),
        ("{ parent: ada }", format!("{place}.parent"), "unknown field"),
    ] {
        let yaml = with_minors("").replacen("2012-05-05", &format!("2012-05-05, legal_representative: {wrong}"), 1);
        let mistakes = gymfile::read(&yaml, today, &gymfile::Beside(std::path::Path::new("."))).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{wrong}: {mistakes:?}");
        assert_eq!(mistakes[0].field, field, "{wrong}");
        assert!(mistakes[0].message.contains(says) && mistakes[0].line.is_some(), "{wrong}: {mistakes:?}");
    }
}
