//! A plan at a glance as a workbook: the matrix with its heat, what is lacking, the calendar of the measures, the names.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Chart, ChartFormat, ChartSolidFill, ChartType, Color, ConditionalFormat2ColorScale, ExcelDateTime, Format,
    Workbook, Worksheet, XlsxError,
};

use super::bars::{bars, small};
use super::lines::whole_place;
use super::look::{Look, write_text};
use super::{failed, measure, number, plain_labels, properties, row_of, within_a_sheet};
use crate::model::{Error, LACKING, Lang, MEASURES, MeasureTiming, PlannedMeasure, RiskMap};

/// Colours of the levels in the chart, the lowest first; the last is that of no level.
const COLORS: [u32; 6] = [0x9B_C2_E6, 0xFF_D9_66, 0xF4_B0_84, 0xE0_6C_5A, 0xA6_3A_3A, 0x6B_2C_6B];
const NO_LEVEL: u32 = 0xBF_BF_BF;

/// The bytes of the workbook. Equal plans give equal bytes.
///
/// # Errors
///
/// More processes, measures or names than a sheet takes lines.
pub fn riskmap_workbook(map: &RiskMap) -> Result<Vec<u8>, Error> {
    let lacking = map.lacking.iter().map(|(_, items)| items.len()).sum::<usize>();
    let spelt = map.names.iter().map(|name| name.spellings.len()).sum();
    within_a_sheet(map.rows.len().max(lacking).max(map.measures.len()).max(spelt))?;
    plain_labels(&build(map).map_err(failed)?)
}

struct Page<'a> {
    map: &'a RiskMap,
    lang: Lang,
    look: Look,
    day: Format,
}

fn build(map: &RiskMap) -> Result<Vec<u8>, XlsxError> {
    let look = Look::centred();
    let day = look.text.clone().set_num_format("dd/mm/yyyy");
    let page = Page { map, lang: map.lang, look, day };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(page.pick("Quadro del piano", "The plan at a glance"))?);
    page.matrix(workbook.add_worksheet().set_name(page.pick("Matrice", "Matrix"))?)?;
    page.areas(workbook.add_worksheet().set_name(page.pick("Aree", "Areas"))?)?;
    page.lacking(workbook.add_worksheet().set_name(page.pick("Mancanze", "Lacking"))?)?;
    page.measures(workbook.add_worksheet().set_name(page.pick("Misure", "Measures"))?)?;
    page.calendar(workbook.add_worksheet().set_name(page.pick("Calendario", "Calendar"))?)?;
    page.names(workbook.add_worksheet().set_name(page.pick("Uffici e responsabili", "Offices and owners"))?)?;
    workbook.save_to_buffer()
}

