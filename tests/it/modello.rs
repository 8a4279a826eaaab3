//! `riscontro modello`, from outside: what it writes, and that a form filled in is read without a note.

use std::fs;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use regex::{Captures, Regex};
use riscontro::check::gather;
use riscontro::model::{CellRef, Document, Grid, Sheet, Table};
use riscontro::pack::Packs;
use riscontro::{Options, ingest, package};

use crate::cases::deflated;
use crate::cli::{FIXTURE, Folder};
use crate::reading::parts_of;

const REGISTER: &str = "registri/obiettivi-2020.xlsx";
/// Rows of a register that are filled in.
const ROWS: u32 = 12;

/// What is written under a heading, or behind a label, on the nth row.
type Value = fn(&str, u32) -> String;

fn grid(bytes: &[u8]) -> Grid {
    ingest::read(bytes.to_vec(), "modello.xlsx", &package::Limits::default()).unwrap()
}

/// The text of a cell that is there.
fn text(sheet: &Sheet, row: u32, col: u32) -> String {
    sheet.get(CellRef::new(row, col)).map(|c| c.value.to_string()).unwrap_or_default()
}

/// The answers that a cell offers.
fn options(sheet: &Sheet, row: u32, col: u32) -> Vec<String> {
    let covers = |d: &&riscontro::model::Dropdown| {
        let within = |a: &riscontro::model::Area| {
            (a.first.row..=a.last.row).contains(&row) && (a.first.col..=a.last.col).contains(&col)
        };
        d.areas.iter().any(within)
    };
    sheet.dropdowns.iter().find(covers).map(|d| d.options.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

/// The formats of a workbook: which leave a cell free to write in, and which make it text.
fn formats(parts: &[(String, Vec<u8>)]) -> Vec<(bool, bool)> {
    let styles = String::from_utf8(parts.iter().find(|(n, _)| n == "xl/styles.xml").unwrap().1.clone()).unwrap();
    let all = styles.split("<cellXfs").nth(1).unwrap().split("</cellXfs>").next().unwrap().to_owned();
    let each = all.split("<xf ").skip(1);
    each.map(|xf| (xf.contains("locked=\"0\""), xf.contains("numFmtId=\"49\""))).collect()
}

/// The row of the headings: the last of those that stay in view.
fn header_row(xml: &str) -> u32 {
    let split = Regex::new("ySplit=\"(\\d+)\"").unwrap();
    split.captures(xml).unwrap()[1].parse::<u32>().unwrap() - 1
}

/// The form with its free cells filled in: with an answer of the list where there is one, else with a value. Of a
/// register the first rows.
fn filled(bytes: &[u8], value: Value) -> Vec<u8> {
    let (grid, mut parts) = (grid(bytes), parts_of(bytes));
    let formats = formats(&parts);
    let cell = Regex::new("<c r=\"([A-Z]+)(\\d+)\" s=\"(\\d+)\"/>").unwrap();
    // The instructions come first, and are no document.
    for (nth, sheet) in grid.sheets.iter().enumerate() {
        let name = format!("xl/worksheets/sheet{}.xml", nth + 2);
        let (_, part) = parts.iter_mut().find(|(n, _)| *n == name).unwrap();
        let xml = String::from_utf8(std::mem::take(part)).unwrap();
        if !xml.contains("topLeftCell") || sheet.name.starts_with("Elenchi") {
            *part = xml.into_bytes();
            continue;
        }
        let header = header_row(&xml);
        let written = cell.replace_all(&xml, |found: &Captures<'_>| {
            let at = CellRef::parse(&format!("{}{}", &found[1], &found[2])).unwrap();
            let (is_free, is_text) = formats[found[3].parse::<usize>().unwrap()];
            let is_register = &*sheet.name != "Allegato 1" && !sheet.name.starts_with("N_");
            if !is_free || is_register && at.row > header + ROWS {
                return found[0].to_owned();
            }
            let answers = options(sheet, at.row, at.col);
            let said = if at.row < header {
                value(&text(sheet, at.row, at.col - 1), 0)
            } else if answers.is_empty() {
                value(&text(sheet, header, at.col), at.row - header)
            } else {
                answers[at.row as usize % answers.len()].clone()
            };
            let said = said.replace('&', "&amp;");
            let (place, style) = (format!("{}{}", &found[1], &found[2]), &found[3]);
            if said.parse::<f64>().is_ok() && !is_text {
                format!("<c r=\"{place}\" s=\"{style}\"><v>{said}</v></c>")
            } else {
                format!("<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t>{said}</t></is></c>")
            }
        });
        *part = written.into_owned().into_bytes();
    }
    deflated(&parts)
}

fn read(folder: &Folder, name: &str) -> Document {
    let mut gathered = gather(&[folder.path(name)], &Options::embedded().unwrap()).unwrap();
    assert!(gathered.others.is_empty(), "{:?}", gathered.others);
    gathered.documents.pop().unwrap().1
}

/// The form of a kind, filled in and read; nothing was told of the reading.
fn read_back(folder: &Folder, arguments: &[&str], value: Value) -> Document {
    let ran = folder.run(&[&["modello", "-o", "modello.xlsx"], arguments].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    folder.write("compilato.xlsx", &filled(&fs::read(folder.path("modello.xlsx")).unwrap(), value));
    let document = read(folder, "compilato.xlsx");
    for table in &document.tables {
        assert_eq!(table.reading, riscontro::model::Reading::default(), "{}", table.kind);
        assert!(table.deviations.is_empty(), "{:?}", table.deviations);
    }
    assert!(document.near_misses.iter().all(|n| n.kind.is_none()), "{:?}", document.near_misses);
    document
}

/// The columns of a table are those of the form of its pack, in its order.
fn has_the_columns_of_its_form(table: &Table) {
    let packs = Packs::embedded().unwrap();
    let model = packs.get(&table.kind).unwrap().schedule.model.clone().unwrap();
    let read: Vec<&str> = table.columns.iter().map(|c| c.field.as_deref().unwrap_or("-")).collect();
    let printed: Vec<&str> = model.columns.iter().map(|c| &*c.field).collect();
    assert_eq!(read, printed);
}

fn told(table: &Table, field: &str, record: usize) -> String {
    let id = table.records[record].slots.first(table.slot(field).unwrap()).unwrap();
    table.cell(id).unwrap().text.to_string()
}

fn of_objectives(heading: &str, row: u32) -> String {
    let objective = row.div_ceil(3);
    match heading {
        "Ente:" => "Comune di Prova".to_owned(),
        "Codice obiettivo" => format!("OB{objective}"),
        "Codice padre" => "AS1".to_owned(),
        "Obiettivo" => format!("Ridurre i tempi di rilascio delle autorizzazioni, fase {objective}"),
        "Unità responsabile" | "Unità organizzativa responsabile" => "Settore Edilizia".to_owned(),
        "Responsabile" => "Dirigente del settore".to_owned(),
        "Anno inizio" | "Anno baseline" => "2025".to_owned(),
        "Anno fine" => "2027".to_owned(),
        "Peso obiettivo (%)" | "Peso indicatore (%)" => "25".to_owned(),
        "Risorse finanziarie (€)" => "12000".to_owned(),
        "Risorse umane" => "3 unità".to_owned(),
        "Sede territoriale" => "Sede centrale".to_owned(),
        "Misura PTPCT collegata" => "Rotazione degli incarichi".to_owned(),
        "Codice indicatore" => format!("OB{objective}.{row}"),
        "Indicatore" => format!("Pratiche chiuse nei termini, gruppo {row}"),
        "Descrizione estesa" => {
            format!("Quante pratiche sono chiuse nei termini nel gruppo {row}")
        }
        "Servizio" => "Sportello edilizia".to_owned(),
        "Formula di calcolo" => "pratiche chiuse nei termini / pratiche ricevute x 100".to_owned(),
        "Unità di misura" => "%".to_owned(),
        "Fonte dei dati" => "Protocollo informatico".to_owned(),
        "Note/cause dello scostamento" => format!("Meno personale del previsto nel gruppo {row}"),
        _ => format!("{row}/{}", row + 1),
    }
}

fn of_processes(heading: &str, row: u32) -> String {
    match heading {
        "Ente:" => "Comune di Prova".to_owned(),
        "N. processo" => row.to_string(),
        "Triennio:" => "2026/2028".to_owned(),
        "Fasi e tempi di attuazione" => "entro il 31/12/2026".to_owned(),
        "Target" => format!("{row}/12"),
        "Ufficio" => "Ufficio gare".to_owned(),
        "Responsabile del processo" | "Responsabile della misura" => "Dirigente del settore Appalti".to_owned(),
        other => format!("{other}: quanto serve alla riga {row}"),
    }
}

fn of_forms(heading: &str, row: u32) -> String {
    match heading {
        "Amministrazione:" => "Comune di Prova".to_owned(),
        "Organo:" => "OIV del Comune di Prova".to_owned(),
        "Data:" => "30/04/2026".to_owned(),
        "Valore" => (20 - row).to_string(),
        _ => format!("Quanto si risponde nella riga {row}, con le sue ragioni"),
    }
}

#[test]
fn a_register_filled_in_is_read_without_a_note() {
    let folder = Folder::new();
    let document = read_back(&folder, &["registro", "--year", "2026"], of_objectives);
    let [table] = document.tables.as_slice() else { panic!("{}", document.tables.len()) };
    assert_eq!((&*table.kind, table.records.len()), ("obiettivi", ROWS as usize));
    has_the_columns_of_its_form(table);
    assert_eq!(table.columns.len(), 31);
    assert_eq!(&*document.head["anno"].text, "2026");
}

#[test]
fn a_register_of_no_year_is_read_without_a_note_too() {
    let document = read_back(&Folder::new(), &["registro"], |heading, row| match heading {
        "Anno:" => "2026".to_owned(),
        other => of_objectives(other, row),
    });
    has_the_columns_of_its_form(&document.tables[0]);
}

#[test]
fn a_target_that_looks_like_a_date_stays_as_it_is_typed() {
    let folder = Folder::new();
    let document = read_back(&folder, &["registro", "--year", "2026"], of_objectives);
    assert_eq!(told(&document.tables[0], "target_anno_n", 1), "2/3");
    let bytes = fs::read(folder.path("modello.xlsx")).unwrap();
    let parts = parts_of(&bytes);
    let sheet =
        String::from_utf8(parts.iter().find(|(n, _)| n == "xl/worksheets/sheet2.xml").unwrap().1.clone()).unwrap();
    let column = Regex::new("<col min=\"25\" max=\"\\d+\" [^>]*style=\"(\\d+)\"").unwrap();
    let style: usize = column.captures(&sheet).unwrap()[1].parse().unwrap();
    assert_eq!(formats(&parts)[style], (true, true), "the rows below are text too");
}

#[test]
fn the_register_has_the_columns_to_publish() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["modello", "registro", "-o", "modello.xlsx"]).code, 0);
    let grid = grid(&fs::read(folder.path("modello.xlsx")).unwrap());
    let headings: Vec<String> = (0..31).map(|col| text(&grid.sheets[0], 4, col)).collect();
    insta::assert_snapshot!(headings.join("; "), @"Codice obiettivo; Livello; Codice padre; Obiettivo; Unità responsabile; Responsabile; Anno inizio; Anno fine; Peso obiettivo (%); Risorse finanziarie (€); Risorse umane; Sede territoriale; Misura PTPCT collegata; Codice indicatore; Indicatore; Dimensione; Formula di calcolo; Unità di misura; Verso; Fonte dei dati; Frequenza; Peso indicatore (%); Baseline; Anno baseline; Target N; Target N+1; Target N+2; Monitoraggio intermedio; Consuntivo N; % raggiungimento; Note/cause dello scostamento");
}

