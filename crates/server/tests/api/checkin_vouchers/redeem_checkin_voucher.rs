//! `POST /v1/checkin-vouchers/redeem`.

use gymkeeper_server::actions::checkin::{self, Visitor};
use gymkeeper_store::customer::voucher;
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, answer::Answer, join_all, with_gym};

const PATH: &str = "/v1/checkin-vouchers/redeem";

fn of(code: &str, first: &str, last: &str, email: &str) -> Value {
    json!({ "voucherCode": code, "firstname": first, "lastname": last, "email": email })
}

fn grace(code: &str) -> Value {
    of(code, "Grace", "Hopper", "grace@example.org")
}

async fn redeem(gym: &Gym, key: &str, body: &Value) -> Answer {
    gym.send_json("POST", key, PATH, &body.to_string()).await
}

/// The voucher with that code, in the form in which codes are compared.
async fn voucher(gym: &Gym, code: &'static str) -> voucher::Voucher {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| voucher::by_code(tx, tenant, code)).await.unwrap().unwrap()
}

/// More vouchers for the north.
fn more(count: usize) -> String {
    let lines: String = (0..count).map(|number| format!("      - {{ code: EXTRA-{number:03} }}\n")).collect();
    MEMBERS.replacen("    checkin_vouchers:\n", &format!("    checkin_vouchers:\n{lines}"), 1)
}

#[test]
fn chv_1_a_voucher_makes_a_prospect_and_a_code_that_opens_the_studio() {
    with_gym(MEMBERS, |gym| async move {
        let (key, before) = (gym.key("north").await, gym.end_of_journal().await);
        // People type what is printed on paper.
        let told = redeem(&gym, &key, &grace(" welcome 2026")).await.json();
        let code = told["studioAccessCode"].as_str().unwrap();
        assert_eq!(code.len(), 8);
        assert!(code.bytes().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit()), "{code}");
        let deeds = ["customer.created CUSTOMER_CREATED", "checkin-voucher.redeemed"];
        assert_eq!(gym.deeds(before).await, deeds);
        let recorded = gym.said_after(0).await;
        for secret in [code, "WELCOME", "grace@"] {
            assert!(!recorded.contains(secret), "{secret} is in the journal");
        }
        let redeemed = voucher(&gym, "WELCOME2026").await;
        let customer = gym.get(&key, &format!("/v1/customers/{}", redeemed.customer_id.unwrap())).await.json();
        assert_eq!((&customer["status"], &customer["email"]), (&json!("PROSPECT"), &json!("grace@example.org")));
        assert_eq!(customer["preferredLanguage"], json!({ "languageCode": "en" }));
        assert_eq!((redeemed.access_code.as_deref(), redeemed.used_at), (Some(code), None));
    });
}

#[test]
fn chv_1_somebody_with_the_address_is_found_by_name_before_a_new_prospect_is_made() {
    with_gym(&more(6), |gym| async move {
        let key = gym.key("north").await;
        let who = async |code: &'static str, stored: &'static str, first: &str, last: &str, email: &str| {
            redeem(&gym, &key, &of(code, first, last, email)).await.json();
            voucher(&gym, stored).await.customer_id.unwrap()
        };
        let (ada, cleo) = (gym.customer("north", "ada").await, gym.customer("north", "cleo").await);
        // A prospect by address alone, a member by address and name.
        assert_eq!(who("EXTRA-000", "EXTRA000", "C.", "P.", " CLEO@example.org").await, cleo);
        assert_eq!(who("EXTRA-001", "EXTRA001", "ada", "LOVELACE", "ada@example.org").await, ada);
        let child = who("EXTRA-002", "EXTRA002", "Byron", "Lovelace", "ada@example.org").await;
        assert!(child != ada && child != cleo);
        assert_eq!(who("EXTRA-003", "EXTRA003", "Byron", "Lovelace", "ada@example.org").await, child);
        // Whoever belongs to another studio is not this studio's to find.
        let dora = gym.customer("south", "dora").await;
        assert_ne!(who("EXTRA-004", "EXTRA004", "Dora", "Lovelace", "dora@example.org").await, dora);
        let hidden = of("EXTRA-005", "Hidden", "Lovelace", "hidden@example.org");
        redeem(&gym, &key, &hidden).await.refusal(403, "errormessage.third.party.customer.access.disabled");
        assert_eq!(voucher(&gym, "EXTRA005").await.redeemed_at, None, "the voucher is still good");
    });
}

