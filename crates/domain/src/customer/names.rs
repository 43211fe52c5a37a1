//! Finding people by the beginning of their name, however it is spelled (CUST-7, decision 13).
//!
//! `Mueller`, `Muller` and `müller` all find `Müller`. Two foldings do this, both without case, accents, spaces, hyphens and
//! apostrophes: the *plain* one takes `ä` for `a`, the *expanded* one for `ae`. A query matches when it is the beginning of the
//! name in one of the two; each is applied to both sides, so `Jol` does not find `Joel`.
//!
//! An index can hold only one key for a name. [`index_key`] is looser than both foldings: where they differ it keeps what they
//! share. [`prefix_range`] finds too many names rather than too few, and [`Query::matches`] picks the right ones afterwards.
//!
//! All foldings go through a name once from left to right and never look ahead. That is why the beginning of a name always folds
//! to the beginning of the folded name.

use unicode_normalization::char::decompose_compatible;

/// The longest key of an index, in bytes. Longer names share the key of their beginning.
pub const MAX_KEY_BYTES: usize = 64;

/// What becomes of a letter that can be written as two.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Folding {
    /// `ä` is `a`.
    Plain,
    /// `ä` is `ae`, `å` is `aa`.
    Expanded,
}

/// The key under which a name is found in an index, at most [`MAX_KEY_BYTES`] long; keys are compared byte by byte.
#[must_use]
pub fn index_key(name: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len().min(MAX_KEY_BYTES));
    let mut last = ' ';
    fold(name, Folding::Expanded, |letter| {
        // Whatever the second letter of an expansion could be is left out: `ae`, `aa` and `a` are one.
        let is_second = matches!((last, letter), ('a' | 'o' | 'u', 'e') | ('a', 'a'));
        if !is_second {
            last = letter;
            key.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        key.len() < MAX_KEY_BYTES
    });
    key.truncate(MAX_KEY_BYTES);
    key
}

/// The keys of all names that may begin like `text`: from the first value on, and before the second. A text without letters
/// and digits has no upper bound, because every name begins with nothing.
#[must_use]
pub fn prefix_range(text: &str) -> (Vec<u8>, Option<Vec<u8>>) {
    let lower = index_key(text);
    let mut upper = lower.clone();
    // No byte of UTF-8 is 255, so the last one can be raised; the loop is for keys that were cut within a letter, too.
    while let Some(last) = upper.pop() {
        if let Some(next) = last.checked_add(1) {
            upper.push(next);
            return (lower, Some(upper));
        }
    }
    (lower, None)
}

/// A search for names that begin with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    plain: String,
    expanded: String,
}

impl Query {
    /// A search for this beginning.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let folded = |folding| {
            let mut folded = String::with_capacity(text.len());
            fold(text, folding, |letter| {
                folded.push(letter);
                true
            });
            folded
        };
        Self { plain: folded(Folding::Plain), expanded: folded(Folding::Expanded) }
    }

    /// Whether nothing is looked for: the text had neither letters nor digits. Such a query matches every name.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// Whether the name begins with the text.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        // CUST-7
        if starts_with(name, Folding::Plain, &self.plain) {
            return true;
        }
        // Without special letters on either side both foldings say the same.
        let differ = self.plain != self.expanded || !name.is_ascii();
        differ && starts_with(name, Folding::Expanded, &self.expanded)
    }
}

fn starts_with(name: &str, folding: Folding, folded_beginning: &str) -> bool {
    let mut wanted = folded_beginning.chars().peekable();
    fold(name, folding, |letter| {
        let same = wanted.peek() == Some(&letter);
        if same {
            wanted.next();
        }
        same
    });
    wanted.peek().is_none()
}

/// Hands over the letters of the folded text until `take` answers that it wants no more.
fn fold(text: &str, folding: Folding, mut take: impl FnMut(char) -> bool) {
    let mut wants_more = true;
    let mut last = ' ';
    for letter in text.chars() {
        if !wants_more {
            return;
        }
        if letter.is_ascii() {
            if letter.is_ascii_alphanumeric() {
                last = letter.to_ascii_lowercase();
                wants_more = take(last);
            } else if !is_ignored(letter) {
                last = letter;
                wants_more = take(letter);
            }
            continue;
        }
        // Decomposed, `ä` is `a` and a mark, as it comes from some keyboards and file systems anyway.
        for small in letter.to_lowercase() {
            decompose_compatible(small, |part| {
                for out in fold_part(part, folding, &mut last) {
                    if wants_more && let Some(out) = out {
                        wants_more = take(out);
                    }
                }
            });
        }
    }
}

