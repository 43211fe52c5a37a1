//! The bank account of a customer in the back office (AMD-5, LAW-8).

use gymkeeper_domain::staff::Role;
use gymkeeper_store::customer::bank_account;
use serde_json::{Value, json};

use super::{RIGHT_MISSING, call, customer_path, last_record, signed_in};
use crate::support::{Gym, MEMBERS, with_gym};

const NOBODY: &str = "errormessage.customer.not.found";
const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M1 1 L2 2\"/></svg>";
const BASE64: &str = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxwYXRoIGQ9Ik0xIDEgTDIgMiIvPjwvc3ZnPg==";

fn account(iban: &str) -> Value {
    json!({ "accountHolder": " Ada Lovelace ", "bankName": "Harbour Bank", "iban": iban, "bic": "coba de ff" })
}

/// The whole IBAN of a customer's present account, the signature under its mandate, and how many accounts there have been.
async fn stored(gym: &Gym, customer: i64) -> (Option<String>, Option<String>, i64) {
    let tenant = gym.tenant;
    gym.change(move |tx| {
        let present = bank_account::present(tx, tenant, customer)?;
        let signature = bank_account::signature(tx, tenant, customer)?;
        Ok((
            present.map(|present| present.account.iban),
            signature.map(|bytes| String::from_utf8(bytes).unwrap()),
            bank_account::count(tx, tenant, customer)?,
        ))
    })
    .await
}

#[test]
fn law_8_staff_enter_accounts_each_with_a_mandate_of_its_own() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let ada = gym.customer("north", "ada").await;
        let path = customer_path(&gym, "north", ada, "/bank-account").await;
        let end = gym.end_of_journal().await;
        // The north asks customers for signatures; staff may have one on paper.
        let set = call(&gym, &token, "PUT", &path, &account("at61 1904 3002 3457 3201").to_string()).await.json();
        let number = gym.get(&key, &format!("/v1/customers/{ada}")).await.json()["customerNumber"].clone();
        let reference = |mandate: i64| format!("M-{}-{mandate}", number.as_str().unwrap());
        let expected = json!({
            "accountHolder": "Ada Lovelace", "bankName": "Harbour Bank", "iban": "AT61 **** **** **** **01",
            "mandateReference": reference(1), "mandateSignedOn": "2026-11-21",
        });
        assert_eq!(set, expected);
        let shown = call(&gym, &token, "GET", &customer_path(&gym, "north", ada, "").await, "").await.json();
        assert_eq!((&shown["bankAccount"], &shown["paymentMethod"]), (&set, &json!("DIRECT_DEBIT")));
        assert_eq!(stored(&gym, ada).await, (Some("AT611904300234573201".to_owned()), None, 1));
        // The same again changes nothing; another one is another mandate, with the signature that was drawn.
        let journal = gym.end_of_journal().await;
        call(&gym, &token, "PUT", &path, &account("AT61 1904 3002 3457 3201").to_string()).await.json();
        assert_eq!(gym.deeds(journal).await, Vec::<String>::new());
        let mut signed = json!({ "accountHolder": "Ada King", "iban": "DE89 3704 0044 0532 0130 00" });
        signed["signature"] = json!({ "base64SvgSignature": BASE64 });
        let set = call(&gym, &token, "PUT", &path, &signed.to_string()).await.json();
        let expected = json!({
            "accountHolder": "Ada King", "iban": "DE89 **** **** **** **** 00", "mandateReference": reference(2),
            "mandateSignedOn": "2026-11-21",
        });
        assert_eq!(set, expected);
        assert_eq!(stored(&gym, ada).await, (Some("DE89370400440532013000".to_owned()), Some(DRAWING.to_owned()), 2));
        assert_eq!(gym.events_after(end).await, vec![("CUSTOMER_UPDATED".to_owned(), ada); 2]);
        let (actor, action, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:"), "{actor}");
        assert_eq!((action.as_str(), subject), ("customer.bank-account-changed", format!("customer:{ada}")));
        let journal = gym.said_after(0).await;
        assert!(journal.contains("iban"), "the names of the fields are there");
        for secret in ["AT61", "DE89", "Ada King", "Harbour", "COBADEFF"] {
            assert!(!journal.contains(secret), "{secret} is in the journal");
        }
    });
}

