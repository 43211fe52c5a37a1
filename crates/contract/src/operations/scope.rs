//! The scopes that a key can hold.

use std::fmt;
use std::str::FromStr;

macro_rules! scopes {
    ($($name:ident = $text:literal;)+) => {
        /// A right that a key holds and that operations ask for.
        ///
        /// Only scopes that some operation asks for are listed; a key must not be given one that opens nothing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scope {
            $(#[doc = concat!("`", $text, "`.")] $name,)+
        }

        impl Scope {
            /// All scopes, in alphabetical order.
            pub const ALL: &'static [Scope] = &[$(Scope::$name),+];

            /// The name of the scope as keys and documents spell it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Scope::$name => $text,)+
                }
            }
        }
    };
}

scopes! {
    AdditionalInformationRead = "ADDITIONAL_INFORMATION_READ";
    AdditionalInformationWrite = "ADDITIONAL_INFORMATION_WRITE";
    AppointmentsRead = "APPOINTMENTS_READ";
    AppointmentsWrite = "APPOINTMENTS_WRITE";
    BookableAppointmentsRead = "BOOKABLE_APPOINTMENTS_READ";
    CheckinRead = "CHECKIN_READ";
    CheckinVoucherWrite = "CHECKIN_VOUCHER_WRITE";
    CheckinWrite = "CHECKIN_WRITE";
    ClassesRead = "CLASSES_READ";
    ClassesWrite = "CLASSES_WRITE";
    CommunicationPreferencesRead = "COMMUNICATION_PREFERENCES_READ";
    CommunicationPreferencesWrite = "COMMUNICATION_PREFERENCES_WRITE";
    CommunicationWrite = "COMMUNICATION_WRITE";
    CustomerAccessMediumWrite = "CUSTOMER_ACCESS_MEDIUM_WRITE";
    CustomerAccessRestrictionWrite = "CUSTOMER_ACCESS_RESTRICTION_WRITE";
    CustomerAccountRead = "CUSTOMER_ACCOUNT_READ";
    CustomerBenefitRead = "CUSTOMER_BENEFIT_READ";
    CustomerBenefitWrite = "CUSTOMER_BENEFIT_WRITE";
    CustomerContractRead = "CUSTOMER_CONTRACT_READ";
    CustomerDocumentRead = "CUSTOMER_DOCUMENT_READ";
    CustomerDocumentWrite = "CUSTOMER_DOCUMENT_WRITE";
    CustomerMeasurementRead = "CUSTOMER_MEASUREMENT_READ";
    CustomerRead = "CUSTOMER_READ";
    CustomerSelfServiceRead = "CUSTOMER_SELF_SERVICE_READ";
    CustomerSelfServiceWrite = "CUSTOMER_SELF_SERVICE_WRITE";
    CustomerWeighingWrite = "CUSTOMER_WEIGHING_WRITE";
    CustomerWrite = "CUSTOMER_WRITE";
    DebtCollectionRead = "DEBT_COLLECTION_READ";
    DebtCollectionWrite = "DEBT_COLLECTION_WRITE";
    DeviceRead = "DEVICE_READ";
    DeviceWrite = "DEVICE_WRITE";
    EmployeeRead = "EMPLOYEE_READ";
    FamilyContractAssignmentWrite = "FAMILY_CONTRACT_ASSIGNMENT_WRITE";
    LeadRead = "LEAD_READ";
    LeadWrite = "LEAD_WRITE";
    MemberListRead = "MEMBER_LIST_READ";
    MembershipRead = "MEMBERSHIP_READ";
    MembershipSelfServiceAdditionalModuleContractRead = "MEMBERSHIP_SELF_SERVICE_ADDITIONAL_MODULE_CONTRACT_READ";
    MembershipSelfServiceAdditionalModuleContractWrite = "MEMBERSHIP_SELF_SERVICE_ADDITIONAL_MODULE_CONTRACT_WRITE";
    MembershipSelfServiceAdditionalModuleRead = "MEMBERSHIP_SELF_SERVICE_ADDITIONAL_MODULE_READ";
    MembershipSelfServiceIdlePeriodConfigRead = "MEMBERSHIP_SELF_SERVICE_IDLE_PERIOD_CONFIG_READ";
    MembershipSelfServiceIdlePeriodRead = "MEMBERSHIP_SELF_SERVICE_IDLE_PERIOD_READ";
    MembershipSelfServiceIdlePeriodWrite = "MEMBERSHIP_SELF_SERVICE_IDLE_PERIOD_WRITE";
    MembershipSelfServiceRead = "MEMBERSHIP_SELF_SERVICE_READ";
    MembershipSelfServiceWrite = "MEMBERSHIP_SELF_SERVICE_WRITE";
    MembershipWrite = "MEMBERSHIP_WRITE";
    OnlineOfferRead = "ONLINE_OFFER_READ";
    OnlineOfferWrite = "ONLINE_OFFER_WRITE";
    PaymentWrite = "PAYMENT_WRITE";
    StudioRead = "STUDIO_READ";
    StudioWrite = "STUDIO_WRITE";
    TaxAdvisorExportRead = "TAX_ADVISOR_EXPORT_READ";
    TaxAdvisorExportWrite = "TAX_ADVISOR_EXPORT_WRITE";
    TrialOfferRead = "TRIAL_OFFER_READ";
    TrialOfferWrite = "TRIAL_OFFER_WRITE";
}

/// The text is not the name of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownScope(pub String);

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no scope named {:?}", self.0)
    }
}

impl std::error::Error for UnknownScope {}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Scope, UnknownScope> {
        Scope::ALL.iter().copied().find(|scope| scope.as_str() == text).ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a key must hold to call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scopes {
    /// Any valid key will do.
    None,
    /// Every one of these.
    All(&'static [Scope]),
    /// At least one of these.
    Any(&'static [Scope]),
}

impl Scopes {
    /// Whether a key that holds the given scopes may call the operation (AUTH-3).
    pub fn allow(self, held: &[Scope]) -> bool {
        match self {
            Scopes::None => true,
            Scopes::All(needed) => needed.iter().all(|scope| held.contains(scope)),
            Scopes::Any(needed) => needed.iter().any(|scope| held.contains(scope)),
        }
    }

    /// The scopes named, whichever way they combine.
    pub const fn list(self) -> &'static [Scope] {
        match self {
            Scopes::None => &[],
            Scopes::All(scopes) | Scopes::Any(scopes) => scopes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_55_scopes_and_each_is_found_by_its_name() {
        assert_eq!(Scope::ALL.len(), 55);
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(*scope));
        }
        assert!("CHECKIN_DELETE".parse::<Scope>().is_err());
        assert!("studio_read".parse::<Scope>().is_err());
    }

    #[test]
    fn scopes_allow_as_they_combine() {
        let needed = &[Scope::CustomerRead, Scope::CustomerContractRead];
        assert!(Scopes::None.allow(&[]));
        assert!(Scopes::Any(needed).allow(&[Scope::CustomerRead]));
        assert!(!Scopes::All(needed).allow(&[Scope::CustomerRead]));
        assert!(Scopes::All(needed).allow(needed));
        assert!(!Scopes::Any(needed).allow(&[Scope::StudioRead]));
    }
}
