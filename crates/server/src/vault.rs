//! Bank data at rest: sealed with a key that is not in the database.
//!
//! A copy of the database alone, a lost backup or a stolen dump, shows no account number. Whoever has the key as well, or the
//! running server, can read everything; this is no defence against them. What is sealed is decided by the callers; here is only
//! how. [`keys`] says where keys come from and how they are replaced.
//!
//! # The sealed form
//!
//! One byte for the version (1), eight for the id of the key, twelve for the nonce, then the text sealed with ChaCha20-Poly1305 and its
//! tag of sixteen bytes (RFC 8439). The version, the key's id and the [`Place`] are authenticated with it, so that a sealed value
//! cannot be moved to another row, where somebody else's money would be debited. The tenant is not part of the place: a sandbox
//! is a copy of a tenant's rows under another tenant, and must be able to read them.

pub mod keys;

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use gymkeeper_store::db::{DbError, Seal, Tx};
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};

use crate::chance;
use keys::{KeyId, Stamp, VaultKey};

/// The version of the sealed form.
const VERSION: u8 = 1;
/// The bytes before the sealed text: version, key id, nonce.
const HEAD: usize = 1 + KeyId::BYTES + NONCE_LEN;

/// Why bank data cannot be sealed or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Something is sealed with a key that is not here.
    #[error("bank data are sealed with the key {missing}, which is not among the keys in {source_of_keys}; {advice}")]
    KeyMissing {
        /// The key's id.
        missing: KeyId,
        /// Where keys were looked for.
        source_of_keys: String,
        /// What to do.
        advice: &'static str,
    },
    /// A value was altered, moved to another row, or never sealed.
    #[error("the sealed value of {kind} {id} is damaged or belongs to another row")]
    Damaged {
        /// The kind of row.
        kind: &'static str,
        /// The row's id.
        id: i64,
    },
    /// The key file cannot be read or written.
    #[error("the key file {path}: {problem}")]
    KeyFile {
        /// Where it is.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// A key is none, or there is none at all.
    #[error("{0}")]
    InvalidKey(String),
    /// The value is too long to be sealed.
    #[error("the value is too long to be sealed")]
    TooLong,
}

/// Why a value cannot be sealed or a vault not be opened: the vault's reasons, or the database's.
#[derive(Debug, thiserror::Error)]
pub enum VaultFailure {
    /// Something about the keys or the value.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// The row to which a sealed value belongs. A value can be opened only with the place with which it was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The kind of row, such as `bank_account`. It never changes once something was sealed with it.
    pub kind: &'static str,
    /// The row's id.
    pub id: i64,
}

/// Where nonces come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nonces {
    /// From the operating system.
    #[default]
    Random,
    /// Computed from the key, the place and the value: the same value at the same place gives the same bytes, which the demo
    /// needs, and different values never share a nonce, so nothing is given away but that a value is what it was before.
    Computed,
}

/// The keys at hand, the newest first.
struct Keys {
    all: Vec<(KeyId, VaultKey)>,
    /// What the key file looked like when they were read from it.
    stamp: Option<Stamp>,
}

impl Keys {
    fn get(&self, id: KeyId) -> Option<&VaultKey> {
        self.all.iter().find(|(own, _)| *own == id).map(|(_, key)| key)
    }
}

/// Seals and opens values. It is shared by all requests of a process.
pub struct Vault {
    keys: RwLock<Arc<Keys>>,
    /// The key file, if the keys came from one. It is read again when it changes, so that a rotation reaches running servers.
    file: Option<PathBuf>,
    nonces: Nonces,
}

impl Vault {
    /// A vault with these keys, the newest first. The newest seals, all open.
    ///
    /// # Errors
    /// When there is no key.
    pub fn of_keys(keys: Vec<VaultKey>, nonces: Nonces) -> Result<Self, VaultError> {
        Self::new(keys, None, None, nonces)
    }

    fn new(
        keys: Vec<VaultKey>,
        file: Option<PathBuf>,
        stamp: Option<Stamp>,
        nonces: Nonces,
    ) -> Result<Self, VaultError> {
        if keys.is_empty() {
            return Err(VaultError::InvalidKey("there is no key for bank data".to_owned()));
        }
        let all = keys.into_iter().map(|key| (key.id(), key)).collect();
        Ok(Self { keys: RwLock::new(Arc::new(Keys { all, stamp })), file, nonces })
    }

    /// The ids of the keys at hand, the newest first.
    pub fn key_ids(&self) -> Vec<KeyId> {
        self.present().all.iter().map(|(id, _)| *id).collect()
    }

    /// Seals a value for a row, inside the transaction that stores it.
    ///
    /// The database remembers with the first value which key is in use. A server that does not have that key is refused: what it
    /// sealed with one of its own, the others could not read.
    ///
    /// # Errors
    /// When the key in use is not at hand, the value is too long to be sealed, the key file was replaced by one that cannot be read,
    /// and the database's.
    pub fn seal(&self, tx: &mut Tx<'_>, place: Place, value: &[u8]) -> Result<Vec<u8>, VaultFailure> {
        // With a key that a rotation has removed meanwhile, nobody could open it again.
        self.reread_if_changed()?;
        let keys = self.key_ids();
        if let Some(newest) = keys.first() {
            let in_use = keys::key_in_use_or(tx, *newest)?;
            if !keys.contains(&in_use) {
                return Err(self.missing(in_use).into());
            }
        }
        Ok(self.sealed(place, value)?)
    }

