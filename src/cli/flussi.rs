//! `riscontro flussi`.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::ArgMatches;
use riscontro::check::check;
use riscontro::flows::{Source, is_flow, overview};
use riscontro::model::{Finding, FlowMap};
use riscontro::{Error, output, sheets};

use super::check::many;
use super::exit::Exit;
use super::sinks::Sink;
use super::task::Task;
use super::terminal::Terminal;

const LACKING: (&str, &str) =
    ("in nessun file si riconosce un flusso informativo", "no information flow is recognised in any file");

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let mut task = Task::new(matches, terminal)?;
    let Some(gathered) = task.gather(matches, is_flow, LACKING)? else { return Ok(task.exit) };
    let report = check(&many::<PathBuf>(matches, "paths"), &task.options)?;
    let findings: HashMap<&str, &[Finding]> =
        report.documents.iter().map(|document| (document.path.as_str(), document.findings.as_slice())).collect();
    let sources: Vec<Source<'_>> = gathered
        .sources()
        .into_iter()
        .map(|(path, document)| (path, document, findings.get(path).copied().unwrap_or_default()))
        .collect();
    let map = overview(&sources, &gathered.packs, terminal.lang);
    Ok(task.write(&output::flowmap_line(&map), |sink| write(sink, &map, terminal)))
}

fn write(sink: &Sink, map: &FlowMap, terminal: &Terminal) -> Result<(), Error> {
    match sink.format.as_str() {
        "xlsx" => {
            let bytes = sheets::flowmap_workbook(map)?;
            sink.write(terminal, |_, out| out.write_all(&bytes))
        }
        "json" => sink.write(terminal, |_, out| output::flowmap_json(map, out)),
        "markdown" => sink.write(terminal, |_, out| output::flowmap_markdown(map, out)),
        "mermaid" => sink.write(terminal, |_, out| output::flowmap_mermaid(map, out)),
        _ => sink.write(terminal, |painter, out| output::flowmap(map, painter, out)),
    }
}
