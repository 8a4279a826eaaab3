//! The annotated copy of a document that is no workbook of XML parts: a new workbook of the same content, annotated.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Annotated, annotate};
use crate::flows::StepSheet;
use crate::model::{Area, Bilingual, CellRef, DocumentReport, Error, Grid, Place, Report};
use crate::sheets::{Plain, plain_workbook};

/// Makes a new workbook of a grid and puts the findings of its document onto it. Equal grids and reports give equal
/// bytes.
pub fn annotate_new(grid: &Grid, report: &Report, document: &DocumentReport) -> Result<Annotated, Error> {
    let Plain { bytes, names, warnings } = plain_workbook(grid)?;
    let mut annotated = annotate(&bytes, report, &renamed(document, grid, &names))?;
    annotated.warnings.splice(0..0, warnings);
    Ok(annotated)
}

/// Makes a new workbook of the steps of a text and puts the findings on its lines onto their cells.
pub fn annotate_steps(steps: &StepSheet, report: &Report, document: &DocumentReport) -> Result<Annotated, Error> {
    let name = steps.grid.sheets.first().map(|sheet| sheet.name.clone()).unwrap_or_default();
    let first = Area::cell(steps.area.first);
    let on_sheet = |places: &mut Vec<Place>| {
        for place in places.iter_mut().filter(|place| place.path.is_none()) {
            if let Some(line) = place.line.take() {
                place.area = Some(steps.places.get(&line).copied().unwrap_or(first));
                (place.sheet, place.sheet_index) = (Some(name.clone()), 0);
            }
        }
        // Several lines may have gone into one cell.
        places.dedup_by(|next, place| (&next.path, next.area) == (&place.path, place.area));
    };
    let mut document = document.clone();
    for finding in &mut document.findings {
        on_sheet(&mut finding.places);
        on_sheet(&mut finding.related);
    }
    document.rules.iter_mut().for_each(|rule| on_sheet(&mut rule.places));
    for table in document.tables.iter_mut().filter(|table| table.is_text) {
        let header = Area::new(steps.area.first, CellRef::new(0, steps.area.last.col));
        (table.is_text, table.sheet, table.sheet_index) = (false, name.clone(), 0);
        (table.area, table.header) = (steps.area, header);
        table.parts.clear();
        table.record_places.clear();
    }
    let mut annotated = annotate_new(&steps.grid, report, &document)?;
    // Of a text there is nothing that a new workbook could lose.
    annotated.warnings = vec![Bilingual::new(
        "la copia annotata è una cartella .xlsx con una riga per ogni step del testo",
        "the annotated copy is an .xlsx workbook with a row for each step of the text",
    )];
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
        places(&mut finding.related);
    }
    for rule in &mut document.rules {
        places(&mut rule.places);
    }
    // What is told by the name alone.
    let called: BTreeMap<Arc<str>, Arc<str>> =
        (0..).zip(&grid.sheets).filter_map(|(i, sheet)| Some((sheet.name.clone(), name(i)?))).collect();
    let call = |sheet: &mut Arc<str>| {
        if let Some(new) = called.get(&**sheet) {
            *sheet = new.clone();
        }
    };
    for table in &mut document.tables {
        rename(table.sheet_index, &mut table.sheet);
        table.parts.iter_mut().for_each(|(sheet, _)| call(sheet));
        table.record_places.iter_mut().for_each(|(sheet, ..)| call(sheet));
        table.reading.notes.iter_mut().for_each(|note| call(&mut note.sheet));
        table.reading.skipped.iter_mut().for_each(|row| call(&mut row.sheet));
    }
    document.near_misses.iter_mut().for_each(|miss| call(&mut miss.sheet));
    document
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{Area, Bilingual, CellRef, Dropdown, Format, GridCell, Scalar, Sheet, Visibility};
    use crate::package::{Limits, Package};

    fn text(at: &str, text: &str) -> GridCell {
        let value = Scalar::Text(text.into());
        GridCell { at: CellRef::parse(at).unwrap(), value, format: Format::General }
    }

    /// The first sheets of a workbook made of sheets, as they are read.
    fn again(sheets: Vec<Sheet>) -> (Grid, Vec<Bilingual>) {
        let plain = plain_workbook(&Grid { sheets, ..Grid::default() }).unwrap();
        (crate::ingest::read(plain.bytes, "a.xlsx", &Limits::default()).unwrap(), plain.warnings)
    }

    #[test]
    fn answer_lists_are_carried_over() {
        let list = |areas: &[&str], options: &[&str]| Dropdown {
            areas: areas.iter().map(|a| Area::parse(a).unwrap()).collect(),
            options: options.iter().map(|o| Arc::from(*o)).collect(),
        };
        let offices: Vec<String> = (0..40).map(|n| format!("Ufficio numero {n}, sede")).collect();
        let offices: Vec<&str> = offices.iter().map(String::as_str).collect();
        let cells: Vec<_> = (0..).zip(&offices).map(|(n, o)| text(&format!("C{}", n + 3), o)).collect();
        // What begins alike is not the list.
        let cells = [vec![text("A1", offices[0])], cells].concat();
        let lists = [
            list(&["B2:B9", "D1"], &["Si", "No \"forse\"", "=1"]),
            list(&["E2:E9"], &offices),
            list(&["F2:F9"], &offices[1..3]),
            list(&["G1"], &["a, b", "nessuna cella"]),
            list(&["H1"], &[]),
        ];
        let registro = Sheet { name: "Registro".into(), dropdowns: lists.to_vec(), ..Sheet::default() };
        let elenco = Sheet { name: "L'elenco".into(), cells, ..Sheet::default() };
        let (grid, warnings) = again(vec![registro, elenco]);
        let mut found: Vec<_> = grid.sheets[0].dropdowns.clone();
        found.sort_by_key(|l| l.areas.clone());
        assert_eq!(found, lists[..3]);
        assert_eq!(warnings.len(), 2);
        assert!(warnings[1].it.contains("elenchi a discesa") && warnings[1].it.ends_with(": 1"), "{warnings:?}");
    }

    #[test]
    fn lists_of_many_areas_are_written_in_parts() {
        let areas: Vec<_> = (0..1_000).map(|row| Area::cell(CellRef::new(2 * row, 0))).collect();
        let list = Dropdown { areas: areas.clone(), options: vec!["Si".into()] };
        let sheet = Sheet { name: "a".into(), dropdowns: vec![list], ..Sheet::default() };
        let (grid, _) = again(vec![sheet]);
        assert_eq!(grid.sheets[0].dropdowns.len(), 3);
        let mut found: Vec<Area> = grid.sheets[0].dropdowns.iter().flat_map(|l| l.areas.clone()).collect();
        found.sort_unstable();
        assert_eq!(found, areas);
    }

    #[test]
    fn page_headers_are_carried_over() {
        let sections = ["Comune di Prova\nSettore & uffici", "2024", &"x".repeat(240), &"y".repeat(300)];
        let header_footer = sections.map(str::to_owned).to_vec();
        let (grid, warnings) = again(vec![Sheet { name: "a".into(), header_footer, ..Sheet::default() }]);
        let found = &grid.sheets[0].header_footer;
        assert_eq!(found[..], ["Comune di Prova\nSettore & uffici\n2024".to_owned(), "x".repeat(240)]);
        assert!(warnings[1].it.contains("intestazioni di pagina") && warnings[1].it.ends_with(": 1"), "{warnings:?}");
    }

    #[test]
    fn what_is_hidden_and_how_numbers_look_is_carried_over() {
        let number = |at: &str, n: f64, format: Format| GridCell {
            at: CellRef::parse(at).unwrap(),
            value: Scalar::Number(n),
            format,
        };
        let cells = vec![
            number("A1", 0.455, Format::Percent),
            number("B1", 45_382.0, Format::Date),
            number("C1", 45_382.5, Format::Date),
            text("D2", "una misura di prevenzione che non sta in una colonna stretta"),
        ];
        let sheet = |visibility| Sheet {
            name: format!("{visibility:?}").into(),
            visibility,
            cells: cells.clone(),
            merged: vec![Area::parse("F1:G2").unwrap()],
            hidden_rows: vec![1, 7],
            hidden_cols: vec![2],
            ..Sheet::default()
        };
        let sheets = [Visibility::Hidden, Visibility::Visible, Visibility::VeryHidden].map(sheet);
        let (grid, _) = again(sheets.to_vec());
        for (made, source) in grid.sheets.iter().zip(&sheets) {
            assert_eq!((&made.cells, made.visibility), (&source.cells, source.visibility));
            let around = |s: &Sheet| (s.merged.clone(), s.hidden_rows.clone(), s.hidden_cols.clone());
            assert_eq!(around(made), around(source));
        }
        let plain = plain_workbook(&Grid { sheets: sheets.to_vec(), ..Grid::default() }).unwrap();
        let package = Package::open(plain.bytes, &Limits::default()).unwrap();
        let xml = String::from_utf8(package.part("xl/worksheets/sheet1.xml").unwrap().unwrap()).unwrap();
        assert!(xml.contains("<col min=\"4\" max=\"4\" width=\"5"), "{xml}");
    }
}
