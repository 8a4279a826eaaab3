//! Workbooks of binary parts say what those of XML parts say.

use std::fs;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsb};
use riscontro::model::{ErrorKind, Format, Grid, Scalar, Sheet, Visibility};
use riscontro::package::Limits;
use riscontro::{ingest, model};

use crate::cases::deflated;
use crate::cli::Folder;
use crate::containers::{REGISTER, fixture, gist, grid, report};

pub(crate) const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Styles of the workbooks made here: general, percent, date, text.
const FORMATS: [u16; 4] = [0, 9, 14, 49];

pub(crate) fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let low = u8::try_from(kind & 0x7F).unwrap();
    let mut bytes = if kind < 0x80 { vec![low] } else { vec![low | 0x80, u8::try_from(kind >> 7).unwrap()] };
    let mut length = content.len();
    loop {
        let low = u8::try_from(length & 0x7F).unwrap();
        length >>= 7;
        bytes.push(if length > 0 { low | 0x80 } else { low });
        if length == 0 {
            break;
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

pub(crate) fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let count = u32::try_from(units.len() / 2).unwrap();
    [&count.to_le_bytes()[..], &units].concat()
}

pub(crate) fn longs(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

pub(crate) fn cell(kind: u16, col: u32, style: u32, value: &[u8]) -> Vec<u8> {
    record(kind, &[&longs(&[col, style])[..], value].concat())
}

pub(crate) fn row(number: u32, is_hidden: bool) -> Vec<u8> {
    record(0, &[&longs(&[number, 0])[..], &[0, 0, 0, if is_hidden { 0x10 } else { 0 }, 0, 0, 0, 0, 0]].concat())
}

/// A sheet part with these records of rows and cells between `front` and `end`.
pub(crate) fn part(front: &[u8], cells: &[u8], end: &[u8]) -> Vec<u8> {
    let dimension = record(148, &longs(&[0, 100, 0, 100]));
    let columns = [record(390, &[]), front.to_vec(), record(391, &[])].concat();
    [
        record(129, &[]),
        dimension,
        columns,
        record(145, &[]),
        cells.to_vec(),
        record(146, &[]),
        end.to_vec(),
        record(130, &[]),
    ]
    .concat()
}

/// A workbook of sheets: name, state, part.
fn workbook(strings: &[String], sheets: &[(&str, u32, Vec<u8>)]) -> Vec<u8> {
    deflated(&workbook_parts(strings, sheets, &[]))
}

/// The parts of a workbook with these records behind those that list its sheets.
pub(crate) fn workbook_parts(
    strings: &[String],
    sheets: &[(&str, u32, Vec<u8>)],
    named: &[u8],
) -> Vec<(String, Vec<u8>)> {
    let xml = |inside: String| format!("<Relationships>{inside}</Relationships>").into_bytes();
    let rel = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{REL}/{kind}" Target="{target}"/>"#)
    };
    let types = r#"<Types><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>"#;
    let mut bundle = record(143, &[]);
    let mut rels = rel("s", "sharedStrings", "sharedStrings.bin") + &*rel("t", "styles", "styles.bin");
    for (i, (name, state, _)) in sheets.iter().enumerate() {
        let number = u32::try_from(i + 1).unwrap();
        let id = format!("r{number}");
        bundle.extend(record(156, &[longs(&[*state, number]), wide(&id), wide(name)].concat()));
        rels += &rel(&id, "worksheet", &format!("worksheets/sheet{number}.bin"));
    }
    bundle.extend(record(144, &[]));
    let book = [record(131, &[]), record(153, &[0; 12]), bundle, named.to_vec(), record(132, &[])].concat();
    let texts = strings.iter().flat_map(|text| record(19, &[&[0][..], &wide(text)].concat()));
    let count = u32::try_from(strings.len()).unwrap();
    let texts = [record(159, &longs(&[count, count])), texts.collect(), record(160, &[])].concat();
    let styles = FORMATS.iter().flat_map(|f| record(47, &[&[0, 0][..], &f.to_le_bytes(), &[0; 12]].concat()));
    let count = longs(&[u32::try_from(FORMATS.len()).unwrap()]);
    let styles = [record(278, &[]), record(617, &count), styles.collect(), record(618, &[]), record(279, &[])].concat();
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), types.as_bytes().to_vec()),
        ("_rels/.rels".to_owned(), xml(rel("r", "officeDocument", "xl/workbook.bin"))),
        ("xl/workbook.bin".to_owned(), book),
        ("xl/_rels/workbook.bin.rels".to_owned(), xml(rels)),
        ("xl/sharedStrings.bin".to_owned(), texts),
        ("xl/styles.bin".to_owned(), styles),
    ];
    for (i, (_, _, part)) in sheets.iter().enumerate() {
        parts.push((format!("xl/worksheets/sheet{}.bin", i + 1), part.clone()));
    }
    parts
}

