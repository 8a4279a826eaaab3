//! The examples in the headers of rules: each is a small document and what the rule must make of it.

mod build;
mod forms;
mod shown;

use std::sync::Arc;

use jiff::civil::Date;

use super::before::Previous;
use super::book::{Context, RuleBook};
use super::env::Env;
use super::header::{Example, Expected};
use super::rule::Rule;
use super::select::Selected;
use super::template::to_be_written;
use crate::model::{Bilingual, Document, Error, Finding, Lang, Outcome, OutcomeKind};
use crate::pack::{Declared, Packs, Spanned, Toml, unknown_declared};

pub use shown::{Illustration, Said, ShownCell, ShownTable, illustrate};

/// An example that does not do what it states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFailure {
    /// Code of the rule.
    pub rule: Arc<str>,
    /// Its file, a path with `/`.
    pub file: String,
    /// The line the example begins at, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What it states and what was found instead.
    pub message: Bilingual,
}

/// What came of the examples of all rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExampleRun {
    /// Rules whose examples were run.
    pub rules: usize,
    /// Examples run.
    pub examples: usize,
    /// Those that do not do what they state, and rules without examples enough.
    pub failures: Vec<ExampleFailure>,
}

/// Runs the examples of every rule of the packs.
pub fn run_examples(packs: &Packs) -> Result<ExampleRun, Error> {
    run_examples_of(packs, |_| true)
}

/// Runs the examples of the rules that are `wanted`.
pub fn run_examples_of(packs: &Packs, wanted: impl Fn(&Rule) -> bool) -> Result<ExampleRun, Error> {
    let mut book = RuleBook::compile(packs, None)?;
    let indices: Vec<usize> = book.rules().iter().enumerate().filter(|(_, r)| wanted(r)).map(|(i, _)| i).collect();
    let mut run = ExampleRun { rules: indices.len(), ..ExampleRun::default() };
    for index in indices {
        let examples = book.rules().get(index).map(|r| r.examples.clone()).unwrap_or_default();
        run.failures.extend(book.rules().get(index).map(unwritten).unwrap_or_default());
        run.failures.extend(book.rules().get(index).and_then(|r| too_few(r, &examples)));
        for example in &examples {
            run.examples += 1;
            let message = tried(&mut book, index, example.as_ref());
            if let (Some(message), Some(rule)) = (message, book.rules().get(index)) {
                run.failures.push(failure(rule, example, message));
            }
        }
    }
    Ok(run)
}

fn failure(rule: &Rule, example: &Spanned<Example>, message: Bilingual) -> ExampleFailure {
    failure_at(rule, rule.source.header + example.span().start, message)
}

/// A failure at a byte of a rule's file.
fn failure_at(rule: &Rule, offset: usize, message: Bilingual) -> ExampleFailure {
    let (line, column) = rule.source.line(offset);
    ExampleFailure { rule: rule.info.code.clone(), file: rule.source.file.to_string(), line, column, message }
}

/// What the author of a rule has yet to write.
fn unwritten(rule: &Rule) -> Vec<ExampleFailure> {
    let found = to_be_written(&rule.source.text).into_iter();
    found.map(|(at, message)| failure_at(rule, at, message)).collect()
}

/// A rule wants an example that it reports and a near miss that it does not.
fn too_few(rule: &Rule, examples: &[Spanned<Example>]) -> Option<ExampleFailure> {
    let has = |wanted: Expected| examples.iter().any(|e| e.as_ref().outcome == wanted);
    let message = match (has(Expected::Findings), has(Expected::Passed) || has(Expected::NotApplicable)) {
        (false, _) => Bilingual::new(
            "manca un esempio in cui la regola trova il difetto",
            "an example in which the rule finds the fault is missing",
        ),
        (_, false) => Bilingual::new(
            "manca un esempio in cui la regola non trova nulla",
            "an example in which the rule finds nothing is missing",
        ),
        _ => return None,
    };
    Some(failure_at(rule, 0, message))
}

/// Whether some example of a rule does not hold.
pub(super) fn notices(book: &mut RuleBook, index: usize) -> bool {
    let examples = book.rules().get(index).map(|r| r.examples.clone()).unwrap_or_default();
    examples.iter().any(|example| tried(book, index, example.as_ref()).is_some())
}

/// What is wrong with an example, if anything is.
fn tried(book: &mut RuleBook, index: usize, example: &Example) -> Option<Bilingual> {
    let result = with_params(book, index, example, |book| evaluated(book, index, example));
    match result.and_then(|r| r) {
        Ok(result) => result,
        Err(message) => Some(message),
    }
}

/// What is done while the body declares and the parameters of a rule have what an example gives.
fn with_params<T>(
    book: &mut RuleBook,
    index: usize,
    example: &Example,
    work: impl FnOnce(&RuleBook) -> T,
) -> Result<T, Bilingual> {
    let declared = Declared::of(&example.declared).map_err(|key| unknown_declared(&key))?;
    let before = book.declare(index, &declared);
    let kept = (!declared.is_empty()).then(|| {
        let env = Env::new(book.packs().clone()).declaring(declared);
        book.replace_env(env)
    });
    let wrong = example.params.iter().find(|(name, value)| !book.set_param(index, name, value));
    let result = match wrong {
        Some((name, _)) => Err(Bilingual::new(
            format!("la regola non ha il parametro «{name}», o non di quel tipo"),
            format!("the rule has no parameter “{name}”, or not of that type"),
        )),
        None => Ok(work(book)),
    };
    if let Some(env) = kept {
        book.restore_env(env);
    }
    book.restore_params(index, before);
    result
}

