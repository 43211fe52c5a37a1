//! Answers of the group Employees: the people who work in the studio.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::{Gender, LocalDate};

/// Somebody who works in the studio.
// EMP-2
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Employee<'a> {
    /// The id of the employee.
    pub id: i64,
    /// The first name.
    pub first_name: &'a str,
    /// The family name.
    pub last_name: &'a str,
    /// Where an image can be fetched. The link does not expire.
    // URL-3
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_image_url: Option<Cow<'a, str>>,
    /// The gender.
    pub gender: Gender,
    /// The day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<LocalDate>,
    /// The number of the employee, as people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<&'a str>,
    /// The initials.
    pub employee_initials: Cow<'a, str>,
    /// The name that members see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_name: Option<&'a str>,
    /// What the employee does in the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_role: Option<BusinessRole>,
    /// What the employee is called outside the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_role: Option<&'a str>,
    /// The first telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone1: Option<&'a str>,
    /// The second telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone2: Option<&'a str>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// The street of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<&'a str>,
    /// The number of the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_number: Option<&'a str>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<&'a str>,
    /// The town or city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<&'a str>,
    /// The country of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<&'a str>,
    /// What the employee is able to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_competences: Option<Vec<Cow<'a, str>>>,
}

/// What an employee does in the studio. It gives no rights.
// EMP-2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum BusinessRole {
    /// Owns the studio.
    StudioOwner,
    /// Runs the studio.
    StudioManager,
    /// Trains members.
    Trainer,
    /// Serves members.
    ServiceEmployee,
    /// Keeps the books or the office.
    AdministrationOrFinance,
    /// Advertises the studio.
    Marketing,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn emp_2_an_employee_has_a_name_a_gender_and_initials() {
        let mut employee = Employee {
            id: 1,
            first_name: "Peter",
            last_name: "Panik",
            employee_image_url: None,
            gender: Gender::Unisex,
            date_of_birth: None,
            employee_number: None,
            employee_initials: "P.P.".into(),
            public_name: None,
            business_role: None,
            external_role: None,
            phone1: None,
            phone2: None,
            email: None,
            street: None,
            house_number: None,
            zip_code: None,
            city: None,
            country: None,
            employee_competences: None,
        };
        let mut expected = json!({
            "id": 1,
            "firstName": "Peter",
            "lastName": "Panik",
            "gender": "UNISEX",
            "employeeInitials": "P.P."
        });
        assert_eq!(serde_json::to_value(&employee).unwrap(), expected);
        employee.phone1 = Some("040 1");
        employee.business_role = Some(BusinessRole::AdministrationOrFinance);
        employee.employee_competences = Some(vec!["Yoga".into()]);
        expected["phone1"] = json!("040 1");
        expected["businessRole"] = json!("ADMINISTRATION_OR_FINANCE");
        expected["employeeCompetences"] = json!(["Yoga"]);
        assert_eq!(serde_json::to_value(&employee).unwrap(), expected);
    }
}
