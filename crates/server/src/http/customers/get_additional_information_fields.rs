//! `GET /v1/customers/additional-information-fields`: what the gym wants to know of its customers.

use gymkeeper_contract::customers::{
    AdditionalInformationField, AdditionalInformationFieldType, AdditionalInformationListItem,
};
use gymkeeper_domain::customer::information_field::{FieldKind, item_id};
use gymkeeper_store::{customer::field, db::Tx};

use crate::http::{
    answer::{Answer, JsonList},
    caller::Caller,
    failure::Failure,
};

pub(super) fn get_additional_information_fields(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (): &(),
) -> Result<Answer<Vec<AdditionalInformationField<'static>>>, Failure> {
    let mut list = JsonList::default();
    for field in field::all(tx, caller.tenant())? {
        let definition = &field.definition;
        // CUST-19
        let items = definition.items.iter();
        let items =
            items.map(|item| AdditionalInformationListItem { id: item_id(field.id, item.number), name: &item.name });
        list.push(&AdditionalInformationField {
            id: field.id,
            name: &definition.name,
            kind: kind(definition.kind),
            abbreviation: definition.abbreviation.as_deref(),
            list_items: (definition.kind == FieldKind::List).then(|| items.collect()),
        })?;
    }
    Ok(list.finish())
}

/// The wire's kind of a field.
pub(in crate::http) fn kind(kind: FieldKind) -> AdditionalInformationFieldType {
    match kind {
        FieldKind::Boolean => AdditionalInformationFieldType::Boolean,
        FieldKind::Date => AdditionalInformationFieldType::Date,
        FieldKind::List => AdditionalInformationFieldType::List,
        FieldKind::Numeric => AdditionalInformationFieldType::Numeric,
        FieldKind::Text => AdditionalInformationFieldType::Text,
    }
}
