//! The document for a handful of operations, as a server would ask for it.

use gymkeeper_contract::common::{Slice, Tag};
use gymkeeper_contract::customers::{
    CardNumberFormat, CustomerCheckin, CustomerDocument, CustomerDocumentForm, CustomerDocumentUploadResult,
    CustomerSearchRequest, ManualCheckinRequest,
};
use gymkeeper_contract::memberships::{MembershipOffer, MembershipOfferExtended};
use gymkeeper_contract::openapi::{Described, document};
use gymkeeper_contract::operations::{
    ADD_ACCESS_MEDIUM, CONFIRM_ACTIVATION, GET_ALL, GET_BENEFITS, GET_BENEFITS_BY_CARD_NUMBER, GET_CUSTOMERS,
    GET_DOCUMENTS, GET_MEMBER_LISTS, GET_MEMBERSHIP_OFFER_BY_ID, GET_MEMBERSHIP_OFFERS, GET_STUDIO_INFORMATION,
    GET_UTILIZATION, OPERATIONS, SEARCH_CUSTOMERS, SWITCH_STUDIO, UPDATE_STUDIO_TAGS, UPLOAD_DOCUMENT,
};
use gymkeeper_contract::studios::{StudioInformation, StudioUtilization};
use schemars::JsonSchema;
use serde_json::{Value, json};

fn studios_and_offers() -> Vec<Described> {
    vec![
        Described::new(&GET_STUDIO_INFORMATION).answer::<StudioInformation>(),
        Described::new(&GET_UTILIZATION).answer::<StudioUtilization>(),
        Described::new(&GET_ALL).answer::<Vec<Tag>>(),
        Described::new(&UPDATE_STUDIO_TAGS).body::<Vec<Tag>>().answer::<Vec<Tag>>(),
        Described::new(&CONFIRM_ACTIVATION).description("May be called again."),
        Described::new(&GET_MEMBERSHIP_OFFERS).answer::<Vec<MembershipOffer>>(),
        Described::new(&GET_MEMBERSHIP_OFFER_BY_ID)
            .path_parameter::<i64>("membershipOfferId", "The id of the offer.")
            .answer::<MembershipOfferExtended>(),
    ]
}

/// The targets of all references in the document.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|field| references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn studios_and_offers_are_described() {
    let described = studios_and_offers();
    assert!(described.iter().all(|each| each.problems().is_empty()));
    let document = document("1.13.2", &described);
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    let offer = &document["components"]["schemas"]["MembershipOffer"];
    assert_eq!(offer["properties"]["limitedOfferingPeriod"]["$ref"], "#/components/schemas/DatePeriod");
    let required = json!(["id", "description", "name", "preUseType", "limitedOfferingPeriod", "rateCodes", "terms"]);
    assert_eq!(offer["required"], required);
    let money = &document["components"]["schemas"]["Money"];
    assert_eq!(money["properties"]["amount"]["type"], "number");
    assert_eq!(
        document["components"]["schemas"]["Term"]["properties"]["unit"]["enum"],
        json!(["DAY", "WEEK", "MONTH", "YEAR"])
    );
    let text = document.to_string();
    assert!(!text.contains("\"null\"") && !text.contains("$defs"));
}

