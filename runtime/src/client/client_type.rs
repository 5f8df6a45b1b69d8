//! `client!`: the client of an API and its builder. They differ between APIs in documentation and injected headers
//! only.
//!
//! This module knows how a client is configured, and must not know which calls it has.

/// Defines a client and its builder: documentation and name of the client, name of the builder and the function of
/// [`CoreBuilder`](crate::codegen::CoreBuilder) that builds the client, the profile, a setter for each injected header,
/// and one for each credential if there are several.
#[doc(hidden)]
#[macro_export]
macro_rules! client {
    (
        $(#[$docs:meta])*
        $client:ident, $builder:ident => $build:ident, $profile:expr;
        [$($(#[$header_docs:meta])* $setter:ident = $header:literal;)*]
        $([$($(#[$credential_docs:meta])* $kind:ident $credential:ident $($provider:ident)? = $index:literal;)*])?
    ) => {
        $(#[$docs])*
        #[derive(Clone, Debug)]
        pub struct $client {
            pub(crate) core: $crate::codegen::Core,
        }

        impl $client {
            /// Builds a client that uses this API key, and the defaults for everything else.
            ///
            /// # Errors
            ///
            /// Returns a configuration error if the key is empty or cannot be sent in a header.
            pub fn new(api_key: impl Into<$crate::Secret>) -> Result<Self, $crate::Error> {
                Self::builder().api_key(api_key).build()
            }

            /// Builds a client from environment variables; the documentation of the crate lists them.
            ///
            /// # Errors
            ///
            /// Returns a configuration error if no key is set, or if a variable has a value that cannot be used.
            pub fn from_env() -> Result<Self, $crate::Error> {
                Self::builder_from_env()?.build()
            }

            /// Returns a builder with the default configuration. Environment variables are not read.
            pub fn builder() -> $builder {
                $builder { core: $crate::codegen::CoreBuilder::new(&$profile) }
            }

            /// Returns a builder that starts from environment variables. What is set on the builder takes precedence.
            ///
            /// # Errors
            ///
            /// Returns a configuration error if a variable is not valid Unicode.
            pub fn builder_from_env() -> Result<$builder, $crate::Error> {
                Ok($builder { core: $crate::codegen::CoreBuilder::from_env(&$profile)? })
            }

            /// Builds a client that shares the connections, the retry budget, the API key and the settings of another one,
            /// which may be of another version of the API. Each sends the header of its own version.
            ///
            /// # Errors
            ///
            /// Returns a configuration error if the versions authenticate in different ways.
            pub fn from_core(core: &$crate::SharedCore) -> Result<Self, $crate::Error> {
                Ok(Self { core: core.$build(&$profile)? })
            }

            /// Returns what clients of other versions of the API can be made from, with their `from_core`.
            #[must_use]
            pub fn core(&self) -> $crate::SharedCore {
                $crate::SharedCore::of(&self.core)
            }

            /// Returns the base URL of all requests, without a trailing slash.
            #[must_use]
            pub fn base_url(&self) -> &str {
                self.core.base_url()
            }
        }

        #[doc = concat!("Builds a [`", stringify!($client), "`].")]
        #[derive(Clone, Debug)]
        #[must_use = "a builder does nothing until `build` is called"]
        pub struct $builder {
            pub(crate) core: $crate::codegen::CoreBuilder,
        }

        $crate::client!(@destination $builder [$($(#[$header_docs])* $setter = $header;)*]);
        $($($crate::client!(@$kind $builder $(#[$credential_docs])* $credential $($provider)? = $index);)*)?
        $crate::client!(@limits $builder);
        $crate::client!(@transport $builder);

        impl $builder {
            #[doc = concat!("Builds the [`", stringify!($client), "`]. Nothing is sent.")]
            ///
            /// # Errors
            ///
            /// Returns a configuration error if the key is missing or malformed, the region is unknown, or the base URL
            /// is not a valid URL.
            pub fn build(self) -> Result<$client, $crate::Error> {
                Ok($client { core: self.core.$build()? })
            }
        }
    };

    (@destination $builder:ident [$($(#[$docs:meta])* $setter:ident = $header:literal;)*]) => {
        impl $builder {
            /// Sets the API key that authenticates requests. Neither `Debug` nor an error ever shows it.
            pub fn api_key(mut self, key: impl Into<$crate::Secret>) -> Self {
                self.core = self.core.api_key(key);
                self
            }

            /// Sets a provider of the API key, which is called before every attempt: for keys that are rotated and
            /// tokens that expire. A closure that returns a future is a provider.
            pub fn api_key_provider(mut self, provider: impl $crate::KeyProvider + 'static) -> Self {
                self.core = self.core.api_key_provider(provider);
                self
            }

            /// Selects one of the named deployments in [`environments`](crate::environments).
            pub fn environment(mut self, environment: &$crate::Environment) -> Self {
                self.core = self.core.environment(environment);
                self
            }

            /// Selects a deployment by its region or name. [`build`](Self::build) returns an error if there is none.
            pub fn region(mut self, region: &str) -> Self {
                self.core = self.core.region(region);
                self
            }

            /// Sets the base URL. Its path, if it has one, is kept in front of every request path.
            pub fn base_url(mut self, url: impl Into<String>) -> Self {
                self.core = self.core.base_url(url);
                self
            }

            /// Allows `http://` for hosts other than this machine. The key is then sent unencrypted.
            pub fn allow_insecure_http(mut self) -> Self {
                self.core = self.core.allow_insecure_http();
                self
            }

            $(
                $(#[$docs])*
                pub fn $setter(mut self, value: impl AsRef<str>) -> Self {
                    self.core = self.core.header($header, value);
                    self
                }
            )*

            /// Sets a header that is sent with every request. A call may replace it.
            pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
                self.core = self.core.header(name, value);
                self
            }
        }
    };

    (@token $builder:ident $(#[$docs:meta])* $setter:ident $provider:ident = $index:literal) => {
        impl $builder {
            $(#[$docs])*
            pub fn $setter(mut self, token: impl Into<$crate::Secret>) -> Self {
                self.core = self.core.credential($index, token);
                self
            }

            #[doc = concat!("Sets a provider of what [`", stringify!($setter), "`](Self::", stringify!($setter), ") sets.")]
            /// It is called before every attempt.
            pub fn $provider(mut self, provider: impl $crate::KeyProvider + 'static) -> Self {
                self.core = self.core.credential_provider($index, provider);
                self
            }
        }
    };
    (@basic $builder:ident $(#[$docs:meta])* $setter:ident = $index:literal) => {
        impl $builder {
            $(#[$docs])*
            pub fn $setter(mut self, user: impl AsRef<str>, password: impl Into<$crate::Secret>) -> Self {
                self.core = self.core.basic_credential($index, user.as_ref(), password);
                self
            }
        }
    };

    (@limits $builder:ident) => {
        impl $builder {
            /// Sets the time limit of each attempt, from connecting to the last byte of the response. For a stream it
            /// applies to the start of the response, then to each event.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.core = self.core.timeout(timeout);
                self
            }

            /// Sets the time limit of a call, including all attempts and the pauses between them. There is none by
            /// default.
            pub fn total_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.core = self.core.total_timeout(timeout);
                self
            }

            /// Sets the size limit of response bodies, in bytes. A larger body is an error.
            pub fn max_response_bytes(mut self, limit: u64) -> Self {
                self.core = self.core.max_response_bytes(limit);
                self
            }

            /// Sets the time limit for establishing a connection. It has no effect on a client set by
            /// [`http_client`](Self::http_client).
            pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.core = self.core.connect_timeout(timeout);
                self
            }

            /// Sets the policy that decides which failed attempts are retried.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.core = self.core.retry(policy);
                self
            }

            /// Sets the maximum number of retries of a call; 0 disables retries.
            pub fn max_retries(mut self, limit: u32) -> Self {
                self.core = self.core.max_retries(limit);
                self
            }
        }
    };

    (@transport $builder:ident) => {
        impl $builder {
            /// Sets the HTTP client, with its proxies, certificates and connection pool.
            ///
            /// The redirect policy of that client applies. Configure it to follow no redirects: otherwise, a redirect
            /// may carry headers to another host, and downloads use a separate client. Configure it with
            /// `reqwest::retry::never()` as well: otherwise, both that client and this one retry requests.
            pub fn http_client(mut self, client: $crate::codegen::reqwest::Client) -> Self {
                self.core = self.core.http_client(client);
                self
            }

            /// Adds a tower layer around the sending of each attempt, outside the layers added before. It sees the
            /// whole request, including the key. Retries and time limits remain outside of it.
            #[cfg(feature = "tower")]
            pub fn layer(mut self, layer: impl $crate::tower::AttemptLayer) -> Self {
                self.core = self.core.layer(layer);
                self
            }

            /// Sets the source of time and randomness, so that tests need not wait.
            pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
                self.core = self.core.clock(clock);
                self
            }

            /// Appends a product to the `User-Agent` header, such as `my-app/1.2`.
            pub fn user_agent_suffix(mut self, suffix: &str) -> Self {
                self.core = self.core.user_agent_suffix(suffix);
                self
            }
        }
    };
}

/// Defines the trait with a setter for each injected header, for types that are not request builders of the API.
#[doc(hidden)]
#[macro_export]
macro_rules! header_setters {
    ($(#[$trait_docs:meta])* $name:ident [$($(#[$docs:meta])* $setter:ident = $header:literal;)*]) => {
        $(#[$trait_docs])*
        pub trait $name: $crate::codegen::SetHeader {
            $(
                $(#[$docs])*
                #[must_use]
                fn $setter(self, value: impl AsRef<str>) -> Self {
                    self.set_header($header, value.as_ref())
                }
            )*
        }

        impl<T: $crate::codegen::SetHeader> $name for T {}
    };
}
