//! The rows of the table of operations, by group.

use super::{Group, Method, Operation, Scope, Scopes};

/// Turns the rows into one static each and into the list of all.
macro_rules! operations {
    (@scopes None) => { Scopes::None };
    (@scopes $kind:ident [$($scope:ident),+]) => { Scopes::$kind(&[$(Scope::$scope),+]) };
    (@deprecated) => { false };
    (@deprecated deprecated) => { true };
    (@since) => { None };
    (@since $since:literal) => { Some($since) };
    ($($group:ident { $(
        $name:ident = $id:literal $method:ident $path:literal $kind:ident $([$($scope:ident),+])? $($flag:ident)? $(@ $since:literal)? : $summary:literal;
    )+ })+) => {
        $($(
            #[doc = concat!("`", $id, "`: ", $summary, ".")]
            pub static $name: Operation = Operation {
                id: $id,
                method: Method::$method,
                path: $path,
                scopes: operations!(@scopes $kind $([$($scope),+])?),
                group: Group::$group,
                summary: $summary,
                since: operations!(@since $($since)?),
                deprecated: operations!(@deprecated $($flag)?),
            };
        )+)+

        /// Every operation of the API, by group; there is no other list of routes.
        pub static OPERATIONS: &[&Operation] = &[$($(&$name),+),+];
    };
}

