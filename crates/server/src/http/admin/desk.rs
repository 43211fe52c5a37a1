//! The resource Check-in desk: who comes in, who is inside, who goes out.

use std::sync::Arc;

use gymkeeper_contract::{
    admin::desk::{
        self as wire, AccessReason, DeskCustomer, DeskException, DeskOverride, DeskReason, DeskStay, DeskVisit,
        DeskVisitor,
    },
    common::{Slice, UtcDateTime},
    errors::ErrorCode,
    openapi::Described,
};
use gymkeeper_store::{
    customer::{
        Customer,
        find::{self, Face},
        status_on,
    },
    db::Tx,
    studio::checkin::{self, StudioVisit},
};
use jiff::civil::Date;

use super::{
    frame::{Mounted, Reading, personal_read, read, with_links, write},
    member::Member,
};
use crate::{
    actions::{
        change::Change,
        customer::{self, desk, door},
    },
    http::{
        answer::{Answer, JsonList},
        customers::customer_status,
        failure::Failure,
        input::{Input, Json, Parts, PathId, filled, query_value},
        links::{Lifetime, Links},
        paging::{InventorySlice, JsonSlice},
    },
};

/// Longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 100;
/// Longest note of an exception, in characters.
const LONGEST_NOTE: usize = 1000;

/// The operations of the resource.
pub(super) fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    let reading = Reading { action: "visitor.read", subject: ("customer", |PathId(id): &PathId| *id) };
    vec![
        read(&wire::FIND_VISITORS, with_links!(links, find_visitors)),
        personal_read(&wire::GET_VISITOR, reading, with_links!(links, get_visitor)),
        write(&wire::CHECK_IN_VISITOR, with_links!(links, check_in_visitor)),
        write(&wire::OVERRIDE_CHECK_IN, with_links!(links, override_check_in)),
        read(&wire::LIST_OPEN_VISITS, with_links!(links, list_open_visits)),
        write(&wire::END_VISIT, with_links!(links, end_visit)),
    ]
}

/// What was typed so far.
struct Typed(String);

impl Input for Typed {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        filled("q", &query_value(&parts.query, "q").unwrap_or_default(), LONGEST_SEARCH).map(Self)
    }

    fn describe(described: Described) -> Described {
        described.required_query::<String>(
            "q",
            "What was typed so far: the beginning of names in any order, or the whole number of a card, a barcode or a customer; or the \
             code that a customer shows, of the access code or of a voucher.",
        )
    }
}

fn find_visitors(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    Typed(typed): &Typed,
) -> Result<Answer<Vec<DeskCustomer>>, Failure> {
    let studio = customer::studio(tx, member.tenant(), member.studio()?.id)?;
    let shown = Shown::new(links, member)?;
    let mut list = JsonList::default();
    // What is no code that holds is looked for as a number and a name.
    let shown_code = links.read_access_code(member.tenant(), typed.trim(), member.system_now).ok();
    for face in desk::search(tx, member.tenant(), &studio, typed, shown_code)? {
        list.push(&shown.customer(face))?;
    }
    Ok(list.finish())
}

