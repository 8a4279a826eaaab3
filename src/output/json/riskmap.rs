//! A plan at a glance, for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::place::Spot;
use super::{Tool, VERSION, line};
use crate::model::{Lack, MeasureTiming, Place, PlannedMeasure, RiskMap, RiskRow, SpeltName};

/// The whole as one object.
pub(in crate::output) fn write(map: &RiskMap, out: &mut dyn Write) -> io::Result<()> {
    let (processes, events, measures) = map.sizes;
    let whole = Whole {
        version: VERSION,
        tool: Tool::this(),
        as_of: map.as_of.map(|day| day.to_string()),
        sources: &map.sources,
        entities: Sizes { processo: processes, evento: events, misura: measures },
        levels: map.levels.iter().map(|l| Some(l.as_str()).filter(|l| !l.is_empty())).collect(),
        rows: Each::of(&map.rows, (), Row::new),
        lacking: Each::of(&map.lacking, (), Lacking::new),
        untold: map.untold.iter().map(|lack| lack.name()).collect(),
        measures: Each::of(&map.measures, (), Planned::new),
        names: Each::of(&map.names, (), Name::new),
        summary: MeasureTiming::ALL.map(|timing| (timing.name(), map.count(timing))).into_iter().collect(),
    };
    line(&whole, out)
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    tool: Tool,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    sources: &'a [String],
    entities: Sizes,
    /// `null` is that of processes without a level.
    levels: Vec<Option<&'a str>>,
    rows: Each<'a, RiskRow, Row<'a>>,
    lacking: Each<'a, (Lack, Vec<(String, Place)>), Lacking<'a>>,
    untold: Vec<&'static str>,
    measures: Each<'a, PlannedMeasure, Planned<'a>>,
    names: Each<'a, SpeltName, Name<'a>>,
    summary: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct Sizes {
    processo: usize,
    evento: usize,
    misura: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    area: Option<&'a str>,
    office: Option<&'a str>,
    counts: &'a [usize],
    total: usize,
}

fn said(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}

impl<'a> Row<'a> {
    fn new(row: &'a RiskRow, (): ()) -> Self {
        Self { area: said(&row.area), office: said(&row.office), counts: &row.counts, total: row.total() }
    }
}

#[derive(Serialize)]
struct Lacking<'a> {
    what: &'static str,
    processes: Each<'a, (String, Place), Process<'a>>,
}

impl<'a> Lacking<'a> {
    fn new((lack, processes): &'a (Lack, Vec<(String, Place)>), (): ()) -> Self {
        Self { what: lack.name(), processes: Each::of(processes, (), Process::new) }
    }
}

#[derive(Serialize)]
struct Process<'a> {
    name: &'a str,
    place: Spot<'a>,
}

impl<'a> Process<'a> {
    fn new((name, place): &'a (String, Place), (): ()) -> Self {
        Self { name, place: Spot::of_place(place, ()) }
    }
}

#[derive(Serialize)]
struct Planned<'a> {
    measure: &'a str,
    process: Option<&'a str>,
    owner: Option<&'a str>,
    term: Option<&'a str>,
    due: Option<String>,
    timing: &'static str,
    place: Spot<'a>,
}

impl<'a> Planned<'a> {
    fn new(measure: &'a PlannedMeasure, (): ()) -> Self {
        Self {
            measure: &measure.measure,
            process: said(&measure.process),
            owner: said(&measure.owner),
            term: said(&measure.term),
            due: measure.due.map(|day| day.to_string()),
            timing: measure.timing.name(),
            place: Spot::of_place(&measure.place, ()),
        }
    }
}

#[derive(Serialize)]
struct Name<'a> {
    what: &'static str,
    meant: &'a str,
    spellings: Vec<Spelling<'a>>,
}

#[derive(Serialize)]
struct Spelling<'a> {
    text: &'a str,
    count: usize,
}

impl<'a> Name<'a> {
    fn new(name: &'a SpeltName, (): ()) -> Self {
        let spellings = name.spellings.iter().map(|(text, count)| Spelling { text, count: *count });
        Self {
            what: if name.is_office { "office" } else { "owner" },
            meant: &name.meant,
            spellings: spellings.collect(),
        }
    }
}
