//! The sections of the sheet `Riepilogo`.

use rust_xlsxwriter::XlsxError;

use super::lines::{area_list, place_list};
use super::recap::{Entry, Page};
use crate::model::{Area, DocumentReport, Lang, OutcomeKind, RuleOutcome, TableReport};

/// Characters of a list of cells.
const CELLS_ROOM: usize = 300;

fn text(text: impl Into<String>) -> Entry {
    Entry::Text(text.into())
}

/// Link to an area of a sheet.
fn area_link(sheet: &str, area: Area) -> Entry {
    Entry::Link(format!("'{}'!{area}", sheet.replace('\'', "''")), area.to_string())
}

/// What was recognised: one line per table, then the remarks on the file.
pub(super) fn recognised(page: &mut Page<'_>, document: &DocumentReport) -> Result<(), XlsxError> {
    let lang = page.lang;
    page.section(lang.pick("Che cosa è stato riconosciuto", "What was recognised"))?;
    if document.tables.is_empty() {
        page.remark(lang.pick("Nessuna tabella conosciuta.", "No known table."))?;
    } else {
        page.head(lang.pick(
            ["Foglio", "Tabella", "Intervallo", "Righe", "Contenuto e riconoscimento"],
            ["Sheet", "Table", "Range", "Rows", "Content and recognition"],
        ))?;
    }
    for table in &document.tables {
        let title = match &table.variant {
            Some(variant) if !table.title.ends_with(&**variant) => format!("{} ({variant})", table.title),
            _ => table.title.clone(),
        };
        page.line(&[
            text(&*table.sheet),
            Entry::Strong(title),
            area_link(&table.sheet, table.area),
            Entry::Number(table.records),
            text(content(table, lang)),
        ])?;
        for (sheet, area) in &table.parts {
            let goes_on = lang.pick("continua dal foglio precedente", "goes on from the sheet before");
            page.line(&[text(&**sheet), text(goes_on), area_link(sheet, *area)])?;
        }
    }
    for remark in &document.remarks {
        page.remark(remark)?;
    }
    Ok(())
}

/// `28 processi, 31 eventi; riconoscimento sicuro (98 %)`.
fn content(table: &TableReport, lang: Lang) -> String {
    let counts: Vec<String> = table.entities.iter().map(|e| e.words.clone()).collect();
    let sure = match table.confidence {
        c if c >= 0.9 => lang.pick("riconoscimento sicuro", "recognition certain"),
        c if c >= 0.7 => lang.pick("riconoscimento probabile", "recognition probable"),
        _ => lang.pick("riconoscimento incerto, da controllare", "recognition doubtful, to be checked"),
    };
    let percent = (table.confidence.clamp(0.0, 1.0) * 100.0).round();
    let sure = format!("{sure} ({percent} %)");
    if counts.is_empty() { sure } else { format!("{}; {sure}", counts.join(", ")) }
}

/// What reading did to the tables: sentence and cells.
pub(super) fn reading_notes(page: &mut Page<'_>, document: &DocumentReport) -> Result<(), XlsxError> {
    let lang = page.lang;
    if document.tables.iter().all(|t| t.reading.notes.is_empty()) {
        return Ok(());
    }
    page.section(lang.pick("Come è stato letto il documento", "How the document was read"))?;
    page.head(lang.pick(
        ["Foglio", "Celle", "Codice", "Quante", "Nota di lettura"],
        ["Sheet", "Cells", "Code", "How many", "Reading note"],
    ))?;
    for table in &document.tables {
        for note in &table.reading.notes {
            page.line(&[
                text(&*note.sheet),
                text(area_list(&note.areas, CELLS_ROOM, lang)),
                text(&*note.code),
                Entry::Number(note.areas.len()),
                text(note.message.get(lang)),
            ])?;
        }
    }
    Ok(())
}

