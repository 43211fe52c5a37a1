//! Who calls the back office: a member of staff with a session, and what they may do in the studio of the request.
//!
//! Nothing is remembered between requests. A session is looked up when a request arrives, and again inside the transaction that
//! answers it, so one that was ended a moment ago, or a role that was taken away, is noticed on every server process.

use std::{borrow::Cow, sync::Arc};

use axum::http::{HeaderMap, header};
use gymkeeper_contract::{
    admin::{Needs, Operation, Right},
    errors::ErrorCode,
    language::{self, Language},
};
use gymkeeper_domain::staff::{self as rules, Grants};
use gymkeeper_store::{
    db::Tx,
    staff::{self, session, session::SessionHolder},
    studio::{self, Studio},
    tenant::TenantId,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use crate::{
    actions::change::Actor,
    app::App,
    clock,
    http::{
        caller::{self, KeyHash},
        failure::{Failure, Refusal},
        party::Party,
    },
};

/// A session's use is noted when the last note is that old: a request must not cost a write.
const NOTED_EVERY_MINUTES: i64 = 5;

/// A member of staff who makes a request.
#[derive(Debug, Clone)]
pub struct Member {
    holder: SessionHolder,
    grants: Grants,
    hash: KeyHash,
    needs: Needs,
    studio_id: Option<i64>,
    studio: Option<Arc<Studio>>,
    /// The tenant's present instant, by which the business goes.
    pub now: Timestamp,
    /// The system's present instant, by which secrets expire.
    pub system_now: Timestamp,
    /// The language for messages.
    pub language: Language,
}

impl Member {
    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.holder.tenant_id)
    }

    /// The tenant's key.
    pub fn tenant_key(&self) -> &str {
        &self.holder.tenant_key
    }

    /// The account.
    pub fn staff_id(&self) -> i64 {
        self.holder.staff_id
    }

    /// The session.
    pub fn session_id(&self) -> i64 {
        self.holder.id
    }

    /// The account's roles.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// The studio of the request's path.
    ///
    /// # Errors
    /// A mistake in the program: the operation's path names no studio.
    pub fn studio(&self) -> Result<&Studio, Failure> {
        let missing = || Failure::Internal("an operation asks for a studio that its path does not have".to_owned());
        self.studio.as_deref().ok_or_else(missing)
    }

    /// The present day in the studio of the request's path.
    ///
    /// # Errors
    /// As [`Member::studio`]; also when the studio's zone is not known here.
    pub fn today(&self) -> Result<Date, Failure> {
        let zone = &self.studio()?.zone;
        let unknown = |_| Failure::Internal(format!("the studio's zone {zone:?} is not known here"));
        Ok(TimeZone::get(zone).map_err(unknown)?.to_datetime(self.now).date())
    }

    /// Notes now and then that the session is in use.
    pub(super) async fn note_use(&self, app: &App) {
        let noted = self.holder.last_used_at.checked_add(NOTED_EVERY_MINUTES.minutes());
        if noted.is_ok_and(|due| due > self.system_now) {
            return;
        }
        let (tenant, id, now) = (self.tenant(), self.session_id(), self.system_now);
        let touch = move |tx: &mut Tx<'_>| session::touch(tx, tenant, id, now).map_err(Failure::from);
        if let Err(failure) = app.db.write(touch).await {
            tracing::debug!(?failure, "the use of a session was not noted");
        }
    }

    /// Whether the account may do what the operation needs.
    pub(super) fn entitled(&self) -> Result<(), Failure> {
        match self.needs {
            Needs::Nothing | Needs::Session => Ok(()),
            Needs::Right(right) if self.grants.allow(of_wire(right), self.studio_id) => Ok(()),
            Needs::Right(right) => {
                Err(Refusal::new(ErrorCode::AuthorizationRightMissing).with_text(right.name()).into())
            }
        }
    }

    /// Whether the account may do that in a studio, be it the one of the request or not.
    pub(super) fn may_in(&self, right: Right, studio_id: i64) -> bool {
        self.grants.allow(of_wire(right), Some(studio_id))
    }

    /// The same member with what the running transaction sees of session, roles and studio.
    ///
    /// # Errors
    /// Refuses a session that is over, a right that was taken away, and a studio that is not there.
    pub(super) fn confirmed(&self, tx: &mut Tx<'_>) -> Result<Self, Failure> {
        let (holder, grants) = load(tx, &self.hash, self.system_now)?;
        let now = clock::tenant_now(self.system_now, holder.test_clock);
        let mut member = Self { holder, grants, now, ..self.clone() };
        member.entitled()?;
        if let Some(id) = member.studio_id {
            let studio = studio::find(tx, member.tenant(), id)?.ok_or(ErrorCode::StudioNotFound)?;
            member.studio = Some(Arc::new(studio));
        }
        Ok(member)
    }
}

