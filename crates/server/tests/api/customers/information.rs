//! Information fields: what the gym wants to know of its customers, and what is noted about each.

use gymkeeper_server::gymfile;
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, with_gym};

const FIELDS: &str = "/v1/customers/additional-information-fields";

fn assignments(customer: i64) -> String {
    format!("/v1/customers/{customer}/additional-information-field-assignments")
}

async fn fields(gym: &Gym, key: &str) -> Vec<Value> {
    gym.get(key, FIELDS).await.json().as_array().unwrap().clone()
}

/// The id of the field of that name.
async fn id(gym: &Gym, key: &str, name: &str) -> i64 {
    fields(gym, key).await.iter().find(|field| field["name"] == name).unwrap()["id"].as_i64().unwrap()
}

async fn noted(gym: &Gym, key: &str, customer: i64) -> Value {
    let told = gym.get(key, &format!("/v1/customers/{customer}")).await.json();
    told["additionalInformationFieldAssignments"].clone()
}

fn one(field: i64, value: &str) -> Value {
    json!({ "additionalInformationFieldId": field, "value": value })
}

#[test]
fn cust_19_every_studio_of_the_tenant_has_its_fields() {
    with_gym(MEMBERS, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let told = gym.get(&north, FIELDS).await.json();
        let ids: Vec<i64> = told.as_array().unwrap().iter().map(|field| field["id"].as_i64().unwrap()).collect();
        assert!(ids.is_sorted());
        let goal = ids[0];
        let items =
            json!([{ "id": goal * 1000 + 1, "name": "Strength" }, { "id": goal * 1000 + 7, "name": "Less weight" }]);
        assert_eq!(
            told,
            json!([
                { "id": goal, "name": "Goal", "type": "LIST", "abbreviation": "G", "listItems": items },
                { "id": ids[1], "name": "Locker", "type": "NUMERIC" },
                { "id": ids[2], "name": "Trains since", "type": "DATE" },
                { "id": ids[3], "name": "Wants a coach", "type": "BOOLEAN" },
                { "id": ids[4], "name": "Remark", "type": "TEXT" },
            ])
        );
        assert_eq!(gym.get(&south, FIELDS).await.json(), told);
        let other = gym.apply("{ tenant: { key: umbrella, name: U }, studios: [] }").await;
        assert_ne!(other, gym.tenant);
        gym.apply(&MEMBERS.replace("key: acme", "key: other")).await;
        assert_eq!(gym.get(&north, FIELDS).await.json(), told, "another tenant's fields are its own");
    });
}

#[test]
fn cust_10_what_is_noted_is_replaced_as_a_whole() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let mut ids = Vec::new();
        for name in ["Goal", "Locker", "Trains since", "Wants a coach", "Remark"] {
            ids.push(id(&gym, &key, name).await);
        }
        let (goal, strength) = (ids[0], (ids[0] * 1000 + 1).to_string());
        let before = gym.end_of_journal().await;
        let whole = json!([
            one(ids[4], " Prefers mornings "),
            one(ids[3], "true"),
            one(ids[2], "2020-02-29"),
            one(ids[1], "-007"),
            one(goal, &strength),
        ]);
        let stored = json!([
            one(goal, &strength),
            one(ids[1], "-7"),
            one(ids[2], "2020-02-29"),
            one(ids[3], "true"),
            one(ids[4], "Prefers mornings"),
        ]);
        let put = async |body: &Value| gym.send_json("PUT", &key, &assignments(ada), &body.to_string()).await.json();
        assert_eq!(put(&whole).await, stored);
        assert_eq!(noted(&gym, &key, ada).await, stored);
        assert_eq!(put(&stored).await, stored, "what was answered can be sent back");
        assert_eq!(gym.deeds(before).await, ["customer.information-replaced CUSTOMER_UPDATED"], "once");
        assert!(!gym.said_after(before).await.contains("mornings"), "no personal values");
        assert_eq!(put(&json!([one(ids[1], "12")])).await, json!([one(ids[1], "12")]));
        assert_eq!(noted(&gym, &key, ada).await, json!([one(ids[1], "12")]));
        assert_eq!(put(&json!([])).await, json!([]));
        assert_eq!(noted(&gym, &key, ada).await, json!([]));
        assert_eq!(gym.deeds(before).await.len(), 3);
    });
}

#[test]
fn cust_10_and_19_a_refused_list_names_its_place_and_changes_nothing() {
    with_gym(MEMBERS, |gym| async move {
        let (key, barred) = (gym.key("north").await, gym.customer("north", "barred").await);
        let (goal, locker) = (id(&gym, &key, "Goal").await, id(&gym, &key, "Locker").await);
        let since = id(&gym, &key, "Trains since").await;
        let remark = id(&gym, &key, "Remark").await;
        let before = noted(&gym, &key, barred).await;
        // From the gym file, where items go by their texts.
        assert_eq!(before, json!([one(goal, &(goal * 1000 + 1).to_string()), one(locker, "17")]));
        let (position, long) = (gym.end_of_journal().await, "x".repeat(4001));
        let of = |code: &str| format!("errormessage.additional.information.field.{code}");
        let required = "errormessage.validation.field.required".to_owned();
        for (body, code, reference) in [
            (json!([one(locker, "1"), one(0, "x")]), of("unknown"), "[1].additionalInformationFieldId"),
            (json!([one(locker, "1"), one(locker, "2")]), of("duplicate"), "[1].additionalInformationFieldId"),
            (json!([one(locker, "1.5")]), of("value.invalid"), "[0].value"),
            (json!([one(goal, "Strength")]), of("value.invalid"), "[0].value"),
            (json!([one(goal, &(goal * 1000 + 2).to_string())]), of("value.invalid"), "[0].value"),
            (json!([one(since, "29.02.2020")]), of("value.invalid"), "[0].value"),
            (json!([one(remark, &long)]), of("value.invalid"), "[0].value"),
            (json!([one(remark, " ")]), required.clone(), "[0].value"),
            (json!([{ "value": "x" }]), required.clone(), "[0].additionalInformationFieldId"),
            (json!([{ "additionalInformationFieldId": locker }]), required.clone(), "[0].value"),
        ] {
            let answer = gym.send_json("PUT", &key, &assignments(barred), &body.to_string()).await;
            let refusal = answer.refusal(400, &code);
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{body}");
        }
        assert_eq!(noted(&gym, &key, barred).await, before);
        assert_eq!(gym.deeds(position).await, Vec::<String>::new());
        let disabled = "errormessage.third.party.customer.access.disabled";
        let hidden = assignments(gym.customer("north", "hidden").await);
        gym.send_json("PUT", &key, &hidden, "[]").await.refusal(403, disabled);
    });
}

