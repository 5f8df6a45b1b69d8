//! Macros for the tables in generated code: one line per operation, one line per fixture.
//!
//! They know the format of the tables, but no operation.

/// Generates the mocks of operations, grouped by resource, as methods of the server:
///
/// ```text
/// mocks! { MockServer;
///     files: Files {
///         retrieve => json types::File, operations::FILES_RETRIEVE, fixtures::FILE;
///     }
///     {
///         parse => json types::ParseRun, operations::PARSE, fixtures::PARSE_RUN;
///     }
/// }
/// ```
///
/// The last group holds the operations that belong to no resource. The server wraps the runtime's server and provides
/// its `Mocks`.
#[macro_export]
macro_rules! mocks {
    (
        $server:ident;
        $($accessor:ident: $group:ident { $($line:tt)* })*
        { $($root:tt)* }
    ) => {
        impl $server {
            $(
                #[doc = concat!("Mocks of `", stringify!($accessor), "`.")]
                #[must_use]
                pub fn $accessor(&self) -> $group {
                    $group(::std::convert::AsRef::<$crate::codegen::Mocks>::as_ref(self).clone())
                }
            )*

            /// Makes every operation respond with the fixture of its response type. Responses configured afterwards
            /// take precedence.
            pub fn returns_fixtures(&self) {
                $($crate::codegen::Prepare::prepare(&self.$accessor());)*
                $crate::codegen::Prepare::prepare(self);
            }
        }
        $(
            #[doc = concat!("Mocks of `", stringify!($accessor), "`.")]
            #[derive(Clone, Debug)]
            pub struct $group($crate::codegen::Mocks);

            impl ::std::convert::AsRef<$crate::codegen::Mocks> for $group {
                fn as_ref(&self) -> &$crate::codegen::Mocks {
                    &self.0
                }
            }

            $crate::mocks!(@functions $group; $($line)*);
        )*
        $crate::mocks!(@functions $server; $($root)*);
    };
    (@functions $owner:ident; $($function:ident => $form:tt $($response:ty)?, $operation:path $(, $fixture:path)?;)*) => {
        impl $owner {
            $(
                #[doc = concat!("The mock of `", stringify!($function), "`.")]
                pub fn $function(&self) -> $crate::testing::Mock<$crate::mocks!(@response $form $($response)?)> {
                    $crate::testing::Mock::new(self, &$operation, $crate::mocks!(@prepared $form $($fixture)?))
                }
            )*
        }

        impl $crate::codegen::Prepare for $owner {
            fn prepare(&self) {
                $(self.$function().prepare();)*
            }
        }
    };
    (@response json $response:ty) => { $crate::testing::Json<$response> };
    (@response events $response:ty) => { $crate::testing::Events<$response> };
    (@response lines $response:ty) => { $crate::testing::Lines<$response> };
    (@response text) => { $crate::testing::Text };
    (@response bytes) => { $crate::testing::Raw };
    (@response empty) => { $crate::testing::Nothing };
    (@response $status:literal) => { $crate::testing::ByStatus<$status> };
    (@prepared $form:tt $fixture:path) => { ::std::option::Option::Some($fixture) };
    (@prepared text) => { ::std::option::Option::Some("") };
    (@prepared bytes) => { ::std::option::Option::Some("") };
    (@prepared empty) => { ::std::option::Option::Some("") };
    (@prepared $form:tt) => { ::std::option::Option::None };
}

/// Generates each fixture as a function and as its JSON:
///
/// ```text
/// fixtures! {
///     file, FILE: types::File = r#"{"id":"file_1"}"#;
/// }
/// ```
#[macro_export]
macro_rules! fixtures {
    ($($function:ident, $constant:ident: $ty:ty = $text:literal;)*) => {
        $(
            #[doc = concat!("A prepared `", stringify!($ty), "`.")]
            #[must_use]
            pub fn $function() -> $ty {
                $crate::codegen::decode_fixture(stringify!($function), $constant)
            }

            pub(crate) const $constant: &str = $text;
        )*

        /// All fixtures, for a test that reads every one.
        #[doc(hidden)]
        pub static FIXTURES: &[$crate::codegen::Fixture] = &[
            $($crate::codegen::Fixture {
                name: stringify!($function),
                text: $constant,
                round_trip: $crate::codegen::round_trip::<$ty>,
            },)*
        ];
    };
}
