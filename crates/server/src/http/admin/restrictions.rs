//! The resource Restrictions: what keeps customers out.

use gymkeeper_contract::{
    admin::restrictions::{self as wire, RestrictionRecord, RestrictionSource, WantedRestriction},
    common::LocalDate,
    errors::ErrorCode,
};
use gymkeeper_domain::customer::{days::Days, status as rules};
use gymkeeper_store::{
    customer::restriction::{self, Restriction},
    db::Tx,
};
use jiff::civil::Date;

use super::{
    customers::{of_studio, present},
    frame::{Mounted, Reading, personal_read, write},
    member::Member,
};
use crate::{
    actions::{
        change::Change,
        customer::access::{self, source},
    },
    http::{
        answer::{Answer, Nothing},
        failure::Failure,
        input::{Json, PathId, filled},
    },
};

/// Longest reason, in characters.
const REASON: usize = 255;

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading { action: "customer.restrictions-read", subject: ("customer", |PathId(id): &PathId| *id) };
    vec![
        personal_read(&wire::LIST_RESTRICTIONS, reading, list_restrictions),
        write(&wire::SET_RESTRICTION, set_restriction),
        write(&wire::CHANGE_RESTRICTION, change_restriction),
        write(&wire::LIFT_RESTRICTION, lift_restriction),
    ]
}

fn list_restrictions(
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<Vec<RestrictionRecord>>, Failure> {
    let customer = of_studio(tx, member, *id)?;
    let restrictions = restriction::of_customer(tx, member.tenant(), customer.id)?;
    Answer::json(&listed(&restrictions, member.today()?)?)
}

fn set_restriction(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(wanted)): &(PathId, Json<WantedRestriction>),
) -> Result<Answer<RestrictionRecord>, Failure> {
    let customer = present(change, member, *id)?;
    let made = access::restrict(change, &customer, &checked(wanted)?, member.today()?)?;
    answer(change, member, made)
}

fn change_restriction(
    change: &mut Change<'_, '_>,
    member: &Member,
    ((PathId(id), PathId(restriction)), Json(wanted)): &((PathId, PathId<1>), Json<WantedRestriction>),
) -> Result<Answer<RestrictionRecord>, Failure> {
    let customer = present(change, member, *id)?;
    access::change_restriction(change, &customer, *restriction, &checked(wanted)?, member.today()?)?;
    answer(change, member, *restriction)
}

fn lift_restriction(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), PathId(restriction)): &(PathId, PathId<1>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = present(change, member, *id)?;
    access::lift_restriction(change, &customer, *restriction)?;
    Ok(Answer::empty())
}

fn checked(wanted: &WantedRestriction) -> Result<access::WantedRestriction, Failure> {
    Ok(access::WantedRestriction {
        reason: filled("reason", &wanted.reason, REASON)?,
        start_date: wanted.start_date.map(|day| day.0),
        end_date: wanted.end_date.map(|day| day.0),
    })
}

fn answer(change: &mut Change<'_, '_>, member: &Member, id: i64) -> Result<Answer<RestrictionRecord>, Failure> {
    let found = restriction::find(change.tx, change.tenant, id)?.ok_or(ErrorCode::AccessRestrictionNotFound)?;
    Answer::json(&record(&found, member.today()?)?)
}

/// Those that are in force or to come (CUST-22).
pub(super) fn listed(restrictions: &[Restriction], today: Date) -> Result<Vec<RestrictionRecord>, Failure> {
    let listed = restrictions.iter().filter(|one| rules::is_listed(days(one), today));
    listed.map(|one| record(one, today)).collect()
}

/// The days of a restriction.
pub(super) fn days(restriction: &Restriction) -> Days {
    Days { from: restriction.start_date, to: restriction.end_date }
}

fn record(restriction: &Restriction, today: Date) -> Result<RestrictionRecord, Failure> {
    let r = restriction;
    Ok(RestrictionRecord {
        id: r.id,
        source: match r.source.as_str() {
            source::STAFF => RestrictionSource::Staff,
            source::INTEGRATION => RestrictionSource::Integration,
            source::DUNNING => RestrictionSource::Dunning,
            source::DEBT_COLLECTION => RestrictionSource::DebtCollection,
            other => return Err(Failure::Internal(format!("restriction {} was set by {other}", r.id))),
        },
        reason: r.reason.clone(),
        start_date: r.start_date.map(LocalDate),
        end_date: r.end_date.map(LocalDate),
        in_force: days(r).covers(today),
    })
}
