//! The workbook of an empty form: instructions, the sheets to fill in, the lists of answers.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format, Formula,
    IgnoreError, Note, ObjectMovement, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::failed;
use super::look::{Look, write_text};
use super::measure;
use crate::model::{BlankCell, BlankForm, BlankRow, BlankSheet, Error, GUIDE, Holds};
use crate::package::Overlay;

/// The sheet of the lists; like the form it is Italian.
const LISTS: &str = "Elenchi";
/// Excel's own number formats for text and for whole numbers.
const TEXT: u8 = 49;
const WHOLE: u8 = 1;
/// Rows of a register that choices and prompts are made for.
const LAST: u32 = 4_999;
/// Characters of titles and texts that Excel shows beside a cell.
const PROMPT_TITLE: usize = 32;
const PROMPT: usize = 255;
/// Width of the instructions: terms, and texts.
const GUIDE_WIDTHS: [f64; 2] = [34.0, 96.0];
/// Width of a column that has room for a label.
const LABEL: f64 = 12.0;
/// Width that a page takes and is still read with ease.
const PAGE: f64 = 200.0;

/// The bytes of the workbook of an empty form. Equal forms give equal bytes.
///
/// # Errors
///
/// A form that no workbook holds: a sheet name that Excel does not take.
pub fn blank_workbook(form: &BlankForm) -> Result<Vec<u8>, Error> {
    growing(&build(form).map_err(failed)?)
}

/// The workbook with rows that are as high as they are told, and grow with what is written in them: a height of their own
/// they would keep.
fn growing(workbook: &[u8]) -> Result<Vec<u8>, Error> {
    let mut package = Overlay::open(workbook)?;
    let sheets: Vec<String> =
        package.names().filter(|n| n.starts_with("xl/worksheets/sheet")).map(str::to_owned).collect();
    for name in sheets {
        let part = package.needed(&name)?;
        let text = part.xml.replace(r#" customHeight="1""#, "");
        package.replace(&part, text);
    }
    package.save()
}

fn build(form: &BlankForm) -> Result<Vec<u8>, XlsxError> {
    let page = Page { form, look: Look::centred(), fill: Fill::new() };
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(&form.title)
        .set_author("Riscontro")
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    page.guide(workbook.add_worksheet().set_name(form.lang.pick("Come si compila", "How to fill in"))?)?;
    for sheet in &form.sheets {
        page.sheet(workbook.add_worksheet().set_name(&sheet.name)?, sheet)?;
    }
    if !form.lists.is_empty() {
        page.lists(workbook.add_worksheet().set_name(LISTS)?)?;
    }
    workbook.save_to_buffer()
}

/// The formats of cells to fill in: unlocked, on yellow while there is a row for them.
struct Fill {
    anything: Format,
    text: Format,
    number: Format,
    count: Format,
}

impl Fill {
    fn new() -> Self {
        let yellow = Color::RGB(0xFF_FA_E0);
        let cell = Look::centred().text.set_unlocked().set_background_color(yellow);
        Self {
            text: cell.clone().set_num_format_index(TEXT),
            number: cell.clone(),
            count: cell.clone().set_num_format_index(WHOLE),
            anything: cell,
        }
    }

    fn of(&self, holds: Holds) -> &Format {
        match holds {
            Holds::Anything => &self.anything,
            Holds::Text => &self.text,
            Holds::Number => &self.number,
            Holds::Count => &self.count,
        }
    }
}

struct Page<'a> {
    form: &'a BlankForm,
    look: Look,
    fill: Fill,
}

