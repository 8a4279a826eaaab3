//! Tables of Markdown are documents as the same tables in a workbook are.

use std::fmt::Write as _;

use riscontro::ingest;
use riscontro::model::Sheet;
use riscontro::package::Limits;

use crate::cli::Folder;
use crate::containers::{REGISTER, fixture, gist, grid, report, separated};

/// Every sign that could be one of Markdown's is escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.trim().chars() {
        match c {
            '\n' => escaped += "<br>",
            '\r' => {}
            c if c.is_ascii_punctuation() => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A sheet as Markdown whose table has its headings in row `header`: the line of the hyphens comes between.
fn markdown(sheet: &Sheet, header: u32) -> String {
    let row_of = |row: u32| -> Vec<String> {
        let mut cells = vec![String::new(); 6];
        for cell in sheet.cells.iter().filter(|c| c.at.row == row) {
            cells[usize::try_from(cell.at.col).unwrap()] = escaped(&cell.value.to_string());
        }
        cells
    };
    let mut text = String::new();
    for row in 0..header {
        writeln!(text, "{}", row_of(row).join(" ").trim()).unwrap();
    }
    let line = |row: u32| format!("| {} |\n", row_of(row).join(" | "));
    let last = sheet.cells.last().unwrap().at.row;
    text += &line(header);
    text += "|:---|---:|:--:|---|---|---|\n";
    (header + 1..=last).for_each(|row| text += &line(row));
    text
}

/// The register with one row more below its titles, and as Markdown.
fn register() -> (Sheet, String) {
    let mut sheet = grid(&fixture(&format!("{REGISTER}.xlsx")), "a.xlsx").sheets.remove(0);
    let header = sheet.cells.iter().find(|c| c.value.to_string() == "MACRO PROCESSO").unwrap().at.row;
    let text = markdown(&sheet, header);
    sheet.cells.iter_mut().filter(|c| c.at.row >= header).for_each(|c| c.at.row += 1);
    (sheet, text)
}

#[test]
fn markdown_says_what_separated_values_say() {
    let (sheet, text) = register();
    let expected = gist(&report(separated(&sheet, ";").as_bytes(), "a.csv"));
    assert!(expected.contains("PT-"), "{expected}");
    assert_eq!(gist(&report(text.as_bytes(), "a.md")), expected);
    // Without the name, by its content.
    assert_eq!(gist(&report(text.as_bytes(), "a.txt")), expected);
    let wide: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(gist(&report(&wide, "a.markdown")), expected);
}

#[test]
fn copy_of_markdown_is_a_workbook_with_marks() {
    let (_, text) = register();
    let folder = Folder::new();
    folder.write("piano.md", text.as_bytes());
    let ran = folder.run(&["check", "piano.md", "--out", "out", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let copy = std::fs::read(folder.path("out/piano.riscontro.xlsx")).unwrap();
    assert_eq!(gist(&report(&copy, "a.xlsx")), gist(&report(text.as_bytes(), "a.md")));
}

#[test]
fn markdown_without_a_known_table_is_skipped_when_walked() {
    let folder = Folder::new();
    let notes = b"# Verbale\n\n| Voce | Importo |\n|---|---|\n| carta | 12 |\n";
    folder.write("d/LEGGIMI.md", b"<div align=\"center\">\n\n# Leggimi\n\nTesto.\n").write("d/verbale.md", notes);
    folder.write("d/piano.xlsx", &fixture(&format!("{REGISTER}.xlsx")));
    let ran = folder.run(&["check", "d", "--fail-on", "mai", "--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["summary"]["skipped"], 2);
    assert_eq!(folder.run(&["check", "d/verbale.md"]).code, 3);
}

#[test]
fn markdown_out_of_all_proportion_comes_back() {
    const SIZE: usize = 1 << 20;
    for piece in ["|", "|a", "> ", "*", "[", "`", "- ", "a|\n", "![", "<", "&", "**a _", "[^", "(["] {
        let table = format!("|a|\n|-|\n{}", piece.repeat(SIZE / piece.len()));
        let plain = piece.repeat(SIZE / piece.len());
        for text in [table, plain] {
            drop(ingest::read(text.into_bytes(), "a.md", &Limits::default()));
        }
    }
    // A row is filled up to the width of its headings.
    let wide = format!("{0}|\n{1}|\n{2}", "|a".repeat(16_000), "|-".repeat(16_000), "b\n".repeat(SIZE));
    drop(ingest::read(wide.into_bytes(), "a.md", &Limits::default()));
}
