//! What is fuzzed: each function takes any bytes and must come back, with a result or an error.
//!
//! The targets of cargo-fuzz and the tests of `tests/it/fuzz.rs` share them.

use std::io::{Cursor, Write as _};
use std::sync::{Arc, OnceLock};

use riscontro::engine::RuleBook;
use riscontro::pack::{Packs, RuleSource};
use riscontro::package::Limits;
use riscontro::text::{Context, Words, canonical, missing, parse, parse_number, parse_timing};
use riscontro::{ingest, recognise};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A name and what it does with bytes.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// All of them, by the name of their corpus.
#[allow(dead_code, reason = "each target of cargo-fuzz is one of them")]
pub(crate) const ALL: &[Target] = &[
    ("package", package),
    ("sheet", sheet),
    ("value", value),
    ("rule", rule),
    ("markdown", markdown),
    ("separated", separated),
    ("document", document),
];

fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| Packs::embedded().unwrap_or_default())
}

/// Reads a file and recognises what it holds.
fn read(bytes: &[u8], name: &str) {
    if let Ok(grid) = ingest::read(bytes, name, &Limits::default()) {
        recognise::recognise(&grid, packs());
    }
}

/// A whole file, whatever it is.
pub(crate) fn package(bytes: &[u8]) {
    read(bytes, "a.xlsx");
}

/// The XML of a worksheet, in a workbook that is otherwise right.
pub(crate) fn sheet(bytes: &[u8]) {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(r#"<Relationships><Relationship Id="r1" Type="{REL}/{kind}" Target="{target}"/></Relationships>"#)
    };
    let parts: [(&str, Vec<u8>); 5] = [
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml").into_bytes()),
        (
            "xl/workbook.xml",
            format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#)
                .into_bytes(),
        ),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml").into_bytes()),
        ("xl/worksheets/sheet1.xml", bytes.to_vec()),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let written = writer.start_file(name, SimpleFileOptions::default()).map(|()| writer.write_all(&content));
        if !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
    if let Ok(workbook) = writer.finish() {
        read(&workbook.into_inner(), "a.xlsx");
    }
}

/// The text of a value.
pub(crate) fn value(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let words = Words::default();
    for year in [None, Some(2020)] {
        let context = Context { words: &words, year };
        for reader in [parse, parse_number, parse_timing] {
            canonical(&reader(text, &context).value);
        }
    }
    missing(text, &words);
}

/// The text of a rule file.
pub(crate) fn rule(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut packs = packs().clone();
    for pack in &mut packs.packs {
        let pack = Arc::make_mut(pack);
        let source = || RuleSource {
            file: "rules/ptpct/prova.rhai".to_owned(),
            name: "prova".into(),
            text: text.into(),
            is_shipped: false,
        };
        pack.rules = if &*pack.schedule.kind == "ptpct" { vec![source()] } else { Vec::new() };
    }
    let _ = RuleBook::compile(&packs, None);
}

/// Markdown.
pub(crate) fn markdown(bytes: &[u8]) {
    read(bytes, "a.md");
}

/// Separated values.
pub(crate) fn separated(bytes: &[u8]) {
    read(bytes, "a.csv");
}

/// The content part of an `OpenDocument` spreadsheet.
pub(crate) fn document(bytes: &[u8]) {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 2] =
        [("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", bytes)];
    for (name, content) in parts {
        let written = writer.start_file(name, SimpleFileOptions::default()).map(|()| writer.write_all(content));
        if !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
    if let Ok(file) = writer.finish() {
        read(&file.into_inner(), "a.ods");
    }
}
