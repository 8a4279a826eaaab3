//! An Allegato 2 computed from registers of objectives: its figures, and what each of them rests on.

use super::lang::{Bilingual, Lang};
use super::place::Place;

/// The level of an objective, as far as the form tells levels apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Strategic objectives: the first table.
    Strategico,
    /// Operational objectives: the second table.
    Operativo,
    /// Of the body, of managers, of persons: in neither table.
    Altro,
}

impl Level {
    /// The levels that have a table, in the order of the form.
    pub const COUNTED: [Self; 2] = [Self::Strategico, Self::Operativo];

    /// The name in results, in both languages the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strategico => "strategico",
            Self::Operativo => "operativo",
            Self::Altro => "altro",
        }
    }

    /// The name of the form's table of that level in the pack `allegato2`.
    pub fn variant(self) -> &'static str {
        match self {
            Self::Strategico => "strategici",
            Self::Operativo => "operativi",
            Self::Altro => "altri",
        }
    }

    /// The name an official reads.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Strategico => lang.pick("strategico", "strategic"),
            Self::Operativo => lang.pick("operativo", "operational"),
            Self::Altro => lang.pick("altro", "other"),
        }
    }
}

/// A question that a line of evidence answers with yes or no; a figure counts the lines that do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The objective has at least one indicator.
    WithIndicators,
    /// The objective has financial resources.
    Funded,
    /// The objective has staff.
    Staffed,
    /// The objective is given to a territorial office.
    Territorial,
    /// The indicator has no formula.
    WithoutFormula,
    /// The indicator has no target for the year.
    WithoutTarget,
}

impl Mark {
    /// All, in the order of their columns.
    pub const ALL: [Self; 6] = [
        Self::WithIndicators,
        Self::Funded,
        Self::Staffed,
        Self::Territorial,
        Self::WithoutFormula,
        Self::WithoutTarget,
    ];

    /// The row of the form that counts it.
    pub fn row(self) -> u8 {
        match self {
            Self::WithIndicators => 2,
            Self::WithoutFormula => 4,
            Self::WithoutTarget => 5,
            Self::Funded => 6,
            Self::Staffed => 7,
            Self::Territorial => 8,
        }
    }

    /// Whether it is asked of objectives; else of indicators.
    pub fn is_of_objectives(self) -> bool {
        !matches!(self, Self::WithoutFormula | Self::WithoutTarget)
    }

    /// The heading of its column.
    pub fn label(self) -> Bilingual {
        match self {
            Self::WithIndicators => Bilingual::new("Con indicatori", "With indicators"),
            Self::Funded => Bilingual::new("Risorse finanziarie", "Financial resources"),
            Self::Staffed => Bilingual::new("Risorse umane", "Human resources"),
            Self::Territorial => Bilingual::new("Sede territoriale", "Territorial office"),
            Self::WithoutFormula => Bilingual::new("Senza formula", "Without formula"),
            Self::WithoutTarget => Bilingual::new("Senza target dell'anno", "Without target of the year"),
        }
    }
}

/// The headings of the sheet of evidence, by which it is known when the workbook is read.
pub(crate) fn evidence_headings(lang: Lang) -> Vec<String> {
    let before = [
        ("Che cos'è", "What it is"),
        ("Livello", "Level"),
        ("Conta", "Counts"),
        ("Codice", "Code"),
        ("Obiettivo", "Objective"),
        ("Indicatore", "Indicator"),
    ];
    let after = [("Nota", "Remark"), ("Da dove", "Source")];
    let marks = Mark::ALL.iter().map(|m| m.label().get(lang).to_owned());
    let told = |(it, en): (&str, &str)| lang.pick(it, en).to_owned();
    before.into_iter().map(told).chain(marks).chain(after.into_iter().map(told)).collect()
}

/// One objective, or one indicator of an objective, as counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Its level.
    pub level: Level,
    /// Code of the objective, empty where it has none.
    pub code: String,
    /// Title of the objective.
    pub objective: String,
    /// The indicator; `None` for the line of the objective itself.
    pub indicator: Option<String>,
    /// Whether it counts; one left out is told for whoever wants it counted.
    pub counts: bool,
    /// The answers, of the marks that concern it.
    pub marks: Vec<(Mark, bool)>,
    /// What is worth knowing of the answers («0 euro: non contato»), or why it does not count.
    pub remark: String,
    /// Where it stands; the path is always given.
    pub place: Place,
}

