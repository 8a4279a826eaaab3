//! Columns to be ticked: a heading over «Basso», «Medio», «Alto», and a cross under one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::header::{Heading, Samples};
use super::heading::HeadingIndex;
use super::spans::{self, Span};
use super::view::{SheetView, brief_words};
use crate::model::{Area, Bilingual, CellRef, Column, RunnerUp};
use crate::pack::Schedule;
use crate::text;

/// Least columns side by side that are one scale.
const LEAST: usize = 2;
/// Least score of the heading over them to name its field, and how sure the field is without such a heading.
const NAMED: f64 = 0.7;
const UNNAMED: f64 = 0.75;
/// Characters of a cross.
const CROSS: usize = 2;

/// One field over several columns: the value of each is its heading.
#[derive(Debug, Clone)]
pub(super) struct Ticks {
    pub(super) field: Arc<str>,
    /// Columns with the value that a cross under them gives.
    pub(super) values: Vec<(u32, Arc<str>)>,
    confidence: f64,
    heading: String,
    area: Area,
    /// The values are those of a scale, surer than a text that may be the same.
    pub(super) scale: bool,
}

impl Ticks {
    pub(super) fn has(&self, col: u32) -> bool {
        self.values.iter().any(|(c, _)| *c == col)
    }

    /// Puts the column that they are together with the others. A scale that is ticked is surer than a text that may be the
    /// same; other words are not.
    pub(super) fn join(&self, columns: &mut Vec<Column>) {
        let mut column = self.column();
        for other in columns.iter_mut().filter(|c| c.field.as_ref() == Some(&self.field)) {
            if self.scale {
                other.field = None;
            } else {
                column.field = None;
            }
        }
        if column.field.is_none() {
            column.runner_up = Some(RunnerUp { field: self.field.clone(), confidence: self.confidence });
        }
        columns.push(column);
    }

    fn column(&self) -> Column {
        let values = self.values.iter().map(|(_, v)| format!("«{v}»")).collect::<Vec<_>>().join(", ");
        Column {
            sheet: None,
            heading_area: self.area,
            heading: self.heading.as_str().into(),
            field: Some(self.field.clone()),
            confidence: self.confidence,
            evidence: Bilingual::new(
                format!("vale la casella barrata: {values}"),
                format!("the ticked box holds: {values}"),
            ),
            runner_up: None,
        }
    }

    /// The place and the values of the boxes ticked on a row, the place of the first box if none is.
    pub(super) fn read(&self, view: &SheetView<'_>, row: u32) -> (CellRef, Arc<str>, Arc<str>) {
        let at = |col: u32| {
            let here = CellRef::new(row, col);
            view.merged(here).map_or(here, |a| a.first)
        };
        let places = self.values.iter().map(|(col, value)| (at(*col), value));
        let ticked: Vec<(CellRef, &Arc<str>)> = places.filter(|(at, _)| is_cross(&view.text(*at))).collect();
        match ticked.as_slice() {
            [] => (self.values.first().map_or(CellRef::new(row, 0), |(col, _)| at(*col)), "".into(), "".into()),
            [(place, value)] => (*place, view.text(*place), (*value).clone()),
            [(place, _), ..] => {
                let all: Vec<&str> = ticked.iter().map(|(_, v)| &***v).collect();
                (*place, view.text(*place), all.join(" / ").into())
            }
        }
    }
}

/// The scales to be ticked among the columns.
fn find(
    schedule: &Schedule,
    index: &HeadingIndex,
    cols: &BTreeSet<u32>,
    headings: &BTreeMap<u32, Heading>,
    samples: &Samples,
) -> Vec<Ticks> {
    let patterns: Vec<_> = schedule.recognition.values.iter().filter_map(|n| schedule.patterns.get(n)).collect();
    let is_box = |col: &u32| {
        let label = headings.get(col).and_then(|h| h.parts.last()).filter(|p| !p.wide);
        label.is_some_and(|p| patterns.iter().any(|m| m.is_match(&p.text)))
            && samples.get(col).is_none_or(|texts| texts.iter().all(|t| is_cross(t) || is_dash(t)))
    };
    let above = |col: u32| headings.get(&col).map_or(String::new(), upper);
    let mut runs: Vec<Vec<u32>> = Vec::new();
    for col in cols.iter().filter(|c| is_box(c)) {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|l| l + 1 == *col && above(*l) == above(*col)) => run.push(*col),
            _ => runs.push(vec![*col]),
        }
    }
    runs.iter().filter_map(|run| scale(schedule, index, run, headings, samples)).collect()
}

