//! Remembered answers and ETags: exact after every change, on every server process.

use gymkeeper_server::http::links::Lifetime;

use crate::support::{Gym, SMALL, with_gym};

const INFORMATION: &str = "/v1/studios/information";
const OFFERS: &str = "/v1/memberships/membership-offers";
const TAGS: &str = "/v1/studios/tags";

async fn etag(gym: &Gym, key: &str, path: &str) -> String {
    let answer = gym.get(key, path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    assert_eq!(answer.header("vary"), Some("accept-language, x-api-key"));
    answer.header("etag").unwrap().to_owned()
}

/// Asks whether what the client has still holds: the ETag that came, and whether it came with a body.
async fn revalidate(gym: &Gym, key: &str, path: &str, known: &str) -> (String, bool) {
    let answer = gym.send("GET", path, &[("x-api-key", key), ("if-none-match", known)], "").await;
    assert_eq!(answer.status == 304, answer.body.is_empty(), "{} {}", answer.status, answer.text());
    assert!(matches!(answer.status, 200 | 304), "{}", answer.text());
    assert!(answer.status == 200 || answer.header("content-type").is_none(), "{:?}", answer.headers);
    (answer.header("etag").unwrap().to_owned(), answer.status == 200)
}

/// An ETag must hold. It also changes twice an hour, at instants that a test cannot choose, so a change may be seen once.
async fn holds(gym: &Gym, key: &str, path: &str) {
    let mut known = etag(gym, key, path).await;
    for _ in 0..2 {
        let (now, changed) = revalidate(gym, key, path, &known).await;
        if !changed {
            assert_eq!(now, known);
            return;
        }
        known = now;
    }
    panic!("{path} has another ETag each time");
}

#[test]
fn an_answer_that_still_holds_is_not_sent_again_and_every_change_is_seen_at_once() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        for path in [INFORMATION, OFFERS, TAGS] {
            holds(&gym, &key, path).await;
            for wrong in ["\"x\"", "", "W/", ",,,"] {
                assert!(revalidate(&gym, &key, path, wrong).await.1, "{path} {wrong:?}");
            }
            assert!(!revalidate(&gym, &key, path, "*").await.1);
        }
        let changes = [
            ("name: Acme North", "name: Acme Nord"),
            ("closes: \"22:00\"", "closes: \"23:00\""),
            ("price: \"50.00\"", "price: \"51.00\""),
            ("name: Basic", "name: Base"),
            ("tags: [sauna]", "tags: [sauna, pool]"),
            ("tags: [pool, sauna, parking]", "tags: [pool, sauna, parking, bar]"),
        ];
        let mut yaml = SMALL.to_owned();
        for (from, to) in changes {
            let mut before = Vec::new();
            for path in [INFORMATION, OFFERS, TAGS] {
                before.push((path, etag(&gym, &key, path).await, gym.get(&key, path).await.body));
            }
            assert!(yaml.contains(from), "{from}");
            yaml = yaml.replacen(from, to, 1);
            gym.apply(&yaml).await;
            let mut changed = 0;
            for (path, known, body) in before {
                let (now, sent) = revalidate(&gym, &key, path, &known).await;
                assert!(sent && now != known, "{path} kept its ETag when {from} became {to}");
                changed += usize::from(gym.get(&key, path).await.body != body);
            }
            assert!(changed > 0, "nothing shows that {from} became {to}");
        }
        // Applying the same again may change nothing that clients see.
        let information = gym.get(&key, INFORMATION).await.json();
        gym.apply(&yaml).await;
        assert_eq!(gym.get(&key, INFORMATION).await.json(), information);
    });
}

#[test]
fn the_etag_changes_with_the_studios_day_the_language_and_the_studio() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let first = etag(&gym, &north, OFFERS).await;
        assert!(first.contains(".20261121."), "{first}");
        // Half past eleven at night in UTC is the next day in Berlin.
        gym.set_clock("2026-11-21T23:30:00Z").await;
        let (next, sent) = revalidate(&gym, &north, OFFERS, &first).await;
        assert!(sent && next.contains(".20261122."), "{next}");

        let german = [("x-api-key", north.as_str()), ("accept-language", "de"), ("if-none-match", next.as_str())];
        let answer = gym.send("GET", OFFERS, &german, "").await;
        assert_eq!(answer.status, 200);
        assert_ne!(answer.header("etag"), Some(next.as_str()));
        assert!(revalidate(&gym, &south, OFFERS, &next).await.1, "the ETag of another studio");
    });
}

#[test]
fn two_server_processes_on_one_database_see_each_others_changes_at_once() {
    with_gym(SMALL, |gym| async move {
        let (id, key) = gym.key_with(gym.tenant, "north", None, None).await;
        gym.beside(async |other: Gym| {
            let tags = async |gym: &Gym| gym.get(&key, INFORMATION).await.json()["studioTags"].to_string();
            for (writer, reader, tag) in
                [(&gym, &other, "pool"), (&other, &gym, "parking"), (&gym, &other, "sauna"), (&other, &gym, "pool")]
            {
                // Both remember the old answer.
                let (old, _) = (tags(writer).await, tags(reader).await);
                assert!(!old.contains(tag));
                let known = etag(reader, &key, INFORMATION).await;
                let body = format!(r#"[{{"name":"{tag}"}}]"#);
                assert_eq!(writer.send_json("PUT", &key, "/v1/studios/information/tags", &body).await.status, 200);
                assert!(revalidate(reader, &key, INFORMATION, &known).await.1);
                assert!(tags(reader).await.contains(tag));
                assert!(tags(writer).await.contains(tag));
            }
            // Offers that go and clocks that move.
            gym.apply(&SMALL.replace("name: Basic", "name: Base")).await;
            assert_eq!(other.get(&key, OFFERS).await.json()[0]["name"], "Base");
            other.set_clock("2026-12-24T11:00:00Z").await;
            let offer = gym.get(&key, OFFERS).await.json()[0]["id"].to_string();
            let term = gym.get(&key, &format!("{OFFERS}/{offer}")).await.json()["terms"][0].clone();
            assert_eq!(term["defaultContractStartDate"], "2026-12-24");
            // A link that one of them signs can be followed at the other: they share the secret.
            let link = |gym: &Gym| gym.app.links.link(gym.tenant, 1, Lifetime::Lasting, gym.app.clock.now());
            let query = |link: String| link.split_once('?').unwrap().1.to_owned();
            assert_eq!(query(link(&gym)), query(link(&other)));
            // And a key that ends.
            assert_eq!(other.get(&key, OFFERS).await.status, 200);
            gym.revoke(id).await;
            other.get(&key, OFFERS).await.refusal(401, "errormessage.authentication.api.key.invalid");
        })
        .await;
    });
}
