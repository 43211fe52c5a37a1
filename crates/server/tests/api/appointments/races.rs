//! Bookings at once.

use serde_json::json;

use super::{BOOK, Booker, GYM};
use crate::support::{Gym, join_all, with_gym};

const TAKEN: &str = "errormessage.booking.resource.not.available";

/// As many members who want to train, each with enough to spend.
fn crowd(count: usize) -> String {
    let members: String = (0..count)
        .map(|n| {
            format!(
                "      - {{ key: m{n}, first_name: M{n}, last_name: Member, contracts: [{{ offer: coached, term: coached-24, start: 2026-01-01 }}] }}\n"
            )
        })
        .collect();
    GYM.replacen("    customers:\n", &format!("    customers:\n{members}"), 1)
        .replace("appointments: [training], uses: 2", "appointments: [training], uses: 50")
}

/// How many of the members who want the same time at once get it.
async fn served(gym: &Gym, beside: &Gym, appointment: &str, start: &str, end: &str, count: usize) -> usize {
    let (here, there) = (Booker::of(gym).await, Booker::of(beside).await);
    let mut wishes = Vec::new();
    for n in 0..count {
        wishes.push(here.wish(&format!("m{n}"), appointment, start, end).await);
    }
    let answers = join_all(wishes.iter().enumerate().map(|(n, wish)| {
        let booker = if n % 2 == 0 { &here } else { &there };
        booker.send(BOOK, wish)
    }))
    .await;
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refusal(400, TAKEN);
    }
    answers.iter().filter(|answer| answer.status == 200).count()
}

#[test]
fn app_3_of_several_who_want_the_same_trainer_at_once_exactly_one_wins() {
    with_gym(&crowd(6), |gym| async move {
        gym.beside(async |beside| {
            for (start, end) in
                [("23T09:00", "23T10:00"), ("23T11:30", "23T12:30"), ("24T09:00", "24T10:00"), ("23T14:00", "23T15:00")]
            {
                assert_eq!(served(&gym, &beside, "training", start, end, 6).await, 1, "{start}");
            }
        })
        .await;
    });
}

#[test]
fn app_3_who_is_slower_gets_another_bike_as_long_as_there_is_one() {
    with_gym(&crowd(6), |gym| async move {
        gym.beside(async |beside| {
            for (start, end) in [("23T09:00", "23T09:45"), ("23T11:00", "23T11:45"), ("24T09:00", "24T09:45")] {
                assert_eq!(served(&gym, &beside, "ride", start, end, 6).await, 2, "{start}");
            }
        })
        .await;
    });
}

#[test]
fn nobody_is_in_two_places_at_once() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let mut wishes = Vec::new();
        for (appointment, start, end) in [
            ("talk", "23T10:00", "23T10:30"),
            ("ride", "23T10:00", "23T10:45"),
            ("training", "23T09:30", "23T10:30"),
            ("check", "23T10:15", "23T10:45"),
        ] {
            wishes.push(booker.wish("mia", appointment, start, end).await);
        }
        let answers = join_all(wishes.iter().map(|wish| booker.send(BOOK, wish))).await;
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.refusal(400, "errormessage.booking.customer.in.other.booking");
        }
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    });
}

#[test]
fn app_3_a_class_takes_the_time_of_whoever_leads_it_and_of_its_room() {
    let classes = "    classes:
      - { key: pump, name: Pump, minutes: 60, series: [{ key: pump-monday, weekdays: [MONDAY], starts: \"09:00\", from: 2026-11-01, instructors: [ada] }] }
      - { key: stretch, name: Stretch, minutes: 60, series: [{ key: stretch-monday, weekdays: [MONDAY], starts: \"14:00\", from: 2026-11-01, room: studio }] }
    appointments:\n";
    with_gym(&GYM.replacen("    appointments:\n", classes, 1), |gym| async move {
        let booker = Booker::of(&gym).await;
        let monday = booker.slots("training", "?slotWindowStartDate=2026-11-23").await;
        let starts =
            |hour: &str| monday.iter().filter(|slot| slot.starts_with(&format!("23T{hour}"))).collect::<Vec<_>>();
        assert_eq!(starts("09"), Vec::<&String>::new(), "Ada leads a class: {monday:?}");
        assert_eq!(starts("10"), ["23T10:00 Ada Bo", "23T10:30 Ada Bo"]);
        // A training takes the room for an hour and a quarter.
        assert_eq!(starts("12"), ["23T12:00 Bo", "23T12:30 Bo"]);
        assert_eq!(starts("13"), Vec::<&String>::new());
        assert_eq!(starts("14"), Vec::<&String>::new());
        booker.book("mia", "training", "23T09:00", "23T10:00").await.refusal(400, TAKEN);
        booker.book("mia", "training", "23T14:30", "23T15:30").await.refusal(400, TAKEN);
    });
}

#[test]
fn a_booking_is_canceled_once_however_many_ask() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let id = booker.booked("mia", "training", "23T10:00", "23T11:00").await;
        let before = gym.end_of_journal().await;
        let answers = join_all((0..6).map(|_| booker.cancel(id))).await;
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.refusal(400, "errormessage.booking.already.canceled");
        }
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(gym.events_after(before).await, [("APPOINTMENT_BOOKING_CANCELLED".to_owned(), id)]);
        // What it took came back once: two can be booked again, and no third.
        booker.booked("mia", "training", "23T10:00", "23T11:00").await;
        booker.booked("mia", "training", "24T10:00", "24T11:00").await;
        let third = booker.wish("mia", "training", "23T14:00", "23T15:00").await;
        assert_eq!(booker.validate(&third).await, json!("NO_CONTINGENT"));
    });
}
