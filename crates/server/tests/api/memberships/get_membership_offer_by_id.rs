//! `GET /v1/memberships/membership-offers/{membershipOfferId}`.

use serde_json::json;

use crate::support::{SMALL, with_gym};

const PATH: &str = "/v1/memberships/membership-offers";

#[test]
fn auth_6_ids_of_others_and_unknown_ones_are_told_apart() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let of_south = gym.get(&south, PATH).await.json()[0]["id"].clone();
        gym.get(&north, &format!("{PATH}/{of_south}")).await.refusal(403, "errormessage.authorization.other.studio");
        let other = gym.apply(&SMALL.replace("acme", "other")).await;
        let (_, stranger) = gym.key_with(other, "north", None, None).await;
        let of_stranger = gym.get(&stranger, PATH).await.json()[0]["id"].clone();
        for id in [of_stranger.to_string(), "0".to_owned(), "-1".to_owned(), i64::MAX.to_string()] {
            gym.get(&north, &format!("{PATH}/{id}")).await.refusal(404, "errormessage.membership.offer.not.found");
        }
        // A term's id is no offer's.
        let term = gym.get(&north, PATH).await.json()[0]["terms"][0]["id"].clone();
        gym.get(&north, &format!("{PATH}/{term}")).await.refusal(404, "errormessage.membership.offer.not.found");
        for wrong in ["basic", "1.5", "9223372036854775808", "%20"] {
            let refusal =
                gym.get(&north, &format!("{PATH}/{wrong}")).await.refusal(400, "errormessage.validation.field.invalid");
            assert_eq!(refusal.reference.as_deref(), Some("membershipOfferId"));
        }
    });
}

const RICH: &str = r#"
tenant: { key: rich, name: Rich, sandbox: true }
studios:
  - key: one
    name: One
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    currency: EUR
    opening_hours_categories:
      - { key: early, name: Early, windows: [{ day: MONDAY, from: "06:00", to: "09:30" }, { day: SUNDAY, from: "20:00", to: "24:00" }] }
    text_blocks:
      - { key: contract, title: Contract, text: Sign here., has_signature: true, attachment: { type: CONTRACT_PDF_PREVIEW } }
      - { key: page, title: Page, text: Read there., show_communication_privacy_options: true, attachment: { type: URL, title: There, url: "https://gym.example/there" } }
      - { key: consent, title: Heat, text: I can stand it., confirmation_required: true }
    modules:
      - key: sauna
        name: Sauna
        description: Hot.
        consent_text_block: consent
        term: { extension_type: TERM_EXTENSION, term: 3 MONTH, term_extension: 1 MONTH, cancelation_period: 1 MONTH, extension_cancelation_period: 14 DAY }
        trial_period: { term: 14 DAY, description: Two weeks free }
        payment: { type: RECURRING, price: "9.90", every: 1 MONTH }
      - { key: classes, name: Classes, payment: { type: FREE }, rate_codes: [{ name: Classes, identifier: CLS }] }
      - key: drinks
        name: Drinks
        payment: { type: RECURRING, price: "4.90", every: 1 MONTH, age_adjustments: [{ type: ABSOLUTE, from_age: 14, to_age: 17, value: "1.50" }] }
    offers:
      - key: rich
        name: Rich
        description: With everything.
        sub_description: Really.
        footnote: For members.
        pre_use: CHARGEABLE
        start: FIRST_OF_NEXT_MONTH
        rate_codes: [{ name: Gold, identifier: G1 }]
        payment_choices: [SEPA, TWINT, BACS, CASH]
        contract_signatures_required: true
        included_modules: [classes]
        selectable_modules: [drinks]
        maximum_selectable_modules: 1
        text_blocks: [contract, page]
        time_restriction: early
        terms:
          - key: extends
            term: 12 MONTH
            payment: { type: RECURRING, price: "39.90", every: 1 MONTH, age_adjustments: [{ type: PERCENTAGE, from_age: 16, to_age: 17, value: 25 }] }
            extension: { type: TERM_EXTENSION, term: 1 MONTH, cancelation_period: 14 DAY }
            cancelation_strategy: RECEIPT_DATE
            cancelation_period: 1 MONTH
            term_after_extension: 3 MONTH
            price_after_extension: "44.90"
            flat_fees:
              - { name: Service, identifier: SRV, first_booking_delay: 1 MONTH, payment: { type: RECURRING, price: "19.90", every: 6 MONTH } }
            bonus_periods:
              - { term: 2 MONTH, strategy: END_OF_CURRENT_TERM, runtime: WITHOUT_EXTENSION, display_separately: true }
              - { term: 1 MONTH, strategy: START_OF_NEXT_TERM, runtime: WITH_EXTENSION, extends_cancelation_period: true }
            price_adjustments:
              - { type: RAISE, by: "5%", first_after: 12 MONTH, every: 12 MONTH }
              - { type: REDUCTION, by: "2.50", first_after: 6 MONTH }
              - { type: NEW_BASIC_AMOUNT, by: "29.00", first_after: 36 MONTH }
            optional_modules: [sauna]
          - key: forever
            payment: { type: RECURRING, price: "49.90", every: 1 MONTH }
            extension: { type: TERM_EXTENSION }
          - key: follows
            term: 12 MONTH
            payment: { type: TERM_BASED, prices: [{ after: 0 DAY, price: "20.00" }, { after: 6 MONTH, price: "30.00" }] }
            extension: { type: SUBSEQUENT_RATE_DETAIL, subsequent_rate: { name: Later, payment: { type: RECURRING, price: "19.00", every: 1 MONTH } } }
          - key: days
            term: 12 MONTH
            payment: { type: MONTH_DAY, recurring: true, prices: [{ day: "02-29", price: "99.00" }] }