fn index(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

impl Page<'_> {
    fn pick(&self, it: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(it, en)
    }

    fn level(&self, name: &str) -> String {
        if name.is_empty() { self.pick("senza livello", "no level").to_owned() } else { name.to_owned() }
    }

    fn named(&self, name: &str) -> String {
        if name.is_empty() { self.pick("(non indicato)", "(not given)").to_owned() } else { name.to_owned() }
    }

    /// The headings of a sheet with the widths of its columns.
    fn head(&self, sheet: &mut Worksheet, headings: &[(String, f64)]) -> Result<(), XlsxError> {
        for (col, (heading, width)) in (0u16..).zip(headings) {
            sheet.set_column_width(col, *width)?;
            write_text(sheet, (0, col), heading, &self.look.head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn texts(&self, headings: &[(&'static str, &'static str, f64)]) -> Vec<(String, f64)> {
        headings.iter().map(|(it, en, width)| (self.pick(it, en).to_owned(), *width)).collect()
    }

    /// Counts by level, and their sum behind.
    fn counts(&self, sheet: &mut Worksheet, row: u32, from: u16, counts: &[usize]) -> Result<(), XlsxError> {
        for (col, count) in (from..).zip(counts) {
            sheet.write_number_with_format(row, col, number(*count), &self.look.number)?;
        }
        let sum = counts.iter().sum();
        sheet.write_number_with_format(row, from + index(counts.len()), number(sum), &self.look.strong)?;
        Ok(())
    }

    fn heat(&self, sheet: &mut Worksheet, from: u16, last: u32) -> Result<(), XlsxError> {
        let scale = ConditionalFormat2ColorScale::new()
            .set_minimum_color(Color::RGB(0xFF_FF_FF))
            .set_maximum_color(Color::RGB(0xE0_6C_5A));
        let to = from + index(self.map.levels.len()) - 1;
        sheet.add_conditional_format(1, from, last.max(1), to, &scale)?;
        Ok(())
    }

    fn matrix(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut headings = self.texts(&[("Area di rischio", "Risk area", 60.0), ("Ufficio", "Office", 36.0)]);
        headings.extend(self.map.levels.iter().map(|l| (self.level(l), 14.0)));
        headings.extend(self.texts(&[("Totale", "Total", 10.0)]));
        self.head(sheet, &headings)?;
        for (row, line) in (1u32..).zip(&self.map.rows) {
            write_text(sheet, (row, 0), &self.named(&line.area), &self.look.text)?;
            write_text(sheet, (row, 1), &self.named(&line.office), &self.look.text)?;
            self.counts(sheet, row, 2, &line.counts)?;
            let lines = measure::lines(&line.area, 60.0 - measure::INDENT)
                .max(measure::lines(&line.office, 36.0 - measure::INDENT));
            if lines > 1 {
                sheet.set_row_height(row, measure::height(lines))?;
            }
        }
        self.heat(sheet, 2, row_of(self.map.rows.len()))
    }

    /// The areas over all offices, with a chart of them.
    fn areas(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut headings = self.texts(&[("Area di rischio", "Risk area", 60.0)]);
        headings.extend(self.map.levels.iter().map(|l| (self.level(l), 14.0)));
        headings.extend(self.texts(&[("Totale", "Total", 10.0)]));
        self.head(sheet, &headings)?;
        let areas = self.map.by_area();
        for (row, (area, counts)) in (1u32..).zip(&areas) {
            write_text(sheet, (row, 0), &self.named(area), &self.look.text)?;
            self.counts(sheet, row, 1, counts)?;
            let lines = measure::lines(area, 60.0 - measure::INDENT);
            if lines > 1 {
                sheet.set_row_height(row, measure::height(lines))?;
            }
        }
        let last = row_of(areas.len());
        self.heat(sheet, 1, last)?;
        if !areas.is_empty() {
            let chart = self.chart(self.pick("Aree", "Areas"), last);
            sheet.insert_chart(last + 2, 0, &chart)?;
        }
        Ok(())
    }

    fn chart(&self, name: &str, last: u32) -> Chart {
        let mut chart = bars(
            ChartType::BarStacked,
            self.pick("Processi per area e livello di rischio", "Processes by area and level of risk"),
        );
        let levels = self.map.levels.len();
        for nth in 0..levels {
            let col = index(nth) + 1;
            let color = if nth + 1 == levels { NO_LEVEL } else { COLORS.get(nth).copied().unwrap_or(NO_LEVEL) };
            let fill = ChartSolidFill::new().set_color(Color::RGB(color)).clone();
            chart
                .add_series()
                .set_name((name, 0, col))
                .set_categories((name, 1, 0, last, 0))
                .set_values((name, 1, col, last, col))
                .set_format(ChartFormat::new().set_solid_fill(&fill))
                .set_gap(45);
        }
        chart.legend().set_font(&small());
        chart.x_axis().set_font(&small());
        chart.set_width(980).set_height(120 + 34 * last.min(30));
        chart
    }

    fn lacking(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        self.head(sheet, &self.texts(&LACKING))?;
        let mut row = 0;
        for (lack, items) in &self.map.lacking {
            for (name, place) in items {
                row += 1;
                write_text(sheet, (row, 0), lack.label().get(self.lang), &self.look.text)?;
                write_text(sheet, (row, 1), name, &self.look.text)?;
                write_text(sheet, (row, 2), &whole_place(place, self.lang), &self.look.text)?;
            }
        }
        for lack in &self.map.untold {
            row += 1;
            write_text(sheet, (row, 0), lack.label().get(self.lang), &self.look.text)?;
            let none = self.pick("nessuna tabella ha la colonna", "no table has the column");
            write_text(sheet, (row, 1), none, &self.look.text)?;
        }
        if row == 0 {
            write_text(sheet, (1, 0), self.pick("Nulla.", "Nothing."), &self.look.remark)?;
        }
        Ok(())
    }

    fn measures(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        self.head(sheet, &self.texts(&MEASURES))?;
        for (row, line) in (1u32..).zip(&self.map.measures) {
            match line.due.and_then(|d| {
                ExcelDateTime::from_ymd(u16::try_from(d.year()).ok()?, d.month().unsigned_abs(), d.day().unsigned_abs())
                    .ok()
            }) {
                Some(day) => sheet.write_datetime_with_format(row, 0, &day, &self.day).map(drop)?,
                None => write_text(sheet, (row, 0), "", &self.look.text).map(drop)?,
            }
            let state = if line.timing == MeasureTiming::Overdue { &self.look.strong } else { &self.look.text };
            write_text(sheet, (row, 1), line.timing.label(self.lang), state)?;
            let texts = [&line.measure, &line.process, &line.owner, &line.term, &whole_place(&line.place, self.lang)];
            for (col, text) in (2u16..).zip(texts) {
                write_text(sheet, (row, col), text, &self.look.text)?;
            }
            let lines = measure::lines(&line.measure, 60.0 - measure::INDENT)
                .max(measure::lines(&line.process, 44.0 - measure::INDENT));
            if lines > 1 {
                sheet.set_row_height(row, measure::height(lines))?;
            }
        }
        let last = row_of(self.map.measures.len()).max(1);
        sheet.autofilter(0, 0, last, 6)?;
        Ok(())
    }

    /// Measures that are due, by owner and month.
    fn calendar(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let open = |m: &&PlannedMeasure| matches!(m.timing, MeasureTiming::Due | MeasureTiming::Overdue);
        let month = |m: &PlannedMeasure| m.due.map(|d| (d.year(), d.month()));
        let mut months: Vec<(i16, i8)> = self.map.measures.iter().filter(open).filter_map(month).collect();
        months.sort_unstable();
        months.dedup();
        months.truncate(usize::from(u16::MAX / 8));
        let mut owners: BTreeMap<(bool, &str), Vec<usize>> = BTreeMap::new();
        for line in self.map.measures.iter().filter(open) {
            let counts = owners.entry((line.owner.is_empty(), &line.owner)).or_insert_with(|| vec![0; months.len()]);
            let at = month(line).and_then(|own| months.iter().position(|m| *m == own));
            if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
                *count += 1;
            }
        }
        let mut headings = self.texts(&[("Responsabile", "Owner", 44.0)]);
        headings.extend(months.iter().map(|(year, month)| (format!("{month:02}/{year}"), 10.0)));
        headings.extend(self.texts(&[("Totale", "Total", 10.0)]));
        self.head(sheet, &headings)?;
        for (row, ((_, owner), counts)) in (1u32..).zip(&owners) {
            write_text(sheet, (row, 0), &self.named(owner), &self.look.text)?;
            self.counts(sheet, row, 1, counts)?;
        }
        if owners.is_empty() {
            let none = self.pick("Nessuna misura ha una scadenza a giorno fisso.", "No measure is due on a day.");
            write_text(sheet, (1, 0), none, &self.look.remark)?;
        }
        Ok(())
    }

    fn names(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let headings = [
            ("Che cos'è", "What it is", 16.0),
            ("Nome", "Name", 44.0),
            ("Come è scritto", "As written", 60.0),
            ("Quante volte", "How often", 12.0),
        ];
        self.head(sheet, &self.texts(&headings))?;
        let lines = self.map.names.iter().flat_map(|name| name.spellings.iter().map(move |spelling| (name, spelling)));
        for (row, (name, (text, count))) in (1u32..).zip(lines) {
            let what = if name.is_office { self.pick("ufficio", "office") } else { self.pick("responsabile", "owner") };
            write_text(sheet, (row, 0), what, &self.look.text)?;
            write_text(sheet, (row, 1), &name.meant, &self.look.text)?;
            let look = if *text == name.meant { &self.look.text } else { &self.look.strong };
            write_text(sheet, (row, 2), text, look)?;
            sheet.write_number_with_format(row, 3, number(*count), &self.look.number)?;
        }
        Ok(())
    }
}
