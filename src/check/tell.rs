//! From what was recognised to what the report tells of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::options::Options;
use crate::model::{
    Area, Bilingual, CellRef, Column, Document, Entity, EntityCount, Error, ErrorKind, Lang, NearMiss, Outcome, Record,
    Slots, Table, TableReport, UnitId,
};
use crate::pack::Packs;
use crate::text;

/// A table as the report tells of it.
pub(super) fn table_report(table: Table, options: &Options) -> TableReport {
    let title = title(&options.packs, &table).get(options.lang).to_owned();
    let record_places = if options.explain_reading { record_places(&table, &options.packs) } else { Vec::new() };
    let has_rules = options.packs.get(&table.kind).is_some_and(|p| !p.rules.is_empty());
    let header = table.locate(table.header).2;
    let column = |c: &Column| {
        let (_, sheet, heading_area) = table.locate(c.heading_area);
        Column { heading_area, sheet: Some(sheet).filter(|s| *s != table.sheet_name), ..c.clone() }
    };
    let columns = table.columns.iter().map(column).collect();
    let mut spread = table.spread().into_iter();
    let area = spread.next().map_or(table.area, |(_, area)| area);
    TableReport {
        title,
        field_titles: if options.explain_reading { field_titles(&table.kind, options) } else { BTreeMap::new() },
        records: table.records.len(),
        entities: table.entities.iter().map(|e| counted(e, &table.kind, options)).collect(),
        record_places,
        area,
        parts: spread.collect(),
        is_text: table.is_text,
        kind: table.kind,
        variant: table.variant,
        sheet: table.sheet_name,
        sheet_index: table.sheet,
        header,
        has_rules,
        confidence: table.confidence,
        columns,
        reading: table.reading,
    }
}

fn field_titles(kind: &str, options: &Options) -> BTreeMap<Arc<str>, String> {
    let fields = options.packs.get(kind).into_iter().flat_map(|p| &p.schedule.fields);
    fields.map(|f| (f.name.clone(), f.title.get(options.lang).to_owned())).collect()
}

fn counted(entity: &Entity, kind: &str, options: &Options) -> EntityCount {
    let (name, number) = (entity.name.clone(), entity.units.len());
    let spec = options.packs.get(kind).and_then(|p| p.schedule.entity(&name));
    let words = spec.map_or_else(|| format!("{name}: {number}"), |s| s.counted(number, options.lang));
    EntityCount { name, number, words }
}

