//! `concise`: one line per finding, as editors and `grep` like it.

use std::io::{self, Write};

use super::Painter;
use super::words::{self, address, one_line};
use crate::model::{DocumentReport, Finding, Lang, Report, Status};

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
    let status = match finding.status {
        Status::New => "",
        Status::Known => lang.pick(" (già noto)", " (known)"),
        Status::Waived => lang.pick(" (in eccezione)", " (waived)"),
    };
    let Some((first, rest)) = finding.places.split_first() else {
        return format!("{}: {label} {message}{status}", one_line(&document.path));
    };
    let path = one_line(first.path.as_deref().unwrap_or(&document.path));
    let rest: Vec<_> = rest.iter().collect();
    let others = match rest.len() {
        0 => String::new(),
        _ => format!(" ({} {})", lang.pick("anche", "also"), words::cells(&rest, lang)),
    };
    format!("{path}:{}: {label} {message}{others}{status}", address(first))
}
