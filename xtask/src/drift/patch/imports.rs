//! What a file imports from the client, and what the paths in it mean. Knows no item of the client.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::source::Source;

/// A name that a file imports from the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// Its path in the client.
    pub(super) path: Vec<String>,
    /// The tokens of the path.
    pub(super) tokens: Vec<usize>,
    /// The name in the file.
    pub(super) name: String,
    /// Whether the name is another one: `as`.
    pub(super) alias: bool,
    /// Whether others import the name from this file.
    pub(super) is_public: bool,
}

/// A module of which a file passes everything on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublicGlob {
    /// Its path in the client.
    pub(super) path: Vec<String>,
    /// The first token of the import.
    pub(super) at: usize,
}

/// Why a path may not be one of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The file has another item with its first name.
    Own,
    /// It is in the definition of a macro.
    Macro,
}

impl Doubt {
    /// Says so.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Own => "the file has another item of this name; if this one is the client's",
            Self::Macro => "in a macro, where names depend on its use; if this one is the client's",
        }
    }
}

/// What a file imports from the client.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// Names, by import.
    pub(super) all: Vec<Import>,
    /// Modules from which everything is imported.
    pub(super) globs: Vec<Vec<String>>,
    /// Those of them that the file passes on.
    pub(super) public_globs: Vec<PublicGlob>,
    /// Tokens of imports.
    ranges: Vec<Range<usize>>,
    /// Names that the file defines itself, or imports from elsewhere, somewhere in it.
    own: HashSet<String>,
    /// Those of them that cannot be meant by anything in the file that is not below a path: the file has one scope for items.
    certain: HashSet<String>,
    /// Tokens of definitions of macros, whose names mean what they mean where the macro is used.
    macros: Vec<Range<usize>>,
    library: String,
}

/// A path in code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathUse {
    /// Its path in the client.
    pub(super) path: Vec<String>,
    /// The tokens of the last segments, as far as they are written.
    pub(super) tokens: Vec<usize>,
    /// Whether the first of them is a name that an import made up.
    pub(super) alias: bool,
    /// Why it may be something else.
    pub(super) doubt: Option<Doubt>,
}

impl Imports {
    /// Reads the imports of a file.
    pub(super) fn read(source: &Source<'_>, library: &str) -> Self {
        let mut imports = Self { library: library.to_owned(), ..Self::default() };
        let mut depth = 0_usize;
        let mut has_scopes = false;
        let mut at = 0;
        while at < source.len() {
            if source.is(at, "use") && !source.follows(at, ".") && !source.is(at + 1, "<") {
                let end = (at..source.len()).find(|end| source.is(*end, ";")).unwrap_or(source.len());
                imports.ranges.push(at..end);
                let start = if source.is(at + 1, "::") { at + 2 } else { at + 1 };
                let is_public = source.follows(at, "pub") || source.follows(at, ")");
                let known = (imports.all.len(), imports.globs.len());
                imports.read_tree(source, start, &mut Vec::new(), end);
                imports.all.iter_mut().skip(known.0).for_each(|import| import.is_public = is_public);
                let globs = imports.globs.iter().skip(known.1).filter(|_| is_public);
                let globs: Vec<PublicGlob> = globs.map(|path| PublicGlob { path: path.clone(), at }).collect();
                imports.public_globs.extend(globs);
                has_scopes |= depth > 0;
                at = end;
            } else if source.is(at, "macro_rules") && source.is(at + 1, "!") {
                let open = (at..source.len()).find(|at| ["(", "[", "{"].iter().any(|open| source.is(*at, open)));
                let close = open.and_then(|open| source.closing(open)).unwrap_or(source.len());
                imports.macros.push(at..close);
                at = close;
            } else if ITEMS.iter().any(|word| source.is(at, word)) && !source.follows(at, ".") {
                imports.own.extend(source.word(at + 1).map(str::to_owned));
                imports.own.extend(generic_parameters(source, at + 2));
                has_scopes |= depth > 0 && !source.is(at, "fn");
            } else if source.is(at, "impl") && source.is(at + 1, "<") {
                imports.own.extend(generic_parameters(source, at + 1));
            }
            depth = if source.is(at, "{") { depth + 1 } else { depth };
            depth = if source.is(at, "}") { depth.saturating_sub(1) } else { depth };
            at += 1;
        }
        if !has_scopes {
            let imported = |name: &String| imports.all.iter().any(|import| import.name == *name);
            imports.certain = imports.own.iter().filter(|name| !imported(name)).cloned().collect();
        }
        imports
    }

