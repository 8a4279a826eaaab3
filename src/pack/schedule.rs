//! What a pack says of its kind of schedule.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::catalogue::Catalogue;
use super::entity::EntitySpec;
use super::flow::Flow;
use super::given::GivenSpec;
use super::load::RuleSource;
use super::model::Model;
use super::named::NameSpec;
use super::pattern::Pattern;
use super::phrase::Phrase;
use super::recognition::Recognition;
use super::register::Register;
use super::shape::Shape;
use crate::model::{Basis, Bilingual};

/// A kind of schedule: how to read it, what to look up, and its rules as text.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Name of the folder.
    pub name: Arc<str>,
    /// What the document is.
    pub schedule: Schedule,
    /// The lists that rules and reading look things up in, by file name without ending.
    pub catalogues: BTreeMap<String, Catalogue>,
    /// The texts of the reading notes by behaviour (`joined`, `skipped`).
    pub reading: BTreeMap<String, ReadingText>,
    /// The rules, sorted by file name.
    pub rules: Vec<RuleSource>,
}

impl Pack {
    /// The form of a questionnaire or of counts: its catalogue of printed rows.
    pub fn form(&self) -> Option<&Catalogue> {
        let name = match (&self.schedule.questionnaire, &self.schedule.counts) {
            (Some(q), _) => &q.form,
            (None, Some(c)) => &c.form,
            (None, None) => return None,
        };
        self.catalogues.get(name)
    }
}

/// The behaviours of reading that a pack may give a text for.
pub(super) const BEHAVIOURS: [&str; 17] = [
    "joined",
    "listed",
    "skipped",
    "mended",
    "scanned",
    "filled",
    "headed",
    "titled",
    "split",
    "parted",
    "marked",
    "exchanged",
    "textbox",
    "hidden",
    "repeated",
    "together",
    "renamed",
];

/// The roles of the printed rows of a questionnaire.
pub(super) const ROLES: [&str; 4] = ["question", "examples", "annotations", "detail"];

/// The text of a reading note.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingText {
    /// Code of the behaviour (`PT-S02`).
    pub code: Arc<str>,
    /// Italian, with placeholders (`{rows}`, `{cells}`, `{from}`, `{to}`, `{count}`, `{column}`).
    pub it: String,
    /// English, with the same placeholders.
    pub en: String,
    /// The year of the document from which it holds, for what the form calls by an older name (`renamed`, with `{year}`).
    #[serde(default)]
    pub from_year: Option<i16>,
    /// Words above the table that say so already: there it is not told (`renamed`).
    #[serde(default)]
    pub said: Option<String>,
}

/// `schedule.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Name of the kind (`ptpct`).
    pub kind: Arc<str>,
    /// How it is laid out.
    pub shape: Shape,
    /// What it is called.
    pub title: Bilingual,
    /// The grounds that rules cite by id.
    #[serde(default)]
    pub norms: BTreeMap<String, Basis>,
    /// Words that stand for no value, or for a value of their own.
    #[serde(default)]
    pub values: ValueWords,
    /// The document's own data, by field name.
    #[serde(default)]
    pub head: BTreeMap<String, HeadSpec>,
    /// What rules speak of, outermost first.
    #[serde(default, rename = "entity")]
    pub entities: Vec<EntitySpec>,
    /// The fields, in the order of the form.
    #[serde(default, rename = "field")]
    pub fields: Vec<FieldSpec>,
    /// Regular expressions that fields and rules refer to by name, case-blind, matched on text whose blanks
    /// are single; `\d` is a figure from 0 to 9.
    #[serde(default)]
    pub patterns: BTreeMap<String, Pattern>,
    /// Catalogues that a body may give, by name.
    #[serde(default)]
    pub catalogues: BTreeMap<String, Arc<GivenSpec>>,
    /// When a table is of this kind.
    #[serde(default)]
    pub recognition: Recognition,
    /// For shape `questionnaire`.
    pub questionnaire: Option<Questionnaire>,
    /// For shape `counts`.
    pub counts: Option<Counts>,
    /// For shapes `register` and `flow`.
    #[serde(default)]
    pub register: Register,
    /// For shape `flow`.
    #[serde(default)]
    pub flow: Flow,
    /// The empty form that `riscontro modello` writes.
    pub model: Option<Model>,
}

