//! `POST /v1/studios/confirmActivation`: the caller is ready for events.

use crate::{
    actions::{change::Change, studio},
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
    },
};

pub(super) fn confirm_activation(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (): &(),
) -> Result<Answer<Nothing>, Failure> {
    studio::confirm_activation(change, caller)?;
    Ok(Answer::empty())
}
