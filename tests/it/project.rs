//! What holds the repository together beside its code: the forms stay data, and what the README says is so.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use riscontro::pack::{Pack, Packs};
use riscontro::text;

/// Shorter wordings are words of everyday Italian.
const LETTERS: usize = 8;

/// Wordings that are something else in the file that says them.
const ALLOWED: &[(&str, &str)] = &[
    // A command, and an option.
    ("src/cli/mod.rs", "baseline"),
    ("src/cli/check.rs", "baseline"),
    ("src/cli/args/mod.rs", "baseline"),
    ("src/cli/args/check.rs", "baseline"),
    ("src/cli/args/baseline.rs", "baseline"),
    ("src/cli/diff.rs", "baseline"),
    ("src/cli/mod.rs", "indicatori"),
    ("src/cli/args/mod.rs", "indicatori"),
    // Words before a frequency: «monitoraggio trimestrale».
    ("src/text/value/timing.rs", "attivita"),
    ("src/text/value/timing.rs", "monitoraggio"),
    // Words before a date: «scadenza 31/12».
    ("src/text/value/timing.rs", "scadenza"),
    ("src/text/value/timing.rs", "frequenza"),
    ("src/text/value/timing.rs", "aggiornamento"),
    ("src/text/value/timing.rs", "periodicita"),
    ("src/text/value/calendar.rs", "annualita"),
    ("src/text/value/calendar.rs", "semestre"),
    ("src/text/value/calendar.rs", "trimestre"),
    ("src/text/value/calendar.rs", "triennio"),
    ("src/recognise/years.rs", "annualita"),
    // The name of a number format.
    ("src/ingest/formats.rs", "standard"),
    // Headings of the help.
    ("src/cli/args/mod.rs", "argomenti"),
    ("src/cli/args/mod.rs", "risultato"),
    // The severity in the plural.
    ("src/output/words.rs", "osservazioni"),
    ("src/output/docs/index.rs", "osservazioni"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn files(dir: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, into);
        } else if path.extension().is_some_and(|e| e == ending) {
            into.push(path);
        }
    }
}

/// What computes one form from another, and speaks of both: it recognises nothing.
const OF_ONE_FORM: [&str; 27] = [
    "src/indicators/",
    "src/model/attained.rs",
    "src/model/indicatormap.rs",
    "src/sheets/indicatormap.rs",
    "src/output/indicatormap.rs",
    "src/engine/vocabulary/attainment/",
    "src/cli/indicatori.rs",
    "src/cli/args/indicatori.rs",
    "src/flows/",
    "src/model/flowmap.rs",
    "src/sheets/flowmap.rs",
    "src/output/flowmap.rs",
    "src/cli/flussi.rs",
    "src/cli/args/flussi.rs",
    "src/riskmap/",
    "src/model/riskmap.rs",
    "src/sheets/riskmap.rs",
    "src/output/riskmap.rs",
    "src/cli/ptpct.rs",
    "src/cli/args/ptpct.rs",
    "src/engine/vocabulary/recount.rs",
    "src/allegato2/",
    "src/model/counted.rs",
    "src/sheets/counted.rs",
    "src/output/counted.rs",
    "src/cli/allegato2.rs",
    "src/cli/args/allegato2.rs",
];

/// The texts in quotes, without those of comments and of the tests at the foot of the file.
pub(crate) fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or(source);
    let token = r##"//[^\n]*|/\*(?s:.*?)\*/|'(?:\\.[^']*|[^\\'])'|r#"(?P<hashed>(?s:.*?))"#|r"(?P<raw>[^"]*)"|"(?P<plain>(?:[^"\\]|\\(?s:.))*)""##;
    let token = Regex::new(token).unwrap();
    let text = |found: regex::Captures<'_>| {
        ["hashed", "raw", "plain"].iter().find_map(|group| found.name(group)).map(|m| m.as_str().to_owned())
    };
    token.captures_iter(code).filter_map(text).collect()
}

/// Whether a file is a module of tests: so declared by the module around it.
fn is_of_tests(path: &Path) -> bool {
    let around = fs::read_to_string(path.with_file_name("mod.rs")).unwrap_or_default();
    let name = path.file_stem().unwrap().to_string_lossy();
    ["", "pub ", "pub(crate) ", "pub(super) "].iter().any(|v| around.contains(&format!("#[cfg(test)]\n{v}mod {name};")))
}

/// The wordings by which documents are recognised: headings of columns and printed rows of the forms.
fn wordings(pack: &Pack) -> BTreeSet<String> {
    let headings = pack.schedule.fields.iter().flat_map(|field| field.headings.iter().map(String::as_str));
    let printed = pack.form().into_iter().flat_map(|form| form.entries.iter().map(|e| &*e.value));
    let long = |words: &String| words.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS;
    headings.chain(printed).map(text::words).filter(long).collect()
}

/// A literal without the bars of names: `misura_specifica` in an example names a field, it is no heading.
fn without_names(literal: &str) -> String {
    literal.replace('_', "")
}

/// A wording of one word is found where it is the whole literal, a longer one wherever it stands.
fn says(literal: &str, wording: &str) -> bool {
    literal == wording || wording.contains(' ') && format!(" {literal} ").contains(&format!(" {wording} "))
}