#[test]
fn chv_2_why_a_voucher_is_not_redeemed() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let other = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella").replace("XMAS-2026", "OTHERS-2026")).await;
        assert_ne!(other, gym.tenant);
        redeem(&gym, &key, &grace("WELCOME-2026")).await.json();
        let before = gym.end_of_journal().await;
        for (code, status, error) in [
            ("NOTHING-2026", 404, "errormessage.checkin.voucher.not.found"),
            ("OTHERS-2026", 404, "errormessage.checkin.voucher.not.found"),
            ("SOUTH-2026", 403, "errormessage.authorization.other.studio"),
            ("WELCOME-2026", 400, "errormessage.checkin.voucher.already.redeemed"),
            ("SUMMER-2026", 400, "errormessage.checkin.voucher.expired"),
            ("XMAS-2026", 400, "errormessage.checkin.voucher.not.yet.valid"),
        ] {
            let refusal = redeem(&gym, &key, &grace(code)).await.refusal(status, error);
            assert_eq!(refusal.reference.as_deref(), Some("voucherCode"), "{code}");
        }
        let german = [("x-api-key", key.as_str()), ("accept-language", "de")];
        for (code, day) in [("SUMMER-2026", "31.08.2026"), ("XMAS-2026", "01.12.2026")] {
            let answer = gym.send("POST", PATH, &german, &grace(code).to_string()).await;
            assert_eq!(answer.status, 400);
            assert!(answer.text().contains(day), "{}", answer.text());
        }
        assert_eq!(gym.deeds(before).await, Vec::<String>::new());
        gym.set_clock("2026-11-30T23:00:00Z").await;
        redeem(&gym, &key, &grace("XMAS-2026")).await.json();
        // Redeemed comes before expired.
        gym.set_clock("2027-01-01T12:00:00Z").await;
        let again = redeem(&gym, &key, &grace("XMAS-2026")).await;
        again.refusal(400, "errormessage.checkin.voucher.already.redeemed");
    });
}

#[test]
fn what_is_missing_or_malformed_names_its_field() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        for (field, value, code) in [
            ("voucherCode", json!(" "), "field.required"),
            ("firstname", json!(""), "field.required"),
            ("lastname", Value::Null, "field.required"),
            ("email", json!(" "), "field.required"),
            ("email", json!("grace"), "field.invalid"),
            ("firstname", json!("x".repeat(256)), "field.too.long"),
            ("voucherCode", json!(7), "field.invalid"),
        ] {
            let mut body = grace("WELCOME-2026");
            body[field] = value;
            let refusal = redeem(&gym, &key, &body).await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
        }
    });
}

