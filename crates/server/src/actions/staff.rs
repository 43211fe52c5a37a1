//! Accounts of staff: making and changing them, beginning and ending sessions.
//!
//! Passwords come in as hashes: they are made elsewhere, since that takes long and a transaction must not. The journal learns that
//! a password, a secret or a session changed, and nothing of what it is.

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_domain::staff::{self as rules, Grant, Grants};
use gymkeeper_store::{
    staff::{self, NewStaff, Staff, session},
    studio,
};
use jiff::{Timestamp, ToSpan as _};

use super::change::{Change, Deed};
use crate::{
    chance,
    http::{
        caller,
        failure::{Failure, Refusal},
    },
};

/// A session that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The token. It is stored nowhere.
    pub token: String,
    /// When the session ends in any case.
    pub expires_at: Timestamp,
}

/// A fresh token of a session.
pub fn fresh_token() -> String {
    format!("gks_{}", chance::secret())
}

/// Refuses a password that is too short or too long, blaming the field.
///
/// # Errors
/// [`ErrorCode::StaffPasswordLength`].
pub fn check_password(password: &str, field: &'static str) -> Result<(), Failure> {
    if rules::is_password(password) {
        return Ok(());
    }
    let bound = |characters: usize| Argument::Integer(i64::try_from(characters).unwrap_or(i64::MAX));
    let refusal = Refusal::new(ErrorCode::StaffPasswordLength).with(bound(rules::SHORTEST_PASSWORD));
    Err(refusal.with(bound(rules::LONGEST_PASSWORD)).at(field).into())
}

/// Makes an account and answers its id.
///
/// # Errors
/// Refuses an address that is none or taken, a missing name, and roles that cannot stand together or name no studio.
pub fn create(change: &mut Change<'_, '_>, wanted: &NewStaff, grants: &Grants) -> Result<i64, Failure> {
    let wanted = NewStaff {
        email: rules::normal_email(&wanted.email),
        name: wanted.name.trim().to_owned(),
        password_hash: wanted.password_hash.clone(),
    };
    let field = |code, name: &str| Failure::from(Refusal::new(code).with_text(name).at(name));
    if wanted.name.is_empty() {
        return Err(field(ErrorCode::ValidationFieldRequired, "name"));
    }
    for (name, text) in [("email", &wanted.email), ("name", &wanted.name)] {
        if text.chars().count() > rules::LONGEST_TEXT {
            let most = Argument::Integer(i64::try_from(rules::LONGEST_TEXT).unwrap_or(i64::MAX));
            let refusal = Refusal::new(ErrorCode::ValidationFieldTooLong).with_text(name).with(most);
            return Err(refusal.at(name).into());
        }
    }
    if !rules::is_email(&wanted.email) {
        return Err(field(ErrorCode::ValidationFieldInvalid, "email"));
    }
    check_grants(change, grants)?;
    let now = change.system_now();
    let Some(id) = staff::insert(change.tx, change.tenant, &wanted, now)? else {
        return Err(Refusal::new(ErrorCode::StaffEmailTaken).at("email").into());
    };
    staff::set_grants(change.tx, change.tenant, id, grants)?;
    change.record(deed("staff.created", id).field("roles", (), in_words(grants)));
    Ok(id)
}

/// Replaces the roles of an account.
///
/// # Errors
/// As [`create`]; also refuses to leave the tenant without an owner.
pub fn set_grants(change: &mut Change<'_, '_>, id: i64, grants: &Grants) -> Result<(), Failure> {
    staff::hold_owners(change.tx, change.tenant);
    find(change, id)?;
    check_grants(change, grants)?;
    let before = staff::grants(change.tx, change.tenant, id)?;
    if in_words(&before) == in_words(grants) {
        return Ok(());
    }
    staff::set_grants(change.tx, change.tenant, id, grants)?;
    if before.is_owner() {
        require_owner(change)?;
    }
    change.record(deed("staff.roles-changed", id).field("roles", in_words(&before), in_words(grants)));
    Ok(())
}

/// Closes an account at once, with all its sessions.
///
/// # Errors
/// The database's; refuses an unknown account and the last open one of an owner.
pub fn disable(change: &mut Change<'_, '_>, id: i64) -> Result<(), Failure> {
    staff::hold_owners(change.tx, change.tenant);
    if find(change, id)?.disabled_at.is_some() {
        return Ok(());
    }
    let now = change.system_now();
    staff::set_disabled(change.tx, change.tenant, id, Some(now))?;
    if staff::grants(change.tx, change.tenant, id)?.is_owner() {
        require_owner(change)?;
    }
    session::revoke_others(change.tx, change.tenant, id, 0, now)?;
    change.record(deed("staff.disabled", id));
    Ok(())
}

