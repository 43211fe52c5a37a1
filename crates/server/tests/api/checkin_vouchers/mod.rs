//! The group Checkin vouchers.

mod redeem_checkin_voucher;
