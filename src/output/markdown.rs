//! `markdown`: tables to paste into a document or a web page.

use std::io::{self, Write};

use super::words::{self, one_line};
use crate::model::{DocumentReport, Lang, Report, Status};
use crate::text;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let lang = report.lang;
    writeln!(out, "# Riscontro\n\n{}", words::run_line(&report.summary(), lang))?;
    for document in &report.documents {
        writeln!(out, "\n## {}\n", plain(&document.path))?;
        write_document(document, lang, out)?;
    }
    Ok(())
}

fn write_document(document: &DocumentReport, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if let Some(error) = &document.error {
        writeln!(out, "**{}**: {}", lang.pick("Rifiutato", "Refused"), plain(error.message(lang)))?;
        return Ok(());
    }
    if let Some(reason) = &document.skipped {
        writeln!(out, "{}: {}", lang.pick("Tralasciato", "Skipped"), plain(reason))?;
        return Ok(());
    }
    for table in &document.tables {
        let (sheet, area) = (plain(&table.sheet), table.area);
        writeln!(out, "- {}, {} {sheet}, {area}", plain(&table.title), lang.pick("foglio", "sheet"))?;
    }
    let counting: Vec<_> = document.findings.iter().filter(|f| f.status == Status::New).collect();
    if counting.is_empty() {
        let none = lang.pick("nessun rilievo", "no finding").to_owned();
        let text = match document.unruled(lang) {
            Some(unruled) if document.is_without_rules() => unruled,
            Some(unruled) => format!("{none}; {unruled}"),
            None => none,
        };
        return writeln!(out, "\n{}.", plain(&text::capital(&text)));
    }
    let head =
        lang.pick("| Dove | Gravità | Regola | Rilievo | Rimedio |", "| Where | Severity | Rule | Finding | Remedy |");
    writeln!(out, "\n{head}\n|---|---|---|---|---|")?;
    for finding in counting {
        let places: Vec<String> = finding.places.iter().map(|p| plain(&words::address(p))).collect();
        let (shown, left) = places.split_at(places.len().min(8));
        let more = if left.is_empty() { String::new() } else { format!(" (+{})", left.len()) };
        let severity = finding.severity.label(lang);
        let (message, remedy) = (plain(&finding.message), plain(&finding.remedy));
        writeln!(out, "| {}{more} | {severity} | {} | {message} | {remedy} |", shown.join(", "), finding.code)?;
    }
    Ok(())
}

/// Text that is neither markup nor the end of a table cell.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' => plain.extend(['\\', c]),
            '&' => plain.push_str("&amp;"),
            c => plain.push(c),
        }
    }
    plain
}
