//! The figures that a body declares in its own Allegato 2.

use super::Source;
use crate::model::{Allegato2, Area, CellRef, Declared, Level, Table, Value};

/// One figure of an Allegato 2 as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The level of its table.
    pub level: Level,
    /// The number of its row.
    pub row: u8,
    /// The cell of the figure.
    pub at: CellRef,
    /// What stands there.
    pub declared: Declared,
}

/// The figures that a document declares; none where it holds no Allegato 2.
pub fn entries((path, document): Source<'_>) -> Vec<Entry> {
    document.tables.iter().filter(|t| &*t.kind == "allegato2").flat_map(|table| of_table(path, table)).collect()
}

fn of_table(path: &str, table: &Table) -> Vec<Entry> {
    let level = Level::COUNTED.into_iter().find(|l| table.variant.as_deref() == Some(l.variant()));
    let (Some(level), Some(entity)) = (level, table.entity("voce")) else { return Vec::new() };
    let (Some(number), Some(value)) = (table.slot("numero"), table.slot("valore")) else { return Vec::new() };
    let units = entity.units.iter().filter_map(|unit| {
        let cell = |slot| unit.slots.first(slot).and_then(|id| table.cell(id));
        let row: u8 = cell(number)?.text.trim().trim_end_matches(['.', ')']).parse().ok()?;
        let found = cell(value)?;
        let figure = match &found.value {
            Value::Number(None, n) => usize::try_from(*n).ok().filter(|_| n.fract().is_zero()),
            _ => None,
        };
        let at = table.locate(Area::cell(found.at)).2.first;
        let place = table.place_of(found, path);
        Some(Entry { level, row, at, declared: Declared { value: figure, place } })
    });
    units.collect()
}

/// Puts the figures that a body declares, in one document or several, beside those computed.
pub fn compare(computed: &mut Allegato2, declared: &[Source<'_>]) {
    let entries: Vec<Entry> = declared.iter().copied().flat_map(entries).collect();
    for table in &mut computed.tables {
        for row in &mut table.rows {
            let own = entries.iter().find(|e| e.level == table.level && e.row == row.number);
            row.declared = own.map(|e| e.declared.clone());
        }
    }
    let paths: Vec<&str> = declared.iter().map(|(path, _)| *path).collect();
    computed.compared = (!paths.is_empty()).then(|| paths.join(", "));
}
