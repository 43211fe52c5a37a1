//! The text of a calendar as programs read it: RFC 5545, with the name and the hours until the next look of RFC 7986.
//!
//! All times are instants in UTC, which need no description of a zone and are right whatever daylight saving does.

use gymkeeper_domain::booking::feed::{LOOK_AGAIN_HOURS, Standing};
use jiff::Timestamp;

/// A line has so many octets at the most, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// Something that takes place at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// What it is known by, everywhere and always.
    pub(super) uid: String,
    /// When it begins.
    pub(super) starts_at: Timestamp,
    /// When it ends.
    pub(super) ends_at: Timestamp,
    /// When it was made, where that is known.
    pub(super) made_at: Option<Timestamp>,
    /// Whether it takes place.
    pub(super) standing: Standing,
    /// What it is, in a few words.
    pub(super) summary: String,
    /// Where it is.
    pub(super) location: String,
    /// What else there is to say, in lines.
    pub(super) description: Vec<String>,
}

/// A calendar with these events as it is at an instant.
pub(super) fn text(name: &str, events: &[Event], now: Timestamp) -> String {
    let mut text = String::with_capacity(512 + events.len() * 512);
    let (name, again) = (escaped(name), format!("PT{LOOK_AGAIN_HOURS}H"));
    for (property, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Gymkeeper//Calendar//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", &name),
        ("X-WR-CALNAME", &name),
        ("REFRESH-INTERVAL;VALUE=DURATION", &again),
        ("X-PUBLISHED-TTL", &again),
    ] {
        line(&mut text, property, value);
    }
    for event in events {
        add(&mut text, event, now);
    }
    line(&mut text, "END", "VCALENDAR");
    text
}

fn add(text: &mut String, event: &Event, now: Timestamp) {
    line(text, "BEGIN", "VEVENT");
    line(text, "UID", &escaped(&event.uid));
    line(text, STAMP, &instant(now));
    if let Some(at) = event.made_at {
        line(text, "CREATED", &instant(at));
    }
    line(text, "DTSTART", &instant(event.starts_at));
    line(text, "DTEND", &instant(event.ends_at));
    line(text, "SUMMARY", &escaped(&event.summary));
    if !event.location.is_empty() {
        line(text, "LOCATION", &escaped(&event.location));
    }
    if !event.description.is_empty() {
        line(text, "DESCRIPTION", &escaped(&event.description.join("\n")));
    }
    let (status, takes_time) = match event.standing {
        Standing::Sure => ("CONFIRMED", "OPAQUE"),
        Standing::Unsure => ("TENTATIVE", "OPAQUE"),
        Standing::Canceled => ("CANCELLED", "TRANSPARENT"),
    };
    line(text, "STATUS", status);
    line(text, "TRANSP", takes_time);
    line(text, "END", "VEVENT");
}

/// The property that says when the text was made, and the only one that differs between two looks at the same.
const STAMP: &str = "DTSTAMP";

/// The lines of a calendar that say something, which are the same as long as nothing changes.
pub(super) fn lasting(text: &str) -> impl Iterator<Item = &str> {
    text.split("\r\n").filter(|line| line.strip_prefix(STAMP).is_none_or(|rest| !rest.starts_with(':')))
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text without what ends or parts it: backslashes, semicolons, commas and line breaks are written, other control characters,
/// which no text may have, are left out.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => written.extend(['\\', letter]),
            '\n' | '\r' => written.push_str("\\n"),
            '\t' => written.push('\t'),
            control if control.is_control() => {}
            letter => written.push(letter),
        }
    }
    written
}

/// Writes a property, folded where it is long: the rest goes on in the next line behind a blank. No letter is cut in two.
fn line(text: &mut String, property: &str, value: &str) {
    let mut used = 0;
    for letter in [property, ":", value].into_iter().flat_map(str::chars) {
        if used + letter.len_utf8() > LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(letter);
        used += letter.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(property: &str, value: &str) -> String {
        let mut text = String::new();
        line(&mut text, property, value);
        text
    }

    #[test]
    fn a_line_has_75_octets_and_no_letter_is_cut() {
        for (letter, count) in [("a", 200), ("ö", 200), ("語", 200), ("🏋", 200), ("a", 0), ("aö語🏋", 50)] {
            let value = letter.repeat(count);
            let text = written("SUMMARY", &value);
            assert!(text.ends_with("\r\n"), "{text:?}");
            let lines: Vec<&str> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
            assert!(lines.iter().all(|line| line.len() <= LINE), "{text:?}");
            // As full as whole letters let them be.
            assert!(lines.iter().rev().skip(1).all(|line| line.len() > LINE - 4), "{text:?}");
            assert!(lines[1..].iter().all(|line| line.starts_with(' ')), "{text:?}");
            assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{value}\r\n"));
        }
        assert_eq!(written("X", &"a".repeat(73)), format!("X:{}\r\n", "a".repeat(73)));
        assert_eq!(written("X", &"a".repeat(74)), format!("X:{}\r\n a\r\n", "a".repeat(73)));
    }

    #[test]
    fn what_would_end_or_part_a_text_is_written() {
        for (text, expected) in [
            ("Yoga, slow; for all", r"Yoga\, slow\; for all"),
            (r"C:\gym", r"C:\\gym"),
            ("one\ntwo\r\nthree\rfour", r"one\ntwo\nthree\nfour"),
            ("BEGIN:VEVENT\r\nEND", r"BEGIN:VEVENT\nEND"),
            ("bell\u{7} null\0 tab\t del\u{7f} next\u{85}", "bell null tab\t del next"),
            ("Zoë 🏋 \"quoted\": fine", "Zoë 🏋 \"quoted\": fine"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn two_looks_at_the_same_differ_in_the_stamp_alone() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let event = Event {
            uid: "class-slot-7@acme.gymkeeper".to_owned(),
            starts_at: at("2026-10-25T00:30:00Z"),
            ends_at: at("2026-10-25T01:30:00Z"),
            made_at: None,
            standing: Standing::Sure,
            summary: "DTSTAMP:".to_owned(),
            location: String::new(),
            description: Vec::new(),
        };
        let (one, two) = (at("2026-10-01T00:00:00Z"), at("2026-10-02T00:00:00Z"));
        let texts = [one, two].map(|now| text("Acme", std::slice::from_ref(&event), now));
        assert_ne!(texts[0], texts[1]);
        assert!(lasting(&texts[0]).eq(lasting(&texts[1])));
        assert_eq!(lasting(&texts[0]).count() + 1, texts[0].split("\r\n").count());
        let moved = Event { starts_at: at("2026-10-25T00:31:00Z"), ..event };
        assert!(lasting(&texts[0]).ne(lasting(&text("Acme", &[moved], one))));
        assert!(texts[0].contains("\r\nDTSTART:20261025T003000Z\r\nDTEND:20261025T013000Z\r\nSUMMARY:DTSTAMP:\r\n"));
    }
}
