//! The guide to provoking every answer: the calls of its tables are read from it and answered by a demo with the status beside them.
//!
//! The guide is written for a shell. What its functions ask is asked here in the same way; which calls there are stands in the guide alone.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _, Zoned, civil::Weekday, tz::TimeZone};
use serde_json::{Value, json};

use super::{keys, sandbox, start, token};
use crate::support::{Place, Server};

const GUIDE: &str = include_str!("../../../../../docs/guides/provoke.md");
/// The functions whose calls answer a status.
const ASKING: [&str; 6] = ["validate", "book", "ask", "try", "register", "confirm"];

/// A shell in which the functions of the guide are known.
struct Shell<'s> {
    server: &'s Server,
    key: String,
    now: Zoned,
    variables: BTreeMap<String, String>,
}

impl<'s> Shell<'s> {
    fn of(server: &'s Server) -> Self {
        let clock = sandbox(server, "GET", "/clock", &token(server), "").fine().json();
        let now: Timestamp = clock["now"].as_str().unwrap().parse().unwrap();
        let now = now.to_zoned(TimeZone::get("Europe/Berlin").unwrap());
        let mut shell = Self { server, key: keys(server).0, now, variables: BTreeMap::new() };
        shell.find_people();
        // What the guide calls by a name of its own: paths and appointments.
        let is_plain = |value: &str| ["/v1/", "$(appointment ", "'{"].iter().any(|start| value.starts_with(start));
        let lines = GUIDE.lines().filter(|line| assignment(line).is_some_and(|(_, value)| is_plain(value)));
        let lines: Vec<&str> = lines.collect();
        assert!(lines.len() >= 9, "{lines:?}");
        for line in lines {
            shell.run(line);
        }
        let taster = shell.id_of("/v1/trial-offers/bookable-trial-offers/appointments/bookable", |one| {
            one["trialOfferBookableAppointment"]["title"] == "Probetraining"
        });
        shell.set("TASTER", &taster);
        shell
    }

    /// Prospects, somebody who rests, and the first member whose contract includes a class.
    fn find_people(&mut self) {
        let prospects = self.get("/v1/customers?sliceSize=50&customerStatus=PROSPECT");
        let today = self.now.date().to_string();
        let rests = |one: &Value| {
            let pauses = one["idlePeriods"].as_array().unwrap();
            let covers = |pause: &Value| {
                pause["startDate"].as_str() <= Some(today.as_str()) && pause["endDate"].as_str() > Some(today.as_str())
            };
            pauses.iter().any(covers)
        };
        let resting = self.id_of("/v1/customers?sliceSize=500", rests);
        for (name, id) in [
            ("PROSPECT", prospects["result"][0]["id"].to_string()),
            ("SECOND", prospects["result"][1]["id"].to_string()),
            ("THIRD", prospects["result"][2]["id"].to_string()),
            ("RESTING", resting),
        ] {
            self.set(name, &id);
        }
        let all = self.get("/v1/customers?sliceSize=100")["result"].as_array().unwrap().clone();
        let member = all.iter().find(|one| {
            let answer = self.run(&format!("validate {} $(slot Zirkeltraining 1)", one["id"]));
            answer.contains("\"AVAILABLE\"")
        });
        self.set("MEMBER", &member.unwrap()["id"].to_string());
        let known = all.iter().find(|one| one["email"].is_string()).unwrap();
        let known = json!({ "firstname": known["firstName"], "lastname": known["lastName"], "email": known["email"] });
        self.set("KNOWN", &known.to_string());
    }

    fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    fn get(&self, path: &str) -> Value {
        self.server.get(path, &self.key).fine().json()
    }

