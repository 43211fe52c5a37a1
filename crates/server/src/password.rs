//! Passwords: argon2id hashes, made and compared where nobody else waits for it.
//!
//! A hash costs some 20 ms of a core and 19 MiB on purpose. It is made on the blocking pool, never on a database thread, and only
//! as many at once as there are cores, so that people who sign in cannot starve everything else.

use std::{sync::Arc, time::Duration};

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use gymkeeper_store::db::DbError;
use tokio::sync::Semaphore;

use crate::{chance, http::failure::Failure};

/// Whoever waits longer for a place is told that the server is busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// The hash of no password: compared where there is no account, so that the time taken does not tell that there is none.
const OF_NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$KioqKioqKioqKioqKioqKg$05nGT9SWZQLibmyok9rLPJXIIjk7W8T3Qtw33EeFfZU";

/// Hashes passwords, a few at a time.
#[derive(Debug, Clone)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from))))
    }
}

impl Passwords {
    /// Hashes a password with a fresh salt.
    ///
    /// # Errors
    /// When too many wait already.
    pub async fn hash(&self, password: String) -> Result<String, Failure> {
        self.run(move || hash_with(&password, &chance::bytes::<16>())).await?
    }

    /// Whether the password is the one of that hash. Without a hash the answer is no, after as much time.
    ///
    /// # Errors
    /// When too many wait already.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Failure> {
        self.run(move || {
            let fits = matches(&password, hash.as_deref().unwrap_or(OF_NOBODY));
            fits && hash.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(DbError::Busy.into()) };
        let done = tokio::task::spawn_blocking(move || {
            let value = work();
            drop(place);
            value
        });
        done.await.map_err(|error| Failure::Internal(format!("a password could not be hashed: {error}")))
    }
}

/// Hashes a password with that salt, at once. For the command line and for the demo, whose salt is no secret.
///
/// # Errors
/// When the machine has no memory for it.
pub fn hash_with(password: &str, salt: &[u8]) -> Result<String, Failure> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    let hash = hash.map_err(|error| Failure::Internal(format!("a password could not be hashed: {error}")))?;
    Ok(hash.to_string())
}

fn matches(password: &str, hash: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands before the salt: algorithm, version and cost.
    fn cost(hash: &str) -> Vec<&str> {
        hash.split('$').take(4).collect()
    }

    #[test]
    fn a_hash_fits_its_password_only_and_tells_its_cost() {
        let hash = hash_with("correct horse battery", &[7; 16]).unwrap();
        assert!(matches("correct horse battery", &hash));
        for wrong in ["", "correct horse batter", "Correct horse battery"] {
            assert!(!matches(wrong, &hash), "{wrong}");
        }
        assert_eq!(cost(&hash), ["", "argon2id", "v=19", "m=19456,t=2,p=1"]);
        assert_ne!(hash, hash_with("correct horse battery", &[8; 16]).unwrap());
    }

    #[test]
    fn looking_for_nobody_costs_as_much_and_finds_nobody() {
        let hash = hash_with("x", &[7; 16]).unwrap();
        assert_eq!(cost(OF_NOBODY), cost(&hash));
        assert_eq!(OF_NOBODY.len(), hash.len());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let passwords = Passwords::default();
            // Even the one whose hash it is opens nothing.
            for password in ["nobody", "x", ""] {
                assert!(!passwords.verify(password.to_owned(), None).await.unwrap());
            }
            let hash = passwords.hash("a long password".to_owned()).await.unwrap();
            assert!(passwords.verify("a long password".to_owned(), Some(hash)).await.unwrap());
        });
    }
}
