//! What staff do for customers besides their data: the gym's own fields, another studio, benefits; and what they see of them.

use gymkeeper_domain::staff::{Grant, Grants, Role};
use gymkeeper_server::actions::{
    checkin::{self, Visitor},
    customer::contract,
};
use gymkeeper_store::customer::{self, birthday};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{account, call, customer_path, records, session, signed_in};
use crate::support::{Gym, MEMBERS, with_gym};

async fn read(gym: &Gym, token: &str, customer: i64) -> Value {
    call(gym, token, "GET", &customer_path(gym, "north", customer, "").await, "").await.json()
}

#[test]
fn a_customer_is_shown_with_modules_fees_idle_periods_answers_leads_weighings_and_who_acts() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Trainer, "north").await, gym.key("north").await);
        let (ada, bela, barred) = (
            gym.customer("north", "ada").await,
            gym.customer("north", "bela").await,
            gym.customer("north", "barred").await,
        );
        let told = read(&gym, &token, barred).await;
        let idle = &told["contracts"][0]["idlePeriods"][0];
        assert_eq!((&idle["startDate"], &idle["reason"]), (&json!("2026-12-01"), &json!("Injury")));
        assert_eq!((&idle["endDate"], &idle["refusesAccess"]), (&Value::Null, &json!(false)));
        let noted: Vec<_> = told["information"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["name"].as_str().unwrap(), one["type"].as_str().unwrap(), one["itemName"].as_str()))
            .collect();
        assert_eq!(noted, [("Goal", "LIST", Some("Strength")), ("Locker", "NUMERIC", None)]);
        assert_eq!(told["information"][1]["value"], "17");

        let told = read(&gym, &token, ada).await;
        let names = |of: &str| -> Vec<String> {
            let list = told["contracts"][0][of].as_array().unwrap();
            list.iter().map(|one| one["rateName"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((names("modules").join(" "), names("flatFees").join(" ")), ("Sauna Drinks".into(), "Card".into()));
        assert_eq!(told["contracts"][0]["modules"][0]["active"], true);
        for absent in ["legalRepresentative", "latestWeighing"] {
            assert_eq!(told[absent], Value::Null);
        }
        assert_eq!(told["leads"], json!([]));

        let weighing = r#"{"rawResults":"x","weight":61.05,"height":171}"#;
        gym.send_json("POST", &key, &format!("/v1/customers/{ada}/weighing"), weighing).await.json();
        let acts = |body: Value| {
            let path = format!("/v1/customers/{ada}/legal-representative");
            let (gym, key) = (&gym, &key);
            async move { assert_eq!(gym.send_json("PUT", key, &path, &body.to_string()).await.status, 200) }
        };
        let person = json!({ "firstName": "Ottilie", "lastName": "Amt", "dateOfBirth": "1960-02-03" });
        acts(json!({ "type": "EXTERNAL_PERSON", "person": person, "onlyLegalGuardian": true })).await;
        let told = read(&gym, &token, ada).await;
        assert_eq!(told["latestWeighing"]["weight"], json!(61.05));
        let expected = json!({
            "firstName": "Ottilie", "lastName": "Amt", "dateOfBirth": "1960-02-03", "onlyGuardian": true, "getsMessages": false,
        });
        assert_eq!(told["legalRepresentative"], expected);
        acts(json!({ "type": "EXISTING_CUSTOMER", "customerId": bela })).await;
        let told = read(&gym, &token, ada).await["legalRepresentative"].clone();
        assert_eq!((&told["customerId"], &told["firstName"]), (&json!(bela), &json!("Béla")));
        // Of whom is at home elsewhere nothing but the id is this studio's business.
        gym.key("south").await;
        let dora = gym.customer("south", "dora").await;
        acts(json!({ "type": "EXISTING_CUSTOMER", "customerId": dora })).await;
        let told = read(&gym, &token, ada).await["legalRepresentative"].clone();
        assert_eq!(told, json!({ "customerId": dora, "onlyGuardian": false, "getsMessages": false }));
    });
}

