//! Trials of appointments: what can be tried when, validating and booking, confirming, and what the studio may do meanwhile.

use gymkeeper_domain::staff::Role;
use gymkeeper_server::workers::jobs;
use gymkeeper_store::inventory::Kind;
use serde_json::{Value, json};

use super::{confirm, confirming, entry, text};
use crate::{
    admin::{call, customer_path, signed_in},
    appointments::{Booker, GYM, appointment},
    support::{Gym, with_gym},
};

const LIST: &str = "/v1/trial-offers/bookable-trial-offers/appointments/bookable";
const VALIDATE: &str = "/v1/trial-offers/appointments/booking/validate";
const BOOK: &str = "/v1/trial-offers/appointments/booking/book";
const MONDAY: &str = "?slotWindowStartDate=2026-11-23";
const WAITS: &str = "BOOKED_WITH_CONFIRMATION_REQUIRED";

/// The appointments with trial offers: training needs to be confirmed a day before, and is tried twice on different days. A sample can only be tried.
fn gym_file() -> String {
    let sample = "      - { key: sample, name: Sample, minutes: 30, trial_only: true }\n";
    let north = "    trial_offers:
      - key: taste
        name: Taste
        contingent: 2
        prevent_multiple_bookings: 1 DAY
        confirm_before: 1 DAY
        appointments: [training]
      - { key: plain, name: Plain, contingent: 5, appointments: [check, sample, secret, adults] }
";
    let south = "    trial_offers: [{ key: taste, name: Taste, appointments: [massage] }]\n";
    let yaml = GYM
        .replacen("    customers:\n      - key: mia", &format!("{sample}{north}    customers:\n      - key: mia"), 1)
        .replacen("    customers:\n      - { key: dora", &format!("{south}    customers:\n      - {{ key: dora"), 1);
    assert_eq!(yaml.matches("trial_offers").count(), 2);
    yaml
}

async fn slots(booker: &Booker<'_>, key: &str, query: &str) -> Vec<String> {
    let id = appointment(booker.gym, "north", key).await;
    let found = booker.gym.get(&booker.key, &format!("{LIST}/{id}/slots{query}")).await.json();
    found.as_array().unwrap().iter().map(|slot| slot["startDateTime"].as_str().unwrap()[8..16].to_owned()).collect()
}

async fn validate(booker: &Booker<'_>, wish: &Value) -> String {
    text(&booker.send(VALIDATE, wish).await.json()["validationStatus"])
}

/// Pia, who has no contract, tries the training on Monday at ten, which she can confirm until Sunday at ten by the studio's clock.
async fn monday<'g>(gym: &'g Gym) -> (Booker<'g>, i64) {
    let booker = Booker::of(gym).await;
    let wish = booker.wish("pia", "training", "23T10:00", "23T11:00").await;
    let made = booker.send(BOOK, &wish).await.json();
    assert_eq!(made["bookingStatus"], WAITS);
    (booker, made["bookingId"].as_i64().unwrap())
}

/// Moves the clock, and answers somebody who books then.
async fn at<'g>(gym: &'g Gym, instant: &str) -> Booker<'g> {
    gym.set_clock(instant).await;
    Booker::of(gym).await
}

/// The events about bookings behind a position.
async fn told(gym: &Gym, position: i64) -> Vec<(String, i64)> {
    let mut events = gym.events_after(position).await;
    events.retain(|(kind, _)| kind.starts_with("APPOINTMENT_BOOKING"));
    events
}

