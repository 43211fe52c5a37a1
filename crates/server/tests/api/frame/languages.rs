//! The language of messages and of texts for display.

use crate::support::{SMALL, with_gym};

const OFFERS: &str = "/v1/memberships/membership-offers";
const NOWHERE: &str = "/v1/memberships/membership-offers/1";

#[test]
fn lang_2_and_3_the_header_chooses_the_language_and_the_studio_stands_in_for_it() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let (english, german) = ("There is no membership offer", "Es gibt kein Mitgliedschaftsangebot");
        for (key, accepted, language, text) in [
            (&north, None, "en", english),
            (&south, None, "de", german),
            (&south, Some(""), "de", german),
            (&north, Some("de"), "de", german),
            (&north, Some("de-LU"), "de", german),
            (&north, Some("de-CH"), "de-CH", german),
            (&north, Some("DE-li"), "de-LI", german),
            (&south, Some("fr-LU"), "fr-LU", english),
            (&south, Some("fr-FR"), "fr", english),
            (&south, Some("ja"), "en", english),
            (&south, Some("*"), "en", english),
            (&south, Some("en-GB, de;q=0.9"), "en-GB", english),
            (&north, Some("en;q=0.2, de;q=0.7"), "de", german),
            (&south, Some("ja, it;q=0.5, de;q=0"), "it", english),
            (&south, Some("\u{fc}ber;;;q=x"), "de", german),
        ] {
            let mut headers = vec![("x-api-key", key.as_str())];
            headers.extend(accepted.map(|accepted| ("Accept-Language", accepted)));
            let answer = gym.send("GET", NOWHERE, &headers, "").await;
            let body = answer.refusal(404, "errormessage.membership.offer.not.found");
            assert_eq!(answer.header("content-language"), Some(language), "{accepted:?}");
            assert!(body.error_message.starts_with(text), "{accepted:?}: {}", body.error_message);
        }
    });
}

#[test]
fn without_a_valid_key_there_is_no_studio_and_messages_are_english_unless_asked_otherwise() {
    with_gym(SMALL, |gym| async move {
        for (accepted, language, text) in [
            (None, "en", "The API key is"),
            (Some("de-AT"), "de", "Der API-Schlüssel"),
            (Some("ja"), "en", "The API key is"),
        ] {
            for path in [OFFERS, "/v1/nothing"] {
                let headers: Vec<_> = accepted.map(|accepted| ("accept-language", accepted)).into_iter().collect();
                let answer = gym.send("GET", path, &headers, "").await;
                let body = answer.refusal(401, "errormessage.authentication.api.key.invalid");
                assert_eq!(answer.header("content-language"), Some(language));
                assert!(body.error_message.starts_with(text), "{}", body.error_message);
            }
        }
    });
}

#[test]
fn lang_4_texts_for_display_follow_the_header_and_what_staff_typed_does_not() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let words = |answer: serde_json::Value| {
            let offer = &answer[0];
            let frequency = &offer["terms"][0]["paymentFrequency"];
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            (text(&offer["name"]), text(&frequency["type"]), text(&frequency["formattedPaymentFrequency"]))
        };
        for (key, accepted, expected) in [
            (&north, "en", ("Basic", "RECURRING", "Every month")),
            (&north, "de", ("Basic", "RECURRING", "Jeden Monat")),
            (&north, "fr", ("Basic", "RECURRING", "Every month")),
            (&south, "en", ("Southern", "FREE", "Free of charge")),
            (&south, "de-CH", ("Southern", "FREE", "Kostenlos")),
        ] {
            // Twice, so that remembered answers are seen to be kept apart by language.
            for _ in 0..2 {
                let answer = gym.send("GET", OFFERS, &[("x-api-key", key), ("accept-language", accepted)], "").await;
                let (name, kind, formatted) = words(answer.json());
                assert_eq!((name.as_str(), kind.as_str(), formatted.as_str()), expected, "{accepted}");
            }
        }
        // South is a German studio.
        assert_eq!(words(gym.get(&south, OFFERS).await.json()).2, "Kostenlos");
    });
}
