//! `POST /v1/studios/confirmActivation`: the caller is ready for events.

use gymkeeper_store::db::Tx;

use crate::{
    actions::studio,
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
    },
};

pub(super) fn confirm_activation(tx: &mut Tx<'_>, caller: &Caller, (): &()) -> Result<Answer<Nothing>, Failure> {
    studio::confirm_activation(tx, caller)?;
    Ok(Answer::empty())
}
