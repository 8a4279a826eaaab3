//! The examples of a rule as small tables, the cells at fault standing out.

use std::fmt::{self, Write as _};

use super::super::words::{count, short};
use super::{plain, table};
use crate::engine::{Illustration, Said, ShownCell, ShownTable};
use crate::model::Lang;

/// The longest text of a cell, in characters.
const CELL: usize = 120;
/// Rows of a table before the rest is only counted.
const ROWS: usize = 40;
/// Findings of an example before the rest is only counted.
const SAID: usize = 6;

pub(super) fn write(out: &mut String, shown: &[Illustration]) -> fmt::Result {
    if shown.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Esempi\n")?;
    writeln!(out, "Sono anche le prove della regola. In neretto le celle che il rilievo indica.\n")?;
    let numbered = || (1..).zip(shown);
    for (heading, is_found) in [("Con rilievi", true), ("Senza rilievi", false)] {
        let of = numbered().filter(|(_, s)| (s.outcome == "findings") == is_found);
        for (at, (number, example)) in of.enumerate() {
            if at == 0 {
                writeln!(out, "### {heading}\n")?;
            }
            one(out, number, example)?;
        }
    }
    Ok(())
}

fn one(out: &mut String, number: usize, example: &Illustration) -> fmt::Result {
    let outcome = match (example.outcome.as_str(), &example.reason) {
        ("passed", _) => "rispettata".to_owned(),
        ("not_applicable", _) => "non si applica".to_owned(),
        ("not_evaluable", Some(reason)) => format!("non valutabile: {}", plain(&reason.it)),
        ("not_evaluable", None) => "non valutabile".to_owned(),
        _ => count(example.said.len(), "rilievo", "rilievi"),
    };
    writeln!(out, "**Esempio {number}**, {outcome}\n")?;
    let head = example.head.iter().map(|(title, text)| format!("{}: {}", plain(&title.it), plain(text)));
    let beside: Vec<String> = head.chain(example.notes.iter().map(|n| n.it.clone())).collect();
    if !beside.is_empty() {
        writeln!(out, "{}\n", beside.join(" · "))?;
    }
    for shown in &example.tables {
        draw(out, shown)?;
    }
    said(out, &example.said)
}

fn draw(out: &mut String, shown: &ShownTable) -> fmt::Result {
    if !shown.title.it.is_empty() {
        writeln!(out, "*{}*\n", plain(&shown.title.it))?;
    }
    if shown.rows.is_empty() {
        return writeln!(out, "(tutto in bianco)\n");
    }
    let headings: Vec<String> = shown.columns.iter().map(|c| plain(c)).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = shown.rows.iter().take(ROWS).map(|r| r.iter().map(cell).collect()).collect();
    table(out, &headings, &rows)?;
    match shown.rows.len().saturating_sub(ROWS) {
        0 => Ok(()),
        left => writeln!(out, "… e {}\n", count(left, "altra riga", "altre righe")),
    }
}

fn cell(cell: &ShownCell) -> String {
    let text = plain(&short(&cell.text, CELL));
    match (cell.is_at_fault, text.trim()) {
        (true, "") => "**(vuota)**".to_owned(),
        (true, text) => format!("**{text}**"),
        (false, text) => text.to_owned(),
    }
}

fn said(out: &mut String, said: &[Said]) -> fmt::Result {
    for (at, finding) in said.iter().take(SAID).enumerate() {
        if at > 0 {
            writeln!(out, ">")?;
        }
        writeln!(out, "> {}: {}", finding.severity.label(Lang::It), plain(&finding.message.it))?;
    }
    match said.len().saturating_sub(SAID) {
        0 if said.is_empty() => Ok(()),
        0 => writeln!(out),
        left => writeln!(out, ">\n> … e {}\n", count(left, "altro rilievo", "altri rilievi")),
    }
}
