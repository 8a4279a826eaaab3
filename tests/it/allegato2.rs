//! `riscontro allegato2`, from outside.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _};

use calamine::{Data, DataType as _, Reader as _, Xlsx};
use serde_json::Value;
use zip::ZipArchive;

use crate::cli::{FIXTURE, Folder, Ran};

const REGISTER: &str = "registri/obiettivi-2020.xlsx";
const HEAD: [&str; 8] = [
    "Codice obiettivo",
    "Livello",
    "Obiettivo",
    "Risorse finanziarie",
    "Risorse umane",
    "Indicatore",
    "Formula di calcolo",
    "Target 2024",
];

fn figures(json: &Value, level: &str) -> Vec<Option<u64>> {
    let tables = json["tables"].as_array().unwrap();
    let table = tables.iter().find(|t| t["level"] == level).unwrap();
    table["rows"].as_array().unwrap().iter().map(|row| row["value"].as_u64()).collect()
}

fn computed(folder: &Folder, arguments: &[&str]) -> Value {
    let ran = folder.run(&[&["allegato2", "--format", "json"], arguments].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

/// A register of a few rows under a title.
fn register(folder: &Folder, name: &str, rows: &[[&str; 8]]) {
    let mut all: Vec<&[&str]> = vec![&["Comune di Prova - Piano della performance 2024 - Obiettivi"], &HEAD];
    all.extend(rows.iter().map(<[&str; 8]>::as_slice));
    folder.workbook(name, &all);
}

#[test]
fn the_register_gives_the_totals_that_lucca_declared() {
    let folder = Folder::new();
    folder.copy(REGISTER, "registro.xlsx").copy(FIXTURE, "scheda.xlsx");
    let json = computed(&folder, &["registro.xlsx", "--compare", "scheda.xlsx"]);
    let n = Some;
    assert_eq!(figures(&json, "strategico"), [n(15), n(15), n(35), n(15), n(0), n(11), n(15), None]);
    assert_eq!(figures(&json, "operativo"), [n(25), n(25), n(138), n(0), n(0), n(21), n(25)]);
    assert_eq!(json["summary"]["differences"], 0);
    // Of the strategic objectives the office wrote words in row 4: those indicators are dates.
    let row = &json["tables"][0]["rows"][3];
    assert_eq!(row["declared"], Value::Null);
    assert!(row["note"].as_str().unwrap().contains("la formula non serve: 15"), "{row}");
    assert_eq!(row["evidence"].as_array().unwrap().len(), 15);
    assert_eq!(row["evidence"][0]["cell"], "G5");
    let due = computed(&folder, &["registro.xlsx", "--formula", "dovuta"]);
    assert_eq!(figures(&due, "strategico")[3], n(0));
}

#[test]
fn the_text_reads_as_it_is_kept() {
    let folder = Folder::new();
    folder.copy(REGISTER, "registro.xlsx").copy(FIXTURE, "scheda.xlsx");
    let ran = folder.run(&["allegato2", "registro.xlsx", "--compare", "scheda.xlsx"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!("allegato2", ran.out);
    let english = folder.run(&["allegato2", "registro.xlsx", "--lang", "en"]);
    insta::assert_snapshot!("allegato2_en", english.out);
}

#[test]
fn a_figure_declared_otherwise_is_told_with_its_lines() {
    let folder = Folder::new();
    register(
        &folder,
        "r.xlsx",
        &[
            [
                "S1",
                "Strategico",
                "Servizi digitali per tutti",
                "1.000,00",
                "2",
                "Servizi attivati",
                "n. servizi attivati / n. servizi previsti",
                "90%",
            ],
            ["S2", "Strategico", "Meno tempi di attesa", "", "3", "Tempo medio", "somma giorni / numero pratiche", ""],
        ],
    );
    folder.copy(FIXTURE, "scheda.xlsx");
    let ran = folder.run(&["allegato2", "r.xlsx", "--compare", "scheda.xlsx"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.out.contains("dichiarato: 15 ≠ (N_Obiettivi strategici!C4)\n      dai registri: S1; S2\n"),
        "{}",
        ran.out
    );
    let csv = folder.run(&["allegato2", "r.xlsx", "--compare", "scheda.xlsx", "--format", "csv"]);
    assert!(
        csv.out.contains("\r\nstrategico;5;N. indicatori privi di target annuale;1;0;-1;;S2 (1)\r\n"),
        "{}",
        csv.out
    );
}

/// Cells of a sheet by row and column.
type Cells = BTreeMap<(u32, u32), String>;

fn sheet(bytes: &[u8], name: &str, formulas: bool) -> Cells {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut cells = Cells::new();
    if formulas {
        let range = book.worksheet_formula(name).unwrap();
        let (row, col) = range.start().unwrap();
        for (r, c, text) in range.used_cells() {
            cells.insert((row + u32::try_from(r).unwrap(), col + u32::try_from(c).unwrap()), text.clone());
        }
    } else {
        let range = book.worksheet_range(name).unwrap();
        let (row, col) = range.start().unwrap();
        for (r, c, value) in range.used_cells() {
            let text = value
                .as_string()
                .unwrap_or_else(|| if let Data::Empty = value { String::new() } else { value.to_string() });
            cells.insert((row + u32::try_from(r).unwrap(), col + u32::try_from(c).unwrap()), text);
        }
    }
    cells
}

/// What `COUNTIFS(Evidenze!$B$2:$B$9,"x",…)` gives.
fn counted(formula: &str, evidence: &Cells) -> usize {
    let inner = formula.strip_prefix("COUNTIFS(").unwrap().strip_suffix(')').unwrap();
    let parts: Vec<&str> = inner.split(',').collect();
    let conditions: Vec<(u32, &str)> = parts
        .chunks(2)
        .map(|pair| {
            let column = pair[0].strip_prefix("Evidenze!$").unwrap().as_bytes()[0] - b'A';
            (u32::from(column), pair[1].trim_matches('"'))
        })
        .collect();
    let last: u32 = parts[0].rsplit('$').next().unwrap().parse().unwrap();
    let is = |row: u32| conditions.iter().all(|(col, text)| evidence.get(&(row, *col)).is_some_and(|t| t == text));
    (1..last).filter(|row| is(*row)).count()
}

#[test]
fn every_figure_of_the_workbook_is_a_formula_over_the_evidence() {
    let folder = Folder::new();
    folder.copy(REGISTER, "r/registro.xlsx");
    let ran = folder.run(&["allegato2", "r/registro.xlsx", "-o", "a2.xlsx"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    let bytes = fs::read(folder.path("a2.xlsx")).unwrap();
    let evidence = sheet(&bytes, "Evidenze", false);
    let mut checked = 0;
    for name in ["N_Obiettivi strategici", "N_Obiettivi operativi"] {
        let (values, formulas) = (sheet(&bytes, name, false), sheet(&bytes, name, true));
        for (at, formula) in formulas.into_iter().filter(|(at, _)| at.1 == 2) {
            assert_eq!(values[&at], counted(&formula, &evidence).to_string(), "{name} {at:?} {formula}");
            checked += 1;
        }
    }
    assert_eq!(checked, 14);
    // The way from the workbook to the register.
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut rels = String::new();
    zip.by_name("xl/worksheets/_rels/sheet3.xml.rels").unwrap().read_to_string(&mut rels).unwrap();
    assert!(rels.contains("Target=\"r/registro.xlsx\""), "{rels}");
}

#[test]
fn the_workbook_is_read_back_as_an_allegato_2_and_nothing_else() {
    let folder = Folder::new();
    folder.copy(REGISTER, "registro.xlsx");
    folder.run(&["allegato2", "registro.xlsx", "-o", "a2.xlsx"]);
    let ran = folder.run(&["check", "a2.xlsx", "--format", "json", "--fail-on", "mai"]);
    assert_eq!(ran.json()["documents"][0]["kinds"], serde_json::json!(["allegato2"]));
    let json = computed(&folder, &["registro.xlsx", "--compare", "a2.xlsx"]);
    let declared: Vec<Value> = json["tables"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|t| t["rows"].as_array().unwrap())
        .map(|r| r["declared"].clone())
        .collect();
    assert_eq!(declared.iter().filter(|d| d.is_u64()).count(), 14);
    assert_eq!(json["summary"]["differences"], 0);
}

/// An Allegato 2 with the table of one level alone.
fn declared(folder: &Folder, name: &str, level: &str, figures: [&str; 3]) {
    let title = format!("Informazioni di sintesi sugli obiettivi {level} - anno 2024");
    let [objectives, measured, indicators] = figures;
    folder.workbook(
        name,
        &[
            &[&title],
            &["N.", "Voce", "Valore", "Note"],
            &["1", &format!("N. obiettivi {level}"), objectives, ""],
            &["2", "N. obiettivi con indicatori", measured, ""],
            &["3", "N. indicatori tot", indicators, ""],
        ],
    );
}

#[test]
fn an_allegato_2_may_have_each_table_in_a_document_of_its_own() {
    let folder = Folder::new();
    folder.copy(REGISTER, "registro.xlsx");
    declared(&folder, "d/operativi.xlsx", "operativi", ["25", "25", "138"]);
    declared(&folder, "d/strategici.xlsx", "strategici", ["15", "15", "34"]);
    let ran = folder.run(&["allegato2", "registro.xlsx", "--compare", "d", "--format", "json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let json = ran.json();
    let declared = |table: usize| -> Vec<Option<u64>> {
        let rows = json["tables"][table]["rows"].as_array().unwrap();
        rows.iter().take(3).map(|row| row["declared"].as_u64()).collect()
    };
    assert_eq!((declared(0), declared(1)), (vec![Some(15), Some(15), Some(34)], vec![Some(25), Some(25), Some(138)]));
    assert_eq!(json["compared"], "d/operativi.xlsx, d/strategici.xlsx");
}

#[test]
fn a_folder_without_an_allegato_2_is_no_comparison_passed_over_in_silence() {
    let folder = Folder::new();
    folder.copy(REGISTER, "registro.xlsx").workbook("d/appunti.xlsx", &[&["appunti"], &["di niente"]]);
    let says = "d: non vi si riconosce un Allegato 2";
    let ran = folder.run(&["allegato2", "registro.xlsx", "--compare", "d"]);
    assert_eq!((ran.code, ran.err.contains(says)), (3, true), "{ran:?}");
    // The figures are there all the same.
    assert!(ran.out.contains("voci calcolate"), "{}", ran.out);
    refused(&folder.run(&["allegato2", "registro.xlsx", "--fill", "d", "-o", "x.xlsx"]), 3, says);
    assert_eq!(folder.files(), ["d/appunti.xlsx", "registro.xlsx"]);
}

#[test]
fn a_form_is_filled_in_and_nothing_else_of_it_changes() {
    let folder = Folder::new();
    folder.copy(REGISTER, "registro.xlsx").copy(FIXTURE, "scheda.xlsx");
    let before = fs::read(folder.path("scheda.xlsx")).unwrap();
    let ran =
        folder.run(&["allegato2", "registro.xlsx", "--fill", "scheda.xlsx", "-o", "piena.xlsx", "--formula", "dovuta"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(fs::read(folder.path("scheda.xlsx")).unwrap(), before);
    let after = fs::read(folder.path("piena.xlsx")).unwrap();
    let parts = |bytes: &[u8]| -> BTreeMap<String, Vec<u8>> {
        let mut zip = ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
        (0..zip.len())
            .map(|i| {
                let mut part = zip.by_index(i).unwrap();
                let mut content = Vec::new();
                part.read_to_end(&mut content).unwrap();
                (part.name().unwrap().into_owned(), content)
            })
            .collect()
    };
    let (old, new) = (parts(&before), parts(&after));
    let changed: Vec<&String> =
        old.iter().filter(|(name, content)| new[*name] != **content).map(|(name, _)| name).collect();
    // The other figures are those that the form holds.
    assert_eq!(changed, ["xl/worksheets/sheet2.xml"]);
    let cells = sheet(&after, "N_Obiettivi strategici", false);
    // Row 4 held words in the note and no figure.
    assert_eq!(cells[&(6, 2)], "0");
    assert_eq!(
        computed(&folder, &["registro.xlsx", "--formula", "dovuta", "--compare", "piena.xlsx"])["summary"]["differences"],
        0
    );
}

#[test]
fn sheets_of_objectives_and_indicators_are_joined_by_code() {
    let folder = Folder::new();
    let sheets: [(&str, &[&[&str]]); 2] = [
        (
            "Obiettivi",
            &[
                &["Codice obiettivo", "Livello", "Obiettivo", "Responsabile", "Risorse umane"],
                &["OB.1", "Strategico", "Servizi digitali per tutti i cittadini", "Dirigente Servizi", "2 unità"],
                &["OB.2", "Operativo", "Meno tempi di attesa agli sportelli", "Dirigente Servizi", ""],
                &["OB.3", "Operativo", "Archivio riordinato e consultabile", "Dirigente Affari", "1 unità"],
            ],
        ),
        (
            "Indicatori",
            &[
                &["Codice obiettivo", "Codice indicatore", "Indicatore", "Formula di calcolo", "Target 2024"],
                &["ob 1", "I1", "Servizi attivati", "servizi attivati / servizi previsti", "90%"],
                &["OB.2", "I2", "Tempo medio di attesa", "", "5 minuti"],
                &["OB.2", "I3", "Utenti soddisfatti", "giudizi positivi / giudizi raccolti", ""],
                &["OB.9", "I4", "Pagine pubblicate", "pagine pubblicate / pagine dovute", "100%"],
            ],
        ),
    ];
    folder.sheets("r.xlsx", &sheets);
    let json = computed(&folder, &["r.xlsx", "--year", "2024"]);
    let n = Some;
    assert_eq!(figures(&json, "strategico")[..5], [n(1), n(1), n(1), n(0), n(0)]);
    assert_eq!(figures(&json, "operativo")[..5], [n(2), n(1), n(2), n(1), n(1)]);
    assert_eq!(figures(&json, "operativo")[5..], [None, n(1)]);
    let left = &json["left_out"][0];
    assert_eq!(left["items"][0]["name"], "Pagine pubblicate", "{left}");
}

#[test]
fn what_is_not_counted_is_told() {
    let folder = Folder::new();
    register(
        &folder,
        "r.xlsx",
        &[
            [
                "1",
                "Strategico",
                "Servizi digitali per tutti",
                "senza oneri",
                "Ufficio CED",
                "1) Servizi attivati 2) Utenti iscritti",
                "",
                "SI/NO",
            ],
            ["2", "Individuale", "Formazione del dirigente", "", "", "Ore di corso", "ore svolte / ore previste", "20"],
            ["3", "Strategico", "Da definire", "", "", "", "", ""],
            ["4", "Operativo", "Meno tempi di attesa", "0", "2", "Kpi non definito", "", ""],
        ],
    );
    let json = computed(&folder, &["r.xlsx"]);
    let n = Some;
    assert_eq!(figures(&json, "strategico")[..7], [n(1), n(1), n(2), n(2), n(2), n(0), n(1)]);
    assert_eq!(figures(&json, "operativo")[..7], [n(1), n(0), n(0), n(0), n(0), n(0), n(1)]);
    let reasons: Vec<&str> =
        json["left_out"].as_array().unwrap().iter().map(|l| l["reason"].as_str().unwrap()).collect();
    assert_eq!(
        reasons,
        [
            "obiettivi di altro livello: «Individuale»",
            "segnaposto al posto dell'obiettivo",
            "segnaposto al posto dell'indicatore"
        ]
    );
    let other = computed(
        &folder,
        &[
            "r.xlsx",
            "--zero-resources",
            "si",
            "--units-as-staff",
            "no",
            "--choice-targets",
            "si",
            "--operational",
            "individuale",
        ],
    );
    assert_eq!(figures(&other, "strategico")[4..7], [n(0), n(1), n(0)]);
    assert_eq!(figures(&other, "operativo")[..6], [n(2), n(1), n(1), n(0), n(0), n(1)]);
    let changed: Vec<&str> = other["choices"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| c["value"] != c["default"] && c["name"] != "year")
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert_eq!(changed, ["operational", "choice-targets", "zero-resources", "units-as-staff"]);
}

#[test]
fn a_register_without_levels_gives_no_silent_zero() {
    let folder = Folder::new();
    let head = ["Codice", "Obiettivo", "Indicatore", "Target 2024", "Risorse umane"];
    let row = ["1", "Meno tempi di attesa agli sportelli", "Tempo medio di attesa", "5 minuti", "2"];
    folder.workbook("r.xlsx", &[&["Comune di Prova - Piano della performance 2024"], &head, &row]);
    let json = computed(&folder, &["r.xlsx"]);
    assert!(figures(&json, "strategico").iter().chain(&figures(&json, "operativo")).all(Option::is_none), "{json}");
    assert!(json["tables"][0]["rows"][0]["note"].as_str().unwrap().contains("--unstated-level"), "{json}");
    let text = folder.run(&["allegato2", "r.xlsx"]).out;
    assert_eq!(text.matches("tutte le voci: non calcolabile: i registri non dicono il livello").count(), 2, "{text}");
    let told = computed(&folder, &["r.xlsx", "--unstated-level", "operativo"]);
    assert_eq!(figures(&told, "operativo")[..3], [Some(1), Some(1), Some(1)]);
}

#[test]
fn strategic_objectives_above_operational_ones_count_and_no_more_is_made_up() {
    let folder = Folder::new();
    let head = ["Obiettivo strategico", "Obiettivo operativo", "Indicatore", "Target 2024", "Risorse umane"];
    let rows = [
        ["Comune digitale", "Servizi in linea", "Servizi attivati", "90%", "2"],
        ["Comune digitale", "Identità digitale per tutti", "Identità rilasciate", "500", "1"],
        ["Comune vicino", "Meno tempi di attesa", "Tempo medio di attesa", "5 minuti", ""],
    ];
    folder.workbook(
        "r.xlsx",
        &[&["Comune di Prova - Piano della performance 2024"], &head, &rows[0], &rows[1], &rows[2]],
    );
    let json = computed(&folder, &["r.xlsx"]);
    assert_eq!(figures(&json, "strategico"), [Some(2), None, None, None, None, None, None, None]);
    assert_eq!(figures(&json, "operativo"), [Some(3), Some(3), Some(3), None, Some(0), None, Some(2)]);
}

#[test]
fn the_heading_of_the_objective_itself_tells_its_level() {
    let folder = Folder::new();
    let head = ["Codice obiettivo specifico", "Obiettivo specifico", "Obiettivo annuale", "Indicatore", "Target 2024"];
    let rows = [
        ["OS.1", "Amministrazione digitale", "Servizi in linea attivati", "Servizi attivati", "90%"],
        ["OS.1", "Amministrazione digitale", "Identità digitale diffusa", "Identità rilasciate", "500"],
    ];
    folder.workbook("r.xlsx", &[&["Ministero di Prova - Piano della performance 2024"], &head, &rows[0], &rows[1]]);
    let json = computed(&folder, &["r.xlsx"]);
    assert_eq!(json["tables"][1]["level"], "operativo");
    // One code for two of them is that of the objective above.
    assert_eq!(figures(&json, "operativo")[0], Some(2), "{json}");
}

#[test]
fn targets_of_another_year_are_told() {
    let folder = Folder::new();
    register(
        &folder,
        "r.xlsx",
        &[["1", "Operativo", "Meno tempi di attesa", "10", "2", "Tempo medio", "giorni / pratiche", "5 giorni"]],
    );
    let json = computed(&folder, &["r.xlsx", "--year", "2025"]);
    assert_eq!(figures(&json, "operativo")[4], Some(1));
    assert_eq!(json["remarks"][0], "nessuna colonna dei target è del 2025: le intestazioni dicono 2024");
}

fn refused(ran: &Ran, code: i32, says: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
    assert!(ran.err.contains(says), "{says}: {}", ran.err);
}

#[test]
fn bad_input_gets_a_clear_error() {
    let folder = Folder::new();
    folder.copy(REGISTER, "registro.xlsx").copy(FIXTURE, "scheda.xlsx").write("rotto.xlsx", b"PK\x03\x04rotto");
    let run = |arguments: &[&str]| folder.run(&[&["allegato2"], arguments].concat());
    refused(&run(&["manca.xlsx"]), 3, "manca.xlsx: il file non esiste");
    refused(&run(&["scheda.xlsx"]), 3, "in nessun file si riconosce un registro di obiettivi");
    refused(&run(&["registro.xlsx", "--fill", "scheda.xlsx"]), 2, "aggiungere -o COPIA.xlsx");
    refused(
        &run(&["registro.xlsx", "--fill", "registro.xlsx", "-o", "x.xlsx"]),
        3,
        "registro.xlsx: non vi si riconosce un Allegato 2",
    );
    refused(&run(&["registro.xlsx", "-o", "registro.xlsx"]), 2, "registro.xlsx");
    refused(&run(&["registro.xlsx", "--year", "20"]), 2, "--year");
    let ran = run(&["registro.xlsx", "rotto.xlsx", "--format", "markdown"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("| 3 | N. indicatori tot | 138 |  |"), "{}", ran.out);
    assert_eq!(folder.files(), ["registro.xlsx", "rotto.xlsx", "scheda.xlsx"]);
}
