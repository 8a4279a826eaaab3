//! Indicators at a glance as a workbook: one line for each with a small chart of its years, and what came of all.

use rust_xlsxwriter::{
    ChartFormat, ChartSolidFill, Color, Format, FormatAlign, Sparkline, SparklineType, Workbook, Worksheet, XlsxError,
};

use super::bars::valued_bars;
use super::lines::whole_place;
use super::look::{Look, write_text};
use super::{failed, measure, number, properties, row_of, within_a_sheet};
use crate::model::{Error, INDICATORS, IndicatorMap, IndicatorRow, Lang, OverallRule, Verdict};

/// The column of the small charts, and the first of the years.
const CHART: u16 = 12;
const YEARS: u16 = 14;
/// The widest span of years that gets columns.
const MOST_YEARS: usize = 40;

const MET: u32 = 0x3B_8F_5B;
const MISSED: u32 = 0xC0_3A_3A;
const UNJUDGED: u32 = 0xA6_A6_A6;

/// The bytes of the workbook. Equal indicators give equal bytes.
///
/// # Errors
///
/// More indicators than a sheet takes lines.
pub fn indicatormap_workbook(map: &IndicatorMap) -> Result<Vec<u8>, Error> {
    within_a_sheet(map.rows.len())?;
    build(map).map_err(failed)
}

struct Page<'a> {
    map: &'a IndicatorMap,
    lang: Lang,
    look: Look,
    years: Vec<i16>,
    name: &'static str,
}

fn build(map: &IndicatorMap) -> Result<Vec<u8>, XlsxError> {
    let lang = map.lang;
    let mut years = map.years();
    let early = years.len().saturating_sub(MOST_YEARS);
    let years = years.split_off(early);
    let page = Page { map, lang, look: Look::centred(), years, name: lang.pick("Indicatori", "Indicators") };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(lang.pick("Indicatori nel loro insieme", "Indicators as a whole"))?);
    page.indicators(workbook.add_worksheet().set_name(page.name)?)?;
    page.recap(workbook.add_worksheet().set_name(lang.pick("Quadro", "Overview"))?)?;
    workbook.save_to_buffer()
}

