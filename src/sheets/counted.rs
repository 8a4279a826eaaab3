//! An Allegato 2 as a workbook: the two tables of the form, each figure a formula over the sheet of evidence.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFormat, ChartSolidFill, Color, DataValidation, Formula, Url, Workbook, Worksheet,
    XlsxError,
};

use super::bars::{small, valued_bars};
use super::lines::{file_name, link_target, whole_place};
use super::look::{Look, write_text};
use super::{failed, measure, number, plain_labels, properties, row_of, within_a_sheet};
use crate::model::{
    Allegato2, CountedRow, CountedTable, Error, Evidence, Lang, Mark, Place, column_name, evidence_headings,
};

/// Row of the first heading of a table of the form, below its title and subtitle.
const HEAD: u32 = 2;
/// Columns of the evidence: what it is, its level, whether it counts; the marks follow.
const KIND: u16 = 0;
const LEVEL: u16 = 1;
const COUNTS: u16 = 2;
const CODE: u16 = 3;
const OBJECTIVE: u16 = 4;
const INDICATOR: u16 = 5;
const MARKS: u16 = 6;
const REMARK: u16 = MARKS + 6;
const SOURCE: u16 = REMARK + 1;
/// Width of the last column of the criteria.
const CRITERIA: f64 = 90.0;
/// Links that a sheet takes.
const MOST_LINKS: usize = 65_530;

/// The bytes of the workbook. `link` gives the way from its folder to a register, where there is one. Equal figures give
/// equal bytes.
///
/// # Errors
///
/// More lines of evidence than a sheet takes.
pub fn allegato2_workbook(all: &Allegato2, link: &dyn Fn(&str) -> Option<String>) -> Result<Vec<u8>, Error> {
    within_a_sheet(all.evidence.len().max(all.left_out.iter().map(|left| left.items.len()).sum()))?;
    plain_labels(&build(all, link).map_err(failed)?)
}

struct Page<'a> {
    all: &'a Allegato2,
    lang: Lang,
    look: Look,
    link: &'a dyn Fn(&str) -> Option<String>,
}

fn build(all: &Allegato2, link: &dyn Fn(&str) -> Option<String>) -> Result<Vec<u8>, XlsxError> {
    let page = Page { all, lang: all.lang, look: Look::centred(), link };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties("Allegato 2")?);
    for table in &all.tables {
        let sheet = workbook.add_worksheet().set_name(table_name(table))?;
        page.table(sheet, table)?;
    }
    page.evidence(workbook.add_worksheet().set_name(page.evidence_name())?)?;
    page.criteria(workbook.add_worksheet().set_name(page.pick("Criteri di conteggio", "How it was counted"))?)?;
    workbook.save_to_buffer()
}

