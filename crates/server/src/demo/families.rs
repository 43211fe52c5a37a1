//! Families of the demo: minors with somebody who acts for them, contracts that belong together, and lists of members.

use gymkeeper_domain::{
    calendar,
    customer::{
        ContractDefinition, CustomerDefinition,
        representative::{OF_AGE, RepresentativeDefinition, RepresentingPerson},
    },
};
use gymkeeper_store::{
    db::DbError,
    inventory::{self, Kind},
};
use jiff::civil::Date;

use super::people::{ascii, back};
use crate::actions::{
    change::Change,
    customer::described::Described,
    member_list::{self, Wanted},
};

/// Everybody twentieth.
pub(super) const fn is_minor(number: u64) -> bool {
    number % 20 == 7
}

/// Gives a minor somebody who acts: the customer before, who becomes a parent at the same address, or a parent who does not train.
/// Where contracts of both go on, they are a family.
pub(super) fn raise(minor: &mut CustomerDefinition, before: Option<&Described>, number: u64, today: Date) {
    let of_age = |born: Date| calendar::age_on(born, today) >= OF_AGE;
    let parent = before.filter(|parent| parent.definition.date_of_birth.is_some_and(of_age));
    let Some(parent) = parent.filter(|_| number % 40 == 7) else {
        let person = RepresentingPerson {
            first_name: "Johanna".to_owned(),
            last_name: minor.last_name.clone(),
            date_of_birth: Some(back(today, 42 * 365)),
            email: Some(format!("johanna.{}.{number}@eltern.example", ascii(&minor.last_name))),
        };
        let representative = RepresentativeDefinition { person: Some(person), gets_messages: true, ..alone(number) };
        minor.legal_representative = Some(representative);
        return;
    };
    minor.last_name.clone_from(&parent.definition.last_name);
    minor.address = parent.definition.address.clone();
    minor.legal_representative = Some(RepresentativeDefinition { customer: Some(parent.key.clone()), ..alone(number) });
    let goes_on = |contract: &&ContractDefinition| contract.ends_on.is_none();
    let head = parent.definition.contracts.first().filter(goes_on).and_then(|contract| contract.key.clone());
    if let Some(contract) = minor.contracts.first_mut().filter(|contract| contract.ends_on.is_none()) {
        contract.family_of = head;
    }
}

fn alone(number: u64) -> RepresentativeDefinition {
    RepresentativeDefinition { only_guardian: number % 80 == 7, ..RepresentativeDefinition::default() }
}

/// The key of the allowance that the team's list gives, where a studio has it.
const TEAM_GIVES: &str = "teamlauf";

/// Those of a studio's members who are in its team.
pub(super) fn team(members: &[i64]) -> impl Iterator<Item = i64> {
    members.iter().copied().step_by(31)
}

/// Lists of members of a studio.
pub(super) fn lists(change: &mut Change<'_, '_>, studio: i64, members: &[i64]) -> Result<(), DbError> {
    let known = inventory::of_kind(change.tx, change.tenant, studio, Kind::Allowance)?;
    let given: Vec<String> = known.into_iter().map(|entry| entry.key).filter(|key| key == TEAM_GIVES).collect();
    let every = |step| members.iter().copied().step_by(step).collect();
    for (key, name, members, allowances) in [
        ("early-birds", "Frühaufsteher", every(7), &[][..]),
        ("team", "Wettkampfteam", team(members).collect(), &given[..]),
        ("trial", "Testgruppe", every(97), &[][..]),
    ] {
        member_list::apply(change, studio, None, &Wanted { key, name, members, allowances })?;
    }
    Ok(())
}
