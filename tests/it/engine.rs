//! Rules on small documents: what comes of them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use riscontro::engine::{Context, RuleBook, Selection};
use riscontro::model::{
    Area, Bilingual, Cell, CellRef, Column, Content, Document, FieldSlot, Format, HeadEntry, Lang, Outcome,
    OutcomeKind, Reading, Record, Table, Value,
};
use riscontro::pack::{CellReader, Packs, assemble_register};
use tempfile::TempDir;

const SCHEDULE: &str = include_str!("cases/engine-registro.toml");
const AREAS: &str = r#"
title = { it = "Aree", en = "Areas" }
[[entry]]
value = "Contratti pubblici"
aliases = ["Appalti"]
lettera = "D"
insieme = ["anac"]
[[entry]]
value = "Agenda digitale"
lettera = "S"
insieme = ["anac", "proprio"]
[[entry]]
value = "Provvedimenti"
lettera = "D"
insieme = ["proprio"]
"#;

/// A folder with the trial pack, its catalogue and some rules.
pub(crate) fn folder(rules: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    let pack = dir.path().join("prova");
    fs::create_dir(&pack).unwrap();
    fs::write(pack.join("schedule.toml"), SCHEDULE).unwrap();
    fs::write(pack.join("aree.toml"), AREAS).unwrap();
    for (name, text) in rules {
        fs::write(pack.join(format!("{name}.rhai")), text).unwrap();
    }
    dir
}

pub(crate) fn packs(rules: &[(&str, &str)]) -> Packs {
    Packs::from_dir(folder(rules).path()).unwrap()
}

/// A rule with a code, further lines of its header, and a condition.
pub(crate) fn rule(code: &str, header: &str, condition: &str) -> String {
    let message = if header.contains("MESSAGGIO") {
        let text = header.lines().find_map(|l| l.strip_prefix("MESSAGGIO ")).unwrap();
        format!("message = '''{text}'''")
    } else {
        "message = \"difetto\"".to_owned()
    };
    let header: String = header.lines().filter(|l| !l.starts_with("MESSAGGIO")).collect::<Vec<_>>().join("\n");
    let (top, tables) = match header.find("\n[") {
        Some(at) => header.split_at(at),
        None if header.starts_with('[') => ("", header.as_str()),
        None => (header.as_str(), ""),
    };
    format!(
        "/*---\ncode = \"{code}\"\nseverity = \"avviso\"\nbasis = \"prova\"\n{top}\n[it]\ntitle = \"Titolo\"\n{message}\n\
         why = \"Perché sì.\"\nremedy = \"Correggere.\"\n[en]\ntitle = \"Title\"\n{message}\nwhy = \"Because.\"\n\
         remedy = \"Correct it.\"\n{tables}\n---*/\n{condition}\n"
    )
}

