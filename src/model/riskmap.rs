//! A plan for the prevention of corruption at a glance: what it maps, what it lacks, what is due when.

use jiff::civil::Date;

use super::lang::{Bilingual, Lang};
use super::place::Place;

/// The headings of the sheets on processes and measures, by which they are known when the workbook is read; with the
/// widths of their columns.
pub(crate) const LACKING: [(&str, &str, f64); 3] =
    [("Che cosa manca", "What is lacking", 34.0), ("Processo", "Process", 70.0), ("Dove", "Where", 44.0)];
/// The same of the measures.
pub(crate) const MEASURES: [(&str, &str, f64); 7] = [
    ("Scadenza", "Due", 13.0),
    ("Stato", "State", 22.0),
    ("Misura", "Measure", 60.0),
    ("Processo", "Process", 44.0),
    ("Responsabile", "Owner", 30.0),
    ("Come è scritto il termine", "The term as written", 30.0),
    ("Dove", "Where", 40.0),
];

/// How many processes of an area and an office have which level of risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskRow {
    /// The area as the catalogue writes it, else as the plan does; empty where none is given.
    pub area: String,
    /// The office as meant; empty where none is given.
    pub office: String,
    /// The processes of each level, in the order of [`RiskMap::levels`].
    pub counts: Vec<usize>,
}

impl RiskRow {
    /// All its processes.
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// What a process of the plan has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// No risk area.
    Area,
    /// No event.
    Event,
    /// No measure.
    Measure,
}

impl Lack {
    /// All, in the order told.
    pub const ALL: [Self; 3] = [Self::Area, Self::Event, Self::Measure];

    /// The name in results, in both languages the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Event => "event",
            Self::Measure => "measure",
        }
    }

    /// What an official calls such processes.
    pub fn label(self) -> Bilingual {
        match self {
            Self::Area => Bilingual::new("processi senza area di rischio", "processes without a risk area"),
            Self::Event => Bilingual::new("processi senza evento rischioso", "processes without a risk event"),
            Self::Measure => Bilingual::new("processi senza misura", "processes without a measure"),
        }
    }
}

/// Where a measure is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timing {
    /// Its day has passed, and it is not said to be done.
    Overdue,
    /// It is due on a day.
    Due,
    /// It lasts, or comes back.
    Recurring,
    /// It has no term that can be read.
    Untimed,
    /// It is done, or exists already.
    Done,
}

impl Timing {
    /// All, in the order told.
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Due, Self::Recurring, Self::Untimed, Self::Done];

    /// The name in results, in both languages the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Recurring => "recurring",
            Self::Untimed => "untimed",
            Self::Done => "done",
        }
    }

    /// The name an official reads.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Overdue => lang.pick("scaduta", "overdue"),
            Self::Due => lang.pick("a termine", "due"),
            Self::Recurring => lang.pick("periodica o continua", "recurring"),
            Self::Untimed => lang.pick("senza un termine leggibile", "without a readable term"),
            Self::Done => lang.pick("già attuata", "done"),
        }
    }

    /// The same of several.
    pub fn label_of_many(self, lang: Lang) -> &'static str {
        match self {
            Self::Overdue => lang.pick("scadute", "overdue"),
            Self::Recurring => lang.pick("periodiche o continue", "recurring"),
            Self::Done => lang.pick("già attuate", "done"),
            Self::Due | Self::Untimed => self.label(lang),
        }
    }
}

/// A measure of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedMeasure {
    /// What it is.
    pub measure: String,
    /// The process it is for.
    pub process: String,
    /// Who answers for it, as meant; empty where nobody is named.
    pub owner: String,
    /// Its term as written; empty where none is.
    pub term: String,
    /// The last day of its term, where that is a day.
    pub due: Option<Date>,
    /// Where it is in time.
    pub timing: Timing,
    /// Where it stands; the path is always given.
    pub place: Place,
}

/// A name that is written in several ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeltName {
    /// Whether it is an office; else who answers for measures.
    pub is_office: bool,
    /// The spelling that is met most.
    pub meant: String,
    /// The spellings and how often each is met, the most frequent first.
    pub spellings: Vec<(String, usize)>,
}

/// A plan at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskMap {
    /// The documents it was made of.
    pub sources: Vec<String>,
    /// How many processes, events and measures they hold.
    pub sizes: (usize, usize, usize),
    /// The levels met, the lowest first; the last is that of processes without one, its name empty.
    pub levels: Vec<String>,
    /// Areas and offices, by name.
    pub rows: Vec<RiskRow>,
    /// What processes lack: their names, and where each stands. The path is always given.
    pub lacking: Vec<(Lack, Vec<(String, Place)>)>,
    /// What no table has a column for, so that nothing can be said of it.
    pub untold: Vec<Lack>,
    /// The measures, those with a day first, by day.
    pub measures: Vec<PlannedMeasure>,
    /// Every office and owner.
    pub names: Vec<SpeltName>,
    /// The day that terms are held against, if one was given.
    pub as_of: Option<Date>,
    /// The language of all sentences.
    pub lang: Lang,
}

impl RiskMap {
    /// How many measures are so in time.
    pub fn count(&self, timing: Timing) -> usize {
        self.measures.iter().filter(|m| m.timing == timing).count()
    }

    /// The processes of an area over all its offices, level by level.
    pub fn by_area(&self) -> Vec<(&str, Vec<usize>)> {
        let mut areas: Vec<(&str, Vec<usize>)> = Vec::new();
        for row in &self.rows {
            if areas.last().is_none_or(|(area, _)| *area != row.area) {
                areas.push((&row.area, vec![0; self.levels.len()]));
            }
            if let Some((_, counts)) = areas.last_mut() {
                counts.iter_mut().zip(&row.counts).for_each(|(sum, n)| *sum += n);
            }
        }
        areas
    }
}
