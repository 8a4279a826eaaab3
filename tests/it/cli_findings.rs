//! The program on whole documents: findings, outcomes of rules, selections.

use crate::cli::Folder;

const FAULTY: &str = "allegato1-lucca-2020.xlsx";
const PROCESSES: &str = "ptpct-servizi-informativi-2021.xlsx";

#[test]
fn findings_at_the_threshold_are_1() {
    let folder = Folder::new();
    folder.copy(FAULTY, "a.xlsx");
    let ran = folder.run(&["check", "a.xlsx", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.json()["summary"]["errore"].as_u64().unwrap() > 0);
    assert_eq!(folder.run(&["check", "a.xlsx", "--fail-on", "never"]).code, 0);
    let warnings = folder.run(&["check", "a.xlsx", "--fail-on", "info", "--max-findings", "1", "--format", "json"]);
    assert_eq!(warnings.code, 1);
    assert!(warnings.json()["summary"]["omitted"].as_u64().unwrap() > 0);
}

#[test]
fn every_rule_of_the_kinds_found_has_an_outcome() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx");
    let whole = folder.run(&["check", "p.xlsx", "--format", "json"]).json();
    let document = &whole["documents"][0];
    let codes: Vec<&str> = document["rules"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert!(!codes.is_empty() && codes.is_sorted(), "{codes:?}");
    for finding in document["findings"].as_array().unwrap() {
        let rule = document["rules"].as_array().unwrap().iter().find(|r| r["code"] == finding["code"]).unwrap();
        assert_eq!(rule["outcome"], "findings");
        assert!(!finding["places"].as_array().unwrap().is_empty());
    }
}

#[test]
fn selection_leaves_only_the_rules_named() {
    let folder = Folder::new();
    folder.copy(FAULTY, "a.xlsx");
    let whole = folder.run(&["check", "a.xlsx", "--select", "A1-CMP", "--format", "json"]).json();
    let rules = whole["documents"][0]["rules"].as_array().unwrap().clone();
    assert!(!rules.is_empty());
    assert!(rules.iter().all(|r| r["code"].as_str().unwrap().starts_with("A1-CMP")), "{rules:?}");
    let ran = folder.run(&["check", "a.xlsx", "--select", "ZZ-999"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
}

#[test]
fn rules_are_listed_explained_and_pass_their_examples() {
    let folder = Folder::new();
    let listed = folder.run(&["rules", "--format", "json"]).json();
    let code = listed["rules"][0]["code"].as_str().unwrap().to_owned();
    let explained = folder.run(&["rules", &code.to_lowercase()]);
    assert!(explained.code == 0 && explained.out.starts_with(&code), "{explained:?}");
    assert!(explained.out.contains("rimedio"), "{}", explained.out);
    // An example is told whole: what the document holds and what must come of it.
    let area = folder.run(&["rules", "PT-A01"]).out;
    assert!(area.contains("row") && area.contains("outcome  = \"findings\""), "{area}");
    let tested = folder.run(&["test"]);
    assert_eq!(tested.code, 0, "{tested:?}");
}
