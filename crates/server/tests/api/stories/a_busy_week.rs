//! A week of a studio with many classes, up to the Sunday on which the clocks are changed: a trainer falls ill, a class is moved, one is
//! called off, a waiting list moves up, and the week after is published night by night.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::Story;
use crate::{
    admin::{call, signed_in},
    classes::{book, booked, cancel, slot, status},
    support::{CLASSES, Gym, with_gym},
};

/// The slot as staff sees it, in the form in which it is changed.
async fn changed(gym: &Gym, token: &str, id: i64, change: impl Fn(&mut Value)) {
    let path = format!("/studios/{}/class-slots/{id}", gym.studio("north").await);
    let now = call(gym, token, "GET", &path, "").await.json()["slot"].clone();
    let mut wanted = json!({
        "startDateTime": now["startDateTime"], "endDateTime": now["endDateTime"], "roomId": now["roomId"],
        "instructorIds": now["instructorIds"], "maxParticipants": now["maxParticipants"],
        "maxWaitingListParticipants": now["maxWaitingListParticipants"],
        "additionalParticipants": now["additionalParticipants"],
    });
    change(&mut wanted);
    call(gym, token, "PUT", &path, &wanted.to_string()).await.json();
}

#[test]
fn a_sick_trainer_a_moved_class_a_cancelled_one_and_a_sunday_of_23_hours() {
    with_gym(CLASSES, |gym| async move {
        let gym = &gym;
        let mut story = Story::of(gym).await;
        // Monday morning of the week in which the clocks go forward.
        story.until("2027-03-22T07:00:00Z").await;
        let key = gym.key("north").await;
        let token = signed_in(gym, Role::Manager, "north").await;
        let mut people = Vec::new();
        for name in ["ada", "bea", "cem", "dan"] {
            people.push(gym.customer("north", name).await);
        }
        let yoga = async |day: u32| slot(gym, &key, &format!("2027-03-{day}T18:00")).await;
        let (wednesday, thursday, friday, sunday) = (yoga(24).await, yoga(25).await, yoga(26).await, yoga(28).await);

        // Friday is full at once, and two wait.
        let mut of_friday = Vec::new();
        for person in &people {
            of_friday.push(booked(gym, &key, *person, friday).await);
        }
        let places: Vec<_> = of_friday.iter().map(|(_, status)| status.as_str()).collect();
        assert_eq!(places, ["BOOKED", "BOOKED", "WAITING_LIST", "WAITING_LIST"]);
        let (of_wednesday, _) = booked(gym, &key, people[0], wednesday).await;
        let (of_thursday, _) = booked(gym, &key, people[1], thursday).await;

        // Tina is ill on Wednesday; Tom alone leads.
        story.told(0).await;
        changed(gym, &token, wednesday, |slot| {
            let tom = slot["instructorIds"][1].clone();
            slot["instructorIds"] = json!([tom]);
        })
        .await;
        assert_eq!(story.told(of_wednesday).await, ["CLASS_BOOKING_UPDATED"]);

        // Thursday is an hour later. Bea has something else then, so her place is given back by the desk, and its use.
        story.until("2027-03-24T19:30:00Z").await;
        let key = gym.key("north").await;
        assert_eq!(status(gym, &key, of_wednesday).await, "BOOKED");
        changed(gym, &token, thursday, |slot| {
            slot["startDateTime"] = json!("2027-03-25T19:00:00+01:00");
            slot["endDateTime"] = json!("2027-03-25T20:00:00+01:00");
        })
        .await;
        assert_eq!(story.told(of_thursday).await, ["CLASS_BOOKING_UPDATED"]);
        let path = format!("/studios/{}/class-bookings/{of_thursday}?giveBack=true", gym.studio("north").await);
        call(gym, &token, "DELETE", &path, "").await.json();
        assert_eq!(story.told(of_thursday).await, ["CLASS_BOOKING_CANCELLED"]);

        // Ada gives her place of Friday back in time, and Cem moves up; Dan waits in vain.
        assert_eq!(cancel(gym, &key, of_friday[0].0).await.status, 200);
        assert_eq!(story.told(of_friday[2].0).await, ["CLASS_BOOKING_UPDATED"]);
        story.until("2027-03-26T18:00:00Z").await;
        assert_eq!(story.told(of_friday[3].0).await, ["CLASS_BOOKING_CANCELLED"]);

        // Saturday is called off.
        let key = gym.key("north").await;
        let saturday = slot(gym, &key, "2027-03-27T18:00").await;
        let (of_saturday, _) = booked(gym, &key, people[3], saturday).await;
        let path = format!("/studios/{}/class-slots/{saturday}/call-off", gym.studio("north").await);
        call(gym, &token, "POST", &path, "").await.json();
        assert_eq!(story.told(saturday).await, ["CLASS_SLOT_CANCELLED"]);
        assert_eq!(status(gym, &key, of_saturday).await, "CANCELED");
        book(gym, &key, people[3], saturday).await.refusal(400, "errormessage.appointment.already.canceled");

        // On Sunday the clocks go forward at two. Yoga begins at six in the evening all the same, two hours before which a place can
        // be given back: at four by the new time.
        let shown = crate::classes::shown(gym, &key, sunday).await;
        assert_eq!(shown["startDateTime"], "2027-03-28T18:00:00.000+02:00");
        let (of_sunday, _) = booked(gym, &key, people[0], sunday).await;
        story.until("2027-03-28T14:00:01Z").await;
        let key = gym.key("north").await;
        cancel(gym, &key, of_sunday).await.refusal(400, "errormessage.booking.cancelation.deadline.exceeded");

        // By the next Monday two more weeks can be seen.
        story.until("2027-03-29T07:00:00Z").await;
        let key = gym.key("north").await;
        slot(gym, &key, "2027-04-12T18:00").await;
        let none = gym.get(&key, "/v1/classes/slots?slotWindowStartDate=2027-04-13&daysAhead=1").await.json();
        assert_eq!(none["result"], json!([]));
    });
}
