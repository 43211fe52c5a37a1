//! Answers of the group Member lists, which came after 1.13.2: lists of members that staff keeps.

use schemars::JsonSchema;
use serde::Serialize;

use crate::common::ZonedDateTime;

/// A list of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberList<'a> {
    /// The id of the list.
    pub list_id: i64,
    /// The name of the list.
    pub name: &'a str,
    /// When the list was last changed.
    pub modified_date_time: ZonedDateTime,
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_tells_when_it_was_changed() {
        let changed = ZonedDateTime::new("2026-01-05T07:00:00Z".parse().unwrap(), &TimeZone::UTC);
        let list = MemberList { list_id: 1, name: "Swimmers", modified_date_time: changed };
        let expected = json!({"listId": 1, "name": "Swimmers", "modifiedDateTime": "2026-01-05T07:00:00.000+00:00"});
        assert_eq!(serde_json::to_value(list).unwrap(), expected);
    }
}
