//! Listening: connections with limits, TLS if configured, and an end that lets running requests finish.

use std::{future::Future, io, path::Path, sync::Arc, time::Duration};

use axum::{Router, http::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::Semaphore,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

use tower::ServiceExt as _;

use super::peer::Peer;
use crate::app::App;

/// Running requests get that long to finish when the server stops.
const FINISH: Duration = Duration::from_secs(30);

/// Serves connections until `stop` is done, then waits for running requests.
pub async fn serve(
    app: &Arc<App>,
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(app.config.connections));
    let graceful = GracefulShutdown::new();
    let builder = Arc::new(connection_builder(app));
    tokio::pin!(stop);
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = async {
                let place = place.await;
                (listener.accept().await, place)
            } => accepted,
        };
        let (Ok((stream, peer)), Ok(place)) = accepted else {
            // Out of file descriptors, most likely; a moment's rest beats a busy loop.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (app, builder, router) = (Arc::clone(app), Arc::clone(&builder), router.clone());
        let peer = Peer(peer.ip());
        let (watcher, tls) = (graceful.watcher(), tls.clone());
        tokio::spawn(async move {
            app.metrics.connections.inc();
            match tls {
                None => connection(&builder, stream, peer, router, watcher).await,
                Some(tls) => {
                    let limit = Duration::from_secs(app.config.request_seconds);
                    if let Ok(Ok(stream)) = tokio::time::timeout(limit, tls.accept(stream)).await {
                        connection(&builder, stream, peer, router, watcher).await;
                    }
                }
            }
            app.metrics.connections.dec();
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(FINISH, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

fn connection_builder(app: &App) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    let limit = Duration::from_secs(app.config.request_seconds);
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limit)
        .max_buf_size(app.config.header_bytes)
        .half_close(false)
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(app.config.header_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(Some(limit))
        .max_concurrent_streams(128);
    builder
}

async fn connection(
    builder: &auto::Builder<TokioExecutor>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = TowerToHyperService::new(router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request
    }));
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection.into_owned()).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Listens on an address.
///
/// # Errors
/// With a sentence that says what to do when the address is taken.
pub async fn listen(address: &str) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => io::Error::new(
            error.kind(),
            format!(
                "{address} is taken by another program; choose another port (demo: --port; serve: listen in the \
                 configuration, or GYMKEEPER_LISTEN)"
            ),
        ),
        io::ErrorKind::PermissionDenied => {
            io::Error::new(error.kind(), format!("no permission to listen on {address}; ports below 1024 need one"))
        }
        _ => io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")),
    })
}

/// Reads the certificate chain and its key.
///
/// # Errors
/// Says which file is wrong.
pub fn tls(certificate: &Path, key: &Path) -> Result<TlsAcceptor, String> {
    let wrong = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| wrong(certificate, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, &error))?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| wrong(certificate, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
