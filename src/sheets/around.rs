//! What stands around the values of a sheet, carried over into a new workbook: answer lists, page headers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rust_xlsxwriter::{DataValidation, Formula, Worksheet, XlsxError};

use crate::model::{Area, CellRef, Dropdown, Grid, Scalar, Sheet};

/// The longest list that is written out, and the longest header or footer, in UTF-16 units.
const LITERAL: usize = 255;
/// Areas of one validation, and validations of one sheet.
const AREAS: usize = 400;
const VALIDATIONS: usize = 60_000;
/// Places that are looked at for the answers of one list.
const PLACES: usize = 16;

/// Writes answer lists: short ones out, others as the cells that hold their answers.
pub(super) struct Answers<'a> {
    grid: &'a Grid,
    names: &'a [String],
    /// The cells that hold the first answer of a list too long to be written out.
    first: HashMap<&'a str, Vec<(usize, CellRef)>>,
    known: BTreeMap<&'a [Arc<str>], Option<String>>,
}

impl<'a> Answers<'a> {
    /// Answers among the sheets of a grid, which the workbook calls by these names.
    pub(super) fn new(grid: &'a Grid, names: &'a [String]) -> Self {
        let lists = grid.sheets.iter().flat_map(|s| &s.dropdowns).filter(|l| !is_short(&l.options));
        let mut first: HashMap<&str, Vec<_>> =
            lists.filter_map(|l| l.options.first()).map(|o| (&**o, Vec::new())).collect();
        if !first.is_empty() {
            for (number, sheet) in grid.sheets.iter().enumerate() {
                for cell in &sheet.cells {
                    let Scalar::Text(text) = &cell.value else { continue };
                    if let Some(places) = first.get_mut(&**text).filter(|p| p.len() < PLACES) {
                        places.push((number, cell.at));
                    }
                }
            }
        }
        Self { grid, names, first, known: BTreeMap::new() }
    }

    /// Writes the lists of a sheet; how many could not be.
    pub(super) fn write(&mut self, to: &mut Worksheet, sheet: &'a Sheet) -> Result<usize, XlsxError> {
        let (mut lost, mut written) = (0, 0);
        for list in sheet.dropdowns.iter().filter(|l| !l.options.is_empty()) {
            let Some(validation) = self.validation(list)? else {
                lost += 1;
                continue;
            };
            for areas in list.areas.chunks(AREAS) {
                if written == VALIDATIONS {
                    lost += 1;
                    break;
                }
                let Some(Area { first, last }) = areas.first() else { break };
                let range: Vec<_> = areas.iter().map(Area::to_string).collect();
                let (from, to_col) = (super::plain::column(*first), super::plain::column(*last));
                let validation = validation.clone().set_multi_range(range.join(" "));
                to.add_data_validation(first.row, from, last.row, to_col, &validation)?;
                written += 1;
            }
        }
        Ok(lost)
    }

    fn validation(&mut self, list: &'a Dropdown) -> Result<Option<DataValidation>, XlsxError> {
        // The grid does not tell whether other answers were refused.
        let validation = DataValidation::new().show_error_message(false);
        if is_short(&list.options) {
            return validation.allow_list_strings(&list.options).map(Some);
        }
        let place = if let Some(place) = self.known.get(list.options.as_slice()) {
            place.clone()
        } else {
            let place = self.place(&list.options);
            self.known.insert(&list.options, place.clone());
            place
        };
        Ok(place.map(|place| validation.allow_list_formula(Formula::new(place))))
    }

    /// The cells, one below the other, that hold these answers.
    fn place(&self, options: &[Arc<str>]) -> Option<String> {
        let places = self.first.get(&**options.first()?)?;
        let (number, first) = places.iter().find(|(number, first)| {
            let Some(sheet) = self.grid.sheets.get(*number) else { return false };
            (first.row..).zip(options).all(|(row, option)| match sheet.get(CellRef::new(row, first.col)) {
                Some(cell) => match &cell.value {
                    Scalar::Text(text) => text == option,
                    other => other.to_string() == **option,
                },
                None => false,
            })
        })?;
        let name = self.names.get(*number)?.replace('\'', "''");
        let column = crate::model::column_name(first.col);
        let last = first.row as usize + options.len();
        Some(format!("='{name}'!${column}${}:${column}${last}", first.row + 1))
    }
}

/// Whether a list can be written out: its answers are parted by commas.
fn is_short(options: &[Arc<str>]) -> bool {
    let length = |o: &Arc<str>| o.encode_utf16().map(|u| 1 + usize::from(u == u16::from(b'"'))).sum::<usize>() + 1;
    options.iter().all(|o| !o.contains(',')) && options.iter().map(length).sum::<usize>() <= LITERAL + 1
}

/// Puts the sections of page headers into the header, and those that do not fit into the footer; how many fit in
/// neither.
pub(super) fn write_headers(to: &mut Worksheet, sheet: &Sheet) -> usize {
    let (mut texts, mut lost) = ([String::new(), String::new()], 0);
    for section in &sheet.header_footer {
        let section = section.replace('&', "&&");
        let fits = |text: &String| format!("&C{text}\n{section}").encode_utf16().count() <= LITERAL;
        match texts.iter_mut().find(|text| fits(text)) {
            Some(text) if text.is_empty() => *text = section,
            Some(text) => {
                text.push('\n');
                text.push_str(&section);
            }
            None => lost += 1,
        }
    }
    let [header, footer] = texts;
    if !header.is_empty() {
        to.set_header(format!("&C{header}"));
    }
    if !footer.is_empty() {
        to.set_footer(format!("&C{footer}"));
    }
    lost
}
