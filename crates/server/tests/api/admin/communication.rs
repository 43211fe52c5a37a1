//! Conversations with customers in the back office.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{call, customer_path, last_record, records, signed_in};
use crate::support::{Gym, MEMBERS, with_gym};

const NOTHING: &str = "errormessage.communication.thread.not.found";
const NOBODY: &str = "errormessage.customer.not.found";

/// A conversation that a program begins; answers its id.
async fn begun(gym: &Gym, studio: &str, customer: i64, subject: &str) -> i64 {
    let message = json!({
        "communicationThreadStatus": "CREATED", "subject": subject, "content": "Where are they?",
        "communicationDirection": "INCOMING", "communicationChannel": "EMAIL", "ticketNumber": "T-7",
        "ticketLink": "https://tickets.example.org/T-7", "communicationDateTime": "2026-11-21T09:30:00+01:00",
    });
    let (key, path) = (gym.key(studio).await, format!("/v1/communications/{customer}/threads"));
    gym.send_json("POST", &key, &path, &message.to_string()).await.json()["threadId"].as_i64().unwrap()
}

fn ids(list: &Value) -> Vec<i64> {
    list["result"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[test]
fn com_1_staff_read_answer_close_and_begin_conversations() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Desk, "north").await, gym.studio("north").await);
        let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
        let thread = begun(&gym, "north", ada, "Towels").await;
        let of_studio = format!("/studios/{north}/threads");
        let messages = format!("{of_studio}/{thread}/messages");
        let list = call(&gym, &token, "GET", &of_studio, "").await.json();
        let expected = json!([{
            "id": thread, "status": "CREATED", "customerId": ada, "firstName": "Ada", "lastName": "Lovelace",
            "subject": "Towels", "lastMessageAt": "2026-11-21T08:30:00Z",
        }]);
        assert_eq!(list["result"], expected);

        gym.set_clock("2026-11-21T12:00:00Z").await;
        let answer = json!({ "subject": " Re: Towels ", "content": "In the steam.", "channel": "PHONE" }).to_string();
        let before = gym.end_of_journal().await;
        let told = call(&gym, &token, "POST", &messages, &answer).await.json();
        assert_eq!((&told["status"], &told["lastMessageAt"]), (&json!("ONGOING"), &json!("2026-11-21T12:00:00Z")));
        assert_eq!(gym.deeds(before).await, ["communication.entered"]);
        let (actor, _, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:") && subject == format!("customer:{ada}"), "{actor} {subject}");
        let read = call(&gym, &token, "GET", &messages, "").await.json();
        let staff = call(&gym, &token, "GET", "/account", "").await.json();
        let expected = json!([
            {
                "id": read["result"][0]["id"], "subject": "Towels", "content": "Where are they?", "direction": "INCOMING",
                "channel": "EMAIL", "ticketNumber": "T-7", "ticketLink": "https://tickets.example.org/T-7",
                "exchangedAt": "2026-11-21T08:30:00Z", "attachments": [],
            },
            {
                "id": read["result"][1]["id"], "subject": "Re: Towels", "content": "In the steam.", "direction": "OUTGOING",
                "channel": "PHONE", "agent": staff["name"], "staffId": staff["id"], "exchangedAt": "2026-11-21T12:00:00Z",
                "attachments": [],
            },
        ]);
        assert_eq!(read["result"], expected);
        let (_, action, subject) = last_record(&gym).await;
        assert_eq!((action.as_str(), subject), ("communication.read", format!("communication-thread:{thread}")));

        // A note of what the customer said ends it; then it is closed and opened again without a word.
        let note = json!({
            "subject": "Thanks", "content": "Found them.", "channel": "CONVERSATION", "direction": "INCOMING", "status": "CLOSED",
        });
        assert_eq!(call(&gym, &token, "POST", &messages, &note.to_string()).await.json()["status"], "CLOSED");
        let status = async |status: &str| {
            let body = json!({ "status": status }).to_string();
            call(&gym, &token, "PUT", &format!("{of_studio}/{thread}/status"), &body).await.json()["status"].clone()
        };
        let before = gym.end_of_journal().await;
        assert_eq!(status("CLOSED").await, "CLOSED");
        assert_eq!(status("ONGOING").await, "ONGOING");
        assert_eq!(gym.deeds(before).await, ["communication.status-changed"]);

        let of_bela = format!("/studios/{north}/customers/{bela}/threads");
        let begin = json!({ "subject": "Come back", "content": "We miss you.", "channel": "LETTER" }).to_string();
        let other = call(&gym, &token, "POST", &of_bela, &begin).await.json();
        assert_eq!((&other["status"], &other["customerId"]), (&json!("CREATED"), &json!(bela)));
        let other = other["id"].as_i64().unwrap();
        assert_eq!(ids(&call(&gym, &token, "GET", &of_studio, "").await.json()), [other, thread], "the newest first");
        assert_eq!(ids(&call(&gym, &token, "GET", &of_bela, "").await.json()), [other]);
        for (wanted, expected) in [("CREATED", &[other][..]), ("ONGOING", &[thread]), ("CLOSED", &[])] {
            let list = call(&gym, &token, "GET", &format!("{of_studio}?status={wanted}"), "").await.json();
            assert_eq!(ids(&list), expected, "{wanted}");
        }
        let journal = gym.said_after(0).await;
        for secret in ["Towels", "steam", "miss you", "Found them"] {
            assert!(!journal.contains(secret), "{secret}");
        }
    });
}

