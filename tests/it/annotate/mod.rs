//! Annotated copies: what is added, what stays to the byte, and how it is taken out again.

mod parts;
mod reuse;
mod valid;
mod variants;
mod workbooks;

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use riscontro::annotate::{annotate, strip};
use riscontro::model::{Lang, Report, Severity, Status, Waiver};
use riscontro::package::Limits;

use parts::{changed, compressed, contents, text};
use workbooks::{plain, rich};

use crate::samples::{document, finding, place, report};

fn annotated(source: &[u8], report: &Report) -> Vec<u8> {
    let bytes = annotate(source, report, &report.documents[0]).unwrap().bytes;
    valid::check(&bytes);
    bytes
}

/// Every cell of every sheet, by sheet name.
fn cells(package: &[u8]) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(package)).unwrap();
    book.worksheets().into_iter().map(|(name, range)| (name, range.rows().map(<[Data]>::to_vec).collect())).collect()
}

/// A text without what stands behind each `start` up to the next `end`.
fn bare(text: &str, start: &str, end: char) -> String {
    let mut pieces = text.split(start);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    pieces.for_each(|p| out.push_str(p.split_once(end).unwrap().1));
    out
}

/// Whether the bytes of `part` stand in `whole` in their order, other bytes between them. Counts, and the sizes of
/// the boxes of notes, are left aside.
fn only_inserted(part: &str, whole: &str) -> bool {
    let bare = |text: &str| bare(&bare(text, " count=\"", '"'), "<x:Anchor>", '<');
    let whole = bare(whole);
    let mut rest = whole.bytes();
    bare(part).bytes().all(|b| rest.any(|r| r == b))
}

/// The text of the note on a cell.
fn note(package: &[u8], part: &str, cell: &str) -> Option<String> {
    let xml = text(package, part);
    let comment = xml.split("<comment ").find(|c| c.starts_with(&format!("ref=\"{cell}\"")))?;
    let runs = comment.split("</comment>").next()?.split("<t").skip(1);
    let runs = runs.filter_map(|r| r.split_once('>')).filter(|(head, _)| !head.starts_with("ext"));
    Some(runs.map(|(_, r)| r.split("</t>").next().unwrap()).collect())
}

