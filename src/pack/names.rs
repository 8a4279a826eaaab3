//! What the files of a pack say by name or as a pattern, and whether it is there: a slip would pass for an empty table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::catalogue::Catalogue;
use super::data::position;
use super::declared::{DeclaredKind, declared_kind, unknown_declared};
use super::given::GivenSpec;
use super::model::check_model;
use super::pattern::Pattern;
use super::schedule::{BEHAVIOURS, FieldSource, HeadSpec, Pack, ROLES, Schedule};
use super::shape::Shape;
use crate::model::{Basis, Bilingual, RuleFault};
use crate::text;

/// What an unknown name is called, in both languages.
pub(super) type What = (&'static str, &'static str);

pub(super) const FIELD: What = ("campo sconosciuto", "unknown field");
const PATTERN: What = ("schema sconosciuto", "unknown pattern");
/// Names in anchors that are no field.
const ANCHOR_WORDS: [&str; 2] = ["row", "variant"];

/// A file of a pack as text, with the faults found in it.
pub(super) struct Checked<'a> {
    /// Path with `/`.
    pub(super) file: String,
    /// The whole text.
    pub(super) source: &'a str,
    pub(super) faults: Vec<RuleFault>,
}

impl<'a> Checked<'a> {
    pub(super) fn new(file: String, source: &'a str) -> Self {
        Self { file, source, faults: Vec::new() }
    }

    /// A fault at the first place where `written` stands under `key`, else at the first one at all.
    pub(super) fn fault(&mut self, key: &str, written: &[String], message: Bilingual) {
        let (line, column) = position(self.source, offset(self.source, key, written));
        self.faults.push(RuleFault { file: self.file.clone(), line, column, message });
    }

    /// A fault if a name is none of the known ones.
    pub(super) fn known(&mut self, key: &str, what: What, name: &str, known: &[&str]) {
        self.written(key, what, name, known, &quoted(name));
    }

    /// The same for a name that stands otherwise than in quotes.
    fn written(&mut self, key: &str, what: What, name: &str, known: &[&str], written: &[String]) {
        if !known.contains(&name) {
            self.fault(key, written, unknown(what, name, known));
        }
    }

    /// Patterns that do not compile.
    pub(super) fn patterns<'p>(&mut self, patterns: impl IntoIterator<Item = &'p Pattern>) {
        for pattern in patterns {
            if let Err(reason) = pattern.check() {
                let it = format!("lo schema «{pattern}» non è un'espressione regolare valida: {reason}");
                let en = format!("the pattern “{pattern}” is no valid regular expression: {reason}");
                self.fault("", &[pattern.as_str().to_owned()], Bilingual::new(it, en));
            }
        }
    }
}

/// The behaviours that a file of reading notes gives texts for and reading does not have.
pub(super) fn check_behaviours<'n>(file: &mut Checked<'_>, names: impl IntoIterator<Item = &'n String>) {
    for name in names {
        file.written(
            "",
            ("nota di lettura sconosciuta", "unknown reading note"),
            name,
            &BEHAVIOURS,
            &[format!("[{name}]")],
        );
    }
}

