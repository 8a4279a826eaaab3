//! A plan made of one annex for each office: `check --whole-plan`, `[plan] complete`.

use serde_json::Value;

use crate::cli::{Folder, Ran};

const HEADINGS: [&str; 5] = ["N.", "Processo", "Area di rischio", "Ufficio", "Evento rischioso"];

/// Offices with the areas of their processes.
const OFFICES: [(&str, &[(&str, &str)]); 2] = [
    (
        "personale",
        &[
            ("Concorso pubblico", "A) Acquisizione e gestione del personale"),
            ("Affidamento diretto di servizi", "B) Contratti pubblici"),
        ],
    ),
    (
        "sociale",
        &[
            (
                "Rilascio di permessi per disabili",
                "C) Provvedimenti ampliativi della sfera giuridica dei destinatari privi di effetto economico diretto",
            ),
            (
                "Concessione di contributi",
                "D) Provvedimenti ampliativi della sfera giuridica dei destinatari con effetto economico diretto",
            ),
        ],
    ),
];

fn annex(folder: &Folder, to: &str, title: &str, office: &str, processes: &[(&str, &str)]) {
    let numbers: Vec<String> = (1..=processes.len()).map(|n| n.to_string()).collect();
    let rows: Vec<[&str; 5]> = processes
        .iter()
        .zip(&numbers)
        .map(|((process, area), number)| [number.as_str(), *process, *area, office, "Favoritismo"])
        .collect();
    let title = [title];
    let mut all: Vec<&[&str]> = vec![&title, &HEADINGS];
    all.extend(rows.iter().map(<[&str; 5]>::as_slice));
    folder.workbook(to, &all);
}

fn plan(below: &str) -> Folder {
    let folder = Folder::new();
    for (office, processes) in OFFICES {
        let title = "Piano triennale di prevenzione della corruzione 2024-2026 - Mappatura dei processi";
        annex(&folder, &format!("{below}/{office}.xlsx"), title, office, processes);
    }
    folder
}

/// What came of a rule in each document.
fn outcomes(json: &Value, code: &str) -> Vec<String> {
    let of = |document: &Value| {
        let rule = document["rules"].as_array().unwrap().iter().find(|r| r["code"] == code).unwrap().clone();
        rule["outcome"].as_str().unwrap().to_owned()
    };
    json["documents"].as_array().unwrap().iter().map(of).collect()
}

fn checked(folder: &Folder, arguments: &[&str]) -> Value {
    let ran: Ran = folder.run(&[&["check"], arguments, &["--format", "json", "--fail-on", "mai"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

#[test]
fn the_annexes_of_a_plan_have_the_areas_of_the_law_together() {
    let folder = plan("piano");
    assert_eq!(outcomes(&checked(&folder, &["piano"]), "PT-A09"), ["not_evaluable"; 2]);
    assert_eq!(outcomes(&checked(&folder, &["--whole-plan", "piano"]), "PT-A09"), ["passed"; 2]);
    folder.write("piano/riscontro.toml", b"[plan]\ncomplete = true\n");
    assert_eq!(outcomes(&checked(&folder, &["piano"]), "PT-A09"), ["passed"; 2]);
    // One annex by itself is then taken for the whole, as declared.
    assert_eq!(outcomes(&checked(&folder, &["piano/sociale.xlsx"]), "PT-A09"), ["findings"]);
}

#[test]
fn what_the_whole_lacks_is_told_once_and_marked_in_a_copy() {
    let folder = plan("piano");
    let title = "Piano triennale di prevenzione della corruzione 2024-2026 - Mappatura dei processi";
    annex(&folder, "piano/sociale.xlsx", title, "sociale", &OFFICES[1].1[..1]);
    let json = checked(&folder, &["--whole-plan", "piano", "--out", "copie", "--select", "PT-A09"]);
    assert_eq!(outcomes(&json, "PT-A09"), ["findings", "not_applicable"]);
    let findings = json["documents"][0]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert!(findings[0]["message"].as_str().unwrap().contains("contributi e vantaggi economici"), "{findings:?}");
    let place = &findings[0]["places"][0];
    assert_eq!(
        (place["sheet"].as_str(), place["cell"].as_str(), &place["path"]),
        (Some("Sheet1"), Some("C2"), &Value::Null)
    );
    let files = folder.files();
    for office in ["personale", "sociale"] {
        assert!(files.iter().any(|f| f.ends_with(&format!("copie/{office}.riscontro.xlsx"))), "{files:?}");
    }
}

#[test]
fn plans_of_two_years_are_two() {
    let folder = plan("piani/2024");
    for (office, processes) in OFFICES {
        let title = "Piano triennale di prevenzione della corruzione 2021-2023 - Mappatura dei processi";
        annex(&folder, &format!("piani/2021/{office}.xlsx"), title, office, processes);
    }
    let title = "Piano triennale di prevenzione della corruzione 2021-2023 - Mappatura dei processi";
    annex(&folder, "piani/2021/sociale.xlsx", title, "sociale", &OFFICES[1].1[..1]);
    let found = outcomes(&checked(&folder, &["--whole-plan", "piani"]), "PT-A09");
    assert_eq!(found, ["findings", "not_applicable", "passed", "passed"]);
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let folder = plan("piano");
    let ran = folder.run(&["check", "--whole-plan", "altrove"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("altrove") || ran.out.contains("altrove"), "{ran:?}");
    assert_eq!(folder.run(&["check"]).code, 2);
}
