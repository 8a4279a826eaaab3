//! Words of the printed formats: counts with their nouns, places, text made safe to print.

use crate::model::{Area, Lang, Place, Severity, Summary, TableReport, no_rule};

/// Ranges named of one finding before the rest is only counted.
const RANGES: usize = 24;

/// Longest value quoted, in characters.
const VALUE: usize = 160;

/// A number with its noun: `1 errore`, `2 errori`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Text of a document on one line: line breaks become blanks, control characters and those that reorder text
/// are dropped, so that a cell can neither break the line nor command the terminal.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{a0}' if line.ends_with(' ') || line.is_empty() => {}
            '\n' | '\r' | '\t' | '\u{a0}' | '\u{2028}' | '\u{2029}' => line.push(' '),
            c if c.is_control() => {}
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
            c => line.push(c),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// The same, cut to about `most` characters.
pub(super) fn short(text: &str, most: usize) -> String {
    let line = one_line(text);
    match line.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or(&line).trim_end()),
        None => line,
    }
}

/// Text of a document on one line, cut, between the quotes of the language.
pub(super) fn quoted(text: &str, lang: Lang) -> String {
    let text = short(text, VALUE);
    lang.pick(format!("«{text}»"), format!("“{text}”"))
}

/// `foglio «Allegato 1»`.
pub(super) fn sheet(name: &str, lang: Lang) -> String {
    let name = one_line(name);
    lang.pick(format!("foglio «{name}»"), format!("sheet “{name}”"))
}

/// `foglio «Processi», A2:F45`, or `righe 1-126` of a text.
pub(super) fn extent(table: &TableReport, lang: Lang) -> String {
    if table.is_text {
        let (first, last) = (table.area.first.row + 1, table.area.last.row.saturating_add(1));
        return lang.pick(format!("righe {first}-{last}"), format!("lines {first}-{last}"));
    }
    let first = (&table.sheet, table.area);
    let places = std::iter::once(first).chain(table.parts.iter().map(|(name, area)| (name, *area)));
    places.map(|(name, area)| format!("{}, {area}", sheet(name, lang))).collect::<Vec<_>>().join("; ")
}

/// The sheet, where it is not the first of the table: `, foglio «…»`.
pub(super) fn elsewhere(name: &str, table: &TableReport, lang: Lang) -> String {
    if *name == *table.sheet { String::new() } else { format!(", {}", sheet(name, lang)) }
}

/// A share as a percentage without decimals.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// The line that ends a run.
pub fn run_line(summary: &Summary, lang: Lang) -> String {
    let it = lang == Lang::It;
    let noun = |n, it_one, it_many, en_one, en_many| {
        if it { count(n, it_one, it_many) } else { count(n, en_one, en_many) }
    };
    let mut line = if summary.documents == 0 {
        lang.pick("nessun documento controllato", "no document checked").to_owned()
    } else {
        let documents = noun(summary.documents, "documento", "documenti", "document", "documents");
        let none = summary.errore + summary.avviso + summary.osservazione == 0;
        let found = if none && summary.without_rules == summary.documents {
            no_rule(1, lang).to_owned()
        } else if none {
            lang.pick("nessun rilievo", "no finding").to_owned()
        } else {
            severities(summary.errore, summary.avviso, summary.osservazione, lang)
        };
        format!("{documents}: {found}")
    };
    for (number, [it_one, it_many, en_one, en_many]) in remarks(summary) {
        if number > 0 {
            line += "; ";
            line += &noun(number, it_one, it_many, en_one, en_many);
        }
    }
    line
}

