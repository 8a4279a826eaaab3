//! Gives columns to fields: one best assignment for the whole table, by heading and content.

use std::sync::Arc;

use pathfinding::prelude::{Matrix, kuhn_munkres};

use super::candidate::{Candidate, IN_FULL, TOLD};
use super::{late, looser, strays};
use crate::model::{Bilingual, Column, RunnerUp, column_name};
use crate::pack::{Columns, FieldKind, FieldSource, FieldSpec, Schedule};
use crate::text;

/// Fields whose scores are this near share a heading; what a field loses if the column to the left is about another
/// entity than its own.
pub(super) const SHARED: f64 = 0.12;
const NEIGHBOUR: f64 = 0.1;
/// Least score of a heading for another column to be told as the one that has its field.
const TAKEN: f64 = 0.9;
/// Weights are whole numbers in the assignment.
const SCALE: f64 = 10_000.0;

/// The fields that columns may have, with their position in the schedule.
pub(super) fn column_fields(schedule: &Schedule) -> Vec<(usize, &FieldSpec)> {
    schedule.fields.iter().enumerate().filter(|(_, f)| f.source == FieldSource::Column).collect()
}

/// The entities that have a column for the text of their key: others are not what a table is about.
fn named_entities(schedule: &Schedule, fields: &[(usize, &FieldSpec)], candidates: &[Candidate<'_>]) -> Vec<Arc<str>> {
    let threshold = schedule.recognition.column_threshold;
    let best = |c: &Candidate<'_>| {
        let ranked = c.scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
        ranked.filter(|(_, s)| **s >= threshold).and_then(|(i, _)| fields.get(i)).map(|(_, f)| *f)
    };
    let named: Vec<&FieldSpec> = candidates.iter().filter_map(best).filter(|f| f.kind == FieldKind::Text).collect();
    let has = |key: &[Arc<str>]| named.iter().any(|f| key.contains(&f.name));
    schedule.entities.iter().filter(|e| has(&e.key)).map(|e| e.name.clone()).collect()
}

/// Where fields that are known by their neighbours share a heading («Tipologia»), the column to the left or else the one
/// to the right tells whose it is; without either it is nobody's.
fn look_next(schedule: &Schedule, fields: &[(usize, &FieldSpec)], candidates: &mut [Candidate<'_>]) {
    let threshold = schedule.recognition.column_threshold;
    let best = |c: &Candidate<'_>| {
        let (field, _) = c.by_heading.filter(|b| b.1 >= threshold)?;
        schedule.fields.get(field).map(|f| f.name.clone())
    };
    let names: Vec<Option<Arc<str>>> = candidates.iter().map(best).collect();
    let at = |i: Option<usize>| i.and_then(|i| names.get(i)?.as_ref());
    for (i, candidate) in candidates.iter_mut().enumerate() {
        let heading = text::words(candidate.heading.split('(').next().unwrap_or_default());
        let is_own = |f: &FieldSpec| !f.next_to.is_empty() && f.also.iter().any(|h| text::words(h) == heading);
        let shared: Vec<usize> = fields.iter().enumerate().filter(|(_, f)| is_own(f.1)).map(|(p, _)| p).collect();
        let beside = |name: Option<&Arc<str>>| {
            let is = |p: &&usize| fields.get(**p).is_some_and(|f| name.is_some_and(|n| f.1.next_to.contains(n)));
            shared.iter().find(is).copied()
        };
        let owner = beside(at(i.checked_sub(1))).or_else(|| beside(at(Some(i + 1))));
        for other in shared.iter().filter(|p| Some(**p) != owner) {
            if let Some(score) = candidate.scores.get_mut(*other) {
                *score = 0.0;
            }
        }
        candidate.by_neighbour |= owner.is_some();
    }
}

/// Whether units of its entity are told apart by the field.
fn is_key(schedule: &Schedule, field: &FieldSpec) -> bool {
    schedule.entities.iter().any(|e| e.name == field.entity && e.key.contains(&field.name))
}

