//! Calendar feeds: links are made, shown once, and revoked. What a calendar says is made when somebody looks, in `http/calendar/`.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::{
    booking::feed::{self, Feed},
    customer::Customer,
    db::DbError,
    employee::EmployeeRow,
};

use crate::{
    actions::change::{Change, Deed},
    http::{calendar::link::NewLink, failure::Failure},
};

/// Whose calendar it is to be.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'w> {
    /// The studio's.
    Studio,
    /// Of one of its employees.
    Employee(&'w EmployeeRow),
    /// Of one of its customers.
    Customer(&'w Customer),
}

/// Makes a calendar of a studio, or of somebody of that studio, that a fresh link opens.
///
/// # Errors
/// Refuses somebody who is archived, and customers who refuse third parties: calendar programs are some.
pub fn make(change: &mut Change<'_, '_>, studio: i64, whose: Whose<'_>, link: &NewLink) -> Result<Feed, Failure> {
    match whose {
        Whose::Employee(employee) if employee.archived_at.is_some() => return Err(ErrorCode::EmployeeNotFound.into()),
        Whose::Customer(customer) if customer.archived_at.is_some() => return Err(ErrorCode::CustomerArchived.into()),
        Whose::Customer(customer) if customer.withheld => {
            return Err(ErrorCode::ThirdPartyCustomerAccessDisabled.into());
        }
        _ => {}
    }
    let made = Feed {
        id: change.tx.next_id()?,
        studio_id: studio,
        employee_id: if let Whose::Employee(employee) = whose { Some(employee.id) } else { None },
        customer_id: if let Whose::Customer(customer) = whose { Some(customer.id) } else { None },
        made_by: change.actor(),
        made_at: change.system_now(),
        revoked_at: None,
    };
    feed::insert(change.tx, change.tenant, &made, &link.hash(), link.key())?;
    let actions = ["studio.calendar-feed-made", "employee.calendar-feed-made", "customer.calendar-feed-made"];
    change.record(deed(actions, &made).field("calendarFeedId", (), made.id));
    Ok(made)
}

/// Refuses the link of a calendar from now on, on every server process. `false`: it was refused already.
///
/// # Errors
/// The database's.
pub fn revoke(change: &mut Change<'_, '_>, present: &Feed) -> Result<bool, DbError> {
    let now = change.system_now();
    if !feed::revoke(change.tx, change.tenant, present.id, now)? {
        return Ok(false);
    }
    let actions = ["studio.calendar-feed-revoked", "employee.calendar-feed-revoked", "customer.calendar-feed-revoked"];
    change.record(deed(actions, present).field("calendarFeedId", present.id, ()));
    Ok(true)
}

/// Something done to a feed: to the studio, the employee or the customer, as the three actions say it.
fn deed([of_studio, of_employee, of_customer]: [&'static str; 3], feed: &Feed) -> Deed {
    let (action, kind, id) = match (feed.employee_id, feed.customer_id) {
        (_, Some(customer)) => (of_customer, "customer", customer),
        (Some(employee), None) => (of_employee, "employee", employee),
        (None, None) => (of_studio, "studio", feed.studio_id),
    };
    Deed::new(action).studio(feed.studio_id).subject(kind, id)
}
