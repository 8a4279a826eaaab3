//! What the rules of a run cost, for whoever writes them.

use std::io::{self, Write};

use serde::Serialize;

use super::words::count;
use crate::model::{Lang, Timing};

/// One line per rule, the dearest first: milliseconds, share in the time of all rules, documents.
pub fn timings(timings: &[Timing], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let codes = timings.iter().map(|t| t.code.chars().count()).max().unwrap_or(0);
    for timing in timings {
        let (millis, share) = (timing.time.as_secs_f64() * 1e3, timing.share * 100.0);
        let documents = lang
            .pick(count(timing.documents, "documento", "documenti"), count(timing.documents, "document", "documents"));
        writeln!(out, "{millis:>10.3} ms {share:>5.1}%  {:<codes$}  {}, {documents}", timing.code, timing.name)?;
    }
    let all: f64 = timings.iter().map(|t| t.time.as_secs_f64() * 1e3).sum();
    let rules = lang.pick(count(timings.len(), "regola", "regole"), count(timings.len(), "rule", "rules"));
    writeln!(out, "{all:>10.3} ms  {rules}")
}

#[derive(Serialize)]
pub(super) struct JsonTiming<'a> {
    code: &'a str,
    name: &'a str,
    documents: usize,
    milliseconds: f64,
    share: f64,
}

/// The same for programs; nothing where the run was not measured.
pub(super) fn json(timings: &[Timing]) -> Vec<JsonTiming<'_>> {
    let each = timings.iter().map(|t| JsonTiming {
        code: &t.code,
        name: &t.name,
        documents: t.documents,
        milliseconds: t.time.as_secs_f64() * 1e3,
        share: t.share,
    });
    each.collect()
}
