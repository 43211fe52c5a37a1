//! The keys of the vault: where they come from, and how a new one takes over.
//!
//! Keys are in the setting `vault.key`, or else in the file `vault.key` in the data folder, which the first start makes. Both hold one
//! or several, the newest first. Once something is sealed, the database remembers the id of the key, so that a server that
//! cannot read it says so when it starts and not when a customer's account is needed, and never makes up a new key beside data
//! that an old one has sealed.

use std::{
    fmt, fs,
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use gymkeeper_store::{
    db::{Db, DbError, Tx},
    setting,
};
use sha2::{Digest as _, Sha256};

use super::{Nonces, Vault, VaultError, VaultFailure};
use crate::{app, chance, config::Config};

/// The setting of the database that holds the id of the key in use.
const KEY_IN_USE: &str = "vault_key_id";
/// What the key file tells whoever opens it.
const EXPLANATION: &str =
    "# Keys for bank data, the newest first. Without them the data cannot be read: keep a copy, apart from backups.\n";

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a key is called: a part of its hash, from which the key cannot be computed. It may be shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; Self::BYTES]);

impl KeyId {
    /// How many bytes an id has.
    pub const BYTES: usize = 8;

    pub(super) const fn of_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    pub(super) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The id in the form in which it is shown.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 2 * Self::BYTES || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; Self::BYTES];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A key of 256 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct VaultKey([u8; 32]);

impl VaultKey {
    /// A fresh key.
    pub fn random() -> Self {
        Self(chance::bytes())
    }

    /// The key of the demo with this seed. Anybody can compute it.
    pub fn of_demo(seed: u64) -> Self {
        Self(Sha256::digest(format!("gymkeeper demo {seed} vault").as_bytes()).into())
    }

    /// Reads 32 bytes in Base64, with either alphabet, with or without `=` at the end.
    ///
    /// # Errors
    /// When it is something else. The message does not repeat the text, which may be a key with a mistake in it.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let standard = text.trim().replace('-', "+").replace('_', "/");
        let bytes = BASE64.decode(standard).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| {
            VaultError::InvalidKey(
                "a key for bank data must be 32 bytes in Base64, as `openssl rand -base64 32` makes them".to_owned(),
            )
        })
    }

    /// The key in the form in which it is written down.
    pub fn to_text(&self) -> String {
        BASE64.encode(self.0)
    }

    /// What it is called.
    pub fn id(&self) -> KeyId {
        let hash = Sha256::digest([&b"gymkeeper vault key"[..], &self.0].concat());
        KeyId(std::array::from_fn(|index| hash.get(index).copied().unwrap_or_default()))
    }

    pub(super) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultKey({})", self.id())
    }
}

/// By what a file is seen to have changed.
pub(super) type Stamp = (Option<SystemTime>, u64, u64);

pub(super) fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.modified().ok(), metadata.len(), metadata.ino()))
}

/// Where the key file of a configuration is.
pub fn key_file(config: &Config) -> PathBuf {
    config.data_dir.join("vault.key")
}

/// Opens the vault of an installation, and makes its key if it has none yet and nothing is sealed.
///
/// # Errors
/// When the keys cannot be read, when values are sealed with a key that is not among them, and the database's.
pub async fn open(config: &Config, db: &Db) -> Result<Vault, VaultFailure> {
    let in_use = db.read(key_in_use).await?;
    Ok(load(config, in_use)?)
}

/// The id of the key that the database's values need; nothing as long as nothing was sealed.
///
/// # Errors
/// The database's.
pub fn key_in_use(tx: &mut Tx<'_>) -> Result<Option<KeyId>, DbError> {
    Ok(setting::get(tx, KEY_IN_USE)?.and_then(|text| KeyId::parse(&text)))
}

/// The same; when nothing was sealed, this key is remembered from now on.
pub(super) fn key_in_use_or(tx: &mut Tx<'_>, newest: KeyId) -> Result<KeyId, DbError> {
    let text = setting::get_or_insert(tx, KEY_IN_USE, &newest.to_string())?;
    Ok(KeyId::parse(&text).unwrap_or(newest))
}

/// Remembers that all values are sealed with this key now: the last step of a rotation, in the transaction that sealed the last
/// of them.
///
/// # Errors
/// The database's.
pub fn set_key_in_use(tx: &mut Tx<'_>, id: KeyId) -> Result<(), DbError> {
    setting::set(tx, KEY_IN_USE, &id.to_string())
}

/// Reads the keys of a configuration, or makes the key file when there is none and none is in use.
fn load(config: &Config, in_use: Option<KeyId>) -> Result<Vault, VaultError> {
    let said = config.vault_key.text();
    if !said.is_empty() {
        let keys = said.split([',', ' ']).filter(|text| !text.is_empty()).map(VaultKey::parse);
        return require(Vault::of_keys(keys.collect::<Result<_, _>>()?, Nonces::Random)?, in_use);
    }
    let file = key_file(config);
    if !file.exists() {
        if let Some(in_use) = in_use {
            return Err(missing(in_use, Some(&file)));
        }
        app::make_private_folder(&config.data_dir).map_err(|error| file_error(&file, &error))?;
        write_file(&file, &[VaultKey::random()], false)?;
    }
    let stamp = stamp(&file);
    require(Vault::new(read_file(&file)?, Some(file), stamp, Nonces::Random)?, in_use)
}

