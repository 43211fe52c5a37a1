//! The group Checkin vouchers: a code on paper becomes a code that opens the door.

mod redeem_checkin_voucher;

use gymkeeper_contract::operations;

use super::frame::{Mounted, write};

/// The operations of the group.
pub fn operations() -> Vec<Mounted> {
    vec![write(&operations::REDEEM_CHECKIN_VOUCHER, redeem_checkin_voucher::redeem_checkin_voucher)]
}
