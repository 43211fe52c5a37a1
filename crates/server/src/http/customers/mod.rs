//! The group Customers: who they are, what they agreed to, how they get in, and what is noted about them.

mod add_access_medium;
mod add_access_mediums;
mod contract_wire;
pub(super) mod customer_wire;
mod delete_access_mediums;
mod delete_access_restriction;
mod get_additional_information_fields;
mod get_customer_by;
mod get_customer_by_id;
mod get_customer_contracts_by;
mod get_customers;
mod get_customers_checkin_history;
mod get_customers_contracts;
pub(super) mod query;
pub(super) mod search_customers;
mod set_access_restriction;
mod set_additional_information_field_assignments;
mod update_access_mediums;
pub(super) mod visits;

pub(super) use get_additional_information_fields::kind as field_kind;

use std::sync::Arc;

use gymkeeper_contract::operations;

use super::{
    frame::{Mounted, inventory, linked, read, write},
    links::Links,
};

/// The operations of the group.
pub fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    vec![
        read(&operations::GET_CUSTOMERS, linked(links, get_customers::get_customers)),
        read(&operations::GET_CUSTOMER_BY_ID, linked(links, get_customer_by_id::get_customer_by_id)),
        read(&operations::GET_CUSTOMER_BY, linked(links, get_customer_by::get_customer_by)),
        read(&operations::SEARCH_CUSTOMERS, linked(links, search_customers::search_customers)),
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
    ]
}
