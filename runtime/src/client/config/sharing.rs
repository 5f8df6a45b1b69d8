//! Clients of several versions of one API that share connections, retry budget and settings.
//!
//! It must not know how a request is sent, nor which versions there are.

use std::sync::Arc;

use http::HeaderMap;

use super::{Core, Shared};
use crate::client::error::Error;
use crate::client::profile::Profile;
use crate::client::request_options::check_header;

/// The configuration and state of a client, from which clients of other versions of the same API can be made: they share
/// its connections, its retry budget, its API key and its settings. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct SharedCore(Core);

impl SharedCore {
    /// Shares the configuration of a client.
    #[doc(hidden)]
    pub fn of(core: &Core) -> Self {
        Self(core.clone())
    }

    /// Returns the configuration for the version of a profile.
    #[doc(hidden)]
    pub fn build(&self, profile: &'static Profile) -> Result<Core, Error> {
        let shared = &self.0.0;
        let placements = |profile: &'static Profile| profile.credentials().map(|credential| credential.placement);
        if !placements(shared.profile).eq(placements(profile)) {
            return Err(Error::configuration(
                "the clients authenticate in different ways, so they cannot share a core",
            ));
        }
        Ok(Core(Arc::new(Shared {
            profile,
            base: shared.base.clone(),
            http: shared.http.clone(),
            link_clients: shared.link_clients.clone(),
            credentials: shared.credentials.clone(),
            headers: headers_of(shared.profile, &shared.headers, profile)?,
            open_headers: headers_of(shared.profile, &shared.open_headers, profile)?,
            confidential: shared.confidential.clone(),
            timeout: shared.timeout,
            http_timeout: shared.http_timeout,
            connect_timeout: shared.connect_timeout,
            total_timeout: shared.total_timeout,
            max_response_bytes: shared.max_response_bytes,
            retry: shared.retry.clone(),
            max_retries: shared.max_retries,
            budget: Arc::clone(&shared.budget),
            clock: Arc::clone(&shared.clock),
            companions: shared.companions.clone(),
            #[cfg(feature = "blocking")]
            worker: shared.worker.clone(),
            #[cfg(feature = "tower")]
            layered: self.0.layered().map(std::sync::Mutex::new),
        })))
    }

    /// Returns the configuration of a blocking client. It shares the worker thread, if there is one.
    #[cfg(feature = "blocking")]
    #[doc(hidden)]
    pub fn build_blocking(&self, profile: &'static Profile) -> Result<Core, Error> {
        let mut core = self.build(profile)?;
        if let Some(shared) = Arc::get_mut(&mut core.0)
            && shared.worker.is_none()
        {
            shared.worker = Some(crate::client::worker::Worker::start()?);
        }
        Ok(core)
    }
}

/// Returns the headers of every request. Those that the profiles set differently, such as the version, are the new profile's;
/// all others keep what was set.
fn headers_of(shared: &Profile, headers: &HeaderMap, profile: &Profile) -> Result<HeaderMap, Error> {
    let mut headers = headers.clone();
    for header in profile.headers {
        let known = shared.headers.iter().find(|known| known.name == header.name);
        match header.default {
            Some(default) if known.and_then(|known| known.default) != Some(default) => {
                let (name, value) = check_header(header.name, default).map_err(Error::configuration)?;
                headers.insert(name, value);
            }
            Some(_) | None => {}
        }
    }
    Ok(headers)
}