fn require(vault: Vault, in_use: Option<KeyId>) -> Result<Vault, VaultError> {
    match in_use {
        Some(id) if !vault.key_ids().contains(&id) => Err(missing(id, vault.file.as_deref())),
        _ => Ok(vault),
    }
}

pub(super) fn missing(id: KeyId, file: Option<&Path>) -> VaultError {
    match file {
        Some(file) => VaultError::KeyMissing {
            missing: id,
            source_of_keys: file.display().to_string(),
            advice: "put back the key file that belongs to this database, or name the key in GYMKEEPER_VAULT_KEY",
        },
        None => VaultError::KeyMissing {
            missing: id,
            source_of_keys: "the setting vault.key".to_owned(),
            advice: "add the key behind the newest one, with a comma between them",
        },
    }
}

/// Reads a key file.
///
/// # Errors
/// When it cannot be read, others than its owner can read it as well, or something in it is no key.
pub fn read_file(file: &Path) -> Result<Vec<VaultKey>, VaultError> {
    let text = fs::read_to_string(file).map_err(|error| file_error(file, &error))?;
    let mode = fs::metadata(file).map_err(|error| file_error(file, &error))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(key_file_error(file, "others than its owner may read or change it; run `chmod 600` on it"));
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Vec<VaultKey> = lines
        .map(VaultKey::parse)
        .collect::<Result<_, _>>()
        .map_err(|error| key_file_error(file, error.to_string()))?;
    if keys.is_empty() {
        return Err(key_file_error(file, "holds no key"));
    }
    Ok(keys)
}

/// Writes a key file that only its owner can read: whole, or not at all. Without `replace`, a file that is there already stays.
///
/// # Errors
/// When it cannot be written.
pub fn write_file(file: &Path, keys: &[VaultKey], replace: bool) -> Result<(), VaultError> {
    let write = || -> io::Result<()> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // A temporary file is readable by its owner only, from its first moment.
        let mut partial = tempfile::NamedTempFile::new_in(folder)?;
        partial.write_all(EXPLANATION.as_bytes())?;
        for key in keys {
            writeln!(partial, "{}", key.to_text())?;
        }
        partial.as_file().sync_all()?;
        if replace {
            partial.persist(file)?;
        } else if let Err(error) = partial.persist_noclobber(file)
            && error.error.kind() != io::ErrorKind::AlreadyExists
        {
            return Err(error.error);
        }
        // The name must survive a power failure, too: data sealed with a lost key are lost.
        fs::File::open(folder)?.sync_all()
    };
    write().map_err(|error| file_error(file, &error))
}

/// The first step of a rotation: puts a new key before those in the key file. Running servers seal with it from then on.
///
/// # Errors
/// When the keys are in the setting, which only its owner can change, and those of the file.
pub fn add_key(config: &Config) -> Result<KeyId, VaultError> {
    let file = changeable_file(config)?;
    let new = VaultKey::random();
    let mut keys = vec![new.clone()];
    keys.extend(read_file(&file)?);
    write_file(&file, &keys, true)?;
    Ok(new.id())
}

/// What follows a rotation: leaves only the newest key in the key file. Answers the ids of those that are gone.
///
/// `in_use` is what [`key_in_use`] answers. A transaction that was running when the new key was added may have sealed with an old one
/// and be stored only now, so old keys are removed some time later and not at once.
///
/// # Errors
/// When an older key is in use, and those of [`add_key`].
pub fn remove_old_keys(config: &Config, in_use: Option<KeyId>) -> Result<Vec<KeyId>, VaultError> {
    let file = changeable_file(config)?;
    let mut keys = read_file(&file)?;
    if let Some(id) = in_use
        && keys.first().is_none_or(|newest| newest.id() != id)
    {
        return Err(key_file_error(
            &file,
            format!("the key {id} is still in use; seal all values with the newest one first"),
        ));
    }
    let old = keys.split_off(1);
    if !old.is_empty() {
        write_file(&file, &keys, true)?;
    }
    Ok(old.iter().map(VaultKey::id).collect())
}

fn changeable_file(config: &Config) -> Result<PathBuf, VaultError> {
    if config.vault_key.text().is_empty() {
        return Ok(key_file(config));
    }
    Err(VaultError::InvalidKey(
        "the keys are in the setting vault.key: put a new one before the others there, and restart all servers"
            .to_owned(),
    ))
}

fn file_error(file: &Path, error: &io::Error) -> VaultError {
    key_file_error(file, error.to_string())
}

fn key_file_error(file: &Path, problem: impl Into<String>) -> VaultError {
    VaultError::KeyFile { path: file.display().to_string(), problem: problem.into() }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