/// The kinds of the tables, each once, sorted.
pub(super) fn kinds(document: &Document) -> Vec<Arc<str>> {
    let mut kinds: Vec<_> = document.tables.iter().map(|t| t.kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn title(packs: &Packs, table: &Table) -> Bilingual {
    let Some(pack) = packs.get(&table.kind) else {
        return Bilingual::new(&*table.kind, &*table.kind);
    };
    let mut title = pack.schedule.title.clone();
    let variants = pack.schedule.counts.iter().flat_map(|c| &c.variants);
    if let Some(variant) = variants.into_iter().find(|v| Some(&v.name) == table.variant.as_ref()) {
        title.it = format!("{}, {}", title.it, variant.title.it);
        title.en = format!("{}, {}", title.en, variant.title.en);
    }
    title
}

/// Sheet, area and key of every record: the key is that of the outermost unit it belongs to (`17`).
fn record_places(table: &Table, packs: &Packs) -> Vec<(Arc<str>, Area, String)> {
    let pack = packs.get(&table.kind);
    let entity = table.entities.first();
    let spec = entity.and_then(|e| pack?.schedule.entity(&e.name));
    let slots: Vec<usize> = spec.iter().flat_map(|s| &s.key).filter_map(|field| table.slot(field)).collect();
    let units = entity.map_or(&[][..], |e| &e.units);
    let mut at: UnitId = 0;
    let mut places = Vec::with_capacity(table.records.len());
    for (index, record) in table.records.iter().enumerate() {
        while units.get(at as usize).is_some_and(|u| (u.records.1 as usize) < index) {
            at += 1;
        }
        let unit = units.get(at as usize).filter(|u| u.records.0 as usize <= index);
        let key = unit.and_then(|u| first_text(table, &u.slots, &slots));
        let key = key.or_else(|| first_text(table, &record.slots, &slots)).unwrap_or_default();
        let (_, sheet, area) = table.locate(area_of(table, record));
        places.push((sheet, area, key));
    }
    places
}

fn area_of(table: &Table, record: &Record) -> Area {
    let first = CellRef::new(record.rows.0, table.area.first.col);
    Area::new(first, CellRef::new(record.rows.1, table.area.last.col))
}

fn first_text(table: &Table, slots: &Slots, wanted: &[usize]) -> Option<String> {
    let texts = wanted.iter().filter_map(|slot| {
        let cell = table.cell(slots.first(*slot)?)?;
        Some(cell.text.trim().to_owned())
    });
    texts.into_iter().find(|text| !text.is_empty())
}

/// What is said of a rule with more findings than are told one by one.
pub(super) fn omitted(outcome: &Outcome, most: usize) -> Bilingual {
    let (rule, omitted) = (&outcome.rule, outcome.omitted);
    Bilingual::new(
        format!(
            "la regola {} ha {} rilievi: {omitted} sono solo contati (oltre i primi {most} di ogni gravità; limite «findings»)",
            rule.code, rule.findings
        ),
        format!(
            "the rule {} has {} findings: {omitted} are only counted (beyond the first {most} of each severity; limit “findings”)",
            rule.code, rule.findings
        ),
    )
}

/// Why a document in which nothing is written cannot be checked.
pub(super) fn blank() -> Error {
    Error::new(
        ErrorKind::Unrecognised,
        "ha solo righe vuote, nessun valore: controllare che sia il documento giusto",
        "holds only blank rows and no value: check that it is the right document",
    )
}

/// Why a workbook without a known table cannot be checked, with the way out where it is refused for that; `true` beside
/// it where a table is there, but empty.
pub(super) fn unrecognised(misses: &[NearMiss], packs: &Packs, is_refused: bool) -> (Error, bool) {
    let way_out = |it: &'static str, en: &'static str| if is_refused { (it, en) } else { ("", "") };
    let (it_end, en_end) = way_out(
        ": controllare che sia il documento giusto e che sopra i dati ci sia la riga delle intestazioni",
        ": check that it is the right document, and that a row of headings stands above its data",
    );
    let title = |miss: &NearMiss| Some(packs.get(miss.kind.as_deref()?)?.schedule.title.clone());
    let error = |it: String, en: String| Error::new(ErrorKind::Unrecognised, it, en);
    if let Some(miss) = misses.iter().find(|m| m.empty) {
        let (sheet, title) = (&miss.sheet, title(miss).unwrap_or_default());
        let it = format!(
            "nel foglio «{sheet}» ci sono le intestazioni di «{}», ma nessuna riga compilata: compilare la tabella e ripetere",
            title.it
        );
        let en = format!(
            "sheet “{sheet}” has the headings of “{}”, but no row filled in: fill the table in and try again",
            title.en
        );
        return (error(it, en), true);
    }
    let (it, en) = ("non contiene alcuna tabella conosciuta", "holds no known table");
    // Of several sheets a form before all, which is known by its own texts; then the one with most of a table; of those
    // alike the first.
    let titled = misses.iter().filter_map(|m| Some((m, title(m)?))).rev();
    let Some((miss, title)) = titled.max_by_key(|(m, _)| (m.reworded, m.weight)) else {
        let known = if is_refused { known(packs) } else { Bilingual::default() };
        return (error(format!("{it}{}{it_end}", known.it), format!("{en}{}{en_end}", known.en)), false);
    };
    let untold = || packs.get(miss.kind.as_deref()?)?.schedule.recognition.untold.clone();
    let untold = match miss.foreign.as_deref() {
        _ if miss.untold => untold(),
        _ if miss.reworded => Some(reworded()),
        title => title.map(foreign),
    };
    // Columns may have names of the office's own.
    let renamed = is_refused && untold.is_none() && !miss.missing.is_empty();
    let kind = miss.kind.as_deref().unwrap_or_default();
    let own = Bilingual::new(
        format!("; se le colonne hanno un altro nome, dichiararlo in riscontro.toml, [headings.{kind}]"),
        format!("; if the columns have other names, declare them in riscontro.toml, [headings.{kind}]"),
    );
    let own = if renamed { own } else { Bilingual::default() };
    let comma = |text: Bilingual| Bilingual::new(format!(", {}", text.it), format!(", {}", text.en));
    let (sheet, missing) = (&miss.sheet, untold.map_or_else(|| missing(&miss.missing), comma));
    let it = format!("{it}; nel foglio «{sheet}» la più vicina è «{}»{}{it_end}{}", title.it, missing.it, own.it);
    let en = format!("{en}; the nearest, in sheet “{sheet}”, is “{}”{}{en_end}{}", title.en, missing.en, own.en);
    (error(it, en), false)
}

/// The end of the sentence above: the tables that are known.
fn known(packs: &Packs) -> Bilingual {
    let quoted = |lang: Lang| {
        let (open, close) = lang.pick(('«', '»'), ('“', '”'));
        let titles = packs.packs.iter().map(|p| p.schedule.title.get(lang));
        titles.map(|t| format!("{open}{t}{close}")).collect::<Vec<_>>().join(", ")
    };
    Bilingual::new(format!(" ({})", quoted(Lang::It)), format!(" ({})", quoted(Lang::En)))
}

/// The end of the sentence above: a form with questions of its own.
fn reworded() -> Bilingual {
    Bilingual::new(
        "ma i testi delle domande non sono quelli del modulo",
        "but the texts of the questions are not those of the form",
    )
}

/// The end of the sentence above: the title that is another kind's.
fn foreign(title: &str) -> Bilingual {
    let title = text::one_line(title, 80);
    Bilingual::new(
        format!(
            "ma il titolo «{title}» è di tabelle di altro genere (se la tabella è quella, scrivere il suo nome al posto di quel titolo)"
        ),
        format!(
            "but the title “{title}” is that of other kinds of tables (if it is that one, write its name in place of that title)"
        ),
    )
}

/// The end of the sentence above: which headings were not found, the first few of them.
fn missing(headings: &[Bilingual]) -> Bilingual {
    const NAMED: usize = 4;
    let quoted = |lang: Lang| {
        let (open, close) = lang.pick(('«', '»'), ('“', '”'));
        let named: Vec<String> = headings.iter().take(NAMED).map(|h| format!("{open}{}{close}", h.get(lang))).collect();
        named.join(", ") + if headings.len() > NAMED { ", …" } else { "" }
    };
    match headings.len() {
        0 => Bilingual::default(),
        1 => Bilingual::new(
            format!(", ma manca l'intestazione {}", quoted(Lang::It)),
            format!(", but the heading {} is missing", quoted(Lang::En)),
        ),
        _ => Bilingual::new(
            format!(", ma mancano le intestazioni {}", quoted(Lang::It)),
            format!(", but the headings {} are missing", quoted(Lang::En)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reworded_form_is_told_before_a_longer_roster() {
        let near = |sheet: &str, kind: &str, weight| NearMiss {
            sheet: sheet.into(),
            kind: Some(kind.into()),
            weight,
            ..NearMiss::default()
        };
        let form = NearMiss { reworded: true, ..near("Scheda", "allegato1", 80) };
        let (roster, longer) = (near("Elenco", "obiettivi", 400), near("Tutti", "obiettivi", 900));
        let packs = Packs::embedded().unwrap();
        let told = |misses: &[NearMiss]| unrecognised(misses, &packs, true).0.message(Lang::It).to_owned();
        for misses in [[form.clone(), roster.clone()], [roster.clone(), form]] {
            assert!(told(&misses).contains("nel foglio «Scheda» la più vicina"), "{}", told(&misses));
        }
        assert!(told(&[roster, longer]).contains("nel foglio «Tutti»"));
    }
}
