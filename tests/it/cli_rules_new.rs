//! `riscontro rules new`: a rule file to start from, for every kind of schedule.

use std::fs;

use riscontro::pack::Packs;

use crate::cli::Folder;

#[test]
fn a_new_rule_of_every_kind_loads_and_says_what_is_left_to_write() {
    for kind in Packs::embedded().unwrap().kinds() {
        let folder = Folder::new();
        let ran = folder.run(&["rules", "new", &format!("{kind}/nome-del-difetto"), "--rules", "mie"]);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (0, format!("mie/{kind}/nome-del-difetto.rhai\n").as_str()),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("riscontro test mie"), "{}", ran.err);
        let tested = folder.run(&["test", "mie"]);
        assert_eq!(tested.code, 1, "{kind}: {}{}", tested.out, tested.err);
        for left in [
            "il difetto in poche parole (in italiano)",
            "come si rimedia (in inglese)",
            "la condizione che deve valere",
        ] {
            assert!(
                tested.out.contains(&format!("da rivedere: resta da scrivere: {left}\n")),
                "{kind}: {}",
                tested.out
            );
        }
        // Nothing else is wrong with it: its own examples hold.
        let others = tested.out.lines().filter(|l| l.starts_with("da rivedere") && !l.contains("resta da scrivere"));
        assert_eq!(others.count(), 0, "{kind}: {}", tested.out);
    }
}

#[test]
fn a_new_rule_is_done_once_its_marks_are_written_over() {
    let folder = Folder::new();
    folder.run(&["rules", "new", "ptpct/prova", "--rules", "mie", "--lang", "en"]);
    let text = fs::read_to_string(folder.path("mie/ptpct/prova.rhai")).unwrap();
    assert!(text.contains("title    = \"<fill in: the fault in a few words (in Italian)>\""), "{text}");
    folder.write("mie/ptpct/prova.rhai", text.replace("<fill in: ", "").replace(">\"", "\"").as_bytes());
    let tested = folder.run(&["test", "mie"]);
    assert_eq!(
        (tested.code, tested.out.as_str()),
        (0, "1 regola, 2 esempi: tutti come dichiarato\n"),
        "{}",
        tested.err
    );
}

#[test]
fn one_rule_of_a_folder_is_tried_alone() {
    let folder = Folder::new();
    folder.run(&["rules", "new", "ptpct/uno", "--rules", "mie"]);
    folder.run(&["rules", "new", "ptpct/due", "--rules", "mie"]);
    assert!(folder.run(&["test", "mie"]).out.contains("2 regole, 4 esempi: "));
    for name in ["NOI-02", "noi-02", "due", "ptpct/due"] {
        let out = folder.run(&["test", "mie", "--select", name]).out;
        assert!(out.contains("1 regola, 2 esempi: ") && !out.contains("uno.rhai"), "{name}: {out}");
    }
    for name in ["PT-A02", " "] {
        let ran = folder.run(&["test", "mie", "--select", name]);
        assert_eq!(ran.code, 2, "{name}");
        assert!(ran.err.contains("nessuna regola della cartella"), "{}", ran.err);
    }
}

#[test]
fn what_is_left_to_write_has_its_line_and_column() {
    let folder = Folder::new();
    folder.run(&["rules", "new", "allegato1/prova", "--rules", "mie"]);
    let text = fs::read_to_string(folder.path("mie/allegato1/prova.rhai")).unwrap();
    let line = 1 + text.lines().position(|l| l.starts_with("// <compilare")).unwrap();
    let json = folder.run(&["test", "mie", "--format", "json"]).json();
    let last = json["failures"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["line"], &last["column"]), (&line.into(), &4.into()), "{last}");
    assert_eq!(last["message"], "resta da scrivere: la condizione che deve valere");
}

#[test]
fn the_next_free_code_goes_on_from_those_of_the_folder() {
    let folder = Folder::new();
    let code = |name: &str| {
        assert_eq!(folder.run(&["rules", "new", name, "--rules", "mie"]).code, 0, "{name}");
        let text = fs::read_to_string(folder.path(&format!("mie/{name}.rhai"))).unwrap();
        text.lines().nth(1).unwrap().split('"').nth(1).unwrap().to_owned()
    };
    assert_eq!((code("ptpct/uno").as_str(), code("ptpct/due").as_str()), ("NOI-01", "NOI-02"));
    // A code is nobody else's in another pack either.
    assert_eq!(code("allegato1/uno"), "NOI-03");
    let own = fs::read_to_string(folder.path("mie/ptpct/uno.rhai")).unwrap().replace("NOI-01", "CMN-098");
    folder
        .write("mie/allegato2/schedule.toml", b"extends = \"allegato2\"")
        .write("mie/allegato2/a.rhai", own.as_bytes());
    assert_eq!(code("allegato2/b"), "CMN-099");
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let folder = Folder::new();
    folder.run(&["rules", "new", "ptpct/prova", "--rules", "mie"]);
    folder.write("mie/ptpct/prova.rhai", b"mia");
    for name in ["ptpct/prova", "ptpct/area-rischio-ignota"] {
        let ran = folder.run(&["rules", "new", name, "--rules", "mie"]);
        assert_eq!(ran.code, 2, "{name}");
        assert!(ran.err.contains(&format!("la regola «{name}» c'è già: darle un altro nome")), "{}", ran.err);
    }
    assert_eq!(fs::read(folder.path("mie/ptpct/prova.rhai")).unwrap(), b"mia");
    assert_eq!(folder.files(), ["mie/ptpct/prova.rhai", "mie/ptpct/schedule.toml"]);
}

#[test]
fn names_that_are_none_are_told_with_what_was_meant() {
    let folder = Folder::new();
    for (name, says) in [
        ("prova", "«prova» non dice la scheda e il difetto"),
        ("ptpct/", "«ptpct/» non dice la scheda e il difetto"),
        ("ptpct/Area Ignota", "parole minuscole senza accenti, unite da trattini; per esempio «ptpct/area-ignota»"),
        ("ptpct/qualità", "per esempio «ptpct/qualita»"),
        ("ptpct/../fuori", "parole minuscole senza accenti"),
        ("ptpct/con", "è riservato da Windows"),
        ("ptcpt/prova", "nessuna scheda si chiama «ptcpt»; forse «ptpct»"),
        ("trasparenza/prova", "occorre prima il suo «schedule.toml»"),
    ] {
        let ran = folder.run(&["rules", "new", name, "--rules", "mie"]);
        assert_eq!(ran.code, 2, "{name}");
        assert!(ran.err.contains(says), "{name}: {}", ran.err);
        let english = folder.run(&["rules", "new", name, "--rules", "mie", "--lang", "en"]).err;
        assert!(english.starts_with("error: ") && !english.contains('«'), "{english}");
    }
    let missing = folder.run(&["rules", "new"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("manca l'argomento SCHEDA/NOME-DEL-DIFETTO"), "{}", missing.err);
    assert!(folder.files().is_empty(), "{:?}", folder.files());
}

#[test]
fn a_folder_may_be_called_otherwise_than_the_kind_it_adds_to() {
    let folder = Folder::new();
    folder.write(
        "mie/comune/schedule.toml",
        b"extends = \"obiettivi\"\n[norms.reg]\nit = \"a\"\nen = \"b\"\ncertainty = \"verified\"\n",
    );
    let ran = folder.run(&["rules", "new", "comune/prova", "--rules", "mie"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = fs::read_to_string(folder.path("mie/comune/prova.rhai")).unwrap();
    assert!(text.contains("basis    = \"reg\"") && text.contains("each     = \"obiettivo\""), "{text}");
}
