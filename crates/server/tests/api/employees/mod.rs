//! The group Employees.

mod get_employee;
mod get_employees;
mod gym_file;

/// A gym whose first studio has the given employees.
fn gym_with(employees: &str) -> String {
    crate::support::small_with_employees()
        .replace("      - { key: ada, first_name: Ada, last_name: Berg, business_role: TRAINER }\n", employees)
}

/// An employee of whom everything is said.
const EVERYTHING: &str = r#"      - key: peter
        first_name: Peter
        last_name: Parker
        gender: MALE
        date_of_birth: 1990-01-31
        employee_number: 12a
        initials: PeP
        public_name: Pete
        business_role: ADMINISTRATION_OR_FINANCE
        external_role: Bookkeeper
        phone1: "+49 1"
        phone2: "+49 2"
        email: peter@acme.example
        street: Ring
        house_number: 7b
        zip_code: "10115"
        city: Berlin
        country: DE
        competences: [Yoga, First aid]
        image: images/peter.png
"#;
