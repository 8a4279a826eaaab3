//! One label over several columns that have no known headings of their own: «Cronoprogramma» over 2025 and 2026. All of
//! them are the label's.

use std::collections::{BTreeMap, BTreeSet};

use super::header::{Heading, Part};
use super::heading::HeadingIndex;
use super::view::brief_words;
use super::years;
use crate::model::Column;
use crate::pack::{Columns, Schedule};

/// Least score of a label to name the field of the columns under it.
const NAMED: f64 = 0.85;
/// The label and a word under it are one heading only where they are known as one.
const TOGETHER: f64 = 0.92;
/// What the label's field loses to a column that has it by its own heading.
pub(super) const BY_LABEL: f64 = 0.05;
/// Words under a label that are answers to it.
const YES_NO: [&str; 2] = ["si", "no"];

/// Columns side by side under one label.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) cols: Vec<u32>,
    /// The field that the label names; without one the columns are of none.
    pub(super) field: Option<usize>,
    /// What is under the label counts its periods: years, semesters. Other words divide it only where they are ticked.
    pub(super) series: bool,
    /// What is under the label is words, not years.
    pub(super) worded: bool,
    /// The rows of the heading that are the label's.
    rows: usize,
}

impl Span {
    pub(super) fn has(&self, col: u32) -> bool {
        self.cols.contains(&col)
    }

    /// The parts of a heading that name the column's field.
    pub(super) fn label<'a>(&self, parts: &'a [Part]) -> &'a [Part] {
        if self.field.is_some() { parts.get(..self.rows).unwrap_or_default() } else { &[] }
    }
}

/// The spans among the columns, left to right.
pub(super) fn find(
    (schedule, index): (&Schedule, &HeadingIndex),
    cols: &BTreeSet<u32>,
    headings: &BTreeMap<u32, Heading>,
    calendar: &BTreeSet<u32>,
) -> Vec<Span> {
    let mut runs: Vec<(String, Span)> = Vec::new();
    for col in cols {
        let Some((label, rows)) = headings.get(col).and_then(|h| label(&h.parts)) else { continue };
        match runs.last_mut() {
            Some((known, run)) if *known == label && run.cols.last().is_some_and(|l| l + 1 == *col) => {
                run.cols.push(*col);
            }
            _ => runs.push((label, Span { cols: vec![*col], field: None, series: true, worded: true, rows })),
        }
    }
    let spans = runs.into_iter().filter(|(_, run)| run.cols.len() > 1);
    let span = |(label, mut run): (String, Span)| {
        let periods = run.cols.iter().any(|c| calendar.contains(c));
        if periods && over_periods(schedule, index, &label, &mut run) {
            run.cols.retain(|c| calendar.contains(c));
            return Some(run);
        }
        named(schedule, index, headings, &label, run)
    };
    spans.filter_map(span).collect()
}

/// The label over several columns, with the rows it takes.
fn label(parts: &[Part]) -> Option<(String, usize)> {
    let rows = parts.iter().take_while(|p| p.wide).count();
    let texts: Vec<&str> = parts.iter().take(rows).map(|p| p.text.as_str()).collect();
    (rows > 0).then(|| (texts.join(" "), rows))
}

/// Whether a label over months or quarters names what has a column for each of several periods, be it the title of a group
/// too («Consuntivo»); the span then has that field.
fn over_periods(schedule: &Schedule, index: &HeadingIndex, label: &str, span: &mut Span) -> bool {
    let best = index.scores(label).first().copied().filter(|(_, score)| *score >= NAMED);
    let many = |field: &usize| schedule.fields.get(*field).is_some_and(|f| f.columns == Columns::Many);
    span.field = best.map(|(field, _)| field).filter(many);
    span.field.is_some() && !index.is_apart(label) && !index.is_foreign(label)
}

/// The span with its field, if no column of it says what it is itself.
fn named(
    schedule: &Schedule,
    index: &HeadingIndex,
    headings: &BTreeMap<u32, Heading>,
    label: &str,
    mut span: Span,
) -> Option<Span> {
    let under: Vec<String> = span.cols.iter().filter_map(|c| headings.get(c)).map(|h| own(h, span.rows)).collect();
    let best = index.scores(label).first().copied().filter(|(_, score)| *score >= NAMED);
    let of_label = |field: usize| best.is_some_and(|(own, _)| own == field);
    let group = index.group(label).is_some() || index.is_apart(label) || index.is_foreign(label);
    let answers = under.iter().all(|t| YES_NO.contains(&brief_words(t).as_str()));
    let threshold = schedule.recognition.column_threshold;
    let unknown = |text: &String| {
        let alone = index.scores(text);
        let joined = index.scores(&format!("{label} {text}"));
        alone.iter().all(|(f, score)| *score < threshold || of_label(*f))
            && joined.iter().all(|(f, score)| *score < TOGETHER || of_label(*f))
            && !index.is_generic(text)
    };
    span.field = best.map(|(field, _)| field).filter(|_| !group);
    if answers {
        return Some(span);
    }
    // Years alone, or words alone: what stands beside years («Note») is something else.
    let years = under.iter().filter(|t| t.is_empty()).count();
    let headed = span.cols.iter().filter_map(|c| headings.get(c)).all(|h| h.parts.len() > span.rows);
    if span.field.is_none() || !headed {
        return None;
    }
    span.worded = years == 0;
    span.series = under.iter().all(unknown) && (years == under.len() || years == 0 && is_series(&under));
    Some(span)
}

/// Whether texts count periods: «T1, T2», «I semestre, II semestre», «anno 1, anno 2».
fn is_series(texts: &[String]) -> bool {
    let words: Vec<String> = texts.iter().map(|t| brief_words(t)).collect();
    let without = |text: &String| {
        let numeral = |w: &&str| !w.chars().all(|c| c.is_ascii_digit() || "ivx".contains(c));
        let kept = text.split(' ').filter(numeral).map(|w| w.trim_matches(|c: char| c.is_ascii_digit()));
        kept.collect::<Vec<_>>().join(" ")
    };
    let distinct: BTreeSet<&String> = words.iter().collect();
    let bare: BTreeSet<String> = words.iter().map(without).collect();
    let last: BTreeSet<&str> = words.iter().filter_map(|w| w.rsplit_once(' ')).map(|(_, last)| last).collect();
    let same_last = last.len() == 1 && words.iter().all(|w| w.contains(' '));
    distinct.len() == words.len() && (bare.len() == 1 || same_last)
}

/// What a column has under the label, years aside.
fn own(heading: &Heading, rows: usize) -> String {
    let parts = heading.parts.iter().skip(rows).filter(|p| !years::is_only(&p.text));
    parts.map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Gives the field of one column of a span to the others.
pub(super) fn spread(spans: &[Span], columns: &mut [Column]) {
    for span in spans {
        let inside = |c: &Column| span.has(c.heading_area.first.col);
        let Some(given) = columns.iter().find(|c| inside(c) && c.field.is_some()).cloned() else { continue };
        for column in columns.iter_mut().filter(|c| inside(c) && c.field.is_none()) {
            column.field.clone_from(&given.field);
            column.evidence = given.evidence.clone();
            column.confidence = given.confidence;
            column.runner_up = None;
        }
    }
}
