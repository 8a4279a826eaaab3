//! The documentation that is made from the rules: it is the committed one, its links lead somewhere, and the program
//! writes over nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::Folder;

/// The text files below a folder, by path.
fn texts(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap().replace("\r\n", "\n"));
            }
        }
    }
    found
}

fn committed(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// The committed pages against those the program writes.
fn hold(folder: &str, written: &BTreeMap<String, String>, command: &str) {
    let there = texts(&committed(folder));
    let stale: Vec<&String> = there.keys().filter(|k| !written.contains_key(*k)).collect();
    let changed: Vec<&String> = written.keys().filter(|k| there.get(*k) != written.get(*k)).collect();
    assert!(
        stale.is_empty() && changed.is_empty(),
        "{folder} is not what the rules say; run: cargo run -- {command}\nchanged: {changed:?}\nto go: {stale:?}"
    );
}

#[test]
fn the_pages_of_the_rules_are_current() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["rules", "--docs", "regole"]).code, 0);
    let written = texts(&folder.path("regole"));
    assert!(written.contains_key("ptpct/area-rischio-mancante.md") && written.len() > 150, "{}", written.len());
    hold("docs/regole", &written, "rules --docs docs/regole");
}

#[test]
fn the_pages_of_the_language_are_current_and_name_every_function() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["rules", "--functions", "--docs", "d"]).code, 0);
    let written = texts(&folder.path("d"));
    for (page, text) in &written {
        assert!(
            committed("docs").join(page).is_file()
                && fs::read_to_string(committed("docs").join(page)).unwrap() == *text,
            "docs/{page} is not current; run: cargo run -- rules --functions --docs docs"
        );
        for function in riscontro::engine::functions() {
            assert!(text.contains(&format!("| `{}(", function.name)), "{page} lacks {}", function.name);
        }
    }
    assert_eq!(written.keys().collect::<Vec<_>>(), ["language.md", "linguaggio.md"]);
}

#[test]
fn the_page_of_a_rule_tells_what_a_reader_looks_for() {
    let page = fs::read_to_string(committed("docs/regole/ptpct/area-rischio-ignota.md")).unwrap();
    for said in [
        "# PT-A02 · Area di rischio ignota",
        "| **Gravità** | avviso |",
        "(testo non verificato) |",
        "**Rimedio.** Scrivere l'area generale come nel PNA",
        "| `dichiarato` | false |",
        "[PT-A06](../ptpct/area-scritta-in-piu-modi.md",
        "| **T) Agenda lunare (generale)** | Orari della luna |",
        "> avviso: l'area di rischio «D) Contrati pubblici (generale)» non è nel catalogo delle aree: forse «Contratti pubblici»",
        "## In English\n\n### Unknown risk area\n",
        "> **warning**: the risk area “D) Contrati pubblici (generale)”",
        "**Remedy.** Write a general area as in the PNA",
        ", non valutabile: manca la colonna «Area di rischio»\n",
        "listed(part(first(area_rischio), \"etichetta\"), \"aree_di_rischio\")\n",
    ] {
        assert!(page.contains(said), "{said}\n\n{page}");
    }
}

/// Where links of a page lead: what stands in round brackets behind square ones.
fn links(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2).collect::<String>();
    let targets = prose.match_indices("](").map(|(at, _)| &prose[at + 2..]);
    let target = |rest: &str| rest.split([')', ' ']).next().unwrap_or_default().to_owned();
    targets.map(target).filter(|t| !t.contains("://")).collect()
}

#[test]
fn links_of_the_documentation_lead_somewhere() {
    let docs = committed("docs");
    let below = |(page, text)| (format!("regole/{page}"), text);
    let mut number = 0;
    for (page, text) in texts(&docs.join("regole")).into_iter().map(below).chain(pages_beside(&docs)) {
        let folder = docs.join(&page).parent().unwrap().to_owned();
        for link in links(&text) {
            let (file, part) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { docs.join(&page) } else { folder.join(file) };
            assert!(target.is_file(), "{page}: {link}");
            if !part.is_empty() {
                let headings = fs::read_to_string(&target).unwrap();
                let is_there = headings.lines().any(|l| {
                    l.starts_with('#') && l.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-") == part
                });
                assert!(is_there, "{page}: {link}");
            }
            number += 1;
        }
    }
    assert!(number > 800, "{number} links");
}

/// The pages of `docs` itself.
fn pages_beside(docs: &Path) -> Vec<(String, String)> {
    let names = ["linguaggio.md", "language.md"];
    names.iter().map(|name| ((*name).to_owned(), fs::read_to_string(docs.join(name)).unwrap())).collect()
}

#[test]
fn pages_of_rules_that_are_gone_go_and_other_files_stay() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["rules", "LEG", "--docs", "d"]).code, 0);
    let before = folder.files();
    folder.write("d/note.md", "appunti".as_bytes()).write("d/ptpct/elenco.txt", b"x");
    let ran = folder.run(&["rules", "PT-D", "--docs", "d"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("scritto: d (8 file)") && ran.err.contains(" tolt"), "{}", ran.err);
    let after = folder.files();
    assert!(after.contains(&"d/note.md".to_owned()) && after.contains(&"d/ptpct/elenco.txt".to_owned()), "{after:?}");
    assert!(before.iter().any(|f| !after.contains(f)), "{before:?} {after:?}");
}

#[test]
fn documentation_is_written_over_nothing_but_itself() {
    let folder = Folder::new();
    folder.write("d/README.md", "# Mio".as_bytes()).write("f", b"x");
    let ran = folder.run(&["rules", "PT-D", "--docs", "d"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("README.md") && ran.err.contains("non si sovrascrive"), "{}", ran.err);
    assert_eq!(folder.files(), ["d/README.md", "f"]);
    let ran = folder.run(&["rules", "PT-D", "--docs", "f", "--lang", "en"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("this is no folder"), "{}", ran.err);
}

#[test]
fn rules_of_ones_own_are_documented_alike() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["rules", "new", "ptpct/mia-regola", "--rules", "mie"]).code, 0);
    let ran = folder.run(&["rules", "NOI-01", "--rules", "mie", "--docs", "d"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(folder.files().len(), 2 + 4, "{:?}", folder.files());
    let page = fs::read_to_string(folder.path("d/ptpct/mia-regola.md")).unwrap();
    assert!(page.contains("| **Norma** | regole dell'ente (testo non verificato) |"), "{page}");
}
