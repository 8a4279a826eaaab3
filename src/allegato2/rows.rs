//! The rows of the form from the lines of evidence.

use std::sync::Arc;

use super::{Choices, Facts};
use crate::model::{CountedRow, Evidence, Lang, Level, Mark};
use crate::pack::Packs;

/// What the registers tell at all.
pub(super) struct Known<'a> {
    pub(super) fields: &'a [Arc<str>],
    /// Levels are told, or chosen.
    pub(super) is_levelled: bool,
    /// Strategic objectives are known as superiors only.
    pub(super) has_parents: bool,
    pub(super) facts: &'a Facts,
}

/// Which field a row needs, with what an official calls it.
const NEEDS: [(u8, &str, &str, &str); 7] = [
    (2, "indicatore", "gli indicatori", "indicators"),
    (3, "indicatore", "gli indicatori", "indicators"),
    (4, "formula_di_calcolo", "la formula di calcolo", "formulas"),
    (5, "target_anno_n", "il target", "targets"),
    (6, "risorse_finanziarie", "le risorse finanziarie", "financial resources"),
    (7, "risorse_umane", "le risorse umane", "human resources"),
    (8, "sede_territoriale", "la sede territoriale", "territorial offices"),
];

/// The field that answers a question.
pub(super) fn field(mark: Mark) -> &'static str {
    NEEDS.iter().find(|(row, ..)| *row == mark.row()).map_or("", |(_, field, ..)| field)
}

/// The rows of a level.
pub(super) fn of(
    level: Level,
    evidence: &[Evidence],
    known: &Known<'_>,
    choices: &Choices,
    packs: &Packs,
    lang: Lang,
) -> Vec<CountedRow> {
    let labels = labels(level, packs);
    labels
        .into_iter()
        .map(|(number, label)| {
            let missing = lacks(level, number, known, lang);
            let counted: Vec<usize> = (0..)
                .zip(evidence)
                .filter(|(_, line)| line.level == level && line.is_counted_in(number))
                .map(|(i, _)| i)
                .collect();
            let note = missing.clone().or_else(|| note(level, number, known, choices, lang));
            let (value, evidence) = if missing.is_some() { (None, Vec::new()) } else { (Some(counted.len()), counted) };
            CountedRow { number, label, value, declared: None, note, evidence }
        })
        // The form asks for territorial offices of strategic objectives alone: of the others they are told where known.
        .filter(|row| row.value.is_some() || row.number < 8 || level == Level::Strategico)
        .collect()
}

/// Numbers and printed labels of the form's rows.
fn labels(level: Level, packs: &Packs) -> Vec<(u8, String)> {
    let form = packs.get("allegato2").and_then(|pack| pack.form());
    let entries = form.map_or(&[][..], |form| &form.entries);
    let own = entries.iter().filter(|e| e.get("variant") == Some(level.variant()));
    let printed = own.filter(|e| e.get("required") != Some(""));
    printed.filter_map(|e| Some((e.get("key")?.parse().ok()?, e.value.to_string()))).collect()
}

/// Why a row has no figure.
fn lacks(level: Level, number: u8, known: &Known<'_>, lang: Lang) -> Option<String> {
    if known.has_parents && level == Level::Strategico {
        let text = lang.pick(
            "non calcolabile: gli obiettivi strategici compaiono solo sopra quelli operativi, senza indicatori né risorse proprie",
            "not computable: strategic objectives stand only above the operational ones, without indicators or resources of their own",
        );
        return (number > 1).then(|| text.to_owned());
    }
    if !known.is_levelled {
        let it = "non calcolabile: i registri non dicono il livello degli obiettivi (con --unstated-level si sceglie)";
        let en = "not computable: the registers do not tell the level of objectives (--unstated-level chooses one)";
        return Some(lang.pick(it, en).to_owned());
    }
    let (_, _, it, en) =
        NEEDS.iter().find(|(row, field, ..)| *row == number && !known.fields.iter().any(|f| **f == **field))?;
    Some(lang.pick(
        format!("non calcolabile: nei registri non c'è una colonna per {it}"),
        format!("not computable: the registers have no column for {en}"),
    ))
}

/// What the figure needs to be understood.
fn note(level: Level, number: u8, known: &Known<'_>, choices: &Choices, lang: Lang) -> Option<String> {
    let said = known.facts.iter().filter(|((l, row, _), _)| *l == level && *row == number);
    let said: Vec<String> = said.map(|((_, _, remark), count)| format!("{remark}: {count}")).collect();
    let once = number == 3 && choices.shared_once && !said.is_empty();
    let end = if once { lang.pick(" (contati una volta)", " (counted once)") } else { "" };
    (!said.is_empty()).then(|| format!("{}{end}", said.join("; ")))
}
