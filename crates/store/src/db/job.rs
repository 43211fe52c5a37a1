//! Work on its way to a database thread, and its answer on the way back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::{DbError, Tx};

/// A closure with the place its answer goes to. The result waits inside until the transaction it belongs to is committed.
pub(super) trait Job: Send {
    /// Runs the closure. `true` asks to keep what it did, `false` to undo it.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Replaces the result by a failure of the transaction around it.
    fn fail(&mut self, error: DbError);
    /// The failure the closure met, when that failure is the database's.
    fn db_error(&self) -> Option<&DbError>;
    /// Sends the result.
    fn answer(self: Box<Self>);
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
}

pub(super) struct Work<T, E, F> {
    closure: F,
    result: Option<Result<T, E>>,
    db_error: Option<DbError>,
    reply: Option<oneshot::Sender<Result<T, E>>>,
}

impl<T, E, F> Work<T, E, F>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    pub(super) fn boxed(closure: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        (Box::new(Self { closure, result: None, db_error: None, reply: Some(reply) }), answer)
    }
}

impl<T, E, F> Job for Work<T, E, F>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.closure)(tx)));
        self.db_error = tx.failed.clone();
        match outcome {
            Ok(result) => {
                let keep = result.is_ok() && self.db_error.is_none();
                self.result = Some(match (result, &self.db_error) {
                    // The closure swallowed an error that the database did not forget.
                    (Ok(_), Some(error)) => Err(error.clone().into()),
                    (result, _) => result,
                });
                keep
            }
            Err(panic) => {
                self.fail(DbError::Panicked(panic_text(&*panic)));
                false
            }
        }
    }

    fn fail(&mut self, error: DbError) {
        self.result = Some(Err(error.clone().into()));
        self.db_error = Some(error);
    }

    fn db_error(&self) -> Option<&DbError> {
        self.db_error.as_ref()
    }

    fn answer(mut self: Box<Self>) {
        let result =
            self.result.take().unwrap_or_else(|| Err(DbError::Closed("the job was dropped".to_owned()).into()));
        if let Some(reply) = self.reply.take() {
            // Nobody listening is fine: the caller went away, the work stands.
            let _ = reply.send(result);
        }
    }

    fn is_abandoned(&self) -> bool {
        self.reply.as_ref().is_none_or(oneshot::Sender::is_closed)
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