impl Page<'_> {
    fn pick(&self, it: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(it, en)
    }

    fn evidence_name(&self) -> &'static str {
        self.pick("Evidenze", "Evidence")
    }

    fn table(&self, sheet: &mut Worksheet, table: &CountedTable) -> Result<(), XlsxError> {
        let look = &self.look;
        let compared = self.all.compared.is_some();
        let mut widths = vec![6.0, 62.0, 12.0, 60.0];
        if compared {
            widths.extend([12.0, 12.0, 60.0]);
        }
        for (col, width) in (0u16..).zip(&widths) {
            sheet.set_column_width(col, *width)?;
        }
        // The titles as the form prints them, in Italian: the sheet is the form.
        let title = format!("Informazioni di sintesi sugli obiettivi {}", table.level.variant());
        write_text(sheet, (0, 0), &title, &look.title)?;
        let year = self.all.year.map_or_else(String::new, |y| format!("Anno {y}"));
        let registers = self.all.sources.iter().map(|s| file_name(s)).collect::<Vec<_>>().join(", ");
        let from = format!("Calcolato da: {registers}");
        write_text(
            sheet,
            (1, 0),
            &[year, from].iter().filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>().join(". "),
            &look.subtitle,
        )?;
        let mut headings = vec!["N.", "Voce", "Valore", "Note"];
        if compared {
            headings.extend(["Dichiarato", "Differenza", "Righe che la spiegano"]);
        }
        for (col, heading) in (0u16..).zip(&headings) {
            write_text(sheet, (HEAD, col), heading, &look.head)?;
        }
        for (row, line) in (HEAD + 1..).zip(&table.rows) {
            self.row(sheet, row, table, line, &widths)?;
        }
        sheet.set_freeze_panes(HEAD + 1, 0)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        let last = HEAD + row_of(table.rows.len());
        if table.rows.iter().any(|r| r.value.is_some()) {
            sheet.insert_chart(last + 2, 1, &self.chart(table, last))?;
        }
        Ok(())
    }

    fn row(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        table: &CountedTable,
        line: &CountedRow,
        widths: &[f64],
    ) -> Result<(), XlsxError> {
        let look = &self.look;
        sheet.write_number_with_format(row, 0, f64::from(line.number), &look.number)?;
        write_text(sheet, (row, 1), &line.label, &look.text)?;
        match line.value {
            Some(value) => {
                let formula = Formula::new(self.formula(table, line.number)).set_result(value.to_string());
                sheet.write_formula_with_format(row, 2, formula, &look.strong)?;
            }
            None => sheet.write_blank(row, 2, &look.text).map(drop)?,
        }
        let note = line.note.clone().unwrap_or_default();
        write_text(sheet, (row, 3), &note, &look.text)?;
        let mut lines = measure::lines(&note, widths.get(3).copied().unwrap_or(40.0) - measure::INDENT);
        if let (Some(declared), true) = (&line.declared, self.all.compared.is_some()) {
            match declared.value {
                Some(value) => sheet.write_number_with_format(row, 4, number(value), &look.number)?,
                None => write_text(sheet, (row, 4), declared.place.value.as_deref().unwrap_or_default(), &look.text)
                    .map(|_| &mut *sheet)?,
            };
            if let Some(difference) = line.difference() {
                let excel = row + 1;
                let formula = Formula::new(format!("E{excel}-C{excel}")).set_result(difference.to_string());
                sheet.write_formula_with_format(row, 5, formula, &look.strong)?;
            }
            if line.differs() {
                let named = explained(self.all, line, self.lang);
                lines = lines.max(measure::lines(&named, 60.0 - measure::INDENT));
                write_text(sheet, (row, 6), &named, &look.text)?;
            }
        }
        if lines > 1 {
            sheet.set_row_height(row, measure::height(lines))?;
        }
        Ok(())
    }

    /// The formula that counts a row over the evidence.
    fn formula(&self, table: &CountedTable, number: u8) -> String {
        let last = self.all.evidence.len().max(1) + 1;
        let column = |col: u16| {
            let name = column_name(u32::from(col));
            format!("{}!${name}$2:${name}${last}", self.evidence_name())
        };
        let is = |col: u16, text: &str| format!("{},\"{text}\"", column(col));
        let mut conditions = vec![is(LEVEL, table.level.label(self.lang)), is(COUNTS, self.yes())];
        match number {
            1 => conditions.push(is(KIND, self.kind(true))),
            3 => conditions.push(is(KIND, self.kind(false))),
            _ => {
                let marks = (MARKS..).zip(Mark::ALL).find(|(_, mark)| mark.row() == number);
                conditions.extend(marks.map(|(col, _)| is(col, self.yes())));
            }
        }
        format!("COUNTIFS({})", conditions.join(","))
    }

    fn yes(&self) -> &'static str {
        self.pick("sì", "yes")
    }

    fn kind(&self, is_objective: bool) -> &'static str {
        if is_objective { self.pick("obiettivo", "objective") } else { self.pick("indicatore", "indicator") }
    }

    fn chart(&self, table: &CountedTable, last: u32) -> Chart {
        let name = table_name(table);
        let fill = ChartSolidFill::new().set_color(Color::RGB(0x3B_78_B8)).clone();
        let mut chart = valued_bars(&self.lang.pick(
            format!("Le voci della tabella degli obiettivi {}", table.level.variant()),
            format!("The rows of the table of {} objectives", table.level.label(Lang::En)),
        ));
        chart
            .add_series()
            .set_name(self.pick("Valore", "Value"))
            .set_categories((name.as_str(), HEAD + 1, 1, last, 1))
            .set_values((name.as_str(), HEAD + 1, 2, last, 2))
            .set_format(ChartFormat::new().set_solid_fill(&fill))
            .set_gap(45)
            .set_data_label(ChartDataLabel::new().show_value().set_font(&small()));
        chart.set_width(760).set_height(300);
        chart
    }

    fn evidence(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let look = &self.look;
        let headings = evidence_headings(self.lang);
        let widths = [12.0, 12.0, 8.0, 14.0, 44.0, 44.0, 11.0, 11.0, 11.0, 11.0, 11.0, 11.0, 44.0, 34.0];
        for (col, (heading, width)) in (0u16..).zip(headings.iter().zip(widths)) {
            sheet.set_column_width(col, width)?;
            write_text(sheet, (0, col), heading, &look.head)?;
        }
        sheet.set_row_height(0, measure::height(2))?;
        for (nth, (row, line)) in (1u32..).zip(&self.all.evidence).enumerate() {
            self.evidence_line(sheet, row, line, nth < MOST_LINKS)?;
        }
        let last = row_of(self.all.evidence.len()).max(1);
        let choice = DataValidation::new().allow_list_strings(&[self.yes(), "no"])?;
        sheet.add_data_validation(1, COUNTS, last, COUNTS, &choice)?;
        sheet.add_data_validation(1, MARKS, last, REMARK - 1, &choice)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofilter(0, 0, last, SOURCE)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn evidence_line(&self, sheet: &mut Worksheet, row: u32, line: &Evidence, linked: bool) -> Result<(), XlsxError> {
        let look = &self.look;
        let yes = |is: bool| if is { self.yes() } else { "no" };
        let texts = [
            (KIND, self.kind(line.indicator.is_none())),
            (LEVEL, line.level.label(self.lang)),
            (COUNTS, yes(line.counts)),
            (CODE, line.code.as_str()),
            (OBJECTIVE, line.objective.as_str()),
            (INDICATOR, line.indicator.as_deref().unwrap_or_default()),
            (REMARK, line.remark.as_str()),
        ];
        for (col, text) in texts {
            write_text(sheet, (row, col), text, &look.text)?;
        }
        for (col, mark) in (MARKS..).zip(Mark::ALL) {
            write_text(sheet, (row, col), line.mark(mark).map(yes).unwrap_or_default(), &look.text)?;
        }
        self.source(sheet, row, &line.place, linked)
    }

    /// The place in the register, a link where the way to it is known.
    fn source(&self, sheet: &mut Worksheet, row: u32, place: &Place, linked: bool) -> Result<(), XlsxError> {
        let text = whole_place(place, self.all.lang);
        let file = place.path.as_deref().and_then(self.link).filter(|_| linked);
        let within = link_target(&Place { path: None, ..place.clone() });
        let target = file.zip(within).map(|(file, within)| format!("file:///{file}#{within}"));
        match target.filter(|t| t.encode_utf16().count() <= 1000) {
            Some(target) => {
                sheet.write_url_with_options(row, SOURCE, Url::new(target), &text, "", Some(&self.look.link)).map(drop)
            }
            None => write_text(sheet, (row, SOURCE), &text, &self.look.text).map(drop),
        }
    }

    fn criteria(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let look = &self.look;
        for (col, width) in (0u16..).zip([30.0, 20.0, 20.0, CRITERIA]) {
            sheet.set_column_width(col, width)?;
        }
        write_text(sheet, (0, 0), self.pick("Criteri di conteggio", "How it was counted"), &look.title)?;
        let mut row = 2;
        if !self.all.remarks.is_empty() {
            self.section(
                sheet,
                row,
                self.pick("Da sapere prima di usare i conteggi", "To know before using the figures"),
            )?;
            for remark in &self.all.remarks {
                row += 1;
                self.line(sheet, row, ["", "", "", remark])?;
            }
            row += 2;
        }
        self.section(sheet, row, self.pick("Scelte", "Decisions"))?;
        row += 1;
        let headings = [
            ("Opzione", "Option"),
            ("Valore", "Value"),
            ("Di norma", "Default"),
            ("Che cosa decide", "What it decides"),
        ];
        for (col, (it, en)) in (0u16..).zip(headings) {
            write_text(sheet, (row, col), self.pick(it, en), &look.head)?;
        }
        for choice in &self.all.choices {
            row += 1;
            self.line(sheet, row, [&format!("--{}", choice.name), &choice.value, choice.default, &choice.meaning])?;
        }
        row += 2;
        self.section(sheet, row, self.pick("Che cosa non è stato contato", "What was not counted"))?;
        if self.all.left_out.is_empty() {
            write_text(sheet, (row + 1, 0), self.pick("Nulla.", "Nothing."), &look.remark)?;
        }
        for left in &self.all.left_out {
            for (name, place) in &left.items {
                row += 1;
                let area = place.area.map_or_else(String::new, |a| a.to_string());
                let (path, tab) =
                    (place.path.as_deref().unwrap_or_default(), place.sheet.as_deref().unwrap_or_default());
                self.line(sheet, row, [file_name(path), tab, &area, &format!("{name}: {}", left.reason)])?;
            }
        }
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        Ok(())
    }

    fn section(&self, sheet: &mut Worksheet, row: u32, text: &str) -> Result<(), XlsxError> {
        for col in 0..4 {
            sheet.write_blank(row, col, &self.look.section)?;
        }
        write_text(sheet, (row, 0), text, &self.look.section).map(drop)
    }

    /// A line of the criteria, as high as its last text needs.
    fn line(&self, sheet: &mut Worksheet, row: u32, texts: [&str; 4]) -> Result<(), XlsxError> {
        for (col, text) in (0u16..).zip(texts) {
            write_text(sheet, (row, col), text, &self.look.text)?;
        }
        let lines = measure::lines(texts[3], CRITERIA - measure::INDENT);
        if lines > 1 { sheet.set_row_height(row, measure::height(lines)).map(drop) } else { Ok(()) }
    }
}

/// The name of the form's own sheet.
fn table_name(table: &CountedTable) -> String {
    format!("N_Obiettivi {}", table.level.variant())
}

/// The lines behind a figure that differs from the declared one: by name, as many as fit.
fn explained(all: &Allegato2, row: &CountedRow, lang: Lang) -> String {
    const ROOM: usize = 400;
    let names = all.objectives_of(row);
    if names.is_empty() {
        return lang.pick("nessuna riga dei registri", "no line of the registers").to_owned();
    }
    let mut out = String::new();
    for (nth, name) in names.iter().enumerate() {
        let name = crate::text::one_line(name, 60);
        if !out.is_empty() && out.chars().count() + name.chars().count() > ROOM {
            out.push_str(&lang.and_more(names.len() - nth, false));
            break;
        }
        if !out.is_empty() {
            out.push_str("; ");
        }
        out.push_str(&name);
    }
    out
}
