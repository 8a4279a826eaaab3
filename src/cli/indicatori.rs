//! `riscontro indicatori`.

use clap::ArgMatches;
use riscontro::indicators::{is_indicators, overview};
use riscontro::model::{IndicatorMap, OverallRule};
use riscontro::{Error, output, sheets};

use super::exit::Exit;
use super::sinks::Sink;
use super::task::Task;
use super::terminal::Terminal;

const LACKING: (&str, &str) = (
    "in nessun file si riconosce una tabella di indicatori con target o risultati",
    "no table of indicators with targets or results is recognised in any file",
);

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let mut task = Task::new(matches, terminal)?;
    let Some(gathered) = task.gather(matches, is_indicators, LACKING)? else { return Ok(task.exit) };
    let rule = matches.get_one::<String>("overall").map(String::as_str).unwrap_or_default();
    let rule = OverallRule::ALL.into_iter().find(|r| r.name() == rule).unwrap_or_default();
    let map = overview(&gathered.sources(), &gathered.packs, rule, terminal.lang);
    Ok(task.write(&output::indicatormap_line(&map), |sink| write(sink, &map, terminal)))
}

fn write(sink: &Sink, map: &IndicatorMap, terminal: &Terminal) -> Result<(), Error> {
    match sink.format.as_str() {
        "xlsx" => {
            let bytes = sheets::indicatormap_workbook(map)?;
            sink.write(terminal, |_, out| out.write_all(&bytes))
        }
        "json" => sink.write(terminal, |_, out| output::indicatormap_json(map, out)),
        "csv" => sink.write(terminal, |_, out| output::indicatormap_csv(map, out)),
        "markdown" => sink.write(terminal, |_, out| output::indicatormap_markdown(map, out)),
        _ => sink.write(terminal, |painter, out| output::indicatormap(map, painter, out)),
    }
}
