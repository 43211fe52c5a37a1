//! Access mediums: what a customer shows at the door (CUST-12, CUST-18).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::card_number::{CardFormat, CardUid};

/// The kind of an access medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MediumKind {
    /// A card with a chip, known by its UID.
    CardNumber,
    /// A number that the customer types.
    Pin,
    /// A code that is printed or shown on a screen.
    Barcode,
    /// A pass in a phone's wallet; only devices ask for it.
    WalletPass,
}

impl MediumKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::CardNumber, Self::Pin, Self::Barcode, Self::WalletPass];

    /// The name under which the kind is stored and sent, such as `CARD_NUMBER`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CardNumber => "CARD_NUMBER",
            Self::Pin => "PIN",
            Self::Barcode => "BARCODE",
            Self::WalletPass => "WALLET_PASS",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What is wrong with the value of an access medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidMediumValue {
    /// Not the number of a chip with 4 to 10 bytes, in this format.
    NotACardNumber,
    /// A PIN has 4 to 8 digits.
    NotAPin,
    /// A code or pass has 1 to 255 characters.
    Length,
}

/// The fewest and the most digits of a PIN.
const PIN_DIGITS: std::ops::RangeInclusive<usize> = 4..=8;
/// The most characters of a barcode or pass.
const MAX_CHARACTERS: usize = 255;

/// The form in which a value is stored, compared and kept unique.
///
/// A card is stored as its bytes in hexadecimal digits, the most significant first, so that one card is one value in
/// whatever format it comes. Other values are stored as they are, without spaces around them: a PIN keeps its zeros in front, and
/// barcodes that differ in case are different.
///
/// # Errors
/// When the value cannot be of this kind (CUST-18).
pub fn canonical_value(kind: MediumKind, value: &str, format: CardFormat) -> Result<String, InvalidMediumValue> {
    let value = value.trim();
    match kind {
        // CUST-18
        MediumKind::CardNumber => CardUid::parse(value, format)
            .map(|uid| uid.write(CardFormat::HexMsb))
            .map_err(|_| InvalidMediumValue::NotACardNumber),
        MediumKind::Pin if PIN_DIGITS.contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit()) => {
            Ok(value.to_owned())
        }
        MediumKind::Pin => Err(InvalidMediumValue::NotAPin),
        MediumKind::Barcode | MediumKind::WalletPass => {
            if value.is_empty() || value.chars().count() > MAX_CHARACTERS {
                return Err(InvalidMediumValue::Length);
            }
            Ok(value.to_owned())
        }
    }
}

/// How a stored value is shown: a card in the format that was asked for, everything else as it is.
#[must_use]
pub fn displayed_value(kind: MediumKind, stored: &str, format: CardFormat) -> String {
    match kind {
        MediumKind::CardNumber => {
            CardUid::parse(stored, CardFormat::HexMsb).map_or_else(|_| stored.to_owned(), |uid| uid.write(format))
        }
        MediumKind::Pin | MediumKind::Barcode | MediumKind::WalletPass => stored.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cust_18_values_of_each_kind() {
        let long = "x".repeat(255);
        let too_long = "ä".repeat(256);
        for (kind, value, stored) in [
            (MediumKind::CardNumber, "77771716", Ok("04a2b3c4")),
            (MediumKind::CardNumber, "04a2b3c4", Err(InvalidMediumValue::NotACardNumber)),
            (MediumKind::CardNumber, "1208925819614629174706176", Err(InvalidMediumValue::NotACardNumber)),
            (MediumKind::Pin, "0042", Ok("0042")),
            (MediumKind::Pin, "12345678", Ok("12345678")),
            (MediumKind::Pin, "042", Err(InvalidMediumValue::NotAPin)),
            (MediumKind::Pin, "123456789", Err(InvalidMediumValue::NotAPin)),
            (MediumKind::Pin, "12e4", Err(InvalidMediumValue::NotAPin)),
            (MediumKind::Barcode, " A-17 ", Ok("A-17")),
            (MediumKind::Barcode, "  ", Err(InvalidMediumValue::Length)),
            (MediumKind::WalletPass, &long, Ok(&long)),
            (MediumKind::WalletPass, &too_long, Err(InvalidMediumValue::Length)),
        ] {
            let canonical = canonical_value(kind, value, CardFormat::Decimal);
            assert_eq!(canonical.as_deref().map_err(|error| *error), stored, "{kind:?} {value}");
        }
    }

    #[test]
    fn cust_9_a_stored_card_is_shown_in_the_format_asked_for() {
        let stored = canonical_value(MediumKind::CardNumber, "80311A32732B04", CardFormat::HexLsb).unwrap();
        assert_eq!(displayed_value(MediumKind::CardNumber, &stored, CardFormat::Decimal), "1173673668653440");
        assert_eq!(displayed_value(MediumKind::Pin, "0042", CardFormat::HexLsb), "0042");
    }

    #[test]
    fn kinds_have_names() {
        for kind in MediumKind::ALL {
            assert_eq!(MediumKind::of_name(kind.name()), Some(kind));
        }
        assert_eq!(MediumKind::of_name("pin"), None);
    }
}
