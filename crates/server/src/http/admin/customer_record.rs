//! A customer in full, as the back office shows one: who it is, and everything that belongs to the person.

use gymkeeper_contract::{
    admin::customers::{
        BenefitEntry, Consents, ContractEntry, CustomerRecord, DocumentEntry, IdlePeriodEntry, InformationEntry,
        LeadEntry, PendingAmendment, RepresentativeEntry, SubContractEntry,
    },
    common::{LocalDate, UtcDateTime},
    customers::CustomerWeighings,
};
use gymkeeper_domain::customer::{days::Days, information_field::item_id, status as rules};
use gymkeeper_store::{
    customer::{
        self, Customer, amendment, bank_account,
        contract::{self, IdlePeriod, kind},
        document, field, lead, medium,
        representative::{self, Person, Who},
        restriction, weighing,
    },
    db::Tx,
    tenant::TenantId,
};
use jiff::civil::Date;

use super::{
    amendments,
    customer_wire::{link, masked, master, medium_entry, shown_address, shown_contact, status_on},
    leads,
    member::Member,
    restrictions,
};
use crate::{
    actions::customer::{
        amendment::{Address, Contact},
        benefit,
        contract::{self as contracts, Standing},
    },
    http::{customers::field_kind, failure::Failure, links::Links},
};

/// So many documents are shown with a customer.
const DOCUMENTS: i64 = 50;

/// A customer in full.
pub(super) fn record(links: &Links, tx: &mut Tx<'_>, member: &Member, c: &Customer) -> Result<CustomerRecord, Failure> {
    let (tenant, today) = (member.tenant(), member.today()?);
    let idle = contract::idle_of_customers(tx, tenant, &[c.id], today)?;
    let resting = idle.iter().filter(|idle| idle.refuses_access);
    let resting = resting.map(|idle| Days { from: Some(idle.start_date), to: idle.end_date });
    let restrictions = restriction::of_customer(tx, tenant, c.id)?;
    let barring = restrictions.iter().map(restrictions::days);
    let access_refusal = rules::is_access_refused(barring.chain(resting), today);
    let bank_account = bank_account::present(tx, tenant, c.id)?.map(masked);
    let documents = document::of_customer(tx, tenant, c.id, 0, DOCUMENTS)?;
    let version = customer::version(tx, tenant, c.id)?.unwrap_or_default();
    Ok(CustomerRecord {
        id: c.id,
        version,
        studio_id: c.studio_id,
        customer_number: c.customer_number.clone(),
        uuid: c.uuid.clone(),
        referral_code: c.referral_code.clone(),
        debtor_id: c.debtor_id.clone(),
        status: status_on(c, today),
        created_at: UtcDateTime(c.created_at),
        archived_at: c.archived_at.map(UtcDateTime),
        image_url: c.image_file_id.map(|file| link(links, member, file)),
        master: master(c),
        contact: shown_contact(Contact::of(c)),
        address: shown_address(Address::of(c)),
        payment_method: c.payment_method.clone(),
        bank_account,
        legal_representative: legal_representative(tx, tenant, c)?,
        consents: Consents { third_party_access: !c.withheld },
        information: information(tx, tenant, c.id)?,
        contracts: contract_entries(&contracts::of(tx, tenant, c)?, &idle, today),
        benefits: benefits(tx, tenant, c, today)?,
        access_mediums: medium::of_customer(tx, tenant, c.id)?.iter().filter_map(medium_entry).collect(),
        access_refusal,
        access_restrictions: restrictions::listed(&restrictions, today)?,
        latest_weighing: latest_weighing(tx, tenant, c.id)?,
        leads: lead::of_customer(tx, tenant, c.id)?.into_iter().map(lead_entry).collect(),
        documents: documents
            .into_iter()
            .map(|one| DocumentEntry {
                url: link(links, member, one.file_id),
                id: one.id,
                file_name: one.name,
                description: one.description,
            })
            .collect(),
        pending_amendments: amendment::waiting_of_customer(tx, tenant, c.id)?
            .iter()
            .map(|one| {
                let (kind, requested_at) = (amendments::kind(one)?, UtcDateTime(one.requested_at));
                Ok(PendingAmendment { id: one.id, kind, requested_at })
            })
            .collect::<Result<_, Failure>>()?,
    })
}

/// Which benefits a customer has, and whether they can be used now.
pub(super) fn benefits(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: &Customer,
    today: Date,
) -> Result<Vec<BenefitEntry>, Failure> {
    let benefits = benefit::validities(tx, tenant, customer, &[], today)?;
    Ok(benefits.into_iter().map(|one| BenefitEntry { key: one.key, usable: one.valid }).collect())
}

