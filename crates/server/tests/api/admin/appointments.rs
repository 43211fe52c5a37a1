//! Appointments in the back office: booked, moved, canceled and noted by staff.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{RIGHT_MISSING, call, last_record, signed_in};
use crate::{
    appointments::{Booker, GYM, appointment, trainer},
    support::{Answer, Gym, with_gym},
};

const NOBODY: &str = "errormessage.booking.not.found";
const TAKEN: &str = "errormessage.booking.resource.not.available";

/// The north's back office, with somebody in it.
struct Office<'g> {
    gym: &'g Gym,
    token: String,
    path: String,
}

impl<'g> Office<'g> {
    async fn of(gym: &'g Gym, role: Role) -> Self {
        let token = signed_in(gym, role, "north").await;
        Self { gym, token, path: format!("/studios/{}/appointment-bookings", gym.studio("north").await) }
    }

    async fn send(&self, method: &str, below: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        call(self.gym, &self.token, method, &format!("{}{below}", self.path), &body).await
    }

    async fn get(&self, below: &str) -> Answer {
        self.send("GET", below, &Value::Null).await
    }

    async fn wish(&self, customer: &str, appointment_key: &str, start: &str, end: &str) -> Value {
        Booker { gym: self.gym, key: String::new() }.wish(customer, appointment_key, start, end).await
    }
}

#[test]
fn bo_2_staff_books_moves_cancels_and_notes_who_came() {
    with_gym(GYM, |gym| async move {
        let office = Office::of(&gym, Role::Desk).await;
        let (ada, bo) = (trainer(&gym, "north", "ada").await, trainer(&gym, "north", "bo").await);
        let wish = office.wish("mia", "training", "23T10:00", "23T11:00").await;
        let before = gym.end_of_journal().await;
        let made = office.send("POST", "", &wish).await.json();
        let id = made["id"].as_i64().unwrap();
        let expected = json!({
            "id": id,
            "bookableAppointmentId": appointment(&gym, "north", "training").await,
            "title": "Personal training",
            "customerId": gym.customer("north", "mia").await,
            "firstName": "Mia",
            "lastName": "Member",
            "startDateTime": "2026-11-23T10:00:00.000+01:00",
            "endDateTime": "2026-11-23T11:00:00.000+01:00",
            "bookingStatus": "BOOKED",
            "appointmentStatus": "PLANNED",
            "participantStatus": "UNSET",
            "instructorIds": [ada],
            "roomId": made["roomId"],
            "resourceIds": [],
            "canceledLate": false,
        });
        assert_eq!(made, expected);
        assert!(last_record(&gym).await.0.starts_with("staff:"));
        let one = format!("/{id}");
        assert_eq!(office.get(&one).await.json(), made);
        assert_eq!(last_record(&gym).await.1, "appointment.read");
        // To another hour, and to another trainer of the same time.
        let to = |start: &str, end: &str, people: &[i64]| {
            json!({
                "startDateTime": format!("2026-11-{start}:00+01:00"),
                "endDateTime": format!("2026-11-{end}:00+01:00"),
                "instructorIds": people,
            })
        };
        let moved = office.send("PUT", &one, &to("23T10:30", "23T11:30", &[bo])).await.json();
        assert_eq!(
            (&moved["startDateTime"], &moved["instructorIds"]),
            (&json!("2026-11-23T10:30:00.000+01:00"), &json!([bo]))
        );
        // What it took before is free again, but for what it takes now.
        let booker = Booker::of(&gym).await;
        let free = booker.slots("training", "?slotWindowStartDate=2026-11-23").await;
        assert_eq!(free[..2], ["23T09:00 Ada", "23T12:00 Bo"]);
        office.send("PUT", &one, &to("23T16:00", "23T17:00", &[])).await.refusal(400, TAKEN);
        assert_eq!(
            office.get(&one).await.json()["startDateTime"],
            moved["startDateTime"],
            "nothing is left of a refusal"
        );
        let came = json!({ "participantStatus": "PARTICIPATING" });
        let noted = office.send("PUT", &format!("{one}/participation"), &came).await.json();
        assert_eq!(noted["participantStatus"], "PARTICIPATING");
        assert_eq!(booker.read(id).await["participantStatus"], "PARTICIPATING");
        let canceled = office.send("DELETE", &one, &Value::Null).await.json();
        assert_eq!((&canceled["bookingStatus"], &canceled["canceledLate"]), (&json!("CANCELED"), &json!(true)));
        office.send("DELETE", &one, &Value::Null).await.refusal(400, "errormessage.booking.already.canceled");
        office
            .send("PUT", &one, &to("24T09:00", "24T10:00", &[]))
            .await
            .refusal(400, "errormessage.booking.already.canceled");
        office
            .send("PUT", &format!("{one}/participation"), &came)
            .await
            .refusal(400, "errormessage.booking.without.place");
        let told: Vec<String> = gym.events_after(before).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(told, ["CREATED", "UPDATED", "CANCELLED"].map(|what| format!("APPOINTMENT_BOOKING_{what}")));
    });
}

