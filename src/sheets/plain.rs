//! A new workbook of the content of a document that is none of XML parts: values, merged areas, what is hidden, notes,
//! answer lists, page headers.

use std::collections::BTreeSet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Note, Shape, Workbook, Worksheet, XlsxError};

use super::around::{Answers, write_headers};
use super::failed;
use super::look::{fitted, write_text};
use super::measure::pixels;
use crate::model::{Area, Bilingual, CellRef, Error, Format as Shown, Grid, GridCell, Scalar, Sheet, Visibility};

/// The longest name of a sheet, in UTF-16 units.
const SHEET_NAME: usize = 31;
/// Rows that are measured for the widths of columns.
const MEASURED: usize = 2_000;
/// Narrowest and widest column, in characters.
const WIDTHS: (f64, f64) = (8.43, 60.0);
/// Width and height of a text box in pixels.
const BOX: (u32, u32) = (480, 160);
/// Cells that merged areas may cover in the whole workbook, for each of them is written.
const COVERED: u64 = 1_000_000;

/// A workbook made from a grid.
#[derive(Debug, Clone)]
pub(crate) struct Plain {
    /// Its bytes. Equal grids give equal bytes.
    pub(crate) bytes: Vec<u8>,
    /// The names of its sheets, in the order of the grid: those that Excel does not take are changed.
    pub(crate) names: Vec<String>,
    /// What could not be carried over.
    pub(crate) warnings: Vec<Bilingual>,
}

/// Makes the workbook.
pub(crate) fn plain_workbook(grid: &Grid) -> Result<Plain, Error> {
    build(grid).map_err(failed)
}

fn build(grid: &Grid) -> Result<Plain, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let names = names(grid);
    let formats = Formats::new();
    let mut answers = Answers::new(grid, &names);
    let (mut lost, mut covered) = (Lost::default(), 0);
    let shown = grid.sheets.iter().position(|s| s.visibility == Visibility::Visible).unwrap_or(0);
    for (index, (sheet, name)) in grid.sheets.iter().zip(&names).enumerate() {
        let to = workbook.add_worksheet().set_name(name)?;
        lost.merged += merge(to, sheet, &formats, &mut covered);
        widths(to, sheet)?;
        for cell in &sheet.cells {
            lost.cut += usize::from(write(to, cell, &formats)?);
        }
        for row in &sheet.hidden_rows {
            to.set_row_hidden(*row)?;
        }
        for col in sheet.hidden_cols.iter().filter_map(|c| u16::try_from(*c).ok()) {
            to.set_column_hidden(col)?;
        }
        lost.lists += answers.write(to, sheet)?;
        lost.headers += write_headers(to, sheet);
        for note in &sheet.notes {
            let text = Note::new(fitted(&note.text).0).add_author_prefix(false).set_author(fitted_author(&note.author));
            to.insert_note(note.at.row, column(note.at), &text)?;
        }
        for text in &sheet.boxes {
            let shape = Shape::textbox().set_text(fitted(&text.text).0.as_ref()).set_width(BOX.0).set_height(BOX.1);
            to.insert_shape(text.at.row, column(text.at), &shape)?;
        }
        match sheet.visibility {
            _ if index == shown => drop(to.set_active(true).set_first_tab(true)),
            Visibility::Visible => {}
            Visibility::Hidden => drop(to.set_hidden(true)),
            Visibility::VeryHidden => drop(to.set_very_hidden(true)),
        }
    }
    Ok(Plain { bytes: workbook.save_to_buffer()?, names, warnings: lost.warnings() })
}

/// How much of what could not be carried over.
#[derive(Default)]
struct Lost {
    cut: usize,
    merged: usize,
    lists: usize,
    headers: usize,
}

impl Lost {
    fn warnings(&self) -> Vec<Bilingual> {
        let mut warnings = vec![Bilingual::new(
            "la copia annotata è una cartella .xlsx nuova con lo stesso contenuto: formati e formule restano nel file di partenza",
            "the annotated copy is a new .xlsx workbook of the same content: formats and formulas stay in the source file",
        )];
        let kinds = [
            (
                self.cut,
                "testi più lunghi di quanto una cella ammette, troncati nella copia",
                "texts longer than a cell takes, cut in the copy",
            ),
            (
                self.merged,
                "aree unite troppo grandi o sovrapposte, non riportate nella copia",
                "merged areas too large or overlapping, not carried over into the copy",
            ),
            (
                self.lists,
                "elenchi a discesa che una cartella nuova non può contenere, non riportati nella copia",
                "drop-down lists that a new workbook cannot hold, not carried over into the copy",
            ),
            (
                self.headers,
                "intestazioni di pagina troppo lunghe, non riportate nella copia",
                "page headers too long, not carried over into the copy",
            ),
        ];
        let counted = kinds.into_iter().filter(|(number, ..)| *number > 0);
        warnings.extend(counted.map(|(n, it, en)| Bilingual::new(format!("{it}: {n}"), format!("{en}: {n}"))));
        warnings
    }
}

struct Formats {
    plain: Format,
    text: Format,
    date: Format,
    moment: Format,
    time: Format,
    percent: Format,
    fraction: Format,
}

impl Formats {
    fn new() -> Self {
        let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let like = |code: &str| plain.clone().set_num_format(code);
        Self {
            text: like("@"),
            date: like("dd/mm/yyyy"),
            moment: like("dd/mm/yyyy hh:mm"),
            time: like("hh:mm"),
            percent: like("0%"),
            fraction: like("0.00%"),
            plain,
        }
    }