impl Page<'_> {
    fn pick(&self, it: &'static str, en: &'static str) -> &'static str {
        self.form.lang.pick(it, en)
    }

    fn sheet(&self, sheet: &mut Worksheet, form: &BlankSheet) -> Result<(), XlsxError> {
        for (col, column) in (0u16..).zip(&form.columns) {
            sheet.set_column_width(col, column.width)?;
        }
        let head = self.head(sheet, form)?;
        for (col, column) in (0u16..).zip(&form.columns) {
            write_text(sheet, (head, col), &column.heading, &self.look.head)?;
        }
        let lines = form.columns.iter().map(|c| strong_lines(&c.heading, c.width)).max().unwrap_or(1);
        sheet.set_row_height(head, measure::height(lines) + 2.0 * measure::PADDING)?;
        for (row, line) in (head + 1..).zip(&form.rows) {
            self.row(sheet, row, form, line)?;
        }
        if form.goes_on {
            below(sheet, head, form)?;
        }
        self.choices(sheet, head, form)?;
        sheet.set_freeze_panes(head + 1, u16::from(form.goes_on))?;
        sheet.set_landscape();
        let width = form.columns.iter().map(|c| c.width).sum();
        sheet.set_paper_size(9).set_print_fit_to_pages(pages(width), 0).set_repeat_rows(head, head)?;
        sheet.set_tab_color(Color::RGB(0x1F_3A_5F));
        protect(sheet, form.goes_on);
        Ok(())
    }

    /// Title and data above the table; the row of the headings.
    fn head(&self, sheet: &mut Worksheet, form: &BlankSheet) -> Result<u32, XlsxError> {
        let data = u32::try_from(form.head.len()).unwrap_or(0);
        let remark = 1 + data;
        let table = remark + u32::from(form.remark.is_some()) + u32::from(data > 0);
        // Where whole columns are free to write in, these are not.
        for (row, (col, _)) in (0..table).flat_map(|row| (0u16..).zip(&form.columns).map(move |at| (row, at))) {
            sheet.write_blank(row, col, &self.look.subtitle)?;
        }
        write_text(sheet, (0, 0), &form.title, &self.look.title)?;
        sheet.set_row_height(0, 24.0)?;
        // The label wants room, and a column behind for the datum.
        let wide = form.columns.iter().position(|c| c.width >= LABEL).unwrap_or(0);
        let label = u16::try_from(wide.min(form.columns.len().saturating_sub(2))).unwrap_or(0);
        for (row, datum) in (1u32..).zip(&form.head) {
            write_text(sheet, (row, label), &format!("{}:", datum.label), &self.look.subtitle)?;
            let at = (row, label + 1);
            let plain = self.fill.anything.clone().unset_text_wrap();
            match datum.value.as_deref().map(|v| (v, v.parse::<i16>())) {
                Some((_, Ok(year))) => sheet.write_number_with_format(at.0, at.1, f64::from(year), &plain).map(drop)?,
                Some((text, Err(_))) => write_text(sheet, at, text, &plain).map(drop)?,
                None => sheet.write_blank(at.0, at.1, &plain).map(drop)?,
            }
            note(sheet, at, datum.hint.as_deref())?;
        }
        if let Some(text) = &form.remark {
            write_text(sheet, (remark, label), text, &self.look.remark)?;
        }
        Ok(table)
    }

    fn row(&self, sheet: &mut Worksheet, row: u32, form: &BlankSheet, line: &BlankRow) -> Result<(), XlsxError> {
        let mut lines = 1;
        for (at, (col, column)) in (0u16..).zip(&form.columns).enumerate() {
            match line.cells.get(at) {
                Some(BlankCell::Printed(text)) => {
                    let format = if line.is_first { &self.look.strong } else { &self.look.text };
                    write_text(sheet, (row, col), text, format)?;
                    lines = lines.max(strong_lines(text, column.width));
                }
                Some(BlankCell::ToFill { hint, .. }) => {
                    sheet.write_blank(row, col, self.fill.of(column.holds))?;
                    note(sheet, (row, col), hint.as_deref())?;
                }
                None => sheet.write_blank(row, col, self.fill.of(column.holds)).map(drop)?,
            }
        }
        sheet.set_row_height(row, measure::height(lines) + measure::PADDING)?;
        Ok(())
    }

    /// Answers to choose from, and what to write, shown beside the cell that is chosen.
    fn choices(&self, sheet: &mut Worksheet, head: u32, form: &BlankSheet) -> Result<(), XlsxError> {
        let end = head + u32::try_from(form.rows.len()).unwrap_or(0);
        for (col, column) in (0u16..).zip(&form.columns) {
            if form.goes_on {
                if let Some(rule) = self.rule(column.list, column.holds, &column.heading, column.prompt.as_deref())? {
                    sheet.add_data_validation(head + 1, col, LAST.max(end), col, &rule)?;
                }
                continue;
            }
            for (row, line) in (head + 1..).zip(&form.rows) {
                let Some(BlankCell::ToFill { list, .. }) = line.cells.get(usize::from(col)) else { continue };
                let list = list.or(column.list);
                if let Some(rule) = self.rule(list, column.holds, &column.heading, column.prompt.as_deref())? {
                    sheet.add_data_validation(row, col, row, col, &rule)?;
                }
            }
        }
        Ok(())
    }

    /// What Excel says of a cell; nothing where there is nothing to say.
    fn rule(
        &self,
        list: Option<usize>,
        holds: Holds,
        heading: &str,
        prompt: Option<&str>,
    ) -> Result<Option<DataValidation>, XlsxError> {
        let new = || DataValidation::new().set_error_style(DataValidationErrorStyle::Warning);
        let options = list.and_then(|at| Some((u16::try_from(at).ok()?, self.form.lists.get(at)?)));
        let rule = match (options, holds) {
            (Some((col, list)), _) => {
                let name = rust_xlsxwriter::utility::column_number_to_name(col);
                let area = format!("{LISTS}!${name}$2:${name}${}", list.options.len() + 1);
                new().allow_list_formula(Formula::new(area)).set_error_message(self.pick(
                    "La risposta non è fra quelle dell'elenco. Lasciarla com'è?",
                    "The answer is not one of the list. Leave it as it is?",
                ))?
            }
            (None, Holds::Count) => {
                new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)).set_error_message(self.pick(
                    "Ci va un numero intero, da 0 in su. Lasciare ciò che è scritto?",
                    "A whole number from 0 up goes here. Leave what is written?",
                ))?
            }
            (None, _) if prompt.is_some() => DataValidation::new().allow_any_value(),
            (None, _) => return Ok(None),
        };
        let Some(prompt) = prompt else { return Ok(Some(rule)) };
        let title = crate::text::one_line(heading, PROMPT_TITLE - 1);
        Ok(Some(rule.set_input_title(title)?.set_input_message(crate::text::one_line(prompt, PROMPT - 1))?))
    }

    fn guide(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (col, width) in (0u16..).zip(GUIDE_WIDTHS) {
            sheet.set_column_width(col, width)?;
        }
        let look = &self.look;
        let (title, form) = self.form.lang.pick(GUIDE[0], GUIDE[1]);
        write_text(sheet, (0, 0), title, &look.title)?;
        sheet.set_row_height(0, 24.0)?;
        write_text(sheet, (1, 0), &format!("{form}{}", self.form.title), &look.subtitle)?;
        let plain = look.subtitle.clone().set_text_wrap();
        let mut row = 3;
        for section in &self.form.guide {
            (0..2).try_for_each(|col| sheet.write_blank(row, col, &look.section).map(drop))?;
            write_text(sheet, (row, 0), &section.title, &look.section)?;
            sheet.set_row_height(row, 20.0)?;
            for (term, text) in &section.lines {
                row += 1;
                if term.is_empty() {
                    sheet.merge_range(row, 0, row, 1, text, &plain)?;
                    let lines = measure::lines(text, GUIDE_WIDTHS.iter().sum());
                    sheet.set_row_height(row, measure::height(lines) + measure::PADDING)?;
                } else {
                    write_text(sheet, (row, 0), term, &look.strong)?;
                    write_text(sheet, (row, 1), text, &look.text)?;
                    let lines = measure::lines(text, GUIDE_WIDTHS[1] - measure::INDENT);
                    let lines = lines.max(strong_lines(term, GUIDE_WIDTHS[0]));
                    sheet.set_row_height(row, measure::height(lines) + measure::PADDING)?;
                }
            }
            row += 2;
        }
        sheet.set_landscape();
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
        protect(sheet, false);
        Ok(())
    }

    fn lists(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut lines: Vec<u32> = Vec::new();
        let mut all = 0.0;
        for (col, list) in (0u16..).zip(&self.form.lists) {
            let widest = list.options.iter().map(|o| measure::width_for(o)).fold(0.0, f64::max);
            let width = (widest + 2.0 * measure::INDENT).clamp(24.0, 60.0);
            all += width;
            sheet.set_column_width(col, width)?;
            write_text(sheet, (0, col), &list.heading, &self.look.head)?;
            for (row, option) in (1u32..).zip(&list.options) {
                write_text(sheet, (row, col), option, &self.look.text)?;
            }
            let texts = [&list.heading].into_iter().chain(&list.options);
            for (nth, own) in texts.map(|text| strong_lines(text, width)).enumerate() {
                match lines.get_mut(nth) {
                    Some(most) => *most = own.max(*most),
                    None => lines.push(own),
                }
            }
        }
        for (row, lines) in (0u32..).zip(lines) {
            sheet.set_row_height(row, measure::height(lines) + measure::PADDING)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape();
        sheet.set_paper_size(9).set_print_fit_to_pages(pages(all), 0);
        protect(sheet, false);
        Ok(())
    }
}

