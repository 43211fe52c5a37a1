//! The group Member lists.

mod get_member_lists;
