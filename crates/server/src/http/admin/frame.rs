//! The frame around every operation of the back office: session, right, body, load, syntax, then the operation.
//!
//! It is the API's frame (`http/frame.rs`) with a member of staff in the place of a key, and shares with it what a request
//! consists of: input, answers, errors, pages, writes with their record, idempotency keys and dry runs. An operation is mounted by
//! its row, and the row says what right it needs, so none can be mounted without saying so.

use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc};

use bytes::Bytes;
use gymkeeper_contract::{
    admin::{self, Operation},
    errors::ErrorCode,
    openapi::Described,
};
use gymkeeper_store::db::Tx;

use super::member::Member;
use crate::{
    actions::change::{Change, Deed},
    app::App,
    http::{
        answer::{self, Answer},
        failure::Failure,
        frame::{Done, Handler},
        input::{BodyLimit, Input, Parts},
        writing::{self, Act, Work},
    },
};

type Run = dyn Fn(Visit) -> Running + Send + Sync;
type Running = Pin<Box<dyn Future<Output = Result<Done, Failure>> + Send>>;

/// A request that has passed the checks of the frame.
pub(super) struct Visit {
    pub(super) app: Arc<App>,
    /// Who makes it; nobody at the door.
    pub(super) member: Option<Member>,
    /// Where it comes from.
    pub(super) address: Option<IpAddr>,
    pub(super) parts: Parts,
}

impl Visit {
    fn member(&self) -> Result<Member, Failure> {
        self.member.clone().ok_or_else(|| ErrorCode::AuthenticationSessionInvalid.into())
    }
}

/// An operation with its handler.
pub struct Mounted {
    /// Its row.
    pub operation: &'static Operation,
    pub(super) body: Option<BodyLimit>,
    pub(super) run: Box<Run>,
    describe: fn(Described) -> Described,
}

impl Mounted {
    fn new<I: Input, A: schemars::JsonSchema + 'static>(operation: &'static Operation, run: Box<Run>) -> Self {
        let describe = |described| answer::describe::<A>(I::describe(described));
        Self { operation, body: I::BODY, run, describe }
    }

    /// What the OpenAPI document says about it.
    pub fn described(&self) -> Described {
        let described = Described::new(self.operation);
        let described = if self.operation.is_of_studio() {
            described.path_parameter::<i64>(admin::STUDIO, "The id of the studio.")
        } else {
            described
        };
        (self.describe)(described)
    }
}

/// An operation whose answer has links to files, as a handler of any kind.
macro_rules! with_links {
    ($links:expr, $handler:path) => {{
        let links = std::sync::Arc::clone($links);
        move |tx: &mut _, member: &_, input: &_| $handler(&links, tx, member, input)
    }};
}
pub(super) use with_links;

