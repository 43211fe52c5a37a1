//! The rights that operations of the back office ask for.

use schemars::JsonSchema;
use serde::Serialize;

/// Something that a member of staff may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Right {
    /// See customers, their contracts, documents and history.
    CustomersRead,
    /// Change customers' data, images and access media.
    CustomersWrite,
    /// Archive customers.
    CustomersArchive,
    /// Accept and reject what members ask for.
    AmendmentsDecide,
    /// Record what customers allow third parties.
    ConsentsWrite,
    /// Keep customers out, and let them in again.
    RestrictionsWrite,
    /// See who is inside, and past visits.
    CheckinsRead,
    /// Let customers in and out.
    CheckinsWrite,
    /// Let customers in against the rules.
    CheckinOverride,
    /// Define additional information fields.
    FieldsWrite,
    /// Set up how leads are taken.
    LeadConfigWrite,
    /// See employees.
    EmployeesRead,
    /// Change employees.
    EmployeesWrite,
    /// Write to customers, and set what they are sent.
    CommunicationWrite,
    /// See who has booked what.
    BookingsRead,
    /// Book for customers, give their places back, and note who came.
    BookingsWrite,
    /// Say when classes are held, by whom and where, and call them off.
    ScheduleWrite,
    /// Make and change accounts of staff.
    StaffManage,
    /// See how the studio is set up.
    SettingsRead,
}

impl Right {
    /// The name on the wire.
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => format!("{self:?}"),
        }
    }
}
