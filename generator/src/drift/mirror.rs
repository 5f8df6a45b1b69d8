//! The opposite of each kind of change, which has to be reported too; or why it needs none.

use std::collections::BTreeMap;

use crate::contract::Limit;

use super::aspect::{Aspect, Move, Need, Plain, Subject, Way, Whole};

/// The opposite of a kind of change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mirror {
    /// The kind with this ID.
    Id(String),
    /// There is none, for this reason.
    None(&'static str),
}

/// Returns every ID with its opposite.
pub fn mirrors() -> BTreeMap<String, Mirror> {
    let mut found = BTreeMap::new();
    for (aspect, mirror) in all() {
        for way in [Way::Request, Way::Response] {
            for subject in subjects(aspect, way) {
                let opposite = match mirror {
                    Ok(mirror) => Mirror::Id(mirror.id(way, subject)),
                    Err(reason) => Mirror::None(reason),
                };
                found.insert(aspect.id(way, subject), opposite);
            }
        }
    }
    found
}

/// Returns the subjects that a kind of change can be about.
fn subjects(aspect: Aspect, way: Way) -> Vec<Subject> {
    match (aspect, way) {
        (Aspect::Plain(Plain::BecameRequired | Plain::BecameOptional), Way::Response) => vec![Subject::Property],
        (Aspect::Plain(_) | Aspect::Bound(_, _), Way::Request) => {
            vec![Subject::Body, Subject::Property, Subject::Parameter]
        }
        (Aspect::Plain(_) | Aspect::Bound(_, _), Way::Response) => {
            vec![Subject::Body, Subject::Property, Subject::Header]
        }
        (
            Aspect::PropertyAdded(_) | Aspect::PropertyRemoved(_) | Aspect::PropertyRenamed | Aspect::PropertiesMoved,
            _,
        ) => {
            vec![Subject::Property]
        }
        (Aspect::ParameterAdded(_) | Aspect::Whole(_), _) => vec![Subject::Parameter],
    }
}

fn all() -> Vec<(Aspect, Result<Aspect, &'static str>)> {
    let mut all: Vec<(Aspect, Result<Aspect, &'static str>)> = Vec::new();
    all.extend(Plain::ALL.iter().map(|plain| (Aspect::Plain(*plain), plain_mirror(*plain).map(Aspect::Plain))));
    for limit in Limit::ALL {
        let moves = [
            (Move::Set, Move::Unset),
            (Move::Unset, Move::Set),
            (Move::Increased, Move::Decreased),
            (Move::Decreased, Move::Increased),
        ];
        all.extend(moves.map(|(one, other)| (Aspect::Bound(limit, one), Ok(Aspect::Bound(limit, other)))));
    }
    for need in [Need::Required, Need::Optional] {
        all.push((Aspect::PropertyAdded(need), Ok(Aspect::PropertyRemoved(need))));
        all.push((Aspect::PropertyRemoved(need), Ok(Aspect::PropertyAdded(need))));
        all.push((Aspect::ParameterAdded(need), Ok(Aspect::Whole(Whole::ParameterRemoved))));
    }
    all.push((Aspect::PropertyRenamed, Err("a renaming back is a renaming")));
    all.push((Aspect::PropertiesMoved, Err("a move back is a move")));
    all.extend(Whole::ALL.iter().map(|whole| (Aspect::Whole(*whole), whole_mirror(*whole))));
    all
}

fn plain_mirror(plain: Plain) -> Result<Plain, &'static str> {
    Ok(match plain {
        Plain::BecameRequired => Plain::BecameOptional,
        Plain::BecameOptional => Plain::BecameRequired,
        Plain::BecameNullable => Plain::BecameNotNullable,
        Plain::BecameNotNullable => Plain::BecameNullable,
        Plain::TypeGeneralized => Plain::TypeSpecialized,
        Plain::TypeSpecialized => Plain::TypeGeneralized,
        Plain::EnumValueAdded => Plain::EnumValueRemoved,
        Plain::EnumValueRemoved => Plain::EnumValueAdded,
        Plain::BecameEnum => Plain::EnumRemoved,
        Plain::EnumRemoved => Plain::BecameEnum,
        Plain::OneOfAdded => Plain::OneOfRemoved,
        Plain::OneOfRemoved => Plain::OneOfAdded,
        Plain::DiscriminatorAdded => Plain::DiscriminatorRemoved,
        Plain::DiscriminatorRemoved => Plain::DiscriminatorAdded,
        Plain::PatternAdded => Plain::PatternRemoved,
        Plain::PatternRemoved => Plain::PatternAdded,
        Plain::DefaultAdded => Plain::DefaultRemoved,
        Plain::DefaultRemoved => Plain::DefaultAdded,
        Plain::Deprecated => Plain::Reactivated,
        Plain::Reactivated => Plain::Deprecated,
        Plain::BecameReadOnly => Plain::BecameNotReadOnly,
        Plain::BecameNotReadOnly => Plain::BecameReadOnly,
        Plain::BecameWriteOnly => Plain::BecameNotWriteOnly,
        Plain::BecameNotWriteOnly => Plain::BecameWriteOnly,
        Plain::AdditionalPropertiesNarrowed => Plain::AdditionalPropertiesWidened,
        Plain::AdditionalPropertiesWidened => Plain::AdditionalPropertiesNarrowed,
        Plain::PrefixItemsAdded => Plain::PrefixItemsRemoved,
        Plain::PrefixItemsRemoved => Plain::PrefixItemsAdded,
        Plain::TypeChanged
        | Plain::SchemaReplaced
        | Plain::SchemaNamed
        | Plain::ConstChanged
        | Plain::DiscriminatorRenamed
        | Plain::PatternChanged
        | Plain::FormatChanged
        | Plain::DefaultChanged
        | Plain::PrefixItemsChanged
        | Plain::KeywordChanged
        | Plain::DescriptionChanged => return Err("a change back is a change"),
    })
}

