//! What must hold for each row of the table of operations, with a handler or without. New rows and new handlers are visited as
//! soon as they exist.

mod strangers;

use std::collections::{BTreeMap, BTreeSet};

use gymkeeper_contract::operations::{Group, OPERATIONS, Operation, Scope, Scopes};
use gymkeeper_domain::booking::{allowance::BookableKind, times::Period};
use gymkeeper_server::{
    actions::{
        self,
        booking::{
            appointment::{self, Wish},
            class_slot::{self, Terms, TrialTerms},
        },
        change::Deed,
    },
    http,
};
use gymkeeper_store::{
    booking::{
        self,
        slot::{self, Slot},
    },
    customer::{self, amendment, communication, contract, document, medium},
    employee,
    files::{self, File},
    inventory::{self, Kind},
    tenant::TenantId,
};
use jiff::Timestamp;

use crate::support::{Answer, Gym, MEMBERS, NOW, picture, with_configured_gym, with_gym};

const KEY_INVALID: &str = "errormessage.authentication.api.key.invalid";
const SCOPE_MISSING: &str = "errormessage.authorization.scope.missing";
const BODY_BYTES: usize = 4096;

/// Operations that have a handler, and whether they read a body.
pub(crate) fn implemented(gym: &Gym) -> BTreeMap<&'static str, bool> {
    let mounted = http::mounted(&gym.app.showing);
    mounted.iter().map(|mounted| (mounted.operation.id, mounted.described().request.is_some())).collect()
}

