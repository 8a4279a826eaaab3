//! Files of other containers than `.xlsx`, out of all proportion.

use std::io::{Cursor, Write as _};

use riscontro::model::ErrorKind;
use zip::CompressionMethod;

use super::{Case, case, deflated, zip};

/// An Office file of the old kind with one stream.
pub(super) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(name).unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

pub(crate) fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
}

/// An `.xls` workbook of one sheet, with these records among those of the workbook and with these numbers.
fn xls(globals: &[u8], numbers: &[(u16, u16, f64)]) -> Vec<u8> {
    let cells = numbers.iter().flat_map(|(row, col, n)| {
        let content = [&row.to_le_bytes()[..], &col.to_le_bytes(), &[0, 0], &n.to_le_bytes()].concat();
        record(0x0203, &content)
    });
    xls_of(globals, &cells.collect::<Vec<_>>())
}

/// An `.xls` workbook of one sheet with these records among those of the workbook and of the sheet.
pub(crate) fn xls_of(globals: &[u8], cells: &[u8]) -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let end = record(0x000A, &[]);
    let sheet = |offset: u32| record(0x0085, &[&offset.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
    let front = [begin(5), globals.to_vec()].concat();
    let offset = u32::try_from(front.len() + sheet(0).len() + end.len()).unwrap();
    let stream = [front, sheet(offset), end.clone(), begin(0x10), cells.to_vec(), end].concat();
    compound("Workbook", &stream)
}

/// Rows and columns without content, as many as can be written.
const EMPTY: &str = r#"<table:table-row table:number-rows-repeated="4294967295"><table:table-cell table:number-columns-repeated="4294967295"/></table:table-row>"#;

fn ods_part(content: &str) -> Vec<u8> {
    deflated(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)])
}

/// An ODF spreadsheet of one sheet with these rows.
fn ods(rows: &str) -> Vec<u8> {
    ods_part(&format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    ))
}

/// A row of a number, both repeated.
fn cell_of(number: u32, rows: &str, cols: &str) -> String {
    format!(
        r#"<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{cols}" office:value-type="float" office:value="{number}"/></table:table-row>"#
    )
}

fn text_of(inside: &str) -> String {
    format!(
        r#"<table:table-row><table:table-cell office:value-type="string"><text:p>{inside}</text:p></table:table-cell></table:table-row>"#
    )
}

fn encrypted_ods() -> Vec<u8> {
    deflated(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", "\u{1}\u{2}"),
        ("META-INF/manifest.xml", "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"),
    ])
}

