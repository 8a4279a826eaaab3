//! An Allegato 2 computed, for a person: as text, as Markdown, and as rows for a spreadsheet program.

use std::io::{self, Write};

use super::Painter;
use super::csv;
use super::markdown::plain;
use super::words::{address, count, one_line, short};
use crate::model::{Allegato2, CountedRow, CountedTable, Lang, Place};

/// Names told of one reason for leaving out.
const NAMED: usize = 5;
/// Characters of a list of names on the screen; whole in the other formats.
const NAMES: usize = 300;

/// The two tables, what was left out and the decisions that were made otherwise than usual, as text.
pub fn allegato2(all: &Allegato2, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = all.lang;
    let registers: Vec<String> = all.sources.iter().map(|s| one_line(s)).collect();
    writeln!(out, "Allegato 2{}, {}: {}", year(all), lang.pick("calcolato da", "computed from"), registers.join(", "))?;
    if let Some(compared) = &all.compared {
        writeln!(out, "{}: {}", lang.pick("confrontato con", "compared with"), one_line(compared))?;
    }
    for table in &all.tables {
        writeln!(out, "\n{}", painter.strong.paint(&title(table, lang)))?;
        if let Some(note) = common_note(table).filter(|_| all.compared.is_none()) {
            writeln!(out, "  {}: {}", lang.pick("tutte le voci", "all rows"), one_line(note))?;
            continue;
        }
        for row in &table.rows {
            writeln!(
                out,
                "  {:>2}  {:<70} {:>6}{}",
                row.number,
                one_line(&row.label),
                value(row, lang),
                declared(row, lang)
            )?;
            if let Some(note) = &row.note {
                writeln!(out, "      {}", painter.faint.paint(&one_line(note)))?;
            }
            if row.differs() {
                let label = lang.pick("dai registri", "from the registers");
                writeln!(out, "      {label}: {}", short(&names(all, row), NAMES))?;
            }
        }
    }
    if !all.left_out.is_empty() {
        writeln!(out, "\n{}", painter.strong.paint(lang.pick("Non contati", "Not counted")))?;
        for left in &all.left_out {
            writeln!(out, "  {}: {}", one_line(&left.reason), left.items.len())?;
            for (name, place) in left.items.iter().take(NAMED) {
                writeln!(
                    out,
                    "    {} {}",
                    short(&one_line(name), 80),
                    painter.faint.paint(&format!("({})", at(place)))
                )?;
            }
            if let Some(more) = left.items.len().checked_sub(NAMED).filter(|more| *more > 0) {
                writeln!(out, "    {}", lang.pick(format!("e altri {more}"), format!("and {more} more")))?;
            }
        }
    }
    writeln!(out, "\n{}", painter.strong.paint(lang.pick("Scelte di conteggio", "Decisions of counting")))?;
    for choice in &all.choices {
        writeln!(out, "  --{} {}: {}", choice.name, choice.value, choice.meaning)?;
    }
    for remark in &all.remarks {
        writeln!(out, "\n{}: {}", painter.avviso.paint(lang.pick("attenzione", "note")), one_line(remark))?;
    }
    writeln!(out, "\n{}", painter.strong.paint(&allegato2_line(all)))
}

/// The end of a computation in one line.
pub fn allegato2_line(all: &Allegato2) -> String {
    let lang = all.lang;
    let without = all.tables.iter().flat_map(|t| &t.rows).filter(|r| r.value.is_none()).count();
    let mut parts = Vec::new();
    let figures = all.tables.iter().flat_map(|t| &t.rows).filter(|r| r.value.is_some()).count();
    parts.push(
        lang.pick(count(figures, "voce calcolata", "voci calcolate"), count(figures, "row computed", "rows computed")),
    );
    if without > 0 {
        parts.push(lang.pick(
            count(without, "non calcolabile", "non calcolabili"),
            count(without, "not computable", "not computable"),
        ));
    }
    if all.compared.is_some() {
        let n = all.differences();
        parts.push(lang.pick(
            count(n, "diversa da quella dichiarata", "diverse da quelle dichiarate"),
            count(n, "other than declared", "other than declared"),
        ));
    }
    parts.join(", ")
}

