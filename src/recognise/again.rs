//! Rows that print the headings of a table again, as each page of a long one does.

use super::columns::Layout;
use super::view::is_empty;
use crate::model::{Column, GridCell, Scalar};
use crate::text;

/// A heading as it may be repeated in its column.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    col: u32,
    squeezed: String,
    /// A bit for each pair of letters or figures that it has.
    pairs: [u64; 16],
}

impl Mark {
    pub(super) fn new(column: &Column) -> Self {
        let squeezed = text::squeezed(&column.heading);
        let mut pairs = [0; 16];
        for pair in squeezed.as_bytes().windows(2) {
            if let [first, second] = *pair
                && let number = pair_number((first, second))
                && let Some(block) = pairs.get_mut(number / 64)
            {
                *block |= 1 << (number % 64);
            }
        }
        Self { col: column.heading_area.first.col, pairs, squeezed }
    }

    /// Whether a text is the heading or a part of it. Data is mostly longer or has pairs of letters of its own: no normal
    /// form is made of it.
    fn is(&self, found: &str) -> bool {
        if found.len() > self.squeezed.len() * 2 + 8 || !self.may_have(found) {
            return false;
        }
        let found = text::squeezed(found);
        found == self.squeezed || found.len() > 3 && self.squeezed.contains(&found)
    }

    /// Whether all pairs of plain letters and figures of a text are in the heading.
    fn may_have(&self, text: &str) -> bool {
        let mut before = None;
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                if before.is_some_and(|before| !self.has_pair((before, byte))) {
                    return false;
                }
                before = Some(byte);
            } else if !byte.is_ascii() {
                // What it comes to is told by the normal form alone.
                before = None;
            }
        }
        true
    }

    fn has_pair(&self, pair: (u8, u8)) -> bool {
        let pair = pair_number(pair);
        self.pairs.get(pair / 64).is_some_and(|block| block & 1 << (pair % 64) != 0)
    }
}

/// A number of two letters or figures, whatever their case.
fn pair_number((first, second): (u8, u8)) -> usize {
    usize::from(first & 31) << 5 | usize::from(second & 31)
}

/// Whether a row prints the headings of a layout again. One that has as many others is the header of another table.
pub(super) fn repeats(layout: &Layout, cells: &[GridCell]) -> bool {
    let (mut same, mut others) = (0, 0);
    for cell in cells {
        let mark = layout.marks.binary_search_by_key(&cell.at.col, |m| m.col).ok().and_then(|i| layout.marks.get(i));
        if let (Some(mark), Scalar::Text(text)) = (mark, &cell.value)
            && mark.is(text)
        {
            same += 1;
        } else if !is_empty(cell) {
            others += 1;
            // Most rows are known for data by half of their cells.
            if others * 2 >= cells.len() {
                return false;
            }
        }
    }
    same >= 2 && same * 2 > layout.marks.len() && others < same && !is_shifted(layout, cells)
}

/// Whether a heading of the layout stands in another column: a column more between them makes another table.
fn is_shifted(layout: &Layout, cells: &[GridCell]) -> bool {
    let heading = |cell: &GridCell| match &cell.value {
        Scalar::Text(text) => Some(text::squeezed(text)).filter(|t| t.len() > 3),
        _ => None,
    };
    cells.iter().any(|cell| {
        let Some(text) = heading(cell) else { return false };
        let mut columns = layout.marks.iter().filter(|m| m.squeezed == text).map(|m| m.col).peekable();
        columns.peek().is_some() && columns.all(|col| col != cell.at.col)
    })
}
