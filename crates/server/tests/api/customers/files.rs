//! Documents and pictures of customers.

use gymkeeper_server::{http::links::Lifetime, portable::contents};
use gymkeeper_store::files;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, bomb, from_a_camera, picture, with_gym};

/// The file that a link leads to, and when it ends.
fn parts(link: &str) -> (i64, i64) {
    let (path, query) = link.split_once("?expires=").unwrap();
    let expires = query.split('&').next().unwrap();
    (path.rsplit('/').next().unwrap().parse().unwrap(), expires.parse().unwrap())
}

/// The instants between which something was asked, in seconds, and the answer.
async fn timed<T>(gym: &Gym, asked: impl Future<Output = T>) -> (std::ops::RangeInclusive<i64>, T) {
    let before: Timestamp = gym.app.clock.now();
    let answer = asked.await;
    (before.as_second()..=gym.app.clock.now().as_second(), answer)
}

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
            ("a.png", &bomb(), "validation.field.invalid"),
        ] {
            let refusal = gym.send_form("PUT", &key, &path, "image", name, content).await;
            let refusal = refusal.refusal(400, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some("image"), "{name}");
        }
        // Of what a camera adds, the picture is turned by one thing, and nothing stays.
        let link = gym.send_form("PUT", &key, &path, "image", "me.jpg", &from_a_camera()).await.json();
        let fetched = gym.send("GET", gym.path_of(link["imageUrl"].as_str().unwrap()), &[], "").await;
        let shown = image::load_from_memory(&fetched.body).unwrap();
        assert_eq!((shown.width(), shown.height()), (48, 96));
        assert!(!fetched.body.windows(3).any(|bytes| bytes == b"GPS"), "where it was taken is told");
        let missing = gym.send_form("PUT", &key, &path, "picture", "a.png", &picture(8, 8)).await;
        missing.refusal(400, "errormessage.file.data.part.missing");
        gym.send_json("PUT", &key, &path, "{}").await.refusal(415, "errormessage.media.type.unsupported");
        let large = gym.send_form("PUT", &key, &path, "image", "a.png", &vec![0; (10 << 20) + 1]).await;
        large.refusal(400, "errormessage.file.too.large");
        // What is much too large is not kept in memory, but taken, so that whoever sends it gets to read why.
        let huge = gym.send_form("PUT", &key, &path, "image", "a.png", &vec![0; 50_000_000]).await;
        let refusal = huge.refusal(400, "errormessage.file.too.large");
        assert_eq!(refusal.reference.as_deref(), Some("image"));
        let documents = format!("/v1/customers/{ada}/documents");
        let huge = gym.send_form("POST", &key, &documents, "file", "a.pdf", &vec![0; 50_000_000]).await;
        huge.refusal(400, "errormessage.file.too.large");
    });
}

