//! What the units of one table of processes say.

use std::sync::Arc;

use crate::model::{Cell, Lack, Place, Table, Unit};
use crate::pack::{Pack, Packs};
use crate::text;

/// The fields in which a measure is written, the first that says something counts.
pub(super) const MEASURES: [&str; 3] = ["misura", "misura_specifica", "misura_generale"];
/// What the catalogue of levels makes of a word, the lowest first.
const DEGREES: [&str; 3] = ["basso", "medio", "alto"];
/// Of a level that no catalogue knows.
const UNKNOWN: u16 = 90;

/// One table, with its pack.
pub(super) struct Reader<'a> {
    pub(super) path: &'a str,
    pub(super) table: &'a Table,
    pub(super) pack: Option<&'a Arc<Pack>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(path: &'a str, table: &'a Table, packs: &'a Packs) -> Self {
        Self { path, table, pack: packs.get(&table.kind) }
    }

    pub(super) fn units(&self, entity: &str) -> impl Iterator<Item = &'a Unit> {
        self.table.entity(entity).into_iter().flat_map(|e| &e.units)
    }

    /// The processes; none where the table names none.
    pub(super) fn processes(&self) -> impl Iterator<Item = &'a Unit> {
        self.units("processo")
    }

    pub(super) fn measures(&self) -> impl Iterator<Item = &'a Unit> {
        self.units("misura")
    }

    /// The text of a field on one line; empty where it says nothing.
    pub(super) fn text(&self, unit: &Unit, field: &str) -> String {
        self.table.said_in(unit, field).map(|c| text::one_line(&c.text, 300)).unwrap_or_default()
    }

    /// What a process is called: its name, else its number, else its place.
    pub(super) fn name(&self, unit: &Unit) -> String {
        let name = self.text(unit, "processo");
        if !name.is_empty() {
            return name;
        }
        match self.text(unit, "numero") {
            number if number.is_empty() => self.place(unit).area.map(|a| a.to_string()).unwrap_or_default(),
            number => format!("n. {number}"),
        }
    }

    /// The process that a unit of an entity below belongs to.
    pub(super) fn process_of(&self, unit: &Unit) -> Option<&'a Unit> {
        let mut parent = unit.parent;
        while let Some(above) = parent {
            let entity = self.table.entities.get(above.entity)?;
            let unit = entity.units.get(above.unit as usize)?;
            if &*entity.name == "processo" {
                return Some(unit);
            }
            parent = unit.parent;
        }
        None
    }

    /// The area of a process as the catalogue writes it, whatever its letter.
    pub(super) fn area(&self, unit: &Unit) -> String {
        let Some(cell) = self.table.said_in(unit, "area_rischio") else { return String::new() };
        let whole = text::one_line(&cell.text, 200);
        let spec = self.pack.and_then(|p| p.schedule.field("area_rischio"));
        let label = spec.and_then(|s| s.parts.as_ref()?.group(&whole, "etichetta").map(str::to_owned));
        let label = label.filter(|l| !l.trim().is_empty()).unwrap_or_else(|| whole.clone());
        let catalogue = self.pack.and_then(|p| p.catalogues.get("aree_di_rischio"));
        let known = catalogue.and_then(|c| c.find(&whole).chain(c.find(&label)).next().map(|e| e.value.to_string()));
        known.unwrap_or_else(|| text::capital(label.trim()))
    }

    /// The highest level of a process, by what the catalogue makes of its words; its rank and its name.
    pub(super) fn level(&self, unit: &Unit) -> Option<(u16, String)> {
        let levels = self.pack.and_then(|p| p.catalogues.get("livelli"));
        let said = self.table.cells_in(unit, "livello").filter(|c| c.says());
        said.map(|cell| {
            let found = text::one_line(&cell.text, 40);
            let entry = levels.and_then(|catalogue| {
                let named: Vec<&str> = catalogue.find(&found).map(|f| &*f.value).collect();
                catalogue.entries.iter().enumerate().find(|(_, e)| named.contains(&&*e.value))
            });
            match entry {
                Some((at, entry)) => {
                    let degree = entry.get("grado").and_then(|g| DEGREES.iter().position(|d| *d == g));
                    let rank = degree.map_or(0, |d| 30 * (d + 1)) + at;
                    (u16::try_from(rank).unwrap_or(UNKNOWN), text::capital(&entry.value))
                }
                None => (UNKNOWN * 2, found),
            }
        })
        .max()
    }

    /// Whether the table has a column from which the lack can be told.
    pub(super) fn tells(&self, lack: Lack) -> bool {
        let has = |field: &&str| self.table.slot(field).is_some();
        match lack {
            Lack::Area => has(&"area_rischio"),
            Lack::Event => has(&"evento"),
            Lack::Measure => MEASURES.iter().any(has),
        }
    }

    pub(super) fn lacks(&self, unit: &Unit, lack: Lack) -> bool {
        let has = |field: &str| self.table.said_in(unit, field).is_some();
        match lack {
            Lack::Area => !has("area_rischio"),
            Lack::Event => !has("evento"),
            Lack::Measure => !MEASURES.iter().any(|field| has(field)),
        }
    }

    /// Where a unit stands.
    pub(super) fn place(&self, unit: &Unit) -> Place {
        self.table.place_of_unit(unit, self.path)
    }

    /// Where a cell stands.
    pub(super) fn place_of(&self, cell: &Cell) -> Place {
        self.table.place_of(cell, self.path)
    }
}
