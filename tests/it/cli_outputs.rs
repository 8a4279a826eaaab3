//! The program from outside: what results are never written over.

use std::fs;

use crate::cli::{FIXTURE, Folder, Ran};

fn refused(ran: &Ran, says: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains(says), "{says}: {}", ran.err);
}

#[test]
fn the_configuration_in_force_is_never_written_over() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "d/a.xlsx").write("riscontro.toml", b"ignore = []\n").write("mia.conf", b"ignore = []\n");
    let before = folder.files();
    let says = "riscontro.toml: un risultato non è un file .toml";
    refused(&folder.run(&["check", "d", "--format", "json", "-o", "riscontro.toml"]), says);
    refused(&folder.run(&["check", "d", "--format", "json", "-o", "d/../riscontro.toml"]), says);
    let named =
        folder.run(&["check", "d", "--config", "mia.conf", "--out", "out", "--format", "csv", "-o", "mia.conf"]);
    refused(&named, "mia.conf: il file da scrivere è una configurazione in uso");
    assert_eq!(folder.files(), before);
    assert_eq!(fs::read(folder.path("riscontro.toml")).unwrap(), b"ignore = []\n");
}

#[test]
fn rules_in_force_are_never_written_over() {
    let folder = Folder::new();
    let schedule = b"extends = \"ptpct\"\n";
    folder.copy(FIXTURE, "a.xlsx").write("regole/mie/schedule.toml", schedule);
    folder.write("regole/mie/enti.toml", b"[[entry]]\nname = \"x\"\n");
    let says = "è uno di quelli delle regole in «regole»: scegliere un'altra destinazione";
    let run = |target: &str, says: &str| {
        refused(&folder.run(&["check", "a.xlsx", "--rules", "regole", "--format", "json", "-o", target]), says);
        refused(&folder.run(&["rules", "--rules", "regole", "--format", "json", "-o", target]), says);
        refused(&folder.run(&["test", "regole", "--format", "json", "-o", target]), says);
    };
    for target in ["regole/mie/schedule.toml", "regole/mie/nuova.RHAI", "altra.toml"] {
        run(target, "un risultato non è un file .");
        assert!(target.contains("schedule") || !folder.path(target).exists());
    }
    for (link, to) in [("esito", "regole/mie/schedule.toml"), ("enti", "regole/mie/../mie/enti.toml")] {
        #[cfg(unix)]
        std::os::unix::fs::symlink(to, folder.path(link)).unwrap();
        #[cfg(unix)]
        run(link, says);
    }
    assert_eq!(fs::read(folder.path("regole/mie/schedule.toml")).unwrap(), schedule);
}

/// `-o *.xlsx`, completed by the shell, names a document behind.
#[test]
fn documents_are_never_written_over() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx").copy(FIXTURE, "b.XLSX");
    let before = folder.files();
    let says = "b.XLSX: un risultato non è un file .xlsx: dare al file un'altra estensione";
    refused(&folder.run(&["check", "a.xlsx", "--format", "json", "-o", "b.XLSX"]), says);
    refused(&folder.run(&["rules", "--format", "json", "-o", "b.XLSX"]), says);
    assert_eq!(folder.files(), before);
}

#[test]
fn a_hyphen_as_result_is_stdout() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let ran = folder.run(&["check", "a.xlsx", "--format", "json", "-o", "-", "--fail-on", "mai"]);
    assert!(ran.code == 0 && ran.out.starts_with('{'), "{ran:?}");
    assert!(!folder.path("-").exists());
    let both = ["check", "a.xlsx", "--format", "json", "-o", "-", "--format", "csv"];
    refused(&folder.run(&both), "un solo formato può andare sullo schermo");
}

#[cfg(unix)]
#[test]
fn two_copies_never_meet_through_a_link() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "d/a.xlsx").copy(FIXTURE, "d/b.xlsx").write("out/leggimi.txt", b"");
    std::os::unix::fs::symlink("b.riscontro.xlsx", folder.path("out/a.riscontro.xlsx")).unwrap();
    refused(&folder.run(&["check", "d", "--out", "out"]), "due copie annotate finirebbero nello stesso file");
    assert!(!folder.path("out/b.riscontro.xlsx").exists());
}

#[cfg(unix)]
#[test]
fn two_results_never_meet_through_a_link() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    std::os::unix::fs::symlink("esito.json", folder.path("ultimo")).unwrap();
    std::os::unix::fs::symlink("out/a.riscontro.xlsx", folder.path("copia")).unwrap();
    let run = |first: &str, second: &str| {
        folder.run(&["check", "a.xlsx", "--format", "json", "-o", first, "--format", "csv", "-o", second])
    };
    refused(&run("esito.json", "ultimo"), "ultimo: due risultati nello stesso file");
    refused(&run("ultimo", "esito.json"), "esito.json: due risultati nello stesso file");
    let copy = folder.run(&["check", "a.xlsx", "--out", "out", "--format", "json", "-o", "copia"]);
    refused(&copy, "il nome di una copia annotata");
    assert!(!folder.path("esito.json").exists() && !folder.path("out").exists());
    folder.write("esito.json", b"{}");
    refused(&run("ultimo", "esito.json"), "esito.json: due risultati nello stesso file");
    assert_eq!(fs::read(folder.path("esito.json")).unwrap(), b"{}");
}
