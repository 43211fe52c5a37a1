//! Small predicates for serde attributes, so that the stored form of a definition holds only what was said.

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

pub(crate) const fn yes() -> bool {
    true
}

// serde hands a reference to every predicate.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub(crate) const fn is_yes(value: &bool) -> bool {
    *value
}

pub(crate) const fn one() -> u32 {
    1
}

// serde hands a reference to every predicate.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub(crate) const fn is_one(value: &u32) -> bool {
    *value == 1
}
