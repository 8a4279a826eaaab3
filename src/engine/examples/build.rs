//! The document of an example.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::header::{Example, Headings, Tables};
use super::super::source;
use super::{forms, plain};
use crate::model::{
    Area, Bilingual, Cell, CellId, CellRef, Column, Content, Document, FieldSlot, Finding, Format, HeadEntry, Record,
    Slots, Table, Value,
};
use crate::pack::{CellReader, FieldSource, FieldSpec, Pack, Packs, Toml, assemble_register, number_of};
use crate::text;

/// The document that an example describes.
pub(super) fn document(packs: &Packs, kind: &str, example: &Example) -> Result<Document, Bilingual> {
    let mut document = Document::default();
    let year = packs.get(kind).and_then(|p| p.schedule.year()).and_then(|name| example.head.get(name));
    let year = year.and_then(|v| plain(v).parse::<i16>().ok());
    let others = example.documents.iter().map(|(kind, tables)| (kind.as_str(), tables.clone()));
    for (kind, tables) in [(kind, example.tables())].into_iter().chain(others) {
        let Some(pack) = packs.get(kind) else {
            return Err(unknown("tipo di scheda sconosciuto", "unknown kind of schedule", kind, &kinds(packs)));
        };
        tables_of(&mut document, pack, &tables, year)?;
    }
    let pack = packs.get(kind);
    for (name, value) in &example.head {
        let known: Vec<&str> = pack.iter().flat_map(|p| p.schedule.head.keys()).map(String::as_str).collect();
        if !known.contains(&name.as_str()) {
            return Err(unknown("la testa non ha il dato", "the head has no datum", name, &known));
        }
        document.head.insert(name.as_str().into(), head(&plain(value)));
    }
    Ok(document)
}

/// The document before that of an example, if it tells one.
pub(super) fn previous(packs: &Packs, kind: &str, example: &Example) -> Result<Option<Document>, Bilingual> {
    example.previous().map(|previous| document(packs, kind, &previous)).transpose()
}

fn kinds(packs: &Packs) -> Vec<&str> {
    packs.packs.iter().map(|p| &*p.schedule.kind).collect()
}

/// An unknown name in an example.
pub(super) fn unknown(it: &str, en: &str, name: &str, known: &[&str]) -> Bilingual {
    source::unknown((it, en), name, known.iter().copied())
}

fn head(found: &str) -> HeadEntry {
    let value = if text::is_blank(found) {
        Value::Missing(crate::model::Missing::Blank)
    } else {
        number_of(found).unwrap_or(Value::Text)
    };
    HeadEntry {
        title: Bilingual::default(),
        sheet: 0,
        sheet_name: "Foglio1".into(),
        at: CellRef::new(0, 0),
        text: found.into(),
        value,
    }
}

fn tables_of(document: &mut Document, pack: &Arc<Pack>, tables: &Tables, year: Option<i16>) -> Result<(), Bilingual> {
    if let Some(answers) = &tables.answers {
        document.tables.push(forms::questionnaire(pack, tables, answers, document.tables.len())?);
    }
    if let Some(counts) = &tables.counts {
        for (variant, values) in counts {
            let table = forms::counts(pack, tables, variant, values, document.tables.len())?;
            document.tables.push(table);
        }
    }
    let rows = tables.row.iter().chain(tables.rows.iter().flatten()).collect::<Vec<_>>();
    if !rows.is_empty() || tables.rows.is_some() {
        let mut table = register(pack, &rows, document.tables.len(), year)?;
        name_columns(&mut table, &tables.headings)?;
        if tables.headings.values().any(|stated| matches!(stated, Headings::Many(_))) {
            assemble_register(&mut table, &pack.schedule);
        }
        document.tables.push(table);
    }
    Ok(())
}

/// Gives columns the headings that the example states; further columns of a field are those of its further cells.
fn name_columns(table: &mut Table, headings: &BTreeMap<String, Headings>) -> Result<(), Bilingual> {
    for (field, stated) in headings {
        let stated = match stated {
            Headings::One(heading) => std::slice::from_ref(heading),
            Headings::Many(headings) => headings,
        };
        let slot = table.slot(field);
        let column = table.columns.iter_mut().find(|c| c.field.as_deref() == Some(field.as_str()));
        let ((column, slot), (first, more)) = column.zip(slot).zip(stated.split_first()).ok_or_else(|| {
            Bilingual::new(
                format!("intestazione di un campo che l'esempio non ha: «{field}»"),
                format!("heading of a field that the example does not have: “{field}”"),
            )
        })?;
        column.heading = first.as_str().into();
        let column = column.clone();
        let further = table.records.first().map(|r| r.slots.cells(slot).iter().skip(1).collect::<Vec<_>>());
        let further = further.into_iter().flatten().filter_map(|id| table.cell(id)).map(|cell| cell.at.col);
        let further: Vec<Column> = further
            .zip(more)
            .map(|(col, heading)| Column {
                heading: heading.as_str().into(),
                heading_area: Area::cell(CellRef::new(0, col)),
                ..column.clone()
            })
            .collect();
        table.columns.extend(further);
    }
    table.columns.sort_by_key(|column| column.heading_area.first.col);
    Ok(())
}