#[test]
fn indicators_filled_in_are_read_without_a_note() {
    let document = read_back(&Folder::new(), &["indicatori", "--year", "2026"], of_objectives);
    let [table] = document.tables.as_slice() else { panic!("{}", document.tables.len()) };
    assert_eq!((&*table.kind, table.records.len()), ("indicatori", ROWS as usize));
    has_the_columns_of_its_form(table);
}

#[test]
fn processes_filled_in_are_read_without_a_note() {
    let document = read_back(&Folder::new(), &["ptpct", "--year", "2026"], of_processes);
    let [table] = document.tables.as_slice() else { panic!("{}", document.tables.len()) };
    assert_eq!((&*table.kind, table.records.len()), ("ptpct", ROWS as usize));
    has_the_columns_of_its_form(table);
}

#[test]
fn an_allegato_1_filled_in_is_read_without_a_note() {
    let document = read_back(&Folder::new(), &["allegato1", "--year", "2026"], of_forms);
    let [table] = document.tables.as_slice() else { panic!("{}", document.tables.len()) };
    assert_eq!((&*table.kind, table.records.len()), ("allegato1", 121));
    has_the_columns_of_its_form(table);
    assert_eq!(told(table, "risposta", 0), "Si, tutti");
    let head = |name: &str| document.head[name].text.to_string();
    assert_eq!(head("ente"), "Comune di Prova");
    assert_eq!(head("anno"), "2026");
    assert_eq!(head("data_monitoraggio"), "30/04/2026");
}

