//! Annotated copies that people and other programs have worked on since, checked again.

use riscontro::annotate::{annotate, strip};
use riscontro::model::{Report, Severity};
use riscontro::package::Limits;

use super::parts::{changed, contents, package, text};
use super::workbooks::{plain, rich};
use super::{annotated, cells, note, valid};
use crate::samples::{document, finding, place, report};

fn names(bytes: &[u8]) -> Vec<String> {
    cells(bytes).into_iter().map(|(name, _)| name).collect()
}

fn read_names(bytes: &[u8]) -> Vec<String> {
    let grid = riscontro::ingest::read(bytes, "a.xlsx", &Limits::default()).unwrap();
    grid.sheets.iter().map(|s| s.name.to_string()).collect()
}

/// The package with one part's text replaced.
fn with(bytes: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    changed(bytes, |name, text| {
        if name != part {
            return text;
        }
        assert!(text.contains(from), "{from} in {text}");
        text.replacen(from, to, 1)
    })
}

fn again(bytes: &[u8]) -> (Vec<u8>, Vec<String>) {
    let report = report();
    let result = annotate(bytes, &report, &report.documents[0]).unwrap();
    valid::check(&result.bytes);
    (result.bytes, result.warnings.into_iter().map(|w| w.it).collect())
}

#[test]
fn a_sheet_that_our_name_was_moved_to_stays() {
    let moved = with(&annotated(&rich(), &report()), "xl/workbook.xml", "'Rilievi (2)'!$A$1<", "'Nascosto'!$H$1<");
    assert_eq!(read_names(&moved), read_names(&rich()));
    let (bytes, warnings) = again(&moved);
    assert_eq!(names(&bytes), names(&annotated(&rich(), &report())));
    assert!(warnings.iter().any(|w| w.contains("«Nascosto»")), "{warnings:?}");
}

#[test]
fn a_copy_of_a_report_sheet_is_the_user_s() {
    let source = rich();
    let local = "<definedName name=\"_riscontro.1\" localSheetId=\"2\" hidden=\"1\">'Nascosto'!$A$1</definedName>";
    let copied =
        with(&annotated(&source, &report()), "xl/workbook.xml", "</definedNames>", &format!("{local}</definedNames>"));
    assert_eq!(read_names(&copied), read_names(&source));
    let (bytes, _) = again(&copied);
    assert_eq!(names(&bytes), names(&annotated(&source, &report())));
    assert!(!text(&bytes, "xl/workbook.xml").contains("localSheetId=\"2\""));
}

#[test]
fn what_is_added_to_our_notes_stays() {
    let part = "xl/riscontro/comments1.xml";
    let answered = with(&annotated(&plain(), &report()), part, "[A1-CMP-003]</t>", "[A1-CMP-003]\nRISPOSTA: fatto</t>");
    let cell = ["E5", "E3"].into_iter().find(|c| note(&answered, part, c).unwrap_or_default().contains("RISPOSTA"));
    let (bytes, _) = again(&answered);
    let comments: Vec<String> = contents(&bytes).into_keys().filter(|n| n.contains("comments")).collect();
    let text = comments.iter().find_map(|part| note(&bytes, part, cell.unwrap())).unwrap();
    assert!(text.starts_with("RISPOSTA: fatto\n— Riscontro —\nERRORE · "), "{text}");
    assert_eq!(text.matches("ERRORE · ").count(), 1, "{text}");
    let stripped = strip(&bytes).unwrap();
    let left: String = contents(&stripped).into_values().map(|b| String::from_utf8_lossy(&b).into_owned()).collect();
    assert!(left.contains("RISPOSTA: fatto") && !left.contains("ERRORE · "));
}

#[test]
fn who_wrote_into_a_report_sheet_is_told() {
    let first = annotated(&plain(), &report());
    assert_eq!(again(&first).1, Vec::<String>::new());
    let row = "<row r=\"900\"><c r=\"A900\" t=\"inlineStr\"><is><t>RISPOSTA</t></is></c></row></sheetData>";
    let edited = with(&first, "xl/riscontro/worksheets/sheet1.xml", "</sheetData>", row);
    let (bytes, warnings) = again(&edited);
    assert_eq!(cells(&bytes), cells(&first));
    assert!(warnings.iter().any(|w| w.contains("fogli dei rilievi di un controllo precedente")), "{warnings:?}");
}

#[test]
fn marks_that_name_parts_of_the_user_take_none_out() {
    let source = annotated(&rich(), &report());
    for added in ["xl/worksheets/sheet2.xml", "xl/worksheets/_rels/sheet2.xml.rels", "docProps/core.xml"] {
        let hostile =
            with(&source, "xl/riscontro/marks1.xml", "</marks>", &format!("<added name=\"{added}\"/></marks>"));
        let stripped = strip(&hostile).unwrap();
        assert!(contents(&stripped).contains_key(added), "{added}");
        assert_eq!(cells(&stripped), cells(&rich()));
    }
}

#[test]
fn marks_without_end_are_passed_over() {
    let many = format!("<marks version=\"1\">{}</marks>", "<added name=\"a\"/>".repeat(3_000_000));
    let mut parts = contents(&annotated(&rich(), &report()));
    parts.insert("xl/riscontro/marks1.xml".to_owned(), many.into_bytes());
    let stripped = strip(&package(&parts)).unwrap();
    assert_eq!(cells(&stripped), cells(&rich()));
}

#[test]
fn ids_beyond_all_others_leave_room() {
    let table = "xl/tables/table1.xml";
    let sheet = "xl/worksheets/sheet1.xml";
    for id in ["4294967294", "4294967295"] {
        let source = with(&rich(), "xl/workbook.xml", "sheetId=\"2\"", &format!("sheetId=\"{id}\""));
        let source = with(&source, table, " id=\"1\"", &format!(" id=\"{id}\""));
        annotated(&source, &report());
    }
    for priority in ["2147483647", "18446744073709551615"] {
        let source = with(&rich(), sheet, "priority=\"1\"", &format!("priority=\"{priority}\""));
        let bytes = annotate(&source, &report(), &report().documents[0]).unwrap().bytes;
        let sheet = text(&bytes, sheet);
        let all: Vec<u64> =
            sheet.split("priority=\"").skip(1).map(|p| p.split('"').next().unwrap().parse().unwrap()).collect();
        assert!(all[1..].iter().all(|p| *p < 1000) && all.len() > 1, "{all:?}");
    }
    let source = with(&rich(), "xl/styles.xml", "numFmtId=\"164\"", "numFmtId=\"18446744073709551615\"");
    annotate(&source, &report(), &report().documents[0]).unwrap();
}

#[test]
fn a_workbook_full_of_formats_is_refused_in_a_sentence() {
    let more = "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>".repeat(65_480);
    let source = with(&plain(), "xl/styles.xml", "</cellXfs>", &format!("{more}</cellXfs>"));
    let one = Report {
        documents: vec![document(vec![finding(
            "X-1",
            Severity::Avviso,
            "x",
            vec![place("Allegato 1", "A1", "", None)],
        )])],
        ..Report::default()
    };
    let error = annotate(&source, &one, &one.documents[0]).unwrap_err();
    assert!(error.message(riscontro::Lang::It).contains("formati di cella"), "{error}");
}
