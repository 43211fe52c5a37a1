//! Bank accounts in what is told of customers, and in gym files.

use gymkeeper_server::gymfile;
use serde_json::json;

use crate::support::{MEMBERS, with_gym};

#[test]
fn cust_22_an_account_is_told_in_full_to_whoever_asks_for_one_customer_and_masked_in_lists() {
    with_gym(MEMBERS, |gym| async move {
        let (key, future) = (gym.key("north").await, gym.customer("north", "future").await);
        let account = |iban: &str| json!({ "accountHolder": "Future Member", "bankName": "Harbour Bank", "bic": "COBADEFFXXX", "iban": iban });
        let (whole, masked) = (account("DE89370400440532013000"), account("DE89 **** **** **** **** 00"));
        let one = gym.get(&key, &format!("/v1/customers/{future}")).await.json();
        assert_eq!(one["bankAccount"], whole);
        let number = one["customerNumber"].as_str().unwrap();
        let by = gym.get(&key, &format!("/v1/customers/by?customerNumber={number}")).await.json();
        assert_eq!(by["bankAccount"], whole);
        let members = gym.get(&key, "/v1/customers").await.json();
        let listed = members["result"].as_array().unwrap().iter().find(|one| one["id"] == future).unwrap();
        assert_eq!(listed["bankAccount"], masked);
        let found = gym.send_json("POST", &key, "/v1/customers/search", r#"{"firstName":"Future"}"#).await.json();
        assert_eq!(found[0]["bankAccount"], masked);
        // Whoever pays otherwise has none to be told.
        let ada = gym.customer("north", "ada").await;
        assert_eq!(gym.get(&key, &format!("/v1/customers/{ada}")).await.json().get("bankAccount"), None);
    });
}

#[test]
fn an_account_of_a_gym_file_is_entered_once_and_replaced_when_the_file_changes() {
    with_gym(MEMBERS, |gym| async move {
        let (key, future) = (gym.key("north").await, gym.customer("north", "future").await);
        let end = gym.end_of_journal().await;
        gym.apply(MEMBERS).await;
        assert_eq!(gym.end_of_journal().await, end);
        gym.apply(&MEMBERS.replacen("DE89 3704 0044 0532 0130 00", "AT61 1904 3002 3457 3201", 1)).await;
        let told = gym.get(&key, &format!("/v1/customers/{future}")).await.json();
        assert_eq!(told["bankAccount"]["iban"], "AT611904300234573201");
        let actions: Vec<String> = gym.journal_after(end).await.into_iter().map(|record| record.action).collect();
        assert_eq!(actions, ["customer.changed-by-gym-file", "customer.bank-account-entered"]);
        assert_eq!(gym.events_after(end).await, [("CUSTOMER_UPDATED".to_owned(), future)]);
        // A customer whose account the file no longer mentions keeps it.
        let without = MEMBERS.replacen("        bank_account:\n", "", 1).replacen(
            "          { account_holder: Future Member, bank_name: Harbour Bank, iban: DE89 3704 0044 0532 0130 00, bic: COBADEFFXXX }\n",
            "",
            1,
        );
        gym.apply(&without).await;
        let told = gym.get(&key, &format!("/v1/customers/{future}")).await.json();
        assert_eq!(told["bankAccount"]["iban"], "AT611904300234573201");
    });
}

#[test]
fn mistakes_in_an_account_of_a_gym_file_are_named() {
    let today = "2026-11-21".parse().unwrap();
    let wrong = MEMBERS.replacen(
        "{ account_holder: Future Member, bank_name: Harbour Bank, iban: DE89 3704 0044 0532 0130 00, bic: COBADEFFXXX }",
        "{ account_holder: \" \", iban: DE88 3704 0044 0532 0130 00, bic: COBA }",
        1,
    );
    let wrong = wrong.replacen(
        "[{ category: GENERAL, channel: PHONE, active: false }]",
        "[{ category: GENERAL, channel: PHONE, active: false }, { category: GENERAL, channel: PHONE, active: true }]",
        1,
    );
    let mistakes = gymfile::read(&wrong, today, &gymfile::Beside(std::path::Path::new("."))).unwrap_err();
    let fields: Vec<&str> = mistakes.iter().map(|mistake| mistake.field.as_str()).collect();
    let account = "studios[0].customers[4].bank_account";
    let expected = [
        "studios[0].communication_preferences[1]".to_owned(),
        format!("{account}.account_holder"),
        format!("{account}.iban"),
        format!("{account}.bic"),
    ];
    assert_eq!(fields, expected);
    assert!(mistakes.iter().all(|mistake| mistake.line.is_some() && !mistake.message.contains("3704")), "{mistakes:?}");
}