#[test]
fn an_operation_says_who_may_call_it() {
    let described = [
        Described::new(&GET_BENEFITS).path_parameter::<i64>("customerId", "The id of the customer."),
        Described::new(&CONFIRM_ACTIVATION),
        Described::new(&ADD_ACCESS_MEDIUM),
    ];
    let document = document("1.13.2", &described);
    let benefits = &document["paths"]["/v1/customers/{customerId}/benefits"]["get"];
    assert_eq!(benefits["x-required-scopes"], json!({"anyOf": ["CUSTOMER_BENEFIT_READ", "CUSTOMER_READ"]}));
    assert_eq!(benefits["description"], "Needs one of the scopes `CUSTOMER_BENEFIT_READ` or `CUSTOMER_READ`.");
    let statuses: Vec<_> = benefits["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["200", "400", "401", "403", "404", "409", "429", "500", "503"]);
    let activation = &document["paths"]["/v1/studios/confirmActivation"]["post"];
    assert_eq!(activation["x-required-scopes"], json!({"allOf": []}));
    assert_eq!(activation["responses"]["200"].get("content"), None);
    assert_eq!(document["paths"]["/v1/customers/{customerId}/access-medium"]["put"]["deprecated"], json!(true));
    assert_eq!(described[2].problems(), ["addAccessMedium: the placeholder customerId is not described"]);
}

mod first {
    use super::*;

    /// A person.
    #[derive(JsonSchema)]
    #[allow(dead_code)]
    pub(super) struct Person<'a> {
        name: &'a str,
        /// People who came along.
        guests: Vec<Person<'a>>,
    }

    /// A card.
    #[derive(JsonSchema)]
    #[allow(dead_code)]
    pub(super) struct Card {
        number: i64,
    }
}

mod second {
    use super::*;

    /// A person.
    #[derive(JsonSchema)]
    #[allow(dead_code)]
    pub(super) struct Person {
        name: String,
        /// People who came along.
        guests: Vec<first::Person<'static>>,
    }

    /// A card.
    #[derive(JsonSchema)]
    #[allow(dead_code)]
    pub(super) struct Card {
        number: String,
    }
}

#[test]
fn an_operation_that_came_later_says_with_which_version() {
    let document = document("1.13.2", &[Described::new(&GET_MEMBER_LISTS), Described::new(&GET_ALL)]);
    assert_eq!(document["paths"]["/v1/member-lists"]["get"]["x-since"], "1.16.3");
    assert_eq!(document["paths"][GET_ALL.path]["get"].get("x-since"), None);
}

#[test]
fn all_operations_that_came_later_say_so() {
    let later: Vec<_> = OPERATIONS.iter().copied().filter(|operation| operation.since.is_some()).collect();
    let mut ids: Vec<&str> = later.iter().map(|operation| operation.id).collect();
    ids.sort_unstable();
    let expected = [
        "checkinCustomer",
        "checkoutCustomer",
        "getCustomerContract",
        "getMemberLists",
        "leaveFamilyContract",
        "replaceLegalRepresentative",
    ];
    assert_eq!(ids, expected);
    for operation in later {
        let document = document("1.13.2", &[Described::new(operation)]);
        let told: Vec<&Value> = document["paths"][operation.path].as_object().unwrap().values().collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["x-since"], operation.since.unwrap(), "{}", operation.id);
    }
}

#[test]
fn recursive_and_doubled_names_come_out_right() {
    let described = [
        Described::new(&GET_CUSTOMERS)
            .slices(50, 100, 500)
            .query::<bool>("ours", "Something of ours.")
            .extension()
            .answer::<Slice<first::Person>>(),
        Described::new(&ADD_ACCESS_MEDIUM)
            .multipart::<second::Person>(&["name"])
            .answer::<(first::Card, second::Card)>(),
    ];
    let document = document("1.13.2", &described);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let names: Vec<_> = schemas.keys().collect();
    assert_eq!(names, ["Card", "Card2", "ErrorResponse", "Person", "PersonSlicedResult", "TypedArgumentDto"]);
    assert_eq!(schemas["Person"]["properties"]["guests"]["items"]["$ref"], "#/components/schemas/Person");
    let form = &document["paths"]["/v1/customers/{customerId}/access-medium"]["put"]["requestBody"]["content"];
    let expected = json!({"multipart/form-data": {
        "schema": {"$ref": "#/components/schemas/Person"},
        "encoding": {"name": {"contentType": "application/json"}}
    }});
    assert_eq!(*form, expected);
    let parameters = &document["paths"]["/v1/customers"]["get"]["parameters"];
    let size = json!({"type": "integer", "format": "int32", "minimum": 50, "maximum": 500, "default": 100});
    assert_eq!(parameters[0]["schema"], size);
    assert_eq!(parameters[1]["schema"], json!({"type": "string", "default": "0"}));
    assert_eq!(parameters[2]["x-extension"], json!(true));
}

