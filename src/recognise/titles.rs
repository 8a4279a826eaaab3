//! Titles and labelled rows around a table, which hold for the rows below them; and rows that no header has.

use std::sync::Arc;

use super::bounds;
use super::heading::HeadingIndex;
use super::view::{SheetView, brief_words, is_empty, is_figure, shown};
use crate::model::{CellRef, GridCell, Scalar};
use crate::pack::Schedule;
use crate::text;

/// Rows above a header in which the titles of its table are looked for.
const ABOVE: usize = 8;
/// Words for a value, side by side, that are headings: «alto», «medio», «basso» over columns to be ticked.
const SCALE: usize = 3;

/// Bytes by which a label may be longer or shorter as it is printed.
const SLACK: usize = 3;

/// Bytes that a label has beside its words: points, brackets, accents.
const PUNCTUATION: usize = 12;

/// What parts a title, for a label to begin behind it.
const DASHES: [&str; 4] = [" - ", " – ", " — ", " | "];

/// A datum of a title row: the field, where it stands, and what it says without its label.
pub(super) struct Given {
    pub(super) field: Arc<str>,
    pub(super) at: CellRef,
    pub(super) raw: Arc<str>,
    pub(super) text: Arc<str>,
}

/// The data of a row of nothing but labels and their values: one in a cell («Ufficio: Tributi»), or a label and its
/// value side by side, once or more. Empty for any other row.
pub(super) fn labelled(schedule: &Schedule, cells: &[GridCell]) -> Vec<Given> {
    let filled: Vec<&GridCell> = cells.iter().filter(|c| !is_empty(c)).collect();
    let [first, ..] = filled.as_slice() else { return Vec::new() };
    if filled.len() == 1 {
        return in_parts(schedule, first);
    }
    if filled.len() % 2 == 1 {
        return Vec::new();
    }
    let mut given = Vec::new();
    for pair in filled.chunks(2) {
        let [label, value] = pair else { return Vec::new() };
        let (name, text) = (shown(label), shown(value));
        let Some(field) = field_of(schedule, name.trim().trim_end_matches(':')) else { return Vec::new() };
        if !matches!(value.value, Scalar::Text(_) | Scalar::Uncalculated) || is_label(schedule, &text) {
            return Vec::new();
        }
        given.push(Given { field, at: value.at, raw: text.clone(), text: text.trim().into() });
    }
    given
}

/// The labels of the title rows, by their first letter and their length: a row of data mostly begins with none.
pub(super) struct Labels {
    /// A bit for each length that a label with this letter may have.
    lengths: [u64; 128],
    /// A label begins with no ASCII character.
    wide: bool,
}

impl Labels {
    pub(super) fn new(schedule: &Schedule) -> Self {
        let mut own = Self { lengths: [0; 128], wide: false };
        for field in &schedule.register.subtitles {
            let headings = schedule.field(field).map_or(&[][..], |f| &f.headings);
            let labels = schedule.head.get(field.as_ref()).map_or(&[][..], |h| &h.labels);
            for label in headings.iter().chain(labels) {
                let near = (label.len().saturating_sub(SLACK)..=label.len() + SLACK).take_while(|len| *len < 64);
                let near = near.fold(0, |all, len| all | 1 << len);
                match initial(label).and_then(|c| own.lengths.get_mut(c as usize)) {
                    Some(lengths) => *lengths |= near,
                    None => own.wide = true,
                }
            }
        }
        own
    }

    /// Whether a cell may hold a label.
    pub(super) fn may_have(&self, cell: &GridCell) -> bool {
        let Scalar::Text(text) = &cell.value else { return true };
        let own = text.trim().trim_end_matches(':').trim();
        match initial(own).map(|c| self.lengths.get(c as usize)) {
            Some(Some(lengths)) => own.len() <= bounds::LABEL && lengths >> own.len() & 1 == 1,
            _ => self.wide,
        }
    }
}

/// Whether a text is a label of the title rows, with its colon or without.
pub(super) fn is_label_of_titles(schedule: &Schedule, text: &str) -> bool {
    field_of(schedule, text.trim().trim_end_matches(':')).is_some()
}

/// The first character of a label, in lower case where it is ASCII.
fn initial(text: &str) -> Option<char> {
    text.chars().next().map(|c| c.to_ascii_lowercase())
}

/// The data that one cell names, alone or after a dash: «PTPCT 2024 - Struttura: Tributi».
fn in_parts(schedule: &Schedule, cell: &GridCell) -> Vec<Given> {
    let whole = shown(cell);
    if !whole.contains(':') || whole.len() > bounds::WORDS {
        return Vec::new();
    }
    let starts = DASHES.iter().flat_map(|dash| whole.match_indices(dash)).map(|(at, dash)| (at, at + dash.len()));
    let mut cuts: Vec<(usize, usize)> = [(0, 0)].into_iter().chain(starts).collect();
    cuts.sort_unstable();
    // Where each datum begins in the text, and where its part does.
    let labelled = cuts.iter().filter_map(|(end, start)| {
        let part = whole.get(*start..)?;
        let (label, _) = part.split_once(':')?;
        Some((field_of(schedule, label)?, *end, start + label.len() + 1))
    });
    let labelled: Vec<(Arc<str>, usize, usize)> = labelled.collect();
    let ends = labelled.iter().skip(1).map(|l| l.1).chain([whole.len()]);
    let values =
        labelled.iter().zip(ends).filter_map(|((field, _, from), to)| Some((field, whole.get(*from..to)?.trim())));
    let given = values.filter(|(_, value)| !value.is_empty()).map(|(field, value)| Given {
        field: field.clone(),
        at: cell.at,
        raw: whole.clone(),
        text: value.into(),
    });
    given.collect()
}

