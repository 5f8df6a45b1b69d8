//! Calls that send the schema of a Rust type and return its values. Must not know how a type becomes a schema.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;

use extend_ai_schema::schemars::JsonSchema;
use sdk_runtime::json::IntoObject;
use serde::de::DeserializeOwned;

use super::run::TypedRun;
use super::{SchemaError, schema_of};
use crate::generated::v2026_02_09::operations;
use crate::resources::{client, extract_runs, extractor_versions, extractors};
use crate::types::{
    BatchRun, ExtractConfigJson, ExtractRun, Extractor, ExtractorReference, ExtractorVersion, FileOrTextInput,
    JsonObject, MultiFileRunPackage, RunPriority,
};
use crate::{Error, Operation};

/// A call with the schema of the type `T`.
///
/// `typed::<T>()` makes it of a request builder. It has the setters of the builder that matter for extractions; the others are
/// reached through [`with`](Self::with). Nothing is sent if the type cannot be a schema: the call is then an error of the kind
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), whose source is a [`SchemaError`].
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Typed<C, T> {
    call: C,
    schema: Result<Option<JsonObject>, SchemaError>,
    of: PhantomData<fn() -> T>,
}

/// A request builder that takes a schema.
pub trait TypedCall: IntoFuture<Output = Result<Self::Response, Error>, IntoFuture: Send> + Send + 'static {
    /// What the call returns.
    type Response;
    /// What it returns with a type.
    type Typed<T>;

    #[doc(hidden)]
    const OPERATION: &'static Operation;

    #[doc(hidden)]
    fn set_schema(&mut self, schema: JsonObject);

    #[doc(hidden)]
    fn into_typed<T: DeserializeOwned>(response: Self::Response) -> Self::Typed<T>;
}

impl<C: TypedCall, T> Typed<C, T> {
    /// Returns the request builder with the schema, and why it must not be sent.
    pub(super) fn into_parts(self) -> (C, Option<Error>) {
        let mut call = self.call;
        match self.schema {
            Ok(None) => (call, None),
            Ok(Some(schema)) => {
                call.set_schema(schema);
                (call, None)
            }
            Err(error) => {
                let message = error.to_string();
                (call, Some(Error::invalid_request(Some(C::OPERATION), message).with_source(error)))
            }
        }
    }

    fn new(call: C) -> Self
    where
        T: JsonSchema,
    {
        Self { call, schema: schema_of::<T>().map(Some), of: PhantomData }
    }

    /// Applies setters of the request builder: `.with(|call| call.total_timeout(limit))`.
    pub fn with(mut self, set: impl FnOnce(C) -> C) -> Self {
        self.call = set(self.call);
        self
    }

    /// Returns the request builder with the schema, for everything that has no typed form.
    ///
    /// # Errors
    ///
    /// Returns an error if the type cannot be a schema.
    pub fn untyped(self) -> Result<C, Error> {
        let (call, problem) = self.into_parts();
        problem.map_or(Ok(call), Err)
    }

    /// Sends the request. Awaiting the call does the same.
    ///
    /// # Errors
    ///
    /// Returns an error if the type cannot be a schema, and the errors of the request builder. An output that does not have the
    /// type is no error of the call: the run is returned, and its output is an error.
    pub async fn send(self) -> Result<C::Typed<T>, Error>
    where
        T: DeserializeOwned,
    {
        let call = self.untyped()?;
        call.await.map(C::into_typed)
    }
}

impl<C: TypedCall, T: DeserializeOwned + 'static> IntoFuture for Typed<C, T> {
    type Output = Result<C::Typed<T>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<C: fmt::Debug, T> fmt::Debug for Typed<C, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").field("call", &self.call).field("schema", &self.schema).finish()
    }
}

