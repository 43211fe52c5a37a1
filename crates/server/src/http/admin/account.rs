//! The resource Account: signing in and out, and what concerns the caller alone.

use gymkeeper_contract::{
    admin::account::{
        self, Account, AccountStudio, ChangePassword, PasswordProof, Session, SignIn, SignedIn, TotpCode, TotpOffer,
    },
    common::UtcDateTime,
    errors::ErrorCode,
};
use gymkeeper_domain::staff as rules;
use gymkeeper_store::{
    db::Tx,
    staff::{self, Staff, session},
    studio, tenant,
};
use jiff::ToSpan as _;

use super::{
    frame::{Call, Guest, Mounted, by_steps, open, read, write},
    member::{self, Member},
    staff::role_name,
};
use crate::{
    actions::{change::Change, signing_in, staff as accounts},
    http::{
        answer::{Answer, JsonList, Nothing},
        caller,
        failure::{Failure, Refusal},
        input::{Json, PathId},
    },
    totp,
};

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    vec![
        open(&account::SIGN_IN, sign_in),
        write(&account::SIGN_OUT, sign_out),
        read(&account::GET_ACCOUNT, get_account),
        by_steps(&account::CHANGE_PASSWORD, change_password),
        read(&account::LIST_SESSIONS, list_sessions),
        write(&account::REVOKE_SESSION, revoke_session),
        by_steps(&account::OFFER_TOTP, offer_totp),
        by_steps(&account::CONFIRM_TOTP, confirm_totp),
        by_steps(&account::REMOVE_TOTP, remove_totp),
    ]
}

async fn sign_in(guest: Guest<Json<SignIn>>) -> Result<Answer<SignedIn>, Failure> {
    let Guest { app, input: Json(SignIn { email, password, code, tenant }), address, parts } = guest;
    let host_tenant = caller::host_tenant(&app, &parts.headers).await?;
    let credentials = signing_in::Credentials { tenant: host_tenant.or(tenant), email, password, code, address };
    let begun = signing_in::sign_in(&app, credentials, parts.trace).await?;
    Answer::json(&SignedIn { token: begun.token, expires_at: UtcDateTime(begun.expires_at) })
}

fn sign_out(change: &mut Change<'_, '_>, member: &Member, (): &()) -> Result<Answer<Nothing>, Failure> {
    accounts::end_session(change, member.staff_id(), member.session_id())?;
    Ok(Answer::empty())
}

fn get_account(tx: &mut Tx<'_>, member: &Member, (): &()) -> Result<Answer<Account>, Failure> {
    let account = own(tx, member)?;
    let studios = studio::list(tx, member.tenant())?;
    let role = |id: i64| {
        let held = |grant: &&rules::Grant| grant.studio.is_none_or(|studio| studio == id);
        member.grants().list().iter().find(held).map(|grant| grant.role)
    };
    let reached = studios.into_iter().filter_map(|studio| role(studio.id).map(|role| (studio, role)));
    Answer::json(&Account {
        id: account.id,
        email: account.email,
        name: account.name,
        tenant: member.tenant_key().to_owned(),
        totp: account.totp_secret.is_some(),
        owner: member.grants().is_owner(),
        studios: reached
            .map(|(studio, role)| AccountStudio {
                studio_id: studio.id,
                name: studio.name,
                role: role_name(role),
                rights: role.rights().into_iter().map(member::to_wire).collect(),
            })
            .collect(),
    })
}

async fn change_password(call: Call<Json<ChangePassword>>) -> Result<Answer<Nothing>, Failure> {
    let Json(ChangePassword { current_password, new_password }) = call.input.clone();
    accounts::check_password(&new_password, "newPassword")?;
    prove(&call, current_password).await?;
    let hash = call.app.passwords.hash(new_password).await?;
    call.write(move |change, member| accounts::set_password(change, member.staff_id(), &hash, member.session_id()))
        .await?;
    Ok(Answer::empty())
}

fn list_sessions(tx: &mut Tx<'_>, member: &Member, (): &()) -> Result<Answer<Vec<Session>>, Failure> {
    let now = member.system_now;
    let idle_since = now.checked_sub(rules::IDLE_HOURS.hours()).unwrap_or(now);
    let mut list = JsonList::default();
    for session in session::list(tx, member.tenant(), member.staff_id(), now, idle_since)? {
        list.push(&Session {
            id: session.id,
            created_at: UtcDateTime(session.created_at),
            last_used_at: UtcDateTime(session.last_used_at),
            expires_at: UtcDateTime(session.expires_at),
            current: session.id == member.session_id(),
        })?;
    }
    Ok(list.finish())
}

fn revoke_session(
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<Nothing>, Failure> {
    if accounts::end_session(change, member.staff_id(), *id)? {
        Ok(Answer::empty())
    } else {
        Err(ErrorCode::StaffSessionNotFound.into())
    }
}

async fn offer_totp(call: Call<Json<PasswordProof>>) -> Result<Answer<TotpOffer>, Failure> {
    prove(&call, call.input.0.current_password.clone()).await?;
    let secret = totp::fresh_secret();
    let offered = secret.clone();
    let (issuer, email) = call
        .write(move |change, member| {
            accounts::offer_totp(change, member.staff_id(), &offered)?;
            let tenant = tenant::by_id(change.tx, change.tenant)?;
            let issuer = tenant.map_or_else(|| member.tenant_key().to_owned(), |tenant| tenant.name);
            Ok((issuer, own(change.tx, member)?.email))
        })
        .await?;
    Answer::json(&TotpOffer { uri: totp::uri(&secret, &issuer, &email), secret })
}

async fn confirm_totp(call: Call<Json<TotpCode>>) -> Result<Answer<Nothing>, Failure> {
    let account = call.read(own).await?;
    let secret = account.totp_offered.ok_or(ErrorCode::StaffTotpNotOffered)?;
    let wrong = || Refusal::new(ErrorCode::StaffTotpCodeWrong).at("code");
    let now = call.member.system_now.as_second();
    let step = totp::step_of(&secret, &call.input.0.code, now).ok_or_else(wrong)?;
    call.write(move |change, member| {
        let confirmed = accounts::confirm_totp(change, member.staff_id(), &secret, step)?;
        if confirmed { Ok(()) } else { Err(ErrorCode::ConcurrentModification.into()) }
    })
    .await?;
    Ok(Answer::empty())
}

async fn remove_totp(call: Call<Json<PasswordProof>>) -> Result<Answer<Nothing>, Failure> {
    prove(&call, call.input.0.current_password.clone()).await?;
    call.write(|change, member| accounts::remove_totp(change, member.staff_id())).await?;
    Ok(Answer::empty())
}

/// The caller's own account.
fn own(tx: &mut Tx<'_>, member: &Member) -> Result<Staff, Failure> {
    let found = staff::find(tx, member.tenant(), member.staff_id())?;
    found.ok_or_else(|| ErrorCode::AuthenticationSessionInvalid.into())
}

/// Whoever changes how one signs in must know the password: a screen that was left open is not enough.
async fn prove<I>(call: &Call<I>, password: String) -> Result<(), Failure> {
    signing_in::prove(&call.app, call.member.tenant(), call.member.staff_id(), password).await
}
