//! Statements: one text for both databases, registered so that a test can prepare each of them on both.

/// One SQL statement. Made only by [`statements!`](crate::statements!).
#[derive(Debug)]
pub struct Sql {
    /// `module::NAME`, for errors.
    pub name: &'static str,
    /// The text as PostgreSQL wants it: its tables have no `rowid`, an `id` leads there as well.
    pub text: &'static str,
    /// The same text as SQLite wants it: `?1` is a number there, `$1` would be a name.
    pub lite: &'static str,
}

impl Sql {
    #[doc(hidden)]
    pub const fn new(name: &'static str, text: &'static str, lite: &'static str) -> Self {
        Self { name, text, lite }
    }

    pub(crate) fn key(&'static self) -> usize {
        std::ptr::from_ref(self) as usize
    }
}

/// The text of what was rewritten; what is no text fails to compile.
#[doc(hidden)]
pub const fn text_of(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a statement that is no text"),
    }
}

/// Rewrites `$n` to `?n` outside quotes while compiling; the length stays the same.
#[doc(hidden)]
pub const fn lite_bytes<const N: usize>(text: &str) -> [u8; N] {
    let bytes = text.as_bytes();
    let mut out = [0u8; N];
    let mut quoted = false;
    let mut i = 0;
    while i < N {
        let byte = bytes[i];
        if byte == b'\'' {
            quoted = !quoted;
        }
        out[i] = if byte == b'$' && !quoted && i + 1 < N && bytes[i + 1].is_ascii_digit() { b'?' } else { byte };
        i += 1;
    }
    out
}

/// Rewrites the word `rowid` to `id` outside quotes while compiling, and fills up with blanks.
#[doc(hidden)]
pub const fn pg_bytes<const N: usize>(text: &str) -> [u8; N] {
    const WORD: &[u8] = b"rowid";
    let bytes = text.as_bytes();
    let mut out = [0u8; N];
    let mut quoted = false;
    let mut i = 0;
    while i < N {
        if bytes[i] == b'\'' {
            quoted = !quoted;
        }
        let mut same = 0;
        while same < WORD.len() && i + same < N && bytes[i + same] == WORD[same] {
            same += 1;
        }
        let ends = i + same >= N || !is_of_word(bytes[i + same]);
        let is_word = same == WORD.len() && ends && (i == 0 || !is_of_word(bytes[i - 1]));
        out[i] = bytes[i];
        if is_word && !quoted {
            let mut n = 0;
            while n < WORD.len() {
                out[i + n] = match n {
                    0 => b'i',
                    1 => b'd',
                    _ => b' ',
                };
                n += 1;
            }
            i += WORD.len() - 1;
        }
        i += 1;
    }
    out
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Declares statements and the module's list `STATEMENTS`.
///
/// A statement may read the `rowid` of a table with an `id` and look for it within the same transaction: SQLite, which is asked so,
/// need not look for the row in an index. On PostgreSQL it is the `id`.
///
/// ```text
/// statements! {
///     /// One open visit of a studio.
///     FIND = "select id from checkin where tenant_id = $1 and id = $2";
/// }
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $text:expr;)*) => {
        $(
            $(#[$meta])*
            static $name: $crate::db::Sql = {
                const TEXT: &str = $text;
                const LITE_BYTES: [u8; TEXT.len()] = $crate::db::lite_bytes::<{ TEXT.len() }>(TEXT);
                const LITE: &str = $crate::db::text_of(&LITE_BYTES);
                const PG_BYTES: [u8; TEXT.len()] = $crate::db::pg_bytes::<{ TEXT.len() }>(TEXT);
                const PG: &str = $crate::db::text_of(&PG_BYTES);
                $crate::db::Sql::new(concat!(module_path!(), "::", stringify!($name)), PG, LITE)
            };
        )*
        /// All statements of this module.
        #[allow(dead_code)]
        pub(crate) static STATEMENTS: &[&$crate::db::Sql] = &[$(&$name),*];
    };
}

#[cfg(test)]
mod tests {
    use super::{lite_bytes, pg_bytes};

    #[test]
    fn parameters_are_rewritten_outside_quotes_only() {
        const TEXT: &str = "select '$1', $2, price$ from t where a = $10";
        let bytes = lite_bytes::<{ TEXT.len() }>(TEXT);
        assert_eq!(std::str::from_utf8(&bytes).unwrap(), "select '$1', ?2, price$ from t where a = ?10");
    }

    #[test]
    fn places_of_rows_are_rewritten_outside_quotes_and_other_words_only() {
        const TEXT: &str = "rowid, t.rowid, 'rowid', browid, rowid_of, rowid2 = rowid";
        let bytes = pg_bytes::<{ TEXT.len() }>(TEXT);
        assert_eq!(std::str::from_utf8(&bytes).unwrap(), "id   , t.id   , 'rowid', browid, rowid_of, rowid2 = id   ");
    }
}
