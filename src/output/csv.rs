//! `csv`: one row per place, as an Italian spreadsheet program opens it.

use std::io::{self, Write};

use crate::model::Report;

const COLUMNS: [&str; 16] = [
    "path",
    "sheet",
    "cell",
    "anchor",
    "severity",
    "code",
    "name",
    "message",
    "value",
    "expected",
    "suggestion",
    "remedy",
    "basis",
    "status",
    "fingerprint",
    "waiver",
];

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // Without the byte-order mark Excel takes the accents for another encoding.
    out.write_all("\u{feff}".as_bytes())?;
    row(&COLUMNS, out)?;
    for document in &report.documents {
        for finding in &document.findings {
            let waiver = finding.waiver.as_ref().map(|waiver| waiver.told(report.lang)).unwrap_or_default();
            for place in &finding.places {
                let at = place.area.map(|a| a.to_string()).or_else(|| place.line.map(|l| l.to_string()));
                let cells: [&str; 16] = [
                    place.path.as_deref().unwrap_or(&document.path),
                    place.sheet.as_deref().unwrap_or_default(),
                    at.as_deref().unwrap_or_default(),
                    &place.anchor.to_string(),
                    finding.severity.name(),
                    &finding.code,
                    &finding.name,
                    &finding.message,
                    place.value.as_deref().unwrap_or_default(),
                    finding.expected.as_deref().unwrap_or_default(),
                    finding.suggestion.as_deref().unwrap_or_default(),
                    &finding.remedy,
                    &finding.basis,
                    finding.status.name(),
                    &finding.fingerprint,
                    &waiver,
                ];
                row(&cells, out)?;
            }
        }
    }
    Ok(())
}

/// One row.
pub(super) fn row(cells: &[&str], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|c| cell(c)).collect();
    write!(out, "{}\r\n", cells.join(";"))
}

/// A cell that a spreadsheet program would run as a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    let is_negative = text.strip_prefix('-').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_negative;
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([';', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised() {
        assert_eq!(cell("=HYPERLINK(\"x\";1)"), "\"'=HYPERLINK(\"\"x\"\";1)\"");
        assert_eq!(["+1", "-1+1", "-", "@a", "a=1"].map(cell), ["'+1", "'-1+1", "'-", "'@a", "a=1"]);
        assert_eq!(cell("-12"), "-12");
    }
}