#[test]
fn file_3_forms_are_read_as_clients_write_them() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let path = format!("/v1/customers/{ada}/documents");
        let send = async |boundary: &str, form: &str| {
            let kind = format!("multipart/form-data; boundary={boundary}");
            gym.send("POST", &path, &[("x-api-key", &key), ("content-type", &kind)], form).await
        };
        let part = |disposition: &str| format!("Content-Disposition: form-data; {disposition}\r\n\r\n%PDF-1\r\n");
        let plain = part(r#"name="file"; filename="a.pdf""#);
        let other = part(r#"name="note""#);
        for (boundary, form, name) in [
            ("edge", format!("--edge\r\n{plain}--edge--\r\n"), "a.pdf"),
            // With quotes, as .NET writes it, and with letters that only stand in quotes.
            ("\"edge\"", format!("--edge\r\n{plain}--edge--\r\n"), "a.pdf"),
            ("\"ed:ge\"", format!("--ed:ge\r\n{plain}--ed:ge--\r\n"), "a.pdf"),
            (
                "----WebKitFormBoundaryx7",
                format!("------WebKitFormBoundaryx7\r\n{plain}------WebKitFormBoundaryx7--\r\n"),
                "a.pdf",
            ),
            ("edge", format!("--edge\r\n{}--edge--\r\n", part("name=file; filename=a.pdf")), "a.pdf"),
            (
                "edge",
                format!("--edge\r\n{}--edge--\r\n", part("name=file; filename=x.pdf; filename*=utf-8''%C3%A4.pdf")),
                "\u{e4}.pdf",
            ),
            ("edge", format!("--edge\r\n{}--edge--\r\n", part("name=\"file\"; filename=\"\u{e4}.pdf\"")), "\u{e4}.pdf"),
            // What is no such name leaves the other one.
            (
                "edge",
                format!("--edge\r\n{}--edge--\r\n", part("name=file; filename=x.pdf; FileName*=latin-1''%E4.pdf")),
                "x.pdf",
            ),
            (
                "edge",
                format!(
                    "--edge\r\n{}--edge--\r\n",
                    part("name=file; filename=x.pdf; filename*=utf-8''..%2F..%2Fa+b.pdf")
                ),
                "a+b.pdf",
            ),
            ("edge", format!("--edge\r\n{}--edge--\r\n", part(r#"name="file""#)), "file"),
            // Other parts before and after it, and what belongs to none.
            ("edge", format!("--edge\r\n{other}--edge\r\n{plain}--edge\r\n{other}--edge--\r\n"), "a.pdf"),
            ("edge", format!("before\r\n--edge\r\n{plain}--edge--\r\nbehind"), "a.pdf"),
            ("edge", format!("--edge\r\n{plain}--edge--"), "a.pdf"),
        ] {
            let sent = send(boundary, &form).await;
            assert_eq!(sent.status, 200, "{form}: {}", sent.text());
            let told = gym.get(&key, &format!("{path}/{}", sent.json()["id"])).await.json();
            assert_eq!(told["fileName"], name, "{form}");
            let fetched = gym.send("GET", gym.path_of(told["url"].as_str().unwrap()), &[], "").await;
            assert_eq!(fetched.body, b"%PDF-1", "{form}");
        }
        // Whatever was cut off is no document.
        for form in [format!("--edge\r\n{}", plain.trim_end()), "--edge\r\nContent-Disposition: form".to_owned()] {
            send("edge", &form).await.refusal(400, "errormessage.validation.field.invalid");
        }
        for form in ["", "--edge--\r\n", "{}"] {
            let refusal = send("edge", form).await;
            assert_eq!(refusal.status, 400, "{form}: {}", refusal.text());
        }
    });
}

/// The names of contents and marks. What was on its way has another name, and goes a moment after the answer.
fn stored(gym: &Gym) -> Vec<String> {
    let names = std::fs::read_dir(gymkeeper_server::app::files_dir(&gym.app.config)).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with(".upload-")).collect()
}

#[test]
fn a_picture_that_was_replaced_is_gone_once_nobody_has_it() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada, bela) =
            (gym.key("north").await, gym.customer("north", "ada").await, gym.customer("north", "bela").await);
        let put = async |customer: i64, picture: &[u8]| {
            let path = format!("/v1/customers/{customer}/images");
            let told = gym.send_form("PUT", &key, &path, "image", "a.png", picture).await.json();
            told["imageUrl"].as_str().unwrap().to_owned()
        };
        let folder = gymkeeper_server::app::files_dir(&gym.app.config);
        let swept = async || contents::sweep(&gym.app.db, &folder).await.unwrap();
        let status = async |link: &str| gym.send("GET", gym.path_of(link), &[], "").await.status;
        let (hers, his) = (put(ada, &picture(300, 200)).await, put(bela, &picture(300, 200)).await);
        assert_eq!(parts(&hers).0, parts(&his).0, "one content is stored once");
        let before = stored(&gym).len();
        put(ada, &picture(200, 300)).await;
        // He still has it.
        assert_eq!((swept().await, status(&his).await), (0, 200));
        let last = put(bela, &picture(200, 200)).await;
        assert_eq!((swept().await, status(&his).await, status(&last).await), (1, 403, 200));
        // Two new ones came, and one went with its mark.
        assert_eq!(stored(&gym).len(), before + 1);
        let tenant = gym.tenant;
        let gone = gym.app.db.read(move |tx| files::find(tx, tenant, parts(&his).0)).await.unwrap();
        assert!(gone.is_none());
    });
}

