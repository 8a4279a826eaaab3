//! What is read of each indicator of a table: which result is held against which target, in which direction, with what
//! outcome.

use std::collections::{BTreeSet, HashSet};

use rust_decimal::Decimal;

use super::amount::{Amount, Figure, Said, beside, changed};
use super::direction::{self, Lexicon, Signs};
use super::verdict;
use super::years::{Columns, Dated, year_named};
use crate::model::{Cell, CellId, DirectionRead, Table, Trend, Unit, Unjudged, Value, Verdict};
use crate::pack::Packs;
use crate::text;

/// The unit that is read.
pub(super) const ENTITY: &str = "indicatore";
/// The fields that are read.
pub(crate) const RESULT: &str = "consuntivo_anno_n";
pub(crate) const TARGET: &str = "target_anno_n";
pub(crate) const BASELINE: &str = "baseline";
/// All of them.
pub(crate) const FIELDS: [&str; 9] = [
    RESULT,
    TARGET,
    BASELINE,
    "verso",
    "indicatore",
    "descrizione_indicatore",
    "formula_di_calcolo",
    "unita_di_misura",
    "anno_periodo",
];
/// The kind whose pack has the key words.
const KIND: &str = "indicatori";

/// A value of an indicator in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InYear {
    pub(crate) year: Option<i16>,
    pub(crate) cell: CellId,
}

/// What is read of one indicator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assessed {
    /// The result of the year reported on, also where its cell is blank; nothing where no column is of that year.
    pub(crate) result: Option<InYear>,
    /// Whether a result is due: others of that year are there.
    pub(crate) is_due: bool,
    /// The target that the result is held against; of a plan, the first.
    pub(crate) target: Option<InYear>,
    /// The result of the year before.
    pub(crate) before: Option<InYear>,
    /// What the target is to improve on: the last result before its year, else the value to start from.
    pub(crate) base: Option<CellId>,
    /// Results that say something, by year.
    pub(crate) series: Vec<InYear>,
    /// Targets that say something, by year.
    pub(crate) targets: Vec<InYear>,
    /// Results of earlier years that are not there, though others of their year are.
    pub(crate) gaps: Vec<InYear>,
    /// Dates that were ratios before the spreadsheet had them.
    pub(crate) recovered: Vec<(CellId, &'static str)>,
    /// Values to start from that say something.
    pub(crate) baselines: Vec<CellId>,
    pub(crate) direction: DirectionRead,
    pub(crate) verdict: Result<Verdict, Unjudged>,
    /// Whether its numbers are percentages.
    pub(crate) in_percent: bool,
    /// Whether a ratio of it is a share.
    pub(crate) is_of_ratios: bool,
}

/// Whether a table has indicators with something to be read.
pub(crate) fn is_measured(table: &Table) -> bool {
    table.entity(ENTITY).is_some_and(|e| !e.units.is_empty())
        && [RESULT, TARGET].iter().any(|field| table.column_of(field).is_some())
}

/// What is read of each indicator, in the order of the units.
pub(crate) fn assess(table: &Table, year: Option<i16>, packs: &Packs) -> Vec<Assessed> {
    if !is_measured(table) {
        return Vec::new();
    }
    let units = table.entity(ENTITY).map_or(&[][..], |e| e.units.as_slice());
    let catalogues = packs.get(KIND).map(|pack| &pack.catalogues);
    let catalogue = |name: &str| catalogues.and_then(|c| c.get(name));
    let lexicon = Lexicon::of(catalogue("versi_dichiarati"), catalogue("parole_di_verso"));
    let columns = Columns::of(table);
    let plan = Plan::of(&columns, units, year);
    let reader = Reader { table, columns, plan, lexicon };
    units.iter().map(|unit| reader.read(unit)).collect()
}

/// Which years a table reports on.
struct Plan {
    /// The year of the document.
    document: Option<i16>,
    /// The year reported on, of results with years in their headings.
    reported: Option<i16>,
    /// The year of the targets that count.
    targeted: Option<i16>,
    /// Columns with results, and of which year their rows are.
    live: HashSet<(u32, Option<i16>)>,
}

