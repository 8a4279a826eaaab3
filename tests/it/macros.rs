//! Workbooks with macros: read, never run, kept to the byte in a copy that Excel opens.

use std::fs;

use crate::cases::deflated;
use crate::cli::Folder;
use crate::containers::{REGISTER, fixture, gist, report};
use crate::reading::parts_of;

const MACROS: &[u8] = b"\x01Attribut\x00e VB_Name = \"Modulo1\"\r\nShell \"calc\"\xFF\xFE";

/// A fixture as Excel saves it with macros.
fn with_macros() -> Vec<u8> {
    let mut parts = parts_of(&fixture(&format!("{REGISTER}.xlsx")));
    let mut change = |name: &str, from: &str, to: &str| {
        let (_, part) = parts.iter_mut().find(|(n, _)| n == name).unwrap();
        let text = String::from_utf8(std::mem::take(part)).unwrap();
        assert!(text.contains(from), "{name}");
        *part = text.replacen(from, to, 1).into_bytes();
    };
    change(
        "[Content_Types].xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    );
    change(
        "[Content_Types].xml",
        "</Types>",
        r#"<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>"#,
    );
    change(
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        r#"<Relationship Id="rIdVba" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>"#,
    );
    parts.push(("xl/vbaProject.bin".to_owned(), MACROS.to_vec()));
    deflated(&parts)
}

#[test]
fn macros_are_kept_and_the_copy_keeps_their_extension() {
    let folder = Folder::new();
    let source = with_macros();
    folder.write("piano.xlsm", &source);
    assert_eq!(gist(&report(&source, "a.xlsm")), gist(&report(&fixture(&format!("{REGISTER}.xlsx")), "a.xlsx")));
    assert_eq!(folder.run(&["check", "piano.xlsm", "--out", "out", "--fail-on", "mai"]).code, 0);
    assert!(folder.run(&["piano.xlsm"]).code <= 1);
    assert_eq!(folder.files(), ["out/piano.riscontro.xlsm", "piano.riscontro.xlsm", "piano.xlsm"]);
    let copy = parts_of(&fs::read(folder.path("out/piano.riscontro.xlsm")).unwrap());
    let part = |name: &str| copy.iter().find(|(n, _)| n == name).unwrap().1.clone();
    let text = |name: &str| String::from_utf8(part(name)).unwrap();
    assert_eq!(part("xl/vbaProject.bin"), MACROS);
    assert!(text("[Content_Types].xml").contains("application/vnd.ms-excel.sheet.macroEnabled.main+xml"));
    assert!(text("[Content_Types].xml").contains("application/vnd.ms-office.vbaProject"));
    assert!(text("xl/_rels/workbook.xml.rels").contains("Target=\"vbaProject.bin\""));
    assert!(text("xl/workbook.xml").contains("\"Rilievi\""));
}
