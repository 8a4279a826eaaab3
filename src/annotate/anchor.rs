//! Where the box of a note lies: Excel sizes it by columns and rows, so their widths and heights are needed.

use std::collections::BTreeMap;

use crate::model::{CellRef, Error};
use crate::package::{Outline, attribute};

/// Pixels of a column that is not mentioned.
const DEFAULT_COLUMN: u32 = 64;
/// Pixels of a row that is not mentioned.
const DEFAULT_ROW: u32 = 20;
/// Columns or rows a box may pass on its way to its far corner; hidden ones have no size.
const MAX_STEPS: u32 = 2_000;

/// Widths of columns and heights of rows of one sheet, in pixels.
#[derive(Debug)]
pub(super) struct Geometry {
    /// Spans of columns (from 0, both ends included) with their width.
    columns: Vec<(u32, u32, u32)>,
    rows: BTreeMap<u32, u32>,
    default_column: u32,
    default_row: u32,
}

impl Geometry {
    /// Reads the sizes of a sheet.
    pub(super) fn of(xml: &str, outline: &Outline) -> Result<Self, Error> {
        let mut geometry = Self {
            columns: Vec::new(),
            rows: BTreeMap::new(),
            default_column: DEFAULT_COLUMN,
            default_row: DEFAULT_ROW,
        };
        if let Some(format) = outline.child("sheetFormatPr") {
            let number = |name| attribute(format.tag(xml), name).and_then(|v| v.parse::<f64>().ok());
            geometry.default_column = number("defaultColWidth").map_or(DEFAULT_COLUMN, column_pixels);
            geometry.default_row = number("defaultRowHeight").map_or(DEFAULT_ROW, row_pixels);
        }
        if let Some(columns) = outline.child("cols") {
            for column in Outline::inside(xml, columns)?.children {
                geometry.columns.extend(column_span(column.tag(xml)));
            }
        }
        if let Some(data) = outline.child("sheetData") {
            geometry.read_rows(data.inner(xml), data.prefix());
        }
        Ok(geometry)
    }

    /// The rows with a height of their own. Those without a number are left out: their boxes are a little off.
    fn read_rows(&mut self, data: &str, prefix: &str) {
        let start = format!("<{prefix}row ");
        for (at, _) in data.match_indices(&start) {
            let rest = data.get(at..).unwrap_or_default();
            let tag = rest.get(..rest.find('>').unwrap_or(0)).unwrap_or_default();
            if !tag.contains(" ht=") && !tag.contains(" hidden=") {
                continue;
            }
            let Some(row) = attribute(tag, "r").and_then(|r| r.parse::<u32>().ok()?.checked_sub(1)) else { continue };
            let height = attribute(tag, "ht").and_then(|h| h.parse().ok()).map(row_pixels);
            let height = if is_hidden(tag) { Some(0) } else { height };
            self.rows.extend(height.map(|h| (row, h)));
        }
    }

    fn column(&self, col: u32) -> u32 {
        let span = self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&col));
        span.map_or(self.default_column, |(.., width)| *width)
    }

    fn row(&self, row: u32) -> u32 {
        self.rows.get(&row).copied().unwrap_or(self.default_row)
    }

    /// The anchor of a box of that size beside a cell, as VML writes it: column and pixels in it, row and pixels
    /// in it, of the near corner and of the far one.
    pub(super) fn anchor(&self, cell: CellRef, width: u32, height: u32) -> String {
        let left = (cell.col + 1).min(CellRef::MAX_COL - 8);
        let top = cell.row.saturating_sub(1).min(CellRef::MAX_ROW - 40);
        let (right, right_px) = walk(left, 15 + width, CellRef::MAX_COL, |c| self.column(c));
        let (bottom, bottom_px) = walk(top, 4 + height, CellRef::MAX_ROW, |r| self.row(r));
        format!("{left}, 15, {top}, 4, {right}, {right_px}, {bottom}, {bottom_px}")
    }
}

