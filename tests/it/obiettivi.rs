//! Registers of objectives: what is found in the samples, what cannot be told of them, and that great ones are checked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use riscontro::model::{DocumentReport, OutcomeKind};

use crate::containers::{fixture, report};

/// Code, severity and cells of every finding.
fn findings(report: &DocumentReport) -> Vec<String> {
    let cells = |f: &riscontro::model::Finding| {
        let cells: Vec<String> = f.places.iter().filter_map(|p| p.area).map(|area| area.first.to_string()).collect();
        format!("{} {} {}", f.code, f.severity.name(), cells.join(","))
    };
    report.findings.iter().map(cells).collect()
}

fn outcomes(report: &DocumentReport) -> BTreeMap<&str, OutcomeKind> {
    report.rules.iter().map(|rule| (&*rule.code, rule.kind)).collect()
}

/// A register in lines of values.
fn register(rows: &str) -> DocumentReport {
    let head = "Piano della performance 2024\n\nCodice obiettivo;Livello;Obiettivo strategico;Obiettivo operativo;Unità responsabile;Peso;Risorse finanziarie;Indicatore;Target 2024\n";
    report(format!("{head}{rows}").as_bytes(), "obiettivi.csv")
}

#[test]
fn the_sample_lacks_money_alone() {
    let report = report(&fixture("registri/obiettivi-2020.xlsx"), "obiettivi-2020.xlsx");
    assert_eq!(findings(&report), ["OBJ-016 avviso E32,E34,E36,E168,E173"]);
}

#[test]
fn what_columns_do_not_tell_is_not_evaluable_and_codes_tell_the_hierarchy() {
    let report = report(&fixture("registri/obiettivi-2020.xlsx"), "obiettivi-2020.xlsx");
    let outcomes = outcomes(&report);
    for code in ["OBJ-001", "OBJ-002", "OBJ-003", "OBJ-004", "OBJ-006", "OBJ-007", "OBJ-014", "OBJ-018", "LNK-001"] {
        assert_eq!(outcomes[code], OutcomeKind::Passed, "{code}");
    }
    for code in ["OBJ-005", "OBJ-008", "OBJ-011", "OBJ-012", "OBJ-024", "LNK-003"] {
        assert_eq!(outcomes[code], OutcomeKind::NotEvaluable, "{code}");
    }
}

#[test]
fn a_great_register_is_checked_to_the_end() {
    let mut rows = String::new();
    for i in 0..1500 {
        let parent = format!("Linea strategica delle cose {} {}", i % 900, "abcdefghij".repeat(i % 7));
        writeln!(
            rows,
            "OB{i}.1;Operativo;{parent};Fare la cosa {i} meglio;Settore {};{};1000;Indicatore {i};{i}",
            i % 9,
            i % 3
        )
        .unwrap();
    }
    let report = register(&rows);
    let failed = |r: &&riscontro::model::RuleOutcome| r.kind == OutcomeKind::Error;
    assert_eq!(report.rules.iter().filter(failed).count(), 0);
    assert_eq!(outcomes(&report)["OBJ-012"], OutcomeKind::NotEvaluable);
}

#[test]
fn a_long_circle_of_objectives_is_told_once() {
    let row = |i: usize| format!("OB{i};Operativo;OB{};Fare {i};Ufficio;1;1;Indicatore {i};1\n", (i + 1) % 300);
    let report = register(&(0..300).map(row).collect::<String>());
    let circles: Vec<String> = findings(&report).into_iter().filter(|f| f.starts_with("OBJ-006 ")).collect();
    assert_eq!(circles.len(), 1, "{circles:?}");
}
