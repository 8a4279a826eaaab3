//! `full`: everything, for a person. Findings first, then document by document what was read and how.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::reading;
use super::words::{self, count, elsewhere, one_line, percent, quoted, severities, tally};
use super::{Painter, Style};
use crate::model::{
    DocumentReport, Finding, HeadEntry, Lang, NearMiss, OutcomeKind, Place, Report, RuleOutcome, Status, TableReport,
    Value,
};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { lang: report.lang, painter: &style.painter, explain: style.explain_reading };
    for document in &report.documents {
        for finding in &document.findings {
            page.finding(document, finding, out)?;
            writeln!(out)?;
        }
    }
    for document in &report.documents {
        page.document(document, out)?;
        writeln!(out)?;
    }
    writeln!(out, "{}", style.painter.strong.paint(&words::run_line(&report.summary(), report.lang)))
}

/// The result of a document in few lines: what it was taken for and how much was found.
pub(super) fn digest(document: &DocumentReport, lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { lang, painter, explain: false };
    page.fate(document, out)?;
    for table in &document.tables {
        if table.is_text {
            writeln!(out, "  {}", table.title)?;
            continue;
        }
        let sheet = one_line(&table.sheet);
        writeln!(
            out,
            "  {}",
            lang.pick(format!("{}, foglio «{sheet}»", table.title), format!("{}, sheet “{sheet}”", table.title))
        )?;
    }
    Ok(())
}

struct Page<'a> {
    lang: Lang,
    painter: &'a Painter,
    explain: bool,
}

