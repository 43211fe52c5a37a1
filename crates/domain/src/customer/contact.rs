//! E-mail addresses and telephone numbers in the one form in which they are compared (CUST-5, CUST-7).
//!
//! What a customer wrote is stored and answered as it is. The forms made here are kept beside it, for search and for finding
//! duplicates.

use super::calling_codes::{self, Numbering};

/// The most characters of an e-mail address (RFC 5321 as corrected: a path of 256 with its two brackets).
pub const MAX_EMAIL_CHARACTERS: usize = 254;

/// Why a text is not an e-mail address: not exactly one @, nothing on one of its sides, a space in it, or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnEmail;

/// The address as it is compared: without spaces around it, in small letters.
///
/// Whether somebody reads mail there is not for a syntax to tell, so only what certainly cannot be an address is refused.
///
/// # Errors
/// When it cannot be an address.
pub fn normalized_email(text: &str) -> Result<String, NotAnEmail> {
    let text = text.trim();
    let sides = text.split_once('@').ok_or(NotAnEmail)?;
    let is_whole = !sides.0.is_empty() && !sides.1.is_empty() && !sides.1.contains('@');
    let is_clean = !text.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if !is_whole || !is_clean || text.chars().count() > MAX_EMAIL_CHARACTERS {
        return Err(NotAnEmail);
    }
    Ok(text.to_lowercase())
}

/// The most digits of a telephone number with its calling code (E.164).
const MAX_DIGITS: usize = 15;
/// Fewer digits than this after the calling code are no subscriber's number.
const MIN_NATIONAL_DIGITS: usize = 4;

/// The number with calling code and without signs, such as `4930123456`, by which spellings of one number are equal.
///
/// `country_code` (two letters, ISO 3166) tells how a number without calling code is meant. Nothing for a text that is no
/// telephone number, and for one without calling code when the country's numbering is not known here.
#[must_use]
pub fn phone_key(text: &str, country_code: &str) -> Option<String> {
    let written = Written::read(text)?;
    let home = calling_codes::of_country(country_code);
    if written.is_international {
        return international(&written.digits);
    }
    let home = home?;
    if let Some(rest) = home.international_prefix().and_then(|prefix| written.digits.strip_prefix(prefix)) {
        return international(rest);
    }
    let national = home.without_trunk(&written.digits);
    if national.len() == written.digits.len()
        && let Some(rest) = home.after_own_code(&written.digits)
    {
        // `49 30 123456` without a plus: a number within the country would begin with the trunk prefix.
        return with_code(home, home.without_trunk(rest));
    }
    with_code(home, national)
}

/// What stands in a text: its digits, and whether they begin with a calling code.
struct Written {
    digits: String,
    is_international: bool,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        // `+49 (0)30`: the zero in brackets is for callers within the country, and not part of the number.
        let (is_international, rest) = match text.strip_prefix('+').or_else(|| text.strip_prefix("(+")) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let has_both = is_international || rest.starts_with("00");
        let rest = if has_both { rest.replacen("(0)", "", 1) } else { rest.to_owned() };
        let mut digits = String::with_capacity(rest.len());
        for letter in rest.chars() {
            match letter {
                '0'..='9' => digits.push(letter),
                ' ' | '-' | '/' | '.' | '(' | ')' | '\u{a0}' | '\u{2009}'..='\u{2015}' | '\u{202f}' | '·' => {}
                _ => return None,
            }
        }
        Some(Self { digits, is_international })
    }
}

fn international(digits: &str) -> Option<String> {
    match calling_codes::of_number(digits) {
        Some((numbering, national)) => with_code(numbering, numbering.without_misplaced_trunk(national)),
        // A code that is not listed here: the number is taken as it is.
        None => {
            let fits = (MIN_NATIONAL_DIGITS + 1..=MAX_DIGITS).contains(&digits.len()) && !digits.starts_with('0');
            fits.then(|| digits.to_owned())
        }
    }
}

