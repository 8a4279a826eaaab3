//! The program on whole documents: annotated copies, and what an interruption leaves.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::cli::{Folder, Ran};

const FAULTY: &str = "allegato1-lucca-2020.xlsx";
const PROCESSES: &str = "ptpct-servizi-informativi-2021.xlsx";

/// The process table with a sheet that has notes, whose drawing is this text.
fn with_drawing_of_notes(drawing: &str) -> Vec<u8> {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(PROCESSES);
    let mut parts = crate::reading::parts_of(&fs::read(fixture).unwrap());
    let rels = "xl/worksheets/_rels/sheet1.xml.rels";
    let relation = "<Relationship Id=\"note1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing\" Target=\"../drawings/note.vml\"/>";
    let sheet = parts.iter_mut().find(|(name, _)| name == "xl/worksheets/sheet1.xml").map(|(_, bytes)| bytes).unwrap();
    let text = String::from_utf8(std::mem::take(sheet)).unwrap();
    *sheet = text.replace("</worksheet>", "<legacyDrawing r:id=\"note1\"/></worksheet>").into_bytes();
    match parts.iter_mut().find(|(name, _)| name == rels) {
        Some((_, bytes)) => {
            let text = String::from_utf8(std::mem::take(bytes)).unwrap();
            *bytes = text.replace("</Relationships>", &format!("{relation}</Relationships>")).into_bytes();
        }
        None => parts.push((rels.to_owned(), format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relation}</Relationships>").into_bytes())),
    }
    parts.push(("xl/drawings/note.vml".to_owned(), drawing.as_bytes().to_vec()));
    let types = &mut parts.iter_mut().find(|(name, _)| name == "[Content_Types].xml").unwrap().1;
    let text = String::from_utf8(std::mem::take(types)).unwrap();
    let vml =
        "<Default Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/></Types>";
    *types = text.replace("</Types>", vml).into_bytes();
    crate::cases::deflated(&parts)
}

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

#[test]
fn names_that_windows_reserves_are_no_outputs() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx");
    let first = |arguments: &[&str]| {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {ran:?}");
        ran.err.lines().next().unwrap().to_owned()
    };
    let cases: [&[&str]; 4] = [
        &["check", "p.xlsx", "--format", "json", "-o", "NUL"],
        &["check", "p.xlsx", "--out", "copie/lpt1"],
        &["check", "p.xlsx", "--out", "copie."],
        &["rules", "--format", "json", "-o", "a?.json"],
    ];
    let said: Vec<String> = cases.iter().map(|c| first(c)).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    errore: NUL: il nome «NUL» è riservato da Windows: sceglierne un altro e ripetere
    errore: copie/lpt1: il nome «lpt1» è riservato da Windows: sceglierne un altro e ripetere
    errore: copie.: il nome «copie.» finisce con un punto o uno spazio, che Windows non ammette: sceglierne un altro e ripetere
    errore: a?.json: il nome «a?.json» contiene il segno «?», che Windows non ammette: sceglierne un altro e ripetere
    ");
    assert_eq!(folder.files(), ["p.xlsx"]);
}

