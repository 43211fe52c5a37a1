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

use crate::chance;

/// How long a link can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// A quarter of an hour: images and documents of people.
    Person,
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
            Self::Person => Some(15 * 60),
            Self::Offer => Some(2 * 3600),
            Self::Module => Some(5 * 3600),
            Self::Lasting => None,
        }
    }
}

/// An access code opens for so many seconds (CUST-13).
const CODE_SECONDS: i64 = 60;
/// Customer, end, eight random bytes, and half of the signature.
const CODE_BYTES: usize = 40;

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
        let key = keyed(&Sha256::digest(secret.as_bytes()).into());
        Self { public_url: public_url.trim_end_matches('/').to_owned(), key, folder }
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

    /// A fresh code with which a customer opens the door for a minute, and the instant at which it ends (CUST-13). It is signed,
    /// so nothing needs to be stored for it.
    pub fn access_code(&self, tenant: TenantId, customer: i64, now: Timestamp) -> (String, Timestamp) {
        let end = Timestamp::from_second(now.as_second() + CODE_SECONDS).unwrap_or(Timestamp::MAX);
        let mut code = Vec::with_capacity(CODE_BYTES);
        code.extend_from_slice(&customer.to_be_bytes());
        code.extend_from_slice(&end.as_second().to_be_bytes());
        code.extend_from_slice(&chance::bytes::<8>());
        let mac = self.code_mac(tenant, &code).finalize().into_bytes();
        code.extend_from_slice(&mac[..16]);
        (URL_SAFE_NO_PAD.encode(code), end)
    }

    /// The customer whom a code lets in now.
    ///
    /// # Errors
    /// [`BadLink`].
    pub fn read_access_code(&self, tenant: TenantId, code: &str, now: Timestamp) -> Result<i64, BadLink> {
        let code = URL_SAFE_NO_PAD.decode(code).map_err(|_| BadLink::Forged)?;
        let (said, mac) = code.split_at_checked(CODE_BYTES - 16).ok_or(BadLink::Forged)?;
        self.code_mac(tenant, said).verify_truncated_left(mac).map_err(|_| BadLink::Forged)?;
        let number = |at: usize| said.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
        let (Some(customer), Some(end)) = (number(0), number(8)) else { return Err(BadLink::Forged) };
        if mac.len() != 16 {
            return Err(BadLink::Forged);
        }
        if now.as_second() >= end { Err(BadLink::Expired) } else { Ok(customer) }
    }

    fn code_mac(&self, tenant: TenantId, said: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.key.clone();
        mac.update(format!("access code of {}/", tenant.0).as_bytes());
        mac.update(said);
        mac
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

/// Signs with a key.
pub(crate) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC takes a key of one block; this is half of one.
    let mut block = hmac::digest::common::Key::<Hmac<Sha256>>::default();
    block[..32].copy_from_slice(key);
    Hmac::new(&block)
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
    fn cust_13_a_code_opens_for_a_minute_and_nothing_in_it_can_be_changed() {
        let links = Links::new("", "secret", PathBuf::new());
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let at = |seconds: i64| Timestamp::from_second(now.as_second() + seconds).unwrap();
        let (code, end) = links.access_code(TenantId(1), 7, now);
        assert_eq!(end, at(60));
        assert_ne!(links.access_code(TenantId(1), 7, now).0, code);
        assert_eq!(links.read_access_code(TenantId(1), &code, at(59)), Ok(7));
        assert_eq!(links.read_access_code(TenantId(1), &code, at(60)), Err(BadLink::Expired));
        assert_eq!(links.read_access_code(TenantId(2), &code, now), Err(BadLink::Forged));
        for wrong in ["", "x", &code[..code.len() - 2], &format!("B{}", &code[1..]), &format!("{code}AAAA")] {
            assert_eq!(links.read_access_code(TenantId(1), wrong, now), Err(BadLink::Forged), "{wrong}");
        }
        let other = Links::new("", "another", PathBuf::new());
        assert_eq!(other.read_access_code(TenantId(1), &code, now), Err(BadLink::Forged));
    }

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
