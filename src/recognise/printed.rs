//! The rows of a questionnaire: printed text, number and groups of each, with the cells beside them.

use std::sync::Arc;

use super::align::RowKey;
use super::columns::Layout;
use super::form::Form;
use super::rows::skipped;
use super::view::{SheetView, formula_value, number, shown};
use crate::model::{
    Area, Bilingual, Cell, CellRef, Content, FieldSlot, Flag, Flags, Missing, Record, Table, UNCALCULATED, Value,
};
use crate::pack::{CellReader, Questionnaire, Schedule};
use crate::text;

/// Bytes of the longest text that is compared with the printed rows of a form.
pub(super) const LONGEST: usize = 2000;
/// Rows weighed against the form, many times as many as any form prints; the work grows with both.
const MOST_ROWS: usize = 2_000;
/// Bytes of the longest number of a question.
const LONGEST_NUMBER: usize = 32;
/// Letters that a printed text broken over two rows has on the first at least.
const BEGUN: usize = 12;

/// The columns of the rows from one header to the next.
struct Stretch {
    /// First row of the header, and first row under it.
    from: (u32, u32),
    /// The column of each field, in slot order; none where the header has no such column.
    columns: Vec<Option<u32>>,
}

/// The rows of a sheet under a header, as cells of the columns' fields.
pub(super) struct Lines<'a> {
    view: &'a SheetView<'a>,
    schedule: &'a Schedule,
    spec: &'a Questionnaire,
    form: &'a Form,
    layout: &'a Layout,
    reader: CellReader,
    /// The fields, in slot order.
    fields: Vec<Arc<str>>,
    stretches: Vec<Stretch>,
    cells: Vec<Vec<Cell>>,
    rows: Vec<(u32, u32)>,
    /// What tells each row from the others.
    pub(super) keys: Vec<RowKey>,
    skipped: Vec<(u32, Bilingual)>,
}

