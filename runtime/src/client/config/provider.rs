//! A credential that changes while the client lives: short-lived tokens, rotated keys.
//!
//! It must not know how a key is sent.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::secret::Secret;

/// A key on its way.
pub type ProvidedKey = Pin<Box<dyn Future<Output = Result<Secret, Box<dyn StdError + Send + Sync>>> + Send>>;

/// Gives the key of a request. It is asked before every attempt, so it should keep what it fetched.
///
/// Closures are providers:
///
/// ```
/// # async fn token_of_today() -> Result<String, std::io::Error> { Ok("sk_1".to_owned()) }
/// # fn takes(provider: impl sdk_runtime::KeyProvider) {}
/// takes(|| async { token_of_today().await });
/// ```
pub trait KeyProvider: Send + Sync {
    /// The key for the next attempt. An error ends the call; it is the cause of the call's error.
    fn key(&self) -> ProvidedKey;
}

impl<F, A, K, E> KeyProvider for F
where
    F: Fn() -> A + Send + Sync,
    A: Future<Output = Result<K, E>> + Send + 'static,
    K: Into<Secret>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    fn key(&self) -> ProvidedKey {
        let key = self();
        Box::pin(async move { key.await.map(Into::into).map_err(Into::into) })
    }
}

/// Where the key comes from.
#[derive(Clone)]
pub(crate) enum Key {
    /// From the user, once.
    Fixed(Secret),
    /// From a provider, each time.
    Provided(Arc<dyn KeyProvider>),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(secret) => write!(f, "{secret:?}"),
            Self::Provided(_) => f.write_str("provided"),
        }
    }
}
