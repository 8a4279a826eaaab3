//! The rules themselves: list, explanation, result of their examples.

use std::io::{self, Write};

use serde::Serialize;

use super::Painter;
use super::json::line;
use super::words::count;
use crate::engine::{ExampleFailure, ExampleRun, ParamInfo, Rule};
use crate::model::{Bilingual, Certainty, Lang, Method, RuleInfo, Severity};
use crate::pack::shown_declared;

/// One line per rule, in columns.
pub fn list_rules(rules: &[&Rule], lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let width = |text: fn(&RuleInfo) -> &str| rules.iter().map(|r| text(r.info()).chars().count()).max().unwrap_or(0);
    let (codes, names) = (width(|i| &i.code), width(|i| &i.name));
    let indent = " ".repeat(codes + 2);
    for info in rules.iter().map(|r| r.info()) {
        let severity = format!("{:<12}", info.severity.label(lang));
        let severity = painter.of(info.severity).paint(&severity);
        let title = info.title.get(lang);
        writeln!(out, "{:<codes$}  {severity}  {:<names$}  {title}", info.code, info.name)?;
        let ground = format!("{indent}{}; {}; {}", info.kind, method(info, lang), info.basis.get(lang));
        writeln!(out, "{}", painter.faint.paint(&ground))?;
    }
    writeln!(out, "{}", lang.pick(count(rules.len(), "regola", "regole"), count(rules.len(), "rule", "rules")))
}

/// How a rule decides, in words.
fn method(info: &RuleInfo, lang: Lang) -> &'static str {
    match info.method {
        Method::Mechanical => lang.pick("decisa dai valori", "decided by the values"),
        Method::Heuristic => lang.pick("euristica, da leggere con giudizio", "heuristic, to be read with judgement"),
    }
}

/// All that is known of one rule.
pub fn explain_rule(rule: &Rule, lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let info = rule.info();
    let pick = |it, en| lang.pick(it, en);
    writeln!(out, "{}", painter.strong.paint(&format!("{} {}", info.code, info.name)))?;
    writeln!(out, "{}\n", info.title.get(lang))?;
    let certainty = match info.certainty {
        Certainty::Verified => pick("testo verificato", "text verified"),
        Certainty::Unverified => pick("testo non verificato", "text not verified"),
    };
    let severity = painter.of(info.severity).paint(info.severity.label(lang));
    let basis = format!("{} ({certainty})", info.basis.get(lang));
    let beside = norms_beside(rule, lang).join("\n");
    let years = years(rule, lang);
    let named = lines(rule.named().map(|(name, expression)| format!("{name} = {}", expression.trim())));
    let cases = lines(rule.cases().iter().map(|c| format!("{}\n    {}", c.when.trim(), c.message.get(lang))));
    let params = lines(rule.params().iter().map(|p| format!("{} = {} ({})", p.name, p.default, meaning(p, lang))));
    let mut messages: Vec<&str> = vec![rule.message().get(lang)];
    for message in rule.cases().iter().map(|c| c.message.get(lang)) {
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    let messages = lines(messages.into_iter().map(str::to_owned));
    let told = [
        (pick("gravità", "severity"), severity.as_str()),
        (pick("documento", "document"), &*info.kind),
        (pick("metodo", "method"), method(info, lang)),
        (pick("norma", "basis"), basis.as_str()),
        (pick("con", "with"), beside.as_str()),
        (pick("anni", "years"), years.as_str()),
        (pick("perché", "why"), info.why.get(lang)),
        (pick("rimedio", "remedy"), info.remedy.get(lang)),
        (if rule.cases().is_empty() { pick("messaggio", "message") } else { pick("messaggi", "messages") }, &messages),
    ];
    write_parts(&told, out)?;
    writeln!(out, "\n{}", painter.strong.paint(pick("per chi scrive regole:", "for those who write rules:")))?;
    let written = [
        (pick("nei casi", "in the cases"), cases.as_str()),
        (pick("parametri", "parameters"), &params),
        (pick("nomi", "names"), &named),
        (pick("si applica se", "applies if"), rule.when().unwrap_or_default()),
        (pick("deve valere", "must hold"), rule.condition()),
        (pick("celle", "cells"), rule.at().unwrap_or_default()),
        (pick("file", "file"), rule.file()),
    ];
    write_parts(&written, out)?;
    for example in rule.examples() {
        writeln!(out, "\n{} ({}):", pick("esempio", "example"), outcome(&example.outcome, lang))?;
        for part in example.text.trim().lines().filter(|line| is_document(line)) {
            writeln!(out, "    {part}")?;
        }
    }
    Ok(())
}

/// The norms that findings cite behind that of the rule, with their years.
pub(super) fn norms_beside(rule: &Rule, lang: Lang) -> Vec<String> {
    let with_years = |(text, years): (&Bilingual, Bilingual)| match years.get(lang) {
        "" => text.get(lang).to_owned(),
        years => format!("{} ({years})", text.get(lang)),
    };
    rule.norms_beside().map(with_years).collect()
}

/// The years of the documents that a rule and its norm hold for; empty for all.
pub(super) fn years(rule: &Rule, lang: Lang) -> String {
    let years = rule.validity();
    let documents = lang.pick("documenti", "documents");
    if years.get(lang).is_empty() { String::new() } else { format!("{documents} {}", years.get(lang)) }
}

/// What a parameter means, and which key of the configuration gives it.
pub(super) fn meaning(param: &ParamInfo, lang: Lang) -> String {
    let meaning = param.meaning.get(lang);
    let key = param.declared.as_deref().map(shown_declared);
    key.map_or_else(|| meaning.to_owned(), |key| format!("{meaning}; riscontro.toml: {key}"))
}

/// Labels with their texts, those without text left out.
fn write_parts(parts: &[(&str, &str)], out: &mut dyn Write) -> io::Result<()> {
    for (label, text) in parts.iter().filter(|(_, text)| !text.is_empty()) {
        let mut parts = text.trim().lines();
        writeln!(out, "{label:<14} {}", parts.next().unwrap_or_default())?;
        for part in parts {
            writeln!(out, "{:14} {part}", "")?;
        }
    }
    Ok(())
}

/// The outcome that an example states, in words.
fn outcome(stated: &str, lang: Lang) -> &str {
    match stated {
        "findings" => lang.pick("con rilievi", "findings"),
        "passed" => lang.pick("rispettata", "passed"),
        "not_applicable" => lang.pick("non si applica", "not applicable"),
        "not_evaluable" => lang.pick("non valutabile", "not evaluable"),
        other => other,
    }
}

/// Whether a line of an example is more than a comment or its outcome, which is told in words.
fn is_document(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#') && line.split_once('=').is_none_or(|(key, _)| key.trim() != "outcome")
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

#[derive(Serialize)]
struct Rules<'a> {
    version: u32,
    rules: Vec<JsonRule<'a>>,
}

#[derive(Serialize)]
struct JsonRule<'a> {
    code: &'a str,
    name: &'a str,
    kind: &'a str,
    severity: Severity,
    title: &'a str,
    message: &'a str,
    why: &'a str,
    remedy: &'a str,
    basis: &'a str,
    certainty: Certainty,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    norms_beside: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<i16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<i16>,
    method: Method,
    cases: Vec<JsonCase<'a>>,
    params: Vec<JsonParam<'a>>,
    #[serde(rename = "let")]
    named: Vec<JsonNamed<'a>>,
    when: Option<&'a str>,
    condition: &'a str,
    at: Option<&'a str>,
    file: &'a str,
    examples: Vec<JsonExample<'a>>,
}