fn with_code(numbering: Numbering, national: &str) -> Option<String> {
    let fits = national.len() >= MIN_NATIONAL_DIGITS && numbering.code.len() + national.len() <= MAX_DIGITS;
    fits.then(|| format!("{}{national}", numbering.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cust_5_addresses_are_compared_without_case_and_spaces() {
        for (text, email) in [
            (" Ada.Lovelace@Example.ORG ", Ok("ada.lovelace@example.org")),
            ("JÜRGEN@BÜCHER.example", Ok("jürgen@bücher.example")),
            ("a@b", Ok("a@b")),
            ("", Err(NotAnEmail)),
            ("ada", Err(NotAnEmail)),
            ("@example.org", Err(NotAnEmail)),
            ("ada@", Err(NotAnEmail)),
            ("ada@home@example.org", Err(NotAnEmail)),
            ("ada lovelace@example.org", Err(NotAnEmail)),
            ("ada@exam\nple.org", Err(NotAnEmail)),
        ] {
            assert_eq!(normalized_email(text).as_deref().map_err(|error| *error), email, "{text}");
        }
        let of_length = |characters: usize| format!("{}@b", "a".repeat(characters - 2));
        assert!(normalized_email(&of_length(254)).is_ok() && normalized_email(&of_length(255)).is_err());
    }

    #[test]
    fn cust_7_spellings_of_one_number_are_equal() {
        for (country, key, spellings) in [
            (
                "DE",
                "4930123456",
                &[
                    "+49 30 123456",
                    "0049 (30) 123456",
                    "030/123456",
                    "030 - 12 34 56",
                    "+49 (0)30 123456",
                    "(030) 123456",
                    "+49 030 123456",
                    "49 30 123456",
                    "0049 (0) 30 123456",
                    "(+49) 30 123456",
                    " +49\u{a0}30\u{2013}123456",
                ][..],
            ),
            ("de", "4915112345678", &["0151 12345678", "+49.151.12345678"]),
            ("AT", "4366412345678", &["0664 12345678", "+43 664 12345678", "0043 664 12345678"]),
            ("IT", "390612345678", &["06 1234 5678", "+39 06 12345678", "0039 0612345678"]),
            ("IT", "393401234567", &["340 1234567", "+39 340 1234567", "+393401234567"]),
            ("FR", "33123456789", &["01 23 45 67 89", "+33 1 23 45 67 89", "+33 (0)1 23 45 67 89"]),
            ("ES", "34912345678", &["912 345 678", "+34 912345678", "0034912345678"]),
            ("PL", "48221234567", &["22 123 45 67", "+48 22 123 45 67"]),
            ("HU", "3612345678", &["06 1 234 5678", "+36 1 234 5678", "0036 1 2345678"]),
            ("GB", "442079460958", &["020 7946 0958", "+44 (0)20 7946 0958", "00442079460958"]),
            ("US", "14155552671", &["(415) 555-2671", "1-415-555-2671", "+1 415.555.2671", "011 1 415 555 2671"]),
            ("CA", "14165550123", &["416-555-0123", "+1 416 555 0123"]),
            ("TR", "905321234567", &["0532 123 45 67", "532 123 45 67", "+90 532 123 45 67"]),
            ("AU", "61291234567", &["02 9123 4567", "+61 2 9123 4567", "0011 61 2 9123 4567"]),
            ("NZ", "6491234567", &["09 123 4567", "+64 9 123 4567"]),
            ("BR", "5511912345678", &["(11) 91234-5678", "011 91234-5678", "+55 11 91234 5678"]),
            ("AE", "971501234567", &["050 123 4567", "+971 50 123 4567"]),
            ("CH", "41441234567", &["044 123 45 67", "+41 44 123 45 67"]),
            ("RU", "74951234567", &["8 495 123-45-67", "+7 495 123 45 67", "810 7 495 1234567"]),
            ("DK", "4532123456", &["32 12 34 56", "+45 32123456", "0045 32 12 34 56"]),
            ("FI", "35891234567", &["09 1234567", "+358 9 1234567"]),
            // A number of another country, read in Germany.
            ("DE", "390612345678", &["+39 06 12345678", "0039 06 1234 5678"]),
            ("DE", "4532123456", &["+45 32 12 34 56"]),
            ("DE", "999123456", &["+999 123456"]),
            ("XX", "4930123456", &["+49 30 123456"]),
        ] {
            for spelling in spellings {
                assert_eq!(phone_key(spelling, country).as_deref(), Some(key), "{country} {spelling}");
            }
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for (text, country) in [
            ("", "DE"),
            ("+", "DE"),
            ("call me", "DE"),
            ("030 123456 ext. 7", "DE"),
            ("110", "DE"),
            ("+49 1", "DE"),
            ("030 123456", "XX"),
            ("+49 30 1234567890123", "DE"),
            ("00", "DE"),
            ("+0301234567", "DE"),
            ("0", ""),
            ("٣٤٥٦٧٨٩", "DE"),
        ] {
            assert_eq!(phone_key(text, country), None, "{country} {text}");
        }
    }

    #[test]
    fn a_key_is_its_own_key() {
        for (text, country) in
            [("030/123456", "DE"), ("06 1234 5678", "IT"), ("415 555 2671", "US"), ("8 495 1234567", "RU")]
        {
            let key = phone_key(text, country).unwrap();
            assert_eq!(phone_key(&format!("+{key}"), "DE"), Some(key.clone()), "{text}");
        }
    }
}
