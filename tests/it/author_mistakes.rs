//! The mistakes that authors of rules make (twenty-one of them were measured on three ways of writing rules): each is told
//! when the rule is loaded, at the place where it is, with what was meant; the reversed comparison alone is left to the
//! examples. Beside them the slips of those who write in Italian, or out of a word processor.

use riscontro::engine::{RuleBook, run_examples};
use riscontro::model::Lang;

use crate::engine::packs;

const RULE: &str = r#"/*---
code     = "PR-A02"
severity = "avviso"
basis    = "prova"
each     = "processo"
when     = 'present(area_rischio) && present(target)'
at       = "area_rischio"
hint     = 'closest(area_rischio, "aree")'

[params.soglia]
default  = 0.05
it       = "quanto può mancare"
en       = "how much may be missing"

[it]
title    = "Area di rischio ignota"
message  = "il processo «{processo}» ha l'area «{area_rischio}»; forse «{hint}»"
why      = "Serve."
remedy   = "Scriverla."

[en]
title    = "Unknown risk area"
message  = "process “{processo}” has the area “{area_rischio}”; perhaps “{hint}”"
why      = "Needed."
remedy   = "Write it."

[[severity_when]]
when     = 'present(tipo_ruolo) && (tipo_ruolo == "Owner" || any_of(tipo_ruolo, ["Reviewer", "Approver"]))'
severity = "errore"

[[example]]
row      = { processo = "Gare", area_rischio = "Contratti pubblici", target = "1" }
outcome  = "passed"

[[example]]
row      = { processo = "Gare", area_rischio = "Contratti pubblici", target = "0,9" }
outcome  = "findings"
---*/
listed(area_rischio, "aree")
    && number(target) >= 1 - soglia
"#;

/// The rule with one thing written otherwise is refused: the first mistake stands where `mark` does, and is told so.
#[track_caller]
fn told(from: &str, to: &str, mark: &str, it: &str, en: &str) {
    assert!(RULE.contains(from), "{from}");
    let text = RULE.replacen(from, to, 1);
    let before = &text[..text.find(mark).unwrap()];
    let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
    let at = (line, before.rsplit('\n').next().unwrap().chars().count() + 1);
    let error = RuleBook::compile(&packs(&[("area-ignota", &text)]), None).expect_err("it loads");
    let fault = &error.faults()[0];
    assert!(fault.file.ends_with("prova/area-ignota.rhai"), "{}", fault.file);
    assert_eq!((fault.line, fault.column), at, "{}", fault.message.it);
    assert_eq!((fault.message.get(Lang::It), fault.message.get(Lang::En)), (it, en));
}

#[test]
fn the_rule_is_right_as_it_is() {
    let run = run_examples(&packs(&[("area-ignota", RULE)])).unwrap();
    assert!(run.failures.is_empty(), "{:?}", run.failures);
}

#[test]
fn mistake_01_a_field_misspelt_in_the_condition() {
    let (it, en) = (
        "campo sconosciuto «area_rischo»; forse «area_rischio»",
        "unknown field “area_rischo”; did you mean “area_rischio”?",
    );
    told("listed(area_rischio", "listed(area_rischo", "area_rischo,", it, en);
}

#[test]
fn mistake_02_a_field_misspelt_where_no_example_comes() {
    let (it, en) = ("campo sconosciuto «targget»; forse «target»", "unknown field “targget”; did you mean “target”?");
    told("&& number(target)", "|| present(targget) && number(target)", "targget", it, en);
}

#[test]
fn mistake_03_a_field_misspelt_where_the_finding_stands() {
    let (it, en) = (
        "campo sconosciuto «area_rischi»; forse «area_rischio»",
        "unknown field “area_rischi”; did you mean “area_rischio”?",
    );
    told("at       = \"area_rischio\"", "at       = \"area_rischi\"", "area_rischi\"", it, en);
}

#[test]
fn mistake_04_a_catalogue_misspelt() {
    told(
        "\"aree\")\n    &&",
        "\"are\")\n    &&",
        "\"are\"",
        "catalogo sconosciuto «are»; forse «aree»",
        "unknown catalogue “are”; did you mean “aree”?",
    );
}

#[test]
fn mistake_05_a_function_misspelt() {
    let (it, en) =
        ("funzione sconosciuta «lissted»; forse «listed»", "unknown function “lissted”; did you mean “listed”?");
    told("listed(area", "lissted(area", "lissted", it, en);
}

