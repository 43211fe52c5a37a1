//! `PUT /v1/studios/information/tags`: replaces the studio's tags as a whole.

use gymkeeper_contract::common::Tag;

use crate::{
    actions::{change::Change, studio},
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        failure::Failure,
        input::Json,
    },
};

pub(super) fn update_studio_tags(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(tags): &Json<Vec<Tag<'static>>>,
) -> Result<Answer<Vec<Tag<'static>>>, Failure> {
    let names: Vec<String> = tags.iter().map(|tag| tag.name.to_string()).collect();
    let mut list = JsonList::default();
    for tag in studio::update_studio_tags(change, caller, &names)? {
        list.push(&Tag { name: tag.name.into() })?;
    }
    Ok(list.finish())
}
