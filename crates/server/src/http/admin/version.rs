//! Versions of what has no number of its own that grows with each change: a fingerprint of how it is.

use sha2::{Digest as _, Sha256};

/// The version of something that is made of these texts; another one when one of them is another.
pub(super) fn version_of(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        // With its length in front, so that no two lists run together to the same.
        hash.update(text.len().to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_another_one_as_soon_as_anything_is_another() {
        assert_eq!(version_of(&["a", "b"]), version_of(&["a", "b"]));
        assert_ne!(version_of(&["a", "b"]), version_of(&["ab", ""]));
        assert_ne!(version_of(&["a"]), version_of(&["a", ""]));
        assert_eq!(version_of(&[]).len(), 16);
    }
}