/// Who acts for a customer. Somebody who is at home in another studio is that studio's business, so only the id is told.
fn legal_representative(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: &Customer,
) -> Result<Option<RepresentativeEntry>, Failure> {
    let Some(found) = representative::of_customer(tx, tenant, customer.id)? else { return Ok(None) };
    let (customer_id, person) = match found.who {
        Who::Person(person) => (None, Some(person)),
        Who::Customer(id) => {
            let acting = customer::by_id(tx, tenant, id)?.filter(|acting| acting.studio_id == customer.studio_id);
            let person = acting.map(|acting| Person {
                first_name: acting.first_name,
                last_name: acting.last_name,
                date_of_birth: acting.date_of_birth,
                email: acting.email,
            });
            (Some(id), person)
        }
    };
    let person =
        person.map(|person| (Some(person.first_name), Some(person.last_name), person.date_of_birth, person.email));
    let (first_name, last_name, date_of_birth, email) = person.unwrap_or_default();
    Ok(Some(RepresentativeEntry {
        customer_id,
        first_name,
        last_name,
        date_of_birth: date_of_birth.map(LocalDate),
        email,
        only_guardian: found.only_guardian,
        gets_messages: found.gets_messages,
    }))
}

fn information(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<InformationEntry>, Failure> {
    let noted = field::of_customers(tx, tenant, &[customer])?;
    if noted.is_empty() {
        return Ok(Vec::new());
    }
    let fields = field::all(tx, tenant)?;
    let entry = |noted: field::Assignment| {
        let field = fields.iter().find(|field| field.id == noted.field_id)?;
        let definition = &field.definition;
        let item = definition.items.iter().find(|item| item_id(field.id, item.number).to_string() == noted.value);
        Some(InformationEntry {
            additional_information_field_id: field.id,
            name: definition.name.clone(),
            kind: field_kind(definition.kind),
            item_name: item.map(|item| item.name.clone()),
            value: noted.value,
        })
    };
    Ok(noted.into_iter().filter_map(entry).collect())
}

/// The main contracts among these, with what hangs on them.
fn contract_entries(all: &[Standing], idle: &[IdlePeriod], today: Date) -> Vec<ContractEntry> {
    let below = |main: &Standing, wanted: &str| {
        let hangs =
            |one: &&Standing| one.row.parent_id == Some(main.row.id) && one.row.kind == wanted && !one.row.reversed;
        all.iter().filter(hangs).map(|one| sub_contract(one, today)).collect()
    };
    let entry = |one: &Standing| ContractEntry {
        id: one.row.id,
        rate_name: one.row.rate_name.clone(),
        start_date: LocalDate(one.row.start_date),
        end_date: LocalDate(one.state_on(today).end),
        active: one.is_active(today),
        reversed: one.row.reversed,
        canceled_on: one.row.canceled_on.map(LocalDate),
        modules: below(one, kind::MODULE),
        flat_fees: below(one, kind::FLAT_FEE),
        idle_periods: idle.iter().filter(|idle| idle.contract_id == one.row.id).map(idle_entry).collect(),
    };
    all.iter().filter(|one| one.row.kind == kind::MAIN).map(entry).collect()
}

fn sub_contract(one: &Standing, today: Date) -> SubContractEntry {
    SubContractEntry {
        id: one.row.id,
        rate_name: one.row.rate_name.clone(),
        start_date: LocalDate(one.row.start_date),
        end_date: LocalDate(one.state_on(today).end),
        active: one.is_active(today),
        canceled_on: one.row.canceled_on.map(LocalDate),
    }
}

fn idle_entry(idle: &IdlePeriod) -> IdlePeriodEntry {
    IdlePeriodEntry {
        id: idle.id,
        start_date: LocalDate(idle.start_date),
        end_date: idle.end_date.map(LocalDate),
        reason: idle.reason.clone(),
        refuses_access: idle.refuses_access,
    }
}

fn latest_weighing(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
) -> Result<Option<CustomerWeighings<'static>>, Failure> {
    let unreadable = |error| Failure::Internal(format!("a weighing of customer {customer} cannot be read: {error}"));
    weighing::latest(tx, tenant, customer)?.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
}

fn lead_entry(lead: lead::Lead) -> LeadEntry {
    LeadEntry {
        id: lead.id,
        studio_id: lead.studio_id,
        status: leads::status_of(&lead.status),
        campaign: lead.campaign,
        created_at: UtcDateTime(lead.created_at),
    }
}
