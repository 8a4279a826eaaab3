//! Texts with headings and labelled fields: an information flow in Markdown.
//!
//! Which heading begins what, and what stands under it, is the pack's. A field has the line it is written on, one that is
//! not there the line of the heading it should stand under.

mod layout;

use std::collections::HashMap;

use super::view::{SheetView, shown};
use crate::model::{Area, Bilingual, Block, CellRef, Outline, SkippedRow, Table};
use crate::pack::{FieldSpec, Flow, FlowSection, Pattern, Schedule, Shape};
use crate::text;
use layout::{Found, Part};

/// The table of a text that is built as a flow, if it is one: with a heading of which the pack knows what stands below.
pub(super) fn read(view: &SheetView<'_>, schedule: &Schedule) -> Option<Table> {
    let outline = view.sheet.outline.as_deref().filter(|_| schedule.shape == Shape::Flow)?;
    let mut reader = Reader::new(view, schedule, outline);
    reader.front();
    for (row, cells) in view.rows.iter().skip(view.position(outline.front_rows)) {
        if let [cell] = view.cells(cells) {
            reader.line(*row, &shown(cell));
        }
    }
    reader.is_known.then(|| layout::table(view, schedule, &reader.parts, reader.skipped))
}

/// Levels of headings in Markdown.
const LEVELS: u8 = 6;

/// Where lines without a label of their own go.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Nowhere,
    /// Goes on with what was found last.
    On,
    /// The field of this slot, one value for all lines or one for each block.
    Field(usize),
}

struct Reader<'a> {
    view: &'a SheetView<'a>,
    schedule: &'a Schedule,
    flow: &'a Flow,
    outline: &'a Outline,
    /// What labels name, in words.
    labels: HashMap<String, usize>,
    /// The units, top to bottom; the first is the whole text.
    parts: Vec<Part>,
    /// Those open, outermost first, with the level of their heading.
    open: Vec<(usize, u8)>,
    section: Option<&'a FlowSection>,
    target: Target,
    /// Part and place of the value found last.
    last: Option<(usize, usize)>,
    skipped: Vec<SkippedRow>,
    is_known: bool,
}

impl<'a> Reader<'a> {
    fn new(view: &'a SheetView<'a>, schedule: &'a Schedule, outline: &'a Outline) -> Self {
        let fields = schedule.fields.iter().enumerate();
        let labels = fields.flat_map(|(slot, f)| f.headings.iter().map(move |h| (text::words(h), slot)));
        Self {
            view,
            schedule,
            flow: &schedule.flow,
            outline,
            labels: labels.collect(),
            parts: vec![Part::new(0, None, 0)],
            open: vec![(0, 0)],
            section: None,
            target: Target::Nowhere,
            last: None,
            skipped: Vec::new(),
            is_known: false,
        }
    }

    /// What the front matter says.
    fn front(&mut self) {
        for (field, keys) in &self.flow.front {
            let Some(slot) = self.slot(field) else { continue };
            let said = |key: &String| {
                let own = self.outline.front.iter().filter(|d| text::normal(&d.key) == text::normal(key));
                let own: Vec<_> = own.filter(|d| !text::is_blank(&d.value)).collect();
                (!own.is_empty()).then_some(own)
            };
            let values = keys.iter().find_map(said).unwrap_or_default();
            for datum in values {
                self.put(0, slot, datum.row, &datum.value);
            }
        }
        if let (Some((row, line)), Some(slot)) =
            (&self.outline.fault, self.flow.fault.as_ref().and_then(|f| self.slot(f)))
        {
            self.put(0, slot, *row, line);
        }
        self.last = None;
    }

    fn line(&mut self, row: u32, line: &str) {
        self.anywhere(row, line);
        let block = self.outline.block(row);
        if let Some(Block::Heading(level)) = block {
            return self.heading(row, line, level);
        }
        if let Some(part) = self.open.last().and_then(|(part, _)| self.parts.get_mut(*part)) {
            part.last = row;
        }
        if self.labelled(row, line) || self.item(row, line) {
            return;
        }
        match (self.target, block) {
            (Target::Field(slot), Some(_)) if self.field(slot).is_some_and(|f| f.many) => self.give(slot, row, line),
            (Target::Field(slot), _) if !self.goes_on(line, Some(slot)) => self.give(slot, row, line),
            (Target::On, None) => drop(self.goes_on(line, None)),
            (Target::On, Some(_)) => self.target = Target::Nowhere,
            _ => {}
        }
    }

    /// Joins a line to the value found last, if it is of the field wanted.
    fn goes_on(&mut self, line: &str, wanted: Option<usize>) -> bool {
        let Some((part, at)) = self.last else { return false };
        let Some(found) = self.parts.get_mut(part).and_then(|p| p.found.get_mut(at)) else { return false };
        if wanted.is_some_and(|slot| slot != found.slot) {
            return false;
        }
        found.text.push(' ');
        found.text.push_str(line);
        true
    }

