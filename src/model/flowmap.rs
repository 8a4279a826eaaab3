//! Information flows at a glance: which role does what in which workflow, and what the rules find there.

use std::collections::BTreeSet;

use super::lang::{Bilingual, Lang};
use super::place::Place;
use super::report::Severity;

/// The headings of the sheet of steps, by which it is known when the workbook is read; with the widths of its columns.
pub(crate) const STEPS: [(&str, &str, f64); 9] = [
    ("Flusso", "Flow", 24.0),
    ("Lavoro", "Work", 16.0),
    ("Documento del lavoro", "Document of the work", 38.0),
    ("N.", "No.", 7.0),
    ("Passo del lavoro", "Step of the work", 38.0),
    ("Chi", "Who", 30.0),
    ("Lettera", "Letter", 10.0),
    ("Rilievi", "Findings", 70.0),
    ("Dove", "Where", 34.0),
];

/// A letter of the RACI matrix, with those of RACI-VS for checks and signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Raci {
    /// Answers for the whole; one for each document.
    Accountable,
    /// Carries the work out.
    Responsible,
    /// Checks it.
    Verifier,
    /// Approves it with a signature.
    Signatory,
    /// Is asked.
    Consulted,
    /// Is told.
    Informed,
    /// Has a type of role that means none of these.
    Unknown,
}

impl Raci {
    /// All, in the order told.
    pub const ALL: [Self; 7] = [
        Self::Accountable,
        Self::Responsible,
        Self::Verifier,
        Self::Signatory,
        Self::Consulted,
        Self::Informed,
        Self::Unknown,
    ];

    /// The letter.
    pub fn letter(self) -> char {
        match self {
            Self::Accountable => 'A',
            Self::Responsible => 'R',
            Self::Verifier => 'V',
            Self::Signatory => 'S',
            Self::Consulted => 'C',
            Self::Informed => 'I',
            Self::Unknown => '?',
        }
    }

    /// The letters of a word; a sign that is none is left out.
    pub fn of(word: &str) -> impl Iterator<Item = Self> {
        word.chars().filter_map(|sign| Self::ALL.into_iter().find(|raci| raci.letter() == sign))
    }

    /// What it stands for.
    pub fn label(self) -> Bilingual {
        let (it, en) = match self {
            Self::Accountable => ("risponde del documento", "accountable for the document"),
            Self::Responsible => ("svolge il lavoro", "carries the work out"),
            Self::Verifier => ("verifica", "verifies"),
            Self::Signatory => ("approva", "approves"),
            Self::Consulted => ("è consultato", "is consulted"),
            Self::Informed => ("è informato", "is informed"),
            Self::Unknown => ("tipo di ruolo sconosciuto o non indicato", "role type unknown or not given"),
        };
        Bilingual::new(it, en)
    }
}

/// A finding on a part of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowMark {
    /// Which finding it is: the number of its document, and its own in there.
    pub finding: (usize, usize),
    /// How grave it is.
    pub severity: Severity,
    /// The rule.
    pub code: String,
    /// Its sentence.
    pub message: String,
}

/// A step of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowStep {
    /// Its id as written; empty where it has none.
    pub id: String,
    /// Its order as written; empty where it has none.
    pub order: String,
    /// What is done; empty where it is not said.
    pub name: String,
    /// Who does it, as meant; empty where it is not said.
    pub role: String,
    /// The role type as written; empty where it is not said.
    pub role_type: String,
    /// What the role type means.
    pub letters: Vec<Raci>,
    /// The order that was expected, where another is written.
    pub expected: Option<usize>,
    /// Where it stands.
    pub place: Place,
    /// What the rules find in it.
    pub marks: Vec<FlowMark>,
}

/// A workflow, which produces a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// The information flow that it is part of; empty where it has no id.
    pub flow: String,
    /// Its id; empty where it has none.
    pub id: String,
    /// The document that it produces; empty where it is not said.
    pub document: String,
    /// Where it stands.
    pub place: Place,
    /// Its steps in the order written.
    pub steps: Vec<FlowStep>,
    /// What the rules find in it as a whole.
    pub marks: Vec<FlowMark>,
}

impl Workflow {
    /// Everything that the rules find in it and in its steps, each once.
    pub fn findings(&self) -> Vec<&FlowMark> {
        each_once(self.all_marks())
    }

    fn all_marks(&self) -> impl Iterator<Item = &FlowMark> {
        self.marks.iter().chain(self.steps.iter().flat_map(|step| &step.marks))
    }

    /// What it is called: its id and its document.
    pub(crate) fn title(&self) -> String {
        match (self.id.as_str(), self.document.as_str()) {
            ("", document) => document.to_owned(),
            (id, "") => id.to_owned(),
            (id, document) => format!("{id} – {document}"),
        }
    }
}

/// A role and what it does in each workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowRole {
    /// Its name, as meant.
    pub name: String,
    /// What it does in each workflow, in the order of [`FlowMap::workflows`].
    pub letters: Vec<Vec<Raci>>,
}

impl FlowRole {
    /// The workflows in which it is what a letter stands for.
    pub fn workflows_as(&self, raci: Raci) -> impl Iterator<Item = usize> {
        self.letters.iter().enumerate().filter(move |(_, own)| own.contains(&raci)).map(|(at, _)| at)
    }

    /// Whether it answers for a document and approves one, the same or another.
    pub fn owns_and_approves(&self) -> bool {
        self.workflows_as(Raci::Accountable).next().is_some() && self.workflows_as(Raci::Signatory).next().is_some()
    }

    /// The workflows in which it approves what it answers for.
    pub fn approves_its_own(&self) -> impl Iterator<Item = usize> {
        let own: Vec<usize> = self.workflows_as(Raci::Accountable).collect();
        self.workflows_as(Raci::Signatory).filter(move |at| own.contains(at))
    }
}

/// Information flows at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowMap {
    /// The documents.
    pub sources: Vec<String>,
    /// The workflows in the order written.
    pub workflows: Vec<Workflow>,
    /// The roles, in the order in which they act first.
    pub roles: Vec<FlowRole>,
    /// What the rules find in the documents as a whole, by document.
    pub marks: Vec<(String, FlowMark)>,
    /// The language of names given.
    pub lang: Lang,
}

impl FlowMap {
    /// The steps whose order is another than expected, with their workflow.
    pub fn misplaced(&self) -> impl Iterator<Item = (&Workflow, &FlowStep)> {
        let steps = self.workflows.iter().flat_map(|workflow| workflow.steps.iter().map(move |step| (workflow, step)));
        steps.filter(|(_, step)| step.expected.is_some())
    }

    /// The letters that are met, in the order told.
    pub fn letters(&self) -> impl Iterator<Item = Raci> {
        let met = |raci: &Raci| self.roles.iter().any(|role| role.letters.iter().any(|own| own.contains(raci)));
        Raci::ALL.into_iter().filter(met)
    }

    /// Everything that the rules find, each once.
    pub fn findings(&self) -> Vec<&FlowMark> {
        each_once(self.marks.iter().map(|(_, mark)| mark).chain(self.workflows.iter().flat_map(Workflow::all_marks)))
    }
}

/// A finding may concern several steps.
fn each_once<'a>(marks: impl Iterator<Item = &'a FlowMark>) -> Vec<&'a FlowMark> {
    let mut seen = BTreeSet::new();
    marks.filter(|mark| seen.insert(mark.finding)).collect()
}
