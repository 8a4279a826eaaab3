//! The kind that came nearest on a sheet without a table.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::columns::FUZZY_ROWS;
use super::evidence::{foreign_title, is_told};
use super::heading::HeadingIndex;
use super::kind::Kind;
use super::printed::{LONGEST, number_key, split_number};
use super::view::{SheetView, is_empty, shown};
use crate::model::{Bilingual, GridCell, NearMiss, Scalar};
use crate::pack::Schedule;
use crate::text;

/// Least score of a heading that names a field.
const NAMED: f64 = 0.75;
/// Least headings of a table, where a title tells its kind, and most of them that are another kind's.
const LEAST: usize = 4;
const FOREIGN: usize = 1;
/// Rows looked at for those of a form, and cells of each; of its headings and of its rows, the fewest that tell it.
const MOST: usize = 300;
const ACROSS: usize = 40;
const HEADINGS: usize = 2;
const PRINTED: usize = 4;

/// The kind that came nearest on a sheet without a table, and the fields it lacks.
pub(super) fn nearest(view: &SheetView<'_>, kinds: &[Kind]) -> NearMiss {
    if let Some(near) = kinds.iter().find_map(|kind| reworded(view, kind)) {
        return near;
    }
    let mut best: Option<(usize, &Kind, Vec<Bilingual>)> = None;
    for kind in kinds {
        let Kind { pack, index, .. } = kind;
        let schedule = &pack.schedule;
        for (_, range) in view.rows.iter().take(FUZZY_ROWS) {
            let cells = view.cells(range);
            // Headings of another kind of table: the likeness is that of all such tables.
            if cells.iter().any(|c| index.is_foreign(&shown(c))) || !cells.iter().any(|c| index.is_asked(&shown(c))) {
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
    let Some((named, Kind { pack, index, .. }, missing)) = best else {
        return told(view, kinds).unwrap_or(NearMiss { sheet, ..NearMiss::default() });
    };
    // All the headings are there: a title that speaks of another kind is why.
    let foreign = if missing.is_empty() { foreign_title(view, index) } else { None };
    let kind = Some(pack.schedule.kind.clone());
    NearMiss { sheet, kind, missing, foreign, weight: named * view.rows.len(), ..NearMiss::default() }
}

/// A form whose questions are worded otherwise: under two of its headings, or with the numbers of its questions in their
/// order, stand rows of its groups and others that it prints; too few of its questions to be read as the form.
fn reworded(view: &SheetView<'_>, Kind { pack, index, form, .. }: &Kind) -> Option<NearMiss> {
    let form = form.as_ref()?;
    let is_heading = |cell: &GridCell| matches!(&cell.value, Scalar::Text(text) if index.is_heading(text));
    let rows = || view.rows.iter().take(MOST).map(|(_, range)| view.cells(range));
    let headed = rows().take(FUZZY_ROWS).any(|cells| cells.iter().filter(|c| is_heading(c)).count() >= HEADINGS);
    let (mut printed, mut numbers) = (0, BTreeSet::new());
    for cells in rows() {
        let texts: Vec<Arc<str>> = cells.iter().take(ACROSS).map(shown).filter(|t| t.len() < LONGEST).collect();
        let is_own = |t: &Arc<str>| form.has(&text::squeezed(t)) || form.is_title(&text::words(t));
        printed += usize::from(texts.iter().any(is_own));
        let number = texts.iter().find_map(|t| number_key(t, form).or_else(|| Some(split_number(t, form)?.0.into())));
        numbers.extend(number.and_then(|n| form.question(&n)));
    }
    let is_form = printed >= PRINTED && (headed || numbers.len() >= PRINTED);
    let (sheet, kind) = (view.sheet.name.clone(), Some(pack.schedule.kind.clone()));
    let weight = printed + numbers.len();
    is_form.then(|| NearMiss { sheet, kind, reworded: true, weight, ..NearMiss::default() })
}

/// The kind that the titles of a sheet tell, where a row of words that may be headings stands under them: the headings of
/// that kind are missing.
fn told(view: &SheetView<'_>, kinds: &[Kind]) -> Option<NearMiss> {
    let own = |Kind { pack, index, .. }: &&Kind| {
        let schedule = &pack.schedule;
        schedule.shape.has_rows() && is_told(view, index) && foreign_title(view, index).is_none()
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
    let weight = named.len() * view.rows.len();
    (!missing.is_empty()).then(|| NearMiss { sheet, kind, missing, weight, ..NearMiss::default() })
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
