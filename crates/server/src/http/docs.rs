//! The page that shows an API in the browser. Its files are packed into the binary by `build.rs`.

use std::io::Read as _;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    routing::get,
};
use bytes::Bytes;
use flate2::read::GzDecoder;

use super::frame::plain;

macro_rules! packed {
    ($file:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".gz"))
    };
}

/// Name, media type, content as gzip has it.
static FILES: [(&str, &str, &[u8]); 2] = [
    ("swagger-ui-bundle.js", "text/javascript; charset=utf-8", packed!("swagger-ui-bundle.js")),
    ("swagger-ui.css", "text/css; charset=utf-8", packed!("swagger-ui.css")),
];

/// The page at `at`, which reads the document from `document`.
pub fn routes(at: &'static str, document: &str, title: &str) -> Router {
    let page = Bytes::from(page(at, document, title));
    let slash = page.clone();
    let mut router = Router::new()
        .route(at, get(|| async { typed("text/html; charset=utf-8", page) }))
        .route(&format!("{at}/"), get(|| async { typed("text/html; charset=utf-8", slash) }));
    for (name, kind, packed) in FILES {
        let file = move |headers: HeaderMap| async move { file(kind, packed, &headers) };
        router = router.route(&format!("{at}/{name}"), get(file));
    }
    router
}

fn page(at: &str, document: &str, title: &str) -> String {
    format!(
        r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{at}/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="{at}/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({{ url: "{document}", dom_id: "#page", deepLinking: true }})</script>
</body>
</html>
"##
    )
}

fn typed(kind: &'static str, body: Bytes) -> Response<Body> {
    let mut response = plain(StatusCode::OK, body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn file(kind: &'static str, packed: &'static [u8], headers: &HeaderMap) -> Response<Body> {
    let unpacks = takes_gzip(headers);
    let content = if unpacks { Bytes::from_static(packed) } else { unpacked(packed) };
    let mut response = typed(kind, content);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if unpacks {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// `gzip` by its name and not with a weight of nothing (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()).unwrap_or(1.0);
        name.trim().eq_ignore_ascii_case("gzip") && weight > 0.0
    })
}

fn unpacked(packed: &[u8]) -> Bytes {
    let mut content = Vec::new();
    match GzDecoder::new(packed).read_to_end(&mut content) {
        Ok(_) => content.into(),
        // It was packed when this program was built.
        Err(_) => Bytes::new(),
    }
}
