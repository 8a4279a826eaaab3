//! What registers say of objectives and indicators, joined by code over tables and documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::choices::usual_level;
use super::items;
use super::judge::says_nothing;
use super::years::{self, Span};
use crate::model::{Anchor, Area, Cell, Lang, Missing, Place, Record, Table, Unit, Value};
use crate::pack::{Pack, Packs};
use crate::text;

/// Kinds of schedule that are registers.
pub(super) const KINDS: [&str; 2] = ["obiettivi", "indicatori"];

/// One objective, with what its rows say of it, each from the first row that says it.
#[derive(Debug, Clone)]
pub(super) struct Objective {
    pub(super) code: String,
    pub(super) title: String,
    /// What its level is called, by its own cell or by heading or sheet.
    pub(super) level: Option<String>,
    /// Whether that is its own cell.
    pub(super) is_level_own: bool,
    pub(super) years: Vec<Span>,
    pub(super) funds: Option<Cell>,
    pub(super) staff: Option<Cell>,
    pub(super) office: Option<Cell>,
    pub(super) is_placeholder: bool,
    pub(super) place: Place,
    pub(super) indicators: Vec<Indicator>,
    /// The table it was first met in.
    table: usize,
}

/// One indicator of an objective.
#[derive(Debug, Clone)]
pub(super) struct Indicator {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) formula: Option<String>,
    pub(super) unit: Option<Cell>,
    /// Targets with the years of their columns; none for a column of no year.
    pub(super) targets: Vec<(Option<i16>, Cell)>,
    pub(super) is_placeholder: bool,
    pub(super) place: Place,
}

impl Indicator {
    /// What makes two indicators one: the code, else name and formula.
    pub(super) fn identity(&self) -> String {
        if self.code.is_empty() {
            format!(
                "{}|{}",
                text::identity(&self.name),
                self.formula.as_deref().map(text::identity).unwrap_or_default()
            )
        } else {
            coded(&self.code)
        }
    }
}

/// All that registers say.
#[derive(Debug, Default)]
pub(super) struct Registers {
    pub(super) objectives: Vec<Objective>,
    /// Strategic objectives that appear only above operational ones: text and place, each once.
    pub(super) parents: Vec<(String, Place)>,
    /// Indicators with the code of no objective that is there.
    pub(super) orphans: Vec<(String, Place)>,
    /// Fields that some register has.
    pub(super) fields: Vec<Arc<str>>,
    /// Years in the headings of targets.
    pub(super) target_years: Vec<i16>,
    /// How many tables were read.
    pub(super) tables: usize,
    by_key: BTreeMap<String, Vec<usize>>,
}

/// A table as it is read.
struct Source<'a> {
    path: &'a str,
    table: &'a Table,
    number: usize,
    placeholders: &'a [String],
    lang: Lang,
}

