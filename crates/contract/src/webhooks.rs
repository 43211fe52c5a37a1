//! The types of events that webhooks tell about.

use std::fmt;
use std::str::FromStr;

macro_rules! event_types {
    ($($name:ident = $text:literal, $entity:literal: $happened:literal;)+) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $(
                #[doc = $happened]
                #[doc = ""]
                #[doc = concat!("`entityId` is ", $entity, ".")]
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
                    $(EventType::$name => $entity,)+
                }
            }
        }
    };
}

event_types! {
    AdditionalInformationFieldsUpdated = "ADDITIONAL_INFORMATION_FIELDS_UPDATED", "the studio whose extra fields changed":
        "An extra field about customers was set up differently.";
    AggregatorMemberCreated = "AGGREGATOR_MEMBER_CREATED", "the customer who stands for the member":
        "A member of a partner network was created.";
    AppointmentBookingCancelled = "APPOINTMENT_BOOKING_CANCELLED", "the booking that was canceled":
        "An appointment booking was canceled.";
    AppointmentBookingCreated = "APPOINTMENT_BOOKING_CREATED", "the new booking":
        "An appointment was booked.";
    AppointmentBookingUpdated = "APPOINTMENT_BOOKING_UPDATED", "the booking that changed":
        "An appointment booking got another time or resource.";
    AutomaticCustomerCheckout = "AUTOMATIC_CUSTOMER_CHECKOUT", "the studio they were in":
        "Customers were checked out by the server.";
    ContractAdditionalModuleCreated = "CONTRACT_ADDITIONAL_MODULE_CREATED", "the customer whose contract it is":
        "A module was added to a contract.";
    ContractAdditionalModuleDeleted = "CONTRACT_ADDITIONAL_MODULE_DELETED", "the customer whose contract it is":
        "A module was removed from a contract.";
    ContractAdditionalModuleUpdated = "CONTRACT_ADDITIONAL_MODULE_UPDATED", "the customer whose contract it is":
        "A module of a contract changed.";
    ContractAdditionalModuleCancelled = "CONTRACT_ADDITIONAL_MODULE_CANCELLED", "the customer whose contract it is":
        "A module of a contract was canceled.";
    ContractUpdated = "CONTRACT_UPDATED", "the customer whose contract it is":
        "A contract changed.";
    ContractCreated = "CONTRACT_CREATED", "the customer whose contract it is":
        "A contract was concluded.";
    ContractCancelled = "CONTRACT_CANCELLED", "the customer whose contract it is":
        "A contract was canceled.";
    ContractIdlePeriodCreated = "CONTRACT_IDLE_PERIOD_CREATED", "the customer whose contract it is":
        "A pause of a contract was entered.";
    ContractIdlePeriodCancelled = "CONTRACT_IDLE_PERIOD_CANCELLED", "the customer whose contract it is":
        "A pause of a contract was removed.";
    ContractIdlePeriodUpdated = "CONTRACT_IDLE_PERIOD_UPDATED", "the customer whose contract it is":
        "A pause of a contract changed.";
    CustomerAccessMediumCreated = "CUSTOMER_ACCESS_MEDIUM_CREATED", "the customer who holds it":
        "A customer got an access medium.";
    CustomerAccessMediumUpdated = "CUSTOMER_ACCESS_MEDIUM_UPDATED", "the customer who holds it":
        "An access medium of a customer changed.";
    CustomerAccessMediumDeleted = "CUSTOMER_ACCESS_MEDIUM_DELETED", "the customer who held it":
        "A customer lost an access medium.";
    CustomerAccessRestrictionCreated = "CUSTOMER_ACCESS_RESTRICTION_CREATED", "the customer who is barred":
        "A customer was barred from entering.";
    CustomerAccessRestrictionDeleted = "CUSTOMER_ACCESS_RESTRICTION_DELETED", "the customer who was barred":
        "A barred customer may enter again.";
    CustomerCheckin = "CUSTOMER_CHECKIN", "the customer who entered":
        "A customer entered.";
    CustomerCheckout = "CUSTOMER_CHECKOUT", "the customer who left":
        "A customer left.";
    CustomerCheckinStudiosUpdated = "CUSTOMER_CHECKIN_STUDIOS_UPDATED", "the customer it is about":
        "A customer may enter other studios than before.";
    CustomerCreated = "CUSTOMER_CREATED", "the new customer":
        "A customer was created.";
    CustomerDeleted = "CUSTOMER_DELETED", "the customer who is gone":
        "A customer was deleted.";
    CustomerUpdated = "CUSTOMER_UPDATED", "the customer whose data changed":
        "The data of a customer changed.";
    CustomerCommunicationPreferencesUpdated = "CUSTOMER_COMMUNICATION_PREFERENCES_UPDATED", "the customer who chose":
        "A customer wants other messages than before.";
    CustomerAccessDisabled = "CUSTOMER_ACCESS_DISABLED", "the customer who refused":
        "A customer no longer lets third parties use the data; requests about the customer fail from now on.";
    CustomerHomeStudioUpdated = "CUSTOMER_HOME_STUDIO_UPDATED", "the customer who moved":
        "A customer moved to another home studio.";
    ClassBookingCancelled = "CLASS_BOOKING_CANCELLED", "the booking that was canceled":
        "A class booking was canceled.";
    ClassBookingCreated = "CLASS_BOOKING_CREATED", "the new booking":
        "A class slot was booked.";
    ClassBookingUpdated = "CLASS_BOOKING_UPDATED", "the booking that changed":
        "A class booking changed.";
    ClassSlotCancelled = "CLASS_SLOT_CANCELLED", "the slot that was called off":
        "A class slot was called off.";
    ClassSlotUpdated = "CLASS_SLOT_UPDATED", "the slot that changed":
        "A class slot got another time or resource.";
    DeviceCreated = "DEVICE_CREATED", "the new device":
        "A device was set up.";
    EmployeeCreated = "EMPLOYEE_CREATED", "the new employee":
        "An employee joined the studio.";
    EmployeeDeleted = "EMPLOYEE_DELETED", "the employee who is gone":
        "An employee was deleted.";
    EmployeeUpdated = "EMPLOYEE_UPDATED", "the employee whose data changed":
        "The data of an employee changed.";
    FinanceDebtCollectionRunCreated = "FINANCE_DEBT_COLLECTION_RUN_CREATED", "the collection run":
        "Debts were handed to collection.";
    FinanceDebtCollectionConfigurationUpdated = "FINANCE_DEBT_COLLECTION_CONFIGURATION_UPDATED", "always 0, because the set-up is one and has no id":
        "The set-up of debt collection changed.";
    FinanceDebtCollectionCaseUpdated = "FINANCE_DEBT_COLLECTION_CASE_UPDATED", "the request, by which the cases can be listed":
        "The studio asks for a change of a collection case.";
    StudioOpeningHoursUpdated = "STUDIO_OPENING_HOURS_UPDATED", "the studio whose hours changed":
        "The opening hours of a studio changed.";
    TaxAdvisorExportCreated = "TAX_ADVISOR_EXPORT_CREATED", "the export":
        "An export for the tax adviser is ready.";
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
}
