//! Resources of series: what a class takes nobody else has at that time, also when the series takes something else.

use super::{booked, slot};
use crate::{
    appointments::{Booker, GYM},
    support::with_gym,
};

/// The gym with a class that takes something every Monday at two.
fn with_series(takes: &str) -> String {
    let class = format!(
        "    classes:
      - key: yoga
        name: Yoga
        minutes: 60
        needs_allowance: false
        series: [{{ key: yoga-monday, weekdays: [MONDAY], starts: \"14:00\", from: 2026-11-01, {takes} }}]
"
    );
    GYM.replacen("    appointments:\n", &format!("{class}    appointments:\n"), 1)
}

/// Whether these begin on a day at two: the check needs the scale, a ride one of two bikes.
async fn free_at_two(booker: &Booker<'_>, day: u32) -> [bool; 2] {
    let mut found = [false; 2];
    for (place, appointment) in ["check", "ride"].into_iter().enumerate() {
        let slots = booker.slots(appointment, &format!("?slotWindowStartDate=2026-11-{day}")).await;
        found[place] = slots.contains(&format!("{day}T14:00"));
    }
    found
}

#[test]
fn wh_8_other_resources_of_a_series_are_told_and_the_former_are_free() {
    with_gym(&with_series("resources: [scale]"), |gym| async move {
        let (booker, mia) = (Booker::of(&gym).await, gym.customer("north", "mia").await);
        let yoga = slot(&gym, &booker.key, "2026-11-23T14:00").await;
        let (booking, _) = booked(&gym, &booker.key, mia, yoga).await;
        let told = async |before: i64| {
            let events = gym.events_after(before).await.into_iter();
            events.filter(|(_, about)| [yoga, booking].contains(about)).map(|(kind, _)| kind).collect::<Vec<_>>()
        };
        let both = ["CLASS_SLOT_UPDATED", "CLASS_BOOKING_UPDATED"];
        assert_eq!([free_at_two(&booker, 23).await, free_at_two(&booker, 24).await], [[false, true], [true, true]]);
        // What is taken cannot be booked either, and a class has no time before and after.
        let wish = booker.wish("ned", "check", "23T14:30", "23T15:00").await;
        assert_eq!(booker.validate(&wish).await, "RESOURCE_NOT_AVAILABLE");
        let before_it = booker.wish("ned", "check", "23T13:30", "23T14:00").await;
        assert_eq!(booker.validate(&before_it).await, "AVAILABLE");
        let before = gym.end_of_journal().await;
        gym.apply(&with_series("resources: [bike-1, bike-2]")).await;
        assert_eq!(told(before).await, both);
        assert_eq!(free_at_two(&booker, 23).await, [true, false]);
        assert_eq!(free_at_two(&booker, 30).await, [true, false], "those to come follow as well");
        let before = gym.end_of_journal().await;
        gym.apply(&with_series("resources: [bike-1]")).await;
        assert_eq!(told(before).await, both);
        assert_eq!(free_at_two(&booker, 23).await, [true, true], "one bike is left");
        // The same again tells nothing, and none at all takes none.
        let before = gym.end_of_journal().await;
        gym.apply(&with_series("resources: [bike-1]")).await;
        assert_eq!(gym.end_of_journal().await, before);
        gym.apply(&with_series("resources: []")).await;
        assert_eq!(told(before).await, both);
        // A day that is moved takes them along, and one that is canceled takes none.
        gym.apply(&with_series("resources: [scale], exceptions: [{ on: 2026-11-23, moved_to: 2026-11-24T14:00 }]"))
            .await;
        assert_eq!([free_at_two(&booker, 23).await, free_at_two(&booker, 24).await], [[true, true], [false, true]]);
        let before = gym.end_of_journal().await;
        gym.apply(&with_series("resources: [scale], exceptions: [{ on: 2026-11-23, canceled: true }]")).await;
        assert_eq!(told(before).await, ["CLASS_SLOT_CANCELLED", "CLASS_BOOKING_CANCELLED"]);
        assert_eq!([free_at_two(&booker, 23).await, free_at_two(&booker, 24).await], [[true, true], [true, true]]);
        assert_eq!(free_at_two(&booker, 30).await, [false, true]);
    });
}
