//! `GET /v1/employees`.

use gymkeeper_contract::operations::Scope;

use super::gym_with;
use crate::support::{small_with_employees, with_gym};

fn many(count: usize) -> String {
    (0..count)
        .map(|n| format!("      - {{ key: e{n}, first_name: F{n}, last_name: L, active: {} }}\n", n % 4 != 3))
        .collect()
}

#[test]
fn pag_2_the_present_ones_come_in_slices_without_gap_or_repetition() {
    // Of 40 there are 30 active.
    with_gym(&gym_with(&many(40)), |gym| async move {
        let key = gym.key("north").await;
        let whole = gym.get(&key, "/v1/employees").await.json();
        let names = |list: &serde_json::Value| -> Vec<String> {
            let rows = list["result"].as_array().unwrap().iter();
            rows.map(|employee| employee["firstName"].as_str().unwrap().to_owned()).collect()
        };
        let expected: Vec<String> = (0..40).filter(|n| n % 4 != 3).map(|n| format!("F{n}")).collect();
        assert_eq!((names(&whole), whole["hasNext"].as_bool()), (expected.clone(), Some(false)));
        for (size, slices) in [(10, vec![10, 10, 10]), (13, vec![13, 13, 4]), (29, vec![29, 1]), (30, vec![30])] {
            let (mut offset, mut found, mut sizes) = ("0".to_owned(), Vec::new(), Vec::new());
            loop {
                let slice = gym.get(&key, &format!("/v1/employees?sliceSize={size}&offset={offset}")).await.json();
                found.extend(names(&slice));
                sizes.push(names(&slice).len());
                offset = slice["offset"].as_str().unwrap().to_owned();
                if slice["hasNext"] == false {
                    break;
                }
            }
            assert_eq!((found, sizes), (expected.clone(), slices), "{size}");
            // PAG-4: behind the end is an empty slice with the given offset.
            let end = gym.get(&key, &format!("/v1/employees?sliceSize=10&offset={offset}")).await.json();
            assert_eq!(end, serde_json::json!({ "result": [], "hasNext": false, "offset": offset }));
        }
    });
}

#[test]
fn pag_5_and_7_sizes_and_offsets_outside_their_bounds_are_refused() {
    with_gym(&small_with_employees(), |gym| async move {
        let key = gym.key("north").await;
        for fine in ["", "?sliceSize=10", "?sliceSize=100", "?sliceSize=&offset=", "?offset=0&x=1"] {
            assert_eq!(gym.get(&key, &format!("/v1/employees{fine}")).await.status, 200, "{fine}");
        }
        for (wrong, code, field) in [
            ("sliceSize=9", "slice.size.out.of.range", "sliceSize"),
            ("sliceSize=101", "slice.size.out.of.range", "sliceSize"),
            ("sliceSize=ten", "slice.size.out.of.range", "sliceSize"),
            ("offset=-1", "offset.invalid", "offset"),
            ("offset=x", "offset.invalid", "offset"),
        ] {
            let answer = gym.get(&key, &format!("/v1/employees?{wrong}")).await;
            let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{wrong}");
        }
    });
}

#[test]
fn emp_1_only_those_of_the_keys_studio_are_listed_and_only_to_those_who_may() {
    with_gym(&small_with_employees(), |gym| async move {
        let other =
            gym.apply(&small_with_employees().replace("key: acme", "key: umbrella").replace("Ada", "Eve")).await;
        let (_, elsewhere) = gym.key_with(other, "north", None, None).await;
        for (key, name) in [(gym.key("north").await, "Ada"), (gym.key("south").await, "Bo"), (elsewhere, "Eve")] {
            let list = gym.get(&key, "/v1/employees").await.json();
            assert_eq!(list["result"].as_array().unwrap().len(), 1, "{list}");
            assert_eq!(list["result"][0]["firstName"], name);
        }
        let without = gym.key_for("north", &[Scope::CustomerRead]).await;
        gym.get(&without, "/v1/employees").await.refusal(403, "errormessage.authorization.scope.missing");
    });
}
