//! Reading customers: by id, by what they are known by, in slices, by search, and their contracts.

use gymkeeper_store::customer::contract;
use serde_json::{Value, json};

use crate::support::{MEMBERS, with_gym};

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["firstName"].as_str().unwrap()).collect()
}

#[test]
fn a_customer_is_told_in_full() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let mut told = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
        let fields = told.as_object_mut().unwrap();
        for random in ["uuid", "referralCode", "createdDateTime"] {
            assert!(fields.remove(random).unwrap().as_str().unwrap().len() >= 8, "{random}");
        }
        let ids: Vec<i64> =
            fields["accessMediums"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
        let expected = json!({
            "id": ada,
            "customerNumber": "1-10001",
            "firstName": "Ada",
            "lastName": "Lovelace",
            "dateOfBirth": "1990-12-10",
            "email": "Ada@Example.org",
            "gender": "FEMALE",
            "street": "Chausseestraße",
            "houseNumber": "23",
            "zipCode": "10115",
            "city": "Berlin",
            "country": "DE",
            "status": "MEMBER",
            "cardNumbers": ["1173673668653440"],
            "phonePrivate": "+49 30 1234567",
            "phonePrivateMobile": "0171 2345678",
            "idlePeriods": [],
            "accessRefusal": false,
            "accessRestrictions": [],
            "studioId": gym.studio("north").await,
            "preferredLanguage": { "languageCode": "en" },
            "additionalInformationFieldAssignments": [],
            "accessMediums": [
                { "id": ids[0], "type": "CARD_NUMBER", "value": "1173673668653440" },
                { "id": ids[1], "type": "PIN", "value": "4711" },
                { "id": ids[2], "type": "BARCODE", "value": "095be615-a8ad-4c33-8e9c-c7612fbf6c9f" },
            ],
            "floor": "2",
        });
        assert_eq!(told, expected);
    });
}

#[test]
fn cust_1_and_2_the_status_follows_the_main_contracts() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        for (customer, status) in [
            ("ada", "MEMBER"),
            ("bela", "FORMER_MEMBER"),
            ("cleo", "PROSPECT"),
            ("future", "MEMBER"),
            ("void", "PROSPECT"),
            ("barred", "MEMBER"),
        ] {
            let id = gym.customer("north", customer).await;
            let told = gym.get(&key, &format!("/v1/customers/{id}")).await.json();
            assert_eq!(told["status"], status, "{customer}");
        }
        let barred = gym.customer("north", "barred").await;
        let told = gym.get(&key, &format!("/v1/customers/{barred}")).await.json();
        assert_eq!(told["accessRefusal"], true);
        assert_eq!(told["accessRestrictions"], json!([{ "reason": "House ban" }]));
        let pause = &told["idlePeriods"][0];
        assert_eq!((&pause["endDate"], &pause["unlimited"]), (&json!("9999-12-31"), &json!(true)));
        // Of a pause with an end, up to that day; of one that is over, nothing.
        let bela = gym.customer("north", "bela").await;
        for (instant, expected) in [
            ("2026-01-20T22:00:00Z", json!([["2026-01-10", "2026-01-20", "Illness", false]])),
            ("2026-01-20T23:00:00Z", json!([])),
        ] {
            gym.set_clock(instant).await;
            let told = gym.get(&gym.key("north").await, &format!("/v1/customers/{bela}")).await.json();
            let pauses = told["idlePeriods"].as_array().unwrap().iter();
            let pauses =
                pauses.map(|one| ["startDate", "endDate", "reason", "unlimited"].map(|field| one[field].clone()));
            assert_eq!(json!(pauses.collect::<Vec<_>>()), expected, "{instant}");
            assert_eq!(told["accessRefusal"], expected != json!([]), "{instant}");
        }
        // The day after the last one, whether or not the night has passed.
        gym.set_clock("2027-04-30T23:00:00Z").await;
        let key = gym.key("north").await;
        let told = gym.get(&key, &format!("/v1/customers/{barred}")).await.json();
        assert_eq!(told["status"], "FORMER_MEMBER");
        let former = gym.get(&key, "/v1/customers?customerStatus=FORMER_MEMBER").await.json();
        assert_eq!(names(&former["result"]), ["Béla", "Barred"]);
        let members = gym.get(&key, "/v1/customers").await.json();
        assert_eq!(names(&members["result"]), ["Ada", "Future"]);
    });
}

