//! The group Customers: who they are, what they agreed to, how they get in, and what is noted about them.

mod add_access_medium;
pub(super) mod add_access_mediums;
pub mod ahead;
mod checkin_customer;
mod checkout_customer;
mod contract_wire;
pub(super) mod create_customer;
mod create_customer_weighing;
pub(super) mod customer_wire;
mod delete_access_mediums;
mod delete_access_restriction;
pub(super) mod drawn;
mod get_additional_information_fields;
mod get_benefits;
mod get_benefits_by_card_number;
mod get_customer_access_code;
mod get_customer_by;
mod get_customer_by_id;
mod get_customer_contract;
mod get_customer_contracts_by;
mod get_customer_measurement;
mod get_customers;
mod get_customers_checkin_history;
mod get_customers_contracts;
mod get_document_by_id;
mod get_documents;
mod leave_family_contract;
pub mod portraits;
pub(super) mod query;
mod replace_legal_representative;
pub(super) mod search_customers;
mod set_access_restriction;
mod set_additional_information_field_assignments;
mod switch_studio;
mod update_access_mediums;
pub(super) mod update_image;
pub(super) mod upload_document;
mod use_benefit;
mod use_benefit_by;
pub(super) mod visits;

pub(super) use customer_wire::customer_status;
pub(super) use get_additional_information_fields::kind as field_kind;

use std::sync::Arc;

use gymkeeper_contract::operations;

use self::portraits::Showing;
use super::frame::{Mounted, inventory, linked, read, write, write_prepared};

/// The operations of the group.
pub fn operations(showing: &Arc<Showing>) -> Vec<Mounted> {
    let links = &showing.links;
    let pictures = Arc::clone(links);
    vec![
        read(&operations::GET_CUSTOMERS, linked(showing, get_customers::get_customers)),
        read(&operations::GET_CUSTOMER_BY_ID, linked(showing, get_customer_by_id::get_customer_by_id)),
        read(&operations::GET_CUSTOMER_BY, linked(showing, get_customer_by::get_customer_by)),
        read(&operations::SEARCH_CUSTOMERS, linked(showing, search_customers::search_customers)),
        read(&operations::GET_CUSTOMERS_CONTRACTS, linked(links, get_customers_contracts::get_customers_contracts)),
        read(
            &operations::GET_CUSTOMER_CONTRACTS_BY,
            linked(links, get_customer_contracts_by::get_customer_contracts_by),
        ),
        read(&operations::GET_CUSTOMERS_CHECKIN_HISTORY, get_customers_checkin_history::get_customers_checkin_history),
        write(&operations::ADD_ACCESS_MEDIUM, add_access_medium::add_access_medium),
        write(&operations::ADD_ACCESS_MEDIUMS, add_access_mediums::add_access_mediums),
        write(&operations::UPDATE_ACCESS_MEDIUMS, update_access_mediums::update_access_mediums),
        write(&operations::DELETE_ACCESS_MEDIUMS, delete_access_mediums::delete_access_mediums),
        write(&operations::SET_ACCESS_RESTRICTION, set_access_restriction::set_access_restriction),
        write(&operations::DELETE_ACCESS_RESTRICTION, delete_access_restriction::delete_access_restriction),
        inventory(
            &operations::GET_ADDITIONAL_INFORMATION_FIELDS,
            get_additional_information_fields::get_additional_information_fields,
        ),
        write(
            &operations::SET_ADDITIONAL_INFORMATION_FIELD_ASSIGNMENTS,
            set_additional_information_field_assignments::set_additional_information_field_assignments,
        ),
        write(&operations::CREATE_CUSTOMER, create_customer::create_customer),
        write(&operations::CHECKIN_CUSTOMER, checkin_customer::checkin_customer),
        write(&operations::CHECKOUT_CUSTOMER, checkout_customer::checkout_customer),
        read(&operations::GET_CUSTOMER_CONTRACT, linked(links, get_customer_contract::get_customer_contract)),
        write(&operations::LEAVE_FAMILY_CONTRACT, leave_family_contract::leave_family_contract),
        write(&operations::REPLACE_LEGAL_REPRESENTATIVE, replace_legal_representative::replace_legal_representative),
        write(&operations::SWITCH_STUDIO, switch_studio::switch_studio),
        read(&operations::GET_CUSTOMER_ACCESS_CODE, linked(links, get_customer_access_code::get_customer_access_code)),
        write(&operations::CREATE_CUSTOMER_WEIGHING, create_customer_weighing::create_customer_weighing),
        read(&operations::GET_CUSTOMER_MEASUREMENT, get_customer_measurement::get_customer_measurement),
        read(&operations::GET_BENEFITS, get_benefits::get_benefits),
        read(&operations::GET_BENEFITS_BY_CARD_NUMBER, get_benefits_by_card_number::get_benefits_by_card_number),
        write(&operations::USE_BENEFIT, use_benefit::use_benefit),
        write(&operations::USE_BENEFIT_BY, use_benefit_by::use_benefit_by),
        read(&operations::GET_DOCUMENTS, linked(links, get_documents::get_documents)),
        read(&operations::GET_DOCUMENT_BY_ID, linked(links, get_document_by_id::get_document_by_id)),
        write_prepared(&operations::UPLOAD_DOCUMENT, upload_document::prepare, upload_document::upload_document),
        write_prepared(&operations::UPDATE_IMAGE, update_image::prepare, move |change, caller, ready| {
            update_image::update_image(&pictures, change, caller, ready)
        }),
    ]
}