/// The operation's path with the same text for every placeholder.
fn path(operation: &Operation, value: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { value.to_owned() } else { part.to_owned() };
    operation.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// An id that a placeholder may stand for in a studio. A handler with a placeholder that is missing here needs a line here.
async fn existing(gym: &Gym, tenant: TenantId, studio: &str, operation: &Operation, placeholder: &str) -> i64 {
    let studio_id = gym.studio_of(tenant, studio).await;
    let someone = if studio == "north" { "ada" } else { "dora" };
    match placeholder {
        "membershipOfferId" => {
            let entries = gym.app.db.read(move |tx| inventory::of_studio(tx, tenant, studio_id)).await.unwrap();
            entries.iter().find(|entry| entry.kind == Kind::Offer).unwrap().id
        }
        "customerId" => gym.customer_of(tenant, studio, someone).await,
        "accessMediumId" => {
            let customer = gym.customer_of(tenant, studio, someone).await;
            gym.app.db.read(move |tx| medium::of_customer(tx, tenant, customer)).await.unwrap()[0].id
        }
        "amendmentId" => {
            let customer = gym.customer_of(tenant, studio, someone).await;
            let wanted = br#"{"data":{"Contact":{"phonePrivate":"1"}}}"#;
            gym.change(move |tx| {
                if let Some(id) = amendment::pending(tx, tenant, customer, "CONTACT_DATA")? {
                    return Ok(id);
                }
                let id = tx.next_id()?;
                let now = NOW.parse().unwrap();
                amendment::insert(tx, tenant, id, customer, "CONTACT_DATA", wanted, now)?;
                Ok(id)
            })
            .await
        }
        "threadId" => {
            let customer = gym.customer_of(tenant, studio, someone).await;
            gym.change(move |tx| {
                let id = tx.next_id()?;
                communication::insert_thread(tx, tenant, id, customer, "CREATED")?;
                Ok(id)
            })
            .await
        }
        "contractId" => {
            let customer = gym.customer_of(tenant, studio, someone).await;
            gym.app.db.read(move |tx| contract::of_customer(tx, tenant, customer)).await.unwrap()[0].id
        }
        "classId" | "classSlotId" => {
            let slot = first_slot(gym, tenant, studio_id).await;
            if placeholder == "classId" { slot.class_id } else { slot.id }
        }
        "configId" => trial_offer(gym, tenant, studio_id).await,
        "bookingId" if operation.group == Group::TrialOffers => {
            let customer = gym.customer_of(tenant, studio, someone).await;
            // The first one may be booked without a trial.
            let slot = slot_ahead(gym, tenant, studio_id, 1).await;
            let offer = trial_offer(gym, tenant, studio_id).await;
            gym.act_in(tenant, move |change| {
                if let Some(id) = booking::active_in_slot(change.tx, tenant, slot.id, customer)? {
                    return Ok(id);
                }
                let customer = customer::by_id(change.tx, tenant, customer)?.unwrap();
                let studio = actions::customer::studio(change.tx, tenant, studio_id)?;
                let terms = TrialTerms { offer, refusal: None, confirmation: None };
                let made = class_slot::book(change, &studio, &customer, slot.id, Terms::Trial(&terms));
                Ok(made.unwrap_or_else(|failure| panic!("{failure:?}")).0.id)
            })
            .await
        }
        "bookingId" if operation.group == Group::Classes => {
            let customer = gym.customer_of(tenant, studio, someone).await;
            let slot = first_slot(gym, tenant, studio_id).await;
            gym.act_in(tenant, move |change| {
                if let Some(id) = booking::active_in_slot(change.tx, tenant, slot.id, customer)? {
                    return Ok(id);
                }
                let customer = customer::by_id(change.tx, tenant, customer)?.unwrap();
                let studio = actions::customer::studio(change.tx, tenant, studio_id)?;
                let made = class_slot::book(change, &studio, &customer, slot.id, Terms::Allowance);
                Ok(made.unwrap_or_else(|failure| panic!("{failure:?}")).0.id)
            })
            .await
        }
        "bookableAppointmentId" => appointment_of(gym, tenant, studio_id).await,
        "bookingId" if operation.group == Group::Appointments => {
            let (customer, appointment) =
                (gym.customer_of(tenant, studio, someone).await, appointment_of(gym, tenant, studio_id).await);
            gym.act_in(tenant, move |change| {
                let (kind, from) = (BookableKind::Appointment.name(), change.now);
                let made = booking::of_customer(change.tx, tenant, customer, kind, from, Timestamp::MAX)?;
                if let Some(active) = made.iter().find(|booking| booking.canceled_at.is_none()) {
                    return Ok(active.id);
                }
                let customer = customer::by_id(change.tx, tenant, customer)?.unwrap();
                let studio = actions::customer::studio(change.tx, tenant, studio_id)?;
                let start = "2026-12-15T05:15:00Z".parse().unwrap();
                let wish = Wish { appointment, period: Period::of_minutes(start, 30), instructors: Vec::new() };
                let made = appointment::book(change, &studio, &customer, &wish, appointment::Terms::Rules);
                Ok(made.unwrap_or_else(|failure| panic!("{failure:?}")).id)
            })
            .await
        }
        "id" if operation.group == Group::Employees => {
            let found = gym.app.db.read(move |tx| employee::list_present(tx, tenant, studio_id, 0, 1)).await.unwrap();
            found[0].id
        }
        "id" => {
            let customer = gym.customer_of(tenant, studio, someone).await;
            gym.act_in(tenant, move |change| {
                let id = change.tx.next_id()?;
                let (name, media_type) = ("a.pdf".to_owned(), "application/pdf".to_owned());
                let file = File { id, hash: format!("{id:064x}"), name, media_type, size: 1 };
                files::insert(change.tx, change.tenant, &file, change.now)?;
                let document = document::insert(change.tx, change.tenant, customer, id, None, change.now)?;
                change.record(Deed::new("document.added"));
                Ok(document)
            })
            .await
        }
        other => panic!("say in existing() what {other} stands for"),
    }
}

/// The trial offer of a studio, which has one.
async fn trial_offer(gym: &Gym, tenant: TenantId, studio: i64) -> i64 {
    let offers = gym.app.db.read(move |tx| inventory::of_kind(tx, tenant, studio, Kind::TrialOffer)).await.unwrap();
    offers[0].id
}

/// The first appointment of a studio that can be booked.
async fn appointment_of(gym: &Gym, tenant: TenantId, studio: i64) -> i64 {
    let all = gym.app.db.read(move |tx| inventory::of_kind(tx, tenant, studio, Kind::AppointmentType)).await.unwrap();
    all[0].id
}

/// The first slot of a studio that has not begun.
async fn first_slot(gym: &Gym, tenant: TenantId, studio: i64) -> Slot {
    slot_ahead(gym, tenant, studio, 0).await
}

/// The slot of a studio after so many others that have not begun.
async fn slot_ahead(gym: &Gym, tenant: TenantId, studio: i64, offset: i64) -> Slot {
    let from: Timestamp = NOW.parse().unwrap();
    let window = slot::Window { from, to: "2100-01-01T00:00:00Z".parse().unwrap(), limit: 1, offset };
    gym.app.db.read(move |tx| slot::of_studio(tx, tenant, studio, window)).await.unwrap().remove(0)
}

/// The path with an existing id for every placeholder.
async fn existing_path(gym: &Gym, operation: &Operation) -> String {
    let mut path = operation.path.to_owned();
    for placeholder in operation.placeholders() {
        if placeholder == "benefitKey" {
            path = path.replace("{benefitKey}", "towel");
            continue;
        }
        let id = existing(gym, gym.tenant, "north", operation, placeholder).await;
        path = path.replace(&format!("{{{placeholder}}}"), &id.to_string());
    }
    if matches!(operation.id, "getAppointmentBookings" | "getClassBookingsByCustomerId") {
        path.push_str(&format!("?customerId={}", gym.customer("north", "ada").await));
    }
    path
}

/// A query without which the operation refuses whatever comes.
fn query(operation: &Operation) -> &'static str {
    match operation.id {
        "getCustomerBy"
        | "getCustomerContractsBy"
        | "getCrossStudioCustomerBy"
        | "getCustomerMeasurement"
        | "getBenefitsByCardNumber"
        | "useBenefitBy" => "?pin=4711",
        _ => "",
    }
}