#[test]
fn untouched_parts_keep_their_compressed_bytes() {
    let source = rich();
    let bytes = annotated(&source, &report());
    let (before, after) = (contents(&source), contents(&bytes));
    let (raw_before, raw_after) = (compressed(&source), compressed(&bytes));
    let mut patched = Vec::new();
    for (name, content) in &before {
        if content == &after[name] {
            assert_eq!(raw_before[name], raw_after[name], "{name}");
        } else {
            patched.push(name.as_str());
        }
    }
    insta::assert_snapshot!(patched.join("\n"), @r"
    [Content_Types].xml
    xl/_rels/workbook.xml.rels
    xl/comments1.xml
    xl/drawings/vmlDrawing1.vml
    xl/styles.xml
    xl/workbook.xml
    xl/worksheets/sheet1.xml
    ");
}

#[test]
fn patched_parts_differ_by_insertions_only() {
    let source = rich();
    let bytes = annotated(&source, &report());
    for (name, content) in contents(&source) {
        let Ok(before) = String::from_utf8(content) else { continue };
        assert!(only_inserted(&before, &text(&bytes, &name)), "{name}");
    }
}

#[test]
fn cells_of_the_user_read_as_before() {
    for source in [plain(), rich()] {
        let (before, after) = (cells(&source), cells(&annotated(&source, &report())));
        assert_eq!(before, after[..before.len()]);
        assert_eq!(after.len(), before.len() + 2);
    }
}

#[test]
fn strip_gives_back_every_part() {
    for source in [plain(), rich()] {
        let stripped = strip(&annotated(&source, &report())).unwrap();
        assert_eq!(contents(&stripped), contents(&source));
    }
}

#[test]
fn a_workbook_without_marks_is_stripped_to_itself() {
    assert_eq!(strip(&rich()).unwrap(), rich());
}

#[test]
fn twenty_rounds_change_nothing() {
    let report = report();
    let first = annotated(&rich(), &report);
    let mut last = first.clone();
    for _ in 0..20 {
        last = annotate(&last, &report, &report.documents[0]).unwrap().bytes;
    }
    assert!(first == last);
}

#[test]
fn other_findings_replace_the_earlier_ones() {
    let first = annotated(&rich(), &report());
    let one = vec![finding("X-1", Severity::Avviso, "altro", vec![place("Allegato 1", "B2", "", None)])];
    let other = Report { documents: vec![document(one)], ..Report::default() };
    assert!(annotated(&first, &other) == annotated(&rich(), &other));
}

#[test]
fn marks_are_found_after_another_program_saved_the_workbook() {
    let report = report();
    let source = rich();
    // Another program rewrites every part and drops those it does not know.
    let resaved = changed(&annotated(&source, &report), |name, text| match name {
        "[Content_Types].xml" => without(&text, "<Override PartName=\"/xl/riscontro/marks1.xml\"", "/>"),
        "xl/_rels/workbook.xml.rels" => {
            let text = without(&text, "<Relationship Id=\"rId10\"", "/>");
            assert!(!text.contains("marks"), "{text}");
            text
        }
        name if valid::is(name, "vml") || valid::is(name, "rels") => text,
        _ => text.replacen("?>", "?><!-- saved again -->", 1),
    });
    let mut known = contents(&resaved);
    known.remove("xl/riscontro/marks1.xml");
    let stripped = strip(&parts::package(&known)).unwrap();
    assert_eq!(cells(&stripped), cells(&source));
    let left: String = contents(&stripped).into_values().map(|b| String::from_utf8_lossy(&b).into_owned()).collect();
    assert!(!left.contains("riscontro") && !left.contains("ERRORE") && !left.contains("— Riscontro —"));
    assert_eq!(note(&stripped, "xl/comments1.xml", "E3").as_deref(), Some("Ufficio:\nda verificare con l'ufficio"));
    assert_eq!(text(&stripped, "xl/drawings/vmlDrawing1.vml").matches("<v:shape ").count(), 2);
    valid::check(&stripped);
    annotated(&stripped, &report);
}

#[test]
fn report_sheets_that_another_program_moved_are_not_read_as_data() {
    let names = |bytes: &[u8]| -> Vec<String> {
        let grid = riscontro::ingest::read(bytes, "a.xlsx", &Limits::default()).unwrap();
        grid.sheets.iter().map(|s| s.name.to_string()).collect()
    };
    let source = rich();
    let parts = contents(&annotated(&source, &report()));
    let moved = parts.into_iter().map(|(name, bytes)| match String::from_utf8(bytes) {
        Ok(text) => (name.replace("riscontro/", "altro/"), text.replace("riscontro/", "altro/").into_bytes()),
        Err(other) => (name.replace("riscontro/", "altro/"), other.into_bytes()),
    });
    let moved = parts::package(&moved.collect());
    assert!(contents(&moved).keys().all(|name| !name.contains("riscontro/")));
    assert_eq!(names(&moved), names(&source));
}

fn without(text: &str, start: &str, end: &str) -> String {
    let from = text.find(start).unwrap_or_else(|| panic!("{start} in {text}"));
    let to = from + text[from..].find(end).unwrap() + end.len();
    format!("{}{}", &text[..from], &text[to..])
}

#[test]
fn a_note_tells_finding_remedy_basis_and_code() {
    let bytes = annotated(&plain(), &report());
    insta::assert_snapshot!(note(&bytes, "xl/riscontro/comments1.xml", "E5").unwrap(), @"
    ERRORE · la domanda 4.1 non ha risposta
    Rimedio: scegliere una delle risposte previste dalla scheda, senza testo libero
    Norma: scheda standard di monitoraggio, domande chiuse
    [A1-CMP-003]
    ");
}

#[test]
fn a_note_of_the_user_keeps_its_text_before_ours() {
    let bytes = annotated(&rich(), &report());
    let text = note(&bytes, "xl/comments1.xml", "E3").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["Ufficio:", "da verificare con l'ufficio", "— Riscontro —"]);
    assert!(lines[3].starts_with("ERRORE · la domanda 2.1") && text.contains("OSSERVAZIONE · =la risposta"));
}

#[test]
fn the_box_of_a_user_s_note_grows_with_our_text() {
    let anchors = |package: &[u8]| -> Vec<Vec<u32>> {
        let vml = text(package, "xl/drawings/vmlDrawing1.vml");
        let anchors = vml.split("<x:Anchor>").skip(1).map(|t| t.split('<').next().unwrap().to_owned());
        anchors.map(|a| a.split(',').map(|n| n.trim().parse().unwrap()).collect()).collect()
    };
    let (before, after) = (anchors(&rich()), anchors(&annotated(&rich(), &report())));
    assert_eq!(before[0][..4], after[0][..4]);
    assert!(after[0][6] > before[0][6] + 5, "{:?} {:?}", before[0], after[0]);
    assert_eq!(before[1], after[1]);
}

#[test]
fn every_place_is_marked_and_ranges_are_highlighted_whole() {
    let bytes = annotated(&plain(), &report());
    for cell in ["E15", "E17", "E19", "E24", "A6"] {
        assert!(note(&bytes, "xl/riscontro/comments1.xml", cell).is_some(), "{cell}");
    }
    assert!(note(&bytes, "xl/riscontro/comments1.xml", "B7").is_none());
    let sheet = text(&bytes, "xl/worksheets/sheet1.xml");
    let areas: Vec<&str> =
        sheet.split("<conditionalFormatting sqref=\"").skip(1).map(|t| t.split('"').next().unwrap()).collect();
    assert_eq!(areas, ["E3 E5", "A6:B7 E15 E17 E19:E24", "E3"]);
}

#[test]
fn known_findings_are_listed_but_not_marked() {
    let mut report = report();
    report.documents[0].findings.iter_mut().for_each(|f| f.status = Status::Known);
    let bytes = annotated(&plain(), &report);
    assert_eq!(text(&plain(), "xl/worksheets/sheet1.xml"), text(&bytes, "xl/worksheets/sheet1.xml"));
    let list = &cells(&bytes)[1];
    assert_eq!(list.1[0].last(), Some(&Data::String("Stato".to_owned())));
    assert_eq!(list.1[1].last(), Some(&Data::String("già noto".to_owned())));
}

#[test]
fn an_excepted_finding_gets_a_note_of_its_own_and_no_colour() {
    let mut report = report();
    let waiver = Waiver { reason: "sede unica".into(), approved_by: None, expires: None };
    let waiver = std::sync::Arc::new(waiver);
    for finding in &mut report.documents[0].findings {
        (finding.status, finding.waiver) = (Status::Waived, Some(waiver.clone()));
    }
    let bytes = annotated(&plain(), &report);
    assert!(!text(&bytes, "xl/worksheets/sheet1.xml").contains("conditionalFormatting"));
    let note = note(&bytes, "xl/riscontro/comments1.xml", "E15").unwrap();
    assert!(note.contains("riscontro: eccezione ") && note.contains(" senza scadenza, motivo: sede unica"), "{note}");
    assert!(!note.contains("Rimedio") && !note.contains("ERRORE"), "{note}");
    let status = cells(&bytes)[1].1[1].last().cloned();
    assert_eq!(status, Some(Data::String("in eccezione senza scadenza, motivo: sede unica".to_owned())));
}

#[test]
fn report_sheets_follow_a_name_that_is_taken() {
    let bytes = annotated(&rich(), &report());
    let names: Vec<String> = cells(&bytes).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names[4..], ["Rilievi (2)", "Riepilogo"]);
    let book = text(&bytes, "xl/workbook.xml");
    assert!(book.contains("localSheetId=\"4\">'Rilievi (2)'!$1:$1<"), "{book}");
    let chart = text(&bytes, "xl/riscontro/charts/chart1.xml");
    assert!(chart.contains("<c:f>Riepilogo!$B$"));
    assert!(text(&bytes, "xl/riscontro/tables/table1.xml").contains("displayName=\"RiscontroRilievi2\""));
}

