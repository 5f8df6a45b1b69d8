//! Which Rust types a field of an extraction may have, and handles that lead to fields. Must not know what was extracted.
//!
//! The traits repeat what `schema_of` checks at run time, as far as types alone can say it: a type of a field is an optional string,
//! number, boolean, date or enum, a struct, or a list of anything of these but enums, optional values and lists.

use std::fmt;
use std::sync::Arc;

use crate::date::Date;

/// What is extracted: the type of a field without its `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that can be extracted",
    label = "no schema can be made of this type",
    note = "extracted are strings, numbers, booleans, dates, `Currency`, `Signature`, lists, and types with `#[derive(Extract)]`"
)]
pub trait Extractable: Sized + 'static {
    /// The handle of such a field in the type `R`, with a method for each field inside of it.
    type Handle<R: 'static>: From<FieldHandle<R, Self>>;
}

/// The type of a field.
#[diagnostic::on_unimplemented(
    message = "a field of an extraction cannot have the type `{Self}`",
    label = "the API cannot return this type",
    note = "strings, numbers, booleans, dates and enums have to be optional, because the API returns null for what a document does \
            not contain: write `Option<{Self}>`",
    note = "instead of a map, write a list of structs with one field for the key and one for the value",
    note = "structs and enums need `#[derive(Extract)]`"
)]
pub trait FieldType {
    /// The type without `Option`.
    type Content: Extractable;

    /// Returns the value, if there is one.
    fn content(&self) -> Option<&Self::Content>;
}

/// An item of a list.
#[diagnostic::on_unimplemented(
    message = "a list in an extraction cannot have items of the type `{Self}`",
    label = "the API cannot return a list of this type",
    note = "items are strings, numbers, booleans, dates or structs with `#[derive(Extract)]`, without `Option`",
    note = "instead of a list of enums, write a list of structs with the enum in an `Option`; instead of a list of lists, a list of \
            structs that contain the inner list"
)]
pub trait Item: Extractable {}

/// The handle of a field of the type `T` in the type `R`.
pub type HandleOf<R, T> = <<T as FieldType>::Content as Extractable>::Handle<R>;

impl<C: Extractable> FieldType for Option<C> {
    type Content = C;

    fn content(&self) -> Option<&C> {
        self.as_ref()
    }
}

impl<T: FieldType> FieldType for Box<T> {
    type Content = T::Content;

    fn content(&self) -> Option<&T::Content> {
        T::content(self)
    }
}

impl<T: Item> FieldType for Vec<T> {
    type Content = Self;

    fn content(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: Item> Extractable for Vec<T> {
    type Handle<R: 'static> = FieldHandle<R, Self>;
}

/// Implements the traits of types without fields.
macro_rules! plain {
    ($($type:ty),*) => {
        $(
            impl Extractable for $type {
                type Handle<R: 'static> = FieldHandle<R, Self>;
            }

            impl Item for $type {}
        )*
    };
}

plain!(String, bool, Date, f32, f64, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);
#[cfg(feature = "chrono")]
plain!(chrono::NaiveDate);

/// The way from a value of the type `R` to one of its fields, whose type is `V`.
///
/// `#[derive(Extract)]` makes functions that return handles, so that a field that does not exist does not compile:
/// `Invoice::lines().at(2).amount()`.
pub struct FieldHandle<R: 'static, V: 'static> {
    path: String,
    read: Arc<Read<R, V>>,
}

type Read<R, V> = dyn for<'a> Fn(&'a R) -> Option<&'a V> + Send + Sync;

impl<R> FieldHandle<R, R> {
    /// Returns the handle of the whole value, from which those of its fields are made.
    #[doc(hidden)]
    pub fn root() -> Self {
        Self { path: String::new(), read: Arc::new(|root| Some(root)) }
    }
}

impl<R, V> FieldHandle<R, V> {
    /// Returns the path of the field, such as `lines[2].amount`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the value of the field, if there is one.
    pub fn read<'a>(&self, root: &'a R) -> Option<&'a V> {
        (self.read)(root)
    }

    /// Returns the handle of a field of this field.
    #[doc(hidden)]
    pub fn field<F>(&self, name: &str, read: for<'a> fn(&'a V) -> Option<&'a F>) -> FieldHandle<R, F> {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let outer = Arc::clone(&self.read);
        FieldHandle { path, read: Arc::new(move |root| outer(root).and_then(read)) }
    }
}

impl<R, T: Item> FieldHandle<R, Vec<T>> {
    /// Returns the handle of an item, counted from 0. A list may turn out to be shorter; then the item has no value.
    pub fn at(&self, index: usize) -> T::Handle<R> {
        let outer = Arc::clone(&self.read);
        let read: Arc<Read<R, T>> = Arc::new(move |root| outer(root)?.get(index));
        FieldHandle { path: format!("{}[{index}]", self.path), read }.into()
    }
}

impl<R, V> Clone for FieldHandle<R, V> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), read: Arc::clone(&self.read) }
    }
}

impl<R, V> fmt::Debug for FieldHandle<R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FieldHandle").field(&self.path).finish()
    }
}

/// What leads to a field: a [`FieldHandle`], or a handle that has methods for the fields inside of its own.
pub trait IntoFieldHandle {
    /// The extracted type.
    type Root: 'static;
    /// The type of the field.
    type Value: 'static;

    /// Returns the handle without methods.
    fn into_field_handle(self) -> FieldHandle<Self::Root, Self::Value>;
}

impl<R, V> IntoFieldHandle for FieldHandle<R, V> {
    type Root = R;
    type Value = V;

    fn into_field_handle(self) -> Self {
        self
    }
}
