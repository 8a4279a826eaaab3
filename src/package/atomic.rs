//! Writing a file so that it is there whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::Builder;

use crate::model::{Error, ErrorKind};

/// Windows: another program has the file open, or a part of it locked.
const SHARING_VIOLATION: i32 = 32;
const LOCK_VIOLATION: i32 = 33;

/// Writes `bytes` beside `path` and renames: nobody ever sees half a file, and a failure leaves what was there.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // A link stays a link, also one to a file that is yet to be made.
    let onward = (path.is_symlink() && fs::metadata(path).is_err()).then(|| meant(path));
    let path = onward.as_deref().unwrap_or(path);
    write(path, bytes).map_err(|source| explain(path, &source).at(path).because(source))
}

/// The file that a path means, however it is written and through whatever links, also where nothing is there yet.
pub fn meant(path: &Path) -> PathBuf {
    const MOST_LINKS: usize = 40;
    let mut path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for _ in 0..MOST_LINKS {
        if let Ok(there) = fs::canonicalize(&path) {
            return there;
        }
        let Some((folder, name)) = path.parent().zip(path.file_name()) else { return path };
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let own = folder.join(name);
        let Ok(onward) = fs::read_link(&own) else { return own };
        path = folder.join(onward);
    }
    path
}

/// The files being written at the moment, under their temporary names.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is being written, for a program about to end at once.
pub fn remove_unfinished() {
    for path in std::mem::take(&mut *unfinished()) {
        // It may be in place by now.
        let _ = fs::remove_file(path);
    }
}

/// A temporary file for as long as it is one.
struct InHand(PathBuf);

impl InHand {
    fn new(path: &Path) -> Self {
        unfinished().insert(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        unfinished().remove(&self.0);
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // A link stays a link: what it leads to is replaced.
    let target = fs::canonicalize(path);
    // Links in a circle lead nowhere.
    if path.is_symlink() {
        fs::metadata(path)?;
    }
    let path = target.as_deref().unwrap_or(path);
    // What the system opened for the program (`/dev/stdout`, the pipe of `>(…)`) is written to, never renamed over.
    if fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        if target.is_ok() && !is_terminal_or_sink(path) {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        return OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A target that exists but may not be written keeps its content: renaming would not ask.
    let exists = path.exists();
    if exists {
        OpenOptions::new().write(true).open(path)?;
    }
    let mut builder = Builder::new();
    builder.prefix(".riscontro-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Outputs are for others to read; the mask of the user is applied to this.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    let _in_hand = InHand::new(file.path());
    file.write_all(bytes)?;
    file.flush()?;
    if exists {
        let permissions = fs::metadata(path)?.permissions();
        fs::set_permissions(file.path(), permissions)?;
    }
    file.persist(path)?;
    Ok(())
}

/// Whether what is written goes on at once: a terminal, or the null device. A named pipe may have no reader, a disk has
/// other contents to lose.
#[cfg(unix)]
fn is_terminal_or_sink(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    fs::metadata(path).is_ok_and(|data| data.file_type().is_char_device())
}

/// Elsewhere devices have names of their own, that no file can have.
#[cfg(not(unix))]
fn is_terminal_or_sink(_: &Path) -> bool {
    true
}

fn explain(path: &Path, source: &io::Error) -> Error {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let error = |it: String, en: String| Error::new(ErrorKind::Io, it, en);
    if matches!(source.raw_os_error(), Some(SHARING_VIOLATION | LOCK_VIOLATION) if cfg!(windows)) {
        return error(
            format!("{name} è aperto in un altro programma: chiuderlo e ripetere"),
            format!("{name} is open in another program: close it and try again"),
        );
    }
    if path.is_dir() {
        return error(
            format!("{name} è una cartella: indicare il nome di un file"),
            format!("{name} is a folder: give the name of a file"),
        );
    }
    if !folder.is_dir() {
        let folder = folder.display();
        return error(
            format!("la cartella {folder} non esiste: crearla e ripetere"),
            format!("the folder {folder} does not exist: create it and try again"),
        );
    }
    match source.kind() {
        io::ErrorKind::InvalidFilename => error(
            format!("{name} non è un file ma una pipe o un dispositivo: indicare il nome di un file"),
            format!("{name} is no file but a pipe or a device: give the name of a file"),
        ),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => error(
            format!("non si può scrivere {name}: scegliere una cartella in cui si ha il permesso di scrivere"),
            format!("{name} cannot be written: choose a folder you may write to"),
        ),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => error(
            format!("non c'è più spazio per scrivere {name}: liberarne e ripetere"),
            format!("there is no space left to write {name}: free some and try again"),
        ),
        _ => error(
            format!("non si può scrivere {name}: verificare il percorso e ripetere"),
            format!("{name} cannot be written: check the path and try again"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    fn leftovers(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("esito.xlsx");
        write_atomic(&path, b"uno").unwrap();
        write_atomic(&path, b"due").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"due");
        assert_eq!(leftovers(folder.path()), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("vero.json"), folder.path().join("link.json"));
        fs::write(&file, "vecchio").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_atomic(&link, b"nuovo").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"nuovo");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_without_a_target_makes_it() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink("archivio/ultimo", at("esito.json")).unwrap();
        symlink("oggi.json", at("vero")).unwrap();
        let error = write_atomic(&at("esito.json"), b"uno").unwrap_err();
        assert!(error.message(Lang::It).contains("archivio non esiste"), "{}", error.message(Lang::It));
        fs::create_dir(at("archivio")).unwrap();
        symlink("../vero", at("archivio/ultimo")).unwrap();
        write_atomic(&at("esito.json"), b"uno").unwrap();
        assert_eq!(fs::read(at("oggi.json")).unwrap(), b"uno");
        assert!(at("esito.json").is_symlink() && at("archivio/ultimo").is_symlink() && at("vero").is_symlink());
        symlink("giro", at("giro")).unwrap();
        assert_eq!(write_atomic(&at("giro"), b"uno").unwrap_err().kind(), ErrorKind::Io);
        assert!(at("giro").is_symlink());
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_atomic(&folder.path().join("manca/esito.xlsx"), b"uno").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.message(Lang::It).contains("manca non esiste"), "{}", error.message(Lang::It));
        assert_eq!(leftovers(folder.path()), 0);
    }

    #[test]
    fn an_end_at_once_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let half = folder.path().join(".riscontro-x.tmp");
        fs::write(&half, "mezzo").unwrap();
        let in_hand = InHand::new(&half);
        remove_unfinished();
        assert_eq!(leftovers(folder.path()), 0);
        drop(in_hand);
        remove_unfinished();
    }

    #[test]
    fn a_folder_is_no_target() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_atomic(folder.path(), b"uno").unwrap_err();
        assert!(error.message(Lang::It).contains("è una cartella"), "{}", error.message(Lang::It));
        assert_eq!(leftovers(folder.path()), 0);
    }
}