#[test]
fn app_6_staff_gives_back_what_was_taken_or_not() {
    with_gym(GYM, |gym| async move {
        let office = Office::of(&gym, Role::Desk).await;
        let booker = Booker::of(&gym).await;
        let third = booker.wish("mia", "training", "23T14:00", "23T15:00").await;
        let mut ids = Vec::new();
        for (start, end) in [("23T10:00", "23T11:00"), ("24T09:00", "24T10:00")] {
            ids.push(booker.booked("mia", "training", start, end).await);
        }
        assert_eq!(booker.validate(&third).await, "NO_CONTINGENT");
        office.send("DELETE", &format!("/{}", ids[0]), &Value::Null).await.json();
        assert_eq!(booker.validate(&third).await, "NO_CONTINGENT");
        office.send("DELETE", &format!("/{}?giveBack=true", ids[1]), &Value::Null).await.json();
        assert_eq!(booker.validate(&third).await, "AVAILABLE");
        // Moving takes once, however often.
        let id = booker.booked("mia", "training", "23T14:00", "23T15:00").await;
        for (start, end) in [("24T09:00", "24T10:00"), ("23T14:00", "23T15:00"), ("24T10:00", "24T11:00")] {
            let to = office.wish("mia", "training", start, end).await;
            let to = json!({ "startDateTime": to["startDateTime"], "endDateTime": to["endDateTime"] });
            assert_eq!(office.send("PUT", &format!("/{id}"), &to).await.status, 200, "{start}");
        }
        booker.cancel(id).await.json();
        assert_eq!(booker.validate(&third).await, "AVAILABLE");
    });
}