/// The scales to be ticked among the columns, and the labels over several of them that count periods.
pub(super) fn and_spans(
    (schedule, index): (&Schedule, &HeadingIndex),
    cols: &BTreeSet<u32>,
    (headings, samples): (&BTreeMap<u32, Heading>, &Samples),
    calendar: &BTreeSet<u32>,
) -> (Vec<Ticks>, Vec<Span>) {
    let mut ticks = find(schedule, index, cols, headings, samples);
    let mut spans = spans::find((schedule, index), cols, headings, calendar);
    spans.retain(|s| !ticks.iter().any(|t| s.cols.iter().any(|c| t.has(*c))));
    ticks.extend(spans.iter().filter_map(|s| under_label(schedule, s, headings, samples)));
    spans.retain(|s| s.series);
    (ticks, spans)
}

/// A label over columns of words, with crosses alone under them: «Misure generali» over «Rotazione» and «Formazione».
fn under_label(
    schedule: &Schedule,
    span: &Span,
    headings: &BTreeMap<u32, Heading>,
    samples: &Samples,
) -> Option<Ticks> {
    let texts = || span.cols.iter().filter_map(|c| samples.get(c)).flatten();
    // A figure or a word is a value of its own here.
    let mark = |t: &Arc<str>| is_cross(t) && !t.chars().any(|c| c.is_alphanumeric() && !"xX".contains(c));
    if !texts().any(mark) || !texts().all(|t| mark(t) || is_dash(t)) {
        return None;
    }
    let field = schedule.fields.get(span.field?)?.name.clone();
    let own: Vec<&Heading> = span.cols.iter().filter_map(|c| headings.get(c)).collect();
    let last = |h: &Heading| Some(Arc::from(h.parts.last()?.text.trim()));
    let values: Vec<(u32, Arc<str>)> =
        span.cols.iter().zip(&own).filter_map(|(col, h)| Some((*col, last(h)?))).collect();
    let heading = own.first().map_or(String::new(), |h| upper(h));
    let area = own.iter().map(|h| h.area).reduce(|a, b| a.union(&b))?;
    Some(Ticks { field, values, confidence: UNNAMED, heading, area, scale: false })
}

/// A run of boxes as a scale: of the field that the heading over them names, or that is known by such values.
fn scale(
    schedule: &Schedule,
    index: &HeadingIndex,
    run: &[u32],
    headings: &BTreeMap<u32, Heading>,
    samples: &Samples,
) -> Option<Ticks> {
    let own: Vec<&Heading> = run.iter().filter_map(|c| headings.get(c)).collect();
    let values: Vec<(u32, Arc<str>)> =
        run.iter().zip(&own).filter_map(|(col, h)| Some((*col, Arc::from(h.parts.last()?.text.trim())))).collect();
    let distinct: BTreeSet<String> = values.iter().map(|(_, v)| text::normal(v)).collect();
    let crossed = run.iter().filter_map(|c| samples.get(c)).flatten().any(|t| is_cross(t));
    if values.len() < LEAST || distinct.len() < values.len() || !crossed {
        return None;
    }
    let heading = own.first().map_or(String::new(), |h| upper(h));
    let rated = |by: &[String]| by.iter().any(|n| schedule.recognition.values.contains(n));
    let of_heading = index.scores(&heading).iter().find_map(|(i, score)| {
        let field = schedule.fields.get(*i).filter(|f| *score >= NAMED && rated(&f.content))?;
        Some((field.name.clone(), *score))
    });
    let known = || schedule.fields.iter().find(|f| rated(&f.by_content)).map(|f| (f.name.clone(), UNNAMED));
    let (field, confidence) = of_heading.or_else(|| known().filter(|_| brief_words(&heading).is_empty()))?;
    let area = own.iter().map(|h| h.area).reduce(|a, b| a.union(&b))?;
    let heading = if heading.is_empty() { joined(&values) } else { heading };
    Some(Ticks { field, values, confidence, heading, area, scale: true })
}

/// The rows of a heading above its last.
fn upper(heading: &Heading) -> String {
    let parts = heading.parts.split_last().map_or(&[][..], |(_, above)| above);
    parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn joined(values: &[(u32, Arc<str>)]) -> String {
    values.iter().map(|(_, v)| &**v).collect::<Vec<_>>().join(" / ")
}

/// Whether a text ticks a box: «X», «✓», «1», «sì».
fn is_cross(text: &str) -> bool {
    let text = text.trim();
    let mark = |c: char| matches!(c, 'x' | 'X' | '×') || !c.is_alphanumeric() && !is_dash(c.encode_utf8(&mut [0; 4]));
    let marks = !text.is_empty() && text.chars().count() <= CROSS && text.chars().all(mark);
    marks || text == "1" || ["si", "sì", "Si", "Sì", "SI", "SÌ"].contains(&text)
}

/// Whether a text leaves a box blank.
fn is_dash(text: &str) -> bool {
    let text = text.trim();
    text.chars().all(|c| "-–—_/.".contains(c)) || ["no", "No", "NO", "0"].contains(&text)
}
