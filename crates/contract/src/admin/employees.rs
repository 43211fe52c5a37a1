//! Employees of a studio, as the back office looks after them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    common::{LocalDate, LocalTime, UtcDateTime, Weekday},
    employees::{BusinessRole, EmployeeGender},
};

super::resource! {
    "Employees": "The people who work in a studio." {
        LIST_EMPLOYEES = "listEmployees" Get "/studios/{studioId}/employees" EmployeesRead: "List the employees of a studio";
        GET_EMPLOYEE = "getEmployee" Get "/studios/{studioId}/employees/{employeeId}" EmployeesRead: "Read one employee";
        CREATE_EMPLOYEE = "createEmployee" Post "/studios/{studioId}/employees" EmployeesWrite: "Take an employee on";
        UPDATE_EMPLOYEE = "updateEmployee" Put "/studios/{studioId}/employees/{employeeId}" EmployeesWrite: "Replace what is said about an employee";
        ARCHIVE_EMPLOYEE = "archiveEmployee" Post "/studios/{studioId}/employees/{employeeId}/archive" EmployeesWrite: "Archive an employee";
        RESTORE_EMPLOYEE = "restoreEmployee" Post "/studios/{studioId}/employees/{employeeId}/restore" EmployeesWrite: "Take an employee out of the archive";
        SET_EMPLOYEE_IMAGE = "setEmployeeImage" Put "/studios/{studioId}/employees/{employeeId}/image" EmployeesWrite: "Set the picture of an employee";
        REMOVE_EMPLOYEE_IMAGE = "removeEmployeeImage" Delete "/studios/{studioId}/employees/{employeeId}/image" EmployeesWrite: "Take the picture of an employee away";
    }
}

/// What is said about an employee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmployeeProfile {
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The gender; `UNISEX` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<EmployeeGender>,
    /// The day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<LocalDate>,
    /// The number in the studio's own lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// Initials, where they are not to be those of the names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initials: Option<String>,
    /// The name that members see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_name: Option<String>,
    /// What the employee does in the business. It gives no rights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_role: Option<BusinessRole>,
    /// What members are told that the employee does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_role: Option<String>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone1: Option<String>,
    /// Another telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone2: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The street.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The number of the house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
    /// The postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
    /// The town or city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// What the employee is trained to do, each named once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competences: Option<Vec<String>>,
    /// When the employee works, week by week, which is when appointments can be booked. Left out: whenever the studio is open. An empty
    /// list: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_hours: Option<Vec<WorkingHours>>,
    /// Whether the employee works there now, which is when members and programs are told of them; `true` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// A time of the week, by the studio's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkingHours {
    /// The day on which it begins.
    pub day_of_week: Weekday,
    /// When it begins, to the minute.
    pub time_from: LocalTime,
    /// When it ends. An end at or before the beginning is one of the next day; `00:00:00` is midnight.
    pub time_to: LocalTime,
}

/// An employee as the back office sees one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmployeeRecord {
    /// The id of the employee.
    pub id: i64,
    /// Grows with each change. A change names the version that it is made to.
    pub version: i64,
    /// The key in the gym file, for those who come from one; a change holds until the file is applied again. Classes and appointments name the
    /// others by `@` and the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Since when the employee is archived. Left out for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<UtcDateTime>,
    /// Where the picture can be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// The initials that are shown.
    pub shown_initials: String,
    /// What is said about the employee.
    pub profile: EmployeeProfile,
}

/// A change of what is said about an employee, as a whole.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmployeeUpdate {
    /// The version that the change is made to. If somebody else was faster, it is refused.
    pub version: i64,
    /// What is said from now on.
    pub profile: EmployeeProfile,
}
