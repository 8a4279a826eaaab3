use super::*;
use crate::model::{CellRef, Format, Lang, Scalar, Visibility};
use crate::package::Limits;

fn pass(body: &str) -> Result<Vec<Sheet>, Error> {
    let limits = Limits::default();
    let mut pass = Pass::new(Texts::none(&limits), &limits);
    crate::package::scan_text(body, &limits, |piece| pass.piece(piece))?;
    Ok(pass.finish().0)
}

fn cells(sheet: &Sheet) -> Vec<String> {
    sheet.cells.iter().map(|c| format!("{}={}", c.at, c.value)).collect()
}

fn table(rows: &str) -> String {
    format!("<office:spreadsheet><table:table table:name=\"Foglio &amp; 1\">{rows}</table:table></office:spreadsheet>")
}

const TEXT: &str = "<table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>";

#[test]
fn repeats_move_what_follows() {
    let rows = format!(
        "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"5\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell/>{TEXT}</table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"1.5\"/>{TEXT}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"4294967295\"><table:table-cell table:number-columns-repeated=\"99999999999\"/></table:table-row>"
    );
    let sheets = pass(&table(&rows)).unwrap();
    assert_eq!(&*sheets[0].name, "Foglio & 1");
    assert_eq!(cells(&sheets[0]), ["B4=x", "B5=x", "A6=1.5", "B6=1.5", "C6=x"]);
}

#[test]
fn repeated_values_have_a_bound() {
    let says = |rows: &str| pass(&table(rows)).unwrap_err().message(Lang::It).to_owned();
    let many = |rows: &str, cols: &str| {
        format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell table:number-columns-repeated=\"{cols}\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>"
        )
    };
    assert!(
        says(&many("1048576", "16384")).contains("valori ripetuti")
            || says(&many("1048576", "16384")).contains("celle")
    );
    assert!(says(&many("1000", "2000")).contains("valori ripetuti"));
    assert!(says(&many("4294967295", "1")).contains("oltre XFD1048576"));
    assert!(says(&many("1", "4294967295")).contains("oltre XFD1048576"));
}

#[test]
fn values_are_what_their_types_say() {
    let cell = |kind: &str, value: &str, text: &str| {
        format!("<table:table-cell office:value-type=\"{kind}\" {value}><text:p>{text}</text:p></table:table-cell>")
    };
    let rows = [
        cell("percentage", "office:value=\"0.45\"", "45%"),
        cell("date", "office:date-value=\"2024-03-31\"", "31/03/24"),
        cell("time", "office:time-value=\"PT12H00M00S\"", "12:00"),
        cell("boolean", "office:boolean-value=\"true\"", "VERO"),
        cell("string", "calcext:value-type=\"error\"", "#REF!"),
        cell("currency", "office:currency=\"EUR\" office:value=\"12\"", "12 €"),
        cell(
            "string",
            "",
            "a<text:s text:c=\"2\"/>b<text:line-break/>c</text:p><text:p>d &#233;<text:span>f</text:span>",
        ),
    ];
    let sheets = pass(&table(&format!("<table:table-row>{}</table:table-row>", rows.concat()))).unwrap();
    let found = cells(&sheets[0]);
    assert_eq!(found, ["A1=0.45", "B1=45382", "C1=0.5", "D1=VERO", "E1=#REF!", "F1=12", "G1=a  b\nc\nd éf"]);
    let formats: Vec<_> = sheets[0].cells.iter().map(|c| c.format).take(3).collect();
    assert_eq!(formats, [Format::Percent, Format::Date, Format::Date]);
    assert!(matches!(sheets[0].cells[4].value, Scalar::Error(_)));
}

