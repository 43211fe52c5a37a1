//! Bank accounts and the mandates to debit them (AMD-5, LAW-6, LAW-8).

use std::fmt;

use iban::{Iban as Checked, IbanLike as _};
use jiff::civil::Date;

use crate::calendar;
use crate::term::Term;

/// An account number whose country, length, form and check digits are right.
///
/// Written in full only where somebody asks for it by name; in logs and messages it shows its masked form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Iban(String);

/// Why a text is no IBAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnIban;

impl Iban {
    /// Reads an IBAN. Spaces may stand anywhere, and letters may be small.
    ///
    /// # Errors
    /// When the country has no IBANs, its length or form is another, or the check digits are wrong.
    pub fn parse(text: &str) -> Result<Self, NotAnIban> {
        // AMD-5: stored without spaces. No IBAN is longer than 34, so a long text is not even copied.
        let letters = text.chars().filter(|letter| !letter.is_whitespace());
        let compact: String = letters.take(35).map(|letter| letter.to_ascii_uppercase()).collect();
        let checked: Checked = compact.parse().map_err(|_| NotAnIban)?;
        Ok(Self(checked.electronic_str().to_owned()))
    }

    /// The IBAN without spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country of the account (two letters, ISO 3166).
    #[must_use]
    pub fn country(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// The form for lists: country, check digits and the last two digits, with stars for the rest, such as
    /// `DE89 **** **** **** **** 00`. Enough to tell one's own accounts apart, and useless to anybody else.
    #[must_use]
    pub fn masked(&self) -> String {
        let length = self.0.len();
        let mut masked = String::with_capacity(length + length / 4);
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                masked.push(' ');
            }
            masked.push(if place < 4 || place + 2 >= length { letter } else { '*' });
        }
        masked
    }
}

impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iban({})", self.masked())
    }
}

/// Why a text is no BIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotABic;

/// A BIC without spaces, in capitals: four letters for the institution, two for its country, two letters or digits for its place, and
/// three for a branch or none (ISO 9362). That a bank has it is not known here: the list of them is not free.
///
/// # Errors
/// When it has another form.
pub fn normalized_bic(text: &str) -> Result<String, NotABic> {
    // No BIC is longer than 11, so a long text is not even copied.
    let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).take(12).collect();
    rust_iso9362::BIC::parse(&compact).map(|bic| bic.code().to_owned()).map_err(|_| NotABic)
}

/// The most characters of a mandate's reference (LAW-6).
pub const MAX_MANDATE_CHARACTERS: usize = 35;

/// Whether banks take this as the reference of a mandate: up to 35 characters of those that SEPA knows, without a slash at an
/// end or two in a row, which end a field in older formats, and without spaces, since banks disagree about them.
#[must_use]
pub fn is_mandate_reference(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"/-?:().,'+".contains(&byte);
    (1..=MAX_MANDATE_CHARACTERS).contains(&text.len())
        && text.bytes().all(known)
        && !text.starts_with('/')
        && !text.ends_with('/')
        && !text.contains("//")
}

/// The reference of a customer's mandate with this running number: `M-1-12345-2` for the second mandate of the customer `1-12345`.
///
/// What SEPA does not know in a customer number becomes a hyphen; of a number that is too long the end is kept, where customers
/// differ.
#[must_use]
pub fn mandate_reference(customer_number: &str, mandate: u32) -> String {
    let suffix = format!("-{mandate}");
    let room = MAX_MANDATE_CHARACTERS.saturating_sub(2 + suffix.len());
    let known = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let number: Vec<char> = customer_number.trim().chars().map(known).collect();
    let kept = number.iter().skip(number.len().saturating_sub(room));
    format!("M-{}{suffix}", kept.collect::<String>())
}

