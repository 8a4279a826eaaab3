//! Layouts that administrations invent, one per case: kind, fields by column, records, and the head expected.
//!
//! The cases are in `layouts/*.txt`. A case begins with `# name`; then rows, cells apart by ` | `, `<` and `^` for
//! cells merged with the one to the left or above, `\n` for a line break, `@1.1` for a question of Allegato 1, `@ name` for
//! a new sheet; then what is
//! expected: `= kind records: field of each column, left to right` for each table (`-` for none, `a|b` for either), or
//! `= none`; `> record field text` for a cell of the first table (`>>` of the second), `¦` between several, `-` for none; `head datum text`
//! (`-` for none); `near kind` for the kind told of the first sheet
//! without a table (`-` for none); `said text` for what a reading note or a remark says in part; `given field …` for what titles or sheets tell of the first table without a column.

use std::collections::BTreeMap;
use std::sync::Arc;

use riscontro::model::{Area, CellRef, Document, Format, Grid, GridCell, Scalar, Sheet, Table, TextBox};
use riscontro::pack::Packs;
use riscontro::recognise;

#[derive(Default)]
struct Case {
    name: String,
    sheets: Vec<Sheet>,
    rows: u32,
    tables: Vec<String>,
    cells: Vec<(usize, usize, String, String)>,
    head: BTreeMap<String, String>,
    given: Option<String>,
    said: Vec<String>,
    near: Option<String>,
}

/// The text of a question of Allegato 1.
fn question(number: &str) -> String {
    let form: toml::Table = toml::from_str(include_str!("../../rules/allegato1/modulo.toml")).unwrap();
    let entries = form["entry"].as_array().unwrap();
    let is = |e: &toml::Value, key: &str, value: &str| e.get(key).and_then(toml::Value::as_str) == Some(value);
    let entry = entries.iter().find(|e| is(e, "role", "question") && is(e, "key", number)).unwrap();
    entry["value"].as_str().unwrap().to_owned()
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().filter(|l| !l.is_empty()) {
        if let Some(name) = line.strip_prefix("# ") {
            cases.push(Case { name: name.to_owned(), ..Case::default() });
        } else {
            cases.last_mut().unwrap().line(line);
        }
    }
    cases
}

impl Case {
    fn line(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("@ ") {
            self.rows = 0;
            self.sheets.push(Sheet { name: name.into(), ..Sheet::default() });
        } else if let Some(table) = line.strip_prefix("= ") {
            self.tables.push(table.to_owned());
        } else if let Some(cell) = line.strip_prefix(">> ").map(|c| (1, c)).or(line.strip_prefix("> ").map(|c| (0, c)))
        {
            let parts: Vec<&str> = cell.1.splitn(3, ' ').collect();
            self.cells.push((cell.0, parts[0].parse().unwrap(), parts[1].into(), parts[2].into()));
        } else if let Some((name, text)) = line.strip_prefix("head ").and_then(|l| l.split_once(' ')) {
            self.head.insert(name.to_owned(), text.to_owned());
        } else if let Some(near) = line.strip_prefix("near ") {
            self.near = Some(near.to_owned());
        } else if let Some(said) = line.strip_prefix("said ") {
            self.said.push(said.to_owned());
        } else if let Some(given) = line.strip_prefix("given") {
            self.given = Some(given.trim().to_owned());
        } else {
            self.row(line);
        }
    }

    fn row(&mut self, line: &str) {
        if self.sheets.is_empty() {
            self.sheets.push(Sheet { name: "Foglio1".into(), ..Sheet::default() });
        }
        let (row, sheet) = (self.rows, self.sheets.last_mut().unwrap());
        self.rows += 1;
        for (col, text) in (0..).zip(line.split('|')) {
            let text = text.trim().replace("\\n", "\n");
            let text = text.strip_prefix('@').map_or_else(|| text.clone(), question);
            let at = CellRef::new(row, col);
            let merge = |sheet: &mut Sheet, origin: CellRef| {
                let known = sheet.merged.iter_mut().find(|a| a.contains(origin));
                match known {
                    Some(area) => *area = area.union(&Area::cell(at)),
                    None => sheet.merged.push(Area::new(origin, at)),
                }
            };
            match text.as_str() {
                "" => {}
                "<" => merge(sheet, CellRef::new(row, col - 1)),
                "^" => merge(sheet, CellRef::new(row - 1, col)),
                _ => {
                    let value = text.parse().map_or_else(|_| Scalar::Text(Arc::from(text.as_str())), Scalar::Number);
                    sheet.cells.push(GridCell { at, value, format: Format::General });
                }
            }
        }
    }

