//! Every function of the rule language on a small document.

use std::collections::BTreeSet;

use regex::Regex;
use riscontro::engine::functions;
use riscontro::model::{OutcomeKind, Value};

use crate::engine::{document, head, outcomes, packs, register, rule};

const FIELDS: [&str; 8] =
    ["numero", "processo", "area_rischio", "ufficio", "tipo_ruolo", "target", "evento", "punteggio"];

/// Six rows: an ordinary one, one that spells its office otherwise, a repeated number, one that is blank but for its
/// number, one not applicable, one with a figure among words.
const ROWS: [[&str; 8]; 6] = [
    [
        "#1",
        "Gare e  contratti",
        "D) Contratti pubblici (generale)",
        "Servizi Informatici",
        "Owner",
        "95%",
        "Collusione",
        "5",
    ],
    ["2", "Backup", "S) Agenda digitale", "Servizi informattici", "Reviewer", "almeno 3 giorni", "Perdita", "7,5"],
    ["2", "Archivio", "Appalti", "Servizi Informatici", "Owner", "da definire", "Furto", "1.200"],
    ["5", "", "", "", "", "", "", ""],
    ["6", "Sì, tutti", "non applicabile", "No, nessuno", "Approver", "xxx", "n.a.", "12 circa"],
    ["7", "31/12/2020", "Q) Contratti pubblici", "CED", "Owner", "363/365", "No", "sette"],
];

/// What an expression gives for the process of a row, from 1: true, false, unclear, or what it prints.
fn answers(cases: &[(usize, &str, &str)]) {
    let texts: Vec<(String, String)> = cases
        .iter()
        .enumerate()
        .map(|(i, (row, expression, wanted))| {
            let when = format!("each = \"processo\"\nwhen = 'text(processo) == \"{}\"'", ROWS[row - 1][1]);
            let code = format!("PR-{i}");
            let is_bool = ["true", "false", "unclear"].contains(wanted);
            let header = if is_bool { when } else { format!("{when}\nMESSAGGIO {{{expression}}}") };
            (format!("r{i}"), rule(&code, &header, if is_bool { expression } else { "false" }))
        })
        .collect();
    let rules: Vec<(&str, &str)> = texts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let packs = packs(&rules);
    let rows: Vec<&[&str]> = ROWS.iter().map(<[&str; 8]>::as_slice).collect();
    let mut document = document(vec![register(&packs, &FIELDS, &rows)]);
    document.head.insert("ufficio".into(), head("SERVIZI INFORMATICI", Value::Text));
    document.head.insert("esercizio".into(), head("2021", Value::Number(None, 2021.into())));
    let outcomes = outcomes(&packs, &document);
    for (i, (row, expression, wanted)) in cases.iter().enumerate() {
        let outcome = outcomes.iter().find(|o| *o.rule.code == *format!("PR-{i}")).unwrap();
        let got = match outcome.rule.kind {
            OutcomeKind::Passed => "true".to_owned(),
            OutcomeKind::Findings if ["true", "false", "unclear"].contains(wanted) => "false".to_owned(),
            OutcomeKind::Findings => outcome.findings[0].message.clone(),
            OutcomeKind::NotEvaluable => "unclear".to_owned(),
            other => format!("{other:?}: {:?}", outcome.rule.reason),
        };
        assert_eq!(got, *wanted, "row {row}: {expression}");
    }
}

#[test]
fn exactly_one_of_present_missing_and_not_applicable_holds() {
    for (row, wanted) in [(1, "present"), (4, "missing"), (5, "not_applicable")] {
        for name in ["present", "missing", "not_applicable"] {
            answers(&[(row, &format!("{name}(area_rischio)"), if name == wanted { "true" } else { "false" })]);
        }
    }
}

#[test]
fn presence_is_never_unclear() {
    answers(&[
        (1, "present(numero) && !missing(numero) && !not_applicable(numero)", "true"),
        (5, "placeholder(target)", "true"),
        (3, "placeholder(target)", "true"),
        (4, "placeholder(target)", "false"),
        (1, "placeholder(target)", "false"),
        (1, "readable(target) && readable(numero)", "true"),
        (5, "readable(target)", "false"),
        (4, "readable(target)", "false"),
        (1, "has_column(\"evento\")", "true"),
        (1, "has_document(\"prova\") && !has_document(\"altro\")", "true"),
        (1, "has_head(\"ufficio\")", "true"),
        (1, "elsewhere(\"evento\")", "false"),
    ]);
}

