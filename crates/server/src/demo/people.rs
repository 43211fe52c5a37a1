//! The people of the demo: made-up customers of two studios, with contracts, cards, visits, documents and pictures.
//!
//! They are described as in a gym file and go the same way into the database. Everything about them follows from the seed and
//! the day. E-mail addresses end in `.example` and telephone numbers are among those kept free for such use.

use std::{collections::BTreeMap, io::Cursor};

use gymkeeper_domain::customer::{
    BankAccountDefinition, ContractDefinition, CustomerDefinition, Gender, IdlePeriodDefinition, MediumDefinition,
    ModuleContractDefinition, Phones, RestrictionDefinition, Title,
};
use gymkeeper_domain::studio::Address;
use gymkeeper_store::{
    customer::{self, Customer, document},
    db::DbError,
    files,
    studio::checkin::OpenCheckin,
};
use jiff::{ToSpan as _, civil::Date};
use sha2::{Digest as _, Sha256};

use super::{Chance, families};
use crate::{
    actions::{
        change::{Change, Deed},
        checkin::{self, Visitor},
        customer::{
            StudioOf,
            described::{self, Described, Shelf},
            relations::{self, Keyed},
        },
    },
    gymfile::Content,
    http::failure::Failure,
    images,
};

/// A studio's part of the demo.
pub(super) struct Crowd {
    /// How many customers.
    pub(super) count: u64,
    /// Its offers with the keys of their terms.
    pub(super) offers: &'static [(&'static str, &'static str)],
    /// A module that can be booked beside them.
    pub(super) module: Option<&'static str>,
    /// The town they live in.
    pub(super) city: &'static str,
    /// The postal code of that town.
    pub(super) zip: &'static str,
}

/// The crowd of a studio of the demo's gym file.
pub(super) fn crowd(studio: &str) -> Option<Crowd> {
    match studio {
        "berlin" => Some(Crowd {
            count: 860,
            offers: &[("flex", "flex-monthly"), ("year", "year-monthly"), ("off-peak", "off-peak-weekly")],
            module: Some("sauna"),
            city: "Berlin",
            zip: "10115",
        }),
        "hamburg" => Some(Crowd {
            count: 380,
            offers: &[("harbour", "harbour-12")],
            module: None,
            city: "Hamburg",
            zip: "20457",
        }),
        _ => None,
    }
}

const WOMEN: &[&str] = &[
    "Ada",
    "Åse",
    "Beyza",
    "Clara",
    "Défné",
    "Elif",
    "Françoise",
    "Grażyna",
    "Hanna",
    "İpek",
    "Johanna",
    "Katarzyna",
    "Lærke",
    "Małgorzata",
    "Noémie",
    "Øyvør",
    "Petra",
    "Renée",
    "Søs",
    "Ümmü",
    "Zofia",
];
const MEN: &[&str] = &[
    "André",
    "Björn",
    "Çağlar",
    "Dieter",
    "Emre",
    "François",
    "Günther",
    "Håkon",
    "Işık",
    "Jürgen",
    "Kacper",
    "Łukasz",
    "Michał",
    "Nils",
    "Ole",
    "Paweł",
    "René",
    "Søren",
    "Tomasz",
    "Uğur",
    "Wojciech",
];
const FAMILIES: &[&str] = &[
    "Müller",
    "Mueller",
    "Schmidt",
    "Schneider",
    "Weiß",
    "Groß",
    "Jäger",
    "Köhler",
    "Kowalski",
    "Wiśniewski",
    "Wójcik",
    "Łukasiewicz",
    "Dąbrowski",
    "Lefèvre",
    "Bézier",
    "Gauthier",
    "D'Arc",
    "Yılmaz",
    "Şahin",
    "Öztürk",
    "Çelik",
    "Sørensen",
    "Østergård",
    "Ångström",
    "Bjørnsen",
    "Møller",
    "von der Heide",
    "Meyer-Lansky",
    "Lovelace",
    "Hopper",
];
const STREETS: &[&str] = &["Chausseestraße", "Torstraße", "Am Sandtorkai", "Lindenweg", "Große Elbstraße", "Gartenweg"];
const REASONS: &[&str] = &["Umzug", "Krankheit", "Kein Interesse mehr", "Zu teuer"];