/// What there is to say beside the findings: how many, and its nouns, one and many, in Italian and in English.
fn remarks(summary: &Summary) -> [(usize, [&'static str; 4]); 8] {
    let of = |kind: &str| summary.rules.get(kind).copied().unwrap_or_default();
    let unruled = if summary.without_rules < summary.documents { summary.without_rules } else { 0 };
    [
        (
            unruled,
            [
                "documento senza regole, per ora",
                "documenti senza regole, per ora",
                "document without rules yet",
                "documents without rules yet",
            ],
        ),
        (
            of("not_evaluable"),
            ["esito non valutabile", "esiti non valutabili", "outcome not evaluable", "outcomes not evaluable"],
        ),
        (of("error"), ["regola in errore", "regole in errore", "rule failed", "rules failed"]),
        (summary.known, ["rilievo già noto", "rilievi già noti", "known finding", "known findings"]),
        (summary.waived, ["rilievo in eccezione", "rilievi in eccezione", "waived finding", "waived findings"]),
        (summary.omitted, ["rilievo non mostrato", "rilievi non mostrati", "finding not shown", "findings not shown"]),
        (summary.refused, ["file rifiutato", "file rifiutati", "file refused", "files refused"]),
        (summary.skipped, ["voce tralasciata", "voci tralasciate", "item skipped", "items skipped"]),
    ]
}

/// `4 errori, 2 avvisi, 0 osservazioni`.
pub(super) fn severities(errore: usize, avviso: usize, osservazione: usize, lang: Lang) -> String {
    let [e, a, o] = match lang {
        Lang::It => [
            count(errore, "errore", "errori"),
            count(avviso, "avviso", "avvisi"),
            count(osservazione, "osservazione", "osservazioni"),
        ],
        Lang::En => {
            [count(errore, "error", "errors"), count(avviso, "warning", "warnings"), format!("{osservazione} info")]
        }
    };
    format!("{e}, {a}, {o}")
}

/// Where a finding stands, place by place: one line for each sheet (or text) of each document.
pub(super) fn lines_of_places(path: &str, places: &[Place], lang: Lang) -> Vec<String> {
    let Some((first, rest)) = places.split_first() else { return vec![one_line(path)] };
    let mut lines = vec![format!("{}{}", head(path, first, lang), anchor_in_brackets(first))];
    let mut groups: Vec<(&Place, Vec<&Place>)> = Vec::new();
    for place in rest {
        let same = |other: &Place| other.path == place.path && other.sheet == place.sheet;
        match groups.iter_mut().find(|(leader, _)| same(leader)) {
            Some((_, members)) => members.push(place),
            None => groups.push((place, vec![place])),
        }
    }
    for (leader, members) in groups {
        let is_here = leader.path == first.path && leader.sheet == first.sheet;
        let cells = cells(&members, lang);
        let and =
            if is_here { lang.pick("e ", "and ").to_owned() } else { format!("{}, ", document(path, leader, lang)) };
        lines.push(format!("{and}{cells}{}", anchors_in_brackets(&members)));
    }
    lines
}

/// `file.xlsx, foglio «Allegato 1»`. An empty `path` is not said.
fn document(path: &str, place: &Place, lang: Lang) -> String {
    let sheet = place.sheet.as_deref().map(one_line);
    let sheet = sheet.map(|s| lang.pick(format!("foglio «{s}»"), format!("sheet “{s}”")));
    joined([one_line(place.path.as_deref().unwrap_or(path)), sheet.unwrap_or_default()])
}

fn head(path: &str, place: &Place, lang: Lang) -> String {
    joined([document(path, place, lang), cells(&[place], lang)])
}

fn joined(texts: [String; 2]) -> String {
    let [one, other] = texts;
    if one.is_empty() || other.is_empty() { one + &*other } else { format!("{one}, {other}") }
}

fn anchor_in_brackets(place: &Place) -> String {
    if place.anchor.is_empty() { String::new() } else { format!(" ({})", one_line(&place.anchor.to_string())) }
}

/// The anchors of many places without the part they share (the column), the first three of them.
fn anchors_in_brackets(places: &[&Place]) -> String {
    const SHOWN: usize = 3;
    let shortened = |p: &&Place| one_line(if p.anchor.unit.is_empty() { &p.anchor.part } else { &p.anchor.unit });
    let mut anchors: Vec<String> = Vec::new();
    for anchor in places.iter().map(shortened).filter(|a| !a.is_empty()) {
        if !anchors.contains(&anchor) {
            anchors.push(anchor);
        }
        if anchors.len() > SHOWN {
            anchors.truncate(SHOWN);
            anchors.push("…".to_owned());
            break;
        }
    }
    if anchors.is_empty() { String::new() } else { format!(" ({})", anchors.join("; ")) }
}

/// `cella E79`, `celle E17, E19-E24`, `riga 12` of places on one sheet or in one text.
pub(super) fn cells(places: &[&Place], lang: Lang) -> String {
    let areas: Vec<Area> = places.iter().filter_map(|p| p.area).collect();
    if areas.is_empty() {
        let lines: Vec<String> = places.iter().filter_map(|p| Some(p.line?.to_string())).collect();
        return match lines.as_slice() {
            [] => String::new(),
            [one] => format!("{} {one}", lang.pick("riga", "line")),
            many => format!("{} {}", lang.pick("righe", "lines"), many.join(", ")),
        };
    }
    let (ranges, left) = ranges(&areas);
    let noun = match areas.as_slice() {
        [one] if one.is_cell() => lang.pick("cella", "cell"),
        _ => lang.pick("celle", "cells"),
    };
    let mut text = format!("{noun} {}", ranges.join(", "));
    text += &lang.and_more(left, true);
    text
}

/// Cells one below the other are joined (`E19-E24`), areas stay; how many places are left unnamed.
pub(super) fn ranges(areas: &[Area]) -> (Vec<String>, usize) {
    let mut runs: Vec<(Area, usize)> = Vec::new();
    for area in areas {
        match runs.last_mut() {
            Some((run, size)) if continues(run, area) => {
                run.last = area.last;
                *size += 1;
            }
            _ => runs.push((*area, 1)),
        }
    }
    let left = runs.iter().skip(RANGES).map(|(_, size)| size).sum();
    let text = |(run, size): &(Area, usize)| match size {
        1 => run.to_string(),
        _ => format!("{}-{}", run.first, run.last),
    };
    (runs.iter().take(RANGES).map(text).collect(), left)
}

fn continues(run: &Area, next: &Area) -> bool {
    let is_column = run.first.col == run.last.col && next.is_cell() && next.first.col == run.first.col;
    is_column && run.last.row.checked_add(1) == Some(next.first.row)
}

/// What stands for a place in one-line formats: `Allegato 1!E79`, or the line of a text.
pub(super) fn address(place: &Place) -> String {
    let at = place.area.map(|a| a.to_string()).or_else(|| place.line.map(|l| l.to_string()));
    match (&place.sheet, at) {
        (Some(sheet), Some(at)) => format!("{}!{at}", one_line(sheet)),
        (Some(text), None) => one_line(text),
        (None, at) => at.unwrap_or_default(),
    }
}

/// Severities of the findings that count, gravest first.
pub(super) fn tally<'a>(findings: impl Iterator<Item = &'a Severity>) -> [usize; 3] {
    findings.fold([0; 3], |[e, a, o], severity| match severity {
        Severity::Errore => [e + 1, a, o],
        Severity::Avviso => [e, a + 1, o],
        Severity::Osservazione => [e, a, o + 1],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Anchor;

    fn place(cell: &str, unit: &str) -> Place {
        Place {
            path: None,
            sheet_index: 0,
            sheet: Some("Processi".into()),
            area: Area::parse(cell),
            line: None,
            anchor: Anchor::new(unit, if unit.is_empty() { "" } else { "Ufficio" }),
            value: None,
        }
    }

    #[test]
    fn many_places_are_named_in_ranges() {
        let places: Vec<Place> = ["E15", "E17", "E19", "E20", "E21", "B2:C3"]
            .iter()
            .enumerate()
            .map(|(i, cell)| place(cell, &format!("processo n. {i}")))
            .collect();
        assert_eq!(
            lines_of_places("a.xlsx", &places, Lang::It),
            [
                "a.xlsx, foglio «Processi», cella E15 (processo n. 0, Ufficio)",
                "e celle E17, E19-E21, B2:C3 (processo n. 1; processo n. 2; processo n. 3; …)"
            ]
        );
    }

    #[test]
    fn names_with_commas_are_not_cut() {
        let long = "processo «Lavori, servizi, forniture»";
        let places =
            [place("E1", long), place("E2", long), Place { anchor: Anchor::new("", "Voci, note"), ..place("E9", "") }];
        assert_eq!(
            lines_of_places("a.xlsx", &places, Lang::It),
            [
                "a.xlsx, foglio «Processi», cella E1 (processo «Lavori, servizi, forniture», Ufficio)",
                "e celle E2, E9 (processo «Lavori, servizi, forniture»; Voci, note)"
            ]
        );
    }

    #[test]
    fn places_beyond_the_limit_are_counted() {
        let places: Vec<Place> = (0..30).map(|i| place(&format!("E{}", 2 * i + 1), "")).collect();
        let places: Vec<&Place> = places.iter().collect();
        assert!(cells(&places, Lang::It).ends_with("E47 e altre 6"), "{}", cells(&places, Lang::It));
    }

    #[test]
    fn text_of_a_cell_cannot_command_the_terminal() {
        assert_eq!(one_line("a\u{1b}[31m\r\nb\u{202e}c\t"), "a[31m bc");
        assert_eq!(short("parola lunga", 6), "parola…");
    }
}