/// A body in order for an operation that has an id in its path.
fn body(operation: &Operation) -> &'static str {
    match operation.id {
        "addAccessMedium" | "addAccessMediums" => r#"{"type":"BARCODE","value":"another"}"#,
        "updateAccessMediums" => r#"{"value":"12345678"}"#,
        "setAdditionalInformationFieldAssignments" => "[]",
        "setAccessRestriction" => r#"{"reason":"Dues"}"#,
        "createCustomerContactDataAmendment" => r#"{"phoneBusiness":"030 7654321"}"#,
        "createCustomerAddressDataAmendment" => {
            r#"{"street":"Long Street","zipCode":"20095","city":"Hamburg","countryCode":"DE"}"#
        }
        "createCustomerMasterDataAmendment" => {
            r#"{"firstName":"Ada","lastName":"King","gender":"FEMALE","dateOfBirth":"1990-12-10","customerTitle":"NONE"}"#
        }
        "createCustomerPaymentDataAmendment" => {
            r#"{"accountHolder":"Ada","bankName":"Harbour Bank","iban":"AT611904300234573201","bic":"BKAUATWW",
                "signature":{"base64SvgSignature":"PHN2Zy8+"}}"#
        }
        "createCommunicationInNewCommunicationThread" | "createCommunicationInExistingCommunicationThread" => {
            r#"{"communicationThreadStatus":"CREATED","subject":"Towels","content":"Where are they?",
                "communicationDirection":"INCOMING","communicationChannel":"CHAT"}"#
        }
        "updateCommunicationPreferences" => "[]",
        "createCustomerWeighing" => r#"{"rawResults":"x"}"#,
        "replaceLegalRepresentative" => {
            r#"{"type":"EXTERNAL_PERSON","person":{"firstName":"Anne","lastName":"Byron"}}"#
        }
        "switchStudio" => r#"{"targetStudioId":1,"switchDate":"2026-11-21"}"#,
        _ => "",
    }
}

