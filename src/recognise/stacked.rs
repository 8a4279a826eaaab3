//! Where a heading of several rows stops: its lower rows hold headings too, never the values of the first record.

use std::sync::Arc;

use super::heading::HeadingIndex;
use super::view::{SheetView, is_empty, is_figure, shown};
use super::years;
use crate::model::{Area, CellRef, GridCell, Scalar};
use crate::text;

/// Score from which two texts one above the other name a field together.
const TOGETHER: f64 = 0.9;
/// What they must score more than the upper one alone.
const MORE: f64 = 0.05;

/// Characters of a label under another.
const LABEL: usize = 60;
/// Rows that a heading is merged over at most.
const DEEPEST: u32 = 3;

/// Whether every row under the first of `rows` may be of one heading with the row above it.
pub(super) fn is_stack(view: &SheetView<'_>, index: &HeadingIndex, rows: &[u32]) -> bool {
    let Some(first) = rows.first() else { return true };
    let open = |above: u32, row: u32| row == above + 1 && is_open(view, *first, above);
    rows.iter().zip(rows.iter().skip(1)).all(|(above, row)| open(*above, *row) || goes_on(view, index, *above, *row))
}

/// Whether the row below the header rows `first..=last` is the rest of the header by how it is drawn: headings are merged
/// down into it, or it is empty but for words under labels that are merged across, and a whole row follows.
pub(super) fn is_open(view: &SheetView<'_>, first: u32, last: u32) -> bool {
    let own = |row: u32| {
        let origin = |c: &&GridCell| !is_empty(c) && view.merged(c.at).is_none_or(|a| a.first == c.at);
        view.row(row).iter().filter(origin).collect::<Vec<&GridCell>>()
    };
    let lower = own(last + 1);
    let brief = |c: &&GridCell| shown(c).chars().count() <= LABEL && !matches!(c.value, Scalar::Uncalculated);
    if lower.is_empty() || !lower.iter().all(brief) {
        return false;
    }
    let upper: Vec<&GridCell> = (first..=last).flat_map(own).collect();
    let area = |c: &GridCell| view.merged(c.at).unwrap_or(Area::cell(c.at));
    let is_wide = |a: &Area| a.last.col > a.first.col;
    let wide: Vec<Area> = upper.iter().map(|c| area(c)).filter(|a| is_wide(a) && a.last.row == last).collect();
    let plain: Vec<Area> = upper.iter().map(|c| area(c)).filter(|a| !is_wide(a) && a.last.row >= last).collect();
    let under = |c: &&GridCell| wide.iter().any(|a| a.first.col <= c.at.col && c.at.col <= a.last.col);
    let into = |a: &&Area| a.last.row > last && a.last.row - a.first.row < DEEPEST;
    let merged = plain.iter().filter(into).count();
    if merged > 0 {
        return lower.iter().all(under) || merged * 2 >= plain.len();
    }
    let begun = |a: &&Area| view.sheet.get(CellRef::new(last + 2, a.first.col)).is_some_and(|c| !is_empty(c));
    lower.len() > 1
        && lower.iter().all(under)
        && !lower.iter().any(|c| is_figure(c))
        && !plain.is_empty()
        && plain.iter().filter(begun).count() * 2 >= plain.len()
}

/// Whether the row is a lone merged text that is no heading of the columns under it: it says what other kinds of tables
/// are about, or gives a datum after its colon and covers all that the row below holds («Servizio: anagrafe»).
pub(super) fn is_wide_title(view: &SheetView<'_>, index: &HeadingIndex, row: u32) -> bool {
    let shows = |c: &&GridCell| !is_empty(c) && view.merged(c.at).is_none_or(|a| a.first == c.at);
    let mut filled = view.row(row).iter().filter(shows);
    let (Some(one), None) = (filled.next(), filled.next()) else { return false };
    let Some(area) = view.merged(one.at).filter(|a| a.first.col < a.last.col) else { return false };
    let below = view.rows.get(view.position(row + 1)).map_or(&[][..], |(_, range)| view.cells(range));
    let covered = below.iter().filter(shows).all(|c| (area.first.col..=area.last.col).contains(&c.at.col));
    let text = shown(one);
    let is_datum = text.split_once(':').is_some_and(|(label, datum)| !text::is_blank(label) && !text::is_blank(datum));
    // Over headings that are whole without it.
    let known = || {
        let labels = || below.iter().filter(shows);
        labels().filter(|c| index.is_heading(&shown(c))).count() * 2 > labels().count()
    };
    index.is_of_others(&text) || covered && (is_datum || known())
}

