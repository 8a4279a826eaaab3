//! All indicators of some documents, and their attainment in one figure.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::amount::{Said, date_as_ratio};
use super::assess::{Assessed, ENTITY, InYear, assess, is_measured};
use super::verdict::round;
use super::years::row_year;
use crate::model::{
    Cell, Document, Flag, IndicatorMap, IndicatorRow, Lang, Overall, OverallRule, Table, Unit, Value, YearValue,
};
use crate::pack::Packs;
use crate::text;

/// A document with the path it is known by.
pub type Source<'a> = (&'a str, &'a Document);

/// Whether a document holds indicators with targets or results.
pub fn is_indicators(document: &Document) -> bool {
    document.tables.iter().any(is_measured)
}

/// The indicators of some documents.
pub fn overview(sources: &[Source<'_>], packs: &Packs, rule: OverallRule, lang: Lang) -> IndicatorMap {
    let mut rows = Vec::new();
    for (path, document) in sources {
        for table in &document.tables {
            let year = packs.get(&table.kind).and_then(|pack| pack.schedule.year());
            let year = year.and_then(|name| document.head.get(name)).and_then(|entry| entry.text.trim().parse().ok());
            let units = table.entity(ENTITY).map_or(&[][..], |entity| entity.units.as_slice());
            let reader = Reader { path, table };
            let read = assess(table, year, packs);
            rows.extend(units.iter().zip(&read).filter_map(|(unit, own)| reader.row(unit, own)));
        }
    }
    let overall = overall(&rows, rule);
    IndicatorMap { sources: sources.iter().map(|(path, _)| (*path).to_owned()).collect(), rows, overall, lang }
}

struct Reader<'a> {
    path: &'a str,
    table: &'a Table,
}

impl Reader<'_> {
    /// An indicator; nothing where the row names none and says nothing of it.
    fn row(&self, unit: &Unit, own: &Assessed) -> Option<IndicatorRow> {
        let names = ["indicatore", "descrizione_indicatore", "formula_di_calcolo"];
        let name = names.into_iter().map(|field| self.text(unit, field)).find(|name| !name.is_empty());
        let code = self.text(unit, "codice_indicatore");
        if name.is_none() && code.is_empty() {
            return None;
        }
        let cell = |found: Option<InYear>| found.and_then(|found| self.table.cell(found.cell));
        let (result, target) = (cell(own.result), cell(own.target));
        let shown = |found: Option<&Cell>| found.map(|cell| read_as(cell, own)).unwrap_or_default();
        let series: Vec<YearValue> = own.series.iter().filter_map(|value| self.value(*value, own)).collect();
        let last = own.series.iter().rev().filter(|value| value.year.is_some());
        let last: Vec<&Cell> = last.take(2).filter_map(|value| self.table.cell(value.cell)).collect();
        let trend = match last.as_slice() {
            [now, before] => own.trend(Said::from(*now), Said::from(*before)),
            _ => None,
        };
        let attainment = own.verdict.as_ref().ok().and_then(|verdict| percent(verdict.attainment()));
        let weight = self.table.said_in(unit, "peso_indicatore").and_then(|cell| cell.value.as_decimal());
        let title = names.into_iter().find_map(|field| self.table.said_in(unit, field));
        let place = match result.filter(|cell| cell.says()).or(title) {
            Some(cell) => self.table.place_of(cell, self.path),
            None => self.table.place_of_unit(unit, self.path),
        };
        let of = ["obiettivo", "servizio", "tipologia_dimensione"];
        Some(IndicatorRow {
            code,
            name: name.unwrap_or_default(),
            of: of.into_iter().map(|field| self.text(unit, field)).find(|of| !of.is_empty()).unwrap_or_default(),
            year: own.result.and_then(|result| result.year).or_else(|| row_year(self.table, unit)),
            result: shown(result),
            target: shown(target),
            direction: own.direction.clone(),
            verdict: own.verdict.clone(),
            attainment,
            weight: weight.filter(|w| *w > Decimal::ZERO).and_then(|w| w.to_f64()),
            series,
            trend,
            place,
        })
    }

    fn value(&self, value: InYear, own: &Assessed) -> Option<YearValue> {
        let (year, cell) = (value.year?, self.table.cell(value.cell)?);
        let number = own.number(Said::from(cell)).and_then(|n| round(n, 4).to_f64());
        Some(YearValue { year, text: read_as(cell, own), number })
    }

    /// The text of a field on one line; empty where it says nothing.
    fn text(&self, unit: &Unit, field: &str) -> String {
        self.table.said_in(unit, field).map(|cell| text::one_line(&cell.text, 300)).unwrap_or_default()
    }
}

/// A value as it was read: as written where nothing had to be put right.
fn read_as(cell: &Cell, own: &Assessed) -> String {
    match &cell.value {
        Value::Date(day) if own.is_of_ratios => {
            let (numerator, denominator) = date_as_ratio(*day);
            format!("{numerator}/{denominator}")
        }
        value if cell.flags.has(Flag::OcrSlash) => text::canonical(value),
        Value::Missing(_) if cell.text.trim().chars().all(|c| !c.is_alphanumeric()) => String::new(),
        _ => text::one_line(&cell.text, 200),
    }
}

/// A share in percent, with one decimal.
fn percent(share: Decimal) -> Option<f64> {
    round(share.checked_mul(Decimal::ONE_HUNDRED)?, 1).to_f64()
}

/// The attainment of all in one figure. Where some have a weight, those without count for nothing.
fn overall(rows: &[IndicatorRow], rule: OverallRule) -> Overall {
    let is_by_own_weights = rule == OverallRule::Weighted && rows.iter().any(|row| row.weight.is_some());
    let mut counted = 0;
    let (mut sum, mut weights) = (Decimal::ZERO, Decimal::ZERO);
    let mut worst: Option<Decimal> = None;
    for row in rows {
        let Ok(verdict) = &row.verdict else { continue };
        let weight =
            if is_by_own_weights { row.weight.and_then(|w| Decimal::try_from(w).ok()) } else { Some(Decimal::ONE) };
        let Some(weight) = weight else { continue };
        let share = verdict.attainment();
        counted += 1;
        sum = sum.saturating_add(share.saturating_mul(weight));
        weights = weights.saturating_add(weight);
        worst = Some(worst.map_or(share, |w| w.min(share)));
    }
    let share = match rule {
        OverallRule::Weighted => sum.checked_div(weights),
        OverallRule::Worst => worst,
    };
    Overall { rule, percent: share.and_then(percent), counted, is_by_own_weights }
}
