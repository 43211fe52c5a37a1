//! Sessions: when they end, and that everybody notices at once.

use gymkeeper_domain::staff::Role;
use gymkeeper_server::{actions::staff as accounts, http::caller};
use gymkeeper_store::staff::session as stored;
use jiff::ToSpan as _;

use super::{RIGHT_MISSING, SESSION_INVALID, account, act, call, last_record, owner, role, session, signed_in};
use crate::support::{Gym, SMALL, with_configured_gym, with_gym};

#[test]
fn a_session_that_is_ended_is_refused_at_once_on_every_server_process() {
    with_gym(SMALL, |gym| async move {
        let id = account(&gym, gym.tenant, "ada@acme.example", owner()).await;
        gym.beside(async |other: Gym| {
            let (one, two) = (session(&gym, gym.tenant, id).await, session(&gym, gym.tenant, id).await);
            for server in [&gym, &other] {
                assert_eq!(call(server, &one, "GET", "/account", "").await.status, 200);
            }
            let list = call(&other, &two, "GET", "/account/sessions", "").await.json();
            let sessions = list.as_array().unwrap();
            let current: Vec<bool> = sessions.iter().map(|session| session["current"].as_bool().unwrap()).collect();
            assert_eq!(current, [false, true], "{list}");
            let path = format!("/account/sessions/{}", sessions[0]["id"]);
            assert_eq!(call(&other, &two, "DELETE", &path, "").await.status, 200);
            assert_eq!(last_record(&gym).await.1, "staff.session-ended");
            for server in [&gym, &other] {
                call(server, &one, "GET", "/account", "").await.refusal(401, SESSION_INVALID);
            }
            call(&gym, &two, "DELETE", &path, "").await.refusal(404, "errormessage.staff.session.not.found");
            // Signing out ends the one that asks.
            assert_eq!(call(&gym, &two, "POST", "/sign-out", "").await.status, 200);
            call(&other, &two, "GET", "/account", "").await.refusal(401, SESSION_INVALID);
        })
        .await;
    });
}

#[test]
fn a_session_of_somebody_else_cannot_be_ended() {
    with_gym(SMALL, |gym| async move {
        let desk = signed_in(&gym, Role::Desk, "north").await;
        let owner = account(&gym, gym.tenant, "ada@acme.example", owner()).await;
        let token = session(&gym, gym.tenant, owner).await;
        let id = call(&gym, &token, "GET", "/account/sessions", "").await.json()[0]["id"].clone();
        let answer = call(&gym, &desk, "DELETE", &format!("/account/sessions/{id}"), "").await;
        answer.refusal(404, "errormessage.staff.session.not.found");
        assert_eq!(call(&gym, &token, "GET", "/account", "").await.status, 200);
    });
}

#[test]
fn a_session_ends_after_twelve_idle_hours_and_after_seven_days() {
    with_gym(SMALL, |gym| async move {
        let id = account(&gym, gym.tenant, "ada@acme.example", owner()).await;
        let (tenant, day) = (gym.tenant, 24 * 60);
        for (used_minutes_ago, ends_in_minutes, valid) in [
            (0, 7 * day, true),
            (12 * 60 - 1, day, true),
            (12 * 60, day, false),
            (13 * 60, day, false),
            (1, 1, true),
            (1, 0, false),
            (1, -1, false),
        ] {
            let token = accounts::fresh_token();
            let hash = caller::hash(&token);
            let now = gym.app.clock.now();
            let at = |minutes: i64| now.checked_add(minutes.minutes()).unwrap();
            let (used, ends) = (at(-used_minutes_ago), at(ends_in_minutes));
            let made = gym.change(move |tx| stored::insert(tx, tenant, id, &hash, used, ends)).await;
            let answer = call(&gym, &token, "GET", "/account", "").await;
            assert_eq!(answer.status, if valid { 200 } else { 401 }, "{used_minutes_ago} {ends_in_minutes}");
            let holder = gym.app.db.read(move |tx| stored::holder(tx, &hash)).await.unwrap().unwrap();
            assert_eq!(holder.id, made);
            // Its use is noted, but not with each request.
            assert_eq!(holder.last_used_at > used, valid && used_minutes_ago >= 5, "{used_minutes_ago}");
        }
        let token = session(&gym, gym.tenant, id).await;
        let list = call(&gym, &token, "GET", "/account/sessions", "").await.json();
        assert_eq!(list.as_array().unwrap().len(), 4, "those that are over are not listed: {list}");
    });
}

#[test]
fn a_role_that_is_taken_away_and_an_account_that_is_closed_are_noticed_at_once() {
    with_gym(SMALL, |gym| async move {
        account(&gym, gym.tenant, "first@acme.example", owner()).await;
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let id = account(&gym, gym.tenant, "ada@acme.example", role(Role::Manager, north)).await;
        let token = session(&gym, gym.tenant, id).await;
        let list = |studio: i64| format!("/studios/{studio}/employees");
        assert_eq!(call(&gym, &token, "GET", &list(north), "").await.status, 200);
        act(&gym, gym.tenant, move |change| accounts::set_grants(change, id, &role(Role::Desk, south))).await;
        call(&gym, &token, "GET", &list(north), "").await.refusal(403, RIGHT_MISSING);
        assert_eq!(call(&gym, &token, "GET", &list(south), "").await.status, 200);
        act(&gym, gym.tenant, move |change| accounts::disable(change, id)).await;
        call(&gym, &token, "GET", &list(south), "").await.refusal(401, SESSION_INVALID);
        act(&gym, gym.tenant, move |change| accounts::enable(change, id)).await;
        // What was ended stays over.
        call(&gym, &token, "GET", &list(south), "").await.refusal(401, SESSION_INVALID);
        let again = session(&gym, gym.tenant, id).await;
        assert_eq!(call(&gym, &again, "GET", &list(south), "").await.status, 200);
    });
}

#[test]
fn with_host_names_a_session_belongs_to_its_tenants_host() {
    let configure = |config: &mut gymkeeper_server::config::Config| config.tenant_domain = "gyms.example".to_owned();
    with_configured_gym(SMALL, configure, |gym| async move {
        gym.apply(&SMALL.replace("key: acme", "key: umbrella")).await;
        let id = account(&gym, gym.tenant, "ada@acme.example", owner()).await;
        let token = format!("Bearer {}", session(&gym, gym.tenant, id).await);
        for (host, status) in
            [("acme.gyms.example", 200), ("umbrella.gyms.example", 401), ("nowhere.gyms.example", 401)]
        {
            let headers = [("host", host), ("authorization", token.as_str())];
            assert_eq!(gym.send("GET", "/admin/v1/account", &headers, "").await.status, status, "{host}");
        }
    });
}

#[test]
fn a_sandbox_that_is_put_back_keeps_its_staff_signed_in() {
    with_gym(SMALL, |gym| async move {
        let id = account(&gym, gym.tenant, "ada@acme.example", owner()).await;
        let token = session(&gym, gym.tenant, id).await;
        let tables = gym.app.db.read(|tx| tx.tenant_tables()).await.unwrap();
        let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
        for table in ["staff", "staff_role", "staff_session", "staff_attempt"] {
            assert!(names.contains(&table) && gymkeeper_store::sandbox::KEPT.contains(&table), "{table}");
        }
        assert_eq!(call(&gym, &token, "GET", "/account", "").await.status, 200);
    });
}
