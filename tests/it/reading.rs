//! What a workbook holds comes out of reading as it went in.

use std::fmt::Write as _;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx};
use riscontro::ingest;
use riscontro::model::{CellRef, Format, Grid, Lang, Scalar, Visibility};
use riscontro::package::Limits;
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format as XlFormat, Formula, Note, Shape, Workbook,
};
use zip::ZipArchive;

use crate::cases::{MAIN, book, deflated, parts, sheet, with};

/// A workbook with one of everything that is read.
pub(crate) fn rich() -> Vec<u8> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2024, 1, 1).unwrap();
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let percent = XlFormat::new().set_num_format("0.0%");
    let date = XlFormat::new().set_num_format("dd/mm/yyyy");
    let register = book.add_worksheet().set_name("Registro").unwrap();
    register.merge_range(0, 0, 0, 3, "Registro dei rischi", &XlFormat::new()).unwrap();
    for (col, text) in (0..).zip(["Processo", "Livello", "Scadenza", "Quota"]) {
        register.write(1, col, text).unwrap();
    }
    register.write(2, 0, "Acquisti").unwrap();
    register.write(2, 1, "Alto").unwrap();
    register.write_with_format(2, 2, 45382, &date).unwrap();
    register.write_with_format(2, 3, 0.45, &percent).unwrap();
    register.write_formula(3, 0, Formula::new("A3&\"!\"").set_result("Acquisti!")).unwrap();
    register.write_formula(3, 1, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
    register.write_boolean(3, 2, true).unwrap();
    register.write_with_format(3, 3, "007", &XlFormat::new().set_num_format("@")).unwrap();
    register.write(4, 0, "nascosta").unwrap();
    register.set_row_hidden(4).unwrap();
    register.set_column_hidden(5).unwrap();
    register.set_column_hidden(6).unwrap();
    let short = DataValidation::new().allow_list_strings(&["Si", "No"]).unwrap();
    register.add_data_validation(2, 4, 9, 4, &short).unwrap();
    let levels = DataValidation::new().allow_list_formula("=Elenchi!$A$1:$A$3".into());
    register.add_data_validation(2, 1, 9, 1, &levels).unwrap();
    let named = DataValidation::new().allow_list_formula("=Livelli".into());
    register.add_data_validation(2, 7, 2, 7, &named).unwrap();
    register.insert_shape(6, 2, &Shape::textbox().set_text("Nota a margine\nseconda riga")).unwrap();
    register.insert_note(2, 0, &Note::new("da rivedere").set_author("Anna").add_author_prefix(false)).unwrap();
    let ours = Note::new("AVVISO · manca il livello\n[PT-A01]").set_author("Riscontro").add_author_prefix(false);
    register.insert_note(2, 1, &ours).unwrap();
    register.set_header("&LComune di Prova&RPag. &P");
    let lists = book.add_worksheet().set_name("Elenchi").unwrap();
    for (row, text) in (0..).zip(["Alto", "Medio", "Basso"]) {
        lists.write(row, 0, text).unwrap();
    }
    lists.set_hidden(true);
    book.add_worksheet().set_name("Calcoli").unwrap().set_very_hidden(true);
    book.define_name("Livelli", "=Elenchi!$A$1:$A$2").unwrap();
    book.save_to_buffer().unwrap()
}

