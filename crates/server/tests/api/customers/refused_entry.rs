//! Who is kept out at the door, each for one reason alone: what the desk of the back office says, what the check-in over the API
//! answers, and whether the customer is shown as refused (CHK-3, CUST-11).

use gymkeeper_domain::staff::Role;
use gymkeeper_server::actions::change::Deed;
use gymkeeper_store::customer::restriction::{self, Restriction};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{
    admin::{call, customer_path, signed_in},
    support::{Answer, Gym, MEMBERS, join_all, with_gym},
};

const DENIED: &str = "errormessage.checkin.access.denied";

/// The fixture with an offer for the mornings, and four members whom nothing keeps out but what their names say. It is Saturday noon.
fn members() -> String {
    let hours = "    opening_hours_categories:
      - key: mornings
        name: Mornings
        windows:
          - { day: SATURDAY, from: \"06:00\", to: \"11:30\" }
          - { day: SUNDAY, from: \"12:00\", to: \"13:00\" }
    rooms:";
    let offer = "    offers:
      - key: morning
        name: Morning
        payment_choices: [CASH]
        time_restriction: mornings
        terms: [{ key: morning-12, term: 12 MONTH, payment: { type: FREE } }]
";
    let contract = "{ offer: basic, term: basic-12, start: 2026-03-15 }";
    let people = format!(
        "    customers:
      - {{ key: early, first_name: Early, last_name: Bird, contracts: [{{ offer: morning, start: 2026-03-15 }}] }}
      - {{ key: dunned, first_name: Dun, last_name: Ned, contracts: [{contract}] }}
      - {{ key: collected, first_name: Col, last_name: Lected, contracts: [{contract}] }}
      - key: resting
        first_name: Rest
        last_name: Ing
        contracts:
          - offer: basic
            term: basic-12
            start: 2026-03-15
            idle_periods: [{{ from: 2026-11-21, to: 2026-11-21, reason: Illness, refuses_access: true }}]
"
    );
    let yaml = MEMBERS.replacen("    rooms:", hours, 1).replacen("    offers:\n", offer, 1);
    yaml.replacen("    customers:\n", &people, 1)
}

/// Keeps somebody out, as the books will do when money is owed.
async fn keep_out(gym: &Gym, customer: i64, source: &'static str, days: Option<(&str, &str)>) {
    let day = |text: &str| -> Date { text.parse().unwrap() };
    let (start_date, end_date) = (days.map(|(from, _)| day(from)), days.map(|(_, to)| day(to)));
    let studio = gym.studio("north").await;
    gym.act(move |change| {
        let restriction = Restriction {
            id: change.tx.next_id()?,
            customer_id: customer,
            source: source.to_owned(),
            integration_id: None,
            reason: "Open dues".to_owned(),
            start_date,
            end_date,
        };
        restriction::insert(change.tx, change.tenant, &restriction, change.now)?;
        change.record(Deed::new("access-restriction.set").studio(studio).subject("customer", customer));
        Ok(())
    })
    .await;
}

/// The door of the north, as the desk and a program see it.
struct Door<'g> {
    gym: &'g Gym,
    desk: String,
    key: String,
}

impl<'g> Door<'g> {
    async fn of(gym: &'g Gym) -> Self {
        Self { gym, desk: signed_in(gym, Role::Manager, "north").await, key: gym.key("north").await }
    }

    async fn at_the_desk(&self, method: &str, path: &str) -> Answer {
        let path = format!("/studios/{}/desk{path}", self.gym.studio("north").await);
        call(self.gym, &self.desk, method, &path, "").await
    }

    /// A check-in by the program: now, or at an instant before.
    async fn enter(&self, customer: i64, at: Option<&str>) -> Answer {
        let body = at.map_or_else(String::new, |at| json!({ "checkInDateTime": at }).to_string());
        self.gym.send_json("POST", &self.key, &format!("/v1/customers/{customer}/checkin"), &body).await
    }

    /// A check-out by the program.
    async fn leave(&self, customer: i64) {
        self.gym.send_json("POST", &self.key, &format!("/v1/customers/{customer}/checkout"), "").await.json();
    }

    /// Whether the customer is shown as refused, to programs and to staff alike.
    async fn is_shown_refused(&self, customer: i64) -> bool {
        let told = self.gym.get(&self.key, &format!("/v1/customers/{customer}")).await.json();
        let path = customer_path(self.gym, "north", customer, "").await;
        let staff = call(self.gym, &self.desk, "GET", &path, "").await.json();
        assert_eq!(told["accessRefusal"], staff["accessRefusal"]);
        told["accessRefusal"].as_bool().unwrap()
    }

    /// Nobody lets the customer in, and all of them say the same: that reason and no other.
    async fn refuses(&self, customer: i64, reason: &str) {
        let answer = self.at_the_desk("GET", &format!("/customers/{customer}")).await.json();
        let codes: Vec<&Value> = answer["reasons"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert_eq!((&answer["allowed"], codes), (&json!(false), vec![&json!(reason)]));
        assert!(!answer["reasons"][0]["text"].as_str().unwrap().is_empty());
        let desk = self.at_the_desk("POST", &format!("/customers/{customer}/check-in")).await;
        for refused in [desk, self.enter(customer, None).await] {
            assert_eq!(refused.refusal(400, DENIED).args.unwrap_or_default(), [json!(reason)], "{reason}");
        }
    }

    /// The desk says yes, and the customer comes in and goes out again.
    async fn lets_in(&self, customer: i64) {
        let answer = self.at_the_desk("GET", &format!("/customers/{customer}")).await.json();
        assert_eq!((&answer["allowed"], &answer["reasons"]), (&json!(true), &json!([])));
        self.enter(customer, None).await.json();
        self.leave(customer).await;
    }
}

#[test]
fn chk_3_each_reason_alone_keeps_somebody_out_and_cust_11_tells_which_of_them_show() {
    with_gym(&members(), |gym| async move {
        let door = Door::of(&gym).await;
        for (customer, source) in [("dunned", "DUNNING"), ("collected", "DEBT_COLLECTION")] {
            let id = gym.customer("north", customer).await;
            assert!(!door.is_shown_refused(id).await);
            door.lets_in(id).await;
            keep_out(&gym, id, source, None).await;
        }
        // A contract that is missing or not for this hour keeps nobody out for good, so it is not shown.
        for (customer, reason, shown) in [
            ("dunned", "DUNNING", true),
            ("collected", "DEBT_COLLECTION", true),
            ("barred", "RESTRICTION", true),
            ("resting", "IDLE", true),
            ("early", "OUTSIDE_HOURS", false),
            ("cleo", "NO_CONTRACT", false),
        ] {
            let id = gym.customer("north", customer).await;
            assert_eq!(door.is_shown_refused(id).await, shown, "{customer}");
            door.refuses(id, reason).await;
        }
        assert_eq!(gym.get(&door.key, "/v1/studios/utilization").await.json()["count"], 0);
    });
}

#[test]
fn chk_3_hours_of_a_contract_let_in_from_their_first_minute_and_no_more_in_their_last() {
    with_gym(&members(), |gym| async move {
        let door = Door::of(&gym).await;
        let early = gym.customer("north", "early").await;
        for (at, inside) in [
            ("2026-11-21T06:00:00", true),
            ("2026-11-21T11:29:59", true),
            ("2026-11-21T11:30:00", false),
            ("2026-11-21T11:59:59", false),
            // On another day there are other hours, and on most there are none.
            ("2026-11-20T08:00:00", false),
            ("2026-11-15T11:59:59", false),
            ("2026-11-15T12:00:00", true),
        ] {
            let answer = door.enter(early, Some(at)).await;
            if inside {
                answer.json();
                door.leave(early).await;
            } else {
                assert_eq!(answer.refusal(400, DENIED).args.unwrap_or_default(), [json!("OUTSIDE_HOURS")], "{at}");
            }
        }
        // A day later at the same hour the door opens.
        door.refuses(early, "OUTSIDE_HOURS").await;
        gym.set_clock("2026-11-22T11:00:00Z").await;
        door.lets_in(early).await;
    });
}

#[test]
fn chk_3_and_cust_11_whoever_owes_money_is_kept_out_on_the_first_and_on_the_last_of_the_days() {
    for source in ["DUNNING", "DEBT_COLLECTION"] {
        with_gym(&members(), |gym| async move {
            let (door, dunned) = (Door::of(&gym).await, gym.customer("north", "dunned").await);
            keep_out(&gym, dunned, source, Some(("2026-11-22", "2026-11-23"))).await;
            for (now, refused) in [
                ("2026-11-21T20:59:59Z", false),
                ("2026-11-22T11:00:00Z", true),
                ("2026-11-23T20:59:59Z", true),
                ("2026-11-24T05:00:00Z", false),
            ] {
                gym.set_clock(now).await;
                assert_eq!(door.is_shown_refused(dunned).await, refused, "{now}");
                if refused {
                    door.refuses(dunned, source).await;
                } else {
                    door.lets_in(dunned).await;
                }
            }
        });
    }
}

#[test]
fn chk_3_a_closed_studio_lets_nobody_in_and_refuses_nobody_for_good() {
    let holiday = "    closing_hours: [{ from: \"2026-11-22T00:00:00\", to: \"2026-11-23T00:00:00\", reason: Stocktaking }]\n    rooms:";
    with_gym(&members().replacen("    rooms:", holiday, 1), |gym| async move {
        let (door, ada) = (Door::of(&gym).await, gym.customer("north", "ada").await);
        for (now, closed) in [
            ("2026-11-21T20:59:59Z", false),
            ("2026-11-21T21:00:00Z", true),
            ("2026-11-22T11:00:00Z", true),
            ("2026-11-23T04:59:59Z", true),
            ("2026-11-23T05:00:00Z", false),
        ] {
            gym.set_clock(now).await;
            assert!(!door.is_shown_refused(ada).await, "{now}");
            if closed {
                door.refuses(ada, "STUDIO_CLOSED").await;
            } else {
                door.lets_in(ada).await;
            }
        }
    });
}

#[test]
fn chk_5_the_last_place_is_taken_once_however_many_come_at_once() {
    let blocks = members().replacen("    capacity: 20\n", "    capacity: 1\n    capacity_blocks: true\n", 1);
    with_gym(&blocks, |gym| async move {
        let door = Door::of(&gym).await;
        let mut people = Vec::new();
        for key in ["ada", "dunned", "collected"] {
            people.push(gym.customer("north", key).await);
        }
        for _ in 0..10 {
            let answers = join_all(people.iter().map(|id| door.enter(*id, None)).collect::<Vec<_>>()).await;
            let inside: Vec<i64> =
                people.iter().zip(&answers).filter(|(_, answer)| answer.status == 200).map(|(id, _)| *id).collect();
            assert_eq!(inside.len(), 1);
            door.leave(inside[0]).await;
        }
    });
}

#[test]
fn chk_3_and_5_a_full_studio_keeps_people_out_only_where_it_says_so() {
    let one_place = members().replacen("    capacity: 20\n", "    capacity: 1\n", 1);
    let blocks = one_place.replacen("    capacity: 1\n", "    capacity: 1\n    capacity_blocks: true\n", 1);
    assert!(one_place != blocks);
    with_gym(&blocks, |gym| async move {
        let door = Door::of(&gym).await;
        let (ada, dunned) = (gym.customer("north", "ada").await, gym.customer("north", "dunned").await);
        door.enter(ada, None).await.json();
        door.refuses(dunned, "FULL").await;
        assert!(!door.is_shown_refused(dunned).await);
        // Whoever leaves makes room.
        door.leave(ada).await;
        door.lets_in(dunned).await;
    });
    with_gym(&one_place, |gym| async move {
        let door = Door::of(&gym).await;
        let (ada, dunned) = (gym.customer("north", "ada").await, gym.customer("north", "dunned").await);
        door.enter(ada, None).await.json();
        door.enter(dunned, None).await.json();
        let told = gym.get(&door.key, "/v1/studios/utilization").await.json();
        assert_eq!((&told["count"], &told["capacity"]), (&json!(2), &json!(1)));
    });
}

#[test]
fn chk_3_of_several_reasons_the_desk_tells_all_and_the_program_the_first() {
    with_gym(&members(), |gym| async move {
        let door = Door::of(&gym).await;
        let early = gym.customer("north", "early").await;
        // In the order in which they came, which is not that of the words.
        for source in ["DUNNING", "DEBT_COLLECTION", "STAFF", "DUNNING"] {
            keep_out(&gym, early, source, None).await;
        }
        let answer = door.at_the_desk("GET", &format!("/customers/{early}")).await.json();
        let codes: Vec<&Value> = answer["reasons"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert_eq!(codes, ["DUNNING", "DEBT_COLLECTION", "RESTRICTION", "OUTSIDE_HOURS"]);
        let refused = door.enter(early, None).await.refusal(400, DENIED);
        assert_eq!(refused.args.unwrap_or_default(), [json!("DUNNING")]);
    });
}
