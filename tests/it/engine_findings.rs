//! What findings are known by, and which of them give way to others.

use riscontro::engine::{Context, RuleBook, Selection};
use riscontro::model::{Document, Finding, OutcomeKind};

use crate::engine::{document, outcomes, packs, register, rule, told};

const FIELDS: [&str; 3] = ["numero", "processo", "area_rischio"];
const PER_PROCESS: &str = "each = \"processo\"\nat = \"area_rischio\"";

/// The findings of one rule that reports every process whose area is not «bene».
fn findings(header: &str, rows: &[&[&str]]) -> Vec<Finding> {
    let packs = packs(&[("prova", &rule("PR-01", header, "area_rischio == \"bene\""))]);
    outcomes(&packs, &document(vec![register(&packs, &FIELDS, rows)])).remove(0).findings
}

fn prints(header: &str, rows: &[&[&str]]) -> Vec<String> {
    findings(header, rows).into_iter().map(|f| f.fingerprint).collect()
}

#[test]
fn fingerprints_survive_moved_rows_and_changed_values() {
    let before = findings(PER_PROCESS, &[&["1", "Gare", "male"], &["2", "Backup", "peggio"]]);
    let moved =
        findings(PER_PROCESS, &[&["5", "Nuovo", "bene"], &["2", "BACKUP", "peggio"], &["1", "Gare", "malissimo"]]);
    assert_eq!(before.len(), 2);
    assert_eq!((&before[0].fingerprint, &before[1].fingerprint), (&moved[1].fingerprint, &moved[0].fingerprint));
    assert_eq!(before[1].value_hash, moved[0].value_hash);
    assert_ne!(before[0].value_hash, moved[1].value_hash);
    assert_eq!(before[0].fingerprint.len(), 16);
}

#[test]
fn fingerprints_tell_equal_keys_apart_by_their_order() {
    let twins = prints(PER_PROCESS, &[&["1", "Gare", "male"], &["1", "Gare", "male"], &["1", "Gare", "bene"]]);
    assert_eq!(twins.len(), 2);
    assert_ne!(twins[0], twins[1]);
    // The second of three keeps its identity when the first is put right.
    let later = prints(PER_PROCESS, &[&["1", "Gare", "bene"], &["1", "Gare", "male"], &["1", "Gare", "bene"]]);
    assert_eq!(later, [twins[1].clone()]);
}

#[test]
fn a_cause_takes_the_place_of_the_key() {
    let header = format!("{PER_PROCESS}\ncause = 'area_rischio'");
    let one = prints(&header, &[&["1", "Gare", "male"], &["2", "Backup", "MALE"]]);
    let other = prints(&header, &[&["7", "Altro", "male"]]);
    assert_eq!(one, other);
    assert_ne!(prints(&header, &[&["7", "Altro", "peggio"]]), other);
}

#[test]
fn fingerprints_depend_on_rule_and_field() {
    let rows: &[&[&str]] = &[&["1", "Gare", "male"]];
    assert_ne!(prints(PER_PROCESS, rows), prints("each = \"processo\"\nat = \"processo\"", rows));
}

/// Outcomes of some rules on two processes, in words.
fn settled(rules: &[(&str, &str, &str)]) -> Vec<String> {
    let texts: Vec<(String, String)> =
        rules.iter().map(|(code, header, condition)| (code.to_lowercase(), rule(code, header, condition))).collect();
    let rules: Vec<(&str, &str)> = texts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let packs = packs(&rules);
    let rows: &[&[&str]] = &[&["1", "Gare", "male"], &["2", "Backup", "peggio"]];
    outcomes(&packs, &document(vec![register(&packs, &FIELDS, rows)])).iter().map(told).collect()
}

