//! A plan at a glance from the tables of its processes: areas, offices and levels, what is lacking, what is due when.

mod measures;
mod names;
mod reader;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::{Document, Lack, Lang, Place, RiskMap, RiskRow};
use crate::pack::Packs;
use crate::text;
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

/// One process as the matrix counts it, with what all tables that list it say.
struct Process {
    name: String,
    place: Place,
    area: String,
    office: String,
    level: Option<(u16, String)>,
    /// For each lack whether it has the thing, as far as a table has the column.
    has: [Option<bool>; 3],
}

impl Process {
    /// Whether another listing may be of this process: what both say is the same.
    fn may_be(&self, other: &Self) -> bool {
        let agree = |own: &str, other: &str| own.is_empty() || other.is_empty() || own == other;
        agree(&self.area, &other.area)
            && agree(&self.office, &other.office)
            && (self.level.is_none() || other.level.is_none() || self.level == other.level)
    }

    /// What another listing of the same process says beside.
    fn take(&mut self, other: Self) {
        if self.area.is_empty() {
            self.area = other.area;
        }
        if self.office.is_empty() {
            self.office = other.office;
        }
        self.level = self.level.take().or(other.level);
        for (own, more) in self.has.iter_mut().zip(other.has) {
            *own = if *own == Some(true) || more == Some(true) { Some(true) } else { own.or(more) };
        }
    }
}

/// The processes of a plan. A document may list its processes in one table, their events in another and their measures
/// in a third: a process of that name that says nothing else is the same.
#[derive(Default)]
struct Processes {
    all: Vec<Process>,
    /// By document and name: the table in which one was met last, and which it is.
    known: BTreeMap<(String, String), Vec<(usize, usize)>>,
}

impl Processes {
    fn add(&mut self, path: &str, table: usize, process: Process) {
        let key = (path.to_owned(), text::identity(&process.name));
        let known = self.known.entry(key).or_default();
        let other =
            known.iter_mut().find(|(of, at)| *of != table && self.all.get(*at).is_some_and(|own| own.may_be(&process)));
        if let Some((of, at)) = other {
            *of = table;
            if let Some(own) = self.all.get_mut(*at) {
                own.take(process);
            }
        } else {
            known.push((table, self.all.len()));
            self.all.push(process);
        }
    }
}

/// The plan that some documents are parts of: the annexes of its offices, say. `as_of` is the day that terms are held
/// against; without one none is overdue.
pub fn overview(plan: &[Source<'_>], packs: &Packs, as_of: Option<Date>, lang: Lang) -> RiskMap {
    let tables = plan.iter().flat_map(|(path, document)| document.tables.iter().map(move |table| (*path, table)));
    let tables = tables.filter(|(_, table)| &*table.kind == KIND);
    let readers: Vec<Reader<'_>> = tables.map(|(path, table)| Reader::new(path, table, packs)).collect();
    let (mut offices, mut owners) = (Names::default(), Names::default());
    for reader in &readers {
        reader.processes().for_each(|unit| offices.add(reader.text(unit, "ufficio")));
        reader.measures().for_each(|unit| owners.add(reader.text(unit, "responsabile_misura")));
    }
    let (offices, owners) = (offices.grouped(), owners.grouped());
    let mut processes = Processes::default();
    for (number, reader) in readers.iter().enumerate() {
        for unit in reader.processes() {
            let process = Process {
                name: reader.name(unit),
                place: reader.place(unit),
                area: reader.area(unit),
                office: offices.meant(&reader.text(unit, "ufficio")),
                level: reader.level(unit),
                has: Lack::ALL.map(|lack| reader.tells(lack).then(|| !reader.lacks(unit, lack))),
            };
            processes.add(reader.path, number, process);
        }
    }
    let processes = processes.all;
    let mut lacking: BTreeMap<Lack, Vec<(String, Place)>> = BTreeMap::new();
    for process in &processes {
        for (lack, _) in Lack::ALL.into_iter().zip(process.has).filter(|(_, has)| *has == Some(false)) {
            lacking.entry(lack).or_default().push((process.name.clone(), process.place.clone()));
        }
    }
    let told = |lack: &Lack| readers.iter().any(|reader| reader.tells(*lack));
    let (levels, rows) = matrix(&processes);
    let mut names = offices.into_spelt(true);
    let measures = planned(&readers, &owners, as_of);
    names.extend(owners.into_spelt(false));
    RiskMap {
        sources: plan.iter().map(|(path, _)| (*path).to_owned()).collect(),
        sizes: (processes.len(), events(&readers), measures.len()),
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

/// The events that have a name, each once for its process.
fn events(readers: &[Reader<'_>]) -> usize {
    let mut met: BTreeSet<(&str, String, String)> = BTreeSet::new();
    for reader in readers {
        for unit in reader.units("evento") {
            let event = text::identity(&reader.text(unit, "evento"));
            let process = reader.process_of(unit).map(|process| text::identity(&reader.name(process)));
            if !event.is_empty() {
                met.insert((reader.path, process.unwrap_or_default(), event));
            }
        }
    }
    met.len()
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
