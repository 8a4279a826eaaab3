//! The sheet `Riepilogo`: title, counts with their chart, then the sections.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFormat, ChartLine, ChartPoint, ChartSolidFill, Color, Worksheet, XlsxError,
};

use super::bars::{small, valued_bars};
use super::lines::file_name;
use super::look::{Look, chart_color, write_link, write_text};
use super::{measure, sections};
use crate::model::{DocumentReport, Lang, Report, Severity, Status};

/// Widths of the five columns that all sections share.
const WIDTHS: [f64; 5] = [17.0, 46.0, 19.0, 11.0, 66.0];
/// Rows that the chart covers.
const CHART_ROWS: u32 = 8;

/// One cell of a line.
pub(super) enum Entry {
    /// Nothing.
    Blank,
    /// A text.
    Text(String),
    /// A text that matters most in its line.
    Strong(String),
    /// A number.
    Number(usize),
    /// A severity.
    Severity(Severity),
    /// Target and text of a link to a cell.
    Link(String, String),
}

/// The sheet while it is written from top to bottom.
pub(super) struct Page<'a> {
    sheet: &'a mut Worksheet,
    look: &'a Look,
    row: u32,
    /// The language of the report.
    pub(super) lang: Lang,
}

impl Page<'_> {
    /// Begins a section.
    pub(super) fn section(&mut self, title: &str) -> Result<(), XlsxError> {
        self.row += 1;
        for col in 0..5 {
            write_text(self.sheet, (self.row, col), if col == 0 { title } else { "" }, &self.look.section)?;
        }
        self.sheet.set_row_height(self.row, 20)?;
        self.row += 1;
        Ok(())
    }

    /// Writes the headings of the columns.
    pub(super) fn head(&mut self, titles: [&str; 5]) -> Result<(), XlsxError> {
        for (col, title) in (0u16..).zip(titles) {
            write_text(self.sheet, (self.row, col), title, &self.look.head)?;
        }
        self.sheet.set_row_height(self.row, 18)?;
        self.row += 1;
        Ok(())
    }

    /// Writes a sentence across the sheet.
    pub(super) fn remark(&mut self, text: &str) -> Result<(), XlsxError> {
        write_text(self.sheet, (self.row, 0), text, &self.look.remark)?;
        self.row += 1;
        Ok(())
    }

    /// Writes a line, high enough for its texts.
    pub(super) fn line(&mut self, entries: &[Entry]) -> Result<(), XlsxError> {
        let mut rows = 1;
        for ((col, entry), width) in (0u16..).zip(entries).zip(WIDTHS) {
            let at = (self.row, col);
            let (text, format) = match entry {
                Entry::Blank => ("", &self.look.text),
                Entry::Text(text) => (text.as_str(), &self.look.text),
                Entry::Strong(text) => (text.as_str(), &self.look.strong),
                Entry::Severity(severity) => (severity.label(self.lang), self.look.severity(*severity)),
                Entry::Number(number) => {
                    let number = u32::try_from(*number).map_or(f64::from(u32::MAX), f64::from);
                    self.sheet.write_number_with_format(at.0, at.1, number, &self.look.number)?;
                    continue;
                }
                Entry::Link(target, text) => {
                    write_link(self.sheet, at, target, text, &self.look.link)?;
                    continue;
                }
            };
            // Bold letters are wider.
            let width = if matches!(entry, Entry::Strong(_)) { width * 0.92 } else { width } - measure::INDENT;
            rows = rows.max(measure::lines(text, width));
            write_text(self.sheet, at, text, format)?;
        }
        self.sheet.set_row_height(self.row, measure::height(rows) + measure::PADDING)?;
        self.row += 1;
        Ok(())
    }
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    report: &Report,
    document: &DocumentReport,
    look: &Look,
    own_name: &str,
) -> Result<(), XlsxError> {
    for (col, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
    }
    let lang = report.lang;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer(lang.pick("&L&8&A&R&8pagina &P di &N", "&L&8&A&R&8page &P of &N"));
    sheet.set_screen_gridlines(false);
    let mut page = Page { sheet, look, row: 0, lang };
    title(&mut page, report, document)?;
    counts(&mut page, document, own_name)?;
    sections::recognised(&mut page, document)?;
    sections::reading_notes(&mut page, document)?;
    sections::not_evaluated(&mut page, document)?;
    sections::outcomes(&mut page, document)?;
    sections::near_misses(&mut page, document)
}

