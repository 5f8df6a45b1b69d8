//! How deep the compiler has to look into the types of an API. To see that a value may go to another thread, or what happens
//! when it is dropped, it follows every type it contains, and gives up at a limit that large circles of types exceed.

use crate::ir::{Kind, Presence, Property, Rest, Storage, Type, TypeDef, TypeId, Types};

/// What a crate has without saying so: <https://doc.rust-lang.org/reference/attributes/limits.html>.
const DEFAULT: usize = 128;
/// What futures around a value need.
const AROUND: usize = 40;

/// The `recursion_limit` that a crate with these types needs; `None` when the default is enough. It is rounded up, so that it
/// rarely changes.
pub(crate) fn recursion_limit(types: &Types) -> Option<usize> {
    let edges: Vec<Vec<Edge>> = types.ids().map(|id| edges(types.get(id))).collect();
    let limit = AROUND + deepest(&edges);
    (limit > DEFAULT).then(|| limit.next_power_of_two())
}

/// A type that another one contains, and how many types of the library lie in between.
struct Edge {
    to: TypeId,
    layers: usize,
}

fn edges(def: &TypeDef) -> Vec<Edge> {
    let mut found = Vec::new();
    match &def.kind {
        Kind::Struct(structure) => {
            structure.fields.iter().for_each(|field| mentioned(&field.ty, around(field), &mut found));
            match &structure.rest {
                Rest::Typed(_, ty) => mentioned(ty, MAP, &mut found),
                Rest::Ignored | Rest::Kept(_) => {}
            }
        }
        Kind::Union(union) => {
            union.variants.iter().for_each(|variant| mentioned(&variant.ty, 1 + stored(variant.storage), &mut found));
        }
        Kind::Alias(ty) | Kind::Wrapper(ty) => mentioned(ty, 1, &mut found),
        Kind::Enumeration(_) => {}
    }
    found
}

/// Layers of `Vec`: itself, its buffer, the pointer in it.
const LIST: usize = 5;
/// Layers of a map: itself, its core, its entries as a `Vec`, a bucket.
const MAP: usize = 8;

/// Layers of what a property adds to its type.
fn around(field: &Property) -> usize {
    let wrapped = match field.presence {
        Presence::Required => 0,
        Presence::Nullable | Presence::Optional | Presence::OptionalNullable => 1,
    };
    // One for the struct itself, one for what keeps a value from being printed.
    2 + wrapped + stored(field.storage)
}

fn stored(storage: Storage) -> usize {
    match storage {
        Storage::Inline => 0,
        Storage::Boxed => 3,
    }
}

fn mentioned(ty: &Type, layers: usize, into: &mut Vec<Edge>) {
    match ty {
        Type::Named(to) => into.push(Edge { to: *to, layers }),
        Type::List(inner) => mentioned(inner, layers + LIST, into),
        Type::Map(inner) => mentioned(inner, layers + MAP, into),
        Type::Nullable(inner) => mentioned(inner, layers + 1, into),
        Type::String
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Timestamp
        | Type::Binary
        | Type::Any
        | Type::Constant(_) => {}
    }
}

/// No way through the types is longer: a way visits each type at most once, and leaves a circle of types for good.
fn deepest(edges: &[Vec<Edge>]) -> usize {
    let circles = circles(edges);
    let mut below = vec![0; circles.members.len()];
    // Circles come after those they lead to.
    for (circle, members) in circles.members.iter().enumerate() {
        let longest = |index: &usize| edges[*index].iter().map(|edge| edge.layers).max().unwrap_or(1);
        let inside: usize = if members.len() == 1 { 0 } else { members.iter().map(longest).sum() };
        let beyond = members.iter().flat_map(|index| &edges[*index]).filter(|edge| circles.of[edge.to.0] != circle);
        let beyond = beyond.map(|edge| edge.layers + below[circles.of[edge.to.0]]).max();
        below[circle] = inside + beyond.unwrap_or(0);
    }
    below.into_iter().max().unwrap_or(0)
}

/// Types by the circle they are in; most are alone in theirs.
struct Circles {
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
}

/// Tarjan's algorithm, with a list of open types instead of recursion: thousands of types may follow each other.
fn circles(edges: &[Vec<Edge>]) -> Circles {
    const NEW: usize = usize::MAX;
    let mut circles = Circles { of: vec![NEW; edges.len()], members: Vec::new() };
    let (mut order, mut lowest) = (vec![NEW; edges.len()], vec![NEW; edges.len()]);
    let (mut counter, mut stack) = (0, Vec::new());
    for start in 0..edges.len() {
        let mut open = vec![(start, 0)];
        while let Some((at, next)) = open.pop() {
            if next == 0 {
                if order[at] != NEW {
                    continue;
                }
                (order[at], lowest[at]) = (counter, counter);
                counter += 1;
                stack.push(at);
            }
            if let Some(edge) = edges[at].get(next) {
                open.push((at, next + 1));
                open.push((edge.to.0, 0));
                continue;
            }
            for edge in &edges[at] {
                if circles.of[edge.to.0] == NEW {
                    lowest[at] = lowest[at].min(lowest[edge.to.0]);
                }
            }
            if lowest[at] == order[at] {
                let first = stack.iter().rposition(|member| *member == at).unwrap_or(0);
                let members = stack.split_off(first);
                members.iter().for_each(|member| circles.of[*member] = circles.members.len());
                circles.members.push(members);
            }
        }
    }
    circles
}
