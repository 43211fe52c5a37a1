//! `leaveFamilyContract`, and families of a gym file.

use gymkeeper_server::{gymfile, workers::jobs};
use gymkeeper_store::customer::{contract, family};
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, join_all, with_gym};

const NOT_IN_FAMILY: &str = "errormessage.contract.not.in.family";

/// The fixture with a family of Ada's contract: Eve's has run since March, Finn's begins in December, Gus gave notice, Hal's is
/// over, and Ida's was made void.
fn with_family() -> String {
    let head = "start: 2026-03-15, modules: [{ module: drinks }]";
    let member = |name: &str, contract: &str| {
        format!(
            "      - key: {name}\n        first_name: {name}\n        last_name: Lovelace\n        contracts:\n\
             \x20         - {{ family_of: head, offer: basic, term: basic-12, {contract} }}\n"
        )
    };
    let members = [
        member(
            "eve",
            "start: 2026-03-15, modules: [{ module: drinks, start: 2026-04-01 }, { module: sauna, start: 2026-05-01, ends_on: 2026-11-20 }]",
        ),
        member("finn", "start: 2026-12-01"),
        member("gus", "start: 2026-05-01, canceled_on: 2026-11-01, ends_on: 2027-04-30"),
        member("hal", "start: 2025-05-01, canceled_on: 2026-11-01, ends_on: 2026-11-20"),
        member("ida", "start: 2026-05-01, reversed: true"),
    ];
    let yaml = MEMBERS.replacen(head, &format!("key: head, {head}"), 1);
    yaml.replacen("    customers:\n", &format!("    customers:\n{}", members.concat()), 1)
}

/// The id of a customer's only main contract.
async fn contract_of(gym: &Gym, customer: &str) -> i64 {
    let (tenant, id) = (gym.tenant, gym.customer("north", customer).await);
    gym.app.db.read(move |tx| contract::of_customer(tx, tenant, id)).await.unwrap()[0].id
}

/// The members of the family of a contract.
async fn family_of(gym: &Gym, head: i64) -> Vec<i64> {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| family::members_of(tx, tenant, head)).await.unwrap()
}

fn path(contract: i64) -> String {
    format!("/v1/customers/contracts/{contract}/leave-family-contract")
}

async fn told(gym: &Gym, key: &str, customer: &str) -> Value {
    let (id, contract) = (gym.customer("north", customer).await, contract_of(gym, customer).await);
    gym.get(key, &format!("/v1/customers/{id}/contracts/{contract}")).await.json()
}

