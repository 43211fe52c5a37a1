//! `GET /v1/memberships/membership-offers/{membershipOfferId}`.

use serde_json::{Value, json};

use super::{EVERYTHING, OFFERS, details};
use crate::support::{Gym, SMALL, with_gym};

/// Takes ids and links out of an answer, which differ from run to run.
fn take_out(value: &mut Value, ids: &mut Vec<i64>, links: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            let name = |fields: &serde_json::Map<String, Value>| {
                ["name", "fileName"].iter().find_map(|name| fields.get(*name)?.as_str().map(str::to_owned))
            };
            let name = name(fields).unwrap_or_default();
            for id in ["id", "categoryId", "rateBundleModuleId"] {
                ids.extend(fields.shift_remove(id).map(|id| id.as_i64().unwrap()));
            }
            let link = fields
                .shift_remove("imageUrl")
                .or_else(|| if fields.contains_key("fileName") { fields.shift_remove("url") } else { None });
            links.extend(link.map(|link| (name, link.as_str().unwrap().to_owned())));
            fields.values_mut().for_each(|field| take_out(field, ids, links));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| take_out(item, ids, links)),
        _ => {}
    }
}

fn euro(amount: f64) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

fn block(title: &str, text: &str, order: i32, kind: &str) -> Value {
    json!({
        "title": title, "text": text, "order": order, "hasSignature": title == "Contract",
        "showCommunicationPrivacyOptions": title == "Privacy", "attachmentType": kind,
        "confirmationRequired": title == "Rules" || title == "Heat",
    })
}

fn first_term() -> Value {
    let month = |value: i32| json!({ "value": value, "unit": "MONTH" });
    json!({
        "term": month(12),
        // 30.00 from January to May, 27.50 to November, 28.88 in December; 29.00 and twice 19.90; thirteen months.
        "contractVolumeInformation": {
            "totalContractVolume": euro(412.68),
            "averagePaymentVolumePerMonth": euro(31.74),
            "averagePaymentVolumePerPaymentFrequencyTerm": euro(31.74),
        },
        "paymentFrequency": {
            "type": "RECURRING", "term": month(1), "price": euro(30.0), "formattedPaymentFrequency": "Every month",
            "ageBasedAdjustments": [
                { "ageRange": { "startAge": 16, "endAge": 17 }, "value": 12.5, "type": "PERCENTAGE" },
                { "ageRange": { "startAge": 65, "endAge": 120 }, "value": 5.0, "type": "ABSOLUTE" },
            ],
        },
        "extensionTerm": month(2),
        "extensionFixedTerm": month(2),
        "extensionType": "TERM_EXTENSION",
        "cancelationStrategy": "RECEIPT_DATE",
        "cancelationPeriod": month(1),
        "extensionCancelationPeriod": { "value": 14, "unit": "DAY" },
        "defaultContractStartDate": "2026-12-01",
        // OFF-6: today, because use before the start is possible.
        "defaultContractStartDateOfUse": "2026-11-21",
        "rateStartPrice": euro(0.0),
        "termAfterExtension": month(1),
        "priceAfterExtension": euro(35.9),
        "rateBonusPeriods": [{
            "term": month(1), "termStrategy": "CONTRACT_START", "displaySeparately": true,
            "runtimeExtensionType": "WITH_EXTENSION", "extendsCancellationPeriod": true,
        }],
        "flatFees": [
            {
                "name": "Starter", "identifier": "START", "starterPackage": true, "formattedPaymentFrequency": "One-time",
                "paymentFrequency": {
                    "type": "NON_RECURRING", "price": euro(29.0), "ageBasedAdjustments": [],
                    "formattedPaymentFrequency": "One-time",
                },
            },
            {
                "name": "Service", "starterPackage": false, "formattedPaymentFrequency": "Every 6 months",
                "firstBookingDelay": month(6),
                "paymentFrequency": {
                    "type": "RECURRING", "term": month(6), "price": euro(19.9), "ageBasedAdjustments": [],
                    "formattedPaymentFrequency": "Every 6 months",
                },
            },
        ],
        "priceAdjustmentRules": [
            {
                "type": "RAISE", "chargeAdjustmentType": "RELATIVE", "value": "5%",
                "recurrenceFrequency": "Every 12 months",
                "defaultDescription": "The price rises by 5% after 12 months, then every 12 months",
            },
            {
                "type": "REDUCTION", "chargeAdjustmentType": "ABSOLUTE", "value": "2.50", "recurrenceFrequency": "Once",
                "defaultDescription": "The price falls by 2.50 EUR after 6 months",
            },
            {
                "type": "NEW_BASIC_AMOUNT", "chargeAdjustmentType": "BASIC_AMOUNT", "value": "45.00",
                "recurrenceFrequency": "Once", "defaultDescription": "The price becomes 45.00 EUR after 2 years",
            },
        ],
        "optionalModules": [{
            "name": "Sauna", "description": "Hot.",
            "term": {
                "extensionType": "TERM_EXTENSION", "term": month(3), "termExtension": month(1),
                "cancelationPeriod": month(1), "extensionCancelationPeriod": { "value": 14, "unit": "DAY" },
            },
            "trialPeriod": { "trialPeriod": { "value": 1, "unit": "WEEK" }, "description": "A week free" },
            "consentTextBlock": block("Heat", "I am fit.", 1, "NONE"),
            "paymentFrequency": {
                "type": "RECURRING", "term": month(1), "price": euro(9.9), "formattedPaymentFrequency": "Every month",
                "ageBasedAdjustments": [{ "ageRange": { "startAge": 14, "endAge": 17 }, "value": 1.5, "type": "ABSOLUTE" }],
            },
        }],
    })
}

