//! The document head: body, office, owner, years, read from labels and titles around the tables.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::bounds;
use super::view::{SheetView, brief_words, shown};
use crate::model::{CellRef, Head, HeadEntry, Table, UNCALCULATED, Value};
use crate::pack::{CellReader, HeadSpec, Pack, Packs, Pattern};
use crate::text;

/// Rows above a table that are looked at, and below it.
const ABOVE: usize = 40;
const BELOW: usize = 15;

/// One line of text around the tables.
struct Line {
    /// Whether a label needs its colon: on a sheet without a table, unless it is a cover before all tables, the words of
    /// labels stand for other things («Dirigente» in a list of telephone numbers).
    strict: bool,
    sheet: u32,
    sheet_name: Arc<str>,
    at: CellRef,
    text: String,
}

/// Reads the head that the packs of the tables found ask for; the first place that gives a datum holds.
pub(super) fn read(views: &[SheetView<'_>], packs: &Packs, tables: &[Table]) -> Head {
    let mut head = BTreeMap::new();
    let mut around: Option<Vec<Line>> = None;
    for pack in packs.packs.iter().filter(|p| tables.iter().any(|t| t.kind == p.schedule.kind)) {
        let lines = around.get_or_insert_with(|| lines_around(views, tables));
        let labels: HashSet<String> =
            pack.schedule.head.values().flat_map(|s| &s.labels).map(|l| text::words(l)).collect();
        for (name, spec) in &pack.schedule.head {
            if !head.contains_key(name.as_str())
                && let Some(entry) = find(views, pack, spec, (lines, &titles(pack, name, lines, tables)), &labels)
            {
                head.insert(Arc::from(name.as_str()), entry);
            }
        }
    }
    head
}

/// The lines of text above, below and in the page headers of every sheet; of a sheet without a table, its
/// first rows.
fn lines_around(views: &[SheetView<'_>], tables: &[Table]) -> Vec<Line> {
    let (mut lines, mut behind) = (Vec::new(), false);
    for view in views {
        let (number, sheet) = (view.number, view.sheet);
        let inside = |row: u32| tables.iter().any(|t| t.covers(number, row));
        let last = view.rows.iter().map(|(row, _)| *row).rfind(|row| inside(*row));
        let strict = behind && last.is_none();
        behind |= last.is_some();
        let above = view.rows.iter().take_while(|(r, _)| !inside(*r)).take(ABOVE);
        let below = view.rows.iter().skip_while(|(r, _)| last.is_none_or(|l| *r <= l)).take(BELOW);
        for (_, range) in above.chain(below) {
            for cell in view.cells(range) {
                for part in shown(cell).lines().filter(|l| !text::is_blank(l)) {
                    let text = part.trim().trim_matches('*').trim().to_owned();
                    lines.push(Line { strict, sheet: number, sheet_name: sheet.name.clone(), at: cell.at, text });
                }
            }
        }
        for part in sheet.header_footer.iter().flat_map(|t| t.lines()).filter(|l| !text::is_blank(l)) {
            lines.push(Line {
                strict,
                sheet: number,
                sheet_name: sheet.name.clone(),
                at: CellRef::new(0, 0),
                text: part.trim().to_owned(),
            });
        }
    }
    lines
}

/// The lines that the pattern of a datum may stand in: any. What the titles of tables say holds for the document only
/// where one line alone says it, over the one table of the kind.
fn titles<'a>(pack: &Pack, name: &str, lines: &'a [Line], tables: &[Table]) -> Vec<&'a Line> {
    if !pack.schedule.register.subtitles.iter().any(|f| **f == *name) {
        return lines.iter().collect();
    }
    let pattern = pack.schedule.head.get(name).and_then(|h| h.pattern.as_ref());
    let mut of_kind = tables.iter().filter(|t| t.kind == pack.schedule.kind);
    let (Some(pattern), Some(table), None) = (pattern, of_kind.next(), of_kind.next()) else { return Vec::new() };
    let over = |l: &&Line| l.sheet == table.sheet && l.at.row < table.header.first.row && pattern.is_match(&l.text);
    let found: Vec<&Line> = lines.iter().filter(over).collect();
    if found.len() == 1 && table.slot(name).is_none() { found } else { Vec::new() }
}

