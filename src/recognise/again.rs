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
    letters: u64,
}

impl Mark {
    pub(super) fn new(column: &Column) -> Self {
        let squeezed = text::squeezed(&column.heading);
        Self { col: column.heading_area.first.col, letters: letters(&squeezed), squeezed }
    }

    /// Whether a text is the heading or a part of it. Data is mostly longer or has letters of its own: no normal form is
    /// made of it.
    fn is(&self, found: &str) -> bool {
        if found.len() > self.squeezed.len() * 2 + 8 || found.bytes().any(|b| letter(b) & !self.letters != 0) {
            return false;
        }
        let found = text::squeezed(found);
        found == self.squeezed || found.len() > 3 && self.squeezed.contains(&found)
    }
}

/// A bit for each letter and figure that a text has, whatever their case.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |all, b| all | letter(b))
}

fn letter(byte: u8) -> u64 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => 1 << (byte & 31),
        b'0'..=b'9' => 1 << (byte - 16),
        _ => 0,
    }
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