#[test]
fn chv_1_of_many_who_redeem_one_voucher_at_once_one_gets_in() {
    with_gym(&more(3), |gym| async move {
        let key = gym.key("north").await;
        gym.beside(async |beside| {
            for round in 0..3 {
                let code = format!("EXTRA-{round:03}");
                let of = |number: usize| of(&code, "G.", "Hopper", &format!("g{round}{number}@example.org"));
                let ask = async |number: usize| {
                    let gym = if number.is_multiple_of(2) { &gym } else { &beside };
                    redeem(gym, &key, &of(number)).await
                };
                let answers = join_all((0..6).map(ask)).await;
                assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
                for refused in answers.iter().filter(|answer| answer.status != 200) {
                    refused.refusal(400, "errormessage.checkin.voucher.already.redeemed");
                }
            }
        })
        .await;
        let found = gym.send_json("POST", &key, "/v1/customers/search", r#"{"lastName":"Hopper"}"#).await.json();
        assert_eq!(found.as_array().unwrap().len(), 3, "nobody was made for nothing");
    });
}

#[test]
fn chv_1_one_person_who_redeems_several_at_once_becomes_one_prospect() {
    with_gym(&more(6), |gym| async move {
        let key = gym.key("north").await;
        gym.beside(async |beside| {
            let ask = async |number: usize| {
                let gym = if number.is_multiple_of(2) { &gym } else { &beside };
                redeem(gym, &key, &grace(&format!("EXTRA-{number:03}"))).await.json()["studioAccessCode"].clone()
            };
            let mut codes: Vec<String> = join_all((0..6).map(ask)).await.iter().map(Value::to_string).collect();
            codes.sort();
            codes.dedup();
            assert_eq!(codes.len(), 6, "each voucher opens once");
        })
        .await;
        let found = gym.send_json("POST", &key, "/v1/customers/search", r#"{"lastName":"Hopper"}"#).await.json();
        assert_eq!(found.as_array().unwrap().len(), 1);
    });
}

#[test]
fn chv_2_the_visit_of_somebody_without_a_contract_uses_one_voucher_up() {
    with_gym(&more(3), |gym| async move {
        let key = gym.key("north").await;
        for code in ["EXTRA-000", "EXTRA-001"] {
            redeem(&gym, &key, &grace(code)).await.json();
        }
        redeem(&gym, &key, &of("EXTRA-002", "Ada", "Lovelace", "ada@example.org")).await.json();
        let grace = voucher(&gym, "EXTRA000").await.customer_id.unwrap();
        let ada = gym.customer("north", "ada").await;
        let visit = async |studio: &str, customer: i64| {
            let studio = gym.studio(studio).await;
            gym.act(move |change| {
                let visitor = Visitor { customer: Some(customer), at: change.now };
                checkin::open(change, studio, &[visitor])
            })
            .await;
        };
        let used = async || {
            let mut used = Vec::new();
            for code in ["EXTRA000", "EXTRA001", "EXTRA002"] {
                used.push(voucher(&gym, code).await.used_at.is_some());
            }
            used
        };
        visit("south", grace).await;
        assert_eq!(used().await, [false, false, false], "another studio's door");
        visit("north", grace).await;
        assert_eq!(used().await, [true, false, false]);
        visit("north", ada).await;
        assert_eq!(used().await, [true, false, false], "a member needs none");
        visit("north", grace).await;
        assert_eq!(used().await, [true, true, false]);
    });
}

#[test]
fn vouchers_of_the_gym_file_are_made_once_and_change_their_days() {
    with_gym(MEMBERS, |gym| async move {
        let (key, before) = (gym.key("north").await, gym.end_of_journal().await);
        redeem(&gym, &key, &grace("WELCOME-2026")).await.json();
        gym.apply(MEMBERS).await;
        let longer = MEMBERS.replace("valid_until: 2026-08-31", "valid_until: 2026-11-30");
        gym.apply(&longer).await;
        let deeds = gym.deeds(before).await;
        assert_eq!(deeds[2..], ["checkin-voucher.changed"]);
        redeem(&gym, &key, &grace("SUMMER-2026")).await.json();
        // One that the file has no more is still good for whoever holds it.
        gym.apply(
            &longer.replace("      - { code: XMAS-2026, valid_from: 2026-12-01, valid_until: 2026-12-31 }\n", ""),
        )
        .await;
        redeem(&gym, &key, &grace("XMAS-2026")).await.refusal(400, "errormessage.checkin.voucher.not.yet.valid");
        redeem(&gym, &key, &grace("WELCOME-2026")).await.refusal(400, "errormessage.checkin.voucher.already.redeemed");
    });
}
