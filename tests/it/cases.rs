//! Files as they should not be, made here. `examples/hostile.rs` writes the same to a folder.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use riscontro::model::ErrorKind;
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

#[path = "cases/forms.rs"]
mod forms;
#[path = "cases/containers.rs"]
mod other;

use other::compound;
#[allow(unused_imports, reason = "the tests make some of their own")]
pub(crate) use other::{record, xls_of};

pub(crate) struct Case {
    /// File name.
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// How it is refused, `None` if it is read.
    pub(crate) kind: Option<ErrorKind>,
    /// Words of the Italian sentence; of a file that is checked, of the result. Empty where it holds no known table.
    pub(crate) says: &'static str,
}

pub(crate) const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A zip archive of some parts.
pub(crate) fn zip<N: AsRef<str>, C: AsRef<[u8]>>(method: CompressionMethod, parts: &[(N, C)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, content) in parts {
        writer.start_file(name.as_ref(), options).unwrap();
        writer.write_all(content.as_ref()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn deflated<N: AsRef<str>, C: AsRef<[u8]>>(parts: &[(N, C)]) -> Vec<u8> {
    zip(CompressionMethod::Deflated, parts)
}

/// The parts of a workbook of one sheet, whose part is `sheet`.
pub(crate) fn parts(sheet: impl Into<Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    let types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let rel = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{REL}/{kind}" Target="{target}"/>"#)
    };
    let rels = |inside: String| format!("<Relationships>{inside}</Relationships>");
    let sheets = r#"<sheets><sheet name="Foglio1" sheetId="1" r:id="r1"/></sheets>"#;
    let mut parts: Vec<(String, Vec<u8>)> = [
        (
            "[Content_Types].xml",
            format!(
                r#"<Types><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>"#
            ),
        ),
        ("_rels/.rels", rels(rel("r1", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{REL}">{sheets}</workbook>"#)),
        (
            "xl/_rels/workbook.xml.rels",
            rels(rel("r1", "worksheet", "worksheets/sheet1.xml") + rel("r2", "sharedStrings", "sharedStrings.xml").as_str()),
        ),
    ]
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .into();
    parts.push(("xl/worksheets/sheet1.xml".to_owned(), sheet.into()));
    parts
}

/// A worksheet part with these rows.
pub(crate) fn sheet(rows: &str) -> String {
    format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#)
}

/// A workbook of one sheet with these rows.
pub(crate) fn book(rows: &str) -> Vec<u8> {
    deflated(&parts(sheet(rows)))
}

/// `parts` with the content of one exchanged, or added.
pub(crate) fn with(
    mut parts: Vec<(String, Vec<u8>)>,
    name: &str,
    content: impl Into<Vec<u8>>,
) -> Vec<(String, Vec<u8>)> {
    parts.retain(|(n, _)| n != name);
    parts.push((name.to_owned(), content.into()));
    parts
}

/// A small workbook as people make them.
pub(crate) fn honest() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Registro").unwrap();
    for row in 0..40 {
        sheet.write(row, 0, format!("processo {row}")).unwrap();
        sheet.write(row, 1, f64::from(row)).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// Replaces every occurrence of `from` by `to`, of the same length.
pub(crate) fn patch(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let found: Vec<usize> = (0..=bytes.len() - from.len()).filter(|&i| bytes[i..].starts_with(from)).collect();
    assert!(!found.is_empty());
    for at in found {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

/// Offset of the directory record of the entry `name`.
fn entry_of(bytes: &[u8], name: &str) -> usize {
    (0..bytes.len())
        .find(|&i| {
            bytes[i..].starts_with(b"PK\x01\x02") && bytes.get(i + 46..).is_some_and(|b| b.starts_with(name.as_bytes()))
        })
        .unwrap()
}

/// The directory says that the sheet has 100 bytes.
fn lying() -> Vec<u8> {
    let mut bytes = book(&format!("<row><c><v>{}</v></c></row>", "1".repeat(3 << 20)));
    let at = entry_of(&bytes, "xl/worksheets/sheet1.xml");
    bytes[at + 24..at + 28].copy_from_slice(&100u32.to_le_bytes());
    bytes
}

/// The directory leads two names to one place.
fn overlapping() -> Vec<u8> {
    let mut bytes = deflated(&with(parts(sheet("")), "xl/worksheets/sheet2.xml", sheet("")));
    let first = entry_of(&bytes, "xl/worksheets/sheet1.xml");
    let second = entry_of(&bytes, "xl/worksheets/sheet2.xml");
    let place: Vec<u8> = bytes[first + 42..first + 46].to_vec();
    bytes[second + 42..second + 46].copy_from_slice(&place);
    bytes
}

fn encrypted() -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(512, 0);
    bytes.extend("EncryptedPackage".bytes().flat_map(|c| [c, 0]));
    bytes
}

/// An Office file of the old kind that holds nothing.
fn empty_compound() -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(512, 0);
    bytes
}

fn office(kind: &str) -> Vec<u8> {
    deflated(&[("[Content_Types].xml", format!(r#"<Types><Override PartName="/a" ContentType="{kind}"/></Types>"#))])
}

/// One text of a MiB in 6,000 cells.
pub(crate) fn long_text() -> Vec<u8> {
    let rows = (1..=6000).fold(String::new(), |mut rows, r| {
        write!(rows, r#"<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>"#).unwrap();
        rows
    });
    let text = format!(r#"<sst uniqueCount="1"><si><t>{}</t></si></sst>"#, "x".repeat(1 << 20));
    deflated(&with(parts(sheet(&rows)), "xl/sharedStrings.xml", text))
}

pub(crate) fn far_apart() -> Vec<u8> {
    book(r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#)
}

/// A table of so many processes, all of whose texts are the longest that a cell takes.
fn long_rows(rows: u32) -> Vec<u8> {
    let headings = ["N.", "Processo", "Area di rischio", "Ufficio", "Evento rischioso", "Misura specifica"];
    let mut text = String::from(r#"<row r="1">"#);
    for heading in headings {
        write!(text, r#"<c t="inlineStr"><is><t>{heading}</t></is></c>"#).unwrap();
    }
    text += "</row>";
    for n in 1..=rows {
        write!(text, r#"<row r="{}"><c><v>{n}</v></c>"#, n + 1).unwrap();
        write!(
            text,
            r#"<c t="inlineStr"><is><t>Processo {n}</t></is></c>{}</row>"#,
            r#"<c t="s"><v>0</v></c>"#.repeat(4)
        )
        .unwrap();
    }
    let long: String = "misura di prevenzione ".repeat(1_500).chars().take(32_767).collect();
    let strings = format!(r#"<sst uniqueCount="1"><si><t>{long}</t></si></sst>"#);
    deflated(&with(parts(sheet(&text)), "xl/sharedStrings.xml", strings))
}

/// A table of processes whose sheet has these merged areas.
fn merged(areas: impl Iterator<Item = String>) -> Vec<u8> {
    let mut text = String::from("<worksheet><sheetData>");
    let headings = ["N.", "Processo", "Area di rischio", "Misura"];
    for r in (1..=2_001).step_by(2) {
        write!(text, r#"<row r="{r}">"#).unwrap();
        for (column, heading) in ["A", "B", "C", "D"].iter().zip(headings) {
            let value = if r == 1 { heading.to_owned() } else { format!("{heading} {}", r / 2) };
            write!(text, r#"<c r="{column}{r}" t="inlineStr"><is><t>{value}</t></is></c>"#).unwrap();
        }
        text += "</row>";
    }
    text += "</sheetData><mergeCells>";
    areas.for_each(|area| write!(text, r#"<mergeCell ref="{area}"/>"#).unwrap());
    deflated(&parts(text + "</mergeCells></worksheet>"))
}

/// Merged areas: so many, as large as the sheet, one over the other.
fn merges(most: u32) -> Vec<Case> {
    let pairs =
        (3..=most / 2 + 1).step_by(2).flat_map(|r| ["A", "B", "C", "D"].map(|c| format!("{c}{r}:{c}{}", r + 1)));
    let tall = (0..16_384).map(|c| format!("{0}2:{0}1048576", riscontro::model::column_name(c)));
    let over = (0..most).map(|i| format!("A{}:C{}", 2 + i % 7, 1_048_576 - i));
    vec![
        case("unioni.xlsx", None, "1 documento: ", merged(pairs)),
        case("unioni-alte.xlsx", None, "1 documento: ", merged(tall)),
        case("unioni-sovrapposte.xlsx", None, "1 documento: ", merged(over)),
        case("unione-di-tutto.xlsx", None, "", merged(["A1:XFD1048576".to_owned()].into_iter())),
    ]
}

/// Many answer lists, each over a range of its own of 10,000 cells.
fn lists() -> Vec<u8> {
    let mut text = String::from("<worksheet><sheetData>");
    for r in 1..=10_000 {
        write!(text, r#"<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>"#).unwrap();
    }
    text += "</sheetData><dataValidations>";
    for r in 1..=2_500 {
        let range = format!("$A$1:$A${}", 10_000 + r);
        write!(text, r#"<dataValidation type="list" sqref="B{r}"><formula1>{range}</formula1></dataValidation>"#)
            .unwrap();
    }
    deflated(&parts(text + "</dataValidations></worksheet>"))
}

fn case(name: &'static str, kind: impl Into<Option<ErrorKind>>, says: &'static str, bytes: impl Into<Vec<u8>>) -> Case {
    Case { name, bytes: bytes.into(), kind: kind.into(), says }
}

/// Files that are something else than a workbook.
fn others() -> Vec<Case> {
    use ErrorKind::{Corrupt, Encrypted, Unrecognised, Unsupported};
    let whole = honest();
    let as_text = String::from_utf8_lossy(&whole).into_owned();
    vec![
        case("vuoto.xlsx", Corrupt, "il file è vuoto", ""),
        case("testo.xlsx", Corrupt, "è un testo con il nome di una cartella", "Verbale della riunione\ndel giorno\n"),
        case("registro.gsheet", Unsupported, "collegamento a Google Drive", r#"{"url": "https://docs.google.com/x"}"#),
        case("~$registro.xls", Unsupported, "accanto a un documento aperto", b"\x05Rossi\x00\x00"),
        case("testo.txt", Unsupported, "è un testo", "Verbale della riunione\n"),
        case("valori.csv", None, "", "a;b\n1;2\n"),
        case("valori.xlsx", None, "", "a;b\n1;2\n"),
        case("cifrato.xlsx", Encrypted, "protetto da password", encrypted()),
        case("vecchio.xls", Corrupt, "contenitore non si legge", empty_compound()),
        case("verbale.xls", Unsupported, "un vecchio documento di Office", compound("WordDocument", b"testo")),
        case(
            "binario.xlsb",
            Unsupported,
            "archivio zip senza",
            office("application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
        ),
        case(
            "relazione.xlsx",
            Unsupported,
            "documento di testo",
            office("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
        ),
        case("stampa.xlsx", Unsupported, "PDF", "%PDF-1.7\n%\u{e2}\u{e3}"),
        case("firmato.xlsx.p7m", Unsupported, ".p7m", b"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80"),
        case("pagina.xls", Unsupported, "pagina web", "<html><body><table><tr><td>1</td></tr></table></body></html>"),
        case(
            "xml2003.xls",
            Unsupported,
            "XML 2003",
            r#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>"#,
        ),
        case("ignoto.xlsx", Corrupt, "non è una cartella di Excel", b"\x7FELF\x00\x01"),
        case("convertito.xlsx", Corrupt, "trattato come testo", as_text),
        case("troncato.xlsx", Corrupt, "incompleto", &whole[..whole.len() * 2 / 3]),
        case("archivio.zip", Unsupported, "archivio zip", deflated(&[("leggimi.txt", "ciao")])),
        case(
            "senza-fogli.xlsx",
            Unrecognised,
            "non contiene fogli",
            deflated(&with(parts(sheet("")), "xl/workbook.xml", "<workbook><sheets/></workbook>")),
        ),
    ]
}

/// Containers that are not what they seem.
fn containers() -> Vec<Case> {
    use ErrorKind::{Corrupt, TooLarge};
    let with_sheet = |name: &str, content: &str| deflated(&with(parts(sheet("")), name, content));
    let sheet2 = with_sheet("xl/worksheets/sheet2.xml", &sheet(""));
    let many: Vec<_> = (0..20_001).map(|i| (format!("xl/media/{i}.bin"), "")).collect();
    vec![
        case("zeri.xlsx", TooLarge, "un testo supera 4 MiB", deflated(&parts(vec![0; 50 << 20]))),
        case("dimensione-falsa.xlsx", Corrupt, "danneggiato", lying()),
        case("sovrapposte.xlsx", Corrupt, "si sovrappongono", overlapping()),
        case("doppie.xlsx", Corrupt, "stesso nome", patch(sheet2.clone(), b"sheet2.xml", b"sheet1.xml")),
        case("doppie-maiuscole.xlsx", Corrupt, "si chiamano", patch(sheet2, b"sheet2.xml", b"SHEET1.xml")),
        case("percorso.xlsx", Corrupt, "nome inammissibile", with_sheet("xl/../../../fuori.xml", "<a/>")),
        case("percorso-windows.xlsx", Corrupt, "nome inammissibile", with_sheet("C:\\fuori.xml", "<a/>")),
        case("troppe-parti.xlsx", TooLarge, "più di 20000 parti", zip(CompressionMethod::Stored, &many)),
        case(
            "utf16.xlsx",
            Corrupt,
            "UTF-16",
            deflated(&parts("\u{FEFF}<w/>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())),
        ),
        case(
            "foglio-ripetuto.xlsx",
            Corrupt,
            "è ripetuto",
            with_sheet(
                "xl/workbook.xml",
                r#"<workbook><sheets><sheet name="a" r:id="r1"/><sheet name="b" r:id="r1"/></sheets></workbook>"#,
            ),
        ),
        case(
            "foglio-assente.xlsx",
            Corrupt,
            "manca il contenuto del foglio «a»",
            with_sheet("xl/workbook.xml", r#"<workbook><sheets><sheet name="a" r:id="r9"/></sheets></workbook>"#),
        ),
    ]
}

/// Parts that are not what they seem.
fn contents() -> Vec<Case> {
    use ErrorKind::Corrupt;
    let dtd =
        format!(r#"<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{}"#, sheet("<row><c><v>1</v></c></row>"));
    let deep = format!("<worksheet>{}{}</worksheet>", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let quoted = format!(r#"<row x=">{}"/>"#, "> <a> ".repeat(1 << 18));
    let strings = |text: &str| deflated(&with(parts(sheet("")), "xl/sharedStrings.xml", text));
    vec![
        case("dtd.xlsx", Corrupt, "DTD", deflated(&parts(dtd))),
        case("profondo.xlsx", Corrupt, "64 livelli", deflated(&parts(deep))),
        case(
            "tag-enorme.xlsx",
            Corrupt,
            "tag XML supera 64 KiB",
            book(&format!("<row x=\"{}\"/>", "y".repeat(1 << 20))),
        ),
        case("tag-fra-virgolette.xlsx", Corrupt, "tag XML supera 64 KiB", book(&quoted)),
        case(
            "troppi-testi.xlsx",
            Corrupt,
            "numero di testi dichiarato assurdo",
            strings(r#"<sst uniqueCount="99999999999"><si><t>a</t></si></sst>"#),
        ),
        case("non-numero.xlsx", Corrupt, "cella A1", book(r#"<row r="1"><c r="A1"><v>NaN</v></c></row>"#)),
        case("infinito.xlsx", Corrupt, "cella A1", book(r#"<row r="1"><c r="A1"><v>1e999</v></c></row>"#)),
        case("grande.xlsx", None, "", book(r#"<row r="1"><c r="A1"><v>1e308</v></c></row>"#)),
        case("oltre-colonna.xlsx", Corrupt, "oltre XFD1048576", book(r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#)),
        case("oltre-riga.xlsx", Corrupt, "riga impossibile", book(r#"<row r="1048577"><c><v>1</v></c></row>"#)),
        case("oltre-tutto.xlsx", Corrupt, "senza senso", book(r#"<row><c r="AAAAAAAA1"><v>1</v></c></row>"#)),
        case(
            "senza-posizioni.xlsx",
            None,
            "",
            book("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"),
        ),
        case("lontane.xlsx", None, "", far_apart()),
        case("testo-lungo.xlsx", None, "", long_text()),
        case("elenchi.xlsx", None, "", lists()),
        case("non-chiuso.xlsx", Corrupt, "XML incompleto", deflated(&parts("<worksheet><sheetData>"))),
        case("indice-testo.xlsx", Corrupt, "foglio «Foglio1»", book(r#"<row><c t="s"><v>7</v></c></row>"#)),
    ]
}

/// The cases that the tests read, in a build that is not optimised.
pub(crate) fn all() -> Vec<Case> {
    sized(20_000, 30)
}

/// Every case, with this number of merged areas, three rows of long texts for a hundred of them, and of headers.
pub(crate) fn sized(areas: u32, headers: usize) -> Vec<Case> {
    let long = case("testi-lunghi.xlsx", None, "1 documento: ", long_rows(areas * 3 / 100));
    let of_other_kinds = others().into_iter().chain(other::all()).chain(other::markdown());
    let contents = of_other_kinds.chain(containers()).chain(contents());
    contents.chain(merges(areas)).chain(forms::all(headers)).chain([long]).collect()
}

/// Cases that only the program meets, for it walks archives.
pub(crate) fn folders() -> Vec<Case> {
    other::folders()
}
