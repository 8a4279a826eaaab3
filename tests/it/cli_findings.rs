//! The program on whole documents: findings, outcomes of rules, selections.

use std::collections::BTreeSet;
use std::fs;

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
    assert!(area.contains("row") && area.contains("esempio (con rilievi):"), "{area}");
    assert!(!area.contains("outcome") && !area.contains("told once"), "{area}");
    let tested = folder.run(&["test"]);
    assert_eq!(tested.code, 0, "{tested:?}");
}

#[test]
fn an_explanation_tells_names_cases_and_parameters() {
    let folder = Folder::new();
    let rule = r#"/*---
code     = "ZZ-001"
severity = "avviso"
basis    = "colonna-processi"
each     = "processo"
when     = 'present(ufficio)'
at       = "ufficio"
it = { title = "Nome corto", message = "«{ufficio}» ha {lunga} lettere", why = "Non dice nulla.", remedy = "Scriverlo intero." }
en = { title = "Short name", message = "“{ufficio}” has {lunga} letters", why = "It tells nothing.", remedy = "Write it in full." }
[let]
lunga = 'len(ufficio)'
seconda = 'lunga > 1'
[params.minimo]
default = 4
it = "lettere che bastano"
en = "letters that are enough"
[[case]]
when = 'lunga == 1'
it = { message = "«{ufficio}» è una sola lettera" }
en = { message = "“{ufficio}” is one letter only" }
[[example]]                              # long enough
row = { ufficio = "Tributi" }
outcome = "passed"

# The office is missing: another rule's.
[[example]]
row = { ufficio = "" }
outcome = "not_applicable"
---*/
lunga >= minimo
"#;
    folder.write("mie/ptpct/schedule.toml", b"extends = \"ptpct\"\n");
    folder.write("mie/ptpct/nome-corto.rhai", rule.as_bytes());
    let told = folder.run(&["rules", "nome-corto", "--rules", "mie"]).out;
    let told: Vec<&str> = told.lines().skip_while(|l| !l.starts_with("messaggi")).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    messaggi       «{ufficio}» ha {lunga} lettere
                   «{ufficio}» è una sola lettera

    per chi scrive regole:
    nei casi       lunga == 1
                       «{ufficio}» è una sola lettera
    parametri      minimo = 4 (lettere che bastano)
    nomi           lunga = len(ufficio)
                   seconda = lunga > 1
    si applica se  present(ufficio)
    deve valere    lunga >= minimo
    celle          ufficio
    file           mie/ptpct/nome-corto.rhai

    esempio (rispettata):
        row = { ufficio = "Tributi" }

    esempio (non si applica):
        row = { ufficio = "" }
    "#);
    let json = folder.run(&["rules", "ZZ-001", "--rules", "mie", "--format", "json", "--lang", "en"]).json();
    let rule = &json["rules"][0];
    assert_eq!(rule["let"][0]["name"], "lunga");
    assert_eq!(rule["let"][1]["expression"], "lunga > 1");
    assert_eq!(rule["cases"][0]["when"], "lunga == 1");
    assert_eq!(rule["cases"][0]["message"], "“{ufficio}” is one letter only");
    assert_eq!(rule["params"][0]["default"], "4");
    assert_eq!(rule["params"][0]["meaning"], "letters that are enough");
    assert_eq!(rule["at"], "ufficio");
}

