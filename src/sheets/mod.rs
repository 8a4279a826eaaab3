//! The report sheets of a document: `Rilievi`, one line per finding, and `Riepilogo`, what was recognised, the
//! counts and the outcome of every rule.
//!
//! They are made as a workbook of their own; putting them into the user's is left to `annotate`.

mod around;
mod bars;
mod blank;
mod changes;
mod counted;
mod findings;
mod flowmap;
mod indicatormap;
mod lines;
mod look;
mod measure;
mod plain;
mod recap;
mod riskmap;
mod sections;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

pub use blank::blank_workbook;
pub use changes::changes_workbook;
pub use counted::allegato2_workbook;
pub use flowmap::flowmap_workbook;
pub use indicatormap::indicatormap_workbook;
use look::Look;
pub(crate) use plain::{Plain, plain_workbook};
pub use riskmap::riskmap_workbook;

use crate::model::{DocumentReport, Error, ErrorKind, Lang, Report};
use crate::package::Overlay;

/// The names of the two report sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetNames {
    /// The sheet with one line per finding.
    pub findings: String,
    /// The sheet with counts and outcomes.
    pub recap: String,
}

impl SheetNames {
    /// The names in the language of the report.
    pub fn of(lang: Lang) -> Self {
        Self {
            findings: lang.pick("Rilievi", "Findings").to_owned(),
            recap: lang.pick("Riepilogo", "Summary").to_owned(),
        }
    }
}

/// The bytes of a workbook with the two report sheets of one document, under these names, which references between the
/// two follow. Equal reports give equal bytes. Its reader takes it apart at once, so it is hardly compressed.
pub(crate) fn report_sheets(report: &Report, document: &DocumentReport, names: &SheetNames) -> Result<Vec<u8>, Error> {
    plain_labels(&build(report, document, names).map_err(failed)?)
}

fn failed(source: XlsxError) -> Error {
    Error::new(
        ErrorKind::Internal,
        "i fogli dei rilievi non si possono comporre",
        "the report sheets cannot be composed",
    )
    .because(source)
}

/// Lines that a sheet takes beside what stands above and below them.
const MOST_LINES: usize = 1_048_570;

/// An error if a sheet would have more lines than it takes.
fn within_a_sheet(lines: usize) -> Result<(), Error> {
    if lines <= MOST_LINES {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::TooLarge,
        format!("le righe sono {lines}, più di quante ne tiene un foglio di calcolo: usare il formato json"),
        format!("there are {lines} lines, more than a sheet takes: use the format json"),
    ))
}

/// A count as a cell takes it.
fn number(count: usize) -> f64 {
    f64::from(row_of(count))
}

/// The row behind so many lines.
fn row_of(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// What a workbook of a report says of itself; the day is always the same, so that equal reports give equal bytes.
fn properties(title: &str) -> Result<DocProperties, XlsxError> {
    let properties = DocProperties::new().set_title(title).set_author("Riscontro");
    Ok(properties.set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?))
}

/// What the labels of a chart show, in the order of the schema.
const SHOWN: &str = r#"<c:showVal val="1"/>"#;
const ALL_SHOWN: &str = r#"<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>"#;

/// The workbook with the labels of its chart showing the value alone, in so many words: what is not written there,
/// LibreOffice takes as wanted.
fn plain_labels(workbook: &[u8]) -> Result<Vec<u8>, Error> {
    let mut package = Overlay::open(workbook)?;
    let charts: Vec<String> = package.names().filter(|n| n.starts_with("xl/charts/")).map(str::to_owned).collect();
    for name in charts {
        let part = package.needed(&name)?;
        let text = part.xml.replace(SHOWN, ALL_SHOWN);
        package.replace(&part, text);
    }
    package.save()
}

fn build(report: &Report, document: &DocumentReport, names: &SheetNames) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(1);
    workbook.set_properties(&properties(report.lang.pick("Rilievi del controllo", "Findings of the check"))?);
    let sheet = workbook.add_worksheet().set_name(&names.findings)?;
    findings::write(sheet, document, report.lang, &Look::new())?;
    let sheet = workbook.add_worksheet().set_name(&names.recap)?;
    recap::write(sheet, report, document, &Look::centred(), &names.recap)?;
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_the_chart_say_what_they_leave_out() {
        let document = DocumentReport::default();
        let report = Report { documents: Vec::new(), lang: Lang::It, as_of: None };
        let bytes = report_sheets(&report, &document, &SheetNames::of(Lang::It)).unwrap();
        let mut package = Overlay::open(&bytes).unwrap();
        let chart = package.needed("xl/charts/chart1.xml").unwrap().xml;
        assert!(chart.contains(ALL_SHOWN), "{chart}");
    }
}
