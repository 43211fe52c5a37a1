//! What lets a customer book something: allowances of contracts and their modules, of lists of members, and packs (CLS-4, CLS-7, AGG-1).

use gymkeeper_domain::{
    booking::allowance::{Allowance, Bookable, BookableKind},
    customer::{
        benefit as rule,
        member_list::COUNTED_FROM,
        pack::{PackState, state_on},
    },
};
use gymkeeper_store::{
    booking::Booking,
    customer::{
        Customer,
        benefit::{self, Window},
        contract::{self as stored, kind},
        member_list, pack,
    },
    db::{DbError, Tx},
    inventory::{self, Kind},
    tenant::TenantId,
};
use jiff::civil::Date;

use crate::actions::{
    change::Change,
    customer::{contract, pack as packs},
    member_list as lists,
};

/// Under this and the key the uses of an allowance are counted; no benefit has such a key.
const COUNTED_AS: &str = "allowance:";

/// What is to be booked, and where.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// A class or an appointment.
    pub kind: BookableKind,
    /// Its studio.
    pub studio: i64,
    /// Its key.
    pub key: &'a str,
    /// Its category.
    pub category: Option<&'a str>,
    /// The studio-local day on which it is held: limited allowances count by it (CLS-7).
    pub day: Date,
}

/// What a use is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A contract or module.
    Contract(i64),
    /// A list of members.
    List(i64),
    /// A pack.
    Pack(i64),
}

impl Source {
    /// The id of what gives it.
    const fn id(self) -> i64 {
        match self {
            Self::Contract(id) | Self::List(id) | Self::Pack(id) => id,
        }
    }
}

/// Something that lets a customer book, and has uses left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What a use is taken of.
    pub source: Source,
    /// The key of the allowance; nothing for a pack that is good for everything.
    pub key: Option<String>,
    /// How many uses there are in the time; nothing for no limit.
    pub limit: Option<u32>,
    /// The first day of the time in which uses count together; for a pack the day of the booking.
    pub window_start: Date,
    /// Whether a spot may be chosen.
    pub picks_spot: bool,
}

/// What stands for and against a customer's booking on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entitlement {
    /// What may be taken: what has no limit first, then what was agreed first, what lists of members give, and packs.
    pub grants: Vec<Grant>,
    /// Whether the customer rests on that day.
    pub idle: bool,
}

/// Allowances as they are defined now, of each studio that was asked about.
#[derive(Default)]
struct Shelves(Vec<(i64, Vec<(String, Allowance)>)>);

impl Shelves {
    /// The allowance of that key of a studio, if it lets somebody book what is wanted. One that is defined no longer lets nobody book any
    /// more.
    fn covering(
        &mut self,
        tx: &mut Tx<'_>,
        tenant: TenantId,
        (studio, key): (i64, &str),
        wanted: Wanted<'_>,
    ) -> Result<Option<Allowance>, DbError> {
        if !self.0.iter().any(|(known, _)| *known == studio) {
            self.0.push((studio, allowances_of(tx, tenant, studio)?));
        }
        let known = self.0.iter().filter(|(known, _)| *known == studio).flat_map(|(_, list)| list);
        let Some((_, allowance)) = known.into_iter().find(|(known, _)| known == key) else { return Ok(None) };
        let Wanted { kind, key, category, .. } = wanted;
        let of_same_studio = studio == wanted.studio;
        Ok(allowance.covers(Bookable { kind, key, category, of_same_studio }).then(|| allowance.clone()))
    }
}

/// What an allowance lets a customer book within the time that begins with `window_start`, if there is something left.
fn left(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    (source, key, allowance): (Source, &str, &Allowance),
    window_start: Option<Date>,
) -> Result<Option<Grant>, DbError> {
    let Some(window_start) = window_start else { return Ok(None) };
    let limit = allowance.contingent().limit();
    if let Some(limit) = limit {
        let (counted, key) = (source.id(), counted_as(key));
        let window = Window { customer_id: customer, contract_id: counted, key: &key, start: window_start };
        if benefit::used(tx, tenant, &window)? >= i64::from(limit) {
            return Ok(None);
        }
    }
    Ok(Some(Grant { source, key: Some(key.to_owned()), limit, window_start, picks_spot: allowance.picks_spot }))
}

/// What lets a customer book something.
///
/// # Errors
/// The database's; when a contract, a list or an allowance cannot be read.
pub fn entitlement(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: &Customer,
    wanted: Wanted<'_>,
) -> Result<Entitlement, DbError> {
    let mut shelves = Shelves::default();
    let mut found = of_contracts(tx, tenant, customer, wanted, &mut shelves)?;
    let packs = of_packs(tx, tenant, customer.id, wanted, &mut shelves)?;
    // A pack was bought besides; a list makes up for no contract that rests.
    found.idle &= packs.is_empty();
    if found.idle {
        return Ok(found);
    }
    for list in member_list::giving(tx, tenant, customer.id)? {
        for key in lists::keys(&list.allowances)? {
            if let Some(allowance) = shelves.covering(tx, tenant, (list.studio_id, &key), wanted)? {
                let given = (Source::List(list.id), key.as_str(), &allowance);
                let window = rule::window(allowance.contingent(), COUNTED_FROM, wanted.day);
                found.grants.extend(left(tx, tenant, customer.id, given, window.and_then(|days| days.from))?);
            }
        }
    }
    // What was paid for once is taken last.
    found.grants.sort_by_key(|grant| grant.limit.is_some());
    found.grants.extend(packs);
    Ok(found)
}