/// Opens a closed account again. Its old sessions stay over.
///
/// # Errors
/// The database's; refuses an unknown account.
pub fn enable(change: &mut Change<'_, '_>, id: i64) -> Result<(), Failure> {
    if find(change, id)?.disabled_at.is_some() {
        staff::set_disabled(change.tx, change.tenant, id, None)?;
        change.record(deed("staff.enabled", id));
    }
    Ok(())
}

/// Sets the hash of a password, and ends all sessions of the account but the one named; 0 names none.
///
/// # Errors
/// The database's; refuses an unknown account.
pub fn set_password(change: &mut Change<'_, '_>, id: i64, hash: &str, kept_session: i64) -> Result<(), Failure> {
    find(change, id)?;
    staff::set_password(change.tx, change.tenant, id, hash)?;
    let now = change.system_now();
    session::revoke_others(change.tx, change.tenant, id, kept_session, now)?;
    change.record(deed("staff.password-changed", id).personal_field("password"));
    Ok(())
}

/// Keeps a secret for a second factor, which is asked for once a code has confirmed it.
///
/// # Errors
/// The database's; refuses an unknown account.
pub fn offer_totp(change: &mut Change<'_, '_>, id: i64, secret: &str) -> Result<(), Failure> {
    find(change, id)?;
    staff::offer_totp(change.tx, change.tenant, id, secret)?;
    change.record(deed("staff.totp-offered", id));
    Ok(())
}

/// Turns the offered second factor on; the code of `step` is used up. `false`: another secret was offered meanwhile.
///
/// # Errors
/// The database's.
pub fn confirm_totp(change: &mut Change<'_, '_>, id: i64, secret: &str, step: i64) -> Result<bool, Failure> {
    let confirmed = staff::confirm_totp(change.tx, change.tenant, id, secret, step)?;
    if confirmed {
        change.record(deed("staff.totp-turned-on", id));
    }
    Ok(confirmed)
}

/// Turns the second factor off.
///
/// # Errors
/// The database's; refuses an unknown account.
pub fn remove_totp(change: &mut Change<'_, '_>, id: i64) -> Result<(), Failure> {
    let found = find(change, id)?;
    if found.totp_secret.is_some() || found.totp_offered.is_some() {
        staff::remove_totp(change.tx, change.tenant, id)?;
        change.record(deed("staff.totp-turned-off", id));
    }
    Ok(())
}

/// Begins a session of an account, with that token.
///
/// # Errors
/// The database's.
pub fn begin_session(change: &mut Change<'_, '_>, id: i64, token: &str) -> Result<Begun, Failure> {
    let now = change.system_now();
    let expires_at = now.checked_add(rules::SESSION_HOURS.hours()).unwrap_or(now);
    let hash = caller::hash(token);
    let session = session::insert(change.tx, change.tenant, id, &hash, now, expires_at)?;
    change.record(deed("staff.signed-in", id).field("session", (), session));
    Ok(Begun { token: token.to_owned(), expires_at })
}

/// Ends a session of an account. `false`: it has no such open one.
///
/// # Errors
/// The database's.
pub fn end_session(change: &mut Change<'_, '_>, id: i64, session: i64) -> Result<bool, Failure> {
    let now = change.system_now();
    let ended = session::revoke(change.tx, change.tenant, id, session, now)?;
    if ended {
        change.record(deed("staff.session-ended", id).field("session", session, ()));
    }
    Ok(ended)
}

/// The account of that id.
///
/// # Errors
/// The database's; refuses an unknown one.
pub fn find(change: &mut Change<'_, '_>, id: i64) -> Result<Staff, Failure> {
    Ok(staff::find(change.tx, change.tenant, id)?.ok_or(ErrorCode::StaffNotFound)?)
}

fn deed(action: &'static str, id: i64) -> Deed {
    Deed::new(action).subject("staff", id)
}

fn check_grants(change: &mut Change<'_, '_>, grants: &Grants) -> Result<(), Failure> {
    if !grants.are_sound() {
        return Err(Refusal::new(ErrorCode::StaffRolesInvalid).at("roles").into());
    }
    for (i, Grant { studio, .. }) in grants.list().iter().enumerate() {
        if let Some(id) = studio
            && studio::version(change.tx, change.tenant, *id)?.is_none()
        {
            return Err(Refusal::new(ErrorCode::StudioNotFound).at(format!("roles[{i}].studioId")).into());
        }
    }
    Ok(())
}

/// Somebody must be left who can manage accounts.
fn require_owner(change: &mut Change<'_, '_>) -> Result<(), Failure> {
    if staff::open_owners(change.tx, change.tenant)? == 0 { Err(ErrorCode::StaffLastOwner.into()) } else { Ok(()) }
}

/// Roles as the journal and the command line write them: `OWNER`, `DESK@1002`.
pub fn in_words(grants: &Grants) -> Vec<String> {
    let mut words: Vec<String> = grants
        .list()
        .iter()
        .map(|Grant { role, studio }| match studio {
            None => role.name().to_owned(),
            Some(studio) => format!("{}@{studio}", role.name()),
        })
        .collect();
    words.sort();
    words
}
