//! Links to images and documents: signed, so that they need no key, and mostly short-lived (URL-1 to URL-3).

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gymkeeper_store::tenant::TenantId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// How long a link can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Two hours: images of membership offers.
    Offer,
    /// Five hours: images of modules, documents at text blocks.
    Module,
    /// For ever: studio logos, pictures of employees.
    Lasting,
}

impl Lifetime {
    fn seconds(self) -> Option<i64> {
        match self {
            Self::Offer => Some(2 * 3600),
            Self::Module => Some(5 * 3600),
            Self::Lasting => None,
        }
    }
}

/// Makes and checks links, and knows where contents lie.
pub struct Links {
    public_url: String,
    key: Hmac<Sha256>,
    folder: PathBuf,
}

/// Why a link is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadLink {
    /// Its time is over.
    Expired,
    /// It was not signed here, or changed since.
    Forged,
}

impl Links {
    /// Links that begin with the URL and are signed with the secret.
    pub fn new(public_url: &str, secret: &str, folder: PathBuf) -> Self {
        // HMAC takes a key of one block; a digest is half of one.
        let mut key = hmac::digest::common::Key::<Hmac<Sha256>>::default();
        key[..32].copy_from_slice(&Sha256::digest(secret.as_bytes()));
        Self { public_url: public_url.trim_end_matches('/').to_owned(), key: Hmac::new(&key), folder }
    }

    /// How clients reach the server.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// A fresh link to a file.
    pub fn link(&self, tenant: TenantId, file: i64, lifetime: Lifetime, now: Timestamp) -> String {
        // 0 stands for no end; no link expired in 1970.
        let expires = lifetime.seconds().map_or(0, |seconds| now.as_second() + seconds);
        let signature = self.sign(tenant, file, expires);
        format!("{}/files/{}/{file}?expires={expires}&signature={signature}", self.public_url, tenant.0)
    }

    /// Checks a link. The signature is looked at first, so nobody learns anything from a guess.
    ///
    /// # Errors
    /// [`BadLink`].
    pub fn check(
        &self,
        tenant: TenantId,
        file: i64,
        expires: i64,
        signature: &str,
        now: Timestamp,
    ) -> Result<(), BadLink> {
        let given = URL_SAFE_NO_PAD.decode(signature).map_err(|_| BadLink::Forged)?;
        self.mac(tenant, file, expires).verify_slice(&given).map_err(|_| BadLink::Forged)?;
        if expires != 0 && now.as_second() >= expires { Err(BadLink::Expired) } else { Ok(()) }
    }

    /// Where the content with that hash lies.
    pub fn content(&self, hash: &str) -> PathBuf {
        content_path(&self.folder, hash)
    }

    /// The folder of contents.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn sign(&self, tenant: TenantId, file: i64, expires: i64) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(tenant, file, expires).finalize().into_bytes())
    }

    fn mac(&self, tenant: TenantId, file: i64, expires: i64) -> Hmac<Sha256> {
        let mut mac = self.key.clone();
        mac.update(format!("{}/{file}/{expires}", tenant.0).as_bytes());
        mac
    }
}

/// Where the content with that hash lies in a folder of contents.
pub fn content_path(folder: &Path, hash: &str) -> PathBuf {
    folder.join(hash)
}

/// Stores a content under its hash, if it is not there yet, flushed and whole: to be done before anything refers to it. Blocks.
///
/// # Errors
/// The system's, with the name of the file.
pub fn store_content(folder: &Path, hash: &str, bytes: &[u8]) -> io::Result<()> {
    let target = content_path(folder, hash);
    if target.exists() {
        return Ok(());
    }
    let wrong = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", target.display()));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(wrong)?;
    file.persist(&target).map(drop).map_err(|error| wrong(error.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_2_a_link_holds_for_its_time_and_nothing_in_it_can_be_changed() {
        let links = Links::new("http://gym.example/", "secret", PathBuf::new());
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let link = links.link(TenantId(1), 7, Lifetime::Offer, now);
        let (path, query) = link.split_once('?').unwrap();
        assert_eq!(path, "http://gym.example/files/1/7");
        let (expires, signature) = query.strip_prefix("expires=").unwrap().split_once("&signature=").unwrap();
        let expires: i64 = expires.parse().unwrap();
        let at = |seconds: i64| Timestamp::from_second(now.as_second() + seconds).unwrap();
        assert_eq!(links.check(TenantId(1), 7, expires, signature, at(7199)), Ok(()));
        assert_eq!(links.check(TenantId(1), 7, expires, signature, at(7200)), Err(BadLink::Expired));
        assert_eq!(links.check(TenantId(1), 7, expires + 1, signature, now), Err(BadLink::Forged));
        assert_eq!(links.check(TenantId(1), 8, expires, signature, now), Err(BadLink::Forged));
        assert_eq!(links.check(TenantId(2), 7, expires, signature, now), Err(BadLink::Forged));
        assert_eq!(links.check(TenantId(1), 7, expires, "", now), Err(BadLink::Forged));
        let other = Links::new("", "another", PathBuf::new());
        assert_eq!(other.check(TenantId(1), 7, expires, signature, now), Err(BadLink::Forged));
    }
}
