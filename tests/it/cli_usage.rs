//! The program from outside: language, help, usage errors and paths without a command.

use crate::cli::{FIXTURE, Folder, Ran};

#[test]
fn help_is_good_italian() {
    insta::assert_snapshot!("help_it", Folder::new().run(&["--help"]).out);
    insta::assert_snapshot!("help_check_it", Folder::new().run(&["check", "--help"]).out);
    insta::assert_snapshot!("help_rules_it", Folder::new().run(&["help", "rules"]).out);
    insta::assert_snapshot!("help_test_it", Folder::new().run(&["test", "-h"]).out);
}

#[test]
fn help_is_english_when_asked_for() {
    insta::assert_snapshot!("help_en", Folder::new().run(&["--lang", "en", "--help"]).out);
    insta::assert_snapshot!("help_check_en", Folder::new().run(&["check", "--help", "--lang=en"]).out);
}

#[test]
fn usage_errors_guess_what_was_meant() {
    let first = |arguments: &[&str]| {
        let ran = Folder::new().run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        ran.err.lines().next().unwrap().to_owned()
    };
    let cases: [&[&str]; 15] = [
        &["chek", "x"],
        &["check", "--selct", "PT", "x"],
        &["check", "--fix", "x"],
        &["check", "--format", "jsn", "x"],
        &["check", "--format", "html", "x"],
        &["check", "--fail-on", "errori", "x"],
        &["check", "--jobs", "0", "x"],
        &["check", "--jobs"],
        &["check", "--as-of", "ieri", "x"],
        &["check", "--strict", "--strict", "x"],
        &["check"],
        &["rules", "PT-A01", "altro"],
        &["check", "--lang", "fr", "x"],
        &["--lang", "en", "check", "--selct", "x"],
        &["--lang", "en", "check"],
    ];
    let all: Vec<String> = cases.iter().map(|c| format!("{}\n  {}", c.join(" "), first(c))).collect();
    insta::assert_snapshot!("usage_errors", all.join("\n"));
}

#[test]
fn usage_error_shows_how_to_write_it() {
    insta::assert_snapshot!(Folder::new().run(&["check", "--selct", "x"]).err, @r"
    errore: opzione «--selct» sconosciuta; forse «--select»

    Uso: riscontro check [OPZIONI] PERCORSO...
    Per l'aiuto: riscontro check --help
    ");
}

#[test]
fn language_comes_from_option_then_environment() {
    let folder = Folder::new();
    let err = |arguments: &[&str], lang: &str| {
        Ran::of(folder.program(arguments).env("RISCONTRO_LANG", lang).output().unwrap()).err
    };
    assert!(err(&["check"], "en").starts_with("error: the argument PATH is missing"));
    assert!(err(&["check", "--lang", "it"], "en").starts_with("errore: manca l'argomento PERCORSO"));
    assert!(err(&["check"], "").starts_with("errore:"));
    assert!(err(&["check"], "fr").starts_with("errore: la variabile RISCONTRO_LANG vale «fr»"));
}

#[test]
fn a_near_miss_is_in_the_language_asked_for() {
    let folder = Folder::new();
    folder.workbook("a.xlsx", &[&["Processo", "Ufficio"], &["Concorsi", "Personale"]]);
    let ran = |lang: &str| folder.run(&["check", "a.xlsx", "--lang", lang]).out;
    let (italian, english) = (ran("it"), ran("en"));
    assert!(italian.contains("manca l'intestazione «Area di rischio»"), "{italian}");
    assert!(english.contains("the heading “Risk area” is missing"), "{english}");
    let json = folder.run(&["check", "a.xlsx", "--lang", "en", "--format", "json"]).json();
    assert_eq!(json["documents"][0]["near_misses"][0]["missing"][0], "Risk area");
}

#[test]
fn a_file_whose_name_begins_with_a_hyphen_is_told_how_to_name_and_named_so() {
    let folder = Folder::new();
    folder.copy("ptpct-servizi-informativi-2021.xlsx", "-x.xlsx");
    let told = |arguments: &[&str], says: &str| {
        let ran = folder.run(arguments);
        assert!(ran.code == 2 && ran.err.contains(says), "{ran:?}");
    };
    told(&["-x.xlsx"], "se è un file: riscontro -- -x.xlsx");
    told(&["check", "-x.xlsx"], "se è un file: riscontro check -- -x.xlsx");
    told(&["check", "-y.xlsx"], "opzione «-y» sconosciuta");
    assert!(folder.run(&["check", "--fail-on", "mai", "--", "-x.xlsx"]).out.contains("--> -x.xlsx, "));
    let bare = folder.run(&["--", "-x.xlsx"]);
    assert!(bare.out.contains("copia annotata: -x.riscontro.xlsx"), "{bare:?}");
    assert_eq!(folder.files(), ["-x.riscontro.xlsx", "-x.xlsx"]);
}

#[test]
fn a_document_of_blank_rows_is_told_to_be_one() {
    let folder = Folder::new();
    folder.write("righe.csv", &b"\n".repeat(20_000_000)).write("segni.csv", b";;;\n;;;\n");
    folder.workbook("vuota.xlsx", &[]);
    for name in ["righe.csv", "segni.csv", "vuota.xlsx"] {
        let ran = folder.run(&["check", name]);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.out.contains("rifiutato: ha solo righe vuote, nessun valore: "), "{ran:?}");
    }
    let late = [&b"\n".repeat(20_000_000)[..], b"Processo;Misura\n1;2\n"].concat();
    folder.write("tardi.csv", &late);
    assert!(folder.run(&["check", "tardi.csv"]).out.contains("più di 1048576 righe"));
}

