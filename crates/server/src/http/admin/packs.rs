//! The resource Packs: uses without a contract, and visitors whom aggregators send.

use gymkeeper_contract::{
    admin::packs::{
        self as wire, AggregatorRecord, AggregatorVisitorRecord, NewAggregatorVisitor, NewPack, PackRecord, PackStatus,
    },
    common::{LocalDate, UtcDateTime},
};
use gymkeeper_domain::customer::pack::{self as rules, PackState};
use gymkeeper_store::{
    customer::pack::{self as stored, Pack},
    db::Tx,
};
use jiff::civil::Date;

use super::{
    customer_wire::NAME,
    customers::{of_studio, present},
    frame::{Mounted, Reading, personal_read, read, write},
    member::Member,
};
use crate::{
    actions::{
        aggregator,
        change::Change,
        customer::{self, pack, prospect::Person},
    },
    gymfile::{LONGEST_KEY, is_key},
    http::{
        answer::Answer,
        failure::Failure,
        input::{Json, PathId, filled, invalid, optional, required},
    },
};

/// Longest e-mail address and longest id of somebody else's, in characters.
const LINE: usize = 255;

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading { action: "customer.packs-read", subject: ("customer", |PathId(id): &PathId| *id) };
    vec![
        personal_read(&wire::LIST_PACKS, reading, list_packs),
        write(&wire::GIVE_PACK, give_pack),
        write(&wire::END_PACK, end_pack),
        read(&wire::LIST_AGGREGATORS, list_aggregators),
        write(&wire::ENTER_AGGREGATOR_VISITOR, enter_aggregator_visitor),
    ]
}

fn list_packs(tx: &mut Tx<'_>, member: &Member, PathId(id): &PathId) -> Result<Answer<Vec<PackRecord>>, Failure> {
    let (customer, today) = (of_studio(tx, member, *id)?, member.today()?);
    let packs = stored::of_customer(tx, member.tenant(), customer.id)?;
    Answer::json(&packs.into_iter().map(|pack| record(pack, today)).collect::<Vec<_>>())
}

fn give_pack(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(new)): &(PathId, Json<NewPack>),
) -> Result<Answer<PackRecord>, Failure> {
    let customer = present(change, member, *id)?;
    let paying = match optional("aggregator", new.aggregator.as_deref(), LONGEST_KEY)? {
        None => None,
        Some(name) => Some(aggregator::named(change.tx, change.tenant, &name)?),
    };
    let name = optional("name", new.name.as_deref(), NAME)?;
    let wanted = pack::Wanted {
        name: name.or(paying.as_ref().map(|one| one.name.clone())).ok_or_else(|| required("name"))?,
        aggregator: paying.map(|one| one.id),
        third_party_id: None,
        valid_from: new.valid_from.map(|day| day.0),
        valid_until: new.valid_until.map(|day| day.0),
        uses: uses("uses", new.uses)?,
        opens_door: new.opens_door.unwrap_or(true),
        allowance_key: allowance_key("allowanceKey", new.allowance_key.as_deref())?,
    };
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?;
    let given = pack::give(change, &customer, &home, wanted)?;
    Answer::json(&record(given, member.today()?))
}

fn end_pack(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), PathId(pack)): &(PathId, PathId<1>),
) -> Result<Answer<PackRecord>, Failure> {
    let customer = present(change, member, *id)?;
    let ended = pack::end(change, &customer, *pack)?;
    Answer::json(&record(ended, member.today()?))
}

fn list_aggregators(tx: &mut Tx<'_>, member: &Member, (): &()) -> Result<Answer<Vec<AggregatorRecord>>, Failure> {
    let record = |one: aggregator::Stored| AggregatorRecord { id: one.id, key: one.key, name: one.name };
    Answer::json(&aggregator::all(tx, member.tenant())?.into_iter().map(record).collect::<Vec<_>>())
}

fn enter_aggregator_visitor(
    change: &mut Change<'_, '_>,
    member: &Member,
    Json(new): &Json<NewAggregatorVisitor>,
) -> Result<Answer<AggregatorVisitorRecord>, Failure> {
    let home = customer::studio(change.tx, change.tenant, member.studio()?.id)?;
    let (first_name, last_name) =
        (filled("firstName", &new.first_name, NAME)?, filled("lastName", &new.last_name, NAME)?);
    let email = optional("email", new.email.as_deref(), LINE)?;
    let third_party_id = optional("thirdPartyId", new.third_party_id.as_deref(), LINE)?;
    let name = filled("aggregator", &new.aggregator, LONGEST_KEY)?;
    let paying = aggregator::named(change.tx, change.tenant, &name)?;
    let wanted = pack::Wanted {
        name: optional("pack.name", new.pack.name.as_deref(), NAME)?.unwrap_or_else(|| paying.name.clone()),
        aggregator: Some(paying.id),
        third_party_id,
        valid_from: new.pack.valid_from.map(|day| day.0),
        valid_until: new.pack.valid_until.map(|day| day.0),
        uses: uses("pack.uses", new.pack.uses)?,
        opens_door: new.pack.opens_door.unwrap_or(true),
        allowance_key: allowance_key("pack.allowanceKey", new.pack.allowance_key.as_deref())?,
    };
    let person = Person { first_name: &first_name, last_name: &last_name, email: email.as_deref() };
    let entered = aggregator::enter(change, &home, &person, &paying, wanted).map_err(placed)?;
    Answer::json(&AggregatorVisitorRecord {
        customer_id: entered.customer.id,
        customer_number: entered.customer.customer_number,
        is_new: entered.is_new,
        pack: record(entered.pack, member.today()?),
    })
}

/// The action names the fields of a pack as they stand in a request for one; here they stand below the visitor.
fn placed(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) => match refusal.reference.as_deref() {
            Some(field @ ("uses" | "validUntil")) => invalid(&format!("pack.{field}")),
            _ => refusal.into(),
        },
        other => other,
    }
}

/// How often a pack may be used.
fn uses(field: &str, uses: Option<i32>) -> Result<Option<u32>, Failure> {
    uses.map(|uses| u32::try_from(uses).map_err(|_| invalid(field))).transpose()
}

/// A key as gym files have them. What it is the key of is not looked at: allowances come and go with the gym file.
fn allowance_key(field: &str, key: Option<&str>) -> Result<Option<String>, Failure> {
    match optional(field, key, LONGEST_KEY)? {
        Some(key) if !is_key(&key) => Err(invalid(field)),
        key => Ok(key),
    }
}

fn record(pack: Pack, today: Date) -> PackRecord {
    let facts = pack::facts(&pack);
    PackRecord {
        id: pack.id,
        status: match rules::state_on(facts, today) {
            PackState::Usable => PackStatus::Usable,
            PackState::NotYetValid => PackStatus::NotYetValid,
            PackState::Over => PackStatus::Over,
            PackState::UsedUp => PackStatus::UsedUp,
            PackState::Ended => PackStatus::Ended,
        },
        studio_id: pack.studio_id,
        aggregator_id: pack.aggregator_id,
        third_party_id: pack.third_party_id,
        name: pack.name,
        valid_from: LocalDate(pack.valid_from),
        valid_until: pack.valid_until.map(LocalDate),
        uses: pack.uses,
        used: pack.used,
        uses_left: facts.left().map(i64::from),
        opens_door: pack.opens_door,
        allowance_key: pack.allowance_key,
        given_at: UtcDateTime(pack.created_at),
        ended_at: pack.ended_at.map(UtcDateTime),
    }
}
