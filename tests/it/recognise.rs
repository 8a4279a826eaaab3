//! Tables found, columns given to fields, records counted: on the fixtures and on small sheets, one oddity each.

use std::fmt::Write as _;
use std::sync::Arc;

use riscontro::model::{
    Area, CellRef, Document, Flag, Format, Grid, GridCell, Record, Scalar, Sheet, SlotCells, Table,
};
use riscontro::pack::Packs;
use riscontro::{ingest, package, recognise};

/// A sheet from rows of texts; empty texts leave the cell out, digits alone make a number.
fn sheet(rows: &[&[&str]]) -> Sheet {
    let mut sheet = Sheet { name: "Foglio1".into(), ..Sheet::default() };
    for (row, texts) in rows.iter().enumerate() {
        for (col, text) in texts.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            let at = CellRef::new(u32::try_from(row).unwrap(), u32::try_from(col).unwrap());
            let value = text.parse().map_or_else(|_| Scalar::Text(Arc::from(*text)), Scalar::Number);
            sheet.cells.push(GridCell { at, value, format: Format::General });
        }
    }
    sheet
}

fn recognised(sheet: Sheet) -> Document {
    let grid = Grid { sheets: vec![sheet], remarks: Vec::new() };
    recognise::recognise(&grid, &Packs::embedded().unwrap())
}

fn fixture(name: &str) -> Document {
    let path = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let grid = ingest::read(std::fs::read(path).unwrap(), name, &package::Limits::default()).unwrap();
    recognise::recognise(&grid, &Packs::embedded().unwrap())
}

/// The reading as a person would check it: head, tables, columns, notes, and the first and last records.
pub(crate) fn reading(document: &Document) -> String {
    let mut out = String::new();
    for (name, entry) in &document.head {
        writeln!(out, "{name}: {} ({}!{})", entry.text, entry.sheet_name, entry.at).unwrap();
    }
    for table in &document.tables {
        let variant = table.variant.as_deref().map(|v| format!(" {v}")).unwrap_or_default();
        let entities: Vec<String> = table.entities.iter().map(|e| format!("{} {}", e.units.len(), e.name)).collect();
        writeln!(
            out,
            "{}{variant} in «{}» {}, header {}, {} records: {}",
            table.kind,
            table.sheet_name,
            table.area,
            table.header,
            table.records.len(),
            entities.join(", ")
        )
        .unwrap();
        for column in &table.columns {
            let field = column.field.as_deref().unwrap_or("-");
            writeln!(out, "  {} «{}» = {field} {:.2}", column.heading_area, column.heading, column.confidence).unwrap();
        }
        for note in &table.reading.notes {
            writeln!(out, "  {} {}", note.code, note.message.it).unwrap();
        }
        for row in &table.reading.skipped {
            writeln!(out, "  skipped {} {}: {}", row.area, row.reason.it, row.text).unwrap();
        }
        let mut shown = vec![0, 1, table.records.len() - 1];
        shown.sort_unstable();
        shown.dedup();
        for i in shown.into_iter().filter(|i| *i < table.records.len()) {
            writeln!(out, "  #{i} {}", record(table, i)).unwrap();
        }
    }
    for near in &document.near_misses {
        writeln!(
            out,
            "nothing in «{}», nearest {:?}, missing {:?}, empty {}",
            near.sheet,
            near.kind,
            near.missing.iter().map(|h| h.it.as_str()).collect::<Vec<_>>(),
            near.empty
        )
        .unwrap();
    }
    out
}

fn record(table: &Table, index: usize) -> String {
    let Some(record) = table.records.get(index) else { return "-".to_owned() };
    let cell = |(field, cells): (&Arc<str>, SlotCells<'_>)| {
        let cell = table.cell(cells.first()?)?;
        let flags: Vec<&str> = cell.flags.iter().map(Flag::name).collect();
        let flags = if flags.is_empty() { String::new() } else { format!(" [{}]", flags.join(" ")) };
        Some(format!("{field}@{}={}{flags}", cell.at, riscontro::text::one_line(&cell.text, 40)))
    };
    table.fields.iter().zip(record.slots.iter()).filter_map(cell).collect::<Vec<_>>().join(" | ")
}

