//! Formulas that no program computed: `<f>` without a value, as generators of workbooks write them. They are no blanks.

use std::collections::BTreeMap;

use riscontro::ingest;
use riscontro::model::{CellRef, Scalar};
use riscontro::package::Limits;

use crate::cases;
use crate::cli::Folder;

const CLEAN: [&str; 2] = ["allegato1-lucca-2020-corretto.xlsx", "ptpct-servizi-informativi-2021-corretto.xlsx"];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

/// The workbook with formulas in place of the values of the cells chosen on its sheet of that number.
fn with_formulas(bytes: &[u8], sheet: usize, chosen: impl Fn(CellRef) -> bool) -> Vec<u8> {
    let mut parts = crate::reading::parts_of(bytes);
    let part = format!("xl/worksheets/sheet{sheet}.xml");
    let (_, xml) = parts.iter_mut().find(|(name, _)| *name == part).unwrap();
    let text = String::from_utf8(std::mem::take(xml)).unwrap();
    let (mut out, mut rest) = (String::new(), text.as_str());
    while let Some(start) = rest.find("<c r=\"") {
        let (before, cell) = rest.split_at(start);
        out += before;
        let end = cell.find('>').unwrap();
        let place = CellRef::parse(cell["<c r=\"".len()..].split('"').next().unwrap()).unwrap();
        if cell[..end].ends_with('/') || !chosen(place) {
            out += &cell[..=end];
            rest = &cell[end + 1..];
            continue;
        }
        let tag = &cell[..end];
        out += tag.split(" t=\"").next().unwrap();
        out += "><f>CONCATENATE(Z1,Z2)</f><v></v></c>";
        rest = &cell[cell.find("</c>").unwrap() + 4..];
    }
    *xml = (out + rest).into_bytes();
    cases::deflated(&parts)
}

/// The fields of the columns of the first table: column, and the rows of its records.
fn columns(folder: &Folder, name: &str) -> (BTreeMap<u32, String>, (u32, u32)) {
    let json = folder.run(&["check", name, "--format", "json", "--explain-reading"]).json();
    let table = &json["documents"][0]["tables"][0];
    let header = CellRef::parse(table["reading"]["header"].as_str().unwrap().split(':').next_back().unwrap()).unwrap();
    let last = CellRef::parse(table["range"].as_str().unwrap().split(':').next_back().unwrap()).unwrap();
    let columns = table["reading"]["columns"].as_array().unwrap().iter().filter_map(|c| {
        let at = CellRef::parse(c["range"].as_str()?.split(':').next()?)?;
        Some((at.col, c["field"].as_str()?.to_owned()))
    });
    (columns.collect(), (header.row + 1, last.row))
}

fn findings(document: &serde_json::Value) -> Vec<String> {
    let of = document["findings"].as_array().cloned().unwrap_or_default();
    let serious = of.iter().filter(|f| f["severity"] != "osservazione");
    serious.map(|f| format!("{} {} {}", f["code"], f["places"][0]["cell"], f["message"])).collect()
}

#[test]
fn a_formula_without_a_value_is_a_cell_and_an_empty_text_is_none() {
    let rows = r#"<row><c><f>A2</f></c><c><f>A2</f><v></v></c><c><f>A2</f><v/></c><c t="str"><f>A2</f><v></v></c>
        <c t="str"><f>A2</f></c><c t="s"><f>A2</f><v/></c><c><f>A2</f><v>3</v></c><c><v></v></c><c t="b"><f/></c></row>"#;
    let grid = ingest::read(cases::book(rows), "a.xlsx", &Limits::default()).unwrap();
    let found: Vec<_> = grid.sheets[0].cells.iter().map(|c| format!("{} {}", c.at, c.value)).collect();
    assert_eq!(found, ["A1 =?", "B1 =?", "C1 =?", "E1 =?", "F1 =?", "G1 3", "I1 =?"]);
    assert_eq!(grid.sheets[0].cells[0].value, Scalar::Uncalculated);
    let remark = &grid.remarks[0].it;
    assert!(remark.starts_with("6 formule senza valore calcolato («Foglio1» A1, B1, C1, E1, F1, I1), che"), "{remark}");
    assert!(remark.ends_with("aprire il file con Excel o LibreOffice e salvarlo"), "{remark}");
}

