//! The group Customers Self-service.

mod address_data;
mod amendments;
mod contact_data;
mod master_data;
mod payment_data;
mod secrets;

use gymkeeper_server::{
    actions::{
        change::{Actor, By},
        customer::amendment,
    },
    http::failure::Failure,
};
use gymkeeper_store::{customer::amendment::Amendment, tenant};

use crate::support::{Gym, NOW};

/// What staff does about an amendment.
pub(super) async fn decide(gym: &Gym, id: i64, accepts: bool) -> Result<Amendment, Failure> {
    let tenant = gym.tenant;
    gym.app
        .db
        .write(move |tx| {
            let tenant = tenant::list(tx)?.into_iter().find(|known| known.id() == tenant).unwrap();
            let by = By::new(Actor::Cli("desk".to_owned()), NOW.parse().unwrap());
            let mut change = by.changes(tx, &tenant);
            let decide = if accepts { amendment::accept } else { amendment::reject };
            decide(&mut change, id, Some(" seen the passport "))
        })
        .await
}

/// The path to one kind of a customer's data, such as `contact-data`.
pub(crate) fn path(customer: i64, kind: &str) -> String {
    format!("/v1/customers/{customer}/self-service/{kind}")
}

/// The path to an amendment.
pub(super) fn amendment_path(customer: i64, id: i64) -> String {
    path(customer, &format!("amendment/{id}"))
}
