"""Writes what the vendor's own converter makes of the types of `picked.rs` and of `generated.rs`, and writes `generated.rs`.

    python3 -m venv .venv && .venv/bin/pip install extend-ai==1.20.0
    .venv/bin/python tests/tests/extraction/official/vectors.py

Knows the converter by its public function only. The models are ours: each has the name and the fields of a Rust type of the tests.
"""

import datetime as dt
import enum
import json
import pathlib
import random
import typing
from typing import Any, Dict, List, Literal, Optional, Set, Tuple, Union

import pydantic
from extend_ai import ExtendCurrency, ExtendDate, ExtendSignature
from extend_ai.wrapper.schema import SchemaConversionError, pydantic_to_extend_schema

HERE = pathlib.Path(__file__).parent


class Kind(str, enum.Enum):
    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


Color = Literal["red", "green"]
Single = Literal["only"]


def model(name, /, **fields):
    """Makes a model; a field is a type, or a type with a description and keywords."""

    def field(given):
        if not isinstance(given, tuple):
            return (given, ...)
        annotation, description, extra = (*given, None)[:3]
        return (annotation, pydantic.Field(..., description=description, json_schema_extra=extra))

    made = {key: field(given) for key, given in fields.items()}
    return pydantic.create_model(name, **made)


Text, Number, Integer, Flag = Optional[str], Optional[float], Optional[int], Optional[bool]
Day = Optional[dt.date]
Line = model("Line", amount=Number)
Address = model("Address", street=Text, city=Text, country=Text)
Party = model("Party", name=Text, address=Address)
Item = model("Item", sku=Text, price=Optional[ExtendCurrency], tags=List[str])
Group = model("Group", title=Text, items=List[Item])


class Node(pydantic.BaseModel):
    name: Optional[str]
    children: "List[Node]"


class Left(pydantic.BaseModel):
    rights: "List[Right]"


class Right(pydantic.BaseModel):
    lefts: List[Left]


class Linked(pydantic.BaseModel):
    next: "Optional[Linked]"


for recursive in (Node, Left, Right, Linked):
    recursive.model_rebuild()

PICKED = [
    model("OneString", a=Text),
    model("OneFloat", a=Number),
    model("OneInteger", a=Integer),
    model("OneBoolean", a=Flag),
    model("OneDate", a=ExtendDate),
    model("OneEnum", a=Optional[Kind]),
    model("OneLiteral", a=Optional[Color]),
    model("SingleVariant", a=Optional[Single]),
    model("OneCurrency", a=ExtendCurrency),
    model("OptionalCurrency", a=Optional[ExtendCurrency]),
    model("OneSignature", a=ExtendSignature),
    model("OptionalSignature", a=Optional[ExtendSignature]),
    model("Empty"),
    model("Nested", a=Line),
    model("OptionalNested", a=Optional[Line]),
    model("DeeplyNested", party=Party),
    model("TwoParties", buyer=Party, seller=Optional[Party]),
    model("Strings", a=List[str]),
    model("Floats", a=List[float]),
    model("Integers", a=List[int]),
    model("Booleans", a=List[bool]),
    model("Dates", a=List[dt.date]),
    model("Currencies", a=List[ExtendCurrency]),
    model("Signatures", a=List[ExtendSignature]),
    model("Lines", a=List[Line]),
    model("OptionalList", a=Optional[List[str]]),
    model("OptionalLines", a=Optional[List[Line]]),
    model("ListInNested", group=Group),
    model("ListOfLists", groups=List[Group]),
    model("OptionalObjectItems", a=List[Optional[Line]]),
    model("OptionalCurrencyItems", a=List[Optional[ExtendCurrency]]),
    model("FieldOrder", zebra=Text, apple=Number, mango=Flag, banana=Integer),
    model("Described", a=(Text, "The number of the invoice.")),
    model("DescribedList", a=(List[Line], "All lines.")),
    model("DescribedNested", a=(Line, "The only line.")),
    model("DescribedEnum", a=(Optional[Kind], "The kind of document.")),
    model("DescribedDate", a=(Day, "The day of issue.")),
    model("DescribedCurrency", a=(ExtendCurrency, "Everything to pay.")),
    model("DescribedSignature", a=(Optional[ExtendSignature], "The signature of the buyer.")),
    model("LongDescription", a=(Text, "The first line.\n\nA second paragraph, with \"quotes\".")),
    model("Named", a=(Text, None, {"extend:name": "Invoice number"})),
    model("NamedAndDescribed", a=(Number, "With tax.", {"extend:name": "Total"})),
    model("NamedList", a=(List[str], None, {"extend:name": "Tags"})),
    model("NamedNested", a=(Line, None, {"extend:name": "Line"})),
    model("NamedCurrency", a=(ExtendCurrency, None, {"extend:name": "Total"})),
    model("NamedEnum", a=(Optional[Color], None, {"extend:name": "Color"})),
    model("EnumDescriptions", a=(Optional[Color], None, {"extend:descriptions": ["like fire", "like grass"]})),
    model(
        "EverythingOnAnEnum",
        a=(Optional[Color], "Of the paper.", {"extend:name": "Paper", "extend:descriptions": ["warm", "cold"]}),
    ),
    model("DescriptionsWithoutEnum", a=(Text, None, {"extend:descriptions": ["ignored"]})),
    model("Renamed", invoiceNumber=Text, dueDate=Day),
    model("Keywords", type=Text, match=Number),
    model("SameTypeTwice", a=Line, b=Line, c=List[Line]),
    model("SameEnumTwice", a=Optional[Kind], b=Optional[Kind]),
    model("Invoice", number=Text, issued=Day, kind=Optional[Kind], seller=Party, lines=List[Item], total=Optional[ExtendCurrency]),
    model("Contract", parties=List[Party], signatures=List[ExtendSignature], starts=Day, renews=Flag, months=Integer),
    model("Statement", account=Text, opened=Optional[ExtendCurrency], closed=Optional[ExtendCurrency], entries=List[Group]),
    model("Mixed", a=Text, b=Number, c=Integer, d=Flag, e=Day, f=Optional[Kind], g=Line, h=List[str], i=List[Line]),
    model("Unicode", größe=Number, 名前=Text),
    model("SmallIntegers", a=Integer, b=Integer, c=Integer),
    model("Bounded", a=Integer, b=Text),
    model("WithDefault", a=Text, b=List[str]),
    model("Boxed", a=Text, b=Line),
    # What the converter refuses.
    model("PlainString", a=str),
    model("PlainFloat", a=float),
    model("PlainInteger", a=int),
    model("PlainBoolean", a=bool),
    model("PlainDate", a=dt.date),
    model("PlainEnum", a=Kind),
    model("PlainStringInNested", outer=model("Inner", a=str)),
    model("PlainStringInList", outer=List[model("Inner", a=str)]),
    model("OptionalItems", a=List[Optional[str]]),
    model("EnumItems", a=List[Kind]),
    model("ListsOfLists", a=List[List[str]]),
    model("Map", a=Dict[str, str]),
    model("Union", a=Optional[Union[str, float]]),
    model("NumberEnum", a=Optional[Level]),
    model("WithTime", a=Optional[dt.datetime]),
    model("Unique", a=Set[str]),
    model("Pair", a=Tuple[str, float]),
    model("Anything", a=Any),
    Node,
    Left,
    Linked,
]


