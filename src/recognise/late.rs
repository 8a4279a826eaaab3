//! Headings that say different things on either side of others: «Azioni» before the risk is a step of the process,
//! behind it what is done about it.

use std::sync::Arc;

use super::candidate::Candidate;
use crate::pack::{FieldSpec, Schedule};
use crate::text;

/// What a field scores that has its heading by its place.
const PLACED: f64 = 0.85;

/// Gives a heading to the field that it names only to the right of some others, where no other column is of a key of its
/// entity.
pub(super) fn look_left(schedule: &Schedule, fields: &[(usize, &FieldSpec)], candidates: &mut [Candidate<'_>]) {
    let late: Vec<(usize, &FieldSpec)> =
        fields.iter().enumerate().filter(|(_, (_, f))| !f.late.is_empty()).map(|(place, (_, f))| (place, *f)).collect();
    if late.is_empty() {
        return;
    }
    let threshold = schedule.recognition.column_threshold;
    let best = |c: &Candidate<'_>| {
        let (field, _) = c.by_heading.filter(|b| b.1 >= threshold)?;
        schedule.fields.get(field).map(|f| f.name.clone())
    };
    let names: Vec<Option<Arc<str>>> = candidates.iter().map(best).collect();
    for (place, field) in late {
        let entity = schedule.entities.iter().find(|e| e.name == field.entity);
        let key = entity.map_or(&[][..], |e| e.key.as_slice());
        if names.iter().flatten().any(|name| key.contains(name)) {
            continue;
        }
        let words: Vec<String> = field.late.iter().map(|h| text::words(h)).collect();
        let is_late = |c: &Candidate<'_>| {
            let heading = text::words(c.heading.split('(').next().unwrap_or_default());
            words.contains(&heading)
        };
        // The same heading may stand on either side: the first of them that follows.
        let told = names.iter().position(|name| name.as_ref().is_some_and(|n| field.follows.contains(n)));
        let behind = candidates.iter_mut().skip(told.map_or(usize::MAX, |at| at + 1));
        if let Some(candidate) = behind.into_iter().find(|c| is_late(c)) {
            candidate.scores.iter_mut().enumerate().for_each(|(i, s)| *s = if i == place { PLACED } else { 0.0 });
            candidate.by_neighbour = true;
        }
    }
}
