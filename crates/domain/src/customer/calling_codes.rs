//! How the world's telephone numbers begin: calling codes (E.164), the prefix for calls within a country, and the one for
//! calls abroad.
//!
//! A table of ours instead of a crate: those that know every country's number formats bring megabytes of data and its
//! parsers, and to compare two spellings of one number needs only where its prefixes end.

/// How one country's numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbering {
    /// The calling code, without a plus.
    pub(super) code: &'static str,
    trunk: Trunk,
    abroad: &'static str,
}

/// What callers within a country dial before an area code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trunk {
    /// Nothing: a zero in front belongs to the number.
    None,
    /// These digits. No number itself begins with them.
    Always(&'static str),
    /// A digit with which a number itself may begin: it is a prefix only in front of so many further digits.
    Before(&'static str, usize),
}

impl Numbering {
    /// What is dialled before a calling code.
    pub(super) fn international_prefix(self) -> Option<&'static str> {
        (!self.abroad.is_empty()).then_some(self.abroad)
    }

    /// The number without the prefix for calls within the country.
    pub(super) fn without_trunk(self, digits: &str) -> &str {
        match self.trunk {
            Trunk::None => digits,
            Trunk::Always(prefix) => digits.strip_prefix(prefix).unwrap_or(digits),
            Trunk::Before(prefix, rest) => {
                digits.strip_prefix(prefix).filter(|number| number.len() == rest).unwrap_or(digits)
            }
        }
    }

    /// The number without a zero that was left behind the calling code by mistake, as in `+49 030`. Other prefixes are rarely
    /// left there and could belong to the number.
    pub(super) fn without_misplaced_trunk(self, national: &str) -> &str {
        match self.trunk {
            Trunk::Always("0") => self.without_trunk(national),
            Trunk::Always(_) | Trunk::Before(..) | Trunk::None => national,
        }
    }

    /// What follows the country's own code, if the digits look like a whole number with it but without a plus. Never where
    /// numbers have no prefix within the country, since those could begin like the code.
    pub(super) fn after_own_code(self, digits: &str) -> Option<&str> {
        let Trunk::Always(_) = self.trunk else { return None };
        digits.strip_prefix(self.code).filter(|rest| rest.len() >= 7)
    }
}

/// The numbering of a country of two letters, in any case.
pub(super) fn of_country(country_code: &str) -> Option<Numbering> {
    let country_code = country_code.trim();
    COUNTRIES.iter().find(|(country, _)| country.eq_ignore_ascii_case(country_code)).map(|(_, numbering)| *numbering)
}

/// The numbering whose code begins a number, and what follows the code. No code is the beginning of another one.
pub(super) fn of_number(digits: &str) -> Option<(Numbering, &str)> {
    COUNTRIES.iter().find_map(|(_, numbering)| digits.strip_prefix(numbering.code).map(|rest| (*numbering, rest)))
}

const fn zero(code: &'static str) -> Numbering {
    Numbering { code, trunk: Trunk::Always("0"), abroad: "00" }
}

const fn plain(code: &'static str) -> Numbering {
    Numbering { code, trunk: Trunk::None, abroad: "00" }
}

/// North America: `1` is code and prefix alike, and a number has ten digits.
const fn american() -> Numbering {
    Numbering { code: "1", trunk: Trunk::Before("1", 10), abroad: "011" }
}

/// Russia and Kazakhstan: `8` in front of ten digits.
const fn seven() -> Numbering {
    Numbering { code: "7", trunk: Trunk::Before("8", 10), abroad: "810" }
}