#[test]
fn fixtures_are_read_as_they_stand() {
    insta::assert_snapshot!("reading_ptpct", reading(&fixture("ptpct-servizi-informativi-2021.xlsx")));
    insta::assert_snapshot!(
        "reading_ptpct_corretto",
        reading(&fixture("ptpct-servizi-informativi-2021-corretto.xlsx"))
    );
    insta::assert_snapshot!("reading_allegato1", reading(&fixture("allegato1-lucca-2020.xlsx")));
}

#[test]
fn merged_parents_hold_for_the_rows_below() {
    let mut sheet = sheet(&[
        &[
            "N.",
            "Area di rischio",
            "Processo",
            "Ufficio",
            "Evento rischioso",
            "Livello di rischio",
            "Misure specifiche",
            "Tempistica",
        ],
        &[
            "1",
            "Contratti pubblici",
            "Gare sopra soglia",
            "Ufficio gare",
            "Bando su misura",
            "ALTO",
            "Rotazione",
            "annuale",
        ],
        &["", "", "", "", "Frazionamento", "MEDIO", "Controllo a campione", "semestrale"],
        &[
            "2",
            "Incarichi e nomine",
            "Nomina dei rappresentanti",
            "Segreteria",
            "Favoritismi",
            "BASSO",
            "Pubblicazione",
            "continua",
        ],
    ]);
    sheet.merged = (0..4).map(|c| Area::new(CellRef::new(1, c), CellRef::new(2, c))).collect();
    let document = recognised(sheet);
    let table = &document.tables[0];
    let counts: Vec<(&str, usize)> = table.entities.iter().map(|e| (&*e.name, e.units.len())).collect();
    assert_eq!(counts, [("processo", 2), ("evento", 3), ("misura", 3)]);
    insta::assert_snapshot!(record(table, 1), @"numero@A2=1 [riempita_in_basso] | area_rischio@B2=Contratti pubblici [riempita_in_basso] | processo@C2=Gare sopra soglia [riempita_in_basso] | ufficio@D2=Ufficio gare [riempita_in_basso] | evento@E3=Frazionamento | livello@F3=MEDIO | misura_specifica@G3=Controllo a campione | fasi_tempi@H3=semestrale");
}

#[test]
fn parents_written_on_the_first_row_only_hold_below_too() {
    let document = recognised(sheet(&[
        &["Processo", "Area di rischio", "Evento rischioso", "Misure specifiche", "Responsabile attuazione"],
        &["Concorsi", "Acquisizione e gestione del personale", "Bando su misura", "Commissione esterna", "Segretario"],
        &["", "", "Prove note in anticipo", "Sorteggio delle tracce", "Segretario"],
        &["Mobilità", "Acquisizione e gestione del personale", "Criteri vaghi", "Criteri predefiniti", "Segretario"],
    ]));
    let counts: Vec<usize> = document.tables[0].entities.iter().map(|e| e.units.len()).collect();
    assert_eq!(counts, [2, 3, 3]);
}

#[test]
fn area_titles_between_the_rows_hold_for_the_rows_below() {
    let mut sheet = sheet(&[
        &["N.", "Processo", "Evento rischioso", "Livello di rischio"],
        &["A) Acquisizione e gestione del personale"],
        &["1", "Concorsi", "Bando su misura", "ALTO"],
        &["D) Contratti pubblici"],
        &["2", "Gare", "Frazionamento", "MEDIO"],
    ]);
    sheet.merged = [1, 3].map(|r| Area::new(CellRef::new(r, 0), CellRef::new(r, 3))).to_vec();
    let document = recognised(sheet);
    let table = &document.tables[0];
    assert_eq!(table.records.len(), 2);
    insta::assert_snapshot!(record(table, 1), @"numero@A5=2 | processo@B5=Gare | evento@C5=Frazionamento | livello@D5=MEDIO | area_rischio@A4=D) Contratti pubblici [riempita_in_basso]");
}

