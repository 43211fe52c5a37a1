//! `GET /v1/studios/information`.

use serde_json::json;

use crate::support::{SMALL, with_gym};

const INFORMATION: &str = "/v1/studios/information";

/// A studio about which everything is known, and one about which next to nothing is.
const TWO: &str = r#"
tenant: { key: acme, name: Acme Gyms, sandbox: true }
tags: [pool, sauna, bar]
studios:
  - key: full
    name: Acme Full
    description: Two floors.
    country: Germany
    country_code: DE
    opening_date: 2019-03-01
    closing_date: 2099-12-31
    email: full@acme.example
    telephone: "+49 30 1"
    website: https://acme.example
    logo: images/logo.png
    zone: Europe/Berlin
    language: de
    currency: EUR
    capacity: 3
    access_code_enabled: true
    location: { latitude: 52.5301, longitude: -13.25 }
    address:
      { street: Hauptstraße, house_number: 23a, zip: "01067", city: Dresden, second_street: Hof 2, city_part: Mitte,
        district: Altstadt, street_type: Straße, street_block: C, portal: "4", stairway: Links, door: "12",
        province: Sachsen, province_code: SN, additional_address_information: Torbogen, floor: "1", building_name: Halle }
    tags: [sauna, pool]
    opening_hours:
      - { from: MONDAY, to: FRIDAY, opens: "06:00", closes: "24:00" }
      - { from: SATURDAY, to: MONDAY, opens: "08:30", closes: "21:00" }
    public_opening_hours:
      - { from: SUNDAY, to: SUNDAY, opens: "00:00", closes: "12:00" }
    closing_hours:
      - { reason: New Year, from: "2020-01-01T00:00:00", to: "2020-01-02T00:00:00", yearly: true }
      - { reason: Christmas, from: "2020-12-24T14:00:00", to: "2020-12-27T00:00:00", yearly: true }
      - { reason: Over since midnight, from: "2026-11-20T00:00:00", to: "2026-11-21T00:00:00" }
      - { reason: Over since nine, from: "2026-11-21T08:00:00", to: "2026-11-21T09:00:00" }
      - { reason: Flood, from: "2026-11-10T00:00:00", to: "2026-11-22T00:00:00" }
      - { reason: In two years, from: "2028-02-29T00:00:00", to: "2028-03-01T00:00:00", yearly: true }
    opening_hours_categories:
      - key: weekend
        name: Weekend
        windows:
          - { day: SUNDAY, from: "22:00", to: "24:00" }
          - { day: MONDAY, from: "00:00", to: "02:00" }
      - { key: never, name: Never, windows: [] }
  - { key: empty, name: Acme Empty, country: Austria, country_code: AT, zone: Europe/Vienna, currency: EUR }
"#;

