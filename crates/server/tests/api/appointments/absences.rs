//! Absences of trainers in the gym file, beside those that the back office notes.

use gymkeeper_domain::staff::Role;
use gymkeeper_server::gymfile;
use serde_json::{Value, json};

use super::{Booker, GYM, trainer};
use crate::{
    admin::{call, signed_in},
    support::{Gym, with_gym},
};

const MONDAY: &str = "?slotWindowStartDate=2026-11-23";
const HOURS: &str = "working_hours: [{ day: MONDAY, from: \"10:00\", to: \"16:00\" }]\n";

/// The gym in which Bo is away at such times.
fn with_absences(absences: &str) -> String {
    assert!(GYM.contains(HOURS));
    GYM.replacen(HOURS, &format!("{HOURS}        absences: [{absences}]\n"), 1)
}

const MORNING: &str = "{ from: 2026-11-23T00:00, to: 2026-11-23T14:00 }";

/// What the back office sees of when Bo is away: from when until when, and whether the file says so.
async fn listed(gym: &Gym, token: &str) -> Vec<(String, String, bool)> {
    let path =
        format!("/studios/{}/employees/{}/absences", gym.studio("north").await, trainer(gym, "north", "bo").await);
    let all = call(gym, token, "GET", &path, "").await.json();
    let text = |value: &Value| value.as_str().unwrap()[..16].to_owned();
    let one =
        |one: &Value| (text(&one["startDateTime"]), text(&one["endDateTime"]), one["ofGymFile"].as_bool().unwrap());
    all["result"].as_array().unwrap().iter().map(one).collect()
}

fn away(from: &str, to: &str, of_file: bool) -> (String, String, bool) {
    (from.to_owned(), to.to_owned(), of_file)
}

#[test]
fn app_1_whoever_the_file_says_is_away_is_not_there() {
    with_gym(&with_absences(MORNING), |gym| async move {
        let booker = Booker::of(&gym).await;
        let monday = booker.slots("training", MONDAY).await;
        assert_eq!(monday[4..6], ["23T14:00 Bo", "23T14:30 Bo"]);
        // The same again changes nothing.
        let end = gym.end_of_journal().await;
        gym.apply(&with_absences(MORNING)).await;
        assert_eq!(gym.end_of_journal().await, end);
        // Until one only, and another day besides; who is away when is nobody's business who reads the journal.
        let other =
            "{ from: 2026-11-23T00:00, to: 2026-11-23T13:00 }, { from: 2026-12-24T00:00, to: 2027-01-02T00:00 }";
        gym.apply(&with_absences(other)).await;
        let added = "employee.absence-added";
        assert_eq!(gym.deeds(end).await, ["employee.absence-removed", added, added]);
        let changes: Vec<_> = gym.journal_after(end).await.into_iter().map(|record| record.changes.unwrap()).collect();
        assert!(changes.iter().all(|changes| !changes.contains("2026-1")), "{changes:?}");
        assert_eq!(booker.slots("training", MONDAY).await[4], "23T13:00 Bo");
        // What the file says no longer is over; the clocks do not matter to who is away for no time at all.
        gym.apply(&with_absences("{ from: 2026-03-29T02:50, to: 2026-03-29T03:10 }")).await;
        assert_eq!(booker.slots("training", MONDAY).await.len(), 16);
        let token = signed_in(&gym, Role::Manager, "north").await;
        assert_eq!(listed(&gym, &token).await, []);
    });
}

#[test]
fn what_the_back_office_notes_and_what_the_file_says_leave_each_other_alone() {
    with_gym(&with_absences(MORNING), |gym| async move {
        let token = signed_in(&gym, Role::Manager, "north").await;
        let (north, bo) = (gym.studio("north").await, trainer(&gym, "north", "bo").await);
        let path = format!("/studios/{north}/employees/{bo}/absences");
        // At the very time of which the file speaks, too.
        for (from, to) in [("2026-11-30T00:00", "2026-12-01T00:00"), ("2026-11-23T00:00", "2026-11-23T14:00")] {
            let body = json!({ "startDateTime": format!("{from}:00+01:00"), "endDateTime": format!("{to}:00+01:00") });
            let made = call(&gym, &token, "POST", &path, &body.to_string()).await.json();
            assert_eq!(made["ofGymFile"], false);
        }
        let morning = |of_file| away("2026-11-23T00:00", "2026-11-23T14:00", of_file);
        let of_office = [away("2026-11-30T00:00", "2026-12-01T00:00", false), morning(false)];
        let both = [vec![morning(true)], of_office.to_vec()].concat();
        assert_eq!(listed(&gym, &token).await, both);
        gym.apply(&with_absences(MORNING)).await;
        assert_eq!(listed(&gym, &token).await, both);
        gym.apply(GYM).await;
        assert_eq!(listed(&gym, &token).await, of_office);
        // What the office takes back of the file, the file says again.
        gym.apply(&with_absences(MORNING)).await;
        let all = call(&gym, &token, "GET", &path, "").await.json();
        let of_file = all["result"].as_array().unwrap().iter().find(|one| one["ofGymFile"] == true).unwrap();
        call(&gym, &token, "DELETE", &format!("{path}/{}", of_file["id"]), "").await;
        assert_eq!(listed(&gym, &token).await, of_office);
        gym.apply(&with_absences(MORNING)).await;
        assert_eq!(listed(&gym, &token).await, [of_office.to_vec(), vec![morning(true)]].concat());
        // Another tenant's file is about its own people.
        gym.apply(&GYM.replace("key: acme", "key: umbrella")).await;
        assert_eq!(listed(&gym, &token).await.len(), 3);
    });
}

#[test]
fn mistakes_about_absences_are_named() {
    let today = "2026-11-21".parse().unwrap();
    let place = "studios[0].employees[1].absences";
    for (wrong, field, says) in [
        ("{ from: 2026-11-23T00:00 }", format!("{place}[0]"), "missing field `to`"),
        ("{ from: 2026-11-23T10:00, to: 2026-11-23T10:00 }", format!("{place}[0].to"), "must be after from"),
        ("{ from: soon, to: 2026-11-23T10:00 }", format!("{place}[0].from"), ""),
        ("{ from: 2026-11-23T00:00, to: 2026-11-23T10:00, why: flu }", format!("{place}[0].why"), "unknown field"),
        (&format!("{MORNING}, {MORNING}"), format!("{place}[1]"), "is there twice"),
        ("holidays", format!("{place}[0]"), "must be an entry"),
    ] {
        let yaml = with_absences(wrong).replace("        image: images/training.png\n", "");
        let mistakes = gymfile::read(&yaml, today, &gymfile::Beside(std::path::Path::new("."))).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{wrong}: {mistakes:?}");
        assert_eq!(mistakes[0].field, field, "{wrong}: {mistakes:?}");
        assert!(mistakes[0].message.contains(says) && mistakes[0].line.is_some(), "{wrong}: {mistakes:?}");
    }
}
