//! Pagination: the trait of list calls that return pages, and iteration over pages and items.
//!
//! It must not know any operation; generated code fills in the `paginated!` table.

mod course;
mod items;
mod pages;

pub use items::Items;
pub use pages::Pages;

use crate::client::call::CallFuture;
use crate::client::config::Core;
use crate::client::error::Error;
use crate::operation::Operation;

/// A call whose response is one page of a list. Generated code implements it with `paginated!`.
pub trait Paginated:
    Clone + Send + IntoFuture<Output = Result<Self::Page, Error>, IntoFuture = CallFuture<Self::Page>>
{
    /// The type of a page.
    type Page;
    /// The type of an item.
    type Item;

    /// Returns the operation of the call.
    fn operation() -> &'static Operation;

    /// Returns the configuration of the client.
    fn core(&self) -> &Core;

    /// Returns the token of the requested page, or `None` for the first page.
    fn page_token(&self) -> Option<&str>;

    /// Returns the same call for another page.
    #[must_use]
    fn with_page_token(self, token: String) -> Self;

    /// Returns the token of the next page, as the server sent it.
    fn next_token(page: &Self::Page) -> Option<&str>;

    /// Returns the items of a page.
    fn into_items(page: Self::Page) -> Vec<Self::Item>;
}

/// Implements pagination for a list call. The arguments are a request builder as for [`call!`](crate::call), the types
/// of its pages and items, the field for the token, and expressions for the next token and the items of a page.
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

            #[inline]
            fn operation() -> &'static $crate::Operation {
                &$operation
            }

            #[inline]
            fn core(&self) -> &$crate::codegen::Core {
                &self.core
            }

            #[inline]
            fn page_token(&self) -> ::std::option::Option<&str> {
                self.$token.as_deref()
            }

            #[inline]
            fn with_page_token(self, token: ::std::string::String) -> Self {
                Self { $token: ::std::option::Option::Some(token), ..self }
            }

            #[inline]
            fn next_token($seen: &$page) -> ::std::option::Option<&str> {
                $next
            }

            #[inline]
            fn into_items($taken: $page) -> ::std::vec::Vec<$item> {
                $items
            }
        }

        $crate::paginated!(@methods $name);
    };

    // A list without pagination: the response is its only page.
    (whole $name:ident => $page:ty, $item:ty, $operation:path, |$taken:ident| $items:expr) => {
        impl $crate::Paginated for $name {
            type Page = $page;
            type Item = $item;

            #[inline]
            fn operation() -> &'static $crate::Operation {
                &$operation
            }

            #[inline]
            fn core(&self) -> &$crate::codegen::Core {
                &self.core
            }

            #[inline]
            fn page_token(&self) -> ::std::option::Option<&str> {
                ::std::option::Option::None
            }

            #[inline]
            fn with_page_token(self, _: ::std::string::String) -> Self {
                self
            }

            #[inline]
            fn next_token(_: &$page) -> ::std::option::Option<&str> {
                ::std::option::Option::None
            }

            #[inline]
            fn into_items($taken: $page) -> ::std::vec::Vec<$item> {
                $items
            }
        }

        $crate::paginated!(@methods $name);
    };

    (@methods $name:ident) => {
        impl $name {
            /// Iterates over all pages, starting with the one that this call requests. Filters and options stay the
            /// same.
            #[must_use = "nothing is sent before the first page is requested"]
            #[inline]
            pub fn pages(self) -> $crate::Pages<Self> {
                $crate::Pages::new(self)
            }

            /// Iterates over the items of all pages, starting with the page that this call requests. Filters and
            /// options stay the same.
            #[must_use = "nothing is sent before the first item is requested"]
            #[inline]
            pub fn items(self) -> $crate::Items<Self> {
                $crate::Items::new(self)
            }
        }
    };
}