/// Many sheets, each with all of its rows hidden and a value in the last.
fn hidden_ods() -> Vec<u8> {
    let hidden = r#"<table:table-row table:visibility="collapse" table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>"#;
    let sheet = format!(r#"<table:table table:name="b">{hidden}{}</table:table>"#, cell_of(1, "1", "1"));
    ods(&format!("</table:table>{}<table:table table:name=\"c\">", sheet.repeat(1_000)))
}

/// One value in quotation marks over 20 MiB of lines.
fn quoted_lines() -> Vec<u8> {
    [b"a;\"", &b"testo\n".repeat((20 << 20) / 6)[..], b"\";b\n"].concat()
}

/// Other containers than `.xlsx`, out of all proportion.
pub(super) fn all() -> Vec<Case> {
    use ErrorKind::{Corrupt, Encrypted, TooLarge};
    vec![
        case("riga-senza-fine.csv", TooLarge, "una riga supera 16 MiB", vec![b'x'; 150 << 20]),
        case("riga-oltre-il-limite.csv", TooLarge, "il limite è 200 MiB", vec![b'x'; 201 << 20]),
        case("virgolette-senza-fine.csv", TooLarge, "una riga supera 16 MiB", quoted_lines()),
        case("troppe-colonne.csv", TooLarge, "più di 16384 colonne", "1;".repeat(100_000)),
        case(
            "troppe-righe.csv",
            TooLarge,
            "più di 1048576 righe",
            "1;2\n".to_owned() + &*"\n".repeat(1_048_576) + "3;4\n",
        ),
        case("binario.csv", Corrupt, "non è una cartella", [&b"a;b\n\x00\x01\x02"[..], &[0x9D; 64]].concat()),
        case("due-valori.xls", None, "", xls(&[], &[(0, 0, 1.0), (9, 9, 2.0)])),
        case("lontane.xls", TooLarge, "troppo lontani fra loro", xls(&[], &[(0, 0, 1.0), (65_535, 255, 2.0)])),
        case("cifrato.xls", Encrypted, "protetto da password", xls(&record(0x002F, &[0; 6]), &[(0, 0, 1.0)])),
        case("record-falso.xls", None, "", xls(&record(0x00FC, &[0xFF; 8]), &[(0, 0, 1.0)])),
        case(
            "foglio.ods",
            Corrupt,
            "manca il contenuto",
            zip(CompressionMethod::Stored, &[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]),
        ),
        case("righe-ripetute.ods", None, "", ods(&(cell_of(1, "1", "1") + EMPTY.repeat(50).as_str()))),
        case("valori-ripetuti.ods", TooLarge, "valori ripetuti", ods(&cell_of(1, "1000000", "2"))),
        case("celle-ripetute.ods", TooLarge, "celle", ods(&cell_of(1, "1048576", "16384"))),
        case("oltre.ods", Corrupt, "oltre XFD1048576", ods(&cell_of(1, "9999999999", "1"))),
        case("dtd.ods", Corrupt, "DTD", ods_part("<!DOCTYPE a [<!ENTITY b \"c\">]><office:document-content/>")),
        case("cifrato.ods", Encrypted, "protetto da password", encrypted_ods()),
        case("spazi.ods", None, "", ods(&text_of(&"<text:s text:c=\"4000000000\"/>".repeat(1_000)))),
        case("nascoste.ods", TooLarge, "righe nascoste", hidden_ods()),
    ]
}

/// Texts of Markdown, out of all proportion.
pub(super) fn markdown() -> Vec<Case> {
    use ErrorKind::TooLarge;
    let row = |sign: &str, times: usize| format!("|{}\n", format!("{sign}|").repeat(times));
    let wide = row("a", 100_000) + &*row("-", 100_000) + &*row("b", 100_000);
    let deeper = |line: usize| "  ".repeat(line) + "- x\n";
    let nested = "- ".repeat(10_000) + "x\n" + &*"\n".repeat(1_000_000) + "y\n";
    let quoted = "> ".repeat(10_000) + "x\n" + &*(">".repeat(200) + "\n").repeat(10_000);
    vec![
        case("troppe-colonne.md", TooLarge, "più di 16384 colonne", wide),
        case("pipe.md", TooLarge, "un testo Markdown supera 4 MiB", vec![b'|'; 60 << 20]),
        case("pipe-al-limite.md", None, "", vec![b'|'; (4 << 20) - 1]),
        case("elenchi-annidati.md", None, "", nested),
        case("elenchi-ripetuti.md", None, "", ("- ".repeat(5_000) + "x\n\n").repeat(400)),
        case("elenchi-rientrati.md", None, "", (0..1_500).map(deeper).collect::<String>()),
        case("citazioni-annidate.md", None, "", quoted),
    ]
}

/// Archives of documents, which only the program walks.
pub(super) fn folders() -> Vec<Case> {
    // 18 times 60 MiB: shrunk once, for that takes long.
    let one = deflated(&[("a.csv", "1;2\n".repeat(15 << 20))]);
    let mut many = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..18 {
        let mut source = ::zip::ZipArchive::new(Cursor::new(&one)).unwrap();
        many.raw_copy_file_rename(source.by_index(0).unwrap(), format!("{n}.csv")).unwrap();
    }
    let many = many.finish().unwrap().into_inner();
    vec![case("insieme-troppo.zip", ErrorKind::TooLarge, "i suoi documenti sono di", many)]
}