#[test]
fn fam_2_who_leaves_a_family_is_canceled_as_of_today() {
    with_gym(&with_family(), |gym| async move {
        let (key, eve) = (gym.key("north").await, gym.customer("north", "eve").await);
        let (head, left) = (contract_of(&gym, "ada").await, contract_of(&gym, "eve").await);
        assert_eq!(family_of(&gym, head).await.len(), 5);
        let end = gym.end_of_journal().await;
        assert_eq!(gym.send_json("POST", &key, &path(left), "").await.text(), "");
        assert_eq!(family_of(&gym, head).await.len(), 4);
        let contract = told(&gym, &key, "eve").await;
        for (field, value) in [
            ("cancelled", json!(true)),
            ("cancellationDate", json!("2026-11-21")),
            ("cancellationReceiptDate", json!("2026-11-21")),
            ("endDate", json!("2026-11-21")),
            // CON-2: its last day is a day of it.
            ("contractStatus", json!("ACTIVE")),
        ] {
            assert_eq!(contract[field], value, "{field}");
        }
        // CAN-10: what hangs on it ends with it; what was over stays as it was.
        let ends = |list: &Value| {
            let end = |one: &Value| {
                format!(
                    "{} {} {}",
                    one["rateName"].as_str().unwrap(),
                    one["endDate"].as_str().unwrap(),
                    one["cancelled"]
                )
            };
            list.as_array().unwrap().iter().map(end).collect::<Vec<_>>()
        };
        assert_eq!(ends(&contract["flatFeeContracts"]), ["Card 2026-11-21 true"]);
        let modules = ["Sauna 2026-11-21 true", "Drinks 2026-11-21 true", "Sauna 2026-11-20 false"];
        assert_eq!(ends(&contract["moduleContracts"]), modules);
        let module = "contract.ended-with-its-main-contract CONTRACT_ADDITIONAL_MODULE_CANCELLED CONTRACT_UPDATED";
        let deeds =
            ["contract.left-family CONTRACT_CANCELLED", "contract.ended-with-its-main-contract", module, module];
        assert_eq!(gym.deeds(end).await, deeds);
        assert!(gym.events_after(end).await.iter().all(|(_, id)| *id == eve));
        let status = |customer: Value| customer["status"].clone();
        assert_eq!(status(gym.get(&key, &format!("/v1/customers/{eve}")).await.json()), "MEMBER");
        gym.send_json("POST", &key, &path(left), "").await.refusal(400, NOT_IN_FAMILY);
        // From tomorrow on she is no member and stays outside.
        let end = gym.end_of_journal().await;
        gym.set_clock("2026-11-21T23:10:00Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert!(gym.events_after(end).await.contains(&("CUSTOMER_UPDATED".to_owned(), eve)));
        gym.set_clock("2026-11-22T11:00:00Z").await;
        let key = gym.key("north").await;
        assert_eq!(status(gym.get(&key, &format!("/v1/customers/{eve}")).await.json()), "FORMER_MEMBER");
        assert_eq!(told(&gym, &key, "eve").await["contractStatus"], "INACTIVE");
        let denied = gym.send_json("POST", &key, &format!("/v1/customers/{eve}/checkin"), "").await;
        denied.refusal(400, "errormessage.checkin.access.denied");
        let ada = gym.customer("north", "ada").await;
        gym.send_json("POST", &key, &format!("/v1/customers/{ada}/checkin"), "").await.json();
    });
}

#[test]
fn fam_2_a_contract_that_nobody_used_yet_ends_before_it_begins() {
    with_gym(&with_family(), |gym| async move {
        let key = gym.key("north").await;
        let left = contract_of(&gym, "finn").await;
        assert_eq!(gym.send_json("POST", &key, &path(left), "").await.text(), "");
        let contract = told(&gym, &key, "finn").await;
        assert_eq!((&contract["endDate"], &contract["startDate"]), (&json!("2026-11-30"), &json!("2026-12-01")));
        gym.set_clock("2026-12-01T11:00:00Z").await;
        let (key, finn) = (gym.key("north").await, gym.customer("north", "finn").await);
        assert_eq!(gym.get(&key, &format!("/v1/customers/{finn}")).await.json()["status"], "FORMER_MEMBER");
        let denied = gym.send_json("POST", &key, &format!("/v1/customers/{finn}/checkin"), "").await;
        denied.refusal(400, "errormessage.checkin.access.denied");
    });
}

#[test]
fn fam_2_who_cannot_leave_is_told_why() {
    with_gym(&with_family(), |gym| async move {
        let foreign = gym.apply(&with_family().replace("key: acme", "key: umbrella")).await;
        let key = gym.key("north").await;
        let end = gym.end_of_journal().await;
        for (customer, code) in [
            ("ada", "not.in.family"),
            ("bela", "not.in.family"),
            ("gus", "already.canceled"),
            ("hal", "already.ended"),
            ("ida", "already.ended"),
        ] {
            let answer = gym.send_json("POST", &key, &path(contract_of(&gym, customer).await), "{}").await;
            answer.refusal(400, &format!("errormessage.contract.{code}"));
        }
        let hidden = gym.send_json("POST", &key, &path(contract_of(&gym, "hidden").await), "").await;
        hidden.refusal(403, "errormessage.third.party.customer.access.disabled");
        let eve = gym.customer("north", "eve").await;
        let tenant = gym.tenant;
        let rows = gym.app.db.read(move |tx| contract::of_customer(tx, tenant, eve)).await.unwrap();
        let module = rows.iter().find(|row| row.kind == contract::kind::MODULE).unwrap().id;
        let eve = gym.customer_of(foreign, "north", "eve").await;
        let rows = gym.app.db.read(move |tx| contract::of_customer(tx, foreign, eve)).await.unwrap();
        for id in [0, -1, i64::MAX, module, rows[0].id] {
            let answer = gym.send_json("POST", &key, &path(id), "").await;
            answer.refusal(404, "errormessage.contract.not.found");
        }
        let south = gym.key("south").await;
        let left = contract_of(&gym, "eve").await;
        gym.send_json("POST", &south, &path(left), "").await.refusal(403, "errormessage.authorization.other.studio");
        let wrong = gym.send_json("POST", &key, "/v1/customers/contracts/x/leave-family-contract", "").await;
        let refusal = wrong.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("contractId"));
        assert_eq!(gym.deeds(end).await, ["api-key.created"]);
    });
}

#[test]
fn fam_2_of_several_who_let_a_contract_leave_at_once_one_does() {
    with_gym(&with_family(), |gym| async move {
        let (key, left, end) = (gym.key("north").await, contract_of(&gym, "eve").await, gym.end_of_journal().await);
        gym.beside(async |beside| {
            let (gyms, at) = ([&gym, &beside, &gym, &beside, &gym, &beside], path(left));
            let answers = join_all(gyms.map(|gym| gym.send_json("POST", &key, &at, ""))).await;
            let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
            assert_eq!(done.len(), 1);
            for answer in refused {
                answer.refusal(400, NOT_IN_FAMILY);
            }
        })
        .await;
        let canceled = gym.events_after(end).await.into_iter().filter(|(kind, _)| kind == "CONTRACT_CANCELLED").count();
        assert_eq!(canceled, 1);
    });
}

