//! Titles that hold for one table of several: a sheet for each area or office, with its name above the table.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::beside::given;
use super::bounds;
use super::rows::Other;
use super::titles::{Given, above};
use super::view::{SheetView, is_empty, shown};
use crate::model::{Cell, Content, FieldSlot, Flag, Flags, Table, Value};
use crate::pack::Pack;
use crate::text;

/// Gives the records of each table what the titles above it say, where the tables of a kind have titles that differ. What
/// all have in common, or one alone says, is the document's.
pub(super) fn titles(views: &[SheetView<'_>], pack: &Pack, tables: &mut [Table]) {
    for field in &pack.schedule.register.subtitles {
        let own: Vec<usize> = (0..tables.len())
            .filter(|i| {
                tables
                    .get(*i)
                    .is_some_and(|t| t.kind == pack.schedule.kind && t.cards.is_empty() && t.slot(field).is_none())
            })
            .collect();
        if own.len() < 2 {
            continue;
        }
        let mut found: Vec<Option<Given>> = own.iter().map(|i| title(views, pack, tables, *i, field)).collect();
        if found.iter().all(Option::is_none) {
            found = own.iter().map(|i| named(views, pack, tables, *i, field)).collect();
            if found.iter().any(Option::is_none) {
                continue;
            }
        }
        let distinct: BTreeSet<String> = found.iter().flatten().map(|g| text::identity(&g.text)).collect();
        if distinct.len() < 2 {
            continue;
        }
        for (table, given) in own.iter().zip(found).filter_map(|(i, given)| Some((*i, given?))) {
            if let Some(table) = tables.get_mut(table) {
                give(table, field, &given);
            }
        }
    }
}

/// What the nearest title above a table says of the field.
fn title(views: &[SheetView<'_>], pack: &Pack, tables: &[Table], table: usize, field: &str) -> Option<Given> {
    let table = tables.get(table)?;
    let view = views.get(table.sheet as usize)?;
    let header = table.header.first.row;
    let before = tables.iter().filter(|t| t.sheet == table.sheet && t.area.last.row < header);
    let from = before.map(|t| t.area.last.row + 1).max().unwrap_or(0);
    let rows: Vec<_> = above(view, header, from).collect();
    rows.into_iter().find_map(|(_, cells)| {
        let mut filled = cells.iter().filter(|c| !is_empty(c));
        let (first, alone) = (filled.next()?, filled.next().is_none());
        let title = if alone { Other::Subtitle(shown(first)) } else { Other::Labels };
        given(&pack.schedule, &title, cells).into_iter().find(|g| *g.field == *field)
    })
}

/// What the titles above a table, or else the name of its sheet, say of the field in the words of the pack.
fn named(views: &[SheetView<'_>], pack: &Pack, tables: &[Table], table: usize, field: &Arc<str>) -> Option<Given> {
    let pattern = pack.schedule.register.sheets.get(field)?;
    let table = tables.get(table)?;
    let view = views.get(table.sheet as usize)?;
    let first = table.header.first;
    let lone = above(view, first.row, 0).filter_map(|(_, cells)| {
        let mut filled = cells.iter().filter(|c| !is_empty(c));
        filled.next().filter(|_| filled.next().is_none())
    });
    let titles = lone.map(|c| (c.at, shown(c))).chain([(first, view.sheet.name.clone())]);
    titles.filter(|(_, text)| text.chars().count() <= bounds::TITLE).find_map(|(at, raw)| {
        let text = pattern.group(&raw, "value")?.trim().into();
        Some(Given { field: field.clone(), at, raw, text })
    })
}

/// The same datum for every record.
fn give(table: &mut Table, field: &Arc<str>, given: &Given) {
    table.fields.push(field.clone());
    let content = Content { raw: given.raw.clone(), text: given.text.clone(), value: Value::Text };
    let cell = Cell::new(given.at, Flags::from_iter([Flag::FilledDown]), content);
    let mut records = std::mem::take(&mut table.records);
    for record in &mut records {
        let id = table.push(cell.clone());
        record.slots.push(FieldSlot::One(id));
    }
    table.records = records;
}
