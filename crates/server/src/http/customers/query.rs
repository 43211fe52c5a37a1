//! What operations on customers are asked with: a format of card numbers, and exactly one thing by which a customer is known.

use gymkeeper_contract::{
    customers::{CardNumberFormat, ContractStatus, CustomerStatusFilter},
    errors::ErrorCode,
    openapi::Described,
};
use gymkeeper_domain::customer::{
    card_number::CardFormat,
    medium::{self as rule, MediumKind},
};
use gymkeeper_store::{
    customer::{Customer, find},
    db::Tx,
};
use uuid::Uuid;

use crate::{
    actions::{cross_studio, customer},
    http::{
        caller::Caller,
        failure::{Failure, Refusal},
        input::{Input, Parts, invalid, query_enum, query_value, query_values},
        paging::{self, SliceRequest},
    },
};

/// `cardNumberFormat` (CUST-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Format(pub(in crate::http) CardFormat);

/// The domain's format of card numbers for the wire's.
pub(in crate::http) fn card_format(format: CardNumberFormat) -> CardFormat {
    match format {
        CardNumberFormat::Decimal => CardFormat::Decimal,
        CardNumberFormat::HexMsb => CardFormat::HexMsb,
        CardNumberFormat::HexLsb => CardFormat::HexLsb,
    }
}

impl Input for Format {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let format: Option<CardNumberFormat> = query_enum(&parts.query, "cardNumberFormat")?;
        Ok(Self(card_format(format.unwrap_or_default())))
    }

    fn describe(described: Described) -> Described {
        described.query::<CardNumberFormat>("cardNumberFormat", "How numbers of cards are read and written.")
    }
}

/// A slice of a studio's customers of one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) format: CardFormat,
    pub(super) slice: SliceRequest,
    pub(super) status: find::Status,
}

impl Input for Wanted {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let Format(format) = Format::parse(parts)?;
        let status: Option<CustomerStatusFilter> = query_enum(&parts.query, "customerStatus")?;
        let mut slice = SliceRequest::parse(parts, paging::CUSTOMERS)?;
        // PAG-6: the older name of the cursor counts where the newer one is absent.
        if query_value(&parts.query, "offset").is_none()
            && let Some(text) = query_value(&parts.query, "lastOffsetId")
        {
            let wrong = || Refusal::new(ErrorCode::ValidationOffsetInvalid).at("lastOffsetId");
            slice.offset = text.parse().ok().filter(|offset| *offset >= 0).ok_or_else(wrong)?;
        }
        let status = match status.unwrap_or_default() {
            CustomerStatusFilter::Member => find::Status::Member,
            CustomerStatusFilter::Prospect => find::Status::Prospect,
            CustomerStatusFilter::FormerMember => find::Status::FormerMember,
        };
        Ok(Self { format, slice, status })
    }

    fn describe(described: Described) -> Described {
        Format::describe(described)
            .query::<i64>("lastOffsetId", "The older name of `offset`, which counts where both are given.")
            .query::<String>(
                "offset",
                "Where to go on: the `offset` of the chunk before. Left out for the first chunk.",
            )
            .query::<i32>("sliceSize", "How many customers to answer with.")
            .keyword("minimum", paging::CUSTOMERS.least)
            .keyword("maximum", paging::CUSTOMERS.most)
            .keyword("default", paging::CUSTOMERS.default)
            .query::<CustomerStatusFilter>("customerStatus", "The status of the customers to list.")
            .keyword("default", "MEMBER")
    }
}

/// `status` of contracts (CUST-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OfStatus(pub(super) Option<ContractStatus>);

impl Input for OfStatus {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        query_enum(&parts.query, "status").map(Self)
    }

    fn describe(described: Described) -> Described {
        described.query::<ContractStatus>("status", "Only contracts of this status. Left out for all.")
    }
}

/// The keys of benefits to ask about (BEN-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BenefitKeys(pub(super) Vec<String>);

impl Input for BenefitKeys {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        Ok(Self(query_values(&parts.query, "key").collect()))
    }

    fn describe(described: Described) -> Described {
        described.query::<Vec<String>>("key", "Keys of benefits. Left out for all benefits that the customer has.")
    }
}