/// A register with these columns and rows.
pub(crate) fn register(packs: &Packs, fields: &[&str], rows: &[&[&str]]) -> Table {
    let schedule = &packs.get("prova").unwrap().schedule;
    let col = |i: usize| u32::try_from(i).unwrap();
    let columns = fields.iter().enumerate().map(|(i, f)| Column {
        sheet: None,
        heading_area: Area::cell(CellRef::new(0, col(i))),
        heading: schedule.field(f).unwrap().headings[0].as_str().into(),
        field: Some(Arc::from(*f)),
        confidence: 1.0,
        evidence: Bilingual::default(),
        runner_up: None,
    });
    let mut table = Table {
        is_text: false,
        kind: "prova".into(),
        variant: None,
        path: None,
        sheet: 0,
        sheet_name: "Foglio1".into(),
        area: Area::new(CellRef::new(0, 0), CellRef::new(col(rows.len()), col(fields.len()))),
        header: Area::new(CellRef::new(0, 0), CellRef::new(0, col(fields.len()) - 1)),
        confidence: 1.0,
        given: Vec::new(),
        columns: columns.collect(),
        fields: fields.iter().map(|f| Arc::from(*f)).collect(),
        cells: Vec::new(),
        records: Vec::new(),
        entities: Vec::new(),
        deviations: Vec::new(),
        parts: Vec::new(),
        cards: Vec::new(),
        reading: Reading::default(),
    };
    let reader = CellReader::new(schedule, None);
    for (r, row) in (1..).zip(rows) {
        let mut slots: Vec<FieldSlot> = Vec::new();
        for (c, (text, field)) in row.iter().zip(fields).enumerate() {
            // `#5` is a number that the workbook stores, `%5` one shown as a percentage.
            let stored = text.strip_prefix('#').map(|n| (n.parse().unwrap(), Format::General));
            let shown = text.trim_start_matches('#');
            let (value, flags) = reader.read(shown, stored, schedule.field(field));
            let at = CellRef::new(r, col(c));
            slots.push(FieldSlot::One(table.push(Cell::new(at, flags, Content::found(shown.into(), value)))));
        }
        table.records.push(Record { rows: (r, r), slots: slots.as_slice().into() });
    }
    assemble_register(&mut table, schedule);
    table
}

pub(crate) fn document(tables: Vec<Table>) -> Document {
    Document { tables, ..Document::default() }
}

pub(crate) fn head(text: &str, value: Value) -> HeadEntry {
    HeadEntry {
        title: Bilingual::default(),
        sheet: 0,
        sheet_name: "Foglio1".into(),
        at: CellRef::new(9, 0),
        text: text.into(),
        value,
    }
}

pub(crate) fn outcomes(packs: &Packs, document: &Document) -> Vec<Outcome> {
    let book = RuleBook::compile(packs, None).unwrap_or_else(|e| panic!("{e}"));
    let all = book.select(&Selection::default()).unwrap();
    book.evaluate(document, &all, &Context::default())
}

/// The outcome of one rule on a register.
pub(crate) fn outcome(header: &str, condition: &str, fields: &[&str], rows: &[&[&str]]) -> Outcome {
    let packs = packs(&[("prova", &rule("PR-01", header, condition))]);
    let document = document(vec![register(&packs, fields, rows)]);
    outcomes(&packs, &document).remove(0)
}

/// What a person is told: outcome, cells and messages, reason.
pub(crate) fn told(outcome: &Outcome) -> String {
    let superseded = match outcome.rule.superseded {
        0 => String::new(),
        n => format!(", {n} superseded"),
    };
    let reason = outcome.rule.reason.as_ref().map_or_else(String::new, |r| format!(": {r}"));
    let mut lines = vec![format!("{}{superseded}{reason}", outcome.rule.kind.name())];
    for finding in &outcome.findings {
        let places: Vec<String> =
            finding.places.iter().map(|p| format!("{} ({})", p.area.unwrap(), p.anchor)).collect();
        lines.push(format!("{} {} {}", finding.severity.name(), places.join(" + "), finding.message));
    }
    lines.join("\n")
}

const AREAS_OF: [&str; 3] = ["numero", "processo", "area_rischio"];

#[test]
fn evaluation_stops_between_two_rules() {
    let packs = Packs::embedded().unwrap();
    let bytes = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/allegato1-lucca-2020.xlsx")).unwrap();
    let grid = riscontro::ingest::read(bytes, "scheda.xlsx", &riscontro::package::Limits::default()).unwrap();
    let document = riscontro::recognise::recognise(&grid, &packs);
    let book = RuleBook::compile(&packs, None).unwrap();
    let selected = book.select(&Selection::default()).unwrap();
    let asked = std::cell::Cell::new(0);
    let stop_at_third = || asked.replace(asked.get() + 1) == 2;
    assert!(book.evaluate_unless(&document, &selected, &Context::default(), &stop_at_third).is_none());
    assert_eq!(asked.get(), 3);
    assert!(book.evaluate(&document, &selected, &Context::default()).len() > 3);
}

