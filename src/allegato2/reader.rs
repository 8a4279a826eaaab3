//! One table of a register: what its units say of objectives and indicators.

use super::choices::usual_level;
use super::items;
use super::judge::says_nothing;
use super::objective::{Indicator, Objective};
use super::years;
use crate::model::{Anchor, Area, Cell, Lang, Missing, Place, Record, Table, Unit, Value};
use crate::pack::Packs;
use crate::text;

/// A table as it is read.
pub(super) struct Reader<'a> {
    path: &'a str,
    pub(super) table: &'a Table,
    /// Which of the tables it is.
    number: usize,
    /// What its kind takes for a value to come.
    placeholders: &'a [String],
    lang: Lang,
}

impl<'a> Reader<'a> {
    pub(super) fn new((path, table): (&'a str, &'a Table), number: usize, packs: &'a Packs, lang: Lang) -> Self {
        let placeholders = packs.get(&table.kind).map_or(&[][..], |pack| pack.schedule.values.placeholders.as_slice());
        Self { path, table, number, placeholders, lang }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.table.slot(field).is_some()
    }

    pub(super) fn cell(&self, unit: &Unit, field: &str) -> Option<&Cell> {
        let cells = unit.slots.cells(self.table.slot(field)?);
        let said = || cells.iter().filter_map(|id| self.table.cell(id));
        said().find(|c| !c.value.is_missing()).or_else(|| said().next())
    }

    /// Whether a cell stands for nothing.
    pub(super) fn says_nothing(&self, cell: &Cell) -> bool {
        says_nothing(cell, self.placeholders)
    }

    /// The text of a field, if it says something.
    pub(super) fn text(&self, unit: &Unit, field: &str) -> Option<String> {
        let says = |c: &&Cell| !self.says_nothing(c) && c.value != Value::Uncalculated;
        self.cell(unit, field).filter(says).map(|cell| text::one_line(&cell.text, 2000))
    }

    /// What a cell is called: its text; of a formula without result, where it stands.
    fn name(&self, cell: &Cell) -> String {
        if cell.value == Value::Uncalculated {
            let (_, sheet, area) = self.table.locate(Area::cell(cell.at));
            return format!("{sheet}!{area}");
        }
        text::one_line(&cell.text, 2000)
    }

    /// The cell of a field, a filler of the kind told as one.
    fn said(&self, unit: &Unit, field: &str) -> Option<Cell> {
        self.cell(unit, field).map(|cell| self.unfilled(cell))
    }

    fn unfilled(&self, cell: &Cell) -> Cell {
        let normal = text::normal(&cell.text);
        let is_filler = !normal.is_empty() && self.placeholders.iter().any(|p| text::normal(p) == normal);
        let mut cell = cell.clone();
        if is_filler {
            cell.content_mut().value = Value::Missing(Missing::Placeholder);
        }
        cell
    }

    /// Where a cell stands, which says something of what is named.
    pub(super) fn place(&self, cell: &Cell, name: &str) -> Place {
        let anchor = Anchor::new(text::one_line(name, 120), "");
        Place { anchor, ..self.table.place_of(cell, self.path) }
    }

    /// The objective of a unit, without its indicators; none where nothing names one.
    pub(super) fn objective(&self, unit: &Unit) -> Option<Objective> {
        let code = self.text(unit, "codice_obiettivo").unwrap_or_default();
        let titled = self.cell(unit, "obiettivo");
        // A code with a filler for a title is no objective yet; a code alone is one.
        let is_blank = titled.is_none_or(|c| c.value == Value::Missing(Missing::Blank));
        let is_placeholder = !is_blank && titled.is_some_and(|c| self.says_nothing(c));
        if is_blank && code.is_empty() {
            return None;
        }
        let title = titled.map(|c| self.name(c)).unwrap_or_default();
        let coded = self.cell(unit, "codice_obiettivo").filter(|_| !code.is_empty());
        let at = titled.filter(|_| !is_blank).or(coded)?;
        let name = if code.is_empty() { &title } else { &code };
        let own = self.text(unit, "livello");
        let years = unit.slots.cells(self.table.slot("anno_periodo").unwrap_or(usize::MAX));
        Some(Objective {
            place: self.place(at, &self.lang.pick(format!("obiettivo {name}"), format!("objective {name}"))),
            is_level_own: own.is_some(),
            level: own.or_else(|| self.headed_level()),
            years: years.iter().filter_map(|id| years::of_text(&self.table.cell(id)?.text)).collect(),
            funds: self.said(unit, "risorse_finanziarie"),
            staff: self.said(unit, "risorse_umane"),
            office: self.said(unit, "sede_territoriale"),
            indicators: Vec::new(),
            table: self.number,
            is_placeholder,
            code,
            title,
        })
    }

