//! Compares two surfaces: items that came, went or changed, and how much each of that matters to code that upgrades.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::surface::{Item, ItemKind, Member, MemberKind, Surface, split_signature};

use super::super::finding::Key;
use super::super::level::RustLevel;
use super::origin::{Origins, name_of};
use super::signature::{plain, takes_more, takes_strings};

/// A public item that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::drift) struct ItemChange {
    /// Its path in the old client, if it was there.
    pub(in crate::drift) path: String,
    pub(in crate::drift) before: Option<String>,
    pub(in crate::drift) after: Option<String>,
    pub(in crate::drift) level: RustLevel,
    /// The parts of the documents behind it.
    pub(in crate::drift) keys: Vec<Key>,
    /// The schemas of the types that it names.
    pub(in crate::drift) mentions: Vec<Key>,
    /// The parts behind the item that it belongs to.
    pub(in crate::drift) around: Vec<Key>,
}

/// What follows the path of a type where it is about the features that bring it.
pub(in crate::drift) const NEEDS: &str = ": features";

/// What the comparison reads beside the surfaces.
pub(in crate::drift) struct Surroundings<'a> {
    pub(in crate::drift) old: &'a Origins,
    pub(in crate::drift) new: &'a Origins,
    /// Items that are one under two paths.
    pub(in crate::drift) renamed: &'a BTreeMap<String, String>,
}

/// The items of two surfaces, by their paths.
pub(in crate::drift) struct Items<'a> {
    before: BTreeMap<String, Cow<'a, Item>>,
    after: BTreeMap<String, Cow<'a, Item>>,
    features: [&'a BTreeMap<String, Vec<String>>; 2],
    /// New names of types by their old ones.
    names: HashMap<&'a str, &'a str>,
}

impl<'a> Items<'a> {
    /// Reads two surfaces. `renamed` are the items that are one under two paths.
    pub(in crate::drift) fn of(old: &'a Surface, new: &'a Surface, renamed: &'a BTreeMap<String, String>) -> Self {
        Self {
            before: items_by_path(old),
            after: items_by_path(new),
            features: [&old.features, &new.features],
            names: renamed.iter().map(|(old, new)| (last_name(old), last_name(new))).collect(),
        }
    }

    /// Returns the paths of the items that are what they were.
    pub(in crate::drift) fn unchanged(&self) -> HashSet<&str> {
        let is_unchanged = |(path, item): &(&String, &Cow<'_, Item>)| {
            self.after.get(*path).is_some_and(|other| item == &other && !self.is_renamed_in(item))
        };
        self.before.iter().filter(is_unchanged).map(|(path, _)| path.as_str()).collect()
    }

    /// Returns whether an item names a type that has another name now.
    fn is_renamed_in(&self, item: &Item) -> bool {
        let is_renamed = |text: &str| words(text).any(|word| self.names.contains_key(word));
        !self.names.is_empty()
            && (is_renamed(&item.signature)
                || item.members.iter().any(|member| is_renamed(&member.name) || is_renamed(&member.signature)))
    }
}

/// Compares two surfaces. Items in `unchanged` are left out.
pub(in crate::drift) fn compare_surfaces(
    items: &Items<'_>,
    unchanged: &HashSet<&str>,
    around: &Surroundings<'_>,
) -> Vec<ItemChange> {
    let (before, after) = (&items.before, &items.after);
    let enumerations = after.values().filter(|item| item.kind == ItemKind::Enumeration);
    let enumerations = enumerations.map(|item| item.name.as_str()).collect();
    let aliases = aliases(before, after);
    let mut comparison = Comparison { around, names: &items.names, aliases, enumerations, changes: Vec::new() };
    for (path, item) in before.iter().filter(|(path, _)| !unchanged.contains(path.as_str())) {
        let target = around.renamed.get(path).unwrap_or(path);
        match after.get(target) {
            Some(other) => comparison.compare((path, item), (target, other)),
            None if item.kind == ItemKind::Extension => comparison.lose_members(path, item),
            None if item.kind == ItemKind::Alias => comparison.lose(path, item.signature.trim()),
            None => comparison.lose(path, keyword(item.kind)),
        }
    }
    let renamed: BTreeSet<&String> = around.renamed.values().collect();
    for (path, item) in after {
        if !before.contains_key(path) && !renamed.contains(path) {
            comparison.gain_item(path, item);
        }
    }
    comparison.features(items.features);
    comparison.changes
}

