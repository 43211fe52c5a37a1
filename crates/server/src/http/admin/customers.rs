//! The resource Customers: the people of a studio, with what they allow, and the archive.

use std::sync::Arc;

use gymkeeper_contract::{
    admin::{
        Right,
        customers::{
            self as wire, BenefitEntry, CustomerAddressUpdate, CustomerContactUpdate, CustomerEntry,
            CustomerMasterUpdate, CustomerRecord, CustomerSearch, CustomerSelection, NewCustomer, ThirdPartyAccess,
        },
    },
    common::Slice,
    customers::{AdditionalInformationFieldAssignment, CustomerCheckin, CustomerStudioSwitchRequest},
    errors::ErrorCode,
    openapi::Described,
};
use gymkeeper_store::{
    customer::{
        self, Customer,
        find::{self, Slice as Rows, Status, Viewer},
    },
    db::{DbError, Tx},
    studio,
};

use super::{
    customer_record::{benefits, record},
    customer_wire::{self as shape, placed},
    frame::{Mounted, Reading, personal_read, read, with_links, write},
    member::Member,
};
use crate::{
    actions::{
        change::Change,
        customer::{
            self as customers,
            amendment::{self, Data},
            archive, benefit, consent, edit,
            entry::{self, Entry},
            home::{self, Move},
            information,
            search::{self, Criteria},
        },
    },
    http::{
        answer::{Answer, JsonList, Nothing},
        customers::{
            create_customer::document_kind,
            visits::{Visits, page},
        },
        failure::Failure,
        input::{Input, Json, Parts, PathId, PathText, filled, optional, query_enum, required},
        links::Links,
        paging::{InventorySlice, JsonSlice},
    },
};

/// The operations of the resource.
pub(super) fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    let reading = Reading { action: "customer.read", subject: ("customer", |PathId(id): &PathId| *id) };
    let visits =
        Reading { action: "customer.visits-read", subject: ("customer", |(PathId(id), _): &(PathId, Visits)| *id) };
    vec![
        read(&wire::LIST_CUSTOMERS, with_links!(links, list_customers)),
        read(&wire::SEARCH_CUSTOMERS, with_links!(links, search_customers)),
        personal_read(&wire::GET_CUSTOMER, reading, with_links!(links, get_customer)),
        write(&wire::CREATE_CUSTOMER, with_links!(links, create_customer)),
        write(&wire::UPDATE_CUSTOMER_MASTER, with_links!(links, update_customer_master)),
        write(&wire::UPDATE_CUSTOMER_CONTACT, with_links!(links, update_customer_contact)),
        write(&wire::UPDATE_CUSTOMER_ADDRESS, with_links!(links, update_customer_address)),
        write(&wire::ARCHIVE_CUSTOMER, with_links!(links, archive_customer)),
        write(&wire::RESTORE_CUSTOMER, with_links!(links, restore_customer)),
        write(&wire::SET_CUSTOMER_INFORMATION, with_links!(links, set_customer_information)),
        write(&wire::MOVE_CUSTOMER, move_customer),
        write(&wire::USE_CUSTOMER_BENEFIT, use_customer_benefit),
        personal_read(&wire::LIST_CUSTOMER_VISITS, visits, list_customer_visits),
        write(&wire::SET_THIRD_PARTY_ACCESS, with_links!(links, set_third_party_access)),
    ]
}

