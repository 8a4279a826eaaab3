//! Spreadsheets of the ODF kind (`.ods`): one bounded pass over `content.xml`, one over the pages of `styles.xml`.
//!
//! Repeated rows, columns and cells are counted, not written out: only a repeated value costs anything, within a
//! bound of its own.

mod line;
mod pages;
mod pass;
mod table;

use super::texts::Texts;
use super::{own, refuse};
use crate::model::{Error, Grid};
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
    let (mut sheets, names) = pass.finish();
    let mut pages = Pages::new(&names, package.limits());
    package.scan(STYLES, |piece| pages.piece(piece))?;
    pages.finish(&mut sheets, &names)?;
    // Our report sheets, saved by another program: names and parts that told them have become others.
    sheets.retain(|sheet| !own::is_report(&sheet.cells));
    if sheets.is_empty() {
        return Err(refuse::no_sheets());
    }
    Ok(Grid { sheets, remarks: Vec::new() })
}

#[cfg(test)]
mod tests;
