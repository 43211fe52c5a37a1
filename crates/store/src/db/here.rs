//! Short reads of SQLite on the thread that asks for them, so that no other thread has to be woken.
//!
//! Whoever asks lays the read aside and gives way once. Meanwhile the thread takes up what else it has to do, which may lay reads
//! aside, too. Whoever comes back first makes all of them, in one snapshot: its locks are system calls, and they are dear.
//!
//! A thread that serves requests must not be held up. All reads that are made together have [`AT_ONCE`]; whichever is stopped by
//! that, or by a lock, goes to the reader threads and begins anew there, and so do those whose turn has not come by then.
//!
//! A thread that has read keeps its connection until it ends, because prepared statements cannot leave the thread they were made on.

use std::{
    cell::RefCell,
    convert::Infallible,
    path::{Path, PathBuf},
    pin::Pin,
    rc::Rc,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use tokio::sync::oneshot::{self, error::TryRecvError};

use super::{
    DbError, Options, closed,
    deadline::{self, Deadline},
    job::Job,
    sqlite::{self, Snapshots},
};

/// So long may reads hold up the thread that asks for them.
const AT_ONCE: Duration = Duration::from_millis(2);
/// So many steps a statement makes between two looks at that. They are few, because each may wait for the disk.
const STEPS: i32 = 250;

type Jobs = Vec<Box<dyn Job>>;

/// Where reads of one database are laid aside.
pub(super) struct Here {
    path: PathBuf,
    options: Options,
    /// A thread uses the same one each time, and threads that serve requests rarely share one.
    asides: Vec<Mutex<Jobs>>,
}

/// A connection of one thread.
struct Reader {
    of: Weak<Here>,
    /// What it is to read next, and, once it has, what took too long.
    jobs: Rc<RefCell<Jobs>>,
    /// Reads each time it is polled.
    work: Pin<Box<dyn Future<Output = Infallible>>>,
}

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static THREAD: usize = THREADS.fetch_add(1, Ordering::Relaxed);
    static READERS: RefCell<Vec<Reader>> = const { RefCell::new(Vec::new()) };
}

impl Here {
    pub(super) fn new(path: &Path, options: &Options) -> Arc<Self> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let asides = (0..threads).map(|_| Mutex::default()).collect();
        Arc::new(Self { path: path.to_owned(), options: options.clone(), asides })
    }

    /// Makes a read with those that others on this thread ask for, and awaits its answer. `late` gets what takes too long.
    ///
    /// # Errors
    /// [`DbError::Busy`] when too many are laid aside, [`DbError::Closed`] when the read was let go of.
    pub(super) async fn ask<T>(
        self: &Arc<Self>,
        job: Box<dyn Job>,
        mut answer: oneshot::Receiver<T>,
        late: impl FnMut(Box<dyn Job>),
    ) -> Result<T, DbError> {
        let aside = &self.asides[THREAD.with(|number| number % self.asides.len())];
        {
            let mut jobs = lock(aside);
            if jobs.len() >= self.options.queue {
                return Err(DbError::Busy);
            }
            jobs.push(job);
        }
        tokio::task::yield_now().await;
        match answer.try_recv() {
            Ok(answer) => return Ok(answer),
            Err(TryRecvError::Closed) => return Err(closed()),
            Err(TryRecvError::Empty) => {}
        }
        // Whoever has taken the read from there answers it.
        let jobs = std::mem::take(&mut *lock(aside));
        if !jobs.is_empty() {
            self.read(jobs).into_iter().for_each(late);
        }
        answer.await.map_err(|_| closed())
    }

    /// Lets go of all reads that are laid aside.
    pub(super) fn clear(&self) {
        self.asides.iter().for_each(|aside| lock(aside).clear());
    }

    /// Makes these reads with this thread's connection. What is left over took too long.
    fn read(self: &Arc<Self>, jobs: Jobs) -> Jobs {
        // It is away while it reads: one that panics is not put back.
        let known = READERS.with_borrow_mut(|readers| {
            let place = readers.iter().position(|reader| reader.of.as_ptr() == Arc::as_ptr(self))?;
            Some(readers.swap_remove(place))
        });
        let mut reader = known.unwrap_or_else(|| self.reader());
        *reader.jobs.borrow_mut() = jobs;
        let Poll::Pending = reader.work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let left = reader.jobs.take();
        READERS.with_borrow_mut(|readers| {
            readers.retain(|reader| reader.of.strong_count() > 0);
            readers.push(reader);
        });
        left
    }

    fn reader(self: &Arc<Self>) -> Reader {
        let jobs = Rc::new(RefCell::new(Jobs::new()));
        let work = Box::pin(work(self.path.clone(), self.options.clone(), Rc::clone(&jobs)));
        Reader { of: Arc::downgrade(self), jobs, work }
    }
}

fn lock(aside: &Mutex<Jobs>) -> std::sync::MutexGuard<'_, Jobs> {
    aside.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Each poll reads what is to be read. A function like this may hold a connection and the statements that borrow it, which a
/// struct may not.
async fn work(path: PathBuf, options: Options, jobs: Rc<RefCell<Jobs>>) -> Infallible {
    // Another process that has the file to itself, as after a crash, is waited for elsewhere.
    let mut connection = match sqlite::connect(&path, true, AT_ONCE, &options) {
        Ok(connection) => connection,
        Err(error) => {
            // The reader threads, who have theirs, get everything, and will until this thread ends.
            tracing::warn!(%error, "a thread that serves requests cannot read the database by itself");
            return std::future::pending().await;
        }
    };
    let deadline = Deadline::watch(&mut connection, STEPS);
    let mut snapshots = Snapshots::new(&connection, &deadline);
    loop {
        let until = deadline::after(AT_ONCE);
        let mut late = Jobs::new();
        snapshots.read(
            jobs.take(),
            || (!deadline::has_come(until)).then_some(until),
            |job| match job.db_error() {
                Some(DbError::Timeout | DbError::Busy) => late.push(job),
                _ => job.answer(),
            },
        );
        jobs.replace(late);
        give_way().await;
    }
}

/// Ends a poll.
async fn give_way() {
    let mut polled = false;
    std::future::poll_fn(|_| if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}
