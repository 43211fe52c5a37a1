//! Employees of a studio.
//!
//! Those that the gym file names have its key, those that the back office made have none; classes and appointments name them by `@`
//! and their id then, as [`crate::inventory::own_key`] writes it. Nobody is deleted: whoever leaves is archived, since classes and
//! contracts may refer to them.

use gymkeeper_domain::employee::Employee;
use jiff::{Timestamp, civil::Date};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// An employee as stored.
    pub struct EmployeeRow {
        /// The id that clients see.
        pub id: i64,
        /// The studio.
        pub studio_id: i64,
        /// The key in the gym file.
        pub key: Option<String>,
        /// Grows with each change.
        pub version: i64,
        /// Whether the employee works there now.
        pub active: bool,
        /// Since when the employee is gone.
        pub archived_at: Option<Timestamp>,
        /// The picture.
        pub image_file_id: Option<i64>,
        /// The first name.
        pub first_name: String,
        /// The last name.
        pub last_name: String,
        /// Name of the gender.
        pub gender: String,
        /// The day of birth.
        pub date_of_birth: Option<Date>,
        /// The number in the operator's own lists.
        pub employee_number: Option<String>,
        /// Initials, where they are not those of the names.
        pub initials: Option<String>,
        /// The name that members see.
        pub public_name: Option<String>,
        /// Name of the business role.
        pub business_role: Option<String>,
        /// What members are told that the employee does.
        pub external_role: Option<String>,
        /// A telephone number.
        pub phone1: Option<String>,
        /// Another one.
        pub phone2: Option<String>,
        /// The e-mail address.
        pub email: Option<String>,
        /// The street.
        pub street: Option<String>,
        /// The number in the street.
        pub house_number: Option<String>,
        /// The postal code.
        pub zip_code: Option<String>,
        /// The town.
        pub city: Option<String>,
        /// The country.
        pub country: Option<String>,
        /// JSON: the competences as a list of texts.
        pub competences: String,
        /// JSON: when the employee works, where that is said.
        pub working_hours: Option<String>,
    }
}

crate::record! {
    /// What classes and appointments name an employee by.
    pub struct Name {
        /// The id.
        pub id: i64,
        /// The name.
        pub key: String,
        /// Whether the employee is not archived.
        pub present: bool,
    }
}

crate::record! {
    /// An employee whom appointments can name.
    pub struct Worker {
        /// The id.
        pub id: i64,
        /// What appointments name them by.
        pub key: String,
        /// The first name.
        pub first_name: String,
        /// The last name.
        pub last_name: String,
        /// The name that members see.
        pub public_name: Option<String>,
        /// JSON: when the employee works, where that is said.
        pub working_hours: Option<String>,
    }
}

impl EmployeeRow {
    /// What is said about the employee.
    ///
    /// # Errors
    /// [`DbError::Unusable`] for a name or list that this program does not know.
    pub fn employee(&self) -> Result<Employee, DbError> {
        Ok(Employee {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            gender: named(&self.gender)?,
            date_of_birth: self.date_of_birth,
            employee_number: self.employee_number.clone(),
            initials: self.initials.clone(),
            public_name: self.public_name.clone(),
            business_role: self.business_role.as_deref().map(named).transpose()?,
            external_role: self.external_role.clone(),
            phone1: self.phone1.clone(),
            phone2: self.phone2.clone(),
            email: self.email.clone(),
            street: self.street.clone(),
            house_number: self.house_number.clone(),
            zip_code: self.zip_code.clone(),
            city: self.city.clone(),
            country: self.country.clone(),
            competences: serde_json::from_str(&self.competences).map_err(|error| unreadable(&error))?,
            working_hours: self
                .working_hours
                .as_deref()
                .map(serde_json::from_str)
                .transpose()
                .map_err(|error| unreadable(&error))?,
            active: self.active,
        })
    }
}

fn unreadable(error: &serde_json::Error) -> DbError {
    DbError::Unusable(format!("an employee cannot be read: {error}"))
}

