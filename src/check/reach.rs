//! Getting at the bytes of a file, and why they are not to be had.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::model::{Error, ErrorKind};
use crate::package::{Limits, read_shared, within};

/// The content of a file that is not beyond the limit.
///
/// # Errors
///
/// A file that cannot be read, or is larger than [`Limits::file`]; the path is left to the caller.
pub fn content(path: &Path, limits: &Limits) -> Result<Arc<[u8]>, Error> {
    let file = fs::File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_or(0, |data| data.len());
    within(length, limits)?;
    read_shared(file, length, limits.file.saturating_add(1)).map_err(unreadable)
}

/// What bears the name of a document and is neither file nor folder.
pub(super) fn not_a_file() -> Error {
    Error::new(
        ErrorKind::Io,
        "non è un file né una cartella: indicare il percorso di un documento",
        "neither a file nor a folder: give the path of a document",
    )
}

/// Why what bears the name of a document in a folder is none, if it is none: a pipe, of which nobody knows who would write
/// to it, a device, a link into nothing, or a file that the system does not show.
pub(super) fn out_of_reach(path: &Path) -> Option<Error> {
    match fs::metadata(path) {
        Ok(data) => (!data.is_file()).then(not_a_file),
        Err(e) if e.kind() == io::ErrorKind::NotFound && path.is_symlink() => Some(leads_nowhere()),
        Err(e) => Some(unreadable(e)),
    }
}

/// A link in a folder whose target is not there.
fn leads_nowhere() -> Error {
    Error::new(
        ErrorKind::Io,
        "è un collegamento a un file che non c'è: correggerlo o toglierlo",
        "a link to a file that is not there: mend or remove it",
    )
}

/// A file or folder that the system does not give.
pub(super) fn unreadable(error: io::Error) -> Error {
    let (it, en) = match error.kind() {
        _ if cfg!(windows) && is_held(error.raw_os_error()) => (
            "il file è aperto in un altro programma: chiuderlo e ripetere",
            "the file is open in another program: close it and try again",
        ),
        io::ErrorKind::NotFound => (
            "il file non esiste: controllare il nome e la cartella",
            "the file does not exist: check its name and folder",
        ),
        io::ErrorKind::PermissionDenied => (
            "il permesso di lettura manca, oppure il file è aperto in un altro programma: chiuderlo e ripetere",
            "permission to read is missing, or the file is open in another program: close it and try again",
        ),
        _ => (
            "il file non si legge: controllare il disco o la rete, oppure farne una copia e ripetere",
            "the file cannot be read: check the disk or the network, or make a copy of it and try again",
        ),
    };
    Error::new(ErrorKind::Io, it, en).because(error)
}

/// Whether Windows says that another program holds a file: the whole of it, or a part.
fn is_held(code: Option<i32>) -> bool {
    const SHARING_VIOLATION: i32 = 32;
    const LOCK_VIOLATION: i32 = 33;
    matches!(code, Some(SHARING_VIOLATION | LOCK_VIOLATION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_held_by_another_program_is_told_from_other_faults() {
        assert!(is_held(Some(32)) && is_held(Some(33)));
        assert!(!is_held(Some(2)) && !is_held(Some(5)) && !is_held(None));
    }
}