impl Geometry {
    /// An anchor with its near corner as it is and its far one so far away that a box of that size fits in; as it
    /// was where it is larger. `None` if it cannot be read.
    pub(super) fn grown(&self, anchor: &str, width: u32, height: u32) -> Option<String> {
        let numbers: Vec<u32> = anchor.split(',').map(|n| n.trim().parse().ok()).collect::<Option<_>>()?;
        let [left, left_px, top, top_px, right, right_px, bottom, bottom_px] = *numbers.as_slice() else {
            return None;
        };
        let far = walk(left, left_px.min(4000) + width, CellRef::MAX_COL, |c| self.column(c));
        let (right, right_px) = far.max((right, right_px));
        let far = walk(top, top_px.min(4000) + height, CellRef::MAX_ROW, |r| self.row(r));
        let (bottom, bottom_px) = far.max((bottom, bottom_px));
        Some(format!("{left}, {left_px}, {top}, {top_px}, {right}, {right_px}, {bottom}, {bottom_px}"))
    }
}

/// The index that lies `length` pixels on from the start of `first`, and the pixels in it.
fn walk(first: u32, mut length: u32, last: u32, size: impl Fn(u32) -> u32) -> (u32, u32) {
    let mut index = first;
    while index < last && index - first < MAX_STEPS {
        let here = size(index);
        if length < here {
            break;
        }
        length -= here;
        index += 1;
    }
    (index, length.min(size(index)))
}

fn column_span(tag: &str) -> Option<(u32, u32, u32)> {
    let number = |name| attribute(tag, name)?.parse::<u32>().ok();
    let width = attribute(tag, "width").and_then(|w| w.parse().ok()).map_or(DEFAULT_COLUMN, column_pixels);
    let width = if is_hidden(tag) { 0 } else { width };
    Some((number("min")?.checked_sub(1)?, number("max")?.checked_sub(1)?, width))
}

fn is_hidden(tag: &str) -> bool {
    attribute(tag, "hidden").is_some_and(|v| v == "1" || v == "true")
}

/// Width in characters of the default font to pixels.
fn column_pixels(width: f64) -> u32 {
    pixels(width * 7.0)
}

/// Points to pixels.
fn row_pixels(height: f64) -> u32 {
    pixels(height * 4.0 / 3.0)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just before")]
fn pixels(size: f64) -> u32 {
    size.round().clamp(0.0, 4000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_spans_as_many_rows_as_it_is_high() {
        let xml = "<worksheet><sheetFormatPr defaultRowHeight=\"15\"/><cols><col min=\"3\" max=\"3\" width=\"100\"/>\
                   </cols><sheetData><row r=\"2\" ht=\"90\"><c/></row><row r=\"3\" hidden=\"1\"/></sheetData></worksheet>";
        let geometry = Geometry::of(xml, &Outline::of(xml).unwrap()).unwrap();
        // Row 1 is 20 pixels high, row 2 120, row 3 hidden; column C is 700 pixels wide.
        assert_eq!(geometry.anchor(CellRef::new(1, 1), 300, 100), "2, 15, 0, 4, 2, 315, 1, 84");
        assert_eq!(geometry.anchor(CellRef::new(1, 1), 300, 140), "2, 15, 0, 4, 2, 315, 3, 4");
    }

    #[test]
    fn a_box_grows_but_does_not_shrink() {
        let xml = "<worksheet><sheetData/></worksheet>";
        let geometry = Geometry::of(xml, &Outline::of(xml).unwrap()).unwrap();
        let grown = geometry.grown("2, 15, 1, 2, 4, 15, 5, 16", 64, 200);
        assert_eq!(grown.as_deref(), Some("2, 15, 1, 2, 4, 15, 11, 2"));
        assert_eq!(geometry.grown("2, 15, 1", 64, 200), None);
    }

    #[test]
    fn boxes_of_the_last_cell_stay_on_the_sheet() {
        let xml = "<worksheet><sheetData/></worksheet>";
        let geometry = Geometry::of(xml, &Outline::of(xml).unwrap()).unwrap();
        let anchor = geometry.anchor(CellRef::new(CellRef::MAX_ROW, CellRef::MAX_COL), 300, 5000);
        let numbers: Vec<u32> = anchor.split(", ").map(|n| n.parse().unwrap()).collect();
        assert!(numbers[4] <= CellRef::MAX_COL && numbers[6] <= CellRef::MAX_ROW);
    }
}