/// The same as Markdown.
pub fn allegato2_markdown(all: &Allegato2, out: &mut dyn Write) -> io::Result<()> {
    let lang = all.lang;
    writeln!(out, "# Allegato 2{}\n", year(all))?;
    let registers: Vec<String> = all.sources.iter().map(|s| plain(s)).collect();
    writeln!(out, "{}: {}.", lang.pick("Calcolato da", "Computed from"), registers.join(", "))?;
    for remark in &all.remarks {
        writeln!(out, "\n**{}**: {}.", lang.pick("Attenzione", "Note"), plain(remark))?;
    }
    for table in &all.tables {
        writeln!(out, "\n## {}\n", title(table, lang))?;
        let (extra, rule) = if all.compared.is_some() {
            (lang.pick(" Dichiarato | Differenza |", " Declared | Difference |"), "---:|---:|")
        } else {
            ("", "")
        };
        writeln!(
            out,
            "| {} |{extra} {} |",
            lang.pick("N. | Voce | Valore", "No. | Item | Value"),
            lang.pick("Note", "Notes")
        )?;
        writeln!(out, "|---:|---|---:|{rule}---|")?;
        for row in &table.rows {
            let beside = all.compared.as_ref().map_or_else(String::new, |_| {
                let declared = row.declared.as_ref().and_then(|d| d.value).map_or_else(String::new, |v| v.to_string());
                format!(" {declared} | {} |", row.difference().map_or_else(String::new, |d| d.to_string()))
            });
            let note = plain(row.note.as_deref().unwrap_or_default());
            writeln!(out, "| {} | {} | {} |{beside} {note} |", row.number, plain(&row.label), value(row, lang))?;
        }
    }
    writeln!(out, "\n## {}\n", lang.pick("Criteri di conteggio", "How it was counted"))?;
    for choice in &all.choices {
        writeln!(out, "- `--{} {}`: {}", choice.name, plain(&choice.value), plain(&choice.meaning))?;
    }
    for left in &all.left_out {
        let names: Vec<String> = left.items.iter().map(|(name, _)| plain(name)).collect();
        writeln!(out, "- {}: {} ({})", plain(&left.reason), left.items.len(), names.join("; "))?;
    }
    Ok(())
}

/// The rows of both tables for a spreadsheet program.
pub fn allegato2_csv(all: &Allegato2, out: &mut dyn Write) -> io::Result<()> {
    // Without the byte-order mark Excel takes the accents for another encoding.
    out.write_all("\u{feff}".as_bytes())?;
    csv::row(&["level", "n", "label", "value", "declared", "difference", "note", "evidence"], out)?;
    for table in &all.tables {
        for row in &table.rows {
            let text = |n: Option<usize>| n.map_or_else(String::new, |n| n.to_string());
            csv::row(
                &[
                    table.level.name(),
                    &row.number.to_string(),
                    &row.label,
                    &text(row.value),
                    &text(row.declared.as_ref().and_then(|d| d.value)),
                    &row.difference().map_or_else(String::new, |d| d.to_string()),
                    row.note.as_deref().unwrap_or_default(),
                    &names(all, row),
                ],
                out,
            )?;
        }
    }
    Ok(())
}

/// Why no row of a table has a figure, where it is the same for all.
fn common_note(table: &CountedTable) -> Option<&str> {
    let note = table.rows.first()?.note.as_deref()?;
    table.rows.iter().all(|r| r.value.is_none() && r.note.as_deref() == Some(note)).then_some(note)
}

fn year(all: &Allegato2) -> String {
    all.year.map_or_else(String::new, |year| format!(" {} {year}", all.lang.pick("per l'anno", "for the year")))
}

fn title(table: &CountedTable, lang: Lang) -> String {
    match lang {
        Lang::It => format!("Obiettivi {}", table.level.variant()),
        Lang::En => format!("{} objectives", crate::text::capital(table.level.label(lang))),
    }
}

fn value(row: &CountedRow, lang: Lang) -> String {
    row.value.map_or_else(|| lang.pick("n.c.", "n/c").to_owned(), |v| v.to_string())
}

fn declared(row: &CountedRow, lang: Lang) -> String {
    let Some(declared) = &row.declared else { return String::new() };
    let said = declared.value.map_or_else(
        || declared.place.value.as_deref().map_or_else(|| lang.pick("nessuna cifra", "no figure").to_owned(), one_line),
        |v| v.to_string(),
    );
    let sign = if row.differs() { " ≠" } else { "" };
    format!("   {}: {said}{sign} ({})", lang.pick("dichiarato", "declared"), at(&declared.place))
}

fn at(place: &Place) -> String {
    one_line(&address(place))
}

/// The lines behind a figure: objectives by name, with the number of the indicators counted of each.
fn names(all: &Allegato2, row: &CountedRow) -> String {
    let mut names: Vec<(String, usize)> = Vec::new();
    for line in row.evidence.iter().filter_map(|i| all.evidence.get(*i)) {
        let own = one_line(line.objective_name());
        match names.last_mut().filter(|(name, _)| *name == own) {
            Some((_, count)) => *count += 1,
            None => names.push((own, 1)),
        }
    }
    let are_indicators = matches!(row.number, 3..=5);
    let told = names.into_iter().map(|(name, count)| {
        let name = short(&name, 80);
        if are_indicators { format!("{name} ({count})") } else { name }
    });
    told.collect::<Vec<_>>().join("; ")
}
