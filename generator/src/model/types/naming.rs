//! Names of types: from the profile, from the lock, from their schema, or from the place of an inline schema.
//!
//! Knows nothing about the content of a type.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use heck::ToSnakeCase;
use serde_json::Value;

use crate::names::{Lock, RustIdent, Scope};
use crate::profile::{SharedType, TypePolicy};

use super::RESERVED;
use super::registry::Owner;
use super::titled_places::TitledPlaces;
use super::variants::{Label, variant_names};

/// Length of a name, in characters, beyond which an inline schema is no longer named after its complete path.
const LONG: usize = 45;

/// Between the parts of a path; names have no such character.
const BETWEEN: &str = "\0";

/// The basis for the name of an inline schema: the enclosing named schema, and the path from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) struct Hint {
    /// The complete path, word by word. It identifies the schema in the profile and the lock.
    identity: String,
    /// The path in readable form: parts, with [`BETWEEN`] between them.
    path: String,
}

impl Hint {
    /// Returns the hint of a named schema.
    pub(crate) fn named(name: &str) -> Self {
        Self { identity: name.to_owned(), path: RustIdent::pascal(name).to_string() }
    }

    /// Returns the complete path.
    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    /// Returns the hint of a property.
    pub(crate) fn property(&self, wire: &str) -> Self {
        self.then(RustIdent::pascal(wire).as_str())
    }

    /// Returns the hint of a member of a union, with the word that distinguishes it.
    pub(crate) fn member(&self, word: &str) -> Self {
        self.then(word)
    }

    /// Returns the hint of the values of a map.
    pub(crate) fn value(&self) -> Self {
        self.then("Value")
    }

    /// Returns the hint of the items of a list: the name of the list in the singular.
    pub(crate) fn item(&self) -> Self {
        let mut item = self.then("Item");
        if let Some((around, list)) = self.path.rsplit_once(BETWEEN)
            && let Some(one) = singular(list)
        {
            item.path = format!("{around}{BETWEEN}{one}");
        }
        item
    }

    /// Returns the same place with an identity whose words are kept apart, for a place whose identity another schema has.
    fn spelled_out(&self, attempt: usize) -> Self {
        let number = if attempt > 1 { attempt.to_string() } else { String::new() };
        Self { identity: format!("{}{number}", self.path.replace(BETWEEN, ".")), path: self.path.clone() }
    }

    fn then(&self, word: &str) -> Self {
        Self { identity: [&self.identity, word].concat(), path: [&self.path, BETWEEN, word].concat() }
    }

    /// Returns possible names in order of preference. The last one contains every word.
    fn candidates(&self) -> Vec<RustIdent> {
        let whole = RustIdent::pascal(&self.identity);
        let mut candidates = Vec::new();
        let parts: Vec<&str> = self.path.split(BETWEEN).collect();
        let [root, way @ ..] = parts.as_slice() else { return vec![whole] };
        let mut propose = |words: &[&str]| {
            let name = RustIdent::pascal(&joined(words));
            if name.as_str().len() <= LONG {
                candidates.push(name);
            }
        };
        // Words in the middle carry the least meaning, followed by the root.
        for from in 0..way.len() {
            let words: Vec<&str> = std::iter::once(root).chain(way.iter().skip(from)).copied().collect();
            propose(&words);
        }
        for from in 0..way.len().saturating_sub(1) {
            propose(way.get(from..).unwrap_or_default());
        }
        candidates.push(whole);
        candidates
    }
}

/// Joins words; a word that ends one part and begins the next is not repeated.
fn joined(words: &[&str]) -> String {
    let mut all: Vec<String> = Vec::new();
    for word in words {
        let next = split(word);
        let shared = (1..=next.len().min(all.len())).rev().find(|count| all.ends_with(&next[..*count]));
        all.extend(next.into_iter().skip(shared.unwrap_or(0)));
    }
    all.concat()
}

/// Splits a name into words in Pascal case.
pub(super) fn split(name: &str) -> Vec<String> {
    let snake = name.to_snake_case();
    let mut letters = name.chars();
    let words: Vec<String> =
        snake.split('_').map(|word| letters.by_ref().take(word.chars().count()).collect()).collect();
    // The lower case of some letters consists of two characters.
    if words.concat() == name { words } else { vec![name.to_owned()] }
}

/// Returns whether a title can be a name: a single word, as generators produce it.
pub(super) fn is_name(title: &str) -> bool {
    title.chars().next().is_some_and(char::is_alphabetic)
        && title.chars().all(|sign| sign.is_alphanumeric() || "_:.-".contains(sign))
}

