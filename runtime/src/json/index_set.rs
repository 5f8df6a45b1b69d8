//! A set of indexes of a table, of which nearly all tables have fewer than 64.
//!
//! It must not know what the indexes are of.

/// A set of indexes. Only those from 64 on take memory of their own.
#[derive(Debug, Default)]
pub(super) struct IndexSet {
    /// The indexes below 64, a bit each.
    first: u64,
    /// The others, 64 in each number.
    others: Vec<u64>,
}

impl IndexSet {
    /// Adds an index; returns whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, index: usize) -> bool {
        let bit = 1 << (index % 64);
        let bits = self.bits(index / 64);
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }

    /// Removes an index.
    #[inline]
    pub(super) fn remove(&mut self, index: usize) {
        *self.bits(index / 64) &= !(1 << (index % 64));
    }

    /// Returns whether an index is in the set.
    #[inline]
    pub(super) fn contains(&self, index: usize) -> bool {
        let bits = match index / 64 {
            0 => self.first,
            block => self.others.get(block - 1).copied().unwrap_or_default(),
        };
        bits & (1 << (index % 64)) != 0
    }

    /// Returns whether all of these indexes below 64, a bit each, are in the set.
    #[inline]
    pub(super) fn holds_first(&self, bits: u64) -> bool {
        self.first & bits == bits
    }

    #[inline]
    fn bits(&mut self, block: usize) -> &mut u64 {
        match block {
            0 => &mut self.first,
            block => self.other_bits(block - 1),
        }
    }

    #[cold]
    fn other_bits(&mut self, block: usize) -> &mut u64 {
        if self.others.len() <= block {
            self.others.resize(block + 1, 0);
        }
        self.others.get_mut(block).unwrap_or(&mut self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::IndexSet;

    #[test]
    fn index_is_in_the_set_until_it_is_removed() {
        let mut set = IndexSet::default();
        for index in [0, 1, 63, 64, 127, 128, 1000] {
            assert!(!set.contains(index), "{index}");
            assert!(set.insert(index), "{index}");
            assert!(!set.insert(index), "{index}");
            assert!(set.contains(index) && !set.contains(index + 1), "{index}");
        }
        assert!(set.holds_first(0b11) && !set.holds_first(0b111));
        for index in [0, 64, 1000] {
            set.remove(index);
            assert!(!set.contains(index) && set.contains(127), "{index}");
        }
    }
}