/// Returns the items by path. Methods that several sections add to one type are together.
fn items_by_path(surface: &Surface) -> BTreeMap<String, Cow<'_, Item>> {
    let mut found: BTreeMap<String, Cow<'_, Item>> = BTreeMap::new();
    for item in surface.sections.values().flatten() {
        match found.entry(item.path()) {
            Entry::Occupied(mut known) => known.get_mut().to_mut().members.extend(item.members.iter().cloned()),
            Entry::Vacant(free) => {
                free.insert(Cow::Borrowed(item));
            }
        }
    }
    found
}

/// Returns the name at the end of a path.
pub(in crate::drift) fn last_name(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

type Aliases = (HashMap<String, String>, HashMap<String, String>);

/// Returns what each alias stands for, in both surfaces.
fn aliases(before: &BTreeMap<String, Cow<'_, Item>>, after: &BTreeMap<String, Cow<'_, Item>>) -> Aliases {
    let of = |items: &BTreeMap<String, Cow<'_, Item>>| {
        let aliases = items.values().filter(|item| item.kind == ItemKind::Alias);
        aliases.map(|item| (item.name.clone(), item.signature.trim_start_matches(" = ").to_owned())).collect()
    };
    (of(before), of(after))
}

struct Comparison<'a> {
    around: &'a Surroundings<'a>,
    /// New names of types by their old ones.
    names: &'a HashMap<&'a str, &'a str>,
    aliases: Aliases,
    /// Names of the enumerations of the new client, into which strings convert.
    enumerations: HashSet<&'a str>,
    changes: Vec<ItemChange>,
}

