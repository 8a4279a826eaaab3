//! From what came of the units to the outcome of a rule: findings merged by cause, told apart, counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::draft::Draft;
use super::evaluate::Tally;
use super::place::Placed;
use super::rule::Rule;
use super::value::Why;
use super::whereabouts::corner;
use crate::model::{Document, Finding, Lang, Outcome, OutcomeKind, Place, RuleOutcome, Status, Table, fingerprint};

/// Places that an outcome without findings lists.
const LISTED: usize = 200;
/// Sheets that a reason names.
const NAMED_SHEETS: usize = 3;

/// Findings of one cause in one table become one finding with many places; those of several tables too, where they say
/// the same of the same form.
pub(super) fn merged(drafts: Vec<Draft>, document: &Document) -> Vec<Draft> {
    let variant = |draft: &Draft| document.tables.get(draft.table).and_then(|t| t.variant.clone());
    let mut in_table: HashMap<(usize, String), usize> = HashMap::new();
    let mut in_all: HashMap<(Option<Arc<str>>, String, String), usize> = HashMap::new();
    let mut out: Vec<Draft> = Vec::new();
    for mut draft in drafts {
        let Some(cause) = draft.cause.clone() else {
            out.push(draft);
            continue;
        };
        let here = (draft.table, cause.clone());
        let anywhere = (variant(&draft), cause, draft.message.clone());
        let known = in_table.get(&here).or_else(|| in_all.get(&anywhere)).copied();
        let at = known.unwrap_or(out.len());
        in_table.insert(here, at);
        in_all.entry(anywhere).or_insert(at);
        match out.get_mut(at) {
            Some(first) => {
                first.places.append(&mut draft.places);
                first.units.append(&mut draft.units);
                first.related.append(&mut draft.related);
                first.severity = first.severity.max(draft.severity);
            }
            None => out.push(draft),
        }
    }
    // Once for each finding: one cause may have as many places as the table has rows.
    for draft in &mut out {
        sort(&mut draft.places);
        sort(&mut draft.related);
    }
    out
}

fn sort(places: &mut Vec<Placed>) {
    places.sort_by(|a, b| a.place.cmp(&b.place));
    places.dedup_by(|a, b| a.place == b.place);
}

/// Cells that a reason names.
const NAMED: usize = 8;

/// The outcome of a rule: `kept` are the findings left after supersession, of `found` in all.
pub(super) fn outcome(
    rule: &Rule,
    document: &Document,
    tally: &Tally,
    kept: Vec<Draft>,
    found: usize,
    (lang, year): (Lang, Option<i16>),
) -> Outcome {
    let superseded = found - kept.len();
    let (counted, kept): (Vec<Draft>, Vec<Draft>) = kept.into_iter().partition(|draft| draft.is_counted);
    let mut omitted = counted.len();
    drop(counted);
    let mut findings = findings(rule, document, kept, (lang, year));
    findings.sort_by_key(|f| f.places.first().map(key));
    let (kind, reason, places) = if let Some(error) = &tally.error {
        (OutcomeKind::Error, Some(error.clone()), Vec::new())
    } else if found > 0 {
        (OutcomeKind::Findings, None, Vec::new())
    } else if !tally.unclear.is_empty() || !tally.lacking.is_empty() {
        (OutcomeKind::NotEvaluable, Some(reason(rule, document, tally, lang)), unclear_places(tally))
    } else if tally.passed > 0 {
        (OutcomeKind::Passed, None, Vec::new())
    } else {
        (OutcomeKind::NotApplicable, tally.outside.as_ref().map(|r| r.get(lang).to_owned()), Vec::new())
    };
    if kind == OutcomeKind::Error {
        findings.clear();
        omitted = 0;
    }
    Outcome {
        rule: RuleOutcome {
            code: rule.info.code.clone(),
            name: rule.info.name.clone(),
            title: rule.info.title.get(lang).to_owned(),
            kind,
            findings: findings.len() + omitted,
            superseded: if kind == OutcomeKind::Error { 0 } else { superseded },
            reason,
            places,
            time: None,
        },
        findings,
        omitted,
    }
}

