//! Payment data: `getCustomerPaymentData` and `createCustomerPaymentDataAmendment`.

use gymkeeper_store::customer::bank_account;
use serde_json::{Value, json};

use super::{decide, path};
use crate::support::{Gym, MEMBERS, with_gym};

const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M1 1 L2 2\"/></svg>";
const BASE64: &str = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxwYXRoIGQ9Ik0xIDEgTDIgMiIvPjwvc3ZnPg==";

fn account(iban: &str) -> Value {
    json!({ "accountHolder": " Ada Lovelace ", "bankName": "Harbour Bank", "iban": iban, "bic": "coba de ff" })
}

fn signed(iban: &str) -> Value {
    let mut wanted = account(iban);
    wanted["signature"] = json!({ "base64SvgSignature": BASE64 });
    wanted
}

/// Reference and day of the present mandate, its signature, and how many accounts there have been.
async fn mandate(gym: &Gym, customer: i64) -> (Option<(String, String)>, Option<String>, i64) {
    let tenant = gym.tenant;
    gym.change(move |tx| {
        let present = bank_account::present(tx, tenant, customer)?;
        let signature = bank_account::signature(tx, tenant, customer)?;
        Ok((
            present.map(|present| (present.mandate_reference, present.mandate_signed_on.to_string())),
            signature.map(|bytes| String::from_utf8(bytes).unwrap()),
            bank_account::count(tx, tenant, customer)?,
        ))
    })
    .await
}

#[test]
fn amd_5_and_8_a_new_account_waits_and_then_has_a_mandate_of_the_day_it_was_signed() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "payment-data"), gym.end_of_journal().await);
        let status = "CHANGES_REQUIRE_VERIFICATION";
        let none = json!({ "requireSignature": true, "amendmentConfigurationStatus": status });
        assert_eq!(gym.get(&key, &at).await.json(), none);
        let wanted = signed("at61 1904 3002 3457 3201").to_string();
        let asked = gym.send_json("POST", &key, &at, &wanted).await.json();
        let id = asked["id"].as_i64().unwrap();
        let stored = json!({
            "accountHolder": "Ada Lovelace",
            "bankName": "Harbour Bank",
            "iban": "AT611904300234573201",
            "bic": "COBADEFF",
            "requireSignature": true,
        });
        let mut pending = stored.clone();
        pending["id"] = json!(id);
        assert_eq!(asked, pending);
        let told = gym.get(&key, &at).await.json();
        assert_eq!((&told["pendingAmendment"], told.get("iban")), (&pending, None));
        assert_eq!(mandate(&gym, ada).await, (None, None, 0));
        assert_eq!(gym.events_after(end).await, []);
        // Staff has time three days later, after the customer signed.
        gym.set_clock("2026-11-24T11:00:00Z").await;
        decide(&gym, id, true).await.unwrap();
        assert_eq!(gym.events_after(end).await, [("CUSTOMER_UPDATED".to_owned(), ada)]);
        let signed_on = Some(("M-1-10001-1".to_owned(), "2026-11-21".to_owned()));
        assert_eq!(mandate(&gym, ada).await, (signed_on, Some(DRAWING.to_owned()), 1));
        let mut present = stored;
        present["amendmentConfigurationStatus"] = json!(status);
        let key = gym.key("north").await;
        assert_eq!(gym.get(&key, &at).await.json(), present);
        // AMD-7: the same again needs no signature, since nothing happens.
        let same = gym.send_json("POST", &key, &at, &account("AT611904300234573201").to_string()).await.json();
        assert_eq!(same.get("id"), None);
    });
}

#[test]
fn law_8_each_account_has_a_mandate_of_its_own_and_the_one_before_is_kept() {
    let open = MEMBERS.replacen(
        "self_service: { address: CHANGES_WITHOUT_VERIFICATION, signature_required: true }",
        "self_service: { payment: CHANGES_WITHOUT_VERIFICATION }",
        1,
    );
    with_gym(&open, |gym| async move {
        let (key, future) = (gym.key("north").await, gym.customer("north", "future").await);
        let at = path(future, "payment-data");
        let told = gym.get(&key, &at).await.json();
        assert_eq!((&told["iban"], &told["requireSignature"]), (&json!("DE89370400440532013000"), &json!(false)));
        let number = gym.get(&key, &format!("/v1/customers/{future}")).await.json()["customerNumber"].clone();
        let reference = |mandate: i64| format!("M-{}-{mandate}", number.as_str().unwrap());
        let (first, none, one) = mandate(&gym, future).await;
        assert_eq!((first.unwrap().0, none, one), (reference(1), None, 1));
        for (mandates, iban) in [(2, "AT611904300234573201"), (3, "NO9386011117947"), (4, "DE89370400440532013000")] {
            let end = gym.end_of_journal().await;
            let done = gym.send_json("POST", &key, &at, &account(iban).to_string()).await.json();
            assert_eq!((done.get("id"), &done["requireSignature"]), (None, &json!(false)));
            assert_eq!(gym.events_after(end).await, [("CUSTOMER_UPDATED".to_owned(), future)]);
            let (present, none, count) = mandate(&gym, future).await;
            assert_eq!((present, none, count), (Some((reference(mandates), "2026-11-21".to_owned())), None, mandates));
        }
        // A signature that nobody asked for is kept all the same.
        gym.send_json("POST", &key, &at, &signed("AT611904300234573201").to_string()).await.json();
        assert_eq!(mandate(&gym, future).await.1.as_deref(), Some(DRAWING));
    });
}

#[test]
fn amd_5_and_8_impossible_accounts_are_refused_with_their_field() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "payment-data"), gym.end_of_journal().await);
        let (validation, bank) = ("errormessage.validation.field", "errormessage.bank.account");
        let drawing = |text: &str| json!({ "base64SvgSignature": text });
        for (field, value, code, reference) in [
            ("accountHolder", json!(" "), format!("{validation}.required"), "accountHolder"),
            ("bankName", Value::Null, format!("{validation}.required"), "bankName"),
            ("bankName", json!("b".repeat(256)), format!("{validation}.too.long"), "bankName"),
            ("iban", json!(""), format!("{validation}.required"), "iban"),
            ("iban", json!("DE88370400440532013000"), format!("{bank}.iban.invalid"), "iban"),
            ("iban", json!("US64SVBKUS6S3300958879"), format!("{bank}.iban.invalid"), "iban"),
            ("bic", json!("COBADEF"), format!("{bank}.bic.invalid"), "bic"),
            ("signature", Value::Null, format!("{bank}.signature.required"), "signature"),
            ("signature", drawing(" "), format!("{bank}.signature.required"), "signature"),
            ("signature", json!({}), format!("{validation}.required"), "signature.base64SvgSignature"),
            ("signature", drawing("Ada"), format!("{validation}.invalid"), "signature.base64SvgSignature"),
            (
                "signature",
                // <svg onload="x()"/>
                drawing("PHN2ZyBvbmxvYWQ9IngoKSIvPg=="),
                format!("{validation}.invalid"),
                "signature.base64SvgSignature",
            ),
            (
                "signature",
                drawing(&"A".repeat(360_000)),
                format!("{validation}.too.long"),
                "signature.base64SvgSignature",
            ),
        ] {
            let mut wanted = signed("AT611904300234573201");
            wanted[field] = value;
            let refusal = gym.send_json("POST", &key, &at, &wanted.to_string()).await.refusal(400, &code);
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{field} {code}");
        }
        assert_eq!(gym.end_of_journal().await, end);
    });
}