/// Operations that take a form with a file, and the name of its part.
fn form(operation: &Operation) -> Option<&'static str> {
    match operation.id {
        "uploadDocument" => Some("file"),
        "updateImage" => Some("image"),
        _ => None,
    }
}

/// Sends an operation what it takes.
pub(crate) async fn send(gym: &Gym, key: &str, operation: &Operation, path: &str) -> Answer {
    let method = operation.method.as_str();
    match form(operation) {
        Some(part) => gym.send_form(method, key, path, part, "a.png", &picture(8, 8)).await,
        None => gym.send_json(method, key, path, body(operation)).await,
    }
}

/// Operations whose body may be left out.
const EMPTY: &[&str] = &["checkinCustomer", "checkoutCustomer"];

/// Operations that find nothing more to do when they are called again, or that only change what a program made.
const ONCE: &[&str] = &[
    "cancelClassSlotById",
    "deleteAccessMediums",
    "deleteAccessRestriction",
    "deleteAppointmentBooking",
    "leaveFamilyContract",
    "withdrawAmendment",
];

#[test]
fn auth_1_every_operation_refuses_every_key_that_is_not_valid() {
    with_gym(MEMBERS, |gym| async move {
        let (revoked_id, revoked) = gym.key_with(gym.tenant, "north", None, None).await;
        gym.revoke(revoked_id).await;
        let past: Timestamp = "2001-01-01T00:00:00Z".parse().unwrap();
        let (_, expired) = gym.key_with(gym.tenant, "north", None, Some(past)).await;
        let valid = gym.key("north").await;
        let headers: [&[(&str, &str)]; 7] = [
            &[],
            &[("x-api-key", "")],
            &[("x-api-key", "gk_wrong")],
            &[("x-api-key", "schlüssel")],
            &[("x-api-key", &revoked)],
            &[("x-api-key", &expired)],
            &[("authorization", &valid)],
        ];
        for operation in OPERATIONS {
            for headers in headers {
                let answer = gym.send(operation.method.as_str(), &path(operation, "1"), headers, "{").await;
                let body = answer.refusal(401, KEY_INVALID);
                assert!(body.reference.is_none(), "{}: {body:?}", operation.id);
            }
        }
    });
}

#[test]
fn auth_3_every_operation_asks_for_its_scopes_before_it_looks_at_anything_else() {
    with_gym(MEMBERS, |gym| async move {
        let implemented = implemented(&gym);
        let but = |scopes: &[Scope]| Scope::ALL.iter().copied().filter(|scope| !scopes.contains(scope)).collect();
        let without = gym.keys_for("north", OPERATIONS.iter().map(|o| but(o.scopes.list())).collect()).await;
        let each = gym.keys_for("north", Scope::ALL.iter().map(|scope| vec![*scope]).collect()).await;
        for (operation, without) in OPERATIONS.iter().zip(without) {
            let (id, method) = (operation.id, operation.method.as_str());
            let json = [("x-api-key", without.as_str()), ("content-type", "application/json")];
            if operation.scopes != Scopes::None {
                // CLI-3: probes call with the id 0 and an empty body.
                for (path, body) in [(path(operation, "0"), ""), (path(operation, "x"), "{")] {
                    let refusal = gym.send(method, &path, &json, body).await.refusal(403, SCOPE_MISSING);
                    let args = refusal.args.unwrap_or_default();
                    let named = format!("{args:?}");
                    assert!(operation.scopes.list().iter().all(|s| named.contains(s.as_str())), "{id}: {named}");
                }
            }
            let enough: Vec<&String> = match operation.scopes {
                Scopes::None => vec![&without],
                // A set of several scopes that are all needed does not occur; each alone would not be enough then.
                Scopes::All(scopes) => {
                    assert_eq!(scopes.len(), 1, "{id}");
                    each.iter().zip(Scope::ALL).filter(|(_, s)| scopes.contains(s)).map(|(key, _)| key).collect()
                }
                Scopes::Any(scopes) => {
                    each.iter().zip(Scope::ALL).filter(|(_, s)| scopes.contains(s)).map(|(key, _)| key).collect()
                }
            };
            assert!(!enough.is_empty(), "{id}");
            for key in enough {
                let answer = gym.send(method, &path(operation, "0"), &[("x-api-key", key)], "").await;
                if implemented.contains_key(id) {
                    // FILE-2: what is no form is refused with 415.
                    assert!(matches!(answer.status, 200 | 400 | 404 | 415), "{id}: {}", answer.text());
                } else {
                    let body = answer.refusal(501, "errormessage.operation.not.implemented");
                    assert!(body.error_message.contains(id), "{id}: {}", body.error_message);
                }
            }
        }
    });
}

