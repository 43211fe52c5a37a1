//! The resource Employees: the people who work in a studio.

use std::sync::Arc;

use gymkeeper_contract::{
    admin::employees::{self as wire, EmployeeProfile, EmployeeRecord, EmployeeUpdate, WorkingHours},
    common::{LocalDate, LocalTime, Slice, UtcDateTime},
    employees::{BusinessRole, EmployeeGender},
    errors::ErrorCode,
    openapi::Described,
};
use gymkeeper_domain::{
    employee::{self as domain, Employee},
    studio::{ClockTime, Weekday, Window},
};
use gymkeeper_store::{
    db::{DbError, Tx},
    employee::{self, EmployeeRow, Place},
};

use super::{
    frame::{Call, Mounted, Reading, by_steps, personal_read, read, with_links, write},
    member::Member,
    picture::Picture,
};
use crate::{
    actions::{change::Change, employee as employees},
    http::{
        answer::Answer,
        customers::update_image::made_small,
        failure::{Failure, Refusal},
        input::{Input, Json, Parts, PathId, camel_case, query_flag},
        links::{Lifetime, Links},
        paging::{InventorySlice, JsonSlice},
        upload::Staged,
    },
};

/// The operations of the resource.
pub(super) fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    let reading = Reading { action: "employee.read", subject: ("employee", |PathId(id): &PathId| *id) };
    vec![
        read(&wire::LIST_EMPLOYEES, with_links!(links, list_employees)),
        personal_read(&wire::GET_EMPLOYEE, reading, with_links!(links, get_employee)),
        write(&wire::CREATE_EMPLOYEE, with_links!(links, create_employee)),
        write(&wire::UPDATE_EMPLOYEE, with_links!(links, update_employee)),
        write(&wire::ARCHIVE_EMPLOYEE, with_links!(links, archive_employee)),
        write(&wire::RESTORE_EMPLOYEE, with_links!(links, restore_employee)),
        by_steps(&wire::SET_EMPLOYEE_IMAGE, set_employee_image),
        write(&wire::REMOVE_EMPLOYEE_IMAGE, with_links!(links, remove_employee_image)),
    ]
}

/// The chunk of the list that is asked for, and whether archived employees are in it.
struct Listing(InventorySlice, bool);

impl Input for Listing {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let archived = query_flag(&parts.query, "archived")?;
        Ok(Self(InventorySlice::parse(parts)?, archived))
    }

    fn describe(described: Described) -> Described {
        InventorySlice::describe(described).query::<bool>("archived", "Whether archived employees are listed as well.")
    }
}

fn list_employees(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    Listing(InventorySlice(request), archived): &Listing,
) -> Result<Answer<Slice<EmployeeRecord>>, Failure> {
    let studio = member.studio()?.id;
    let mut slice = JsonSlice::new(*request);
    for row in employee::list(tx, member.tenant(), studio, request.offset, *archived, request.fetch())? {
        slice.push(row.id, &record(links, member, &row)?)?;
    }
    Ok(slice.finish_by_id())
}

fn get_employee(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<EmployeeRecord>, Failure> {
    Answer::json(&record(links, member, &find(tx, member, *id)?)?)
}

fn create_employee(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    Json(profile): &Json<EmployeeProfile>,
) -> Result<Answer<EmployeeRecord>, Failure> {
    let wanted = checked(profile, "")?;
    let place = Place { studio: member.studio()?.id, key: None, image: None };
    let id = employees::create(change, place, &wanted)?;
    answer(links, change, member, id)
}

fn update_employee(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(update)): &(PathId, Json<EmployeeUpdate>),
) -> Result<Answer<EmployeeRecord>, Failure> {
    let wanted = checked(&update.profile, "profile.")?;
    let present = find(change.tx, member, *id)?;
    if present.version != update.version {
        return Err(DbError::Conflict.into());
    }
    employees::update(change, &present, &wanted)?;
    answer(links, change, member, *id)
}

