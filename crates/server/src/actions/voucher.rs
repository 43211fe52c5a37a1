//! Check-in vouchers: making them, redeeming them, and using them up (CHV-1, CHV-2).

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_domain::customer::{
    contact,
    days::Days,
    voucher::{self as rule, VoucherDefinition, VoucherFacts, VoucherState},
};
use gymkeeper_store::{
    customer::{
        self, Customer,
        voucher::{self, Voucher},
    },
    db::DbError,
};

use super::{
    change::{Change, Deed},
    customer::{permitted, prospect, studio as read_studio},
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

/// Whoever redeems a voucher: somebody of the studio with that e-mail address, or a new prospect.
fn visitor(change: &mut Change<'_, '_>, caller: &Caller, wanted: &Redemption<'_>) -> Result<Customer, Failure> {
    let Redemption { first_name, last_name, email, .. } = *wanted;
    let person = prospect::Person { first_name, last_name, email: Some(email) };
    customer::take_turn(change.tx, change.tenant)?;
    let known = prospect::known(change.tx, change.tenant, caller.studio(), &person, caller.today())?;
    if let Some(customer) = known {
        return permitted(caller, customer);
    }
    let home = read_studio(change.tx, change.tenant, caller.studio())?;
    Ok(prospect::make(change, &home, &person)?)
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
