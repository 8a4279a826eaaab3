//! Which sheets are our own report sheets. A hidden name alone does not tell: spreadsheet programs carry it to wherever
//! its cell is moved, and copy it with a sheet.

use std::collections::BTreeMap;

use crate::model::{Error, GUIDE, GridCell, INDICATORS, LACKING, Lang, MEASURES, STEPS, Scalar, evidence_headings};
use crate::package::{Markup, Node};

/// What the first row of a report sheet begins with, in either language: a table may begin like that of the findings,
/// hardly go on like it.
const HEADS: [&[&str]; 4] = [
    &[
        "N.",
        "Gravità",
        "Codice",
        "Foglio",
        "Cella",
        "Altre celle",
        "Dove",
        "Rilievo",
        "Trovato",
        "Atteso",
        "Suggerimento",
        "Rimedio",
        "Norma",
    ],
    &[
        "No.",
        "Severity",
        "Code",
        "Sheet",
        "Cell",
        "Other cells",
        "Where",
        "Finding",
        "Found",
        "Expected",
        "Suggestion",
        "Remedy",
        "Basis",
    ],
    &["Riepilogo del controllo"],
    &["Summary of the check"],
];
/// What stands below the title of a summary.
const NAMED: [&str; 2] = ["Documento: ", "Document: "];
/// Cells of the first row that are looked at where a hidden name tells the rest.
const LOOKED_AT: usize = 2;

/// How our results as text begin, after a mark of the byte order.
const CSV: &[u8] = b"path;sheet;cell;anchor;severity;code;";
const MARKDOWN: &[u8] = b"# Riscontro\n\n";
/// What the line below that heading speaks of, in either language; the heading alone may be anybody's.
const RUN: &[u8] = b" document";
/// Bytes in which it does.
const BEGINNING: usize = 200;

/// Whether the bytes are those of a result that the program has written as text, and no document.
pub(super) fn is_result(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let is_run = |rest: &[u8]| rest.get(..BEGINNING).unwrap_or(rest).windows(RUN.len()).any(|w| w == RUN);
    text.starts_with(CSV) || text.strip_prefix(MARKDOWN).is_some_and(is_run)
}

/// Whether the first texts of a sheet are those of a report sheet.
fn are_ours<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let texts: Vec<&str> = texts.take(LOOKED_AT).map(str::trim).collect();
    HEADS.iter().any(|head| head.iter().take(LOOKED_AT).eq(texts.iter().take(head.len())))
}

/// Whether the first row of cells begins like that of a report sheet.
pub(super) fn begins(cells: &[GridCell]) -> bool {
    are_ours(first_row(cells).into_iter())
}

/// Whether cells are those of a report sheet, where nothing else tells: the whole heading row (also of the evidence of an
/// Allegato 2, of the lists of a plan, of the steps of flows, and of indicators), or the title of a summary or of instructions, alone in its row, and the name
/// of the document below.
pub(super) fn is_report(cells: &[GridCell]) -> bool {
    let row = first_row(cells);
    let below = cells.get(row.len()).map_or("", text);
    let is_named = NAMED.iter().any(|name| below.starts_with(name));
    let is_guide = GUIDE.iter().any(|(title, name)| row == [*title] && below.starts_with(name));
    let headed = |lang: Lang, headings: &[(&'static str, &'static str, f64)]| {
        headings.iter().map(|(it, en, _)| lang.pick(*it, *en)).eq(row.iter().copied())
    };
    let is_evidence = |lang| {
        evidence_headings(lang).iter().map(String::as_str).eq(row.iter().copied())
            || headed(lang, &LACKING)
            || headed(lang, &MEASURES)
            || headed(lang, &STEPS)
            || INDICATORS.len() <= row.len()
                && INDICATORS.iter().zip(&row).all(|((it, en, _), found)| lang.pick(*it, *en) == *found)
    };
    HEADS.iter().any(|head| row.starts_with(head) && (head.len() > 1 || row.len() == 1 && is_named))
        || [Lang::It, Lang::En].into_iter().any(is_evidence)
        || is_guide
}

fn first_row(cells: &[GridCell]) -> Vec<&str> {
    let row = cells.first().map(|c| c.at.row);
    cells.iter().take_while(|c| Some(c.at.row) == row).map(|c| text(c).trim()).collect()
}

fn text(cell: &GridCell) -> &str {
    match &cell.value {
        Scalar::Text(text) => text,
        _ => "",
    }
}

