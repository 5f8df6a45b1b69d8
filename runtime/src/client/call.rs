//! The macro `call!`, which implements what all request builders have in common: request options, sending, awaiting.
//!
//! It must not know which operations there are.

/// The boxed future of a call.
pub type CallFuture<T> = std::pin::Pin<Box<dyn Future<Output = Result<T, crate::Error>> + Send>>;

/// Implements sending for a request builder, a struct with the fields `core` and `options` in addition to its
/// arguments.
///
/// `call!([setter = "header-name"; …] connect; Builder => json Output, OPERATION, |call, wire| expression)`: the listed
/// setters override injected headers for one call, `connect` creates the wire client from a
/// [`Context`](crate::client::wire::Context), and the expression builds the request that is sent through it; `async`
/// stands before an expression that awaits. A generated crate wraps this macro once, with its own setters.
///
/// Every method is `#[inline]`, here and in `pollable!` and `paginated!`: a program calls few of the operations, and only those are
/// compiled, with the program.
#[macro_export]
macro_rules! call {
    (
        [$($(#[$doc:meta])* $setter:ident = $header:literal;)*]
        $connect:path;
        $name:ident => $form:ident $output:ty, $operation:path, $($kind:ident)? |$call:ident, $wire:ident| $request:expr
    ) => {
        $crate::call!(@start $($kind)? $name, $operation, $connect, |$call, $wire| $request);

        impl $name {
            $(
                $(#[$doc])*
                #[must_use]
                #[inline]
                pub fn $setter(mut self, value: impl ::std::convert::AsRef<str>) -> Self {
                    self.options = self.options.header($header, value);
                    self
                }
            )*

            /// Sets the time limit of each attempt of this call.
            #[must_use]
            #[inline]
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options = self.options.timeout(timeout);
                self
            }

            /// Sets the time limit of this call, including all its attempts and the pauses between them.
            #[must_use]
            #[inline]
            pub fn total_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options = self.options.total_timeout(timeout);
                self
            }

            /// Sets the policy that decides which failed attempts of this call are retried.
            #[must_use]
            #[inline]
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.options.set_retry(policy);
                self
            }

            /// Sets the maximum number of retries; 0 disables retries.
            #[must_use]
            #[inline]
            pub fn max_retries(mut self, most: u32) -> Self {
                self.options = self.options.max_retries(most);
                self
            }

            /// Sets a header of this call. It replaces a header of the same name.
            #[must_use]
            #[inline]
            pub fn header(mut self, name: impl ::std::convert::AsRef<str>, value: impl ::std::convert::AsRef<str>) -> Self {
                self.options = self.options.header(name, value);
                self
            }

            /// Appends a query parameter to those of the operation.
            #[must_use]
            #[inline]
            pub fn query_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.options = self.options.query(name, value);
                self
            }

            /// Sets options of this call. Settings that are not set in `options` remain unchanged.
            #[must_use]
            #[inline]
            pub fn options(mut self, options: $crate::RequestOptions) -> Self {
                self.options.apply(options);
                self
            }

            /// Sends the request and returns the response without decoding it: status, headers and bytes.
            ///
            /// # Errors
            ///
            /// Returns the errors of [`send`](Self::send), except those of decoding the body.
            #[inline]
            pub fn send_raw(
                self,
            ) -> impl ::std::future::Future<Output = ::std::result::Result<$crate::RawResponse, $crate::Error>> {
                $crate::codegen::RawFuture::new($crate::call!(@sent $($kind)? self))
            }

            $crate::call!(@send $form $output, $operation, $connect, $($kind)? |$call, $wire| $request);
        }

        impl ::std::future::IntoFuture for $name {
            type Output = ::std::result::Result<$crate::call!(@output $form $output), $crate::Error>;
            type IntoFuture = ::std::pin::Pin<
                ::std::boxed::Box<dyn ::std::future::Future<Output = Self::Output> + ::std::marker::Send>,
            >;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }

        $crate::blocking_call!($name => $crate::call!(@output $form $output));
    };

    (
        [$($setters:tt)*]
        $connect:path;
        stream $name:ident => events $output:ty, $operation:path, $($kind:ident)? |$call:ident, $wire:ident| $request:expr
    ) => {
        impl $name {
            $crate::call!(
                @open send_stream "text/event-stream" Events $output, $operation, $connect, |$call, $wire| $request
            );
        }
    };
    (
        [$($setters:tt)*]
        $connect:path;
        stream $name:ident => lines $output:ty, $operation:path, $($kind:ident)? |$call:ident, $wire:ident| $request:expr
    ) => {
        impl $name {
            $crate::call!(
                @open send_stream "application/jsonl, application/x-ndjson, application/json-seq" Lines $output, $operation, $connect, |$call, $wire| $request
            );
        }
    };

    (@start $name:ident, $operation:path, $connect:path, |$call:ident, $wire:ident| $request:expr) => {
        impl $crate::codegen::SendCall for $name {
            #[inline]
            fn start(
                &mut self,
            ) -> ::std::result::Result<$crate::codegen::CallFuture<$crate::RawResponse>, $crate::Error> {
                let $call = self;
                let $wire = $connect($crate::codegen::Context::of(&$call.core, &mut $call.options, &$operation));
                let request = $request;
                Ok($wire.send(request))
            }
        }
    };
    (@start async $name:ident, $operation:path, $connect:path, |$call:ident, $wire:ident| $request:expr) => {
        impl $crate::codegen::SendOnce for $name {
            #[inline]
            fn start(
                self,
            ) -> ::std::result::Result<$crate::codegen::CallFuture<$crate::RawResponse>, $crate::Error> {
                let mut $call = self;
                let $wire = $connect($crate::codegen::Context::of(&$call.core, &mut $call.options, &$operation));
                Ok(::std::boxed::Box::pin(async move {
                    let request = $request;
                    $wire.send(request).await
                }))
            }
        }
    };

    (@sent $builder:ident) => { $builder };
    (@sent async $builder:ident) => { $crate::codegen::Once::new($builder) };

    (@output events $output:ty) => { $crate::Values<$output> };
    (@output lines $output:ty) => { $crate::Values<$output> };
    (@output $form:ident $output:ty) => { $output };

    (@send events $output:ty, $operation:path, $connect:path, $($kind:ident)? |$call:ident, $wire:ident| $request:expr) => {
        $crate::call!(@open send Events $output, $operation, $connect, |$call, $wire| $request);
    };
    (@send lines $output:ty, $operation:path, $connect:path, $($kind:ident)? |$call:ident, $wire:ident| $request:expr) => {
        $crate::call!(@open send Lines $output, $operation, $connect, |$call, $wire| $request);
    };
    (@send $form:ident $output:ty, $operation:path, $connect:path, $($kind:ident)? |$call:ident, $wire:ident| $request:expr) => {
        /// Sends the request and decodes the response. Awaiting the builder does the same.
        ///
        /// # Errors
        ///
        /// Resolves to an error if the request cannot be built or sent, if the server responds with an error status, or
        /// if the response does not match its type; [`Error::kind`]($crate::Error::kind) distinguishes these cases.
        #[inline]
        pub fn send(
            self,
        ) -> impl ::std::future::Future<Output = ::std::result::Result<$output, $crate::Error>> {
            $crate::codegen::DecodeFuture::new($crate::call!(@sent $($kind)? self), $crate::codegen::decode::$form)
        }

        /// Sends the request and returns the decoded response together with its status, headers and request ID.
        ///
        /// # Errors
        ///
        /// Resolves to the errors of [`send`](Self::send).
        #[inline]
        pub fn send_with_parts(
            self,
        ) -> impl ::std::future::Future<Output = ::std::result::Result<$crate::Response<$output>, $crate::Error>> {
            let response = $crate::codegen::RawFuture::new($crate::call!(@sent $($kind)? self));
            $crate::Response::receive(response, $crate::codegen::decode::$form)
        }
    };
    (@open $function:ident $($accept:literal)? $framing:ident $output:ty, $operation:path, $connect:path, |$call:ident, $wire:ident| $request:expr) => {
        /// Sends the request and returns the values of the response as they arrive.
        ///
        /// # Errors
        ///
        /// Returns an error if the request cannot be built or sent, if the server responds with an error status, or if
        /// the response is not a stream. Errors that occur while values arrive are returned by `Values::next`.
        #[allow(unused_mut, reason = "the operation itself may say what it accepts")]
        pub async fn $function(mut self) -> ::std::result::Result<$crate::Values<$output>, $crate::Error> {
            $(self.options = self.options.or_header("accept", $accept);)?
            let response = {
                #[allow(unused_mut, reason = "a body of text or bytes is taken out of the builder")]
                let mut $call = self;
                let options = ::std::mem::take(&mut $call.options);
                let $wire = $connect($crate::codegen::Context::new($call.core.clone(), options, &$operation));
                let request = $request;
                $wire.open(request)
            };
            $crate::Values::open(response.await?, $crate::codegen::Framing::$framing).await
        }
    };
}

/// Implements [`Call`](crate::blocking::Call) for a request builder.
#[cfg(feature = "blocking")]
#[doc(hidden)]
#[macro_export]
macro_rules! blocking_call {
    ($name:ident => $output:ty) => {
        impl $crate::blocking::Call for $name {
            type Response = $output;

            #[inline]
            fn client(&self) -> &$crate::codegen::Core {
                &self.core
            }
        }
    };
}

/// Expands to nothing, because the feature `blocking` is disabled.
#[cfg(not(feature = "blocking"))]
#[doc(hidden)]
#[macro_export]
macro_rules! blocking_call {
    ($name:ident => $output:ty) => {};
}
