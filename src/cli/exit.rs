//! Exit codes, and which of them applies.

use std::process::ExitCode;

use riscontro::Error;
use riscontro::check::Run;
use riscontro::model::ErrorKind;

/// How the program ends. The order is that of the codes: the highest that applies wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// Nothing to report.
    Clean,
    /// Findings at or above the threshold, or an example that fails.
    Findings,
    /// Wrong usage or rules, an output that cannot be written, nothing to check.
    Usage,
    /// An input that is missing, refused or unreadable.
    Input,
    /// Stopped by the user.
    Interrupted,
}

impl Exit {
    /// How an error of the whole run ends it.
    pub(super) fn of(error: &Error) -> Self {
        if error.kind() == ErrorKind::Internal { Self::Input } else { Self::Usage }
    }

    /// How a copy that could not be made ends the run: the destination is at fault, or the document.
    fn of_copy(error: &Error) -> Self {
        if matches!(error.kind(), ErrorKind::Io | ErrorKind::Usage) { Self::Usage } else { Self::Input }
    }

    /// How a run ends that came to a report.
    pub(super) fn of_run(run: &Run) -> Self {
        let summary = run.report.summary();
        let copies = run.copies.iter().filter_map(|c| c.written.as_ref().err()).map(|e| Self::of_copy(e));
        let copies = copies.max().unwrap_or(Self::Clean);
        let failed = summary.rules.get("error").is_some_and(|n| *n > 0);
        let applies = [
            (Self::Findings, run.fails()),
            (Self::Usage, failed),
            (copies, copies > Self::Clean),
            (Self::Usage, summary.documents + summary.refused == 0),
            (Self::Input, summary.refused > 0),
            (Self::Interrupted, run.unchecked > 0),
        ];
        applies.into_iter().filter(|(_, applies)| *applies).map(|(exit, _)| exit).max().unwrap_or(Self::Clean)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Input => 3,
            Exit::Interrupted => 130,
        })
    }
}