#[test]
fn unknown_rule_is_2() {
    let ran = Folder::new().run(&["rules", "ZZ-999"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("errore: nessuna regola si chiama «ZZ-999»"), "{}", ran.err);
}

#[test]
fn version_is_that_of_the_package() {
    let ran = Folder::new().run(&["--version"]);
    assert_eq!((ran.code, ran.out), (0, format!("riscontro {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn bare_path_that_is_missing_is_told_and_misspelt_command_is_not_a_path() {
    let folder = Folder::new();
    let ran = folder.run(&["assente.xlsx"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("rifiutato: il file non esiste"), "{}", ran.out);
    assert!(folder.run(&["chek", "assente.xlsx"]).err.contains("forse «check»"));
    assert!(folder.run(&["help", "chek"]).err.starts_with("errore: comando «chek» sconosciuto; forse «check»"));
}

#[test]
fn bare_path_with_options_is_told_to_want_the_command() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let ran = folder.run(&["a.xlsx", "--out", "copie"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("riscontro check a.xlsx"), "{}", ran.err);
    assert_eq!(folder.files(), ["a.xlsx"]);
}

#[test]
fn a_selection_that_leaves_no_rule_is_no_clean_check() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let none = folder.run(&["check", "a.xlsx", "--select", "PT", "--ignore", "PT"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("nessuna regola resta"), "{}", none.err);
    for blank in ["", " ", "PT,"] {
        let ran = folder.run(&["check", "a.xlsx", "--select", blank]);
        assert_eq!((ran.code, ran.err.trim_end()), (2, "errore: manca il valore di «--select»"), "{blank:?}");
    }
}

#[test]
fn a_destination_that_cannot_be_is_told_before_the_check() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx").write("file", b"x");
    let cases: [(&[&str], &str); 2] = [
        (&["--out", "file/copie"], "la cartella delle copie non si può creare"),
        (&["--out", "file"], "la destinazione delle copie non è una cartella"),
    ];
    for (arguments, sentence) in cases {
        let ran = folder.run(&[&["check", "a.xlsx"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(sentence), "{}", ran.err);
    }
    folder.run(&["check", "file", "--out", "nuova/copie"]);
    assert_eq!(folder.files(), ["a.xlsx", "file"]);
    assert!(!folder.path("nuova").exists());
}

#[test]
fn the_sentence_of_one_mistake_stands_once() {
    let folder = Folder::new();
    folder
        .write("regole/schedule.toml", b"extends = \"ptpct\"\n")
        .write("regole/x.rhai", b"/*---\ncode = \n---*/\ntrue\n");
    let ran = folder.run(&["test", "regole"]);
    assert_eq!(ran.code, 2);
    let sentence = ran.err.lines().next().unwrap().strip_prefix("errore: ").unwrap().to_owned();
    assert_eq!(ran.err.matches(&sentence).count(), 1, "{}", ran.err);
    assert!(ran.err.contains("x.rhai:"), "{}", ran.err);
}

#[test]
fn test_runs_the_examples_of_the_folder_alone() {
    let folder = Folder::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/ptpct");
    let rule = std::fs::read_to_string(root.join("area-rischio-ignota.rhai")).unwrap();
    let code = rule.lines().find(|l| l.starts_with("code ")).unwrap().split('"').nth(1).unwrap().to_owned();
    folder
        .write("regole/schedule.toml", b"extends = \"ptpct\"\n")
        .write("regole/area-propria.rhai", rule.replacen(&code, "ZZ-A01", 1).as_bytes());
    let ran = folder.run(&["test", "regole", "--format", "json"]);
    assert_eq!(ran.json()["rules"], 1, "{}{}", ran.out, ran.err);
    let all = folder.run(&["test", "--format", "json"]);
    assert!(all.json()["rules"].as_u64().unwrap() > 50, "{}", all.out);
    // The whole pack in place of the shipped one: its rules alone, though some speak of documents of other kinds.
    let pack = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/allegato1");
    let mut own = 0;
    for entry in std::fs::read_dir(pack).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        own += usize::from(path.extension().is_some_and(|e| e == "rhai"));
        folder.write(&format!("regole/allegato1/{name}"), &std::fs::read(&path).unwrap());
    }
    let ran = folder.run(&["test", "regole/allegato1", "--format", "json"]);
    assert_eq!((ran.code, ran.json()["rules"].as_u64()), (0, Some(own as u64)), "{}{}", ran.out, ran.err);
    // Beside a folder that adds to a pack, too.
    folder
        .write("miste/area/schedule.toml", b"extends = \"ptpct\"\n")
        .write("miste/area/area-propria.rhai", rule.replacen(&code, "ZZ-A01", 1).as_bytes());
    std::fs::rename(folder.path("regole/allegato1"), folder.path("miste/allegato1")).unwrap();
    let ran = folder.run(&["test", "miste", "--format", "json"]);
    assert_eq!((ran.code, ran.json()["rules"].as_u64()), (0, Some(own as u64 + 1)), "{}{}", ran.out, ran.err);
}

#[test]
fn the_usage_shown_is_that_of_the_command_given() {
    let folder = Folder::new();
    for (arguments, says) in [
        (&["test", "rules", "--foo"][..], "Uso: riscontro test"),
        (&["check", "test", "--foo"], "Uso: riscontro check"),
        (&["--lang", "it", "test", "check", "--foo"], "Uso: riscontro test"),
    ] {
        let ran = folder.run(arguments);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn of_several_sheets_the_one_with_most_of_a_table_is_told_as_the_nearest() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let legend = [["Evento rischioso", "Livello"], ["A", "Alto"]];
    let heads = ["Evento rischioso", "Livello", "Responsabile"];
    let processes = [heads, ["Favori", "Alto", "Rossi"], ["Favori", "Basso", "Verdi"]];
    let sheet = workbook.add_worksheet().set_name("Legenda").unwrap();
    sheet.write_row_matrix(0, 0, legend).unwrap();
    let sheet = workbook.add_worksheet().set_name("Processi").unwrap();
    sheet.write_row_matrix(0, 0, processes).unwrap();
    let folder = Folder::new();
    folder.write("due.xlsx", &workbook.save_to_buffer().unwrap());
    let ran = folder.run(&["check", "due.xlsx"]);
    assert!(ran.out.contains("nel foglio «Processi» la più vicina è"), "{ran:?}");
}

#[test]
fn form_with_questions_of_other_words_is_refused_and_told_so() {
    let folder = Folder::new();
    let group = "Obiettivi strategici;Definizione degli obiettivi strategici";
    let rows = format!(
        "ARGOMENTO;CATEGORIA;;DOMANDA;RISPOSTA\n{group};1.1;Gli obiettivi sono pertinenti?;Si, tutti\n{group};;Esempi;\n{group};1.2;Chi è stato coinvolto?;Tutti\n{group};;Esempi;\n"
    );
    folder.write("oiv.csv", rows.as_bytes());
    let ran = folder.run(&["check", "oiv.csv"]);
    let told = "«Allegato 1: scheda standard di monitoraggio», ma i testi delle domande non sono quelli del modulo";
    assert!(ran.out.contains(told), "{ran:?}");
}