    fn sealed(&self, place: Place, value: &[u8]) -> Result<Vec<u8>, VaultError> {
        let keys = self.present();
        let (id, key) = keys.all.first().ok_or(VaultError::TooLong)?;
        let nonce = match self.nonces {
            Nonces::Random => chance::bytes(),
            Nonces::Computed => computed_nonce(key, place, value),
        };
        let mut sealed = Vec::with_capacity(HEAD + value.len() + CHACHA20_POLY1305.tag_len());
        sealed.push(VERSION);
        sealed.extend(id.as_bytes());
        sealed.extend(nonce);
        let mut text = value.to_vec();
        cipher(key)
            .and_then(|cipher| {
                let about = Aad::from(authenticated(*id, place));
                cipher.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), about, &mut text).ok()
            })
            .ok_or(VaultError::TooLong)?;
        sealed.append(&mut text);
        Ok(sealed)
    }

    /// Opens the sealed value of a row.
    ///
    /// # Errors
    /// When its key is not at hand, and when it was altered or belongs to another row.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let damaged = VaultError::Damaged { kind: place.kind, id: place.id };
        let id = sealing_key(sealed).ok_or_else(|| damaged.clone())?;
        if self.present().get(id).is_none() {
            self.reread_if_changed()?;
        }
        let keys = self.present();
        let key = keys.get(id).ok_or_else(|| self.missing(id))?;
        let (head, text) = sealed.split_at_checked(HEAD).ok_or_else(|| damaged.clone())?;
        let nonce = head.get(HEAD - NONCE_LEN..).and_then(|nonce| Nonce::try_assume_unique_for_key(nonce).ok());
        let (nonce, cipher) = nonce.zip(cipher(key)).ok_or_else(|| damaged.clone())?;
        let mut text = text.to_vec();
        let about = Aad::from(authenticated(id, place));
        let length = cipher.open_in_place(nonce, about, &mut text).map_err(|_| damaged)?.len();
        text.truncate(length);
        Ok(text)
    }

    /// The value sealed with the newest key, for a rotation; nothing when it is already.
    ///
    /// # Errors
    /// Those of [`Self::open`] and [`Self::seal`], but for the database's.
    pub fn reseal(&self, place: Place, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        self.reread_if_changed()?;
        if sealing_key(sealed).is_some_and(|id| self.present().all.first().is_some_and(|(newest, _)| *newest == id)) {
            return Ok(None);
        }
        let value = self.open(place, sealed)?;
        self.sealed(place, &value).map(Some)
    }

    fn present(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn reread_if_changed(&self) -> Result<(), VaultError> {
        let Some(file) = &self.file else { return Ok(()) };
        let stamp = keys::stamp(file);
        // A file that is gone, on its way back from a backup perhaps, takes away no key that is at hand.
        if stamp.is_none() || stamp == self.present().stamp {
            return Ok(());
        }
        let all = keys::read_file(file)?.into_iter().map(|key| (key.id(), key)).collect();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Keys { all, stamp });
        Ok(())
    }

    fn missing(&self, id: KeyId) -> VaultError {
        keys::missing(id, self.file.as_deref())
    }
}

impl Seal for Vault {
    fn seal(&self, tx: &mut Tx<'_>, kind: &'static str, id: i64, value: &[u8]) -> Result<Vec<u8>, DbError> {
        Self::seal(self, tx, Place { kind, id }, value).map_err(|failure| match failure {
            VaultFailure::Database(error) => error,
            VaultFailure::Vault(error) => DbError::Unusable(error.to_string()),
        })
    }

    fn open(&self, kind: &'static str, id: i64, sealed: &[u8]) -> Result<Vec<u8>, DbError> {
        Self::open(self, Place { kind, id }, sealed).map_err(|error| DbError::Unusable(error.to_string()))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("keys", &self.key_ids()).finish_non_exhaustive()
    }
}

/// The id of the key with which a value was sealed; nothing if it is no sealed value of a known version. For a count of values by
/// key, it need not be opened.
pub fn sealing_key(sealed: &[u8]) -> Option<KeyId> {
    let id = sealed.strip_prefix(&[VERSION])?.first_chunk()?;
    (sealed.len() >= HEAD + CHACHA20_POLY1305.tag_len()).then(|| KeyId::of_bytes(*id))
}

fn cipher(key: &VaultKey) -> Option<LessSafeKey> {
    UnboundKey::new(&CHACHA20_POLY1305, key.as_bytes()).ok().map(LessSafeKey::new)
}

fn authenticated(id: KeyId, place: Place) -> Vec<u8> {
    // The kind ends with a zero byte, which no kind contains, so that no two places give the same bytes.
    [&[VERSION][..], id.as_bytes(), place.kind.as_bytes(), &[0], &place.id.to_be_bytes()].concat()
}

