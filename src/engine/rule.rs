//! A rule, ready to run.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::check::Expression;
use super::ground::{Ground, span};
use super::header::Example;
use super::message::Template;
use super::plan::Names;
use super::source::Source;
use super::value::Val;
use crate::model::{Bilingual, RuleInfo, Severity};
use crate::pack::{Pack, Spanned};

/// What one check of a rule is about.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    /// One unit of an entity.
    Each(Arc<str>),
    /// The units that agree in some fields; of the outermost entity unless one is named.
    Group(Vec<Arc<str>>, Option<Arc<str>>),
    /// The whole table.
    Table,
}

/// Something without which a rule cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Need {
    /// A table of another kind in the same document.
    Kind(Arc<str>),
    /// The document of the year or version before.
    Previous,
    /// A column; one of several is enough.
    Columns(Vec<Arc<str>>),
    /// Something that the body declares, by key; one of several is enough.
    Declared(Vec<Arc<str>>),
}

impl Need {
    /// How a rule names its need of the document before.
    pub(super) const PREVIOUS: &str = "previous";

    /// A need as written: the document before, a kind of schedule, a column or a key of `riscontro.toml`; of several
    /// columns or keys one is enough.
    pub(super) fn read(written: &str, pack: &Pack) -> Self {
        if written == Self::PREVIOUS {
            return Self::Previous;
        }
        let names = || written.split('|').map(|n| n.trim().into()).collect();
        if written.contains('.') {
            return Self::Declared(names());
        }
        if written.contains('|') || pack.schedule.field(written).is_some() {
            return Self::Columns(names());
        }
        Self::Kind(written.into())
    }
}

/// A message in both languages.
#[derive(Debug)]
pub(super) struct Templates {
    pub(super) it: Template,
    pub(super) en: Template,
}

/// One of the ways in which a rule can be broken.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) when: Expression,
    pub(super) severity: Option<Severity>,
    pub(super) at: Option<Expression>,
    /// Cells the case rests on; without them those of the rule.
    pub(super) related: Vec<Expression>,
    pub(super) hint: Option<Expression>,
    /// What its findings share; without it, that of the rule.
    pub(super) cause: Option<Expression>,
    pub(super) message: Templates,
    /// Without it, that of the rule.
    pub(super) remedy: Option<Templates>,
}

/// A value that expressions use by its name; a configuration may give it another, and so may examples.
#[derive(Debug, Clone)]
pub struct ParamInfo {
    /// Its name in expressions.
    pub name: Arc<str>,
    /// What it means.
    pub meaning: Bilingual,
    /// Its value when nothing overrides it, as an official reads it.
    pub default: String,
    /// The key of `riscontro.toml` that gives it, if one does.
    pub declared: Option<Arc<str>>,
    pub(super) value: Val,
    /// Whether it has another value than the default.
    pub(super) is_set: bool,
}

impl ParamInfo {
    /// Its value, as an official reads it.
    pub fn value(&self) -> String {
        match &self.value {
            Val::Literal(words) => words.text().to_owned(),
            Val::Number(n) => n.normalize().to_string(),
            Val::Bool(b) => b.to_string(),
            _ => self.default.clone(),
        }
    }

    /// Whether something gave it another value than its default.
    pub fn is_set(&self) -> bool {
        self.is_set
    }
}

/// One of the ways in which a rule is broken, as written.
#[derive(Debug, Clone)]
pub struct CaseInfo {
    /// The condition that tells it from the others.
    pub when: String,
    /// What is said of it.
    pub message: Bilingual,
}

/// One example of a rule, in words.
#[derive(Debug, Clone)]
pub struct ExampleInfo {
    /// The example as written in the header (TOML).
    pub text: String,
    /// The outcome it states.
    pub outcome: String,
}