fn whole_mirror(whole: Whole) -> Result<Aspect, &'static str> {
    let mirror = match whole {
        Whole::ParameterRemoved => return Ok(Aspect::ParameterAdded(Need::Optional)),
        Whole::EndpointAdded => Whole::EndpointRemoved,
        Whole::EndpointRemoved | Whole::DeprecatedEndpointRemoved => Whole::EndpointAdded,
        Whole::EndpointDeprecated => Whole::EndpointReactivated,
        Whole::EndpointReactivated => Whole::EndpointDeprecated,
        Whole::RequiredBodyAdded | Whole::OptionalBodyAdded => Whole::BodyRemoved,
        Whole::BodyRemoved => Whole::OptionalBodyAdded,
        Whole::BodyMediaTypeAdded => Whole::BodyMediaTypeRemoved,
        Whole::BodyMediaTypeRemoved => Whole::BodyMediaTypeAdded,
        Whole::ResponseMediaTypeAdded => Whole::ResponseMediaTypeRemoved,
        Whole::ResponseMediaTypeRemoved => Whole::ResponseMediaTypeAdded,
        Whole::SuccessStatusAdded => Whole::SuccessStatusRemoved,
        Whole::SuccessStatusRemoved => Whole::SuccessStatusAdded,
        Whole::ErrorStatusAdded => Whole::ErrorStatusRemoved,
        Whole::ErrorStatusRemoved => Whole::ErrorStatusAdded,
        Whole::ResponseHeaderAdded => Whole::OptionalHeaderRemoved,
        Whole::RequiredHeaderRemoved | Whole::OptionalHeaderRemoved => Whole::ResponseHeaderAdded,
        Whole::SecurityAdded => Whole::SecurityRemoved,
        Whole::SecuritySchemeAdded => Whole::SecuritySchemeRemoved,
        Whole::SecuritySchemeRemoved => Whole::SecuritySchemeAdded,
        Whole::SecurityRemoved => Whole::SecurityAdded,
        Whole::ServerAdded => Whole::ServerRemoved,
        Whole::ServerRemoved => Whole::ServerAdded,
        Whole::WebhookAdded => Whole::WebhookRemoved,
        Whole::WebhookRemoved => Whole::WebhookAdded,
        Whole::SchemaAdded => Whole::SchemaRemoved,
        Whole::SchemaRemoved => Whole::SchemaAdded,
        Whole::RustItemAdded => Whole::RustItemRemoved,
        Whole::RustItemRemoved => Whole::RustItemAdded,
        Whole::EndpointMoved
        | Whole::OperationIdChanged
        | Whole::TagChanged
        | Whole::OperationDescriptionChanged
        | Whole::PathParameterRenamed
        | Whole::ParameterRenamed
        | Whole::SuccessStatusChanged
        | Whole::WebhookRenamed
        | Whole::ParameterStyleChanged
        | Whole::DefaultServerChanged
        | Whole::WebhookDescriptionChanged
        | Whole::SchemaRenamed
        | Whole::RustItemChanged => return Err("a change back is a change"),
    };
    Ok(Aspect::Whole(mirror))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_change_has_its_mirror_or_a_reason() {
        let all = mirrors();
        for (id, mirror) in &all {
            match mirror {
                Mirror::Id(other) => assert!(all.contains_key(other), "{id} mirrors {other}, which is none"),
                Mirror::None(reason) => assert!(!reason.is_empty(), "{id}"),
            }
        }
        assert!(all.len() > 250, "{}", all.len());
    }
}
