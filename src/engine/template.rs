//! The rule file that an author starts from: it loads and runs, and says itself what is still to be written.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Bilingual, Lang};
use crate::pack::{FieldKind, FieldSource, FieldSpec, Pack, Packs};

/// What begins a text that the author has yet to write, in both languages.
const OPEN: [&str; 2] = ["<compilare: ", "<fill in: "];

/// A rule file for a kind of schedule, with everything that only its author knows marked as to be written. `norms` are
/// those it may cite, the likeliest first.
pub fn template(pack: &Pack, code: &str, norms: &[&str], lang: Lang) -> String {
    let t = |it: &'static str, en: &'static str| lang.pick(it, en);
    let [it, en] = OPEN;
    let todo = |what: &str| format!("{}{what}>", lang.pick(it, en));
    let Start { each, at, when, fault, near } = start(pack);
    let line = |key: &str, value: &str, remark: &str| format!("{key:<8} = {value:<26} # {remark}");
    let quoted = |text: &str| format!("\"{text}\"");
    let applies = t(
        "quando la regola si applica; se sempre, togliere la riga",
        "when the rule applies; if always, remove the line",
    );
    let when = when.map(|when| line("when", &format!("'{when}'"), &todo(applies)));
    let when = when.unwrap_or_else(|| line("# when", &format!("'present({at})'"), applies));
    let norm = norms.first().copied().unwrap_or_default();
    let example = |text: &str, outcome: &str, what: &str| {
        format!("[[example]]{:26} # {}\n{text}\noutcome  = \"{outcome}\"\n", "", todo(what))
    };
    let severity = t("errore, avviso o osservazione", "errore, avviso or osservazione");
    let basis = t("la norma, una di quelle qui sotto", "the norm, one of those below");
    [
        "/*---".to_owned(),
        line("code", &quoted(code), t("la sigla: il primo numero libero", "the code: the first number that is free")),
        line("severity", "\"avviso\"", &todo(severity)),
        line("basis", &quoted(norm), &todo(basis)),
        wrapped(norms),
        line("each", &quoted(&each), t("che cosa si controlla uno per uno", "what is checked one by one")),
        when,
        line("at", &quoted(&at), t("il campo la cui cella riceve il rilievo", "the field whose cell gets the finding"))
            + "\n",
        texts("it", t(" (in italiano)", " (in Italian)"), &todo, lang),
        texts("en", t(" (in inglese)", " (in English)"), &todo, lang),
        example(&fault, "findings", t("un caso con il difetto", "a case with the fault")),
        example(&near, "passed", t("un caso vicino, senza il difetto", "a near miss, without the fault")),
        "---*/".to_owned(),
        format!("// {}", todo(t("la condizione che deve valere", "the condition that must hold"))),
        format!("present({at})\n"),
    ]
    .join("\n")
}

/// The texts of one language.
fn texts(section: &str, of: &str, todo: &dyn Fn(&str) -> String, lang: Lang) -> String {
    let t = |it: &'static str, en: &'static str| lang.pick(it, en);
    let message =
        t("{anchor}: una frase che dice che cosa si è trovato", "{anchor}: one sentence that says what was found");
    let lines = [
        ("title", t("il difetto in poche parole", "the fault in a few words")),
        ("message", message),
        ("why", t("perché conta", "why it matters")),
        ("remedy", t("come si rimedia", "how to put it right")),
    ];
    let lines: Vec<String> =
        lines.iter().map(|(key, text)| format!("{key:<8} = \"{}\"", todo(&format!("{text}{of}")))).collect();
    format!("[{section}]\n{}\n", lines.join("\n"))
}

/// Names in comments, some a line.
fn wrapped(names: &[&str]) -> String {
    const WIDTH: usize = 110;
    let mut lines = vec!["#".to_owned()];
    for (nth, name) in names.iter().enumerate() {
        let comma = if nth + 1 < names.len() { "," } else { "" };
        let Some(line) = lines.last_mut() else { break };
        if line.chars().count() + name.chars().count() < WIDTH {
            line.extend([" ", *name, comma]);
        } else {
            lines.push(format!("# {name}{comma}"));
        }
    }
    lines.join("\n")
}

/// A condition on a field that a document of the kind has, and the rows for and against it.
struct Start {
    each: String,
    at: String,
    when: Option<String>,
    fault: String,
    near: String,
}

