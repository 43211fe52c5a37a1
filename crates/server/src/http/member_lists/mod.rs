//! The group Member lists, which came after 1.13.2: the lists of members that a studio keeps (LIST-1).

mod get_member_lists;

use gymkeeper_contract::operations;

use super::frame::{Mounted, read};

/// The operations of the group.
pub fn operations() -> Vec<Mounted> {
    vec![read(&operations::GET_MEMBER_LISTS, get_member_lists::get_member_lists)]
}