impl Registers {
    /// Reads the registers of some documents.
    pub(super) fn of(documents: &[super::Source<'_>], packs: &Packs, lang: Lang) -> Self {
        let mut all = Self::default();
        let tables: Vec<(&str, &Table)> = documents
            .iter()
            .flat_map(|(path, document)| document.tables.iter().map(move |table| (*path, table)))
            .filter(|(_, table)| KINDS.contains(&&*table.kind))
            .collect();
        let placeholders =
            |pack: Option<&Arc<Pack>>| pack.map_or_else(Vec::new, |p| p.schedule.values.placeholders.clone());
        let lists: Vec<Vec<String>> = tables.iter().map(|(_, t)| placeholders(packs.get(&t.kind))).collect();
        let sources: Vec<Source<'_>> = tables
            .iter()
            .zip(&lists)
            .enumerate()
            .map(|(number, ((path, table), placeholders))| Source { path, table, number, placeholders, lang })
            .collect();
        all.tables = sources.len();
        for source in &sources {
            all.fields.extend(source.table.fields.iter().cloned());
            let headings = source.table.columns.iter().filter(|c| c.field.as_deref() == Some("target_anno_n"));
            all.target_years.extend(headings.filter_map(|c| years::of_heading(&c.heading)));
        }
        all.fields.sort();
        all.fields.dedup();
        all.target_years.sort_unstable();
        all.target_years.dedup();
        // Objectives before the tables that name them by code alone.
        let (own, joined): (Vec<_>, Vec<_>) = sources.iter().partition(|s| s.has("obiettivo"));
        for source in own {
            all.read(source);
        }
        for source in joined {
            all.join(source);
        }
        all
    }

    fn read(&mut self, source: &Source<'_>) {
        self.parents(source);
        let Some(objectives) = source.table.entity("obiettivo") else { return };
        for unit in &objectives.units {
            if let Some(objective) = source.objective(unit) {
                let at = self.add(objective);
                for indicator in source.indicators(unit) {
                    self.give(at, indicator);
                }
            }
        }
    }

    /// A table that names objectives by their codes, or indicators by theirs.
    fn join(&mut self, source: &Source<'_>) {
        for entity in &source.table.entities {
            if &*entity.name != "indicatore" && source.table.entity("indicatore").is_some() {
                continue;
            }
            for unit in &entity.units {
                let found = if &*entity.name == "indicatore" { source.of_unit(unit) } else { Vec::new() };
                let own = source.text(unit, "codice_obiettivo").unwrap_or_default();
                let at = self.by_code(&own);
                for indicator in found {
                    match at {
                        Some(at) => self.give(at, indicator),
                        None if own.is_empty() && self.complete(&indicator) => {}
                        None => self.orphans.push((named(&indicator), indicator.place)),
                    }
                }
            }
        }
    }

    fn by_code(&self, code: &str) -> Option<usize> {
        if code.is_empty() {
            return None;
        }
        self.by_key.get(&by_code(code)).and_then(|all| all.first()).copied()
    }

    /// Adds an objective, or to the one that it is.
    fn add(&mut self, new: Objective) -> usize {
        let key = if new.code.is_empty() { format!("t{}", text::identity(&new.title)) } else { by_code(&new.code) };
        let is_same = |own: &&usize| self.objectives.get(**own).is_some_and(|o| o.is(&new));
        if let Some(at) = self.by_key.get(&key).and_then(|all| all.iter().find(is_same)).copied() {
            if let Some(own) = self.objectives.get_mut(at) {
                own.take(new);
            }
            return at;
        }
        let at = self.objectives.len();
        self.by_key.entry(key).or_default().push(at);
        self.objectives.push(new);
        at
    }

    /// Gives an objective an indicator, which it may have already.
    fn give(&mut self, at: usize, new: Indicator) {
        let Some(objective) = self.objectives.get_mut(at) else { return };
        match objective.indicators.iter_mut().find(|own| own.identity() == new.identity()) {
            Some(own) => own.take(new),
            None => objective.indicators.push(new),
        }
    }

    /// Completes the indicators of that code; whether there are any.
    fn complete(&mut self, values: &Indicator) -> bool {
        let code = coded(&values.code);
        let all = self.objectives.iter_mut().flat_map(|o| &mut o.indicators);
        let mut found = false;
        for own in all.filter(|own| !code.is_empty() && coded(&own.code) == code) {
            own.take(values.clone());
            found = true;
        }
        found
    }

    /// Strategic objectives that stand only above others.
    fn parents(&mut self, source: &Source<'_>) {
        const FIELD: &str = "obiettivo_strategico_codice_o_titolo";
        let (Some(slot), Some(objectives)) = (source.table.slot(FIELD), source.table.entity("obiettivo")) else {
            return;
        };
        let is_strategic = |heading: &str| {
            let words = format!(" {}", text::words(heading));
            words.contains(" obiettiv")
                && [" strategic", " specific", " valore pubblico"].iter().any(|w| words.contains(w))
        };
        let headed = source.table.column_of(FIELD).is_some_and(|c| is_strategic(&c.heading));
        for unit in &objectives.units {
            let Some(cell) = unit.slots.first(slot).and_then(|id| source.table.cell(id)) else { continue };
            if says_nothing(cell, source.placeholders) || !(headed || is_strategic(&cell.text)) {
                continue;
            }
            let identity = text::identity(&cell.text);
            if !self.parents.iter().any(|(text, _)| text::identity(text) == identity) {
                self.parents.push((text::one_line(&cell.text, 200), source.place(cell, &cell.text)));
            }
        }
    }
}

impl Objective {
    /// Whether another of its code, or title, is this one. Registers may number anew, and what stands for a code may be
    /// that of the objective above: titles that have little in common are of two.
    fn is(&self, other: &Self) -> bool {
        if self.title.is_empty() || other.title.is_empty() {
            return true;
        }
        let (own, new) = (text::identity(&self.title), text::identity(&other.title));
        let least = if self.table == other.table { 0.5 } else { 0.8 };
        own == new || text::similarity(&own, &new) > least
    }

    /// What another row of the same objective says beside.
    fn take(&mut self, new: Self) {
        let fill = |own: &mut Option<Cell>, new: Option<Cell>| {
            if own.as_ref().is_none_or(|c| c.value.is_missing()) && new.is_some() {
                *own = new;
            }
        };
        fill(&mut self.funds, new.funds);
        fill(&mut self.staff, new.staff);
        fill(&mut self.office, new.office);
        if self.title.is_empty() || self.is_placeholder && !new.is_placeholder {
            self.title = new.title;
            self.is_placeholder = new.is_placeholder;
        }
        if self.level.is_none() || new.is_level_own && !self.is_level_own {
            self.level = new.level;
            self.is_level_own = new.is_level_own;
        }
        self.years.extend(new.years);
    }
}

impl Indicator {
    fn take(&mut self, new: Self) {
        if self.formula.is_none() {
            self.formula = new.formula;
        }
        if self.unit.is_none() {
            self.unit = new.unit;
        }
        self.targets.extend(new.targets);
    }
}

fn by_code(code: &str) -> String {
    format!("c{}", coded(code))
}

/// A code as it is compared: `OB 1.2` is `ob1.2`, `OB-1-2.` too; `OB 12` is another.
fn coded(code: &str) -> String {
    let sign = |c: char| if matches!(c, '-' | '_' | '/' | '–') { '.' } else { c };
    let plain: String = text::normal(code).chars().filter(|c| !c.is_whitespace()).map(sign).collect();
    let first = plain.find(|c: char| c.is_ascii_digit());
    // Letters and figures may stand with or without a sign between.
    let (letters, rest) = plain.split_at(first.unwrap_or(plain.len()));
    format!("{}{}", letters.trim_matches('.'), rest.trim_end_matches('.'))
}

fn named(indicator: &Indicator) -> String {
    if indicator.name.is_empty() { indicator.code.clone() } else { indicator.name.clone() }
}

impl Source<'_> {
    fn has(&self, field: &str) -> bool {
        self.table.slot(field).is_some()
    }