/// Returns the singular of an English plural with a regular ending.
fn singular(plural: &str) -> Option<String> {
    let stem = |ending: &str| plural.strip_suffix(ending).filter(|stem| stem.len() > 1);
    if let Some(stem) = stem("ies") {
        return Some(format!("{stem}y"));
    }
    if ["ches", "shes", "sses", "xes", "zes"].iter().any(|ending| plural.ends_with(ending)) {
        return stem("es").map(str::to_owned);
    }
    let unchanged = ["ss", "us", "is", "News", "Series"].iter().any(|ending| plural.ends_with(ending));
    if unchanged { None } else { stem("s").map(str::to_owned) }
}

/// The names of types, each assigned once.
pub(super) struct Names<'a> {
    policy: &'a TypePolicy,
    lock: &'a Lock,
    scope: Scope,
    shared: HashMap<&'a str, (&'a SharedType, usize)>,
    /// Schemas that were found, by the names that the profile uses for them.
    seen: BTreeSet<String>,
    /// Names of the schemas at places of inline schemas and references.
    places: HashMap<String, String>,
    titled: TitledPlaces<'a>,
    published: Lock,
}

impl<'a> Names<'a> {
    pub(crate) fn new(document: &'a Value, policy: &'a TypePolicy, lock: &'a Lock) -> Self {
        let mut scope = Scope::reserving(RESERVED);
        let members = policy.shared.iter().flat_map(|shared| {
            shared.members.iter().enumerate().map(move |(rank, member)| (member.as_str(), (shared, rank)))
        });
        let shared: HashMap<&str, (&SharedType, usize)> = members.collect();
        let decided = policy.names.values().chain(policy.shared.iter().map(|shared| &shared.name));
        for name in decided {
            scope.claim(RustIdent::pascal(name));
        }
        let overruled = |identity: &str| policy.names.contains_key(identity) || shared.contains_key(identity);
        for (identity, name) in &lock.types {
            if !overruled(identity) && !scope.contains(name) {
                scope.claim(RustIdent::pascal(name));
            }
        }
        Self {
            policy,
            lock,
            scope,
            shared,
            seen: BTreeSet::new(),
            places: HashMap::new(),
            titled: TitledPlaces::of(document, lock),
            published: Lock::default(),
        }
    }

    /// Returns the shared type that a schema belongs to, and its index among the members.
    pub(crate) fn shared(&mut self, identity: &str) -> Option<(&'a SharedType, usize)> {
        let found = self.shared.get(identity).copied();
        if found.is_some() {
            self.seen.insert(identity.to_owned());
        }
        found
    }

    /// Returns whether a schema with this identity already has a name.
    pub(crate) fn contains(&self, identity: &str) -> bool {
        self.published.types.contains_key(identity) || self.seen.contains(identity)
    }

    /// Returns whether the title of a schema at a place is a name of its own: not one that only repeats the place, nor one of
    /// another schema.
    pub(crate) fn is_own(&self, title: &str, (schema, place): (&Value, &Hint)) -> bool {
        title != place.identity() && !self.contains(title) && !self.titled.is_elsewhere(title, (schema, place))
    }

    /// Returns the hint of a schema, with an identity that no other schema has: the profile and the lock tell apart a component
    /// `RunStatus` and the property `status` of a component `Run`.
    pub(crate) fn distinguish(&self, hint: Hint) -> Hint {
        let spelled_out = (1..).map(|attempt| hint.spelled_out(attempt));
        let mut possible = std::iter::once(hint.clone()).chain(spelled_out);
        // The members of a shared type have one name however often they are declared.
        let is_free = |hint: &Hint| self.shared.contains_key(hint.identity()) || !self.contains(hint.identity());
        possible.find(is_free).unwrap_or(hint)
    }

    /// Assigns the name of a schema that does not belong to a shared type.
    pub(crate) fn claim(&mut self, hint: &Hint) -> RustIdent {
        let identity = hint.identity();
        let decided = self.policy.names.get(identity).or_else(|| self.lock.types.get(identity));
        let name = match decided {
            Some(decided) => RustIdent::pascal(decided),
            None => {
                let candidates = hint.candidates();
                let free = candidates.iter().find(|name| !self.scope.contains(name.as_str()));
                let last = || RustIdent::pascal(identity);
                self.scope.claim(free.cloned().unwrap_or_else(last))
            }
        };
        if self.policy.names.contains_key(identity) {
            self.seen.insert(identity.to_owned());
        }
        self.published.types.insert(identity.to_owned(), name.to_string());
        name
    }

    /// Assigns the name of a shared type.
    pub(crate) fn publish(&mut self, shared: &SharedType) -> RustIdent {
        self.published.types.insert(shared.identity().to_owned(), shared.name.clone());
        RustIdent::pascal(&shared.name)
    }

