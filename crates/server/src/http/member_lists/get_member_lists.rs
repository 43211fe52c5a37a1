//! `GET /v1/member-lists`: the lists of members of the key's studio.

use gymkeeper_contract::{common::ZonedDateTime, member_lists::MemberList};
use gymkeeper_store::{customer::member_list, db::Tx};

use crate::http::{
    answer::{Answer, JsonList},
    caller::Caller,
    failure::Failure,
};

pub(super) fn get_member_lists(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (): &(),
) -> Result<Answer<Vec<MemberList<'static>>>, Failure> {
    let mut answer = JsonList::default();
    let lists = member_list::of_studio(tx, caller.tenant(), caller.studio())?;
    for list in lists.iter().filter(|list| !list.retired) {
        answer.push(&MemberList {
            list_id: list.id,
            name: &list.name,
            // TIME-2
            modified_date_time: ZonedDateTime::new(list.modified_at, caller.zone()),
        })?;
    }
    Ok(answer.finish())
}
