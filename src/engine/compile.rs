//! From a rule file to a rule: every part checked, every mistake told with its place.

use std::sync::Arc;

use super::check::{At, Checker, Expression, Scope};
use super::ground::Ground;
use super::guard;
use super::header::{self, Absent, Header, Reading, Split, Text};
use super::message::Template;
use super::params::params;
use super::plan::Names;
use super::refers::{references, unknown};
use super::rule::{Case, CaseInfo, ExampleInfo, Need, ParamInfo, Rule, Subject, Templates, Texts};
use super::script::Script;
use super::source::Source;
use super::value::Type;
use crate::model::{Bilingual, RuleFault, RuleInfo};
use crate::pack::{Pack, Packs, RuleSource, Spanned};
use crate::text;

/// What `at` and `related` may give.
const PLACES: [Type; 2] = [Type::Field, Type::List];
/// What `hint` may give.
const WORDS: [Type; 2] = [Type::Text, Type::Field];
/// What `cause` may give.
const CAUSE: [Type; 3] = [Type::Text, Type::Field, Type::Number];
/// What `expected` may give.
const PRINTED: [Type; 4] = [Type::Text, Type::Field, Type::List, Type::Number];

/// Compiles one rule; all its faults, if it has any.
pub(super) fn compile(
    script: &Script,
    packs: &Packs,
    pack: &Arc<Pack>,
    (rule, reading): (&RuleSource, Reading),
) -> Result<Rule, Vec<RuleFault>> {
    let split = header::split(rule, reading).map_err(|fault| vec![*fault])?;
    let mut faults = named(&split, rule);
    let (params, types) = params(&split, &mut faults);
    let subject = subject(&split, pack, &mut faults);
    let depth = match &subject {
        Subject::Each(entity) => pack.schedule.depth(entity),
        _ => None,
    };
    let scope = Scope { packs, pack, depth, params: types };
    let mut checker = Checker::new(script, scope, &split);
    let parts = Parts::new(&mut checker, &split);
    let Checker { faults: found, names, .. } = checker;
    faults.extend(found);
    faults.extend(references(&split, packs, pack));
    if let Some(parts) = parts.as_ref().filter(|_| faults.is_empty()) {
        let deciding: Vec<&Expression> = parts.when.iter().chain([&parts.body]).collect();
        faults.extend(guard::unguarded(&split, pack, &subject, &deciding));
    }
    let info = info(&split, rule, pack);
    let ground = Ground::of(&pack.schedule, split.header.basis.as_ref());
    match (parts, info.zip(ground)) {
        (Some(parts), Some(known)) if faults.is_empty() => {
            Ok(assemble(split, pack, known, subject, params, (parts, names)))
        }
        _ => {
            faults.sort_by_key(|f| (f.line, f.column));
            Err(faults)
        }
    }
}

/// The expressions and messages of a rule.
struct Parts {
    named: Vec<(Arc<str>, Expression)>,
    when: Option<Expression>,
    body: Expression,
    at: Option<Expression>,
    related: Vec<Expression>,
    hint: Option<Expression>,
    expected: Option<Expression>,
    cause: Option<Expression>,
    message: Templates,
    cases: Vec<Case>,
    severity_when: Vec<(Expression, crate::model::Severity)>,
}

impl Parts {
    fn new(checker: &mut Checker<'_>, split: &Split) -> Option<Self> {
        let (header, source) = (&split.header, &split.source);
        let written = |checker: &mut Checker<'_>, text: &Option<Text>, wanted: &[Type]| {
            text.as_ref().and_then(|t| checker.expression(t.as_ref(), At::Header(source.origin(t)), wanted))
        };
        let named = named_expressions(checker, split);
        let when = written(checker, &header.when, &[Type::Bool]);
        let at = written(checker, &header.at, &PLACES);
        let hint = written(checker, &header.hint, &WORDS);
        let expected = written(checker, &header.expected, &PRINTED);
        let cause = written(checker, &header.cause, &CAUSE);
        let related = related(checker, source, header.related.as_ref());
        let mut severity_when = Vec::new();
        for case in &header.severity_when {
            let when = checker.expression(case.when.as_ref(), At::Header(source.origin(&case.when)), &[Type::Bool]);
            severity_when.extend(when.map(|w| (w, case.severity)));
        }
        let message = templates(checker, source, &header.it.message, &header.en.message);
        let mut cases = Vec::new();
        for case in &header.cases {
            let when = checker.expression(case.when.as_ref(), At::Header(source.origin(&case.when)), &[Type::Bool]);
            let at = written(checker, &case.at, &PLACES);
            let hint = written(checker, &case.hint, &WORDS);
            let cause = written(checker, &case.cause, &CAUSE);
            let message = templates(checker, source, &case.it.message, &case.en.message);
            let remedy = case.it.remedy.as_ref().zip(case.en.remedy.as_ref());
            let remedy = remedy.map(|(it, en)| templates(checker, source, it, en));
            let related = self::related(checker, source, case.related.as_ref());
            let severity = case.severity;
            cases.extend(when.map(|when| Case { when, severity, at, related, hint, cause, message, remedy }));
        }
        orphan_hint(checker, split, &message, &cases);
        let body = checker.expression(&split.body, At::Body, &[Type::Bool])?;
        Some(Self { named, when, body, at, related, hint, expected, cause, message, cases, severity_when })
    }
}