#[test]
fn texts_compare_in_normal_form() {
    answers(&[
        (1, "processo == \"GARE e contratti\"", "true"),
        (1, "\"gare e contratti\" != processo", "false"),
        (4, "processo == \"x\"", "unclear"),
        (4, "processo != \"x\"", "unclear"),
        (5, "area_rischio == \"non applicabile\"", "true"),
        (1, "same(area_rischio, \"d contratti pubblici generale\")", "true"),
        (4, "same(processo, \"x\")", "unclear"),
        (2, "exactly(processo, \"Backup\") && !exactly(processo, \"backup\")", "true"),
        (1, "starts(processo, \"gare\") && !starts(processo, \"gar\")", "true"),
        (1, "has(processo, \"E CONTRATTI\") && !has(processo, \"contratt\")", "true"),
        (2, "has(area_rischio, processo)", "false"),
        (2, "matches(processo, \"maiuscolo\")", "false"),
        (1, "mentions(area_rischio, \"contrati pubblici\")", "true"),
        (2, "similar(ufficio, \"servizi informatici\") > 0.9", "true"),
        (1, "len(processo)", "16"),
        (4, "text(processo)", ""),
        (4, "len(processo) > 0", "unclear"),
    ]);
}

#[test]
fn yes_and_no_are_the_first_words() {
    answers(&[
        (5, "yes(processo) && !no(processo)", "true"),
        (5, "no(ufficio) && !yes(ufficio)", "true"),
        (6, "no(first(evento))", "true"),
        (4, "yes(processo)", "unclear"),
        (4, "no(processo)", "unclear"),
    ]);
}

#[test]
fn parts_stand_where_the_field_stands() {
    answers(&[
        (1, "part(area_rischio, \"lettera\")", "D"),
        (1, "part(area_rischio, \"etichetta\")", "Contratti pubblici"),
        (3, "missing(part(area_rischio, \"lettera\"))", "true"),
        (4, "part(area_rischio, \"lettera\") == \"D\"", "unclear"),
        (1, "once(parts(all(\"area_rischio\"), \"lettera\"))", "D, S, Q"),
        (1, "filled(parts(all(\"area_rischio\"), \"lettera\"))", "3"),
    ]);
}

#[test]
fn numbers_are_decimals() {
    answers(&[
        (1, "number(target)", "95"),
        (2, "number(target)", "3"),
        (5, "number(target) > 0", "unclear"),
        (4, "number(target) > 0", "unclear"),
        (2, "number(first(given(punteggio)))", "7,5"),
        (3, "number(first(punteggio))", "1200"),
        (1, "integer(numero)", "true"),
        (2, "integer(first(punteggio))", "false"),
        (3, "integer(first(punteggio))", "false"),
        (4, "integer(target)", "unclear"),
        (6, "is_number(processo)", "true"),
        (1, "is_number(target)", "true"),
        (2, "is_number(target)", "false"),
        (2, "is_number(processo)", "false"),
        (4, "is_number(processo)", "unclear"),
        (1, "at_least(number(numero), 1) && at_most(number(numero), 1)", "true"),
        (1, "about(number(numero), 1.2, 0.2) && !about(number(numero), 1.21, 0.2)", "true"),
        (1, "year()", "2021"),
        (1, "0.1 + 0.2 == 0.3", "true"),
        (1, "7 / 2 == 3.5 && 7 % 2 == 1 && -1 < 0", "true"),
        (1, "1 / (number(numero) - 1) > 0", "unclear"),
    ]);
}

