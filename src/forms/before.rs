//! What the document of the year before says in the place of each cell.

use crate::model::{BlankColumn, Cell, CellId, Document, Lang, Record, Table, Unit};
use crate::pack::{Entry, FieldSource, FieldSpec, ModelColumn, Pack};
use crate::text;

/// Characters of a hint.
const LONGEST: usize = 1_500;
/// Rows of a register whose hints are given: a note is a drawing, and thousands of drawings make a slow workbook.
const MOST_ROWS: usize = 400;

/// The document of the year before, where there is one.
pub(super) struct Before<'a> {
    pack: &'a Pack,
    document: Option<&'a Document>,
    lang: Lang,
}

impl<'a> Before<'a> {
    pub(super) fn new(pack: &'a Pack, document: Option<&'a Document>, lang: Lang) -> Self {
        Self { pack, document, lang }
    }

    /// The year of the document.
    pub(super) fn year(&self) -> Option<i16> {
        year_in(&self.document?.head.get(self.pack.schedule.year()?)?.text)
    }

    /// Whether there is one.
    pub(super) fn is_there(&self) -> bool {
        self.document.is_some()
    }

    /// How many of its records give no hints, because they are too many.
    pub(super) fn records_left(&self) -> usize {
        self.tables().map(|t| t.records.len()).sum::<usize>().saturating_sub(MOST_ROWS)
    }

    /// What a datum of its head says.
    pub(super) fn datum(&self, name: &str) -> Option<String> {
        self.hint(&self.document?.head.get(name)?.text)
    }

    fn tables(&self) -> impl Iterator<Item = &'a Table> {
        let kind = self.pack.schedule.kind.clone();
        self.document.into_iter().flat_map(|d| &d.tables).filter(move |t| t.kind == kind)
    }

    fn hint(&self, said: &str) -> Option<String> {
        let said = said.trim();
        if said.is_empty() {
            return None;
        }
        let said = if said.chars().count() > LONGEST { text::one_line(said, LONGEST) } else { said.to_owned() };
        Some(match self.year() {
            Some(year) => format!("{year}: {said}"),
            None => format!("{}: {said}", self.lang.pick("Anno precedente", "The year before")),
        })
    }

    fn cell(&self, table: &'a Table, id: Option<CellId>) -> Option<String> {
        self.hint(&table.cell(id?)?.text)
    }

    /// The unit with a number, and its table.
    fn unit(&self, variant: Option<&str>, number: &str, by: &str) -> Option<(&'a Table, &'a Unit)> {
        self.tables().filter(|t| variant.is_none() || t.variant.as_deref() == variant).find_map(|table| {
            let slot = table.slot(by)?;
            let is_it = |unit: &&Unit| {
                let cell = unit.slots.first(slot).and_then(|id| table.cell(id));
                cell.is_some_and(|c| c.text.trim().trim_end_matches(['.', ')']) == number)
            };
            Some((table, table.entities.first()?.units.iter().find(is_it)?))
        })
    }

    /// What stands in the column of a question.
    pub(super) fn of(&self, key: &str, field: &str) -> Option<String> {
        let by = &self.pack.schedule.questionnaire.as_ref()?.number;
        let (table, unit) = self.unit(None, key, by)?;
        self.cell(table, unit.slots.first(table.slot(field)?))
    }

    /// What was answered in a row of the form, the `nth` of those alike.
    pub(super) fn answer(&self, entry: &Entry, nth: usize) -> Option<String> {
        let spec = self.pack.schedule.questionnaire.as_ref()?;
        let (role, key) = (entry.get("role")?, entry.get("key")?);
        if entry.is_question() {
            return self.of(key, &spec.answer);
        }
        let name = entry.get("detail").unwrap_or(role);
        let of_rows = |f: &&FieldSpec| f.source == FieldSource::Rows && f.role.iter().any(|r| r == name);
        let field = self.pack.schedule.fields.iter().find(of_rows)?;
        // Annotations belong to all the questions of their group.
        let form = self.pack.form()?;
        let of_group = || form.entries.iter().find(|e| e.is_question() && e.get("group") == entry.get("group"));
        let number = if role == "annotations" { of_group()?.get("key")? } else { key };
        let (table, unit) = self.unit(None, number, &spec.number)?;
        self.cell(table, unit.slots.cells(table.slot(&field.name)?).get(nth))
    }

    /// What stands in a column of a counted row.
    pub(super) fn count(&self, variant: &str, key: &str, field: &str) -> Option<String> {
        let by = &self.pack.schedule.counts.as_ref()?.number;
        let (table, unit) = self.unit(Some(variant), key, by)?;
        self.cell(table, unit.slots.first(table.slot(field)?))
    }

    /// The hints of a register, record by record, one for each column.
    pub(super) fn rows(&self, columns: &[BlankColumn], specs: &[ModelColumn]) -> Vec<Vec<Option<String>>> {
        let mut rows = Vec::new();
        for table in self.tables() {
            let sources: Vec<Option<u32>> = (0..specs.len()).map(|at| source(table, at, columns, specs)).collect();
            for record in table.records.iter().take(MOST_ROWS.saturating_sub(rows.len())) {
                let cells = sources.iter().zip(specs).map(|(column, spec)| {
                    let cell = in_column(table, record, &spec.field, (*column)?)?;
                    self.hint(&cell.text)
                });
                rows.push(cells.collect());
            }
        }
        rows
    }
}

/// The column of the table before that a column of the form goes on: of several of its field the one of the same year, else
/// the one in the same place among them.
fn source(table: &Table, at: usize, columns: &[BlankColumn], specs: &[ModelColumn]) -> Option<u32> {
    let field = &specs.get(at)?.field;
    let there = || table.columns.iter().filter(|c| c.field.as_ref() == Some(field));
    let year = columns.get(at).and_then(|c| year_in(&c.heading));
    let same = year.and_then(|year| there().find(|c| year_in(&c.heading) == Some(year)));
    let nth = specs.iter().take(at).filter(|s| s.field == *field).count();
    same.or_else(|| there().nth(nth)).map(|c| c.heading_area.first.col)
}

/// The first year in a heading.
fn year_in(heading: &str) -> Option<i16> {
    let figures = heading.split(|c: char| !c.is_ascii_digit()).filter(|f| f.len() == 4);
    figures.filter_map(|f| f.parse().ok()).find(|year| (1990..2100).contains(year))
}

/// The cell of a field in a column.
fn in_column<'t>(table: &'t Table, record: &Record, field: &str, column: u32) -> Option<&'t Cell> {
    let cells = record.slots.cells(table.slot(field)?);
    let all = || cells.iter().filter_map(|id| table.cell(id));
    let single = cells.len() == 1;
    all().find(|c| c.at.col == column).or_else(|| all().next().filter(|_| single))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_of_a_heading_is_found_among_its_words() {
        assert_eq!(year_in("Target 2026"), Some(2026));
        assert_eq!(year_in("Valore atteso (2025)"), Some(2025));
        assert_eq!(year_in("Target N+1"), None);
        assert_eq!(year_in("Delibera 12345"), None);
    }
}