fn key(place: &Place) -> (u32, Option<crate::model::CellRef>, Option<u32>) {
    let (sheet, at) = corner(place);
    (sheet, at, place.line)
}

fn unclear_places(tally: &Tally) -> Vec<Place> {
    let mut places: Vec<Place> = tally.unclear.iter().map(|(p, _)| p.place.clone()).collect();
    places.sort();
    places.dedup();
    places.truncate(LISTED);
    places
}

/// Why a rule could not be evaluated: what is lacking, and which values are missing or unreadable.
fn reason(rule: &Rule, document: &Document, tally: &Tally, lang: Lang) -> String {
    let lacking = tally.lacking.iter();
    let mut parts: Vec<String> =
        lacking.map(|(lack, tables)| format!("{}{}", lack.get(lang), only_in(rule, document, tables, lang))).collect();
    let mut counts: BTreeMap<(Why, String), usize> = BTreeMap::new();
    for (placed, why) in &tally.unclear {
        let anchor = &placed.place.anchor;
        let title = if anchor.part.is_empty() { &anchor.unit } else { &anchor.part };
        *counts.entry((*why, title.clone())).or_default() += 1;
    }
    for why in [Why::Missing, Why::Unreadable] {
        let of: Vec<(&str, usize)> =
            counts.iter().filter(|((w, _), _)| *w == why).map(|((_, title), n)| (title.as_str(), *n)).collect();
        if of.is_empty() {
            continue;
        }
        let total: usize = of.iter().map(|(_, n)| n).sum();
        let word = match (why == Why::Missing, total) {
            (true, 1) => lang.pick("un valore in bianco", "one value blank"),
            (true, _) => lang.pick("valori in bianco", "values blank"),
            (false, 1) => lang.pick("un valore illeggibile", "one value unreadable"),
            (false, _) => lang.pick("valori illeggibili", "values unreadable"),
        };
        let named: Vec<String> =
            of.iter().take(3).map(|(t, n)| if *n == 1 { (*t).to_owned() } else { format!("{t} ({n})") }).collect();
        let more = lang.pick(" e altri", " and others");
        let tail = if of.len() > 3 { more } else { "" };
        let count = if total == 1 { String::new() } else { format!("{total} ") };
        let of_all = lang.pick(format!(" su {}", tally.looked_at), format!(" of {}", tally.looked_at));
        let of_all = if total == 1 || tally.looked_at < 2 { String::new() } else { of_all };
        parts.push(format!("{count}{word}{of_all}: {}{tail}", named.join(", ")));
    }
    parts.extend(uncalculated(tally, lang));
    parts.join("; ")
}

/// Where something is lacking, if not in all tables of the kind: their sheets, or their cells where others of the kind
/// stand on the same sheet.
fn only_in(rule: &Rule, document: &Document, tables: &BTreeSet<usize>, lang: Lang) -> String {
    let of_kind = || document.tables.iter().enumerate().filter(|(_, t)| t.kind == rule.info.kind);
    if tables.len() >= of_kind().count() {
        return String::new();
    }
    let lack = |number: usize| tables.contains(&number);
    let sheets: BTreeSet<u32> = of_kind().filter(|(n, _)| lack(*n)).map(|(_, t)| t.sheet).collect();
    let is_shared = of_kind().any(|(n, t)| !lack(n) && sheets.contains(&t.sheet));
    let name = |(_, table): (usize, &Table)| {
        let sheet = lang.pick(format!("«{}»", table.sheet_name), format!("“{}”", table.sheet_name));
        if is_shared { format!("{} ({sheet})", table.locate(table.area).2) } else { sheet }
    };
    // The tables of a sheet stand together.
    let mut names: Vec<String> = of_kind().filter(|(n, _)| lack(*n)).map(name).collect();
    names.dedup();
    let rest = names.len().saturating_sub(NAMED_SHEETS);
    let list = names.iter().take(NAMED_SHEETS).cloned().collect::<Vec<_>>().join(", ");
    let (one, many) = match (is_shared, lang) {
        (true, Lang::It) => ("nella tabella", "nelle tabelle"),
        (false, Lang::It) => ("nel foglio", "nei fogli"),
        (true, Lang::En) => ("in the table", "in the tables"),
        (false, Lang::En) => ("in the sheet", "in the sheets"),
    };
    let more = lang.and_more(rest, is_shared);
    format!(" {} {list}{more}", if names.len() == 1 { one } else { many })
}

