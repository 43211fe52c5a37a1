//! The language of an answer, chosen by `Accept-Language`.
//!
//! Only texts meant for display are translated; codes, enum values and what staff typed never are (LANG-4).

macro_rules! languages {
    ($($name:ident = $tag:literal $texts:ident $doc:literal;)+) => {
        /// A language that a caller can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Language {
            $(#[doc = $doc] $name,)+
        }

        impl Language {
            /// All languages that are told apart.
            pub const ALL: &'static [Language] = &[$(Language::$name),+];

            /// The tag of the language, as `Content-Language` reports it.
            pub const fn tag(self) -> &'static str {
                match self {
                    $(Language::$name => $tag,)+
                }
            }

            /// The language that the texts are really written in (LANG-3).
            pub const fn texts(self) -> Texts {
                match self {
                    $(Language::$name => Texts::$texts,)+
                }
            }
        }
    };
}

languages! {
    Cs = "cs" English "Czech.";
    De = "de" German "German.";
    DeCh = "de-CH" German "German as in Switzerland.";
    DeLi = "de-LI" German "German as in Liechtenstein.";
    En = "en" English "English.";
    EnCa = "en-CA" English "English as in Canada.";
    EnGb = "en-GB" English "English as in the United Kingdom.";
    EnUs = "en-US" English "English as in the United States.";
    Es = "es" English "Spanish.";
    Fr = "fr" English "French.";
    FrLu = "fr-LU" English "French as in Luxembourg.";
    Hu = "hu" English "Hungarian.";
    It = "it" English "Italian.";
    Nb = "nb" English "Norwegian Bokmål.";
    Nl = "nl" English "Dutch.";
    Pl = "pl" English "Polish.";
    Ro = "ro" English "Romanian.";
    Ru = "ru" English "Russian.";
    Sl = "sl" English "Slovenian.";
    Sv = "sv" English "Swedish.";
    Tr = "tr" English "Turkish.";
}

/// The languages that texts exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Texts {
    /// English, which also stands in for languages without texts of their own.
    English,
    /// German, for all its variants.
    German,
}

impl Language {
    /// The language with exactly this tag, whatever its case.
    pub fn from_tag(tag: &str) -> Option<Language> {
        Language::ALL.iter().copied().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }

    /// The language for a tag: itself or, for a variant that is not told apart, what is left after its last parts are cut off.
    fn nearest(tag: &str) -> Option<Language> {
        let mut rest = tag;
        loop {
            if let Some(language) = Language::from_tag(rest) {
                return Some(language);
            }
            rest = rest.rsplit_once('-')?.0;
        }
    }
}

/// The language to answer in (LANG-2, LANG-3).
///
/// Of the ranges in the header the one of highest quality counts, and among equals the first, provided that it is supported;
/// `*` stands for English. When none is supported the answer is English. The default, the language of the studio, is for
/// requests without the header, and for a header that names no language at all.
pub fn negotiate(accept_language: Option<&str>, default: Language) -> Language {
    let mut ranges = accept_language.unwrap_or_default().split(',').filter_map(range).peekable();
    if ranges.peek().is_none() {
        return default;
    }
    let mut best: Option<(u16, Language)> = None;
    for (tag, quality) in ranges {
        let language = if tag == "*" { Some(Language::En) } else { Language::nearest(tag) };
        let Some(language) = language.filter(|_| quality > 0) else { continue };
        if best.is_none_or(|(highest, _)| quality > highest) {
            best = Some((quality, language));
        }
    }
    best.map_or(Language::En, |(_, language)| language)
}

/// A range of the header with its quality in thousandths; nothing where it is not written as RFC 9110 asks.
fn range(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next()?;
    let well_formed = tag == "*"
        || (tag.starts_with(|c: char| c.is_ascii_alphabetic())
            && tag
                .split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())));
    if !well_formed {
        return None;
    }
    let mut thousandths = 1000;
    for parameter in parts {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("q")
        {
            thousandths = quality(value.trim())?;
        }
    }
    Some((tag, thousandths))
}

/// A quality such as `0.8` in thousandths.
fn quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match (whole, fraction) {
        ("0", fraction) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lang_2_and_3_choose_by_quality_then_by_order() {
        let table = [
            (None, "fr"),
            (Some(""), "fr"),
            (Some("  , ,"), "fr"),
            (Some("de"), "de"),
            (Some("DE-ch"), "de-CH"),
            (Some("de-LU"), "de"),
            (Some("de-Latn-CH-1996"), "de"),
            (Some("de-CH-1996"), "de-CH"),
            (Some("ja"), "en"),
            (Some("ja, pl;q=0.3"), "pl"),
            (Some("*"), "en"),
            (Some("ja;q=1.0, *;q=0.1"), "en"),
            (Some("it;q=0.5,nl;q=0.8,sv;q=0.8"), "nl"),
            (Some("it;q=0.555 , nl ; q = 0.556"), "nl"),
            (Some("de;q=0, tr;q=0.001"), "tr"),
            (Some("de;q=0"), "en"),
            (Some("en-AU"), "en"),
            (Some("en-GB,en-US"), "en-GB"),
            (Some("fr-LU"), "fr-LU"),
            (Some("nb-NO, en;q=0.9"), "nb"),
        ];
        for (header, expected) in table {
            assert_eq!(negotiate(header, Language::Fr).tag(), expected, "{header:?}");
        }
    }

    #[test]
    fn malformed_ranges_are_passed_over() {
        let table = [
            (";;;", "fr"),
            ("q=1", "fr"),
            ("de_DE", "fr"),
            ("de-", "fr"),
            ("-", "fr"),
            ("öäü", "fr"),
            ("日本語", "fr"),
            ("de;q=2", "fr"),
            ("de;q=1.001", "fr"),
            ("de;q=0.1234", "fr"),
            ("de;q=-1", "fr"),
            ("de;q=.", "fr"),
            ("de;q=", "fr"),
            ("de;q=+1", "fr"),
            ("de;q=0.+1, it", "it"),
            ("de;;q=0.5;level=1", "de"),
            ("*;q=", "fr"),
            ("abcdefghijklmnop", "fr"),
            ("\u{0}\u{1},de", "de"),
        ];
        for (header, expected) in table {
            assert_eq!(negotiate(Some(header), Language::Fr).tag(), expected, "{header:?}");
        }
        let long = "de,".repeat(10_000);
        assert_eq!(negotiate(Some(&long), Language::En), Language::De);
    }

    #[test]
    fn only_german_has_texts_of_its_own() {
        assert_eq!(Language::ALL.len(), 21);
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(*language));
            assert_eq!(language.texts() == Texts::German, language.tag().starts_with("de"));
        }
    }
}
