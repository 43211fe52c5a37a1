//! The only place that asks for randomness.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// `N` random bytes from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give; going on would make keys that can be guessed.
#[allow(clippy::expect_used)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A secret of 256 bits as text that needs no escaping in a URL or a shell.
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// So many random small letters, to tell names apart.
pub fn letters<const N: usize>() -> String {
    bytes::<N>().iter().map(|byte| char::from(b'a' + byte % 26)).collect()
}

/// A fresh trace id: a positive number of 63 bits.
pub fn trace_id() -> u64 {
    u64::from_le_bytes(bytes::<8>()) >> 1
}
