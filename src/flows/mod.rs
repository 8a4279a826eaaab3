//! Information flows at a glance, from their steps and from what the rules find in them.

mod marks;
mod steps;

use std::collections::{BTreeMap, HashMap};

use crate::model::{Document, Entity, Finding, FlowMap, FlowRole, FlowStep, Lang, Place, Raci, Table, Unit, Workflow};
use crate::pack::Packs;
use crate::text;
use marks::Marks;
pub use steps::{StepSheet, step_sheet};

/// The kind of schedule that is read.
const KIND: &str = "flussi";
/// The entities that are read.
const WORKFLOW: &str = "lavoro";
const STEP: &str = "passo";

/// A document with the path it is known by, and what the rules find in it.
pub type Source<'a> = (&'a str, &'a Document, &'a [Finding]);

/// Whether a document holds an information flow.
pub fn is_flow(document: &Document) -> bool {
    document.tables.iter().any(|t| &*t.kind == KIND)
}

/// The flows of some documents.
pub fn overview(sources: &[Source<'_>], packs: &Packs, lang: Lang) -> FlowMap {
    let mut map = FlowMap {
        sources: sources.iter().map(|(path, ..)| (*path).to_owned()).collect(),
        workflows: Vec::new(),
        roles: Vec::new(),
        marks: Vec::new(),
        lang,
    };
    for (number, (path, document, findings)) in sources.iter().enumerate() {
        let mut marks = Marks::of(number, findings);
        for table in document.tables.iter().filter(|t| &*t.kind == KIND) {
            let reader = Reader { path, table, packs };
            map.workflows.extend(reader.workflows(&mut marks));
        }
        map.marks.extend(marks.left().map(|mark| ((*path).to_owned(), mark)));
    }
    map.roles = roles(&mut map.workflows);
    map
}

/// One table of flows.
struct Reader<'a> {
    path: &'a str,
    table: &'a Table,
    packs: &'a Packs,
}

impl<'a> Reader<'a> {
    /// The workflows with their steps; steps that are in none are in one without id.
    fn workflows(&self, marks: &mut Marks<'_>) -> Vec<Workflow> {
        let steps = self.units(STEP);
        let works = self.units(WORKFLOW);
        let mut orders: BTreeMap<Option<u32>, Orders> = BTreeMap::new();
        let mut workflows: Vec<Workflow> = works.iter().map(|unit| self.workflow(unit, marks)).collect();
        let mut loose = None;
        for unit in steps {
            let above = unit.parent.map(|parent| parent.unit).filter(|_| !works.is_empty());
            // The numbering runs on from one workflow to the next of the same flow.
            let flow = above.and_then(|at| works.get(at as usize)?.parent).map(|parent| parent.unit);
            let step = self.step(unit, orders.entry(flow).or_default(), marks);
            let of = match above.and_then(|at| workflows.get_mut(at as usize)) {
                Some(own) => own,
                None => loose.get_or_insert_with(|| self.workflow(unit, marks)),
            };
            of.steps.push(step);
        }
        workflows.extend(loose);
        workflows
    }

    fn units(&self, entity: &str) -> &'a [Unit] {
        self.table.entity(entity).map_or(&[], |Entity { units, .. }| units)
    }

    fn workflow(&self, unit: &Unit, marks: &mut Marks<'_>) -> Workflow {
        let document = ["nome_documento", "nome_in_titolo"].map(|field| self.text(unit, field));
        Workflow {
            flow: self.text(unit, "id_flusso"),
            id: self.text(unit, "flusso_di_lavoro"),
            document: document.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
            place: self.place(unit, WORKFLOW),
            steps: Vec::new(),
            marks: marks.of_unit(self.table, unit, &self.fields_of(WORKFLOW)),
        }
    }

    fn step(&self, unit: &Unit, orders: &mut Orders, marks: &mut Marks<'_>) -> FlowStep {
        let role_type = self.text(unit, "tipo_ruolo");
        let order = self.text(unit, "ordine");
        FlowStep {
            id: self.text(unit, "id_step"),
            expected: orders.expected(&order),
            order,
            name: self.text(unit, "nome_step"),
            role: self.text(unit, "ruolo"),
            letters: self.letters(&role_type),
            role_type,
            place: self.place(unit, STEP),
            marks: marks.of_unit(self.table, unit, &self.fields_of(STEP)),
        }
    }

    /// What a role type means, by the catalogue of the pack.
    fn letters(&self, role_type: &str) -> Vec<Raci> {
        let types = self.packs.get(KIND).and_then(|pack| pack.catalogues.get("tipi_ruolo"));
        let letters = types.and_then(|types| types.find(role_type).find_map(|entry| entry.get("raci")));
        let letters: Vec<Raci> = letters.into_iter().flat_map(Raci::of).collect();
        if letters.is_empty() { vec![Raci::Unknown] } else { letters }
    }

    /// Where a unit stands: the first of its own cells that says something.
    fn place(&self, unit: &Unit, entity: &str) -> Place {
        let own = self.fields_of(entity).into_iter().find_map(|field| self.table.said_in(unit, field));
        own.map_or_else(|| self.table.place_of_unit(unit, self.path), |cell| self.table.place_of(cell, self.path))
    }

    /// The fields that describe an entity.
    fn fields_of(&self, entity: &str) -> Vec<&'a str> {
        let fields = self.packs.get(KIND).map_or(&[][..], |pack| pack.schedule.fields.as_slice());
        fields.iter().filter(|field| &*field.entity == entity).map(|field| &*field.name).collect()
    }

    /// The text of a field on one line; empty where it says nothing.
    fn text(&self, unit: &Unit, field: &str) -> String {
        self.table.said_in(unit, field).map(|cell| text::one_line(&cell.text, 300)).unwrap_or_default()
    }
}

/// The order of the steps of one flow, as far as they were met.
#[derive(Default)]
struct Orders(usize);

impl Orders {
    /// The number expected of the next step, where another is written. One without a number is passed over.
    fn expected(&mut self, written: &str) -> Option<usize> {
        self.0 += 1;
        let written = written.trim().trim_end_matches(['.', ')']);
        (!written.is_empty() && written.parse() != Ok(self.0)).then_some(self.0)
    }
}

/// The roles of all workflows; spellings of one name become the one met first.
fn roles(workflows: &mut [Workflow]) -> Vec<FlowRole> {
    let count = workflows.len();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut roles: Vec<FlowRole> = Vec::new();
    for (number, workflow) in workflows.iter_mut().enumerate() {
        for step in workflow.steps.iter_mut().filter(|step| !step.role.is_empty()) {
            let at = *known.entry(text::identity(&step.role)).or_insert_with(|| {
                roles.push(FlowRole { name: step.role.clone(), letters: vec![Vec::new(); count] });
                roles.len() - 1
            });
            let Some(role) = roles.get_mut(at) else { continue };
            step.role.clone_from(&role.name);
            if let Some(own) = role.letters.get_mut(number) {
                own.extend(&step.letters);
                own.sort_unstable();
                own.dedup();
            }
        }
    }
    roles
}
