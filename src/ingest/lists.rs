//! The options of answer lists, looked up once all sheets are read.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::sheet::{List, area};
use super::workbook::DefinedName;
use crate::model::{Area, CellRef, Dropdown, Scalar, Sheet};

/// Bounds against many lists over large ranges: options of one list, options of all, cells looked at for all.
const OPTIONS: usize = 1 << 15;
const ALL_OPTIONS: usize = 1 << 20;
const LOOKED_AT: usize = 1 << 21;
/// Names that lead to names.
const NAMES: usize = 8;

/// Looks up options among the sheets of a workbook.
pub(crate) struct Lookup<'a> {
    sheets: &'a [Sheet],
    /// Position of each sheet among all sheets of the workbook, as defined names count them.
    positions: &'a [u32],
    names: BTreeMap<(Option<u32>, String), &'a str>,
    by_name: BTreeMap<String, usize>,
    known: BTreeMap<(usize, Area), Vec<Arc<str>>>,
    /// The texts of cells that hold none, by sheet and position: lists overlap.
    written: HashMap<(usize, usize), Arc<str>>,
    options: usize,
    looked_at: usize,
    /// A list was left without options for its size.
    pub(crate) cut: bool,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(sheets: &'a [Sheet], positions: &'a [u32], names: &'a [DefinedName]) -> Self {
        let names = names.iter().map(|n| ((n.local, n.name.to_lowercase()), n.formula.as_str())).collect();
        let by_name = sheets.iter().enumerate().map(|(i, s)| (s.name.to_lowercase(), i)).collect();
        let (known, written) = (BTreeMap::new(), HashMap::new());
        Self { sheets, positions, names, by_name, known, written, options: 0, looked_at: 0, cut: false }
    }

    /// The lists of one sheet with their options, empty where the formula is not a plain list or range.
    pub(crate) fn dropdowns(&mut self, sheet: usize, lists: Vec<List>) -> Vec<Dropdown> {
        lists.into_iter().map(|l| Dropdown { options: self.options(sheet, &l.formula), areas: l.areas }).collect()
    }

    fn options(&mut self, sheet: usize, formula: &str) -> Vec<Arc<str>> {
        // Beyond the bound no list gets options any more.
        if self.options > ALL_OPTIONS {
            return Vec::new();
        }
        let options = match literal(formula) {
            Some(options) => options,
            None => match self.reference(sheet, formula, NAMES) {
                Some((sheet, area)) => self.range(sheet, area),
                None => Vec::new(),
            },
        };
        self.options += options.len();
        if self.options > ALL_OPTIONS {
            self.cut = true;
            return Vec::new();
        }
        options
    }

    /// The sheet and area that a formula written on `sheet` leads to.
    fn reference(&self, sheet: usize, formula: &str, names: usize) -> Option<(usize, Area)> {
        let formula = formula.trim().trim_start_matches('=');
        if let Some((on, place)) = formula.rsplit_once('!') {
            let on = match on.strip_prefix('\'').and_then(|o| o.strip_suffix('\'')) {
                Some(quoted) => quoted.replace("''", "'"),
                None => on.to_owned(),
            };
            let on = *self.by_name.get(&on.to_lowercase())?;
            return area(place).map(|a| (on, a)).or_else(|| self.named(on, place, names));
        }
        area(formula).map(|a| (sheet, a)).or_else(|| self.named(sheet, formula, names))
    }

    fn named(&self, sheet: usize, name: &str, names: usize) -> Option<(usize, Area)> {
        let names = names.checked_sub(1)?;
        let name = name.to_lowercase();
        let position = self.positions.get(sheet).copied();
        let formula = self.names.get(&(position, name.clone())).or_else(|| self.names.get(&(None, name)))?;
        self.reference(sheet, formula, names)
    }

    fn range(&mut self, on: usize, area: Area) -> Vec<Arc<str>> {
        if let Some(known) = self.known.get(&(on, area)) {
            return known.clone();
        }
        let Some(sheet) = self.sheets.get(on) else { return Vec::new() };
        let start = sheet.cells.partition_point(|c| c.at < CellRef::new(area.first.row, area.first.col));
        let cells = sheet.cells.iter().enumerate().skip(start);
        let mut options = Vec::new();
        for (position, cell) in cells.take_while(|(_, c)| c.at.row <= area.last.row) {
            self.looked_at += 1;
            if self.looked_at > LOOKED_AT || options.len() > OPTIONS {
                self.cut = true;
                return Vec::new();
            }
            if area.contains(cell.at) {
                match &cell.value {
                    Scalar::Text(text) if text.trim().is_empty() => {}
                    Scalar::Text(text) => options.push(Arc::clone(text)),
                    Scalar::Number(_) | Scalar::Bool(_) => {
                        let written = self.written.entry((on, position));
                        options.push(Arc::clone(written.or_insert_with(|| cell.value.to_string().into())));
                    }
                    Scalar::Error(_) | Scalar::Uncalculated => {}
                }
            }
        }
        self.known.insert((on, area), options.clone());
        options
    }
}

/// The options of a list written out (`"Si,No"`).
fn literal(formula: &str) -> Option<Vec<Arc<str>>> {
    let formula = formula.trim().trim_start_matches('=');
    let inside = formula.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\"");
    Some(inside.split(',').map(str::trim).filter(|o| !o.is_empty()).take(OPTIONS).map(Into::into).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Format, GridCell};

    fn sheet(name: &str, texts: &[&str]) -> Sheet {
        let cell = |(row, text): (u32, &&str)| GridCell {
            at: CellRef::new(row, 0),
            value: Scalar::Text((*text).into()),
            format: Format::General,
        };
        Sheet { name: name.into(), cells: (0..).zip(texts).map(cell).collect(), ..Sheet::default() }
    }

    #[test]
    fn options_come_from_lists_ranges_and_names() {
        let sheets = [sheet("Registro", &["x"]), sheet("L'elenco", &["alto", "medio", " ", "basso"])];
        let name = |name: &str, local, formula: &str| DefinedName { name: name.into(), local, formula: formula.into() };
        let names = [
            name("Livelli", None, "'L''elenco'!$A$1:$A$9"),
            name("Giro", None, "giro"),
            name("Scelte", Some(7), "'L''elenco'!$A$2"),
            name("Rotta", None, "#REF!"),
        ];
        let mut lookup = Lookup::new(&sheets, &[3, 7], &names);
        for (on, formula, expected) in [
            (0, "\"Si, No,,\"", "Si|No"),
            (0, "livelli", "alto|medio|basso"),
            (0, "='L''elenco'!$A:$A", "alto|medio|basso"),
            (0, "$A$1:$A$3", "x"),
            (1, "Scelte", "medio"),
            (0, "Scelte", ""),
            (0, "Giro", ""),
            (0, "Rotta", ""),
            (0, "INDIRECT(A1)", ""),
            (0, "[1]Foglio1!$A$1:$A$3", ""),
        ] {
            assert_eq!(lookup.options(on, formula).join("|"), expected, "{formula}");
        }
        assert!(!lookup.cut);
    }
}
