//! `riscontro diff`, from outside and on generated tables.

use std::sync::{Arc, LazyLock};

use calamine::{Reader as _, Xlsx};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use riscontro::check::{Options, diff};
use riscontro::output::diff_json;
use riscontro::pack::Packs;
use serde_json::Value;

use crate::cli::{FIXTURE, Folder};

const RIGHT: &str = "allegato1-lucca-2020-corretto.xlsx";
const HEAD: [&str; 6] = ["N.", "Processo", "Area di rischio", "Ufficio", "Evento rischioso", "Misura di prevenzione"];

type Rows = Vec<[String; 6]>;

fn rows() -> Rows {
    let names = [
        "Affidamento di lavori e forniture",
        "Rilascio di permessi di costruire",
        "Concorsi per l'assunzione di personale",
        "Accertamento dei tributi locali",
        "Concessione di contributi alle associazioni",
        "Verifiche sulle attività commerciali",
        "Gestione del patrimonio immobiliare",
        "Assegnazione di alloggi pubblici",
    ];
    let row = |(n, name): (usize, &&str)| {
        let office = if n % 2 == 0 { "Ufficio gare" } else { "Ufficio tributi" };
        let event = format!("Favore indebito nella fase {n} del procedimento");
        [(n + 1).to_string(), (*name).to_owned(), "Contratti pubblici".into(), office.into(), event, "Rotazione".into()]
    };
    let mut rows: Rows = names.iter().enumerate().map(row).collect();
    // A process with two events.
    let mut second = rows[2].clone();
    second[4] = "Bando su misura per favorire un candidato".into();
    rows.push(second);
    rows
}

fn workbook(folder: &Folder, to: &str, rows: &Rows) {
    let title = ["Mappatura dei processi e valutazione del rischio corruttivo"];
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let mut all: Vec<&[&str]> = vec![&title, &HEAD];
    all.extend(rows.iter().map(Vec::as_slice));
    folder.workbook(to, &all);
}

/// The next year: one process gone, one more, one with another name, one with another number, one with another office,
/// one with another event.
fn next() -> Rows {
    let mut rows = rows();
    rows.remove(7);
    rows[0][1] = "Affidamento di lavori, servizi e forniture".into();
    rows[1][0] = "12".into();
    rows[3][3] = "Ufficio entrate".into();
    rows[7][4] = "Prove d'esame comunicate prima a un candidato".into();
    let new = [
        "9",
        "Gestione delle entrate da parcheggi",
        "Contratti pubblici",
        "Ufficio gare",
        "Omesso controllo",
        "Rotazione",
    ];
    rows.push(new.map(str::to_owned));
    rows
}

fn json(folder: &Folder, old: &str, new: &str) -> Value {
    folder.run(&["diff", old, new, "--format", "json", "--fail-on", "mai"]).json()
}

/// Records by fate and name, and their cells as `field: old > new`.
fn records(json: &Value) -> Vec<(String, String, Vec<String>)> {
    let text = |v: &Value| v.as_str().unwrap_or("-").to_owned();
    let cell = |c: &Value| format!("{}: {} > {}", text(&c["field"]), text(&c["old"]), text(&c["new"]));
    let tables = json["comparisons"][0]["tables"].as_array().unwrap();
    let records = tables.iter().flat_map(|t| t["records"].as_array().unwrap());
    records
        .map(|r| {
            let cells = r["cells"].as_array().unwrap().iter().map(cell).collect();
            (text(&r["fate"]), text(&r["name"]), cells)
        })
        .collect()
}

