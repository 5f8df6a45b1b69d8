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
}

/// What a file imports from the client.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// Names, by import.
    pub(super) all: Vec<Import>,
    /// Modules from which everything is imported.
    pub(super) globs: Vec<Vec<String>>,
    /// Tokens of imports.
    ranges: Vec<Range<usize>>,
    /// Names that the file defines itself.
    own: HashSet<String>,
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
}

impl Imports {
    /// Reads the imports of a file.
    pub(super) fn read(source: &Source<'_>, library: &str) -> Self {
        let mut imports = Self { library: library.to_owned(), ..Self::default() };
        let mut at = 0;
        while at < source.len() {
            if source.is(at, "use") && !source.follows(at, ".") && !source.is(at + 1, "<") {
                let end = (at..source.len()).find(|end| source.is(*end, ";")).unwrap_or(source.len());
                imports.ranges.push(at..end);
                let start = if source.is(at + 1, "::") { at + 2 } else { at + 1 };
                imports.read_tree(source, start, &mut Vec::new(), end);
                at = end;
            } else if ["struct", "enum", "type", "trait", "union", "mod", "fn"].iter().any(|word| source.is(at, word)) {
                imports.own.extend(source.word(at + 1).map(str::to_owned));
            }
            at += 1;
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
            return;
        }
        let last = rest.last().map_or(first, |(name, _)| name);
        self.all.push(Import {
            path: rest.iter().map(|(name, _)| name.clone()).collect(),
            tokens: rest.iter().map(|(_, at)| *at).collect(),
            name: alias.unwrap_or(last).to_owned(),
            alias: alias.is_some(),
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
        let words =
            |tokens: &[usize]| tokens.iter().filter_map(|at| source.word(*at)).map(str::to_owned).collect::<Vec<_>>();
        if name == self.library {
            return Some(PathUse { path: words(rest), tokens: rest.to_vec(), alias: false });
        }
        let below = |path: &[String], rest: &[usize]| path.iter().cloned().chain(words(rest)).collect::<Vec<_>>();
        match by_name.get(name).map(Vec::as_slice) {
            Some([import, others @ ..]) => {
                let same = others.iter().all(|other| other.path == import.path) && !self.own.contains(name);
                same.then(|| PathUse { path: below(&import.path, rest), tokens: tokens.to_vec(), alias: import.alias })
            }
            Some([]) | None => {
                let mut inside = self.globs.iter().map(|glob| below(glob, tokens));
                let path = inside.find(|path| prefixes(path).any(|prefix| is_known(&prefix)))?;
                (!self.own.contains(name)).then(|| PathUse { path, tokens: tokens.to_vec(), alias: false })
            }
        }
    }
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
        let rows: [(&str, &[&str]); 6] = [
            ("use client::types::{A, B as C}; fn f(a: A) { C::new() }", &["types::A", "types::B::new"]),
            ("use client::{self, types}; fn f() { types::A::new(); client::B }", &["types::A::new", "B"]),
            ("use client::types::*; fn f(a: A, b: B) {}", &["types::A"]),
            ("use client::types::*; struct A; fn f(a: A) {}", &[]),
            ("use other::types::A; fn f(a: A) {}", &[]),
            ("use client as c; fn f(a: c::types::A) { x.A() }", &["types::A"]),
        ];
        for (text, expected) in rows {
            let source = Source::new(text);
            let imports = Imports::read(&source, "client");
            let paths = imports.paths(&source, |path| path == "types::A");
            let shown: Vec<String> = paths.iter().map(|found| found.path.join("::")).collect();
            assert_eq!(shown, expected, "{text}");
        }
    }
}
