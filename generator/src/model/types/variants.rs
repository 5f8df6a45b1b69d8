//! Names of the variants of a union: from their tag, else from their type without the words of the union, else from
//! their JSON type. Knows nothing about documents.

use std::collections::BTreeMap;

use crate::ir::{Decision, Type};
use crate::names::RustIdent;

use super::super::unions::Member;
use super::naming::split;

/// The basis for the name of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The key of the variant in the lock.
    pub key: String,
    /// The word or name on which the name is based.
    name: String,
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The constant of its tag.
    Tag,
    /// The name of its type.
    Type,
    /// Its JSON type.
    Json,
}

/// Returns the labels of the members of a union. They do not change when members are added.
pub(super) fn labels(members: &[Member], decision: &Decision, name: &dyn Fn(&Type) -> Option<String>) -> Vec<Label> {
    let tag = |index: usize| match decision {
        Decision::Tagged { tag, cases, .. } => {
            let mut values = cases.iter().filter(|(_, variant)| *variant == index).map(|(value, _)| value);
            let only = values.next().filter(|_| values.next().is_none())?;
            Some((only.text().to_owned(), only.words(&tag.0)))
        }
        Decision::Shaped(_) => None,
    };
    let plain = |(index, member): (usize, &Member)| match (tag(index), name(&member.ty)) {
        (Some((key, name)), _) => Label { key, name, source: Source::Tag },
        (None, Some(name)) => Label { key: name.clone(), name, source: Source::Type },
        (None, None) => {
            let key = precise_name(&member.ty, name);
            Label { key, name: kind_name(&member.ty).to_owned(), source: Source::Json }
        }
    };
    let labels: Vec<Label> = members.iter().enumerate().map(plain).collect();
    let alike = |label: &Label| labels.iter().filter(|other| other.name == label.name).count() > 1;
    let precise = |label: &Label| match label.source {
        Source::Json if alike(label) => Label { name: label.key.clone(), ..label.clone() },
        Source::Tag | Source::Type | Source::Json => label.clone(),
    };
    labels.iter().map(precise).collect()
}

impl Label {
    /// Returns whether the name depends on other members and therefore has to be locked.
    pub(crate) fn is_relative(&self) -> bool {
        self.source == Source::Type || self.name != self.key
    }
}

fn kind_name(ty: &Type) -> &'static str {
    match ty {
        Type::String | Type::Constant(_) => "String",
        Type::Boolean => "Boolean",
        Type::Integer(_) => "Integer",
        Type::Number => "Number",
        Type::Timestamp => "Timestamp",
        Type::Binary => "Binary",
        Type::Any => "Any",
        Type::List(_) => "List",
        Type::Tuple(..) => "Tuple",
        Type::Map(_) => "Map",
        Type::Nullable(_) => "Nullable",
        Type::Named(_) => "Object",
    }
}

/// Returns a name that includes the item type of a list.
fn precise_name(ty: &Type, name: &dyn Fn(&Type) -> Option<String>) -> String {
    match ty {
        Type::List(inner) => format!("{}List", precise_name(inner, name)),
        Type::Tuple(items, _) => {
            let items: Vec<String> = items.iter().map(|item| precise_name(item, name)).collect();
            format!("{}Tuple", items.concat())
        }
        Type::Map(inner) => format!("{}Map", precise_name(inner, name)),
        Type::Nullable(inner) => format!("Nullable{}", precise_name(inner, name)),
        Type::Constant(text) => text.clone(),
        Type::Named(_) => name(ty).unwrap_or_else(|| kind_name(ty).to_owned()),
        Type::String | Type::Boolean | Type::Integer(_) | Type::Number | Type::Timestamp | Type::Binary | Type::Any => {
            kind_name(ty).to_owned()
        }
    }
}

