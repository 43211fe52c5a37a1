//! Staff: who may do what in the back office.
//!
//! A right opens operations, a role is a set of rights, and somebody has a role in each studio, or is an owner in all of
//! them. Every set stands in one table here, so that what a role may do can be read on one page.

/// Shortest password, in characters. There are no rules on its composition: length is what makes guessing hard.
pub const SHORTEST_PASSWORD: usize = 12;
/// Longest password, in characters.
pub const LONGEST_PASSWORD: usize = 128;
/// Longest e-mail address and longest name, in characters.
pub const LONGEST_TEXT: usize = 255;
/// So many wrong passwords or codes for one account close it for a while.
pub const ATTEMPTS_OF_ACCOUNT: i64 = 5;
/// So many wrong ones from one address close the address for a while.
pub const ATTEMPTS_OF_ADDRESS: i64 = 20;
/// Attempts are counted over so many minutes, and what they closed opens again after as many.
pub const ATTEMPT_MINUTES: i64 = 15;
/// A session ends after so many hours without a request.
pub const IDLE_HOURS: i64 = 12;
/// A session ends after so many hours in any case: 7 days.
pub const SESSION_HOURS: i64 = 7 * 24;

macro_rules! named {
    ($(#[$meta:meta])* $type:ident { $($(#[$about:meta])* $name:ident = $text:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $($(#[$about])* $name,)+
        }

        impl $type {
            /// All of them, in the order of the table.
            pub const ALL: &'static [$type] = &[$($type::$name),+];

            /// The name, as it is stored and written on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($type::$name => $text,)+
                }
            }

            /// The one of that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }
        }
    };
}

named! {
    /// Something that one may be allowed to do. The names must not change.
    Right {
        /// See customers, their contracts, documents and history.
        CustomersRead = "CUSTOMERS_READ";
        /// Change customers' data, images and access media.
        CustomersWrite = "CUSTOMERS_WRITE";
        /// Archive customers.
        CustomersArchive = "CUSTOMERS_ARCHIVE";
        /// Accept and reject what members ask for.
        AmendmentsDecide = "AMENDMENTS_DECIDE";
        /// Record what customers allow third parties.
        ConsentsWrite = "CONSENTS_WRITE";
        /// Keep customers out, and let them in again.
        RestrictionsWrite = "RESTRICTIONS_WRITE";
        /// See who is inside, and past visits.
        CheckinsRead = "CHECKINS_READ";
        /// Let customers in and out.
        CheckinsWrite = "CHECKINS_WRITE";
        /// Let customers in against the rules.
        CheckinOverride = "CHECKIN_OVERRIDE";
        /// Define additional information fields.
        FieldsWrite = "FIELDS_WRITE";
        /// Set up how leads are taken.
        LeadConfigWrite = "LEAD_CONFIG_WRITE";
        /// See employees.
        EmployeesRead = "EMPLOYEES_READ";
        /// Change employees.
        EmployeesWrite = "EMPLOYEES_WRITE";
        /// Write to customers, and set what they are sent.
        CommunicationWrite = "COMMUNICATION_WRITE";
        /// See who has booked what.
        BookingsRead = "BOOKINGS_READ";
        /// Book for customers, give their places back, and note who came.
        BookingsWrite = "BOOKINGS_WRITE";
        /// Say when classes are held, by whom and where, and call them off.
        ScheduleWrite = "SCHEDULE_WRITE";
        /// Make and change accounts of staff.
        StaffManage = "STAFF_MANAGE";
        /// See how the studio is set up.
        SettingsRead = "SETTINGS_READ";
    }
}

named! {
    /// A set of rights. The names must not change.
    Role {
        /// Everything, in every studio.
        Owner = "OWNER";
        /// Everything in a studio but accounts of staff.
        Manager = "MANAGER";
        /// The work at the desk.
        Desk = "DESK";
        /// What training takes.
        Trainer = "TRAINER";
        /// Looking and nothing else.
        ReadOnly = "READ_ONLY";
    }
}

/// Who may do what. A row is a right, the columns are the roles without the owner, who may do everything.
const TABLE: &[(Right, [bool; 4])] = {
    const O: bool = true;
    const X: bool = false;
    &[
        // manager, desk, trainer, read-only
        (Right::CustomersRead, [O, O, O, O]),
        (Right::CustomersWrite, [O, O, X, X]),
        (Right::CustomersArchive, [O, X, X, X]),
        (Right::AmendmentsDecide, [O, X, X, X]),
        (Right::ConsentsWrite, [O, O, X, X]),
        (Right::RestrictionsWrite, [O, O, X, X]),
        (Right::CheckinsRead, [O, O, O, O]),
        (Right::CheckinsWrite, [O, O, O, X]),
        (Right::CheckinOverride, [O, O, X, X]),
        (Right::FieldsWrite, [O, X, X, X]),
        (Right::LeadConfigWrite, [O, X, X, X]),
        (Right::EmployeesRead, [O, O, O, O]),
        (Right::EmployeesWrite, [O, X, X, X]),
        (Right::CommunicationWrite, [O, O, O, X]),
        (Right::BookingsRead, [O, O, O, O]),
        (Right::BookingsWrite, [O, O, O, X]),
        (Right::ScheduleWrite, [O, X, X, X]),
        (Right::StaffManage, [X, X, X, X]),
        (Right::SettingsRead, [O, X, X, O]),
    ]
};

impl Role {
    /// Whether the role has the right.
    #[must_use]
    pub fn has(self, right: Right) -> bool {
        let column = match self {
            Self::Owner => return true,
            Self::Manager => 0,
            Self::Desk => 1,
            Self::Trainer => 2,
            Self::ReadOnly => 3,
        };
        TABLE.iter().any(|(of, roles)| *of == right && roles[column])
    }