/// The formulas that have no result: where they stand, and what to do about them.
fn uncalculated(tally: &Tally, lang: Lang) -> Option<String> {
    let of = tally.unclear.iter().filter(|(_, why)| *why == Why::Uncalculated);
    let cells: BTreeSet<_> = of.filter_map(|(p, _)| Some((p.place.sheet_index, p.place.area?.first))).collect();
    let names: Vec<String> = cells.iter().take(NAMED).map(|(_, at)| at.to_string()).collect();
    let names = format!("{}{}", names.join(", "), lang.and_more(cells.len().saturating_sub(NAMED), true));
    match cells.len() {
        0 => None,
        1 => Some(lang.pick(
            format!("formula senza valore calcolato ({names}): aprire il file con Excel o LibreOffice e salvarlo"),
            format!(
                "a formula without a computed value ({names}): open the file with Excel or LibreOffice and save it"
            ),
        )),
        n => Some(lang.pick(
            format!("{n} formule senza valore calcolato ({names}): aprire il file con Excel o LibreOffice e salvarlo"),
            format!(
                "{n} formulas without a computed value ({names}): open the file with Excel or LibreOffice and save it"
            ),
        )),
    }
}

fn findings(rule: &Rule, document: &Document, kept: Vec<Draft>, (lang, year): (Lang, Option<i16>)) -> Vec<Finding> {
    let basis = rule.ground.cited(year, lang);
    let mut prints: HashMap<String, usize> = HashMap::new();
    kept.into_iter()
        .map(|draft| {
            let print = print_of(rule, document, &draft);
            let repeated = prints.entry(print.clone()).or_default();
            *repeated += 1;
            // Two tables may hold the same cause: each finding keeps an identity of its own.
            let print = if *repeated > 1 { fingerprint([print.as_str(), &repeated.to_string()]) } else { print };
            // Rows that are sorted otherwise hold the same values.
            let mut values: Vec<&str> = draft.places.iter().map(|p| p.normal.as_str()).collect();
            values.sort_unstable();
            Finding {
                code: rule.info.code.clone(),
                name: rule.info.name.clone(),
                severity: draft.severity,
                message: draft.message,
                value_hash: fingerprint(values),
                places: draft.places.into_iter().map(|p| p.place).collect(),
                expected: draft.expected,
                remedy: draft.remedy.unwrap_or_else(|| rule.info.remedy.get(lang).to_owned()),
                suggestion: draft.hint,
                basis: basis.clone(),
                related: draft.related.into_iter().map(|p| p.place).collect(),
                fingerprint: print,
                status: Status::New,
                waiver: None,
            }
        })
        .collect()
}

/// What a finding is known by: it survives moved rows and changed values.
fn print_of(rule: &Rule, document: &Document, draft: &Draft) -> String {
    let table = document.tables.get(draft.table);
    let kind = table.map_or("", |t| &*t.kind);
    let variant = table.and_then(|t| t.variant.as_deref()).unwrap_or_default();
    let field = draft.places.first().map_or("", |p| &*p.field);
    let (key, ordinal) = &draft.key;
    match &draft.cause {
        Some(cause) => fingerprint([&*rule.info.code, kind, variant, "cause", cause]),
        None => fingerprint([&*rule.info.code, kind, variant, key, field, &ordinal.to_string()]),
    }
}
