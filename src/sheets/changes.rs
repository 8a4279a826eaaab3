//! A workbook of what differs between documents: a sheet of records, one of findings.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::lines::{file_name, place_list, place_name};
use super::look::{Look, write_text};
use super::{MOST_LINES, failed, measure, properties};
use crate::model::{CellChange, Comparison, Comparisons, Error, Lang, Place, Severity};

/// Characters of a list of cells.
const CELLS_ROOM: usize = 600;

/// One column: heading in both languages, narrowest and widest width.
type Column = (&'static str, &'static str, f64, f64);

const RECORDS: [Column; 9] = [
    ("Documento", "Document", 12.0, 26.0),
    ("Tabella", "Table", 14.0, 26.0),
    ("Voce", "Record", 18.0, 40.0),
    ("Che cosa", "What", 12.0, 22.0),
    ("Campo", "Field", 10.0, 22.0),
    ("Prima", "Before", 14.0, 38.0),
    ("Dopo", "After", 14.0, 38.0),
    ("Cella prima", "Cell before", 9.0, 18.0),
    ("Cella dopo", "Cell after", 9.0, 18.0),
];

const FINDINGS: [Column; 8] = [
    ("Documento", "Document", 12.0, 26.0),
    ("Che cosa", "What", 10.0, 20.0),
    ("Gravità", "Severity", 10.0, 14.0),
    ("Codice", "Code", 9.0, 14.0),
    ("Dove", "Where", 12.0, 26.0),
    ("Celle", "Cells", 8.0, 18.0),
    ("Rilievo", "Finding", 32.0, 50.0),
    ("Stato", "Status", 8.0, 26.0),
];
const SEVERITY: u16 = 2;

/// One line: its texts, and the severity that colours one of them.
struct Line {
    texts: Vec<String>,
    severity: Option<Severity>,
}

/// The bytes of the workbook. Equal comparisons give equal bytes.
pub fn changes_workbook(all: &Comparisons) -> Result<Vec<u8>, Error> {
    build(all).map_err(failed)
}

fn build(all: &Comparisons) -> Result<Vec<u8>, XlsxError> {
    let (lang, look) = (all.lang, Look::new());
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(lang.pick("Confronto", "Comparison"))?);
    let records: Vec<Line> = all.pairs.iter().flat_map(|pair| record_lines(pair, lang)).collect();
    let findings: Vec<Line> = all.pairs.iter().flat_map(|pair| finding_lines(pair, lang)).collect();
    let sheet = workbook.add_worksheet().set_name(lang.pick("Differenze", "Differences"))?;
    write(sheet, &RECORDS, &records, (lang, lang.pick("Nessuna differenza.", "No difference.")), &look)?;
    let sheet = workbook.add_worksheet().set_name(lang.pick("Rilievi", "Findings"))?;
    write(sheet, &FINDINGS, &findings, (lang, lang.pick("Nessun rilievo.", "No findings.")), &look)?;
    workbook.save_to_buffer()
}

/// The name of a pair: that of the new document, else of the old.
fn named(pair: &Comparison) -> &str {
    file_name(if pair.new.is_empty() { &pair.old } else { &pair.new })
}

fn cell_of(place: Option<&Place>, lang: Lang) -> String {
    let Some(place) = place else { return String::new() };
    let name = place_name(place, lang);
    place.sheet.as_deref().map_or_else(|| name.clone(), |sheet| format!("{sheet}, {name}"))
}

fn cell_texts(cell: &CellChange, lang: Lang) -> [String; 5] {
    let said = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
    let (old, new) = (cell_of(cell.old_place.as_ref(), lang), cell_of(cell.new_place.as_ref(), lang));
    [cell.field.clone(), said(&cell.old), said(&cell.new), old, new]
}

