//! The small workbooks of `fixtures/letture` and `fixtures/altri`: how each is read, and that those of other kinds are not.

use std::fs;
use std::path::Path;

use riscontro::model::{CellRef, Scalar};
use riscontro::pack::Packs;
use riscontro::{ingest, package, recognise};

use crate::fixtures::generator;
use crate::recognise::reading;

#[test]
fn each_oddity_is_read_as_a_person_would() {
    let packs = Packs::embedded().unwrap();
    for (path, oddity) in generator::oddities().into_iter().filter(|(path, _)| path.starts_with("letture/")) {
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(&path)).unwrap();
        let grid = ingest::read(bytes, &path, &package::Limits::default()).unwrap();
        let document = recognise::recognise(&grid, &packs);
        let name = Path::new(&path).file_stem().unwrap().to_str().unwrap();
        insta::with_settings!({ description => oddity, omit_expression => true, snapshot_path => "letture" }, {
            insta::assert_snapshot!(name, reading(&document));
        });
    }
}

#[test]
fn workbooks_of_other_kinds_are_none_of_ours() {
    let packs = Packs::embedded().unwrap();
    let others: Vec<_> = generator::oddities().into_iter().filter(|(path, _)| path.starts_with("altri/")).collect();
    assert!(others.len() >= 10);
    for (path, _) in others {
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(&path)).unwrap();
        let grid = ingest::read(bytes, &path, &package::Limits::default()).unwrap();
        let kinds: Vec<_> = recognise::recognise(&grid, &packs).tables.into_iter().map(|t| t.kind).collect();
        assert!(kinds.is_empty(), "{path}: {kinds:?}");
    }
}

#[test]
fn every_oddity_is_told_in_the_readme() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/README.md")).unwrap();
    for (path, oddity) in generator::oddities() {
        assert!(readme.contains(&format!("| `{path}` | {oddity} |")), "{path}: {oddity}");
    }
}

#[test]
fn a_field_without_a_column_is_named_in_the_language_of_the_note() {
    let packs = Packs::embedded().unwrap();
    let bytes = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/letture/foglio-per-area.xlsx")).unwrap();
    let grid = ingest::read(bytes, "foglio-per-area.xlsx", &package::Limits::default()).unwrap();
    let document = recognise::recognise(&grid, &packs);
    let notes: Vec<_> = document.tables.iter().flat_map(|t| &t.reading.notes).map(|n| &n.message).collect();
    assert!(notes.iter().any(|n| n.it.contains("«Area di rischio» non ha una colonna")), "{notes:?}");
    assert!(notes.iter().any(|n| n.en.contains("“Risk area” has no column")), "{notes:?}");
}

#[test]
fn the_plan_is_the_piao_from_2022_on() {
    let packs = Packs::embedded().unwrap();
    let bytes = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/allegato1-lucca-2020.xlsx")).unwrap();
    let original = ingest::read(bytes, "allegato1-lucca-2020.xlsx", &package::Limits::default()).unwrap();
    let note = |title: &str| {
        let mut grid = original.clone();
        let first = grid.sheets[0].cells.iter_mut().find(|c| c.at == CellRef::new(0, 0)).unwrap();
        first.value = Scalar::Text(title.into());
        let notes = recognise::recognise(&grid, &packs).tables.into_iter().flat_map(|t| t.reading.notes);
        notes.filter(|n| &*n.code == "LEG-003").map(|n| n.message.it).collect::<Vec<_>>()
    };
    let told = note("Scheda standard di monitoraggio - ciclo 2022");
    assert!(told.len() == 1 && told[0].starts_with("per il ciclo 2022 «Piano della performance» è letto"), "{told:?}");
    assert_eq!(note("Scheda standard di monitoraggio - ciclo 2021"), [""; 0]);
    assert_eq!(note("Scheda standard di monitoraggio"), [""; 0]);
}
