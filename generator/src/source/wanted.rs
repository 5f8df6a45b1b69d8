//! Places to find in one reading of a text, as a tree of the segments that lead to them. Knows no syntax.

use std::collections::HashMap;

use crate::pointer::Pointer;

/// What is looked for at a place and below it.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    /// The indexes of the pointers that end here.
    ends: Vec<usize>,
    below: HashMap<&'a str, Wanted<'a>>,
}

impl<'a> Wanted<'a> {
    /// Returns the tree of pointers.
    pub(super) fn of(pointers: impl IntoIterator<Item = &'a Pointer>) -> Self {
        let mut root = Self::default();
        for (index, pointer) in pointers.into_iter().enumerate() {
            let place = pointer
                .segments()
                .iter()
                .fold(&mut root, |place, segment| place.below.entry(segment.as_str()).or_default());
            place.ends.push(index);
        }
        root
    }

    /// Returns the number of pointers.
    pub(super) fn len(&self) -> usize {
        self.ends.len() + self.below.values().map(Self::len).sum::<usize>()
    }

    /// Returns whether nothing is looked for below the place.
    pub(super) fn is_leaf(&self) -> bool {
        self.below.is_empty()
    }

    /// Returns the indexes of the pointers that end here.
    pub(super) fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// Notes a line for each pointer that ends here or below.
    pub(super) fn note_all(&self, line: usize, lines: &mut [Option<usize>]) {
        for index in &self.ends {
            if let Some(found) = lines.get_mut(*index) {
                *found = Some(line);
            }
        }
        self.below.values().for_each(|below| below.note_all(line, lines));
    }

    /// Takes out what is looked for in a property or an item. Of several with one name, only the first one has it.
    pub(super) fn take(&mut self, segment: &str) -> Option<Self> {
        self.below.remove(segment)
    }
}
