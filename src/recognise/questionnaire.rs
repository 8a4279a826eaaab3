//! Questionnaires: printed rows known from the form, an answer beside each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::align::align;
use super::assign::round;
use super::columns::Layout;
use super::form::Form;
use super::kind::Kind;
use super::printed::{LONGEST, Lines, number_key, split_number};
use super::sections;
use super::view::{SheetView, shown};
use super::years;
use crate::model::{Area, Bilingual, Cell, CellId, CellRef, Column, Content, Flag, Flags, NearMiss, Table, Value};
use crate::pack::{CellReader, Entry, Pack, Questionnaire, Schedule, assemble_questionnaire, derived_fields};
use crate::text;

/// Share of the form's questions that a sheet must print to be this form, and their least number.
const LEAST_SHARE: f64 = 0.3;
const LEAST: usize = 4;

/// Reads the rows under a header. If too few are rows of the form, it is another document; a part of a form that other
/// sheets hold too may be small, but then most of its rows are the form's.
pub(super) fn read(view: &SheetView<'_>, kind: &Kind, layout: &Layout, part: bool) -> Result<Table, Option<NearMiss>> {
    read_under(view, kind, (layout, &[]), part)
}

/// The same under several headers, one below the other, each with its own columns.
pub(super) fn read_under(
    view: &SheetView<'_>,
    kind: &Kind,
    (layout, later): (&Layout, &[Layout]),
    part: bool,
) -> Result<Table, Option<NearMiss>> {
    let pack = &kind.pack;
    let (Some(spec), Some(form), Some(own)) = (&pack.schedule.questionnaire, pack.form(), &kind.form) else {
        return Err(None);
    };
    let named = |layout: &Layout| {
        let latest = with_latest_answer(&pack.schedule, spec, layout);
        let by_content = sections::named(view, &pack.schedule, (spec, form), latest.as_ref().unwrap_or(layout));
        by_content.or(latest).unwrap_or_else(|| layout.clone())
    };
    let (layout, later) = (&named(layout), later.iter().map(named).collect::<Vec<_>>());
    let mut sheet = Lines::new(view, &pack.schedule, spec, own, (layout, &later));
    sheet.read();
    let entries = align(&sheet.keys, own, &spec.extensible);
    let is_question = |e: &usize| form.entries.get(*e).is_some_and(Entry::is_question);
    let mut matched: Vec<usize> = entries.iter().flatten().copied().filter(is_question).collect();
    matched.sort_unstable();
    matched.dedup();
    let share = ratio(matched.len(), own.asked);
    if sheet.keys.is_empty() {
        let kind = Some(pack.schedule.kind.clone());
        let sheet = view.sheet.name.clone();
        return Err(Some(NearMiss { sheet, kind, empty: true, ..NearMiss::default() }));
    }
    let known = entries.iter().flatten().count();
    let is_part = part && !matched.is_empty() && known * 2 > sheet.keys.len();
    if !is_part && (share < LEAST_SHARE || matched.len() < LEAST) {
        return Err(None);
    }
    let (mut table, entries) = sheet.into_table(layout, &entries);
    for column in later.iter().flat_map(|l| &l.columns) {
        if column.field.as_ref().is_some_and(|f| table.column_of(f).is_none()) {
            table.area.last.col = table.area.last.col.max(column.heading_area.last.col);
            table.columns.push(column.clone());
        }
    }
    table.confidence = round(layout.confidence.min(0.99) * 0.4 + share * 0.6).min(0.99);
    let printed = entries.iter().flatten().copied().collect();
    sections::give(&mut table, spec, form, &printed, &[view]);
    text_boxes(view, pack, spec, &mut table);
    let derived: Vec<_> = derived_fields(&pack.schedule).filter(|f| table.slot(f).is_none()).collect();
    table.fields.extend(derived);
    assemble_questionnaire(&mut table, pack, &entries);
    options_of_dropdowns(view, spec, &mut table);
    Ok(table)
}

/// The same columns with the answer in another one, where the headings of several name it with a year: the last year's.
fn with_latest_answer(schedule: &Schedule, spec: &Questionnaire, layout: &Layout) -> Option<Layout> {
    let known = schedule.field(&spec.answer).map_or(&[][..], |f| f.headings.as_slice());
    let known: Vec<String> = known.iter().map(|h| text::words(h)).collect();
    let year = |column: &Column| {
        let heading = text::words(&column.heading);
        let year = heading.split(' ').find_map(years::of)?;
        let rest: Vec<&str> = heading.split(' ').filter(|w| years::of(w).is_none()).collect();
        known.contains(&rest.join(" ")).then_some(year)
    };
    let mut years: Vec<(u16, usize)> =
        layout.columns.iter().enumerate().filter_map(|(i, c)| Some((year(c)?, i))).collect();
    years.sort_unstable();
    let (_, latest) = years.last().filter(|_| years.len() > 1)?;
    let mut layout = layout.clone();
    for (i, column) in layout.columns.iter_mut().enumerate() {
        let is_answer = column.field.as_ref() == Some(&spec.answer);
        if i == *latest {
            column.field = Some(spec.answer.clone());
            column.evidence = Bilingual::new("l'anno più recente", "the latest year");
            column.runner_up = None;
        } else if is_answer {
            column.field = None;
        }
    }
    Some(layout)
}

fn ratio(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap_or(0)) / f64::from(u32::try_from(whole.max(1)).unwrap_or(1))
}