/// The field of the title rows that a label names.
fn field_of(schedule: &Schedule, label: &str) -> Option<Arc<str>> {
    if label.len() > bounds::LABEL {
        return None;
    }
    let own = label.trim();
    // Few labels are as long and begin alike: only those are brought to their words.
    let near = |l: &String| l.len().abs_diff(own.len()) <= SLACK && initial(l) == initial(own);
    let names = |labels: &[String]| labels.iter().any(|l| near(l) && text::words(l) == text::words(own));
    let fields = schedule.register.subtitles.iter();
    let owns = |f: &&Arc<str>| {
        schedule.head.get(f.as_ref()).is_some_and(|h| names(&h.labels))
            || schedule.field(f).is_some_and(|s| names(&s.headings))
    };
    fields.clone().find(owns).cloned()
}

/// Whether a title begins with a label of the field («Area di rischio A - Personale»).
pub(super) fn begins_with_label(schedule: &Schedule, field: &str, text: &str) -> bool {
    let words = brief_words(text);
    let begins = |label: &String| {
        words.strip_prefix(&text::words(label)).is_some_and(|rest| rest.starts_with(' ') && rest.trim().len() > 3)
    };
    let long = |label: &&String| label.contains(' ');
    let labels = schedule.head.get(field).map_or(&[][..], |h| &h.labels);
    labels.iter().filter(long).any(begins) && text.chars().count() <= bounds::HEADING
}

/// Whether a text is a heading or a label itself.
fn is_label(schedule: &Schedule, text: &str) -> bool {
    let own = brief_words(text.trim_end_matches(':'));
    // Few are as long: only those are brought to their words.
    let near = |l: &String| (own.len()..=own.len() + PUNCTUATION).contains(&l.len());
    let is = |labels: &[String]| labels.iter().any(|l| near(l) && text::words(l) == own);
    schedule.head.values().any(|h| is(&h.labels)) || schedule.fields.iter().any(|f| is(&f.headings))
}

/// The rows right above a header that may hold titles of its table, nearest first; none from before `from`.
pub(super) fn above<'a>(
    view: &'a SheetView<'_>,
    header: u32,
    from: u32,
) -> impl Iterator<Item = (u32, &'a [GridCell])> + 'a {
    let rows = view.rows.get(..view.position(header)).unwrap_or_default();
    rows.iter().rev().take(ABOVE).take_while(move |(r, _)| *r >= from).map(|(r, range)| (*r, view.cells(range)))
}

/// The first of the rows right above a header that are its titles: a lone text or labels, with nothing between.
pub(super) fn first_title(view: &SheetView<'_>, schedule: &Schedule, header: u32, from: u32) -> u32 {
    let mut first = header;
    for (row, cells) in above(view, header, from) {
        let alone = cells.iter().filter(|c| !is_empty(c)).count() == 1;
        if row + 1 != first || !alone && labelled(schedule, cells).is_empty() {
            break;
        }
        first = row;
    }
    first
}

/// Whether a row cannot be of a header: labels with their values, or a value (a level, a figure, prose) among cells
/// of which few are headings.
pub(super) fn is_no_header(schedule: &Schedule, index: &HeadingIndex, cells: &[GridCell]) -> bool {
    if !schedule.shape.has_rows() {
        return false;
    }
    let filled: Vec<&GridCell> = cells.iter().filter(|c| !is_empty(c)).collect();
    let text = |c: &GridCell| match &c.value {
        Scalar::Text(t) => Some(t.clone()),
        _ => None,
    };
    if filled.len() > 1 && !labelled(schedule, cells).is_empty() {
        return true;
    }
    // A label before its datum, whatever it is called.
    let is_label = |c: &&GridCell| text(c).is_some_and(|t| t.trim_end().ends_with(':'));
    if filled.len() == 2 && filled.first().is_some_and(is_label) {
        return true;
    }
    if filled.len() < 3
        || filled.iter().filter_map(|c| text(c)).filter(|t| index.is_heading(t)).count() * 2 >= filled.len()
    {
        return false;
    }
    let patterns: Vec<_> = schedule.recognition.values.iter().filter_map(|name| schedule.patterns.get(name)).collect();
    let mut words: Vec<String> = filled
        .iter()
        .filter_map(|c| text(c).or_else(|| is_figure(c).then(|| shown(c))))
        .filter(|t| t.trim().len() > 2 && patterns.iter().any(|p| p.is_match(t)))
        .map(|t| brief_words(&t))
        .collect();
    words.sort_unstable();
    words.dedup();
    let long = filled.iter().filter_map(|c| text(c)).any(|t| t.chars().count() > bounds::HEADING);
    (1..SCALE).contains(&words.len()) || long
}