    /// The id of the first in a list of whom something is true.
    fn id_of(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> String {
        let list = self.get(path);
        let found = list["result"].as_array().unwrap().iter().find(|one| wanted(one));
        found.unwrap_or_else(|| panic!("nobody in {path}"))["id"].to_string()
    }

    /// Runs commands, one after the other, and answers what the last one says.
    fn run(&mut self, commands: &str) -> String {
        let mut said = String::new();
        for command in commands.split("; ") {
            said = match assignment(command) {
                Some((name, value)) => {
                    let value = self.words(value).join(" ");
                    self.set(name, &value);
                    String::new()
                }
                None => {
                    let words = self.words(command);
                    self.call(&words.iter().map(String::as_str).collect::<Vec<_>>())
                }
            };
        }
        said
    }

    /// The words of a command, with what stands behind `$NAME` and `$(command)`.
    fn words(&mut self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let after = if let Some(quoted) = rest.strip_prefix('\'') {
                let (word, after) = quoted.split_once('\'').unwrap();
                words.push(word.to_owned());
                after
            } else if let Some(quoted) = rest.strip_prefix("\"$") {
                let (name, after) = quoted.split_once('"').unwrap();
                words.push(self.variables[name].clone());
                after
            } else if let Some(inner) = rest.strip_prefix("$(") {
                let (inner, after) = inner.split_once(')').unwrap();
                let said = self.run(inner);
                words.extend(said.split_whitespace().map(str::to_owned));
                after
            } else {
                let (word, after) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
                match word.strip_prefix('$') {
                    Some(name) => words.extend(self.variables[name].split_whitespace().map(str::to_owned)),
                    None => words.push(word.to_owned()),
                }
                after
            };
            rest = after.trim_start();
        }
        words
    }

    /// What a function of the guide says.
    fn call(&self, words: &[&str]) -> String {
        const OFFERS: &str = "/v1/trial-offers/bookable-trial-offers/appointments/bookable";
        match words {
            ["slot", title, days] => self.slot(title, days.parse().unwrap(), 0),
            ["late", days] => self.slot("Lauftreff", days.parse().unwrap(), 1),
            ["coming", title] => {
                let now = self.now.datetime().to_string();
                self.id_of("/v1/classes/slots?sliceSize=100&daysAhead=1", |slot| {
                    slot["classInformation"]["title"] == *title
                        && slot["startDateTime"].as_str().unwrap()[..19] > now[..]
                })
            }
            ["validate" | "book", customer, slot] => {
                self.post(&format!("/v1/classes/booking/{}", words[0]), &wish(customer, slot))
            }
            ["try", what, customer, slot] => {
                self.post(&format!("/v1/trial-offers/classes/booking/{what}"), &wish(customer, slot))
            }
            ["tried", customer, slot] => {
                let made = self.post("/v1/trial-offers/classes/booking/book", &wish(customer, slot));
                serde_json::from_str::<Value>(&made).unwrap()["bookingId"].to_string()
            }
            ["cancel", booking] => {
                let path = format!("/v1/classes/booking/{booking}");
                self.server.call("DELETE", &path, &self.key, "").fine().text()
            }
            ["confirm", booking] => {
                let path = format!("/v1/trial-offers/bookings/{booking}/confirm");
                self.server.call("POST", &path, &self.key, "").text()
            }
            ["register", offer, lead] => {
                let (offer, lead): (i64, Value) = (offer.parse().unwrap(), serde_json::from_str(lead).unwrap());
                let body = json!({ "trialOfferConfigId": offer, "leadCustomerData": lead });
                self.post("/v1/trial-offers/lead/validate", &body)
            }
            ["offer", title] => {
                let list = |kind: &str| {
                    let path = format!("/v1/trial-offers/bookable-trial-offers/{kind}");
                    self.get(&path)["result"].as_array().unwrap().clone()
                };
                let all = [list("classes"), list("appointments/bookable")].concat();
                let titles = |one: &Value| {
                    ["trialOfferClass", "trialOfferBookableAppointment"].map(|what| one[what]["title"].clone())
                };
                let found = all.iter().find(|one| titles(one).contains(&json!(title)));
                found.unwrap_or_else(|| panic!("nobody offers {title}"))["trialOfferConfigId"].to_string()
            }
            ["appointment", title] => {
                self.id_of("/v1/appointments/bookable?sliceSize=50", |one| one["title"] == *title)
            }
            ["at", when] => self.moment(when).strftime("%Y-%m-%dT%H:%M:%S.000%:z").to_string(),
            ["free", appointment, customer] => self.free("/v1/appointments/bookable", appointment, customer),
            ["taste", appointment, customer] => self.free(OFFERS, appointment, customer),
            ["ask", path, customer, appointment, begins, ends] => {
                let (customer, appointment): (i64, i64) = (customer.parse().unwrap(), appointment.parse().unwrap());
                let body = json!({
                    "customerId": customer, "bookableAppointmentId": appointment, "startDateTime": begins,
                    "endDateTime": ends,
                });
                self.post(path, &body)
            }
            other => panic!("the guide calls {other:?}, of which nothing is known here"),
        }
    }

    fn post(&self, path: &str, body: &Value) -> String {
        self.server.call("POST", path, &self.key, &body.to_string()).text()
    }

