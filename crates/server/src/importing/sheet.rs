//! Rows of cells: from CSV files in any usual encoding and with any usual delimiter, and from XLSX workbooks.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    sync::mpsc::{self, SyncSender},
    thread,
};

use calamine::{Data, Reader as _, Xlsx};
use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

/// The texts of a workbook are kept in memory, so it has a limit, in bytes after unpacking. CSV files have none.
const WORKBOOK_BYTES: u64 = 1 << 30;
/// A sheet has so many columns at the most, to the one that spreadsheets call XFD.
const MOST_COLUMNS: usize = 16_384;
/// Rows of a workbook that are read before somebody wants them.
const LINES_AHEAD: usize = 64;
/// Longest cell, in bytes. Nothing about a customer is longer, but a missing quotation mark makes one cell of thousands of rows.
pub const LONGEST_CELL: usize = 16 * 1024;
/// Delimiters that are looked for in the first line.
const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// How a file is to be read, as far as it does not tell by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Between the cells of a CSV file; by default the one that its first line has most of.
    pub delimiter: Option<u8>,
    /// The encoding of a CSV file by its name on the web; by default UTF-8. A byte order mark decides in any case.
    pub encoding: Option<&'static Encoding>,
    /// The sheet of a workbook; by default the first.
    pub sheet: Option<String>,
}

/// A row of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, as the spreadsheet of a workbook or an editor of a CSV file shows it: the heading is mostly 1.
    pub number: u64,
    /// Its cells, without blanks around them.
    pub cells: Vec<String>,
}

/// The rows of a file, the heading taken off.
pub struct Sheet {
    /// The cells of the first row that is not empty.
    pub headings: Vec<String>,
    /// The rows behind it; empty ones are left out.
    pub lines: Box<dyn Iterator<Item = Result<Line, String>> + Send>,
}

/// Opens a file; whether it is a workbook is told by its first bytes.
///
/// # Errors
/// In words for whoever has the file: it cannot be read, has no heading, or is of a kind that is not read.
pub fn open(path: &Path, options: &Options) -> Result<Sheet, String> {
    let mut start = [0; 4];
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let length = file.read(&mut start).map_err(|error| error.to_string())?;
    let mut lines = match start.get(..length) {
        Some(b"PK\x03\x04") => workbook(path, options)?,
        Some(b"\xD0\xCF\x11\xE0") => {
            return Err("it is a workbook of the old kind (.xls); save it as .xlsx or CSV".to_owned());
        }
        _ => csv(path, options)?,
    };
    let heading = lines.next().ok_or("it is empty")??;
    Ok(Sheet { headings: heading.cells, lines })
}

type Workbook = Xlsx<BufReader<File>>;
type Lines = Box<dyn Iterator<Item = Result<Line, String>> + Send>;

fn is_filled(line: &Result<Line, String>) -> bool {
    line.as_ref().map_or(true, |line| line.cells.iter().any(|cell| !cell.is_empty()))
}

fn csv(path: &Path, options: &Options) -> Result<Lines, String> {
    let encoding = options.encoding.unwrap_or(UTF_8);
    let delimiter = match options.delimiter {
        Some(delimiter) => delimiter,
        None => delimiter_of(&first_line(path, encoding)?),
    };
    // With one byte at the end of each line, the last one included, lines can be counted.
    let text = WithoutReturns(decoded(path, encoding)?).chain(&b"\n"[..]);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(BufReader::new(text));
    let lines = std::iter::from_fn(move || {
        let mut record = csv::StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
                let number = reader.position().line().saturating_sub(1 + inside as u64);
                Some(Ok(Line { number, cells: record.iter().map(|cell| cell.trim().to_owned()).collect() }))
            }
            Err(error) => Some(Err(error.to_string())),
        }
    });
    Ok(Box::new(lines.filter(is_filled)))
}

/// Drops the first of the two bytes with which Windows ends a line.
struct WithoutReturns<R>(R);