#[derive(Serialize)]
struct JsonCase<'a> {
    when: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonParam<'a> {
    name: &'a str,
    default: &'a str,
    meaning: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonNamed<'a> {
    name: &'a str,
    expression: &'a str,
}

#[derive(Serialize)]
struct JsonExample<'a> {
    outcome: &'a str,
    text: &'a str,
}

/// The rules as one JSON object.
pub fn rules_json(rules: &[&Rule], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    line(&Rules { version: 1, rules: rules.iter().map(|r| json_rule(r, lang)).collect() }, out)
}

fn json_rule(rule: &Rule, lang: Lang) -> JsonRule<'_> {
    let info = rule.info();
    JsonRule {
        code: &info.code,
        name: &info.name,
        kind: &info.kind,
        severity: info.severity,
        title: info.title.get(lang),
        message: rule.message().get(lang),
        why: info.why.get(lang),
        remedy: info.remedy.get(lang),
        basis: info.basis.get(lang),
        certainty: info.certainty,
        norms_beside: norms_beside(rule, lang),
        valid_from: rule.years().0,
        valid_to: rule.years().1,
        method: info.method,
        cases: rule.cases().iter().map(|c| JsonCase { when: &c.when, message: c.message.get(lang) }).collect(),
        params: rule.params().iter().map(|p| param(p, lang)).collect(),
        named: rule.named().map(|(name, expression)| JsonNamed { name, expression }).collect(),
        when: rule.when(),
        condition: rule.condition(),
        at: rule.at(),
        file: rule.file(),
        examples: rule.examples().iter().map(|e| JsonExample { outcome: &e.outcome, text: &e.text }).collect(),
    }
}

fn param(param: &ParamInfo, lang: Lang) -> JsonParam<'_> {
    let declared = param.declared.as_deref();
    JsonParam { name: &param.name, default: &param.default, meaning: param.meaning.get(lang), declared }
}

/// The result of running the examples of all rules.
pub fn tests(run: &ExampleRun, lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    for failure in &run.failures {
        let label = painter.errore.paint(lang.pick("da rivedere", "to be revised"));
        writeln!(out, "{label}: {}", failure.message.get(lang))?;
        writeln!(out, "  {} {}:{}:{}", painter.faint.paint("-->"), failure.file, failure.line, failure.column)?;
    }
    let all = match lang {
        Lang::It => format!("{}, {}", count(run.rules, "regola", "regole"), count(run.examples, "esempio", "esempi")),
        Lang::En => format!("{}, {}", count(run.rules, "rule", "rules"), count(run.examples, "example", "examples")),
    };
    let result = match (run.failures.len(), lang) {
        (0, Lang::It) => painter.good.paint("tutti come dichiarato"),
        (0, Lang::En) => painter.good.paint("all as stated"),
        (n, Lang::It) => painter.errore.paint(&count(n, "punto da rivedere", "punti da rivedere")),
        (n, Lang::En) => painter.errore.paint(&count(n, "thing to be revised", "things to be revised")),
    };
    writeln!(out, "{all}: {result}")
}

#[derive(Serialize)]
struct Tests<'a> {
    version: u32,
    rules: usize,
    examples: usize,
    failures: Vec<JsonFailure<'a>>,
}

#[derive(Serialize)]
struct JsonFailure<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
}

/// The same as one JSON object.
pub fn tests_json<'a>(run: &'a ExampleRun, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let failure = |f: &'a ExampleFailure| JsonFailure {
        file: &f.file,
        line: f.line,
        column: f.column,
        message: f.message.get(lang),
    };
    let failures = run.failures.iter().map(failure).collect();
    line(&Tests { version: 1, rules: run.rules, examples: run.examples, failures }, out)
}
