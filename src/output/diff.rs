//! Two documents side by side, for a person: as text, and as Markdown.

use std::io::{self, Write};
use std::sync::Arc;

use super::Painter;
use super::markdown::plain;
use super::words::{self, count, one_line, quoted, short};
use crate::model::{
    CellChange, Comparison, Comparisons, Fate, FindingChange, Lang, Place, RecordChange, RecordFate, TableChange,
};

/// Characters of a cell that are quoted.
const QUOTED: usize = 120;

/// Everything that differs, as text.
pub fn diff(all: &Comparisons, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { lang: all.lang, painter };
    for pair in &all.pairs {
        page.pair(pair, out)?;
        writeln!(out)?;
    }
    writeln!(out, "{}", painter.strong.paint(&diff_line(all)))
}

/// The end of a comparison in one line.
pub fn diff_line(all: &Comparisons) -> String {
    let lang = all.lang;
    let sum = |of: &dyn Fn(&Comparison) -> usize| all.pairs.iter().map(of).sum::<usize>();
    let records = RecordFate::ALL.map(|fate| (sum(&|p| p.count_records(fate)), fate.label(lang)));
    let records = listed(records.into_iter().map(|(n, label)| (n, format!("{n} {label}"))));
    let findings = Fate::ALL.map(|fate| {
        let n = sum(&|p| p.count(fate));
        (n, format!("{n} {}", fate.label(n != 1, lang)))
    });
    let findings = listed(findings.into_iter());
    let records =
        if records.is_empty() { lang.pick("nessuna differenza", "no difference").to_owned() } else { records };
    let findings = if findings.is_empty() { lang.pick("nessuno", "none").to_owned() } else { findings };
    let refused = sum(&|p| usize::from(!p.errors.is_empty()));
    let it = count(refused, "confronto non riuscito", "confronti non riusciti");
    let en = count(refused, "comparison not made", "comparisons not made");
    let refused = if refused == 0 { String::new() } else { format!("; {}", lang.pick(it, en)) };
    match lang {
        Lang::It => format!("voci: {records}; rilievi: {findings}{refused}"),
        Lang::En => format!("records: {records}; findings: {findings}{refused}"),
    }
}

fn listed(counts: impl Iterator<Item = (usize, String)>) -> String {
    counts.filter(|(n, _)| *n > 0).map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

struct Page<'a> {
    lang: Lang,
    painter: &'a Painter,
}

impl Page<'_> {
    fn pair(&self, pair: &Comparison, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.painter.strong.paint(&heading(pair, self.lang)))?;
        for (path, error) in &pair.errors {
            let label = self.painter.errore.paint(self.lang.pick("rifiutato", "refused"));
            writeln!(out, "  {label}: {}: {}", one_line(path), one_line(error.message(self.lang)))?;
        }
        if !pair.errors.is_empty() {
            return Ok(());
        }
        for cell in &pair.head {
            let label = self.lang.pick("dati del documento", "data of the document");
            writeln!(out, "  {label}: {}", changed(cell, self.lang))?;
        }
        for table in &pair.tables {
            self.table(table, out)?;
        }
        for fate in Fate::ALL {
            self.findings(pair, fate, out)?;
        }
        Ok(())
    }

    fn table(&self, table: &TableChange, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "  {}: {}", table.title, sizes(table, self.lang))?;
        for (columns, it, en) in columns(table) {
            writeln!(out, "    {}: {}", self.lang.pick(it, en), columns)?;
        }
        for record in &table.records {
            writeln!(out, "    {}", told(record, self.lang))?;
            for cell in record.cells.iter().filter(|_| !is_whole(record)) {
                writeln!(out, "      {}", changed(cell, self.lang))?;
            }
        }
        Ok(())
    }

    fn findings(&self, pair: &Comparison, fate: Fate, out: &mut dyn Write) -> io::Result<()> {
        let of: Vec<&FindingChange> = pair.findings.iter().filter(|f| f.fate == fate).collect();
        if of.is_empty() {
            return Ok(());
        }
        let noun = self.lang.pick(("rilievo", "rilievi"), ("finding", "findings"));
        let noun = if of.len() == 1 { noun.0 } else { noun.1 };
        let label = fate.label(of.len() != 1, self.lang);
        let title = self.lang.pick(format!("{} {noun} {label}", of.len()), format!("{} {label} {noun}", of.len()));
        writeln!(out, "  {}", self.painter.strong.paint(&title))?;
        for change in of {
            let finding = &change.finding;
            let label = format!("{}[{}]", finding.severity.label(self.lang), finding.code);
            let label = self.painter.of(finding.severity).paint(&label);
            let status = one_line(&finding.remark(self.lang));
            writeln!(out, "    {label}: {}{status}", one_line(&finding.message))?;
            let path = if fate == Fate::Resolved { &pair.old } else { &pair.new };
            for line in words::lines_of_places(path, &finding.places, self.lang) {
                writeln!(out, "      {} {line}", self.painter.faint.paint("-->"))?;
            }
            if fate == Fate::Changed {
                writeln!(out, "      {}: {}", self.lang.pick("prima", "before"), values(&change.before, self.lang))?;
            }
        }
        Ok(())
    }
}

