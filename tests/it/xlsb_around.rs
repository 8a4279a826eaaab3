//! What stands around the cells of workbooks of binary parts: answer lists and notes.

use riscontro::{ingest, model};

use crate::cases::deflated;
use crate::containers::grid;
use crate::xlsb::{REL, cell, longs, part, record, row, wide, workbook_parts};

/// Areas as first and last row, first and last column.
fn areas(all: &[[u32; 4]]) -> Vec<u8> {
    [longs(&[u32::try_from(all.len()).unwrap()]), longs(all.as_flattened())].concat()
}

/// The tokens of a formula behind their length, without what may follow them.
fn formula(tokens: &[u8]) -> Vec<u8> {
    [&longs(&[u32::try_from(tokens.len()).unwrap()])[..], tokens, &longs(&[0])].concat()
}

/// A validation of cells: kind 3 is a list.
fn validation(kind: u32, on: &[[u32; 4]], tokens: &[u8]) -> Vec<u8> {
    let texts = [wide("Titolo"), longs(&[u32::MAX]), wide(""), wide("Scegliere")].concat();
    record(64, &[longs(&[kind | 0x100]), areas(on), texts, formula(tokens), formula(&[])].concat())
}

/// A list as an extension.
fn validation_2010(on: &[[u32; 4]], tokens: &[u8]) -> Vec<u8> {
    let count = u32::try_from(tokens.len()).unwrap();
    let formulas = [&longs(&[1, 2, count, 0])[..], tokens].concat();
    let texts = longs(&[u32::MAX; 4]);
    record(1_053, &[longs(&[6, 1, 2]), areas(on), formulas, longs(&[3]), texts].concat())
}

fn literal(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&[0x17][..], &u16::try_from(units.len() / 2).unwrap().to_le_bytes(), &units].concat()
}

