//! Links to images and documents of offers (URL-1 to URL-3).

use gymkeeper_server::http::links::Lifetime;
use jiff::{Timestamp, ToSpan as _};

use crate::support::{Gym, with_gym};

const PICTURES: &str = r#"
tenant: { key: pictures, name: Pictures, sandbox: true }
studios:
  - key: one
    name: One
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    currency: EUR
    logo: logo.png
    text_blocks:
      - { key: rules, title: Rules, text: Be kind., attachment: { type: FILE, file: papers/rules.pdf } }
    modules:
      - { key: sauna, name: Sauna, image: sauna.png, payment: { type: FREE } }
    offers:
      - key: basic
        name: Basic
        image: basic.png
        payment_choices: [SEPA]
        included_modules: [sauna]
        text_blocks: [rules]
        terms:
          - { key: basic-1, term: 1 MONTH, payment: { type: FREE } }
"#;

fn path_of<'u>(gym: &Gym, url: &'u serde_json::Value) -> &'u str {
    url.as_str().unwrap().strip_prefix(&format!("http://{}", gym.address)).unwrap()
}

#[test]
fn url_1_links_are_followed_without_a_key_until_they_expire() {
    with_gym(PICTURES, |gym| async move {
        let key = gym.key("one").await;
        let offers = gym.get(&key, "/v1/memberships/membership-offers").await.json();
        let offer = gym.get(&key, &format!("/v1/memberships/membership-offers/{}", offers[0]["id"])).await.json();
        let information = gym.get(&key, "/v1/studios/information").await.json();
        let document = &offer["contractTextBlocks"][0]["attachedDocument"];
        assert_eq!(document["fileName"], "rules.pdf");
        for (url, kind, content) in [
            (&offers[0]["imageUrl"], "image/png", "\u{fffd}PNG\r\n\u{1a}\nbasic.png"),
            (&offer["imageUrl"], "image/png", "\u{fffd}PNG\r\n\u{1a}\nbasic.png"),
            (&offer["includedModules"][0]["imageUrl"], "image/png", "\u{fffd}PNG\r\n\u{1a}\nsauna.png"),
            (&document["url"], "application/pdf", "%PDF-1.4 papers/rules.pdf"),
            (&information["logoUrl"], "image/png", "\u{fffd}PNG\r\n\u{1a}\nlogo.png"),
        ] {
            let answer = gym.send("GET", path_of(&gym, url), &[], "").await;
            assert_eq!(answer.status, 200, "{url}");
            assert_eq!(answer.header("content-type"), Some(kind));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(String::from_utf8_lossy(&answer.body), content);
        }
    });
}

#[test]
fn url_2_an_old_link_and_a_changed_one_are_refused() {
    with_gym(PICTURES, |gym| async move {
        let key = gym.key("one").await;
        let offers = gym.get(&key, "/v1/memberships/membership-offers").await.json();
        let good = path_of(&gym, &offers[0]["imageUrl"]);
        let file: i64 = good.split(['/', '?']).nth(3).unwrap().parse().unwrap();
        let now = gym.app.clock.now();
        let at = |hours: i64| -> Timestamp { now.checked_sub(hours.hours()).unwrap() };
        for (lifetime, hours, code) in [
            (Lifetime::Offer, 3, Some("errormessage.file.link.expired")),
            (Lifetime::Offer, 1, None),
            (Lifetime::Module, 6, Some("errormessage.file.link.expired")),
            (Lifetime::Module, 4, None),
            (Lifetime::Lasting, 90_000, None),
        ] {
            let url = serde_json::Value::from(gym.app.links.link(gym.tenant, file, lifetime, at(hours)));
            let answer = gym.send("GET", path_of(&gym, &url), &[], "").await;
            match code {
                Some(code) => drop(answer.refusal(403, code)),
                None => assert_eq!(answer.status, 200, "{lifetime:?} after {hours} hours"),
            }
        }
        let other_file = good.replace(&format!("/{file}?"), &format!("/{}?", file + 1));
        let longer = good.replace("expires=", "expires=9");
        let cut = good.split_once("&signature").unwrap().0;
        for forged in [other_file.as_str(), longer.as_str(), cut, &format!("{good}x")] {
            gym.send("GET", forged, &[], "").await.refusal(403, "errormessage.file.link.invalid");
        }
    });
}