/// What a decomposed letter or mark becomes after the letter before it: none, one or two letters.
fn fold_part(part: char, folding: Folding, last: &mut char) -> [Option<char>; 2] {
    let expands = folding == Folding::Expanded;
    // Marks come after their letter. Only a letter's first mark expands it.
    if is_mark(part) {
        let second = match (part, *last) {
            ('\u{308}', 'a' | 'o' | 'u') => 'e',
            ('\u{30a}', 'a') => 'a',
            _ => return [None, None],
        };
        *last = ' ';
        return [expands.then_some(second), None];
    }
    let (first, second) = match part {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', expands.then_some('e')),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ŧ' => ('t', None),
        'ŋ' => ('n', None),
        'ı' => ('i', None),
        'ς' => ('σ', None),
        other if is_ignored(other) => return [None, None],
        other => (other.to_ascii_lowercase(), None),
    };
    *last = second.unwrap_or(first);
    // A letter that is two by itself is not expanded by a mark: `ǽ` is `ae`.
    [Some(first), second]
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// Spaces, hyphens, apostrophes and other punctuation.
fn is_ignored(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || letter.is_ascii_punctuation()
        || matches!(letter, '\u{ad}' | '\u{b4}' | '\u{b7}' | '\u{2b0}'..='\u{2ff}' | '\u{2000}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::dice::Dice;

    #[test]
    fn cust_7_names_are_found_however_they_are_spelled() {
        for (name, queries) in [
            (
                "Müller",
                &["Müller", "müller", "MÜLLER", "Mueller", "MUELLER", "Muller", "Mü", "Mue", "Mu\u{308}l", "m"][..],
            ),
            ("Mu\u{308}ller", &["Müller", "Mueller", "Muller"]),
            ("Mueller", &["Müller", "Mueller", "Mu", "Mü"]),
            ("Muller", &["Müller", "Muller"]),
            ("Søren", &["Soren", "Sören", "Soeren", "SØREN"]),
            ("Łódź", &["Lodz", "łódź", "ŁÓDŹ", "Lo"]),
            ("Åse", &["Aase", "Ase", "åse", "A\u{30a}se", "Aa", "\u{212b}se"]),
            ("Strasse", &["straße", "STRASSE", "STRAẞE", "Stras"]),
            ("Straße", &["strasse", "Straße", "Stras"]),
            ("Işık", &["Isik", "ışık", "IŞIK", "İŞİK", "İ", "ı", "I"]),
            ("İsmail", &["ismail", "ISMAIL", "İsmail", "ısmail"]),
            ("Kjær", &["kjaer", "KJÆR"]),
            ("Cœur", &["coeur", "CŒUR"]),
            ("Zoë", &["zoe", "Zoë", "ZOË"]),
            ("François", &["francois", "FRANÇOIS", "Franç"]),
            ("Þórður", &["thordur", "Þórður"]),
            ("O'Brien", &["OBrien", "o’brien", "O Brien", "O'"]),
            ("Schmidt-Lüdenscheid", &["schmidtlued", "Schmidt Lud", "SCHMIDT–LÜD"]),
            ("van der Berg", &["vanderberg", "Van Der B"]),
            ("Юрий", &["юрий", "ЮРИЙ", "Юри"]),
            ("Σωκράτης", &["ΣΩΚΡΑΤΗΣ", "σωκρατης"]),
            ("王小明", &["王小"]),
            ("Ａnna", &["Anna"]),
        ] {
            for query in queries {
                assert!(Query::new(query).matches(name), "{query} finds {name}");
                assert!(lies_in(&index_key(name), &prefix_range(query)), "{query} is indexed with {name}");
            }
        }
    }

    #[test]
    fn cust_7_other_names_are_not_found() {
        for (name, query) in [
            ("Joel", "Jol"),
            ("Jol", "Joel"),
            ("Baer", "Bar"),
            ("Müller", "Mueler"),
            ("Müller", "Miller"),
            ("Müller", "Müllers"),
            ("Kaab", "Kab"),
            ("Goethe", "Gothe"),
            ("Anna", "nna"),
            ("Lodz", "Lodzka"),
            ("Юрий", "Yuri"),
            ("", "a"),
        ] {
            assert!(!Query::new(query).matches(name), "{query} does not find {name}");
        }
    }

    #[test]
    fn cust_7_spellings_share_a_key() {
        for spellings in [
            &["Müller", "Mueller", "Muller", "mu\u{308}ller"][..],
            &["Åse", "Aase", "Ase"],
            &["Saä", "Saae", "Saa", "Sä"],
            &["Jörg", "Joerg", "Jorg"],
        ] {
            for spelling in spellings {
                assert_eq!(index_key(spelling), index_key(spellings[0]), "{spelling}");
            }
        }
        assert_ne!(index_key("Miller"), index_key("Müller"));
    }

    #[test]
    fn a_text_without_letters_finds_everybody() {
        for text in ["", " ", "-", "'"] {
            assert!(Query::new(text).is_empty(), "{text:?}");
            assert!(Query::new(text).matches("Anna"));
            assert_eq!(prefix_range(text), (Vec::new(), None));
        }
        assert!(!Query::new("7").is_empty());
    }

    #[test]
    fn long_names_have_short_keys() {
        let long = "Ł日é".repeat(100);
        assert_eq!(index_key(&long).len(), MAX_KEY_BYTES);
        assert!(lies_in(&index_key(&long), &prefix_range(&long)));
    }

    fn lies_in(key: &[u8], (lower, upper): &(Vec<u8>, Option<Vec<u8>>)) -> bool {
        key >= lower.as_slice() && upper.as_ref().is_none_or(|upper| key < upper.as_slice())
    }

    /// Letters that fold in some interesting way, next to ones that do not.
    const LETTERS: &[&str] = &[
        "a", "e", "o", "u", "s", "i", "I", "A", "l", "ä", "Ä", "ö", "Ö", "ü", "Ü", "å", "Å", "ø", "Ø", "æ", "ǽ", "œ",
        "ß", "ẞ", "ı", "İ", "ş", "ł", "đ", "þ", "é", "ë", "ï", "ñ", "ǖ", "ǟ", "ớ", "\u{308}", "\u{30a}", "\u{301}",
        "-", "'", "’", " ", "¨", "´", "ﬁ", "ĳ", "ſ", "Σ", "ς", "й", "語", "한", "ﷺ", "😀",
    ];

    fn name(dice: &mut Dice, longest: usize) -> Vec<&'static str> {
        (0..dice.below(longest + 1)).map(|_| dice.pick(LETTERS)).collect()
    }

    #[test]
    fn cust_7_every_beginning_of_a_name_finds_it() {
        let mut dice = Dice::new(7);
        for _ in 0..5_000 {
            let name = name(&mut dice, 40).concat();
            let key = index_key(&name);
            for (end, _) in name.char_indices().chain([(name.len(), ' ')]) {
                let beginning = &name[..end];
                assert!(Query::new(beginning).matches(&name), "{beginning:?} finds {name:?}");
                assert!(lies_in(&key, &prefix_range(beginning)), "{beginning:?} is indexed with {name:?}");
            }
        }
    }

    #[test]
    fn cust_7_whoever_matches_lies_in_the_range() {
        let mut dice = Dice::new(77);
        let mut matched = 0;
        for _ in 0..300_000 {
            // Short texts of few letters, so that many pairs match without being alike.
            let (name, query) = (name(&mut dice, 5).concat(), name(&mut dice, 3).concat());
            if Query::new(&query).matches(&name) {
                matched += 1;
                assert!(lies_in(&index_key(&name), &prefix_range(&query)), "{query:?} finds {name:?}");
            }
        }
        assert!(matched > 10_000, "{matched}");
    }

    #[test]
    fn cust_7_composed_and_decomposed_letters_are_the_same() {
        use unicode_normalization::UnicodeNormalization as _;
        let mut dice = Dice::new(777);
        for _ in 0..20_000 {
            let name = name(&mut dice, 12).concat();
            let (composed, decomposed) = (name.nfc().collect::<String>(), name.nfd().collect::<String>());
            assert_eq!(Query::new(&composed), Query::new(&decomposed), "{name:?}");
            assert_eq!(index_key(&composed), index_key(&decomposed), "{name:?}");
        }
    }
}