/// Whether a sheet part begins as a report sheet does. `strings` is the part of the shared strings.
pub(crate) fn begins_as_ours(sheet: &str, strings: Option<&str>) -> Result<bool, Error> {
    let cells = first_cells(sheet)?;
    let shared = |(kind, text): &(String, String)| (kind == "s").then(|| text.trim().parse().ok()).flatten();
    let wanted: BTreeMap<usize, String> = match strings {
        Some(strings) => texts_at(strings, &cells.iter().filter_map(shared).collect::<Vec<usize>>())?,
        None => BTreeMap::new(),
    };
    let texts = cells.iter().map(|cell| match shared(cell) {
        Some(index) => wanted.get(&index).map_or("", String::as_str),
        None => cell.1.as_str(),
    });
    Ok(are_ours(texts))
}

/// Kind and content of the first cells of the first row.
fn first_cells(sheet: &str) -> Result<Vec<(String, String)>, Error> {
    let mut cells: Vec<(String, String)> = Vec::new();
    let mut markup = Markup::new(sheet.as_bytes());
    while let Some(node) = markup.next()? {
        match node {
            Node::Open(tag) if tag.name() == "c" => {
                if cells.len() == LOOKED_AT {
                    break;
                }
                cells.push((tag.attr("t").unwrap_or_default().into_owned(), String::new()));
            }
            Node::Open(tag) if matches!(tag.name(), "v" | "t") => {
                let text = markup.text()?;
                if let Some((_, content)) = cells.last_mut() {
                    content.push_str(&text);
                }
            }
            Node::Close(name) if matches!(name.as_str(), "row" | "sheetData") => break,
            _ => {}
        }
    }
    Ok(cells)
}

/// The shared strings at these indices.
fn texts_at(strings: &str, wanted: &[usize]) -> Result<BTreeMap<usize, String>, Error> {
    let mut found = BTreeMap::new();
    let last = wanted.iter().max().copied();
    let mut index = 0;
    let mut markup = Markup::new(strings.as_bytes());
    while last.is_some_and(|last| index <= last)
        && let Some(node) = markup.next()?
    {
        match node {
            Node::Open(tag) if tag.name() == "t" && wanted.contains(&index) => {
                let text = markup.text()?;
                found.entry(index).or_insert_with(String::new).push_str(&text);
            }
            Node::Close(name) if name == "si" => index += 1,
            _ => {}
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CellRef, Format};

    fn sheet(cells: &str) -> String {
        format!("<x:worksheet><x:sheetData><x:row>{cells}</x:row><x:row/></x:sheetData></x:worksheet>")
    }

    #[test]
    fn report_sheets_begin_as_they_are_written_and_saved_again() {
        let inline = sheet("<x:c t=\"inlineStr\"><x:is><x:t>Riepilogo del controllo</x:t></x:is></x:c>");
        assert!(begins_as_ours(&inline, None).unwrap());
        let shared = sheet("<x:c t=\"s\"><x:v>2</x:v></x:c><x:c t=\"s\"><x:v>0</x:v></x:c><x:c><x:v>7</x:v></x:c>");
        let strings = "<sst><si><t>Gravità</t></si><si><t>x</t></si><si><r><t>N</t></r><r><t>.</t></r></si></sst>";
        assert!(begins_as_ours(&shared, Some(strings)).unwrap());
        assert!(!begins_as_ours(&shared, None).unwrap());
    }

    #[test]
    fn a_sheet_without_a_name_of_ours_is_known_by_all_of_its_headings() {
        let cells = |rows: &[&[&str]]| -> Vec<GridCell> {
            let row = |(r, row): (u32, &&[&str])| {
                let cell = move |(c, text): (u32, &&str)| GridCell {
                    at: CellRef::new(r, c),
                    value: Scalar::Text((*text).into()),
                    format: Format::General,
                };
                (0..).zip(*row).map(cell).collect::<Vec<_>>()
            };
            (0..).zip(rows).flat_map(row).collect()
        };
        let more = [HEADS[1], &["Status"]].concat();
        for ours in [&[HEADS[0]][..], &[&more], &[HEADS[2], &["Documento: a.ods"]], &[HEADS[3], &["Document: a.ods"]]] {
            assert!(is_report(&cells(ours)), "{ours:?}");
        }
        let mine: [&[&[&str]]; 4] = [
            &[&["N.", "Gravità", "Processo", "Misura"], &["1", "alta", "Gare", "Rotazione"]],
            &[&HEADS[0][..12]],
            &[HEADS[2], &["Processo", "Misura"]],
            &[&["Riepilogo del controllo", "x"], &["Documento: a.ods"]],
        ];
        for mine in mine {
            assert!(!is_report(&cells(mine)), "{mine:?}");
        }
    }

    #[test]
    fn sheets_of_users_do_not() {
        assert!(!begins_as_ours(&sheet("<x:c t=\"str\"><x:v>N.</x:v></x:c><x:c><x:v>1</x:v></x:c>"), None).unwrap());
        assert!(!begins_as_ours(&sheet(""), None).unwrap());
        assert!(!begins_as_ours("<worksheet><sheetData/></worksheet>", None).unwrap());
    }
}
