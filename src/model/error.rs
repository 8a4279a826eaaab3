//! What keeps a document or a rule from being read. Findings are never errors.

use std::error;
use std::fmt;
use std::path::{Path, PathBuf};

use super::lang::{Bilingual, Lang};

/// The class of a refusal, as machine-readable results name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Protected by a password.
    Encrypted,
    /// Damaged, or not what its name says.
    Corrupt,
    /// Beyond a documented limit.
    TooLarge,
    /// A format that is not read.
    Unsupported,
    /// Readable, but no known table with records in it.
    Unrecognised,
    /// The file system said no.
    Io,
    /// A fault of this program.
    Internal,
    /// A wrong option, path or configuration.
    Usage,
    /// A rule or pack that does not load.
    Rules,
}

impl ErrorKind {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Corrupt => "corrupt",
            Self::TooLarge => "too_large",
            Self::Unsupported => "unsupported",
            Self::Unrecognised => "unrecognised",
            Self::Io => "io",
            Self::Internal => "internal",
            Self::Usage => "usage",
            Self::Rules => "rules",
        }
    }
}

/// Why a document could not be checked, or a run not started.
///
/// `Display` is for builders; [`Error::message`] is the sentence an official reads: what is wrong and what to
/// do, without the path, which the caller prints before it.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    path: Option<PathBuf>,
    message: Bilingual,
    faults: Vec<RuleFault>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind` with its sentence in both languages (lower case, no full stop).
    pub fn new(kind: ErrorKind, it: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, path: None, message: Bilingual::new(it, en), faults: Vec::new(), source: None }
    }

    /// A pack or rules that do not load; one fault per mistake, at least one.
    pub fn rules(faults: Vec<RuleFault>) -> Self {
        Self::of_faults(ErrorKind::Rules, faults, ("errori nelle regole", "errors in the rules"))
    }

    /// A configuration that does not hold; one fault per mistake, at least one.
    pub fn config(faults: Vec<RuleFault>) -> Self {
        Self::of_faults(ErrorKind::Usage, faults, ("errori nella configurazione", "errors in the configuration"))
    }

    /// The sentence of the only fault, or how many there are of `what`.
    fn of_faults(kind: ErrorKind, faults: Vec<RuleFault>, what: (&str, &str)) -> Self {
        let message = match faults.as_slice() {
            [one] => one.message.clone(),
            many => Bilingual::new(format!("{} {}", many.len(), what.0), format!("{} {}", many.len(), what.1)),
        };
        Self { kind, path: None, message, faults, source: None }
    }

    /// The same error, naming the file it concerns.
    #[must_use]
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.path.get_or_insert_with(|| path.as_ref().to_owned());
        self
    }

    /// The same error, keeping what an outside library said.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Its class.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The file concerned.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The sentence for an official.
    pub fn message(&self, lang: Lang) -> &str {
        self.message.get(lang)
    }

    /// The mistakes in rules or configuration, if that is what failed.
    pub fn faults(&self) -> &[RuleFault] {
        &self.faults
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "cannot use {}: {}", path.display(), self.message.en)?,
            None => f.write_str(&self.message.en)?,
        }
        for fault in &self.faults {
            write!(f, "\n{}:{}:{}: {}", fault.file, fault.line, fault.column, fault.message.en)?;
        }
        Ok(())
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

/// One mistake in a rule, pack or configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFault {
    /// The file, as a path with `/`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong, and what was probably meant.
    pub message: Bilingual,
}