#[test]
fn lists_count_and_pick() {
    answers(&[
        (1, "count(all(\"processo\"))", "6"),
        (1, "count(all(\"ufficio\"), \"servizi informatici\")", "2"),
        (2, "count(all(\"numero\"), numero)", "2"),
        (2, "count(all(\"numero\"), 2)", "2"),
        (4, "count(all(\"processo\"), processo) == 1", "unclear"),
        (1, "filled(all(\"processo\"))", "5"),
        (1, "count(blank(all(\"processo\")))", "1"),
        (1, "given(all(\"tipo_ruolo\"))", "Owner, Reviewer, Owner, Approver, Owner"),
        (1, "first(all(\"processo\"))", "Gare e contratti"),
        (1, "last(all(\"processo\"))", "31/12/2020"),
        (1, "nth(all(\"processo\"), 2)", "Backup"),
        (1, "missing(nth(all(\"processo\"), 99)) && missing(nth(all(\"processo\"), 0))", "true"),
        (1, "distinct(all(\"tipo_ruolo\"))", "3"),
        (1, "contains(all(\"processo\"), \"BACKUP\")", "true"),
        (1, "any_of(tipo_ruolo, [\"Owner\", \"Approver\"])", "true"),
        (4, "any_of(tipo_ruolo, [\"Owner\"])", "unclear"),
        (1, "any_of(tipo_ruolo, all(\"tipo_ruolo\"))", "true"),
        (1, "equal_to(all(\"numero\"), 2)", "2, 2"),
        (1, "where(all(\"numero\"), all(\"tipo_ruolo\"), \"owner\")", "1, 2, 7"),
        (1, "most_common(all(\"tipo_ruolo\"))", "Owner"),
        (1, "join(all(\"tipo_ruolo\"))", "Owner; Reviewer; Owner; Approver; Owner"),
        (1, "once(all(\"tipo_ruolo\"))", "Owner, Reviewer, Approver"),
        (1, "units()", "6"),
        (1, "count(matching(all(\"evento\"), \"si_no\"))", "1"),
    ]);
}

#[test]
fn lists_beside_each_other() {
    answers(&[
        (1, "heads_groups(all(\"tipo_ruolo\"), all(\"tipo_ruolo\"))", "true"),
        (1, "heads_groups(equal_to(all(\"numero\"), 2), all(\"tipo_ruolo\"))", "false"),
        (1, "repeated(all(\"numero\"))", "2"),
        (1, "count(repeated(all(\"tipo_ruolo\")))", "2"),
        (1, "absent_from(all(\"tipo_ruolo\"), [\"owner\", \"reviewer\"])", "Approver"),
        (1, "out_of_order(all(\"tipo_ruolo\"), [\"Owner\", \"Reviewer\", \"Approver\"])", "Reviewer, Approver"),
        (1, "gaps(all(\"numero\"))", "3, 4"),
        (1, "after_gaps(all(\"numero\"))", "5"),
        (1, "misnumbered(all(\"numero\"))", "2, 5-7"),
        (1, "count(misnumbered(all(\"numero\"))) < count(misnumbered(all(\"processo\")))", "true"),
        (1, "count(gaps(all(\"processo\")))", "0"),
        (1, "count(outline_breaks(all(\"numero\")))", "0"),
        (1, "sum(all(\"numero\"))", "23"),
        (1, "sum(all(\"target\")) > 0", "unclear"),
    ]);
}

#[test]
fn cells_head_groups_of_equal_neighbours() {
    // Areas by row, and the rows where an event is written.
    let cases: [(&[&str], &[usize], bool); 7] = [
        (&["A", "A", "A", "B", "B"], &[1, 4], true),
        // Not the first of its group; a group with two; one group alone; the first rows, as they come.
        (&["A", "A", "A", "B", "B"], &[1, 5], false),
        (&["A", "A", "A", "B", "B"], &[1, 2, 4], false),
        (&["A", "A", "A", "A", "A"], &[1], false),
        (&["A", "A", "B", "B", "C", "D"], &[1, 3], false),
        // One group in four may have none; the same area again is another group.
        (&["A", "A", "B", "B", "C", "C", "D", "D"], &[1, 3, 7], true),
        (&["A", "A", "B", "B", "A", "A"], &[1, 3, 5], true),
    ];
    for (areas, events, wanted) in cases {
        let text = rule("PR-G", "each = \"processo\"", "heads_groups(all(\"evento\"), all(\"area_rischio\"))");
        let packs = packs(&[("gruppi", text.as_str())]);
        let names: Vec<String> = (1..=areas.len()).map(|n| format!("Processo {n}")).collect();
        let event = |i: usize| if events.contains(&(i + 1)) { "Collusione" } else { "" };
        let rows: Vec<[&str; 3]> =
            areas.iter().enumerate().map(|(i, area)| [names[i].as_str(), *area, event(i)]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 3]>::as_slice).collect();
        let document = document(vec![register(&packs, &["processo", "area_rischio", "evento"], &rows)]);
        let outcome = outcomes(&packs, &document).into_iter().find(|o| &*o.rule.code == "PR-G").unwrap();
        let expected = if wanted { OutcomeKind::Passed } else { OutcomeKind::Findings };
        assert_eq!(outcome.rule.kind, expected, "{areas:?} {events:?}");
    }
}

