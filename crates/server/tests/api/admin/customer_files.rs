//! Pictures and documents of customers in the back office.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{account, call, call_with, customer_path, owner, records, send_bytes, session, signed_in};
use crate::support::{MEMBERS, picture, with_gym};

/// What the answers of a customer's links are.
async fn fetched(gym: &crate::support::Gym, url: &Value) -> crate::support::Answer {
    gym.send("GET", gym.path_of(url.as_str().unwrap()), &[], "").await
}

#[test]
fn file_1_the_desk_gives_a_customer_a_picture_and_takes_it_away() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let ada = gym.customer("north", "ada").await;
        let path = customer_path(&gym, "north", ada, "/image").await;
        let before = gym.end_of_journal().await;
        let told = send_bytes(&gym, &token, "PUT", &path, &picture(2400, 1200)).await.json();
        let shown = image::load_from_memory(&fetched(&gym, &told["imageUrl"]).await.body).unwrap();
        assert_eq!((shown.width(), shown.height()), (1200, 600));
        let seen = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
        assert!(seen["imageUrl"].as_str().unwrap().contains("/files/"));
        // The same one again changes nothing.
        send_bytes(&gym, &token, "PUT", &path, &picture(2400, 1200)).await.json();
        assert_eq!(gym.deeds(before).await, ["customer.image-replaced CUSTOMER_UPDATED"]);
        for (content, code) in [
            (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "file.type.unsupported"),
            (b"GIF89a", "file.type.unsupported"),
            (b"", "file.type.unsupported"),
            (&picture(8, 8)[..40], "validation.field.invalid"),
            (&vec![0; (10 << 20) + 1], "file.too.large"),
            (&vec![0; 50_000_000], "file.too.large"),
        ] {
            send_bytes(&gym, &token, "PUT", &path, content).await.refusal(400, &format!("errormessage.{code}"));
        }
        let before = gym.end_of_journal().await;
        let told = call(&gym, &token, "DELETE", &path, "").await.json();
        assert_eq!(told["imageUrl"], Value::Null);
        call(&gym, &token, "DELETE", &path, "").await.json();
        assert_eq!(gym.deeds(before).await, ["customer.image-removed CUSTOMER_UPDATED"]);
        assert_eq!(gym.get(&key, &format!("/v1/customers/{ada}")).await.json()["imageUrl"], Value::Null);
        // Of nobody else's customers, and of nobody in the archive.
        let dora = gym.customer("south", "dora").await;
        let others = customer_path(&gym, "north", dora, "/image").await;
        for (method, content) in [("PUT", picture(8, 8)), ("DELETE", Vec::new())] {
            let answer = send_bytes(&gym, &token, method, &others, &content).await;
            answer.refusal(404, "errormessage.customer.not.found");
        }
        let boss = session(&gym, gym.tenant, account(&gym, gym.tenant, "boss@acme.example", owner()).await).await;
        let cleo = gym.customer("north", "cleo").await;
        call(&gym, &boss, "POST", &customer_path(&gym, "north", cleo, "/archive").await, "").await.json();
        let gone = customer_path(&gym, "north", cleo, "/image").await;
        let archived = send_bytes(&gym, &token, "PUT", &gone, &picture(8, 8)).await;
        archived.refusal(400, "errormessage.customer.archived");
    });
}

#[test]
fn file_3_the_desk_stores_documents_under_a_name_that_is_never_a_path() {
    with_gym(MEMBERS, |gym| async move {
        let token = signed_in(&gym, Role::Desk, "north").await;
        let ada = gym.customer("north", "ada").await;
        let path = customer_path(&gym, "north", ada, "/documents").await;
        let content = b"%PDF-1.7 waiver \xff";
        let at = format!("{path}?name=..%2F..%2Fwaiver%20%C3%A4.pdf&description=Waiver");
        let before = gym.end_of_journal().await;
        let told = send_bytes(&gym, &token, "POST", &at, content).await.json();
        assert_eq!((&told["fileName"], &told["description"]), (&json!("waiver \u{e4}.pdf"), &json!("Waiver")));
        assert_eq!(gym.deeds(before).await, ["document.added"]);
        let file = fetched(&gym, &told["url"]).await;
        assert_eq!((file.header("content-type"), file.body.as_slice()), (Some("application/pdf"), &content[..]));
        let one = call(&gym, &token, "GET", &customer_path(&gym, "north", ada, "").await, "").await.json();
        assert_eq!(one["documents"][0]["id"], told["id"]);
        // Programs find it as well.
        let key = gym.key("north").await;
        let listed = gym.get(&key, &format!("/v1/customers/{ada}/documents")).await.json();
        assert_eq!(listed["result"][0]["id"], told["id"]);
        let most = vec![b'x'; 20 << 20];
        send_bytes(&gym, &token, "POST", &format!("{path}?name=most"), &most).await.json();
        let more = vec![b'x'; (20 << 20) + 1];
        let refusal = send_bytes(&gym, &token, "POST", &format!("{path}?name=more"), &more).await;
        refusal.refusal(400, "errormessage.file.too.large");
        let nameless = send_bytes(&gym, &token, "POST", &path, b"x").await;
        let nameless = nameless.refusal(400, "errormessage.validation.field.required");
        assert_eq!(nameless.reference.as_deref(), Some("name"));
        let number = records(&gym).await.len();
        let dry = [("gymkeeper-dry-run", "true")];
        call_with(&gym, &token, "POST", &format!("{path}?name=dry"), &dry, "x").await.json();
        assert_eq!(records(&gym).await.len(), number);
        let dora = gym.customer("south", "dora").await;
        let others = customer_path(&gym, "north", dora, "/documents?name=x").await;
        send_bytes(&gym, &token, "POST", &others, b"x").await.refusal(404, "errormessage.customer.not.found");
    });
}