/// Patterns of a schedule that do not compile, names in it that refer to nothing, and groups of patterns that fill
/// nothing.
pub(super) fn check_schedule(file: &mut Checked<'_>, pack: &Pack) {
    let schedule = &pack.schedule;
    file.patterns(patterns(schedule));
    let fields: Vec<&str> = schedule.fields.iter().map(|f| &*f.name).collect();
    let known: Vec<&str> = schedule.patterns.keys().map(String::as_str).collect();
    for (key, name) in named_patterns(schedule) {
        file.known(key, PATTERN, name, &known);
    }
    let norms: Vec<&str> = schedule.norms.keys().map(String::as_str).collect();
    check_norms(file, &schedule.norms, &norms);
    check_fields(file, schedule, &fields);
    check_declared(file, pack, &fields);
    schedule.recognition.apart_as.iter().for_each(|f| file.known("apart_as", FIELD, f, &fields));
    for name in schedule.recognition.years.iter().flat_map(|y| [&y.field, &y.beside]) {
        file.known("years", FIELD, name, &fields);
    }
    let register = &schedule.register;
    register.running.iter().for_each(|f| file.known("running", FIELD, f, &fields));
    register.subtitles.iter().for_each(|f| file.known("subtitles", FIELD, f, &fields));
    register.fill.iter().for_each(|f| file.known("fill", FIELD, f, &fields));
    for mark in &register.mark {
        mark.fields.iter().for_each(|f| file.known("fields", FIELD, f, &fields));
        file.known("pattern", PATTERN, &mark.pattern, &known);
    }
    register.own.iter().for_each(|f| file.known("own", FIELD, f, &fields));
    for pair in &register.exchange {
        file.known("named", FIELD, &pair.named, &fields);
        file.known("read_as", FIELD, &pair.read_as, &fields);
    }
    for split in &register.split {
        file.known("field", FIELD, &split.field, &fields);
        for group in split.pattern.groups() {
            let written = [format!("?P<{group}>"), format!("?<{group}>")];
            file.written("pattern", FIELD, group, &fields, &written);
        }
        let it = "nessun gruppo (?P<campo>…) dice quali campi riempire";
        with_group(
            file,
            &split.pattern,
            |groups| !groups.is_empty(),
            it,
            "no group (?P<field>…) says which fields to fill",
        );
    }
    for pattern in schedule.head.values().flat_map(of_datum) {
        let it = "manca il gruppo (?P<value>…) che dà il dato";
        with_group(
            file,
            pattern,
            |groups| groups.contains(&"value"),
            it,
            "the group (?P<value>…) that gives the datum is missing",
        );
    }
    check_shape(file, pack, &fields);
    check_model(file, pack, &fields);
}

/// Every regular expression that a schedule writes.
fn patterns(schedule: &Schedule) -> impl Iterator<Item = &Pattern> {
    let register = &schedule.register;
    let fields = schedule.fields.iter().filter_map(|f| f.parts.as_ref());
    let split = register.split.iter().map(|s| &s.pattern);
    let implied = register.imply.iter().map(|i| &i.pattern);
    let against = schedule.head.values().filter_map(|h| h.against.as_ref());
    let named = schedule.patterns.values().chain(schedule.head.values().flat_map(of_datum)).chain(against);
    named.chain(fields).chain(split).chain(implied).chain(schedule.flow.patterns())
}

/// The same, to change them.
pub(super) fn patterns_mut(schedule: &mut Schedule) -> impl Iterator<Item = &mut Pattern> {
    let register = &mut schedule.register;
    let head = schedule.head.values_mut();
    let head = head.flat_map(|h| h.pattern.iter_mut().chain(&mut h.or_pattern).chain(&mut h.against));
    let fields = schedule.fields.iter_mut().filter_map(|f| f.parts.as_mut());
    let split = register.split.iter_mut().map(|s| &mut s.pattern);
    let implied = register.imply.iter_mut().map(|i| &mut i.pattern);
    let own = schedule.patterns.values_mut().chain(head).chain(fields).chain(split).chain(implied);
    own.chain(schedule.flow.patterns_mut())
}

/// The patterns of a datum of the head.
fn of_datum(datum: &HeadSpec) -> impl Iterator<Item = &Pattern> {
    datum.pattern.iter().chain(&datum.or_pattern)
}

/// Every name of a pattern that a schedule refers to, with the key it stands under.
fn named_patterns(schedule: &Schedule) -> impl Iterator<Item = (&'static str, &String)> {
    let fields = schedule.fields.iter().flat_map(|f| {
        let lists = [("content", &f.content), ("against", &f.against), ("telling", &f.telling)];
        let lists = lists.into_iter().chain([("by_content", &f.by_content)]);
        let listed = lists.flat_map(|(key, names)| names.iter().map(move |name| (key, name)));
        listed.chain(f.empty_like.iter().map(|name| ("empty_like", name)))
    });
    let register = &schedule.register;
    let rows = [("skip", &register.skip), ("totals", &register.totals), ("signatures", &register.signatures)];
    let lists = rows.into_iter().chain([("titles", &register.titles), ("values", &schedule.recognition.values)]);
    fields.chain(lists.flat_map(|(key, names)| names.iter().map(move |name| (key, name))))
}

