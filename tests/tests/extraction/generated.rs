//! 1,000 generated types: each has the schema that the vendor's own converter makes of the equivalent model.

use extend_ai::schema::{Currency, Date, Signature};
use extend_ai::schema_of;
use schemars::JsonSchema;

use crate::picked::{Color, Kind};
use crate::vectors::{assert_same, read};

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct One<A> {
    a: A,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Two<A, B> {
    first: A,
    second: B,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Three<A, B, C> {
    x: A,
    y: B,
    z: C,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Four<A, B, C, D> {
    north: A,
    east: B,
    south: C,
    west: D,
}

macro_rules! generated {
    ($($type:ty,)*) => {
        #[test]
        fn thousand_generated_types_have_the_schemas_of_the_official_converter() {
            let official = read("generated.jsonl");
            let mut official = official.lines();
            let mut count = 0;
            $(
                let schema = serde_json::from_str(official.next().unwrap()).unwrap();
                assert_same(stringify!($type), &schema_of::<$type>(), &schema);
                count += 1;
            )*
            assert_eq!((count, official.next()), (1000, None));
        }
    };
}

include!("official/generated.rs");
