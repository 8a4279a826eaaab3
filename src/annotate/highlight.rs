//! Colours on cells: conditional formats that always hold, so that no cell, row or style index is touched.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::placing::{SheetMarks, joined};
use crate::model::{Area, Severity};
use crate::package::numbers_after;

/// The condition of our conditional formats: always true, and known again after other programs have saved the
/// workbook.
pub(super) const CONDITION: &str = "&quot;riscontro&quot;&lt;&gt;&quot;&quot;";
/// The same as the user's spreadsheet program shows it.
pub(super) const CONDITION_TEXT: &str = "\"riscontro\"<>\"\"";
/// Areas of one conditional format.
const CHUNK: usize = 400;

/// Priorities are 32-bit numbers with a sign; ours begin below this, or at the smallest free one.
const MAX_PRIORITY: u64 = (i32::MAX as u64) - (1 << 20);

/// The severities in the order of their differential formats.
const SEVERITIES: [(Severity, &str); 3] =
    [(Severity::Errore, "FFFFC7CE"), (Severity::Avviso, "FFFFEB9C"), (Severity::Osservazione, "FFDDEBF7")];

/// The differential formats, and how many they are: a fill and nothing else.
pub(super) fn formats() -> (String, usize) {
    let format = |colour: &str| {
        format!(
            "<dxf><fill><patternFill patternType=\"solid\"><fgColor rgb=\"{colour}\"/><bgColor rgb=\"{colour}\"/>\
             </patternFill></fill></dxf>"
        )
    };
    (SEVERITIES.iter().map(|(_, colour)| format(colour)).collect(), SEVERITIES.len())
}

/// The conditional formats of one sheet, without prefixes. `tail` is the sheet's text behind its cells, `first` the
/// index of the first of our differential formats. The gravest comes first: where areas overlap, it wins.
pub(super) fn conditional_formats(marks: &SheetMarks<'_>, tail: &str, first: usize) -> String {
    let used = numbers_after(tail, "priority=\"").chain(numbers_after(tail, "priority='"));
    let used: BTreeSet<u64> = used.collect();
    let behind = used.last().map_or(1, |last| last.saturating_add(1));
    // Behind those of the user, if there is room for as many as a sheet has rows.
    let from = if behind < MAX_PRIORITY { behind } else { 1 };
    let mut free = (from..).filter(|p| !used.contains(p));
    let mut out = String::new();
    for (severity, areas) in &marks.areas {
        let format = first + SEVERITIES.iter().position(|(s, _)| *s == severity.0).unwrap_or(0);
        for chunk in joined(areas).chunks(CHUNK) {
            let priority = free.next().unwrap_or(1);
            let areas: Vec<String> = chunk.iter().map(Area::to_string).collect();
            let _ = write!(
                out,
                "<conditionalFormatting sqref=\"{}\"><cfRule type=\"expression\" dxfId=\"{format}\" \
                 priority=\"{priority}\"><formula>{CONDITION}</formula></cfRule></conditionalFormatting>",
                areas.join(" ")
            );
        }
    }
    out
}
