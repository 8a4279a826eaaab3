//! The sheet `Rilievi`: one line per finding, linked to its cell.

use rust_xlsxwriter::{Table, TableColumn, TableStyle, Worksheet, XlsxError};

use super::lines::{link_target, place_list, place_name};
use super::look::{Look, write_link, write_text};
use super::measure;
use crate::model::{DocumentReport, Finding, Lang, Status};
use crate::text;

/// What a sheet holds at most.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Lines of findings: the rows of a sheet less heading and closing remarks.
    rows: usize,
    /// Links.
    links: usize,
}

const LIMITS: Limits = Limits { rows: 1_048_560, links: 65_530 };
/// Characters of a list of further cells.
const CELLS_ROOM: usize = 600;
/// Characters of the value found: the whole of it stands in the cell, one click away.
const FOUND_ROOM: usize = 240;

/// One column: heading in both languages, and its narrowest and widest width.
type Column = (&'static str, &'static str, f64, f64);

const COLUMNS: [Column; 14] = [
    ("N.", "No.", 4.0, 8.0),
    ("Gravità", "Severity", 10.0, 14.0),
    ("Codice", "Code", 9.0, 14.0),
    ("Foglio", "Sheet", 8.0, 13.0),
    ("Cella", "Cell", 6.0, 11.0),
    ("Altre celle", "Other cells", 8.0, 14.0),
    ("Dove", "Where", 10.0, 19.0),
    ("Rilievo", "Finding", 32.0, 38.0),
    ("Trovato", "Found", 8.0, 22.0),
    ("Atteso", "Expected", 8.0, 15.0),
    ("Suggerimento", "Suggestion", 8.0, 16.0),
    ("Rimedio", "Remedy", 22.0, 30.0),
    ("Norma", "Basis", 12.0, 20.0),
    ("Stato", "Status", 8.0, 26.0),
];
const SEVERITY: usize = 1;
const CELL: usize = 4;

/// The texts of one line, column by column, and the target of its link.
struct Line<'a> {
    finding: &'a Finding,
    texts: Vec<String>,
    link: Option<String>,
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    document: &DocumentReport,
    lang: Lang,
    look: &Look,
) -> Result<(), XlsxError> {
    write_limited(sheet, document, lang, look, LIMITS).map(drop)
}

/// Returns the remarks that stand below the lines.
fn write_limited(
    sheet: &mut Worksheet,
    document: &DocumentReport,
    lang: Lang,
    look: &Look,
    limits: Limits,
) -> Result<Vec<String>, XlsxError> {
    let lines: Vec<Line<'_>> =
        document.findings.iter().take(limits.rows).enumerate().map(|(i, finding)| line(i + 1, finding, lang)).collect();
    // The column of the status only where a finding has another status than new.
    let with_status = lines.iter().any(|l| l.finding.status != Status::New);
    let columns = COLUMNS.get(..if with_status { 14 } else { 13 }).unwrap_or_default();
    let widths = widths(columns, &lines, lang);
    for (col, width) in (0u16..).zip(&widths) {
        sheet.set_column_width(col, *width)?;
    }
    page(sheet, lang)?;
    let mut remarks = Vec::new();
    if lines.is_empty() {
        headings(sheet, columns, lang, look)?;
        if !document.is_without_rules() {
            remarks.push(lang.pick("Nessun rilievo.", "No findings.").to_owned());
        }
    } else {
        add_table(sheet, columns, lines.len(), lang, look)?;
        let written = body(sheet, &lines, &widths, look, limits)?;
        remarks = written.remarks(lang);
    }
    remarks.extend(document.unruled(lang).map(|text| format!("{}.", text::capital(&text))));
    let left_out = document.findings.len() - lines.len() + document.omitted;
    if left_out > 0 {
        remarks.push(lang.pick(
            format!("Altri {left_out} rilievi non sono riportati: superano il numero massimo."),
            format!("{left_out} more findings are not listed: they are beyond the greatest number."),
        ));
    }
    let first = row_number(lines.len()) + if lines.is_empty() { 1 } else { 2 };
    for (row, remark) in (first..).zip(&remarks) {
        write_text(sheet, (row, 0), remark, &look.remark)?;
    }
    Ok(remarks)
}