#[test]
fn mistake_06_a_severity_misspelt() {
    told(
        "\"avviso\"",
        "\"aviso\"",
        "\"aviso\"",
        "valore «aviso» sconosciuto; forse «avviso»",
        "unknown value “aviso”; did you mean “avviso”?",
    );
}

#[test]
fn mistake_07_a_key_of_the_header_misspelt() {
    told(
        "remedy   = \"Write",
        "remdy    = \"Write",
        "remdy",
        "voce «remdy» sconosciuta; forse «remedy»",
        "unknown key “remdy”; did you mean “remedy”?",
    );
}

#[test]
fn mistake_08_a_closing_quote_missing() {
    let (it, en) =
        ("il testo non si chiude: manca una virgoletta (\")", "the text is not closed: a quote (\") is missing");
    told("\"aree\")\n    &&", "\"aree)\n    &&", "\"aree)", it, en);
}

#[test]
fn mistake_09_curly_quotes_out_of_a_word_processor() {
    let (it, en) = (
        "le virgolette «“» non valgono: usare le virgolette diritte (\")",
        "the quote “ does not work: use straight ones (\")",
    );
    told("listed(area_rischio, \"aree\")", "listed(area_rischio, “aree”)", "“aree", it, en);
}

#[test]
fn mistake_10_a_decimal_comma() {
    let (it, en) = ("i decimali si scrivono con il punto: 0.05", "decimals are written with a point: 0.05");
    told("1 - soglia", "1 - 0,05", ",05", it, en);
    told("default  = 0.05", "default  = 0,05", ",05", it, en);
}

#[test]
fn mistake_11_one_equals_sign_for_two() {
    let (it, en) =
        ("il confronto si scrive «==»: «=» assegna un valore", "comparison is written “==”: “=” assigns a value");
    told("tipo_ruolo == \"Owner\"", "tipo_ruolo = \"Owner\"", "= \"Owner", it, en);
}

#[test]
fn mistake_12_and_in_italian() {
    told("    && number", "    e number", "e number", "«e» si scrive «&&»", "“e” is written “&&”");
}

#[test]
fn mistake_13_a_placeholder_misspelt_in_a_message() {
    let (it, en) =
        ("campo sconosciuto «proceso»; forse «processo»", "unknown field “proceso”; did you mean “processo”?");
    told("«{processo}»", "«{proceso}»", "proceso}", it, en);
}

#[test]
fn mistake_14_the_english_message_missing() {
    let message = RULE.lines().find(|l| l.starts_with("message  = \"process “")).unwrap();
    told(&format!("{message}\n"), "", "[en]", "manca la voce «message»", "the key “message” is missing");
}

#[test]
fn mistake_15_a_value_that_the_field_never_has() {
    let (it, en) = (
        "il campo «tipo_ruolo» non dice mai «Ower»; forse «Owner»",
        "the field “tipo_ruolo” never says “Ower”; did you mean “Owner”?",
    );
    told("\"Owner\"", "\"Ower\"", "\"Ower\"", it, en);
}

#[test]
fn mistake_16_such_a_value_in_a_list() {
    let (it, en) = (
        "il campo «tipo_ruolo» non dice mai «Aprover»; forse «Approver»",
        "the field “tipo_ruolo” never says “Aprover”; did you mean “Approver”?",
    );
    told("\"Approver\"", "\"Aprover\"", "\"Aprover\"", it, en);
}

#[test]
fn mistake_17_a_comparison_reversed_is_noticed_by_the_examples() {
    let text = RULE.replacen(">= 1", "<= 1", 1);
    let run = run_examples(&packs(&[("area-ignota", &text)])).unwrap();
    let failures: Vec<(usize, &str)> = run.failures.iter().map(|f| (f.line, f.message.get(Lang::It))).collect();
    let line = |n: usize| 1 + RULE.lines().enumerate().filter(|(_, l)| *l == "[[example]]").nth(n).unwrap().0;
    assert_eq!(failures.len(), 2, "{failures:?}");
    assert_eq!((failures[0].0, failures[1].0), (line(0), line(1)));
    assert!(failures[0].1.starts_with("atteso l'esito «passed», trovato «findings»"), "{failures:?}");
}

#[test]
fn mistake_18_an_argument_missing() {
    told(
        "listed(area_rischio, \"aree\")",
        "listed(area_rischio)",
        "listed(area_rischio)",
        "«listed» vuole 2 argomenti, qui sono 1",
        "“listed” takes 2 arguments, not 1",
    );
}

