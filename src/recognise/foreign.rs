//! Tables of other kinds that use the same words: safety at work, privacy, quality, audits, budgets.

use std::collections::BTreeMap;

use super::header::Heading;
use super::heading::HeadingIndex;
use super::view::{SheetView, brief_words, shown};
use crate::pack::Schedule;
use crate::text;

/// What a word in the sheet's name or in a title weighs against a heading.
const TITLE: usize = 2;
/// Rows above a table in which titles are looked for.
const ABOVE: usize = 20;

/// Whether the headings and titles of other kinds outweigh those that this kind alone has.
pub(super) fn is_of_another_kind(
    view: &SheetView<'_>,
    schedule: &Schedule,
    index: &HeadingIndex,
    headings: &BTreeMap<u32, Heading>,
    (first, last): (u32, u32),
) -> bool {
    let recognition = &schedule.recognition;
    let any_part = |h: &Heading, is: &dyn Fn(&str) -> bool| h.parts.iter().any(|p| !p.wide && is(&p.text));
    let mut against = headings.values().filter(|h| any_part(h, &|t| index.is_foreign(t))).count();
    let mut telling = headings.values().filter(|h| any_part(h, &|t| index.is_telling(t))).count();
    if against == 0 && recognition.foreign_titles.is_empty() {
        return false;
    }
    let (above, below) = (view.position(first).saturating_sub(ABOVE), view.position(last.saturating_add(1)));
    let rows = view.rows.get(above..below).unwrap_or_default();
    let titles = rows.iter().flat_map(|(_, range)| view.cells(range)).map(|c| brief_words(&shown(c)));
    let titles: Vec<String> = titles.chain([text::words(&view.sheet.name)]).map(|t| format!(" {t} ")).collect();
    let any =
        |words: &[String]| words.iter().any(|w| titles.iter().any(|t| t.contains(&format!(" {} ", text::words(w)))));
    against += TITLE * usize::from(any(&recognition.foreign_titles));
    telling += TITLE * usize::from(any(&recognition.telling));
    against > telling
}
