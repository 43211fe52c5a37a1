//! The resource Bank account: the account from which a customer's dues are collected.

use gymkeeper_contract::admin::{
    bank_account::{self as wire, NewBankAccount},
    customers::MaskedAccount,
};
use gymkeeper_store::customer::bank_account::{self, Account};

use super::{
    customer_wire::masked,
    customers::present,
    frame::{Mounted, write},
    member::Member,
};
use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            amendment::{self, Data, Wanted},
            bank,
        },
    },
    http::{
        answer::Answer,
        drawing::{self, Form},
        failure::Failure,
        input::{Json, PathId, filled, optional},
    },
};

/// Longest names, in characters.
const LINE: usize = 255;
/// Where the drawing is in a request.
const DRAWING: &str = "signature.base64SvgSignature";

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    vec![write(&wire::SET_BANK_ACCOUNT, set_bank_account)]
}

fn set_bank_account(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(new)): &(PathId, Json<NewBankAccount>),
) -> Result<Answer<MaskedAccount>, Failure> {
    let mut customer = present(change, member, *id)?;
    let account = bank::checked(Account {
        account_holder: filled("accountHolder", &new.account_holder, LINE)?,
        bank_name: optional("bankName", new.bank_name.as_deref(), LINE)?,
        iban: filled("iban", &new.iban, LINE)?,
        bic: optional("bic", new.bic.as_deref(), LINE)?,
    })?;
    let signature = match &new.signature {
        None => None,
        Some(signature) => drawing::read(DRAWING, &signature.base64_svg_signature, Form::Base64)?,
    };
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?;
    let wanted = Wanted { data: Data::Payment(account), signature };
    amendment::change_at_once(change, &home, &mut customer, wanted)?;
    let present = bank_account::present(change.tx, change.tenant, customer.id)?;
    let gone = || Failure::Internal(format!("the account of customer {} is not there", customer.id));
    Answer::json(&masked(present.ok_or_else(gone)?))
}