#[test]
fn auth_7_head_never_runs_an_operation_and_never_has_a_body() {
    with_gym(MEMBERS, |gym| async move {
        let none = gym.key_for("north", &[]).await;
        for path in OPERATIONS.iter().map(|operation| path(operation, "x")).collect::<BTreeSet<_>>() {
            // CLI-2: the name of the header comes in any letter case.
            let answer = gym.send("HEAD", &path, &[("X-API-kEY", &none)], "").await;
            assert_eq!(answer.status, 200, "{path}");
            let answer = gym.send("HEAD", &path, &[], "").await;
            assert_eq!(answer.status, 401, "{path}");
        }
        assert_eq!(gym.send("HEAD", "/v1/nothing/here", &[("x-api-key", &none)], "").await.status, 200);
        assert_eq!(gym.send("HEAD", "/v1/nothing/here", &[], "").await.status, 401);
    });
}

#[test]
fn every_path_names_the_methods_it_takes_to_those_who_have_a_key() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key_for("north", &[]).await;
        let mut paths: BTreeMap<&str, (&Operation, BTreeSet<&str>)> = BTreeMap::new();
        for operation in OPERATIONS {
            let methods = &mut paths.entry(operation.path).or_insert((operation, BTreeSet::from(["HEAD"]))).1;
            methods.insert(operation.method.as_str());
        }
        for (operation, methods) in paths.into_values() {
            for wrong in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
                if methods.contains(wrong) {
                    continue;
                }
                let path = path(operation, "1");
                gym.send(wrong, &path, &[], "").await.refusal(401, KEY_INVALID);
                let answer = gym.send(wrong, &path, &[("x-api-key", &key)], "").await;
                let refusal = answer.refusal(405, "errormessage.method.not.allowed");
                assert!(refusal.error_message.contains(wrong), "{wrong} {path}: {}", refusal.error_message);
                let allow: BTreeSet<&str> = answer.header("allow").unwrap().split(", ").collect();
                assert_eq!(allow, methods, "{path}");
            }
        }
    });
}