impl Page<'_> {
    fn finding(&self, document: &DocumentReport, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        let label = format!("{}[{} {}]", finding.severity.label(self.lang), finding.code, finding.name);
        let message = format!(": {}", one_line(&finding.message));
        let status = finding.status.remark(self.lang);
        let label = self.painter.of(finding.severity).paint(&label);
        writeln!(out, "{label}{}{status}", self.painter.strong.paint(&message))?;
        let arrow = self.painter.faint.paint("-->");
        for (i, line) in words::lines_of_places(&document.path, &finding.places, self.lang).iter().enumerate() {
            if i == 0 { writeln!(out, "  {arrow} {line}")? } else { writeln!(out, "      {line}")? }
        }
        let pick = |it, en| self.lang.pick(it, en);
        self.detail(pick("trovato", "found"), &self.found(finding), out)?;
        self.detail(pick("atteso", "expected"), &finding.expected.as_deref().map(one_line).unwrap_or_default(), out)?;
        let suggestion = finding.suggestion.as_deref().map(|s| quoted(s, self.lang)).unwrap_or_default();
        self.detail(pick("proposta", "suggestion"), &suggestion, out)?;
        let waiver = finding.waiver.as_ref().map(|waiver| one_line(&waiver.told(self.lang))).unwrap_or_default();
        self.detail(pick("eccezione", "exception"), &waiver, out)?;
        let related = match finding.related.as_slice() {
            [] => String::new(),
            places => self.related(finding, places),
        };
        self.detail(pick("vedi anche", "see also"), &related, out)?;
        self.detail(pick("norma", "basis"), &one_line(&finding.basis), out)?;
        self.detail(pick("rimedio", "remedy"), &one_line(&finding.remedy), out)
    }

    /// Cells that a finding rests on: document and sheet only where they are not those of the finding.
    fn related(&self, finding: &Finding, places: &[Place]) -> String {
        let first = finding.places.first();
        let is_here = |p: &Place| first.is_some_and(|f| f.path == p.path && f.sheet == p.sheet);
        let bare = |p: &Place| Place { sheet: None, ..p.clone() };
        let places: Vec<Place> =
            if places.iter().all(is_here) { places.iter().map(bare).collect() } else { places.to_vec() };
        words::lines_of_places("", &places, self.lang).join("; ")
    }

    fn detail(&self, label: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        writeln!(out, "   {} {label}: {text}", self.painter.faint.paint("="))
    }

    /// The value found where there is one and the message does not quote it already.
    fn found(&self, finding: &Finding) -> String {
        let mut values = finding.places.iter().filter_map(|p| p.value.as_deref());
        let one = values.next().filter(|one| values.all(|other| other == *one));
        let one = one.filter(|one| !one.trim().is_empty() && !finding.message.contains(one));
        one.map(|one| quoted(one, self.lang)).unwrap_or_default()
    }

    /// The name of a document, and how the check of it ended.
    fn fate(&self, document: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.painter.strong.paint(&one_line(&document.path)))?;
        if let Some(error) = &document.error {
            let label = self.painter.errore.paint(self.lang.pick("rifiutato", "refused"));
            writeln!(out, "  {label}: {}", one_line(error.message(self.lang)))?;
        }
        if let Some(reason) = &document.skipped {
            writeln!(out, "  {}: {}", self.lang.pick("tralasciato", "skipped"), one_line(reason))?;
        }
        if document.error.is_none() && document.skipped.is_none() {
            writeln!(out, "  {}: {}", self.lang.pick("esito", "result"), self.result(document))?;
        }
        Ok(())
    }

    fn document(&self, document: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
        self.fate(document, out)?;
        for table in &document.tables {
            self.table(table, out)?;
        }
        self.head(document, out)?;
        for remark in &document.remarks {
            writeln!(out, "  {}: {}", self.lang.pick("nota sul file", "on the file"), one_line(remark))?;
        }
        if document.error.is_none() && document.skipped.is_none() {
            self.near_misses(&document.near_misses, out)?;
        }
        self.rules(document, out)
    }

    fn result(&self, document: &DocumentReport) -> String {
        let counting = document.findings.iter().filter(|f| f.status == Status::New).map(|f| &f.severity);
        let [e, a, o] = tally(counting);
        let found = if e + a + o > 0 {
            Some(severities(e, a, o, self.lang))
        } else if document.is_without_rules() {
            None
        } else {
            Some(self.painter.good.paint(self.lang.pick("nessun rilievo", "no finding")))
        };
        let mut text = found.into_iter().chain(document.unruled(self.lang)).collect::<Vec<_>>().join("; ");
        if document.omitted > 0 {
            text += "; ";
            text += &match self.lang {
                Lang::It => count(document.omitted, "rilievo non mostrato", "rilievi non mostrati"),
                Lang::En => count(document.omitted, "finding not shown", "findings not shown"),
            };
        }
        text
    }

    fn table(&self, table: &TableReport, out: &mut dyn Write) -> io::Result<()> {
        let sure = percent(table.confidence);
        let units = table.entities.iter().map(|e| e.words.clone());
        let places = words::extent(table, self.lang);
        // Of a text the rows are none that anybody sees.
        let rows = |it, en| (!table.is_text).then(|| count(table.records, it, en));
        match self.lang {
            Lang::It => {
                writeln!(out, "  riconosciuto: {}", table.title)?;
                let counts: Vec<_> = rows("riga", "righe").into_iter().chain(units).collect();
                let counts = counts.join(", ");
                writeln!(out, "    {places}: {counts}; certezza {sure}")?;
            }
            Lang::En => {
                writeln!(out, "  recognised: {}", table.title)?;
                let counts: Vec<_> = rows("row", "rows").into_iter().chain(units).collect();
                let counts = counts.join(", ");
                writeln!(out, "    {places}: {counts}; certainty {sure}")?;
            }
        }
        for note in &table.reading.notes {
            let label = self.lang.pick("lettura", "reading");
            let message = one_line(note.message.get(self.lang));
            writeln!(out, "    {label}{}: {message}", elsewhere(&note.sheet, table, self.lang))?;
        }
        if self.explain { reading::write(table, self.lang, out) } else { Ok(()) }
    }

    fn head(&self, document: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
        let said = |entry: &HeadEntry| {
            let is_said = !matches!(entry.value, Value::Missing(_));
            is_said.then(|| format!("{} {}", entry.title.get(self.lang), quoted(&entry.text, self.lang)))
        };
        let data: Vec<String> = document.head.values().filter_map(said).collect();
        if data.is_empty() {
            return Ok(());
        }
        writeln!(out, "  {}: {}", self.lang.pick("dati del documento", "data of the document"), data.join(", "))
    }

    /// Sheets of which nothing was checked, so that nobody takes them for checked.
    fn near_misses(&self, misses: &[NearMiss], out: &mut dyn Write) -> io::Result<()> {
        let labels = [
            (true, "fogli con le sole intestazioni", "sheets with nothing but headings"),
            (false, "fogli senza tabelle conosciute", "sheets without a known table"),
        ];
        for (empty, it, en) in labels {
            let sheets: Vec<_> =
                misses.iter().filter(|m| m.empty == empty).map(|m| quoted(&m.sheet, self.lang)).collect();
            if !sheets.is_empty() {
                writeln!(out, "  {}: {}", self.lang.pick(it, en), sheets.join(", "))?;
            }
        }
        misses.iter().filter(|_| self.explain).try_for_each(|miss| self.near_miss(miss, out))
    }

    /// `foglio «Legenda»: nessuna tabella riconosciuta, la più vicina è «…»; manca l'intestazione «…»`.
    fn near_miss(&self, miss: &NearMiss, out: &mut dyn Write) -> io::Result<()> {
        let pick = |it, en| self.lang.pick(it, en);
        write!(out, "    {} {}: ", pick("foglio", "sheet"), quoted(&miss.sheet, self.lang))?;
        write!(out, "{}", pick("nessuna tabella riconosciuta", "no table recognised"))?;
        if let Some(title) = &miss.title {
            write!(out, ", {} {}", pick("la più vicina è", "the nearest is"), quoted(title.get(self.lang), self.lang))?;
            if let Some(lacks) = miss.lacks(self.lang) {
                write!(out, "; {}: {}", pick("manca", "missing"), one_line(&lacks))?;
            }
        }
        writeln!(out)
    }

    fn rules(&self, document: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
        let of = |kind: OutcomeKind| document.rules.iter().filter(move |r| r.kind == kind);
        let words = [
            (OutcomeKind::Findings, ["con rilievi"; 2], "with findings"),
            (OutcomeKind::Passed, ["rispettata", "rispettate"], "passed"),
            (OutcomeKind::NotApplicable, ["non applicabile", "non applicabili"], "not applicable"),
            (OutcomeKind::NotEvaluable, ["non valutabile", "non valutabili"], "not evaluable"),
            (OutcomeKind::Error, ["in errore"; 2], "failed"),
        ];
        // A rule whose faults other rules report has none to show.
        let is_silent = |r: &&RuleOutcome| r.kind == OutcomeKind::Findings && r.findings == 0 && r.superseded > 0;
        let silent = of(OutcomeKind::Findings).filter(is_silent).count();
        let left = |kind: OutcomeKind| of(kind).filter(|r| !is_silent(r)).count();
        let told = (silent, &["già segnalata da un'altra", "già segnalate da altre"], &"reported by others");
        let counts: Vec<String> = words
            .iter()
            .map(|(kind, it, en)| (left(*kind), it, en))
            .chain([told])
            .filter(|(n, ..)| *n > 0)
            .map(|(n, [one, many], en)| self.lang.pick(count(n, one, many), format!("{n} {en}")))
            .collect();
        if !counts.is_empty() {
            writeln!(out, "  {}: {}", self.lang.pick("regole", "rules"), counts.join(", "))?;
        }
        self.reasons(self.lang.pick("non valutabili:", "not evaluable:"), of(OutcomeKind::NotEvaluable), out)?;
        self.reasons(self.lang.pick("regole in errore:", "rules that failed:"), of(OutcomeKind::Error), out)
    }

    /// Rules by reason; each reason once.
    fn reasons<'r>(
        &self,
        title: &str,
        rules: impl Iterator<Item = &'r RuleOutcome>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut groups: BTreeMap<&str, Vec<&RuleOutcome>> = BTreeMap::new();
        for rule in rules {
            groups.entry(rule.reason.as_deref().unwrap_or_default()).or_default().push(rule);
        }
        if groups.is_empty() {
            return Ok(());
        }
        writeln!(out, "  {title}")?;
        for (reason, rules) in groups {
            let reason = if reason.is_empty() { self.lang.pick("motivo non detto", "no reason given") } else { reason };
            let codes: Vec<&str> = rules.iter().map(|r| &*r.code).collect();
            writeln!(out, "    {} ({})", one_line(reason), codes.join(", "))?;
            for rule in rules.iter().filter(|r| !r.places.is_empty()) {
                let places: Vec<_> = rule.places.iter().collect();
                writeln!(out, "      {}: {}", rule.code, words::cells(&places, self.lang))?;
            }
        }
        Ok(())
    }
}
