//! Card numbers: one chip, written in three ways (CUST-9).
//!
//! A chip has a UID of some bytes. `HEX_MSB` writes them as they come, `HEX_LSB` from the last to the first, and `DECIMAL` as
//! one number, the first byte being the most significant. Whatever a client uses, the same chip must be the same card, so the
//! bytes are what is stored and compared.
//!
//! # How a decimal number finds its length
//!
//! A number has no length of its own. Without zeros in front it is read as the shortest UID of at least four bytes that holds
//! it. A longer UID that begins with zero bytes could then not be told from a shorter one, so it is *written* with zeros in
//! front, up to the digits that the largest number of its length has; these counts (10, 13, 15, 17, 20, 22 and 25 digits for
//! 4 to 10 bytes) are all different and tell the length when it is read again. Zeros in front to any other count of digits
//! mean nothing: readers like to print `0012345678`.

use std::fmt;

/// How a card number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CardFormat {
    /// One decimal number; what is meant when nothing is said.
    #[default]
    Decimal,
    /// Whole bytes as hexadecimal digits, the most significant first.
    HexMsb,
    /// Whole bytes as hexadecimal digits, the least significant first.
    HexLsb,
}

/// Why a text is not a card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACardNumber;

impl fmt::Display for NotACardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not the number of a card with 4 to 10 bytes")
    }
}

impl std::error::Error for NotACardNumber {}

/// The UID of a chip: 4 to 10 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardUid {
    bytes: [u8; Self::MAX_BYTES],
    length: usize,
}

impl CardUid {
    /// The fewest bytes a chip has.
    pub const MIN_BYTES: usize = 4;
    /// The most bytes a chip has.
    pub const MAX_BYTES: usize = 10;

    /// The UID of these bytes, the most significant first.
    ///
    /// # Errors
    /// When there are fewer than 4 or more than 10.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotACardNumber> {
        if !(Self::MIN_BYTES..=Self::MAX_BYTES).contains(&bytes.len()) {
            return Err(NotACardNumber);
        }
        let mut uid = Self { bytes: [0; Self::MAX_BYTES], length: bytes.len() };
        for (place, byte) in uid.bytes.iter_mut().zip(bytes) {
            *place = *byte;
        }
        Ok(uid)
    }

    /// Reads a card number. Letters may be small or capital, and spaces around it are ignored.
    ///
    /// # Errors
    /// When it is not a number in this format, or not of a chip with 4 to 10 bytes.
    pub fn parse(text: &str, format: CardFormat) -> Result<Self, NotACardNumber> {
        let text = text.trim();
        // CUST-9
        match format {
            CardFormat::Decimal => Self::parse_decimal(text),
            CardFormat::HexMsb => Self::parse_hex(text),
            CardFormat::HexLsb => Self::parse_hex(text).map(Self::reversed),
        }
    }

    /// Writes the card number; hexadecimal digits in small letters.
    #[must_use]
    pub fn write(&self, format: CardFormat) -> String {
        match format {
            CardFormat::Decimal => self.write_decimal(),
            CardFormat::HexMsb => hex(self.as_bytes()),
            CardFormat::HexLsb => hex(self.reversed().as_bytes()),
        }
    }

    /// The bytes, the most significant first.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn reversed(self) -> Self {
        let mut reversed = Self { bytes: [0; Self::MAX_BYTES], length: self.length };
        for (place, byte) in reversed.bytes.iter_mut().zip(self.as_bytes().iter().rev()) {
            *place = *byte;
        }
        reversed
    }

    fn parse_hex(text: &str) -> Result<Self, NotACardNumber> {
        let digits = text.as_bytes();
        if !digits.len().is_multiple_of(2) || digits.len() > 2 * Self::MAX_BYTES {
            return Err(NotACardNumber);
        }
        let mut bytes = [0; Self::MAX_BYTES];
        for (place, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            for digit in pair {
                *place = *place << 4 | hex_digit(*digit).ok_or(NotACardNumber)?;
            }
        }
        Self::from_bytes(bytes.get(..digits.len() / 2).unwrap_or_default())
    }

    fn parse_decimal(text: &str) -> Result<Self, NotACardNumber> {
        // More digits than any UID has, zeros in front included, are a mistake and would not fit the number below.
        if text.is_empty() || text.len() > decimal_digits(Self::MAX_BYTES) || !text.bytes().all(|b| b.is_ascii_digit())
        {
            return Err(NotACardNumber);
        }
        let number: u128 = text.parse().map_err(|_| NotACardNumber)?;
        let shortest = shortest_length(number);
        let told = (Self::MIN_BYTES..=Self::MAX_BYTES)
            .find(|length| text.starts_with('0') && decimal_digits(*length) == text.len());
        let length = told.unwrap_or(shortest).max(shortest);
        let bytes = number.to_be_bytes();
        Self::from_bytes(bytes.get(bytes.len().saturating_sub(length)..).unwrap_or_default())
    }

    fn write_decimal(&self) -> String {
        let number = self.as_bytes().iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        if shortest_length(number) == self.length {
            return number.to_string();
        }
        format!("{number:0width$}", width = decimal_digits(self.length))
    }
}