#[test]
fn pag_2_conversations_and_messages_are_paged() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Trainer, "north").await, gym.studio("north").await);
        let (ada, dora) = (gym.customer("north", "ada").await, gym.customer("south", "dora").await);
        let mut made = Vec::new();
        for number in 0..11 {
            made.insert(0, begun(&gym, "north", ada, &format!("No. {number}")).await);
            begun(&gym, "south", dora, "Elsewhere").await;
        }
        for list in [format!("/studios/{north}/threads"), format!("/studios/{north}/customers/{ada}/threads")] {
            let first = call(&gym, &token, "GET", &format!("{list}?sliceSize=10"), "").await.json();
            assert_eq!((ids(&first), &first["hasNext"]), (made[..10].to_vec(), &json!(true)));
            let offset = first["offset"].as_str().unwrap();
            let last = call(&gym, &token, "GET", &format!("{list}?sliceSize=10&offset={offset}"), "").await.json();
            assert_eq!((ids(&last), &last["hasNext"]), (made[10..].to_vec(), &json!(false)));
            assert_eq!(call(&gym, &token, "GET", &format!("{list}?sliceSize=9"), "").await.status, 400);
        }
        let messages = format!("/studios/{north}/threads/{}/messages", made[0]);
        for number in 0..10 {
            let body = json!({ "subject": "More", "content": format!("{number}"), "channel": "CHAT" }).to_string();
            call(&gym, &token, "POST", &messages, &body).await.json();
        }
        let first = call(&gym, &token, "GET", &format!("{messages}?sliceSize=10"), "").await.json();
        assert_eq!((ids(&first).len(), &first["hasNext"]), (10, &json!(true)));
        let offset = first["offset"].as_str().unwrap();
        let last = call(&gym, &token, "GET", &format!("{messages}?sliceSize=10&offset={offset}"), "").await.json();
        assert_eq!((&last["result"][0]["content"], &last["hasNext"]), (&json!("9"), &json!(false)));
        assert!(ids(&first).is_sorted());
    });
}

#[test]
fn conversations_of_others_are_out_of_reach_and_what_is_malformed_is_refused() {
    with_gym(MEMBERS, |gym| async move {
        let (owner, north) = (signed_in(&gym, Role::Owner, "north").await, gym.studio("north").await);
        let (ada, dora) = (gym.customer("north", "ada").await, gym.customer("south", "dora").await);
        let (own, elsewhere) = (begun(&gym, "north", ada, "Own").await, begun(&gym, "south", dora, "Elsewhere").await);
        let message = json!({ "subject": "a", "content": "b", "channel": "CHAT" });
        let text = message.to_string();
        let before = records(&gym).await.len();
        for thread in [elsewhere, 0, i64::MAX] {
            let one = format!("/studios/{north}/threads/{thread}");
            call(&gym, &owner, "GET", &format!("{one}/messages"), "").await.refusal(404, NOTHING);
            call(&gym, &owner, "POST", &format!("{one}/messages"), &text).await.refusal(404, NOTHING);
            call(&gym, &owner, "PUT", &format!("{one}/status"), r#"{"status":"CLOSED"}"#).await.refusal(404, NOTHING);
        }
        for customer in [dora, 0, i64::MAX] {
            let threads = format!("/studios/{north}/customers/{customer}/threads");
            call(&gym, &owner, "GET", &threads, "").await.refusal(404, NOBODY);
            call(&gym, &owner, "POST", &threads, &text).await.refusal(404, NOBODY);
        }
        assert_eq!(records(&gym).await.len(), before);
        let messages = format!("/studios/{north}/threads/{own}/messages");
        let with = |name: &str, value: Value| {
            let mut message = message.clone();
            message[name] = value;
            message
        };
        for (body, code, field) in [
            (with("subject", json!(" ")), "field.required", "subject"),
            (with("subject", json!("x".repeat(256))), "field.too.long", "subject"),
            (with("content", Value::Null), "field.required", "content"),
            (with("content", json!("x".repeat(10_001))), "field.too.long", "content"),
            (with("channel", json!("PIGEON")), "enum.unknown", "channel"),
            (with("direction", json!("UP")), "enum.unknown", "direction"),
            (with("status", json!("READ")), "enum.unknown", "status"),
            (with("agent", json!("Somebody else")), "field.unknown", "agent"),
        ] {
            for path in [&messages, &format!("/studios/{north}/customers/{ada}/threads")] {
                let refusal = call(&gym, &owner, "POST", path, &body.to_string()).await;
                let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
                assert_eq!(refusal.reference.as_deref(), Some(field), "{field}");
            }
        }
        let reader = signed_in(&gym, Role::ReadOnly, "north").await;
        call(&gym, &reader, "POST", &messages, &text).await.refusal(403, super::RIGHT_MISSING);
        assert_eq!(ids(&call(&gym, &reader, "GET", &messages, "").await.json()).len(), 1);
    });
}

#[test]
fn com_2_staff_note_which_messages_a_customer_wants() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Desk, "north").await, gym.studio("north").await);
        let (ada, dora) = (gym.customer("north", "ada").await, gym.customer("south", "dora").await);
        let path = format!("/studios/{north}/customers/{ada}/communication-preferences");
        let before = gym.end_of_journal().await;
        let shown = call(&gym, &token, "GET", &path, "").await.json();
        assert_eq!((shown.as_array().unwrap().len(), &shown[1]["channels"][3]["active"]), (5, &json!(false)));
        assert_eq!(gym.deeds(before).await, ["preferences.read"]);
        let wish = |category: &str, active: bool| {
            json!([{ "messageCategory": category, "channels": [{ "communicationChannel": "EMAIL", "active": active }] }])
                .to_string()
        };
        let before = gym.end_of_journal().await;
        let told = call(&gym, &token, "PUT", &path, &wish("NEWSLETTER", true)).await.json();
        assert_eq!(told[3]["channels"][1]["active"], true);
        call(&gym, &token, "PUT", &path, &wish("NEWSLETTER", true)).await.json();
        let changed = "customer.communication-preferences-changed CUSTOMER_COMMUNICATION_PREFERENCES_UPDATED";
        assert_eq!(gym.deeds(before).await, [changed], "once");
        let kept = call(&gym, &token, "PUT", &path, &wish("CONTRACT", false)).await;
        let kept = kept.refusal(400, "errormessage.communication.preference.not.overridable");
        assert_eq!(kept.reference.as_deref(), Some("[0].channels[0].active"));
        for nobody in [dora, 0] {
            let path = format!("/studios/{north}/customers/{nobody}/communication-preferences");
            call(&gym, &token, "GET", &path, "").await.refusal(404, NOBODY);
            call(&gym, &token, "PUT", &path, &wish("NEWSLETTER", true)).await.refusal(404, NOBODY);
        }
        let reader = signed_in(&gym, Role::ReadOnly, "north").await;
        assert_eq!(call(&gym, &reader, "GET", &path, "").await.json(), told);
        call(&gym, &reader, "PUT", &path, "[]").await.refusal(403, super::RIGHT_MISSING);
    });
}

