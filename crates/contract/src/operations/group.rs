//! The groups that the operations are documented in.

macro_rules! groups {
    ($($name:ident = $text:literal: $description:literal;)+) => {
        /// A group of operations, the tag of the OpenAPI document.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Group {
            $(#[doc = $description] $name,)+
        }

        impl Group {
            /// All groups, in alphabetical order.
            pub const ALL: &'static [Group] = &[$(Group::$name),+];

            /// The name of the group, which is the tag of its operations.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Group::$name => $text,)+
                }
            }

            /// What the operations of the group are about, in a sentence.
            pub const fn description(self) -> &'static str {
                match self {
                    $(Group::$name => $description,)+
                }
            }
        }
    };
}

groups! {
    Appointments = "Appointments":
        "Appointments that staff or rooms take: what can be booked, when, and the bookings themselves.";
    CheckinVouchers = "Checkin vouchers":
        "Vouchers that open the door for a visit.";
    Classes = "Classes":
        "Classes with their slots, and places booked in them.";
    CrossStudio = "Cross Studio":
        "Customers and offers beyond the studio of the key.";
    Customers = "Customers":
        "Customers with their contracts, cards, documents, benefits and check-ins.";
    CustomersAccount = "Customers Account":
        "What customers owe, what they paid and how they pay.";
    CustomersCommunication = "Customers Communication":
        "Conversations with customers and the messages they agreed to.";
    CustomersSelfService = "Customers Self-service":
        "Changes that members ask for in their own data.";
    Devices = "Devices":
        "Card readers and machines in the studio.";
    Employees = "Employees":
        "The people who work in the studio.";
    Finance = "Finance":
        "Debt collection by an agency, and exports for the tax adviser.";
    Leads = "Leads":
        "People who showed interest and may become members.";
    MemberLists = "Member lists":
        "Lists of members that the studio keeps.";
    MembershipSelfService = "Membership Self-service":
        "What members do with their own contracts: cancel, pause, add modules.";
    Memberships = "Memberships":
        "Membership offers, and the ways to sign, add and switch a contract.";
    OnlineOffers = "Online offers":
        "Single offers that are sold online.";
    Payments = "Payments":
        "Sessions in which a customer enters means of payment.";
    Studios = "Studios":
        "The studio of the key: address, hours, tags, how full it is.";
    TrialOffers = "Trial Offers":
        "Trial visits: what can be tried, by whom, and the bookings.";
}
