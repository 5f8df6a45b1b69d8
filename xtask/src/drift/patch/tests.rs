//! What is rewritten, and what is left, line by line.

use generator::drift::{CallChange, Migration, NewArgument};

use super::rewrite;

fn migration() -> Migration {
    let mut migration = Migration::default();
    let renamed = [
        ("types::Thing", "types::Item"),
        ("types::Thing::a", "types::Item::first"),
        ("types::Thing::with_a", "types::Item::with_first"),
        ("types::Status::Done", "types::Status::Finished"),
        ("resources::things", "resources::items"),
        ("resources::things::Things", "resources::items::Items"),
        ("resources::things::Things::create", "resources::items::Items::make"),
        ("Client::things", "Client::items"),
    ];
    migration.renamed = renamed.map(|(old, new)| (old.to_owned(), new.to_owned())).into();
    let added = NewArgument::Added { name: "b".to_owned(), ty: "impl Into<B>".to_owned() };
    let mut new = CallChange::default();
    new.arguments = vec![NewArgument::Kept(0), added];
    let mut create = CallChange::default();
    create.setters = vec![(0, "file".to_owned())];
    migration.calls.insert("types::Thing::new".to_owned(), new);
    migration.calls.insert("resources::things::Things::create".to_owned(), create);
    migration.lost.insert("types::Gone".to_owned(), "nothing takes its place".to_owned());
    let methods = [
        ("Client", "things", "resources::things::Things"),
        ("resources::things::Things", "create", "resources::things::Create"),
        ("types::Thing", "new", "types::Thing"),
        ("types::Thing", "with_a", "types::Thing"),
        ("types::Thing", "with_c", "types::Thing"),
    ];
    for (owner, name, result) in methods {
        migration.values.methods.insert((owner.to_owned(), name.to_owned()), result.to_owned());
    }
    migration.values.responses.insert("resources::things::Create".to_owned(), "types::Thing".to_owned());
    migration
}

#[test]
fn items_are_rewritten_where_they_are_imported_or_named() {
    let rows = [
        (
            "an import and its uses",
            "use c::types::Thing; fn f(t: Thing) -> Thing { t }",
            "use c::types::Item; fn f(t: Item) -> Item { t }",
        ),
        ("a group", "use c::{Client, types::{Status, Thing}};", "use c::{Client, types::{Status, Item}};"),
        ("an alias", "use c::types::Thing as T; fn f(t: T) {}", "use c::types::Item as T; fn f(t: T) {}"),
        (
            "a name that is taken",
            "use c::types::Thing; struct Item(Thing);",
            "use c::types::Item as Thing; struct Item(Thing);",
        ),
        ("a whole path", "fn f(t: c::types::Thing) {}", "fn f(t: c::types::Item) {}"),
        ("a module", "use c::types; fn f(t: types::Thing) {}", "use c::types; fn f(t: types::Item) {}"),
        (
            "a variant",
            "use c::types::Status; const S: Status = Status::Done;",
            "use c::types::Status; const S: Status = Status::Finished;",
        ),
        (
            "a pattern",
            "use c::types::Thing; fn f(Thing { a, .. }: Thing) {}",
            "use c::types::Item; fn f(Item { first: a, .. }: Item) {}",
        ),
        (
            "a field of a pattern",
            "use c::types::Thing; fn f(Thing { a: x, .. }: Thing) {}",
            "use c::types::Item; fn f(Item { first: x, .. }: Item) {}",
        ),
    ];
    for (name, old, new) in rows {
        assert_eq!(rewrite(old, "c", &migration()).text, new, "{name}");
    }
}

