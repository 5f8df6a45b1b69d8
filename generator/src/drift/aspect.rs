//! The kinds of changes and their stable IDs, which are those of oasdiff where the meaning is the same.

use crate::contract::Limit;

use super::level::RustLevel;

/// What the change of a schema is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Subject {
    /// The whole body of a request or response.
    Body,
    /// A part of a body.
    Property,
    /// A parameter.
    Parameter,
    /// A header of a response.
    Header,
}

/// Which of its two ways an ID names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Way {
    /// Requests.
    Request,
    /// Responses and webhooks.
    Response,
}

/// Whether something is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Need {
    /// It is.
    Required,
    /// It is not.
    Optional,
}

impl Need {
    pub(super) fn of(required: bool) -> Self {
        if required { Self::Required } else { Self::Optional }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
        }
    }
}

/// How a bound moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Move {
    /// There was none.
    Set,
    /// There is none any more.
    Unset,
    /// It is higher.
    Increased,
    /// It is lower.
    Decreased,
}

macro_rules! plain_aspects {
    ($($(#[$doc:meta])* $name:ident = $suffix:literal, $floor:ident;)*) => {
        /// A change of a schema that has the same ID for every subject but for its first words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Plain { $($(#[$doc])* $name,)* }

        impl Plain {
            /// All of them.
            pub(super) const ALL: &'static [Self] = &[$(Self::$name,)*];

            fn suffix(self) -> &'static str {
                match self { $(Self::$name => $suffix,)* }
            }

            fn floor(self) -> RustLevel {
                match self { $(Self::$name => RustLevel::$floor,)* }
            }
        }
    };
}

plain_aspects! {
    /// It was optional.
    BecameRequired = "became-required", Patch;
    /// It was required.
    BecameOptional = "became-optional", Patch;
    /// `null` is allowed now.
    BecameNullable = "became-nullable", Patch;
    /// `null` was allowed.
    BecameNotNullable = "became-not-nullable", Patch;
    /// Values of another type.
    TypeChanged = "type-changed", Patch;
    /// More values than before, of more types.
    TypeGeneralized = "type-generalized", Patch;
    /// Fewer values than before, of fewer types.
    TypeSpecialized = "type-specialized", Patch;
    /// Another named schema stands here.
    SchemaReplaced = "schema-replaced", Patch;
    /// A schema got a name, or lost it.
    SchemaNamed = "schema-named", None;
    /// Values were added to an enumeration.
    EnumValueAdded = "enum-value-added", Patch;
    /// Values were removed from an enumeration.
    EnumValueRemoved = "enum-value-removed", Patch;
    /// A plain value became an enumeration.
    BecameEnum = "became-enum", Patch;
    /// An enumeration became a plain value.
    EnumRemoved = "enum-removed", Patch;
    /// Another fixed value.
    ConstChanged = "const-changed", Patch;
    /// A union has a member more.
    OneOfAdded = "one-of-added", Patch;
    /// A union has a member less.
    OneOfRemoved = "one-of-removed", Patch;
    /// A property selects the member of a union.
    DiscriminatorAdded = "discriminator-added", Patch;
    /// No property selects the member of a union any more.
    DiscriminatorRemoved = "discriminator-removed", Patch;
    /// Another property selects the member of a union.
    DiscriminatorRenamed = "discriminator-property-name-changed", Patch;
    /// Strings have to match a pattern.
    PatternAdded = "pattern-added", Patch;
    /// Strings had to match a pattern.
    PatternRemoved = "pattern-removed", Patch;
    /// Strings have to match another pattern.
    PatternChanged = "pattern-changed", Patch;
    /// Another `format`.
    FormatChanged = "format-changed", Patch;
    /// A default was added.
    DefaultAdded = "default-value-added", Patch;
    /// A default was removed.
    DefaultRemoved = "default-value-removed", Patch;
    /// Another default.
    DefaultChanged = "default-value-changed", Patch;
    /// It is deprecated now.
    Deprecated = "deprecated", Patch;
    /// It is no longer deprecated.
    Reactivated = "reactivated", Patch;
    /// `readOnly` was added.
    BecameReadOnly = "became-read-only", Patch;
    /// `readOnly` was removed.
    BecameNotReadOnly = "became-not-read-only", Patch;
    /// `writeOnly` was added.
    BecameWriteOnly = "became-write-only", Patch;
    /// `writeOnly` was removed.
    BecameNotWriteOnly = "became-not-write-only", Patch;
    /// Objects allow fewer properties without a name.
    AdditionalPropertiesNarrowed = "additional-properties-narrowed", Patch;
    /// Objects allow more properties without a name.
    AdditionalPropertiesWidened = "additional-properties-widened", Patch;
    /// The items of a tuple moved or changed.
    PrefixItemsChanged = "prefix-items-changed", Patch;
    /// A tuple is longer.
    PrefixItemsAdded = "prefix-items-added", Patch;
    /// A tuple is shorter.
    PrefixItemsRemoved = "prefix-items-removed", Patch;
    /// Another keyword differs.
    KeywordChanged = "keyword-changed", Patch;
    /// It is described in other words.
    DescriptionChanged = "description-changed", Patch;
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Aspect {
    /// One of the changes that every schema can have.
    Plain(Plain),
    /// A bound moved.
    Bound(Limit, Move),
    /// An object has a property more.
    PropertyAdded(Need),
    /// An object has a property less.
    PropertyRemoved(Need),
    /// A property has another name.
    PropertyRenamed,
    /// Properties are inside of another one now, or no longer.
    PropertiesMoved,
    /// A parameter more.
    ParameterAdded(Need),
    /// A change that is not about a schema.
    Whole(Whole),
}

impl From<Plain> for Aspect {
    fn from(plain: Plain) -> Self {
        Self::Plain(plain)
    }
}

impl From<Whole> for Aspect {
    fn from(whole: Whole) -> Self {
        Self::Whole(whole)
    }
}

impl Aspect {
    /// Returns the change that every schema can have, if it is one.
    pub(super) fn plain(self) -> Option<Plain> {
        if let Self::Plain(plain) = self { Some(plain) } else { None }
    }

    /// Returns the change that is not about a schema, if it is one.
    pub(super) fn whole(self) -> Option<Whole> {
        if let Self::Whole(whole) = self { Some(whole) } else { None }
    }

    /// Returns whether it is about what a client is configured with, rather than about its types and calls.
    pub(super) fn is_about_configuration(self) -> bool {
        matches!(
            self,
            Self::Whole(
                Whole::ServerAdded
                    | Whole::ServerRemoved
                    | Whole::DefaultServerChanged
                    | Whole::SecuritySchemeAdded
                    | Whole::SecuritySchemeRemoved
            )
        )
    }

    /// Returns whether it is about credentials, which the configuration and the calls of a client have.
    pub(super) fn is_about_credentials(self) -> bool {
        matches!(self, Self::Whole(Whole::SecurityAdded | Whole::SecurityRemoved))
    }

    /// Returns the stable ID.
    pub(super) fn id(self, way: Way, subject: Subject) -> String {
        let way_name = match way {
            Way::Request => "request",
            Way::Response => "response",
        };
        let subject = match subject {
            Subject::Body => "body",
            Subject::Property => "property",
            Subject::Parameter => "parameter",
            Subject::Header => "header",
        };
        match (self, way) {
            (Self::Plain(plain), _) => format!("{way_name}-{subject}-{}", plain.suffix()),
            (Self::Bound(limit, movement), _) => {
                format!("{way_name}-{subject}-{}-{}", limit.as_str(), movement_name(movement))
            }
            (Self::PropertyAdded(need), Way::Request) => format!("new-{}-request-property", need.as_str()),
            (Self::PropertyAdded(need), Way::Response) => format!("response-{}-property-added", need.as_str()),
            (Self::PropertyRemoved(_), Way::Request) => "request-property-removed".to_owned(),
            (Self::PropertyRemoved(need), Way::Response) => format!("response-{}-property-removed", need.as_str()),
            (Self::PropertyRenamed, _) => format!("{way_name}-property-renamed"),
            (Self::PropertiesMoved, _) => format!("{way_name}-properties-moved"),
            (Self::ParameterAdded(need), _) => format!("new-{}-request-parameter", need.as_str()),
            (Self::Whole(whole), _) => whole.id().to_owned(),
        }
    }

    /// Returns the least level in Rust: what the change does to documentation and inner code.
    pub(super) fn floor(self) -> RustLevel {
        match self {
            Self::Plain(plain) => plain.floor(),
            Self::Bound(_, _)
            | Self::PropertyAdded(_)
            | Self::PropertyRemoved(_)
            | Self::PropertyRenamed
            | Self::PropertiesMoved
            | Self::ParameterAdded(_) => RustLevel::Patch,
            Self::Whole(whole) => whole.floor(),
        }
    }
}

fn movement_name(movement: Move) -> &'static str {
    match movement {
        Move::Set => "set",
        Move::Unset => "unset",
        Move::Increased => "increased",
        Move::Decreased => "decreased",
    }
}

macro_rules! whole_aspects {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $floor:ident;)*) => {
        /// A change of an operation, a webhook, a component or the whole document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Whole { $($(#[$doc])* $name,)* }

        impl Whole {
            /// All of them.
            pub(super) const ALL: &'static [Self] = &[$(Self::$name,)*];

            fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            fn floor(self) -> RustLevel {
                match self { $(Self::$name => RustLevel::$floor,)* }
            }
        }
    };
}

