//! What makes a lead and what does not.

use jiff::civil::date;

use super::*;
use crate::customer::information_field::ListItem;

const TODAY: Date = date(2026, 11, 21);

const ALL_MANDATORY: LeadModes = LeadModes {
    address: InputMode::Mandatory,
    date_of_birth: InputMode::Mandatory,
    gender: InputMode::Mandatory,
    telephone: InputMode::Mandatory,
};
const ALL_INACTIVE: LeadModes = LeadModes {
    address: InputMode::Inactive,
    date_of_birth: InputMode::Inactive,
    gender: InputMode::Inactive,
    telephone: InputMode::Inactive,
};

fn ada() -> LeadRequest<'static> {
    LeadRequest { first_name: "Ada", last_name: "Lovelace", email: "ada@example.org", ..LeadRequest::default() }
}

fn whole() -> LeadRequest<'static> {
    LeadRequest {
        date_of_birth: Some(date(1990, 12, 10)),
        has_gender: true,
        telephone: Some("030 123456"),
        address: AddressGiven::Whole,
        ..ada()
    }
}

#[test]
fn lead_1_and_5_what_was_said_of_a_person() {
    use LeadInput::*;
    use LeadProblem::*;
    let optional = LeadModes::default();
    let tomorrow = Some(date(2026, 11, 22));
    for (modes, request, expected) in [
        (optional, ada(), None),
        (ALL_MANDATORY, whole(), None),
        (optional, LeadRequest { first_name: " ", ..ada() }, Some(Missing(FirstName))),
        (optional, LeadRequest { last_name: "", ..ada() }, Some(Missing(LastName))),
        (optional, LeadRequest { email: "", ..ada() }, Some(Missing(Email))),
        (optional, LeadRequest { email: "ada", ..ada() }, Some(Invalid(Email))),
        (ALL_MANDATORY, LeadRequest { date_of_birth: None, ..whole() }, Some(Missing(DateOfBirth))),
        (ALL_MANDATORY, LeadRequest { has_gender: false, ..whole() }, Some(Missing(Gender))),
        (ALL_MANDATORY, LeadRequest { telephone: Some(" "), ..whole() }, Some(Missing(Telephone))),
        (ALL_MANDATORY, LeadRequest { address: AddressGiven::Nothing, ..whole() }, Some(Missing(Address))),
        (optional, LeadRequest { address: AddressGiven::InPart, ..ada() }, Some(Invalid(Address))),
        (optional, LeadRequest { date_of_birth: tomorrow, ..ada() }, Some(Invalid(DateOfBirth))),
        (ALL_INACTIVE, LeadRequest { date_of_birth: tomorrow, address: AddressGiven::InPart, ..ada() }, None),
    ] {
        let problem = match validate(modes, &[], &request, false, false, TODAY) {
            Ok(_) => None,
            Err(LeadRefusal::Data(problem)) => Some(problem),
            Err(LeadRefusal::Duplicate) => panic!("no duplicate"),
        };
        assert_eq!(problem, expected, "{request:?}");
    }
}

#[test]
fn lead_5_data_come_before_duplicates() {
    let validated = |request: &LeadRequest<'_>, campaign_known, is_duplicate| {
        validate(LeadModes::default(), &[], request, campaign_known, is_duplicate, TODAY)
    };
    let wrong = LeadRequest { email: "ada", ..ada() };
    assert_eq!(validated(&wrong, true, true), Err(LeadRefusal::Data(LeadProblem::Invalid(LeadInput::Email))));
    assert_eq!(validated(&ada(), true, true), Err(LeadRefusal::Duplicate));
    let fair = LeadRequest { campaign: Some("fair"), ..ada() };
    assert_eq!(validated(&fair, false, true), Err(LeadRefusal::Data(LeadProblem::UnknownCampaign)));
    assert_eq!(validated(&fair, true, false), Ok(vec![]));
    assert_eq!(validated(&LeadRequest { campaign: Some(""), ..ada() }, false, false), Ok(vec![]));
}

