//! Hand-picked types: each has the schema that the vendor's own converter makes of the equivalent model, or is refused as it is there.

use std::collections::{BTreeMap, HashSet};

use extend_ai::schema::{Currency, Date, SchemaProblemKind, Signature};
use extend_ai::schema_of;
use schemars::JsonSchema;
use serde_json::Value;

use crate::vectors::{assert_same, read};

/// Declares structs of which only the schema matters.
macro_rules! structs {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty),* })*) => {
        $(
            #[derive(JsonSchema)]
            #[allow(dead_code, reason = "only its schema matters")]
            $(#[$meta])*
            struct $name {
                $($(#[$field_meta])* $field: $type,)*
            }
        )*
    };
}

#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema matters")]
pub(crate) enum Kind {
    Invoice,
    Receipt,
    CreditNote,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema matters")]
pub(crate) enum Color {
    Red,
    Green,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
enum OnlyOne {
    #[serde(rename = "only")]
    Only,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema matters")]
enum TextOrNumber {
    Text(String),
    Number(f64),
}

/// An enum that is written as numbers.
struct Level;

impl JsonSchema for Level {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Level".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"enum": [1, 2]})
    }
}

structs! {
    Line { amount: Option<f64> }
    Address { street: Option<String>, city: Option<String>, country: Option<String> }
    Party { name: Option<String>, address: Address }
    Item { sku: Option<String>, price: Option<Currency>, tags: Vec<String> }
    Group { title: Option<String>, items: Vec<Item> }
    OneString { a: Option<String> }
    OneFloat { a: Option<f64> }
    OneInteger { a: Option<i64> }
    OneBoolean { a: Option<bool> }
    OneDate { a: Option<Date> }
    OneEnum { a: Option<Kind> }
    OneLiteral { a: Option<Color> }
    SingleVariant { a: Option<OnlyOne> }
    OneCurrency { a: Currency }
    OptionalCurrency { a: Option<Currency> }
    OneSignature { a: Signature }
    OptionalSignature { a: Option<Signature> }
    Empty {}
    Nested { a: Line }
    OptionalNested { a: Option<Line> }
    DeeplyNested { party: Party }
    TwoParties { buyer: Party, seller: Option<Party> }
    Strings { a: Vec<String> }
    Floats { a: Vec<f32> }
    Integers { a: Vec<u32> }
    Booleans { a: Vec<bool> }
    Dates { a: Vec<chrono::NaiveDate> }
    Currencies { a: Vec<Currency> }
    Signatures { a: Vec<Signature> }
    Lines { a: Vec<Line> }
    OptionalList { a: Option<Vec<String>> }
    OptionalLines { a: Option<Vec<Line>> }
    ListInNested { group: Group }
    ListOfLists { groups: Vec<Group> }
    OptionalObjectItems { a: Vec<Option<Line>> }
    OptionalCurrencyItems { a: Vec<Option<Currency>> }
    FieldOrder { zebra: Option<String>, apple: Option<f64>, mango: Option<bool>, banana: Option<i32> }
    Described {
        /// The number of the invoice.
        a: Option<String>
    }
    DescribedList {
        /// All lines.
        a: Vec<Line>
    }
    DescribedNested {
        /// The only line.
        a: Line
    }
    DescribedEnum {
        /// The kind of document.
        a: Option<Kind>
    }
    DescribedDate {
        #[schemars(description = "The day of issue.")]
        a: Option<Date>
    }
    DescribedCurrency {
        /// Everything to pay.
        a: Currency
    }
    DescribedSignature {
        /// The signature of the buyer.
        a: Option<Signature>
    }
    LongDescription {
        /// The first line.
        ///
        /// A second paragraph, with "quotes".
        a: Option<String>
    }
    Named {
        #[schemars(extend("extend:name" = "Invoice number"))]
        a: Option<String>
    }
    NamedAndDescribed {
        /// With tax.
        #[schemars(extend("extend:name" = "Total"))]
        a: Option<f64>
    }
    NamedList {
        #[schemars(extend("extend:name" = "Tags"))]
        a: Vec<String>
    }
    NamedNested {
        #[schemars(extend("extend:name" = "Line"))]
        a: Line
    }
    NamedCurrency {
        #[schemars(extend("extend:name" = "Total"))]
        a: Currency
    }
    NamedEnum {
        #[schemars(extend("extend:name" = "Color"))]
        a: Option<Color>
    }
    EnumDescriptions {
        #[schemars(extend("extend:descriptions" = ["like fire", "like grass"]))]
        a: Option<Color>
    }
    EverythingOnAnEnum {
        /// Of the paper.
        #[schemars(extend("extend:name" = "Paper", "extend:descriptions" = ["warm", "cold"]))]
        a: Option<Color>
    }
    DescriptionsWithoutEnum {
        #[schemars(extend("extend:descriptions" = ["ignored"]))]
        a: Option<String>
    }
    #[serde(rename_all = "camelCase")]
    Renamed { invoice_number: Option<String>, #[serde(rename = "dueDate")] due: Option<Date> }
    Keywords { r#type: Option<String>, r#match: Option<f64> }
    SameTypeTwice { a: Line, b: Line, c: Vec<Line> }
    SameEnumTwice { a: Option<Kind>, b: Option<Kind> }
    Invoice {
        number: Option<String>,
        issued: Option<Date>,
        kind: Option<Kind>,
        seller: Party,
        lines: Vec<Item>,
        total: Option<Currency>
    }
    Contract {
        parties: Vec<Party>,
        signatures: Vec<Signature>,
        starts: Option<Date>,
        renews: Option<bool>,
        months: Option<u8>
    }
    Statement { account: Option<String>, opened: Option<Currency>, closed: Option<Currency>, entries: Vec<Group> }
    Mixed {
        a: Option<String>,
        b: Option<f64>,
        c: Option<i64>,
        d: Option<bool>,
        e: Option<Date>,
        f: Option<Kind>,
        g: Line,
        h: Vec<String>,
        i: Vec<Line>
    }
    Unicode { #[serde(rename = "größe")] size: Option<f64>, #[serde(rename = "名前")] name: Option<String> }
    SmallIntegers { a: Option<u8>, b: Option<i16>, c: Option<std::num::NonZeroU32> }
    Bounded {
        #[schemars(range(min = 1, max = 5))]
        a: Option<i32>,
        #[schemars(length(max = 10), regex(pattern = "^a"))]
        b: Option<String>
    }
    WithDefault { #[serde(default)] a: Option<String>, #[serde(default)] b: Vec<String> }
    Boxed { a: Box<Option<String>>, b: Box<Line> }
    PlainString { a: String }
    PlainFloat { a: f64 }
    PlainInteger { a: i32 }
    PlainBoolean { a: bool }
    PlainDate { a: Date }
    PlainEnum { a: Kind }
    Inner { a: String }
    PlainStringInNested { outer: Inner }
    PlainStringInList { outer: Vec<Inner> }
    OptionalItems { a: Vec<Option<String>> }
    EnumItems { a: Vec<Kind> }
    ListsOfLists { a: Vec<Vec<String>> }
    Map { a: BTreeMap<String, String> }
    Union { a: Option<TextOrNumber> }
    NumberEnum { a: Option<Level> }
    WithTime { a: Option<chrono::DateTime<chrono::Utc>> }
    Unique { a: HashSet<String> }
    Pair { a: (String, f64) }
    Anything { a: Value }
    Node { name: Option<String>, children: Vec<Node> }
    Left { rights: Vec<Right> }
    Right { lefts: Vec<Left> }
    Linked { next: Option<Box<Linked>> }
}

fn official() -> serde_json::Map<String, Value> {
    serde_json::from_str(&read("picked.json")).unwrap()
}

macro_rules! assert_schemas {
    ($($name:ident)*) => {{
        let (official, names) = (official(), [$(stringify!($name)),*]);
        $(assert_same(stringify!($name), &schema_of::<$name>(), &official[stringify!($name)]["schema"]);)*
        let accepted = official.iter().filter(|(_, vector)| vector.get("schema").is_some());
        assert_eq!(names.to_vec(), accepted.map(|(name, _)| name.as_str()).collect::<Vec<_>>());
        names.len()
    }};
}

#[test]
fn picked_types_have_the_schemas_of_the_official_converter() {
    let count = assert_schemas!(
        OneString OneFloat OneInteger OneBoolean OneDate OneEnum OneLiteral SingleVariant OneCurrency OptionalCurrency OneSignature
        OptionalSignature Empty Nested OptionalNested DeeplyNested TwoParties Strings Floats Integers Booleans Dates Currencies
        Signatures Lines OptionalList OptionalLines ListInNested ListOfLists OptionalObjectItems OptionalCurrencyItems FieldOrder
        Described DescribedList DescribedNested DescribedEnum DescribedDate DescribedCurrency DescribedSignature LongDescription
        Named NamedAndDescribed NamedList NamedNested NamedCurrency NamedEnum EnumDescriptions EverythingOnAnEnum
        DescriptionsWithoutEnum Renamed Keywords SameTypeTwice SameEnumTwice Invoice Contract Statement Mixed Unicode SmallIntegers
        Bounded WithDefault Boxed
    );
    assert!(count >= 60, "{count}");
}

macro_rules! assert_refused {
    ($($name:ident: $path:literal, $kind:ident;)*) => {{
        let (official, names) = (official(), [$(stringify!($name)),*]);
        $(
            let error = schema_of::<$name>().unwrap_err();
            let [problem] = error.problems() else { panic!("{error}") };
            assert_eq!((problem.path.as_str(), problem.kind), ($path, SchemaProblemKind::$kind), "{error}");
            let fields: Vec<&str> = official[stringify!($name)]["rejected"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert_eq!($path.replace("[]", ""), format!("{}.{}", stringify!($name), fields.join(".")));
        )*
        let refused = official.iter().filter(|(_, vector)| vector.get("rejected").is_some());
        assert_eq!(names.to_vec(), refused.map(|(name, _)| name.as_str()).collect::<Vec<_>>());
    }};
}

#[test]
fn what_the_official_converter_refuses_is_refused_at_the_same_field() {
    assert_refused! {
        PlainString: "PlainString.a", NotOptional;
        PlainFloat: "PlainFloat.a", NotOptional;
        PlainInteger: "PlainInteger.a", NotOptional;
        PlainBoolean: "PlainBoolean.a", NotOptional;
        PlainDate: "PlainDate.a", NotOptional;
        PlainEnum: "PlainEnum.a", NotOptional;
        PlainStringInNested: "PlainStringInNested.outer.a", NotOptional;
        PlainStringInList: "PlainStringInList.outer[].a", NotOptional;
        OptionalItems: "OptionalItems.a[]", OptionalItem;
        EnumItems: "EnumItems.a[]", EnumItem;
        ListsOfLists: "ListsOfLists.a[]", NestedList;
        Map: "Map.a", Map;
        Union: "Union.a", Union;
        NumberEnum: "NumberEnum.a", EnumValue;
        WithTime: "WithTime.a", DateTime;
        Unique: "Unique.a", Set;
        Pair: "Pair.a", FixedLength;
        Anything: "Anything.a", Untyped;
        Node: "Node.children[]", Recursive;
        Left: "Left.rights[].lefts[]", Recursive;
        Linked: "Linked.next", Recursive;
    }
}
