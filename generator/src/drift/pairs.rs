//! Follows two documents side by side, from everything that travels down to the last property, and notes each pair of schemas
//! once, with what leads to it.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::contract::{SchemaId, SchemaUse};

use super::aspect::{Plain, Subject};
use super::finding::Key;
use super::level::Ways;
use super::local::{self, Child, Context, Draft, Local, Spot, compare_uses};

/// Where a body, a parameter or a header is used.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// Key of the operation or name of the event.
    pub(super) operation: String,
    pub(super) subject: Subject,
    pub(super) ways: Ways,
    /// The part of the operation.
    pub(super) key: Key,
    /// Whether it may be left out.
    pub(super) is_optional: bool,
}

impl Root {
    /// Returns a use that is always there.
    pub(super) fn new(operation: &str, subject: Subject, ways: Ways, key: Key) -> Self {
        Self { operation: operation.to_owned(), subject, ways, key, is_optional: false }
    }
}

/// The place of a schema: below the nearest one with a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    pub(super) schema: Option<String>,
    pub(super) path: String,
}

impl Site {
    pub(super) fn below(&self, step: &str) -> String {
        let step = if self.path.is_empty() { step.trim_start_matches('.') } else { step };
        format!("{}{step}", self.path)
    }
}

/// A schema of the old document and the one of the new that takes its place.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) old: SchemaId,
    pub(super) new: SchemaId,
    pub(super) site: Site,
    /// The pairs that contain it, and the properties that lead from there.
    pub(super) parents: Vec<(usize, Option<String>)>,
    pub(super) roots: Vec<Root>,
    /// Whether the whole schema was replaced by another, which is reported as one change.
    pub(super) is_folded: bool,
    /// Whether a client somewhere fails to read `null` in its place.
    pub(super) is_strict: bool,
    /// Whether it may be left out somewhere, so that its default counts.
    pub(super) is_optional: bool,
    /// Whether some place other than a body, parameter or header uses it.
    pub(super) is_nested: bool,
}

/// A difference of the use of a schema by a body, a parameter or a header.
pub(super) struct RootDraft {
    pub(super) draft: Draft,
    pub(super) root: Root,
    pub(super) site: Site,
}

/// All pairs of two documents.
pub(super) struct Pairs<'c, 'a> {
    pub(super) context: &'c Context<'a>,
    pub(super) list: Vec<Pair>,
    index: HashMap<(SchemaId, SchemaId), usize>,
    queue: VecDeque<usize>,
    folded: VecDeque<(usize, Child)>,
    compared: HashSet<usize>,
    pub(super) at_roots: Vec<RootDraft>,
}

impl<'c, 'a> Pairs<'c, 'a> {
    pub(super) fn new(context: &'c Context<'a>) -> Self {
        Self {
            context,
            list: Vec::new(),
            index: HashMap::new(),
            queue: VecDeque::new(),
            folded: VecDeque::new(),
            compared: HashSet::new(),
            at_roots: Vec::new(),
        }
    }

    /// Adds a pair that an operation or a webhook uses.
    pub(super) fn add_root(&mut self, old: &SchemaUse, new: &SchemaUse, root: Root, site: Site) {
        let mut local = Local::default();
        let is_optional = root.is_optional;
        let spot = Spot { is_optional, ..Spot::part("") };
        compare_uses(self.context, &mut local, (old, new), &spot);
        let is_folded = local.drafts.iter().any(is_replacement);
        let drafts = local.drafts.into_iter();
        self.at_roots.extend(drafts.map(|draft| RootDraft { draft, root: root.clone(), site: site.clone() }));
        let pair = self.reserve(old.schema, new.schema, site, is_folded);
        if let Some(pair) = self.list.get_mut(pair) {
            pair.roots.push(root);
            pair.is_strict = true;
            pair.is_optional |= is_optional;
        }
    }

    /// Adds a pair that nothing has to use.
    pub(super) fn add_component(&mut self, old: SchemaId, new: SchemaId) {
        self.reserve(old, new, Site::default(), false);
    }

    fn reserve(&mut self, old: SchemaId, new: SchemaId, site: Site, is_folded: bool) -> usize {
        if let Some(known) = self.index.get(&(old, new)) {
            if let Some(pair) = self.list.get_mut(*known) {
                pair.is_folded &= is_folded;
            }
            return *known;
        }
        let site = match self.name(old, new) {
            Some(name) => Site { schema: Some(name), path: String::new() },
            None => site,
        };
        let index = self.list.len();
        self.list.push(Pair {
            old,
            new,
            site,
            parents: Vec::new(),
            roots: Vec::new(),
            is_folded,
            is_strict: false,
            is_optional: false,
            is_nested: false,
        });
        self.index.insert((old, new), index);
        self.queue.push_back(index);
        index
    }

