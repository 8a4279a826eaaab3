//! `hostile FOLDER` writes the hostile files of the tests, with a list of how each must end.
//! `hostile check FILE` reads one and ends as the program would: a measure of reading alone.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "shares its cases with the tests, and stops at the first surprise"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use riscontro::ingest;
use riscontro::model::Lang;
use riscontro::package::Limits;

#[path = "../tests/it/cases.rs"]
mod cases;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let folder = args.next().expect("usage: hostile FOLDER | hostile check FILE");
    if folder == "check" {
        return check(&PathBuf::from(args.next().expect("usage: hostile check FILE")));
    }
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder).unwrap();
    let mut list = String::new();
    for case in cases::sized(200_000, 8_000).into_iter().chain(cases::folders()) {
        fs::write(folder.join(case.name), &case.bytes).unwrap();
        let ending = if case.kind.is_some() { "refused" } else { "read" };
        writeln!(list, "{ending} {}", case.name).unwrap();
    }
    fs::write(folder.join("list"), list).unwrap();
    ExitCode::SUCCESS
}

fn check(path: &Path) -> ExitCode {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match ingest::read(fs::read(path).unwrap(), &name, &Limits::default()) {
        Ok(grid) => {
            println!("{} cells", grid.sheets.iter().map(|s| s.cells.len()).sum::<usize>());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}", error.message(Lang::It));
            ExitCode::from(3)
        }
    }
}
