//! Methods and fields of a file, on values whose type is certain: what a constructor or the client returns, and variables with such a
//! value.

use std::collections::{BTreeMap, BTreeSet};

use generator::drift::Migration;

use super::calls::change_call;
use super::imports::Imports;
use super::source::{Edits, Source};
use super::{Left, escaped};

/// Methods that return the same value, or what is in it.
const NEUTRAL: [&str; 9] =
    ["unwrap", "expect", "clone", "as_ref", "as_mut", "unwrap_or_default", "header", "timeout", "max_retries"];

/// Reads the values of a file and renames their members.
pub(super) fn rename_members(
    source: &Source<'_>,
    imports: &Imports,
    migration: &Migration,
    (edits, left): (&mut Edits, &mut Vec<Left>),
) {
    let mut chains = Chains {
        source,
        migration,
        edits,
        functions: functions(source),
        variables: BTreeMap::new(),
        known: BTreeSet::new(),
    };
    let members = migration.values.methods.keys().chain(migration.values.fields.keys());
    let owners: BTreeSet<&str> = members.map(|(owner, _)| owner.as_str()).collect();
    let is_known = |path: &str| owners.contains(path) || migration.calls.contains_key(path);
    let mut functions: BTreeMap<usize, Called> = BTreeMap::new();
    for found in imports.paths(source, is_known).into_iter().filter(|found| found.doubt.is_none()) {
        let (Some(first), Some(last)) = (found.tokens.first(), found.tokens.last()) else { continue };
        let path = found.path.join("::");
        if owners.contains(path.as_str()) {
            chains.declare(*first, &path);
        } else if let Some((owner, name)) = path.rsplit_once("::")
            && source.is(last + 1, "(")
        {
            functions.insert(*first, Called { owner: owner.to_owned(), name: name.to_owned(), at: *last });
        }
    }
    for at in 0..source.len() {
        match functions.get(&at) {
            Some(called) => chains.follow_function(at, called),
            None => chains.follow_word(at),
        }
    }
    let known = chains.known;
    note_unknown(source, migration, &known, left);
}

/// A function of a type that is called.
struct Called {
    owner: String,
    name: String,
    /// The token of its name.
    at: usize,
}

struct Chains<'s, 'a, 'e> {
    source: &'s Source<'a>,
    migration: &'s Migration,
    edits: &'e mut Edits,
    /// First and last token of the functions.
    functions: Vec<(usize, usize)>,
    /// Types of variables by function; `None` if there are several.
    variables: BTreeMap<(usize, String), Option<String>>,
    /// Members on values whose type is known.
    known: BTreeSet<usize>,
}

