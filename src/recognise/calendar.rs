//! Columns of a calendar: the months by their initials, the quarters by their numerals. Their headings name no field,
//! though «N» and «I» may.

use std::collections::{BTreeMap, BTreeSet};

use super::header::Heading;

/// The headings of such columns, in their order, and the fewest that stand side by side.
const RUNS: [(&[&str], usize); 2] =
    [(&["g", "f", "m", "a", "m", "g", "l", "a", "s", "o", "n", "d"], 6), (&["i", "ii", "iii", "iv"], 4)];

/// The columns whose headings are those of a calendar.
pub(super) fn columns(headings: &BTreeMap<u32, Heading>) -> BTreeSet<u32> {
    let last = |h: &Heading| {
        let text = h.parts.last().map_or("", |p| p.text.trim());
        text.trim_end_matches('.').to_lowercase()
    };
    let texts: Vec<(u32, String)> = headings.iter().map(|(col, h)| (*col, last(h))).collect();
    let mut found = BTreeSet::new();
    for (run, least) in RUNS {
        for start in 0..texts.len() {
            let (_, rest) = texts.split_at(start);
            let longest = (0..run.len()).map(|from| matching(rest, run.get(from..).unwrap_or_default())).max();
            let longest = longest.filter(|n| *n >= least).unwrap_or(0);
            found.extend(rest.iter().take(longest).map(|(col, _)| *col));
        }
    }
    found
}

/// How many columns, one beside the other, have the headings of a run from its first on.
fn matching(columns: &[(u32, String)], run: &[&str]) -> usize {
    let first = columns.first().map_or(0, |(col, _)| *col);
    let same =
        |((col, text), (place, expected)): (&(u32, String), (u32, &&str))| col - first == place && text == *expected;
    columns.iter().zip((0..).zip(run)).take_while(|pair| same(*pair)).count()
}
