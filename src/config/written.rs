//! The text of a file that a body writes for the program, within bounds; every fault with what to do.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::model::{Error, ErrorKind};

/// The longest file that people write.
pub(super) const BY_HAND: u64 = 1024 * 1024;

/// What a file is, in both languages and with its article.
#[derive(Debug, Clone, Copy)]
pub(super) struct What {
    pub(super) it: &'static str,
    pub(super) en: &'static str,
}

/// The configuration.
pub(super) const CONFIGURATION: What = What { it: "il file di configurazione", en: "the configuration file" };

/// Reads a file of at most `most` bytes.
pub(super) fn read(path: &Path, what: What, most: u64) -> Result<String, Error> {
    let fail = |e: io::Error| unreadable(e, what).at(path);
    let wrong = |it: String, en: String| Error::new(ErrorKind::Usage, it, en).at(path);
    let data = match fs::metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            let it = format!("{} è un collegamento a un file che non c'è: correggerlo o toglierlo", what.it);
            let en = format!("{} is a link to a file that is not there: mend or remove it", what.en);
            return Err(wrong(it, en).because(e));
        }
        data => data.map_err(fail)?,
    };
    if data.is_dir() {
        return Err(fail(io::ErrorKind::IsADirectory.into()));
    }
    // A pipe or a device would keep whoever reads it waiting, or never end.
    if !data.is_file() {
        let it = format!("non è un file ma una pipe o un dispositivo: indicare {}", what.it);
        return Err(wrong(it, format!("this is no file but a pipe or a device: give {}", what.en)));
    }
    let mut source = String::new();
    fs::File::open(path).map_err(fail)?.take(most + 1).read_to_string(&mut source).map_err(fail)?;
    if source.len() as u64 > most {
        let limit = most / BY_HAND;
        let it = format!("troppo grande per essere {}: il limite è {limit} MiB", what.it);
        return Err(wrong(it, format!("too large to be {}: the limit is {limit} MiB", what.en)));
    }
    // Editors of Windows put a mark before the text.
    Ok(source.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(source))
}

/// A path as messages show it.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The parts of a path, from which two ways of writing one path are told alike.
pub(super) fn tail(path: &str) -> Vec<String> {
    path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").map(str::to_lowercase).collect()
}

fn unreadable(error: io::Error, what: What) -> Error {
    let (it, en) = match error.kind() {
        io::ErrorKind::NotFound => (
            format!("{} non esiste: controllare il percorso", what.it),
            format!("{} does not exist: check the path", what.en),
        ),
        io::ErrorKind::InvalidData => (
            "il testo non è in UTF-8: salvarlo in questa codifica".to_owned(),
            "the text is not in UTF-8: save it in that encoding".to_owned(),
        ),
        io::ErrorKind::IsADirectory => {
            (format!("è una cartella: indicare {}", what.it), format!("this is a folder: give {}", what.en))
        }
        _ => (format!("{} non si legge", what.it), format!("{} cannot be read", what.en)),
    };
    Error::new(ErrorKind::Usage, it, en).because(error)
}
