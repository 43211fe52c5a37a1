//! `gymkeeper import customers`.

use std::{fs, io::Write as _};

use gymkeeper_testkit::each_database;
use serde_json::{Value, json};

use crate::support::{Place, Run};

const GYM: &str = "
tenant: { key: acme, name: Acme }
information_fields:
  - { key: locker, name: Locker, kind: NUMERIC }
studios:
  - key: north
    name: North
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    language: en
    currency: EUR
    offers:
      - key: basic
        name: Basic
        payment_choices: [SEPA, CASH]
        terms:
          - key: basic-12
            term: 12 MONTH
            payment: { type: RECURRING, price: \"50.00\", every: 1 MONTH }
";

const MAP: &str = "
key: No
dates: '%d.%m.%Y'
fields:
  customer_number: No
  first_name: First name
  last_name: Last name
  gender: { column: Sex, values: { m: MALE, f: FEMALE } }
  date_of_birth: Born
  email: Mail
  phones.private: Phone
  access_mediums.CARD_NUMBER: Card
  bank_account.iban: IBAN
  bank_account.account_holder: Holder
  contract.offer: { value: basic }
  contract.start: Since
  information.locker: Locker
  third_party_access: { column: Shared, default: 'yes' }
";

const HEADING: &str = "No;First name;Last name;Sex;Born;Mail;Phone;Card;IBAN;Holder;Since;Locker;Shared\r\n";
const ADA: &str = "M-1;Ada;Byron;f;10.12.1990;ada@example.org;+49 30 1234567;1234567;DE89 3704 0044 0532 0130 00;Ada Byron;01.03.2026;17;\r\n";
const BELA: &str = "M-2;Béla;Müller;m;28.02.1985;bela@example.org;;7654321;;;01.04.2026;;no\r\n";

fn place(place: Place) -> Place {
    let gym = place.write("gym.yaml", GYM);
    place.run(&["apply", &gym]).succeeds();
    place.write("map.yaml", MAP);
    place
}

/// What an import says, with `more` arguments; it may have refused rows.
fn import(place: &Place, file: &str, more: &[&str]) -> Value {
    let (file, map) = (place.path(file), place.path("map.yaml"));
    let arguments = [&["import", "customers", &file, "--map", &map, "--json"], more].concat();
    let run = Run::of(place.command(&arguments));
    let said: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.err));
    assert_eq!(run.code, Some(i32::from(said["refusedRows"] != 0)));
    assert!(!run.err.contains("DE89") && !run.err.contains("DE00"), "accounts are not told: {}", run.err);
    said
}

fn counts(said: &Value) -> [u64; 4] {
    ["added", "changed", "unchanged", "refusedRows"].map(|name| said[name].as_u64().unwrap())
}

fn found(place: &Place, body: &str) -> Value {
    let (server, key) = (place.serve(), place.key("north"));
    let found = server.call("POST", "/v1/customers/search", &key, body).fine().json();
    server.stop();
    found
}

