//! Rules written to do harm: refused when loaded, or stopped by fuel, the same on every machine.

use std::fmt::Write as _;

use riscontro::engine::RuleBook;
use riscontro::model::OutcomeKind;
use riscontro::pack::{Packs, Pattern};

use crate::engine::{document, folder, outcome, outcomes, packs, register, rule};

/// Whether a condition loads.
fn loads(condition: &str) -> bool {
    let text = rule("PR-01", "each = \"processo\"", condition);
    RuleBook::compile(&packs(&[("prova", &text)]), None).is_ok()
}

#[test]
fn what_is_no_expression_of_the_language_is_refused() {
    let nested = |open: &str, close: &str, n: usize| format!("{}true{}", open.repeat(n), close.repeat(n));
    let chain = (0..5_000).fold("true".to_owned(), |mut chain, _| {
        chain.push_str(" && true");
        chain
    });
    let statements = [
        "loop {}",
        "while true {}",
        "for i in 0..9_000_000_000 { }",
        "do { } while true",
        "fn f() { f() } f()",
        "let s = \"x\"; loop { s += s }",
        "|| true",
        "eval(\"1\")",
        "Fn(\"eval\").call(\"1\")",
        "import \"/etc/passwd\" as x; true",
        "print(\"x\")",
        "debug(\"x\")",
        "sleep(8)",
        "timestamp()",
        "exit()",
        "throw 1",
        "try { throw 1 } catch { true }",
        "switch 1 { 1 => true }",
        "if true { true } else { false }",
        "{ true }",
        "#{ a: 1 }",
        "#{ a: 1 }.a == 1",
        "[1, 2] == [1, 2]",
        "\"x\".pad(1000000000, \"x\")",
        "blob(2000000000)",
        "[1].pad(1000000000, 1)",
        "`${`${`${1}`}`}` == \"\"",
        "missing = 1",
        "processo = 1",
        "fn missing(x) { false } true",
        "this",
        "processo.missing()",
        "processo?.x",
        "x::y()",
        "1..2 == 1..2",
        "2 ** 999999999 > 1",
        "1 << 62 > 1",
        "\"a\" + \"b\" == \"ab\"",
        "type_of(processo) == \"x\"",
        "is_def_var(\"x\")",
        "call(missing, processo)",
        "curry(missing, processo)",
        "/* never closed",
        "\u{0}",
        "",
    ];
    for condition in statements.iter().map(|s| (*s).to_owned()).chain([
        nested("(", ")", 200_000),
        nested("!", "", 200_000),
        nested("+", "", 200_000),
        nested("[", "]", 10_000),
        nested("{", "}", 10_000),
        nested("missing(", ")", 5_000),
        chain,
        format!("processo == \"{}\"", "x".repeat(100_000)),
        format!("any_of(processo, [{}])", "\"x\", ".repeat(100_000)),
    ]) {
        let shown: String = condition.chars().take(60).collect();
        assert!(!loads(&condition), "{shown}");
    }
}

#[test]
fn patterns_are_bounded_when_the_pack_is_loaded() {
    for bomb in ["(a{1000}){1000}", "(?:a?){100000}", "\\w{100000}"] {
        assert!(Pattern::new(bomb).check().is_err(), "{bomb}");
    }
    let slow = Pattern::new("(a+)+$");
    assert!(!slow.is_match(&("a".repeat(60_000) + "b")));
}

#[test]
fn costly_calls_run_out_of_fuel_on_every_machine() {
    let long = "molto lungo ".repeat(200);
    let packs_of = |condition: &str| packs(&[("prova", &rule("PR-01", "each = \"processo\"", condition))]);
    let call = "similar(processo, area_rischio) >= 0";
    let many = vec![call; 40].join(" && ");
    let packs = packs_of(&many);
    let rows: Vec<Vec<String>> = (0..30).map(|n| vec![n.to_string(), format!("{long}{n}"), long.clone()]).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let document = document(vec![register(&packs, &["numero", "processo", "area_rischio"], &rows)]);
    let outcome = outcomes(&packs, &document).remove(0);
    assert_eq!(outcome.rule.kind, OutcomeKind::Error, "{:?}", outcome.rule.reason);
    let reason = outcome.rule.reason.unwrap();
    assert!(reason.contains("prova.rhai, riga 18, colonna"), "{reason}");
    assert!(reason.ends_with("la regola costa troppo su questo documento"), "{reason}");
    // One call for each process is an honest rule.
    let packs = packs_of(call);
    assert_eq!(outcomes(&packs, &document).remove(0).rule.kind, OutcomeKind::Passed);
}

