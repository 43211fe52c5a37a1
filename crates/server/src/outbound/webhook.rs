//! The request that tells a receiver about an event.
//!
//! WH-1: the body exactly as it stands in the journal, the webhook key, and beside it the three headers of Standard Webhooks,
//! which let a receiver prove where a request comes from without trusting the network.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gymkeeper_store::webhook::Secrets;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use crate::chance;

/// Begins every signing secret.
const SECRET_PREFIX: &str = "whsec_";

/// A fresh pair of webhook key and signing secret.
pub fn fresh_secrets() -> Secrets {
    Secrets {
        webhook_key: format!("gkw_{}", chance::secret()),
        signing_secret: format!("{SECRET_PREFIX}{}", STANDARD.encode(chance::bytes::<32>())),
    }
}

/// The headers of one attempt to tell about the event of that uuid.
pub fn headers(secrets: &Secrets, uuid: &str, at: Timestamp, body: &str) -> Vec<(&'static str, String)> {
    let seconds = at.as_second();
    vec![
        ("content-type", "application/json".to_owned()),
        ("user-agent", concat!("Gymkeeper/", env!("CARGO_PKG_VERSION")).to_owned()),
        ("x-api-key", secrets.webhook_key.clone()),
        ("webhook-id", uuid.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", format!("v1,{}", signature(&secrets.signing_secret, uuid, seconds, body))),
    ]
}

fn signature(secret: &str, uuid: &str, seconds: i64, body: &str) -> String {
    let key = secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret);
    // A secret that is no base64 was not made here; whoever put it there gets its bytes.
    let key = STANDARD.decode(key).unwrap_or_else(|_| key.as_bytes().to_vec());
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    mac.update(format!("{uuid}.{seconds}.").as_bytes());
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wh_1_a_signature_is_what_others_compute_too() {
        // From `printf %s "$content" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64`.
        let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let signed = signature(secret, "c2a9a3a4-0b1c-4d2e-8f30-415263748596", 1_795_258_800, r#"{"entityId":7}"#);
        assert_eq!(signed, "ZYSNIf75Yu4+JwwwcIHZOwInH7tMZWEbn99mAYIbWhI=");
    }

    #[test]
    fn secrets_are_of_256_bits_and_never_the_same() {
        let (one, other) = (fresh_secrets(), fresh_secrets());
        assert_ne!(one, other);
        let secret = one.signing_secret.strip_prefix("whsec_").unwrap();
        assert_eq!(STANDARD.decode(secret).unwrap().len(), 32);
    }
}