/// A rule that was compiled and checked.
#[derive(Debug)]
pub struct Rule {
    pub(super) info: RuleInfo,
    pub(super) source: Source,
    pub(super) pack: Arc<Pack>,
    pub(super) subject: Subject,
    /// Named expressions, each made of those before it.
    pub(super) named: Vec<(Arc<str>, Expression)>,
    /// What all the expressions name.
    pub(super) names: Names,
    pub(super) when: Option<Expression>,
    pub(super) body: Expression,
    pub(super) at: Option<Expression>,
    pub(super) related: Vec<Expression>,
    pub(super) hint: Option<Expression>,
    pub(super) expected: Option<Expression>,
    pub(super) cause: Option<Expression>,
    pub(super) needs: Vec<Need>,
    pub(super) params: Vec<ParamInfo>,
    pub(super) years: (Option<i16>, Option<i16>),
    pub(super) ground: Ground,
    pub(super) absent_is_finding: bool,
    pub(super) superseded_by: Vec<Arc<str>>,
    pub(super) message: Templates,
    pub(super) cases: Vec<Case>,
    pub(super) severity_when: Vec<(Expression, Severity)>,
    /// Changes of its conditions that make no difference.
    pub(super) equivalent: Vec<Arc<str>>,
    pub(super) examples: Vec<Spanned<Example>>,
    pub(super) texts: Texts,
}

/// Parts of the file as written, for documentation.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) condition: Arc<str>,
    pub(super) when: Option<Arc<str>>,
    pub(super) at: Option<Arc<str>>,
    pub(super) message: Bilingual,
    pub(super) named: Vec<(String, String)>,
    pub(super) cases: Vec<CaseInfo>,
    pub(super) examples: Vec<ExampleInfo>,
}

impl Rule {
    /// What is known of it apart from its condition.
    pub fn info(&self) -> &RuleInfo {
        &self.info
    }

    /// The condition that must hold, as written.
    pub fn condition(&self) -> &str {
        &self.texts.condition
    }

    /// The condition under which it applies, as written.
    pub fn when(&self) -> Option<&str> {
        self.texts.when.as_deref()
    }

    /// The expression for the cells at fault, as written.
    pub fn at(&self) -> Option<&str> {
        self.texts.at.as_deref()
    }

    /// Its file, a path with `/`.
    pub fn file(&self) -> &str {
        &self.source.file
    }

    /// The message in both languages, as written.
    pub fn message(&self) -> &Bilingual {
        &self.texts.message
    }

    /// Its named expressions, as written, in the order of the file.
    pub fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.named.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The ways in which it is broken that have a message of their own.
    pub fn cases(&self) -> &[CaseInfo] {
        &self.texts.cases
    }

    /// Its examples.
    pub fn examples(&self) -> &[ExampleInfo] {
        &self.texts.examples
    }

    /// The values that its expressions use by name.
    pub fn params(&self) -> &[ParamInfo] {
        &self.params
    }

    /// Codes of the rules that report the same fault better.
    pub fn superseded_by(&self) -> &[Arc<str>] {
        &self.superseded_by
    }

    /// Whether it cannot be evaluated without something that the body declares.
    pub(super) fn needs_declared(&self, key: &str) -> bool {
        self.needs.iter().any(|need| matches!(need, Need::Declared(keys) if keys.iter().any(|k| **k == *key)))
    }

    /// Kinds of schedule it needs beside its own.
    pub fn needs(&self) -> impl Iterator<Item = &Arc<str>> {
        self.needs.iter().filter_map(|n| if let Need::Kind(kind) = n { Some(kind) } else { None })
    }

    /// Severities that its findings have in some cases.
    pub fn other_severities(&self) -> impl Iterator<Item = Severity> {
        self.severity_when.iter().map(|(_, s)| *s).chain(self.cases.iter().filter_map(|c| c.severity))
    }

