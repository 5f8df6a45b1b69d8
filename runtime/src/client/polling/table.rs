//! `pollable!`: what makes a builder wait: one that starts a run, one that tells its state, one that lists the runs of a batch.
//!
//! Knows how the three fit together, not which operations there are.

/// Makes builders wait. They are as for [`call!`](crate::call), with the fields `core` and `options`.
#[doc(hidden)]
#[macro_export]
macro_rules! pollable {
    (state $name:ident => $state:ty, $operation:path, $id:ident, |$run:ident| $status:expr) => {
        impl $crate::Pollable for $name {
            type State = $state;

            fn operation() -> &'static $crate::Operation {
                &$operation
            }

            $crate::pollable!(@client);
            $crate::pollable!(@shared);

            fn id(&self) -> &str {
                &self.$id
            }

            fn status<'s>(&self, $run: &'s $state, pending: &[&str]) -> $crate::codegen::Status<'s> {
                $crate::codegen::Status::of($status.as_str(), pending)
            }
        }

        impl $name {
            /// Asks again and again, and shows each state.
            #[must_use = "nothing is sent before the first state is asked for"]
            pub fn poller(self) -> $crate::Poller<Self> {
                $crate::Poller::new(self)
            }

            /// Asks again and again until the run is over, and gives it as it is then: failed runs too, see their status.
            ///
            /// # Errors
            ///
            /// The run cannot be asked about; the error has its ID.
            pub async fn wait(self) -> ::std::result::Result<$state, $crate::Error> {
                self.poller().until_done().await
            }
        }
    };

    (
        start $name:ident => $response:ty, $pollable:ty, $state:ty,
        |$call:pat_param| $size:expr,
        |$core:ident, $run:ident, $number:pat_param| $found:expr
    ) => {
        impl $crate::codegen::Start for $name {
            type Response = $response;
            type Pollable = $pollable;

            fn core(&self) -> &$crate::codegen::Core {
                &self.core
            }

            fn options(&self) -> &$crate::RequestOptions {
                &self.options
            }

            fn size(&self) -> usize {
                let $call = self;
                $size
            }

            #[allow(deprecated, reason = "a call that is on its way out can be waited for")]
            fn pollable($core: $crate::codegen::Core, $run: $response, $number: usize) -> $pollable {
                $found
            }
        }

        impl $name {
            /// Starts it when the first state is asked for, and shows each state. The options of this call hold for the
            /// questions too.
            #[must_use = "nothing is sent before the first state is asked for"]
            pub fn poller(self) -> $crate::Poller<$pollable> {
                $crate::Poller::starting(self)
            }

            /// Starts it, waits until it is over and gives it as it is then: failed runs too, see their status.
            ///
            /// # Errors
            ///
            /// It cannot be started, or not be asked about; the error then has its ID.
            pub async fn wait(self) -> ::std::result::Result<$state, $crate::Error> {
                self.poller().until_done().await
            }
        }
    };

    (batch $name:ident => $item:ty, |$batch:ident| { $($field:ident: $value:expr),* $(,)? }, |$run:ident| $status:expr) => {
        impl $crate::codegen::BatchRuns for $name {
            $crate::pollable!(@shared);

            fn of(self, $batch: &str) -> Self {
                Self { $($field: $value,)* ..self }
            }

            fn status($run: &$item) -> &str {
                $status.as_str()
            }
        }
    };

    (@client) => {
        fn core(&self) -> &$crate::codegen::Core {
            &self.core
        }
    };

    (@shared) => {
        fn options(&self) -> &$crate::RequestOptions {
            &self.options
        }

        fn with_options(self, options: $crate::RequestOptions) -> Self {
            Self { options, ..self }
        }
    };
}
