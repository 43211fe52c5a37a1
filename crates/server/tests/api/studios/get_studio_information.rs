//! `GET /v1/studios/information`.

use serde_json::json;

use crate::support::{SMALL, with_gym};

const PATH: &str = "/v1/studios/information";

const FULL: &str = r#"
tenant: { key: full, name: Full, sandbox: true }
tags: [pool, sauna]
studios:
  - key: one
    name: One
    description: The first.
    country: Germany
    country_code: DE
    opening_date: 2019-03-01
    closing_date: 2030-12-31
    email: one@gym.example
    telephone: "+49 30 5550100"
    website: https://gym.example
    zone: Europe/Berlin
    currency: EUR
    access_code_enabled: true
    location: { latitude: 52.5301, longitude: 13.3846 }
    address:
      street: Chausseestraße
      house_number: "23"
      zip: "10115"
      city: Berlin
      second_street: Hof 2
      city_part: Mitte
      district: Vorstadt
      street_type: Straße
      street_block: C
      portal: "4"
      stairway: links
      door: "12"
      province: Berlin
      province_code: BE
      additional_address_information: Torbogen
      floor: "1"
      building_name: Gießerei
    tags: [sauna]
    opening_hours:
      - { from: SATURDAY, to: MONDAY, opens: "08:00", closes: "24:00" }
    public_opening_hours:
      - { from: MONDAY, to: FRIDAY, opens: "06:30", closes: "22:30" }
    closing_hours:
      - { reason: Christmas, from: "2020-12-24T14:00", to: "2020-12-27T00:00", yearly: true }
      - { reason: Repairs, from: "2026-12-01T00:00", to: "2026-12-01T12:00" }
      - { reason: Over, from: "2026-01-01T00:00", to: "2026-01-02T00:00" }
    opening_hours_categories:
      - { key: early, name: Early, windows: [{ day: MONDAY, from: "06:00", to: "09:30" }] }
"#;

#[test]
fn every_field_is_told() {
    with_gym(FULL, |gym| async move {
        let key = gym.key("one").await;
        let information = gym.get(&key, PATH).await.json();
        let category = information["openingHoursCategories"][0]["categoryId"].clone();
        assert!(category.as_i64().is_some_and(|id| id > 0));
        assert_eq!(
            information,
            json!({
                "name": "One",
                "description": "The first.",
                "country": "Germany",
                "countryCode": "DE",
                "studioId": gym.studio("one").await,
                "openingDate": "2019-03-01",
                "closingDate": "2030-12-31",
                "email": "one@gym.example",
                "telephone": "+49 30 5550100",
                "website": "https://gym.example",
                "openingHours": [
                    { "dayOfWeekFrom": "SATURDAY", "dayOfWeekTo": "MONDAY", "timeFrom": "08:00:00", "timeTo": "23:59:59" }
                ],
                "publicOpeningHours": [
                    { "dayOfWeekFrom": "MONDAY", "dayOfWeekTo": "FRIDAY", "timeFrom": "06:30:00", "timeTo": "22:30:00" }
                ],
                "closingHours": [
                    { "reason": "Repairs", "dateTimeFrom": "2026-12-01T00:00:00", "dateTimeTo": "2026-12-01T12:00:00" },
                    { "reason": "Christmas", "dateTimeFrom": "2026-12-24T14:00:00", "dateTimeTo": "2026-12-27T00:00:00" },
                ],
                "street": "Chausseestraße",
                "houseNumber": "23",
                "zip": "10115",
                "city": "Berlin",
                "accessCodeConfiguration": { "enabled": true },
                "location": { "longitude": 13.3846, "latitude": 52.5301 },
                "studioTags": [{ "name": "sauna" }],
                "openingHoursCategories": [{
                    "categoryId": category,
                    "name": "Early",
                    "openingHours": [{ "dayOfWeek": "MONDAY", "timeFrom": "06:00:00", "timeTo": "09:30:00" }],
                }],
                "secondStreet": "Hof 2",
                "cityPart": "Mitte",
                "district": "Vorstadt",
                "streetType": "Straße",
                "streetBlock": "C",
                "portal": "4",
                "stairway": "links",
                "door": "12",
                "province": "Berlin",
                "provinceCode": "BE",
                "additionalAddressInformation": "Torbogen",
                "floor": "1",
                "buildingName": "Gießerei",
            })
        );
        // STU-3: closing hours from today on; on the second day of Christmas, this year's are still there.
        gym.set_clock("2026-12-26T11:00:00Z").await;
        let closing = gym.get(&key, PATH).await.json()["closingHours"].clone();
        assert_eq!(closing[0]["dateTimeFrom"], "2026-12-24T14:00:00");
        gym.set_clock("2026-12-27T11:00:00Z").await;
        let closing = gym.get(&key, PATH).await.json()["closingHours"].clone();
        assert_eq!(closing[0]["dateTimeFrom"], "2027-12-24T14:00:00");
    });
}

#[test]
fn stu_3_missing_public_hours_repeat_the_others_and_what_is_not_known_is_left_out() {
    with_gym(SMALL, |gym| async move {
        let north = gym.get(&gym.key("north").await, PATH).await.json();
        assert_eq!(north["publicOpeningHours"], north["openingHours"]);
        assert_eq!(north["openingHours"][0]["timeTo"], "22:00:00");
        let south = gym.get(&gym.key("south").await, PATH).await.json();
        for field in ["location", "description", "openingDate", "street", "logoUrl", "secondStreet"] {
            assert!(south.get(field).is_none(), "{field}");
        }
        assert_eq!(south["accessCodeConfiguration"], json!({ "enabled": false }));
        assert_eq!((&south["openingHours"], &south["studioTags"]), (&json!([]), &json!([])));
        assert_eq!(south["name"], "Acme South");
    });
}
