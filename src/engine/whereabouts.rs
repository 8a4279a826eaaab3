//! What stands where a finding points, and the corner that places are sorted by.

use std::sync::Arc;

use crate::model::{Cell, CellRef, Place, Value};
use crate::text;

/// What a cell holds, as found.
pub(super) fn found(cell: &Cell) -> Option<Arc<str>> {
    if cell.value == Value::Uncalculated {
        return None;
    }
    let text = if text::is_blank(&cell.raw) { &cell.text } else { &cell.raw };
    (!text::is_blank(text)).then(|| text.clone())
}

/// The upper left cell of a place, of a line its beginning, for comparing.
pub(super) fn corner(place: &Place) -> (u32, Option<CellRef>) {
    let on_line = || Some(CellRef::new(place.line?.saturating_sub(1), 0));
    (place.sheet_index, place.area.map(|a| a.first).or_else(on_line))
}
