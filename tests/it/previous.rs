//! `check --previous`, and the document before in the rule language.

use std::path::Path;
use std::sync::Arc;

use riscontro::engine::{Context, Previous, RuleBook, Selection};
use riscontro::ingest;
use riscontro::model::Document;
use riscontro::pack::Packs;
use riscontro::package::Limits;
use riscontro::recognise::Recogniser;

use crate::cli::{FIXTURE, Folder};

const RIGHT: &str = "allegato1-lucca-2020-corretto.xlsx";

fn recognised(packs: &Packs, fixture: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
    let bytes: Arc<[u8]> = std::fs::read(path).unwrap().into();
    let grid = ingest::read(bytes, fixture, &Limits::default()).unwrap();
    Recogniser::new(packs).recognise(&grid)
}

#[test]
fn rules_that_compare_say_what_they_lack_until_it_is_given() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "2021.xlsx").copy(FIXTURE, "2020.xlsx").copy("ptpct-servizi-informativi-2021.xlsx", "p.xlsx");
    let run =
        |more: &[&str]| folder.run(&[&["check", "2021.xlsx", "--select", "YOY", "--fail-on", "avviso"], more].concat());
    let alone = run(&[]);
    assert!(
        alone.code == 0 && alone.out.contains("manca il documento precedente (riscontro diff VECCHIO NUOVO"),
        "{alone:?}"
    );
    let compared = run(&["--previous", "2020.xlsx"]);
    assert_eq!(compared.code, 1, "{compared:?}");
    // The cell that the finding rests on lies in the other document.
    assert!(compared.out.contains("2020.xlsx, foglio «Allegato 1», cella E69 (domanda 7.1"), "{}", compared.out);
    let other = run(&["--previous", "p.xlsx"]);
    assert!(other.code == 0 && other.out.contains("nel documento precedente manca questa tabella"), "{other:?}");
    let english = run(&["--lang", "en"]).out;
    assert!(english.contains("the previous document is missing (riscontro diff OLD NEW"), "{english}");
}

#[test]
fn a_previous_document_that_cannot_be_read_is_3_and_the_check_goes_on() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx").write("b.xlsx", b"no");
    for previous in ["b.xlsx", "manca.xlsx", "."] {
        let ran = folder.run(&["check", "a.xlsx", "--previous", previous, "--format", "json"]);
        let json = ran.json();
        assert_eq!(ran.code, 3, "{previous}: {ran:?}");
        assert_eq!(json["documents"][0]["path"], "a.xlsx");
        assert!(!json["documents"][0]["findings"].as_array().unwrap().is_empty());
        assert!(json["documents"][1]["error"]["kind"].is_string(), "{previous}: {json}");
    }
}

#[test]
fn a_rule_shows_what_it_compares() {
    let shown = Folder::new().run(&["rules", "YOY-005"]).out;
    assert!(shown.contains("entry_before(\"allegato2\", \"strategici\", 1)"), "{shown}");
}

#[test]
fn a_previous_document_is_of_one_document() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx").copy(FIXTURE, "b.xlsx");
    let ran = folder.run(&["check", ".", "--previous", "a.xlsx"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("il documento precedente si confronta con uno solo: qui sono 2"), "{}", ran.err);
}

#[test]
fn only_rules_that_compare_depend_on_the_document_before() {
    let packs = Packs::embedded().unwrap();
    let (document, before) = (recognised(&packs, FIXTURE), recognised(&packs, RIGHT));
    let book = RuleBook::compile(&packs, None).unwrap();
    let all = book.select(&Selection::default()).unwrap();
    let previous = Previous { document: &before, path: "prima.xlsx" };
    let alone = book.evaluate(&document, &all, &Context::default());
    let beside = book.evaluate(&document, &all, &Context { previous: Some(previous), ..Context::default() });
    for (alone, beside) in alone.iter().zip(&beside) {
        assert_eq!(alone.rule.code, beside.rule.code);
        if !alone.rule.code.starts_with("YOY") {
            assert_eq!(alone, beside);
        }
    }
}

