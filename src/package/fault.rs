//! The sentences of a refused container: what is wrong and the way out.

use super::limits::{Limits, size};
use crate::model::{Error, ErrorKind};

/// The container or one of its parts is damaged; `it` and `en` say how.
pub(crate) fn corrupt(it: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        format!("il file è danneggiato ({it}): aprirlo con Excel o LibreOffice e salvarlo di nuovo come .xlsx"),
        format!("the file is damaged ({en}): open it with Excel or LibreOffice and save it again as .xlsx"),
    )
}

/// An archive of documents is damaged; `it` and `en` say how.
pub(super) fn spoiled(it: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        format!(
            "l'archivio è danneggiato ({it}): estrarne i file e farne uno nuovo, o controllare la cartella estratta"
        ),
        format!("the archive is damaged ({en}): extract its files and make a new one, or check the folder extracted"),
    )
}

/// The bytes do not arrive at their end, or are no container.
pub(crate) fn broken(source: zip::result::ZipError) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        "il file è danneggiato o incompleto: copiarlo o scaricarlo di nuovo dall'originale",
        "the file is damaged or incomplete: copy or download it again from the original",
    )
    .because(source)
}

/// Something goes beyond a limit; `it` and `en` name it and the limit.
pub(crate) fn too_large(it: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!(
            "il file è troppo grande: {it}; togliere i fogli, le righe o le colonne che non servono, o dividerlo in più file"
        ),
        format!(
            "the file is too large: {en}; remove the sheets, rows or columns not needed, or split it into several files"
        ),
    )
}

/// Refuses a file of more bytes than the limit.
pub(crate) fn within(length: u64, limits: &Limits) -> Result<(), Error> {
    if length <= limits.file {
        return Ok(());
    }
    let (is, limit) = (size(length), size(limits.file));
    Err(too_large(&format!("{is}, il limite è {limit}"), &format!("{is}, the limit is {limit}")))
}
