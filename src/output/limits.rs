//! The limits of reading.

use std::io::{self, Write};

use serde::Serialize;

use super::Painter;
use super::json::line;
use crate::model::Lang;
use crate::package::{Limit, Limits, Unit};

#[derive(Serialize)]
struct JsonLimits {
    version: u32,
    limits: Vec<JsonLimit>,
}

#[derive(Serialize)]
struct JsonLimit {
    name: &'static str,
    value: u64,
    unit: &'static str,
    meaning: &'static str,
}

/// One line per limit: name, value, what it bounds.
pub fn list_limits(limits: &Limits, lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<_> = Limits::ALL.iter().map(|l| (l, l.shown(l.value(limits), lang))).collect();
    let name = rows.iter().map(|(l, _)| l.name.chars().count()).max().unwrap_or(0);
    let value = rows.iter().map(|(_, v)| v.chars().count()).max().unwrap_or(0);
    for (limit, shown) in &rows {
        let (it, en) = limit.meaning;
        let label = painter.strong.paint(&format!("{:<name$}", limit.name));
        writeln!(out, "{label}  {shown:>value$}  {}", lang.pick(it, en))?;
    }
    writeln!(
        out,
        "\n{}",
        lang.pick(
            "Un file che ne supera uno è rifiutato; i rilievi sono contati tutti. Si cambiano con: riscontro check --limit NOME=VALORE",
            "A file beyond one of them is refused; findings are all counted. Change them by: riscontro check --limit NAME=VALUE",
        )
    )
}

/// The same as one JSON object.
pub fn limits_json(limits: &Limits, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let each = |limit: &Limit| JsonLimit {
        name: limit.name,
        value: limit.value(limits),
        unit: match limit.unit {
            Unit::Bytes => "byte",
            Unit::Count => "count",
        },
        meaning: lang.pick(limit.meaning.0, limit.meaning.1),
    };
    line(&JsonLimits { version: 1, limits: Limits::ALL.iter().map(each).collect() }, out)
}
