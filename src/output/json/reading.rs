//! How a table was recognised and read.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::each::{Each, Shown};
use super::place::Spot;
use crate::model::{Area, CellRef, Column, Lang, ReadingNote, Repair, SkippedRow, TableReport};

#[derive(Serialize)]
pub(super) struct Table<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'a str>,
    sheet: &'a str,
    range: Shown<Area>,
    #[serde(skip_serializing_if = "Each::is_empty")]
    parts: Each<'a, (Arc<str>, Area), Spot<'a>>,
    records: usize,
    #[serde(serialize_with = "in_order")]
    entities: Vec<(&'a str, usize)>,
    #[serde(serialize_with = "rounded")]
    confidence: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<Reading<'a>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(table: &'a TableReport, (lang, explain): (Lang, bool)) -> Self {
        Self {
            kind: &table.kind,
            variant: table.variant.as_deref(),
            sheet: &table.sheet,
            range: Shown(table.area),
            parts: Each::of(&table.parts, (), |(sheet, area), ()| Spot::of_area(area, sheet)),
            records: table.records,
            entities: table.entities.iter().map(|e| (&*e.name, e.number)).collect(),
            confidence: table.confidence,
            reading: explain.then(|| Reading::new(table, lang)),
        }
    }
}

fn in_order<S: Serializer>(entities: &[(&str, usize)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entities.len()))?;
    for (name, number) in entities {
        map.serialize_entry(name, number)?;
    }
    map.end()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn rounded<S: Serializer>(share: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((share * 100.0).round() / 100.0)
}

#[derive(Serialize)]
struct Reading<'a> {
    header: Shown<Area>,
    columns: Each<'a, Column, ReadColumn<'a>, Lang>,
    records: Each<'a, (Arc<str>, Area, String), ReadRecord<'a>, &'a str>,
    skipped: Each<'a, SkippedRow, Skipped<'a>, (Lang, &'a str)>,
    repaired: Each<'a, Repair, Repaired<'a>>,
    notes: Each<'a, ReadingNote, Note<'a>, Lang>,
}

#[derive(Serialize)]
struct ReadColumn<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    range: Shown<Area>,
    heading: &'a str,
    field: Option<&'a str>,
    #[serde(serialize_with = "rounded")]
    confidence: f64,
    evidence: &'a str,
    runner_up: Option<RunnerUp<'a>>,
}

#[derive(Serialize)]
struct RunnerUp<'a> {
    field: &'a str,
    #[serde(serialize_with = "rounded")]
    confidence: f64,
}

#[derive(Serialize)]
struct ReadRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    range: Shown<Area>,
    key: &'a str,
}

#[derive(Serialize)]
struct Skipped<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    range: Shown<Area>,
    reason: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Repaired<'a> {
    cell: Shown<CellRef>,
    from: &'a str,
    to: &'a str,
    flag: &'static str,
}

#[derive(Serialize)]
struct Note<'a> {
    code: &'a str,
    message: &'a str,
    places: Each<'a, Area, Spot<'a>, &'a str>,
}

impl<'a> Reading<'a> {
    fn new(table: &'a TableReport, lang: Lang) -> Self {
        let reading = &table.reading;
        Self {
            header: Shown(table.header),
            columns: Each::of(&table.columns, lang, column),
            records: Each::of(&table.record_places, &table.sheet, |(sheet, area, key), of| ReadRecord {
                sheet: other(sheet, of),
                range: Shown(*area),
                key,
            }),
            skipped: Each::of(&reading.skipped, (lang, &table.sheet), |row, (lang, of)| Skipped {
                sheet: other(&row.sheet, of),
                range: Shown(row.area),
                reason: row.reason.get(lang),
                text: &row.text,
            }),
            repaired: Each::of(&reading.repaired, (), repaired),
            notes: Each::of(&reading.notes, lang, note),
        }
    }
}

fn repaired(repair: &Repair, (): ()) -> Repaired<'_> {
    Repaired { cell: Shown(repair.at), from: &repair.from, to: &repair.to, flag: repair.flag.name() }
}

/// The name of a sheet, if it is not the table's first.
fn other<'a>(sheet: &'a str, of_table: &str) -> Option<&'a str> {
    (sheet != of_table).then_some(sheet)
}

fn note(note: &ReadingNote, lang: Lang) -> Note<'_> {
    let places = Each::of(&note.areas, &*note.sheet, Spot::of_area);
    Note { code: &note.code, message: note.message.get(lang), places }
}

fn column(column: &Column, lang: Lang) -> ReadColumn<'_> {
    ReadColumn {
        sheet: column.sheet.as_deref(),
        range: Shown(column.heading_area),
        heading: &column.heading,
        field: column.field.as_deref(),
        confidence: column.confidence,
        evidence: column.evidence.get(lang),
        runner_up: column.runner_up.as_ref().map(|r| RunnerUp { field: &r.field, confidence: r.confidence }),
    }
}