    /// What one check of it is about, in words: «ogni processo».
    pub fn subject(&self) -> Bilingual {
        let schedule = &self.pack.schedule;
        let entity = |name: &Option<Arc<str>>| match name {
            Some(name) => schedule.entity(name),
            None => schedule.entities.first(),
        };
        match &self.subject {
            Subject::Each(name) => {
                let one = entity(&Some(name.clone())).map(|e| e.one.clone()).unwrap_or_default();
                Bilingual::new(format!("ogni {}", one.it), format!("each {}", one.en))
            }
            Subject::Group(fields, name) => {
                let many = entity(name).map(|e| e.many.clone()).unwrap_or_default();
                let titles: Vec<&Bilingual> =
                    fields.iter().filter_map(|f| schedule.field(f)).map(|f| &f.title).collect();
                let quoted = |one: fn(&Bilingual) -> String, and: &str| {
                    titles.iter().map(|t| one(t)).collect::<Vec<_>>().join(and)
                };
                let it = quoted(|t| format!("«{}»", t.it), " e ");
                let en = quoted(|t| format!("“{}”", t.en), " and ");
                Bilingual::new(
                    format!("ogni gruppo di {} con lo stesso valore in {it}", many.it),
                    format!("each group of {} with the same value in {en}", many.en),
                )
            }
            Subject::Table => Bilingual::new("la tabella intera", "the whole table"),
        }
    }

    /// First and last year of the documents that it and its norm hold for.
    pub fn years(&self) -> (Option<i16>, Option<i16>) {
        let ((from, to), (norm_from, norm_to)) = (self.years, self.ground.years());
        (from.max(norm_from), to.into_iter().chain(norm_to).min())
    }

    /// The same in words; empty for all.
    pub fn validity(&self) -> Bilingual {
        span(self.years())
    }

    /// The norms that findings cite behind that of the rule, each with its years in words.
    pub fn norms_beside(&self) -> impl Iterator<Item = (&Bilingual, Bilingual)> {
        self.ground.beside().iter().map(|norm| (&norm.text, span((norm.valid_from, norm.valid_to))))
    }

    /// The expressions that decide, in the order of their use.
    pub(super) fn deciding(&self) -> impl Iterator<Item = &Expression> {
        self.when.iter().chain([&self.body])
    }

    /// The fields whose column may be absent: the rule asks for it itself. Where the absence is the finding, that of a
    /// column of the condition always is.
    pub(super) fn optional(&self) -> BTreeSet<Arc<str>> {
        let asked = self.deciding().flat_map(|e| &e.reads.asked);
        let condition = |f: &&Arc<str>| self.absent_is_finding && self.body.reads.fields.contains(*f);
        asked.filter(|f| !condition(f)).cloned().collect()
    }

    /// Every expression.
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let cases = self.cases.iter().flat_map(|c| {
            let own = [&c.when].into_iter().chain(&c.at).chain(&c.related).chain(&c.hint).chain(&c.cause);
            let said = [&c.message].into_iter().chain(&c.remedy);
            own.chain(said.flat_map(|t| t.it.expressions().chain(t.en.expressions())))
        });
        self.deciding()
            .chain(&self.at)
            .chain(&self.related)
            .chain(&self.hint)
            .chain(&self.expected)
            .chain(&self.cause)
            .chain(self.severity_when.iter().map(|(e, _)| e))
            .chain(self.message.it.expressions())
            .chain(self.message.en.expressions())
            .chain(cases)
    }

    /// The fields it reads or names; `None` if it looks at all of them.
    pub(super) fn used(&self) -> Option<BTreeSet<Arc<str>>> {
        let mut used: BTreeSet<Arc<str>> = self.keys().into_iter().collect();
        for expression in self.expressions() {
            if expression.reads.everything {
                return None;
            }
            used.extend(expression.reads.fields.iter().cloned());
            used.extend(expression.reads.named.iter().cloned());
        }
        Some(used)
    }

    /// The fields that group its units.
    pub(super) fn keys(&self) -> Vec<Arc<str>> {
        match &self.subject {
            Subject::Group(fields, _) => fields.clone(),
            _ => Vec::new(),
        }
    }
}
