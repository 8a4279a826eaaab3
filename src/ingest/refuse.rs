//! Files that are no workbook we read: one sentence each, what it is and what to do.

use crate::model::{Bilingual, Error, ErrorKind};
use crate::package::{Container, TextKind};

/// Why a file of this kind is not read; `None` for a workbook, and for a zip that may yet be one.
pub(crate) fn refuse(container: Container, name: &str) -> Option<Error> {
    use ErrorKind::{Corrupt, Unsupported};
    let error = |kind, it: &str, en: &str| Some(Error::new(kind, it, en));
    if name.rsplit(['/', '\\']).next().is_some_and(|n| n.starts_with("~$")) {
        return error(
            Unsupported,
            "il file è quello che Excel tiene accanto a un documento aperto: chiudere il documento e indicare quello, senza «~$»",
            "the file is the one that Excel keeps beside an open document: close the document and name that, without “~$”",
        );
    }
    match container {
        Container::Xlsx | Container::Xlsb | Container::Zip | Container::Ods | Container::Xls => None,
        Container::Empty => error(
            Corrupt,
            "il file è vuoto: copiarlo o scaricarlo di nuovo dall'originale",
            "the file is empty: copy or download it again from the original",
        ),
        Container::Encrypted => Some(encrypted()),
        Container::DamagedByTextConversion => error(
            Corrupt,
            "il file è stato danneggiato da un programma che lo ha trattato come testo: procurarsi di nuovo l'originale, per esempio in un archivio zip",
            "the file was damaged by a program that took it for text: get the original again, for example inside a zip archive",
        ),
        Container::Html => Some(unsupported("è una pagina web", "is a web page")),
        Container::Xml => Some(unsupported(
            "è un file XML (per esempio «Foglio di calcolo XML 2003»)",
            "is an XML file (for example “XML Spreadsheet 2003”)",
        )),
        Container::Pdf => error(
            Unsupported,
            "il file è un PDF: chiedere la cartella .xlsx da cui è stato fatto",
            "the file is a PDF: ask for the .xlsx workbook it was made from",
        ),
        Container::Document => error(
            Unsupported,
            "il file è un documento di testo, una presentazione o un disegno: copiare le tabelle in una cartella e salvarla come .xlsx",
            "the file is a text document, a presentation or a drawing: copy its tables to a workbook and save it as .xlsx",
        ),
        Container::P7m => error(
            Unsupported,
            "il file è una busta firmata .p7m che contiene la sola firma, o è danneggiata: usare il documento che è stato firmato, o estrarlo con il programma di firma",
            "the file is a signed .p7m envelope that holds the signature alone, or is damaged: use the document that was signed, or take it out with the signing program",
        ),
        Container::Text(_) => Some(text(name)),
        Container::SpoiledText => error(
            Corrupt,
            "il file è un testo con caratteri nulli, che ogni programma legge a modo suo: aprirlo con Excel o LibreOffice, verificarlo e salvarlo come .xlsx",
            "the file is a text with NUL characters, which each program reads in its own way: open it with Excel or LibreOffice, check it and save it as .xlsx",
        ),
        _ => error(
            Corrupt,
            "il file non è una cartella di Excel: verificare che sia quello giusto, o salvarlo di nuovo come .xlsx",
            "the file is no Excel workbook: check that it is the right one, or save it again as .xlsx",
        ),
    }
}

/// Refuses a result of ours in the place of a document.
pub(super) fn own_result() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "il file è l'esito di un controllo, non un documento: indicare il documento controllato",
        "the file is the result of a check, no document: name the document checked",
    )
}

fn unsupported(it: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Unsupported,
        format!("il file {it}, che non si legge ancora: aprirlo con Excel o LibreOffice e salvarlo come .xlsx"),
        format!("the file {en}, which is not read yet: open it with Excel or LibreOffice and save it as .xlsx"),
    )
}

fn text(name: &str) -> Error {
    if ["gsheet", "gdoc"].contains(&extension(name).as_str()) {
        return Error::new(
            ErrorKind::Unsupported,
            "il file è solo un collegamento a Google Drive: aprirlo nel browser e scaricarlo come .xlsx (File, Scarica, Microsoft Excel)",
            "the file is only a link to Google Drive: open it in the browser and download it as .xlsx (File, Download, Microsoft Excel)",
        );
    }
    if is_workbook(name) {
        return Error::new(
            ErrorKind::Corrupt,
            "il file è un testo con il nome di una cartella di Excel: verificare che sia quello giusto",
            "the file is a text with the name of an Excel workbook: check that it is the right one",
        );
    }
    Error::new(
        ErrorKind::Unsupported,
        "il file è un testo, non una cartella di Excel: copiare le tabelle in una cartella e salvarla come .xlsx",
        "the file is a text, no Excel workbook: copy its tables to a workbook and save it as .xlsx",
    )
}