fn field(kind: FieldKind) -> InformationField {
    let item = |number, name: &str| ListItem { number, name: name.to_owned() };
    let items = if kind == FieldKind::List { vec![item(1, "Friends"), item(2, "Radio")] } else { Vec::new() };
    InformationField { name: "Field".to_owned(), abbreviation: None, kind, items }
}

#[test]
fn lead_4_and_5_answers_to_information_fields() {
    let (list, number) = (field(FieldKind::List), field(FieldKind::Numeric));
    let form = [
        LeadField { id: 10, definition: &list, mode: InputMode::Optional, multi_selection: true },
        LeadField { id: 11, definition: &list, mode: InputMode::Optional, multi_selection: false },
        LeadField { id: 12, definition: &number, mode: InputMode::Mandatory, multi_selection: false },
        LeadField { id: 13, definition: &number, mode: InputMode::Inactive, multi_selection: false },
    ];
    let one = |field, value| Answer { field, value: Some(value), values: &[] };
    let number = one(12, "3");
    let stored =
        |field, values: &[&str]| StoredAnswer { field, values: values.iter().map(|v| (*v).to_owned()).collect() };
    for (answers, expected) in [
        (&[number][..], Ok(vec![stored(12, &["3"])])),
        (&[], Err(LeadProblem::Missing(LeadInput::Field(12)))),
        (&[one(12, " ")], Err(LeadProblem::Missing(LeadInput::Field(12)))),
        (&[one(12, "three")], Err(LeadProblem::Invalid(LeadInput::Field(12)))),
        (&[number, one(13, "three")], Ok(vec![stored(12, &["3"])])),
        (&[number, one(99, "x")], Err(LeadProblem::UnknownField { index: 1 })),
        (&[number, number], Err(LeadProblem::UnknownField { index: 1 })),
        (&[number, one(11, "Radio")], Ok(vec![stored(12, &["3"]), stored(11, &["11002"])])),
        (&[number, one(11, "Television")], Err(LeadProblem::Invalid(LeadInput::Field(11)))),
        (
            &[number, Answer { field: 10, value: None, values: &["Radio", "Friends", "Radio"] }],
            Ok(vec![stored(12, &["3"]), stored(10, &["10002", "10001"])]),
        ),
        // Of a field with several values, `value` is not read, and of one with a single value `values` is not.
        (&[number, one(10, "Radio")], Ok(vec![stored(12, &["3"])])),
        (&[number, Answer { field: 11, value: None, values: &["Radio"] }], Ok(vec![stored(12, &["3"])])),
    ] {
        let request = LeadRequest { answers, ..ada() };
        let validated = validate(LeadModes::default(), &form, &request, false, false, TODAY);
        assert_eq!(validated, expected.map_err(LeadRefusal::Data), "{answers:?}");
    }
}

#[test]
fn a_configuration_is_stored_in_short_and_its_problems_are_named() {
    let nothing: LeadConfiguration = serde_json::from_str("{}").unwrap();
    assert_eq!(serde_json::to_string(&nothing).unwrap(), "{}");
    assert!(nothing.asks_for_preferences && nothing.modes() == LeadModes::default() && nothing.problems().is_empty());

    let json = r#"{"address_mode":"MANDATORY","gender_mode":"INACTIVE","duplicates_allowed":true,
        "fields":[{"field":"goal","mode":"MANDATORY"},{"field":"goal"}],
        "campaigns":[{"external_identifier":"fair","name":"Fair"},{"external_identifier":"fair","name":""}]}"#;
    let wrong: LeadConfiguration = serde_json::from_str(json).unwrap();
    let paths: Vec<_> = wrong.problems().into_iter().map(|problem| problem.path).collect();
    assert_eq!(paths, ["fields[1].field", "campaigns[1].name", "campaigns[1].external_identifier"]);
    assert!(wrong.knows_campaign(" fair ") && !wrong.knows_campaign("radio"));
    assert_eq!(wrong.modes().address.name(), "MANDATORY");
}