/// The customer of the studio with that id, archived or not. Those of other studios are none of its business: 404 as well.
pub(super) fn of_studio(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Customer, Failure> {
    let studio = member.studio()?.id;
    let found = customer::by_id(tx, member.tenant(), id)?.filter(|customer| customer.studio_id == studio);
    found.ok_or_else(|| ErrorCode::CustomerNotFound.into())
}

/// As [`of_studio`], with other changes of the customer waiting until this one has ended.
fn held(change: &mut Change<'_, '_>, member: &Member, id: i64) -> Result<Customer, Failure> {
    if !customer::hold(change.tx, change.tenant, id)? {
        return Err(ErrorCode::CustomerNotFound.into());
    }
    of_studio(change.tx, member, id)
}

/// As [`held`], somebody who is not archived: of those nothing is changed.
pub(super) fn present(change: &mut Change<'_, '_>, member: &Member, id: i64) -> Result<Customer, Failure> {
    let customer = held(change, member, id)?;
    if customer.archived_at.is_some() { Err(ErrorCode::CustomerArchived.into()) } else { Ok(customer) }
}

/// As [`present`], if nobody was faster.
fn at_version(change: &mut Change<'_, '_>, member: &Member, id: i64, version: i64) -> Result<Customer, Failure> {
    let customer = present(change, member, id)?;
    if customer::version(change.tx, change.tenant, id)? == Some(version) {
        Ok(customer)
    } else {
        Err(DbError::Conflict.into())
    }
}

/// The chunk of the list that is asked for, and who is in it.
struct Listing(InventorySlice, Status);

impl Input for Listing {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let status = match query_enum(&parts.query, "status")? {
            None => Status::Any,
            Some(CustomerSelection::Member) => Status::Member,
            Some(CustomerSelection::Prospect) => Status::Prospect,
            Some(CustomerSelection::FormerMember) => Status::FormerMember,
            Some(CustomerSelection::Archived) => Status::Archived,
        };
        Ok(Self(InventorySlice::parse(parts)?, status))
    }

    fn describe(described: Described) -> Described {
        let what = "Which customers are listed; all who are not archived when it is left out.";
        InventorySlice::describe(described).query::<CustomerSelection>("status", what)
    }
}

fn list_customers(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    Listing(InventorySlice(request), status): &Listing,
) -> Result<Answer<Slice<CustomerEntry>>, Failure> {
    let (studio, today) = (member.studio()?.id, member.today()?);
    let rows = Rows { after: request.offset, limit: request.fetch() };
    let mut slice = JsonSlice::new(*request);
    let found = find::slice(tx, member.tenant(), studio, (*status, today), Viewer::Staff, rows)?;
    for customer in customer::at(tx, member.tenant(), &found)? {
        slice.push(customer.id, &shape::entry(links, member, today, &customer))?;
    }
    Ok(slice.finish_by_id())
}

fn search_customers(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    Json(wanted): &Json<CustomerSearch>,
) -> Result<Answer<Vec<CustomerEntry>>, Failure> {
    let criteria = Criteria::new(
        wanted.first_name.as_deref(),
        wanted.last_name.as_deref(),
        wanted.email.as_deref(),
        wanted.date_of_birth.map(|day| day.0),
        wanted.phone_number.as_deref(),
    )?;
    let (studio, today) = (member.studio()?.id, member.today()?);
    let mut list = JsonList::default();
    let found = search::search(tx, member.tenant(), &[studio], Viewer::Staff, &criteria)?;
    for customer in customer::at(tx, member.tenant(), &found)? {
        list.push(&shape::entry(links, member, today, &customer))?;
    }
    Ok(list.finish())
}

fn get_customer(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<CustomerRecord>, Failure> {
    let customer = of_studio(tx, member, *id)?;
    Answer::json(&record(links, tx, member, &customer)?)
}

/// What became of a change.
pub(super) fn answer(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    id: i64,
) -> Result<Answer<CustomerRecord>, Failure> {
    get_customer(links, change.tx, member, &PathId(id))
}

fn create_customer(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    Json(wanted): &Json<NewCustomer>,
) -> Result<Answer<CustomerRecord>, Failure> {
    let home = customers::studio(change.tx, change.tenant, member.studio()?.id)?;
    if wanted.master.date_of_birth.is_none() {
        return Err(required("master.dateOfBirth"));
    }
    let mut draft = shape::with_master(customers::newcomer(&home), &wanted.master)?;
    if draft.language_code.is_none() {
        let known = customers::newcomer(&home);
        (draft.language_code, draft.language_country) = (known.language_code, known.language_country);
    }
    let contact = shape::contact(&wanted.contact)?;
    if contact.email.is_none() {
        return Err(required("contact.email"));
    }
    Data::Contact(contact).begin(&mut draft);
    Data::Address(Box::new(shape::address(&wanted.address)?)).begin(&mut draft);
    draft.withheld = wanted.third_party_access == Some(false);
    let document = match &wanted.document_identification {
        None => None,
        Some(proof) => {
            let number = filled("documentIdentification.documentNumber", &proof.document_number, shape::NAME)?;
            Some((document_kind(proof.document_type), number))
        }
    };
    let tax_id = optional("taxId", wanted.tax_id.as_deref(), shape::NAME)?;
    let entry = Entry { third_party_id: None, tax_id, document };
    let created = entry::enter(change, &home, draft, &entry, member.today()?).map_err(placed)?;
    answer(links, change, member, created.id)
}

fn update_customer_master(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(update)): &(PathId, Json<CustomerMasterUpdate>),
) -> Result<Answer<CustomerRecord>, Failure> {
    let present = at_version(change, member, *id, update.version)?;
    let fresh = shape::with_master(present.clone(), &update.master)?;
    let home = customers::studio(change.tx, change.tenant, present.studio_id)?;
    edit::master(change, &home, &present, &fresh).map_err(placed)?;
    answer(links, change, member, *id)
}

