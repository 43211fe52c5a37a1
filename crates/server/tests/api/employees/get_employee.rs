//! `GET /v1/employees/{id}`.

use gymkeeper_contract::operations::Scope;
use serde_json::{Value, json};

use super::{EVERYTHING, gym_with};
use crate::support::{Gym, small_with_employees, with_gym};

async fn ids(gym: &Gym, key: &str) -> Vec<i64> {
    let list = gym.get(key, "/v1/employees").await.json();
    list["result"].as_array().unwrap().iter().map(|employee| employee["id"].as_i64().unwrap()).collect()
}

#[test]
fn everything_that_is_said_of_somebody_is_told() {
    with_gym(&gym_with(EVERYTHING), |gym| async move {
        let key = gym.key("north").await;
        let id = ids(&gym, &key).await[0];
        let mut employee = gym.get(&key, &format!("/v1/employees/{id}")).await.json();
        let link = employee.as_object_mut().unwrap().remove("employeeImageUrl").unwrap();
        let expected = json!({
            "id": id, "firstName": "Peter", "lastName": "Parker", "gender": "MALE", "dateOfBirth": "1990-01-31",
            "employeeNumber": "12a", "employeeInitials": "PeP", "publicName": "Pete",
            "businessRole": "ADMINISTRATION_OR_FINANCE", "externalRole": "Bookkeeper", "phone1": "+49 1",
            "phone2": "+49 2", "email": "peter@acme.example", "street": "Ring", "houseNumber": "7b",
            "zipCode": "10115", "city": "Berlin", "country": "DE", "employeeCompetences": ["Yoga", "First aid"],
        });
        assert_eq!(employee, expected);
        // URL-3: the link to the picture needs no key and has no end.
        let link = link.as_str().unwrap();
        assert!(link.contains("expires=0&"), "{link}");
        let image = gym.send("GET", gym.path_of(link), &[], "").await;
        assert_eq!(image.body, b"\x89PNG\r\n\x1a\nimages/peter.png");
    });
}

#[test]
fn emp_2_of_somebody_of_whom_only_the_name_is_said_the_rest_is_left_out() {
    with_gym(&gym_with("      - { key: x, first_name: ' Åsa ', last_name: von Berg }\n"), |gym| async move {
        let key = gym.key("north").await;
        let id = ids(&gym, &key).await[0];
        let expected = json!({
            "id": id, "firstName": "Åsa", "lastName": "von Berg", "gender": "UNISEX", "employeeInitials": "Å.V.",
            "employeeCompetences": [],
        });
        assert_eq!(gym.get(&key, &format!("/v1/employees/{id}")).await.json(), expected);
    });
}

#[test]
fn emp_2_whoever_is_not_there_now_is_nobody() {
    with_gym(&small_with_employees(), |gym| async move {
        let key = gym.key("north").await;
        let (north, south) = (ids(&gym, &key).await[0], ids(&gym, &gym.key("south").await).await[0]);
        let (north, south) = (format!("/v1/employees/{north}"), format!("/v1/employees/{south}"));
        assert_eq!(gym.get(&key, &north).await.json()["firstName"], "Ada");
        gym.get(&key, &south).await.refusal(403, "errormessage.authorization.other.studio");
        gym.apply(&small_with_employees().replace("last_name: Berg,", "last_name: Berg, active: false,")).await;
        gym.get(&key, &north).await.refusal(404, "errormessage.employee.not.found");
        gym.apply(&small_with_employees()).await;
        assert_eq!(gym.get(&key, &north).await.status, 200);
        gym.apply(&gym_with("").replace("    employees:\n  - key: south", "    employees: []\n  - key: south")).await;
        gym.get(&key, &north).await.refusal(404, "errormessage.employee.not.found");
        gym.apply(&small_with_employees()).await;
        let back: Value = gym.get(&key, &north).await.json();
        assert_eq!(back["firstName"], "Ada", "who comes back keeps the id");
        let without = gym.key_for("north", &[Scope::StudioRead]).await;
        gym.get(&without, &north).await.refusal(403, "errormessage.authorization.scope.missing");
    });
}
