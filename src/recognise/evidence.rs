//! What tells a table from those of other kinds that use the same words: safety at work, privacy, quality, audits,
//! budgets, projects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::assign::count;
use super::bounds;
use super::columns::Layout;
use super::header::{Heading, SAMPLE};
use super::heading::HeadingIndex;
use super::view::{SheetView, is_empty, shown};
use super::years;
use crate::model::{CellRef, GridCell};
use crate::pack::Schedule;
use crate::text;

/// What one telling heading weighs, for this kind or for another; two leaning ones weigh as much.
const TELLS: usize = 2;
const LEANS: usize = 1;
/// What a word in the sheet's name or in a title weighs against a heading.
const TITLE: usize = 2;
/// Rows above a table in which titles are looked for.
const ABOVE: usize = 20;
/// A row with more filled cells than this is no title.
const THIN: usize = 3;
/// Titles between the rows that are looked at.
const TITLES: usize = 8;
/// Of the values of a column at least one in so many must be telling: one alone may be there by chance.
const RARE: usize = 7;

/// What speaks for a kind, and for others.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    own: usize,
    against: usize,
    /// Of what speaks against it, what titles say.
    titled: usize,
    /// A heading is this kind's alone.
    headed: bool,
}

impl Evidence {
    /// What headings and titles say of a table whose header rows are `first..=last`.
    pub(super) fn of(
        view: &SheetView<'_>,
        schedule: &Schedule,
        index: &HeadingIndex,
        headings: &BTreeMap<u32, Heading>,
        (first, last): (u32, u32),
    ) -> Self {
        if schedule.recognition.is_plain() {
            return Self::default();
        }
        let (above, to) = (view.position(first).saturating_sub(ABOVE), view.position(last.saturating_add(1)));
        let rows = view.rows.get(above..to).unwrap_or_default().iter();
        let rows = rows.map(|(row, range)| (*row, view.cells(range))).filter(|(r, c)| *r >= first || is_thin(c));
        let titles: Vec<Arc<str>> =
            rows.flat_map(|(_, cells)| cells).map(shown).chain([view.sheet.name.clone()]).collect();
        let mut evidence = of_titles(index, &titles);
        let above = view.rows.iter().take(view.position(first)).rev().take(ABOVE).map(|(_, range)| view.cells(range));
        let mut above = above.filter(|c| is_thin(c)).flatten().map(shown).chain([view.sheet.name.clone()]);
        evidence.own += LEANS * usize::from(above.any(|t| index.is_leaning(&t)));
        for heading in headings.values() {
            let any = |is: &dyn Fn(&str) -> bool| heading.parts.iter().any(|p| !p.wide && is(&p.text));
            // «Obiettivo 2026» is what is to be reached then.
            let is_foreign = |t: &str| index.is_foreign(t) && years::without(t).is_none();
            if any(&|t| is_foreign(t) && !index.is_foreign_leaning(t)) {
                evidence.against += TELLS;
            } else if any(&is_foreign) {
                evidence.against += LEANS;
            }
            if any(&|t| index.is_telling(t)) {
                evidence.headed = true;
                evidence.own += TELLS;
            } else if any(&|t| index.is_leaning(t)) {
                evidence.own += LEANS;
            }
        }
        evidence
    }

