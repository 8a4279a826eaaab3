//! A plan at a glance, for a person: as text and as Markdown.

use std::io::{self, Write};

use super::Painter;
use super::markdown::plain;
use super::words::{address, count, one_line, short};
use crate::model::{Lang, MeasureTiming, PlannedMeasure, RiskMap};
use crate::text::format_date;

/// Processes or measures named of one list on the screen; all of them in the other formats.
const NAMED: usize = 8;
/// Characters of an area or office on the screen.
const WIDTH: usize = 46;

/// The matrix, what is lacking, what is due, and names in several spellings, as text.
pub fn riskmap(map: &RiskMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    let sources: Vec<String> = map.sources.iter().map(|s| one_line(s)).collect();
    writeln!(out, "{}: {}", lang.pick("Piano", "Plan"), sources.join(", "))?;
    matrix(map, painter, out)?;
    for (lack, items) in &map.lacking {
        writeln!(out, "\n{}: {}", painter.strong.paint(&crate::text::capital(lack.label().get(lang))), items.len())?;
        for (name, place) in items.iter().take(NAMED) {
            writeln!(
                out,
                "  {} {}",
                short(&one_line(name), 80),
                painter.faint.paint(&format!("({})", one_line(&address(place))))
            )?;
        }
        more(items.len(), lang, out)?;
    }
    for lack in &map.untold {
        let label = lack.label();
        writeln!(
            out,
            "\n{}: {}",
            crate::text::capital(label.get(lang)),
            lang.pick("nessuna tabella ha la colonna", "no table has the column")
        )?;
    }
    measures(map, painter, out)?;
    let several: Vec<_> = map.names.iter().filter(|n| n.spellings.len() > 1).collect();
    if !several.is_empty() {
        writeln!(
            out,
            "\n{}",
            painter.strong.paint(lang.pick("Nomi scritti in più modi", "Names in several spellings"))
        )?;
        for name in several {
            let spelt: Vec<String> = name.spellings.iter().map(|(s, n)| format!("{} ({n})", one_line(s))).collect();
            writeln!(out, "  {}: {}", one_line(&name.meant), spelt.join(", "))?;
        }
    }
    writeln!(out, "\n{}", painter.strong.paint(&riskmap_line(map)))
}

fn more(all: usize, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    match all.checked_sub(NAMED).filter(|more| *more > 0) {
        Some(n) => writeln!(out, "  {}", lang.pick(format!("e altri {n}"), format!("and {n} more"))),
        None => Ok(()),
    }
}

fn matrix(map: &RiskMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    let title =
        lang.pick("Processi per area, ufficio e livello di rischio", "Processes by area, office and level of risk");
    writeln!(out, "\n{}", painter.strong.paint(title))?;
    let levels: Vec<String> = map.levels.iter().map(|l| short(&level(l, lang), 14)).collect();
    let heading: Vec<String> = levels.iter().map(|l| format!("{l:>14}")).collect();
    writeln!(out, "  {:WIDTH$}{}{:>8}", "", heading.concat(), lang.pick("totale", "total"))?;
    let mut area = None;
    for row in &map.rows {
        if area != Some(&row.area) {
            writeln!(out, "  {}", painter.strong.paint(&short(&named(&row.area, lang), 100)))?;
            area = Some(&row.area);
        }
        let figures: Vec<String> =
            row.counts.iter().map(|n| if *n == 0 { format!("{:>14}", "·") } else { format!("{n:>14}") }).collect();
        writeln!(
            out,
            "    {:w$}{}{:>8}",
            short(&named(&row.office, lang), WIDTH - 4),
            figures.concat(),
            row.total(),
            w = WIDTH - 2
        )?;
    }
    Ok(())
}