#[test]
fn queries_take_lists_and_defaults_of_named_enums() {
    let described = [
        Described::new(&GET_BENEFITS_BY_CARD_NUMBER)
            .query::<CardNumberFormat>("cardNumberFormat", "How it is written.")
            .keyword("default", "DECIMAL")
            .query::<Vec<String>>("key", "The keys.")
            .query::<String>("qrCodeUuid", "The older name.")
            .deprecated(),
        Described::new(&SEARCH_CUSTOMERS).body::<CustomerSearchRequest>(),
    ];
    let document = document("1.13.2", &described);
    let parameters = &document["paths"]["/v1/customers/benefits"]["get"]["parameters"];
    let referred = json!({"$ref": "#/components/schemas/CardNumberFormat", "default": "DECIMAL"});
    assert_eq!(parameters[0]["schema"], referred);
    assert_eq!(parameters[1]["schema"], json!({"type": "array", "items": {"type": "string"}}));
    assert_eq!((parameters[1].get("deprecated"), &parameters[2]["deprecated"]), (None, &json!(true)));
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["CardNumberFormat"]["enum"], json!(["DECIMAL", "HEX_MSB", "HEX_LSB"]));
    assert_eq!(schemas["CardNumberFormat"]["default"], "DECIMAL");
    let field = &schemas["CustomerSearchRequest"]["properties"]["cardNumberFormat"];
    assert_eq!((&field["$ref"], &field["default"]), (&referred["$ref"], &referred["default"]));
    assert_eq!(schemas["CustomerSearchRequest"].get("required"), None);
}

#[test]
fn bodies_are_needed_unless_something_else_is_said() {
    let described = [
        Described::new(&UPLOAD_DOCUMENT)
            .path_parameter::<i64>("customerId", "The id of the customer.")
            .multipart::<CustomerDocumentForm>(&[])
            .answer::<CustomerDocumentUploadResult>(),
        Described::new(&SWITCH_STUDIO)
            .path_parameter::<i64>("customerId", "The id of the customer.")
            .optional_body::<ManualCheckinRequest>()
            .answer::<CustomerCheckin>(),
    ];
    let document = document("1.13.2", &described);
    let form = &document["paths"]["/v1/customers/{customerId}/documents"]["post"]["requestBody"];
    assert_eq!(form["required"], json!(true));
    let content = form["content"]["multipart/form-data"].as_object().unwrap();
    assert_eq!(content.keys().collect::<Vec<_>>(), ["schema"]);
    assert_eq!(content["schema"]["required"], json!(["file"]));
    assert_eq!(content["schema"]["properties"]["file"]["format"], "binary");
    let optional = &document["paths"]["/v1/customers/{customerId}/switch-studio"]["post"]["requestBody"];
    assert_eq!(optional["required"], json!(false));
    assert_eq!(optional["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/ManualCheckinRequest");
}

#[test]
fn slices_have_the_names_of_the_contract() {
    let described = [
        Described::new(&GET_DOCUMENTS).slices(1, 10, 50).answer::<Slice<CustomerDocument>>(),
        Described::new(&GET_CUSTOMERS).answer::<Slice<CustomerCheckin>>(),
    ];
    let document = document("1.13.2", &described);
    let schemas = &document["components"]["schemas"];
    let documents = &schemas["CustomerDocuments"];
    assert_eq!(documents["properties"]["result"]["items"]["$ref"], "#/components/schemas/CustomerDocument");
    assert_eq!(documents["required"], json!(["result", "hasNext", "offset"]));
    let checkins = &schemas["CustomerCheckinSlicedResult"];
    assert_eq!(checkins["properties"]["result"]["items"]["$ref"], "#/components/schemas/CustomerCheckin");
}