    /// Reads a tree of an import, and returns the token after it.
    fn read_tree(&mut self, source: &Source<'_>, start: usize, path: &mut Vec<(String, usize)>, end: usize) -> usize {
        let (mut at, depth) = (start, path.len());
        while at < end {
            if source.is(at, "{") {
                let close = source.closing(at).unwrap_or(end);
                at += 1;
                while at < close {
                    at = self.read_tree(source, at, path, close) + 1;
                }
                path.truncate(depth);
                return close + 1;
            }
            if source.is(at, "*") {
                self.add_glob(path);
                path.truncate(depth);
                return at + 1;
            }
            let Some(word) = source.word(at) else { break };
            if word != "self" || path.is_empty() {
                path.push((word.to_owned(), at));
            }
            if !source.is(at + 1, "::") {
                let alias = source.is(at + 1, "as").then(|| source.word(at + 2)).flatten();
                self.add(path, alias);
                path.truncate(depth);
                return if alias.is_some() { at + 3 } else { at + 1 };
            }
            at += 2;
        }
        path.truncate(depth);
        at.max(start + 1)
    }

    fn add(&mut self, path: &[(String, usize)], alias: Option<&str>) {
        let Some(((first, _), rest)) = path.split_first() else { return };
        if *first != self.library {
            // A name that is imported on its own hides the one of a glob.
            self.own.extend(alias.map(str::to_owned).or_else(|| path.last().map(|(name, _)| name.clone())));
            return;
        }
        let last = rest.last().map_or(first, |(name, _)| name);
        self.all.push(Import {
            path: rest.iter().map(|(name, _)| name.clone()).collect(),
            tokens: rest.iter().map(|(_, at)| *at).collect(),
            name: alias.unwrap_or(last).to_owned(),
            alias: alias.is_some(),
            is_public: false,
        });
    }

    fn add_glob(&mut self, path: &[(String, usize)]) {
        if let Some(((first, _), rest)) = path.split_first()
            && *first == self.library
        {
            self.globs.push(rest.iter().map(|(name, _)| name.clone()).collect());
        }
    }

    /// Returns whether the file imports anything from the client or names it.
    pub(super) fn uses_client(&self, source: &Source<'_>) -> bool {
        (0..source.len()).any(|at| source.word(at) == Some(&self.library))
    }

    /// Returns whether the definition of a macro has a word.
    pub(super) fn is_in_macro(&self, source: &Source<'_>, word: &str) -> bool {
        self.macros.iter().flat_map(Clone::clone).any(|at| source.word(at) == Some(word))
    }

    /// Returns the paths in code that lead into the client. `is_known` says whether the client has an item.
    pub(super) fn paths(&self, source: &Source<'_>, is_known: impl Fn(&str) -> bool) -> Vec<PathUse> {
        let mut by_name: HashMap<&str, Vec<&Import>> = HashMap::new();
        for import in &self.all {
            by_name.entry(&import.name).or_default().push(import);
        }
        let mut found = Vec::new();
        let mut at = 0;
        while at < source.len() {
            if let Some(range) = self.ranges.iter().find(|range| range.contains(&at)) {
                at = range.end;
                continue;
            }
            let starts = source.word(at).is_some() && !source.follows(at, ".") && !source.follows(at, "::");
            let starts = starts && !ITEMS.iter().any(|word| source.follows(at, word));
            if !starts {
                at += 1;
                continue;
            }
            let mut tokens = vec![at];
            while source.is(at + 1, "::") && source.word(at + 2).is_some() {
                at += 2;
                tokens.push(at);
            }
            at += 1;
            found.extend(self.resolve(source, &tokens, &by_name, &is_known));
        }
        found
    }

