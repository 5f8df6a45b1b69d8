//! The macro `pollable!`, which implements polling for request builders that start a run, return its state, or list the
//! runs of a batch.
//!
//! It must not know which operations there are.

/// Implements polling for request builders. As for [`call!`](crate::call), they have the fields `core` and `options`.
#[doc(hidden)]
#[macro_export]
macro_rules! pollable {
    ($(#[$ends:meta])* state $name:ident => $state:ty, $operation:path, $id:ident, |$run:ident| $status:expr $(, $state_id:expr)?) => {
        impl $crate::Pollable for $name {
            type State = $state;

            #[inline]
            fn operation() -> &'static $crate::Operation {
                &$operation
            }

            $crate::pollable!(@client);
            $crate::pollable!(@shared);

            #[inline]
            fn id(&self) -> &str {
                &self.$id
            }

            $(
                #[inline]
                fn state_id<'s>(&self, $run: &'s $state) -> Option<&'s str> {
                    Some($state_id)
                }
            )?

            #[inline]
            fn status<'s>(&self, $run: &'s $state, pending: &[&str]) -> $crate::codegen::Status<'s> {
                $crate::codegen::Status::of($status, pending)
            }
        }

        impl $name {
            /// Returns a poller of the run, which yields every state until the run ends.
            #[inline]
            pub fn poller(self) -> $crate::Poller<Self> {
                $crate::Poller::new(self)
            }

            /// Polls until the run ends and returns its final state.
            ///
            $(#[$ends])*
            /// To wait past a status that only people can end, such as a review, wait again after it.
            /// [`Poller`](crate::Poller) describes this in detail; use [`poller`](Self::poller) to limit the wait or to
            /// see every state.
            ///
            /// # Errors
            ///
            /// Resolves to an error if the run cannot be polled. The error contains the ID of the run.
            #[inline]
            pub fn wait(self) -> $crate::Wait<Self> {
                ::std::future::IntoFuture::into_future(self.poller())
            }
        }
    };

    (
        $(#[$ends:meta])*
        start $name:ident => $response:ty, $pollable:ty, $state:ty,
        |$call:pat_param| $size:expr,
        |$core:ident, $run:ident, $number:pat_param| $found:expr,
        |$started:pat_param| $as_state:expr
    ) => {
        impl $crate::codegen::Start for $name {
            type Response = $response;
            type Pollable = $pollable;

            #[inline]
            fn core(&self) -> &$crate::codegen::Core {
                &self.core
            }

            #[inline]
            fn options(&self) -> &$crate::RequestOptions {
                &self.options
            }

            #[inline]
            fn size(&self) -> usize {
                let $call = self;
                $size
            }

            #[allow(deprecated, reason = "a deprecated call can be polled")]
            #[inline]
            fn pollable($core: $crate::codegen::Core, $run: &$response, $number: usize) -> $pollable {
                $found
            }

            #[inline]
            fn into_state($started: $response) -> Option<$state> {
                $as_state
            }
        }

        impl $name {
            /// Returns a poller that starts the run when it is first awaited, and yields every state until the run
            /// ends. The options of this call apply to the polls too.
            #[inline]
            pub fn poller(self) -> $crate::Poller<$pollable> {
                $crate::Poller::starting(self)
            }

            /// Starts the run, polls until it ends and returns its final state.
            ///
            $(#[$ends])*
            /// To wait past a status that only people can end, such as a review, attach to the ID of the run after it.
            /// [`Poller`](crate::Poller) describes this in detail; use [`poller`](Self::poller) to limit the wait or to
            /// see every state.
            ///
            /// # Errors
            ///
            /// Resolves to an error if the run cannot be started or polled. Once the run has been started, the error
            /// contains its ID.
            #[inline]
            pub fn wait(self) -> $crate::Wait<$pollable> {
                ::std::future::IntoFuture::into_future(self.poller())
            }
        }
    };

    (batch $name:ident => $item:ty, |$batch:ident| { $($field:ident: $value:expr),* $(,)? }, |$run:ident| $status:expr) => {
        impl $crate::codegen::BatchRuns for $name {
            $crate::pollable!(@shared);

            #[inline]
            fn for_batch(self, $batch: &str) -> Self {
                Self { $($field: $value,)* ..self }
            }

            #[inline]
            fn status($run: &$item) -> &str {
                $status.as_str()
            }
        }
    };

    (@client) => {
        #[inline]
        fn core(&self) -> &$crate::codegen::Core {
            &self.core
        }
    };

    (@shared) => {
        #[inline]
        fn options(&self) -> &$crate::RequestOptions {
            &self.options
        }

        #[inline]
        fn with_options(self, options: $crate::RequestOptions) -> Self {
            Self { options, ..self }
        }
    };
}
