//! Packs: giving them, ending them, and what they are worth at the door (AGG-1, ONL-2).

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::customer::{
    access::{Pass, PassKind, ValidStudios},
    days::Days,
    pack::{self as rule, PackFacts, PackRefusal},
};
use gymkeeper_store::{
    customer::{
        Customer,
        pack::{self, Pack},
    },
    db::{DbError, Tx},
    studio::checkin,
    tenant::TenantId,
};
use jiff::{Timestamp, Zoned, civil::Date};

use super::{StudioOf, deed};
use crate::{
    actions::change::Change,
    http::{failure::Failure, input::invalid},
};

/// A pack as it is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What people call it.
    pub name: String,
    /// The aggregator that pays for it.
    pub aggregator: Option<i64>,
    /// The id that the aggregator has for the visitor.
    pub third_party_id: Option<String>,
    /// The first day on which it may be used; today when it is left out.
    pub valid_from: Option<Date>,
    /// The last day on which it may be used.
    pub valid_until: Option<Date>,
    /// How often it may be used.
    pub uses: Option<u32>,
    /// Whether it lets the customer in.
    pub opens_door: bool,
    /// The key of the allowance by which it is booked.
    pub allowance_key: Option<String>,
}

/// Gives a customer a pack of a studio.
///
/// # Errors
/// Refuses a pack that nobody could ever use, naming the field.
pub fn give(change: &mut Change<'_, '_>, customer: &Customer, studio: &StudioOf, w: Wanted) -> Result<Pack, Failure> {
    let today = studio.zone.to_datetime(change.now).date();
    let days = Days { from: Some(w.valid_from.unwrap_or(today)), to: w.valid_until };
    rule::can_be_given(days, w.uses, today).map_err(|refusal| match refusal {
        PackRefusal::NoUses => invalid("uses"),
        PackRefusal::EndsBeforeItBegins | PackRefusal::AlreadyOver => invalid("validUntil"),
    })?;
    let pack = Pack {
        id: change.tx.next_id()?,
        customer_id: customer.id,
        studio_id: studio.id,
        aggregator_id: w.aggregator,
        third_party_id: w.third_party_id,
        name: w.name,
        valid_from: days.from.unwrap_or(today),
        valid_until: days.to,
        uses: w.uses.map(i64::from),
        used: 0,
        opens_door: w.opens_door,
        allowance_key: w.allowance_key,
        created_at: change.now,
        ended_at: None,
    };
    pack::insert(change.tx, change.tenant, &pack)?;
    let mut deed = deed("pack.given", customer)
        .field("packId", (), pack.id)
        .personal_field("name")
        .field("aggregatorId", (), pack.aggregator_id)
        .field("validFrom", (), pack.valid_from)
        .field("validUntil", (), pack.valid_until)
        .field("uses", (), pack.uses)
        .field("opensDoor", (), pack.opens_door);
    if pack.third_party_id.is_some() {
        deed = deed.personal_field("thirdPartyId");
    }
    change.record(deed);
    Ok(pack)
}

/// Ends a pack before its time, and answers it. One that was ended already stays as it is.
///
/// # Errors
/// Refuses a pack that this customer does not have.
pub fn end(change: &mut Change<'_, '_>, customer: &Customer, id: i64) -> Result<Pack, Failure> {
    let found = pack::find(change.tx, change.tenant, id)?.filter(|pack| pack.customer_id == customer.id);
    let present = found.ok_or(ErrorCode::PackNotFound)?;
    if !pack::end(change.tx, change.tenant, id, change.now)? {
        return Ok(present);
    }
    change.record(deed("pack.ended", customer).field("packId", id, ()).field("used", (), present.used));
    Ok(Pack { ended_at: Some(change.now), ..present })
}

/// What the rules look at.
pub fn facts(pack: &Pack) -> PackFacts {
    let count = |number: i64| u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX });
    PackFacts {
        days: days(pack),
        uses: pack.uses.map(count),
        used: count(pack.used),
        is_ended: pack.ended_at.is_some(),
    }
}

fn days(pack: &Pack) -> Days {
    Days { from: Some(pack.valid_from), to: pack.valid_until }
}

/// What packs are worth at a door.
pub struct AtTheDoor {
    packs: Vec<Pack>,
    /// Where each of them holds. Who moves to another home studio keeps the pack and trains there.
    studios: Vec<[i64; 2]>,
    /// Those that let the customer in on that day already.
    visited: Vec<i64>,
}

impl AtTheDoor {
    /// Reads the packs of a customer that let somebody in, those to be used first in front.
    ///
    /// # Errors
    /// The database's.
    pub fn of(
        tx: &mut Tx<'_>,
        tenant: TenantId,
        studio: &StudioOf,
        customer: &Customer,
        at: Timestamp,
    ) -> Result<Self, DbError> {
        let mut packs = pack::of_customer(tx, tenant, customer.id)?;
        packs.retain(|pack| pack.opens_door && pack.ended_at.is_none());
        packs.sort_by_key(|pack| rule::order_of_use(days(pack), pack.id));
        let visited = if packs.is_empty() {
            Vec::new()
        } else {
            let (start, end) = day_of(&at.to_zoned(studio.zone.clone()))?;
            checkin::packs_of_visits(tx, tenant, customer.id, start, end)?
        };
        let studios = packs.iter().map(|pack| [pack.studio_id, customer.studio_id]).collect();
        Ok(Self { packs, studios, visited })
    }

    /// As the door sees them.
    pub fn passes(&self) -> impl Iterator<Item = Pass<'_>> {
        self.packs.iter().zip(&self.studios).map(|(pack, studios)| Pass {
            kind: if pack.aggregator_id.is_some() { PassKind::Aggregator } else { PassKind::DayPass },
            id: pack.id,
            days: days(pack),
            uses_left: facts(pack).left(),
            // ONL-2
            used_today: self.visited.contains(&pack.id),
            studios: ValidStudios::Only(studios),
        })
    }
}

/// The instants at which the day of a moment begins and ends.
fn day_of(at: &Zoned) -> Result<(Timestamp, Timestamp), DbError> {
    let unusable = |error: jiff::Error| DbError::Unusable(format!("{at} is of no day: {error}"));
    let start = at.start_of_day().map_err(unusable)?;
    // At the end of the calendar there is no tomorrow.
    let end = start.tomorrow().and_then(|day| day.start_of_day()).map_or(Timestamp::MAX, |day| day.timestamp());
    Ok((start.timestamp(), end))
}
