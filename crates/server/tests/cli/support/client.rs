//! One HTTP request on one connection, without a library: a test must see exactly what arrived, also of a server that died.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

/// Where a studio's tags are set.
pub(crate) const TAGS: &str = "/v1/studios/information/tags";

/// The body that sets these tags.
pub(crate) fn tags_body(tags: &[impl AsRef<str>]) -> String {
    let tags: Vec<Value> = tags.iter().map(|name| serde_json::json!({ "name": name.as_ref() })).collect();
    Value::from(tags).to_string()
}

/// The names of the tags that a studio wears, from what the API says about it.
pub(crate) fn tag_names(studio: &Value) -> Vec<String> {
    let tags = studio["studioTags"].as_array().into_iter().flatten();
    tags.map(|tag| tag["name"].as_str().unwrap().to_owned()).collect()
}

/// One request on a connection of its own.
pub(crate) fn call(address: &str, method: &str, path: &str, key: &str, body: &str) -> io::Result<Answer> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(600)))?;
    stream.set_nodelay(true)?;
    let mut headers = vec![("x-api-key", key)];
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    exchange(stream, method, path, &headers, body.as_bytes())
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Asserts a success and passes the answer on.
    #[track_caller]
    pub(crate) fn fine(self) -> Self {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        self
    }
}

/// Sends a request and reads its answer.
///
/// An answer that breaks off is an error, never a shorter answer: nothing was acknowledged then.
pub(crate) fn exchange(
    mut stream: impl Read + Write,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Answer> {
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: gym.test\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    stream.write_all(&[request.as_bytes(), body].concat())?;
    stream.flush()?;
    read(stream)
}

/// Reads one answer up to the end that its head announces.
pub(crate) fn read(mut stream: impl Read) -> io::Result<Answer> {
    let broken = |what: &str| io::Error::new(io::ErrorKind::UnexpectedEof, what.to_owned());
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            break end;
        }
        more(&mut stream, &mut bytes)?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let mut answer =
        Answer { status: status.ok_or_else(|| broken("no status"))?, headers, body: bytes.split_off(end + 4) };
    assert_eq!(answer.header("transfer-encoding"), None, "answers announce their length");
    let length: usize = answer.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while answer.body.len() < length {
        more(&mut stream, &mut answer.body)?;
    }
    Ok(answer)
}

fn more(stream: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    match stream.read(&mut buffer)? {
        0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed within an answer")),
        count => {
            bytes.extend_from_slice(&buffer[..count]);
            Ok(())
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
