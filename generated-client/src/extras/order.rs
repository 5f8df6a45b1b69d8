//! Sorting by numbers and a text. The algorithm is compiled once, whatever is sorted; it must not know what that is.

/// What something is sorted by: two numbers, then a text.
pub(super) type Rank<'a> = (i64, i64, &'a str);

/// Sorts items by their ranks; those of equal rank keep their order.
pub(super) fn sort_by_rank<T>(items: &mut Vec<T>, rank: impl Fn(&T) -> Rank<'_>) {
    let order = order_of(items.iter().enumerate().map(|(place, item)| (rank(item), place)).collect());
    let mut places: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|place| places[place].take()));
}

fn order_of(mut ranks: Vec<(Rank<'_>, usize)>) -> Vec<usize> {
    ranks.sort_unstable();
    ranks.into_iter().map(|(_, place)| place).collect()
}
