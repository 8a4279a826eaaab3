//! Information flows at a glance, for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::place::Spot;
use super::{Tool, VERSION, line};
use crate::model::{FlowMap, FlowMark, FlowRole, FlowStep, Lang, Raci, Workflow};

/// The whole as one object.
pub(in crate::output) fn write(map: &FlowMap, out: &mut dyn Write) -> io::Result<()> {
    let steps = map.workflows.iter().map(|workflow| workflow.steps.len()).sum();
    let whole = Whole {
        version: VERSION,
        tool: Tool::this(),
        sources: &map.sources,
        entities: Sizes { lavoro: map.workflows.len(), passo: steps, ruolo: map.roles.len() },
        letters: map.letters().map(|raci| (raci.letter(), told(raci, map.lang))).collect(),
        workflows: Each::of(&map.workflows, (), Work::new),
        roles: map.roles.iter().map(Role::new).collect(),
        findings: map.marks.iter().map(|(path, mark)| Mark { path: Some(path), ..Mark::new(mark, ()) }).collect(),
    };
    line(&whole, out)
}

fn told(raci: Raci, lang: Lang) -> String {
    raci.label().get(lang).to_owned()
}

fn said(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}

fn letters(all: &[Raci]) -> String {
    all.iter().map(|raci| raci.letter()).collect()
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    tool: Tool,
    sources: &'a [String],
    entities: Sizes,
    /// What the letters stand for.
    letters: BTreeMap<char, String>,
    workflows: Each<'a, Workflow, Work<'a>>,
    roles: Vec<Role<'a>>,
    /// Those that stand on no workflow or step.
    findings: Vec<Mark<'a>>,
}

#[derive(Serialize)]
struct Sizes {
    lavoro: usize,
    passo: usize,
    ruolo: usize,
}

#[derive(Serialize)]
struct Work<'a> {
    flow: Option<&'a str>,
    id: Option<&'a str>,
    document: Option<&'a str>,
    place: Spot<'a>,
    steps: Each<'a, FlowStep, Step<'a>>,
    findings: Each<'a, FlowMark, Mark<'a>>,
}

impl<'a> Work<'a> {
    fn new(workflow: &'a Workflow, (): ()) -> Self {
        Self {
            flow: said(&workflow.flow),
            id: said(&workflow.id),
            document: said(&workflow.document),
            place: Spot::of_place(&workflow.place, ()),
            steps: Each::of(&workflow.steps, (), Step::new),
            findings: Each::of(&workflow.marks, (), Mark::new),
        }
    }
}

#[derive(Serialize)]
struct Step<'a> {
    id: Option<&'a str>,
    order: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_order: Option<usize>,
    name: Option<&'a str>,
    role: Option<&'a str>,
    role_type: Option<&'a str>,
    letters: String,
    place: Spot<'a>,
    findings: Each<'a, FlowMark, Mark<'a>>,
}

impl<'a> Step<'a> {
    fn new(step: &'a FlowStep, (): ()) -> Self {
        Self {
            id: said(&step.id),
            order: said(&step.order),
            expected_order: step.expected,
            name: said(&step.name),
            role: said(&step.role),
            role_type: said(&step.role_type),
            letters: letters(&step.letters),
            place: Spot::of_place(&step.place, ()),
            findings: Each::of(&step.marks, (), Mark::new),
        }
    }
}

#[derive(Serialize)]
struct Mark<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    code: &'a str,
    severity: &'static str,
    message: &'a str,
}

impl<'a> Mark<'a> {
    fn new(mark: &'a FlowMark, (): ()) -> Self {
        Self { path: None, code: &mark.code, severity: mark.severity.name(), message: &mark.message }
    }
}

/// A role; its workflows by their place in the list, from 0.
#[derive(Serialize)]
struct Role<'a> {
    name: &'a str,
    /// For each workflow what it does there; empty for nothing.
    letters: Vec<String>,
    owns: Vec<usize>,
    approves: Vec<usize>,
    owns_and_approves: bool,
}

impl<'a> Role<'a> {
    fn new(role: &'a FlowRole) -> Self {
        Self {
            name: &role.name,
            letters: role.letters.iter().map(|own| letters(own)).collect(),
            owns: role.workflows_as(Raci::Accountable).collect(),
            approves: role.workflows_as(Raci::Signatory).collect(),
            owns_and_approves: role.owns_and_approves(),
        }
    }
}
