//! Destinations and lines, against receivers of a few bytes each.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;

#[test]
fn urls_are_checked_before_anything_is_stored() {
    let wrong = |url: &str, sandbox: bool, part: &str| {
        let error = Destination::parse(url, sandbox).unwrap_err();
        assert!(error.contains(part), "{url}: {part} in {error}");
    };
    for (url, part) in [
        ("", "https://"),
        ("hooks.example/x", "https://"),
        ("ftp://hooks.example/", "https://"),
        ("https://", "URL"),
        ("https://user:secret@hooks.example/", "user name"),
        ("https://hooks.example/#part", "fragment"),
        ("https://hooks.example:0/", "port"),
        ("https://hooks.example:/", "port"),
        ("https://hooks.example:70000/", "port"),
        ("https://hooks .example/", "no URL"),
        (&format!("https://hooks.example/{}", "x".repeat(2000)), "2000"),
    ] {
        wrong(url, false, part);
        wrong(url, true, part);
    }
    wrong("http://hooks.example/", false, "sandbox");
    for private in [
        "https://127.0.0.1/",
        "https://10.1.2.3:8443/x",
        "https://[::1]/",
        "https://[::ffff:192.168.0.1]/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost/",
    ] {
        wrong(private, false, "not on the public internet");
        Destination::parse(private, true).unwrap();
    }
    for fine in
        ["https://hooks.example", "HTTPS://Hooks.Example:8443/a/b?c=d", "https://8.8.8.8/", "https://[2a00:1450::1]/"]
    {
        Destination::parse(fine, false).unwrap();
    }
    Destination::parse("http://localhost:8000/x", true).unwrap();
    let full = Destination::parse("https://Hooks.Example:8443/a?b=c", false).unwrap();
    assert_eq!((full.host.as_str(), full.port, full.tls), ("hooks.example", 8443, true));
    assert_eq!((full.authority.as_str(), full.path.to_string().as_str()), ("Hooks.Example:8443", "/a?b=c"));
    assert_eq!(without_query("https://hooks.example/a?token=secret"), "https://hooks.example/a");
}

fn public(url: &str) -> Destination {
    Destination::parse(url, false).unwrap()
}

/// Requests that resolve every name to these, one list after the other, the last one for ever.
fn resolving(answers: &[&[&str]], asked: &Arc<AtomicUsize>) -> Outbound {
    let answers: Vec<Vec<IpAddr>> =
        answers.iter().map(|list| list.iter().map(|address| address.parse().unwrap()).collect()).collect();
    let asked = Arc::clone(asked);
    Outbound::resolving(Duration::from_millis(500), move |_, port| {
        let place = asked.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        let found = answers[place].iter().map(|address| SocketAddr::new(*address, port)).collect();
        Box::pin(async move { Ok(found) })
    })
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let asked = Arc::default();
    let outbound = resolving(&[&["127.0.0.1", "10.0.0.1", "::1"]], &asked);
    let error = outbound.connect(&public("https://hooks.example/")).await.unwrap_err();
    assert!(error.contains("not on the public internet") && error.contains("10.0.0.1"), "{error}");
}

#[tokio::test]
async fn of_several_addresses_only_the_public_ones_are_left() {
    let asked = Arc::default();
    let outbound = resolving(&[&["127.0.0.1", "8.8.8.8", "fe80::1", "2a00:1450::1"]], &asked);
    let left = outbound.addresses(&public("https://hooks.example/")).await.unwrap();
    assert_eq!(left, ["8.8.8.8:443".parse().unwrap(), "[2a00:1450::1]:443".parse().unwrap()]);
}

#[tokio::test]
async fn a_name_that_changes_its_answer_is_asked_once_and_cannot_be_used_to_get_inside() {
    // The second answer is the listener. A client that asked again after its check would reach it.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let reached = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&reached);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counting.fetch_add(1, Ordering::SeqCst);
        }
    });
    let asked = Arc::default();
    // The first answer is public by its number, but the network was given back long ago and leads nowhere.
    let outbound = resolving(&[&["3ffe::1"], &["127.0.0.1"]], &asked);
    let destination = public(&format!("https://hooks.example:{port}/"));
    assert!(outbound.connect(&destination).await.is_err());
    assert_eq!(asked.load(Ordering::SeqCst), 1, "one look-up for one connection");
    // The next attempt looks the name up anew, and the new answer is checked like the first.
    let error = outbound.connect(&destination).await.unwrap_err();
    assert!(error.contains("not on the public internet"), "{error}");
    assert_eq!(reached.load(Ordering::SeqCst), 0);
    // The same name with the same answers is connected to where it may be.
    let anywhere = Destination { anywhere: true, tls: false, ..destination };
    outbound.connect(&anywhere).await.unwrap();
}

