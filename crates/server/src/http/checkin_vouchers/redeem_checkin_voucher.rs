//! `POST /v1/checkin-vouchers/redeem`: somebody wants to come in with a voucher.

use gymkeeper_contract::checkin_vouchers::{CheckinVoucherRedeem, CheckinVoucherRedeemResult};

use crate::{
    actions::{
        change::Change,
        voucher::{self, Redemption},
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, optional},
    },
};

/// The most characters of a name.
const LONGEST_NAME: usize = 255;

pub(super) fn redeem_checkin_voucher(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(wanted): &Json<CheckinVoucherRedeem>,
) -> Result<Answer<CheckinVoucherRedeemResult<'static>>, Failure> {
    optional("firstname", Some(&wanted.firstname), LONGEST_NAME)?;
    optional("lastname", Some(&wanted.lastname), LONGEST_NAME)?;
    let redemption = Redemption {
        code: &wanted.voucher_code,
        first_name: &wanted.firstname,
        last_name: &wanted.lastname,
        email: &wanted.email,
    };
    let access_code = voucher::redeem(change, caller, &redemption)?;
    Answer::json(&CheckinVoucherRedeemResult { studio_access_code: &access_code })
}
