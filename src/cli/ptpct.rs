//! `riscontro ptpct`.

use clap::ArgMatches;
use jiff::civil::Date;
use riscontro::model::RiskMap;
use riscontro::riskmap::{is_plan, overview};
use riscontro::{Error, output, sheets};

use super::exit::Exit;
use super::sinks::Sink;
use super::task::Task;
use super::terminal::Terminal;

const LACKING: (&str, &str) =
    ("in nessun file si riconosce una tabella di processi", "no table of processes is recognised in any file");

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let mut task = Task::new(matches, terminal)?;
    let Some(gathered) = task.gather(matches, is_plan, LACKING)? else { return Ok(task.exit) };
    let as_of = matches.get_one::<Date>("as-of").copied();
    let map = overview(&gathered.sources(), &gathered.packs, as_of, terminal.lang);
    Ok(task.write(&output::riskmap_line(&map), |sink| write(sink, &map, terminal)))
}

fn write(sink: &Sink, map: &RiskMap, terminal: &Terminal) -> Result<(), Error> {
    match sink.format.as_str() {
        "xlsx" => {
            let bytes = sheets::riskmap_workbook(map)?;
            sink.write(terminal, |_, out| out.write_all(&bytes))
        }
        "json" => sink.write(terminal, |_, out| output::riskmap_json(map, out)),
        "markdown" => sink.write(terminal, |_, out| output::riskmap_markdown(map, out)),
        _ => sink.write(terminal, |painter, out| output::riskmap(map, painter, out)),
    }
}