fn record_lines(pair: &Comparison, lang: Lang) -> Vec<Line> {
    let line = |start: [&str; 4], cell: [String; 5]| Line {
        texts: start.into_iter().map(str::to_owned).chain(cell).collect(),
        severity: None,
    };
    let document = named(pair);
    let mut lines = Vec::new();
    for (path, error) in &pair.errors {
        let refused = lang.pick("rifiutato", "refused");
        let mut cell = <[String; 5]>::default();
        error.message(lang).clone_into(&mut cell[1]);
        lines.push(line([file_name(path), "", "", refused], cell));
    }
    let data = lang.pick("dati del documento", "data of the document");
    lines.extend(pair.head.iter().map(|cell| line([document, data, "", ""], cell_texts(cell, lang))));
    for table in &pair.tables {
        for (columns, label) in [
            (&table.columns_added, lang.pick("colonna in più", "column added")),
            (&table.columns_removed, lang.pick("colonna in meno", "column removed")),
        ] {
            let blank = || <[String; 5]>::default();
            lines.extend(columns.iter().map(|column| {
                let mut cell = blank();
                cell[0].clone_from(column);
                line([document, &table.title, "", label], cell)
            }));
        }
        for record in &table.records {
            let name = match &record.old_name {
                Some(old) => format!("{}{} {old}", record.name, lang.pick(", prima", ", before")),
                None => record.name.clone(),
            };
            let start = [document, &table.title, &name, record.fate.label(lang)];
            if record.cells.is_empty() {
                lines.push(line(start, <[String; 5]>::default()));
            }
            lines.extend(record.cells.iter().map(|cell| line(start, cell_texts(cell, lang))));
        }
    }
    lines
}

fn finding_lines(pair: &Comparison, lang: Lang) -> Vec<Line> {
    let line = |change: &crate::model::FindingChange| {
        let finding = &change.finding;
        let place = finding.places.first();
        let texts = vec![
            named(pair).to_owned(),
            change.fate.label(false, lang).to_owned(),
            finding.severity.label(lang).to_owned(),
            finding.code.to_string(),
            place.map(|p| p.anchor.to_string()).unwrap_or_default(),
            place_list(&finding.places, place.and_then(|p| p.sheet.as_deref()), CELLS_ROOM, lang),
            finding.message.clone(),
            super::findings::status(finding, lang),
        ];
        Line { texts, severity: Some(finding.severity) }
    };
    pair.findings.iter().map(line).collect()
}

fn write(
    sheet: &mut Worksheet,
    columns: &[Column],
    lines: &[Line],
    (lang, none): (Lang, &str),
    look: &Look,
) -> Result<(), XlsxError> {
    let mut widths = Vec::new();
    for (col, (it, en, least, most)) in (0u16..).zip(columns) {
        let heading = measure::width_for(lang.pick(it, en)) + 3.0 + measure::INDENT;
        let texts = lines.iter().filter_map(|l| l.texts.get(usize::from(col)));
        let wanted = texts.map(|t| measure::width_for(t) + measure::INDENT).fold(heading.max(*least), f64::max);
        widths.push(wanted.min(most.max(heading)));
        sheet.set_column_width(col, wanted.min(most.max(heading)))?;
        write_text(sheet, (0, col), lang.pick(it, en), &look.head)?;
    }
    sheet.set_row_height(0, 22)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_screen_gridlines(false);
    for (row, line) in (1u32..).zip(lines.iter().take(MOST_LINES)) {
        let mut rows = 1;
        for ((col, text), width) in (0u16..).zip(&line.texts).zip(&widths) {
            rows = rows.max(measure::lines(text, *width - measure::INDENT));
            let format = line.severity.filter(|_| col == SEVERITY).map_or(&look.text, |s| look.severity(s));
            write_text(sheet, (row, col), text, format)?;
        }
        sheet.set_row_height(row, measure::height(rows) + measure::PADDING)?;
    }
    let left = lines.len().saturating_sub(MOST_LINES);
    let last = u32::try_from(lines.len().min(MOST_LINES)).unwrap_or(u32::MAX);
    let last_column = u16::try_from(columns.len().saturating_sub(1)).unwrap_or_default();
    if lines.is_empty() {
        write_text(sheet, (1, 0), none, &look.remark)?;
    } else {
        sheet.autofilter(0, 0, last, last_column)?;
    }
    if left > 0 {
        let it = format!("Altre {left} righe non sono riportate: superano quelle di un foglio.");
        let en = format!("{left} more lines are not listed: they are beyond those of a sheet.");
        write_text(sheet, (last + 1, 0), &lang.pick(it, en), &look.remark)?;
    }
    Ok(())
}
