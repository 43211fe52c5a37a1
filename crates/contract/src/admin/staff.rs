//! Accounts of staff, as an owner looks after them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::UtcDateTime;

super::resource! {
    "Staff": "The accounts with which people use the back office." {
        LIST_STAFF = "listStaff" Get "/staff" StaffManage: "List the accounts of staff";
        GET_STAFF_MEMBER = "getStaffMember" Get "/staff/{staffId}" StaffManage: "Read one account";
        CREATE_STAFF_MEMBER = "createStaffMember" Post "/staff" StaffManage: "Make an account";
        CHANGE_STAFF_ROLES = "changeStaffRoles" Put "/staff/{staffId}/roles" StaffManage: "Replace the roles of an account";
        RESET_STAFF_PASSWORD = "resetStaffPassword" Put "/staff/{staffId}/password" StaffManage: "Set the password of an account";
        RESET_STAFF_TOTP = "resetStaffTotp" Delete "/staff/{staffId}/totp" StaffManage: "Turn an account's second factor off";
        DISABLE_STAFF_MEMBER = "disableStaffMember" Post "/staff/{staffId}/disable" StaffManage: "Close an account";
        ENABLE_STAFF_MEMBER = "enableStaffMember" Post "/staff/{staffId}/enable" StaffManage: "Open a closed account again";
    }
}

/// A role, which is a set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoleName {
    /// Everything, in every studio.
    Owner,
    /// Everything in a studio but accounts of staff.
    Manager,
    /// The work at the desk.
    Desk,
    /// What training takes.
    Trainer,
    /// Looking and nothing else.
    ReadOnly,
}

/// A role and where it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StaffRole {
    /// The role.
    pub role: RoleName,
    /// The studio. Left out for an owner, and only for an owner, whose role holds in all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub studio_id: Option<i64>,
}

/// An account.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaffMember {
    /// Its id, which the journal names as `staff:` and this number.
    pub id: i64,
    /// The e-mail address to sign in with.
    pub email: String,
    /// The name.
    pub name: String,
    /// The roles.
    pub roles: Vec<StaffRole>,
    /// Whether an authenticator app is needed to sign in.
    pub totp: bool,
    /// When the account was made.
    pub created_at: UtcDateTime,
    /// Since when it is closed. Left out for an open one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<UtcDateTime>,
}

/// An account to be made.
// Without Debug: what is secret must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewStaffMember {
    /// The e-mail address, which no other account of the tenant has.
    pub email: String,
    /// The name.
    pub name: String,
    /// The first password, of 12 to 128 characters.
    pub password: String,
    /// The roles: one of an owner, or one for each studio.
    pub roles: Vec<StaffRole>,
}

/// A password that an owner sets.
// Without Debug: what is secret must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPassword {
    /// The password, of 12 to 128 characters.
    pub password: String,
}
