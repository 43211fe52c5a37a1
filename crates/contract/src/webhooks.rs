//! The events that webhooks tell about: their types, what they carry, and how they are written.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::common::{Decimal, UtcDateTime};

macro_rules! events {
    ($($name:ident($($entity:ident)?) = $text:literal, $means:literal: $happened:literal
        { $($field:ident: $type:ty = $wire:literal, $sample:expr;)* };)+) => {
        /// What kind of thing happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $(
                #[doc = $happened]
                #[doc = ""]
                #[doc = concat!("`entityId` is ", $means, ".")]
                $name,
            )+
        }

        impl EventType {
            /// All types, in the order of the API.
            pub const ALL: &'static [EventType] = &[$(EventType::$name),+];

            /// The name of the type as events spell it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(EventType::$name => $text,)+
                }
            }

            /// What happened, in a sentence.
            pub const fn description(self) -> &'static str {
                match self {
                    $(EventType::$name => $happened,)+
                }
            }

            /// What the `entityId` of such an event is.
            pub const fn entity(self) -> &'static str {
                match self {
                    $(EventType::$name => $means,)+
                }
            }
        }

        /// Something that happened, with all that is told about it.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $(
                #[doc = $happened]
                $name {
                    $(
                        #[doc = concat!("The entity: ", $means, ".")]
                        $entity: i64,
                    )?
                    $(
                        #[doc = concat!("`content.", $wire, "`.")]
                        $field: $type,
                    )*
                },
            )+
        }

        impl Event {
            /// The type of the event.
            pub const fn kind(&self) -> EventType {
                match self {
                    $(Event::$name { .. } => EventType::$name,)+
                }
            }

            /// The id of what the event is about; 0 where there is no such thing.
            pub const fn entity_id(&self) -> i64 {
                match self {
                    $(Event::$name { $($entity,)? .. } => 0 $(+ *$entity)?,)+
                }
            }

            /// The customer that it is about, where its entity is one.
            pub fn customer(&self) -> Option<i64> {
                let names_customer = match self {
                    $(Event::$name { .. } => stringify!($($entity)?) == "customer_id",)+
                };
                names_customer.then(|| self.entity_id())
            }

            /// What else is told; nothing for most types. Fields without a value are left out.
            fn content(&self) -> Option<Map<String, Value>> {
                let fields: Vec<(&'static str, Value)> = match self {
                    $(Event::$name { $($field,)* .. } => vec![$(($wire, written($field))),*],)+
                };
                let content: Map<String, Value> =
                    fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect();
                (!content.is_empty()).then_some(content)
            }

            /// An event of the type with made-up ids, for trying out a receiver.
            pub fn sample(kind: EventType) -> Event {
                match kind {
                    $(EventType::$name => Event::$name { $($entity: SAMPLE_ENTITY,)? $($field: $sample,)* },)+
                }
            }
        }
    };
}

