//! A receiver of webhooks: a real HTTP server that answers as a test wants and notes what it got.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// How a receiver answers.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// With this status and a short body.
    Status(u16),
    /// With a redirect to that URL.
    Redirect(String),
    /// With 200 and this many bytes.
    Huge(usize),
    /// With 200, one byte after the other, this long after each.
    Slowly(Duration),
    /// Not at all, but the connection stays.
    Hang,
    /// Not at all; the connection is reset.
    Reset,
    /// With 200 as soon as somebody says so.
    When(Arc<Notify>),
}

/// A request that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) request_line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The entity that the event is about.
    pub(crate) fn entity(&self) -> i64 {
        self.json()["entityId"].as_i64().unwrap()
    }

    /// The type of the event.
    pub(crate) fn kind(&self) -> String {
        self.json()["payload"][0]["type"].as_str().unwrap().to_owned()
    }
}

type Decide = dyn Fn(usize, &Got) -> Reply + Send + Sync;

/// A server on a port of its own, which ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    /// A receiver that takes everything.
    pub(crate) async fn start() -> Self {
        Self::replying(|_, _| Reply::Status(200)).await
    }

    /// A receiver that decides by the number of the request, from 0, and by the request itself.
    pub(crate) async fn replying(decide: impl Fn(usize, &Got) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (got, decide): (_, Arc<Decide>) = (Arc::new(Mutex::new(Vec::new())), Arc::new(decide));
        let receiver = Self { url, got: Arc::clone(&got) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, Arc::clone(&got), Arc::clone(&decide)));
            }
        });
        receiver
    }

    /// What arrived so far.
    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// The entities of what arrived so far.
    pub(crate) fn entities(&self) -> Vec<i64> {
        self.got().iter().map(Got::entity).collect()
    }

    /// Waits until so many requests arrived.
    pub(crate) async fn has(&self, count: usize) -> Vec<Got> {
        super::until(&format!("{count} requests arrived"), async || {
            let got = self.got();
            (got.len() >= count).then_some(got)
        })
        .await
    }
}

async fn connection(stream: TcpStream, got: Arc<Mutex<Vec<Got>>>, decide: Arc<Decide>) {
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await {
        let reply = {
            let mut got = got.lock().unwrap();
            got.push(request.clone());
            decide(got.len() - 1, &request)
        };
        if !answer(&mut stream, reply).await {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Got> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let header = |line: &String| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: Vec<(String, String)> = lines.iter().filter_map(header).collect();
    let mut request = Got { request_line: lines.first()?.clone(), headers, body: String::new() };
    let mut body = vec![0; request.header("content-length").parse().unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    request.body = String::from_utf8(body).unwrap();
    Some(request)
}

/// Answers whether the connection goes on.
async fn answer(stream: &mut BufReader<TcpStream>, reply: Reply) -> bool {
    let whole = |status: u16, more: &str, body: &str| {
        let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        format!("HTTP/1.1 {status} Said\r\n{more}{length}\r\n{body}")
    };
    let text = match reply {
        Reply::Status(204) => whole(204, "", ""),
        Reply::Status(status) => whole(status, "", &format!("this is {status}")),
        Reply::Redirect(url) => whole(302, &format!("location: {url}\r\n"), ""),
        Reply::Huge(bytes) => whole(200, "", &"x".repeat(bytes)),
        Reply::When(told) => {
            told.notified().await;
            whole(200, "", "")
        }
        Reply::Slowly(pause) => {
            for byte in whole(200, "", "slow").bytes() {
                tokio::time::sleep(pause).await;
                if stream.write_all(&[byte]).await.is_err() {
                    return false;
                }
            }
            return true;
        }
        Reply::Hang => {
            // Until the other side has had enough.
            let _ = stream.read_u8().await;
            return false;
        }
        Reply::Reset => {
            stream.get_ref().set_zero_linger().unwrap();
            return false;
        }
    };
    stream.write_all(text.as_bytes()).await.is_ok()
}
