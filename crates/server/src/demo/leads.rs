//! People who have asked the demo's studio what it offers, and have not decided yet.

use crate::{
    actions::{
        change::Change,
        customer::{
            StudioOf,
            prospect::{self, Person},
        },
        lead,
    },
    http::failure::Failure,
};

/// Of each the names, the campaign that brought them, and what the desk has to say.
const LEADS: &[(&str, &str, Option<&str>, &str)] = &[
    ("Nora", "Falk", Some("autumn-fair"), "Fragt nach Kursen am Abend."),
    ("Emil", "Roth", Some("bring-a-friend"), "Kommt über Ada."),
    ("Yasemin", "Kurt", None, "Möchte erst die Sauna sehen."),
];

/// Notes who is interested.
///
/// # Errors
/// The database's.
pub(super) fn note(change: &mut Change<'_, '_>, home: &StudioOf) -> Result<(), Failure> {
    for (first_name, last_name, campaign, notes) in LEADS {
        let email = format!("{}@anfrage.example", first_name.to_lowercase());
        let customer = prospect::make(change, home, &Person { first_name, last_name, email: Some(&email) })?;
        lead::note(change, home.id, &customer, (*campaign, Some(notes)))?;
    }
    Ok(())
}