impl<'a> Lines<'a> {
    /// `later` are the layouts of headers further down, whose columns hold for the rows below them.
    pub(super) fn new(
        view: &'a SheetView<'a>,
        schedule: &'a Schedule,
        spec: &'a Questionnaire,
        form: &'a Form,
        (layout, later): (&'a Layout, &[Layout]),
    ) -> Self {
        let layouts = || std::iter::once(layout).chain(later);
        let mut fields: Vec<Arc<str>> = Vec::new();
        let named = layouts().flat_map(|l| &l.columns).filter_map(|c| c.field.as_ref());
        for field in named.chain([&spec.number]) {
            if !fields.contains(field) {
                fields.push(field.clone());
            }
        }
        let stretch = |l: &Layout| {
            let of = |field: &Arc<str>| l.columns.iter().find(|c| c.field.as_ref() == Some(field));
            let column = |field: &Arc<str>| of(field).map(|c| c.heading_area.first.col);
            // Without a column of its own the number stands before the text, in the same cell.
            let own = |field| column(field).or_else(|| column(&spec.text).filter(|_| *field == spec.number));
            Stretch { from: (l.header.first.row, l.from), columns: fields.iter().map(own).collect() }
        };
        let stretches = layouts().map(stretch).collect();
        Self {
            view,
            schedule,
            spec,
            form,
            layout,
            reader: CellReader::new(schedule, None),
            fields,
            stretches,
            cells: Vec::new(),
            rows: Vec::new(),
            keys: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// The columns that hold for a row.
    fn columns(&self, row: u32) -> &[Option<u32>] {
        let reached = self.stretches.iter().rev().find(|s| s.from.1 <= row);
        reached.or(self.stretches.first()).map_or(&[], |s| s.columns.as_slice())
    }

    /// Whether a row is one of a further header.
    fn is_header(&self, row: u32) -> bool {
        self.stretches.iter().skip(1).any(|s| s.from.0 <= row && row < s.from.1)
    }

    fn slot(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| &**f == field)
    }

    pub(super) fn read(&mut self) {
        let from = self.view.position(self.layout.from);
        let rows: Vec<u32> =
            self.view.rows.iter().skip(from).map(|(r, _)| *r).take_while(|r| *r <= self.layout.rows.1).collect();
        for row in rows {
            if self.rows.len() >= MOST_ROWS {
                self.skipped.push((row, Bilingual::new("troppo sotto il modulo", "too far below the form")));
                continue;
            }
            if self.is_header(row) {
                continue;
            }
            if super::again::repeats(self.layout, self.view.row(row)) {
                self.skipped.push((row, Bilingual::new("intestazione ripetuta", "repeated heading")));
                continue;
            }
            let cells = self.cells_of(row);
            let text = self.text_of(&cells, &self.spec.text);
            if self.form.is_optional(&comparable(&text)) {
                self.skipped.push((row, Bilingual::new("riga facoltativa del modulo", "optional row of the form")));
                continue;
            }
            if self.is_title(&cells, &text) {
                self.skipped.push((row, Bilingual::new("sotto-titolo o nota", "sub-title or note")));
                continue;
            }
            if self.continues(&cells, &text) {
                self.join(row, cells);
                continue;
            }
            self.keys.push(self.key(&cells));
            self.cells.push(cells);
            self.rows.push((row, row));
        }
    }

    fn key(&self, cells: &[Cell]) -> RowKey {
        let groups = self.spec.groups.iter().map(|g| comparable(&self.text_of(cells, g))).collect();
        let number = number_key(&self.text_of(cells, &self.spec.number), self.form);
        let text = self.text_of(cells, &self.spec.text);
        let unknown = *text == *UNCALCULATED;
        RowKey { text: comparable(&text), number, groups, unknown }
    }

    /// A row without a printed text or an answer, or with the title of a group of rows, alone or merged over the answer.
    fn is_title(&self, cells: &[Cell], text: &str) -> bool {
        let number = self.text_of(cells, &self.spec.number);
        let known = |t: &str| self.form.is_title(&comparable(t));
        let at = |field: &str| self.slot(field).and_then(|s| cells.get(s)).map(|c| c.at);
        let is_merged = at(&self.spec.answer).is_some_and(|answer| at(&self.spec.text) == Some(answer));
        let no_answer = text::is_blank(&self.text_of(cells, &self.spec.answer));
        if text::is_blank(text) {
            return no_answer && (text::is_blank(&number) || known(&number));
        }
        let is_other = !self.is_printed(text) && number_key(&number, self.form).is_none();
        is_other && (is_merged || no_answer && known(text))
    }

    fn is_printed(&self, text: &str) -> bool {
        self.form.has(&text::squeezed(text))
    }

    /// Whether the row goes on with the printed text that the row above breaks off.
    fn continues(&self, cells: &[Cell], text: &str) -> bool {
        let Some((row, above)) = self.rows.last().zip(self.cells.last()) else { return false };
        let begun = text::squeezed(&self.text_of(above, &self.spec.text));
        let number = self.text_of(cells, &self.spec.number);
        let fits = text.len() < LONGEST && begun.len() < LONGEST && text::is_blank(&number);
        if !fits || begun.len() < BEGUN || text::is_blank(text) || self.form.has(&begun) {
            return false;
        }
        let next = self.slot(&self.spec.text).and_then(|s| cells.get(s)).is_some_and(|c| c.at.row > row.1);
        let whole = begun + text::squeezed(text).as_str();
        next && self.form.begins(&whole)
    }

    /// Adds the cells of a row to those of the row above.
    fn join(&mut self, row: u32, cells: Vec<Cell>) {
        let Some(above) = self.cells.last_mut() else { return };
        for (whole, more) in above.iter_mut().zip(cells) {
            if text::is_blank(&more.text) || more.at == whole.at {
                continue;
            }
            if text::is_blank(&whole.text) {
                *whole = more;
            } else {
                let content = whole.content_mut();
                content.raw = format!("{}\n{}", content.raw, more.raw).into();
                content.text = format!("{} {}", content.text.trim_end(), more.text.trim_start()).into();
                content.value = Value::Text;
            }
        }
        if let Some(rows) = self.rows.last_mut() {
            rows.1 = row;
        }
        let key = self.cells.last().map(|cells| self.key(cells));
        if let (Some(key), Some(last)) = (key, self.keys.last_mut()) {
            *last = key;
        }
    }

    fn text_of(&self, cells: &[Cell], field: &str) -> Arc<str> {
        self.slot(field).and_then(|s| cells.get(s)).map_or_else(|| "".into(), |c| c.text.clone())
    }

    fn cells_of(&self, row: u32) -> Vec<Cell> {
        let columns = self.columns(row);
        let of = |field: &str| self.slot(field).and_then(|slot| columns.get(slot).copied().flatten());
        // What the rows have no column for is missing beside the answer.
        let beside = of(&self.spec.answer).unwrap_or_default();
        let cell = |(field, col): (&Arc<str>, &Option<u32>)| match col {
            Some(col) => self.cell(row, *col, field),
            None => Cell::blank(CellRef::new(row, beside)),
        };
        let mut cells: Vec<Cell> = self.fields.iter().zip(columns).map(cell).collect();
        let shared = self
            .slot(&self.spec.number)
            .zip(self.slot(&self.spec.text))
            .filter(|_| of(&self.spec.number) == of(&self.spec.text));
        if let Some((number, text)) = shared {
            let whole = cells.get(text).map_or_else(|| Arc::from(""), |c| c.text.clone());
            let (head, rest) = split_number(&whole, self.form).map_or(("", &*whole), |(n, r)| (n, r));
            let (head, rest): (Arc<str>, Arc<str>) = (head.into(), rest.into());
            for (slot, part) in [(number, head), (text, rest)] {
                if let Some(cell) = cells.get_mut(slot) {
                    let value = if part.is_empty() { Value::Missing(Missing::Blank) } else { Value::Text };
                    *cell.content_mut() = Content { raw: cell.raw.clone(), text: part, value };
                }
            }
        }
        cells
    }

    fn cell(&self, row: u32, col: u32, field: &str) -> Cell {
        let here = CellRef::new(row, col);
        let at = self.view.merged(here).map_or(here, |a| a.first);
        let mut flags = Flags::default();
        if at.row != row {
            flags.insert(Flag::FilledDown);
        }
        let spec = self.schedule.field(field);
        let Some(found) = self.view.sheet.get(at) else {
            return Cell::new(at, flags, Content::blank());
        };
        let shown = shown(found);
        // A number or date in an answer is a value of its own kind, even where text is asked.
        let stored = number(found);
        let (value, more) = match stored {
            Some(_) if field == &*self.spec.answer => self.reader.read(&shown, stored, None),
            _ => self.reader.read(&shown, None, spec),
        };
        let value = formula_value(found).unwrap_or(value);
        Cell::new(at, flags.and(more), Content::found(shown, value))
    }

    /// The table, ended at the last row of the form; rows below it are told as skipped.
    pub(super) fn into_table(self, layout: &Layout, entries: &[Option<usize>]) -> (Table, Vec<Option<usize>>) {
        let last = entries.iter().rposition(Option::is_some).map_or(0, |i| i + 1);
        let mut table = Table {
            columns: layout.columns.clone(),
            fields: self.fields.clone(),
            ..Table::new(self.schedule.kind.clone(), self.view.number, self.view.sheet.name.clone(), layout.header)
        };
        let mut others = self.skipped;
        for (i, (row, cells)) in self.rows.iter().zip(self.cells).enumerate() {
            if i >= last {
                others.push((row.0, Bilingual::new("sotto la tabella", "below the table")));
                continue;
            }
            let slots = cells.into_iter().map(|cell| FieldSlot::One(table.push(cell))).collect();
            table.records.push(Record { rows: *row, slots });
        }
        let end = table.records.last().map_or(layout.header.last.row, |r| r.rows.1);
        table.area = Area::new(layout.header.first, CellRef::new(end, layout.header.last.col));
        others.sort_by_key(|(row, _)| *row);
        table.reading.skipped = others.into_iter().map(|(row, why)| skipped(self.view, layout, row, why)).collect();
        (table, entries.get(..last).unwrap_or_default().to_vec())
    }
}

/// A text in words, empty where it is too long to be a printed row.
fn comparable(text: &str) -> String {
    if text.len() < LONGEST { text::words(text) } else { String::new() }
}

/// A number as the form writes it (`1,1` and `1.1.` are 1.1, `2.a` is 2.A), if it is one of the form's.
pub(super) fn number_key(found: &str, form: &Form) -> Option<String> {
    let key: String = found.trim().trim_end_matches(['.', ')']).replace(',', ".").split_whitespace().collect();
    form.number(&key).map(str::to_owned)
}

/// `1.1 Gli obiettivi …` and `2.B.1) Contratti` as number and text.
pub(super) fn split_number<'t>(whole: &'t str, form: &Form) -> Option<(&'t str, &'t str)> {
    let trimmed = whole.trim_start();
    // A number is short: of endless texts only the beginning is looked at.
    let head = trimmed.get(..trimmed.floor_char_boundary(LONGEST_NUMBER)).unwrap_or(trimmed);
    let is_figure = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let figures = head.find(|c: char| !is_figure(c));
    // A number with letters ends with its word: «1.1Gli» does not.
    let lettered = head.find(|c: char| !is_figure(c) && !c.is_ascii_alphabetic());
    let at = |end: Option<usize>| end.map(|end| trimmed.split_at(end)).filter(|(n, _)| number_key(n, form).is_some());
    let (number, rest) = at(lettered).or_else(|| at(figures))?;
    Some((number.trim_end_matches('.'), rest.trim_start_matches([')', '-', '–', ':', '.', ' ', '\u{a0}']).trim_start()))
}