fn row_number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What had to be left out of the body.
#[derive(Default)]
struct Written {
    unlinked: usize,
    cut: usize,
}

impl Written {
    fn remarks(&self, lang: Lang) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.unlinked > 0 {
            let n = self.unlinked;
            remarks.push(lang.pick(
                format!("Le ultime {n} righe sono senza collegamento: un foglio ne ammette 65.530."),
                format!("The last {n} lines have no link: a sheet takes 65,530."),
            ));
        }
        if self.cut > 0 {
            let n = self.cut;
            remarks.push(lang.pick(
                format!("Testi accorciati, con «…» alla fine: {n}; una cella ammette 32.767 caratteri."),
                format!("Texts shortened, with “…” at their end: {n}; a cell takes 32,767 characters."),
            ));
        }
        remarks
    }
}

fn page(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.25, 0.25, 0.4, 0.5, 0.25, 0.25);
    sheet.set_footer(lang.pick("&L&8&A&R&8pagina &P di &N", "&L&8&A&R&8page &P of &N"));
    sheet.set_screen_gridlines(false);
    Ok(())
}

fn headings(sheet: &mut Worksheet, columns: &[Column], lang: Lang, look: &Look) -> Result<(), XlsxError> {
    for (col, (it, en, ..)) in (0u16..).zip(columns) {
        write_text(sheet, (0, col), lang.pick(it, en), &look.head)?;
    }
    sheet.set_row_height(0, 22)?;
    Ok(())
}

fn add_table(
    sheet: &mut Worksheet,
    columns: &[Column],
    lines: usize,
    lang: Lang,
    look: &Look,
) -> Result<(), XlsxError> {
    let headers: Vec<TableColumn> =
        columns.iter().map(|(it, en, ..)| TableColumn::new().set_header(lang.pick(*it, *en))).collect();
    // The look is in the cells: programs that do not know table styles show the same.
    let table = Table::new().set_name("RiscontroRilievi").set_style(TableStyle::None).set_columns(&headers);
    let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or_default();
    sheet.add_table(0, 0, row_number(lines), last, &table)?;
    headings(sheet, columns, lang, look)
}

fn line(number: usize, finding: &Finding, lang: Lang) -> Line<'_> {
    let place = finding.places.first();
    let sheet = place.and_then(|p| p.sheet.as_deref());
    let value = place.map(|p| match &p.value {
        Some(value) => value.to_string(),
        // A header row, or one that is missing, is named by its place alone.
        None if p.area.is_some_and(|a| a.first == a.last) => lang.pick("(vuota)", "(blank)").to_owned(),
        None => String::new(),
    });
    let others = finding.places.get(1..).unwrap_or_default();
    let texts = vec![
        number.to_string(),
        finding.severity.label(lang).to_owned(),
        finding.code.to_string(),
        sheet.unwrap_or_default().to_owned(),
        place.map(|p| place_name(p, lang)).unwrap_or_default(),
        place_list(others, sheet, CELLS_ROOM, lang),
        place.map(|p| p.anchor.to_string()).unwrap_or_default(),
        finding.message.clone(),
        value.map(short).unwrap_or_default(),
        finding.expected.clone().unwrap_or_default(),
        finding.suggestion.clone().unwrap_or_default(),
        finding.remedy.clone(),
        finding.basis.clone(),
        status(finding, lang),
    ];
    Line { finding, texts, link: place.and_then(link_target) }
}

/// Whether it counts, and why not.
pub(super) fn status(finding: &Finding, lang: Lang) -> String {
    let label = finding.status.label(lang);
    finding.waiver.as_ref().map_or_else(|| label.to_owned(), |waiver| format!("{label} {}", waiver.told(lang)))
}

/// The value found, as far as it has room.
fn short(value: String) -> String {
    if value.chars().nth(FOUND_ROOM).is_some() { text::one_line(&value, FOUND_ROOM) } else { value }
}

