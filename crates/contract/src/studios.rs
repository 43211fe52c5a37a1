//! Requests and answers of the group Studios: the studio of the key, its tags and how full it is.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{LocalDate, LocalDateTime, LocalTime, Tag, Weekday};

/// How many people are in the studio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioUtilization {
    /// How many customers may be inside at once. Left out where there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i32>,
    /// How many customers are inside now. It may exceed the capacity.
    pub count: i32,
}

/// What the public may know about a studio.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioInformation<'a> {
    /// The name of the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// A text in which the studio presents itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    /// The country of the address, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<&'a str>,
    /// The country of the address, as a code of two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "ISO 3166-1"))]
    pub country_code: Option<&'a str>,
    /// The id of the studio.
    pub studio_id: i64,
    /// The first day of business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_date: Option<LocalDate>,
    /// The last day of business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing_date: Option<LocalDate>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// Where the logo can be fetched. The link does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<Cow<'a, str>>,
    /// The telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone: Option<&'a str>,
    /// The address of the website.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<&'a str>,
    /// The hours in which members can enter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_hours: Option<Vec<StudioOpeningHours>>,
    /// The hours that are told to the public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_opening_hours: Option<Vec<StudioOpeningHours>>,
    /// The times at which the studio is closed against its opening hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing_hours: Option<Vec<StudioClosingHours<'a>>>,
    /// The street of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<&'a str>,
    /// The number of the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_number: Option<&'a str>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<&'a str>,
    /// The town or city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<&'a str>,
    /// Whether members open the door with a code.
    pub access_code_configuration: StudioAccessCodeConfiguration,
    /// Where the studio is on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<StudioLocation>,
    /// The tags that the studio carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub studio_tags: Option<Vec<Tag<'a>>>,
    /// The categories of opening hours that contracts can be limited to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_hours_categories: Option<Vec<StudioOpeningHoursCategory<'a>>>,
    /// A second line for the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_street: Option<&'a str>,
    /// The part of the city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city_part: Option<&'a str>,
    /// The district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<&'a str>,
    /// What kind of street it is, where an address names that apart from the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_type: Option<&'a str>,
    /// The block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_block: Option<&'a str>,
    /// The portal of the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<&'a str>,
    /// The stairway of the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stairway: Option<&'a str>,
    /// The door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<&'a str>,
    /// The province, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<&'a str>,
    /// The province, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province_code: Option<&'a str>,
    /// Anything else that the address needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_address_information: Option<&'a str>,
    /// The floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<&'a str>,
    /// The name of the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building_name: Option<&'a str>,
}

/// Hours that repeat every week on one day or on several in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioOpeningHours {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_week_from: Option<Weekday>,
    /// The last day, the first one again where the hours are for one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_week_to: Option<Weekday>,
    /// When the studio opens, by its own clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_from: Option<LocalTime>,
    /// When the studio closes, by its own clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to: Option<LocalTime>,
}

/// A time at which the studio is closed although its opening hours say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioClosingHours<'a> {
    /// Why it is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// From when it is closed, by the clock of the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_time_from: Option<LocalDateTime>,
    /// Until when it is closed, by the clock of the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_time_to: Option<LocalDateTime>,
}

/// How the studio uses door codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioAccessCodeConfiguration {
    /// Whether members open the door with a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// A place on the map, in degrees.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioLocation {
    /// Degrees east, negative for west.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Degrees north, negative for south.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
}

/// Opening hours with a name, which contracts can be limited to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioOpeningHoursCategory<'a> {
    /// The id of the category.
    pub category_id: i64,
    /// The name of the category.
    pub name: &'a str,
    /// The hours that belong to it.
    pub opening_hours: Vec<Availability>,
}

/// Hours that repeat every week on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Availability {
    /// The day.
    pub day_of_week: Weekday,
    /// The beginning, by the clock of the studio.
    pub time_from: LocalTime,
    /// The end, by the clock of the studio.
    pub time_to: LocalTime,
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::json;

    use super::*;

    #[test]
    fn err_9_leaves_out_what_has_no_value() {
        let studio = StudioInformation { studio_id: 7, ..StudioInformation::default() };
        let written = serde_json::to_value(studio).unwrap();
        assert_eq!(written, json!({"studioId": 7, "accessCodeConfiguration": {}}));
        let utilization = StudioUtilization { capacity: None, count: 3 };
        assert_eq!(serde_json::to_value(utilization).unwrap(), json!({"count": 3}));
    }

    #[test]
    fn hours_are_local() {
        let hours = Availability {
            day_of_week: Weekday::Sunday,
            time_from: civil::time(6, 0, 0, 0).into(),
            time_to: civil::time(23, 0, 0, 0).into(),
        };
        let expected = json!({"dayOfWeek": "SUNDAY", "timeFrom": "06:00:00", "timeTo": "23:00:00"});
        assert_eq!(serde_json::to_value(hours).unwrap(), expected);
    }
}
