//! Check-in vouchers: a code that brings somebody in once, to have a look (CHV-1, CHV-2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::days::Days;
use crate::problem::{Problem, Problems};

/// The fewest characters of a code as it is compared. A shorter one would be guessed.
const LEAST_CODE: usize = 6;
/// The most characters of a code.
const LONGEST_CODE: usize = 64;

/// A voucher as an operator makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoucherDefinition {
    /// What is printed on it: 6 to 64 letters and digits, with spaces and hyphens as one likes. It never changes.
    pub code: String,
    /// The first day on which it may be redeemed and used; since ever when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last day on which it may be redeemed and used; for ever when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

impl VoucherDefinition {
    /// The days on which it may be redeemed and used.
    #[must_use]
    pub const fn days(&self) -> Days {
        Days { from: self.valid_from, to: self.valid_until }
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        let code = canonical_code(&self.code);
        let length = code.chars().count();
        let is_code = (LEAST_CODE..=LONGEST_CODE).contains(&length) && code.chars().all(char::is_alphanumeric);
        problems.add_if(!is_code, "code", "must have 6 to 64 letters and digits");
        let reversed = self.valid_from.zip(self.valid_until).is_some_and(|(from, until)| until < from);
        problems.add_if(reversed, "valid_until", "must not be before valid_from");
        problems.done()
    }
}

/// What is known of a voucher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoucherFacts {
    /// Whether somebody has redeemed it.
    pub is_redeemed: bool,
    /// The days on which it may be redeemed and used.
    pub days: Days,
}

/// How a voucher stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoucherState {
    /// It can be redeemed.
    Redeemable,
    /// Somebody has redeemed it.
    AlreadyRedeemed,
    /// Its days are over.
    Expired,
    /// Its days have not begun.
    NotYetValid,
}

/// How a voucher stands on `today`. Of several reasons against it, the first in the order of CHV-2 is told.
#[must_use]
pub fn state_on(voucher: VoucherFacts, today: Date) -> VoucherState {
    // CHV-2
    if voucher.is_redeemed {
        VoucherState::AlreadyRedeemed
    } else if voucher.days.is_over(today) {
        VoucherState::Expired
    } else if voucher.days.is_later(today) {
        VoucherState::NotYetValid
    } else {
        VoucherState::Redeemable
    }
}

/// The code as it is compared: without spaces and hyphens, in capitals. People type what is printed on paper.
#[must_use]
pub fn canonical_code(text: &str) -> String {
    let letters = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
    letters.flat_map(char::to_uppercase).collect()
}

/// The characters of an access code: capitals and digits without `0`, `O`, `1` and `I`, which look alike on paper. There are 32, so five
/// random bits are one character and all are equally likely.
const CODE_CHARACTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The code that opens the studio for somebody who has redeemed a voucher: 8 capitals and digits (CHV-1), made of 40 random bits.
#[must_use]
pub fn access_code(random: [u8; 5]) -> String {
    let bits = random.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..8)
        .map(|place| {
            let index = usize::try_from(bits >> (5 * place) & 31).unwrap_or_default();
            CODE_CHARACTERS.get(index).copied().map_or('2', char::from)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::customer::dice::Dice;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn chv_2_how_a_voucher_stands() {
        let december = Days::between(day("2026-12-01"), day("2026-12-31"));
        for (is_redeemed, days, today, state) in [
            (false, december, "2026-11-30", VoucherState::NotYetValid),
            (false, december, "2026-12-01", VoucherState::Redeemable),
            (false, december, "2026-12-31", VoucherState::Redeemable),
            (false, december, "2027-01-01", VoucherState::Expired),
            (true, december, "2026-11-30", VoucherState::AlreadyRedeemed),
            (true, december, "2027-01-01", VoucherState::AlreadyRedeemed),
            (false, Days::ALWAYS, "2027-01-01", VoucherState::Redeemable),
        ] {
            assert_eq!(state_on(VoucherFacts { is_redeemed, days }, day(today)), state, "{today} {is_redeemed}");
        }
    }

    #[test]
    fn impossible_vouchers_are_named() {
        for (code, from, until, paths) in [
            ("FIT-2026", None, None, &[][..]),
            ("fit 2026", Some("2026-12-01"), Some("2026-12-01"), &[]),
            ("Frühling", None, Some("2026-12-01"), &[]),
            ("A-B-C-D-E", None, None, &["code"]),
            ("", None, None, &["code"]),
            ("FIT_2026", None, None, &["code"]),
            (&"X".repeat(65), None, None, &["code"]),
            ("FIT-2026", Some("2026-12-02"), Some("2026-12-01"), &["valid_until"]),
        ] {
            let (valid_from, valid_until) = (from.map(day), until.map(day));
            let voucher = VoucherDefinition { code: code.to_owned(), valid_from, valid_until };
            let found: Vec<String> = voucher.problems().into_iter().map(|problem| problem.path).collect();
            assert_eq!(found, paths, "{code}");
        }
    }

    #[test]
    fn codes_are_compared_as_people_type_them() {
        for text in ["FIT-2026", "fit 2026", " Fit2026 "] {
            assert_eq!(canonical_code(text), "FIT2026");
        }
    }

    #[test]
    fn chv_1_access_codes_have_eight_capitals_and_digits() {
        let mut dice = Dice::new(8);
        let mut codes = HashSet::new();
        let mut characters = HashSet::new();
        for _ in 0..2_000 {
            let random = std::array::from_fn(|_| dice.byte());
            let code = access_code(random);
            assert_eq!(code.len(), 8);
            assert!(code.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()), "{code}");
            characters.extend(code.bytes());
            codes.insert(code);
        }
        assert_eq!(characters.len(), 32);
        assert!(codes.len() > 1_990, "{}", codes.len());
        assert_eq!((access_code([0; 5]), access_code([255; 5])), ("22222222".to_owned(), "ZZZZZZZZ".to_owned()));
    }
}