fn archive_employee(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<EmployeeRecord>, Failure> {
    let present = find(change.tx, member, *id)?;
    employees::archive(change, &present)?;
    answer(links, change, member, *id)
}

fn restore_employee(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<EmployeeRecord>, Failure> {
    let present = find(change.tx, member, *id)?;
    employees::restore(change, &present)?;
    answer(links, change, member, *id)
}

fn remove_employee_image(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<EmployeeRecord>, Failure> {
    let present = find(change.tx, member, *id)?;
    employees::set_image(change, &present, None)?;
    answer(links, change, member, *id)
}

async fn set_employee_image(call: Call<(PathId, Picture)>) -> Result<Answer<EmployeeRecord>, Failure> {
    let (PathId(id), Picture(bytes)) = call.input.clone();
    // Nothing is stored for somebody who is not there.
    call.read(move |tx, member| find(tx, member, id)).await?;
    let staged = Staged::new(&call.app, "employee.jpg".to_owned(), made_small(bytes).await?).await?;
    let links = Arc::clone(&call.app.links);
    call.write(move |change, member| {
        let present = find(change.tx, member, id)?;
        let image = staged.keep(change)?;
        employees::set_image(change, &present, Some(image))?;
        answer(&links, change, member, id)
    })
    .await
}

/// The employee of the studio with that id, archived or not. Those of other studios are none of its business: 404 as well.
pub(super) fn find(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<EmployeeRow, Failure> {
    let studio = member.studio()?.id;
    let found = employee::find(tx, member.tenant(), id)?.filter(|row| row.studio_id == studio);
    found.ok_or_else(|| ErrorCode::EmployeeNotFound.into())
}

fn answer(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    id: i64,
) -> Result<Answer<EmployeeRecord>, Failure> {
    Answer::json(&record(links, member, &find(change.tx, member, id)?)?)
}

fn record(links: &Links, member: &Member, row: &EmployeeRow) -> Result<EmployeeRecord, Failure> {
    let employee = row.employee()?;
    let link = |file| links.link(member.tenant(), file, Lifetime::Lasting, member.system_now);
    Ok(EmployeeRecord {
        id: row.id,
        version: row.version,
        key: row.key.clone(),
        archived_at: row.archived_at.map(UtcDateTime),
        image_url: row.image_file_id.map(link),
        shown_initials: employee.shown_initials(),
        profile: profile(employee),
    })
}

fn field(code: ErrorCode, name: &str) -> Failure {
    Refusal::new(code).with_text(name).at(name).into()
}

/// What is said about an employee, if it can be said; a refusal names the field below `above`.
fn checked(profile: &EmployeeProfile, above: &str) -> Result<Employee, Failure> {
    let employee = employee_of(profile.clone(), working_hours(profile, above)?).trimmed();
    for (name, text) in [("firstName", &employee.first_name), ("lastName", &employee.last_name)] {
        if text.is_empty() {
            return Err(field(ErrorCode::ValidationFieldRequired, &format!("{above}{name}")));
        }
    }
    match employee.problems().first() {
        None => Ok(employee),
        Some(problem) => {
            Err(field(ErrorCode::ValidationFieldInvalid, &format!("{above}{}", camel_case(&problem.path))))
        }
    }
}

/// The hours of the week. Hours are to the minute.
fn working_hours(profile: &EmployeeProfile, above: &str) -> Result<Option<Vec<Window>>, Failure> {
    let Some(hours) = &profile.working_hours else { return Ok(None) };
    let clock = |place: usize, name: &str, time: LocalTime| {
        let wrong = |_| field(ErrorCode::ValidationFieldInvalid, &format!("{above}workingHours[{place}].{name}"));
        ClockTime::try_from(time.0).map_err(wrong)
    };
    let windows = hours.iter().enumerate().map(|(place, hours)| {
        let day = Weekday::from(jiff::civil::Weekday::from(hours.day_of_week));
        Ok(Window { day, from: clock(place, "timeFrom", hours.time_from)?, to: clock(place, "timeTo", hours.time_to)? })
    });
    windows.collect::<Result<Vec<Window>, Failure>>().map(Some)
}

fn employee_of(profile: EmployeeProfile, working_hours: Option<Vec<Window>>) -> Employee {
    Employee {
        first_name: profile.first_name,
        last_name: profile.last_name,
        gender: match profile.gender {
            Some(EmployeeGender::Male) => domain::Gender::Male,
            Some(EmployeeGender::Female) => domain::Gender::Female,
            Some(EmployeeGender::Unisex) | None => domain::Gender::Unisex,
        },
        date_of_birth: profile.date_of_birth.map(|day| day.0),
        employee_number: profile.employee_number,
        initials: profile.initials,
        public_name: profile.public_name,
        business_role: profile.business_role.map(|role| match role {
            BusinessRole::StudioOwner => domain::BusinessRole::StudioOwner,
            BusinessRole::StudioManager => domain::BusinessRole::StudioManager,
            BusinessRole::Trainer => domain::BusinessRole::Trainer,
            BusinessRole::ServiceEmployee => domain::BusinessRole::ServiceEmployee,
            BusinessRole::AdministrationOrFinance => domain::BusinessRole::AdministrationOrFinance,
            BusinessRole::Marketing => domain::BusinessRole::Marketing,
        }),
        external_role: profile.external_role,
        phone1: profile.phone1,
        phone2: profile.phone2,
        email: profile.email,
        street: profile.street,
        house_number: profile.house_number,
        zip_code: profile.zip_code,
        city: profile.city,
        country: profile.country,
        competences: profile.competences.unwrap_or_default(),
        working_hours,
        active: profile.active.unwrap_or(true),
    }
}

fn profile(employee: Employee) -> EmployeeProfile {
    use crate::http::{
        employees::employee_wire::{business_role, gender},
        studios::hours_wire::weekday,
    };
    EmployeeProfile {
        first_name: employee.first_name,
        last_name: employee.last_name,
        gender: Some(gender(employee.gender)),
        date_of_birth: employee.date_of_birth.map(LocalDate),
        employee_number: employee.employee_number,
        initials: employee.initials,
        public_name: employee.public_name,
        business_role: employee.business_role.map(business_role),
        external_role: employee.external_role,
        phone1: employee.phone1,
        phone2: employee.phone2,
        email: employee.email,
        street: employee.street,
        house_number: employee.house_number,
        zip_code: employee.zip_code,
        city: employee.city,
        country: employee.country,
        competences: Some(employee.competences),
        working_hours: employee.working_hours.map(|windows| {
            let hours = |window: Window| WorkingHours {
                day_of_week: weekday(window.day),
                time_from: LocalTime(window.from.time()),
                time_to: LocalTime(window.to.time()),
            };
            windows.into_iter().map(hours).collect()
        }),
        active: Some(employee.active),
    }
}