#[test]
fn documents_of_the_customer_go_with_a_message_and_nobody_elses() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Desk, "north").await, gym.studio("north").await);
        let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
        let key = gym.key("north").await;
        let stored = async |customer: i64, name: &str, content: &[u8]| {
            let path = format!("/v1/customers/{customer}/documents");
            gym.send_form("POST", &key, &path, "file", name, content).await.json()["id"].clone()
        };
        let (waiver, photo) = (stored(ada, "waiver.pdf", b"%PDF-1.7").await, stored(ada, "a.bin", b"xyz").await);
        let foreign = stored(bela, "bela.pdf", b"%PDF-1.7").await;
        let open = customer_path(&gym, "north", ada, "/threads").await;
        let message = |documents: Value| {
            json!({ "subject": "Papers", "content": "Here.", "channel": "EMAIL", "documentIds": documents }).to_string()
        };
        let begun = call(&gym, &token, "POST", &open, &message(json!([photo, waiver]))).await.json();
        let messages = format!("/studios/{north}/threads/{}/messages", begun["id"]);
        let told = call(&gym, &token, "GET", &messages, "").await.json()["result"][0]["attachments"].clone();
        let shown = |one: &Value| json!([one["documentId"], one["fileName"], one["mediaType"], one["size"]]);
        assert_eq!(shown(&told[0]), json!([photo, "a.bin", "application/octet-stream", 3]));
        assert_eq!(shown(&told[1]), json!([waiver, "waiver.pdf", "application/pdf", 8]));
        let file = gym.send("GET", gym.path_of(told[1]["url"].as_str().unwrap()), &[], "").await;
        assert_eq!(file.body, b"%PDF-1.7");
        let before = gym.end_of_journal().await;
        for (documents, status, code, at) in [
            (json!([waiver, foreign]), 404, "document.not.found", "documentIds[1]"),
            (json!([waiver, photo, waiver]), 400, "validation.field.invalid", "documentIds[2]"),
            (json!([0]), 404, "document.not.found", "documentIds[0]"),
            (json!(vec![waiver.clone(); 21]), 400, "validation.field.invalid", "documentIds"),
        ] {
            for path in [&open, &messages] {
                let refusal = call(&gym, &token, "POST", path, &message(documents.clone())).await;
                let refusal = refusal.refusal(status, &format!("errormessage.{code}"));
                assert_eq!(refusal.reference.as_deref(), Some(at));
            }
        }
        assert_eq!(gym.end_of_journal().await, before, "nothing was begun");
    });
}