/// The content of a grid, each text shared.
fn binary(grid: &Grid) -> Vec<u8> {
    let mut strings: Vec<String> = Vec::new();
    let mut sheets = Vec::new();
    for sheet in &grid.sheets {
        let (mut cells, mut last) = (Vec::new(), None);
        for c in &sheet.cells {
            if last.replace(c.at.row) != Some(c.at.row) {
                cells.extend(row(c.at.row, sheet.hidden_rows.contains(&c.at.row)));
            }
            let style = match c.format {
                Format::General => 0,
                Format::Percent => 1,
                Format::Date => 2,
                Format::Text => 3,
            };
            cells.extend(match &c.value {
                Scalar::Number(n) => cell(5, c.at.col, style, &n.to_le_bytes()),
                Scalar::Bool(b) => cell(4, c.at.col, style, &[u8::from(*b)]),
                other => {
                    strings.push(other.to_string());
                    let index = u32::try_from(strings.len() - 1).unwrap();
                    cell(7, c.at.col, style, &index.to_le_bytes())
                }
            });
        }
        let merged =
            sheet.merged.iter().flat_map(|a| record(176, &longs(&[a.first.row, a.last.row, a.first.col, a.last.col])));
        sheets.push((&*sheet.name, 0, part(&[], &cells, &merged.collect::<Vec<_>>())));
    }
    workbook(&strings, &sheets)
}

fn cells(sheet: &Sheet) -> Vec<(String, Scalar, Format)> {
    sheet.cells.iter().map(|c| (c.at.to_string(), c.value.clone(), c.format)).collect()
}

#[test]
fn binary_workbooks_say_what_the_workbook_says() {
    for name in [REGISTER, "allegato1-lucca-2020"] {
        let source = fixture(&format!("{name}.xlsx"));
        let bytes = binary(&grid(&source, "a.xlsx"));
        let (expected, found) = (grid(&source, "a.xlsx"), grid(&bytes, "a.xlsb"));
        assert_eq!(found.sheets.len(), expected.sheets.len());
        for (found, expected) in found.sheets.iter().zip(&expected.sheets) {
            assert_eq!((&found.name, cells(found), &found.merged), (&expected.name, cells(expected), &expected.merged));
        }
        // An independent reader reads what was written here.
        let mut other = Xlsb::new(Cursor::new(&bytes)).unwrap();
        let range = other.worksheet_range(&found.sheets[0].name).unwrap();
        let used = range.used_cells().filter(|c| *c.2 != Data::Empty).count();
        assert_eq!(used, found.sheets[0].cells.len());
        let register = |bytes: &[u8], file: &str| gist(&report(bytes, file));
        if name == REGISTER {
            assert_eq!(register(&bytes, "a.xlsb"), register(&source, "a.xlsx"));
        }
    }
}

