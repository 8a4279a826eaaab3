//! Sheets of rows without headings that seem to go on with the table of the sheet before: told, for nobody reads them.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use super::view::{SheetView, is_empty, shown};
use crate::model::{Bilingual, Sheet, Table};

/// Least columns for rows to be like those of a table.
const LEAST: usize = 4;
/// Rows of a sheet that are looked at.
const ROWS: usize = 200;

/// One sentence for each such sheet.
pub(super) fn told(views: &[SheetView<'_>], sheets: &[Found]) -> Vec<Bilingual> {
    let mut told = Vec::new();
    let mut last: Option<&Table> = None;
    for (view, found) in views.iter().zip(sheets) {
        if let Some(table) = found.tables.last() {
            last = Some(table);
            continue;
        }
        if view.rows.is_empty() {
            continue;
        }
        let Some(table) = last.filter(|t| goes_on(views, t, view)) else {
            last = None;
            continue;
        };
        let (name, before) = (&view.sheet.name, &table.sheet_name);
        told.push(Bilingual::new(
            format!(
                "foglio «{name}»: sembra la continuazione di «{before}», ma è senza intestazioni: ripeterle nella prima riga"
            ),
            format!("sheet “{name}” seems to go on with “{before}”, but has no headings: repeat them in its first row"),
        ));
    }
    told
}

/// Whether the rows of a sheet fill the columns of a table, with figures where it has figures, from the first on.
fn goes_on(views: &[SheetView<'_>], table: &Table, view: &SheetView<'_>) -> bool {
    let own: BTreeSet<u32> = table.columns.iter().map(|c| c.heading_area.first.col).collect();
    let read = table.columns.iter().filter(|c| c.field.is_some()).map(|c| c.heading_area.first.col);
    let read: BTreeSet<u32> = read.collect();
    let first = view.rows.first().map_or(&[][..], |(_, range)| view.cells(range));
    let begun = first.iter().filter(|c| !is_empty(c) && read.contains(&c.at.col)).count();
    let (Some(above), true) = (views.get(table.sheet as usize), begun >= LEAST && begun * 3 >= read.len() * 2) else {
        return false;
    };
    let (here, there) = (figures(view.sheet, 0), figures(above.sheet, table.header.last.row + 1));
    here.keys().all(|col| own.contains(col))
        && here.iter().all(|(col, is)| there.get(col).is_none_or(|was| was == is) || !read.contains(col))
}

/// Of each column that holds something whether most of it is figures.
fn figures(sheet: &Sheet, from: u32) -> BTreeMap<u32, bool> {
    let mut counts: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    let cells = sheet.cells.iter().filter(|c| c.at.row >= from && !is_empty(c));
    for cell in cells.take_while(|c| ((c.at.row - from) as usize) < ROWS) {
        let is_figure = shown(cell).trim().trim_end_matches(['.', '%']).replace(',', ".").parse::<f64>().is_ok();
        let (figures, all) = counts.entry(cell.at.col).or_default();
        *figures += usize::from(is_figure);
        *all += 1;
    }
    counts.into_iter().map(|(col, (figures, all))| (col, figures * 2 > all)).collect()
}
