//! Tests values of the compiled types: how they are decoded, and that a round trip loses nothing.

use sdk_runtime::decode_value;
use serde_json::json;

use crate::types::{Cat, Egg, Hen, Pet, Toy};

fn kind(pet: &Pet) -> &'static str {
    match pet {
        Pet::Cat(_) => "cat",
        Pet::Dog(_) => "dog",
        Pet::Puppy(_) => "puppy",
        Pet::Unknown(_) => "unknown",
    }
}

#[test]
fn discriminator_selects_the_subtype_and_nothing_is_lost() {
    let deep = (0..20).fold(
        json!({"kind": "cat", "name": "a", "lives": 1}),
        |prey, _| json!({"kind": "cat", "name": "a", "lives": 1, "prey": prey}),
    );
    let rows = [
        (json!({"kind": "cat", "name": "a", "lives": 9, "new": [1]}), "cat"),
        (json!({"kind": "dog", "name": "a", "friend": {"kind": "cat", "name": "b", "lives": 1}}), "dog"),
        (json!({"kind": "wolf", "name": "a", "pack": [{"kind": "puppy", "name": "b", "weeks": 2}]}), "dog"),
        (json!({"kind": "puppy", "name": "a", "pack": [], "weeks": 3}), "puppy"),
        (json!({"kind": "fish", "name": "a", "fins": 2}), "unknown"),
        (json!({"name": "a"}), "unknown"),
        (json!(null), "unknown"),
        (deep, "cat"),
    ];
    for (value, expected) in rows {
        let pet: Pet = decode_value(&value).unwrap();
        assert_eq!(kind(&pet), expected, "{value}");
        assert_eq!(serde_json::to_value(&pet).unwrap(), value);
    }
    let error = decode_value::<Pet>(&json!({"kind": "cat", "name": "a"})).unwrap_err();
    assert!(error.to_string().contains("missing field `lives`"), "{error}");
}

#[test]
fn subtype_is_encoded_with_its_tag() {
    let cat = Cat::new("Tom", 9).with_prey(Pet::Unknown(json!({"kind": "mouse"})));
    let written = serde_json::to_value(&cat).unwrap();
    assert_eq!(written, json!({"kind": "cat", "name": "Tom", "lives": 9, "prey": {"kind": "mouse"}}));
    assert_eq!(decode_value::<Cat>(&written).unwrap(), cat);
}

fn hen(hen: &Hen) -> String {
    match hen {
        Hen::Egg(inner) => format!("hen, {}", egg(inner)),
        Hen::String(_) => "hen of text".to_owned(),
        Hen::Object(_) => "hen of object".to_owned(),
        Hen::Unknown(_) => "unknown hen".to_owned(),
    }
}

fn egg(egg: &Egg) -> String {
    match egg {
        Egg::Hen(inner) => format!("egg, {}", hen(inner)),
        Egg::Object(_) => "egg of object".to_owned(),
        Egg::Number(_) => "egg of number".to_owned(),
        Egg::Unknown(_) => "unknown egg".to_owned(),
    }
}

#[test]
fn mutually_recursive_unions_terminate() {
    let rows = [
        (json!("text"), "hen of text", "egg, hen of text"),
        (json!(1.5), "hen, egg of number", "egg of number"),
        (json!({"name": "a"}), "hen of object", "egg, hen of object"),
        // The cycle is cut here: an object is not decoded as an egg.
        (json!({"size": 3}), "unknown hen", "egg of object"),
        (json!({"name": "a", "size": 3}), "hen of object", "egg, hen of object"),
        (json!({}), "unknown hen", "unknown egg"),
        (json!([]), "unknown hen", "unknown egg"),
    ];
    for (value, as_hen, as_egg) in rows {
        let found: (Hen, Egg) = (decode_value(&value).unwrap(), decode_value(&value).unwrap());
        assert_eq!((hen(&found.0).as_str(), egg(&found.1).as_str()), (as_hen, as_egg), "{value}");
        for written in [serde_json::to_value(&found.0).unwrap(), serde_json::to_value(&found.1).unwrap()] {
            assert_eq!(written, value);
        }
    }
}

/// A deeply nested error is located once, not again at every level.
#[test]
fn error_inside_nested_unions_is_found_in_linear_time() {
    let deep = (0..40).fold(
        json!({"kind": "cat", "name": "a"}),
        |prey, _| json!({"kind": "cat", "name": "a", "lives": 1, "prey": prey}),
    );
    let error = decode_value::<Pet>(&deep).unwrap_err();
    assert_eq!(error.path, vec!["prey"; 40].join("."));
    assert_eq!(error.message, "missing field `lives`");
}

#[test]
fn object_without_a_known_tag_is_the_default_of_its_discriminator() {
    let rows = [
        (json!({"kind": "bone", "size": 1}), "bone"),
        (json!({"kind": "ball", "size": 1}), "ball"),
        (json!({"kind": "cube", "size": 1}), "ball"),
        (json!({"size": 1}), "ball"),
        (json!([1]), "unknown"),
    ];
    for (value, expected) in rows {
        let toy: Toy = decode_value(&value).unwrap();
        let kind = match &toy {
            Toy::Ball(_) => "ball",
            Toy::Bone(_) => "bone",
            Toy::Unknown(_) => "unknown",
        };
        assert_eq!(kind, expected, "{value}");
        assert_eq!(serde_json::to_value(&toy).unwrap(), value);
    }
}
