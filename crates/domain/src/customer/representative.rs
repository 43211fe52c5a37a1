//! Who acts for a customer, most often for one who is not of age (REP-1).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar;
use crate::problem::{Problem, Problems};
use crate::serde_defaults::is_default;

/// Years after which somebody may act for others, in whatever country.
pub const OF_AGE: i32 = 18;

/// Why a customer may not act for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepresentativeRefusal {
    /// It is the same customer.
    Oneself,
    /// Too young, or of an age that nobody knows.
    NotOfAge,
    /// The other one acts for this one already, directly or through others.
    Circular,
}

/// Whether `representative` may act for `customer`. `represented_by` are those who act for the representative, then those who act
/// for them, and so on.
///
/// # Errors
/// The first reason against it (REP-1).
pub fn may_represent(
    customer: i64,
    representative: i64,
    born: Option<Date>,
    represented_by: &[i64],
    today: Date,
) -> Result<(), RepresentativeRefusal> {
    if customer == representative {
        return Err(RepresentativeRefusal::Oneself);
    }
    if !born.is_some_and(|born| is_of_age(born, today)) {
        return Err(RepresentativeRefusal::NotOfAge);
    }
    if represented_by.contains(&customer) {
        return Err(RepresentativeRefusal::Circular);
    }
    Ok(())
}

/// Whether somebody may act for others by age.
#[must_use]
pub fn is_of_age(born: Date, today: Date) -> bool {
    calendar::age_on(born, today) >= OF_AGE
}

/// Who acts for a customer of a gym file: another customer or a person, exactly one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepresentativeDefinition {
    /// The key of another customer of the studio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Somebody who is no customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<RepresentingPerson>,
    /// Whether nobody else may act for the customer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub only_guardian: bool,
    /// Whether messages and bills go to whoever acts instead of the customer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gets_messages: bool,
}

/// Somebody who acts for a customer and is none. What is said is encrypted where it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepresentingPerson {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Birthday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl RepresentativeDefinition {
    /// What cannot work, as far as the description tells by itself.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.add_if(self.customer.is_some() == self.person.is_some(), "", "has either a customer or a person");
        if let Some(person) = &self.person {
            problems.require_text("person.first_name", &person.first_name);
            problems.require_text("person.last_name", &person.last_name);
            let no_mail = person.email.as_ref().is_some_and(|email| !email.contains('@'));
            problems.add_if(no_mail, "person.email", "must be an e-mail address");
        }
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn rep_1_who_may_act_for_somebody() {
        let today = date(2026, 11, 21);
        let (grown, young) = (Some(date(2008, 11, 21)), Some(date(2008, 11, 22)));
        for (representative, born, represented_by, expected) in [
            (2, grown, &[][..], Ok(())),
            (2, grown, &[3, 4], Ok(())),
            (1, grown, &[], Err(RepresentativeRefusal::Oneself)),
            (1, None, &[1], Err(RepresentativeRefusal::Oneself)),
            (2, young, &[1], Err(RepresentativeRefusal::NotOfAge)),
            (2, None, &[], Err(RepresentativeRefusal::NotOfAge)),
            (2, grown, &[1], Err(RepresentativeRefusal::Circular)),
            (2, grown, &[3, 4, 1], Err(RepresentativeRefusal::Circular)),
        ] {
            let found = may_represent(1, representative, born, represented_by, today);
            assert_eq!(found, expected, "{representative} {born:?} {represented_by:?}");
        }
    }

    #[test]
    fn rep_1_a_description_names_a_customer_or_a_person() {
        let person = RepresentingPerson { first_name: "Anne".to_owned(), ..RepresentingPerson::default() };
        let of = |customer: Option<&str>, person: Option<RepresentingPerson>| {
            let customer = customer.map(str::to_owned);
            let found = RepresentativeDefinition { customer, person, ..RepresentativeDefinition::default() }.problems();
            found.into_iter().map(|problem| problem.path).collect::<Vec<_>>()
        };
        assert_eq!(of(None, None), [""]);
        assert_eq!(of(Some("anne"), Some(person.clone())), ["", "person.last_name"]);
        assert_eq!(of(Some("anne"), None), [""; 0]);
        let whole = RepresentingPerson { last_name: "Byron".to_owned(), email: Some("x".to_owned()), ..person };
        assert_eq!(of(None, Some(whole)), ["person.email"]);
    }
}
