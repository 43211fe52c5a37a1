//! Requests that the server makes: to URLs that users of a gym have chosen, and therefore with suspicion.
//!
//! A name is resolved once, its addresses are filtered, and exactly one of those that passed is connected to. There is no second
//! look-up in between that could answer differently. No proxies, no redirects, no compression, HTTP/1.1 only. Why there is no
//! ready-made client underneath is told in `docs/decisions/0010-outbound-http.md`.

pub mod addresses;
pub mod webhook;

use std::{
    future::{Future, poll_fn},
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::body::Body;
use axum::http::{Request, Uri};
use bytes::Bytes;
use hyper::{
    body::{Body as _, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    rustls::{self, ClientConfig, RootCertStore, pki_types::ServerName},
};

/// Longest URL in characters.
const LONGEST_URL: usize = 2000;
/// So much of an answer's body is read.
const ANSWER_BYTES: usize = 2048;
/// So much of an answer's head is taken.
const HEAD_BYTES: usize = 16 * 1024;

/// Where requests go: a URL that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    host: String,
    port: u16,
    tls: bool,
    /// As the header `Host` has it.
    authority: String,
    path: Uri,
    /// Whether it may lie outside the public internet.
    anywhere: bool,
}

impl Destination {
    /// Checks a URL. A sandbox may have plain HTTP and any address; see [`addresses`]. What a name stands for shows only when it
    /// is connected to.
    ///
    /// # Errors
    /// Says what is wrong with the URL.
    pub fn parse(url: &str, sandbox: bool) -> Result<Self, String> {
        if url.chars().count() > LONGEST_URL {
            return Err(format!("a URL has at most {LONGEST_URL} characters"));
        }
        if url.contains('#') {
            return Err("a URL of a webhook has no fragment (#...)".to_owned());
        }
        if !url.contains("://") {
            return Err(format!("{url:?} does not begin with https://"));
        }
        let uri: Uri = url.parse().map_err(|error| format!("{url:?} is no URL: {error}"))?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if sandbox => false,
            Some("http") => return Err("plain http is for sandbox tenants only; use https".to_owned()),
            _ => return Err(format!("{url:?} does not begin with https://")),
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str()).to_owned();
        if authority.contains('@') {
            return Err("a URL of a webhook holds no user name and password".to_owned());
        }
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_lowercase();
        if host.is_empty() {
            return Err(format!("{url:?} names no host"));
        }
        let port = match uri.port() {
            Some(port) => Some(port.as_u16()).filter(|port| *port > 0).ok_or("0 is no port")?,
            None if uri.host().is_some_and(|host| host.len() < authority.len()) => {
                return Err(format!("{url:?} has no good port"));
            }
            None if tls => 443,
            None => 80,
        };
        let own = host.trim_end_matches('.');
        let literal = own.parse::<IpAddr>().ok();
        let known_private =
            literal.map_or(own == "localhost" || own.ends_with(".localhost"), |literal| !addresses::is_public(literal));
        if known_private && !sandbox {
            return Err(format!("{host} is not on the public internet; only sandbox tenants may use it"));
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let path = path.parse().map_err(|error| format!("{url:?} is no URL: {error}"))?;
        Ok(Self { host, port, tls, authority, path, anywhere: sandbox })
    }
}

/// A URL without its query, which may hold secrets: for records that are kept.
pub fn without_query(url: &str) -> &str {
    url.split_once('?').map_or(url, |(before, _)| before)
}

/// The addresses of a name, or why there are none.
type Resolved = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// What requests are made with. Cloning is cheap.
#[derive(Clone)]
pub struct Outbound {
    resolve: Arc<dyn Fn(String, u16) -> Resolved + Send + Sync>,
    tls: Arc<OnceLock<Result<Arc<ClientConfig>, String>>>,
    limit: Duration,
}

impl Outbound {
    /// Requests that may take so long, each with all that belongs to it.
    pub fn new(limit: Duration) -> Self {
        Self::resolving(limit, |host, port| {
            Box::pin(async move { Ok(tokio::net::lookup_host((host.as_str(), port)).await?.collect()) })
        })
    }

    fn resolving(limit: Duration, resolve: impl Fn(String, u16) -> Resolved + Send + Sync + 'static) -> Self {
        Self { resolve: Arc::new(resolve), tls: Arc::default(), limit }
    }

    /// A line to a destination; it connects with the first request.
    pub fn line(&self, destination: Destination) -> Line {
        Line { outbound: self.clone(), destination, sender: None }
    }

    /// The addresses of a destination that may be connected to.
    async fn addresses(&self, destination: &Destination) -> Result<Vec<SocketAddr>, String> {
        let Destination { host, port, anywhere, .. } = destination;
        let found = match host.parse::<IpAddr>() {
            Ok(literal) => vec![SocketAddr::new(literal, *port)],
            Err(_) => {
                let found = (self.resolve)(host.clone(), *port).await;
                found.map_err(|error| format!("the name {host} cannot be resolved: {error}"))?
            }
        };
        if found.is_empty() {
            return Err(format!("the name {host} has no address"));
        }
        let allowed: Vec<SocketAddr> =
            found.iter().copied().filter(|found| *anywhere || addresses::is_public(found.ip())).collect();
        if allowed.is_empty() {
            let found: Vec<String> = found.iter().map(|found| found.ip().to_string()).collect();
            return Err(format!("{host} is {}, which is not on the public internet", found.join(", ")));
        }
        Ok(allowed)
    }

    /// Connects to the first address that answers.
    async fn connect(&self, destination: &Destination) -> Result<SendRequest<Body>, String> {
        let addresses = self.addresses(destination).await?;
        let mut last = String::new();
        for (tried, address) in addresses.iter().enumerate() {
            // An address that swallows everything must not use up the time of those behind it.
            let left = u32::try_from(addresses.len() - tried).unwrap_or(1);
            match tokio::time::timeout(self.limit / (left + 1), TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return self.speak(destination, stream).await,
                Ok(Err(error)) => last = format!("no connection to {address}: {error}"),
                Err(_) => last = format!("no connection to {address} in time"),
            }
        }
        Err(last)
    }

    async fn speak(&self, destination: &Destination, stream: TcpStream) -> Result<SendRequest<Body>, String> {
        let _ = stream.set_nodelay(true);
        if !destination.tls {
            return shake_hands(stream).await;
        }
        let name = ServerName::try_from(destination.host.trim_end_matches('.').to_owned())
            .map_err(|_| format!("{} is no name that a certificate could have", destination.host))?;
        let connector = TlsConnector::from(self.tls_config().await?);
        let stream = connector.connect(name, stream).await.map_err(|error| format!("no TLS: {error}"))?;
        shake_hands(stream).await
    }

    /// The certificates that the system trusts, read when first needed.
    async fn tls_config(&self) -> Result<Arc<ClientConfig>, String> {
        if let Some(known) = self.tls.get() {
            return known.clone();
        }
        let tls = Arc::clone(&self.tls);
        let read = tokio::task::spawn_blocking(move || tls.get_or_init(read_roots).clone()).await;
        read.unwrap_or_else(|error| Err(error.to_string()))
    }
}

fn read_roots() -> Result<Arc<ClientConfig>, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(found.certs);
    if taken == 0 {
        let errors: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
        return Err(format!("this machine has no certificates to trust ({})", errors.join(", ")));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config = builder.map_err(|error| error.to_string())?.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

async fn shake_hands<S>(stream: S) -> Result<SendRequest<Body>, String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let shaken = http1::Builder::new().max_buf_size(HEAD_BYTES).handshake(TokioIo::new(stream)).await;
    let (sender, connection) = shaken.map_err(|error| error.to_string())?;
    // It ends when the sender is dropped, or an answer that nobody reads to its end.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}

/// What a receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The beginning of the body.
    pub body: String,
}

/// Requests to one destination, one after the other, on one connection as long as it lasts.
pub struct Line {
    outbound: Outbound,
    destination: Destination,
    sender: Option<SendRequest<Body>>,
}

impl Line {
    /// Sends a request with these headers and reads its answer.
    ///
    /// # Errors
    /// Says why there was no answer within the limit.
    pub async fn post(&mut self, headers: &[(&'static str, String)], body: Bytes) -> Result<Answered, String> {
        let limit = self.outbound.limit;
        match tokio::time::timeout(limit, self.exchange(headers, body)).await {
            Ok(answered) => answered,
            Err(_) => {
                self.sender = None;
                Err(format!("no answer within {} ms", limit.as_millis()))
            }
        }
    }

    async fn exchange(&mut self, headers: &[(&'static str, String)], body: Bytes) -> Result<Answered, String> {
        // The receiver may have closed a connection that was kept. That is no failure of this request, which gets a new one.
        if let Some(mut kept) = self.sender.take()
            && kept.ready().await.is_ok()
        {
            match kept.send_request(self.request(headers, body.clone())?).await {
                Ok(response) => return self.read(kept, response).await,
                Err(error) if error.is_canceled() || error.is_closed() || error.is_incomplete_message() => {}
                Err(error) => return Err(in_full(&error)),
            }
        }
        let mut fresh = self.outbound.connect(&self.destination).await?;
        let response = fresh.send_request(self.request(headers, body)?).await.map_err(|error| in_full(&error))?;
        self.read(fresh, response).await
    }

    fn request(&self, headers: &[(&'static str, String)], body: Bytes) -> Result<Request<Body>, String> {
        let Destination { authority, path, .. } = &self.destination;
        let mut request = Request::post(path).header("host", authority);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.body(Body::from(body)).map_err(|error| error.to_string())
    }

    /// Reads the beginning of the body, and keeps the connection if that was all of it.
    async fn read(
        &mut self,
        sender: SendRequest<Body>,
        response: hyper::Response<Incoming>,
    ) -> Result<Answered, String> {
        let (head, mut incoming) = response.into_parts();
        let mut body = Vec::new();
        let whole = loop {
            match poll_fn(|context| Pin::new(&mut incoming).poll_frame(context)).await {
                None => break true,
                // The status has been said; what a body lacks does not change it.
                Some(Err(_)) => break false,
                Some(Ok(frame)) => body.extend_from_slice(frame.data_ref().map_or(&[], |data| data)),
            }
            if body.len() >= ANSWER_BYTES {
                break false;
            }
        };
        body.truncate(ANSWER_BYTES);
        if whole {
            self.sender = Some(sender);
        }
        Ok(Answered { status: head.status.as_u16(), body: String::from_utf8_lossy(&body).into_owned() })
    }
}

/// An error with what caused it.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