def convert(made):
    try:
        return {"schema": pydantic_to_extend_schema(made)}
    except SchemaConversionError as error:
        return {"rejected": [part for part in error.path]}


# Generated types are made of structs with parameters, so that a Rust type is an expression.
FIELDS = {"One": ["a"], "Two": ["first", "second"], "Three": ["x", "y", "z"], "Four": ["north", "east", "south", "west"]}
LEAVES = [
    ("Option<String>", Text),
    ("Option<f64>", Number),
    ("Option<i64>", Integer),
    ("Option<bool>", Flag),
    ("Option<Date>", Day),
    ("Option<Kind>", Optional[Kind]),
    ("Option<Color>", Optional[Color]),
    ("Currency", ExtendCurrency),
    ("Option<Currency>", Optional[ExtendCurrency]),
    ("Signature", ExtendSignature),
    ("Vec<String>", List[str]),
    ("Vec<f64>", List[float]),
    ("Vec<Date>", List[dt.date]),
    ("Vec<Currency>", List[ExtendCurrency]),
    ("Vec<i64>", List[int]),
    ("Option<Vec<bool>>", Optional[List[bool]]),
]


def struct(chance, depth):
    name = chance.choice(list(FIELDS))
    parts = [part(chance, depth) for _ in FIELDS[name]]
    made = model(name, **dict(zip(FIELDS[name], (annotation for _, annotation in parts))))
    return f"{name}<{', '.join(rust for rust, _ in parts)}>", made


def part(chance, depth):
    if depth == 0 or chance.random() < 0.75:
        return chance.choice(LEAVES)
    rust, made = struct(chance, depth - 1)
    return chance.choice([(rust, made), (f"Option<{rust}>", Optional[made]), (f"Vec<{rust}>", List[made])])


def generate(count):
    chance, made = random.Random(18), {}
    while len(made) < count:
        rust, generated = struct(chance, 2)
        if len(rust) < 110:
            made.setdefault(rust, generated)
    return made


def main():
    picked = {made.__name__: convert(made) for made in PICKED}
    (HERE / "picked.json").write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in picked.items()) + "\n}\n")
    generated = generate(1000)
    lines = [json.dumps(pydantic_to_extend_schema(made), separators=(",", ":")) for made in generated.values()]
    (HERE / "generated.jsonl").write_text("\n".join(lines) + "\n")
    types = "".join(f"    {rust},\n" for rust in generated)
    (HERE / "generated.rs").write_text(
        "// Written by `vectors.py`; do not edit.\n\n// 1,000 types, in the order of the schemas in `generated.jsonl`.\n\n"
        f"generated! {{\n{types}}}\n"
    )
    print(len(picked), "picked,", sum("schema" in value for value in picked.values()), "of them accepted;", len(lines), "generated")


main()
