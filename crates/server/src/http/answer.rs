//! What an operation answers: JSON that was written while the rows were still at hand.

use std::marker::PhantomData;

use bytes::Bytes;
use gymkeeper_contract::{common::Slice, openapi::Described};
use serde::Serialize;

use super::failure::Failure;

/// An answer of the type `A`, already serialized on the thread that read the rows.
#[derive(Debug)]
pub struct Answer<A> {
    body: Bytes,
    kind: PhantomData<fn() -> A>,
}

/// The answer of operations that have none.
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

impl Answer<Nothing> {
    /// 200 without a body (ERR-8).
    pub fn empty() -> Self {
        Self { body: Bytes::new(), kind: PhantomData }
    }
}

impl<A> Answer<A> {
    /// The value as JSON.
    ///
    /// # Errors
    /// When the value cannot be serialized, which only a programming mistake can cause.
    pub fn json(value: &impl Serialize) -> Result<Self, Failure> {
        let body =
            serde_json::to_vec(value).map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))?;
        Ok(Self { body: body.into(), kind: PhantomData })
    }

    /// A value of the type `A` that was serialized before.
    pub fn written(body: Bytes) -> Self {
        Self { body, kind: PhantomData }
    }

    /// The serialized text.
    pub fn into_body(self) -> Bytes {
        self.body
    }
}

/// Adds an answer of the type `A` to an operation's description; [`Nothing`] is no body.
pub(super) fn describe<A: schemars::JsonSchema + 'static>(described: Described) -> Described {
    if std::any::TypeId::of::<A>() == std::any::TypeId::of::<Nothing>() { described } else { described.answer::<A>() }
}

impl schemars::JsonSchema for Nothing {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Nothing".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::Schema::default()
    }
}

/// How the envelope of a slice begins.
const ENVELOPE: &str = r#"{"result":["#;
/// What a slice mostly needs at least, in bytes.
const SLICE_BYTES: usize = 16 * 1024;

/// A JSON array that grows row by row, so that a list needs no vector of structs.
#[derive(Debug)]
pub struct JsonList {
    text: Vec<u8>,
    count: usize,
}

impl Default for JsonList {
    fn default() -> Self {
        Self::begun("[", 0)
    }
}

impl JsonList {
    /// A list whose elements take so many bytes together, with what is between them.
    pub(super) fn of_bytes(bytes: usize) -> Self {
        Self::begun("[", bytes + 2)
    }

    /// A list that will end as a slice.
    pub(super) fn slice() -> Self {
        Self::begun(ENVELOPE, SLICE_BYTES)
    }

    fn begun(with: &str, bytes: usize) -> Self {
        let mut text = Vec::with_capacity(bytes.max(with.len()));
        text.extend_from_slice(with.as_bytes());
        Self { text, count: 0 }
    }

    /// Adds one element.
    ///
    /// # Errors
    /// As [`Answer::json`].
    pub fn push(&mut self, element: &impl Serialize) -> Result<(), Failure> {
        if self.count > 0 {
            self.text.push(b',');
        }
        self.count += 1;
        serde_json::to_writer(&mut self.text, element)
            .map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))
    }

    /// Adds an element that was written before.
    pub fn push_written(&mut self, element: &[u8]) {
        if self.count > 0 {
            self.text.push(b',');
        }
        self.count += 1;
        self.text.extend_from_slice(element);
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The array in the envelope of a slice, as which it was begun.
    pub(super) fn finish_slice<A>(mut self, has_next: bool, offset: &str) -> Answer<Slice<A>> {
        let offset = serde_json::Value::from(offset);
        self.text.extend_from_slice(format!(r#"],"hasNext":{has_next},"offset":{offset}}}"#).as_bytes());
        Answer { body: self.text.into(), kind: PhantomData }
    }

    /// The bare array.
    pub fn finish<A>(mut self) -> Answer<Vec<A>> {
        self.text.push(b']');
        Answer { body: self.text.into(), kind: PhantomData }
    }
}
