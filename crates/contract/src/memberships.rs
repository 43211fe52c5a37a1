//! Requests and answers of the group Memberships: the offers that people sign up for.
//!
//! An offer has terms, a term has a payment frequency and a price; the listed form of each is short, and the extended form has
//! all that a signup needs.

mod offer;
mod term;

pub use offer::*;
pub use term::*;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::common::{Currency, Money, Term, TermUnit};

    #[test]
    fn an_offer_is_written_as_documented() {
        let month = Term { value: 1, unit: TermUnit::Month };
        let frequency = MembershipOfferPaymentFrequency {
            id: Some(9),
            kind: PaymentFrequencyType::Recurring,
            term: Some(month),
            price: Some(Money::from_minor(2990, Currency::EUR)),
            month_days_to_prices: None,
            terms_to_prices: None,
            recurring: None,
            age_based_adjustments: None,
            formatted_payment_frequency: "monthly".into(),
        };
        let term = MembershipOfferTerm {
            id: 2,
            term: Some(Term { value: 12, unit: TermUnit::Month }),
            contract_volume_information: None,
            payment_frequency: frequency,
            extension_term: None,
        };
        let offer = MembershipOffer {
            id: 1,
            description: "",
            name: "Basic",
            sub_description: None,
            image_url: None,
            footnote: None,
            pre_use_type: ContractPreUseType::NotAvailable,
            limited_offering_period: None,
            rate_codes: vec![],
            terms: vec![term],
        };
        let expected = json!({
            "id": 1,
            "description": "",
            "name": "Basic",
            "preUseType": "NOT_AVAILABLE",
            "rateCodes": [],
            "terms": [{
                "id": 2,
                "term": {"value": 12, "unit": "MONTH"},
                "paymentFrequency": {
                    "id": 9,
                    "type": "RECURRING",
                    "term": {"value": 1, "unit": "MONTH"},
                    "price": {"amount": 29.9, "currency": "EUR"},
                    "formattedPaymentFrequency": "monthly"
                }
            }]
        });
        assert_eq!(serde_json::to_value(offer).unwrap(), expected);
    }
}