#[test]
fn what_stands_around_values_is_kept() {
    let body = format!(
        "<office:automatic-styles><style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>\
         <office:spreadsheet><table:content-validations><table:content-validation table:name=\"v\" table:condition=\"of:cell-content-is-in-list(&quot;Si&quot;;&quot;No&quot;)\"/></table:content-validations>\
         <table:table table:name=\"a\" table:style-name=\"ta2\"><table:table-column/><table:table-column table:visibility=\"collapse\" table:number-columns-repeated=\"2\"/>\
         <table:table-row table:visibility=\"filter\"><table:table-cell table:number-columns-spanned=\"2\" table:number-rows-spanned=\"2\" table:content-validation-name=\"v\" office:value-type=\"string\">\
         <office:annotation><dc:creator>Rossi</dc:creator><dc:date>2024</dc:date><text:p>nota</text:p></office:annotation><text:p>unita</text:p>\
         <draw:frame><draw:text-box><text:p>riquadro</text:p></draw:text-box></draw:frame></table:table-cell>\
         <table:covered-table-cell office:value-type=\"string\"><text:p>coperta</text:p></table:covered-table-cell>{TEXT}</table:table-row>\
         <table:table-row table:visibility=\"collapse\" table:number-rows-repeated=\"1048575\"><table:table-cell/></table:table-row></table:table></office:spreadsheet>"
    );
    let sheets = pass(&body).unwrap();
    let sheet = &sheets[0];
    assert_eq!(sheet.visibility, Visibility::Hidden);
    assert_eq!(cells(sheet), ["A1=unita", "C1=x"]);
    assert_eq!(sheet.merged[0].to_string(), "A1:B2");
    assert_eq!((&sheet.hidden_rows[..], &sheet.hidden_cols[..]), (&[0][..], &[1, 2][..]));
    assert_eq!((sheet.notes[0].author.as_str(), sheet.notes[0].text.as_str()), ("Rossi", "nota"));
    assert_eq!((&*sheet.boxes[0].text, sheet.boxes[0].at), ("riquadro", CellRef::new(0, 0)));
    assert_eq!(sheet.dropdowns[0].options.iter().map(|o| &**o).collect::<Vec<_>>(), ["Si", "No"]);
    assert_eq!(sheet.dropdowns[0].areas[0].to_string(), "A1");
}

#[test]
fn formulas_without_a_result_are_no_blanks() {
    let cell = |attributes: &str| format!("<table:table-cell table:formula=\"of:=[.Z1]\" {attributes}/>");
    let kinds = [
        "",
        "office:value-type=\"float\"",
        "office:value-type=\"string\" office:string-value=\"\"",
        "office:value-type=\"float\" office:value=\"0\"",
    ];
    let row = format!("<table:table-row>{}</table:table-row>", kinds.map(cell).concat());
    let sheets = pass(&table(&row)).unwrap();
    let found: Vec<_> = sheets[0].cells.iter().map(|c| (c.at.to_string(), c.value.clone())).collect();
    let expected = [("A1", Scalar::Uncalculated), ("B1", Scalar::Uncalculated), ("D1", Scalar::Number(0.0))];
    assert_eq!(found, expected.map(|(at, value)| (at.to_owned(), value)));
}

/// The sections of a sheet on the page `p`, by these master pages.
fn pages(masters: &str) -> Result<Vec<String>, Error> {
    let limits = Limits::default();
    let names = ["p".to_owned()];
    let mut pages = Pages::new(&names, &limits);
    crate::package::scan_text(masters, &limits, |piece| pages.piece(piece))?;
    let mut sheets = [Sheet::default()];
    pages.finish(&mut sheets, &names)?;
    Ok(std::mem::take(&mut sheets[0].header_footer))
}

#[test]
fn headers_of_pages_are_read_by_sections_and_lines() {
    let band = |name: &str, inside: &str| format!("<style:{name}>{inside}</style:{name}>");
    let page =
        |name: &str, inside: &str| format!("<style:master-page style:name=\"{name}\">{inside}</style:master-page>");
    let inside = [
        band(
            "header",
            "<text:p>Comune <text:span>di&#10;Prova</text:span></text:p><text:p>Piano<text:s text:c=\"3\"/>2024</text:p>",
        ),
        band(
            "header-left",
            "<style:region-left><text:p>Settore &amp; Uffici</text:p></style:region-left><style:region-center/><style:region-right><text:p><text:sheet-name>???</text:sheet-name> del <text:date>01/02/2024</text:date></text:p></style:region-right>",
        ),
        "<loext:header-first><text:p>Prima</text:p></loext:header-first>".to_owned(),
        "<style:footer style:display=\"false\"><text:p>nascosto</text:p></style:footer>".to_owned(),
        band("footer-left", "<text:p>Prima</text:p>"),
        band("footer-first", "<text:p>Pag. <text:page-number>1</text:page-number></text:p>"),
    ];
    let masters = page("altra", &band("header", "<text:p>Altra</text:p>")) + &*page("p", &inside.concat());
    let found = pages(&masters).unwrap();
    assert_eq!(found, ["Comune di Prova\nPiano 2024", "Settore & Uffici", "del", "Prima", "Pag."]);
}