#[test]
fn cust_8_and_9_a_customer_is_known_by_exactly_one_thing() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let by = |query: &str| format!("/v1/customers/by?{query}");
        for query in [
            "cardNumber=1173673668653440",
            "cardNumber=042b73321a3180&cardNumberFormat=HEX_MSB",
            "cardNumber=80311A32732B04&cardNumberFormat=HEX_LSB",
            "pin=4711",
            "barcode=095be615-a8ad-4c33-8e9c-c7612fbf6c9f",
            "qrCodeUuid=095BE615-A8AD-4C33-8E9C-C7612FBF6C9F",
            "qrCodeUuid=095be615-a8ad-4c33-8e9c-c7612fbf6c9f&barcode=095be615-a8ad-4c33-8e9c-c7612fbf6c9f",
            "customerNumber=1-10001",
            "debtorId=D-1",
            "pin=4711&barcode=&cardNumber=",
        ] {
            let told = gym.get(&key, &by(query)).await.json();
            assert_eq!(told["firstName"], "Ada", "{query}");
            let contracts = gym.get(&key, &format!("/v1/customers/contracts/by?{query}")).await.json();
            assert_eq!(contracts.as_array().unwrap().len(), 1, "{query}");
        }
        let told = gym.get(&key, &by("pin=4711&cardNumberFormat=HEX_LSB")).await.json();
        assert_eq!(told["cardNumbers"], json!(["80311a32732b04"]));
        let one = "errormessage.customer.identifier.exactly.one.required";
        for query in ["", "pin=", "pin=4711&barcode=x", "customerNumber=1-1&debtorId=D-1"] {
            gym.get(&key, &by(query)).await.refusal(400, one);
        }
        let invalid = "errormessage.validation.field.invalid";
        for (query, field) in [("cardNumber=abc", "cardNumber"), ("pin=12", "pin"), ("qrCodeUuid=x", "qrCodeUuid")] {
            let refusal = gym.get(&key, &by(query)).await.refusal(400, invalid);
            assert_eq!(refusal.reference.as_deref(), Some(field));
        }
        let unknown = gym.get(&key, &by("pin=4711&cardNumberFormat=HEX")).await;
        unknown.refusal(400, "errormessage.validation.enum.unknown");
        for query in ["pin=1234", "customerNumber=1-99999", "debtorId=nobody"] {
            gym.get(&key, &by(query)).await.refusal(404, "errormessage.customer.not.found");
        }
        gym.get(&key, &by("pin=5555")).await.refusal(403, "errormessage.authorization.other.studio");
        let disabled = "errormessage.third.party.customer.access.disabled";
        gym.get(&key, &by("pin=9999")).await.refusal(403, disabled);
        let hidden = gym.customer("north", "hidden").await;
        gym.get(&key, &format!("/v1/customers/{hidden}")).await.refusal(403, disabled);
        gym.get(&key, &format!("/v1/customers/{hidden}/contracts")).await.refusal(403, disabled);
    });
}