/// The value that a stored name stands for.
fn named<T: DeserializeOwned>(name: &str) -> Result<T, DbError> {
    serde_json::from_value(name.into()).map_err(|error| unreadable(&error))
}

/// The name under which a value is stored.
fn name_of(value: &impl Serialize) -> Result<String, DbError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        other => Err(DbError::Unusable(format!("an employee cannot be stored: {other:?}"))),
    }
}

crate::statements! {
    FIND = "select id, studio_id, key, version, active, archived_at, image_file_id, first_name, last_name, gender,
            date_of_birth, employee_number, initials, public_name, business_role, external_role, phone1, phone2, email,
            street, house_number, zip_code, city, country, competences, working_hours
        from employee where tenant_id = $1 and id = $2";
    PRESENT = "select id, studio_id, key, version, active, archived_at, image_file_id, first_name, last_name, gender,
            date_of_birth, employee_number, initials, public_name, business_role, external_role, phone1, phone2, email,
            street, house_number, zip_code, city, country, competences, working_hours
        from employee where tenant_id = $1 and studio_id = $2 and id > $3 and active and archived_at is null
        order by id limit $4";
    ALL = "select id, studio_id, key, version, active, archived_at, image_file_id, first_name, last_name, gender,
            date_of_birth, employee_number, initials, public_name, business_role, external_role, phone1, phone2, email,
            street, house_number, zip_code, city, country, competences, working_hours
        from employee where tenant_id = $1 and studio_id = $2 and id > $3 and (archived_at is null or $4)
        order by id limit $5";
    OF_FILE = "select id, studio_id, key, version, active, archived_at, image_file_id, first_name, last_name, gender,
            date_of_birth, employee_number, initials, public_name, business_role, external_role, phone1, phone2, email,
            street, house_number, zip_code, city, country, competences, working_hours
        from employee where tenant_id = $1 and studio_id = $2 and key is not null order by id";
    WORKERS = "select id, coalesce(key, '@' || cast(id as TEXT)) as key, first_name, last_name, public_name, working_hours from employee
        where tenant_id = $1 and studio_id = $2 and active and archived_at is null order by id";
    NAMES = "select id, coalesce(key, '@' || cast(id as TEXT)) as key, archived_at is null as present from employee
        where tenant_id = $1 and studio_id = $2 order by id";
    INSERT = "insert into employee (tenant_id, id, studio_id, key, version, active, image_file_id, first_name, last_name, gender,
            date_of_birth, employee_number, initials, public_name, business_role, external_role, phone1, phone2, email,
            street, house_number, zip_code, city, country, competences, working_hours)
        values ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
            $25)";
    UPDATE = "update employee set version = version + 1, active = $4, first_name = $5, last_name = $6,
            gender = $7, date_of_birth = $8, employee_number = $9, initials = $10, public_name = $11, business_role = $12,
            external_role = $13, phone1 = $14, phone2 = $15, email = $16, street = $17, house_number = $18, zip_code = $19,
            city = $20, country = $21, competences = $22, working_hours = $23
        where tenant_id = $1 and id = $2 and version = $3";
    SET_IMAGE = "update employee set version = version + 1, image_file_id = $4
        where tenant_id = $1 and id = $2 and version = $3";
    SET_ARCHIVED = "update employee set version = version + 1, archived_at = $4
        where tenant_id = $1 and id = $2 and version = $3";
}