/// Mounts an operation that only reads.
pub(super) fn read<I, A>(operation: &'static Operation, handler: impl Handler<Member, I, A>) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
{
    let handler = Arc::new(handler);
    let run: Box<Run> = Box::new(move |visit| {
        let look = look(&visit, &handler);
        Box::pin(async move { run_look(&visit, look?).await })
    });
    Mounted::new::<I, A>(operation, run)
}

/// An operation with its input, for a read. From here on nothing is compiled for each operation anew.
type Look = Box<dyn FnMut(&mut Tx<'_>, &Member) -> Result<Bytes, Failure> + Send>;

fn look<I, A>(visit: &Visit, handler: &Arc<impl Handler<Member, I, A>>) -> Result<Look, Failure>
where
    I: Input,
    A: 'static,
{
    visit.app.db.admit_read()?;
    visit.member()?;
    let (input, handler) = (I::parse(&visit.parts)?, Arc::clone(handler));
    Ok(Box::new(move |tx, member| handler(tx, member, &input).map(Answer::into_body)))
}

async fn run_look(visit: &Visit, mut look: Look) -> Result<Done, Failure> {
    let member = visit.member()?;
    let body = visit.app.db.read(move |tx| {
        let member = member.confirmed(tx)?;
        look(tx, &member)
    });
    Ok(Done::plain(body.await?))
}

/// The input of a write, and who makes it.
fn wanted<I: Input>(visit: &Visit) -> Result<(Member, I), Failure> {
    visit.app.db.admit_write()?;
    Ok((visit.member()?, I::parse(&visit.parts)?))
}

/// What the journal is told of a read of personal data: who read is known, and what was read stays out.
pub(super) struct Reading<I> {
    /// What was done, such as `customer.read`.
    pub(super) action: &'static str,
    /// What it was done to: its kind, and its id from the input.
    pub(super) subject: (&'static str, fn(&I) -> i64),
}

/// Mounts a read of personal data. It leaves a record of who has looked at whom, when it is answered and only then.
pub(super) fn personal_read<I, A>(
    operation: &'static Operation,
    reading: Reading<I>,
    handler: impl Handler<Member, I, A>,
) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
{
    let (handler, reading) = (Arc::new(handler), Arc::new(reading));
    Mounted::new::<I, A>(
        operation,
        Box::new(move |visit| {
            let (handler, reading) = (Arc::clone(&handler), Arc::clone(&reading));
            let work = wanted::<I>(&visit).map(|(member, input)| {
                let work: Work<Member> = Box::new(move |change, member| {
                    let body = handler(change.tx, member, &input)?.into_body();
                    let (kind, id) = reading.subject;
                    let deed = Deed::new(reading.action).subject(kind, id(&input));
                    let of_studio = operation.is_of_studio();
                    change.record(if of_studio { deed.studio(member.studio()?.id) } else { deed });
                    Ok(body)
                });
                (member, work)
            });
            Box::pin(async move {
                let (member, work) = work?;
                let body = writing::change(&visit.app, member, visit.parts.trace, false, work).await?;
                Ok(Done::plain(body))
            })
        }),
    )
}

/// Mounts an operation that changes data. The change is kept when the handler answers, and undone when it refuses.
pub(super) fn write<I, A>(operation: &'static Operation, handler: impl Act<Member, I, A>) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
{
    let handler = Arc::new(handler);
    let describe = |described| answer::describe::<A>(writing::describe(I::describe(described)));
    let run: Box<Run> = Box::new(move |visit| {
        let handler = Arc::clone(&handler);
        let wanted = wanted(&visit).map(|(member, input)| (member, writing::work(input, handler)));
        Box::pin(async move {
            let (member, work) = wanted?;
            writing::run(&visit.app, operation.id, member, &visit.parts, work).await
        })
    });
    Mounted { describe, ..Mounted::new::<I, A>(operation, run) }
}

/// A request to an operation that cannot do all of its work in one transaction, because it hashes a password or stores a file.
pub(super) struct Call<I> {
    pub(super) app: Arc<App>,
    pub(super) member: Member,
    pub(super) input: I,
    trace: u64,
    /// Whether nothing of it is to be kept.
    pub(super) dry_run: bool,
}

impl<I> Call<I> {
    /// Reads in a transaction of its own, if the session and the right still hold.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, &Member) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let member = self.member.clone();
        self.app
            .db
            .read(move |tx| {
                let member = member.confirmed(tx)?;
                work(tx, &member)
            })
            .await
    }

    /// Makes a change in a transaction of its own, if the session and the right still hold.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Change<'_, '_>, &Member) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        writing::change(&self.app, self.member.clone(), self.trace, self.dry_run, work).await
    }
}

/// Mounts an operation with passwords or files, or one that shows a secret once. It takes no idempotency key: a fingerprint of its
/// body would be a fast hash of the password, and an answer that is kept might hold the secret.
pub(super) fn by_steps<I, A, F>(operation: &'static Operation, handler: fn(Call<I>) -> F) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
    F: Future<Output = Result<Answer<A>, Failure>> + Send + 'static,
{
    let describe = |described| answer::describe::<A>(writing::describe_dry_run(I::describe(described)));
    let run: Box<Run> = Box::new(move |visit| {
        Box::pin(async move {
            visit.app.db.admit_write()?;
            let (member, input) = (visit.member()?, I::parse(&visit.parts)?);
            let dry_run = writing::is_dry_run(&visit.parts.headers)?;
            let call = Call { app: visit.app, member, input, trace: visit.parts.trace, dry_run };
            Ok(Done { dry_run, ..Done::plain(handler(call).await?.into_body()) })
        })
    });
    Mounted { describe, ..Mounted::new::<I, A>(operation, run) }
}

/// A request at the door, by somebody who is not known yet.
pub(super) struct Guest<I> {
    pub(super) app: Arc<App>,
    pub(super) input: I,
    pub(super) address: Option<IpAddr>,
    pub(super) parts: Parts,
}

/// Mounts an operation that needs no session.
pub(super) fn open<I, A, F>(operation: &'static Operation, handler: fn(Guest<I>) -> F) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
    F: Future<Output = Result<Answer<A>, Failure>> + Send + 'static,
{
    Mounted::new::<I, A>(
        operation,
        Box::new(move |visit| {
            Box::pin(async move {
                visit.app.db.admit_write()?;
                let input = I::parse(&visit.parts)?;
                let guest = Guest { app: visit.app, input, address: visit.address, parts: visit.parts };
                Ok(Done::plain(handler(guest).await?.into_body()))
            })
        }),
    )
}