/// The named expressions as written, in the order of the file.
fn in_order(header: &Header) -> impl Iterator<Item = (&String, &Text)> {
    let mut written: Vec<(&String, &Text)> = header.named.iter().collect();
    written.sort_by_key(|(_, text)| text.span().start);
    written.into_iter()
}

/// The named expressions in the order of the file.
fn named_expressions(checker: &mut Checker<'_>, split: &Split) -> Vec<(Arc<str>, Expression)> {
    let mut named = Vec::new();
    for (name, text) in in_order(&split.header) {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let is_plain = name.bytes().all(plain) && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        let ill = ("è malformato: lettere minuscole senza accenti, cifre e «_»", "is malformed: a-z, 0-9 and _");
        if let Some((it, en)) = checker.taken(name).or((!is_plain).then_some(ill)) {
            let message = Bilingual::new(format!("il nome «{name}» {it}"), format!("the name “{name}” {en}"));
            checker.faults.push(split.source.fault_at(text, message));
            continue;
        }
        let expression = checker.named(name, text.as_ref(), At::Header(split.source.origin(text)));
        named.extend(expression.map(|e| (Arc::from(name.as_str()), e)));
    }
    named
}

fn related(checker: &mut Checker<'_>, source: &Source, texts: Option<&header::Texts>) -> Vec<Expression> {
    let texts = texts.into_iter().flat_map(|t| source.texts(t));
    texts.filter_map(|(text, origin)| checker.expression(&text, At::Header(origin), &PLACES)).collect()
}

fn templates(checker: &mut Checker<'_>, source: &Source, it: &Text, en: &Text) -> Templates {
    Templates {
        it: Template::new(checker, source, it.as_ref(), source.origin(it)),
        en: Template::new(checker, source, en.as_ref(), source.origin(en)),
    }
}

/// A message that names a hint which the rule does not give.
fn orphan_hint(checker: &mut Checker<'_>, split: &Split, message: &Templates, cases: &[Case]) {
    let header = &split.header;
    let mut check = |template: &Template, text: &Text, given: bool| {
        if template.names_hint() && !given {
            let nth =
                text.as_ref().find("{hint").and_then(|at| text.as_ref().get(..at)).map_or(0, |t| t.chars().count());
            let at = split.source.place(split.source.origin(text), nth + 1);
            let message = Bilingual::new(
                "il messaggio cita {hint}, ma la regola non ha la voce «hint»",
                "the message names {hint}, but the rule has no key “hint”",
            );
            checker.faults.push(split.source.fault(at, message));
        }
    };
    check(&message.it, &header.it.message, header.hint.is_some());
    check(&message.en, &header.en.message, header.hint.is_some());
    for (case, written) in cases.iter().zip(&header.cases) {
        let given = written.hint.is_some() || header.hint.is_some();
        check(&case.message.it, &written.it.message, given);
        check(&case.message.en, &written.en.message, given);
    }
}

/// Code and file name must be well formed.
fn named(split: &Split, rule: &RuleSource) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    let code = split.header.code.as_ref();
    let part = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !(code.contains('-') && code.split('-').all(part)) {
        faults.push(split.source.fault_at(
            &split.header.code,
            Bilingual::new(
                format!("il codice «{code}» è malformato: lettere maiuscole e cifre, unite da trattini, come PT-A01"),
                format!("the code “{code}” is malformed: capital letters and digits joined by hyphens, as PT-A01"),
            ),
        ));
    }
    let part = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !rule.name.split('-').all(part) {
        faults.push(RuleFault {
            file: rule.file.clone(),
            line: 1,
            column: 1,
            message: Bilingual::new(
                format!(
                    "il nome del file «{}» è malformato: parole minuscole senza accenti, unite da trattini",
                    rule.name
                ),
                format!(
                    "the file name “{}” is malformed: lower-case words without accents, joined by hyphens",
                    rule.name
                ),
            ),
        });
    }
    for (text, name) in [
        (&split.header.it.title, "title"),
        (&split.header.it.message, "message"),
        (&split.header.it.why, "why"),
        (&split.header.it.remedy, "remedy"),
        (&split.header.en.title, "title"),
        (&split.header.en.message, "message"),
        (&split.header.en.why, "why"),
        (&split.header.en.remedy, "remedy"),
    ] {
        if text::is_blank(text.as_ref()) {
            let message = Bilingual::new(format!("la voce «{name}» è vuota"), format!("the key “{name}” is empty"));
            faults.push(split.source.fault_at(text, message));
        }
    }
    for case in &split.header.cases {
        if let (Some(one), None) | (None, Some(one)) = (&case.it.remedy, &case.en.remedy) {
            let (it, en) =
                ("il rimedio del caso è in una sola lingua", "the remedy of the case is in one language only");
            faults.push(split.source.fault_at(one, Bilingual::new(it, en)));
        }
    }
    faults
}

