//! The only place that asks for randomness.

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};

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

/// A fresh trace id: a positive number of 63 bits. To ask the operating system for each of them would take as long as reading a
/// row, so they are the numbers of SplitMix64 from a random one on: they tell requests apart, and are no
/// secrets.
pub fn trace_id() -> u64 {
    static STATE: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(u64::from_le_bytes(bytes())));
    let mut mixed = STATE.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) >> 1
}
