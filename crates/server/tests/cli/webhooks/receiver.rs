//! A receiver of webhooks on threads of its own.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;

/// A request that arrived.
#[derive(Debug, Clone)]
pub(super) struct Got {
    pub(super) path: String,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Got {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A server that answers every request with one status, after a while.
pub(super) struct Receiver {
    address: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    pub(super) fn start(status: u16, after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let got = Arc::new(Mutex::new(Vec::new()));
        let noting = Arc::clone(&got);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let got = Arc::clone(&noting);
                std::thread::spawn(move || while answer(&stream, &got, status, after).is_some() {});
            }
        });
        Self { address, got }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub(super) fn count(&self) -> usize {
        self.got.lock().unwrap().len()
    }
}

/// Answers one request; nothing when the connection is over.
fn answer(stream: &TcpStream, got: &Mutex<Vec<Got>>, status: u16, after: Duration) -> Option<()> {
    // Whoever waits for the answer sends nothing more, so nothing is lost in the reader.
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let path = lines.first()?.split(' ').nth(1)?.to_owned();
    let header = |line: &String| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let mut request = Got { path, headers: lines.iter().filter_map(header).collect(), body: String::new() };
    let mut body = vec![0; request.header("content-length").parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    got.lock().unwrap().push(request);
    std::thread::sleep(after);
    let mut out = stream;
    out.write_all(format!("HTTP/1.1 {status} Said\r\ncontent-length: 4\r\n\r\nsaid").as_bytes()).ok()
}
