//! Headings that may name a field, beside the column whose heading is the field's own.

use super::candidate::Candidate;
use super::wordings::stemmed;
use crate::pack::{Columns, FieldSpec, Schedule};
use crate::text;

/// Least score of the column whose heading is the field's own: what it holds does not speak against it.
const OWN: f64 = 0.75;

/// Takes a field from the columns that only may be called so where another column is: «Descrizione dell'attività» beside
/// «Fase».
pub(super) fn leave_to_own(schedule: &Schedule, fields: &[(usize, &FieldSpec)], candidates: &mut [Candidate<'_>]) {
    let threshold = schedule.recognition.column_threshold;
    let several = |f: &FieldSpec| f.also.is_empty() || f.columns == Columns::Many;
    for (place, (_, field)) in fields.iter().enumerate().filter(|(_, (_, f))| !several(f)) {
        let fits = |c: &Candidate<'_>| c.scores.get(place).is_some_and(|s| *s >= threshold);
        if candidates.iter().filter(|c| fits(c)).nth(1).is_none() {
            continue;
        }
        let stems = |names: &[String]| names.iter().map(|n| stemmed(&text::words(n))).collect::<Vec<_>>();
        let (own, also) = (stems(&field.headings), stems(&field.also));
        // Before a heading may stand the title of its group.
        let ends =
            |heading: &str, name: &str| heading.strip_suffix(name).is_some_and(|b| b.is_empty() || b.ends_with(' '));
        let is = |names: &[String], c: &Candidate<'_>| {
            let heading = stemmed(&text::words(&c.heading));
            fits(c) && names.iter().any(|name| ends(&heading, name))
        };
        let sure = |c: &Candidate<'_>| c.scores.get(place).is_some_and(|s| *s >= OWN);
        if !candidates.iter().any(|c| sure(c) && is(&own, c)) {
            continue;
        }
        for candidate in candidates.iter_mut().filter(|c| is(&also, c) && !is(&own, c)) {
            if let Some(score) = candidate.scores.get_mut(place) {
                *score = 0.0;
            }
        }
    }
}
