//! The arguments of one call: new ones as marked placeholders, others in another order or given to setters.

use generator::drift::{CallChange, NewArgument};

use super::source::{Edits, Piece, Source};

/// Changes the arguments between two parentheses.
pub(super) fn change_call(source: &Source<'_>, (open, close): (usize, usize), change: &CallChange, edits: &mut Edits) {
    let arguments = source.arguments(open, close);
    let placeholder = |name: &str, ty: &str| {
        let argument = format!("{name}: {ty}");
        format!("todo!({argument:?})")
    };
    let kept: Vec<usize> = change
        .arguments
        .iter()
        .filter_map(|argument| match argument {
            NewArgument::Kept(index) => Some(*index),
            NewArgument::Added { .. } => None,
        })
        .collect();
    if kept.iter().copied().eq(0..arguments.len()) {
        insert(source, (open, close), change, edits, &placeholder);
        return;
    }
    let mut pieces = Vec::new();
    for (index, argument) in change.arguments.iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::Text(", ".to_owned()));
        }
        pieces.push(match argument {
            NewArgument::Kept(at) => arguments.get(*at).cloned().map_or(Piece::Text(String::new()), Piece::Moved),
            NewArgument::Added { name, ty } => Piece::Text(placeholder(name, ty)),
        });
    }
    edits.rebuild(source.place(open).end..source.place(close).start, pieces);
    let after = source.place(close).end;
    let mut setters = Vec::new();
    for (index, setter) in &change.setters {
        if let Some(argument) = arguments.get(*index) {
            setters.extend([
                Piece::Text(format!(".{setter}(")),
                Piece::Moved(argument.clone()),
                Piece::Text(")".to_owned()),
            ]);
        }
    }
    if !setters.is_empty() {
        edits.insert(after, setters);
    }
}

/// Inserts new arguments among those that stay as they are.
fn insert(
    source: &Source<'_>,
    (open, close): (usize, usize),
    change: &CallChange,
    edits: &mut Edits,
    placeholder: &dyn Fn(&str, &str) -> String,
) {
    let arguments = source.arguments(open, close);
    let (mut next, mut is_first) = (arguments.iter().peekable(), true);
    for argument in &change.arguments {
        match (argument, next.peek()) {
            (NewArgument::Kept(_), _) => {
                next.next();
            }
            (NewArgument::Added { name, ty }, Some(before)) => {
                edits.insert(before.start, vec![Piece::Text(format!("{}, ", placeholder(name, ty)))]);
            }
            (NewArgument::Added { name, ty }, None) => {
                let has_comma = source.follows(close, ",");
                let end = arguments.last().map_or(source.place(open).end, |last| last.end);
                let end = if has_comma { source.place(close - 1).end } else { end };
                let before = match (is_first, arguments.is_empty(), has_comma) {
                    (true, true, _) => "",
                    (true, false, true) => " ",
                    (true, false, false) | (false, _, _) => ", ",
                };
                is_first = false;
                edits.insert(end, vec![Piece::Text(format!("{before}{}", placeholder(name, ty)))]);
            }
        }
    }
}