/// What a customer is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::http) enum Known {
    /// An access medium, its value in the stored form.
    Medium(MediumKind, String),
    /// The number of the customer.
    Number(String),
    /// The number that a debt collector has.
    Debtor(String),
}

/// Exactly one identifier (CUST-8). `N` says which there are besides card, barcode and PIN: 0 none, 1 the QR code, 2 also the
/// number of the customer and that of the debt collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct By<const N: u8> {
    pub(in crate::http) known: Known,
    pub(in crate::http) format: CardFormat,
}

impl<const N: u8> Input for By<N> {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let Format(format) = Format::parse(parts)?;
        let value = |name: &str| query_value(&parts.query, name).map(|text| text.trim().to_owned());
        let medium = |kind: MediumKind, name: &str| {
            let Some(text) = value(name) else { return Ok(None) };
            let stored = rule::canonical_value(kind, &text, format).map_err(|_| invalid(name))?;
            Ok::<_, Failure>(Some(Known::Medium(kind, stored)))
        };
        let mut barcodes = vec![value("barcode")];
        if N >= 1
            && let Some(text) = value("qrCodeUuid")
        {
            // The deprecated twin of `barcode`: with the same value both count as one.
            let known = Uuid::try_parse(&text).map_err(|_| invalid("qrCodeUuid"))?.to_string();
            if barcodes.first() != Some(&Some(known.clone())) {
                barcodes.push(Some(known));
            }
        }
        let mut found: Vec<Known> = Vec::new();
        found.extend(medium(MediumKind::CardNumber, "cardNumber")?);
        found.extend(barcodes.into_iter().flatten().map(|text| Known::Medium(MediumKind::Barcode, text)));
        found.extend(medium(MediumKind::Pin, "pin")?);
        if N >= 2 {
            found.extend(value("customerNumber").map(Known::Number));
            found.extend(value("debtorId").map(Known::Debtor));
        }
        match <[Known; 1]>::try_from(found) {
            Ok([known]) => Ok(Self { known, format }),
            Err(_) => Err(ErrorCode::CustomerIdentifierExactlyOneRequired.into()),
        }
    }

    fn describe(described: Described) -> Described {
        let one = "Give exactly one identifier.";
        let mut described = described.query::<String>("cardNumber", "The number of a card.").description(one);
        described = Format::describe(described);
        if N >= 2 {
            described = described.query::<String>("debtorId", "The number that a debt collector has for the customer.");
        }
        if N >= 1 {
            described =
                described.query::<String>("qrCodeUuid", "The older name of `barcode`.").keyword("format", "uuid");
        }
        described = described.query::<String>("barcode", "The value of a barcode.");
        if N >= 2 {
            described = described.query::<String>("customerNumber", "The number of the customer.");
        }
        described.query::<String>("pin", "The PIN of the customer.")
    }
}

impl Known {
    /// The id of whoever is known by that, anywhere in the tenant.
    pub(in crate::http) fn id(&self, tx: &mut Tx<'_>, caller: &Caller) -> Result<i64, Failure> {
        let (tenant, studio) = (caller.tenant(), caller.studio());
        let found = match self {
            Self::Medium(kind, value) => find::by_medium(tx, tenant, kind.name(), value)?,
            Self::Number(number) => find::by_number(tx, tenant, number)?,
            Self::Debtor(debtor) => find::by_debtor(tx, tenant, debtor, studio)?,
        };
        found.ok_or_else(|| ErrorCode::CustomerNotFound.into())
    }

    /// Whoever is known by that among the customers of some studios.
    pub(in crate::http) fn among(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        studios: &[i64],
    ) -> Result<Customer, Failure> {
        let tenant = caller.tenant();
        let found = match self {
            Self::Medium(kind, value) => find::by_medium(tx, tenant, kind.name(), value)?,
            Self::Number(number) => find::by_number(tx, tenant, number)?,
            Self::Debtor(debtor) => find::by_debtor_among(tx, tenant, debtor, studios)?,
        };
        cross_studio::find(tx, caller, studios, found.ok_or(ErrorCode::CustomerNotFound)?)
    }

    /// The customer of the caller's studio who is known by that.
    pub(in crate::http) fn own(&self, tx: &mut Tx<'_>, caller: &Caller) -> Result<Customer, Failure> {
        let id = self.id(tx, caller)?;
        customer::own(tx, caller, id)
    }
}