#[test]
fn a_superseded_rule_is_silent_where_the_other_reports() {
    let better = ("PR-Z", PER_PROCESS, "area_rischio == \"peggio\"");
    let header = format!("{PER_PROCESS}\nsuperseded_by = [\"PR-Z\", \"XX-NEVER-LOADED\"]");
    insta::assert_snapshot!(settled(&[("PR-A", &header, "false"), better]).join("\n"), @"
    findings, 1 superseded
    avviso C3 (processo n. 2, Area di rischio) difetto
    findings
    avviso C2 (processo n. 1, Area di rischio) difetto
    ");
}

#[test]
fn a_place_gives_way_and_the_rest_of_the_finding_stays() {
    let better = ("PR-Z", PER_PROCESS, "area_rischio == \"peggio\"");
    let table = "at = \"area_rischio\"\nsuperseded_by = [\"PR-Z\"]";
    insta::assert_snapshot!(settled(&[("PR-A", table, "false"), better]).join("\n"), @"
    findings
    avviso C3 (processo n. 2, Area di rischio) difetto
    findings
    avviso C2 (processo n. 1, Area di rischio) difetto
    ");
    let whole = ("PR-Z", PER_PROCESS, "false");
    insta::assert_snapshot!(settled(&[("PR-A", table, "false"), whole]).join("\n"), @"
    findings, 1 superseded
    findings
    avviso C2 (processo n. 1, Area di rischio) difetto
    avviso C3 (processo n. 2, Area di rischio) difetto
    ");
}

#[test]
fn a_finding_falls_with_what_it_rests_on() {
    let better = ("PR-Z", PER_PROCESS, "area_rischio == \"peggio\"");
    let header = "at = 'heading(\"processo\")'\nrelated = 'nth(area_rischio, 1)'\nsuperseded_by = [\"PR-Z\"]";
    insta::assert_snapshot!(settled(&[("PR-A", header, "false"), better]).join("\n"), @"
    findings, 1 superseded
    findings
    avviso C2 (processo n. 1, Area di rischio) difetto
    ");
}

#[test]
fn a_superseded_finding_supersedes_nothing_in_any_order() {
    let chain = |first: &str, second: &str, third: &str| {
        let by = |code: &str| format!("{PER_PROCESS}\nsuperseded_by = [\"{code}\"]");
        let (a, b) = (by(second), by(third));
        let mut told = settled(&[(first, &a, "false"), (second, &b, "false"), (third, PER_PROCESS, "false")]);
        for told in &mut told {
            told.truncate(told.find('\n').unwrap_or(told.len()));
        }
        told
    };
    // The third silences the second, which therefore does not silence the first.
    assert_eq!(chain("PR-A", "PR-B", "PR-C"), ["findings", "findings, 2 superseded", "findings"]);
    assert_eq!(chain("PR-C", "PR-B", "PR-A"), ["findings", "findings, 2 superseded", "findings"]);
    assert_eq!(chain("PR-B", "PR-A", "PR-C"), ["findings, 2 superseded", "findings", "findings"]);
}

#[test]
fn a_rule_that_is_not_selected_supersedes_nothing() {
    let header = format!("{PER_PROCESS}\nsuperseded_by = [\"PR-Z\"]");
    let texts = [rule("PR-A", &header, "false"), rule("PR-Z", PER_PROCESS, "false")];
    let packs = packs(&[("a", &texts[0]), ("z", &texts[1])]);
    let document: Document = document(vec![register(&packs, &FIELDS, &[&["1", "Gare", "male"]])]);
    let book = RuleBook::compile(&packs, None).unwrap();
    let reported = |ignore: &[&str]| {
        let ignore = ignore.iter().map(|i| (*i).to_owned()).collect();
        let selected = book.select(&Selection { ignore, ..Selection::default() }).unwrap();
        book.evaluate(&document, &selected, &Context::default())[0].findings.len()
    };
    assert_eq!((reported(&[]), reported(&["PR-Z"])), (0, 1));
}

#[test]
fn findings_are_sorted_by_place_and_outcomes_by_code() {
    let rows: &[&[&str]] = &[&["1", "Gare", "male"], &["2", "Backup", "male"]];
    let places: Vec<String> =
        findings(PER_PROCESS, rows).iter().map(|f| f.places[0].area.unwrap().to_string()).collect();
    assert_eq!(places, ["C2", "C3"]);
    let packs = packs(&[("b", &rule("PR-2", "", "true")), ("a", &rule("PR-10", "", "true"))]);
    let outcomes = outcomes(&packs, &document(vec![register(&packs, &FIELDS, rows)]));
    assert_eq!(outcomes.iter().map(|o| &*o.rule.code).collect::<Vec<_>>(), ["PR-10", "PR-2"]);
}

#[test]
fn outcomes_are_merged_over_the_tables_of_a_kind() {
    let packs = packs(&[("prova", &rule("PR-01", PER_PROCESS, "area_rischio == \"bene\""))]);
    let table = |rows: &[&[&str]], sheet: u32| {
        let mut table = register(&packs, &FIELDS, rows);
        table.sheet = sheet;
        table
    };
    let kinds = |tables: Vec<riscontro::model::Table>| {
        let outcome = outcomes(&packs, &document(tables)).remove(0);
        (outcome.rule.kind, outcome.findings.len())
    };
    let good: &[&[&str]] = &[&["1", "Gare", "bene"]];
    let bad: &[&[&str]] = &[&["1", "Gare", "male"]];
    let blank: &[&[&str]] = &[&["1", "Gare", ""]];
    assert_eq!(kinds(vec![table(good, 0), table(bad, 1)]), (OutcomeKind::Findings, 1));
    assert_eq!(kinds(vec![table(bad, 0), table(blank, 1)]), (OutcomeKind::Findings, 1));
    assert_eq!(kinds(vec![table(good, 0), table(blank, 1)]), (OutcomeKind::NotEvaluable, 0));
    let prints: Vec<String> = outcomes(&packs, &document(vec![table(bad, 0), table(bad, 1)]))
        .remove(0)
        .findings
        .into_iter()
        .map(|f| f.fingerprint)
        .collect();
    assert_eq!(prints.len(), 2);
    assert_ne!(prints[0], prints[1]);
}

#[test]
fn one_cause_in_several_tables_is_one_finding_if_it_says_the_same() {
    let header = format!("{PER_PROCESS}\ncause = 'area_rischio'");
    let packs = packs(&[("prova", &rule("PR-01", &header, "area_rischio == \"bene\""))]);
    let table = |sheet: u32, rows: &[&[&str]]| {
        let mut table = register(&packs, &FIELDS, rows);
        table.sheet = sheet;
        table
    };
    let rows: &[&[&str]] = &[&["1", "Gare", "male"], &["2", "Backup", "peggio"]];
    let found = outcomes(&packs, &document(vec![table(0, rows), table(1, rows)])).remove(0).findings;
    let places: Vec<Vec<u32>> = found.iter().map(|f| f.places.iter().map(|p| p.sheet_index).collect()).collect();
    assert_eq!(places, [[0, 1], [0, 1]], "{found:#?}");
}

#[test]
fn what_only_some_tables_lack_is_told_with_their_sheet() {
    let packs = packs(&[("prova", &rule("PR-01", PER_PROCESS, "area_rischio == \"bene\""))]);
    let whole = register(&packs, &FIELDS, &[&["1", "Gare", "bene"]]);
    let mut lacking = register(&packs, &FIELDS[..2], &[&["2", "Backup"]]);
    (lacking.sheet, lacking.sheet_name) = (1, "Misure".into());
    let reason = |tables| outcomes(&packs, &document(tables)).remove(0).rule.reason.unwrap();
    let alone = reason(vec![lacking.clone()]);
    assert_eq!(reason(vec![whole.clone(), lacking.clone()]), format!("{alone} nel foglio «Misure»"));
    // With others of its kind on the same sheet, its cells tell which is meant.
    (lacking.sheet, lacking.sheet_name) = (whole.sheet, whole.sheet_name.clone());
    let expected = format!("{alone} nella tabella {} («{}»)", lacking.area, lacking.sheet_name);
    assert_eq!(reason(vec![whole, lacking]), expected);
}

#[test]
fn what_a_table_lacks_is_settled_where_it_says_more_of_the_units_of_another() {
    let packs = packs(&[("prova", &rule("PR-01", PER_PROCESS, "area_rischio == \"bene\""))]);
    let whole = register(&packs, &FIELDS, &[&["P1", "Gare", "bene"], &["P2", "Backup", "bene"]]);
    let kind = |fields: &[&str], row: &[&str]| {
        let mut lacking = register(&packs, fields, &[row]);
        (lacking.sheet, lacking.sheet_name) = (1, "Misure".into());
        outcomes(&packs, &document(vec![whole.clone(), lacking])).remove(0).rule.kind
    };
    let more = ["numero", "processo", "evento"];
    assert_eq!(kind(&more, &["1", "GARE ", "Accordo"]), OutcomeKind::Passed);
    assert_eq!(
        kind(&["numero", "evento"], &["P2", "Accordo"]),
        OutcomeKind::Passed,
        "the code alone tells the process"
    );
    assert_eq!(
        kind(&more, &["P2", "Concorsi", "Accordo"]),
        OutcomeKind::NotEvaluable,
        "codes begin anew for each office"
    );
    assert_eq!(
        kind(&more, &["1", "Concorsi", "Accordo"]),
        OutcomeKind::NotEvaluable,
        "numbers begin anew on each sheet"
    );
    assert_eq!(
        kind(&FIELDS[..2], &["1", "Gare"]),
        OutcomeKind::NotEvaluable,
        "another office has a process of that name"
    );
}

#[test]
fn a_message_names_the_columns_of_the_cells_at_fault() {
    let rows: &[&[&str]] = &[&["1", "Gare", "male"]];
    let said = |at: &str| {
        let header = format!("each = \"processo\"\nat = {at}\nMESSAGGIO nelle colonne {{columns}}");
        findings(&header, rows).remove(0).message
    };
    assert_eq!(said("\"area_rischio\""), "nelle colonne Area di rischio");
    assert_eq!(said("'cells(numero, area_rischio)'"), "nelle colonne N. e Area di rischio");
    assert_eq!(said("'cells(numero, processo, area_rischio)'"), "nelle colonne N., Processo e Area di rischio");
}

#[test]
fn a_finding_does_not_refer_to_its_own_cell() {
    let header = "each = \"processo\"\nat = \"area_rischio\"\nrelated = 'cells(processo, area_rischio)'";
    let found = findings(header, &[&["1", "Gare", "male"]]);
    let related: Vec<String> = found[0].related.iter().map(|p| p.area.unwrap().to_string()).collect();
    assert_eq!(related, ["B2"]);
}

#[test]
fn cells_of_columns_that_a_table_lacks_are_left_out() {
    let outcome = |condition: &str| {
        let rule = rule("PR-01", "each = \"processo\"\nMESSAGGIO {cells(ufficio, processo)}", condition);
        let packs = packs(&[("prova", &rule)]);
        let rows: &[&[&str]] = &[&["1", "Gare", ""]];
        outcomes(&packs, &document(vec![register(&packs, &FIELDS, rows)])).remove(0)
    };
    let found = outcome("count(given(cells(ufficio, processo, area_rischio))) == 2");
    assert_eq!(found.findings[0].message, "Gare");
    assert_eq!(outcome("count(given(cells(ufficio, processo, area_rischio))) == 1").rule.kind, OutcomeKind::Passed);
    // Of none of them anything is known.
    assert_eq!(outcome("count(cells(ufficio, target)) == 2").rule.kind, OutcomeKind::NotEvaluable);
}
