//! The two ways to page through a list (PAG-1 to PAG-8): by the id of the last row, or by a running index.
//!
//! Neither counts the list. Both fetch one row more than asked for, which is how `hasNext` is exact.

use gymkeeper_contract::{
    common::Slice,
    errors::{Argument, ErrorCode},
    openapi::Described,
};
use serde::Serialize;

use super::{
    answer::{Answer, JsonList},
    failure::{Failure, Refusal},
    input::{Input, Parts, query_value},
};

/// How many rows a list hands out at a time (PAG-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceSize {
    /// Fewest rows that may be asked for.
    pub least: i64,
    /// Rows when nothing is asked for.
    pub default: i64,
    /// Most rows that may be asked for.
    pub most: i64,
}

/// Lists of customers.
pub const CUSTOMERS: SliceSize = SliceSize { least: 50, default: 100, most: 500 };
/// Lists of inventory: classes, slots, bookable appointments, trial offers, online offers, employees.
pub const INVENTORY: SliceSize = SliceSize { least: 10, default: 50, most: 100 };
/// Lists of what happened: check-ins, transactions, documents, debtors.
pub const HISTORY: SliceSize = SliceSize { least: 1, default: 10, most: 50 };

/// A slice that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceRequest {
    /// Rows asked for.
    pub size: i64,
    /// The cursor or index; 0 for the beginning.
    pub offset: i64,
}

impl SliceRequest {
    /// Reads `sliceSize` and `offset`.
    ///
    /// # Errors
    /// Refuses a size outside the bounds and an offset that is no whole number from 0 up (PAG-5, PAG-7).
    pub fn parse(parts: &Parts, bounds: SliceSize) -> Result<Self, Failure> {
        let size = match query_value(&parts.query, "sliceSize") {
            None => bounds.default,
            Some(text) => {
                text.parse().ok().filter(|size| (bounds.least..=bounds.most).contains(size)).ok_or_else(|| {
                    Refusal::new(ErrorCode::ValidationSliceSizeOutOfRange)
                        .with(Argument::Integer(bounds.least))
                        .with(Argument::Integer(bounds.most))
                        .at("sliceSize")
                })?
            }
        };
        let offset = match query_value(&parts.query, "offset") {
            None => 0,
            Some(text) => text
                .parse()
                .ok()
                .filter(|offset| *offset >= 0)
                .ok_or_else(|| Refusal::new(ErrorCode::ValidationOffsetInvalid).at("offset"))?,
        };
        Ok(Self { size, offset })
    }

    /// Rows to fetch: one more than asked for.
    pub fn fetch(self) -> i64 {
        self.size + 1
    }

    /// The id below which a list with the newest first goes on; all of them for the beginning.
    pub fn before(self) -> i64 {
        if self.offset == 0 { i64::MAX } else { self.offset }
    }

    /// Where an id cursor stands after rows of which the last one kept has that id (PAG-2, PAG-4).
    pub fn next_cursor(self, last_id: Option<i64>) -> String {
        last_id.unwrap_or(self.offset).to_string()
    }

    /// Where an index stands after so many rows (PAG-3, PAG-4).
    pub fn next_index(self, rows: usize) -> String {
        self.offset.saturating_add(i64::try_from(rows).unwrap_or(i64::MAX)).to_string()
    }
}

/// What lists of inventory take: `sliceSize` and `offset` within the bounds of [`INVENTORY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InventorySlice(pub SliceRequest);

impl Input for InventorySlice {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        SliceRequest::parse(parts, INVENTORY).map(Self)
    }

    fn describe(described: Described) -> Described {
        let bound = |rows: i64| i32::try_from(rows).unwrap_or(i32::MAX);
        described.slices(bound(INVENTORY.least), bound(INVENTORY.default), bound(INVENTORY.most))
    }
}

/// A slice that grows row by row into the envelope `{result, hasNext, offset}`.
#[derive(Debug)]
pub struct JsonSlice {
    request: SliceRequest,
    list: JsonList,
    last_id: Option<i64>,
    has_next: bool,
}

impl JsonSlice {
    /// An empty slice.
    pub fn new(request: SliceRequest) -> Self {
        Self { request, list: JsonList::slice(), last_id: None, has_next: false }
    }

    /// Adds a row. The one beyond the size asked for only shows that there are more (PAG-8).
    ///
    /// # Errors
    /// When the element cannot be serialized.
    pub fn push(&mut self, id: i64, element: &impl Serialize) -> Result<(), Failure> {
        if self.has_room(id) { self.list.push(element) } else { Ok(()) }
    }

    /// As [`Self::push`], a row that was written before.
    pub fn push_written(&mut self, id: i64, element: &[u8]) {
        if self.has_room(id) {
            self.list.push_written(element);
        }
    }

    fn has_room(&mut self, id: i64) -> bool {
        if i64::try_from(self.list.len()).is_ok_and(|rows| rows >= self.request.size) {
            self.has_next = true;
            return false;
        }
        self.last_id = Some(id);
        true
    }

    /// The slice of a list that is paged by id (PAG-2).
    pub fn finish_by_id<A>(self) -> Answer<Slice<A>> {
        let offset = self.request.next_cursor(self.last_id);
        self.finish(offset)
    }

