//! The group Employees: the people who work in the key's studio (EMP-1).

pub(super) mod employee_wire;
mod get_employee;
mod get_employees;

use std::sync::Arc;

use gymkeeper_contract::operations;

use super::{
    frame::{Mounted, read},
    links::Links,
};

/// The operations of the group.
pub fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    let (of_list, of_one) = (Arc::clone(links), Arc::clone(links));
    vec![
        read(&operations::GET_EMPLOYEES, move |tx, caller, input| {
            get_employees::get_employees(&of_list, tx, caller, input)
        }),
        read(&operations::GET_EMPLOYEE, move |tx, caller, input| {
            get_employee::get_employee(&of_one, tx, caller, input)
        }),
    ]
}