#[test]
fn it_tells_everything_about_an_offer() {
    with_gym(EVERYTHING, |gym| async move {
        let key = gym.key("north").await;
        let mut offer = details(&gym, &key, "Everything", "en").await;
        let module = offer["includedModules"][0]["id"].clone();
        assert_eq!(offer["includedModules"][0]["consentTextBlock"]["rateBundleModuleId"], module);
        let sauna = &offer["terms"][0]["optionalModules"][0];
        assert_eq!(sauna["consentTextBlock"]["rateBundleModuleId"], sauna["id"]);
        assert!(offer["contractTextBlocks"][0].get("rateBundleModuleId").is_none());
        let (mut ids, mut links) = (Vec::new(), Vec::new());
        let mut terms = offer["terms"].take();
        take_out(&mut offer, &mut ids, &mut links);
        take_out(&mut terms, &mut ids, &mut links);
        assert!(ids.iter().all(|id| *id > 0), "{ids:?}");

        let mut rules = block("Rules", "Read them.", 1, "FILE");
        rules["attachedDocument"] = json!({ "fileName": "rules.pdf" });
        let mut privacy = block("Privacy", "What we know.", 4, "URL");
        privacy["attachedExternalUrlDto"] = json!({ "title": "All of it", "url": "https://acme.example/privacy" });
        let expected = json!({
            "name": "Everything", "description": "All that an offer can have.", "subDescription": "In small.",
            "footnote": "In print.", "preUseType": "CHARGEABLE", "contractSignaturesRequired": true,
            "limitedOfferingPeriod": { "startDate": "2026-11-21", "endDate": "2026-12-31" },
            "rateCodes": [{ "name": "Every", "identifier": "EV" }, { "name": "Thing", "identifier": "TH" }],
            // OFF-12: in the operator's order, without what euros cannot be paid with.
            "allowedPaymentChoices":
                ["SEPA", "CASH", "CH_DD", "CREDIT_CARD", "PAYPAL", "BANCONTACT", "IDEAL", "BANK_TRANSFER"],
            "maximumNumberOfSelectableModules": 1,
            "includedModules": [{
                "name": "Classes", "description": "All of them.", "term": { "extensionType": "NONE" },
                "trialPeriod": { "trialPeriod": { "value": 14, "unit": "DAY" }, "description": "Two weeks free" },
                "consentTextBlock": block("Heat", "I am fit.", 1, "NONE"),
                "rateCodes": [{ "name": "Classes", "identifier": "CLS" }],
            }],
            "selectableModules": [
                {
                    "name": "Towel", "description": "", "term": { "extensionType": "NONE" },
                    "paymentFrequency":
                        { "type": "FREE", "ageBasedAdjustments": [], "formattedPaymentFrequency": "Free of charge" },
                },
                {
                    "name": "Drinks", "description": "",
                    "term": { "extensionType": "NONE", "term": { "value": 12, "unit": "MONTH" } },
                    "paymentFrequency": {
                        "type": "NON_RECURRING", "price": euro(49.0), "ageBasedAdjustments": [],
                        "formattedPaymentFrequency": "One-time",
                    },
                },
            ],
            "contractTextBlocks": [
                rules,
                block("Contract", "Sign here.", 2, "CONTRACT_PDF_PREVIEW"),
                block("Plain", "Nothing hangs on it.", 3, "NONE"),
                privacy,
            ],
            "terms": null,
            "timeRestrictions": {
                "openingHoursCategory": { "name": "Off-Peak" },
                "availabilities": [
                    { "dayOfWeek": "MONDAY", "timeFrom": "09:00:00", "timeTo": "15:00:00" },
                    { "dayOfWeek": "TUESDAY", "timeFrom": "18:00:00", "timeTo": "23:59:59" },
                ],
            },
        });
        assert_eq!(offer, expected, "{offer:#}");
        assert_eq!(terms[0], first_term(), "{:#}", terms[0]);
        let listed = gym.get(&key, OFFERS).await.json();
        let listed = listed.as_array().unwrap().iter().find(|offer| offer["name"] == "Everything").unwrap();
        links.push(("in the list".to_owned(), listed["imageUrl"].as_str().unwrap().to_owned()));
        follow(&gym, links).await;
    });
}

