//! The group Appointments.

mod absences;
mod bookable;
mod bookings;
mod races;
mod refusals;
mod slots;

use gymkeeper_store::{
    employee,
    inventory::{self, Kind},
};
use serde_json::{Value, json};

use crate::support::{Answer, Gym};

/// Two studios; trainers with hours, a room, resources, and members who may book various things.
pub(crate) const GYM: &str = include_str!("gym.yaml");

const BOOK: &str = "/v1/appointments/booking/book";
const VALIDATE: &str = "/v1/appointments/bookable/validate";

/// The id of an appointment of a studio of the test's tenant.
pub(crate) async fn appointment(gym: &Gym, studio: &str, key: &str) -> i64 {
    let (tenant, studio, key) = (gym.tenant, gym.studio(studio).await, key.to_owned());
    let entries =
        gym.app.db.read(move |tx| inventory::of_kind(tx, tenant, studio, Kind::AppointmentType)).await.unwrap();
    entries.into_iter().find(|entry| entry.key == key).unwrap().id
}

/// The id of an employee of a studio of the test's tenant.
pub(crate) async fn trainer(gym: &Gym, studio: &str, key: &str) -> i64 {
    let (tenant, studio, key) = (gym.tenant, gym.studio(studio).await, key.to_owned());
    let people = gym.app.db.read(move |tx| employee::of_gym_file(tx, tenant, studio)).await.unwrap();
    people.into_iter().find(|row| row.key.as_deref() == Some(&key)).unwrap().id
}

/// Somebody who books in the north.
pub(crate) struct Booker<'g> {
    pub(crate) gym: &'g Gym,
    pub(crate) key: String,
}

impl<'g> Booker<'g> {
    pub(crate) async fn of(gym: &'g Gym) -> Self {
        Self { gym, key: gym.key("north").await }
    }

    /// What a booking asks for, by keys and local times of a day in November 2026, such as `23T10:00`.
    pub(crate) async fn wish(&self, customer: &str, appointment_key: &str, start: &str, end: &str) -> Value {
        json!({
            "customerId": self.gym.customer("north", customer).await,
            "bookableAppointmentId": appointment(self.gym, "north", appointment_key).await,
            "startDateTime": format!("2026-11-{start}:00.000+01:00"),
            "endDateTime": format!("2026-11-{end}:00.000+01:00"),
        })
    }

    pub(crate) async fn send(&self, path: &str, wish: &Value) -> Answer {
        self.gym.send_json("POST", &self.key, path, &wish.to_string()).await
    }

    pub(crate) async fn validate(&self, wish: &Value) -> String {
        self.send(VALIDATE, wish).await.json()["validationStatus"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn book(&self, customer: &str, appointment: &str, start: &str, end: &str) -> Answer {
        let wish = self.wish(customer, appointment, start, end).await;
        self.send(BOOK, &wish).await
    }

    /// Books what can be booked, and answers the id.
    pub(crate) async fn booked(&self, customer: &str, appointment: &str, start: &str, end: &str) -> i64 {
        self.book(customer, appointment, start, end).await.json()["bookingId"].as_i64().unwrap()
    }

    pub(crate) async fn cancel(&self, booking: i64) -> Answer {
        self.gym.send("DELETE", &format!("/v1/appointments/booking/{booking}"), &[("x-api-key", &self.key)], "").await
    }

    pub(crate) async fn read(&self, booking: i64) -> Value {
        self.gym.get(&self.key, &format!("/v1/appointments/booking/{booking}")).await.json()
    }

    /// The free times of an appointment as `day hour names`.
    pub(crate) async fn slots(&self, appointment_key: &str, query: &str) -> Vec<String> {
        let id = appointment(self.gym, "north", appointment_key).await;
        let found = self.gym.get(&self.key, &format!("/v1/appointments/bookable/{id}/slots{query}")).await.json();
        let shown = |slot: &Value| {
            let names = slot["instructors"].as_array().unwrap().iter().map(|one| one["firstName"].as_str().unwrap());
            let start = slot["startDateTime"].as_str().unwrap();
            [&start[8..16]].into_iter().chain(names).collect::<Vec<_>>().join(" ")
        };
        found.as_array().unwrap().iter().map(shown).collect()
    }
}
