//! What commands print.

use std::{io::Write as _, process::ExitCode};

use super::{Outcome, Stopped};

/// Prints text as it is. A reader that went away (`| head`) is no failure.
pub(super) fn text(text: &str) -> Outcome {
    print(text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn print(text: &str) -> Result<(), Stopped> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints a listing: as JSON, or as columns with a heading.
pub(super) fn listing<T: serde::Serialize>(
    json: bool,
    rows: &[T],
    heading: &[&str],
    cells: impl Fn(&T) -> Vec<String>,
) -> Outcome {
    if json {
        return text(&format!("{}\n", serde_json::to_string_pretty(rows)?));
    }
    let mut lines: Vec<Vec<String>> = vec![heading.iter().map(|name| (*name).to_owned()).collect()];
    lines.extend(rows.iter().map(cells));
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..heading.len()).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for line in &lines {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    text(&out)
}
