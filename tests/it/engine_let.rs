//! Named expressions: written once, used in every expression and message of the rule.

use riscontro::engine::RuleBook;
use riscontro::model::OutcomeKind;

use crate::engine::{outcome, packs, rule, told};

const FIELDS: [&str; 3] = ["numero", "processo", "area_rischio"];

/// What is wrong with a rule: place, and what is said of it.
fn fault(header: &str, condition: &str) -> String {
    match RuleBook::compile(&packs(&[("prova", &rule("PR-01", header, condition))]), None) {
        Ok(_) => "loads".to_owned(),
        Err(error) => {
            let fault = &error.faults()[0];
            format!("{}:{} {}", fault.line, fault.column, fault.message.it)
        }
    }
}

#[test]
fn a_name_stands_for_its_expression_wherever_it_is_used() {
    let header = "each = \"processo\"\nwhen = 'present(scritta)'\nat = 'scritta'\nhint = 'vicina'\n\
                  MESSAGGIO «{scritta}» ({lunga}); forse «{vicina}»\n[let]\nscritta = 'area_rischio'\n\
                  vicina = 'closest(scritta, \"aree\")'\nlunga = 'len(scritta)'\n\
                  [[severity_when]]\nwhen = 'lunga > 15'\nseverity = \"errore\"";
    let rows: &[&[&str]] = &[
        &["1", "Gare", "Appalti"],
        &["2", "Backup", "Agenda digitalle"],
        &["3", "Nomine", ""],
        &["4", "Atti", "Provedimenti"],
    ];
    insta::assert_snapshot!(told(&outcome(header, "listed(scritta, \"aree\")", &FIELDS, rows)), @"
    findings
    errore C3 (processo n. 2, Area di rischio) «Agenda digitalle» (16); forse «Agenda digitale»
    avviso C5 (processo n. 4, Area di rischio) «Provedimenti» (12); forse «Provvedimenti»
    ");
}

#[test]
fn a_name_stops_what_uses_it_only_where_it_is_used() {
    let header = "each = \"processo\"\n[let]\nrapporto = 'number(area_rischio) / 0'";
    let rows: &[&[&str]] = &[&["1", "Gare", "3"]];
    let unused = outcome(header, "present(processo) || rapporto > 1", &FIELDS, rows);
    assert_eq!(unused.rule.kind, OutcomeKind::Passed);
    let used = outcome(header, "missing(processo) || rapporto > 1", &FIELDS, rows);
    assert_eq!(used.rule.kind, OutcomeKind::NotEvaluable);
    // The column it reads is one that the rule needs.
    let lacking = outcome(header, "missing(processo) || rapporto > 1", &["numero", "processo"], &[&["1", "Gare"]]);
    insta::assert_snapshot!(told(&lacking), @"not_evaluable: manca la colonna «Area di rischio»");
}

#[test]
fn a_costly_name_is_told_at_its_own_place() {
    let header =
        format!("each = \"processo\"\n[let]\ncara = '{}'", ["similar(processo, area_rischio) >= 0"; 40].join(" && "));
    let long = "molto lungo ".repeat(200);
    let rows: Vec<Vec<String>> = (0..30).map(|n| vec![n.to_string(), format!("{long}{n}"), long.clone()]).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let outcome = outcome(&header, "cara", &FIELDS, &rows);
    assert_eq!(outcome.rule.kind, OutcomeKind::Error);
    let reason = outcome.rule.reason.unwrap();
    assert!(reason.contains("prova.rhai, riga 18, colonna") && !reason.contains("colonna 1:"), "{reason}");
}

#[test]
fn mistakes_with_names_are_told_when_the_rule_is_loaded() {
    let with = |lets: &str, condition: &str| fault(&format!("each = \"processo\"\n[let]\n{lets}"), condition);
    insta::assert_snapshot!(with("scritta = 'present(processo)'", "scrita"), @"20:1 campo sconosciuto «scrita»; forse «scritta»");
    insta::assert_snapshot!(with("prima = 'dopo'\ndopo = 'present(processo)'", "prima"), @"18:10 campo sconosciuto «dopo»");
    insta::assert_snapshot!(with("lunga = 'len(processo)'", "lunga"), @"20:1 l'espressione dà un numero: serve una condizione");
    insta::assert_snapshot!(with("processo = 'true'", "true"), @"18:13 il nome «processo» è già un campo");
    insta::assert_snapshot!(with("count = 'true'", "true"), @"18:10 il nome «count» è già una funzione");
    insta::assert_snapshot!(with("hint = 'true'", "true"), @"18:9 il nome «hint» è già un segnaposto dei messaggi");
    insta::assert_snapshot!(with("Scritta = 'true'", "true"), @"18:12 il nome «Scritta» è malformato: lettere minuscole senza accenti, cifre e «_»");
    insta::assert_snapshot!(with("voci = '[\"a\", \"b\"]'", "any_of(processo, voci)"), @"18:9 un elenco scritto nella regola vale solo come argomento di una funzione");
}