fn start(pack: &Pack) -> Start {
    let schedule = &pack.schedule;
    let each = schedule.entities.first().map(|e| e.name.to_string()).unwrap_or_default();
    let form = pack.form().map_or(&[][..], |f| f.entries.as_slice());
    let mut keys = form.iter().filter(|e| schedule.counts.is_some() || e.is_question()).filter_map(|e| e.get("key"));
    if let Some(form) = &schedule.questionnaire {
        let (one, other) = (keys.next().unwrap_or_default(), keys.next().unwrap_or_default());
        return Start {
            each,
            at: form.answer.to_string(),
            when: Some(format!("{} == \"{one}\"", form.number)),
            fault: format!("answers  = {{ \"{other}\" = \"No\" }}"),
            near: format!("answers  = {{ \"{one}\" = \"No\" }}"),
        };
    }
    if let Some(form) = &schedule.counts {
        let one = keys.next().unwrap_or_default();
        let table = form.variants.first().map(|v| v.name.to_string()).unwrap_or_default();
        return Start {
            each,
            at: form.value.to_string(),
            when: Some(format!("{} == \"{one}\"", form.number)),
            fault: format!("counts   = {{ {table} = {{ {one} = \"\" }} }}"),
            near: format!("counts   = {{ {table} = {{ {one} = 5 }} }}"),
        };
    }
    let entity = schedule.entities.first();
    let of = |f: &&FieldSpec| f.source == FieldSource::Column && Some(&f.entity) == entity.map(|e| &e.name) && !f.many;
    let is_key = |f: &&FieldSpec| entity.is_some_and(|e| e.key.contains(&f.name));
    let fields = || schedule.fields.iter().filter(of);
    let key = fields().find(is_key).or_else(|| fields().next());
    let field = fields().find(|f| !is_key(f)).or(key);
    let (key, field) = (key.or(schedule.fields.first()), field.or(schedule.fields.first()));
    let at = field.map(|f| f.name.to_string()).unwrap_or_default();
    let row = |value: &str| {
        let key =
            key.filter(|k| *k.name != *at).map(|k| format!("{} = \"{}\", ", k.name, sample(k))).unwrap_or_default();
        format!("row      = {{ {key}{at} = \"{value}\" }}")
    };
    let value = field.map(sample).unwrap_or_default();
    Start { each, at: at.clone(), when: None, fault: row(""), near: row(&value) }
}

/// A value that a field may have.
fn sample(field: &FieldSpec) -> String {
    match (field.values.first(), field.kind) {
        (Some(value), _) => value.clone(),
        (None, FieldKind::Number | FieldKind::Value) => "1".to_owned(),
        (None, FieldKind::Timing) => "31/12/2027".to_owned(),
        (None, FieldKind::Text) => "valore".to_owned(),
    }
}

/// The next code that no rule has: of the family that most rules of a folder (the beginning of their paths) are of, or of
/// one that no shipped rule will ever have.
pub fn free_code(packs: &Packs, folder: &str) -> String {
    let all: Vec<(&str, &str)> = packs
        .packs
        .iter()
        .flat_map(|p| &p.rules)
        .filter_map(|rule| Some((rule.file.as_str(), written_code(&rule.text)?)))
        .collect();
    let mut families: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    for (_, code) in all.iter().filter(|(file, _)| file.starts_with(folder)) {
        let family = code.trim_end_matches(|c: char| c.is_ascii_digit());
        *families.entry((family, code.len() - family.len())).or_default() += 1;
    }
    let most = families.iter().max_by_key(|(family, count)| (**count, Reverse(**family)));
    let (family, digits) = most.map_or((OWN_FAMILY, 2), |(family, _)| *family);
    let taken: BTreeSet<&str> = all.iter().map(|(_, code)| *code).collect();
    let number = |code: &&str| code.strip_prefix(family)?.parse::<usize>().ok();
    let last = taken.iter().filter_map(number).max().unwrap_or(0);
    format!("{family}{:0digits$}", last + 1)
}

/// The family of codes that bodies' own rules begin with.
const OWN_FAMILY: &str = "NOI-";

/// The code in a rule file, which need not load.
fn written_code(text: &str) -> Option<&str> {
    let (_, value) = text.lines().filter_map(|l| l.split_once('=')).find(|(key, _)| key.trim() == "code")?;
    value.split(['"', '\'']).nth(1)
}

/// What an author has yet to write in a rule: number of the byte, and what it is.
pub(super) fn to_be_written(text: &str) -> Vec<(usize, Bilingual)> {
    let mut found: Vec<(usize, Bilingual)> = OPEN
        .iter()
        .flat_map(|open| text.match_indices(open))
        .map(|(at, open)| {
            let rest = text.get(at + open.len()..).unwrap_or_default();
            let what = rest.split(['>', '\n']).next().unwrap_or_default().trim();
            (at, Bilingual::new(format!("resta da scrivere: {what}"), format!("still to be written: {what}")))
        })
        .collect();
    found.sort_by_key(|(at, _)| *at);
    found
}
