//! Providers of API keys that change during the lifetime of a client: short-lived tokens, rotated keys.
//!
//! It must not know how a key is sent.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::secret::Secret;

/// The boxed future of an API key.
pub type ProvidedKey = Pin<Box<dyn Future<Output = Result<Secret, Box<dyn StdError + Send + Sync>>> + Send>>;

/// A provider of the API key. It is called before every attempt, so it should cache keys that it fetches.
///
/// The trait is implemented for closures:
///
/// ```
/// # async fn token_of_today() -> Result<String, std::io::Error> { Ok("sk_1".to_owned()) }
/// # fn takes(provider: impl sdk_runtime::KeyProvider) {}
/// takes(|| async { token_of_today().await });
/// ```
pub trait KeyProvider: Send + Sync {
    /// Returns the key for the next attempt. An error ends the call and is the source of its error.
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

/// The source of the API key.
#[derive(Clone)]
pub(crate) enum Key {
    /// A key that the user has set.
    Fixed(Secret),
    /// A provider that is called before every attempt.
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