#[test]
fn cust_10_the_desk_replaces_what_is_noted_in_the_gyms_own_fields() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let barred = gym.customer("north", "barred").await;
        let fields = gym.get(&key, "/v1/customers/additional-information-fields").await.json();
        let field = |name: &str| {
            let field = fields.as_array().unwrap().iter().find(|field| field["name"] == name).unwrap();
            field["id"].clone()
        };
        let path = customer_path(&gym, "north", barred, "/information").await;
        let put = async |body: Value| call(&gym, &token, "PUT", &path, &body.to_string()).await;
        let of = |name: &str, value: &str| json!({ "additionalInformationFieldId": field(name), "value": value });
        let before = gym.end_of_journal().await;
        let wanted = json!([of("Remark", "left-handed"), of("Wants a coach", "true")]);
        let told = put(wanted.clone()).await.json();
        let noted: Vec<_> = told["information"].as_array().unwrap().iter().map(|one| &one["value"]).collect();
        assert_eq!(noted, ["true", "left-handed"]);
        put(wanted).await.json();
        assert_eq!(gym.deeds(before).await, ["customer.information-replaced CUSTOMER_UPDATED"]);
        let record = records(&gym).await.pop().unwrap();
        assert!(!format!("{record:?}").contains("left-handed"), "{record:?}");
        let seen = gym.get(&key, &format!("/v1/customers/{barred}")).await.json();
        assert_eq!(seen["additionalInformationFieldAssignments"].as_array().unwrap().len(), 2);
        for (body, code, at) in [
            (json!([of("Locker", "many")]), "value.invalid", "[0].value"),
            (json!([of("Locker", "1"), of("Locker", "2")]), "duplicate", "[1].additionalInformationFieldId"),
            (
                json!([{ "additionalInformationFieldId": 0, "value": "x" }]),
                "unknown",
                "[0].additionalInformationFieldId",
            ),
        ] {
            let refusal = put(body).await;
            let refusal = refusal.refusal(400, &format!("errormessage.additional.information.field.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(at));
        }
        assert_eq!(put(json!([])).await.json()["information"], json!([]));
        let dora = customer_path(&gym, "north", gym.customer("south", "dora").await, "/information").await;
        call(&gym, &token, "PUT", &dora, "[]").await.refusal(404, "errormessage.customer.not.found");
    });
}

#[test]
fn cust_14_who_may_change_customers_in_both_studios_moves_them() {
    with_gym(MEMBERS, |gym| async move {
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let (desk, ada) = (signed_in(&gym, Role::Desk, "north").await, gym.customer("north", "ada").await);
        let both = Grants::new(vec![
            Grant { role: Role::Desk, studio: Some(north) },
            Grant { role: Role::Manager, studio: Some(south) },
        ]);
        let both = session(&gym, gym.tenant, account(&gym, gym.tenant, "both@acme.example", both).await).await;
        let path = customer_path(&gym, "north", ada, "/studio-switch").await;
        let to = |studio: i64, day: &str| json!({ "targetStudioId": studio, "switchDate": day }).to_string();
        for (token, body, code) in [
            (&desk, to(south, "2026-11-21"), "target.not.allowed"),
            (&both, to(0, "2026-11-21"), "target.not.allowed"),
            (&both, to(north, "2026-11-21"), "same.studio"),
            (&both, to(south, "2026-11-22"), "date.in.future"),
        ] {
            let refusal = call(&gym, token, "POST", &path, &body).await;
            refusal.refusal(400, &format!("errormessage.studio.switch.{code}"));
        }
        let before = gym.end_of_journal().await;
        assert_eq!(call(&gym, &both, "POST", &path, &to(south, "2026-11-20")).await.text(), "");
        let told = "customer.switched-studio CUSTOMER_HOME_STUDIO_UPDATED CUSTOMER_CHECKIN_STUDIOS_UPDATED";
        assert_eq!(gym.deeds(before).await, [told, told]);
        let gone = call(&gym, &both, "GET", &customer_path(&gym, "north", ada, "").await, "").await;
        gone.refusal(404, "errormessage.customer.not.found");
        let there = call(&gym, &both, "GET", &customer_path(&gym, "south", ada, "").await, "").await.json();
        assert_eq!((&there["studioId"], &there["contracts"][0]["active"]), (&json!(south), &json!(true)));
    });
}

