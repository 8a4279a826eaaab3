//! The program from outside: exit codes, what is checked, names of outputs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

pub(crate) const FIXTURE: &str = "allegato1-lucca-2020.xlsx";

/// A folder of its own for one test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts a copy of a fixture under a path of this folder.
    pub(crate) fn copy(&self, fixture: &str, to: &str) -> &Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        self.write(to, &fs::read(source).unwrap())
    }

    pub(crate) fn write(&self, to: &str, bytes: &[u8]) -> &Self {
        fs::create_dir_all(self.path(to).parent().unwrap()).unwrap();
        fs::write(self.path(to), bytes).unwrap();
        self
    }

    /// A workbook with these cells in its first rows.
    pub(crate) fn workbook(&self, to: &str, rows: &[&[&str]]) -> &Self {
        self.sheets(to, &[("Sheet1", rows)])
    }

    /// A workbook of several sheets, each with these cells in its first rows.
    pub(crate) fn sheets(&self, to: &str, sheets: &[(&str, &[&[&str]])]) -> &Self {
        let mut workbook = Workbook::new();
        for (name, rows) in sheets {
            let sheet = workbook.add_worksheet().set_name(*name).unwrap();
            for (row, cells) in (0..).zip(*rows) {
                for (col, cell) in (0..).zip(*cells) {
                    sheet.write_string(row, col, *cell).unwrap();
                }
            }
        }
        self.write(to, &workbook.save_to_buffer().unwrap())
    }

    /// The program in this folder, ready to be given more.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_riscontro"));
        program
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("RISCONTRO_LANG")
            .env_remove("RISCONTRO_PROFILE")
            .env_remove("RISCONTRO_FAIL_ON")
            .stdin(Stdio::null());
        program
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.program(arguments).output().unwrap())
    }

    /// Every file below the folder, sorted, with `/`.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path.strip_prefix(self.0.path()).unwrap().to_string_lossy().replace('\\', "/"));
                }
            }
        }
        files.sort();
        files
    }
}

#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }

    /// The documents of a JSON result: path, and why it was not checked.
    fn fates(&self) -> Vec<(String, String)> {
        let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
        let fate = |d: &serde_json::Value| match (&d["error"]["kind"], &d["skipped"]) {
            (serde_json::Value::String(kind), _) => kind.clone(),
            (_, serde_json::Value::String(_)) => "skipped".to_owned(),
            _ => "checked".to_owned(),
        };
        self.json()["documents"].as_array().unwrap().iter().map(|d| (text(&d["path"]), fate(d))).collect()
    }
}

fn fates(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, fate)| ((*path).to_owned(), (*fate).to_owned())).collect()
}

fn json(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.run(&[&["check", "--format", "json", "--fail-on", "mai"], arguments].concat())
}

// Exit codes.

#[test]
fn nothing_at_the_threshold_is_0() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let ran = folder.run(&["check", "--fail-on", "mai", "a.xlsx"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("riconosciuto: Allegato 1"), "{}", ran.out);
}

#[test]
fn wrong_usage_is_2() {
    let folder = Folder::new();
    for arguments in [&["check"][..], &["check", "--niente", "x"], &["chek", "x"], &["rules", "--format", "csv"], &[]] {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn rules_that_do_not_load_are_2() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx").write("regole/mie/schedule.toml", b"kind = \"mie\"\nshapes = \"register\"\n");
    let ran = folder.run(&["check", "--rules", "regole", "a.xlsx"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("regole/mie/schedule.toml:2:1"), "{}", ran.err);
    assert_eq!(folder.run(&["check", "--rules", "assente", "a.xlsx"]).code, 2);
    assert_eq!(folder.run(&["check", "--rules-only", "a.xlsx"]).code, 2);
}

#[test]
fn output_that_cannot_be_written_is_2_and_the_rest_is_written() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let formats = ["--format", "json", "-o", "assente/r.json", "--format", "concise"];
    let ran = folder.run(&[&["check", "a.xlsx", "--fail-on", "mai"], &formats[..]].concat());
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("1 documento"), "{}", ran.out);
    assert!(ran.err.contains("assente/r.json"), "{}", ran.err);
}

