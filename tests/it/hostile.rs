//! Hostile and broken files are refused in one sentence, within 512 MiB, never with a panic. How long that takes is
//! measured by `scripts/hostile`, on the release build: here it would tell the load of the machine.

use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use riscontro::ingest;
use riscontro::model::{CellRef, ErrorKind, Lang, Scalar};
use riscontro::package::{Limits, Package};
use zip::CompressionMethod;

use crate::cases::{self, all, deflated, far_apart, honest, long_text, parts, sheet, with};
use crate::cli::{Folder, Ran};

fn kind(bytes: &[u8], limits: &Limits) -> Option<ErrorKind> {
    ingest::read(bytes, "a.xlsx", limits).err().map(|e| e.kind())
}

#[test]
fn every_hostile_file_is_refused_or_read_as_it_should() {
    for case in all() {
        match (ingest::read(case.bytes, case.name, &Limits::default()), case.kind) {
            (Ok(_), None) => {}
            (Ok(_), Some(kind)) => panic!("{} was read, expected {kind:?}", case.name),
            (Err(error), kind) => {
                let (it, en) = (error.message(Lang::It), error.message(Lang::En));
                assert_eq!(Some(error.kind()), kind, "{}: {it}", case.name);
                assert!(it.contains(case.says), "{}: {it}", case.name);
                assert!(it.contains(": ") || it.contains("; "), "{}: no way out in: {it}", case.name);
                assert!(!en.is_empty() && en != it, "{}", case.name);
                assert!(it.starts_with(|c: char| c.is_lowercase()) && !it.ends_with('.'), "{}: {it}", case.name);
            }
        }
    }
}

/// By the command line: one sentence with a way out, the exit code, nothing left behind, the others checked.
#[test]
fn every_hostile_file_ends_the_program_as_it_should() {
    let folder = Folder::new();
    for case in all().into_iter().chain(cases::folders()) {
        folder.write(case.name, &case.bytes);
        let ran = limited(&folder, &["check", case.name, "--out", "out"]);
        if case.kind.is_none() && !case.says.is_empty() {
            assert!(ran.code <= 1 && ran.out.contains(case.says), "{}: {ran:?}", case.name);
            std::fs::remove_file(folder.path(case.name)).unwrap();
            std::fs::remove_dir_all(folder.path("out")).unwrap();
            continue;
        }
        assert_eq!((ran.code, ran.err.as_str()), (3, ""), "{}: {ran:?}", case.name);
        let lines: Vec<&str> = ran.out.lines().collect();
        // A file that is read, but holds no table, is told to hold none.
        let says = if case.kind.is_some() { case.says } else { "non contiene alcuna tabella conosciuta" };
        let [name, sentence, .., "", "nessun documento controllato; 1 file rifiutato"] = lines[..] else {
            panic!("{}: {}", case.name, ran.out)
        };
        assert_eq!(name, case.name);
        assert!(sentence.starts_with("  rifiutato: ") && sentence.contains(says), "{}: {sentence}", case.name);
        assert!(sentence["  rifiutato: ".len()..].contains([':', ';']), "{}: no way out: {sentence}", case.name);
        assert_eq!(folder.files(), [case.name]);
        std::fs::remove_file(folder.path(case.name)).unwrap();
    }
}

#[test]
fn hostile_files_leave_the_others_of_a_folder_alone() {
    let folder = Folder::new();
    let refused =
        all().into_iter().filter(|c| c.kind.is_some() && Path::new(c.name).extension().is_some_and(|e| e == "xlsx"));
    let refused = refused.map(|c| folder.write(&format!("d/{}", c.name), &c.bytes)).count();
    folder.copy("ptpct-servizi-informativi-2021.xlsx", "d/buono.xlsx");
    let ran = limited(&folder, &["check", "d", "--out", "out", "--format", "json", "--jobs", "2"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let summary = &ran.json()["summary"];
    assert_eq!((summary["documents"].as_u64(), summary["refused"].as_u64()), (Some(1), Some(refused as u64)));
    let copies: Vec<_> = folder.files().into_iter().filter(|f| f.starts_with("out/")).collect();
    assert_eq!(copies, ["out/buono.riscontro.xlsx"]);
}

/// The program within 512 MiB above its own size, where the system can be asked for that.
fn limited(folder: &Folder, arguments: &[&str]) -> Ran {
    let program = env!("CARGO_BIN_EXE_riscontro");
    if !cfg!(target_os = "linux") {
        return folder.run(arguments);
    }
    let most = 512 * 1024 + std::fs::metadata(program).unwrap().len() / 1024;
    let script = format!("ulimit -v {most}; exec timeout 60 \"$0\" \"$@\"");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script, program]).args(arguments).current_dir(folder.path("")).env_remove("RISCONTRO_LANG");
    Ran::of(shell.output().unwrap())
}

