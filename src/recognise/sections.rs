//! The groups of a questionnaire's rows: columns that print them under a heading of the office's own, and titles and
//! sheets that give them without a column.

use std::collections::BTreeSet;

use super::bounds;
use super::columns::Layout;
use super::view::{SheetView, brief_words, shown};
use crate::model::{Bilingual, CellRef, Table};
use crate::pack::{Catalogue, Questionnaire, Schedule};
use crate::text;

/// The form's attributes with the titles of the groups, outermost first.
pub(super) const TITLES: [&str; 2] = ["section", "group"];
/// Rows looked at to tell what a column prints, and the least of them that are titles of groups.
const SAMPLE: usize = 200;
const LEAST: usize = 3;
/// Rows in which titles are looked for.
const MOST_ROWS: usize = 2_000;
/// Signs that part a title.
const DASHES: [char; 4] = ['-', '–', '—', ':'];
/// Bytes of a title from which its beginning is enough: the names of sheets are cut.
const BEGINNING: usize = 16;
/// How sure a column is whose cells are the form's own titles.
const CONFIDENCE: f64 = 0.8;

/// The same columns with those of the groups found by what they print, where no heading names them, and those that stand
/// for rows of the form.
pub(super) fn named(
    view: &SheetView<'_>,
    schedule: &Schedule,
    (spec, form): (&Questionnaire, &Catalogue),
    layout: &Layout,
) -> Option<Layout> {
    let mut named = layout.clone();
    for column in named.columns.iter_mut().filter(|c| c.field.is_none() && !c.heading.is_empty()) {
        let heading = brief_words(&column.heading);
        let own = schedule.fields.iter().find(|f| f.beside.iter().any(|h| text::words(h) == heading));
        if let Some(field) = own {
            column.field = Some(field.name.clone());
            column.confidence = CONFIDENCE;
            column.evidence = Bilingual::new(
                "una colonna al posto delle righe del modulo",
                "a column instead of the rows of the form",
            );
        }
    }
    for (field, attribute) in spec.groups.iter().zip(TITLES) {
        if named.columns.iter().any(|c| c.field.as_ref() == Some(field)) {
            continue;
        }
        let titles = titles(form, attribute);
        let prints = |col: u32| {
            let rows = view.rows.iter().skip(view.position(layout.from)).take(SAMPLE);
            let texts = rows.map(|(row, _)| view.text(CellRef::new(*row, col))).filter(|t| !text::is_blank(t));
            let (all, own) = texts.fold((0, 0), |(all, own), t| (all + 1, own + usize::from(is_title(&titles, &t))));
            own >= LEAST && own * 2 > all
        };
        let column = named.columns.iter_mut().find(|c| c.field.is_none() && prints(c.heading_area.first.col));
        if let Some(column) = column {
            column.field = Some(field.clone());
            column.confidence = CONFIDENCE;
            column.runner_up = None;
            column.evidence =
                Bilingual::new("le celle riportano i titoli del modulo", "the cells print the form's titles");
        }
    }
    (named.columns != layout.columns).then_some(named)
}

/// Notes the groups without a column whose titles stand on the sheets all the same: between the rows, above them, as the
/// name of a sheet. `entries` are the rows of the form that are printed.
pub(super) fn give(
    table: &mut Table,
    spec: &Questionnaire,
    form: &Catalogue,
    entries: &BTreeSet<usize>,
    views: &[&SheetView<'_>],
) {
    if spec.groups.iter().all(|f| table.column_of(f).is_some()) {
        return;
    }
    let texts: BTreeSet<String> = views.iter().flat_map(|view| texts(view)).collect();
    let is_given = |attribute: &str| {
        let own = entries.iter().filter_map(|e| form.entries.get(*e)?.get(attribute)).map(text::words);
        let own: BTreeSet<String> = own.collect();
        let told = own.iter().filter(|title| texts.iter().any(|t| tells(t, title))).count();
        told > 0 && told * 2 >= own.len()
    };
    let given = spec.groups.iter().zip(TITLES).filter(|(f, a)| table.column_of(f).is_none() && is_given(a));
    table.given = given.map(|(f, _)| f.clone()).collect();
}

/// The titles that a sheet may have, its name included, in words, whole and from the last dash on («Scheda 2022 -
/// Obiettivi operativi»).
fn texts(view: &SheetView<'_>) -> BTreeSet<String> {
    let cells = view.rows.iter().take(MOST_ROWS).flat_map(|(_, range)| view.cells(range)).map(shown);
    let short = cells.chain([view.sheet.name.clone()]).filter(|t| t.len() <= bounds::TITLE);
    short.flat_map(|t| [without_number(&t), t.rsplit(DASHES).next().map_or_else(String::new, without_number)]).collect()
}

/// Whether a text is the title or its beginning: the names of sheets are cut.
fn tells(text: &str, title: &str) -> bool {
    text == title || text.len() >= BEGINNING && title.starts_with(text)
}

/// The words of a title without the number before it.
fn without_number(title: &str) -> String {
    let words = brief_words(title);
    words.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned()
}

fn titles(form: &Catalogue, attribute: &str) -> BTreeSet<String> {
    form.entries.iter().filter_map(|e| e.get(attribute)).map(text::words).collect()
}

/// Whether a cell prints one of the titles, with its number or without.
fn is_title(titles: &BTreeSet<String>, text: &str) -> bool {
    titles.contains(&without_number(text))
}
