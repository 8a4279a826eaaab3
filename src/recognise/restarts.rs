//! A column of numbers behind the name of a unit that change within it: they number what comes next, each time anew.

use std::collections::{BTreeMap, BTreeSet};

use super::view::SheetView;
use crate::model::{Bilingual, CellRef, Column, column_name};
use crate::pack::{FieldKind, FieldSpec, Schedule};
use crate::text;

/// Rows looked at.
const SAMPLE: usize = 200;

/// Takes the number of the outermost entity from a column whose numbers are of the entity to its right.
pub(super) fn leave(view: &SheetView<'_>, schedule: &Schedule, from: u32, columns: &mut [Column]) {
    let Some(outer) = schedule.entities.first() else { return };
    let key = |kind: FieldKind, c: &Column| {
        let field = c.field.as_deref().and_then(|f| schedule.field(f));
        field.is_some_and(|f| f.kind == kind && outer.key.contains(&f.name))
    };
    let number = columns.iter().position(|c| key(FieldKind::Number, c));
    let name = columns.iter().position(|c| key(FieldKind::Text, c));
    let (Some(number), Some(name)) = (number, name) else { return };
    let entity = |c: &Column| Some(schedule.field(c.field.as_deref()?)?.entity.clone());
    let Some(next) = columns.get(number + 1).and_then(entity).filter(|e| *e != outer.name) else { return };
    let col = |i: usize| columns.get(i).map_or(0, |c| c.heading_area.first.col);
    let (name_col, number_col) = (col(name), col(number));
    if name_col > number_col {
        return;
    }
    // A column before the name that is called a number too has it with more right.
    let field = columns.get(number).and_then(|c| c.field.clone());
    let threshold = schedule.recognition.column_threshold;
    let named = |c: &Column| {
        let best = c.runner_up.as_ref().filter(|_| c.field.is_none() && c.confidence >= threshold);
        best.is_some_and(|r| Some(&r.field) == field.as_ref())
    };
    let first = columns.iter().position(named).filter(|first| *first < name);
    if first.is_none() && !is_of_parts(view, from, (name_col, number_col)) {
        return;
    }
    let taken: Vec<_> = columns.iter().filter_map(|c| c.field.clone()).collect();
    let Some(column) = columns.get_mut(number) else { return };
    let heading = text::words(&column.heading);
    let is_called = |f: &&FieldSpec| f.entity == next && f.late.iter().any(|h| text::words(h) == heading);
    let other = schedule.fields.iter().find(is_called).map(|f| f.name.clone());
    column.field = other.filter(|f| !taken.contains(f));
    column.runner_up = None;
    let name = column_name(name_col);
    column.evidence = if first.is_some() {
        Bilingual::new("le colonne accanto dicono di che cosa è il numero", "the columns beside tell what it numbers")
    } else {
        Bilingual::new(
            format!("cambia dentro una stessa voce della colonna {name}: non ne è il numero"),
            format!("it changes within one entry of column {name}: it is not its number"),
        )
    };
    if let Some(column) = first.and_then(|first| columns.get_mut(first)) {
        column.field = field;
        column.runner_up = None;
        column.evidence = Bilingual::new("l'intestazione è una di quelle note", "its heading is a known one");
    }
}

/// Whether the numbers change within units: where these are merged down over them, or where they begin anew.
fn is_of_parts(view: &SheetView<'_>, from: u32, (name, number): (u32, u32)) -> bool {
    let mut units: Vec<(bool, BTreeSet<String>)> = Vec::new();
    let mut last = String::new();
    for (row, _) in view.rows.iter().skip(view.position(from)).take(SAMPLE) {
        let here = CellRef::new(*row, name);
        let origin = view.merged(here).map_or(here, |a| a.first);
        let (own, found) = (text::identity(&view.text(here)), text::identity(&view.text(CellRef::new(*row, number))));
        let is_new = origin.row == *row && !own.is_empty() && own != last;
        if is_new {
            units.push((false, BTreeSet::new()));
            last = own;
        }
        if let Some((merged, numbers)) = units.last_mut().filter(|_| !found.is_empty()) {
            *merged |= origin.row < *row;
            numbers.insert(found);
        }
    }
    let several = units.iter().filter(|(_, n)| n.len() > 1).count();
    let merged = units.iter().filter(|(merged, _)| *merged).count();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    units.iter().flat_map(|(_, n)| n).for_each(|n| *seen.entry(n).or_default() += 1);
    let anew = seen.values().filter(|times| **times > 1).count();
    several > 0 && (several * 2 > merged && merged > 0 || anew > 0 && several * 2 >= units.len())
}