/// Lines that a text takes in strong letters, which are wider, in a column of that width.
fn strong_lines(text: &str, width: f64) -> u32 {
    measure::lines(text, (width - measure::INDENT) * 0.92)
}

/// Pages beside each other on which columns of that width are read with ease.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few pages")]
fn pages(width: f64) -> u16 {
    (width / PAGE).ceil().clamp(1.0, 100.0) as u16
}

/// The rows below those that are ready: text stays text there too.
fn below(sheet: &mut Worksheet, head: u32, form: &BlankSheet) -> Result<(), XlsxError> {
    let last = head + u32::try_from(form.rows.len()).unwrap_or(0);
    for (col, column) in (0u16..).zip(&form.columns) {
        let free = Format::new().set_unlocked().set_text_wrap().set_font_name("Arial").set_font_size(10);
        let free = if column.holds == Holds::Text { free.set_num_format_index(TEXT) } else { free };
        sheet.set_column_format(col, &free)?;
        if column.holds == Holds::Text {
            sheet.ignore_error_range(head + 1, col, LAST.max(last), col, IgnoreError::NumberStoredAsText)?;
        }
    }
    let columns = u16::try_from(form.columns.len()).unwrap_or(u16::MAX);
    sheet.autofilter(head, 0, last, columns.saturating_sub(1)).map(drop)
}

/// What the document before says, on the cell.
fn note(sheet: &mut Worksheet, at: (u32, u16), hint: Option<&str>) -> Result<(), XlsxError> {
    let Some(hint) = hint else { return Ok(()) };
    let lines = measure::lines(hint, 38.0).clamp(2, 24);
    let note = Note::new(hint)
        .set_author("Riscontro")
        .add_author_prefix(false)
        .set_font_name("Arial")
        .set_font_size(9)
        .set_width(280)
        .set_height(lines * 16 + 12)
        .set_background_color(Color::RGB(0xF3_F6_FA))
        .set_object_movement(ObjectMovement::MoveButDontSizeWithCells);
    sheet.insert_note(at.0, at.1, &note).map(drop)
}

/// Protects what is not to be filled in, without a password; rows and columns may be made wider, and rows of a register
/// moved.
fn protect(sheet: &mut Worksheet, goes_on: bool) {
    let options = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        insert_rows: goes_on,
        sort: goes_on,
        use_autofilter: goes_on,
        ..ProtectionOptions::new()
    };
    sheet.protect_with_options(&options);
}
