//! Signing in, and the end of guessing.

use std::sync::Arc;

use gymkeeper_store::{
    staff::attempt,
    tenant::{self, TenantId},
};

use super::{PASSWORD, account, account_with_password, act, call, owner, records, sign_in};
use crate::support::{Gym, SMALL, with_configured_gym, with_gym};

const REFUSED: &str = "errormessage.authentication.sign.in.refused";
const TOO_MANY: &str = "errormessage.authentication.attempts.exceeded";

/// Lets the quarter of an hour pass, as far as attempts are concerned.
async fn wait_a_quarter(gym: &Gym) {
    let (tenant, now) = (gym.tenant, gym.app.clock.now());
    gym.change(move |tx| attempt::forget_old(tx, tenant, now)).await;
}

#[test]
fn who_knows_address_and_password_gets_a_session() {
    with_gym(SMALL, |gym| async move {
        account_with_password(&gym, "Ada@Acme.example", owner()).await;
        let answer = sign_in(&gym, " ada@ACME.example", PASSWORD, None).await;
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let account = call(&gym, &token, "GET", "/account", "").await.json();
        assert_eq!((account["email"].as_str(), account["owner"].as_bool()), (Some("ada@acme.example"), Some(true)));
        assert_eq!(account["studios"].as_array().unwrap().len(), 2);
        let record = records(&gym).await.pop().unwrap();
        assert_eq!((record.action.as_str(), record.actor), ("staff.signed-in", format!("staff:{}", account["id"])));
    });
}

