//! The page that tells somebody what is stored about them.

use serde_json::{Map, Value};

use super::person::{Copy, Part};

/// What parts are called on the page, in the words of the person that they are about.
const TITLES: &[(&str, &str)] = &[
    ("customer", "Who you are"),
    ("checkin", "Your visits"),
    ("contract", "Your contracts"),
    ("family_contract", "Contracts of yours that belong to a family"),
    ("idle_period", "Pauses of your contracts"),
    ("bank_account", "Your bank accounts and mandates"),
    ("benefit_use", "Benefits you have used"),
    ("access_medium", "Cards, PINs and passes"),
    ("access_restriction", "When you may not come in"),
    ("third_party_customer", "How other programs know you"),
    ("customer_source", "How the gym's own file calls you"),
    ("customer_field", "What the gym asked you"),
    ("customer_document", "Your documents"),
    ("legal_representative", "Who acts for you, and for whom you act"),
    ("member_list_entry", "Lists you are on"),
    ("former_birthday", "Birthdays that were corrected"),
    ("weighing", "What scales have measured"),
    ("customer_note", "What was noted about you"),
    ("amendment", "Changes you have asked for"),
    ("communication_thread", "Conversations"),
    ("communication", "Messages"),
    ("communication_preference", "Messages you want"),
    ("lead", "How you became known"),
    ("checkin_voucher", "Your vouchers"),
    ("booking", "Your bookings"),
    ("pack", "Your packs"),
    ("calendar_feed", "Links to your calendar"),
    ("file", "Images and documents"),
    ("journal", "What was done, and by whom"),
    ("delivery", "Which programs were told"),
    ("names", "Names behind the numbers"),
];

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}\
    table{border-collapse:collapse;margin:.5rem 0 1.5rem;width:100%}td,th{border:1px solid #ccc;padding:.25rem .5rem;\
    text-align:left;vertical-align:top;overflow-wrap:anywhere}th{width:16rem;font-weight:normal;color:#555}";

/// The page, with everything in it that is not a file of its own.
pub fn page(copy: &Copy, at: jiff::Timestamp) -> String {
    let (operator, number) = (escaped(&copy.operator), escaped(&copy.customer_number));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>What {operator} stores about you</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>What {operator} stores about you</h1>\n\
         <p>Customer {number}, as of {at}. This is a copy of your personal data, to which article 15 of the General Data \
         Protection Regulation entitles you. Account numbers and identity documents are kept sealed in the database; in this copy, \
         which is yours, they can be read. Keep it where only you can see it.</p>\n\
         <p>The file <a href=\"data.json\">data.json</a> holds the same in a form for programs, the folder <code>files</code> your \
         images and documents. For a day after a program has changed something, the answer that it got is kept, too; it says nothing that \
         is not said here. Backups hold the same as the database did when they were made.</p>\n<h2>Contents</h2>\n<ul>\n"
    );
    for part in &copy.parts {
        let (anchor, title) = (escaped(&part.name), escaped(title(part)));
        page.push_str(&format!("<li><a href=\"#{anchor}\">{title}</a> ({})</li>\n", part.rows.len()));
    }
    page.push_str("</ul>\n");
    for part in &copy.parts {
        let (anchor, heading, about) = (escaped(&part.name), escaped(title(part)), escaped(&part.about));
        page.push_str(&format!("<h2 id=\"{anchor}\">{heading}</h2>\n<p>{about}</p>\n"));
        for row in &part.rows {
            page.push_str("<table>\n");
            rows(row, "", &mut page);
            page.push_str("</table>\n");
        }
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn title(part: &Part) -> &str {
    TITLES.iter().find(|(name, _)| *name == part.name).map_or(&part.name, |(_, title)| title)
}

fn rows(fields: &Map<String, Value>, before: &str, page: &mut String) {
    for (name, value) in fields {
        let name = format!("{before}{}", name.replace('_', " "));
        match value {
            Value::Null => {}
            Value::Object(inner) => rows(inner, &format!("{name}: "), page),
            Value::String(text) if text.starts_with("files/") => {
                let (name, text) = (escaped(&name), escaped(text));
                page.push_str(&format!("<tr><th>{name}</th><td><a href=\"{text}\">{text}</a></td></tr>\n"));
            }
            value => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                page.push_str(&format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(&name), escaped(&text)));
            }
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_somebody_wrote_cannot_become_a_part_of_the_page() {
        let row = json!({ "text": "<script>alert(1)</script>", "link": "files/\"><script>", "a<b": { "c'": "d&e" } });
        let part = Part {
            name: "customer_note".to_owned(),
            about: "Notes".to_owned(),
            rows: vec![row.as_object().unwrap().clone()],
        };
        let copy = Copy {
            studio: 1,
            customer_number: "<1>".to_owned(),
            operator: "A & B".to_owned(),
            parts: vec![part],
            attachments: Vec::new(),
        };
        let page = page(&copy, jiff::Timestamp::UNIX_EPOCH);
        assert!(!page.contains("<script") && !page.contains("<1>") && !page.contains("\"files/\""), "{page}");
        for expected in
            ["A &amp; B", "&lt;script&gt;", "What was noted about you", "<th>a&lt;b: c&#39;</th><td>d&amp;e</td>"]
        {
            assert!(page.contains(expected), "{expected} in {page}");
        }
    }
}
