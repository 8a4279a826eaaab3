//! Reports made by hand: what the formats show and what copies are annotated with.

use std::collections::BTreeMap;

use riscontro::model::{
    Anchor, Area, Bilingual, CellRef, Column, DocumentReport, EntityCount, Finding, Flag, NearMiss, OutcomeKind, Place,
    Reading, ReadingNote, Repair, Report, RuleOutcome, RunnerUp, Severity, SkippedRow, Status, TableReport,
};

/// A place of a workbook.
pub(crate) fn place(sheet: &str, area: &str, anchor: &str, value: Option<&str>) -> Place {
    let (unit, part) = anchor.split_once(", ").unwrap_or((anchor, ""));
    Place {
        path: None,
        sheet_index: 0,
        sheet: Some(sheet.into()),
        area: Area::parse(area),
        line: None,
        anchor: Anchor::new(unit, part),
        value: value.map(Into::into),
    }
}

/// A finding.
pub(crate) fn finding(code: &str, severity: Severity, message: &str, places: Vec<Place>) -> Finding {
    Finding {
        code: code.into(),
        name: format!("prova/{}", code.to_lowercase()).into(),
        severity,
        message: message.to_owned(),
        places,
        expected: Some("Si | No".to_owned()),
        remedy: "scegliere una delle risposte previste dalla scheda, senza testo libero".to_owned(),
        suggestion: None,
        basis: "scheda standard di monitoraggio, domande chiuse".to_owned(),
        related: Vec::new(),
        fingerprint: "0123456789abcdef".to_owned(),
        value_hash: "fedcba9876543210".to_owned(),
        status: Status::New,
        waiver: None,
    }
}

/// The outcome of a rule.
pub(crate) fn outcome(
    code: &str,
    title: &str,
    kind: OutcomeKind,
    findings: usize,
    reason: Option<&str>,
) -> RuleOutcome {
    RuleOutcome {
        code: code.into(),
        name: format!("prova/{}", code.to_lowercase()).into(),
        title: title.to_owned(),
        kind,
        findings,
        superseded: usize::from(findings > 1),
        reason: reason.map(str::to_owned),
        places: Vec::new(),
        time: None,
    }
}

/// A column of no field.
fn unread(cell: &str, heading: &str) -> Column {
    Column {
        sheet: None,
        heading_area: Area::parse(cell).unwrap(),
        heading: heading.into(),
        field: None,
        confidence: 0.2,
        evidence: Bilingual::default(),
        runner_up: None,
    }
}

/// A table, with one of everything that reading tells.
fn table() -> TableReport {
    let both = |it: &str, en: &str| Bilingual::new(it, en);
    let note = ReadingNote {
        sheet: "Allegato 1".into(),
        code: "A1-S02".into(),
        message: Bilingual::new(
            "due righe sono state lette come una sola, perché la seconda continua il testo della prima",
            "two rows were read as one, for the second goes on with the text of the first",
        ),
        areas: ["A7:F8", "A12:F13"].iter().filter_map(|a| Area::parse(a)).collect(),
    };
    TableReport {
        is_text: false,
        field_titles: BTreeMap::new(),
        kind: "allegato1".into(),
        title: "Allegato 1 – Scheda di monitoraggio".to_owned(),
        variant: None,
        sheet: "Allegato 1".into(),
        sheet_index: 0,
        area: Area::parse("A2:F30").unwrap(),
        parts: Vec::new(),
        header: Area::parse("A2:F2").unwrap(),
        records: 28,
        entities: vec![EntityCount { name: "domanda".into(), number: 40, words: "40 domande".to_owned() }],
        has_rules: true,
        confidence: 0.98,
        columns: vec![
            Column {
                field: Some("risposta".into()),
                confidence: 0.97,
                evidence: both("intestazione uguale", "same heading"),
                runner_up: Some(RunnerUp { field: "istruzioni".into(), confidence: 0.4 }),
                ..unread("E2", "RISPOSTA")
            },
            unread("G2", "Appunti"),
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
            notes: vec![note],
        },
    }
}

/// A report with findings of every kind on the sheet `Allegato 1`.
pub(crate) fn report() -> Report {
    let sheet = "Allegato 1";
    let many = ["E15", "E17", "E19", "E20", "E21", "E22", "E23", "E24"];
    let mut law = finding(
        "LEG-001",
        Severity::Avviso,
        "il monitoraggio è stato fatto dopo il termine del piano («31/01/2021»), atteso entro il 15/12/2020",
        vec![place(sheet, "A6:B7", "domanda 5.1, RISPOSTA", Some("31/01/2021"))],
    );
    law.basis = String::from("l. 190/2012, art. 1, comma 14");
    let mut formula = finding(
        "A1-DET-009",
        Severity::Osservazione,
        "=la risposta comincia con un segno di formula",
        vec![place(sheet, "E3", "domanda 2.1, RISPOSTA", Some("=1+1"))],
    );
    formula.suggestion = Some("@SOMMA(A1)".to_owned());
    let findings = vec![
        finding(
            "A1-CMP-001",
            Severity::Errore,
            "la domanda 2.1 ha una risposta «forse» che la scheda non prevede: attesi «Si» o «No»",
            vec![place(sheet, "E3", "domanda 2.1, RISPOSTA", Some("forse"))],
        ),
        formula,
        law,
        finding(
            "A1-CMP-002",
            Severity::Avviso,
            "otto risposte mancano",
            many.iter().map(|c| place(sheet, c, "domande 14-23, RISPOSTA", None)).collect(),
        ),
        finding(
            "A1-CMP-003",
            Severity::Errore,
            "la domanda 4.1 non ha risposta",
            vec![place(sheet, "E5", "domanda 4.1, RISPOSTA", None)],
        ),
    ];
    Report { documents: vec![document(findings)], ..Report::default() }
}

/// A document with these findings.
pub(crate) fn document(findings: Vec<Finding>) -> DocumentReport {
    let missing = Some("manca la colonna «Data di approvazione», che la regola deve confrontare con l'anno del piano");
    DocumentReport {
        path: "prove/comune/allegato1-lucca-2020.xlsx".to_owned(),
        kinds: vec!["allegato1".into()],
        tables: vec![table()],
        near_misses: vec![NearMiss {
            sheet: "Nascosto".into(),
            kind: Some("allegato2".into()),
            missing: vec![
                Bilingual::new("Obiettivi strategici", "Strategic objectives"),
                Bilingual::new("Valore", "Value"),
            ],
            title: Some(Box::new(Bilingual::new("Informazioni di sintesi sugli obiettivi", "Summary of objectives"))),
            ..NearMiss::default()
        }],
        rules: vec![
            outcome("A1-CMP-001", "Risposta non prevista", OutcomeKind::Findings, 1, None),
            outcome("A1-CMP-002", "Domanda senza risposta", OutcomeKind::Findings, 8, None),
            outcome("A1-DET-009", "Dettaglio troppo lungo", OutcomeKind::Passed, 0, None),
            outcome("A1-DET-010", "Dettaglio dove la risposta è «No»", OutcomeKind::NotApplicable, 0, None),
            outcome("A1-TMP-004", "Approvazione dopo la scadenza di legge", OutcomeKind::NotEvaluable, 0, missing),
            outcome(
                "A1-XXX-001",
                "Regola guasta",
                OutcomeKind::Error,
                0,
                Some("riga 3, colonna 7: campo ignoto «rispsta»"),
            ),
            outcome("LEG-001", "Monitoraggio tardivo", OutcomeKind::Findings, 1, None),
        ],
        findings,
        ..DocumentReport::default()
    }
}