/// The keys of the configuration that a schedule names, and what catalogues that a body gives are made of.
fn check_declared(file: &mut Checked<'_>, pack: &Pack, fields: &[&str]) {
    let schedule = &pack.schedule;
    let of_catalogues =
        schedule.catalogues.values().flat_map(|spec| [&spec.declared].into_iter().chain(&spec.named_by));
    for key in schedule.head.values().filter_map(|datum| datum.declared.as_ref()).chain(of_catalogues) {
        if declared_kind(key).is_none() {
            file.fault("declared", &quoted(key), unknown_declared(key));
        }
    }
    for (name, spec) in &schedule.catalogues {
        check_given(file, schedule, fields, (name, spec));
        if pack.catalogues.get(name).is_some_and(|c| c.title == Bilingual::default()) {
            let it = format!("manca la voce «title»: il pacchetto non ha un catalogo «{name}» suo");
            let en = format!("the key “title” is missing: the pack has no catalogue “{name}” of its own");
            file.fault(name, &[format!("catalogues.{name}"), name.clone()], Bilingual::new(it, en));
        }
    }
}

fn check_given(file: &mut Checked<'_>, schedule: &Schedule, fields: &[&str], (name, spec): (&str, &GivenSpec)) {
    spec.field.iter().for_each(|f| file.known("field", FIELD, f, fields));
    let pattern = spec.field.as_ref().and_then(|f| schedule.field(f)).and_then(|f| f.parts.as_ref());
    let groups: Vec<&str> = pattern.into_iter().flat_map(Pattern::groups).collect();
    spec.part.iter().for_each(|p| file.known("part", ("parte sconosciuta", "unknown part"), p, &groups));
    if declared_kind(&spec.declared).is_some_and(|kind| kind != DeclaredKind::List) {
        let it = format!("la voce «{}» non dà un elenco: il catalogo «{name}» ne vuole uno", spec.declared);
        let en = format!("the key “{}” gives no list: the catalogue “{name}” wants one", spec.declared);
        file.fault("declared", &quoted(&spec.declared), Bilingual::new(it, en));
    }
}

/// Norms: those they name beside them, and their years.
pub(super) fn check_norms(file: &mut Checked<'_>, norms: &BTreeMap<String, Basis>, known: &[&str]) {
    for (id, norm) in norms {
        norm.beside.iter().for_each(|other| file.known("beside", ("norma sconosciuta", "unknown norm"), other, known));
        if let (Some(from), Some(to)) = (norm.valid_from, norm.valid_to)
            && from > to
        {
            let it = format!("la norma «{id}» vale dal {from} al {to}: gli anni sono scambiati");
            let en = format!("the norm “{id}” holds from {from} to {to}: the years are exchanged");
            file.fault(id, &[format!("norms.{id}"), id.clone()], Bilingual::new(it, en));
        }
    }
}

/// Fields and entities: what they say of each other, and the words of anchors.
fn check_fields(file: &mut Checked<'_>, schedule: &Schedule, fields: &[&str]) {
    let entities: Vec<&str> = schedule.entities.iter().map(|e| &*e.name).collect();
    for field in &schedule.fields {
        file.known("entity", ("entità sconosciuta", "unknown entity"), &field.entity, &entities);
    }
    let words: Vec<&str> = fields.iter().copied().chain(ANCHOR_WORDS).collect();
    for entity in &schedule.entities {
        entity.key.iter().for_each(|f| file.known("key", FIELD, f, fields));
        for anchor in &entity.anchors {
            for name in placeholders(&anchor.it).into_iter().chain(placeholders(&anchor.en)) {
                file.written("anchors", FIELD, name, &words, &[format!("{{{name}}}")]);
            }
            anchor.digits.iter().for_each(|f| file.known("digits", FIELD, f, fields));
        }
    }
    for field in &schedule.fields {
        field.next_to.iter().for_each(|f| file.known("next_to", FIELD, f, fields));
        field.follows.iter().for_each(|f| file.known("follows", FIELD, f, fields));
    }
    schedule.register.imply.iter().for_each(|i| file.known("field", FIELD, &i.field, fields));
    for field in schedule.recognition.minimum.iter().flatten() {
        file.known("minimum", FIELD, field, fields);
    }
}