#[test]
fn bo_2_against_the_rules_but_not_against_what_is_taken() {
    with_gym(GYM, |gym| async move {
        let office = Office::of(&gym, Role::Desk).await;
        for (customer, key, start, end, code) in [
            ("ned", "training", "23T10:10", "23T11:10", "no.contingent"),
            ("pia", "check", "25T10:00", "25T10:30", "studio.closed"),
            ("kid", "adults", "20T10:00", "20T10:30", "past.start.date.time"),
            // Staff may see and book those who do not want to be seen by third parties.
            ("hidden", "secret", "24T10:05", "24T10:35", "not.available"),
        ] {
            let mut wish = office.wish(customer, key, start, end).await;
            let refused = office.send("POST", "", &wish).await;
            refused.refusal(400, &format!("errormessage.booking.{code}"));
            wish["override"] = json!(true);
            let before = gym.end_of_journal().await;
            assert_eq!(office.send("POST", "", &wish).await.json()["bookingStatus"], "BOOKED", "{key}");
            let record = gym.journal_after(before).await.pop().unwrap();
            assert!(record.changes.unwrap().contains(r#""againstRules":{"to":true}"#));
            let told = gym.events_after(before).await.len();
            assert_eq!(told, usize::from(customer != "hidden"), "{customer}");
        }
        let mut ancient = office.wish("mia", "talk", "24T10:00", "24T10:30").await;
        (ancient["startDateTime"], ancient["endDateTime"], ancient["override"]) =
            (json!("-009999-01-03T10:00:00Z"), json!("-009999-01-03T10:30:00Z"), json!(true));
        office.send("POST", "", &ancient).await.refusal(400, "errormessage.booking.past.start.date.time");
        for (start, end, code) in [
            ("23T10:30", "23T11:30", "resource.not.available"),
            ("24T10:00", "24T09:00", "end.date.time.not.after.start.date.time"),
            ("24T10:00", "24T10:30", "period.does.not.match"),
        ] {
            let mut wish = office.wish("mia", "training", start, end).await;
            wish["override"] = json!(true);
            office.send("POST", "", &wish).await.refusal(400, &format!("errormessage.booking.{code}"));
        }
    });
}

#[test]
fn appointments_are_listed_by_days() {
    with_gym(GYM, |gym| async move {
        let office = Office::of(&gym, Role::ReadOnly).await;
        let booker = Booker::of(&gym).await;
        let late = booker.booked("mia", "talk", "28T10:00", "28T10:30").await;
        let first = booker.booked("mia", "talk", "23T10:00", "23T10:30").await;
        let gone = booker.booked("noa", "check", "23T10:00", "23T10:30").await;
        booker.cancel(gone).await.json();
        let ids = async |query: &str| {
            let page = office.get(query).await.json();
            page["result"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(ids("").await, [first, gone]);
        assert_eq!(ids("?days=8").await, [first, gone, late]);
        assert_eq!(ids("?from=2026-11-28&days=1").await, [late]);
        assert_eq!(ids("?from=2026-11-24&days=4").await, Vec::<i64>::new());
        assert_eq!(ids("?days=8&offset=2").await, [late]);
        for (query, code) in
            [("?days=0", "number.out.of.range"), ("?days=32", "number.out.of.range"), ("?from=x", "field.invalid")]
        {
            office.get(query).await.refusal(400, &format!("errormessage.validation.{code}"));
        }
    });
}

#[test]
fn appointments_of_others_and_of_nobody_are_out_of_reach() {
    with_gym(GYM, |gym| async move {
        let other = gym.apply(&GYM.replace("key: acme", "key: umbrella")).await;
        let office = Office::of(&gym, Role::Manager).await;
        let id = Booker::of(&gym).await.booked("mia", "talk", "23T10:00", "23T10:30").await;
        let wish = office.wish("mia", "talk", "24T10:00", "24T10:30").await;
        let came = json!({ "participantStatus": "PARTICIPATING" });
        let to = json!({ "startDateTime": wish["startDateTime"], "endDateTime": wish["endDateTime"] });
        let southern = Office {
            gym: &gym,
            token: signed_in(&gym, Role::Desk, "south").await,
            path: format!("/studios/{}/appointment-bookings", gym.studio("south").await),
        };
        for (office, id) in [(&office, 0), (&office, -1), (&office, i64::MAX), (&southern, id)] {
            office.get(&format!("/{id}")).await.refusal(404, NOBODY);
            office.send("PUT", &format!("/{id}"), &to).await.refusal(404, NOBODY);
            office.send("DELETE", &format!("/{id}"), &Value::Null).await.refusal(404, NOBODY);
            office.send("PUT", &format!("/{id}/participation"), &came).await.refusal(404, NOBODY);
        }
        let massage = appointment(&gym, "south", "massage").await;
        let foreign = gym.customer_of(other, "north", "mia").await;
        let with = |field: &str, value: Value| {
            let mut wish = wish.clone();
            wish[field] = value;
            wish
        };
        for (field, value, status, code) in [
            ("bookableAppointmentId", json!(massage), 404, "errormessage.bookable.appointment.not.found"),
            ("bookableAppointmentId", json!(0), 404, "errormessage.bookable.appointment.not.found"),
            ("customerId", json!(foreign), 404, "errormessage.customer.not.found"),
            ("customerId", json!("x"), 400, "errormessage.validation.field.invalid"),
            ("startDateTime", json!("soon"), 400, "errormessage.validation.field.invalid"),
            ("why", json!("x"), 400, "errormessage.validation.field.unknown"),
        ] {
            let refusal = office.send("POST", "", &with(field, value)).await.refusal(status, code);
            assert_eq!(refusal.reference.as_deref(), Some(field), "{code}");
        }
        let reader = Office::of(&gym, Role::ReadOnly).await;
        reader.send("POST", "", &wish).await.refusal(403, RIGHT_MISSING);
        reader.send("DELETE", &format!("/{id}"), &Value::Null).await.refusal(403, RIGHT_MISSING);
    });
}