/// A file that has the name of a text, but is none.
pub(crate) fn no_text() -> Error {
    Error::new(
        ErrorKind::Corrupt,
        "il file ha il nome di un testo ma non è un testo: verificare che sia quello giusto, o salvarlo di nuovo come .xlsx",
        "the file has the name of a text but is none: check that it is the right one, or save it again as .xlsx",
    )
}

/// A workbook that asks for a password.
pub(crate) fn encrypted() -> Error {
    Error::new(
        ErrorKind::Encrypted,
        "il file è protetto da password: aprirlo con Excel, togliere la password e salvarlo di nuovo",
        "the file is protected by a password: open it with Excel, remove the password and save it again",
    )
}

/// An old Office file that is none of Excel's.
pub(crate) fn no_xls() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "il file è un vecchio documento di Office, ma non una cartella di Excel (per esempio .doc o .msg): copiarne le tabelle in una cartella e salvarla come .xlsx",
        "the file is an old Office document, but no Excel workbook (for example .doc or .msg): copy its tables to a workbook and save it as .xlsx",
    )
}

/// A sheet of the old kind with values far apart.
pub(crate) fn far_apart(sheet: &str) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!(
            "il file è troppo grande: nel foglio «{sheet}» i valori sono troppo lontani fra loro; cancellare quelli isolati, o salvarlo come .xlsx"
        ),
        format!(
            "the file is too large: in sheet “{sheet}” values are too far apart; delete those that stand alone, or save it as .xlsx"
        ),
    )
}

/// A zip archive that turned out to hold no workbook.
pub(crate) fn no_workbook() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "il file è un archivio zip senza una cartella di Excel: estrarne i file e indicare la cartella .xlsx",
        "the file is a zip archive without an Excel workbook: extract its files and name the .xlsx workbook",
    )
}

/// A workbook in which there is nothing to read.
pub(crate) fn no_sheets() -> Error {
    Error::new(
        ErrorKind::Unrecognised,
        "la cartella non contiene fogli di lavoro: verificare che sia quella giusta",
        "the workbook holds no worksheets: check that it is the right one",
    )
}

/// A kind of file that is read: what it is called, and the extensions that say so.
pub(crate) struct Form {
    it: &'static str,
    en: &'static str,
    extensions: &'static [&'static str],
}

pub(crate) const WORKBOOK: Form =
    Form { it: "una cartella .xlsx", en: "an .xlsx workbook", extensions: &["xlsx", "xlsm", "xltx", "xltm", "xlam"] };
pub(crate) const DELIMITED: Form = Form {
    it: "un testo di valori separati (.csv)",
    en: "a text of separated values (.csv)",
    extensions: &["csv", "tsv", "tab", "txt"],
};

pub(crate) const MARKDOWN: Form = Form {
    it: "un testo Markdown (.md)",
    en: "a text of Markdown (.md)",
    extensions: &["md", "markdown", "mdown", "txt"],
};

pub(crate) const ODS: Form = Form {
    it: "un foglio di calcolo OpenDocument (.ods)",
    en: "an OpenDocument spreadsheet (.ods)",
    extensions: &["ods", "ots"],
};

pub(crate) const XLSB: Form =
    Form { it: "una cartella binaria .xlsb", en: "a binary .xlsb workbook", extensions: &["xlsb"] };

pub(crate) const XLS: Form =
    Form { it: "una cartella .xls", en: "an .xls workbook", extensions: &["xls", "xlt", "xla"] };

/// What to say of a file whose name says something else.
pub(crate) fn wrong_extension(name: &str, form: &Form) -> Option<Bilingual> {
    let extension = extension(name);
    (!extension.is_empty() && !form.extensions.contains(&extension.as_str())).then(|| {
        Bilingual::new(
            format!("il file è {} con estensione .{extension}", form.it),
            format!("the file is {} with the extension .{extension}", form.en),
        )
    })
}

/// The name of the document in an envelope.
pub(crate) fn without_envelope(name: &str) -> &str {
    let stem = name.rsplit_once('.').filter(|(_, extension)| extension.eq_ignore_ascii_case("p7m"));
    stem.map_or(name, |(stem, _)| without_envelope(stem))
}

/// Whether a text is Markdown by its name.
pub(crate) fn is_named_markdown(name: &str) -> bool {
    ["md", "markdown"].contains(&extension(name).as_str())
}

/// Whether a text is one of separated values: by its lines, or by its name where they say nothing.
pub(crate) fn is_delimited(kind: TextKind, name: &str) -> bool {
    kind == TextKind::Csv || ["csv", "tsv"].contains(&extension(name).as_str())
}

fn is_workbook(name: &str) -> bool {
    WORKBOOK.extensions.contains(&extension(name).as_str())
}

fn extension(name: &str) -> String {
    name.rsplit(['/', '\\']).next().and_then(|n| n.rsplit_once('.')).map_or_else(String::new, |(_, e)| e.to_lowercase())
}
