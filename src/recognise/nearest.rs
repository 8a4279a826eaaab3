//! The kind that came nearest on a sheet without a table.

use std::sync::Arc;

use super::columns::FUZZY_ROWS;
use super::evidence::{foreign_title, is_told};
use super::heading::HeadingIndex;
use super::kind::Kind;
use super::view::{SheetView, is_empty, shown};
use crate::model::{Bilingual, GridCell, NearMiss, Scalar};
use crate::pack::{Schedule, Shape};

/// Least score of a heading that names a field.
const NAMED: f64 = 0.75;
/// Least headings of a table, where a title tells its kind, and most of them that are another kind's.
const LEAST: usize = 4;
const FOREIGN: usize = 1;

/// The kind that came nearest on a sheet without a table, and the fields it lacks.
pub(super) fn nearest(view: &SheetView<'_>, kinds: &[Kind]) -> NearMiss {
    let mut best: Option<(usize, &Kind, Vec<Bilingual>)> = None;
    for kind in kinds {
        let Kind { pack, index, .. } = kind;
        let schedule = &pack.schedule;
        for (_, range) in view.rows.iter().take(FUZZY_ROWS) {
            let cells = view.cells(range);
            // Headings of another kind of table: the likeness is that of all such tables.
            if cells.iter().any(|c| index.is_foreign(&shown(c))) {
                continue;
            }
            let mut named: Vec<usize> = cells.iter().filter_map(|c| field_of(index, &shown(c))).collect();
            // Two headings of one field («Obiettivo», «Descrizione») are one.
            named.sort_unstable();
            named.dedup();
            let fewest = missing(schedule, &named);
            let is_like = named.len() >= 2 && 2 * named.len() > cells.len() && fewest.len() <= 1;
            if is_like && best.as_ref().is_none_or(|b| named.len() > b.0) {
                best = Some((named.len(), kind, fewest));
            }
        }
    }
    let sheet = view.sheet.name.clone();
    let Some((_, Kind { pack, index, .. }, missing)) = best else {
        return told(view, kinds).unwrap_or(NearMiss { sheet, ..NearMiss::default() });
    };
    // All the headings are there: a title that speaks of another kind is why.
    let foreign = if missing.is_empty() { foreign_title(view, index) } else { None };
    NearMiss { sheet, kind: Some(pack.schedule.kind.clone()), missing, foreign, ..NearMiss::default() }
}

/// The kind that the titles of a sheet tell, where a row of words that may be headings stands under them: the headings of
/// that kind are missing.
fn told(view: &SheetView<'_>, kinds: &[Kind]) -> Option<NearMiss> {
    let own = |Kind { pack, index, .. }: &&Kind| {
        let schedule = &pack.schedule;
        schedule.shape == Shape::Register && is_told(view, index) && foreign_title(view, index).is_none()
    };
    let Kind { pack, index, .. } = kinds.iter().find(own)?;
    let rows = view.rows.iter().take(FUZZY_ROWS).map(|(_, range)| view.cells(range));
    let mut filled = rows.map(|cells| cells.iter().filter(|c| !is_empty(c)).collect::<Vec<_>>());
    let header = filled.find(|cells| cells.len() >= LEAST)?;
    let is_word = |c: &&GridCell| matches!(c.value, Scalar::Text(_));
    if !header.iter().all(is_word) || header.iter().filter(|c| index.is_foreign(&shown(c))).count() > FOREIGN {
        return None;
    }
    let named: Vec<usize> = header.iter().filter_map(|c| field_of(index, &shown(c))).collect();
    let missing = missing(&pack.schedule, &named);
    let (sheet, kind) = (view.sheet.name.clone(), Some(pack.schedule.kind.clone()));
    (!missing.is_empty()).then(|| NearMiss { sheet, kind, missing, ..NearMiss::default() })
}

/// The field that a heading names best.
fn field_of(index: &HeadingIndex, heading: &str) -> Option<usize> {
    index.scores(heading).first().filter(|s| s.1 > NAMED).map(|s| s.0)
}

/// The fields that the kind lacks to be known: of its least sets, the one that lacks fewest.
fn missing(schedule: &Schedule, named: &[usize]) -> Vec<Bilingual> {
    let found = |name: &Arc<str>| named.iter().any(|i| schedule.fields.get(*i).is_some_and(|f| f.name == *name));
    let sets = schedule.recognition.minimum.iter().map(|set| {
        let lacking = set.iter().filter(|f| !found(f)).filter_map(|f| schedule.field(f));
        lacking.map(|f| f.title.clone()).collect::<Vec<_>>()
    });
    sets.min_by_key(Vec::len).unwrap_or_default()
}