    /// A heading ends what stood above it, and may begin a unit.
    fn heading(&mut self, row: u32, line: &str, level: u8) {
        (self.target, self.last) = (Target::Nowhere, None);
        self.section = self.flow.sections.iter().find(|s| s.heading.is_match(line));
        let Some(section) = self.section else {
            // The heading of something unknown: units whose headings are not above it end here.
            self.open.retain(|(part, own)| *part == 0 || *own < level);
            return;
        };
        self.is_known = true;
        let depth = self.schedule.depth(&section.entity).unwrap_or(0);
        if section.begins {
            self.begin(depth, row, level);
        } else {
            self.close(depth + 1);
        }
        if let Some(part) = self.open.last().and_then(|(part, _)| self.parts.get_mut(*part)) {
            part.last = row;
        }
        self.groups(&section.heading, row, line);
        self.last = None;
        if let Some(slot) = section.text.as_ref().and_then(|f| self.slot(f)) {
            self.target = Target::Field(slot);
        }
    }

    fn begin(&mut self, depth: usize, row: u32, level: u8) {
        self.close(depth);
        let above = self.open.last().map(|(part, _)| *part);
        self.open.push((self.parts.len(), level));
        self.parts.push(Part::new(depth, above, row));
    }

    /// Ends the units from this depth on.
    fn close(&mut self, depth: usize) {
        let parts = &self.parts;
        self.open.retain(|(part, _)| *part == 0 || parts.get(*part).is_some_and(|p| p.depth < depth));
    }

    /// What any line may say.
    fn anywhere(&mut self, row: u32, line: &str) {
        let flow = self.flow;
        for (field, pattern) in &flow.anywhere {
            let Some(slot) = self.slot(field) else { continue };
            let part = self.part_of(slot);
            let (target, last) = (self.target, self.last);
            pattern.every(line).into_iter().for_each(|found| self.put(part, slot, row, found));
            (self.target, self.last) = (target, last);
        }
    }

    /// A line `Label: value`, or a label alone with its text below.
    fn labelled(&mut self, row: u32, line: &str) -> bool {
        let (label, value) = line.split_once(':').unwrap_or((line, ""));
        let Some(&slot) = self.labels.get(&text::words(label)) else { return false };
        let Some(depth) = self.field(slot).and_then(|f| self.schedule.depth(&f.entity)) else { return false };
        let key = self.schedule.entities.get(depth).and_then(|e| e.key.first()).and_then(|k| self.slot(k));
        let own =
            self.open.iter().map(|(part, _)| *part).find(|p| self.parts.get(*p).is_some_and(|p| p.depth == depth));
        let has = |part: usize| self.parts.get(part).is_some_and(|p| p.slots.contains(&slot));
        // Units without headings begin where their first label stands.
        if own.is_none_or(|part| key == Some(slot) && depth > 0 && has(part)) {
            self.is_known = true;
            self.begin(depth, row, LEVELS + 1);
        } else if own.is_some_and(has) && !self.field(slot).is_some_and(|f| f.many) {
            let reason = Bilingual::new("campo ripetuto", "field repeated");
            let area = Area::cell(CellRef::new(row, 0));
            let (sheet, text) = (self.view.sheet.name.clone(), line.into());
            self.skipped.push(SkippedRow { sheet, area, reason, text });
            (self.target, self.last) = (Target::Nowhere, None);
            return true;
        }
        (self.target, self.last) = (Target::Field(slot), None);
        if !text::is_blank(value) {
            self.give(slot, row, value);
            self.target = Target::On;
        }
        true
    }

    /// An item of which the section tells what it says.
    fn item(&mut self, row: u32, line: &str) -> bool {
        let pattern = self.section.and_then(|s| s.items.as_ref()).filter(|p| p.is_match(line));
        let Some(pattern) = pattern else { return false };
        self.groups(pattern, row, line);
        self.target = Target::On;
        true
    }

    /// The fields of a pattern's groups; one that is not there is blank, so that they stay beside each other.
    fn groups(&mut self, pattern: &Pattern, row: u32, line: &str) {
        let names: Vec<(usize, &str)> = pattern.groups().filter_map(|g| Some((self.slot(g)?, g))).collect();
        for (slot, group) in names {
            let found = pattern.group(line, group).unwrap_or_default().trim().to_owned();
            let part = self.part_of(slot);
            let is_first = self.parts.get(part).is_some_and(|p| !p.slots.contains(&slot));
            if is_first || self.field(slot).is_some_and(|f| f.many) {
                self.put(part, slot, row, &found);
            }
        }
    }

    fn give(&mut self, slot: usize, row: u32, value: &str) {
        let part = self.part_of(slot);
        self.put(part, slot, row, value.trim());
    }

    fn put(&mut self, part: usize, slot: usize, row: u32, value: &str) {
        if let Some(of) = self.parts.get_mut(part) {
            self.last = Some((part, of.found.len()));
            of.slots.insert(slot);
            of.found.push(Found { slot, row, text: value.to_owned() });
        }
    }

    /// The open unit that a field describes; the innermost, where none is of its entity.
    fn part_of(&self, slot: usize) -> usize {
        let depth = self.field(slot).and_then(|f| self.schedule.depth(&f.entity));
        let of = |part: &&(usize, u8)| self.parts.get(part.0).map(|p| p.depth) == depth;
        self.open.iter().find(of).or(self.open.last()).map_or(0, |(part, _)| *part)
    }

    fn field(&self, slot: usize) -> Option<&'a FieldSpec> {
        self.schedule.fields.get(slot)
    }

    fn slot(&self, field: &str) -> Option<usize> {
        self.schedule.fields.iter().position(|f| &*f.name == field)
    }
}