fn evaluated(book: &RuleBook, index: usize, example: &Example) -> Result<Option<Bilingual>, Bilingual> {
    let Some(rule) = book.rules().get(index) else { return Ok(None) };
    let document = build::document(book.packs(), &rule.info.kind, example)?;
    let as_of = example.as_of.as_ref().map(date).transpose()?;
    let previous = build::previous(book.packs(), &rule.info.kind, example)?;
    let outcome = |lang| outcome_of(book, index, (&document, previous.as_ref()), (lang, as_of));
    let (Some(it), Some(en)) = (outcome(Lang::It), outcome(Lang::En)) else {
        return Err(Bilingual::new("l'esempio non dà alcuna tabella", "the example gives no table"));
    };
    Ok(compared(book.packs(), &document, example, &it).or_else(|| differing(&it, &en)))
}

/// What a rule makes of the document of an example; nothing if the document has no table of its kind.
fn outcome_of(
    book: &RuleBook,
    index: usize,
    (document, previous): (&Document, Option<&Document>),
    of: (Lang, Option<Date>),
) -> Option<Outcome> {
    let previous = previous.map(|document| Previous { document, path: "precedente" });
    let context = Context { lang: of.0, as_of: of.1, previous, ..Context::default() };
    book.evaluate(document, &Selected(vec![index]), &context).into_iter().next()
}

/// What a rule says in the one language and not in the other: a placeholder of its English message may fail.
fn differing(it: &Outcome, en: &Outcome) -> Option<Bilingual> {
    let same = it.rule.kind == en.rule.kind && it.findings.len() == en.findings.len();
    (!same).then(|| {
        let reason = en.rule.reason.clone().unwrap_or_default();
        Bilingual::new(
            format!("in inglese l'esito è un altro, {}: {reason}", en.rule.kind.name()),
            format!("in English the outcome is another, {}: {reason}", en.rule.kind.name()),
        )
    })
}

fn date(value: &Toml) -> Result<Date, Bilingual> {
    let text = match value {
        Toml::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.trim().parse().map_err(|_| {
        Bilingual::new(format!("«{text}» non è una data (AAAA-MM-GG)"), format!("“{text}” is no date (YYYY-MM-DD)"))
    })
}

/// Where an outcome departs from what the example states.
fn compared(packs: &Packs, document: &Document, example: &Example, outcome: &Outcome) -> Option<Bilingual> {
    let wanted = match example.outcome {
        Expected::Findings => OutcomeKind::Findings,
        Expected::Passed => OutcomeKind::Passed,
        Expected::NotApplicable => OutcomeKind::NotApplicable,
        Expected::NotEvaluable => OutcomeKind::NotEvaluable,
    };
    let findings = &outcome.findings;
    if outcome.rule.kind != wanted {
        let (wanted, got) = (wanted.name(), outcome.rule.kind.name());
        let detail = described(outcome);
        return Some(Bilingual::new(
            format!("atteso l'esito «{wanted}», trovato «{got}»{detail}"),
            format!("expected the outcome “{wanted}”, found “{got}”{detail}"),
        ));
    }
    if let Some(n) = example.findings.filter(|n| *n != findings.len()) {
        return Some(differs(
            ("rilievi", "findings"),
            &n.to_string(),
            &findings.len().to_string(),
            &described(outcome),
        ));
    }
    if let Some(at) = &example.at {
        let mut wanted: Vec<String> = at.iter().map(plain).collect();
        let mut got: Vec<String> = findings.iter().flat_map(|f| build::ordinals(packs, document, f)).collect();
        for list in [&mut wanted, &mut got] {
            list.sort();
            list.dedup();
        }
        if wanted != got {
            return Some(differs(("punti", "places"), &wanted.join(", "), &got.join(", "), ""));
        }
    }
    if let Some(severity) = example.severity
        && let Some(other) = findings.iter().find(|f| f.severity != severity)
    {
        return Some(differs(("gravità", "severity"), severity.name(), other.severity.name(), ""));
    }
    let first = |part: fn(&Finding) -> &str| findings.first().map(part).unwrap_or_default();
    if let Some(hint) = &example.hint
        && !findings.iter().any(|f| f.suggestion.as_deref().unwrap_or_default() == hint)
    {
        return Some(differs(("proposta", "hint"), hint, first(|f| f.suggestion.as_deref().unwrap_or_default()), ""));
    }
    if let Some(message) = &example.message
        && !findings.iter().any(|f| f.message == *message)
    {
        return Some(differs(("messaggio", "message"), message, first(|f| &f.message), ""));
    }
    None
}

fn differs(what: (&str, &str), wanted: &str, got: &str, detail: &str) -> Bilingual {
    Bilingual::new(
        format!("{}: atteso «{wanted}», trovato «{got}»{detail}", what.0),
        format!("{}: expected “{wanted}”, found “{got}”{detail}", what.1),
    )
}

/// What the rule said instead.
fn described(outcome: &Outcome) -> String {
    if let Some(reason) = &outcome.rule.reason {
        return format!(" ({reason})");
    }
    let said: Vec<String> = outcome
        .findings
        .iter()
        .take(3)
        .map(|f| format!("{}: {}", f.places.first().map_or_else(String::new, |p| p.anchor.to_string()), f.message))
        .collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join("; ")) }
}

/// A value of an example as text.
fn plain(value: &Toml) -> String {
    match value {
        Toml::String(text) => text.clone(),
        other => other.to_string(),
    }
}