#[test]
fn copy_of_a_binary_workbook_is_a_workbook_with_marks() {
    let folder = Folder::new();
    let bytes = binary(&grid(&fixture(&format!("{REGISTER}.xlsx")), "a.xlsx"));
    folder.write("piano.xlsb", &bytes);
    let ran = folder.run(&["check", ".", "--out", "out", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let copy = fs::read(folder.path("out/piano.riscontro.xlsx")).unwrap();
    assert_eq!(gist(&report(&copy, "a.xlsx")), gist(&report(&bytes, "a.xlsb")));
}

/// Records of every kind of value, and of what stands around.
fn rich() -> Vec<u8> {
    let front = record(60, &[&longs(&[3, 4, 2_000, 0])[..], &[1, 0]].concat());
    let whole = |n: i32| ((n << 2) | 2).to_le_bytes();
    let rows = [
        row(1, true),
        cell(2, 0, 0, &whole(-7)),
        cell(2, 1, 1, &(u32::from_le_bytes(whole(4_550)) | 1).to_le_bytes()),
        cell(2, 2, 2, &whole(44_197)),
        cell(3, 3, 0, &[0x17]),
        cell(10, 4, 0, &[1, 0, 0]),
        cell(6, 5, 3, &wide("testo")),
        cell(7, 6, 0, &0u32.to_le_bytes()),
        record(13, &[&longs(&[0])[..], &whole(8)].concat()),
        row(3, false),
        cell(9, 0, 2, &[&0.5f64.to_le_bytes()[..], &[0; 8]].concat()),
        cell(11, 1, 0, &[0x2A, 0, 0]),
        cell(8, 2, 0, &wide("")),
        cell(1, 3, 0, &[]),
        cell(62, 4, 0, &[&[0][..], &wide("ricco")].concat()),
    ];
    let end = record(176, &longs(&[1, 2, 0, 1]));
    let sheets = [("a", 0, part(&front, &rows.concat(), &end)), ("b", 2, part(&[], &[], &[]))];
    workbook(&["comune".to_owned()], &sheets)
}

#[test]
fn values_and_what_stands_around_them_are_read() {
    let grid = grid(&rich(), "a.xlsb");
    let sheet = &grid.sheets[0];
    let found: Vec<_> = sheet.cells.iter().map(|c| format!("{}={}", c.at, c.value)).collect();
    let expected = [
        "A2=-7",
        "B2=45.5",
        "C2=44197",
        "D2=#REF!",
        "E2=VERO",
        "F2=testo",
        "G2=comune",
        "H2=8",
        "A4=0.5",
        "B4=#N/A",
        "E4=ricco",
    ];
    assert_eq!(found, expected);
    let formats: Vec<_> = sheet.cells.iter().map(|c| c.format).take(3).collect();
    assert_eq!(formats, [Format::General, Format::Percent, Format::Date]);
    assert_eq!((&sheet.hidden_rows[..], &sheet.hidden_cols[..]), (&[1][..], &[3, 4][..]));
    assert_eq!(sheet.merged.iter().map(model::Area::to_string).collect::<Vec<_>>(), ["A2:B3"]);
    assert_eq!(grid.sheets[1].visibility, Visibility::VeryHidden);
}

#[test]
fn binary_parts_that_are_not_what_they_seem_are_refused() {
    let refusal = |cells: &[u8], limits: &Limits| {
        let bytes = workbook(&[], &[("a", 0, part(&[], cells, &[]))]);
        let error = ingest::read(bytes, "a.xlsb", limits).unwrap_err();
        (error.kind(), error.message(model::Lang::It).to_owned())
    };
    let none = Limits::default();
    for (cells, says) in [
        ([row(0, false), cell(7, 0, 0, &9u32.to_le_bytes())].concat(), "cella A1: un valore non valido"),
        ([row(0, false), cell(5, 0, 0, &f64::NAN.to_le_bytes())].concat(), "cella A1: un valore non valido"),
        ([row(0, false), cell(6, 1, 0, &longs(&[u32::MAX - 1]))].concat(), "cella B1: un valore non valido"),
        ([row(0, false), cell(4, 16_384, 0, &[1])].concat(), "oltre XFD1048576"),
        (row(1_048_576, false), "oltre XFD1048576"),
        // A length beyond the part.
        (vec![5, 0xFF, 0xFF, 0xFF, 0x7F], "è incompleto"),
    ] {
        let (kind, message) = refusal(&cells, &none);
        assert_eq!(kind, ErrorKind::Corrupt);
        assert!(message.contains(says), "{message}");
    }
    let few = Limits { cells: 2, ..Limits::default() };
    let three = [row(0, false), cell(4, 0, 0, &[1]), cell(4, 1, 0, &[1]), cell(4, 2, 0, &[1])].concat();
    assert!(refusal(&three, &few).1.contains("più di 2 celle"));
    let little = Limits { memory: 500, ..Limits::default() };
    assert!(
        refusal(&three, &little).1.contains("le celle fino al foglio «a» chiederebbero più di 500 byte di memoria")
    );
}

#[test]
fn damaged_binary_parts_never_panic() {
    let whole = crate::reading::parts_of(&rich());
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |end: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(end).unwrap()).unwrap()
    };
    for _ in 0..1_000 {
        let mut parts = whole.clone();
        let binary: Vec<usize> = (0..parts.len()).filter(|i| parts[*i].0.rsplit('.').next() == Some("bin")).collect();
        let (_, part) = &mut parts[binary[below(binary.len())]];
        let at = below(part.len());
        part[at] = u8::try_from(below(256)).unwrap();
        if below(4) == 0 {
            part.truncate(at);
        }
        drop(ingest::read(deflated(&parts), "a.xlsb", &Limits::default()));
    }
}
