//! Columns headed by a year alone beside what was to be reached: what was reached in that year («Soglia | 2022 | 2023»).

use super::years;
use crate::model::{Bilingual, Column};
use crate::pack::Schedule;
use crate::text;

/// How sure a year alone is of its field.
const SURE: f64 = 0.7;

/// Gives columns headed by a year alone the field that the pack says. Years after the one of the column beside are not
/// over yet, and where a column has the field by its own heading the years may be anything.
pub(super) fn give(schedule: &Schedule, columns: &mut [Column]) {
    let Some(spec) = &schedule.recognition.years else { return };
    let has = |name: &str| columns.iter().any(|c| c.field.as_deref() == Some(name));
    if has(&spec.field) || !has(&spec.beside) {
        return;
    }
    let beside = columns.iter().filter(|c| c.field.as_ref() == Some(&spec.beside));
    let latest = beside.filter_map(|c| year(&c.heading)).max();
    let is_bare = |c: &Column| c.field.is_none() && years::is_only(&c.heading);
    let is_over = |c: &Column| latest.is_none_or(|l| year(&c.heading).is_some_and(|y| y <= l));
    if !columns.iter().filter(|c| is_bare(c)).all(is_over) {
        return;
    }
    for column in columns.iter_mut().filter(|c| is_bare(c)) {
        column.field = Some(spec.field.clone());
        column.confidence = SURE;
        column.runner_up = None;
        column.evidence = Bilingual::new(
            "l'intestazione è un anno, accanto al traguardo dell'anno",
            "the heading is a year, beside the value to be reached",
        );
    }
}

/// The last year in a heading.
fn year(heading: &str) -> Option<u16> {
    text::words(heading).split(' ').filter_map(years::of).max()
}
