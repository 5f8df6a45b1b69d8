//! Comparing names of properties.
//!
//! It must not know where they stand.

/// Returns whether two names are equal. Names are short, and so many of them are compared that calls of `memcmp` would show.
#[inline]
pub(in crate::json) fn is_same_name(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match left.len() {
        0..4 => left.iter().zip(right).all(|(left, right)| left == right),
        4..=8 => left.first_chunk::<4>() == right.first_chunk() && left.last_chunk::<4>() == right.last_chunk(),
        9..=16 => left.first_chunk::<8>() == right.first_chunk() && left.last_chunk::<8>() == right.last_chunk(),
        17.. => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_by_any_byte_and_by_length() {
        for length in 0..40 {
            let name: Vec<u8> = (0..length).collect();
            assert!(is_same_name(&name, &name.clone()));
            assert!(!is_same_name(&name, &[name.as_slice(), b"x"].concat()));
            for place in 0..name.len() {
                let mut other = name.clone();
                other[place] ^= 1;
                assert!(!is_same_name(&name, &other), "byte {place} of {length}");
            }
        }
    }
}
