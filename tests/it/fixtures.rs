//! The sample documents are what their generator makes, and lie as the forms say.

use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};

#[path = "../../examples/fixtures/generator/mod.rs"]
pub(crate) mod generator;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn sheet(file: &str, sheet: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(fixture(file)).unwrap();
    book.worksheet_range(sheet).unwrap()
}

/// The text of a cell, by the row number an official sees and a column from 0.
fn text(range: &Range<Data>, row: u32, column: u32) -> String {
    range.get_value((row - 1, column)).map(ToString::to_string).unwrap_or_default()
}

#[test]
fn regenerated_fixtures_are_byte_for_byte_the_ones_kept() {
    for (name, bytes) in generator::files() {
        assert!(fs::read(fixture(&name)).unwrap() == bytes, "{name}: run `cargo run --example fixtures`");
    }
}

#[test]
fn row_numbers_printed_on_the_form_are_true() {
    for file in ["allegato1-lucca-2020.xlsx", "allegato1-lucca-2020-corretto.xlsx"] {
        let form = sheet(file, "Allegato 1");
        assert_eq!(form.end(), Some((128, 5)), "{file}");
        assert_eq!(text(&form, 18, 4), "Si veda la cella 25");
        assert_eq!((text(&form, 19, 2).as_str(), text(&form, 25, 3).as_str()), ("2.3", "Esempi"));
        for row in [33, 38, 68, 73] {
            assert!(text(&form, row, 3).starts_with("Eventuali ulteriori annotazioni"), "{file}, row {row}");
        }
        for row in [3, 44, 86, 92, 96, 102] {
            assert!((0..6).all(|column| text(&form, row, column).is_empty()), "{file}, row {row}");
        }
    }
}

#[test]
fn every_printed_row_of_the_form_is_there() {
    let form = sheet("allegato1-lucca-2020.xlsx", "Allegato 1");
    let rows: Vec<_> = (3..=129).filter(|&row| !text(&form, row, 3).is_empty()).collect();
    let questions = rows.iter().filter(|&&row| !text(&form, row, 2).is_empty()).count();
    assert_eq!((rows.len(), questions), (121, 40));
    assert_eq!((text(&form, 10, 2).as_str(), text(&form, 10, 4).as_str()), ("1.4", ""));
    assert_eq!((text(&form, 79, 2).as_str(), text(&form, 79, 4).as_str()), ("9.1", ""));
}

#[test]
fn text_boxes_leave_their_cells_blank_until_corrected() {
    for row in [25, 91] {
        assert_eq!(text(&sheet("allegato1-lucca-2020.xlsx", "Allegato 1"), row, 4), "");
        assert_ne!(text(&sheet("allegato1-lucca-2020-corretto.xlsx", "Allegato 1"), row, 4), "");
    }
}

#[test]
fn processes_lie_on_the_lines_of_the_printed_plan() {
    let table = sheet("ptpct-servizi-informativi-2021.xlsx", "Servizi informativi");
    assert_eq!(text(&table, 11, 3), "PROCESSO");
    assert!(text(&table, 12, 3).starts_with("n. 1 "));
    assert!(text(&table, 29, 3).starts_with("n. 17 "));
    assert_eq!((text(&table, 30, 3).as_str(), text(&table, 31, 3).as_str()), ("", "password"));
    assert_eq!((text(&table, 44, 5).as_str(), text(&table, 45, 5).as_str()), ("ATIVI", "-------"));
    assert_eq!((12..=45).filter(|&row| text(&table, row, 3).starts_with("n. ")).count(), 28);
}