/// Windows has no such source to begin with.
#[cfg(unix)]
#[test]
fn copy_that_windows_could_not_hold_is_2_and_the_others_are_made() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "d/con.xlsx").copy(PROCESSES, "d/ore 10:30.xlsx").copy(PROCESSES, "d/p.xlsx");
    let ran = folder.run(&["check", "d", "--out", "out", "--fail-on", "mai", "--format", "json"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    let errors: Vec<_> = ran.err.lines().filter(|l| l.starts_with("errore")).collect();
    insta::assert_snapshot!(errors.join("\n"), @r"
    errore: out/con.riscontro.xlsx: il nome «con.riscontro.xlsx» è riservato da Windows: sceglierne un altro e ripetere
    errore: out/ore 10:30.riscontro.xlsx: il nome «ore 10:30.riscontro.xlsx» contiene il segno «:», che Windows non ammette: sceglierne un altro e ripetere
    ");
    assert_eq!(folder.files()[3..], ["out/p.riscontro.xlsx"]);
    let json = ran.json();
    assert_eq!(
        (&json["summary"]["documents"], &json["documents"][0]["copy_error"]["kind"]),
        (&3.into(), &"usage".into())
    );
    assert_eq!(folder.run(&["d/con.xlsx"]).code, 2);
}

/// A sheet of the user leads to a drawing of notes that is not there as it should be: only the copy needs it.
#[test]
fn part_that_only_the_copy_needs_is_a_fault_of_the_file() {
    let folder = Folder::new();
    for (name, drawing) in [("vuota", ""), ("rotta", "<xml><v:shape"), ("falsa", "\u{1}\u{2} non è XML")] {
        folder.write(&format!("{name}.xlsx"), &with_drawing_of_notes(drawing));
    }
    folder.copy(PROCESSES, "z.xlsx");
    for name in ["vuota", "rotta", "falsa"] {
        let file = format!("{name}.xlsx");
        assert_eq!(folder.run(&["check", &file, "--fail-on", "mai"]).code, 0, "{name}");
        let ran = folder.run(&["check", &file, "z.xlsx", "--out", "out", "--fail-on", "mai", "--format", "json"]);
        assert_eq!(ran.code, 3, "{name}: {ran:?}");
        let document = &ran.json()["documents"][0];
        assert_eq!(document["copy_error"]["kind"], "corrupt", "{name}: {}", ran.err);
        assert!(!document["findings"].as_array().unwrap().is_empty(), "{name}: the findings stay");
        let says = format!("errore: {name}.xlsx: la copia annotata non si può fare: il file è danneggiato");
        assert!(ran.err.contains(&says), "{}", ran.err);
        let copies: Vec<_> = folder.files().into_iter().filter(|f| f.starts_with("out/")).collect();
        assert_eq!(copies, ["out/z.riscontro.xlsx"], "{name}");
    }
}

#[test]
fn library_reports_also_where_a_copy_fails() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx").write("out/p.riscontro.xlsx/x", b"a folder of that name");
    let mut options = riscontro::Options::embedded().unwrap();
    options.copies = riscontro::check::Copies::Under(folder.path("out"));
    let report = riscontro::check(&[folder.path("p.xlsx")], &options).unwrap();
    let [document] = report.documents.as_slice() else { panic!("{report:?}") };
    assert!(document.error.is_none() && !document.findings.is_empty());
    assert_eq!(document.copy_error.as_ref().unwrap().kind(), riscontro::model::ErrorKind::Io);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_and_nobody_waits_for_them() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx").write("regole/ptpct/schedule.toml", b"extends = \"ptpct\"\n");
    let pipe = |name: &str| assert!(Command::new("mkfifo").arg(folder.path(name)).status().unwrap().success());
    pipe("pipa.xlsx");
    pipe("regole/ptpct/pipa.rhai");
    fs::create_dir(folder.path("vuota.xlsx")).unwrap();
    let ended = |arguments: &[&str], code: i32, says: &str| {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(says) || ran.out.contains(says), "{arguments:?}: {ran:?}");
    };
    ended(&["check", "pipa.xlsx"], 3, "non è un file né una cartella");
    ended(&["check", "/dev/zero"], 3, "non è un file né una cartella");
    ended(&["pipa.xlsx"], 3, "non è un file né una cartella");
    ended(&["check", "vuota.xlsx"], 2, "la cartella non contiene file da controllare");
    ended(&["check", "p.xlsx", "--rules", "pipa.xlsx"], 2, "non è una cartella");
    ended(&["check", "p.xlsx", "--rules", "p.xlsx"], 2, "non è una cartella");
    ended(&["check", "p.xlsx", "--rules", "assente"], 2, "la cartella delle regole non esiste");
    ended(&["check", "p.xlsx", "--rules", "regole"], 2, "pipa.rhai: non è un file");
    fs::remove_file(folder.path("regole/ptpct/pipa.rhai")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path("regole/ptpct/senza-fine.rhai")).unwrap();
    ended(&["test", "regole"], 2, "senza-fine.rhai: non è un file");
}

