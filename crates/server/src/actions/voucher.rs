//! Check-in vouchers: making them, redeeming them, and using them up (CHV-1, CHV-2).

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_domain::customer::{
    access::{Decision, PassKind, Right},
    contact,
    days::Days,
    names,
    voucher::{self as rule, VoucherDefinition, VoucherFacts, VoucherState},
};
use gymkeeper_store::{
    customer::{
        self, Customer, email_key_of, find,
        voucher::{self, Voucher},
    },
    db::DbError,
};
use jiff::Timestamp;

use super::{
    change::{Change, Deed},
    customer::{create, door, newcomer, permitted, studio as read_studio},
};
use crate::http::{
    caller::Caller,
    failure::{Failure, Refusal},
    input::{invalid, required},
};

/// Somebody who wants to come in with a voucher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redemption<'a> {
    /// What is printed on the voucher.
    pub code: &'a str,
    /// The first name.
    pub first_name: &'a str,
    /// The last name.
    pub last_name: &'a str,
    /// The e-mail address.
    pub email: &'a str,
}

/// A code that nobody has thought of: twelve capitals and digits in groups of four.
pub fn fresh_code(change: &mut Change<'_, '_>) -> String {
    let mut random = || {
        let [a, b, c, d, e, ..] = change.draw();
        rule::access_code([a, b, c, d, e])
    };
    let (first, second) = (random(), random());
    format!("{}-{}-{}", &first[..4], &first[4..], &second[..4])
}

/// Makes a voucher of a studio and answers its id. None: the tenant has one with that code.
///
/// # Errors
/// The database's.
pub fn make(change: &mut Change<'_, '_>, studio: i64, definition: &VoucherDefinition) -> Result<Option<i64>, DbError> {
    let voucher = Voucher {
        id: change.tx.next_id()?,
        studio_id: studio,
        code: definition.code.trim().to_owned(),
        valid_from: definition.valid_from,
        valid_until: definition.valid_until,
        redeemed_at: None,
        customer_id: None,
        access_code: None,
        used_at: None,
    };
    let key = rule::canonical_code(&definition.code);
    if !voucher::insert(change.tx, change.tenant, &voucher, &key, change.now)? {
        return Ok(None);
    }
    // The code stays out of the journal: whoever knows it may come in.
    let deed = deed("checkin-voucher.made", &voucher).personal_field("code");
    change.record(deed.field("validFrom", (), voucher.valid_from).field("validUntil", (), voucher.valid_until));
    Ok(Some(voucher.id))
}

/// What applying the voucher of a gym file did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It was so already.
    Unchanged,
    /// It was made.
    Added,
    /// Its days changed; they were these.
    Changed(Days),
}

/// Brings the voucher of a gym file to what the file says.
///
/// # Errors
/// The database's; when another studio has a voucher with that code.
pub fn apply(change: &mut Change<'_, '_>, studio: i64, wanted: &VoucherDefinition) -> Result<Applied, Failure> {
    let Some(present) = voucher::by_code(change.tx, change.tenant, &rule::canonical_code(&wanted.code))? else {
        return match make(change, studio, wanted)? {
            Some(_) => Ok(Applied::Added),
            None => Err(DbError::Conflict.into()),
        };
    };
    if present.studio_id != studio {
        return Err(Failure::Internal(format!("the voucher {} is another studio's", wanted.code)));
    }
    let before = Days { from: present.valid_from, to: present.valid_until };
    if before == wanted.days() {
        return Ok(Applied::Unchanged);
    }
    voucher::set_days(change.tx, change.tenant, present.id, wanted.valid_from, wanted.valid_until)?;
    let deed = deed("checkin-voucher.changed", &present)
        .field("validFrom", present.valid_from, wanted.valid_from)
        .field("validUntil", present.valid_until, wanted.valid_until);
    change.record(deed);
    Ok(Applied::Changed(before))
}

fn deed(action: &'static str, voucher: &Voucher) -> Deed {
    Deed::new(action).studio(voucher.studio_id).subject("checkin-voucher", voucher.id)
}

