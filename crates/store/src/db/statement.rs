//! Statements: one text for both databases, registered so that a test can prepare each of them on both.

/// One SQL statement. Made only by [`statements!`](crate::statements!).
#[derive(Debug)]
pub struct Sql {
    /// `module::NAME`, for errors.
    pub name: &'static str,
    /// The text as written, with `$1`-style parameters.
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

/// Declares statements and the module's list `STATEMENTS`.
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
                const BYTES: [u8; TEXT.len()] = $crate::db::lite_bytes::<{ TEXT.len() }>(TEXT);
                const LITE: &str = match core::str::from_utf8(&BYTES) {
                    Ok(text) => text,
                    Err(_) => TEXT,
                };
                $crate::db::Sql::new(concat!(module_path!(), "::", stringify!($name)), TEXT, LITE)
            };
        )*
        /// All statements of this module.
        #[allow(dead_code)]
        pub(crate) static STATEMENTS: &[&$crate::db::Sql] = &[$(&$name),*];
    };
}

#[cfg(test)]
mod tests {
    use super::lite_bytes;

    #[test]
    fn parameters_are_rewritten_outside_quotes_only() {
        const TEXT: &str = "select '$1', $2, price$ from t where a = $10";
        let bytes = lite_bytes::<{ TEXT.len() }>(TEXT);
        assert_eq!(std::str::from_utf8(&bytes).unwrap(), "select '$1', ?2, price$ from t where a = ?10");
    }
}