#[test]
fn every_handler_reads_its_body_or_leaves_it_alone() {
    with_configured_gym(
        MEMBERS,
        |config| config.body_bytes = BODY_BYTES,
        |gym| async move {
            let key = gym.key("north").await;
            let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
            let large = format!("[{}]", " ".repeat(BODY_BYTES));
            for (id, reads_body) in implemented(&gym) {
                let operation = gymkeeper_contract::operations::find(id).unwrap();
                let (method, path) =
                    (operation.method.as_str(), existing_path(&gym, operation).await + query(operation));
                if form(operation).is_some() {
                    let answer = gym.send_json(method, &key, &path, "{}").await;
                    answer.refusal(415, "errormessage.media.type.unsupported");
                    continue;
                }
                if !reads_body {
                    // CLI-2: whatever comes along is ignored.
                    let json = ("Content-Type", "application/json");
                    for header in [&[("X-Api-Key", key.as_str())][..], &[("X-API-KEY", &key), json]] {
                        for body in ["", "{}", "{", "null", &deep, &large] {
                            let answer = gym.send(method, &path, header, body).await;
                            let fine =
                                answer.status == 200 || ONCE.contains(&id) && [400, 403, 404].contains(&answer.status);
                            assert!(fine, "{id}: {}", answer.text());
                        }
                    }
                    continue;
                }
                for (body, code) in [
                    ("", "validation.json.malformed"),
                    ("{", "validation.json.malformed"),
                    ("[}", "validation.json.malformed"),
                    ("'text'", "validation.json.malformed"),
                    ("[] []", "validation.json.malformed"),
                    (deep.as_str(), "validation.json.malformed"),
                    (large.as_str(), "body.too.large"),
                    ("12", "validation.field.invalid"),
                    ("true", "validation.field.invalid"),
                    ("null", "validation.field.invalid"),
                    (r#""text""#, "validation.field.invalid"),
                    ("[[[]]]", "validation.field.invalid"),
                ] {
                    if body.is_empty() && EMPTY.contains(&id) {
                        continue;
                    }
                    let answer = gym.send_json(method, &key, &path, body).await;
                    answer.refusal(400, &format!("errormessage.{code}"));
                }
                // No text at all, and not even UTF-8.
                let mut request =
                    format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {key}\r\n")
                        .into_bytes();
                request.extend_from_slice(b"content-length: 3\r\n\r\n\"\xff\"");
                gym.send_raw(&request).await.refusal(400, "errormessage.validation.json.malformed");
            }
        },
    );
}

#[test]
fn auth_6_ids_of_other_studios_are_forbidden_and_ids_of_nowhere_are_not_found() {
    with_gym(MEMBERS, |gym| async move {
        let other_tenant = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        assert_ne!(other_tenant, gym.tenant);
        let key = gym.key("north").await;
        let mut visited = 0;
        for id in implemented(&gym).into_keys() {
            let operation = gymkeeper_contract::operations::find(id).unwrap();
            // A key of a benefit is no id.
            let Some(placeholder) = operation.placeholders().find(|name| *name != "benefitKey") else { continue };
            visited += 1;
            let sister = existing(&gym, gym.tenant, "south", operation, placeholder).await;
            let foreign = existing(&gym, other_tenant, "north", operation, placeholder).await;
            let at = |id: i64| path(operation, &id.to_string());
            let found = send(&gym, &key, operation, &existing_path(&gym, operation).await).await;
            assert!(found.status != 404 || ONCE.contains(&id), "{id}: {}", found.text());
            let refused = send(&gym, &key, operation, &at(sister)).await;
            if operation.group == Group::CrossStudio {
                // X-1: the integration is not active there.
                refused.refusal(404, "errormessage.customer.not.found");
            } else {
                refused.refusal(403, "errormessage.authorization.other.studio");
            }
            for nowhere in [foreign, 0, -1, i64::MAX, i64::MIN] {
                let answer = send(&gym, &key, operation, &at(nowhere)).await;
                assert_eq!(answer.status, 404, "{id} {nowhere}: {}", answer.text());
                assert!(answer.text().contains(".not.found"), "{id} {nowhere}: {}", answer.text());
            }
            for wrong in ["x", "1.5", "1e3", "99999999999999999999", "%20", "%FF", "1%2F2", "ü"] {
                let wrong = path(operation, wrong);
                let refusal = send(&gym, &key, operation, &wrong).await;
                let refusal = refusal.refusal(400, "errormessage.validation.field.invalid");
                assert_eq!(refusal.reference.as_deref(), Some(placeholder), "{wrong}");
            }
        }
        assert!(visited > 0);
    });
}