impl Page<'_> {
    fn pick(&self, it: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(it, en)
    }

    /// One line for each indicator; behind it its results by year, of which the small chart is made.
    fn indicators(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut headings: Vec<(String, f64)> =
            INDICATORS.iter().map(|(it, en, width)| (self.pick(it, en).to_owned(), *width)).collect();
        headings.extend(self.years.iter().map(|year| (year.to_string(), 10.0)));
        for (col, (heading, width)) in (0u16..).zip(&headings) {
            sheet.set_column_width(col, *width)?;
            write_text(sheet, (0, col), heading, &self.look.head)?;
        }
        sheet.set_freeze_panes(1, 2)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        for (row, line) in (1u32..).zip(&self.map.rows) {
            self.line(sheet, row, line)?;
        }
        let last = u16::try_from(headings.len()).unwrap_or(YEARS) - 1;
        sheet.autofilter(0, 0, row_of(self.map.rows.len()).max(1), last)?;
        Ok(())
    }

    fn line(&self, sheet: &mut Worksheet, row: u32, line: &IndicatorRow) -> Result<(), XlsxError> {
        let lang = self.lang;
        let year = line.year.map(|year| year.to_string()).unwrap_or_default();
        let why = line.direction.why(lang);
        let texts = [&line.code, &line.name, &line.of, &year, &line.result, &line.target];
        for (col, text) in (0u16..).zip(texts) {
            write_text(sheet, (row, col), text, &self.look.text)?;
        }
        write_text(sheet, (row, 6), line.direction_label(lang), &self.look.text)?;
        write_text(sheet, (row, 7), &why, &self.look.text)?;
        let is_missed = line.verdict.as_ref().is_ok_and(|verdict| !verdict.is_met);
        let look = if is_missed { &self.look.strong } else { &self.look.text };
        write_text(sheet, (row, 8), &line.outcome(lang), look)?;
        let percent = self.look.number.clone().set_num_format("0.0%").set_align(FormatAlign::Left);
        self.number(sheet, (row, 9), line.attainment.map(|points| points / 100.0), &percent)?;
        let deviation = line.verdict.as_ref().ok().and_then(Verdict::deviation_text);
        write_text(sheet, (row, 10), &deviation.unwrap_or_default(), &self.look.text)?;
        write_text(sheet, (row, 11), line.trend.map_or("", |trend| trend.label(lang)), &self.look.text)?;
        write_text(sheet, (row, CHART), "", &self.look.text)?;
        write_text(sheet, (row, 13), &whole_place(&line.place, lang), &self.look.text)?;
        let value = self.look.number.clone().set_num_format("0.##").set_align(FormatAlign::Left);
        let numbers = self.years.iter().map(|year| line.series.iter().find(|v| v.year == *year)?.number);
        let numbers: Vec<Option<f64>> = numbers.collect();
        for (col, number) in (YEARS..).zip(&numbers) {
            self.number(sheet, (row, col), *number, &value)?;
        }
        if numbers.iter().flatten().count() > 1 {
            sheet.add_sparkline(row, CHART, &self.spark(row))?;
        }
        let lines = [(&line.name, 48.0), (&why, 40.0), (&line.of, 26.0)]
            .map(|(text, width)| measure::lines(text, width - measure::INDENT));
        let lines = lines.into_iter().max().unwrap_or(1);
        if lines > 1 {
            sheet.set_row_height(row, measure::height(lines))?;
        }
        Ok(())
    }

    /// The small chart of a line.
    fn spark(&self, row: u32) -> Sparkline {
        let last = YEARS + u16::try_from(self.years.len()).unwrap_or(1) - 1;
        Sparkline::new()
            .set_range((self.name, row, YEARS, row, last))
            .set_type(SparklineType::Line)
            .show_markers(true)
            .show_last_point(true)
            .set_sparkline_color(Color::RGB(0x1F_3A_5F))
    }

    fn number(&self, sheet: &mut Worksheet, at: (u32, u16), n: Option<f64>, look: &Format) -> Result<(), XlsxError> {
        match n {
            Some(n) => sheet.write_number_with_format(at.0, at.1, n, look).map(drop),
            None => write_text(sheet, at, "", &self.look.text).map(drop),
        }
    }

    /// What came of all, with a chart.
    fn recap(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let overall = &self.map.overall;
        sheet.set_column_width(0, 46)?;
        sheet.set_column_width(1, 16)?;
        write_text(sheet, (0, 0), self.pick("Esito dei target", "Outcome of targets"), &self.look.head)?;
        write_text(sheet, (0, 1), self.pick("Quanti", "How many"), &self.look.head)?;
        let [met, missed, unjudged] = self.map.tally();
        let lines = [
            (self.pick("raggiunti", "met"), met),
            (self.pick("non raggiunti", "not met"), missed),
            (self.pick("senza esito", "without an outcome"), unjudged),
        ];
        for (row, (label, count)) in (1u32..).zip(lines) {
            write_text(sheet, (row, 0), label, &self.look.text)?;
            sheet.write_number_with_format(row, 1, number(count), &self.look.number)?;
        }
        let mut row = 5;
        for (why, count) in self.map.unjudged() {
            let told = format!("{}: {}", self.pick("senza esito", "without an outcome"), why.get(self.lang));
            write_text(sheet, (row, 0), &told, &self.look.text)?;
            sheet.write_number_with_format(row, 1, number(count), &self.look.number)?;
            row += 1;
        }
        let how = match (overall.rule, overall.is_by_own_weights) {
            (OverallRule::Worst, _) => self.pick("il peggiore", "the worst"),
            (OverallRule::Weighted, true) => self.pick("media ponderata con i pesi", "mean weighted by the weights"),
            (OverallRule::Weighted, false) => self.pick("media, senza pesi", "mean, without weights"),
        };
        let label = format!("{} ({how})", self.pick("raggiungimento complessivo", "overall attainment"));
        write_text(sheet, (row + 1, 0), &label, &self.look.strong)?;
        let percent = self.look.strong.clone().set_num_format("0.0%");
        self.number(sheet, (row + 1, 1), overall.percent.map(|points| points / 100.0), &percent)?;
        self.chart(sheet, row + 3)
    }

    fn chart(&self, sheet: &mut Worksheet, row: u32) -> Result<(), XlsxError> {
        let name = self.pick("Quadro", "Overview");
        let mut chart = valued_bars(self.pick("Target per esito", "Targets by outcome"));
        let points = [MET, MISSED, UNJUDGED].map(|color| {
            let fill = ChartSolidFill::new().set_color(Color::RGB(color)).clone();
            rust_xlsxwriter::ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&fill)).clone()
        });
        chart
            .add_series()
            .set_categories((name, 1, 0, 3, 0))
            .set_values((name, 1, 1, 3, 1))
            .set_points(&points)
            .set_data_label(rust_xlsxwriter::ChartDataLabel::new().show_value())
            .set_gap(45);
        chart.set_width(560).set_height(200);
        sheet.insert_chart(row, 0, &chart)?;
        Ok(())
    }
}