"#;

#[test]
fn every_part_of_an_offer_is_told() {
    with_gym(RICH, |gym| async move {
        let key = gym.key("one").await;
        let id = gym.get(&key, PATH).await.json()[0]["id"].clone();
        let offer = gym.get(&key, &format!("{PATH}/{id}")).await.json();
        let euro = |amount: f64| json!({ "amount": amount, "currency": "EUR" });
        let term = |value: i32, unit: &str| json!({ "value": value, "unit": unit });
        assert_eq!(offer["subDescription"], "Really.");
        assert_eq!(offer["footnote"], "For members.");
        assert_eq!(offer["preUseType"], "CHARGEABLE");
        assert_eq!(offer["rateCodes"], json!([{ "name": "Gold", "identifier": "G1" }]));
        assert_eq!(offer["contractSignaturesRequired"], true);
        // OFF-12: TWINT and BACS do not exist in euros.
        assert_eq!(offer["allowedPaymentChoices"], json!(["SEPA", "CASH"]));
        assert_eq!(offer["maximumNumberOfSelectableModules"], 1);
        assert_eq!(offer["includedModules"][0]["name"], "Classes");
        assert_eq!(offer["includedModules"][0]["rateCodes"], json!([{ "name": "Classes", "identifier": "CLS" }]));
        let drinks = &offer["selectableModules"][0];
        assert_eq!(
            drinks["paymentFrequency"]["ageBasedAdjustments"],
            json!([{ "ageRange": { "startAge": 14, "endAge": 17 }, "value": 1.5, "type": "ABSOLUTE" }])
        );
        assert_eq!(
            offer["timeRestrictions"]["availabilities"],
            json!([
                { "dayOfWeek": "MONDAY", "timeFrom": "06:00:00", "timeTo": "09:30:00" },
                { "dayOfWeek": "SUNDAY", "timeFrom": "20:00:00", "timeTo": "23:59:59" },
            ])
        );
        assert_eq!(offer["timeRestrictions"]["openingHoursCategory"]["name"], "Early");
        let blocks = &offer["contractTextBlocks"];
        assert_eq!((&blocks[0]["order"], &blocks[0]["attachmentType"]), (&json!(1), &json!("CONTRACT_PDF_PREVIEW")));
        assert_eq!(blocks[0]["hasSignature"], true);
        assert_eq!((&blocks[1]["order"], &blocks[1]["attachmentType"]), (&json!(2), &json!("URL")));
        assert_eq!(
            blocks[1]["attachedExternalUrlDto"],
            json!({ "title": "There", "url": "https://gym.example/there" })
        );
        assert_eq!(blocks[1]["showCommunicationPrivacyOptions"], true);

        let first = &offer["terms"][0];
        // OFF-6: on a Saturday in November, the contract starts in December and use may begin today.
        assert_eq!(first["defaultContractStartDate"], "2026-12-01");
        assert_eq!(first["defaultContractStartDateOfUse"], "2026-11-21");
        assert_eq!(first["extensionType"], "TERM_EXTENSION");
        assert_eq!((&first["extensionTerm"], &first["extensionFixedTerm"]), (&term(1, "MONTH"), &term(1, "MONTH")));
        assert_eq!(first["cancelationStrategy"], "RECEIPT_DATE");
        assert_eq!(first["cancelationPeriod"], term(1, "MONTH"));
        assert_eq!(first["extensionCancelationPeriod"], term(14, "DAY"));
        assert_eq!(first["termAfterExtension"], term(3, "MONTH"));
        assert_eq!(first["priceAfterExtension"], euro(44.9));
        assert_eq!(first["rateStartPrice"], euro(39.9));
        assert_eq!(first["flatFees"][0]["firstBookingDelay"], term(1, "MONTH"));
        assert_eq!(first["flatFees"][0]["starterPackage"], false);
        assert_eq!(first["flatFees"][0]["formattedPaymentFrequency"], "Every 6 months");
        assert_eq!(first["flatFees"][0]["paymentFrequency"]["price"], euro(19.9));
        assert_eq!(
            first["rateBonusPeriods"],
            json!([
                { "term": term(2, "MONTH"), "termStrategy": "END_OF_CURRENT_TERM", "displaySeparately": true,
                  "runtimeExtensionType": "WITHOUT_EXTENSION", "extendsCancellationPeriod": false },
                { "term": term(1, "MONTH"), "termStrategy": "START_OF_NEXT_TERM", "displaySeparately": false,
                  "runtimeExtensionType": "WITH_EXTENSION", "extendsCancellationPeriod": true },
            ])
        );
        let rules: Vec<_> = first["priceAdjustmentRules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| {
                (
                    rule["type"].as_str().unwrap(),
                    rule["chargeAdjustmentType"].as_str().unwrap(),
                    rule["value"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            rules,
            [
                ("RAISE", "RELATIVE", "5%"),
                ("REDUCTION", "ABSOLUTE", "2.50"),
                ("NEW_BASIC_AMOUNT", "BASIC_AMOUNT", "29.00")
            ]
        );
        let sauna = &first["optionalModules"][0];
        assert_eq!(sauna["trialPeriod"], json!({ "trialPeriod": term(14, "DAY"), "description": "Two weeks free" }));
        assert_eq!(sauna["term"]["termExtension"], term(1, "MONTH"));
        // OFF-11: a consent names the module it belongs to.
        assert_eq!(sauna["consentTextBlock"]["rateBundleModuleId"], sauna["id"]);
        assert_eq!(sauna["consentTextBlock"]["attachmentType"], "NONE");

        // OFF-9: indefinite is an extension without a term, and no term at all.
        let forever = &offer["terms"][1];
        assert!(forever.get("term").is_none() && forever.get("extensionTerm").is_none());
        assert!(forever.get("extensionFixedTerm").is_none());
        let follows = &offer["terms"][2];
        assert_eq!(follows["extensionType"], "SUBSEQUENT_RATE_DETAIL");
        assert_eq!(follows["subsequentRate"]["name"], "Later");
        assert_eq!(follows["subsequentRate"]["paymentFrequency"]["price"], euro(19.0));
        assert_eq!(
            follows["paymentFrequency"]["termsToPrices"],
            json!([{ "term": term(0, "DAY"), "price": euro(20.0) }, { "term": term(6, "MONTH"), "price": euro(30.0) }])
        );
        let days = &offer["terms"][3]["paymentFrequency"];
        assert_eq!(days["recurring"], true);
        assert_eq!(
            days["monthDaysToPrices"],
            json!([{ "monthDay": { "month": "FEBRUARY", "monthValue": 2, "dayOfMonth": 29 }, "price": euro(99.0) }])
        );
    });
}