#[test]
fn texts_that_look_like_formulas_stay_texts() {
    let bytes = annotated(&plain(), &report());
    let list = &cells(&bytes)[1].1;
    assert_eq!(list[2][7], Data::String("=la risposta comincia con un segno di formula".to_owned()));
    assert_eq!(list[2][10], Data::String("@SOMMA(A1)".to_owned()));
    assert!(!text(&bytes, "xl/riscontro/worksheets/sheet1.xml").contains("<f>"));
}

#[test]
fn english_reports_give_english_marks() {
    let mut report = report();
    report.lang = Lang::En;
    let bytes = annotated(&plain(), &report);
    assert!(note(&bytes, "xl/riscontro/comments1.xml", "E5").unwrap().starts_with("ERROR · "));
    let names: Vec<String> = cells(&bytes).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names[1..], ["Findings", "Summary"]);
}

#[test]
fn a_document_without_findings_says_so() {
    let report = Report { documents: vec![document(Vec::new())], ..Report::default() };
    let bytes = annotated(&plain(), &report);
    assert_eq!(cells(&bytes)[1].1[1][0], Data::String("Nessun rilievo.".to_owned()));
}

#[test]
fn places_beyond_the_first_two_thousand_are_highlighted_without_a_note() {
    let places = (1..=2_100).map(|row| place("Allegato 1", &format!("C{row}"), "", None)).collect();
    let one = vec![finding("X-1", Severity::Avviso, "tante celle", places)];
    let report = Report { documents: vec![document(one)], ..Report::default() };
    let result = annotate(&plain(), &report, &report.documents[0]).unwrap();
    valid::check(&result.bytes);
    assert_eq!(text(&result.bytes, "xl/riscontro/comments1.xml").matches("<comment ").count(), 2_000);
    assert!(text(&result.bytes, "xl/worksheets/sheet1.xml").contains("sqref=\"C1:C2100\""));
    assert!(result.warnings[0].it.contains("100"), "{:?}", result.warnings);
}
