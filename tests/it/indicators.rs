//! `riscontro indicatori`, from outside.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use serde_json::{Value, json};

use crate::cli::Folder;

const YEARS: &str = "letture/indicatori-anni-uniti.xlsx";

/// A table of indicators of one year after another.
fn table(folder: &Folder) {
    folder.workbook(
        "i.xlsx",
        &[
            &["Relazione sulla performance 2023"],
            &[
                "Codice indicatore",
                "Indicatore",
                "Verso",
                "Peso indicatore",
                "Consuntivo 2022",
                "Target 2023",
                "Consuntivo 2023",
                "Note",
            ],
            &["A1", "Percentuale di pratiche concluse", "crescente", "30", "90%", "95%", "76%", ""],
            &["A2", "Tempo medio di pagamento", "", "10", "32 giorni", "30 giorni", "28 giorni", ""],
            &["A3", "Reclami", "crescente", "10", "8", "≤ 5", "9", ""],
            &["A4", "Cartelle", "", "10", "50", "60", "61", ""],
            &["A5", "Piano approvato", "", "20", "sì", "entro il 31/03/2023", "15/03/2023", ""],
            &["A6", "Postazioni aggiornate", "", "20", "3/3", "2/3", "n.d.", ""],
        ],
    );
}

fn of_code<'v>(map: &'v Value, code: &str) -> &'v Value {
    map["indicators"].as_array().unwrap().iter().find(|row| row["code"] == code).unwrap()
}

fn sheets(bytes: Vec<u8>) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let rows = |range: calamine::Range<calamine::Data>| {
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    };
    book.worksheets().into_iter().map(|(name, range)| (name, rows(range))).collect()
}

#[test]
fn each_indicator_has_its_direction_its_outcome_and_its_trend() {
    let folder = Folder::new();
    table(&folder);
    let map = folder.run(&["indicatori", "i.xlsx", "--format", "json"]).json();
    assert_eq!(map["entities"], json!({"indicatore": 6}));
    assert_eq!(map["summary"], json!({"met": 2, "missed": 1, "unjudged": 3}));
    let missed = of_code(&map, "A1");
    assert_eq!((&missed["met"], &missed["attainment"]), (&json!(false), &json!(80.0)));
    assert_eq!(missed["deviation"], "-19 p.p.");
    assert_eq!(missed["place"]["cell"], "G3");
    let met = of_code(&map, "A2");
    assert_eq!((&met["direction"], &met["met"], &met["trend"]), (&json!("down"), &json!(true), &json!("better")));
    assert_eq!(met["direction_why"], "parole «Tempo medio»");
    assert_eq!(of_code(&map, "A5")["met"], json!(true));
}

#[test]
fn nothing_is_guessed() {
    let folder = Folder::new();
    table(&folder);
    let map = folder.run(&["indicatori", "i.xlsx", "--format", "json"]).json();
    for (code, why) in [("A3", "contested_direction"), ("A4", "unknown_direction"), ("A6", "no_result")] {
        let row = of_code(&map, code);
        assert_eq!(row["unjudged"], why, "{row}");
        assert_eq!((&row["met"], &row["attainment"]), (&Value::Null, &Value::Null), "{row}");
    }
    let shown = folder.run(&["indicatori", "i.xlsx"]).out;
    assert!(shown.contains("verso discorde: dichiarato «crescente», ma target «≤ 5»: decrescente"), "{shown}");
    assert!(shown.contains("Senza esito: verso discorde (1), verso ignoto (1), senza risultato (1)"), "{shown}");
}

#[test]
fn the_overall_figure_is_weighted_or_the_worst() {
    let folder = Folder::new();
    table(&folder);
    let overall = |more: &[&str]| {
        let mut arguments = vec!["indicatori", "i.xlsx", "--format", "json"];
        arguments.extend(more);
        folder.run(&arguments).json()["overall"].clone()
    };
    let weighted = json!({"rule": "weighted", "attainment": 90.0, "indicators": 3, "own_weights": true});
    assert_eq!(overall(&[]), weighted);
    assert_eq!(overall(&["--overall", "worst"])["attainment"], json!(80.0));
    let wrong = folder.run(&["indicatori", "i.xlsx", "--overall", "best"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
}

#[test]
fn years_of_merged_headings_make_the_series() {
    let folder = Folder::new();
    folder.copy(YEARS, "a.xlsx");
    let shown = folder.run(&["indicatori", "a.xlsx"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    insta::assert_snapshot!("indicatori", shown.out);
    // «text» is «full» by another name.
    assert_eq!(folder.run(&["indicatori", "a.xlsx", "--format", "text"]).out, shown.out);
    let english = folder.run(&["indicatori", "a.xlsx", "--format", "markdown", "--lang", "en"]);
    assert!(english.out.contains("2023 90% → 2024 92% → 2025 96% (better)"), "{}", english.out);
    let rows = folder.run(&["indicatori", "a.xlsx", "--format", "csv"]).out;
    assert!(rows.lines().nth(2).unwrap().ends_with(";2023 90% → 2024 92% → 2025 96%;better"), "{rows}");
}

#[test]
fn the_workbook_has_small_charts_and_is_no_document() {
    let folder = Folder::new();
    table(&folder);
    let ran = folder.run(&["indicatori", "i.xlsx", "-o", "q.xlsx"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("6 indicatori: 2 target raggiunti, 1 non raggiunto, 3 senza esito"), "{ran:?}");
    let bytes = fs::read(folder.path("q.xlsx")).unwrap();
    let book = sheets(bytes.clone());
    assert_eq!(book["Indicatori"][0][14..], ["2022", "2023"]);
    assert_eq!(book["Indicatori"][1][14..], ["90", "76"]);
    assert_eq!(book["Quadro"][1][..2], ["raggiunti", "2"]);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
    let sheet = std::io::read_to_string(zip.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert_eq!(sheet.matches("<x14:sparkline>").count(), 4, "those of two numbers at least");
    folder.run(&["indicatori", "i.xlsx", "-o", "r.xlsx"]);
    assert_eq!(fs::read(folder.path("r.xlsx")).unwrap(), bytes, "the same input gives the same bytes");
    // Our results are no document.
    let again = folder.run(&["indicatori", "q.xlsx"]);
    assert_eq!(again.code, 3, "{again:?}");
}

#[test]
fn what_is_no_table_of_indicators_is_told() {
    let folder = Folder::new();
    folder.copy("altri/protocollo.xlsx", "p.xlsx").write("n.xlsx", b"nulla");
    let other = folder.run(&["indicatori", "p.xlsx"]);
    assert_eq!(other.code, 3, "{other:?}");
    assert!(other.err.contains("in nessun file si riconosce una tabella di indicatori"), "{other:?}");
    let absent = folder.run(&["indicatori", "manca.xlsx"]);
    assert_eq!(absent.code, 3, "{absent:?}");
    assert!(absent.err.contains("manca.xlsx"), "{absent:?}");
    assert_eq!(folder.run(&["indicatori", "n.xlsx"]).code, 3);
    assert_eq!(folder.run(&["indicatori"]).code, 2);
    assert_eq!(folder.run(&["indicatori", "p.xlsx", "--format", "xlsx"]).code, 2);
    // The tables that are there are shown, and how the command ends tells that one was not.
    table(&folder);
    let both = folder.run(&["indicatori", "i.xlsx", "manca.xlsx"]);
    assert_eq!(both.code, 3, "{both:?}");
}