#[test]
fn cust_7_search_finds_whom_everything_fits() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        for (body, found) in [
            (json!({ "firstName": "ad" }), vec!["Ada"]),
            (json!({ "lastName": "LOVE" }), vec!["Ada"]),
            (json!({ "lastName": "muller" }), vec!["Béla"]),
            (json!({ "lastName": "Mueller" }), vec!["Béla"]),
            (json!({ "lastName": "müller-ost" }), vec!["Béla"]),
            (json!({ "firstName": "bela" }), vec!["Béla"]),
            (json!({ "email": " ADA@example.ORG" }), vec!["Ada"]),
            (json!({ "dateOfBirth": "1990-12-10" }), vec!["Ada"]),
            (json!({ "lastName": "Member" }), vec!["Future", "Void"]),
            (json!({ "lastName": "Member", "dateOfBirth": "2000-01-01" }), vec!["Future"]),
            (json!({ "phoneNumber": "030/1234567" }), vec!["Ada"]),
            (json!({ "phoneNumber": "0049 171 23 45 678" }), vec!["Ada"]),
            (json!({ "phoneNumber": "+49301234567", "firstName": "Bela" }), vec![]),
            (json!({ "lastName": "Nobody" }), vec![]),
            (json!({ "lastName": "lace" }), vec![]),
        ] {
            let answer = gym.send_json("POST", &key, "/v1/customers/search", &body.to_string()).await.json();
            assert_eq!(names(&answer), found, "{body}");
        }
        for body in ["{}", r#"{"firstName":" "}"#, r#"{"cardNumberFormat":"HEX_LSB"}"#] {
            let answer = gym.send_json("POST", &key, "/v1/customers/search", body).await;
            answer.refusal(400, "errormessage.customer.search.criterion.required");
        }
    });
}

#[test]
fn cust_16_and_21_contracts_come_with_modules_and_fees() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let mut contracts = gym.get(&key, &format!("/v1/customers/{ada}/contracts")).await.json();
        let contract = contracts[0].as_object_mut().unwrap();
        let (modules, fees) =
            (contract.remove("moduleContracts").unwrap(), contract.remove("flatFeeContracts").unwrap());
        contract.remove("id").unwrap();
        let monthly = json!({
            "type": "RECURRING",
            "term": { "value": 1, "unit": "MONTH" },
            "price": { "amount": 50.00, "currency": "EUR" },
        });
        assert_eq!(
            contracts,
            json!([{
                "createdDate": "2026-03-15",
                "startDate": "2026-03-15",
                "endDate": "2027-03-14",
                "rateName": "Basic",
                "contractStatus": "ACTIVE",
                "cancellationPeriod": { "periodValue": 1, "periodUnit": "MONTH" },
                "cancelled": false,
                "price": 50.00,
                "priceDetails": {
                    "basePrice": { "amount": 50.00, "currency": "EUR" },
                    "currentPrice": { "amount": 50.00, "currency": "EUR" },
                    "paymentFrequency": monthly,
                },
                "lastPossibleCancellationDate": "2027-02-14",
                "term": { "periodValue": 12, "periodUnit": "MONTH" },
                "extensionTerm": { "periodValue": 1, "periodUnit": "MONTH" },
                "rateCodes": [{ "name": "Basic", "identifier": "BAS" }],
            }])
        );
        let summary = |list: &Value| {
            let one = |one: &Value| (one["rateName"].as_str().unwrap().to_owned(), one["price"].to_string());
            list.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!(summary(&fees), [("Card".to_owned(), "19.0".to_owned())]);
        assert_eq!(
            summary(&modules),
            [("Sauna".to_owned(), "0.0".to_owned()), ("Drinks".to_owned(), "5.0".to_owned())]
        );
        let bela = gym.customer("north", "bela").await;
        let of = |status: &str| format!("/v1/customers/{bela}/contracts?status={status}");
        assert_eq!(gym.get(&key, &of("ACTIVE")).await.json(), json!([]));
        let inactive = gym.get(&key, &of("INACTIVE")).await.json();
        assert_eq!(inactive[0]["contractStatus"], "INACTIVE");
        assert_eq!(inactive[0].get("extensionTerm"), None);
        gym.get(&key, &of("OVER")).await.refusal(400, "errormessage.validation.enum.unknown");
        let barred = gym.customer("north", "barred").await;
        let contract = &gym.get(&key, &format!("/v1/customers/{barred}/contracts")).await.json()[0];
        assert_eq!(contract["cancelled"], true);
        assert_eq!(contract["cancellationDate"], "2027-04-30");
        assert_eq!(contract["cancellationReceiptDate"], "2026-11-01");
        assert_eq!(contract["cancellationReason"], "Relocation");
    });
}

