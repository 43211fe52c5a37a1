//! The caller's own account: password and second factor.

use gymkeeper_domain::staff::Role;
use gymkeeper_server::totp;
use serde_json::json;

use super::{
    PASSWORD, SESSION_INVALID, account_with_password, call, call_with, last_record, owner, records, role, session,
    sign_in,
};
use crate::support::{Gym, SMALL, with_gym};

const EMAIL: &str = "ada@acme.example";
const CODE_INVALID: &str = "errormessage.authentication.code.invalid";

fn new_password(current: &str, new: &str) -> String {
    json!({ "currentPassword": current, "newPassword": new }).to_string()
}

/// The code that an authenticator app shows so many seconds from now.
fn code(gym: &Gym, secret: &str, seconds: i64) -> String {
    totp::shown_code(secret, gym.app.clock.now().as_second() + seconds).unwrap()
}

#[test]
fn the_account_says_who_one_is_and_may_do() {
    with_gym(SMALL, |gym| async move {
        let north = gym.studio("north").await;
        let id = account_with_password(&gym, EMAIL, role(Role::ReadOnly, north)).await;
        let token = session(&gym, gym.tenant, id).await;
        let expected = json!({
            "id": id, "email": EMAIL, "name": "Ada Berg", "tenant": "acme", "totp": false, "owner": false,
            "studios": [{
                "studioId": north, "name": "Acme North", "role": "READ_ONLY",
                "rights": ["CUSTOMERS_READ", "CHECKINS_READ", "EMPLOYEES_READ", "BOOKINGS_READ", "SETTINGS_READ"],
            }],
        });
        assert_eq!(call(&gym, &token, "GET", "/account", "").await.json(), expected);
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    with_gym(SMALL, |gym| async move {
        let id = account_with_password(&gym, EMAIL, owner()).await;
        let (here, there) = (session(&gym, gym.tenant, id).await, session(&gym, gym.tenant, id).await);
        for (body, code, field) in [
            (new_password("not this one", "a new password"), "staff.password.wrong", "currentPassword"),
            (new_password(PASSWORD, "too short"), "staff.password.length", "newPassword"),
            (new_password(PASSWORD, &"x".repeat(129)), "staff.password.length", "newPassword"),
            (json!({ "currentPassword": PASSWORD }).to_string(), "validation.field.required", "newPassword"),
        ] {
            let refusal = call(&gym, &here, "PUT", "/account/password", &body).await;
            let refusal = refusal.refusal(400, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field));
        }
        let body = new_password(PASSWORD, "another good password");
        let tried = call_with(&gym, &here, "PUT", "/account/password", &[("gymkeeper-dry-run", "true")], &body).await;
        assert_eq!((tried.status, tried.header("gymkeeper-dry-run")), (200, Some("true")));
        assert_eq!(call(&gym, &there, "GET", "/account", "").await.status, 200, "it was only tried");
        assert_eq!(call(&gym, &here, "PUT", "/account/password", &body).await.status, 200);
        assert_eq!(
            last_record(&gym).await,
            (format!("staff:{id}"), "staff.password-changed".to_owned(), format!("staff:{id}"))
        );
        call(&gym, &there, "GET", "/account", "").await.refusal(401, SESSION_INVALID);
        assert_eq!(call(&gym, &here, "GET", "/account", "").await.status, 200);
        assert_eq!(sign_in(&gym, EMAIL, PASSWORD, None).await.status, 401);
        assert_eq!(sign_in(&gym, EMAIL, "another good password", None).await.status, 200);
    });
}

#[test]
fn whoever_has_a_stolen_session_cannot_guess_the_password_for_long() {
    with_gym(SMALL, |gym| async move {
        let id = account_with_password(&gym, EMAIL, owner()).await;
        let token = session(&gym, gym.tenant, id).await;
        let guess = new_password("not this one", "a new password");
        for _ in 0..5 {
            let answer = call(&gym, &token, "PUT", "/account/password", &guess).await;
            answer.refusal(400, "errormessage.staff.password.wrong");
        }
        let right = json!({ "currentPassword": PASSWORD }).to_string();
        let answer = call(&gym, &token, "POST", "/account/totp", &right).await;
        answer.refusal(429, "errormessage.authentication.attempts.exceeded");
        assert!(answer.header("retry-after").is_some());
    });
}

#[test]
fn a_second_factor_is_asked_for_once_a_code_has_confirmed_it_and_no_code_counts_twice() {
    with_gym(SMALL, |gym| async move {
        let id = account_with_password(&gym, EMAIL, owner()).await;
        let token = session(&gym, gym.tenant, id).await;
        let proof = json!({ "currentPassword": PASSWORD }).to_string();
        let confirm = |code: &str| json!({ "code": code }).to_string();
        let not_offered = call(&gym, &token, "POST", "/account/totp/confirm", &confirm("123456")).await;
        not_offered.refusal(400, "errormessage.staff.totp.not.offered");
        let offer = call(&gym, &token, "POST", "/account/totp", &proof).await.json();
        let secret = offer["secret"].as_str().unwrap().to_owned();
        let uri = offer["uri"].as_str().unwrap();
        assert!(
            uri.starts_with("otpauth://totp/Acme%20Gyms:ada%40acme.example?secret=") && uri.contains(&secret),
            "{uri}"
        );
        assert_eq!(sign_in(&gym, EMAIL, PASSWORD, None).await.status, 200, "an offer is not asked for yet");
        for wrong in ["", "12345", &code(&gym, &secret, -90)] {
            let answer = call(&gym, &token, "POST", "/account/totp/confirm", &confirm(wrong)).await;
            answer.refusal(400, "errormessage.staff.totp.code.wrong");
        }
        // The code of a clock that is one step behind, unless the next step begins before it arrives.
        while gym.app.clock.now().as_second() % 30 > 20 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let first = code(&gym, &secret, -30);
        assert_eq!(call(&gym, &token, "POST", "/account/totp/confirm", &confirm(&first)).await.status, 200);
        assert_eq!(call(&gym, &token, "GET", "/account", "").await.json()["totp"], true);

        for none in [None, Some(""), Some("  ")] {
            let answer = sign_in(&gym, EMAIL, PASSWORD, none).await;
            answer.refusal(401, "errormessage.authentication.code.required");
        }
        let answer = sign_in(&gym, EMAIL, "wrong wrong wrong", Some("123456")).await;
        answer.refusal(401, "errormessage.authentication.sign.in.refused");
        sign_in(&gym, EMAIL, PASSWORD, Some(&first)).await.refusal(401, CODE_INVALID);
        sign_in(&gym, EMAIL, PASSWORD, Some(&code(&gym, &secret, -90))).await.refusal(401, CODE_INVALID);
        // One that is ahead by a step is taken, once, and closes those before it.
        let present = code(&gym, &secret, 0);
        let ahead = code(&gym, &secret, 30);
        assert_eq!(sign_in(&gym, EMAIL, PASSWORD, Some(&ahead)).await.status, 200);
        sign_in(&gym, EMAIL, PASSWORD, Some(&ahead)).await.refusal(401, CODE_INVALID);
        sign_in(&gym, EMAIL, PASSWORD, Some(&present)).await.refusal(401, CODE_INVALID);

        call(&gym, &token, "POST", "/account/totp/remove", r#"{"currentPassword":"wrong"}"#)
            .await
            .refusal(400, "errormessage.staff.password.wrong");
        assert_eq!(call(&gym, &token, "POST", "/account/totp/remove", &proof).await.status, 200);
        assert_eq!(sign_in(&gym, EMAIL, PASSWORD, None).await.status, 200);
        let done: Vec<String> = records(&gym)
            .await
            .into_iter()
            .map(|record| record.action)
            .filter(|action| action.contains("totp"))
            .collect();
        assert_eq!(done, ["staff.totp-offered", "staff.totp-turned-on", "staff.totp-turned-off"]);
    });
}

#[test]
fn wrong_codes_are_counted_like_wrong_passwords() {
    with_gym(SMALL, |gym| async move {
        let id = account_with_password(&gym, EMAIL, owner()).await;
        let token = session(&gym, gym.tenant, id).await;
        let proof = json!({ "currentPassword": PASSWORD }).to_string();
        let offer = call(&gym, &token, "POST", "/account/totp", &proof).await.json();
        let secret = offer["secret"].as_str().unwrap();
        let confirm = json!({ "code": code(&gym, secret, 0) }).to_string();
        assert_eq!(call(&gym, &token, "POST", "/account/totp/confirm", &confirm).await.status, 200);
        for _ in 0..3 {
            // Asking for the code is no attempt at it.
            sign_in(&gym, EMAIL, PASSWORD, None).await.refusal(401, "errormessage.authentication.code.required");
        }
        for _ in 0..5 {
            sign_in(&gym, EMAIL, PASSWORD, Some(&code(&gym, secret, -90))).await.refusal(401, CODE_INVALID);
        }
        let answer = sign_in(&gym, EMAIL, PASSWORD, Some(&code(&gym, secret, 30))).await;
        answer.refusal(429, "errormessage.authentication.attempts.exceeded");
    });
}

#[test]
fn nothing_secret_gets_into_the_journal() {
    with_gym(SMALL, |gym| async move {
        let id = account_with_password(&gym, EMAIL, owner()).await;
        let token = sign_in(&gym, EMAIL, PASSWORD, None).await.json()["token"].as_str().unwrap().to_owned();
        let proof = json!({ "currentPassword": PASSWORD }).to_string();
        let offer = call(&gym, &token, "POST", "/account/totp", &proof).await.json();
        let secret = offer["secret"].as_str().unwrap().to_owned();
        call(&gym, &token, "PUT", "/account/password", &new_password(PASSWORD, "another good password")).await;
        let body = json!({ "email": "bo@acme.example", "name": "Bo Lund", "password": "the password of Bo", "roles": [{ "role": "OWNER" }] });
        let bo = call(&gym, &token, "POST", "/staff", &body.to_string()).await.json();
        call(&gym, &token, "PUT", &format!("/staff/{}/password", bo["id"]), r#"{"password":"the next one of Bo"}"#)
            .await;
        let journal = gym.said_after(0).await;
        assert!(journal.contains(&format!("staff:{id}")) && journal.contains("staff.password-changed"), "{journal}");
        let secrets = [PASSWORD, "another good", "of Bo", &token, &secret, "argon2", EMAIL, "Bo Lund", "bo@acme"];
        for secret in secrets {
            assert!(!journal.contains(secret), "{secret} is in the journal");
        }
    });
}
