//! `riscontro test --mutate`: whether the examples of a rule would notice a mistake in it.

use crate::cli::Folder;

/// A rule of one's own: two processes at most, each with its name, where the office is told.
fn rule(examples: &str, more: &str) -> String {
    format!(
        r#"/*---
code     = "NOI-01"
severity = "avviso"
basis    = "colonna-processi"
each     = "processo"
when     = 'present(ufficio)'
at       = "ufficio"
{more}
it = {{ title = "Ufficio", message = "l'ufficio è breve", why = "Si legge.", remedy = "Scriverlo." }}
en = {{ title = "Office", message = "the office is short", why = "It is read.", remedy = "Write it." }}
{examples}
---*/
count(all("ufficio")) <= 2 && present(processo)
"#
    )
}

/// An example with a row for each process, all of one office.
fn example(processes: &[&str], office: &str, outcome: &str) -> String {
    let rows = processes.iter().map(|p| format!("{{ processo = \"{p}\", ufficio = \"{office}\" }}"));
    let rows = rows.collect::<Vec<_>>().join(", ");
    format!("[[example]]\nrows = [{rows}]\noutcome = \"{outcome}\"\n")
}

fn tried(rule: &str, args: &[&str]) -> crate::cli::Ran {
    let folder = Folder::new();
    folder.write("mie/schedule.toml", b"extends = \"ptpct\"\n").write("mie/ufficio-breve.rhai", rule.as_bytes());
    folder.run(&[&["test", "mie", "--mutate"], args].concat())
}

#[test]
fn a_change_that_no_example_notices_is_named_with_the_score() {
    let weak =
        [example(&["Concorsi"], "CED", "passed"), example(&["Concorsi", "Gare", "Protocollo"], "CED", "findings")];
    let ran = tried(&rule(&weak.concat(), ""), &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for change in [
        "mutante che nessun esempio nota: when: dropped",
        "condition: count(all(\"ufficio\")) <= 2 -> count(all(\"ufficio\")) < 2",
        "condition: count(all(\"ufficio\")) <= 2 && present(processo) -> count(all(\"ufficio\")) <= 2\n",
        "mie/ufficio-breve.rhai (NOI-01)",
        "1 regola, 6 mutanti, 0 equivalenti dichiarati: 3 notati dagli esempi (50 %)",
    ] {
        assert!(ran.out.contains(change), "{change}: {}", ran.out);
    }
}

#[test]
fn examples_enough_notice_every_change() {
    let json = |examples: &[String], more: &str| tried(&rule(&examples.concat(), more), &["--format", "json"]);
    let examples = [
        example(&["Concorsi", "Gare"], "CED", "passed"),
        example(&["Concorsi", "Gare", "Protocollo"], "CED", "findings"),
        example(&["Concorsi", ""], "CED", "findings"),
        example(&["Concorsi"], "", "not_applicable"),
    ];
    let ran = json(&examples, "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains(r#""mutants":6,"killed":6,"equivalent":0,"survivors":[]"#), "{ran:?}");
}

#[test]
fn a_change_that_makes_no_difference_is_left_out_with_its_reason() {
    let examples = [
        example(&["Concorsi", "Gare"], "CED", "passed"),
        example(&["Concorsi", "Gare", "Protocollo"], "CED", "findings"),
        example(&["Concorsi", ""], "CED", "findings"),
    ];
    let stated = |change: &str| format!("equivalent = [{{ change = \"{change}\", why = \"non cambia nulla\" }}]");
    let ran = tried(&rule(&examples.concat(), &stated("when: dropped")), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("5 mutanti, 1 equivalente dichiarato: 5 notati dagli esempi (100 %)"), "{ran:?}");
    let ran = tried(&rule(&examples.concat(), &stated("condition: negated")), &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("equivalente dichiarato a torto: condition: negated"), "{ran:?}");
}

#[test]
fn an_emptied_catalogue_is_noticed_where_the_rule_looks_a_value_up() {
    let catalogue = "title = { it = \"Uffici\", en = \"Offices\" }\n[[entry]]\nvalue = \"Personale\"\n";
    let examples = [
        example(&["Concorsi"], "Personale", "passed"),
        example(&["Concorsi"], "CED", "findings"),
        example(&["Concorsi"], "", "not_applicable"),
    ];
    let folder = Folder::new();
    let text = rule(&examples.concat(), "")
        .replace("count(all(\"ufficio\")) <= 2 && present(processo)", "listed(ufficio, \"uffici\")");
    folder.write("mie/schedule.toml", b"extends = \"ptpct\"\n").write("mie/uffici.toml", catalogue.as_bytes());
    folder.write("mie/ufficio-ignoto.rhai", text.as_bytes());
    let ran = folder.run(&["test", "mie", "--mutate"]);
    assert!(ran.code == 0 && ran.out.contains("1 regola, 3 mutanti"), "{ran:?}");
}