#[test]
fn amd_2_what_a_member_asked_for_goes_on_waiting() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let ada = gym.customer("north", "ada").await;
        let mut asked = account("NO9386011117947");
        asked["signature"] = json!({ "base64SvgSignature": BASE64 });
        let self_service = format!("/v1/customers/{ada}/self-service/payment-data");
        let waiting = gym.send_json("POST", &key, &self_service, &asked.to_string()).await.json()["id"].clone();
        assert!(waiting.is_i64(), "{waiting}");
        let path = customer_path(&gym, "north", ada, "").await;
        call(&gym, &token, "PUT", &format!("{path}/bank-account"), &account("AT611904300234573201").to_string())
            .await
            .json();
        let shown = call(&gym, &token, "GET", &path, "").await.json();
        assert_eq!(shown["pendingAmendments"][0]["id"], waiting);
        assert_eq!(shown["bankAccount"]["mandateReference"].as_str().unwrap().rsplit_once('-').unwrap().1, "1");
    });
}

#[test]
fn amd_5_impossible_accounts_are_refused_with_their_field_and_not_repeated() {
    with_gym(MEMBERS, |gym| async move {
        let token = signed_in(&gym, Role::Desk, "north").await;
        let (ada, dora) = (gym.customer("north", "ada").await, gym.customer("south", "dora").await);
        let path = customer_path(&gym, "north", ada, "/bank-account").await;
        let end = gym.end_of_journal().await;
        let (validation, bank) = ("errormessage.validation.field", "errormessage.bank.account");
        let drawing = |text: &str| json!({ "base64SvgSignature": text });
        for (field, value, code, reference) in [
            ("accountHolder", json!(" "), format!("{validation}.required"), "accountHolder"),
            ("accountHolder", json!("a".repeat(256)), format!("{validation}.too.long"), "accountHolder"),
            ("iban", Value::Null, format!("{validation}.required"), "iban"),
            ("iban", json!("DE88370400440532013000"), format!("{bank}.iban.invalid"), "iban"),
            ("iban", json!(7), format!("{validation}.invalid"), "iban"),
            ("bic", json!("COBADEF"), format!("{bank}.bic.invalid"), "bic"),
            ("signature", drawing("Ada"), format!("{validation}.invalid"), "signature.base64SvgSignature"),
            ("signature", json!({}), format!("{validation}.required"), "signature.base64SvgSignature"),
            ("mandateReference", json!("M-1"), format!("{validation}.unknown"), "mandateReference"),
        ] {
            let mut wanted = account("AT611904300234573201");
            wanted[field] = value;
            let answer = call(&gym, &token, "PUT", &path, &wanted.to_string()).await;
            let refusal = answer.refusal(400, &code);
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{field} {code}");
            let said = refusal.error_message;
            assert!(!said.contains("3704") && !said.contains("1904"), "{said}");
        }
        let wanted = account("AT611904300234573201").to_string();
        for nobody in [dora, 0] {
            let path = customer_path(&gym, "north", nobody, "/bank-account").await;
            call(&gym, &token, "PUT", &path, &wanted).await.refusal(404, NOBODY);
        }
        assert_eq!(gym.end_of_journal().await, end);
        let trainer = signed_in(&gym, Role::Trainer, "north").await;
        call(&gym, &trainer, "PUT", &path, &wanted).await.refusal(403, RIGHT_MISSING);
        let other = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        let stranger = super::account(&gym, other, "stranger@umbrella.example", super::owner()).await;
        let stranger = super::session(&gym, other, stranger).await;
        call(&gym, &stranger, "PUT", &path, &wanted).await.refusal(404, "errormessage.studio.not.found");
        assert_eq!(stored(&gym, ada).await, (None, None, 0));
        // Of somebody in the archive nothing is changed.
        let (manager, cleo) = (signed_in(&gym, Role::Manager, "north").await, gym.customer("north", "cleo").await);
        let cleo = customer_path(&gym, "north", cleo, "").await;
        call(&gym, &manager, "POST", &format!("{cleo}/archive"), "").await.json();
        let refused = call(&gym, &token, "PUT", &format!("{cleo}/bank-account"), &wanted).await;
        refused.refusal(400, "errormessage.customer.archived");
    });
}