impl Plan {
    fn of(columns: &Columns<'_>, units: &[Unit], document: Option<i16>) -> Self {
        let mut live = HashSet::new();
        let (mut reported, mut headed) = (BTreeSet::new(), BTreeSet::new());
        let mut targeted = BTreeSet::new();
        for unit in units {
            let row = columns.of_row(unit);
            for (_, cell, dated) in columns.cells(unit, RESULT) {
                if cell.says() {
                    live.insert((cell.at.col, row));
                }
                if let Dated::In(year) = dated {
                    headed.insert(year);
                    if cell.says() {
                        reported.insert(year);
                    }
                }
            }
            for (_, _, dated) in columns.cells(unit, TARGET) {
                if let Dated::In(year) = dated {
                    targeted.insert(year);
                }
            }
        }
        let both = || reported.intersection(&targeted).max().copied();
        let year = match document {
            Some(year) if reported.contains(&year) => Some(year),
            // Its results are still to come.
            Some(year) if headed.contains(&year) => None,
            _ if !targeted.is_empty() => both(),
            // A plan that shows the years before.
            Some(year) if reported.iter().all(|r| *r < year) => None,
            _ => reported.last().copied(),
        };
        let only = || targeted.first().copied().filter(|_| targeted.len() == 1);
        let of_document = document.filter(|year| targeted.contains(year));
        let targeted = year.or(of_document).or_else(only).or_else(|| targeted.first().copied());
        Self { document, reported: year, targeted, live }
    }
}

struct Reader<'a> {
    table: &'a Table,
    columns: Columns<'a>,
    plan: Plan,
    lexicon: Lexicon<'a>,
}

type Found<'a> = (CellId, &'a Cell, Dated);

impl<'a> Reader<'a> {
    fn read(&self, unit: &Unit) -> Assessed {
        let results = self.columns.cells(unit, RESULT);
        let targets = self.columns.cells(unit, TARGET);
        let baselines = self.columns.cells(unit, BASELINE);
        let all = || results.iter().chain(&targets).chain(&baselines);
        let is_of_ratios = all().any(|(_, cell, _)| matches!(cell.value, Value::Ratio(_)));
        let figure = |cell: &Cell| Figure::of(cell, is_of_ratios);
        let dates = |cells: &[Found<'_>], field: &'static str| -> Vec<(CellId, &'static str)> {
            let of = cells.iter().filter(|(_, cell, _)| is_of_ratios && matches!(cell.value, Value::Date(_)));
            of.map(|(id, ..)| (*id, field)).collect()
        };
        let recovered = [dates(&targets, TARGET), dates(&results, RESULT), dates(&baselines, BASELINE)].concat();
        let in_percent = self.is_in_percent(unit);

        let result = self.result(&results);
        let target = self.target(&targets, result.as_ref().ok().map(|(id, cell, _)| (*id, *cell)));
        let baseline = baselines.iter().rev().find(|(_, cell, _)| cell.says()).map(|(id, cell, _)| (*id, *cell));
        let held = target.as_ref().ok().filter(|(_, cell, _)| cell.says()).map(|(_, cell, _)| *cell);
        let direction = self.direction(unit, (held, baseline.map(|(_, cell)| cell)), is_of_ratios, in_percent);
        let year = |dated: &Dated| match dated {
            Dated::In(year) => Some(*year),
            _ => None,
        };
        let in_year = |found: &Found<'_>| InYear { year: year(&found.2), cell: found.0 };
        let reported = result.as_ref().ok().and_then(|r| year(&r.2));
        let before = reported.and_then(|y| results.iter().find(|r| r.2 == Dated::In(y - 1) && r.1.says()));
        let row = self.columns.of_row(unit);
        let is_live = |cell: &Cell| self.plan.live.contains(&(cell.at.col, row));
        let is_over = |year: i16| reported.or(self.plan.document).is_none_or(|now| year < now);
        let gap = |r: &&Found<'_>| {
            let is_other = result.as_ref().ok().is_none_or(|own| own.0 != r.0);
            is_other
                && !r.1.says()
                && r.1.value != Value::NotApplicable
                && is_live(r.1)
                && year(&r.2).is_some_and(is_over)
        };
        // A target without a year may be a standard that holds every year: it promises no improvement.
        let since = year_of(&target);
        let earlier = |r: &&Found<'_>| r.1.says() && since.zip(year(&r.2)).is_some_and(|(now, then)| then < now);
        let last = results.iter().filter(earlier).max_by_key(|r| year(&r.2)).map(|r| (r.0, r.1));
        let base = changed_from(held, &results, baseline.or(last)).and_then(figure);
        let verdict = outcome((&result, &target), base.as_ref(), figure, &direction, in_percent);
        Assessed {
            is_due: result.as_ref().is_ok_and(|r| is_live(r.1)),
            base: last.or(baseline).map(|(id, _)| id),
            before: before.map(in_year),
            series: by_year(&results, in_year),
            targets: by_year(&targets, in_year),
            baselines: baselines.iter().filter(|b| b.1.says()).map(|b| b.0).collect(),
            gaps: results.iter().filter(gap).map(in_year).collect(),
            result: result.as_ref().ok().map(in_year),
            target: target.as_ref().ok().map(in_year),
            recovered,
            direction,
            verdict,
            in_percent,
            is_of_ratios,
        }
    }

