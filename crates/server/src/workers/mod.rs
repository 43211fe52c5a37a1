//! What a server does besides answering: jobs that are due, webhooks, the books it keeps, and customers who are drawn ahead.
//!
//! Every server process runs all workers. What must be done by one of them only is claimed in the database.

pub mod books;
pub mod clock;
pub mod jobs;
pub mod webhooks;

use std::sync::Arc;

use tokio::{sync::watch, task::JoinHandle};

use crate::{app::App, http::customers::ahead};

/// The running workers of a process.
pub struct Workers {
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts all workers.
    pub fn start(app: &Arc<App>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let running = vec![
            tokio::spawn(jobs::run(Arc::clone(app), stopped.clone())),
            tokio::spawn(webhooks::run(Arc::clone(app), stopped.clone())),
            tokio::spawn(books::run(Arc::clone(app), stopped.clone())),
            tokio::spawn(ahead::run(Arc::clone(app), stopped)),
        ];
        Self { stop, running }
    }

    /// Tells the workers to stop and waits until each has finished what it was doing.
    pub async fn stop(self) {
        // Nobody listens when all of them have ended already.
        let _ = self.stop.send(true);
        for worker in self.running {
            if let Err(error) = worker.await {
                tracing::error!(%error, "a worker ended in a panic");
            }
        }
    }
}

/// Waits for a while, or until the process is told to stop; answers whether it goes on.
pub(crate) async fn pause(stopped: &mut watch::Receiver<bool>, time: std::time::Duration) -> bool {
    // An error means that whoever could tell us to stop is gone.
    tokio::time::timeout(time, stopped.wait_for(|stop| *stop)).await.is_err()
}