    /// Returns the name of a pair. One that got a name, or lost it, is not what has that name in both documents.
    fn name(&self, old: SchemaId, new: SchemaId) -> Option<String> {
        let (before, after) = (self.context.old.contract, self.context.new.contract);
        match (&before.schema(old).name, &after.schema(new).name) {
            (Some(_), Some(name)) => Some(name.clone()),
            (Some(name), None) => Some(name.clone()).filter(|name| !after.components.contains_key(name)),
            (None, Some(name)) => Some(name.clone()).filter(|name| !before.components.contains_key(name)),
            (None, None) => None,
        }
    }

    /// Follows all pairs. What is below a replaced schema comes last, so that it counts as replaced only if nothing else leads
    /// there.
    pub(super) fn follow(&mut self) {
        loop {
            if let Some(index) = self.queue.pop_front() {
                self.visit(index);
            } else if let Some((parent, child)) = self.folded.pop_front() {
                let is_named = self.context.old.contract.schema(child.old).name.is_some();
                let same = self.context.old.contract.schema(child.old).name
                    == self.context.new.contract.schema(child.new).name;
                self.add_child(parent, &child, !(is_named && same));
            } else {
                return;
            }
        }
    }

    fn visit(&mut self, index: usize) {
        let Some(pair) = self.list.get(index) else { return };
        if !self.compared.insert(index) {
            return;
        }
        let is_folded = pair.is_folded;
        let local = local::compare(self.context, pair.old, pair.new);
        for child in &local.children {
            if is_folded {
                self.folded.push_back((index, child.clone()));
            } else {
                let replaced = local.drafts.iter().any(|draft| is_replacement(draft) && draft.step == child.step);
                self.add_child(index, child, replaced);
            }
        }
    }

    fn add_child(&mut self, parent: usize, child: &Child, is_folded: bool) {
        let site = match self.list.get(parent) {
            Some(pair) => Site { schema: pair.site.schema.clone(), path: pair.site.below(&child.step) },
            None => Site::default(),
        };
        let index = self.reserve(child.old, child.new, site, is_folded);
        if let Some(pair) = self.list.get_mut(index) {
            pair.parents.push((parent, child.property.clone()));
            pair.is_strict |= child.is_strict;
            pair.is_optional |= child.is_optional;
            pair.is_nested = true;
        }
    }

    /// Returns everything that uses a pair, directly or through others.
    pub(super) fn uses(&self, index: usize) -> Vec<&Root> {
        let (mut seen, mut open, mut found) = (HashSet::from([index]), vec![index], Vec::new());
        while let Some(index) = open.pop() {
            let Some(pair) = self.list.get(index) else { continue };
            found.extend(&pair.roots);
            open.extend(pair.parents.iter().map(|(parent, _)| *parent).filter(|parent| seen.insert(*parent)));
        }
        found
    }

    /// Returns the parts of the documents that a pair without a name is a part of, up to the nearest schemas with names.
    pub(super) fn keys_around(&self, index: usize) -> Vec<Key> {
        let (mut seen, mut open, mut found) = (HashSet::from([index]), vec![index], Vec::new());
        while let Some(pair) = open.pop().and_then(|index| self.list.get(index)) {
            if pair.site.schema.is_some() && pair.site.path.is_empty() {
                continue;
            }
            found.extend(pair.roots.iter().map(|root| root.key.clone()));
            for (parent, property) in &pair.parents {
                if let (Some(owner), Some(name)) = (self.list.get(*parent), property) {
                    found.push(Key::OldProperty(owner.old, name.clone()));
                    found.push(Key::NewProperty(owner.new, name.clone()));
                }
                if seen.insert(*parent) {
                    open.push(*parent);
                }
            }
        }
        found
    }

    /// Returns every pair with its index.
    pub(super) fn indexes(&self) -> impl Iterator<Item = (usize, &Pair)> {
        self.list.iter().enumerate()
    }
}

fn is_replacement(draft: &Draft) -> bool {
    draft.aspect.plain() == Some(Plain::SchemaReplaced)
}