    /// The result of the year reported on; of columns without a year, the only one that says something.
    fn result(&self, results: &[Found<'a>]) -> Result<Found<'a>, Unjudged> {
        if let Some(year) = self.plan.reported {
            let own: Vec<_> = results.iter().filter(|r| r.2 == Dated::In(year)).collect();
            return one(&own, Unjudged::NoResult, Unjudged::WhichResult);
        }
        let own: Vec<_> = results.iter().filter(|r| r.2 == Dated::Undated).collect();
        one(&own, Unjudged::NoResult, Unjudged::WhichResult)
    }

    /// The target of the year of the result.
    fn target(&self, targets: &[Found<'a>], result: Option<(CellId, &Cell)>) -> Result<Found<'a>, Unjudged> {
        let wanted = self.plan.targeted;
        let own: Vec<_> = targets.iter().filter(|t| wanted.is_some_and(|year| t.2 == Dated::In(year))).collect();
        if !own.is_empty() {
            return one(&own, Unjudged::NoTarget, Unjudged::WhichTarget);
        }
        let undated: Vec<_> = targets.iter().filter(|t| t.2 == Dated::Undated).collect();
        let found = one(&undated, Unjudged::NoTarget, Unjudged::WhichTarget)?;
        // Right of a result of a certain year, a target without one may be that of the year to come.
        let year = self.plan.reported;
        let is_behind = year.is_some() && self.plan.document != year;
        match result {
            Some((_, cell)) if is_behind && cell.at.col < found.1.at.col => Err(Unjudged::WhichTarget),
            _ => Ok(found),
        }
    }

    /// The direction, by the target held against and the value to start from.
    fn direction(
        &self,
        unit: &Unit,
        (target, baseline): (Option<&'a Cell>, Option<&'a Cell>),
        is_of_ratios: bool,
        in_percent: bool,
    ) -> DirectionRead {
        let figure = |cell: Option<&'a Cell>| cell.and_then(|cell| Some((cell, Figure::of(cell, is_of_ratios)?)));
        let (target, baseline) = (figure(target), figure(baseline));
        let signs = Signs {
            declared: self.columns.said(unit, "verso").map(|cell| &*cell.text),
            target: target.as_ref().map(|(cell, figure)| (&*cell.text, figure)),
            baseline: baseline.as_ref().map(|(cell, figure)| (&*cell.text, figure)),
            texts: self.texts(unit),
            in_percent,
        };
        direction::read(&signs, &self.lexicon)
    }

    /// The texts whose words may tell the direction.
    fn texts(&self, unit: &Unit) -> Vec<&'a str> {
        let fields = ["indicatore", "descrizione_indicatore", "formula_di_calcolo"];
        fields.iter().filter_map(|field| self.columns.said(unit, field)).map(|cell| &*cell.text).collect()
    }

    /// Whether the numbers of an indicator are percentages: by its unit, else by how its name or its formula begins.
    fn is_in_percent(&self, unit: &Unit) -> bool {
        if let Some(unit) = self.columns.said(unit, "unita_di_misura") {
            let words = text::words(&unit.text);
            return words.contains('%') || words.split(' ').any(|w| w.starts_with("percent"));
        }
        let begins = |field: &&str| {
            let cell = self.columns.said(unit, field);
            cell.is_some_and(|cell| {
                let words = text::words(&cell.text);
                words.starts_with('%') || words.starts_with("percentual")
            })
        };
        ["indicatore", "formula_di_calcolo"].iter().any(begins)
            || [RESULT, TARGET].iter().any(|f| self.table.column_of(f).is_some_and(|c| c.heading.contains('%')))
    }
}

fn year_of(found: &Result<Found<'_>, Unjudged>) -> Option<i16> {
    match found {
        Ok((_, _, Dated::In(year))) => Some(*year),
        _ => None,
    }
}

/// The cells that say something, by the years of their headings.
fn by_year(cells: &[Found<'_>], in_year: impl Fn(&Found<'_>) -> InYear) -> Vec<InYear> {
    let mut all: Vec<InYear> = cells.iter().filter(|found| found.1.says()).map(in_year).collect();
    all.sort_by_key(|v| v.year);
    all
}

/// The only cell that says something; the first where none does; an error where several say different things.
fn one<'a>(cells: &[&Found<'a>], none: Unjudged, several: Unjudged) -> Result<Found<'a>, Unjudged> {
    let mut said = cells.iter().filter(|(_, cell, _)| cell.says());
    let Some(first) = said.next() else { return cells.first().map(|found| **found).ok_or(none) };
    let is_same = |(_, cell, _): &&&Found<'_>| text::normal(&cell.text) == text::normal(&first.1.text);
    if said.all(|other| is_same(&other)) { Ok(**first) } else { Err(several) }
}