events! {
    AdditionalInformationFieldsUpdated(studio_id) = "ADDITIONAL_INFORMATION_FIELDS_UPDATED", "the studio whose extra fields changed": "An extra field about customers was set up differently." {};
    AggregatorMemberCreated(customer_id) = "AGGREGATOR_MEMBER_CREATED", "the customer who stands for the member": "A member of a partner network was created."
        {
            aggregator_id: i64 = "aggregatorId", 77;
        };
    AppointmentBookingCancelled(booking_id) = "APPOINTMENT_BOOKING_CANCELLED", "the booking that was canceled": "An appointment booking was canceled." {};
    AppointmentBookingCreated(booking_id) = "APPOINTMENT_BOOKING_CREATED", "the new booking": "An appointment was booked." {};
    AppointmentBookingUpdated(booking_id) = "APPOINTMENT_BOOKING_UPDATED", "the booking that changed": "An appointment booking got another time or resource." {};
    AutomaticCustomerCheckout(studio_id) = "AUTOMATIC_CUSTOMER_CHECKOUT", "the studio they were in": "Customers were checked out by the server."
        {
            checkouts: Vec<AutomaticCheckout> = "checkouts", vec![AutomaticCheckout::sample()];
        };
    ContractAdditionalModuleCreated(customer_id) = "CONTRACT_ADDITIONAL_MODULE_CREATED", "the customer whose contract it is": "A module was added to a contract."
        {
            contract_id: i64 = "contractId", 1000;
            module_contract_id: i64 = "moduleContractId", 1001;
        };
    ContractAdditionalModuleDeleted(customer_id) = "CONTRACT_ADDITIONAL_MODULE_DELETED", "the customer whose contract it is": "A module was removed from a contract."
        {
            contract_id: i64 = "contractId", 1000;
            module_contract_id: i64 = "moduleContractId", 1001;
        };
    ContractAdditionalModuleUpdated(customer_id) = "CONTRACT_ADDITIONAL_MODULE_UPDATED", "the customer whose contract it is": "A module of a contract changed."
        {
            contract_id: i64 = "contractId", 1000;
            module_contract_id: i64 = "moduleContractId", 1001;
        };
    ContractAdditionalModuleCancelled(customer_id) = "CONTRACT_ADDITIONAL_MODULE_CANCELLED", "the customer whose contract it is": "A module of a contract was canceled."
        {
            contract_id: i64 = "contractId", 1000;
            module_contract_id: i64 = "moduleContractId", 1001;
        };
    ContractUpdated(customer_id) = "CONTRACT_UPDATED", "the customer whose contract it is": "A contract changed."
        {
            contract_id: i64 = "contractId", 1000;
        };
    ContractCreated(customer_id) = "CONTRACT_CREATED", "the customer whose contract it is": "A contract was concluded."
        {
            contract_id: i64 = "contractId", 1000;
        };
    ContractCancelled(customer_id) = "CONTRACT_CANCELLED", "the customer whose contract it is": "A contract was canceled."
        {
            contract_id: i64 = "contractId", 1000;
        };
    ContractIdlePeriodCreated(customer_id) = "CONTRACT_IDLE_PERIOD_CREATED", "the customer whose contract it is": "A pause of a contract was entered."
        {
            contract_id: i64 = "contractId", 1000;
            idle_period_id: i64 = "idlePeriodId", 1002;
            idle_period_amount: Option<Decimal> = "idlePeriodAmount", Some(Decimal::from_hundredths(1050));
            used_free_terms_in_days: Option<i64> = "usedFreeTermsInDays", Some(30);
        };
    ContractIdlePeriodCancelled(customer_id) = "CONTRACT_IDLE_PERIOD_CANCELLED", "the customer whose contract it is": "A pause of a contract was removed."
        {
            contract_id: i64 = "contractId", 1000;
            idle_period_id: i64 = "idlePeriodId", 1002;
            idle_period_amount: Option<Decimal> = "idlePeriodAmount", Some(Decimal::from_hundredths(1050));
            used_free_terms_in_days: Option<i64> = "usedFreeTermsInDays", Some(30);
        };
    ContractIdlePeriodUpdated(customer_id) = "CONTRACT_IDLE_PERIOD_UPDATED", "the customer whose contract it is": "A pause of a contract changed."
        {
            contract_id: i64 = "contractId", 1000;
            idle_period_id: i64 = "idlePeriodId", 1002;
            idle_period_amount: Option<Decimal> = "idlePeriodAmount", Some(Decimal::from_hundredths(1050));
            used_free_terms_in_days: Option<i64> = "usedFreeTermsInDays", Some(30);
        };
    CustomerAccessMediumCreated(customer_id) = "CUSTOMER_ACCESS_MEDIUM_CREATED", "the customer who holds it": "A customer got an access medium." {};
    CustomerAccessMediumUpdated(customer_id) = "CUSTOMER_ACCESS_MEDIUM_UPDATED", "the customer who holds it": "An access medium of a customer changed." {};
    CustomerAccessMediumDeleted(customer_id) = "CUSTOMER_ACCESS_MEDIUM_DELETED", "the customer who held it": "A customer lost an access medium." {};
    CustomerAccessRestrictionCreated(customer_id) = "CUSTOMER_ACCESS_RESTRICTION_CREATED", "the customer who is barred": "A customer was barred from entering." {};
    CustomerAccessRestrictionDeleted(customer_id) = "CUSTOMER_ACCESS_RESTRICTION_DELETED", "the customer who was barred": "A barred customer may enter again." {};
    CustomerCheckin(customer_id) = "CUSTOMER_CHECKIN", "the customer who entered": "A customer entered." {};
    CustomerCheckout(customer_id) = "CUSTOMER_CHECKOUT", "the customer who left": "A customer left." {};
    CustomerCheckinStudiosUpdated(customer_id) = "CUSTOMER_CHECKIN_STUDIOS_UPDATED", "the customer it is about": "A customer may enter other studios than before."
        {
            contract_id: i64 = "contractId", 1000;
        };
    CustomerCreated(customer_id) = "CUSTOMER_CREATED", "the new customer": "A customer was created." {};
    CustomerDeleted(customer_id) = "CUSTOMER_DELETED", "the customer who is gone": "A customer was deleted." {};
    CustomerUpdated(customer_id) = "CUSTOMER_UPDATED", "the customer whose data changed": "The data of a customer changed." {};
    CustomerCommunicationPreferencesUpdated(customer_id) = "CUSTOMER_COMMUNICATION_PREFERENCES_UPDATED", "the customer who chose": "A customer wants other messages than before." {};
    CustomerAccessDisabled(customer_id) = "CUSTOMER_ACCESS_DISABLED", "the customer who refused": "A customer no longer lets third parties use the data; requests about the customer fail from now on." {};
    CustomerHomeStudioUpdated(customer_id) = "CUSTOMER_HOME_STUDIO_UPDATED", "the customer who moved": "A customer moved to another home studio."
        {
            source_studio_id: i64 = "sourceStudioId", 1003;
            target_studio_id: i64 = "targetStudioId", 1004;
        };
    ClassBookingCancelled(booking_id) = "CLASS_BOOKING_CANCELLED", "the booking that was canceled": "A class booking was canceled." {};
    ClassBookingCreated(booking_id) = "CLASS_BOOKING_CREATED", "the new booking": "A class slot was booked." {};
    ClassBookingUpdated(booking_id) = "CLASS_BOOKING_UPDATED", "the booking that changed": "A class booking changed." {};
    ClassSlotCancelled(class_slot_id) = "CLASS_SLOT_CANCELLED", "the slot that was called off": "A class slot was called off."
        {
            class_id: i64 = "classId", 1005;
        };
    ClassSlotUpdated(class_slot_id) = "CLASS_SLOT_UPDATED", "the slot that changed": "A class slot got another time or resource."
        {
            class_id: i64 = "classId", 1005;
        };
    DeviceCreated(device_id) = "DEVICE_CREATED", "the new device": "A device was set up." {};
    EmployeeCreated(employee_id) = "EMPLOYEE_CREATED", "the new employee": "An employee joined the studio." {};
    EmployeeDeleted(employee_id) = "EMPLOYEE_DELETED", "the employee who is gone": "An employee was deleted." {};
    EmployeeUpdated(employee_id) = "EMPLOYEE_UPDATED", "the employee whose data changed": "The data of an employee changed." {};
    FinanceDebtCollectionRunCreated(debt_collection_run_id) = "FINANCE_DEBT_COLLECTION_RUN_CREATED", "the collection run": "Debts were handed to collection." {};
    FinanceDebtCollectionConfigurationUpdated() = "FINANCE_DEBT_COLLECTION_CONFIGURATION_UPDATED", "always 0, because the set-up is one and has no id": "The set-up of debt collection changed." {};
    FinanceDebtCollectionCaseUpdated(case_adjustment_request_id) = "FINANCE_DEBT_COLLECTION_CASE_UPDATED", "the request, by which the cases can be listed": "The studio asks for a change of a collection case."
        {
            agency_debt_collection_case_id: Option<String> = "agencyDebtCollectionCaseId", Some("A-1006".to_owned());
            collection_case_id: Option<String> = "collectionCaseId", None;
        };
    StudioOpeningHoursUpdated(studio_id) = "STUDIO_OPENING_HOURS_UPDATED", "the studio whose hours changed": "The opening hours of a studio changed." {};
    TaxAdvisorExportCreated(export_id) = "TAX_ADVISOR_EXPORT_CREATED", "the export": "An export for the tax adviser is ready." {};
}