impl Schedule {
    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|f| &*f.name == name)
    }

    /// Whether a text matches the pattern of that name.
    pub fn pattern_matches(&self, name: &str, text: &str) -> bool {
        self.patterns.get(name).is_some_and(|p| p.is_match(text))
    }

    /// An entity by name.
    pub fn entity(&self, name: &str) -> Option<&EntitySpec> {
        self.entities.iter().find(|e| &*e.name == name)
    }

    /// The datum of the head that is the year of the document.
    pub fn year(&self) -> Option<&str> {
        self.head.iter().find(|(_, spec)| spec.role == Some(HeadRole::Year)).map(|(name, _)| name.as_str())
    }

    /// The key of the configuration that gives a datum of the head where the document does not.
    pub fn declared(&self, datum: &str) -> Option<&str> {
        self.head.get(datum)?.declared.as_deref()
    }

    /// Position of an entity, outermost 0.
    pub fn depth(&self, entity: &str) -> Option<usize> {
        self.entities.iter().position(|e| &*e.name == entity)
    }
}

/// Words in cells that are no text, compared in normal form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ValueWords {
    /// The cell counts as empty (`-`, `n.d.` where the pack says so).
    pub missing: Vec<String>,
    /// An answer of its own: «non applicabile».
    pub not_applicable: Vec<String>,
    /// A filler for a value to come; it counts as a value, and rules may ask for it.
    pub placeholders: Vec<String>,
}

/// One datum of the document head.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeadSpec {
    /// What an official calls it.
    pub title: Bilingual,
    /// Labels before it (`UFFICIO:`); the datum stands behind the label, or in the next cell to the right, or
    /// below.
    #[serde(default)]
    pub labels: Vec<String>,
    /// A pattern over the texts of the head whose group `value` is the datum.
    pub pattern: Option<Pattern>,
    /// The same, for where that one finds nothing.
    pub or_pattern: Option<Pattern>,
    /// Texts that are no such datum, though they stand beside a label or match a pattern: headings of a list.
    pub against: Option<Pattern>,
    /// What it is.
    #[serde(default)]
    pub kind: FieldKind,
    /// What it is to the program.
    pub role: Option<HeadRole>,
    /// The key of `riscontro.toml` that gives it where the document does not.
    pub declared: Option<String>,
    /// Of a questionnaire: the number of the question that asks for it, where nothing around the table tells it.
    pub question: Option<String>,
}

/// What a datum of the head is to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HeadRole {
    /// The year of the document: that of terms that tell none, and the `year()` of rules.
    Year,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Text.
    #[default]
    Text,
    /// A number.
    Number,
    /// A date, deadline, period or frequency.
    Timing,
    /// Anything the grammar of values knows (targets, results).
    Value,
}

/// Where a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldSource {
    /// A column of the table.
    #[default]
    Column,
    /// The answer column of the other rows of a question: their role is the field's `role`.
    Rows,
    /// An attribute of the form's catalogue, of the same name as the field.
    Form,
}

/// How many columns of a table may be of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Columns {
    /// One; a further one like it stays without a field.
    #[default]
    One,
    /// Several, one for each year («Target 2025», «Target 2026»): a record has the cells of all, left to right.
    Many,
}