/// All of Europe, its neighbours, and countries overseas in which gyms of European chains are found.
const COUNTRIES: &[(&str, Numbering)] = &[
    ("AD", plain("376")),
    ("AE", zero("971")),
    ("AL", zero("355")),
    ("AM", zero("374")),
    ("AR", zero("54")),
    ("AT", zero("43")),
    ("AU", Numbering { code: "61", trunk: Trunk::Always("0"), abroad: "0011" }),
    ("AX", zero("358")),
    ("AZ", zero("994")),
    ("BA", zero("387")),
    ("BE", zero("32")),
    ("BG", zero("359")),
    ("BH", plain("973")),
    ("BR", Numbering { code: "55", trunk: Trunk::Always("0"), abroad: "00" }),
    ("BY", Numbering { code: "375", trunk: Trunk::Before("8", 9), abroad: "810" }),
    ("CA", american()),
    ("CH", zero("41")),
    ("CL", plain("56")),
    ("CN", zero("86")),
    ("CO", plain("57")),
    ("CY", plain("357")),
    ("CZ", plain("420")),
    ("DE", zero("49")),
    ("DK", plain("45")),
    ("EE", plain("372")),
    ("EG", zero("20")),
    ("ES", plain("34")),
    ("FI", zero("358")),
    ("FO", plain("298")),
    ("FR", zero("33")),
    ("GB", zero("44")),
    ("GE", zero("995")),
    ("GG", zero("44")),
    ("GI", plain("350")),
    ("GL", plain("299")),
    ("GR", plain("30")),
    ("HK", Numbering { code: "852", trunk: Trunk::None, abroad: "001" }),
    ("HR", zero("385")),
    ("HU", Numbering { code: "36", trunk: Trunk::Always("06"), abroad: "00" }),
    ("ID", zero("62")),
    ("IE", zero("353")),
    ("IL", zero("972")),
    ("IM", zero("44")),
    ("IN", zero("91")),
    ("IS", plain("354")),
    // Italy's numbers of fixed lines begin with a zero that is dialled from abroad as well.
    ("IT", plain("39")),
    ("JE", zero("44")),
    ("JP", Numbering { code: "81", trunk: Trunk::Always("0"), abroad: "010" }),
    ("KR", zero("82")),
    ("KW", plain("965")),
    ("KZ", seven()),
    ("LI", plain("423")),
    ("LT", zero("370")),
    ("LU", plain("352")),
    ("LV", plain("371")),
    ("MA", zero("212")),
    ("MC", plain("377")),
    ("MD", zero("373")),
    ("ME", zero("382")),
    ("MK", zero("389")),
    ("MT", plain("356")),
    ("MX", plain("52")),
    ("MY", zero("60")),
    ("NL", zero("31")),
    ("NO", plain("47")),
    ("NZ", zero("64")),
    ("OM", plain("968")),
    ("PH", zero("63")),
    ("PL", plain("48")),
    ("PT", plain("351")),
    ("QA", plain("974")),
    ("RO", zero("40")),
    ("RS", zero("381")),
    ("RU", seven()),
    ("SA", zero("966")),
    ("SE", zero("46")),
    ("SG", plain("65")),
    ("SI", zero("386")),
    ("SJ", plain("47")),
    ("SK", zero("421")),
    ("SM", plain("378")),
    ("TH", zero("66")),
    ("TN", plain("216")),
    ("TR", zero("90")),
    ("UA", zero("380")),
    ("US", american()),
    ("VA", plain("39")),
    ("VN", zero("84")),
    ("XK", zero("383")),
    ("ZA", zero("27")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_no_code_begins_another() {
        assert!(COUNTRIES.is_sorted_by_key(|(country, _)| *country));
        for (country, numbering) in COUNTRIES {
            assert!(country.len() == 2 && (1..=3).contains(&numbering.code.len()), "{country}");
            for (other, longer) in COUNTRIES {
                let begins = longer.code.starts_with(numbering.code);
                assert!(!begins || longer == numbering, "{country} {other}");
            }
        }
    }

    #[test]
    fn all_of_europe_and_more_is_listed() {
        let europe = "AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GR HR HU IE IM IS IT JE KZ LI LT LU LV MC \
                      MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK";
        for country in europe.split(' ').chain(["US", "CA", "AU", "NZ", "BR", "AE"]) {
            assert!(of_country(country).is_some(), "{country}");
        }
    }
}