#[test]
fn ben_1_staff_use_a_benefit_as_often_as_it_is_there() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Trainer, "north").await, gym.key("north").await);
        let ada = gym.customer("north", "ada").await;
        let take = async |benefit: &str| {
            let path = customer_path(&gym, "north", ada, &format!("/benefits/{benefit}/use")).await;
            call(&gym, &token, "POST", &path, "").await
        };
        let before = gym.end_of_journal().await;
        let usable = |told: &Value, benefit: &str| {
            told.as_array().unwrap().iter().find(|one| one["key"] == benefit).unwrap()["usable"].clone()
        };
        assert_eq!(usable(&take("guest").await.json(), "guest"), true);
        // Programs and staff take from one contingent.
        let path = format!("/v1/customers/{ada}/benefits/guest/use");
        assert_eq!(gym.send_json("POST", &key, &path, "").await.status, 200);
        take("guest").await.refusal(400, "errormessage.benefit.no.contingent");
        take("moon").await.refusal(400, "errormessage.benefit.key.invalid");
        assert_eq!(usable(&take("towel").await.json(), "guest"), false);
        assert_eq!(gym.deeds(before).await, ["benefit.used"; 3]);
        let dora = customer_path(&gym, "north", gym.customer("south", "dora").await, "/benefits/towel/use").await;
        call(&gym, &token, "POST", &dora, "").await.refusal(404, "errormessage.customer.not.found");
        let looks = signed_in(&gym, Role::ReadOnly, "north").await;
        let path = customer_path(&gym, "north", ada, "/benefits/towel/use").await;
        call(&gym, &looks, "POST", &path, "").await.refusal(403, super::RIGHT_MISSING);
    });
}

#[test]
fn chk_1_staff_see_the_visits_of_a_customer_in_all_studios_and_the_look_is_on_record() {
    with_gym(MEMBERS, |gym| async move {
        let (token, ada) = (signed_in(&gym, Role::Trainer, "north").await, gym.customer("north", "ada").await);
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        for (studio, at) in
            [(north, "2026-11-02T08:00:00Z"), (south, "2026-11-03T23:30:00Z"), (north, "2026-09-01T08:00:00Z")]
        {
            let visitor = Visitor { customer: Some(ada), at: at.parse().unwrap() };
            gym.act(move |change| checkin::open(change, studio, &[visitor])).await;
        }
        let path = customer_path(&gym, "north", ada, "/visits").await;
        let list = async |query: &str| call(&gym, &token, "GET", &format!("{path}{query}"), "").await;
        let told = list("").await.json();
        let begun: Vec<_> =
            told["result"].as_array().unwrap().iter().map(|one| one["checkInDateTime"].as_str().unwrap()).collect();
        assert_eq!(begun.len(), 2, "of the last month: {told}");
        assert!(begun[0].starts_with("2026-11-04T00:30:00") && begun[1].starts_with("2026-11-02T09:00:00"), "{told}");
        assert_eq!(told["result"][0]["studioName"], "Acme South");
        let record = records(&gym).await.pop().unwrap();
        assert_eq!((record.action.as_str(), record.subject), ("customer.visits-read", Some(format!("customer:{ada}"))));
        // A day is one of the studio where it is asked.
        for (query, number) in [
            ("?fromDate=2026-11-04&toDate=2026-11-04", 1),
            ("?fromDate=2026-11-03&toDate=2026-11-03", 0),
            ("?fromDate=2026-09-01&toDate=2026-11-21", 3),
            ("?fromDate=2026-09-01&toDate=2026-11-21&sliceSize=1&offset=1", 1),
        ] {
            assert_eq!(list(query).await.json()["result"].as_array().unwrap().len(), number, "{query}");
        }
        list("?fromDate=2026-11-04&toDate=2026-11-03").await.refusal(400, "errormessage.validation.date.range.invalid");
        list("?fromDate=2025-11-01").await.refusal(400, "errormessage.validation.date.range.too.long");
        let dora = customer_path(&gym, "north", gym.customer("south", "dora").await, "/visits").await;
        call(&gym, &token, "GET", &dora, "").await.refusal(404, "errormessage.customer.not.found");
    });
}