/// A field of the records.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Its name in rules and results (`area_rischio`).
    pub name: Arc<str>,
    /// What an official calls it.
    pub title: Bilingual,
    /// The entity it describes.
    pub entity: Arc<str>,
    /// What it holds.
    #[serde(default)]
    pub kind: FieldKind,
    /// Where it comes from.
    #[serde(default)]
    pub source: FieldSource,
    /// For source `rows`: `examples`, `annotations`, or a value of the form's `detail`; several may be
    /// named.
    #[serde(default)]
    pub role: Vec<String>,
    /// For source `rows`: headings of the column that some offices write it in instead, beside the question.
    #[serde(default)]
    pub beside: Vec<String>,
    /// Holds several cells, even for one unit.
    #[serde(default)]
    pub many: bool,
    /// How many columns it may have.
    #[serde(default)]
    pub columns: Columns,
    /// Headings of its column, best first.
    #[serde(default)]
    pub headings: Vec<String>,
    /// Headings that it shares with a likelier field: its own only where that one has another column, or where the
    /// columns beside speak of its entity.
    #[serde(default)]
    pub also: Vec<String>,
    /// Headings that name it only where nothing more is written: with more words they are something else's.
    #[serde(default)]
    pub whole: Vec<String>,
    /// Headings in one, as good as those in `whole`: `{Livello|Grado} {medio|complessivo|} di rischio`.
    #[serde(default)]
    pub phrases: Vec<Phrase>,
    /// Fields of which one must stand right beside the column for a heading in `also` to be its own.
    #[serde(default)]
    pub next_to: Vec<Arc<str>>,
    /// Headings that are its own only to the right of a column of one of the fields in `follows`, where no other column is
    /// of a key of its entity.
    #[serde(default)]
    pub late: Vec<String>,
    /// The fields that headings in `late` follow.
    #[serde(default)]
    pub follows: Vec<Arc<str>>,
    /// Whether the form itself prints this column.
    #[serde(default)]
    pub required: bool,
    /// Names of patterns that its values usually match: evidence for a column.
    #[serde(default)]
    pub content: Vec<String>,
    /// Names of patterns that its values hardly ever match: evidence against a column.
    #[serde(default)]
    pub against: Vec<String>,
    /// Names of patterns that tell the field by its values alone, under a heading that names no field.
    #[serde(default)]
    pub by_content: Vec<String>,
    /// Names of patterns of values that tell the kind of the table, two of them together.
    #[serde(default)]
    pub telling: Vec<String>,
    /// A pattern whose named groups are the parts of a value (`lettera`, `etichetta`, `marcatore`), for the
    /// rules' `part`.
    pub parts: Option<Pattern>,
    /// Words that count as empty in this field only.
    #[serde(default)]
    pub empty: Vec<String>,
    /// Name of a pattern: short texts that match it count as empty in this field only.
    pub empty_like: Option<String>,
    /// What its texts name, where they are names that come back from document to document.
    pub names: Option<NameSpec>,
    /// All the values there can be, in normal form where the form closes the list; rules may compare with
    /// these only.
    #[serde(default)]
    pub values: Vec<String>,
}

/// For shape `questionnaire`: how printed rows make up questions.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// The catalogue of the printed rows, in order.
    pub form: String,
    /// The field of the question number.
    pub number: Arc<str>,
    /// The field of the printed text.
    pub text: Arc<str>,
    /// The field of the answer.
    pub answer: Arc<str>,
    /// Fields that tell the group of a row (argomento, categoria), outermost first.
    pub groups: Vec<Arc<str>>,
    /// The field of the admitted answers: drop-downs of the answer cells add theirs to those of the form.
    pub options: Option<Arc<str>>,
    /// Answers that several rows may give: questions that admit more rows than the form prints.
    #[serde(default)]
    pub extensible: Vec<String>,
}

/// For shape `counts`: numbered rows with a label, a value and a note.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// The catalogue of the rows.
    pub form: String,
    /// The field of the row number.
    pub number: Arc<str>,
    /// The field of the label.
    pub label: Arc<str>,
    /// The field of the value.
    pub value: Arc<str>,
    /// The field of the note.
    pub note: Arc<str>,
    /// The tables of the kind.
    pub variants: Vec<VariantSpec>,
}

/// One of the tables of a kind of shape `counts`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantSpec {
    /// Its name (`strategici`).
    pub name: Arc<str>,
    /// What an official calls it.
    pub title: Bilingual,
    /// What its table is about (`obiettivi strategici`).
    pub about: Bilingual,
    /// Words in labels, titles or sheet names that tell it from the others.
    pub words: Vec<String>,
}