/// Pictures and papers, made by code: two profile pictures and a medical note.
///
/// # Errors
/// When a picture cannot be made, which only a programming mistake can cause.
pub fn contents(seed: u64) -> Result<Vec<Content>, Failure> {
    let mut contents = Vec::new();
    for number in 0..2_u8 {
        let shade =
            |place: u32| u8::try_from((u64::from(place) + seed * 37 + u64::from(number) * 90) % 256).unwrap_or(0);
        let canvas = image::RgbImage::from_fn(240, 320, |x, y| image::Rgb([shade(x / 2), shade(y / 2), shade(x + y)]));
        let mut png = Cursor::new(Vec::new());
        let failed = |error: &dyn std::fmt::Display| Failure::Internal(format!("a demo picture: {error}"));
        canvas.write_to(&mut png, image::ImageFormat::Png).map_err(|error| failed(&error))?;
        let jpeg = images::make(png.get_ref()).map_err(|error| failed(&error))?;
        contents.push(content(&format!("profile-{number}.jpg"), "image/jpeg", jpeg));
    }
    contents.push(content("attest.pdf", "application/pdf", NOTE.to_vec()));
    Ok(contents)
}

/// The smallest page that viewers show, with a line of text.
const NOTE: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 52>>stream
BT /F 18 Tf 30 100 Td (Sportunfaehig: 4 Wochen) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
";

