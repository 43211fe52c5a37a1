//! `gymkeeper serve`.

use std::{process::ExitCode, sync::Arc};

use gymkeeper_store::db::Db;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use super::{Outcome, Stopped};
use crate::{
    app::App,
    config::Config,
    http::{self, serve},
    workers::Workers,
};

pub(super) fn run(config: Config) -> Outcome {
    start_log(&config)?;
    let db = super::open_existing(&config)?;
    until_stopped(async {
        let server = Server::start(config, db).await?;
        tracing::info!(url = server.url, "serving");
        Ok(server.run().await)
    })
}

/// Waits for a server to end, and closes its database.
pub(super) fn until_stopped(serving: impl Future<Output = Result<Db, Stopped>>) -> Outcome {
    let runtime = runtime()?;
    let db = runtime.block_on(serving)?;
    // Its threads have connections of their own, and SQLite puts the journal into the file when the very last one is closed.
    drop(runtime);
    db.close();
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The runtime of a server.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Stopped> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// A server that listens but does not answer yet.
pub(super) struct Server {
    app: Arc<App>,
    listener: TcpListener,
    tls: Option<tokio_rustls::TlsAcceptor>,
    stop: Option<StopSignals>,
    /// How clients reach it.
    pub(super) url: String,
}

impl Server {
    pub(super) async fn start(config: Config, db: Db) -> Result<Self, Stopped> {
        let listener = serve::listen(&config.listen).await?;
        Self::on(config, db, listener).await
    }

    /// A server on a listener that is there already.
    pub(super) async fn on(config: Config, db: Db, listener: TcpListener) -> Result<Self, Stopped> {
        let tls = match &config.tls {
            Some((certificate, key)) => Some(serve::tls(certificate, key).map_err(Stopped)?),
            None => None,
        };
        let url = if config.public_url.is_empty() {
            format!("{}://{}", if tls.is_some() { "https" } else { "http" }, listener.local_addr()?)
        } else {
            config.public_url.clone()
        };
        // From here on: whoever reads where the server listens may tell it to stop in the same moment.
        let stop = StopSignals::listen();
        let app = App::new(config, db, &url).await?;
        Ok(Self { app, listener, tls, stop, url })
    }

    /// Serves until the process is told to stop, and finishes running requests. What is left is the database.
    pub(super) async fn run(self) -> Db {
        let Self { app, listener, tls, stop, .. } = self;
        let workers = Workers::start(&app);
        serve::serve(&app, listener, http::router(&app), tls, told_to_stop(stop)).await;
        workers.stop().await;
        app.db.clone()
    }
}

/// The signals that stop a server.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Without signals, which the system hardly ever denies, a server runs until it is killed.
    fn listen() -> Option<Self> {
        let (terminate, interrupt) = (signal(SignalKind::terminate()).ok()?, signal(SignalKind::interrupt()).ok()?);
        Some(Self { terminate, interrupt })
    }
}

async fn told_to_stop(signals: Option<StopSignals>) {
    let Some(StopSignals { mut terminate, mut interrupt }) = signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: running requests may finish");
}

/// Begins to log to standard error.
pub(super) fn start_log(config: &Config) -> Result<(), Stopped> {
    let filter = EnvFilter::try_new(&config.log_level)
        .map_err(|error| Stopped(format!("log.level: {:?} is not understood: {error}", config.log_level)))?;
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if config.log_json {
        registry.with(layer.json()).init();
    } else {
        registry.with(layer).init();
    }
    // A panic inside a job is caught and answered; its text belongs into the log like every other failure.
    std::panic::set_hook(Box::new(|panic| tracing::error!(panic = %panic, "panicked")));
    Ok(())
}