impl Comparison<'_> {
    fn push(&mut self, path: &str, before: Option<String>, after: Option<String>, level: RustLevel, keys: Vec<Key>) {
        let mut mentions = self.mentions(path, before.as_deref(), after.as_deref());
        mentions.dedup();
        let owner = path.rsplit_once("::").map_or(path, |(owner, _)| owner);
        let around =
            [path, owner].into_iter().flat_map(|path| [self.around.old.parts(path), self.around.new.parts(path)]);
        let around = around.flatten().cloned().collect();
        self.changes.push(ItemChange { path: path.to_owned(), before, after, level, keys, mentions, around });
    }

    /// Returns the schemas of the types that only one of two texts names. The path of a conversion names one, too.
    fn mentions(&self, path: &str, before: Option<&str>, after: Option<&str>) -> Vec<Key> {
        let conversion = path.split_once(": From<").map_or("", |(_, source)| source);
        let old = [before.unwrap_or_default(), if after.is_none() { conversion } else { "" }].join(" ");
        let new = [after.unwrap_or_default(), if before.is_none() { conversion } else { "" }].join(" ");
        let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (words(&old).collect(), words(&new).collect());
        let gone = old.difference(&new).filter_map(|name| self.around.old.schema_named(name)).map(Key::OldSchema);
        let come = new.difference(&old).filter_map(|name| self.around.new.schema_named(name)).map(Key::NewSchema);
        let found: Vec<Key> = come.chain(gone).collect();
        if !found.is_empty() || before.is_none() || after.is_none() {
            return found;
        }
        // It names the same types, which are made or held in another way.
        let gone = old.iter().filter_map(|name| self.around.old.schema_named(name)).map(Key::OldSchema);
        let come = new.iter().filter_map(|name| self.around.new.schema_named(name)).map(Key::NewSchema);
        come.chain(gone).collect()
    }

    fn lose(&mut self, path: &str, what: &str) {
        let keys = self.around.old.parts(path).to_vec();
        self.push(path, Some(what.to_owned()), None, RustLevel::Major, keys);
    }

    fn lose_members(&mut self, path: &str, item: &Item) {
        for member in &item.members {
            self.lose_member(path, member);
        }
    }

    fn lose_member(&mut self, item: &str, member: &Member) {
        let path = member_path(item, member);
        let keys = self.around.old.parts_of_member(item, &path).to_vec();
        self.push(&path, Some(shown(member)), None, RustLevel::Major, keys);
    }

    fn gain_item(&mut self, path: &str, item: &Item) {
        if item.kind == ItemKind::Extension {
            for member in &item.members {
                self.gain(path, member);
            }
            return;
        }
        let keys = self.around.new.parts(path).to_vec();
        self.push(path, None, Some(keyword(item.kind).to_owned()), RustLevel::Minor, keys);
    }

    fn gain(&mut self, path: &str, member: &Member) {
        let (item, path) = (path, member_path(path, member));
        let keys = self.around.new.parts_of_member(item, &path).to_vec();
        self.push(&path, None, Some(shown(member)), RustLevel::Minor, keys);
    }

    fn compare(&mut self, (path, before): (&str, &Item), (target, after): (&str, &Item)) {
        let both = |around: &Surroundings<'_>| {
            around.old.parts(path).iter().chain(around.new.parts(target)).cloned().collect::<Vec<Key>>()
        };
        if path != target {
            let mut keys = both(self.around);
            keys.extend(self.around.new.parts(&name_of(target)).iter().cloned());
            // The old name may stay as an alias.
            let is_kept = self.aliases.1.contains_key(last_name(path));
            let level = if is_kept { RustLevel::Minor } else { RustLevel::Major };
            self.push(path, Some(path.to_owned()), Some(target.to_owned()), level, keys);
        }
        if before.kind != after.kind {
            let keys = both(self.around);
            let kinds = (keyword(before.kind).to_owned(), keyword(after.kind).to_owned());
            self.push(path, Some(kinds.0), Some(kinds.1), RustLevel::Major, keys);
            return;
        }
        if is_narrowed(&before.features, &after.features) {
            let shown = |item: &Item| match item.features.is_empty() {
                true => "always there".to_owned(),
                false => item.features.iter().cloned().collect::<Vec<_>>().join(" or "),
            };
            // The default features bring every type; code that chose its own no longer finds this one.
            let keys = both(self.around);
            self.push(&format!("{path}{NEEDS}"), Some(shown(before)), Some(shown(after)), RustLevel::Major, keys);
        }
        if !self.same(&before.signature, &after.signature) {
            let mut keys = both(self.around);
            keys.extend(self.around.new.parts(&format!("{target} ->")).iter().cloned());
            self.push(path, Some(tidy(&before.signature)), Some(tidy(&after.signature)), RustLevel::Major, keys);
        }
        self.compare_members((path, before), (target, after));
        let only = |one: &Item, other: &Item| -> Vec<&'static str> {
            one.traits.iter().filter(|implemented| !other.traits.contains(implemented)).copied().collect()
        };
        for lost in only(before, after) {
            let keys = both(self.around);
            self.push(&format!("{path}: {lost}"), Some("impl".to_owned()), None, RustLevel::Major, keys);
        }
        for gained in only(after, before) {
            let keys = both(self.around);
            self.push(&format!("{target}: {gained}"), None, Some("impl".to_owned()), RustLevel::Minor, keys);
        }
    }

    fn compare_members(&mut self, (path, before): (&str, &Item), (target, after): (&str, &Item)) {
        let find = |item: &Item, member: &Member, name: &str| {
            item.members.iter().position(|other| other.kind == member.kind && other.name == name)
        };
        let mut kept: BTreeSet<usize> = BTreeSet::new();
        for member in &before.members {
            let name = match member.kind {
                MemberKind::Conversion => self.new_names(&member.name),
                MemberKind::Field | MemberKind::Variant | MemberKind::Method | MemberKind::Provided => {
                    member.name.clone()
                }
            };
            let Some(index) = find(after, member, &name) else {
                self.lose_member(path, member);
                continue;
            };
            kept.insert(index);
            if let Some(other) =
                after.members.get(index).filter(|other| !self.same(&member.signature, &other.signature))
            {
                self.change((path, member), (target, other));
            }
        }
        for (index, member) in after.members.iter().enumerate() {
            if !kept.contains(&index) {
                self.gain(target, member);
            }
        }
    }

    fn change(&mut self, (path, before): (&str, &Member), (target, after): (&str, &Member)) {
        let (old_path, new_path) = (member_path(path, before), member_path(target, after));
        let mut keys = self.changed_arguments((&old_path, before), (&new_path, after));
        if keys.is_empty() {
            let old = self.around.old.parts_of_member(path, &old_path);
            keys.extend(old.iter().chain(self.around.new.parts_of_member(target, &new_path)).cloned());
        }
        let none = HashMap::new();
        let (old, new) = (plain(&before.signature, self.names), plain(&after.signature, &none));
        let more = takes_more(&old, &new) || takes_strings(&old, &new, |name| self.enumerations.contains(name));
        let level = if more { RustLevel::Minor } else { RustLevel::Major };
        self.push(&old_path, Some(tidy(&before.signature)), Some(tidy(&after.signature)), level, keys);
    }

    /// Returns the parts behind the arguments that came, went or changed.
    fn changed_arguments(&self, (old_path, before): (&str, &Member), (new_path, after): (&str, &Member)) -> Vec<Key> {
        let (Some((old, _)), Some((new, _))) = (split_signature(&before.signature), split_signature(&after.signature))
        else {
            return Vec::new();
        };
        let differs = |one: &(&str, &str), others: &[(&str, &str)]| {
            !others.iter().any(|other| one.0 == other.0 && self.same(one.1, other.1))
        };
        let gone = old.iter().filter(|argument| differs(argument, &new));
        let come = new
            .iter()
            .filter(|argument| !old.iter().any(|other| other.0 == argument.0 && self.same(other.1, argument.1)));
        let gone = gone.filter_map(|(name, _)| self.around.old.argument(old_path, name));
        let come = come.filter_map(|(name, _)| self.around.new.argument(new_path, name));
        gone.chain(come).cloned().collect()
    }

    /// Returns whether two signatures are the same to a caller.
    fn same(&self, before: &str, after: &str) -> bool {
        if before == after && self.names.is_empty() {
            return true;
        }
        let none = HashMap::new();
        let (old, new) = (plain(before, self.names), plain(after, &none));
        old == new || {
            let resolved = |text: &str, aliases: &HashMap<String, String>| {
                let map: HashMap<&str, &str> = aliases.iter().map(|(name, ty)| (name.as_str(), ty.as_str())).collect();
                (0..4).fold(text.to_owned(), |text, _| plain(&text, &map))
            };
            plain(&resolved(before, &self.aliases.0), self.names) == resolved(after, &self.aliases.1)
        }
    }

    fn new_names(&self, text: &str) -> String {
        let names = plain(text, self.names);
        if names == text.replace(' ', "") { text.to_owned() } else { names }
    }

    fn features(&mut self, [old, new]: [&BTreeMap<String, Vec<String>>; 2]) {
        for feature in old.keys().filter(|feature| !new.contains_key(*feature)) {
            self.push(&format!("feature {feature}"), Some("feature".to_owned()), None, RustLevel::Major, Vec::new());
        }
        for feature in new.keys().filter(|feature| !old.contains_key(*feature)) {
            self.push(&format!("feature {feature}"), None, Some("feature".to_owned()), RustLevel::Minor, Vec::new());
        }
    }
}

