//! How each format shows a report with one of everything.

use std::sync::Arc;

use riscontro::model::{
    Bilingual, CellRef, DocumentReport, Error, ErrorKind, Finding, HeadEntry, Lang, OutcomeKind, Report, Severity,
    Status, Value,
};
use riscontro::output::{self, Format, Style};

use crate::samples::{finding, outcome, place, report};

/// What no cell of a workbook to annotate has: a cell elsewhere, many places that are known already.
fn more_findings() -> Vec<Finding> {
    let mut count = finding(
        "A1-QNT-002",
        Severity::Avviso,
        "gli obiettivi strategici non sono quelli dell'Allegato 2",
        vec![place("Allegato 1", "E10", "domanda 1.4, RISPOSTA", Some("=14"))],
    );
    count.expected = Some("15".to_owned());
    count.suggestion = Some("15".to_owned());
    count.related = vec![place("N_Obiettivi strategici", "C3", "riga 1, strategici", Some("15"))];
    let offices = ["E15", "E17", "E19", "E20", "E21"].iter().enumerate();
    let mut many = finding(
        "PT-A03",
        Severity::Osservazione,
        "ufficio scritto «SERVIZI INFORMATICI»: 5 righe",
        offices
            .map(|(i, cell)| {
                let anchor = format!("processo n. {}, Ufficio", i + 1);
                place("Processi", cell, &anchor, Some("SERVIZI INFORMATICI"))
            })
            .collect(),
    );
    many.status = Status::Known;
    many.expected = None;
    vec![count, many]
}

/// The report of the annotated copies with more findings, and two files that were not checked.
fn whole(lang: Lang) -> Report {
    let year = HeadEntry {
        title: Bilingual::new("Anno del ciclo", "Year of the cycle"),
        sheet: 0,
        sheet_name: "Allegato 1".into(),
        at: CellRef::new(0, 0),
        text: "2020".into(),
        value: Value::Number(None, 2020.into()),
    };
    let lacking = Some("manca il documento «registro degli obiettivi»");
    let mut missing = outcome("A1-CMP-009", "", OutcomeKind::NotEvaluable, 0, lacking);
    missing.places = vec![place("Allegato 1", "E12", "domanda 1.5, RISPOSTA", None)];
    let mut report = Report { lang, ..report() };
    let checked = &mut report.documents[0];
    "00ff".clone_into(&mut checked.sha256);
    checked.head = [("anno".into(), year)].into();
    lang.pick("40 domande", "40 questions").clone_into(&mut checked.tables[0].entities[0].words);
    checked.remarks = vec!["il file rimanda a un'altra cartella di lavoro".to_owned()];
    checked.rules.extend([outcome("A1-CMP-008", "", OutcomeKind::NotEvaluable, 0, lacking), missing]);
    checked.findings.extend(more_findings());
    checked.omitted = 2;
    let locked = Error::new(
        ErrorKind::Encrypted,
        "il file è protetto da password: toglierla e salvarlo di nuovo",
        "the file is protected by a password: remove it and save it again",
    );
    let refused = DocumentReport {
        path: "cartella/segreto.xlsx".to_owned(),
        error: Some(Arc::new(locked)),
        ..DocumentReport::default()
    };
    let skipped = DocumentReport {
        path: "cartella/altro.xlsx".to_owned(),
        skipped: Some("non contiene alcuna tabella conosciuta".to_owned()),
        ..DocumentReport::default()
    };
    report.documents.extend([refused, skipped]);
    report
}

fn shown(format: Format, lang: Lang, explain_reading: bool) -> String {
    let mut bytes = Vec::new();
    let style = Style { explain_reading, ..Style::default() };
    output::write(&whole(lang), format, &style, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn full_tells_everything_to_a_person() {
    insta::assert_snapshot!("full", shown(Format::Full, Lang::It, false));
    insta::assert_snapshot!("full_explained_in_english", shown(Format::Full, Lang::En, true));
}

#[test]
fn concise_has_one_line_per_finding() {
    insta::assert_snapshot!("concise", shown(Format::Concise, Lang::It, false));
}

#[test]
fn json_is_version_one_of_the_contract() {
    let mut whole: serde_json::Value = serde_json::from_str(&shown(Format::Json, Lang::It, true)).unwrap();
    whole["tool"]["version"] = "…".into();
    insta::assert_json_snapshot!("json", whole);
}

#[test]
fn json_lines_end_with_the_summary() {
    let lines = shown(Format::Jsonl, Lang::It, false);
    let lines: Vec<serde_json::Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["path"], "prove/comune/allegato1-lucca-2020.xlsx");
    assert!(lines[0]["tables"][0].get("reading").is_none());
    assert_eq!(lines[3]["summary"]["refused"], 1);
}

#[test]
fn csv_has_one_row_per_place() {
    insta::assert_snapshot!("csv", shown(Format::Csv, Lang::It, false).replace("\r\n", "\n"));
}

#[test]
fn markdown_has_one_table_per_document() {
    insta::assert_snapshot!("markdown", shown(Format::Markdown, Lang::It, false));
}

#[test]
fn every_format_is_the_same_twice() {
    for format in Format::ALL {
        assert_eq!(shown(format, Lang::It, true), shown(format, Lang::It, true), "{}", format.name());
    }
}