/// Whether a row holds nothing but titles of groups of columns, each merged over some of the columns below.
pub(super) fn has_groups(view: &SheetView<'_>, index: &HeadingIndex, row: u32) -> bool {
    let shows = |c: &&GridCell| !is_empty(c) && view.merged(c.at).is_none_or(|a| a.first == c.at);
    let below = view.rows.get(view.position(row + 1)).map_or(&[][..], |(_, range)| view.cells(range));
    let columns = below.iter().filter(shows).count();
    let is_wide = |c: &GridCell| {
        view.merged(c.at)
            .is_some_and(|a| a.last.col > a.first.col && ((a.last.col - a.first.col + 1) as usize) < columns)
    };
    let titles: Vec<&GridCell> = view.row(row).iter().filter(shows).collect();
    titles.iter().all(|c| is_wide(c)) && titles.iter().any(|c| index.group(&shown(c)).is_some())
}

/// Whether a row goes on with the heading above it: under a label that stands over several columns, beside a heading
/// merged down into it, with headings of its own, with what explains the headings above, or with their last words.
fn goes_on(view: &SheetView<'_>, index: &HeadingIndex, above: u32, row: u32) -> bool {
    let filled: Vec<&GridCell> = view.row(row).iter().filter(|c| !is_empty(c)).collect();
    if filled.iter().any(|c| is_figure(c)) {
        return false;
    }
    let upper: Vec<&GridCell> = view.row(above).iter().filter(|c| !is_empty(c)).collect();
    let spans = |c: &&GridCell| view.merged(c.at).is_some_and(|a| a.last.col > a.first.col || a.last.row >= row);
    // Beyond a blank row only titles of groups of columns go on; others are of something else: «Struttura», «Direttore».
    if row > above + 1 && !upper.iter().any(spans) {
        return false;
    }
    if upper.iter().any(spans) || stands_over_blanks(view, &upper, row) || completes(&upper, &filled) {
        return true;
    }
    let named = filled.iter().filter(|c| index.is_heading(&shown(c))).count();
    let explained = filled.iter().filter(|c| is_in_parentheses(&shown(c))).count();
    if (named + explained) * 2 >= filled.len() {
        return true;
    }
    filled.iter().any(|c| {
        let over = view.text(CellRef::new(above, c.at.col));
        !over.is_empty() && is_rest(index, &over, &shown(c))
    })
}

/// Whether an upper label stands over several lower ones, though nothing is merged: beside it blanks, under each of them
/// and under itself a text.
fn stands_over_blanks(view: &SheetView<'_>, upper: &[&GridCell], row: u32) -> bool {
    let below = |col: u32| view.sheet.get(CellRef::new(row, col)).is_some_and(|c| !is_empty(c));
    let blank = |c: &&&GridCell| !upper.iter().any(|u| u.at.col == c.at.col + 1);
    upper.iter().filter(blank).any(|c| below(c.at.col) && below(c.at.col + 1))
}

/// Whether a row completes labels that the row above repeats side by side: «Obiettivo», «Obiettivo» over «strategico»,
/// «operativo». Nothing in it may be a value: all are single words in small letters, or years.
fn completes(upper: &[&GridCell], lower: &[&GridCell]) -> bool {
    let over = |c: &GridCell| upper.iter().find(|u| u.at.col == c.at.col).map(|u| shown(u));
    let is_word = |text: &str| {
        let text = text.trim();
        years::is_only(text) || text.chars().count() > 2 && text.chars().all(|c| c.is_lowercase() || c == '/')
    };
    let twice = |pair: &[&GridCell]| match pair {
        [a, b] => a.at.col + 1 == b.at.col && over(a) == over(b) && shown(a) != shown(b),
        _ => false,
    };
    lower.iter().all(|c| is_word(&shown(c)) && over(c).is_some()) && lower.windows(2).any(twice)
}

/// A unit, a scale, an explanation: `(1-5)`, `[sì/no]`.
pub(super) fn is_in_parentheses(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['(', '[']) && text.ends_with([')', ']'])
}

/// Whether a text goes on with a heading that the row above has begun.
fn is_rest(index: &HeadingIndex, over: &Arc<str>, text: &Arc<str>) -> bool {
    let best = |text: &str| index.scores(text).first().map_or(0.0, |s| s.1);
    let together = best(&format!("{over} {text}"));
    let unclosed = |t: &str| t.matches('(').count() > t.matches(')').count();
    unclosed(over) || together >= TOGETHER && together > best(over) + MORE
}
