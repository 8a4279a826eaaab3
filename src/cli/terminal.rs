//! The two streams: the result on stdout, everything about the run on stderr.

use std::env;
use std::error::Error as _;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ArgMatches;
use riscontro::output::{Paint, Painter, one_line};
use riscontro::{Error, Lang};

/// What a command needs to speak.
#[derive(Debug, Clone)]
pub(super) struct Terminal {
    pub(super) lang: Lang,
    pub(super) verbose: bool,
    quiet: bool,
    color: ColorChoice,
}

impl Terminal {
    pub(super) fn new(lang: Lang) -> Self {
        Self { lang, verbose: false, quiet: false, color: ColorChoice::Auto }
    }

    /// As the options common to all commands say.
    pub(super) fn of(matches: &ArgMatches, lang: Lang) -> Self {
        // Options common to all commands may stand before or after the command's name.
        let inner = matches.subcommand().map_or(matches, |(_, inner)| inner);
        let color = match inner.get_one::<String>("color").map(String::as_str) {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            _ => ColorChoice::Auto,
        };
        Self { lang, verbose: inner.get_flag("verbose"), quiet: inner.get_flag("quiet"), color }
    }

    /// One of two texts.
    pub(super) fn pick<T>(&self, it: T, en: T) -> T {
        self.lang.pick(it, en)
    }

    /// A line about the run, unless it is to be quiet.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            self.stderr(line);
        }
    }

    /// A line about what went wrong.
    pub(super) fn error(&self, line: &str) {
        let label = painter().errore.paint(self.pick("errore", "error"));
        self.stderr(&format!("{label}: {line}"));
    }

    /// A line about what is to be put right, however quiet the run is to be.
    pub(super) fn warning(&self, line: &str) {
        let label = painter().avviso.paint(self.pick("attenzione", "warning"));
        self.stderr(&format!("{label}: {line}"));
    }

    /// A line that belongs to what went wrong.
    pub(super) fn error_detail(&self, line: &str) {
        self.stderr(line);
    }

    /// An error with its file, its mistakes in rules, and its causes if the run is verbose.
    pub(super) fn tell_error(&self, error: &Error) {
        let message = one_line(error.message(self.lang));
        match error.path() {
            Some(path) => self.error(&format!("{}: {message}", one_line(&path.display().to_string()))),
            None => self.error(&message),
        }
        for fault in error.faults() {
            let place = format!("  --> {}:{}:{}", fault.file, fault.line, fault.column);
            // The sentence of the only fault is that of the error.
            match error.faults() {
                [_] => self.stderr(&place),
                _ => self.stderr(&format!("{place}: {}", fault.message.get(self.lang))),
            }
        }
        self.tell_causes(error);
    }

    /// What lies behind an error, for whoever looks into it.
    pub(super) fn tell_causes(&self, error: &Error) {
        let mut cause = error.source().filter(|_| self.verbose);
        while let Some(error) = cause {
            self.stderr(&format!("  {}: {}", self.pick("causa", "cause"), one_line(&error.to_string())));
            cause = error.source();
        }
    }

    fn stderr(&self, line: &str) {
        // Nobody is left to tell that stderr is closed.
        let _ = writeln!(AutoStream::new(io::stderr(), self.color), "{line}");
    }

    /// Writes to stdout, in colour if it has colours. A reader that went away is no fault.
    pub(super) fn stdout(&self, write: impl FnOnce(&Painter, &mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let stdout = io::stdout();
        let choice = match self.color {
            ColorChoice::Auto => AutoStream::choice(&stdout),
            choice => choice,
        };
        let is_plain = choice == ColorChoice::Never;
        let painter = if is_plain { Painter::default() } else { painter() };
        let written = if is_plain {
            finish(BufWriter::new(stdout.lock()), |out| write(&painter, out))
        } else {
            finish(BufWriter::new(AutoStream::new(stdout.lock(), choice)), |out| write(&painter, out))
        };
        match written {
            Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

fn finish<W: Write>(mut out: W, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    write(&mut out)?;
    out.flush()
}

fn painter() -> Painter {
    let paint = |style: Style| Paint { on: style.render().to_string(), off: style.render_reset().to_string() };
    let color = |color: AnsiColor| paint(color.on_default().bold());
    Painter {
        errore: color(AnsiColor::Red),
        avviso: color(AnsiColor::Yellow),
        osservazione: color(AnsiColor::Cyan),
        good: color(AnsiColor::Green),
        strong: paint(Style::new().bold()),
        faint: paint(AnsiColor::Blue.on_default().bold()),
    }
}

/// Keeps the window open until Enter, if it is ours and would close with the program.
///
/// Only Windows opens a console for a program on which files are dropped. That the console has no other
/// process cannot be asked without unsafe code, so it is taken from what shells leave in the environment:
/// `cmd` sets PROMPT, PowerShell puts a folder of the user into `PSModulePath`, terminals have variables of their
/// own. Elsewhere the window is that of a shell, or there is none: nothing to wait for.
pub(super) fn keep_window_open(lang: Lang) {
    if !cfg!(windows) || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return;
    }
    let is_set = |name: &&str| env::var_os(name).is_some();
    let user = env::var("USERPROFILE").unwrap_or_default();
    let in_powershell = !user.is_empty() && env::var("PSModulePath").is_ok_and(|path| path.contains(&user));
    if in_powershell || ["PROMPT", "TERM", "TERM_PROGRAM", "WT_SESSION", "SSH_CONNECTION"].iter().any(is_set) {
        return;
    }
    let _ = writeln!(io::stdout(), "\n{}", lang.pick("Premere Invio per chiudere.", "Press Enter to close."));
    let _ = io::stdin().read_line(&mut String::new());
}
