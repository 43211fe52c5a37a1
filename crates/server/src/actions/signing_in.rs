//! Signing in: from an address and a password, and where there is a second factor a code, to a session.
//!
//! An attempt is counted before it is looked at and taken back when it was right, so that no number of requests at once gets more
//! guesses than the limit allows. Whoever is refused learns nothing about which accounts there are: the answer, the counting
//! and the time taken are the same without an account as with a wrong password.

use std::net::IpAddr;

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_domain::staff as rules;
use gymkeeper_store::{
    db::Tx,
    staff::{self, Staff, attempt},
    tenant::{self, Tenant, TenantId},
};
use jiff::{Timestamp, ToSpan as _};
use sha2::{Digest as _, Sha256};

use super::{
    change::{Actor, By},
    staff::{Begun, begin_session, fresh_token},
};
use crate::{
    app::App,
    http::failure::{Failure, Refusal},
    totp,
};

/// What somebody signs in with.
#[derive(Clone)]
pub struct Credentials {
    /// The tenant's key, where it is known; otherwise the only tenant is meant.
    pub tenant: Option<String>,
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// The code of the second factor.
    pub code: Option<String>,
    /// Where the request comes from.
    pub address: Option<IpAddr>,
}

/// Signs somebody in.
///
/// # Errors
/// Refuses a wrong address, password or code, too many attempts, and a server with several tenants if none is named.
pub async fn sign_in(app: &App, credentials: Credentials, trace: u64) -> Result<Begun, Failure> {
    let system_now = app.clock.now();
    let given = credentials.clone();
    let (attempt, found) = app.db.write(move |tx| begin(tx, &given, system_now)).await?;
    // A password that nobody may have is still compared: its length must not tell anything either.
    let hash = found.as_ref().map(|(_, account)| account.password_hash.clone());
    let fits = compare(app, &attempt, credentials.password, hash).await?;
    let (tenant, account) = match found {
        Some(found) if fits => found,
        _ => {
            tracing::info!(trace, tenant = attempt.tenant.0, "a sign-in was refused");
            return Err(ErrorCode::AuthenticationSignInRefused.into());
        }
    };
    let step = match (&account.totp_secret, credentials.code.as_deref().map(str::trim).filter(|code| !code.is_empty()))
    {
        (None, _) => None,
        (Some(_), None) => {
            // The password was right and nothing was guessed yet.
            app.db.write(move |tx| attempt.take_back(tx)).await?;
            return Err(Refusal::new(ErrorCode::AuthenticationCodeRequired).at("code").into());
        }
        (Some(secret), Some(code)) => Some(totp::step_of(secret, code, system_now.as_second()).ok_or_else(|| {
            tracing::info!(trace, tenant = attempt.tenant.0, "a sign-in was refused for its code");
            wrong_code()
        })?),
    };
    let by = By { trace, ..By::new(Actor::Staff(account.id), system_now) };
    let (begun, told) = app
        .db
        .write(move |tx| {
            let mut change = by.changes(tx, &tenant);
            let present = staff::find(change.tx, change.tenant, account.id)?;
            let same = |present: &Staff| {
                let credentials = |staff: &Staff| (staff.password_hash.clone(), staff.totp_secret.clone());
                present.disabled_at.is_none() && credentials(present) == credentials(&account)
            };
            if !present.as_ref().is_some_and(same) {
                return Err(ErrorCode::AuthenticationSignInRefused.into());
            }
            if let Some(step) = step
                && !staff::take_step(change.tx, change.tenant, account.id, step)?
            {
                return Err(wrong_code());
            }
            attempt.succeeded(change.tx)?;
            let begun = begin_session(&mut change, account.id, &fresh_token())?;
            Ok((begun, change.has_told()))
        })
        .await?;
    app.wake_if(told);
    Ok(begun)
}

/// Compares a password. An attempt that nobody came to look at is none.
async fn compare(app: &App, attempt: &Attempt, password: String, hash: Option<String>) -> Result<bool, Failure> {
    let compared = app.passwords.verify(password, hash).await;
    if compared.is_err() {
        let attempt = attempt.clone();
        app.db.write(move |tx| attempt.take_back(tx)).await?;
    }
    compared
}

fn wrong_code() -> Failure {
    Refusal::new(ErrorCode::AuthenticationCodeInvalid).at("code").into()
}

/// An attempt that was counted.
#[derive(Debug, Clone)]
struct Attempt {
    tenant: TenantId,
    account: String,
    address: Option<String>,
}

