//! What a row under a header is: a record, more of the record above, or nothing of the table.

use std::sync::Arc;

use super::bounds;
use super::columns::{Layout, repeats};
use super::stacked::is_in_parentheses;
use super::titles::labelled;
use super::view::{SheetView, is_empty, shown};
use crate::model::{Area, Bilingual, CellRef, GridCell, Scalar, SkippedRow};
use crate::pack::{FieldKind, Schedule};
use crate::text;

/// Title rows above one header at most.
const MOST_TITLES: usize = 6;

/// A row that is no record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Other {
    /// Passed over, with the reason.
    Skip(Bilingual),
    /// A title inside the table, whose text may hold for the rows below.
    Subtitle(Arc<str>),
    /// Labels with their values, which hold for the rows below.
    Labels,
}

/// What the row is if it is no record; `None` for a record or its continuation.
pub(super) fn other(view: &SheetView<'_>, schedule: &Schedule, layout: &Layout, cells: &[GridCell]) -> Option<Other> {
    let (left, right) = (layout.header.first.col, layout.header.last.col);
    let filled = || cells.iter().filter(|c| (left..=right).contains(&c.at.col) && !is_empty(c));
    let skip = |it: &str, en: &str| Some(Other::Skip(Bilingual::new(it, en)));
    let (Some(first), count) = (filled().next(), filled().count()) else {
        return skip("fuori dalle colonne della tabella", "outside the columns of the table");
    };
    if filled().all(is_rule) && (count > 1 || shown(first).trim().len() > 1) {
        return skip("riga di trattini", "row of dashes");
    }
    if repeats(layout, cells) {
        return skip("intestazione ripetuta", "repeated heading");
    }
    if count >= 3 && filled().all(|c| !matches!(&c.value, Scalar::Text(t) if t.len() > 4)) && is_frame(filled()) {
        return skip("riga di lettere o numeri di colonna", "row of column letters or numbers");
    }
    if count >= 3 && first.at.row == layout.from && filled().all(is_explanation) {
        return skip("spiegazione delle intestazioni", "explanation of the headings");
    }
    if count > 1 && !labelled(schedule, cells).is_empty() {
        return Some(Other::Labels);
    }
    let text = shown(first);
    let is = |names: &[String], text: &str| names.iter().any(|n| schedule.pattern_matches(n, text));
    let register = &schedule.register;
    if is(&register.totals, &text) && filled().skip(1).all(|c| is_amount(c) || is(&register.totals, &shown(c))) {
        return skip("totale", "total");
    }
    if count > 3 {
        return None;
    }
    if is(&register.skip, &text) {
        return skip("nota", "note");
    }
    if signs(view, schedule, layout, &filled().collect::<Vec<_>>()) {
        return skip("firma", "signature");
    }
    let width = right - left + 1;
    if count == 1 && text.chars().count() > bounds::TITLE {
        return skip("testo fuori dalla tabella", "text outside the table");
    }
    // A text alone where numbers stand is the title of what follows, merged or not; so is one above a header.
    let mut next =
        view.rows.iter().skip(view.position(first.at.row) + 1).map(|(_, range)| view.cells(range)).take(MOST_TITLES);
    // Above the header may stand several: area, office, owner.
    let is_label = |cells: &[GridCell]| !labelled(schedule, cells).is_empty();
    let headed = next.find(|cells| !is_label(cells)).is_some_and(|cells| repeats(layout, cells));
    let headed = headed || is(&register.titles, &text);
    if count == 1 && width >= 3 && (headed || is_title(schedule, layout, first, &text)) {
        return Some(Other::Subtitle(text));
    }
    let wide = |a: &Area| (a.last.col - a.first.col + 1) * 2 > width && width >= 3;
    if count == 1 && view.merged(first.at).is_some_and(|a| wide(&a)) {
        return Some(Other::Subtitle(text));
    }
    None
}