#[test]
fn headers_of_pages_have_a_bound() {
    let header = |text: &str| {
        format!(
            "<style:master-page style:name=\"p\"><style:header><text:p>{text}</text:p></style:header></style:master-page>"
        )
    };
    let says = |text: &str| pages(&header(text)).unwrap_err().message(Lang::It).to_owned();
    assert!(says(&"<text:span>testo</text:span>".repeat(1 << 20)).contains("intestazioni di pagina"));
    // Sheets that share a page are each given its text.
    let limits = Limits::default();
    let names = vec!["p".to_owned(); 100];
    let mut all = Pages::new(&names, &limits);
    crate::package::scan_text(&header(&"x".repeat(100_000)), &limits, |piece| all.piece(piece)).unwrap();
    let error = all.finish(&mut vec![Sheet::default(); 100], &names).unwrap_err();
    assert!(error.message(Lang::It).contains("8 MiB"), "{error:?}");
    let band = |n: u32| format!("<style:header><text:p>{n}</text:p></style:header>");
    let many: String = (0..1_000).map(band).collect();
    let many = format!("<style:master-page style:name=\"p\">{many}</style:master-page>");
    assert_eq!(pages(&many).unwrap().len(), 18);
}

#[test]
fn sheets_are_printed_on_the_page_that_their_style_names() {
    let style = |name: &str, page: &str| {
        format!(
            "<style:style style:name=\"{name}\" style:family=\"table\" style:master-page-name=\"{page}\"><style:table-properties/></style:style>"
        )
    };
    let table =
        |style: &str| format!("<table:table table:name=\"{style}\" table:style-name=\"{style}\"></table:table>");
    let body = [style("ta1", "uno"), style("ta2", "due"), table("ta2"), table("ta9"), table("ta1")].concat();
    let limits = Limits::default();
    let mut pass = Pass::new(Texts::none(&limits), &limits);
    crate::package::scan_text(&body, &limits, |piece| pass.piece(piece)).unwrap();
    assert_eq!(pass.finish().1, ["due", "Default", "uno"]);
}

#[test]
fn answers_by_names_stand_where_these_lead() {
    let condition = |name: &str, list: &str| {
        format!(
            "<table:content-validation table:name=\"{name}\" table:condition=\"of:cell-content-is-in-list({list})\"/>"
        )
    };
    let cell = |list: &str| format!("<table:table-cell table:content-validation-name=\"{list}\"/>");
    let named = |name: &str, at: &str| {
        format!(
            "<table:named-expressions><table:named-range table:name=\"{name}\" table:cell-range-address=\"{at}\"/></table:named-expressions>"
        )
    };
    let validations = [
        condition("v1", "Livelli"),
        condition("v2", "Scelte"),
        condition("v3", "[.$E$1:.$E$2]"),
        condition("v4", "&quot;Si, in parte&quot;;&quot;No&quot;"),
        condition("v5", "OFFSET([.A1];1;1)"),
    ];
    let cells = ["v1", "v2", "v3", "v4", "v5"].map(cell).concat();
    let row = format!("<table:table-row>{cells}<table:table-cell/></table:table-row>");
    let texts = format!("<table:table-row>{TEXT}{TEXT}</table:table-row>");
    let body = [
        format!("<table:content-validations>{}</table:content-validations>", validations.concat()),
        format!("<table:table table:name=\"a\">{row}{}</table:table>", named("Scelte", "$b.$B$1")),
        format!("<table:table table:name=\"b\">{texts}</table:table>"),
        named("Livelli", "$b.$A$1:$b.$B$1"),
    ];
    let limits = Limits::default();
    let mut pass = Pass::new(Texts::none(&limits), &limits);
    crate::package::scan_text(&body.concat(), &limits, |piece| pass.piece(piece)).unwrap();
    let (mut sheets, _, lists, places) = pass.finish();
    assert!(!look_up(&mut sheets, lists, &places));
    let lists: Vec<_> = sheets[0].dropdowns.iter().map(|l| format!("{} {}", l.areas[0], l.options.join("|"))).collect();
    assert_eq!(lists, ["D1 Si, in parte|No", "A1 x|x", "B1 x", "C1 ", "E1 "]);
}
