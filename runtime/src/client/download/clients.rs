//! The HTTP clients that fetch links. None of them follows a redirect: each hop is checked here before it is requested.
//!
//! It must not know an API, nor what is done with a file.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, ClientBuilder};

use super::link::{Link, Reach};
use crate::client::addresses::{LoopbackOnly, NotPublic, PublicOnly, check_public_name};
use crate::client::config::build_http_client;
use crate::client::error::Error;

/// Time limit of checking a name that the HTTP client of a user will resolve again.
const LOOKUP: Duration = Duration::from_secs(10);

/// The clients of downloads, built when they are first needed. Cloning is cheap.
#[derive(Clone, Default)]
pub(crate) struct LinkClients(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// The client of the user, if it is safe to use.
    own: Option<Client>,
    connect_timeout: Option<Duration>,
    /// For this machine: without a proxy, whatever DNS says.
    local: OnceLock<Client>,
    /// For everything else, through the proxies of the environment.
    remote: OnceLock<Client>,
}

/// Why there is no client for a link.
pub(super) enum Unavailable {
    /// A rule does not allow the link.
    Refused(NotPublic),
    /// The client cannot be built.
    Broken(Error),
}

impl LinkClients {
    /// Uses the client of a user where that is safe: not if it follows redirects by itself, which cannot be prevented for a single
    /// request. It would request what a link must not lead to, and name the link in `Referer`.
    pub(crate) fn new(user: Option<Client>, connect_timeout: Option<Duration>) -> Self {
        let own = user.filter(follows_no_redirect);
        Self(Arc::new(Shared { own, connect_timeout, ..Shared::default() }))
    }

    /// The client for one hop.
    pub(super) async fn client_for(&self, link: &Link, reach: Reach) -> Result<Client, Unavailable> {
        let Shared { own, local, remote, .. } = self.0.as_ref();
        let built = match (own, reach) {
            // Nothing but this machine may see what is not encrypted, no proxy either.
            _ if !link.is_encrypted() => self.built(local, || self.local()),
            (Some(own), Reach::Anywhere) => Ok(own.clone()),
            (None, _) if link.is_local() => self.built(local, || self.local()),
            (Some(own), Reach::PublicOnly) => {
                if !link.is_local() {
                    check_public_name(link.host(), LOOKUP).await.map_err(Unavailable::Refused)?;
                }
                Ok(own.clone())
            }
            (None, Reach::Anywhere) => self.built(remote, || self.builder()),
            // One for each host, as the rule is that of its name.
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
            // A program may have switched them on for all clients. A file is stored as it arrives.
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

/// Returns whether a client is known to follow no redirect. reqwest reveals that only in its `Debug` output; any other output, of
/// another version for example, counts as following.
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
