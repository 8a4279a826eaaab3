//! Slips in packs and in folders that extend them: each is told when the pack is loaded, with file, line and what was
//! probably meant.

use std::fs;
use std::path::Path;

use riscontro::engine::RuleBook;
use riscontro::model::{Error, Lang};
use riscontro::pack::Packs;
use tempfile::TempDir;

/// A shipped pack without its rules, one of its files changed.
fn changed(kind: &str, file: &str, from: &str, to: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    let into = dir.path().join(kind);
    fs::create_dir(&into).unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(kind)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "toml") {
            let mut text = fs::read_to_string(&path).unwrap();
            if name == file {
                assert!(text.contains(from), "{file}: {from}");
                text = text.replacen(from, to, 1);
            }
            fs::write(into.join(name), text).unwrap();
        }
    }
    dir
}

/// The faults of an error, as `file: message`, and the lines they name.
fn faults(error: &Error) -> (Vec<String>, Vec<usize>) {
    let name = |file: &str| file.rsplit('/').next().unwrap().to_owned();
    let told = error.faults().iter().map(|f| format!("{}: {}", name(&f.file), f.message.get(Lang::It))).collect();
    (told, error.faults().iter().map(|f| f.line).collect())
}

/// What loading says of a pack with one thing written otherwise. The line is the one that was changed.
fn slip(kind: &str, file: &str, from: &str, to: &str) -> String {
    let dir = changed(kind, file, from, to);
    let text = fs::read_to_string(dir.path().join(kind).join(file)).unwrap();
    let line = text.find(to).map(|at| text[..at].matches('\n').count() + 1).unwrap();
    let error = Packs::from_dir(dir.path()).map(|_| ()).expect_err(&format!("{file}: «{to}» loads"));
    let (told, lines) = faults(&error);
    assert_eq!(lines[0], line + to.trim_end().matches('\n').count(), "{told:?}");
    told.join("; ")
}

#[test]
fn headings_that_may_name_the_owner_of_a_process() {
    let packs = Packs::embedded().unwrap();
    let pattern = &packs.get("ptpct").unwrap().schedule.patterns["forse_responsabile"];
    for heading in [
        "Indicazione del responsabile",
        "Individuazione della struttura responsabile",
        "Incaricato",
        "Liste dei referenti",
        "Gruppo e dirigente",
        "Chi attua la misura",
    ] {
        assert!(pattern.is_match(heading), "{heading}");
    }
    for heading in
        ["Indicatori del responsabile", "Indicatore - responsabile", "Livello del referente", "Grado di attuazione"]
    {
        assert!(!pattern.is_match(heading), "{heading}");
    }
}