#[test]
fn records_are_known_by_what_they_are_about() {
    let folder = Folder::new();
    workbook(&folder, "2023.xlsx", &rows());
    workbook(&folder, "2024.xlsx", &next());
    let found = records(&json(&folder, "2023.xlsx", "2024.xlsx"));
    let told: Vec<(&str, &str)> = found.iter().map(|(fate, name, _)| (fate.as_str(), name.as_str())).collect();
    assert_eq!(
        told,
        [
            ("added", "processo 9 «Gestione delle entrate da parcheggi»"),
            ("removed", "processo 8 «Assegnazione di alloggi pubblici»"),
            ("renamed", "processo 1 «Affidamento di lavori, servizi e forniture»"),
            ("renamed", "processo 12 «Rilascio di permessi di costruire»"),
            ("changed", "processo 3 «Concorsi per l'assunzione di personale»"),
            ("changed", "processo 4 «Accertamento dei tributi locali»"),
        ]
    );
    let event =
        "Evento rischioso: Bando su misura per favorire un candidato > Prove d'esame comunicate prima a un candidato";
    assert_eq!(found[4].2, [event]);
    assert_eq!(found[5].2, ["Ufficio: Ufficio tributi > Ufficio entrate"]);
    let full = folder.run(&["diff", "2023.xlsx", "2024.xlsx", "--fail-on", "mai"]).out;
    assert!(
        full.contains("con altro nome o numero: processo 12 «Rilascio di permessi di costruire», prima processo 2 «"),
        "{full}"
    );
    assert!(full.contains("Ufficio: «Ufficio tributi» → «Ufficio entrate» ("), "{full}");
    assert!(
        full.contains("voci: 1 in più, 1 in meno, 2 con altro nome o numero, 2 con celle cambiate; rilievi: "),
        "{full}"
    );
}

#[test]
fn another_process_under_an_old_number_is_no_renamed_one() {
    let folder = Folder::new();
    workbook(&folder, "a.xlsx", &rows());
    let mut next = rows();
    let other =
        ["8", "Polizia mortuaria", "Altra area", "Servizi cimiteriali", "Favori a un'impresa", "Controlli a campione"];
    next[7] = other.map(str::to_owned);
    workbook(&folder, "b.xlsx", &next);
    let found = records(&json(&folder, "a.xlsx", "b.xlsx"));
    let fates: Vec<&str> = found.iter().map(|(fate, ..)| fate.as_str()).collect();
    assert_eq!(fates, ["added", "removed"], "{found:?}");
}

/// The result without the places, which moved rows do change.
fn placeless(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for key in ["place", "old_place", "new_place", "places", "before", "related"] {
                if !map.get(key).is_some_and(Value::is_number) {
                    map.remove(key);
                }
            }
            map.values_mut().for_each(placeless);
        }
        Value::Array(items) => items.iter_mut().for_each(placeless),
        _ => {}
    }
}

#[test]
fn shuffled_rows_change_nothing() {
    static PACKS: LazyLock<Arc<Packs>> = LazyLock::new(|| Arc::new(Packs::embedded().unwrap()));
    let folder = Folder::new();
    let mut options = Options::new(PACKS.clone());
    // What these say of rows is their order: a process whose rows lie apart is there twice.
    options.selection.ignore = ["PT-N01", "PT-N02", "PT-P02"].map(str::to_owned).to_vec();
    let compared = |old: &str, new: &str| {
        let found = diff(&folder.path(old), &folder.path(new), &options).unwrap();
        let mut out = Vec::new();
        diff_json(&found.comparisons, &mut out).unwrap();
        let mut json: Value = serde_json::from_slice(&out).unwrap();
        placeless(&mut json);
        for pair in json["comparisons"].as_array_mut().unwrap() {
            // Of a finding of many rows the message names the first.
            pair["findings"].as_array_mut().unwrap().iter_mut().for_each(|f| f["message"] = Value::Null);
        }
        json
    };
    workbook(&folder, "old.xlsx", &rows());
    workbook(&folder, "new.xlsx", &next());
    let straight = compared("old.xlsx", "new.xlsx");
    let config =
        Config { cases: 12, rng_seed: RngSeed::Fixed(190_2012), failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(Just(next()).prop_shuffle(), Just(rows()).prop_shuffle()), |(next, rows)| {
            workbook(&folder, "new.xlsx", &next);
            prop_assert_eq!(&compared("old.xlsx", "new.xlsx"), &straight);
            workbook(&folder, "moved.xlsx", &rows);
            let moved = compared("old.xlsx", "moved.xlsx");
            prop_assert_eq!(&moved["comparisons"][0]["tables"][0]["records"], &Value::Array(Vec::new()));
            prop_assert_eq!(&moved["summary"]["findings"]["new"], &Value::from(0));
            prop_assert_eq!(&moved["summary"]["findings"]["resolved"], &Value::from(0));
            Ok(())
        })
        .unwrap();
}

