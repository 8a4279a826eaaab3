//! The annotated copy of a document that is no workbook of XML parts: a new workbook of the same content, annotated.

use std::sync::Arc;

use super::{Annotated, annotate};
use crate::model::{DocumentReport, Error, Grid, Place, Report};
use crate::sheets::{Plain, plain_workbook};

/// Makes a new workbook of a grid and puts the findings of its document onto it. Equal grids and reports give equal
/// bytes.
pub fn annotate_new(grid: &Grid, report: &Report, document: &DocumentReport) -> Result<Annotated, Error> {
    let Plain { bytes, names, warnings } = plain_workbook(grid)?;
    let mut annotated = annotate(&bytes, report, &renamed(document, grid, &names))?;
    annotated.warnings.splice(0..0, warnings);
    Ok(annotated)
}

/// The report with the sheets called as in the copy.
fn renamed(document: &DocumentReport, grid: &Grid, names: &[String]) -> DocumentReport {
    let mut document = document.clone();
    let name = |index: u32| Some(Arc::<str>::from(names.get(usize::try_from(index).ok()?)?.as_str()));
    let is_other = |index: u32, new: &Arc<str>| {
        let old = usize::try_from(index).ok().and_then(|i| grid.sheets.get(i));
        old.is_some_and(|old| old.name != *new)
    };
    let rename = |index: u32, sheet: &mut Arc<str>| {
        if let Some(new) = name(index).filter(|new| is_other(index, new)) {
            *sheet = new;
        }
    };
    let places = |places: &mut Vec<Place>| {
        for place in places.iter_mut().filter(|p| p.path.is_none()) {
            if let Some(sheet) = &mut place.sheet {
                rename(place.sheet_index, sheet);
            }
        }
    };
    for finding in &mut document.findings {
        places(&mut finding.places);
    }
    for table in &mut document.tables {
        rename(table.sheet_index, &mut table.sheet);
    }
    document
}
