//! The functions of the rule language, for whoever writes a rule.

use std::io::{self, Write};

use serde::Serialize;

use super::Painter;
use super::json::line;
use super::words::count;
use crate::engine::FunctionInfo;
use crate::model::Lang;

/// Each function: how it is called and what it gives, what it means, an example.
pub fn list_functions(
    functions: &[FunctionInfo],
    lang: Lang,
    painter: &Painter,
    out: &mut dyn Write,
) -> io::Result<()> {
    for function in functions {
        let params: Vec<&str> = function.params.iter().map(|p| p.get(lang)).collect();
        let call = painter.strong.paint(&format!("{}({})", function.name, params.join(", ")));
        writeln!(out, "{call} -> {}", function.returns.get(lang))?;
        writeln!(out, "    {}", function.meaning.get(lang))?;
        writeln!(out, "    {}", painter.faint.paint(function.example))?;
    }
    let n = functions.len();
    writeln!(
        out,
        "{}",
        lang.pick(count(n, "funzione del linguaggio", "funzioni del linguaggio"), count(n, "function", "functions"))
    )
}

#[derive(Serialize)]
struct Functions<'a> {
    version: u32,
    functions: Vec<JsonFunction<'a>>,
}

#[derive(Serialize)]
struct JsonFunction<'a> {
    name: &'a str,
    params: Vec<&'a str>,
    returns: &'a str,
    meaning: &'a str,
    example: &'a str,
}

/// The same as one JSON object.
pub fn functions_json(functions: &[FunctionInfo], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let each = |f| json(f, lang);
    line(&Functions { version: 1, functions: functions.iter().map(each).collect() }, out)
}

fn json(function: &FunctionInfo, lang: Lang) -> JsonFunction<'_> {
    JsonFunction {
        name: function.name,
        params: function.params.iter().map(|p| p.get(lang)).collect(),
        returns: function.returns.get(lang),
        meaning: function.meaning.get(lang),
        example: function.example,
    }
}
