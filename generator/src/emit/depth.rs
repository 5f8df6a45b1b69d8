//! Computes the `recursion_limit` that a crate needs. To check auto traits and drop glue, the compiler follows every type that a type
//! contains, and gives up at a limit that large cycles of types exceed. Must not know how the limit is declared.

use crate::ir::{Kind, Presence, Property, Rest, Storage, Type, TypeDef, TypeId, Types};

/// The default limit of a crate: <https://doc.rust-lang.org/reference/attributes/limits.html>.
const DEFAULT: usize = 128;
/// The depth that futures around a value add.
const FUTURES: usize = 40;

/// Returns the `recursion_limit` that a crate with these types needs, or `None` if the default suffices. It is rounded up, so that
/// it rarely changes.
pub(crate) fn recursion_limit(types: &Types) -> Option<usize> {
    let edges: Vec<Vec<Edge>> = types.ids().map(|id| edges(types.get(id))).collect();
    let limit = FUTURES + longest_path(&edges);
    (limit > DEFAULT).then(|| limit.next_power_of_two())
}

/// A type that another one contains, and the number of library types in between.
struct Edge {
    to: TypeId,
    layers: usize,
}

fn edges(def: &TypeDef) -> Vec<Edge> {
    let mut found = Vec::new();
    match &def.kind {
        Kind::Struct(structure) => {
            structure.fields.iter().for_each(|field| collect_edges(&field.ty, property_layers(field), &mut found));
            match &structure.rest {
                Rest::Typed(_, ty) => collect_edges(ty, MAP, &mut found),
                Rest::Ignored | Rest::Kept(_) => {}
            }
        }
        Kind::Union(union) => {
            union
                .variants
                .iter()
                .for_each(|variant| collect_edges(&variant.ty, 1 + storage_layers(variant.storage), &mut found));
        }
        Kind::Alias(ty) | Kind::Wrapper(ty) => collect_edges(ty, 1, &mut found),
        Kind::Enumeration(_) => {}
    }
    found
}

/// Layers of `Vec`: itself, its buffer, the pointer in it.
const LIST: usize = 5;
/// Layers of a map: itself, its core, its entries as a `Vec`, a bucket.
const MAP: usize = 8;

/// Returns the number of layers that a property adds to its type.
fn property_layers(field: &Property) -> usize {
    let wrapped = match field.presence {
        Presence::Required => 0,
        Presence::Nullable | Presence::Optional | Presence::OptionalNullable => 1,
    };
    // One for the struct itself, one for the wrapper that redacts a value.
    2 + wrapped + storage_layers(field.storage)
}

fn storage_layers(storage: Storage) -> usize {
    match storage {
        Storage::Inline => 0,
        Storage::Boxed => 3,
    }
}

fn collect_edges(ty: &Type, layers: usize, into: &mut Vec<Edge>) {
    match ty {
        Type::Named(to) => into.push(Edge { to: *to, layers }),
        Type::List(inner) => collect_edges(inner, layers + LIST, into),
        Type::Tuple(items, _) => items.iter().for_each(|item| collect_edges(item, layers + 1, into)),
        Type::Map(inner) => collect_edges(inner, layers + MAP, into),
        Type::Nullable(inner) => collect_edges(inner, layers + 1, into),
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

/// Returns an upper bound for the length of any path through the types: a path visits each type at most once and never returns to a
/// cycle that it left.
fn longest_path(edges: &[Vec<Edge>]) -> usize {
    let cycles = find_cycles(edges);
    let mut below = vec![0; cycles.members.len()];
    // A cycle comes after those that it leads to.
    for (cycle, members) in cycles.members.iter().enumerate() {
        let longest = |index: &usize| edges[*index].iter().map(|edge| edge.layers).max().unwrap_or(1);
        let inside: usize = if members.len() == 1 { 0 } else { members.iter().map(longest).sum() };
        let beyond = members.iter().flat_map(|index| &edges[*index]).filter(|edge| cycles.of[edge.to.0] != cycle);
        let beyond = beyond.map(|edge| edge.layers + below[cycles.of[edge.to.0]]).max();
        below[cycle] = inside + beyond.unwrap_or(0);
    }
    below.into_iter().max().unwrap_or(0)
}

/// Strongly connected types. Most types are alone in their component.
struct Cycles {
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
}

/// Finds strongly connected types with Tarjan's algorithm, without recursion: chains of types can be thousands long.
fn find_cycles(edges: &[Vec<Edge>]) -> Cycles {
    const NEW: usize = usize::MAX;
    let mut cycles = Cycles { of: vec![NEW; edges.len()], members: Vec::new() };
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
                if cycles.of[edge.to.0] == NEW {
                    lowest[at] = lowest[at].min(lowest[edge.to.0]);
                }
            }
            if lowest[at] == order[at] {
                let first = stack.iter().rposition(|member| *member == at).unwrap_or(0);
                let members = stack.split_off(first);
                members.iter().for_each(|member| cycles.of[*member] = cycles.members.len());
                cycles.members.push(members);
            }
        }
    }
    cycles
}