/// The days on which a birthday was corrected, with what had been known before.
async fn corrections(gym: &Gym, customer: i64) -> Vec<(Date, Option<Date>)> {
    let tenant = gym.tenant;
    let found = gym.app.db.read(move |tx| birthday::corrections(tx, tenant, customer)).await.unwrap();
    found.into_iter().map(|one| (one.corrected_on, one.date_of_birth)).collect()
}

#[test]
fn amd_6_what_was_known_of_a_birthday_counts_for_periods_that_had_begun() {
    let young = r#"every: 1 MONTH, age_adjustments: [{ type: PERCENTAGE, from_age: 16, to_age: 17, value: "50" }] }"#;
    let yaml = MEMBERS.replacen(r#"price: "50.00", every: 1 MONTH }"#, &format!(r#"price: "50.00", {young}"#), 1);
    let yaml = yaml.as_str();
    with_gym(yaml, |gym| async move {
        let (token, ada) = (signed_in(&gym, Role::Desk, "north").await, gym.customer("north", "ada").await);
        let master = async |birthday: &str| {
            let version = read(&gym, &token, ada).await["version"].clone();
            let master = json!({ "firstName": "Ada", "lastName": "Lovelace", "dateOfBirth": birthday });
            let body = json!({ "version": version, "master": master }).to_string();
            let path = customer_path(&gym, "north", ada, "/master").await;
            call(&gym, &token, "PUT", &path, &body).await.json();
        };
        // What counts for periods that begin on these days, of each contract.
        let counts = async |days: [Date; 2]| -> Vec<[Option<Date>; 2]> {
            let tenant = gym.tenant;
            let contracts = gym.app.db.read(move |tx| {
                let ada = customer::by_id(tx, tenant, ada)?.unwrap();
                contract::of(tx, tenant, &ada)
            });
            let contracts = contracts.await.unwrap();
            let main = contracts.iter().filter(|one| one.row.parent_id.is_none());
            main.map(|one| days.map(|day| one.conditions.birthday.on(day))).collect()
        };
        let (today, tomorrow) = (date(2026, 11, 21), date(2026, 11, 22));
        let (born, mistyped, right) = (date(1990, 12, 10), date(2001, 12, 10), date(2009, 12, 10));
        master("1990-12-10").await;
        assert_eq!(corrections(&gym, ada).await, []);
        master("2001-12-10").await;
        master("2009-12-10").await;
        assert_eq!(corrections(&gym, ada).await, [(today, Some(born)), (today, Some(mistyped))]);
        assert_eq!(counts([today, tomorrow]).await, [[Some(born), Some(right)]]);
        // A contract that is signed afterwards was never told by anything else.
        let her = "        date_of_birth: 1990-12-10\n        email: Ada@Example.org\n";
        let hers = yaml.replacen(her, &her.replace("1990", "2009"), 1).replacen(
            "modules: [{ module: drinks }] }\n",
            "modules: [{ module: drinks }] }\n          - { offer: basic, term: basic-12, start: 2026-11-21 }\n",
            1,
        );
        gym.apply(&hers.replacen("1985-02-28", "1986-02-28", 1)).await;
        assert_eq!(counts([today, tomorrow]).await, [[Some(born), Some(right)], [Some(right); 2]]);
        // A gym file corrects birthdays as well.
        let bela = gym.customer("north", "bela").await;
        assert_eq!(corrections(&gym, bela).await, [(today, Some(date(1985, 2, 28)))]);
    });
}