#[test]
fn a_long_text_in_an_archive_takes_its_room_once() {
    let folder = Folder::new();
    let (long, beyond) = (vec![b'x'; 190 << 20], vec![b'x'; 210 << 20]);
    folder.write("testi.zip", &deflated(&[("lungo.csv", &long), ("oltre.csv", &beyond)]));
    drop((long, beyond));
    let ran = limited(&folder, &["check", "testi.zip", "--jobs", "1", "--format", "json"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let json = ran.json();
    let errors = json["documents"].as_array().unwrap().iter().map(|d| d["error"]["message"].as_str().unwrap());
    let errors: Vec<_> = errors.map(|text| text.split(';').next().unwrap()).collect();
    assert_eq!(
        errors,
        ["il file è troppo grande: una riga supera 16 MiB", "il file è troppo grande: 210 MiB, il limite è 200 MiB"]
    );
}

#[test]
fn limits_hold_for_bytes_in_memory() {
    let mut options = riscontro::Options::embedded().unwrap();
    options.limits.file = 100;
    for name in ["a.xlsx", "a.csv", "a.md", "a.ods", "a.xls"] {
        let report = riscontro::check_bytes(name, &[b'x'; 300], &options).unwrap();
        let error = report.error.unwrap();
        assert!(!error.message(Lang::It).contains("0 MiB"), "{name}: {}", error.message(Lang::It));
    }
    let report = riscontro::check_bytes("a.csv", b"Processo;Misura\n1;2\n".repeat(9).as_slice(), &options).unwrap();
    assert!(report.error.unwrap().message(Lang::It).contains("180 byte, il limite è 100 byte"));
}

#[test]
fn sentences_tell_limits_below_a_mib() {
    let limits = Limits { line: 16 << 10, run: 512, text: 3_072, markdown: 4_096, ..Limits::default() };
    let says = |name: &str, bytes: &[u8]| ingest::read(bytes, name, &limits).unwrap_err().message(Lang::It).to_owned();
    let long = |bytes: usize| format!("a;{}\nb;c\n", "x".repeat(bytes));
    assert!(says("a.csv", long(100_000).as_bytes()).contains("una riga supera 16 KiB"));
    assert!(says("a.csv", long(600).as_bytes()).contains("un testo supera 512 byte"));
    let many = (0..400).map(|n| format!("testo numero {n}\n")).collect::<Vec<_>>().concat();
    assert!(says("a.csv", many.as_bytes()).contains("più di 3 KiB di testo"));
    let table = |text: &str| format!("| a | b |\n|---|---|\n| {text} | c |\n");
    assert!(says("a.md", table(&"x".repeat(600)).as_bytes()).contains("un testo supera 512 byte"));
    assert!(says("a.md", table(&"x".repeat(5_000)).as_bytes()).contains("Markdown supera 4 KiB"));
}

#[test]
fn cells_far_apart_are_read_sparse() {
    let grid = ingest::read(far_apart(), "a.xlsx", &Limits::default()).unwrap();
    let places: Vec<_> = grid.sheets[0].cells.iter().map(|c| c.at.to_string()).collect();
    assert_eq!(places, ["A1", "XFD1048576"]);
}

#[test]
fn a_shared_text_is_kept_once() {
    let grid = ingest::read(long_text(), "a.xlsx", &Limits::default()).unwrap();
    let texts: Vec<_> = grid.sheets[0]
        .cells
        .iter()
        .map(|c| match &c.value {
            Scalar::Text(text) => Arc::clone(text),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts.len(), 6000);
    assert!(texts.iter().all(|t| Arc::ptr_eq(t, &texts[0])));
}

#[test]
fn the_longest_text_in_every_row_of_a_known_table_is_read() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (col, heading) in
        (0..).zip(["N.", "Processo", "Area di rischio", "Ufficio", "Evento rischioso", "Misura specifica"])
    {
        sheet.write(0, col, heading).unwrap();
    }
    let long = "misura di prevenzione ".repeat(1_500).chars().take(32_767).collect::<String>();
    for row in 1..=6_000u32 {
        sheet.write(row, 0, row).unwrap();
        sheet.write(row, 1, format!("Processo {row}")).unwrap();
        for col in 2..6 {
            sheet.write(row, col, &long).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let report = riscontro::check_bytes("lungo.xlsx", &bytes, &riscontro::Options::embedded().unwrap()).unwrap();
    assert_eq!(report.tables.first().map(|t| t.records), Some(6_000));
}

#[test]
fn cells_without_a_place_are_counted_on() {
    let rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row r=\"5\"><c r=\"C5\"><v>3</v></c><c><v>4</v></c></row>";
    let grid = ingest::read(cases::book(rows), "a.xlsx", &Limits::default()).unwrap();
    let places: Vec<_> = grid.sheets[0].cells.iter().map(|c| c.at.to_string()).collect();
    assert_eq!(places, ["A1", "B1", "C5", "D5"]);
}

#[test]
fn disordered_cells_are_sorted_and_the_later_of_two_wins() {
    let rows = r#"<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>3</v></c></row>
        <row r="2"><c r="B2"><v>4</v></c></row>"#;
    let grid = ingest::read(cases::book(rows), "a.xlsx", &Limits::default()).unwrap();
    let cells: Vec<_> = grid.sheets[0].cells.iter().map(|c| format!("{}={}", c.at, c.value)).collect();
    assert_eq!(cells, ["A1=3", "A2=2", "B2=4"]);
}

#[test]
fn limits_name_themselves() {
    let bytes = honest();
    let tiny = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        ingest::read(bytes.as_slice(), "a.xlsx", &limits).unwrap_err()
    };
    for (error, says) in [
        (tiny(|l| l.file = 2048), "il limite è 2 KiB"),
        (tiny(|l| l.xml = 2048), "il limite è 2 KiB"),
        (tiny(|l| l.sheet = 512), "il limite è 512 byte"),
        (tiny(|l| l.cells = 10), "più di 10 celle"),
        (tiny(|l| l.entries = 3), "più di 3 parti"),
        (tiny(|l| l.memory = 1024), "più di 1 KiB di memoria; il limite si alza con --limit memory=…"),
    ] {
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(error.message(Lang::It).contains(says), "{}", error.message(Lang::It));
    }
}

/// Rows of separated values whose texts come from `text`.
fn rows(rows: usize, columns: usize, text: impl Fn(usize, usize) -> String) -> Vec<u8> {
    let row = |row| (0..columns).map(|column| text(row, column)).collect::<Vec<_>>().join(";") + "\n";
    (0..rows).map(row).collect::<String>().into_bytes()
}

#[test]
fn what_would_exhaust_memory_is_refused_while_it_is_read() {
    let distinct = rows(220_000, 10, |row, column| format!("testo {row} {column}"));
    let error = ingest::read(distinct, "a.csv", &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let says = error.message(Lang::It);
    assert!(says.contains("le celle fino al foglio «a» chiederebbero più di 768 MiB di memoria"), "{says}");
    let few = || rows(300, 10, |row, _| row.to_string());
    let little = Limits { memory: 100 << 10, ..Limits::default() };
    assert_eq!(ingest::read(few(), "a.csv", &little).unwrap_err().kind(), ErrorKind::TooLarge);
    let more = Limits { memory: 4 << 20, ..little };
    assert!(ingest::read(few(), "a.csv", &more).is_ok());
    let little = Limits { memory: 600, ..Limits::default() };
    let markdown = "| a | b |\n|---|---|\n| uno | due |\n";
    let error = ingest::read(markdown.as_bytes(), "a.md", &little).unwrap_err();
    assert!(error.message(Lang::It).contains("più di 600 byte di memoria"), "{}", error.message(Lang::It));
    let little = Limits { memory: 8 << 10, ..Limits::default() };
    for file in ["allegato1-lucca-2020.ods", "allegato1-lucca-2020.xls"] {
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases").join(file)).unwrap();
        let error = ingest::read(bytes, file, &little).unwrap_err();
        assert!(error.message(Lang::It).contains("più di 8 KiB di memoria"), "{file}: {}", error.message(Lang::It));
    }
}

#[test]
fn large_sheets_are_read() {
    let full = rows(1_048_576, 1, |row, _| format!("v{row}"));
    assert_eq!(ingest::read(full, "a.csv", &Limits::default()).unwrap().sheets[0].cells.len(), 1_048_576);
    let wide = rows(100_000, 30, |row, column| format!("testo {}", (row * 7 + column) % 500));
    assert_eq!(ingest::read(wide, "a.csv", &Limits::default()).unwrap().sheets[0].cells.len(), 3_000_000);
}

/// A generator that needs no crate and no clock.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }
}

/// Reads and tells whether the reader itself panicked; caught panics of libraries are errors.
fn survives(bytes: &[u8]) -> bool {
    catch_unwind(|| kind(bytes, &Limits::default())).is_ok()
}

#[test]
fn cut_files_are_errors() {
    for bytes in [honest(), crate::reading::rich()] {
        for i in 0..200 {
            let length = bytes.len() * i / 200;
            assert!(kind(&bytes[..length], &Limits::default()).is_some(), "cut at {length}");
        }
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let mut dice = Dice(0x5EED);
    for bytes in [honest(), crate::reading::rich()] {
        for _ in 0..250 {
            let mut bytes = bytes.clone();
            let at = dice.throw(bytes.len());
            bytes[at] ^= 1 << dice.throw(8);
            assert!(survives(&bytes), "byte {at}");
        }
    }
}

/// The check sums of the container hide the parts from the test above.
#[test]
fn flipped_bytes_inside_parts_never_panic() {
    let mut dice = Dice(0xBEEF);
    let whole = crate::reading::parts_of(&crate::reading::rich());
    for _ in 0..500 {
        let mut parts = whole.clone();
        let chosen = dice.throw(parts.len());
        let (name, content) = &mut parts[chosen];
        let name = name.clone();
        for _ in 0..=dice.throw(4) {
            let at = dice.throw(content.len());
            match dice.throw(3) {
                0 => content[at] ^= 1 << dice.throw(8),
                1 => content[at] = b"<>\"&/0 9A"[dice.throw(9)],
                _ => drop(content.drain(at..(at + 9).min(content.len() - 1)).count()),
            }
        }
        assert!(survives(&cases::zip(CompressionMethod::Stored, &parts)), "{name}");
    }
}

#[test]
fn a_row_number_lost_does_not_move_cells_out_of_the_sheet() {
    let rows = r#"<row r="1048576"><c><v>1</v></c></row><row><c><v>2</v></c></row>"#;
    assert_eq!(kind(&cases::book(rows), &Limits::default()), Some(ErrorKind::Corrupt));
}

#[test]
fn other_programs_xml_is_carried_along_unread() {
    let own = "\u{FEFF}<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let bytes = deflated(&with(parts(sheet("<row><c><v>1</v></c></row>")), "customXml/item1.xml", own));
    assert_eq!(ingest::read(bytes, "a.xlsx", &Limits::default()).unwrap().sheets[0].cells.len(), 1);
}

/// Worksheets are checked while their cells are read: also what is only said to be one, and what nobody reads.
#[test]
fn nothing_said_to_be_a_worksheet_goes_unchecked() {
    let deep = |root: &str| format!("<{root}>{}{}</{root}>", "<b>".repeat(100), "</b>".repeat(100));
    let dtd = r#"<!DOCTYPE a [<!ENTITY x "y">]><worksheet><sheetData/></worksheet>"#;
    let good = || parts(sheet("<row><c><v>1</v></c></row>"));
    let said = |part: &str, kind: &str, content: &str| {
        let mut parts = with(good(), part, content);
        let types = String::from_utf8(parts[0].1.clone()).unwrap();
        let entry = format!(r#"<Override PartName="/{part}" ContentType="x.{kind}+xml"/></Types>"#);
        parts[0].1 = types.replace("</Types>", &entry).into_bytes();
        deflated(&parts)
    };
    let strings = "xl/sharedStrings.xml";
    for (what, bytes, says) in [
        ("deep in the sheet", deflated(&parts(deep("worksheet"))), "annidati oltre 64 livelli"),
        ("a DTD in the sheet", deflated(&parts(dtd)), "una DTD, che qui non è ammessa"),
        ("a sheet cut short", deflated(&parts("<worksheet><sheetData>")), "XML incompleto"),
        ("deep in a sheet not listed", said("xl/worksheets/s9.xml", "worksheet", &deep("worksheet")), "annidati"),
        ("deep in styles", said("xl/styles.xml", "worksheet", &deep("styleSheet")), "annidati"),
        ("deep in relations", said("xl/worksheets/_rels/s.xml.rels", "worksheet", &deep("a")), "annidati"),
        ("deep in the texts", said(strings, "sharedStrings", &deep("sst")), "annidati"),
        ("a DTD in texts of another name", said("xl/altro.xml", "sharedStrings", dtd), "una DTD"),
    ] {
        let error = ingest::read(bytes, "a.xlsx", &Limits::default()).expect_err(what);
        assert!(error.message(Lang::It).contains(says), "{what}: {}", error.message(Lang::It));
    }
    // What is not named as XML is not bounded as such.
    let mut odd = good();
    for (name, content) in &mut odd {
        *name = name.replace("sheet1.xml", "sheet1.dat");
        *content = String::from_utf8(std::mem::take(content)).unwrap().replace("sheet1.xml", "sheet1.dat").into_bytes();
    }
    let error = ingest::read(deflated(&odd), "a.xlsx", &Limits::default()).unwrap_err();
    assert!(error.message(Lang::It).contains("non è un foglio di lavoro"), "{}", error.message(Lang::It));
    assert!(ingest::read(said(strings, "sharedStrings", ""), "a.xlsx", &Limits::default()).is_ok());
    let few = Limits { shared: 2, ..Limits::default() };
    let error = ingest::read(said(strings, "sharedStrings", "<x><si/><si/><si/></x>"), "a.xlsx", &few).unwrap_err();
    assert!(error.message(Lang::It).contains("più di 2 testi diversi"), "{}", error.message(Lang::It));
}

#[test]
fn parts_are_found_however_they_are_called() {
    let bytes = deflated(&parts(sheet("<row><c><v>1</v></c></row>")));
    let package = Package::open(bytes, &Limits::default()).unwrap();
    for name in ["xl/workbook.xml", "/xl/workbook.xml", "XL/Workbook.XML", "xl\\workbook.xml"] {
        assert!(package.part(name).unwrap().is_some(), "{name}");
    }
    assert!(package.part("xl/altro.xml").unwrap().is_none());
    assert!(package.content_type("/xl/worksheets/sheet1.xml").unwrap().ends_with("worksheet+xml"));
    assert_eq!(package.rels("xl/workbook.xml").unwrap()[0].target, "xl/worksheets/sheet1.xml");
    assert_eq!(package.names().count(), 5);
    assert!(ingest::read_package(&package, "a.xlsx").unwrap().sheets[0].get(CellRef::new(0, 0)).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1_048_576),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn opening_anything_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..600), head in 0..4usize) {
        let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"PK\x05\x06", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"];
        let bytes = [heads[head], &bytes].concat();
        let _ = Package::open(bytes.as_slice(), &Limits::default());
        // Without the head of a container it may be a text, and a text of lines that look like values is read.
        let is_read = ingest::read(bytes, "a.xlsx", &Limits::default()).is_ok();
        prop_assert!(!is_read || head == 0);
    }
}
