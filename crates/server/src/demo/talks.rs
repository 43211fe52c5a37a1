//! What the demo's people and their studio tell each other, and what people want changed and staff has not looked at yet.

use gymkeeper_store::customer::{self, document};
use jiff::ToSpan as _;

use crate::{
    actions::{
        change::Change,
        customer::{
            StudioOf,
            amendment::{self, Address, Contact, Data, Wanted},
            communication::{self, Message},
        },
    },
    http::failure::Failure,
};

/// Conversations: what they are about, how they stand after each message, which way each went, and what was said.
type Talk = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

const TALKS: &[Talk] = &[
    ("Attest für die Pause", "EMAIL", &[("CREATED", "INCOMING", "Anbei das Attest, wie besprochen.")]),
    (
        "Probetraining für meine Schwester",
        "PHONE",
        &[
            ("CREATED", "INCOMING", "Kann meine Schwester einmal mitkommen?"),
            ("ONGOING", "OUTGOING", "Gern, am Samstag ist noch Platz."),
        ],
    ),
    (
        "Rechnung vom letzten Monat",
        "EMAIL",
        &[
            ("CREATED", "INCOMING", "Auf der Rechnung steht die Sauna, die habe ich nicht gebucht."),
            ("ONGOING", "OUTGOING", "Wir sehen nach und melden uns."),
            ("CLOSED", "OUTGOING", "Der Betrag wurde gutgeschrieben."),
        ],
    ),
    ("Handtuch vergessen", "CONVERSATION", &[("CLOSED", "INCOMING", "Das blaue Handtuch liegt an der Theke.")]),
];

/// Lets some of a studio's members talk with it, and ask for changes that wait for staff.
///
/// # Errors
/// The database's.
pub(super) fn fill(change: &mut Change<'_, '_>, home: &StudioOf, members: &[i64]) -> Result<(), Failure> {
    for (place, (subject, channel, messages)) in TALKS.iter().enumerate() {
        let Some(member) = read(change, members.get(place * 11))? else { continue };
        let (documents, mut thread) = (document::of_customer(change.tx, change.tenant, member.id, 0, 1)?, None);
        for (age, (status, direction, content)) in (0_i64..).zip(*messages) {
            let message = Message {
                status,
                integration: None,
                staff: None,
                ticket_number: None,
                ticket_link: None,
                subject: (*subject).to_owned(),
                content: (*content).to_owned(),
                direction,
                channel,
                agent: (*direction == "OUTGOING").then(|| "Lena Vogt".to_owned()),
                exchanged_at: change.now.checked_sub((48 - 20 * age).hours()).ok(),
                attachments: documents.iter().filter(|_| age == 0).map(|document| document.id).collect(),
            };
            thread = Some(match thread {
                None => communication::open(change, &member, &message)?.thread,
                Some(thread) => communication::go_on(change, &member, thread, &message)?.thread,
            });
        }
    }
    for (place, member) in members.iter().skip(5).step_by(13).take(6).enumerate() {
        let Some(member) = read(change, Some(member))? else { continue };
        let data = if place.is_multiple_of(2) {
            let phone_private = Some(format!("+49 30 231250{place}"));
            Data::Contact(Contact { phone_private, ..Contact::default() })
        } else {
            Data::Address(Box::new(Address {
                street: Some("Neue Straße".to_owned()),
                house_number: Some((place + 1).to_string()),
                zip_code: member.zip_code.clone(),
                city: member.city.clone(),
                country_code: member.country_code.clone(),
                ..Address::default()
            }))
        };
        amendment::ask(change, home, member, &Wanted::from(data))?;
    }
    Ok(())
}

fn read(change: &mut Change<'_, '_>, id: Option<&i64>) -> Result<Option<customer::Customer>, Failure> {
    Ok(match id {
        Some(id) => customer::by_id(change.tx, change.tenant, *id)?,
        None => None,
    })
}