/// Returns whether a type is gone with features that brought it. Without features it is always there.
fn is_narrowed(before: &BTreeSet<String>, after: &BTreeSet<String>) -> bool {
    !after.is_empty() && (before.is_empty() || !before.is_subset(after))
}

/// Returns the names in a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}

fn member_path(path: &str, member: &Member) -> String {
    match member.kind {
        MemberKind::Conversion => format!("{path}: From<{}>", member.name),
        MemberKind::Field | MemberKind::Variant | MemberKind::Method | MemberKind::Provided => {
            format!("{path}::{}", member.name)
        }
    }
}

fn shown(member: &Member) -> String {
    let text = tidy(&member.signature);
    match member.kind {
        MemberKind::Conversion => "impl".to_owned(),
        MemberKind::Variant if text.is_empty() => "variant".to_owned(),
        MemberKind::Field | MemberKind::Variant | MemberKind::Method | MemberKind::Provided => text,
    }
}

fn tidy(signature: &str) -> String {
    signature.trim_start_matches([':', ' ']).to_owned()
}

fn keyword(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Struct | ItemKind::Builder => "struct",
        ItemKind::Enumeration | ItemKind::Union => "enum",
        ItemKind::Alias => "type",
        ItemKind::Trait => "trait",
        ItemKind::ReExport => "use",
        ItemKind::Function => "fn",
        ItemKind::Static => "static",
        ItemKind::Extension => "impl",
    }
}
