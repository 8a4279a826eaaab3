//! What the environment chooses, and the language of a run that a configuration chooses.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use riscontro::check::Configuration;
use riscontro::config::{Config, FailOn, Finder};
use riscontro::model::{ErrorKind, Origin};
use riscontro::{Error, Lang};

use super::args;

/// The environment variable that chooses the profile.
pub(super) const PROFILE_VARIABLE: &str = "RISCONTRO_PROFILE";
/// The environment variable that chooses from which severity a run fails.
pub(super) const FAIL_ON_VARIABLE: &str = "RISCONTRO_FAIL_ON";

fn variable(name: &str) -> Option<String> {
    env::var_os(name).filter(|value| !value.is_empty()).map(|value| value.to_string_lossy().into_owned())
}

/// The profile that the environment chooses.
pub(super) fn profile() -> Option<String> {
    variable(PROFILE_VARIABLE)
}

/// From which severity a run fails, if the environment says so.
pub(super) fn fail_on() -> Result<Option<FailOn>, Error> {
    let Some(name) = variable(FAIL_ON_VARIABLE) else { return Ok(None) };
    FailOn::from_name(&name).map(Some).ok_or_else(|| {
        let words = |lang| args::fail_on(lang).join(", ");
        Error::new(
            ErrorKind::Usage,
            format!("la variabile {FAIL_ON_VARIABLE} vale «{name}»: previsti {}", words(Lang::It)),
            format!("the variable {FAIL_ON_VARIABLE} is “{name}”: expected {}", words(Lang::En)),
        )
    })
}

/// The profile that option or environment choose, and which of them.
pub(super) fn chosen_profile(matches: &ArgMatches) -> Option<(String, Origin)> {
    let option = matches.get_one::<String>("profile").cloned().map(|name| (name, Origin::Option("--profile")));
    option.or_else(|| profile().map(|name| (name, Origin::Environment(PROFILE_VARIABLE))))
}

/// From which severity the run fails, as option or environment choose, and which of them.
pub(super) fn chosen_fail_on(matches: &ArgMatches) -> Result<Option<(FailOn, Origin)>, Error> {
    let option = matches.try_get_one::<String>("fail-on").ok().flatten();
    let option = option.and_then(|name| FailOn::from_name(name));
    if let Some(level) = option {
        return Ok(Some((level, Origin::Option("--fail-on"))));
    }
    Ok(fail_on()?.map(|level| (level, Origin::Environment(FAIL_ON_VARIABLE))))
}

/// Which configuration the options ask for.
pub(super) fn configuration(matches: &ArgMatches) -> Configuration {
    match matches.get_one::<PathBuf>("config") {
        Some(file) => Configuration::File(file.clone()),
        None if matches.get_flag("isolated") => Configuration::None,
        None => Configuration::Found,
    }
}

/// The language that the configuration of a path asks for: a run has one language, that of its first path. What is wrong
/// with the file is told when it is read for good.
pub(super) fn configured(configuration: &Configuration, path: Option<impl AsRef<OsStr>>) -> Option<Lang> {
    let file = match configuration {
        Configuration::None => return None,
        Configuration::File(file) => file.clone(),
        Configuration::Found => found(Path::new(path?.as_ref()))?,
    };
    Config::language(&file)
}

/// The configuration of a path: of a folder, that of the documents in it.
pub(super) fn found(path: &Path) -> Option<PathBuf> {
    Finder::default().of(&document(path)?)
}

/// The canonical path of a document, or of one that could stand in a folder.
pub(super) fn document(path: &Path) -> Option<PathBuf> {
    if let Ok(there) = fs::canonicalize(path) {
        return Some(if there.is_dir() { there.join("*") } else { there });
    }
    // What is not there yet is asked about by what is around it.
    let whole = std::path::absolute(path).ok()?;
    let (around, there) = whole.ancestors().find_map(|p| Some((p, fs::canonicalize(p).ok()?)))?;
    Some(there.join(whole.strip_prefix(around).ok()?))
}
