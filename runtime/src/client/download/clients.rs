//! The HTTP clients that fetch links. None of them follows redirects: each hop is checked before it is requested.
//!
//! This module must not know an API, nor what is done with a file.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, ClientBuilder};

use super::link::{Link, Reach};
use crate::client::addresses::{LoopbackOnly, NotPublic, PublicOnly, check_public_name};
use crate::client::config::build_http_client;
use crate::client::error::Error;

/// Time limit for checking a name that the user's HTTP client will resolve again.
const LOOKUP: Duration = Duration::from_secs(10);

/// The HTTP clients for downloads, built when they are first needed. Cloning is cheap.
#[derive(Clone, Default)]
pub(crate) struct LinkClients(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// The user's client, if it is safe to use.
    own: Option<Client>,
    connect_timeout: Option<Duration>,
    /// For this machine: without a proxy, and regardless of DNS.
    local: OnceLock<Client>,
    /// For all other hosts, through the proxies of the environment.
    remote: OnceLock<Client>,
}

/// The client for this machine of all downloads that belong to no client of an API.
static LOCAL: OnceLock<Client> = OnceLock::new();

/// Why there is no client for a link.
pub(super) enum Unavailable {
    /// The link is not permitted.
    Refused(NotPublic),
    /// The client cannot be built.
    Broken(Error),
}

impl LinkClients {
    /// Uses the user's client if that is safe. It is not if the client follows redirects, which cannot be disabled for
    /// a single request: it would request targets that are not permitted, and send the link in `Referer`.
    pub(crate) fn new(user: Option<Client>, connect_timeout: Option<Duration>) -> Self {
        let own = user.filter(follows_no_redirect);
        Self(Arc::new(Shared { own, connect_timeout, ..Shared::default() }))
    }

    /// Returns the client for one hop.
    pub(super) async fn client_for(&self, link: &Link, reach: Reach) -> Result<Client, Unavailable> {
        let Shared { own, local, remote, .. } = self.0.as_ref();
        let place = if self.0.connect_timeout.is_none() { &LOCAL } else { local };
        let built = match (own, reach) {
            // Unencrypted requests must not leave this machine, not even to a proxy.
            _ if !link.is_encrypted() => self.built(place, || self.local()),
            (Some(own), Reach::Anywhere) => Ok(own.clone()),
            (None, _) if link.is_local() => self.built(place, || self.local()),
            (Some(own), Reach::PublicOnly) => {
                if !link.is_local() {
                    check_public_name(link.host(), LOOKUP).await.map_err(Unavailable::Refused)?;
                }
                Ok(own.clone())
            }
            (None, Reach::Anywhere) => self.built(remote, || self.builder()),
            // A separate client for each host, because the resolver checks its name.
            (None, Reach::PublicOnly) => build_http_client(self.builder().dns_resolver(PublicOnly::new(link.host()))),
        };
        built.map_err(Unavailable::Broken)
    }

    fn built(&self, place: &OnceLock<Client>, builder: impl FnOnce() -> ClientBuilder) -> Result<Client, Error> {
        match place.get() {
            Some(client) => Ok(client.clone()),
            None => {
                let client = build_http_client(builder())?;
                Ok(place.get_or_init(|| client).clone())
            }
        }
    }

    fn local(&self) -> ClientBuilder {
        self.builder().no_proxy().dns_resolver(LoopbackOnly)
    }

    fn builder(&self) -> ClientBuilder {
        let builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            // Feature unification may have enabled decompression for all clients. A file is stored as it arrives.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate();
        match self.0.connect_timeout {
            Some(limit) => builder.connect_timeout(limit),
            None => builder,
        }
    }
}

/// Returns whether a client is known not to follow redirects. reqwest reveals that only in its `Debug` output; any
/// other output, for example of another version, counts as following them.
fn follows_no_redirect(client: &Client) -> bool {
    format!("{client:?}").contains(r#" redirect_policy: "Policy(None)","#)
}

#[cfg(test)]
mod tests {
    use reqwest::redirect::Policy;

    use super::*;

    #[test]
    fn only_a_client_that_follows_no_redirect_is_used_for_links() {
        let mut pretending = http::HeaderMap::new();
        pretending.insert("x-a", r#", redirect_policy: "Policy(None)","#.parse().unwrap());
        for (builder, used) in [
            (Client::builder().redirect(Policy::none()), true),
            (Client::builder().redirect(Policy::none()).referer(false), true),
            (Client::builder(), false),
            (Client::builder().default_headers(pretending), false),
            (Client::builder().redirect(Policy::limited(1)), false),
            (Client::builder().redirect(Policy::custom(|attempt| attempt.stop())), false),
        ] {
            let client = builder.build().unwrap();
            assert_eq!(follows_no_redirect(&client), used, "{client:?}");
            assert_eq!(LinkClients::new(Some(client), None).0.own.is_some(), used);
        }
    }
}