/// URL-1: each link leads to its content without a key, for as long as its kind says.
async fn follow(gym: &Gym, links: Vec<(String, String)>) {
    let now = gym.app.clock.now().as_second();
    let expected = [
        ("in the list", "image/png", "\u{fffd}PNG\r\n\u{1a}\nimages/everything.png", 2),
        ("Everything", "image/png", "\u{fffd}PNG\r\n\u{1a}\nimages/everything.png", 2),
        ("Classes", "image/png", "\u{fffd}PNG\r\n\u{1a}\nimages/classes.png", 5),
        ("rules.pdf", "application/pdf", "%PDF-1.4 documents/rules.pdf", 5),
        ("Sauna", "image/png", "\u{fffd}PNG\r\n\u{1a}\nimages/sauna.png", 5),
    ];
    assert_eq!(links.len(), expected.len(), "{links:?}");
    for (name, kind, content, hours) in expected {
        let link = gym.path_of(&links.iter().find(|(of, _)| of == name).unwrap().1);
        let answer = gym.send("GET", link, &[], "").await;
        assert_eq!((answer.status, answer.text().as_str()), (200, content), "{name}");
        assert_eq!(answer.header("content-type"), Some(kind), "{name}");
        let (_, query) = link.split_once('?').unwrap();
        let expires: i64 = query.split(['=', '&']).nth(1).unwrap().parse().unwrap();
        // A remembered answer may be a minute old.
        assert!((hours * 3600 - 120..=hours * 3600 + 60).contains(&(expires - now)), "{name}: {}", expires - now);
    }
}

#[test]
fn off_10_rules_of_prices_are_told_in_the_language_of_the_caller() {
    with_gym(EVERYTHING, |gym| async move {
        let key = gym.key("north").await;
        let offer = details(&gym, &key, "Everything", "de-CH").await;
        let rules = &offer["terms"][0]["priceAdjustmentRules"];
        let sentences = |field: &str| (0..3).map(|i| rules[i][field].as_str().unwrap()).collect::<Vec<_>>();
        let expected = [
            "Der Preis steigt nach 12 Monaten um 5%, dann alle 12 Monate",
            "Der Preis sinkt nach 6 Monaten um 2.50 EUR",
            "Der Preis beträgt nach 2 Jahren 45.00 EUR",
        ];
        assert_eq!(sentences("defaultDescription"), expected);
        assert_eq!(sentences("recurrenceFrequency"), ["Alle 12 Monate", "Einmalig", "Einmalig"]);
        assert_eq!(sentences("value"), ["5%", "2.50", "45.00"]);
        assert_eq!(offer["terms"][0]["flatFees"][1]["formattedPaymentFrequency"], "Alle 6 Monate");
        // LANG-4
        assert_eq!(offer["name"], "Everything");
    });
}

#[test]
fn err_9_an_offer_with_little_to_say_leaves_the_rest_out() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let mut offer = details(&gym, &key, "Basic", "en").await;
        offer["terms"] = Value::Null;
        take_out(&mut offer, &mut Vec::new(), &mut Vec::new());
        let expected = json!({
            "name": "Basic", "description": "Everything.", "preUseType": "NOT_AVAILABLE", "rateCodes": [],
            "includedModules": [], "contractSignaturesRequired": false, "allowedPaymentChoices": ["SEPA", "CASH"],
            "maximumNumberOfSelectableModules": 0, "contractTextBlocks": [], "selectableModules": [], "terms": null,
        });
        assert_eq!(offer, expected);
        gym.get(&key, &format!("{OFFERS}/0")).await.refusal(404, "errormessage.membership.offer.not.found");
    });
}
