//! The two packs for forms of ANAC that no line of Rust knows: the report of the RPCT and the grid of the OIV, whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use riscontro::engine::{Context, RuleBook, Selection};
use riscontro::ingest;
use riscontro::model::{Document, Outcome, OutcomeKind};
use riscontro::pack::Packs;
use riscontro::package::Limits;
use riscontro::recognise::recognise;

use crate::recognise::reading;

fn read(name: &str) -> Document {
    let path = format!("fixtures/moduli/{name}.xlsx");
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).unwrap();
    recognise(&ingest::read(bytes, &path, &Limits::default()).unwrap(), &Packs::embedded().unwrap())
}

fn outcomes(document: &Document) -> Vec<Outcome> {
    let book =
        RuleBook::compile(&Packs::embedded().unwrap(), Some(&["griglia".into(), "relazione_rpct".into()])).unwrap();
    let selected = book.select(&Selection::default()).unwrap();
    book.evaluate(document, &selected, &Context::default())
}

/// Code, severity, sheet and cells of every finding, by code and place.
fn findings(name: &str) -> Vec<String> {
    let mut told = Vec::new();
    for finding in outcomes(&read(name)).iter().flat_map(|o| &o.findings) {
        let cells: Vec<String> = finding.places.iter().map(|p| p.area.unwrap().to_string()).collect();
        let sheet = finding.places[0].sheet.as_deref().unwrap();
        told.push(format!("{} {} {sheet}!{}", finding.code, finding.severity.name(), cells.join(" ")));
    }
    told.sort();
    told
}

fn shape(document: &Document) -> Vec<(&str, usize, usize)> {
    let units = |t: &riscontro::model::Table| t.entities[0].units.len();
    document.tables.iter().map(|t| (&*t.kind, t.records.len(), units(t))).collect()
}

#[test]
fn the_report_is_one_table_over_three_sheets() {
    let document = read("relazione-rpct-2022-corretta");
    assert_eq!(shape(&document), [("relazione_rpct", 107, 107)]);
    let sheets: Vec<String> = document.tables[0].spread().iter().map(|(s, area)| format!("{s}!{area}")).collect();
    assert_eq!(sheets, ["Anagrafica!A1:D15", "Considerazioni generali!A3:D6", "Misure anticorruzione!A5:D107"]);
    insta::assert_snapshot!(reading(&document));
}

#[test]
fn the_grid_is_one_table_of_duties() {
    let document = read("griglia-2021-corretta");
    assert_eq!(shape(&document), [("griglia", 11, 11)]);
    insta::assert_snapshot!(reading(&document));
}

#[test]
fn anagrafica_tells_of_the_body_and_of_the_rpct() {
    let head = read("relazione-rpct-2022-corretta").head;
    let told: Vec<String> =
        head.iter().map(|(name, e)| format!("{name} {} ({}!{})", e.text, e.sheet_name, e.at)).collect();
    assert_eq!(
        told,
        [
            "anno 2022 (Misure anticorruzione!A2)",
            "codice_fiscale 90012345678 (Anagrafica!B2)",
            "ente Comune di Valle Esempio (Anagrafica!B3)",
            "qualifica_rpct Segretario generale (Anagrafica!B6)",
            "rpct Esempi (Anagrafica!B5)",
        ]
    );
}

#[test]
fn the_faults_planted_in_the_report_are_found_and_no_others() {
    insta::assert_snapshot!(findings("relazione-rpct-2022").join("\n"));
}

#[test]
fn the_faults_planted_in_the_grid_are_found_and_no_others() {
    insta::assert_snapshot!(findings("griglia-2021").join("\n"), @"
    PT-F01 avviso Griglia di rilevazione!H10 K10
    PT-F02 errore Griglia di rilevazione!J8 K8
    PT-F03 errore Griglia di rilevazione!H13 I13 J13 K13 L13
    PT-F03 errore Griglia di rilevazione!K9
    PT-F04 avviso Griglia di rilevazione!M14
    PT-F04 avviso Griglia di rilevazione!M7
    PT-F05 avviso Griglia di rilevazione!L11
    PT-F06 avviso Griglia di rilevazione!B2
    PT-F07 osservazione Griglia di rilevazione!I7 I8 I15
    ");
}

#[test]
fn every_rule_of_the_two_packs_is_made_to_report() {
    let of = |name: &str| outcomes(&read(name)).into_iter().filter(|o| o.rule.kind == OutcomeKind::Findings);
    let told: BTreeSet<String> =
        of("relazione-rpct-2022").chain(of("griglia-2021")).map(|o| o.rule.code.to_string()).collect();
    let packs = Packs::embedded().unwrap();
    let rules: usize = ["griglia", "relazione_rpct"].iter().map(|kind| packs.get(kind).unwrap().rules.len()).sum();
    assert_eq!(told.len(), rules, "{told:?}");
}

#[test]
fn the_consistent_twins_have_neither_errors_nor_warnings() {
    assert_eq!(findings("relazione-rpct-2022-corretta"), [""; 0]);
    assert_eq!(findings("griglia-2021-corretta"), ["PT-F07 osservazione Griglia di rilevazione!I7 I8"]);
    for name in ["relazione-rpct-2022-corretta", "griglia-2021-corretta"] {
        for outcome in outcomes(&read(name)) {
            let evaluated = [OutcomeKind::Passed, OutcomeKind::NotApplicable, OutcomeKind::Findings];
            assert!(evaluated.contains(&outcome.rule.kind), "{name}: {:?}", outcome.rule);
        }
    }
}
