//! Figures put into cells of the user's own workbook, their formats kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::book::{BOOK_ORDER, Book};
use crate::model::{CellRef, Error};
use crate::package::{Outline, Overlay, Splice, StartTag, Tags, attribute, prefixed, without_attribute};

/// A workbook with figures filled in.
#[derive(Debug, Clone)]
pub struct Filled {
    /// The bytes of the workbook.
    pub bytes: Vec<u8>,
    /// Cells left as they are, for they hold a formula: the sheet and the cell.
    pub kept: Vec<(Arc<str>, CellRef)>,
}

/// Writes figures into cells, given by the name of their sheet; every other byte of content stays. A cell with a formula
/// is left as it is. Formulas over the figures are computed anew when the workbook is opened.
pub fn fill(source: &[u8], figures: &[(Arc<str>, CellRef, usize)]) -> Result<Filled, Error> {
    let mut package = Overlay::open(source)?;
    let book = Book::open(&mut package)?;
    let mut kept = Vec::new();
    let mut by_sheet: BTreeMap<&Arc<str>, BTreeMap<CellRef, usize>> = BTreeMap::new();
    for (sheet, at, figure) in figures {
        by_sheet.entry(sheet).or_default().insert(*at, *figure);
    }
    for (name, cells) in by_sheet {
        let entry = book.sheets.iter().find(|s| *s.name == **name);
        let Some(part) = entry.and_then(|s| s.part.as_deref()) else { continue };
        let part = package.needed(part)?;
        let (splice, formulas) = filled(&part.xml, cells)?;
        kept.extend(formulas.into_iter().map(|at| (Arc::clone(name), at)));
        package.patch(part, splice)?;
    }
    for signature in &book.signatures {
        package.unrelate("", signature)?;
    }
    let mut splice = Splice::default();
    match book.outline.child("calcPr") {
        Some(settings) => splice.set_attribute(&book.part.xml, settings, "fullCalcOnLoad", "1"),
        None => splice.insert(
            book.outline.slot(BOOK_ORDER, "calcPr"),
            prefixed("<calcPr fullCalcOnLoad=\"1\"/>", book.outline.prefix()),
        ),
    }
    package.patch(book.part.clone(), splice)?;
    Ok(Filled { bytes: package.save()?, kept })
}

/// What stands where in the rows of a sheet, while they are walked through.
struct Walk<'a> {
    xml: &'a str,
    prefix: &'a str,
    left: BTreeMap<CellRef, usize>,
    splice: Splice,
    formulas: Vec<CellRef>,
}

/// The changes of a sheet, and the cells left for their formulas.
fn filled(xml: &str, cells: BTreeMap<CellRef, usize>) -> Result<(Splice, Vec<CellRef>), Error> {
    let outline = Outline::of(xml)?;
    let prefix = outline.prefix().to_owned();
    let Some(data) = outline.child("sheetData") else { return Ok((Splice::default(), Vec::new())) };
    let mut walk = Walk { xml, prefix: &prefix, left: cells, splice: Splice::default(), formulas: Vec::new() };
    if data.is_empty_tag() {
        let rows = walk.rows_before(u32::MAX);
        walk.splice.append_inside(xml, data, &rows);
        return Ok((walk.splice, walk.formulas));
    }
    let mut tags = Tags::of(xml).skip_while(|t| t.as_ref().is_ok_and(|t| t.start < data.open_end));
    let (mut row, mut next_col, mut next_row) = (0, 0, 0);
    while let Some(tag) = tags.next() {
        let tag = tag?;
        if tag.start >= data.close {
            break;
        }
        match (tag.local, tag.is_end) {
            ("row", false) => {
                let said = attribute(tag.text, "r").and_then(|r| r.parse::<u32>().ok());
                row = said.and_then(|r| r.checked_sub(1)).unwrap_or(next_row);
                (next_row, next_col) = (row + 1, 0);
                let rows = walk.rows_before(row);
                walk.splice.insert(tag.start, rows);
                if tag.text.ends_with("/>") {
                    walk.open_row(&tag, row);
                }
            }
            ("row", true) => {
                let cells = walk.cells_before(row, u32::MAX);
                walk.splice.insert(tag.start, cells);
            }
            ("c", false) => {
                let said = attribute(tag.text, "r").and_then(|r| CellRef::parse(&r));
                let at = CellRef::new(row, said.map_or(next_col, |at| at.col));
                next_col = at.col + 1;
                let cells = walk.cells_before(row, at.col);
                walk.splice.insert(tag.start, cells);
                let end = if tag.text.ends_with("/>") { tag.end } else { closing(&mut tags)? };
                walk.cell(&tag, at, end);
            }
            _ => {}
        }
    }
    let rows = walk.rows_before(u32::MAX);
    walk.splice.insert(data.close, rows);
    Ok((walk.splice, walk.formulas))
}

