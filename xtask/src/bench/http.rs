//! As much of an HTTP/1.1 client as measuring needs: one GET after the other on a connection that stays open.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;

/// Where to send a GET, and with which API key.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// Host and port.
    pub(crate) address: String,
    pub(crate) path: String,
    pub(crate) key: String,
}

impl Target {
    fn request(&self, method: &str, body: &str) -> Vec<u8> {
        let Self { address, path, key } = self;
        let content = match body.len() {
            0 => String::new(),
            length => format!("content-type: application/json\r\ncontent-length: {length}\r\n"),
        };
        format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {key}\r\n{content}\r\n{body}").into_bytes()
    }
}

/// An answer to a GET.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// A connection that stays open, and the one request that is sent through it again and again.
pub(crate) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(target: &Target) -> std::io::Result<Self> {
        let stream = TcpStream::connect(&target.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: target.request("GET", ""), buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends the request and reads the whole answer, of which only the status is kept.
    pub(crate) async fn status(&mut self) -> Outcome<u16> {
        Ok(self.exchange().await?.status)
    }

    /// Sends the request and returns the answer.
    pub(crate) async fn get(&mut self) -> Outcome<Answer> {
        let layout = self.exchange().await?;
        let head = std::str::from_utf8(&self.buffer[..layout.head])?;
        let content_type = header(head, "content-type").unwrap_or_default().to_owned();
        let body = &self.buffer[layout.head..layout.end];
        let body = if layout.chunked { join_chunks(body) } else { body.to_vec() };
        Ok(Answer { status: layout.status, content_type, body })
    }

    async fn exchange(&mut self) -> Outcome<Layout> {
        self.buffer.clear();
        self.stream.write_all(&self.request).await?;
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection in the middle of an answer".into());
            }
            if let Some(layout) = layout(&self.buffer)? {
                return Ok(layout);
            }
        }
    }
}

/// One GET on a connection of its own.
pub(crate) fn get(target: &Target) -> Outcome<Answer> {
    send(target, "GET", "")
}

/// One request on a connection of its own.
pub(crate) fn send(target: &Target, method: &str, body: &str) -> Outcome<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(target).await?;
        connection.request = target.request(method, body);
        connection.get().await
    })
}

/// How the bytes of a complete answer are divided.
#[derive(Debug, PartialEq)]
struct Layout {
    status: u16,
    /// The length of the status line and the headers.
    head: usize,
    end: usize,
    chunked: bool,
}

/// Answers `None` until the answer is complete.
fn layout(bytes: &[u8]) -> Outcome<Option<Layout>> {
    let Some(head) = find(bytes, b"\r\n\r\n").map(|position| position + 4) else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..head])?;
    let status = text.get(9..12).and_then(|digits| digits.parse().ok()).ok_or("the answer is not HTTP/1.1")?;
    let chunked = header(text, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    let end = if chunked {
        chunks(&bytes[head..]).last().filter(|chunk| chunk.data.is_empty()).map(|chunk| head + chunk.end)
    } else {
        let length = header(text, "content-length").ok_or("the answer does not tell its length")?;
        Some(head + length.parse::<usize>()?).filter(|end| *end <= bytes.len())
    };
    Ok(end.map(|end| Layout { status, head, end, chunked }))
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

struct Chunk<'b> {
    data: &'b [u8],
    /// Where the next one starts.
    end: usize,
}

/// The complete chunks at the start of a body, up to the empty one that ends it. Trailers are not expected.
fn chunks(body: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut position = Some(0);
    std::iter::from_fn(move || {
        let start = position.take()?;
        let size_end = start + find(&body[start..], b"\r\n")?;
        let size = std::str::from_utf8(&body[start..size_end]).ok()?.split(';').next()?;
        let (data_start, length) = (size_end + 2, usize::from_str_radix(size.trim(), 16).ok()?);
        let data = body.get(data_start..data_start + length)?;
        let end = data_start + length + 2;
        body.get(end - 1)?;
        position = (length > 0).then_some(end);
        Some(Chunk { data, end })
    })
}

fn join_chunks(body: &[u8]) -> Vec<u8> {
    chunks(body).flat_map(|chunk| chunk.data).copied().collect()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_a_length_is_complete_when_all_of_it_is_there() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(layout(answer).unwrap().map(|layout| (layout.status, layout.end)), Some((200, answer.len())));
        for length in 0..answer.len() {
            assert_eq!(layout(&answer[..length]).unwrap(), None);
        }
    }

    #[test]
    fn chunks_are_joined() {
        let answer = b"HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=1\r\n, 23456789\r\n0\r\n\r\n";
        let found = layout(answer).unwrap().unwrap();
        assert_eq!((found.status, found.chunked, found.end), (404, true, answer.len()));
        assert_eq!(join_chunks(&answer[found.head..]), b"hello, 23456789");
        for length in 0..answer.len() {
            assert_eq!(layout(&answer[..length]).unwrap(), None);
        }
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        assert!(layout(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(layout(b"nonsense\r\n\r\n").is_err());
    }
}
