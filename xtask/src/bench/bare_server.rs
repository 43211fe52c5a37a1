//! The server to compare with: axum with the same routes and answers of the same size and type, and no work behind.

use std::fs;
use std::io::Write;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::any;
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::arguments::Arguments;

/// An answer of the real server, to be repeated.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Recorded {
    pub(crate) path: String,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// The command `bare-server`: serves the recorded answers until it is killed. It prints a line once it listens.
pub(crate) fn run(mut arguments: Arguments) -> Outcome {
    let (port, file): (u16, String) = (arguments.required("--port")?, arguments.required("--answers")?);
    arguments.finish()?;
    let recorded: Vec<Recorded> = serde_json::from_slice(&fs::read(file)?)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(port, recorded))
}

async fn serve(port: u16, recorded: Vec<Recorded>) -> Outcome {
    let mut router = Router::new();
    for Recorded { path, content_type, body } in recorded {
        let body = axum::body::Bytes::from(body);
        router = router.route(&path, any(move || async move { ([(CONTENT_TYPE, content_type)], body) }));
    }
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening");
    std::io::stdout().flush()?;
    Ok(axum::serve(listener, router).await?)
}