#[test]
fn names_in_a_schedule_that_refer_to_nothing_are_told() {
    let cases = [
        ("allegato1", "schedule.toml", "answer = \"risposta\"", "answer = \"rispota\""),
        ("allegato1", "schedule.toml", "\nnumber = \"numero\"", "\nnumber = \"numerro\""),
        ("allegato1", "schedule.toml", "text = \"domanda\"", "text = \"zzz\""),
        ("allegato1", "schedule.toml", "\"argomento\", \"categoria\"", "\"argomento\", \"categori\""),
        ("allegato1", "schedule.toml", "options = \"opzioni\"", "options = \"opzion\""),
        ("allegato1", "schedule.toml", "form = \"modulo\"", "form = \"moduli\""),
        ("allegato1", "schedule.toml", "\"6.4\", \"14.1\"]", "\"6.4\", \"41.1\"]"),
        ("allegato1", "schedule.toml", "it = \"domanda {numero}\"", "it = \"domanda {numeri}\""),
        ("allegato1", "schedule.toml", "role = [\"examples\"]", "role = [\"exmples\"]"),
        ("allegato1", "schedule.toml", "(?P<value>(?:19", "(?P<valore>(?:19"),
        ("allegato2", "schedule.toml", "label = \"voce\"", "label = \"voc\""),
        ("allegato2", "schedule.toml", "value = \"valore\"", "value = \"valor\""),
        ("allegato2", "schedule.toml", "note = \"nota\"", "note = \"not\""),
        ("allegato2", "voci.toml", "variant = \"strategici\"", "variant = \"strategic\""),
        ("allegato1", "modulo.toml", "role = \"examples\"", "role = \"exampels\""),
        ("allegato1", "lettura.toml", "[textbox]", "[texbox]"),
        ("ptpct", "schedule.toml", "(?P<processo>", "(?P<proceso>"),
        ("ptpct", "schedule.toml", "evento «{evento}»\", en", "evento «{evnto}»\", en"),
        ("ptpct", "schedule.toml", "[\"processo\", \"macro_processo\"]", "[\"processo\", \"macroprocesso\"]"),
        ("ptpct", "schedule.toml", "next_to = [\"area_rischio\"]", "next_to = [\"area_richio\"]"),
        ("relazione_rpct", "schedule.toml", "question = \"A02\"", "question = \"A20\""),
    ];
    let told: Vec<String> = cases.iter().map(|(kind, file, from, to)| slip(kind, file, from, to)).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn every_pattern_of_a_schedule_is_checked() {
    let cases = [
        ("or_pattern = '\\b(?P<value>", "or_pattern = '\\b(?P<valore>", "manca il gruppo (?P<value>…)"),
        ("or_pattern = '\\b(?P<value>", "or_pattern = '\\b((?P<value>", "non è un'espressione regolare valida"),
        ("pattern = '^\\s*(?:(?:il", "pattern = '^\\s*(?:(?:(il", "non è un'espressione regolare valida"),
        ("values = [\"livello_parola\"]", "values = [\"livello_parolla\"]", "forse «livello_parola»"),
        ("empty_like = \"", "empty_like = \"x", "schema sconosciuto «x"),
    ];
    for (from, to, says) in cases {
        let told = slip("ptpct", "schedule.toml", from, to);
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn a_shape_without_its_table_is_told() {
    let dir = TempDir::new().unwrap();
    fs::write(
        dir.path().join("schedule.toml"),
        "kind = \"mio\"\nshape = \"counts\"\ntitle = { it = \"a\", en = \"a\" }\n",
    )
    .unwrap();
    let (told, lines) = faults(&Packs::from_dir(dir.path()).unwrap_err());
    assert_eq!(told, ["schedule.toml: manca la tabella [counts] che la forma «counts» richiede"]);
    assert_eq!(lines, [2]);
}

/// What comes of the shipped packs with a folder that extends `ptpct`.
fn extended(files: &[(&str, &str)]) -> Result<Packs, Error> {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
        fs::write(dir.path().join(name), text).unwrap();
    }
    Packs::embedded().unwrap().with([Packs::from_dir(dir.path())?])
}

const EXTENDS: &str = "extends = \"ptpct\"\n";

#[test]
fn a_bad_pattern_of_an_extension_is_told() {
    let schedule = format!("{EXTENDS}[patterns]\nmio = '(('\n");
    let error = extended(&[("mie/schedule.toml", &schedule)]).unwrap_err();
    let (told, lines) = faults(&error);
    assert!(told[0].starts_with("schedule.toml: lo schema «((» non è un'espressione regolare valida"), "{told:?}");
    assert_eq!(lines, [3]);
}

#[test]
fn an_extension_replaces_nothing() {
    let norm = "it = \"a\"\nen = \"a\"\ncertainty = \"unverified\"\n";
    let schedule = format!("{EXTENDS}[patterns]\ntotale = 'x'\n[norms.pna-2019-misure]\n{norm}");
    let note = "[joined]\ncode = \"X\"\nit = \"x\"\nen = \"x\"\n";
    let error = extended(&[
        ("mie/schedule.toml", &schedule),
        ("mie/aree_di_rischio.toml", "title = { it = \"a\", en = \"a\" }\n"),
        ("mie/lettura.toml", note),
        ("mie/misura-mancante.rhai", ""),
    ])
    .unwrap_err();
    let (told, lines) = faults(&error);
    insta::assert_snapshot!(told.join("\n"), @r"
    schedule.toml: la norma «pna-2019-misure» c'è già in «ptpct»: darvi un altro nome
    schedule.toml: lo schema «totale» c'è già in «ptpct»: darvi un altro nome
    lettura.toml: la nota di lettura «joined» c'è già in «ptpct»: darvi un altro nome
    aree_di_rischio.toml: il catalogo «aree_di_rischio» c'è già in «ptpct»: darvi un altro nome
    misura-mancante.rhai: la regola «misura-mancante» c'è già in «ptpct»: darvi un altro nome
    ");
    assert_eq!(lines, [4, 3, 1, 1, 1]);
}

#[test]
fn a_shipped_pack_stands_alone() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for kind in ["allegato1", "allegato2", "ptpct", "obiettivi", "indicatori", "griglia", "relazione_rpct"] {
        RuleBook::compile(&Packs::from_dir(&rules.join(kind)).unwrap(), None)
            .unwrap_or_else(|e| panic!("{kind}: {e:?}"));
    }
}

#[test]
fn extensions_hold_in_whatever_order_the_folders_come() {
    let (own, shipped) = (TempDir::new().unwrap(), Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"));
    fs::create_dir(own.path().join("mie")).unwrap();
    fs::write(own.path().join("mie/schedule.toml"), format!("{EXTENDS}[patterns]\nmio = 'x'\n")).unwrap();
    let (own, shipped) = (Packs::from_dir(own.path()).unwrap(), Packs::from_dir(&shipped).unwrap());
    for order in [[own.clone(), shipped.clone()], [shipped, own]] {
        let packs = Packs::embedded().unwrap().with(order).unwrap();
        assert!(packs.get("ptpct").unwrap().schedule.patterns.contains_key("mio"));
    }
}

#[test]
fn a_rule_of_no_pack_is_told() {
    for stray in ["regola.rhai", "altre/regola.rhai", "altre/regola.RHAI"] {
        let error = extended(&[("mie/schedule.toml", EXTENDS), (stray, "")]).unwrap_err();
        assert!(error.message(Lang::It).starts_with("la regola non è di alcun pacchetto"), "{error:?}");
    }
}

#[test]
fn a_file_of_a_pack_with_capital_letters_in_its_extension_is_told() {
    for name in ["mie/regola.RHAI", "mie/uffici.Toml"] {
        let error = extended(&[("mie/schedule.toml", EXTENDS), (name, "")]).unwrap_err();
        assert!(error.message(Lang::It).starts_with("l'estensione ha lettere maiuscole"), "{error:?}");
        assert!(error.path().is_some_and(|path| path.ends_with(name)), "{error:?}");
    }
    extended(&[("mie/schedule.toml", EXTENDS), ("mie/.regola.RHAI", ""), ("mie/LEGGIMI.TXT", "")]).unwrap();
}

#[test]
fn reading_notes_of_an_extension_are_read() {
    let note = "[textbox]\ncode = \"MIO-1\"\nit = \"x\"\nen = \"x\"\n";
    let packs = extended(&[("mie/schedule.toml", EXTENDS), ("mie/lettura.toml", note)]).unwrap();
    assert_eq!(&*packs.get("ptpct").unwrap().reading["textbox"].code, "MIO-1");
    let wrong = note.replace("textbox", "texbox");
    let error = extended(&[("mie/schedule.toml", EXTENDS), ("mie/lettura.toml", &wrong)]).unwrap_err();
    assert_eq!(faults(&error).0, ["lettura.toml: nota di lettura sconosciuta «texbox»; forse «textbox»"]);
}

#[test]
fn two_folders_of_one_kind_are_told() {
    let dir = changed("allegato2", "schedule.toml", "kind", "kind");
    fs::create_dir(dir.path().join("copia")).unwrap();
    for name in ["schedule.toml", "voci.toml", "lettura.toml"] {
        fs::copy(dir.path().join("allegato2").join(name), dir.path().join("copia").join(name)).unwrap();
    }
    let (told, _) = faults(&Packs::from_dir(dir.path()).unwrap_err());
    assert_eq!(told, ["schedule.toml: il tipo di scheda «allegato2» è già della cartella «allegato2»"]);
}

#[test]
fn two_rules_of_one_name_are_told() {
    let rule = |code: &str| crate::engine::rule(code, "each = \"processo\"", "true");
    let (first, second) = (rule("MIA-1"), rule("MIA-2"));
    let files = [
        ("a/schedule.toml", EXTENDS),
        ("a/mia.rhai", first.as_str()),
        ("b/schedule.toml", EXTENDS),
        ("b/mia.rhai", second.as_str()),
    ];
    let (told, _) = faults(&extended(&files).map(drop).unwrap_err());
    assert_eq!(told, ["mia.rhai: la regola «mia» c'è già in «ptpct»: darvi un altro nome"]);
}

/// A name is that of the folder and of the file: two folders of one name may hold different kinds.
#[test]
fn a_rule_name_that_another_kind_has_is_told() {
    let rule = crate::engine::rule("MIA-1", "each = \"processo\"", "true");
    let own = crate::engine::folder(&[("misura-mancante", &rule)]);
    fs::rename(own.path().join("prova"), own.path().join("ptpct")).unwrap();
    let packs = Packs::embedded().unwrap().with([Packs::from_dir(own.path()).unwrap()]).unwrap();
    let (told, lines) = faults(&RuleBook::compile(&packs, None).map(drop).unwrap_err());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("il nome «ptpct/misura-mancante» è già della regola "), "{told:?}");
    assert_eq!(lines, [2]);
}