/// `vecchio.xlsx → nuovo.xlsx`, or what is missing.
fn heading(pair: &Comparison, lang: Lang) -> String {
    let (old, new) = (one_line(&pair.old), one_line(&pair.new));
    match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("{new} ({})", lang.pick("documento in più", "document added")),
        (_, true) => format!("{old} ({})", lang.pick("documento in meno", "document removed")),
        _ => format!("{old} → {new}"),
    }
}

fn sizes(table: &TableChange, lang: Lang) -> String {
    let (before, after) = (table.before, table.after);
    let same = table.records.is_empty() && columns(table).next().is_none();
    let none = lang.pick(", nessuna differenza", ", no difference");
    let numbers = match lang {
        Lang::It if before == after => count(after, "voce", "voci"),
        Lang::It => format!("{}, prima {before}", count(after, "voce", "voci")),
        Lang::En if before == after => count(after, "record", "records"),
        Lang::En => format!("{}, {before} before", count(after, "record", "records")),
    };
    format!("{numbers}{}", if same { none } else { "" })
}

/// Columns that one document alone has, with what to call them.
fn columns(table: &TableChange) -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let both = [
        (&table.columns_added, "colonne in più", "columns added"),
        (&table.columns_removed, "colonne in meno", "columns removed"),
    ];
    let given = both.into_iter().filter(|(columns, ..)| !columns.is_empty());
    given.map(|(columns, it, en)| (columns.join(", "), it, en))
}

/// Whether all that a record says is new, or gone: its name will do.
fn is_whole(record: &RecordChange) -> bool {
    matches!(record.fate, RecordFate::Added | RecordFate::Removed)
}

/// A record in one line.
fn told(record: &RecordChange, lang: Lang) -> String {
    let name = one_line(&record.name);
    // Where cells follow, each has its place.
    let place = record.place.as_ref().filter(|_| is_whole(record) || record.cells.is_empty());
    let at = place.map(|p| format!(" ({})", one_line(&words::address(p)))).unwrap_or_default();
    let was = record.old_name.as_deref().map(|old| format!("{} {}", lang.pick(", prima", ", before"), one_line(old)));
    format!("{}: {name}{}{at}", record.fate.label(lang), was.unwrap_or_default())
}

/// A cell in one line: `Ufficio: «A» → «B» (Foglio!E4)`.
fn changed(cell: &CellChange, lang: Lang) -> String {
    let said = |text: &Option<Arc<str>>| match text {
        Some(text) => quoted(&short(text, QUOTED), lang),
        None => lang.pick("(vuota)", "(blank)").to_owned(),
    };
    let place = cell.new_place.as_ref().or(cell.old_place.as_ref());
    let at = place.map(|p| format!(" ({})", one_line(&words::address(p)))).unwrap_or_default();
    format!("{}: {} → {}{at}", cell.field, said(&cell.old), said(&cell.new))
}

