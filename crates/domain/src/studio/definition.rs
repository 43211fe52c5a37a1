//! A studio as an operator describes it.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZoneDatabase;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::closing::{ClosingHours, is_closed};
use super::closing_time::stays_open;
use super::hours::{OpeningHours, is_within_opening_hours};
use crate::currency::Currency;
use crate::customer::{
    amendment::SelfService, lead::LeadConfiguration, medium::MediumKind, preferences::PreferenceDefaults,
};
use crate::language::is_supported;
use crate::problem::{Problem, Problems};
use crate::serde_defaults::is_default;

/// A postal address with every part that some country uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Address {
    /// The street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The number in the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// The town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// A second line of the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_street: Option<String>,
    /// The part of the town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city_part: Option<String>,
    /// The district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// The kind of street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_type: Option<String>,
    /// The block of the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_block: Option<String>,
    /// The entrance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// The stairway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stairway: Option<String>,
    /// The door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// The province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// The province's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province_code: Option<String>,
    /// Anything else that helps to find it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_address_information: Option<String>,
    /// The floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<String>,
    /// The building's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building_name: Option<String>,
}

/// A place on the globe.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

fn english() -> String {
    "en".to_owned()
}

fn is_english(tag: &str) -> bool {
    tag == "en"
}

/// A studio: one gym of an operator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudioDefinition {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The country's name.
    pub country: String,
    /// The country's code of two capital letters (ISO 3166), such as `DE`.
    pub country_code: String,
    /// The day it opened or will open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening_date: Option<Date>,
    /// The day it closes for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_date: Option<Date>,
    /// Its e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// Its website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// The path of its logo, from the folder of the gym file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address: Address,
    /// Where it is on a map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Whether members open doors with access codes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_code_enabled: bool,
    /// What stands before the dash in its customers' numbers; its place among the studios when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_number_prefix: Option<String>,
    /// The kinds of access mediums it uses; all of them when left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access_medium_types: Vec<MediumKind>,
    /// What customers may change themselves; with verification by staff where nothing is said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub self_service: SelfService,
    /// Which messages go to customers who have not chosen, and what they may choose.
    #[serde(default, skip_serializing_if = "is_default")]
    pub communication_preferences: PreferenceDefaults,
    /// What it asks people who are interested.
    #[serde(default, skip_serializing_if = "is_default")]
    pub leads: LeadConfiguration,
    /// How many people may be inside; no limit when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// After so many hours somebody who never left is checked out, where the studio does not close before; 3 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_checkout_hours: Option<u32>,
    /// Whether people are kept out when it is full; otherwise the capacity is only shown.
    #[serde(default, skip_serializing_if = "is_default")]
    pub capacity_blocks: bool,
    /// So many days ahead classes are published; 14 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publishes_classes_days: Option<u32>,
    /// Its time zone by IANA name, such as `Europe/Berlin`.
    pub zone: String,
    /// The language of its messages, such as `de` or `de-CH`.
    #[serde(default = "english", skip_serializing_if = "is_english")]
    pub language: String,
    /// The currency of all its prices, such as `EUR`.
    pub currency: Currency,
    /// When it is open. Ranges may overlap or leave breaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opening_hours: Vec<OpeningHours>,
    /// When it is open to the public, if the public is told other hours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_opening_hours: Vec<OpeningHours>,
    /// When it is closed although the hours say otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closing_hours: Vec<ClosingHours>,
}

impl StudioDefinition {
    /// The hours that the public is told: the others when it is told none of its own (STU-3).
    #[must_use]
    pub fn displayed_opening_hours(&self) -> &[OpeningHours] {
        if self.public_opening_hours.is_empty() { &self.opening_hours } else { &self.public_opening_hours }
    }

    /// Whether people may be inside at `at`, in its own zone: as [`Self::is_open`], but a studio without opening hours is open
    /// always.
    #[must_use]
    pub fn lets_in(&self, at: DateTime) -> bool {
        if self.opening_hours.is_empty() { !is_closed(&self.closing_hours, at) } else { self.is_open(at) }
    }