#[test]
fn fam_1_a_gym_file_makes_families_and_changes_them_when_it_says_so() {
    with_gym(&with_family(), |gym| async move {
        let (ada, eve) = (contract_of(&gym, "ada").await, contract_of(&gym, "eve").await);
        let end = gym.end_of_journal().await;
        gym.apply(&with_family()).await;
        assert_eq!(gym.end_of_journal().await, end);
        // Finn's contract gets a family of its own, into which Eve's moves.
        let moved = with_family()
            .replacen(
                "family_of: head, offer: basic, term: basic-12, start: 2026-12-01",
                "key: finns, offer: basic, term: basic-12, start: 2026-12-01",
                1,
            )
            .replacen(
                "family_of: head, offer: basic, term: basic-12, start: 2026-03-15",
                "family_of: finns, offer: basic, term: basic-12, start: 2026-03-15",
                1,
            );
        let refused = gym.try_to_apply(&moved).await.unwrap_err();
        let said = format!("{refused:?}");
        assert!(said.contains("customer eve: contracts[0].family_of") && said.contains("member of a family"), "{said}");
        assert_eq!(gym.end_of_journal().await, end, "what is refused leaves nothing");
        let finn = contract_of(&gym, "finn").await;
        let key = gym.key("north").await;
        assert_eq!(gym.send_json("POST", &key, &path(finn), "").await.status, 200);
        gym.apply(&moved).await;
        assert_eq!((family_of(&gym, finn).await, family_of(&gym, ada).await.len()), (vec![eve], 3));
        let deeds = gym.deeds(end).await;
        assert!(deeds.contains(&"contract.joined-family CONTRACT_UPDATED".to_owned()), "{deeds:?}");
        // Without a word about it everything stays.
        gym.apply(&with_family().replace("family_of: head, ", "")).await;
        assert_eq!(family_of(&gym, finn).await, [eve]);
        // Whoever left does not come back because the file still says so.
        gym.apply(&with_family().replacen("family_of: head, ", "", 1)).await;
        assert_eq!((family_of(&gym, finn).await, family_of(&gym, ada).await.len()), (vec![eve], 3));
        // Whoever has a family cannot join another one.
        let contract = "offer: basic, term: basic-12, start: 2026-12-01";
        let joins = with_family()
            .replace("family_of: head, ", "")
            .replacen(contract, &format!("key: finns, {contract}"), 1)
            .replacen("key: head, start", "key: head, family_of: finns, start", 1);
        let refused = gym.try_to_apply(&joins).await.unwrap_err();
        let said = format!("{refused:?}");
        assert!(said.contains("customer ada: contracts[0].family_of: the contract has a family of its own"), "{said}");
    });
}

#[test]
fn fam_1_mistakes_of_a_gym_file_about_families_are_named() {
    let today = "2026-11-21".parse().unwrap();
    let at = |customer: usize, field: &str| format!("studios[0].customers[{customer}].contracts[0].{field}");
    for (from, to, field, says) in [
        (
            "family_of: head, offer: basic, term: basic-12, start: 2026-12-01",
            "family_of: tail, offer: basic, term: basic-12, start: 2026-12-01",
            at(1, "family_of"),
            "there is no contract with the key \"tail\"",
        ),
        (
            "family_of: head, offer: basic, term: basic-12, start: 2026-12-01",
            "key: f, family_of: f, offer: basic, term: basic-12, start: 2026-12-01",
            at(1, "family_of"),
            "of another customer",
        ),
        (
            "family_of: head, offer: basic, term: basic-12, start: 2026-12-01",
            "key: head, offer: basic, term: basic-12, start: 2026-12-01",
            at(5, "key"),
            "already taken",
        ),
        ("key: head, ", "key: Head, ", at(5, "key"), "lower-case"),
        ("key: head, ", "key: head, family_of: head, ", at(0, "family_of"), "no member of a family itself"),
    ] {
        let yaml = with_family();
        assert!(yaml.contains(from));
        let mistakes =
            gymfile::read(&yaml.replacen(from, to, 1), today, &gymfile::Beside(std::path::Path::new("."))).unwrap_err();
        let found = mistakes.iter().find(|mistake| mistake.field == field && mistake.message.contains(says));
        assert!(found.is_some_and(|mistake| mistake.line.is_some()), "{to}: {mistakes:?}");
    }
}
