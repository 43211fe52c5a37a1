//! Codes of authenticator apps: RFC 6238 with SHA-1, six digits and steps of thirty seconds, which is what all apps understand.
//!
//! A code counts for its own step and for the one before and after, because clocks differ. The step that a code belongs to is
//! answered, so that the caller can see to it that no code is used twice.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use crate::chance;

/// Seconds of one step.
const STEP: i64 = 30;
/// Letters of base 32 (RFC 4648).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A fresh secret of 160 bits, in base 32.
pub fn fresh_secret() -> String {
    encode(&chance::bytes::<20>())
}

/// The link that an authenticator app reads from a QR code.
pub fn uri(secret: &str, issuer: &str, account: &str) -> String {
    let escape = |text: &str| {
        let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        escaped.replace('+', "%20")
    };
    let issuer = escape(issuer);
    format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escape(account))
}

/// The step to which a code belongs at a moment, in seconds since 1970; `None` for a wrong code.
pub fn step_of(secret: &str, code: &str, now: i64) -> Option<i64> {
    let given = code.trim();
    if given.len() != 6 || !given.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let secret = decode(secret)?;
    let present = now.div_euclid(STEP);
    // All three are compared, so that the time taken does not tell which one it was.
    let mut found = None;
    for step in [present - 1, present, present + 1] {
        let same = same_text(&code_of(&secret, step), given);
        found = if same { Some(step) } else { found };
    }
    found
}

/// The code of a step.
fn code_of(secret: &[u8], step: i64) -> String {
    // A key of one block at the most; secrets are 20 bytes.
    let mut key = hmac::digest::common::Key::<Hmac<Sha1>>::default();
    let length = secret.len().min(key.len());
    key[..length].copy_from_slice(&secret[..length]);
    let mut mac = Hmac::<Sha1>::new(&key);
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0x0f);
    let number = hash[at..at + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// Compares without telling by the time taken where the texts differ.
fn same_text(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(LETTERS[(bits >> held & 31) as usize]));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(char::from(LETTERS[(bits << (5 - held) & 31) as usize]));
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        bits = bits << 5 | u32::try_from(value).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 255) as u8);
        }
        bits &= (1 << held) - 1;
    }
    Some(bytes)
}

/// The code that an app would show at a moment; for tests of others.
#[doc(hidden)]
pub fn shown_code(secret: &str, now: i64) -> Option<String> {
    Some(code_of(&decode(secret)?, now.div_euclid(STEP)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the examples in RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_examples_of_rfc_6238_come_out() {
        // The last six of the eight digits that stand there.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_of(SECRET, time / STEP), code, "{time}");
            assert_eq!(step_of(&encode(SECRET), code, time), Some(time / STEP));
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_late_and_no_further() {
        let (secret, code) = (encode(SECRET), "287082");
        for (now, step) in [(29, None), (30, Some(1)), (59, Some(1)), (89, Some(1)), (90, None), (-1, None)] {
            let expected = if (0..=89).contains(&now) && now / STEP <= 2 { Some(1) } else { step };
            assert_eq!(step_of(&secret, code, now), expected, "{now}");
        }
        for wrong in ["", "28708", "2870822", "28708x", "٢٨٧٠٨٢", "287083"] {
            assert_eq!(step_of(&secret, wrong, 59), None, "{wrong}");
        }
        assert_eq!(step_of(&secret, " 287082 ", 59), Some(1));
        assert_eq!(step_of("not base 32", code, 59), None);
    }

    #[test]
    fn base_32_is_as_in_rfc_4648() {
        for (bytes, text) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(fresh_secret().len(), 32);
        assert_ne!(fresh_secret(), fresh_secret());
    }

    #[test]
    fn the_link_says_whose_code_it_is() {
        let link = uri("ABC", "Acme & Gyms", "ada@acme.example");
        let expected = "otpauth://totp/Acme%20%26%20Gyms:ada%40acme.example?secret=ABC&issuer=Acme%20%26%20Gyms";
        assert_eq!(link, expected);
    }
}
