//! The slips of rule authors: each is told when the rule is loaded, with its place and what was probably meant.

use std::fmt::Write as _;

use riscontro::engine::RuleBook;
use riscontro::model::Lang;

use crate::engine::packs;

const RULE: &str = r#"/*---
code     = "PR-A02"
severity = "avviso"
basis    = "prova"
each     = "processo"
when     = 'present(area_rischio) && tipo_ruolo == "Owner"'
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
when     = 'any_of(tipo_ruolo, ["Reviewer", "Approver"])'
severity = "errore"
---*/
listed(area_rischio, "aree")
    && number(target) >= 1 - soglia
"#;

/// The first fault of the rule with one thing written otherwise.
fn fault(from: &str, to: &str) -> (String, String) {
    assert!(RULE.contains(from), "{from}");
    let text = RULE.replacen(from, to, 1);
    let packs = packs(&[("area-ignota", &text)]);
    match RuleBook::compile(&packs, None) {
        Ok(_) => ("loads".into(), "loads".into()),
        Err(error) => {
            let fault = &error.faults()[0];
            let at = format!("{}:{}", fault.line, fault.column);
            (format!("{at} {}", fault.message.get(Lang::It)), format!("{at} {}", fault.message.get(Lang::En)))
        }
    }
}

#[test]
fn the_rule_loads_as_it_is() {
    assert_eq!(fault("Serve.", "Serve."), ("loads".into(), "loads".into()));
}

#[test]
fn a_comment_that_is_not_closed_is_told_and_others_hold_anything() {
    let line = RULE[..RULE.find("    && number").unwrap()].lines().count() + 1;
    let at = format!("{line}:5 il commento non si chiude: manca «*/»");
    for open in ["/* && number", "/* un /* altro */ && number", "/*/ && number"] {
        assert_eq!(fault("&& number", open).0, at, "{open}");
    }
    for whole in ["/* e o «» /* di più */ ; */ && number", "/**/ && number", "/***/ && number // /*\n"] {
        assert_eq!(fault("&& number", whole).0, "loads", "{whole}");
    }
    let (when, message) = fault("'present(area_rischio)", "'present(area_rischio) /* ");
    assert!(when.contains(" il commento non si chiude") && message.contains("is not closed"), "{when}, {message}");
}

