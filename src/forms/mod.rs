//! Empty forms to fill in, as their packs describe them, with what the document of the year before says.

mod before;
mod columns;
mod guide;

use crate::model::{BlankCell, BlankDatum, BlankForm, BlankRow, BlankSheet, Document, Lang};
use crate::pack::{
    Catalogue, Counts, Declared, Entry, Model, Pack, Packs, Questionnaire, Shape, VARIANT, declared_text,
};
use before::Before;
use columns::Lists;

/// Rows of a register that are ready to be filled in; more may follow.
const READY: usize = 40;
/// Rows that follow those of the document before.
const SPARE: usize = 15;

/// The pack that has an empty form by this name: that of a kind, or a name that the pack gives it.
pub fn named<'p>(packs: &'p Packs, name: &str) -> Option<&'p Pack> {
    let all = || packs.packs.iter().filter(|p| p.schedule.model.is_some());
    let kind = all().find(|p| &*p.schedule.kind == name);
    kind.or_else(|| all().find(|p| p.schedule.is_modelled_as(name))).map(AsRef::as_ref)
}

/// What is known of the document that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its year.
    pub year: Option<i16>,
    /// The document of the year before.
    pub before: Option<&'a Document>,
    /// What the body declares.
    pub declared: &'a Declared,
}

/// The empty form of a pack, with hints from the document before; none where the pack has no form.
pub fn blank_form(pack: &Pack, known: Known<'_>, lang: Lang) -> Option<BlankForm> {
    let model = pack.schedule.model.as_ref()?;
    let schedule = &pack.schedule;
    let before = Before::new(pack, known.before, lang);
    let declared = schedule.year().and_then(|datum| schedule.declared(datum)).and_then(|key| known.declared.get(key));
    let year = known.year.or_else(|| before.year()?.checked_add(1)).or_else(|| declared_text(declared?).parse().ok());
    let maker = Maker { pack, model, year, before, declared: known.declared, lang };
    let mut lists = Lists::default();
    let sheets = match (schedule.shape, &schedule.questionnaire, &schedule.counts, pack.form()) {
        (Shape::Questionnaire, Some(spec), _, Some(form)) => vec![maker.questionnaire(spec, form, &mut lists)],
        (Shape::Counts, _, Some(spec), Some(form)) => maker.counts(spec, form, &mut lists),
        _ => vec![maker.register(&mut lists)],
    };
    let mut form =
        BlankForm { lang, title: schedule.title.it.clone(), sheets, lists: lists.finish(), guide: Vec::new() };
    form.guide = guide::sections(&maker, &form);
    Some(form)
}

/// What goes into the making of a form.
struct Maker<'a> {
    pack: &'a Pack,
    model: &'a Model,
    year: Option<i16>,
    before: Before<'a>,
    declared: &'a Declared,
    lang: Lang,
}