    fn cell(&self, unit: &Unit, field: &str) -> Option<&Cell> {
        let cells = unit.slots.cells(self.table.slot(field)?);
        let said = || cells.iter().filter_map(|id| self.table.cell(id));
        said().find(|c| !c.value.is_missing()).or_else(|| said().next())
    }

    /// The text of a field, if it says something.
    fn text(&self, unit: &Unit, field: &str) -> Option<String> {
        let says = |c: &&Cell| !says_nothing(c, self.placeholders) && c.value != Value::Uncalculated;
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
        let value = if is_filler { Value::Missing(Missing::Placeholder) } else { cell.value.clone() };
        Cell { value, ..cell.clone() }
    }

    fn place(&self, cell: &Cell, unit: &str) -> Place {
        let (sheet_index, sheet, area) = self.table.locate(Area::cell(cell.at));
        Place {
            path: Some(self.table.path.as_deref().unwrap_or(self.path).to_owned()),
            sheet_index,
            sheet: Some(sheet),
            area: Some(area),
            line: None,
            anchor: Anchor::new(text::one_line(unit, 120), ""),
            value: Some(cell.raw.clone()).filter(|raw| !raw.is_empty()),
        }
    }

    fn objective(&self, unit: &Unit) -> Option<Objective> {
        let code = self.text(unit, "codice_obiettivo").unwrap_or_default();
        let titled = self.cell(unit, "obiettivo");
        // A code with a filler for a title is no objective yet; a code alone is one.
        let is_blank = titled.is_none_or(|c| c.value == Value::Missing(Missing::Blank));
        let is_placeholder = !is_blank && titled.is_some_and(|c| says_nothing(c, self.placeholders));
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
    fn indicators(&self, objective: &Unit) -> Vec<Indicator> {
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
            name: text::one_line(&cell.text, 200),
            formula: None,
            unit: None,
            targets: Vec::new(),
            is_placeholder: true,
            place: self.place(cell, &cell.text),
        };
        cells.filter(is_filler).map(filler).collect()
    }

    /// The indicator of a unit; several where one cell holds a list of them.
    fn of_unit(&self, unit: &Unit) -> Vec<Indicator> {
        let titled = self.cell(unit, "indicatore");
        let code = self.text(unit, "codice_indicatore").unwrap_or_default();
        let is_placeholder = titled.is_none_or(|c| says_nothing(c, self.placeholders));
        let coded = self.cell(unit, "codice_indicatore").filter(|_| !code.is_empty());
        let Some(at) = titled.filter(|c| !c.value.is_missing()).or(coded) else { return Vec::new() };
        let name = titled.map(|c| self.name(c)).unwrap_or_default();
        let formula = self.text(unit, "formula_di_calcolo");
        let whole = Indicator {
            place: self.place(at, &self.lang.pick(format!("indicatore {name}"), format!("indicator {name}"))),
            unit: self.cell(unit, "unita_di_misura").filter(|c| !c.value.is_missing()).cloned(),
            targets: self.targets(unit),
            is_placeholder: is_placeholder && code.is_empty(),
            formula,
            name,
            code,
        };
        let names = titled.map_or_else(Vec::new, |c| items::of(&c.text));
        if names.len() < 2 {
            return vec![whole];
        }
        // A list in the other cells belongs to it item by item, where it has as many.
        let listed = |text: Option<&str>| text.map(items::of).filter(|own| own.len() == names.len());
        let formula = self.cell(unit, "formula_di_calcolo").map(|c| c.text.clone());
        let formulas = listed(formula.as_deref());
        names
            .iter()
            .enumerate()
            .map(|(i, name)| Indicator {
                name: name.clone(),
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

#[cfg(test)]
mod tests {
    use super::coded;

    #[test]
    fn codes_are_one_however_they_are_spaced_and_signed() {
        assert!(["OB 1.2", "ob.1.2", "OB-1-2", "OB_1.2."].iter().all(|code| coded(code) == "ob1.2"));
        assert_ne!(coded("S1.1"), coded("S11"));
    }
}
