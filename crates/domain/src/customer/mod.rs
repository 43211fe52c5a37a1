//! People: who is a customer, what is known of them, and what the door lets them do.
//!
//! Each file answers its own questions, from reading a card's number to the question whether somebody may come in. Facts come
//! in as plain values and the answers are states of the world; how an answer is told to a client, and where the facts are
//! kept, is decided elsewhere. Definitions that an operator writes into the gym file stand beside the rules that read them.

#[cfg(test)]
pub(crate) mod dice;

pub mod access;
pub mod amendment;
pub mod bank_account;
pub mod benefit;
mod calling_codes;
pub mod card_number;
pub mod contact;
pub mod days;
mod definition;
pub mod erasure;
pub mod family;
pub mod identity;
pub mod information_field;
pub mod lead;
pub mod medium;
pub mod member_list;
pub mod names;
pub mod pack;
pub mod preferences;
pub mod representative;
pub mod status;
pub mod voucher;

pub use definition::*;

#[cfg(test)]
mod tests {
    use schemars::schema_for;

    use super::*;

    /// Editors show these schemas as help, so every field must explain itself.
    #[test]
    fn every_field_of_a_definition_is_explained() {
        for schema in [
            schema_for!(amendment::SelfService),
            schema_for!(benefit::Benefit),
            schema_for!(information_field::InformationField),
            schema_for!(information_field::ListItem),
            schema_for!(lead::LeadConfiguration),
            schema_for!(lead::LeadFieldUse),
            schema_for!(lead::Campaign),
            schema_for!(member_list::MemberListDefinition),
            schema_for!(pack::Aggregator),
            schema_for!(preferences::PreferenceDefault),
            schema_for!(representative::RepresentativeDefinition),
            schema_for!(representative::RepresentingPerson),
            schema_for!(voucher::VoucherDefinition),
        ] {
            let fields = schema.get("properties").and_then(|fields| fields.as_object()).unwrap();
            for (name, field) in fields {
                assert!(field.get("description").is_some(), "{name}");
            }
            assert_eq!(schema.get("additionalProperties").and_then(|more| more.as_bool()), Some(false));
        }
    }
}