fn computed_nonce(key: &VaultKey, place: Place, value: &[u8]) -> [u8; NONCE_LEN] {
    // Keyed with a hash of the key: one key for two purposes is one too few.
    let own = Sha256::digest([&b"gymkeeper vault nonces"[..], key.as_bytes()].concat());
    let mut nonce = [0; NONCE_LEN];
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&own) {
        mac.update(&authenticated(key.id(), place));
        mac.update(value);
        for (place, byte) in nonce.iter_mut().zip(mac.finalize().into_bytes()) {
            *place = byte;
        }
    }
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: Place = Place { kind: "bank_account", id: 7 };
    const SECRET: &[u8] = b"DE89370400440532013000";

    fn vault(seeds: &[u64], nonces: Nonces) -> Vault {
        Vault::of_keys(seeds.iter().map(|seed| VaultKey::of_demo(*seed)).collect(), nonces).unwrap()
    }

    #[test]
    fn what_is_sealed_can_be_opened_and_does_not_show() {
        for nonces in [Nonces::Random, Nonces::Computed] {
            let vault = vault(&[1], nonces);
            for value in [SECRET, b"", &[0; 5000]] {
                let sealed = vault.sealed(ACCOUNT, value).unwrap();
                assert_eq!(vault.open(ACCOUNT, &sealed).unwrap(), value);
                assert_eq!(sealed.len(), HEAD + value.len() + 16);
                assert!(value.is_empty() || !sealed.windows(8).any(|window| window == &value[..8]));
            }
        }
    }

    #[test]
    fn a_sealed_value_belongs_to_its_row() {
        let vault = vault(&[1], Nonces::Random);
        let sealed = vault.sealed(ACCOUNT, SECRET).unwrap();
        for place in [Place { id: 8, ..ACCOUNT }, Place { kind: "amendment", ..ACCOUNT }, Place { kind: "", ..ACCOUNT }]
        {
            let damaged = VaultError::Damaged { kind: place.kind, id: place.id };
            assert_eq!(vault.open(place, &sealed), Err(damaged), "{place:?}");
        }
    }

    #[test]
    fn every_altered_byte_is_noticed() {
        let vault = vault(&[1], Nonces::Random);
        let sealed = vault.sealed(ACCOUNT, SECRET).unwrap();
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert!(vault.open(ACCOUNT, &altered).is_err(), "{place}");
            assert!(vault.open(ACCOUNT, &sealed[..place]).is_err(), "{place}");
        }
    }

    #[test]
    fn the_newest_key_seals_and_all_open() {
        let (old, new) = (vault(&[1], Nonces::Random), vault(&[2, 1], Nonces::Random));
        let sealed = old.sealed(ACCOUNT, SECRET).unwrap();
        assert_eq!(new.open(ACCOUNT, &sealed).unwrap(), SECRET);
        let again = new.reseal(ACCOUNT, &sealed).unwrap().unwrap();
        assert_eq!(sealing_key(&again), Some(VaultKey::of_demo(2).id()));
        assert_eq!(new.open(ACCOUNT, &again).unwrap(), SECRET);
        assert_eq!(new.reseal(ACCOUNT, &again), Ok(None));
    }

    #[test]
    fn a_missing_key_is_told_by_its_id() {
        let sealed = vault(&[2], Nonces::Random).sealed(ACCOUNT, SECRET).unwrap();
        let error = vault(&[1], Nonces::Random).open(ACCOUNT, &sealed).unwrap_err();
        assert!(error.to_string().contains(&VaultKey::of_demo(2).id().to_string()), "{error}");
        assert!(matches!(error, VaultError::KeyMissing { .. }));
        assert!(Vault::of_keys(Vec::new(), Nonces::Random).is_err());
    }

    #[test]
    fn computed_nonces_repeat_only_with_place_and_value() {
        let vault = vault(&[1], Nonces::Computed);
        let sealed = vault.sealed(ACCOUNT, SECRET).unwrap();
        assert_eq!(vault.sealed(ACCOUNT, SECRET).unwrap(), sealed);
        let nonce = |sealed: &[u8]| sealed[HEAD - NONCE_LEN..HEAD].to_vec();
        for other in [
            vault.sealed(ACCOUNT, b"DE89370400440532013001").unwrap(),
            vault.sealed(Place { id: 8, ..ACCOUNT }, SECRET).unwrap(),
            super::tests::vault(&[2], Nonces::Computed).sealed(ACCOUNT, SECRET).unwrap(),
            super::tests::vault(&[1], Nonces::Random).sealed(ACCOUNT, SECRET).unwrap(),
        ] {
            assert_ne!(nonce(&other), nonce(&sealed));
        }
    }

    #[test]
    fn neither_vault_nor_key_shows_itself() {
        let key = VaultKey::of_demo(1);
        let shown = format!("{:?} {key:?}", vault(&[1], Nonces::Random));
        assert!(shown.contains(&key.id().to_string()) && !shown.contains(&key.to_text()), "{shown}");
    }
}
