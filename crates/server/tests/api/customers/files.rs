//! Documents and pictures of customers.

use serde_json::json;

use crate::support::{MEMBERS, picture, with_gym};

#[test]
fn cust_20_documents_are_kept_listed_and_fetched() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let path = format!("/v1/customers/{ada}/documents");
        assert_eq!(gym.get(&key, &path).await.json(), json!({ "result": [], "hasNext": false, "offset": "0" }));
        let content = b"%PDF-1.7 caf\xc3\xa9 \xff";
        let at = format!("{path}?description=Medical%20note");
        let first =
            gym.send_form("POST", &key, &at, "file", "../../Attest \u{e4}.pdf", content).await.json()["id"].clone();
        let second =
            gym.send_form("POST", &key, &path, "file", "page.html", b"<script>1</script>").await.json()["id"].clone();
        let list = gym.get(&key, &path).await.json();
        let ids: Vec<_> = list["result"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert_eq!(ids, [second.clone(), first.clone()]);
        let page = gym.get(&key, &format!("{path}?sliceSize=1&offset=1")).await.json();
        assert_eq!((&page["result"][0]["id"], &page["offset"], &page["hasNext"]), (&first, &json!("2"), &json!(false)));
        let one = gym.get(&key, &format!("{path}/{first}")).await.json();
        assert_eq!((&one["fileName"], &one["description"]), (&json!("Attest \u{e4}.pdf"), &json!("Medical note")));
        let fetched = gym.send("GET", gym.path_of(one["url"].as_str().unwrap()), &[], "").await;
        assert_eq!((fetched.status, fetched.header("content-type")), (200, Some("application/pdf")));
        assert_eq!(fetched.body, content);
        // A page that somebody uploads never runs as one of ours.
        let html = gym.get(&key, &format!("{path}/{second}")).await.json();
        let fetched = gym.send("GET", gym.path_of(html["url"].as_str().unwrap()), &[], "").await;
        assert_eq!(fetched.header("content-type"), Some("application/octet-stream"));
        let bela = gym.customer("north", "bela").await;
        let others = gym.get(&key, &format!("/v1/customers/{bela}/documents/{first}")).await;
        others.refusal(404, "errormessage.document.not.found");
        gym.get(&key, &format!("{path}/0")).await.refusal(404, "errormessage.document.not.found");
    });
}

#[test]
fn file_1_a_picture_is_made_small_and_replaces_the_one_before() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let path = format!("/v1/customers/{ada}/images");
        let before = gym.end_of_journal().await;
        let link = gym.send_form("PUT", &key, &path, "image", "me.png", &picture(2400, 1200)).await.json();
        let fetched = gym.send("GET", gym.path_of(link["imageUrl"].as_str().unwrap()), &[], "").await;
        assert_eq!(fetched.header("content-type"), Some("image/jpeg"));
        let shown = image::load_from_memory(&fetched.body).unwrap();
        assert_eq!((shown.width(), shown.height()), (1200, 600));
        let told = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
        assert!(told["imageUrl"].as_str().unwrap().contains("/files/"));
        // The same picture again changes nothing.
        gym.send_form("PUT", &key, &path, "image", "me.png", &picture(2400, 1200)).await.json();
        assert_eq!(gym.events_after(before).await, [("CUSTOMER_UPDATED".to_owned(), ada)]);
        for (name, content, code) in [
            ("a.svg", &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "file.type.unsupported"),
            ("a.png", b"GIF89a", "file.type.unsupported"),
            ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "file.type.unsupported"),
            ("a.png", b"PK\x03\x04", "file.type.unsupported"),
            ("a.png", b"", "file.type.unsupported"),
            ("a.png", &picture(8, 8)[..40], "validation.field.invalid"),
        ] {
            let refusal = gym.send_form("PUT", &key, &path, "image", name, content).await;
            let refusal = refusal.refusal(400, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some("image"), "{name}");
        }
        let missing = gym.send_form("PUT", &key, &path, "picture", "a.png", &picture(8, 8)).await;
        missing.refusal(400, "errormessage.file.data.part.missing");
        gym.send_json("PUT", &key, &path, "{}").await.refusal(415, "errormessage.media.type.unsupported");
        let large = gym.send_form("PUT", &key, &path, "image", "a.png", &vec![0; (10 << 20) + 1]).await;
        large.refusal(400, "errormessage.file.too.large");
    });
}

#[test]
fn what_is_refused_or_only_tried_out_leaves_no_content_behind() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let contents = || {
            let folder = gymkeeper_server::app::files_dir(&gym.app.config);
            // Whatever is still on its way has a name that begins with a dot, and goes with the request.
            let is_content = |name: &std::ffi::OsString| !name.to_string_lossy().starts_with('.');
            std::fs::read_dir(folder).unwrap().filter(|entry| is_content(&entry.as_ref().unwrap().file_name())).count()
        };
        let before = contents();
        let unknown = gym.send_form("POST", &key, "/v1/customers/1/documents", "file", "a.pdf", b"%PDF-1").await;
        unknown.refusal(404, "errormessage.customer.not.found");
        let ada = gym.customer("north", "ada").await;
        let form =
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-2\r\n--edge--\r\n";
        let headers = [
            ("x-api-key", key.as_str()),
            ("content-type", "multipart/form-data; boundary=edge"),
            ("gymkeeper-dry-run", "true"),
        ];
        let tried = gym.send("POST", &format!("/v1/customers/{ada}/documents"), &headers, form).await;
        assert_eq!(tried.status, 200, "{}", tried.text());
        assert_eq!(contents(), before);
        gym.send("POST", &format!("/v1/customers/{ada}/documents"), &headers[..2], form).await.json();
        assert_eq!(contents(), before + 1);
    });
}
