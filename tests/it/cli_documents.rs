//! The program on whole documents: annotated copies, and what an interruption leaves.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::cli::{Folder, Ran};

const FAULTY: &str = "allegato1-lucca-2020.xlsx";
const PROCESSES: &str = "ptpct-servizi-informativi-2021.xlsx";

fn is_workbook(folder: &Folder, name: &str) -> bool {
    fs::read(folder.path(name)).unwrap().starts_with(b"PK\x03\x04")
}

#[test]
fn copies_keep_folders_and_never_meet() {
    let folder = Folder::new();
    folder.copy(FAULTY, "d/2023/a.xlsx").copy(FAULTY, "d/2024/a.xlsx").copy(PROCESSES, "p.xlsx");
    let ran = folder.run(&["check", "d", "p.xlsx", "--out", "out", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let written = ["out/2023/a.riscontro.xlsx", "out/2024/a.riscontro.xlsx", "out/p.riscontro.xlsx"];
    assert_eq!(folder.files().split_off(2)[..3], written);
    for name in written {
        assert!(is_workbook(&folder, name));
        assert!(ran.err.contains(&name.replace('/', std::path::MAIN_SEPARATOR_STR)), "{}", ran.err);
    }
}

#[test]
fn second_run_replaces_its_copies_and_checks_none_of_them() {
    let folder = Folder::new();
    folder.copy(FAULTY, "a.xlsx");
    let run = || folder.run(&["check", ".", "--out", "out", "--fail-on", "mai", "--format", "json"]);
    let (first, second) = (run(), run());
    assert_eq!((first.code, second.code), (0, 0), "{second:?}");
    assert_eq!(first.out, second.out);
    assert_eq!(folder.files(), ["a.xlsx", "out/a.riscontro.xlsx"]);
}

#[test]
fn same_name_from_two_folders_is_kept_apart() {
    let folder = Folder::new();
    folder.copy(FAULTY, "x/a.xlsx").copy(FAULTY, "y/a.xlsx");
    let ran = folder.run(&["check", "x", "y", "--out", "out", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(folder.files()[..2], ["out/a.xlsx.2.riscontro.xlsx", "out/a.xlsx.riscontro.xlsx"]);
}

#[test]
fn dropped_files_get_copies_under_free_names() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx");
    let source = fs::read(folder.path("p.xlsx")).unwrap();
    let first = folder.run(&["p.xlsx"]);
    assert!(first.code <= 1, "{first:?}");
    assert!(first.out.contains("copia annotata: p.riscontro.xlsx"), "{}", first.out);
    let copy = fs::read(folder.path("p.riscontro.xlsx")).unwrap();
    folder.run(&["p.xlsx"]);
    folder.run(&["p.riscontro.xlsx"]);
    assert_eq!(folder.files(), ["p.2.riscontro.xlsx", "p.3.riscontro.xlsx", "p.riscontro.xlsx", "p.xlsx"]);
    assert_eq!(fs::read(folder.path("p.riscontro.xlsx")).unwrap(), copy);
    assert_eq!(fs::read(folder.path("p.xlsx")).unwrap(), source);
}

#[test]
fn copy_that_cannot_be_written_is_2_and_the_result_is_told() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx").write("out/p.riscontro.xlsx/x", b"a folder of that name");
    let ran = folder.run(&["check", "p.xlsx", "--out", "out", "--fail-on", "mai"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("1 documento"), "{}", ran.out);
    assert!(ran.err.contains("p.riscontro.xlsx"), "{}", ran.err);
    assert_eq!(folder.files(), ["out/p.riscontro.xlsx/x", "p.xlsx"]);
}

#[test]
fn destination_that_is_a_file_is_2_before_anything_is_checked() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx").write("out", b"a file, no folder");
    let ran = folder.run(&["check", "p.xlsx", "--out", "out"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("out: la destinazione delle copie non è una cartella"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn interrupted_run_writes_what_is_done() {
    let folder = Folder::new();
    for number in 0..400 {
        folder.copy(PROCESSES, &format!("d/{number:03}.xlsx"));
    }
    let arguments = ["check", "d", "--out", "out", "--jobs", "1", "--format", "json", "-o", "r.json"];
    let child = folder.program(&arguments).stderr(std::process::Stdio::piped()).spawn().unwrap();
    while !folder.path("out/000.riscontro.xlsx").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{}", ran.err);
    assert!(ran.err.contains("controllo interrotto"), "{}", ran.err);
    let result: serde_json::Value = serde_json::from_slice(&fs::read(folder.path("r.json")).unwrap()).unwrap();
    let done = result["summary"]["documents"].as_u64().unwrap();
    assert!(done > 0 && done < 400, "{done}");
    let copies = folder.files().iter().filter(|f| f.starts_with("out/")).count();
    assert_eq!(copies as u64, done);
}
