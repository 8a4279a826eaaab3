//! Indicators at a glance, for a person: as text, as Markdown and as CSV.

use std::io::{self, Write};

use super::csv;
use super::markdown::plain;
use super::words::{address, count, one_line, short};
use super::{Paint, Painter};
use crate::model::{Direction, IndicatorMap, IndicatorRow, Lang, Overall, OverallRule, Trend};

/// Characters of a name on the screen.
const NAME: usize = 70;

/// Every indicator in three lines, then what came of all, as text.
pub fn indicatormap(map: &IndicatorMap, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    let sources: Vec<String> = map.sources.iter().map(|s| one_line(s)).collect();
    writeln!(out, "{}: {}", lang.pick("Indicatori", "Indicators"), sources.join(", "))?;
    let mut group = "";
    for row in &map.rows {
        if row.of != group && !row.of.is_empty() {
            writeln!(out, "\n{}", painter.strong.paint(&short(&row.of, 100)))?;
        } else {
            writeln!(out)?;
        }
        group = &row.of;
        indicator(row, lang, painter, out)?;
    }
    writeln!(out, "\n{}", painter.strong.paint(&indicatormap_line(map)))?;
    writeln!(out, "{}", overall(&map.overall, lang))?;
    let reasons: Vec<String> = map.unjudged().iter().map(|(why, n)| format!("{} ({n})", why.get(lang))).collect();
    if !reasons.is_empty() {
        writeln!(out, "{}: {}", lang.pick("Senza esito", "Without an outcome"), reasons.join(", "))?;
    }
    Ok(())
}

fn indicator(row: &IndicatorRow, lang: Lang, painter: &Painter, out: &mut dyn Write) -> io::Result<()> {
    let place = painter.faint.paint(&format!("({})", one_line(&address(&row.place))));
    writeln!(out, "  {} {place}", short(&named(row), NAME))?;
    let paint = match &row.verdict {
        Ok(verdict) if verdict.is_met => &painter.good,
        Ok(_) => &painter.avviso,
        Err(_) => &painter.faint,
    };
    writeln!(out, "      {}", judged(row, lang, paint))?;
    let why = one_line(&row.direction.why(lang));
    writeln!(out, "      {} {}: {why}", lang.pick("verso", "direction"), row.direction_label(lang))?;
    if row.series.len() > 1 {
        let trend = row.trend.map(|trend| format!(" ({})", trend.label(lang))).unwrap_or_default();
        writeln!(out, "      {} {}{trend}", lang.pick("andamento", "trend"), over_years(row))?;
    }
    Ok(())
}

/// Its code and its name.
fn named(row: &IndicatorRow) -> String {
    match (row.code.as_str(), row.name.as_str()) {
        ("", name) => name.to_owned(),
        (code, "") => code.to_owned(),
        (code, name) => format!("{code} – {name}"),
    }
}

/// Result, target, and what came of it.
fn judged(row: &IndicatorRow, lang: Lang, paint: &Paint) -> String {
    let none = lang.pick("nessuno", "none");
    let said = |text: &str| if text.is_empty() { none.to_owned() } else { short(text, 60) };
    let year = row.year.map(|year| format!(" {year}")).unwrap_or_default();
    let (result, target) = (lang.pick("risultato", "result"), lang.pick("target", "target"));
    let outcome = paint.paint(&row.outcome(lang));
    let mut told = format!("{result}{year} {}, {target} {}: {outcome}", said(&row.result), said(&row.target));
    if let Some(attainment) = row.attainment {
        told = format!("{told}, {}", percent(attainment));
    }
    if let Some(deviation) = deviation(row).filter(|_| row.verdict.as_ref().is_ok_and(|v| !v.is_met)) {
        told = format!("{told}, {} {deviation}", lang.pick("scostamento", "deviation"));
    }
    told
}

fn deviation(row: &IndicatorRow) -> Option<String> {
    row.verdict.as_ref().ok()?.deviation_text()
}

fn percent(points: f64) -> String {
    format!("{points}%").replace('.', ",")
}

/// The results by year: `2019 91,5% → 2020 95%`.
fn over_years(row: &IndicatorRow) -> String {
    let told = row.series.iter().map(|value| format!("{} {}", value.year, short(&value.text, 40)));
    told.collect::<Vec<_>>().join(" → ")
}