#[test]
fn members_of_values_whose_type_is_known_are_rewritten() {
    let rows = [
        (
            "a constructor and setters",
            "fn f() { c::types::Thing::new(1).with_c(2).with_a(3); }",
            "fn f() { c::types::Item::new(1, todo!(\"b: impl Into<B>\")).with_c(2).with_first(3); }",
        ),
        (
            "a variable",
            "use c::types::Thing; fn f(t: &Thing) { t.a; }",
            "use c::types::Item; fn f(t: &Item) { t.first; }",
        ),
        (
            "a response",
            "async fn f(k: c::Client) { let t = k.things().create(x).await?; t.a; }",
            "async fn f(k: c::Client) { let t = k.items().make().file(x).await?; t.first; }",
        ),
        (
            "in a macro",
            "use c::types::Thing; fn f(t: Thing) { println!(\"{}\", t.a); }",
            "use c::types::Item; fn f(t: Item) { println!(\"{}\", t.first); }",
        ),
        (
            "another crate",
            "use d::types::Thing; use c::Client; fn f(t: Thing) { t.a; }",
            "use d::types::Thing; use c::Client; fn f(t: Thing) { t.a; }",
        ),
        (
            "a value that is not known",
            "use c::Client; fn f(t: X) { t.with_a(1); }",
            "use c::Client; fn f(t: X) { t.with_a(1); }",
        ),
        ("no use of the client", "struct Thing; fn f(t: Thing) {}", "struct Thing; fn f(t: Thing) {}"),
        ("a builder's module", "use c::resources::things::Things;", "use c::resources::items::Items;"),
    ];
    for (name, old, new) in rows {
        assert_eq!(rewrite(old, "c", &migration()).text, new, "{name}");
    }
}

#[test]
fn what_is_left_is_said_with_its_line() {
    let text = "use c::types::Gone;\nfn f(t: X) {\n    t.with_a(1);\n}\n";
    let left: Vec<String> =
        rewrite(text, "c", &migration()).left.iter().map(|left| format!("{}: {}", left.line, left.message)).collect();
    let expected = [
        "1: `types::Gone`: nothing takes its place",
        "3: `types::Thing::with_a`: not certain to be this one; if it is: write `types::Item::with_first`",
    ];
    assert_eq!(left, expected);
}

#[test]
fn what_is_not_certain_stays_and_is_said() {
    let rows = [
        ("an own item", "use c::types::*;\nstruct Thing;\nfn f(t: Thing) {}\n", "", &[][..]),
        (
            "an own item in a function",
            "use c::types::*;\nfn g() { struct Thing; }\nfn f(t: Thing) {}\n",
            "",
            &[
                "3: `types::Thing`: the file has another item of this name; if this one is the client's: write `types::Item`",
            ],
        ),
        ("an import from elsewhere", "use c::types::*;\nuse d::Thing;\nfn f(t: Thing) {}\n", "", &[]),
        ("a generic parameter", "use c::types::*;\nfn f<Thing: Copy>(t: Thing) {}\n", "", &[]),
        (
            "another name of the glob",
            "use c::types::*;\nstruct Other;\nfn f(t: Thing) {}\n",
            "use c::types::*;\nstruct Other;\nfn f(t: Item) {}\n",
            &[],
        ),
        (
            "a macro",
            "use c::types::Thing;\nmacro_rules! m { () => { Thing::new(1) } }\n",
            "use c::types::Item as Thing;\nmacro_rules! m { () => { Thing::new(1) } }\n",
            &[
                "2: `types::Thing::new`: in a macro, where names depend on its use; if this one is the client's: write `types::Item::new`",
            ],
        ),
        ("a re-export", "pub use c::types::Thing;\n", "pub use c::types::Item as Thing;\n", &[]),
        (
            "a re-export of everything",
            "pub use c::types::*;\n",
            "",
            &["1: `types::*`: what others import from here by its old name has to change with it"],
        ),
    ];
    for (name, old, new, expected) in rows {
        let rewritten = rewrite(old, "c", &migration());
        assert_eq!(rewritten.text, if new.is_empty() { old } else { new }, "{name}");
        let left: Vec<String> = rewritten.left.iter().map(|left| format!("{}: {}", left.line, left.message)).collect();
        assert_eq!(left, expected, "{name}");
    }
}