#[test]
fn tri_1_6_and_app_8_appointments_to_try_are_listed_with_their_offer() {
    with_gym(&gym_file(), |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let page = gym.get(&north, LIST).await.json();
        let listed = page["result"].as_array().unwrap();
        let titles: Vec<_> =
            listed.iter().map(|one| one["trialOfferBookableAppointment"]["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Personal training", "Body check", "Adults only", "Sample"]);
        let training = appointment(&gym, "north", "training").await;
        let mut shown = gym.get(&north, &format!("/v1/appointments/bookable/{training}")).await.json();
        shown["imgUrl"] = listed[0]["trialOfferBookableAppointment"]["imgUrl"].clone();
        assert!(shown["imgUrl"].is_string());
        let config = entry(&gym, "north", Kind::TrialOffer, "taste").await;
        let expected = json!({ "trialOfferConfigId": config, "trialOfferBookableAppointment": shown, "id": training });
        assert_eq!(listed[0], expected);
        assert_eq!((&page["hasNext"], &page["offset"]), (&json!(false), &json!(listed[3]["id"].to_string())));
        let rest = gym.get(&north, &format!("{LIST}?offset={training}")).await.json();
        assert_eq!(rest["result"].as_array().unwrap()[..], listed[1..]);
        for (query, code) in [
            ("?sliceSize=9", "slice.size.out.of.range"),
            ("?sliceSize=101", "slice.size.out.of.range"),
            ("?offset=-1", "offset.invalid"),
        ] {
            let answer = gym.get(&north, &format!("{LIST}{query}")).await;
            answer.refusal(400, &format!("errormessage.validation.{code}"));
        }
        // What can only be tried is nowhere else.
        let sample = appointment(&gym, "north", "sample").await;
        let usual = gym.get(&north, "/v1/appointments/bookable").await.json();
        assert!(usual["result"].as_array().unwrap().iter().all(|one| one["id"] != sample));
        let unknown = "errormessage.bookable.appointment.not.found";
        for path in [format!("/v1/appointments/bookable/{sample}"), format!("/v1/appointments/bookable/{sample}/slots")]
        {
            gym.get(&north, &path).await.refusal(404, unknown);
        }
        let booker = Booker::of(&gym).await;
        assert!(!slots(&booker, "sample", MONDAY).await.is_empty());
        let wish = booker.wish("mia", "sample", "23T10:00", "23T10:30").await;
        booker.send("/v1/appointments/booking/book", &wish).await.refusal(400, "errormessage.booking.no.contingent");
        for key in ["ride", "secret"] {
            let id = appointment(&gym, "north", key).await;
            gym.get(&north, &format!("{LIST}/{id}/slots")).await.refusal(404, unknown);
        }
        gym.get(&north, &format!("{LIST}/77/slots")).await.refusal(404, unknown);
        let other = "errormessage.authorization.other.studio";
        gym.get(&south, &format!("{LIST}/{training}/slots")).await.refusal(403, other);
        assert_eq!(gym.get(&south, LIST).await.json()["result"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn tri_3_and_5_times_at_which_somebody_may_try() {
    with_gym(&gym_file(), |gym| async move {
        let booker = Booker::of(&gym).await;
        let (pia, mia) = (gym.customer("north", "pia").await, gym.customer("north", "mia").await);
        let all = slots(&booker, "training", MONDAY).await;
        assert_eq!(all.len(), 16);
        let hers = format!("{MONDAY}&customerId={pia}");
        assert_eq!(booker.slots("training", &hers).await, [""; 0], "she has paid for nothing");
        assert_eq!(slots(&booker, "training", &hers).await, all);
        assert_eq!(slots(&booker, "training", &format!("{MONDAY}&customerId={mia}")).await, [""; 0], "a member");
        // A day apart, to the minute.
        let wish = booker.wish("pia", "training", "23T10:00", "23T11:00").await;
        booker.send(BOOK, &wish).await.json();
        assert_eq!(slots(&booker, "training", &hers).await, ["24T10:00", "24T10:30"]);
        let wish = booker.wish("pia", "training", "24T10:00", "24T11:00").await;
        booker.send(BOOK, &wish).await.json();
        assert_eq!(
            slots(&booker, "training", &format!("?slotWindowStartDate=2026-11-30&customerId={pia}")).await,
            [""; 0]
        );
        let training = appointment(&gym, "north", "training").await;
        let ask = async |query: &str| gym.get(&booker.key, &format!("{LIST}/{training}/slots?{query}")).await;
        for wrong in ["0", "7", "x"] {
            let answer = ask(&format!("daysAhead={wrong}")).await;
            answer.refusal(400, "errormessage.validation.days.ahead.out.of.range");
        }
        ask("slotWindowStartDate=tomorrow").await.refusal(400, "errormessage.validation.field.invalid");
        ask("customerId=77").await.refusal(404, "errormessage.customer.not.found");
        let hidden = gym.customer("north", "hidden").await;
        let withheld = "errormessage.third.party.customer.access.disabled";
        ask(&format!("customerId={hidden}")).await.refusal(403, withheld);
    });
}

#[test]
fn app_4_every_outcome_of_validation_is_an_error_of_booking() {
    with_gym(&gym_file(), |gym| async move {
        let (booker, _) = monday(&gym).await;
        let of = async |customer: &str, key: &str, start: &str, end: &str| booker.wish(customer, key, start, end).await;
        let mut late = of("pia", "training", "30T09:00", "30T10:00").await;
        (late["startDateTime"], late["endDateTime"]) =
            (json!("2026-12-01T12:30:00+01:00"), json!("2026-12-01T13:30:00+01:00"));
        let before = gym.end_of_journal().await;
        for (wish, expected) in [
            (of("pia", "training", "24T10:00", "24T09:00").await, "END_DATE_TIME_NOT_AFTER_START_DATE_TIME"),
            (of("pia", "training", "21T11:00", "21T12:00").await, "PAST_START_DATE_TIME"),
            (of("pia", "training", "24T10:00", "24T10:30").await, "PERIOD_DOES_NOT_MATCH"),
            (of("pia", "training", "21T13:00", "21T14:00").await, "DATE_TIME_BEFORE_EARLIEST_BOOKING_DATE_TIME"),
            (late, "DATE_TIME_AFTER_LATEST_BOOKING_DATE_TIME"),
            (of("pia", "training", "25T10:00", "25T11:00").await, "STUDIO_CLOSED"),
            // She is of no known age, and has no such contract.
            (of("pia", "adults", "24T10:00", "24T10:30").await, "BOOKABLE_APPOINTMENT_RESTRICTIONS_NOT_FULFILLED"),
            (of("pia", "check", "23T10:30", "23T11:00").await, "CUSTOMER_IN_OTHER_BOOKING"),
            (of("mia", "training", "24T10:00", "24T11:00").await, "NO_CONTINGENT"),
            (of("pia", "training", "24T13:00", "24T14:00").await, "RESOURCE_NOT_AVAILABLE"),
            (of("pia", "check", "24T10:10", "24T10:40").await, "NOT_AVAILABLE"),
        ] {
            assert_eq!(validate(&booker, &wish).await, expected);
            let code = format!("errormessage.booking.{}", expected.to_lowercase().replace('_', "."));
            booker.send(BOOK, &wish).await.refusal(400, &code);
        }
        // TRI-3 has reasons of its own.
        let close = of("pia", "training", "24T09:30", "24T10:30").await;
        assert_eq!(validate(&booker, &close).await, "NO_CONTINGENT");
        let code = "errormessage.trial.offer.multiple.bookings.prevented";
        booker.send(BOOK, &close).await.refusal(400, code);
        assert_eq!(gym.end_of_journal().await, before, "nothing was done");
        let second = of("pia", "training", "24T10:00", "24T11:00").await;
        assert_eq!(validate(&booker, &second).await, "AVAILABLE");
        booker.send(BOOK, &second).await.json();
        let third = of("pia", "training", "30T10:00", "30T11:00").await;
        booker.send(BOOK, &third).await.refusal(400, "errormessage.trial.offer.contingent.exhausted");
        // As many as may be booked of these at a time, whoever pays.
        let check = of("pia", "check", "27T10:00", "27T10:30").await;
        assert_eq!(booker.send(BOOK, &check).await.json()["bookingStatus"], "BOOKED");
        let again = of("pia", "check", "27T11:00", "27T11:30").await;
        assert_eq!(validate(&booker, &again).await, "BOOKING_LIMIT_REACHED");
        booker.send(BOOK, &again).await.refusal(400, "errormessage.booking.booking.limit.reached");
    });
}

#[test]
fn tri_6_and_auth_6_what_cannot_be_tried_is_not_there_and_strangers_are_kept_out() {
    with_gym(&gym_file(), |gym| async move {
        let booker = Booker::of(&gym).await;
        let south = gym.key("south").await;
        let tenant = gym.apply(&gym_file().replace("key: acme", "key: zenith")).await;
        let (_, zenith) = gym.key_with(tenant, "north", None, None).await;
        let unknown = "errormessage.bookable.appointment.not.found";
        let of = async |customer: &str, key: &str| booker.wish(customer, key, "24T10:00", "24T11:00").await;
        let with = |mut wish: Value, field: &str, id: i64| {
            wish[field] = json!(id);
            wish
        };
        for path in [VALIDATE, BOOK] {
            let refused = async |key: &str, wish: Value, status: u16, code: &str| {
                let answer = gym.send_json("POST", key, path, &wish.to_string()).await;
                answer.refusal(status, code).reference.map(|reference| reference.to_string())
            };
            let training = of("pia", "training").await;
            for wish in [
                of("pia", "ride").await,
                of("pia", "secret").await,
                with(training.clone(), "bookableAppointmentId", 77),
            ] {
                let reference = refused(&booker.key, wish, 404, unknown).await;
                assert_eq!(reference.as_deref(), Some("bookableAppointmentId"));
            }
            let nobody = with(training.clone(), "customerId", 77);
            let reference = refused(&booker.key, nobody, 404, "errormessage.customer.not.found").await;
            assert_eq!(reference.as_deref(), Some("customerId"));
            let hidden = of("hidden", "training").await;
            refused(&booker.key, hidden, 403, "errormessage.third.party.customer.access.disabled").await;
            let dora = with(training.clone(), "customerId", gym.customer("south", "dora").await);
            refused(&south, dora, 403, "errormessage.authorization.other.studio").await;
            refused(&zenith, training.clone(), 404, "errormessage.customer.not.found").await;
            let stranger = gym.customer_of(tenant, "north", "pia").await;
            refused(&zenith, with(training, "customerId", stranger), 404, unknown).await;
            let reference = refused(&booker.key, json!({}), 400, "errormessage.validation.field.required").await;
            assert_eq!(reference.as_deref(), Some("customerId"));
        }
    });
}

#[test]
fn tri_4_a_trial_of_an_appointment_is_told_of_once_it_is_confirmed() {
    with_gym(&gym_file(), |gym| async move {
        let start = gym.end_of_journal().await;
        let (_, booking) = monday(&gym).await;
        assert_eq!(told(&gym, start).await, []);
        let booker = at(&gym, "2026-11-22T09:00:00Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert_eq!(booker.read(booking).await["bookingStatus"], WAITS, "the last moment counts");
        assert_eq!(confirm(&gym, &booker.key, booking).await, "CONFIRMED");
        assert_eq!(booker.read(booking).await["bookingStatus"], "BOOKED");
        let created = ("APPOINTMENT_BOOKING_CREATED".to_owned(), booking);
        assert_eq!(told(&gym, start).await, [created]);
        assert_eq!(confirm(&gym, &booker.key, booking).await, "CONFIRMED");
        let booker = at(&gym, "2026-11-22T09:00:01Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert_eq!(booker.read(booking).await["bookingStatus"], "BOOKED");
        // What needs no confirmation is told of at once.
        let before = gym.end_of_journal().await;
        let wish = booker.wish("pia", "check", "27T10:00", "27T10:30").await;
        let made = booker.send(BOOK, &wish).await.json();
        let check = made["bookingId"].as_i64().unwrap();
        assert_eq!(told(&gym, before).await, [("APPOINTMENT_BOOKING_CREATED".to_owned(), check)]);
        assert_eq!(confirm(&gym, &booker.key, check).await, "CONFIRMED");
        // One that was booked in the usual way is no trial.
        let usual = booker.booked("mia", "training", "24T09:00", "24T10:00").await;
        confirming(&gym, &booker.key, usual).await.refusal(404, "errormessage.booking.not.found");
        confirming(&gym, &gym.key("south").await, booking)
            .await
            .refusal(403, "errormessage.authorization.other.studio");
    });
}

#[test]
fn tri_4_what_nobody_confirms_is_given_up_and_the_time_is_free_again() {
    with_gym(&gym_file(), |gym| async move {
        let (booker, booking) = monday(&gym).await;
        let left = slots(&booker, "training", MONDAY).await;
        assert!(!left.contains(&"23T10:00".to_owned()));
        let before = gym.end_of_journal().await;
        let booker = at(&gym, "2026-11-22T09:00:01Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert_eq!(booker.read(booking).await["bookingStatus"], "CANCELED");
        assert_eq!(told(&gym, before).await, [], "nobody was told of it before");
        assert!(slots(&booker, "training", MONDAY).await.contains(&"23T10:00".to_owned()));
        assert_eq!(confirm(&gym, &booker.key, booking).await, "EXPIRED");
        // She may try again, and need not confirm what begins so soon.
        let wish = booker.wish("pia", "training", "23T10:00", "23T11:00").await;
        assert_eq!(booker.send(BOOK, &wish).await.json()["bookingStatus"], "BOOKED");
    });
}

#[test]
fn tri_4_confirming_too_late_and_canceling_before() {
    with_gym(&gym_file(), |gym| async move {
        let (booker, booking) = monday(&gym).await;
        let before = gym.end_of_journal().await;
        assert_eq!(booker.cancel(booking).await.status, 200);
        assert_eq!(told(&gym, before).await, []);
        assert_eq!(confirm(&gym, &booker.key, booking).await, "EXPIRED");
        let (_, booking) = monday(&gym).await;
        let booker = at(&gym, "2026-11-22T09:00:01Z").await;
        assert_eq!(confirm(&gym, &booker.key, booking).await, "EXPIRED");
        assert_eq!(booker.read(booking).await["bookingStatus"], "CANCELED");
        assert!(slots(&booker, "training", MONDAY).await.contains(&"23T10:00".to_owned()));
    });
}

#[test]
fn tri_4_the_time_for_confirming_moves_with_the_appointment() {
    with_gym(&gym_file(), |gym| async move {
        let (_, booking) = monday(&gym).await;
        let path = format!("/studios/{}/appointment-bookings/{booking}", gym.studio("north").await);
        let start = gym.end_of_journal().await;
        let token = signed_in(&gym, Role::Desk, "north").await;
        let to = async |from: &str, until: &str| {
            let body = json!({ "startDateTime": format!("2026-11-{from}:00+01:00"), "endDateTime": format!("2026-11-{until}:00+01:00") });
            call(&gym, &token, "PUT", &path, &body.to_string()).await.json()
        };
        // To Tuesday: until Monday at nine, and nobody is told of what is not certain.
        assert_eq!(to("24T09:00", "24T10:00").await["bookingStatus"], WAITS);
        let booker = at(&gym, "2026-11-23T08:00:00Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert_eq!(booker.read(booking).await["bookingStatus"], WAITS);
        assert_eq!(told(&gym, start).await, []);
        // And so near that nobody could confirm any more.
        assert_eq!(to("23T14:00", "23T15:00").await["bookingStatus"], "BOOKED");
        assert_eq!(told(&gym, start).await, [("APPOINTMENT_BOOKING_CREATED".to_owned(), booking)]);
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        let booker = at(&gym, "2026-11-23T12:00:00Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert_eq!(booker.read(booking).await["bookingStatus"], "BOOKED");
    });
}

#[test]
fn app_6_whoever_is_archived_comes_to_no_appointment() {
    with_gym(&gym_file(), |gym| async move {
        let (booker, booking) = monday(&gym).await;
        let token = signed_in(&gym, Role::Manager, "north").await;
        let path = customer_path(&gym, "north", gym.customer("north", "pia").await, "/archive").await;
        call(&gym, &token, "POST", &path, "").await.json();
        assert!(slots(&booker, "training", MONDAY).await.contains(&"23T10:00".to_owned()));
        confirming(&gym, &booker.key, booking).await.refusal(404, "errormessage.customer.not.found");
    });
}
