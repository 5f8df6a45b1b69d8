//! Snapshot of the public methods of the runtime's types, which users of every client reach: pollers, paginators, options,
//! errors, mocks and webhooks.
//!
//! What only generated code uses is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ImplItem, Item, TraitItem, Visibility};
use workspace_tests::document::workspace;

use super::with_settings;

/// The files whose exports and types users can name.
const FACES: &[&str] = &["lib.rs", "json/mod.rs", "testing/mod.rs", "tower.rs", "webhooks/mod.rs"];

#[test]
fn public_methods_of_the_runtime_match_their_snapshot() {
    let root = workspace().join("runtime/src");
    let mut files = BTreeMap::new();
    read_files(&root, &root, &mut files);
    let exported: BTreeSet<String> = FACES.iter().flat_map(|face| exports(&files[*face])).collect();
    let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files.values() {
        for item in &file.items {
            collect_methods(item, &exported, &mut methods);
        }
    }
    let mut text = String::new();
    for (owner, methods) in methods {
        text.push_str(&format!("{owner}\n"));
        methods.iter().for_each(|method| text.push_str(&format!("    {method}\n")));
    }
    assert!(text.contains("\nPoller\n") && text.contains("\nRequestOptions\n"), "{text}");
    with_settings(|| insta::assert_snapshot!("surface-runtime", text));
}

fn read_files(root: &Path, folder: &Path, files: &mut BTreeMap<String, syn::File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_files(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap());
        }
    }
}

/// The names that a file exports, and the types that it has.
fn exports(file: &syn::File) -> Vec<String> {
    let mut names = Vec::new();
    for item in &file.items {
        if let Item::Use(item) = item
            && is_visible(&item.vis, &item.attrs)
        {
            names_of_use(item.tree.to_token_stream(), &mut names);
        }
        if let Item::Struct(item) = item
            && is_visible(&item.vis, &item.attrs)
        {
            names.push(item.ident.to_string());
        }
    }
    names
}

/// Every name in a `use` that begins like a type.
fn names_of_use(tokens: TokenStream, names: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => names_of_use(group.stream(), names),
            TokenTree::Ident(ident) => {
                names.extend(Some(ident.to_string()).filter(|name| name.starts_with(char::is_uppercase)));
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn is_visible(visibility: &Visibility, attributes: &[syn::Attribute]) -> bool {
    let hidden = attributes.iter().any(|attribute| attribute.meta.to_token_stream().to_string().contains("hidden"));
    matches!(visibility, Visibility::Public(_)) && !hidden
}

fn collect_methods(item: &Item, exported: &BTreeSet<String>, methods: &mut BTreeMap<String, BTreeSet<String>>) {
    let (owner, found): (String, Vec<String>) = if let Item::Impl(block) = item
        && block.trait_.is_none()
        && let syn::Type::Path(path) = &*block.self_ty
        && let Some(owner) = path.path.segments.last()
    {
        let public = block.items.iter().filter_map(|item| {
            let ImplItem::Fn(function) = item else { return None };
            is_visible(&function.vis, &function.attrs).then(|| show(&function.sig))
        });
        (owner.ident.to_string(), public.collect())
    } else if let Item::Trait(item) = item {
        let public = item.items.iter().filter_map(|member| {
            let TraitItem::Fn(function) = member else { return None };
            is_visible(&item.vis, &function.attrs).then(|| show(&function.sig))
        });
        (item.ident.to_string(), public.collect())
    } else {
        return;
    };
    if exported.contains(&owner) && !found.is_empty() {
        methods.entry(owner).or_default().extend(found);
    }
}

/// A signature on one line, spaced as in source code.
fn show(signature: &syn::Signature) -> String {
    let mut text = signature.to_token_stream().to_string();
    for (spaced, tight) in [
        (" (", "("),
        ("( ", "("),
        ("(mut self", "(self"),
        (" )", ")"),
        (" ,", ","),
        (",)", ")"),
        (" :", ":"),
        (": :", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ;", ";"),
        ("' ", "'"),
        (" ?", "?"),
    ] {
        text = text.replace(spaced, tight);
    }
    text.replace("->", " -> ").replace("  ", " ").replace(" - >", " ->")
}