fn content(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Content {
    let hash = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Content { hash, name: name.to_owned(), media_type, bytes }
}

/// Makes the customers of a studio, with their families and lists, and answers the ids of those who may come in any day.
///
/// # Errors
/// The database's.
pub(super) fn make(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    crowd: &Crowd,
    today: Date,
    chance: &mut Chance,
) -> Result<Vec<i64>, Failure> {
    let shelf = Shelf::of(change, home)?;
    let mut members = Vec::new();
    let mut all: Vec<Described> = Vec::new();
    for number in 0..crowd.count {
        let mut definition = person(home, crowd, number, today, chance);
        if families::is_minor(number) {
            families::raise(&mut definition, all.last(), number, today);
        }
        let welcome = definition.third_party_access.is_none()
            && definition.restrictions.is_empty()
            && definition
                .contracts
                .first()
                .is_some_and(|contract| contract.ends_on.is_none() && contract.start <= today);
        let described = Described { key: format!("demo-{number}"), definition, fingerprint: "demo".to_owned() };
        described::apply(change, home, &shelf, &described)?;
        if welcome && let Some((id, _)) = customer::by_source(change.tx, change.tenant, home.id, &described.key)? {
            members.push(id);
        }
        all.push(described);
    }
    let keyed = Keyed::of(&all);
    for described in &all {
        relations::apply(change, home, &keyed, described)?;
    }
    families::lists(change, home.id, &members)?;
    papers(change, &members)?;
    Ok(members)
}

/// An account of somebody, at a bank that there is not: no German bank's code begins with a zero, and a BIC with a zero at its
/// eighth place is for tests (ISO 9362).
fn account(person: &CustomerDefinition, number: u64) -> BankAccountDefinition {
    let account = 4_000_000 + number;
    // ISO 7064: the number, the letters DE as digits and two zeros, which the check digits bring to 1 modulo 97.
    let check = 98 - (account * 1_000_000 + 131_400) % 97;
    BankAccountDefinition {
        account_holder: format!("{} {}", person.first_name, person.last_name),
        bank_name: Some("Bank der Eisenwerker".to_owned()),
        iban: format!("DE{check:02}{account:018}"),
        bic: Some("GYMKDEF0".to_owned()),
    }
}

/// One of them. The first dozen have what is rare, so that there is always somebody to find.
fn person(home: &StudioOf, crowd: &Crowd, number: u64, today: Date, chance: &mut Chance) -> CustomerDefinition {
    let is_woman = chance.below(2) == 0;
    let first = pick(if is_woman { WOMEN } else { MEN }, chance);
    let last = pick(FAMILIES, chance);
    // Everybody twentieth is a minor. Birthdays are few, so that several people share one.
    let years = if families::is_minor(number) { 12 + chance.below(6) } else { 18 + chance.below(60) };
    let born = back(today, years * 365 + chance.below(12) * 30);
    let town = &home.definition.name;
    let plain = format!("{}.{}", ascii(first), ascii(last));
    let mut person = CustomerDefinition {
        first_name: first.to_owned(),
        second_first_name: (chance.below(12) == 0).then(|| pick(WOMEN, chance).to_owned()),
        last_name: last.to_owned(),
        second_last_name: (chance.below(25) == 0).then(|| pick(FAMILIES, chance).to_owned()),
        title: match chance.below(60) {
            0 => Some(Title::Dr),
            1 => Some(Title::Prof),
            _ => None,
        },
        gender: (chance.below(15) != 0).then_some(if is_woman { Gender::Female } else { Gender::Male }),
        date_of_birth: Some(born),
        email: Some(format!("{plain}.{number}@{}.example", ascii(crowd.city))),
        phones: Phones {
            private: (chance.below(4) == 0).then(|| format!("+49 30 23125{:03}", chance.below(1000))),
            private_mobile: Some(format!("+49 171 39200{:02}", chance.below(100))),
            ..Phones::default()
        },
        address: Address {
            street: Some(pick(STREETS, chance).to_owned()),
            house_number: Some((1 + chance.below(90)).to_string()),
            zip: Some(crowd.zip.to_owned()),
            city: Some(crowd.city.to_owned()),
            additional_address_information: (chance.below(30) == 0).then(|| format!("bei {town}")),
            ..Address::default()
        },
        country_code: None,
        language: (chance.below(10) == 0).then(|| "en".to_owned()),
        customer_number: None,
        debtor_id: (number % 40 == 3).then(|| format!("D{:05}", number + 1)),
        third_party_access: (number % 45 == 11).then_some(false),
        access_mediums: Vec::new(),
        restrictions: Vec::new(),
        information: information(number, today),
        contracts: Vec::new(),
        bank_account: None,
        legal_representative: None,
    };
    // A family: whoever follows has the same name and address.
    if number % 50 == 21 {
        person.last_name = "Sonnenschein".to_owned();
    }
    mediums(&mut person, home.id, number);
    contracts(&mut person, crowd, number, today, chance);
    if number % 5 != 2 && !person.contracts.is_empty() {
        person.bank_account = Some(account(&person, number));
    }
    if number % 60 == 13 {
        let to = forward(today, 20);
        let from = Some(back(today, 5));
        person.restrictions.push(RestrictionDefinition { reason: "Hausverbot".to_owned(), from, to: Some(to) });
    }
    person
}

/// What the gym has asked some of them, and what all that there is for a few.
fn information(number: u64, today: Date) -> BTreeMap<String, String> {
    let goals = ["Muskelaufbau", "Abnehmen", "Ausdauer", "Rückengesundheit"];
    let all = number % 40 == 1;
    let noted = [
        ("goal", number % 4 == 1, goals.get(number as usize / 4 % goals.len()).copied().unwrap_or_default().to_owned()),
        ("locker", all || number % 10 == 7, (100 + number % 200).to_string()),
        ("health-check", all || number % 12 == 3, back(today, 30 + number % 300).to_string()),
        ("trainer", all, (number % 80 == 1).to_string()),
        ("remark", all, "Kommt meist mit dem Rad".to_owned()),
    ];
    let noted = noted.into_iter().filter(|(_, is_noted, _)| *is_noted);
    noted.map(|(field, _, value)| (field.to_owned(), value)).collect()
}

/// Cards for most, and one of each kind for the first.
fn mediums(person: &mut CustomerDefinition, studio: i64, number: u64) {
    let mut add =
        |kind: &str, value: String| person.access_mediums.push(MediumDefinition { kind: kind.to_owned(), value });
    if number % 8 != 5 {
        add("CARD_NUMBER", (0x0400_0000_0000_u64 + (studio.unsigned_abs() << 20) + number * 7).to_string());
    }
    if number.is_multiple_of(30) {
        add("PIN", format!("{:06}", (studio.unsigned_abs() * 1000 + number) % 1_000_000));
    }
    if number.is_multiple_of(15) {
        add("BARCODE", format!("IRON-{studio}-{number:04}"));
    }
    if number % 30 == 15 {
        add("WALLET_PASS", format!("pass.ironworks.{studio}.{number}"));
    }
}

/// Two in three are members; of the others half were, and half never signed.
fn contracts(person: &mut CustomerDefinition, crowd: &Crowd, number: u64, today: Date, chance: &mut Chance) {
    let (offer, term) = *crowd.offers.get(chance.below(crowd.offers.len() as u64) as usize).unwrap_or(&("", ""));
    let past = back(today, 20 + chance.below(330));
    let mut contract = ContractDefinition {
        // Whoever comes before a minor may have a family.
        key: families::is_minor(number + 1).then(|| format!("demo-{number}")),
        family_of: None,
        offer: offer.to_owned(),
        term: Some(term.to_owned()),
        start: past,
        signed_on: Some(back(past, chance.below(10))),
        start_of_use: None,
        ends_on: None,
        canceled_on: None,
        cancelation_reason: None,
        reversed: false,
        third_party_id: (number.is_multiple_of(33)).then(|| format!("sale-{number}")),
        modules: Vec::new(),
        idle_periods: Vec::new(),
    };
    if let (Some(module), 0) = (crowd.module, number % 6) {
        contract.modules.push(ModuleContractDefinition { module: module.to_owned(), start: None, ends_on: None });
    }
    match number % 12 {
        8 | 9 => return,
        // Former members.
        10 | 11 => {
            contract.start = back(today, 500 + chance.below(300));
            contract.signed_on = Some(contract.start);
            contract.ends_on = Some(back(today, 1 + chance.below(90)));
            contract.canceled_on = Some(back(today, 100 + chance.below(40)));
            contract.cancelation_reason = Some(pick(REASONS, chance).to_owned());
        }
        // Canceled, and still running.
        7 => {
            contract.ends_on = Some(forward(today, 10 + chance.below(60)));
            contract.canceled_on = Some(back(today, 3));
            contract.cancelation_reason = Some(pick(REASONS, chance).to_owned());
        }
        // Resting, or about to.
        6 => {
            let from = if number % 24 == 6 { back(today, 10) } else { forward(today, 10) };
            contract.idle_periods.push(IdlePeriodDefinition {
                from,
                to: (number % 36 != 30).then(|| forward(from, 30)),
                reason: Some("Verletzung".to_owned()),
                refuses_access: number % 24 == 6,
            });
        }
        // Signed, and not begun.
        5 if number % 36 == 5 => {
            contract.start = forward(today, 10);
            contract.signed_on = Some(today);
        }
        _ => {}
    }
    person.contracts.push(contract);
}

/// Pictures for some, and a paper for the first.
fn papers(change: &mut Change<'_, '_>, members: &[i64]) -> Result<(), Failure> {
    let tenant = change.tenant;
    let file = |change: &mut Change<'_, '_>, content: &Content| {
        files::find_content(change.tx, tenant, &content.hash, &content.name)
    };
    // The contents were stored with the gym's own; see `contents`.
    let Some(seed) = change.seed() else { return Ok(()) };
    let contents = contents(seed)?;
    for (place, id) in members.iter().enumerate().take(40) {
        let Some(picture) = contents.get(place % 2) else { continue };
        if let (Some(file_id), Some(customer)) = (file(change, picture)?, customer::by_id(change.tx, tenant, *id)?) {
            let shown = Customer { image_file_id: Some(file_id), ..customer };
            customer::update(change.tx, tenant, &shown)?;
            change.record(Deed::new("customer.image-replaced").subject("customer", id));
        }
    }
    if let (Some(id), Some(note)) = (members.first(), contents.last())
        && let Some(file_id) = file(change, note)?
    {
        for description in ["Attest", "Attest, zweite Seite"] {
            document::insert(change.tx, tenant, *id, file_id, Some(description), change.now)?;
        }
        change.record(Deed::new("document.added").subject("customer", id));
    }
    Ok(())
}

/// Visits of the last four weeks: the first members come most.
pub(super) fn visits(
    change: &mut Change<'_, '_>,
    studio: i64,
    members: &[i64],
    chance: &mut Chance,
) -> Result<(), DbError> {
    for (place, id) in members.iter().enumerate().take(60) {
        let times = if place == 0 { 24 } else { 1 + chance.below(6) };
        for visit in 0..times {
            let hours = i64::try_from(24 * (1 + visit) + chance.below(12)).unwrap_or(24);
            let at = change.now - hours.hours();
            let opened = checkin::open_until_night(change, studio, &[Visitor { customer: Some(*id), at }])?;
            for visit in opened {
                let stayed = i64::try_from(30 + chance.below(90)).unwrap_or(60);
                let open = OpenCheckin { id: visit, checked_in_at: at, customer_id: Some(*id) };
                checkin::close_at(change, studio, &open, at + stayed.minutes())?;
            }
        }
    }
    Ok(())
}

fn pick(from: &[&'static str], chance: &mut Chance) -> &'static str {
    from.get(chance.below(from.len() as u64) as usize).copied().unwrap_or_default()
}

pub(super) fn back(day: Date, days: u64) -> Date {
    day.checked_sub(i64::try_from(days).unwrap_or(0).days()).unwrap_or(day)
}

pub(super) fn forward(day: Date, days: u64) -> Date {
    day.checked_add(i64::try_from(days).unwrap_or(0).days()).unwrap_or(day)
}

/// The letters of a name that an e-mail address can have.
pub(super) fn ascii(name: &str) -> String {
    let folded: String = name
        .chars()
        .map(|letter| match letter {
            'ä' | 'Å' | 'å' | 'à' | 'ą' => 'a',
            'é' | 'è' | 'ę' => 'e',
            'ö' | 'ø' | 'Ø' | 'ó' | 'Ö' => 'o',
            'ü' | 'Ü' | 'ğ' => 'u',
            'ß' | 'ş' | 'Ş' | 'ś' => 's',
            'ł' | 'Ł' => 'l',
            'ç' | 'Ç' => 'c',
            'ı' | 'İ' => 'i',
            'ż' => 'z',
            'æ' => 'a',
            other => other,
        })
        .collect();
    folded.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}
