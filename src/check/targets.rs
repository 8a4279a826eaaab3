//! Names of annotated copies, settled before anything is written.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::options::{Copies, Options};
use super::walk::{File, Input, Inside, What};
use crate::model::{Error, ErrorKind};
use crate::package;

const MARK: &str = ".riscontro";
/// The extension of the copy of a text.
const TEXT: &str = "md";
/// Those of files that are no texts with lines to comment.
const WORKBOOKS: [&str; 10] = ["xlsx", "xlsm", "xltx", "xltm", "xlsb", "xls", "ods", "csv", "tsv", "p7m"];

/// Where the copy of each input goes, in the order of the inputs; an error if a file to be written is an
/// input or one of the `configurations`.
pub(super) fn plan(
    inputs: &[Input],
    configurations: &[PathBuf],
    options: &Options,
) -> Result<Vec<Option<Target>>, Error> {
    if let Copies::Under(dir) = &options.copies {
        destination(dir)?;
    }
    let files: Vec<Option<&File>> = inputs
        .iter()
        .map(|input| match &input.what {
            What::Check(file) => Some(file),
            What::Skip(_) | What::Refuse(_) => None,
        })
        .collect();
    let targets = match &options.copies {
        Copies::None => vec![None; inputs.len()],
        Copies::Under(dir) => under(dir, &files),
        Copies::Beside => beside(&files),
    };
    let identities: BTreeSet<&Path> = files.iter().flatten().map(|f| f.identity.as_path()).collect();
    let texts: Vec<PathBuf> =
        targets.iter().zip(&files).filter_map(|(target, file)| text_copy(target.as_ref()?, file.as_ref()?)).collect();
    for target in targets.iter().flatten().chain(&texts).chain(&options.outputs) {
        if fs::canonicalize(target).is_ok_and(|t| identities.contains(t.as_path())) {
            return Err(Error::new(
                ErrorKind::Usage,
                "il file da scrivere è anche uno di quelli da controllare: scegliere un'altra destinazione",
                "the file to be written is also one of those to check: choose another destination",
            )
            .at(target));
        }
    }
    let configurations: Vec<PathBuf> = configurations.iter().map(|file| package::meant(file)).collect();
    let mut written = targets.iter().flatten().chain(&texts).chain(&options.outputs);
    if let Some(file) = written.find(|file| configurations.contains(&package::meant(file))) {
        let it = "il file da scrivere è una configurazione in uso: scegliere un'altra destinazione";
        let en = "the file to be written is a configuration in force: choose another destination";
        return Err(Error::new(ErrorKind::Usage, it, en).at(file));
    }
    let mut copies: BTreeSet<String> = BTreeSet::new();
    if let Some(twice) = targets.iter().flatten().find(|target| !copies.insert(folded(&package::meant(target)))) {
        let it =
            "due copie annotate finirebbero nello stesso file, per un collegamento: scegliere un'altra destinazione";
        let en = "two annotated copies would go to one file, by a link: choose another destination";
        return Err(Error::new(ErrorKind::Usage, it, en).at(twice));
    }
    copies.extend(texts.iter().map(|text| folded(&package::meant(text))));
    if let Some(twice) = options.outputs.iter().find(|file| copies.contains(&folded(&package::meant(file)))) {
        let it = "il risultato avrebbe il nome di una copia annotata: scegliere un'altra destinazione";
        let en = "the result would have the name of an annotated copy: choose another destination";
        return Err(Error::new(ErrorKind::Usage, it, en).at(twice));
    }
    Ok(targets.into_iter().zip(&files).map(|(path, file)| target(path?, *file.as_ref()?, options)).collect())
}

/// Where a copy goes.
#[derive(Debug)]
pub(super) struct Target {
    /// The file.
    pub(super) path: PathBuf,
    /// Where that of a text goes, beside a workbook of its steps; of what can be none, nowhere.
    pub(super) text: Option<PathBuf>,
    /// The part of it that this program gives name to.
    own: PathBuf,
}

