//! Spreadsheets of the ODF kind (`.ods`): one bounded pass over `content.xml`.
//!
//! Repeated rows, columns and cells are counted, not written out: only a repeated value costs anything, within a
//! bound of its own.

mod line;
mod pass;
mod table;

use super::texts::Texts;
use super::{own, refuse};
use crate::model::{Error, Grid};
use crate::package::{Package, corrupt};
use pass::Pass;

/// The part that holds the sheets.
pub(crate) const CONTENT: &str = "content.xml";

/// Reads a spreadsheet whose container is open.
pub(crate) fn read(package: &Package) -> Result<Grid, Error> {
    if !package.has(CONTENT) {
        return Err(corrupt("manca il contenuto", "the content is missing"));
    }
    let mut pass = Pass::new(Texts::none(package.limits()), package.limits());
    package.scan(CONTENT, |piece| pass.piece(piece))?;
    let mut sheets = pass.finish();
    // Our report sheets, saved by another program: names and parts that told them have become others.
    sheets.retain(|sheet| !own::is_report(&sheet.cells));
    if sheets.is_empty() {
        return Err(refuse::no_sheets());
    }
    Ok(Grid { sheets, remarks: Vec::new() })
}

#[cfg(test)]
mod tests;