    /// What is not as expected, one line each.
    fn faults(&self, packs: &Packs) -> Vec<String> {
        let grid = Grid { sheets: self.sheets.clone(), remarks: Vec::new() };
        let document = recognise::recognise(&grid, packs);
        let mut faults = Vec::new();
        let found: Vec<String> = document.tables.iter().map(described).collect();
        let expected: Vec<&String> = self.tables.iter().filter(|t| *t != "none").collect();
        let same = found.len() == expected.len() && found.iter().zip(&expected).all(|(f, e)| agrees(f, e));
        if !same {
            faults.push(format!("expected {expected:#?}\nfound {found:#?}"));
        }
        for (table, record, field, text) in &self.cells {
            let found = cell(&document, *table, *record, field);
            if found.as_deref().unwrap_or("-") != text.as_str() {
                faults.push(format!("{field} of record {record}: expected {text:?}, found {found:?}"));
            }
        }
        let given = document.tables.first().map(|t| t.given.join(" ")).unwrap_or_default();
        if self.given.as_ref().is_some_and(|g| *g != given) {
            faults.push(format!("given {:?}, found {given:?}", self.given));
        }
        let near = document.near_misses.first().and_then(|m| m.kind.as_deref()).unwrap_or("-");
        if self.near.as_ref().is_some_and(|n| n != near) {
            faults.push(format!("near {:?}, found {near:?}", self.near));
        }
        let notes = document.tables.iter().flat_map(|t| &t.reading.notes).map(|n| &n.message);
        let told: Vec<&String> = notes.chain(&document.remarks).map(|m| &m.it).collect();
        for said in self.said.iter().filter(|s| !told.iter().any(|t| t.contains(s.as_str()))) {
            faults.push(format!("said {said:?}, found {told:#?}"));
        }
        for (name, text) in &self.head {
            let found = document.head.get(name.as_str()).map(|h| h.text.to_string());
            if found.as_deref().unwrap_or("-") != text {
                faults.push(format!("head {name}: expected {text:?}, found {found:?}"));
            }
        }
        faults
    }
}

fn described(table: &Table) -> String {
    let variant = table.variant.as_deref().map(|v| format!("/{v}")).unwrap_or_default();
    let fields: Vec<&str> = table.columns.iter().map(|c| c.field.as_deref().unwrap_or("-")).collect();
    format!("{}{variant} {}: {}", table.kind, table.records.len(), fields.join(" "))
}

fn agrees(found: &str, expected: &str) -> bool {
    let (found, expected): (Vec<&str>, Vec<&str>) = (found.split(' ').collect(), expected.split(' ').collect());
    found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| e.split('|').any(|e| e == *f))
}

fn cell(document: &Document, table: usize, record: usize, field: &str) -> Option<String> {
    let table = document.tables.get(table)?;
    let cells = table.records.get(record)?.slots.cells(table.slot(field)?);
    let texts: Vec<&str> = cells.iter().filter_map(|id| table.cell(id)).map(|c| &*c.text).collect();
    (!texts.is_empty()).then(|| texts.join(" ¦ "))
}