    /// The same with what the values of the columns say.
    pub(super) fn with_values(
        mut self,
        view: &SheetView<'_>,
        schedule: &Schedule,
        index: &HeadingIndex,
        layout: &Layout,
    ) -> Self {
        if schedule.recognition.is_plain() {
            return self;
        }
        let mut found: BTreeSet<String> = BTreeSet::new();
        for title in titles_between(view, layout) {
            let fields = schedule.register.subtitles.iter().filter_map(|f| schedule.field(f));
            let mut patterns = fields.flat_map(|f| &f.telling).filter_map(|n| schedule.patterns.get(n));
            if index.is_telling(&title) {
                self.own += TELLS;
            } else if patterns.any(|p| p.is_match(&title)) {
                found.insert(text::normal(&title));
            }
        }
        for column in &layout.columns {
            let field = column.field.as_deref().and_then(|f| schedule.field(f));
            let names = field.map_or(&[][..], |f| f.telling.as_slice());
            let patterns: Vec<_> = names.iter().filter_map(|n| schedule.patterns.get(n)).collect();
            if patterns.is_empty() {
                continue;
            }
            let col = column.heading_area.first.col;
            let rows = view.rows.iter().skip(view.position(layout.from)).take(SAMPLE);
            let texts: Vec<_> = rows.map(|(row, _)| view.text(CellRef::new(*row, col))).collect();
            let filled = texts.iter().filter(|t| !text::is_blank(t)).count();
            let telling: Vec<_> = texts.iter().filter(|t| patterns.iter().any(|p| p.is_match(t))).collect();
            if telling.len() * RARE >= filled {
                found.extend(telling.iter().map(|t| text::normal(t)));
            }
        }
        self.own += found.len().min(TELLS) * LEANS;
        self
    }

    /// Whether the table is rather one of another kind. A title alone does not outweigh a heading that tells.
    pub(super) fn is_against(self) -> bool {
        let against = if self.headed { self.against - self.titled } else { self.against };
        against > self.own
    }

    /// What headings of other kinds weigh against the score of the columns, where two kinds read the same rows.
    pub(super) fn foreign(self) -> f64 {
        count(self.against.saturating_sub(self.titled))
    }

    /// Whether nothing but words that many kinds use speaks for this one.
    pub(super) fn is_thin(self, schedule: &Schedule) -> bool {
        !schedule.recognition.telling.is_empty() && self.own < TELLS
    }
}

/// The texts alone on their row among the first rows of a table, of those the few first.
fn titles_between(view: &SheetView<'_>, layout: &Layout) -> Vec<Arc<str>> {
    let rows = view.rows.iter().skip(view.position(layout.from)).take(SAMPLE).map(|(_, range)| view.cells(range));
    let alone = rows.filter_map(|cells| {
        let mut filled = cells.iter().filter(|c| !is_empty(c));
        filled.next().filter(|_| filled.next().is_none())
    });
    alone.map(shown).filter(|t| t.chars().count() <= bounds::TITLE).take(TITLES).collect()
}

/// What titles, names of sheets, page headers say.
fn of_titles(index: &HeadingIndex, titles: &[Arc<str>]) -> Evidence {
    let against = TITLE * TELLS * usize::from(titles.iter().any(|t| index.is_of_others(t)));
    let own = TITLE * TELLS * usize::from(titles.iter().any(|t| index.is_telling(t)));
    Evidence { own, against, titled: against, headed: false }
}

/// The first title of a sheet, or its name, that speaks of another kind.
pub(super) fn foreign_title(view: &SheetView<'_>, index: &HeadingIndex) -> Option<Arc<str>> {
    let titles = view.rows.iter().take(ABOVE).map(|(_, range)| view.cells(range)).filter(|c| is_thin(c));
    let titles = titles.flatten().map(shown).filter(|t| t.chars().count() <= bounds::TITLE);
    titles.chain([view.sheet.name.clone()]).find(|title| index.is_of_others(title))
}

/// Whether what stands above the first table of a sheet, its name or its page headers tell the kind.
pub(super) fn is_told(view: &SheetView<'_>, index: &HeadingIndex) -> bool {
    let titles = view.rows.iter().take(ABOVE).map(|(_, range)| view.cells(range)).take_while(|c| is_thin(c));
    let mut titles = titles.flatten().map(shown);
    titles.any(|t| index.is_telling(&t))
        || index.is_telling(&view.sheet.name)
        || view.sheet.header_footer.iter().any(|t| index.is_telling(t))
}

fn is_thin(cells: &[GridCell]) -> bool {
    cells.iter().filter(|c| !is_empty(c)).count() <= THIN
}