#[test]
fn mistake_19_a_comma_missing_between_entries() {
    let text = RULE.replacen("\"Gare\", area", "\"Gare\" area", 1);
    let error = RuleBook::compile(&packs(&[("area-ignota", &text)]), None).unwrap_err();
    let fault = &error.faults()[0];
    let row = text.lines().position(|l| l.contains("\"Gare\" area")).unwrap();
    assert_eq!((fault.line, fault.message.get(Lang::It)), (row + 1, "manca una virgola"));
    let (it, en) =
        ("fra un argomento e l'altro manca la virgola «,»", "the comma “,” between two arguments is missing");
    told("listed(area_rischio, \"aree\")", "listed(area_rischio \"aree\")", "\"aree\")\n    &&", it, en);
}

#[test]
fn mistake_20_the_question_whether_a_cell_is_blank_removed() {
    let it = "«target» può essere in bianco, e qui ne serve il valore: chiedere present(target) in «when», o aggiungere un esempio in cui è in bianco";
    let en = "“target” may be blank, and its value is needed here: ask present(target) in “when”, or add an example in which it is blank";
    told(" && present(target)'", "'", "target) >= 1", it, en);
}

#[test]
fn mistake_21_a_loop() {
    let (it, en) = (
        "«while» non è del linguaggio delle regole: la condizione è una sola espressione",
        "“while” is no part of the rule language: the condition is one expression",
    );
    told("listed(area", "while true {} listed(area", "while", it, en);
}

#[test]
fn or_in_italian() {
    told("    && number", "    o number", "o number", "«o» si scrive «||»", "“o” is written “||”");
    told("    && number", "    OR number", "OR number", "«OR» si scrive «||»", "“OR” is written “||”");
}

#[test]
fn not_in_italian() {
    told("listed(area", "non listed(area", "non listed", "«non» si scrive «!»", "“non” is written “!”");
}

#[test]
fn a_semicolon_at_the_end() {
    let (it, en) = (
        "la condizione è una sola espressione: togliere «;» alla fine",
        "the condition is one expression: remove “;” at the end",
    );
    told("1 - soglia\n", "1 - soglia;\n", ";\n", it, en);
}

#[test]
fn comparisons_of_other_languages() {
    told("tipo_ruolo == ", "tipo_ruolo <> ", "<> ", "«<>» si scrive «!=»", "“<>” is written “!=”");
    told(">= 1", "=> 1", "=> 1", "«=>» si scrive «>=»", "“=>” is written “>=”");
    told(">= 1", "=< 1", "=< 1", "«=<» si scrive «<=»", "“=<” is written “<=”");
    told(">= 1", "≥ 1", "≥ 1", "«≥» si scrive «>=»", "“≥” is written “>=”");
}

#[test]
fn single_quotes() {
    let (it, en) =
        ("i testi vanno tra virgolette diritte doppie (\")", "texts stand between straight double quotes (\")");
    told("listed(area_rischio, \"aree\")", "listed(area_rischio, 'aree')", "'aree'", it, en);
}

#[test]
fn brackets_that_do_not_match_are_told_where_they_stand() {
    let (it, en) = (
        "la parentesi «(» aperta qui non si chiude: manca «)»",
        "the bracket “(” opened here is not closed: “)” is missing",
    );
    told("listed(area_rischio, \"aree\")", "(listed(area_rischio, \"aree\")", "(listed", it, en);
    let (it, en) = ("la parentesi «)» è di troppo: nessuna è aperta", "the bracket “)” is one too many: none is open");
    told("\"aree\")\n    &&", "\"aree\"))\n    &&", ")\n    &&", it, en);
    let (it, en) = (
        "qui si attende «]», che chiude l'ultima parentesi aperta, non «)»",
        "“]” is expected here, which closes the last bracket opened, not “)”",
    );
    told("\"Approver\"]", "\"Approver\"", "))'", it, en);
}

#[test]
fn an_example_may_say_what_a_blank_cell_does_instead_of_a_question() {
    let example = "[[example]]\nrow      = { processo = \"Gare\", area_rischio = \"Contratti pubblici\", target = \"\" }\noutcome  = \"not_evaluable\"\n---*/";
    let text = RULE.replacen(" && present(target)'", "'", 1).replacen("---*/", example, 1);
    let run = run_examples(&packs(&[("area-ignota", &text)])).unwrap();
    assert!(run.failures.is_empty(), "{:?}", run.failures);
}