impl Evidence {
    /// The answer to a question; `None` where it is not asked of it.
    pub fn mark(&self, mark: Mark) -> Option<bool> {
        self.marks.iter().find(|(m, _)| *m == mark).map(|(_, is)| *is)
    }

    /// Whether a row of the form counts this line.
    pub fn is_counted_in(&self, row: u8) -> bool {
        let is_objective = self.indicator.is_none();
        self.counts
            && match row {
                1 => is_objective,
                3 => !is_objective,
                _ => Mark::ALL.into_iter().any(|m| m.row() == row && self.mark(m) == Some(true)),
            }
    }

    /// What its objective is called: the code, else the title.
    pub fn objective_name(&self) -> &str {
        if self.code.is_empty() { &self.objective } else { &self.code }
    }
}

/// One row of the form.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedRow {
    /// Its number.
    pub number: u8,
    /// Its printed label.
    pub label: String,
    /// The figure; `None` where the registers do not say what it takes.
    pub value: Option<usize>,
    /// The figure declared by the Allegato 2 that is compared.
    pub declared: Option<Declared>,
    /// What the figure needs to be understood, or why there is none.
    pub note: Option<String>,
    /// The lines counted, as places in [`Allegato2::evidence`].
    pub evidence: Vec<usize>,
}

/// A figure as the body declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// The figure; `None` where the cell holds none.
    pub value: Option<usize>,
    /// Where it stands; the path is always given.
    pub place: Place,
}

impl CountedRow {
    /// Declared less computed, where both are there.
    pub fn difference(&self) -> Option<i64> {
        let declared = i64::try_from(self.declared.as_ref()?.value?).ok()?;
        Some(declared - i64::try_from(self.value?).ok()?)
    }

    /// Whether the declared figure is another. Words or a blank in its place are no figure, and no other one.
    pub fn differs(&self) -> bool {
        self.difference().is_some_and(|difference| difference != 0)
    }
}

/// The table of one level.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedTable {
    /// The level.
    pub level: Level,
    /// The rows, in the order of the form.
    pub rows: Vec<CountedRow>,
}

/// One decision of counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The option that changes it.
    pub name: &'static str,
    /// What holds.
    pub value: String,
    /// What holds unless somebody says otherwise.
    pub default: &'static str,
    /// What it decides, in words, as it holds.
    pub meaning: String,
}

/// What was met and not counted.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Why.
    pub reason: String,
    /// What: codes or names, where each stands. The path is always given.
    pub items: Vec<(String, Place)>,
}

/// An Allegato 2 computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Allegato2 {
    /// The registers it was computed from.
    pub sources: Vec<String>,
    /// The year counted; `None` where neither registers nor options tell one, and all years count.
    pub year: Option<i16>,
    /// The tables.
    pub tables: Vec<CountedTable>,
    /// Every objective, each followed by its indicators.
    pub evidence: Vec<Evidence>,
    /// The decisions, in a fixed order.
    pub choices: Vec<Choice>,
    /// What was not counted.
    pub left_out: Vec<LeftOut>,
    /// What to know before relying on the figures.
    pub remarks: Vec<String>,
    /// The Allegato 2 that is compared, if one is.
    pub compared: Option<String>,
    /// The language of all sentences.
    pub lang: Lang,
}

impl Allegato2 {
    /// What the objectives behind a row are called, in the order of the registers.
    pub fn objectives_of(&self, row: &CountedRow) -> Vec<&str> {
        let lines = row.evidence.iter().filter_map(|line| self.evidence.get(*line));
        let mut names: Vec<&str> = lines.map(Evidence::objective_name).collect();
        names.dedup();
        names
    }

    /// Rows whose declared figure is another.
    pub fn differences(&self) -> usize {
        self.tables.iter().flat_map(|t| &t.rows).filter(|r| r.differs()).count()
    }
}
