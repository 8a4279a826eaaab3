//! Information flows at a glance, for a person: as text and as Markdown.

use std::io::{self, Write};

use super::Painter;
use super::markdown::plain;
use super::mermaid::diagram;
use super::words::{address, count, one_line, short, tally};
use crate::model::{FlowMap, FlowMark, FlowRole, FlowStep, Lang, Place, Raci, Workflow};
use crate::text;

/// Characters of a role on the screen.
const ROLE: usize = 34;
/// Characters of a column of the matrix on the screen.
const COLUMN: usize = 6;
/// Columns of the matrix side by side on the screen.
const ACROSS: usize = 14;

/// The workflows, the matrix of roles, who owns and approves, steps out of order, and the findings, as text.
pub fn flowmap(map: &FlowMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    let sources: Vec<String> = map.sources.iter().map(|s| one_line(s)).collect();
    writeln!(out, "{}: {}", lang.pick("Flussi", "Flows"), sources.join(", "))?;
    writeln!(out, "\n{}", painter.strong.paint(lang.pick("Flussi di lavoro", "Workflows")))?;
    for (number, workflow) in (1..).zip(&map.workflows) {
        let steps = count_steps(workflow.steps.len(), lang);
        let found = found(&workflow.findings(), lang);
        writeln!(out, "  {number:>3}  {} ({steps}{found})", short(&titled(workflow, lang), 90))?;
    }
    matrix(map, painter, out)?;
    both(map, painter, out)?;
    misplaced(map, painter, out)?;
    marks(map, painter, out)?;
    writeln!(out, "\n{}", painter.strong.paint(&flowmap_line(map)))
}

/// The roles as rows and the workflows as columns, as many beside each other as a screen takes.
fn matrix(map: &FlowMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    if map.roles.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", painter.strong.paint(lang.pick("Ruoli e flussi di lavoro", "Roles and workflows")))?;
    for from in (0..map.workflows.len()).step_by(ACROSS) {
        let to = map.workflows.len().min(from + ACROSS);
        let numbers: Vec<String> = (from + 1..=to).map(|number| format!("{number:>COLUMN$}")).collect();
        writeln!(out, "  {:ROLE$}{}", "", numbers.concat())?;
        for role in &map.roles {
            let own: Vec<String> =
                role.letters.iter().take(to).skip(from).map(|l| format!("{:>COLUMN$}", cell(l))).collect();
            writeln!(out, "  {:ROLE$}{}", short(&one_line(&role.name), ROLE - 2), own.concat())?;
        }
    }
    writeln!(out, "  {}", painter.faint.paint(&legend(map)))
}

/// The letters of a cell; a point where there are none.
fn cell(letters: &[Raci]) -> String {
    if letters.is_empty() { "·".to_owned() } else { letters.iter().map(|raci| raci.letter()).collect() }
}

/// What the letters that are met stand for.
fn legend(map: &FlowMap) -> String {
    let told = map.letters().map(|raci| format!("{} {}", raci.letter(), raci.label().get(map.lang)));
    told.collect::<Vec<_>>().join(", ")
}

fn both(map: &FlowMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    let roles: Vec<&FlowRole> = map.roles.iter().filter(|role| role.owns_and_approves()).collect();
    if roles.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", painter.strong.paint(&text::capital(owns_and_approves(lang))))?;
    for role in roles {
        writeln!(out, "  {}: {}", one_line(&role.name), told_of(map, role))?;
    }
    Ok(())
}

fn owns_and_approves(lang: Lang) -> &'static str {
    lang.pick("ruoli che rispondono di un documento e ne approvano", "roles that own a document and approve one")
}

/// What a role owns and what it approves, and which of it is the same.
fn told_of(map: &FlowMap, role: &FlowRole) -> String {
    let named = |all: Vec<usize>| {
        let names =
            all.into_iter().filter_map(|at| map.workflows.get(at)).map(|workflow| short_name(workflow, map.lang));
        names.collect::<Vec<_>>().join(", ")
    };
    let owns = named(role.workflows_as(Raci::Accountable).collect());
    let approves = named(role.workflows_as(Raci::Signatory).collect());
    let same = named(role.approves_its_own().collect());
    let mut told =
        map.lang.pick(format!("risponde di {owns}; approva {approves}"), format!("owns {owns}; approves {approves}"));
    if !same.is_empty() {
        told.push_str(&map.lang.pick(format!("; lo stesso documento: {same}"), format!("; the same document: {same}")));
    }
    told
}

fn misplaced(map: &FlowMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    let mut steps = map.misplaced().peekable();
    if steps.peek().is_some() {
        writeln!(out, "\n{}", painter.strong.paint(lang.pick("Step fuori ordine", "Steps out of order")))?;
    }
    for (workflow, step) in steps {
        let place = painter.faint.paint(&format!("({})", stands(&step.place, lang)));
        writeln!(out, "  {}: {} {place}", short_name(workflow, lang), told_order(step, lang))?;
    }
    Ok(())
}

fn told_order(step: &FlowStep, lang: Lang) -> String {
    let (name, order) = (one_line(&step_name(step)), one_line(&step.order));
    let expected = step.expected.unwrap_or(0);
    lang.pick(
        format!("{name}, ordine {order}, atteso {expected}"),
        format!("{name}, order {order}, expected {expected}"),
    )
}

/// What a step is called: its id and its name.
pub(super) fn step_name(step: &FlowStep) -> String {
    match (step.id.as_str(), step.name.as_str()) {
        ("", name) => name.to_owned(),
        (id, "") => id.to_owned(),
        (id, name) => format!("{id} {name}"),
    }
}