#[test]
fn auth_6_a_contract_is_told_with_its_own_customer_only() {
    with_gym(MEMBERS, |gym| async move {
        let other_tenant = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        let key = gym.key("north").await;
        let of = async |tenant, studio: &str, customer: &str| {
            let id = gym.customer_of(tenant, studio, customer).await;
            let contracts = gym.app.db.read(move |tx| contract::of_customer(tx, tenant, id)).await.unwrap();
            (id, contracts.into_iter().map(|contract| contract.id).collect::<Vec<_>>())
        };
        let (ada, own) = of(gym.tenant, "north", "ada").await;
        let (_, of_bela) = of(gym.tenant, "north", "bela").await;
        let (dora, of_dora) = of(gym.tenant, "south", "dora").await;
        let (hidden, of_hidden) = of(gym.tenant, "north", "hidden").await;
        let (foreign, of_foreign) = of(other_tenant, "north", "ada").await;
        let ask = async |customer: i64, contract: i64| {
            gym.get(&key, &format!("/v1/customers/{customer}/contracts/{contract}")).await
        };
        let listed = gym.get(&key, &format!("/v1/customers/{ada}/contracts")).await.json();
        let main = listed[0]["id"].as_i64().unwrap();
        assert_eq!(ask(ada, main).await.json(), listed[0]);
        // A module and a fee hang on a contract and are none.
        let hanging: Vec<i64> = own.into_iter().filter(|id| *id != main).collect();
        assert!(hanging.len() >= 3, "{hanging:?}");
        let strange = [of_bela[0], of_dora[0], of_hidden[0], of_foreign[0], ada, 0, -1, i64::MAX];
        for contract in hanging.into_iter().chain(strange) {
            ask(ada, contract).await.refusal(404, "errormessage.contract.not.found");
        }
        for contract in [of_dora[0], main] {
            ask(dora, contract).await.refusal(403, "errormessage.authorization.other.studio");
            ask(hidden, contract).await.refusal(403, "errormessage.third.party.customer.access.disabled");
            ask(foreign, contract).await.refusal(404, "errormessage.customer.not.found");
        }
        ask(hidden, of_hidden[0]).await.refusal(403, "errormessage.third.party.customer.access.disabled");
        ask(foreign, of_foreign[0]).await.refusal(404, "errormessage.customer.not.found");
    });
}

#[test]
fn cust_7_names_are_found_by_the_letters_of_any_keyboard() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        for (name, spellings) in [
            ("Wójcik-Żółć", ["wojcik zolc", "WÓJCIK"]),
            ("François", ["francois", "FRANÇ"]),
            ("Işıkğöz", ["isikgoz", "IŞIK"]),
            ("Åkesson", ["aakesson", "akess"]),
            ("Søndergård", ["sondergard", "Soendergaard"]),
            ("Weißmüller", ["weissmueller", "WEISSMULL"]),
        ] {
            let body = json!({
                "firstName": "Zoë", "lastName": name, "dateOfBirth": "1990-01-01", "street": "Weg", "houseNumber": "1",
                "zipCode": "10115", "city": "Berlin", "countryCode": "DE", "email": "zoe@example.org",
                "language": { "languageCode": "de" }, "gender": "FEMALE",
            });
            gym.send_json("POST", &key, "/v1/customers/create", &body.to_string()).await.json();
            for spelling in spellings {
                let body = json!({ "lastName": spelling, "firstName": "zoe" }).to_string();
                let found = gym.send_json("POST", &key, "/v1/customers/search", &body).await.json();
                let names: Vec<&str> =
                    found.as_array().unwrap().iter().filter_map(|one| one["lastName"].as_str()).collect();
                assert_eq!(names, [name], "{spelling}");
            }
        }
    });
}
