//! `concise`: one line per finding, as editors and `grep` like it.

use std::io::{self, Write};

use super::Painter;
use super::words::{self, address, one_line};
use crate::model::{DocumentReport, Finding, Lang, Place, Report};

pub(super) fn write(report: &Report, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = report.lang;
    for document in &report.documents {
        for finding in &document.findings {
            writeln!(out, "{}", line(document, finding, lang, painter))?;
        }
        let path = one_line(&document.path);
        if let Some(error) = &document.error {
            let label = format!("{}[{}]", lang.pick("errore", "error"), error.kind().name());
            writeln!(out, "{path}: {} {}", painter.errore.paint(&label), one_line(error.message(lang)))?;
        }
        if let Some(reason) = &document.skipped {
            writeln!(out, "{path}: {} {}", lang.pick("tralasciato:", "skipped:"), one_line(reason))?;
        }
    }
    writeln!(out, "{}", words::run_line(&report.summary(), lang))
}

fn line(document: &DocumentReport, finding: &Finding, lang: Lang, painter: &Painter) -> String {
    let label = painter.of(finding.severity).paint(&format!("{}[{}]", finding.severity.label(lang), finding.code));
    let message = one_line(&finding.message);
    let status = one_line(&finding.remark(lang));
    let Some((first, rest)) = finding.places.split_first() else {
        return format!("{}: {label} {message}{status}", one_line(&document.path));
    };
    let path = one_line(first.path.as_deref().unwrap_or(&document.path));
    let others = others(first, rest, lang);
    format!("{path}:{}: {label} {message}{others}{status}", address(first))
}

/// The further places of a finding, those on other sheets with their names.
fn others(first: &Place, rest: &[Place], lang: Lang) -> String {
    let same = |a: &Place, b: &Place| a.path == b.path && a.sheet == b.sheet;
    let named = rest.chunk_by(same).map(|group| {
        let cells = words::cells(&group.iter().collect::<Vec<_>>(), lang);
        match group.first().and_then(|place| place.sheet.as_deref()).filter(|_| !group.iter().any(|p| same(p, first))) {
            Some(sheet) => {
                let sheet = one_line(sheet);
                lang.pick(format!("foglio «{sheet}», {cells}"), format!("sheet “{sheet}”, {cells}"))
            }
            None => cells,
        }
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() {
        return String::new();
    }
    format!(" ({} {})", lang.pick("anche", "also"), named.join("; "))
}