fn measures(map: &RiskMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    if map.measures.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", painter.strong.paint(lang.pick("Misure nel tempo", "Measures in time")))?;
    for timing in MeasureTiming::ALL {
        let of: Vec<&PlannedMeasure> = map.measures.iter().filter(|m| m.timing == timing).collect();
        if of.is_empty() {
            continue;
        }
        writeln!(out, "  {}: {}", timing.label_of_many(lang), of.len())?;
        if !matches!(timing, MeasureTiming::Overdue | MeasureTiming::Due) {
            continue;
        }
        for measure in of.iter().take(NAMED) {
            let due = measure.due.map_or_else(String::new, format_date);
            let owner = if measure.owner.is_empty() {
                lang.pick("senza responsabile", "without owner").to_owned()
            } else {
                one_line(&measure.owner)
            };
            writeln!(
                out,
                "    {due}  {}, {} {}",
                short(&one_line(&measure.measure), 70),
                short(&owner, 40),
                painter.faint.paint(&format!("({})", one_line(&address(&measure.place))))
            )?;
        }
        more(of.len(), lang, out)?;
    }
    Ok(())
}

/// The plan in one line.
pub fn riskmap_line(map: &RiskMap) -> String {
    let lang = map.lang;
    let (processes, events, measures) = map.sizes;
    let mut parts = match lang {
        Lang::It => vec![
            count(processes, "processo", "processi"),
            count(events, "evento rischioso", "eventi rischiosi"),
            count(measures, "misura", "misure"),
        ],
        Lang::En => vec![
            count(processes, "process", "processes"),
            count(events, "risk event", "risk events"),
            count(measures, "measure", "measures"),
        ],
    };
    if map.as_of.is_some() {
        let overdue = map.count(MeasureTiming::Overdue);
        parts.push(lang.pick(
            count(overdue, "misura scaduta", "misure scadute"),
            count(overdue, "measure overdue", "measures overdue"),
        ));
    }
    parts.join(", ")
}

/// The same as Markdown, whole.
pub fn riskmap_markdown(map: &RiskMap, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    writeln!(out, "# {}\n\n{}.", lang.pick("Quadro del piano", "The plan at a glance"), riskmap_line(map))?;
    writeln!(
        out,
        "\n## {}\n",
        lang.pick("Processi per area, ufficio e livello", "Processes by area, office and level")
    )?;
    let levels: Vec<String> = map.levels.iter().map(|l| plain(&level(l, lang))).collect();
    let (area, office, total) = lang.pick(("Area", "Ufficio", "Totale"), ("Area", "Office", "Total"));
    writeln!(out, "| {area} | {office} | {} | {total} |", levels.join(" | "))?;
    writeln!(out, "|---|---|{}---:|", "---:|".repeat(levels.len()))?;
    for row in &map.rows {
        let counts: Vec<String> = row.counts.iter().map(usize::to_string).collect();
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            plain(&named(&row.area, lang)),
            plain(&named(&row.office, lang)),
            counts.join(" | "),
            row.total()
        )?;
    }
    for (lack, items) in &map.lacking {
        writeln!(out, "\n## {}\n", plain(&crate::text::capital(lack.label().get(lang))))?;
        for (name, place) in items {
            writeln!(out, "- {} ({})", plain(name), plain(&address(place)))?;
        }
    }
    if !map.measures.is_empty() {
        writeln!(out, "\n## {}\n", lang.pick("Misure", "Measures"))?;
        writeln!(
            out,
            "{}",
            lang.pick(
                "| Scadenza | Stato | Misura | Processo | Responsabile |",
                "| Due | State | Measure | Process | Owner |"
            )
        )?;
        writeln!(out, "|---|---|---|---|---|")?;
        for m in &map.measures {
            let due = m.due.map_or_else(|| m.term.clone(), format_date);
            writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                plain(&due),
                m.timing.label(lang),
                plain(&m.measure),
                plain(&m.process),
                plain(&m.owner)
            )?;
        }
    }
    Ok(())
}

/// A level, or that there is none.
fn level(name: &str, lang: Lang) -> String {
    if name.is_empty() { lang.pick("senza livello", "no level").to_owned() } else { one_line(name) }
}

fn named(name: &str, lang: Lang) -> String {
    if name.is_empty() { lang.pick("(non indicato)", "(not given)").to_owned() } else { one_line(name) }
}