impl Attempt {
    /// Counts an attempt of an account, and of the address it comes from.
    ///
    /// # Errors
    /// Refuses it when too many went before, and says how long that holds.
    fn count(
        tx: &mut Tx<'_>,
        tenant: TenantId,
        account: String,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let attempt = Self { tenant, account, address: address.map(of_address) };
        let limits = [
            (Some(&attempt.account), rules::ATTEMPTS_OF_ACCOUNT),
            (attempt.address.as_ref(), rules::ATTEMPTS_OF_ADDRESS),
        ];
        let over = now.checked_sub(rules::ATTEMPT_MINUTES.minutes()).unwrap_or(Timestamp::UNIX_EPOCH);
        for (subject, most) in limits {
            let Some(subject) = subject else { continue };
            let counted = attempt::count(tx, tenant, subject, now, over)?;
            if counted.attempts > most {
                return Err(too_many(counted.since, now));
            }
        }
        Ok(attempt)
    }

    fn take_back(&self, tx: &mut Tx<'_>) -> Result<(), Failure> {
        for subject in [Some(&self.account), self.address.as_ref()].into_iter().flatten() {
            attempt::take_back(tx, self.tenant, subject)?;
        }
        Ok(())
    }

    /// Whoever has proved who they are may begin to mistype anew; an address may have many accounts behind it and stays counted.
    fn succeeded(&self, tx: &mut Tx<'_>) -> Result<(), Failure> {
        attempt::forget(tx, self.tenant, &self.account)?;
        if let Some(address) = &self.address {
            attempt::take_back(tx, self.tenant, address)?;
        }
        Ok(())
    }
}

fn too_many(since: Timestamp, now: Timestamp) -> Failure {
    let open = since.checked_add(rules::ATTEMPT_MINUTES.minutes()).unwrap_or(now);
    let seconds = (open.as_second() - now.as_second()).max(1);
    let mut refusal = Refusal::new(ErrorCode::AuthenticationAttemptsExceeded).with(Argument::Integer(seconds));
    refusal.retry_after = u64::try_from(seconds).ok();
    refusal.into()
}

/// Under which name attempts for an account are counted. A hash, because people type their password into the wrong field.
fn of_account(email: &str) -> String {
    let hash = Sha256::digest(rules::normal_email(email).as_bytes());
    let text: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("account:{text}")
}

/// Under which name attempts from an address are counted. Of IPv6 the first half, since one customer of a provider has all of the
/// other.
fn of_address(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("address:{address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("address:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Counts the attempt and looks for the account.
fn begin(
    tx: &mut Tx<'_>,
    credentials: &Credentials,
    now: Timestamp,
) -> Result<(Attempt, Option<(Tenant, Staff)>), Failure> {
    let tenant = match &credentials.tenant {
        Some(key) => tenant::find(tx, key)?,
        None => {
            let mut tenants = tenant::list(tx)?;
            if tenants.len() > 1 {
                return Err(Refusal::new(ErrorCode::ValidationFieldRequired).with_text("tenant").at("tenant").into());
            }
            tenants.pop()
        }
    };
    // Attempts on a tenant that is not there are counted for none.
    let id = tenant.as_ref().map_or(TenantId(0), Tenant::id);
    let attempt = Attempt::count(tx, id, of_account(&credentials.email), credentials.address, now)?;
    let Some(tenant) = tenant else { return Ok((attempt, None)) };
    let account = staff::find_by_email(tx, id, &rules::normal_email(&credentials.email))?;
    let open = account.filter(|account| account.disabled_at.is_none());
    Ok((attempt, open.map(|account| (tenant, account))))
}

/// Looks whether a password is the one of an account whose owner is signed in. Wrong ones are counted like those at the door, so
/// that a stolen session is no way to guess it.
///
/// # Errors
/// Refuses a wrong password and too many attempts.
pub async fn prove(app: &App, tenant: TenantId, id: i64, password: String) -> Result<(), Failure> {
    let now = app.clock.now();
    let (attempt, hash) = app
        .db
        .write(move |tx| {
            let account = staff::find(tx, tenant, id)?.ok_or(ErrorCode::StaffNotFound)?;
            let attempt = Attempt::count(tx, tenant, of_account(&account.email), None, now)?;
            Ok::<_, Failure>((attempt, account.password_hash))
        })
        .await?;
    if compare(app, &attempt, password, Some(hash)).await? {
        app.db.write(move |tx| attempt.succeeded(tx)).await
    } else {
        Err(Refusal::new(ErrorCode::StaffPasswordWrong).at("currentPassword").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_customer_are_counted_together() {
        for (address, subject) in [
            ("192.0.2.7", "address:192.0.2.7"),
            ("::ffff:192.0.2.7", "address:192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "address:2001:db8:1:2::/64"),
        ] {
            assert_eq!(of_address(address.parse().unwrap()), subject);
        }
        assert_eq!(of_account(" Ada@Gym.example"), of_account("ada@gym.example"));
        assert!(!of_account("ada@gym.example").contains("ada"));
    }
}
