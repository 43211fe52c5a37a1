//! The desk of a studio: finding whoever stands there while their name is typed, and who of them is any of the studio's business.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::customer::{
    card_number::CardFormat,
    medium::{MediumKind, canonical_value},
    names,
};
use gymkeeper_store::{
    customer::{
        self, Customer,
        contract::kind,
        find::{self, Face},
        pack, voucher,
    },
    db::{DbError, Tx},
    tenant::TenantId,
};

use super::{StudioOf, contract, number_prefix};
use crate::{actions::change::Change, http::failure::Failure};

/// At most so many are found: more than that nobody reads while somebody waits.
const MOST: usize = 15;
/// A name is taken apart between so many of its words.
const MOST_WORDS: usize = 5;
/// Above the keys of all names: no byte of UTF-8 is 255.
const ABOVE_ALL: &[u8] = &[0xff];

/// Who may be meant by what was typed or scanned so far: by the number of a card, a barcode, a customer number, the code of a voucher, or the
/// beginning of names in any order. Numbers and codes also find visitors who are at home in another studio, names do not. `shown` is who
/// showed a code of their own.
///
/// # Errors
/// The database's.
pub fn search(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: &StudioOf,
    typed: &str,
    shown: Option<i64>,
) -> Result<Vec<Face>, DbError> {
    let mut ids = Vec::new();
    let mut named = by_number(tx, tenant, studio, typed)?;
    let by_voucher = voucher::by_access_code(tx, tenant, &typed.trim().to_ascii_uppercase(), studio.id)?;
    let by_code: Vec<i64> = shown.into_iter().chain(by_voucher).collect();
    if !by_code.is_empty() {
        let found = customer::by_ids(tx, tenant, &by_code)?;
        named.extend(found.into_iter().filter(|customer| customer.archived_at.is_none()));
    }
    for customer in named {
        if is_visitor(tx, tenant, studio.id, &customer)? {
            ids.push(customer.id);
        }
    }
    let mut found = Vec::new();
    if !ids.is_empty() {
        add(&mut found, find::faces_of(tx, tenant, &ids)?);
    }
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let Some((from, to)) = keys(typed) else { return Ok(found) };
    let (name, any): (find::Keys<'_>, find::Keys<'_>) = ((&from, &to), (&[], ABOVE_ALL));
    add(&mut found, find::faces_by_name(tx, tenant, studio.id, name, any, limit)?);
    if found.len() < MOST {
        add(&mut found, find::faces_by_first_name(tx, tenant, studio.id, name, limit)?);
    }
    for (before, after) in apart(typed) {
        if found.len() >= MOST {
            break;
        }
        let (Some(before), Some(after)) = (keys(before), keys(after)) else { continue };
        let (before, after): (find::Keys<'_>, find::Keys<'_>) = ((&before.0, &before.1), (&after.0, &after.1));
        for (last, first) in [(after, before), (before, after)] {
            add(&mut found, find::faces_by_name(tx, tenant, studio.id, last, first, limit)?);
        }
    }
    Ok(found)
}

/// Adds those who are not there yet, as far as there is room.
fn add(found: &mut Vec<Face>, more: Vec<Face>) {
    for face in more {
        if found.len() < MOST && !found.iter().any(|known| known.id == face.id) {
            found.push(face);
        }
    }
}

/// The bounds of the keys of names that begin like that; nothing for a text without letters and digits.
fn keys(text: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let (from, to) = names::prefix_range(text);
    to.map(|to| (from, to))
}

/// The ways to take a text apart into two names.
fn apart(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.trim().match_indices(char::is_whitespace).take(MOST_WORDS).map(|(at, _)| text.trim().split_at(at))
}

/// Whoever has the text as the number of a card, as a barcode or as a customer number, with or without the studio's prefix.
fn by_number(tx: &mut Tx<'_>, tenant: TenantId, studio: &StudioOf, typed: &str) -> Result<Vec<Customer>, DbError> {
    let typed = typed.trim();
    if !typed.bytes().any(|byte| byte.is_ascii_digit()) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (kind, format) in [
        (MediumKind::CardNumber, CardFormat::Decimal),
        (MediumKind::CardNumber, CardFormat::HexMsb),
        (MediumKind::Barcode, CardFormat::Decimal),
    ] {
        if let Ok(value) = canonical_value(kind, typed, format) {
            found.extend(find::by_medium(tx, tenant, kind.name(), &value)?);
        }
    }
    found.extend(find::by_number(tx, tenant, typed)?);
    if typed.bytes().all(|byte| byte.is_ascii_digit()) {
        let prefix = number_prefix(tx, tenant, studio)?;
        found.extend(find::by_number(tx, tenant, &format!("{prefix}-{typed}"))?);
    }
    let found = customer::by_ids(tx, tenant, &found)?;
    Ok(found.into_iter().filter(|customer| customer.archived_at.is_none()).collect())
}

/// Whether a customer is any of a studio's business: at home there, or with a contract, a pack or a voucher that holds there.
fn is_visitor(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, customer: &Customer) -> Result<bool, DbError> {
    if customer.studio_id == studio {
        return Ok(true);
    }
    let contracts = contract::of(tx, tenant, customer)?;
    let holds = |one: &contract::Standing| one.agreement.everywhere || one.row.studio_id == studio;
    if contracts.iter().any(|one| one.row.kind == kind::MAIN && !one.row.reversed && holds(one)) {
        return Ok(true);
    }
    let packs = pack::of_customer(tx, tenant, customer.id)?;
    Ok(packs.iter().any(|pack| pack.studio_id == studio && pack.opens_door && pack.ended_at.is_none())
        || !voucher::unused(tx, tenant, customer.id, studio)?.is_empty())
}

/// The customer of that id who may stand at the desk of a studio. Unlike programs, staff see those who do not want to be seen by third
/// parties.
///
/// # Errors
/// Refuses archived customers and those who are none of the studio's business with 404.
pub fn visitor(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64) -> Result<Customer, Failure> {
    let found = customer::by_id(tx, tenant, id)?.filter(|customer| customer.archived_at.is_none());
    let customer = found.ok_or(ErrorCode::CustomerNotFound)?;
    if is_visitor(tx, tenant, studio, &customer)? { Ok(customer) } else { Err(ErrorCode::CustomerNotFound.into()) }
}

/// As [`visitor`], with other changes of the customer waiting until this one has ended.
///
/// # Errors
/// As [`visitor`].
pub fn visitor_alone(change: &mut Change<'_, '_>, studio: i64, id: i64) -> Result<Customer, Failure> {
    if !customer::hold(change.tx, change.tenant, id)? {
        return Err(ErrorCode::CustomerNotFound.into());
    }
    visitor(change.tx, change.tenant, studio, id)
}
