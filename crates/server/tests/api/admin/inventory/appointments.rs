//! Kinds of appointments.

use serde_json::{Value, json};

use super::{IN_USE, Office, keys};
use crate::{appointments::GYM, support::with_gym};

const NOWHERE: &str = "errormessage.bookable.appointment.not.found";

#[test]
fn an_appointment_defined_in_the_back_office_is_booked_with_a_trainer_hired_there() {
    with_gym(GYM, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let (nora, bed) = (office.hire("Nora").await, office.add("/resources", json!({ "name": "Bed" })).await);
        let definition = json!({
            "name": "Massage", "minutes": 30, "every_minutes": 30, "needs_allowance": false,
            "instructors": [nora, "cy"], "rooms": ["studio"], "resources": [[bed["key"]]],
        });
        let made = office.add("/appointment-types", definition.clone()).await;
        assert_eq!((&made["definition"], made.get("class")), (&definition, None));
        let titles = async || {
            let list = gym.get(&key, "/v1/appointments/bookable").await.json();
            let titles = list["result"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned());
            titles.collect::<Vec<_>>()
        };
        assert_eq!(titles().await.last().unwrap(), "Massage");
        let path = format!("/v1/appointments/bookable/{}/slots?slotWindowStartDate=2026-11-23&daysAhead=1", made["id"]);
        let free = gym.get(&key, &path).await.json();
        let names = |slot: &Value| {
            let all = slot["instructors"].as_array().unwrap().iter();
            all.map(|one| one["firstName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            (&free[0]["startDateTime"], names(&free[0])),
            (&json!("2026-11-23T08:00:00.000+01:00"), vec!["Nora".to_owned(), "Cy".to_owned()])
        );
        let mia = gym.customer("north", "mia").await;
        let wish = json!({
            "customerId": mia, "bookableAppointmentId": made["id"],
            "startDateTime": "2026-11-23T08:00:00.000+01:00", "endDateTime": "2026-11-23T08:30:00.000+01:00",
        });
        let made_booking = gym.send_json("POST", &key, "/v1/appointments/booking/book", &wish.to_string()).await.json();
        let booking = format!("/v1/appointments/booking/{}", made_booking["bookingId"]);
        assert_eq!(names(&gym.get(&key, &booking).await.json()), ["Nora"]);
        // The bed is taken, and there is no other.
        let free = gym.get(&key, &path).await.json();
        assert_eq!(free[0]["startDateTime"], "2026-11-23T08:30:00.000+01:00");

        // What is needed is not to be had without it.
        let refusal = office.act("/resources", &bed, "retire").await.refusal(400, IN_USE);
        assert!(refusal.error_message.contains(made["key"].as_str().unwrap()), "{}", refusal.error_message);
        let hidden = json!({ "name": "Massage", "minutes": 30, "online": false });
        let hidden = office.change("/appointment-types", &made, hidden).await.json();
        assert!(!titles().await.contains(&"Massage".to_owned()));
        office.act("/resources", &bed, "retire").await.json();
        office.change("/appointment-types", &hidden, definition).await.refusal(400, super::INVALID);
        // Taken out of use it is seen by nobody, and what was booked stays booked.
        let talk = office.named("/appointment-types", "talk").await;
        office.act("/appointment-types", &talk, "retire").await.json();
        gym.get(&key, &format!("/v1/appointments/bookable/{}", talk["id"])).await.refusal(404, NOWHERE);
        office.act("/appointment-types", &hidden, "retire").await.json();
        let booked = gym.get(&key, &booking).await.json();
        assert_eq!(booked["bookingStatus"], "BOOKED");
        assert_eq!(office.act("/appointment-types", &talk, "restore").await.json(), talk);
        gym.get(&key, &format!("/v1/appointments/bookable/{}", talk["id"])).await.json();
    });
}

#[test]
fn an_appointment_of_the_file_is_changed_until_the_file_is_applied_again() {
    with_gym(GYM, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let training = office.named("/appointment-types", "training").await;
        let mut definition = training["definition"].clone();
        definition["minutes"] = json!(45);
        definition["conditions"] = json!({ "offers": ["coached"], "min_age": 16 });
        office.change("/appointment-types", &training, definition).await.json();
        let seen = async || gym.get(&key, &format!("/v1/appointments/bookable/{}", training["id"])).await.json();
        let now = seen().await;
        assert_eq!((&now["duration"], now["imgUrl"].is_string()), (&json!(45), true));
        gym.apply(GYM).await;
        assert_eq!(seen().await["duration"], 60);
        assert_eq!(office.named("/appointment-types", "training").await, training);
        let all = ["training", "check", "ride", "adults", "talk", "secret"];
        assert_eq!(keys(&office.get("/appointment-types").await), all);
    });
}