impl Target {
    /// An error if Windows cannot hold a file of this name: only this copy is not made then.
    pub(super) fn nameable(&self) -> Result<(), Error> {
        names(&self.own).try_for_each(|name| package::nameable(&name))
    }
}

fn target(path: PathBuf, file: &File, options: &Options) -> Option<Target> {
    let name = path.file_name()?;
    let own = match options.copies {
        Copies::Under(_) => file.below.with_file_name(name),
        Copies::None | Copies::Beside => PathBuf::from(name),
    };
    let text = text_copy(&path, file);
    Some(Target { path, text, own })
}

/// Where the copy of a text goes: beside the workbook.
fn text_copy(workbook: &Path, file: &File) -> Option<PathBuf> {
    let is_workbook = WORKBOOKS.contains(&&*extension(&file.below));
    (!is_workbook).then(|| workbook.with_extension(TEXT))
}

/// The names in a path.
fn names(path: &Path) -> impl Iterator<Item = Cow<'_, str>> {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    })
}

/// The folder of the copies: one that is there, or can be made under that name.
fn destination(dir: &Path) -> Result<(), Error> {
    if dir.is_dir() {
        return Ok(());
    }
    if dir.exists() {
        let it = "la destinazione delle copie non è una cartella: indicarne un'altra";
        return Err(
            Error::new(ErrorKind::Usage, it, "the destination of the copies is no folder: give another").at(dir)
        );
    }
    // Folders that are there have names that this system takes.
    let fresh = dir.ancestors().take_while(|d| !d.exists()).filter_map(Path::file_name);
    fresh.into_iter().try_for_each(|name| package::nameable(&name.to_string_lossy())).map_err(|e| e.at(dir))?;
    makeable(dir)
}

/// Makes the folders and takes them away again: nothing is left where no copy is made.
fn makeable(dir: &Path) -> Result<(), Error> {
    let fresh: Vec<&Path> = dir.ancestors().take_while(|d| !d.as_os_str().is_empty() && !d.exists()).collect();
    let made = fs::create_dir_all(dir);
    for folder in fresh {
        // One that was not made is not there.
        let _ = fs::remove_dir(folder);
    }
    made.map_err(|e| {
        let (it, en) = ("la cartella delle copie non si può creare", "the folder of the copies cannot be made");
        Error::new(ErrorKind::Usage, it, en).because(e).at(dir)
    })
}

/// `<stem>.riscontro.xlsx`; where several inputs would meet, `<stem>.<ext>.riscontro.xlsx`; where even those
/// meet (two folders of one structure), numbered in the order of the inputs.
fn under(dir: &Path, files: &[Option<&File>]) -> Vec<Option<PathBuf>> {
    let mut sharing: BTreeMap<String, usize> = BTreeMap::new();
    for file in files.iter().flatten() {
        *sharing.entry(folded(&stem_path(&file.below))).or_default() += 1;
    }
    let plain = |file: &File| {
        let is_alone = sharing.get(&folded(&stem_path(&file.below))) == Some(&1);
        is_alone.then(|| dir.join(file.below.with_file_name(name(&stem(&file.below), 1, &file.below))))
    };
    // The names without a number first: `a.xlsx.xlsx` has the one that `a.xlsx` would get beside `a.xlsm`.
    let mut taken: BTreeSet<String> = files.iter().flatten().filter_map(|f| plain(f)).map(|p| folded(&p)).collect();
    let mut target = |file: &File| {
        plain(file).unwrap_or_else(|| {
            let stem = format!("{}.{}", stem(&file.below), extension(&file.below));
            (1..usize::MAX)
                .map(|n| dir.join(file.below.with_file_name(name(&stem, n, &file.below))))
                .find(|path| taken.insert(folded(path)))
                .unwrap_or_default()
        })
    };
    files.iter().map(|file| file.map(&mut target)).collect()
}