impl Chains<'_, '_, '_> {
    /// Returns the innermost function around a token.
    fn function(&self, at: usize) -> Option<usize> {
        let around = self.functions.iter().enumerate().filter(|(_, (start, end))| (*start..=*end).contains(&at));
        around.min_by_key(|(_, (start, end))| end - start).map(|(index, _)| index)
    }

    /// Notes the type of a variable that is declared with it: `name: &Type`.
    fn declare(&mut self, first: usize, ty: &str) {
        let mut at = first;
        while at > 0 && (self.source.follows(at, "&") || self.source.follows(at, "mut")) {
            at -= 1;
        }
        if at >= 2
            && self.source.follows(at, ":")
            && let Some(name) = self.source.word(at - 2)
        {
            self.bind(at - 2, name, ty);
        }
    }

    fn bind(&mut self, at: usize, name: &str, ty: &str) {
        let Some(function) = self.function(at) else { return };
        let known = self.variables.entry((function, name.to_owned())).or_insert_with(|| Some(ty.to_owned()));
        if known.as_deref() != Some(ty) {
            *known = None;
        }
    }

    fn follow_function(&mut self, first: usize, called: &Called) {
        let open = called.at + 1;
        let Some(close) = self.source.closing(open) else { return };
        self.change_arguments(&format!("{}::{}", called.owner, called.name), open, close);
        let function = (called.owner.clone(), called.name.clone());
        if let Some(ty) = self.migration.values.methods.get(&function).cloned() {
            self.follow(first, close + 1, ty);
        }
    }

    /// Follows a value that begins with a variable, or with the accessor of a resource.
    fn follow_word(&mut self, at: usize) {
        let Some(word) = self.source.word(at) else { return };
        if self.source.follows(at, "::") || self.source.is(at + 1, "::") {
            return;
        }
        if self.source.follows(at, ".") {
            let client = ("Client".to_owned(), word.to_owned());
            let Some(resource) = self.migration.values.methods.get(&client).cloned() else { return };
            let is_accessor = self.source.is(at + 1, "(") && self.source.is(at + 2, ")") && self.source.is(at + 3, ".");
            let method = self.source.word(at + 4).map(|name| (resource.clone(), name.to_owned()));
            if is_accessor
                && !self.known.contains(&at)
                && method.is_some_and(|method| self.migration.values.methods.contains_key(&method))
            {
                self.rename(at, "Client", word);
                self.follow(self.beginning(at), at + 3, resource);
            }
            return;
        }
        let Some(function) = self.function(at) else { return };
        let Some(Some(ty)) = self.variables.get(&(function, word.to_owned())).cloned() else { return };
        if !self.is_rebound(function, word) {
            self.follow(at, at + 1, ty);
        }
    }

    /// Returns whether a function binds a name to other values too.
    fn is_rebound(&self, function: usize, name: &str) -> bool {
        let Some((start, end)) = self.functions.get(function) else { return true };
        let is_bound = |at: &usize| {
            let before = |word: &str| self.source.follows(*at, word);
            let is_let = before("let") || (before("mut") && *at >= 2 && self.source.is(*at - 2, "let"));
            let is_declared =
                self.source.is(*at + 1, ":") && !self.source.is(*at + 2, ":") && (before("(") || before(","));
            self.source.word(*at) == Some(name) && (is_let || is_declared || before("for") || before("|"))
        };
        (*start..=*end).filter(is_bound).count() > 1
    }

    /// Returns the first token of the value before a dot.
    fn beginning(&self, at: usize) -> usize {
        let mut first = at;
        while first > 0
            && (self.source.follows(first, ".")
                || (self.source.is(first, ".") && self.source.word(first - 1).is_some()))
        {
            first -= 1;
        }
        first
    }

    /// Follows methods and fields from the token after a value.
    fn follow(&mut self, first: usize, start: usize, mut ty: String) {
        let mut at = start;
        loop {
            if self.source.is(at, "?") {
                at += 1;
                continue;
            }
            if !self.source.is(at, ".") {
                break;
            }
            let Some(name) = self.source.word(at + 1) else { return };
            if name == "await" {
                ty = self.migration.values.responses.get(&ty).cloned().unwrap_or(ty);
                at += 2;
                continue;
            }
            self.rename(at + 1, &ty, name);
            let next = if self.source.is(at + 2, "(") {
                let Some(close) = self.source.closing(at + 2) else { return };
                self.change_arguments(&format!("{ty}::{name}"), at + 2, close);
                (close + 1, self.returned(&ty, name))
            } else {
                (at + 2, self.migration.values.fields.get(&(ty.clone(), name.to_owned())).cloned())
            };
            let (after, Some(result)) = next else { return };
            (at, ty) = (after, result);
        }
        let bound = if self.source.follows(first, "=") && first >= 2 { self.source.word(first - 2) } else { None };
        if let Some(name) = bound.filter(|_| self.source.is(at, ";") && first >= 3) {
            let is_let = self.source.is(first - 3, "let") || self.source.is(first - 3, "mut");
            if is_let {
                self.bind(first - 2, name, &ty);
            }
        }
    }

    fn returned(&self, ty: &str, name: &str) -> Option<String> {
        if name == "send" {
            return self.migration.values.responses.get(ty).cloned();
        }
        let found = self.migration.values.methods.get(&(ty.to_owned(), name.to_owned())).cloned();
        found.or_else(|| NEUTRAL.contains(&name).then(|| ty.to_owned()))
    }

    /// Renames a member of a value.
    fn rename(&mut self, at: usize, ty: &str, name: &str) {
        self.known.insert(at);
        let Some(new) = self.migration.renamed.get(&format!("{ty}::{name}")) else { return };
        let new = new.rsplit("::").next().unwrap_or(new);
        if new != name {
            self.edits.write(self.source.place(at), escaped(new));
        }
    }

    fn change_arguments(&mut self, function: &str, open: usize, close: usize) {
        if let Some(change) = self.migration.calls.get(function) {
            change_call(self.source, (open, close), change, self.edits);
        }
    }
}

/// Returns the first and the last token of each function.
fn functions(source: &Source<'_>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for at in (0..source.len()).filter(|at| source.is(*at, "fn")) {
        let Some(open) = (at..source.len()).find(|at| source.is(*at, "(")) else { continue };
        let Some(close) = source.closing(open) else { continue };
        let body = (close..source.len()).find(|at| source.is(*at, "{") || source.is(*at, ";"));
        if let Some(end) = body.filter(|body| source.is(*body, "{")).and_then(|body| source.closing(body)) {
            found.push((at, end));
        }
    }
    found
}

/// Notes members that may be those of the client, on values of which nothing is known.
fn note_unknown(source: &Source<'_>, migration: &Migration, known: &BTreeSet<usize>, left: &mut Vec<Left>) {
    let mut members: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    let renamed = migration.renamed.iter().map(|(path, new)| (path.as_str(), format!("write `{new}`")));
    let lost = migration.lost.iter().map(|(path, advice)| (path.as_str(), advice.clone()));
    let calls = migration.calls.keys().map(|path| (path.as_str(), "its arguments are others now".to_owned()));
    for (path, advice) in renamed.chain(lost).chain(calls) {
        if let Some((_, name)) = path.rsplit_once("::")
            && name != "new"
            && name.starts_with(|letter: char| letter.is_lowercase())
            && !path.starts_with("testing::")
        {
            members.entry(name).or_default().push((path, advice));
        }
    }
    for at in (0..source.len()).filter(|at| source.follows(*at, ".") && !known.contains(at)) {
        let Some((path, advice)) = source.word(at).and_then(|name| members.get(name)?.first()) else { continue };
        left.push(Left::new(source, at, path, &format!("not certain to be this one; if it is: {advice}")));
    }
}