/// The end of the cell whose content comes next.
fn closing<'a>(tags: &mut impl Iterator<Item = Result<StartTag<'a>, Error>>) -> Result<usize, Error> {
    for tag in tags {
        let tag = tag?;
        if tag.local == "c" && tag.is_end {
            return Ok(tag.end);
        }
    }
    Ok(usize::MAX)
}

impl Walk<'_> {
    /// A cell that is there: another value, the same format.
    fn cell(&mut self, tag: &StartTag<'_>, at: CellRef, end: usize) {
        let Some(figure) = self.left.remove(&at) else { return };
        let content = self.xml.get(tag.start..end).unwrap_or_default();
        let prefix = self.prefix;
        if content.contains(&format!("<{prefix}f>")) || content.contains(&format!("<{prefix}f ")) {
            self.formulas.push(at);
            return;
        }
        let start = without_attribute(tag.text, "t");
        let start = start.trim_end_matches('>').trim_end_matches('/').trim_end();
        self.splice.replace(tag.start..end, format!("{start}><{prefix}v>{figure}</{prefix}v></{prefix}c>"));
    }

    /// A row without cells gets those that it is to have.
    fn open_row(&mut self, tag: &StartTag<'_>, row: u32) {
        let cells = self.cells_before(row, u32::MAX);
        if !cells.is_empty() {
            let start = tag.text.trim_end_matches("/>").trim_end().to_owned();
            self.splice.replace(tag.start..tag.end, format!("{start}>{cells}</{}row>", self.prefix));
        }
    }

    /// The cells of a row left of a column that are still to come.
    fn cells_before(&mut self, row: u32, col: u32) -> String {
        let prefix = self.prefix;
        let wanted: Vec<CellRef> =
            self.left.range(CellRef::new(row, 0)..CellRef::new(row, col)).map(|(at, _)| *at).collect();
        let mut out = String::new();
        for (at, n) in wanted.into_iter().filter_map(|at| Some((at, self.left.remove(&at)?))) {
            let _ = write!(out, "<{prefix}c r=\"{at}\"><{prefix}v>{n}</{prefix}v></{prefix}c>");
        }
        out
    }

    /// The rows above a row that are still to come.
    fn rows_before(&mut self, row: u32) -> String {
        let mut out = String::new();
        while let Some(next) = self.left.first_key_value().map(|(at, _)| at.row).filter(|r| *r < row) {
            let cells = self.cells_before(next, u32::MAX);
            let prefix = self.prefix;
            let _ = write!(out, "<{prefix}row r=\"{}\">{cells}</{prefix}row>", next + 1);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str, cells: &[(&str, usize)]) -> (String, Vec<CellRef>) {
        let cells = cells.iter().map(|(at, n)| (CellRef::parse(at).unwrap(), *n)).collect();
        let (splice, formulas) = filled(xml, cells).unwrap();
        (splice.apply(xml).unwrap().0, formulas)
    }

    #[test]
    fn figures_stand_where_they_belong() {
        let sheet = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let xml = sheet(
            r#"<row r="2"><c r="A2" s="3" t="s"><v>0</v></c><c r="C2" s="4" t="s"><v>1</v></c></row><row r="4" ht="9"/>"#,
        );
        let (out, formulas) = text(&xml, &[("C2", 15), ("B2", 1), ("D2", 2), ("C3", 3), ("C4", 4), ("A9", 5)]);
        let expected = sheet(concat!(
            r#"<row r="2"><c r="A2" s="3" t="s"><v>0</v></c><c r="B2"><v>1</v></c><c r="C2" s="4"><v>15</v></c><c r="D2"><v>2</v></c></row>"#,
            r#"<row r="3"><c r="C3"><v>3</v></c></row><row r="4" ht="9"><c r="C4"><v>4</v></c></row><row r="9"><c r="A9"><v>5</v></c></row>"#
        ));
        assert_eq!((out, formulas), (expected, vec![]));
    }

    #[test]
    fn a_formula_is_left() {
        let xml = r#"<worksheet><sheetData><row r="1"><c r="A1"><f>B1+1</f><v>2</v></c><c r="B1" s="1"/></row></sheetData></worksheet>"#;
        let (out, formulas) = text(xml, &[("A1", 7), ("B1", 8)]);
        assert_eq!(out, xml.replace(r#"<c r="B1" s="1"/>"#, r#"<c r="B1" s="1"><v>8</v></c>"#));
        assert_eq!(formulas, [CellRef::new(0, 0)]);
    }

    #[test]
    fn a_sheet_without_rows_gets_them() {
        let (out, _) = text("<x:worksheet><x:sheetData/></x:worksheet>", &[("B2", 8)]);
        assert_eq!(
            out,
            r#"<x:worksheet><x:sheetData><x:row r="2"><x:c r="B2"><x:v>8</x:v></x:c></x:row></x:sheetData></x:worksheet>"#
        );
    }
}