#[test]
fn no_heading_or_question_of_a_form_is_written_in_rust() {
    let packs = Packs::embedded().unwrap();
    let wordings: BTreeSet<String> = packs.packs.iter().flat_map(|pack| wordings(pack)).collect();
    assert!(wordings.contains("area di rischio") && wordings.len() > 150, "{} wordings", wordings.len());
    let mut sources = Vec::new();
    files(&root().join("src"), "rs", &mut sources);
    let mut found = Vec::new();
    for path in sources.into_iter().filter(|path| !is_of_tests(path)) {
        let shown = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        if OF_ONE_FORM.iter().any(|part| shown.starts_with(part)) {
            continue;
        }
        let literals: Vec<String> =
            literals(&fs::read_to_string(&path).unwrap()).iter().map(|l| text::words(&without_names(l))).collect();
        for wording in &wordings {
            let allowed = ALLOWED.contains(&(shown.as_str(), wording.as_str()));
            if !allowed && literals.iter().any(|literal| says(literal, wording)) {
                found.push(format!("{shown}: «{wording}»"));
            }
        }
    }
    assert!(found.is_empty(), "wordings of forms belong to the packs:\n{}", found.join("\n"));
}

#[test]
fn literals_leave_out_comments_and_tests() {
    let source = "// \"a\"\nlet b = \"b \\\" b\"; let c = '\"'; let d = r#\"d \"d\"#; /* \"e\" */\n#[cfg(test)]\nmod tests {\n\"f\"";
    assert_eq!(literals(source), ["b \\\" b", "d \"d"]);
}

#[test]
fn continuous_integration_runs_the_commands_of_the_readme() {
    let (readme, run) = (read("README.md"), read(".ci/run"));
    for command in ["cargo run --release -- check fixtures --out out --fail-on mai", "cargo test"] {
        assert!(readme.lines().any(|line| line.trim() == command), "README: {command}");
        assert!(run.contains(command), ".ci/run: {command}");
    }
}

#[test]
fn exit_codes_of_the_readme_are_told_in_both_languages() {
    let readme = read("README.md");
    let (english, italian) = readme.split_once("## Per gli uffici").unwrap();
    // The codes that the program ends with, as its one table of them says.
    let ends = Regex::new(r"Exit::\w+ => (?P<code>\d+),").unwrap();
    let source = read("src/cli/exit.rs");
    let codes: BTreeSet<u32> = ends.captures_iter(&source).map(|c| c["code"].parse().unwrap()).collect();
    let row = Regex::new(r"(?m)^\| (?P<code>\d+) \|").unwrap();
    let told = |text: &str| row.captures_iter(text).map(|c| c["code"].parse().unwrap()).collect::<BTreeSet<u32>>();
    assert_eq!(codes, BTreeSet::from([0, 1, 2, 3, 130]));
    assert_eq!(told(english), codes);
    assert_eq!(told(italian), codes);
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let link = Regex::new(r"\]\((?P<target>[^)\s]+)\)").unwrap();
    for page in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(page);
        for target in link.captures_iter(&text).map(|c| c["target"].to_owned()) {
            let file = target.split('#').next().unwrap();
            let is_there = target.contains("://") || file.is_empty() || root().join(file).exists();
            assert!(is_there, "{page}: {target}");
        }
    }
}

#[test]
fn the_changelog_tells_of_this_version() {
    let heading = format!("## {}", env!("CARGO_PKG_VERSION"));
    assert!(read("CHANGELOG.md").lines().any(|line| line.starts_with(&heading)), "{heading}");
}

#[test]
fn the_licence_is_the_one_that_the_manifest_names() {
    assert_eq!(env!("CARGO_PKG_LICENSE"), "EUPL-1.2");
    assert!(read("LICENSE").trim_start().starts_with("EUROPEAN UNION PUBLIC LICENCE v. 1.2"));
}

/// The code block of the README that begins with `start`, and the name of the file it is to be written to.
fn block(readme: &str, start: &str) -> String {
    let from = readme.find(start).unwrap();
    readme[from..].split("\n```").next().unwrap().to_owned()
}

#[test]
fn the_first_rule_of_the_readme_loads_and_its_examples_hold() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let folder = crate::cli::Folder::new();
    let command = "rules new ptpct/ufficio-senza-settore --rules mie-regole";
    assert!(readme.contains(&format!("    riscontro {command}\n")));
    assert_eq!(folder.run(&command.split(' ').collect::<Vec<_>>()).code, 0);
    let rule = block(&readme, "/*---\ncode     = \"NOI-01\"");
    folder.write("mie-regole/ptpct/ufficio-senza-settore.rhai", rule.as_bytes());
    let added = Packs::from_dir(&folder.path("mie-regole")).unwrap();
    let packs = Packs::embedded().unwrap().with([added]).unwrap();
    let run = riscontro::engine::run_examples(&packs).unwrap();
    assert!(run.failures.is_empty(), "{:?}", run.failures);
    let rules = packs.get("ptpct").unwrap().rules.iter();
    assert!(rules.clone().any(|r| &*r.name == "ufficio-senza-settore"));
}

#[test]
fn shipped_packs_name_only_what_there_is() {
    // The embedded packs are not checked at every start; the same folders, read as anybody's, are.
    let packs = Packs::from_dir(&root().join("rules")).unwrap();
    assert_eq!(packs.packs.len(), Packs::embedded().unwrap().packs.len());
}

#[test]
fn extending_a_kind_that_is_not_there_is_told_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("mie")).unwrap();
    fs::write(folder.path().join("mie/schedule.toml"), "extends = \"ptcpt\"\n").unwrap();
    let error = Packs::embedded().unwrap().with([Packs::from_dir(folder.path()).unwrap()]).unwrap_err();
    assert!(error.to_string().contains("did you mean “ptpct”?"), "{error}");
}