#[test]
fn wh_10_a_changed_field_is_told_to_every_studio_that_knew_the_fields() {
    with_gym(MEMBERS, |gym| async move {
        let (key, barred) = (gym.key("north").await, gym.customer("north", "barred").await);
        let locker = id(&gym, &key, "Locker").await;
        let before = noted(&gym, &key, barred).await;
        let position = gym.end_of_journal().await;
        gym.apply(MEMBERS).await;
        assert_eq!(gym.deeds(position).await, Vec::<String>::new(), "nothing differs");
        let told = |deeds: Vec<String>| {
            let events = deeds.iter().filter(|deed| deed.ends_with("ADDITIONAL_INFORMATION_FIELDS_UPDATED"));
            events.cloned().collect::<Vec<_>>()
        };
        let renamed = MEMBERS.replace("name: Locker,", "name: Box,");
        gym.apply(&renamed).await;
        let each = "information-fields.changed ADDITIONAL_INFORMATION_FIELDS_UPDATED";
        assert_eq!(told(gym.deeds(position).await), [each, each]);
        let studios: Vec<_> = gym
            .journal_after(position)
            .await
            .iter()
            .filter(|one| one.events.is_some())
            .map(|one| one.studio_id)
            .collect();
        assert_eq!(studios, [Some(gym.studio("north").await), Some(gym.studio("south").await)]);
        // Answers are remembered, and proven before each use.
        assert_eq!(id(&gym, &key, "Box").await, locker);

        let line = "  - { key: locker, name: Locker, kind: NUMERIC }\n";
        let without =
            MEMBERS.replace(line, "").replace("        - { field: locker }\n", "").replace("locker: \"17\", ", "");
        assert!(!without.contains("locker"));
        gym.apply(&without).await;
        assert_eq!(fields(&gym, &key).await.len(), 4);
        assert_eq!(noted(&gym, &key, barred).await.as_array().unwrap().len(), 1, "what nobody asks for is not shown");
        let put = gym.send_json("PUT", &key, &assignments(barred), &json!([one(locker, "1")]).to_string()).await;
        put.refusal(400, "errormessage.additional.information.field.unknown");
        gym.apply(MEMBERS).await;
        assert_eq!(id(&gym, &key, "Locker").await, locker, "restored under its id");
        assert_eq!(noted(&gym, &key, barred).await, before);

        let position = gym.end_of_journal().await;
        let silent: String = MEMBERS
            .lines()
            .filter(|line| !line.contains("kind:") && !line.starts_with("information_fields"))
            .map(|line| format!("{line}\n"))
            .collect();
        gym.apply(&silent).await;
        assert_eq!(gym.deeds(position).await, Vec::<String>::new(), "a file without a list says nothing");
        assert_eq!(fields(&gym, &key).await.len(), 5);
    });
}

#[test]
fn mistakes_about_fields_are_named_in_the_gym_file() {
    struct Nothing;
    impl gymfile::Contents for Nothing {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            Err(format!("{path} is not there"))
        }
    }
    for (from, to, field) in [
        ("name: Locker,", "name: '',", "information_fields[1].name"),
        ("key: locker,", "key: goal,", "information_fields[1].key"),
        ("kind: TEXT", "kind: NUMBER", "information_fields[4].kind"),
        ("number: 7", "number: 1", "information_fields[0].items[1].number"),
        ("locker: \"17\"", "locker: \"A17\"", "studios[0].customers[6].information.locker"),
        ("goal: Strength }", "aim: Strength }", "studios[0].customers[6].information.aim"),
        ("goal: Strength }", "goal: Speed }", "studios[0].customers[6].information.goal"),
        ("field: locker }", "field: box }", "studios[0].leads.fields[1].field"),
        ("field: locker }", "field: goal }", "studios[0].leads.fields[1].field"),
        ("field: locker }", "field: locker, multi_selection: true }", "studios[0].leads.fields[1].multi_selection"),
        (
            "external_identifier: fair-2026",
            "external_identifier: ' '",
            "studios[0].leads.campaigns[0].external_identifier",
        ),
        ("code: SOUTH-2026", "code: welcome2026", "studios[1].checkin_vouchers[0].code"),
        ("code: SOUTH-2026", "code: short", "studios[1].checkin_vouchers[0].code"),
        ("code: SOUTH-2026", "code: SOUTH-2026, until: 2026-01-01", "studios[1].checkin_vouchers[0].until"),
    ] {
        let text = MEMBERS.replacen(from, to, 1);
        assert_ne!(text, MEMBERS, "{from}");
        let mistakes = gymfile::read(&text, "2026-11-21".parse().unwrap(), &Nothing).unwrap_err();
        assert!(mistakes.iter().any(|mistake| mistake.field == field && mistake.line.is_some()), "{to}: {mistakes:?}");
    }
}