fn subject(split: &Split, pack: &Pack, faults: &mut Vec<RuleFault>) -> Subject {
    let schedule = &pack.schedule;
    let (header, source) = (&split.header, &split.source);
    if let Some(each) = &header.each
        && schedule.entity(each.as_ref()).is_none()
    {
        let what = ("la scheda non ha l'entità", "the schedule has no entity");
        faults.push(unknown(
            source,
            source.origin(each),
            what,
            each.as_ref(),
            schedule.entities.iter().map(|e| &*e.name),
        ));
    }
    let each = header.each.as_ref().map(|e| Arc::from(e.as_ref().as_str()));
    let Some(group) = &header.group_by else { return each.map_or(Subject::Table, Subject::Each) };
    let mut fields = Vec::new();
    for (name, origin) in source.texts(group) {
        if schedule.field(&name).is_none() {
            let what = ("campo sconosciuto", "unknown field");
            faults.push(unknown(source, origin, what, &name, schedule.fields.iter().map(|f| &*f.name)));
        }
        fields.push(Arc::from(name));
    }
    Subject::Group(fields, each)
}

fn both(it: &Text, en: &Text) -> Bilingual {
    Bilingual::new(it.as_ref(), en.as_ref())
}

fn info(split: &Split, rule: &RuleSource, pack: &Pack) -> Option<RuleInfo> {
    let header = &split.header;
    let basis = pack.schedule.norms.get(header.basis.as_ref())?;
    Some(RuleInfo {
        code: header.code.as_ref().as_str().into(),
        name: format!("{}/{}", pack.name, rule.name).into(),
        kind: pack.schedule.kind.clone(),
        severity: header.severity,
        title: both(&header.it.title, &header.en.title),
        why: both(&header.it.why, &header.en.why),
        remedy: both(&header.it.remedy, &header.en.remedy),
        basis: basis.text.clone(),
        certainty: basis.certainty,
        method: header.method,
    })
}

fn assemble(
    split: Split,
    pack: &Arc<Pack>,
    (info, ground): (RuleInfo, Ground),
    subject: Subject,
    params: Vec<ParamInfo>,
    (parts, names): (Parts, Names),
) -> Rule {
    let Split { source, header, condition, toml, .. } = split;
    let owned = |text: &Text| Arc::<str>::from(text.as_ref().as_str());
    let case = |case: &header::Case| CaseInfo {
        when: case.when.as_ref().clone(),
        message: both(&case.it.message, &case.en.message),
    };
    let texts = Texts {
        condition,
        when: header.when.as_ref().map(owned),
        at: header.at.as_ref().map(owned),
        message: both(&header.it.message, &header.en.message),
        named: in_order(&header).map(|(name, text)| (name.clone(), text.as_ref().clone())).collect(),
        cases: header.cases.iter().map(case).collect(),
        examples: header.examples.iter().map(|e| described(e, &toml)).collect(),
    };
    let equivalent = header.equivalent.iter().map(|e| owned(&e.change)).collect();
    let Header { needs, valid_from, valid_to, absent, superseded_by, examples, .. } = header;
    let Parts { named, when, body, at, related, hint, expected, cause, message, cases, severity_when } = parts;
    Rule {
        info,
        source,
        pack: pack.clone(),
        subject,
        named,
        names,
        when,
        body,
        at,
        related,
        hint,
        expected,
        cause,
        needs: needs.iter().map(|n| Need::read(n.as_ref(), pack)).collect(),
        params,
        years: (valid_from, valid_to),
        ground,
        absent_is_finding: absent == Some(Absent::Finding),
        superseded_by: superseded_by.iter().map(owned).collect(),
        message,
        cases,
        severity_when,
        equivalent,
        examples,
        texts,
    }
}

/// An example in words: what stands in the header from its heading to the next.
fn described(example: &Spanned<header::Example>, toml: &str) -> ExampleInfo {
    let span = toml.get(example.span()).unwrap_or_default();
    // The span of `[[example]]` is its heading alone: what it holds, its sub-tables too, goes on to the next one.
    let text = if span.starts_with("[[") {
        let body = toml.get(example.span().end..).unwrap_or_default();
        body.split_once("\n[[").map_or(body, |(own, _)| own)
    } else {
        span
    };
    let outcome = match example.as_ref().outcome {
        header::Expected::Findings => "findings",
        header::Expected::Passed => "passed",
        header::Expected::NotApplicable => "not_applicable",
        header::Expected::NotEvaluable => "not_evaluable",
    };
    ExampleInfo { text: text.trim().to_owned(), outcome: outcome.to_owned() }
}
