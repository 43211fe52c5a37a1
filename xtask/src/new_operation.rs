//! Writes the skeleton of an operation's handler and of its test, from its row in the table of operations.

use std::fs;

use crate::Outcome;
use crate::arguments::Arguments;
use crate::workspace::{root, write};

const TABLE: &str = "crates/contract/src/operations/table.rs";
const HANDLER: &str = include_str!("../templates/operation.rs.txt");
const WRITING_HANDLER: &str = include_str!("../templates/writing_operation.rs.txt");
const TEST: &str = include_str!("../templates/operation_test.rs.txt");

pub(crate) fn run(mut arguments: Arguments) -> Outcome {
    let id = arguments.positional().ok_or("which operation? Give its id, such as bookClassSlot")?;
    arguments.finish()?;
    let root = root()?;
    let table = fs::read_to_string(root.join(TABLE)).map_err(|error| format!("cannot read {TABLE}: {error}"))?;
    let row = find(&table, &id).ok_or_else(|| format!("{TABLE} has no row {id:?}; write the row first"))?;
    let (group, name) = (snake_case(&row.group), snake_case(&row.id));
    let handler = format!("crates/server/src/http/{group}/{name}.rs");
    let test = format!("crates/server/tests/api/{group}/{name}.rs");
    // A POST that only validates or previews reads; its author will see.
    let template = if row.method == "GET" { HANDLER } else { WRITING_HANDLER };
    let files = [(&handler, template), (&test, TEST)];
    // Both or none: half a skeleton would stand in the way of the next attempt.
    if let Some((taken, _)) = files.iter().find(|(path, _)| root.join(path).exists()) {
        return Err(format!("{taken} exists already").into());
    }
    for (path, template) in files {
        write(&root.join(path), fill(template, &row).as_bytes())?;
        println!("wrote {path}");
    }
    println!("\nStill to do by hand:");
    println!("  crates/server/src/http/{group}/mod.rs       mod {name};  and its line in operations()");
    println!("  crates/server/tests/api/{group}/mod.rs      mod {name};");
    println!("  crates/contract/src/{group}.rs              the types of the request and of the answer");
    println!("then `cargo xtask generate`, because the operation is no longer missing.");
    Ok(())
}

/// What the skeleton needs of a row.
#[derive(Debug, PartialEq)]
struct Row {
    /// The name of the group's variant, such as `CheckinVouchers`.
    group: String,
    id: String,
    method: String,
    path: String,
    summary: String,
}

/// Reads the table as text. Asking the compiled table would need a program that compiles, and whoever adds an
/// operation is often in the middle of something that does not.
fn find(table: &str, id: &str) -> Option<Row> {
    let mut group = "";
    let mut lines = table.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_suffix(" {").filter(|name| name.chars().all(char::is_alphanumeric)) {
            group = name;
        }
        // NAME = "id" Method "path" scopes:
        let Some((_, rest)) = line.split_once(" = \"") else { continue };
        let Some((found, rest)) = rest.split_once("\" ") else { continue };
        if found != id {
            continue;
        }
        let (method, rest) = rest.split_once(" \"")?;
        let (path, rest) = rest.split_once('"')?;
        // "Summary"; stands behind the colon or on the next line.
        let summary = rest.split_once(": \"").map_or_else(|| lines.next().unwrap_or_default(), |(_, summary)| summary);
        return Some(Row {
            group: group.to_owned(),
            id: id.to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: summary.trim_matches([';', '"']).to_owned(),
        });
    }
    None
}

fn fill(template: &str, row: &Row) -> String {
    template
        .replace("{{ID}}", &row.id)
        .replace("{{SNAKE}}", &snake_case(&row.id))
        .replace("{{METHOD}}", &row.method)
        .replace("{{PATH}}", &row.path)
        .replace("{{SUMMARY}}", &row.summary)
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r#"
operations! {
    Classes {
        GET_ACTIVE_CLASSES = "getActiveClasses" Get "/v1/classes" All [ClassesRead]:
            "List the classes on offer";
    }

    CheckinVouchers {
        REDEEM_CHECKIN_VOUCHER = "redeemCheckinVoucher" Post "/v1/checkin-vouchers/redeem" None deprecated: "Redeem it";
    }
}"#;

    #[test]
    fn a_row_is_found_by_its_id() {
        let row = find(TABLE, "redeemCheckinVoucher").unwrap();
        assert_eq!((row.group.as_str(), row.summary.as_str()), ("CheckinVouchers", "Redeem it"));
        assert_eq!((row.method.as_str(), row.path.as_str()), ("POST", "/v1/checkin-vouchers/redeem"));
        assert_eq!(find(TABLE, "getActiveClasses").unwrap().summary, "List the classes on offer");
        assert_eq!(find(TABLE, "getActive"), None);
    }

    #[test]
    fn a_filled_template_has_no_gaps() {
        let row = find(TABLE, "getActiveClasses").unwrap();
        for template in [HANDLER, WRITING_HANDLER, TEST] {
            let filled = fill(template, &row);
            assert!(!filled.contains("{{") && filled.contains("/v1/classes"), "{filled}");
        }
    }

    #[test]
    fn ids_become_file_names() {
        assert_eq!(snake_case("getStudioUtilization"), "get_studio_utilization");
        assert_eq!(snake_case("CustomersSelfService"), "customers_self_service");
    }
}