#[test]
fn header_of_two_rows_is_read_down_the_column() {
    let mut sheet = sheet(&[
        &["N", "Processo", "IDENTIFICAZIONE", "", "VALUTAZIONE", "", "", "TRATTAMENTO", ""],
        &[
            "",
            "",
            "Evento rischioso",
            "Fattore abilitante",
            "Probabilità",
            "Impatto",
            "Livello di esposizione",
            "Misura da attuare",
            "Termine per l'adozione",
        ],
        &["1", "Concorsi", "Bando su misura", "monopolio", "Alta", "Media", "Alto", "Codice", "30/06/2021"],
        &["2", "Gare", "Frazionamento", "opacità", "Bassa", "Media", "Basso", "Controlli", "anno 2021"],
    ]);
    sheet.merged = vec![
        Area::parse("A1:A2").unwrap(),
        Area::parse("B1:B2").unwrap(),
        Area::parse("C1:D1").unwrap(),
        Area::parse("E1:G1").unwrap(),
        Area::parse("H1:I1").unwrap(),
    ];
    let document = recognised(sheet);
    let fields: Vec<&str> = document.tables[0].columns.iter().map(|c| c.field.as_deref().unwrap_or("-")).collect();
    let expected = [
        "numero",
        "processo",
        "evento",
        "fattore_abilitante",
        "probabilita",
        "impatto",
        "livello",
        "misura",
        "fasi_tempi",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn column_of_offices_headed_area_is_no_risk_area() {
    let document = recognised(sheet(&[
        &["Piano di prevenzione della corruzione: processi"],
        &["AREA", "PROCESSO", "Livello di Rischio", "Responsabile del procedimento"],
        &["Area Tecnica - Ufficio lavori", "Manutenzione strade", "4", "Geometra capo"],
        &["Settore Amministrativo", "Protocollo generale", "2", "Istruttore"],
        &["Ufficio di Polizia locale", "Sanzioni al codice della strada", "7", "Comandante"],
    ]));
    let fields: Vec<&str> = document.tables[0].columns.iter().map(|c| c.field.as_deref().unwrap_or("-")).collect();
    assert_eq!(fields, ["ufficio", "processo", "punteggio", "responsabile_processo"]);
    let codes: Vec<&str> = document.tables[0].reading.notes.iter().map(|n| &*n.code).collect();
    assert_eq!(codes, ["PT-A13"]);
}

#[test]
fn tables_of_other_things_are_none_of_ours() {
    let spese: &[&[&str]] = &[
        &["Data", "Descrizione", "Importo", "Fornitore", "Note"],
        &["01/02/2020", "Carta", "12.5", "Rossi srl", ""],
        &["02/02/2020", "Toner", "80", "Bianchi srl", "urgente"],
    ];
    let rubrica: &[&[&str]] = &[
        &["Cognome", "Nome", "Ufficio", "Telefono", "Responsabile"],
        &["Verdi", "A.", "Anagrafe", "12", "Dirigente"],
        &["Neri", "B.", "Tributi", "34", "Dirigente"],
    ];
    let domande: &[&[&str]] = &[
        &["N.", "Domanda", "Risposta", "Punti"],
        &["1", "Quale colore ha il cielo?", "Azzurro", "2"],
        &["2", "Quanto fa due più due?", "Quattro", "2"],
        &["3", "Chi ha scritto la Commedia?", "Dante", "2"],
    ];
    for rows in [spese, rubrica, domande] {
        assert!(recognised(sheet(rows)).tables.is_empty(), "{rows:?}");
    }
}

#[test]
fn headings_without_records_are_told_apart() {
    let document = recognised(sheet(&[&["N.", "Processo", "Area di rischio", "Ufficio"]]));
    assert!(document.tables.is_empty());
    assert!(document.near_misses[0].empty);
}

#[test]
fn questions_are_found_without_headings_and_with_the_number_in_the_text() {
    let form: toml::Table = toml::from_str(include_str!("../../rules/allegato1/modulo.toml")).unwrap();
    let entries = form["entry"].as_array().unwrap();
    let texts: Vec<[String; 2]> = entries
        .iter()
        .map(|e| {
            let text = |k: &str| e.get(k).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
            let number = if text("role") == "question" { format!("{} ", text("key")) } else { String::new() };
            [format!("{number}{}", text("value")), if number.is_empty() { String::new() } else { "No".to_owned() }]
        })
        .collect();
    let rows: Vec<Vec<&str>> = texts.iter().map(|[a, b]| vec![a.as_str(), b.as_str()]).collect();
    let document = recognised(sheet(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    let table = &document.tables[0];
    assert_eq!((&*table.kind, table.records.len(), table.entities[0].units.len()), ("allegato1", 121, 40));
    assert!(table.deviations.is_empty());
}

#[test]
fn form_kept_in_parts_is_read_to_its_smallest_sheet() {
    let form: toml::Table = toml::from_str(include_str!("../../rules/allegato1/modulo.toml")).unwrap();
    let entries = form["entry"].as_array().unwrap();
    let mut parts: Vec<(String, Vec<[String; 4]>)> = Vec::new();
    for entry in entries {
        let text = |k: &str| entry.get(k).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        if parts.last().is_none_or(|p| p.0 != text("section")) {
            let head = ["", "CATEGORIA", "DOMANDA", "RISPOSTA"].map(str::to_owned);
            parts.push((text("section"), vec![head]));
        }
        let number = if text("role") == "question" { text("key") } else { String::new() };
        let answer = if number.is_empty() { String::new() } else { "No".to_owned() };
        parts.last_mut().unwrap().1.push([number, text("group"), text("value"), answer]);
    }
    let mut grid = Grid { sheets: Vec::new(), remarks: Vec::new() };
    for (_, rows) in &parts {
        let rows: Vec<Vec<&str>> = rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
        grid.sheets.push(sheet(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    }
    // A sheet of something else stays unread.
    grid.sheets.push(sheet(&[&["Domanda", "Risposta"], &["Chi ha scritto la Commedia?", "Dante"]]));
    let document = recognise::recognise(&grid, &Packs::embedded().unwrap());
    let asked: Vec<usize> = document.tables.iter().map(|t| t.entities[0].units.len()).collect();
    assert_eq!(asked, [40]);
    assert_eq!(document.near_misses.len(), 1);
}

#[test]
fn office_of_one_block_is_not_the_office_of_the_document() {
    let head: &[&str] = &["N.", "Processo", "Area di rischio", "Evento rischioso"];
    let document = recognised(sheet(&[
        &["Ufficio: Tributi"],
        head,
        &["1", "Accertamenti", "Entrate", "Omissione"],
        &["2", "Rimborsi", "Entrate", "Favoritismo"],
        &["Ufficio: Anagrafe"],
        head,
        &["3", "Certificati", "Provvedimenti", "Omissione"],
    ]));
    let office = |table: &Table, record: &Record| {
        let slot = table.slot("ufficio").unwrap();
        record.slots.cells(slot).iter().map(|id| table.cells[id as usize].text.to_string()).collect::<String>()
    };
    let rows = document.tables.iter().flat_map(|t| t.records.iter().map(move |r| office(t, r)));
    let offices: Vec<String> = rows.collect();
    assert_eq!(offices, ["Tributi", "Tributi", "Anagrafe"]);
    assert!(!document.head.contains_key("ufficio"), "{:?}", document.head);
}

#[test]
fn row_with_two_words_that_may_be_headings_is_data() {
    let head =
        ["N.", "Processo", "Area di rischio", "Ufficio", "Evento rischioso", "Misure", "Responsabile", "Indicatore"];
    let row = |n: &'static str, owner: &'static str, indicator: &'static str| {
        [
            n,
            "concessioni",
            "Contratti pubblici",
            "Tecnico",
            "Evento concessioni",
            "Misura per concessioni",
            owner,
            indicator,
        ]
    };
    let rows = [row("1", "RPCT", "numero atti"), row("2", "Dirigente", "n."), row("3", "Dirigente", "numero atti")];
    let all: Vec<&[&str]> = std::iter::once(&head[..]).chain(rows.iter().map(|r| &r[..])).collect();
    let document = recognised(sheet(&all));
    let read: Vec<usize> = document.tables.iter().map(|t| t.records.len()).collect();
    assert_eq!(read, [3]);
}

#[test]
fn counts_of_both_levels_on_one_sheet_are_two_tables() {
    let document = recognised(sheet(&[
        &["Allegato 2"],
        &["1", "N. obiettivi strategici tot.", "15"],
        &["2", "N. obiettivi strategici con indicatori", "15"],
        &["3", "N. indicatori tot", "35"],
        &["4", "N. indicatori privi di formula di calcolo", "2"],
        &[],
        &["1", "N. obiettivi operativi tot.", "25"],
        &["2", "N. obiettivi operativi con indicatori", "25"],
        &["3", "N. indicatori tot", "138"],
        &["4", "N. indicatori privi di formula di calcolo", "0"],
    ]));
    let variants: Vec<(Option<&str>, usize)> =
        document.tables.iter().map(|t| (t.variant.as_deref(), t.records.len())).collect();
    assert_eq!(variants, [(Some("strategici"), 4), (Some("operativi"), 4)]);
}

#[test]
fn term_without_a_year_is_in_the_year_of_the_document() {
    let read = |title: &str| {
        let document = recognised(sheet(&[
            &[title],
            &[],
            &["N.", "Processo", "Area di rischio", "Misura specifica", "Tempi di attuazione"],
            &["1", "Concorsi", "Acquisizione e gestione del personale", "Rotazione", "entro marzo"],
            &["2", "Gare", "Contratti pubblici", "Formazione", "entro il 31/12/2022"],
            &["3", "Sussidi", "Contratti pubblici", "Controlli", "quando si può"],
        ]));
        let table = &document.tables[0];
        let slot = table.slot("fasi_tempi").unwrap();
        let value = |r: &Record| format!("{:?}", table.cell(r.slots.first(slot).unwrap()).unwrap().value);
        table.records.iter().map(value).collect::<Vec<_>>()
    };
    let with = read("PTPCT 2021-2023 - Anno 2021");
    let without = read("PTPCT - Mappatura dei processi");
    assert_eq!(with[1..], without[1..]);
    assert_ne!(with[0], without[0]);
    assert!(with[0].contains("2021-03-31"), "{with:?}");
}

#[test]
fn cells_of_cards_are_known_where_they_stand() {
    let document = fixture("letture/scheda-per-foglio.xlsx");
    let table = &document.tables[0];
    let slot = table.slot("livello").unwrap();
    let places: Vec<String> = table
        .records
        .iter()
        .map(|record| {
            let cell = table.cell(record.slots.first(slot).unwrap()).unwrap();
            let (number, sheet, area) = table.locate(Area::cell(cell.at));
            format!("{number} {sheet} {area} {}", cell.text)
        })
        .collect();
    assert_eq!(places, ["0 P01 B6 Alto", "1 P02 B6 Medio"]);
    // The labels of a card are none of the document head.
    assert!(table.covers(1, 4) && !table.covers(1, 0) && !document.head.contains_key("ufficio"));
}
