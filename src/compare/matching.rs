//! Which record of one document is which of the other.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Items, Key};
use crate::text;

/// From here on two names are one, spelled otherwise.
const NEARLY: f64 = 0.9;
/// Below this a record of the same number with another name is another record, unless its cells say the same.
const SOMEWHAT: f64 = 0.5;
/// Records that are compared each with each at most.
const MOST_PAIRS: usize = 1_000_000;

/// The keys of records in both documents, and of those in one alone.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// Old key, new key.
    pub(super) pairs: Vec<(Key, Key)>,
    pub(super) removed: Vec<Key>,
    pub(super) added: Vec<Key>,
}

/// Pairs the records: by their whole keys, then by name alone, then by names nearly the same, then by number alone where
/// something else agrees. Where several would do, none is taken.
pub(super) fn matched(old: &Items, new: &Items) -> Matched {
    let mut left: BTreeSet<Key> = old.all.keys().cloned().collect();
    let mut right: BTreeSet<Key> = new.all.keys().cloned().collect();
    let mut pairs: Vec<(Key, Key)> = left.intersection(&right).map(|key| (key.clone(), key.clone())).collect();
    take(&pairs, &mut left, &mut right);

    let by_name = unique(&left, &right, |(_, name)| name);
    take(&by_name, &mut left, &mut right);
    let near = nearest(&left, &right);
    take(&near, &mut left, &mut right);
    let by_code = unique(&left, &right, |(code, _)| code);
    let by_code: Vec<(Key, Key)> = by_code
        .into_iter()
        .filter(|(a, b)| text::similarity(&a.1, &b.1) >= SOMEWHAT || agree(old.all.get(a), new.all.get(b), old, new))
        .collect();
    take(&by_code, &mut left, &mut right);
    pairs.extend(by_name.into_iter().chain(near).chain(by_code));
    pairs.sort();
    Matched { pairs, removed: left.into_iter().collect(), added: right.into_iter().collect() }
}

fn take(pairs: &[(Key, Key)], left: &mut BTreeSet<Key>, right: &mut BTreeSet<Key>) {
    for (old, new) in pairs {
        left.remove(old);
        right.remove(new);
    }
}

/// Pairs that agree in a part of their keys which no other record on either side has.
fn unique(left: &BTreeSet<Key>, right: &BTreeSet<Key>, part: fn(&Key) -> &String) -> Vec<(Key, Key)> {
    let by_part = |keys: &BTreeSet<Key>| {
        let mut found: BTreeMap<String, Vec<Key>> = BTreeMap::new();
        for key in keys.iter().filter(|key| !part(key).is_empty()) {
            found.entry(part(key).clone()).or_default().push(key.clone());
        }
        found
    };
    let others = by_part(right);
    let pairs =
        by_part(left).into_iter().filter_map(|(part, own)| match (own.as_slice(), others.get(&part)?.as_slice()) {
            ([old], [new]) => Some((old.clone(), new.clone())),
            _ => None,
        });
    pairs.collect()
}

/// Pairs whose names are nearly the same, the nearest first; of those as near the one with the same number.
fn nearest(left: &BTreeSet<Key>, right: &BTreeSet<Key>) -> Vec<(Key, Key)> {
    if left.len().saturating_mul(right.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let ready = |keys: &BTreeSet<Key>| -> Vec<(Key, text::Alike)> {
        let named = keys.iter().filter(|(_, name)| !name.is_empty());
        named.map(|key| (key.clone(), text::Alike::new(&key.1))).collect()
    };
    let (own, others) = (ready(left), ready(right));
    let mut near: Vec<(f64, bool, Key, Key)> = Vec::new();
    for (old, alike) in &own {
        for (new, other) in &others {
            // «di tipo 1» and «di tipo 2» are two things.
            let same_figures = digits(&old.1) == digits(&new.1);
            let score = if same_figures { alike.similarity(other, NEARLY) } else { None };
            near.extend(score.map(|score| (score, old.0 == new.0, old.clone(), new.clone())));
        }
    }
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then_with(|| (&a.2, &a.3).cmp(&(&b.2, &b.3))));
    let (mut left, mut right) = (left.clone(), right.clone());
    let free = near.into_iter().filter_map(|(_, _, old, new)| {
        (left.contains(&old) && right.contains(&new)).then(|| {
            left.remove(&old);
            right.remove(&new);
            (old, new)
        })
    });
    free.collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether at least half of what two records say is the same.
fn agree(old: Option<&Item>, new: Option<&Item>, of_old: &Items, of_new: &Items) -> bool {
    let said = |item: Option<&Item>, items: &Items| -> BTreeSet<(String, String)> {
        let rows = item.into_iter().flat_map(|item| &item.rows);
        let cells = rows.flat_map(|row| items.fields.iter().zip(&row.cells));
        let given = cells.filter(|(_, cell)| !cell.normal.is_empty());
        given.map(|(field, cell)| (field.to_string(), cell.normal.clone())).collect()
    };
    let (old, new) = (said(old, of_old), said(new, of_new));
    let same = old.intersection(&new).count();
    same > 1 && same * 2 >= old.len().max(new.len())
}
