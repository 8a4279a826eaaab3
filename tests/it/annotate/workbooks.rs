//! Workbooks to annotate.

use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, DocProperties,
    ExcelDateTime, Format, Formula, Image, Note, Table, Workbook,
};

/// A picture of one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0D, b'I', b'D', b'A', b'T', 0x78, 0x9C, 0x63, 0xF8, 0xCF, 0xC0,
    0xF0, 0x1F, 0, 5, 0, 1, 0xFF, 0x56, 0xC7, 0x2F, 0x0D, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];

fn workbook() -> Workbook {
    let mut workbook = Workbook::new();
    let date = ExcelDateTime::from_ymd(2020, 1, 1).unwrap();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
    workbook
}

/// A form with nothing but cells.
pub(super) fn plain() -> Vec<u8> {
    let mut workbook = workbook();
    let sheet = workbook.add_worksheet().set_name("Allegato 1").unwrap();
    for row in 0..40 {
        sheet.write_string(row, 0, format!("{}.1", row + 1)).unwrap();
        sheet.write_string(row, 1, "È stata fatta una verifica sull'attuazione delle misure?").unwrap();
        sheet.write_string(row, 4, "Sì").unwrap();
    }
    sheet.set_column_width(1, 60).unwrap();
    workbook.save_to_buffer().unwrap()
}

/// A workbook with one of everything that must survive.
pub(super) fn rich() -> Vec<u8> {
    let mut workbook = workbook();
    form(&mut workbook);
    let sheet = workbook.add_worksheet().set_name("L'elenco \"A&B\"").unwrap();
    sheet.add_table(0, 0, 5, 2, &Table::new().set_name("RiscontroRilievi")).unwrap();
    for row in 1..=5u32 {
        sheet.write_number(row, 0, f64::from(row)).unwrap();
        sheet
            .write_formula(row, 1, Formula::new(format!("=A{}*2", row + 1)).set_result((row * 2).to_string()))
            .unwrap();
    }
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values(("L'elenco \"A&B\"", 1, 0, 5, 0));
    sheet.insert_chart(7, 0, &chart).unwrap();
    sheet.insert_image(7, 8, &Image::new_from_buffer(PIXEL).unwrap()).unwrap();
    let hidden = workbook.add_worksheet().set_name("Nascosto").unwrap();
    hidden.write_string(0, 0, "x").unwrap();
    hidden.set_hidden(true);
    // A sheet of the user's that has the name of one of ours.
    workbook.add_worksheet().set_name("rilievi").unwrap().write_string(0, 0, "dell'utente").unwrap();
    workbook.define_name("Aliquota", "=0.22").unwrap();
    workbook.save_to_buffer().unwrap()
}

fn form(workbook: &mut Workbook) {
    let sheet = workbook.add_worksheet().set_name("Allegato 1").unwrap();
    let head = Format::new().set_bold().set_background_color(Color::Silver);
    let money = Format::new().set_num_format("#,##0.00 €");
    sheet.merge_range(0, 0, 0, 5, "Scheda di monitoraggio", &head).unwrap();
    for row in 1..30u32 {
        sheet.write_string(row, 0, format!("{row}.1")).unwrap();
        sheet.write_string(row, 4, if row % 3 == 0 { "" } else { "Si" }).unwrap();
        sheet.write_number_with_format(row, 5, f64::from(row) * 1.5, &money).unwrap();
    }
    let list = DataValidation::new().allow_list_strings(&["Si", "No"]).unwrap();
    sheet.add_data_validation(1, 4, 29, 4, &list).unwrap();
    let over = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::GreaterThan(30))
        .set_format(Format::new().set_font_color(Color::Red));
    sheet.add_conditional_format(1, 5, 29, 5, &over).unwrap();
    sheet.insert_note(2, 4, &Note::new("da verificare con l'ufficio").set_author("Ufficio")).unwrap();
    sheet.insert_note(20, 0, &Note::new("nota altrui")).unwrap();
    sheet.set_column_width(1, 50).unwrap();
    sheet.set_column_hidden(2).unwrap();
    sheet.set_row_height(4, 60).unwrap();
    sheet.protect();
    sheet.write_url(30, 0, "https://example.org/").unwrap();
}