fn title(page: &mut Page<'_>, report: &Report, document: &DocumentReport) -> Result<(), XlsxError> {
    let lang = page.lang;
    write_text(page.sheet, (0, 0), lang.pick("Riepilogo del controllo", "Summary of the check"), &page.look.title)?;
    page.sheet.set_row_height(0, 26)?;
    page.row = 1;
    let mut lines = vec![format!("{}: {}", lang.pick("Documento", "Document"), file_name(&document.path))];
    if let Some(day) = report.as_of {
        lines.push(format!("{}: {}", lang.pick("Situazione al", "As of"), day.strftime("%d/%m/%Y")));
    }
    let head: Vec<String> = document
        .head
        .values()
        .filter(|e| !e.value.is_missing())
        .map(|e| format!("{}: {}", e.title.get(lang), e.text))
        .collect();
    if !head.is_empty() {
        lines.push(head.join("  ·  "));
    }
    for text in lines {
        write_text(page.sheet, (page.row, 0), &text, &page.look.subtitle)?;
        page.row += 1;
    }
    Ok(())
}

fn counts(page: &mut Page<'_>, document: &DocumentReport, own_name: &str) -> Result<(), XlsxError> {
    let lang = page.lang;
    page.section(lang.pick("Rilievi per gravità", "Findings by severity"))?;
    let count = |status: Status, severity: Option<Severity>| {
        let fits = |s: Severity| severity.is_none_or(|wanted| wanted == s);
        document.findings.iter().filter(|f| f.status == status && fits(f.severity)).count()
    };
    let first = page.row;
    for severity in [Severity::Errore, Severity::Avviso, Severity::Osservazione] {
        page.line(&[Entry::Severity(severity), Entry::Number(count(Status::New, Some(severity)))])?;
    }
    page.line(&[Entry::Strong(lang.pick("totale", "total").to_owned()), Entry::Number(count(Status::New, None))])?;
    let others = [
        (count(Status::Known, None), lang.pick("già noti", "known")),
        (count(Status::Waived, None), Status::Waived.label(lang)),
        (document.omitted, lang.pick("non riportati", "left out")),
    ];
    for (number, name) in others.into_iter().filter(|(n, _)| *n > 0) {
        page.line(&[Entry::Text(name.to_owned()), Entry::Number(number)])?;
    }
    let chart = chart(own_name, first, lang);
    page.sheet.insert_chart_with_offset(first, 2, &chart, 8, 4)?;
    page.row = page.row.max(first + CHART_ROWS);
    Ok(())
}

/// Horizontal bars in the colours of the severities, the gravest on top.
fn chart(sheet: &str, first: u32, lang: Lang) -> Chart {
    let mut chart = valued_bars(lang.pick("Numero dei rilievi per gravità", "Number of findings by severity"));
    let points: Vec<ChartPoint> = [Severity::Errore, Severity::Avviso, Severity::Osservazione]
        .into_iter()
        .map(|s| {
            let fill = ChartSolidFill::new().set_color(chart_color(s)).clone();
            ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&fill))
        })
        .collect();
    chart
        .add_series()
        .set_name(lang.pick("Rilievi", "Findings"))
        .set_categories((sheet, first, 0, first + 2, 0))
        .set_values((sheet, first, 1, first + 2, 1))
        .set_points(&points)
        .set_gap(45)
        .set_data_label(ChartDataLabel::new().show_value().set_font(&small()));
    let frame = ChartLine::new().set_color(Color::RGB(0xBF_BF_BF)).clone();
    chart.chart_area().set_format(ChartFormat::new().set_border(&frame));
    chart.set_width(560).set_height(140);
    chart
}