#[test]
fn findings_are_new_resolved_persisting_or_changed() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "2020.xlsx").copy(RIGHT, "2021.xlsx");
    let run = |old: &str, new: &str, on: &str| folder.run(&["diff", old, new, "--format", "json", "--fail-on", on]);
    let ran = run("2020.xlsx", "2021.xlsx", "errore");
    let summary = ran.json()["summary"].clone();
    assert_eq!((ran.code, &summary["comparisons"]), (0, &1.into()));
    let fates = |fate: &str| summary["findings"][fate].as_u64().unwrap();
    assert!(fates("resolved") > 15 && fates("persisting") > 5 && fates("changed") == 1, "{summary}");
    // Rules that compare with the year before speak here, and count.
    let findings = ran.json()["comparisons"][0]["findings"].as_array().unwrap().clone();
    let new: Vec<&str> = findings.iter().filter(|f| f["fate"] == "new").map(|f| f["code"].as_str().unwrap()).collect();
    assert!(!new.is_empty() && new.iter().all(|code| code.starts_with("YOY")), "{new:?}");
    assert_eq!(run("2020.xlsx", "2021.xlsx", "avviso").code, 1);
    assert_eq!(run("2021.xlsx", "2020.xlsx", "errore").code, 1);
    // A document beside itself: only what compares has anything to say.
    let same = folder.run(&["diff", "2020.xlsx", "2020.xlsx", "--ignore", "YOY", "--fail-on", "osservazione"]);
    assert!(same.code == 0 && same.out.contains("voci: nessuna differenza; rilievi: "), "{}", same.out);
    assert!(!same.out.contains("nuov") && !same.out.contains("risolt"), "{}", same.out);
}

#[test]
fn a_finding_of_a_renamed_record_is_not_new() {
    let folder = Folder::new();
    let mut before = rows();
    before[0][3] = String::new();
    let mut after = before.clone();
    after[0][1] = "Affidamento di lavori, servizi e forniture".into();
    workbook(&folder, "a.xlsx", &before);
    workbook(&folder, "b.xlsx", &after);
    let ran = folder.run(&["diff", "a.xlsx", "b.xlsx", "--select", "PT-O01", "--format", "json"]);
    let counts = ran.json()["summary"]["findings"].clone();
    assert_eq!((&counts["new"], &counts["resolved"], &counts["persisting"]), (&0.into(), &0.into(), &1.into()));
}

#[test]
fn exceptions_and_known_findings_do_not_count() {
    let folder = Folder::new();
    folder.copy(RIGHT, "a.xlsx").copy(FIXTURE, "b.xlsx");
    let run = |more: &[&str]| folder.run(&[&["diff", "a.xlsx", "b.xlsx", "--select", "A1-CMP-001"], more].concat());
    assert_eq!(run(&[]).code, 1);
    assert_eq!(folder.run(&["baseline", "b.xlsx", "-o", "noti.toml"]).code, 0);
    let ran = run(&["--baseline", "noti.toml"]);
    assert!(ran.code == 0 && ran.out.contains("(già noto)"), "{ran:?}");
    let waiver =
        |n: &str| format!("[[waiver]]\nrule = \"A1-CMP-001\"\nwhere = \"domanda {n}\"\nreason = \"sede unica\"\n");
    folder.write("eccezioni.toml", [waiver("1.4"), waiver("9.1")].concat().as_bytes());
    let ran = run(&["--strict-waivers"]);
    assert!(ran.code == 0 && ran.out.contains("motivo: sede unica"), "{ran:?}");
    folder.write("eccezioni.toml", [waiver("1.4"), waiver("9.1"), waiver("2.1")].concat().as_bytes());
    let ran = run(&["--strict-waivers"]);
    assert!(ran.code == 2 && ran.err.contains("non corrisponde ad alcun rilievo"), "{ran:?}");
}

#[test]
fn folders_are_compared_file_by_file() {
    let folder = Folder::new();
    for (year, rows) in [("2023", rows()), ("2024", next())] {
        workbook(&folder, &format!("{year}/piano.xlsx"), &rows);
    }
    workbook(&folder, "2023/vecchio.xlsx", &rows());
    workbook(&folder, "2024/nuovo.xlsx", &rows());
    folder.write("2024/leggimi.txt", b"ciao");
    let json = json(&folder, "2023", "2024");
    let pairs = json["comparisons"].as_array().unwrap();
    let paths: Vec<_> = pairs.iter().map(|p| (p["old"].as_str(), p["new"].as_str())).collect();
    let expected = [
        (None, Some("2024/nuovo.xlsx")),
        (Some("2023/piano.xlsx"), Some("2024/piano.xlsx")),
        (Some("2023/vecchio.xlsx"), None),
    ];
    assert_eq!(paths, expected);
    let ran = folder.run(&["diff", "2023", "2024", "--fail-on", "mai"]);
    assert!(
        ran.out.contains("2024/nuovo.xlsx (documento in più)")
            && ran.out.contains("2023/vecchio.xlsx (documento in meno)")
    );
}