#[test]
fn layouts_are_read_as_a_person_reads_them() {
    let packs = Packs::embedded().unwrap();
    let folder = format!("{}/tests/it/layouts", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let cases: Vec<Case> = files.iter().flat_map(|f| cases(&std::fs::read_to_string(f).unwrap())).collect();
    let told: Vec<String> = cases
        .iter()
        .map(|c| (c, c.faults(&packs)))
        .filter(|(_, faults)| !faults.is_empty())
        .map(|(case, faults)| format!("## {}\n{}", case.name, faults.join("\n")))
        .collect();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    assert!(told.is_empty(), "{} of {} wrong:\n{}", told.len(), cases.len(), told.join("\n"));
}

/// A plan with a sheet for each of many offices, whose header is wide.
#[test]
fn wide_tables_of_many_offices_are_all_read() {
    let mut case = Case::default();
    for office in 1..=400 {
        case.line(&format!("@ Ufficio {office}"));
        case.line(
            "N. | Area di rischio | Processo | Fase | Attività | Input | Output | Ufficio | Responsabile del processo | \
             Evento rischioso | Fattori abilitanti | Probabilità | Impatto | Punteggio | Livello di rischio | Motivazione | \
             Controlli esistenti | Misure generali | Misure specifiche | Tipologia di misura | Stato di attuazione | \
             Fasi e tempi | Responsabile della misura | Indicatore di monitoraggio | Target | Note | Esito | Allegati | \
             Riferimenti | Aggiornamento",
        );
        case.line("1 | Contratti pubblici | Gare | Bando | Redazione | Istanza | Atto | Appalti | Dirigente | Favori");
        case.line("2 | Contratti pubblici | Lotti | Bando | Redazione | Istanza | Atto | Appalti | Dirigente | Favori");
    }
    let grid = Grid { sheets: case.sheets, remarks: Vec::new() };
    let document = recognise::recognise(&grid, &Packs::embedded().unwrap());
    assert_eq!((document.tables.len(), document.remarks.len()), (400, 0));
}

/// Allegato 1 with a sheet for each ARGOMENTO, every sheet with its title and its headings; `left_out` is the place of a
/// row that is not printed.
fn form_in_parts(left_out: Option<usize>) -> Document {
    let grid = Grid { sheets: sheets_of_parts(left_out), remarks: Vec::new() };
    recognise::recognise(&grid, &Packs::embedded().unwrap())
}

fn sheets_of_parts(left_out: Option<usize>) -> Vec<Sheet> {
    let form: toml::Table = toml::from_str(include_str!("../../rules/allegato1/modulo.toml")).unwrap();
    let mut case = Case::default();
    let mut section = String::new();
    for (place, entry) in form["entry"].as_array().unwrap().iter().enumerate() {
        let of = |key: &str| entry.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        if of("section") != section {
            section = of("section");
            case.line(&format!("@ {section}"));
            case.line("Allegato 1: scheda standard di monitoraggio 2022");
            case.line("ARGOMENTO | CATEGORIA | N. | DOMANDA | RISPOSTA");
        }
        let number = if of("role") == "question" { of("key") } else { String::new() };
        if Some(place) != left_out {
            case.row(&format!("{section} | {} | {number} | {} | No", of("group"), of("value")));
        }
    }
    case.sheets
}

#[test]
fn form_with_a_sheet_for_each_section_is_one_form() {
    let document = form_in_parts(None);
    let [table] = document.tables.as_slice() else { panic!("{:?}", document.near_misses) };
    assert_eq!((table.records.len(), table.entities[0].units.len(), table.parts.len()), (121, 40, 6));
    assert_eq!(table.deviations, []);
    assert_eq!(document.near_misses, []);
    // The last row stands on the last sheet: below its title, its headings, and the rows of that section above it.
    let last = table.records.last().unwrap().rows.0;
    let (sheet, name, area) = table.locate(Area::cell(CellRef::new(last, 4)));
    assert_eq!((sheet, &*name, area.to_string().as_str()), (5, "Processo di pianificazione", "E29"));
}

#[test]
fn row_missing_in_one_part_is_missing_there_alone() {
    // The «Esempi» of 5.1, second row of the second section: told on the row it should follow.
    let document = form_in_parts(Some(41));
    let [table] = document.tables.as_slice() else { panic!("{:?}", document.near_misses) };
    let [deviation] = table.deviations.as_slice() else { panic!("{:?}", table.deviations) };
    let (_, name, area) = table.locate(deviation.area);
    assert_eq!((&*name, area.first.row), ("Obiettivi operativi", 2));
}

#[test]
fn notes_on_a_form_in_parts_name_the_cells_of_their_own_sheet() {
    let mut sheets = sheets_of_parts(None);
    sheets[0].hidden_rows.push(6);
    sheets[1].hidden_rows.extend([4, 5]);
    // The answer in row 8 of the second sheet stands in a text box; its column of numbers is hidden.
    let answer = CellRef::new(7, 4);
    sheets[1].cells.retain(|c| c.at != answer);
    sheets[1].boxes.push(TextBox { at: answer, text: "Si".into() });
    sheets[1].hidden_cols.push(2);
    // A title between the rows of the third.
    sheets[2].cells.retain(|c| c.at.row != 4 || c.at.col == 0);
    let title = sheets[2].cells.iter_mut().find(|c| c.at.row == 4).unwrap();
    title.value = Scalar::Text("Parte seconda".into());
    let grid = Grid { sheets, remarks: Vec::new() };
    let document = recognise::recognise(&grid, &Packs::embedded().unwrap());
    let [table] = document.tables.as_slice() else { panic!("{:?}", document.near_misses) };
    let told: Vec<String> = table
        .reading
        .notes
        .iter()
        .map(|n| {
            let areas: Vec<String> = n.areas.iter().map(Area::to_string).collect();
            format!("{} {} [{}] {}", n.code, n.sheet, areas.join(" "), n.message.it)
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    A1-L02 Qualità dei servizi [A5:E5] righe che non fanno parte delle domande: 5; tralasciate
    A1-L03 Obiettivi operativi [E8] testi scritti in caselle di testo, fuori dalle celle: letti come contenuto di E8
    A1-L06 Obiettivi strategici [A7:E7] righe o colonne nascoste lette come le altre: A7:E7
    A1-L06 Obiettivi operativi [A5:E5 A6:E6 C3:C44] righe o colonne nascoste lette come le altre: A5:E5, A6:E6, C3:C44
    LEG-003 Obiettivi strategici [A2:E2] per il ciclo 2022 «Piano della performance» è letto come «PIAO, sottosezione Performance»: i numeri delle domande restano quelli
    ");
    let skipped = table.reading.skipped.first().unwrap();
    assert_eq!((&*skipped.sheet, skipped.area.first.row), ("Qualità dei servizi", 4));
}

#[test]
fn two_copies_of_a_form_are_two_forms() {
    let form = form_in_parts(None);
    assert_eq!(form.tables.len(), 1);
    let mut case = Case::default();
    for year in ["2021", "2022"] {
        case.line(&format!("@ Anno {year}"));
        for number in ["1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "4.1", "4.2"] {
            case.row(&format!("{number} | @{number} | No"));
        }
    }
    let grid = Grid { sheets: case.sheets, remarks: Vec::new() };
    let document = recognise::recognise(&grid, &Packs::embedded().unwrap());
    let counts: Vec<usize> = document.tables.iter().map(|t| t.records.len()).collect();
    assert_eq!(counts, [13, 13]);
}

#[test]
fn examples_in_a_column_are_examples() {
    let mut case = Case::default();
    case.row("N. | DOMANDA | RISPOSTA | Esempi");
    for number in ["1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "4.1", "4.2"] {
        case.row(&format!("{number} | @{number} | Si, tutti | verbale {number}"));
    }
    let packs = Packs::embedded().unwrap();
    let document = recognise::recognise(&Grid { sheets: case.sheets, remarks: Vec::new() }, &packs);
    let [table] = document.tables.as_slice() else { panic!("{:?}", document.near_misses) };
    let examples = table.slot("esempi").unwrap();
    let of = |unit: &riscontro::model::Unit| {
        unit.slots.cells(examples).iter().map(|id| table.cell(id).unwrap().text.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(of(&table.entities[0].units[1]), ["verbale 1.2"]);
    assert!(table.deviations.iter().all(|d| d.expected.as_deref() != Some("Esempi")), "{:?}", table.deviations);
}
