//! Employees from the domain's words to the wire's.

use std::borrow::Cow;

use gymkeeper_contract::{
    common::LocalDate,
    employees::{BusinessRole, Employee, EmployeeGender},
};
use gymkeeper_domain::employee;
use gymkeeper_store::{employee::EmployeeRow, tenant::TenantId};
use jiff::Timestamp;

use crate::http::links::{Lifetime, Links};

/// An employee as clients see one. URL-3: the link to the picture does not expire.
pub(super) fn employee<'a>(
    links: &Links,
    tenant: TenantId,
    row: &EmployeeRow,
    employee: &'a employee::Employee,
    system_now: Timestamp,
) -> Employee<'a> {
    Employee {
        id: row.id,
        first_name: &employee.first_name,
        last_name: &employee.last_name,
        employee_image_url: row
            .image_file_id
            .map(|file| links.link(tenant, file, Lifetime::Lasting, system_now).into()),
        gender: gender(employee.gender),
        date_of_birth: employee.date_of_birth.map(LocalDate),
        employee_number: employee.employee_number.as_deref(),
        employee_initials: Cow::Owned(employee.shown_initials()),
        public_name: employee.public_name.as_deref(),
        business_role: employee.business_role.map(business_role),
        external_role: employee.external_role.as_deref(),
        phone1: employee.phone1.as_deref(),
        phone2: employee.phone2.as_deref(),
        email: employee.email.as_deref(),
        street: employee.street.as_deref(),
        house_number: employee.house_number.as_deref(),
        zip_code: employee.zip_code.as_deref(),
        city: employee.city.as_deref(),
        country: employee.country.as_deref(),
        employee_competences: Some(employee.competences.as_slice()),
    }
}

pub(in crate::http) fn gender(gender: employee::Gender) -> EmployeeGender {
    match gender {
        employee::Gender::Male => EmployeeGender::Male,
        employee::Gender::Female => EmployeeGender::Female,
        employee::Gender::Unisex => EmployeeGender::Unisex,
    }
}

pub(in crate::http) fn business_role(role: employee::BusinessRole) -> BusinessRole {
    match role {
        employee::BusinessRole::StudioOwner => BusinessRole::StudioOwner,
        employee::BusinessRole::StudioManager => BusinessRole::StudioManager,
        employee::BusinessRole::Trainer => BusinessRole::Trainer,
        employee::BusinessRole::ServiceEmployee => BusinessRole::ServiceEmployee,
        employee::BusinessRole::AdministrationOrFinance => BusinessRole::AdministrationOrFinance,
        employee::BusinessRole::Marketing => BusinessRole::Marketing,
    }
}
