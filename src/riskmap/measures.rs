//! The measures of a plan in time.

use jiff::civil::Date;

use super::names::Grouped;
use super::reader::{MEASURES, Reader};
use crate::model::{MeasureTiming as Timing, PlannedMeasure, Unit, Value};
use crate::text;

/// Patterns of the pack that tell a measure done: of its state, and of its own text.
const DONE: &str = "attuata";
const EXISTING: &str = "misura_esistente";

/// Every measure, those with a day first, by day; then by process.
pub(super) fn planned(readers: &[Reader<'_>], owners: &Grouped, as_of: Option<Date>) -> Vec<PlannedMeasure> {
    let mut all: Vec<PlannedMeasure> = readers
        .iter()
        .flat_map(|reader| reader.measures().filter_map(|unit| measure(reader, unit, owners, as_of)))
        .collect();
    all.sort_by(|a, b| {
        let key = |m: &PlannedMeasure| (m.due.is_none(), m.due, m.timing);
        key(a).cmp(&key(b)).then_with(|| a.process.cmp(&b.process))
    });
    all
}

fn measure(reader: &Reader<'_>, unit: &Unit, owners: &Grouped, as_of: Option<Date>) -> Option<PlannedMeasure> {
    let cell = MEASURES.iter().find_map(|field| reader.table.said_in(unit, field))?;
    let name = text::one_line(&cell.text, 300);
    let term = reader.table.said_in(unit, "fasi_tempi");
    let due = term.and_then(|cell| match &cell.value {
        Value::Date(day) | Value::Deadline(day) | Value::Period(_, day) => Some(*day),
        _ => None,
    });
    let matches = |pattern: &str, text: &str| reader.pack.is_some_and(|p| p.schedule.pattern_matches(pattern, text));
    let state = reader.text(unit, "stato");
    let is_done = !state.is_empty() && matches(DONE, &state)
        || matches(EXISTING, &name)
        || term.is_some_and(|cell| due.is_none() && matches(DONE, &cell.text));
    let timing = match (is_done, due, term.map(|cell| &cell.value)) {
        (true, ..) => Timing::Done,
        (_, Some(day), _) if as_of.is_some_and(|today| day < today) => Timing::Overdue,
        (_, Some(_), _) => Timing::Due,
        (_, None, Some(Value::Recurring(_))) => Timing::Recurring,
        _ => Timing::Untimed,
    };
    let process = reader.process_of(unit).map(|process| reader.name(process)).unwrap_or_default();
    Some(PlannedMeasure {
        process,
        owner: owners.meant(&reader.text(unit, "responsabile_misura")),
        term: term.map(|cell| text::one_line(&cell.text, 200)).unwrap_or_default(),
        due,
        timing,
        place: reader.place_of(cell),
        measure: name,
    })
}
