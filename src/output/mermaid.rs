//! A diagram of each workflow, in the language of Mermaid, in blocks of Markdown.

use std::io::{self, Write};

use super::flowmap::{step_name, titled};
use super::markdown::plain;
use super::words::one_line;
use crate::model::{FlowMap, FlowMark, FlowStep, Lang, Severity, Workflow};

/// How steps look in which the rules find something: filled and framed, so that they are told apart in print too.
const LOOKS: [(Severity, &str, &str); 3] = [
    (Severity::Errore, "errore", "fill:#f8d7da,stroke:#b02a37,stroke-width:3px,color:#000"),
    (Severity::Avviso, "avviso", "fill:#fff3cd,stroke:#997404,stroke-width:2px,color:#000"),
    (Severity::Osservazione, "osservazione", "fill:#dbeafe,stroke:#1d4ed8,stroke-dasharray:4 3,color:#000"),
];

/// The diagrams of all workflows, each under its name.
pub fn flowmap_mermaid(map: &FlowMap, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}", map.lang.pick("Flussi informativi", "Information flows"))?;
    map.workflows.iter().try_for_each(|workflow| diagram(workflow, map.lang, out))
}

/// The diagram of one: its steps in the order written, and the document that comes of them.
pub(super) fn diagram(workflow: &Workflow, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## {}\n\n```mermaid\nflowchart LR", plain(&titled(workflow, lang)))?;
    for (number, step) in (1..).zip(&workflow.steps) {
        writeln!(out, "    s{number}[\"{}\"]", label_of_step(step, lang))?;
    }
    let document = if workflow.document.is_empty() { titled(workflow, lang) } else { workflow.document.clone() };
    writeln!(out, "    d([\"{}{}\"])", label(&document), codes(&workflow.marks))?;
    let chain: Vec<String> = (1..=workflow.steps.len()).map(|number| format!("s{number}")).collect();
    if !chain.is_empty() {
        writeln!(out, "    {} --> d", chain.join(" --> "))?;
    }
    let steps = (1..).zip(&workflow.steps).map(|(number, step)| (format!("s{number}"), step.marks.as_slice()));
    let nodes: Vec<(String, &[FlowMark])> = steps.chain([("d".to_owned(), workflow.marks.as_slice())]).collect();
    for (severity, name, look) in LOOKS {
        let worst = |marks: &[FlowMark]| marks.iter().map(|mark| mark.severity).max();
        let own: Vec<&str> =
            nodes.iter().filter(|(_, marks)| worst(marks) == Some(severity)).map(|(node, _)| node.as_str()).collect();
        if !own.is_empty() {
            writeln!(out, "    classDef {name} {look}\n    class {} {name}", own.join(","))?;
        }
    }
    writeln!(out, "```")
}

/// What is done, by whom and as what, and which rules find something.
fn label_of_step(step: &FlowStep, lang: Lang) -> String {
    let who = match (step.role.as_str(), step.role_type.as_str()) {
        ("", "") => String::new(),
        ("", role_type) => format!("<br/>({})", label(role_type)),
        (role, "") => format!("<br/>{}", label(role)),
        (role, role_type) => format!("<br/>{} ({})", label(role), label(role_type)),
    };
    let name = match step_name(step) {
        name if name.is_empty() => lang.pick("(senza nome)", "(unnamed)").to_owned(),
        name => name,
    };
    format!("{}{who}{}", label(&name), codes(&step.marks))
}

/// The codes of the rules that find something, on a line of their own.
fn codes(marks: &[FlowMark]) -> String {
    let mut codes: Vec<&str> = marks.iter().map(|mark| mark.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.is_empty() { String::new() } else { format!("<br/>⚠ {}", label(&codes.join(", "))) }
}

/// A text as it may stand in the quotes of a label: what Mermaid or a browser would read as more than text is written as a
/// code.
fn label(text: &str) -> String {
    let mut label = String::new();
    for sign in one_line(text).chars() {
        match sign {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' | '[' | ']' | '{' | '}' | '|' | '*' | '_' | ';' => {
                label.extend(["#", &u32::from(sign).to_string(), ";"]);
            }
            _ => label.push(sign),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_the_language_are_written_as_codes() {
        assert_eq!(label("Verifica \"A\" <b> #1"), "Verifica #34;A#34; #60;b#62; #35;1");
        assert_eq!(label("così\ncolà – è"), "così colà – è");
    }
}
