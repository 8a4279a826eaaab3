//! What is in force for a document, and where each of it comes from.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Painter;
use super::json::line;
use super::words::one_line;
use crate::model::{Lang, Origin, Setting, SettingValue};

/// What is in force for one path.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The path asked about, with `/`.
    pub path: &'a str,
    /// The configuration that holds for it.
    pub file: Option<&'a Path>,
    /// Everything in force.
    pub all: &'a [Setting],
}

/// For a person: one setting a line, as it would stand in the file, and where it comes from.
pub fn settings(told: &Settings<'_>, lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let path = one_line(told.path);
    let file = match told.file {
        Some(file) => one_line(&shown(file)),
        None => lang.pick("nessun riscontro.toml", "no riscontro.toml").to_owned(),
    };
    writeln!(
        out,
        "{}",
        painter.strong.paint(&lang.pick(format!("che cosa vale per {path}"), format!("what is in force for {path}")))
    )?;
    writeln!(out, "{}: {file}\n", lang.pick("configurazione", "configuration"))?;
    let width = told.all.iter().map(|s| s.name().chars().count()).max().unwrap_or_default().min(WIDEST);
    for setting in told.all {
        let value = if is_unsaid(setting) {
            lang.pick("(non detto)", "(not said)").to_owned()
        } else {
            setting.value.to_string()
        };
        let written = one_line(&format!("{:<width$} = {value}", setting.name()));
        writeln!(out, "{written}")?;
        let origin = one_line(&origin(&setting.origin, lang));
        let why = setting.why.as_ref().map(|why| format!(": {}", why.get(lang))).unwrap_or_default();
        writeln!(out, "  {}", painter.faint.paint(&format!("{origin}{why}")))?;
    }
    Ok(())
}

/// Whether nobody says it and there is nothing by default.
fn is_unsaid(setting: &Setting) -> bool {
    let is_empty = match &setting.value {
        SettingValue::Text(text) => text.is_empty(),
        SettingValue::List(items) => items.is_empty(),
        _ => false,
    };
    is_empty && setting.origin == Origin::Default
}

/// Characters of keys that values line up behind.
const WIDEST: usize = 32;

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Where a setting comes from, in words.
fn origin(origin: &Origin, lang: Lang) -> String {
    match origin {
        Origin::Option(name) => lang.pick(format!("dall'opzione {name}"), format!("by the option {name}")),
        Origin::Environment(name) => lang.pick(format!("dalla variabile {name}"), format!("by the variable {name}")),
        Origin::File { path, line, matching } => {
            let path = shown(path);
            let place = lang.pick(format!("da {path}, riga {line}"), format!("from {path}, line {line}"));
            match matching {
                Some(pattern) => format!("{place} ([[paths]] «{pattern}»)"),
                None => place,
            }
        }
        Origin::Profile(name) => lang.pick(format!("dal profilo {name}"), format!("by the profile {name}")),
        Origin::Default => lang.pick("di norma", "by default").to_owned(),
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    path: &'a str,
    configuration: Option<String>,
    settings: Vec<One<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    key: String,
    value: Value,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    matching: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

impl<'a> One<'a> {
    fn new(setting: &'a Setting, lang: Lang) -> Self {
        let (origin, name) = match &setting.origin {
            Origin::Option(name) => ("option", Some(*name)),
            Origin::Environment(name) => ("environment", Some(*name)),
            Origin::File { .. } => ("file", None),
            Origin::Profile(name) => ("profile", Some(&**name)),
            Origin::Default => ("default", None),
        };
        let (file, line, matching) = match &setting.origin {
            Origin::File { path, line, matching } => (Some(shown(path)), Some(*line), matching.as_deref()),
            _ => (None, None, None),
        };
        let why = setting.why.as_ref().map(|why| why.get(lang));
        let value = if is_unsaid(setting) { Value::Null } else { json(&setting.value) };
        Self { key: setting.name(), value, origin, name, file, line, matching, why }
    }
}

fn json(value: &SettingValue) -> Value {
    match value {
        SettingValue::Text(text) => text.as_str().into(),
        SettingValue::Number(digits) => serde_json::from_str(digits).unwrap_or_else(|_| digits.as_str().into()),
        SettingValue::Flag(flag) => (*flag).into(),
        SettingValue::List(items) => items.iter().map(json).collect(),
        SettingValue::Table(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), json(value))).collect::<Map<_, _>>().into()
        }
    }
}

/// The same as one JSON object.
pub fn settings_json(told: &Settings<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let settings = told.all.iter().map(|s| One::new(s, lang)).collect();
    line(&Whole { version: 1, path: told.path, configuration: told.file.map(shown), settings }, out)
}