#[test]
fn nothing_to_check_is_2() {
    let folder = Folder::new();
    fs::create_dir(folder.path("vuota")).unwrap();
    folder.workbook("altri/turni.xlsx", &[&["Turno", "Nome"], &["mattina", "Rossi"]]);
    for path in ["vuota", "altri", "*.xlsx", "altri/*.xls"] {
        let ran = json(&folder, &[path]);
        assert_eq!(ran.code, 2, "{path}: {ran:?}");
        assert!(ran.err.contains("nessun file da controllare"), "{}", ran.err);
        assert_eq!(ran.json()["summary"]["skipped"], 1, "{path}");
    }
}

#[test]
fn missing_file_is_3_and_the_others_are_checked() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let ran = json(&folder, &["assente.xlsx", "a.xlsx"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(ran.fates(), fates(&[("assente.xlsx", "io"), ("a.xlsx", "checked")]));
    assert!(ran.err.contains("assente.xlsx: il file non esiste"), "{}", ran.err);
}

// What is checked.

#[test]
fn named_file_must_be_checkable() {
    let folder = Folder::new();
    folder.workbook("turni.xlsx", &[&["Turno"], &["mattina"]]).write("dati.csv", b"a;b\n1;2\n");
    folder.write("stampa.pdf", b"%PDF-1.7\n");
    let ran = json(&folder, &["turni.xlsx", "dati.csv", "stampa.pdf"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(
        ran.fates(),
        fates(&[("turni.xlsx", "unrecognised"), ("dati.csv", "unrecognised"), ("stampa.pdf", "unsupported")])
    );
}

#[test]
fn folder_is_walked_in_order_and_foreign_files_are_passed_over() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "d/b/2.xlsx").copy(FIXTURE, "d/a.xlsx").copy(FIXTURE, "d/.nascosta/x.xlsx");
    folder.copy(FIXTURE, "d/a.riscontro.xlsx").copy(FIXTURE, "d/out/x.xlsx").write("d/~$a.xlsx", b"lock");
    folder.write("d/leggimi.txt", b"x").write("d/dati.csv", b"a;b").write("d/bilancio.fods", b"x");
    folder.workbook("d/turni.xlsx", &[&["Turno"], &["mattina"]]);
    let ran = json(&folder, &["d", "--exclude", "out"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let expected = [
        ("d/a.xlsx", "checked"),
        ("d/b/2.xlsx", "checked"),
        ("d/bilancio.fods", "skipped"),
        ("d/dati.csv", "skipped"),
        ("d/turni.xlsx", "skipped"),
    ];
    assert_eq!(ran.fates(), fates(&expected));
}

#[test]
fn strict_refuses_what_would_be_skipped() {
    let folder = Folder::new();
    folder
        .workbook("d/turni.xlsx", &[&["Turno"], &["mattina"]])
        .write("d/bilancio.fods", b"x")
        .copy(FIXTURE, "d/a.xlsx");
    let ran = json(&folder, &["d", "--strict"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let expected = [("d/a.xlsx", "checked"), ("d/bilancio.fods", "unsupported"), ("d/turni.xlsx", "unrecognised")];
    assert_eq!(ran.fates(), fates(&expected));
}

#[test]
fn damaged_file_is_refused_wherever_it_comes_from() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "d/a.xlsx").write("d/rotto.xlsx", b"PK\x03\x04 e basta");
    let ran = json(&folder, &["d"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(ran.fates(), fates(&[("d/a.xlsx", "checked"), ("d/rotto.xlsx", "corrupt")]));
}

#[test]
fn headings_without_records_are_told_as_such() {
    let folder = Folder::new();
    let headings = ["ARGOMENTO", "CATEGORIA", "N.", "DOMANDA", "RISPOSTA", "ISTRUZIONI"];
    folder.workbook("d/vuoto.xlsx", &[&headings]);
    let ran = json(&folder, &["d"]);
    assert_eq!((ran.code, ran.fates()), (3, fates(&[("d/vuoto.xlsx", "unrecognised")])), "{ran:?}");
    let message = ran.json()["documents"][0]["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("nessuna riga compilata"), "{message}");
}

#[test]
fn quoted_pattern_is_expanded() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "d/2023/a.xlsx").copy(FIXTURE, "d/2024/a.xlsx").copy(FIXTURE, "d/2024/b.xlsx");
    let paths = |arguments: &[&str]| json(&folder, arguments).fates().into_iter().map(|f| f.0).collect::<Vec<_>>();
    assert_eq!(paths(&["d/*/a.xlsx"]), ["d/2023/a.xlsx", "d/2024/a.xlsx"]);
    assert_eq!(paths(&["**/b.xlsx"]), ["d/2024/b.xlsx"]);
    assert_eq!(paths(&["d/2024*"]), ["d/2024/a.xlsx", "d/2024/b.xlsx"]);
    assert_eq!(paths(&["d", "--include", "b.xlsx"]), ["d/2024/b.xlsx"]);
    assert_eq!(paths(&["d", "--exclude", "2024/a*"]), ["d/2023/a.xlsx", "d/2024/b.xlsx"]);
}

#[test]
fn file_named_twice_is_checked_once() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    assert_eq!(json(&folder, &["a.xlsx", ".", "./a.xlsx"]).fates(), fates(&[("a.xlsx", "checked")]));
}

#[test]
fn order_does_not_depend_on_the_workers() {
    let folder = Folder::new();
    for name in ["c", "a", "b", "d", "e"] {
        folder.copy(FIXTURE, &format!("d/{name}.xlsx"));
    }
    let one = json(&folder, &["d", "--jobs", "1"]);
    assert_eq!(one.out, json(&folder, &["d", "--jobs", "4"]).out);
    assert_eq!(one.fates().len(), 5);
}

// Formats and outputs.

#[test]
fn each_output_belongs_to_the_format_before_it() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let formats = ["--format", "csv", "-o", "r.csv", "--format", "jsonl", "--format", "json", "--output", "r.json"];
    let ran = folder.run(&[&["check", "a.xlsx", "--fail-on", "mai"], &formats[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.lines().count(), 2);
    assert!(fs::read_to_string(folder.path("r.csv")).unwrap().starts_with("\u{feff}path;sheet;cell;"));
    assert!(fs::read_to_string(folder.path("r.json")).unwrap().starts_with("{\"version\":1,"));
    assert_eq!(folder.files(), ["a.xlsx", "r.csv", "r.json"]);
}

#[test]
fn formats_that_cannot_be_told_apart_are_refused() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let wrong = |arguments: &[&str]| {
        let ran = folder.run(&[&["check", "a.xlsx"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        ran.err.trim_end().to_owned()
    };
    insta::assert_snapshot!(wrong(&["--format", "json", "--format", "csv"]), @"errore: un solo formato può andare sullo schermo: aggiungere agli altri --output FILE");
    insta::assert_snapshot!(wrong(&["-o", "x", "--format", "csv"]), @"errore: --output vale per il --format che lo precede: scriverlo dopo");
    insta::assert_snapshot!(wrong(&["--format", "json", "-o", "x", "-o", "y"]), @"errore: il formato «json» ha due --output: ripetere --format per ciascuno");
    insta::assert_snapshot!(wrong(&["--format", "json", "-o", "x", "--format", "csv", "-o", "x"]), @"errore: x: due risultati nello stesso file");
}

#[test]
fn input_is_never_written_to() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx").copy(FIXTURE, "b.riscontro.xlsx");
    let before = fs::read(folder.path("a.xlsx")).unwrap();
    let ran = folder.run(&["check", "a.xlsx", "-o", "a.xlsx"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert_eq!(fs::read(folder.path("a.xlsx")).unwrap(), before);
    let ran = folder.run(&["check", "a.xlsx", "b.riscontro.xlsx", "--out", "."]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("è anche uno di quelli da controllare"), "{}", ran.err);
    assert_eq!(folder.files(), ["a.xlsx", "b.riscontro.xlsx"]);
}

#[test]
fn closed_stdout_is_quiet() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let explained = ["check", "a.xlsx", "--fail-on", "mai", "--format", "json", "--explain-reading", "--quiet"];
    let mut child = folder.program(&explained).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn colours_come_only_when_asked_for() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let run = |color: &str| folder.run(&["check", "a.xlsx", "--fail-on", "mai", "--color", color]).out;
    assert!(run("always").contains('\u{1b}'));
    assert!(!run("never").contains('\u{1b}') && !run("auto").contains('\u{1b}'));
}

#[test]
fn quiet_run_says_nothing_but_errors() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    assert_eq!(json(&folder, &["a.xlsx", "-q"]).err, "");
    assert_eq!(
        json(&folder, &["assente.xlsx", "-q"]).err,
        "errore: assente.xlsx: il file non esiste: controllare il nome e la cartella\n"
    );
}