/// Every finding, those of the documents first.
fn marks(map: &FlowMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    if map.findings().is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", painter.strong.paint(lang.pick("Rilievi", "Findings")))?;
    let told = |mark: &FlowMark| {
        let severity = painter.of(mark.severity).paint(mark.severity.label(lang));
        format!("{severity} {} {}", mark.code, one_line(&mark.message))
    };
    for (path, mark) in &map.marks {
        writeln!(out, "  {}: {}", one_line(path), told(mark))?;
    }
    for workflow in &map.workflows {
        for mark in workflow.findings() {
            writeln!(out, "  {}: {}", short_name(workflow, lang), told(mark))?;
        }
    }
    Ok(())
}

/// Its id, else its document.
fn short_name(workflow: &Workflow, lang: Lang) -> String {
    let name = if workflow.id.is_empty() { &workflow.document } else { &workflow.id };
    if name.is_empty() { lang.pick("(senza nome)", "(unnamed)").to_owned() } else { one_line(name) }
}

pub(super) fn titled(workflow: &Workflow, lang: Lang) -> String {
    match one_line(&workflow.title()) {
        title if title.is_empty() => lang.pick("(senza nome)", "(unnamed)").to_owned(),
        title => title,
    }
}

/// Where a step stands: a line of a text, a cell of a sheet.
fn stands(place: &Place, lang: Lang) -> String {
    let address = one_line(&address(place));
    if place.line.is_some() { format!("{} {address}", lang.pick("riga", "line")) } else { address }
}

fn count_steps(steps: usize, lang: Lang) -> String {
    lang.pick(count(steps, "step", "step"), count(steps, "step", "steps"))
}

/// How many findings there are of each severity; nothing where there are none.
fn found(findings: &[&FlowMark], lang: Lang) -> String {
    let [errors, warnings, remarks] = tally(findings.iter().map(|mark| &mark.severity));
    let parts = match lang {
        Lang::It => {
            [(errors, "errore", "errori"), (warnings, "avviso", "avvisi"), (remarks, "osservazione", "osservazioni")]
        }
        Lang::En => {
            [(errors, "error", "errors"), (warnings, "warning", "warnings"), (remarks, "observation", "observations")]
        }
    };
    let told = parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| format!(", {}", count(n, one, many)));
    told.collect::<Vec<_>>().concat()
}

/// The flows in one line.
pub fn flowmap_line(map: &FlowMap) -> String {
    let lang = map.lang;
    let steps: usize = map.workflows.iter().map(|workflow| workflow.steps.len()).sum();
    let (works, roles) = (map.workflows.len(), map.roles.len());
    let sizes = match lang {
        Lang::It => [
            count(works, "flusso di lavoro", "flussi di lavoro"),
            count(steps, "step", "step"),
            count(roles, "ruolo", "ruoli"),
        ],
        Lang::En => {
            [count(works, "workflow", "workflows"), count(steps, "step", "steps"), count(roles, "role", "roles")]
        }
    };
    format!("{}{}", sizes.join(", "), found(&map.findings(), lang))
}

/// The same as Markdown, with a diagram of each workflow.
pub fn flowmap_markdown(map: &FlowMap, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    writeln!(out, "# {}\n\n{}.", lang.pick("Flussi informativi", "Information flows"), flowmap_line(map))?;
    if !map.roles.is_empty() {
        writeln!(out, "\n## {}\n", lang.pick("Ruoli e flussi di lavoro", "Roles and workflows"))?;
        let names: Vec<String> = map.workflows.iter().map(|w| plain(&short_name(w, lang))).collect();
        writeln!(out, "| {} | {} |", lang.pick("Ruolo", "Role"), names.join(" | "))?;
        writeln!(out, "|---|{}", ":-:|".repeat(names.len()))?;
        for role in &map.roles {
            let cells: Vec<String> =
                role.letters.iter().map(|l| l.iter().map(|raci| raci.letter()).collect()).collect();
            writeln!(out, "| {} | {} |", plain(&role.name), cells.join(" | "))?;
        }
        writeln!(out, "\n{}.", text::capital(&legend(map)))?;
    }
    let roles: Vec<&FlowRole> = map.roles.iter().filter(|role| role.owns_and_approves()).collect();
    if !roles.is_empty() {
        writeln!(out, "\n## {}\n", text::capital(owns_and_approves(lang)))?;
        for role in roles {
            writeln!(out, "- {}: {}", plain(&role.name), plain(&told_of(map, role)))?;
        }
    }
    if map.misplaced().next().is_some() {
        writeln!(out, "\n## {}\n", lang.pick("Step fuori ordine", "Steps out of order"))?;
        for (workflow, step) in map.misplaced() {
            let told =
                format!("{}: {} ({})", short_name(workflow, lang), told_order(step, lang), stands(&step.place, lang));
            writeln!(out, "- {}", plain(&told))?;
        }
    }
    listed(map.marks.iter().map(|(path, mark)| (Some(path.as_str()), mark)), lang, out)?;
    for workflow in &map.workflows {
        diagram(workflow, lang, out)?;
        listed(workflow.findings().into_iter().map(|mark| (None, mark)), lang, out)?;
    }
    Ok(())
}

/// Findings as a list, with the document where it is told.
fn listed<'a>(
    marks: impl Iterator<Item = (Option<&'a str>, &'a FlowMark)>,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (number, (path, mark)) in marks.enumerate() {
        if number == 0 {
            writeln!(out)?;
        }
        let of = path.map_or_else(String::new, |path| format!("{}: ", plain(path)));
        writeln!(out, "- {of}{} **{}** {}", mark.severity.label(lang), mark.code, plain(&mark.message))?;
    }
    Ok(())
}
