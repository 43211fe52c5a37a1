//! The resource Calendar feeds: links for calendar programs are made, listed without what is secret, and refused.

use std::sync::Arc;

use gymkeeper_contract::{
    admin::calendar_feeds::{self as wire, CalendarFeedKind, CalendarFeedRecord, MadeCalendarFeed, NewCalendarFeed},
    common::{Slice, UtcDateTime},
    errors::ErrorCode,
};
use gymkeeper_store::{
    booking::feed::{self as stored, Feed},
    db::{DbError, Tx},
    tenant::TenantId,
};

use super::{
    customers::{of_studio, present},
    employees,
    frame::{Call, Mounted, Reading, by_steps, personal_read, read, write},
    member::Member,
    notes::Names,
};
use crate::{
    actions::{
        booking::feed::{self, Whose},
        change::Change,
    },
    http::{
        answer::{Answer, Nothing},
        calendar::link::NewLink,
        failure::Failure,
        input::{Input, Json, PathId},
        paging::{InventorySlice, JsonSlice},
    },
};

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading {
        action: "customer.calendar-feeds-read",
        subject: ("customer", |(PathId(id), _): &(PathId, InventorySlice)| *id),
    };
    vec![
        read(&wire::LIST_CALENDAR_FEEDS, list_calendar_feeds),
        by_steps(&wire::ADD_CALENDAR_FEED, add_calendar_feed),
        write(&wire::REVOKE_CALENDAR_FEED, revoke_calendar_feed),
        personal_read(&wire::LIST_CUSTOMER_CALENDAR_FEEDS, reading, list_customer_calendar_feeds),
        by_steps(&wire::ADD_CUSTOMER_CALENDAR_FEED, add_customer_calendar_feed),
        write(&wire::REVOKE_CUSTOMER_CALENDAR_FEED, revoke_customer_calendar_feed),
    ]
}

fn list_calendar_feeds(
    tx: &mut Tx<'_>,
    member: &Member,
    InventorySlice(request): &InventorySlice,
) -> Result<Answer<Slice<CalendarFeedRecord>>, Failure> {
    let studio = member.studio()?.id;
    let (mut names, mut slice) = (Names::default(), JsonSlice::new(*request));
    for feed in stored::of_studio(tx, member.tenant(), studio, request.offset, request.fetch())? {
        slice.push(feed.id, &record(tx, member.tenant(), &mut names, feed)?)?;
    }
    Ok(slice.finish_by_id())
}

fn list_customer_calendar_feeds(
    tx: &mut Tx<'_>,
    member: &Member,
    (PathId(id), InventorySlice(request)): &(PathId, InventorySlice),
) -> Result<Answer<Slice<CalendarFeedRecord>>, Failure> {
    let customer = of_studio(tx, member, *id)?;
    let (mut names, mut slice) = (Names::default(), JsonSlice::new(*request));
    for feed in stored::of_customer(tx, member.tenant(), customer.id, request.offset, request.fetch())? {
        slice.push(feed.id, &record(tx, member.tenant(), &mut names, feed)?)?;
    }
    Ok(slice.finish_by_id())
}

async fn add_calendar_feed(call: Call<Json<NewCalendarFeed>>) -> Result<Answer<MadeCalendarFeed>, Failure> {
    let Json(NewCalendarFeed { employee_id }) = call.input;
    hand_out(&call, move |change, member, link| {
        let studio = member.studio()?.id;
        let Some(id) = employee_id else { return feed::make(change, studio, Whose::Studio, link) };
        let found = employees::find(change.tx, member, id);
        let made = found.and_then(|employee| feed::make(change, studio, Whose::Employee(&employee), link));
        made.map_err(|failure| failure.blaming("employeeId"))
    })
    .await
}

async fn add_customer_calendar_feed(call: Call<PathId>) -> Result<Answer<MadeCalendarFeed>, Failure> {
    let PathId(id) = call.input;
    hand_out(&call, move |change, member, link| {
        let customer = present(change, member, id)?;
        feed::make(change, customer.studio_id, Whose::Customer(&customer), link)
    })
    .await
}

/// Makes a calendar and shows its link, once. It is no plain write, because first answers to repeatable requests are kept, and this
/// one holds a secret.
async fn hand_out<I: Input>(
    call: &Call<I>,
    mut make: impl FnMut(&mut Change<'_, '_>, &Member, &NewLink) -> Result<Feed, Failure> + Send + 'static,
) -> Result<Answer<MadeCalendarFeed>, Failure> {
    let (link, links) = (NewLink::fresh(), Arc::clone(&call.app.links));
    let (feed, url) = call
        .write(move |change, member| {
            let made = make(change, member, &link)?;
            let url = link.url(links.public_url(), member.tenant(), &made);
            Ok((record(change.tx, member.tenant(), &mut Names::default(), made)?, url))
        })
        .await?;
    Answer::json(&MadeCalendarFeed { feed, url })
}

fn revoke_calendar_feed(
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<Nothing>, Failure> {
    let studio = member.studio()?.id;
    revoke(change, *id, |feed| feed.customer_id.is_none() && feed.studio_id == studio)
}

fn revoke_customer_calendar_feed(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), PathId(feed)): &(PathId, PathId<1>),
) -> Result<Answer<Nothing>, Failure> {
    // Of archived customers as well: a link is something that one takes away.
    let customer = of_studio(change.tx, member, *id)?;
    revoke(change, *feed, |feed| feed.customer_id == Some(customer.id))
}

fn revoke(change: &mut Change<'_, '_>, id: i64, is_meant: impl Fn(&Feed) -> bool) -> Result<Answer<Nothing>, Failure> {
    let found = stored::find(change.tx, change.tenant, id)?.filter(is_meant).ok_or(ErrorCode::CalendarFeedNotFound)?;
    if feed::revoke(change, &found)? { Ok(Answer::empty()) } else { Err(ErrorCode::CalendarFeedNotFound.into()) }
}

fn record(tx: &mut Tx<'_>, tenant: TenantId, names: &mut Names, feed: Feed) -> Result<CalendarFeedRecord, DbError> {
    Ok(CalendarFeedRecord {
        id: feed.id,
        kind: match (feed.employee_id, feed.customer_id) {
            (_, Some(_)) => CalendarFeedKind::Customer,
            (Some(_), None) => CalendarFeedKind::Employee,
            (None, None) => CalendarFeedKind::Studio,
        },
        employee_id: feed.employee_id,
        customer_id: feed.customer_id,
        made_by_name: names.of(tx, tenant, &feed.made_by)?,
        made_by: feed.made_by,
        made_at: UtcDateTime(feed.made_at),
        revoked_at: feed.revoked_at.map(UtcDateTime),
    })
}