    /// Assigns the names of the variants of a union.
    pub(crate) fn claim_variants(&mut self, owner: &Owner, labels: &[Label]) -> Vec<RustIdent> {
        let mut scope = Scope::reserving(&["Unknown"]);
        let locked = self.lock.variants.get(&owner.identity);
        let locked = |label: &Label| locked.and_then(|variants| variants.get(&label.key));
        let mut names: Vec<Option<RustIdent>> =
            labels.iter().map(|label| Some(scope.claim(RustIdent::pascal(locked(label)?)))).collect();
        for (name, free) in names.iter_mut().zip(variant_names(&owner.name, labels)) {
            name.get_or_insert_with(|| scope.claim(free));
        }
        let names: Vec<RustIdent> = names.into_iter().flatten().collect();
        let plain = |label: &Label, name: &RustIdent| RustIdent::pascal(&label.key) == *name;
        let moved = labels.iter().zip(&names).filter(|(label, name)| label.is_relative() || !plain(label, name));
        let moved: BTreeMap<String, String> =
            moved.map(|(label, name)| (label.key.clone(), name.to_string())).collect();
        if !moved.is_empty() {
            self.published.variants.insert(owner.identity.clone(), moved);
        }
        names
    }

    /// Returns the schemas that the profile names but the document lacks.
    pub(crate) fn missing(&self) -> Vec<String> {
        let named = self.policy.names.keys().map(String::as_str).chain(self.shared.keys().copied());
        let missing: BTreeSet<&str> = named.filter(|identity| !self.seen.contains(*identity)).collect();
        missing.into_iter().map(str::to_owned).collect()
    }

    /// Records which component the schema at a place refers to.
    pub(crate) fn note_reference(&mut self, place: &Hint, component: &str) {
        // Only published names move to other places.
        if !self.lock.types.is_empty() && !self.places.contains_key(place.identity()) {
            self.places.insert(place.identity().to_owned(), component.to_owned());
        }
    }

    /// Records the name of the inline schema at a place; the lock keeps those that are not called after their place.
    pub(crate) fn note_inline(&mut self, place: &Hint, owner: &Owner) {
        if owner.share.is_some() {
            return;
        }
        self.note_reference(place, &owner.identity);
        if *place.identity() != owner.identity {
            let places = &mut self.published.places;
            places.entry(place.identity().to_owned()).or_insert_with(|| owner.identity.clone());
        }
    }

    /// Returns the assigned names, and the names of the schemas at each place.
    pub(crate) fn into_published(self) -> (Lock, BTreeMap<String, String>) {
        (self.published, self.places.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(hint: &Hint) -> String {
        hint.candidates().first().map(ToString::to_string).unwrap_or_default()
    }

    #[test]
    fn inline_schema_is_called_after_its_place() {
        let run = Hint::named("RunCreateRequest");
        let rows = [
            (run.property("file"), "RunCreateRequestFile"),
            (run.property("inputs").item(), "RunCreateRequestInput"),
            (run.property("entries").item().property("box"), "RunCreateRequestEntryBox"),
            (run.property("status").item(), "RunCreateRequestStatusItem"),
            (run.property("metadata").value(), "RunCreateRequestMetadataValue"),
            (run.property("requestOptions"), "RunCreateRequestOptions"),
            (run.item(), "RunCreateRequestItem"),
            (
                Hint::named("ExternalValidationStepDefinition").property("config").property("contentType"),
                "ExternalValidationStepDefinitionContentType",
            ),
            (
                Hint::named("ExternalValidationStepDefinitionLong").property("config").property("contentType"),
                "ConfigContentType",
            ),
        ];
        for (hint, expected) in rows {
            assert_eq!(first(&hint), expected, "{hint:?}");
        }
    }

    #[test]
    fn colliding_names_differ_by_all_their_words() {
        let (policy, lock) = (TypePolicy::default(), Lock::default());
        let mut names = Names::new(&Value::Null, &policy, &lock);
        let request = Hint::named("Request");
        assert_eq!(names.claim(&request.property("input")).as_str(), "RequestInput");
        assert_eq!(names.claim(&request.property("inputs").item()).as_str(), "RequestInputsItem");
        let again = names.distinguish(request.property("Input"));
        assert_eq!(again.identity(), "Request.Input");
        assert_eq!(names.claim(&again).as_str(), "RequestInput2");
        assert_eq!(names.distinguish(request.property("Input")).identity(), "Request.Input2");
    }

    #[test]
    fn schemas_whose_places_read_alike_have_names_of_their_own_in_the_lock() {
        let lock = Lock { types: [("Run.Status".to_owned(), "RunState".to_owned())].into(), ..Lock::default() };
        let policy = TypePolicy::default();
        let mut names = Names::new(&Value::Null, &policy, &lock);
        let component = names.distinguish(Hint::named("RunStatus"));
        assert_eq!(names.claim(&component).as_str(), "RunStatus");
        let property = names.distinguish(Hint::named("Run").property("status"));
        assert_eq!(names.claim(&property).as_str(), "RunState");
        let types = names.into_published().0.types;
        assert_eq!(types.keys().collect::<Vec<_>>(), ["Run.Status", "RunStatus"]);
    }
}