/// Beside the source, under the first name that neither the folder nor the run has.
fn beside(files: &[Option<&File>]) -> Vec<Option<PathBuf>> {
    let mut taken = BTreeSet::new();
    let mut target = |file: &File| {
        // What lies in an archive gets a folder of the archive's name beside it.
        let path = match (&file.inside, archive_folder(file)) {
            (Inside::Archive(..), Some(folder)) => folder.join(&file.below),
            _ => file.path.clone(),
        };
        let stem = source_stem(&path);
        (1..usize::MAX)
            .map(|n| path.with_file_name(name(&stem, n, &path)))
            .find(|path| {
                let is_free = |path: &Path| fs::symlink_metadata(path).is_err();
                is_free(path) && text_copy(path, file).is_none_or(|text| is_free(&text)) && taken.insert(folded(path))
            })
            .unwrap_or_default()
    };
    files.iter().map(|file| file.map(&mut target)).collect()
}

/// The folder that an archive lies in: the path of a file in it goes on with the archive's name and that of the file,
/// as `below` ends with its stem and that of the file.
fn archive_folder(file: &File) -> Option<PathBuf> {
    let inside = file.below.components().count().checked_sub(1)?;
    file.path.ancestors().nth(inside + 1).map(Path::to_owned)
}

fn name(stem: &str, number: usize, source: &Path) -> String {
    let number = if number > 1 { format!(".{number}") } else { String::new() };
    format!("{stem}{number}{MARK}.{}", kept_extension(source))
}

/// Excel refuses a workbook with macros, or a template, under another extension than its own.
fn kept_extension(source: &Path) -> &'static str {
    match extension(source).as_str() {
        // What lies in an envelope has its own extension before that.
        "p7m" => kept_extension(source.file_stem().map_or(Path::new(""), Path::new)),
        "xlsm" => "xlsm",
        "xltx" => "xltx",
        "xltm" => "xltm",
        _ => "xlsx",
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The file name without extension and without our own mark.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    match stem.strip_suffix(MARK) {
        Some(bare) if !bare.is_empty() => bare.to_owned(),
        _ => stem,
    }
}

/// The stem, also without the number that an earlier copy was given.
fn source_stem(path: &Path) -> String {
    let bare = stem(path);
    let is_copy = path.file_stem().is_some_and(|s| s.to_string_lossy() != bare);
    match bare.rsplit_once('.') {
        Some((name, number)) if is_copy && !name.is_empty() && number.parse::<u32>().is_ok() => name.to_owned(),
        _ => bare,
    }
}

fn stem_path(below: &Path) -> PathBuf {
    below.with_file_name(stem(below))
}

/// Windows and macOS tell no `A.xlsx` from `a.xlsx`.
fn folded(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<File> {
        let file = |p: &&str| File {
            path: PathBuf::from(p),
            below: PathBuf::from(p),
            named: true,
            identity: PathBuf::from(p),
            inside: Inside::No,
        };
        paths.iter().map(file).collect()
    }

    fn names(paths: &[&str]) -> Vec<String> {
        let files = files(paths);
        let files: Vec<_> = files.iter().map(Some).collect();
        let text = |t: Option<PathBuf>| t.unwrap().to_string_lossy().replace('\\', "/");
        under(Path::new("out"), &files).into_iter().map(text).collect()
    }

    #[test]
    fn copies_keep_the_folders_below_the_path() {
        assert_eq!(names(&["2024/a.xlsx", "b.xlsx"]), ["out/2024/a.riscontro.xlsx", "out/b.riscontro.xlsx"]);
    }

    #[test]
    fn copies_that_would_meet_carry_their_extension() {
        assert_eq!(names(&["a.xlsx", "a.xlsm"]), ["out/a.xlsx.riscontro.xlsx", "out/a.xlsm.riscontro.xlsm"]);
        assert_eq!(names(&["A.xlsx", "a.xlsx"]), ["out/A.xlsx.riscontro.xlsx", "out/a.xlsx.2.riscontro.xlsx"]);
    }

    #[test]
    fn mark_is_not_doubled() {
        assert_eq!(names(&["a.riscontro.xlsx"]), ["out/a.riscontro.xlsx"]);
        assert_eq!(source_stem(Path::new("a.2.riscontro.xlsx")), "a");
        assert_eq!(source_stem(Path::new("a.2.xlsx")), "a.2");
    }
}