#[cfg(unix)]
#[test]
fn what_bears_the_name_of_a_document_in_a_folder_is_never_passed_over() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "d/p.xlsx");
    for pipe in ["d/pipa.xlsx", "d/altro"] {
        assert!(Command::new("mkfifo").arg(folder.path(pipe)).status().unwrap().success());
    }
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, folder.path(name)).unwrap();
    link("assente.xlsx", "d/perso.xlsx");
    link("assente.zip", "d/perso.zip");
    link("p.xlsx", "d/stesso.xlsx");
    link("/dev/zero", "d/zero.csv");
    // Locks of editors are such links, and no documents.
    link("utente@macchina.123", "d/.#p.xlsx");
    link("assente", "d/appunti.txt");
    let ran = folder.run(&["check", "d", "--fail-on", "mai", "--format", "json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let fates: Vec<_> = ran.json()["documents"].as_array().unwrap().iter().map(|d| d["path"].clone()).collect();
    assert_eq!(fates, ["d/p.xlsx", "d/perso.xlsx", "d/perso.zip", "d/pipa.xlsx", "d/zero.csv"]);
    let says = |file: &str, reason: &str| {
        assert!(ran.err.lines().any(|l| l.contains(file) && l.contains(reason)), "{file}: {}", ran.err);
    };
    says("d/perso.xlsx", "è un collegamento a un file che non c'è");
    says("d/perso.zip", "è un collegamento a un file che non c'è");
    says("d/pipa.xlsx", "non è un file né una cartella");
    says("d/zero.csv", "non è un file né una cartella");
    assert_eq!(folder.run(&["check", "d", "--fail-on", "mai", "--exclude", "p[ei]*", "--exclude", "*.csv"]).code, 0);
}

#[cfg(unix)]
#[test]
fn outputs_that_are_pipes_are_refused_and_nobody_waits_for_them() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx");
    fs::create_dir(folder.path("out")).unwrap();
    for pipe in ["out/p.riscontro.xlsx", "esito.json"] {
        assert!(Command::new("mkfifo").arg(folder.path(pipe)).status().unwrap().success());
    }
    let run = |arguments: &[&str]| folder.run(&[&["check", "p.xlsx", "--fail-on", "mai"], arguments].concat());
    let copy = run(&["--out", "out"]);
    assert_eq!(copy.code, 2, "{copy:?}");
    let says = "p.riscontro.xlsx non è un file ma una pipe o un dispositivo: indicare il nome di un file";
    assert!(copy.err.contains(says), "{}", copy.err);
    let result = run(&["--format", "json", "-o", "esito.json"]);
    assert!(result.code == 2 && result.err.contains("esito.json non è un file"), "{result:?}");
    assert_eq!(run(&["--format", "json", "-o", "/dev/null"]).code, 0);
    assert_eq!(folder.files(), ["esito.json", "out/p.riscontro.xlsx", "p.xlsx"]);
}

#[test]
fn result_never_meets_a_copy() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx");
    let ran = folder.run(&["check", "p.xlsx", "--out", "out", "--format", "json", "-o", "out/p.riscontro.xlsx"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("un risultato non è un file .xlsx"), "{}", ran.err);
    assert_eq!(folder.files(), ["p.xlsx"]);
}

#[test]
fn result_of_an_earlier_run_is_passed_over() {
    let folder = Folder::new();
    folder.copy(PROCESSES, "p.xlsx");
    let run = || folder.run(&["check", ".", "--strict", "--fail-on", "mai", "--format", "csv", "-o", "esiti.csv"]);
    assert_eq!((run().code, run().code), (0, 0));
}

#[cfg(unix)]
#[test]
fn interrupted_run_writes_what_is_done() {
    ["-INT", "-TERM"].into_iter().for_each(interrupted_by);
}

