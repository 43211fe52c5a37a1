//! Visitors whom the demo's aggregator sends: one has visits left, one has used them up.

use gymkeeper_store::customer::pack as stored;
use jiff::civil::Date;

use super::people::{back, forward};
use crate::{
    actions::{
        aggregator,
        change::Change,
        customer::{StudioOf, deed, pack::Wanted, prospect::Person},
    },
    http::failure::Failure,
};

/// Of each visitor the names, the aggregator's id, how many visits were paid and how many were made.
const VISITORS: &[(&str, &str, &str, u32, u32)] =
    &[("Mina", "Weber", "SN-20417", 4, 1), ("Jonas", "Albrecht", "SN-20533", 2, 2)];

/// Lets the visitors come.
///
/// # Errors
/// The database's; when the gym file has no aggregator.
pub(super) fn send(change: &mut Change<'_, '_>, home: &StudioOf, today: Date) -> Result<(), Failure> {
    let aggregator = aggregator::named(change.tx, change.tenant, "sportnetz")?;
    for (first_name, last_name, id, uses, used) in VISITORS {
        let email = format!("{}@sportnetz.example", id.to_lowercase());
        let person = Person { first_name, last_name, email: Some(&email) };
        let wanted = Wanted {
            name: format!("{} {uses}x", aggregator.name),
            aggregator: Some(aggregator.id),
            third_party_id: Some((*id).to_owned()),
            valid_from: Some(back(today, 14)),
            valid_until: Some(forward(today, 46)),
            uses: Some(*uses),
            opens_door: true,
            allowance_key: None,
        };
        let entered = aggregator::enter(change, home, &person, &aggregator, wanted)?;
        for ago in 1..=u64::from(*used) {
            stored::take(change.tx, change.tenant, entered.pack.id, back(today, ago))?;
            change.record(deed("pack.used", &entered.customer).field("packId", (), entered.pack.id));
        }
    }
    Ok(())
}
