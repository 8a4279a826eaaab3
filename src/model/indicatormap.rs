//! Indicators at a glance: the result of each against its target, in its direction, and its trend over the years.

use super::attained::{DirectionRead, Trend, Unjudged, Verdict};
use super::lang::{Bilingual, Lang};
use super::place::Place;

/// The headings of the sheet of indicators, by which it is known when the workbook is read; with the widths of its
/// columns. Those of the years stand behind.
pub(crate) const INDICATORS: [(&str, &str, f64); 14] = [
    ("Codice", "Code", 12.0),
    ("Che cosa si misura", "What is measured", 48.0),
    ("Di chi o di che cosa", "Whose", 26.0),
    ("Anno del risultato", "Year of the result", 11.0),
    ("Risultato letto", "Result as read", 16.0),
    ("Target letto", "Target as read", 18.0),
    ("Verso", "Direction", 14.0),
    ("Da che cosa si vede", "How it is known", 40.0),
    ("Esito", "Outcome", 22.0),
    ("Raggiungimento", "Attainment", 15.0),
    ("Scostamento", "Deviation", 16.0),
    ("Tendenza", "Trend", 12.0),
    ("Grafico", "Chart", 22.0),
    ("Dove", "Where", 34.0),
];

/// How the attainment of several indicators makes one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OverallRule {
    /// Weighted by the weights of the indicators; all alike where none has one.
    #[default]
    Weighted,
    /// That of the worst.
    Worst,
}

impl OverallRule {
    /// All.
    pub const ALL: [Self; 2] = [Self::Weighted, Self::Worst];

    /// Its name on the command line and in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weighted => "weighted",
            Self::Worst => "worst",
        }
    }
}

/// The attainment of all indicators in one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Overall {
    /// How it was made.
    pub rule: OverallRule,
    /// The figure in percent, with one decimal; nothing where no indicator has an attainment that counts.
    pub percent: Option<f64>,
    /// How many indicators count.
    pub counted: usize,
    /// Whether their own weights were used.
    pub is_by_own_weights: bool,
}

/// The value of an indicator in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct YearValue {
    /// The year.
    pub year: i16,
    /// As read.
    pub text: String,
    /// The number in it, in points of shares.
    pub number: Option<f64>,
}

/// An indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorRow {
    /// Its code; empty where it has none.
    pub code: String,
    /// Its name, else its description or formula.
    pub name: String,
    /// The objective or service it is of; empty where none is told.
    pub of: String,
    /// The year of the result, as far as headings or the row tell.
    pub year: Option<i16>,
    /// The result as read; empty where there is none.
    pub result: String,
    /// The target as read; empty where there is none.
    pub target: String,
    /// Its direction and what tells it.
    pub direction: DirectionRead,
    /// What came of it, or why nothing can be said.
    pub verdict: Result<Verdict, Unjudged>,
    /// The attainment in percent, with one decimal, at most 100.
    pub attainment: Option<f64>,
    /// Its weight as a number.
    pub weight: Option<f64>,
    /// Its results by year.
    pub series: Vec<YearValue>,
    /// How the last of them stands to the one before.
    pub trend: Option<Trend>,
    /// Where the result stands, else the indicator; the path is always given.
    pub place: Place,
}

impl IndicatorRow {
    /// What came of it, in words.
    pub fn outcome(&self, lang: Lang) -> String {
        match &self.verdict {
            Ok(verdict) if verdict.is_met => lang.pick("raggiunto", "met").to_owned(),
            Ok(_) => lang.pick("non raggiunto", "not met").to_owned(),
            Err(why) => why.label().get(lang).to_owned(),
        }
    }

    /// Its direction in words.
    pub fn direction_label(&self, lang: Lang) -> &'static str {
        match self.direction.direction() {
            Some(_) if self.direction.is_contested() => lang.pick("discorde", "contested"),
            Some(direction) => direction.label(lang),
            None => lang.pick("ignoto", "unknown"),
        }
    }
}

/// Indicators at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorMap {
    /// The documents.
    pub sources: Vec<String>,
    /// The indicators in the order written.
    pub rows: Vec<IndicatorRow>,
    /// Their attainment in one figure.
    pub overall: Overall,
    /// The language of names given.
    pub lang: Lang,
}

impl IndicatorMap {
    /// How many targets are met, how many are not, and of how many indicators nothing can be said.
    pub fn tally(&self) -> [usize; 3] {
        self.rows.iter().fold([0; 3], |[met, missed, unjudged], row| match &row.verdict {
            Ok(verdict) if verdict.is_met => [met + 1, missed, unjudged],
            Ok(_) => [met, missed + 1, unjudged],
            Err(_) => [met, missed, unjudged + 1],
        })
    }

    /// Why nothing can be said of indicators, and of how many, in the order met.
    pub fn unjudged(&self) -> Vec<(Bilingual, usize)> {
        let mut all: Vec<(Unjudged, usize)> = Vec::new();
        for why in self.rows.iter().filter_map(|row| row.verdict.as_ref().err()) {
            match all.iter_mut().find(|(known, _)| known == why) {
                Some((_, count)) => *count += 1,
                None => all.push((*why, 1)),
            }
        }
        all.into_iter().map(|(why, count)| (why.label(), count)).collect()
    }

    /// The years of all results, first to last.
    pub fn years(&self) -> Vec<i16> {
        let mut years: Vec<i16> = self.rows.iter().flat_map(|row| row.series.iter().map(|value| value.year)).collect();
        years.sort_unstable();
        years.dedup();
        years
    }
}