/// What the shape of a schedule wants: its table, and the fields and the form that this names.
fn check_shape(file: &mut Checked<'_>, pack: &Pack, fields: &[&str]) {
    let schedule = &pack.schedule;
    let catalogues: Vec<&str> = pack.catalogues.keys().map(String::as_str).collect();
    let form = ("catalogo sconosciuto", "unknown catalogue");
    let wanted = match (schedule.shape, &schedule.questionnaire, &schedule.counts) {
        (Shape::Questionnaire, Some(q), _) => {
            file.known("form", form, &q.form, &catalogues);
            for (key, name) in [("number", &q.number), ("text", &q.text), ("answer", &q.answer)] {
                file.known(key, FIELD, name, fields);
            }
            q.groups.iter().for_each(|f| file.known("groups", FIELD, f, fields));
            q.options.iter().for_each(|f| file.known("options", FIELD, f, fields));
            return;
        }
        (Shape::Counts, _, Some(c)) => {
            file.known("form", form, &c.form, &catalogues);
            let named = [("number", &c.number), ("label", &c.label), ("value", &c.value), ("note", &c.note)];
            for (key, name) in named {
                file.known(key, FIELD, name, fields);
            }
            return;
        }
        (Shape::Register, ..) => return,
        (Shape::Flow, ..) => return check_flow(file, schedule, fields),
        (Shape::Questionnaire, None, _) => "questionnaire",
        (Shape::Counts, _, None) => "counts",
    };
    let it = format!("manca la tabella [{wanted}] che la forma «{wanted}» richiede");
    let en = format!("the table [{wanted}] is missing that the shape “{wanted}” requires");
    file.fault("shape", &quoted(wanted), Bilingual::new(it, en));
}

/// What a flow says by name: fields, entities, the groups of its patterns.
fn check_flow(file: &mut Checked<'_>, schedule: &Schedule, fields: &[&str]) {
    let flow = &schedule.flow;
    let entities: Vec<&str> = schedule.entities.iter().map(|e| &*e.name).collect();
    flow.front.keys().for_each(|f| file.written("", FIELD, f, fields, &[f.to_string()]));
    flow.fault.iter().for_each(|f| file.known("fault", FIELD, f, fields));
    for section in &flow.sections {
        file.known("entity", ("entità sconosciuta", "unknown entity"), &section.entity, &entities);
        section.text.iter().for_each(|f| file.known("text", FIELD, f, fields));
    }
    flow.anywhere.keys().for_each(|f| file.written("", FIELD, f, fields, &[f.to_string()]));
    let of_sections = flow.sections.iter().flat_map(|s| [&s.heading].into_iter().chain(&s.items));
    for group in of_sections.flat_map(Pattern::groups) {
        file.written("", FIELD, group, fields, &[format!("?P<{group}>"), format!("?<{group}>")]);
    }
}