/// An empty table on a sheet of its own.
pub(super) fn empty(pack: &Pack, sheet: usize) -> Table {
    let first = CellRef::new(0, 0);
    let (number, name) = (u32::try_from(sheet).unwrap_or(0), format!("Foglio{}", sheet + 1).into());
    Table { confidence: 1.0, ..Table::new(pack.schedule.kind.clone(), number, name, Area::cell(first)) }
}

/// Gives a table a column for each field.
pub(super) fn set_columns(table: &mut Table, pack: &Pack, fields: &[Arc<str>]) {
    for (col, name) in (0u32..).zip(fields) {
        let spec = pack.schedule.field(name);
        let heading = spec.map_or("", |s| s.headings.first().map_or(s.title.it.as_str(), String::as_str));
        table.columns.push(Column {
            sheet: None,
            heading_area: Area::cell(CellRef::new(0, col)),
            heading: heading.into(),
            field: Some(name.clone()),
            confidence: 1.0,
            evidence: Bilingual::default(),
            runner_up: None,
        });
        table.fields.push(name.clone());
    }
    let last = u32::try_from(fields.len()).unwrap_or(1).saturating_sub(1);
    table.header = Area::new(CellRef::new(0, 0), CellRef::new(0, last));
    table.area = table.header;
}

/// Adds a data row with one cell for each field.
pub(super) fn push_record(table: &mut Table, cells: Vec<Cell>) {
    push_row(table, cells.into_iter().map(|cell| vec![cell]).collect());
}

/// Adds a data row. Further cells of a field stand in columns of their own, right of all others.
fn push_row(table: &mut Table, fields: Vec<Vec<Cell>>) {
    let row = u32::try_from(table.records.len()).unwrap_or(0) + 1;
    let mut further = u32::try_from(fields.len()).unwrap_or(u32::MAX)..;
    let slots = fields.into_iter().zip(0u32..).map(|(cells, col)| {
        cells.into_iter().enumerate().fold(FieldSlot::None, |slot, (nth, mut cell)| {
            let id = CellId::try_from(table.cells.len()).unwrap_or(CellId::MAX);
            let col = if nth == 0 { col } else { further.next().unwrap_or(col) };
            cell.at = CellRef::new(row, col);
            table.cells.push(cell);
            if nth == 0 { FieldSlot::One(id) } else { slot.and(id) }
        })
    });
    let slots: Slots = slots.collect();
    table.records.push(Record { rows: (row, row), slots });
    table.area.last.row = row;
}

/// A cell as the reader would read it; its place is set when it joins a row.
pub(super) fn cell(reader: &CellReader, value: Option<&Toml>, spec: Option<&FieldSpec>) -> Cell {
    let (found, number) = match value {
        None => (String::new(), None),
        Some(Toml::Integer(n)) => (n.to_string(), n.to_string().parse().ok().map(|n| (n, Format::General))),
        Some(Toml::Float(n)) => (text_of(*n), Some((*n, Format::General))),
        Some(other) => (plain(other), None),
    };
    let (value, flags) = reader.read(&found, number, spec);
    Cell::new(CellRef::new(0, 0), flags, Content::found(found.into(), value))
}

/// A stored number as the sheet shows it.
fn text_of(n: f64) -> String {
    crate::pack::decimal(n).map_or_else(|| n.to_string(), text::format_decimal)
}

fn register(
    pack: &Pack,
    rows: &[&crate::pack::TomlTable],
    sheet: usize,
    year: Option<i16>,
) -> Result<Table, Bilingual> {
    let schedule = &pack.schedule;
    let known: Vec<&str> = schedule.fields.iter().map(|f| &*f.name).collect();
    if let Some(wrong) = rows.iter().flat_map(|r| r.keys()).find(|k| !known.contains(&k.as_str())) {
        return Err(unknown("campo sconosciuto", "unknown field", wrong, &known));
    }
    let named = |f: &&FieldSpec| f.source == FieldSource::Column && rows.iter().any(|r| r.contains_key(&*f.name));
    let fields: Vec<Arc<str>> = schedule.fields.iter().filter(named).map(|f| f.name.clone()).collect();
    let mut table = empty(pack, sheet);
    set_columns(&mut table, pack, &fields);
    let reader = CellReader::new(schedule, year);
    for row in rows {
        let read = |value, field: &Arc<str>| cell(&reader, value, schedule.field(field));
        let cells = |field: &Arc<str>| match row.get(&**field) {
            Some(Toml::Array(columns)) => columns.iter().map(|value| read(Some(value), field)).collect(),
            value => vec![read(value, field)],
        };
        push_row(&mut table, fields.iter().map(cells).collect());
    }
    assemble_register(&mut table, schedule);
    Ok(table)
}

/// Where a finding stands, as examples say it: numbers of rows, or of questions and items.
pub(super) fn ordinals(packs: &Packs, document: &Document, finding: &Finding) -> Vec<String> {
    let mut out = Vec::new();
    for place in &finding.places {
        let Some(table) = document.tables.iter().find(|t| t.sheet == place.sheet_index) else { continue };
        let Some(area) = place.area else { continue };
        let row = area.first.row;
        let number = forms::number_at(packs, table, row);
        out.push(number.unwrap_or_else(|| row.to_string()));
    }
    out
}
