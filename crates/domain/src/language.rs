//! Languages: the tags the API knows (LANG-1), and the two for which the crate has words of its own (LANG-3).

/// The language tags that can be asked for and configured.
pub const SUPPORTED_LANGUAGES: [&str; 21] = [
    "cs", "de", "en", "es", "fr", "hu", "it", "nb", "nl", "pl", "ro", "ru", "sl", "sv", "tr", "de-CH", "de-LI",
    "en-CA", "en-GB", "en-US", "fr-LU",
];

/// Whether a studio may be configured with this tag.
#[must_use]
pub fn is_supported(tag: &str) -> bool {
    SUPPORTED_LANGUAGES.contains(&tag)
}

/// A language in which displayed texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// English, also for every language without texts.
    English,
    /// German and its variants.
    German,
}

impl Wording {
    /// The language of texts for a tag such as `de-CH`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        let language = tag.split('-').next().unwrap_or_default();
        if language.eq_ignore_ascii_case("de") { Self::German } else { Self::English }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lang_1_and_3_tags() {
        assert!(is_supported("de-CH") && is_supported("en") && !is_supported("de-LU") && !is_supported("ja"));
        assert_eq!(Wording::of_tag("de-CH"), Wording::German);
        assert_eq!(Wording::of_tag("nl"), Wording::English);
    }
}
