//! Pages and schemas that the program writes into a folder for others to read. What it did not write it leaves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use riscontro::model::ErrorKind;
use riscontro::output::{self, DOC_MARK, DocPage, SCHEMA_MARK};
use riscontro::{Error, package};

use super::terminal::Terminal;

/// What becomes of the pages of an earlier run that are not among those to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sweep {
    /// They are removed: the rules they tell of are gone.
    Earlier,
    /// They stay: they are others'.
    Nothing,
}

/// Writes pages below a folder. A file that is no such page is never touched: if one stands in the way, nothing is
/// written.
pub(super) fn write(dir: &Path, pages: &[DocPage], sweep: Sweep, terminal: &Terminal) -> Result<(), Error> {
    if dir.exists() && !dir.is_dir() {
        let (it, en) =
            ("non è una cartella: indicare quella in cui scrivere", "this is no folder: give the one to write to");
        return Err(Error::new(ErrorKind::Usage, it, en).at(dir));
    }
    let targets: Vec<(PathBuf, &DocPage)> =
        pages.iter().map(|page| (page.path.split('/').fold(dir.to_owned(), |to, part| to.join(part)), page)).collect();
    if let Some((stranger, _)) = targets.iter().find(|(target, _)| target.exists() && !is_ours(target)) {
        return Err(Error::new(
            ErrorKind::Usage,
            "c'è già un file che non è di riscontro, e non si sovrascrive: scegliere un'altra cartella",
            "a file is there already that riscontro did not write, and is not written over: choose another folder",
        )
        .at(stranger));
    }
    for (target, page) in &targets {
        if fs::read(target).is_ok_and(|there| there == page.text.as_bytes()) {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|e| {
                let (it, en) = ("la cartella non si può creare", "the folder cannot be made");
                Error::new(ErrorKind::Usage, it, en).because(e).at(folder)
            })?;
        }
        package::write_atomic(target, page.text.as_bytes()).map_err(|e| e.at(target))?;
    }
    let kept: BTreeSet<&Path> = targets.iter().map(|(target, _)| target.as_path()).collect();
    let earlier = if sweep == Sweep::Earlier { ours_below(dir) } else { Vec::new() };
    let stale: Vec<PathBuf> = earlier.into_iter().filter(|file| !kept.contains(file.as_path())).collect();
    for file in &stale {
        fs::remove_file(file).map_err(|e| {
            let (it, en) = (
                "la pagina di una regola che non c'è più non si può togliere",
                "the page of a rule that is gone cannot be removed",
            );
            Error::new(ErrorKind::Usage, it, en).because(e).at(file)
        })?;
    }
    let (it, en) = (output::count(pages.len(), "file", "file"), output::count(pages.len(), "file", "files"));
    terminal.say(&format!("{}: {} ({})", terminal.pick("scritto", "written"), dir.display(), terminal.pick(it, en)));
    if !stale.is_empty() {
        let it = output::count(
            stale.len(),
            "pagina tolta, di una regola che non c'è più",
            "pagine tolte, di regole che non ci sono più",
        );
        let en =
            output::count(stale.len(), "page removed, of a rule that is gone", "pages removed, of rules that are gone");
        terminal.say(&terminal.pick(it, en));
    }
    Ok(())
}

/// Whether a file is one that the program may write over: it says so itself, a page in its first line.
fn is_ours(file: &Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.starts_with(DOC_MARK) || text.contains(SCHEMA_MARK))
}

/// The pages of an earlier run in a folder and in those right below it.
fn ours_below(dir: &Path) -> Vec<PathBuf> {
    let entries = |dir: &Path| -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> =
            fs::read_dir(dir).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
        found.sort();
        found
    };
    let here = entries(dir);
    let below = here.iter().filter(|p| p.is_dir() && !p.is_symlink()).flat_map(|p| entries(p)).collect::<Vec<_>>();
    let is_page = |p: &PathBuf| p.extension().is_some_and(|e| e == "md") && p.is_file() && is_ours(p);
    here.into_iter().chain(below).filter(is_page).collect()
}