#[cfg(unix)]
fn interrupted_by(signal: &str) {
    let folder = Folder::new();
    for number in 0..400 {
        folder.copy(PROCESSES, &format!("d/{number:03}.xlsx"));
    }
    let arguments = ["check", "d", "--out", "out", "--jobs", "1", "--format", "json", "-o", "r.json"];
    let mut child = folder.program(&arguments).stderr(std::process::Stdio::piped()).spawn().unwrap();
    while !folder.path("out/000.riscontro.xlsx").exists() {
        assert!(child.try_wait().unwrap().is_none(), "ended before a copy was written");
        thread::sleep(Duration::from_millis(5));
    }
    Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{}", ran.err);
    assert!(ran.err.contains("controllo interrotto"), "{}", ran.err);
    let result: serde_json::Value = serde_json::from_slice(&fs::read(folder.path("r.json")).unwrap()).unwrap();
    let done = result["summary"]["documents"].as_u64().unwrap();
    assert!(done > 0 && done < 400, "{done}");
    let copies: Vec<String> = folder.files().into_iter().filter(|f| f.starts_with("out/")).collect();
    assert_eq!(copies.len() as u64, done);
    assert!(copies.iter().all(|f| f.ends_with(".riscontro.xlsx")), "something half-written: {copies:?}");
}