#[test]
fn a_rule_is_found_by_the_same_names_everywhere() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "a.xlsx");
    let listed = |name: &str| {
        let json = folder.run(&["rules", name, "--format", "json"]).json();
        json["rules"].as_array().unwrap().iter().map(|r| r["code"].clone()).collect::<Vec<_>>()
    };
    let selected = |name: &str| {
        let json = folder.run(&["check", "a.xlsx", "--select", name, "--format", "json"]).json();
        json["documents"][0]["rules"].as_array().unwrap().iter().map(|r| r["code"].clone()).collect::<Vec<_>>()
    };
    for name in ["ufficio-mancante", "ptpct/ufficio-mancante", "PTPCT/Ufficio-Mancante", "pt-a", "PT-A01", "ptpct"] {
        assert!(!listed(name).is_empty(), "{name}");
        assert_eq!(listed(name), selected(name), "{name}");
    }
    assert_eq!(listed("ufficio-mancante").len(), 1);
    // The beginning of a name means nothing.
    for arguments in [&["rules", "ufficio"][..], &["check", "a.xlsx", "--select", "ufficio"]] {
        assert_eq!(folder.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn the_functions_of_rules_are_listed() {
    let folder = Folder::new();
    let italian = folder.run(&["rules", "--functions"]).out;
    assert!(italian.contains("listed(testo, \"catalogo\") -> condizione\n    "), "{italian}");
    let english = folder.run(&["rules", "--functions", "--lang", "en"]).out;
    assert!(english.contains("listed(text, \"catalogue\") -> condition\n    "), "{english}");
    let json = folder.run(&["rules", "--functions", "--format", "json"]).json();
    let functions = json["functions"].as_array().unwrap();
    assert_eq!(functions.len(), riscontro::engine::functions().len());
    assert!(english.ends_with(&format!("\n{} functions\n", functions.len())), "{english}");
    let present = functions.iter().find(|f| f["name"] == "present").unwrap();
    assert_eq!((&present["params"][0], &present["returns"]), (&"campo".into(), &"condizione".into()));
    assert!(present["example"].as_str().unwrap().starts_with("present("), "{present}");
    assert_eq!(folder.run(&["rules", "PT-A01", "--functions"]).code, 2);
}

#[test]
fn a_column_of_answering_offices_names_office_and_owner() {
    let rows = |heading: &'static str| -> Vec<Vec<&'static str>> {
        vec![
            vec!["Processo", "Area di rischio", "Evento rischioso", heading, "Misura specifica"],
            vec!["Collaudi", "Contratti pubblici", "Collaudo di favore", "Servizio lavori", "Rotazione"],
            vec!["Subappalti", "Contratti pubblici", "Subappalto taciuto", "Servizio lavori", "Visite"],
        ]
    };
    for heading in ["Ufficio responsabile", "Struttura responsabile", "Servizio competente", "Settore responsabile"] {
        let folder = Folder::new();
        let rows = rows(heading);
        folder.workbook("p.xlsx", &rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let ran = folder.run(&["check", "p.xlsx", "--select", "PT-O04,PT-S01", "--fail-on", "info"]);
        assert_eq!(ran.code, 0, "{heading}: {}", ran.out);
    }
    // An office that is not said to answer is no owner.
    let folder = Folder::new();
    let rows = rows("Ufficio");
    folder.workbook("p.xlsx", &rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!(folder.run(&["check", "p.xlsx", "--select", "PT-O04", "--fail-on", "info"]).code, 1);
}

#[test]
fn places_on_other_sheets_are_named_with_their_sheet() {
    let folder = Folder::new();
    folder.copy("letture/foglio-per-area.xlsx", "p.xlsx");
    let ran = folder.run(&["check", "p.xlsx", "--select", "PT-O04", "--format", "concise"]);
    assert!(ran.out.contains("p.xlsx:Area A!A2:D2: "), "{}", ran.out);
    assert!(ran.out.contains("(anche foglio «Area B», celle A2:D2)"), "{}", ran.out);
}

/// «Ufficio: Tributi» above a table gives the office without a heading for it.
#[test]
fn office_from_a_title_leaves_the_owner_to_be_asked() {
    let folder = Folder::new();
    folder.copy("letture/foglio-per-ufficio.xlsx", "p.xlsx");
    let json = folder.run(&["check", "p.xlsx", "--format", "json", "--fail-on", "mai"]).json();
    let outcome = |code: &str| {
        let rules = json["documents"][0]["rules"].as_array().unwrap();
        rules.iter().find(|r| r["code"] == code).unwrap()["outcome"].clone()
    };
    assert_eq!((outcome("PT-O04"), outcome("PT-S01")), ("findings".into(), "passed".into()));
}

/// A rule of one's own on every measure, which quotes the measure and its process.
fn on_measures(folder: &Folder) {
    let dir = folder.path("regole/ptpct");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("schedule.toml"), "extends = \"ptpct\"\n").unwrap();
    let text = "/*---\ncode = \"NOI-01\"\nseverity = \"avviso\"\nbasis = \"colonna-processi\"\neach = \"misura\"\n\
        at = \"misura\"\n\
        it = { title = \"T\", message = \"«{misura}» del processo «{processo}»\", why = \"W.\", remedy = \"R.\" }\n\
        en = { title = \"T\", message = \"“{misura}” of “{processo}”\", why = \"W.\", remedy = \"R.\" }\n\
        example = [{ row = { misura = \"M\", processo = \"P\" }, outcome = \"findings\" }]\n---*/\nmissing(misura)\n";
    fs::write(dir.join("misura.rhai"), text).unwrap();
}

#[test]
fn a_measure_belongs_to_its_own_process_where_one_has_no_event() {
    let folder = Folder::new();
    on_measures(&folder);
    let rows = "N.;Processo;Area di rischio;Evento rischioso;Misura\n\
        1;Concorsi;Personale;;Rotazione\n\
        2;Gare;Contratti;Accordo;Trasparenza\n\
        2;Gare;Contratti;;Formazione\n\
        3;Autorizzazioni;Provvedimenti;Ritardo;Controllo\n\
        4;Concessioni;Provvedimenti;;Verifica\n";
    fs::write(folder.path("p.csv"), rows).unwrap();
    let ran = folder.run(&["check", "p.csv", "--rules", "regole", "--select", "NOI-01", "--format", "json"]).json();
    let findings = ran["documents"][0]["findings"].as_array().unwrap().clone();
    let told: Vec<&str> = findings.iter().map(|f| f["message"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        [
            "«Rotazione» del processo «Concorsi»",
            "«Trasparenza» del processo «Gare»",
            "«Formazione» del processo «Gare»",
            "«Controllo» del processo «Autorizzazioni»",
            "«Verifica» del processo «Concessioni»",
        ]
    );
}

#[test]
fn equal_measures_of_tables_with_other_columns_are_told_apart() {
    let folder = Folder::new();
    on_measures(&folder);
    let text = "| N. | Processo | Area di rischio | Misura |\n|---|---|---|---|\n| 1 | Gare | Contratti | Rotazione |\n\n\
        Un altro elenco\n\n\
        | N. | Processo | Area di rischio | Evento rischioso | Misura |\n|---|---|---|---|---|\n\
        | 1 | Gare | Contratti | | Rotazione |\n| 2 | Concorsi | Personale | Accordo | Formazione |\n";
    fs::write(folder.path("p.md"), text).unwrap();
    let ran = folder.run(&["check", "p.md", "--rules", "regole", "--select", "NOI-01", "--format", "json"]).json();
    let findings = ran["documents"][0]["findings"].as_array().unwrap().clone();
    let prints: BTreeSet<&str> = findings.iter().map(|f| f["fingerprint"].as_str().unwrap()).collect();
    assert_eq!((findings.len(), prints.len()), (3, 3), "{findings:?}");
}

#[test]
fn findings_beyond_the_limit_are_counted_and_the_result_says_so() {
    let folder = Folder::new();
    let row = |n| format!("{n};Processo {n};Personale;Ufficio {n};Accordo {n};Rotazione {n};tra poco {n}\n");
    let heading = "N.;Processo;Area di rischio;Ufficio;Evento rischioso;Misura specifica;Tempi\n";
    let text = std::iter::once(heading.to_owned()).chain((1..=12).map(row)).collect::<Vec<String>>().concat();
    folder.write("p.csv", text.as_bytes());
    let run = |format: &str| {
        let arguments = ["check", "p.csv", "--select", "PT-T17", "--limit", "findings=5", "--fail-on", "avviso"];
        let ran = folder.run(&[&arguments[..], &["--format", format, "--out", "out"]].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        ran
    };
    let json = run("json").json();
    let document = &json["documents"][0];
    assert_eq!(document["findings"].as_array().unwrap().len(), 5);
    assert_eq!((&document["rules"][0]["findings"], &document["omitted"]), (&12.into(), &7.into()));
    assert_eq!((&json["summary"]["omitted"], &json["summary"]["avviso"]), (&7.into(), &5.into()));
    let full = run("full").out;
    assert!(full.contains("la regola PT-T17 ha 12 rilievi: 7 sono solo contati"), "{full}");
    assert!(full.contains("7 rilievi non mostrati"), "{full}");
}

#[test]
fn columns_of_which_one_would_do_are_told_in_one_way() {
    let folder = Folder::new();
    let table = "N.;Area di rischio;Processo;Ufficio;Evento rischioso;Livello di rischio\n\
        1;Contratti pubblici;Gara aperta;Gare;Frazionamento;ALTO\n\
        2;Contratti pubblici;Affidamento diretto;Gare;Proroghe;MEDIO\n\
        3;Incarichi e nomine;Nomina di commissioni;Segreteria;Nomine compiacenti;BASSO\n";
    folder.write("processi.csv", table.as_bytes());
    let out = folder.run(&["check", "processi.csv"]).out;
    let told: Vec<&str> = out.lines().filter(|l| l.contains("«Misura specifica»")).collect();
    assert_eq!(told.len(), 1, "{out}");
    let all = "manca la colonna «Misura» o «Misura specifica» o «Misura generale» (PT-T0";
    assert!(told[0].contains(all) && told[0].contains("PT-T17"), "{out}");
}
