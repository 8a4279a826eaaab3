//! Spreadsheets of the ODF kind (`.ods`): one bounded pass over `content.xml`, one over the pages of `styles.xml`.
//!
//! Repeated rows, columns and cells are counted, not written out: only a repeated value costs anything, within a
//! bound of its own.

mod line;
mod lists;
mod pages;
mod pass;
mod table;

use super::lists::Lookup;
use super::sheet::List;
use super::texts::Texts;
use super::workbook::DefinedName;
use super::{cut_lists, own, refuse};
use crate::model::{Error, Grid, Sheet};
use crate::package::{Package, corrupt};
use pages::Pages;
use pass::Pass;

/// The part that holds the sheets, and that which holds their pages.
const CONTENT: &str = "content.xml";
const STYLES: &str = "styles.xml";
/// The parts that are read.
pub(crate) const PARTS: &[&str] = &[CONTENT, STYLES];

/// Reads a spreadsheet whose container is open.
pub(crate) fn read(package: &Package) -> Result<Grid, Error> {
    if !package.has(CONTENT) {
        return Err(corrupt("manca il contenuto", "the content is missing"));
    }
    let mut pass = Pass::new(Texts::none(package.limits()), package.limits());
    package.scan(CONTENT, |piece| pass.piece(piece))?;
    let (mut sheets, names, lists, places) = pass.finish();
    let mut pages = Pages::new(&names, package.limits());
    package.scan(STYLES, |piece| pages.piece(piece))?;
    pages.finish(&mut sheets, &names)?;
    let cut = look_up(&mut sheets, lists, &places);
    // Our report sheets, saved by another program: names and parts that told them have become others.
    sheets.retain(|sheet| !own::is_report(&sheet.cells));
    if sheets.is_empty() {
        return Err(refuse::no_sheets());
    }
    Ok(Grid { sheets, remarks: cut.then(cut_lists).into_iter().collect() })
}

/// Gives the sheets the lists whose answers stand elsewhere; whether some are too large.
fn look_up(sheets: &mut [Sheet], lists: Vec<Vec<List>>, places: &[DefinedName]) -> bool {
    let positions: Vec<u32> = (0..).take(sheets.len()).collect();
    let mut lookup = Lookup::new(sheets, &positions, places);
    let dropdowns: Vec<_> = lists.into_iter().enumerate().map(|(i, list)| lookup.dropdowns(i, list)).collect();
    let cut = lookup.cut;
    for (sheet, dropdowns) in sheets.iter_mut().zip(dropdowns) {
        sheet.dropdowns.extend(dropdowns);
    }
    cut
}

#[cfg(test)]
mod tests;
