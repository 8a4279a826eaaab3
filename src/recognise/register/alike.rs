//! Titles between the rows that no pattern knows: where others of the same shape are areas, they are areas too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::CellRef;
use crate::pack::Schedule;
use crate::recognise::beside::given;
use crate::recognise::bounds;
use crate::recognise::columns::Layout;
use crate::recognise::rows::Other;
use crate::recognise::titles::{Given, above};
use crate::recognise::view::{SheetView, is_empty, shown};
use crate::text;

/// Titles that nothing names but their shape: least number of them, and least different ones.
const LEAST: usize = 2;

/// A title between the rows, or right above the header.
struct Title {
    row: u32,
    at: CellRef,
    /// First and last column that it is merged over.
    shape: (u32, u32),
    text: Arc<str>,
    /// It says the field itself.
    known: bool,
    /// It says other fields without a column.
    other: bool,
    /// The rows under it are records, not another title.
    headed: bool,
}

/// The titles that give the field which is first of those that titles give, by row, where only their shape says so: other
/// titles of the table say the field themselves; or all are of one shape, each followed by records, and a column gives the
/// next of those fields.
pub(super) fn find(
    view: &SheetView<'_>,
    schedule: &Schedule,
    layout: &Layout,
    others: &[(usize, Other)],
) -> BTreeMap<u32, Given> {
    let has_column = |field: &Arc<str>| layout.columns.iter().any(|c| c.field.as_ref() == Some(field));
    let mut fields = schedule.register.subtitles.iter();
    let (Some(field), next) = (fields.next(), fields.next()) else { return BTreeMap::new() };
    if has_column(field) {
        return BTreeMap::new();
    }
    let titles = titles(view, schedule, layout, others, field);
    let shapes: BTreeSet<(u32, u32)> = titles.iter().filter(|t| t.known).map(|t| t.shape).collect();
    let unknown = || titles.iter().filter(|t| !t.known && !t.other);
    // One title right under another divides what the first one holds.
    if unknown().any(|t| !t.headed) || titles.iter().any(|t| t.known && !t.headed) {
        return BTreeMap::new();
    }
    let of_shape: Vec<&Title> = if shapes.is_empty() {
        let distinct: BTreeSet<String> = unknown().map(|t| text::identity(&t.text)).collect();
        let one_shape = unknown().map(|t| t.shape).collect::<BTreeSet<_>>().len() == 1;
        let alone = one_shape && titles.iter().all(|t| !t.other) && distinct.len() >= LEAST;
        if !alone || !next.is_some_and(has_column) {
            return BTreeMap::new();
        }
        unknown().collect()
    } else {
        unknown().filter(|t| shapes.contains(&t.shape)).collect()
    };
    let give = |t: &Title| Given { field: field.clone(), at: t.at, raw: t.text.clone(), text: t.text.clone() };
    of_shape.into_iter().map(|t| (t.row, give(t))).collect()
}

/// The titles of a table, top to bottom; the one right above the header is its first where the rows begin without one.
fn titles(
    view: &SheetView<'_>,
    schedule: &Schedule,
    layout: &Layout,
    others: &[(usize, Other)],
    field: &Arc<str>,
) -> Vec<Title> {
    let mut titles: Vec<Title> = Vec::new();
    let (mut begun, mut next) = (false, view.position(layout.from));
    let end = view.position(layout.rows.1.saturating_add(1));
    for (position, other) in others.iter().map(|(position, other)| (*position, Some(other))).chain([(end, None)]) {
        // What lies between two of the others are records.
        if next < position {
            if let Some(last) = titles.last_mut() {
                last.headed = true;
            } else if !begun {
                titles.extend(over_header(view, schedule, layout, field));
            }
            begun = true;
        }
        next = position + 1;
        if let (Some(Other::Subtitle(text)), Some((row, _))) = (other, view.rows.get(position)) {
            titles.extend(title(view, schedule, layout, field, (*row, text.clone())));
        }
    }
    titles
}

/// The title in the row right above the header, unless it is the document's.
fn over_header(view: &SheetView<'_>, schedule: &Schedule, layout: &Layout, field: &Arc<str>) -> Option<Title> {
    let header = layout.header.first.row;
    let (row, cells) = above(view, header, layout.titles).next().filter(|(row, _)| row + 1 == header)?;
    let mut filled = cells.iter().filter(|c| !is_empty(c));
    let first = filled.next().filter(|_| filled.next().is_none())?;
    let text = shown(first);
    let of_document = |p: &crate::pack::Pattern| p.is_match(&text);
    let others = schedule.head.iter().filter(|(name, _)| **name != **field).map(|(_, h)| h);
    let mut patterns = others.flat_map(|h| [h.pattern.as_ref(), h.or_pattern.as_ref()]).flatten();
    if patterns.any(of_document) {
        return None;
    }
    title(view, schedule, layout, field, (row, text)).map(|t| Title { headed: true, ..t })
}

fn title(
    view: &SheetView<'_>,
    schedule: &Schedule,
    layout: &Layout,
    field: &Arc<str>,
    (row, text): (u32, Arc<str>),
) -> Option<Title> {
    let cells = view.row(row);
    let at = cells.iter().find(|c| !is_empty(c))?.at;
    if text.chars().count() > bounds::DATUM {
        return None;
    }
    let shape = view.merged(at).map_or((at.col, at.col), |a| (a.first.col, a.last.col));
    let found = given(schedule, &Other::Subtitle(text.clone()), cells);
    let has_column = |g: &Given| layout.columns.iter().any(|c| c.field.as_ref() == Some(&g.field));
    let known = found.iter().any(|g| g.field == *field);
    let other = !known && found.iter().any(|g| !has_column(g));
    Some(Title { row, at, shape, text, known, other, headed: false })
}