fn get_visitor(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<DeskVisitor>, Failure> {
    let studio = customer::studio(tx, member.tenant(), member.studio()?.id)?;
    let visitor = desk::visitor(tx, member.tenant(), studio.id, *id)?;
    let refusals = door::judge(tx, member.tenant(), &studio, &visitor, member.now)?.refusals;
    let open = checkin::open_of_customer(tx, member.tenant(), *id)?.into_iter().next();
    let sentence = |code: AccessReason| DeskReason { code, text: code.text(member.language).to_owned() };
    Answer::json(&DeskVisitor {
        customer: Shown::new(links, member)?.customer(face(visitor)),
        allowed: refusals.is_empty(),
        reasons: refusals.into_iter().map(|refusal| sentence(door::reason(refusal))).collect(),
        visit: open.map(|visit| DeskStay {
            id: visit.id,
            studio_id: visit.studio_id,
            checked_in_at: UtcDateTime(visit.checked_in_at),
        }),
    })
}

fn check_in_visitor(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<DeskVisit>, Failure> {
    let studio = member.studio()?.id;
    let visitor = desk::visitor_alone(change, studio, *id)?;
    let visit = door::check_in(change, studio, &visitor, None)?;
    visited(links, change, member, visit.id)
}

fn override_check_in(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(DeskOverride { note })): &(PathId, Json<DeskOverride>),
) -> Result<Answer<DeskVisit>, Failure> {
    let (studio, note) = (member.studio()?.id, filled("note", note, LONGEST_NOTE)?);
    let visitor = desk::visitor_alone(change, studio, *id)?;
    let visit = door::check_in_against_rules(change, studio, &visitor, member.staff_id(), &note)?;
    visited(links, change, member, visit.id)
}

fn list_open_visits(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    InventorySlice(request): &InventorySlice,
) -> Result<Answer<Slice<DeskVisit>>, Failure> {
    let visits = checkin::inside(tx, member.tenant(), member.studio()?.id, request.offset, request.fetch())?;
    let ids: Vec<i64> = visits.iter().filter_map(|visit| visit.customer_id).collect();
    let faces = if ids.is_empty() { Vec::new() } else { find::faces_of(tx, member.tenant(), &ids)? };
    let shown = Shown::new(links, member)?;
    let mut slice = JsonSlice::new(*request);
    for visit in visits {
        let face = faces.iter().find(|face| Some(face.id) == visit.customer_id).cloned();
        slice.push(visit.id, &shown.visit(visit, face))?;
    }
    Ok(slice.finish_by_id())
}

fn end_visit(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<DeskVisit>, Failure> {
    door::end_visit(change, member.studio()?.id, *id)?;
    visited(links, change, member, *id)
}

/// The visit as it is now.
fn visited(links: &Links, change: &mut Change<'_, '_>, member: &Member, id: i64) -> Result<Answer<DeskVisit>, Failure> {
    let found = checkin::find(change.tx, change.tenant, member.studio()?.id, id)?;
    let visit = found.ok_or(ErrorCode::CheckinNotFound)?;
    let face = match visit.customer_id {
        None => None,
        Some(customer) => find::faces_of(change.tx, change.tenant, &[customer])?.pop(),
    };
    Answer::json(&Shown::new(links, member)?.visit(visit, face))
}

/// What answers are made with.
struct Shown<'a> {
    links: &'a Links,
    member: &'a Member,
    today: Date,
}

impl<'a> Shown<'a> {
    fn new(links: &'a Links, member: &'a Member) -> Result<Self, Failure> {
        Ok(Self { links, member, today: member.today()? })
    }

    fn customer(&self, face: Face) -> DeskCustomer {
        let link = |file| self.links.link(self.member.tenant(), file, Lifetime::Person, self.member.system_now);
        DeskCustomer {
            id: face.id,
            status: customer_status(status_on(face.member_until, self.today)),
            customer_number: face.customer_number,
            first_name: face.first_name,
            last_name: face.last_name,
            home_studio_id: face.studio_id,
            image_url: face.image_file_id.map(link),
        }
    }

    fn visit(&self, visit: StudioVisit, face: Option<Face>) -> DeskVisit {
        let reasons = visit.exception_reasons.unwrap_or_default();
        let named = |name: &str| AccessReason::ALL.iter().copied().find(|reason| reason.name() == name);
        DeskVisit {
            id: visit.id,
            checked_in_at: UtcDateTime(visit.checked_in_at),
            checked_out_at: visit.checked_out_at.map(UtcDateTime),
            customer: face.map(|face| self.customer(face)),
            exception: visit.exception_by.map(|staff_id| DeskException {
                staff_id,
                reasons: reasons.split(' ').filter_map(named).collect(),
                note: visit.exception_note.unwrap_or_default(),
            }),
        }
    }
}

fn face(customer: Customer) -> Face {
    Face {
        id: customer.id,
        studio_id: customer.studio_id,
        customer_number: customer.customer_number,
        first_name: customer.first_name,
        last_name: customer.last_name,
        member_until: customer.member_until,
        image_file_id: customer.image_file_id,
    }
}
