//! Which fields a heading of one or several rows names.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::header::Part;
use super::heading::HeadingIndex;
use super::sides;
use crate::pack::{FieldKind, Schedule};

/// What a heading loses when its upper row is taken as the title of a group.
const WITHOUT_GROUP: f64 = 0.03;
/// What a field loses whose entity is not that of the group.
const OTHER_ENTITY: f64 = 0.12;
/// The same for a label of one word: «Codice», «Note», «Valore» are of the group.
const ONE_WORD: f64 = 0.33;
/// The title of a group and the label under it are one heading only where they are known as one.
const TOGETHER: f64 = 0.92;
/// Score of the field that a group is about, for a label that says no more («Descrizione»).
const GENERIC: f64 = 0.9;
/// Least score for the title of a group to tell its entity.
const TITLE: f64 = 0.75;

/// The group of columns that a column stands in.
#[derive(Debug, Default)]
pub(super) struct Group<'a> {
    /// Upper rows of the heading that are the group's title.
    rows: usize,
    /// What the group is about.
    pub(super) entity: Option<&'a Arc<str>>,
    /// The field that its title names.
    field: Option<usize>,
}

impl<'a> Group<'a> {
    /// The group over a column: the upper labels that stand over several.
    pub(super) fn of(schedule: &'a Schedule, index: &HeadingIndex, parts: &[&Part]) -> Self {
        let rows = parts.iter().take_while(|p| p.wide).count().min(parts.len().saturating_sub(1));
        let mut group = Self { rows, entity: None, field: None };
        // The nearest label that says what the group is about.
        for part in parts.iter().take(rows).rev() {
            if let Some(entity) = index.group(&part.text).and_then(|e| schedule.entities.get(e)) {
                group.entity = Some(&entity.name);
                let is_text = |f: &usize| schedule.fields.get(*f).is_some_and(|f| f.kind == FieldKind::Text);
                let keys = entity.key.iter().filter_map(|k| schedule.fields.iter().position(|f| f.name == *k));
                group.field = keys.into_iter().find(is_text);
                return group;
            }
            if let Some((field, _)) = index.scores(&part.text).first().filter(|s| s.1 >= TITLE) {
                group.entity = schedule.fields.get(*field).map(|f| &f.entity);
                group.field = Some(*field);
                return group;
            }
        }
        group
    }
}

/// What a label loses for a field of another entity than its group's.
fn other_entity(label: &str) -> f64 {
    if label.split_whitespace().nth(1).is_none() { ONE_WORD } else { OTHER_ENTITY }
}

/// How well a heading of several rows names each field: joined from the top, or by its lower rows alone, where the
/// upper ones are the title of a group of columns.
pub(super) fn best_names(
    schedule: &Schedule,
    index: &HeadingIndex,
    parts: &[&Part],
    group: &Group<'_>,
) -> BTreeMap<usize, f64> {
    let mut best: BTreeMap<usize, f64> = BTreeMap::new();
    let joined = |from: usize| {
        parts.get(from..).unwrap_or_default().iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    let stranger =
        |field: usize| group.entity.is_some() && schedule.fields.get(field).map(|f| &f.entity) != group.entity;
    for dropped in 0..parts.len() {
        for (field, score) in index.scores(&joined(dropped)).iter() {
            if dropped < group.rows && *score < TOGETHER {
                continue;
            }
            let lost = match dropped {
                0 => 0.0,
                _ if dropped >= group.rows && stranger(*field) => other_entity(&joined(dropped)),
                _ if group.entity.is_some() => 0.0,
                _ => WITHOUT_GROUP,
            };
            let known = best.entry(*field).or_default();
            *known = known.max(score - lost);
        }
    }
    if let Some(field) = group.field.filter(|_| index.is_generic(&joined(group.rows))) {
        return BTreeMap::from([(field, GENERIC)]);
    }
    if let Some(sides) = parts.last().and_then(|p| p.lines.as_deref()).and_then(sides::of) {
        for (field, score) in index.of_sides(&sides) {
            let lost = if group.rows > 0 && stranger(field) { OTHER_ENTITY } else { 0.0 };
            let known = best.entry(field).or_default();
            *known = known.max(score - lost);
        }
    }
    if best.is_empty() && group.rows > 0 {
        // What the title alone names is the group's, not this column's.
        let title = parts.iter().take(group.rows).map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ");
        let titled = index.scores(&title);
        let own = |f: usize| titled.iter().all(|(of, s)| *of != f || *s < TITLE);
        best.extend(index.scores(&joined(0)).iter().filter(|(f, _)| own(*f)).map(|(f, s)| (*f, s - WITHOUT_GROUP)));
    }
    best
}