#[test]
fn what_is_refused_or_only_tried_out_leaves_no_content_behind() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let before = stored(&gym).len();
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
        assert_eq!(stored(&gym).len(), before);
        gym.send("POST", &format!("/v1/customers/{ada}/documents"), &headers[..2], form).await.json();
        assert_eq!(stored(&gym).len(), before + 1);
    });
}

#[test]
fn url_1_links_to_what_a_customer_has_hold_for_a_quarter_of_an_hour() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let at = |below: &str| format!("/v1/customers/{ada}{below}");
        let sent = gym.send_form("POST", &key, &at("/documents"), "file", "a.pdf", b"%PDF-1.7").await.json();
        let document = at(&format!("/documents/{}", sent["id"]));
        let (asked, put) =
            timed(&gym, gym.send_form("PUT", &key, &at("/images"), "image", "a.png", &picture(8, 8))).await;
        let mut links = vec![(asked, put.json()["imageUrl"].clone())];
        // Signing comes later; until then contracts with a signed document come from elsewhere.
        gymkeeper_store::statements! {
            SIGN = "update contract set document_file_id = (select max(d.file_id) from customer_document d
                where d.tenant_id = $1 and d.customer_id = $2) where tenant_id = $1 and customer_id = $2";
        }
        let tenant = gym.tenant;
        assert!(gym.app.db.write(move |tx| tx.execute(&SIGN, &[&tenant, &ada])).await.unwrap() > 0);
        // Asked for again, each of them is made anew.
        for (path, place) in [
            (at(""), "/imageUrl"),
            ("/v1/customers/by?pin=4711".to_owned(), "/imageUrl"),
            ("/v1/customers?sliceSize=50".to_owned(), "/result/0/imageUrl"),
            (at("/documents"), "/result/0/url"),
            (document, "/url"),
            (at("/contracts"), "/0/signedDocumentUrl"),
        ] {
            let (asked, told) = timed(&gym, gym.get(&key, &path)).await;
            links.push((asked, told.json().pointer(place).unwrap_or(&Value::Null).clone()));
        }
        for (asked, link) in links {
            let link = link.as_str().unwrap().to_owned();
            let (file, expires) = parts(&link);
            let made = expires - 15 * 60;
            assert!(asked.contains(&made), "{link}: {asked:?}");
            assert_eq!(gym.send("GET", gym.path_of(&link), &[], "").await.status, 200);
            // The same link as it was made some time ago.
            let made = |at: Timestamp| gym.app.links.link(gym.tenant, file, Lifetime::Person, at);
            let now = gym.app.clock.now();
            let holds = made(now - 14.minutes());
            assert_eq!(gym.send("GET", gym.path_of(&holds), &[], "").await.status, 200);
            let over = made(now - 15.minutes());
            let refused = gym.send("GET", gym.path_of(&over), &[], "").await;
            refused.refusal(403, "errormessage.file.link.expired");
        }
    });
}

#[test]
fn file_3_a_document_may_have_20_mebibytes_and_not_one_byte_more() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let path = format!("/v1/customers/{ada}/documents");
        let mut content = b"%PDF-1.7".to_vec();
        content.resize(20 << 20, b' ');
        let kept = gym.send_form("POST", &key, &path, "file", "large.pdf", &content).await.json()["id"].clone();
        content.push(b' ');
        let refused = gym.send_form("POST", &key, &path, "file", "larger.pdf", &content).await;
        let refusal = refused.refusal(400, "errormessage.file.too.large");
        assert_eq!((refusal.reference.as_deref(), refusal.args.unwrap_or_default()), (Some("file"), vec![json!(20)]));
        let listed = gym.get(&key, &path).await.json();
        let ids: Vec<&Value> = listed["result"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(ids, [&kept]);
        let fetched = gym.send("GET", gym.path_of(listed["result"][0]["url"].as_str().unwrap()), &[], "").await;
        assert_eq!((fetched.status, fetched.body.len()), (200, 20 << 20));
    });
}