    fn resolve(
        &self,
        source: &Source<'_>,
        tokens: &[usize],
        by_name: &HashMap<&str, Vec<&Import>>,
        is_known: &impl Fn(&str) -> bool,
    ) -> Option<PathUse> {
        let (first, rest) = tokens.split_first()?;
        let name = source.word(*first)?;
        let in_macro = self.macros.iter().any(|range| range.contains(first)).then_some(Doubt::Macro);
        let doubt = in_macro.or_else(|| self.own.contains(name).then_some(Doubt::Own));
        let words =
            |tokens: &[usize]| tokens.iter().filter_map(|at| source.word(*at)).map(str::to_owned).collect::<Vec<_>>();
        if name == self.library {
            return Some(PathUse { path: words(rest), tokens: rest.to_vec(), alias: false, doubt: in_macro });
        }
        let below = |path: &[String], rest: &[usize]| path.iter().cloned().chain(words(rest)).collect::<Vec<_>>();
        if self.certain.contains(name) {
            return None;
        }
        match by_name.get(name).map(Vec::as_slice) {
            Some([import, others @ ..]) => {
                let same = others.iter().all(|other| other.path == import.path);
                let doubt = if same { doubt } else { doubt.or(Some(Doubt::Own)) };
                Some(PathUse { path: below(&import.path, rest), tokens: tokens.to_vec(), alias: import.alias, doubt })
            }
            Some([]) | None => {
                let mut inside = self.globs.iter().map(|glob| below(glob, tokens));
                let path = inside.find(|path| prefixes(path).any(|prefix| is_known(&prefix)))?;
                Some(PathUse { path, tokens: tokens.to_vec(), alias: false, doubt })
            }
        }
    }
}

/// Words before the name of an item.
const ITEMS: [&str; 9] = ["struct", "enum", "type", "trait", "union", "mod", "fn", "const", "static"];

/// Returns the names of generic parameters that begin at a token, if there are any.
fn generic_parameters(source: &Source<'_>, open: usize) -> Vec<String> {
    if !source.is(open, "<") {
        return Vec::new();
    }
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for at in open..source.len() {
        if source.is(at, "<") {
            depth += 1;
        } else if source.is(at, ">") && !source.follows(at, "-") && !source.follows(at, "=") {
            depth -= 1;
        }
        if depth == 0 {
            break;
        }
        let starts = source.follows(at, "<") || source.follows(at, ",");
        found.extend(source.word(at).filter(|_| depth == 1 && starts).map(str::to_owned));
    }
    found
}

/// Returns a path and everything around it, from the longest.
pub(super) fn prefixes(path: &[String]) -> impl Iterator<Item = String> {
    (1..=path.len()).rev().map(|length| path.iter().take(length).map(String::as_str).collect::<Vec<_>>().join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_through_imports() {
        let rows: [(&str, &[&str]); 11] = [
            ("use client::types::{A, B as C}; fn f(a: A) { C::new() }", &["types::A", "types::B::new"]),
            ("use client::{self, types}; fn f() { types::A::new(); client::B }", &["types::A::new", "B"]),
            ("use client::types::*; fn f(a: A, b: B) {}", &["types::A"]),
            ("use client::types::*; struct A; fn f(a: A) {}", &[]),
            ("use other::types::A; fn f(a: A) {}", &[]),
            ("use client as c; fn f(a: c::types::A) { x.A() }", &["types::A"]),
            ("use client::types::*; fn f<A>(a: A) {}", &[]),
            ("use client::types::*; use other::A; fn f(a: A) {}", &[]),
            ("use client::types::*; use other::B as A; fn f(a: A) {}", &[]),
            ("use client::types::*; mod inner { struct A; } fn f(a: A) {}", &["types::A?"]),
            ("use client::types::A; macro_rules! m { () => { A::new() } }", &["types::A::new?"]),
        ];
        for (text, expected) in rows {
            let source = Source::new(text);
            let imports = Imports::read(&source, "client");
            let paths = imports.paths(&source, |path| path == "types::A");
            let mark = |found: &PathUse| if found.doubt.is_some() { "?" } else { "" };
            let shown: Vec<String> =
                paths.iter().map(|found| format!("{}{}", found.path.join("::"), mark(found))).collect();
            assert_eq!(shown, expected, "{text}");
        }
    }
}
