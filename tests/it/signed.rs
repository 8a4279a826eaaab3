//! Documents in signed envelopes are read; signatures are not verified.

use std::fs;

use riscontro::ingest;
use riscontro::model::{ErrorKind, Lang};
use riscontro::package::Limits;

use crate::cli::Folder;
use crate::containers::{REGISTER, fixture, gist, grid, report};
use crate::reading::parts_of;

fn item(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x84], &length[..], content].concat()
}

/// Elements whose length is left open, as signing programs write them.
fn open(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

/// An envelope of a document in parts of a kilobyte, without a signature.
pub(crate) fn envelope(document: &[u8]) -> Vec<u8> {
    let object = |last: u8| vec![6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, last];
    let parts: Vec<u8> = document.chunks(1_000).flat_map(|part| item(4, part)).collect();
    let content = open(0x30, &[object(1), open(0xA0, &open(0x24, &parts))].concat());
    let signed = open(0x30, &[item(2, &[1]), item(0x31, &[]), content, item(0x31, &[])].concat());
    open(0x30, &[object(2), open(0xA0, &signed)].concat())
}

#[test]
fn document_in_an_envelope_says_what_it_says_outside() {
    let workbook = fixture(&format!("{REGISTER}.xlsx"));
    let once = envelope(&workbook);
    for (bytes, name) in [(once.clone(), "a.xlsx.p7m"), (envelope(&once), "a.xlsx.p7m.p7m"), (once, "a.xlsx")] {
        assert_eq!(gist(&report(&bytes, name)), gist(&report(&workbook, "a.xlsx")), "{name}");
        let remarks: Vec<_> = grid(&bytes, name).remarks.into_iter().map(|r| r.it).collect();
        assert_eq!(remarks.len(), 1, "{remarks:?}");
        assert!(remarks[0].ends_with("firma non verificata"), "{remarks:?}");
    }
}

#[test]
fn copy_of_a_signed_workbook_is_the_workbook_inside() {
    let folder = Folder::new();
    let workbook = fixture(&format!("{REGISTER}.xlsx"));
    folder.write("d/piano.xlsx.p7m", &envelope(&workbook)).write("d/atto.pdf.p7m", &envelope(b"%PDF-1.7\n"));
    folder.write("e/piano.xlsx", &workbook);
    let ran = folder.run(&["check", "d", "e", "--out", "out", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let copy = |name: &str| fs::read(folder.path(&format!("out/{name}"))).unwrap();
    // The report sheets alone differ: they tell the name of the file.
    let sheet = |name: &str| parts_of(&copy(name)).into_iter().find(|(n, _)| n == "xl/worksheets/sheet1.xml").unwrap();
    assert_eq!(sheet("piano.xlsx.riscontro.xlsx"), sheet("piano.riscontro.xlsx"));
    assert_eq!(folder.files().iter().filter(|f| f.starts_with("out/")).count(), 2);
}

#[test]
fn envelope_of_something_else_is_refused_as_that() {
    let refusal = |bytes: &[u8]| ingest::read(bytes, "atto.pdf.p7m", &Limits::default()).unwrap_err();
    let pdf = refusal(&envelope(b"%PDF-1.7\n"));
    assert_eq!(pdf.kind(), ErrorKind::Unsupported);
    assert!(pdf.message(Lang::It).contains("il file è un PDF"), "{}", pdf.message(Lang::It));
    let whole = envelope(&fixture(&format!("{REGISTER}.xlsx")));
    let cut = refusal(&whole[..whole.len() / 2]);
    assert!(cut.message(Lang::It).contains("busta firmata .p7m"), "{}", cut.message(Lang::It));
}