#[test]
fn a_workbook_of_the_comparison_is_made() {
    let folder = Folder::new();
    workbook(&folder, "a.xlsx", &rows());
    workbook(&folder, "b.xlsx", &next());
    let ran = folder.run(&["diff", "a.xlsx", "b.xlsx", "-o", "confronto.xlsx", "--fail-on", "mai"]);
    assert!(ran.code == 0 && ran.out.is_empty() && ran.err.contains("scritto: confronto.xlsx"), "{ran:?}");
    let bytes = std::fs::read(folder.path("confronto.xlsx")).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes.clone())).unwrap();
    assert_eq!(book.sheet_names(), ["Differenze", "Rilievi"]);
    let cells: Vec<String> =
        book.worksheet_range("Differenze").unwrap().used_cells().map(|c| c.2.to_string()).collect();
    for text in ["con celle cambiate", "Ufficio entrate", "processo 4 «Accertamento dei tributi locali»"] {
        assert!(cells.iter().any(|cell| cell == text), "{text}: {cells:?}");
    }
    assert_eq!(
        folder.run(&["diff", "a.xlsx", "b.xlsx", "--format", "xlsx", "-o", "altro.xlsx", "--fail-on", "mai"]).code,
        0
    );
    assert_eq!(std::fs::read(folder.path("altro.xlsx")).unwrap(), bytes);
    let markdown =
        folder.run(&["diff", "a.xlsx", "b.xlsx", "--format", "markdown", "--fail-on", "mai", "--lang", "en"]).out;
    assert!(
        markdown.contains("| changed | Ufficio: “Ufficio tributi” → “Ufficio entrate”")
            || markdown.contains("Office: “Ufficio tributi” → “Ufficio entrate”"),
        "{markdown}"
    );
}

#[test]
fn bad_input_is_told() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx").write("b.xlsx", b"no").write("vuota/leggimi.txt", b"ciao").copy(FIXTURE, "c/a.xlsx");
    let cases: [(&[&str], i32, &str); 11] = [
        (&["a.xlsx", "b.xlsx"], 3, "b.xlsx"),
        (&["b.xlsx", "a.xlsx"], 3, "rifiutato"),
        (&["a.xlsx", "manca.xlsx"], 3, "il file non esiste"),
        (&["a.xlsx", "c"], 2, "un file e una cartella non si confrontano: indicare due file o due cartelle"),
        (&["vuota", "vuota"], 2, "nessun documento da confrontare"),
        (&["a.xlsx"], 2, "manca l'argomento"),
        (&["a.xlsx", "a.xlsx", "--format", "csv"], 2, "valore «csv» non valido per «--format»"),
        (
            &["a.xlsx", "a.xlsx", "--format", "xlsx"],
            2,
            "il formato «xlsx» non va sullo schermo: aggiungere --output FILE.xlsx",
        ),
        (&["a.xlsx", "a.xlsx", "--format", "xlsx", "-o", "x.txt"], 2, "il formato «xlsx» va in un file .xlsx"),
        (&["c/a.xlsx", "a.xlsx", "-o", "a.xlsx"], 2, "il file da scrivere è anche uno di quelli da controllare"),
        (&["c/a.xlsx", "a.xlsx", "-o", "c/a.xlsx"], 2, "il file da scrivere è anche uno di quelli da controllare"),
    ];
    for (arguments, code, says) in cases {
        let ran = folder.run(&[&["diff"], arguments].concat());
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!((ran.err.clone() + &*ran.out).contains(says), "{arguments:?}: {ran:?}");
    }
    let json = folder.run(&["diff", "a.xlsx", "b.xlsx", "--format", "json"]);
    let error = json.json()["comparisons"][0]["errors"][0].clone();
    assert!(error["path"] == "b.xlsx" && error["kind"].is_string() && error["message"].is_string(), "{error}");
    assert!(json.err.contains("b.xlsx: "), "{}", json.err);
    folder.write("eccezioni.toml", b"[[waiver]]\n");
    assert_eq!(folder.run(&["diff", "a.xlsx", "a.xlsx"]).code, 2);
}