    /// The level that headings or the sheet tell: «Obiettivo operativo».
    fn headed_level(&self) -> Option<String> {
        let heading = |field: &str| self.table.column_of(field).map(|c| c.heading.to_string());
        // What the objective itself is called goes before what its code or the sheet is.
        let told = [heading("obiettivo"), heading("codice_obiettivo"), Some(self.table.sheet_name.to_string())];
        told.into_iter().flatten().find(|text| usual_level(text).is_some())
    }

    /// The indicators on the rows of an objective.
    pub(super) fn indicators(&self, objective: &Unit) -> Vec<Indicator> {
        let (first, last) = objective.records;
        let Some(entity) = self.table.entity("indicatore") else { return Vec::new() };
        let from = entity.units.partition_point(|u| u.records.1 < first);
        let own = entity.units.iter().skip(from).take_while(|u| u.records.0 <= last);
        own.flat_map(|unit| self.of_unit(unit)).chain(self.fillers(objective)).collect()
    }

    /// Fillers in place of indicators («Kpi non definito»): they are no units of their own.
    fn fillers(&self, objective: &Unit) -> Vec<Indicator> {
        let Some(slot) = self.table.slot("indicatore") else { return Vec::new() };
        let cells = objective.slots.cells(slot).iter().filter_map(|id| self.table.cell(id));
        let is_filler = |c: &&Cell| c.value.is_missing() && c.value != Value::Missing(Missing::Blank);
        let filler = |cell: &Cell| Indicator {
            code: String::new(),
            title: text::one_line(&cell.text, 200),
            formula: None,
            unit: None,
            targets: Vec::new(),
            is_placeholder: true,
            place: self.place(cell, &cell.text),
        };
        cells.filter(is_filler).map(filler).collect()
    }

    /// The indicator of a unit; several where one cell holds a list of them.
    pub(super) fn of_unit(&self, unit: &Unit) -> Vec<Indicator> {
        let named = self.cell(unit, "indicatore");
        let code = self.text(unit, "codice_indicatore").unwrap_or_default();
        let is_placeholder = named.is_none_or(|c| self.says_nothing(c));
        let coded = self.cell(unit, "codice_indicatore").filter(|_| !code.is_empty());
        let Some(at) = named.filter(|c| !c.value.is_missing()).or(coded) else { return Vec::new() };
        let title = named.map(|c| self.name(c)).unwrap_or_default();
        let formula = self.text(unit, "formula_di_calcolo");
        let whole = Indicator {
            place: self.place(at, &self.lang.pick(format!("indicatore {title}"), format!("indicator {title}"))),
            unit: self.cell(unit, "unita_di_misura").filter(|c| !c.value.is_missing()).cloned(),
            targets: self.targets(unit),
            is_placeholder: is_placeholder && code.is_empty(),
            formula,
            title,
            code,
        };
        let titles = named.map_or_else(Vec::new, |c| items::of(&c.text));
        if titles.len() < 2 {
            return vec![whole];
        }
        // A list in the other cells belongs to it item by item, where it has as many.
        let listed = |text: Option<&str>| text.map(items::of).filter(|own| own.len() == titles.len());
        let formula = self.cell(unit, "formula_di_calcolo").map(|c| c.text.clone());
        let formulas = listed(formula.as_deref());
        titles
            .iter()
            .enumerate()
            .map(|(i, title)| Indicator {
                title: title.clone(),
                formula: formulas.as_ref().map_or_else(|| whole.formula.clone(), |all| all.get(i).cloned()),
                code: if whole.code.is_empty() { String::new() } else { format!("{} {}", whole.code, i + 1) },
                ..whole.clone()
            })
            .collect()
    }

    /// The targets of a unit, each with the year that its heading says.
    fn targets(&self, unit: &Unit) -> Vec<(Option<i16>, Cell)> {
        let Some(slot) = self.table.slot("target_anno_n") else { return Vec::new() };
        let columns: Vec<_> = self
            .table
            .columns
            .iter()
            .filter(|c| c.field.as_deref() == Some("target_anno_n"))
            .map(|c| &*c.heading)
            .collect();
        let years = years::of_headings(&columns);
        let (first, last) = unit.records;
        let records = self.table.records.get(first as usize..=last as usize).unwrap_or_default();
        let of_record = |record: &Record| -> Vec<(Option<i16>, Cell)> {
            let cells = record.slots.cells(slot);
            let cells = cells.iter().zip(years.iter().copied().chain(std::iter::repeat(None)));
            cells.filter_map(|(id, year)| Some((year, self.unfilled(self.table.cell(id)?)))).collect()
        };
        records.iter().flat_map(of_record).collect()
    }
}