/// A receiver that gives one of these answers to each request, closing after those that say so, and notes what it got.
async fn receiver(answers: Vec<String>) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let got = Arc::new(Mutex::new(Vec::new()));
    let noting = Arc::clone(&got);
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        'connections: while let Ok((mut stream, peer)) = listener.accept().await {
            let mut buffer = vec![0; 65536];
            loop {
                let read = stream.read(&mut buffer).await.unwrap_or(0);
                if read == 0 {
                    continue 'connections;
                }
                noting.lock().unwrap().push(format!("{peer} {}", String::from_utf8_lossy(&buffer[..read])));
                let Some(answer) = answers.next() else { return };
                let _ = stream.write_all(answer.trim_end_matches("CLOSE").as_bytes()).await;
                if answer.ends_with("CLOSE") {
                    continue 'connections;
                }
            }
        }
    });
    (address, got)
}

fn to(address: SocketAddr) -> Destination {
    Destination::parse(&format!("http://{address}/hook?a=b"), true).unwrap()
}

fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_connection_is_kept_and_made_anew_when_the_receiver_closed_it() {
    let answers = vec![answer("200 OK", "one"), answer("204 No Content", "") + "CLOSE", answer("500 Oh", "three")];
    let (address, got) = receiver(answers).await;
    let mut line = Outbound::new(Duration::from_secs(5)).line(to(address));
    let mut statuses = Vec::new();
    for body in ["a", "b", "c"] {
        statuses.push(line.post(&[("x-test", "yes".to_owned())], Bytes::from_static(body.as_bytes())).await.unwrap());
    }
    let statuses: Vec<(u16, &str)> =
        statuses.iter().map(|answered| (answered.status, answered.body.as_str())).collect();
    assert_eq!(statuses, [(200, "one"), (204, ""), (500, "three")]);
    let got = got.lock().unwrap().clone();
    assert_eq!(got.len(), 3, "{got:?}");
    let peer = |request: &str| request.split(' ').next().unwrap().to_owned();
    assert!(peer(&got[0]) == peer(&got[1]) && peer(&got[1]) != peer(&got[2]), "{got:?}");
    assert!(got[0].contains("POST /hook?a=b HTTP/1.1\r\n") && got[0].contains(&format!("host: {address}")), "{got:?}");
    assert!(got[0].contains("x-test: yes") && got[0].ends_with("\r\n\r\na"), "{got:?}");
}

#[tokio::test]
async fn wh_3_an_answer_is_read_up_to_2_kib_and_a_redirect_is_an_answer() {
    let huge = format!("HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n{}", "x".repeat(50_000));
    let elsewhere = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_owned();
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabcCLOSE".to_owned();
    let (address, _) = receiver(vec![huge, elsewhere, cut]).await;
    let mut line = Outbound::new(Duration::from_secs(5)).line(to(address));
    let first = line.post(&[], Bytes::new()).await.unwrap();
    assert_eq!((first.status, first.body.len()), (200, 2048));
    assert_eq!(line.post(&[], Bytes::new()).await.unwrap().status, 302);
    let third = line.post(&[], Bytes::new()).await.unwrap();
    assert_eq!((third.status, third.body.as_str()), (200, "abc"));
}

#[tokio::test]
async fn wh_3_whoever_says_nothing_or_not_enough_in_time_has_not_answered() {
    for said in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab"] {
        let (address, _) = receiver(vec![said.to_owned()]).await;
        let mut line = Outbound::new(Duration::from_millis(200)).line(to(address));
        let error = line.post(&[], Bytes::new()).await.unwrap_err();
        assert_eq!(error, "no answer within 200 ms");
    }
}

#[tokio::test]
async fn heads_that_are_no_http_or_too_large_are_no_answer() {
    let large = format!("HTTP/1.1 200 OK\r\nx-large: {}\r\n\r\n", "x".repeat(HEAD_BYTES));
    for said in ["SSH-2.0-OpenSSH\r\n".to_owned(), large] {
        let (address, _) = receiver(vec![said + "CLOSE"]).await;
        let mut line = Outbound::new(Duration::from_secs(5)).line(to(address));
        assert!(line.post(&[], Bytes::new()).await.is_err());
    }
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = Outbound::new(Duration::from_secs(5)).line(to(gone)).post(&[], Bytes::new()).await.unwrap_err();
    assert!(error.contains("no connection to 127.0.0.1"), "{error}");
}
