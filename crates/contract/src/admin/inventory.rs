//! What the back office sees and sends of anything that the gym file can define, too. What an entry says has the form that it has there,
//! so the types of these parts are not the contract's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An entry as the back office sees one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "{D}Entry")]
pub struct EntryRecord<D> {
    /// The id of the entry.
    pub id: i64,
    /// Another one after each change. A change names the version that it is made to.
    pub version: String,
    /// What other entries name it by. It is the one of the gym file, or `@` and the id for what was made here. A change to what comes from a
    /// file holds until the file is applied again.
    pub key: String,
    /// The key of the class, for a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Whether it is out of use.
    pub retired: bool,
    /// What it is, as the gym file would say it.
    pub definition: D,
}

/// A change of an entry, as a whole.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "{D}EntryUpdate")]
pub struct EntryUpdate<D> {
    /// The version that the change is made to. If somebody else was faster, it is refused.
    pub version: String,
    /// What it is from now on, as the gym file would say it.
    pub definition: D,
}