#[test]
fn it_tells_everything_that_is_known_about_the_keys_studio() {
    with_gym(TWO, |gym| async move {
        let key = gym.key("full").await;
        let mut information = gym.get(&key, INFORMATION).await.json();
        let logo = information.as_object_mut().unwrap().remove("logoUrl").unwrap();
        let logo = gym.path_of(logo.as_str().unwrap());
        let categories = information.as_object_mut().unwrap().remove("openingHoursCategories").unwrap();
        let range = |from: &str, to: &str, opens: &str, closes: &str| json!({ "dayOfWeekFrom": from, "dayOfWeekTo": to, "timeFrom": opens, "timeTo": closes });
        let closed =
            |reason: &str, from: &str, to: &str| json!({ "reason": reason, "dateTimeFrom": from, "dateTimeTo": to });
        let expected = json!({
            "name": "Acme Full",
            "description": "Two floors.",
            "country": "Germany",
            "countryCode": "DE",
            "studioId": gym.studio("full").await,
            "openingDate": "2019-03-01",
            "closingDate": "2099-12-31",
            "email": "full@acme.example",
            "telephone": "+49 30 1",
            "website": "https://acme.example",
            // The end of the day is its last second.
            "openingHours": [range("MONDAY", "FRIDAY", "06:00:00", "23:59:59"), range("SATURDAY", "MONDAY", "08:30:00", "21:00:00")],
            "publicOpeningHours": [range("SUNDAY", "SUNDAY", "00:00:00", "12:00:00")],
            // STU-3: from today on, yearly ones with their next occurrence, in order.
            "closingHours": [
                closed("Flood", "2026-11-10T00:00:00", "2026-11-22T00:00:00"),
                closed("Over since nine", "2026-11-21T08:00:00", "2026-11-21T09:00:00"),
                closed("Christmas", "2026-12-24T14:00:00", "2026-12-27T00:00:00"),
                closed("New Year", "2027-01-01T00:00:00", "2027-01-02T00:00:00"),
                closed("In two years", "2028-02-29T00:00:00", "2028-03-01T00:00:00"),
            ],
            "accessCodeConfiguration": { "enabled": true },
            "location": { "latitude": 52.5301, "longitude": -13.25 },
            "studioTags": [{ "name": "pool" }, { "name": "sauna" }],
            "street": "Hauptstraße",
            "houseNumber": "23a",
            "zip": "01067",
            "city": "Dresden",
            "secondStreet": "Hof 2",
            "cityPart": "Mitte",
            "district": "Altstadt",
            "streetType": "Straße",
            "streetBlock": "C",
            "portal": "4",
            "stairway": "Links",
            "door": "12",
            "province": "Sachsen",
            "provinceCode": "SN",
            "additionalAddressInformation": "Torbogen",
            "floor": "1",
            "buildingName": "Halle",
        });
        assert_eq!(information, expected);

        let window = |day: &str, from: &str, to: &str| json!({ "dayOfWeek": day, "timeFrom": from, "timeTo": to });
        assert_eq!(categories[0]["name"], "Weekend");
        assert!(categories[0]["categoryId"].is_i64() && categories[0]["categoryId"] != categories[1]["categoryId"]);
        let windows = json!([window("SUNDAY", "22:00:00", "23:59:59"), window("MONDAY", "00:00:00", "02:00:00")]);
        assert_eq!(categories[0]["openingHours"], windows);
        assert_eq!((&categories[1]["name"], &categories[1]["openingHours"]), (&json!("Never"), &json!([])));
        assert_eq!(categories.as_array().unwrap().len(), 2);

        // URL-3: the logo's link never changes and needs no key.
        assert!(logo.contains("expires=0&"), "{logo}");
        assert_eq!(gym.send("GET", logo, &[], "").await.body, b"\x89PNG\r\n\x1a\nimages/logo.png");
        gym.set_clock("2050-01-01T11:00:00Z").await;
        let later = gym.get(&key, INFORMATION).await.json();
        assert!(later["logoUrl"].as_str().unwrap().ends_with(logo));
        // In 2050 there is no 29 February.
        let reasons = later["closingHours"].to_string();
        assert!(reasons.contains("2050-02-28T00:00:00") && !reasons.contains("Flood"), "{reasons}");
    });
}

#[test]
fn err_9_what_is_not_known_is_left_out() {
    with_gym(TWO, |gym| async move {
        let key = gym.key("empty").await;
        let expected = json!({
            "name": "Acme Empty",
            "country": "Austria",
            "countryCode": "AT",
            "studioId": gym.studio("empty").await,
            "openingHours": [],
            "publicOpeningHours": [],
            "closingHours": [],
            "accessCodeConfiguration": { "enabled": false },
            "studioTags": [],
            "openingHoursCategories": [],
        });
        assert_eq!(gym.get(&key, INFORMATION).await.json(), expected);
    });
}

#[test]
fn stu_3_missing_public_hours_repeat_the_others() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let information = gym.get(&key, INFORMATION).await.json();
        let hours = json!([{ "dayOfWeekFrom": "MONDAY", "dayOfWeekTo": "SUNDAY", "timeFrom": "06:00:00", "timeTo": "22:00:00" }]);
        assert_eq!(information["openingHours"], hours);
        assert_eq!(information["publicOpeningHours"], hours);
    });
}
