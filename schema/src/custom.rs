//! Fields with a meaning of their own: amounts with a currency, and signatures. Must not know how they are converted.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::fields::{Extractable, FieldHandle, FieldType, HandleOf, IntoFieldHandle, Item};

/// An amount of money. The API looks for the amount and its currency together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Currency {
    /// The amount, in units of the currency.
    pub amount: Option<f64>,
    /// The code of the currency, such as `EUR` (ISO 4217).
    pub iso_4217_currency_code: Option<String>,
}

/// A block for a signature. The API reports as signed only what shows a signature.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// The printed name.
    pub printed_name: Option<String>,
    /// The date of the signature.
    pub signature_date: Option<Date>,
    /// Whether the block is signed.
    pub is_signed: Option<bool>,
    /// The title or role of the person.
    pub title_or_role: Option<String>,
}

/// Implements the schema and the handles of a type with a meaning of its own.
macro_rules! custom {
    ($name:ident as $keyword:literal, $fields:ident { $($field:ident: $type:ty,)* }) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "object",
                    "extend:type": $keyword,
                    "properties": { $(stringify!($field): generator.subschema_for::<$type>(),)* },
                })
            }
        }

        #[doc = concat!("A handle of a [`", stringify!($name), "`] and of its fields.")]
        #[derive(Clone, Debug)]
        pub struct $fields<R: 'static>(FieldHandle<R, $name>);

        impl<R: 'static> $fields<R> {
            $(
                #[doc = concat!("Returns the handle of [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
                pub fn $field(&self) -> HandleOf<R, $type> {
                    self.0.field(stringify!($field), |value| value.$field.content()).into()
                }
            )*
        }

        impl<R: 'static> From<FieldHandle<R, $name>> for $fields<R> {
            fn from(handle: FieldHandle<R, $name>) -> Self {
                Self(handle)
            }
        }

        impl<R: 'static> IntoFieldHandle for $fields<R> {
            type Root = R;
            type Value = $name;

            fn into_field_handle(self) -> FieldHandle<R, $name> {
                self.0
            }
        }

        impl Extractable for $name {
            type Handle<R: 'static> = $fields<R>;
        }

        impl FieldType for $name {
            type Content = Self;

            fn content(&self) -> Option<&Self> {
                Some(self)
            }
        }

        impl Item for $name {}
    };
}

custom!(Currency as "currency", CurrencyFields {
    amount: Option<f64>,
    iso_4217_currency_code: Option<String>,
});

custom!(Signature as "signature", SignatureFields {
    printed_name: Option<String>,
    signature_date: Option<Date>,
    is_signed: Option<bool>,
    title_or_role: Option<String>,
});