#[test]
fn options_make_up_a_text() {
    answers(&[
        (5, "choices_in(processo, [\"Si, tutti\", \"No\"])", "1"),
        (1, "position(\"SI TUTTI\", [\"No\", \"Si, tutti\"])", "2"),
        (1, "position(\"quasi\", [\"No\", \"Si, tutti\"])", "0"),
        (1, "choices_in(\"Alta, media e bassa\", [\"Alta\", \"Media\", \"Bassa\"])", "3"),
        (1, "choices_in(\"Alta o quasi\", [\"Alta\", \"Media\", \"Bassa\"])", "0"),
        (1, "choices_in(\"Si, almeno il 50 %\", [\"Si, almeno il 50%\", \"No\"])", "1"),
        (1, "nearest(\"Mdia\", [\"Alta\", \"Media\"])", "Media"),
    ]);
}

#[test]
fn catalogues_are_looked_up() {
    answers(&[
        (3, "listed(area_rischio, \"aree\")", "true"),
        (2, "listed(area_rischio, \"aree\")", "false"),
        (1, "listed(\"Agenda digitale (già Informatica)\", \"aree\")", "true"),
        (4, "listed(area_rischio, \"aree\")", "unclear"),
        (2, "closest(part(area_rischio, \"etichetta\"), \"aree\")", "Agenda digitale"),
        (4, "closest(area_rischio, \"aree\")", ""),
        (3, "lookup(area_rischio, \"aree\", \"lettera\")", "D"),
        (2, "lookup(area_rischio, \"aree\", \"lettera\")", ""),
        (1, "crossed(\"Contratti\", \"PUBBLICI\", \"aree\", \"lettera\")", "D"),
        (1, "crossed(\"Contratti\", \"privati\", \"aree\", \"lettera\")", ""),
        (
            1,
            "paired(part(area_rischio, \"lettera\"), part(area_rischio, \"etichetta\"), \"aree\", \"lettera\")",
            "true",
        ),
        (
            6,
            "paired(part(area_rischio, \"lettera\"), part(area_rischio, \"etichetta\"), \"aree\", \"lettera\")",
            "false",
        ),
        (1, "pair_for(part(area_rischio, \"lettera\"), \"aree\", \"lettera\")", "Contratti pubblici"),
        (
            1,
            "pairs(parts(all(\"area_rischio\"), \"lettera\"), parts(all(\"area_rischio\"), \"etichetta\"), \"aree\", \"lettera\")",
            "2",
        ),
        (
            1,
            "one_set(parts(all(\"area_rischio\"), \"lettera\"), parts(all(\"area_rischio\"), \"etichetta\"), \"aree\", \"lettera\", \"insieme\")",
            "true",
        ),
        // Two keys for one label, each once: neither is the usual one.
        (
            1,
            "count(odd_keys(all(\"area_rischio\"), \"lettera\", \"etichetta\", \"aree\", \"lettera\", \"insieme\"))",
            "0",
        ),
        (
            6,
            "key_expected(area_rischio, all(\"area_rischio\"), \"lettera\", \"etichetta\", \"aree\", \"lettera\", \"insieme\")",
            "",
        ),
        (
            1,
            "count(mixed_keys(all(\"area_rischio\"), \"lettera\", \"etichetta\", \"aree\", \"lettera\", \"insieme\"))",
            "0",
        ),
    ]);
}