impl fmt::Debug for CardUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardUid({})", hex(self.as_bytes()))
    }
}

/// The bytes that a number needs, and no fewer than a chip has.
fn shortest_length(number: u128) -> usize {
    let bits = u128::BITS - number.leading_zeros();
    (bits.div_ceil(8) as usize).max(CardUid::MIN_BYTES)
}

/// The digits of the largest number of so many bytes.
fn decimal_digits(bytes: usize) -> usize {
    // 2^8 has 2.40824 decimal digits.
    (bytes * 240_824).div_ceil(100_000)
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::dice::Dice;

    const FORMATS: [CardFormat; 3] = [CardFormat::Decimal, CardFormat::HexMsb, CardFormat::HexLsb];

    #[test]
    fn cust_9_one_card_in_three_formats() {
        for (decimal, msb, lsb) in [
            ("1173673668653440", "042b73321a3180", "80311a32732b04"),
            ("77771716", "04a2b3c4", "c4b3a204"),
            ("0", "00000000", "00000000"),
            ("4294967295", "ffffffff", "ffffffff"),
            ("4294967296", "0100000000", "0000000001"),
            ("0000000012345", "0000003039", "3930000000"),
            ("1208925819614629174706175", "ffffffffffffffffffff", "ffffffffffffffffffff"),
        ] {
            let written = [decimal, msb, lsb];
            for (format, text) in FORMATS.into_iter().zip(written) {
                let uid = CardUid::parse(text, format).unwrap();
                assert_eq!(FORMATS.map(|format| uid.write(format)), written, "{format:?} {text}");
            }
        }
    }

    #[test]
    fn cust_9_reading_is_lenient_about_case_spaces_and_printed_zeros() {
        let uid = CardUid::from_bytes(&[0x04, 0xa2, 0xb3, 0xc4]).unwrap();
        for (text, format) in [
            ("04A2B3C4", CardFormat::HexMsb),
            (" c4B3a204 ", CardFormat::HexLsb),
            ("0077771716", CardFormat::Decimal),
            ("000077771716", CardFormat::Decimal),
        ] {
            assert_eq!(CardUid::parse(text, format), Ok(uid), "{text}");
        }
    }

    #[test]
    fn cust_18_other_texts_are_no_card_numbers() {
        for (text, format) in [
            ("", CardFormat::Decimal),
            ("-1", CardFormat::Decimal),
            ("+1", CardFormat::Decimal),
            ("12a", CardFormat::Decimal),
            ("1208925819614629174706176", CardFormat::Decimal),
            ("00000000000000000000000001", CardFormat::Decimal),
            ("", CardFormat::HexMsb),
            ("04a2b3", CardFormat::HexMsb),
            ("04a2b3c", CardFormat::HexMsb),
            ("04a2b3cg", CardFormat::HexMsb),
            ("04a2b3c40000000000000000", CardFormat::HexLsb),
            ("ää", CardFormat::HexLsb),
        ] {
            assert_eq!(CardUid::parse(text, format), Err(NotACardNumber), "{text}");
        }
    }

    #[test]
    fn the_digits_of_each_length() {
        for bytes in CardUid::MIN_BYTES..=CardUid::MAX_BYTES {
            assert_eq!(decimal_digits(bytes), ((1_u128 << (8 * bytes)) - 1).to_string().len());
        }
    }

    #[test]
    fn cust_9_every_card_is_read_as_it_was_written() {
        let mut dice = Dice::new(9);
        for _ in 0..20_000 {
            let length = CardUid::MIN_BYTES + dice.below(7);
            // Zero bytes in front are where a format could lose something, so they are frequent here.
            let zeros = dice.below(length + 1);
            let bytes: Vec<u8> = (0..length).map(|place| if place < zeros { 0 } else { dice.byte() }).collect();
            let uid = CardUid::from_bytes(&bytes).unwrap();
            for format in FORMATS {
                let text = uid.write(format);
                assert_eq!(CardUid::parse(&text, format), Ok(uid), "{format:?} {text}");
            }
        }
    }

    #[test]
    fn cust_9_every_plain_number_is_written_as_it_was_read() {
        let mut dice = Dice::new(10);
        for _ in 0..20_000 {
            let digits = 1 + dice.below(24);
            let first = char::from(b'1' + dice.below(9) as u8);
            let text: String =
                std::iter::once(first).chain((1..digits).map(|_| char::from(b'0' + dice.below(10) as u8))).collect();
            assert_eq!(CardUid::parse(&text, CardFormat::Decimal).unwrap().write(CardFormat::Decimal), text);
        }
    }
}