#[test]
fn an_allegato_2_filled_in_is_read_without_a_note() {
    let document = read_back(&Folder::new(), &["allegato2", "--year", "2026"], of_forms);
    let variants: Vec<&str> = document.tables.iter().filter_map(|t| t.variant.as_deref()).collect();
    assert_eq!(variants, ["strategici", "operativi"]);
    for (table, rows) in document.tables.iter().zip([8, 7]) {
        assert_eq!((&*table.kind, table.records.len()), ("allegato2", rows));
        has_the_columns_of_its_form(table);
        assert_eq!(told(table, "valore", 0), "19");
    }
}

#[test]
fn every_form_of_a_shipped_pack_is_tried_here() {
    let packs = Packs::embedded().unwrap();
    let with_form = packs.packs.iter().filter(|p| p.schedule.model.is_some());
    let kinds: Vec<&str> = with_form.map(|p| &*p.schedule.kind).collect();
    assert_eq!(kinds, ["allegato1", "allegato2", "indicatori", "obiettivi", "ptpct"]);
}

/// The notes of a sheet, as cells and texts.
fn notes(sheet: &Sheet) -> Vec<(String, String)> {
    sheet.notes.iter().map(|n| (n.at.to_string(), n.text.clone())).collect()
}

#[test]
fn answers_of_the_year_before_are_notes_on_their_cells() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "2020.xlsx");
    let ran = folder.run(&["modello", "allegato1", "--from", "2020.xlsx", "-o", "2021.xlsx"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let grid = grid(&fs::read(folder.path("2021.xlsx")).unwrap());
    let before = read(&folder, "2020.xlsx");
    let all = notes(&grid.sheets[0]);
    let table = &before.tables[0];
    let said = table.records.iter().filter(|r| {
        let id = r.slots.first(table.slot("risposta").unwrap()).unwrap();
        !table.cell(id).unwrap().text.trim().is_empty()
    });
    let (number, answers) = (all.len(), said.count());
    assert_eq!(number, answers);
    assert!(all.iter().any(|(at, text)| at == "E9" && text.ends_with(": Si, tutti")), "{:?}", all.first());
    assert!(ran.err.contains(&format!("{answers} celle hanno una nota")), "{}", ran.err);
}

#[test]
fn the_figures_of_the_year_before_are_notes_in_their_own_table() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "2020.xlsx");
    folder.run(&["modello", "allegato2", "--from", "2020.xlsx", "-o", "2021.xlsx"]);
    let grid = grid(&fs::read(folder.path("2021.xlsx")).unwrap());
    let first = |sheet: usize| notes(&grid.sheets[sheet]).into_iter().next().unwrap().1;
    assert!(first(0).ends_with(": 15"), "{}", first(0));
    assert!(first(1).ends_with(": 25"), "{}", first(1));
}