/// What could not be evaluated, and why: never a pass.
pub(super) fn not_evaluated(page: &mut Page<'_>, document: &DocumentReport) -> Result<(), XlsxError> {
    let lang = page.lang;
    let concerned = |r: &&RuleOutcome| matches!(r.kind, OutcomeKind::NotEvaluable | OutcomeKind::Error);
    let mut rules = document.rules.iter().filter(concerned).peekable();
    if rules.peek().is_none() {
        return Ok(());
    }
    page.section(lang.pick("Che cosa non si è potuto valutare e perché", "What could not be evaluated, and why"))?;
    page.head(
        lang.pick(["Codice", "Regola", "Esito", "Celle", "Perché"], ["Code", "Rule", "Outcome", "Cells", "Why"]),
    )?;
    for rule in rules {
        let mut why = rule.reason.clone().unwrap_or_default();
        if !rule.places.is_empty() {
            let cells = place_list(&rule.places, None, CELLS_ROOM, lang);
            why = if why.is_empty() { cells } else { format!("{why}\n{cells}") };
        }
        page.line(&[
            text(&*rule.code),
            text(rule.title.as_str()),
            text(outcome(rule.kind, lang)),
            if rule.places.is_empty() { Entry::Blank } else { Entry::Number(rule.places.len()) },
            text(why),
        ])?;
    }
    Ok(())
}

/// The outcome of every rule.
pub(super) fn outcomes(page: &mut Page<'_>, document: &DocumentReport) -> Result<(), XlsxError> {
    let lang = page.lang;
    if document.rules.is_empty() {
        return Ok(());
    }
    page.section(lang.pick("Esito di ogni regola", "Outcome of every rule"))?;
    page.head(
        lang.pick(
            ["Codice", "Regola", "Esito", "Rilievi", "Motivo"],
            ["Code", "Rule", "Outcome", "Findings", "Reason"],
        ),
    )?;
    for rule in &document.rules {
        let name = outcome(rule.kind, lang).to_owned();
        let shown = match rule.kind {
            OutcomeKind::Findings | OutcomeKind::Error => Entry::Strong(name),
            _ => Entry::Text(name),
        };
        // What could not be evaluated has its reason in the section above.
        let is_told = matches!(rule.kind, OutcomeKind::NotEvaluable | OutcomeKind::Error);
        let mut reason = rule.reason.clone().filter(|_| !is_told).unwrap_or_default();
        if rule.superseded > 0 {
            let n = rule.superseded;
            let told = lang.pick(
                format!("già segnalati da un'altra regola: {n}"),
                format!("already reported by another rule: {n}"),
            );
            reason = if reason.is_empty() { told } else { format!("{reason}; {told}") };
        }
        page.line(&[
            text(&*rule.code),
            text(rule.title.as_str()),
            shown,
            if rule.findings > 0 { Entry::Number(rule.findings) } else { Entry::Blank },
            text(reason),
        ])?;
    }
    Ok(())
}

/// An outcome as an official reads it.
fn outcome(kind: OutcomeKind, lang: Lang) -> &'static str {
    match kind {
        OutcomeKind::Findings => lang.pick("con rilievi", "with findings"),
        OutcomeKind::Passed => lang.pick("rispettata", "passed"),
        OutcomeKind::NotApplicable => lang.pick("non applicabile", "not applicable"),
        OutcomeKind::NotEvaluable => lang.pick("non valutabile", "not evaluable"),
        OutcomeKind::Error => lang.pick("errore della regola", "rule error"),
    }
}

/// The sheets in which no known table was found.
pub(super) fn near_misses(page: &mut Page<'_>, document: &DocumentReport) -> Result<(), XlsxError> {
    let lang = page.lang;
    if document.near_misses.is_empty() {
        return Ok(());
    }
    page.section(lang.pick("Fogli senza una tabella conosciuta", "Sheets without a known table"))?;
    page.head(lang.pick(
        ["Foglio", "Tipo più vicino", "", "", "Che cosa manca"],
        ["Sheet", "Nearest kind", "", "", "What is missing"],
    ))?;
    for miss in &document.near_misses {
        page.line(&[
            text(&*miss.sheet),
            text(miss.title.as_ref().map_or(lang.pick("nessuno", "none"), |title| title.get(lang))),
            Entry::Blank,
            Entry::Blank,
            text(miss.lacks(lang).unwrap_or_default()),
        ])?;
    }
    Ok(())
}