/// Each column as wide as its texts want, between its bounds.
fn widths(columns: &[Column], lines: &[Line<'_>], lang: Lang) -> Vec<f64> {
    let wanted = |col: usize, (it, en, least, most): &Column| {
        let heading = measure::width_for(lang.pick(it, en)) + 3.0 + measure::INDENT;
        let texts = lines.iter().filter_map(|l| l.texts.get(col)).map(|t| measure::width_for(t) + measure::INDENT);
        texts.fold(heading.max(*least), f64::max).min(most.max(heading))
    };
    columns.iter().enumerate().map(|(col, column)| wanted(col, column)).collect()
}

fn body(
    sheet: &mut Worksheet,
    lines: &[Line<'_>],
    widths: &[f64],
    look: &Look,
    limits: Limits,
) -> Result<Written, XlsxError> {
    let mut written = Written::default();
    let mut linked = 0;
    for (row, line) in (1u32..).zip(lines) {
        let mut rows = 1;
        for ((index, text), width) in line.texts.iter().enumerate().zip(widths) {
            let at = (row, u16::try_from(index).unwrap_or_default());
            rows = rows.max(measure::lines(text, *width - measure::INDENT));
            match (index, &line.link) {
                (0, _) => {
                    sheet.write_number_with_format(at.0, at.1, f64::from(row), &look.number)?;
                }
                (CELL, Some(target)) if linked < limits.links => {
                    write_link(sheet, at, target, text, &look.link)?;
                    linked += 1;
                }
                (SEVERITY, _) => {
                    write_text(sheet, at, text, look.severity(line.finding.severity))?;
                }
                (col, link) => {
                    written.unlinked += usize::from(col == CELL && link.is_some());
                    written.cut += usize::from(write_text(sheet, at, text, &look.text)?);
                }
            }
        }
        sheet.set_row_height(row, measure::height(rows) + measure::PADDING)?;
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::*;
    use crate::model::{Anchor, Area, Place, Severity};

    fn finding(message: &str) -> Finding {
        let place = Place {
            path: None,
            sheet_index: 0,
            sheet: Some("Foglio".into()),
            area: Area::parse("B2"),
            line: None,
            anchor: Anchor::default(),
            value: None,
        };
        Finding {
            code: "X-1".into(),
            name: "x/y".into(),
            severity: Severity::Avviso,
            message: message.to_owned(),
            places: vec![place],
            expected: None,
            remedy: String::new(),
            suggestion: None,
            basis: String::new(),
            related: Vec::new(),
            fingerprint: String::new(),
            value_hash: String::new(),
            status: Status::New,
            waiver: None,
        }
    }

    fn remarks(findings: Vec<Finding>, omitted: usize, limits: Limits) -> Vec<String> {
        let document = DocumentReport { findings, omitted, ..DocumentReport::default() };
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let remarks = write_limited(sheet, &document, Lang::It, &Look::new(), limits).unwrap();
        workbook.save_to_buffer().unwrap();
        remarks
    }

    #[test]
    fn what_is_cut_is_said() {
        let findings = vec![finding("uno"), finding(&"è".repeat(40_000)), finding("tre"), finding("quattro")];
        let remarks = remarks(findings, 5, Limits { rows: 3, links: 1 });
        assert_eq!(
            remarks,
            [
                "Le ultime 2 righe sono senza collegamento: un foglio ne ammette 65.530.",
                "Testi accorciati, con «…» alla fine: 1; una cella ammette 32.767 caratteri.",
                "Altri 6 rilievi non sono riportati: superano il numero massimo.",
            ]
        );
    }

    #[test]
    fn a_blank_cell_is_said_and_a_row_of_several_is_not() {
        let found = |area: &str| {
            let mut finding = finding("uno");
            finding.places.iter_mut().for_each(|p| p.area = Area::parse(area));
            line(1, &finding, Lang::It).texts.get(8).cloned()
        };
        assert_eq!(found("B2").as_deref(), Some("(vuota)"));
        assert_eq!(found("A3:K3").as_deref(), Some(""));
    }

    #[test]
    fn a_list_without_findings_is_one_sentence() {
        assert_eq!(remarks(Vec::new(), 0, LIMITS), ["Nessun rilievo."]);
    }
}