/// Returns the names of variants. Names based on types omit words that the union or all of its variants share.
pub(super) fn variant_names(union: &RustIdent, labels: &[Label]) -> Vec<RustIdent> {
    let whole: Vec<RustIdent> = labels.iter().map(|label| RustIdent::pascal(&label.name)).collect();
    let words: Vec<Vec<String>> = whole.iter().map(|name| split(name.as_str())).collect();
    let union = split(union.as_str());
    let mut short: Vec<Vec<String>> = words.iter().map(|words| without(words, &union)).collect();
    if short == words && labels.len() > 1 && labels.iter().all(|label| label.source == Source::Type) {
        let (from, to) = common(&words);
        short = words.iter().map(|words| words[from..words.len() - to].to_vec()).collect();
    }
    let named = |(index, words): (usize, &Vec<String>)| {
        let name = RustIdent::pascal(&words.concat());
        let shortened = labels[index].source == Source::Type && !words.is_empty() && name.as_str() != "Unknown";
        // If a shortened name had to be adjusted, for example because it began with a digit, the complete name is
        // better.
        if shortened && name.as_str() == words.concat() { name } else { whole[index].clone() }
    };
    let names: Vec<RustIdent> = short.iter().enumerate().map(named).collect();
    let mut uses: BTreeMap<&RustIdent, usize> = BTreeMap::new();
    names.iter().for_each(|name| *uses.entry(name).or_default() += 1);
    names.iter().zip(&whole).map(|(name, whole)| if uses[name] > 1 { whole.clone() } else { name.clone() }).collect()
}

/// Returns words without those of the union at the beginning or the end.
fn without(words: &[String], union: &[String]) -> Vec<String> {
    let rest = words.strip_prefix(union).or_else(|| words.strip_suffix(union));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(words).to_vec()
}

/// Returns how many words all names have in common at the beginning and the end; each name keeps at least one word.
fn common(names: &[Vec<String>]) -> (usize, usize) {
    let Some(first) = names.first() else { return (0, 0) };
    let shortest = names.iter().map(Vec::len).min().unwrap_or_default();
    let same = |at: &dyn Fn(&Vec<String>) -> Option<String>| names.iter().all(|name| at(name) == at(first));
    let from = (0..shortest.saturating_sub(1)).take_while(|index| same(&|name| name.get(*index).cloned())).count();
    let left = shortest.saturating_sub(from + 1);
    let to = (1..=left).take_while(|back| same(&|name| name.iter().rev().nth(back - 1).cloned())).count();
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_do_not_repeat_their_union() {
        let rows = [
            ("ExtractOutput", vec!["ExtractOutputJson", "ExtractOutputLegacy"], vec!["Json", "Legacy"]),
            ("FileInput", vec!["FileFromUrl", "FileFromId"], vec!["Url", "Id"]),
            ("StepDefinition", vec!["ParseStepDefinition", "SplitStepDefinition"], vec!["Parse", "Split"]),
            ("Animal", vec!["CatBody", "DogBody"], vec!["Cat", "Dog"]),
            ("Animal", vec!["Cat"], vec!["Cat"]),
            ("A", vec!["A1", "AObject"], vec!["A1", "Object"]),
            ("Shape", vec!["Shape", "ShapeRound"], vec!["Shape", "Round"]),
            ("Shape", vec!["ShapeRound", "RoundShape"], vec!["ShapeRound", "RoundShape"]),
            ("State", vec!["StateUnknown", "StateKnown"], vec!["StateUnknown", "Known"]),
        ];
        for (union, types, expected) in rows {
            let label = |name: &&str| Label { key: (*name).to_owned(), name: (*name).to_owned(), source: Source::Type };
            let labels: Vec<Label> = types.iter().map(label).collect();
            let names: Vec<String> =
                variant_names(&RustIdent::pascal(union), &labels).iter().map(ToString::to_string).collect();
            assert_eq!(names, expected, "{union}");
        }
    }

    #[test]
    fn tag_is_the_name_as_it_is() {
        let label = |key: &str| Label { key: key.to_owned(), name: key.to_owned(), source: Source::Tag };
        let names = variant_names(&RustIdent::pascal("Run"), &[label("run_parse"), label("run_split")]);
        assert_eq!(names.iter().map(RustIdent::as_str).collect::<Vec<_>>(), ["RunParse", "RunSplit"]);
    }
}
