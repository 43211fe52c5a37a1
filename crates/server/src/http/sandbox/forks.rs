//! Forks: tenants of their own that begin where a sandbox stands.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Call;
use crate::{
    actions::sandbox::{self, Forked},
    config::Config,
    http::failure::Failure,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fork {
    key: Option<String>,
}

pub(super) async fn fork(call: Call) -> Result<Value, Failure> {
    let Fork { key } = call.input()?;
    let forked = call.write(move |tx, tenant, by| sandbox::fork(tx, tenant.id(), by, key.as_deref())).await?;
    Ok(describe(&forked, &base_url(&call.app.config, call.app.links.public_url(), &forked.tenant)))
}

/// What a script must know of a fork, in the shape of the line that the demo prints.
pub(crate) fn describe(forked: &Forked, base_url: &str) -> Value {
    json!({
        "baseUrl": base_url,
        "tenant": forked.tenant,
        "apiKeys": { "full": forked.full, "readOnly": forked.read_only },
        "sandboxToken": forked.token,
    })
}

/// How clients reach a tenant: under the server's URL, or under a host name of its own where tenants have such.
pub(crate) fn base_url(config: &Config, public_url: &str, tenant: &str) -> String {
    let public_url = public_url.trim_end_matches('/');
    if config.tenant_domain.is_empty() {
        return public_url.to_owned();
    }
    let (scheme, rest) = public_url.split_once("://").unwrap_or(("https", public_url));
    let port = rest.rsplit_once(':').map_or_else(String::new, |(_, port)| format!(":{port}"));
    format!("{scheme}://{tenant}.{}{port}", config.tenant_domain)
}

pub(super) async fn remove(call: Call) -> Result<Value, Failure> {
    call.write(|tx, tenant, by| sandbox::remove_fork(tx, tenant.id(), by)).await?;
    Ok(Value::Null)
}
