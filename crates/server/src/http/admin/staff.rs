//! The resource Staff: the accounts with which people use the back office.

use gymkeeper_contract::{
    admin::staff::{self as wire, NewPassword, NewStaffMember, RoleName, StaffMember, StaffRole},
    common::UtcDateTime,
    errors::ErrorCode,
};
use gymkeeper_domain::staff::{Grant, Grants, Role};
use gymkeeper_store::{
    db::Tx,
    staff::{self, NewStaff, Staff},
};

use super::{
    frame::{Call, Mounted, Reading, by_steps, personal_read, read, write},
    member::Member,
};
use crate::{
    actions::{change::Change, staff as accounts},
    http::{
        answer::{Answer, JsonList, Nothing},
        failure::Failure,
        input::{Json, PathId},
    },
};

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading { action: "staff.read", subject: ("staff", |PathId(id): &PathId| *id) };
    vec![
        read(&wire::LIST_STAFF, list_staff),
        personal_read(&wire::GET_STAFF_MEMBER, reading, get_staff_member),
        by_steps(&wire::CREATE_STAFF_MEMBER, create_staff_member),
        write(&wire::CHANGE_STAFF_ROLES, change_staff_roles),
        by_steps(&wire::RESET_STAFF_PASSWORD, reset_staff_password),
        write(&wire::RESET_STAFF_TOTP, reset_staff_totp),
        write(&wire::DISABLE_STAFF_MEMBER, disable_staff_member),
        write(&wire::ENABLE_STAFF_MEMBER, enable_staff_member),
    ]
}

fn list_staff(tx: &mut Tx<'_>, member: &Member, (): &()) -> Result<Answer<Vec<StaffMember>>, Failure> {
    let mut grants = staff::all_grants(tx, member.tenant())?;
    let mut list = JsonList::default();
    for account in staff::list(tx, member.tenant())? {
        let grants = grants.remove(&account.id).unwrap_or_default();
        list.push(&staff_member(account, &grants))?;
    }
    Ok(list.finish())
}

fn get_staff_member(tx: &mut Tx<'_>, member: &Member, PathId(id): &PathId) -> Result<Answer<StaffMember>, Failure> {
    let account = staff::find(tx, member.tenant(), *id)?.ok_or(ErrorCode::StaffNotFound)?;
    let grants = staff::grants(tx, member.tenant(), *id)?;
    Answer::json(&staff_member(account, &grants))
}

async fn create_staff_member(call: Call<Json<NewStaffMember>>) -> Result<Answer<StaffMember>, Failure> {
    let Json(NewStaffMember { email, name, password, roles }) = call.input.clone();
    accounts::check_password(&password, "password")?;
    let password_hash = call.app.passwords.hash(password).await?;
    let (wanted, grants) = (NewStaff { email, name, password_hash }, grants(&roles));
    let made = call.write(move |change, _| {
        let id = accounts::create(change, &wanted, &grants)?;
        Ok(staff_member(accounts::find(change, id)?, &grants))
    });
    Answer::json(&made.await?)
}

fn change_staff_roles(
    change: &mut Change<'_, '_>,
    _: &Member,
    (PathId(id), Json(roles)): &(PathId, Json<Vec<StaffRole>>),
) -> Result<Answer<StaffMember>, Failure> {
    let grants = grants(roles);
    accounts::set_grants(change, *id, &grants)?;
    Answer::json(&staff_member(accounts::find(change, *id)?, &grants))
}

async fn reset_staff_password(call: Call<(PathId, Json<NewPassword>)>) -> Result<Answer<Nothing>, Failure> {
    let (PathId(id), Json(NewPassword { password })) = call.input.clone();
    refuse_own(&call.member, id)?;
    accounts::check_password(&password, "password")?;
    let hash = call.app.passwords.hash(password).await?;
    call.write(move |change, _| accounts::set_password(change, id, &hash, 0)).await?;
    Ok(Answer::empty())
}

fn reset_staff_totp(
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<Nothing>, Failure> {
    refuse_own(member, *id)?;
    accounts::remove_totp(change, *id)?;
    Ok(Answer::empty())
}

fn disable_staff_member(
    change: &mut Change<'_, '_>,
    _: &Member,
    PathId(id): &PathId,
) -> Result<Answer<Nothing>, Failure> {
    accounts::disable(change, *id)?;
    Ok(Answer::empty())
}

fn enable_staff_member(
    change: &mut Change<'_, '_>,
    _: &Member,
    PathId(id): &PathId,
) -> Result<Answer<Nothing>, Failure> {
    accounts::enable(change, *id)?;
    Ok(Answer::empty())
}

/// Here nobody asks for the present password, so this is for the accounts of others.
fn refuse_own(member: &Member, id: i64) -> Result<(), Failure> {
    if id == member.staff_id() { Err(ErrorCode::StaffOwnAccount.into()) } else { Ok(()) }
}

fn staff_member(account: Staff, grants: &Grants) -> StaffMember {
    let role = |grant: &Grant| StaffRole { role: role_name(grant.role), studio_id: grant.studio };
    StaffMember {
        id: account.id,
        email: account.email,
        name: account.name,
        roles: grants.list().iter().map(role).collect(),
        totp: account.totp_secret.is_some(),
        created_at: UtcDateTime(account.created_at),
        disabled_at: account.disabled_at.map(UtcDateTime),
    }
}

fn grants(roles: &[StaffRole]) -> Grants {
    Grants::new(
        roles.iter().map(|StaffRole { role, studio_id }| Grant { role: of_name(*role), studio: *studio_id }).collect(),
    )
}

/// The wire's word for a role.
pub(super) fn role_name(role: Role) -> RoleName {
    match role {
        Role::Owner => RoleName::Owner,
        Role::Manager => RoleName::Manager,
        Role::Desk => RoleName::Desk,
        Role::Trainer => RoleName::Trainer,
        Role::ReadOnly => RoleName::ReadOnly,
    }
}

fn of_name(name: RoleName) -> Role {
    match name {
        RoleName::Owner => Role::Owner,
        RoleName::Manager => Role::Manager,
        RoleName::Desk => Role::Desk,
        RoleName::Trainer => Role::Trainer,
        RoleName::ReadOnly => Role::ReadOnly,
    }
}