/// Whatever column of a faultless document holds formulas that nobody computed, nothing is found missing in it.
#[test]
fn a_column_of_formulas_without_values_is_never_found_missing() {
    for name in CLEAN {
        let (folder, bytes) = (Folder::new(), fixture(name));
        folder.write(name, &bytes);
        let (columns, rows) = columns(&folder, name);
        for (col, field) in columns {
            let chosen = |at: CellRef| at.col == col && (rows.0..=rows.1).contains(&at.row);
            folder.write(&format!("f/{field}.xlsx"), &with_formulas(&bytes, 1, chosen));
        }
        let json = folder.run(&["check", "f", "--format", "json", "--jobs", "2"]).json();
        for document in json["documents"].as_array().unwrap() {
            assert_eq!(findings(document), [""; 0], "{name}, {}", document["path"]);
            // Without its key column a sheet may hold no known table.
            if document["error"].is_null() && document["skipped"].is_null() {
                let remarks = document["remarks"].to_string();
                assert_eq!(remarks.matches("senza valore calcolato").count(), 1, "{}: {remarks}", document["path"]);
            }
        }
    }
}

#[test]
fn rules_on_such_cells_are_not_evaluable_and_say_why() {
    let (folder, bytes) = (Folder::new(), fixture(CLEAN[0]));
    folder.write(CLEAN[0], &bytes);
    let (columns, _) = columns(&folder, CLEAN[0]);
    let answer = columns.iter().find(|(_, f)| *f == "risposta").map(|(col, _)| *col).unwrap();
    let grid = ingest::read(bytes.as_slice(), "a.xlsx", &Limits::default()).unwrap();
    let at = grid.sheets[0].cells.iter().find(|c| c.at.col == answer && c.value.to_string() == "Si").unwrap().at;
    folder.write("f.xlsx", &with_formulas(&bytes, 1, |place| place == at));
    let document = folder.run(&["check", "f.xlsx", "--format", "json"]).json()["documents"][0].clone();
    let rules = document["rules"].as_array().unwrap();
    let rule = rules.iter().find(|r| r["code"] == "A1-CMP-001").unwrap();
    assert_eq!(
        (rule["outcome"].as_str(), rule["reason"].as_str().map(str::to_owned)),
        (
            Some("not_evaluable"),
            Some(format!("formula senza valore calcolato ({at}): aprire il file con Excel o LibreOffice e salvarlo"))
        )
    );
}

/// A number before the name, in one cell: a formula for it leaves neither of them missing.
#[test]
fn a_copy_keeps_the_formulas() {
    let (folder, bytes) = (Folder::new(), fixture("ptpct-servizi-informativi-2021.xlsx"));
    folder.write("p.xlsx", &bytes);
    let (columns, rows) = columns(&folder, "p.xlsx");
    let area = columns.iter().find(|(_, f)| *f == "area_rischio").map(|(col, _)| *col).unwrap();
    let chosen = |at: CellRef| at.col == area && (rows.0..=rows.1).contains(&at.row);
    folder.write("f.xlsx", &with_formulas(&bytes, 1, chosen));
    let ran = folder.run(&["check", "f.xlsx", "--out", "out", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let sheet = |bytes: &[u8]| {
        let parts = crate::reading::parts_of(bytes);
        let (_, xml) = parts.into_iter().find(|(n, _)| n == "xl/worksheets/sheet1.xml").unwrap();
        String::from_utf8(xml).unwrap().matches("<f>CONCATENATE(Z1,Z2)</f><v></v>").count()
    };
    let (source, copy) = (
        sheet(&std::fs::read(folder.path("f.xlsx")).unwrap()),
        sheet(&std::fs::read(folder.path("out/f.riscontro.xlsx")).unwrap()),
    );
    assert!(source > 20);
    assert_eq!(source, copy);
}
