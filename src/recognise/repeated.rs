//! Groups of columns that come again for a second and a third of the same: «Misura 1», «Tempi 1», «Misura 2», «Tempi 2».
//! Where a record can hold but one, the further groups are left unread whole, and told.

use std::collections::{BTreeMap, BTreeSet};

use super::view::brief_words;
use crate::model::{Bilingual, Column};

/// Least columns of a group: one alone («Fase 2») is a column of its own.
const LEAST: usize = 2;

/// The columns of the further groups, by position. `is_single` tells whether what a heading names, its number aside, has
/// but one column.
pub(super) fn further(headings: &[&str], is_single: impl Fn(usize, &str) -> bool) -> BTreeSet<usize> {
    let numbered: Vec<(String, Option<u8>)> = headings.iter().map(|h| numbered(h)).collect();
    let mut groups: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (place, (stem, number)) in numbered.iter().enumerate() {
        if let Some(number) = number.filter(|n| *n > 1) {
            let first = numbered.iter().any(|(other, n)| other == stem && n.is_none_or(|n| n == 1));
            if first && !stem.is_empty() {
                groups.entry(number).or_default().push(place);
            }
        }
    }
    groups.retain(|_, places| {
        let single = |p: &usize| numbered.get(*p).is_some_and(|(stem, _)| is_single(*p, stem));
        places.len() >= LEAST && places.iter().any(single)
    });
    groups.into_values().flatten().collect()
}

/// The place of the column of the first group that a column of a further one repeats.
pub(super) fn first_of(headings: &[&str], place: usize) -> Option<usize> {
    let (stem, _) = numbered(headings.get(place)?);
    headings.iter().position(|h| {
        let (other, number) = numbered(h);
        other == stem && number.is_none_or(|n| n == 1)
    })
}

/// Says of the columns that they are of a further group.
pub(super) fn tell(columns: &mut [Column], further: &BTreeSet<u32>) {
    for column in columns.iter_mut().filter(|c| further.contains(&c.heading_area.first.col)) {
        column.evidence = Bilingual::new(
            "è di un gruppo di colonne ripetuto: si legge il primo",
            "it is of a repeated group of columns: the first is read",
        );
    }
}

/// The words of a heading without the one small number among them, and the number.
fn numbered(heading: &str) -> (String, Option<u8>) {
    let words = brief_words(heading);
    let number = |w: &str| w.parse::<u8>().ok().filter(|n| (1..=9).contains(n) && w.len() == 1);
    let mut numbers = words.split(' ').filter_map(number);
    match (numbers.next(), numbers.next()) {
        (Some(n), None) => {
            let kept: Vec<&str> = words.split(' ').filter(|w| number(w).is_none()).collect();
            (kept.join(" "), Some(n))
        }
        _ => (words, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_groups_are_those_with_the_same_headings() {
        let cases: [(&[&str], &[usize]); 5] = [
            (&["Processo", "Misura 1", "Tempi 1", "Misura 2", "Tempi 2"], &[3, 4]),
            (&["Misura", "Tempi", "Misura 2", "Tempi 2", "Misura (3)", "Tempi (3)"], &[2, 3, 4, 5]),
            (&["Misura 1", "Misura 2", "Tempi"], &[]),
            (&["Fase 2", "Tempi 2"], &[]),
            (&["Valore 1", "Valore 2", "Target 1", "Target 2"], &[]),
        ];
        for (headings, expected) in cases {
            let single = |_: usize, stem: &str| !["valore", "target"].contains(&stem);
            assert_eq!(further(headings, single).into_iter().collect::<Vec<_>>(), expected, "{headings:?}");
        }
    }
}