    fn of(&self, number: f64, shown: Shown) -> &Format {
        let is_whole = |n: f64| (n - n.round()).abs() < 1e-9;
        match shown {
            Shown::General => &self.plain,
            Shown::Text => &self.text,
            Shown::Date if number < 1.0 => &self.time,
            Shown::Date if is_whole(number) => &self.date,
            Shown::Date => &self.moment,
            Shown::Percent if is_whole(number * 100.0) => &self.percent,
            Shown::Percent => &self.fraction,
        }
    }
}

/// The number of a column.
pub(super) fn column(at: CellRef) -> u16 {
    u16::try_from(at.col).unwrap_or(u16::MAX)
}

/// Writes a cell; whether its text was cut.
fn write(to: &mut Worksheet, cell: &GridCell, formats: &Formats) -> Result<bool, XlsxError> {
    let at = (cell.at.row, column(cell.at));
    match &cell.value {
        Scalar::Number(n) => to.write_number_with_format(at.0, at.1, *n, formats.of(*n, cell.format))?,
        Scalar::Bool(b) => to.write_boolean_with_format(at.0, at.1, *b, &formats.plain)?,
        Scalar::Uncalculated => return write_text(to, at, &cell.value.to_string(), &formats.plain),
        Scalar::Text(text) | Scalar::Error(text) => {
            let format = if cell.format == Shown::Text { &formats.text } else { &formats.plain };
            return write_text(to, at, text, format);
        }
    };
    Ok(false)
}

/// Merges what can be merged, before values are written; how many areas could not.
fn merge(to: &mut Worksheet, sheet: &Sheet, formats: &Formats, covered: &mut u64) -> usize {
    let mut lost = 0;
    for area in sheet.merged.iter().filter(|a| !a.is_cell()) {
        let Area { first, last } = *area;
        let size = u64::from(last.row - first.row + 1) * u64::from(last.col - first.col + 1);
        let is_done = *covered + size <= COVERED
            && to.merge_range(first.row, column(first), last.row, column(last), "", &formats.plain).is_ok();
        if is_done {
            *covered += size;
        } else {
            lost += 1;
        }
    }
    lost
}

/// Columns as wide as their texts, within reason.
fn widths(to: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let digit = pixels("0");
    let mut widest = std::collections::BTreeMap::new();
    let first = sheet.cells.first().map_or(0, |c| c.at.row);
    let measured = sheet.cells.iter().take_while(|c| (c.at.row - first) as usize <= MEASURED);
    let merged: BTreeSet<CellRef> = sheet.merged.iter().map(|a| a.first).collect();
    for cell in measured.filter(|c| !merged.contains(&c.at)) {
        let line = |text: &str| {
            text.lines().map(|l| pixels(&l.chars().take(200).collect::<String>()) / digit).fold(0.0, f64::max)
        };
        let width = match &cell.value {
            Scalar::Text(text) => line(text),
            other => line(&other.to_string()),
        };
        let known: &mut f64 = widest.entry(column(cell.at)).or_insert(0.0);
        *known = known.max(width);
    }
    for (col, width) in widest {
        to.set_column_width(col, (width + 1.5).clamp(WIDTHS.0, WIDTHS.1))?;
    }
    Ok(())
}

/// An author as a note takes one.
fn fitted_author(author: &str) -> String {
    author.chars().take(52).collect()
}

/// Names that Excel takes, each once whatever its case.
fn names(grid: &Grid) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut free = |sheet: &Sheet, position: usize| {
        let mut kept: String =
            sheet.name.chars().map(|c| if c.is_control() || r"[]:*?/\".contains(c) { '_' } else { c }).collect();
        kept = within(kept.trim_matches('\''), SHEET_NAME);
        if kept.trim().is_empty() {
            kept = format!("Foglio{}", position + 1);
        }
        let numbered = (2..usize::MAX).map(|n| {
            let end = format!(" ({n})");
            within(&kept, SHEET_NAME - end.len()) + end.as_str()
        });
        let mut names = std::iter::once(kept.clone()).chain(numbered);
        names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
    };
    grid.sheets.iter().enumerate().map(|(i, sheet)| free(sheet, i)).collect()
}

/// As many whole characters as fit.
fn within(text: &str, units: usize) -> String {
    let mut room = units;
    let mut fits = |c: &char| {
        let taken = c.len_utf16();
        let fits = taken <= room;
        room = room.saturating_sub(taken);
        fits
    };
    text.chars().take_while(|c| fits(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_ones_that_excel_takes() {
        let sheet = |name: &str| Sheet { name: name.into(), ..Sheet::default() };
        let long = "x".repeat(40);
        let sheets = ["a/b", "A_b", "", "'x'", &long, &long].map(sheet).into();
        let names = names(&Grid { sheets, ..Grid::default() });
        let expected =
            ["a_b", "A_b (2)", "Foglio3", "x", &"x".repeat(31), &format!("{} (2)", "x".repeat(27))].map(str::to_owned);
        assert_eq!(names, expected);
    }

    #[test]
    fn merged_areas_without_bounds_cost_nothing() {
        let area = |text: &str| Area::parse(text).unwrap();
        let merged = vec![area("A1:XFD1048576"), area("A1:B2"), area("B2:C3")];
        let sheet = Sheet { name: "a".into(), merged, ..Sheet::default() };
        let plain = plain_workbook(&Grid { sheets: vec![sheet], ..Grid::default() }).unwrap();
        assert!(plain.warnings[1].it.ends_with(": 2"), "{:?}", plain.warnings);
    }
}
