//! Indicators at a glance, for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::place::Spot;
use super::{Tool, VERSION, line};
use crate::model::{Direction, DirectionSign, IndicatorMap, IndicatorRow, Lang, Trend, Verdict, YearValue};

/// The whole as one object.
pub(in crate::output) fn write(map: &IndicatorMap, out: &mut dyn Write) -> io::Result<()> {
    let [met, missed, unjudged] = map.tally();
    let whole = Whole {
        version: VERSION,
        tool: Tool::this(),
        sources: &map.sources,
        entities: Sizes { indicatore: map.rows.len() },
        summary: Summary { met, missed, unjudged },
        overall: Overall {
            rule: map.overall.rule.name(),
            attainment: map.overall.percent,
            indicators: map.overall.counted,
            own_weights: map.overall.is_by_own_weights,
        },
        indicators: Each::of(&map.rows, map.lang, Indicator::new),
    };
    line(&whole, out)
}

fn said(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    tool: Tool,
    sources: &'a [String],
    entities: Sizes,
    summary: Summary,
    overall: Overall,
    indicators: Each<'a, IndicatorRow, Indicator<'a>, Lang>,
}

#[derive(Serialize)]
struct Sizes {
    indicatore: usize,
}

#[derive(Serialize)]
struct Summary {
    met: usize,
    missed: usize,
    unjudged: usize,
}

#[derive(Serialize)]
struct Overall {
    rule: &'static str,
    attainment: Option<f64>,
    indicators: usize,
    own_weights: bool,
}

#[derive(Serialize)]
struct Indicator<'a> {
    code: Option<&'a str>,
    name: Option<&'a str>,
    of: Option<&'a str>,
    year: Option<i16>,
    result: Option<&'a str>,
    target: Option<&'a str>,
    direction: Option<&'static str>,
    direction_contested: bool,
    direction_signs: Vec<Telling<'a>>,
    direction_why: String,
    met: Option<bool>,
    /// Why nothing can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    unjudged: Option<&'static str>,
    attainment: Option<f64>,
    deviation: Option<String>,
    weight: Option<f64>,
    series: Vec<Reached<'a>>,
    trend: Option<&'static str>,
    place: Spot<'a>,
}

impl<'a> Indicator<'a> {
    fn new(row: &'a IndicatorRow, lang: Lang) -> Self {
        let verdict = row.verdict.as_ref();
        Self {
            code: said(&row.code),
            name: said(&row.name),
            of: said(&row.of),
            year: row.year,
            result: said(&row.result),
            target: said(&row.target),
            direction: row.direction.direction().map(Direction::name),
            direction_contested: row.direction.is_contested(),
            direction_signs: row.direction.signs.iter().map(Telling::new).collect(),
            direction_why: row.direction.why(lang),
            met: verdict.ok().map(|verdict| verdict.is_met),
            unjudged: verdict.err().map(|why| why.name()),
            attainment: row.attainment,
            deviation: verdict.ok().and_then(Verdict::deviation_text),
            weight: row.weight,
            series: row.series.iter().map(Reached::new).collect(),
            trend: row.trend.map(Trend::name),
            place: Spot::of_place(&row.place, ()),
        }
    }
}

/// What tells a direction.
#[derive(Serialize)]
struct Telling<'a> {
    sign: &'static str,
    direction: &'static str,
    evidence: &'a str,
}

impl<'a> Telling<'a> {
    fn new(sign: &'a DirectionSign) -> Self {
        Self { sign: sign.signal.name(), direction: sign.direction.name(), evidence: &sign.evidence }
    }
}

#[derive(Serialize)]
struct Reached<'a> {
    year: i16,
    value: &'a str,
    number: Option<f64>,
}

impl<'a> Reached<'a> {
    fn new(value: &'a YearValue) -> Self {
        Self { year: value.year, value: &value.text, number: value.number }
    }
}