/// The entity of samples.
const SAMPLE_ENTITY: i64 = 999;

// A content has whole numbers, texts and lists of them, which can always be written.
fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A customer who was checked out by the server, in the content of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AutomaticCheckout {
    /// The customer.
    pub customer_id: i64,
    /// When the visit ended.
    pub checkout_time: UtcDateTime,
}

impl AutomaticCheckout {
    fn sample() -> AutomaticCheckout {
        AutomaticCheckout { customer_id: SAMPLE_ENTITY, checkout_time: UtcDateTime(jiff::Timestamp::UNIX_EPOCH) }
    }
}

/// An event as it is sent: the body of a webhook request.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The id of what the event is about.
    pub entity_id: i64,
    /// The id of the event, the same in repeats, by which receivers tell doubles.
    pub uuid: String,
    /// What happened; always exactly one (WH-1).
    pub payload: [NoticePayload; 1],
}

/// What happened, and when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoticePayload {
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// The name of the type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What else is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Map<String, Value>>,
}

impl Notice {
    /// The event as it is sent. `timestamp` is the instant at which it happened, in milliseconds since 1970.
    pub fn new(event: &Event, uuid: String, timestamp: i64) -> Notice {
        let payload = NoticePayload { timestamp, kind: event.kind().as_str(), content: event.content() };
        Notice { entity_id: event.entity_id(), uuid, payload: [payload] }
    }
}