/// The parts of a workbook, inflated.
pub(crate) fn parts_of(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|i| {
            let mut file = archive.by_index(i).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn read(bytes: Vec<u8>) -> Grid {
    ingest::read(bytes, "a.xlsx", &Limits::default()).unwrap()
}

fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn told(grid: &Grid) -> String {
    let mut out = String::new();
    for sheet in &grid.sheets {
        writeln!(out, "[{}] {:?}", sheet.name, sheet.visibility).unwrap();
        for cell in &sheet.cells {
            let format = if cell.format == Format::General { String::new() } else { format!(" {:?}", cell.format) };
            writeln!(out, "{} {:?}{format}", cell.at, cell.value).unwrap();
        }
        writeln!(
            out,
            "unite {} | righe {:?} | colonne {:?}",
            list(&sheet.merged),
            sheet.hidden_rows,
            sheet.hidden_cols
        )
        .unwrap();
        for dropdown in &sheet.dropdowns {
            writeln!(out, "elenco {}: {}", list(&dropdown.areas), dropdown.options.join(" | ")).unwrap();
        }
        for text in &sheet.boxes {
            writeln!(out, "casella {} {:?}", text.at, text.text).unwrap();
        }
        for note in &sheet.notes {
            writeln!(out, "nota {} {}: {:?}", note.at, note.author, note.text).unwrap();
        }
        writeln!(out, "intestazioni {:?}", sheet.header_footer).unwrap();
    }
    out
}

#[test]
fn a_workbook_comes_out_as_it_went_in() {
    insta::assert_snapshot!(told(&read(rich())));
}

#[test]
fn serials_of_1904_are_brought_to_the_usual_system() {
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[h]:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;
    let rows = r#"<row><c s="1"><v>43920</v></c><c s="2"><v>1.5</v></c><c><v>43920</v></c><c t="d" s="1"><v>2024-03-31</v></c></row>"#;
    let parts = with(parts(sheet(rows)), "xl/styles.xml", styles);
    let workbook = String::from_utf8(parts.iter().find(|(n, _)| n == "xl/workbook.xml").unwrap().1.clone()).unwrap();
    let rels =
        String::from_utf8(parts.iter().find(|(n, _)| n == "xl/_rels/workbook.xml.rels").unwrap().1.clone()).unwrap();
    let parts = with(parts, "xl/workbook.xml", workbook.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#));
    let parts = with(
        parts,
        "xl/_rels/workbook.xml.rels",
        rels.replace("</Rel", r#"<Relationship Id="r9" Type="x/styles" Target="styles.xml"/></Rel"#),
    );
    let grid = read(deflated(&parts));
    let values: Vec<_> = grid.sheets[0].cells.iter().map(|c| (c.value.clone(), c.format)).collect();
    assert_eq!(
        values,
        [
            (Scalar::Number(45382.0), Format::Date),
            (Scalar::Number(1.5), Format::Date),
            (Scalar::Number(43920.0), Format::General),
            (Scalar::Number(45382.0), Format::Date),
        ]
    );
}

#[test]
fn our_own_sheets_are_left_out() {
    let mut parts = parts(sheet("<row><c><v>1</v></c></row>"));
    for (_, content) in &mut parts {
        let text = String::from_utf8(content.clone()).unwrap();
        let text = text.replace("</sheets>", r#"<sheet name="Rilievi" sheetId="2" r:id="r7"/></sheets>"#).replace(
            "</Relationships>",
            r#"<Relationship Id="r7" Type="x/worksheet" Target="/xl/Riscontro/sheet1.xml"/></Relationships>"#,
        );
        *content = text.into_bytes();
    }
    let grid = read(deflated(&with(parts, "xl/riscontro/sheet1.xml", sheet("<row><c><v>2</v></c></row>"))));
    assert_eq!(grid.sheets.iter().map(|s| &*s.name).collect::<Vec<_>>(), ["Foglio1"]);
}

#[test]
fn prefixed_parts_are_read_alike() {
    let xml = format!(
        r#"<?xml version="1.0"?><!-- <a> --><x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="3" hidden="1"><x:c r="B3" t="inlineStr"><x:is><x:t>ciao</x:t></x:is></x:c></x:row><x:row hidden="true"><x:c><x:v>1</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:B2"/></x:mergeCells></x:worksheet>"#
    );
    let grid = read(deflated(&parts(xml)));
    let sheet = &grid.sheets[0];
    assert_eq!(sheet.get(CellRef::new(2, 1)).unwrap().value, Scalar::Text("ciao".into()));
    assert_eq!(sheet.hidden_rows, [2, 3]);
    assert_eq!(list(&sheet.merged), "A1:B2");
}

#[test]
fn remarks_name_links_and_wrong_extensions() {
    let mut parts = parts(sheet(""));
    for (_, content) in &mut parts {
        let text = String::from_utf8(content.clone()).unwrap();
        *content = text
            .replace("</workbook>", "<externalReferences><externalReference/></externalReferences></workbook>")
            .into();
    }
    let grid = ingest::read(deflated(&parts), "vecchio.xls", &Limits::default()).unwrap();
    let remarks: Vec<_> = grid.remarks.iter().map(|r| r.get(Lang::It)).collect();
    assert_eq!(remarks.len(), 2);
    assert!(remarks[0].contains("estensione .xls") && remarks[1].contains("collegamenti ad altri file"), "{remarks:?}");
}

#[test]
fn empty_texts_are_no_cells() {
    let rows = r#"<row><c t="inlineStr"><is><t></t></is></c><c t="str"><v></v></c><c s="3"/><c t="inlineStr"><is><t> </t></is></c></row>"#;
    let grid = read(book(rows));
    assert_eq!(grid.sheets[0].visibility, Visibility::Visible);
    assert_eq!(list(&grid.sheets[0].cells.iter().map(|c| c.at).collect::<Vec<_>>()), "");
}

/// Our cells against those of an independent reader of the same file.
fn agrees_with_calamine(bytes: &[u8]) {
    let grid = read(bytes.to_vec());
    let mut other = Xlsx::new(Cursor::new(bytes)).unwrap();
    for sheet in &grid.sheets {
        let mut reader = other.worksheet_cells_reader(&sheet.name).unwrap();
        let mut expected = Vec::new();
        while let Some(cell) = reader.next_cell().unwrap() {
            let value = match cell.get_value() {
                DataRef::Empty => continue,
                DataRef::SharedString(t) => Scalar::Text((*t).into()),
                DataRef::String(t) => Scalar::Text(t.as_str().into()),
                DataRef::Float(n) => Scalar::Number(*n),
                DataRef::DateTime(d) => Scalar::Number(d.as_f64()),
                DataRef::Bool(b) => Scalar::Bool(*b),
                DataRef::Error(e) => Scalar::Error(e.to_string().into()),
                other => panic!("{other:?}"),
            };
            if value != Scalar::Text("".into()) {
                expected.push((CellRef::new(cell.get_position().0, cell.get_position().1), value));
            }
        }
        let ours: Vec<_> = sheet.cells.iter().map(|c| (c.at, c.value.clone())).collect();
        assert_eq!(ours, expected, "{}", sheet.name);
    }
}

#[test]
fn cells_agree_with_an_independent_reader() {
    agrees_with_calamine(&rich());
    let rows = r#"<row r="2"><c r="B2" t="inlineStr"><is><r><t xml:space="preserve"> a </t></r><rPh><t>no</t></rPh><r><t> b &amp; &#8364;
c </t></r></is></c><c t="str"><f>"x"</f><v> perch&#233;_x000D_ </v></c><c r="F2"><f>1</f><v>1.5e-3</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>
<row><c><v>-0.1</v></c><c/><c t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="n"><v></v></c><c t="str"><v/></c><c t="inlineStr"><is><t><![CDATA[<b> & c]]></t></is></c></row>"#;
    let strings = "<sst><si><t>uno</t></si><si><r><t>du</t></r><r><t xml:space=\"preserve\">e </t></r><rPh><t>x</t></rPh></si><si/></sst>";
    agrees_with_calamine(&deflated(&with(parts(sheet(rows)), "xl/sharedStrings.xml", strings)));
}

#[test]
fn unusual_error_values_are_kept() {
    let grid = read(book(r#"<row><c t="e"><v>#GETTING_DATA</v></c><c t="e"><v>Err:508</v></c></row>"#));
    let values: Vec<_> = grid.sheets[0].cells.iter().map(|c| c.value.clone()).collect();
    assert_eq!(values, [Scalar::Error("#GETTING_DATA".into()), Scalar::Error("Err:508".into())]);
}