impl Maker<'_> {
    fn sheet(&self, lists: &mut Lists) -> BlankSheet {
        BlankSheet {
            name: self.model.sheet.clone(),
            title: self.pack.schedule.title.it.clone(),
            head: self.head(),
            remark: self.model.remark.clone(),
            columns: columns::of(self, lists),
            rows: Vec::new(),
            goes_on: false,
        }
    }

    fn head(&self) -> Vec<BlankDatum> {
        let schedule = &self.pack.schedule;
        let specs = self.model.head.iter().filter_map(|name| Some((name, schedule.head.get(&**name)?)));
        let data = specs.map(|(name, spec)| BlankDatum {
            label: spec.labels.first().unwrap_or(&spec.title.it).clone(),
            value: if schedule.year() == Some(name) {
                self.year.map(|year| year.to_string())
            } else {
                spec.declared.as_ref().and_then(|key| self.declared.get(key)).map(declared_text)
            },
            // That the year before was the one before says nothing.
            hint: self.before.datum(name).filter(|_| schedule.year() != Some(name)),
        });
        data.collect()
    }

    fn register(&self, lists: &mut Lists) -> BlankSheet {
        let mut sheet = self.sheet(lists);
        sheet.goes_on = true;
        let hinted = self.before.rows(&sheet.columns, &self.model.columns);
        let ready = if hinted.is_empty() { READY } else { READY.max(hinted.len() + SPARE) };
        let blank = || BlankRow { cells: Vec::new(), is_first: false };
        let rows = hinted.into_iter().map(|hints| {
            let cells = hints.into_iter().map(|hint| BlankCell::ToFill { list: None, hint });
            BlankRow { cells: cells.collect(), is_first: false }
        });
        sheet.rows = rows.chain(std::iter::repeat_with(blank)).take(ready).collect();
        sheet
    }

    fn questionnaire(&self, spec: &Questionnaire, form: &Catalogue, lists: &mut Lists) -> BlankSheet {
        let mut sheet = self.sheet(lists);
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for entry in &form.entries {
            let (role, key) = (entry.get("detail").or(entry.get("role")), entry.get("key").unwrap_or_default());
            let row = (key, role.unwrap_or_default());
            let nth = seen.iter().filter(|known| **known == row).count();
            seen.push(row);
            let cells = self.model.columns.iter().map(|column| {
                if let Some(text) = printed(&column.field, spec, form, entry) {
                    return BlankCell::Printed(text.to_owned());
                }
                let is_answer = column.field == spec.answer;
                if !is_answer && !entry.is_question() {
                    return BlankCell::Printed(String::new());
                }
                let options = spec.options.iter().filter(|_| is_answer).flat_map(|o| entry.all(o));
                let list = lists.of_question(key, options.map(ToString::to_string).collect());
                let hint = if is_answer { self.before.answer(entry, nth) } else { self.before.of(key, &column.field) };
                BlankCell::ToFill { list, hint }
            });
            sheet.rows.push(BlankRow { cells: cells.collect(), is_first: entry.is_question() });
        }
        sheet
    }

    fn counts(&self, spec: &Counts, form: &Catalogue, lists: &mut Lists) -> Vec<BlankSheet> {
        let sheets = spec.variants.iter().map(|variant| {
            let mut sheet = self.sheet(lists);
            sheet.name = sheet.name.replace(VARIANT, &variant.title.it);
            sheet.title = format!("{} {}", form.title.it, variant.title.it);
            let printed = |e: &&Entry| e.get("variant") == Some(&*variant.name) && e.get("required").is_some();
            for entry in form.entries.iter().filter(printed) {
                let key = entry.get("key").unwrap_or_default();
                let cells = self.model.columns.iter().map(|column| match &column.field {
                    field if *field == spec.number => BlankCell::Printed(key.to_owned()),
                    field if *field == spec.label => BlankCell::Printed(entry.value.to_string()),
                    field => BlankCell::ToFill { list: None, hint: self.before.count(&variant.name, key, field) },
                });
                sheet.rows.push(BlankRow { cells: cells.collect(), is_first: false });
            }
            sheet
        });
        sheets.collect()
    }
}

/// The attributes of an entry that tell its groups, outermost first.
const GROUPS: [&str; 2] = ["section", "group"];

/// What the form prints in a column of a row; nothing where it is to fill in.
fn printed<'e>(field: &str, spec: &Questionnaire, form: &Catalogue, entry: &'e Entry) -> Option<&'e str> {
    if *spec.answer == *field {
        return None;
    }
    if *spec.text == *field {
        return Some(&entry.value);
    }
    if *spec.number == *field {
        return Some(entry.get("key").filter(|_| entry.is_question()).unwrap_or_default());
    }
    let group = spec.groups.iter().zip(GROUPS).find(|(own, _)| ***own == *field).map(|(_, group)| group);
    let is_of_form = group.is_some() || form.has_attribute(field);
    is_of_form.then(|| entry.get(group.unwrap_or(field)).unwrap_or_default())
}
