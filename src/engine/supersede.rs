//! One fault is one finding: what another rule reports better is not reported again.

use std::collections::HashMap;
use std::sync::Arc;

use super::draft::Draft;
use super::place::{Placed, corner};
use super::rule::Rule;

/// The findings of some rules, those that a superseding rule reports left out.
///
/// Rules are settled from the superseding ones down, so that a finding which is itself superseded supersedes
/// nothing, whatever the order of evaluation was.
pub(super) fn settle(rules: &[&Rule], found: Vec<Vec<Draft>>) -> Vec<Vec<Draft>> {
    let index: HashMap<&str, usize> = rules.iter().enumerate().map(|(i, r)| (&*r.info.code, i)).collect();
    let mut pending: Vec<Option<Vec<Draft>>> = found.into_iter().map(Some).collect();
    let mut settled: Vec<Option<Vec<Draft>>> = rules.iter().map(|_| None).collect();
    for rule in 0..rules.len() {
        settle_one(rules, &index, rule, &mut pending, &mut settled);
    }
    settled.into_iter().map(Option::unwrap_or_default).collect()
}

fn settle_one(
    rules: &[&Rule],
    index: &HashMap<&str, usize>,
    at: usize,
    pending: &mut [Option<Vec<Draft>>],
    settled: &mut [Option<Vec<Draft>>],
) {
    // Taken at once: a ring of rules ends where it began.
    let Some(own) = pending.get_mut(at).and_then(Option::take) else { return };
    let above: Vec<usize> = rules.get(at).map_or_else(Vec::new, |r| codes(&r.superseded_by, index));
    for other in &above {
        settle_one(rules, index, *other, pending, settled);
    }
    let reported: Vec<Reported> =
        above.iter().filter_map(|o| settled.get(*o)?.as_ref()).flatten().map(Reported::of).collect();
    let kept = own.into_iter().filter_map(|draft| left(draft, &reported)).collect();
    if let Some(slot) = settled.get_mut(at) {
        *slot = Some(kept);
    }
}

fn codes(codes: &[Arc<str>], index: &HashMap<&str, usize>) -> Vec<usize> {
    codes.iter().filter_map(|c| index.get(&**c).copied()).collect()
}

/// Where a superseding finding reports: records by table, and places that have none.
struct Reported {
    records: Vec<(usize, (u32, u32))>,
    places: Vec<Placed>,
}

impl Reported {
    fn of(draft: &Draft) -> Self {
        let all = || draft.places.iter().chain(&draft.related);
        Self {
            records: all().filter_map(|p| p.records.map(|r| (p.table, r))).collect(),
            places: draft.places.iter().filter(|p| p.records.is_none()).cloned().collect(),
        }
    }

    fn covers(&self, placed: &Placed) -> bool {
        match placed.records {
            Some((first, last)) => {
                self.records.iter().any(|(table, (a, b))| *table == placed.table && *a <= last && first <= *b)
            }
            None => self.places.iter().any(|p| corner(&p.place) == corner(&placed.place)),
        }
    }
}

/// What is left of a finding: without the places reported elsewhere; nothing if no place is left, or if it rests on
/// a cell whose record is reported.
fn left(mut draft: Draft, reported: &[Reported]) -> Option<Draft> {
    let covered = |p: &Placed| reported.iter().any(|r| r.covers(p));
    if draft.related.iter().any(|p| p.records.is_some() && covered(p)) {
        return None;
    }
    draft.places.retain(|p| !covered(p));
    (!draft.places.is_empty()).then_some(draft)
}
