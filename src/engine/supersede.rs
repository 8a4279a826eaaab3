//! One fault is one finding: what another rule reports better is not reported again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::draft::Draft;
use super::place::Placed;
use super::rule::Rule;
use super::whereabouts::corner;
use crate::model::CellRef;

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
    let reported = Reported::new(above.iter().filter_map(|o| settled.get(*o)?.as_ref()).flatten());
    let kept = own.into_iter().filter_map(|draft| left(draft, &reported)).collect();
    if let Some(slot) = settled.get_mut(at) {
        *slot = Some(kept);
    }
}

fn codes(codes: &[Arc<str>], index: &HashMap<&str, usize>) -> Vec<usize> {
    codes.iter().filter_map(|c| index.get(&**c).copied()).collect()
}

/// Where superseding findings report, for looking up.
pub(super) struct Reported {
    /// Records by table: runs that do not touch, in order.
    records: BTreeMap<usize, Vec<(u32, u32)>>,
    /// Places that have no records.
    corners: HashSet<(u32, Option<CellRef>)>,
}

impl Reported {
    pub(super) fn new<'d>(drafts: impl Iterator<Item = &'d Draft>) -> Self {
        let mut records: BTreeMap<usize, Vec<(u32, u32)>> = BTreeMap::new();
        let mut corners = HashSet::new();
        for draft in drafts {
            for placed in &draft.places {
                if let Some(run) = placed.records {
                    records.entry(placed.table).or_default().push(run);
                }
            }
            corners.extend(draft.places.iter().filter(|p| p.records.is_none()).map(|p| corner(&p.place)));
        }
        for runs in records.values_mut() {
            runs.sort_unstable();
            runs.dedup_by(|next, run| {
                let joins = next.0 <= run.1;
                run.1 = if joins { run.1.max(next.1) } else { run.1 };
                joins
            });
        }
        Self { records, corners }
    }

    fn covers(&self, placed: &Placed) -> bool {
        match placed.records {
            Some(records) => self.covers_records(placed.table, records),
            None => self.corners.contains(&corner(&placed.place)),
        }
    }

    /// Whether one of the places stands on some of these records of a table.
    pub(super) fn covers_records(&self, table: usize, (first, last): (u32, u32)) -> bool {
        let runs = self.records.get(&table).map_or(&[][..], Vec::as_slice);
        runs.get(runs.partition_point(|run| run.1 < first)).is_some_and(|run| run.0 <= last)
    }
}

/// What is left of a finding: without the places reported elsewhere; nothing if no place is left, or if it rests on
/// a cell whose record is reported.
fn left(mut draft: Draft, reported: &Reported) -> Option<Draft> {
    if draft.related.iter().any(|p| p.records.is_some() && reported.covers(p)) {
        return None;
    }
    draft.places.retain(|p| !reported.covers(p));
    (!draft.places.is_empty()).then_some(draft)
}