/// What the schedule says of its form by name: roles of rows, attributes, numbers of questions.
pub(super) fn check_against_form(file: &mut Checked<'_>, schedule: &Schedule, form: &Catalogue) {
    let details = form.entries.iter().filter_map(|e| e.get("detail"));
    let roles: Vec<&str> = ROLES.into_iter().chain(details).collect();
    for field in &schedule.fields {
        let rows = field.role.iter().filter(|_| field.source == FieldSource::Rows);
        rows.for_each(|r| file.known("role", ("ruolo sconosciuto", "unknown role"), r, &roles));
        if field.source == FieldSource::Form && !form.has_attribute(&field.name) {
            let it = format!("nessuna riga del modulo ha la voce «{}»", field.name);
            let en = format!("no row of the form has the key “{}”", field.name);
            file.fault("name", &quoted(&field.name), Bilingual::new(it, en));
        }
    }
    let keys: Vec<&str> = form.entries.iter().filter_map(|e| e.get("key")).collect();
    for number in schedule.questionnaire.iter().flat_map(|q| &q.extensible) {
        file.known("extensible", ("domanda sconosciuta", "unknown question"), number, &keys);
    }
    for number in schedule.head.values().filter_map(|h| h.question.as_deref()) {
        file.known("question", ("domanda sconosciuta", "unknown question"), number, &keys);
    }
}

/// The rows of a form: their roles, and the variants of counts.
pub(super) fn check_form(file: &mut Checked<'_>, schedule: &Schedule, form: &Catalogue) {
    let variants: Vec<&str> = schedule.counts.iter().flat_map(|c| &c.variants).map(|v| &*v.name).collect();
    for entry in &form.entries {
        match schedule.shape {
            Shape::Questionnaire => {
                file.known(
                    "role",
                    ("ruolo sconosciuto", "unknown role"),
                    entry.get("role").unwrap_or_default(),
                    &ROLES,
                );
            }
            Shape::Counts => {
                let named = entry.all("variant").iter();
                named.for_each(|v| file.known("variant", ("variante sconosciuta", "unknown variant"), v, &variants));
            }
            Shape::Register | Shape::Flow => {}
        }
    }
}

/// A fault if a pattern that compiles has not the groups it should.
fn with_group(file: &mut Checked<'_>, pattern: &Pattern, has: impl Fn(&[&str]) -> bool, it: &str, en: &str) {
    if pattern.check().is_ok() && !has(&pattern.groups().collect::<Vec<_>>()) {
        let message = Bilingual::new(format!("schema «{pattern}»: {it}"), format!("pattern “{pattern}”: {en}"));
        file.fault("pattern", &[pattern.as_str().to_owned()], message);
    }
}

/// The names in braces.
fn placeholders(template: &str) -> Vec<&str> {
    template.split('{').skip(1).map(|tail| tail.split('}').next().unwrap_or(tail)).collect()
}

pub(super) fn quoted(name: &str) -> [String; 2] {
    [format!("\"{name}\""), format!("'{name}'")]
}

/// Byte offset of something written: where it stands under a key, else where it stands first, else 0. Of something in
/// quotes, that of the first letter.
fn offset(source: &str, key: &str, written: &[String]) -> usize {
    let all = || written.iter().flat_map(|w| source.match_indices(w.as_str())).map(|(at, _)| at);
    let under = all().filter(|at| key_before(source, *at) == Some(key)).min();
    let at = under.or_else(|| all().min());
    let is_quoted = at.and_then(|at| source.get(at..)).is_some_and(|s| s.starts_with(['"', '\'']));
    at.map_or(0, |at| at + usize::from(is_quoted))
}

/// The key that the text at an offset belongs to: the last one at the beginning of a line.
fn key_before(source: &str, at: usize) -> Option<&str> {
    let end = source.get(at..)?.find('\n').map_or(source.len(), |i| at + i);
    source.get(..end)?.lines().rev().find_map(|line| {
        let key = line.split_once('=')?.0.trim();
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        is_key.then_some(key)
    })
}

/// That a name is unknown, and which one is near.
fn unknown(what: What, name: &str, known: &[&str]) -> Bilingual {
    let (mut it, mut en) = (format!("{} «{name}»", what.0), format!("{} “{name}”", what.1));
    if let Some(near) = text::closest(name, known.iter().copied()) {
        let _ = write!(it, "; forse «{near}»");
        let _ = write!(en, "; did you mean “{near}”?");
    }
    Bilingual::new(it, en)
}