/// Implements `typed` for a request builder: where its schema goes, and what it returns.
macro_rules! typed_call {
    (
        $builder:path, $operation:ident => $response:ty as $typed:ty,
        |$call:ident, $schema:ident| $set:expr, |$received:ident| $into:expr,
        $({ $($(#[$doc:meta])* $setter:ident: $argument:ty,)* })?
    ) => {
        impl TypedCall for $builder {
            type Response = $response;
            type Typed<T> = $typed;

            const OPERATION: &'static Operation = &operations::$operation;

            fn set_schema(&mut self, $schema: JsonObject) {
                let $call = self;
                $set
            }

            fn into_typed<T: DeserializeOwned>($received: $response) -> $typed {
                $into
            }
        }

        impl $builder {
            /// Sends the schema of a Rust type, in place of any other schema of the settings.
            pub fn typed<T: JsonSchema>(self) -> Typed<Self, T> {
                Typed::new(self)
            }
        }

        #[cfg(feature = "blocking")]
        impl<T: DeserializeOwned + Send + 'static> crate::blocking::Call for Typed<$builder, T> {
            type Response = $typed;

            fn client(&self) -> &sdk_runtime::codegen::Core {
                crate::blocking::Call::client(&self.call)
            }
        }

        $(
            impl<T> Typed<$builder, T> {
                $(
                    $(#[$doc])*
                    pub fn $setter(self, value: $argument) -> Self {
                        self.with(|call| call.$setter(value))
                    }
                )*
            }
        )?
    };
}

/// Puts a schema where a run reads it from: beside a saved extractor, into what differs from it.
fn set_schema_of_run(
    extractor: &mut Option<ExtractorReference>,
    config: &mut Option<ExtractConfigJson>,
    schema: JsonObject,
) {
    let config = match extractor {
        Some(extractor) => &mut extractor.override_config,
        None => config,
    };
    set_schema(config, schema);
}

fn set_schema(config: &mut Option<ExtractConfigJson>, schema: JsonObject) {
    config.get_or_insert_default().schema = Some(schema);
}

typed_call! {
    client::Extract, CLIENT_EXTRACT => ExtractRun as TypedRun<T>,
    |call, schema| set_schema_of_run(&mut call.body.extractor, &mut call.body.config, schema), |run| run.typed(),
    {
        /// Saved extractor; excludes `config`. The schema overrides its own.
        extractor: impl Into<ExtractorReference>,
        /// Inline settings; exclude `extractor`.
        config: impl Into<ExtractConfigJson>,
        /// Single input; excludes `package`.
        file: impl Into<FileOrTextInput>,
        /// Several inputs as one; excludes `file`.
        package: impl Into<MultiFileRunPackage>,
        /// Data of your own, which the run repeats.
        metadata: impl IntoObject,
    }
}

typed_call! {
    extract_runs::Create, EXTRACT_RUNS_CREATE => ExtractRun as TypedRun<T>,
    |call, schema| set_schema_of_run(&mut call.body.extractor, &mut call.body.config, schema), |run| run.typed(),
    {
        /// Saved extractor; excludes `config`. The schema overrides its own.
        extractor: impl Into<ExtractorReference>,
        /// Inline settings; exclude `extractor`.
        config: impl Into<ExtractConfigJson>,
        /// Single input; excludes `package`.
        file: impl Into<FileOrTextInput>,
        /// Several inputs as one; excludes `file`.
        package: impl Into<MultiFileRunPackage>,
        /// Place in the queue under throttling; smaller goes first.
        priority: RunPriority,
        /// Data of your own, which the run repeats.
        metadata: impl IntoObject,
    }
}

typed_call! {
    extract_runs::CreateBatch, EXTRACT_RUNS_CREATE_BATCH => BatchRun as BatchRun,
    |call, schema| set_schema(&mut call.body.extractor.override_config, schema), |batch| batch,
    {
        /// Place in the queue under throttling; smaller goes first.
        priority: RunPriority,
    }
}

typed_call! {
    extractors::Create, EXTRACTORS_CREATE => Extractor as Extractor,
    |call, schema| set_schema(&mut call.body.config, schema), |extractor| extractor,
    {
        /// Inline settings.
        config: impl Into<ExtractConfigJson>,
    }
}

typed_call! {
    extractors::Update, EXTRACTORS_UPDATE => Extractor as Extractor,
    |call, schema| set_schema(&mut call.body.config, schema), |extractor| extractor,
    {
        /// Name of the extractor.
        name: impl Into<String>,
        /// Inline settings.
        config: impl Into<ExtractConfigJson>,
    }
}

typed_call! {
    extractor_versions::Create, EXTRACTOR_VERSIONS_CREATE => ExtractorVersion as ExtractorVersion,
    |call, schema| set_schema(&mut call.body.config, schema), |version| version,
    {
        /// Inline settings.
        config: impl Into<ExtractConfigJson>,
    }
}

impl<T> Typed<client::Extract, T> {
    /// Leaves the schema of the saved extractor as it is; only the output has the type.
    pub fn saved_schema(mut self) -> Self {
        self.schema = Ok(None);
        self
    }
}

impl<T> Typed<extract_runs::Create, T> {
    /// Leaves the schema of the saved extractor as it is; only the output has the type.
    pub fn saved_schema(mut self) -> Self {
        self.schema = Ok(None);
        self
    }
}