#[test]
fn many_rules_of_many_conditions_load() {
    let texts: Vec<(String, String)> = (0..200)
        .map(|i| {
            let mut condition = String::from("true");
            for n in 0..20 {
                let _ = write!(condition, "\n    && (present(processo) || number(target) > {n})");
            }
            (format!("r{i}"), rule(&format!("PR-{i}"), "each = \"processo\"", &condition))
        })
        .collect();
    let rules: Vec<(&str, &str)> = texts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    assert_eq!(RuleBook::compile(&packs(&rules), None).unwrap().rules().len(), 200);
}

#[test]
fn a_rule_file_of_any_bytes_is_refused_not_a_crash() {
    let whole = rule(
        "PR-01",
        "each = \"processo\"\nat = 'processo'\nMESSAGGIO {processo} {len(processo)}",
        "present(processo)",
    );
    for cut in (0..whole.len()).filter(|c| whole.is_char_boundary(*c)).step_by(17) {
        let dir = folder(&[("prova", &whole[..cut])]);
        let packs = Packs::from_dir(dir.path()).unwrap();
        if let Err(error) = RuleBook::compile(&packs, None) {
            assert!(!error.faults().is_empty());
        }
    }
    for c in ["{", "}", "\"", "'", "\\", "«", "\u{0}", "\r", ";", "🜁"] {
        for at in (0..whole.len()).filter(|c| whole.is_char_boundary(*c)).step_by(41) {
            let text = format!("{}{c}{}", &whole[..at], &whole[at..]);
            let _ = RuleBook::compile(&packs(&[("prova", &text)]), None);
        }
    }
}

#[test]
fn a_fault_while_a_finding_is_made_is_an_error_of_the_rule() {
    let long = "molto lungo ".repeat(200);
    let rows: Vec<Vec<String>> = (0..30).map(|n| vec![n.to_string(), format!("{long}{n}"), long.clone()]).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let calls = |operator: &str| vec!["similar(processo, area_rischio)"; 40].join(operator);
    let holds = format!("{} < 0", calls(" + "));
    let text = "it = { message = \"uno\" }\nen = { message = \"one\" }";
    for header in [
        format!("MESSAGGIO costa {{{}}}", calls(" + ")),
        format!("hint = 'text({})'", calls(" + ")),
        format!("expected = 'text({})'", calls(" + ")),
        format!("cause = 'text({})'", calls(" + ")),
        format!("at = 'nth(all(\"processo\"), {})'", calls(" + ")),
        format!("related = 'nth(all(\"processo\"), {})'", calls(" + ")),
        format!("[[severity_when]]\nwhen = '{holds}'\nseverity = \"errore\""),
        format!("[[case]]\nwhen = '{holds}'\n{text}"),
        format!("[[case]]\nwhen = 'true'\nhint = 'text({})'\n{text}", calls(" + ")),
    ] {
        let outcome = outcome(
            &format!("each = \"processo\"\n{header}"),
            "missing(processo)",
            &["numero", "processo", "area_rischio"],
            &rows,
        );
        let reason = outcome.rule.reason.unwrap_or_default();
        assert_eq!(outcome.rule.kind, OutcomeKind::Error, "{header}: {reason}");
        assert!(reason.contains("prova.rhai, riga ") && !reason.contains("colonna 1:"), "{header}: {reason}");
        assert!(reason.ends_with("la regola costa troppo su questo documento"), "{header}: {reason}");
        assert!(outcome.findings.is_empty(), "{header}");
    }
}
