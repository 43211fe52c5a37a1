//! Packs the files behind `/docs`, so that the binary carries half a megabyte instead of four.
//! The crate that redistributes them gives them out as routes only, with their source maps, which nobody needs here.

use std::{env, error::Error, fs, io::Write, path::Path};

use axum::body::{Body, to_bytes};
use flate2::{Compression, write::GzEncoder};
use futures_util::FutureExt;
use swagger_ui_dist::{ApiDefinition, OpenApiSource, generate_routes};
use tower::ServiceExt;

const FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR")?;
    let api_definition = OpenApiSource::Uri("/");
    let routes = generate_routes(ApiDefinition { uri_prefix: "/docs", api_definition, title: None });
    for file in FILES {
        let request = axum::http::Request::get(format!("/docs/{file}")).body(Body::empty())?;
        let content = async {
            let answer = routes.clone().oneshot(request).await?;
            Ok::<_, Box<dyn Error>>(to_bytes(answer.into_body(), usize::MAX).await?)
        };
        let content = content.now_or_never().ok_or("the files are in memory and need no waiting")??;
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&content)?;
        fs::write(Path::new(&out).join(file).with_added_extension("gz"), packed.finish()?)?;
    }
    Ok(())
}