    /// The rights of the role, in the order of the table.
    #[must_use]
    pub fn rights(self) -> Vec<Right> {
        Right::ALL.iter().copied().filter(|right| self.has(*right)).collect()
    }
}

/// Where somebody has a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The studio; none for an owner, whose role holds in all of them.
    pub studio: Option<i64>,
}

/// What somebody may do where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(Vec<Grant>);

impl Grants {
    /// Of these roles.
    #[must_use]
    pub fn new(grants: Vec<Grant>) -> Self {
        Self(grants)
    }

    /// The roles.
    #[must_use]
    pub fn list(&self) -> &[Grant] {
        &self.0
    }

    /// Whether the right is held in a studio, or for `None` in the tenant as a whole.
    #[must_use]
    pub fn allow(&self, right: Right, studio: Option<i64>) -> bool {
        self.0.iter().any(|grant| {
            let covers = grant.role == Role::Owner || (studio.is_some() && grant.studio == studio);
            covers && grant.role.has(right)
        })
    }

    /// Whether the owner's role is among them.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.0.iter().any(|grant| grant.role == Role::Owner)
    }

    /// Whether there is any role in the studio.
    #[must_use]
    pub fn reach(&self, studio: i64) -> bool {
        self.is_owner() || self.0.iter().any(|grant| grant.studio == Some(studio))
    }

    /// Whether the roles can stand together: at least one, an owner's alone and without a studio, any other once in a studio.
    #[must_use]
    pub fn are_sound(&self) -> bool {
        if self.is_owner() {
            return matches!(self.0.as_slice(), [Grant { studio: None, .. }]);
        }
        let once = |i: usize, grant: &Grant| !self.0[..i].iter().any(|other| other.studio == grant.studio);
        !self.0.is_empty() && self.0.iter().enumerate().all(|(i, grant)| grant.studio.is_some() && once(i, grant))
    }
}

/// Whether a password is long enough and not too long.
#[must_use]
pub fn is_password(text: &str) -> bool {
    (SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&text.chars().count())
}

/// Whether a text has the form of an e-mail address. Only a message that arrives can prove more.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = !text.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    plain && !name.is_empty() && !host.is_empty() && !host.starts_with('.') && !host.ends_with('.')
}

/// The form in which addresses are stored and compared: nobody remembers the case of the letters.
#[must_use]
pub fn normal_email(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_stands_once_in_the_table() {
        let listed: Vec<Right> = TABLE.iter().map(|(right, _)| *right).collect();
        assert_eq!(listed, Right::ALL);
        for right in Right::ALL {
            assert_eq!(Right::parse(right.name()), Some(*right));
            assert!(Role::Owner.has(*right));
        }
        for role in Role::ALL {
            assert_eq!(Role::parse(role.name()), Some(*role));
        }
        assert_eq!(Role::parse("owner"), None);
    }

    #[test]
    fn a_role_holds_in_its_studio_and_the_owners_everywhere() {
        let grant = |role, studio| Grant { role, studio };
        let mixed = Grants::new(vec![grant(Role::Manager, Some(1)), grant(Role::ReadOnly, Some(2))]);
        for (right, studio, allowed) in [
            (Right::EmployeesWrite, Some(1), true),
            (Right::EmployeesWrite, Some(2), false),
            (Right::EmployeesRead, Some(2), true),
            (Right::EmployeesRead, Some(3), false),
            (Right::EmployeesRead, None, false),
            (Right::StaffManage, Some(1), false),
            (Right::StaffManage, None, false),
        ] {
            assert_eq!(mixed.allow(right, studio), allowed, "{right:?} {studio:?}");
        }
        assert!(mixed.reach(1) && mixed.reach(2) && !mixed.reach(3));
        let owner = Grants::new(vec![grant(Role::Owner, None)]);
        for right in Right::ALL {
            assert!(owner.allow(*right, None) && owner.allow(*right, Some(7)), "{right:?}");
        }
        assert!(!Grants::default().allow(Right::EmployeesRead, Some(1)));
    }

    #[test]
    fn only_some_roles_can_stand_together() {
        let grant = |role, studio| Grant { role, studio };
        for (grants, sound) in [
            (vec![], false),
            (vec![grant(Role::Owner, None)], true),
            (vec![grant(Role::Owner, Some(1))], false),
            (vec![grant(Role::Owner, None), grant(Role::Desk, Some(1))], false),
            (vec![grant(Role::Desk, Some(1)), grant(Role::Trainer, Some(2))], true),
            (vec![grant(Role::Desk, Some(1)), grant(Role::Trainer, Some(1))], false),
            (vec![grant(Role::Desk, None)], false),
        ] {
            assert_eq!(Grants::new(grants.clone()).are_sound(), sound, "{grants:?}");
        }
    }

    #[test]
    fn passwords_are_measured_in_characters() {
        for (text, fine) in [
            ("x".repeat(11), false),
            ("x".repeat(12), true),
            ("ü".repeat(12), true),
            ("x".repeat(128), true),
            ("x".repeat(129), false),
        ] {
            assert_eq!(is_password(&text), fine, "{text}");
        }
    }

    #[test]
    fn addresses_have_a_name_and_a_host() {
        for fine in ["a@b", "ada.berg@gym.example", "a+b@c.de", "ä@ö.de"] {
            assert!(is_email(fine), "{fine}");
        }
        for wrong in ["", "@", "a@", "@b", "a b@c", "a@.de", "a@b.", "nobody", "a@b\n"] {
            assert!(!is_email(wrong), "{wrong}");
        }
        assert_eq!(normal_email(" Ada@Gym.Example "), "ada@gym.example");
    }
}
