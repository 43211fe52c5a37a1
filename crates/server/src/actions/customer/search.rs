//! Searching customers (CUST-7): the criterion that leaves the fewest candidates leads, the others decide.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::customer::{contact, names};
use gymkeeper_store::{
    customer::{
        email_key_of,
        find::{self, Candidate, Found, Viewer},
    },
    db::{DbError, Tx},
    tenant::TenantId,
};
use jiff::civil::Date;

use crate::http::failure::Failure;

/// At most so many are found.
const MOST: usize = 500;

/// What somebody who is searched for must fit, all of it.
#[derive(Debug)]
pub struct Criteria {
    first_name: Option<names::Query>,
    first_name_range: (Vec<u8>, Option<Vec<u8>>),
    last_name: Option<names::Query>,
    last_name_range: (Vec<u8>, Option<Vec<u8>>),
    email: Option<String>,
    date_of_birth: Option<Date>,
    phone: Option<String>,
}

impl Criteria {
    /// From texts as they were sent; blank ones count as absent.
    ///
    /// # Errors
    /// Refuses when nothing is left to search for.
    pub fn new(
        first_name: Option<&str>,
        last_name: Option<&str>,
        email: Option<&str>,
        date_of_birth: Option<Date>,
        phone: Option<&str>,
    ) -> Result<Self, Failure> {
        let name = |text: Option<&str>| {
            let text = text.unwrap_or_default();
            let query = names::Query::new(text);
            (if query.is_empty() { None } else { Some(query) }, names::prefix_range(text))
        };
        let filled = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let ((first_name, first_name_range), (last_name, last_name_range)) = (name(first_name), name(last_name));
        let criteria = Self {
            first_name,
            first_name_range,
            last_name,
            last_name_range,
            email: filled(email).map(|email| email_key_of(&email)),
            date_of_birth,
            phone: filled(phone),
        };
        let nothing = criteria.first_name.is_none()
            && criteria.last_name.is_none()
            && criteria.email.is_none()
            && criteria.date_of_birth.is_none()
            && criteria.phone.is_none();
        if nothing { Err(ErrorCode::CustomerSearchCriterionRequired.into()) } else { Ok(criteria) }
    }

    /// Whether somebody fits whom a criterion led to.
    fn fits(&self, by: find::By<'_>, one: &Candidate<'_>, phone: Option<&str>) -> Result<bool, DbError> {
        if let Some(query) = &self.first_name
            && !query.matches(one.first_name()?)
        {
            return Ok(false);
        }
        if let Some(query) = &self.last_name
            && !query.matches(one.last_name()?)
        {
            return Ok(false);
        }
        // Names are led to by keys that say too little; all else leads to nobody who does not fit.
        if !matches!(by, find::By::Birth(_))
            && self.date_of_birth.is_some()
            && one.date_of_birth()? != self.date_of_birth
        {
            return Ok(false);
        }
        if !matches!(by, find::By::Email(..)) && self.email.is_some() && one.email()?.map(email_key_of) != self.email {
            return Ok(false);
        }
        let Some(wanted) = phone.filter(|_| !matches!(by, find::By::Phone(_))) else { return Ok(true) };
        let country = one.country_code()?.unwrap_or_default();
        let mut own = one.phones()?.into_iter().flatten();
        Ok(own.any(|own| contact::phone_key(own, country).as_deref() == Some(wanted)))
    }
}

/// Whether nothing but an e-mail address is looked for.
const fn is_by_email_alone(criteria: &Criteria) -> bool {
    let Criteria { first_name, last_name, date_of_birth, phone, .. } = criteria;
    first_name.is_none() && last_name.is_none() && date_of_birth.is_none() && phone.is_none()
}

/// The customers of some home studios who fit, their ids ascending. Archived ones and those whom the viewer may not see are left out;
/// if more than 500 fit, those are found who come first in the order of their names.
///
/// # Errors
/// The database's.
pub fn search(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studios: &[i64],
    viewer: Viewer,
    criteria: &Criteria,
) -> Result<Vec<Found>, DbError> {
    let mut found: Vec<Found> = Vec::new();
    for studio in studios {
        let phone = match &criteria.phone {
            None => None,
            Some(text) => {
                let country = super::studio(tx, tenant, *studio)?.definition.country_code;
                // A text that is no telephone number is nobody's.
                let Some(key) = contact::phone_key(text, &country) else { continue };
                Some(key)
            }
        };
        let (first, last) = (&criteria.first_name_range, &criteria.last_name_range);
        let by = match (&criteria.email, &phone, criteria.date_of_birth) {
            (Some(email), _, _) => find::By::Email(email, is_by_email_alone(criteria)),
            (None, Some(phone), _) => find::By::Phone(phone),
            (None, None, Some(day)) => find::By::Birth(day),
            (None, None, None) if criteria.last_name.is_some() => find::By::LastName(&last.0, last.1.as_deref()),
            (None, None, None) => find::By::FirstName(&first.0, first.1.as_deref()),
        };
        let left = MOST - found.len();
        let fits = |one: &Candidate<'_>| criteria.fits(by, one, phone.as_deref());
        found.extend(find::search(tx, tenant, *studio, viewer, by, left, fits)?);
        if found.len() >= MOST {
            break;
        }
    }
    found.sort_unstable();
    Ok(found)
}