/// What is slipped, what is written and what instead.
const SLIPS: &[(&str, &str, &str)] = &[
    ("field typo in when", "present(area_rischio)", "present(area_rischo)"),
    ("field typo in the condition", "listed(area_rischio", "listed(area_rischo"),
    ("field typo on a branch never reached", "&& number(target)", "|| present(targget) && number(target)"),
    ("field typo in at", "at       = \"area_rischio\"", "at       = \"area_rischi\""),
    ("field typo in a placeholder", "«{processo}»", "«{proceso}»"),
    ("field typo in the English placeholder", "“{processo}”", "“{proceso}”"),
    ("catalogue typo", "listed(area_rischio, \"aree\")", "listed(area_rischio, \"are\")"),
    ("catalogue typo in hint", "closest(area_rischio, \"aree\")", "closest(area_rischio, \"arree\")"),
    ("pattern typo", "listed(area_rischio, \"aree\")", "matches(area_rischio, \"sino\")"),
    ("part typo", "listed(area_rischio, \"aree\")", "present(part(area_rischio, \"letera\"))"),
    ("attribute typo", "listed(area_rischio, \"aree\")", "lookup(area_rischio, \"aree\", \"letera\") == \"D\""),
    ("head typo", "listed(area_rischio, \"aree\")", "present(head(\"uficio\"))"),
    ("kind typo", "listed(area_rischio, \"aree\")", "has_document(\"prov\")"),
    ("entity typo", "each     = \"processo\"", "each     = \"proceso\""),
    ("norm typo", "basis    = \"prova\"", "basis    = \"prov\""),
    ("param typo", "1 - soglia", "1 - soglai"),
    ("function typo", "listed(", "lissted("),
    ("function without parentheses", "listed(area_rischio, \"aree\")", "year > 3"),
    ("severity typo", "severity = \"avviso\"", "severity = \"aviso\""),
    ("header key typo", "remedy   = \"Write it.\"", "remdy    = \"Write it.\""),
    ("top-level key typo", "basis    =", "bassis   ="),
    (
        "English message missing",
        "message  = \"process “{processo}” has the area “{area_rischio}”; perhaps “{hint}”\"\n",
        "",
    ),
    ("English texts missing", "[en]\n", "[de]\n"),
    ("empty title", "title    = \"Area di rischio ignota\"", "title    = \" \""),
    ("number where a text is due", "why      = \"Serve.\"", "why      = 3"),
    ("value that the field never has", "tipo_ruolo == \"Owner\"", "tipo_ruolo == \"Ower\""),
    ("the same the other way round", "tipo_ruolo == \"Owner\"", "\"Ower\" == tipo_ruolo"),
    ("value typo in a list", "\"Approver\"]", "\"Aprover\"]"),
    ("wrong number of arguments", "listed(area_rischio, \"aree\")", "listed(area_rischio)"),
    ("decimal comma among arguments", "number(target) >= 1 - soglia", "about(number(target), 1, 0,05)"),
    ("decimal comma alone", "1 - soglia", "0,05"),
    ("missing closing quote", "\"aree\")\n", "\"aree)\n"),
    ("curly quotes", "listed(area_rischio, \"aree\")", "listed(area_rischio, “aree”)"),
    ("single quotes", "listed(area_rischio, \"aree\")", "listed(area_rischio, 'aree')"),
    ("= for ==", "tipo_ruolo == \"Owner\"", "tipo_ruolo = \"Owner\""),
    ("e for &&", "&& number", "e number"),
    ("o for ||", "&& number", "o number"),
    ("non for !", "listed(", "non listed("),
    ("and for &&", "&& number", "and number"),
    ("& for &&", "&& number", "& number"),
    ("≥ for >=", ">=", "≥"),
    ("<> for !=", "tipo_ruolo == \"Owner\"", "tipo_ruolo <> \"Owner\""),
    (";  at the end", "1 - soglia\n", "1 - soglia;\n"),
    ("two statements", "\n    && number", ";\n    number"),
    ("missing bracket", "listed(area_rischio, \"aree\")", "(listed(area_rischio, \"aree\")"),
    ("a bracket too much", "listed(area_rischio, \"aree\")", "listed(area_rischio, \"aree\"))"),
    ("loop", "listed(", "while true {} listed("),
    (
        "condition as a branch",
        "listed(area_rischio, \"aree\")",
        "if listed(area_rischio, \"aree\") { true } else { false }",
    ),
    ("variable", "listed(", "let x = 1; listed("),
    ("method call", "listed(area_rischio, \"aree\")", "area_rischio.len() > 3"),
    ("property", "listed(area_rischio, \"aree\")", "area_rischio.text == \"x\""),
    ("index", "listed(area_rischio, \"aree\")", "area_rischio[0] == \"x\""),
    ("in", "listed(area_rischio, \"aree\")", "area_rischio in [\"x\"]"),
    ("interpolation", "listed(area_rischio, \"aree\")", "area_rischio == `x`"),
    ("question mark", "listed(area_rischio, \"aree\")", "area_rischio ?? \"x\" == \"x\""),
    ("field as a number", "number(target) >=", "target >="),
    ("field compared with a number", "number(target) >= 1 - soglia", "target == 1"),
    ("number compared with a text", "number(target) >= 1 - soglia", "number(target) == \"1\""),
    ("text compared by size", "number(target) >= 1 - soglia", "text(target) >= \"1\""),
    ("sum of texts", "number(target) >= 1 - soglia", "text(target) + \"x\" == \"1x\""),
    ("list as a field", "listed(area_rischio, \"aree\")", "evento == \"x\""),
    ("list for a field", "listed(area_rischio, \"aree\")", "present(evento)"),
    ("field for a list", "listed(area_rischio, \"aree\")", "count(area_rischio) == 1"),
    ("text for a field", "listed(area_rischio, \"aree\")", "present(\"area_rischio\")"),
    ("field for a name", "listed(area_rischio, \"aree\")", "listed(area_rischio, processo)"),
    ("number as a condition", "number(target) >= 1 - soglia", "number(target) - soglia"),
    ("text of the rule compared with another", "listed(area_rischio, \"aree\")", "\"a\" == \"b\""),
    ("negated field", "listed(area_rischio, \"aree\")", "!area_rischio"),
    ("at is no place", "at       = \"area_rischio\"", "at       = 'count(evento)'"),
    ("hint is no text", "closest(area_rischio, \"aree\")", "number(target)"),
    ("hint not given", "hint     = 'closest(area_rischio, \"aree\")'\n", ""),
    ("open brace in a message", "«{processo}»", "«{processo»"),
    ("condition in a message", "«{processo}»", "«{present(processo)}»"),
    ("malformed code", "\"PR-A02\"", "\"pr_a02\""),
    ("header not opened", "/*---\n", "/*--\n"),
    ("header not closed", "\n---*/\n", "\n---*/ \n"),
    ("no condition", "listed(area_rischio, \"aree\")\n    && number(target) >= 1 - soglia\n", ""),
    ("TOML slip", "code     = \"PR-A02\"", "code     = \"PR-A02"),
    ("param that is a list", "default  = 0.05", "default  = [1]"),
    ("param with a decimal comma", "default  = 0.05", "default  = 0,05"),
];

