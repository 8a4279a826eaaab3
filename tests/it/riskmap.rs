//! `riscontro ptpct`, from outside.

use std::fs;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use serde_json::{Value, json};

use crate::cli::Folder;

const HEAD: [&str; 9] = [
    "N.",
    "Processo",
    "Area di rischio",
    "Ufficio",
    "Evento rischioso",
    "Livello di rischio",
    "Misura specifica",
    "Responsabile della misura",
    "Tempi di attuazione",
];

/// A plan of a few processes under a title.
fn plan(folder: &Folder, name: &str, rows: &[[&str; 9]]) {
    let mut all: Vec<&[&str]> = vec![&["Comune di Prova - PTPCT 2024-2026 - Mappatura dei processi"], &HEAD];
    all.extend(rows.iter().map(<[&str; 9]>::as_slice));
    folder.workbook(name, &all);
}

fn rows() -> [[&'static str; 9]; 5] {
    [
        [
            "1",
            "Gare d'appalto",
            "A) Contratti pubblici",
            "Ufficio gare",
            "Bando su misura",
            "Alto",
            "Rotazione degli inviti",
            "Dirigente Appalti",
            "30/06/2024",
        ],
        [
            "2",
            "Affidamenti diretti",
            "Contratti pubblici",
            "UFFICIO GARE",
            "Affidamento sempre alla stessa ditta",
            "Medio",
            "Elenco degli operatori",
            "Dirigente appalti",
            "31/12/2024",
        ],
        [
            "3",
            "Concorsi",
            "Acquisizione e gestione del personale",
            "Personale",
            "Requisiti su misura",
            "Alto",
            "Commissioni esterne",
            "Dirigente Personale",
            "annuale",
        ],
        ["4", "Permessi di costruire", "", "Edilizia", "", "", "", "", ""],
        [
            "5",
            "Contributi alle associazioni",
            "Contratti pubblici",
            "Cultura",
            "Contributi ad amici",
            "Basso",
            "Avviso pubblico *",
            "Dirigente Cultura",
            "",
        ],
    ]
}

fn seen(folder: &Folder, arguments: &[&str]) -> Value {
    let ran = folder.run(&[&["ptpct", "--format", "json"], arguments].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

#[test]
fn processes_are_counted_by_area_office_and_level() {
    let folder = Folder::new();
    plan(&folder, "p.xlsx", &rows());
    let map = seen(&folder, &["p.xlsx"]);
    assert_eq!(map["levels"], json!(["Basso", "Medio", "Alto", null]));
    let rows: Vec<(&str, &str, Value)> = map["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["area"].as_str().unwrap_or("-"), r["office"].as_str().unwrap_or("-"), r["counts"].clone()))
        .collect();
    assert_eq!(
        rows,
        [
            ("Acquisizione e gestione del personale", "Personale", json!([0, 0, 1, 0])),
            ("Contratti pubblici", "Cultura", json!([1, 0, 0, 0])),
            // One office in two spellings, one area with and without its letter.
            ("Contratti pubblici", "UFFICIO GARE", json!([0, 1, 1, 0])),
            ("-", "Edilizia", json!([0, 0, 0, 1])),
        ]
    );
}

#[test]
fn what_is_lacking_and_what_is_due_is_told_with_its_place() {
    let folder = Folder::new();
    plan(&folder, "p.xlsx", &rows());
    let map = seen(&folder, &["p.xlsx", "--as-of", "2024-09-01"]);
    let lacking: Vec<(&str, &str, &str)> = map["lacking"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|l| l["processes"].as_array().unwrap().iter().map(move |p| (l, p)))
        .map(|(l, p)| (l["what"].as_str().unwrap(), p["name"].as_str().unwrap(), p["place"]["cell"].as_str().unwrap()))
        .collect();
    let process = "Permessi di costruire";
    assert_eq!(lacking, [("area", process, "A6"), ("event", process, "A6"), ("measure", process, "A6")]);
    let measures: Vec<(&str, Value, &str, &str)> = map["measures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| {
            let text = |key: &str| m[key].as_str().unwrap();
            (text("measure"), m["due"].clone(), text("timing"), m["place"]["cell"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        measures,
        [
            ("Rotazione degli inviti", json!("2024-06-30"), "overdue", "G3"),
            ("Elenco degli operatori", json!("2024-12-31"), "due", "G4"),
            ("Commissioni esterne", Value::Null, "recurring", "G5"),
            ("Avviso pubblico *", Value::Null, "done", "G7"),
        ]
    );
    assert_eq!(map["measures"][1]["owner"], map["measures"][0]["owner"]);
    // Without a day nothing is overdue, and no day is told.
    let map = seen(&folder, &["p.xlsx"]);
    assert_eq!((&map["summary"]["overdue"], map.get("as_of")), (&json!(0), None));
}

#[test]
fn the_annexes_of_several_offices_are_one_plan() {
    let folder = Folder::new();
    let all = rows();
    plan(&folder, "d/a.xlsx", &all[..2]);
    plan(&folder, "d/b.xlsx", &all[2..]);
    let map = seen(&folder, &["d"]);
    assert_eq!(map["entities"], json!({"processo": 5, "evento": 4, "misura": 4}));
    assert_eq!(map["sources"].as_array().unwrap().len(), 2);
    assert_eq!(map["lacking"][0]["processes"][0]["place"]["path"], "d/b.xlsx");
}

#[test]
fn processes_listed_again_in_another_table_count_once() {
    let folder = Folder::new();
    let title = ["Comune di Prova - PTPCT 2024-2026"];
    let sheets: [(&str, &[&[&str]]); 2] = [
        (
            "Mappatura",
            &[
                &title,
                &["N.", "Processo", "Area di rischio", "Ufficio"],
                &["1", "Gare d'appalto", "Contratti pubblici", "Ufficio gare"],
                &["2", "Concorsi", "Acquisizione e gestione del personale", "Personale"],
            ],
        ),
        (
            "Rischi",
            &[
                &title,
                &["Processo", "Evento rischioso", "Livello di rischio", "Misura specifica"],
                &["Gare d'appalto", "Bando su misura", "Alto", "Rotazione degli inviti"],
                &["Concorsi", "Requisiti su misura", "Medio", ""],
            ],
        ),
    ];
    folder.sheets("p.xlsx", &sheets);
    let map = seen(&folder, &["p.xlsx"]);
    assert_eq!(map["entities"]["processo"], 2);
    assert_eq!(map["levels"], json!(["Medio", "Alto", null]));
    let row = &map["rows"][1];
    assert_eq!(
        (&row["area"], &row["office"], &row["counts"]),
        (&json!("Contratti pubblici"), &json!("Ufficio gare"), &json!([0, 1, 0]))
    );
    assert_eq!(map["lacking"].as_array().unwrap().len(), 1);
    assert_eq!(map["lacking"][0]["processes"][0]["name"], "Concorsi");
}

#[test]
fn the_text_reads_as_it_is_kept() {
    let folder = Folder::new();
    plan(&folder, "p.xlsx", &rows());
    insta::assert_snapshot!("ptpct", folder.run(&["ptpct", "p.xlsx", "--as-of", "2024-09-01"]).out);
    insta::assert_snapshot!("ptpct_en", folder.run(&["ptpct", "p.xlsx", "--lang", "en", "--format", "markdown"]).out);
}

#[test]
fn the_workbook_has_the_matrix_and_the_calendar() {
    let folder = Folder::new();
    plan(&folder, "p.xlsx", &rows());
    let ran = folder.run(&["ptpct", "p.xlsx", "-o", "q.xlsx"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    let bytes = fs::read(folder.path("q.xlsx")).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = ["Matrice", "Aree", "Mancanze", "Misure", "Calendario", "Uffici e responsabili"];
    assert_eq!(book.sheet_names(), names);
    let mut row = |sheet: &str, nth: usize| -> Vec<String> {
        let range = book.worksheet_range(sheet).unwrap();
        range.rows().nth(nth).unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(row("Aree", 2), ["Contratti pubblici", "1", "1", "1", "0", "3"]);
    assert_eq!(row("Calendario", 0), ["Responsabile", "06/2024", "12/2024", "Totale"]);
    assert_eq!(row("Calendario", 1)[1..], ["1", "1", "2"]);
    // The workbook is none of the plan: it is read as no table of processes.
    let ran = folder.run(&["ptpct", "q.xlsx"]);
    assert_eq!(ran.code, 3, "{ran:?}");
}

#[test]
fn bad_input_gets_a_clear_error() {
    let folder = Folder::new();
    folder.copy(crate::cli::FIXTURE, "scheda.xlsx").write("rotto.xlsx", b"PK\x03\x04rotto");
    plan(&folder, "p.xlsx", &rows());
    let run = |arguments: &[&str]| folder.run(&[&["ptpct"], arguments].concat());
    for (arguments, code, says) in [
        (&["manca.xlsx"][..], 3, "il file non esiste"),
        (&["scheda.xlsx"], 3, "in nessun file si riconosce una tabella di processi"),
        (&["p.xlsx", "-o", "p.xlsx"], 2, "p.xlsx"),
        (&["p.xlsx", "--as-of", "ieri"], 2, "--as-of"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
    }
    let ran = run(&["p.xlsx", "rotto.xlsx"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("5 processi"), "{}", ran.out);
}
