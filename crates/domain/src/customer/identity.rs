//! What the law of a studio's country wants to know of a person before it makes them a customer (CUST-4, CUST-23).

/// The kind of an identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// A national identity card.
    IdCard,
    /// A passport.
    Passport,
    /// A driving licence.
    DriversLicence,
    /// A permit of residence.
    ResidencePermit,
    /// A national number of a person.
    NationalIdNumber,
    /// Anything else, which proves nothing.
    Others,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::IdCard,
        Self::Passport,
        Self::DriversLicence,
        Self::ResidencePermit,
        Self::NationalIdNumber,
        Self::Others,
    ];

    /// The name under which the kind is stored and sent, such as `ID_CARD`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdCard => "ID_CARD",
            Self::Passport => "PASSPORT",
            Self::DriversLicence => "DRIVERS_LICENCE",
            Self::ResidencePermit => "RESIDENCE_PERMIT",
            Self::NationalIdNumber => "NATIONAL_ID_NUMBER",
            Self::Others => "OTHERS",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it tells who somebody is (CUST-23).
    #[must_use]
    pub const fn proves_identity(self) -> bool {
        !matches!(self, Self::Others)
    }
}

/// An identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its number.
    pub number: &'a str,
}

/// What is known of a person who is to become a customer. Blank texts count as left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The number under which the person pays taxes.
    pub tax_id: Option<&'a str>,
    /// An identity document.
    pub document: Option<Document<'a>>,
    /// The place of birth.
    pub place_of_birth: Option<&'a str>,
    /// The country of birth (two letters, ISO 3166).
    pub country_of_birth: Option<&'a str>,
    /// Whether the person is a national of the studio's country; nothing when it was not said.
    pub is_national: Option<bool>,
}

/// What is still to be said. Only the first thing that is missing is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A tax id or a document that proves who it is.
    TaxIdOrDocument,
    /// The place of birth.
    PlaceOfBirth,
    /// The country of birth.
    CountryOfBirth,
}

/// What a studio in this country (two letters, ISO 3166) must know before a person becomes a customer and has not been told.
///
/// Italy asks its nationals for the place of birth and others for the country. The request does not say of which country
/// somebody is a national; a country of birth other than Italy is therefore taken for the answer of somebody who is not.
#[must_use]
pub fn missing(studio_country: &str, identity: &Identity<'_>) -> Option<Missing> {
    let is_in = |country: &str| studio_country.trim().eq_ignore_ascii_case(country);
    let (spain, italy) = (is_in("ES"), is_in("IT"));
    // CUST-4, CUST-23
    let has_document = identity
        .document
        .is_some_and(|document| document.kind.proves_identity() && said(Some(document.number)).is_some());
    if (spain || italy) && said(identity.tax_id).is_none() && !has_document {
        return Some(Missing::TaxIdOrDocument);
    }
    if !italy {
        return None;
    }
    let birth_country = said(identity.country_of_birth);
    let is_national =
        identity.is_national.unwrap_or_else(|| birth_country.is_none_or(|country| country.eq_ignore_ascii_case("IT")));
    if is_national {
        said(identity.place_of_birth).is_none().then_some(Missing::PlaceOfBirth)
    } else {
        birth_country.is_none().then_some(Missing::CountryOfBirth)
    }
}

fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Identity<'_> =
        Identity { tax_id: None, document: None, place_of_birth: None, country_of_birth: None, is_national: None };

    #[test]
    fn cust_4_what_countries_ask_for() {
        let taxed = Identity { tax_id: Some("12345678Z"), ..NOTHING };
        let of_rome = Identity { place_of_birth: Some("Roma"), ..taxed };
        for (country, identity, expected) in [
            ("DE", NOTHING, None),
            ("ES", NOTHING, Some(Missing::TaxIdOrDocument)),
            ("es", Identity { tax_id: Some("  "), ..NOTHING }, Some(Missing::TaxIdOrDocument)),
            ("ES", taxed, None),
            ("IT", NOTHING, Some(Missing::TaxIdOrDocument)),
            ("IT", taxed, Some(Missing::PlaceOfBirth)),
            ("IT", of_rome, None),
            ("IT", Identity { country_of_birth: Some("FR"), ..taxed }, None),
            ("IT", Identity { country_of_birth: Some("IT"), ..taxed }, Some(Missing::PlaceOfBirth)),
            (
                "IT",
                Identity { is_national: Some(true), country_of_birth: Some("FR"), ..taxed },
                Some(Missing::PlaceOfBirth),
            ),
            ("IT", Identity { is_national: Some(false), ..of_rome }, Some(Missing::CountryOfBirth)),
        ] {
            assert_eq!(missing(country, &identity), expected, "{country} {identity:?}");
        }
    }

    #[test]
    fn cust_23_all_documents_but_others_count() {
        for kind in DocumentKind::ALL {
            let identity = Identity { document: Some(Document { kind, number: "X1" }), ..NOTHING };
            assert_eq!(missing("ES", &identity).is_none(), kind != DocumentKind::Others, "{kind:?}");
            assert_eq!(DocumentKind::of_name(kind.name()), Some(kind));
        }
        let blank = Identity { document: Some(Document { kind: DocumentKind::Passport, number: " " }), ..NOTHING };
        assert_eq!(missing("ES", &blank), Some(Missing::TaxIdOrDocument));
    }
}