/// The text is not the name of a type of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEventType(pub String);

impl fmt::Display for UnknownEventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no type of events named {:?}", self.0)
    }
}

impl std::error::Error for UnknownEventType {}

impl FromStr for EventType {
    type Err = UnknownEventType;

    fn from_str(text: &str) -> Result<EventType, UnknownEventType> {
        EventType::ALL
            .iter()
            .copied()
            .find(|known| known.as_str() == text)
            .ok_or_else(|| UnknownEventType(text.to_owned()))
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn there_are_44_types_and_each_is_found_by_its_name() {
        let names: HashSet<_> = EventType::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!((names.len(), EventType::ALL.len()), (44, 44));
        for event in EventType::ALL {
            assert_eq!(event.as_str().parse(), Ok(*event));
            assert!(!event.entity().is_empty() && event.description().ends_with('.'), "{event}");
        }
        assert!("CUSTOMER_CANCELLED".parse::<EventType>().is_err());
    }

    #[test]
    fn wh_1_an_event_is_written_with_one_payload() {
        let created = Notice::new(&Event::CustomerCreated { customer_id: 7 }, "u".to_owned(), 1_642_779_144_176);
        let plain = r#"{"entityId":7,"uuid":"u","payload":[{"timestamp":1642779144176,"type":"CUSTOMER_CREATED"}]}"#;
        assert_eq!(serde_json::to_string(&created).unwrap(), plain);
    }

    #[test]
    fn wh_7_contents_carry_their_fields_and_leave_out_what_has_no_value() {
        let content = |event: &Event| event.content().map(Value::Object);
        let pause = Event::ContractIdlePeriodCreated {
            customer_id: 7,
            contract_id: 8,
            idle_period_id: 9,
            idle_period_amount: Some(Decimal::from_hundredths(250)),
            used_free_terms_in_days: None,
        };
        assert_eq!(content(&pause), Some(json!({"contractId": 8, "idlePeriodId": 9, "idlePeriodAmount": 2.5})));
        let checkout =
            AutomaticCheckout { customer_id: 123, checkout_time: UtcDateTime("2023-10-01T12:00:00Z".parse().unwrap()) };
        let automatic = Event::AutomaticCustomerCheckout { studio_id: 1, checkouts: vec![checkout] };
        let expected = json!({"checkouts": [{"customerId": 123, "checkoutTime": "2023-10-01T12:00:00Z"}]});
        assert_eq!((automatic.entity_id(), content(&automatic)), (1, Some(expected)));
        let configuration = Event::FinanceDebtCollectionConfigurationUpdated {};
        assert_eq!((configuration.entity_id(), content(&configuration)), (0, None));
    }

    #[test]
    fn there_is_a_sample_of_every_type() {
        for kind in EventType::ALL {
            let sample = Event::sample(*kind);
            assert_eq!(sample.kind(), *kind);
            assert!(sample.entity_id() > 0 || *kind == EventType::FinanceDebtCollectionConfigurationUpdated);
        }
    }
}