operations! {
    Appointments {
        GET_BOOKABLE_APPOINTMENTS = "getBookableAppointments" Get "/v1/appointments/bookable" All [BookableAppointmentsRead]:
            "List appointments that can be booked";
        GET_BOOKABLE_APPOINTMENT = "getBookableAppointment" Get "/v1/appointments/bookable/{bookableAppointmentId}" All [BookableAppointmentsRead]:
            "Read one bookable appointment";
        GET_BOOKABLE_APPOINTMENT_SLOTS = "getBookableAppointmentSlots" Get "/v1/appointments/bookable/{bookableAppointmentId}/slots" All [BookableAppointmentsRead]:
            "List free slots of a bookable appointment";
        VALIDATE_FOR_APPOINTMENT_BOOKING = "validateForAppointmentBooking" Post "/v1/appointments/bookable/validate" All [BookableAppointmentsRead]:
            "Check whether an appointment could be booked";
        BOOK_APPOINTMENT_BOOKING = "bookAppointmentBooking" Post "/v1/appointments/booking/book" All [AppointmentsWrite]:
            "Book an appointment for a customer";
        GET_APPOINTMENT_BOOKING = "getAppointmentBooking" Get "/v1/appointments/booking/{bookingId}" All [AppointmentsRead]:
            "Read one appointment booking";
        DELETE_APPOINTMENT_BOOKING = "deleteAppointmentBooking" Delete "/v1/appointments/booking/{bookingId}" All [AppointmentsWrite]:
            "Cancel an appointment booking";
        GET_APPOINTMENT_BOOKINGS = "getAppointmentBookings" Get "/v1/appointments/booking" All [AppointmentsRead]:
            "List the appointment bookings of a customer";
    }

    CheckinVouchers {
        REDEEM_CHECKIN_VOUCHER = "redeemCheckinVoucher" Post "/v1/checkin-vouchers/redeem" All [CheckinVoucherWrite]:
            "Redeem a check-in voucher for a customer";
    }

    Classes {
        GET_ACTIVE_CLASSES = "getActiveClasses" Get "/v1/classes" All [ClassesRead]:
            "List the classes on offer";
        GET_CLASS_BY_ID = "getClassById" Get "/v1/classes/{classId}" All [ClassesRead]:
            "Read one class";
        GET_CLASS_SLOTS = "getClassSlots" Get "/v1/classes/{classId}/slots" All [ClassesRead]:
            "List the slots of one class";
        GET_CLASS_SLOT_BY_ID = "getClassSlotById" Get "/v1/classes/{classId}/slots/{classSlotId}" All [ClassesRead]:
            "Read one slot of a class";
        BOOK_CLASS_SLOT = "bookClassSlot" Post "/v1/classes/booking/book" All [ClassesWrite]:
            "Book a place in a class slot";
        VALIDATE_CLASS_SLOT = "validateClassSlot" Post "/v1/classes/booking/validate" All [ClassesRead]:
            "Check whether a class slot could be booked";
        GET_CLASS_BOOKING_BY_ID = "getClassBookingById" Get "/v1/classes/booking/{bookingId}" All [ClassesRead]:
            "Read one class booking";
        CANCEL_CLASS_SLOT_BY_ID = "cancelClassSlotById" Delete "/v1/classes/booking/{bookingId}" All [ClassesWrite]:
            "Give up a booked place in a class";
        GET_CLASS_BOOKINGS_BY_CUSTOMER_ID = "getClassBookingsByCustomerId" Get "/v1/classes/booking" All [ClassesRead]:
            "List the class bookings of a customer";
        GET_CLASS_SLOTS_FOR_MULTIPLE_CLASSES = "getClassSlotsForMultipleClasses" Get "/v1/classes/slots" All [ClassesRead]:
            "List the slots of several classes at once";
    }

    CrossStudio {
        GET_CROSS_STUDIO_CUSTOMER_BY = "getCrossStudioCustomerBy" Get "/v1/cross-studio/customers/by" All [CustomerRead]:
            "Find a customer of any studio by identifier";
        GET_CROSS_STUDIO_CUSTOMER_BY_ID = "getCrossStudioCustomerById" Get "/v1/cross-studio/customers/{customerId}" All [CustomerRead]:
            "Read a customer of any studio";
        SEARCH_CROSS_STUDIO_CUSTOMERS = "searchCrossStudioCustomers" Post "/v1/cross-studio/customers/search" All [CustomerRead]:
            "Search customers in all studios";
        GET_CROSS_STUDIO_CUSTOMERS_CHECKIN_HISTORY = "getCrossStudioCustomersCheckinHistory" Get "/v1/cross-studio/customers/{customerId}/activities/checkins" All [CheckinRead]:
            "List check-ins of a customer of any studio";
        GET_STUDIOS_WITH_ACTIVE_MEMBERSHIP_OFFERS = "getStudiosWithActiveMembershipOffers" Get "/v1/cross-studio/membership-offers/studios" All [StudioRead]:
            "List studios that sell memberships online";
    }

    Customers {
        GET_CUSTOMERS = "getCustomers" Get "/v1/customers" All [CustomerRead]:
            "List the customers of the studio";
        GET_CUSTOMERS_CHECKIN_HISTORY = "getCustomersCheckinHistory" Get "/v1/customers/{customerId}/activities/checkins" All [CheckinRead]:
            "List the check-ins of a customer";
        GET_CUSTOMER_BY_ID = "getCustomerById" Get "/v1/customers/{customerId}" All [CustomerRead]:
            "Read one customer";
        GET_CUSTOMER_BY = "getCustomerBy" Get "/v1/customers/by" All [CustomerRead]:
            "Find a customer by card, barcode or PIN";
        SEARCH_CUSTOMERS = "searchCustomers" Post "/v1/customers/search" All [CustomerRead]:
            "Search customers by name and other data";
        GET_CUSTOMERS_CONTRACTS = "getCustomersContracts" Get "/v1/customers/{customerId}/contracts" Any [CustomerContractRead, CustomerRead]:
            "List the contracts of a customer";
        GET_CUSTOMER_MEASUREMENT = "getCustomerMeasurement" Get "/v1/customers/measurement/latest" Any [CustomerMeasurementRead, CustomerRead]:
            "Read the newest body measurement";
        GET_CUSTOMER_CONTRACTS_BY = "getCustomerContractsBy" Get "/v1/customers/contracts/by" Any [CustomerContractRead, CustomerRead]:
            "List contracts by card, barcode or PIN";
        CREATE_CUSTOMER_WEIGHING = "createCustomerWeighing" Post "/v1/customers/{customerId}/weighing" Any [CustomerWrite, CustomerWeighingWrite]:
            "Store the result of a weighing";
        GET_BENEFITS = "getBenefits" Get "/v1/customers/{customerId}/benefits" Any [CustomerBenefitRead, CustomerRead]:
            "List what a customer may still use";
        GET_BENEFITS_BY_CARD_NUMBER = "getBenefitsByCardNumber" Get "/v1/customers/benefits" Any [CustomerBenefitRead, CustomerRead]:
            "List benefits by card, barcode or PIN";
        USE_BENEFIT = "useBenefit" Post "/v1/customers/{customerId}/benefits/{benefitKey}/use" Any [CustomerWrite, CustomerBenefitWrite]:
            "Use up one benefit of a customer";
        GET_CUSTOMER_ACCESS_CODE = "getCustomerAccessCode" Get "/v1/customers/{customerId}/access-code" All [CustomerRead]:
            "Read the door code of a customer";
        ADD_ACCESS_MEDIUM = "addAccessMedium" Put "/v1/customers/{customerId}/access-medium" All [CustomerAccessMediumWrite] deprecated:
            "Attach an access medium, older form";
        ADD_ACCESS_MEDIUMS = "addAccessMediums" Post "/v1/customers/{customerId}/access-mediums" All [CustomerAccessMediumWrite]:
            "Attach an access medium to a customer";
        UPDATE_ACCESS_MEDIUMS = "updateAccessMediums" Put "/v1/customers/{customerId}/access-mediums/{accessMediumId}" All [CustomerAccessMediumWrite]:
            "Change an access medium of a customer";
        DELETE_ACCESS_MEDIUMS = "deleteAccessMediums" Delete "/v1/customers/{customerId}/access-mediums/{accessMediumId}" All [CustomerAccessMediumWrite]:
            "Detach an access medium from a customer";
        GET_DOCUMENTS = "getDocuments" Get "/v1/customers/{customerId}/documents" All [CustomerDocumentRead]:
            "List the documents of a customer";
        UPLOAD_DOCUMENT = "uploadDocument" Post "/v1/customers/{customerId}/documents" All [CustomerDocumentWrite]:
            "Store a document with a customer";
        GET_DOCUMENT_BY_ID = "getDocumentById" Get "/v1/customers/{customerId}/documents/{id}" All [CustomerDocumentRead]:
            "Read one document of a customer";
        UPDATE_IMAGE = "updateImage" Put "/v1/customers/{customerId}/images" All [CustomerWrite]:
            "Replace the profile image of a customer";
        SET_ACCESS_RESTRICTION = "setAccessRestriction" Put "/v1/customers/{customerId}/access-restrictions" All [CustomerAccessRestrictionWrite]:
            "Bar a customer from entering";
        DELETE_ACCESS_RESTRICTION = "deleteAccessRestriction" Delete "/v1/customers/{customerId}/access-restrictions" All [CustomerAccessRestrictionWrite]:
            "Let a barred customer enter again";
        CREATE_CUSTOMER = "createCustomer" Post "/v1/customers/create" All [CustomerWrite]:
            "Create a customer without a contract";
        GET_ADDITIONAL_INFORMATION_FIELDS = "getAdditionalInformationFields" Get "/v1/customers/additional-information-fields" All [AdditionalInformationRead]:
            "List the extra fields kept about customers";
        SET_ADDITIONAL_INFORMATION_FIELD_ASSIGNMENTS = "setAdditionalInformationFieldAssignments" Put "/v1/customers/{customerId}/additional-information-field-assignments" All [AdditionalInformationWrite]:
            "Fill the extra fields of a customer";
        SWITCH_STUDIO = "switchStudio" Post "/v1/customers/{customerId}/switch-studio" All [CustomerWrite]:
            "Move a customer to another home studio";
        USE_BENEFIT_BY = "useBenefitBy" Post "/v1/customers/benefits/{benefitKey}/use" Any [CustomerWrite, CustomerBenefitWrite]:
            "Use up a benefit by card or PIN";
        CHECKIN_CUSTOMER = "checkinCustomer" Post "/v1/customers/{customerId}/checkin" All [CheckinWrite] @ "after 1.13.2":
            "Let a customer in";
        CHECKOUT_CUSTOMER = "checkoutCustomer" Post "/v1/customers/{customerId}/checkout" All [CheckinWrite] @ "after 1.13.2":
            "Let a customer out";
        GET_CUSTOMER_CONTRACT = "getCustomerContract" Get "/v1/customers/{customerId}/contracts/{contractId}" Any [CustomerContractRead, CustomerRead] @ "after 1.13.2":
            "Read one contract of a customer";
        REPLACE_LEGAL_REPRESENTATIVE = "replaceLegalRepresentative" Put "/v1/customers/{customerId}/legal-representative" All [CustomerWrite] @ "1.16.2":
            "Say who acts for a customer";
        LEAVE_FAMILY_CONTRACT = "leaveFamilyContract" Post "/v1/customers/contracts/{contractId}/leave-family-contract" All [FamilyContractAssignmentWrite] @ "1.16.2":
            "Cancel a contract out of its family";
    }

    CustomersAccount {
        GET_CUSTOMERS_ACCOUNT_BALANCE_DATA = "getCustomersAccountBalanceData" Get "/v1/customers/{customerId}/account/balances" All [CustomerAccountRead]:
            "Read what a customer owes and owns";
        GET_CUSTOMERS_ACCOUNT_TRANSACTION_DATA = "getCustomersAccountTransactionData" Get "/v1/customers/{customerId}/account/transactions" All [CustomerAccountRead]:
            "List past transactions of an account";
        GET_CUSTOMERS_ACCOUNT_UPCOMING_DATA = "getCustomersAccountUpcomingData" Get "/v1/customers/{customerId}/account/transactions/upcoming" All [CustomerAccountRead]:
            "List charges of the coming year";
        BOOK_CUSTOMER_PAYMENT = "bookCustomerPayment" Post "/v1/customers/{customerId}/account/payment" All [PaymentWrite]:
            "Pay open debts with a payment token";
        UPDATE_CUSTOMER_PAYMENT_INSTRUMENT = "updateCustomerPaymentInstrument" Post "/v1/customers/{customerId}/account/payment-instrument" All [PaymentWrite]:
            "Change how a customer pays";
    }

    CustomersCommunication {
        CREATE_COMMUNICATION_IN_NEW_COMMUNICATION_THREAD = "createCommunicationInNewCommunicationThread" Post "/v1/communications/{customerId}/threads" All [CommunicationWrite]:
            "Start a conversation with a customer";
        CREATE_COMMUNICATION_IN_EXISTING_COMMUNICATION_THREAD = "createCommunicationInExistingCommunicationThread" Put "/v1/communications/{customerId}/threads/{threadId}" All [CommunicationWrite]:
            "Add a message to a conversation";
        GET_COMMUNICATION_PREFERENCES = "getCommunicationPreferences" Get "/v1/communications/{customerId}/communication-preferences" All [CommunicationPreferencesRead]:
            "Read which messages a customer wants";
        UPDATE_COMMUNICATION_PREFERENCES = "updateCommunicationPreferences" Put "/v1/communications/{customerId}/communication-preferences" All [CommunicationPreferencesWrite]:
            "Change which messages a customer wants";
    }

    CustomersSelfService {
        GET_CUSTOMER_CONTACT_DATA = "getCustomerContactData" Get "/v1/customers/{customerId}/self-service/contact-data" All [CustomerSelfServiceRead]:
            "Read contact data and a pending change";
        CREATE_CUSTOMER_CONTACT_DATA_AMENDMENT = "createCustomerContactDataAmendment" Post "/v1/customers/{customerId}/self-service/contact-data" All [CustomerSelfServiceWrite]:
            "Ask for a change of contact data";
        GET_CUSTOMER_ADDRESS_DATA = "getCustomerAddressData" Get "/v1/customers/{customerId}/self-service/address-data" All [CustomerSelfServiceRead]:
            "Read the address and a pending change";
        CREATE_CUSTOMER_ADDRESS_DATA_AMENDMENT = "createCustomerAddressDataAmendment" Post "/v1/customers/{customerId}/self-service/address-data" All [CustomerSelfServiceWrite]:
            "Ask for a change of address";
        GET_CUSTOMER_MASTER_DATA = "getCustomerMasterData" Get "/v1/customers/{customerId}/self-service/master-data" All [CustomerSelfServiceRead]:
            "Read personal data and a pending change";
        CREATE_CUSTOMER_MASTER_DATA_AMENDMENT = "createCustomerMasterDataAmendment" Post "/v1/customers/{customerId}/self-service/master-data" All [CustomerSelfServiceWrite]:
            "Ask for a change of personal data";
        GET_CUSTOMER_PAYMENT_DATA = "getCustomerPaymentData" Get "/v1/customers/{customerId}/self-service/payment-data" All [CustomerSelfServiceRead]:
            "Read payment data and a pending change";
        CREATE_CUSTOMER_PAYMENT_DATA_AMENDMENT = "createCustomerPaymentDataAmendment" Post "/v1/customers/{customerId}/self-service/payment-data" All [CustomerSelfServiceWrite]:
            "Ask for a change of payment data";
        WITHDRAW_AMENDMENT = "withdrawAmendment" Delete "/v1/customers/{customerId}/self-service/amendment/{amendmentId}" All [CustomerSelfServiceWrite]:
            "Take back a change that is pending";
    }

    Devices {
        GET_DEVICES = "getDevices" Get "/v1/devices" All [DeviceRead]:
            "List the devices of the studio";
        ACTIVATE_DEVICE = "activateDevice" Put "/v1/devices/{deviceId}/activate" All [DeviceWrite]:
            "Switch a device on";
    }

    Employees {
        GET_EMPLOYEES = "getEmployees" Get "/v1/employees" All [EmployeeRead]:
            "List the employees of the studio";
        GET_EMPLOYEE = "getEmployee" Get "/v1/employees/{id}" All [EmployeeRead]:
            "Read one employee";
    }

    Finance {
        GET_DEBT_COLLECTION_CONFIGURATION = "getDebtCollectionConfiguration" Get "/v1/debt-collection/configuration" All [DebtCollectionRead]:
            "Read how debts are handed to the agency";
        GET_DEBTORS = "getDebtors" Get "/v1/debt-collection/{debtCollectionRunId}/debtors" All [DebtCollectionRead]:
            "List the debtors of a collection run";
        GET_TRANSFER_DETAILS = "getTransferDetails" Get "/v1/debt-collection/{debtCollectionRunId}/details" All [DebtCollectionRead]:
            "Read the figures of a collection run";
        UPDATE_DEBT_COLLECTION = "updateDebtCollection" Post "/v1/debt-collection/update" All [DebtCollectionWrite]:
            "Report progress of collection cases";
        CONFIRM_TRANSFER = "confirmTransfer" Post "/v1/debt-collection/{debtCollectionRunId}/confirmTransfer" All [DebtCollectionWrite]:
            "Confirm that a collection run was fetched";
        GET_DEBT_COLLECTION_CASES = "getDebtCollectionCases" Get "/v1/debt-collection/cases" All [DebtCollectionRead]:
            "List debt collection cases";
        GET_DEBT_COLLECTION_BLOCKED_DEBTORS = "getDebtCollectionBlockedDebtors" Get "/v1/debt-collection/blocked/debtors" All [DebtCollectionRead]:
            "List debtors kept out of collection";
        GET_DEBT_COLLECTION_BLOCKED_DEBTS = "getDebtCollectionBlockedDebts" Get "/v1/debt-collection/blocked/debts" All [DebtCollectionRead]:
            "List debts kept out of collection";
        CREATE_EXPORT = "createExport" Post "/v1/taxadvisor/exports/create" All [TaxAdvisorExportWrite]:
            "Order an export for the tax adviser";
        GET_EXPORT = "getExport" Get "/v1/taxadvisor/exports/{exportId}" All [TaxAdvisorExportRead]:
            "Read a tax export and its download";
    }

    Leads {
        GET_LEAD_CONFIG = "getLeadConfig" Get "/v1/leads/config" All [LeadRead]:
            "Read which data a lead needs";
        VALIDATE_FOR_LEAD_CREATION = "validateForLeadCreation" Post "/v1/leads/validate" All [LeadRead]:
            "Check whether a lead could be created";
        CREATE_LEAD = "createLead" Post "/v1/leads/create" All [LeadWrite]:
            "Create a lead from the configured data";
    }

    MemberLists {
        GET_MEMBER_LISTS = "getMemberLists" Get "/v1/member-lists" All [MemberListRead] @ "1.16.3":
            "List the lists of members";
    }

    MembershipSelfService {
        GET_CONTRACT_DATA = "getContractData" Get "/v1/memberships/{customerId}/self-service/contract-data" All [MembershipSelfServiceRead]:
            "Read the contracts a member may manage";
        CREATE_CONTRACT_CANCELATION_AMENDMENT = "createContractCancelationAmendment" Post "/v1/memberships/{customerId}/self-service/ordinary-contract-cancelation" All [MembershipSelfServiceWrite]:
            "Cancel a contract within its notice period";
        GET_CONTRACT_CANCELATION_REASON_DATA = "getContractCancelationReasonData" Get "/v1/memberships/self-service/contract-cancelation-reasons" All [MembershipSelfServiceRead]:
            "List the reasons for a cancelation";
        WITHDRAW_CONTRACT_CANCELATION = "withdrawContractCancelation" Post "/v1/memberships/{customerId}/self-service/withdraw-ordinary-contract-cancelation/{contractId}" All [MembershipSelfServiceWrite]:
            "Take back the cancelation of a contract";
        GET_IDLE_PERIOD_CONFIG = "getIdlePeriodConfig" Get "/v1/memberships/{contractId}/self-service/idle-periods/config" All [MembershipSelfServiceIdlePeriodConfigRead]:
            "Read how a contract may be paused";
        VALIDATE_IDLE_PERIOD_REQUEST = "validateIdlePeriodRequest" Post "/v1/memberships/{contractId}/self-service/idle-periods/validate" All [MembershipSelfServiceIdlePeriodRead]:
            "Check whether a pause would be granted";
        GET_IDLE_PERIODS = "getIdlePeriods" Get "/v1/memberships/{contractId}/self-service/idle-periods" All [MembershipSelfServiceIdlePeriodRead]:
            "List the pauses of a contract";
        CREATE_IDLE_PERIOD_AMENDMENT = "createIdlePeriodAmendment" Post "/v1/memberships/{contractId}/self-service/idle-periods" All [MembershipSelfServiceIdlePeriodWrite]:
            "Ask for a pause of a contract";
        WITHDRAW_IDLE_PERIOD = "withdrawIdlePeriod" Delete "/v1/memberships/{contractId}/self-service/idle-periods/{idlePeriodId}" All [MembershipSelfServiceIdlePeriodWrite]:
            "Take back a pause of a contract";
        GET_IDLE_PERIOD_BY_ID = "getIdlePeriodById" Get "/v1/memberships/{contractId}/self-service/idle-periods/{idlePeriodId}" All [MembershipSelfServiceIdlePeriodRead]:
            "Read one pause of a contract";
        UPDATE_IDLE_PERIOD = "updateIdlePeriod" Put "/v1/memberships/{contractId}/self-service/idle-periods/{idlePeriodId}" All [MembershipSelfServiceIdlePeriodWrite]:
            "Change a pause of a contract";
        GET_ADDITIONAL_MODULES = "getAdditionalModules" Get "/v1/memberships/self-service/additional-modules" All [MembershipSelfServiceAdditionalModuleRead]:
            "List the add-on modules of the studio";
        GET_PURCHASABLE_ADDITIONAL_MODULES = "getPurchasableAdditionalModules" Get "/v1/memberships/{contractId}/self-service/additional-modules/purchasable" All [MembershipSelfServiceAdditionalModuleRead]:
            "List modules a contract can still add";
        VALIDATE_ADDITIONAL_MODULE_CONTRACT_REQUEST = "validateAdditionalModuleContractRequest" Post "/v1/memberships/{contractId}/self-service/additional-modules/validate" All [MembershipSelfServiceAdditionalModuleRead]:
            "Check whether a module could be bought";
        PURCHASE_ADDITIONAL_MODULE_CONTRACT = "purchaseAdditionalModuleContract" Post "/v1/memberships/{contractId}/self-service/additional-modules/purchase" All [MembershipSelfServiceAdditionalModuleContractWrite]:
            "Add a module to a contract";
        GET_ADDITIONAL_MODULE_CONTRACT = "getAdditionalModuleContract" Get "/v1/memberships/{contractId}/self-service/additional-module-contracts/{additionalModuleContractId}" All [MembershipSelfServiceAdditionalModuleContractRead]:
            "Read one module contract";
        CREATE_MODULE_CONTRACT_CANCELATION_AMENDMENT = "createModuleContractCancelationAmendment" Post "/v1/memberships/{contractId}/self-service/additional-module-contracts/{additionalModuleContractId}/ordinary-cancelation" All [MembershipSelfServiceAdditionalModuleContractWrite]:
            "Cancel a module contract";
        WITHDRAW_ADDITIONAL_MODULE_CONTRACT_CANCELATION = "withdrawAdditionalModuleContractCancelation" Post "/v1/memberships/{contractId}/self-service/additional-module-contracts/{additionalModuleContractId}/withdraw-cancelation" All [MembershipSelfServiceAdditionalModuleContractWrite]:
            "Take back the cancelation of a module";
        GET_REMAINING_IDLE_PERIODS = "getRemainingIdlePeriods" Get "/v1/memberships/{contractId}/self-service/idle-periods/remaining" All [MembershipSelfServiceIdlePeriodRead]:
            "Read how much pause time is left";
        IDLE_PERIOD_UPDATE_PREVIEW = "idlePeriodUpdatePreview" Put "/v1/memberships/{contractId}/self-service/idle-periods/{idlePeriodId}/preview" All [MembershipSelfServiceIdlePeriodRead]:
            "Show the cost of changing a pause";
    }

    Memberships {
        GET_MEMBERSHIP_OFFERS = "getMembershipOffers" Get "/v1/memberships/membership-offers" All [MembershipRead]:
            "List the membership offers for sale";
        GET_MEMBERSHIP_OFFER_BY_ID = "getMembershipOfferById" Get "/v1/memberships/membership-offers/{membershipOfferId}" All [MembershipRead]:
            "Read one membership offer in full";
        SIGNUP_MEMBERSHIP = "signupMembership" Post "/v1/memberships/signup" All [MembershipWrite]:
            "Sign up a new member";
        ADD_MEMBERSHIP = "addMembership" Post "/v1/memberships/customers/{customerId}/add-membership" All [MembershipWrite]:
            "Give an existing customer another contract";
        GET_MEMBERSHIP_SWITCH_CONFIGURATIONS_FOR_CUSTOMER = "getMembershipSwitchConfigurationsForCustomer" Get "/v1/memberships/{customerId}/membership-switch/configs" All [MembershipRead]:
            "List the switches open to a customer";
        GET_MEMBERSHIP_SWITCH_CONFIGURATION_FOR_CUSTOMER = "getMembershipSwitchConfigurationForCustomer" Get "/v1/memberships/{customerId}/membership-switch/configs/{configId}" All [MembershipRead]:
            "Read one switch open to a customer";
        POST_MEMBERSHIP_SWITCH_PREVIEW = "postMembershipSwitchPreview" Post "/v1/memberships/{customerId}/membership-switch/preview" All [MembershipRead]:
            "Show the outcome of a membership switch";
        SWITCH_MEMBERSHIP = "switchMembership" Post "/v1/memberships/{customerId}/membership-switch" All [MembershipWrite]:
            "Switch a customer to another membership";
        POST_SIGNUP_PREVIEW = "postSignupPreview" Post "/v1/memberships/signup/preview" All [MembershipRead]:
            "Show the cost of a signup";
        POST_MEMBERSHIP_PREVIEW = "postMembershipPreview" Post "/v1/memberships/customers/{customerId}/add-membership/preview" All [MembershipRead]:
            "Show the cost of another contract";
    }

    OnlineOffers {
        GET_PURCHASABLE_ONLINE_OFFERS = "getPurchasableOnlineOffers" Get "/v1/online-offers/purchasable" All [OnlineOfferRead]:
            "List the online offers for sale";
        GET_PURCHASABLE_ONLINE_OFFER = "getPurchasableOnlineOffer" Get "/v1/online-offers/purchasable/{offerId}" All [OnlineOfferRead]:
            "Read one online offer";
        POST_ONLINE_OFFER_PURCHASE = "postOnlineOfferPurchase" Post "/v1/online-offers/purchase" All [OnlineOfferWrite]:
            "Buy an online offer";
        GET_ONLINE_OFFER_PURCHASES = "getOnlineOfferPurchases" Get "/v1/online-offers/{customerId}/purchased" All [OnlineOfferRead]:
            "List the online offers a customer bought";
    }

    Payments {
        USER_SESSION = "userSession" Post "/v1/payments/user-session" All [PaymentWrite]:
            "Open a payment session for a customer";
    }

    Studios {
        GET_UTILIZATION = "getUtilization" Get "/v1/studios/utilization" All [StudioRead]:
            "Tell how full the studio is";
        GET_STUDIO_INFORMATION = "getStudioInformation" Get "/v1/studios/information" All [StudioRead]:
            "Read address, opening hours and tags";
        CONFIRM_ACTIVATION = "confirmActivation" Post "/v1/studios/confirmActivation" None:
            "Start the delivery of webhook events";
        GET_ALL = "getAll" Get "/v1/studios/tags" All [StudioRead]:
            "List the tags a studio can carry";
        UPDATE_STUDIO_TAGS = "updateStudioTags" Put "/v1/studios/information/tags" All [StudioWrite]:
            "Replace the tags of the studio";
    }

    TrialOffers {
        GET_BOOKABLE_TRIAL_OFFER_CLASSES = "getBookableTrialOfferClasses" Get "/v1/trial-offers/bookable-trial-offers/classes" All [TrialOfferRead]:
            "List classes open to trial members";
        GET_BOOKABLE_TRIAL_OFFER_APPOINTMENTS = "getBookableTrialOfferAppointments" Get "/v1/trial-offers/bookable-trial-offers/appointments/bookable" All [TrialOfferRead]:
            "List appointments open to trial members";
        GET_TRIAL_OFFER_CONFIG = "getTrialOfferConfig" Get "/v1/trial-offers/config/{configId}" All [TrialOfferRead]:
            "Read how a trial offer is set up";
        VALIDATE_FOR_LEAD_CUSTOMER_CREATION = "validateForLeadCustomerCreation" Post "/v1/trial-offers/lead/validate" All [TrialOfferRead]:
            "Check whether a trial lead could be created";
        CREATE_LEAD_CUSTOMER = "createLeadCustomer" Post "/v1/trial-offers/lead/create" All [TrialOfferWrite]:
            "Create a lead for a trial offer";
        GET_CLASS_SLOTS_FOR_TRIAL_OFFERS = "getClassSlotsForTrialOffers" Get "/v1/trial-offers/bookable-trial-offers/classes/{classId}/slots" All [TrialOfferRead]:
            "List trial slots of one class";
        GET_BOOKABLE_APPOINTMENT_SLOTS_FOR_TRIAL_OFFERS = "getBookableAppointmentSlotsForTrialOffers" Get "/v1/trial-offers/bookable-trial-offers/appointments/bookable/{bookableAppointmentId}/slots" All [TrialOfferRead]:
            "List trial slots of one appointment";
        VALIDATE_CLASS_SLOT_FOR_TRIAL_OFFERS = "validateClassSlotForTrialOffers" Post "/v1/trial-offers/classes/booking/validate" All [TrialOfferRead]:
            "Check whether a trial class could be booked";
        VALIDATE_FOR_APPOINTMENT_BOOKING_FOR_TRIAL_OFFERS = "validateForAppointmentBookingForTrialOffers" Post "/v1/trial-offers/appointments/booking/validate" All [TrialOfferRead]:
            "Check whether a trial appointment could be booked";
        BOOK_CLASS_SLOT_FOR_TRIAL_OFFERS = "bookClassSlotForTrialOffers" Post "/v1/trial-offers/classes/booking/book" All [TrialOfferWrite]:
            "Book a class slot as a trial";
        BOOK_APPOINTMENT_FOR_TRIAL_OFFER = "bookAppointmentForTrialOffer" Post "/v1/trial-offers/appointments/booking/book" All [TrialOfferWrite]:
            "Book an appointment as a trial";
        CONFIRM_TRIAL_OFFER_BOOKING = "confirmTrialOfferBooking" Post "/v1/trial-offers/bookings/{bookingId}/confirm" All [TrialOfferWrite]:
            "Confirm a trial booking";
    }
}
