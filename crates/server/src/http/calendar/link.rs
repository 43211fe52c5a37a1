//! The link to a calendar: `/calendar/{tenant}-{secret}.{signature}.ics`.
//!
//! The secret finds the calendar: it is 256 bits of chance, and its hash is stored. The signature says that the link was made here, for
//! this calendar and whose it is. Its key belongs to this one calendar and is stored sealed, so no row of the table of links makes one,
//! or turns one to somebody else, without the keys of the installation.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gymkeeper_store::{
    booking::feed::{Feed, Opened},
    tenant::TenantId,
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::{
    chance,
    http::{
        caller::{self, KeyHash},
        links,
    },
};

/// A link that has yet to be handed out.
pub struct NewLink {
    secret: String,
    key: [u8; 32],
}

impl NewLink {
    /// A link that nobody has.
    pub fn fresh() -> Self {
        Self { secret: chance::secret(), key: chance::bytes() }
    }

    /// By what the link is found again.
    pub fn hash(&self) -> KeyHash {
        caller::hash(&self.secret)
    }

    /// What it is signed with.
    pub fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// The link to a calendar, as it is shown once.
    pub fn url(&self, public_url: &str, tenant: TenantId, feed: &Feed) -> String {
        let of = (feed.id, feed.studio_id, feed.employee_id, feed.customer_id);
        let signature = URL_SAFE_NO_PAD.encode(mac(&self.key, tenant, of, &self.secret).finalize().into_bytes());
        format!("{}/calendar/{}-{}.{signature}.ics", public_url.trim_end_matches('/'), tenant.0, self.secret)
    }
}

/// A link that somebody follows.
pub(super) struct FollowedLink {
    /// The tenant that it names.
    pub(super) tenant: TenantId,
    secret: String,
    signature: Vec<u8>,
}

impl FollowedLink {
    /// Reads what comes after `/calendar/`; nothing where that is no link.
    pub(super) fn read(file: &str) -> Option<Self> {
        let (tenant, rest) = file.strip_suffix(".ics")?.split_once('-')?;
        let (secret, signature) = rest.split_once('.')?;
        // A link is written in one way only.
        let id: i64 = tenant.parse().ok().filter(|id: &i64| id.to_string() == tenant)?;
        Some(Self {
            tenant: TenantId(id),
            secret: secret.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// By what the calendar is found.
    pub(super) fn hash(&self) -> KeyHash {
        caller::hash(&self.secret)
    }

    /// Whether it was signed with that key, for that calendar.
    pub(super) fn is_signed_with(&self, key: &[u8; 32], to: &Opened) -> bool {
        let of = (to.id, to.studio_id, to.employee_id, to.customer_id);
        mac(key, self.tenant, of, &self.secret).verify_slice(&self.signature).is_ok()
    }
}

/// A calendar: its id, the studio, the employee and the customer.
type Of = (i64, i64, Option<i64>, Option<i64>);

/// Signs a secret for a calendar; nobody has the id 0.
fn mac(key: &[u8; 32], tenant: TenantId, (feed, studio, employee, customer): Of, secret: &str) -> Hmac<Sha256> {
    let (employee, customer) = (employee.unwrap_or_default(), customer.unwrap_or_default());
    let mut mac = links::keyed(key);
    mac.update(format!("{}/{feed}/{studio}/{employee}/{customer}/{secret}", tenant.0).as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_as_it_was_made_and_nothing_in_it_can_be_changed() {
        let link = NewLink { secret: "c2VjcmV0".to_owned(), key: std::array::from_fn(|place| place as u8) };
        let feed = Feed {
            id: 81,
            studio_id: 2,
            employee_id: None,
            customer_id: Some(5),
            made_by: String::new(),
            made_at: jiff::Timestamp::UNIX_EPOCH,
            revoked_at: None,
        };
        let opened = Opened {
            id: 81,
            tenant_key: String::new(),
            test_clock: None,
            studio_id: 2,
            employee_id: None,
            customer_id: Some(5),
            signing_key: Vec::new(),
        };
        let url = link.url("https://gym.example/", TenantId(7), &feed);
        // From `printf 7/81/2/0/5/c2VjcmV0 | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | basenc --base64url`.
        let file = "7-c2VjcmV0.4tiCzltE6bh8iWDufD-W2diBzVJFLZJfeBMWAOlqTP0.ics";
        assert_eq!(url, format!("https://gym.example/calendar/{file}"));
        let holds = |file: &str, to: &Opened| {
            FollowedLink::read(file)
                .is_some_and(|read| read.hash() == link.hash() && read.is_signed_with(link.key(), to))
        };
        assert!(holds(file, &opened));
        let signature = &url[url.len() - 47..url.len() - 4];
        for wrong in [
            String::new(),
            file.replace(".ics", ""),
            file.replacen('7', "8", 1),
            file.replacen('7', "x", 1),
            file.replacen('7', "+7", 1),
            file.replacen('7', "07", 1),
            file.replace("c2VjcmV0", "c2VjcmV1"),
            file.replace(signature, ""),
            file.replace(&format!(".{signature}"), ""),
            file.replace(signature, &signature[..42]),
            file.replace(signature, &format!("{signature}AAAA")),
            file.replace(signature, &signature.chars().rev().collect::<String>()),
        ] {
            assert!(!holds(&wrong, &opened), "{wrong}");
        }
        // Nor does it lead to another calendar.
        for other in [
            Opened { id: 82, ..opened.clone() },
            Opened { studio_id: 3, ..opened.clone() },
            Opened { employee_id: Some(5), customer_id: None, ..opened.clone() },
            Opened { customer_id: Some(6), ..opened.clone() },
            Opened { customer_id: None, ..opened.clone() },
        ] {
            assert!(!holds(file, &other), "{other:?}");
        }
        assert!(!FollowedLink::read(file).unwrap().is_signed_with(&[0; 32], &opened));
        assert_ne!(NewLink::fresh().url("", TenantId(7), &feed), NewLink::fresh().url("", TenantId(7), &feed));
    }
}
