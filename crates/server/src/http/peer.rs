//! Where a request comes from, as far as that can be known.

use std::net::IpAddr;

use axum::http::request;

use crate::config::Config;

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The client's address: the connection's, or what the proxy in front says, where one is configured. A header that a client could
/// have written itself never counts: of several addresses in it the last one is the proxy's word.
pub fn client_address(config: &Config, parts: &request::Parts) -> Option<IpAddr> {
    if !config.client_address_header.is_empty() {
        let told = parts.headers.get_all(&config.client_address_header).iter().next_back();
        let text = told.and_then(|value| value.to_str().ok())?;
        return text.rsplit(',').next()?.trim().parse().ok();
    }
    parts.extensions.get::<Peer>().map(|peer| peer.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_address_in_the_header_is_the_proxys_word() {
        let mut config = Config::load(None, std::iter::empty()).unwrap();
        let request = axum::http::Request::builder()
            .header("x-forwarded-for", "203.0.113.9")
            .header("x-forwarded-for", "198.51.100.1, 192.0.2.7")
            .extension(Peer("127.0.0.1".parse().unwrap()));
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let address = |config: &Config| client_address(config, &parts).map(|address| address.to_string());
        assert_eq!(address(&config).as_deref(), Some("127.0.0.1"));
        config.client_address_header = "x-forwarded-for".to_owned();
        assert_eq!(address(&config).as_deref(), Some("192.0.2.7"));
        config.client_address_header = "x-real-ip".to_owned();
        assert_eq!(address(&config), None);
    }
}