/// A text box over an empty answer is the answer: that is where the office wrote it.
fn text_boxes(view: &SheetView<'_>, pack: &Pack, spec: &Questionnaire, table: &mut Table) {
    let Some(slot) = table.slot(&spec.answer) else { return };
    let reader = CellReader::new(&pack.schedule, None);
    for text_box in &view.sheet.boxes {
        let row = text_box.at.row;
        let record = table.records.iter().find(|r| r.rows.0 <= row && row <= r.rows.1);
        let Some(id) = record.and_then(|r| r.slots.first(slot)) else { continue };
        let Some(cell) = table.cells.get_mut(id as usize).filter(|c| c.value.is_missing()) else { continue };
        let (value, _) = reader.read(&text_box.text, None, pack.schedule.field(&spec.answer));
        *cell.content_mut() = Content::found(text_box.text.clone(), value);
        cell.flags.insert(Flag::FromTextBox);
    }
}

/// What the cell's own drop-down admits is admitted, whatever the catalogue knows.
fn options_of_dropdowns(view: &SheetView<'_>, spec: &Questionnaire, table: &mut Table) {
    let (Some(answer), Some(slot)) = (table.slot(&spec.answer), spec.options.as_ref().and_then(|o| table.slot(o)))
    else {
        return;
    };
    let units = table.entities.first().map_or(0, |e| e.units.len());
    for unit in 0..units {
        let Some(unit_ref) = table.entities.first().and_then(|e| e.units.get(unit)) else { continue };
        let Some(at) = unit_ref.slots.first(answer).and_then(|id| table.cell(id)).map(|c| c.at) else {
            continue;
        };
        let mut ids: Vec<CellId> = unit_ref.slots.cells(slot).iter().collect();
        if ids.is_empty() {
            continue;
        }
        let known: Vec<String> = ids.iter().filter_map(|id| table.cell(*id)).map(|c| text::normal(&c.text)).collect();
        let offered =
            view.sheet.dropdowns.iter().filter(|d| d.areas.iter().any(|a| a.contains(at))).flat_map(|d| &d.options);
        for option in offered.filter(|o| !known.contains(&text::normal(o)) && !text::is_blank(o)) {
            ids.push(table.push(Cell::new(at, Flags::default(), Content::found(option.clone(), Value::Text))));
        }
        if let Some(unit) = table.entities.first_mut().and_then(|e| e.units.get_mut(unit)) {
            unit.slots.set(slot, ids.into_iter().collect());
        }
    }
}

/// Finds the form on a sheet without a header row: by the printed questions themselves.
pub(super) fn read_without_header(view: &SheetView<'_>, kind: &Kind) -> Option<Table> {
    let (layout, hits) = without_header(view, kind)?;
    if hits < LEAST || ratio(hits, kind.form.as_ref()?.asked) < LEAST_SHARE {
        return None;
    }
    read(view, kind, &layout, false).ok()
}

/// The layout of a sheet without a header row, and how many questions its column of texts prints.
pub(super) fn without_header(view: &SheetView<'_>, kind: &Kind) -> Option<(Layout, usize)> {
    let (spec, form) = (kind.pack.schedule.questionnaire.as_ref()?, kind.form.as_ref()?);
    let mut by_column: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
    for (row, range) in &view.rows {
        for cell in view.cells(range) {
            let text = shown(cell);
            let bare = split_number(&text, form).map_or(&*text, |(_, rest)| rest);
            if (16..LONGEST).contains(&bare.len()) && form.is_question(&text::words(bare)) {
                let known = by_column.entry(cell.at.col).or_insert((0, *row));
                known.0 += 1;
            }
        }
    }
    let (col, (hits, first)) = by_column.into_iter().max_by_key(|(_, (n, _))| *n)?;
    Some((bare_layout(view, spec, form, col, first), hits))
}

/// Columns by place and content: the number before the text, the answer behind it.
fn bare_layout(view: &SheetView<'_>, spec: &Questionnaire, form: &Form, text_col: u32, first: u32) -> Layout {
    let numbers = |col: u32| {
        let rows = view.rows.iter().filter(|(r, _)| *r >= first).take(80);
        rows.filter(|(r, _)| number_key(&view.text(CellRef::new(*r, col)), form).is_some()).count()
    };
    let number_col = (0..text_col).rev().find(|c| numbers(*c) >= 3);
    let mut fields: Vec<(u32, Arc<str>)> = number_col.map(|c| (c, spec.number.clone())).into_iter().collect();
    let mut group_cols: Vec<u32> = (0..text_col).filter(|c| Some(*c) != number_col).collect();
    let keep = group_cols.len().saturating_sub(spec.groups.len());
    group_cols.drain(..keep);
    fields.extend(group_cols.into_iter().zip(spec.groups.iter().cloned()));
    fields.push((text_col, spec.text.clone()));
    let after = view.merged(CellRef::new(first, text_col)).map_or(text_col, |a| a.last.col) + 1;
    fields.push((after, spec.answer.clone()));
    fields.sort_by_key(|f| f.0);
    let columns = fields
        .iter()
        .map(|(col, field)| Column {
            sheet: None,
            heading_area: Area::cell(CellRef::new(first, *col)),
            heading: "".into(),
            field: Some(field.clone()),
            confidence: 0.7,
            evidence: Bilingual::new("decidono le domande stampate", "the printed questions decide"),
            runner_up: None,
        })
        .collect();
    let left = fields.first().map_or(text_col, |f| f.0);
    let header = Area::new(CellRef::new(first, left), CellRef::new(first, after));
    Layout::without_header(header, columns, (first, view.rows.last().map_or(first, |(r, _)| *r)))
}