#[test]
fn the_register_of_the_year_before_is_noted_row_by_row() {
    let folder = Folder::new();
    folder.copy(REGISTER, "2020.xlsx");
    let ran = folder.run(&["modello", "registro", "--from", "2020.xlsx", "-o", "2021.xlsx"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let before = read(&folder, "2020.xlsx");
    let records = before.tables[0].records.len();
    let grid = grid(&fs::read(folder.path("2021.xlsx")).unwrap());
    let of_indicator: Vec<String> =
        notes(&grid.sheets[0]).into_iter().filter(|(at, _)| at.starts_with('O')).map(|(_, text)| text).collect();
    assert_eq!(of_indicator.len(), records);
    assert_eq!(of_indicator[3], format!("2020: {}", told(&before.tables[0], "indicatore", 3)));
}

#[test]
fn a_form_with_notes_is_read_as_one_without() {
    let folder = Folder::new();
    folder.copy(REGISTER, "2020.xlsx");
    folder.run(&["modello", "registro", "--from", "2020.xlsx", "-o", "2021.xlsx"]);
    folder.write("compilato.xlsx", &filled(&fs::read(folder.path("2021.xlsx")).unwrap(), of_objectives));
    let document = read(&folder, "compilato.xlsx");
    assert_eq!(document.tables[0].records.len(), ROWS as usize);
    assert_eq!(document.tables[0].reading, riscontro::model::Reading::default());
    assert_eq!(&*document.head["anno"].text, "2021");
}

#[test]
fn only_the_cells_to_fill_in_are_free() {
    let folder = Folder::new();
    let cell = Regex::new("<c r=\"[A-Z]+\\d+\" s=\"(\\d+)\" t=\"s\">").unwrap();
    for kind in ["allegato1", "allegato2", "registro", "ptpct", "indicatori"] {
        let name = format!("{kind}.xlsx");
        folder.run(&["modello", kind, "-o", &name]);
        let parts = parts_of(&fs::read(folder.path(&name)).unwrap());
        let formats = formats(&parts);
        let sheets = parts.iter().filter(|(n, _)| n.starts_with("xl/worksheets/sheet"));
        for (name, part) in sheets {
            let xml = String::from_utf8(part.clone()).unwrap();
            assert!(xml.contains("<sheetProtection sheet=\"1\""), "{kind} {name}");
            let printed = cell.captures_iter(&xml).map(|c| formats[c[1].parse::<usize>().unwrap()].0);
            assert!(printed.into_iter().all(|is_free| !is_free), "{kind} {name}: a printed cell is free");
        }
    }
}

#[test]
fn the_same_form_is_the_same_bytes() {
    let folder = Folder::new();
    folder.run(&["modello", "ptpct", "-o", "a.xlsx"]);
    folder.run(&["modello", "ptpct", "-o", "b.xlsx"]);
    assert!(fs::read(folder.path("a.xlsx")).unwrap() == fs::read(folder.path("b.xlsx")).unwrap());
}

#[test]
fn the_offices_of_the_body_are_offered() {
    let folder = Folder::new();
    folder.write("riscontro.toml", b"[catalogues]\nuffici = [\"Ufficio gare\", \"Tributi\"]\n");
    assert_eq!(folder.run(&["modello", "ptpct", "-o", "piano.xlsx"]).code, 0);
    let book = grid(&fs::read(folder.path("piano.xlsx")).unwrap());
    let sheet = &book.sheets[0];
    let column = (0..18).find(|col| text(sheet, 5, *col) == "Ufficio").unwrap();
    assert_eq!(options(sheet, 9, column), ["Ufficio gare", "Tributi"]);
}

#[test]
fn a_pack_of_ones_own_has_a_form() {
    let folder = Folder::new();
    folder.write(
        "mie/schedule.toml",
        r#"
kind = "trattamenti"
shape = "register"
title = { it = "Registro dei trattamenti", en = "Register of processing" }

[head.ente]
title = { it = "Ente", en = "Body" }
labels = ["Ente"]

[[entity]]
name = "trattamento"
one = { it = "trattamento", en = "processing" }
many = { it = "trattamenti", en = "processings" }
key = ["trattamento"]
anchors = [{ it = "riga {row}", en = "row {row}" }]

[recognition]
minimum = [["trattamento", "titolare"]]

[model]
names = ["privacy"]
sheet = "Trattamenti"
head = ["ente"]
columns = [{ field = "trattamento", width = 40 }, { field = "titolare", choices = ["Sindaco", "Dirigente"] }]

[[field]]
name = "trattamento"
title = { it = "Trattamento", en = "Processing" }
entity = "trattamento"
headings = ["Attività di trattamento"]

[[field]]
name = "titolare"
title = { it = "Titolare", en = "Controller" }
entity = "trattamento"
headings = ["Titolare"]
"#
        .as_bytes(),
    );
    let ran = folder.run(&["modello", "privacy", "--rules", "mie", "-o", "vuoto.xlsx"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let sheet = &grid(&fs::read(folder.path("vuoto.xlsx")).unwrap()).sheets[0];
    assert_eq!((&*sheet.name, text(sheet, 0, 0)), ("Trattamenti", "Registro dei trattamenti".to_owned()));
    assert_eq!([text(sheet, 3, 0), text(sheet, 3, 1)], ["Attività di trattamento", "Titolare"]);
    assert_eq!(options(sheet, 5, 1), ["Sindaco", "Dirigente"]);
}

#[test]
fn a_slip_in_the_model_of_a_pack_is_told_with_its_line() {
    let folder = Folder::new();
    let schedule = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/griglia/schedule.toml")).unwrap();
    let (before, after) = schedule.split_once("[[field]]").unwrap();
    let with = |model: &str| format!("{before}[model]\nsheet = \"Griglia\"\n{model}\n\n[[field]]{after}");
    let error = |model: &str| {
        folder.write("mie/schedule.toml", with(model).as_bytes());
        let ran = folder.run(&["modello", "griglia", "--rules", "mie", "-o", "vuota.xlsx"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.err
    };
    assert!(error("columns = [{ field = \"obligo\" }]").contains("campo sconosciuto «obligo»; forse «obbligo»"));
    assert!(
        error("columns = [{ field = \"note\", catalogue = \"uffici\" }]").contains("catalogo sconosciuto «uffici»")
    );
    assert!(error("columns = [{ field = \"note\", heading = \"Nel {anno}\" }]").contains("{year}"));
    assert!(error("head = [\"entte\"]\ncolumns = [{ field = \"note\" }]").contains("dato sconosciuto «entte»"));
    assert!(error("columns = []").contains("il modello non ha colonne"));
    folder.write(
        "mie/schedule.toml",
        with("columns = [{ field = \"note\" }]").replace("\"Griglia\"", "\"a/b\"").as_bytes(),
    );
    let ran = folder.run(&["modello", "griglia", "--rules", "mie", "-o", "vuota.xlsx"]);
    assert!(ran.err.contains("non può essere il nome di un foglio"), "{}", ran.err);
    assert!(!folder.path("vuota.xlsx").exists());
}

#[test]
fn mistakes_are_told_and_nothing_is_written() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "allegato1.xlsx").copy(REGISTER, "registro.xlsx").copy(REGISTER, "altri/registro-2.xlsx");
    let error = |arguments: &[&str]| {
        let ran = folder.run(&[&["modello"], arguments].concat());
        assert!(ran.out.is_empty(), "{}", ran.out);
        format!("{}: {}", ran.code, ran.err.trim_end())
    };
    let all = [
        error(&["registo", "-o", "a.xlsx"]),
        error(&["bilancio", "-o", "a.xlsx"]),
        error(&["griglia", "-o", "a.xlsx"]),
        error(&["registro"]),
        error(&["registro", "-o", "-"]),
        error(&["registro", "-o", "a.ods"]),
        error(&["registro", "--from", "registro.xlsx", "-o", "registro.xlsx"]),
        error(&["registro", "-o", "registro.xlsx"]),
        error(&["registro", "--from", "allegato1.xlsx", "-o", "a.xlsx"]),
        error(&["registro", "--from", "manca.xlsx", "-o", "a.xlsx"]),
        error(&["registro", "--from", ".", "-o", "a.xlsx"]),
        error(&["registro", "--from", "**/registro*.xlsx", "-o", "a.xlsx"]),
        error(&["registo", "-o", "a.xlsx", "--lang", "en"]),
        error(&[]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    2: errore: nessun modello si chiama «registo»; forse «registro»
    2: errore: nessun modello si chiama «bilancio»: ci sono allegato1, allegato2, indicatori, registro, ptpct
    2: errore: la scheda «griglia» non ha un modello da compilare: ci sono allegato1, allegato2, indicatori, registro, ptpct
    2: errore: manca il file da scrivere: aggiungere -o FILE.xlsx
    2: errore: manca il file da scrivere: aggiungere -o FILE.xlsx
    2: errore: a.ods: il formato «xlsx» va in un file .xlsx: dare al file questa estensione
    2: errore: registro.xlsx: il file da scrivere è anche uno di quelli da controllare: scegliere un'altra destinazione
    2: errore: registro.xlsx: il file c'è già, e non viene sostituito: scegliere un altro nome
    3: errore: allegato1.xlsx: non vi si riconosce «Registro degli obiettivi»; «riscontro check --explain-reading FILE» dice che cosa si è letto
    3: errore: manca.xlsx: il file non esiste: controllare il nome e la cartella
    2: errore: .: --from vuole un documento, non una cartella
    2: errore: **/registro*.xlsx: --from vuole un documento solo
    2: error: no form is called “registo”; did you mean “registro”?
    2: errore: manca l'argomento SCHEDA

    Uso: riscontro modello [OPZIONI] SCHEDA -o FILE.xlsx
    Per l'aiuto: riscontro modello --help
    ");
    assert_eq!(folder.files(), ["allegato1.xlsx", "altri/registro-2.xlsx", "registro.xlsx"]);
}

#[test]
fn instructions_speak_the_language_asked_for() {
    let folder = Folder::new();
    let guide = |lang: &str, name: &str| {
        folder.run(&["modello", "registro", "--year", "2026", "-o", name, "--lang", lang]);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(fs::read(folder.path(name)).unwrap())).unwrap();
        let (sheet, range) = book.worksheets().remove(0);
        let lines = range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "));
        format!("{sheet}\n{}", lines.collect::<Vec<_>>().join("\n"))
    };
    insta::assert_snapshot!("modello_istruzioni", guide("it", "it.xlsx"));
    insta::assert_snapshot!("modello_instructions", guide("en", "en.xlsx"));
}