/// What contracts and modules let a customer book, in the order in which they were agreed.
fn of_contracts(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: &Customer,
    wanted: Wanted<'_>,
    shelves: &mut Shelves,
) -> Result<Entitlement, DbError> {
    let contracts = contract::of(tx, tenant, customer)?;
    let pauses = stored::idle_of_customers(tx, tenant, &[customer.id], wanted.day)?;
    let rests = |main: i64| pauses.iter().any(|pause| pause.contract_id == main && pause.start_date <= wanted.day);
    let mut found = Entitlement::default();
    let mut goes_on = false;
    for contract in &contracts {
        let row = &contract.row;
        let main = row.parent_id.unwrap_or(row.id);
        if !contract.runs_on(wanted.day) {
            continue;
        }
        // A module rests with the contract that it hangs on.
        if rests(main) {
            found.idle = true;
            continue;
        }
        goes_on |= row.kind == kind::MAIN;
        for key in &contract.agreement.allowances {
            if let Some(allowance) = shelves.covering(tx, tenant, (row.studio_id, key), wanted)? {
                let agreed = (Source::Contract(row.id), key.as_str(), &allowance);
                let window_start = contract.counted_from(allowance.contingent(), wanted.day);
                found.grants.extend(left(tx, tenant, customer.id, agreed, window_start)?);
            }
        }
    }
    // Whoever has another contract that goes on does not rest.
    found.idle &= !goes_on;
    Ok(found)
}

/// What packs let a customer book.
fn of_packs(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    wanted: Wanted<'_>,
    shelves: &mut Shelves,
) -> Result<Vec<Grant>, DbError> {
    let mut grants = Vec::new();
    for pack in pack::of_customer(tx, tenant, customer)? {
        if state_on(packs::facts(&pack), wanted.day) != PackState::Usable {
            continue;
        }
        let mut picks_spot = false;
        if let Some(key) = &pack.allowance_key {
            let Some(allowance) = shelves.covering(tx, tenant, (pack.studio_id, key), wanted)? else { continue };
            picks_spot = allowance.picks_spot;
        }
        let limit = pack.uses.map(|uses| u32::try_from(uses).unwrap_or(u32::MAX));
        let source = Source::Pack(pack.id);
        grants.push(Grant { source, key: pack.allowance_key, limit, window_start: wanted.day, picks_spot });
    }
    Ok(grants)
}

fn counted_as(key: &str) -> String {
    format!("{COUNTED_AS}{key}")
}

/// Takes one use of the first of these that still has one, and answers which. Nothing: all are used up.
///
/// # Errors
/// The database's.
pub fn take<'g>(change: &mut Change<'_, '_>, customer: i64, grants: &'g [Grant]) -> Result<Option<&'g Grant>, DbError> {
    for grant in grants {
        let taken = match (grant.source, grant.limit) {
            (Source::Pack(id), _) => pack::take(change.tx, change.tenant, id, grant.window_start)?,
            (Source::Contract(_) | Source::List(_), None) => true,
            (Source::Contract(contract_id) | Source::List(contract_id), Some(limit)) => {
                let key = counted_as(grant.key.as_deref().unwrap_or_default());
                let window = Window { customer_id: customer, contract_id, key: &key, start: grant.window_start };
                benefit::take(change.tx, change.tenant, &window, i64::from(limit))?
            }
        };
        if taken {
            return Ok(Some(grant));
        }
    }
    Ok(None)
}

/// Notes in a booking what it took.
pub fn note(booking: &mut Booking, taken: Option<&Grant>) {
    let of = |wanted: fn(Source) -> Option<i64>| taken.and_then(|grant| wanted(grant.source));
    booking.contract_id = of(|source| if let Source::Contract(id) = source { Some(id) } else { None });
    booking.list_id = of(|source| if let Source::List(id) = source { Some(id) } else { None });
    booking.pack_id = of(|source| if let Source::Pack(id) = source { Some(id) } else { None });
    booking.allowance_key = taken.and_then(|grant| grant.key.clone());
    booking.window_start = taken.filter(|grant| grant.limit.is_some()).map(|grant| grant.window_start);
}

/// Gives back what a booking took.
///
/// # Errors
/// The database's.
pub fn give_back(change: &mut Change<'_, '_>, booking: &Booking) -> Result<(), DbError> {
    if let Some(pack) = booking.pack_id {
        // It may have been erased since.
        pack::give_back(change.tx, change.tenant, pack)?;
        return Ok(());
    }
    let counted = booking.contract_id.or(booking.list_id);
    let (Some(customer_id), Some(contract_id), Some(key), Some(start)) =
        (booking.customer_id, counted, booking.allowance_key.as_deref(), booking.window_start)
    else {
        return Ok(());
    };
    let key = counted_as(key);
    benefit::give_back(change.tx, change.tenant, &Window { customer_id, contract_id, key: &key, start })
}

fn allowances_of(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<(String, Allowance)>, DbError> {
    let entries = inventory::of_kind(tx, tenant, studio, Kind::Allowance)?;
    let present = entries.into_iter().filter(|entry| !entry.retired);
    present.map(|entry| Ok((entry.key.clone(), entry.read()?))).collect()
}