impl<R: std::io::Read> std::io::Read for WithoutReturns<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let length = self.0.read(into)?;
            let mut kept = 0;
            for place in 0..length {
                let byte = into[place];
                if byte != b'\r' {
                    into[kept] = byte;
                    kept += 1;
                }
            }
            // Nothing would mean the end.
            if kept > 0 || length == 0 {
                return Ok(kept);
            }
        }
    }
}

fn decoded(path: &Path, encoding: &'static Encoding) -> Result<DecodeReaderBytes<File, Vec<u8>>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    Ok(DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_override(true).strip_bom(true).build(file))
}

fn first_line(path: &Path, encoding: &'static Encoding) -> Result<String, String> {
    let mut line = String::new();
    let mut start = BufReader::new(decoded(path, encoding)?).take(64 * 1024);
    // What is cut off in the middle of a letter does not matter for counting delimiters.
    while line.trim().is_empty() {
        line.clear();
        if start.read_line(&mut line).map_err(|error| error.to_string())? == 0 {
            break;
        }
    }
    Ok(line)
}

fn delimiter_of(line: &str) -> u8 {
    let count = |delimiter: u8| line.bytes().filter(|byte| *byte == delimiter).count();
    // Of equals the first counts; the comparison takes the last.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn workbook(path: &Path, options: &Options) -> Result<Lines, String> {
    refuse_larger(path, WORKBOOK_BYTES)?;
    let mut workbook: Workbook = calamine::open_workbook(path).map_err(|error: calamine::XlsxError| broken(&error))?;
    let names = workbook.sheet_names();
    let name = match &options.sheet {
        None => names.first().cloned().ok_or("the workbook has no sheet")?,
        Some(wanted) if names.contains(wanted) => wanted.clone(),
        Some(wanted) => return Err(format!("there is no sheet {wanted:?}; there are: {}", names.join(", "))),
    };
    // Row by row: two cells in opposite corners of a sheet would be a table of thousands of millions. What reads cells borrows from the
    // workbook, so both live in a thread.
    let (send, receive) = mpsc::sync_channel(LINES_AHEAD);
    let mut reading = Some(thread::spawn(move || read_lines(&mut workbook, &name, &send)));
    let lines = std::iter::from_fn(move || match receive.recv() {
        Ok(line) => Some(Ok(line)),
        // Whether that was the end is for the thread to say.
        Err(_) => match reading.take()?.join() {
            Ok(read) => read.err().map(Err),
            Err(_) => Some(Err(broken(&"a cell makes no sense"))),
        },
    });
    Ok(Box::new(lines.filter(is_filled)))
}

fn broken(error: &dyn std::fmt::Display) -> String {
    format!("it cannot be read as a workbook: {error}")
}

/// Refuses a workbook that says of itself that it has more than so many bytes unpacked. What says less than it has cannot be unpacked.
fn refuse_larger(path: &Path, most: u64) -> Result<(), String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| broken(&error))?;
    let mut bytes = 0_u64;
    for place in 0..archive.len() {
        bytes = bytes.saturating_add(archive.by_index_raw(place).map_err(|error| broken(&error))?.size());
    }
    if bytes > most {
        let (has, most) = (bytes >> 20, most >> 20);
        return Err(format!("unpacked it has {has} MiB, and workbooks are read up to {most} MiB; save it as CSV"));
    }
    Ok(())
}

/// Reads the rows of a sheet until nobody wants more.
fn read_lines(workbook: &mut Workbook, sheet: &str, lines: &SyncSender<Line>) -> Result<(), String> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| broken(&error))?;
    let mut line = Line { number: 0, cells: Vec::new() };
    while let Some(cell) = reader.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        let number = u64::from(row) + 1;
        if number != line.number {
            let whole = std::mem::replace(&mut line, Line { number, cells: Vec::new() });
            if lines.send(whole).is_err() {
                return Ok(());
            }
        }
        let text = text(&Data::from(cell.get_value().clone()));
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if text.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            return Err(format!("row {number} has a cell beyond column {MOST_COLUMNS}"));
        }
        if line.cells.len() <= column {
            line.cells.resize(column + 1, String::new());
        }
        line.cells[column] = text;
    }
    // Nobody may be there any more.
    lines.send(line).ok();
    Ok(())
}

