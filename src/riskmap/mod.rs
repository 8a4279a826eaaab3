//! A plan at a glance from the tables of its processes: areas, offices and levels, what is lacking, what is due when.

mod measures;
mod names;
mod reader;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::{Document, Lack, Lang, Place, RiskMap, RiskRow, Table};
use crate::pack::Packs;
use measures::planned;
use names::Names;
use reader::Reader;

/// The kind of schedule that is read.
const KIND: &str = "ptpct";

/// A document with the path it is known by.
pub type Source<'a> = (&'a str, &'a Document);

/// Whether a document holds a table of processes.
pub fn is_plan(document: &Document) -> bool {
    document.tables.iter().any(|t| &*t.kind == KIND)
}

/// One process as the matrix counts it.
struct Process {
    area: String,
    office: String,
    level: Option<(u16, String)>,
}

/// The plan that some documents are parts of: the annexes of its offices, say. `as_of` is the day that terms are held
/// against; without one none is overdue.
pub fn overview(plan: &[Source<'_>], packs: &Packs, as_of: Option<Date>, lang: Lang) -> RiskMap {
    let tables: Vec<(&str, &Table)> = plan
        .iter()
        .flat_map(|(path, document)| document.tables.iter().map(move |table| (*path, table)))
        .filter(|(_, table)| &*table.kind == KIND)
        .collect();
    let readers: Vec<Reader<'_>> = tables.iter().map(|(path, table)| Reader::new(path, table, packs)).collect();
    let (mut offices, mut owners) = (Names::default(), Names::default());
    for reader in &readers {
        reader.processes().for_each(|unit| offices.add(reader.text(unit, "ufficio")));
        reader.measures().for_each(|unit| owners.add(reader.text(unit, "responsabile_misura")));
    }
    let (offices, owners) = (offices.grouped(), owners.grouped());
    let mut processes = Vec::new();
    let mut lacking: BTreeMap<Lack, Vec<(String, Place)>> = BTreeMap::new();
    for reader in &readers {
        for unit in reader.processes() {
            processes.push(Process {
                area: reader.area(unit),
                office: offices.meant(&reader.text(unit, "ufficio")),
                level: reader.level(unit),
            });
            for lack in Lack::ALL.into_iter().filter(|lack| reader.tells(*lack) && reader.lacks(unit, *lack)) {
                lacking.entry(lack).or_default().push((reader.name(unit), reader.place(unit)));
            }
        }
    }
    let told = |lack: &Lack| readers.iter().any(|reader| reader.tells(*lack));
    let (levels, rows) = matrix(&processes);
    let mut names = offices.into_spelt(true);
    let measures = planned(&readers, &owners, as_of);
    names.extend(owners.into_spelt(false));
    RiskMap {
        sources: plan.iter().map(|(path, _)| (*path).to_owned()).collect(),
        sizes: sizes(&readers),
        levels,
        rows,
        lacking: lacking.into_iter().collect(),
        untold: Lack::ALL.into_iter().filter(|lack| !told(lack)).collect(),
        measures,
        names,
        as_of,
        lang,
    }
}

fn sizes(readers: &[Reader<'_>]) -> (usize, usize, usize) {
    let sum = |entity: &str| readers.iter().map(|r| r.units(entity).count()).sum();
    (sum("processo"), sum("evento"), sum("misura"))
}

/// The levels, the lowest first, and the rows of areas and offices that count them.
fn matrix(processes: &[Process]) -> (Vec<String>, Vec<RiskRow>) {
    let met: BTreeSet<&(u16, String)> = processes.iter().filter_map(|p| p.level.as_ref()).collect();
    let mut levels: Vec<String> = met.iter().map(|(_, name)| name.clone()).collect();
    levels.push(String::new());
    let mut rows: BTreeMap<(bool, &str, bool, &str), Vec<usize>> = BTreeMap::new();
    for process in processes {
        // Areas and offices that nobody names come last.
        let (area, office) = (process.area.as_str(), process.office.as_str());
        let counts = rows.entry((area.is_empty(), area, office.is_empty(), office));
        let counts = counts.or_insert_with(|| vec![0; levels.len()]);
        let column = process.level.as_ref().and_then(|own| met.iter().position(|level| *level == own));
        if let Some(count) = counts.get_mut(column.unwrap_or(levels.len() - 1)) {
            *count += 1;
        }
    }
    let row = |((_, area, _, office), counts): ((bool, &str, bool, &str), Vec<usize>)| RiskRow {
        area: area.to_owned(),
        office: office.to_owned(),
        counts,
    };
    let rows: Vec<RiskRow> = rows.into_iter().map(row).collect();
    (levels, rows)
}