/// The key that each heading names, if it names one: a code before it is of its entity.
fn keys<'a>(schedule: &'a Schedule, candidates: &[Candidate<'_>]) -> Vec<Option<&'a FieldSpec>> {
    let named = |c: &Candidate<'_>| c.by_heading.filter(|b| b.1 >= schedule.recognition.column_threshold);
    let key = |c: &Candidate<'_>| schedule.fields.get(named(c)?.0).filter(|f| is_key(schedule, f));
    candidates.iter().map(key).collect()
}

/// Where fields of several entities share a heading («Responsabile»), the group or the column to the left tells whose
/// it is.
fn look_beside(schedule: &Schedule, fields: &[(usize, &FieldSpec)], candidates: &mut [Candidate<'_>]) {
    let threshold = schedule.recognition.column_threshold;
    let present = named_entities(schedule, fields, candidates);
    let mut left: Option<Arc<str>> = None;
    let keys = keys(schedule, candidates);
    for (place, candidate) in candidates.iter_mut().enumerate() {
        let best = candidate.scores.iter().copied().fold(0.0, f64::max);
        if best < threshold {
            continue;
        }
        let entity = |i: usize| fields.get(i).map(|(_, f)| &f.entity);
        let near: Vec<usize> =
            candidate.scores.iter().enumerate().filter(|(_, s)| **s >= best - SHARED).map(|(i, _)| i).collect();
        let is_code = |name: &FieldSpec| {
            let of = |i: &usize| fields.get(*i).map(|(_, f)| *f);
            near.len() > 1 && near.iter().filter_map(of).all(|f| f.name != name.name && is_key(schedule, f))
        };
        let right = keys.get(place + 1).copied().flatten().filter(|f| is_code(f)).map(|f| &f.entity);
        let about = candidate.group.or(right).or(left.as_ref());
        let matched: Vec<usize> =
            near.iter().copied().filter(|i| candidate.matched.get(*i).copied().unwrap_or(false)).collect();
        // Where the values are those of one field alone, they tell more than the columns beside; unless none can tell of
        // the field that these name.
        let is_open = |i: &usize| entity(*i) == about && fields.get(*i).is_some_and(|(_, f)| f.content.is_empty());
        let told = matched.len() == 1 && matched.iter().any(|i| entity(*i) != about) && !near.iter().any(is_open);
        if about.is_some() && !told && near.iter().any(|i| entity(*i) == about) {
            for i in near.iter().filter(|i| entity(**i) != about) {
                if let Some(score) = candidate.scores.get_mut(*i) {
                    *score -= NEIGHBOUR;
                    candidate.by_neighbour = true;
                }
            }
        }
        let ranked = candidate.scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
        if let Some(own) = ranked.and_then(|(i, _)| entity(i)).filter(|e| present.is_empty() || present.contains(e)) {
            left = Some(own.clone());
        }
    }
}

/// The columns with their fields.
pub(super) fn columns(
    schedule: &Schedule,
    fields: &[(usize, &FieldSpec)],
    mut candidates: Vec<Candidate<'_>>,
) -> Vec<Column> {
    look_next(schedule, fields, &mut candidates);
    late::look_left(schedule, fields, &mut candidates);
    looser::leave_to_own(schedule, fields, &mut candidates);
    look_beside(schedule, fields, &mut candidates);
    let mut chosen = assign(&candidates, fields, schedule.recognition.column_threshold);
    strays::leave(fields, &candidates.iter().map(|c| c.scores.as_slice()).collect::<Vec<_>>(), &mut chosen);
    candidates.iter().zip(&chosen).map(|(candidate, choice)| column(fields, candidate, *choice)).collect()
}

/// Says of a column without a field that the field it names is another column's.
pub(super) fn tell_taken(schedule: &Schedule, columns: &mut [Column]) {
    let owners: Vec<(Arc<str>, String)> =
        columns.iter().filter_map(|c| Some((c.field.clone()?, column_name(c.heading_area.first.col)))).collect();
    let threshold = schedule.recognition.column_threshold;
    for column in columns.iter_mut().filter(|c| c.field.is_none() && c.confidence >= threshold) {
        let Some(field) = column.runner_up.as_ref().and_then(|r| schedule.field(&r.field)) else { continue };
        if let Some((_, owner)) = owners.iter().find(|(f, _)| *f == field.name) {
            column.runner_up = None;
            // A heading that only begins like the field's is something else.
            if column.confidence < TAKEN {
                continue;
            }
            let title = &field.title;
            column.evidence = Bilingual::new(
                format!("il campo «{}» è già della colonna {owner}", title.it),
                format!("the field “{}” is already that of column {owner}", title.en),
            );
        }
    }
}

/// Columns weighed against each other at most, the likeliest: the work grows with the cube of their number.
const WEIGHED: usize = 200;

/// The columns that some field fits, in their order: none but these can be given one.
fn likely(candidates: &[Candidate<'_>], threshold: f64) -> Vec<usize> {
    let best = |c: &Candidate<'_>| c.scores.iter().copied().fold(0.0, f64::max);
    let mut likely: Vec<(usize, f64)> =
        candidates.iter().map(best).enumerate().filter(|(_, score)| *score >= threshold).collect();
    if likely.len() > WEIGHED {
        likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        likely.truncate(WEIGHED);
        likely.sort_by_key(|(column, _)| *column);
    }
    likely.into_iter().map(|(column, _)| column).collect()
}

/// What a further column of a field loses that may have several: another field that it fits about as well has it.
const FURTHER: f64 = 0.08;
/// Further columns of one field at most.
const MOST_FURTHER: usize = 24;

/// The fields that may be given to a column, each with what it loses: all of them once, and again for the further
/// columns of those that may have several.
fn offers(fields: &[(usize, &FieldSpec)], candidates: &[Candidate<'_>], threshold: f64) -> Vec<(usize, f64)> {
    let mut offers: Vec<(usize, f64)> = (0..fields.len()).map(|field| (field, 0.0)).collect();
    for (field, _) in fields.iter().enumerate().filter(|(_, (_, f))| f.columns == Columns::Many) {
        let fits = |c: &&Candidate<'_>| c.scores.get(field).is_some_and(|s| *s >= threshold);
        let further = candidates.iter().filter(fits).count().saturating_sub(1).min(MOST_FURTHER);
        offers.extend((0..further).map(|_| (field, FURTHER)));
    }
    offers
}

/// For each column the index of its field: the assignment with the greatest sum, a column staying free where
/// no field reaches the threshold.
fn assign(candidates: &[Candidate<'_>], fields: &[(usize, &FieldSpec)], threshold: f64) -> Vec<Option<usize>> {
    let likely = likely(candidates, threshold);
    let mut assigned = vec![None; candidates.len()];
    if likely.is_empty() {
        return assigned;
    }
    let (columns, offers) = (likely.len(), offers(fields, candidates, threshold));
    let weight = |row: usize, col: usize| -> i64 {
        let score = match offers.get(col) {
            Some((field, lost)) => {
                let candidate = likely.get(row).and_then(|column| candidates.get(*column));
                let score = candidate.and_then(|s| s.scores.get(*field)).copied().unwrap_or(0.0);
                // A further column that fits at all is better than a free one.
                if score < threshold {
                    0.0
                } else {
                    (score - lost).max(if *lost > 0.0 { threshold + TOLD } else { 0.0 })
                }
            }
            None => threshold,
        };
        #[expect(clippy::cast_possible_truncation, reason = "scores lie between 0 and 1")]
        let weight = (score * SCALE) as i64;
        weight
    };
    let matrix = Matrix::from_fn(columns, offers.len() + columns, |(row, col)| weight(row, col));
    let (_, chosen) = kuhn_munkres(&matrix);
    for (row, (column, offer)) in likely.iter().zip(chosen).enumerate() {
        if let Some(place) = assigned.get_mut(*column) {
            *place = offers.get(offer).map(|(field, _)| *field).filter(|_| weight(row, offer) > 0);
        }
    }
    assigned
}

fn column(fields: &[(usize, &FieldSpec)], candidate: &Candidate<'_>, choice: Option<usize>) -> Column {
    let mut ranked: Vec<(usize, f64)> = candidate.scores.iter().copied().enumerate().filter(|s| s.1 > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let field = |i: usize| fields.get(i).map(|(_, f)| f.name.clone());
    let own = choice.and_then(|c| candidate.scores.get(c)).copied();
    let confidence = own.or_else(|| ranked.first().map(|r| r.1)).unwrap_or(0.0);
    let runner_up = ranked
        .iter()
        .find(|(i, _)| Some(*i) != choice)
        .and_then(|(i, s)| Some(RunnerUp { field: field(*i)?, confidence: round(*s) }));
    let evidence = match choice.and_then(|c| fields.get(c)) {
        Some((i, _)) if candidate.by_heading.is_some_and(|b| b.0 == *i && b.1 >= IN_FULL) => {
            Bilingual::new("l'intestazione è una di quelle note", "its heading is a known one")
        }
        Some((i, _)) if candidate.by_heading.is_some_and(|b| b.0 == *i) => {
            Bilingual::new("l'intestazione somiglia a quelle note", "its heading is like the known ones")
        }
        Some(_) if candidate.heading.is_empty() => Bilingual::new("decide il contenuto", "the content decides"),
        Some(_) if candidate.by_neighbour => Bilingual::new(
            "l'intestazione è di più campi: decidono le colonne accanto",
            "the heading is that of several fields: the columns beside decide",
        ),
        Some(_) => {
            Bilingual::new("il contenuto decide fra più campi possibili", "the content decides among several fields")
        }
        None => Bilingual::new("nessun campo noto è abbastanza vicino", "no known field is near enough"),
    };
    Column {
        sheet: None,
        heading_area: candidate.area,
        heading: candidate.heading.clone(),
        field: choice.and_then(field),
        confidence: round(confidence),
        evidence,
        runner_up,
    }
}

/// Two decimals: the rest would promise too much.
pub(super) fn round(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}

/// A count as a share's term.
pub(super) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