/// The value that a target is a change on: the result of the year that it names, else what there is to start from.
fn changed_from<'a>(
    target: Option<&Cell>,
    results: &[Found<'a>],
    otherwise: Option<(CellId, &'a Cell)>,
) -> Option<&'a Cell> {
    match target.and_then(|cell| year_named(&cell.text)) {
        Some(year) => results.iter().find(|r| r.2 == Dated::In(year) && r.1.says()).map(|r| r.1),
        None => otherwise.map(|(_, cell)| cell),
    }
}

fn outcome(
    (result, target): (&Result<Found<'_>, Unjudged>, &Result<Found<'_>, Unjudged>),
    base: Option<&Figure>,
    figure: impl Fn(&Cell) -> Option<Figure>,
    direction: &DirectionRead,
    in_percent: bool,
) -> Result<Verdict, Unjudged> {
    let result = result.as_ref().map_err(|why| *why)?.1;
    if !result.says() {
        return Err(Unjudged::NoResult);
    }
    let target = target.as_ref().map_err(|why| *why)?.1;
    if !target.says() {
        return Err(Unjudged::NoTarget);
    }
    let result = figure(result).ok_or(Unjudged::UnreadableResult)?;
    let mut target = figure(target).ok_or(Unjudged::UnreadableTarget)?;
    if let (Amount::Change(change), false) = (&target.amount, matches!(result.amount, Amount::Change(_))) {
        target = base.and_then(|base| changed(base, *change)).ok_or(Unjudged::NoBase)?;
    }
    verdict::judge(&result, &target, direction, in_percent)
}

/// The field of the cell that the target is to improve on.
pub(crate) fn field_of(assessed: &Assessed, cell: CellId) -> &'static str {
    if assessed.series.iter().any(|value| value.cell == cell) { RESULT } else { BASELINE }
}

impl Assessed {
    /// The year in the heading of a result or target.
    pub(crate) fn year_of(&self, cell: CellId) -> Option<i16> {
        let held = [self.result, self.target, self.before].into_iter().flatten();
        let all = held.chain([&self.series, &self.targets, &self.gaps].into_iter().flatten().copied());
        all.filter(|value| value.cell == cell).find_map(|value| value.year)
    }

    fn figure(&self, said: Said<'_>) -> Option<Figure> {
        Figure::of(said, self.is_of_ratios)
    }

    /// How one value stands to another, earlier one; nothing where they cannot be compared.
    pub(crate) fn trend(&self, now: Said<'_>, before: Said<'_>) -> Option<Trend> {
        let direction = self.direction.direction().filter(|_| !self.direction.is_contested());
        verdict::trend(&self.figure(now)?, &self.figure(before)?, direction, self.in_percent)
    }

    /// Two values as numbers of one unit; nothing where they cannot be compared.
    pub(crate) fn beside(&self, one: Said<'_>, other: Said<'_>) -> Option<(Decimal, Decimal)> {
        beside(&self.figure(one)?, &self.figure(other)?, self.in_percent).map(|(one, other, _)| (one, other))
    }

    /// Whether two values are the same.
    pub(crate) fn is_same(&self, one: Said<'_>, other: Said<'_>) -> Option<bool> {
        let (one, other) = (self.figure(one)?, self.figure(other)?);
        Some(one.amount == other.amount || beside(&one, &other, self.in_percent).is_some_and(|(a, b, _)| a == b))
    }

    /// A value as a number, in points of shares.
    pub(crate) fn number(&self, said: Said<'_>) -> Option<Decimal> {
        self.figure(said)?.number()
    }
}
