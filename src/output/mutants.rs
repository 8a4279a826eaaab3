//! The result of changing the conditions of rules.

use std::io::{self, Write};

use serde::Serialize;

use super::Painter;
use super::json::line;
use super::words::count;
use crate::engine::{MutationRun, Survivor};
use crate::model::Lang;

/// Changes that no example notices, and the score.
pub fn mutants(run: &MutationRun, lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    for survivor in &run.survivors {
        let label = painter.errore.paint(label(survivor, lang));
        writeln!(out, "{label}: {}", survivor.change)?;
        writeln!(out, "  {} {} ({})", painter.faint.paint("-->"), survivor.file, survivor.rule)?;
    }
    let all = match lang {
        Lang::It => format!(
            "{}, {}, {}",
            count(run.rules, "regola", "regole"),
            count(run.mutants, "mutante", "mutanti"),
            count(run.equivalent, "equivalente dichiarato", "equivalenti dichiarati")
        ),
        Lang::En => format!(
            "{}, {}, {}",
            count(run.rules, "rule", "rules"),
            count(run.mutants, "mutant", "mutants"),
            count(run.equivalent, "stated equivalent", "stated equivalents")
        ),
    };
    let noticed = lang.pick("notati dagli esempi", "noticed by the examples");
    let score = format!("{} {noticed} ({} %)", run.killed, run.score());
    let paint = if run.survivors.is_empty() { &painter.good } else { &painter.errore };
    writeln!(out, "{all}: {}", paint.paint(&score))
}

fn label(survivor: &Survivor, lang: Lang) -> &'static str {
    if survivor.is_stale {
        lang.pick("equivalente dichiarato a torto", "wrongly stated equivalent")
    } else {
        lang.pick("mutante che nessun esempio nota", "mutant that no example notices")
    }
}

#[derive(Serialize)]
struct Tried<'a> {
    version: u32,
    rules: usize,
    mutants: usize,
    killed: usize,
    equivalent: usize,
    survivors: Vec<JsonSurvivor<'a>>,
}

#[derive(Serialize)]
struct JsonSurvivor<'a> {
    rule: &'a str,
    file: &'a str,
    change: &'a str,
    stale: bool,
}

/// The same as one JSON object.
pub fn mutants_json(run: &MutationRun, out: &mut dyn Write) -> io::Result<()> {
    let survivors = run.survivors.iter().map(|s| JsonSurvivor {
        rule: &s.rule,
        file: &s.file,
        change: &s.change,
        stale: s.is_stale,
    });
    let (rules, mutants, killed, equivalent) = (run.rules, run.mutants, run.killed, run.equivalent);
    line(&Tried { version: 1, rules, mutants, killed, equivalent, survivors: survivors.collect() }, out)
}