/// Redeems a voucher of the caller's studio and answers the code that opens it (CHV-1).
///
/// # Errors
/// Refuses what is missing or no e-mail address, an unknown code and one of another studio, and a voucher that is redeemed, over or
/// not yet valid, in this order (CHV-2). Refuses somebody who is known and does not want to be seen.
pub fn redeem(change: &mut Change<'_, '_>, caller: &Caller, wanted: &Redemption<'_>) -> Result<String, Failure> {
    for (field, text) in [
        ("voucherCode", wanted.code),
        ("firstname", wanted.first_name),
        ("lastname", wanted.last_name),
        ("email", wanted.email),
    ] {
        if text.trim().is_empty() {
            return Err(required(field));
        }
    }
    contact::normalized_email(wanted.email).map_err(|_| invalid("email"))?;
    let refused = |code| Refusal::new(code).at("voucherCode");
    let found = voucher::by_code(change.tx, change.tenant, &rule::canonical_code(wanted.code))?;
    let voucher = found.ok_or_else(|| refused(ErrorCode::CheckinVoucherNotFound))?;
    if voucher.studio_id != caller.studio() {
        return Err(refused(ErrorCode::AuthorizationOtherStudio).into());
    }
    // CHV-2
    let days = Days { from: voucher.valid_from, to: voucher.valid_until };
    let on = |day: Option<jiff::civil::Date>| Argument::Date(day.unwrap_or_else(|| caller.today()));
    match rule::state_on(VoucherFacts { is_redeemed: voucher.redeemed_at.is_some(), days }, caller.today()) {
        VoucherState::Redeemable => {}
        VoucherState::AlreadyRedeemed => return Err(refused(ErrorCode::CheckinVoucherAlreadyRedeemed).into()),
        VoucherState::Expired => return Err(refused(ErrorCode::CheckinVoucherExpired).with(on(days.to)).into()),
        VoucherState::NotYetValid => {
            return Err(refused(ErrorCode::CheckinVoucherNotYetValid).with(on(days.from)).into());
        }
    }
    // Of two who saw it unredeemed, one gets it.
    if !voucher::claim(change.tx, change.tenant, voucher.id, change.now)? {
        return Err(refused(ErrorCode::CheckinVoucherAlreadyRedeemed).into());
    }
    let customer = visitor(change, caller, wanted)?;
    let access_code = access_code(change)?;
    voucher::assign(change.tx, change.tenant, voucher.id, customer.id, &access_code)?;
    change.record(deed("checkin-voucher.redeemed", &voucher).field("customerId", (), customer.id));
    Ok(access_code)
}

/// Whoever redeems a voucher: somebody of the studio with that e-mail address, or a new prospect. Families share addresses, so
/// somebody with the same name comes first, and a member of another name is somebody else.
fn visitor(change: &mut Change<'_, '_>, caller: &Caller, wanted: &Redemption<'_>) -> Result<Customer, Failure> {
    customer::take_turn(change.tx, change.tenant)?;
    let known = find::by_email(change.tx, change.tenant, &email_key_of(wanted.email), caller.studio())?;
    let is_named = |customer: &&Customer| {
        names::index_key(&customer.first_name) == names::index_key(wanted.first_name)
            && names::index_key(&customer.last_name) == names::index_key(wanted.last_name)
    };
    let is_no_member = |customer: &&Customer| customer.status_on(caller.today()) != customer::status::MEMBER;
    if let Some(customer) = known.iter().find(is_named).or_else(|| known.iter().find(is_no_member)) {
        return permitted(caller, customer.clone());
    }
    let home = read_studio(change.tx, change.tenant, caller.studio())?;
    let draft = Customer {
        first_name: wanted.first_name.trim().to_owned(),
        last_name: wanted.last_name.trim().to_owned(),
        email: Some(wanted.email.trim().to_owned()),
        ..newcomer(&home)
    };
    Ok(create(change, &home, draft)?)
}

/// A code that opens the studio and that nobody else has got.
fn access_code(change: &mut Change<'_, '_>) -> Result<String, DbError> {
    loop {
        let [a, b, c, d, e, ..] = change.draw();
        let code = rule::access_code([a, b, c, d, e]);
        if !voucher::has_access_code(change.tx, change.tenant, &code)? {
            return Ok(code);
        }
    }
}

/// Uses up the voucher by which a customer enters a studio at an instant, before the visit begins, and answers its id (CHV-2).
/// Whoever comes in by a contract needs none, and neither does somebody whom staff let in although the door would not.
///
/// # Errors
/// The database's.
pub fn spend(change: &mut Change<'_, '_>, studio: i64, customer: i64, at: Timestamp) -> Result<Option<i64>, DbError> {
    if voucher::unused(change.tx, change.tenant, customer, studio)?.is_empty() {
        return Ok(None);
    }
    let Some(visitor) = customer::by_id(change.tx, change.tenant, customer)? else { return Ok(None) };
    let studio = read_studio(change.tx, change.tenant, studio)?;
    match door::decide(change.tx, change.tenant, &studio, &visitor, at)? {
        Decision::Allowed(Right::Pass { kind: PassKind::Voucher, id, .. }) => {
            Ok(voucher::use_up(change.tx, change.tenant, id, at)?.then_some(id))
        }
        _ => Ok(None),
    }
}
