//! How a table was read, for a person: its headings, what each column was taken for and why, the rows passed over, the
//! cells put right.

use std::io::{self, Write};

use super::words::{elsewhere, one_line, percent, quoted, ranges};
use crate::model::{Area, Column, Lang, Repair, TableReport};

pub(super) fn write(table: &TableReport, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if table.is_text {
        return lines(table, lang, out);
    }
    if table.columns.iter().all(|c| c.heading.is_empty()) {
        writeln!(out, "    {}", lang.pick("senza riga di intestazioni", "without a header row"))?;
    } else {
        writeln!(out, "    {} {}", lang.pick("intestazioni:", "headings:"), table.header)?;
    }
    for column in &table.columns {
        writeln!(out, "      {}", of_column(column, table, lang))?;
    }
    if !table.reading.skipped.is_empty() {
        writeln!(out, "    {}", lang.pick("righe tralasciate:", "rows passed over:"))?;
    }
    for row in &table.reading.skipped {
        let (reason, text) = (row.reason.get(lang), quoted(&row.text, lang));
        writeln!(out, "      {}{}, {reason}: {text}", row.area, elsewhere(&row.sheet, table, lang))?;
    }
    if !table.reading.repaired.is_empty() {
        writeln!(out, "    {}", lang.pick("celle lette in altro modo:", "cells read otherwise:"))?;
    }
    for alike in table.reading.repaired.chunk_by(|a, b| (&a.from, &a.to) == (&b.from, &b.to)) {
        if let [first, ..] = alike {
            let (from, to) = (quoted(&first.from, lang), quoted(&first.to, lang));
            writeln!(out, "      {} {from} {} {to}", cells(alike, lang), lang.pick("letto come", "read as"))?;
        }
    }
    Ok(())
}

/// How a text was read: for each field the line that it stands on first, and the lines passed over.
fn lines(table: &TableReport, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for column in &table.columns {
        let Some(field) = &column.field else { continue };
        let (line, title) = (column.heading_area.first.row + 1, table.field_titles.get(field).map_or(&**field, |t| t));
        let (word, title, times) = (lang.pick("riga", "line"), quoted(title, lang), column.evidence.get(lang));
        writeln!(out, "      {word} {line}: {title} ({field}), {times}")?;
    }
    for row in &table.reading.skipped {
        let (line, reason, text) = (row.area.first.row + 1, row.reason.get(lang), quoted(&row.text, lang));
        writeln!(out, "      {} {line}: {reason}: {text}", lang.pick("tralasciata la riga", "passed over line"))?;
    }
    Ok(())
}

/// `B11 «Attività»: letta come «Processo» (processo), certezza 80%; …; poteva essere «Funzione» (60%)`.
fn of_column(column: &Column, table: &TableReport, lang: Lang) -> String {
    let heading = match &*column.heading {
        "" => lang.pick(", senza intestazione", ", without a heading").to_owned(),
        heading => format!(" {}", quoted(heading, lang)),
    };
    let title = |field: &str| quoted(table.field_titles.get(field).map_or(field, |t| t), lang);
    let what = match &column.field {
        Some(field) => {
            let (title, sure) = (title(field), percent(column.confidence));
            lang.pick(
                format!("letta come {title} ({field}), certezza {sure}"),
                format!("read as {title} ({field}), certainty {sure}"),
            )
        }
        None => lang.pick("non letta", "not read").to_owned(),
    };
    let evidence = match one_line(column.evidence.get(lang)) {
        text if text.is_empty() => text,
        text => format!("; {text}"),
    };
    let second = column.runner_up.as_ref().map_or_else(String::new, |r| {
        let (title, share) = (title(&r.field), percent(r.confidence));
        let is_read = column.field.is_some();
        match lang {
            Lang::It if is_read => format!("; poteva essere {title} ({share})"),
            Lang::It => format!("; il più vicino è {title} ({share})"),
            Lang::En if is_read => format!("; it might have been {title} ({share})"),
            Lang::En => format!("; the nearest is {title} ({share})"),
        }
    });
    let sheet = column.sheet.as_ref().map_or_else(String::new, |sheet| elsewhere(sheet, table, lang));
    format!("{}{heading}{sheet}: {what}{evidence}{second}", column.heading_area)
}

/// The cells of repairs one after the other, those below one another as a range.
fn cells(repairs: &[Repair], lang: Lang) -> String {
    let areas: Vec<Area> = repairs.iter().map(|r| Area::cell(r.at)).collect();
    let (ranges, left) = ranges(&areas);
    let more = match (left, lang) {
        (0, _) => String::new(),
        (1, Lang::It) => " e un'altra".to_owned(),
        (_, Lang::It) => format!(" e altre {left}"),
        (_, Lang::En) => format!(" and {left} more"),
    };
    format!("{}{more}", ranges.join(", "))
}
