//! `markdown`: tables to paste into a document or a web page.

use std::io::{self, Write};

use super::words::{self, one_line};
use crate::model::{DocumentReport, Finding, Lang, Report, Status};
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
        if table.is_text {
            writeln!(out, "- {}, {}", plain(&table.title), words::extent(table, lang))?;
            continue;
        }
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
        writeln!(out, "\n{}.", plain(&text::capital(&text)))?;
        return write_others(document, lang, out);
    }
    let head =
        lang.pick("| Dove | Gravità | Regola | Rilievo | Rimedio |", "| Where | Severity | Rule | Finding | Remedy |");
    writeln!(out, "\n{head}\n|---|---|---|---|---|")?;
    for finding in counting {
        let severity = finding.severity.label(lang);
        let (message, remedy) = (plain(&finding.message), plain(&finding.remedy));
        writeln!(out, "| {} | {severity} | {} | {message} | {remedy} |", places(finding), finding.code)?;
    }
    write_others(document, lang, out)
}

/// The findings that do not count, and why.
fn write_others(document: &DocumentReport, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let others: Vec<_> = document.findings.iter().filter(|f| f.status != Status::New).collect();
    if others.is_empty() {
        return Ok(());
    }
    let title = lang.pick("Rilievi già noti o in eccezione", "Findings known or waived");
    let head = lang.pick("| Dove | Regola | Rilievo | Stato |", "| Where | Rule | Finding | Status |");
    writeln!(out, "\n{title}:\n\n{head}\n|---|---|---|---|")?;
    for finding in others {
        let waiver = finding.waiver.as_ref().map(|waiver| format!(" {}", plain(&waiver.told(lang))));
        let status = format!("{}{}", finding.status.label(lang), waiver.unwrap_or_default());
        writeln!(out, "| {} | {} | {} | {status} |", places(finding), finding.code, plain(&finding.message))?;
    }
    Ok(())
}

/// Where a finding stands: the first of its places, and how many more there are.
pub(super) fn places(finding: &Finding) -> String {
    let places: Vec<String> = finding.places.iter().map(|p| plain(&words::address(p))).collect();
    let (shown, left) = places.split_at(places.len().min(8));
    let more = if left.is_empty() { String::new() } else { format!(" (+{})", left.len()) };
    format!("{}{more}", shown.join(", "))
}

/// Text that is neither markup nor the end of a table cell.
pub(super) fn plain(text: &str) -> String {
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