/// The figure for all, and how it was made.
fn overall(overall: &Overall, lang: Lang) -> String {
    let how = match (overall.rule, overall.is_by_own_weights) {
        (OverallRule::Worst, _) => lang.pick("il peggiore", "the worst"),
        (OverallRule::Weighted, true) => lang.pick("media ponderata con i pesi", "mean weighted by the weights"),
        (OverallRule::Weighted, false) => lang.pick("media, senza pesi", "mean, without weights"),
    };
    let figure = overall.percent.map_or_else(|| lang.pick("n.c.", "n/c").to_owned(), percent);
    let of = lang
        .pick(count(overall.counted, "indicatore", "indicatori"), count(overall.counted, "indicator", "indicators"));
    format!("{}: {figure} ({how}, {of})", lang.pick("Raggiungimento complessivo", "Overall attainment"))
}

/// The indicators in one line.
pub fn indicatormap_line(map: &IndicatorMap) -> String {
    let [met, missed, unjudged] = map.tally();
    let all = map.rows.len();
    match map.lang {
        Lang::It => format!(
            "{}: {}, {}, {unjudged} senza esito",
            count(all, "indicatore", "indicatori"),
            count(met, "target raggiunto", "target raggiunti"),
            count(missed, "non raggiunto", "non raggiunti"),
        ),
        Lang::En => format!(
            "{}: {}, {missed} not met, {unjudged} without an outcome",
            count(all, "indicator", "indicators"),
            count(met, "target met", "targets met"),
        ),
    }
}

/// The same as Markdown.
pub fn indicatormap_markdown(map: &IndicatorMap, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    writeln!(out, "# {}\n\n{}.", lang.pick("Indicatori", "Indicators"), indicatormap_line(map))?;
    writeln!(out, "\n{}.\n", overall(&map.overall, lang))?;
    writeln!(
        out,
        "{}",
        lang.pick(
            "| Indicatore | Risultato | Target | Verso | Da che cosa si vede | Esito | Raggiungimento | Andamento | Dove |",
            "| Indicator | Result | Target | Direction | How it is known | Outcome | Attainment | Trend | Where |",
        )
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
    for row in &map.rows {
        let trend = row.trend.map(|trend| format!(" ({})", trend.label(lang))).unwrap_or_default();
        let cells = [
            named(row),
            row.result.clone(),
            row.target.clone(),
            row.direction_label(lang).to_owned(),
            row.direction.why(lang),
            row.outcome(lang),
            row.attainment.map(percent).unwrap_or_default(),
            format!("{}{trend}", over_years(row)),
            address(&row.place),
        ];
        writeln!(out, "| {} |", cells.map(|cell| plain(&cell)).join(" | "))?;
    }
    Ok(())
}

/// One line for each indicator, for a spreadsheet program.
pub fn indicatormap_csv(map: &IndicatorMap, out: &mut dyn Write) -> io::Result<()> {
    let lang = map.lang;
    // Without the byte-order mark Excel takes the accents for another encoding.
    out.write_all("\u{feff}".as_bytes())?;
    let columns = [
        "path",
        "sheet",
        "cell",
        "code",
        "name",
        "of",
        "year",
        "result",
        "target",
        "direction",
        "direction_why",
        "outcome",
        "attainment",
        "deviation",
        "weight",
        "series",
        "trend",
    ];
    csv::row(&columns, out)?;
    for row in &map.rows {
        let outcome = match &row.verdict {
            Ok(verdict) if verdict.is_met => "met",
            Ok(_) => "missed",
            Err(why) => why.name(),
        };
        let number = |n: Option<f64>| n.map(|n| n.to_string().replace('.', ",")).unwrap_or_default();
        let cells = [
            row.place.path.clone().unwrap_or_default(),
            row.place.sheet.as_deref().unwrap_or_default().to_owned(),
            row.place.area.map(|area| area.to_string()).unwrap_or_default(),
            row.code.clone(),
            row.name.clone(),
            row.of.clone(),
            row.year.map(|year| year.to_string()).unwrap_or_default(),
            row.result.clone(),
            row.target.clone(),
            row.direction.direction().map(Direction::name).unwrap_or_default().to_owned(),
            row.direction.why(lang),
            outcome.to_owned(),
            number(row.attainment),
            deviation(row).unwrap_or_default(),
            number(row.weight),
            over_years(row),
            row.trend.map(Trend::name).unwrap_or_default().to_owned(),
        ];
        csv::row(&cells.each_ref().map(String::as_str), out)?;
    }
    Ok(())
}