impl Party for Member {
    fn tenant(&self) -> TenantId {
        self.tenant()
    }

    fn actor(&self) -> Actor {
        Actor::Staff(self.staff_id())
    }

    fn id(&self) -> i64 {
        self.staff_id()
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn system_now(&self) -> Timestamp {
        self.system_now
    }

    fn language(&self) -> Language {
        self.language
    }

    fn epoch(&self) -> i64 {
        self.holder.epoch
    }

    fn hold(&self, tx: &mut Tx<'_>) {
        if self.holder.sandbox {
            tx.hold_shared(self.holder.tenant_id);
        }
    }

    fn renewed(&self, tx: &mut Tx<'_>) -> Result<Cow<'_, Self>, Failure> {
        self.confirmed(tx).map(Cow::Owned)
    }
}

/// The language of messages to somebody, known or not.
pub(super) fn language_of(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    language::negotiate(accepted, Language::En)
}

/// Finds out who calls, by the token in `Authorization: Bearer`.
///
/// # Errors
/// Refuses a missing or unknown token, a session that is over, and one of another tenant than the host's.
pub(super) async fn authenticate(
    app: &App,
    headers: &HeaderMap,
    operation: Option<&Operation>,
    studio_id: Option<i64>,
) -> Result<Member, Failure> {
    let host_tenant = caller::host_tenant(app, headers).await?;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = match given.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => token.trim(),
        _ => return Err(ErrorCode::AuthenticationSessionInvalid.into()),
    };
    let (hash, system_now) = (caller::hash(token), app.clock.now());
    let (holder, grants) = app.db.read(move |tx| load(tx, &hash, system_now)).await?;
    if host_tenant.is_some_and(|tenant| tenant != holder.tenant_key) {
        return Err(ErrorCode::AuthenticationSessionInvalid.into());
    }
    let now = clock::tenant_now(system_now, holder.test_clock);
    let needs = operation.map_or(Needs::Session, |operation| operation.needs);
    let language = language_of(headers);
    Ok(Member { holder, grants, hash, needs, studio_id, studio: None, now, system_now, language })
}

/// What the session with that hash stands for, if it is not over.
fn load(tx: &mut Tx<'_>, hash: &KeyHash, now: Timestamp) -> Result<(SessionHolder, Grants), Failure> {
    let holder = session::holder(tx, hash)?.ok_or(ErrorCode::AuthenticationSessionInvalid)?;
    let idle = holder.last_used_at.checked_add(rules::IDLE_HOURS.hours()).is_ok_and(|end| end <= now);
    if idle || holder.expires_at <= now || holder.revoked_at.is_some() || holder.disabled_at.is_some() {
        return Err(ErrorCode::AuthenticationSessionInvalid.into());
    }
    let grants = staff::grants(tx, TenantId(holder.tenant_id), holder.staff_id)?;
    Ok((holder, grants))
}

/// Turns the wire's rights into the domain's and back; a pair that is missing here does not compile.
macro_rules! rights {
    ($($name:ident),+ $(,)?) => {
        fn of_wire(right: Right) -> rules::Right {
            match right {
                $(Right::$name => rules::Right::$name,)+
            }
        }

        /// The wire's word for a right.
        pub(super) fn to_wire(right: rules::Right) -> Right {
            match right {
                $(rules::Right::$name => Right::$name,)+
            }
        }
    };
}
rights!(
    CustomersRead,
    CustomersWrite,
    CustomersArchive,
    AmendmentsDecide,
    ConsentsWrite,
    RestrictionsWrite,
    CheckinsRead,
    CheckinsWrite,
    CheckinOverride,
    FieldsWrite,
    LeadConfigWrite,
    EmployeesRead,
    EmployeesWrite,
    CommunicationWrite,
    BookingsRead,
    BookingsWrite,
    ScheduleWrite,
    StaffManage,
    SettingsRead,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_have_the_same_names_inside_and_at_the_wire() {
        for right in rules::Right::ALL {
            assert_eq!(to_wire(*right).name(), right.name());
            assert_eq!(of_wire(to_wire(*right)), *right);
        }
    }
}