#[test]
fn passages_are_cut_out_of_texts() {
    answers(&[
        (1, "excerpts(equal_to(all(\"processo\"), processo), \"iniziali\")", "G, c"),
        (2, "excerpts(evento, \"si_no\")", ""),
        (6, "excerpts(evento, \"si_no\")", "No"),
        (1, "count(boxed(all(\"processo\")))", "0"),
        (4, "sheet_row(processo) > 0", "true"),
        (1, "at_row(\"processo\", sheet_row(processo) + 1)", "Backup"),
        (1, "missing(at_row(\"processo\", 0.5))", "true"),
    ]);
}

#[test]
fn days_pass_between_dates() {
    answers(&[
        (6, "days_between(\"1/12/2020\", processo)", "30"),
        (6, "days_between(processo, \"30 dicembre 2020\")", "-1"),
        // A day without a year is one of the document's year, 2021.
        (6, "days_between(processo, \"31 gennaio\")", "31"),
        (1, "days_between(processo, \"31/01/2020\") > 0", "unclear"),
        (4, "days_between(processo, \"31/01/2020\") > 0", "unclear"),
    ]);
}

#[test]
fn one_name_has_one_main_spelling() {
    answers(&[
        (2, "main_spelling(ufficio)", "SERVIZI INFORMATICI"),
        (6, "main_spelling(ufficio)", "CED"),
        (4, "ufficio == main_spelling(ufficio)", "unclear"),
        (2, "main_spelling(processo)", "Backup"),
    ]);
}

#[test]
fn heads_and_headings_have_places() {
    answers(&[
        (1, "head(\"ufficio\")", "SERVIZI INFORMATICI"),
        // What nobody declares is in the head or nowhere: tests/it/config_keys.rs has the rest.
        (1, "datum(\"ufficio\")", "SERVIZI INFORMATICI"),
        (1, "has_datum(\"ufficio\")", "true"),
        (1, "heading(\"evento\")", "Evento"),
        (1, "headings()", "N., Processo, Area di rischio, Ufficio, Ruolo, Target, Evento, Punteggio"),
        (1, "count(columns_missing())", "0"),
        (1, "count(unread_headings())", "0"),
        (1, "cells_matching(\"si_no\")", "No"),
        (1, "variant()", ""),
        (4, "either(processo, area_rischio)", "(in bianco)"),
        (4, "either(processo, area_rischio, numero)", "5"),
    ]);
}

#[test]
fn cells_of_several_columns_are_one_list() {
    answers(&[
        (1, "cells(ufficio, numero)", "Servizi Informatici, 1"),
        (4, "count(blank(cells(numero, processo, ufficio)))", "2"),
        (1, "join(cells(numero, processo, ufficio, target))", "1; Gare e contratti; Servizi Informatici; 95%"),
        (5, "count(given(cells(numero, processo, area_rischio, ufficio, target)))", "5"),
    ]);
}

/// The functions that the texts in quotes of a test call: its expressions, messages and headers. What its own Rust calls
/// is no function of the rule language.
fn called(source: &str) -> BTreeSet<String> {
    let call = Regex::new(r"\b(?P<name>[a-z_]+)\(").unwrap();
    let texts = crate::project::literals(source);
    let names = texts.iter().flat_map(|text| call.captures_iter(text)).map(|c| c["name"].to_owned());
    names.collect()
}

#[test]
fn calls_of_a_test_itself_are_none_of_an_expression() {
    let source =
        format!("let n = rows.iter().count(); answers(&[(1, {0}units + len(a){0}, {0}1{0})]); // {0}join(a){0}", '"');
    assert_eq!(called(&source), BTreeSet::from(["len".to_owned()]));
}

#[test]
fn every_function_is_explained_and_tried() {
    let tried = called(
        &[
            include_str!("engine_words.rs"),
            include_str!("engine_forms.rs"),
            include_str!("engine_attainment.rs"),
            include_str!("engine_trees.rs"),
            include_str!("previous.rs"),
        ]
        .concat(),
    );
    for function in functions() {
        let name = function.name;
        assert!(tried.contains(name), "{name} is tried nowhere");
        for text in [&function.meaning.it, &function.meaning.en] {
            assert!(
                !text.is_empty() && !text.ends_with('.') && text.chars().next().unwrap().is_lowercase(),
                "{name}: {text}"
            );
        }
        assert!(function.example.contains(name), "{name}: {}", function.example);
    }
}