/// Whether the cells of a row are signatures, with place and date, or the names under them.
fn signs(view: &SheetView<'_>, schedule: &Schedule, layout: &Layout, filled: &[&GridCell]) -> bool {
    let names = &schedule.register.signatures;
    let is_signature = |c: &GridCell| names.iter().any(|n| schedule.pattern_matches(n, &shown(c)));
    let row = filled.first().map_or(0, |c| c.at.row);
    let above: Vec<&GridCell> =
        row.checked_sub(1).into_iter().flat_map(|row| view.row(row)).filter(|c| !is_empty(c)).collect();
    let is_under_names = !above.is_empty() && above.iter().all(|c| is_signature(c));
    if filled.iter().all(|c| is_signature(c)) {
        let is_alone_under_a_record = filled.len() == 1 && !above.is_empty() && !is_under_names;
        return !(is_alone_under_a_record && filled.iter().any(|c| is_unit(schedule, layout, c)));
    }
    // The name of who signs stands under the office.
    is_under_names && filled.iter().all(|c| above.iter().any(|a| a.at.col == c.at.col))
}

/// A number, or a text with little but figures in it: `28 processi`, `€`, `n. 4`.
fn is_amount(cell: &GridCell) -> bool {
    let Scalar::Text(text) = &cell.value else { return true };
    text.trim_start().starts_with(|c: char| c.is_ascii_digit())
        || text.chars().filter(|c| c.is_alphabetic()).count() < 3
}

/// Whether a lone text stands inside the table where units have their names: one that begins like a signature is an
/// event there («Il dirigente sceglie senza criteri»).
fn is_unit(schedule: &Schedule, layout: &Layout, cell: &GridCell) -> bool {
    let field = layout.columns.iter().find(|c| c.heading_area.first.col == cell.at.col).and_then(|c| c.field.as_ref());
    let is_key = field.is_some_and(|f| schedule.entities.iter().any(|e| e.key.contains(f)));
    is_key && cell.at.col > layout.header.first.col
}

/// Whether a lone text stands in a column of numbers and is none.
fn is_title(schedule: &Schedule, layout: &Layout, cell: &GridCell, text: &str) -> bool {
    let column = layout.columns.iter().find(|c| c.heading_area.first.col == cell.at.col);
    let field = column.and_then(|c| schedule.field(c.field.as_deref()?));
    field.is_some_and(|f| f.kind == FieldKind::Number) && !text.chars().any(|c| c.is_ascii_digit() && text.len() < 12)
}

/// Only dashes, underscores, dots or the like.
fn is_rule(cell: &GridCell) -> bool {
    matches!(&cell.value, Scalar::Text(t) if t.chars().all(|c| !c.is_alphanumeric()))
}

/// The alphabet of 26 letters, and the Italian one.
const ALPHABETS: [&str; 2] = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHILMNOPQRSTUVZ"];

/// A, B, C … or 1, 2, 3 … over the columns: the frame of a spreadsheet, printed as a row.
fn is_frame<'a>(cells: impl Iterator<Item = &'a GridCell>) -> bool {
    let marks: Vec<Arc<str>> = cells.map(shown).collect();
    let bare = || marks.iter().map(|m| m.trim().trim_matches(['(', ')']).trim_end_matches('.'));
    let letters: String = bare().map(str::to_uppercase).collect();
    let spelt = bare().all(|m| m.len() == 1) && ALPHABETS.iter().any(|a| a.starts_with(&letters));
    spelt || bare().zip(1..).all(|(mark, n)| mark.parse::<usize>() == Ok(n))
}

/// Units, scales or explanations of the headings above, all in parentheses.
fn is_explanation(cell: &GridCell) -> bool {
    matches!(&cell.value, Scalar::Text(t) if is_in_parentheses(t))
}

/// The row as told in the reading.
pub(super) fn skipped(view: &SheetView<'_>, layout: &Layout, row: u32, reason: Bilingual) -> SkippedRow {
    let area = Area::new(CellRef::new(row, layout.header.first.col), CellRef::new(row, layout.header.last.col));
    let texts: Vec<String> =
        view.row(row).iter().map(|c| text::one_line(&shown(c), 80)).filter(|t| !t.is_empty()).collect();
    let sheet = view.sheet.name.clone();
    SkippedRow { sheet, area, reason, text: text::one_line(&texts.join(" | "), 160).into() }
}