#[test]
fn a_unit_that_breaks_the_condition_is_a_finding() {
    let rows: &[&[&str]] = &[&["1", "Gare", "Appalti"], &["2", "Backup", "Agenda digitalle"]];
    let header = "each = \"processo\"\nwhen = 'present(area_rischio)'\nat = \"area_rischio\"\n\
                  hint = 'closest(area_rischio, \"aree\")'\nMESSAGGIO area «{area_rischio}» ignota, forse «{hint}»";
    insta::assert_snapshot!(told(&outcome(header, "listed(area_rischio, \"aree\")", &AREAS_OF, rows)), @"
    findings
    avviso C3 (processo n. 2, Area di rischio) area «Agenda digitalle» ignota, forse «Agenda digitale»
    ");
}

#[test]
fn a_division_by_zero_is_the_fault_of_who_wrote_the_zero() {
    let rows: &[&[&str]] = &[&["1", "Gare", "x"], &["0", "Backup", "y"]];
    for wrong in ["1 / 0 > 2", "1 % (2 - 2) == 0", "present(processo) && -1 / 0 < 3"] {
        let failed = outcome("each = \"processo\"", wrong, &AREAS_OF, rows);
        assert_eq!(failed.rule.kind, OutcomeKind::Error, "{wrong}");
        let reason = failed.rule.reason.unwrap();
        assert!(reason.contains("riga ") && reason.contains("divide per zero"), "{wrong}: {reason}");
    }
    let unclear = outcome("each = \"processo\"", "1 / number(numero) > 0", &AREAS_OF, rows);
    assert_eq!(unclear.rule.kind, OutcomeKind::NotEvaluable, "{unclear:?}");
}

#[test]
fn findings_beyond_the_bound_are_counted_each_severity_on_its_own() {
    let header = "each = \"processo\"\nat = \"processo\"\n[[severity_when]]\nwhen = 'area_rischio == \"x\"'\n\
                  severity = \"osservazione\"";
    let packs = packs(&[("prova", &rule("PR-01", header, "false"))]);
    let areas = ["x", "x", "x", "y", "y", "x"];
    let numbers: Vec<String> = (1..=areas.len()).map(|n| n.to_string()).collect();
    let rows: Vec<[&str; 3]> = numbers.iter().zip(areas).map(|(n, area)| [n.as_str(), "Gare", area]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(<[_; 3]>::as_slice).collect();
    let document = document(vec![register(&packs, &AREAS_OF, &rows)]);
    let book = RuleBook::compile(&packs, None).unwrap();
    let all = book.select(&Selection::default()).unwrap();
    let outcome = |most| book.evaluate(&document, &all, &Context { most, ..Context::default() }).remove(0);
    let (whole, cut) = (outcome(None), outcome(Some(2)));
    assert_eq!((whole.findings.len(), whole.omitted, whole.rule.findings), (6, 0, 6));
    assert_eq!((cut.findings.len(), cut.omitted, cut.rule.findings), (4, 2, 6));
    let told: Vec<_> = [0, 1, 3, 4].iter().map(|i| whole.findings[*i].clone()).collect();
    assert_eq!(cut.findings, told);
}

#[test]
fn findings_come_before_unclear_values_and_errors_before_both() {
    let rows: &[&[&str]] = &[&["1", "Gare", "x"], &["2", "Backup", ""]];
    assert_eq!(
        outcome("each = \"processo\"", "area_rischio == \"y\"", &AREAS_OF, rows).rule.kind,
        OutcomeKind::Findings
    );
    let unclear = outcome("each = \"processo\"", "area_rischio == \"x\"", &AREAS_OF, rows);
    insta::assert_snapshot!(told(&unclear), @"not_evaluable: un valore in bianco: Area di rischio");
    assert_eq!(unclear.rule.places[0].anchor.to_string(), "processo n. 2, Area di rischio");
}

#[test]
fn nothing_to_look_at_is_not_a_pass() {
    let rows: &[&[&str]] = &[&["1", "Gare", "x"]];
    let never = outcome("each = \"processo\"\nwhen = 'missing(processo)'", "true", &AREAS_OF, rows);
    assert_eq!(never.rule.kind, OutcomeKind::NotApplicable);
    assert_eq!(outcome("each = \"processo\"", "true", &AREAS_OF, rows).rule.kind, OutcomeKind::Passed);
}

#[test]
fn an_absent_column_keeps_a_rule_from_being_decided() {
    let rows: &[&[&str]] = &[&["1", "Gare"]];
    let lacking = |header: &str, condition: &str| told(&outcome(header, condition, &["numero", "processo"], rows));
    insta::assert_snapshot!(lacking("each = \"processo\"", "present(ufficio)"), @"not_evaluable: manca la colonna «Ufficio»");
    insta::assert_snapshot!(lacking("each = \"evento\"", "present(evento)"), @"not_evaluable: manca la colonna «Evento»");
    insta::assert_snapshot!(lacking("each = \"processo\"", "has_column(\"ufficio\") && missing(ufficio)"), @"
    findings
    avviso A2 (processo n. 1, N.) difetto
    ");
    insta::assert_snapshot!(lacking("group_by = \"ufficio\"", "true"), @"not_evaluable: manca la colonna «Ufficio»");
    insta::assert_snapshot!(lacking("needs = [\"ufficio|evento\"]", "true"), @"not_evaluable: manca la colonna «Ufficio» o «Evento»");
    insta::assert_snapshot!(lacking("needs = [\"altro\"]", "true"), @"not_evaluable: manca il documento: altro");
}

#[test]
fn an_absent_column_is_one_finding_where_that_is_the_fault() {
    let rows: &[&[&str]] = &[&["1", "Gare"], &["2", "Concorsi"]];
    let lacking = |header: &str| told(&outcome(header, "present(ufficio)", &["numero", "processo"], rows));
    insta::assert_snapshot!(lacking("each = \"processo\"\nabsent = \"finding\""), @"
    findings
    avviso A1:B1 (intestazione della tabella) manca la colonna «Ufficio»
    ");
    let cases = "each = \"processo\"\nabsent = \"finding\"\n[[case]]\nwhen = '!has_column(\"ufficio\")'\nseverity = \"errore\"\n\
                 at = 'heading(\"processo\")'\nit.message = \"nessun ufficio\"\nen.message = \"no office\"";
    insta::assert_snapshot!(lacking(cases), @"
    findings
    errore B1 (intestazione «Processo») nessun ufficio
    ");
}

#[test]
fn units_with_one_cause_are_one_finding() {
    let rows: &[&[&str]] = &[&["1", "Gare", "x"], &["2", "Backup", "y"], &["3", "Concorsi", "X"]];
    let header = "each = \"processo\"\nat = \"area_rischio\"\ncause = 'area_rischio'\nMESSAGGIO area «{area_rischio}»";
    insta::assert_snapshot!(told(&outcome(header, "false", &AREAS_OF, rows)), @"
    findings
    avviso C2 (processo n. 1, Area di rischio) + C4 (processo n. 3, Area di rischio) area «x»
    avviso C3 (processo n. 2, Area di rischio) area «y»
    ");
}

#[test]
fn groups_are_units_that_agree() {
    let rows: &[&[&str]] =
        &[&["1", "Gare", "x"], &["1", "Backup", "y"], &["2", "Concorsi", "x"], &["", "Senza numero", "z"]];
    let header = "group_by = \"numero\"\nat = \"processo\"\nMESSAGGIO numero {first(numero)}: {processo}";
    insta::assert_snapshot!(told(&outcome(header, "units() == 1", &AREAS_OF, rows)), @"
    findings
    avviso B2 (processo n. 1, Processo) + B3 (processo n. 1, Processo) numero 1: Gare, Backup
    ");
}

#[test]
fn a_table_is_one_check() {
    let rows: &[&[&str]] = &[&["1", "Gare", "x"], &["3", "Backup", "y"], &["5", "Concorsi", "x"]];
    let header = "at = 'after_gaps(numero)'\nMESSAGGIO mancano {gaps(numero)} su {units()}";
    insta::assert_snapshot!(told(&outcome(header, "count(gaps(numero)) == 0", &AREAS_OF, rows)), @"
    findings
    avviso A3 (processo n. 3, N.) + A4 (processo n. 5, N.) mancano 2, 4 su 3
    ");
}

#[test]
fn numbers_of_several_levels_go_on_and_lose_none() {
    let broken = |numbers: &[&str]| {
        let rows: Vec<[&str; 3]> = numbers.iter().map(|n| [*n, "Gare", "x"]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 3]>::as_slice).collect();
        let header = "at = 'outline_breaks(numero)'\nMESSAGGIO {join(outline_breaks(numero))}";
        told(&outcome(header, "count(outline_breaks(numero)) == 0", &AREAS_OF, &rows))
    };
    for numbers in [
        &["1", "1.1", "1.2", "2", "2.1"][..],
        &["1.1", "1.2", "1.2.1", "1.4", "3.1"],
        &["P_1.1", "P_1.2", "P_2.1"],
        &["1.1", "1.1", "1.2"],
        &["3", "1", "2"],
        &["1.2", "1.1", "due"],
    ] {
        assert_eq!(broken(numbers), "passed", "{numbers:?}");
    }
    insta::assert_snapshot!(broken(&["1", "1.2", "1.3", "2.1", "1.4"]), @"
    findings
    avviso A2 (processo n. 1, N.) + A6 (processo n. 1.4, N.) 1; 1.4
    ");
}

#[test]
fn fields_of_entities_below_are_lists() {
    let fields = ["numero", "processo", "evento", "punteggio"];
    let rows: &[&[&str]] =
        &[&["1", "Gare", "Bando su misura", "5"], &["", "", "Collusione", "7"], &["2", "Backup", "Perdita", "3"]];
    let header = "each = \"processo\"\nat = 'evento'\nMESSAGGIO {numero}: {evento}, somma {sum(punteggio)}";
    insta::assert_snapshot!(told(&outcome(header, "count(evento) < 2", &fields, rows)), @"
    findings
    avviso C2 (evento «Bando su misura», Evento) + C3 (evento «Collusione», Evento) 1: Bando su misura, Collusione, somma 12
    ");
    let header = "each = \"evento\"\nMESSAGGIO {processo}: {anchor}";
    insta::assert_snapshot!(told(&outcome(header, "number(punteggio) < 6", &fields, rows)), @"
    findings
    avviso C3 (evento «Collusione», Evento) Gare: evento «Collusione»
    ");
}

#[test]
fn a_case_speaks_for_one_way_of_breaking_a_rule() {
    let rows: &[&[&str]] = &[&["1", "Gare", ""], &["2", "Backup", "xxx"]];
    let header = "each = \"processo\"\nMESSAGGIO segnaposto «{area_rischio}»\n[[case]]\nwhen = 'missing(area_rischio)'\n\
                  severity = \"errore\"\nat = \"processo\"\nit.message = \"area in bianco\"\nen.message = \"blank area\"";
    let condition = "present(area_rischio) && !placeholder(area_rischio)";
    insta::assert_snapshot!(told(&outcome(header, condition, &AREAS_OF, rows)), @"
    findings
    errore B2 (processo n. 1, Processo) area in bianco
    avviso A3 (processo n. 2, N.) segnaposto «xxx»
    ");
}

#[test]
fn severity_may_depend_on_a_condition_and_params_have_defaults() {
    let rows: &[&[&str]] = &[&["1", "Gare", "x"], &["9", "Backup", "y"]];
    let header = "each = \"processo\"\nMESSAGGIO oltre {massimo}\n[params.massimo]\ndefault = 5\nit = \"il massimo\"\n\
                  en = \"the greatest\"\n[[severity_when]]\nwhen = 'number(numero) > massimo + 3.5'\nseverity = \"errore\"";
    insta::assert_snapshot!(told(&outcome(header, "number(numero) <= massimo", &AREAS_OF, rows)), @"
    findings
    errore A3 (processo n. 9, N.) oltre 5
    ");
}

#[test]
fn years_bound_a_rule() {
    let packs = packs(&[("prova", &rule("PR-01", "valid_from = 2019\nvalid_to = 2021", "false"))]);
    let mut document = document(vec![register(&packs, &AREAS_OF, &[&["1", "Gare", "x"]])]);
    assert_eq!(outcomes(&packs, &document)[0].rule.kind, OutcomeKind::NotEvaluable);
    for (year, kind) in
        [("2018", OutcomeKind::NotApplicable), ("2020", OutcomeKind::Findings), ("2022", OutcomeKind::NotApplicable)]
    {
        document.head.insert("esercizio".into(), head(year, Value::Number(None, year.parse().unwrap())));
        assert_eq!(outcomes(&packs, &document)[0].rule.kind, kind, "{year}");
    }
}

#[test]
fn every_rule_speaks_english_too() {
    let header = "each = \"processo\"\nMESSAGGIO {area_rischio} {numero}";
    let packs =
        packs(&[("prova", &rule("PR-01", header, "false")), ("altra", &rule("PR-02", "each = \"evento\"", "true"))]);
    let document = document(vec![register(&packs, &AREAS_OF, &[&["1", "Gare", ""]])]);
    let book = RuleBook::compile(&packs, None).unwrap();
    let all = book.select(&Selection::default()).unwrap();
    let english = book.evaluate(&document, &all, &Context { lang: Lang::En, ..Context::default() });
    let told: Vec<String> = english.iter().map(told).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    findings
    avviso A2 (process no. 1, No.) (blank) 1
    not_evaluable: the column “Event” is missing
    ");
}

#[test]
fn rules_are_selected_by_code_prefix_name_and_kind() {
    let texts = [rule("PR-A01", "", "true"), rule("PR-A02", "", "true"), rule("PR-B01", "", "true")];
    let packs = packs(&[("uno", &texts[0]), ("due", &texts[1]), ("tre", &texts[2])]);
    let book = RuleBook::compile(&packs, None).unwrap();
    let codes = |select: &[&str], ignore: &[&str]| -> Vec<String> {
        let names = |n: &[&str]| n.iter().map(|n| (*n).to_owned()).collect();
        let selected =
            book.select(&Selection { select: names(select), ignore: names(ignore), ..Selection::default() }).unwrap();
        selected.indices().iter().map(|i| book.rules()[*i].info().code.to_string()).collect()
    };
    assert_eq!(codes(&["PR-A"], &[]), ["PR-A01", "PR-A02"]);
    assert_eq!(codes(&["prova/tre", "due"], &[]), ["PR-A02", "PR-B01"]);
    assert_eq!(codes(&["prova"], &["pr-a"]), ["PR-B01"]);
    let wrong = book.select(&Selection { select: vec!["PR-A0l".into()], ..Selection::default() }).unwrap_err();
    assert_eq!(wrong.message(Lang::It), "nessuna regola si chiama «PR-A0l»; forse «PR-A01»");
}

#[test]
fn only_the_rules_of_the_kinds_asked_for_are_compiled() {
    let packs = Packs::from_dir(folder(&[("prova", &rule("PR-01", "", "1"))]).path()).unwrap();
    assert!(RuleBook::compile(&packs, Some(&["altro".into()])).is_ok());
    assert!(RuleBook::compile(&packs, Some(&["prova".into()])).is_err());
    assert!(Packs::from_dir(Path::new("/nessuna/cartella")).is_err());
}
