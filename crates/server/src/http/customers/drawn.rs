//! The JSON of a customer as it is kept, with gaps for what differs from answer to answer: the link to the picture, which is signed anew
//! each time, and the IBAN, which lists mask.

use bytes::Bytes;
use gymkeeper_store::customer::bank_account;
use memchr::memmem;

/// How much is shown of an IBAN: in lists, a program that leaks or is curious must not get all of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum ShownIban {
    Whole,
    Masked,
}

/// The JSON of one customer.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    json: Bytes,
    picture: Option<(Gap, i64)>,
    iban: Option<Gap>,
}

// A quote within a text is escaped, so nothing but the fields themselves looks like these.
const PICTURE: &[u8] = b"\"imageUrl\":";
const IBAN: &[u8] = b"\"iban\":";

/// Where a value lies in the text, its quotes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gap {
    from: u32,
    to: u32,
}

impl Gap {
    /// Where the text of a field lies, which is written like `text`; there is one field of that name at the most.
    fn of(json: &[u8], field: &[u8], text: &str) -> Option<Self> {
        let from = memmem::find(json, field)? + field.len();
        let written = serde_json::to_string(text).ok()?;
        json[from..].starts_with(written.as_bytes()).then_some(())?;
        Some(Self { from: u32::try_from(from).ok()?, to: u32::try_from(from + written.len()).ok()? })
    }

    fn range(self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }
}

impl Drawn {
    /// What the link to a picture is written like.
    pub(super) const NO_LINK: &str = "";

    /// A customer's JSON, written with [`Self::NO_LINK`] to the file of the picture and with the whole IBAN. Nothing, if either is not
    /// where it should be.
    pub(super) fn new(json: &[u8], picture: Option<i64>, iban: Option<&str>) -> Option<Self> {
        let picture = match picture {
            Some(file) => Some((Gap::of(json, PICTURE, Self::NO_LINK)?, file)),
            None => None,
        };
        let iban = match iban {
            Some(iban) => Some(Gap::of(json, IBAN, iban)?),
            None => None,
        };
        Some(Self { json: Bytes::copy_from_slice(json), picture, iban })
    }

    /// So many bytes the text has, gaps included.
    pub(super) fn size(&self) -> usize {
        self.json.len()
    }

    /// What is answered; `link` makes a link to a file.
    pub(super) fn shown(&self, iban: ShownIban, link: impl FnOnce(i64) -> String) -> Bytes {
        let link = self.picture.map(|(gap, file)| (gap, link(file)));
        let masked = self.iban.filter(|_| iban == ShownIban::Masked).map(|gap| (gap, self.masked(gap)));
        let mut filled: Vec<(Gap, String)> = [link, masked].into_iter().flatten().collect();
        if filled.is_empty() {
            return self.json.clone();
        }
        filled.sort_unstable_by_key(|(gap, _)| gap.from);
        let mut out =
            Vec::with_capacity(self.json.len() + filled.iter().map(|(_, text)| text.len() + 2).sum::<usize>());
        let mut done = 0;
        for (gap, text) in filled {
            let range = gap.range();
            out.extend_from_slice(&self.json[done..range.start]);
            out.extend_from_slice(serde_json::Value::String(text).to_string().as_bytes());
            done = range.end;
        }
        out.extend_from_slice(&self.json[done..]);
        out.into()
    }

    fn masked(&self, gap: Gap) -> String {
        bank_account::masked(serde_json::from_slice(&self.json[gap.range()]).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NUMBER: &str = "DE89370400440532013000";

    fn wire(name: &str, link: Option<&str>, iban: Option<&str>) -> Value {
        json!({ "firstName": name, "imageUrl": link, "bankAccount": { "iban": iban }, "city": name })
    }

    #[test]
    fn gaps_are_filled_and_nothing_else_is_touched() {
        // Whoever is called like a field is none.
        for name in ["Ada", r#""imageUrl":"","iban":"x""#, r#"\"iban\":"#, "ä€😀"] {
            for (picture, iban) in [(None, None), (Some(7), None), (None, Some(NUMBER)), (Some(7), Some(NUMBER))] {
                let written = wire(name, picture.map(|_| Drawn::NO_LINK), iban).to_string();
                let drawn = Drawn::new(written.as_bytes(), picture, iban).unwrap();
                for (how, shown) in [(ShownIban::Whole, NUMBER), (ShownIban::Masked, "DE89 **** **** **** **** 00")] {
                    let bytes = drawn.shown(how, |file| format!("https://a.test/files/{file}?a=1&b=\"2\""));
                    let link = picture.map(|_| "https://a.test/files/7?a=1&b=\"2\"");
                    let told: Value = serde_json::from_slice(&bytes).unwrap();
                    assert_eq!(told, wire(name, link, iban.map(|_| shown)), "{name} {picture:?} {iban:?} {how:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_iban_is_not_shown_masked() {
        for iban in ["", "no \"iban\" \\ at all", "DE00"] {
            let drawn = Drawn::new(wire("Ada", None, Some(iban)).to_string().as_bytes(), None, Some(iban)).unwrap();
            let told = |how| serde_json::from_slice::<Value>(&drawn.shown(how, |_| String::new())).unwrap();
            assert_eq!(told(ShownIban::Whole), wire("Ada", None, Some(iban)));
            assert_eq!(told(ShownIban::Masked), wire("Ada", None, Some("****")));
        }
    }

    #[test]
    fn without_its_gaps_nothing_is_drawn() {
        let without = wire("Ada", None, Some(NUMBER)).to_string();
        assert!(Drawn::new(without.as_bytes(), None, Some(NUMBER)).is_some());
        assert!(Drawn::new(without.as_bytes(), Some(7), Some(NUMBER)).is_none(), "there is no link");
        assert!(Drawn::new(without.as_bytes(), None, Some("DE88")).is_none(), "it is another number");
        assert!(Drawn::new(b"{}", None, Some(NUMBER)).is_none());
        assert!(Drawn::new(b"{}", Some(7), None).is_none());
    }
}