    /// The slot of a class, by its title, so many days from today, at that place.
    fn slot(&self, title: &str, days: i64, place: usize) -> String {
        let day = self.now.date().checked_add(days.days()).unwrap();
        let list = self.get(&format!("/v1/classes/slots?sliceSize=100&daysAhead=1&slotWindowStartDate={day}"));
        let slots = list["result"].as_array().unwrap().iter();
        let mut of_class = slots.filter(|slot| slot["classInformation"]["title"] == title);
        of_class.nth(place).unwrap_or_else(|| panic!("no {title} on {day}"))["id"].to_string()
    }

    /// The first time in the next six days at which somebody could book an appointment.
    fn free(&self, list: &str, appointment: &str, customer: &str) -> String {
        let day = self.now.date().tomorrow().unwrap();
        let path = format!("{list}/{appointment}/slots?daysAhead=6&slotWindowStartDate={day}&customerId={customer}");
        let first = self.get(&path)[0].clone();
        format!("{} {}", first["startDateTime"].as_str().unwrap(), first["endDateTime"].as_str().unwrap())
    }

    /// What `date -d` makes of a moment, as far as the guide goes.
    fn moment(&self, when: &str) -> Zoned {
        let words: Vec<&str> = when.split(' ').collect();
        let ahead = |count: &str, unit: &str| {
            let count: i64 = count.parse().unwrap();
            match unit.trim_end_matches('s') {
                "day" => count.days(),
                "hour" => count.hours(),
                "minute" => count.minutes(),
                other => panic!("{other} in {when}"),
            }
        };
        let clock = |day: Zoned, time: &str| {
            let (hour, minute) = time.split_once(':').unwrap();
            let time = day.date().at(hour.parse().unwrap(), minute.parse().unwrap(), 0, 0);
            time.to_zoned(day.time_zone().clone()).unwrap()
        };
        match words[..] {
            [count, unit, "ago"] => self.now.checked_sub(ahead(count, unit)).unwrap(),
            [count, unit] => self.now.checked_add(ahead(count, unit)).unwrap(),
            ["next", "monday", time] => clock(self.now.nth_weekday(1, Weekday::Monday).unwrap(), time),
            [count, unit, time] => clock(self.now.checked_add(ahead(count, unit)).unwrap(), time),
            _ => panic!("{when}"),
        }
    }
}

/// The name that a command gives to something, and what that is.
fn assignment(command: &str) -> Option<(&str, &str)> {
    command.split_once('=').filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn wish(customer: &str, slot: &str) -> Value {
    let (customer, slot): (i64, i64) = (customer.parse().unwrap(), slot.parse().unwrap());
    json!({ "customerId": customer, "classSlotId": slot })
}

/// The rows of the guide's tables that have a status and whole calls, in their order.
fn rows() -> Vec<(&'static str, Vec<&'static str>)> {
    let cells = GUIDE.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "));
    let calls = |cell: &'static str| {
        let spans = cell.split('`').skip(1).step_by(2);
        let is_call = |span: &&str| {
            let command = span.split("; ").last().unwrap();
            ASKING.contains(&command.split(' ').next().unwrap()) && span.contains("$(")
        };
        spans.filter(is_call).collect::<Vec<_>>()
    };
    cells.map(|(status, cell)| (status, calls(cell))).filter(|(_, calls)| !calls.is_empty()).collect()
}

#[test]
fn every_call_of_the_guide_is_answered_with_the_status_beside_it() {
    let rows = rows();
    // Eleven of classes and fourteen of appointments, five of trials, and the same of classes and appointments that are tried.
    assert_eq!(rows.len(), 25 + 5 + 25, "{rows:#?}");
    // A Wednesday, with days after it that are as different as days of the demo are, and days on which many gyms are closed.
    for today in ["2026-03-25", "2026-12-22"] {
        let place = Place::new();
        let server = start(&place, "demo", &["--today", today, "--no-rate-limit"]);
        let mut shell = Shell::of(&server);
        for (status, calls) in &rows {
            // What is booked on the way stays booked, as it does for whoever reads the guide from top to bottom.
            let mut said = String::new();
            for call in calls {
                said = shell.run(call);
            }
            let answer: Value = serde_json::from_str(&said).unwrap();
            // Whoever confirms asks for a status of another name.
            let found = answer.get("validationStatus").unwrap_or(&answer["status"]);
            assert_eq!(found, status, "{today}: {calls:?} said {said}");
        }
    }
}