/// The first day on which a mandate may no longer be used, because it was not for 36 months (LAW-6). `last_used` is the due date of
/// the last collection.
#[must_use]
pub fn mandate_lapses_on(signed: Date, last_used: Option<Date>) -> Date {
    calendar::add(last_used.map_or(signed, |used| used.max(signed)), Term::months(36))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amd_5_ibans_are_read_with_spaces_and_stored_without() {
        for (text, iban) in [
            ("DE89 3704 0044 0532 0130 00", Some("DE89370400440532013000")),
            (" de89\u{a0}370400440532013000 ", Some("DE89370400440532013000")),
            ("AT611904300234573201", Some("AT611904300234573201")),
            ("NO9386011117947", Some("NO9386011117947")),
            ("MT84MALT011000012345MTLCAST001S", Some("MT84MALT011000012345MTLCAST001S")),
            ("GB82 WEST 1234 5698 7654 32", Some("GB82WEST12345698765432")),
            // A check digit, a length, a form, a country, and no IBAN at all.
            ("DE88 3704 0044 0532 0130 00", None),
            ("DE8937040044053201300", None),
            ("DE89 3704 0044 0532 0130 0O", None),
            ("US64SVBKUS6S3300958879", None),
            ("XX1234", None),
            ("", None),
            ("ÄÖ89370400440532013000", None),
        ] {
            assert_eq!(Iban::parse(text).ok().as_ref().map(Iban::as_str), iban, "{text}");
        }
        assert_eq!(Iban::parse(&"DE89 ".repeat(1000)), Err(NotAnIban));
    }

    #[test]
    fn a_masked_iban_shows_country_check_digits_and_the_last_two() {
        for (iban, masked) in [
            ("DE89370400440532013000", "DE89 **** **** **** **** 00"),
            ("NO9386011117947", "NO93 **** **** *47"),
            ("MT84MALT011000012345MTLCAST001S", "MT84 **** **** **** **** **** **** *1S"),
        ] {
            let iban = Iban::parse(iban).unwrap();
            assert_eq!(iban.masked(), masked);
            assert_eq!(format!("{iban:?}"), format!("Iban({masked})"));
            assert_eq!(iban.country(), &masked[..2]);
        }
    }

    #[test]
    fn amd_5_bics_have_eight_or_eleven_characters() {
        for (text, bic) in [
            ("COBADEFFXXX", Some("COBADEFFXXX")),
            ("cobadeff", Some("COBADEFF")),
            ("COBA DE FF 123", Some("COBADEFF123")),
            ("E097AEXX", None),
            ("COBADEFFXX", None),
            ("COBADEFFXXXX", None),
            ("COBA12FF", None),
            ("COBADE-F", None),
            ("COBÄDEFF", None),
            ("", None),
        ] {
            assert_eq!(normalized_bic(text).ok().as_deref(), bic, "{text}");
        }
    }

    #[test]
    fn law_6_references_of_mandates() {
        for (number, mandate, reference) in [
            ("1-12345", 1, "M-1-12345-1"),
            ("Köln/1 7", 2, "M-K-ln-1-7-2"),
            ("", 1, "M--1"),
            ("0123456789012345678901234567890123456789-77", u32::MAX, "M-90123456789012345678-77-4294967295"),
        ] {
            let made = mandate_reference(number, mandate);
            assert!(made.len() <= MAX_MANDATE_CHARACTERS && is_mandate_reference(&made), "{made}");
            if number.len() < 20 {
                assert_eq!(made, reference);
            } else {
                assert!(made.starts_with("M-") && made.ends_with("-77-4294967295") && made.len() == 35, "{made}");
            }
        }
        for (text, fits) in [
            ("ABC-1/2?:().,'+", true),
            (&"X".repeat(35), true),
            (&"X".repeat(36), false),
            ("", false),
            ("A B", false),
            ("A_B", false),
            ("Ä", false),
            ("/A", false),
            ("A/", false),
            ("A//B", false),
        ] {
            assert_eq!(is_mandate_reference(text), fits, "{text}");
        }
    }

    #[test]
    fn law_6_a_mandate_lapses_after_36_months_without_use() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(mandate_lapses_on(day("2024-02-29"), None), day("2027-02-28"));
        assert_eq!(mandate_lapses_on(day("2024-02-29"), Some(day("2026-11-01"))), day("2029-11-01"));
    }
}