    /// Whether it uses access mediums of that kind (CUST-18).
    #[must_use]
    pub fn uses_medium(&self, kind: MediumKind) -> bool {
        self.access_medium_types.is_empty() || self.access_medium_types.contains(&kind)
    }

    /// Whether it is open at `at`, in its own zone: within the opening hours and not in closing hours (STU-1).
    #[must_use]
    pub fn is_open(&self, at: DateTime) -> bool {
        is_within_opening_hours(&self.opening_hours, at) && !is_closed(&self.closing_hours, at)
    }

    /// Whether it is open all the time from one moment up to another, in its own zone. A studio without opening hours is open
    /// always, but for its closing hours.
    #[must_use]
    pub fn is_open_during(&self, from: DateTime, to: DateTime) -> bool {
        let closed = self.closing_hours.iter().filter_map(|closing| closing.occurrence_ending_after(from));
        if closed.into_iter().any(|period| period.from < to) {
            return false;
        }
        self.opening_hours.is_empty() || stays_open(&self.opening_hours, from, to)
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.require_text("country", &self.country);
        let is_code =
            self.country_code.len() == 2 && self.country_code.bytes().all(|letter| letter.is_ascii_uppercase());
        problems.add_if(!is_code, "country_code", "must be two capital letters such as DE");
        let reversed = self.opening_date.zip(self.closing_date).is_some_and(|(opens, closes)| closes < opens);
        problems.add_if(reversed, "closing_date", "must not be before opening_date");
        let no_mail = self.email.as_ref().is_some_and(|email| !email.contains('@'));
        problems.add_if(no_mail, "email", "must be an e-mail address");
        if let Some(Location { latitude, longitude }) = self.location {
            problems.add_if(!(-90.0..=90.0).contains(&latitude), "location.latitude", "must be between -90 and 90");
            problems.add_if(
                !(-180.0..=180.0).contains(&longitude),
                "location.longitude",
                "must be between -180 and 180",
            );
        }
        problems.add_under("communication_preferences", self.communication_preferences.problems());
        problems.add_under("leads", self.leads.problems());
        problems.add_if(self.automatic_checkout_hours == Some(0), "automatic_checkout_hours", "must be at least 1");
        let publishes = self.publishes_classes_days.is_some_and(|days| !(1..=366).contains(&days));
        problems.add_if(publishes, "publishes_classes_days", "must be from 1 to 366");
        // The database inside the program is asked, so that the answer does not depend on the machine.
        let unknown_zone = TimeZoneDatabase::bundled().get(&self.zone).is_err();
        problems.add_if(unknown_zone, "zone", "must be the name of a time zone such as Europe/Berlin");
        problems.add_if(!is_supported(&self.language), "language", "is not one of the supported languages");
        for (list, hours) in
            [("opening_hours", &self.opening_hours), ("public_opening_hours", &self.public_opening_hours)]
        {
            for (index, range) in hours.iter().enumerate() {
                problems.add_under(&format!("{list}[{index}]"), range.problems());
            }
        }
        for (index, closing) in self.closing_hours.iter().enumerate() {
            problems.add_under(&format!("closing_hours[{index}]"), closing.problems());
        }
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn studio(more: &str) -> StudioDefinition {
        serde_json::from_str(&format!(
            r#"{{"name":"Ironworks","country":"Germany","country_code":"DE","zone":"Europe/Berlin","currency":"EUR"{more}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn a_short_studio_is_enough_and_stored_in_short() {
        let short = studio("");
        assert_eq!(short.problems(), []);
        assert_eq!(short.language, "en");
        assert_eq!(
            serde_json::to_string(&short).unwrap(),
            r#"{"name":"Ironworks","country":"Germany","country_code":"DE","zone":"Europe/Berlin","currency":"EUR"}"#
        );
    }

    #[test]
    fn stu_3_missing_public_hours_repeat_the_others() {
        let hours = |opens: &str| format!(r#"[{{"from":"MONDAY","to":"SUNDAY","opens":"{opens}","closes":"22:00"}}]"#);
        let one = studio(&format!(r#","opening_hours":{}"#, hours("06:00")));
        assert_eq!(one.displayed_opening_hours(), one.opening_hours);
        let two = studio(&format!(r#","opening_hours":{},"public_opening_hours":{}"#, hours("06:00"), hours("08:00")));
        assert_eq!(two.displayed_opening_hours(), two.public_opening_hours);
        assert!(two.is_open("2026-11-21T06:00".parse().unwrap()));
    }

    #[test]
    fn cls_4_open_all_the_time_of_a_class() {
        let open = studio(
            r#","opening_hours":[{"from":"MONDAY","to":"SUNDAY","opens":"06:00","closes":"12:00"},
                {"from":"MONDAY","to":"SUNDAY","opens":"12:00","closes":"24:00"}],
                "closing_hours":[{"reason":"Works","from":"2026-11-21T15:00","to":"2026-11-21T16:00"}]"#,
        );
        let always =
            studio(r#","closing_hours":[{"reason":"Works","from":"2026-11-21T15:00","to":"2026-11-21T16:00"}]"#);
        for (from, to, by_hours, without) in [
            ("2026-11-21T06:00", "2026-11-21T07:00", true, true),
            ("2026-11-21T05:59", "2026-11-21T07:00", false, true),
            // From one range into the next, and to the very end of the day.
            ("2026-11-21T11:30", "2026-11-21T12:30", true, true),
            ("2026-11-21T23:00", "2026-11-22T00:00", true, true),
            ("2026-11-21T23:00", "2026-11-22T00:01", false, true),
            ("2026-11-21T14:00", "2026-11-21T15:00", true, true),
            ("2026-11-21T14:00", "2026-11-21T15:01", false, false),
            ("2026-11-21T15:10", "2026-11-21T15:20", false, false),
            ("2026-11-21T14:00", "2026-11-21T17:00", false, false),
            ("2026-11-21T16:00", "2026-11-21T17:00", true, true),
        ] {
            let (begin, end) = (from.parse().unwrap(), to.parse().unwrap());
            assert_eq!(open.is_open_during(begin, end), by_hours, "{from} {to}");
            assert_eq!(always.is_open_during(begin, end), without, "{from} {to}");
        }
    }

    #[test]
    fn stu_1_closing_hours_win() {
        let closed = studio(
            r#","opening_hours":[{"from":"MONDAY","to":"SUNDAY","opens":"06:00","closes":"22:00"}],
            "closing_hours":[{"reason":"Christmas","from":"2026-12-25T00:00","to":"2026-12-26T00:00","yearly":true}]"#,
        );
        assert!(!closed.is_open("2027-12-25T12:00".parse().unwrap()));
        assert!(closed.is_open("2027-12-26T12:00".parse().unwrap()));
    }

    #[test]
    fn impossible_studios_are_named() {
        let mut bad = studio(
            r#","opening_date":"2026-02-01","closing_date":"2026-01-01","email":"nobody","location":{"latitude":91,"longitude":-181},
            "language":"ja","opening_hours":[{"from":"MONDAY","to":"SUNDAY","opens":"22:00","closes":"06:00"}],
            "closing_hours":[{"reason":"","from":"2026-12-25T00:00","to":"2026-12-26T00:00"}]"#,
        );
        bad.zone = "Europe/Atlantis".to_owned();
        bad.country_code = "de".to_owned();
        let paths: Vec<_> = bad.problems().into_iter().map(|problem| problem.path).collect();
        assert_eq!(
            paths,
            [
                "country_code",
                "closing_date",
                "email",
                "location.latitude",
                "location.longitude",
                "zone",
                "language",
                "opening_hours[0].closes",
                "closing_hours[0].reason"
            ]
        );
    }
}