fn update_customer_contact(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(update)): &(PathId, Json<CustomerContactUpdate>),
) -> Result<Answer<CustomerRecord>, Failure> {
    let mut customer = at_version(change, member, *id, update.version)?;
    let wanted = Data::Contact(shape::contact(&update.contact)?);
    let home = customers::studio(change.tx, change.tenant, customer.studio_id)?;
    amendment::change_at_once(change, &home, &mut customer, wanted).map_err(placed)?;
    answer(links, change, member, *id)
}

fn update_customer_address(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(update)): &(PathId, Json<CustomerAddressUpdate>),
) -> Result<Answer<CustomerRecord>, Failure> {
    let mut customer = at_version(change, member, *id, update.version)?;
    let wanted = Data::Address(Box::new(shape::address(&update.address)?));
    let home = customers::studio(change.tx, change.tenant, customer.studio_id)?;
    amendment::change_at_once(change, &home, &mut customer, wanted).map_err(placed)?;
    answer(links, change, member, *id)
}

fn archive_customer(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<CustomerRecord>, Failure> {
    let mut customer = held(change, member, *id)?;
    let home = customers::studio(change.tx, change.tenant, customer.studio_id)?;
    archive::archive(change, &home, &mut customer)?;
    answer(links, change, member, *id)
}

fn restore_customer(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<CustomerRecord>, Failure> {
    let mut customer = held(change, member, *id)?;
    archive::restore(change, &mut customer)?;
    answer(links, change, member, *id)
}

fn set_customer_information(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(wanted)): &(PathId, Json<Vec<AdditionalInformationFieldAssignment<'static>>>),
) -> Result<Answer<CustomerRecord>, Failure> {
    let customer = present(change, member, *id)?;
    let wanted: Vec<(i64, &str)> =
        wanted.iter().map(|one| (one.additional_information_field_id, one.value.as_ref())).collect();
    information::replace(change, &customer, &wanted)?;
    answer(links, change, member, *id)
}

/// Whoever may change customers in both studios may move them from one to the other.
fn move_customer(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(wanted)): &(PathId, Json<CustomerStudioSwitchRequest>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = present(change, member, *id)?;
    let description = optional("description", wanted.description.as_deref(), home::LONGEST_DESCRIPTION)?;
    let (target, day) = (wanted.target_studio_id, wanted.switch_date.0);
    let moving = Move { target, day, description: description.as_deref() };
    home::switch(change, customer, moving, member.today()?, |_, target| {
        Ok(member.may_in(Right::CustomersWrite, target))
    })?;
    Ok(Answer::empty())
}

fn use_customer_benefit(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), PathText(key)): &(PathId, PathText<1>),
) -> Result<Answer<Vec<BenefitEntry>>, Failure> {
    let (customer, today) = (present(change, member, *id)?, member.today()?);
    benefit::use_once(change, &customer, key, today)?;
    Answer::json(&benefits(change.tx, change.tenant, &customer, today)?)
}

fn list_customer_visits(
    tx: &mut Tx<'_>,
    member: &Member,
    (PathId(id), visits): &(PathId, Visits),
) -> Result<Answer<Slice<CustomerCheckin<'static>>>, Failure> {
    let customer = of_studio(tx, member, *id)?;
    let here = customers::studio(tx, member.tenant(), customer.studio_id)?;
    let studios = studio::list(tx, member.tenant())?;
    page(tx, (member.tenant(), &here.zone, member.now), customer.id, visits, &studios)
}

fn set_third_party_access(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(ThirdPartyAccess { allowed })): &(PathId, Json<ThirdPartyAccess>),
) -> Result<Answer<CustomerRecord>, Failure> {
    let mut customer = present(change, member, *id)?;
    consent::set_third_party_access(change, &mut customer, *allowed)?;
    answer(links, change, member, *id)
}