fn words(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// An area, its first and last row and its columns with their marks.
fn area(token: u8, rows: [u32; 2], cols: [u16; 2]) -> Vec<u8> {
    [&[token][..], &longs(&rows), &words(&cols)].concat()
}

/// The same on the sheet of a reference of this number.
fn area_on(sheet: u16, rows: [u32; 2], cols: [u16; 2]) -> Vec<u8> {
    [&[0x3B][..], &words(&[sheet]), &longs(&rows), &words(&cols)].concat()
}

/// The first cells of a column with these texts.
fn column(col: u32, texts: &[&str]) -> Vec<u8> {
    let rows = (0..).zip(texts).map(|(r, text)| [row(r, false), cell(6, col, 0, &wide(text))].concat());
    rows.collect::<Vec<_>>().concat()
}

/// A name, of the sheet `local`.
fn name(text: &str, local: u32, tokens: &[u8]) -> Vec<u8> {
    record(39, &[&longs(&[0])[..], &[0], &longs(&[local]), &wide(text), &formula(tokens)].concat())
}

/// References to sheets, and names.
fn named() -> Vec<u8> {
    let records = [
        record(353, &[]),
        // Another workbook, this one, the sheet itself.
        record(355, &[]),
        record(357, &[]),
        record(358, &[]),
        record(362, &longs(&[4, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 9, 9])),
        record(354, &[]),
        name("Livelli", u32::MAX, &area_on(0, [0, 2], [0, 0])),
        name("Scelte", 0, &area_on(0, [1, 1], [0, 0])),
        name("Scelte", 1, &area_on(0, [2, 2], [0, 0])),
    ];
    records.concat()
}

#[test]
fn answer_lists_are_read_with_their_options() {
    let named_by = |number: u32| [&[0x43][..], &number.to_le_bytes()].concat();
    let on = |col: u32| [[1, 9, col, col]];
    let lists = [
        validation(3, &[[1, 9, 0, 0], [20, 20, 0, 1]], &literal("Si, No,,\"forse\"")),
        validation(3, &on(1), &area(0x25, [0, 1], [0, 0])),
        validation(3, &on(2), &area_on(0, [0, 2], [0, 0])),
        validation(3, &on(3), &named_by(1)),
        validation(3, &on(4), &named_by(2)),
        // Relative to the first cell, B2: A1 to A2, over the ends of the sheet.
        validation(3, &[[1, 9, 1, 1]], &area(0x2D, [0x000F_FFFF, 0], [0xFFFF, 0xFFFF])),
        validation(3, &on(6), &[&[0x19, 0x40, 0, 1][..], &area(0x25, [1, 1], [0, 0]), &[0x15]].concat()),
        validation_2010(&on(7), &area_on(0, [1, 2], [0, 0])),
        validation(3, &on(8), &literal("alto\0basso")),
        // Another workbook, no sheet, several sheets, no name, a function.
        validation(3, &on(9), &area_on(1, [0, 2], [0, 0])),
        validation(3, &on(10), &area_on(3, [0, 2], [0, 0])),
        validation(3, &on(11), &area_on(2, [0, 2], [0, 0])),
        validation(3, &on(12), &named_by(9)),
        validation(3, &on(13), &[&area(0x25, [0, 1], [0, 0])[..], &[0x22, 1, 0x94, 0]].concat()),
        // No list.
        validation(1, &on(14), &[0x1E, 1, 0]),
    ];
    let end = [record(573, &longs(&[0; 4])), lists.concat(), record(574, &[])].concat();
    let sheets = [
        ("Registro", 0, part(&[], &column(0, &["x", "y"]), &end)),
        ("L'elenco", 0, part(&[], &column(0, &["alto", "medio", "basso"]), &[])),
    ];
    let bytes = deflated(&workbook_parts(&[], &sheets, &named()));
    let grid = grid(&bytes, "a.xlsb");
    let found: Vec<_> = grid.sheets[0]
        .dropdowns
        .iter()
        .map(|list| {
            let areas: Vec<_> = list.areas.iter().map(model::Area::to_string).collect();
            format!("{} {}", areas.join(" "), list.options.join("|"))
        })
        .collect();
    let expected = [
        "A2:A10 A21:B21 Si|No|\"forse\"",
        "B2:B10 x|y",
        "C2:C10 alto|medio|basso",
        "D2:D10 alto|medio|basso",
        "E2:E10 medio",
        "B2:B10 x|y",
        "G2:G10 y",
        "H2:H10 medio|basso",
        "I2:I10 alto|basso",
        "J2:J10 ",
        "K2:K10 ",
        "L2:L10 ",
        "M2:M10 ",
        "N2:N10 ",
    ];
    assert_eq!(found, expected);
    assert!(grid.sheets[1].dropdowns.is_empty());
}

#[test]
fn answer_lists_that_are_not_what_they_seem_are_passed_over() {
    let read = |lists: &[u8], named: &[u8]| {
        let sheets = [("a", 0, part(&[], &[row(0, false), cell(6, 0, 0, &wide("x"))].concat(), lists))];
        grid(&deflated(&workbook_parts(&[], &sheets, named)), "a.xlsb").sheets.remove(0).dropdowns
    };
    let whole = validation(3, &[[0, 9, 0, 0]], &literal("Si,No"));
    assert_eq!(read(&whole, &[]).len(), 1);
    // Areas and lengths beyond the record, areas beyond the sheet or upside down, no area at all.
    for content in [longs(&[3, u32::MAX, 0]), longs(&[3, 1, 0, 0]), [longs(&[3, 0]), longs(&[u32::MAX - 1])].concat()] {
        assert!(read(&record(64, &content), &[]).is_empty());
    }
    for wrong in [[0, 1_048_576, 0, 0], [9, 0, 0, 0], [0, 0, 0, 16_384]] {
        assert!(read(&validation(3, &[wrong], &literal("Si")), &[]).is_empty());
    }
    for content in [longs(&[7, u32::MAX, 0]), longs(&[2, u32::MAX, 0]), longs(&[4, u32::MAX, 0, 0, 0])] {
        assert!(read(&record(1_053, &content), &[]).is_empty());
    }
    // Blanks without end before a formula.
    let blanks = [0x19, 0x40, 0, 1].repeat(1 << 20);
    assert!(read(&validation(3, &[[0, 0, 0, 0]], &blanks), &[])[0].options.is_empty());
    // A name that leads to itself, by the formula of another.
    let to = |number: u32| [&[0x23][..], &number.to_le_bytes()].concat();
    let named = [name("Uno", u32::MAX, &to(2)), name("Due", u32::MAX, &to(1))].concat();
    assert!(read(&validation(3, &[[0, 0, 0, 0]], &to(1)), &named)[0].options.is_empty());
    // Only so many areas get answers.
    let many = validation(3, &vec![[0, 0, 1, 1]; 60_000], &literal("Si"));
    assert_eq!(read(&many.repeat(2), &[]).len(), 1);
}

#[test]
fn notes_of_binary_workbooks_are_read() {
    let author = |name: &str| record(632, &wide(name));
    let note = |author: u32, at: (u32, u32), text: &str| {
        let place = longs(&[author, at.0, at.0, at.1, at.1]);
        [
            record(635, &[&place[..], &[0; 16]].concat()),
            record(637, &[&[0][..], &wide(text)].concat()),
            record(636, &[]),
        ]
        .concat()
    };
    let comments = [
        record(628, &[]),
        record(630, &[]),
        author("Rossi"),
        author(ingest::OWN_AUTHOR),
        record(631, &[]),
        record(633, &[]),
        note(0, (4, 2), "da\r\nverificare"),
        note(0, (1, 0), "prima"),
        note(1, (2, 0), "— Riscontro —\nERRORE · x"),
        note(7, (3, 0), "di nessuno"),
        note(0, (1_048_576, 0), "oltre"),
        note(0, (5, 0), "  "),
        record(634, &[]),
        record(629, &[]),
    ];
    let sheets = [("a", 0, part(&[], &[row(0, false), cell(6, 0, 0, &wide("x"))].concat(), &[]))];
    let mut parts = workbook_parts(&[], &sheets, &[]);
    let rels = format!(
        r#"<Relationships><Relationship Id="r1" Type="{REL}/comments" Target="../comments1.bin"/></Relationships>"#
    );
    parts.push(("xl/worksheets/_rels/sheet1.bin.rels".to_owned(), rels.into_bytes()));
    parts.push(("xl/comments1.bin".to_owned(), comments.concat()));
    let grid = grid(&deflated(&parts), "a.xlsb");
    let found: Vec<_> = grid.sheets[0].notes.iter().map(|n| format!("{} {}: {}", n.at, n.author, n.text)).collect();
    assert_eq!(found, ["A2 Rossi: prima", "A4 : di nessuno", "C5 Rossi: da\nverificare"]);
}
