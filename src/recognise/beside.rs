//! The fields that a register has beside those of its columns: parts of cells that hold two fields, and titles
//! between the rows.

use std::sync::Arc;

use super::bounds;
use super::columns::Layout;
use super::recent::Recent;
use super::rows::Other;
use super::titles::{Given, begins_with_label, labelled};
use super::view::{SheetView, is_empty, shown};
use crate::model::{CellRef, GridCell, Scalar};
use crate::pack::{Cutter, ImplySpec, Schedule, SplitSpec};
use crate::text;

/// A column of two fields.
pub(super) struct Split<'a> {
    pub(super) slot: usize,
    pub(super) spec: &'a SplitSpec,
    /// Slot and group of each part, that of the column last.
    pub(super) parts: Vec<(usize, String)>,
    /// What takes its texts apart.
    pub(super) cutter: Cutter,
}

/// The splits of columns that are there, into fields that have no column: slot, pattern, and target slots.
pub(super) fn splits<'a>(
    view: &SheetView<'_>,
    schedule: &'a Schedule,
    layout: &Layout,
    fields: &mut Vec<Arc<str>>,
) -> Vec<Split<'a>> {
    let mut found = Vec::new();
    for spec in &schedule.register.split {
        let Some(slot) = fields.iter().position(|f| *f == spec.field) else { continue };
        if !often_matches(view, layout, spec) {
            continue;
        }
        let others: Vec<String> = spec.pattern.groups().map(str::to_owned).filter(|g| **g != *spec.field).collect();
        if others.iter().any(|g| fields.iter().any(|f| **f == **g)) {
            continue;
        }
        let mut parts = Vec::new();
        for group in others {
            parts.push((fields.len(), group.clone()));
            fields.push(group.as_str().into());
        }
        parts.push((slot, spec.field.to_string()));
        let groups: Vec<&str> = parts.iter().map(|(_, group)| group.as_str()).collect();
        let cutter = spec.pattern.cutter(&groups);
        found.push(Split { slot, spec, parts, cutter });
    }
    found
}

/// Whether a row of the table may give a field that has no column.
pub(super) fn implies(view: &SheetView<'_>, layout: &Layout, spec: &ImplySpec) -> bool {
    let rows = view.rows.iter().skip(view.position(layout.from)).take_while(|(r, _)| *r <= layout.rows.1);
    let mut known = Recent::of(view.sheet.cells.len());
    rows.flat_map(|(_, range)| view.cells(range)).any(|cell| match &cell.value {
        Scalar::Text(text) => known.get(0, text, |text| is_note(spec, text)),
        _ => is_note(spec, &shown(cell)),
    })
}

/// Whether a text is the note that gives the field.
pub(super) fn is_note(spec: &ImplySpec, text: &str) -> bool {
    text.len() <= bounds::NOTE && spec.pattern.is_match(text)
}

/// Whether at least a third of the first texts in the column are of two fields.
fn often_matches(view: &SheetView<'_>, layout: &Layout, spec: &SplitSpec) -> bool {
    let column = layout.columns.iter().find(|c| c.field.as_ref() == Some(&spec.field));
    let Some(col) = column.map(|c| c.heading_area.first.col) else { return false };
    let from = view.position(layout.from);
    let texts = view.rows.iter().skip(from).take(100).map(|(row, _)| view.text(CellRef::new(*row, col)));
    let texts: Vec<Arc<str>> = texts.filter(|t| !text::is_blank(t)).collect();
    texts.iter().filter(|t| spec.pattern.is_match(t)).count() * 3 >= texts.len().max(1)
}

/// Whether a title row inside the table gives this field, of `others` that are no records.
pub(super) fn subtitle_gives(
    view: &SheetView<'_>,
    schedule: &Schedule,
    others: &[(usize, Other)],
    field: &str,
) -> bool {
    others.iter().any(|(position, title)| {
        let cells = view.rows.get(*position).map_or(&[][..], |(_, range)| view.cells(range));
        given(schedule, title, cells).iter().any(|g| *g.field == *field)
    })
}

/// What a title row gives to the rows below it: what its labels name, or the field that its text looks like.
pub(super) fn given(schedule: &Schedule, title: &Other, cells: &[GridCell]) -> Vec<Given> {
    // Beside a title may stand a mark.
    let first = cells.iter().find(|c| !is_empty(c)).map(std::slice::from_ref);
    let cells = if matches!(title, Other::Subtitle(_)) { first.unwrap_or(cells) } else { cells };
    let named = labelled(schedule, cells);
    let (Other::Subtitle(text), true) = (title, named.is_empty()) else { return named };
    let at = cells.first().map_or(CellRef::new(0, 0), |c| c.at);
    let fields = schedule
        .register
        .subtitles
        .iter()
        .filter(|f| begins_with_label(schedule, f, text) || matches_field(schedule, f, text));
    fields.map(|field| Given { field: field.clone(), at, raw: text.clone(), text: text.clone() }).collect()
}

/// Whether a text looks like a value of the field, and not like one of what speaks against it.
pub(super) fn matches_field(schedule: &Schedule, field: &str, text: &str) -> bool {
    let Some(spec) = schedule.field(field) else { return false };
    let any = |names: &[String]| names.iter().filter_map(|n| schedule.patterns.get(n)).any(|p| p.is_match(text));
    any(&spec.content) && !any(&spec.against) && text.chars().count() <= bounds::DATUM
}