#[test]
fn every_slip_is_told_with_its_place() {
    let mut told = String::new();
    for (what, from, to) in SLIPS {
        let (it, en) = fault(from, to);
        assert_ne!(it, "loads", "{what}");
        for text in [&it, &en] {
            assert!(!text.ends_with('.'), "{text}");
        }
        writeln!(told, "{what}: `{}`\n    {it}\n    {en}", to.replace('\n', "⏎")).unwrap();
    }
    insta::assert_snapshot!("engine_slips", told);
}

#[test]
fn every_slip_of_a_rule_is_told_at_once() {
    let text = RULE
        .replace("listed(area_rischio", "listed(area_rischo")
        .replace("present(area_rischio)", "presnt(area_rischio)")
        .replace("{hint}»", "{hnt}»");
    let error = RuleBook::compile(&packs(&[("area-ignota", &text)]), None).unwrap_err();
    let lines: Vec<usize> = error.faults().iter().map(|f| f.line).collect();
    assert_eq!(lines, [6, 17, 31]);
    assert!(error.faults().iter().all(|f| f.file.ends_with("prova/area-ignota.rhai")));
}

#[test]
fn codes_are_used_once_and_names_are_well_formed() {
    let twice = packs(&[("uno", RULE), ("due", RULE)]);
    let error = RuleBook::compile(&twice, None).unwrap_err();
    assert_eq!(error.faults()[0].message.it, "il codice «PR-A02» è già della regola prova/due");
    let named = packs(&[("Area_Ignota", RULE)]);
    let error = RuleBook::compile(&named, None).unwrap_err();
    assert_eq!(
        error.faults()[0].message.it,
        "il nome del file «Area_Ignota» è malformato: parole minuscole senza accenti, unite da trattini"
    );
}

#[test]
fn rules_do_not_give_way_in_a_ring() {
    let rule = |code: &str, by: &str| {
        RULE.replace("PR-A02", code).replace("basis ", &format!("superseded_by = [\"{by}\"]\nbasis "))
    };
    let (one, two) = (rule("PR-1", "PR-2"), rule("PR-2", "PR-1"));
    let error = RuleBook::compile(&packs(&[("uno", &one), ("due", &two)]), None).unwrap_err();
    assert_eq!(error.faults().len(), 2);
    assert_eq!(error.faults()[0].message.en, "the rule PR-2 ends up superseded by itself (superseded_by)");
}