/// The employee of that id, whichever studio has them and whether they are there or not.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<EmployeeRow>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// At most so many active, unarchived employees of a studio with ids above `after`, ascending (EMP-1).
pub fn list_present(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<EmployeeRow>, DbError> {
    tx.query(&PRESENT, &[&tenant, &studio, &after, &limit])
}

/// At most so many employees of a studio with ids above `after`, ascending, active or not, and archived ones if asked for.
pub fn list(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    after: i64,
    archived: bool,
    limit: i64,
) -> Result<Vec<EmployeeRow>, DbError> {
    tx.query(&ALL, &[&tenant, &studio, &after, &archived, &limit])
}

/// The employees of a studio that came from a gym file, archived ones too.
pub fn of_gym_file(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<EmployeeRow>, DbError> {
    tx.query(&OF_FILE, &[&tenant, &studio])
}

/// The employees of a studio who are there now, by id.
pub fn workers(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<Worker>, DbError> {
    tx.query(&WORKERS, &[&tenant, &studio])
}

/// What classes and appointments name the employees of a studio by, whether they are there or not, by id.
pub fn names(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<Name>, DbError> {
    tx.query(&NAMES, &[&tenant, &studio])
}

/// Where an employee belongs and how they look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The studio.
    pub studio: i64,
    /// The key in the gym file.
    pub key: Option<&'a str>,
    /// The picture.
    pub image: Option<i64>,
}

/// Stores a new employee under a fresh id.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, place: Place<'_>, employee: &Employee) -> Result<i64, DbError> {
    let id = tx.next_id()?;
    let Texts { gender, business_role, competences, working_hours } = Texts::of(employee)?;
    tx.execute(
        &INSERT,
        &[
            &tenant,
            &id,
            &place.studio,
            &place.key,
            &employee.active,
            &place.image,
            &employee.first_name,
            &employee.last_name,
            &gender,
            &employee.date_of_birth,
            &employee.employee_number,
            &employee.initials,
            &employee.public_name,
            &business_role,
            &employee.external_role,
            &employee.phone1,
            &employee.phone2,
            &employee.email,
            &employee.street,
            &employee.house_number,
            &employee.zip_code,
            &employee.city,
            &employee.country,
            &competences,
            &working_hours,
        ],
    )?;
    Ok(id)
}

/// Changes what is said about an employee. `false`: the employee has another version by now.
pub fn update(tx: &mut Tx<'_>, tenant: TenantId, id: i64, version: i64, employee: &Employee) -> Result<bool, DbError> {
    let Texts { gender, business_role, competences, working_hours } = Texts::of(employee)?;
    let changed = tx.execute(
        &UPDATE,
        &[
            &tenant,
            &id,
            &version,
            &employee.active,
            &employee.first_name,
            &employee.last_name,
            &gender,
            &employee.date_of_birth,
            &employee.employee_number,
            &employee.initials,
            &employee.public_name,
            &business_role,
            &employee.external_role,
            &employee.phone1,
            &employee.phone2,
            &employee.email,
            &employee.street,
            &employee.house_number,
            &employee.zip_code,
            &employee.city,
            &employee.country,
            &competences,
            &working_hours,
        ],
    )?;
    Ok(changed == 1)
}

/// Sets or takes away the picture. `false`: the employee has another version by now.
pub fn set_image(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    version: i64,
    image: Option<i64>,
) -> Result<bool, DbError> {
    Ok(tx.execute(&SET_IMAGE, &[&tenant, &id, &version, &image])? == 1)
}

/// Archives an employee, or with `None` takes them back. `false`: the employee has another version by now.
pub fn set_archived(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    version: i64,
    at: Option<Timestamp>,
) -> Result<bool, DbError> {
    Ok(tx.execute(&SET_ARCHIVED, &[&tenant, &id, &version, &at])? == 1)
}

/// The fields whose stored form is made.
struct Texts {
    gender: String,
    business_role: Option<String>,
    competences: String,
    working_hours: Option<String>,
}

impl Texts {
    fn of(employee: &Employee) -> Result<Self, DbError> {
        Ok(Self {
            gender: name_of(&employee.gender)?,
            business_role: employee.business_role.as_ref().map(name_of).transpose()?,
            competences: serde_json::to_string(&employee.competences).map_err(|error| unreadable(&error))?,
            working_hours: employee
                .working_hours
                .as_ref()
                .map(serde_json::to_string)
                .transpose()
                .map_err(|error| unreadable(&error))?,
        })
    }
}