#[test]
fn rows_become_customers_once_and_follow_their_table() {
    each_database(|database| {
        let place = place(Place::on(database));
        let refused = ADA.replace("Ada", "=1+1");
        place.write("members.csv", format!("{HEADING}{refused}{BELA}"));
        assert_eq!(counts(&import(&place, "members.csv", &["--dry-run"])), [1, 0, 0, 1], "both are tried out");
        place.write("members.csv", format!("\u{FEFF}{HEADING}{ADA}\r\n{BELA}"));
        let tried = import(&place, "members.csv", &["--dry-run"]);
        assert_eq!((counts(&tried), &tried["dryRun"]), ([2, 0, 0, 0], &json!(true)));
        assert_eq!(found(&place, r#"{"lastName":"Byron"}"#), json!([]), "a dry run keeps nothing");
        assert_eq!(counts(&import(&place, "members.csv", &[])), [2, 0, 0, 0]);
        assert_eq!(counts(&import(&place, "members.csv", &[])), [0, 0, 2, 0]);
        let ada = found(&place, r#"{"lastName":"byron"}"#)[0].clone();
        assert_eq!((&ada["customerNumber"], &ada["dateOfBirth"]), (&json!("M-1"), &json!("1990-12-10")));
        assert_eq!((&ada["gender"], &ada["email"]), (&json!("FEMALE"), &json!("ada@example.org")));
        assert_eq!(
            found(&place, r#"{"lastName":"muller"}"#),
            json!([]),
            "who refused third parties is not shown to them"
        );
        let moved = ADA.replace("ada@example.org", "lovelace@example.org");
        place.write("members.csv", format!("{HEADING}{moved}{BELA}"));
        assert_eq!(counts(&import(&place, "members.csv", &[])), [0, 1, 1, 0]);
        assert_eq!(found(&place, r#"{"email":"lovelace@example.org"}"#)[0]["id"], ada["id"], "the same customer");
        place.run(&["audit", "verify"]).succeeds();
        // The account was sealed, and neither log nor journal repeats it.
        assert!(!place.run(&["audit", "list", "--json"]).succeeds().contains("DE89"));
    });
}

#[test]
fn refused_rows_are_reported_and_the_others_are_taken_over() {
    let place = place(Place::new());
    let rows = [
        ADA,
        BELA,
        &ADA.replace("M-1", "M-3"),
        &BELA.replace("7654321", "77").replace("Béla", "=HYPERLINK(1)").replace("M-2", "M-4"),
        &BELA.replace("7654321", "78").replace("28.02.1985", "30.02.1985").replace("M-2", "M-5"),
        &BELA.replace("7654321", "79").replace(";;;01.04", ";DE00 0000;Béla;01.04").replace("M-2", "M-6"),
        &BELA.replace("7654321", "80").replace("bela@", "bela.").replace("M-2", ""),
        &BELA.replace("7654321", "81"),
        "M-8;Only;Name\r\n",
        &BELA.replace("7654321", "82").replace(";no", ";perhaps;more").replace("M-2", "M-9"),
        // What two digits of a year lead to.
        &BELA.replace("7654321", "83").replace("28.02.1985", "28.02.2085").replace("M-2", "M-10"),
        &BELA.replace("7654321", "84").replace("bela@example.org", "bela@").replace("M-2", "M-11"),
    ];
    place.write("members.csv", format!("{HEADING}{}", rows.concat()));
    let report = place.path("refused.csv");
    let said = import(&place, "members.csv", &["--report", &report]);
    assert_eq!(counts(&said), [3, 0, 0, 9], "{said:#}");
    let refused: Vec<(u64, Option<&str>)> = said["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["row"].as_u64().unwrap(), one["column"].as_str()))
        .collect();
    let expected = [
        (4, Some("Card")),
        (5, Some("First name")),
        (6, Some("Born")),
        (7, Some("IBAN")),
        (8, Some("No")),
        (9, None),
        (9, Some("No")),
        (11, None),
        (11, Some("Shared")),
        (12, Some("Born")),
        (13, Some("Mail")),
    ];
    assert_eq!(refused, expected, "{said:#}");
    let text = fs::read_to_string(report).unwrap();
    assert_eq!(text.lines().count(), 1 + expected.len());
    assert!(!text.contains("HYPERLINK") && !text.contains("DE00") && !text.contains("perhaps"), "no cell is repeated");
    let (file, map) = (place.path("members.csv"), place.path("map.yaml"));
    let arguments = ["import", "customers", &file, "--map", &map];
    assert!(
        Run::of(place.command(&arguments)).out.starts_with("12 rows: 0 added, 0 changed, 3 as before, 9 refused\n")
    );
}

#[test]
fn other_encodings_are_read_and_what_is_no_letter_is_refused() {
    let place = place(Place::new());
    let latin = |text: String| text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect::<Vec<u8>>();
    let utf_16 = |text: String| {
        let units = "\u{FEFF}".encode_utf16().chain(text.encode_utf16().collect::<Vec<_>>());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let rows = format!("{HEADING}{ADA}{BELA}");
    // Without being told, bytes that are no UTF-8 are no letters.
    fs::write(place.path("members.csv"), latin(rows.clone())).unwrap();
    let said = import(&place, "members.csv", &[]);
    assert_eq!(counts(&said), [1, 0, 0, 1], "{said:#}");
    assert_eq!(said["refused"][0]["row"], 3);
    fs::write(place.path("members.csv"), utf_16(rows.clone())).unwrap();
    assert_eq!(counts(&import(&place, "members.csv", &[])), [1, 0, 1, 0]);
    let map = fs::read_to_string(place.path("map.yaml")).unwrap();
    place.write("map.yaml", format!("encoding: windows-1252\n{map}"));
    fs::write(place.path("members.csv"), latin(rows)).unwrap();
    assert_eq!(counts(&import(&place, "members.csv", &[])), [0, 0, 2, 0], "the letters are the same");
}

#[test]
fn what_belongs_to_another_customer_is_refused() {
    let place = place(Place::new());
    place.write("first.csv", format!("{HEADING}{ADA}"));
    import(&place, "first.csv", &[]);
    let same_card = BELA.replace("7654321", "1234567");
    let same_number = BELA.replace("M-2;", "M-1;");
    let map = MAP.replace("key: No", "key: Mail");
    place.write("map.yaml", map);
    place.write("second.csv", format!("{HEADING}{same_card}{}", same_number.replace("bela@", "other@")));
    let said = import(&place, "second.csv", &[]);
    assert_eq!(counts(&said), [0, 0, 0, 2], "{said:#}");
    assert!(said["refused"][1]["reason"].as_str().unwrap().contains("customer number"), "{said:#}");
}

#[test]
fn two_imports_at_once_make_each_customer_once() {
    each_database(|database| {
        let place = place(Place::on(database));
        let rows: String = (0..300)
            .map(|number| ADA.replace("M-1", &format!("N-{number}")).replace("1234567;DE", &format!("{number}99;DE")))
            .collect();
        place.write("members.csv", format!("{HEADING}{rows}"));
        let said: Vec<Value> = std::thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| import(&place, "members.csv", &[])));
            both.map(|one| one.join().unwrap()).into()
        });
        let sum = |place: usize| said.iter().map(|said| counts(said)[place]).sum::<u64>();
        assert_eq!([sum(0), sum(1), sum(2), sum(3)], [300, 0, 300, 0], "{said:#?}");
        assert_eq!(found(&place, r#"{"lastName":"Byron"}"#).as_array().unwrap().len(), 300);
    });
}

#[test]
fn an_import_that_was_killed_is_run_again() {
    each_database(|database| {
        let place = place(Place::on(database));
        let rows: String = (0..3000)
            .map(|number| ADA.replace("M-1", &format!("N-{number}")).replace("1234567;DE", &format!("{number}99;DE")))
            .collect();
        place.write("members.csv", format!("{HEADING}{rows}"));
        let (file, map) = (place.path("members.csv"), place.path("map.yaml"));
        let mut command = place.command(&["import", "customers", &file, "--map", &map]);
        let mut running = command.stdout(std::process::Stdio::null()).spawn().unwrap();
        crate::support::wait_until("customers are there", || {
            place.run(&["audit", "list", "--json"]).succeeds().contains("customer.created").then_some(())
        });
        running.kill().unwrap();
        running.wait().unwrap();
        let said = import(&place, "members.csv", &[]);
        let [added, changed, unchanged, refused] = counts(&said);
        assert_eq!((added + unchanged, changed, refused), (3000, 0, 0));
        assert!(unchanged > 0, "something had been kept");
        place.run(&["audit", "verify"]).succeeds();
    });
}

/// The smallest workbook there is: one sheet with texts, a number and a day, and what comes after them.
fn workbook(more: &str) -> Vec<u8> {
    let cells = |row: u32, cells: &[&str]| {
        let cells: String =
            ('A'..).zip(cells).map(|(column, cell)| format!("<c r=\"{column}{row}\" {cell}</c>")).collect();
        format!("<row r=\"{row}\">{cells}</row>")
    };
    let text = |text: &str| format!("t=\"inlineStr\"><is><t>{text}</t></is>");
    let headings: Vec<String> = ["No", "First name", "Last name", "Born"].iter().map(|heading| text(heading)).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let (first, last) = (text("Ada"), text("Byron"));
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{}{}{more}</sheetData></worksheet>",
        cells(2, &headings),
        cells(4, &["><v>17</v>", &first, &last, "s=\"1\"><v>33217</v>"]),
    );
    let main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packages = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{packages}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"r1\" Type=\"{main}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{main}\"><sheets>\
                 <sheet name=\"Members\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"r1\" Type=\"{main}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{main}/styles\" Target=\"styles.xml\"/>\
                 </Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\">\
             <xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
                .to_owned(),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(name, stored).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_is_read_with_its_days() {
    let place = place(Place::new());
    place.write(
        "map.yaml",
        "key: No\nsheet: Members\nfields: { first_name: First name, last_name: Last name, date_of_birth: Born }\n",
    );
    place.write("members.xlsx", workbook(""));
    assert_eq!(counts(&import(&place, "members.xlsx", &[])), [1, 0, 0, 0]);
    assert_eq!(found(&place, r#"{"lastName":"Byron"}"#)[0]["dateOfBirth"], json!("1990-12-10"));
    place.write("map.yaml", "key: No\nsheet: Others\nfields: { first_name: First name, last_name: Last name }\n");
    let (file, map) = (place.path("members.xlsx"), place.path("map.yaml"));
    place.run(&["import", "customers", &file, "--map", &map]).fails_with(&["no sheet \"Others\"", "Members"]);
}

#[test]
fn a_cell_far_away_is_refused_with_its_row_and_costs_nothing() {
    let place = place(Place::new());
    place.write("map.yaml", "key: No\nfields: { first_name: First name, last_name: Last name, date_of_birth: Born }\n");
    let far = |cell: &str| format!("<row r=\"1048576\"><c r=\"{cell}\" t=\"inlineStr\"><is><t>x</t></is></c></row>");
    // A table that reaches this corner would have 17 thousand million cells.
    place.write("members.xlsx", workbook(&far("XFD1048576")));
    let said = import(&place, "members.xlsx", &[]);
    assert_eq!(counts(&said), [1, 0, 0, 1]);
    assert!(said.to_string().contains("1048576"), "{said}");
    place.write("members.xlsx", workbook(&far("XFE1048576")));
    let (file, map) = (place.path("members.xlsx"), place.path("map.yaml"));
    place.run(&["import", "customers", &file, "--map", &map]).fails_with(&["beyond column"]);
    // One that ends in the middle of a row is no shorter table.
    place.write("members.xlsx", workbook("<row r=\"5\"><c r=\"A5\"><v>18"));
    place.run(&["import", "customers", &file, "--map", &map]).fails_with(&["cannot be read as a workbook"]);
}

#[test]
fn a_table_or_map_that_cannot_be_read_is_refused_before_anything_is_done() {
    let place = place(Place::new());
    let (file, map) = (place.write("members.csv", format!("{HEADING}{ADA}")), place.path("map.yaml"));
    let run = |file: &str, map: &str, more: &[&str]| {
        let run = Run::of(place.command(&[&["import", "customers", file, "--map", map], more].concat()));
        assert_eq!(run.code, Some(1), "{}", run.err);
        run.out + &run.err
    };
    assert!(run(&place.path("none.csv"), &map, &[]).contains("none.csv"));
    assert!(run(&file, &place.path("none.yaml"), &[]).contains("none.yaml"));
    assert!(run(&file, &map, &["--studio", "south"]).contains("no studio"));
    assert!(run(&file, &map, &["--tenant", "other"]).contains("no tenant"));
    let wrong = place.write("wrong.yaml", MAP.replace("First name", "Given name"));
    assert!(run(&file, &wrong, &[]).contains("no column \"Given name\""));
    let unknown = place.write("unknown.yaml", MAP.replace("value: basic", "value: none"));
    assert!(run(&file, &unknown, &[]).contains("not the key of an offer"));
    let empty = place.write("empty.csv", "");
    assert!(run(&empty, &map, &[]).contains("it is empty"));
    assert!(!place.run(&["audit", "list", "--json"]).succeeds().contains("customer.created"));
}