#[test]
fn kind_without_rules_is_told_and_not_called_clean() {
    let folder = Folder::new();
    let registers = ["obiettivi-registro.xlsx", "indicatori-anni-uniti.xlsx"];
    for name in registers {
        folder.copy(&format!("letture/{name}"), name);
    }
    folder.copy(FAULTY, FAULTY);
    // Packs of one's own that have no rules yet, in place of the shipped ones.
    for kind in ["obiettivi", "indicatori"] {
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(kind);
        for entry in fs::read_dir(rules).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "toml") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                folder.write(&format!("regole/{kind}/{name}"), &fs::read(&path).unwrap());
            }
        }
    }
    let own = ["--rules", "regole"];
    let sentence = "nessuna regola per questo tipo di scheda, per ora";
    for format in ["full", "concise", "markdown"] {
        let ran = folder.run(&[&["check", registers[0], "--format", format][..], &own].concat());
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains(sentence) && !ran.out.contains("nessun rilievo"), "{}", ran.out);
    }
    let both = folder.run(&[&["check", registers[0], FAULTY, "--fail-on", "mai"][..], &own].concat());
    assert!(both.out.contains("; 1 documento senza regole, per ora;"), "{}", both.out);
    let json = folder.run(&[&["check", registers[0], registers[1], "--format", "json"][..], &own].concat()).json();
    let told = |i: usize| {
        let document = &json["documents"][i];
        (document["kinds"].to_string(), document["tables"][0]["entities"].to_string(), document["rules"].to_string())
    };
    assert_eq!(told(0), (r#"["obiettivi"]"#.into(), r#"{"indicatore":3,"obiettivo":2}"#.into(), "[]".into()));
    assert_eq!(told(1), (r#"["indicatori"]"#.into(), r#"{"indicatore":3}"#.into(), "[]".into()));
}

#[test]
fn refusal_names_the_known_tables_or_what_the_nearest_lacks() {
    let folder = Folder::new();
    fs::write(folder.path("orari.csv"), "Sportello;Apertura;Chiusura;Piano\nAnagrafe;9;12;1\nTributi;9;13;2\n")
        .unwrap();
    let ran = folder.run(&["check", "orari.csv"]);
    assert!(ran.out.contains("(«Allegato 1: scheda standard di monitoraggio», "), "{ran:?}");
    assert!(!ran.out.contains("riscontro.toml"), "{ran:?}");
    // A plan by its title, with headings of the office's own: the declaration that is proposed makes it readable.
    let plan = "PTPCT 2025-2027;;;\n\nContesto esposto;Processo;Spunti;Cosa si fa\nPersonale;Concorsi;Tracce note;Sorteggio\nAppalti;Gare;Bando su misura;Rotazione\n";
    fs::write(folder.path("piano.csv"), plan).unwrap();
    let ran = folder.run(&["check", "piano.csv"]);
    let told = "ma manca l'intestazione «Area di rischio»";
    assert!(ran.out.contains(told) && ran.out.contains("riscontro.toml, [headings.ptpct]"), "{ran:?}");
    let json = folder.run(&["check", "piano.csv", "--format", "json"]).out;
    assert!(json.contains(r#""kind":"ptpct","missing":["Area di rischio"]"#), "{json}");
    fs::write(folder.path("riscontro.toml"), "[headings.ptpct]\narea_rischio = [\"Contesto esposto\"]\n").unwrap();
    let ran = folder.run(&["check", "piano.csv", "--fail-on", "mai"]);
    assert!(ran.out.contains("2 processi"), "{ran:?}");
    // A list of duties to publish has the same title, and is none.
    let duties = "PTPCT 2025-2027;;;\n\nDenominazione del singolo obbligo;Contenuti dell'obbligo;Ufficio;Termine\nIncarichi;Atti;Personale;30 giorni\n";
    fs::write(folder.path("obblighi.csv"), duties).unwrap();
    let ran = folder.run(&["check", "obblighi.csv"]);
    assert!(!ran.out.contains("la più vicina"), "{ran:?}");
}

#[test]
fn rows_of_phases_are_a_list_and_a_column_without_heading_is_told_so() {
    let folder = Folder::new();
    let rows = "PTPCT 2025;;;;;\n\nArea di rischio;Processo;;Fasi;Responsabile della fase;Evento rischioso\nPersonale;Concorsi;nota a;Bando;Istruttore;Tracce note\n;;;Prove;Commissione;\n;;;Nomina;Dirigente;\nAppalti;Gare;nota b;Bando;Istruttore;Bando su misura\n;;;Aggiudicazione;RUP;\n";
    fs::write(folder.path("fasi.csv"), rows).unwrap();
    let told = folder.run(&["check", "fasi.csv", "--explain-reading", "--fail-on", "mai"]).out;
    assert!(told.contains("righe che continuano l'elenco della riga sopra: 5-6, 8; lette con quella"), "{told}");
    assert!(told.contains("C3, senza intestazione: non letta"), "{told}");
    assert!(!told.contains("letto come") && !told.contains("righe spezzate"), "{told}");
}

#[test]
fn results_are_no_documents() {
    for lang in ["it", "en"] {
        let folder = Folder::new();
        folder.copy(FAULTY, "d/a.xlsx");
        let results = ["--format", "markdown", "-o", "d/esito.md", "--format", "csv", "-o", "d/esito.csv"];
        let arguments = ["check", "d/a.xlsx", "--lang", lang, "--fail-on", "mai", "--out", "d"];
        assert_eq!(folder.run(&[&arguments[..], &results].concat()).code, 0);
        let named = folder.run(&["check", "d/esito.md", "d/esito.csv"]);
        assert_eq!(named.code, 3, "{named:?}");
        assert_eq!(named.out.matches("esito di un controllo, non un documento").count(), 2, "{named:?}");
        // The sheets of an annotated copy, renamed by hand, are ours all the same.
        let copy = fs::read(folder.path("d/a.riscontro.xlsx")).unwrap();
        let mut parts = crate::reading::parts_of(&copy);
        let book = &mut parts.iter_mut().find(|(name, _)| name == "xl/workbook.xml").unwrap().1;
        let text = String::from_utf8(std::mem::take(book)).unwrap();
        let sheet = if lang == "it" { "Rilievi" } else { "Findings" };
        let renamed = text.replace(&format!("<sheet name=\"{sheet}\""), "<sheet name=\"Da fare\"");
        assert_ne!(renamed, text);
        *book = renamed.into_bytes();
        fs::write(folder.path("d/b.xlsx"), crate::cases::deflated(&parts)).unwrap();
        let (original, renamed) = (folder.run(&["check", "d/a.xlsx"]), folder.run(&["check", "d/b.xlsx"]));
        assert_eq!(renamed.out.replace("d/b.xlsx", "d/a.xlsx"), original.out);
    }
}