#[test]
fn a_wrong_password_an_unknown_address_and_a_closed_account_are_refused_alike() {
    with_gym(SMALL, |gym| async move {
        let ada = account_with_password(&gym, "ada@acme.example", owner()).await;
        let bo = account_with_password(&gym, "bo@acme.example", owner()).await;
        act(&gym, gym.tenant, move |change| gymkeeper_server::actions::staff::disable(change, bo)).await;
        let mut answers = Vec::new();
        for (email, password) in [
            ("ada@acme.example", "correct horse battery stapl"),
            ("ada@acme.example", ""),
            ("ada@acme.example", &"x".repeat(10_000)),
            ("nobody@acme.example", PASSWORD),
            ("", PASSWORD),
            ("bo@acme.example", PASSWORD),
        ] {
            let answer = sign_in(&gym, email, password, None).await;
            let mut body = answer.refusal(401, REFUSED);
            body.trace_id = None;
            let headers: Vec<_> = answer
                .headers
                .iter()
                .filter(|(name, _)| !["date", "content-length"].contains(&name.as_str()))
                .cloned()
                .collect();
            answers.push((serde_json::to_string(&body).unwrap(), headers));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
        assert_ne!(ada, bo);
        for (body, code) in [
            ("", "validation.json.malformed"),
            ("{}", "validation.field.required"),
            (r#"{"email":"a@b","password":7}"#, "validation.field.invalid"),
            (r#"{"email":"a@b","password":"x","passwort":"x"}"#, "validation.field.unknown"),
        ] {
            let json = [("content-type", "application/json")];
            let answer = gym.send("POST", "/admin/v1/sign-in", &json, body).await;
            answer.refusal(400, &format!("errormessage.{code}"));
        }
    });
}

#[test]
fn after_five_wrong_ones_an_account_is_closed_for_a_while_whether_it_is_there_or_not() {
    with_gym(SMALL, |gym| async move {
        account_with_password(&gym, "ada@acme.example", owner()).await;
        account_with_password(&gym, "bo@acme.example", owner()).await;
        for email in ["ada@acme.example", "nobody@acme.example"] {
            let begun = gym.app.clock.now();
            for _ in 0..5 {
                sign_in(&gym, email, "wrong wrong wrong", None).await.refusal(401, REFUSED);
            }
            // The right one is not looked at any more either.
            let answer = sign_in(&gym, email, PASSWORD, None).await;
            answer.refusal(429, TOO_MANY);
            let seconds: i64 = answer.header("retry-after").unwrap().parse().unwrap();
            let took = gym.app.clock.now().duration_since(begun).as_secs();
            assert!((899 - took..=900).contains(&seconds), "{seconds} after {took}");
        }
        assert_eq!(sign_in(&gym, "bo@acme.example", PASSWORD, None).await.status, 200, "others are not concerned");
        wait_a_quarter(&gym).await;
        for _ in 0..4 {
            sign_in(&gym, "ada@acme.example", "wrong wrong wrong", None).await.refusal(401, REFUSED);
        }
        // Whoever gets it right may begin to mistype anew.
        assert_eq!(sign_in(&gym, "ada@acme.example", PASSWORD, None).await.status, 200);
        for _ in 0..5 {
            sign_in(&gym, "ada@acme.example", "wrong wrong wrong", None).await.refusal(401, REFUSED);
        }
        sign_in(&gym, "ada@acme.example", PASSWORD, None).await.refusal(429, TOO_MANY);
    });
}

#[test]
fn many_guesses_at_once_are_no_more_than_many_in_a_row() {
    with_gym(SMALL, |gym| async move {
        account_with_password(&gym, "ada@acme.example", owner()).await;
        let gym = Arc::new(gym);
        let guess = |_| {
            let gym = Arc::clone(&gym);
            tokio::spawn(async move { sign_in(&gym, "ada@acme.example", "wrong wrong wrong", None).await.status })
        };
        let guesses: Vec<_> = (0..16).map(guess).collect();
        let mut looked_at = 0;
        for guess in guesses {
            let status = guess.await.unwrap();
            assert!([401, 429].contains(&status), "{status}");
            looked_at += usize::from(status == 401);
        }
        assert_eq!(looked_at, 5);
    });
}

#[test]
fn after_twenty_wrong_ones_an_address_is_closed_for_a_while() {
    let configure = |config: &mut gymkeeper_server::config::Config| {
        config.client_address_header = "x-forwarded-for".to_owned();
    };
    with_configured_gym(SMALL, configure, |gym| async move {
        account_with_password(&gym, "ada@acme.example", owner()).await;
        let from = async |address: &str, email: &str, password: &str| {
            let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
            let body = format!(r#"{{"email":"{email}","password":"{password}"}}"#);
            gym.send("POST", "/admin/v1/sign-in", &headers, &body).await
        };
        for n in 0..20 {
            // What a client writes into the header itself does not help.
            from(&format!("198.51.100.{n}, 192.0.2.7"), &format!("{n}@acme.example"), "x").await.refusal(401, REFUSED);
        }
        from("192.0.2.7", "ada@acme.example", PASSWORD).await.refusal(429, TOO_MANY);
        assert_eq!(from("192.0.2.8", "ada@acme.example", PASSWORD).await.status, 200);
        wait_a_quarter(&gym).await;
        assert_eq!(from("192.0.2.7", "ada@acme.example", PASSWORD).await.status, 200);
    });
}

#[test]
fn attempts_are_counted_over_a_quarter_of_an_hour_from_the_first() {
    with_gym(SMALL, |gym| async move {
        let tenant = gym.tenant;
        let at = |minute: i64| jiff::Timestamp::from_second(1_800_000_000 + minute * 60).unwrap();
        for (minute, expected, since) in [(0, 1, 0), (1, 2, 0), (14, 3, 0), (15, 1, 15), (29, 2, 15), (31, 1, 31)] {
            let count = move |tx: &mut gymkeeper_store::db::Tx<'_>| {
                attempt::count(tx, tenant, "account:x", at(minute), at(minute - 15))
            };
            let counted = gym.change(count).await;
            assert_eq!((counted.attempts, counted.since), (expected, at(since)), "{minute}");
        }
    });
}

#[test]
fn with_several_tenants_one_must_be_named_and_addresses_belong_to_one() {
    with_gym(SMALL, |gym| async move {
        account_with_password(&gym, "ada@acme.example", owner()).await;
        let other = gym.apply(&SMALL.replace("key: acme", "key: umbrella")).await;
        account(&gym, other, "ada@acme.example", owner()).await;
        let refusal = sign_in(&gym, "ada@acme.example", PASSWORD, None).await;
        let refusal = refusal.refusal(400, "errormessage.validation.field.required");
        assert_eq!(refusal.reference.as_deref(), Some("tenant"));
        for (tenant, status) in [("acme", 200), ("umbrella", 401), ("nowhere", 401)] {
            let body = format!(r#"{{"email":"ada@acme.example","password":"{PASSWORD}","tenant":"{tenant}"}}"#);
            let json = [("content-type", "application/json")];
            assert_eq!(gym.send("POST", "/admin/v1/sign-in", &json, &body).await.status, status, "{tenant}");
        }
        // Guesses at a tenant that is not there are counted, too.
        let nobody = gym.change(|tx| attempt::forget_old(tx, TenantId(0), jiff::Timestamp::MAX)).await;
        assert!(nobody > 0);
        let tenants = gym.app.db.read(tenant::list).await.unwrap();
        assert_eq!(tenants.len(), 2);
    });
}
