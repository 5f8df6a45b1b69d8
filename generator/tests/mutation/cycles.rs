//! Tests schemas that refer back to themselves, or that multiply, in every possible way. Must not know how cycles are detected.

use super::run::{Outcome, Strictness, run_case};

fn document(schemas: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: 1}}\npaths:\n  /a: {{get: {{responses: {{200: {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}\ncomponents:\n  schemas:\n{schemas}"
    )
}

#[test]
fn cyclic_schemas_terminate() {
    let a = "{$ref: '#/components/schemas/A'}";
    let b = "{$ref: '#/components/schemas/B'}";
    let rows = [
        ("itself", format!("    A: {a}")),
        ("each other", format!("    A: {b}\n    B: {a}")),
        ("beside an annotation", format!("    A: {{allOf: [{b}], description: d}}\n    B: {{allOf: [{a}], title: t}}")),
        ("a cycle beside the way", format!("    A: {b}\n    B: {{allOf: [{b}]}}")),
        ("all of itself", format!("    A: {{allOf: [{a}, {{type: object}}]}}")),
        ("all of each other", format!("    A: {{allOf: [{b}, {b}]}}\n    B: {{allOf: [{a}, {a}]}}")),
        ("one of itself", format!("    A: {{oneOf: [{a}]}}")),
        ("one of itself and null", format!("    A: {{oneOf: [{a}, {{type: 'null'}}]}}")),
        ("one of each other", format!("    A: {{oneOf: [{b}, {{type: string}}]}}\n    B: {{anyOf: [{a}, {{type: integer}}]}}")),
        ("a tagged union of annotated cycles", format!("    A: {{oneOf: [{b}, {a}], discriminator: {{propertyName: t}}}}\n    B: {{allOf: [{{$ref: '#/components/schemas/C'}}]}}\n    C: {{allOf: [{b}]}}")),
        ("properties", format!("    A: {{type: object, required: [a], properties: {{a: {a}}}}}")),
        ("items", format!("    A: {{type: array, items: {a}}}")),
        ("items of nullable aliases", format!("    A: {{type: array, items: {b}}}\n    B: {{anyOf: [{a}, {{type: 'null'}}]}}")),
        ("values", format!("    A: {{type: object, additionalProperties: {a}}}")),
        ("patterns", format!("    A: {{patternProperties: {{x: {a}}}}}")),
        ("tuples", format!("    A: {{type: array, prefixItems: [{a}, {a}]}}")),
        ("not", format!("    A: {{not: {a}, type: string}}")),
        ("a property of itself", "    A: {type: object, properties: {a: {$ref: '#/components/schemas/A/properties/a'}}}".to_owned()),
        ("a property of a property", "    A: {type: object, properties: {a: {type: object, properties: {b: {$ref: '#/components/schemas/A/properties/a'}}}}}".to_owned()),
        ("a merge within what it merges", format!("    A: {{type: object, properties: {{a: {{allOf: [{a}, {{properties: {{z: {{type: string}}}}}}]}}}}}}")),
        ("a merged list of itself", format!("    A: {{allOf: [{{type: array, items: {{allOf: [{a}, {{minItems: 1}}]}}}}, {{maxItems: 2}}]}}")),
        ("a union with properties, of itself", format!("    A: {{type: object, properties: {{a: {{type: string}}}}, oneOf: [{a}, {b}]}}\n    B: {{type: object, properties: {{b: {a}}}, oneOf: [{a}, {b}]}}")),
        ("the whole document", "    A: {$ref: '#'}".to_owned()),
        ("all schemas", "    A: {properties: {a: {$ref: '#/components/schemas'}}}".to_owned()),
        ("kinds that inherit from each other", format!("    A: {{allOf: [{b}], discriminator: {{propertyName: t}}}}\n    B: {{allOf: [{a}, {{type: object}}], discriminator: {{propertyName: u}}}}")),
        ("kinds that list what they inherit", format!("    A: {{properties: {{a: {a}}}, oneOf: [{b}, {a}]}}\n    B: {{allOf: [{a}], anyOf: [{a}, {b}]}}")),
        ("a discriminator in an inline member", format!("    A: {{discriminator: {{propertyName: t}}, allOf: [{{allOf: [{b}]}}]}}\n    B: {{allOf: [{{allOf: [{a}]}}, {{discriminator: {{propertyName: t}}}}]}}")),
        ("$defs", "    A: {$defs: {A: {$ref: '#/$defs/A'}}, properties: {a: {$ref: '#/components/schemas/A/$defs/A'}}}".to_owned()),
    ];
    for (name, schemas) in rows {
        for strictness in [Strictness::Strict, Strictness::Lenient] {
            assert_eq!(run_case("cycle", document(&schemas), strictness).map(drop), Ok(()), "{name}");
        }
    }
}

/// A schema that refers to the next level.
type Level = fn(String) -> String;

/// Each level refers to the next one several times, so expanding every reference would grow exponentially.
#[test]
fn multiplying_schemas_terminate() {
    let rows: [(&str, Level); 7] = [
        ("allOf", |next| format!("{{allOf: [{next}, {next}, {{type: object}}]}}")),
        ("allOf in properties", |next| {
            format!(
                "{{type: object, properties: {{a: {{allOf: [{next}, {{properties: {{x: {{}}}}}}]}}, b: {{allOf: [{next}, {{properties: {{y: {{}}}}}}]}}}}}}"
            )
        }),
        ("inheritance", |next| {
            format!(
                "{{allOf: [{next}, {{allOf: [{next}]}}], properties: {{t: {{type: string}}}}, discriminator: {{propertyName: t}}}}"
            )
        }),
        ("oneOf", |next| format!("{{oneOf: [{next}, {{anyOf: [{next}, {{type: integer}}]}}, {{type: string}}]}}")),
        ("oneOf with properties", |next| {
            format!(
                "{{properties: {{a: {{type: string}}}}, oneOf: [{next}, {{allOf: [{next}]}}, {{properties: {{b: {next}}}}}]}}"
            )
        }),
        ("properties", |next| format!("{{properties: {{a: {next}, b: {next}, c: {{type: array, items: {next}}}}}}}")),
        ("prefixItems", |next| format!("{{type: array, prefixItems: [{next}, {{type: array, items: {next}}}]}}")),
    ];
    for (name, schema) in rows {
        let names: Vec<String> =
            std::iter::once("A".to_owned()).chain((1..40).map(|level| format!("L{level}"))).collect();
        let mut schemas: String = names
            .windows(2)
            .filter_map(|pair| Some((pair.first()?, pair.last()?)))
            .map(|(name, next)| format!("    {name}: {}\n", schema(format!("{{$ref: '#/components/schemas/{next}'}}"))))
            .collect();
        schemas.push_str("    L39: {type: object, properties: {end: {type: string}}}\n");
        for strictness in [Strictness::Strict, Strictness::Lenient] {
            assert_eq!(run_case("multiply", document(&schemas), strictness).map(drop), Ok(()), "{name}");
        }
    }
}

/// A chain of references into schemas that is longer than the nesting limit.
#[test]
fn long_chains_terminate() {
    let place = |level: usize| format!("{{$ref: '#/components/schemas/L{level}/properties/p'}}");
    let mut schemas = "    A: {$ref: '#/components/schemas/L1'}\n".to_owned();
    for level in 1..400 {
        let next = place(level + 1);
        schemas
            .push_str(&format!("    L{level}: {{properties: {{p: {{type: object, properties: {{q: {next}}}}}}}}}\n"));
    }
    schemas.push_str("    L400: {properties: {p: {type: string}}}\n");
    assert_eq!(run_case("chain", document(&schemas), Strictness::Lenient), Ok(Outcome::Generated));
}

/// Deep but acyclic, so the time must be proportional to the size.
#[test]
fn deep_nesting_takes_linear_time() {
    let rows: [(&str, Level); 5] = [
        ("references", |next| next),
        ("items", |next| format!("{{type: array, items: {next}}}")),
        ("properties", |next| format!("{{type: object, properties: {{p: {next}}}}}")),
        ("required properties", |next| format!("{{type: object, required: [p], properties: {{p: {next}}}}}")),
        ("oneOf", |next| format!("{{oneOf: [{next}, {{type: integer}}]}}")),
    ];
    for (name, schema) in rows {
        let mut schemas = format!("    A: {}\n", schema("{$ref: '#/components/schemas/L1'}".to_owned()));
        for level in 1..2000 {
            let next = schema(format!("{{$ref: '#/components/schemas/L{}'}}", level + 1));
            schemas.push_str(&format!("    L{level}: {next}\n"));
        }
        schemas.push_str("    L2000: {type: object, properties: {end: {type: string}}}\n");
        assert_eq!(run_case("deep", document(&schemas), Strictness::Lenient), Ok(Outcome::Generated), "{name}");
    }
}
