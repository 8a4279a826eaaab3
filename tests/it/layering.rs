//! Dependencies between modules point down the floors, and each outside library has one home.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Floors from the ground up. Modules of one floor never name each other.
const FLOORS: &[&[&str]] = &[
    &["model"],
    &["package", "text"],
    &["ingest", "pack", "sheets"],
    &["allegato2", "flows", "forms", "indicators", "riskmap"],
    &["recognise", "engine", "compare"],
    &["annotate", "config", "output"],
    &["check"],
];

/// The only modules that may name a library. A library not listed here may be used anywhere.
const HOMES: &[(&str, &[&str])] = &[
    ("zip", &["package"]),
    ("quick_xml", &["package"]),
    ("memchr", &["package"]),
    ("calamine", &["ingest"]),
    ("cfb", &["package"]),
    ("csv", &["ingest"]),
    ("encoding_rs", &["ingest"]),
    ("pulldown_cmark", &["ingest"]),
    ("saphyr_parser", &["ingest"]),
    ("rust_xlsxwriter", &["sheets"]),
    ("rhai", &["engine"]),
    ("regex", &["pack"]),
    ("toml", &["pack"]),
    ("serde_json", &["output"]),
    ("include_dir", &["pack"]),
    ("rust_decimal", &["model", "pack", "text", "indicators", "engine"]),
    ("jiff", &["model", "text", "indicators", "riskmap", "engine", "config", "check", "cli"]),
    ("unicode_normalization", &["text"]),
    ("strsim", &["text"]),
    ("rustc_hash", &["engine", "recognise"]),
    ("pathfinding", &["recognise"]),
    ("sha2", &["model"]),
    ("rayon", &["check"]),
    ("globset", &["config", "check"]),
    ("walkdir", &["check"]),
    ("tempfile", &["package"]),
    ("clap", &["cli"]),
    ("anstream", &["cli"]),
    ("anstyle", &["cli"]),
    ("ctrlc", &["cli"]),
];

fn sources(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Module (first folder under `src`) and text without comments of every source file.
fn modules() -> BTreeMap<PathBuf, (String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let inner = path.strip_prefix(&root).unwrap().to_owned();
            let module = inner.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            (inner, (module, code))
        })
        .collect()
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|f| f.contains(&module))
}

/// The first segment of every path that starts with `crate::`.
fn named(code: &str) -> Vec<String> {
    let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(group.split_once('}').unwrap().0.split(',').map(|n| word(n.trim()))),
            None => names.push(word(rest)),
        }
    }
    names
}

#[test]
fn modules_depend_downwards_only() {
    let mut wrong = Vec::new();
    for (path, (module, code)) in modules() {
        let Some(own) = floor(&module) else { continue };
        for name in named(&code).into_iter().filter(|n| *n != module) {
            if floor(&name).is_none_or(|other| other >= own) {
                wrong.push(format!("{}: {module} names {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_floor() {
    for (path, (module, _)) in modules() {
        assert!(
            floor(&module).is_some() || ["lib", "main", "cli"].contains(&module.as_str()),
            "{} has no floor",
            path.display()
        );
    }
}

#[test]
fn the_binary_uses_only_what_the_library_exports() {
    for (path, (module, code)) in modules() {
        if ["main", "cli"].contains(&module.as_str()) {
            for name in named(&code) {
                assert!(name == "cli", "{} names crate::{name}", path.display());
            }
        }
    }
}

#[test]
fn outside_libraries_have_one_home() {
    let mut wrong = Vec::new();
    for (path, (module, code)) in modules() {
        for (library, homes) in HOMES {
            // `output` has a module of that name.
            let own = *library == "csv" && module == "output";
            if code.contains(&format!("{library}::")) && !own && !homes.contains(&module.as_str()) {
                wrong.push(format!("{}: {library} is at home in {}", path.display(), homes.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_manifest_names_the_homes_that_are_held() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let (_, dependencies) = manifest.split_once("\n[dependencies]\n").unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut comment, mut homes) = (String::new(), Vec::new());
    for line in dependencies.lines().filter(|l| !l.is_empty()) {
        if let Some(text) = line.strip_prefix('#') {
            comment.push_str(text);
            let home = comment.split_once("Home: ").map_or("", |(_, home)| home);
            let home = home.split(['.', '(']).next().unwrap_or_default();
            homes = home.split(", ").map(|h| h.trim().to_owned()).filter(|h| !h.is_empty()).collect();
        } else {
            comment.clear();
            let name = line.split_once(" = ").unwrap().0.replace('-', "_");
            told.insert(name, homes.clone());
        }
    }
    told.retain(|_, homes| !homes.is_empty());
    let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (library, homes) in HOMES {
        held.insert((*library).to_owned(), homes.iter().map(|h| (*h).to_owned()).collect());
    }
    assert_eq!(told, held);
}
