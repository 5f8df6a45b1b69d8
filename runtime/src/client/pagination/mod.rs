//! Lists that come in pages: what a list call must tell of itself to be walked through, and the walks.
//!
//! It must not know any operation; generated code fills in the `paginated!` table.

mod items;
mod pages;

pub use items::Items;
pub use pages::Pages;

use crate::client::call::CallFuture;
use crate::client::config::Core;
use crate::client::error::Error;
use crate::operation::Operation;

/// A call whose response is one page of a list. Generated code implements it, by `paginated!`.
pub trait Paginated:
    Clone + Send + IntoFuture<Output = Result<Self::Page, Error>, IntoFuture = CallFuture<Self::Page>>
{
    /// A page.
    type Page;
    /// What the list is of.
    type Item;

    /// The operation.
    fn operation() -> &'static Operation;

    /// The client.
    fn core(&self) -> &Core;

    /// The token of the page that is asked for; none for the first one.
    fn page_token(&self) -> Option<&str>;

    /// The same call for another page.
    #[must_use]
    fn with_page_token(self, token: String) -> Self;

    /// The token of the page after this one, as the server gave it.
    fn next_token(page: &Self::Page) -> Option<&str>;

    /// What is on a page.
    fn into_items(page: Self::Page) -> Vec<Self::Item>;
}

/// Makes a list call walkable: a builder as for [`call!`](crate::call), its page and its items, the field for the token and
/// where a page has the next one.
#[doc(hidden)]
#[macro_export]
macro_rules! paginated {
    (
        $name:ident => $page:ty, $item:ty, $operation:path,
        $token:ident = |$seen:ident| $next:expr,
        |$taken:ident| $items:expr
    ) => {
        impl $crate::Paginated for $name {
            type Page = $page;
            type Item = $item;

            fn operation() -> &'static $crate::Operation {
                &$operation
            }

            fn core(&self) -> &$crate::codegen::Core {
                &self.core
            }

            fn page_token(&self) -> ::std::option::Option<&str> {
                self.$token.as_deref()
            }

            fn with_page_token(self, token: ::std::string::String) -> Self {
                Self { $token: ::std::option::Option::Some(token), ..self }
            }

            fn next_token($seen: &$page) -> ::std::option::Option<&str> {
                $next
            }

            fn into_items($taken: $page) -> ::std::vec::Vec<$item> {
                $items
            }
        }

        $crate::paginated!(@methods $name);
    };

    // A list that comes in one piece: it is its only page.
    (whole $name:ident => $page:ty, $item:ty, $operation:path, |$taken:ident| $items:expr) => {
        impl $crate::Paginated for $name {
            type Page = $page;
            type Item = $item;

            fn operation() -> &'static $crate::Operation {
                &$operation
            }

            fn core(&self) -> &$crate::codegen::Core {
                &self.core
            }

            fn page_token(&self) -> ::std::option::Option<&str> {
                ::std::option::Option::None
            }

            fn with_page_token(self, _: ::std::string::String) -> Self {
                self
            }

            fn next_token(_: &$page) -> ::std::option::Option<&str> {
                ::std::option::Option::None
            }

            fn into_items($taken: $page) -> ::std::vec::Vec<$item> {
                $items
            }
        }

        $crate::paginated!(@methods $name);
    };

    (@methods $name:ident) => {
        impl $name {
            /// Walks through all pages, from the one this call asks for. Filters and options stay the same.
            #[must_use = "nothing is sent before the first page is asked for"]
            pub fn pages(self) -> $crate::Pages<Self> {
                $crate::Pages::new(self)
            }

            /// Walks through the items of all pages, from the page this call asks for. Filters and options stay the same.
            #[must_use = "nothing is sent before the first item is asked for"]
            pub fn items(self) -> $crate::Items<Self> {
                $crate::Items::new(self)
            }
        }
    };
}