/// The values that some places hold, each once.
fn values(places: &[Place], lang: Lang) -> String {
    let mut values: Vec<String> = Vec::new();
    for place in places {
        let value = place.value.as_deref();
        let value =
            value.map_or_else(|| lang.pick("(vuota)", "(blank)").to_owned(), |v| quoted(&short(v, QUOTED), lang));
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values.join(", ")
}

/// Everything that differs, as tables to paste into a document.
pub fn diff_markdown(all: &Comparisons, out: &mut dyn Write) -> io::Result<()> {
    let lang = all.lang;
    writeln!(out, "# {}\n\n{}", lang.pick("Confronto", "Comparison"), diff_line(all))?;
    for pair in &all.pairs {
        writeln!(out, "\n## {}", plain(&heading(pair, lang)))?;
        for (path, error) in &pair.errors {
            let refused = lang.pick("Rifiutato", "Refused");
            writeln!(out, "\n**{refused}**: {}: {}", plain(path), plain(error.message(lang)))?;
        }
        if pair.errors.is_empty() {
            markdown_records(pair, lang, out)?;
            markdown_findings(pair, lang, out)?;
        }
    }
    Ok(())
}

fn markdown_records(pair: &Comparison, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    for cell in &pair.head {
        writeln!(out, "- {}", plain(&changed(cell, lang)))?;
    }
    for table in &pair.tables {
        writeln!(out, "- {}: {}", plain(&table.title), sizes(table, lang))?;
        for (columns, it, en) in columns(table) {
            writeln!(out, "- {}: {}", lang.pick(it, en), plain(&columns))?;
        }
    }
    let records: Vec<&RecordChange> = pair.tables.iter().flat_map(|t| &t.records).collect();
    if records.is_empty() {
        return Ok(());
    }
    let head = lang.pick("| Voce | Che cosa | Celle |", "| Record | What | Cells |");
    writeln!(out, "\n{head}\n|---|---|---|")?;
    for record in records {
        let was = record.old_name.as_deref().map(|old| format!("{} {}", lang.pick(", prima", ", before"), plain(old)));
        let cells = record.cells.iter().filter(|_| !is_whole(record)).map(|cell| plain(&changed(cell, lang)));
        let (name, fate) = (plain(&record.name), record.fate.label(lang));
        writeln!(out, "| {name}{} | {fate} | {} |", was.unwrap_or_default(), cells.collect::<Vec<_>>().join("<br>"))?;
    }
    Ok(())
}

fn markdown_findings(pair: &Comparison, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if pair.findings.is_empty() {
        return writeln!(out, "\n{}", lang.pick("Nessun rilievo.", "No finding."));
    }
    let head =
        lang.pick("| Che cosa | Dove | Gravità | Regola | Rilievo |", "| What | Where | Severity | Rule | Finding |");
    writeln!(out, "\n{head}\n|---|---|---|---|---|")?;
    for change in &pair.findings {
        let finding = &change.finding;
        let at = super::markdown::places(finding);
        let (fate, severity) = (change.fate.label(false, lang), finding.severity.label(lang));
        let message = plain(&format!("{}{}", finding.message, finding.remark(lang)));
        writeln!(out, "| {fate} | {at} | {severity} | {} | {message} |", finding.code)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_agree() {
        let mut all = Comparisons { pairs: vec![Comparison::default()], lang: Lang::It };
        assert_eq!(diff_line(&all), "voci: nessuna differenza; rilievi: nessuno");
        let record = |fate| RecordChange { fate, name: String::new(), old_name: None, place: None, cells: Vec::new() };
        all.pairs[0].tables.push(TableChange {
            records: vec![record(RecordFate::Added), record(RecordFate::Changed), record(RecordFate::Changed)],
            ..TableChange::default()
        });
        assert_eq!(diff_line(&all), "voci: 1 in più, 2 con celle cambiate; rilievi: nessuno");
        assert_eq!(Fate::Changed.label(true, Lang::It), "cambiati ma ancora errati");
    }
}
