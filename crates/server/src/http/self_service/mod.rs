//! The group Customers Self-service: what members see of their own data, and the changes they ask for.

mod create_customer_address_data_amendment;
mod create_customer_contact_data_amendment;
mod create_customer_master_data_amendment;
mod create_customer_payment_data_amendment;
mod data_wire;
mod get_customer_address_data;
mod get_customer_contact_data;
mod get_customer_master_data;
mod get_customer_payment_data;
mod withdraw_amendment;

use gymkeeper_contract::operations;

use super::frame::{Mounted, read, write};

/// The operations of the group.
pub fn operations() -> Vec<Mounted> {
    vec![
        read(&operations::GET_CUSTOMER_CONTACT_DATA, get_customer_contact_data::get_customer_contact_data),
        read(&operations::GET_CUSTOMER_ADDRESS_DATA, get_customer_address_data::get_customer_address_data),
        read(&operations::GET_CUSTOMER_MASTER_DATA, get_customer_master_data::get_customer_master_data),
        read(&operations::GET_CUSTOMER_PAYMENT_DATA, get_customer_payment_data::get_customer_payment_data),
        write(
            &operations::CREATE_CUSTOMER_CONTACT_DATA_AMENDMENT,
            create_customer_contact_data_amendment::create_customer_contact_data_amendment,
        ),
        write(
            &operations::CREATE_CUSTOMER_ADDRESS_DATA_AMENDMENT,
            create_customer_address_data_amendment::create_customer_address_data_amendment,
        ),
        write(
            &operations::CREATE_CUSTOMER_MASTER_DATA_AMENDMENT,
            create_customer_master_data_amendment::create_customer_master_data_amendment,
        ),
        write(
            &operations::CREATE_CUSTOMER_PAYMENT_DATA_AMENDMENT,
            create_customer_payment_data_amendment::create_customer_payment_data_amendment,
        ),
        write(&operations::WITHDRAW_AMENDMENT, withdraw_amendment::withdraw_amendment),
    ]
}