/// A rule of a pack of its own on a register, whose examples have a document before.
const RULE: &str = r#"/*---
code     = "NOI-01"
severity = "avviso"
basis    = "nostra"
needs    = ["previous"]
each     = "voce"
when     = 'has_before() && present(valore) && present(before("valore"))'
at       = "valore"
related  = 'before("valore")'

[it]
title    = "Voce cambiata"
message  = """la voce {numero} passa da «{before("valore")}» a «{valore}», e l'anno da {head_before("anno")} a {head("anno")}"""
why      = "x"
remedy   = "x"

[en]
title    = "Item changed"
message  = "item {numero} changed"
why      = "x"
remedy   = "x"

[[example]]
rows     = [{ numero = "2", valore = "b" }, { numero = "1", valore = "x" }, { numero = "3", valore = "c" }]
head     = { anno = 2021 }
prev     = { rows = [{ numero = "1", valore = "a" }, { numero = "2", valore = "b" }], head = { anno = 2020 } }
outcome  = "findings"
findings = 1
at       = [2]
message  = "la voce 1 passa da «a» a «x», e l'anno da 2020 a 2021"

# Rows with equal keys are taken in their order; one without a key is nobody's.
[[example]]
rows     = [{ numero = "1", valore = "a" }, { numero = "1", valore = "b" }, { valore = "c" }]
prev     = [{ numero = "1", valore = "a" }, { numero = "1", valore = "b" }, { valore = "d" }]
outcome  = "passed"

[[example]]
rows     = [{ numero = "3", valore = "c" }]
prev     = [{ numero = "1", valore = "a" }]
outcome  = "not_applicable"

[[example]]
rows     = [{ numero = "1", valore = "a" }]
outcome  = "not_evaluable"
---*/
same(before("valore"), valore)
"#;

const SCHEDULE: &str = r#"kind = "nostro"
shape = "register"
title = { it = "Nostro", en = "Ours" }
[norms.nostra]
it = "nostra"
en = "ours"
certainty = "unverified"
[head.anno]
title = { it = "Anno", en = "Year" }
labels = ["Anno"]
kind = "number"
[[entity]]
name = "voce"
one = { it = "voce", en = "item" }
many = { it = "voci", en = "items" }
key = ["numero"]
anchors = [{ it = "voce {numero}", en = "item {numero}" }, { it = "riga {row}", en = "row {row}" }]
[recognition]
minimum = [["numero", "valore"]]
[[field]]
name = "numero"
title = { it = "Numero", en = "Number" }
entity = "voce"
headings = ["Numero della voce"]
[[field]]
name = "valore"
title = { it = "Valore", en = "Value" }
entity = "voce"
headings = ["Valore della voce"]
"#;

#[test]
fn a_row_is_known_by_its_key_in_the_document_before() {
    let folder = Folder::new();
    folder.write("nostro/schedule.toml", SCHEDULE.as_bytes()).write("nostro/voce-cambiata.rhai", RULE.as_bytes());
    let ran = folder.run(&["test", "nostro"]);
    assert!(ran.code == 0 && ran.out.contains("4 esempi"), "{ran:?}");
    for (right, wrong, says) in [
        ("prev     = [{ numero", "prev     = [{ nummero", "campo sconosciuto «nummero»; forse «numero»"),
        ("needs    = [\"previous\"]", "needs    = [\"previus\"]", "previus"),
        ("before(\"valore\"), valore)", "before(\"valor\"), valore)", "campo sconosciuto «valor»; forse «valore»"),
    ] {
        assert!(RULE.contains(right), "{right}");
        folder.write("nostro/voce-cambiata.rhai", RULE.replacen(right, wrong, 1).as_bytes());
        let ran = folder.run(&["test", "nostro"]);
        assert!(ran.code > 0 && (ran.err.clone() + &*ran.out).contains(says), "{wrong}: {ran:?}");
    }
}
