//! The documents of one body beside each other: `check --dossier`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use serde_json::Value;

use crate::cli::{Folder, Ran};

const FILES: [&str; 4] =
    ["piano-anticorruzione.xlsx", "registro-obiettivi.xlsx", "scheda-monitoraggio.xlsx", "sintesi-obiettivi.xlsx"];

fn folder() -> Folder {
    let folder = Folder::new();
    for file in FILES {
        folder.copy(&format!("dossier-ente/{file}"), &format!("d/{file}"));
    }
    folder
}

fn checked(folder: &Folder, more: &[&str]) -> Value {
    let ran: Ran = folder.run(&[&["check", "d", "--format", "json", "--fail-on", "mai"], more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

/// The findings with a place in another document: code, document and the other, by the last part of their paths.
fn across(json: &Value) -> Vec<(String, String, String)> {
    let name = |path: &Value| path.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let mut found = Vec::new();
    for document in json["documents"].as_array().unwrap() {
        for finding in document["findings"].as_array().unwrap() {
            let places = finding["places"].as_array().unwrap().iter().chain(finding["related"].as_array().unwrap());
            let others: BTreeSet<String> = places.filter(|p| p["path"].is_string()).map(|p| name(&p["path"])).collect();
            let code = finding["code"].as_str().unwrap().to_owned();
            found.extend(others.into_iter().map(|other| (code.clone(), name(&document["path"]), other)));
        }
    }
    found.sort();
    found
}

#[test]
fn the_dossier_of_one_body_yields_its_eight_contradictions() {
    let [plan, register, sheet, totals] = FILES;
    let expected = [
        ("A2R-001", totals, register),
        ("A2R-001", totals, register),
        ("LNK-002", plan, register),
        ("LNK-004", plan, register),
        ("X-006", totals, sheet),
        ("X-007", sheet, totals),
        ("X-008", sheet, totals),
        ("X-012", sheet, register),
    ];
    let found = across(&checked(&folder(), &["--dossier"]));
    let expected: Vec<(String, String, String)> =
        expected.iter().map(|(code, own, other)| ((*code).into(), (*own).into(), (*other).into())).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_the_eight_say_is_kept() {
    let ran = folder().run(&["check", "d", "--dossier", "--select", "A2R,LNK,X-006,X-007,X-008,X-012"]);
    insta::assert_snapshot!("dossier", ran.out);
}

#[test]
fn documents_alone_are_not_compared() {
    let json = checked(&folder(), &[]);
    assert_eq!(across(&json), []);
    let rules = json["documents"][3]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|r| r["code"] == "A2R-001").unwrap();
    assert_eq!(rule["outcome"], "not_evaluable");
    assert_eq!(rule["reason"], "manca il documento: Registro degli obiettivi");
}

#[test]
fn a_configuration_with_body_and_cycle_makes_a_dossier_and_another_body_is_none_of_it() {
    let folder = folder();
    let of = |name: &str| format!("[body]\nname = \"{name}\"\n[cycle]\nyear = 2020\n");
    folder.write("d/riscontro.toml", of("Camera di Commercio di Esempio").as_bytes());
    assert_eq!(across(&checked(&folder, &[])).len(), 8);
    // The totals of another body.
    fs::create_dir(folder.path("d/altro")).unwrap();
    fs::rename(folder.path("d/sintesi-obiettivi.xlsx"), folder.path("d/altro/sintesi-obiettivi.xlsx")).unwrap();
    folder.write("d/altro/riscontro.toml", of("Comune di Esempio").as_bytes());
    let codes: Vec<String> = across(&checked(&folder, &[])).into_iter().map(|(code, ..)| code).collect();
    assert_eq!(codes, ["LNK-002", "LNK-004", "X-012"]);
}

#[test]
fn of_two_documents_for_one_role_none_is_chosen() {
    let folder = folder();
    folder.copy("dossier-ente/sintesi-obiettivi.xlsx", "d/sintesi-vecchia.xlsx");
    let json = checked(&folder, &["--dossier"]);
    let sheet = &json["documents"][2];
    let remarks = sheet["warnings"].as_array().or_else(|| sheet["remarks"].as_array()).unwrap();
    let told = remarks.iter().filter_map(Value::as_str).find(|r| r.contains("sintesi-vecchia.xlsx"));
    assert!(told.is_some_and(|t| t.contains("«Allegato 2» è in più documenti") && t.contains("--exclude")), "{sheet}");
    let rule = sheet["rules"].as_array().unwrap().iter().find(|r| r["code"] == "X-007").unwrap();
    assert_eq!(rule["outcome"], "not_evaluable");
    // Leaving one out settles it.
    assert_eq!(across(&checked(&folder, &["--dossier", "--exclude", "*vecchia*"])).len(), 8);
}

#[test]
fn an_office_that_two_documents_write_differently_is_told() {
    let folder = folder();
    folder.workbook(
        "d/uffici.xlsx",
        &[
            &["Piano triennale di prevenzione della corruzione 2020-2022"],
            &["N.", "Processo", "Area di rischio", "Ufficio", "Evento rischioso"],
            &["1", "Gestione degli accessi", "B) Contratti pubblici", "UFFICIO SERVIZI INFORMATIVI", "Uso improprio"],
            &["2", "Acquisti", "B) Contratti pubblici", "Ufficio provveditorato", "Favoritismo"],
        ],
    );
    folder.workbook(
        "d/obiettivi.xlsx",
        &[
            &["Registro degli obiettivi 2020"],
            &["Codice obiettivo", "Obiettivo", "Unità responsabile", "Indicatore", "Target 2020"],
            &["1", "Meno interruzioni dei servizi", "Servizi informativi", "Ore di fermo", "10"],
            &["2", "Acquisti più rapidi", "Settore provveditorato", "Giorni medi", "30"],
        ],
    );
    let json = checked(&folder, &["--dossier", "--include", "uffici.xlsx", "--include", "obiettivi.xlsx"]);
    for document in json["documents"].as_array().unwrap() {
        let remarks: Vec<&str> = document["remarks"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let told: Vec<&&str> = remarks.iter().filter(|r| r.contains("sembrano lo stesso nome")).collect();
        assert_eq!(told.len(), 1, "{remarks:?}");
        assert!(
            told[0].contains("«Servizi informativi»") && told[0].contains("«UFFICIO SERVIZI INFORMATIVI»"),
            "{told:?}"
        );
    }
}

#[test]
fn a_finding_on_two_documents_stands_once_and_is_marked_in_both_copies() {
    let folder = folder();
    let json = checked(&folder, &["--dossier", "--out", "out"]);
    let codes = json["documents"].as_array().unwrap().iter().flat_map(|d| d["findings"].as_array().unwrap());
    assert_eq!(codes.filter(|f| f["code"] == "LNK-004").count(), 1);
    let listed = |file: &str| -> Vec<(String, String)> {
        let bytes = fs::read(folder.path(&format!("out/{file}"))).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("Rilievi").unwrap();
        let text = |row: &[calamine::Data], i: usize| row[i].to_string();
        range.rows().skip(1).map(|row| (text(row, 2), text(row, 4))).filter(|(code, _)| code == "LNK-004").collect()
    };
    assert_eq!(listed("piano-anticorruzione.riscontro.xlsx"), [("LNK-004".to_owned(), "D6".to_owned())]);
    assert_eq!(listed("registro-obiettivi.riscontro.xlsx"), [("LNK-004".to_owned(), "D8".to_owned())]);
}

#[test]
fn a_document_that_cannot_be_read_is_none_of_the_dossier() {
    let folder = folder();
    folder.write("d/rotto.xlsx", b"PK\x03\x04rotto");
    let ran = folder.run(&["check", "d", "--dossier", "--format", "json", "--fail-on", "mai"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(across(&ran.json()).len(), 8);
}
