//! Answers of the group Employees: the people who work in the studio.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::LocalDate;

/// Somebody who works in the studio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Employee<'a> {
    /// The id of the employee.
    pub id: i64,
    /// The first name.
    pub first_name: &'a str,
    /// The last name.
    pub last_name: &'a str,
    /// Where a picture can be fetched. The link does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_image_url: Option<Cow<'a, str>>,
    /// The gender.
    pub gender: EmployeeGender,
    /// The day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<LocalDate>,
    /// The number in the studio's own lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<&'a str>,
    /// The initials, made from the names where the studio did not choose others.
    pub employee_initials: Cow<'a, str>,
    /// The name that members see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_name: Option<&'a str>,
    /// What the employee does in the business. It says nothing about rights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_role: Option<BusinessRole>,
    /// What members are told that the employee does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_role: Option<&'a str>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone1: Option<&'a str>,
    /// Another telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone2: Option<&'a str>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// The street.
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
    /// The country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<&'a str>,
    /// What the employee is trained to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_competences: Option<&'a [String]>,
}

/// The gender of an employee.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum EmployeeGender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Neither, or not said.
    #[default]
    Unisex,
}

/// What an employee does in the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum BusinessRole {
    /// Owns the studio.
    StudioOwner,
    /// Runs the studio.
    StudioManager,
    /// Trains members.
    Trainer,
    /// Works at the desk, the bar or on the floor.
    ServiceEmployee,
    /// Keeps the papers and the books.
    AdministrationOrFinance,
    /// Brings in new members.
    Marketing,
}