/// One datum, by its labels in any line or else by its pattern in those of `over`; `all` are the labels of every datum.
fn find(
    views: &[SheetView<'_>],
    pack: &Pack,
    spec: &HeadSpec,
    (lines, over): (&[Line], &[&Line]),
    all: &HashSet<String>,
) -> Option<HeadEntry> {
    // A label written with a colon is one only with it: «Responsabile» alone may be the heading of a column.
    let labels: Vec<(String, bool)> = spec.labels.iter().map(|l| (text::words(l), l.ends_with(':'))).collect();
    let labelled = lines.iter().find_map(|line| {
        let (label, rest) = line.text.split_once(':').map_or((line.text.as_str(), ""), |(l, r)| (l, r.trim()));
        let colon = line.text.contains(':');
        let names = |label: &str| {
            let label = text::words(label);
            labels.iter().any(|(l, needed)| *l == label && (colon || !(*needed || line.strict)))
        };
        // A title may go before the label: «PTPCT 2024 - Struttura: Tributi».
        let last = label.rsplit(['-', '–', '—']).next().unwrap_or_default();
        let titled = colon && !rest.is_empty() && last.starts_with(' ') && names(last);
        if !titled && !names(label) {
            return None;
        }
        let found = if rest.is_empty() { beside(views, spec, line, all) } else { Some((line.at, rest.to_owned())) };
        found
            .filter(|(_, text)| is_datum(spec, text) && (colon || !is_against(spec, text)))
            .map(|(at, text)| (line, at, text))
    });
    let by_pattern = |pattern: Option<&Pattern>| {
        let pattern = pattern?;
        let short = || over.iter().copied().filter(|l| l.text.chars().count() <= bounds::DATUM);
        let in_text = |line: &Line, text: &str| {
            let found = pattern.group(text, "value").filter(|found| !is_against(spec, found))?;
            Some((line.at, found.trim().to_owned()))
        };
        let whole = short().find_map(|l| in_text(l, &l.text).map(|found| (l, found)));
        // A title in parts: «Scheda di monitoraggio - Università del Valdarno - 2024».
        let in_parts = || short().find_map(|l| parts(&l.text).find_map(|p| in_text(l, p)).map(|found| (l, found)));
        whole.or_else(in_parts).map(|(line, (at, text))| (line, at, text))
    };
    let (line, at, found) = labelled
        .filter(|(_, _, t)| t.chars().count() <= bounds::DATUM)
        .or_else(|| by_pattern(spec.pattern.as_ref()))
        .or_else(|| by_pattern(spec.or_pattern.as_ref()))?;
    let (value, _) = CellReader::new(&pack.schedule, None).read(&found, None, None);
    let value = match spec.kind {
        _ if found == UNCALCULATED => Value::Uncalculated,
        crate::pack::FieldKind::Number => crate::pack::number_of(&found).unwrap_or(value),
        _ => value,
    };
    (!value.is_missing()).then(|| HeadEntry {
        title: spec.title.clone(),
        sheet: line.sheet,
        sheet_name: line.sheet_name.clone(),
        at,
        text: found.as_str().into(),
        value,
    })
}

/// What stands between the dashes of a title.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(" - ").flat_map(|p| p.split(" – ")).flat_map(|p| p.split(" — ")).map(str::trim)
}

/// Whether what stands beside a label may be its datum: where text is wanted, one of figures (a date, a telephone number)
/// is not, unless the datum is written so (`2024/2026`).
fn is_datum(spec: &HeadSpec, found: &str) -> bool {
    let count = |is: fn(char) -> bool| found.chars().filter(|c| is(*c)).count();
    let is_text = found == UNCALCULATED || count(char::is_alphabetic) > count(char::is_numeric);
    let mut patterns = spec.pattern.iter().chain(&spec.or_pattern);
    is_text || spec.kind != crate::pack::FieldKind::Text || patterns.any(|p| p.is_match(found))
}

/// Whether a text cannot be the datum, unless it stands behind a colon.
fn is_against(spec: &HeadSpec, found: &str) -> bool {
    spec.against.as_ref().is_some_and(|p| p.is_match(found))
}

/// The text to the right of a label; below it, where the label ends with a colon or another label stands beside it. One
/// of several labels in a row has its datum below.
fn beside(
    views: &[SheetView<'_>],
    spec: &HeadSpec,
    label: &Line,
    labels: &HashSet<String>,
) -> Option<(CellRef, String)> {
    let view = views.get(label.sheet as usize)?;
    let (sheet, area) = (view.sheet, view.merged(label.at));
    let left = area.map_or(label.at.col, |a| a.first.col);
    let right = area.map_or(label.at.col, |a| a.last.col) + 1;
    let below = area.map_or(label.at.row, |a| a.last.row) + 1;
    let text =
        |at: CellRef| sheet.get(at).map(|c| shown(c).trim().to_owned()).filter(|t| !text::is_blank(t)).map(|t| (at, t));
    let is_label = |t: &str| t.ends_with(':') || labels.contains(&brief_words(t));
    let next = (right..right + 4).find_map(|col| text(CellRef::new(label.at.row, col)));
    // Under a colon stands the datum, even one that reads like a label («Responsabile del servizio»).
    let colon = label.text.ends_with(':');
    if !colon && in_list(view, spec, label.at, labels) {
        return None;
    }
    let under =
        || text(CellRef::new(below, label.at.col)).filter(|(_, t)| !t.ends_with(':') && (colon || !is_label(t)));
    let previous = (left.saturating_sub(4)..left).rev().find_map(|col| text(CellRef::new(label.at.row, col)));
    match next {
        // Another label beside or below is not this one's datum.
        Some((_, t)) if t.ends_with(':') || !colon && is_label(&t) => under(),
        Some(found) => Some(found),
        None if colon || previous.is_some_and(|(_, t)| is_label(&t)) => under(),
        None => None,
    }
}

/// Whether a label without a colon is a heading of a list, or stands under one: beside the first stands another heading
/// («Ufficio», «Telefono»), or another label with more than one row below.
fn in_list(view: &SheetView<'_>, spec: &HeadSpec, at: CellRef, labels: &HashSet<String>) -> bool {
    let text = |row: u32, col: u32| Some(view.text(CellRef::new(row, col))).filter(|t| !text::is_blank(t));
    let next = |row: u32| (at.col + 1..at.col + 5).find_map(|col| text(row, col));
    let is_label = |t: &str| !t.ends_with(':') && labels.contains(&brief_words(t));
    let heads = |row: u32| {
        let Some(beside) = next(row) else { return false };
        let several = || text(row + 1, at.col).is_some() && text(row + 2, at.col).is_some();
        if is_label(&beside) { several() } else { is_against(spec, beside.trim()) }
    };
    let heading = |t: &str| is_label(t) || is_against(spec, t.trim());
    let mut above = (0..at.row).rev().take(ABOVE).map_while(|row| Some((row, text(row, at.col)?)));
    heads(at.row) || above.any(|(row, t)| is_label(&t) && next(row).is_some_and(|n| heading(&n)))
}
