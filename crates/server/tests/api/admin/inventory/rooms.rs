//! Rooms and resources.

use serde_json::json;

use super::{IN_USE, Office, STALE, keys};
use crate::{
    admin::records,
    classes::{shown, slot},
    support::{CLASSES, with_gym},
};

#[test]
fn a_manager_defines_changes_retires_and_restores_a_room() {
    with_gym(CLASSES, |gym| async move {
        let (office, end) = (Office::of(&gym).await, gym.end_of_journal().await);
        assert_eq!(keys(&office.get("/rooms").await), ["hall", "cellar"]);
        let made = office.add("/rooms", json!({ "name": "Loft", "description": "Top floor" })).await;
        let (id, key) = (made["id"].as_i64().unwrap(), made["key"].as_str().unwrap());
        let expected = json!({
            "id": id, "version": made["version"], "key": format!("@{id}"), "retired": false,
            "definition": { "name": "Loft", "description": "Top floor" },
        });
        assert_eq!(made, expected);
        assert_eq!(gym.deeds(end).await, ["inventory.added"]);
        let record = records(&gym).await.pop().unwrap();
        assert!(record.actor.starts_with("staff:"), "{record:?}");
        assert_eq!((record.studio_id, record.subject), (Some(office.studio), Some(format!("room:{id}"))));
        assert_eq!(record.changes.unwrap(), r#"{"description":{"to":"Top floor"},"name":{"to":"Loft"}}"#);

        let changed = office.change("/rooms", &made, json!({ "name": "Attic" })).await.json();
        assert_eq!(changed["definition"], json!({ "name": "Attic" }));
        assert_ne!(changed["version"], made["version"]);
        office.change("/rooms", &made, json!({ "name": "Roof" })).await.refusal(409, STALE);
        let end = gym.end_of_journal().await;
        assert_eq!(office.change("/rooms", &changed, json!({ "name": "Attic" })).await.json(), changed);
        assert_eq!(gym.end_of_journal().await, end, "nothing changed");

        let retired = office.act("/rooms", &made, "retire").await.json();
        assert_eq!(retired["retired"], true);
        office.act("/rooms", &made, "retire").await.json();
        assert_eq!(keys(&office.get("/rooms").await), ["hall", "cellar"]);
        assert_eq!(keys(&office.get("/rooms?retired=true").await), ["hall", "cellar", key]);
        assert_eq!(office.act("/rooms", &made, "restore").await.json(), changed);
        assert_eq!(office.get(&format!("/rooms/{id}")).await, changed);
        assert_eq!(gym.deeds(end).await, ["inventory.retired", "inventory.restored"]);

        // Resources are the same in small.
        let bike = office.add("/resources", json!({ "name": "Bike" })).await;
        let bike = office.change("/resources", &bike, json!({ "name": "Bicycle" })).await.json();
        assert_eq!(office.get("/resources").await, json!([bike]));
        assert_eq!(office.act("/resources", &bike, "retire").await.json()["retired"], true);
    });
}

#[test]
fn programs_see_another_name_at_once_and_what_is_needed_stays() {
    with_gym(CLASSES, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        let hall = office.named("/rooms", "hall").await;
        office.change("/rooms", &hall, json!({ "name": "Great hall" })).await.json();
        assert_eq!(shown(&gym, &key, yoga).await["location"]["name"], "Great hall");
        let refusal = office.act("/rooms", &hall, "retire").await.refusal(400, IN_USE);
        assert!(refusal.error_message.contains("class series yoga-evening"), "{}", refusal.error_message);
        // A series needs it until it is out of use itself: with its class it would come back.
        let class = office.named("/classes", "yoga").await;
        let series = office.named(&format!("/classes/{}/series", class["id"]), "yoga-evening").await;
        office.act("/classes", &class, "retire").await.json();
        office.act("/rooms", &hall, "retire").await.refusal(400, IN_USE);
        office.act("/class-series", &series, "retire").await.json();
        office.act("/rooms", &hall, "retire").await.json();
        office.act("/classes", &class, "restore").await.json();
        let refusal = office.act("/class-series", &series, "restore").await.refusal(400, super::INVALID);
        assert_eq!(refusal.reference.as_deref(), Some("definition.room"));
        office.act("/rooms", &hall, "restore").await.json();
        office.act("/class-series", &series, "restore").await.json();
    });
}

#[test]
fn a_gym_file_leaves_alone_what_the_back_office_made_and_says_again_what_it_says() {
    with_gym(CLASSES, |gym| async move {
        let office = Office::of(&gym).await;
        let made = office.add("/rooms", json!({ "name": "Loft" })).await;
        let (hall, cellar) = (office.named("/rooms", "hall").await, office.named("/rooms", "cellar").await);
        let changed = office.change("/rooms", &hall, json!({ "name": "Great hall" })).await.json();
        office.act("/rooms", &cellar, "retire").await.json();
        assert_eq!((&changed["key"], &changed["definition"]["name"]), (&json!("hall"), &json!("Great hall")));
        gym.apply(CLASSES).await;
        assert_eq!(office.get("/rooms").await, json!([hall, cellar, made]));
        let end = gym.end_of_journal().await;
        gym.apply(CLASSES).await;
        assert_eq!(gym.end_of_journal().await, end);
        // A file without rooms retires its own.
        let without = CLASSES
            .replace("      - { key: hall, name: Hall, description: First floor }\n", "")
            .replace("      - { key: cellar, name: Cellar }\n", "")
            .replace("            room: hall\n", "");
        gym.apply(&without).await;
        assert_eq!(office.get("/rooms").await, json!([made]));
    });
}
