//! The group Cross Studio: what an integration sees of other studios, and what not.

mod customers;
mod offers;
mod visits;

use crate::support::Gym;

/// Keys of one integration for the first studio of the tenant and for the second.
async fn both(gym: &Gym) -> (String, (i64, String)) {
    (gym.key("north").await, gym.key_with(gym.tenant, "south", None, None).await)
}