/// A cell as text: days as `2026-11-21`, numbers as people write them.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        other => other.to_string().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], options: &Options) -> Result<(Vec<String>, Vec<Line>), String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let sheet = open(file.path(), options)?;
        Ok((sheet.headings, sheet.lines.collect::<Result<_, _>>()?))
    }

    #[test]
    fn encodings_and_delimiters_are_recognised() {
        let expected = (vec!["No".to_owned(), "Name".to_owned()], "Żółć Müller");
        let text = "No;Name\r\n\r\n1;\"Żółć Müller\"\r\n2;\"two\r\nlines\"\r\n3;end";
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let with_mark = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let latin = Options { encoding: Encoding::for_label(b"iso-8859-2"), ..Options::default() };
        let (in_latin, ..) = latin.encoding.unwrap().encode(text);
        for (bytes, options) in [
            (text.as_bytes(), &Options::default()),
            (&with_mark, &Options::default()),
            // A byte order mark is stronger than what the map says.
            (&with_mark, &latin),
            (&utf16, &Options::default()),
            (&in_latin, &latin),
        ] {
            let (headings, lines) = read(bytes, options).unwrap();
            assert_eq!(headings, expected.0);
            assert_eq!(lines[0], Line { number: 3, cells: vec!["1".to_owned(), expected.1.to_owned()] });
            assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [3, 4, 6]);
            assert_eq!(lines[1].cells[1], "two\nlines");
        }
        let (_, lines) = read(&in_latin, &Options::default()).unwrap();
        assert!(lines[0].cells[1].contains('\u{FFFD}'), "the wrong encoding shows");
        for delimiter in [",", "\t", "|"] {
            let (headings, _) = read(text.replace(';', delimiter).as_bytes(), &Options::default()).unwrap();
            assert_eq!(headings.len(), 2, "{delimiter:?}");
        }
        let told = Options { delimiter: Some(b'/'), ..Options::default() };
        assert_eq!(read(b"a;b/c;d", &told).unwrap().0, ["a;b", "c;d"]);
    }

    #[test]
    fn a_workbook_that_unpacks_to_more_than_it_says_or_than_is_read_is_refused() {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("[Content_Types].xml", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, &[b' '; 1500]).unwrap();
        archive.start_file("_rels/.rels", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, &[b' '; 1500]).unwrap();
        let mut bytes = archive.finish().unwrap().into_inner();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        assert_eq!(refuse_larger(file.path(), 3000), Ok(()));
        assert!(refuse_larger(file.path(), 2999).unwrap_err().contains("unpacked"));
        // The sizes of both, in the list at the end.
        for place in 0..bytes.len() {
            if bytes[place..].starts_with(b"PK\x01\x02") {
                bytes[place + 24..place + 28].copy_from_slice(&1_u32.to_le_bytes());
            }
        }
        assert!(read(&bytes, &Options::default()).unwrap_err().contains("declared"));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(read(b"", &Options::default()).unwrap_err(), "it is empty");
        assert_eq!(read(b"\n;;\n", &Options::default()).unwrap_err(), "it is empty");
        assert!(read(b"\xD0\xCF\x11\xE0 and more", &Options::default()).unwrap_err().contains(".xlsx"));
        assert!(read(b"PK\x03\x04 but nothing else", &Options::default()).unwrap_err().contains("workbook"));
        // A quotation mark that is never closed makes one long cell of all that follows.
        let (_, lines) = read(b"a,b\n1,\"x\n2,y\n", &Options::default()).unwrap();
        assert_eq!(lines.len(), 1);
    }
}