    /// The slice of a list that is paged by a running index (PAG-3).
    pub fn finish_by_index<A>(self) -> Answer<Slice<A>> {
        let offset = self.request.next_index(self.list.len());
        self.finish(offset)
    }

    fn finish<A>(self, offset: String) -> Answer<Slice<A>> {
        self.list.finish_slice(self.has_next, &offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages through a list of so many rows with ids 10, 20, 30 ... and answers the rows, hasNext and offset of each slice.
    fn slices(rows: i64, size: i64, by_id: bool) -> Vec<(usize, bool, String)> {
        let (mut offset, mut found) = (0, Vec::new());
        loop {
            let request = SliceRequest { size, offset };
            let ids = (1..=rows).map(|n| n * 10);
            let fetch = usize::try_from(request.fetch()).unwrap();
            let skipped = if by_id { 0 } else { usize::try_from(offset).unwrap() };
            let mut slice = JsonSlice::new(request);
            for id in ids.filter(|id| !by_id || *id > offset).skip(skipped).take(fetch) {
                slice.push(id, &id).unwrap();
            }
            let answer: Answer<Slice<i64>> = if by_id { slice.finish_by_id() } else { slice.finish_by_index() };
            let value: serde_json::Value = serde_json::from_slice(&answer.into_body()).unwrap();
            let next = value["offset"].as_str().unwrap().to_owned();
            let more = value["hasNext"].as_bool().unwrap();
            found.push((value["result"].as_array().unwrap().len(), more, next.clone()));
            offset = next.parse().unwrap();
            if !more {
                return found;
            }
        }
    }

    #[test]
    fn pag_2_3_4_and_8_both_ways_to_page_end_exactly() {
        let slice = |rows, more, offset: &str| (rows, more, offset.to_owned());
        assert_eq!(slices(120, 50, true), [slice(50, true, "500"), slice(50, true, "1000"), slice(20, false, "1200")]);
        assert_eq!(slices(100, 50, true), [slice(50, true, "500"), slice(50, false, "1000")]);
        assert_eq!(slices(120, 50, false), [slice(50, true, "50"), slice(50, true, "100"), slice(20, false, "120")]);
        assert_eq!(slices(100, 50, false), [slice(50, true, "50"), slice(50, false, "100")]);
        assert_eq!(slices(0, 50, true), [slice(0, false, "0")]);
        assert_eq!(slices(0, 50, false), [slice(0, false, "0")]);
    }

    fn parse(query: &str, bounds: SliceSize) -> Result<SliceRequest, ErrorCode> {
        let parts = Parts {
            path: Vec::new(),
            query: query.to_owned(),
            headers: std::sync::Arc::default(),
            body: bytes::Bytes::new(),
            trace: 1,
        };
        SliceRequest::parse(&parts, bounds).map_err(|failure| match failure {
            Failure::Refused(refusal) => refusal.code,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn pag_5_bounds_hold_at_their_edges() {
        for (bounds, least, default, most) in
            [(CUSTOMERS, 50, 100, 500), (INVENTORY, 10, 50, 100), (HISTORY, 1, 10, 50)]
        {
            assert_eq!(parse("", bounds).map(|s| s.size), Ok(default));
            assert_eq!(parse(&format!("sliceSize={least}"), bounds).map(|s| s.size), Ok(least));
            assert_eq!(parse(&format!("sliceSize={most}"), bounds).map(|s| s.size), Ok(most));
            for wrong in [least - 1, most + 1, -1] {
                let found = parse(&format!("sliceSize={wrong}"), bounds);
                assert_eq!(found, Err(ErrorCode::ValidationSliceSizeOutOfRange), "{wrong}");
            }
            assert_eq!(parse("sliceSize=ten", bounds), Err(ErrorCode::ValidationSliceSizeOutOfRange));
        }
    }

    #[test]
    fn pag_7_offsets_are_whole_numbers_from_nought_up() {
        assert_eq!(parse("offset=0", HISTORY).map(|s| s.offset), Ok(0));
        assert_eq!(parse("offset=9223372036854775807", HISTORY).map(|s| s.offset), Ok(i64::MAX));
        for wrong in ["-1", "x", "1.5", "9223372036854775808", "%20"] {
            assert_eq!(parse(&format!("offset={wrong}"), HISTORY), Err(ErrorCode::ValidationOffsetInvalid), "{wrong}");
        }
    }

    #[test]
    fn cli_1_an_empty_value_is_absent_and_unknown_parameters_are_ignored() {
        assert_eq!(parse("offset=&sliceSize=&foo=bar&baz", HISTORY), Ok(SliceRequest { size: 10, offset: 0 }));
    }

    #[test]
    fn escapes_are_decoded_and_broken_ones_left_alone() {
        assert_eq!(query_value("a=x%20y+z", "a").unwrap(), "x y z");
        assert_eq!(query_value("a=100%", "a").unwrap(), "100%");
        assert_eq!(query_value("a=%zz%4", "a").unwrap(), "%zz%4");
        assert_eq!(query_value("a=%C3%BC", "a").unwrap(), "ü");
    }
}
