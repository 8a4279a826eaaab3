//! A report made by hand, with one of everything, and how each format shows it.

use std::sync::Arc;

use crate::model::{
    Anchor, Area, Bilingual, CellRef, Column, DocumentReport, EntityCount, Error, ErrorKind, Finding, Flag, HeadEntry,
    Lang, NearMiss, OutcomeKind, Place, Reading, ReadingNote, Repair, Report, RuleOutcome, RunnerUp, Severity,
    SkippedRow, Status, TableReport, Value,
};

use super::{Format, Style, write};

fn place(sheet: &str, area: &str, anchor: &str, value: Option<&str>) -> Place {
    let (unit, part) = anchor.split_once(", ").unwrap_or((anchor, ""));
    Place {
        path: None,
        sheet_index: 0,
        sheet: Some(sheet.into()),
        area: Area::parse(area),
        line: None,
        anchor: Anchor::new(unit, part),
        value: value.map(str::to_owned),
    }
}

fn finding(code: &str, name: &str, severity: Severity, message: &str, places: Vec<Place>) -> Finding {
    Finding {
        code: code.into(),
        name: name.into(),
        severity,
        message: message.to_owned(),
        places,
        expected: None,
        remedy: "scegliere una delle risposte previste".to_owned(),
        suggestion: None,
        basis: "scheda standard di monitoraggio, domande chiuse".to_owned(),
        related: Vec::new(),
        fingerprint: "0123456789abcdef".to_owned(),
        value_hash: "fedcba9876543210".to_owned(),
        status: Status::New,
    }
}

fn rule(code: &str, kind: OutcomeKind, reason: Option<&str>) -> RuleOutcome {
    RuleOutcome {
        code: code.into(),
        name: format!("allegato1/{}", code.to_lowercase()).into(),
        title: String::new(),
        kind,
        findings: usize::from(kind == OutcomeKind::Findings),
        superseded: 0,
        reason: reason.map(str::to_owned),
        places: Vec::new(),
    }
}

fn findings() -> Vec<Finding> {
    let blank = finding(
        "A1-CMP-001",
        "allegato1/domanda-senza-risposta",
        Severity::Errore,
        "la domanda 9.1 non ha risposta",
        vec![place("Allegato 1", "E79", "domanda 9.1, RISPOSTA", None)],
    );
    let mut count = finding(
        "A1-QNT-002",
        "allegato1/numero-diverso",
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
        "ptpct/ufficio-scritto-in-due-modi",
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
    vec![blank, count, many]
}

fn table(lang: Lang) -> TableReport {
    let both = |it: &str, en: &str| Bilingual::new(it, en);
    TableReport {
        kind: "allegato1".into(),
        title: "Allegato 1: scheda standard di monitoraggio".to_owned(),
        variant: None,
        sheet: "Allegato 1".into(),
        sheet_index: 0,
        area: Area::parse("A2:F129").unwrap(),
        parts: Vec::new(),
        header: Area::parse("A2:F2").unwrap(),
        records: 121,
        entities: vec![EntityCount {
            name: "domanda".into(),
            number: 40,
            words: lang.pick("40 domande", "40 questions").into(),
        }],
        has_rules: true,
        confidence: 0.984,
        columns: vec![
            Column {
                heading_area: Area::parse("E2").unwrap(),
                heading: "RISPOSTA".into(),
                field: Some("risposta".into()),
                confidence: 0.97,
                evidence: both("intestazione uguale", "same heading"),
                runner_up: Some(RunnerUp { field: "istruzioni".into(), confidence: 0.4 }),
            },
            Column {
                heading_area: Area::parse("G2").unwrap(),
                heading: "Appunti".into(),
                field: None,
                confidence: 0.2,
                evidence: Bilingual::default(),
                runner_up: None,
            },
        ],
        record_places: vec![("Allegato 1".into(), Area::parse("A3:F4").unwrap(), "1.1".to_owned())],
        reading: Reading {
            skipped: vec![SkippedRow {
                sheet: "Allegato 1".into(),
                area: Area::parse("A30:F30").unwrap(),
                reason: both("sotto-titolo", "sub-title"),
                text: "PARTE II".into(),
            }],
            repaired: vec![Repair {
                at: CellRef::parse("B12").unwrap(),
                from: "INFORM ATIVI".into(),
                to: "INFORMATIVI".into(),
                flag: Flag::MendedWord,
            }],
            notes: vec![ReadingNote {
                sheet: "Allegato 1".into(),
                code: "A1-L01".into(),
                message: both("righe spezzate: 31; unite a quella sopra", "broken rows: 31; joined to the one above"),
                areas: vec![Area::parse("A31:F31").unwrap(), Area::parse("B12").unwrap()],
            }],
        },
    }
}

fn report(lang: Lang) -> Report {
    let year = HeadEntry {
        title: Bilingual::new("Anno del ciclo", "Year of the cycle"),
        sheet: 0,
        sheet_name: "Allegato 1".into(),
        at: CellRef::new(0, 0),
        text: "2020".into(),
        value: Value::Number(None, 2020.into()),
    };
    let mut missing =
        rule("A1-CMP-009", OutcomeKind::NotEvaluable, Some("manca il documento «registro degli obiettivi»"));
    missing.places = vec![place("Allegato 1", "E12", "domanda 1.5, RISPOSTA", None)];
    let checked = DocumentReport {
        path: "allegato1-lucca-2020.xlsx".to_owned(),
        sha256: "00ff".to_owned(),
        kinds: vec!["allegato1".into()],
        head: [("anno".into(), year)].into(),
        tables: vec![table(lang)],
        near_misses: vec![NearMiss {
            sheet: "Elenchi".into(),
            kind: None,
            missing: Vec::new(),
            empty: false,
            untold: false,
            foreign: None,
        }],
        remarks: vec!["il file rimanda a un'altra cartella di lavoro".to_owned()],
        rules: vec![
            rule("A1-CMP-001", OutcomeKind::Findings, None),
            rule("A1-CMP-008", OutcomeKind::NotEvaluable, Some("manca il documento «registro degli obiettivi»")),
            missing,
            rule("A1-QNT-001", OutcomeKind::Passed, None),
            rule("A1-QNT-003", OutcomeKind::Error, Some("riga 12, colonna 4: troppe operazioni")),
        ],
        findings: findings(),
        omitted: 2,
        ..DocumentReport::default()
    };
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
    Report { documents: vec![checked, refused, skipped], lang, as_of: None }
}

fn shown(format: Format, lang: Lang, explain_reading: bool) -> String {
    let mut bytes = Vec::new();
    let style = Style { explain_reading, ..Style::default() };
    write(&report(lang), format, &style, &mut bytes).unwrap();
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
    assert_eq!(lines[0]["path"], "allegato1-lucca-2020.xlsx");
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
