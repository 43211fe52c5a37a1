//! Values that must not be readable in the database: a transaction seals them on their way in and opens them on their way out.
//!
//! The keys and the cipher are the business of whoever runs the database; here is only the way to them, so that a module of
//! the store can keep a sealed column as simply as any other and nobody above it handles sealed bytes.

use std::sync::{Arc, PoisonError, RwLock};

use super::{DbError, Tx};

/// Seals and opens values. A value can be opened only as what it was sealed: the kind of row and the row's id.
pub trait Seal: Send + Sync {
    /// The sealed form of a value that the running transaction stores.
    ///
    /// # Errors
    /// [`DbError::Unusable`] in the operator's words, without anything of the value; the database's.
    fn seal(&self, tx: &mut Tx<'_>, kind: &'static str, id: i64, value: &[u8]) -> Result<Vec<u8>, DbError>;

    /// The value of a sealed form.
    ///
    /// # Errors
    /// [`DbError::Unusable`] when the key is not at hand, or the form was altered or belongs to another row.
    fn open(&self, kind: &'static str, id: i64, sealed: &[u8]) -> Result<Vec<u8>, DbError>;
}

/// What a database seals with, once it has been told.
#[derive(Clone, Default)]
pub(super) struct Sealing(Arc<RwLock<Option<Arc<dyn Seal>>>>);

impl Sealing {
    pub(super) fn set(&self, seal: Arc<dyn Seal>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(seal);
    }

    pub(super) fn get(&self) -> Option<Arc<dyn Seal>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