whole_aspects! {
    /// A new operation.
    EndpointAdded = "endpoint-added", Patch;
    /// An operation is gone.
    EndpointRemoved = "api-removed-without-deprecation", Patch;
    /// A deprecated operation is gone.
    DeprecatedEndpointRemoved = "api-removed-with-deprecation", Patch;
    /// An operation has another path or method.
    EndpointMoved = "api-path-changed", Patch;
    /// An operation is deprecated now.
    EndpointDeprecated = "endpoint-deprecated", Minor;
    /// An operation is no longer deprecated.
    EndpointReactivated = "endpoint-reactivated", Patch;
    /// Another `operationId`.
    OperationIdChanged = "api-operation-id-changed", None;
    /// Another first tag.
    TagChanged = "api-tag-changed", None;
    /// An operation is described in other words.
    OperationDescriptionChanged = "api-operation-description-changed", Patch;
    /// A placeholder of the path has another name.
    PathParameterRenamed = "request-path-parameter-renamed", Patch;
    /// A parameter less.
    ParameterRemoved = "request-parameter-removed", Patch;
    /// A parameter of the query, a header or a cookie has another name.
    ParameterRenamed = "request-parameter-renamed", Patch;
    /// A parameter is serialized in another way.
    ParameterStyleChanged = "request-parameter-style-changed", Patch;
    /// A required body more.
    RequiredBodyAdded = "request-body-added-required", Patch;
    /// An optional body more.
    OptionalBodyAdded = "request-body-added-optional", Patch;
    /// A body less.
    BodyRemoved = "request-body-removed", Patch;
    /// A media type of a request more.
    BodyMediaTypeAdded = "request-body-media-type-added", Patch;
    /// A media type of a request less.
    BodyMediaTypeRemoved = "request-body-media-type-removed", Patch;
    /// A media type of a response more.
    ResponseMediaTypeAdded = "response-media-type-added", None;
    /// A media type of a response less.
    ResponseMediaTypeRemoved = "response-media-type-removed", None;
    /// The response of success has another status.
    SuccessStatusChanged = "response-success-status-changed", None;
    /// A status of success more.
    SuccessStatusAdded = "response-success-status-added", None;
    /// A status of success less.
    SuccessStatusRemoved = "response-success-status-removed", None;
    /// A status of an error more.
    ErrorStatusAdded = "response-non-success-status-added", None;
    /// A status of an error less.
    ErrorStatusRemoved = "response-non-success-status-removed", None;
    /// A header of a response more.
    ResponseHeaderAdded = "response-header-added", None;
    /// A required header of a response less.
    RequiredHeaderRemoved = "required-response-header-removed", None;
    /// An optional header of a response less.
    OptionalHeaderRemoved = "optional-response-header-removed", None;
    /// Another way to authorize.
    SecurityAdded = "api-security-added", Patch;
    /// A way to authorize less.
    SecurityRemoved = "api-security-removed", Patch;
    /// Another security scheme.
    SecuritySchemeAdded = "api-security-component-added", Patch;
    /// A security scheme less.
    SecuritySchemeRemoved = "api-security-component-removed", Patch;
    /// A server more.
    ServerAdded = "api-server-added", Patch;
    /// A server less.
    ServerRemoved = "api-server-removed", Patch;
    /// Another server is the default.
    DefaultServerChanged = "api-default-server-changed", Patch;
    /// A webhook more.
    WebhookAdded = "webhook-added", Patch;
    /// A webhook less.
    WebhookRemoved = "webhook-removed", Patch;
    /// A webhook has another event.
    WebhookRenamed = "webhook-renamed", Patch;
    /// A webhook is described in other words.
    WebhookDescriptionChanged = "webhook-description-changed", Patch;
    /// A schema more that nothing uses.
    SchemaAdded = "api-schema-added", Patch;
    /// A schema less.
    SchemaRemoved = "api-schema-removed", Patch;
    /// A schema has another name.
    SchemaRenamed = "api-schema-renamed", Patch;
    /// An item of the client is new for a reason that no part of the document shows.
    RustItemAdded = "rust-item-added", Minor;
    /// An item of the client is gone for a reason that no part of the document shows.
    RustItemRemoved = "rust-item-removed", Major;
    /// An item of the client is another for a reason that no part of the document shows.
    RustItemChanged = "rust-item-changed", Major;
}