#[test]
fn rules_give_way_to_rules_that_there_are() {
    let by = |by: &str| RULE.replace("basis ", &format!("superseded_by = [\"{by}\"]\nbasis "));
    let error = RuleBook::compile(&packs(&[("uno", &by("PR-A2O"))]), None).unwrap_err();
    assert_eq!(error.faults()[0].message.it, "superseded_by: regola sconosciuta «PR-A2O»; forse «PR-A02»");
    // Of a family that is not in force nothing is known.
    RuleBook::compile(&packs(&[("uno", &by("XX-001"))]), None).unwrap();
}

#[test]
fn places_hold_behind_escapes_and_in_strings_of_several_lines() {
    let at = |from: &str, to: &str| fault(from, to).0.split(' ').next().unwrap().to_owned();
    // The typo is behind two escaped quotes, each one character of the message but two of the file.
    assert_eq!(at("\"il processo «{processo}»", "\"il \\\"processo\\\" «{proceso}»"), "17:31");
    let when = "'present(area_rischio) && tipo_ruolo == \"Owner\"'";
    assert_eq!(at(when, "'''\n  present(area_rischio)\n    && present(ara)'''"), "8:16");
    assert_eq!(at("at       = \"area_rischio\"", "related  = [\"processo\", 'tipo_rulo']"), "7:26");
    let windows = RULE.replace('\n', "\r\n").replace("listed(area_rischio", "listed(area_rischo");
    let error = RuleBook::compile(&packs(&[("area-ignota", &windows)]), None).unwrap_err();
    assert_eq!((error.faults()[0].line, error.faults()[0].column), (31, 8));
}

#[test]
fn every_operator_over_every_pair_of_types_is_judged_when_loaded() {
    let operands = [
        ("Field", "processo"),
        ("List", "evento"),
        ("Text", "text(processo)"),
        ("Literal", "\"x\""),
        ("Number", "soglia"),
        ("Bool", "true"),
    ];
    let mut table = String::new();
    for op in ["==", "!=", "<", ">=", "+", "/", "&&"] {
        for (a, x) in operands {
            let mut row = format!("{a:8}{op:3}");
            for (_, y) in operands {
                let whole =
                    if ["+", "/"].contains(&op) { format!("{x} {op} {y} == 1") } else { format!("{x} {op} {y}") };
                row += if fault("listed(area_rischio, \"aree\")", &format!("({whole})")).0 == "loads" {
                    " yes"
                } else {
                    "   -"
                };
            }
            table += row.trim_end();
            table.push('\n');
        }
    }
    insta::assert_snapshot!("engine_operators_at_load", table);
}

/// What may stand there is told where nothing near does; the library's words stand in brackets, if at all.
#[test]
fn mistakes_in_headers_say_what_may_stand_there() {
    let folder = crate::cli::Folder::new();
    folder.write("r/ptpct/schedule.toml", b"extends = \"ptpct\"");
    let rule = include_str!("../../rules/ptpct/area-rischio-ignota.rhai");
    let rule = rule.replace("PT-A02", "NOI-01");
    let said = |from: &str, to: &str| {
        assert!(rule.contains(from), "{from}");
        folder.write("r/ptpct/u.rhai", rule.replacen(from, to, 1).as_bytes());
        let ran = folder.run(&["test", "r"]);
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        ran.err
    };
    let severity = "severity = \"avviso\"";
    for (to, says) in [
        ("severity = \"grave\"", "valore «grave» sconosciuto; ammessi: «osservazione», «avviso» e «errore»"),
        ("severity = \"avvisso\"", "valore «avvisso» sconosciuto; forse «avviso»"),
        ("severity = avviso", "il valore va scritto tra virgolette"),
        ("severity = 3", "il valore va scritto tra virgolette"),
        ("severity", "manca il segno «=»"),
    ] {
        let err = said(severity, to);
        assert!(err.contains(says) && err.contains("r/ptpct/u.rhai:3:"), "{err}");
    }
    let err = folder.run(&["check", "r", "--select", "PTX"]).err;
    assert!(
        err.contains(
            "nessuna regola si chiama «PTX»; i codici cominciano con A1, A2, A2R, FLW, IND, LEG, LNK, OBJ, PT"
        ),
        "{err}"
    );
}
